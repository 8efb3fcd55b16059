"""The words of a language as prints need them: sentences with values in them, numbers with their nouns, days, hours.

``PrintWords`` holds one language. Where its words come from is another matter: see ``printing/print_words.py``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_BARE_GRADE = re.compile(r"\d{1,2}[A-Za-z]?|[KkTtPp]{1,2}|\d{1,2} ?[-–/] ?\d{1,2}")  # 5, 5b, TK, 3-5
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VALUE = re.compile(r"\{(\w+)\}")
_SOUNDS, _REASONS = "before_sounds", "reasons"
_NUMBER_NAMES, _NUMBERS = ("n", "one", "other"), r"\d+(?: and \d+)*?"
_NOON = 12
_DAY = 24 * 60


def count_noun(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count_noun(1, "page"), count_noun(2, "page"), count_noun(0, "copy", "copies")
    ('1 page', '2 pages', '0 copies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def fill_in(text: str, values: Mapping[str, object]) -> str:
    """A text with its values put in. Braces that name no value stay as they are.

    >>> fill_in("{n} pages of {title}", {"n": 3, "title": "Air {n}"})
    '3 pages of Air {n}'
    """
    return _VALUE.sub(lambda found: str(values.get(found[1], found[0])), text)


def find_values(text: str) -> frozenset[str]:
    """The names of the values that a text has places for."""
    return frozenset(_VALUE.findall(text))


@cache
def as_pattern(form: str) -> re.Pattern[str]:
    """What finds a text that was made of this form, and its values. No value has a semicolon: it ends a reason.

    Raises:
        re.error: the form has a value twice, or one whose name is no word.
    """
    texts = _VALUE.split(form)
    parts = [
        re.escape(text) if at % 2 == 0 else f"(?P<{text}>{_NUMBERS if text in _NUMBER_NAMES else '[^;]+?'})"
        for at, text in enumerate(texts)
    ]
    return re.compile("".join(parts))


def _count_letters(form: str) -> int:
    return len(_VALUE.sub("", form))


@dataclass(frozen=True, slots=True)
class PrintWords:
    """The words of one language, by section and key.

    Attributes:
        language: ``en-US``, ``en-GB``, ``es``: the name of its file.
        table: all words; a list of two is for one and for many.
        bases: the languages whose words stand in where this one has none, nearest first.
    """

    language: str
    table: Mapping[str, Any]
    bases: tuple[str, ...] = ()

    def text(self, key: str, **values: object) -> str:
        """The text of ``section.key`` with its values put in."""
        return self._fill_in(str(self.find(key)), values)

    def texts(self, key: str, **values: object) -> tuple[str, ...]:
        """The texts of a list, with their values put in."""
        return tuple(self._fill_in(text, values) if values else text for text in self.find(key))

    def count(self, key: str, number: int, **values: object) -> str:
        """The text for that number, from a list for one and for many; ``{n}`` is the number."""
        one, many = self.find(key)
        return self._fill_in(one if number == 1 else many, {"n": number, **values})

    def find(self, key: str) -> Any:
        """What the file has under ``section.key``."""
        section, _, name = key.partition(".")
        return self.table[section][name]

    def clock(self, minute: int) -> str:
        """A time of day, given in minutes since midnight, as people write it: ``3:30 pm`` or ``15:30``."""
        hour, minute = divmod(minute % _DAY, 60)
        if self.find("time.clock") != _NOON:
            return f"{hour}:{minute:02}"
        half = self.text("time.pm" if hour >= _NOON else "time.am")
        return f"{hour % _NOON or _NOON}:{minute:02} {half}"

    def day(self, date: dt.date) -> str:
        """A day in words: ``Friday, March 12, 2027`` or ``Friday 12 March 2027``."""
        weekday, month = self.texts("time.weekdays")[date.weekday()], self.texts("time.months")[date.month - 1]
        return self.text("time.day", weekday=weekday, month=month, day=date.day, year=date.year)

    def date(self, text: str) -> str:
        """A date as people write it: ``2027-03-12`` in the reader's words, and any other words as they are."""
        try:
            return self.day(dt.date.fromisoformat(text)) if _ISO_DAY.fullmatch(text) else text
        except ValueError:
            return text

    def grade(self, given: str) -> str:
        """A grade as people say it: ``5`` is ``Grade 5``, and what has its own word, as ``Year 6`` has, stays."""
        return self.text("common.grade", grade=given) if _BARE_GRADE.fullmatch(given.strip()) else given

    def labeled_grade(self, given: str) -> str:
        """A grade as it is printed under its label: under ``Grade`` a bare number, under ``Class`` ``Year 5``."""
        return self.text("packet.grade_value", grade=given) if _BARE_GRADE.fullmatch(given.strip()) else given

    def session(self, given: str) -> str:
        """A session as a cover names it: ``B`` is ``B · learning gaps``, and words that name none stay as they are."""
        names: Mapping[str, str] = self.table["sessions"]
        return next((names[key] for key in (given.upper(), given.casefold()) if key in names and key != "named"), given)

    def reason(self, english: str) -> str:
        """Why something is on hold, in this language. What has no words here stays in English."""
        forms: Mapping[str, str] = self.table.get(_REASONS, {})
        for form in sorted(forms, key=_count_letters, reverse=True):
            found = as_pattern(form).fullmatch(english)
            if found is not None:
                return fill_in(forms[form], {name: self.reason(value) for name, value in found.groupdict().items()})
        first, between, rest = english.partition("; ")
        return f"{self.reason(first)}; {self.reason(rest)}" if between else english

    def join(self, parts: Sequence[str]) -> str:
        """A list as a sentence has it: ``B, C and D``."""
        *others, last = parts
        both = f"{{others}} {self.text('common.and')} {{last}}"
        return self._fill_in(both, {"others": ", ".join(others), "last": last}) if others else last

    def _fill_in(self, text: str, values: Mapping[str, object]) -> str:
        """A text with its values put in; a short word before a value changes with its sound: ``Ana e Inés``."""
        for word, (other, sound) in self.table.get(_SOUNDS, {}).items():
            before = re.compile(rf"\b{re.escape(word)}(?= [«“\"]?\{{(\w+)\}})")
            starts = re.compile(rf"[«“\"]?(?:{sound})", re.IGNORECASE)

            for found in reversed(list(before.finditer(text))):
                if starts.match(str(values.get(found[1], ""))):
                    text = text[: found.start()] + other + text[found.end() :]
        return fill_in(text, values)
