"""What a user would pick instead: Microsoft Presidio's image redactor with the roster as its deny-list.

    python tests/bench/presidio.py CLASS [CLASS ...] [--pages 20] [--people] [--model en_core_web_sm] [--pictures DIR]

CLASS is what name_class.py or names.py wrote. Runs in an environment of its own, never in the project's; the README
beside this file has the commands. Every written page is redacted as it was scanned, in white, and looked at as
names.py looks at a released one. The deny-list holds each student's first, last and whole name and number; e-mail
addresses and phone numbers are Presidio's own, and with --people its names of persons too.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from name_marks import share
from PIL import Image
from presidio_analyzer import AnalyzerEngine, PatternRecognizer
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_image_redactor import ImageAnalyzerEngine, ImageRedactorEngine
from score_covers import FRAME_DPI, render, true_frame
from score_pages import NAME, measure_page

HIT = 0.6  # share of a mention's box that must be covered, as in score_names.py
FOUND = ("STUDENT", "EMAIL_ADDRESS", "PHONE_NUMBER")
HEADS = ("class", "pages", "name fields", "fully covered", "mates", "covered", "e-mail..", "covered", "decoys cov.")
MORE_HEADS = ("false cov/p", "answers lost", "CPU-s/p", "wall s/p")


@dataclass
class Sums:
    """One class: counts of what was there and of what was covered."""

    pages: int = 0
    names: int = 0
    names_gone: int = 0
    mates: int = 0
    mates_covered: int = 0
    calls: int = 0
    calls_covered: int = 0
    decoys: int = 0
    decoys_covered: int = 0
    false_covers: int = 0
    answers: int = 0
    answers_lost: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    findings: list[str] = field(default_factory=list)

    def row(self, title: str) -> list[str]:
        """As a row of the table."""
        pages = max(self.pages, 1)
        return [
            title,
            str(self.pages),
            str(self.names),
            _share(self.names_gone, self.names),
            str(self.mates),
            _share(self.mates_covered, self.mates),
            str(self.calls),
            _share(self.calls_covered, self.calls),
            f"{self.decoys_covered} of {self.decoys}",
            f"{self.false_covers / pages:.2f}",
            f"{self.answers_lost / max(self.answers, 1):.2%}",
            f"{self.cpu / pages:.2f}",
            f"{self.wall / pages:.2f}",
        ]


def _share(part: int, of: int) -> str:
    return f"{part / of:.1%}" if of else "-"


def read_deny_list(roster: Path) -> list[str]:
    """The words that a user would list: first, last and whole names, and numbers."""
    with roster.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    words: dict[str, None] = {}
    for row in rows:
        first, last = row["First Name"].strip(), row["Last Name"].strip()
        both = (first, last, f"{first} {last}", f"{last}, {first}", row.get("Student ID", "").strip())
        words |= dict.fromkeys(word for word in both if word)
    return list(words)


class Redactor:
    """Presidio, ready for one class."""

    def __init__(self, deny_list: list[str], model: str, *, people: bool):
        nlp = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
        engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=nlp).create_engine())
        engine.registry.add_recognizer(PatternRecognizer(supported_entity="STUDENT", deny_list=deny_list))
        self.analyzer = ImageAnalyzerEngine(analyzer_engine=engine)
        self.engine = ImageRedactorEngine(image_analyzer_engine=self.analyzer)
        self.entities = [*FOUND, "PERSON"] if people else list(FOUND)

    def redact(self, scan: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int, int, int]]]:
        """The page without what was found, in grey, and the places as x, y, w, h in its pixels."""
        image = Image.fromarray(scan).convert("RGB")
        after, boxes = self.engine.redact_and_return_bbox(image, fill=(255, 255, 255), entities=self.entities)
        places = [(int(b["left"]), int(b["top"]), int(b["width"]), int(b["height"])) for b in map(_as_dict, boxes)]
        return np.array(after.convert("L")), places


def _as_dict(box: object) -> dict[str, float]:
    return box if isinstance(box, dict) else vars(box)


class Comparison:
    """One class, redacted and measured page by page."""

    def __init__(self, made: Path, redactor: Redactor, pictures: Path | None):
        self.made, self.redactor, self.pictures = made, redactor, pictures
        self.truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
        self.stack = pymupdf.open(made / "stack.pdf") if (made / "stack.pdf").exists() else None
        with pymupdf.open(made / "task.pdf") as task:
            self.blanks = [render(page, FRAME_DPI) for page in task]
        self.sums = Sums()

    def run(self, most: int) -> Sums:
        """Every written page, up to so many."""
        for page in [page for page in self.truth["pages"] if page["task_page"] is not None][:most]:
            self.check(page)
        return self.sums

    def scan(self, page: dict) -> np.ndarray:
        """A page as it was scanned or photographed."""
        if "file" not in page:
            return render(self.stack[page["page"] - 1], page["dpi"])
        flags = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
        return cv2.imread(str(self.made / "stack" / page["file"]), flags)

    def check(self, page: dict) -> None:
        """Redacts one page and adds what it shows."""
        sums, number = self.sums, page["page"]
        scan = self.scan(page)
        start, used = time.perf_counter(), cpu_seconds()
        after, places = self.redactor.redact(scan)
        sums.wall += time.perf_counter() - start
        sums.cpu += cpu_seconds() - used
        sums.pages += 1
        label = cv2.imread(str(self.made / "truth" / f"p{number:04d}.png"), cv2.IMREAD_GRAYSCALE)
        size = (label.shape[1], label.shape[0])
        self.look(page, scan, after, label)
        covers = [covered(page, scan.shape, [place], size) for place in places]
        whole = np.any(covers, axis=0) if covers else np.zeros(label.shape, bool)
        wanted = [mention["box"] for mention in page.get("mentions", []) if mention["kind"] != "decoy"]
        sums.false_covers += sum(not hits(cover, label, wanted) for cover in covers)
        for mention in page.get("mentions", []):
            self.judge(number, mention, whole.astype(np.uint8))

    def look(self, page: dict, scan: np.ndarray, after: np.ndarray, label: np.ndarray) -> None:
        """What is left of the name, and of the answers."""
        size = (label.shape[1], label.shape[0])
        blank = cv2.resize(self.blanks[page["task_page"] - 1], size, interpolation=cv2.INTER_AREA)
        views = [true_frame(image, page, size) for image in (scan, after)]
        found = measure_page(*views, label, blank, bitonal=self.truth["tone"] == "bitonal")
        self.sums.answers += found.answer_tiles
        self.sums.answers_lost += len(found.answers_lost)
        if found.name_tiles:
            self.sums.names += 1
            self.sums.names_gone += not found.name_left
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(self.pictures / f"{self.made.name}-p{page['page']:04d}.png"), views[1])

    def judge(self, number: int, mention: dict, mask: np.ndarray) -> None:
        """Counts one planted name, word, address or number."""
        sums, kind = self.sums, mention["kind"]
        is_covered = share(mask, mention["box"]) >= HIT
        if kind == "classmate":
            sums.mates += 1
            sums.mates_covered += is_covered
        elif kind == "decoy":
            sums.decoys += 1
            sums.decoys_covered += is_covered
        else:
            sums.calls += 1
            sums.calls_covered += is_covered
        if is_covered == (kind == "decoy"):
            sums.findings.append(
                f"page {number}: {mention['text']!r} ({kind}): {'covered' if is_covered else 'missed'}"
            )


def covered(
    page: dict, shape: tuple[int, ...], places: list[tuple[int, int, int, int]], size: tuple[int, int]
) -> np.ndarray:
    """Where places of the scan lie in the blank's frame."""
    mask = np.full(shape[:2], 255, np.uint8)
    for x, y, w, h in places:
        mask[max(0, y) : y + h, max(0, x) : x + w] = 0
    return true_frame(mask, page, size) < 128


def hits(cover: np.ndarray, label: np.ndarray, wanted: list[list[int]]) -> bool:
    """Whether a cover hits a name or a mention, as score_names.py asks it."""
    if int((label[cover] == NAME).sum()) > 30:
        return True
    area = int(cover.sum())
    parts = ((int(cover[max(0, y) : y + h, max(0, x) : x + w].sum()), w * h) for x, y, w, h in wanted)
    return any(part and part >= 0.25 * min(area, whole) for part, whole in parts)


def cpu_seconds() -> float:
    """Of this process and of Tesseract, which runs as a child."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> int:
    """Reads the options, runs every class, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("made", type=Path, nargs="+", metavar="CLASS")
    parser.add_argument("--pages", type=int, default=20, help="of each class; all would take long")
    parser.add_argument("--people", action="store_true", help="cover what Presidio takes for a person too")
    parser.add_argument("--model", default="en_core_web_sm", help="spaCy's model")
    parser.add_argument("--pictures", type=Path, help="a folder for the redacted pages")
    parser.add_argument("--findings", action="store_true", help="what was missed, one a line")
    args = parser.parse_args()
    rows = [[*HEADS, *MORE_HEADS]]
    for made in args.made:
        redactor = Redactor(read_deny_list(made / "roster.csv"), args.model, people=args.people)
        sums = Comparison(made, redactor, args.pictures).run(args.pages)
        rows.append(sums.row(made.name))
        if args.findings:
            print(*sums.findings, sep="\n", file=sys.stderr)
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        print("  ".join(cell.rjust(width) if n else cell.ljust(width) for n, (cell, width) in enumerate(cells)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
