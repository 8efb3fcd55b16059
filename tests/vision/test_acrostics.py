"""Names that the first letters of lines spell from above to below, and lists that spell nobody."""

from __future__ import annotations

import pytest

from mssw.names.student import Roster, Student
from support.read_pages import find_on_page

CLASS = Roster((Student("Mia", "Lang"), Student("Layla", "Horn"), Student("Noah", "Fry"), Student("Ada", "Deb")))


@pytest.mark.parametrize(
    ("texts", "covered"),
    [
        (("M - makes kites", "I - is kind", "A - always early"), ["M", "I", "A"]),
        (("N ever late", "O ld soul", "A lways early", "H appy"), ["N", "O", "A", "H"]),
        (("Likes rain", "Always early", "Yells at gulls", "Loves soup", "Acts well"), ["L", "A", "Y", "L", "A"]),
        (("N-never late", "0-old soul", "A-always early", "H-happy", "the end"), ["N", "0", "A", "H"]),
        (("My dog ran", "It was fast", "All saw it"), []),  # three first words
        (("A", "D", "A", "B"), []),  # answers
        (("A. it is", "D. it was", "A. it is"), []),
        (("N - ever late", "O - old soul", "a - lways", "H - appy"), []),
    ],
)
def test_first_letters_that_spell_a_name_are_covered(texts, covered):
    assert [one.strip("- ")[:1] for one in find_on_page(CLASS, *texts)[0]] == covered
