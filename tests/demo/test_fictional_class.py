"""The fictional class: invented whole, the same each time, and true to what it says of itself."""

from __future__ import annotations

import csv
import io
import json
import re
from importlib import resources

import cv2
import numpy as np
import pikepdf
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.core.page import Box, Tone
from mssw.demo import answers, copier, people, task
from mssw.demo.classroom import make_class
from mssw.demo.filled_page import fill
from mssw.demo.handwriting import Ink, Writer, choose_pen, make_hands, wrap
from mssw.demo.people import make_children
from mssw.errors import ExitCode, UsageError
from mssw.intro.questions import read_intro
from support.examples import examples

STUDENTS = 6
DPI = 100
NAME_FIELD = task.area("name", task.AreaKind.NAME).box


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_class(tmp_path_factory.mktemp("class"), students=STUDENTS, dpi=DPI)


def scans_in(stack):
    with pymupdf.open(stack) as document:
        for page in document:
            pixels = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
            yield np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.stride)


def upright(scan, page):
    """The scan as it lies on the blank task's page, by the truth's matrix."""
    height, width = scan.shape
    size = np.diag([width, height, 1.0])
    matrix = size @ np.array(page.matrix) @ np.linalg.inv(size)
    return cv2.warpPerspective(scan, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def ink_in(image, blank, box):
    left, top, right, bottom = box.to_pixels(image.shape[1], image.shape[0])
    print_near = cv2.erode(blank, np.ones((5, 5), np.uint8))
    new = (image < 215) & (print_near > 200)
    return int(new[top:bottom, left:right].sum())


def test_a_class_is_made_whole(made):
    assert [page.number for page in made.pages] == list(range(1, 2 * STUDENTS + 2))
    with pikepdf.open(made.stack) as stack, pikepdf.open(made.task) as blank:
        assert len(stack.pages) == 2 * STUDENTS + 1
        assert {tuple(float(side) for side in page.mediabox) for page in stack.pages} == {(0, 0, 612, 792)}
        assert len(blank.pages) == 2


def test_each_work_is_page_1_then_page_2_of_one_student(made):
    written = [page for page in made.pages if page.task_page]
    for first, second in zip(written[::2], written[1::2], strict=True):
        assert (first.task_page, second.task_page) == (1, 2)
        assert first.student == second.student
    assert {page.student for page in written} == {student["number"] for student in made.students}


def test_each_fault_is_there_as_often_as_promised(made):
    faults = sorted(fault for page in made.pages for fault in page.faults)
    assert faults == [
        "blank back",
        "classmate named",
        "name runs out of its field",
        "no name",
        "upside down",
        "upside down",
    ]
    assert [page.turn for page in made.pages if page.turn] == [180, 180]


def test_the_names_ink_is_where_the_truth_says(made):
    blanks = task.task_pages("letter", DPI)
    for scan, page in zip(scans_in(made.stack), made.pages, strict=True):
        if page.name_ink:
            field, named = upright(scan, page), page.name_ink
            around = Box(named.x - 0.004, named.y - 0.004, named.w + 0.008, named.h + 0.008)
            assert ink_in(field, blanks[0], around) > 40
            elsewhere = ink_in(field, blanks[0], NAME_FIELD) - ink_in(field, blanks[0], around)
            assert elsewhere < 12
        if page.classmate_ink:
            assert ink_in(upright(scan, page), blanks[1], page.classmate_ink) > 40


def test_only_the_name_that_runs_out_leaves_its_field(made):
    for page in made.pages:
        if page.name_ink:
            assert (page.name_ink.right > NAME_FIELD.right + 0.01) == ("name runs out of its field" in page.faults)


def test_the_work_without_a_name_has_an_empty_field(made):
    blanks = task.task_pages("letter", DPI)
    scans = list(scans_in(made.stack))
    (nameless,) = (page for page in made.pages if "no name" in page.faults)
    assert ink_in(upright(scans[nameless.number - 1], nameless), blanks[0], NAME_FIELD) < 10
    assert nameless.name_ink is None


def test_the_blank_back_is_nearly_white_and_not_quite(made):
    scans = list(scans_in(made.stack))
    (blank,) = (page for page in made.pages if "blank back" in page.faults)
    inner = scans[blank.number - 1][60:-60, 60:-60]
    assert (inner < 190).mean() < 0.001
    assert inner.std() > 1


def test_the_classmate_named_is_another_student_of_the_roster(made):
    (page,) = (page for page in made.pages if page.classmate)
    assert page.classmate != page.student
    assert page.classmate in {student["number"] for student in made.students}


def test_the_stack_is_not_in_the_rosters_order(made):
    rows = list(csv.DictReader(io.StringIO(made.roster.read_text(encoding="utf-8-sig"))))
    in_stack = [student["number"] for student in made.students]
    assert sorted(in_stack) == sorted(row["Student_Number"] for row in rows)
    assert in_stack != [row["Student_Number"] for row in rows]
    assert {"DOB", "Lunch_Status"} <= rows[0].keys()


def test_the_introduction_answers_all_four_questions(made):
    assert read_intro(made.intro.read_text(encoding="utf-8")).answered == 4


def test_the_truth_on_disk_is_the_truth_returned(made):
    truth = json.loads(made.truth.read_text(encoding="utf-8"))
    assert [page["student"] for page in truth["pages"]] == [page.student for page in made.pages]
    assert truth["students"] == list(made.students)


def test_the_same_seed_gives_the_same_bytes(made, tmp_path):
    again = make_class(tmp_path, students=STUDENTS, dpi=DPI)
    for file in ("stack", "task", "roster", "intro", "truth"):
        assert getattr(again, file).read_bytes() == getattr(made, file).read_bytes(), file


def test_progress_counts_every_page(tmp_path):
    seen = []
    make_class(
        tmp_path,
        students=STUDENTS,
        dpi=50,
        tone=Tone.BITONAL,
        paper="a4",
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(done, 13) for done in range(1, 14)]
    with pikepdf.open(tmp_path / "stack.pdf") as stack:
        image = stack.pages[0].resources.XObject.Im0
        assert image.Filter == "/CCITTFaxDecode"
    first = next(scans_in(tmp_path / "stack.pdf"))
    assert np.median(first) == 255


@pytest.mark.parametrize("students", [0, 5, 61])
def test_a_class_too_small_or_too_large_is_refused(students, tmp_path):
    with pytest.raises(UsageError, match="6 to 60 students") as caught:
        make_class(tmp_path / "class", students=students)
    assert caught.value.code is ExitCode.USAGE
    assert not (tmp_path / "class").exists()


@examples(8)
@given(seed=st.integers(0, 10_000), count=st.integers(6, 40))
def test_no_first_name_is_doubled_or_like_a_word_of_an_answer(seed, count):
    roster = people.make_roster(seed, count)
    firsts = [person.first.casefold() for person in roster]
    assert len(set(firsts)) == count == len({person.number for person in roster})
    assert not set(firsts) & answers.written_words()
    assert not set(firsts) & {person.last.casefold() for person in roster}
    assert max(len(person.name) for person in roster) > 22


def test_another_seed_is_another_class():
    assert people.make_roster(1, 12) == people.make_roster(1, 12)
    assert people.make_roster(1, 12) != people.make_roster(2, 12)


def test_a_repr_shows_no_name():
    roster = people.make_roster(3, 6)
    for child in make_children(roster, 3):
        shown = repr(child)
        assert not any(person.first in shown or person.last in shown for person in roster)


def test_there_are_at_least_eight_answers_to_each_question_at_each_level():
    for level in answers.AnswerLevel:
        ways = [way for way in answers.ways_of_thinking() if way.level is level]
        for question in answers.QUESTIONS:
            assert len({answer for way in ways for answer in way.answers[question]}) >= 8
        assert all("{classmate}" in way.mention for way in ways)


def test_a_child_always_misspells_a_word_the_same_way():
    speller = answers.Speller({"because": "becuase"}, capitals=True)
    text = speller.write("Because it is air, because it is. Air because.", np.random.default_rng(0))
    wrong = re.findall(r"becuase", text, re.IGNORECASE)
    assert len(wrong) == 3
    assert text.count("~") in {0, 2}


def test_children_who_think_alike_do_not_write_alike():
    written = [tuple(child.answers.values()) for child in make_children(people.make_roster(7, 26), 7)]
    assert len(set(written)) == 26


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_task_has_its_one_name_label_as_text(paper):
    with pymupdf.open("pdf", task.task_pdf(paper)) as document:
        texts = [page.get_text() for page in document]
        labels = [word for word in document[0].get_text("words") if word[4] == "Name"]
    assert [text.count("Name") for text in texts] == [1, 0]
    assert task.TITLE in texts[0]
    width, height = (612.0, 792.0) if paper == "letter" else (595.276, 841.89)
    (label,) = labels
    assert label[2] < NAME_FIELD.x * width
    assert NAME_FIELD.y * height < label[3] < (NAME_FIELD.bottom + 0.01) * height


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_rules_are_printed_where_the_areas_say(paper):
    pages = task.task_pages(paper, 200)
    for area in task.task_areas():
        if area.lines:
            page = pages[area.page - 1]
            rule, middle = area.box.bottom * page.shape[0], int((area.box.x + area.box.w / 2) * page.shape[1])
            assert page[int(rule) - 3 : int(rule) + 4, middle].min() < 150, area.question


def test_every_font_has_its_licence_beside_it_and_no_reserved_name():
    folder = resources.files("mssw.demo").joinpath("fonts")
    files = {file.name: file for file in folder.iterdir()}
    fonts = [name for name in files if name.endswith(".ttf")]
    assert len(fonts) >= 8
    for name in fonts:
        licence = files[name.replace(".ttf", ".txt")].read_text(encoding="utf-8")
        head = licence.split("-----------")[0]
        assert "SIL Open Font License" in head or "Apache License" in head
        assert "Reserved Font Name" not in head
    assert sum(len(files[name].read_bytes()) for name in fonts) < 900_000


def test_no_two_children_have_one_hand():
    hands = make_hands(26, np.random.default_rng(1))
    assert len({hand.font for hand in hands}) == 13
    assert len(set(hands)) == 26


def test_letters_are_never_twice_the_same():
    rng = np.random.default_rng(2)
    hand, pen = make_hands(1, rng)[0], choose_pen(rng)
    ink = Ink((200, 400), 200)
    writer = Writer(hand, pen, 200, rng)
    writer.write(ink, "a", 40, 100)
    writer.write(ink, "a", 240, 100)
    ink.wobble(0.1, rng)
    assert ink.cover[:, :200].any()
    assert (ink.cover[:, :200] != ink.cover[:, 200:]).any()


@examples(20)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=30), st.integers(150, 900))
def test_wrapping_keeps_every_word_in_its_order(words, width):
    rng = np.random.default_rng(4)
    writer = Writer(make_hands(1, rng)[0], choose_pen(rng), 100, rng)
    lines = wrap(writer, words, width, 1.0)
    assert [word for line in lines for word in line] == words
    assert all(len(line) == 1 or writer.length(" ".join(line)) <= width for line in lines)


def test_ink_off_the_page_is_lost_and_does_no_harm():
    ink = Ink((50, 50), 100)
    ink.stamp(np.full((20, 20), 255, np.uint8), -10, 45)
    ink.stamp(np.full((20, 20), 255, np.uint8), 200, 200)
    assert ink.cover.sum() == 255 * 10 * 5
    assert ink.tight((0, 0, 40, 40)) is None


@pytest.mark.parametrize(("tone", "shape"), [(Tone.BITONAL, 2), (Tone.GREY, 2), (Tone.COLOUR, 3)])
def test_the_copier_keeps_to_its_tone(tone, shape):
    page = np.full((550, 425, 3), 255, np.uint8)
    page[200:210, 100:300] = (30, 40, 160)
    scan = copier.Copier(tone, 50).scan(page, np.random.default_rng(1))
    assert scan.image.ndim == shape
    assert scan.image.shape[:2] == (550, 425)
    assert tone is not Tone.BITONAL or set(np.unique(scan.image)) == {0, 255}


@examples(15)
@given(st.integers(0, 2**32), st.booleans())
def test_no_sheet_is_skewed_by_more_than_the_copiers_most(seed, upside_down):
    page = np.full((110, 85, 3), 255, np.uint8)
    scan = copier.Copier(dpi=10, skew=1.5).scan(page, np.random.default_rng(seed), upside_down=upside_down)
    angle = np.degrees(np.arctan2(scan.matrix[1, 0], scan.matrix[0, 0])) % 360
    assert abs((angle - (180 if upside_down else 0) + 180) % 360 - 180) <= 1.51


def test_a_long_answer_stays_on_its_lines():
    roster = people.make_roster(5, 6)
    child = make_children(roster, 5)[0]
    child.answers["matter"] = " ".join(["particles"] * 40)
    blank = task.task_pages("letter", 75)[1]
    filled = fill(child, 2, blank, 75, np.random.default_rng(0))
    changed = np.abs(filled.image[..., 1].astype(int) - blank) > 60
    right = task.area("matter", task.AreaKind.LINES).box.right
    assert changed.any()
    assert not changed[:, int((right + 0.03) * blank.shape[1]) :].any()
