"""Makes a whole fictional class: stack, blank task, roster, introduction, and the truth about every page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mssw.core.page import Box, Tone
from mssw.demo.answers import introduction
from mssw.demo.copier import Copier, Scan, encode, stack_pdf
from mssw.demo.filled_page import FilledPage, fill
from mssw.demo.people import Child, make_children, make_roster, roster_csv
from mssw.demo.task import PAGES, task_pages, task_pdf
from mssw.errors import UsageError
from mssw.intro.questions import intro_text
from mssw.workset.folder import write_bytes, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from mssw.core.page import EncodedImage

FEWEST, MOST = 6, 60
"""Students of a class: fewer have no room for all the faults, for more there are not names enough."""


@dataclass(frozen=True, slots=True)
class PageTruth:
    """What is true of one page of the stack.

    Attributes:
        number: 1-based page of the stack.
        student: the student's number; empty for a blank page.
        task_page: 1-based page of the task; None for a blank page.
        turn: degrees clockwise by which it has to be turned to stand upright.
        faults: what is wrong with it, in words.
        name_ink: the box of the ink of the student's name, in fractions of the blank task's page.
        classmate: the number of the student whom an answer names; empty where it names nobody.
        classmate_ink: the box of that name's ink, likewise.
        matrix: 3 by 3 by rows, from fractions of the blank task's page to fractions of the scan.
    """

    number: int
    student: str
    task_page: int | None
    turn: int
    faults: tuple[str, ...]
    name_ink: Box | None
    classmate: str
    classmate_ink: Box | None
    matrix: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class ClassTruth:
    """A fictional class on disk.

    Attributes:
        stack: the copier's PDF.
        task: the blank task, a PDF with a text layer.
        roster: the roster as a school's system exports it.
        intro: the presenting teacher's answers, an ``intro.md``.
        truth: all of this as JSON.
        pages: what is true of each page of the stack, in its order.
        students: each student's number, first and last name, way of thinking and level, in the stack's order.
    """

    stack: Path
    task: Path
    roster: Path
    intro: Path
    truth: Path
    pages: tuple[PageTruth, ...]
    students: tuple[dict[str, str], ...] = field(repr=False)


def make_class(
    folder: Path,
    *,
    seed: int = 7,
    students: int = 26,
    paper: str = "letter",
    tone: Tone = Tone.GREY,
    dpi: int = 200,
    quality: int = 75,
    progress: Callable[[int, int], None] | None = None,
) -> ClassTruth:
    """Make a fictional class and scan its responses. The same arguments give the same bytes.

    Writes ``stack.pdf``, ``task.pdf``, ``roster.csv``, ``intro.md`` and ``truth.json``. The stack holds each
    student's two pages one after the other, one sheet upside down, and a blank back between two works.

    Args:
        folder: where they go; it is made where it is missing.
        seed: another seed is another class.
        students: how many, 6 to 60.
        paper: ``letter`` or ``a4``.
        tone: how the copier scans.
        dpi: at how many pixels an inch.
        quality: of its JPEG files, 0 to 100.
        progress: called with the pages scanned so far and all that will be.

    Raises:
        UsageError: so many students cannot be made.
        UnreadableError: the folder cannot be written to.
    """
    if not FEWEST <= students <= MOST:
        raise UsageError(f"a made-up class has {FEWEST} to {MOST} students; {students} is not possible.")
    people = make_roster(seed, students)
    children = make_children(people, seed)
    copier = Copier(tone, dpi, seed=seed, quality=quality)
    images: list[EncodedImage] = []
    truths: list[PageTruth] = []
    for scan, page_truth in _scan_pages(children, task_pages(paper, dpi), copier, seed):
        images.append(encode(scan.image, tone, quality))
        truths.append(page_truth)
        if progress is not None:
            progress(len(images), PAGES * students + 1)
    made = _class_truth(folder, truths, children)
    write_bytes(made.stack, stack_pdf(images, dpi), private=False)
    write_bytes(made.task, task_pdf(paper), private=False)
    write_bytes(made.roster, roster_csv(people, seed), private=False)
    write_bytes(made.intro, intro_text(introduction()).encode(), private=False)
    truth = {"version": 1, "seed": seed, "paper": paper, "tone": tone.value, "dpi": dpi, "students": made.students}
    write_json(made.truth, {**truth, "pages": [asdict(page) for page in made.pages]}, private=False)
    return made


def _class_truth(folder: Path, pages: list[PageTruth], children: list[Child]) -> ClassTruth:
    """What the class is made of, and where it goes."""
    students = tuple(_student_truth(child) for child in children)
    stack, task, roster = folder / "stack.pdf", folder / "task.pdf", folder / "roster.csv"
    return ClassTruth(stack, task, roster, folder / "intro.md", folder / "truth.json", tuple(pages), students)


def _scan_pages(
    children: list[Child], blanks: list[NDArray[np.uint8]], copier: Copier, seed: int
) -> Iterator[tuple[Scan, PageTruth]]:
    """Every page of the stack in its order."""
    turned, before_blank = np.random.default_rng([seed, 6]).permutation(np.arange(1, len(children) - 1))[:2]
    number = 0
    for index, child in enumerate(children):
        for page in range(1, PAGES + 1):
            rng = np.random.default_rng([seed, 7, index, page])
            filled = fill(child, page, blanks[page - 1], copier.dpi, rng)
            scan = copier.scan(filled.image, rng, upside_down=bool(index == turned))
            number += 1
            yield scan, _page_truth(number, child, page, filled, scan, upside_down=bool(index == turned))
        if index == before_blank:
            rng = np.random.default_rng([seed, 8])
            scan = copier.scan(np.full_like(filled.image, 255), rng, back=filled.image)
            number += 1
            yield scan, PageTruth(number, "", None, 0, ("blank back",), None, "", None, _in_fractions(scan))


def _page_truth(
    number: int, child: Child, page: int, filled: FilledPage, scan: Scan, *, upside_down: bool
) -> PageTruth:
    """What is true of a page that a child filled in."""
    faults = {
        "no name": page == 1 and not child.name,
        "name runs out of its field": page == 1 and child.runs_out,
        "classmate named": filled.classmate_ink is not None,
        "upside down": upside_down,
    }
    named = child.classmate if filled.classmate_ink else None
    return PageTruth(
        number,
        child.person.number,
        page,
        180 if upside_down else 0,
        tuple(fault for fault, there in faults.items() if there),
        filled.name_ink,
        named.number if named else "",
        filled.classmate_ink,
        _in_fractions(scan),
    )


def _in_fractions(scan: Scan) -> tuple[tuple[float, float, float], ...]:
    """The scan's matrix for fractions of the page instead of pixels."""
    height, width = scan.image.shape[:2]
    size = np.diag([width, height, 1.0])
    matrix = np.linalg.inv(size) @ scan.matrix @ size
    first, second, third = (tuple(round(float(value), 7) for value in row) for row in matrix)
    return (first, second, third)  # type: ignore[return-value]  # three numbers each


def _student_truth(child: Child) -> dict[str, str]:
    """What the truth's file says of a child."""
    person = child.person
    return {
        "number": person.number,
        "first": person.first,
        "last": person.last,
        "written": child.name,
        "thinking": child.thinking.name,
        "level": child.thinking.level.value,
        "hand": child.hand.font,
        "pen": child.pen.name,
    }
