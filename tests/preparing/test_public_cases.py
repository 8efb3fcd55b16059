"""Scans as schools have them, each of which once went wrong: see tests/data/cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssw.core.response import FRONTS_BY_NAMES_NOTE
from mssw.formats.scan_pdf import read_page
from mssw.preparing.match_responses import TWO_NAMES
from mssw.preparing.prepare_options import Backs, PrepareOptions, PrepareReport
from mssw.preparing.run_prepare import prepare
from mssw.vision.ink import to_grey
from mssw.vision.recogniser import read_page_words
from mssw.workset.class_list import read_key
from mssw.workset.folder import WorkSet

CASES = Path(__file__).parents[1] / "data" / "cases"
pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]


def prepared(folder: Path, case: str, stack: str, *, roster: str = "class.csv", **more: object) -> PrepareReport:
    place = CASES / case
    stacks = [place / name for name in stack.split()]
    return prepare(folder / "set", PrepareOptions(stacks, place / "task.pdf", place / roster, seed=7, **more))


def reasons(done: PrepareReport) -> str:
    return "\n".join(why for _, held in done.held for why in held)


def test_scans_without_a_number_on_the_first_come_in_order(tmp_path):
    names = "scans/Scan.jpeg", "scans/Scan 1.jpeg", "scans/Scan 2.jpeg", "scans/Scan 3.jpeg"  # two of the three sheets
    (tmp_path / "scans").mkdir()
    for name in names:
        (tmp_path / name).write_bytes((CASES / "file-order" / name).read_bytes())

    done = prepared(tmp_path, "file-order", str(tmp_path / "scans"))

    assert (len(done.released), done.held) == (2, ())
    assert done.whose is not None
    assert done.whose.matched == 2


def test_pages_of_two_students_out_of_two_files_are_on_hold(tmp_path):
    done = prepared(tmp_path, "two-files", "files")

    assert TWO_NAMES in reasons(done)
    assert sum(done.counts[fate] for fate in ("kept", "blank", "set aside", "held")) == done.counts["scanned"]


def test_fronts_before_backs_are_put_together_by_their_names_or_as_the_teacher_says(tmp_path):
    done = prepared(tmp_path / "one", "two-files", "fronts-then-backs.pdf")

    assert len(done.released) == 3
    assert FRONTS_BY_NAMES_NOTE in done.notes
    assert sorted(entry.pages for entry in read_key(WorkSet(tmp_path / "one" / "set").key)) == [(1, 4), (2, 5), (3, 6)]

    done = prepared(
        tmp_path / "two",
        "two-files",
        "fronts-then-backs.pdf fronts-then-backs.pdf",
        fronts_backs=True,
        backs=Backs.SAME,
    )

    assert len(done.released) == 3


def test_two_sheets_on_one_scan_are_two_responses_and_nobody_vanishes(tmp_path):
    done = prepared(tmp_path, "two-sheets", "a3.pdf")

    assert done.counts["scanned"] == 4
    assert len(done.released) == 3
    assert [why for _, held in done.held for why in held] == [
        "a3.pdf, page 2, part 2: the name field is empty, so the name may be somewhere else on the page"
    ]
    assert "2 scans have more than one page of the task; they were split, and count as 4 pages" in done.notes
    key = read_key(WorkSet(tmp_path / "set").key)
    assert sorted(entry.pages for entry in key) == [("1.1",), ("1.2",), ("2.1",), ("2.2",)]

    again = prepare(tmp_path / "set", PrepareOptions())

    assert again.released == done.released
    assert {entry.alias: entry.pages for entry in read_key(WorkSet(tmp_path / "set").key)} == {
        entry.alias: entry.pages for entry in key
    }


@pytest.mark.parametrize(
    ("case", "stack", "roster", "released"),
    [
        ("light-lines", "stack.pdf", "class.csv", 3),
        ("layers", "stack.pdf", "roster.xlsx", 1),
        ("coloured-paper", "green.pdf", "class.csv", 1),
    ],
)
def test_light_lines_layers_and_coloured_paper_are_released(tmp_path, case, stack, roster, released):
    done = prepared(tmp_path, case, stack, roster=roster)

    assert (len(done.released), done.held) == (released, ())


@pytest.mark.parametrize(("case", "matched"), [("partner", 2), ("margin", 2)])
def test_who_left_the_own_name_line_empty_is_on_hold_whatever_else_is_written(tmp_path, case, matched):
    done = prepared(tmp_path, case, "stack.pdf", roster="class.xlsx")

    assert len(done.released) == 2
    assert len(done.held) == 1
    assert "the name field is empty" in reasons(done)
    assert done.whose is not None
    assert done.whose.matched == matched


def test_a_scan_in_layers_is_read_at_the_resolution_of_its_stencil():
    assert read_page(CASES / "layers" / "stack.pdf", 1).pixels.shape[:2] == (2200, 1700)


def test_a_page_without_words_is_read_as_one():
    page = read_page(CASES / "no-words" / "task.pdf", 2, 100)  # dpi: the engine gives its line that is none as well

    assert read_page_words(to_grey(page.pixels)) == []
