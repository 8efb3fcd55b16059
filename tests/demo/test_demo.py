"""`mssw demo`: a fictional class goes the whole way, and what it leaves behind can be shared."""

from __future__ import annotations

import json

import pymupdf
import pytest

from mssw.auditing.run_audit import audit_path
from mssw.errors import ExitCode
from mssw.sorting.kept_sorts import read_sorting
from mssw.sorting.piles import Sorting
from mssw.workset.folder import WorkSet
from support.commands import mssw

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    root = tmp_path_factory.mktemp("demo")
    assert mssw("demo", root / "trial", "--students", 6) == ExitCode.DONE
    return root / "trial"


def test_the_demo_ends_well_with_a_packet(demo):
    packet = demo / "set" / "shared" / "packet.pdf"

    assert len(pymupdf.open(packet)) > 10
    assert (demo / "set" / "shared" / "contact-sheet.pdf").is_file()
    assert (demo / "class" / "stack.pdf").is_file()


def test_nothing_that_the_demo_shares_leaks(demo):
    report = audit_path(demo / "set")

    assert report.findings == ()
    assert report.students == 6
    assert sum(one.covers for one in report.files) >= 5


def test_a_made_up_teacher_sorts_apart_from_ones_own_sort_and_every_sample_has_its_reason(demo):
    samples = json.loads((demo / "set" / "shared" / "samples.json").read_text(encoding="utf-8"))["samples"]
    truth = json.loads((demo / "class" / "truth.json").read_text(encoding="utf-8"))
    assert len(samples) == 5
    assert {sample["pile"] for sample in samples} <= {student["thinking"] for student in truth["students"]}
    assert all(sample["reason"] for sample in samples)
    assert (demo / "set" / "private" / "why-these.pdf").is_file()

    assert read_sorting(WorkSet(demo / "set")) == Sorting()


def test_the_packet_of_the_demo_says_that_nobody_looked(demo):
    works = json.loads((demo / "set" / "shared" / "manifest.json").read_text(encoding="utf-8"))["works"]
    assert not any(work["seen"] for work in works)
    with pymupdf.open(demo / "set" / "shared" / "packet.pdf") as packet:
        assert "Nobody has checked" in " ".join(packet[0].get_text().split())


def test_the_demo_holds_only_the_work_without_a_name(demo):
    state = json.loads((demo / "set" / "private" / "state.json").read_text(encoding="utf-8"))
    truth = json.loads((demo / "class" / "truth.json").read_text(encoding="utf-8"))

    nameless = {page["number"] for page in truth["pages"] if "no name" in page["faults"]}
    held = [work["pages"] for work in state["works"] if work["held"]]
    assert len(held) == 1
    assert nameless <= {int(page[-4:]) for page in held[0]}
    assert [(page["task_page"], page["turn"]) for page in state["pages"]] == [
        (page["task_page"], page["turn"]) for page in truth["pages"]
    ]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.docx").touch()

    assert mssw("demo", tmp_path) == ExitCode.WOULD_OVERWRITE

    assert "choose a new folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("words", [("--students", "3"), ("--paper", "a5")])
def test_a_class_too_small_or_on_other_paper_ends_with_2(tmp_path, words):
    assert mssw("demo", tmp_path / "trial", *words) == ExitCode.USAGE
    assert not (tmp_path / "trial").exists()
