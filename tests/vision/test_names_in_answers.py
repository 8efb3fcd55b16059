"""Names in answers: what is surely one, what may be one, and what is a word of the task or of the whole class."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.student import Roster, Student
from mssw.preparing.name_reading import (
    PageReading,
    ReadPage,
    SearchTerms,
    drop_common_flags,
    find_class_words,
    name_letters,
)
from mssw.vision.mentions import find_mentions
from mssw.vision.text_lines import Line
from support.read_lines import reading_of

CLASS = Roster(
    tuple(
        Student(*names)
        for names in (
            ("Maria", "Lopez"),
            ("Grace", "Gold"),
            ("Will", "Stone"),
            ("Maya", "Okafor"),
            ("Theo", "Ines"),
            ("Gus", "Lane"),
            ("The", "Vu"),
            ("Zoe", "van der Berg"),
            ("Mark", "Petrov"),
        )
    )
)
TERMS = SearchTerms.of(CLASS, (), ())
SHAPE = (200, 1200)
LINE = Line(600.0, 100.0, 1000.0, 40.0, 0.0)
INK = np.zeros(SHAPE, bool)
INK[90:110, 100:1100] = True


def found(text, *, printed=(), goes_on=False, doubt=0.0, signs=None):
    """The names found on a line: what each is, and whether it is sure."""
    terms = SearchTerms.of(CLASS, (), (), printed)
    reading = reading_of(text)
    if doubt:
        letters = reading.letters * (1 - doubt)
        letters[:, :26] += doubt / 26
        reading = dataclasses.replace(reading, letters=letters)
    if signs is not None:  # the text has those signs of it alone
        reading = dataclasses.replace(reading, text=reading.text[:signs], at=reading.at[:signs])
    mentions = find_mentions(
        LINE, reading, name_letters(terms), terms.spellings, INK, 200, goes_on=goes_on, story=terms.story
    )
    return sorted((terms.spellings[one.name].letters, one.sure) for one in mentions)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maria", [("maria", True)]),
        ("2. Maria", [("maria", True)]),
        ("Grace", [("grace", True)]),
        ("- Will", [("will", True)]),
        ("Grace and Will", [("grace", True), ("will", True)]),
        ("Will Stone", [("stone", True), ("will", True)]),
        ("Maria, Maya", [("maria", True), ("maya", True)]),
    ],
)
def test_a_line_that_is_only_names_is_surely_names(text, names):
    assert found(text) == names


def test_rules_of_squared_paper_that_fit_a_name_a_little_are_not_surely_one():
    assert found("Grace", doubt=0.45) == [("grace", True)]
    assert found("Grace", doubt=0.45, signs=1) == [("grace", False)]


@pytest.mark.parametrize("text", ["Gold", "Stone", "Lane"])
def test_an_answer_of_one_word_is_not_surely_a_last_name(text):
    assert (text.casefold(), True) not in found(text)


@pytest.mark.parametrize("text", ["gold", "grace", "The", "The gas", "it sank The rock", "will"])
def test_a_word_is_no_name(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["Will the ball sink", "Grace is a virtue", "Stone is hard"])
def test_a_capital_at_a_sentences_start_alone_is_never_covered(text):
    assert not any(sure for _, sure in found(text))


def test_a_name_with_a_capital_in_a_sentence_is_covered():
    assert found("I think that Grace is right") == [("grace", True)]


@pytest.mark.parametrize("text", ["I think that Maya and Grace are right", "so Maya took ten"])
def test_people_of_the_tasks_story_are_flagged_and_not_covered(text):
    story = ["Maya", "and", "Grace", "fill", "a", "bucket.", "Who", "is", "right?"]
    assert all(sure for _, sure in found(text))
    assert not any(sure for _, sure in found(text, printed=story))
    assert found(text, printed=story)


def test_a_word_that_the_task_begins_a_sentence_with_is_no_name_of_its_story():
    assert found("I think that Grace is right", printed=["Grace", "is", "a", "word.", "Will", "it", "float?"]) == [
        ("grace", True)
    ]


def test_a_full_name_is_covered_whatever_the_story_says():
    assert found("so Maya Okafor took ten", printed=("Maya",)) == [("maya", True), ("okafor", True)]


# Words of the whole class ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mark Petrov has it", [("mark", True), ("petrov", True)]),
        ("Will Stone has it", [("stone", True), ("will", True)]),
        ("Grace Okafor has it", [("grace", False), ("okafor", True)]),
        ("Petrov, Mark has it", [("mark", True), ("petrov", True)]),
    ],
)
def test_a_likely_name_beside_a_sure_one_of_the_same_student_is_sure(text, names):
    assert found(text) == names


@pytest.mark.parametrize("link", ["van der", "van", "de la"])
def test_what_links_two_names_of_a_student_goes_with_them(link):
    names = found(f"I asked Zoe {link} Berg")
    assert names == [("berg", True), ("zoe", True), ("zoe", True)]
    assert found("I asked Zoe about the Berg") == [("berg", True), ("zoe", True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("It was Wills turn", [("will", True)]),
        ("Ich nahm Mayas Idee", [("maya", True)]),
        ("Mayas idea is good", [("maya", True)]),
        ("Wills are read", [("will", False)]),
        ("it wills it", []),
        ("I like mayas", []),
    ],
)
def test_an_owner_without_an_apostrophe_is_a_name_where_its_capital_says_so(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ik heb metMaria gewerkt", [("maria", True)]),
        ("I like the ideaMaya had", [("maya", True)]),
        ("an overGrace in it", [("grace", True)]),
        ("a disgrace in it", []),
    ],
)
def test_a_capital_behind_a_small_letter_begins_a_name(text, names):
    assert found(text) == names


def page_of(text):
    return ReadPage(PageReading("x", (LINE,), (reading_of(text),), too_many=False), SHAPE)


def flag_on(text, word):
    """A flag where a word of the line is."""
    start = text.index(word) / len(text) * 1000 + 100
    box = Box(start / 1200, 0.4, len(word) / len(text) * 1000 / 1200, 0.2)
    return Mark(box, MarkKind.TEXT, "reading", 0.4)


def kept(text, word, common):
    return drop_common_flags([flag_on(text, word)], page_of(text), TERMS, frozenset(common)) != ()


def test_words_of_the_class_and_the_task_are_not_flagged():
    assert not kept("the gas goes out", "gas", {"gas"})
    assert kept("the gas goes out", "gas", {"air"})
    assert not kept("Will it float on water", "Will", {"will"})


def test_a_name_stays_flagged_however_many_write_it():
    assert kept("my friend maria is nice", "maria", {"maria"})
    assert kept("Will used the blue one", "Will", {"will"})
    assert kept("we compared with Will, and our lines", "Will", {"will"})
    assert kept("pregunte con Will si flota", "Will", {"will"})
    assert not kept("we think Will it float", "Will", {"will"})
    others = Mark(Box(0.1, 0.4, 0.1, 0.2), MarkKind.PHONE, "reading", 0.5)
    assert drop_common_flags([others], page_of("call me"), TERMS, frozenset({"call", "me"})) == (others,)
    assert drop_common_flags([flag_on("gas", "gas")], None, TERMS, frozenset({"gas"})) != ()


def test_the_words_of_a_class_are_those_of_many_pages(tmp_path):
    texts = ["the gas goes", "a gas is here", "gas and air", "nothing", "", "", "", "", "", ""]
    for number, text in enumerate(texts):
        file = io.BytesIO()
        np.savez_compressed(file, texts=np.frombuffer(text.encode(), np.uint8))
        (tmp_path / f"{number}.npz").write_bytes(file.getvalue())
    assert find_class_words(tmp_path, [*map(str, range(10)), "gone"]) == {"gas"}


@pytest.mark.parametrize(("spaces", "sure"), [(1, True), (2, True), (7, False), (20, False)])
def test_a_word_with_a_capital_that_begins_a_cell_of_a_table_may_be_only_a_word(spaces, sure):
    assert found(f"it goes up{' ' * spaces}Will the half go first") == [("will", sure)]
    assert found(f"it goes up{' ' * spaces}Maria is first") == [("maria", True)]
