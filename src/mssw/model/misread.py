"""Labels as they are read off a filled page: with a wrong letter, and with the written name right behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from mssw.model.label import ASKING, BESIDE, MOST_WORDS, NUMBERS, asks_for_a_name, folded_words, is_a_number
from mssw.model.letters import without_accents

# What else a worksheet's head asks for: there a name's place ends. Without accents, in lower case.
OTHERS = {
    "date", "class", "period", "grade", "hour", "section", "homeroom", "teacher", "score", "subject", "points",
    "fecha", "clase", "curso", "grado", "grupo", "profesor", "profesora", "maestro", "maestra", "materia", "nota",
    "classe", "annee", "niveau", "professeur", "matiere", "ecole", "groupe",
    "datum", "klasse", "fach", "schule", "lehrer", "lehrerin", "punkte", "kurs",
    "data", "turma", "ano", "professora", "disciplina", "escola",
    "ngay", "lop", "truong", "mon", "diem",
}  # fmt: skip
# Words of worksheets that are one letter from a label, and are no misread one.
LIKE_LABELS = {
    "same", "game", "games", "fame", "came", "tame", "dame", "lame", "none", "note", "notes", "home", "some", "come",
    "dome", "rome", "node", "nose", "norm", "nomad", "male", "nape", "nine", "named", "phase", "prone",
    "students", "studies", "partial", "pupils", "stone", "alone", "nombra", "sign", "signal", "singed",
}  # fmt: skip
LEAST_MENDED = 4  # letters of a word in which one may be wrong
_SWAPS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("|", "l"), ("5", "s"))


class Asks(Enum):
    """What a label asks for."""

    NAME = "name"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the beginning of some words.

    Attributes:
        asks: what for.
        words: how many words it is.
        exact: whether it was read without a wrong letter.
    """

    asks: Asks
    words: int
    exact: bool


def label_at_start(words: Sequence[str], more: Sequence[str] = ()) -> Label | None:
    """The label that words read off a page begin with, as long as it goes; None where they begin with none.

    Args:
        words: as they were read, in order; a colon ends a label.
        more: further labels for a name, as a teacher wrote them.

    >>> label_at_start(["Narne", "Maria"]), label_at_start(["Last", "name:", "Name"]).words
    (Label(asks=<Asks.NAME: 'name'>, words=1, exact=False), 2)
    >>> label_at_start(["Describe", "the", "name"])
    """
    longest = next((n for n, word in enumerate(words, 1) if word.endswith(":")), len(words))
    for count in range(min(longest, MOST_WORDS), 0, -1):
        run = words[:count]
        if not folded_words(words[count - 1]):
            continue
        for exact, text in ((True, " ".join(run)), (False, " ".join(map(mended, run)))):
            asks = _asks(text, more)
            if asks is None and not exact and folded_words(text) == ["ten"] and ":" in run[-1]:
                asks = Asks.NAME  # a Vietnamese label that lost its accent
            if asks is not None:
                return Label(asks, count, exact)
    return None


def _asks(text: str, more: Sequence[str]) -> Asks | None:
    if asks_for_a_name(text, more):
        return Asks.NUMBER if is_a_number(text) else Asks.NAME
    words = set(folded_words(text))
    if words in NUMBERS:
        return Asks.NUMBER
    if words & OTHERS and words <= OTHERS | BESIDE:
        return Asks.OTHER
    return None


def mended(word: str) -> str:
    """A word as it stands in the tables where one letter of it, or a usual mix-up, was read wrong; else as it is.

    >>> mended("Narne:"), mended("Nane"), mended("Game")
    ('name', 'name', 'Game')
    """
    plain = "".join(folded_words(re.sub(r"[01|5]", _as_letter, word)))
    known = ASKING | BESIDE
    for wrong, right in (("", ""), *_SWAPS):
        if plain.replace(wrong, right) in known:
            return plain.replace(wrong, right)
    if len(plain) < LEAST_MENDED or plain in LIKE_LABELS or plain in OTHERS:
        return word
    near = sorted(label for label in ASKING if len(label) >= LEAST_MENDED and _one_off(plain, label))
    return near[0] if near else word


def _as_letter(match: re.Match[str]) -> str:
    return dict(_SWAPS).get(match.group(), match.group())


def _one_off(one: str, other: str) -> bool:
    """Whether one letter changed, added or left out makes one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[same:], other[same:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


def unglued(text: str) -> list[str]:
    """A word cut where a label and a name were read as one; joined, the parts are the text.

    >>> unglued("NameMaria"), unglued("Name:Maria"), unglued("LopezLast"), unglued("Firstname"), unglued("McDonald")
    (['Name', 'Maria'], ['Name:', 'Maria'], ['Lopez', 'Last'], ['First', 'name'], ['McDonald'])
    """
    plain = without_accents(text).casefold()
    for cut in range(2, len(text) - 3) if len(plain) == len(text) else ():
        if plain[:cut] in BESIDE and plain[cut:].rstrip(":") in ASKING:
            return [text[:cut], text[cut:]]
    tail = re.search(r"(?<=[^\W\d_A-Z])[A-ZÀ-Þ][^\W\d_]+[.:]?$", text)
    if tail and "".join(folded_words(tail.group())) in ASKING | BESIDE | OTHERS:
        return [text[: tail.start()], tail.group()]
    found = re.match(r"([^\W\d_]{3,}?)(:|(?=[A-ZÀ-Þ][^\W\d_]))", text)
    if found and found.end() < len(text) and "".join(folded_words(found.group(1))) in ASKING:
        return [text[: found.end()], text[found.end() :]]
    return [text]
