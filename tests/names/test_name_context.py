"""What the words around a possible name say, from the text alone: the name stands between two bars."""

from __future__ import annotations

import pytest

from mssw.names.name_context import NameContext, has_slot


def context(marked: str) -> NameContext:
    before, name, after = marked.split("|")
    return NameContext(before + name + after, len(before), len(before) + len(name))


def begins(marked: str, *, in_new_cell: bool = False, goes_on: bool = False) -> bool:
    return context(marked).begins_sentence(in_new_cell=in_new_cell, goes_on=goes_on)


@pytest.mark.parametrize(
    "marked", ["|Mark| the cup", "3) |Rose| petals", "It sank. |Hope| it helps", "“|Will| it float"]
)
def test_any_word_has_a_capital_where_a_sentence_begins(marked: str) -> None:
    assert begins(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "|Grace|'s idea",
        "|Rose|' way",
        "|Mark| said so",
        "|Hope| and I",
        "|Rose| drew it",
        "See |Will|",
        "Ms. |Rose| said",
        "I. |Mark|, saw",
        "|Hunter|: It was the wind",
        "2. |GRANT|: Look!",
        "|May| can speak Urdu",
    ],
)
def test_a_person_is_named_even_there(marked: str) -> None:
    assert not begins(marked)


def test_a_line_that_goes_on_begins_no_sentence_but_with_what_only_a_word_does() -> None:
    assert not begins("|Rose| petals", goes_on=True)
    assert begins("|Mark| the cup", goes_on=True)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("the air goes up |Mark| both ends", True),
        ("it was light |Will| it float", True),
        ("we know |Mark| both ways", False),
        ("because |Mark| the", False),
        ("goes up. |Mark| both", False),
        ("goes up |Mark| said", False),
        ("drew a line |Grace| is when you wait", True),
        ("drew a line |Grace| is here", False),
        ("|Mark| both ends", False),
    ],
)
def test_a_full_stop_may_be_missing_where_a_word_stands_behind_the_end_of_a_sentence(marked: str, *, expected: bool):
    assert context(marked).may_begin_sentence() is expected


def test_a_cell_begins_anew() -> None:
    assert begins("cups  |Rose| petals", in_new_cell=True)
    assert not begins("cups |Rose| petals")


@pytest.mark.parametrize(
    ("marked", "letters", "expected"),
    [
        ("|Will| it work", "will", True),
        ("|May| I go", "may", True),
        ("|Will| you are right", "will", False),
        ("|Will| it was fun", "will", False),
        ("|May| Her", "may", False),
        ("|Grace| it works", "grace", False),
    ],
)
def test_only_a_question_asks(marked: str, letters: str, *, expected: bool) -> None:
    assert context(marked).asks(letters, goes_on=False) is expected


def test_a_question_may_be_the_rest_of_the_line_above() -> None:
    assert not context("|Will| it work").asks("will", goes_on=True)


@pytest.mark.parametrize(
    ("marked", "letters", "expected"),
    [
        ("|may| did not", "may", True),
        ("|may| not float", "may", False),
        ("I told |walker| that", "walker", True),
        ("we used |mark|'s way", "mark", True),
        ("we used the |stone|'s weight", "stone", False),
        ("in last |summer|'s heat", "summer", False),
        ("|Will|did it", "will", True),
    ],
)
def test_a_word_that_cannot_stand_is_a_name_written_small(marked: str, letters: str, *, expected: bool) -> None:
    assert context(marked).is_no_word(letters) is expected


def test_a_lost_space_or_apostrophe_hides_no_name() -> None:
    assert context("with|Priya|").is_stuck_on()
    assert not context("with |Priya|").is_stuck_on()
    assert context("|Maya|s idea").is_unmarked_owner("maya")
    assert not context("|Maya|n idea").is_unmarked_owner("maya")
    assert context("e|lda| said").has_loop()
    assert context("c|lvy| said").has_loop()
    assert not context("a c|lan| of lions").has_loop()
    assert not context("|Ida| said").has_loop()


def test_names_stand_in_slots() -> None:
    assert has_slot("I worked with lny")
    assert has_slot("Ask ly and me")
    assert not has_slot("the ball and the cup")
    assert context("with |lny| today").stands_behind_cue()
    assert context("Ask |ly| and me").stands_between()
    assert context("were |ly| and me").stands_between()
    assert not context("the |ly| and me").stands_between()
    assert context("Good work, |ly|- see me").stands_between()
    assert context("Ask |Mü hlgi|sch, and me").stands_between()
    assert not context("When we were there, |ly| see me").stands_between()
    assert has_slot("Well done, ly! See me")


def test_the_repr_shows_no_name() -> None:
    assert "Priya" not in repr(context("with |Priya|"))
