"""The covers' scorer finds planted leaks and lost answers, and leaves good covers alone."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pytest

score_pages = importlib.import_module("score_pages")
score_covers = importlib.import_module("score_covers")
copier = importlib.import_module("real_copier")

SIZE = (600, 850)  # rows, columns
FIELD = (100, 40, 380, 110)  # left, top, right, bottom of the name's ink with some room


def written(label: np.ndarray, kind: int, words: str, place: tuple[int, int], size: float = 1.3) -> None:
    face = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX
    label[cv2.putText(np.zeros(SIZE, np.uint8), words, place, face, size, 255, 3) > 128] = kind


@pytest.fixture(scope="module")
def page() -> dict[str, np.ndarray]:
    """A blank task, the truth of its ink, and its scan in the blank's frame."""
    blank = np.full(SIZE, 250, np.uint8)
    for row in (115, 260, 340, 420, 500):
        cv2.line(blank, (90, row), (760, row), 30, 2)
    cv2.putText(blank, "Name", (20, 112), cv2.FONT_HERSHEY_DUPLEX, 0.8, 20, 1)
    cv2.putText(blank, "1. Why does it float?", (20, 200), cv2.FONT_HERSHEY_DUPLEX, 0.9, 20, 1)
    label = np.zeros(SIZE, np.uint8)
    written(label, score_pages.NAME, "Marisol Quint", (110, 95))
    for row in (250, 330, 410, 490):
        written(label, score_pages.ANSWER, "because it holds warm air inside", (100, row), 1.1)
    ink = np.where(label > 0, 90, blank).astype(np.float32)
    noise = np.random.default_rng(1).normal(0, 3, SIZE)
    scan = np.clip(cv2.GaussianBlur(ink, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8)
    return {"blank": blank, "label": label, "scan": scan}


def covered(scan: np.ndarray, right: int = FIELD[2], alias: str = "Andrea", glass: float = 0.0) -> np.ndarray:
    """The scan with the field painted over up to that column, signed with the alias, a little out of place."""
    out = scan.copy()
    cv2.rectangle(out, FIELD[:2], (right, FIELD[3]), 255, -1)
    out = cv2.addWeighted(scan, glass, out, 1 - glass, 0)
    cv2.rectangle(out, FIELD[:2], (right, FIELD[3]), 110, 1)
    cv2.putText(out, alias, (120, 90), cv2.FONT_HERSHEY_DUPLEX, 1.0, 20, 2)
    moved = np.array([[1.0, 0.001, 1.5], [-0.001, 1.0, -2.0]])
    return cv2.warpAffine(out, moved, SIZE[::-1], borderValue=255)


def scored(page: dict[str, np.ndarray], after: np.ndarray) -> score_pages.PageScore:
    return score_pages.measure_page(page["scan"], after, page["label"], page["blank"])


@pytest.mark.parametrize("alias", ["Andrea", "Billie", "Liesl", "Wouter"])
def test_a_good_cover_with_an_alias_in_type_leaves_nothing(page, alias):
    found = scored(page, covered(page["scan"], alias=alias))
    assert found.name_tiles > 40
    assert found.name_left == []
    assert not found.leaks
    assert found.answers_lost == []


def test_a_page_without_a_cover_leaves_every_tile(page):
    found = scored(page, page["scan"])
    assert len(found.name_left) == found.name_tiles > 40


def test_a_cover_that_ends_too_early_leaves_the_tail_and_only_the_tail(page):
    end = int(np.nonzero(page["label"] == score_pages.NAME)[1].max())
    found = scored(page, covered(page["scan"], right=end - 30))
    assert 1 <= len(found.name_left) <= 12
    assert all(x + w > end - 34 for x, _, w, _ in found.name_left)


def test_a_cover_that_cuts_letters_lengthwise_leaves_their_tops(page):
    after = page["scan"].copy()
    rows = np.nonzero(page["label"] == score_pages.NAME)[0]
    cut = int(np.percentile(rows, 35))
    cv2.rectangle(after, (FIELD[0] - 20, cut), (FIELD[2] + 60, FIELD[3]), 255, -1)
    cv2.rectangle(after, (FIELD[0] - 20, cut), (FIELD[2] + 60, FIELD[3]), 110, 1)
    found = scored(page, after)
    assert len(found.name_left) > 10
    assert all(y <= cut for _, y, *_ in found.name_left)


def test_a_cover_of_glass_shines_through(page):
    found = scored(page, covered(page["scan"], glass=0.06))
    assert found.name_left == []
    assert found.shines
    assert found.leaks


def test_a_bitonal_page_is_scored_too(page):
    scan = np.where(page["scan"] < 160, 0, 255).astype(np.uint8)
    good = score_pages.measure_page(scan, covered(scan), page["label"], page["blank"], bitonal=True)
    bad = score_pages.measure_page(scan, scan, page["label"], page["blank"], bitonal=True)
    assert not good.leaks
    assert len(bad.name_left) == bad.name_tiles > 40


def test_a_cover_over_an_answer_counts_what_is_lost(page):
    after = covered(page["scan"])
    cv2.rectangle(after, (90, 220), (300, 257), 255, -1)
    found = scored(page, after)
    under = [(x, y) for x, y, *_ in found.answers_lost]
    assert 0.05 < len(under) / found.answer_tiles < 0.2
    assert all(x <= 300 and y <= 257 for x, y in under)


def test_a_page_that_moved_is_found_again(page):
    _, drift = score_pages.align(page["scan"], covered(page["scan"]))
    assert 1.0 < drift < 5.0


def test_source_pages_are_read_as_the_key_writes_them():
    assert score_covers.page_numbers("5-6") == (5, 6)
    assert score_covers.page_numbers("6,5") == (6, 5)
    assert score_covers.page_numbers("3-4, 9") == (3, 4, 9)


def one_pdf(path: Path, pages: list[np.ndarray]) -> None:
    writer = copier.StackWriter("grey", 200)
    for image in pages:
        writer.add(image, 85)
    writer.save(str(path))


@pytest.fixture
def made(tmp_path, page) -> Path:
    """A class of two students with two pages each, scanned straight."""
    folder = tmp_path / "class"
    (folder / "truth").mkdir(parents=True)
    one_pdf(folder / "task.pdf", [page["blank"]] * 2)
    one_pdf(folder / "stack.pdf", [page["scan"]] * 4)
    truths = []
    for number in range(1, 5):
        cv2.imwrite(str(folder / "truth" / f"p{number:04d}.png"), page["label"])
        truths.append({
            "page": number, "student": (number - 1) // 2, "task_page": 2 - number % 2, "turn": 0, "fault": "",
            "has_name": True, "habits": [], "dpi": 200, "matrix": [[1, 0, 0], [0, 1, 0]], "feed": [0, 500, 0],
        })  # fmt: skip
    truth = {"students": 2, "task_pages": 2, "tone": "grey", "dpi": 200, "eaten": [], "pages": truths}
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def a_set(root: Path, works: dict[str, str], image: np.ndarray, held: int = 0) -> Path:
    """A work set with those aliases and source pages, all pages looking like the image."""
    (root / "private").mkdir(parents=True)
    (root / "shared" / "work").mkdir(parents=True)
    book = openpyxl.Workbook()
    book.active.append(["Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by"])
    kept = 0
    for alias, pages in works.items():
        count = len(score_covers.page_numbers(pages))
        book.active.append([alias, "", "", "stack.pdf", pages, ""])
        one_pdf(root / "shared" / "work" / f"{alias}.pdf", [image] * count)
        kept += count
    book.save(root / "private" / "key.xlsx")
    counts = {"scanned": 4, "kept": kept, "blank": 0, "set aside": 0, "held": held}
    (root / "shared" / "manifest.json").write_text(json.dumps({"counts": counts}), encoding="utf-8")
    return root


def test_a_set_with_good_covers_meets_all_goals(tmp_path, made, page):
    work_set = a_set(tmp_path / "set", {"Andrea": "1-2", "Boaz": "3-4"}, covered(page["scan"]))
    score = score_covers.Scorer(made, work_set).run()
    assert score.missed == []
    assert (score.scanned, score.released, score.wrong_work, score.held_needlessly) == (4, 4, 0, 0)


def test_a_set_with_names_left_misses_its_goal_and_shows_the_place(tmp_path, made, page):
    work_set = a_set(tmp_path / "set", {"Andrea": "1-2", "Boaz": "3-4"}, page["scan"])
    score = score_covers.Scorer(made, work_set, tmp_path / "pictures").run()
    assert score.missed == ["a name is left"]
    assert score.pages_with_name_left == 4
    assert len(list((tmp_path / "pictures").glob("*-name.png"))) == 4


def scorer_of(tmp_path: Path, made: Path, works: dict[str, str], held: int = 0) -> score_covers.Scorer:
    """A scorer of a set whose pages do not matter."""
    return score_covers.Scorer(made, a_set(tmp_path / "set", works, np.full(SIZE, 255, np.uint8), held))


@pytest.mark.parametrize(
    ("works", "wrong"),
    [
        ({"Andrea": "1-2", "Boaz": "3-4"}, 0),
        ({"Andrea": "1,4", "Boaz": "3,2"}, 2),
        ({"Andrea": "2,1", "Boaz": "3-4"}, 1),
        ({"Andrea": "1", "Boaz": "3-4"}, 1),
    ],
    ids=["right", "two students mixed", "out of order", "a page short"],
)
def test_pages_in_the_wrong_work_are_counted(tmp_path, made, works, wrong):
    scorer = scorer_of(tmp_path, made, works)
    for row in scorer.key:
        scorer.check_work(row)
    assert scorer.score.wrong_work == wrong


def test_a_page_that_is_kept_back_for_nothing_is_counted(tmp_path, made):
    scorer = scorer_of(tmp_path, made, {"Andrea": "1-2"}, held=2)
    scorer.check_held()
    assert scorer.score.held_needlessly == 2
    assert "pages are held needlessly" in scorer.score.missed


@pytest.mark.parametrize(("held", "adds_up"), [(2, True), (1, False)])
def test_numbers_that_do_not_add_up_are_found(tmp_path, made, held, adds_up):
    scorer = scorer_of(tmp_path, made, {"Andrea": "1-2"}, held)
    scorer.check_account()
    assert ("the numbers do not add up" not in scorer.score.missed) == adds_up
