"""The presenting teacher's checklist: what is done, and what is left to do before the session and after it."""

from __future__ import annotations

from dataclasses import dataclass

from mssw.core.sample import FEWEST_SAMPLES, MOST_WITHOUT_A_CHOICE
from mssw.core.wording import counted
from mssw.intro.questions import QUESTIONS


@dataclass(frozen=True, slots=True)
class SetState:
    """What is true of a set now.

    Attributes:
        samples: how many responses are in the packet.
        chosen: whether a person chose them.
        unseen: aliases in the packet that no person has looked at.
        held: responses that are on hold, and so not in the packet.
        task_pages: pages of the blank task in the packet; 0 if there is none.
        unanswered: headings of the introduction's questions that have no answer.
        copies: how many copies are in the packet; 0 if there is no packet of the files as they are now.
        sheets: sheets of paper in one copy.
        paper: ``Letter`` or ``A4``.
        two_sided: whether it is to be printed on both sides.
        edge: the edge over which its sheets turn, ``long`` or ``short``.
        by_hand: whether its two sides are printed one after the other.
        folded: whether a copy is folded across the middle.
        blanks_on_cover: what the cover leaves to be written in, e.g. ``date``.
        printing: whether the packet is being printed. Then it passed its audit, and each response in it is the file
            that passed its own.
        findings: what the audit found in all files as they are now; None if it was not run.
        gone: aliases that were chosen and may no longer be shown.
        outdated: whether there is a packet, but words or responses have changed since.
        fiction: whether the responses are made up, so that no name was ever on them.
        waiting: aliases of responses about which something is decided that is not applied yet.
    """

    samples: int
    chosen: bool
    unseen: tuple[str, ...]
    held: int
    task_pages: int
    unanswered: tuple[str, ...]
    copies: int
    sheets: int
    paper: str
    two_sided: bool
    blanks_on_cover: tuple[str, ...]
    printing: bool = False
    findings: tuple[str, ...] | None = None
    gone: tuple[str, ...] = ()
    outdated: bool = False
    fiction: bool = False
    waiting: tuple[str, ...] = ()
    edge: str = "long"
    by_hand: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One line to tick: what, a remark, and whether it is done already."""

    what: str
    remark: str = ""
    done: bool = False


THE_WORK, WITH_IT = "Student work", "The rest of the packet"


def still_open(state: SetState) -> tuple[Item, ...]:
    """What is left to do before the packet is printed, in the order of the checklist."""
    return tuple(
        item for heading, items in checklist(state) if heading in {THE_WORK, WITH_IT} for item in items if not item.done
    )


def checklist(state: SetState) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """The checklist as (heading, items), in the order in which a presenting teacher goes through it."""
    return (
        (THE_WORK, (_names(state), _audit(state), *_waiting(state), _held(state), _seen(state), _chosen(state))),
        (WITH_IT, (_introduction(state), _task(state), _cover(state))),
        ("Printing", _printing(state)),
        ("In the session", _session()),
        ("After the session", _afterwards()),
    )


def _names(state: SetState) -> Item:
    if state.fiction:
        return Item("The student work is made up, so there were no names on it. Each response has an alias.", done=True)
    return Item("Names are covered, and each response has an alias.", done=True)


def _audit(state: SetState) -> Item:
    if state.findings is None and state.printing:
        return Item("The packet passed its privacy check, and so did every sample in it.", done=True)
    if state.findings is None:
        return Item("Run the privacy check: `mssw status DIR --checklist`.", "It checks every file as it is now.")
    if not state.findings:
        return Item("The privacy check found nothing in any file as it is now.", done=True)
    more = f", and {len(state.findings) - 1} more" if len(state.findings) > 1 else ""
    return Item("Look at what the privacy check found: `mssw audit DIR`.", f"{state.findings[0]}{more}.")


def _held(state: SetState) -> Item:
    if not state.held:
        return Item("No responses are on hold.", done=True)
    return Item(
        f"Clear {counted(state.held, 'response')} on hold; {'it is' if state.held == 1 else 'they are'} not in this "
        "packet.",
        "`mssw review DIR --list` shows why.",
    )


def _waiting(state: SetState) -> tuple[Item, ...]:
    if not state.waiting:
        return ()
    return (
        Item(
            f"Apply your decisions about {', '.join(state.waiting)}: `mssw prepare --into DIR`.",
            "They are saved, but shared/ does not show them yet.",
        ),
    )


def _seen(state: SetState) -> Item:
    if state.fiction:
        return Item("Nobody has to check the pages for names.", "No student wrote them.", done=True)
    if not state.unseen:
        return Item("Someone has checked every page.", done=True)
    return Item(
        f"Check every page of {counted(len(state.unseen), 'response')}: {', '.join(state.unseen)}.",
        "Software covered the names, and only a person can be sure. Until then, the cover says so.",
    )


def _chosen(state: SetState) -> Item:
    if state.gone:
        return Item("Choose again: `mssw choose DIR`.", f"{', '.join(state.gone)} cannot be shown any more.")
    few = FEWEST_SAMPLES <= state.samples <= MOST_WITHOUT_A_CHOICE
    if state.chosen:
        fewer = f"{FEWEST_SAMPLES} or more would show more ways of thinking." if state.samples < FEWEST_SAMPLES else ""
        return Item(f"{counted(state.samples, 'sample')} chosen.", fewer, done=True)
    return Item(
        f"Choose {FEWEST_SAMPLES} to {MOST_WITHOUT_A_CHOICE} samples that show different ways of thinking.",
        f"The packet has {'the only response' if state.samples == 1 else f'all {state.samples} responses'}"
        + (". That is a good number; make sure that they show different thinking." if few else "."),
    )


def _introduction(state: SetState) -> Item:
    if not state.unanswered:
        return Item(f"The introduction answers all {len(QUESTIONS)} questions.", done=True)
    return Item(
        f"Answer with `mssw intro DIR`, or be ready to explain: {', '.join(state.unanswered)}.",
        "Give only facts. What you noticed can wait until colleagues have looked.",
    )


def _task(state: SetState) -> Item:
    if state.task_pages:
        return Item(f"The blank task is in the packet ({counted(state.task_pages, 'page')}).", done=True)
    return Item("Copy the blank task for each colleague.", "You gave no blank task, so the packet has none.")


def _cover(state: SetState) -> Item:
    if not state.blanks_on_cover:
        return Item("The cover is filled in.", done=True)
    return Item(
        f"Fill in on the cover: {', '.join(state.blanks_on_cover)}.", "Or add it to set.toml and make the packet again."
    )


def _printing(state: SetState) -> tuple[Item, ...]:
    if not state.copies:
        since = "Words or responses have changed since you made it." if state.outdated else ""
        return (Item(f"Make the packet{' again' if state.outdated else ''}: `mssw packet DIR --copies 8`.", since),)
    each = f"{counted(state.copies, 'copy', 'copies')} of {counted(state.sheets, 'sheet')}"
    return (
        Item(
            f"Print {each} on {state.paper}, {_sides(state)}, at actual size.",
            f"Black ink is enough. Staple each copy{' on the fold, and fold it' if state.folded else ''}.",
        ),
        Item("Make sure that everyone has a copy, including you."),
    )


def _sides(state: SetState) -> str:
    if not state.two_sided:
        return "one-sided"
    if state.by_hand:
        return "one side after the other (see the print slip)"
    return f"two-sided, flipped on the {state.edge} edge"


def _session() -> tuple[Item, ...]:
    return (
        Item("Decide who reads the steps aloud, who keeps time, and who writes on the chart."),
        Item("Bring a clock, chart paper, and pens that everyone can read from the back of the room."),
        Item("Use the aliases, even if you recognize the handwriting."),
        Item("Keep your own view of the student work to yourself until the others have found theirs."),
    )


def _afterwards() -> tuple[Item, ...]:
    return (
        Item("Collect every copy. Shred the copies, or lock them away."),
        Item("Keep this page in private/, with the key. Destroy the key when nobody needs it any more."),
    )
