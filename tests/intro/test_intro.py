import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.intro.questions import (
    FACTS,
    QUESTIONS,
    Introduction,
    Paragraph,
    clean_text,
    find_own_notes,
    intro_text,
    read_intro,
    split_paragraphs,
)

TRAPS = [
    "# ",
    "## 2. The directions",
    "<!--",
    "-->",
    "\\",
    "\\#",
    "- When: x",
    "Small facts",
    "\n",
    "\n\n",
    " ",
    "a",
]
answers = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(TRAPS), max_size=12).map("".join)).map(clean_text)
facts = answers.map(lambda text: " ".join(text.split()))
lists = st.lists(facts.filter(bool), max_size=3, unique=True).map(tuple)
introductions = st.builds(
    Introduction,
    st.tuples(*[answers] * len(QUESTIONS)),
    st.tuples(*[facts] * len(FACTS)),
    lists,
    lists,
    answers,
)


@given(introductions)
def test_any_answer_is_read_as_it_was_written(introduction):
    assert read_intro(intro_text(introduction)) == introduction


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    found = read_intro(text)
    assert len(found.answers) == len(QUESTIONS)
    assert read_intro(intro_text(found)) == found


def test_a_new_file_asks_everything_and_answers_nothing(snapshot):
    assert intro_text() == snapshot
    assert read_intro(intro_text()) == Introduction()
    assert Introduction().answered == 0


def test_headings_may_be_renumbered_reordered_and_of_another_level():
    text = "# Introduction\n# 4: the AIM\nmass\n### 1) The task\nair\n## 3\nballoons\n## Question 2\nread it"
    assert read_intro(text).answers == ("air", "read it", "balloons", "mass")


def test_a_file_of_the_first_version_keeps_its_answers_and_gets_no_notes_twice():
    """Its third heading was another one, and its prompts were worded differently."""
    first = (
        "## 3. The way there\n<!-- What had the class done and learned before they met it? -->\nballoons\n<!-- mine -->"
    )

    assert read_intro(first).answers == ("", "", "balloons", "")
    assert find_own_notes(first) == ("mine",)


def test_a_question_answered_twice_keeps_both_answers():
    assert read_intro("## The task\na\n## The aim\nb\n## The task\nc").answers == ("a\n\nc", "", "", "b")


def test_what_stands_above_every_heading_is_not_lost():
    assert read_intro("We weighed balloons.\n\n## 1. The task\nAir.").answers[0] == "We weighed balloons.\n\nAir."


def test_a_writers_own_headings_stay_in_the_answer():
    assert read_intro("## The task\n### Materials\n# 3 balloons").answers[0] == "### Materials\n# 3 balloons"


def test_notes_are_not_answers_even_when_one_never_ends():
    assert read_intro("## 1\n<!-- over\ntwo lines -->\nyes <!-- no\n## 2\nstill").answers[:2] == (
        "yes",
        "still",
    )


def test_facts_are_read_with_or_without_their_dash():
    text = "## Small facts\nWHEN: before\n* Who : in\n  pairs\n- Could use: a scale: two pans\n"
    assert read_intro(text).facts == ("before", "in pairs", "a scale: two pans", "")


def test_lists_are_read_with_or_without_their_dashes():
    text = (
        "## Objectives\n- MS-1: air has\n  mass\n* B\nC\n\n## focus questions\nwhat is air?\n# Background sheet\na\n\nb"
    )
    found = read_intro(text)
    assert found.objectives == ("MS-1: air has mass", "B", "C")
    assert found.focus == ("what is air?",)
    assert found.background == "a\n\nb"


def test_a_file_from_before_there_were_lists_reads_as_it_did():
    text = "# Introduction\n## 1. The task\nair\n\n## Small facts\n- When: before\n- Who:\n"
    assert read_intro(text) == Introduction(("air", "", "", ""), ("before", "", "", ""))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    text = intro_text(Introduction(("a\n\nb", "", "", "")))
    assert read_intro("\ufeff" + text.replace("\n", "\r\n")) == read_intro(text)


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        ("", ()),
        ("one\ntwo\n\nthree", (Paragraph("one two"), Paragraph("three"))),
        (
            "so:\n- a\n  more\n* b\n\nend",
            (Paragraph("so:"), Paragraph("a more", item=True), Paragraph("b", item=True), Paragraph("end")),
        ),
    ],
)
def test_lines_run_on_and_items_stand_alone(answer, printed):
    assert split_paragraphs(answer) == printed


@given(answers)
def test_no_word_of_an_answer_is_lost_in_print(answer):
    printed = " ".join(paragraph.text for paragraph in split_paragraphs(answer)).split()
    bullets = {"-", "*", "•"}
    assert [w for w in printed if w not in bullets] == [w for w in answer.split() if w not in bullets]
