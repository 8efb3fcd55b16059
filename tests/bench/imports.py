"""How long Python takes to import mssw, and which modules take it: python tests/bench/imports.py [TIMES]."""

from __future__ import annotations

import statistics
import subprocess
import sys

GOAL = 0.1  # seconds
MODULES = ("mssw", "mssw.cli", "mssw.api")
SLOWEST = 5


def measured(module: str) -> tuple[float, list[tuple[float, str]]]:
    """Seconds of one import in a fresh Python, and those of its slowest parts by themselves."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"], capture_output=True, text=True, check=True
    )
    rows = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines() if "|" in line]
    times = [(int(own) / 1e6, int(total) / 1e6, name.strip()) for own, total, name in rows[1:]]
    total = next(total for _, total, name in times if name == module)
    package = next(total for _, total, name in times if name == "mssw")
    began = next(place for place, (_, _, name) in enumerate(times) if name == "site")
    slowest = sorted(((own, name) for own, _, name in times[began + 1 :]), reverse=True)[:SLOWEST]
    return total + (package if module != "mssw" else 0), slowest


def main() -> None:
    """Measure and print."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for module in MODULES:
        runs = [measured(module) for _ in range(times)]
        seconds = [total for total, _ in runs]
        goal = f", goal {GOAL} s" if module == "mssw" else ""
        print(f"{module}: {statistics.median(seconds):.3f} s (median of {times}, best {min(seconds):.3f} s{goal})")
        for own, name in min(runs)[1]:
            print(f"    {own:.3f} s  {name}")


if __name__ == "__main__":
    main()
