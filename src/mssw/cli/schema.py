"""`mssw schema`: the shape of each report, for scripts that read --json.

Shapes are in ``schemas/`` as JSON Schema: one file for each report and version. A published one never changes.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Annotated, Any

import typer

from mssw.errors import UsageError

VERSIONS = {
    "audit": 1,
    "batch": 1,
    "batch-plan": 1,
    "choose": 1,
    "demo": 1,
    "demo-set": 1,
    "entry": 1,
    "intro": 1,
    "key": 1,
    "key-destroy": 1,
    "key-export": 1,
    "key-remind": 1,
    "key-rows": 1,
    "kit": 2,
    "kit-fill-in": 1,
    "kit-list": 1,
    "kit-purpose": 1,
    "kit-times": 1,
    "packet": 1,
    "prepare": 2,
    "prepare-plan": 1,
    "present": 1,
    "recall": 1,
    "receive": 1,
    "record": 1,
    "record-history": 1,
    "record-merge": 1,
    "record-print": 1,
    "record-problems": 1,
    "record-sheet": 1,
    "review-list": 1,
    "roster-check": 2,
    "schedule": 2,
    "schedule-ics": 2,
    "schedule-print": 1,
    "schedule-problems": 1,
    "share": 1,
    "sheets": 1,
    "slips": 1,
    "sort": 1,
    "sort-cards": 1,
    "sort-compare": 1,
    "sort-list": 1,
    "sort-problems": 1,
    "sort-sheet": 1,
    "standards": 1,
    "start": 1,
    "status": 2,
    "templates-export": 1,
    "transcripts": 1,
    "trends": 1,
    "trends-leaders": 1,
    "trends-proposals": 1,
}
"""The version of each report that this mssw writes."""


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


def schema_text(name: str) -> str:
    """The JSON Schema of a report, as published."""
    return files("mssw.cli").joinpath("schemas", f"{name}-{VERSIONS[name]}.json").read_text(encoding="utf-8")


def schema_of(name: str) -> dict[str, Any]:
    """The same, read."""
    value: dict[str, Any] = json.loads(schema_text(name))
    return value
