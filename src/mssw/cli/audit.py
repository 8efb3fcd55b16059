"""`mssw audit`: proof that nothing leaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.options import AsJson, Columns
from mssw.errors import ExitCode

if TYPE_CHECKING:
    from mssw.auditing.run_audit import AuditReport


def audit(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A work set, a folder or a file.", show_default=False)],
    *,
    roster: Annotated[
        Path | None,
        typer.Option(
            metavar="ROSTER",
            help="The roster whose names are searched for; a work set's own where left out.",
            show_default=False,
        ),
    ] = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Prove that nothing leaks from what is to be shared.

    It looks for names and for hidden things. Of a work set it checks everything in shared/: each PDF object by
    object and byte by byte, the text that can be searched in it, what is left under the covers, and that each file
    is the one the manifest names. Of a folder or a file it checks the same without the covers. It changes nothing,
    and ends with 1 where it found something.

    For example, a whole set, then one file that is about to be sent:

    \b
        mssw audit massive-air
        mssw audit packet.pdf --roster class.xlsx
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw import api as library  # noqa: PLC0415 - heavy libraries load only when they are used

    done = library.audit(path, roster=roster, columns=columns or ())
    report.log_event("audit", files=len(done.files), findings=len(done.findings), students=done.students)
    if as_json:
        report.print_json(_audit_as_json(done), "audit")
    else:
        typer.echo(_file_lines(done))
        report.print_line(_result_text(done))
    if not done.passed:
        raise typer.Exit(ExitCode.FINDINGS)


def _audit_as_json(done: "AuditReport") -> dict[str, Any]:
    """The report for scripts."""
    return {
        "passed": done.passed,
        "students": done.students,
        "files": [{"file": one.name, "findings": one.findings, "covers": one.covers} for one in done.files],
        "findings": [{"file": one.file, "page": one.page, "what": one.what} for one in done.findings],
        "notes": list(done.notes),
    }


def _file_lines(done: "AuditReport") -> str:
    """A line a file, then a line a finding."""
    wide = max((len(one.name) for one in done.files), default=0)
    lines = []
    for one in done.files:
        result = f"{one.findings} found" if one.findings else "clean"
        looked = f"{one.covers} cover{'s' * (one.covers != 1)} looked under" if one.covers else ""
        lines.append(f"{one.name:<{wide}}  {result:<8}  {looked}".rstrip())
    if done.findings:
        lines += ["", *map(str, done.findings)]
    return "\n".join(lines)


def _result_text(done: "AuditReport") -> str:
    """What it comes to, in words."""
    count = len(done.files)
    looked = f"{count} file{'s' * (count != 1)} checked"
    searched = f", the names of {done.students} students searched for" if done.students else ""
    if done.passed:
        said = f"{looked}{searched}: nothing found."
    else:
        said = f"{looked}{searched}: share nothing of this until what was found is put right."
    return "\n".join([said, *(f"Note: {note}." for note in done.notes)])
