"""The review page in a real browser: by key and by mouse, in light and dark, wide and narrow, for everybody."""

from __future__ import annotations

import json

import pytest
from browsing import served

from mssw.core.shell_words import command_line
from mssw.web.review_page import review_site
from mssw.workset.folder import WorkSet
from support.commands import copied
from support.flagged_class import flag_word
from support.remembered import command_that_remembers
from support.tabs import (
    LAPTOP,
    LARGE,
    NARROW,
    SHOWN,
    TABLET,
    WIDE,
    ZOOMED,
    answered,
    approve,
    is_covered,
    look_through,
    opened,
    saved,
    served_site,
    settle,
)

pytestmark = pytest.mark.pages

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")


@pytest.fixture
def folder(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


@pytest.fixture
def address(folder):
    """The page that `mssw review` opens, served by a thread of this process."""
    with served_site(review_site(WorkSet(folder))[0]) as address:
        yield address


@pytest.fixture
def page(chrome, address):
    with opened(chrome, address) as page:
        yield page


@pytest.fixture
def whole_command(chrome, folder, memory):
    """The page of `mssw review` itself, for tests in which it applies what was decided."""
    with served("review", folder, start=command_that_remembers(memory)) as address, opened(chrome, address) as page:
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


def test_by_keys_alone_the_class_is_looked_at_and_released(whole_command, folder):
    page = whole_command
    alias = page.inner_text("#alias")
    assert page.inner_text("#state") == "On hold"
    for _ in range(40):
        page.keyboard.press("Enter")  # shows the rest of a page, and approves it when all of it was shown
        settle(page)
        if page.inner_text("#progress") == "7 of 7 pages looked at":
            break
    page.wait_for_selector('#progress:text-is("7 of 7 pages looked at")')
    saved(page)

    page.keyboard.press("d")
    page.wait_for_selector('button:text-is("Apply")')
    page.keyboard.press("Enter")  # what the screen says
    page.wait_for_selector('button:text-is("Close the review")', timeout=120000)
    assert "All of them are looked at" in page.inner_text("#dialog")
    command = page.inner_text("#nextcommand")
    page.keyboard.press("Enter")
    page.wait_for_selector('h1:text-is("The review is closed.")')

    assert command == command_line("mssw", "sort", folder)
    assert page.inner_text("#nextcommand") == command
    assert all(work["seen"] and not work["held"] for work in works(folder).values())
    assert (folder / "shared" / "work" / f"{alias}.pdf").is_file()


def test_a_missed_name_is_covered_by_mouse_made_larger_by_key_and_undone(page, folder):
    sheet = page.locator("#sheet").bounding_box()
    page.mouse.move(sheet["x"] + 90, sheet["y"] + 300)
    page.mouse.down()
    page.mouse.move(sheet["x"] + 200, sheet["y"] + 330, steps=4)
    page.mouse.up()
    saved(page)
    [said] = kept(folder)["pages"].values()
    [drawn] = said["covers"]

    for key in ("Shift+ArrowRight", "ArrowDown"):
        page.locator(".box.you").focus()
        with answered(page, "/api/decide"):
            page.keyboard.press(key)
        saved(page)

    [said] = kept(folder)["pages"].values()
    [moved] = said["covers"]
    assert moved[1] > drawn[1]
    assert moved[2] > drawn[2]
    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("u")
    page.wait_for_selector("#undo:disabled")
    saved(page)
    [said] = kept(folder)["pages"].values()
    assert said["covers"] == []


def test_a_cover_is_dropped_by_key_put_back_by_mouse_and_wanted_on_every_page(page, folder):
    page.locator(".box.mssw").first.focus()
    page.keyboard.press("Delete")
    page.wait_for_selector(".box.dropped")
    assert page.inner_text("#state") == "On hold"
    page.locator(".box.dropped").click()
    page.click("#coverthis")
    page.wait_for_selector(".box.dropped", state="detached")

    page.keyboard.press("b")
    page.wait_for_selector(".box.pending.is-chosen")
    page.keyboard.press("e")
    page.wait_for_selector(".box.everywhere")

    [rule] = kept(folder)["everywhere"]
    assert (rule["task_page"], rule["box"][2:]) == (1, [0.3, 0.05])
    page.wait_for_selector(".box.pending", state="detached")


def test_a_work_is_set_aside_one_needs_attention_and_a_page_moves_by_key_and_mouse(whole_command, folder):
    page = whole_command
    first = page.inner_text("#alias")
    page.keyboard.press("a")
    page.click('label:has-text("Promotes a stereotype")')
    page.fill("#note", "the second answer")
    page.click('button:text-is("Set it aside")')
    page.wait_for_selector('#state:text-is("Set aside")')
    approve(page)
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
        with answered(page, "/api/place", third):
            for _ in range(3):
                page.keyboard.press("ArrowRight")
        where = page.inner_text("#where")
        assert where != first
    with opened(chrome, address) as page:
        assert page.inner_text("#where") == where


def test_two_tabs_the_later_word_on_a_page_is_refused_and_the_page_shown_as_it_is(chrome, address, folder):
    with opened(chrome, address) as one, opened(chrome, address) as other:
        one.keyboard.press("b")
        one.keyboard.press("Enter")
        saved(one)
        other.keyboard.press("x")
        other.wait_for_selector("#toast:not([hidden])")

        assert "another window" in other.inner_text("#toast")
        other.wait_for_selector(".box.you")
        [said] = kept(folder)["pages"].values()
        assert len(said["covers"]) == 1
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


@pytest.mark.parametrize("size", [LAPTOP, LARGE, TABLET, ZOOMED])
def test_nothing_is_approved_that_was_not_on_screen(chrome, address, size):
    """Watched from outside: what of each page was in the window, up to the Enter that approved it."""
    with opened(chrome, address, size) as page:
        seen, approved = {}, []
        page.on("request", lambda asked: approved.append(asked.post_data_json) if "/api/decide" in asked.url else None)
        for _ in range(60):
            for name, top, bottom in page.evaluate(SHOWN):
                seen.setdefault(name, []).append((top, bottom))
            before, counted = page.evaluate(SHOWN), len(approved)
            page.keyboard.press("Enter")
            settle(page)
            if len(approved) > counted:
                assert all(is_covered(seen[name]) for name, _, _ in before), (size, before)
                assert len(approved[-1]["also"]) == len(before) - 1
            if page.inner_text("#progress") == "7 of 7 pages looked at":
                break
        assert len(approved) == 4  # two pages of the response on hold, and two whole responses


AT_REST = """() => new Promise((done) => {
  const stage = document.getElementById("stage");
  let [last, still] = [-1, 0];
  const next = () => {
    still = stage.scrollTop === last ? still + 1 : 0;
    last = stage.scrollTop;
    if (still < 12) requestAnimationFrame(next);
    else done();
  };
  next();
})"""


def test_every_page_opens_at_its_top(chrome, address):
    with opened(chrome, address, LAPTOP) as page:
        page.keyboard.press("PageDown")
        page.wait_for_function("() => document.getElementById('stage').scrollTop > 100")
        page.evaluate(AT_REST)  # an Enter on the way would be carried past what it is to show
        page.keyboard.press("Enter")
        settle(page)
        assert page.inner_text("#progress") == "1 of 7 pages looked at"  # what PageDown passed over was not on screen
        approve(page)
        assert page.evaluate("document.getElementById('stage').scrollTop") <= 8
        page.wait_for_selector('#progress:text-is("2 of 7 pages looked at")')


def test_a_page_fits_the_width_and_is_shown_whole_on_demand(chrome, address):
    with opened(chrome, address, LAPTOP) as page:
        assert page.locator("#sheet").bounding_box()["width"] > 900
        page.keyboard.press("0")
        page.wait_for_function("() => document.getElementById('sheet').offsetHeight < 650")
        assert page.inner_text("#fit").startswith("Fit the width")


@pytest.mark.parametrize("size", [LAPTOP, ZOOMED])
def test_a_whole_response_is_approved_by_one_key_also_at_200_percent(chrome, address, size):
    with opened(chrome, address, size) as page:
        page.keyboard.press("0")
        page.locator(".thumb[data-state=unseen]").first.click()
        settle(page)
        before, shown = int(page.inner_text("#progress").split()[0]), page.locator(".sheet").count()
        assert shown == 2
        page.keyboard.press("Enter")
        settle(page)
        assert page.inner_text("#progress") == f"{before + shown} of 7 pages looked at"


@pytest.mark.parametrize("clicked", [".thumb[aria-current=true]", "#out", "#preview", "#undo", ".box.mssw", "#alias"])
def test_enter_and_space_work_whatever_was_clicked_last(page, clicked):
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.wait_for_selector("#undo:enabled")
    page.locator(clicked).first.click()
    here = page.inner_text("#where")

    for key in ("Enter", "Space"):
        look_through(page)
        page.keyboard.press(key)
        page.wait_for_function("here => document.getElementById('where').textContent !== here", arg=here)
        here = page.inner_text("#where")


@pytest.mark.parametrize("begin", ["key", "button"])
def test_drawing_is_left_by_escape_and_leaves_nothing_behind(page, folder, begin):
    def toggle():
        page.keyboard.press("b") if begin == "key" else page.click("#draw")

    toggle()
    page.wait_for_selector(".box.pending")
    assert page.get_attribute("#draw", "aria-pressed") == "true"
    page.keyboard.press("Escape")
    page.wait_for_selector(".box.pending", state="detached")
    toggle()
    page.wait_for_selector(".box.pending")
    toggle()
    page.wait_for_selector(".box.pending", state="detached")
    assert page.get_attribute("#draw", "aria-pressed") == "false"
    toggle()
    page.keyboard.press("ArrowRight" if begin == "key" else "ArrowDown")
    page.locator(".thumb").nth(2).click()
    page.wait_for_selector(".box.pending", state="detached")

    assert not (folder / "private" / "decisions.json").is_file()


def test_undo_survives_when_the_page_is_loaded_again(page, folder):
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    saved(page)
    page.reload()
    page.wait_for_selector("body[data-ready]")

    page.keyboard.press("u")

    page.wait_for_selector("#undo:disabled")
    [said] = kept(folder)["pages"].values()
    assert said["covers"] == []


def test_who_wrote_it_is_said_with_the_first_letters_and_enter(page):
    page.keyboard.press("w")
    page.wait_for_selector("dialog[open] #search")
    name = page.locator("dialog label.choice").last.inner_text()
    page.keyboard.type(name.split(",")[0].split()[0].lower()[:5])
    first = page.locator("dialog label.choice:visible").first.inner_text()
    with page.expect_response("**/api/whose") as said:
        page.keyboard.press("Enter")

    answer = said.value.json()
    chosen = answer["whose"][page.inner_text("#alias")]
    assert chosen["by_teacher"]
    assert answer["students"][chosen["student"]] == first


def test_flagged_words_are_asked_about_one_by_one(folder, chrome):
    places = flag_word(folder, "takes")
    count = sum(map(len, places.values()))
    assert count >= 2
    with served("review", folder) as address, opened(chrome, address) as page:
        page.locator(".thumb[data-state=flagged]").first.click()
        page.wait_for_selector("#flagname:text-is('Takes?')")
        assert "a word on your list" in page.inner_text("#flagread")
        assert page.evaluate("document.getElementById('flagword').width") > 100
        page.wait_for_selector(".box.flag")  # drawn once the picture of the page is there
        over = "getComputedStyle(document.querySelector('.box.flag')).backgroundColor"
        assert page.evaluate(over) == "rgba(0, 0, 0, 0)"
        assert f"{count} times in the class" in page.inner_text("#notclass")

        page.keyboard.press("l")

        page.wait_for_selector("#flag", state="hidden")
        saved(page)
        dismissed = [box for said in kept(folder)["pages"].values() for box in said.get("not_names", [])]
        assert len(dismissed) == count
        page.wait_for_function("() => !document.querySelector('.thumb[data-state=flagged]')")
        page.keyboard.press("u")
        page.wait_for_selector("#flagname:text-is('Takes?')")
        page.keyboard.press("c")
        saved(page)
        page.wait_for_selector(".box.you")


def test_the_name_as_it_is_written_is_beside_the_student_it_is_matched_to(page):
    whose = page.evaluate("fetch('/api/all').then((said) => said.json()).then((all) => all.whose)")
    alias = next(name for name, one in whose.items() if one["name"])
    page.locator(f'.thumb[aria-label^="{alias}, page 1"]').click()
    page.wait_for_function("alias => document.getElementById('alias').textContent === alias", arg=alias)

    assert page.inner_text("#writername") == whose[alias]["name"]
    page.wait_for_function("() => document.getElementById('writerfield').width > 100")


def test_the_next_response_without_a_student_is_a_key_away_and_those_without_one_come_first(page):
    whose = page.evaluate("fetch('/api/all').then((said) => said.json()).then((all) => all.whose)")
    open_ones = [name for name, one in whose.items() if not one["name"]]
    assert open_ones
    page.locator(".thumb").last.click()
    page.keyboard.press("o")
    page.wait_for_function("names => names.includes(document.getElementById('alias').textContent)", arg=open_ones)
    page.keyboard.press("w")
    page.wait_for_selector("dialog[open] #search")
    heads = page.locator("#dialog legend:visible").all_inner_texts()
    assert heads[-1] == "Have a response already"
    assert "Still without a response" in heads

    page.keyboard.press("Escape")
    page.keyboard.press("m")
    named = next(one["name"] for one in whose.values() if one["name"])
    assert named in page.inner_text("#dialog")


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_all_pages_of_the_class_are_shown_with_their_status(page, by):
    here = page.inner_text("#where")
    page.keyboard.press("g") if by == "key" else page.click("#all")
    page.wait_for_selector("#overview[open]")
    assert page.locator("#overview .thumb").count() == 7
    assert "2 on hold" in page.inner_text("#overviewcounts")
    assert serious(page) == []
    if by == "key":
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
    else:
        page.locator("#overview .thumb").nth(5).click()

    page.wait_for_selector("#overview:not([open])", state="attached")
    page.wait_for_function("here => document.getElementById('where').textContent !== here", arg=here)
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    assert page.locator("#overview[open]").count() == 0


def test_a_department_is_reviewed_class_by_class_in_one_window(folder, chrome, tmp_path):
    copied(folder, tmp_path / "sets" / "5a")
    copied(folder, tmp_path / "sets" / "5b")
    with served("review", tmp_path / "sets", ends=False) as first, opened(chrome, first) as page:
        assert "class 1 of 2" in page.inner_text(".bar")
        apply(page)
        page.click('button:text-is("Close the review")')

        page.wait_for_selector('.bar:has-text("class 2 of 2")')
        page.wait_for_selector("body[data-ready]")
