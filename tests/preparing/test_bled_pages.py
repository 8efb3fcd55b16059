"""Felt pen bleeds through: a class whose sheets show their other side is prepared as one whose sheets do not."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.printing.pdf_writer import image_pdf
from mssw.vision.name_trace import STRAYS
from mssw.workers import share_crew
from support.prepared_class import ROSTER, STACK, TASK, run
from support.project import EXAMPLE

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

STUDENTS, STRENGTH = 3, 0.4


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
    """A page of the example's stack as grey, 200 dpi."""
    with pymupdf.open(STACK) as stack:
        pixels = stack[number - 1].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width)


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
    assert len(list((work_set / "shared" / "work").glob("*.pdf"))) >= STUDENTS - 1


def test_the_name_in_the_field_is_read_though_print_of_the_other_side_crosses_it(work_set: Path):
    assert run("key", work_set).stdout.count("name field") >= STUDENTS - 1


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
