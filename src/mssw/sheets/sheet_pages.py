"""Set coded sheets: each side of each copy with its code, its strip, and the task's page under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mssw.core.page import Box
from mssw.core.paper import PAPERS
from mssw.core.sheet_code import NAME_SHEET, Copy, NamePlacement, PageCode, PrintedSide, Sheets, shown
from mssw.preparing.blank_task import at_analysis_size
from mssw.preparing.inputs import task_pictures
from mssw.preparing.photographed import as_sheet
from mssw.printing.typeset import typeset
from mssw.printing.underlay import Placed, lay_pictures_under, qr_svg
from mssw.sheets.code_room import PrintedArea, find_room

SIDE_MM = 18.0  # the code itself
QUIET_MM = 4.4  # the paper around it: four of its 25 modules are 2.9, and a scribble over it may run out a little
TYPE_MM = 0.6  # the line under the code is this much below that
CODE_MM = (SIDE_MM + 2 * QUIET_MM, SIDE_MM + 2 * QUIET_MM + TYPE_MM)
STRIP_MM = 15.0
POINTS_A_MM = 72 / 25.4
TEAR = "Tear this strip off before you hand the sheet in. Write no name below it."
SPARE = "Copy {code}: write the name here, tear the strip off and keep it."
KEEP = "These are your sheets. Keep this page. Hand the others in, and write no name on them."
KEEP_SPARE = "A spare copy, {code}. Write the name here, and keep this page apart from the sheets under it."


def lay_out_task(task: Path, asked: str | None, usual: str, strip: float) -> tuple[str, tuple[PrintedSide, ...]]:
    """Choose the paper, and how each page of the task is printed; no pages if there is no room for a code. In a worker.

    Args:
        task: its file.
        asked: the paper from the options; None takes the one that the task is made for.
        usual: the paper if the task is made for neither.
        strip: height of the strip, in millimetres; 0 for none.
    """
    pictures = [as_sheet(task, picture) for picture in task_pictures(task)]
    paper = asked or _find_paper(pictures[0].points) or usual
    pages, sheets = [], []
    for picture in pictures:
        size = (picture.points[0] / POINTS_A_MM, picture.points[1] / POINTS_A_MM)
        across, down = (side / POINTS_A_MM for side in PAPERS[paper])
        pages.append(PrintedArea(at_analysis_size(picture), size))
        sheets.append((across, down) if size[0] <= size[1] else (down, across))
    room = find_room(pages, sheets, CODE_MM, strip)
    if room is None:
        return paper, ()
    return paper, tuple(
        PrintedSide(
            (round(sheet[0], 3), round(sheet[1], 3)),
            round(lies.scale, 5),
            round(lies.x, 3),
            round(lies.y, 3),
            Box(code[0] / sheet[0], code[1] / sheet[1], code[2] / sheet[0], code[3] / sheet[1]),
            Box(0.0, 0.0, 1.0, (strip + 1) / sheet[1]) if strip else None,
        )
        for sheet, lies, code in zip(sheets, room.pages, room.code, strict=True)
    )


def _find_paper(points: tuple[float, float]) -> str:
    """The paper that a page of that size is made for; empty where it is another."""
    width, height = sorted(points)
    return next((name for name, own in PAPERS.items() if abs(own[0] - width) + abs(own[1] - height) < 8), "")  # noqa: PLR2004


def sheets_pdf(sheets: Sheets, copies: Sequence[Copy], pictures: bytes, title: str) -> bytes:
    """The file to print: all copies one after the other, each beginning on a sheet of its own.

    Args:
        sheets: how they are printed.
        copies: which of them.
        pictures: a PDF of the task's pages, one image each.
        title: of the set, for sheets with a name.
    """
    drawn: list[dict[str, Any]] = []
    under: list[Placed | None] = []
    names = find_printed_names(copies)
    for copy, name in zip(copies, names, strict=True):
        for side, place in _set_sides(sheets, copy, name, title):
            drawn.append(side)
            under.append(place)
    values = {"sheets": drawn, "strip": STRIP_MM, "side": SIDE_MM, "quiet": QUIET_MM}
    text = typeset("sheets", values, paper=sheets.paper, tagged=False)
    return lay_pictures_under(text, pictures, "the task", under, two_sided=sheets.two_sided)


def find_printed_names(copies: Sequence[Copy]) -> list[str]:
    """What stands on each copy for its student: the name, and the number where two share one."""
    times = Counter(copy.student for copy in copies)
    return [
        f"{copy.student} · {copy.number}" if copy.student and times[copy.student] > 1 and copy.number else copy.student
        for copy in copies
    ]


def _set_sides(sheets: Sheets, copy: Copy, name: str, title: str) -> Iterator[tuple[dict[str, Any], Placed | None]]:
    """Every side of one copy, in the order of printing."""
    plain = {"kind": "page", "strip": False, "svg": "", "name": name, "hint": "", "label": "", "title": title}
    if sheets.names is NamePlacement.SHEET:
        hint = KEEP if copy.student else KEEP_SPARE.format(code=shown(copy.code))
        first = sheets.printed[0]
        yield {**plain, "kind": "name", "hint": hint, **_code(sheets, copy, NAME_SHEET, first)}, None
        if sheets.two_sided:
            yield {**plain, "kind": "bare", **_sized(first)}, None
    for number in range(1, sheets.sides + 1):
        side = sheets.printed[min(number, len(sheets.printed)) - 1]
        has_strip = sheets.names is NamePlacement.STRIP and (number % 2 == 1 or not sheets.two_sided)
        hint = TEAR if copy.student else SPARE.format(code=shown(copy.code))
        drawn = {**plain, "strip": has_strip, "hint": hint, **_code(sheets, copy, number, side)}
        yield drawn, _under(number, side) if number <= len(sheets.printed) else None


def _sized(side: PrintedSide) -> dict[str, Any]:
    return {"width": side.size[0], "height": side.size[1], "x": 0.0, "y": 0.0}


def _code(sheets: Sheets, copy: Copy, number: int, side: PrintedSide) -> dict[str, Any]:
    """What the template needs to draw a side's code."""
    text = PageCode(sheets.batch, copy.code, number).text
    label = f"{shown(copy.code)} · {number}" if number != NAME_SHEET else shown(copy.code)
    place = {"x": side.code.x * side.size[0], "y": side.code.y * side.size[1]}
    return {**_sized(side), **place, "svg": qr_svg(text), "label": label}


def _under(number: int, side: PrintedSide) -> Placed:
    """Where the task's page lies under a side, in points from its upper left corner."""
    return number, side.scale, side.x * POINTS_A_MM, side.y * POINTS_A_MM
