"""Give mssw every file of a folder as a scan, one at a time, and count what becomes of them.

    python tests/bench/broken_files.py FOLDER             check each (`prepare --dry-run`)
    python tests/bench/broken_files.py FOLDER --whole     prepare each as a class of its own, which takes longer

Meant for folders of broken files, such as the public test files of PDF and image libraries: fetch them for the run, and
do not commit them. Prints how many files were read and how many pages they have; how many were refused, by exit code;
how many ended in a fault of ours or took too long; and the largest process. Faults and hangs are listed by file. Exit
code 1 if there is one.

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
from dataclasses import dataclass
from pathlib import Path

LIMIT = 300  # seconds for a file
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
    if code in (0, 1):
        return Outcome("read", _count_pages(out), peak)
    is_sentence = err.count("mssw: ") == 1 and "Traceback" not in err
    if code in REFUSALS and is_sentence:
        return Outcome(f"refused: {REFUSALS[code]}", 0, peak)
    return Outcome("fault", 0, peak)


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
    asked.add_argument("--whole", action="store_true")
    given = asked.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file())
    outcomes = {}
    for path in files:
        outcomes[path] = try_file(path, whole=given.whole)
        if outcomes[path].kind in ("fault", "hang"):
            sys.stdout.write(f"{outcomes[path].kind}: {path}\n")
            sys.stdout.flush()
    kinds = Counter(one.kind for one in outcomes.values())
    peak = max((one.megabytes for one in outcomes.values()), default=0)
    pages = sum(one.pages for one in outcomes.values())
    sys.stdout.write(f"{len(files)} files, {pages} pages in, largest process {peak} MB (goal {GOAL_MB})\n")
    sys.stdout.write("".join(f"{count:6} {kind}\n" for kind, count in kinds.most_common()))
    return int(kinds["fault"] + kinds["hang"] > 0 or peak > GOAL_MB)


if __name__ == "__main__":
    sys.exit(main())
