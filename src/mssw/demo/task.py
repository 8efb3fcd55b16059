"""The fictional task: two pages on whether air is matter. All positions are given here, and Typst follows them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pymupdf

from mssw.core.page import Box
from mssw.printing.template_files import templates_folder
from mssw.printing.typeset import typeset

if TYPE_CHECKING:
    from numpy.typing import NDArray

TITLE = "Massive Air"
GRADE = "5"
PAGES = 2

# Thought out in points on US Letter and stretched to other papers, so that all have the same fractions.
_WIDTH, _HEIGHT = 612.0, 792.0
_LEFT, _RIGHT = 54.0, 558.0
#: Between two ruled lines, as a fraction of the page's height (0.35 in on US Letter).
PITCH = 25.2 / _HEIGHT


class AreaKind(StrEnum):
    """What a child is to put there."""

    NAME = "name"
    DATE = "date"
    CHOICE = "choice"
    LINES = "lines"
    DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Area:
    """A place to fill in.

    Attributes:
        page: 1-based page of the task.
        kind: what is to be put there.
        question: ``why``, ``scale`` … as in ``answers.toml``; for a choice with the answer: ``scale:B``.
        box: the place, in fractions of the page. Its bottom is the rule; of several, the last one.
        lines: how many rules.
        prompt: where the question's text begins, as a fraction of the page's height.
        text: what is printed inside a choice.
    """

    page: int
    kind: AreaKind
    question: str
    box: Box
    lines: int = 0
    prompt: float = field(default=0.0, kw_only=True)
    text: str = field(default="", kw_only=True)


def task_pdf(paper: str = "letter") -> bytes:
    """The blank task as vector PDF with a text layer.

    Args:
        paper: ``letter`` or ``a4``.
    """
    areas = [
        {
            "page": area.page,
            "kind": area.kind.value,
            "question": area.question,
            "x": area.box.x,
            "y": area.box.y,
            "w": area.box.w,
            "h": area.box.h,
            "lines": area.lines,
            "prompt": area.prompt,
            "text": area.text,
        }
        for area in task_areas()
    ]
    values = {"title": TITLE, "grade": GRADE, "areas": areas, "pitch": PITCH}
    return typeset("task", values, paper=paper, folder=templates_folder() / "fiction")


def task_pages(paper: str = "letter", dpi: int = 200) -> list[NDArray[np.uint8]]:
    """The blank task in pixels, as a school's printer would print it.

    Returns:
        one grey image (height, width) a page.
    """
    return draw_task_pages(task_pdf(paper), dpi)


def draw_task_pages(pdf: bytes, dpi: int) -> list[NDArray[np.uint8]]:
    """The pages of a blank task in pixels: one grey image (height, width) a page."""
    document: Any = pymupdf.open("pdf", pdf)  # type: ignore[no-untyped-call]  # it has no types
    with document:
        pages = []
        for page in document:
            pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
            rows = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)
            pages.append(rows[:, : pixels.width].copy())
    return pages


@functools.cache
def task_areas() -> tuple[Area, ...]:
    """Every place that is filled in, in reading order."""
    return (
        Area(1, AreaKind.NAME, "name", _box(94, 36, 352, 62), 1),
        Area(1, AreaKind.DATE, "date", _box(402, 36, _RIGHT, 62), 1),
        *_choices(1, "scale", 252, 270, (("A", "Ball A goes down", 78), ("B", "Ball B goes down", 246))),
        *_choices(1, "scale", 252, 270, (("level", "It stays level", 414),)),
        place_lines(1, "why", 289, 5, first=334),
        Area(1, AreaKind.DRAWING, "draw", _box(_LEFT, 494, _RIGHT, 738), prompt=455 / _HEIGHT),
        place_lines(2, "where", 72, 4),
        place_lines(2, "friend", 236, 4),
        place_lines(2, "test", 400, 4),
        *_choices(2, "matter", 583, 601, (("yes", "Yes", 78), ("no", "No", 198), ("unsure", "I am not sure", 312))),
        place_lines(2, "matter", 562, 4, first=644),
    )


def area(question: str, kind: AreaKind) -> Area:
    """The one place of that question and kind."""
    (found,) = (place for place in task_areas() if place.question == question and place.kind is kind)
    return found


def place_lines(page: int, question: str, prompt: float, lines: int, first: float | None = None) -> Area:
    """Ruled lines below a question; without ``first``, they leave room for two lines of print."""
    top = (first or prompt + 61) - 25.2
    box = _box(_LEFT, top, _RIGHT, top + 25.2 * lines)
    return Area(page, AreaKind.LINES, question, box, lines, prompt=prompt / _HEIGHT)


def _choices(
    page: int, question: str, top: float, bottom: float, choices: tuple[tuple[str, str, float], ...]
) -> list[Area]:
    """Words to circle, side by side; each with its answer, its text and the left edge of its place."""
    return [
        Area(
            page,
            AreaKind.CHOICE,
            f"{question}:{answer}",
            _box(left, top, left + 22 + 6.2 * len(text), bottom),
            text=text,
        )
        for answer, text, left in choices
    ]


def _box(left: float, top: float, right: float, bottom: float) -> Box:
    return Box(left / _WIDTH, top / _HEIGHT, (right - left) / _WIDTH, (bottom - top) / _HEIGHT)
