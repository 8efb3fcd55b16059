"""Try inputs that nobody thought of, for as long as you like, led by what code they reach.

    pip install atheris
    python tests/bench/fuzz.py roster --minutes 30
    python tests/bench/fuzz.py all --minutes 30
    python tests/bench/fuzz.py --list

    python tests/bench/fuzz.py --replay FILE state

Each target runs in a process of its own for so many minutes of the processor's time, which is longer by the clock on a
computer that has other work; a fault ends the process, and the next one goes on with
what is left of the time. Prints how many inputs were tried, and each that ends in a fault of ours when it is tried once
more: keep it small and make a test of it in `tests/attack/test_fuzz.py`. One that does so only after many others, as
when a library has used up the memory, is counted apart: a worker of mssw is replaced long before that. Without atheris,
which has wheels for Linux, bytes are changed at random, which finds less.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `support` is beside this folder

FOUND = "fault-"
SLOW = 10  # seconds for one input
MOST_FAULTS = 20  # of one target; then there is enough to mend


def run_target(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one target in this process until its time is over or a fault ends it."""
    try:
        import atheris  # noqa: PLC0415 - it is optional, and must come before what it watches
    except ImportError:
        run_blindly(name, seconds, folder)
        return
    with atheris.instrument_imports(include=["mssw"]):
        from support.fuzz_targets import TARGETS  # noqa: PLC0415 - see above
    sys.setrecursionlimit(sys.getrecursionlimit() + 500)  # what watches the code takes calls of its own
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds()):
        (seeds / f"{number}").write_bytes(seed)
    limits = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOW}",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        "-max_len=20000",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/{FOUND}", str(seeds)], TARGETS[name].run)
    atheris.Fuzz()


def run_blindly(name: str, seconds: int, folder: Path) -> None:
    """The same without atheris: bytes of the seeds are changed at random."""
    from support.fuzz_targets import TARGETS  # noqa: PLC0415 - slow to load

    chance = random.Random(name)  # noqa: S311 - no secret
    target, tried, until = TARGETS[name], 0, time.monotonic() + seconds
    seeds = [seed for seed in target.seeds() if seed]
    while time.monotonic() < until:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 6))
        tried += 1
        try:
            target.run(bytes(data))
        except Exception:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{FOUND}{tried}").write_bytes(data)
            raise
    sys.stderr.write(f"stat::number_of_executed_units: {tried}\n")


@dataclass
class Tried:
    """What came of one target."""

    inputs: int = 0
    minutes: float = 0.0
    faults: list[Path] = field(default_factory=list)
    passing: int = 0
    said: str = ""


def fuzz_for(name: str, minutes: float, folder: Path) -> Tried:
    """Fuzz one target for so long, in as many processes as faults make necessary."""
    folder.mkdir(parents=True, exist_ok=True)
    begun, found = _processor_seconds(), Tried()
    while (left := minutes * 60 - (_processor_seconds() - begun)) > 1 and len(found.faults) < MOST_FAULTS:
        before = set(folder.glob(f"{FOUND}*"))
        done = _in_a_process(f"fuzz.run_target({name!r}, {int(left) + 1}, pathlib.Path({str(folder)!r}))")
        (folder / f"said-{len(list(folder.glob('said-*')))}.txt").write_text(done.stderr, encoding="utf-8")
        counts = re.findall(r"number_of_executed_units:\s*(\d+)|^#(\d+)\s", done.stderr, re.MULTILINE)
        found.inputs += max((int(one or other) for one, other in counts), default=0)
        for path in sorted(set(folder.glob(f"{FOUND}*")) - before):
            again = _in_a_process(f"fuzz.replay({name!r}, pathlib.Path({str(path)!r}))")
            found.faults += [path] if again.returncode else []
            found.passing += not again.returncode
            found.said = again.stderr if again.returncode else found.said
        if done.returncode and before == set(folder.glob(f"{FOUND}*")):
            found.said = done.stderr
            found.passing += 1
            if not counts:
                break  # it did not even begin
    found.minutes = (_processor_seconds() - begun) / 60
    return found


def _processor_seconds() -> float:
    """What all processes that ended have used."""
    used = os.times()
    return used.children_user + used.children_system


def replay(name: str, path: Path) -> None:
    """Try one input once more."""
    from support.fuzz_targets import TARGETS  # noqa: PLC0415 - slow to load

    faulthandler.enable()
    TARGETS[name].run(path.read_bytes())


def _in_a_process(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import fuzz, pathlib; {code}"],
        cwd=Path(__file__).parent, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip


def main() -> int:
    """Run the targets that are asked for; 1 where one found a fault."""
    from support.fuzz_targets import TARGETS  # noqa: PLC0415 - slow to load

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("target", nargs="*", choices=[*TARGETS, "all"], default="all")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--into", type=Path, default=Path(tempfile.gettempdir()) / "mssw-fuzz")
    asked.add_argument("--list", action="store_true")
    asked.add_argument("--replay", type=Path, metavar="FILE")
    given = asked.parse_args()
    names = list(TARGETS) if "all" in given.target else given.target
    if given.list:
        sys.stdout.write("".join(f"{name}\n" for name in TARGETS))
        return 0
    if given.replay:
        replay(names[0], given.replay)
        return 0
    faults = 0
    for name in names:
        found = fuzz_for(name, given.minutes, given.into / name.replace(" ", "-"))
        broken = bool(found.faults or (found.said and not found.inputs))
        faults += broken
        sys.stdout.write(f"{name:<14} {found.minutes:5.1f} min {found.inputs:>9} inputs   {len(found.faults)} faults")
        sys.stdout.write(f"   {found.passing} not seen again\n" if found.passing else "\n")
        sys.stdout.write("".join(f"  {path}\n" for path in found.faults))
        sys.stdout.write("".join(f"  {line}" for line in found.said.splitlines(keepends=True)[-30:]))
        sys.stdout.flush()
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
