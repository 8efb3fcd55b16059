"""Several pages of the task on one scan: each is a page of its own, or all wait; nobody's page is cut off."""

from __future__ import annotations

import pytest

from mssw.core.response import TWO_ON_A_SCAN, Leaf, group_by_task


def leaves_on(*scans, writers=None):
    """Pages of the task, as they lie on scans: each scan's pages as ``41`` for page 4 beside page 1."""
    return [
        Leaf(
            f"s01-p{number:04d}-{part}",
            int(page),
            f"a3.pdf, page {number}, part {part}",
            scan=f"s01-p{number:04d}",
            writer=writers[number - 1][part - 1] if writers else None,
        )
        for number, pages in enumerate(scans, 1)
        for part, page in enumerate(pages, 1)
    ]


def grouped(*scans, size, writers=None):
    leaves = leaves_on(*scans, writers=writers)
    return group_by_task(leaves, range(1, size + 1))[0]


def shown(response):
    return " ".join(f"{int(page[5:9])}.{page[10:]}" for page in response.pages)


def test_two_students_one_page_task_side_by_side_are_two_responses():
    assert [shown(one) for one in grouped("11", "11", size=1)] == ["1.1", "1.2", "2.1", "2.2"]


def test_the_two_pages_of_one_student_side_by_side_are_one_response():
    responses = grouped("12", "12", size=2)

    assert [shown(one) for one in responses] == ["1.1 1.2", "2.1 2.2"]
    assert all(one.released for one in responses)


@pytest.mark.parametrize(("scans", "size"), [(["41", "23"], 4), (["81", "27", "63", "45"], 8)])
def test_a_booklet_is_put_in_order(scans, size):
    responses = grouped(*scans, *scans, size=size)

    assert len(responses) == 2
    assert all(one.released for one in responses)


def test_a_booklet_that_lost_a_scan_releases_nothing_of_two_students():
    for lost in range(4):
        scans = ["41", "23", "41", "23"]
        del scans[lost]
        for response in grouped(*scans, size=4):
            assert len({(int(page[5:9]) + (lost < int(page[5:9])) - 1) // 2 for page in response.pages}) == 1 or (
                response.held
            )


def test_two_students_fronts_on_one_scan_and_backs_on_the_next_wait_for_a_person():
    for backs in ("22", "2"):
        responses = grouped("11", backs, "11", "22", size=2)

        assert not any(one.released for one in responses)
        assert any(TWO_ON_A_SCAN in one.held for one in responses)


def test_two_students_with_names_on_every_page_are_put_together():
    responses = grouped("11", "22", "11", "22", size=2, writers=[(0, 1), (1, 0), (2, 3), (3, 2)])

    assert [shown(one) for one in responses] == ["1.1 2.2", "1.2 2.1", "3.1 4.2", "3.2 4.1"]
    assert all(one.released for one in responses)
