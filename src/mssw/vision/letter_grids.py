"""Find names in the rows of a grid of letters, as in a word search that a student drew: "XQUBENOAH".

In goes what the lines of a page say, and what people are called. Out come the letters that are a name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from mssw.names.student import keep_letters

LEAST_ROWS, SURELY_ROWS = 3, 6  # rows like that on a page; with so many, a short name counts too
SHORT, LONG = 3, 4  # letters of a short name, and of one that is none
FEWEST, MOST = 4, 20  # letters of a row


@dataclass(frozen=True, slots=True)
class NameInRow:
    """A name in a row of letters. Its repr does not show it.

    Attributes:
        line: index of the line.
        start: index of its first letter in the text.
        end: index after the last one.
        name: which name it is, from a to z.
    """

    line: int
    start: int
    end: int
    name: str = field(repr=False)


def find_names_in_rows(texts: Sequence[str], called: Collection[str]) -> list[NameInRow]:
    """Find the names in rows of letters that say nothing.

    Args:
        texts: what each line of a page says.
        called: what people are called, as letters from a to z.

    >>> found = find_names_in_rows(["XQUBENOAH", "QWEBBVVBJ", "U E B Z Z E W"], {"noah"})
    >>> [(one.line, one.start, one.end) for one in found]
    [(0, 5, 9)]
    """
    rows = [n for n, text in enumerate(texts) if is_row_of_letters(text) and keep_letters(text) not in called]
    if len(rows) < LEAST_ROWS:
        return []
    least = SHORT if len(rows) >= SURELY_ROWS else LONG
    found = []
    for n in rows:
        places = [place for place, sign in enumerate(texts[n]) if sign.isalpha()]
        letters = "".join(keep_letters(texts[n][place])[:1] or " " for place in places)
        for name in sorted(called, key=lambda name: (-len(name), name)):
            at = letters.find(name) if len(name) >= least else -1
            if at >= 0:
                found.append(NameInRow(n, places[at], places[at + len(name) - 1] + 1, name))
    return found


def is_row_of_letters(text: str) -> bool:
    """Whether a line is capitals in a row, with a gap behind each or behind none.

    >>> is_row_of_letters("V K T E Z"), is_row_of_letters("UVLAYLAQW"), is_row_of_letters("THE END")
    (True, True, False)
    """
    words = text.split()
    is_even = len(words) == 1 or all(len(word) == 1 for word in words)
    return is_even and text.isupper() and FEWEST <= len(keep_letters(text)) <= MOST
