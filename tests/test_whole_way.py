"""The whole way in a real browser: a class is prepared, looked at, sorted, chosen from, and its packet printed."""

from __future__ import annotations

import json

import pymupdf
import pytest
from browsing import served

from mssw.auditing.run_audit import audit_path
from mssw.errors import ExitCode
from mssw.printing.binding import count_pages
from mssw.sorting.kept_sorts import read_sorting
from mssw.workset.folder import WorkSet
from support import whole_way as teacher
from support.commands import mssw
from support.remembered import command_that_remembers
from support.tabs import opened

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

SAMPLES = 9
STUDENTS = 11  # one is set aside, and more are left than are chosen, with all ways of thinking and levels among them


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    return teacher.fictional_class(tmp_path_factory.mktemp("whole-way") / "class", STUDENTS)


@pytest.fixture(scope="module")
def folder(given, chrome):  # noqa: ARG001 - where there is no browser, nothing is prepared for it
    folder = given.stack.parents[1] / "set"
    words = ("--task", given.task, "--roster", given.roster, "--title", "Massive air", "--seed", 7, "--quiet")
    assert mssw("prepare", given.stack, *words, "--into", folder) == ExitCode.FINDINGS
    return folder


def ink(folder, alias, place):
    """How much the grey values vary inside a place of a work's second page, as colleagues get it."""
    with pymupdf.open(folder / "shared" / "work" / f"{alias}.pdf") as work:
        page = work[1]
        wide, tall = page.rect.width, page.rect.height
        left, top = place["x"] * wide, place["y"] * tall
        box = (left + 3, top + 3, left + place["w"] * wide - 3, top + place["h"] * tall - 3)
        samples = page.get_pixmap(dpi=100, clip=box, colorspace=pymupdf.csGRAY).samples
    return max(samples) - min(samples)


def test_a_class_goes_through_review_sort_and_choice_to_the_packet(chrome, folder, given, capsys, memory):
    before = teacher.state_of(folder)
    work_of = {teacher.number_of(page): work["alias"] for work in before["works"] for page in work["pages"]}
    (one, other), (missed, place) = teacher.SWAPPED, given.missed
    left_out = before["works"][9]["alias"]
    left_out_at = teacher.number_of(before["works"][9]["pages"][0])
    assert ink(folder, work_of[missed], place) > 60  # no list has the child, so nothing covered it

    # Every page is looked at; one key a page, but where something is to be done.
    acts = {
        missed: lambda page: teacher.drag_over(page, place),
        one: lambda page: teacher.move_to(page, work_of[other], by_mouse=False),
        other: lambda page: teacher.move_to(page, work_of[one], by_mouse=True),
        left_out_at: teacher.set_aside,
    }
    with (
        served("review", folder, ends=True, start=command_that_remembers(memory)) as address,
        opened(chrome, address) as page,
    ):
        keys = teacher.look_at_every_page(page, acts)
        said = teacher.apply_and_close(page)
    assert acts == {}
    assert keys <= len(given.pages)
    assert f"{STUDENTS - 1} responses released" in said

    after = teacher.state_of(folder)
    pages = {work["alias"]: [teacher.number_of(page) for page in work["pages"]] for work in after["works"]}
    assert sorted(pages[work_of[one]]) == [1, 4]
    assert sorted(pages[work_of[other]]) == [2, 3]
    assert {work["alias"] for work in after["works"] if work["aside"]} == {left_out}
    assert [work for work in after["works"] if work["held"]] == []
    assert all(work["seen"] for work in after["works"] if not work["aside"])
    assert ink(folder, work_of[missed], place) < 20
    assert not (folder / "shared" / "work" / f"{left_out}.pdf").exists()

    # Read, five piles, three levels, pairs.
    truth = {alias: student for alias, student in given.of(after).items() if alias != left_out}
    piles = {alias: teacher.PILE_OF[student["thinking"]] for alias, student in truth.items()}
    levels = {alias: student["level"] for alias, student in truth.items()}
    with (
        served("sort", folder, "--objective", teacher.OBJECTIVE, ends=True) as address,
        opened(chrome, address, ready="main > *") as page,
    ):
        teacher.read_all(page, len(truth))
        teacher.pile_all(page, piles, dragged=(4, 8))
        teacher.level_all(page, levels)
        pairs = teacher.answer_pairs(page)
        teacher.close_sort(page)
    assert 1 <= pairs <= 6
    sorting = read_sorting(WorkSet(folder))
    assert {alias: (sorting.of(alias).pile, sorting.of(alias).level) for alias in truth} == {
        alias: (piles[alias], levels[alias]) for alias in truth
    }
    capsys.readouterr()

    # Nine, of every pile and level, and the packet with them.
    assert mssw("choose", folder, "--count", SAMPLES, "--json") == ExitCode.DONE
    samples = json.loads(capsys.readouterr().out)["samples"]
    assert len(samples) == SAMPLES
    assert {sample["pile"] for sample in samples} == set(teacher.PILES)
    assert {sample["level"] for sample in samples} == {"high", "medium", "low"}
    assert all(sample["reason"].endswith(".") for sample in samples)
    assert mssw("packet", folder, "--copies", 8, "--json") == ExitCode.DONE
    packet = (folder / "shared" / "packet.pdf").read_bytes()
    assert count_pages(packet) >= 8 * 2 * SAMPLES
    assert audit_path(folder).findings == ()
