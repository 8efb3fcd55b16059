"""Each page of a stack gets one fate with a reason, and a person's word changes what is held."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from mssw.core.page import Box, Fate, Mark, MarkKind, Page, Tone
from mssw.names.student import Roster, Student
from mssw.preparing.grouping import NOT_MATCHED
from mssw.vision.same_sheet import make_signature
from mssw.vision.writing import find_new_ink
from mssw.workset.folder import write_json
from mssw.workset.sightings import Sighting, read_sighting
from mssw.workset.stack import Stack, StackFile
from support import printed
from support.sightings import NOTHING, fates, group, sighting, task, workset

__all__ = ["task", "workset"]  # fixtures


def unreadable(number):
    page = Page(f"s01-p{number:04d}", "stack.pdf", number, (0, 0), 0.0, Tone.GREY, "")
    return Sighting(page, "recipe", fault="it could not be read")


def test_a_class_in_order_is_kept(workset, task):
    done = group(workset, [sighting(1, 1), sighting(2, 2), sighting(3, 1), sighting(4, 2)], task, None, NOTHING)

    assert fates(done) == ["kept"] * 4
    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0002"), ("s01-p0003", "s01-p0004")]
    assert done.notes == ()


def test_every_page_has_one_fate_and_all_but_kept_ones_a_reason(workset, task):
    seen = [
        sighting(1, 1), sighting(2, 2), sighting(3, None, ink=1.0), sighting(4, 1), sighting(5, None),
        replace(sighting(6, 1), empty_field=True), sighting(7, 2), unreadable(8),
    ]  # fmt: skip

    done = group(workset, seen, task, None, NOTHING)

    assert Counter(fates(done)) == {"kept": 2, "blank": 1, "held": 5}
    assert all(page.page.reason or page.page.fate is Fate.KEPT for page in done.pages)
    assert [page.page.id for page in done.pages] == [page.page.id for page in seen]


def test_a_blank_page_between_two_works_belongs_to_neither(workset, task):
    done = group(workset, [sighting(1, 1), sighting(2, 2), sighting(3, None, ink=0.5)], task, None, NOTHING)

    assert fates(done) == ["kept", "kept", "blank"]
    assert done.pages[2].page.reason == "nothing is printed or written on it"


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (sighting(1, empty_field=True), "the name field is empty, so the name may be somewhere else on the page"),
        (sighting(1, doubts=("writing runs far into the page",)), "writing runs far into the page"),
        (sighting(1, None), NOT_MATCHED),
    ],
)
def test_a_page_that_is_not_sure_holds_its_work_with_its_reason(workset, task, page, reason):
    done = group(workset, [page, sighting(2, 2)], task, None, NOTHING)

    assert fates(done) == ["held", "held"]
    assert f"stack.pdf, page 1: {reason}" in done.responses[0].held
    assert done.pages[0].page.reason == reason
    assert done.pages[1].page.reason.startswith("its response is on hold: ")


@pytest.mark.parametrize("page", [sighting(1, empty_field=True), sighting(1, doubts=("it runs far",))])
def test_what_a_person_cleared_is_no_reason_any_more(workset, task, page):
    cleared = NOTHING.with_change("hash 1", cleared_as="recipe")

    assert fates(group(workset, [page, sighting(2, 2)], task, None, cleared)) == ["kept", "kept"]


def test_a_page_that_matches_nothing_may_go_once_each_page_of_its_work_is_cleared(workset, task):
    seen = [sighting(1, 1), sighting(2, None)]
    half = NOTHING.with_change("hash 2", cleared_as="recipe")
    both = half.with_change("hash 1", cleared_as="recipe")

    held = group(workset, seen, task, None, half).responses[0].held

    assert len(held) == 1
    assert "page 2 of the task missing" in held[0]
    assert group(workset, seen, task, None, both).responses[0].released


def test_what_was_cleared_on_another_scan_does_not_count(workset, task):
    cleared = NOTHING.with_change("hash of another scan", cleared_as="recipe")

    done = group(workset, [sighting(1, empty_field=True), sighting(2, 2)], task, None, cleared)

    assert fates(done) == ["held", "held"]


def test_a_page_that_cannot_be_read_stays_held_whatever_is_said(workset, task):
    cleared = NOTHING.with_change("s01-p0002", cleared_as="recipe").with_change("hash 1", cleared_as="recipe")

    done = group(workset, [sighting(1, 1), unreadable(2)], task, None, cleared)

    assert fates(done) == ["held", "held"]


@pytest.mark.parametrize(
    "page", [sighting(1, empty_field=True), sighting(1, doubts=("it runs far",)), sighting(1, None)]
)
def test_a_page_cleared_under_one_recipe_is_held_again_under_another(workset, task, page):
    both = NOTHING.with_change("hash 1", cleared_as="recipe").with_change("hash 2", cleared_as="recipe")
    seen = [page, sighting(2, 2)]

    assert group(workset, seen, task, None, both).responses[0].released

    seen[0] = replace(page, way="of another field or task")

    assert fates(group(workset, seen, task, None, both)) == ["held", "held"]


def test_what_was_said_follows_its_page_to_another_place_in_the_stack(workset, task):
    box = Box(0.2, 0.3, 0.1, 0.05)
    said = NOTHING.with_change("hash 1", aside="it tells of home").with_change("hash 4", covers=[box])
    first = [sighting(1, 1), sighting(2, 2), sighting(3, 1), sighting(4, 2)]
    order = (3, 4, 1, 2)  # the two students' sheets change places, so each page has another id and recipe
    moved = [
        replace(first[number - 1], page=replace(sighting(place, 2 - number % 2).page, sha256=f"hash {number}"))
        for place, number in enumerate(order, 1)
    ]
    moved = [replace(page, recipe=f"recipe of place {place}") for place, page in enumerate(moved, 1)]

    before, after = (group(workset, seen, task, None, said) for seen in (first, moved))

    assert fates(before) == ["set aside", "set aside", "kept", "kept"]
    assert fates(after) == ["kept", "kept", "set aside", "set aside"]
    assert [work.aside for work in after.responses] == ["", "it tells of home"]
    assert [page.covers for page in before.pages] == [(), (), (), (Mark.drawn(box),)]
    assert [page.covers for page in after.pages] == [(), (Mark.drawn(box),), (), ()]


def test_what_was_said_of_a_page_that_cannot_be_read_stays_with_its_place(workset, task):
    aside = NOTHING.with_change("s01-p0002", aside="torn")

    assert fates(group(workset, [sighting(1, 1), unreadable(2)], task, None, aside)) == ["set aside", "set aside"]
    assert fates(group(workset, [sighting(1, 1), unreadable(3)], task, None, aside)) == ["held", "held"]


def test_a_work_set_aside_takes_all_its_pages_and_is_not_held(workset, task):
    aside = NOTHING.with_change("hash 2", aside="it tells of home")

    done = group(workset, [sighting(1, empty_field=True), sighting(2, 2)], task, None, aside)

    assert fates(done) == ["set aside", "set aside"]
    assert (done.responses[0].aside, done.responses[0].held) == ("it tells of home", ())


def test_covers_that_a_person_drew_are_added(workset, task):
    box = Box(0.2, 0.3, 0.1, 0.05)
    drawn = NOTHING.with_change("hash 2", covers=[box])

    done = group(workset, [sighting(1, 1), sighting(2, 2)], task, None, drawn)

    assert [page.covers for page in done.pages] == [(), (Mark.drawn(box),)]


def test_without_a_name_field_every_work_waits_for_a_person(workset, task):
    seen = [sighting(1, 1), sighting(2, 2)]
    bare = replace(task, fields=())
    looked = NOTHING.with_change("hash 1", cleared_as="recipe").with_change("hash 2", cleared_as="recipe")

    assert group(workset, seen, bare, None, NOTHING).responses[0].held == ("no name field was found on the blank task",)
    assert group(workset, seen, bare, None, looked).responses[0].released


def test_without_a_task_pages_are_counted_and_each_waits_for_a_person(workset):
    seen = [sighting(n, None) for n in range(1, 5)]

    done = group(workset, seen, None, 2, NOTHING)

    assert [work.pages for work in done.responses] == [("s01-p0001", "s01-p0002"), ("s01-p0003", "s01-p0004")]
    assert fates(done) == ["held"] * 4
    assert done.responses[0].held[0] == "stack.pdf, page 1: there is no blank task to find the name by"


@pytest.mark.parametrize("size", [1, 3])
def test_fronts_and_backs_without_a_task_are_counted_across_their_two_files(workset, size):
    files = tuple(StackFile(name, "", size) for name in ("fronts.pdf", "backs.pdf"))
    both = [
        replace(page, page=replace(page.page, source=name))
        for number in range(1, size + 1)
        for name, page in (("fronts.pdf", sighting(2 * number - 1, None)), ("backs.pdf", sighting(2 * number, None)))
    ]

    done = group(workset, both, None, 2, NOTHING, stack=Stack(files, fronts_backs=True))

    assert [len(response.pages) for response in done.responses] == [2] * size
    assert not any("ends after" in reason for response in done.responses for reason in response.held)


def test_the_same_pixels_twice_are_one_page(workset, task):
    again = sighting(3, 1)
    again = replace(again, page=replace(again.page, sha256="hash 1"))

    done = group(workset, [sighting(1, 1), sighting(2, 2), again], task, None, NOTHING)

    assert fates(done) == ["kept", "kept", "set aside"]
    assert done.pages[2].page.reason == "the same sheet was scanned before, as stack.pdf, page 1"
    assert len(done.responses) == 1


def scanned(workset, task, *, answers, names):
    """First pages of the task with those answers and names, each as if one hand wrote it; 0 leaves it empty."""
    sheet = printed.printed_page(1)
    write_json(task.folder / "index.json", {"known": "known"}, private=True)
    cv2.imwrite(str(task.folder / "0001.png"), sheet)
    cv2.imwrite(str(task.folder / "0002.png"), printed.printed_page(2))
    workset.pages.mkdir(parents=True)
    seen = []
    for number, (answer, name) in enumerate(zip(answers, names, strict=True), 1):
        written = printed.handwriting(sheet, answer)
        if name:
            written = printed.handwriting(written, name, lines=2, area=(150, 105, 500, 145))
        written = np.roll(written, number // 3, axis=0)
        cv2.imwrite(str(workset.pages / f"s01-p{number:04d}.png"), written)
        ink = make_signature(find_new_ink(written, printed_blank(sheet), printed.DPI))
        seen.append(sighting(number, 1, image=f"s01-p{number:04d}.png", signature=ink))
    return seen


def test_a_sheet_that_was_scanned_twice_is_told_by_its_strokes_and_two_empty_ones_are_not(workset, task):
    seen = scanned(workset, task, answers=[5, 6, 5], names=[7, 8, 7])
    empty = [sighting(number, 2, written=0.0) for number in (4, 5)]

    done = group(workset, [*seen, *empty], task, None, NOTHING)

    assert [page.page.fate is Fate.SET_ASIDE for page in done.pages] == [False, False, True, False, False]


def test_two_students_with_the_same_answers_are_two_responses(workset, task):
    one_sided = replace(task, empty=(2,))

    done = group(workset, scanned(workset, task, answers=[5, 5], names=[7, 8]), one_sided, None, NOTHING)

    assert fates(done) == ["kept", "kept"]


def test_the_same_answers_without_a_name_wait_with_the_question(workset, task):
    one_sided = replace(task, empty=(2,))

    done = group(workset, scanned(workset, task, answers=[5, 5], names=[0, 0]), one_sided, None, NOTHING)

    assert fates(done) == ["held", "held"]
    assert all("two students' answers?" in " ".join(response.held) for response in done.responses)


@pytest.mark.parametrize(
    ("names", "fate"),
    [([7, 7], "held"), ([0, 0], "held"), ([7, 8], "kept")],
    ids=["one name", "no name", "two names"],
)
def test_nearly_the_same_answers_are_never_set_aside(workset, task, names, fate):
    one_sided = replace(task, empty=(2,))
    seen = scanned(workset, task, answers=[5, 5], names=names)
    page = cv2.imread(str(workset.pages / seen[1].image), cv2.IMREAD_GRAYSCALE)
    page = printed.handwriting(page, 9, lines=2, area=(800, 1500, 1000, 1520))
    cv2.imwrite(str(workset.pages / seen[1].image), page)

    done = group(workset, seen, one_sided, None, NOTHING)

    assert fates(done) == [fate] * 2
    if fate == "held":
        assert all("nearly the same is written on it as on" in " ".join(response.held) for response in done.responses)


@pytest.mark.parametrize(
    ("costs", "fate"),
    [
        ([(0.1, 3.0), (3.0, 0.1)], "kept"),
        ([(0.1, 3.0), (0.1, 3.0)], "held"),
        ([(0.1, 3.0), ()], "held"),
        ([(0.1, 3.0), (2.5, 2.5)], "held"),
    ],
    ids=["two students", "one student", "one student and nobody", "the second was read badly"],
)
def test_backs_that_look_nearly_the_same_are_two_students_where_their_fronts_are(workset, task, costs, fate):
    first, second, back, alike = scanned(workset, task, answers=[5, 6, 5, 5], names=[7, 8, 0, 0])
    image = cv2.imread(str(workset.pages / alike.image), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(workset.pages / alike.image), printed.handwriting(image, 9, lines=2, area=(800, 1500, 1000, 1520)))
    seen = [
        replace(page, page=replace(page.page, id=f"s01-p000{number}", number=number, task_page=side), name_costs=row)
        for number, (page, side, row) in enumerate(
            [(first, 1, costs[0]), (back, 2, ()), (second, 1, costs[1]), (alike, 2, ())], 1
        )
    ]
    roster = Roster((Student("Ana", "Petrov"), Student("Bo", "Lind")))

    done = group(workset, seen, task, None, NOTHING, roster=roster)

    assert any("nearly the same" in " ".join(response.held) for response in done.responses) == (fate == "held")


@pytest.mark.parametrize(
    ("costs", "fate"),
    [([(0.1, 3.0), (3.0, 0.1)], "kept"), ([(0.1, 3.0), (0.1, 3.0)], "set aside"), ([(), ()], "set aside")],
    ids=["two students' names", "one student's name", "no name was read"],
)
def test_pages_with_two_students_names_are_never_one_sheet(workset, task, costs, fate):
    one_sided = replace(task, empty=(2,))
    seen = scanned(workset, task, answers=[5, 5], names=[7, 7])
    seen = [replace(page, name_costs=row) for page, row in zip(seen, costs, strict=True)]
    roster = Roster((Student("Ana", "Petrov"), Student("Bo", "Lind")))

    done = group(workset, seen, one_sided, None, NOTHING, roster=roster)

    assert fates(done) == ["kept", fate]


@pytest.mark.parametrize(("back", "is_one"), [(5, True), (6, False), (7, False)])
def test_a_back_is_a_second_scan_only_if_its_own_strokes_are_the_same(workset, task, back, is_one):
    backs = [
        replace(page, page=replace(page.page, id=f"s01-p{number:04d}", number=number, task_page=2))
        for page, number in zip(scanned(workset, task, answers=[5, back], names=[0, 0]), (2, 4), strict=True)
    ]
    fronts = [sighting(number, 1) for number in (1, 3)]
    fronts[1] = replace(fronts[1], page=replace(fronts[1].page, sha256="hash 1"))

    done = group(workset, [fronts[0], backs[0], fronts[1], backs[1]], task, None, NOTHING)

    assert [page.page.fate is Fate.SET_ASIDE for page in done.pages] == [False, False, True, is_one]


def printed_blank(sheet):
    from mssw.vision.blank_page import BlankPage  # noqa: PLC0415 - only here

    return BlankPage(1, sheet)


def test_a_sighting_comes_back_from_its_sidecar_and_another_recipe_asks_for_another_look(tmp_path):
    mark = Mark(Box(0.1, 0.2, 0.3, 0.04), MarkKind.RUNOVER, "ink", 0.9)
    before = sighting(5, 2, covers=(mark,), doubts=("why",), lacking=np.full((32, 24), 0.2, np.float32), nearest=2)
    file = tmp_path / "s01-p0005.json"
    write_json(file, before.to_json(), private=True)

    assert read_sighting(file, "recipe") is None  # its image is not there
    (tmp_path / before.image).touch()
    after = read_sighting(file, "recipe")

    assert (after.page, after.covers, after.doubts, after.where) == (
        before.page, (mark,), ("why",), "stack.pdf, page 5",
    )  # fmt: skip
    assert np.array_equal(after.signature, before.signature)
    assert after.lacking == pytest.approx(before.lacking, abs=0.01)
    assert read_sighting(file, "another recipe") is None
    file.write_text("{", encoding="utf-8")
    assert read_sighting(file, "recipe") is None
