"""Cuts stacks out of the example class, runs `mssw` in a process of its own, and compares what it wrote."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pikepdf

from support.project import EXAMPLE

STACK, TASK, ROSTER = EXAMPLE / "stack.pdf", EXAMPLE / "task.pdf", EXAMPLE / "roster.csv"
ONE_SENTENCE = "mssw: "

_MEASURED = """
import json, resource, subprocess, sys, time
start = time.monotonic()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([done.returncode, done.stdout, done.stderr, peak, time.monotonic() - start]))
"""


def cut(place, numbers, source=STACK):
    """A PDF of these pages (from 1) of a stack."""
    with pikepdf.open(source) as stack, pikepdf.new() as out:
        for number in numbers:
            out.pages.append(stack.pages[number - 1])
        out.save(place)
    return place


def command(*words):
    """The command line that runs `mssw` with this Python."""
    return [sys.executable, "-m", "mssw", *map(str, words)]


def run(*words, **options):
    """`mssw` in a process of its own; gives what `subprocess.run` does."""
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, timeout=120, **options)


def measured(*words):
    """Exit code, what it said, the largest process in megabytes, and seconds."""
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command(*words)], capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(said.stdout)


def later(**changes):
    """The environment of another day and place, as far as a process is told of it."""
    return {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "SOURCE_DATE_EPOCH": "4000000000",
        "PYTHONHASHSEED": "77",
        **changes,
    }


def leaves(workset):
    """What others see and the key: each file's hash by its path."""
    files = [path for path in (workset / "shared").rglob("*") if path.is_file()]
    files += [workset / "private" / "key.xlsx"]
    return {path.relative_to(workset).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def everything(folder):
    """Every file below a folder with its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def state(workset):
    return json.loads((workset / "private" / "state.json").read_text(encoding="utf-8"))


def manifest(workset):
    return json.loads((workset / "shared" / "manifest.json").read_text(encoding="utf-8"))


def fates(workset):
    """The fate of each page by its number in the stack."""
    return {page["number"]: page["fate"] for page in state(workset)["pages"]}
