"""The same student keeps one alias in two sets, so that colleagues can follow a student from one task to the next."""

from __future__ import annotations

import pytest

from mssw.core.page import Fate, Page, Tone
from mssw.core.response import Response
from mssw.errors import StepMissingError, UsageError
from mssw.names.student import Roster, Student
from mssw.preparing.aliases import AliasRules, find_aliases_of_students, find_same_aliases, give_aliases
from mssw.preparing.input_checks import check_same_aliases
from mssw.preparing.inputs import Inputs, name_other_set
from mssw.preparing.match_responses import match_responses
from mssw.preparing.prepare_options import OtherAliases, PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.roster.key_file import key_bytes, read_key
from mssw.roster.key_table import BY_NAME, KeyEntry
from mssw.roster.roster_file import roster_bytes
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Sorting
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import Settings, read_settings
from mssw.workset.state import Sighting
from support.commands import copied
from support.prepared_class import ROSTER as CLASS_LIST
from support.prepared_class import TASK, cut

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
            self.pages[page.id] = Sighting(page, "recipe", whose=costs)
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
