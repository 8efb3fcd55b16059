"""`mssw audit`: checks that nothing in the shared files gives a student away."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.command import AsJson, Columns
from mssw.core.wording import count_noun
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
            help="The class list with the names to search for; by default the work set's own.",
            show_default=False,
        ),
    ] = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Check that nothing you share gives a student away.

    It searches for names and for anything hidden. In a work set, it checks everything in shared/: each PDF object by
    object and byte by byte, its searchable text, what is left under the covers, and that each file is the one in the
    manifest. In a folder or a file, it checks the same except the covers.

    It changes nothing. The exit code is 1 if it finds something.

    For example, a whole set, then one file before you send it:

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
        covers = f"{one.covers} cover{'s' * (one.covers != 1)} checked" if one.covers else ""
        lines.append(f"{one.name:<{wide}}  {result:<8}  {covers}".rstrip())
    if done.findings:
        lines += ["", *map(str, done.findings)]
    return "\n".join(lines)


def _result_text(done: "AuditReport") -> str:
    """The result as a sentence, then the notes."""
    count = len(done.files)
    checked = f"{count} file{'s' * (count != 1)} checked"
    searched = f" for the names of {count_noun(done.students, 'student')}" if done.students else ""
    advice = "nothing found." if done.passed else "do not share any of this until the problems above are fixed."
    return "\n".join([f"{checked}{searched}: {advice}", *(f"Note: {note}." for note in done.notes)])
