"""The review page in a real browser: by key and by mouse, in light and dark, wide and narrow, for everybody."""

from __future__ import annotations

import json

import pytest
from browsing import served

from support.commands import copied
from support.tabs import NARROW, WIDE, ZOOMED, opened

pytestmark = pytest.mark.pages

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

SAVED = '#saving:text-is("All is saved")'


@pytest.fixture
def folder(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


@pytest.fixture
def address(folder):
    with served("review", folder) as address:
        yield address


@pytest.fixture
def page(chrome, address):
    with opened(chrome, address) as page:
        yield page


def kept(folder):
    return json.loads((folder / "private" / "decisions.json").read_text(encoding="utf-8"))


def works(folder):
    state = json.loads((folder / "private" / "state.json").read_text(encoding="utf-8"))
    return {work["alias"]: work for work in state["works"]}


def apply(page):
    page.keyboard.press("d")
    page.click('button:text-is("Apply")')
    page.wait_for_selector('button:text-is("Close the review")', timeout=120000)


def test_by_keys_alone_one_key_a_page_the_class_is_looked_at_and_released(page, folder):
    alias = page.inner_text("#alias")
    assert page.inner_text("#state") == "Held"
    for _ in range(6):
        page.keyboard.press("Enter")
    page.wait_for_selector('#progress:text-is("7 of 7 pages looked at")')
    page.wait_for_selector(SAVED)

    apply(page)
    page.click('button:text-is("Close the review")')
    page.wait_for_selector('h1:text-is("The review is closed.")')

    assert all(work["seen"] and not work["held"] for work in works(folder).values())
    assert (folder / "shared" / "work" / f"{alias}.pdf").is_file()


def test_a_missed_name_is_covered_by_mouse_made_larger_by_key_and_undone(page, folder):
    sheet = page.locator("#sheet").bounding_box()
    page.mouse.move(sheet["x"] + 90, sheet["y"] + 300)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 200, sheet["y"] + 330, steps=4)
    page.mouse.up()
    page.wait_for_selector(SAVED)
    [said] = kept(folder)["pages"].values()
    [drawn] = said["covers"]

    page.locator(".box.you").focus()
    with page.expect_response("**/api/decide"):
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("ArrowDown")
    page.wait_for_selector(SAVED)

    [said] = kept(folder)["pages"].values()
    [moved] = said["covers"]
    assert moved[1] > drawn[1]
    assert moved[2] > drawn[2]
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("u")
    page.wait_for_selector("#undo:disabled")
    [said] = kept(folder)["pages"].values()
    assert said["covers"] == []


def test_a_cover_is_dropped_by_key_put_back_by_mouse_and_wanted_on_every_page(page, folder):
    page.locator(".box.mssw").first.focus()
    page.keyboard.press("Delete")
    page.wait_for_selector(".box.dropped")
    assert page.inner_text("#state") == "Held"
    page.locator(".box.dropped").click()
    page.click("#coverthis")
    page.wait_for_selector(".box.dropped", state="detached")

    page.keyboard.press("b")
    page.wait_for_selector(".box.you.is-chosen")
    page.keyboard.press("e")
    page.wait_for_selector(".box.everywhere")

    assert kept(folder)["everywhere"] == [{"task_page": 1, "box": [0.3, 0.4, 0.3, 0.05]}]


def test_a_work_is_set_aside_one_needs_attention_and_a_page_moves_by_key_and_mouse(page, folder):
    first = page.inner_text("#alias")
    page.keyboard.press("a")
    page.click('label:has-text("Promotes a stereotype")')
    page.fill("#note", "the second answer")
    page.click('button:text-is("Set the work aside")')
    page.wait_for_selector('#state:text-is("Set aside")')
    page.keyboard.press("Enter")
    page.keyboard.press("!")
    assert "own procedure" in page.inner_text(".attention")
    page.click('button:text-is("Keep it back")')
    page.wait_for_selector('#state:text-is("Needs attention now")')
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("m")
    page.click(f'label:has-text("{first}")')
    page.click('button:text-is("Move it")')
    page.wait_for_selector("#sheet[data-why]:not([data-why=''])")
    assert page.get_attribute("#sheet", "data-why") == f"Moves to {first}"

    apply(page)

    asides = sorted(work["aside"] for work in works(folder).values())
    assert asides[-2:] == ["needs attention now", "promotes a stereotype"]
    assert len(works(folder)[first]["pages"]) == 3


def test_the_view_of_colleagues_shows_the_alias_and_hides_what_is_covered(page):
    page.keyboard.press("p")

    assert page.inner_text(".box.named") == page.inner_text("#alias")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.box.named')).backgroundColor") == "rgb(255, 255, 255)"
    )


def test_closed_and_opened_again_one_is_where_one_was(chrome, address):
    with opened(chrome, address) as page:
        first = page.inner_text("#where")
        third = page.evaluate("fetch('/api/all').then((said) => said.json()).then((all) => all.pages[3].id)")
        with page.expect_response(lambda said: "/api/place" in said.url and third in said.request.post_data):
            for _ in range(3):
                page.keyboard.press("ArrowRight")
        where = page.inner_text("#where")
        assert where != first
    with opened(chrome, address) as page:
        assert page.inner_text("#where") == where


def test_two_tabs_the_later_word_on_a_page_is_refused_and_the_page_shown_as_it_is(chrome, address, folder):
    with opened(chrome, address) as one, opened(chrome, address) as other:
        one.keyboard.press("b")
        one.wait_for_selector(SAVED)
        other.keyboard.press("x")
        other.wait_for_selector("#toast:not([hidden])")

        assert "another window" in other.inner_text("#toast")
        other.wait_for_selector(".box.you")
        [said] = kept(folder)["pages"].values()
        assert said["covers"] == [[0.3, 0.4, 0.3, 0.05]]
        assert "blank" not in said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_nothing_keeps_anybody_out(chrome, address, size, scheme):
    with opened(chrome, address, size, scheme) as page:
        assert serious(page) == []
        for key in ("a", "!", "w", "m", "?", "d"):
            page.keyboard.press(key)
            page.wait_for_selector("dialog[open] h2")
            assert serious(page) == [], key
            page.keyboard.press("Escape")
            page.wait_for_selector("dialog[open]", state="detached")


def serious(page):
    found = axe.Axe().run(page).response["violations"]
    return [
        (one["id"], [node["html"][:120] for node in one["nodes"]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW, ZOOMED])
def test_nothing_runs_out_of_the_window_and_every_button_is_large_enough_to_touch(chrome, address, size):
    with opened(chrome, address, size) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate(
            "[...document.querySelectorAll('button')].filter((b) => b.offsetParent && !b.closest('#sheet, #thumbs'))"
            ".filter((b) => b.offsetHeight < 44 || b.offsetWidth < 44).map((b) => b.id)"
        )
        assert small == []


FOCUS = """() => {
  const focused = document.activeElement;
  const shown = focused.id === "stage" ? document.getElementById("sheet") : focused;
  return focused === document.body || parseFloat(getComputedStyle(shown).outlineWidth) >= 2;
}"""


def test_the_focus_is_seen_wherever_it_goes(page):
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)
