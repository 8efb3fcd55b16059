"""Try inputs that nobody thought of, for as long as you like, led by what code they reach.

    pip install atheris
    python tests/bench/fuzz.py roster --minutes 30
    python tests/bench/fuzz.py all --minutes 30
    python tests/bench/fuzz.py --list

Each target runs in a process of its own for so many minutes. Prints how many inputs were tried, and where one ended in
a fault of ours, the input's file: keep it small and make a test of it in `tests/attack/test_fuzz.py`. Without atheris,
which has wheels for Linux, bytes are changed at random, which finds less.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `support` is beside this folder

FOUND = "fault-"
SLOW = 10  # seconds for one input


def run_target(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one target in this process until its time is over or a fault ends it."""
    try:
        import atheris  # noqa: PLC0415 - it is optional, and must come before what it watches
    except ImportError:
        run_blindly(name, seconds, folder)
        return
    with atheris.instrument_imports(include=["mssw"]):
        from support.fuzz_targets import TARGETS  # noqa: PLC0415 - see above
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds()):
        (seeds / f"{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOW}", "-rss_limit_mb=2048", "-print_final_stats=1"]
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


def main() -> int:
    """Run the targets that are asked for; 1 where one found a fault."""
    from support.fuzz_targets import TARGETS  # noqa: PLC0415 - slow to load

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("target", nargs="?", choices=[*TARGETS, "all"], default="all")
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--into", type=Path, default=Path(tempfile.gettempdir()) / "mssw-fuzz")
    asked.add_argument("--list", action="store_true")
    given = asked.parse_args()
    if given.list:
        sys.stdout.write("".join(f"{name}\n" for name in TARGETS))
        return 0
    faults = 0
    for name in TARGETS if given.target == "all" else [given.target]:
        folder = given.into / name.replace(" ", "-")
        code = (
            f"import fuzz, pathlib; fuzz.run_target({name!r}, {int(given.minutes * 60)}, pathlib.Path({str(folder)!r}))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
        tried = [line.rpartition(" ")[2] for line in io.StringIO(done.stderr) if "number_of_executed_units" in line]
        found = sorted(folder.glob(f"{FOUND}*"))
        faults += bool(done.returncode)
        sys.stdout.write(
            f"{name:<14} {(tried or ['?'])[-1].strip():>9} inputs   {'FAULT' if done.returncode else 'none'}\n"
        )
        with contextlib.suppress(IndexError):
            sys.stdout.write(f"  {found[-1]}\n" if done.returncode else "")
        sys.stdout.write(
            "".join(f"  {line}" for line in done.stderr.splitlines(keepends=True)[-30:]) if done.returncode else ""
        )
        sys.stdout.flush()
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
