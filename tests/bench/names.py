"""The names' benchmark: classes whose answers name classmates, prepared as a teacher would, in one table.

    python tests/bench/names.py FOLDER [--seeds 1 2] [--only top-grey top-phone] [--cover likely] [--pictures]

A class that is there already is not made again. Each is prepared from nothing and once more for the second run's
time, then scored. Exits 1 when a goal is missed. Boxes in the findings are pixels of the blank at 200 dpi.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from essay_class import make_essays
from name_class import CONDITIONS, make_name_class
from names_table import NameScore, print_names, row_of, summed
from score_essays import EssayScorer
from score_names import NameScorer

T = TypeVar("T")
FINE = (0, 1)  # done, and done with pages held


@dataclass(frozen=True)
class Run:
    """One command: its exit code, CPU seconds and wall seconds, and MB of its largest process."""

    code: int
    cpu: float
    wall: float
    memory: float


def measured(command: list[str], log: Path) -> Run:
    """Runs a command and waits for it and its children; their use of the machine is the system's own account."""
    start = time.perf_counter()
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        _, status, use = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(process.returncode, use.ru_utime + use.ru_stime, time.perf_counter() - start, use.ru_maxrss / 1024)


def command_for(made: Path, condition: str, work_set: Path, cover: str) -> list[str]:
    """`mssw prepare` as a teacher would write it."""
    kind = CONDITIONS[condition]
    command = [sys.executable, "-m", "mssw", "prepare", str(made / ("stack" if kind.phone else "stack.pdf"))]
    if not kind.essays:
        command += ["--task", str(made / "task.pdf")] if kind.blank else ["--pages-per-student", pages_each(made)]
    command += ["--roster", str(made / "roster.csv"), "--into", str(work_set), "--no-input"]
    return command if cover == "sure" else [*command, "--cover", cover]


def pages_each(made: Path) -> str:
    """How many pages each student of a class handed in."""
    return str(json.loads((made / "truth.json").read_text(encoding="utf-8"))["task_pages"])


def apart(do: Callable[..., T], *told: object) -> T:
    """Does it in a process of its own: a command started from here counts the memory of this process as its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(do, *told).result()


def _scored(made: Path, work_set: Path, pictures: Path | None, cover: str) -> NameScore:
    if json.loads((made / "truth.json").read_text(encoding="utf-8"))["condition"] == "essays":
        return EssayScorer(made, work_set, pictures).run()
    return NameScorer(made, work_set, pictures, likely=cover == "likely").run()


def score_condition(made: Path, condition: str, options: argparse.Namespace) -> NameScore:
    """Prepares one class twice and scores it."""
    work_set = made / ("set" if options.cover == "sure" else f"set-{options.cover}")
    command = command_for(made, condition, work_set, options.cover)
    first = again = Run(0, 0.0, 0.0, 0.0)
    if options.score_only:
        if not (work_set / "private" / "state.json").exists():
            return NameScore(findings=[f"account: {work_set} is not there"])
    else:
        shutil.rmtree(work_set, ignore_errors=True)
        first = apart(measured, command, made / "prepare.log")
        if first.code in FINE:
            again = apart(measured, command, made / "again.log")
    for run, log in ((first, "prepare.log"), (again, "again.log")):
        if run.code not in FINE:
            score = NameScore(findings=[f"account: prepare ended with {run.code}; see {made / log}"])
            break
    else:
        pictures = made / "pictures" if options.pictures else None
        if pictures:
            shutil.rmtree(pictures, ignore_errors=True)
        score = apart(_scored, made, work_set, pictures, options.cover)
    score.cpu, score.wall, score.memory, score.again = first.cpu, first.wall, first.memory, again.cpu
    return score


def main() -> int:
    """Reads the options, runs every condition, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", nargs="+", choices=list(CONDITIONS), default=list(CONDITIONS), metavar="CONDITION")
    parser.add_argument("--students", type=int, default=14, help="in a class; at least 8")
    parser.add_argument("--cover", choices=["sure", "likely"], default="sure")
    parser.add_argument("--no-make", action="store_true", help="leave out what is not made yet")
    parser.add_argument("--make-only", action="store_true", help="make the classes and stop")
    parser.add_argument("--score-only", action="store_true", help="score the sets that are there")
    parser.add_argument("--pictures", action="store_true", help="crops of every failure, beside each class")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    scores: dict[str, NameScore] = {}
    for seed in args.seeds:
        for condition in args.only:
            made = args.folder / f"{condition}-{seed}"
            if not (made / "truth.json").exists():
                if args.no_make:
                    continue
                make = make_essays if CONDITIONS[condition].essays else partial(make_name_class, condition=condition)
                apart(partial(make, made, seed=seed, students=args.students))
            if not args.make_only:
                scores[made.name] = score_condition(made, condition, args)
                print(*row_of(made.name, scores[made.name]), sep="  ", file=sys.stderr)
    return report(scores, as_json=args.json)


def report(scores: dict[str, NameScore], *, as_json: bool) -> int:
    """Prints the table, the goals and the findings; the exit code."""
    total = summed(list(scores.values()))
    if as_json:
        print(json.dumps({title: score.as_json() for title, score in {**scores, "all": total}.items()}, indent=1))
    elif scores:
        print_names([row_of(title, score) for title, score in {**scores, "all": total}.items()])
        for title, score in {**scores, "all": total}.items():
            print(f"{title}: " + ("; ".join(score.missed) if score.missed else "all goals met"))
            for finding in score.findings:
                print("   -", finding)
    return 1 if any(score.missed for score in scores.values()) or (scores and total.missed) else 0


if __name__ == "__main__":
    sys.exit(main())
