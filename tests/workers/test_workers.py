"""A worker that hangs, dies or stumbles ends its own job with a sentence, and none outlives its parent."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mssw.errors import UnreadableError, UsageError
from mssw.workers import Crew, WorkerLostError, run_all, run_alone, share_crew
from support.jobs import alive, on_file, work
from support.project import ROOT

LINUX = sys.platform.startswith("linux")


def test_each_job_ends_in_its_own_way_and_none_takes_the_others_along():
    jobs = ["well", "spin", "die", "swell", "stumble", "refuse", "fine"]

    results = dict(run_all(work, jobs, workers=2, seconds=1, named=lambda job: f"{job}.pdf"))

    assert (results["well"], results["fine"]) == ("WELL", "FINE")
    assert isinstance(results["refuse"], UsageError)
    for job, said in (
        ("spin", "spin.pdf took too long to read"),
        ("die", "die.pdf cannot be read: it is damaged, or needs more memory than a scan does"),
        ("stumble", "mssw stumbled over stumble.pdf (ValueError at "),
        *((("swell", "swell.pdf cannot be read"),) if LINUX else ()),
    ):
        assert isinstance(results[job], UnreadableError)
        assert str(results[job]).startswith(said)
        assert "Quill" not in str(results[job])
    assert isinstance(results["spin"], WorkerLostError)
    assert not isinstance(results["stumble"], WorkerLostError)


@pytest.mark.parametrize("what", ["hang", "spin", "die"])
def test_a_file_that_a_worker_is_lost_over_is_named(what):
    with pytest.raises(WorkerLostError, match=r"^stack\.pdf (took too long|could not be read in time|cannot be read)"):
        run_alone(on_file, Path("somewhere/stack.pdf"), what, seconds=0.1)


@pytest.mark.skipif(not LINUX, reason="Windows cannot tell how long a process used the processor")
def test_a_page_that_waits_while_others_use_the_processor_is_not_given_up():
    assert run_alone(on_file, Path("stack.pdf"), "wait", seconds=1) == "stack.pdf: WAIT"


def test_no_jobs_need_no_worker():
    assert list(run_all(work, [])) == []


def test_leaving_early_ends_the_workers_at_once():
    before = multiprocessing.active_children()  # other tests' workers, which stay
    for job, result in run_all(work, ["well", "hang", "hang"], workers=2, seconds=600):
        assert (job, result) == ("well", "WELL")
        break
    assert set(multiprocessing.active_children()) == set(before)


PARENT = """
from support.jobs import work
from mssw.workers import run_all
if __name__ == "__main__":
    for _, result in run_all(work, ["well", "hang"], workers=1):
        print(result, flush=True)
"""


@pytest.mark.skipif(not LINUX, reason="counts processes in /proc")
def test_workers_die_with_a_parent_that_was_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    where = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    with subprocess.Popen(
        [sys.executable, tmp_path / "parent.py"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=where,
        start_new_session=True,
    ) as parent:  # fmt: skip
        assert parent.stdout.readline() == b"WELL\n"
        assert len(alive(parent.pid)) >= 2
        parent.kill()
    until = time.monotonic() + 60
    while alive(parent.pid) and time.monotonic() < until:
        time.sleep(0.05)

    assert alive(parent.pid) == []


def test_a_crew_that_is_stopped_lets_go_of_all_who_wait_for_it():
    told = []

    def waits(crew, jobs):
        with share_crew(crew):
            try:
                told.extend(run_all(work, jobs, seconds=600))
            except KeyboardInterrupt:
                told.append("stopped")

    with Crew(1) as crew:
        waiting = [threading.Thread(target=waits, args=(crew, jobs)) for jobs in (["well", "hang"], ["hang", "fine"])]
        for one in waiting:
            one.start()
        until = time.monotonic() + 60
        while not told and time.monotonic() < until:
            time.sleep(0.02)
        crew.stop()
        for one in waiting:
            one.join(60)

    assert told == [("well", "WELL"), "stopped", "stopped"]
    with pytest.raises(KeyboardInterrupt):
        crew.give(work, "well", seconds=1)


def test_one_crew_serves_several_at_a_time_and_a_dead_worker_is_its_own_jobs_loss_alone():
    results = {}

    def asks(crew, name, jobs):
        with share_crew(crew):
            results[name] = dict(run_all(work, jobs))

    with Crew(2) as crew:
        asking = [
            threading.Thread(target=asks, args=(crew, name, jobs))
            for name, jobs in (("a", ["well", "die"]), ("b", ["fine", "stumble"]))
        ]
        for one in asking:
            one.start()
        for one in asking:
            one.join(60)

    assert (results["a"]["well"], results["b"]["fine"]) == ("WELL", "FINE")
    assert isinstance(results["a"]["die"], WorkerLostError)
    assert isinstance(results["b"]["stumble"], UnreadableError)
