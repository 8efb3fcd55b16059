"""Print every template with contents that are hard to print, on both papers, for a person to look at.

Usage: python tests/bench/print_extremes.py FOLDER [NAME...]

Writes FOLDER/LETTER-or-A4/CONTENT/TEMPLATE.pdf and its pages side by side as TEMPLATE.png, and prints how long each
content took and what the mechanical checks find. NAME (packet, kit-B, long, arabic …) takes only what has that name.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pymupdf
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.extremes import EXTREMES, faults, printed

DPI = 50
ACROSS = 5
GAP = 6


def contact_sheet(pdf: bytes) -> Image.Image:
    """A PDF's pages side by side."""
    pages = []
    for page in pymupdf.open("pdf", pdf):
        drawn = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
        pages.append(Image.frombytes("L", (drawn.width, drawn.height), drawn.samples))
    width, height = (size + GAP for size in pages[0].size)
    sheet = Image.new("L", (width * min(ACROSS, len(pages)), height * -(-len(pages) // ACROSS)), 150)
    for place, page in enumerate(pages):
        sheet.paste(page, (place % ACROSS * width, place // ACROSS * height))
    return sheet


def main(folder: Path, names: set[str]) -> int:
    """Print all, tell what is wrong, and end with 1 where anything is."""
    wrong = 0
    for paper in ("letter", "a4"):
        for extreme in EXTREMES:
            start = time.perf_counter()
            pdfs = printed(extreme, paper)
            took = time.perf_counter() - start
            place = folder / paper / extreme.name
            place.mkdir(parents=True, exist_ok=True)
            print(f"{paper:7}{extreme.name:12}{len(pdfs):3} PDFs in {took:5.1f} s")
            for name, pdf in pdfs.items():
                if names and not names & {name, extreme.name}:
                    continue
                (place / f"{name}.pdf").write_bytes(pdf)
                contact_sheet(pdf).save(place / f"{name}.png")
                for fault in faults(pdf):
                    wrong += 1
                    print(f"    {name}, {fault}")
    print(f"{wrong} faults; look at {folder}")
    return int(wrong > 0)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), set(sys.argv[2:])))
