"""Kill `prepare`, `review`, `packet` and `batch` at random moments, and look at what is left.

    python tests/bench/kills.py --kills 200
    python tests/bench/kills.py --kills 20 --only packet --seed 3

The class is tiny: two responses of two pages, out of the example class. Each kill is SIGKILL to a command and all its
workers, at a moment that chance chooses between its start and its end. After each:

- the set opens, or is not there yet;
- each file in `shared/` is, byte for byte, one that an undisturbed run has there, before or after; what is half written
  is the beginning of such a file; and the audit has nothing to say that it does not say of those runs;
- the same command, run again, ends with the same code and the same bytes in `shared/` and in the key, but for the seal
  in the manifest: it names each version of the decisions that there was, also one that was made twice.

Prints a line for each command, and a line for each kill after which something was not so; then it ends with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `support` is beside this folder

from mssw.auditing.run_audit import audit_path
from mssw.errors import MsswError
from mssw.set_status import read_status
from mssw.workset.folder import PART, WorkSet
from mssw.workset.prepared_state import read_state
from support.prepared_class import ROSTER, TASK, command, cut, leaves

PAGES = {"one": (5, 6), "two": (9, 10)}
QUIET = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}
HARMLESS = (  # a command that is killed may leave these, and each command that comes next knows of them
    "the manifest does not name this file",
    "but it is not there",
    "`mssw prepare` applies it",
)
BEFORE_THE_MANIFEST = (  # it is written last, and nothing is printed or shared without it
    "the manifest is missing or damaged; run `mssw prepare` again",
    "no response in this set has this alias, so its covers cannot be checked",
)
COVER = "0.1,0.5,0.2,0.05"


@dataclass
class Trial:
    """A command and what an undisturbed run makes of it.

    Attributes:
        base: the folder that it begins with.
        words: the command; ``DIR`` stands for the copy of that folder.
        sets: the sets in the folder, by their names below it.
        code: how it ends.
        seconds: that it takes.
        after: what is in each set afterwards.
        allowed: the bytes that may be in `shared/` at any time.
        findings: what the audit says of it in any case.
    """

    base: Path
    words: tuple[str, ...]
    sets: tuple[str, ...]
    code: int = 0
    seconds: float = 0.0
    after: dict[str, dict[str, str]] = field(default_factory=dict)
    allowed: list[bytes] = field(default_factory=list)
    findings: set[str] = field(default_factory=set)


def run(words: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command on a folder."""
    filled = [word.replace("DIR", str(folder)) for word in words]
    return subprocess.run(
        command(*filled), capture_output=True, text=True, check=False, env={**os.environ, **QUIET}, cwd=folder.parent
    )


def make_trials(root: Path) -> dict[str, Trial]:
    """The classes, and each command once without a kill."""
    empty, prepared, department = root / "empty", root / "prepared", root / "department"
    for folder in (empty, department):
        folder.mkdir()
    cut(root / "stack.pdf", [page for pages in PAGES.values() for page in pages])
    how = ("--task", str(TASK), "--roster", str(ROSTER), "--seed", "7", "--workers", "1", "--quiet")
    prepare = ("prepare", str(root / "stack.pdf"), *how, "--into", "DIR/set")
    run(prepare, empty)
    shutil.move(empty, prepared)
    empty.mkdir()
    alias = min(one.alias for one in read_state(WorkSet(prepared / "set")).works)
    lines = [f'[defaults]\ntask = "{TASK}"\nroster = "{ROSTER}"\nseed = 7\n']
    for name, pages in PAGES.items():
        cut(root / f"{name}.pdf", pages)
        packet = "{ unreviewed = true, without_held = true }"
        lines.append(f'[class.{name}]\nstack = "{root / name}.pdf"\npacket = {packet}\n')
    (department / "plan.toml").write_text("\n".join(lines), encoding="utf-8")
    packet = ("packet", "DIR/set", "--unreviewed", "--without-held", "--copies", "2", "--quiet")
    batch = ("batch", "DIR/plan.toml", "--workers", "1", "--quiet")
    return {
        "prepare": Trial(empty, prepare, ("set",)),
        "review": Trial(prepared, ("review", "DIR/set", "--cover", f"{alias}:1:{COVER}", "--quiet"), ("set",)),
        "packet": Trial(prepared, packet, ("set",)),
        "batch": Trial(department, batch, tuple(f"sets/{name}" for name in PAGES)),
    }


def run_whole(trial: Trial, place: Path) -> None:
    """Run a command without a kill, and keep what it makes."""
    shutil.copytree(trial.base, place)
    for name in trial.sets:
        keep_allowed(trial, place / name)
    begun = time.monotonic()
    done = run(trial.words, place)
    trial.seconds, trial.code = time.monotonic() - begun, done.returncode
    if trial.code not in (0, 1):
        raise SystemExit(f"{trial.words[0]} ended with {trial.code}: {done.stderr}")
    for name in trial.sets:
        keep_allowed(trial, place / name)
        trial.after[name] = read_end(place / name)


def read_end(folder: Path) -> dict[str, str]:
    """What must be the same after each run of a command."""
    found = leaves(folder)
    manifest = json.loads((folder / "shared" / "manifest.json").read_text(encoding="utf-8"))
    found["shared/manifest.json"] = json.dumps({key: value for key, value in manifest.items() if key != "seal"})
    return found


def keep_allowed(trial: Trial, folder: Path) -> None:
    """Note what is in `shared/`, and what the audit says of it."""
    if not (folder / "shared").is_dir():
        return
    trial.allowed += [path.read_bytes() for path in (folder / "shared").rglob("*") if path.is_file()]
    trial.findings |= {str(one) for one in audit_path(folder).findings}


def find_faults(trial: Trial, folder: Path) -> Iterator[str]:
    """What is wrong with a set after a kill."""
    shared = folder / "shared"
    for path in shared.rglob("*") if shared.is_dir() else ():
        data = path.read_bytes() if path.is_file() and path.name != "manifest.json" else b""
        whole = not path.name.startswith(PART)
        if data and not any(data == one if whole else one.startswith(data) for one in trial.allowed):
            yield f"{path.relative_to(folder)} is neither of before nor of after"
    if not (folder / "set.toml").is_file():
        return  # there is no set yet, and the next run makes it
    try:
        read_status(WorkSet(folder))
        found = {str(one) for one in audit_path(folder).findings} - trial.findings
    except MsswError as error:
        yield f"it does not open: {error}"
        return
    harmless = HARMLESS if (shared / "manifest.json").exists() else (*HARMLESS, *BEFORE_THE_MANIFEST)
    yield from (one for one in found if not one.endswith(harmless) and PART not in one)


def kill_once(trial: Trial, place: Path, wait: float) -> tuple[bool, list[str]]:
    """Kill the command after so many seconds, look, and run it again; whether it still ran, and what was wrong."""
    shutil.copytree(trial.base, place)
    filled = [word.replace("DIR", str(place)) for word in trial.words]
    process = subprocess.Popen(
        command(*filled), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, **QUIET}, cwd=place.parent,
    )  # fmt: skip
    try:
        process.wait(wait)
        ran = False
    except subprocess.TimeoutExpired:
        ran = True
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    faults = [fault for name in trial.sets for fault in find_faults(trial, place / name)]
    again = run(trial.words, place)
    if again.returncode != trial.code:
        faults.append(f"run again, it ended with {again.returncode}: {again.stderr.strip()}")
    else:
        for name in trial.sets:
            now, then = read_end(place / name), trial.after[name]
            faults += [f"{name}: {file} has other bytes" for file in now | then if now.get(file) != then.get(file)]
    shutil.rmtree(place)
    return ran, faults


def main() -> int:
    """Kill as often as asked for, each command in turn."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--only", choices=["prepare", "review", "packet", "batch"])
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    chance = random.Random(given.seed)  # noqa: S311 - moments, not secrets
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        trials = make_trials(root)
        trials = {one: trial for one, trial in trials.items() if given.only in (None, one)}
        for one, trial in trials.items():
            run_whole(trial, root / f"whole-{one}")
            sys.stdout.write(f"{one}: {trial.seconds:.1f} s without a kill, ends with {trial.code}\n")
            sys.stdout.flush()
        killed, wrong = dict.fromkeys(trials, 0), dict.fromkeys(trials, 0)
        tried = 0
        while sum(killed.values()) < given.kills:
            one = list(trials)[tried % len(trials)]
            tried += 1
            ran, faults = kill_once(trials[one], root / "place", chance.uniform(0, trials[one].seconds))
            if not ran:
                trials[one].seconds *= 0.8  # the computer has less to do than before
            killed[one] += ran
            wrong[one] += bool(faults)
            sys.stdout.write("".join(f"  {one}, try {tried}: {fault}\n" for fault in faults))
            if tried % 20 == 0 or sum(killed.values()) >= given.kills:
                counts = ", ".join(f"{one} {killed[one]} ({wrong[one]} wrong)" for one in trials)
                sys.stdout.write(f"killed {sum(killed.values())} of {tried}: {counts}\n")
            sys.stdout.flush()
    return int(any(wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
