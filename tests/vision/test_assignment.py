"""Who wrote which work: only what is beyond doubt is believed, and the class is solved at once."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mssw.vision.assignment import MARGIN, OPEN, combine_pages, find_clear_student, has_two_names, match_names

NONE = np.inf
FAR = 2.5


def students(costs, said=None):
    return [found.student for found in match_names(np.array(costs, float), said)]


def test_a_clear_name_is_matched_and_tells_its_margin():
    [anna, boris] = match_names(np.array([[0.1, FAR], [FAR, 0.4]]))

    assert (anna.student, boris.student) == (0, 1)
    assert anna.margin == pytest.approx(OPEN - 0.1)
    assert boris.margin == pytest.approx(OPEN - 0.4)
    assert (anna.guesses, boris.guesses) == ((0,), (1,))


def test_a_name_that_reads_like_nobody_stays_open():
    assert students([[OPEN + 0.1, FAR]]) == [None]


def test_a_name_at_the_edge_of_what_is_legible_stays_open():
    assert students([[OPEN - MARGIN + 0.01, FAR]]) == [None]
    assert students([[OPEN - MARGIN - 0.01, FAR]]) == [0]


def test_a_name_that_is_near_two_students_stays_open_with_both_as_guesses():
    [found] = match_names(np.array([[FAR, 0.2, 0.3]]))

    assert found.student is None
    assert found.margin == pytest.approx(0.1)
    assert found.guesses == (1, 2)


def test_two_works_that_say_one_name_are_both_left_open():
    assert students([[0.1, FAR], [0.15, FAR]]) == [None, None]


def test_of_two_works_that_say_one_name_the_clearly_better_one_is_matched():
    assert students([[0.1, FAR], [0.9, FAR]]) == [0, None]


def test_the_worse_of_two_works_is_not_given_to_whoever_is_left():
    assert students([[0.1, FAR], [0.5, 1.0]]) == [0, None]


def test_a_first_name_alone_is_settled_by_the_work_that_has_the_last_name_too():
    garcia_in_full, only_maria = [0.1, 0.7], [0.1, 0.1]

    assert students([garcia_in_full, only_maria]) == [0, 1]


def test_a_first_name_alone_stays_open_while_the_other_work_is_not_there():
    assert students([[0.1, 0.1]]) == [None]
    assert students([[0.1, 0.1], [0.1, 0.1]]) == [None, None]


def test_what_a_teacher_said_settles_the_other_of_two_students_of_one_name():
    assert students([[0.1, 0.1], [0.12, 0.12]], {0: 1}) == [1, 0]


def test_a_work_that_a_teacher_left_open_is_not_matched():
    assert students([[0.1, FAR], [FAR, 0.1]], {0: None}) == [None, 1]


def test_a_student_whom_the_teacher_gave_a_work_gets_no_other_and_nobody_else_does_in_her_stead():
    assert students([[FAR, FAR, FAR], [0.1, 0.5, FAR]], {0: 0}) == [0, None]


def test_a_work_without_evidence_has_no_guesses():
    [found] = match_names(np.full((1, 3), NONE))

    assert (found.student, found.margin, found.guesses) == (None, 0.0, ())


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (3, 0), (1, 1)])
def test_the_smallest_classes_are_no_trouble(shape):
    assert students(np.full(shape, FAR)) == [None] * shape[0]


def test_one_page_says_what_it_says():
    assert combine_pages(np.array([[0.3, FAR]])).tolist() == [0.3, FAR]
    assert combine_pages(np.zeros((0, 2))).tolist() == [NONE, NONE]
    assert combine_pages(np.array([[NONE, NONE], [0.3, FAR]])).tolist() == [0.3, FAR]


def test_of_two_pages_the_one_that_reads_well_counts_more():
    clear, scrawl = [0.05, 2.0], [1.4, 1.2]

    row = combine_pages(np.array([clear, scrawl]))

    assert row[0] < 0.4
    assert find_clear_student(row) == 0


def test_a_last_name_on_one_page_tells_what_the_other_leaves_open():
    assert find_clear_student(combine_pages(np.array([[0.1, 0.1], [0.1, 0.8]]))) == 0


def test_pages_that_say_two_students_leave_their_work_open():
    pages = np.array([[0.05, FAR, FAR], [FAR, 0.4, FAR]])

    assert has_two_names(pages)
    assert students([combine_pages(pages)]) == [None]
    assert not has_two_names(np.array([[0.05, FAR], [1.4, 1.3]]))


COSTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(1, 5)),
    elements=st.one_of(st.floats(0, 2.5).map(lambda cost: round(cost, 2)), st.just(NONE)),
)


@given(COSTS)
def test_no_student_gets_two_works_and_no_match_is_below_the_margin(costs):
    found = match_names(costs)

    given_to = [one.student for one in found if one.student is not None]
    assert len(given_to) == len(set(given_to))
    assert all(one.margin >= MARGIN for one in found if one.student is not None)
    assert all(costs[one.response, one.student] <= OPEN - MARGIN for one in found if one.student is not None)
    assert [one.response for one in found] == list(range(len(costs)))


@given(COSTS, st.randoms(use_true_random=False))
def test_the_order_of_works_and_students_changes_no_match(costs, random):
    works, people = list(range(costs.shape[0])), list(range(costs.shape[1]))
    random.shuffle(works)
    random.shuffle(people)

    straight = match_names(costs)
    mixed = match_names(costs[np.ix_(works, people)])

    assert [None if one.student is None else people[one.student] for one in mixed] == [
        straight[work].student for work in works
    ]
    assert [one.margin for one in mixed] == pytest.approx([straight[work].margin for work in works])


@given(COSTS)
def test_forbidding_a_match_makes_the_cheapest_assignment_dearer_by_its_margin_or_more(costs):
    best = cheapest(costs)

    for one in match_names(costs):
        if one.student is not None:
            forbidden = costs.copy()
            forbidden[one.response, one.student] = NONE
            assert cheapest(forbidden) - best >= one.margin - 1e-6


def cheapest(costs):
    """The cost of the best assignment, by trying all of them: each work to a student of its own, or open."""
    works, people = costs.shape
    table = np.hstack([np.minimum(costs, OPEN), np.full((works, works), OPEN)])
    places = [*range(people), *range(people, people + works)]
    # all open columns cost the same, so only which works have a student matters
    return min(
        (
            sum(table[work, place] for work, place in enumerate(chosen))
            for chosen in permutations(places[: max(people, works)], works)
        ),
        default=0.0,
    )


def test_a_legible_class_is_matched_and_hardly_ever_wrongly():
    matched = wrong = legible = works = 0
    for seed in range(60):
        costs, truth = fictional_costs(np.random.default_rng(seed))
        for one, student in zip(match_names(costs), truth, strict=True):
            works += 1
            is_right = one.student == student and student is not None
            wrong += one.student is not None and not is_right
            if student is not None and costs[one.response, student] <= 0.5 and truth.count(student) == 1:
                legible += 1
                matched += is_right
    assert works > 1500
    assert matched >= 0.95 * legible
    assert wrong <= 0.005 * works


def fictional_costs(rng, size=28):
    """Costs of a class: most names legible, some hard; some students away, one stranger, now and then a double."""
    truth = [student for student in range(size) if rng.random() > 0.08]
    truth += [int(rng.integers(size))] * int(rng.random() < 0.2) + [None] * int(rng.random() < 0.3)
    rng.shuffle(truth)
    costs = rng.normal(2.6, 0.5, (len(truth), size)).clip(0.9, FAR)
    for work, student in enumerate(truth):
        if student is not None:
            costs[work, student] = rng.gamma(1.5, 0.12) if rng.random() < 0.85 else rng.uniform(0.5, 1.4)
            if student % 9 == 1:  # a classmate has a first name that is nearly the same
                costs[work, student - 1] = costs[work, student] + rng.uniform(0.3, 0.6)
    return costs, truth


@pytest.mark.pages
def test_two_thousand_works_find_their_two_thousand_students():
    rng = np.random.default_rng(5)
    costs = rng.gamma(8, 0.4, (2000, 2000)) + 0.3
    costs[np.arange(2000), np.arange(2000)] = rng.gamma(1.5, 0.2, 2000)

    found = match_names(costs)

    assert sum(one.student == one.response for one in found) >= 0.95 * 2000
    assert sum(one.student not in {None, one.response} for one in found) <= 0.005 * 2000
