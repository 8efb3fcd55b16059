"""Scores a work set made from a class with known ink: names left, answers lost, pages held, works mixed up.

    python tests/bench/score_covers.py CLASS SET [--pictures DIR] [--json]

CLASS is what real_class.py wrote, SET what `mssw prepare` made of it. Prints one table; exits 1 when a goal
is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pymupdf
from real_copier import Pass
from score_pages import PageScore, measure_page
from score_table import SetScore, print_table, table_row

FRAME_DPI = 200


@dataclass(frozen=True)
class KeyRow:
    """One work as the key tells it."""

    alias: str
    student_id: str
    pages: tuple[int, ...]


def page_numbers(text: str) -> tuple[int, ...]:
    """`5-6,9` as 5, 6, 9."""
    numbers: list[int] = []
    for run in str(text).replace(" ", "").split(","):
        if run:
            first, _, last = run.partition("-")
            numbers += range(int(first), int(last or first) + 1)
    return tuple(numbers)


def read_key(path: Path) -> list[KeyRow]:
    """The key's rows."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    at = {str(head): n for n, head in enumerate(rows[0])}
    return [
        KeyRow(
            str(row[at["Alias"]]),
            str(row[at["Student ID"]] or ""),
            page_numbers(row[at["Source pages"]] or ""),
        )
        for row in rows[1:]
        if row[at["Alias"]]
    ]


def render(page: pymupdf.Page, dpi: float) -> np.ndarray:
    """A page as grey pixels."""
    pix = page.get_pixmap(dpi=round(dpi), colorspace=pymupdf.csGRAY)
    return np.frombuffer(pix.samples, np.uint8).reshape(pix.height, pix.stride)[:, : pix.width].copy()


def true_frame(scan: np.ndarray, truth: dict, size: tuple[int, int]) -> np.ndarray:
    """The scan moved into the blank's frame (width and height as given, at 200 dpi) by the true way."""
    w, h = size
    zoom = truth["dpi"] / FRAME_DPI
    if "homography" in truth:
        flags = cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(scan, np.array(truth["homography"]) @ np.diag([zoom, zoom, 1]), size, flags=flags)
    x, y = (np.arange(n) * zoom + (zoom - 1) / 2 for n in (w, h))
    way = Pass(np.array(truth["matrix"]), tuple(truth["feed"]))
    down = way.forward(np.stack([np.zeros(h), y], 1)).astype(np.float32)[:, None]
    across = (x[:, None] * way.matrix[:, 0]).astype(np.float32)[None]
    if zoom > 1:
        scan = cv2.GaussianBlur(scan, (0, 0), 0.4 * zoom)
    return cv2.remap(scan, down + across, None, cv2.INTER_LINEAR, borderValue=255)


class Scorer:
    """One class and the set made from it."""

    def __init__(self, made: Path, work_set: Path, pictures: Path | None = None):
        self.made, self.set, self.pictures = made, work_set, pictures
        self.truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
        self.pages = {page["page"]: page for page in self.truth["pages"]}
        self.key = self.read_key()
        self.score = SetScore(scanned=len(self.pages))
        self.stack = pymupdf.open(made / "stack.pdf") if (made / "stack.pdf").exists() else None
        self.blanks = self.blanks_of()

    def blanks_of(self) -> list[np.ndarray]:
        """The pages of the blank task."""
        with pymupdf.open(self.made / "task.pdf") as task:
            return [render(page, FRAME_DPI) for page in task]

    def read_key(self) -> list[KeyRow]:
        """The works, their pages numbered through the whole stack."""
        return read_key(self.set / "private" / "key.xlsx")

    def scan(self, number: int) -> np.ndarray:
        """A page of the stack as it was scanned, grey."""
        return render(self.stack[number - 1], self.pages[number]["dpi"])

    def laid(self, after: np.ndarray, row: KeyRow, number: int, size: tuple[int, int]) -> np.ndarray:
        """A released page in the blank's frame (width and height as given)."""
        if max(abs(after.shape[0] - size[1]), abs(after.shape[1] - size[0])) > 3:
            self.score.findings.append(f"{row.alias}, page {number}: not the blank's size {after.shape}")
        return cv2.resize(after, size, interpolation=cv2.INTER_AREA)

    def run(self) -> SetScore:
        """Scores everything."""
        for row in self.key:
            self.check_work(row)
            file = self.set / "shared" / "work" / f"{row.alias}.pdf"
            if file.exists():
                with pymupdf.open(file) as work:
                    self.check_pages(row, work)
        self.check_held()
        self.check_account()
        return self.score

    def is_released(self, row: KeyRow) -> bool:
        """Whether colleagues can see this work."""
        return (self.set / "shared" / "work" / f"{row.alias}.pdf").exists()

    def check_pages(self, row: KeyRow, work: pymupdf.Document) -> None:
        """Looks at each page of one released work."""
        if len(work) != len(row.pages):
            self.score.findings.append(f"account: {row.alias} has {len(work)} pages, its key says {len(row.pages)}")
        for number, page in zip(row.pages, work, strict=False):
            truth = self.pages.get(number)
            if truth is None or truth["task_page"] is None:
                self.score.findings.append(f"account: {row.alias} holds page {number}, which is no page of a work")
                continue
            label = cv2.imread(str(self.made / "truth" / f"p{number:04d}.png"), cv2.IMREAD_GRAYSCALE)
            size = (label.shape[1], label.shape[0])
            before = true_frame(self.scan(number), truth, size)
            after = self.laid(render(page, FRAME_DPI), row, number, size)
            blank = cv2.resize(self.blanks[truth["task_page"] - 1], size, interpolation=cv2.INTER_AREA)
            found = measure_page(before, after, label, blank, bitonal=self.truth["tone"] == "bitonal")
            self.add(row, number, found)
            self.look_further(number, found, before, label)
            if self.pictures and (found.leaks or found.answers_lost):
                self.picture(f"{row.alias}-p{number:04d}", before, after, label, found)

    def look_further(self, number: int, found: PageScore, before: np.ndarray, label: np.ndarray) -> None:
        """For benchmarks that look for more on a released page."""

    def add(self, row: KeyRow, number: int, found: PageScore) -> None:
        """Adds one page to the sums."""
        score = self.score
        score.released += 1
        score.name_tiles += found.name_tiles
        score.name_tiles_left += len(found.name_left)
        score.answer_tiles += found.answer_tiles
        score.answer_tiles_lost += len(found.answers_lost)
        score.worst_drift = max(score.worst_drift, found.drift)
        score.nameless_released += not self.pages[number]["has_name"] and self.lacks_name(number)
        if found.leaks:
            score.pages_with_name_left += 1
            how = f"{len(found.name_left)} of {found.name_tiles} tiles of the name are left"
            how += f", it shines through by {found.ghost:.1f} levels" if found.shines else ""
            habits = ", ".join(self.pages[number].get("habits", []))
            score.findings.append(f"{row.alias}, page {number} ({habits}): {how}")
        if len(found.answers_lost) > 0.02 * found.answer_tiles:
            lost = f"{len(found.answers_lost)} of {found.answer_tiles} tiles of answers are lost"
            score.findings.append(f"{row.alias}, page {number}: {lost}")

    def lacks_name(self, number: int) -> bool:
        """Whether the student of that page wrote no name anywhere."""
        student = self.pages[number]["student"]
        return not any(page["has_name"] for page in self.pages.values() if page["student"] == student)

    def check_work(self, row: KeyRow) -> None:
        """Whether a work is one student's, whole, in the task's order, and given to the right name."""
        truths = [self.pages[number] for number in row.pages if number in self.pages]
        students = [page["student"] for page in truths]
        order = [page["task_page"] for page in truths]
        most = max(set(students), key=students.count) if students else None
        strays = sum(student != most for student in students)
        whole = list(range(1, self.truth["task_pages"] + 1))
        if strays:
            self.score.findings.append(f"{row.alias}: pages of {len(set(students))} students")
        elif self.is_released(row) and order != whole:
            strays = 1
            self.score.findings.append(f"{row.alias}: task pages {order} instead of {whole}")
        self.score.wrong_work += strays
        if row.student_id and most is not None and row.student_id != self.id_of(most):
            self.score.wrongly_matched += 1
            self.score.findings.append(f"{row.alias}: matched to the wrong student")

    def id_of(self, student: int) -> str:
        """The student's number on the roster."""
        return self.truth.get("ids", {}).get(str(student), f"S{student:03d}")

    def may_be_held(self, number: int) -> bool:
        """Whether there is a reason, other than trouble in its work, not to release that page."""
        return self.pages[number]["task_page"] is None or self.lacks_name(number)

    def check_held(self) -> None:
        """Which pages were kept back, and whether there was a reason."""
        released = {number for row in self.key if self.is_released(row) for number in row.pages}
        troubled = {student for student, _ in self.truth["eaten"]}
        troubled |= {page["student"] for page in self.pages.values() if page["fault"] == "duplicate"}
        for number, page in sorted(self.pages.items()):
            if number in released:
                continue
            if page["student"] in troubled or self.may_be_held(number):
                self.score.held_rightly += 1
            else:
                self.score.held_needlessly += 1
                habits = ", ".join([*page.get("habits", []), page["fault"]]).strip(", ")
                self.score.findings.append(f"page {number} ({habits}): held or lost, though nothing is wrong with it")

    def check_account(self) -> None:
        """Whether the manifest's numbers add up, and no page is in two works."""
        manifest = json.loads((self.set / "shared" / "manifest.json").read_text(encoding="utf-8"))
        counts = dict(manifest["counts"])
        scanned = counts.pop("scanned")
        if scanned != len(self.pages) or sum(counts.values()) != scanned:
            self.score.findings.append(f"account: {len(self.pages)} pages scanned, the manifest says {counts}")
        numbers = [number for row in self.key for number in row.pages]
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        if twice:
            self.score.findings.append(f"account: pages {twice} stand twice in the key")

    def picture(self, name: str, before: np.ndarray, after: np.ndarray, label: np.ndarray, found: PageScore) -> None:
        """Writes what went wrong on one page: the scan, the released page, the truth, cut to the place."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        for kind, boxes in (("name", found.name_left), ("answer", found.answers_lost)):
            whole = [cv2.boundingRect((label == 1).astype(np.uint8))] if kind == "name" and found.shines else []
            if not boxes and not whole:
                continue
            cut = np.array(boxes or whole)
            x0, y0 = np.maximum(cut[:, :2].min(axis=0) - 60, 0)
            x1, y1 = (cut[:, :2] + cut[:, 2:]).max(axis=0) + 60
            truth = (255 - 80 * np.minimum(label, 3)).astype(np.uint8)
            views = [np.dstack([image] * 3) for image in (before, after, truth)]
            for x, y, w, h in boxes:
                cv2.rectangle(views[1], (x - 1, y - 1), (x + w, y + h), (0, 0, 255), 1)
            stack = np.vstack([view[y0:y1, x0:x1] for view in views])
            cv2.imwrite(str(self.pictures / f"{name}-{kind}.png"), stack)


def tell(score, print_row: Callable[[], None], *, as_json: bool) -> int:
    """Prints one class's score as JSON or as its row, findings and missed goals; the exit code."""
    if as_json:
        print(json.dumps(score.as_json(), indent=1))
    else:
        print_row()
        for finding in score.findings:
            print(" -", finding)
        print("missed: " + "; ".join(score.missed) if score.missed else "all goals met")
    return 1 if score.missed else 0


def options_of_a_scorer(doc: str) -> argparse.ArgumentParser:
    """The options that every scorer of a set has."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("made", type=Path, metavar="CLASS")
    parser.add_argument("set", type=Path, metavar="SET")
    parser.add_argument("--pictures", type=Path, help="a folder for crops of every failure: scan, released, truth")
    parser.add_argument("--json", action="store_true")
    return parser


def main() -> int:
    """Reads the options, scores, prints."""
    args = options_of_a_scorer(__doc__).parse_args()
    score = Scorer(args.made, args.set, args.pictures).run()
    return tell(score, lambda: print_table([table_row(args.made.name, score)]), as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
