"""Aliases: one per initial, from the reviewed list, and never like a real student's name."""

import random
import re
from collections import Counter
from string import ascii_uppercase

import jellyfish
import pytest
from faker import Faker
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import ExitCode, UsageError
from mssw.preparing.alias_rules import OutOfAliasesError, draw, name_parts, plain_letters
from mssw.preparing.aliases import AliasProvider, Likeness, alias_names, alike, draw_aliases, random_source
from support.examples import examples

LOCALES = ["en_US", "es_MX", "vi_VN", "tr_TR", "en_IN", "zu_ZA", "fr_FR", "pl_PL", "zh_CN", "ar_AA"]
COMMON_WORDS = (
    "will grace may mark rose hope faith joy april june dawn ray bill rob sue jack drew chase grant frank "
    "art iris lily ivy violet daisy ruby pearl amber jade sky river rain brook forest hunter mason cooper "
    "dean earl duke king prince major pat pay pan quill quest quota ulna uncle valley vine wax yard year "
    "yes zeal zero zone one two three area angle axis base cube data even graph line mass model odd plot "
    "ratio root unit volume xenon yield zinc"
)
NOTORIOUS = {
    "Adolf",
    "Osama",
    "Usama",
    "Idi",
    "Saddam",
    "Qusay",
    "Uday",
    "Ratko",
    "Slobodan",
    "Benito",
    "Bashar",
}


@pytest.fixture(scope="module")
def fakers():
    made = [Faker(locale) for locale in LOCALES]
    for number, fake in enumerate(made):
        fake.seed_instance(number)
    return made


def roster_of(fakers, size, seed=0):
    dice = random_source(seed)
    people = [(fake.first_name(), fake.last_name()) for fake in dice.choices(fakers, k=size)]
    return [spelling for first, last in people for spelling in (first, last, f"{first} {last}", f"{last}, {first}")]


def test_the_list_has_at_least_40_names_for_each_letter():
    counts = Counter(name[0] for name in alias_names())
    assert set(counts) == set(ascii_uppercase)
    assert min(counts.values()) >= 40


def test_the_list_holds_each_name_once_in_plain_letters_and_in_order():
    names = alias_names()
    assert [name for name in names if not re.fullmatch("[A-Z][a-z]{3,9}", name)] == []
    assert list(names) == sorted(set(names))


def test_the_list_holds_no_common_words_and_nobody_notorious():
    assert [name for name in alias_names() if name.lower() in COMMON_WORDS.split() or name in NOTORIOUS] == []


def test_aliases_go_from_a_to_z_and_round_again():
    initials = [name[0] for name in draw_aliases(60, [], seed=1)]
    assert initials == list((ascii_uppercase * 3)[:60])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Andrea", "andrea"),
        ("Andrea", "ÁNDREA"),
        ("Jonas", "Jo"),
        ("Jo", "Jonas"),
        ("Marin", "Maren"),
        ("Andrea", "Andera"),
        ("Andoni", "Antonio"),
        ("Sabelo", "Isabelo"),
        ("Kofi", "Coffey"),
        ("Zaira", "Sarah"),
        ("Alemayehu", "Alemany"),
    ],
)
def test_names_that_may_be_mistaken_are_alike(one, other):
    assert alike(one, other)
    assert Likeness([other]).has_one_like(one)


@pytest.mark.parametrize(
    ("one", "other"), [("Andrea", "Priya"), ("Bodil", "Akira"), ("Xochitl", "Xabier"), ("Kofi", "王")]
)
def test_names_that_nobody_mistakes_are_not_alike(one, other):
    assert not alike(one, other)
    assert not Likeness([other]).has_one_like(one)


@given(
    st.lists(st.text("abcdeikmnorstuxyz", min_size=2, max_size=12), min_size=1, max_size=8),
    st.sampled_from(alias_names()),
)
@examples(300)
def test_the_prepared_names_refuse_just_what_the_pairs_refuse(words, name):
    assert Likeness(words).has_one_like(name) == any(alike(name, word) for word in words)


def test_no_alias_breaks_a_rule_against_the_roster_or_another_alias(fakers):
    for seed in range(12):
        spellings = roster_of(fakers, 30, seed)
        drawn = draw_aliases(34, spellings, seed=seed)
        assert len(set(drawn)) == 34
        for index, alias in enumerate(drawn):
            for word in (*name_parts(spellings), *(other.lower() for other in drawn[:index])):
                mine = alias.lower()
                assert not mine.startswith(word)
                assert not word.startswith(mine)
                assert jellyfish.damerau_levenshtein_distance(mine, word) > (1 if max(len(mine), len(word)) <= 5 else 2)
                assert jellyfish.jaro_winkler_similarity(mine, word) < 0.90
                assert not word.isascii() or jellyfish.metaphone(mine) != jellyfish.metaphone(word)


def test_every_letter_survives_the_names_of_many_classes(fakers):
    for seed in range(40):
        refuses = Likeness(roster_of(fakers, 30, seed)).has_one_like
        left = dict.fromkeys(ascii_uppercase, 0)
        for name in alias_names():
            if left[name[0]] < 5 and not refuses(name):
                left[name[0]] += 1
        assert min(left.values()) == 5


def test_three_hundred_works_get_three_hundred_aliases(fakers):
    drawn = draw_aliases(300, roster_of(fakers, 300), seed=3)
    assert len(set(drawn)) == 300
    assert max(Counter(name[0] for name in drawn).values()) <= 13


def test_the_same_seed_gives_the_same_aliases_and_another_seed_others():
    assert draw_aliases(30, ["Maria Garcia"], seed=5) == draw_aliases(30, ["Maria Garcia"], seed=5)
    assert draw_aliases(30, ["Maria Garcia"], seed=5) != draw_aliases(30, ["Maria Garcia"], seed=6)


def test_without_a_seed_the_system_draws_anew():
    assert isinstance(random_source(None), random.SystemRandom)
    assert draw_aliases(26, []) != draw_aliases(26, [])


@given(st.integers(0, 60), st.integers(0, 2**32))
@examples(20)
def test_aliases_drawn_in_two_goes_are_those_drawn_in_one(first, seed):
    whole = draw_aliases(60, ["Kofi", "Priya"], seed=seed)
    assert draw_aliases(60 - first, ["Kofi", "Priya"], whole[:first], seed) == whole[first:]


def test_aliases_in_use_are_kept_and_the_next_letter_follows():
    drawn = draw_aliases(3, [], taken=["Borys", "Andrea"], seed=1)
    assert [name[0] for name in drawn] == ["C", "D", "E"]
    assert draw_aliases(1, [], taken=["Andrea", "Chidi"], seed=1)[0].startswith("B")


def draw_plainly(count, names, **changes):
    rules = {"taken": [], "refused": lambda _: False, "alike": lambda *_: False, "shuffle": lambda _: None}
    return draw(count, names, **(rules | changes))


def test_a_letter_without_names_is_passed_over_from_then_on():
    names = ["Akira", "Adisa", "Benat", "Cihan", "Cenk"]
    assert draw_plainly(4, names, refused=lambda name: name == "Benat") == ["Akira", "Cihan", "Adisa", "Cenk"]


def test_names_a_little_alike_are_let_in_only_when_no_other_is_left():
    names = ["Akira", "Akir", "Akiba", "Benat"]
    ends = {"alike": lambda one, other: one[0] == other[0]}
    assert draw_plainly(2, names, **ends) == ["Akira", "Benat"]
    assert draw_plainly(3, names, **ends) == ["Akira", "Benat", "Akiba"]


def test_a_list_that_is_used_up_says_how_many_it_held():
    with pytest.raises(OutOfAliasesError) as caught:
        draw_plainly(3, ["Akira", "Benat"])
    assert caught.value.found == 2


def test_too_many_works_are_refused_with_a_sentence_and_no_name():
    with pytest.raises(UsageError, match=r"only \d+ of 60 aliases") as caught:
        draw_aliases(60, alias_names()[40:], seed=1)
    assert caught.value.code is ExitCode.USAGE
    assert not any(name in str(caught.value) for name in alias_names())


def test_numbers_addresses_and_initials_refuse_nothing():
    assert name_parts(["1234", "akira@x.org", "A", "J."]) == ()
    assert name_parts(["O'Brien-Lee, Anaïs"]) == ("anais", "lee", "obrien", "obrienlee")


def test_plain_letters_drop_accents_case_and_signs():
    assert plain_letters("Łucja-Ñ'Ü ﬁ") == "łucjanufi"


def test_faker_takes_the_provider_and_its_seed():
    one, other = Faker(), Faker()
    for fake in (one, other):
        fake.add_provider(AliasProvider)
        fake.seed_instance(7)
    assert one.alias_name() == other.alias_name()
    assert one.aliases(30, ["Maria"]) == other.aliases(30, ["Maria"])
