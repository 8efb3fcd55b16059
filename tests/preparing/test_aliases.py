"""The key says which work is whose: each work keeps its alias, and a teacher's entries are never lost.

The same student keeps one alias in two sets, so that colleagues can follow a student from one task to the next.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssw.core.page import Fate, Page, Tone
from mssw.core.response import Response
from mssw.errors import StepMissingError, UsageError
from mssw.names.student import Roster, Student
from mssw.preparing.aliases import (
    AliasRules,
    alias_names,
    find_aliases_of_students,
    find_same_aliases,
    give_aliases,
    names_to_draw,
)
from mssw.preparing.input_checks import check_same_aliases
from mssw.preparing.inputs import Inputs, name_other_set
from mssw.preparing.match_responses import match_responses
from mssw.preparing.prepare_options import OtherAliases, PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.roster.key_table import BY_NAME, KeyEntry
from mssw.roster.roster_file import roster_bytes
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Sorting
from mssw.workset.class_list import key_bytes, read_key
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import Settings, read_settings
from mssw.workset.sightings import Sighting
from support.commands import copied
from support.prepared_class import ROSTER as CLASS_LIST
from support.prepared_class import TASK, cut

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


ANA, BEN, CARLA = Student("Ana", "Lopez", number="1"), Student("Ben", "Okoro", number="2"), Student("Carla", "Wu")
ROSTER = Roster((ANA, BEN, CARLA))
FAR = 2.5


def other_set(folder, *rows):
    """A set with a key: alias, student and number of each row."""
    workset = WorkSet.create(folder)
    entries = [
        KeyEntry(alias, student, number, "stack.pdf", (place,), BY_NAME if student else "")
        for place, (alias, student, number) in enumerate(rows, 1)
    ]
    write_bytes(workset.key, key_bytes(entries), private=True)
    return workset


class After:
    """A set of one page for each student, whose name fields say who wrote it: places on the roster, None for nobody."""

    def __init__(self, folder, *writers, roster=ROSTER, other="../before"):
        self.workset, self.roster = WorkSet.create(folder), roster
        self.pages, self.responses = {}, []
        for number, writer in enumerate(writers, 1):
            page = Page(
                f"s01-p{number:04d}", "stack.pdf", number, (1, 1), 150.0, Tone.GREY, f"h{number}", fate=Fate.KEPT
            )
            costs = (
                ()
                if writer is None
                else tuple(0.1 if place == writer else FAR for place in range(len(roster.students)))
            )
            self.pages[page.id] = Sighting(page, "recipe", name_costs=costs)
            self.responses.append(Response((page.id,)))
        self.inputs = Inputs(self.workset, Settings(same_aliases_as=other), roster=roster)

    def prepare(self):
        """Aliases and matches, as ``prepare`` gives them; the aliases in the order of the stack come back."""
        kept = find_same_aliases(self.inputs, self.responses, self.pages)
        rules = AliasRules(tuple(student.name for student in self.roster.students), seed=7)
        given = give_aliases(self.workset, self.responses, self.pages, rules, kept.same)
        match_responses(self.inputs, given, self.pages, kept.find_changed(given))
        self.notes = kept.describe(given)
        return [one.alias for one in given]


def test_a_student_keeps_the_alias_and_one_without_a_response_there_gets_a_new_one(tmp_path):
    other_set(tmp_path / "before", ("Emery", "Ben Okoro", "2"), ("Gali", "Ana Lopez", "1"), ("Hana", "", ""))
    after = After(tmp_path / "after", 0, 1, 2, None)

    ana, ben, carla, nobody = after.prepare()

    assert (ana, ben) == ("Gali", "Emery")
    assert not {carla, nobody} & {"Emery", "Gali", "Hana"}, "an alias never stands for two students"
    assert after.notes == ("2 of 4 responses have the alias that their student has in ../before",)
    assert [row.matched_by for row in read_key(after.workset.key) if row.student] == [BY_NAME] * 3


def test_an_alias_that_is_like_a_name_of_the_class_now_is_given_to_nobody(tmp_path):
    other_set(tmp_path / "before", ("Emery", "Ana Lopez", "1"))
    after = After(tmp_path / "after", 0, roster=Roster((ANA, Student("Emery", "Stone", number="9"))))

    [alias] = after.prepare()

    assert alias != "Emery"
    assert "1 could not take it" in after.notes[0]


def test_a_response_that_is_matched_later_takes_its_alias_then_and_changes_no_other(tmp_path):
    other_set(tmp_path / "before", ("Emery", "Ana Lopez", "1"), ("Gali", "Ben Okoro", "2"))
    first = After(tmp_path / "after", 0, None).prepare()

    later = After(tmp_path / "after", 0, 1)

    assert later.prepare() == ["Emery", "Gali"]
    assert first[0] == "Emery"
    assert later.prepare() == ["Emery", "Gali"]
    assert [row.matched_by for row in read_key(later.workset.key)] == [BY_NAME, BY_NAME], "nothing is taken for by hand"


def test_aliases_may_change_places_among_students_and_nothing_is_taken_for_the_teachers_word(tmp_path):
    After(tmp_path / "after", 0, 1, other="").prepare()
    one, two = (row.alias for row in read_key(WorkSet(tmp_path / "after").key))
    other_set(tmp_path / "before", (two, "Ana Lopez", "1"), (one, "Ben Okoro", "2"))
    if read_key(WorkSet(tmp_path / "after").key)[0].student == "Ben Okoro":
        one, two = two, one

    after = After(tmp_path / "after", 0, 1)
    aliases = after.prepare()

    assert aliases == [row.alias for row in sorted(read_key(WorkSet(tmp_path / "before").key), key=lambda r: r.student)]
    assert {row.student: row.alias for row in read_key(after.workset.key)} == dict(
        zip(("Ana Lopez", "Ben Okoro"), aliases, strict=True)
    )
    assert [row.matched_by for row in read_key(after.workset.key)] == [BY_NAME, BY_NAME]


def test_a_response_that_was_sorted_keeps_the_alias_it_was_sorted_under(tmp_path):
    before = After(tmp_path / "after", 0, other="").prepare()
    keep_sorting(WorkSet(tmp_path / "after"), Sorting("M. Rivera"))
    other_set(tmp_path / "before", ("Emery", "Ana Lopez", "1"))

    after = After(tmp_path / "after", 0)

    assert after.prepare() == before
    assert "sorted or handed out under another alias" in after.notes[0]


def test_aliases_stay_when_the_other_set_is_gone(tmp_path):
    other = other_set(tmp_path / "before", ("Emery", "Ana Lopez", "1"))
    assert After(tmp_path / "after", 0).prepare() == ["Emery"]
    other.key.unlink()

    after = After(tmp_path / "after", 0, 1)

    assert after.prepare()[0] == "Emery"
    assert "could not be compared" in after.notes[0]


def test_a_student_is_found_by_number_and_name_or_by_name_where_lists_share_no_number():
    rows = [KeyEntry("Emery", "Ana Lopez", "77"), KeyEntry("Gali", "Ben Okoro", "2"), KeyEntry("Hana", "Zoe Zed", "3")]

    assert find_aliases_of_students(rows, ROSTER) == {1: "Gali"}, "another number is another Ana Lopez"
    assert find_aliases_of_students(rows[:1], ROSTER) == {0: "Emery"}, "numbers of another system tell nothing"


def test_what_cannot_work_is_said_before_anything_is_read(tmp_path):
    workset = WorkSet.create(tmp_path / "after")
    write_bytes(workset.roster, roster_bytes(ROSTER), private=True)
    other_set(tmp_path / "before", ("Emery", "", ""))

    def check(folder, workset=workset):
        check_same_aliases(workset, PrepareOptions(same_aliases_as=folder))

    with pytest.raises(UsageError, match="another set"):
        check(workset.root)
    with pytest.raises(StepMissingError, match="matched to a student"):
        check(tmp_path / "before")
    with pytest.raises(StepMissingError, match="has no key"):
        check(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="--roster"):
        check(tmp_path / "before", WorkSet(tmp_path / "new"))
    assert name_other_set(workset, tmp_path / "before") == "../before"


def test_new_aliases_are_none_of_the_session_and_as_few_of_the_plan_as_can_be():
    names = ("Rio", "Sol", "Luna", "Mar")
    rules = AliasRules((), names, seed=7, others=OtherAliases(frozenset({"Sol"}), frozenset({"Sol", "Mar"})))

    assert set(rules.draw(2, (), is_new=True)) == {"Rio", "Luna"}
    assert "Sol" not in rules.draw(3, (), is_new=True)


@pytest.mark.pages
@pytest.mark.usefixtures("warm_crew")
def test_a_class_prepared_twice_has_the_same_aliases_and_shared_names_no_other_set(small_class, tmp_path):
    first, stack = copied(small_class, tmp_path / "before-teaching"), cut(tmp_path / "after.pdf", (11, 12, 5, 6))
    options = PrepareOptions([stack], TASK, CLASS_LIST, seed=8, same_aliases_as=first)

    done = prepare(tmp_path / "after", options)

    before = {row.student: row.alias for row in read_key(WorkSet(first).key) if row.student}
    after = {row.student: row.alias for row in read_key(WorkSet(tmp_path / "after").key) if row.student}
    both = before.keys() & after.keys()
    assert both
    assert [before[student] for student in both] == [after[student] for student in both]
    assert any("have the alias that their student has" in note for note in done.notes)
    workset = WorkSet(tmp_path / "after")
    assert read_settings(workset.settings).same_aliases_as == "../before-teaching"
    assert [
        path for path in workset.shared.rglob("*") if path.is_file() and b"before-teaching" in path.read_bytes()
    ] == []
