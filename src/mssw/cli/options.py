"""Options that several commands share, so that they are called and explained the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mssw.core.option import options_of
from mssw.packets.packet_options import PacketOptions
from mssw.preparing.prepare_options import PrepareOptions


def declared(kind: type, name: str, **more: Any) -> Any:
    """What Typer needs to know of an option that the dataclass of a command's options declares.

    Args:
        kind: the dataclass.
        name: of the option's field.
        more: what concerns the command line alone, as ``typer.Option`` has it.
    """
    one = options_of(kind)[name]
    return typer.Option(*one.flags, metavar=one.metavar, help=one.help_text, show_default=one.shown_default, **more)


WorkSetFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors, and what was asked for.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="The report as JSON on stdout.")]
Columns = Annotated[list[str] | None, declared(PrepareOptions, "columns")]
Sheet = Annotated[str, declared(PrepareOptions, "sheet")]
Templates = Annotated[Path | None, declared(PacketOptions, "templates")]
