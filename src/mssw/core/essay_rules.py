"""Where one essay ends and the next begins in a stack without a task, and what of that is not sure.

In: the pages in the order of the stack, each with what its head says and with what a person decided there. Out: the
groups of pages that make a response, and for each page whether a response begins with it, whether that is sure, and
why it is not. Nothing here looks at a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Strokes = tuple[float, float, float]

ALIKE = (0.16, 0.25, 0.45)  # by how much darkness, width and height of strokes may differ on two pages of one hand

NEARLY_ALL, FEWEST_PAGES = 0.8, 5  # of the pages; in smaller stacks that says little

NO_NAME = "no name was read at its head"
NO_NAME_ON_FIRST = "no name of the class list was read at the head of its first page"
TITLE_ALONE = "something short is at its head, and no name was read there"
OTHER_HAND = "no name was read at its head, and the writing looks different from the page before"
EARLY_END = "no name was read at its head, and the page before ends early"
PAGE_ONE = "it has page number 1, and no name was read at its head"
SAME_NAME = "the name at its head may be the writer of the page before, or another student"
UNCLEAR = "the name at its head is hard to read"
AGAIN = "it has page number 1 and the name of the page before it"
JUMPS = "its page number does not follow the page before"
NOT_FIRST = "it names another student than the page before, and its page number is not 1"
AFTER_LETTER = "no name was read at its head, and the letter on the page before is signed"
MAYBE_TITLE = "the name at its head stands as a title does, so it may go on with the page before"
CLAIMED_TWICE = "another response in the stack names the same student"
NEW_FILE = "a new file begins with it, and no name was read at its head"
TWICE = "two responses in the stack name the same student: do they belong together?"


@dataclass(frozen=True, slots=True)
class PageHead:
    """The head of a page.

    Attributes:
        named: whether a name of the class list is read there.
        number: the page number that is written at the head or the foot; None where there is none.
        is_headed: whether something short that is no name stands above the text: a title, a date, the greeting of a
            letter, a name that nobody could read.
        is_unread: whether some of that could not be read.
        goes_on: whether the text begins with a small letter.
        is_full: whether the text runs down to the foot of the page.
        pen: how dark, how wide and how tall its strokes are; zeros where too little is written.
        greets: whether the text begins as a letter does, as with "Dear Mayor,".
        signed: whether the name of one student is clearly read under the closing of a letter.
        stands_alone: whether the name is all that is at the head, without a title, a date or a number.
        is_centred: whether the name stands in the middle of its line.
        is_one_word: whether the name is one word, as in a title.
    """

    named: bool
    number: int | None
    is_headed: bool
    is_unread: bool
    goes_on: bool
    is_full: bool
    pen: Strokes = (0.0, 0.0, 0.0)
    greets: bool = False
    signed: bool = False
    stands_alone: bool = False
    is_centred: bool = False
    is_one_word: bool = False

    @property
    def is_like_title(self) -> bool:
        """Whether the name at the head may be a title: a chapter may be called after a classmate."""
        return self.named and self.number is None and self.stands_alone and (self.is_centred or self.is_one_word)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PageHead:
        """Read it back from a page's sidecar."""
        darkness, width, height = map(float, value["pen"])
        return cls(**{**value, "pen": (darkness, width, height)})


class Cut(StrEnum):
    """What a person decided about the place before a page."""

    JOIN = "join"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class EssayPage:
    """A page of the stack.

    Attributes:
        id: of the page.
        where: as people find it.
        head: what its head says; None for a page that could not be read.
        writer: the student who is clearly named there, as a place in the class list.
        possible: the students who may be named there.
        document: the file of several pages that it is in; empty for a photo or a scan of one page.
        decided: what a person decided about the place before it; None where nobody did.
    """

    id: str
    where: str
    head: PageHead | None
    writer: int | None = None
    possible: frozenset[int] = frozenset()
    document: str = ""
    decided: Cut | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """The place before a page.

    Attributes:
        starts: whether a response begins with the page.
        doubt: why that is not sure; empty where it is.
    """

    starts: bool
    doubt: str = ""


@dataclass
class Essay:
    """The pages of one response, as they are put together.

    Attributes:
        pages: in the order of the stack.
        writer: the student whom its pages name, as far as they do.
        number: of its last page.
    """

    pages: list[EssayPage] = field(default_factory=list)
    writer: int | None = None
    number: int = 0

    def add(self, page: EssayPage) -> None:
        """Put a page at its end."""
        written = page.head.number if page.head else None
        self.number = self.number + 1 if written is None else written
        self.pages.append(page)
        self.writer = page.writer if self.writer is None else self.writer


def split_essays(pages: Sequence[EssayPage]) -> tuple[list[Essay], dict[str, Boundary]]:
    """Split a stack into essays.

    Args:
        pages: in the order of the stack, without blank ones.

    Returns:
        The essays, and for each page the boundary before it.
    """
    essays: list[Essay] = []
    boundaries: dict[str, Boundary] = {}
    for page in pages:
        if not essays:
            found = Boundary(starts=True)
        elif page.decided is not None:
            found = Boundary(starts=page.decided is Cut.SPLIT)
        else:
            found = judge_boundary(essays[-1], page)
        boundaries[page.id] = found
        if found.starts:
            essays.append(Essay())
        essays[-1].add(page)
    return essays, boundaries | _doubt_titles(essays, boundaries) | _doubt_nameless(essays, boundaries)


def _doubt_titles(essays: Sequence[Essay], boundaries: Mapping[str, Boundary]) -> dict[str, Boundary]:
    """The boundaries before pages on which the name may be a title, unless most of the class names itself so."""
    heads = [page.head for essay in essays for page in essay.pages if page.head is not None and page.head.named]
    if sum(head.is_like_title for head in heads) > len(heads) / 2:
        return {}
    firsts = [essay.pages[0] for essay in essays[1:]]
    return {
        page.id: Boundary(starts=True, doubt=MAYBE_TITLE)
        for before, page in zip((essay.pages[-1] for essay in essays), firsts, strict=False)
        if page.head is not None
        and page.head.is_like_title
        and not boundaries[page.id].doubt
        and not _begins_surely(before, page)
    }


def _doubt_nameless(essays: Sequence[Essay], boundaries: Mapping[str, Boundary]) -> dict[str, Boundary]:
    """The boundaries before pages that name nobody, where nearly every page of the stack names its writer."""
    heads = [page.head for essay in essays for page in essay.pages if page.head is not None]
    if len(heads) < FEWEST_PAGES or sum(head.named for head in heads) <= NEARLY_ALL * len(heads):
        return {}
    return {
        page.id: Boundary(starts=False, doubt=NO_NAME)
        for essay in essays
        for page in essay.pages[1:]
        if page.head is not None
        and page.decided is None
        and not (page.head.named or page.head.goes_on or page.head.number is not None)
        and not boundaries[page.id].doubt
    }


def _begins_surely(before: EssayPage, page: EssayPage) -> bool:
    """Whether a response begins with a page whatever the name at its head means."""
    is_new_file = bool(page.document and before.document) and page.document != before.document
    return page.decided is not None or is_new_file or (page.head is not None and page.head.number == 1)


def judge_boundary(essay: Essay, page: EssayPage) -> Boundary:
    """Judge whether a page goes on with an essay or begins the next one.

    Args:
        essay: what the stack has just before it.
        page: the page that follows.
    """
    before, head = essay.pages[-1], page.head
    if head is None:
        return Boundary(starts=False, doubt=NO_NAME)
    if page.document != before.document and page.document and before.document:
        return Boundary(starts=True, doubt="" if page.writer not in {None, essay.writer} else NEW_FILE)
    if head.named:
        if page.writer is not None and page.writer == essay.writer:
            return _judge_same_writer(essay, head)
        return _judge_other_name(essay, page, head)
    if head.number is not None:
        return _judge_numbered(essay, head, head.number)
    return Boundary(starts=False, doubt=NO_NAME) if before.head is None else _judge_bare(essay, before.head, head)


def _judge_letter(essay: Essay, before: PageHead, head: PageHead) -> Boundary | None:
    """Judge a page that begins a letter, or follows one that is signed; None where that says nothing.

    A letter inside an essay begins no response, and on each page of a diary may stand "Dear diary".
    """
    first = essay.pages[0].head
    if head.greets and (before.signed or (first is not None and first.greets and not first.named)):
        return Boundary(starts=True)
    if before.signed:
        return Boundary(starts=not head.goes_on, doubt=AFTER_LETTER)
    return None


def _judge_same_writer(essay: Essay, head: PageHead) -> Boundary:
    """Judge a page that names the writer of the page before it."""
    if head.number == 1 and essay.number:
        return Boundary(starts=False, doubt=AGAIN)
    follows = head.number in {None, essay.number + 1}
    return Boundary(starts=False, doubt="" if follows else JUMPS)


def _judge_other_name(essay: Essay, page: EssayPage, head: PageHead) -> Boundary:
    """Judge a page with a name that is not clearly that of the page before it."""
    follows = head.number is not None and head.number > 1 and head.number == essay.number + 1
    is_open = page.writer is None and (essay.writer is None or essay.writer in page.possible)
    if follows and (is_open or essay.writer is None):
        return Boundary(starts=False)
    if is_open:
        before = essay.pages[-1].head
        return Boundary(starts=head.number == 1 or (before is not None and before.signed), doubt=SAME_NAME)
    if head.number not in {None, 1}:
        return Boundary(starts=True, doubt=NOT_FIRST)
    is_sure = page.writer is not None or head.number == 1 or (head.is_headed and bool(page.possible))
    return Boundary(starts=True, doubt="" if is_sure else UNCLEAR)


def _judge_numbered(essay: Essay, head: PageHead, number: int) -> Boundary:
    """Judge a page that has a number and no name."""
    if number == 1:
        return Boundary(starts=True, doubt=PAGE_ONE)
    if number != essay.number + 1:
        return Boundary(starts=False, doubt=JUMPS)
    return Boundary(starts=False, doubt=TITLE_ALONE if head.is_unread else "")


def _judge_bare(essay: Essay, before: PageHead, head: PageHead) -> Boundary:
    """Judge a page without a name or a number: by its first words, by the hand, and by where the page before ends."""
    letter = _judge_letter(essay, before, head)
    if letter is not None:
        return letter
    if head.is_headed and not head.goes_on:
        return Boundary(starts=True, doubt=TITLE_ALONE)
    if not has_same_hand(before.pen, head.pen):
        return Boundary(starts=not (before.is_full or head.goes_on), doubt=OTHER_HAND)
    if not before.is_full:
        return Boundary(starts=False, doubt=EARLY_END)
    return Boundary(starts=False, doubt=TITLE_ALONE if head.is_headed else "")


def _is_signed_letter(essay: Essay) -> bool:
    """Whether a response is one letter, and its last page says whose."""
    first, last = essay.pages[0], essay.pages[-1]
    begins, ends = first.head is not None and first.head.greets, last.head is not None and last.head.signed
    return begins and ends and last.writer is not None


def has_same_hand(one: Strokes, other: Strokes) -> bool:
    """Whether two pages may be written by one hand with one pen; where too little is written, they may."""
    if not all(one) or not all(other):
        return True
    return all(abs(a - b) <= most * max(a, b) for a, b, most in zip(one, other, ALIKE, strict=True))


def list_doubts(essays: Sequence[Essay], boundaries: dict[str, Boundary], hint: str) -> list[tuple[str, ...]]:
    """List for each essay why it may not be released as it is.

    Args:
        essays: see ``split_essays``.
        boundaries: the boundary before each page.
        hint: what a person can do there.
    """
    times = Counter(essay.writer for essay in essays if essay.writer is not None)
    reasons: list[tuple[str, ...]] = []
    for at, essay in enumerate(essays):
        first = essay.pages[0]
        own = [
            f"{page.where}: {boundary.doubt}; {hint}"
            for page in essay.pages
            if (boundary := boundaries[page.id]).doubt and (page is not first or at)
        ]
        after = essays[at + 1] if at + 1 < len(essays) else None
        if after is not None and (doubt := _doubt_after(essay, after, boundaries, times)):
            own.append(f"{after.pages[0].where} may belong to it: {doubt}; {hint}")
        if first.writer is None and not _is_signed_letter(essay):
            own.append(f"{first.where}: {NO_NAME_ON_FIRST}")
        if essay.writer is not None and times[essay.writer] > 1:
            own.append(TWICE)
        reasons.append(tuple(own))
    return reasons


def _doubt_after(essay: Essay, after: Essay, boundaries: Mapping[str, Boundary], times: Mapping[int, int]) -> str:
    """Why the first page of the next response may be the last one of this; empty where it is not.

    Where two responses name one student, one of them may be no response at all, but the end of the one before it.
    """
    before, first = essay.pages[-1], after.pages[0]
    if boundaries[first.id].doubt or _begins_surely(before, first) or after.writer is None:
        return boundaries[first.id].doubt
    return CLAIMED_TWICE if times[after.writer] > 1 else ""
