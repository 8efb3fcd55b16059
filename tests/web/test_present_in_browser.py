"""The page for a projector in a real browser: by keys and by mouse, in light and dark, for everybody."""

from __future__ import annotations

import json

import numpy as np
import pytest
from browsing import served

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.printing.pdf_writer import image_pdf
from mssw.sharing import share
from support.released_set import LETTER, page, released_set
from support.tabs import LAPTOP, TABLET, ZOOMED, answered, opened

pytestmark = pytest.mark.pages

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
FEW = ("Andrea", "Bo", "Camille")


@pytest.fixture
def workset(tmp_path):
    workset = released_set(tmp_path / "air", FEW, pages=2)
    blank, size = page("The task")
    white = encode(np.full((634, 490), 255, np.uint8), Tone.GREY)
    share(workset, "task.pdf", image_pdf([(blank, size), (white, LETTER)]), [], pages=2)
    return workset


def serious(tab):
    found = axe.Axe().run(tab).response["violations"]
    return [(one["id"], [node["html"][:100] for node in one["nodes"]]) for one in found if one["impact"] != "minor"]


def loaded(tab):
    tab.wait_for_function(
        "() => [...document.querySelectorAll('#stage img')].every((one) => one.complete && one.naturalWidth)"
    )


@pytest.mark.parametrize(("size", "scheme"), [(LAPTOP, "light"), (TABLET, "dark")])
def test_samples_are_shown_alone_by_two_and_by_question_by_keys_alone(chrome, workset, size, scheme):
    with served("present", workset.root) as address, opened(chrome, address, size, scheme) as tab:
        assert tab.inner_text("#stage h2") == "Andrea"
        tab.keyboard.press("ArrowRight")
        assert tab.inner_text("#stage h2") == "Bo"
        loaded(tab)
        assert serious(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")

        tab.keyboard.press("2")
        assert tab.locator("#stage h2").all_inner_texts() == ["Bo", "Camille"]
        tab.keyboard.press("ArrowDown")
        assert "Page 2 of 2" in tab.inner_text("#stage")

        tab.keyboard.press("3")
        loaded(tab)
        assert tab.locator(".answer figcaption").all_inner_texts() == list(FEW)
        assert serious(tab) == []

        tab.keyboard.press("?")
        tab.wait_for_selector("dialog[open]")
        assert serious(tab) == []


def test_a_dozen_samples_reach_over_the_edge_of_no_window(chrome, tmp_path):
    """Their names scroll in the bar: they do not make the page wider than a tablet, or a laptop at 200 %."""
    whole = released_set(tmp_path / "air", pages=1)
    with served("present", whole.root) as address, opened(chrome, address, TABLET) as tab:
        for wide, tall in (TABLET, ZOOMED):
            tab.set_viewport_size({"width": wide, "height": tall})
            for key in "1230":
                tab.keyboard.press(key)
                loaded(tab)
                assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (wide, key)


def test_where_the_questions_are_is_drawn_by_mouse_and_kept(chrome, workset):
    with served("present", workset.root) as address, opened(chrome, address, LAPTOP) as tab:
        tab.keyboard.press("e")
        loaded(tab)
        before = tab.locator(".box").count()
        sheet = tab.locator(".paper").first.bounding_box()
        tab.mouse.move(sheet["x"] + 20, sheet["y"] + 20)
        tab.mouse.down()
        tab.mouse.move(sheet["x"] + 300, sheet["y"] + 90, steps=4)
        with answered(tab, "/api/questions"):
            tab.mouse.up()
        tab.wait_for_function("count => document.querySelectorAll('.box').length === count", arg=before + 1)
        assert serious(tab) == []

    kept = json.loads((workset.private / "questions.json").read_text(encoding="utf-8"))["questions"]
    assert len(kept) == before + 1
    assert kept[0]["page"] == 1
