"""A worker that hangs, dies or stumbles ends its own job with a sentence, and none outlives its parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mssw.errors import UnreadableError, UsageError
from mssw.files.workers import WorkerLostError, run_all, run_alone

LINUX = sys.platform.startswith("linux")


def work(what):
    """In a worker: one way to behave."""
    if what == "hang":
        time.sleep(600)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "swell":
        return len(bytearray(3 * 1024**3))
    if what == "stumble":
        raise ValueError("Ada Quill's page")
    if what == "refuse":
        raise UsageError("do it otherwise.")
    return what.upper()


def on_file(path, what):
    return f"{path.name}: {work(what)}"


def test_each_job_ends_in_its_own_way_and_none_takes_the_others_along():
    jobs = ["well", "hang", "die", "swell", "stumble", "refuse", "fine"]

    results = dict(run_all(work, jobs, workers=2, seconds=5, named=lambda job: f"{job}.pdf"))

    assert (results["well"], results["fine"]) == ("WELL", "FINE")
    assert isinstance(results["refuse"], UsageError)
    for job, said in (
        ("hang", "hang.pdf took too long to read"),
        ("die", "die.pdf cannot be read: it is damaged, or needs more memory than a scan does"),
        ("stumble", "mssw stumbled over stumble.pdf (ValueError at "),
        *((("swell", "swell.pdf cannot be read"),) if LINUX else ()),
    ):
        assert isinstance(results[job], UnreadableError)
        assert str(results[job]).startswith(said)
        assert "Quill" not in str(results[job])
    assert isinstance(results["hang"], WorkerLostError)
    assert not isinstance(results["stumble"], WorkerLostError)


@pytest.mark.parametrize("what", ["hang", "die"])
def test_a_file_that_a_worker_is_lost_over_is_named(what):
    with pytest.raises(WorkerLostError, match=r"^stack\.pdf (took too long|cannot be read)"):
        run_alone(on_file, Path("somewhere/stack.pdf"), what, seconds=1.5)


def test_no_jobs_need_no_worker():
    assert list(run_all(work, [])) == []


def test_leaving_early_ends_the_workers_at_once():
    for job, result in run_all(work, ["well", "hang", "hang"], workers=2, seconds=600):
        assert (job, result) == ("well", "WELL")
        break
    assert multiprocessing.active_children() == []


PARENT = """
from test_workers import work
from mssw.files.workers import run_all
if __name__ == "__main__":
    for _, result in run_all(work, ["well", "hang"], workers=1):
        print(result, flush=True)
"""


@pytest.mark.skipif(not LINUX, reason="counts processes in /proc")
def test_workers_die_with_a_parent_that_was_killed(tmp_path):
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    where = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
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


def alive(group):
    """The processes of a group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found
