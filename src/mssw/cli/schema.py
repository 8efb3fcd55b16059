"""`mssw schema`: the shape of each report, for scripts that read --json."""

from __future__ import annotations

from typing import Annotated

import typer

from mssw.cli.schemas import VERSIONS, schema_text
from mssw.errors import UsageError


def _names(incomplete: str) -> list[str]:
    return [name for name in VERSIONS if name.startswith(incomplete)]


def schema(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A report; all are listed where left out.", show_default=False, autocompletion=_names
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of what a command gives with --json.

    Each report says its own as "schema": "mssw.prepare/1". The number grows when anything in the shape changes, so that
    a script can tell.

    For example, all names, then one schema:

    \b
        mssw schema
        mssw schema prepare
    """  # noqa: D301 - the backspace keeps an example on its line
    if name is None:
        for one, version in VERSIONS.items():
            typer.echo(f"mssw.{one}/{version}")
        return
    known = name.removeprefix("mssw.").partition("/")[0]
    if known not in VERSIONS:
        raise UsageError("there is no such report; `mssw schema` lists all.")
    typer.echo(schema_text(known), nl=False)
