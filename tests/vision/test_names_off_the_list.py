"""Whose name is in a field: nobody's, where it is a name that is not on the list, however much of it is."""

from __future__ import annotations

import numpy as np
import pytest

from mssw.names.student import Roster, Student, list_spellings
from mssw.vision.assignment import find_clear_student, rank_guesses
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.recogniser import BLANK, LineReading, recogniser
from support.handwritten import line_of
from support.read_lines import reading_of

CLASS = "Maria Lopez,Minh-Anh Nguyen,Axel Lindqvist,Mark Young,Rose Brown,Zoe Kim,Jo Bauer,Kien Le,Emma Johnson"
CLASS += ",Carl Stein,Anna Lind,Lena Schulz,Tom Schulz"
ROSTER = Roster(tuple(Student(*name.split(" ")) for name in CLASS.split(",")))
SPELLINGS = list_spellings(ROSTER, (), ())
NAMES = NameLetters([spelling.letters for spelling in SPELLINGS])


def find_writer(text: str, font: str) -> str | None:
    """The student whose name a written line clearly is."""
    costs = measure_student_costs([recogniser().read(line_of(text, font=font))], NAMES, SPELLINGS, len(ROSTER.students))
    student = find_clear_student(np.array(costs))
    return None if student is None else ROSTER.students[student].name


@pytest.mark.parametrize("font", ["caveat", "architects-daughter"])
@pytest.mark.parametrize(
    "text",
    ["Maria Gomez", "Khloe Tan", "Ben Adams", "Marek Jung", "Rosa Brownlee", "Jon Webber", "Zoe Park", "Emma W.",
     "Nguyen Van Nam", "Mark Twain", "Maris Villar", "Karl Steiner", "Anne Lindt", "Marc Jung", "Carol Stern"],
)  # fmt: skip
def test_a_name_that_is_not_on_the_list_is_nobodys(text: str, font: str) -> None:
    assert find_writer(text, font) is None


@pytest.mark.parametrize("font", ["caveat", "architects-daughter"])
@pytest.mark.parametrize(
    ("text", "name"),
    [("Maria Lopez", "Maria Lopez"), ("Lopez, Maria", "Maria Lopez"), ("Maria", "Maria Lopez"),
     ("Maria L.", "Maria Lopez"), ("Emma Grace Johnson", "Emma Johnson"), ("Axel Lindqvist", "Axel Lindqvist"),
     ("rose brown", "Rose Brown"), ("Kien Le 5B", "Kien Le")],
)  # fmt: skip
def test_a_name_on_the_list_is_found_as_people_write_it(text: str, name: str, font: str) -> None:
    assert find_writer(text, font) == name


@pytest.mark.parametrize("font", ["caveat", "architects-daughter"])
@pytest.mark.parametrize(
    "text",
    ["Maria Lopez & Kien Le", "Maria Lopez + Jo", "Lena und Tom Schulz", "Lena & Tom Schulz", "Axel Lindqvist and Li",
     "Minh-Anh Nguyen with Jo", "Emma Johnson, Mark Young", "Jo and Emma Johnson", "Axel Lindqvist y Zoe",
     "Axel Lindqvist, Zoe", "Axel Lindqvist / Zoe", "Axel Lindqvist u. Zoe"],
)  # fmt: skip
def test_two_names_in_one_field_are_neither_ones_response(text: str, font: str) -> None:
    assert find_writer(text, font) is None


@pytest.mark.parametrize("text", ["Maria Lopez and Kien Le", "Lena und Tom Schulz"])
def test_both_who_worked_together_are_proposed(text: str) -> None:
    costs = measure_student_costs([reading_of(text)], NAMES, SPELLINGS, len(ROSTER.students))
    named = {ROSTER.students[student].first for student in rank_guesses(np.array(costs))}
    assert named == {word for word in text.split() if any(word == one.first for one in ROSTER.students)}


@pytest.mark.parametrize(
    ("text", "name"),
    [("Lim En Qi", "En Qi Lim"), ("En Qi Lim", "En Qi Lim"), ("Ana + Ruiz", "Ana Ruiz"), ("Ruiz, Ana", "Ana Ruiz"),
     ("Tom Beckev", "Thomas Becker"), ("Ana Rose Ruiz", "Ana Ruiz"), ("Rose Ortega y Gasset", "Rose Ortega y Gasset"),
     ("Janet Smith", "Janet Smith"), ("Ana Ruiz, Jan 4", "Ana Ruiz"), ("Ana Ruiz, 4 Jan.", "Ana Ruiz")],
)  # fmt: skip
def test_what_stands_beside_a_name_of_ones_own_is_no_partner(text: str, name: str) -> None:
    pupils = "En Qi/Lim,Ana/Ruiz,Thomas/Becker,Rose/Ortega y Gasset,Janet/Smith,Jan/Kowal"
    roster = Roster(tuple(Student(*one.split("/")) for one in pupils.split(",")))
    spellings = list_spellings(roster, (), ())
    letters = NameLetters([spelling.letters for spelling in spellings])
    costs = measure_student_costs([reading_of(text)], letters, spellings, len(roster.students))
    student = find_clear_student(np.array(costs))
    assert student is not None
    assert roster.students[student].name == name


def test_a_classmates_name_on_the_next_line_of_a_field_leaves_it_open() -> None:
    readings = [reading_of("Axel Lindqvist"), reading_of("Zoe")]
    assert find_clear_student(np.array(measure_student_costs(readings, NAMES, SPELLINGS, len(ROSTER.students)))) is None


COUSINS = "Maria Jose/Perez Garcia,Jose Maria/Perez Gil,Maria/Perez,Ana/Ruiz,Ana Luz/Ruiz,Luz/Torres"


@pytest.mark.parametrize(
    ("text", "name"),
    [("Maria Jose Perez Garcia", "Maria Jose Perez Garcia"), ("Jose Maria Perez Gil", "Jose Maria Perez Gil"),
     ("Perez Gil, Jose Maria", "Jose Maria Perez Gil"), ("Ana Luz Ruiz", "Ana Luz Ruiz"), ("Ana Ruiz", None),
     ("Maria Perez", None), ("Jose Perez", None)],
)  # fmt: skip
def test_students_who_share_most_of_their_names_are_told_apart_by_the_rest(text: str, name: str | None) -> None:
    roster = Roster(tuple(Student(*one.split("/")) for one in COUSINS.split(",")))
    spellings = list_spellings(roster, (), ())
    letters = NameLetters([spelling.letters for spelling in spellings])
    costs = measure_student_costs([reading_of(text)], letters, spellings, len(roster.students))
    student = find_clear_student(np.array(costs))
    assert (None if student is None else roster.students[student].name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("Axel Lindqvost", "Axel Lindqvist"), ("Lindqvost, Axel", "Axel Lindqvist"), ("Emma Johnsen", "Emma Johnson"),
     ("Emma Lohnson", None), ("Emma Johensan", None), ("Axil Lindqvost", None), ("Maria Ropez", None)],
)  # fmt: skip
def test_one_misread_letter_in_a_long_name_leaves_no_doubt_beside_the_other_name(text: str, name: str | None) -> None:
    assert find_writer(text, "architects-daughter") == name


@pytest.mark.parametrize(("text", "name"), [("ZOE|KIM", "Zoe Kim"), ("KIM|ZOE", "Zoe Kim"), ("KIEN|LE", "Kien Le")])
@pytest.mark.parametrize("more", [0, 1, 2])
def test_two_short_names_in_boxes_without_a_free_one_between_them_are_a_name(text: str, name: str, more: int) -> None:
    first, _ = text.split("|")
    read = reading_of(text.replace("|", ""))
    blank = np.zeros((more, read.letters.shape[1]), np.float32)
    blank[:, BLANK] = 1
    cut = 3 * len(first)
    letters = np.concatenate([read.letters[:cut], blank, read.letters[cut:]])
    upper = np.concatenate([read.upper[:cut], np.zeros(more, np.float32), read.upper[cut:]])
    at = tuple(frame + (more if frame >= cut else 0) for frame in read.at)
    costs = measure_student_costs([LineReading(letters, upper, read.text, at)], NAMES, SPELLINGS, len(ROSTER.students))
    student = find_clear_student(np.array(costs))
    assert student is not None
    assert ROSTER.students[student].name == name
