"""The step of a set that comes next, as one command that works now.

In: the set's files. Out: the first step that is not done, with what is missing. Nothing is written.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from mssw.core.sample import MOST_WITHOUT_A_CHOICE
from mssw.core.shell_words import command_line
from mssw.core.wording import counted
from mssw.errors import MsswError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import QUESTIONS
from mssw.review.reviewed_set import count_looked_at, is_reviewable, read_reviewed_set
from mssw.sorting.kept_sorts import count_sorting, list_sorts, read_sorting
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.entries import read_entries
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import is_made_up, read_manifest
from mssw.workset.prepared_state import PreparedState, read_state
from mssw.workset.stack import read_stack


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next.

    Attributes:
        step: its name, as in ``status``.
        why: what is missing, as a clause.
        command: what does it; it can be pasted as it is.
    """

    step: str
    why: str
    command: str

    def to_json(self) -> dict[str, str]:
        """For ``--json`` and the local pages."""
        return asdict(self)


def find_next_step(workset: WorkSet, *, reviewed: bool = False) -> NextStep | None:
    """The first step that is not done; None where nothing can be done any more, or all is done.

    Args:
        workset: the set.
        reviewed: whether the review was just closed, so that the step after it is wanted.

    Raises:
        UnreadableError: a file of the set is damaged.
    """
    state = read_state(workset)
    if workset.is_received or (not workset.stack.is_dir() and read_entries(workset)):
        released = len(read_manifest(workset).works)
        return _sort(workset) or _choose(workset, released) or _print(workset, released)
    if state is None or not state.works:
        return None if workset.is_final else _prepare(workset)
    looked = None if reviewed else _review(workset, state)
    if looked is not None:
        return looked
    released = len(read_manifest(workset).works)
    if not released:
        return _review(workset, state)
    return _sort(workset) or _choose(workset, released) or _introduce(workset) or _print(workset, released)


def _prepare(workset: WorkSet) -> NextStep | None:
    """Preparing again needs no more words where the stack is in the set already."""
    if not read_stack(workset).files:
        return None
    return NextStep("prepare", "it was not finished", command_line("mssw", "prepare", "--into", workset.root))


def _review(workset: WorkSet, state: PreparedState) -> NextStep | None:
    held = sum(bool(response.held) for response in state.works)
    unseen = sum(response.is_released and not response.seen for response in state.works)
    command = command_line("mssw", "review", workset.root)
    if not is_reviewable(workset):
        return _prepare(workset)
    if count_looked_at(read_reviewed_set(workset)).waiting:
        return NextStep("review", "what you decided is not applied yet: open it and press Done", command)
    if is_made_up(workset) and not held:
        return None
    parts = [f"{counted(held, 'response is', 'responses are')} on hold"] if held else []
    parts += [f"nobody has looked at {counted(unseen, 'response')} yet"] if unseen else []
    return NextStep("review", " and ".join(parts), command) if parts else None


def _sort(workset: WorkSet) -> NextStep | None:
    command = command_line("mssw", "sort", workset.root)
    names = list_sorts(workset)
    if not names:
        return NextStep("sort", "put similar thinking into piles", command)
    tallies = [count_sorting(workset, read_sorting(workset, name)) for name in names]
    if any(tally.done for tally in tallies):
        return None
    best = max(tallies, key=lambda tally: tally.finished)
    by = names[tallies.index(best)]
    named = command if by == "sort" else command_line("mssw", "sort", workset.root, "--as", by)
    return NextStep("sort", f"{best.finished} of {counted(best.works, 'response')} are sorted", named)


def _choose(workset: WorkSet, released: int) -> NextStep | None:
    try:
        samples = read_chosen(workset)
    except MsswError:
        samples = None
    if samples is not None or released <= MOST_WITHOUT_A_CHOICE:
        return None
    return NextStep("choose", "choose 9 to 12 samples", command_line("mssw", "choose", workset.root))


def _introduce(workset: WorkSet) -> NextStep | None:
    missing = len(QUESTIONS) - read_introduction(workset).answered
    if not missing:
        return None
    why = f"{counted(missing, 'question')} of the introduction {'is' if missing == 1 else 'are'} open"
    return NextStep("introduction", why, command_line("mssw", "intro", workset.root))


def _print(workset: WorkSet, released: int) -> NextStep | None:
    if workset.packets():
        return None
    words = ["mssw", "packet", workset.root, "--copies", "8"]
    if read_manifest(workset).held_works:
        words.append("--without-held")
    return NextStep("packet", f"print the packet from {counted(released, 'response')}", command_line(*words))
