"""A department in one command: one class's failure stops no other, and what was done is never done twice."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import openpyxl
import pytest

from mssw.core.page import Box
from mssw.core.response import Response
from mssw.department.class_rows import COLUMNS, NOT_SHOWN, row_of
from mssw.department.plan import read_plan
from mssw.department.run_batch import Batch, BatchOptions, last_row
from mssw.errors import ExitCode
from mssw.names.name_search import NameSearch
from mssw.names.student import Roster, Student
from mssw.preparing.aliases import ALIAS_FILES, alias_names
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.inputs import Inputs
from mssw.preparing.match_responses import hold_for_roster
from mssw.preparing.matches import MatchCounts
from mssw.preparing.prepare_options import PrepareReport
from mssw.roster.roster_file import read_roster
from mssw.roster.table import all_spellings
from mssw.vision.name_field import NameField
from mssw.workset.class_list import read_key
from mssw.workset.folder import NotWrittenError, WorkSet
from mssw.workset.settings import Settings
from support.commands import copied, mssw
from support.department import PAGES, locked, make_department, plan_of
from support.prepared_class import ROSTER, leaves, state
from support.published import held_to
from support.remembered import command_that_remembers, remembering
from support.sightings import sighting

pytestmark = pytest.mark.pages

OTHERS = "Name\nAnders Andreasen\nBoris Birch\nZora Quill\n"


def finished(memory, *words):
    """The command run to its end, however long a busy machine takes for it."""
    return subprocess.run(command_that_remembers(memory, *words), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def department(tmp_path_factory, memory):
    """Run once, undisturbed: three good classes, a locked stack, and a roster that is none."""
    place = make_department(tmp_path_factory.mktemp("department") / "dep", {**PAGES, "5d": (21, 22), "5e": (23, 24)})
    locked(place / "5d" / "stack.pdf")
    (place / "5e" / "roster.csv").write_text("Name\n4da Quill\n", encoding="utf-8")
    (place / "5c" / "roster.csv").write_text(OTHERS, encoding="utf-8")
    plan_of(place, "packet = { copies = 2, all = true, unreviewed = true, without_held = true }")
    done = finished(memory, "batch", place, "--workers", 2)
    (place / "said.txt").write_text(done.stderr, encoding="utf-8")
    (place / "lines.jsonl").write_text(done.stdout, encoding="utf-8")
    (place / "code.txt").write_text(str(done.returncode), encoding="utf-8")
    return place


@pytest.fixture
def remembering_workers(memory):
    """The workers of a command in this process remember."""
    with remembering(memory):
        yield


def rows_of(text):
    return {row["class"]: row for row in map(json.loads, text.splitlines())}


def test_each_class_has_a_line_of_the_published_shape(department):
    for line in (department / "lines.jsonl").read_text(encoding="utf-8").splitlines():
        held_to(line, "batch")


def test_classes_that_cannot_be_prepared_stop_no_other_and_the_code_says_so(department):
    rows = rows_of((department / "lines.jsonl").read_text(encoding="utf-8"))

    assert (department / "code.txt").read_text(encoding="utf-8") == "1"
    assert {name: row["state"] for name, row in rows.items()} == {
        "5a": "done", "5b": "done", "5c": "done", "5d": "failed", "5e": "failed",
    }  # fmt: skip
    assert "locked with a password" in rows["5d"]["problems"][0]
    assert "row 2" in rows["5e"]["problems"][0]
    for name in ("5a", "5b", "5c"):
        pages = rows[name]["pages"]
        assert pages["scanned"] == 4 == pages["kept"] + pages["blank"] + pages["set aside"] + pages["held"]
        assert mssw("audit", department / "sets" / name) == ExitCode.DONE
    assert not (department / "sets" / "5d").exists()


def test_packets_are_printed_with_the_gates_of_mssw_packet(department):
    rows = rows_of((department / "lines.jsonl").read_text(encoding="utf-8"))

    for name in ("5a", "5b", "5c"):
        packet = department / "sets" / name / "shared" / "packet.pdf"
        assert packet.is_file() is bool(rows[name]["released"])
        assert rows[name]["packet"] == (2 if rows[name]["released"] else 0)


def test_the_report_has_a_row_for_each_class_in_the_plans_order_and_names_nobody(department):
    sheet = openpyxl.load_workbook(department / "sets" / "report.xlsx").active
    table = [[cell if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]

    assert table[0] == list(COLUMNS)
    assert [row[0] for row in table[1:]] == ["5a", "5b", "5c", "5d", "5e", "all"]
    assert table[-1][2] == 12 == sum(row[2] for row in table[1:-1])
    names = NameSearch([*all_spellings(read_roster(ROSTER)), "Anders", "Andreasen", "Birch", "Zora", "Quill"])
    told = [str(cell) for row in table for cell in row]
    told += [(department / name).read_text(encoding="utf-8") for name in ("said.txt", "lines.jsonl")]
    assert [text for text in told if names.hits(text)] == []


def test_what_is_remembered_of_a_class_names_nobody_so_that_no_later_report_does(tmp_path, monkeypatch):
    place = make_department(tmp_path / "dep", {"5a": PAGES["5a"]})
    (place / "roster.csv").write_text("Name\nAnders Andreasen\n", encoding="utf-8")
    held = (("Bo", ("it came with the file of Andreasen",)),)
    done = PrepareReport({"scanned": 4}, (), held, (), (), (), 0)
    monkeypatch.setattr("mssw.department.run_batch.prepare", lambda *_: done)

    with Batch(read_plan(plan_of(place)), BatchOptions(workers=1)) as running:
        [row] = running.run(running.check(), lambda *_: None)

    assert row.reasons == {NOT_SHOWN: 1}
    assert last_row(WorkSet(place / "sets" / "5a")).reasons == {NOT_SHOWN: 1}


def test_a_report_that_somebody_has_open_stops_no_class(tmp_path, monkeypatch, capsys):
    place = make_department(tmp_path / "dep", {name: PAGES[name] for name in ("5a", "5b")})
    monkeypatch.setattr(
        "mssw.department.run_batch.prepare", lambda *_: PrepareReport({"scanned": 4}, (), (), (), (), (), 0)
    )
    told = []

    def write(_plan, rows):
        told.append(len(rows))
        if rows:
            raise NotWrittenError("the report is open.")

    monkeypatch.setattr("mssw.department.run_batch.write_report", write)

    assert mssw("batch", place, "--workers", "1") == ExitCode.UNREADABLE

    said = capsys.readouterr()
    assert set(rows_of(said.out)) == {"5a", "5b"}
    assert told == [0, 1, 2, 2]
    assert "the report is open" in said.err


def test_no_alias_is_like_a_student_of_any_class(department):
    students = [*all_spellings(read_roster(ROSTER)), "Anders Andreasen", "Boris Birch", "Zora Quill"]
    from mssw.preparing.aliases import Likeness  # noqa: PLC0415

    like, of_others = Likeness(students), set()
    for name in ("5a", "5b", "5c"):
        aliases = {entry.alias for entry in read_key(department / "sets" / name / "private" / "key.xlsx")}
        assert aliases <= {name for file in ALIAS_FILES for name in alias_names(file)}
        assert [alias for alias in aliases if like.has_one_like(alias)] == []
        assert not aliases & of_others, "one session may see the responses of two classes"
        of_others |= aliases


def test_a_second_run_does_nothing_twice(department, tmp_path, capsys):
    place = copied(department, tmp_path / "dep")
    before = {name: leaves(place / "sets" / name) for name in ("5a", "5b", "5c")}
    times = {path: path.stat().st_mtime_ns for path in (place / "sets").rglob("*") if path.name != "report.xlsx"}
    times = {path: when for path, when in times.items() if path.is_file()}

    assert mssw("batch", place, "--quiet") == ExitCode.FINDINGS

    rows = rows_of(capsys.readouterr().out)
    assert [rows[name]["state"] for name in ("5a", "5b", "5c", "5d")] == ["unchanged"] * 3 + ["failed"]
    assert {name: leaves(place / "sets" / name) for name in ("5a", "5b", "5c")} == before
    assert [path for path, when in times.items() if path.stat().st_mtime_ns != when] == []


@pytest.mark.usefixtures("remembering_workers")
def test_only_the_class_that_is_asked_for_is_done_and_a_mended_one_is_done_anew(department, tmp_path, capsys):
    place = copied(department, tmp_path / "dep")
    (place / "5e" / "roster.csv").write_text("Name\nAda Quill\n", encoding="utf-8")

    assert mssw("batch", place, "--only", "5e", "--quiet") in {ExitCode.DONE, ExitCode.FINDINGS}

    sheet = openpyxl.load_workbook(place / "sets" / "report.xlsx").active
    told = [row[:2] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [name for name, _ in told] == ["5a", "5b", "5c", "5d", "5e", "all"]
    assert (told[3], told[5]) == (("5d", "not done"), ("all", "1 not done"))
    [row] = rows_of(capsys.readouterr().out).values()
    assert (row["class"], row["state"], row["pages"]["scanned"]) == ("5e", "done", 2)
    assert mssw("batch", place, "--only", "5x") == ExitCode.USAGE
    assert "the plan has no class of that name; it has 5" in capsys.readouterr().err


@pytest.mark.usefixtures("remembering_workers")
def test_held_pages_are_looked_at_again_when_that_is_asked_for(department, tmp_path, capsys):
    place = copied(department, tmp_path / "dep")
    root = place / "sets" / "5a"
    held = [page["id"] for page in state(root)["pages"] if page["fate"] == "held"]
    kept = [page["id"] for page in state(root)["pages"] if page["fate"] == "kept"]
    times = {page: (root / "private" / "pages" / f"{page}.json").stat().st_mtime_ns for page in held + kept}
    before = leaves(root)

    assert mssw("batch", place, "--only", "5a", "--retry-held", "--quiet") == ExitCode.FINDINGS

    assert held
    changed = {p for p, when in times.items() if (root / "private" / "pages" / f"{p}.json").stat().st_mtime_ns != when}
    assert changed == set(held)
    assert leaves(root) == before
    assert rows_of(capsys.readouterr().out)["5a"]["state"] == "done"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills groups of processes")
def test_killed_at_any_moment_and_run_again_it_ends_with_the_same_bytes(department, tmp_path, memory):
    place, again = tmp_path / "dep", ("5a", "5b", "5d")  # one of them cannot be prepared
    place.mkdir()
    for name in again:
        copied(department / name, place / name)
    for name in ("task.pdf", "roster.csv"):
        (place / name).write_bytes((department / name).read_bytes())
    whole = (department / "plan.toml").read_text(encoding="utf-8")
    plan = re.sub(r"^\[class\.5[ce]\]\n(?:(?!\[).*\n?)*", "", whole, flags=re.MULTILINE)
    (place / "plan.toml").write_text(plan, encoding="utf-8")
    draw = random.Random(6)  # noqa: S311 - the same moments each time
    moments = [
        "sets/*/private/pages/*.json",
        "sets/*/private/key.xlsx",
        "sets/*/shared/work/*.pdf",
        "sets/*/shared/packet.pdf",
    ]
    for sign, moment in zip((signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGKILL), moments, strict=True):
        stop_at(memory, place, f"sets/*/{moment}", len(list(place.glob(f"sets/*/{moment}"))) + draw.randint(1, 2), sign)

    done = finished(memory, "batch", place, "--workers", 2, "--quiet")

    assert done.returncode == ExitCode.FINDINGS
    for name in ("5a", "5b"):
        assert leaves(place / "sets" / name) == leaves(department / "sets" / name)
        assert list((place / "sets" / name).rglob(".writing-*")) == []
    was = rows_of((department / "lines.jsonl").read_text(encoding="utf-8"))
    assert {name: untimed(row) for name, row in rows_of(done.stdout).items()} == {
        name: untimed(was[name]) for name in again
    }


def untimed(row):
    """A row without what differs from run to run."""
    return {key: value for key, value in row.items() if key not in {"seconds", "into", "state", "problems"}}


def stop_at(memory, place, moment, count, sign):
    """Run it until so many files of that kind are there, then send a signal to all of its processes."""
    with subprocess.Popen(
        command_that_remembers(memory, "batch", place, "--workers", 2), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        until = time.monotonic() + 120
        while len(list(place.glob(moment))) < count and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        if process.poll() is None:
            os.killpg(process.pid, sign)
        said = process.communicate(timeout=120)[1]
    if sign == signal.SIGINT and process.returncode not in {0, 1}:
        assert process.returncode == ExitCode.INTERRUPTED
        assert said.endswith("mssw: stopped. Your work so far is saved. Run the same command again to continue.\n")
        assert not re.search("Traceback", said)


def prepared_as(*, works, matched, held=False, asked=True):
    """The report on a class, with the doubt that preparing has about its list."""
    pages = {page.page.id: page for page in map(sighting, range(1, works + 1))}
    reasons = ("the name field is empty",) if held else ()
    responses = [Response((page_id,), alias=f"Work {page_id}", held=reasons) for page_id in pages]
    counts = MatchCounts(matched=matched, open=works - matched, without_work=0, twice=0)
    fields = (NameField(1, Box(0.5, 0.03, 0.4, 0.05), "Name", "text", 1.0),) if asked else ()
    task = BlankTask(Path(), ((612.0, 792.0),), fields, (), "recipe")
    inputs = Inputs(WorkSet(Path()), Settings(), roster=Roster((Student("Ana", "Lopez"),)), task=task)
    responses, doubt = hold_for_roster(inputs, responses, pages, counts)
    released = tuple(one.alias for one in responses if one.released)
    on_hold = tuple((one.alias, one.held) for one in responses if one.held)
    return PrepareReport({"scanned": works}, released, on_hold, (), fields, (), 1, whose=counts, roster_doubt=doubt)


@pytest.mark.parametrize(
    ("done", "doubted"),
    [
        (prepared_as(works=20, matched=19), False),
        (prepared_as(works=20, matched=10), True),
        (prepared_as(works=20, matched=0), True),
        (prepared_as(works=20, matched=0, held=True), True),
        (prepared_as(works=20, matched=0, asked=False), False),
        (prepared_as(works=4, matched=0), True),
        (prepared_as(works=4, matched=1), False),
        (prepared_as(works=2, matched=0), False),
    ],
    ids=[
        "its own",
        "another's, of half its words",
        "another class's",
        "another class's, all held",
        "where no name is asked for",
        "few, and none",
        "few",
        "too few to tell",
    ],
)
def test_a_roster_that_hardly_names_anybody_is_doubted_where_names_are_asked_for(done, doubted):
    assert bool(row_of("5a", "sets/5a", done).problems) == doubted
