"""Speed and memory: each stage's CPU seconds a page beside the floor, and the commands' own promises.

    python tests/bench/speed.py FOLDER [--pages 10 100 1000] [--only stages|memory|workers|commands] [--fiction]

With `--fiction` the classes are in the package's own handwritings; else in real ink, which needs the shared data.

Figures of one machine: trust their ratios. CPU seconds are user and system together, children included.
"""

from __future__ import annotations

import argparse
import io
import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import openpyxl
import pikepdf
import pymupdf
from PIL import Image
from stages import stage_seconds

MSSW = [sys.executable, "-m", "mssw"]
AIM_CPU_A_PAGE = 2.5
AIM_EFFICIENCY = 0.85
FICTION = "fiction"  # a file in the folder: its classes are in the package's own handwritings
AIM_HELP = 0.2
AIM_PACKET = 1.5
AIM_COPIES = 1.1


def floor_seconds(stack: Path, tone: str) -> float:
    """CPU seconds a page for decoding and encoding alone, with plain PyMuPDF and Pillow."""
    start, count = time.process_time(), 0
    with pymupdf.open(stack) as doc:
        for page in doc:
            count += 1
            colours = pymupdf.csRGB if tone == "colour" else pymupdf.csGRAY
            pix = page.get_pixmap(dpi=300 if tone == "bitonal" else 200, colorspace=colours)
            pixels = np.frombuffer(pix.samples, np.uint8).reshape(pix.height, pix.width, pix.n).squeeze()
            image = Image.fromarray(pixels)
            if tone == "bitonal":
                image.convert("1", dither=Image.Dither.NONE).save(io.BytesIO(), "TIFF", compression="group4")
            else:
                image.save(io.BytesIO(), "JPEG", quality=80)
    return (time.process_time() - start) / count


class Memory(threading.Thread):
    """Watches the memory of a process and all of its children, shared pages counted once (Linux)."""

    def __init__(self, process: int):
        super().__init__(daemon=True)
        self.process, self.peak, self.over = process, 0, False

    def run(self) -> None:
        """Looks five times a second."""
        while not self.over:
            self.peak = max(self.peak, sum(_own_bytes(one) for one in _family(self.process)))
            time.sleep(0.2)


def _family(process: int) -> list[int]:
    """The process and its children, grandchildren and so on."""
    found = [process]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text(encoding="ascii").split()]
            except OSError:
                continue
    return found


def _own_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def run(command: list[str], env: dict[str, str] | None = None) -> tuple[float, float, int]:
    """Runs a command: wall seconds, CPU seconds, and peak bytes. Ends the bench when it fails."""
    before, start = os.times(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env) as process:
        memory = Memory(process.pid)
        memory.start()
        errors = process.communicate()[1]
        memory.over = True
        memory.join()
    after, wall = os.times(), time.perf_counter() - start
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command[2:5])} ended with {process.returncode}: {errors[-400:].decode()}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu, memory.peak


def stack_of(folder: Path, pages: int, source: Path) -> Path:
    """The first pages of a stack; none stands there twice, for what is known would cost nothing."""
    path = folder / f"{source.parent.name}-{pages}.pdf"
    if not path.exists():
        with pikepdf.open(source) as pdf, pikepdf.new() as shorter:
            shorter.pages.extend(pdf.pages[:pages])
            shorter.save(path)
    return path


def a_school(folder: Path, pages: int) -> Path:
    """So many classes of one task that they have so many pages, as one stack with one roster; made once."""
    school = folder / f"school-{pages}"
    if (school / "stack.pdf").exists():
        return school
    school.mkdir(exist_ok=True)
    roster: dict[str, None] = {}
    with pikepdf.new() as stack, ExitStack() as opened:
        for seed in itertools.count(1):
            made = a_class(folder, "grey", seed=seed)
            stack.pages.extend(opened.enter_context(pikepdf.open(made / "stack.pdf")).pages)
            head, *rows = (made / "roster.csv").read_text(encoding="utf-8").splitlines()
            roster |= dict.fromkeys(row.split(",", 1)[1] for row in rows)
            if len(stack.pages) >= pages:
                break
        shutil.copy(made / "task.pdf", school)
        # the classes' own numbers are the same in each
        numbered = [head, *(f"N{number:04},{row}" for number, row in enumerate(roster, 1))]
        (school / "roster.csv").write_text("\n".join(numbered), encoding="utf-8")
        stack.save(school / "stack.pdf")
    return school


def prepare_command(stack: Path, made: Path, work_set: Path) -> list[str]:
    """`mssw prepare` into an empty folder."""
    shutil.rmtree(work_set, ignore_errors=True)
    command = [*MSSW, "prepare", str(stack), "--task", str(made / "task.pdf"), "--into", str(work_set)]
    return [*command, "--roster", str(made / "roster.csv"), "--no-input"]


def stages(folder: Path, tone: str) -> None:
    """Prints the stages of one class beside the floor."""
    made = a_class(folder, tone)
    wall, cpu, _ = run(prepare_command(made / "stack.pdf", made, folder / "set-stages"))
    with pymupdf.open(made / "stack.pdf") as doc:
        count = len(doc)
    floor = floor_seconds(made / "stack.pdf", tone)
    print(f"\n{tone}: prepare {cpu / count:.3f} CPU-s a page, {wall / count:.3f} s a page (aim {AIM_CPU_A_PAGE})")
    print(f"  {'floor: decode + encode':<28}{floor:8.3f} CPU-s a page")
    for stage, seconds in stage_seconds(made).items():
        print(f"  {stage:<28}{seconds:8.3f} CPU-s a page  {seconds / floor:5.1f} x the floor")


def a_class(folder: Path, tone: str, *, seed: int = 1, students: int = 28) -> Path:
    """A class with real ink, made once."""
    made = folder / f"top-{tone}-{seed}-{students}"
    if (made / "truth.json").exists():
        return made
    if (folder / FICTION).exists():
        from mssw.core.page import Tone  # noqa: PLC0415
        from mssw.demo.classroom import MOST  # noqa: PLC0415
        from mssw.demo.classroom import make_class as make_fiction  # noqa: PLC0415

        make_fiction(made, seed=seed, tone=Tone(tone), students=min(students, MOST))
    else:
        from real_class import make_class  # noqa: PLC0415 - needs the shared data

        make_class(made, layout="top", tone=tone, seed=seed, students=students)
    return made


def memory(folder: Path, sizes: list[int]) -> None:
    """Prints the peak memory and the cost for stacks of several sizes, all of one roster: flat, and linear."""
    made = a_school(folder, max(sizes))
    for pages in sizes:
        stack = stack_of(folder, pages, made / "stack.pdf")
        wall, cpu, peak = run(prepare_command(stack, made, folder / f"set-{pages}"))
        print(f"{pages} pages: peak {peak / 2**20:.0f} MB, {wall:.1f} s, {cpu / pages:.3f} CPU-s a page")


def workers(folder: Path) -> None:
    """Prints pages a second and CPU seconds a page of a batch of four classes, with one worker and with two."""
    classes = {name: a_class(folder, "grey", seed=seed, students=14) for seed, name in enumerate("abcd", 1)}
    speeds = {}
    for count in (1, 2):
        place = folder / f"batch-{count}"
        shutil.rmtree(place, ignore_errors=True)
        for name, made in classes.items():
            (place / f"5{name}").mkdir(parents=True)
            for file in ("stack.pdf", "task.pdf", "roster.csv"):
                shutil.copy(made / file, place / f"5{name}" / file)
        wall, cpu, peak = run([*MSSW, "batch", str(place), "--workers", str(count), "--quiet"])
        pages = _pages_of(place / "sets")
        speeds[count] = pages / wall
        print(
            f"{count} workers, 4 classes, {pages} pages in all: {speeds[count]:.2f} a second, "
            f"{cpu / pages:.3f} CPU-s a page, peak {peak / 2**20:.0f} MB"
        )
    print(f"efficiency with two: {speeds[2] / speeds[1] / 2:.2f} (aim {AIM_EFFICIENCY})")


def _pages_of(sets: Path) -> int:
    """The pages of a department, as its report has them. Ends the bench where a class failed."""
    head, *rows = openpyxl.load_workbook(sets / "report.xlsx").worksheets[0].iter_rows(values_only=True)
    classes = [row for row in (dict(zip(head, cells, strict=True)) for cells in rows) if row["State"]]
    failed = [str(row["Class"]) for row in classes if row["State"] == "failed"]
    if failed:
        sys.exit(f"not to be measured: {', '.join(failed)} failed; `mssw batch {sets.parent}` says why")
    return sum(int(row["Pages"]) for row in classes)


def commands(folder: Path) -> None:
    """Prints how long the small commands take, and how much larger eight copies are."""
    best = min(run([*MSSW, "--help"])[0] for _ in range(5))
    print(f"mssw --help: {best:.2f} s (aim {AIM_HELP})")
    made, work_set = a_class(folder, "grey"), folder / "packet-set"
    run(prepare_command(stack_of(folder, 34, made / "stack.pdf"), made, work_set))
    sizes = {}
    for copies in (1, 8):
        options = ["--copies", str(copies), "--all", "--without-held", "--unreviewed"]
        wall = min(run([*MSSW, "packet", str(work_set), *options])[0] for _ in range(3))
        packet = work_set / "shared" / "packet.pdf"
        sizes[copies] = packet.stat().st_size
        with pikepdf.open(packet) as pdf:
            count = len(pdf.pages)
        print(f"packet, {copies} copies, {count} pages: {wall:.2f} s (aim for 40 pages {AIM_PACKET})")
    print(f"8 copies are {sizes[8] / sizes[1]:.2f} x the size of one (aim {AIM_COPIES})")


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--only", choices=["stages", "memory", "workers", "commands"])
    parser.add_argument("--tones", nargs="+", default=["grey", "colour", "bitonal"], help="for the stages")
    parser.add_argument("--fiction", action="store_true", help="classes in the package's own handwritings")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    if args.fiction:
        (args.folder / FICTION).touch()
    if args.only in {None, "commands"}:
        commands(args.folder)
    if args.only in {None, "stages"}:
        for tone in args.tones:
            stages(args.folder, tone)
    if args.only in {None, "workers"}:
        workers(args.folder)
    if args.only in {None, "memory"}:
        memory(args.folder, args.pages)


if __name__ == "__main__":
    main()
