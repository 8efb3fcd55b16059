"""How soon the sort page shows what a key did, with hundreds of works.

python tests/bench/sort_page.py SET [--works 300]

SET has released works; it is copied, and they are repeated under made-up aliases up to that many. In a real Chromium
cards are put on piles by key; the time runs from the key's own time stamp to the frame after the next.
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
WATCH = """() => {
  window.took = [];
  document.addEventListener("keydown", (event) => requestAnimationFrame(() => requestAnimationFrame(
    () => window.took.push(performance.now() - event.timeStamp))), { capture: true });
}"""


def repeated(workset: Path, place: Path, count: int) -> Path:
    """A copy of a set with that many released works."""
    shutil.copytree(workset, place)
    shutil.rmtree(place / "private" / "sorts", ignore_errors=True)
    file = place / "shared" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    given = list(manifest["works"])
    hashes = {row["path"]: row for row in manifest["files"]}
    works, files = [], [row for row in manifest["files"] if not row["path"].startswith("work/")]
    for number in range(count):
        work = given[number % len(given)]
        alias = f"{work['alias']}{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}"
        shutil.copy(place / "shared" / "work" / f"{work['alias']}.pdf", place / "shared" / "work" / f"{alias}.pdf")
        works.append({**work, "alias": alias})
        files.append({**hashes[f"work/{work['alias']}.pdf"], "path": f"work/{alias}.pdf"})
    file.write_text(json.dumps(manifest | {"works": works, "files": files}), encoding="utf-8")
    return place


def measured(workset: Path) -> dict[str, float]:
    """Milliseconds from a key to what it did, and from the address to the first work."""
    with served("sort", workset) as address, browser() as started:
        page = started.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(address)
        page.wait_for_selector("main > *")
        first = page.evaluate("performance.now()")
        page.click("[data-pass=piles]")
        page.focus(".card")
        page.keyboard.press("n")
        page.keyboard.type("air is nothing")
        page.keyboard.press("Enter")
        page.wait_for_selector(".target-name:text-is('air is nothing')")
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        for number in range(KEYS):
            page.keyboard.press("01"[number % 2])
            page.wait_for_timeout(200)  # faster than anybody judges a work
        page.wait_for_timeout(500)
        took = sorted(page.evaluate("window.took"))
        cards = page.evaluate("document.querySelectorAll('.card').length")
    return {
        "works": cards + KEYS + 1,
        "keys": len(took),
        "median ms": round(statistics.median(took)),
        "95 % ms": round(took[int(len(took) * 0.95)]),
        "worst ms": round(took[-1]),
        "first work ms": round(first),
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
