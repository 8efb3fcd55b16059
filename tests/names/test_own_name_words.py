"""The words after which a student writes her own name, in the languages of our lists."""

from __future__ import annotations

import pytest

from mssw.names.own_name_words import (
    find_all_own_name_words,
    find_own_name_words,
    is_greeting,
    is_postscript,
)


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
        ("YouRstRuly,", "", True),
        ("BestWishes", "", True),
        ("Liebegrüße", "", True),
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


@pytest.mark.parametrize(
    "text",
    [
        "Dear Mayor Ellison,", "Dear Mayor Ellison.", "Dear Jonah", "DEATR MAYOR,", "To the Mayor,", "To he Moyor,",
        "Hi Jonah!", "To whom it may concern", "Querida señora López:", "Estimado señor alcalde", "Cher Monsieur,",
        "Liebe Frau Kim,", "Sehr geehrter Herr Kim", "Caro sindaco,", "Beste burgemeester,",
    ],
)  # fmt: skip
def test_a_line_that_greets_names_nobody_who_hands_in(text):
    assert is_greeting(text)


@pytest.mark.parametrize(
    "text",
    ["Dean Ellison", "To Minh", "To Kill a Mockingbird", "Hi Jo", "Dear Jonah from Naomi", "Cara Delgado", "Dear", ""],
)
def test_a_line_that_may_name_the_writer_does_not_greet(text):
    assert not is_greeting(text, {"cara", "kim"})


def test_a_postscript_is_no_signature():
    assert all(map(is_postscript, ["P.S. Naomi says hi.", "PS: bye", "P.S Naomi", "p.s. thanks", "P.D. Hola"]))
    assert not any(map(is_postscript, ["Psalm", "Paige S.", "Pedro", ""]))
