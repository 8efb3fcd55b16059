"""Labels that ask whom a student worked with, observed or calls a friend: "My reading buddy is", "Person interviewed".

Such a label is no sentence with such a word ("Compare with a friend"): all its words are in
``lists/labels_companions.txt``, and the friend comes last.
"""

from __future__ import annotations

from collections.abc import Sequence

from mssw.names.word_lists import read_label_words, read_marked_words

_MARKED = read_marked_words("labels_companions")
COMPANIONS, _BESIDE, _SEEN, _DID = (
    frozenset(word for mark, words in _MARKED if mark == kind for word in words)
    for kind in ("companion", "beside", "seen", "did")
)
_PEOPLE = read_label_words("labels_student") | {"person", "persona", "personne", "classmate", "peer"}
_IS = frozenset({"is", "es", "ist", "est", "e", "are", "was"})
_SELF, _WITH = frozenset({"i", "we"}), "with"
_PLAYERS = frozenset({"player", "jugador", "jugadora", "joueur", "joueuse", "spieler", "spielerin", "giocatore"})
_SIDES = frozenset("abcd")
MOST_WORDS = 6


def names_a_companion(words: Sequence[str]) -> bool:
    """Whether a label asks for the name of somebody beside the student.

    Args:
        words: in lower case and without accents.

    >>> names_a_companion(["my", "reading", "buddy", "is"]), names_a_companion(["compare", "with", "a", "friend"])
    (True, False)
    >>> names_a_companion(["student", "observed"]), names_a_companion(["today", "i", "worked", "with"])
    (True, True)
    >>> names_a_companion(["my", "favorite", "animal", "is"])
    False
    """
    if not 0 < len(words) <= MOST_WORDS:
        return False
    given = list(words[:-1]) if len(words) > 1 and words[-1] in _IS else list(words)
    first, last = given[0], given[-1]
    if last in COMPANIONS:
        return all(word in _BESIDE or word in COMPANIONS for word in given)
    if len(given) == 2:  # noqa: PLR2004 - both words of it
        return (first in _PEOPLE and last in _SEEN) or (first in _PLAYERS and last in _SIDES)
    return not _SELF.isdisjoint(given[:-2]) and given[-2] in _DID and last == _WITH
