"""Names that are stuck to another word, stretched, or have a digit for a letter; and words that only look so."""

from __future__ import annotations

import pytest

from mssw.names.respelt_names import find_respelt_names

CALLED = frozenset(
    {
        "eli", "mia", "oona", "ben", "maggie", "zoe", "liam", "kayla", "moore", "camila", "anna", "izzy", "hannah",
        "rose", "mark", "mary", "ella", "carrie", "don", "mar", "cal", "max", "sam", "rob",
    }
)  # fmt: skip
WORDS = frozenset({"rose", "mark", "mary", "don", "mar"})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Elicould add a fight", ["Eli"]),
        ("Miacried at the end", ["Mia"]),
        ("Oonadidn't do it", ["Oona"]),
        ("Rosewould not", ["Rose"]),
        ("I luv Maxandmom", ["Max"]),
        ("Bentme. We call us", ["Ben"]),
        ("BentMaggietme", ["Ben", "Maggie"]),
        ("she likes zoetme", ["zoe"]),
        ("thats liams hat", ["liams"]),
        ("all the moores came", ["moores"]),
        ("kaylas turn", ["kaylas"]),
        ('"Cammila is out"', ["Cammila"]),
        ("but ZOEEE shared", ["ZOEEE"]),
        ("Liiiam and Annna", ["Liiiam", "Annna"]),
        ("I told I33y.", ["I33y"]),
        ("so 2OEEE shared", ["2OEEE"]),
        ("#TeamL iam won", ["L iam"]),
        ("#Teamhannah and # Team Mia", ["hannah"]),
        ("and 122y, Z0e", ["122y", "Z0e"]),
    ],
)
def test_a_name_is_found_in_a_word_that_is_not_quite_it(text, named):
    assert [text[one.start : one.end] for one in find_respelt_names(text, CALLED, WORDS)] == named


@pytest.mark.parametrize(
    "text",
    [
        "he marks the roses",
        "Marry me, Ellas carries it",
        "Donate it, Called, Margot",
        "Bent metal, a bent time",
        "at 11am, 5am, 2nd, 10mm",
        "Mass and Annex",
        "miacried in elicould",  # a verb needs the name's capital
        "H2O and C02",
        "1000mm, 2000 and #Teamwork",
    ],
)
def test_a_word_that_looks_a_little_like_a_name_is_none(text):
    assert find_respelt_names(text, CALLED, WORDS) == []


def test_its_repr_shows_no_name():
    [found] = find_respelt_names("Elicould", CALLED)
    assert "eli" not in repr(found)
