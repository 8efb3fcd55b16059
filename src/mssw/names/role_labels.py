"""Which label of a page asks for its student by a role: the scientist beside her lab partner, who reviews a classmate.

Such a word alone asks for nothing, since a task may ask who the artist of a picture is. So all labels of a page are
weighed together: a role is the student's own where nothing else asks for a name, a label for somebody else stands
beside it, and no other role does. The words are in ``lists/labels_roles.txt`` and ``lists/labels_weak.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mssw.names.label_words import Asks, Phrase, classify_label, fold_words
from mssw.names.letters import remove_accents
from mssw.names.word_lists import read_marked_words, read_phrases

_MARKED = read_marked_words("labels_roles")
ROLES, REVIEWERS, REVIEWED, WORKS, TOGETHER, _BESIDE = (
    frozenset(word for mark, words in _MARKED if mark == kind for word in words)
    for kind in ("role", "reviewer", "reviewed", "work", "together", "beside")
)
_CAPTION = re.compile(r"\(([^()]+)\)")
_WEAK = frozenset(tuple(remove_accents(line).casefold().split()) for line in read_phrases("labels_weak"))
SOMEBODY_ELSE = frozenset({Asks.PERSON, Asks.TEACHER})

Labels = Mapping[Phrase, Asks | None]
Beside = Callable[[Phrase, Phrase], bool]


def names_weakly(text: str) -> bool:
    """Whether a label asks who a page is by only where nothing else on the page asks for a name.

    So does a caption in brackets; beside a label, such words are a hint on it.

    >>> names_weakly("Interviewed by:"), names_weakly("Name:"), names_weakly("(first and last name)")
    (True, False, True)
    """
    return tuple(fold_words(text)) in _WEAK or _is_caption(text)


def _is_caption(text: str) -> bool:
    """Whether a phrase is a label for a name in brackets, as under a line to write on."""
    caption = _CAPTION.fullmatch(text.strip())
    return caption is not None and classify_label(caption[1]) is Asks.NAME


def names_by_role(text: str) -> bool:
    """Whether a label asks for a student by a role, which other labels of the task can make somebody else's.

    >>> names_by_role("Lead scientist:"), names_by_role("Peer reviewer"), names_by_role("Scientist of the week")
    (True, True, False)
    """
    return names_weakly(text) or any(_is_one_of(words, text) for words in (ROLES, REVIEWERS, REVIEWED))


def ask_by_role(labels: Labels, is_beside: Beside) -> dict[Phrase, Asks | None]:
    """What the labels of a page ask for, once those that ask for the student by a role are known.

    Args:
        labels: the phrases of a page, with what each asks for by itself.
        is_beside: whether two phrases stand beside each other.
    """
    asks = dict(labels)
    if Asks.NAME in asks.values():
        return asks
    review = _find_review(asks, is_beside)
    if review is not None:
        return asks | {review[0]: Asks.NAME, review[1]: Asks.PERSON}
    captions = [phrase for phrase in asks if _is_caption(phrase.text)]
    if captions:
        return asks | dict.fromkeys(captions, Asks.NAME)
    weak = [phrase for phrase in asks if names_weakly(phrase.text)]
    roles = [phrase for phrase in asks if _is_one_of(ROLES, phrase.text)]
    if len(weak) == 1:
        return asks | {weak[0]: Asks.NAME}
    if len(roles) == 1 and not weak and _is_of_somebody(roles[0], asks, is_beside):
        return asks | {roles[0]: Asks.NAME}
    return asks


def _find_review(asks: Labels, is_beside: Beside) -> tuple[Phrase, Phrase] | None:
    """The labels for who reviews and who is reviewed, where there is one of each; None for a book and its author."""
    reviewers = [phrase for phrase in asks if _is_one_of(REVIEWERS, phrase.text)]
    reviewed = [phrase for phrase in asks if _is_one_of(REVIEWED, phrase.text)]
    if len(reviewers) != 1 or len(reviewed) != 1 or not is_beside(reviewers[0], reviewed[0]):
        return None
    return None if _is_of_a_work(reviewed[0], asks, is_beside) else (reviewers[0], reviewed[0])


def _is_of_somebody(role: Phrase, asks: Labels, is_beside: Beside) -> bool:
    """Whether a label for somebody else stands beside a role, which is none of a group's or that of a book's author."""
    if any(not TOGETHER.isdisjoint(fold_words(phrase.text)) and is_beside(phrase, role) for phrase in asks):
        return False
    others = [phrase for phrase, what in asks.items() if what in SOMEBODY_ELSE and is_beside(phrase, role)]
    return bool(others) and not (_is_one_of(REVIEWED, role.text) and _is_of_a_work(role, asks, is_beside))


def _is_of_a_work(writer: Phrase, asks: Labels, is_beside: Beside) -> bool:
    """Whether a label for a book or its title stands beside that for its author."""
    return any(not WORKS.isdisjoint(fold_words(phrase.text)) and is_beside(phrase, writer) for phrase in asks)


def _is_one_of(roles: frozenset[str], text: str) -> bool:
    """Whether a phrase is a role, perhaps with words that change nothing."""
    words = [word for word in fold_words(text) if word not in _BESIDE]
    return len(words) == 1 and words[0] in roles
