"""Two teachers sort the same class: how far they agree, and which works they should talk about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.sorting.agreement import adjusted_rand, compare, match_piles, weighted_kappa
from mssw.sorting.piles import Level, Pile, Placing, Sorting

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW

ranks = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=40)
piles = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("uvwxy")), min_size=2, max_size=40)
placings = st.builds(
    Placing,
    pile=st.sampled_from(["", "counts", "nothing", "pushes"]),
    level=st.sampled_from([None, *Level]),
    unsure=st.booleans(),
    aside=st.sampled_from(["", "", "", "illegible"]),
)
sortings = st.dictionaries(st.sampled_from([f"A{n}" for n in range(12)]), placings).map(
    lambda works: Sorting(piles=(Pile("counts"), Pile("nothing"), Pile("pushes")), works=works)
)


def table(rows):
    """The pairs of ranks of a table of counts."""
    return [(i, j) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]


def of(piles=(), **works):
    """A sorting; a work is ``(pile, level)``."""
    placed = {alias: Placing(pile, level) for alias, (pile, level) in works.items()}
    return Sorting(piles=tuple(map(Pile, piles)), works=placed)


# Levels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "value", "low", "high"),
    [
        # Husbands and wives on one question (Agresti, 1990; the data of R's vcd::Kappa), squared weights; the figures
        # of an independent library (statsmodels 0.14, cohens_kappa with wt="fc").
        ([[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]], 0.3320, 0.1413, 0.5227),
        ([[8, 3, 1], [2, 6, 3], [0, 1, 4]], 0.6176, 0.3640, 0.8713),
    ],
)
def test_kappa_and_its_interval_are_those_of_worked_examples(rows, value, low, high):
    found = weighted_kappa(table(rows), len(rows))

    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=6e-5)
    assert found.works == sum(map(sum, rows))


def test_two_levels_apart_weighs_four_times_as_much_as_one():
    same = [(0, 0), (1, 1), (2, 2)] * 4
    near, far = weighted_kappa([*same, (0, 1)], 3), weighted_kappa([*same, (0, 2)], 3)

    assert near.value > far.value > 0.7


@given(ranks)
def test_kappa_is_the_same_whoever_is_asked_first_and_lies_in_its_interval(pairs):
    one, other = weighted_kappa(pairs, 3), weighted_kappa([(b, a) for a, b in pairs], 3)

    assert (one is None) == (other is None)
    if one and other:
        assert one.value == pytest.approx(other.value)
        assert (one.low, one.high) == pytest.approx((other.low, other.high))
        assert -1 - 1e-9 <= one.low <= one.value + 1e-9
        assert one.value <= one.high + 1e-9 <= 1 + 2e-9


@given(st.lists(st.integers(0, 2), min_size=2, max_size=40))
def test_kappa_of_equal_levels_is_one_and_is_not_told_where_one_level_is_all_there_is(levels):
    found = weighted_kappa([(level, level) for level in levels], 3)

    if len(set(levels)) == 1:
        assert found is None
    else:
        assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1))


@pytest.mark.parametrize("pairs", [[], [(0, 2)]])
def test_one_work_tells_nothing_of_agreement(pairs):
    assert weighted_kappa(pairs, 3) is None


# Piles ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [  # the documented examples of scikit-learn's adjusted_rand_score
        ([0, 0, 1, 1], [0, 0, 1, 1], 1.0),
        ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),
        ([0, 0, 1, 2], [0, 0, 1, 1], 0.5714),
        ([0, 0, 1, 1], [0, 0, 1, 2], 0.5714),
        ([0, 0, 0, 0], [0, 1, 2, 3], 0.0),
        ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
    ],
)
def test_adjusted_rand_is_that_of_known_examples(one, other, value):
    assert adjusted_rand(list(zip(one, other, strict=True))) == pytest.approx(value, abs=1e-4)


@given(piles, st.permutations("abcd"))
def test_what_piles_are_called_and_who_is_asked_first_does_not_matter(pairs, names):
    renamed = dict(zip("abcd", names, strict=True))
    value = adjusted_rand(pairs)

    assert value == pytest.approx(adjusted_rand([(b, a) for a, b in pairs]))
    assert value == pytest.approx(adjusted_rand([(renamed[a], b) for a, b in pairs]))
    assert value <= 1 + 1e-9


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=40))
def test_the_same_piles_agree_fully_under_other_names(names):
    assert adjusted_rand([(name, name.upper()) for name in names]) == 1


def test_piles_are_matched_one_to_one_so_that_the_most_works_lie_together():
    lie = {"A": ("x", "u"), "B": ("x", "u"), "C": ("x", "v"), "D": ("x", "v"), "E": ("x", "v"), "F": ("y", "v")}
    lie |= {"G": ("y", "v"), "H": ("y", "v")}

    matches = match_piles(lie)

    assert [(match.one, match.other) for match in matches] == [("y", "v"), ("x", "u")]  # x with v would leave y alone
    assert matches[1].shared == ("A", "B")


def test_equal_names_settle_a_tie():
    lie = {"A": ("x", "x"), "B": ("x", "y"), "C": ("y", "x"), "D": ("y", "y")}

    assert [(match.one, match.other) for match in match_piles(lie)] == [("x", "x"), ("y", "y")]


# Both -------------------------------------------------------------------------------------------------


def test_the_works_to_talk_about_come_farthest_first():
    one = of(
        ["counts", "nothing"],
        Andrea=("counts", HIGH),
        Bo=("counts", HIGH),
        Cy=("nothing", LOW),
        Dara=("nothing", LOW),
        Eli=("nothing", MEDIUM),
    )
    other = of(
        ["particles", "void"],
        Andrea=("particles", HIGH),
        Bo=("void", LOW),
        Cy=("void", LOW),
        Dara=("void", MEDIUM),
        Eli=("particles", MEDIUM),
    )

    found = compare(one, other)

    assert [(split.alias, split.apart) for split in found.split] == [("Bo", 6), ("Dara", 2), ("Eli", 2)]
    assert found.split[0].one.level is HIGH
    assert found.split[0].other.pile == "void"
    assert [(match.one, match.other, len(match.shared)) for match in found.matches] == [
        ("nothing", "void", 2),
        ("counts", "particles", 1),
    ]


def test_what_only_one_has_sorted_or_set_aside_is_told_apart():
    one = of(["counts"], Andrea=("counts", HIGH), Bo=("counts", LOW), Cy=("counts", LOW))
    other = of(["counts", "pushes"], Andrea=("counts", HIGH), Dara=("pushes", LOW)).placed(
        "Bo", Placing(aside="illegible")
    )

    found = compare(one, other)

    assert found.works == ("Andrea",)
    assert found.aside == ("Bo",)
    assert found.missing == ("Cy", "Dara")
    assert (found.alone_one, found.alone_other) == ((), ("pushes",))
    assert (found.levels, found.piles) == (None, None)


def test_a_work_that_only_one_was_not_sure_of_is_worth_a_word_but_comes_last():
    one = of(["counts"], Andrea=("counts", HIGH), Bo=("counts", HIGH), Cy=("counts", LOW))
    other = of(["counts"], Bo=("counts", MEDIUM), Cy=("counts", LOW)).placed("Andrea", Placing(unsure=True, level=HIGH))

    assert [(split.alias, split.apart) for split in compare(one, other).split] == [("Bo", 2), ("Andrea", 1)]


@given(sortings, sortings)
def test_it_does_not_matter_who_comes_first(one, other):
    found, turned = compare(one, other), compare(other, one)

    assert (found.works, found.aside, found.missing) == (turned.works, turned.aside, turned.missing)
    assert found.piles == pytest.approx(turned.piles)
    assert sum(len(match.shared) for match in found.matches) == sum(len(match.shared) for match in turned.matches)


@given(sortings)
def test_a_sorting_agrees_with_itself(sorting):
    found = compare(sorting, sorting)

    assert (found.split, found.aside, found.missing) == ((), (), ())
    assert found.piles in {None, 1.0}
    assert found.levels is None or found.levels.value == pytest.approx(1)


def test_a_pile_that_both_have_is_not_said_to_be_one_teachers_alone():
    one = of(("Air is nothing", "counts"), Andrea=("Air is nothing", None), Bo=("counts", None))
    other = of(
        ("air is  NOTHING", "pushes"), Andrea=("pushes", None), Bo=("pushes", None), Dani=("air is  NOTHING", None)
    )

    found = compare(one, other)

    assert "Air is nothing" not in found.alone_one
    assert found.alone_other == ()


def test_piles_of_one_name_show_the_same_thinking_whatever_their_capitals_and_spaces():
    one = of(("Air pushes",), Andrea=("Air pushes", HIGH), Bo=("Air pushes", HIGH))
    other = of(("air  pushes",), Andrea=("air  pushes", HIGH), Bo=("air  pushes", HIGH))

    assert compare(one, other).split == ()
