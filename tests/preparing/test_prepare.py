"""The main job from end to end: every page has its fate, the numbers add up, and a change is followed through."""

from __future__ import annotations

import json

import pikepdf
import pymupdf
import pytest

from mssw.errors import ExitCode
from mssw.workset.class_list import read_key
from support.commands import copied, mssw
from support.prepared_class import EXAMPLE, ROSTER, TASK, cut, fates, leaves, manifest, state

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

FINDINGS, DONE = ExitCode.FINDINGS, ExitCode.DONE


def prepared(capsys, *words, code=DONE):
    """The report of a run, as scripts get it."""
    assert mssw("prepare", *words, "--json") == code
    return json.loads(capsys.readouterr().out)


def released(place):
    return sorted(path.stem for path in (place / "shared" / "work").iterdir())


def sources(place):
    """The pages of the stack that each work is made of, by the files in which they stand."""
    return sorted((entry.source, entry.pages) for entry in read_key(place / "private" / "key.xlsx"))


def test_every_page_of_a_stack_in_disorder_has_its_fate_and_the_numbers_add_up(tmp_path, capsys):
    # a work, a sheet's front scanned twice, an empty back, and a work whose second page the feeder ate
    with pikepdf.open(cut(tmp_path / "stack.pdf", (1, 2, 1, 7)), allow_overwriting_input=True) as stack:
        stack.add_blank_page(page_size=(612, 792))
        stack.save(tmp_path / "stack.pdf")
    place = tmp_path / "set"

    report = prepared(
        capsys, tmp_path / "stack.pdf", "--task", TASK, "--roster", ROSTER, "--into", place, code=FINDINGS
    )

    assert fates(place) == {1: "kept", 2: "kept", 3: "set aside", 4: "held", 5: "blank"}
    counts = {"scanned": 5, "kept": 2, "blank": 1, "set aside": 1, "held": 1}
    assert report["pages"] == manifest(place)["counts"] == counts
    assert {(page["where"], page["fate"]) for page in report["other_pages"]} == {
        ("stack.pdf, page 3", "set aside"),
        ("stack.pdf, page 5", "blank"),
    }
    assert sum("same sheet was scanned before, as stack.pdf, page 1" in p["reason"] for p in report["other_pages"]) == 1
    [held] = report["held"]
    assert "page 2 of the task missing" in held["reasons"][0]
    assert report["released"] == released(place) == sorted(work["alias"] for work in manifest(place)["works"])
    assert sources(place) == [("stack.pdf", (1, 2)), ("stack.pdf", (4,))]


def test_a_stack_that_was_fed_back_to_front_is_put_in_order_and_said_to_be(tmp_path, capsys):
    stack, place = cut(tmp_path / "stack.pdf", (4, 3, 2, 1)), tmp_path / "set"

    report = prepared(capsys, stack, "--task", TASK, "--roster", ROSTER, "--into", place)

    assert any("fed back to front" in note for note in report["notes"])
    assert sources(place) == [("stack.pdf", (2, 1)), ("stack.pdf", (4, 3))]


def test_fronts_and_backs_become_works_and_the_order_said_is_kept_for_later_runs(tmp_path, capsys):
    fronts, backs = cut(tmp_path / "fronts.pdf", (1, 3)), cut(tmp_path / "backs.pdf", (4, 2))
    place = tmp_path / "set"
    words = ("--fronts-backs", fronts, backs, "--backs", "reversed", "--task", TASK, "--roster", ROSTER)

    report = prepared(capsys, *words, "--into", place)
    paired = sources(place)

    assert report["pages"]["kept"] == 4
    assert paired == [("backs.pdf", (1,)), ("backs.pdf", (2,)), ("fronts.pdf", (1,)), ("fronts.pdf", (2,))]
    by_alias = {}
    for entry in read_key(place / "private" / "key.xlsx"):
        by_alias.setdefault(entry.alias, {})[entry.source] = entry.pages
    assert sorted(work["fronts.pdf"] + work["backs.pdf"] for work in by_alias.values()) == [(1, 2), (2, 1)]
    before = leaves(place)
    assert mssw("prepare", "--into", place, "--quiet") == DONE
    assert leaves(place) == before


def test_without_a_task_every_work_waits_with_its_reason_until_a_person_has_looked(tmp_path, capsys):
    stack, place = cut(tmp_path / "stack.pdf", (1, 2)), tmp_path / "set"

    report = prepared(capsys, stack, "--pages-per-student", 2, "--roster", ROSTER, "--into", place, code=FINDINGS)

    assert (report["released"], len(report["held"])) == ([], 1)
    assert all("there is no blank task to find the name by" in reason for reason in report["held"][0]["reasons"])
    assert released(place) == []
    alias = report["held"][0]["alias"]
    box = "0.1,0.45,0.5,0.05"
    capsys.readouterr()
    assert mssw("review", place, "--cover", f"{alias}:1:{box}", "--approve", alias, "--json") == DONE
    assert json.loads(capsys.readouterr().out)["released"] == [alias] == released(place)
    with pymupdf.open(place / "shared" / "work" / f"{alias}.pdf") as work:
        wide, tall = work[0].rect.width, work[0].rect.height
        inside = pymupdf.Rect(0.11 * wide, 0.456 * tall, 0.59 * wide, 0.494 * tall)
        assert min(work[0].get_pixmap(clip=inside, colorspace=pymupdf.csGRAY).samples) > 200
    assert mssw("audit", place) == DONE


def test_another_field_is_followed_through_to_the_files(small_class, tmp_path, capsys):
    place = copied(small_class, tmp_path / "set")
    before = leaves(place)

    report = prepared(capsys, "--into", place, "--field", "1:0.05,0.02,0.9,0.09")

    assert [(field["task_page"], field["box"][2] > 0.85) for field in report["fields"]] == [(1, True)]
    after = leaves(place)
    assert {name for name in before if before[name] != after[name]} >= {
        f"shared/work/{alias}.pdf" for alias in released(small_class)
    }
    assert mssw("audit", place) == DONE


def test_a_class_list_on_which_nobody_is_holds_everything_back(small_class, tmp_path, capsys):
    stack, place = cut(tmp_path / "stack.pdf", (5, 6, 9, 10, 11, 12)), tmp_path / "set"
    (tmp_path / "roster.csv").write_text("Name\nWaverly Nkemelu\n", encoding="utf-8")
    words = ("--task", TASK, "--roster", tmp_path / "roster.csv", "--into", place)

    report = prepared(capsys, stack, *words, code=FINDINGS)

    assert (report["released"], len(report["held"])) == ([], 3)
    assert any("only 0 of 3 responses have a name that is clearly on the class list" in n for n in report["notes"])
    assert {name for name in leaves(small_class) if "work" in name} != set()
    assert {name for name in leaves(place) if "work" in name} == set()


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    words = (cut(tmp_path / "stack.pdf", (1, 2)), "--task", TASK, "--roster", ROSTER, "--into", tmp_path / "set")

    report = prepared(capsys, *words, "--dry-run")

    assert report["files"] == {"stack.pdf": 2}
    assert report["students"] == 12
    assert not (tmp_path / "set").exists()


def test_what_is_private_is_for_its_owner_alone(small_class):
    private = small_class / "private"

    assert private.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in private.rglob("*") if path.name != ".lock")


def test_nothing_that_is_shared_names_a_student_or_a_file_of_the_stack(small_class):
    names = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))["students"]
    told = {part for student in names for part in (student["last"], student["number"])} | {"stack.pdf"}

    for path in (small_class / "shared").rglob("*"):
        text = path.name if path.is_dir() else path.name + path.read_bytes().decode("latin-1")
        assert not [name for name in told if name in text]


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_that_is_released_has_the_size_of_the_tasks_page(small_class, page):
    with pymupdf.open(TASK) as task:
        size = tuple(task[page - 1].rect)
    for alias in released(small_class):
        with pymupdf.open(small_class / "shared" / "work" / f"{alias}.pdf") as work:
            assert tuple(work[page - 1].rect) == pytest.approx(size, abs=0.5)


def test_the_state_tells_of_every_page_once(small_class):
    pages = state(small_class)["pages"]
    works = [page for work in state(small_class)["works"] for page in work["pages"]]

    assert sorted(works) == sorted(page["id"] for page in pages if page["fate"] in {"kept", "held"})
    assert len({page["id"] for page in pages}) == len(pages) == manifest(small_class)["counts"]["scanned"]
