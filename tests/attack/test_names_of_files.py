"""Threat: a scan is named after its student, and the name stands beside an alias in a report, in JSON, on a page.

Tried: names of the class list in every way that systems write them, one file and many, with and without a class list,
damaged files. Result: where an alias may stand beside them, files are numbered.
"""

from __future__ import annotations

import pytest

from mssw.core.page import Page, Tone
from mssw.preparing.scan_names import shown_files
from mssw.roster.table import all_spellings, roster_from_rows
from mssw.workset.prepared_state import PreparedState
from mssw.workset.sightings import Sighting, write_state
from mssw.workset.stack import Stack, StackFile
from support.sealed_set import sealed_set

ROSTER = roster_from_rows([["First name", "Last name"], ["Maria", "López"], ["Wei", "Zhang"], ["Zoë", "O'Neill"]])
SPELLINGS = all_spellings(ROSTER)


def stack(*names, **more):
    return Stack(tuple(StackFile(name, "5c", 2, **more) for name in names))


@pytest.mark.parametrize(
    "name",
    [
        "Maria López.pdf", "lopez_maria.pdf", "Lopez-Maria-essay.pdf", "maria.jpg", "MARIA LOPEZ (2).pdf",
        "lopezmaria_123_456_scan.pdf", "Zoe ONeill.pdf", "Wei.pdf", "hw1_Zhang.pdf", "López.heic",
    ],
)  # fmt: skip
def test_a_file_named_after_a_student_is_numbered_and_all_others_with_it(name):
    assert shown_files(stack(name), SPELLINGS) == {name: "file 1"}
    assert shown_files(stack("scan.pdf", name), SPELLINGS) == {"scan.pdf": "file 1", name: "file 2"}


def test_files_that_are_each_one_students_are_numbered_whatever_they_are_called():
    assert set(shown_files(stack("a.pdf", submission=1), SPELLINGS).values()) == {"file 1"}


def test_without_a_class_list_several_files_with_words_of_somebodys_own_are_numbered():
    assert set(shown_files(stack("Ines.pdf", "Bao.pdf"), ()).values()) == {"file 1", "file 2"}
    assert shown_files(stack("scan0001.pdf", "scan0002.pdf"), ()) == {n: n for n in ("scan0001.pdf", "scan0002.pdf")}
    assert shown_files(stack("IMG_2041.HEIC", "IMG_2042.HEIC"), ())["IMG_2041.HEIC"] == "IMG_2041.HEIC"


def test_a_stack_that_names_nobody_keeps_its_name():
    assert shown_files(stack("stack.pdf"), SPELLINGS) == {"stack.pdf": "stack.pdf"}
    assert shown_files(stack("fronts.pdf", "backs.pdf"), SPELLINGS)["backs.pdf"] == "backs.pdf"


def test_page_and_fault_say_the_number():
    name = "Maria López.pdf"
    page = Page("s01-p0001", name, 1, (1, 1), 100.0, Tone.GREY, "hash")
    seen = Sighting(page, "", fault=f"it could not be read ({name}, page 1, is damaged)").with_file_shown_as("file 1")

    assert seen.where == "file 1, page 1"
    assert "López" not in seen.fault
    assert "file" not in seen.to_json()


def test_status_in_words_and_json_and_the_review_page_have_the_number(tmp_path):
    workset = sealed_set(tmp_path / "set")
    from mssw.core.page import Fate  # noqa: PLC0415 - this test alone

    page = Page("s01-p0001", "Maria López.pdf", 1, (1, 1), 100.0, Tone.GREY, "hash").with_fate(Fate.HELD, "why")
    write_state(workset, [Sighting(page, "").with_file_shown_as("file 1")], (), ())
    [row] = _rows(workset)

    assert row.where == "file 1, page 1"


def _rows(workset):
    from mssw.workset.prepared_state import read_state  # noqa: PLC0415 - this test alone

    state = read_state(workset)
    assert isinstance(state, PreparedState)
    return state.pages
