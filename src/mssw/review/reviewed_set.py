"""The set as a person looks it over: what ``prepare`` found, with what was decided since, page by page in order.

The local page, the sheets on paper and the command line read it; ``acts`` makes new decisions from it. For each flagged
place it also says which word was read there, and the name that it may be: for the teacher's own screen, from the page's
flags and its reading in ``private/reading``. Nothing is read anew, so a whole class takes well under a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import UNSET, Struct

from mssw.core.decision import Aside, Decisions, PageDecision
from mssw.core.page import Box, Fate, MarkKind
from mssw.errors import StepMissingError, UnreadableError
from mssw.names.student import SpellingKind
from mssw.preparing.decided_pages import way_without
from mssw.preparing.essays import SURE
from mssw.preparing.kept_readings import ReadPage, place_in_line, read_between, read_kept_page
from mssw.preparing.match_responses import read_matching
from mssw.preparing.matches import MatchedPerson, Matching, MatchState
from mssw.preparing.name_reading import SearchTerms, name_letters
from mssw.vision.mentions import find_name_between
from mssw.workset.class_list import read_also, read_class_list
from mssw.workset.decisions import (
    changed_responses,
    keep_decisions,
    read_decisions,
    read_review_place,
    withdraw_responses,
)
from mssw.workset.folder import WorkSet, read_typed
from mssw.workset.prepared_state import (
    MarkedPlace,
    PreparedPage,
    PreparedResponse,
    PreparedState,
    prepared_state,
    read_state,
)
from mssw.workset.settings import read_settings
from mssw.workset.sightings import recipe_of, sidecar

SETTLED = {"approved", "aside", "now", "blank", "double"}
ORDER = ("held", "flagged", "rest", "aside")


@dataclass(frozen=True)
class ReviewedSet:
    """A set as it was prepared, with what was decided since.

    Attributes:
        state: of the set.
        decisions: all of them.
        pages: by id.
        responses: by the id of each of their pages.
    """

    state: PreparedState
    decisions: Decisions
    pages: Mapping[str, PreparedPage]
    responses: Mapping[str, PreparedResponse]

    def with_decisions(self, decisions: Decisions) -> ReviewedSet:
        """The same set with other decisions."""
        return replace(self, decisions=decisions)

    def decision(self, page_id: str) -> PageDecision:
        """What was decided about a page."""
        return self.decisions.of(self.pages[page_id].identity)

    def recipe(self, page_id: str) -> str:
        """The recipe of the page as it will be with what was decided: what approving it lets go."""
        base = self.pages[page_id].base
        return way_without(base, self.decision(page_id).drops(base))

    def revision(self, page_id: str) -> str:
        """Changes with every decision on the page, and with what it was made by."""
        return recipe_of(self.decision(page_id).to_json(), self.pages[page_id].base)[:12]

    def response_pages(self, page_id: str) -> tuple[str, ...]:
        """The pages of the response to which a page belongs; the page alone where it belongs to none."""
        response = self.responses.get(page_id)
        return response.pages if response else (page_id,)

    def drawn(self, page_id: str) -> tuple[Box, ...]:
        """What a person wants covered on a page, also because she wants it covered on all pages like it."""
        page = self.pages[page_id]
        return self.decisions.drawn(page.identity, page.task_page)

    def places_for_all(self, page_id: str) -> set[Box]:
        """What a person wants covered on every page from the same page of the task."""
        task_page = self.pages[page_id].task_page
        return {rule.box for rule in self.decisions.everywhere if rule.task_page == task_page}


def read_reviewed_set(workset: WorkSet, decisions: Decisions | None = None) -> ReviewedSet:
    """The set as it stands.

    Args:
        workset: the set.
        decisions: those to take; None reads what is kept.

    Raises:
        StepMissingError: nothing is prepared yet.
        UnreadableError: what was decided cannot be read.
    """
    state = prepared_state(workset)
    if not all(page.identity for page in state.pages):
        raise StepMissingError(
            f"{workset.root} was prepared by an earlier mssw; run `mssw prepare --into {workset.typed}` once more."
        )
    responses = {page_id: response for response in state.works for page_id in response.pages}
    if not set(responses) <= set(state.page_by_id):
        raise UnreadableError(f"{workset.state} is damaged; run `mssw prepare` again, which makes it anew.")
    return ReviewedSet(state, decisions or read_decisions(workset), state.page_by_id, responses)


def keep_reviewed(workset: WorkSet, reviewed: ReviewedSet) -> None:
    """Keep what was decided, and take the responses that it changes out of ``shared/`` at once.

    The next ``prepare`` brings back what may be shown, as it was decided. They are taken out even if the disk is full
    and the decision cannot be kept: then the next ``prepare`` brings them back as they were. The caller holds the
    set's lock.

    Raises:
        NotWrittenError: the disk is full, or may not be written.
    """
    try:
        keep_decisions(workset, reviewed.decisions)
    finally:
        released = {response.alias for response in reviewed.state.works if response.is_released}
        withdraw_responses(workset, changed_responses(reviewed.state, reviewed.decisions) & released)


def is_reviewable(workset: WorkSet) -> bool:
    """Whether the set was prepared by this mssw, so that its pages can be looked at."""
    state = read_state(workset)
    return state is not None and all(page.identity for page in state.pages)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How far the looking has come.

    Attributes:
        done: pages about which a person decided, or that need nobody to look.
        pages: all of them.
        waiting: whether something was decided that the next ``prepare`` is still to apply.
    """

    done: int
    pages: int
    waiting: bool


def count_looked_at(reviewed: ReviewedSet) -> LookedAt:
    """Count the pages that were looked at, also where that is not applied yet."""
    states = [_state_of_page(reviewed, page_id) for page_id in reviewed.pages]
    changed = changed_responses(reviewed.state, reviewed.decisions)
    approved = any(_is_newly_seen(reviewed, response) for response in reviewed.state.works)
    return LookedAt(sum(state in SETTLED for state in states), len(states), bool(changed) or approved)


def _is_newly_seen(reviewed: ReviewedSet, response: PreparedResponse) -> bool:
    """Whether a person let every page of a response go since it was prepared."""
    if response.seen or response.aside:
        return False
    pages = [reviewed.pages[page_id] for page_id in response.pages]
    return all(reviewed.decisions.cleared(page.identity, reviewed.recipe(page.id)) for page in pages)


def describe_set(workset: WorkSet) -> dict[str, Any]:
    """All that the local page shows, as JSON. It names students, for a teacher's own eyes."""
    reviewed = read_reviewed_set(workset)
    settings = read_settings(workset.settings)
    return {
        "title": settings.title or workset.root.name,
        "attention": settings.attention,
        "pages": [describe_page(reviewed, page_id) for page_id in order_pages(reviewed)],
        "place": read_review_place(workset),
        "fields": list(settings.fields),
        "everywhere": len(reviewed.decisions.everywhere),
        **describe_owners(workset),
    }


def order_pages(reviewed: ReviewedSet) -> list[str]:
    """Every page: responses on hold first, then those with flagged places, then the rest, and those of none last."""

    def rank(response: PreparedResponse) -> tuple[int, str]:
        flagged = any(open_flags(reviewed, page) for page in response.pages)
        name = "held" if response.held else "aside" if response.aside else "flagged" if flagged else "rest"
        return ORDER.index(name), response.alias

    ordered = [page for response in sorted(reviewed.state.works, key=rank) for page in response.pages]
    return [*ordered, *(page for page in reviewed.pages if page not in reviewed.responses)]


def describe_page(reviewed: ReviewedSet, page_id: str) -> dict[str, Any]:
    """One page as the screen shows it."""
    page, decision = reviewed.pages[page_id], reviewed.decision(page_id)
    response = reviewed.responses.get(page_id)
    pages = reviewed.response_pages(page_id)
    return {
        "id": page_id,
        "alias": response.alias if response else "",
        "number": pages.index(page_id) + 1,
        "of": len(pages),
        "where": page.where,
        "task_page": page.task_page,
        "image": bool(page.image),
        "points": list(page.points),
        "state": _state_of_page(reviewed, page_id),
        "reasons": _reasons(reviewed, page_id),
        "covers": _describe_covers(reviewed, page_id),
        "dropped": [list(box.numbers) for box in decision.drops(page.base)],
        "flags": [flag.to_json() for flag in open_flags(reviewed, page_id)],
        "aside": decision.aside,
        "note": decision.note,
        "turn": decision.turn,
        "blank": decision.blank,
        "moves": _moves(reviewed, page_id),
        "boundary": _describe_boundary(reviewed, page_id),
        "said": decision.to_json(),
        "revision": reviewed.revision(page_id),
    }


def _state_of_page(reviewed: ReviewedSet, page_id: str) -> str:
    """How far a page has come, in a word."""
    page, decision, response = reviewed.pages[page_id], reviewed.decision(page_id), reviewed.responses.get(page_id)
    if decision.blank or (response is None and not decision.joins):
        return "blank" if decision.blank or page.fate is Fate.BLANK else "double"
    if decision.aside:
        return "now" if decision.aside == Aside.NOW else "aside"
    if reviewed.decisions.cleared(page.identity, reviewed.recipe(page_id)):
        return "approved"
    if (response and response.held) or decision.drops(page.base):
        return "held"
    return "flagged" if open_flags(reviewed, page_id) else "unseen"


def _reasons(reviewed: ReviewedSet, page_id: str) -> list[str]:
    """Why the page waits: its own reasons first, then those of its response."""
    page, response = reviewed.pages[page_id], reviewed.responses.get(page_id)
    if response is None:
        return [page.reason] if page.reason else []
    own = [why.removeprefix(f"{page.where}: ") for why in response.held if why.startswith(f"{page.where}: ")]
    of_pages = tuple(f"{reviewed.pages[other].where}: " for other in response.pages)
    return own + [why for why in response.held if not why.startswith(of_pages)]


def _describe_covers(reviewed: ReviewedSet, page_id: str) -> list[dict[str, Any]]:
    """What will be covered on the page: our covers, the person's own, and what she wants covered on every page."""
    page = reviewed.pages[page_id]
    gone = set(reviewed.decision(page_id).drops(page.base))
    for_all = reviewed.places_for_all(page_id)
    ours = [mark for mark in page.covers if mark.kind is not MarkKind.HAND and mark.place not in gone]
    rows = [{**mark.to_json(), "by": "mssw"} for mark in ours]
    rows += [
        {"box": list(box.numbers), "kind": str(MarkKind.HAND), "by": "everywhere" if box in for_all else "you"}
        for box in reviewed.drawn(page_id)
        if box not in gone
    ]
    return rows


def open_flags(reviewed: ReviewedSet, page_id: str) -> list[MarkedPlace]:
    """The flagged places of a page that are neither covered nor known to name nobody."""
    page = reviewed.pages[page_id]
    settled = {*reviewed.drawn(page_id), *reviewed.decision(page_id).dismissed(page.base)}
    return [flag for flag in page.flags if flag.place not in settled]


def find_page_before(reviewed: ReviewedSet, page_id: str) -> str:
    """The page before it in a stack that was split at the pages that carry a name; empty where there is none."""
    before = ""
    for page in reviewed.state.pages:
        if page.id == page_id:
            return before if page.boundary is not UNSET else ""
        if page.boundary is not UNSET:
            before = page.id
    return ""


def _describe_boundary(reviewed: ReviewedSet, page_id: str) -> dict[str, Any] | None:
    """The place before a page: which page is there, whether a response begins with this one, and what was decided."""
    before = find_page_before(reviewed, page_id)
    if not before:
        return None
    starts = reviewed.responses.get(before) is not reviewed.responses.get(page_id)
    is_sure = reviewed.pages[page_id].boundary == SURE
    return {"before": before, "starts": starts, "sure": is_sure, "cut": reviewed.decision(page_id).cut}


def _moves(reviewed: ReviewedSet, page_id: str) -> str:
    """Where the page goes when what was decided is applied: an alias, ``new``, or nothing where it stays."""
    joins = reviewed.decision(page_id).joins
    if not joins:
        return ""
    mine = reviewed.responses.get(page_id)
    if joins == reviewed.pages[page_id].identity:
        return "new" if mine is None or mine.pages != (page_id,) else ""
    there = next((page.id for page in reviewed.pages.values() if page.identity == joins), "")
    response = reviewed.responses.get(there)
    return "" if response is mine or response is None else response.alias


def describe_owners(workset: WorkSet) -> dict[str, Any]:
    """The roster as it is shown and as ``assign`` takes it, and what is known of each response by places in it."""
    roster = read_class_list(workset)
    if roster is None:
        return {"students": [], "roster": [], "whose": {}}
    people = [MatchedPerson.of(student) for student in roster.students]
    numbers = Counter(person.number for person in people)
    places = {person: place for place, person in enumerate(people)}
    matching = read_matching(workset) or Matching()
    owners = {
        response.alias: {
            "student": places.get(response.student) if response.student else None,
            "name": response.student.shown if response.student else "",
            "by_teacher": response.state is MatchState.TEACHER,
            "by_code": response.state is MatchState.CODED,
            "why": response.why,
            "guesses": [places[guess] for guess in response.guesses[:3] if guess in places],
        }
        for response in matching.responses
    }
    typed = [person.number if person.number and numbers[person.number] == 1 else person.name for person in people]
    return {"students": [person.shown for person in people], "roster": typed, "whose": owners}


# What flagged places say

OF_NOBODY = {SpellingKind.TEACHER: "a teacher", SpellingKind.ALSO: "a word on your list"}


@dataclass(frozen=True, slots=True)
class FlagWord:
    """What one flagged place says. Its repr shows no name.

    Attributes:
        box: the place, as the state has it.
        read: what was read there; empty where nothing was.
        name: the name that it may be, as letters with a capital; empty where no name was found.
        of: who is called that: students as the roster has them, or what kind of word it is.
    """

    box: tuple[float, float, float, float]
    read: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    of: tuple[str, ...] = field(default=(), repr=False)

    def to_json(self) -> dict[str, Any]:
        """For the local page."""
        return {"box": list(self.box), "read": self.read, "name": self.name, "of": list(self.of)}


class _Read(Struct, frozen=True):
    """What we need of a page's sidecar: under which name its reading is kept."""

    read: str = ""


def read_flag_words(workset: WorkSet, reviewed: ReviewedSet) -> dict[str, list[FlagWord]]:
    """What each open flag says, by the page's id. A page whose reading is gone has its flags without words."""
    roster, also = read_class_list(workset), read_also(workset)
    terms = SearchTerms.of(roster, read_settings(workset.settings).presenting_teachers, also)
    people = [student.name for student in roster.students] if roster else []
    found = {}
    for page_id in reviewed.pages:
        flags = open_flags(reviewed, page_id)
        if flags:
            page = _read_page(workset, page_id)
            found[page_id] = [_read_flag(page, flag.box, flag.kind, terms, people) for flag in flags]
    return found


def _read_page(workset: WorkSet, page_id: str) -> ReadPage | None:
    try:
        digest = read_typed(sidecar(workset, page_id), _Read).read
    except UnreadableError:
        return None
    return read_kept_page(workset.reading, digest) if digest else None


def _read_flag(
    page: ReadPage | None,
    numbers: tuple[float, float, float, float],
    kind: MarkKind,
    terms: SearchTerms,
    people: Sequence[str],
) -> FlagWord:
    """What was read at a place, and the name that fits best there."""
    place = place_in_line(page, Box(*numbers)) if page else None
    if place is None:
        return FlagWord(numbers)
    reading, first, last = place
    read, _, _ = read_between(reading, first, last)
    found = None
    if kind is MarkKind.TEXT:
        found = find_name_between(reading, name_letters(terms), terms.spellings, first, last)
    if found is None:
        return FlagWord(numbers, read)
    spelling = terms.spellings[found]
    of = tuple(people[student] for student in spelling.students) or tuple(
        text for kind_of, text in OF_NOBODY.items() if kind_of is spelling.kind
    )
    return FlagWord(numbers, read, spelling.letters.capitalize(), of)
