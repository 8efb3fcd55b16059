"""A fictional department in one command: is the report right, are the others whole, does a killed run end the same?

    python tests/bench/department.py FOLDER                       20 classes of 28, killed ten times
    python tests/bench/department.py FOLDER --classes 6 --students 8 --kills 3 --workers 2 --fiction

Five layouts, three scanners, one class without a blank, one locked stack, one roster that is none, and one that is
another class's. `--fiction` takes the package's own handwriting, where the shared data is not there. Classes that are
there already are not made again. Exits 1 where something is not as it must be.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import openpyxl
import pikepdf
from speed import MSSW, run

from names import apart

KINDS = ("top-grey", "box-colour", "foot-bitonal", "split-grey", "none-grey")  # five layouts, three scanners
TONES = ("grey", "colour", "bitonal")
FATES = ("kept", "blank", "set aside", "held")


@dataclass(frozen=True)
class Cast:
    """The classes, and which of them is out of the common; names of classes that have no such part are empty."""

    names: tuple[str, ...]
    no_blank: str
    locked: str
    wrong_roster: str
    no_roster: str

    @classmethod
    def of(cls, count: int) -> Cast:
        """The odd ones come last, so that a small department has them too."""
        names = tuple(f"{5 + n // 10}{chr(ord('a') + n % 10)}" for n in range(count))
        return cls(names, *names[-4:])


@dataclass
class Ran:
    """One run of the whole department."""

    rows: dict[str, dict[str, object]]
    code: int
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    kills: int = 0
    wrong: list[str] = field(default_factory=list)


def make_real(place: Path, condition: str, seed: int, students: int) -> None:
    """A class in real ink."""
    from name_class import CONDITIONS, Condition, make_name_class  # noqa: PLC0415 - needs the shared data

    CONDITIONS["noblank-whole"] = Condition("top", blank=False)
    make_name_class(place, condition, seed=seed, students=students)


def make_fiction(place: Path, tone: str, seed: int, students: int) -> None:
    """A class in the package's own handwritings."""
    from mssw.core.page import Tone  # noqa: PLC0415
    from mssw.demo.classroom import make_class  # noqa: PLC0415

    make_class(place, seed=seed, students=students, tone=Tone(tone))


def make_department(folder: Path, cast: Cast, options: argparse.Namespace) -> None:
    """Make every class, each in its folder, and spoil the odd ones."""
    for number, name in enumerate(cast.names):
        place = folder / name
        if (place / "made").exists():
            continue
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        if options.fiction:
            apart(partial(make_fiction, place, TONES[number % 3], 600 + number, options.students))
        else:
            kind = "noblank-whole" if name == cast.no_blank else KINDS[number % len(KINDS)]
            apart(partial(make_real, place, kind, 600 + number, options.students))
        print(f"made {name}", file=sys.stderr)
        (place / "made").touch()
    if not (folder / "spoilt").exists():
        _spoil(folder, cast)
        (folder / "spoilt").touch()


def _spoil(folder: Path, cast: Cast) -> None:
    (folder / cast.no_blank / "task.pdf").unlink(missing_ok=True)
    with pikepdf.open(folder / cast.locked / "stack.pdf", allow_overwriting_input=True) as pdf:
        pdf.save(folder / cast.locked / "stack.pdf", encryption=pikepdf.Encryption(owner="owner", user="user"))
    (folder / cast.no_roster / "roster.csv").write_text("Name\nR0om 12\n", encoding="utf-8")
    shutil.copy(folder / cast.names[0] / "roster.csv", folder / cast.wrong_roster / "roster.csv")


def plan_for(folder: Path, cast: Cast, sets: str) -> Path:
    """The plan that `mssw batch --init` writes, with a seed, and with the pages of the class without a blank."""
    path = folder / f"plan-{sets}.toml"
    text = subprocess.run([*MSSW, "batch", "--init", folder, "--dry-run"], capture_output=True, text=True, check=True)
    plan = text.stdout.replace("[defaults]", f'sets = "{sets}"\n[defaults]\nseed = 7', 1)
    head = f"[class.{cast.no_blank}]"
    path.write_text(plan.replace(head, f"{head}\npages_per_student = 2"), encoding="utf-8")
    return path


def command_for(plan: Path, options: argparse.Namespace) -> list[str]:
    """The one command."""
    workers = ["--workers", str(options.workers)] if options.workers else []
    return [*MSSW, "batch", str(plan), "--json", "--quiet", *workers]


def undisturbed(plan: Path, options: argparse.Namespace) -> Ran:
    """Run it once from nothing."""
    out = plan.with_suffix(".jsonl")
    command = command_for(plan, options)
    wall, cpu, peak = run(["sh", "-c", '"$@" > "$0"', str(out), *command])
    rows = _rows(out.read_text(encoding="utf-8"))
    return Ran(rows, 0, wall, cpu, peak)


def _rows(text: str) -> dict[str, dict[str, object]]:
    return {row["class"]: row for row in map(json.loads, text.splitlines())}


def killed(plan: Path, options: argparse.Namespace, wall: float) -> Ran:
    """Run it, kill all of its processes at a random moment, so many times, then let it end."""
    draw = random.Random(options.seed)  # noqa: S311 - the same moments each time
    ran = Ran({}, 0)
    for _ in range(options.kills):
        with subprocess.Popen(
            command_for(plan, options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            try:
                process.wait(draw.uniform(0.2, 1.2) * wall / (options.kills + 1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                ran.kills += 1
    done = subprocess.run(command_for(plan, options), capture_output=True, text=True, check=False)
    ran.code, ran.rows = done.returncode, _rows(done.stdout)
    return ran


def leaves(work_set: Path) -> dict[str, str]:
    """What a class's set shares, and its key: each file's hash."""
    files = [path for path in (work_set / "shared").rglob("*") if path.is_file()] + [work_set / "private" / "key.xlsx"]
    return {str(path.relative_to(work_set)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def pages_of(folder: Path, name: str) -> int:
    """The pages in a class's stack."""
    with pikepdf.open(folder / name / "stack.pdf") as pdf:
        return len(pdf.pages)


def words_of(folder: Path, cast: Cast) -> set[str]:
    """Every name in the classes' rosters."""
    found: set[str] = set()
    for name in set(cast.names) - {cast.no_roster}:
        with (folder / name / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found |= {value for key, value in row.items() if "ame" in key and value and len(value) > 3}
    return found


def judged(folder: Path, cast: Cast, ran: Ran, sets: Path) -> list[str]:
    """What is not as it must be."""
    wrong = []
    fails = {cast.locked, cast.no_roster}
    for name in cast.names:
        row = ran.rows.get(name)
        if row is None:
            wrong.append(f"{name} has no line")
            continue
        if (row["state"] == "failed") != (name in fails):
            wrong.append(f"{name} is {row['state']}: {row['problems']}")
        if row["state"] == "failed":
            continue
        counts = row["pages"]
        if counts["scanned"] != pages_of(folder, name) or counts["scanned"] != sum(counts[fate] for fate in FATES):
            wrong.append(f"{name}: the pages do not add up: {counts}")
        if bool(row["problems"]) != (name == cast.wrong_roster):
            wrong.append(f"{name}: {row['problems'] or 'nothing told of its wrong roster'}")
        audit = subprocess.run([*MSSW, "audit", sets / name], capture_output=True, text=True, check=False)
        if audit.returncode:
            wrong.append(f"{name}: the audit ends with {audit.returncode}")
    book = openpyxl.load_workbook(sets / "report.xlsx")
    told = json.dumps(list(ran.rows.values()), ensure_ascii=False)
    told += " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
    wrong += [f"the report holds {word}" for word in words_of(folder, cast) if word in told]
    return wrong


def print_table(ran: Ran) -> None:
    """A line for each class."""
    heads = ("class", "state", "pages", "works", "released", "held", "matched", "named", "flagged", "seconds")
    print(("{:>10}" * len(heads)).format(*heads))
    for row in sorted(ran.rows.values(), key=lambda row: str(row["class"])):
        cells = [row["class"], row["state"], row["pages"].get("scanned", 0), row["works"], row["released"], row["held"]]
        cells += [row["matched"], row["named"], row["flagged"], row["seconds"]]
        print(("{:>10}" * len(cells)).format(*(str(cell) for cell in cells)))


def main() -> int:
    """Reads the options, makes the classes, runs them, prints what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--classes", type=int, default=20, help="5 or more")
    parser.add_argument("--students", type=int, default=28, help="of each; 8 or more")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which it is killed")
    parser.add_argument("--fiction", action="store_true", help="the package's own handwriting and one layout")
    parser.add_argument("--make-only", action="store_true")
    options = parser.parse_args()
    cast = Cast.of(options.classes)
    make_department(options.folder, cast, options)
    if options.make_only:
        return 0
    for sets in ("whole", "killed"):
        shutil.rmtree(options.folder / sets, ignore_errors=True)
    whole = undisturbed(plan_for(options.folder, cast, "whole"), options)
    print_table(whole)
    pages = sum(row["pages"].get("scanned", 0) for row in whole.rows.values())
    print(f"{pages} pages: {pages / whole.wall:.2f} a second, {whole.cpu / pages:.2f} CPU-s each, ", end="")
    print(f"{whole.wall:.0f} s in all, peak {whole.peak / 2**20:.0f} MB")
    wrong = judged(options.folder, cast, whole, options.folder / "whole")
    if options.kills:
        again = killed(plan_for(options.folder, cast, "killed"), options, whole.wall)
        print(f"killed {again.kills} of {options.kills} times and run again: it ends with {again.code}")
        wrong += [] if again.code == 1 else [f"the run after the kills ends with {again.code}"]
        for name in set(cast.names) - {cast.locked, cast.no_roster}:
            if leaves(options.folder / "whole" / name) != leaves(options.folder / "killed" / name):
                wrong.append(f"{name}: other bytes after the kills")
    print("\n".join(wrong) if wrong else "all as it must be")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
