"""Felt pen bleeds through: a class whose sheets show their other side is prepared as one whose sheets do not."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pymupdf
import pytest
from msgspec import UNSET

from mssw.core.page import Box, Mark, MarkKind, Tone
from mssw.department.cluster import run_pages_with
from mssw.formats.images import encode
from mssw.preparing.bled_pages import (
    _choose_side,
    _KeptPage,
    _part_ink,
    _PartedInk,
    _ReadLine,
    _still_counts,
    look_past_other_sides,
)
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.printing.pdf_writer import image_pdf
from mssw.vision.ink import measure_ink_depth
from mssw.vision.name_spotting import NameLetters
from mssw.vision.name_trace import STRAYS
from mssw.vision.other_side import OtherSide, find_other_side
from mssw.vision.recogniser import BLANK, LETTERS, SIGN, LineReading
from mssw.vision.text_lines import Line
from mssw.workers import share_crew
from mssw.workset.folder import WorkSet, write_typed
from mssw.workset.settings import Settings
from mssw.workset.sightings import read_page_measures
from support.handwritten import DPI, blank_page, draw
from support.prepared_class import ROSTER, STACK, TASK, everything, leaves, run
from support.pretended_cluster import PretendedCluster
from support.project import EXAMPLE
from support.remembered import remembering_here
from support.sightings import sighting

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

STUDENTS, STRENGTH = 2, 0.4


def whole_sheets() -> list[tuple[int, int]]:
    """The two pages of students whose pages are all there, from 1."""
    rows = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))["pages"]
    pages: dict[str, list[dict]] = {}
    for row in rows:
        pages.setdefault(row["student"], []).append(row)
    is_whole = [
        [row["task_page"] for row in own] == [1, 2] and not any(row["faults"] or row["turn"] for row in own)
        for own in pages.values()
    ]
    good = [own for own, whole in zip(pages.values(), is_whole, strict=True) if whole]
    return [(own[0]["number"], own[1]["number"]) for own in good][:STUDENTS]


def scan(number: int) -> np.ndarray:
    """A page of the example's stack as grey, 200 dpi, and straight: both sides of a sheet lean alike."""
    with pymupdf.open(STACK) as stack:
        pixels = stack[number - 1].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    grey = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width)
    rows = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))["pages"]
    size = np.diag([pixels.width, pixels.height, 1.0])
    onto = size @ np.array(rows[number - 1]["matrix"]) @ np.linalg.inv(size)
    return cv2.warpPerspective(grey, onto, grey.shape[::-1], flags=cv2.WARP_INVERSE_MAP, borderValue=240)


def bleed(page: np.ndarray, other: np.ndarray) -> np.ndarray:
    """A page through which the other side of its sheet shows, a little beside its place."""
    ink = cv2.GaussianBlur(255.0 - other, (0, 0), 1.2)[:, ::-1]
    ink = cv2.warpAffine(ink, np.array([[1, 0.002, 7], [-0.002, 1, -5]], float), page.shape[::-1])
    return np.clip(page - STRENGTH * ink, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def work_set(tmp_path_factory: pytest.TempPathFactory, crew) -> Path:
    """The prepared set of a class whose pens bleed."""
    folder = tmp_path_factory.mktemp("bled")
    pages = []
    for front, back in whole_sheets():
        one, two = scan(front), scan(back)
        pages += [bleed(one, two), bleed(two, one)]
    images = [(encode(page, Tone.GREY), (612.0, 792.0)) for page in pages]
    (folder / "stack.pdf").write_bytes(image_pdf(images))
    with share_crew(crew):
        prepare(folder / "set", PrepareOptions([folder / "stack.pdf"], TASK, ROSTER, seed=7))
    return folder / "set"


def test_what_shows_through_keeps_no_response_back(work_set: Path):
    state = json.loads((work_set / "private" / "state.json").read_text(encoding="utf-8"))
    reasons = [why for response in state["works"] for why in response["held"]]
    assert not [why for why in reasons if any(stray in why for stray in STRAYS)]
    assert len(list((work_set / "shared" / "work").glob("*.pdf"))) == STUDENTS


def test_the_name_in_the_field_is_read_though_print_of_the_other_side_crosses_it(work_set: Path):
    assert run("key", work_set).stdout.count("name field") == STUDENTS


def test_the_name_is_covered_where_it_shows_on_the_back(work_set: Path):
    state = json.loads((work_set / "private" / "state.json").read_text(encoding="utf-8"))
    backs = [page for page in state["pages"] if page["task_page"] == 2]
    rows = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))["pages"]
    for back, (front, _) in zip(backs, whole_sheets(), strict=True):
        ink = rows[front - 1]["name_ink"]
        middle = 1 - ink["x"] - ink["w"] / 2, ink["y"] + ink["h"] / 2
        boxes = [mark["box"] for mark in back["covers"]]
        assert any(x < middle[0] < x + w and y < middle[1] < y + h for x, y, w, h in boxes)


def test_a_second_run_looks_at_nothing_again(work_set: Path):
    kept = {path: path.stat().st_mtime_ns for path in (work_set / "private" / "bled").iterdir()}
    assert kept
    prepare(work_set, PrepareOptions())
    assert {path: path.stat().st_mtime_ns for path in (work_set / "private" / "bled").iterdir()} == kept


def test_a_cluster_sees_the_same_and_no_job_is_done_here(work_set: Path, tmp_path: Path, monkeypatch, memory: Path):
    monkeypatch.setattr("mssw.department.cluster.run_all", lambda work, jobs, **_: [(job, work(job)) for job in jobs])
    executor = PretendedCluster()
    stack = work_set.parent / "stack.pdf"
    with remembering_here(memory):
        prepare(tmp_path / "set", PrepareOptions([stack], TASK, ROSTER, seed=7, run_pages=run_pages_with(executor, 1)))
    assert leaves(tmp_path / "set") == leaves(work_set)
    for part in ("bled", "pages"):
        assert everything(tmp_path / "set" / "private" / part) == everything(work_set / "private" / part)
    assert {parcel.work.__name__ for parcel in map(pickle.loads, executor.sent)} == {
        "find_names", "look_past_other_side", "compare_sides", "write_response",
    }  # fmt: skip


def grid(page: np.ndarray) -> None:
    """A table drawn with a felt pen."""
    for y in (700, 780, 860, 940, 1020):
        cv2.line(page, (75, y), (1100, y + 2), 60, 4)
    for x in (75, 300, 525, 1100):
        cv2.line(page, (x, 700), (x + 1, 1020), 60, 4)


@pytest.mark.parametrize("ink", [40, 110], ids=["pen", "pencil"])
@pytest.mark.parametrize(("word", "y"), [("Mayorga", 742), ("Sijuade", 800), ("Bal", 890)])
def test_a_name_that_touches_a_line_of_the_other_side_stays_written_on_this_side(word: str, y: int, ink: int):
    front, back = blank_page(), blank_page()
    for row in range(5):
        draw(front, "the ball is heavier than it was before", 120, 150 + 90 * row, ink=60)
        draw(back, "we saw that the light goes out again", 120, 130 + 90 * row, ink=60)
        draw(back, "and then it went on when we waited", 120, 1100 + 90 * row, ink=60)
    grid(back)
    page = bleed(front, back)
    written = blank_page()
    draw(written, word, 420, y, font="caveat", size=52, ink=ink)
    page = np.minimum(page, np.where(written < 250, written, 255)).astype(np.uint8)
    nothing = np.zeros(page.shape, bool)
    side = find_other_side(page, nothing, back, DPI)
    assert side is not None
    parted = _part_ink(np.asarray(measure_ink_depth(page, reach=31) > 16), side.shown, nothing)
    name = written < 180
    assert np.mean(parted.own[name]) > 0.85
    assert not parted.other[name].any() or np.mean(parted.other[name]) < 0.1
    table = cv2.erode((bleed(blank_page(), back) < 235).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    away = cv2.dilate((written < 250).astype(np.uint8), np.ones((15, 15), np.uint8)) == 0
    assert np.mean(parted.own[table & away & (front > 250)]) < 0.1


@pytest.mark.parametrize(
    ("shares", "chosen"),
    [([0.95], "a"), ([0.95, 0.6], "a"), ([0.6, 0.95], "b"), ([0.95, 0.93], ""), ([0.7], ""), ([], "")],
)
def test_a_page_shows_only_where_it_clearly_shows_more_than_any_other(shares: list[float], chosen: str):
    sides = [
        (name, OtherSide(np.zeros((1, 1), bool), np.zeros((1, 1), np.uint8), share))
        for name, share in zip("ab", shares, strict=False)
    ]
    found = _choose_side(sides)
    assert (found[0] if found else "") == chosen


def test_the_key_knows_what_was_read_without_the_other_side(work_set: Path):
    kept = work_set / "private" / "bled" / "s01-p0001.json"
    seen = json.loads(kept.read_text(encoding="utf-8"))["seen"]
    measures = read_page_measures(WorkSet(work_set), "s01-p0001")
    assert measures.written == seen["written"]
    assert measures.costs_by(UNSET) == tuple(float("inf") if cost is None else cost for cost in seen["whose"])


INK = np.ones((100, 200), bool)
LINE = Line(100, 50, 180, 40, 0.0)
NAMES = ["rose", "mark", "priya"]


def read_as(text: str, confidence: float) -> list[_ReadLine]:
    """A page of one line that says so, each letter read so surely."""
    letters = np.full((2 * len(text), 28), (1 - confidence) / 27, np.float32)
    for n, sign in enumerate(text):
        letters[2 * n, LETTERS.find(sign) if sign.isalpha() else SIGN] = confidence
        letters[2 * n + 1, BLANK] = 1
    reading = LineReading(letters, np.zeros(len(letters), np.float32), text, tuple(range(0, len(letters), 2)))
    return [_ReadLine(LINE, reading, NameLetters(NAMES))]


@pytest.mark.parametrize(
    ("own", "text", "confidence", "flag", "cover"),
    [
        (1.0, "we took turns", 0.5, True, True),
        (0.0, "we took turns", 0.5, False, False),
        (0.1, "we took turns", 0.5, False, True),
        (1.0, "we took turns", 0.9, False, True),
        (1.0, "we took turns", 0.97, False, False),
        (0.5, "we took turns", 0.5, True, True),
        (0.5, "we took turns", 0.97, False, False),
        (1.0, "so rose did it", 0.99, True, True),
        (1.0, "and mark and i", 0.99, True, True),
        (0.5, "that prija saw", 0.99, True, True),
        (0.0, "so rose did it", 0.99, False, False),
    ],
    ids=["unread", "only shows", "hardly own", "read", "read plainly", "mixed, unread", "mixed, read",
         "a name that is a word", "another", "nearly a name", "a name that only shows"],
)  # fmt: skip
def test_what_the_mix_gave_goes_only_where_it_was_no_own_ink_or_says_something_else(own, text, confidence, flag, cover):
    mine = INK.copy()
    mine[:, round(own * 100) + 50 :] = False
    mine[:, :50] = False
    parted = _PartedInk(INK, mine, ~mine)
    box = Box(0.25, 0.4, 0.5, 0.2)
    assert (
        _still_counts(Mark(box, MarkKind.TEXT, "reading", 1.0), parted, read_as(text, confidence), sure=False) == flag
    )
    assert (
        _still_counts(Mark(box, MarkKind.TEXT, "reading", 1.0), parted, read_as(text, confidence), sure=True) == cover
    )
    assert _still_counts(Mark(box, MarkKind.FIELD, "text", 1.0), parted, read_as(text, confidence), sure=True)


@pytest.mark.parametrize(
    ("own", "text", "confidence", "counts"),
    [
        (1.0, "we took turns", 0.5, True),
        (0.0, "we took turns", 0.5, False),
        (1.0, "we took turns", 0.9, False),
        (1.0, "so rose did it", 0.5, True),
        (1.0, "so rose did it", 0.99, False),
        (0.5, "that prija saw", 0.99, False),
    ],
)
def test_a_line_that_can_now_be_read_is_unread_no_more_and_a_name_in_it_has_its_own_mark(own, text, confidence, counts):
    mine = INK.copy()
    mine[:, round(own * 100) + 50 :] = False
    mine[:, :50] = False
    mark = Mark(Box(0.25, 0.4, 0.5, 0.2), MarkKind.UNREAD, "reading", 1.0)
    assert _still_counts(mark, _PartedInk(INK, mine, ~mine), read_as(text, confidence), sure=False) == counts


def test_a_mark_beside_the_lines_that_were_read_stays():
    parted = _PartedInk(INK, INK, ~INK)
    beside = Mark(Box(0.25, 0.8, 0.5, 0.15), MarkKind.TEXT, "reading", 1.0)
    assert _still_counts(beside, parted, read_as("we took turns", 0.99), sure=True)
    assert _still_counts(beside, parted, [], sure=False)


def test_a_page_that_shows_on_the_next_one_is_looked_at_without_that_one(tmp_path: Path):
    workset = WorkSet(tmp_path)
    front, back, other = (sighting(number, doubts=tuple(STRAYS)[:1]) for number in (1, 2, 3))
    pages = {page.page.id: page for page in (front, back, other)}
    search = SimpleNamespace(coded=None, own_fields_on=lambda _: (), readings=tmp_path)
    rounds = []

    def look(_work, jobs, **_):
        rounds.append([(job.page.page.id, job.is_known, [page_id for page_id, _ in job.behind]) for job in jobs])
        for job in jobs:
            shows = job.behind[0][0] if job.is_known or job.page is back else ""
            seen = replace(job.page, other_side=shows)
            write_typed(job.kept, _KeptPage(known=job.recipe, seen=seen.to_json() if shows else None), private=True)
            yield job, seen

    for _ in range(2):
        found = look_past_other_sides(Inputs(workset, Settings()), search, pages, PrepareOptions(run_pages=look))
        assert [page.other_side for page in found.values()] == [back.page.id, front.page.id, ""]
    assert rounds == [
        [(front.page.id, False, [back.page.id]), (back.page.id, False, [front.page.id, other.page.id]),
         (other.page.id, False, [back.page.id])],
        [(front.page.id, True, [back.page.id])],
        [], [],
    ]  # fmt: skip
