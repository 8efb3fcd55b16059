"""Stopped or killed at any moment, the next run goes on and ends with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from commands import copied, mssw
from mssw.errors import ExitCode
from prepared_class import ROSTER, TASK, command, everything, later, leaves, run
from test_workers import alive

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills groups of processes")

MOMENTS = {  # what stands in the set when the run is killed
    "some pages": "private/pages/*.json",
    "the key": "private/key.xlsx",
    "some work": "shared/work/*.pdf",
}


def prepare(stack, place):
    return ("prepare", stack, "--task", TASK, "--roster", ROSTER, "--seed", 7, "--workers", 2, "--into", place)


def ended(process, sign):
    """Send a signal to all processes of a run and wait for it."""
    os.killpg(process.pid, sign)
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def started(words, place, moment):
    """A run that has come to that moment, in a group of its own."""
    process = subprocess.Popen(
        command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 60
    while not any(place.glob(moment)) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    return process


def test_killed_three_times_it_ends_on_another_day_with_the_same_bytes_as_undisturbed(small_class, tmp_path):
    place, stack = tmp_path / "set", small_class.parent / "stack.pdf"
    for moment in MOMENTS.values():
        with started(prepare(stack, place), place, moment) as process:
            assert ended(process, signal.SIGKILL)[0] == -signal.SIGKILL
    (place / "shared" / ".writing-manifest").write_bytes(b"half")
    (place / "shared" / "work" / ".writing-pdf").write_bytes(b"half")

    assert run(*prepare(stack, place), "--quiet", env=later()).returncode == ExitCode.FINDINGS

    assert leaves(place) == leaves(small_class)
    assert list(place.rglob(".writing-*")) == []
    assert mssw("audit", place) == ExitCode.DONE


def test_stopped_by_hand_it_says_so_ends_with_130_and_leaves_no_process(small_class, tmp_path):
    place = tmp_path / "set"
    with started(prepare(small_class.parent / "stack.pdf", place), place, MOMENTS["some pages"]) as process:
        code, said = ended(process, signal.SIGINT)

    assert (code, said) == (
        ExitCode.INTERRUPTED,
        "mssw: stopped. What was done is kept; run the same command again to go on.\n",
    )
    until = time.monotonic() + 5
    while sys.platform.startswith("linux") and alive(process.pid):
        assert time.monotonic() < until, "a worker lives on"
        time.sleep(0.05)
    assert list((place / "private" / "pages").glob("*.json"))


def test_the_same_command_again_changes_nothing(small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    before = everything(place)
    times = {path: path.stat().st_mtime_ns for path in place.rglob("*.pdf")}

    assert mssw(*prepare(small_class.parent / "stack.pdf", place), "--quiet") == ExitCode.FINDINGS

    assert everything(place) == before
    kept = {path for path, changed in times.items() if path.stat().st_mtime_ns == changed}
    assert {path.parent.name for path in kept} >= {"work", "stack", "task"}


def test_the_key_too_is_the_same_on_another_day(small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    (place / "private" / "key.xlsx").unlink()

    assert run("prepare", "--into", place, "--quiet", env=later()).returncode == ExitCode.FINDINGS

    assert leaves(place) == leaves(small_class)


def test_a_page_image_or_receipt_that_went_missing_is_made_anew(small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    next((place / "private" / "pages").glob("*.jpg")).unlink()
    next((place / "private" / "work").glob("*.json")).unlink()
    next((place / "shared" / "work").glob("*.pdf")).write_bytes(b"not what was written")

    assert mssw("prepare", "--into", place, "--quiet") == ExitCode.FINDINGS

    assert leaves(place) == leaves(small_class)
