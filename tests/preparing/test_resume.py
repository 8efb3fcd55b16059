"""Stopped or killed at any moment, the next run goes on and ends with the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mssw.department.run_batch import _forget_pages_on_hold
from mssw.errors import ExitCode
from mssw.workers import Crew
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import read_state
from mssw.workset.sightings import receipt_of
from support.commands import copied, mssw
from support.jobs import alive
from support.prepared_class import ROSTER, TASK, everything, later, leaves, run
from support.remembered import helpers

pytestmark = [pytest.mark.pages, pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills groups of processes")]

MOMENTS = ("pages", "key", "work")  # the first page is looked at, the key stands, the first work is written

# Runs `mssw`, and signals its whole group of processes at one of those moments: no watcher could be too late.
SIGNALLED = """
import os, signal, sys
sys.path[:0] = sys.argv.pop(1).split(":")
from functools import partial
from unittest.mock import patch
from mssw.cli import main
from mssw.workers import run_all
from mssw.preparing import aliases, prepare_options
from support.remembered import remembering
memory = sys.argv.pop(1)
moment, sign = sys.argv[1], int(sys.argv[2])
write = aliases.write_bytes
def run_with_signal(work, jobs, **options):
    for result in run_all(work, jobs, **options):
        if {"find_names": "pages", "write_response": "work"}.get(work.__name__) == moment:
            os.killpg(0, sign)
        yield result
def write_with_signal(*args, **options):
    write(*args, **options)
    if moment == "key":
        os.killpg(0, sign)
sys.argv = ["mssw", *sys.argv[3:]]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test that runs in the background inherits none
options = partial(prepare_options.PrepareOptions, run_pages=run_with_signal)
with (
    patch.object(aliases, "write_bytes", write_with_signal),
    patch.object(prepare_options, "PrepareOptions", options),
    remembering(memory),
):
    main()
"""


def prepare(stack, place):
    return ("prepare", stack, "--task", TASK, "--roster", ROSTER, "--seed", 7, "--workers", 2, "--into", place)


def signalled(memory, moment, sign, words):
    """A run in a group of its own that is sent a signal at that moment: its number, its exit code, what it said."""
    with subprocess.Popen(
        [sys.executable, "-c", SIGNALLED, helpers(), str(memory), moment, str(int(sign)), *map(str, words)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        _, said = process.communicate(timeout=120)
    return process.pid, process.returncode, said


def test_killed_three_times_it_ends_on_another_day_with_the_same_bytes_as_undisturbed(small_class, tmp_path, memory):
    place, stack = tmp_path / "set", small_class.parent / "stack.pdf"
    for moment in MOMENTS:
        assert signalled(memory, moment, signal.SIGKILL, prepare(stack, place))[1] == -signal.SIGKILL
    (place / "shared" / ".writing-manifest").write_bytes(b"half")
    (place / "shared" / "work" / ".writing-pdf").write_bytes(b"half")

    assert run(*prepare(stack, place), "--quiet", env=later()).returncode == ExitCode.FINDINGS

    assert leaves(place) == leaves(small_class)
    assert list(place.rglob(".writing-*")) == []
    assert mssw("audit", place) == ExitCode.DONE


def test_stopped_by_hand_it_says_so_ends_with_130_and_leaves_no_process(small_class, tmp_path, memory):
    place = tmp_path / "set"
    group, code, said = signalled(memory, "pages", signal.SIGINT, prepare(small_class.parent / "stack.pdf", place))

    assert (code, said) == (
        ExitCode.INTERRUPTED,
        "mssw: stopped. Your work so far is saved. Run the same command again to continue.\n",
    )
    until = time.monotonic() + 60
    while sys.platform.startswith("linux") and alive(group):
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


def test_a_run_with_nothing_to_do_starts_no_worker(small_class, tmp_path, monkeypatch):
    place = copied(small_class, tmp_path / "set")

    def none(_):
        raise AssertionError("a worker was started")

    monkeypatch.setattr(Crew, "_new", none)
    assert mssw("prepare", "--into", place, "--quiet") == ExitCode.FINDINGS

    assert leaves(place) == leaves(small_class)


def test_what_the_audit_refused_is_refused_again_without_being_covered_again(small_class, tmp_path):
    place = copied(small_class, tmp_path / "set")
    target = next((place / "shared" / "work").glob("*.pdf"))
    receipt = place / "private" / "work" / f"{target.stem}.json"
    kept = json.loads(receipt.read_text(encoding="utf-8"))
    refused = {"recipe": kept["recipe"], "findings": ["a name can still be read at the top, on the left (page 1)"]}
    receipt.write_text(json.dumps(refused), encoding="utf-8")

    assert mssw("prepare", "--into", place, "--quiet") == ExitCode.FINDINGS
    assert not target.exists()

    receipt.write_text(json.dumps(refused | {"recipe": "of another cover"}), encoding="utf-8")
    assert mssw("prepare", "--into", place, "--quiet") == ExitCode.FINDINGS
    assert leaves(place) == leaves(small_class)


def test_another_look_at_what_is_held_forgets_what_the_audit_said_of_it(small_class, tmp_path):
    workset = WorkSet(copied(small_class, tmp_path / "set"))
    held = next(work.alias for work in read_state(workset).works if work.held)
    other = next(work.alias for work in read_state(workset).works if not work.held)
    receipt_of(workset, held).write_text("{}", encoding="utf-8")

    _forget_pages_on_hold(workset)

    assert not receipt_of(workset, held).exists()
    assert receipt_of(workset, other).exists()
