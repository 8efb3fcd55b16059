"""Options that several commands share, so that they are called and explained the same everywhere."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

WorkSetFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="last=COLUMN,first=COLUMN,id=COLUMN",
        help="What columns of the class list hold, by header or letter, where mssw does not see it itself.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors, and what was asked for.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")]
Templates = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        help="Your school's own templates for print, by `mssw templates export`; else what set.toml says.",
        show_default=False,
    ),
]


class Paper(StrEnum):
    """The papers that are printed on."""

    LETTER = "letter"
    A4 = "a4"
