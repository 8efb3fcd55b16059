"""The sort page in a real browser: by keys, by mouse, by touch, in two tabs."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest
from starlette.testclient import TestClient

from mssw.sorting.kept_sorts import keep_sorting, read_order, read_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.web.door import Door
from mssw.web.site import make_app
from mssw.web.sort_page import sort_site
from mssw.workset.question_file import QuestionPlace, keep_questions
from mssw.workset.sort_memory import read_memory
from support.released_set import ALIASES, STUDENT, released_set
from support.tabs import WIDE, leave_tab, saved, served_site, take_tab

pytestmark = pytest.mark.pages

OBJECTIVE = "that air takes up space"


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air")


@contextmanager
def served(workset, by=""):
    """The address of the sort page, while it is served."""
    with served_site(sort_site(workset, by)) as address:
        yield address


@contextmanager
def opened(chrome, address, **options):
    """A tab without animations; with options, such as those of a phone, it is one of its own."""
    if options:
        tab = chrome.new_context(
            **({"viewport": {"width": 1280, "height": 800}} | options), reduced_motion="reduce"
        ).new_page()
        tab.set_default_timeout(60_000)
    else:
        tab = take_tab(chrome, WIDE, reduced_motion="reduce")
    faults = []

    def failed(error):
        faults.append(str(error))

    tab.on("pageerror", failed)
    tab.goto(address)
    tab.wait_for_selector("main > *")
    clean = False
    try:
        yield tab
        assert faults == []
        clean = not options
    finally:
        tab.remove_listener("pageerror", failed)
        leave_tab(chrome, tab, clean=clean)


def eventually(tab, holds):
    """Wait until something holds of what is on the disk."""
    for _ in range(3000):
        if holds():
            return
        tab.wait_for_timeout(20)
    raise AssertionError("it never came to hold")


def has_focus(tab, alias):
    """Wait until the card of a work has the focus; it moves a moment after the dialog closes."""
    tab.wait_for_function("alias => document.activeElement.dataset.alias === alias", arg=alias)


def to(tab, name):
    tab.click(f"[data-pass={name}]")


def new_pile(tab, name):
    tab.keyboard.press("n")
    tab.keyboard.type(name)
    tab.keyboard.press("Enter")
    tab.wait_for_selector(f".target:has-text('{name}')")
    saved(tab)


def order_of(workset):
    return read_order(workset)


# By keys --------------------------------------------------------------------------------------------------


def test_a_class_is_read_piled_levelled_and_compared_by_keys_alone(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        for alias in order:
            tab.wait_for_selector(f".reading-head:has-text('{alias}')")
            tab.keyboard.press("ArrowRight")
        tab.wait_for_selector("text=You have seen every work")
        tab.keyboard.press("Enter")  # the button “Make piles” has the focus
        tab.wait_for_selector(".card")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        new_pile(tab, "counts particles")
        for key in "1212120120"[: len(order) - 2]:
            tab.keyboard.press(key)
            saved(tab)
        tab.wait_for_selector("text=Every work lies on a pile")
        sorting = read_sorting(workset)
        assert [pile.name for pile in sorting.piles] == ["air is nothing", "counts particles"]
        assert sorting.of(order[0]).pile == "air is nothing"
        assert sorting.of(order[1]).pile == "counts particles"
        assert all(sorting.of(alias).pile or sorting.of(alias).unsure for alias in order)
        assert all(sorting.of(alias).level is None for alias in order)  # nothing is prefilled

        tab.focus("[data-pass=levels]")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".board.levels")
        tab.get_by_role("button", name="State it").focus()
        tab.keyboard.press("Enter")
        tab.keyboard.type(OBJECTIVE)
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        eventually(tab, lambda: read_sorting(workset).objective == OBJECTIVE)
        tab.focus(".card")
        for key in "hmlhmlhmlhml":
            tab.keyboard.press(key)
            saved(tab)
        tab.wait_for_selector("text=Every work has a level")
        sorting = read_sorting(workset)
        assert sorting.objective == OBJECTIVE
        assert [sorting.of(alias).level for alias in order[:3]] == ["high", "medium", "low"]

        tab.focus("[data-pass=pairs]")
        tab.keyboard.press("Enter")
        tab.get_by_role("button", name="Show the pairs").press("Enter")
        tab.wait_for_selector(f"text=Which shows more understanding of this: {OBJECTIVE}?")
        said = 0
        while tab.locator(".pair").count():
            tab.keyboard.press("1" if said % 2 else "=")
            tab.wait_for_selector(".verdict")
            said += 1
            tab.keyboard.press("ArrowRight")
        tab.wait_for_selector("text=What the pairs changed")
        assert said == len(read_sorting(workset).comparisons) <= 6
        assert [read_sorting(workset).of(alias).level for alias in order] == [
            sorting.of(alias).level for alias in order
        ]  # an answer moves nothing


def test_an_answer_against_the_levels_is_told_and_the_teacher_may_move_one(chrome, workset):
    order = order_of(workset)
    levels = {order[0]: Level.HIGH, order[1]: Level.LOW}
    keep_sorting(workset, Sorting(works={alias: Placing(unsure=True, level=level) for alias, level in levels.items()}))
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "pairs")
        tab.click("text=Show the pairs")
        tab.wait_for_selector(".pair")
        tab.get_by_role("button", name=f"2 {order[1]}").or_(tab.locator("[data-answer='2']")).first.click()
        tab.wait_for_selector(".verdict.differs")
        assert read_sorting(workset).of(order[1]).level == "low"
        tab.click(f"text=Give {order[1]} the level high")
        saved(tab)
        tab.click("text=What came of it")
        tab.wait_for_selector(f"text={order[1]}: low → high")
    assert read_sorting(workset).of(order[1]).level == "high"


def test_enter_shows_a_card_large_with_all_its_pages_and_keys_work_there(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        assert tab.locator("#big .page img").count() == 2
        assert tab.locator("#big-name").inner_text().startswith(order[1])
        tab.keyboard.press("1")
        tab.wait_for_selector(f"#big-name:has-text('{order[2]}')")
        tab.keyboard.press("Escape")
        tab.wait_for_selector("#big:not([open])", state="attached")
        eventually(tab, lambda: read_sorting(workset).of(order[1]).pile == "air is nothing")
        has_focus(tab, order[2])


def test_a_dialog_closed_before_the_answer_comes_stays_closed_and_the_place_is_not_lost(chrome, workset):
    order, held = order_of(workset), []
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        tab.route("**/api/act", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it, which it cannot a method
        tab.keyboard.press("1")
        tab.keyboard.press("1")
        tab.keyboard.press("Escape")
        has_focus(tab, order[3])
        for n in (1, 2):
            eventually(tab, lambda n=n: len(held) == n)
            held[-1].continue_()
        saved(tab)
        has_focus(tab, order[3])
        assert tab.locator("#big[open]").count() == 0
        assert [read_sorting(workset).of(order[at]).pile for at in (1, 2, 3)] == [
            "air is nothing",
            "air is nothing",
            "",
        ]


def test_after_the_last_of_a_row_is_put_somewhere_the_one_before_it_has_the_focus(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.focus(f"[data-alias={order[-1]}]")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        tab.keyboard.press("0")
        tab.keyboard.press("Escape")
        has_focus(tab, order[-2])


def test_a_place_is_kept_as_evidence_by_keys_and_by_dragging(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        tab.select_option("#show", "air is nothing")
        tab.focus(".card")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        tab.keyboard.press("e")
        tab.wait_for_selector(".mark")
        tab.wait_for_selector("#big #toast:has-text('Drag over the place')")  # in front of the dialog, not behind it
        tab.keyboard.press("ArrowDown")
        tab.keyboard.press("Shift+ArrowLeft")
        tab.keyboard.press("Enter")
        eventually(tab, lambda: read_sorting(workset).piles[0].evidence)
        (pile,) = read_sorting(workset).piles
        assert (pile.evidence.alias, pile.evidence.page) == (order[0], 1)
        assert pile.evidence.box.numbers == pytest.approx((0.2, 0.42, 0.58, 0.12))
        tab.click("#big-point")
        second = tab.locator("#big .page").nth(1).bounding_box()
        tab.mouse.move(second["x"] + second["width"] * 0.25, second["y"] + second["height"] * 0.2)
        tab.mouse.down()
        tab.mouse.move(second["x"] + second["width"] * 0.75, second["y"] + second["height"] * 0.4, steps=4)
        tab.mouse.up()
        tab.click("#big-point")
        eventually(tab, lambda: read_sorting(workset).piles[0].evidence.page == 2)
        (pile,) = read_sorting(workset).piles
        assert pile.evidence.box.numbers == pytest.approx((0.25, 0.2, 0.5, 0.2), abs=0.01)
        tab.keyboard.press("Escape")
        tab.wait_for_selector(".evidence img")


# By mouse and touch -----------------------------------------------------------------------------------------


def test_cards_are_dragged_to_piles_and_piles_renamed_merged_and_deleted(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        for name in ("one", "two"):
            tab.click(".fresh")
            tab.fill("#ask input", name)
            tab.click("text=Make the pile")
            tab.wait_for_selector(f".target-name:text-is('{name}')")
        tab.drag_and_drop(f"[data-alias={order[4]}]", "[data-target=two]")
        eventually(tab, lambda: read_sorting(workset).of(order[4]).pile == "two")

        def menu(pile, what, confirm):
            tab.click(f"[aria-label='More for the pile {pile}']")
            tab.check(f"#ask input[value={what}]")
            tab.click("#ask .first")
            if confirm:
                tab.wait_for_selector(f"#ask .first:text-is('{confirm}')")

        menu("two", "rename", "Rename")
        tab.fill("#ask input", "air is nothing")
        tab.click("#ask .first")
        tab.wait_for_selector(".target-name:text-is('air is nothing')")
        menu("air is nothing", "merge", "Merge")
        tab.click("#ask .first")
        tab.wait_for_selector(".target-name:text-is('air is nothing')", state="detached")
        eventually(tab, lambda: read_sorting(workset).of(order[4]).pile == "one")
        menu("one", "delete", "")
        tab.wait_for_selector(".target-name:text-is('one')", state="detached")
        eventually(tab, lambda: read_sorting(workset).of(order[4]).pile == "")
        tab.click("#undo")
        tab.wait_for_selector(".target-name:text-is('one')")
        eventually(tab, lambda: read_sorting(workset).of(order[4]).pile == "one")


def test_on_a_phone_a_card_is_tapped_then_its_pile(chrome, workset):
    order = order_of(workset)
    phone = {"has_touch": True, "is_mobile": True}
    with served(workset) as address, opened(chrome, address, **phone) as tab:
        tab.set_viewport_size({"width": 390, "height": 844})
        to(tab, "piles")
        tab.tap(f"[data-alias={order[2]}]")
        tab.tap("[data-target='not sure']")
        eventually(tab, lambda: read_sorting(workset).of(order[2]).unsure)
        tab.tap(f"[data-alias={order[3]}]")
        tab.tap(".chosen button:has-text('Look')")
        tab.wait_for_selector("#big[open]")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_setting_aside_asks_why_and_a_students_name_is_refused(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.click(f"[data-alias={order[0]}]")
        tab.keyboard.press("x")
        tab.check("#ask input[value=other]")
        tab.fill("#ask input[name=note]", f"{STUDENT} was ill")
        tab.click("#ask .first")
        tab.wait_for_selector("#toast:has-text('name from the class list')")
        assert read_sorting(workset).of(order[0]).aside == ""
        tab.wait_for_selector("#ask .refused")  # the dialog stays, with what was typed
        tab.fill("#ask input[name=note]", "")
        tab.check("#ask input[value=illegible]")
        tab.click("#ask .first")
        eventually(tab, lambda: read_sorting(workset).of(order[0]).aside == "illegible")


def test_a_word_that_may_be_a_name_is_asked_about(chrome, workset):
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        for answer, piles in (("Leave it", []), ("No, only a word", ["like Priyas plan"])):
            tab.click(".fresh")
            tab.fill("#ask input", "like Priyas plan")
            tab.click("text=Make the pile")
            tab.wait_for_selector("#ask li:text-is('“like ____ plan”')")
            tab.click(f"#ask button:text-is('{answer}')")
            if not piles:  # the words are kept, to be put in another way
                tab.wait_for_selector("#ask .refused")
                assert tab.input_value("#ask input") == "like Priyas plan"
                tab.click("#ask button:text-is('Leave it')")
            tab.wait_for_selector("#ask:not([open])", state="attached")
            eventually(tab, lambda wanted=piles: [pile.name for pile in read_sorting(workset).piles] == wanted)


# What is kept ----------------------------------------------------------------------------------------------


def test_a_second_tab_that_is_behind_is_told_so_and_shows_what_is_kept(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as one:
        other = one.context.new_page()
        other.goto(address)
        other.wait_for_selector(".passes [aria-current]")
        to(other, "piles")
        to(one, "piles")
        other.wait_for_selector(".card")
        one.focus(".card")
        new_pile(one, "air is nothing")
        other.click(f"[data-alias={order[5]}]")
        other.keyboard.press("0")
        other.wait_for_selector("#toast:has-text('changed somewhere else')")
        other.wait_for_selector(".target-name:text-is('air is nothing')")
        sorting = read_sorting(workset)
        assert sorting.of(order[0]).pile == "air is nothing"
        assert not sorting.of(order[5]).unsure


def test_it_opens_again_where_it_was(chrome, workset):
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "levels")
        tab.click(f"[data-alias={order[3]}]")
        tab.click("#close")
        tab.wait_for_selector("text=Everything is kept")
    assert read_memory(workset).places["sort"].step == "levels"
    with served(workset) as address, opened(chrome, address) as tab:
        tab.wait_for_selector(".board.levels")
        assert tab.get_attribute(f"[data-alias={order[3]}]", "aria-pressed") == "true"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_pass_or_dialog(chrome, workset, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def serious(tab):
        found = axe.run(tab).response["violations"]
        return [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    with served(workset) as address, opened(chrome, address, color_scheme=scheme, bypass_csp=True) as tab:
        assert serious(tab) == []
        to(tab, "piles")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        assert serious(tab) == []
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        assert serious(tab) == []
        tab.keyboard.press("Escape")
        tab.keyboard.press("n")
        assert serious(tab) == []
        tab.keyboard.press("Escape")
        to(tab, "levels")
        tab.focus(".card")
        for key in "hml":
            tab.keyboard.press(key)
            saved(tab)
        assert serious(tab) == []
        tab.keyboard.press("q")
        tab.wait_for_selector(".by-question")
        assert serious(tab) == []
        to(tab, "pairs")
        tab.click("text=Show the pairs")
        tab.wait_for_selector(".pair")
        tab.keyboard.press("1")
        tab.wait_for_selector(".verdict")
        assert serious(tab) == []
        tab.keyboard.press("?")
        assert serious(tab) == []


FOCUS = """() => {
  const focused = document.activeElement;
  return focused === document.body || focused.id === "main" || parseFloat(getComputedStyle(focused).outlineWidth) >= 2;
}"""


def test_the_focus_is_seen_wherever_it_goes_in_each_pass_and_dialog(chrome, workset):
    piles = (Pile("air is nothing"), Pile("counts particles"))
    levels = {alias: Placing("air is nothing", (Level.HIGH, Level.LOW)[at % 2]) for at, alias in enumerate(ALIASES[:6])}
    keep_sorting(workset, Sorting(objective=OBJECTIVE, piles=piles, works=levels))

    def seen(tab, steps):
        for _ in range(steps):
            tab.keyboard.press("Tab")
            assert tab.evaluate(FOCUS), tab.evaluate("document.activeElement.outerHTML.slice(0, 200)")

    with served(workset) as address, opened(chrome, address) as tab:
        seen(tab, 12)
        for name in ("piles", "levels", "pairs"):
            to(tab, name)
            seen(tab, 16)
        tab.click("text=Show the pairs")
        tab.wait_for_selector(".pair")
        seen(tab, 16)
        to(tab, "piles")
        tab.focus(".card")
        for key, dialog in (("Enter", "#big"), ("n", "#ask"), ("x", "#ask"), ("?", "#keys")):
            tab.keyboard.press(key)
            tab.wait_for_selector(f"{dialog}[open]")
            seen(tab, 8)
            tab.keyboard.press("Escape")
            tab.wait_for_selector(f"{dialog}:not([open])", state="attached")
            tab.focus(".card")


def test_whatever_is_done_with_a_pile_by_keys_the_focus_is_not_lost(chrome, workset):
    piles = (Pile("air is nothing"), Pile("counts particles"), Pile("it pushes"))
    keep_sorting(
        workset, Sorting(piles=piles, works={"Bo": Placing("it pushes", Level.HIGH), "Kai": Placing(level=Level.LOW)})
    )

    def menu(tab, pile, what):
        tab.focus(f"[aria-label='More for the pile {pile}']")
        tab.keyboard.press("Enter")
        tab.check(f"#ask input[value={what}]")
        tab.keyboard.press("Enter")

    def on_target(tab, name):
        tab.wait_for_function("name => document.activeElement.dataset.target === name", arg=name)

    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        menu(tab, "air is nothing", "rename")
        tab.wait_for_selector("#ask h2:text-is('Rename the pile')")
        tab.keyboard.press("Control+a")
        tab.keyboard.type("it is not there")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".target-name:text-is('it is not there')")
        on_target(tab, "it is not there")
        menu(tab, "it pushes", "merge")
        tab.wait_for_selector("#ask select")
        tab.focus("#ask .first")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(".target-name:text-is('it pushes')", state="detached")
        on_target(tab, "it is not there")
        menu(tab, "counts particles", "delete")
        tab.wait_for_selector(".target-name:text-is('counts particles')", state="detached")
        tab.wait_for_function("() => document.activeElement.classList.contains('fresh')")
        to(tab, "levels")
        tab.click("text=State it")
        tab.keyboard.type(OBJECTIVE)
        tab.focus("#ask .first")
        tab.keyboard.press("Enter")
        tab.wait_for_function("() => document.activeElement.textContent === 'Change'")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (640, 400), (1280, 800)])
def test_nothing_reaches_over_the_edge_on_a_phone_or_at_200_percent(chrome, workset, width, height):
    piles = (Pile("air is nothing, for it cannot be seen and so it cannot weigh"), Pile("W" * 80))
    levels = {alias: Placing(piles[0].name, (Level.HIGH, Level.LOW)[at % 2]) for at, alias in enumerate(ALIASES[:6])}
    keep_sorting(workset, Sorting(objective="that air takes up space, " * 9, piles=piles, works=levels))

    def fits(tab):
        return tab.evaluate("document.documentElement.scrollWidth") <= width

    with served(workset) as address, opened(chrome, address) as tab:
        tab.set_viewport_size({"width": width, "height": height})
        for name in ("read", "piles", "levels", "pairs"):
            to(tab, name)
            assert fits(tab), name
        tab.click("text=Show the pairs")
        tab.wait_for_selector(".pair")
        assert fits(tab)
        to(tab, "piles")
        tab.click(".card >> nth=0")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#big[open]")
        assert fits(tab)


def test_three_hundred_works_are_put_one_after_the_other_as_fast_as_keys_are_pressed(chrome, tmp_path):
    many = [f"Work{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(300)]
    workset = released_set(tmp_path / "many", many, pages=1)
    order = order_of(workset)
    with served(workset) as address, opened(chrome, address) as tab:
        to(tab, "piles")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        for key in "1010101010":
            tab.keyboard.press(key)
        eventually(tab, lambda: read_sorting(workset).of(order[10]).unsure)
        sorting = read_sorting(workset)
        assert [bool(sorting.of(alias).pile) for alias in order[:11]] == [True, *[True, False] * 5]


# What the server does ------------------------------------------------------------------------------------------


# One question at a time -------------------------------------------------------------------------------------


def test_a_class_is_sorted_one_question_at_a_time_by_keys_and_a_reload_shows_the_same_question(chrome, workset):
    first = order_of(workset)[0]
    with served(workset) as address, opened(chrome, address) as tab:
        tab.keyboard.press("q")
        tab.wait_for_selector(f".reading-pages img[src^='/answer/{first}-0/large']")
        to(tab, "piles")
        tab.wait_for_selector(f"[data-alias={first}] img[src^='/answer/{first}-0/small']")
        tab.focus(".card")
        tab.keyboard.press("Enter")
        tab.wait_for_selector(f"#big img[src^='/answer/{first}-0/large']")
        tab.keyboard.press("q")
        tab.wait_for_selector(f"#big img[src^='/answer/{first}-1/large']")
        tab.keyboard.press("Escape")
        tab.reload()
        tab.wait_for_selector(f"[data-alias={first}] img[src^='/answer/{first}-1/small']")
        tab.focus(".card")
        new_pile(tab, "air is nothing")
        tab.keyboard.press("q")  # after the last question, whole responses
        tab.wait_for_selector(".card img[src^='/picture/']")
        tab.keyboard.press("Shift+Q")
        tab.wait_for_selector(".card img[src^='/answer/']")
    assert read_sorting(workset).of(first).pile == "air is nothing"


@pytest.fixture
def asked(workset):
    door = Door(4000)
    client = TestClient(make_app(sort_site(workset), door), base_url=f"http://127.0.0.1:{door.port}")
    client.get(f"/?token={door.token}")
    client.headers["origin"] = f"http://127.0.0.1:{door.port}"
    return client


@pytest.mark.parametrize("name", ["Nobody-1", "Andrea-3", "Andrea-0", "..%2F..%2Fprivate%2Froster.xlsx-1", "Andrea"])
def test_only_pages_of_released_works_are_shown(asked, name):
    assert asked.get("/picture/Andrea-1/small").headers["content-type"] == "image/jpeg"
    assert asked.get(f"/picture/{name}/large").status_code == 404
    assert asked.get("/picture/Andrea-1/original").status_code == 404


def test_a_work_changed_since_its_audit_is_not_shown(asked, workset):
    path = workset.work / "Bo.pdf"
    path.write_bytes(path.read_bytes() + b"%")
    assert asked.get("/picture/Bo-1/small").status_code == 404


def test_an_answer_is_the_place_that_was_chosen_and_nothing_else(asked, workset):
    found = asked.get("/api/state").json()
    assert [one["page"] for one in found["questions"]] == [1, 2]  # without a task, its pages
    whole = asked.get("/answer/Andrea-0/small").content
    keep_questions(workset, [QuestionPlace(2, (0.0, 0.1, 1.0, 0.3)), QuestionPlace(2, (0.0, 0.5, 1.0, 0.3))])

    state = asked.get("/api/state").json()
    assert [one["page"] for one in state["questions"]] == [2, 2]
    assert state["works"][0]["answers"] == [True, True]
    assert state["places"] != found["places"]
    answer = asked.get("/answer/Andrea-0/small")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content != whole
    for name in ("Andrea-2", "Andrea-x", "Andrea", "Nobody-0", "..%2F..%2Fprivate%2Froster.xlsx-0"):
        assert asked.get(f"/answer/{name}/small").status_code == 404
    assert asked.get("/answer/Andrea-0/original").status_code == 404
    (workset.work / "Andrea.pdf").write_bytes(b"%PDF-1.7 other")
    assert asked.get("/answer/Andrea-0/small").status_code == 404


def test_a_response_that_lacks_the_page_of_a_question_has_no_answer_to_it(tmp_path):
    workset = released_set(tmp_path / "air", pages=1)
    keep_questions(workset, [QuestionPlace(1, (0.0, 0.1, 1.0, 0.3)), QuestionPlace(2, (0.0, 0.1, 1.0, 0.3))])
    door = Door(4000)
    client = TestClient(make_app(sort_site(workset), door), base_url=f"http://127.0.0.1:{door.port}")
    client.get(f"/?token={door.token}")

    assert client.get("/api/state").json()["works"][0]["answers"] == [True, False]
    assert client.get("/answer/Andrea-0/small").status_code == 200
    assert client.get("/answer/Andrea-1/small").status_code == 404


@pytest.mark.parametrize(
    "act",
    [
        {},
        {"act": "sing"},
        {"act": "put", "alias": "Nobody", "pile": ""},
        {"act": "put", "alias": "Bo", "pile": "no such pile"},
        {"act": "level", "alias": "Bo", "level": "splendid"},
        {"act": "add", "name": " "},
        {"act": "add", "name": "not  Sure"},
        {"act": "aside", "alias": "Bo", "reason": "other"},
        {"act": "compare", "one": "Bo", "other": "Bo", "more": "Bo"},
        {"act": "add", "name": f"{STUDENT}'s way"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(asked, workset, act):
    before = read_sorting(workset)
    refused = asked.post("/api/act", json=act)
    assert refused.status_code == 400
    assert STUDENT not in refused.text
    assert read_sorting(workset) == before


def test_every_act_is_on_the_disk_when_it_is_answered(asked, workset):
    revision = asked.get("/api/state").json()["revision"]
    told = asked.post("/api/act", json={"act": "add", "name": "air", "alias": "Bo", "since": revision}).json()
    assert read_sorting(workset).of("Bo").pile == "air"
    assert asked.post("/api/act", json={"act": "put", "alias": "Bo", "pile": "", "since": revision}).status_code == 409
    assert asked.post("/api/undo", json={"since": told["revision"]}).json()["undo"] == 0
    assert read_sorting(workset).piles == ()
    assert asked.post("/api/undo", json={}).status_code == 400


def test_while_another_command_is_at_work_an_act_is_refused_in_words_and_nothing_is_lost(asked, workset):
    asked.post("/api/act", json={"act": "add", "name": "air", "alias": "Bo"})
    with workset.locked():
        refused = asked.post("/api/act", json={"act": "put", "alias": "Bo", "pile": ""})
        assert refused.status_code == 409
        assert "another mssw command is at work" in refused.json()["error"]
    assert read_sorting(workset).of("Bo").pile == "air"
    assert asked.post("/api/act", json={"act": "put", "alias": "Bo", "pile": ""}).status_code == 200


def test_the_cards_come_in_an_order_drawn_by_chance_that_stays(asked, workset):
    order = [work["alias"] for work in asked.get("/api/state").json()["works"]]
    assert sorted(order) == list(ALIASES)
    assert order != list(ALIASES)
    assert order == list(order_of(workset))


def test_the_command_serves_the_page_until_it_is_closed(workset):
    words = [sys.executable, "-m", "mssw", "sort", str(workset.root), "--no-browser", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = process.stderr.readline().split()[-1]
        origin = address.partition("/?")[0]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        assert b"Massive air" in browser.open(address).read()
        for path, asked in (("act", {"act": "add", "name": "air", "alias": "Bo"}), ("close", {})):
            headers = {"Origin": origin, "Content-Type": "application/json"}
            request = urllib.request.Request(f"{origin}/api/{path}", json.dumps(asked).encode(), headers)  # noqa: S310 - our own page
            assert browser.open(request).status == 200
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out)["piles"] == {"air": 1}


def test_a_refused_name_of_a_pile_keeps_what_was_typed_and_says_why(chrome, workset):
    with served(workset) as address, opened(chrome, address) as tab:
        tab.click("[data-pass=piles]")
        tab.keyboard.press("n")
        tab.fill("#ask input[name=name]", f"like {STUDENT}")
        tab.keyboard.press("Enter")

        tab.wait_for_selector("#ask .refused")
        assert "class list" in tab.inner_text("#ask .refused")
        assert tab.input_value("#ask input[name=name]") == f"like {STUDENT}"
        tab.fill("#ask input[name=name]", "counts particles")
        tab.keyboard.press("Enter")
        tab.wait_for_selector('[data-target="counts particles"]')


def test_the_keys_of_levels_work_as_soon_as_levels_are_open(chrome, workset):
    with served(workset) as address, opened(chrome, address) as tab:
        tab.click("[data-pass=levels]")
        first = tab.inner_text(".chosen strong")
        tab.keyboard.press("h")
        tab.wait_for_function("alias => document.querySelector('.chosen strong').textContent !== alias", arg=first)
        saved(tab)

    assert read_sorting(workset).of(first).level is Level.HIGH
