"""A class shows where it writes its names; that place is covered on every page, and who is named there is released."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mssw.core.page import BY_CLASS, Box, Mark, MarkKind
from mssw.errors import ExitCode
from mssw.names.label_words import Asks
from mssw.names.own_name_words import OwnName, OwnNameWay
from mssw.names.student import Roster, Student
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.class_places import OTHER_SIGNED, AnchoredPlace, ClassPlaces, cover_own_name
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import PageReading, ReadPage
from mssw.preparing.learn_places import can_learn, learn_places, with_places
from mssw.preparing.name_reading import SearchTerms, name_reader
from mssw.preparing.prepare_options import CommonPlace
from mssw.vision.name_field import NameField
from mssw.vision.own_name_places import find_anchored_places, find_own_names, find_signature
from mssw.vision.text_lines import Line
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from support.commands import mssw
from support.handwritten import DPI, blank_page, draw, place_of
from support.read_lines import WANTED, reading_of
from support.sightings import FIELD, sighting

CORNER, FOOT, MIDDLE = Box(0.62, 0.05, 0.2, 0.03), Box(0.1, 0.94, 0.2, 0.03), Box(0.2, 0.5, 0.2, 0.03)
CLOSING = Box(0.1, 0.6, 0.12, 0.03)
ROSTER = Roster(tuple(Student(f"First{n}", f"Last{n}") for n in range(12)))
HEAD = 0.2  # of the page, from its top: above it is the head


def named(box, student, way=OwnNameWay.ALONE, anchor=None):
    return OwnName(way, box, anchor, student, 0.1)


def learned(*pages, each=1):
    """What a class shows whose pages have these names."""
    inputs = Inputs(WorkSet(Path()), Settings(pages_per_student=each), roster=ROSTER)
    seen = [sighting(n, None, own_names=tuple(names)) for n, names in enumerate(pages, 1)]
    assert can_learn(inputs)
    return learn_places(inputs, {page.page.id: page for page in seen})


def moved(box, x=0.0, y=0.0):
    return Box(box.x + x, box.y + y, box.w, box.h)


def test_the_corner_in_which_most_names_are_is_one_field_that_holds_them_all():
    boxes = [moved(CORNER, 0.02 * (n % 3), 0.006 * (n % 2)) for n in range(8)]

    places = learned(*([named(box, n)] for n, box in enumerate(boxes)), [], [])

    [field] = places.fixed
    assert field.found_by == BY_CLASS
    assert field.holds_name
    assert all(box.shared(field.box) > 0.999 for box in boxes)
    assert field.box.w < 0.36
    assert (
        "the class itself shows where it writes names: on 8 of 10 pages at the top right of page 1" in places.sentence
    )


def test_a_second_place_is_covered_too_and_counts_for_the_pages_that_have_it():
    names = [[named(CORNER, n)] for n in range(6)] + [[named(FOOT, n)] for n in range(6, 9)]

    assert len(learned(*names).fixed) == 2


def test_a_friend_whom_many_name_is_no_place_nor_are_the_names_of_a_few():
    assert not learned(*([named(CORNER, n % 3)] for n in range(9)))
    assert not learned(*([named(CORNER, n)] for n in range(3)))
    assert not learned(*([named(CORNER, n)] for n in range(4)), *([[]] * 6))


@pytest.mark.parametrize("friends", [3, 8])
def test_where_two_places_name_two_students_nothing_is_learned_unless_one_is_rare(friends):
    pages = [[named(CORNER, n), *([named(FOOT, (n + 1) % 8)] if n < friends else [])] for n in range(8)]

    assert [field.box.shared(CORNER) > 0 for field in learned(*pages).fixed] == [True] * (friends < 4)


def test_names_in_a_field_for_a_friend_are_never_the_students_own():
    friend = replace(FIELD, label="My friend", box=moved(CORNER, -0.05, -0.01), asks=Asks.PERSON, holds_name=False)
    task = BlankTask(None, ((612.0, 792.0),), (friend,), (), "known")
    inputs = Inputs(WorkSet(Path()), Settings(), roster=ROSTER, task=task)
    pages = [sighting(n, 1, own_names=(named(CORNER, n), named(FOOT, (n + 1) % 8))) for n in range(8)]
    reviewer = replace(task, fields=(replace(friend, label="Reviewed by"),))
    assert can_learn(inputs)
    assert not can_learn(replace(inputs, task=reviewer))

    [field] = learn_places(inputs, {page.page.id: page for page in pages}).fixed
    assert FOOT.shared(field.box) > 0.999


@pytest.mark.parametrize("signed", [8, 5, 4])
def test_where_others_sign_the_head_says_whom_a_letter_is_for(signed):
    below = Box(0.1, 0.65, 0.2, 0.03)
    pages = [
        [named(CORNER, n), *([named(below, (n + 1) % 8, OwnNameWay.UNDER, CLOSING)] if n < signed else [])]
        for n in range(8)
    ]

    places = learned(*pages)

    assert not places.fixed
    assert [place.way for place in places.anchored] == [OwnNameWay.UNDER]


def test_whom_a_comic_thanks_all_over_its_page_signs_nothing():
    bubbles = [
        Box(0.1 + 0.3 * (n % 3), y, 0.2, 0.03) for n, y in enumerate((0.2, 0.65, 0.2, 0.65, 0.2, 0.65, 0.2, 0.65))
    ]
    pages = [[named(CORNER, n), named(bubbles[n], (n + 1) % 8, OwnNameWay.UNDER, CLOSING)] for n in range(8)]

    places = learned(*pages)

    assert [field.box.shared(CORNER) > 0 for field in places.fixed] == [True]
    assert not places.anchored


def test_where_few_sign_the_head_says_nothing_either():
    below = Box(0.1, 0.65, 0.2, 0.03)
    pages = [[named(CORNER, n)] for n in range(6)]
    pages += [[named(CORNER, n), named(below, n - 1, OwnNameWay.UNDER, CLOSING)] for n in (6, 7)]

    assert not learned(*pages)


def test_signatures_are_found_by_the_closing_above_them_wherever_it_is():
    pages = []
    for n in range(6):
        closing = moved(CLOSING, 0.05 * n, -0.06 * n)
        pages.append(
            [named(Box(closing.x + 0.02, closing.bottom + 0.01, 0.15 + 0.01 * n, 0.03), n, OwnNameWay.UNDER, closing)]
        )

    [place] = learned(*pages).anchored

    here = place.at((0.4, 0.5))
    assert place.way is OwnNameWay.UNDER
    assert Box(0.42, 0.51, 0.2, 0.03).shared(here) == pytest.approx(1.0)


def test_without_a_class_list_or_with_a_printed_label_nothing_is_learned():
    inputs = Inputs(WorkSet(Path()), Settings(pages_per_student=1))
    task = BlankTask(None, ((612.0, 792.0),), (FIELD,), (), "known")

    assert not can_learn(inputs)
    assert not can_learn(Inputs(WorkSet(Path()), Settings(), roster=ROSTER, task=task))


def test_pages_of_a_response_have_places_of_their_own():
    pages = [[named(CORNER, n // 2)] if n % 2 == 0 else [] for n in range(12)]

    places = learned(*pages, each=2)

    assert [field.task_page for field in places.fixed] == [1]
    inputs = with_places(Inputs(WorkSet(Path()), Settings(), roster=ROSTER), places)
    assert inputs.places is places
    assert places.sentence in inputs.notes


def test_a_proposed_place_is_as_the_option_takes_it():
    assert CommonPlace(2, Box(0.1, 0.2, 0.3, 0.04), 5, 6).option == "2:0.100,0.200,0.300,0.040"


NAMES = ("Maria Lopez", "Aisha Okafor", "Hannah Walker", "Diego Rivera", "Olivia Chen", "Noah Patel")
SENTENCES = (
    "Warm air goes up and cold air comes down",
    "We saw bubbles so something came out",
    "Ice is lighter than water",
)
SIZE = 46


def ruled_page():
    page = blank_page()
    page[240:1600:52] = 205
    return page


def scribble(page, text, x, y, rng):
    """Writing whose letters stand as a hand sets them, which type does not."""
    for letter in text:
        size = SIZE + int(rng.integers(-5, 6))
        if letter != " ":
            draw(page, letter, x, y + int(rng.integers(-4, 5)), size=size)
        x += SIZE // 3 if letter == " " else round(place_of(letter, letter, 0, 0, size=size)[2]) + 1


def write_letters(folder, opening, *, paper=ruled_page):
    """A folder of letters, each signed but the last, and the class list beside it; each begins so."""
    rng = np.random.default_rng(5)
    scans = folder / "scans"
    scans.mkdir()
    for n, name in enumerate(NAMES):
        page, low = paper(), 190
        for sentence in (*opening(n), *rng.permutation(SENTENCES)[: 2 + n % 2]):
            scribble(page, str(sentence), 150, low, rng)
            low += 52
        draw(page, ("Sincerely,", "Your friend,", "Love,")[n % 3], 150, low, size=SIZE)
        if n < len(NAMES) - 1:
            draw(page, name, 200 + 20 * n, low + 58, size=SIZE)
        Image.fromarray(page).save(scans / f"scan {n + 1}.png", dpi=(150, 150))
    rows = [name.split() for name in NAMES]
    (folder / "class.csv").write_text(
        "First Name,Last Name\n" + "".join(f"{first},{last}\n" for first, last in rows), encoding="utf-8"
    )
    return scans, "--roster", folder / "class.csv", "--pages-per-student", 1, "--into", folder / "set", "--json"


def kept_covers(place):
    pages = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))["pages"]
    return [page["covers"] for page in pages if page["fate"] == "kept"]


def lines_of(*written):
    """Lines as they were read on a page: what each says, its left end, its middle and its length in pixels."""
    found = [Line(x + wide / 2, y, wide, 40, 0.0) for _, x, y, wide in written]
    return found, [reading_of(text) for text, *_ in written]


@pytest.mark.parametrize(
    "written",
    [
        [("Hi! My name is", 150, 300, 220), ("Maria Lopez", 440, 304, 180)],
        [("Hello my name is", 150, 300, 240), ("Maria", 420, 290, 90)],
        [("Love,", 150, 900, 80), ("Maria Lopez", 380, 905, 180)],
        [("Hi! My name is Maria", 150, 300, 320)],
    ],
    ids=["a wide gap", "a first name, a little higher", "beside a closing", "no gap"],
)
def test_a_name_is_found_behind_the_words_that_say_so_also_after_a_wide_gap(written):
    lines, readings = lines_of(*written, ("We saw bubbles so something came out", 150, 380, 700))
    reader = name_reader(WANTED)

    [name] = find_own_names(lines, readings, [True] * len(lines), reader, (1650, 1275), DPI)

    assert name.way is OwnNameWay.AFTER
    assert name.student == 0
    assert name.box.right * 1275 == pytest.approx(written[-1][1] + written[-1][3], abs=25)


@pytest.mark.parametrize("words", ["by", "Written by", "By:"])
def test_in_the_middle_of_a_title_page_the_writer_stands_right_under_the_words_that_say_so(words):
    title, text = ("The Day Aisha Left", 500, 150, 300), ("We saw bubbles so something came out", 150, 420, 700)
    lines, readings = lines_of(title, (words, 610, 200, 80), ("Maria Lopez", 570, 250, 160), text)

    [name] = find_own_names(lines, readings, [True] * len(lines), name_reader(WANTED), (1650, 1275), DPI)

    assert (name.way, name.student) == (OwnNameWay.AFTER, 0)
    assert name.box.y * 1650 == pytest.approx(230, abs=5)


def test_text_under_such_words_names_nobody():
    rows = [("by", 150, 200, 60), ("Maria saw that something came out there", 150, 250, 700)]
    lines, readings = lines_of(*rows)
    assert not list(find_anchored_places(lines, readings, (1650, 1275), DPI))


def test_a_nickname_on_the_same_line_has_a_place_of_its_own():
    text = "My name is Maria but they call me Mimi"
    lines, readings = lines_of((text, 150, 300, 700))
    places = [place for _, place in find_anchored_places(lines, readings, (2200, 1700), 200)]
    assert [place.readings[0].text.split()[0] for place in places] == ["Maria", "Mimi"]
    assert all(place.anchor is not None and place.anchor.right <= place.box.x + 0.02 for place in places)


@pytest.mark.parametrize(("below", "signs"), [([], True), (["P.S. Come and see our pond"], True), (["ha ha"], True)])
def test_a_name_under_a_closing_signs_a_letter_that_ends_there(below, signs):
    rows = [("We saw bubbles so something came out", 150, 420, 700), ("Love,", 150, 500, 120)]
    rows.append(("Maria Lopez", 160, 560, 200))
    lines, readings = lines_of(*rows, *((text, 150, 700 + 80 * n, 300) for n, text in enumerate(below)))

    assert (find_signature(lines, readings, name_reader(WANTED), (1650, 1275), DPI) is not None) == signs


def test_a_name_with_much_below_it_signs_nothing():
    rows = [("We saw bubbles so something came out", 150, 420, 700), ("Love,", 150, 500, 120)]
    rows.append(("Maria Lopez", 160, 560, 200))
    more = ("No way!", "Where is it", "lets go now", "ha ha", "wait for us")
    lines, readings = lines_of(*rows, *((text, 150, 700 + 80 * n, 300) for n, text in enumerate(more)))

    assert find_signature(lines, readings, name_reader(WANTED), (1650, 1275), DPI) is None


@pytest.mark.parametrize("words", ["Thanks", "Thanks,", "Thank you"])
def test_whom_a_bubble_of_a_comic_thanks_did_not_draw_it(words):
    rows = [("William Stone", 900, 60, 240), ("Where is it", 150, 420, 700), (words, 150, 500, 120)]
    more = ("No way!", "Where is it", "lets go now", "ha ha", "wait for us")
    lines, readings = lines_of(
        *rows, ("Maria!", 160, 560, 200), *((text, 150, 700 + 80 * n, 300) for n, text in enumerate(more))
    )

    found = find_own_names(lines, readings, [True] * len(lines), name_reader(WANTED), (1650, 1275), DPI)

    assert [(name.way, name.student) for name in found] == [(OwnNameWay.ALONE, 1)]


def test_what_stands_on_another_line_or_far_away_is_not_behind_the_words():
    lines, readings = lines_of(("Hi! My name is", 150, 300, 220), ("Maria", 440, 352, 90), ("Aisha", 900, 300, 90))

    assert not list(find_anchored_places(lines, readings, (1650, 1275), DPI))


@pytest.mark.parametrize(
    "head",
    [
        [("Thank you", 150, 150, 200), ("Aisha!", 200, 250, 120)],
        [("Happy birthday", 150, 150, 280), ("Aisha Okafor", 200, 250, 220)],
        [("To Aisha", 150, 200, 200)],
        [("Merci", 150, 150, 120), ("Aisha", 300, 152, 120)],
    ],
    ids=["thanks", "birthday", "to", "beside the wish"],
)
def test_whom_a_card_is_for_stands_at_no_place_of_the_writers_own(head):
    text, signed = ("We saw bubbles so something came out", 150, 420, 700), ("Love,", 150, 900, 80)
    lines, readings = lines_of(*head, text, signed, ("Maria Lopez", 160, 980, 180))

    found = find_own_names(lines, readings, [True] * len(lines), name_reader(WANTED), (1650, 1275), DPI)

    assert [(name.way, name.student) for name in found] == [(OwnNameWay.UNDER, 0)]


@pytest.mark.parametrize("signer", [0, 2])
def test_a_page_that_another_signs_than_the_classs_place_names_is_nobodys(tmp_path, monkeypatch, signer):
    page, (text, left, middle, wide) = blank_page(), ("Maria Lopez", 150, 130, 180)
    lines, readings = lines_of((text, left, middle, wide))
    Image.fromarray(page).save(tmp_path / "page.png")
    kept = PageReading("", tuple(lines), tuple(readings), too_many=False)
    monkeypatch.setattr("mssw.preparing.class_places.read_kept_page", lambda *_: ReadPage(kept, page.shape))
    places = ClassPlaces((NameField(1, Box(0.08, 0.05, 0.3, 0.06), "", BY_CLASS, 0.9),), (), (9, 10))
    signature = named(Box(0.1, 0.65, 0.2, 0.03), signer, OwnNameWay.UNDER, CLOSING)
    one = sighting(1, None, image="page.png", read="kept", own_names=(signature,))

    seen = cover_own_name(one, 1, places, WANTED, (tmp_path, tmp_path), None)

    assert seen.is_named == (signer == 0)
    assert (OTHER_SIGNED in seen.doubts) == (signer == 2)
    assert bool(seen.name_costs) == (signer == 0)


CLOSING_AT, NAME_AT, TEXT_AT = (150, 800), (190, 866), (150, 640)


def covered_letter(tmp_path, monkeypatch, *written, covers=()):
    """What was seen on a letter, and of each thing written on it, at its place, how much of its ink is covered."""
    page, lines = blank_page(), []
    for text, (x, y) in written:
        left, top, right, bottom = draw(page, text, x, y, size=SIZE)
        wide, tall = right - left + 14, bottom - top + 10
        lines.append(Line((left + right) / 2, (top + bottom) / 2, wide, tall, 0.0))
    Image.fromarray(page).save(tmp_path / "page.png")
    kept = PageReading("", tuple(lines), tuple(reading_of(text) for text, _ in written), too_many=False)
    monkeypatch.setattr("mssw.preparing.class_places.read_kept_page", lambda *_: ReadPage(kept, page.shape))
    places = ClassPlaces(anchored=(AnchoredPlace(OwnNameWay.UNDER, -0.06, -0.03, 0.5, 0.12, 1.0),), named=(9, 10))
    one = sighting(1, None, image="page.png", read="kept", covers=covers)
    seen = cover_own_name(one, 1, places, WANTED, (tmp_path, tmp_path), None)
    hidden = np.zeros(page.shape, bool)
    for mark in seen.covers:
        left, top, right, bottom = mark.box.to_pixels(*page.shape[::-1])
        hidden[top:bottom, left:right] = True
    alone = [np.where(draw_alone(text, at) < 200, hidden, np.nan) for text, at in written]
    return seen, [float(np.nanmean(ink)) for ink in alone]


def draw_alone(text, at):
    page = blank_page()
    draw(page, text, *at, size=SIZE)
    return page


@pytest.mark.parametrize("name_at", [NAME_AT, (190, 930), (120, 858)])
def test_a_signature_that_was_read_is_covered_without_the_closing_over_it(tmp_path, monkeypatch, name_at):
    seen, [text, closing, name] = covered_letter(
        tmp_path,
        monkeypatch,
        ("Warm air goes up and cold air comes down", TEXT_AT),
        ("Sincerely,", CLOSING_AT),
        ("Maria Lopez", name_at),
    )

    assert seen.is_named
    assert name == 1.0
    assert closing < 0.15
    assert text == 0.0


def test_a_signature_that_rises_beside_its_closing_is_covered_whole(tmp_path, monkeypatch):
    """Its last name stands at the height of the closing, far behind it."""
    _, [_, first, last] = covered_letter(
        tmp_path, monkeypatch, ("Sincerely,", CLOSING_AT), ("Maria", (190, 850)), ("Lopez", (420, 792))
    )

    assert first == last == 1.0


@pytest.mark.parametrize("apart", [40, 48, 56, 70])
@pytest.mark.parametrize("closing", ["Sincerely,", "Yours truly,"])
def test_a_signature_of_two_lines_is_covered_whole_however_near_it_is_to_its_closing(
    tmp_path, monkeypatch, apart, closing
):
    x, y = CLOSING_AT
    _, [_, first, last] = covered_letter(
        tmp_path,
        monkeypatch,
        (closing, CLOSING_AT),
        ("Maria", (x + 10, y + apart)),
        ("Lopez", (x + 20, y + apart + 45)),
    )

    assert first == last == 1.0


@pytest.mark.parametrize("friend", ["Aisha", "William", "Aisha Okafor"])
def test_a_classmate_whom_only_a_wrong_field_hid_is_covered_when_it_is_taken_off(tmp_path, monkeypatch, friend):
    """On "My partner" a field was guessed; the page's own name is read, so there is none."""
    text, at = f"My partner {friend} had another idea", (150, 300)
    left, top, right, bottom = place_of(text, friend, *at, size=SIZE)
    field = Mark(Box(left / 1275, top / 1650, 0.4, (bottom - top) / 1650), MarkKind.FIELD, "ocr", 0.5)
    seen, [sentence, *_] = covered_letter(
        tmp_path,
        monkeypatch,
        (text, at),
        ("Sincerely,", CLOSING_AT),
        ("Maria Lopez", NAME_AT),
        covers=(field,),
    )

    assert seen.is_named
    assert field not in seen.covers
    friends = [mark.box for mark in seen.covers if mark.kind is MarkKind.TEXT]
    assert sum(box.w for box in friends) * 1275 > 0.8 * (right - left)
    assert sentence < 0.7


def test_a_sentence_under_a_signature_that_was_read_stays_in_sight(tmp_path, monkeypatch):
    _, [closing, name, below] = covered_letter(
        tmp_path,
        monkeypatch,
        ("Sincerely,", CLOSING_AT),
        ("Maria Lopez", NAME_AT),
        ("I hope that you write back to me soon", (150, 950)),
    )

    assert name == 1.0
    assert closing < 0.15
    assert below < 0.1


def test_a_signature_that_was_not_read_keeps_the_whole_place_of_the_class(tmp_path, monkeypatch):
    seen, [closing, name] = covered_letter(tmp_path, monkeypatch, ("Sincerely,", CLOSING_AT), ("Xqzw", NAME_AT))

    assert not seen.is_named
    assert name == 1.0
    assert closing > 0.6


@pytest.mark.pages
@pytest.mark.usefixtures("warm_crew")
def test_letters_on_ruled_paper_are_released_by_their_signature_and_one_without_waits(tmp_path, capsys):
    assert mssw("prepare", *write_letters(tmp_path, lambda _: ())) == ExitCode.FINDINGS
    report = json.loads(capsys.readouterr().out)

    assert len(report["released"]) == len(NAMES) - 1, report["held"]
    [held] = report["held"]
    assert any("where the class writes its names" in reason for reason in held["reasons"])
    assert any("under the closing of a letter" in note for note in report["notes"])
    covers = [cover for page in kept_covers(tmp_path / "set") for cover in page]
    assert len({round(cover["box"][2], 3) for cover in covers if cover["kind"] == "name field"}) == 1
    assert not [cover for cover in covers if cover["kind"] == "name in the text"]
    matches = json.loads((tmp_path / "set" / "private" / "matches.json").read_text(encoding="utf-8"))["works"]
    assert {one["student"]["student"] for one in matches if one["student"]} == set(NAMES[:-1])


@pytest.mark.pages
@pytest.mark.usefixtures("warm_crew")
def test_a_classmate_at_the_head_stays_covered_when_the_place_that_was_guessed_there_is_taken_off(tmp_path, capsys):
    friends = [NAMES[(n + 1) % len(NAMES)].split()[0] for n in range(len(NAMES))]

    def opening(n):
        return (f"Dear {friends[n]}, I found out that warm air goes up",)

    assert mssw("prepare", *write_letters(tmp_path, opening, paper=blank_page)) == ExitCode.FINDINGS
    report = json.loads(capsys.readouterr().out)

    covers = kept_covers(tmp_path / "set")
    assert len(covers) == len(NAMES) - 1, (report["held"], report["notes"])
    at_head = [[one for one in page if one["kind"] == "name in the text" and one["box"][1] < HEAD] for page in covers]
    assert [len(page) for page in at_head] == [1] * len(covers), covers


@pytest.mark.parametrize("apart", [44, 52, 60])
@pytest.mark.parametrize("name", ["Maria Lopez", "Aisha Okafor", "Maya Berg"])
def test_a_name_behind_my_name_is_is_covered_whole_and_the_sentence_under_it_is_not(tmp_path, monkeypatch, name, apart):
    opening, sentence = "My name is ", "Warm air goes up and cold air comes down again"
    page, lines = blank_page(), []
    for words, y in ((opening + name, 300), (sentence, 300 + apart)):
        left, top, right, bottom = draw(page, words, 150, y, size=SIZE)
        lines.append(Line((left + right) / 2, (top + bottom) / 2, right - left + 14, bottom - top + 10, 0.0))
    Image.fromarray(page).save(tmp_path / "page.png")
    kept = PageReading("", tuple(lines), (reading_of(opening + name), reading_of(sentence)), too_many=False)
    monkeypatch.setattr("mssw.preparing.class_places.is_typed", lambda *_: False)  # the font stands for a hand
    monkeypatch.setattr("mssw.preparing.class_places.read_kept_page", lambda *_: ReadPage(kept, page.shape))
    places = ClassPlaces(anchored=(AnchoredPlace(OwnNameWay.AFTER, 0.0, -0.005, 0.4, 0.06, 1.0),), named=(9, 10))
    roster = Roster((Student("Maria", "Lopez"), Student("Aisha", "Okafor"), Student("Maya", "Berg")))

    one = sighting(1, None, image="page.png", read="kept")
    seen = cover_own_name(one, 1, places, SearchTerms.of(roster, (), ()), (tmp_path, tmp_path), None)

    hidden = np.zeros(page.shape, bool)
    for mark in seen.covers:
        left, top, right, bottom = mark.box.to_pixels(*page.shape[::-1])
        hidden[top:bottom, left:right] = True
    before = int(np.flatnonzero((draw_alone(opening.strip(), (150, 300)) < 200).any(axis=0))[-1])
    of_name = draw_alone(opening + name, (150, 300)) < 200
    of_name[:, : before + 3] = False
    assert seen.is_named
    assert hidden[of_name].all()
    assert hidden[draw_alone(sentence, (150, 300 + apart)) < 200].mean() < 0.25  # a long tail takes some along
