"""The presenting teacher's checklist: what is done, and what is left to do before the session and after it."""

from __future__ import annotations

from dataclasses import dataclass

from mssw.core.sample import FEWEST_SAMPLES, MOST_WITHOUT_A_CHOICE
from mssw.core.wording import PrintWords
from mssw.intro.questions import QUESTION_KEYS, QUESTIONS


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
        left_out: parts that the teacher left out of the packet.
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
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One line to tick: what, a remark, and whether it is done already."""

    what: str
    remark: str = ""
    done: bool = False


def still_open(state: SetState, words: PrintWords) -> tuple[Item, ...]:
    """What is left to do before the packet is printed, in the order of the checklist."""
    return tuple(item for items in (_work(state, words), _rest(state, words)) for item in items if not item.done)


def checklist(state: SetState, words: PrintWords) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """The checklist as (heading, items), in the order in which a presenting teacher goes through it."""
    return (
        (words.text("checklist.work"), _work(state, words)),
        (words.text("checklist.packet"), _rest(state, words)),
        (words.text("checklist.printing"), _printing(state, words)),
        (words.text("checklist.session"), tuple(map(Item, words.texts("checklist.in_session")))),
        (words.text("checklist.after"), tuple(map(Item, words.texts("checklist.afterwards")))),
    )


def _work(state: SetState, words: PrintWords) -> tuple[Item, ...]:
    names = Item(words.text("checklist.names_fiction" if state.fiction else "checklist.names"), done=True)
    return (
        names,
        _audit(state, words),
        *_waiting(state, words),
        _held(state, words),
        _seen(state, words),
        _chosen(state, words),
    )


def _rest(state: SetState, words: PrintWords) -> tuple[Item, ...]:
    return (_introduction(state, words), _task(state, words), _cover(state, words))


def _audit(state: SetState, words: PrintWords) -> Item:
    if state.findings is None and state.printing:
        return Item(words.text("checklist.audit_passed"), done=True)
    if state.findings is None:
        return Item(words.text("checklist.audit_run"), words.text("checklist.audit_run_why"))
    if not state.findings:
        return Item(words.text("checklist.audit_clean"), done=True)
    first, more = state.findings[0], len(state.findings) - 1
    found = words.text("checklist.audit_more", first=first, n=more) if more else f"{first}."
    return Item(words.text("checklist.audit_found"), found)


def _held(state: SetState, words: PrintWords) -> Item:
    if not state.held:
        return Item(words.text("checklist.held_none"), done=True)
    return Item(words.count("checklist.held", state.held), words.text("checklist.held_why"))


def _waiting(state: SetState, words: PrintWords) -> tuple[Item, ...]:
    if not state.waiting:
        return ()
    aliases = ", ".join(state.waiting)
    return (Item(words.text("checklist.waiting", aliases=aliases), words.text("checklist.waiting_why")),)


def _seen(state: SetState, words: PrintWords) -> Item:
    if state.fiction:
        return Item(words.text("checklist.seen_fiction"), words.text("checklist.seen_fiction_why"), done=True)
    if not state.unseen:
        return Item(words.text("checklist.seen"), done=True)
    pages = words.count("checklist.unseen", len(state.unseen), aliases=", ".join(state.unseen))
    return Item(pages, words.text("checklist.unseen_why"))


def _chosen(state: SetState, words: PrintWords) -> Item:
    if state.gone:
        return Item(words.text("checklist.gone"), words.text("checklist.gone_why", aliases=", ".join(state.gone)))
    if state.chosen:
        fewer = words.text("checklist.chosen_few", fewest=FEWEST_SAMPLES) if state.samples < FEWEST_SAMPLES else ""
        return Item(words.count("checklist.chosen", state.samples), fewer, done=True)
    which = "choose_all"
    if state.samples == 1:
        which = "choose_one"
    elif FEWEST_SAMPLES <= state.samples <= MOST_WITHOUT_A_CHOICE:
        which = "choose_good"
    choose = words.text("checklist.choose", fewest=FEWEST_SAMPLES, most=MOST_WITHOUT_A_CHOICE)
    return Item(choose, words.text(f"checklist.{which}", n=state.samples))


def _introduction(state: SetState, words: PrintWords) -> Item:
    if not state.unanswered:
        return Item(words.text("checklist.introduction", n=len(QUESTIONS)), done=True)
    headings = {one.heading: key for one, key in zip(QUESTIONS, QUESTION_KEYS, strict=True)}
    names = [words.find(f"questions.{headings[one]}")[0].lower() for one in state.unanswered]
    return Item(
        words.text("checklist.introduction_open", questions=", ".join(names)), words.text("checklist.introduction_why")
    )


def _task(state: SetState, words: PrintWords) -> Item:
    if "task" in state.left_out:
        return Item(words.text("checklist.task_missing"), words.text("checklist.task_left_out"))
    if state.task_pages:
        return Item(words.count("checklist.task", state.task_pages), done=True)
    return Item(words.text("checklist.task_missing"), words.text("checklist.task_missing_why"))


def _cover(state: SetState, words: PrintWords) -> Item:
    if not state.blanks_on_cover or "cover" in state.left_out:
        return Item(words.text("checklist.cover"), done=True)
    keys = ", ".join(words.text(f"checklist.cover_{key}") for key in state.blanks_on_cover)
    return Item(words.text("checklist.cover_open", keys=keys), words.text("checklist.cover_why"))


def _printing(state: SetState, words: PrintWords) -> tuple[Item, ...]:
    if not state.copies:
        since = words.text("checklist.made_why") if state.outdated else ""
        return (Item(words.text("checklist.made_again" if state.outdated else "checklist.made"), since),)
    run = words.text(
        "checklist.print",
        copies=words.count("count.copy", state.copies),
        sheets=words.count("count.sheet", state.sheets),
        paper=words.text(f"common.paper_{state.paper.lower()}"),
        sides=_sides(state, words),
    )
    left_out = [words.text(f"packet.{part}").lower() for part in state.left_out if part not in {"cover", "task"}]
    return (
        Item(run, words.text("checklist.print_fold" if state.folded else "checklist.print_staple")),
        Item(words.text("checklist.everyone")),
        *([Item(words.text("checklist.left_out", parts=", ".join(left_out)))] if left_out else []),
    )


def _sides(state: SetState, words: PrintWords) -> str:
    if not state.two_sided:
        return words.text("checklist.one_sided")
    return words.text("checklist.by_hand" if state.by_hand else f"checklist.{state.edge}_edge")
