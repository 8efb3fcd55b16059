"""A fictional class with a teacher at its pages: how she looks at it, sorts it, and what she knows of it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass

import pikepdf

from support.prepared_class import cut
from support.project import EXAMPLE
from support.tabs import look_through, saved

SWAPPED = (2, 4)  # second sheets of the first two students, in the wrong order
OBJECTIVE = "that air takes up space and has mass"
PILES = {  # how the teacher calls what the fictional students think
    "air is nothing": ("air is nothing", "air makes things light"),
    "big means heavy": ("hard and big things are heavy",),
    "it pushes": ("it is the pressure", "it takes up space"),
    "air weighs": ("air has mass", "air has weight but is not quite stuff"),
    "counts particles": ("more particles in the same space", "what goes in must be there"),
}
PILE_OF = {thinking: pile for pile, ways in PILES.items() for thinking in ways}


@dataclass(frozen=True)
class FictionalClass:
    """What is given to `mssw prepare`, and what is true of it."""

    stack: object
    task: object
    roster: object
    pages: dict  # what is true of each page, by its number in the stack
    students: dict  # by number

    @property
    def missed(self):
        """The page on which a child is named that is not on the list, and the place."""
        [(number, page)] = [(number, page) for number, page in self.pages.items() if page["classmate"]]
        return number, page["classmate_ink"]

    def of(self, state):
        """Each student's truth by the alias of the work."""
        first = {work["alias"]: number_of(work["pages"][0]) for work in state["works"]}
        return {alias: self.students[self.pages[number]["student"]] for alias, number in first.items()}


def number_of(page_id):
    return int(page_id[-4:])


def state_of(folder):
    return json.loads((folder / "private" / "state.json").read_text(encoding="utf-8"))


def fictional_class(folder, students):
    """The example class, as far as so many students, of which other tests prepare pages too, with two faults more.

    The copier's run has two sheets in the wrong order, and the class list lacks a child that another names.
    """
    told = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))
    of_class = told["students"][:students]
    numbers = {student["number"] for student in of_class}
    pages = {page["number"]: page for page in told["pages"] if page["student"] in {*numbers, ""}}
    folder.mkdir()
    stack, roster = cut(folder / "stack.pdf", pages), folder / "roster.csv"
    one, other = SWAPPED
    with pikepdf.open(stack, allow_overwriting_input=True) as opened:
        images = [opened.pages[number - 1].obj for number in SWAPPED]
        opened.pages[one - 1], opened.pages[other - 1] = (pikepdf.Page(image) for image in reversed(images))
        opened.save(stack)
    pages[one], pages[other] = pages[other], pages[one]
    left_out = {student["number"] for student in told["students"]} - numbers
    left_out |= {page["classmate"] for page in pages.values() if page["classmate"]}
    lines = (EXAMPLE / "roster.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if line.partition(",")[0] not in left_out]
    roster.write_text("\n".join(kept), encoding="utf-8")
    return FictionalClass(stack, EXAMPLE / "task.pdf", roster, pages, {one["number"]: one for one in of_class})


# The review ---------------------------------------------------------------------------------------------------


def shown(page):
    """The number in the stack of the page that is shown."""
    return int(re.search(r"page (\d+)$", page.inner_text("#where"))[1])


def drag_over(page, place):
    """Draw a box over a place, in fractions of the page, by mouse."""
    sheet = page.locator("#sheet").bounding_box()
    left, top = sheet["x"] + place["x"] * sheet["width"], sheet["y"] + place["y"] * sheet["height"]
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + place["w"] * sheet["width"], top + place["h"] * sheet["height"], steps=5)
    page.mouse.up()
    page.wait_for_selector(".box.you")
    saved(page)


def move_to(page, alias, *, by_mouse):
    page.click("#move") if by_mouse else page.keyboard.press("m")
    page.click(f'#dialog label:has(input[name=to][value="{alias}"])')  # its text names the student too
    page.click('button:text-is("Move it")')
    page.wait_for_selector(f"#sheet[data-why='Moves to {alias}']")


def set_aside(page):
    page.keyboard.press("a")
    page.click('#dialog label:text-is("Identifies someone")')
    page.keyboard.press("Tab")
    page.keyboard.type("tells of the family")
    page.click('button:text-is("Set it aside")')
    page.wait_for_selector('#state:text-is("Set aside")')


def look_at_every_page(page, acts):
    """Approve what is shown by one key, and do on some pages what is to be done there; gives how many keys it took."""
    total, keys = int(page.inner_text("#progress").split()[2]), 0
    page.keyboard.press("0")  # the whole response at once
    while page.inner_text("#progress") != f"{total} of {total} pages looked at":
        for place in range(page.locator(".sheet").count()):
            if place:
                page.keyboard.press("ArrowRight")
            act = acts.pop(shown(page), None)
            if act:
                act(page)
                break
        look_through(page)
        here = page.inner_text("#where")
        page.keyboard.press("Enter")
        keys += 1
        with suppress(StopIteration):
            page.wait_for_function(
                "([here, all]) => document.getElementById('where').textContent !== here"
                " || document.getElementById('progress').textContent.startsWith(all)",
                arg=[here, f"{total} of {total} "],
            )
    saved(page)
    return keys


def apply_and_close(page):
    """What was decided is applied; gives what the page says came of it."""
    page.keyboard.press("d")
    page.click('button:text-is("Apply")')
    page.wait_for_selector('button:text-is("Close the review")', timeout=600_000)
    said = page.inner_text("#dialog")
    page.click('button:text-is("Close the review")')
    page.wait_for_selector('h1:text-is("The review is closed.")')
    return said


# The sort ------------------------------------------------------------------------------------------------------


def read_all(page, count):
    for at in range(count):
        page.wait_for_selector(f".reading-head:has-text('{at + 1} of {count}')")
        page.keyboard.press("ArrowRight")
    page.wait_for_selector("text=You have seen every work")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card")


def chosen_card(page):
    page.wait_for_function("() => document.activeElement.classList.contains('card')")
    return page.evaluate("document.activeElement.dataset.alias")


def pile_all(page, pile_of, *, dragged):
    """Put each work on its pile: by key, some by dragging; a pile is made when the first of its works comes."""
    made = []
    page.focus(".card")
    for at in range(len(pile_of)):
        alias = chosen_card(page)
        pile = pile_of[alias]
        if pile not in made:
            page.keyboard.press("n")
            page.keyboard.type(pile)
            page.keyboard.press("Enter")
            made.append(pile)
            page.wait_for_selector(f".target-name:text-is('{pile}')")
        elif at in dragged:
            page.drag_and_drop(f"[data-alias={alias}]", f"[data-target='{pile}']")
        else:
            page.keyboard.press(str(made.index(pile) + 1))
        page.wait_for_selector(f"[data-alias={alias}]", state="detached")
    page.wait_for_selector("text=Every work lies on a pile")
    saved(page)


def level_all(page, level_of):
    page.click("[data-pass=levels]")
    page.wait_for_selector(".board.levels")
    page.focus(".card")
    for _ in level_of:
        alias = chosen_card(page)
        page.keyboard.press(level_of[alias][0])
        page.wait_for_selector(f"[data-alias={alias}]", state="detached")
    page.wait_for_selector("text=Every work has a level")
    saved(page)


def answer_pairs(page):
    """Answer each pair that is offered, by key and by mouse; gives how many there were."""
    page.click("[data-pass=pairs]")
    page.click("text=Show the pairs")
    said = 0
    page.wait_for_selector(".pair")
    while page.locator(".pair").count():
        page.keyboard.press("=") if said % 2 else page.click("[data-answer='1']")
        page.wait_for_selector(".verdict")
        said += 1
        page.click("#pair-next")
    page.wait_for_selector("text=What the pairs changed")
    saved(page)
    return said


def close_sort(page):
    page.click("#close")
    page.wait_for_selector("text=Everything is kept")
