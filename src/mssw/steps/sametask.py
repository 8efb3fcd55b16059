"""Did two classes do the same task? Their blank tasks are laid on each other, page by page."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mssw.audit.pdf_text import PdfTextError, reading
from mssw.errors import StepMissingError, UnreadableError, UsageError
from mssw.vision.blank_page import BlankPage
from mssw.vision.registration import SURE, register
from mssw.workset.folder import WorkSet

WIDE = 1400  # pixels; enough for print to be matched


def check_same_task(one: WorkSet, other: WorkSet) -> None:
    """Make sure that two sets can be looked at together.

    The same file is the same task; else each page must be found on its counterpart, and the other way round, so that a
    task with a question more is not taken for the same.

    Raises:
        UsageError: the tasks differ.
        StepMissingError: a set has no blank task, so that nothing tells.
        UnreadableError: a blank task cannot be read.
    """
    for workset in (one, other):
        if not workset.task.is_file():
            raise StepMissingError(
                f"{workset.root} has no blank task to tell by that the sets belong together; give it with "
                f"`mssw prepare --into {workset.root} --task TASK`, or choose from each set alone."
            )
    if _digest(one.task) == _digest(other.task):
        return
    mine, theirs = _pages(one.task), _pages(other.task)
    if len(mine) != len(theirs):
        raise UsageError(
            f"{one.root} and {other.root} are of different tasks ({len(mine)} and {len(theirs)} pages); "
            "only sets of the same task can be chosen from together."
        )
    for number, (here, there) in enumerate(zip(mine, theirs, strict=True), start=1):
        if not (_stands_on(here, there) and _stands_on(there, here)):
            raise UsageError(
                f"{one.root} and {other.root} are of different tasks (page {number} of the blank differs); "
                "only sets of the same task can be chosen from together."
            )


def _stands_on(blank: BlankPage, page: BlankPage) -> bool:
    """Whether the print of a blank page is found on another; an empty one only on an empty one."""
    if blank.is_empty or page.is_empty:
        return blank.is_empty and page.is_empty
    found = register([blank], page.grey)
    return found.matrix is not None and found.score >= SURE


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _pages(path: Path) -> tuple[BlankPage, ...]:
    try:
        with reading(path.read_bytes()) as pdf:
            return tuple(BlankPage(index + 1, pdf.grey(index, WIDE)) for index in range(len(pdf)))
    except PdfTextError as error:
        raise UnreadableError(f"{path} cannot be read: {error}; run `mssw prepare` again.") from None
