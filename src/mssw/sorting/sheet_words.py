"""The words of a sort sheet that are read again: titles, headers, levels, reasons, in the language of a set's prints.

A sort is kept in English, whatever its sheet says. ``find_sheet_words`` takes a language's words from its file;
``ENGLISH`` has those that every sheet may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mssw.core.wording import PrintWords
from mssw.errors import UnreadableError
from mssw.names.student import fold
from mssw.sorting.piles import REASONS, UNSURE, Level, is_same_name

LEVELS = tuple(str(level) for level in Level)
_LONGEST_TITLE, _NOT_IN_TITLES = 31, "[]:*?/\\'"  # as Excel has it
_LONGEST_LIST, _NOT_IN_LISTS = 255, ',"'


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What stands in a sort sheet of one language, each in the order of what it means.

    Attributes:
        sort: the title of the sheet to sort on.
        piles: the title of the sheet of piles.
        head: the headers.
        objective: the words in front of the learning objective.
        levels: a word for each of ``Level``.
        unsure: what is written for the "not sure" pile.
        reasons: a word for each of ``REASONS``.
    """

    sort: str = "Sort"
    piles: str = "Piles"
    head: tuple[str, ...] = ("Alias", "Work", "Pile", "Level", "Set aside", "Note")
    objective: str = "Learning objective"
    levels: tuple[str, ...] = LEVELS
    unsure: str = UNSURE
    reasons: tuple[str, ...] = REASONS

    def beside(self, piles: Iterable[str]) -> SheetWords:
        """The words where there are those piles: one may be called as this language calls the "not sure" pile."""
        return replace(self, unsure=UNSURE) if any(is_same_name(self.unsure, name) for name in piles) else self

    def level(self, level: Level | None) -> str:
        """The word for a level; empty for none."""
        return dict(zip(LEVELS, self.levels, strict=True)).get(str(level), "")

    def reason(self, reason: str) -> str:
        """The word for a reason; empty for none. One that we do not know stays as it is."""
        return dict(zip(REASONS, self.reasons, strict=True)).get(reason, reason)


ENGLISH = SheetWords()


def is_same_word(one: str, other: str) -> bool:
    """Whether two words are the same but for capitals, accents and spaces.

    >>> is_same_word("Montón", " monton"), is_same_word("alto", "alta")
    (True, False)
    """
    return _fold(one) == _fold(other)


def _fold(text: str) -> str:
    return fold(text).replace(" ", "")


def find_sheet_words(words: PrintWords) -> SheetWords:
    """The words of a language's sheet.

    Raises:
        UnreadableError: the sheet could not be written or read with them; the message says why.
    """
    found = SheetWords(
        sort=words.text("sort_sheet.sort"),
        piles=words.text("sort_sheet.piles"),
        head=words.texts("sort_sheet.head"),
        objective=words.text("sort.objective"),
        levels=tuple(words.text(f"choice.{level}") for level in LEVELS),
        unsure=words.text("sort_sheet.not_sure"),
        reasons=words.texts("sort_sheet.reasons"),
    )
    problem = next(_find_problems(found), "")
    if problem:
        raise UnreadableError(f"words/{words.language}.toml: {problem}; please correct it.")
    return found


def _find_problems(words: SheetWords) -> Iterator[str]:
    """What is wrong with the words of a language, each as part of a sentence."""
    groups: Mapping[str, Sequence[str]] = {
        "sort and piles in [sort_sheet]": (words.sort, words.piles),
        "head in [sort_sheet]": words.head,
        "reasons in [sort_sheet]": words.reasons,
        "high, medium and low in [choice]": words.levels,
        "objective in [sort]": (words.objective,),
        "not_sure in [sort_sheet]": (words.unsure,),
    }
    for keys, texts in groups.items():
        if "" in map(_fold, texts):
            yield f"{keys} cannot be empty"
        if len(set(map(_fold, texts))) < len(texts):
            yield f"{keys} must differ from each other"
    for title in (words.sort, words.piles):
        if len(title) > _LONGEST_TITLE or set(title) & set(_NOT_IN_TITLES):
            yield (
                f"sort and piles in [sort_sheet] are titles of sheets: at most {_LONGEST_TITLE} letters, and none of "
                f"{_NOT_IN_TITLES}"
            )
    for keys in ("reasons in [sort_sheet]", "high, medium and low in [choice]"):
        if len(",".join(groups[keys])) > _LONGEST_LIST or set("".join(groups[keys])) & set(_NOT_IN_LISTS):
            yield (
                f"{keys} are a list to choose from: at most {_LONGEST_LIST} letters, and no comma or straight "
                "quotation mark in them"
            )


def is_level_or_reason(text: str, languages: Iterable[SheetWords]) -> bool:
    """Whether a text is the word for a level or a reason, so that it is read as that, whatever a student is called."""
    return any(is_same_word(text, word) for words in languages for word in (*words.levels, *words.reasons))


def read_initial(letter: str, languages: Iterable[SheetWords]) -> str:
    """The level whose word begins with that letter; empty where there is none, or two have it."""
    begun = {
        level
        for words in languages
        for level, word in zip(LEVELS, words.levels, strict=True)
        if is_same_word(word[0], letter)
    }
    return begun.pop() if len(begun) == 1 else ""


def shorten_levels(words: SheetWords) -> dict[str, str]:
    """The least that can be typed for each level: its first letter, or its word where the letter is not enough."""
    return {
        level: word[0].upper() if read_initial(word[0], (words, ENGLISH)) == level else word
        for level, word in zip(LEVELS, words.levels, strict=True)
    }
