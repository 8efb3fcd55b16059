"""Names of students in what a teacher types: in an introduction, a title, the name of a pile, a note, a reason.

In goes text with the students of the class, out come the words that name a student, and those that may name one. Typed
words have capitals and sentences around them, so that far more can be said of them than of the bytes of a file: a name
that is also a word counts where only a name has a capital, and short names, short forms and endings are looked for too.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mssw.names.letters import remove_accents, transcribe
from mssw.names.name_search import LOOKALIKES, NameSearch, close_up, fold_text, remove_breaks
from mssw.names.student import Student, keep_letters, list_name_words, list_student_spellings
from mssw.names.word_lists import (
    CALENDAR_WORDS,
    DATE_WORDS,
    ENGLISH_GRAMMAR,
    EVERYDAY_WORDS,
    FOREIGN_GRAMMAR,
    FOREIGN_WORDS,
    NAME_ENDINGS,
    ORDINARY_WORDS,
    PLAIN_GRAMMAR,
    SHORT_WORDS,
    find_other_forms,
    is_acting,
)

_APOSTROPHES = "'\u2019\u02bc"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}\u2010-][^\W\d_]+)*[{_APOSTROPHES}]?")
_LOGIN = re.compile(r"[^\W\d_]+(?:[._-][^\W\d_]+)?\d{0,4}(?!\w)")
_OWNING = re.compile(rf"(?:[{_APOSTROPHES}]s?|s[{_APOSTROPHES}])$", re.IGNORECASE)
_HISSING = ("s", "x", "z", "ch", "sh")  # English adds -es to these: the Lopezes
_HYPHEN = re.compile("[\u2010-]")
_ENDS = re.compile(r"[.!?:\u2026\u2022|/]|[\u201c\u201e\u00ab\"(\[*#>]\s*$|\n\s*(?:\n|[-*\u2022]|\d+[.)])")
_BEFORE_MORE = frozenset({"a", "an", "and", "as", "at", "but", "by", "in", "on", "or", "to", "und", "y"})
_AND = frozenset({"and", "und", "et", "y", "or"})
_ALWAYS_CAPITAL = frozenset({"the", "i", "a"})
_SHORTEST_SMALL = 3  # letters of a name that has an s and counts written small
_SHORTEST_STEM = 3
_SHORTEST_LOGIN_NAME = 4
_TRANSCRIBED = re.compile("([aou])e", re.IGNORECASE)
_SHORTEST_UNTRANSCRIBED = 5
_FULL_LINE = 45  # letters: a line that long, without a full stop, goes on in the next one
_SHOWN_WORDS = 4  # of the text on each side of a word
_TITLE_WORDS, _TITLE_LETTERS, _TITLE_SHARE = 2, 4, 0.8
BLANK = "____"


@dataclass(frozen=True, slots=True)
class TypedName:
    """A word of a text that names a student, or may.

    Attributes:
        number: which word of the text it is, from 1; 0 where a name is not one word of it, as one that is spaced out.
        students: who may be meant, as indexes from 0.
        sure: whether it names a student whatever the sentence means; else a person has to say.
        word: the word as it was typed.
        around: the words around it, with a line for each that may name somebody.
    """

    number: int
    students: tuple[int, ...]
    sure: bool
    word: str = field(default="", repr=False)
    around: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a student may be written.

    Attributes:
        students: who, as indexes from 0.
        is_given: whether it is a first or preferred name, or a short form of one.
        is_own: whether the roster has it so; else it is a short form or a login.
    """

    students: frozenset[int]
    is_given: bool
    is_own: bool

    def joined(self, other: _Form | None) -> _Form:
        """Both of them."""
        if other is None:
            return self
        return _Form(self.students | other.students, self.is_given or other.is_given, self.is_own or other.is_own)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a text, and what is around it.

    Attributes:
        word: as it was typed, without an 's.
        folded: the same without accents and case.
        span: where it is.
        owns: whether an 's follows.
        starts: whether any word would have a capital here.
        is_title: whether it is in a line in which most words have one.
        is_loud: whether it is in a line of capitals.
    """

    word: str
    folded: str
    span: tuple[int, int]
    owns: bool
    starts: bool
    is_title: bool
    is_loud: bool


def _is_word_here(folded: str, tokens: Sequence[_Token]) -> bool:
    """Whether a name is an everyday word in the language of its text: Rivera is none in an English sentence."""
    if folded not in FOREIGN_WORDS:
        return folded in EVERYDAY_WORDS
    foreign, english = (
        sum(token.folded in grammar for token in tokens) for grammar in (FOREIGN_GRAMMAR, ENGLISH_GRAMMAR)
    )
    return foreign > english


class TypedNames:
    """The names of a class, ready to be looked for in typed text."""

    def __init__(self, students: Sequence[Student], words: Sequence[str] = ()) -> None:
        """Prepare the search.

        Args:
            students: the class.
            words: what a person said are words and name nobody, in any case. A full name counts all the same.
        """
        self._allowed = frozenset(fold_text(word).strip() for word in words)
        spellings = [(one, index) for index, student in enumerate(students) for one in list_student_spellings(student)]
        left_out = self._allowed | EVERYDAY_WORDS  # words are looked for below, with the sentence around them
        spellings = [(one, index) for one, index in spellings if fold_text(one) not in left_out]
        self._students = tuple(index for _, index in spellings)
        self._search = NameSearch([one for one, _ in spellings])
        self._forms: dict[str, _Form] = {}
        self._stems: dict[str, _Form] = {}
        self._logins: dict[str, _Form] = {}
        self._initials: dict[int, frozenset[str]] = {}
        self._is_foreign = any(not student.name.isascii() for student in students)
        for index, student in enumerate(students):
            self._add(index, student)

    def __repr__(self) -> str:
        return f"TypedNames of {len(self._initials)} students"

    def __bool__(self) -> bool:
        return bool(self._initials)

    def _add(self, index: int, student: Student) -> None:
        given = [word for name in (student.first, student.preferred) for word in list_name_words(Student(name))]
        middle, last = list_name_words(Student(student.middle)), list_name_words(Student("", student.last))
        for word in (*given, *middle, *last):
            for one in dict.fromkeys((word, transcribe(word), _untranscribe(word))):
                self._note(one, _Form(frozenset({index}), word in given, is_own=True))
        wholes = (*given, *(name.replace(" ", "") for name in (student.first, student.preferred)))
        for form in dict.fromkeys(one for name in wholes for one in find_other_forms(keep_letters(name))):
            self._note(form, _Form(frozenset({index}), is_given=True, is_own=False))
        self._initials[index] = frozenset(fold_text(word)[:1] for word in (*given, *middle, *last))
        for login in _logins(student):
            self._logins[login] = _Form(frozenset({index}), is_given=True, is_own=False).joined(self._logins.get(login))

    def _note(self, word: str, form: _Form) -> None:
        folded = "".join(_WORD.findall(fold_text(word)))
        if len(folded) < 2 or folded in _ALWAYS_CAPITAL:  # noqa: PLR2004 - an initial names nobody
            return
        self._forms[folded] = form.joined(self._forms.get(folded))
        for stem in _stems(folded):
            self._stems[stem] = form.joined(self._stems.get(stem))

    def find(self, text: str) -> tuple[TypedName, ...]:
        """Find the words that name a student, or may, in the order of the text; with one that is no word at the end."""
        text = unicodedata.normalize("NFC", remove_breaks(text))
        plain = text.translate(LOOKALIKES)  # letters of another script that look like ours
        found: dict[int, TypedName] = {}
        for one in dict.fromkeys((text, plain)):
            found |= {name.number: name for name in self._find_words(one, text)}
        named = {student for name in found.values() for student in name.students}
        rest = {self._students[hit] for hit in self._search.hits(text)}
        closed = close_up(plain)
        if closed != plain:  # its words are not those of the text
            rest |= {student for name in self._find_words(closed, closed) for student in name.students}
        rest -= named
        if rest:
            found[0] = TypedName(0, tuple(sorted(rest)), sure=True)
        return tuple(found[number] for number in sorted(found, key=lambda number: (not number, number)))

    def hits(self, text: str) -> bool:
        """Whether a text has a word that names a student, or may."""
        return bool(self.find(text))

    def _find_words(self, text: str, shown: str) -> Iterator[TypedName]:
        tokens = _tokens(text)
        plain = any(token.folded in PLAIN_GRAMMAR for token in tokens)
        hits = [self._form_at(text, tokens, at, plain=plain) for at in range(len(tokens))]
        for at, form in enumerate(hits):
            if form is not None:
                sure = self._is_sure(tokens[at])
                word, around = shown[slice(*tokens[at].span)], _around(shown, tokens, hits, at)
                yield TypedName(at + 1, tuple(sorted(form.students)), sure, word, around)

    def _is_sure(self, token: _Token) -> bool:
        """Whether a word names a student whatever the sentence means: no word of any language that we know of."""
        return token.folded not in EVERYDAY_WORDS and bool(self._search.hits(token.word))

    def _form_at(self, text: str, tokens: Sequence[_Token], at: int, *, plain: bool) -> _Form | None:
        """What a word may name, where it counts there; else None."""
        token = tokens[at]
        if fold_text(text[slice(*token.span)]) in self._allowed:
            return None
        login = self._login_at(text, token)
        if login is not None:
            return login
        parts = _HYPHEN.split(token.word)
        alike = len({part[:1].isupper() for part in parts}) == 1  # Li-ion is no name, Anna-Li may be one
        for folded in dict.fromkeys((token.folded, *(map(fold_text, parts) if alike else ()))):
            if folded in self._allowed and not token.owns:
                continue
            form = self._forms.get(folded)
            if form is not None and self._counts(form, folded, text, tokens, at):
                return form
            form = None if form is not None else self._inflected(folded, token, plain=plain)
            if form is not None and self._counts_inflected(form, folded, text, tokens, at, plain=plain):
                return form
        return None

    def _counts(self, form: _Form, folded: str, text: str, tokens: Sequence[_Token], at: int) -> bool:
        """Whether a name of the roster or a short form counts as one where it is."""
        token = tokens[at]
        if not _has_case(token.word):
            return True
        is_word, is_short = _is_word_here(folded, tokens), len(folded) < _SHORTEST_SMALL
        if not token.word[0].isupper():
            return form.is_own and not is_word and not is_short
        if is_short and token.word.isupper():
            return False
        if not is_word or (is_short and folded not in SHORT_WORDS):
            return True
        return self._is_named(form, text, tokens, at) or (
            not (token.starts and token.folded.startswith(folded))
            and not token.is_loud
            and (form.is_given or not token.is_title)
            and not (folded in CALENDAR_WORDS and _is_date(text, tokens, at))
        )

    def _counts_inflected(
        self, form: _Form, folded: str, text: str, tokens: Sequence[_Token], at: int, *, plain: bool
    ) -> bool:
        """Whether a name with an ending counts as one where it is; at the beginning, only where names have endings."""
        token = tokens[at]
        if not _has_case(token.word):
            return True
        is_word = any(_is_word_here(one, tokens) for one in (folded, folded.removesuffix("s")))
        if not token.word[0].isupper() or (token.word.isupper() and len(token.word) > 1):
            return False
        may_begin = not is_word and (plain or self._is_foreign or not text.isascii())
        return self._is_named(form, text, tokens, at) or (
            (may_begin or not token.starts) and not (is_word and token.is_title)
        )

    def _inflected(self, folded: str, token: _Token, *, plain: bool) -> _Form | None:
        """The name that a word is made of with an ending; in a plain language, the s of an owner or of a family."""
        found = None
        if not _has_case(token.word):
            own = self._forms.get(folded[1:])  # Hebrew and Arabic join small words to the front
            return own if own is not None and len(folded) > _SHORTEST_STEM else None
        for ending in ("s", "es", "ns", "ens") if plain else ("s", *NAME_ENDINGS):
            if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
                base = folded.removesuffix(ending)
                if ending == "es" and plain and not base.endswith(_HISSING):
                    continue
                form = self._forms.get(base) if plain else self._stems.get(base)
                if form is not None and form.is_own:
                    found = form.joined(found)
        return found

    def _is_named(self, form: _Form, text: str, tokens: Sequence[_Token], at: int) -> bool:
        """Whether the words around one say that it is a person: Rose's, Rose drew, Rose L., M. Rose, Rose and Grace."""
        token = tokens[at]
        if len(tokens) == 1 and form.is_given and token.folded not in CALENDAR_WORDS:
            return True  # the whole text is a first name
        acts = is_acting(_neighbour(tokens, at, 1))
        acts = (
            acts and form.is_given and token.folded not in CALENDAR_WORDS and not _between(text, tokens, at, 1).strip()
        )
        if token.owns or acts:
            return True
        if any(self._is_name_beside(form, text, tokens, at, step) for step in (-1, 1)):
            return True
        return form.is_given and any(
            _neighbour(tokens, at, step) in _AND and self._is_given_name(form, tokens, at + 2 * step)
            for step in (-1, 1)
        )

    def _is_name_beside(self, form: _Form, text: str, tokens: Sequence[_Token], at: int, step: int) -> bool:
        """Whether the next or last word is an initial of a student who is meant, or another name."""
        if not 0 <= at + step < len(tokens):
            return False
        other, between = tokens[at + step], _between(text, tokens, at, step)
        if not other.word[0].isupper() or not re.fullmatch(r"[\s.,&+/]{1,3}", between):
            return False
        if len(other.folded) == 1:
            is_initial = any(other.folded in self._initials[student] for student in form.students)
            return is_initial and (other.folded not in _ALWAYS_CAPITAL or "." in between) and "\n" not in between
        known = self._forms.get(other.folded)
        if known is None:
            return False
        if between.strip() in {"", ","} and known.students & form.students and known.is_given != form.is_given:
            return True
        return form.is_given and bool(between.strip(" .")) and self._is_given_name(form, tokens, at + step)

    def _is_given_name(self, form: _Form, tokens: Sequence[_Token], at: int) -> bool:
        """Whether a word is the first name of another student."""
        if not 0 <= at < len(tokens) or not tokens[at].word[0].isupper():
            return False
        known = self._forms.get(tokens[at].folded)
        is_other = known is not None and known.is_given and known.students != form.students
        return is_other and tokens[at].folded not in CALENDAR_WORDS

    def _login_at(self, text: str, token: _Token) -> _Form | None:
        found = _LOGIN.match(text, token.span[0])
        if found is None or (token.span[0] and text[token.span[0] - 1] in "._-"):
            return None
        bare = re.sub(r"[\d._-]", "", fold_text(found[0]))
        form = self._logins.get(bare)
        if form is None or (found[0] == token.word and token.folded in EVERYDAY_WORDS):
            return None
        return form


def _untranscribe(name: str) -> str:
    """Mueller as Muller, as Müller is read without its dots; a name that would be short stays as it is."""
    plain = _TRANSCRIBED.sub(r"\1", name)
    return plain if len(plain) >= _SHORTEST_UNTRANSCRIBED else name


def _logins(student: Student) -> Iterator[str]:
    """What schools make logins of: the first letter and the last name, in both orders, or both names in one."""
    names = (student.first, student.preferred, *student.first.split())
    firsts = list(dict.fromkeys(keep_letters(name) for name in names))
    last = keep_letters(student.last)
    words = [keep_letters(word) for word in student.last.replace("-", " ").split()]
    for first in filter(None, firsts):
        for name in dict.fromkeys((last, *words)):
            if len(name) < _SHORTEST_LOGIN_NAME:
                continue
            yield from (first + name, name + first)
            if name not in EVERYDAY_WORDS:
                yield from (first[0] + name, name + first[0])
        if last and len(first) >= _SHORTEST_LOGIN_NAME and first not in EVERYDAY_WORDS:
            yield first + last[0]


def _stems(name: str) -> Iterator[str]:
    """What endings may follow: the name, the name without its last vowel or first case, and without a fleeting e."""
    yield name
    if len(name) <= _SHORTEST_STEM:
        if name[-1] in "aeiouyаеиоуя":
            yield name[:-1]
        return
    if name[-1] in "aeiouyаеиоуяьαηοσ":
        yield name[:-1]
    if name.endswith(("as", "is", "us", "os", "es", "ησ", "ασ", "οσ")):
        yield name[:-2]
    if name[-2] == "e" and name[-1] in "cklrn":
        yield name[:-2] + name[-1]
        yield name[:-3] + name[-1] if name[-3] == "i" else name[:-2] + name[-1]
    if len(name) > _SHORTEST_STEM + 1 and name[-2] == name[-3] and name[-1] in "aeiouy":
        yield name[:-3] + name[-2:]


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _tokens(text: str) -> list[_Token]:
    """The words of a text, each with what its place says of a capital."""
    titles, loud = _title_lines(text), _loud_lines(text)
    tokens: list[_Token] = []
    end = 0
    for found in _WORD.finditer(text):
        between = text[end : found.start()]
        starts = not tokens or _starts(text, between, found.start())
        typed = found[0]
        owning = _OWNING.search(typed)
        word = typed[: owning.start()] if owning and owning.start() else typed
        if owning and owning[0].casefold() == "s'":  # Marias': the s is the name's or the ending's
            word = typed[:-1]
        word = word.rstrip(_APOSTROPHES)
        line = text.count("\n", 0, found.start())
        folded = "".join(part for part in fold_text(word) if part not in _APOSTROPHES)
        owns = owning is not None and len(typed) > len(word)
        tokens.append(_Token(word, folded, found.span(), owns, starts, line in titles, line in loud))
        end = found.end()
    return tokens


def _starts(text: str, between: str, at: int) -> bool:
    """Whether a sentence begins after what is between two words; a line that is full goes on in the next one."""
    if _ENDS.search(between):
        return True
    if "\n" not in between:
        return False
    line = text[:at].rstrip().rpartition("\n")[2]
    words = _WORD.findall(line)
    goes_on = line.endswith((",", ";")) or (bool(words) and words[-1] in _BEFORE_MORE | PLAIN_GRAMMAR)
    return len(line) < _FULL_LINE and not goes_on


def _title_lines(text: str) -> frozenset[int]:
    """The lines in which most words have a capital, so that it says nothing."""
    found = set()
    for number, line in enumerate(text.split("\n")):
        words = [word for word in _WORD.findall(line) if len(word) >= _TITLE_LETTERS]
        capitals = sum(word[0].isupper() for word in words)
        if len(words) >= _TITLE_WORDS and capitals >= _TITLE_SHARE * len(words):
            found.add(number)
    return frozenset(found)


def _loud_lines(text: str) -> frozenset[int]:
    """The lines that are written in capitals."""
    found = set()
    for number, line in enumerate(text.split("\n")):
        words = [word for word in _WORD.findall(line) if len(word) > 1]
        if len(words) > 1 and sum(word.isupper() for word in words) * 2 > len(words):
            found.add(number)
    return frozenset(found)


def _between(text: str, tokens: Sequence[_Token], at: int, step: int) -> str:
    if not 0 <= at + step < len(tokens):
        return ""
    one, other = sorted((at, at + step))
    return text[tokens[one].span[1] : tokens[other].span[0]]


def _neighbour(tokens: Sequence[_Token], at: int, step: int) -> str:
    return tokens[at + step].folded if 0 <= at + step < len(tokens) else ""


def _is_date(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """Whether the name of a month or day is one of a date: in May, 12 May, May 2026, April and May."""
    start, end = tokens[at].span
    if re.search(r"\d\S{0,2}\s*$", text[:start]) or re.match(r"[\s,]*\d", text[end:]):
        return True
    beside = {_neighbour(tokens, at, step) for step in (-2, -1, 1, 2)}
    return _neighbour(tokens, at, -1) in DATE_WORDS or bool(beside & CALENDAR_WORDS)


def _around(text: str, tokens: Sequence[_Token], hits: Sequence[object], at: int) -> str:
    """The words around one, with a line for each that may name somebody."""
    first, last = max(0, at - _SHOWN_WORDS), min(len(tokens) - 1, at + _SHOWN_WORDS)
    parts, end = [], tokens[first].span[0]
    for index in range(first, last + 1):
        start, stop = tokens[index].span
        parts += [text[end:start], BLANK if hits[index] is not None else text[start:stop]]
        end = stop
    return " ".join("".join(parts).split())


def count_short_names(students: Sequence[Student]) -> Counter[str]:
    """How many students have a name that the search of bytes leaves out, by why: ``short`` or ``word``."""
    found: Counter[str] = Counter()
    for student in students:
        letters = [keep_letters(word) or remove_accents(word) for word in list_name_words(student)]
        found["short"] += any(len(word) < _SHORTEST_SMALL for word in letters)
        found["word"] += any(word in ORDINARY_WORDS for word in letters if len(word) >= _SHORTEST_SMALL)
    return found
