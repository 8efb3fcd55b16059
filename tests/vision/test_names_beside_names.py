"""What names say of each other: pairs, initials, parts of one name on two lines, and the rest of the page."""

from __future__ import annotations

import pytest

from mssw.names.student import Roster, Student
from support.read_pages import find_on_page

CLASS = Roster(
    tuple(
        Student(*name.split())
        for name in (
            "Rose Hill", "Mark Young", "Will Banks", "Bo Day", "Jo Park", "Dawn Summers", "Alexandra Winters",
            "Benjamin Cole", "Elizabeth Crane", "Theodore Pike", "Noor Haddad", "Tyler Vo",
        )
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "covered", "flagged"),
    [
        ("Bo and Jo got water", ["Bo", "Jo"], []),
        ("we sang with Will + Rose", ["Will", "Rose"], []),
        ("Dawn & Elizabeth", ["Dawn", "Elizabeth"], []),
        ("Rose, Elizabeth said", ["Elizabeth"], ["Rose"]),  # a comma alone makes no pair
        ("Rose and a few more", [], ["Rose"]),
    ],
)
def test_a_word_in_a_pair_with_a_name_is_a_name(text, covered, flagged):
    assert find_on_page(CLASS, text) == (covered, flagged)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("then Elizabeth C. went", ["Elizabeth C"]),
        ("then Elizabeth C went", ["Elizabeth C"]),
        ("plus T. Pike for a while", ["T. Pike"]),
        ("so A. Winters has it", ["A. Winters"]),
        ("then Elizabeth A is right", ["Elizabeth"]),  # no initial of hers
        ("in case B. Pike swims", []),  # nobody's
        ("so TylerV has it", ["TylerV"]),
    ],
)
def test_an_initial_goes_with_its_name_and_makes_a_word_one(text, covered):
    assert find_on_page(CLASS, text)[0] == covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("by Elizabethfrane", ["Elizabethfrane"]),
        ("WillBanks has it", ["Will", "lBanks"]),
        ("NoorHadbad has it", ["NoorHadbad"]),
        ("Noorbelongs here", []),
    ],
)
def test_a_last_name_that_is_stuck_to_its_first_name_goes_with_it(text, covered):
    assert find_on_page(CLASS, text)[0] == covered


SHORT_NAMES = Roster((Student("Al", "Reed"), Student("Pat", "Stern"), Student("Jo", "Burns"), Student("Dorie", "Moss")))


@pytest.mark.parametrize(
    "text", ["I already did it", "Already done", "this is a pattern", "the journey is done", "none"]
)
def test_a_word_that_begins_or_looks_like_a_short_name_is_none(text):
    assert find_on_page(SHORT_NAMES, text) == ([], [])


@pytest.mark.parametrize("name", ["Day", "Clay", "Dara", "Clara", "Jori", "Jon"])
def test_a_name_is_none_that_looks_like_it(name):
    pairs = ("Cam Clay", "Summer Day", "Dara Jon", "Clara Jori")
    both = Roster(tuple(Student(*whole.split()) for whole in pairs))
    assert find_on_page(both, f"I sat with {name} then") == ([name], [])


@pytest.mark.parametrize("text", ["AlReed", "AlReod", "PatStern", "JoBurnz"])
def test_the_capital_of_a_last_name_shows_it_behind_a_short_first_name(text):
    assert find_on_page(SHORT_NAMES, f"so {text} has it")[0][-1].endswith(text[-4:])


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (("we took the Benj-", "amin drew it"), ["Benj-", "amin"]),
        (("so is Eliz-", "abeth C. here"), ["Eliz-", "abeth"]),
        (("we saw a bal-", "loon and it"), []),
        (("we took the Benj", "amin drew it"), ["Benj"]),  # no hyphen; a short form stands there
    ],
)
def test_a_name_that_is_parted_at_the_end_of_a_line_is_covered_on_both(texts, covered):
    assert find_on_page(CLASS, *texts)[0] == covered


def test_a_word_that_names_somebody_on_the_page_does_so_elsewhere_on_it():
    assert find_on_page(CLASS, "Dawn is here") == ([], ["Dawn"])
    assert find_on_page(CLASS, "I saw Dawn there", "Dawn is here") == (["Dawn", "Dawn"], [])
    assert find_on_page(CLASS, "I saw Mark there", "Mark the half") == (["Mark"], ["Mark"])  # as a word


def test_a_word_of_another_language_is_a_name_in_english():
    both = Roster((*CLASS.students, Student("Ana", "Rosa")))
    assert find_on_page(both, "Rose petals fell down and the wind took them") == ([], ["Rose"])
    assert find_on_page(CLASS, "that is the one for noor and not the rest") == (["noor"], [])
    english = ("that is the one and not the rest", "then the dog was in the box")
    assert find_on_page(both, *english, "el sol y la rosa") == ([], [])
    assert find_on_page(both, *english, "I saw rosa there") == (["rosa"], [])
    assert find_on_page(CLASS, "para el noor con los otros y las que") == ([], [])


@pytest.mark.parametrize(
    ("text", "covered", "flagged"),
    [
        ("I GAVE ONE TO ROSE", ["ROSE"], []),
        ("I SAT BY WILL", ["WILL"], []),
        ("ME AND WILL WON", ["WILL"], []),
        ("THEN WILL WON IT", ["WILL"], []),
        ("THE DOG, ROSE IS HERE", ["ROSE"], []),
        ("WE WILL PLANT A ROSE", [], ["WILL", "ROSE"]),
        ("THEN ELIZABETH WENT HOME", ["ELIZABETH"], []),
    ],
)
def test_capitals_say_nothing_on_a_line_of_capitals(text, covered, flagged):
    assert find_on_page(CLASS, text) == (covered, flagged)


def test_an_exclamation_mark_that_was_read_as_a_letter_hides_no_name():
    assert find_on_page(CLASS, "Tylerl wait") == (["Tyler"], [])


@pytest.mark.parametrize("text", ["N|O|OIR", "TIY|LlEIR", "T|Y|L|E|R"])
def test_a_name_in_the_boxes_of_a_crossword_is_read_without_their_walls(text):
    assert find_on_page(CLASS, text) == ([text], [])


@pytest.mark.parametrize("text", ["P|L|A|N|T", "Illinois", "11|12", "T|"])
def test_other_lines_are_read_as_they_are(text):
    assert find_on_page(CLASS, text) == ([], [])


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("and Rose, Elizabeth and Tyler ran", ["Rose", "Elizabeth", "Tyler"]),
        ("so dawn, Tyler and I sat", ["dawn", "Tyler"]),
        ("Mark, Noor and me", ["Mark", "Noor"]),
        ("at dawn, Tyler and I sat", ["Tyler"]),
        ("Rose, Dawn and Hill are words", ["Dawn", "Hill"]),  # words alone
        ("we found a rose, Tyler and I", ["Tyler"]),
    ],
)
def test_the_first_of_several_people_is_a_name(text, covered):
    assert find_on_page(CLASS, text)[0] == covered


HYPHENS = Roster((Student("Anne-Marie", "Voss"), Student("Sam", "Kozak"), Student("Lee-Roy", "Sand")))


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("then anne-marre saw it", ["anne-marre"]),
        ("then anne-marie saw it", ["anne", "-marie"]),
        ("with Anne-Mario all day", ["Anne-Mario"]),
        ("so Lee-Rog went", ["Lee-Rog"]),
        ("an Anne-like hat", ["Anne"]),
        ("and Sam in our class", ["Sam"]),  # no Samir, though that is longer
    ],
)
def test_a_half_of_a_hyphenated_name_goes_with_the_other(text, covered):
    assert find_on_page(HYPHENS, text)[0] == covered
