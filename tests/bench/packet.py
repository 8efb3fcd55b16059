"""Packets: seconds from the command's start, size beside the images, and memory.

    python tests/bench/packet.py FOLDER [--runs 5]

The set is made up: twelve works of two pages and a task, each page a grey JPEG of 200 dpi as a copier gives it, and a
roster of 28. One copy for session B has 40 pages. Seconds are the best of several runs, on a machine with nothing else
to do; CPU seconds hold on a busy one too. A missed goal ends with 1.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pikepdf

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.intro.questions import Introduction, intro_text
from mssw.printing.pdf_writer import image_pdf
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import Settings, settings_text

LETTER, DPI = (612.0, 792.0), 200
ALIASES = ("Andrea", "Bo", "Camille", "Dani", "Emery", "Farah", "Gali", "Hana", "Imani", "Jun", "Kai", "Lior")
FIRST = ("Oluwaseun", "Priya", "Mateus", "Annika", "Thandiwe", "Yusuf", "Quynh")
LAST = ("Adeyemi", "Venkatesan", "Kowalczyk", "Lindqvist")
COLLEAGUES = ", ".join(f"Colleague {letter}" for letter in "ABCDEFGH")
GOALS = {"one": 1.0, "eight": 3.0, "size": 1.1, "memory": 400}


def scanned(seed: int) -> np.ndarray:
    """A page as it comes off a copier: grain, an uneven lamp, print and pencil."""
    rng = np.random.default_rng(seed)
    height, width = round(LETTER[1] / 72 * DPI), round(LETTER[0] / 72 * DPI)
    page = np.linspace(238, 228, width)[None, :] * np.ones((height, 1)) + rng.normal(0, 2.2, (height, width))
    page = np.clip(page, 0, 255).astype(np.uint8)
    for row in range(150, height - 150, 60):
        steps = np.arange(150, 150 + rng.integers(400, width - 300), 9)
        heights = row + rng.normal(0, 7, len(steps))
        stroke = np.stack([steps, heights], axis=1).round().astype(np.int32)
        cv2.polylines(page, [stroke], isClosed=False, color=110, thickness=3, lineType=cv2.LINE_AA)
    return page


def make_set(root: Path) -> WorkSet:
    """The set, as `prepare` and a review leave it."""
    shutil.rmtree(root, ignore_errors=True)
    workset = WorkSet.create(root)
    told = Introduction(
        ("The class had weighed air for two weeks. " * 12,) * 4, ("before", "alone", "a ruler", "books")
    )
    workset.settings.write_text(settings_text(Settings(title="Massive air", grade="5", seed=1)), encoding="utf-8")
    workset.intro.write_text(intro_text(told), encoding="utf-8")
    rows = [["First name", "Last name"], *([first, last] for last in LAST for first in FIRST)]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)
    files, seed = [], 0
    for name in ("task.pdf", *(f"work/{alias}.pdf" for alias in ALIASES)):
        data = image_pdf([(encode(scanned(seed + side), Tone.GREY), LETTER) for side in (1, 2)])
        seed += 2
        write_bytes(workset.shared / name, data, private=False)
        files.append({"path": name, "sha256": hashlib.sha256(data).hexdigest(), "pages": 2})
    works = [{"alias": alias, "pages": 2, "seen": True} for alias in ALIASES]
    write_json(workset.manifest, {"version": 1, "files": files, "works": works, "held_works": 0}, private=False)
    return workset


def measured(workset: WorkSet, *words: str) -> tuple[float, float]:
    """Wall and CPU seconds of one `mssw packet`."""
    command = [sys.executable, "-m", "mssw", "packet", str(workset.root), "--session", "B", "-q", *words]
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


def image_bytes(path: Path) -> tuple[int, int]:
    """The bytes of the images in a PDF, each counted once, and its pages."""
    with pikepdf.open(path) as pdf:
        held = {
            page.obj.Resources.XObject.Im0.objgen: len(page.obj.Resources.XObject.Im0.read_raw_bytes())
            for page in pdf.pages
            if "/XObject" in page.obj.Resources
        }
        return sum(held.values()), len(pdf.pages)


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    workset = make_set(args.folder / "packet-set")
    missed = []
    for goal, words in (("one", ()), ("eight", ("--per-teacher", COLLEAGUES))):
        runs = [measured(workset, *words) for _ in range(args.runs)]
        wall, cpu = (min(run[at] for run in runs) for at in (0, 1))
        images, pages = image_bytes(workset.packet)
        size = workset.packet.stat().st_size
        print(f"{goal} {'copy' if goal == 'one' else 'copies with names'}: {pages} pages, {wall:.2f} s wall, ", end="")
        print(f"{cpu:.2f} s CPU (goal {GOALS[goal]} s); {size / 1e6:.1f} MB, {size / images:.3f} x the images", end="")
        print(f" (goal {GOALS['size']})")
        missed += [goal] * (min(wall, cpu) > GOALS[goal]) + ["size"] * (size > GOALS["size"] * images)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MB (goal {GOALS['memory']})")
    missed += ["memory"] * (peak > GOALS["memory"])
    if missed:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
