"""`mssw sheets`: what is printed for whom, what is kept and how privately, and that no printed code is disowned."""

from __future__ import annotations

import json
import re
import shutil
import stat

import numpy as np
import pymupdf
import pytest

from mssw.core.sheet_code import NamePlacement, PageCode
from mssw.demo.task import task_pdf
from mssw.errors import StepMissingError, UsageError, WouldOverwriteError
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import plan
from mssw.sheets.make_sheets import SheetsOptions, make_sheets
from mssw.vision.qr_codes import read_codes
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet
from support.commands import mssw

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

NAMES = ("Ana Lopez", "Bo Chen", "Zoë Ibáñez")
ROSTER = "Last Name,First Name,Student Number\nLopez,Ana,1001\nChen,Bo,1002\nIbáñez,Zoë,1003\n"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    (folder / "task.pdf").write_bytes(task_pdf("letter"))
    (folder / "class.csv").write_text(ROSTER, encoding="utf-8")
    return folder


def made(given, root, **more):
    options = {"task": given / "task.pdf", "roster": given / "class.csv", "seed": 1} | more
    return make_sheets(root, SheetsOptions(**options))


@pytest.fixture(scope="module")
def printed(given, tmp_path_factory):
    """A class of three with two spare copies, on strips."""
    root = tmp_path_factory.mktemp("printed") / "set"
    made(given, root, spares=2)
    return root


def texts(root):
    with pymupdf.open(root / "private" / "sheets.pdf") as document:
        return [" ".join(page.get_text().split()) for page in document]


def codes(root, dpi=150):
    """What the codes of each page say."""
    found = []
    with pymupdf.open(root / "private" / "sheets.pdf") as document:
        for page in document:
            pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
            grey = memoryview(pixels.samples).cast("B", (pixels.height, pixels.width))
            found.append([PageCode.read(one.text) for one in read_codes(np.asarray(grey), "MSSW1:")])
    return found


def test_each_student_gets_every_page_and_each_side_its_own_code(printed):
    sides = [one for [one] in codes(printed)]

    assert [side.page for side in sides] == [1, 2] * 5
    assert len({side.owner for side in sides}) == 5
    assert len({side.batch for side in sides}) == 1


def test_the_name_stands_on_the_strip_of_the_front_and_nowhere_else(printed):
    pages = texts(printed)

    assert [name in page for name, page in zip(NAMES, pages[0:6:2], strict=True)] == [True] * 3
    assert not any(name in page for name in NAMES for page in pages[1::2])
    with pymupdf.open(printed / "private" / "sheets.pdf") as document:
        lowest = [box.y1 for page in document for name in NAMES for box in page.search_for(name)]
    assert len(lowest) == 3
    assert max(lowest) < 15 / 25.4 * 72
    assert "Tear off this strip" in pages[0]
    assert not any("not write your name" in page for page in pages), "the task itself has a line for the name"


def test_a_spare_copys_strip_has_a_line_for_the_name_and_its_code(printed):
    copies = [copy.code for copy in read_sheets(WorkSet(printed)).copies if not copy.student]
    pages = texts(printed)

    assert len(copies) == 2
    for code, page in zip(copies, (pages[6], pages[8]), strict=True):
        assert page.count(f"{code[:4]} {code[4:]}") == 2  # on the strip, and under the code


def test_nothing_that_is_printed_below_the_strip_is_derived_from_a_name(given, tmp_path):
    """The same class twice, without a seed: other codes."""
    for name in ("one", "two"):
        made(given, tmp_path / name, seed=None)
    first, second = (read_sheets(WorkSet(tmp_path / name)) for name in ("one", "two"))

    assert first.batch != second.batch
    assert not {copy.code for copy in first.copies} & {copy.code for copy in second.copies}


def test_what_links_codes_to_students_is_the_owners_alone(printed):
    for name in ("sheets.json", "sheets.pdf", "roster.xlsx"):
        assert stat.S_IMODE((printed / "private" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((printed / "private").stat().st_mode) == 0o700
    assert list((printed / "shared").iterdir()) == []


def test_the_same_seed_prints_the_same_bytes(given, printed, tmp_path):
    made(given, tmp_path / "set", spares=2)

    assert (tmp_path / "set/private/sheets.pdf").read_bytes() == (printed / "private/sheets.pdf").read_bytes()


def test_run_again_with_a_new_student_all_codes_that_were_drawn_stay(given, tmp_path):
    root = tmp_path / "set"
    made(given, root, spares=1)
    before = read_sheets(WorkSet(root)).copies
    later = tmp_path / "later.csv"
    later.write_text("Last Name,First Name,Student Number\nAbara,Ike,1000\n" + ROSTER.split("\n", 1)[1], "utf-8")

    done = make_sheets(root, SheetsOptions(roster=later, spares=2, seed=1))

    after = read_sheets(WorkSet(root)).copies
    assert after[: len(before)] == before
    assert (done.students, done.spares, done.known, done.only_new) == (1, 1, 4, True)
    assert "Ike Abara" in texts(root)[0]
    assert len(texts(root)) == done.pages

    again = make_sheets(root, SheetsOptions(roster=later, spares=2))

    assert read_sheets(WorkSet(root)).copies == after
    assert (again.students, again.spares, again.known, again.only_new) == (4, 2, 6, False)


def test_a_name_is_set_in_one_font_whatever_letters_it_has(given, tmp_path):
    roster = tmp_path / "class.csv"
    roster.write_text("Last Name,First Name\nNguyễn,Thị Huế\nWójcik,Zoë\n", encoding="utf-8")

    make_sheets(tmp_path / "set", SheetsOptions(task=given / "task.pdf", roster=roster, seed=1))

    with pymupdf.open(tmp_path / "set" / "private" / "sheets.pdf") as document:
        spans = [
            span
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        ]
    for name, family in (("Thị Huế Nguyễn", "Literata"), ("Zoë Wójcik", "Atkinson")):
        assert {span["font"].split("+")[-1][:8] for span in spans if name in span["text"]} == {family[:8]}


def test_a_student_who_left_is_not_printed_but_her_code_is_still_known(given, tmp_path):
    root = tmp_path / "set"
    made(given, root)
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("\n".join(ROSTER.splitlines()[:-1]) + "\n", encoding="utf-8")

    assert make_sheets(root, SheetsOptions(roster=fewer)).students == 2
    assert len(read_sheets(WorkSet(root)).copies) == 3


def test_two_students_of_one_name_are_told_apart_by_their_numbers(given, tmp_path):
    twins = tmp_path / "twins.csv"
    twins.write_text("Last Name,First Name,Student Number\nReed,Sam,1\nReed,Sam,2\nChen,Bo,3\n", encoding="utf-8")

    made(given, tmp_path / "set", roster=twins)

    assert ["Sam Reed · 1" in texts(tmp_path / "set")[0], "Sam Reed · 2" in texts(tmp_path / "set")[2]] == [True, True]
    assert "· 3" not in texts(tmp_path / "set")[4].split("·", 1)[0]


def test_with_names_on_a_sheet_of_their_own_none_stands_on_the_work(given, tmp_path):
    made(given, tmp_path / "set", names=NamePlacement.SHEET)
    pages = texts(tmp_path / "set")

    assert len(pages) == 3 * 4
    assert [[name in page for page in pages].index(True) for name in NAMES] == [0, 4, 8]
    assert sum(name in page for name in NAMES for page in pages) == 3
    assert [[one.page for one in side] for side in codes(tmp_path / "set")[:4]] == [[0], [], [1], [2]]


def test_printed_on_one_side_every_sheet_has_its_strip(given, tmp_path):
    done = made(given, tmp_path / "set", two_sided=False)

    assert (done.pages, done.sheets) == (6, 6)
    assert sum(name in page for name in NAMES for page in texts(tmp_path / "set")) == 6


def test_anonymous_copies_need_no_roster_and_name_nobody(given, tmp_path):
    done = made(given, tmp_path / "set", roster=None, anonymous=3)

    assert (done.students, done.spares, done.pages) == (0, 3, 6)
    assert "Tear" not in " ".join(texts(tmp_path / "set"))
    assert not (tmp_path / "set/private/roster.xlsx").exists()
    with pytest.raises(WouldOverwriteError, match="without names"):
        make_sheets(tmp_path / "set", SheetsOptions(roster=given / "class.csv"))


def test_a_dry_run_writes_nothing(given, tmp_path):
    done = made(given, tmp_path / "set", dry_run=True)

    assert (done.written, done.students, done.pages) == (False, 3, 6)
    assert list(tmp_path.iterdir()) == []


def test_it_tells_a_script_how_many_and_names_nobody(given, tmp_path, capsys):
    words = ("sheets", given / "task.pdf", "--roster", given / "class.csv", "--into", tmp_path / "set", "--json")

    assert mssw(*words, "--paper", "a4") == 0

    said = capsys.readouterr()
    report = json.loads(said.out)
    assert (report["schema"], report["students"], report["paper"]) == ("mssw.sheets/1", 3, "a4")
    assert report["written"] is True
    assert not [name for name in ("Ana", "Lopez", "Zoë", "1001") if name in said.out + said.err]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--anonymous", "3", "--roster", "class.csv"), "either a class list or --anonymous"),
        ((), "give the class list with --roster"),
        (("--roster", "class.csv", "--blank-copies", "-1"), "a number up to"),
    ],
)
def test_what_does_not_fit_together_is_told_and_nothing_is_left(given, tmp_path, capsys, monkeypatch, words, said):
    monkeypatch.chdir(given)

    assert mssw("sheets", "task.pdf", *words, "--into", tmp_path / "set") == 2

    assert re.search(said, capsys.readouterr().err)
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("task", "said"), [(".", "is a folder"), ("gone.pdf", "is not there"), ("class.csv", "class.csv")]
)
def test_a_task_that_is_none_is_told_and_nothing_is_left(given, tmp_path, capsys, monkeypatch, task, said):
    monkeypatch.chdir(given)

    assert mssw("sheets", task, "--roster", "class.csv", "--into", tmp_path / "set") == 3

    assert said in capsys.readouterr().err
    assert not (tmp_path / "set").exists()


def test_printed_sheets_are_never_printed_in_another_way_or_from_another_task(printed, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(task_pdf("a4"))

    with pytest.raises(WouldOverwriteError, match="already has sheets with a different paper"):
        make_sheets(printed, SheetsOptions(two_sided=False))
    with pytest.raises(UsageError, match="not the task"):
        make_sheets(printed, SheetsOptions(task=other))
    with pytest.raises(UsageError, match="not the task"):
        plan(printed, PrepareOptions(stacks=[other], task=other))


def test_no_sheets_are_printed_for_a_set_whose_key_was_destroyed(given, tmp_path):
    """It could never be prepared again: the class would write on sheets that nothing reads."""
    root = tmp_path / "set"
    made(given, root)
    shutil.rmtree(root / "private")
    (root / "shared").mkdir(exist_ok=True)
    (root / "shared/manifest.json").write_text("{}", encoding="utf-8")

    with pytest.raises(WouldOverwriteError, match="so its shared files are final"):
        made(given, root)
    assert not (root / "private").exists()


def test_a_plan_counts_the_students_of_the_list_that_the_set_has_kept(given, printed):
    assert plan(printed, PrepareOptions(stacks=[given / "task.pdf"]))["students"] == 3


def test_codes_of_a_folder_without_sheets_are_told(given, printed, tmp_path):
    with pytest.raises(StepMissingError, match="no sheets were printed"):
        plan(printed, PrepareOptions(stacks=[given / "task.pdf"], codes=[tmp_path]))
    with pytest.raises(UsageError, match="no coded sheets of its own"):
        plan(tmp_path / "new", PrepareOptions(stacks=[given / "task.pdf"], task=given / "task.pdf", codes=[printed]))


def test_a_damaged_table_is_told_and_not_drawn_anew(given, tmp_path):
    root = tmp_path / "set"
    made(given, root)
    (root / "private/sheets.json").write_text("{}", encoding="utf-8")

    with pytest.raises(Exception, match="put a copy of it back"):
        make_sheets(root, SheetsOptions())
    assert (root / "private/sheets.json").read_text(encoding="utf-8") == "{}"
