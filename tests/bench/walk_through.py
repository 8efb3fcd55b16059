"""Pictures of every state of the review and sort pages: wide and narrow, light and dark, and at 200 %.

    python tests/bench/walk_through.py SET FOLDER [--only wide-light ...]

SET is a prepared set, best one with held and flagged pages (`mssw demo`); it is copied, and the copies are worked on.
FOLDER gets a PNG a state. Look at each.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

from browsing import browser, served

LOOKS = {
    "wide-light": ({"width": 1280, "height": 800}, "light", 1),
    "wide-dark": ({"width": 1280, "height": 800}, "dark", 1),
    "narrow-light": ({"width": 390, "height": 844}, "light", 1),
    "narrow-dark": ({"width": 390, "height": 844}, "dark", 1),
    "zoom-light": ({"width": 640, "height": 400}, "light", 2),  # 1280 by 800 at 200 %
}


class Walk:
    """One tab, and where its pictures go."""

    def __init__(self, page: Any, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.count = 0

    def shot(self, name: str, *, whole: bool = False) -> None:
        """A picture of the window; of the whole page where it scrolls."""
        self.count += 1
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=self.folder / f"{self.count:02d}-{name.partition('-')[2]}.png", full_page=whole)

    def dialog(self, key: str, name: str) -> None:
        """A dialog that a key opens."""
        self.page.keyboard.press(key)
        self.page.wait_for_selector("dialog[open] h2")
        self.shot(name)
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector("dialog[open]", state="detached")


def review(walk: Walk) -> None:
    """The review, from its first page to its end."""
    page = walk.page
    page.wait_for_selector("body[data-ready]")
    walk.shot("review-held", whole=True)
    for key, name in (("a", "aside"), ("!", "now"), ("w", "whose"), ("m", "move"), ("?", "keys"), ("d", "done")):
        walk.dialog(key, f"review-{name}")
    page.locator(".thumb[data-state=flagged]").first.click()
    page.wait_for_selector(".box.flag")
    walk.shot("review-flagged", whole=True)
    page.locator(".box.flag").first.focus()
    walk.shot("review-flag-chosen", whole=True)
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.wait_for_selector(".box.pending.is-chosen")
    walk.shot("review-cover-drawn", whole=True)
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    walk.shot("review-as-colleagues", whole=True)
    page.keyboard.press("p")
    page.locator(".box.mssw").first.focus()
    page.keyboard.press("Delete")
    page.wait_for_selector(".box.dropped")
    walk.shot("review-cover-dropped", whole=True)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.wait_for_selector("#sheet[data-out=true]")
    walk.shot("review-blank", whole=True)
    page.keyboard.press("+")
    page.keyboard.press("+")
    walk.shot("review-larger")


def piles(walk: Walk) -> None:
    """The sort's first two passes."""
    page = walk.page
    page.wait_for_selector("main > *")
    walk.shot("sort-read")
    page.click("[data-pass=piles]")
    page.wait_for_selector(".card")
    walk.shot("sort-piles-empty")
    page.focus(".card")
    walk.dialog("n", "sort-new-pile")
    for name in ("counts particles", "air is nothing", "what goes in must still be there, for nothing can vanish"):
        page.keyboard.press("n")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        page.wait_for_selector(f".target-name:text-is('{name}')")
    page.keyboard.press("2")
    page.keyboard.press("0")
    walk.shot("sort-piles")
    walk.dialog("x", "sort-aside")
    walk.dialog("?", "sort-keys")
    page.select_option("#show", "counts particles")
    page.focus(".card")
    page.keyboard.press("Enter")
    page.wait_for_selector("#big[open]")
    walk.shot("sort-large")
    page.keyboard.press("e")
    page.wait_for_selector(".mark")
    walk.shot("sort-evidence")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.wait_for_selector(".evidence img", state="attached")
    walk.shot("sort-pile-with-evidence")
    page.click("[aria-label='More for the pile counts particles']")
    walk.shot("sort-pile-menu")
    page.keyboard.press("Escape")


def sort(walk: Walk) -> None:
    """The sort, through its four passes."""
    piles(walk)
    page = walk.page
    page.click("[data-pass=levels]")
    walk.shot("sort-levels-empty")
    page.click("text=State it")
    walk.shot("sort-objective")
    page.keyboard.type("that air takes up space and has mass, and that both can be shown")
    page.click("#ask .first")
    page.focus(".card")
    for key in "hmlhml":
        page.keyboard.press(key)
    walk.shot("sort-levels")
    page.click("[data-pass=pairs]")
    walk.shot("sort-pairs-before")
    page.click("text=Show the pairs")
    page.wait_for_selector(".pair")
    walk.shot("sort-pair")
    page.keyboard.press("2")
    page.wait_for_selector(".verdict")
    walk.shot("sort-pair-answered")
    while page.locator(".pair").count():
        page.keyboard.press("ArrowRight")
    walk.shot("sort-pairs-after")
    page.click("#close")
    page.wait_for_selector("text=Everything is kept")
    walk.shot("sort-closed")


def main() -> None:
    """Walk through both pages in every look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workset", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=LOOKS, default=list(LOOKS))
    asked = parser.parse_args()
    with browser() as started:
        for look in asked.only:
            window, scheme, scale = LOOKS[look]
            context = started.new_context(
                viewport=window, color_scheme=scheme, device_scale_factor=scale, reduced_motion="reduce"
            )

            for command, walked in (("review", review), ("sort", sort)):
                folder = asked.folder / look / command
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory() as place:
                    workset = shutil.copytree(asked.workset, Path(place) / "set")
                    with served(command, workset) as address:
                        page = context.new_page()
                        page.set_default_timeout(60_000)
                        page.goto(address)
                        walked(Walk(page, folder))
            context.close()


if __name__ == "__main__":
    main()
