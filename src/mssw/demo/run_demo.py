"""The demo: takes a fictional class from its stack to its packet, and says what to look at.

A made-up teacher sorts the class, by what the fiction knows of each child's thinking.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mssw.choosing.choose_samples import ChooseOptions, choose_samples
from mssw.core.paper import Paper
from mssw.core.shell_words import quote_word
from mssw.demo.classroom import ClassTruth, make_class
from mssw.demo.task import GRADE, TITLE
from mssw.errors import WouldOverwriteError
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from mssw.preparing.prepare_options import PrepareOptions, PrepareReport, Progress
from mssw.preparing.run_prepare import prepare
from mssw.sorting.kept_sorts import change_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.prepared_state import read_state

MADE_UP = "Made-up teacher"
"""The name that the sort is kept under. The sort of the person who tries the demo stays empty."""

OBJECTIVE = "that air takes up space and has mass"
COPIES = 4
DEMO_FOLDERS = {"class", "set", "private"}  # the last holds the ledger that `mssw choose` keeps beside a set


@dataclass(frozen=True)
class Demo:
    """What the demo left behind.

    Attributes:
        workset: the set's folder.
        packet: the packet.
        prepared: the report of the main job.
        samples: how many responses were chosen.
        ends_with: sentences on what to look at.
    """

    workset: Path
    packet: Path
    prepared: PrepareReport
    samples: int
    ends_with: tuple[str, ...]


def run_demo(
    root: Path, *, students: int, seed: int, paper: str, progress: Progress, say: Callable[[str], None]
) -> Demo:
    """Make the class, prepare it, have it sorted, choose samples and bind the packet.

    Args:
        root: a new folder: the scans go into ``class/``, the work set into ``set/``.
        students: how many.
        seed: of the class and of its aliases.
        paper: ``letter`` or ``a4``.
        progress: of each stage.
        say: prints a sentence for each step.

    Raises:
        WouldOverwriteError: the folder holds something else.
    """
    _check_place(root)
    given, place = root / "class", root / "set"
    say(f"1. A made-up class of {students} students answers “{TITLE}” by hand, and a copier scans the stack.")
    truth = make_class(
        given, seed=seed, students=students, paper=paper, progress=lambda done, of: progress("scan", done, of)
    )
    say(
        f"   {given / 'stack.pdf'} has {len(truth.pages)} pages: some crooked, two upside down, a blank "
        "back, one without a name."
    )
    say("2. mssw prepare: each page is matched to the blank task, names are covered, and aliases are added.")
    options = PrepareOptions(
        stacks=[truth.stack], task=truth.task, roster=truth.roster, seed=seed, title=TITLE, grade=GRADE
    )
    workset = WorkSet.create(place)
    if not workset.intro.is_file():
        write_bytes(workset.intro, truth.intro.read_bytes(), private=False)
    prepared = prepare(place, options, progress)
    sorting = sort_as_made_up_teacher(workset, truth)
    piles = len(sorting.piles)
    say(f"3. mssw sort: a made-up teacher sorts the responses into {piles} piles and gives levels.")
    chosen = choose_samples([workset], ChooseOptions(by=MADE_UP, ledger=False)).samples
    say(f"4. mssw choose: {len(chosen)} samples from these piles and levels, with a reason for each.")
    say("5. mssw packet: a copy for each colleague. Nobody has checked these samples, and the cover says so.")
    options_of_packet = PacketOptions(copies=COPIES, paper=Paper(paper), without_held=True, unreviewed=True)
    packet = bind_packet(workset, options_of_packet)
    say("")
    return Demo(place, workset.packet, prepared, len(chosen), _closing_sentences(place, packet.sheets))


def sort_as_made_up_teacher(workset: WorkSet, truth: ClassTruth) -> Sorting:
    """Give each released work a pile and a level, and keep them apart from everybody's own.

    Raises:
        WouldOverwriteError: another command is at work in the set.
    """
    thinking = _thinking_of(workset, truth)
    works = {alias: thinking[alias] for alias in sorted(released_responses(workset)) if alias in thinking}
    piles = tuple(Pile(name) for name in dict.fromkeys(pile for pile, _ in works.values()))
    placed = {alias: Placing(pile, Level(level)) for alias, (pile, level) in works.items()}
    sorting = Sorting(by=MADE_UP, objective=OBJECTIVE, piles=piles, works=placed)
    return change_sorting(workset, MADE_UP, lambda _: sorting)


def _thinking_of(workset: WorkSet, truth: ClassTruth) -> dict[str, tuple[str, str]]:
    """The way of thinking and the level of each response, by alias, found by the pages of the stack that it has."""
    students = {student["number"]: (student["thinking"], student["level"]) for student in truth.students}
    numbers = {page.number: page.student for page in truth.pages}
    state = read_state(workset)
    place = {page.id: page.number for page in state.pages} if state else {}
    writer = {work.alias: numbers.get(place[work.pages[0]], "") for work in state.works} if state else {}
    return {alias: students[number] for alias, number in writer.items() if number in students}


def _check_place(root: Path) -> None:
    if root.exists() and (not root.is_dir() or {p.name for p in root.iterdir()} - DEMO_FOLDERS):
        raise WouldOverwriteError(
            f"{root} already has other files in it; choose a new folder, as in `mssw demo trial`."
        )


def _closing_sentences(place: Path, sheets: int) -> tuple[str, ...]:
    typed = quote_word(place)
    return (
        f"The packet: {place / 'shared' / 'packet.pdf'} ({COPIES} copies of {sheets} sheets, two-sided).",
        f"The stack as scanned: {place / 'private' / 'stack' / 'stack.pdf'}. Compare a page in both.",
        f"Why these samples: {place / 'private' / 'why-these.pdf'}.",
        (
            f"To try it yourself: check pages (`mssw review {typed}`), sort (`mssw sort {typed}`), "
            f"choose (`mssw choose {typed}`)."
        ),
        f"To compare your sort with the made-up teacher's: `mssw sort {typed} --compare sort made-up-teacher`.",
        (
            "One student names a classmate in an answer. Look for things like that before colleagues see the "
            "student work."
        ),
        f"To see who is who: `mssw key {typed}`. To check that no names leak: `mssw audit {typed}`.",
    )
