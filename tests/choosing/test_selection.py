"""Which works are chosen: what is always seen, how good the choice is, and what is said of it."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.choosing.selection import (
    Candidate,
    explain_choice,
    find_nearest,
    find_swaps,
    find_unseen,
    measure_balance,
    select_samples,
)
from mssw.printing.print_words import read_words
from mssw.sorting.piles import Level
from support.examples import examples

ENGLISH = read_words("en-US")
HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW
MOST_LOCKS = 4
SHARE = 0.99
"""Of the best value that is possible, this much is promised of the one that is found; in tests it is all of it."""


@st.composite
def classes(draw, most=14, piles=5, sources=("",)):
    works = []
    for number in range(draw(st.integers(1, most))):
        locked = draw(st.integers(0, 11)) == 0 and sum(work.locked for work in works) < MOST_LOCKS
        works.append(
            Candidate(
                f"W{number}",
                f"pile {draw(st.integers(1, piles))}",
                draw(st.sampled_from(list(Level))),
                draw(st.sampled_from(sources)),
                (draw(st.integers(0, 900)) / 10, draw(st.integers(0, 900)) / 10),
                locked=locked,
                banned=not locked and draw(st.integers(0, 11)) == 0,
                shown_lately=draw(st.integers(0, 4)) == 0,
            )
        )
    return works


def best_by_brute_force(works, count):
    """What can be seen at most, piles and sets first, and the highest value among such choices: all are tried."""
    locked = [work for work in works if work.locked]
    free = [work for work in works if not (work.locked or work.banned)]
    room = min(count, len(locked) + len(free)) - len(locked)
    bins = {tuple(sorted(Counter(work.bin for work in some).items(), key=repr)): some for some in combos(free, room)}
    return max((*seen([*locked, *some]), round(measure_balance([*locked, *some]), 9)) for some in bins.values())


def combos(works, count):
    return itertools.combinations(works, count)


def seen(works):
    """How many piles and sets some works show, and how many levels."""
    return len({work.pile for work in works}) + len({work.source for work in works}), len({w.level for w in works})


# The choice -------------------------------------------------------------------------------------------


@given(classes(most=11), st.integers(3, 7))
def test_the_choice_is_as_good_as_the_best_of_all_choices(works, count):
    count = max(count, sum(work.locked for work in works))
    chosen = select_samples(works, count)
    *most_seen, best = best_by_brute_force(works, count)

    assert seen(chosen) == tuple(most_seen)
    assert measure_balance(chosen) >= SHARE * best - 1e-6
    assert measure_balance(chosen) == pytest.approx(best)


@given(classes(most=10, piles=3, sources=("5b", "5c")), st.integers(4, 7))
def test_the_choice_out_of_two_sets_is_as_good_as_the_best(works, count):
    count = max(count, sum(work.locked for work in works))
    chosen = select_samples(works, count)

    assert (*seen(chosen), measure_balance(chosen)) == pytest.approx(best_by_brute_force(works, count))


@given(classes(most=40, piles=9), st.integers(9, 12))
@examples(25)
def test_every_pile_and_level_is_seen_locks_are_in_and_bans_are_out(works, count):
    chosen = select_samples(works, count)
    free = [work for work in works if not work.banned]

    assert len(chosen) == len(set(chosen)) == min(count, len(free))
    assert {work for work in works if work.locked} <= set(chosen)
    assert not any(work.banned for work in chosen)
    if not any(work.locked for work in works):
        assert {work.pile for work in free} <= {work.pile for work in chosen}
        assert {one.pile for one in free} & set(find_unseen(free, chosen)) == set()
        if len({work.pile for work in free}) + 2 <= count:
            assert find_unseen(free, chosen) == ()


@given(st.integers(1, 11), st.integers(20, 40))
@examples(15)
def test_the_only_work_of_a_pile_is_chosen_however_many_think_otherwise(rare, many):
    works = [Candidate(f"M{n}", "common", list(Level)[n % 3]) for n in range(many)]
    works += [Candidate(f"R{n}", f"rare {n}", LOW) for n in range(rare)]

    chosen = select_samples(works, 12)

    assert {work.pile for work in works} == {work.pile for work in chosen}


@pytest.mark.pages
@given(classes(most=30), st.randoms(use_true_random=False))
@examples(15)
def test_the_order_and_the_alphabet_of_aliases_do_not_matter_to_what_is_shown(works, chance):
    renamed = [replace(work, id=f"{chance.random()}") for work in works]

    def shape(chosen):
        return Counter(work.bin for work in chosen)

    assert shape(select_samples(works, 9 + 2)) == shape(select_samples(renamed, 11))
    assert select_samples(works, 11) == select_samples(list(works), 11)


@given(classes(most=30))
@examples(25)
def test_works_shown_lately_step_back_where_another_of_their_cell_can_stand_for_them(works):
    chosen = select_samples(works, 10)

    for cell in {work.cell for work in works}:
        free = [work for work in works if work.cell == cell and not work.banned]
        taken = [work for work in chosen if work.cell == cell and not work.locked]
        waiting = [work for work in free if work not in chosen and not work.shown_lately]
        if waiting:
            assert not any(work.shown_lately for work in taken)


def test_in_a_cell_the_typical_work_comes_first_and_then_the_most_different():
    works = [Candidate(f"W{n}", "one", HIGH, written=(float(ink),)) for n, ink in enumerate([100, 110, 120, 130, 900])]

    assert [work.written[0] for work in select_samples(works, 2)] == [120, 900]


def test_works_without_a_level_or_a_pile_can_be_chosen_too():
    works = [Candidate("A", "one"), Candidate("B", "", HIGH), Candidate("C", locked=True), Candidate("D", "one", LOW)]

    assert {work.id for work in select_samples(works, 3)} == {"B", "C", "D"}


def test_more_locks_than_samples_are_refused():
    with pytest.raises(ValueError, match="more responses are locked"):
        select_samples([Candidate(f"W{n}", "one", HIGH, locked=True) for n in range(10)], 9)


# What is said of it -----------------------------------------------------------------------------------


@given(classes(most=30, sources=("", "5c")))
@examples(30)
def test_a_safe_swap_loses_no_pile_level_cell_or_set_and_no_locked_work(works):
    chosen = select_samples(works, 12)
    for work in works:
        for out in find_swaps(work, chosen) if work not in chosen else ():
            after = [*(one for one in chosen if one is not out), work]
            assert {one.cell for one in chosen} <= {one.cell for one in after}
            assert {one.source for one in chosen} <= {one.source for one in after}
            assert not out.locked
            assert not work.banned


def test_the_nearest_sample_is_of_the_same_pile_then_of_the_next_level_then_alike_in_ink():
    work = Candidate("W", "one", HIGH, written=(100.0,))
    chosen = [
        Candidate("other pile", "two", HIGH, written=(100.0,)),
        Candidate("far level", "one", LOW, written=(100.0,)),
        Candidate("next level", "one", MEDIUM, written=(400.0,)),
        Candidate("next level, alike", "one", MEDIUM, written=(120.0,)),
    ]

    order = []
    while chosen:
        order.append(find_nearest(work, chosen).id)
        chosen = [one for one in chosen if one.id != order[-1]]
    assert order == ["next level, alike", "next level", "far level", "other pile"]


@pytest.mark.pages
@given(classes(most=30))
@examples(30)
def test_every_sample_has_a_reason_of_one_sentence(works):
    chosen = select_samples(works, 12)
    told = explain_choice(chosen, works, ENGLISH)

    assert set(told) == {work.id for work in chosen}
    assert all(reason.endswith((".", ").")) and reason.count(". ") == 0 for reason in told.values())


def test_reasons_say_what_is_true(snapshot):
    inks = [100, 110, 120, 130, 900]
    works = [Candidate(f"Typical{n}", "air is nothing", LOW, written=(float(ink),)) for n, ink in enumerate(inks)]
    works += [
        Candidate("Only", "heat makes it lighter", MEDIUM, written=(50.0,)),
        Candidate("Rarelevel", "counts particles", HIGH, written=(50.0,)),
        Candidate("Cell", "counts particles", MEDIUM, written=(50.0,)),
        Candidate("Wanted", "counts particles", LOW, written=(50.0,), locked=True),
        Candidate("Unsorted", locked=True),
        Candidate("Unsure", "not sure", MEDIUM),
    ]
    told = explain_choice(select_samples(works, 9), works, ENGLISH)

    assert "\n".join(f"{id_}: {reason}" for id_, reason in told.items()) == snapshot


@pytest.mark.parametrize("measured", [True, False])
def test_samples_of_one_cell_have_different_reasons(measured):
    works = [Candidate(f"A{n}", "air", Level.HIGH, written=(10.0 * n,) if measured else ()) for n in range(1, 6)]
    for count in (3, 5):
        chosen = select_samples(works, count)
        told = explain_choice(chosen, works, ENGLISH)
        if measured or count < len(works):
            assert len(set(told.values())) == len(chosen), told


def test_what_could_be_replaced_begins_with_the_nearest():
    chosen = [
        Candidate("far", "air", Level.LOW),
        Candidate("near", "air", Level.HIGH),
        Candidate("near2", "air", Level.HIGH),
    ]
    chosen += [Candidate("other", "counts", Level.LOW), Candidate("other2", "counts", Level.HIGH)]

    swaps = find_swaps(Candidate("new", "air", Level.HIGH), chosen)

    assert {one.id for one in swaps[:2]} == {"near", "near2"}
