"""The presenter's checklist: what is done, and what is left to do before the session and after it."""

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


THE_WORK, WITH_IT = "The work", "What goes with it"


def still_open(state: SetState) -> tuple[Item, ...]:
    """What is left to do before the packet is printed, in the order of the checklist."""
    return tuple(
        item for heading, items in checklist(state) if heading in {THE_WORK, WITH_IT} for item in items if not item.done
    )


def checklist(state: SetState) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """The checklist as (heading, items), in the order in which a presenter goes through it."""
    return (
        (THE_WORK, (_names(state), _audit(state), *_waiting(state), _held(state), _seen(state), _chosen(state))),
        (WITH_IT, (_introduction(state), _task(state), _cover(state))),
        ("Printing", _printing(state)),
        ("In the session", _session()),
        ("Afterwards", _afterwards()),
    )


def _names(state: SetState) -> Item:
    if state.fiction:
        return Item("The work is made up: no name was ever on it. Each has an alias.", done=True)
    return Item("Names are covered, and each work has an alias.", done=True)


def _audit(state: SetState) -> Item:
    if state.findings is None and state.printing:
        return Item("The packet passed its audit.", "Each work in it is the very file that passed its own.", done=True)
    if state.findings is None:
        return Item("Run the audit: `mssw status DIR --checklist`.", "It looks at every file as it is now.")
    if not state.findings:
        return Item("The audit looked at every file as it is now, and found nothing.", done=True)
    more = f", and {len(state.findings) - 1} more" if len(state.findings) > 1 else ""
    return Item("Look at what the audit found: `mssw audit DIR`.", f"{state.findings[0]}{more}.")


def _held(state: SetState) -> Item:
    if not state.held:
        return Item("No work is held.", done=True)
    are = "is" if state.held == 1 else "are"
    return Item(
        f"Clear what is held: {counted(state.held, 'work')} {are} not in this packet.",
        "`mssw review DIR --list` tells why.",
    )


def _waiting(state: SetState) -> tuple[Item, ...]:
    if not state.waiting:
        return ()
    return (
        Item(
            f"Apply what you decided about {', '.join(state.waiting)}: `mssw prepare --into DIR`.",
            "It is saved, but shared/ does not show it yet.",
        ),
    )


def _seen(state: SetState) -> Item:
    if state.fiction:
        return Item("Nobody has to look for names on the pages.", "No child wrote them.", done=True)
    if not state.unseen:
        return Item("A person has looked at every page.", done=True)
    return Item(
        f"Look at every page of {counted(len(state.unseen), 'work')}: {', '.join(state.unseen)}.",
        "A machine covered the names; only a person can be sure. Until then the cover says so.",
    )


def _chosen(state: SetState) -> Item:
    if state.gone:
        return Item("Choose again: `mssw choose DIR`.", f"{', '.join(state.gone)} may not be shown any more.")
    few = FEWEST_SAMPLES <= state.samples <= MOST_WITHOUT_A_CHOICE
    if state.chosen:
        fewer = f"Fewer than {FEWEST_SAMPLES} show fewer ways of thinking." if state.samples < FEWEST_SAMPLES else ""
        return Item(f"{counted(state.samples, 'sample')} chosen.", fewer, done=True)
    return Item(
        f"Choose {FEWEST_SAMPLES} to {MOST_WITHOUT_A_CHOICE} samples that show different ways of thinking.",
        f"The packet holds {'the one work' if state.samples == 1 else f'all {state.samples} works'}"
        + (", which is a good number; check that they differ." if few else "."),
    )


def _introduction(state: SetState) -> Item:
    if not state.unanswered:
        return Item(f"The introduction answers all {len(QUESTIONS)} questions.", done=True)
    return Item(
        f"Answer with `mssw intro DIR`, or be ready to tell: {', '.join(state.unanswered)}.",
        "Facts only. What you noticed in the work can wait until colleagues have looked.",
    )


def _task(state: SetState) -> Item:
    if state.task_pages:
        return Item(f"The blank task is in the packet ({counted(state.task_pages, 'page')}).", done=True)
    return Item("Copy the blank task for each colleague.", "It was not given, so the packet has none.")


def _cover(state: SetState) -> Item:
    if not state.blanks_on_cover:
        return Item("The cover is filled in.", done=True)
    return Item(f"Write on the cover: {', '.join(state.blanks_on_cover)}.", "Or set it in set.toml and print again.")


def _printing(state: SetState) -> tuple[Item, ...]:
    if not state.copies:
        since = "The words or works are other ones since it was printed." if state.outdated else ""
        return (Item(f"Print the packet{' again' if state.outdated else ''}: `mssw packet DIR --copies 8`.", since),)
    each = f"{counted(state.copies, 'copy', 'copies')} of {counted(state.sheets, 'sheet')}"
    return (
        Item(
            f"Print {each} on {state.paper}, {_sides(state)}, at actual size.",
            f"Black ink is enough. Staple each copy{' on the fold, and fold it' if state.folded else ''}.",
        ),
        Item("Count that each colleague has a copy, and that you have one too."),
    )


def _sides(state: SetState) -> str:
    if not state.two_sided:
        return "one-sided"
    if state.by_hand:
        return "one side after the other, as the print slip tells"
    return f"two-sided, turned on the {state.edge} edge"


def _session() -> tuple[Item, ...]:
    return (
        Item("Settle who reads the steps aloud, who keeps time and who writes on the chart."),
        Item("Bring a clock, chart paper, and pens that can be read from the back of the room."),
        Item("Speak of each work by its alias, even where you know the hand."),
        Item("Hold your own view of the work back until the others have found theirs."),
    )


def _afterwards() -> tuple[Item, ...]:
    return (
        Item("Collect every copy, and shred it or keep it locked away."),
        Item("Keep this page with the key, in private. Destroy the key when nobody needs it any more."),
    )
