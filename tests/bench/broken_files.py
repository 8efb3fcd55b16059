"""Give mssw every file of a folder as a scan, one at a time, and count what becomes of them.

    python tests/bench/broken_files.py FOLDER             check each (`prepare --dry-run`)
    python tests/bench/broken_files.py FOLDER --pages     decode up to ten pages of each in a worker, as `prepare` does
    python tests/bench/broken_files.py FOLDER --whole     prepare each as a class of its own, which takes longer

Meant for folders of broken files, such as the public test files of PDF and image libraries: fetch them for the run, and
do not commit them. Prints how many files were read and how many pages they have; how many were refused, by exit code;
how many ended in a fault of ours or took too long; and the largest process. Faults and hangs are listed by file. Exit
code 1 if there is one. A worker that a file ends, or that has to be stopped, is a clean refusal, and is counted apart:
`prepare` says so and goes on, with that page on hold.

Goal: no fault, no hang, at most 1 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `support` is beside this folder

LIMIT = 300  # seconds for a file
MOST_PAGES = 10
LISTED = ("fault", "hang", "refused: the worker was stopped")
STUMBLED = "stumbled over"  # what mssw says of a fault of its own in a worker
GOAL_MB = 1024
REFUSALS = {2: "usage", 3: "unreadable", 4: "a step is missing", 5: "would overwrite"}

_MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True, errors="replace")
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([done.returncode, done.stdout, done.stderr, peak]))
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Attributes:
        kind: `read`, `refused: …`, `fault` or `hang`.
        pages: that were counted in it.
        megabytes: of the largest process.
    """

    kind: str
    pages: int = 0
    megabytes: int = 0


def try_file(path: Path, *, whole: bool) -> Outcome:
    """Give one file to `mssw prepare`."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["prepare", str(path), "--pages-per-student", "1", "--into", f"{folder}/set", "--no-input", "--json"]
        command = [sys.executable, "-m", "mssw", *words, *([] if whole else ["--dry-run"])]
        env = {**os.environ, "MSSW_LOG": ""}
        try:
            done = subprocess.run(
                [sys.executable, "-c", _MEASURED, *command],
                capture_output=True, text=True, timeout=LIMIT, check=True, env=env,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Outcome("hang")
    code, out, err, peak = json.loads(done.stdout)
    if STUMBLED in out + err:
        return Outcome("fault", 0, peak)
    if code in (0, 1):
        return Outcome("read", _count_pages(out), peak)
    is_sentence = err.count("mssw: ") == 1 and "Traceback" not in err
    if code in REFUSALS and is_sentence:
        return Outcome(f"refused: {REFUSALS[code]}", 0, peak)
    return Outcome("fault", 0, peak)


def decode_files(files: list[Path]) -> Iterator[tuple[Path, Outcome]]:
    """Decode the files in workers of ours, with the limits that they always have."""
    import resource  # noqa: PLC0415 - there is none on Windows

    from mssw.workers import PAGE_SECONDS, WorkerLostError, run_all  # noqa: PLC0415 - the other ways need none of it
    from support.jobs import decode  # noqa: PLC0415

    work = partial(decode, most=MOST_PAGES)
    for path, result in run_all(work, files, workers=2, seconds=2 * PAGE_SECONDS, named=lambda path: path.name):
        if isinstance(result, int):
            yield path, Outcome("read", result)
        elif isinstance(result, WorkerLostError):
            yield path, Outcome("refused: the worker was stopped")
        else:
            yield path, Outcome("fault" if STUMBLED in str(result) else "refused: unreadable")
    yield files[0].parent, Outcome("", 0, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)


def _count_pages(out: str) -> int:
    try:
        report = json.loads(out)
    except ValueError:
        return 0
    counts = report.get("files") or report.get("pages") or {}  # of a dry run, and of a whole one
    return sum(value for value in counts.values() if isinstance(value, int))


def main() -> int:
    """Try all files and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    how = asked.add_mutually_exclusive_group()
    how.add_argument("--whole", action="store_true")
    how.add_argument("--pages", action="store_true")
    given = asked.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file())
    outcomes: list[Outcome] = []
    tried = decode_files(files) if given.pages else ((path, try_file(path, whole=given.whole)) for path in files)
    for path, outcome in tried:
        outcomes.append(outcome)
        if outcome.kind in LISTED:
            sys.stdout.write(f"{outcome.kind}: {path}\n")
            sys.stdout.flush()
    kinds = Counter(one.kind for one in outcomes if one.kind)
    peak = max((one.megabytes for one in outcomes), default=0)
    pages = sum(one.pages for one in outcomes)
    sys.stdout.write(f"{len(files)} files, {pages} pages in, largest process {peak} MB (goal {GOAL_MB})\n")
    sys.stdout.write("".join(f"{count:6} {kind}\n" for kind, count in kinds.most_common()))
    return int(kinds["fault"] + kinds["hang"] > 0 or peak > GOAL_MB)


if __name__ == "__main__":
    sys.exit(main())
