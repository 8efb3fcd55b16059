"""Whom a card or a letter is for, in several languages: that student never handed it in."""

from __future__ import annotations

import pytest

from mssw.names.addressee_words import addresses_somebody, calls_somebody, opens_address

CALLED = {"maria", "minh", "jared", "dean", "will"}


@pytest.mark.parametrize(
    "text",
    [
        "Dear Maria", "Hi Maria", "HiMaria,", "DEARMARIA,", "Hello Maria", "For Maria", "For my friend Maria",
        "Thank you Maria", "Thanks Maria for your help", "THANK YOu, Maria", "Congratulations Maria",
        "Happy Birthday Maria", "Get well soon Maria",
        "Good luck Maria", "Gracias Maria", "Feliz cumpleaños Maria", "Para Maria", "Querida Maria", "Merci Maria",
        "Joyeux anniversaire Maria", "Pour Maria", "Liebe Maria", "Vielen Dank Maria", "Gute Besserung Maria",
        "Für Maria",
        "Alles Gute zum Geburtstag Maria", "Obrigada Maria", "Parabéns Maria", "Grazie Maria", "Buon compleanno Maria",
        "Per Maria",
    ],
)  # fmt: skip
def test_who_is_named_behind_a_greeting_or_a_wish_is_not_the_writer(text):
    assert addresses_somebody(text, CALLED)


@pytest.mark.parametrize(
    "text",
    ["Maria Lopez", "To Minh", "Dean Maria", "Will Thanks", "By Maria", "My name is Maria", "Thankful", "Dear", ""],
)
def test_who_is_called_like_a_greeting_is_not_greeted(text):
    assert not addresses_somebody(text, {*CALLED, "to"})


@pytest.mark.parametrize(
    "text",
    ["Thank you", "THANKYOU", "Thank you so much to", "Happy Birthday", "To my dear friend", "Dear",
     "Muchas gracias", "Merci à", "To",
     "Alles Gute zum Geburtstag", "Parabéns!", "Buon compleanno,"],
)  # fmt: skip
def test_after_nothing_but_a_wish_comes_the_name(text):
    assert opens_address(text, CALLED)


@pytest.mark.parametrize("text", ["To Kill a Mockingbird", "Thank you for helping me", "The storm", "Hi Maria", ""])
def test_what_says_more_than_a_wish_opens_nothing(text):
    assert not opens_address(text, CALLED)


def test_a_name_that_is_called_out_is_another_persons():
    assert all(map(calls_somebody, ["Maria!", "Maria,", "Maria Lopez !!"]))
    assert not any(map(calls_somebody, ["Maria", "Maria L,", "Lopez, Maria", "Maria Lopez.", ""]))
