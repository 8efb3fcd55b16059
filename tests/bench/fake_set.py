"""Makes a work set from a class and its truth, to try the scorer on covers that are known to be good or bad.

python tests/bench/fake_set.py CLASS SET --covers perfect|none|short|glass
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pymupdf
from real_copier import StackWriter
from score_covers import FRAME_DPI, render, true_frame

HOW = ("perfect", "none", "short", "glass")


def cover(page: np.ndarray, label: np.ndarray, how: str, alias: str, paper: int) -> np.ndarray:
    """The page with its name covered, well or badly, and the alias in type on the cover."""
    x, y, w, h = cv2.boundingRect((label == 1).astype(np.uint8))
    if how == "none" or not w:
        return page
    x, y, w, h = max(0, x - 12), max(0, y - 12), w + 24, h + 24
    if how == "short":
        w -= 12 + round(5 * FRAME_DPI / 25.4)
    covered = page.copy()
    cv2.rectangle(covered, (x, y), (x + w, y + h), paper, -1)
    if how == "glass":
        covered = cv2.addWeighted(page, 0.06, covered, 0.94, 0)
    cv2.rectangle(covered, (x, y), (x + w, y + h), 90, 1)
    cv2.putText(covered, alias, (x + 30, y + h - 18), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 20, 2, cv2.LINE_AA)
    return covered


def make_set(made: Path, work_set: Path, how: str) -> None:
    """Writes the set: works, key and manifest."""
    truth = json.loads((made / "truth.json").read_text(encoding="utf-8"))
    (work_set / "private").mkdir(parents=True, exist_ok=True)
    (work_set / "shared" / "work").mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.active.append(["Alias", "Student", "Student ID", "Source file", "Source pages", "Matched by"])
    kept = 0
    works: dict[int, list[dict]] = {}
    for page in truth["pages"]:
        if page["task_page"] and page["fault"] != "duplicate":
            works.setdefault(page["student"], []).append(page)
    with pymupdf.open(made / "stack.pdf") as stack:
        for student, pages in works.items():
            if len(pages) < truth["task_pages"] or not any(page["has_name"] for page in pages):
                continue
            alias, tone = (
                f"Alias{chr(65 + student % 26)}{student}",
                "bitonal" if truth["tone"] == "bitonal" else "grey",
            )
            pdf = StackWriter(tone, FRAME_DPI)
            for page in pages:
                label = cv2.imread(str(made / "truth" / f"p{page['page']:04d}.png"), cv2.IMREAD_GRAYSCALE)
                scan = render(stack[page["page"] - 1], page["dpi"])
                frame = true_frame(scan, page, label.shape[::-1])
                out = cover(frame, label, how, alias, 255 if tone == "bitonal" else int(np.median(frame)))
                slip = np.float64([[1.001, 0.0005, 1.5], [-0.0005, 0.999, -2]])
                out = cv2.warpAffine(out, slip, out.shape[::-1], borderValue=255)
                pdf.add(np.where(out < 128, 0, 255).astype(np.uint8) if tone == "bitonal" else out, 80)
            pdf.save(str(work_set / "shared" / "work" / f"{alias}.pdf"))
            kept += len(pages)
            numbers = ",".join(str(page["page"]) for page in pages)
            book.active.append([alias, "", "", "stack.pdf", numbers, ""])
    book.save(work_set / "private" / "key.xlsx")
    held = len(truth["pages"]) - kept
    counts = {"scanned": len(truth["pages"]), "kept": kept, "blank": 0, "set aside": 0, "held": held}
    (work_set / "shared" / "manifest.json").write_text(json.dumps({"counts": counts}), encoding="utf-8")


def main() -> None:
    """Reads the options and makes the set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("made", type=Path, metavar="CLASS")
    parser.add_argument("set", type=Path, metavar="SET")
    parser.add_argument("--covers", choices=HOW, default="perfect")
    args = parser.parse_args()
    make_set(args.made, args.set, args.covers)


if __name__ == "__main__":
    main()
