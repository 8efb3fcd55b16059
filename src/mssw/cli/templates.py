"""`mssw templates`: lets a school change what mssw prints."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, ShowOnly, command, templates
from mssw.core.shell_words import quote_word
from mssw.core.wording import count_noun

app = typer.Typer(
    name="templates",
    help=(
        "Change what mssw prints: your school's words, letterhead and fonts.\n\n"
        "For example:\n\n"
        "\b\n"
        "    mssw templates export our-templates packet\n"
        "    mssw packet massive-air --copies 8 --templates our-templates"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
)


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder for the templates.", show_default=False)],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...",
            help="Only these, such as packet or checklist; by default all.",
            show_default=False,
            autocompletion=templates,
        ),
    ] = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Replace files that you changed.")] = False,
    dry_run: ShowOnly = False,
    as_json: AsJson = False,
) -> None:
    """Copy mssw's print templates into a folder, so that you can change them.

    README.md in the folder explains how. Keep the templates that you change and delete the others; mssw uses its own
    for any that are missing. Files that you changed are not replaced unless you add --replace.

    For example, export the packet's template, then print with it:

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
        f"{count_noun(len(done.written), 'file')} {would} to {done.folder}: {', '.join(done.written) or '–'}."
    )
    if done.kept:
        report.print_line(f"{count_noun(len(done.kept), 'file')} already there and up to date.")
    report.print_line(f"To change one, see {directory / 'README.md'}.")
    report.print_line(f"To print with yours:  mssw packet SET --templates {quote_word(directory)}")


app.command()(command(export, "templates export"))
