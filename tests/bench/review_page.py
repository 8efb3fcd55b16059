"""What a class costs on the review page: keys and seconds, and how soon a page shows after its key.

python tests/bench/review_page.py SET [--works 300] [--responses 28] [--flags 6]

The set is copied, and its released responses are repeated under made-up aliases up to that many; some get a flagged
word. Keys are pressed in a real Chromium, in windows of several sizes. First a class is looked through: 0 for whole
responses, K for each flagged word, Enter for the rest. Watched from outside, nothing may be approved that was not on
screen; else this ends with an error. Then the time is taken from a key's own time stamp to the frame after the page's
picture was put in, with hundreds of responses.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from browsing import browser, served

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.tabs import LAPTOP, LARGE, TABLET, ZOOMED, is_covered, opened, settle
from support.tabs import SHOWN as ON_SCREEN

KEYS = 60
MOST_KEYS = 400
FLAGGED = [{"box": [0.3, 0.4, 0.12, 0.02], "kind": "name in the text"}]
SIZES = {"1366 × 650": LAPTOP, "1440 × 900": LARGE, "820 × 1180": TABLET, "1280 × 800 at 200 %": ZOOMED}
COUNTED = "performance.getEntriesByName('page-shown').length"
SHOWN = "count => performance.getEntriesByName('page-shown').length >= count"


def repeated(workset: Path, place: Path, count: int, flags: int = 0) -> Path:
    """A copy of a set whose responses are repeated; each page has its own picture file, as in a real class.

    Args:
        workset: the set.
        place: where the copy goes.
        count: how many responses it gets.
        flags: on how many of them a word is flagged.
    """
    shutil.copytree(workset, place)
    state = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))
    pages = {page["id"]: page for page in state["pages"]}
    given, works, every = [work for work in state["works"] if not work["held"] and not work["aside"]], [], []
    for number in range(count):
        work = given[number % len(given)]
        names = []
        for old in work["pages"]:
            name = f"s{number + 100}-{old.partition('-')[2]}"  # as prepare names pages: file and page
            image = f"{name}{Path(pages[old]['image']).suffix}"
            shutil.copy(place / "private" / "pages" / pages[old]["image"], place / "private" / "pages" / image)
            marks = FLAGGED if number < flags and old == work["pages"][0] else []
            changed = {"id": name, "image": image, "identity": name, "flags": marks, "approved": False}
            every.append({**pages[old], **changed})
            names.append(name)
        works.append({**work, "alias": f"{work['alias']}{number}", "pages": names, "seen": False})
    state |= {"pages": every, "works": works}
    (place / "private" / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return place


def looked_through(workset: Path, size: tuple[int, int]) -> tuple[int, float]:
    """Keys and seconds until every page of a class was looked at and *Done* is pressed.

    Raises:
        AssertionError: something was approved that was not on screen.
    """
    with served("review", workset) as address, browser() as started, opened(started, address, size) as page:
        seen: dict[str, list[tuple[float, float]]] = {}
        approved: list[object] = []
        is_approval = '"do":"approve"'
        page.on("request", lambda asked: approved.append(asked) if is_approval in (asked.post_data or "") else None)
        begun, keys = time.monotonic(), 1
        page.keyboard.press("0")
        settle(page)
        while keys < MOST_KEYS:
            shown = page.evaluate(ON_SCREEN)
            for name, top, bottom in shown:
                seen.setdefault(name, []).append((top, bottom))
            counted = len(approved)
            page.keyboard.press("k" if page.locator("#flag").is_visible() else "Enter")
            keys += 1
            settle(page)
            if len(approved) > counted:
                assert all(is_covered(seen[name]) for name, _, _ in shown), (size, shown)
            done, of = page.inner_text("#progress").split(" pages")[0].split(" of ")
            if done == of:
                break
        page.keyboard.press("d")
        page.wait_for_selector('button:text-is("Apply")')
        return keys + 2, time.monotonic() - begun  # D, and the Enter that applies


def measured(workset: Path) -> dict[str, float]:
    """Milliseconds from a key to its page, and from the address to the first page."""
    with served("review", workset) as address, browser() as started:
        page = started.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        first = page.evaluate("performance.now()")
        page.wait_for_timeout(1500)
        page.keyboard.press("0")  # whole responses, which are on screen at once: each Enter shows the next
        settle(page)
        before = page.evaluate(COUNTED)
        for number in range(KEYS):
            page.keyboard.press("Enter" if number % 2 else "ArrowRight")
            page.wait_for_timeout(500)  # faster than anybody looks at two pages
            page.wait_for_function(SHOWN, arg=before + number + 1)  # a page that the next key overtook would not count
        took = page.evaluate("performance.getEntriesByName('page-shown').map((one) => one.duration)")[before:]
        took = sorted(took)
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
    parser.add_argument("--responses", type=int, default=28)
    parser.add_argument("--flags", type=int, default=6)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, size) in enumerate(SIZES.items()):
            workset = repeated(asked.workset, Path(folder) / f"class{number}", asked.responses, asked.flags)
            keys, seconds = looked_through(workset, size)
            print(f"{name:<28}{keys:>8} keys{seconds:>8.1f} s")
        for name, value in measured(repeated(asked.workset, Path(folder) / "set", asked.works)).items():
            print(f"{name:<28}{value:>8}")


if __name__ == "__main__":
    main()
