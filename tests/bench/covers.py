"""The covers' benchmark: makes real-ink classes, runs `mssw prepare` on each, prints one table with totals.

    python tests/bench/covers.py FOLDER [--seeds 1 2] [--only top-grey box-colour] [--pictures]

A class that is there already is not made again, so that code can be tuned against the same pages. Exits 1 when
a goal is missed in any class.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from real_class import make_class
from score_covers import Scorer
from score_table import SetScore, print_table, table_row

LAYOUTS = ("top", "box", "split")
TONES = ("grey", "colour", "bitonal")
SUMS = tuple(name for name, value in SetScore().__dict__.items() if isinstance(value, int))
FINE = (0, 1)  # done, and done with pages held


def prepare(made: Path, work_set: Path) -> int:
    """Runs the command as a teacher would, from nothing; its exit code."""
    shutil.rmtree(work_set, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "mssw",
        "prepare",
        str(made / "stack.pdf"),
        "--task",
        str(made / "task.pdf"),
    ]
    command += ["--roster", str(made / "roster.csv"), "--into", str(work_set), "--no-input"]
    with (made / "prepare.log").open("w", encoding="utf-8") as log:
        return subprocess.run(command, stdout=log, stderr=log, check=False).returncode


def score_class(folder: Path, layout: str, tone: str, seed: int, *, pictures: bool) -> SetScore:
    """Makes one class unless it is there, prepares and scores it."""
    made = folder / f"{layout}-{tone}-{seed}"
    if not (made / "truth.json").exists():
        make_class(made, layout=layout, tone=tone, seed=seed)
    code = prepare(made, made / "set")
    if code not in FINE:
        return SetScore(findings=[f"account: prepare ended with {code}; see {made / 'prepare.log'}"])
    if pictures:
        shutil.rmtree(made / "pictures", ignore_errors=True)
    return Scorer(made, made / "set", made / "pictures" if pictures else None).run()


def total(scores: list[SetScore]) -> SetScore:
    """All classes as one."""
    whole = SetScore(worst_drift=max(score.worst_drift for score in scores))
    for name in SUMS:
        setattr(whole, name, sum(getattr(score, name) for score in scores))
    return whole


def main() -> int:
    """Reads the options, runs every class, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--only", nargs="+", help="classes such as top-grey; foot-grey is a fourth layout")
    parser.add_argument("--pictures", action="store_true", help="crops of every failure, beside each class")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    kinds = args.only or [f"{layout}-{tone}" for layout in LAYOUTS for tone in TONES]
    scores = {}
    for seed in args.seeds:
        for kind in kinds:
            layout, tone = kind.split("-")
            scores[f"{kind}-{seed}"] = score_class(args.folder, layout, tone, seed, pictures=args.pictures)
            print(*table_row(f"{kind}-{seed}", scores[f"{kind}-{seed}"]), sep="  ", file=sys.stderr)
    if args.json:
        print(json.dumps({title: score.as_json() for title, score in scores.items()}, indent=1))
    else:
        rows = [table_row(title, score) for title, score in scores.items()]
        print_table([*rows, table_row("all", total(list(scores.values())))])
        for title, score in scores.items():
            print(f"{title}: " + ("; ".join(score.missed) if score.missed else "all goals met"))
            for finding in score.findings:
                print("   -", finding)
    return 1 if any(score.missed for score in scores.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
