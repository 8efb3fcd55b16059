"""Threat: an alias is a student's own name, in another script or in a short form.

Tried: names in Cyrillic, Greek, Gujarati, Hindi, Hebrew, Thai and Chinese letters; diminutives of English, Polish and
Spanish names. Result: none of them is given.
"""

from __future__ import annotations

import pytest

from mssw.preparing.aliases import Likeness, alias_names
from mssw.roster.table import all_spellings, roster_from_rows

PAIRS = [
    ("Dimitar", "Димитар"), ("Vivek", "વિવેક"), ("Vivek", "विवेक"), ("Jules", "Julia"), ("Wojtek", "Wojciech"),
    ("Dimitar", "ДИМИТАР"), ("Sofia", "София"), ("Sofia", "Σοφία"), ("Nadia", "Надя"), ("Ivan", "Иван"),
    ("Xiaoming", "晓明"), ("Danil", "Данил"), ("Bill", "William"), ("Pepe", "José"), ("Liz", "Elizabeth"),
]  # fmt: skip


@pytest.mark.parametrize(("alias", "student"), PAIRS)
def test_an_alias_is_no_students_name_in_other_letters_or_short(alias, student):
    roster = roster_from_rows([["First name", "Last name"], [student, "Qwertyuiop"]])

    assert Likeness(all_spellings(roster)).has_one_like(alias)


@pytest.mark.parametrize("students", [["Димитар", "Юлия", "Сергей"], ["晓明", "小华", "李"], ["محمد", "فاطمة", "علي"]])
def test_a_class_of_another_script_still_gets_aliases(students):
    roster = roster_from_rows([["First name"], *([one] for one in students)])
    like = Likeness(all_spellings(roster))

    assert sum(not like.has_one_like(name) for name in alias_names()) > 0.8 * len(alias_names())
