"""A kind reminder where words judge, and silence where they tell a fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.demo.answers import introduction
from mssw.intro.judging import GRADE, LABEL, NOTICED, find_judgements

JUDGING = [
    ("They don't get it.", NOTICED, "They don't get it"),
    ("they don’t get fractions", NOTICED, "they don't get fractions"),
    ("Most didn't get the idea of density.", NOTICED, "Most didn't get the idea"),
    ("My students still do not really understand what a half is.", NOTICED, "students still do not really understand"),
    ("Half of them could not make sense of question 3.", NOTICED, "Half of them could not make sense of"),
    ("They mixed up mass and volume.", NOTICED, "They mixed up"),
    ("Some students struggled a lot with the second part", NOTICED, "Some students struggled a lot with"),
    ("Many got it wrong.", NOTICED, "Many got it wrong"),
    ("Most of them think that air is nothing.", NOTICED, "Most of them think"),
    ("You will see that they count instead of multiplying.", NOTICED, "You will see that they"),
    ("Notice how many of them draw particles.", NOTICED, "Notice how many"),
    ("I was surprised by the drawings.", NOTICED, "I was surprised"),
    ("They should have known this from grade 4.", NOTICED, "should have known"),
    ("They were told to draw, but most never understood the question.", NOTICED, "most never understood"),
    ("most of them are weak at explaining", LABEL, "most of them are weak"),
    ("I picked work of my low students.", LABEL, "low students"),
    ("Our high kids finished early.", LABEL, "Our high kids"),
    ("The lows sat at the front.", LABEL, "The lows"),
    ("There are some slow learners among them.", LABEL, "slow learners"),
    ("They are lazy.", LABEL, "They are lazy"),
    ("the struggling readers had help", LABEL, "struggling readers"),
    ("They wrote very poor explanations.", GRADE, "They wrote very poor explanations"),
    ("They did really badly.", GRADE, "They did really badly"),
    ("There are many careless mistakes.", GRADE, "careless mistakes"),
    ("The task was too hard for them.", GRADE, "was too hard for them"),
]

FACTS = [
    "",
    "They worked alone for 25 minutes.",
    "They didn't get a calculator.",
    "They did not get any help.",
    "They don't get to use notes in tests.",
    "If you don't understand a word, ask.",
    "They were told to ask when they did not understand the task.",
    "I said that it does not matter whether they get it right or wrong.",
    "Students were reminded that drawings and words count alike.",
    "A student should understand that air has mass.",
    "We hoped that they would not get confused by the scale.",
    "Vinegar is a weak acid; weak acids come in unit 3.",
    "Air flows from high to low pressure.",
    "High school students met it in grade 9.",
    "They had learned about low and high tides.",
    "The class is of 26 students, most of them 10 years old.",
    "Some students wrote in Spanish.",
    "Half of them had the other version of the task.",
    "They got it on Monday and handed it in on Tuesday.",
    "Most had weighed solids and liquids before.",
    "They were told there are no right or wrong answers.",
    "They were to write their best explanation.",
    "We chose it because it can be solved in several ways.",
    "Could not use: notes, phones, each other's papers.",
    "They could not see each other's papers.",
    "A few were absent.",
    "The fire alarm went off, so some had ten minutes less.",
    "Students had not been taught about gases.",
    "We read the task aloud since some are still learning English.",
    "They did two of the four questions.",
    "Everyone forgot their rulers, so they drew freehand.",
    "What do they take air to be?",
    "Which ideas of mass do you see, and where?",
    "It is a hard task, taken from the state's item bank.",
    "They do well-known experiments with balloons.",
    "The slow motion film was shown twice.",
    "The best students' poster is on the wall in the hall.",
]


@pytest.mark.parametrize(("text", "why", "words"), JUDGING, ids=[text for text, _, _ in JUDGING])
def test_what_judges_is_found_with_its_words(text, why, words):
    [found] = find_judgements(text)
    assert (found.words, found.why) == (words, why)


@pytest.mark.parametrize("text", FACTS)
def test_facts_are_left_in_peace(text):
    assert find_judgements(text) == ()


def test_the_fictional_introduction_judges_nobody():
    assert [found for _, text in introduction().places() for found in find_judgements(text)] == []


def test_each_clause_is_told_once_and_in_order():
    text = "They don't get it. They worked alone; most of them are weak at maths and they wrote silly answers."
    assert [one.words for one in find_judgements(text)] == ["They don't get it", "most of them are weak"]


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text):
    for one in find_judgements(text):
        assert one.words
