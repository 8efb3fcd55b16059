"""Where a name is proposed on a page that no blank is known of, and where the name field is empty."""

from __future__ import annotations

import io
import json

import cv2
import numpy as np
import pytest
import typst
from PIL import Image

from mssw.core.page import Box, Mark, MarkKind, Page, Tone
from mssw.errors import ExitCode
from mssw.formats.scans import Picture
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.find_names import look_unaided, places_on_stray
from mssw.preparing.grouping import NAME_ON_BACK, settle_places
from mssw.vision.name_field import NameField
from mssw.vision.name_place import find_likely_places, propose_places
from mssw.vision.orientation import stand_upright
from mssw.vision.writing import Pieces, find_cells, find_drawn_rules, is_typed
from mssw.workset.sightings import Sighting
from support.commands import mssw
from support.handwritten import draw

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

DPI = 150.0
MM = DPI / 25.4
TEXT = """
#place(dy: {y}mm)[#text(14pt, weight: "bold")[Does air have mass?]]
#place(dy: {y2}mm)[Two balls hang from a stick and balance. Ball B has a small hole and its air escapes slowly.]
#place(dy: {y3}mm)[1. What happens to the stick when the air has left? Tell why you think so.]
"""


def printed(body):
    """A letter page of Typst as grey pixels at 150 dpi; body is placed from the upper left corner of its margins."""
    page = '#set page("us-letter", margin: 18mm)\n#set text(11pt)\n'
    png = typst.compile((page + body).encode(), format="png", ppi=DPI)
    return np.array(Image.open(io.BytesIO(png)).convert("L"))


def asked(label, y, rule=90):
    """A label with a rule behind it, y millimetres below the margin."""
    return f"#place(dy: {y}mm)[#box[{label}] #box(width: {rule}mm, stroke: (bottom: 0.7pt))]\n"


def scribbled(page, x, y, wide=45.0, tall=5.0, seed=1):
    """Writing of that many millimetres, its lower left corner there; gives where it is."""
    rng = np.random.default_rng(seed)
    steps = np.linspace(0, 1, 160)
    line = np.stack([x + wide * steps, y - tall / 2 + tall / 2 * np.sin(40 * steps) * rng.uniform(0.5, 1, 160)], 1)
    mask = np.zeros(page.shape, np.uint8)
    cv2.polylines(mask, [np.round(line * MM).astype(np.int32)], isClosed=False, color=1, thickness=3)
    page[mask > 0] = 40
    return mask > 0


def share_covered(ink, boxes):
    hidden = np.zeros(ink.shape, bool)
    for box in boxes:
        left, top, right, bottom = box.to_pixels(ink.shape[1], ink.shape[0])
        hidden[top:bottom, left:right] = True
    return float(hidden[ink].mean())


def proposed(page, **more):
    return propose_places(page, DPI, stand_upright(page).lines, **more)


def test_labels_of_six_languages_tell_where_the_name_stands():
    labels = ("Name:", "Nombre y apellidos:", "Nom et prénom :", "Vor- und Nachname:", "Nome completo:", "Họ và tên:")
    page = printed("".join(asked(label, 12 * n) for n, label in enumerate(labels)) + TEXT.format(y=85, y2=95, y3=110))
    inks = [scribbled(page, 75, 22.5 + 12 * n, seed=n) for n in range(len(labels))]

    places = proposed(page)

    fields = [mark for mark in places.covers if mark.kind is MarkKind.FIELD]
    assert places.by_label
    assert {mark.found_by for mark in fields} == {"ocr"}
    assert len(fields) == len(labels)
    assert [round(share_covered(ink, [mark.box for mark in places.covers]), 2) for ink in inks] == [1.0] * len(labels)


def test_a_name_in_a_box_is_covered_with_its_box_and_the_next_one_is_not():
    body = "#place[#table(columns: (90mm, 60mm), rows: 14mm, [#text(8pt)[Name:]], [#text(8pt)[Date:]])]"
    page = printed(body + TEXT.format(y=25, y2=34, y3=44))
    name, date = scribbled(page, 30, 30), scribbled(page, 118, 30, wide=20)

    places = proposed(page)

    boxes = [mark.box for mark in places.covers]
    assert (share_covered(name, boxes), share_covered(date, boxes)) == (1.0, 0.0)


def test_a_teachers_own_label_counts_where_it_is_given():
    page = printed(asked("Jina la mwanafunzi:", 0) + TEXT.format(y=20, y2=30, y3=40))
    ink = scribbled(page, 70, 22.5)

    places = proposed(page, more=["Jina la mwanafunzi"])

    assert places.by_label
    assert share_covered(ink, [mark.box for mark in places.covers]) == 1.0


def test_without_a_label_the_top_over_the_first_printed_line_is_proposed_as_a_guess():
    page = printed(TEXT.format(y=16, y2=26, y3=36))
    ink = scribbled(page, 140, 16)

    places = proposed(page)

    assert not places.by_label
    assert {(mark.kind, mark.found_by) for mark in places.covers} == {(MarkKind.PLACE, "guess")}
    assert all(mark.confidence < 0.5 for mark in places.covers)
    boxes = [mark.box for mark in places.covers]
    assert share_covered(ink, boxes) == 1.0
    assert max(box.bottom for box in boxes) < 36 / 279
    assert places.doubt == "no label was found, so the top of the page was proposed"


def test_a_sentence_that_begins_with_a_label_is_none():
    page = printed("#place(dy: 2mm)[Name two gases that are in the air around us.]" + TEXT.format(y=16, y2=26, y3=36))

    assert not proposed(page).by_label


@pytest.mark.parametrize("quarter", [1, 2])
def test_a_page_is_turned_upright_and_straight_by_its_own_text(quarter):
    page = printed(asked("Name:", 0) + TEXT.format(y=20, y2=30, y3=40))
    lean = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 1.2, 1)
    page = cv2.warpAffine(page, lean, page.shape[::-1], borderValue=255)

    stands = stand_upright(np.ascontiguousarray(np.rot90(page, quarter)))

    assert stands.turn == 90 * quarter
    assert stands.shape == page.shape
    turned = float(np.degrees(np.arctan2(stands.matrix[1, 0], stands.matrix[0, 0])))
    assert (turned + stands.turn + 180) % 360 - 180 == pytest.approx(-1.2, abs=0.3)


def test_an_empty_page_proposes_nothing_and_stays_as_it_was_scanned():
    pixels = np.full((1650, 1275), 250, np.uint8)
    picture = Picture(pixels, (612.0, 792.0), DPI, Tone.GREY)

    found = look_unaided(picture, pixels, np.zeros(pixels.shape, bool), 0.0, ())

    assert found.covers == ()
    assert found.turn == 0
    assert found.pixels is pixels
    assert "nothing was found" in found.doubt


def test_type_is_told_from_writing_by_how_its_letters_stand():
    page = printed("#place(dy: 2mm)[Two balls hang from a stick]")
    rng = np.random.default_rng(3)
    written = np.full(page.shape, 255, np.uint8)
    for n, letter in enumerate("twoballshangfrom"):
        place = (100 + 34 * n, 200 + int(rng.integers(-7, 7)))
        cv2.putText(written, letter, place, cv2.FONT_HERSHEY_SIMPLEX, float(rng.uniform(0.8, 1.5)), 0, 2, cv2.LINE_AA)
    rows, columns = np.nonzero(page < 128)

    assert is_typed(page < 128, (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
    assert not is_typed(written < 128, (90, 160, 700, 220))


def test_rules_and_boxes_are_found_and_tall_letters_are_none():
    ink = np.zeros((400, 600), bool)
    ink[100, 50:500] = ink[200, 50:500] = True
    ink[100:200, 50] = ink[100:200, 500] = True
    ink[150:200, 300] = True  # a letter's stem on the rule
    ink[300, 50:500:6] = True  # dots

    rules = find_drawn_rules(ink, DPI, ())

    assert rules[100, 60]
    assert rules[150, 50]
    assert not rules[160, 300]
    assert rules[300, 60:480].all()
    assert find_cells(rules, [(200, 150), (200, 250)], DPI)[1] is None
    assert find_cells(rules, [(200, 150)], DPI)[0] == (51, 101, 500, 200)


def writing_on(*places):
    """New ink with scribbles at those (x, y) in millimetres, on a letter page."""
    page = np.full((1650, 1275), 255, np.uint8)
    for n, (x, y) in enumerate(places):
        scribbled(page, x, y, wide=30, seed=n)
    return page < 128


def likely(ink, rules=None, fields=(), **more):
    rules = np.zeros(ink.shape, bool) if rules is None else rules
    return find_likely_places(Pieces(ink, DPI, rules), fields, rules, **more)


def test_writing_at_head_and_foot_is_likely_head_first_and_three_at_most():
    ink = writing_on((20, 20), (120, 20), (20, 265), (20, 35), (20, 140))

    found = likely(ink)

    assert len(found) == 3
    assert [box.y < 0.2 for box in found] == [True] * 3
    assert [box.y > 0.9 for box in likely(writing_on((20, 265), (20, 140)))] == [True]
    assert len(likely(writing_on((20, 140)), anywhere=True)) == 1


def test_writing_on_a_rule_in_a_box_or_in_the_field_is_no_likely_place():
    ink = writing_on((20, 20))
    ruled, boxed = np.zeros(ink.shape, bool), np.zeros(ink.shape, bool)
    ruled[round(20.5 * MM), 60:1000] = True
    boxed[60, 60:1000] = boxed[200, 60:1000] = boxed[60:200, 60] = boxed[60:200, 999] = True

    assert len(likely(ink)) == 1
    assert likely(ink, ruled) == []
    assert likely(ink, boxed) == []
    assert likely(ink, fields=[Box(0.05, 0.03, 0.4, 0.1)]) == []


def test_a_name_on_an_else_empty_back_is_flagged_wherever_it_stands():
    page = np.full((1650, 1275), 250, np.uint8)
    ink = scribbled(page, 60, 120)

    [flag] = places_on_stray(page, np.zeros(page.shape, bool))

    assert flag.kind is MarkKind.PLACE
    assert share_covered(ink, [flag.box]) == 1.0
    assert "back of a sheet" in NAME_ON_BACK


BAND = Mark(Box(0, 0, 1, 0.1), MarkKind.PLACE, "guess", 0.2)
FIELD = Mark(Box(0.1, 0.1, 0.4, 0.05), MarkKind.FIELD, "ocr", 0.9)
INK = Mark(Box(0.6, 0.02, 0.2, 0.03), MarkKind.PLACE, "ink", 0.3)
NAME = Mark(Box(0.3, 0.5, 0.1, 0.02), MarkKind.TEXT, "reading", 0.8)


def sighting(number, *, covers=(), flags=(), task_page=None, empty=False):
    page = Page(f"s01-p{number:04d}", "stack.pdf", number, (10, 10), 72.0, Tone.GREY, "", task_page)
    return Sighting(page, "r", covers=covers, flags=flags, empty_field=empty, way="w")


def test_where_a_label_told_the_name_the_top_of_the_other_page_is_flagged_and_not_covered():
    one, two = settle_places([sighting(1, covers=(FIELD,)), sighting(2, covers=(BAND,))], None)

    assert (one.covers, one.flags) == ((FIELD,), ())
    assert (two.covers, two.flags) == ((), (BAND,))
    assert two.way != "w"
    assert settle_places([sighting(1, covers=(BAND,))], None)[0].covers == (BAND,)


def test_where_the_name_stands_in_its_field_writing_elsewhere_is_no_flag():
    task = BlankTask(None, ((612.0, 792.0),) * 2, (NameField(1, FIELD.box, "Name", "text", 0.9),), (), "r")
    back = sighting(2, flags=(INK, NAME), task_page=2)

    named = settle_places([sighting(1, task_page=1), back], task)
    open_ = settle_places([sighting(1, task_page=1, flags=(INK,), empty=True), back], task)

    assert [page.flags for page in named] == [(), (NAME,)]
    assert [page.flags for page in open_] == [(INK,), (INK, NAME)]


def test_an_upside_down_page_without_a_task_is_held_then_signed_where_its_name_stood(tmp_path, capsys):
    page = printed(asked("Name:", 0) + TEXT.format(y=20, y2=30, y3=40))
    ink = scribbled(page, 45, 22.5)
    Image.fromarray(np.ascontiguousarray(page[::-1, ::-1])).save(tmp_path / "scan.png", dpi=(DPI, DPI))
    place = tmp_path / "set"

    assert mssw("prepare", tmp_path / "scan.png", "--pages-per-student", 1, "--into", place, "--json") == 1
    [held] = json.loads(capsys.readouterr().out)["held"]
    assert "the name's place was taken from its printed label" in held["reasons"][0]
    [seen] = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))["pages"]
    assert seen["turn"] == 180
    assert share_covered(ink, [Box(*cover["box"]) for cover in seen["covers"]]) > 0.98

    assert mssw("review", place, "--approve", held["alias"], "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["released"] == [held["alias"]]


def test_classmates_in_the_text_of_a_page_without_a_task_are_covered_and_whose_it_is_is_read(tmp_path, capsys):
    page = printed(asked("Name:", 0) + TEXT.format(y=20, y2=30, y3=40))
    size = round(9 * MM)
    draw(page, "Maria Lopez", round(42 * MM), round(15 * MM), size=size)
    draw(page, "We asked Aisha and she said it floats", round(25 * MM), round(120 * MM), size=size)
    Image.fromarray(page).save(tmp_path / "scan.png", dpi=(DPI, DPI))
    (tmp_path / "class.csv").write_text("First Name,Last Name\nMaria,Lopez\nAisha,Okafor\n", encoding="utf-8")
    place = tmp_path / "set"

    told = ("--roster", tmp_path / "class.csv", "--pages-per-student", 1, "--into", place, "--json")
    assert mssw("prepare", tmp_path / "scan.png", *told) == 1
    report = json.loads(capsys.readouterr().out)
    [seen] = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))["pages"]
    *_, named = sorted((Box(*cover["box"]) for cover in seen["covers"]), key=lambda box: box.y)
    height = page.shape[0] / MM
    assert 115 < named.y * height < named.bottom * height < 135
    assert not any("not looked for" in reason for reason in report["held"][0]["reasons"])
    assert mssw("key", place, report["held"][0]["alias"], "--json") == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    assert "Maria Lopez" in row.values()
