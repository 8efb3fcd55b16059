"""A name that is written one letter a box is read, so that its response is matched and may go."""

from __future__ import annotations

import pymupdf
import pytest

from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.workset.class_list import read_key
from mssw.workset.folder import WorkSet

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]
CLASS = [("Grace", "Ortega"), ("Tobias", "Lindholm"), ("Amara", "Voss"), ("Dmitri", "Pavlov")]
QUESTIONS = ("Why do some things float?", "1. Say what happens.", "2. Say how you know.", "Draw it on the back.")


def boxes(page, left, top, count, *, side=20):
    for n in range(count):
        page.draw_rect((left + side * n, top, left + side * (n + 1), top + 24), width=0.8)


def ticks(page, left, base, count, *, side=20):
    page.draw_line((left, base), (left + side * count, base), width=0.8)
    for n in range(count + 1):
        page.draw_line((left + side * n, base - 7), (left + side * n, base), width=0.8)


def letters(page, text, left, base, *, side=20):
    for n, letter in enumerate(text.upper()):
        page.insert_text((left + side * n + 5, base), letter, fontsize=14, fontname="cour")


def one_row(page, first, last, *, filled):
    page.insert_text((54, 50), "NAME", fontsize=10)
    boxes(page, 54, 56, 20)
    if filled:
        letters(page, f"{first} {last}", 54, 74)


def two_rows(page, first, last, *, filled):
    page.insert_text((54, 44), "Last name", fontsize=10)
    boxes(page, 54, 50, 14)
    page.insert_text((54, 94), "First name", fontsize=10)
    boxes(page, 54, 100, 14)
    if filled:
        letters(page, last, 54, 68)
        letters(page, first, 54, 118)


def beside(page, first, last, *, filled):
    page.insert_text((54, 66), "Name:", fontsize=10)
    boxes(page, 110, 50, 18)
    if filled:
        letters(page, f"{first} {last}", 110, 68)


def comb(page, first, last, *, filled):
    page.insert_text((54, 66), "Name:", fontsize=10)
    ticks(page, 110, 70, 18)
    if filled:
        letters(page, f"{first} {last}", 110, 68)


def sheet(head, first="", last="", *, filled=False):
    doc = pymupdf.open()
    page = doc.new_page(width=612, height=792)
    head(page, first, last, filled=filled)
    for n, question in enumerate(QUESTIONS):
        page.insert_text((54, 190 + 130 * n), question, fontsize=13)
        page.draw_line((54, 290 + 130 * n), (540, 290 + 130 * n), width=0.6)
        if filled:
            page.insert_text(
                (80, 240 + 130 * n), f"because the air pushes {'up and out'[: 2 + n + len(first)]}", fontsize=15
            )
    return doc


def scanned(docs, path):
    with pymupdf.open() as stack:
        for doc in docs:
            picture = doc[0].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY).tobytes("jpeg")
            stack.new_page(width=612, height=792).insert_image((0, 0, 612, 792), stream=picture)
        stack.save(path)


@pytest.mark.parametrize("head", [one_row, two_rows, beside, comb], ids=lambda head: head.__name__)
def test_a_name_in_letter_boxes_tells_whose_page_it_is(tmp_path, head):
    (tmp_path / "class.csv").write_text("First,Last\n" + "".join(f"{a},{b}\n" for a, b in CLASS), "utf-8")
    with sheet(head) as blank:
        blank.save(tmp_path / "task.pdf")
    scanned([sheet(head, first, last, filled=True) for first, last in CLASS], tmp_path / "stack.pdf")

    done = prepare(
        tmp_path / "set",
        PrepareOptions([tmp_path / "stack.pdf"], tmp_path / "task.pdf", tmp_path / "class.csv", seed=3),
    )

    assert (len(done.released), done.held) == (4, ())
    students = {entry.pages: entry.student for entry in read_key(WorkSet(tmp_path / "set").key)}
    assert students == {(n,): f"{first} {last}" for n, (first, last) in enumerate(CLASS, 1)}
