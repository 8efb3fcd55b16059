from __future__ import annotations

import doctest
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.kit import session as module
from mssw.kit.kit_words import FIVE, KITS, read_session, read_shared_words
from mssw.kit.session import Clock, Role, Setting, change_minutes, parse_clock, time_agenda
from mssw.printing.print_words import read_words

US = read_words("en-US")

SESSIONS = {kit: read_session(kit) for kit in KITS}


def test_examples_in_the_words():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("kit", KITS)
def test_the_steps_add_up_to_the_total(kit):
    assert SESSIONS[kit].minutes == SESSIONS[kit].total


@pytest.mark.parametrize("kit", FIVE)
def test_the_five_sessions_take_two_hours_with_all_three_roles(kit):
    assert SESSIONS[kit].total == 120
    assert {role for step in SESSIONS[kit].steps for role in step.roles()} == set(Role)


def test_session_b_keeps_the_published_times():
    steps = {step.number: step for step in SESSIONS["B"].steps}
    assert [(part.setting, part.minutes) for part in steps[5].parts] == [(Setting.TOGETHER, 1), (Setting.ALONE, 4)]
    assert (steps[6].minutes, steps[8].minutes) == (15, 39)
    assert [part.setting for part in steps[6].parts] == [Setting.GROUPS]
    assert (steps[8].parts[0].setting, steps[8].parts[0].minutes) == (Setting.TOGETHER, 15)
    [watch] = [cue.text for cue in time_agenda(SESSIONS["B"], US)[5].parts[0].cues if cue.role is Role.TIMEKEEPER]
    assert "1 minute is left" in watch


@pytest.mark.parametrize("kit", KITS)
def test_every_part_says_what_people_do(kit):
    assert [step.title for step in SESSIONS[kit].steps if not all(part.does for part in step.parts)] == []


def test_what_kits_share_is_complete():
    shared = read_shared_words()
    assert (len(shared.marks), len(shared.reflection)) == (7, 6)
    assert all(shared.roles[role] for role in Role)
    assert shared.norms
    assert shared.evidence


@given(st.integers(0, 24 * 60 - 1), st.sampled_from([kit for kit in KITS if SESSIONS[kit].steps]))
def test_each_part_begins_when_the_one_before_ends(minute, kit):
    timed = time_agenda(SESSIONS[kit], US, Clock(minute, 24))
    parts = [part for step in timed for part in step.parts]
    assert all(a.ends == b.begins for a, b in itertools.pairwise(parts))
    assert parts[0].begins == str(Clock(minute, 24))
    assert parts[-1].ends == str(Clock(minute, 24).after(SESSIONS[kit].total)) == timed[-1].ends


def test_without_a_start_times_count_from_the_beginning():
    timed = time_agenda(SESSIONS["B"], US)
    assert (timed[0].begins, timed[-1].ends) == ("0:00", "2:00")
    assert "Give the group 4 minutes." in timed[0].parts[0].cues[-1].text


def test_steps_and_parts_of_no_minutes_are_left_out_and_numbers_stay():
    timed = time_agenda(change_minutes(SESSIONS["B"], {2: (0,), 8: (20, 0, 19)}, 116), US)
    assert [step.number for step in timed] == [1, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert [part.minutes for part in timed[6].parts] == [20, 19]
    assert timed[-1].ends == "1:56"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("15:30", "15:30"),
        ("9:05", "9:05"),
        ("3:30pm", "3:30 pm"),
        ("3.30 p.m.", "3:30 pm"),
        ("12 am", "12:00 am"),
        ("12:15 PM", "12:15 pm"),
        ("15h30", "15:30"),
        ("8", "8:00"),
    ],
)
def test_times_of_day_are_understood_and_printed_in_their_own_way(said, shown):
    assert str(parse_clock(said)) == shown


@pytest.mark.parametrize("said", ["", "25:00", "15:60", "half past three", "13 pm", "0 am", "1530", "-1:00"])
def test_what_is_no_time_of_day_is_refused(said):
    with pytest.raises(ValueError, match="not a time of day"):
        parse_clock(said)
