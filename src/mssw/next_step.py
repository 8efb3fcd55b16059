"""The steps of a set that are still open, each as one command that works now, and the sets in a folder.

In: the set's files. Out: the open steps in their order, with what is missing; and for the purpose of a meeting, every
step that leads to it. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from natsort import natsorted

from mssw.core.sample import MOST_WITHOUT_A_CHOICE
from mssw.core.shell_words import command_line
from mssw.core.wording import count_noun
from mssw.errors import MsswError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import QUESTIONS
from mssw.kit.purpose import MeetingPurpose, find_purpose
from mssw.record.kept_record import read_record_if_whole
from mssw.record.record_rows import YES
from mssw.review.reviewed_set import count_looked_at, is_reviewable, read_reviewed_set
from mssw.sorting.kept_sorts import count_sorting, list_sorts, read_sorting
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.entries import read_entries
from mssw.workset.folder import WorkSet
from mssw.workset.handed_out import Handing, read_handed_out
from mssw.workset.manifest import is_made_up, read_manifest
from mssw.workset.prepared_state import PreparedState, read_state
from mssw.workset.settings import read_settings
from mssw.workset.stack import read_stack

WAITING = "what you decided is not applied yet: open it and press Done"
MOST_FOLDERS = 500  # of one folder are looked into
AFTER_THE_SESSION = frozenset({"record", "slips"})
_SESSIONS = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next.

    Attributes:
        step: its name, as in ``status``.
        why: what is missing, as a clause.
        words: of the command that does it, the first one ``mssw``.
    """

    step: str
    why: str
    words: tuple[str, ...]

    @property
    def command(self) -> str:
        """What does it; it can be pasted as it is."""
        return command_line(*self.words)

    def to_json(self) -> dict[str, str]:
        """For ``--json`` and the local pages."""
        return {"step": self.step, "why": self.why, "command": self.command}


def find_next_step(workset: WorkSet, *, reviewed: bool = False) -> NextStep | None:
    """The first step that is not done; None where nothing can be done any more, or all is done.

    Args:
        workset: the set.
        reviewed: whether the review was just closed, so that the step after it is wanted.

    Raises:
        UnreadableError: a file of the set is damaged.
    """
    steps = find_open_steps(workset)
    if reviewed:
        steps = (*(one for one in steps if one.step != "review"), *(one for one in steps if one.step == "review"))
    return steps[0] if steps else None


def find_open_steps(workset: WorkSet) -> tuple[NextStep, ...]:
    """Every step that is not done and can be done now, in order; a step that waits for another one is left out.

    Raises:
        UnreadableError: a file of the set is damaged.
    """
    state = read_state(workset)
    if workset.is_received or (not workset.stack.is_dir() and read_entries(workset)):
        released = len(read_manifest(workset).works)
        choose = _choose(workset, released)
        steps = (_sort(workset), choose if list_sorts(workset) else None, None if choose else _print(workset, released))
        return tuple(one for one in (*steps, *_after_packet(workset)) if one)
    if state is None or not state.works:
        first = None if workset.is_final else _prepare(workset)
        return (first,) if first else ()
    review = _review(workset, state)
    released = len(read_manifest(workset).works)
    if not released or (review and review.why == WAITING):
        return (review,) if review else ()
    choose = _choose(workset, released)
    is_seen = review is None or is_made_up(workset) or all(one.seen for one in state.works if one.is_released)
    open_steps = (
        review,
        _sort(workset),
        choose if list_sorts(workset) else None,
        _introduce(workset),
        _print(workset, released) if is_seen and not choose else None,
        *_after_packet(workset),
    )
    return tuple(one for one in open_steps if one)


def list_sets(folder: Path) -> list[Path]:
    """The work sets in a folder: itself, those in it, and those one folder deeper, as a department keeps them.

    A folder that cannot be read holds none.
    """
    if _is_set(folder):
        return [folder]
    found: list[Path] = []
    for inner in _folders_in(folder):
        found += [inner] if _is_set(inner) else filter(_is_set, _folders_in(inner))
    return found


def _is_set(folder: Path) -> bool:
    return WorkSet(folder).settings.is_file()


def _folders_in(folder: Path) -> list[Path]:
    """The folders that a person sees in a folder, not more than a person would keep there."""
    try:
        seen: Iterator[Path] = (path for path in folder.iterdir() if not path.name.startswith(".") and path.is_dir())
        return natsorted(islice(seen, MOST_FOLDERS), key=lambda path: path.name.casefold())
    except OSError:
        return []


def _prepare(workset: WorkSet) -> NextStep | None:
    """Preparing again needs no more words where the stack is in the set already."""
    if not read_stack(workset).files:
        return None
    return NextStep("prepare", "it was not finished", ("mssw", "prepare", "--into", str(workset.root)))


def _review(workset: WorkSet, state: PreparedState) -> NextStep | None:
    held = sum(bool(response.held) for response in state.works)
    unseen = sum(response.is_released and not response.seen for response in state.works)
    command = ("mssw", "review", str(workset.root))
    if not is_reviewable(workset):
        return _prepare(workset)
    if count_looked_at(read_reviewed_set(workset)).waiting:
        return NextStep("review", WAITING, command)
    if is_made_up(workset) and not held:
        return None
    parts = [f"{count_noun(held, 'response is', 'responses are')} on hold"] if held else []
    parts += [f"nobody has looked at {count_noun(unseen, 'response')} yet"] if unseen else []
    return NextStep("review", " and ".join(parts), command) if parts else None


def _sort(workset: WorkSet) -> NextStep | None:
    command = ("mssw", "sort", str(workset.root))
    names = list_sorts(workset)
    if not names:
        return NextStep("sort", "put similar thinking into piles", command)
    tallies = [count_sorting(workset, read_sorting(workset, name)) for name in names]
    if any(tally.done for tally in tallies):
        return None
    best = max(tallies, key=lambda tally: tally.finished)
    by = names[tallies.index(best)]
    named = command if by == "sort" else (*command, "--as", by)
    return NextStep("sort", f"{best.finished} of {count_noun(best.works, 'response')} are sorted", named)


def _choose(workset: WorkSet, released: int) -> NextStep | None:
    try:
        samples = read_chosen(workset)
    except MsswError:
        samples = None
    if samples is not None or released <= MOST_WITHOUT_A_CHOICE:
        return None
    return NextStep("choose", "choose 9 to 12 samples", ("mssw", "choose", str(workset.root)))


def _introduce(workset: WorkSet) -> NextStep | None:
    missing = len(QUESTIONS) - read_introduction(workset).answered
    if not missing:
        return None
    why = f"{count_noun(missing, 'question')} of the introduction {'is' if missing == 1 else 'are'} open"
    return NextStep("introduction", why, ("mssw", "intro", str(workset.root)))


def _print(workset: WorkSet, released: int) -> NextStep | None:
    if workset.packets():
        return None
    without = ("--without-held",) if read_manifest(workset).held_works else ()
    words = ("mssw", "packet", str(workset.root), "--copies", "8", *without)
    samples = read_chosen(workset)
    what = count_noun(released, "response") if samples is None else count_noun(len(samples), "sample")
    return NextStep("packet", f"print the packet from {what}", words)


def _after_packet(workset: WorkSet) -> tuple[NextStep | None, ...]:
    """What is left once the packet is printed: a kit for the meeting, then what the team finds there."""
    if not workset.packets():
        return ()
    return (_print_kit(workset), _record(workset), _slips(workset))


def _print_kit(workset: WorkSet) -> NextStep | None:
    """The kit that serves the purpose or the session of ``set.toml``, where one is known and none was printed."""
    name = find_kit(workset)
    if not name or any(row.what is Handing.KIT for row in read_handed_out(workset)):
        return None
    words = ("mssw", "kit", name, "--set", str(workset.root))
    return NextStep("kit", f"print agenda, roles and charts: kit {name}", words)


def find_kit(workset: WorkSet) -> str:
    """The kit that serves the purpose or the session in ``set.toml``; empty where neither says one."""
    settings = read_settings(workset.settings)
    purpose = find_purpose(settings.purpose)
    letter = settings.session.strip().upper().removeprefix("SESSION").strip()
    return letter if letter in _SESSIONS else purpose.kit if purpose else ""


def _record(workset: WorkSet) -> NextStep | None:
    if not read_record_if_whole(workset).is_empty:
        return None
    return NextStep("record", "after the session, keep what your team found", ("mssw", "record", str(workset.root)))


def _slips(workset: WorkSet) -> NextStep | None:
    """Slips for students, once the team has chosen a next step; only where the key gives the names back."""
    if not any(step.chosen == YES for step in read_record_if_whole(workset).steps):
        return None
    if not workset.key.is_file() or workset.slips.is_file():
        return None
    return NextStep("slips", "bring the next step back to your students", ("mssw", "slips", str(workset.root)))


def plan_meeting(workset: WorkSet, purpose: MeetingPurpose) -> tuple[NextStep, ...]:
    """The steps of a set that lead to a meeting for that purpose; each works once those before it are done.

    Raises:
        UnreadableError: a file of the set is damaged.
    """
    kit = NextStep("kit", "print agenda, roles and charts", ("mssw", "kit", purpose.kit, "--set", str(workset.root)))
    first = find_next_step(workset)
    ready = (first,) if first is not None and first.step in {"prepare", "review"} else ()
    if not workset.manifest.is_file():
        return (*ready, kit)
    released = len(read_manifest(workset).works)
    printed = _print(workset, released) if released else None
    if printed is not None and purpose.session:
        printed = replace(printed, words=(*printed.words, "--session", purpose.session))
    steps = {
        "sort": _sort(workset),
        "choose": _choose(workset, released),
        "introduction": None if workset.is_received else _introduce(workset),
        "packet": printed,
        "compare": _compare(workset),
        "kit": kit,
        "trends": _trends(workset),
    }
    return (*ready, *(step for name in purpose.steps if (step := steps[name]) is not None))


def _compare(workset: WorkSet) -> NextStep | None:
    """See where two teachers' sorts differ, once there are two."""
    names = list_sorts(workset)
    if len(names) < 2:  # noqa: PLR2004 - it takes two to differ
        return None
    words = ("mssw", "sort", str(workset.root), "--compare", *names[:2])
    return NextStep("compare", "see where you differ", words)


def _trends(workset: WorkSet) -> NextStep | None:
    """Look at the set together with the others that lie beside it."""
    here = workset.root.resolve()
    others = [folder.name for folder in _folders_in(here.parent) if folder != here and _is_set(folder)]
    beside = workset.root.parent if workset.root.name not in {"", ".."} else workset.root / ".."
    folders = (str(workset.root), *(str(beside / name) for name in others))
    return (
        NextStep("trends", "see what is the same in several classes", ("mssw", "trends", *folders)) if others else None
    )
