"""Coded sheets at full size: two classes in one stack, shuffled, upside down, some codes scribbled over.

    python tests/bench/sheets.py FOLDER [--students 28] [--scratched 0.05] [--tone grey] [--dpi 200] [--skew 1.5]

Each class is printed by `mssw sheets`, filled in by fictional students, torn off its strips and scanned by the
fictional copier. The same stack is then prepared into both sets. Told for each page: is it in its own work, is it set
aside as the other class's, or does it wait; and whether any work holds a page that is not its own.
"""

from __future__ import annotations

import argparse
import importlib
import resource
import shutil
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from mssw.core.page import Tone
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.workset.class_list import read_key
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import read_state

sys.path.insert(0, str(Path(__file__).parents[1]))
coded = importlib.import_module("support.coded_class")


def make_stack(folder: Path, options: argparse.Namespace) -> tuple[list[Path], list, list[int], Path]:
    """Both sets with their sheets, the sides of the stack in order, which are scratched, and the scan."""
    rng = np.random.default_rng(options.seed)
    roots, sides = [], []
    for name, seed in (("5b", options.seed * 10 + 1), ("5c", options.seed * 10 + 2)):
        root, children = coded.make_room(folder, name, seed=seed, students=options.students)
        roots.append(root)
        sides += coded.filled_in(root, children, seed=seed, dpi=options.dpi)
    sides = coded.shuffled(sides, rng)
    bad = sorted(map(int, rng.choice(len(sides), round(options.scratched * len(sides)), replace=False)))
    for place in bad:
        side = sides[place]
        box = coded.code_box(folder / side.room, side.page, side.image.shape)
        sides[place] = replace(side, image=coded.scratched(side.image, box, place))
    scan = coded.scanned(
        folder / "stack.pdf", sides, seed=options.seed, tone=Tone(options.tone), dpi=options.dpi, skew=options.skew
    )
    return roots, sides, bad, scan


def told(root: Path, sides: list) -> Counter:
    """What became of each page in one set."""
    state = read_state(WorkSet(root))
    entries = {entry.alias: entry for entry in read_key(WorkSet(root).key)}
    places = state.page_by_id
    found: Counter = Counter()
    for work in state.works:
        owners = {(sides[places[p].number - 1].room, sides[places[p].number - 1].student) for p in work.pages}
        found["works that mix two students"] += len(owners) > 1
        entry = entries[work.alias]
        for page in work.pages:
            side = sides[places[page].number - 1]
            own = side.room == root.name and (not entry.number or entry.number == side.student)
            how = "in its own work" if own and entry.number else "in a work of its own that waits"
            found[how if own or work.held else "in a wrong work"] += 1
    for page in state.pages:
        side = sides[page.number - 1]
        if page.fate == "set aside":
            found["set aside, and another class's" if side.room != root.name else "SET ASIDE, AND OUR OWN"] += 1
        found["pages held"] += page.fate == "held"
    found["pages"] = len(state.pages)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=28)
    parser.add_argument("--scratched", type=float, default=0.05)
    parser.add_argument("--tone", choices=[tone.value for tone in Tone], default="grey")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--skew", type=float, default=1.5)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--workers", type=int, default=None)
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    roots, sides, bad, scan = make_stack(options.folder, options)
    print(f"{len(sides)} pages, scratched: {', '.join(str(place + 1) for place in bad)}", flush=True)
    for root, other in (roots, roots[::-1]):
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = prepare(root, PrepareOptions([scan], codes=[other], seed=1, workers=options.workers))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{root.name}: {time.monotonic() - start:.0f} s, {cpu:.0f} CPU-s, {done.counts}, {done.whose}")
        for what, count in sorted(told(root, sides).items()):
            print(f"    {count:4d} {what}")
        for alias, reasons in done.held:
            print(f"    held: {alias}: {'; '.join(reasons)}", flush=True)


if __name__ == "__main__":
    main()
