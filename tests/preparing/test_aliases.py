"""The key says which work is whose: each work keeps its alias, and a teacher's entries are never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssw.core.page import Page, Tone
from mssw.core.response import Response
from mssw.preparing.aliases import AliasRules, alias_names, give_aliases, names_to_draw
from mssw.roster.key_file import key_bytes, read_key
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.state import Sighting

SPELLINGS = ("Amara Okafor", "Boris Lindqvist", "Amara", "Okafor")


@pytest.fixture
def workset(tmp_path):
    return WorkSet.create(tmp_path / "set")


def sightings(*places):
    """Pages by id, each given as (file's number, page)."""
    pages = {}
    for file, number in places:
        page = Page(f"s{file:02d}-p{number:04d}", f"stack{file}.pdf", number, (1, 1), 150.0, Tone.GREY, "hash")
        pages[page.id] = Sighting(page, "recipe")
    return pages


def works_of(pages, each):
    ids = list(pages)
    return [Response(tuple(ids[start : start + each])) for start in range(0, len(ids), each)]


STACK = sightings(*((1, number) for number in range(1, 13)))
CLASS = works_of(STACK, 2)


def aliases(works):
    return [work.alias for work in works]


def test_each_work_gets_an_alias_of_its_own_and_a_row_of_the_key(workset):
    done = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert len(set(aliases(done))) == len(CLASS)
    assert {(entry.alias, entry.source, entry.pages) for entry in read_key(workset.key)} == {
        (work.alias, "stack1.pdf", (2 * place + 1, 2 * place + 2)) for place, work in enumerate(done)
    }
    assert workset.key.stat().st_mode & 0o777 == 0o600


def test_the_key_tells_nothing_of_who_it_is_until_somebody_says_so(workset):
    give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert all((entry.student, entry.number, entry.matched_by) == ("", "", "") for entry in read_key(workset.key))


def test_a_second_run_gives_the_same_aliases_and_writes_the_same_key(workset):
    before = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=None))
    key = workset.key.read_bytes()

    after = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=None))

    assert aliases(after) == aliases(before)
    assert workset.key.read_bytes() == key


def test_what_a_teacher_wrote_into_the_key_stays(workset):
    done = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))
    entries = [
        replace(entry, student="Amara Okafor", number="12", matched_by="teacher")
        if entry.alias == done[0].alias
        else entry
        for entry in read_key(workset.key)
    ]
    write_bytes(workset.key, key_bytes(entries), private=True)

    give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert read_key(workset.key) == tuple(entries)


def test_a_work_from_two_files_has_a_row_for_each(workset):
    pages = sightings((1, 3), (2, 5), (2, 4))

    [work] = give_aliases(workset, [Response(tuple(pages))], pages, AliasRules(SPELLINGS, "world", seed=7))

    assert [(entry.alias, entry.source, entry.pages) for entry in read_key(workset.key)] == [
        (work.alias, "stack1.pdf", (3,)),
        (work.alias, "stack2.pdf", (5, 4)),
    ]
    assert aliases(
        give_aliases(workset, [Response(tuple(pages))], pages, AliasRules(SPELLINGS, "world", seed=None))
    ) == [work.alias]


def test_pages_stand_in_the_order_of_the_work(workset):
    give_aliases(workset, [Response(("s01-p0002", "s01-p0001"))], STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert [entry.pages for entry in read_key(workset.key)] == [(2, 1)]


def test_work_that_comes_later_gets_an_alias_that_nobody_has(workset):
    first = give_aliases(workset, CLASS[:4], STACK, AliasRules(SPELLINGS, "world", seed=7))

    done = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert aliases(done)[:4] == aliases(first)
    assert len(set(aliases(done))) == 6


def test_a_work_that_is_cut_otherwise_keeps_the_alias_of_its_first_page(workset):
    before = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))
    parts = [Response(("s01-p0001",)), Response(("s01-p0002",)), *CLASS[1:]]

    after = give_aliases(workset, parts, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert after[0].alias == before[0].alias
    assert after[1].alias not in aliases(before)
    assert aliases(after[2:]) == aliases(before[1:])


def test_the_order_of_aliases_is_not_the_order_of_the_stack(workset):
    done = give_aliases(workset, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=7))

    assert aliases(done) != sorted(aliases(done))


def test_the_seed_decides_the_aliases(tmp_path):
    sets = [WorkSet.create(tmp_path / name) for name in ("one", "same", "other")]

    drawn = [
        aliases(give_aliases(one, CLASS, STACK, AliasRules(SPELLINGS, "world", seed=seed)))
        for one, seed in zip(sets, (7, 7, 8), strict=True)
    ]

    assert drawn[0] == drawn[1] != drawn[2]


def test_no_alias_is_like_a_students_name(workset):
    done = give_aliases(workset, CLASS, STACK, AliasRules(("Andoni", "Boaz", "Chisomo"), "world", seed=7))

    assert not {"Andoni", "Boaz", "Chisomo"} & set(aliases(done))


def test_new_sets_get_easy_aliases_and_a_set_that_has_some_goes_on_as_it_began(tmp_path):
    new = WorkSet.create(tmp_path / "new")
    easy = aliases(give_aliases(new, CLASS[:2], STACK, AliasRules(SPELLINGS, seed=7)))
    assert set(easy) <= set(names_to_draw("easy"))
    old = WorkSet.create(tmp_path / "old")
    first = give_aliases(old, CLASS[:2], STACK, AliasRules(SPELLINGS, "world", seed=7))
    later = aliases(give_aliases(old, CLASS, STACK, AliasRules(SPELLINGS, seed=7)))
    assert set(aliases(first)) < set(later) <= set(names_to_draw("world"))


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (AliasRules(SPELLINGS, "numbers", seed=7), {"Sample 1", "Sample 2"}),
        (AliasRules(SPELLINGS, "numbers", "es", 7), {"Muestra 1", "Muestra 2"}),
        (AliasRules(SPELLINGS, ("Rio", "Zun"), seed=7), {"Rio", "Zun"}),
    ],
)
def test_aliases_may_be_numbers_or_a_teachers_own(tmp_path, rules, expected):
    workset = WorkSet.create(tmp_path / "set")
    assert set(aliases(give_aliases(workset, CLASS[:2], STACK, rules))) == expected
    assert set(aliases(give_aliases(workset, CLASS[:2], STACK, rules))) == expected


def test_when_the_easy_names_run_out_those_of_the_world_go_on(tmp_path):
    workset = WorkSet.create(tmp_path / "set")
    done = aliases(give_aliases(workset, CLASS[:4], STACK, AliasRules(SPELLINGS, ("Rio",), seed=7)))
    assert "Rio" in done
    assert len(set(done)) == 4


@pytest.mark.parametrize("file", ["aliases_easy.txt", "aliases_easy_es.txt"])
def test_easy_names_are_short_sorted_and_enough(file):
    names = alias_names(file)
    assert len(names) == len(set(names))
    assert all(name.isascii() and name.isalpha() and 2 < len(name) < 11 for name in names)
    assert len({name[0] for name in names}) == 26
