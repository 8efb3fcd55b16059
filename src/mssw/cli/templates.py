"""`mssw templates`: what is printed can be made a school's own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.command import command
from mssw.cli.options import AsJson, templates

app = typer.Typer(
    name="templates",
    help=(
        "Make what mssw prints your school's own: its words, its letterhead, its type.\n\n"
        "For example:\n\n"
        "\b\n"
        "    mssw templates export our-templates packet\n"
        "    mssw packet massive-air --copies 8 --templates our-templates"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for them.", show_default=False)],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Only these, as packet or checklist; else all.",
            show_default=False,
            autocompletion=templates,
        ),
    ] = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that were changed there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write mssw's templates for print into a folder, to be changed there.

    README.md in the folder says how. Keep the ones that you change and delete the rest: what is missing in the folder
    is taken from mssw. A file that was changed is never written over, unless you say --replace.

    For example, the packet's template, then print with it:

    \b
        mssw templates export our-templates packet
        mssw packet massive-air --copies 8 --templates our-templates
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.printing.template_files import export_templates  # noqa: PLC0415 - heavy libraries load only when they are used

    done = export_templates(directory, names or (), replace=replace, dry_run=dry_run)
    report.log_event("templates", written=len(done.written), kept=len(done.kept))
    if as_json:
        report.print_json(asdict(done), "templates-export")
        return
    would = "would be written" if dry_run else "written"
    report.print_line(
        f"{report.count_noun(len(done.written), 'file')} {would} to {done.folder}: {', '.join(done.written) or '–'}."
    )
    if done.kept:
        report.print_line(f"{report.count_noun(len(done.kept), 'file')} there already as mssw has them.")
    report.print_line(
        f"How to change one: {directory / 'README.md'}. Print with:  mssw packet SET --templates {directory}"
    )


app.command()(command(export, "templates export"))
