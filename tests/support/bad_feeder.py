"""A class's stack as a bad feeder, a hurried teacher or a school's copier gives it, drawn by hypothesis.

Each page knows which student wrote it. What ``prepare`` sees of it is a ``Sighting`` without pixels: the page of the
task, and for each student how badly the name on the page reads as hers. So a test can check what becomes of every
student's pages, for hundreds of stacks a minute.

The faults leave a trace, as most do on paper: a page number that comes twice, a name, the end of a file. Those that
leave none are not drawn, since nobody could tell by page numbers and names: see ``leaves_no_trace``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import assume
from hypothesis import strategies as st

from mssw.core.page import Page, Tone, id_of_part
from mssw.names.student import Roster, Student
from mssw.preparing.find_names import MORE_PAGES
from mssw.workset.sightings import Sighting

FEW = 4  # students: of fewer, a stack in another order may look like one that lost pages
CLEAR, FAR, NOBODY = 0.2, 3.0, 2.5  # cost a letter: of her own name, of another's, of a name that is on no list
NAMES = ["Ana", "Bo", "Cleo", "Dov", "Esi", "Fay", "Gus", "Hal"]


@dataclass(frozen=True)
class Side:
    """A page of a student's response before it is scanned.

    Attributes:
        student: who wrote it, from 0.
        page: of the task, from 1.
        is_named: whether her name is on it.
        copy: 1 for a second scan of the same page.
        has_moved: whether it slipped to another place.
        beside: the page that lies beside it on the same scan; None where it is alone.
        is_upside_down: whether it was fed with its foot first.
        is_split: whether the page beside it was found too, so that each is a page of its own.
    """

    student: int
    page: int
    is_named: bool
    copy: int = 0
    has_moved: bool = False
    beside: Side | None = None
    is_upside_down: bool = False
    is_split: bool = False

    @property
    def sheet(self) -> tuple[int, int]:
        """What stays the same when the page is scanned again."""
        return self.student, self.page


@dataclass(frozen=True)
class FedStack:
    """A stack as it was scanned.

    Attributes:
        files: each file's pages in order.
        students: how many handed in a response.
        pages: of the task.
        faults: what went wrong, in the order in which it did.
        is_listed: whether the class list is this class's.
    """

    files: tuple[tuple[Side, ...], ...]
    students: int
    pages: int
    faults: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def sides(self) -> dict[str, Side]:
        """Every scanned page by its id, in the order of the stack."""
        found: dict[str, Side] = {}
        for place, file in enumerate(self.files, 1):
            for number, side in enumerate(file, 1):
                page_id = f"s{place:02d}-p{number:04d}"
                if side.beside is not None and side.is_split:
                    found |= {id_of_part(page_id, 1): replace(side, beside=None), id_of_part(page_id, 2): side.beside}
                else:
                    found[page_id] = side
        return found

    @property
    def roster(self) -> Roster:
        """The class list."""
        return Roster(tuple(Student(NAMES[number], "Test") for number in range(self.students)))

    def sightings(self) -> list[Sighting]:
        """What is seen on every page."""
        return [self._sighting(page_id, side) for page_id, side in self.sides.items()]

    def _sighting(self, page_id: str, side: Side) -> Sighting:
        source, number = f"file {page_id[1:3]}.pdf", int(page_id[5:9])
        turn = 180 if side.is_upside_down else 0
        page = Page(page_id, source, number, (850, 1100), 100.0, Tone.GREY, f"sheet {side.sheet}", side.page, turn)
        costs = tuple(
            NOBODY if not self.is_listed else CLEAR if student == side.student else FAR
            for student in range(self.students)
        )
        return Sighting(
            page,
            "recipe",
            image=f"{page_id}.jpg",
            score=1.0,
            ink=900.0,
            written=300.0,
            doubts=(MORE_PAGES,) if side.beside else (),
            name_costs=costs if side.is_named else (),
            way="recipe",
        )


# What can go wrong: each takes the files of a stack and gives them back with one fault

Files = list[list[Side]]
Fault = Callable[[Files, st.DataObject], Files]


def _pick(files: Files, data: st.DataObject) -> tuple[int, int]:
    """A page of the stack: its file, and its place there."""
    places = [(at, place) for at, file in enumerate(files) for place in range(len(file))]
    return data.draw(st.sampled_from(places))


def lose_page(files: Files, data: st.DataObject) -> Files:
    """The feeder swallows a page."""
    at, place = _pick(files, data)
    return [[*file[:place], *file[place + 1 :]] if n == at else file for n, file in enumerate(files)]


def double_page(files: Files, data: st.DataObject) -> Files:
    """A page goes through twice: at once, or again later."""
    at, place = _pick(files, data)
    again = replace(files[at][place], copy=1)
    to = data.draw(st.integers(place + 1, len(files[at])))
    return [[*file[:to], again, *file[to:]] if n == at else file for n, file in enumerate(files)]


def move_page(files: Files, data: st.DataObject) -> Files:
    """A page slips to another place in the stack."""
    at, place = _pick(files, data)
    side = files[at][place]
    rest = [*files[at][:place], *files[at][place + 1 :]]
    to = data.draw(st.integers(0, len(rest)))
    return [
        [*rest[:to], replace(side, has_moved=True), *rest[to:]] if n == at else file for n, file in enumerate(files)
    ]


def join_pages(files: Files, data: st.DataObject) -> Files:
    """Two pages lie side by side on the glass; the task is found on both of them, or on one."""
    at, place = _pick(files, data)
    if place + 1 == len(files[at]):
        return files
    one, other = files[at][place], files[at][place + 1]
    seen, beside = data.draw(st.sampled_from([(one, other), (other, one)]))
    is_split = data.draw(st.booleans())
    if is_split and seen is other:  # found right to left, as if both had changed places
        seen, beside = replace(seen, has_moved=True), replace(beside, has_moved=True)
    both = replace(seen, beside=beside, is_split=is_split)
    return [[*file[:place], both, *file[place + 2 :]] if n == at else file for n, file in enumerate(files)]


def turn_pages(files: Files, data: st.DataObject) -> Files:
    """Some pages are fed with their foot first."""
    turned = data.draw(st.integers(2, 5))
    return [[replace(side, is_upside_down=place % turned == 0) for place, side in enumerate(file)] for file in files]


def feed_backwards(files: Files, _: st.DataObject) -> Files:
    """The stack is fed from its last page to its first."""
    return [file[::-1] for file in files[::-1]]


def fronts_then_backs(files: Files, data: st.DataObject) -> Files:
    """All fronts are fed, then the stack is turned over and all backs are."""
    sides = [side for file in files for side in file]
    fronts, backs = [s for s in sides if s.page % 2], [s for s in sides if not s.page % 2]
    return [[*fronts, *(backs if data.draw(st.booleans()) else backs[::-1])]]


def split_files(files: Files, data: st.DataObject) -> Files:
    """The stack is scanned in two goes, each a file, wherever the feeder was full."""
    sides = [side for file in files for side in file]
    cut = data.draw(st.integers(0, len(sides)))
    return [part for part in (sides[:cut], sides[cut:]) if part]


def shuffle_pages(files: Files, data: st.DataObject) -> Files:
    """The stack falls down, and is put together in any order."""
    return [data.draw(st.permutations(file)) for file in files]


def leaves_no_trace(stack: FedStack) -> bool:
    """Whether page numbers and names show nothing of what went wrong, so that pages of two students look like one.

    That is so where all pages between the beginning of one response and the end of the next are gone from their
    place; where a page takes the place of another one that is gone; where a stack of one-sheet responses begins in the
    middle of one, or was fed back to front and lost its first page; and in a few pages in no order without names.
    """
    sides = list(stack.sides.values())
    gone = {(who, page) for who in range(stack.students) for page in range(1, stack.pages + 1)}
    gone -= {side.sheet for side in sides if not side.has_moved}
    row = [(who, page) in gone for who in range(stack.students) for page in range(1, stack.pages + 1)]
    longest = max((len(run) for run in "".join("x" if one else " " for one in row).split()), default=0)
    swapped = [side.page for side in sides if side.has_moved and sum(page == side.page for _, page in gone) > 1]
    first = sides[0].page if sides else 1
    is_turned = "fed back to front" in stack.faults
    hidden = stack.pages == 2 and bool(gone) and (first == 1) == is_turned
    few = stack.students < FEW and bool({"fronts, then backs", "a wrong list"} & set(stack.faults))
    return stack.pages > 1 and (longest >= stack.pages or bool(swapped) or hidden or few)


AT_ONE_PLACE: dict[str, Fault] = {
    "a page lost": lose_page,
    "a page doubled": double_page,
    "a page moved": move_page,
    "two pages on one scan": join_pages,
}
OF_THE_STACK: dict[str, Fault] = {
    "pages upside down": turn_pages,
    "fed back to front": feed_backwards,
    "fronts, then backs": fronts_then_backs,
    "two files": split_files,
}


def whole_class(students: int, pages: int, named: Sequence[int]) -> Files:
    """A stack in order, in one file, with names on those pages of the task."""
    return [[Side(who, page, page in named) for who in range(students) for page in range(1, pages + 1)]]


@st.composite
def fed_stacks(draw: st.DrawFn, *, most_faults: int = 2) -> FedStack:
    """A stack with up to so many faults at one place, and one of the whole stack at most.

    Pages in no order at all, and several files by student, come with names on every page: without names, a stack in
    no order may look like one in order.
    """
    students, pages = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    data = draw(st.data())
    kind = draw(st.sampled_from(["in order", "in no order", "by student", "one fault of the stack"]))
    named = [1, 2, 3, 4] if kind in {"in no order", "by student"} or draw(st.booleans()) else [1]
    files, faults = whole_class(students, pages, named), []
    if kind == "by student":
        files = [[side for side in files[0] if side.student == who] for who in draw(st.permutations(range(students)))]
        faults.append("a file for each student")
    for fault in draw(st.lists(st.sampled_from(sorted(AT_ONE_PLACE)), max_size=most_faults)):
        if any(files):
            files = [file for file in AT_ONE_PLACE[fault](files, data) if file]
            faults.append(fault)
    if kind == "one fault of the stack" and files:
        fault = draw(st.sampled_from(sorted(OF_THE_STACK)))
        files = OF_THE_STACK[fault](files, data)
        faults.append(fault)
    if kind == "in no order" and files:
        files = shuffle_pages(files, data)
        faults.append("in no order")
    is_listed = draw(st.integers(0, 5)) > 0
    all_faults = (*faults, *([] if is_listed else ["a wrong list"]))
    stack = FedStack(tuple(map(tuple, files)), students, pages, all_faults, is_listed)
    assume(not leaves_no_trace(stack))
    return stack
