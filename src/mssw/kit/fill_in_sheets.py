"""Sheets to fill in, without an agenda: claim, evidence, reasoning for students, and a team's vision on paper.

``cer`` prints one task's routine in three amounts of support, so that teams of different grades use the same three
parts and take support away over the years. Its name line is one that mssw finds, so the sheets can be scanned like
any task.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mssw.core.paper import check_paper
from mssw.errors import UsageError
from mssw.kit.kit_words import read_words_file
from mssw.kit.print_kit import MOST_COPIES, write_kit_file
from mssw.printing.binding import count_pages, prepare_for_printer
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import find_unprintable, typeset
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings

SUPPORT = ("full", "some", "none")
LANGUAGES = ("en", "es")
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class FillInOptions:
    """Which sheets are printed, and how.

    Attributes:
        kind: one of ``FILL_IN``.
        support: one of ``SUPPORT``; for ``cer`` alone.
        task_title: printed at the top; empty for a line to write it on.
        language: one of ``LANGUAGES``.
        copies: how many are in the file.
        paper: ``letter`` or ``a4``.
        templates: a folder of the school's own; None for ours.
        into: the folder for the PDF.
        out: the PDF's own path, instead.
        replace: whether a different file may be overwritten.
        dry_run: write nothing.
    """

    kind: str
    support: str = SUPPORT[0]
    task_title: str = ""
    language: str = LANGUAGES[0]
    copies: int = 1
    paper: str = "letter"
    templates: Path | None = None
    into: Path | None = None
    out: Path | None = None
    replace: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class FillInReport:
    """What was printed, or would be.

    Attributes:
        kit: ``cer`` or ``vision``.
        title: of the sheet.
        support: how much; empty for ``vision``.
        language: of the words.
        file: the PDF.
        paper: ``letter`` or ``a4``.
        copies: in the file.
        pages: in the file.
        pages_a_copy: in one copy.
        remarks: what the user should know, each in a sentence.
        written: whether it was written; it is not where the same file was there, or in a dry run.
    """

    kit: str
    title: str
    support: str
    language: str
    file: str
    paper: str
    copies: int
    pages: int
    pages_a_copy: int
    remarks: tuple[str, ...]
    written: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def make_fill_in(options: FillInOptions) -> FillInReport:
    """Set the sheets and write their PDF.

    Raises:
        UsageError: an option makes no sense.
        UnreadableError: a school's own words have a fault.
        WouldOverwriteError: a different file is there already.
    """
    _check(options)
    folder = template_folder(WorkSet(Path()), Settings(), options.templates)
    words = read_words_file(options.kind, folder, options.language)
    task = " ".join(options.task_title.split())
    values = {
        "kind": options.kind,
        "title": task or str(words.get("title", "")),
        "support": options.support,
        "task": task,
        "language": options.language,
        "words": dict(words),
    }
    data, (each, every) = _typeset(values, options, folder)
    support = options.support if options.kind == "cer" else ""
    marks = [options.kind, support, options.language if options.language != LANGUAGES[0] else "", options.paper]
    place = options.out or (options.into or Path()) / f"kit-{'-'.join(filter(None, marks))}.pdf"
    written = write_kit_file(place, data, replace=options.replace, dry_run=options.dry_run)
    lacking = find_unprintable([task])
    return FillInReport(
        kit=options.kind,
        title=str(values["title"]),
        support=support,
        language=options.language,
        file=str(place),
        paper=options.paper,
        copies=options.copies,
        pages=every,
        pages_a_copy=each,
        remarks=(f"Our fonts cannot print {' '.join(lacking)}; you see □ instead.",) if lacking else (),
        written=written,
    )


def _check(options: FillInOptions) -> None:
    if options.support not in SUPPORT:
        raise UsageError(f"--support must be {', '.join(SUPPORT[:-1])} or {SUPPORT[-1]}, not {options.support}.")
    if options.language not in LANGUAGES:
        raise UsageError(f"--language must be {' or '.join(LANGUAGES)}, not {options.language}.")
    check_paper(options.paper)
    if not 1 <= options.copies <= MOST_COPIES:
        raise UsageError(f"--copies must be from 1 to {MOST_COPIES}; for more, print the file again.")
    if options.into is not None and options.out is not None:
        raise UsageError("--into and --out both set where the file goes; use only one of them.")
    if len(options.task_title) > _LONGEST_TITLE:
        raise UsageError(f"--task-title can have at most {_LONGEST_TITLE} letters.")


def _typeset(values: dict[str, Any], options: FillInOptions, folder: Path | None) -> tuple[bytes, tuple[int, int]]:
    """The PDF, and how many pages one copy and all copies have. Each copy starts on a sheet of its own."""
    one = values | {"copies": 1, "odd": False}
    data = typeset("fill-in", one, paper=options.paper, accessible=True, folder=folder)
    each = every = count_pages(data)
    if options.copies > 1:
        more = values | {"copies": options.copies, "odd": each % 2 == 1 and each > 1}
        data = typeset("fill-in", more, paper=options.paper, accessible=True, folder=folder)
        every = count_pages(data)
    return prepare_for_printer(data), (each, every)
