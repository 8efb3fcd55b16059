"""The tasks of ready sets: every student answers in words of their own, and each way of thinking is there."""

from __future__ import annotations

from itertools import pairwise

import pymupdf
import pytest

from mssw.demo.ready_set import ENGLISH, MATHEMATICS, NAMES, find_ready_task, make_ready_set
from mssw.demo.task import AreaKind
from mssw.errors import UsageError
from mssw.preparing.prepare_options import quiet
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import read_manifest


@pytest.mark.parametrize("name", [MATHEMATICS, ENGLISH])
def test_no_two_students_give_one_answer_and_each_way_of_thinking_is_there(name):
    task = find_ready_task(name)
    students = task.make_students(task.most, 7)

    assert [one.answers for one in task.make_students(task.most, 7)] == [one.answers for one in students]
    for place in (one for one in task.areas if one.kind is AreaKind.LINES):
        assert len({one.answers[place.question].casefold() for one in students}) == task.most
    assert len({one.thinking.name for one in task.make_students(6, 7)}) == 6
    assert {one.thinking.level for one in students} == {"high", "medium", "low"}
    assert {one.name for one in students} == {""}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_task_is_printed_with_room_for_every_answer(name, paper):
    task = find_ready_task(name)
    with pymupdf.open("pdf", task.make_pdf(paper)) as pdf:
        assert len(pdf) == task.pages
        assert task.title in pdf[0].get_text()
    places = [one for one in task.areas if one.kind is AreaKind.LINES and one.page == 1]
    assert all(one.box.bottom < 0.95 for one in places)
    assert all(one.box.bottom < other.prompt for one, other in pairwise(places))
    assert task.introduction.answers[0].startswith("No student wrote these answers.")


def test_a_task_that_is_none_and_too_many_students_are_refused(tmp_path):
    with pytest.raises(UsageError, match="science, mathematics or english"):
        find_ready_task("music")
    with pytest.raises(UsageError, match="at most 12 responses"):
        make_ready_set(tmp_path / "set", works=18, seed=7, paper="letter", progress=quiet, task=ENGLISH)
    assert not (tmp_path / "set").exists()


@pytest.mark.pages
def test_a_set_of_another_task_is_sorted_chosen_and_marked_as_made_up(tmp_path):
    done = make_ready_set(tmp_path / "set", works=6, seed=7, paper="letter", progress=quiet, task=MATHEMATICS)

    manifest = read_manifest(WorkSet(tmp_path / "set"))
    assert (done.works, len(done.samples), manifest.fiction) == (6, 6, True)
    assert [row.pages for row in manifest.works] == [1] * 6
