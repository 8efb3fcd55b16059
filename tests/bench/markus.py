"""Real scans: every page of the shared exam gets its right task page and turn; odds and evens interleave.

    python tests/bench/markus.py FOLDER

The truth below was read by eye off the pages: each carries its number in its foot and beside its code.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

EXAM = Path(__file__).resolve().parents[3] / "shared" / "data" / "markus"
BLANK = "midterm1-v2-test.pdf"
STRAIGHT = [(page, 0) for page in range(1, 7)]

# For each file, in the order of its pages: the task page, and the degrees clockwise that stand it upright.
TRUTH = {
    "midterm_scan_100.pdf": [(1, 0), (2, 0), (4, 0), (3, 0), (5, 0), (6, 0)],
    "midterm_scan_101.pdf": [(5, 0), (6, 0), (1, 0), (2, 0), (3, 180), (4, 180)],
    "midterm_scan_102.pdf": STRAIGHT,
    "midterm_scan_103.pdf": STRAIGHT,
    "midterm_scan_104.pdf": STRAIGHT,
    "midterm_scan_104_odds.pdf": [(1, 0), (3, 0), (5, 0)],
    "midterm_scan_104_evens.pdf": [(2, 0), (4, 0), (6, 0)],
    BLANK: STRAIGHT,  # the printed exam itself, as a scan without a fault
}


def prepare(stacks: list[str], into: Path) -> dict:
    """Runs the command and reads what it saw of each page; nothing seen where it failed."""
    shutil.rmtree(into, ignore_errors=True)
    command = [sys.executable, "-m", "mssw", "prepare", *stacks]
    command += ["--task", str(EXAM / BLANK), "--into", str(into), "--no-input"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        print(f"prepare ended with {done.returncode}: {done.stderr[-400:]}")
        return {"pages": [], "works": []}
    return json.loads((into / "private" / "state.json").read_text(encoding="utf-8"))


def check_pages(file: str, state: dict) -> list[str]:
    """What is wrong with the pages of one file."""
    wrong = []
    seen = {page["number"]: page for page in state["pages"]}
    for number, (task_page, turn) in enumerate(TRUTH[file], 1):
        page = seen.get(number)
        if page is None:
            wrong.append(f"{file}, page {number}: lost")
        elif (page["task_page"], page["turn"]) != (task_page, turn):
            got = f"task page {page['task_page']} turned by {page['turn']}"
            wrong.append(f"{file}, page {number}: {got}, not {task_page} turned by {turn}")
        elif not page["fate"]:
            wrong.append(f"{file}, page {number}: no fate")
    if len(state["pages"]) != len(TRUTH[file]):
        wrong.append(f"{file}: {len(state['pages'])} pages instead of {len(TRUTH[file])}")
    return wrong


def check_interleaved(state: dict) -> list[str]:
    """Whether fronts and backs came together as one work of six pages in order."""
    page_of = {page["id"]: page["task_page"] for page in state["pages"]}
    works = [[page_of[name] for name in work["pages"]] for work in state["works"]]
    return [] if works == [[1, 2, 3, 4, 5, 6]] else [f"odds and evens became works of task pages {works}"]


def main() -> int:
    """Prepares each file alone, then odds and evens together, and prints what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not EXAM.is_dir():
        sys.exit(f"the shared data is not there: {EXAM}")
    wrong: list[str] = []
    for file in TRUTH:
        wrong += check_pages(file, prepare([str(EXAM / file)], folder / file.removesuffix(".pdf")))
    odds_evens = [str(EXAM / f"midterm_scan_104_{half}.pdf") for half in ("odds", "evens")]
    wrong += check_interleaved(prepare(["--fronts-backs", *odds_evens], folder / "fronts-backs"))
    pages = sum(len(truth) for truth in TRUTH.values())
    for line in wrong:
        print(line)
    print(f"{pages} pages, {len(wrong)} findings; odds and evens looked at as fronts and backs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
