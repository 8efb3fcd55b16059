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
            metavar="NAME",
            help="The report; leave it out to list all.",
            show_default=False,
            autocompletion=_names,
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of a report that a command gives with --json.

    Each report names its schema, as in "schema": "mssw.prepare/1". The number goes up whenever the shape changes, so
    your script can check it.

    For example, list all names, then print one schema:

    \b
        mssw schema
        mssw schema prepare
    """  # noqa: D301 - the backspace keeps an example on its line
    if name is None:
        for one, version in VERSIONS.items():
            typer.echo(f"mssw.{one}/{version}")
        return
    report_name = name.removeprefix("mssw.").partition("/")[0]
    if report_name not in VERSIONS:
        raise UsageError("there is no report of that name; `mssw schema` lists them all.")
    typer.echo(schema_text(report_name), nl=False)
