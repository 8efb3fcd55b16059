"""Find the names and numbers that are looked for in what was read on a page.

In: a page's reading with its new ink, and the ``SearchTerms`` of the class. Out: ``FoundNames``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from mssw.core.page import Box, Mark, MarkKind
from mssw.names.identifiers import find_identifiers
from mssw.names.name_context import NameContext
from mssw.names.own_name_words import OwnName, OwnNameWay
from mssw.names.respelt_names import (
    find_named_words,
    find_respelt_names,
    find_shortened_names,
    find_words_again,
)
from mssw.names.student import (
    SHORTEST_NUMBER,
    Roster,
    Spelling,
    SpellingKind,
    is_everyday,
    keep_letters,
    list_spellings,
)
from mssw.names.word_lists import (
    ENGLISH_GRAMMAR,
    FOREIGN_GRAMMAR,
    FOREIGN_WORDS,
    FUNCTION_WORDS,
    GRAMMAR_OF_LANGUAGE,
    UNENDING_WORDS,
    WORDS_OF_LANGUAGE,
)
from mssw.preparing.kept_readings import PLAIN, WORDS, PageReading
from mssw.vision.acrostics import find_acrostics
from mssw.vision.ink import Grey, Mask
from mssw.vision.letter_boxes import without_printed_walls, without_walls
from mssw.vision.letter_grids import find_names_in_rows
from mssw.vision.mentions import (
    Mention,
    find_continuations,
    find_listed_name,
    find_mentions,
    is_unread,
    locate_text,
)
from mssw.vision.name_spotting import NameLetters, measure_student_costs
from mssw.vision.names_across_lines import find_parted_names
from mssw.vision.names_in_columns import find_cells_among_names
from mssw.vision.own_name_places import NameReader, find_own_names, readings_in
from mssw.vision.recogniser import LineReading, recogniser
from mssw.vision.text_lines import Line
from mssw.workset.sightings import recipe_of

READING = "reading"
TOO_MUCH_TO_READ = "there is more writing on it than could be read for names"
EDGE = 0.03  # of the page, where a scanner draws shadows
LEAST_ALONE = 12  # pixels of what is read by itself
LEAST_ENGLISH, MOSTLY_ENGLISH = 3, 3  # small words of English on a page, and times those of other languages
LEAST_OF_LANGUAGE = 3  # small words of another language on a page that is written in it
LEAST_SMALL = 2  # letters of a small word that is no initial
LEAST_FOREIGN = 4  # letters of such a word: a shorter one is soon found in anything
AMONG_NAMES = 0.7  # of the cells beside one that cannot be read: it is a name, too
SURELY_READ = 0.9  # confidence of a line on which a part of a name may be a short form
CALLED_IN_FULL = frozenset({SpellingKind.FIRST, SpellingKind.PREFERRED})
HALF = 0.5  # of a line inside a field: the line is the name
MOSTLY = 0.6  # of a place under a cover: there is nothing more to say of it
WHOLLY = 0.98  # of a sure name under a cover: if less is covered, what sticks out can be read


@dataclass(frozen=True)
class SearchTerms:
    """What to look for. Its repr does not show it.

    Attributes:
        spellings: words that name somebody.
        numbers: the roster's student numbers and other identifiers.
        students: how many the roster has.
        printed: the words of the task, as letters from a to z.
        story: those of them that may be names of people of whom the task tells.
    """

    spellings: tuple[Spelling, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    students: int = 0
    printed: frozenset[str] = frozenset()
    story: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, roster: Roster | None, teachers: Sequence[str], also: Sequence[str], printed: Iterable[str] = ()
    ) -> SearchTerms:
        """What to look for in a class with that roster, those teachers and that list of further words.

        Args:
            roster: the class.
            teachers: their names.
            also: further words.
            printed: the task's words, in its order.
        """
        students = roster.students if roster else ()
        every = [number for student in students for number in (student.number, *student.others)]
        numbers = tuple(dict.fromkeys(number for number in every if len(number) >= SHORTEST_NUMBER))
        words = [word for text in printed for word in text.split()]
        return cls(
            list_spellings(roster, teachers, also),
            numbers,
            len(students),
            frozenset(map(keep_letters, words)) - {""},
            frozenset(_list_story_names(words)),
        )

    @cached_property
    def recipe(self) -> str:
        """A hash of all of it: other terms ask for another look."""
        words = [(word.letters, word.students, word.is_word, word.kind) for word in self.spellings]
        return recipe_of(words, self.numbers, self.students, sorted(self.printed), sorted(self.story))


def _list_story_names(words: Sequence[str]) -> Iterator[str]:
    """Words with a capital, as letters; an everyday word only inside a sentence ("Mark your answer" names nobody)."""
    begins = True
    for word in words:
        letters = keep_letters(word)
        if word.strip("\"'(\u201c\u2018")[:1].isupper() and not (begins and is_everyday(letters)):
            yield letters.removesuffix("s") if word.endswith(("'s", "\u2019s")) else letters
        begins = word.endswith((".", "!", "?", ":"))


@dataclass(frozen=True)
class FoundNames:
    """What was found on a page.

    Attributes:
        covers: sure names.
        flags: likely names, and identifiers, the likeliest first.
        name_costs: see ``Sighting.name_costs``.
        doubts: why the page must wait for a person.
        own_names: those that stand where a student writes her own.
    """

    covers: tuple[Mark, ...] = ()
    flags: tuple[Mark, ...] = ()
    name_costs: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()
    own_names: tuple[OwnName, ...] = ()


def find_terms(
    terms: SearchTerms,
    read: PageReading,
    ink: Mask,
    dpi: float,
    fields: Sequence[Box],
    hidden: Sequence[Box],
    *,
    others: Sequence[Box] = (),
    alone: Sequence[Grey] = (),
) -> FoundNames:
    """Look for names and identifiers in what a page says.

    Args:
        terms: what to look for.
        read: the page's lines.
        ink: its new ink.
        dpi: of it.
        fields: its fields for the name of the student who hands it in.
        hidden: what is covered anyway.
        others: its other fields; what is written in them never tells whose page it is.
        alone: what is written in own fields that cannot be read as lines of the page, each row by itself.
    """
    names = name_letters(terms)
    covers: list[Mark] = []
    flags: list[Mark] = []
    named, strangers = _find_in_lines(terms, read, ink, dpi)
    for n, (line, reading) in enumerate(zip(read.lines, read.readings, strict=True)):
        for mention in named[n]:
            mark = Mark(mention.box, MarkKind.TEXT, READING, round(max(0.0, 1 - mention.cost / 2), 3))
            (covers if mention.sure else flags).append(mark)
        is_odd = is_unread(line, reading, ink, dpi) and _is_inside(line.x / ink.shape[1], line.y / ink.shape[0])
        if is_odd or n in strangers:
            kind = MarkKind.TEXT if n in strangers else MarkKind.UNREAD
            mark = Mark(line.box(0, line.width, ink.shape), kind, READING, 0.1)
            (covers if strangers.get(n) else flags).append(mark)
        for found in find_identifiers(reading.text, terms.numbers):
            box = locate_text(line, reading, found.start, found.end, ink, dpi)
            flags.append(Mark(box, found.kind, READING, 0.5))
    again = _find_named_in_fields(terms, read, ink, dpi, (*fields, *others))
    covers += [mark for mark in again if not _lies_under(mark.box, [one.box for one in covers])]
    covers = [mark for mark in covers if not _lies_under(mark.box, hidden, WHOLLY)]
    own_names = find_own_names(read.lines, read.readings, list(map(bool, named)), name_reader(terms), ink.shape, dpi)
    covers += [flag for flag in flags if _is_signed(flag, own_names)]
    covered = [*hidden, *(mark.box for mark in covers)]
    flags = sorted((m for m in flags if not _lies_under(m.box, covered)), key=lambda mark: -mark.confidence)
    doubts = (TOO_MUCH_TO_READ,) if read.too_many else ()
    own = _own_readings(read, ink.shape, fields, others)
    own += [recogniser().read(writing) for writing in alone if min(writing.shape) > LEAST_ALONE]
    return FoundNames(tuple(covers), tuple(flags), _student_costs(terms, names, own), doubts, tuple(own_names))


def _find_beside_walls(
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    names: NameLetters,
    spellings: Sequence[Spelling],
    ink: Mask,
    dpi: float,
) -> Iterator[tuple[int, Mention]]:
    """The names on lines once what may be the walls of a table's cells is left out of them, each with its line."""
    for n, (line, reading) in enumerate(zip(lines, readings, strict=True)):
        bare = without_printed_walls(reading, line, ink)
        for mention in find_mentions(line, bare, names, spellings, ink, dpi) if bare is not reading else ():
            yield n, mention


def _find_in_lines(
    terms: SearchTerms, read: PageReading, ink: Mask, dpi: float
) -> tuple[list[list[Mention]], dict[int, bool]]:
    """The names on each line of a page, and the short lines among names that say none, each with whether it is one."""
    names, plain = name_letters(terms), spellings_on(terms, read.readings)
    spellings = _english_spellings(terms) if _is_english(read.readings) else plain
    wrapped = find_continuations(read.lines, read.readings, dpi)
    readings = [without_walls(reading) or reading for reading in read.readings]
    below = {above: readings[n].text for n, above in enumerate(wrapped) if above is not None}
    found = [
        find_mentions(
            line,
            reading,
            names,
            plain if _is_foreign(reading.text) else spellings,
            ink,
            dpi,
            goes_on=wrapped[n] is not None,
            following=below.get(n, ""),
            story=terms.story,
        )
        for n, (line, reading) in enumerate(zip(read.lines, readings, strict=True))
    ]
    found = [[replace(one, sure=one.sure or _is_named_elsewhere(one, found)) for one in line] for line in found]
    parts = [
        *find_parted_names(read.lines, read.readings, names, spellings, ink, dpi),
        *_find_spelt(read.lines, readings, spellings, ink, dpi),
    ]
    for n, part in (*parts, *_find_respelt(terms, read.lines, readings, spellings, ink, dpi)):
        found[n] = _with_part(found[n], part)
    for n, mention in _find_beside_walls(read.lines, readings, names, spellings, ink, dpi):
        there = [one for one in found[n] if mention.box.shared(one.box) >= HALF and (one.sure or not mention.sure)]
        found[n] += [] if there else [mention]
    are_names = [bool(mentions) and all(one.sure and one.alone for one in mentions) for mentions in found]
    strangers: dict[int, bool] = {}
    for n, share in find_cells_among_names(read.lines, are_names).items():
        letters = keep_letters(read.readings[n].text)
        if not letters or letters in terms.printed | FUNCTION_WORDS:
            continue
        if _says_something(read.readings[n].text, spellings):
            strangers |= {} if any(one.sure for one in found[n]) else {n: False}
        else:
            listed = find_listed_name(read.lines[n], read.readings[n], names, spellings, ink, dpi)
            found[n] = [listed] if listed else []
            strangers |= {} if listed else {n: share >= AMONG_NAMES}
    return found, strangers


def _find_named_in_fields(
    terms: SearchTerms, read: PageReading, ink: Mask, dpi: float, fields: Sequence[Box]
) -> list[Mark]:
    """The words of a page, with a capital, that are written where it asks for somebody's name: also nicknames."""
    inside = [any(line.box(0, line.width, ink.shape).shared(field) >= HALF for field in fields) for line in read.lines]
    texts = [(one.text, is_in) for one, is_in in zip(read.readings, inside, strict=True) if one.confidence >= PLAIN]
    named = {keep_letters(word) for text, is_in in texts if is_in for word in find_named_words(text)} - terms.printed
    small = {keep_letters(word) for text, _ in texts for word in text.split() if word.islower()}
    found = []
    for line, reading, is_in in zip(read.lines, read.readings, inside, strict=True):
        for one in () if is_in else find_words_again(reading.text, named - small):
            box = locate_text(line, reading, one.start, one.end, ink, dpi)
            found.append(Mark(box, MarkKind.TEXT, READING, 1.0))
    return found


def _is_signed(flag: Mark, own_names: Sequence[OwnName]) -> bool:
    """Whether a name stands under "Love,": there the task's story has nobody."""
    places = [one.box for one in own_names if one.way is OwnNameWay.UNDER]
    return flag.kind is MarkKind.TEXT and _lies_under(flag.box, places)


def _find_respelt(
    terms: SearchTerms,
    lines: Sequence[Line],
    readings: Sequence[LineReading],
    spellings: Sequence[Spelling],
    ink: Mask,
    dpi: float,
) -> Iterator[tuple[int, Mention]]:
    """The names on a page that are stuck to another word, stretched, or owners written small, each with its line."""
    index = {one.letters: n for n, one in enumerate(spellings)}
    words = frozenset(one.letters for one in spellings if one.is_word)
    firsts = frozenset(one.letters for one in spellings if one.students and one.kind in CALLED_IN_FULL)
    for n, (line, reading) in enumerate(zip(lines, readings, strict=True)):
        for one in find_respelt_names(reading.text, index.keys(), words):
            box = locate_text(line, reading, one.start, one.end, ink, dpi)
            yield n, Mention(box, one.letters not in terms.story, cost=0.0, name=index[one.letters])
        for one in (
            find_shortened_names(reading.text, firsts, index.keys()) if reading.confidence >= SURELY_READ else ()
        ):
            context = NameContext(reading.text, one.start, one.end)
            if not context.begins_sentence(in_new_cell=False, goes_on=False):
                box = locate_text(line, reading, one.start, one.end, ink, dpi)
                yield n, Mention(box, sure=False, cost=0.0, name=index[one.letters])


def _with_part(found: list[Mention], part: Mention) -> list[Mention]:
    """The names on a line with one more, unless a surer or a longer one is in its place."""
    apart = [one for one in found if one.box.shared(part.box) < HALF]
    there = [one for one in found if part.box.shared(one.box) >= HALF]
    is_there = any(one.sure and part.box.shared(one.box) >= one.box.shared(part.box) for one in there)
    return found if is_there or (there and not part.sure) else [*apart, part]


def _find_spelt(
    lines: Sequence[Line], readings: Sequence[LineReading], spellings: Sequence[Spelling], ink: Mask, dpi: float
) -> Iterator[tuple[int, Mention]]:
    """The first letters of lines that spell a name from above to below, and names in a word search, with their line."""
    index = {one.letters: n for n, one in enumerate(spellings)}
    for one in find_acrostics(lines, readings, index.keys()):
        box = locate_text(lines[one.line], readings[one.line], one.at, one.at + 1, ink, dpi)
        yield one.line, Mention(box, sure=True, cost=0.0, name=index[one.name])
    for row in find_names_in_rows([reading.text for reading in readings], index.keys()):
        box = locate_text(lines[row.line], readings[row.line], row.start, row.end, ink, dpi)
        yield row.line, Mention(box, sure=True, cost=0.0, name=index[row.name])


def _own_readings(
    read: PageReading, shape: tuple[int, ...], fields: Sequence[Box], others: Sequence[Box]
) -> list[LineReading]:
    """What was read in the fields for the student's own name; of a line that runs on into a date, the name's words."""
    found = []
    for line, reading in zip(read.lines, read.readings, strict=True):
        box = line.box(0, line.width, shape)
        if _is_own(box, fields, others):
            found.append(reading)
        elif not any(box.shared(other) > 0 for other in others):
            begun = [field for field in fields if field.x <= box.x < field.right]
            found += [part for field in begun for part in readings_in(field, [line], [reading], shape)]
    return found


def _says_something(text: str, spellings: Sequence[Spelling]) -> bool:
    """Whether a short line has small words in it, or so many words, that it is an answer and no name: so we won."""
    words = [letters for word in text.split() if (letters := keep_letters(word))]
    small = (ENGLISH_GRAMMAR | FUNCTION_WORDS | UNENDING_WORDS) - {one.letters for one in spellings}
    return len(words) >= WORDS or any(len(word) >= LEAST_SMALL and word in small for word in words)


def _is_named_elsewhere(mention: Mention, found: Sequence[Sequence[Mention]]) -> bool:
    """Whether a name that may be a word surely names somebody on another line of the page."""
    return mention.may_be_word and any(one.sure and one.name == mention.name for line in found for one in line)


def _is_english(readings: Sequence[LineReading]) -> bool:
    """Whether what a page says is English, by the small words in it."""
    words = Counter(keep_letters(word) for reading in readings for word in reading.text.split())
    english, foreign = (sum(words[word] for word in grammar) for grammar in (ENGLISH_GRAMMAR, FOREIGN_GRAMMAR))
    return english >= LEAST_ENGLISH and english > MOSTLY_ENGLISH * foreign


def _is_foreign(text: str) -> bool:
    """Whether a line is in another language, as in a Spanish lesson, by the small words in it."""
    words = {keep_letters(word) for word in text.split()}
    return not words & ENGLISH_GRAMMAR and bool(words & FOREIGN_GRAMMAR)


def _find_language(readings: Sequence[LineReading]) -> str:
    """The language in which a page is written, of those that have words of their own; empty for any other."""
    words = Counter(keep_letters(word) for reading in readings for word in reading.text.split())
    counts = {one: sum(words[word] for word in grammar) for one, grammar in GRAMMAR_OF_LANGUAGE.items()}
    best = max(counts, key=lambda one: counts[one])
    english = sum(words[word] for word in ENGLISH_GRAMMAR)
    return best if counts[best] >= LEAST_OF_LANGUAGE and counts[best] > english else ""


def spellings_on(terms: SearchTerms, readings: Sequence[LineReading]) -> tuple[Spelling, ...]:
    """The spellings for a page that says that: a word of its language counts as a name only with a capital."""
    return _spellings_in(terms, _find_language(readings))


@lru_cache(maxsize=4)
def _spellings_in(terms: SearchTerms, language: str) -> tuple[Spelling, ...]:
    """The spellings, of which those that are words of that language count as names only with a capital."""
    words = WORDS_OF_LANGUAGE.get(language, frozenset())
    return tuple(replace(one, is_word=one.is_word or one.letters in words) for one in terms.spellings)


@lru_cache(maxsize=4)
def _english_spellings(terms: SearchTerms) -> tuple[Spelling, ...]:
    """The spellings, of which those that are words of another language only are names in English: Rosa, Noor."""
    return tuple(
        replace(one, is_word=False) if one.letters in FOREIGN_WORDS and len(one.letters) >= LEAST_FOREIGN else one
        for one in terms.spellings
    )


@lru_cache(maxsize=4)
def name_letters(terms: SearchTerms) -> NameLetters:
    """The spellings, prepared for the search once a worker."""
    return NameLetters([spelling.letters for spelling in terms.spellings])


def name_reader(terms: SearchTerms) -> NameReader:
    """The students' names, ready to be read at a place."""
    return NameReader(name_letters(terms), terms.spellings, terms.students)


def _student_costs(terms: SearchTerms, names: NameLetters, readings: Sequence[LineReading]) -> tuple[float, ...]:
    """For each student, the cost of reading her name in the page's own fields."""
    if not readings or not terms.students:
        return ()
    return measure_student_costs(readings, names, terms.spellings, terms.students)


def _is_own(line: Box, fields: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether a line is the name in a field for the student's own name, and not what another field asks for."""
    share = max(map(line.shared, fields), default=0.0)
    return share >= HALF and share >= max(map(line.shared, others), default=0.0)


def _is_inside(x: float, y: float) -> bool:
    """Whether a place is not at the sheet's edge."""
    return EDGE < x < 1 - EDGE and EDGE < y < 1 - EDGE


def _lies_under(box: Box, others: Iterable[Box], share: float = MOSTLY) -> bool:
    """Whether that share of a place lies under one of the others."""
    return any(box.shared(other) >= share for other in others)
