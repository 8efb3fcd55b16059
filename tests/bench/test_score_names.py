"""The names' scorer tells covered from flagged from missed, and a wrong cover from a right one."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pytest

score_names = importlib.import_module("score_names")
name_marks = importlib.import_module("name_marks")
name_photo = importlib.import_module("name_photo")
copier = importlib.import_module("real_copier")

SIZE = (600, 850)  # rows, columns
PLACES = {"Marisol": (120, 220), "Quint": (420, 220), "will": (120, 320), "555-0142": (420, 320), "Rui": (120, 420)}
KINDS = {"will": "decoy", "555-0142": "phone"}


def drawn(words: str, place: tuple[int, int], page: np.ndarray, label: np.ndarray, kind: int) -> list[int]:
    alone = cv2.putText(np.zeros(SIZE, np.uint8), words, place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 255, 3)
    page[alone > 128], label[alone > 128] = 60, kind
    return list(cv2.boundingRect(alone))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A class of one page with three classmates, a decoy and a phone number in the text."""
    folder = tmp_path / "class"
    (folder / "truth").mkdir(parents=True)
    page, label = np.full(SIZE, 250, np.uint8), np.zeros(SIZE, np.uint8)
    drawn("Noor Vos", (80, 80), page, label, 1)
    mentions = []
    for text, place in PLACES.items():
        kind = KINDS.get(text, "classmate")
        box = drawn(text, place, page, label, 2 if kind == "decoy" else 4)
        mentions.append({"text": text, "kind": kind, "box": box, "student": None, "form": "", "ink": "font"})
    cv2.imwrite(str(folder / "truth" / "p0001.png"), label)
    for name, image in (("stack", page), ("task", np.full(SIZE, 250, np.uint8))):
        writer = copier.StackWriter("grey", 200)
        writer.add(image, 95)
        writer.save(str(folder / f"{name}.pdf"))
    one = {"page": 1, "student": 0, "task_page": 1, "turn": 0, "fault": "", "has_name": True, "habits": [], "dpi": 200}
    one |= {"matrix": [[1, 0, 0], [0, 1, 0]], "feed": [0, 100, 0], "mentions": mentions}
    truth = {"condition": "top-grey", "blank": True, "field": True, "ids": {"0": "310000"}, "tone": "grey", "eaten": []}
    (folder / "truth.json").write_text(json.dumps({**truth, "task_pages": 1, "pages": [one]}), encoding="utf-8")
    return folder


def marked(made: Path, *, covers: list[str], flags: list[str], student: str = "310000", release: bool = False) -> Path:
    """The set with these words covered and flagged, its only work held or released with them painted over."""
    work_set = made.parent / "set"
    (work_set / "shared" / "work").mkdir(parents=True)
    (work_set / "private").mkdir()
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    boxes = {mention["text"]: mention["box"] for mention in truth["pages"][0]["mentions"]}
    boxes["nothing"] = [600, 500, 100, 40]

    def marks(words: list[str], kind: str) -> list[dict]:
        found = [[x / SIZE[1], y / SIZE[0], w / SIZE[1], h / SIZE[0]] for x, y, w, h in (boxes[one] for one in words)]
        return [{"box": box, "kind": kind} for box in found]

    page = {"id": "s01-p0001", "source": "stack.pdf", "number": 1, "task_page": 1, "image": ""}
    page |= {"covers": marks(covers, name_marks.TEXT), "flags": marks(flags, name_marks.TEXT)}
    (work_set / "private" / "state.json").write_text(json.dumps({"pages": [page]}), encoding="utf-8")
    counts = {"scanned": 1, "kept": int(release), "held": int(not release)}
    (work_set / "shared" / "manifest.json").write_text(json.dumps({"counts": counts}), encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.append(["Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by"])
    book.active.append(["Andrea", "", student, "stack.pdf", "1", ""])
    book.save(work_set / "private" / "key.xlsx")
    if release:
        image = score_names.NameScorer(made, work_set).scan(1)
        for x, y, w, h in [[60, 40, 260, 60], *(boxes[one] for one in covers if one != "Quint")]:
            cv2.rectangle(image, (x - 4, y - 4), (x + w + 4, y + h + 4), 250, -1)
        writer = copier.StackWriter("grey", 200)
        writer.add(image, 95)
        writer.save(str(work_set / "shared" / "work" / "Andrea.pdf"))
    return work_set


def test_covered_is_sure_flagged_is_seen_and_the_rest_is_missed(made):
    found = score_names.NameScorer(made, marked(made, covers=["Marisol"], flags=["Quint"])).run()
    assert (found.mates, found.mates_sure, found.mates_seen) == (3, 1, 2)
    assert (found.false_covers, found.false_flags) == (0, 0)
    assert any("'Rui'" in finding and finding.endswith("missed") for finding in found.findings)
    assert "classmates: too few sure" in found.missed


def test_a_cover_on_a_decoy_or_on_nothing_is_false(made):
    found = score_names.NameScorer(made, marked(made, covers=["will", "nothing"], flags=["nothing"])).run()
    assert (found.decoys, found.decoys_covered) == (1, 1)
    assert (found.false_covers, found.false_flags) == (2, 1)
    assert "too many false covers" in found.missed


def test_a_number_may_be_flagged_or_covered(made):
    found = score_names.NameScorer(made, marked(made, covers=[], flags=["555-0142"])).run()
    assert (found.calls, found.calls_seen, found.false_flags) == (1, 1, 0)


def test_a_cover_that_left_its_ink_on_the_released_page_is_not_sure(made):
    work_set = marked(made, covers=["Marisol", "Quint", "Rui"], flags=[], release=True)
    found = score_names.NameScorer(made, work_set).run()
    assert found.whole.pages_with_name_left == 0
    assert (found.mates_sure, found.mates_seen) == (2, 3)
    assert any("its ink is left" in finding for finding in found.findings)


@pytest.mark.parametrize(("student", "told"), [("310000", (1, 0, 0)), ("399999", (0, 1, 0)), ("", (0, 0, 1))])
def test_who_wrote_it_is_right_wrong_or_open(made, student, told):
    found = score_names.NameScorer(made, marked(made, covers=[], flags=[], student=student)).run()
    assert (found.matched, found.wrong, found.open) == told


@pytest.mark.parametrize("seed", range(6))
def test_a_photos_truth_leads_back_to_the_page_whichever_way_the_camera_lay(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(name_photo, "SIZE", (690, 920))  # a small photo is enough
    rng = np.random.default_rng(seed)
    page = np.full((1100, 850, 3), 245, np.uint8)
    squares = ((100, 120, 60, 60), (600, 850, 60, 60))
    for x, y, w, h in squares:
        cv2.rectangle(page, (x, y), (x + w, y + h), (20, 20, 20), -1)
    view, way = name_photo.photograph(page, rng, upside_down=bool(seed % 2))
    way = name_photo.save_photo(tmp_path / "photo.jpg", view, way, rng)
    stored = cv2.imread(str(tmp_path / "photo.jpg"), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)
    flat = cv2.warpPerspective(stored, way, (850, 1100), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    for x, y, w, h in squares:
        assert flat[y + 8 : y + h - 8, x + 8 : x + w - 8].max() < 80
        assert flat[y - 30 : y - 8, x : x + w].min() > 80
