"""How soon a page shows after its key on the review page, and whether hundreds of works stay smooth.

python tests/bench/review_page.py SET [--works 300]

The set is copied, and its works are repeated under made-up aliases up to that many. Keys are pressed in a real
Chromium; the time runs from the key's own time stamp to the frame after the page's picture was put in.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from pathlib import Path

from browsing import browser, served

KEYS = 60
SHOWN = "count => performance.getEntriesByName('page-shown').length >= count"


def repeated(workset: Path, place: Path, count: int) -> Path:
    """A copy of a set whose works are repeated; each page has its own picture file, as in a real class."""
    shutil.copytree(workset, place)
    state = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))
    pages = {page["id"]: page for page in state["pages"]}
    given, works, every = list(state["works"]), [], []
    for number in range(count):
        work = given[number % len(given)]
        names = []
        for old in work["pages"]:
            name = f"r{number:04d}-{old}"
            image = f"{name}{Path(pages[old]['image']).suffix}"
            shutil.copy(place / "private" / "pages" / pages[old]["image"], place / "private" / "pages" / image)
            every.append({**pages[old], "id": name, "image": image, "identity": name})
            names.append(name)
        works.append({**work, "alias": f"{work['alias']}{number}", "pages": names})
    state |= {"pages": every, "works": works}
    (place / "private" / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return place


def measured(workset: Path) -> dict[str, float]:
    """Milliseconds from a key to its page, and from the address to the first page."""
    with served("review", workset) as address, browser() as started:
        page = started.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        first = page.evaluate("performance.now()")
        page.wait_for_timeout(1500)
        for number in range(KEYS):
            page.keyboard.press("Enter" if number % 2 else "ArrowRight")
            page.wait_for_timeout(250)  # faster than anybody looks at a page
            page.wait_for_function(SHOWN, arg=number + 1)  # a page that the next key overtook would not be counted
        took = sorted(page.evaluate("performance.getEntriesByName('page-shown').map((one) => one.duration)"))
        thumbs = page.evaluate("document.querySelectorAll('.thumb').length")
    return {
        "pages shown": len(took),
        "median ms": round(statistics.median(took)),
        "95 % ms": round(took[int(len(took) * 0.95)]),
        "worst ms": round(took[-1]),
        "first page ms": round(first),
        "thumbnails in the document": thumbs,
    }


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workset", type=Path)
    parser.add_argument("--works", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, value in measured(repeated(asked.workset, Path(folder) / "set", asked.works)).items():
            print(f"{name:<28}{value:>8}")


if __name__ == "__main__":
    main()
