"""Typed documents are read by their text: names in it are found with certainty, and hidden text says nothing."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from mssw.formats.scans import read_page, read_text
from mssw.names.student import Roster, Student
from mssw.preparing.blank_task import ANALYSIS_DPI, at_analysis_size
from mssw.preparing.find_names import writing_without_blank
from mssw.preparing.kept_readings import read_lines
from mssw.preparing.name_reading import SearchTerms, find_terms
from mssw.preparing.typed_pages import agrees, find_named_in_head, place_text

CLASS = Roster(
    (
        Student("Anna", "Smith", number="204417", email="asmith@school.test"),
        Student("Zoë", "Łukasz"),
        Student("Annabelle", "O'Neil"),
        Student("Mark", "Lee"),
    )
)
TERMS = SearchTerms.of(CLASS, ("Ms. Rivera",), ())
EYE = np.eye(3)


def page(path, *lines, size=12, turn=0, draw=None):
    """A typed page."""
    with pymupdf.open() as made:
        sheet = made.new_page()
        for row, line in enumerate(lines):
            sheet.insert_text((72, 90 + 2 * size * row), line, fontsize=size)
        if draw is not None:
            draw(sheet)
        sheet.set_rotation(turn)
        made.save(path)
    return path


def typed(path):
    """The page's text, placed; its ink; and its shape."""
    grey = at_analysis_size(read_page(path, 1))
    text = read_text(path, 1)
    assert text is not None
    return place_text(text, grey.shape, EYE, grey.shape), writing_without_blank(grey, np.zeros(grey.shape, bool))


def found(path, terms=TERMS):
    """What a search finds: how many sure names, likely ones, and their places."""
    read, ink = typed(path)
    return find_terms(terms, read, ink, ANALYSIS_DPI, (), ())


@pytest.mark.parametrize(
    ("task", "covers", "flags"),
    [
        ("Weigh it. Mark both on the line.", 1, 0),
        ("Make a mark where it stops.", 1, 0),
        ("Mark your answer", 1, 0),
        ("A boy called Mark has two balls.", 0, 1),
        ("Does Mark agree?", 0, 1),
    ],
)
def test_a_name_that_is_a_word_of_the_task_is_covered_unless_the_task_tells_of_somebody_with_it(
    tmp_path, task, covers, flags
):
    terms = SearchTerms.of(CLASS, (), (), task.split())
    path = page(tmp_path / "a.pdf", "Massive Air", "I told Mark that three quarters is more.")

    marks = found(path, terms)

    assert (len(marks.covers), len(marks.flags)) == (covers, flags)


@pytest.mark.parametrize("size", [7, 11, 24])
@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("I worked with Anna and Zoe today.", 2),
        ("Written by Annabelle O'Neil for Ms Rivera", 3),
        ("ANNA SMITH", 2),
        ("Anna's idea was that the ball weighs more.", 1),
        ("Please mark the spot where the air is.", 0),
        ("The annals of the blacksmith are long.", 0),
    ],
)
def test_names_in_a_text_are_found_where_they_are(tmp_path, line, names, size):
    path = page(tmp_path / "a.pdf", "Massive Air", line, size=size)

    marks = found(path).covers
    assert len(marks) == names
    with pymupdf.open(path) as document:
        width, height = document[0].rect[2:]
        for word in ("Anna ", "Annabelle", "ANNA"):
            for spot in document[0].search_for(word) if word in line else ():
                middle = ((spot.x0 + spot.x1) / 2 / width, (spot.y0 + spot.y1) / 2 / height)
                assert any(m.box.x < middle[0] < m.box.right and m.box.y < middle[1] < m.box.bottom for m in marks)


def test_numbers_and_addresses_in_a_text_are_flagged(tmp_path):
    kinds = [str(mark.kind) for mark in found(page(tmp_path / "a.pdf", "No. 204417, asmith@school.test")).flags]

    assert sorted(kinds) == ["e-mail address", "student number"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(tmp_path, turn):
    read, _ = typed(page(tmp_path / "a.pdf", "Written by Anna Smith", turn=turn))

    (line,) = read.lines
    assert round(line.angle) % 360 == turn
    assert read.readings[0].text == "Written by Anna Smith"


@pytest.mark.parametrize(
    ("lines", "student"),
    [
        (("Anna Smith", "Period 3", "Massive Air"), 0),
        (("Massive Air", "by Zoë Łukasz"), 1),
        (("Smith, Anna", "Air"), 0),
        (("Mark Lee", "Air"), 3),
        (("Massive Air", "Anna", "Air"), 0),
        (("Mark the place.",), None),
        (("anna smith",), None),
        (("Dear Anna Smith,", "the air is light."), None),
        (("Hi Anna!", "by Zoë Łukasz"), 1),
        (("Thank you", "Anna Smith!", "for your help."), None),
        (("To: Anna Smith", "From: Zoë Łukasz"), 1),
        (("Massive Air",) * 12 + ("I worked with Anna Smith.",), None),
    ],
)
def test_the_head_of_a_page_names_its_writer(tmp_path, lines, student):
    read, ink = typed(page(tmp_path / "a.pdf", *lines))

    costs = find_named_in_head(TERMS, read, ink.shape[0], is_first=True)
    assert (costs.index(min(costs)) if costs else None) == student


def hidden(sheet):
    sheet.insert_text((72, 300), "Anna Smith", render_mode=3)


def inked(sheet):
    sheet.add_ink_annot([[(80, 300), (90, 310), (100, 290), (120, 330)]])


def signed(sheet):
    sheet.draw_bezier((80, 300), (90, 350), (100, 250), (120, 330))


def pictured(sheet):
    sheet.insert_image(pymupdf.Rect(80, 300, 200, 400), pixmap=pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 40, 40), 0))


def ruled(sheet):
    sheet.draw_line((72, 300), (400, 300))
    sheet.draw_rect((72, 320, 400, 400))


@pytest.mark.parametrize(
    ("draw", "is_all"),
    [(None, True), (hidden, True), (ruled, True), (inked, False), (signed, False), (pictured, False)],
)
def test_a_page_is_known_by_its_text_only_if_nothing_else_is_on_it(tmp_path, draw, is_all):
    text = read_text(page(tmp_path / "a.pdf", "Massive Air", draw=draw), 1)

    assert text is not None
    assert text.is_all is is_all
    assert [line.text for line in text.lines] == ["Massive Air"]


def test_what_was_typed_into_a_form_or_a_note_is_text(tmp_path):
    def fill(sheet):
        box = pymupdf.Widget()
        box.field_name, box.field_type, box.field_value = "n", pymupdf.PDF_WIDGET_TYPE_TEXT, "Anna Smith"
        box.rect = pymupdf.Rect(72, 300, 300, 330)
        sheet.add_widget(box)
        sheet.add_freetext_annot((72, 400, 300, 430), "Zoe was here")

    text = read_text(page(tmp_path / "a.pdf", "Name", draw=fill), 1)

    assert text is not None
    assert [line.text for line in text.lines] == ["Name", "Zoe was here", "Anna Smith"]


def reading(path):
    """What the recogniser reads of a page's pixels."""
    grey = at_analysis_size(read_page(path, 1))
    ink = writing_without_blank(grey, np.zeros(grey.shape, bool))
    return read_lines(path.parent, grey, ink, np.zeros_like(ink), ANALYSIS_DPI)


def test_a_text_has_to_say_what_is_seen(tmp_path):
    said = page(tmp_path / "a.pdf", "Written by Anna Smith", "about air that has mass")
    less = page(tmp_path / "b.pdf", "Written by Anna Smith")
    other = page(tmp_path / "c.pdf", "Nothing of this can be seen", "on the page that is printed")
    seen = reading(said)

    assert agrees(typed(said)[0], seen)
    assert not agrees(typed(less)[0], seen)
    assert not agrees(typed(other)[0], seen)
