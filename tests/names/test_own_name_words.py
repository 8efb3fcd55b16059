"""The words after which a student writes her own name, in the languages of our lists."""

from __future__ import annotations

import pytest

from mssw.names.own_name_words import find_all_own_name_words, find_own_name_words


@pytest.mark.parametrize(
    ("text", "rest", "is_closing"),
    [
        ("My name is Maria Lopez and I like math", "Maria Lopez and I like math", False),
        ("Mi nonbre es Maria", "Maria", False),
        ("Hello,my name is Maria", "Maria", False),
        ("Hi!My name is Maria", "Maria", False),
        ("Hallo.Ich heiße Jörg", "Jörg", False),
        ("Name:Maria Lopez", "Maria Lopez", False),
        ("Me llamo María", "María", False),
        ("Je m'appelle Chloé", "Chloé", False),
        ("Ich heiße Jörg", "Jörg", False),
        ("Tên em là Linh", "Linh", False),
        ("by Maria Lopez", "Maria Lopez", False),
        ("Name: Maria Lopez", "Maria Lopez", False),
        ("Sincerely,", "", True),
        ("Sincerly", "", True),
        ("Your friend, Maria", "Maria", True),
        ("Liebe Grüße", "", True),
        ("Met vriendelijke groet,", "", True),
    ],
)
def test_a_name_begins_after_these_words(text, rest, is_closing):
    found = find_own_name_words(text)

    assert (text[found.end :].strip(" ,"), found.is_closing) == (rest, is_closing)


@pytest.mark.parametrize(
    "text", ["The gas will get out", "I love Maria's drawing", "Thank you for the book", "it was made by Maria", ""]
)
def test_no_name_is_expected_after_these(text):
    assert find_own_name_words(text) is None


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("My name is William but they call me Bo.", ["William", "Bo"]),
        ("I'm William and my nickname is Bo", ["Bo", "William"]),
        ("Hi, I'm Ana and everybody calls me Nita", ["Ana", "Nita"]),
        ("They call me Bo", ["Bo"]),
        ("Sincerely, William", ["William"]),
        ("it is a nickname", []),
    ],
)
def test_a_nickname_may_come_after_a_name(text, rests):
    found = find_all_own_name_words(text)

    assert sorted(text[one.end :].split()[0].strip(",.") for one in found) == sorted(rests)
