"""Labels as they come off a filled page: a wrong letter, a name right behind them, another label beside them."""

from __future__ import annotations

import pytest

from mssw.names.label_words import Asks, Label, asks_for_a_name, find_label_at_start, mend_word, split_glued


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["Name:", "Maria", "Lopez"], 1),
        (["Nombre", "y", "apellidos:", "Maria"], 3),
        (["Nom", "de", "l'élève", ":", "Luc"], 3),
        (["Vor-", "und", "Nachname", "Jonas"], 3),
        (["Nome", "completo:", "Ana"], 2),
        (["Họ", "và", "tên:", "Lan"], 3),
        (["Last", "name"], 2),
    ],
)
def test_a_label_ends_where_the_written_name_begins(words, count):
    assert find_label_at_start(words) == Label(Asks.NAME, count, exact=True)


@pytest.mark.parametrize("word", ["Narne:", "Nane", "Nams:", "N0me:", "Vornane", "Nombra:", "Prenon", "Studemt"])
def test_one_wrong_letter_still_makes_a_label_that_is_known_for_misread(word):
    found = find_label_at_start([word, "Maria"])

    if word == "Nombra:":  # a verb of Spanish tasks
        assert found is None
    else:
        assert found == Label(Asks.NAME, 1, exact=False)


@pytest.mark.parametrize("word", ["Game:", "Home", "None", "Note:", "Some", "Stone", "Phase", "Nine"])
def test_a_usual_word_that_is_one_letter_from_a_label_is_left_as_it_is(word):
    assert mend_word(word) == word
    found = find_label_at_start([word])
    assert found is None or found.asks is Asks.OTHER


def test_other_labels_and_numbers_are_told_apart():
    assert find_label_at_start(["Date:", "3"]) == Label(Asks.OTHER, 1, exact=True)
    assert find_label_at_start(["Klasse"]) == Label(Asks.OTHER, 1, exact=True)
    assert find_label_at_start(["No.", "12"]) == Label(Asks.NUMBER, 1, exact=True)
    assert find_label_at_start(["Student", "ID:"]) == Label(Asks.NUMBER, 2, exact=True)


def test_a_vietnamese_label_that_lost_its_accent_counts_only_with_a_colon():
    assert find_label_at_start(["Ten:", "Lan"]) == Label(Asks.NAME, 1, exact=False)
    assert find_label_at_start(["Ten", "apples"]) is None


def test_a_label_does_not_reach_beyond_its_colon():
    assert find_label_at_start(["Name:", "Name"]) == Label(Asks.NAME, 1, exact=True)


def test_a_label_and_a_name_that_were_read_as_one_word_come_apart():
    assert split_glued("Name:Maria") == ["Name:", "Maria"]
    assert split_glued("NombreMaria") == ["Nombre", "Maria"]
    assert split_glued("Maria") == ["Maria"]
    assert split_glued("Name:") == ["Name:"]


def test_a_teachers_own_label_is_a_label_in_any_script():
    assert find_label_at_start(["Jina", "la", "mwanafunzi:", "Amani"], ["Jina la mwanafunzi"]) == Label(
        Asks.NAME, 3, exact=True
    )
    assert find_label_at_start(["სახელი:", "ნინო"], ["სახელი"]) == Label(Asks.NAME, 1, exact=True)
    assert find_label_at_start(["სახელი:", "ნინო"]) is None


def test_a_label_with_the_same_in_another_script_beside_it_is_still_one():
    assert asks_for_a_name("Name / 名前")
