"""The rules by which aliases are drawn: in the order A, B, C, and never one that is like a real student's name."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

SHORT = 5
"""Names of up to so many letters are alike at one change, longer ones at two."""


class OutOfAliasesError(ValueError):
    """The list has too few names that are unlike every name of the rosters.

    Attributes:
        drawn: the aliases that there were.
        found: how many.
    """

    def __init__(self, drawn: Sequence[str]) -> None:
        super().__init__(f"only {len(drawn)} aliases are left")
        self.drawn = tuple(drawn)
        self.found = len(drawn)


def plain_letters(text: str) -> str:
    """A name's letters without accents, case and signs; other scripts keep their letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in unicodedata.normalize("NFKD", decomposed.casefold()) if c.isalpha())


def name_parts(spellings: Sequence[str]) -> tuple[str, ...]:
    """Every word of those spellings that an alias may be mistaken for, as plain letters, each once, sorted.

    Words with digits or an @ (numbers, addresses) are no names. A single letter is none either.
    """
    words = {
        plain_letters(part)
        for spelling in spellings
        for word in spelling.replace(",", " ").split()
        if not any(c.isdigit() or c == "@" for c in word)
        for part in (word, *word.replace("\u2010", "-").split("-"))
    }
    return tuple(sorted(word for word in words if len(word) > 1))


def begins_alike(one: str, other: str) -> bool:
    """Whether one of two names in plain letters is the other, or its beginning: Jo and Joan."""
    return one.startswith(other) or other.startswith(one)


def draw(
    count: int,
    names: Sequence[str],
    *,
    taken: Sequence[str],
    refused: Callable[[str], bool],
    alike: Callable[[str, str], bool],
    shuffle: Callable[[list[str]], None],
) -> list[str]:
    """Draw aliases, one per initial in the order of the alphabet, round after round.

    The next alias has the initial that the fewest aliases have so far, the earliest of these in the alphabet.
    A letter that has no name left is passed over, then and from then on. When no letter has one, names that
    are a little like another alias are let in, as long as neither begins with the other; the rosters' rule
    never gives. Drawn in one go or in several with ``taken``, the aliases are the same.

    Args:
        count: how many.
        names: the list, each starting with a letter from A to Z.
        taken: aliases in use already; the new ones are unlike these too.
        refused: whether a name is too like one in the rosters.
        alike: whether two aliases are too like each other.
        shuffle: puts a list in the order that names are tried in.

    Raises:
        OutOfAliasesError: the list does not hold so many.
    """
    pools: dict[str, list[str]] = {}
    for name in names:
        pools.setdefault(name[0].upper(), []).append(name)
    for letter in sorted(pools):
        shuffle(pools[letter])
    drawn: list[str] = []
    for too_like in (alike, _same_beginning):
        drawn += _rounds(count - len(drawn), pools, [*taken, *drawn], refused, too_like)
    if len(drawn) < count:
        raise OutOfAliasesError(drawn)
    return drawn


def _rounds(
    count: int,
    pools: dict[str, list[str]],
    taken: Sequence[str],
    refused: Callable[[str], bool],
    too_like: Callable[[str, str], bool],
) -> list[str]:
    """Draw until there are enough, or no letter has a name that fits."""
    in_use = list(taken)
    used = Counter(name[:1].upper() for name in in_use)
    waiting = {letter: iter(pool) for letter, pool in pools.items()}
    while len(in_use) - len(taken) < count and waiting:
        letter = min(waiting, key=lambda letter: (used[letter], letter))
        # What was passed over once is like a name in use, and stays so: the iterator need not look back.
        for name in waiting[letter]:
            if name not in in_use and not any(too_like(name, other) for other in in_use) and not refused(name):
                in_use.append(name)
                used[letter] += 1
                break
        else:
            del waiting[letter]
    return in_use[len(taken) :]


def _same_beginning(one: str, other: str) -> bool:
    return begins_alike(plain_letters(one), plain_letters(other))
