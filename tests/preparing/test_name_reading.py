"""What is read on a page: names on their posteriors, where they stand, and that reading is done once."""

from __future__ import annotations

import math
import socket
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidocr import RapidOCR

from mssw.core.page import Box, MarkKind
from mssw.errors import EngineError, ExitCode
from mssw.names.own_name_words import OwnName, OwnNameWay
from mssw.names.student import Roster, Student
from mssw.preparing import kept_readings as reading_step
from mssw.preparing.find_names import _names_at_head
from mssw.preparing.kept_readings import PageReading, find_sentences, read_kept_lines, read_lines
from mssw.preparing.name_reading import FoundNames, SearchTerms, find_terms, name_letters
from mssw.vision import recogniser as engine
from mssw.vision.assignment import find_clear_student
from mssw.vision.mentions import find_mentions
from mssw.vision.name_spotting import NameLetters, find_spots
from mssw.vision.recogniser import check_models, recogniser, signs_of, with_signs, without_tiny_weights
from mssw.vision.text_lines import TILE, Line, find_written_lines
from support.examples import examples
from support.handwritten import DPI, blank_page, draw, line_of, place_of
from support.read_lines import CLASS, WANTED, reading_of

NO_WORDS = np.zeros((1650, 1275), bool)


def found_on(
    page: np.ndarray, tmp_path: Path, wanted: SearchTerms = WANTED, fields: tuple[Box, ...] = ()
) -> FoundNames:
    ink = page < 200
    return find_terms(wanted, read_lines(tmp_path, page, ink, np.zeros_like(ink), DPI), ink, DPI, fields, fields)


def covered(marks, place, page) -> float:
    """How much of a place the marks cover at best."""
    height, width = page.shape
    left, top, right, bottom = place
    box = Box.from_pixels(left, top, right, bottom, width, height)
    return max((box.shared(mark.box) for mark in marks), default=0.0)


@pytest.mark.parametrize("font", ["patrick-hand", "kalam", "schoolbell", "architects-daughter", "indie-flower"])
def test_a_classmate_named_in_a_sentence_is_covered_where_she_stands_and_the_rest_is_not(font: str, tmp_path: Path):
    page = blank_page()
    text = "I think Maria is right because the ball has a hole."
    draw(page, text, 120, 700, font=font)
    found = found_on(page, tmp_path)
    assert [mark.kind for mark in found.covers] == [MarkKind.TEXT]
    assert covered(found.covers, place_of(text, "Maria", 120, 700, font=font), page) > 0.9
    assert covered(found.covers, place_of(text, "right", 120, 700, font=font), page) < 0.05


@pytest.mark.parametrize(
    "spelt", ["Aisha", "aisha", "Okafor", "Aisha's", "AISHA", "Lopez", "Will", "Billy", "Rivera", "Biscuit"]
)
def test_every_spelling_short_form_teacher_and_further_word_is_found(spelt: str, tmp_path: Path):
    page = blank_page()
    draw(page, f"Then we asked {spelt} about the scale.", 120, 500)
    found = found_on(page, tmp_path)
    assert found.covers or found.flags


def test_a_name_that_is_a_word_counts_only_with_a_capital_and_at_a_sentences_start_only_as_likely(tmp_path: Path):
    page = blank_page()
    draw(page, "it will sink like a stone if we let go", 120, 400)
    assert found_on(page, tmp_path) == FoundNames(name_costs=())
    page = blank_page()
    draw(page, "I asked Will about the table", 120, 400)
    assert len(found_on(page, tmp_path / "b").covers) == 1
    page = blank_page()
    draw(page, "Stone is in the gas", 120, 400)
    found = found_on(page, tmp_path / "c")
    assert not found.covers
    assert len(found.flags) == 1


def test_ordinary_answers_name_nobody(tmp_path: Path):
    page = blank_page()
    for row, text in enumerate((
        "The air is gone and so it is lighter.", "We measured it three times and took the middle.",
        "The marbles roll because the board leans.", "It has to do with how close the particles are.",
        "410 g + 8 g = 418 g", "on 12.11. we saw 3.14159 and 1000000 of them", "a mask of rosemary and marmalade",
    )):  # fmt: skip
        draw(page, text, 100, 100 + 90 * row)
    found = found_on(page, tmp_path)
    assert (found.covers, found.flags, found.doubts) == ((), (), ())


def test_an_address_a_phone_number_and_a_student_number_are_flagged(tmp_path: Path):
    page = blank_page()
    draw(page, "write me at blue.bird7@mail.com", 100, 200)
    draw(page, "call 555-867-5309 after six", 100, 320)
    draw(page, "my number is 500103 here", 100, 440)
    kinds = {mark.kind for mark in found_on(page, tmp_path).flags}
    assert {MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER} <= kinds


def test_whose_name_stands_in_the_field_costs_least(tmp_path: Path):
    page = blank_page()
    draw(page, "Aisha Okafor", 300, 90)
    draw(page, "Maria and I measured it twice.", 120, 700)
    field = Box(0.2, 0.04, 0.5, 0.06)
    found = found_on(page, tmp_path, fields=(field,))
    assert len(found.name_costs) == len(CLASS.students)
    assert int(np.argmin(found.name_costs)) == 2
    assert found.name_costs[2] < 0.5
    assert sorted(found.name_costs)[1] > 1.0
    assert all(not field.shared(mark.box) for mark in found.covers)


def test_a_page_is_read_once_and_the_next_run_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = blank_page()
    draw(page, "Maria was here", 120, 300)
    first = read_lines(tmp_path, page, page < 200, NO_WORDS, DPI)

    def no_more():
        raise AssertionError("it was read again")

    monkeypatch.setattr(reading_step, "recogniser", no_more)
    monkeypatch.setattr(reading_step, "find_written_lines", lambda *_: no_more())
    again = read_lines(tmp_path, page, page < 200, NO_WORDS, DPI)
    assert [r.text for r in again.readings] == [r.text for r in first.readings]
    assert all(np.array_equal(a.letters, b.letters) for a, b in zip(first.readings, again.readings, strict=True))
    known = read_kept_lines(tmp_path / f"{first.digest}.npz")
    assert known is not None
    assert known[0] == first.lines
    assert not known[1].any()


def test_a_damaged_reading_is_read_anew(tmp_path: Path):
    page = blank_page()
    draw(page, "Maria was here", 120, 300)
    first = read_lines(tmp_path, page, page < 200, NO_WORDS, DPI)
    (tmp_path / f"{first.digest}.npz").write_bytes(b"PK\x03\x04 not whole")
    assert [r.text for r in read_lines(tmp_path, page, page < 200, NO_WORDS, DPI).readings] == [
        r.text for r in first.readings
    ]


def test_writing_up_the_margin_and_uphill_is_read(tmp_path: Path):
    page = blank_page()
    draw(page, "Aisha helped me", 200, 600)
    turned = np.ascontiguousarray(np.rot90(page, 1))
    assert found_on(turned, tmp_path).covers
    import cv2  # noqa: PLC0415

    uphill = cv2.warpAffine(page, cv2.getRotationMatrix2D((300, 600), 6, 1), (1275, 1650), borderValue=255)
    assert found_on(uphill, tmp_path / "b").covers


def test_a_page_of_twenty_thousand_blobs_is_bounded():
    rng = np.random.default_rng(1)
    page = blank_page()
    for x, y in zip(rng.integers(5, 1265, 20_000), rng.integers(5, 1640, 20_000), strict=True):
        page[y : y + 3, x : x + 3] = 30
    lines, _ = find_written_lines(page, page < 200, DPI)
    assert len(lines) <= 60


def test_more_writing_than_can_be_read_is_a_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mssw.vision.text_lines.MOST", 2)
    page = blank_page()
    for row in range(5):
        draw(page, "so we measured it again", 120, 200 + 120 * row)
    assert found_on(page, tmp_path).doubts


def test_two_thousand_names_are_looked_for_in_seconds(tmp_path: Path):
    syllables = ["ba", "ke", "li", "mo", "nu", "ra", "si", "to", "va", "ze", "dor", "fin", "gal"]
    names = [a + b + c for a in syllables for b in syllables for c in syllables][:2000]
    students = tuple(Student(n.title(), m.title()) for n, m in zip(names, reversed(names), strict=True))
    wanted = SearchTerms.of(Roster(students, read=(), unread=(), mapping={}, skipped=()), (), ())
    page = blank_page()
    for row in range(8):
        draw(page, "We think Balimo is right about the second lamp here", 100, 100 + 120 * row)
    found = found_on(page, tmp_path, wanted)
    assert len(found.covers) == 8


WORDS = st.text(st.sampled_from("abcdefgh"), min_size=2, max_size=9)


@examples(60)
@given(st.lists(WORDS, min_size=1, max_size=6), st.lists(WORDS, min_size=1, max_size=5, unique=True))
def test_a_word_that_stands_there_letter_by_letter_costs_nothing(line: list[str], names: list[str]):
    reading = reading_of(" ".join(line))
    found = find_spots(reading, NameLetters(names))
    for index, name in enumerate(names):
        cheapest = min((spot.cost for spot in found if spot.name == index), default=math.inf)
        if name in line:
            assert cheapest == pytest.approx(0, abs=1e-3)
        if cheapest == pytest.approx(0, abs=1e-6):
            assert name in " ".join(line)


@examples(40)
@given(st.lists(WORDS, min_size=1, max_size=30, unique=True), st.text(st.sampled_from("abcdefgh "), max_size=40))
def test_what_else_is_looked_for_changes_no_cost(names: list[str], line: str):
    reading = reading_of(line)
    together = [(round(s.cost, 4), s.first, s.last) for s in find_spots(reading, NameLetters(names)) if s.name == 0]
    assert [(round(s.cost, 4), s.first, s.last) for s in find_spots(reading, NameLetters(names[:1]))] == together


def test_a_name_whose_next_letter_begins_faintly_stands_inside_a_word():
    reading = reading_of("uns chendorf")
    (after,) = [n for n, sign in enumerate("uns chendorf") if sign == "d"]
    first = reading.at[after]
    reading.letters[first, [engine.LETTERS.index("d"), engine.BLANK]] = 0.42, 0.57
    (spot,) = find_spots(reading, NameLetters(["chen"]))
    assert spot.left_cost == 0
    assert spot.right_cost > 2


def test_a_long_name_with_a_gap_in_it_is_sure_and_a_short_one_only_likely():
    roster = replace(CLASS, students=(Student("Gänsefuß", "Ng"), Student("Maria", "Lopez")))
    wanted = SearchTerms.of(roster, (), ())
    page = blank_page()
    draw(page, "I asked her", 300, 400)
    ink = page < 200
    line = find_written_lines(page, ink, DPI)[0][0]
    rated = {
        text: [
            mention.sure
            for mention in find_mentions(line, reading_of(text), name_letters(wanted), wanted.spellings, ink, DPI)
        ]
        for text in ("with Ganse fus and", "with Mar ia and")
    }
    assert rated == {"with Ganse fus and": [True], "with Mar ia and": [False]}


def test_an_everyday_word_whose_capital_is_doubtful_is_flagged():
    wanted = SearchTerms.of(CLASS, (), ())
    reading = reading_of("then stone is on it")
    reading.upper[reading.at[5] : reading.at[5] + 3] = 0.4
    page = blank_page()
    draw(page, "I asked her", 300, 400)
    line = find_written_lines(page, page < 200, DPI)[0][0]
    found = find_mentions(line, reading, name_letters(wanted), wanted.spellings, page < 200, DPI)
    assert [mention.sure for mention in found] == [False]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("were lvy and me", [True]),
        ("were Ivy and me", [True]),
        ("were ivy and me", [False]),  # a plant would not be there with me
        ("with an ivy and me", []),
        ("were livy and me", [False]),
        ("were livy or me", []),
        ("with konstantyn and me", [True]),
        ("with konstant and me", [False]),
    ],
)
def test_a_capital_that_looks_like_a_small_letter_hides_no_name(text: str, sure: list[bool]):
    roster = replace(CLASS, students=(Student("Ivy", ""), Student("Konstantin", "")))
    wanted = SearchTerms.of(roster, (), ())
    reading = reading_of(text)
    for frame in (reading.at[text.index("tyn") + 1] + step for step in (0, 1) if "tyn" in text):
        reading.letters[frame, engine.LETTERS.index("i")] = 0.1
    page = blank_page()
    draw(page, "I asked her", 300, 400)
    line = find_written_lines(page, page < 200, DPI)[0][0]
    found = find_mentions(line, reading, name_letters(wanted), wanted.spellings, page < 200, DPI)
    assert [mention.sure for mention in found] == sure


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Stone said that it floats", [True]),
        ("Stone dijo que no", [True]),
        ("Stone is hard", [False]),
        ("Stone ", [False]),
    ],
)
def test_an_everyday_word_at_a_sentences_start_is_a_name_where_it_speaks(text: str, sure: list[bool]):
    page = blank_page()
    draw(page, "I asked her", 300, 400)
    line = find_written_lines(page, page < 200, DPI)[0][0]
    found = find_mentions(line, reading_of(text), name_letters(WANTED), WANTED.spellings, page < 200, DPI)
    assert [mention.sure for mention in found if WANTED.spellings[mention.name].letters == "stone"] == sure


def test_an_answer_right_beside_the_field_is_told_from_the_rest_of_a_name(tmp_path: Path):
    page = blank_page()
    draw(page, "Ice is lighter than water and floats", 200, 300)
    draw(page, "del Carmen Ruiz", 200, 500)
    ink = page < 200
    read = read_lines(tmp_path, page, ink, np.zeros_like(ink), DPI)
    (box,) = find_sentences(read, ink)
    assert box.y < 400 / 1650 < box.bottom + 0.1
    assert len(read.lines) == 2


def test_nothing_to_look_for_and_nothing_to_read_find_nothing():
    assert find_spots(reading_of("abc"), NameLetters(())) == []
    assert recogniser().read(line_of("so")).text
    line = find_written_lines(blank_page(), blank_page() < 200, DPI)
    assert line == ([], False)
    assert find_mentions.__doc__


@pytest.mark.parametrize("narrow", [1.0, 0.7, 0.55, 0.5])
@pytest.mark.parametrize("font", ["patrick-hand", "kalam", "schoolbell", "indie-flower"])
def test_a_long_line_is_read_however_narrow_its_letters_are(font: str, narrow: float):
    text = "I told Maria that the lamp stays dark because the circuit is open and the water rose"
    line = cv2.resize(line_of(text, font=font), None, fx=narrow, fy=1, interpolation=cv2.INTER_AREA)
    read = recogniser().read_closely(line).text.split()
    assert sum(word in read for word in text.split()) >= 13  # of 17
    assert "Maria" in read


def test_reading_needs_no_network(monkeypatch: pytest.MonkeyPatch):
    def no_network(*_: object, **__: object):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    assert "three" in recogniser().read(line_of("we tried it three times")).text


def test_without_other_scripts_signs_the_model_thinks_the_same_of_its_letters():
    whole = engine.session(engine.RECOGNISER)
    line = cv2.resize(line_of("we tried it"), (256, engine.HEIGHT)).astype(np.float32) / 127.5 - 1
    some = np.broadcast_to(line, (1, 3, *line.shape)).copy()
    name = whole.get_inputs()[0].name
    model = engine.model_path(engine.RECOGNISER).read_bytes()
    kept = [place for place, sign in enumerate(signs_of(model)) if engine._is_latin(sign)]

    all_signs = whole.run(None, {name: some})[0][0]
    fewer = engine.loaded(engine.RECOGNISER, with_signs(model, kept)).run(None, {name: some})[0][0]

    assert all_signs.shape[1] > 18_000
    assert fewer.shape[1] == len(kept) < 1_000
    expected = all_signs[:, kept] / all_signs[:, kept].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fewer, expected, atol=1e-5)


@pytest.mark.parametrize("name", [engine.DETECTOR, engine.RECOGNISER])
def test_no_weight_slows_a_model_down_and_the_model_thinks_the_same(name):
    bundled = engine.model_path(name).read_bytes()
    quick = without_tiny_weights(bundled)

    layers = [part for part in engine._parsed(quick).graph.initializer if part.data_type == engine._FLOAT]
    parts = [np.frombuffer(part.raw_data, "<f4") for part in layers]
    assert not any(((part != 0) & (np.abs(part) < np.finfo(np.float32).tiny)).any() for part in parts)
    line = cv2.resize(line_of("we tried it"), (320, engine.HEIGHT)).astype(np.float32) / 127.5 - 1
    rows = engine.HEIGHT if name == engine.RECOGNISER else 2 * TILE
    some = np.broadcast_to(np.resize(line, (rows, 320)), (1, 3, rows, 320)).copy()
    before, after = (onnxruntime.InferenceSession(model) for model in (bundled, quick))
    [scores], [quick_scores] = (one.run(None, {one.get_inputs()[0].name: some}) for one in (before, after))
    np.testing.assert_array_equal(quick_scores, scores)


def test_a_printed_page_is_read_with_the_quick_detector_and_its_words_are_the_same():
    page = np.full((400, 600), 255, np.uint8)
    for row, text in enumerate(("Name", "What sinks and why", "Draw it here")):
        cv2.putText(page, text, (40, 80 + 90 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
    ours, bundled = engine._page_reader(), RapidOCR(params={"Global.log_level": "error", "Global.use_cls": False})

    quick, usual = (one(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), return_word_box=True) for one in (ours, bundled))

    assert ours._load_det_model().session.session is engine.session(engine.DETECTOR)
    assert len(usual.word_results) >= 3
    assert repr(quick.word_results) == repr(usual.word_results)


def test_a_model_of_another_kind_is_refused():
    model = engine.model_path(engine.DETECTOR).read_bytes()

    with pytest.raises(ValueError, match="no signs"):
        with_signs(model, [0, 1])


def test_a_model_that_is_missing_or_another_ends_with_a_sentence_and_70(monkeypatch: pytest.MonkeyPatch):
    engine.model_path.cache_clear()
    monkeypatch.setitem(engine.PINNED, engine.RECOGNISER, "0" * 64)
    with pytest.raises(EngineError, match="is not the one") as changed:
        check_models()
    assert changed.value.code is ExitCode.BUG
    monkeypatch.setitem(engine.PINNED, "none.onnx", "0" * 64)
    with pytest.raises(EngineError, match="missing"):
        engine.model_path("none.onnx")
    engine.model_path.cache_clear()


def test_no_repr_tells_a_name():
    said = repr((WANTED, WANTED.spellings[0], recogniser().read(line_of("Maria"))))
    assert "maria" not in said.lower()
    assert "lopez" not in said.lower()


def test_a_sure_name_inside_a_longer_likely_one_makes_it_sure(tmp_path: Path):
    both = Roster((Student("Maria José", "Ruiz"),), read=(), unread=(), mapping={}, skipped=())
    page = blank_page()
    draw(page, "I asked Maria Jos about it", 120, 600)
    found = found_on(page, tmp_path, SearchTerms.of(both, (), ()))
    assert covered(found.covers, place_of("I asked Maria Jos about it", "Maria", 120, 600), page) > 0.9


def test_a_sure_name_that_looks_out_of_a_cover_is_covered_too(tmp_path: Path):
    page = blank_page()
    draw(page, "I asked Aisha about it", 120, 600)
    left, top, right, bottom = place_of("I asked Aisha about it", "Aisha", 120, 600)
    partly = Box.from_pixels(left, top - 10, left + 0.7 * (right - left), bottom + 10, 1275, 1650)
    found = find_terms(WANTED, read_lines(tmp_path, page, page < 200, NO_WORDS, DPI), page < 200, DPI, (), (partly,))
    assert len(found.covers) == 1


FIELD = Box(200 / 1275, 100 / 1650, 500 / 1275, 70 / 1650)  # pixels 200 to 700


@pytest.mark.parametrize(
    ("text", "left", "student"),
    [
        ("Maria Lopez 12.10.", 560, 0),
        ("Aisha Okafor 3.4.", 600, 2),
        ("12.10. Maria Lopez", 640, None),
        ("We asked Maria", 10, None),
    ],
    ids=["runs into the date", "its last name begins behind the field", "the date, then a name", "a line that runs in"],
)
def test_a_name_that_runs_out_of_its_field_into_a_date_tells_who_wrote_it(text, left, student):
    reading = reading_of(text)
    width = 20 * len(text)
    line = Line(left + width / 2, 135, width, 50, 0.0)
    read = PageReading("", (line,), (reading,), too_many=False)

    found = find_terms(WANTED, read, NO_WORDS, DPI, [FIELD], [FIELD])

    costs = np.array(found.name_costs or [9.0] * len(CLASS.students))
    assert find_clear_student(costs) == student


def test_a_line_over_the_field_is_an_own_name_only_where_nobody_else_was_read():
    alone, last = (OwnName(way, Box(0.1, 0.05, 0.3, 0.03), None, 1, 0.1) for way in (OwnNameWay.ALONE, OwnNameWay.LAST))
    friend = replace(alone, student=2)
    nobody, same, other = (), (3.0, 0.1, 3.0), (3.0, 3.0, 0.1)

    def lines(names, field):
        return len(_names_at_head(FoundNames((), (), field, (), names)))

    assert [lines((alone,), field) for field in (nobody, same, other)] == [1, 1, 0]
    assert lines((alone, friend), nobody) == 0
    assert lines((last,), same) == 0
    assert lines((), same) == 0
