"""Where names are written is found on blank tasks of many layouts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pymupdf
import pytest

from mssw.formats.scans import read_page, read_words
from mssw.preparing.blank_task import ANALYSIS_DPI, at_analysis_size
from mssw.vision.name_field import find_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from mssw.vision.name_field import NameField

WIDTH, HEIGHT = 612, 792
Draw = "Callable[[pymupdf.Page], None]"


def found_on(tmp_path: Path, draw: Callable[[pymupdf.Page], None]) -> list[NameField]:
    document = pymupdf.open()
    page = document.new_page(width=WIDTH, height=HEIGHT)
    draw(page)
    page.insert_text((72, 200), "1. Name two gases that are in air. Explain.", fontsize=11)
    for line in range(4):
        page.draw_line((72, 230 + line * 24), (540, 230 + line * 24), width=0.6)
    page.insert_text((72, 360), "2. Write the name of your favourite planet: ______________", fontsize=11)
    path = tmp_path / "task.pdf"
    document.save(path)
    words = [(word.text, word.box) for word in read_words(path, 1)]
    return find_fields(1, at_analysis_size(read_page(path, 1)), ANALYSIS_DPI, words, "text")


def rule(page: pymupdf.Page) -> None:
    page.insert_text((72, 60), "Name")
    page.draw_line((105, 62), (330, 62))
    page.insert_text((360, 60), "Date")
    page.draw_line((390, 62), (520, 62))


def underscores(page: pymupdf.Page) -> None:
    page.insert_text((72, 60), "Name: ______________________________   Date: ____________")


def dots(page: pymupdf.Page) -> None:
    page.insert_text((72, 60), "Nombre: ................................................  Fecha: ................")


def bare(page: pymupdf.Page) -> None:
    page.insert_text((400, 50), "Name:")


def label_under_rule(page: pymupdf.Page) -> None:
    page.draw_line((72, 60), (300, 60))
    page.insert_text((72, 72), "Name", fontsize=9)


def next_cell(page: pymupdf.Page) -> None:
    for left, right, text in ((72, 130, "Name"), (130, 330, ""), (330, 380, "Class"), (380, 440, "")):
        page.draw_rect((left, 40, right, 64))
        page.insert_text((left + 4, 56), text)


def cell_below(page: pymupdf.Page) -> None:
    for left, right, text in ((72, 300, "Name"), (300, 420, "Class"), (420, 540, "Date")):
        page.draw_rect((left, 36, right, 52))
        page.draw_rect((left, 52, right, 80))
        page.insert_text((left + 4, 48), text)


def box_under_label(page: pymupdf.Page) -> None:
    page.insert_text((72, 50), "Student Name (print)")
    page.draw_rect((72, 56, 330, 84))


def box_beside_label(page: pymupdf.Page) -> None:
    page.insert_text((300, 40), "NAME")
    page.draw_rect((340, 24, 560, 50))


def caption_in_box(page: pymupdf.Page) -> None:
    page.draw_rect((300, 30, 560, 70))
    page.insert_text((303, 38), "Name:", fontsize=7)


def at_the_foot(page: pymupdf.Page) -> None:
    page.insert_text((72, 760), "Student: ______________________________________")


@pytest.mark.parametrize(
    ("draw", "written", "not_covered"),
    [
        (rule, [(112, 55), (320, 58)], [(80, 57), (370, 57)]),
        (underscores, [(115, 57), (270, 57)], [(80, 57), (300, 56)]),
        (dots, [(125, 57), (250, 57)], [(80, 57)]),
        (bare, [(440, 48), (560, 48)], [(410, 47)]),
        (label_under_rule, [(80, 52), (290, 52)], [(80, 70)]),
        (next_cell, [(140, 52), (320, 52)], [(90, 53), (345, 53)]),
        (cell_below, [(90, 66), (280, 66)], [(310, 45), (440, 66)]),
        (box_under_label, [(80, 70), (320, 70)], [(100, 46)]),
        (box_beside_label, [(350, 38), (550, 38)], [(310, 37)]),
        (caption_in_box, [(310, 55), (550, 55), (400, 36)], [(280, 50)]),
        (at_the_foot, [(120, 756), (300, 756)], [(85, 757)]),
    ],
)
def test_the_place_to_write_is_covered_and_the_labels_are_not(
    tmp_path: Path,
    draw: Callable[[pymupdf.Page], None],
    written: list[tuple[int, int]],
    not_covered: list[tuple[int, int]],
) -> None:
    (field,) = found_on(tmp_path, draw)

    def inside(point: tuple[int, int]) -> bool:
        x, y = point[0] / WIDTH, point[1] / HEIGHT
        return field.box.x <= x <= field.box.right and field.box.y <= y <= field.box.bottom

    assert [point for point in written if not inside(point)] == []
    assert [point for point in not_covered if inside(point)] == []


def test_first_and_last_name_are_two_fields_and_the_number_beside_them_a_third(tmp_path: Path) -> None:
    def draw(page: pymupdf.Page) -> None:
        for left, text in ((60, "First name"), (240, "Last name"), (430, "No.")):
            page.insert_text((left, 50), text)
            page.draw_line((left + 60, 52), (left + 165, 52))

    fields = found_on(tmp_path, draw)
    assert [(field.label, field.holds_name) for field in fields] == [
        ("First name", True),
        ("Last name", True),
        ("No.", False),
    ]


def test_a_task_that_only_speaks_of_names_has_no_field(tmp_path: Path) -> None:
    assert found_on(tmp_path, lambda page: page.insert_text((72, 60), "Air and water", fontsize=18)) == []
