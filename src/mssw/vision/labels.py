"""Labels that ask for a name, spotted on a filled page by reading it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mssw.model.label import pieces
from mssw.model.misread import Asks, label_at_start, unglued
from mssw.model.page import Box
from mssw.vision.ink import Grey, Mask
from mssw.vision.printed import ink_on, rules_on, stands_as_type, without
from mssw.vision.standing import Place
from mssw.vision.textlines import Word, read_words

HEAD, FOOT = 0.30, 0.86  # names are asked for above and below these: read first
MOST_READ = 26  # lines of head and foot
MOST_MORE = 10  # lines elsewhere, where head and foot ask for nothing
SHORT_MM = 60.0  # of a line elsewhere that may be a label
SPACE = 0.5  # of a line's height between two words of a sentence
APART_MM = 2.6  # between two things that a line asks for; more than a space between printed words
RULE_NEAR_MM, RULE_SHARE = 14.0, 0.6


@dataclass(frozen=True, slots=True)
class Spotted:
    """A label on the page.

    Attributes:
        asks: what for.
        place: of its letters, in pixels.
        alone: whether it asks for a number by itself, as "Student ID" does and "No." does not.
        exact: whether it was read without a wrong letter.
    """

    asks: Asks
    place: Place
    alone: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Layers:
    """A page taken apart.

    Attributes:
        grey: the page, upright and straight.
        dpi: of it.
        rules: its straight rules.
        ink: all else that is inked.
        lines: where text stands.
        typed: those of the lines that are print.
    """

    grey: Grey
    dpi: float
    rules: Mask
    ink: Mask
    lines: tuple[Place, ...]
    typed: tuple[Place, ...]

    @property
    def mm(self) -> float:
        """Pixels a millimetre."""
        return self.dpi / 25.4


def layers_of(grey: Grey, dpi: float, lines: Sequence[Place]) -> Layers:
    """Take a page apart.

    Args:
        grey: upright and straight, (height, width) uint8.
        dpi: of it.
        lines: where its text stands, from the top down.
    """
    inked = ink_on(grey)
    rules = rules_on(inked, dpi, lines)
    ink = without(inked, rules)
    return Layers(grey, dpi, rules, ink, tuple(lines), tuple(line for line in lines if stands_as_type(ink, line)))


def spot_labels(page: Layers, more: Sequence[str] = ()) -> list[Spotted]:
    """The labels of a page's head and foot; where none asks for a name there, those of the whole page.

    Args:
        page: taken apart.
        more: further labels, as a teacher wrote them.

    Returns:
        Labels for a name, for a number, and for other things. Misread ones only where none was read as it should be.
    """
    height = page.grey.shape[0]
    first = [line for line in page.lines if line[1] < HEAD * height or line[3] > FOOT * height][:MOST_READ]
    found = _read(page, first, more)
    if not _names(found):
        short = SHORT_MM * page.mm
        rest = [line for line in page.lines if line not in first and line[2] - line[0] < short]
        found += _read(page, rest[:MOST_MORE], more)
    exact = any(label.exact for label in _names(found))
    return [label for label in found if label.exact or not exact]


def _names(labels: Sequence[Spotted]) -> list[Spotted]:
    return [label for label in labels if label.asks is not Asks.OTHER]


def _read(page: Layers, lines: Sequence[Place], more: Sequence[str]) -> list[Spotted]:
    return [label for line in lines for label in _labels_on(page, _cut(page, line), more)]


def _cut(page: Layers, line: Place) -> list[Word]:
    """The words of a line, cut also at leaders and where a label and a name were read as one word."""
    words: list[Word] = []
    for word in read_words(page.grey, line):
        left, top, right, bottom = word.box
        for text, box in pieces(word.text, Box(0, 0, 1, 1)):
            at = left + box.x * (right - left)
            if text == ":" and words:  # French sets a space before it
                words[-1] = Word(f"{words[-1].text}:", words[-1].box)
                continue
            for part in unglued(text) if text else ["_"]:
                wide = (right - left) * box.w * (len(part) / len(text) if text else 1)
                words.append(Word(part, (round(at), top, round(at + wide), bottom)))
                at += wide
    return words


def _labels_on(page: Layers, words: Sequence[Word], more: Sequence[str]) -> list[Spotted]:
    """The labels of one line: at its beginning, behind a wide gap, or behind another label."""
    found: list[Spotted] = []
    number, begins = 0, True
    while number < len(words):
        label = label_at_start(_until_gap(page, words[number:]), more) if begins else None
        if label is None:
            begins = _apart(page, words, number) or words[number].text.endswith((":", "_")) or _glued(words, number)
            number += 1
            continue
        run = words[number : number + label.words]
        after = words[number + label.words :]
        place = _around(page, run)
        sure = run[-1].text.endswith(":") or (bool(after) and after[0].text == "_") or _rule_follows(page, place)
        taken = sure or (number == 0 if label.asks is Asks.OTHER else not _reads_on(page, run, after))
        if taken and (label.exact or sure):
            alone = label.asks is Asks.NUMBER and label.words > 1
            found.append(Spotted(label.asks, place, alone, label.exact))
        number += label.words
        begins = taken or _apart(page, words, number - 1)
    return found


def _glued(words: Sequence[Word], number: int) -> bool:
    """Whether the next word was read as one with this one, and cut off it because it may be a label."""
    return number + 1 < len(words) and words[number + 1].box[0] == words[number].box[2]


def _apart(page: Layers, words: Sequence[Word], number: int) -> bool:
    """Whether a wide gap follows a word."""
    if number + 1 >= len(words):
        return True
    one, other = words[number].box, words[number + 1].box
    return other[0] - one[2] > APART_MM * page.mm


def _until_gap(page: Layers, words: Sequence[Word]) -> list[str]:
    """The words up to the first wide gap, as text."""
    end = next((n for n in range(len(words)) if _apart(page, words, n)), len(words) - 1)
    return [word.text for word in words[: end + 1]]


def _reads_on(page: Layers, run: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether a label is only the beginning of a printed sentence."""
    if not after or run[-1].text.endswith(":") or after[0].text == "_":
        return False
    left, top, right, bottom = run[-1].box
    close = after[0].box[0] - right < SPACE * (bottom - top)
    return close and left < right and stands_as_type(page.ink, (after[0].box[0], top, after[-1].box[2], bottom))


def _around(page: Layers, run: Sequence[Word]) -> Place:
    """The place of a label's letters, without the paper around them and without rules that touch its box."""
    left, right = run[0].box[0], run[-1].box[2]
    top, bottom = min(word.box[1] for word in run), max(word.box[3] for word in run)
    across = np.flatnonzero(page.ink[top:bottom, left:right].any(axis=0))
    if not len(across):
        return left, top, right, bottom
    left, right = left + int(across[0]), left + int(across[-1]) + 1
    inked = page.ink[top:bottom, left:right].sum(axis=1) > 0
    middle = int(np.average(np.arange(bottom - top), weights=page.ink[top:bottom, left:right].sum(axis=1)))
    first, last = middle, middle
    while first > 0 and inked[max(0, first - 3) : first].any():
        first -= 1
    while last < len(inked) - 1 and inked[last + 1 : last + 4].any():
        last += 1
    return left, top + first, right, top + last + 1


def _rule_follows(page: Layers, place: Place) -> bool:
    """Whether a rule to write on begins behind a label."""
    left, top, right, bottom = place
    tall = bottom - top
    zone = page.rules[max(0, top) : bottom + tall, right + 2 : right + round(RULE_NEAR_MM * page.mm)]
    return bool(zone.size) and left < right and bool((zone.mean(axis=1) > RULE_SHARE).any())
