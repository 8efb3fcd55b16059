"""Settle by the words of the whole class what one page cannot say: whether a word with a capital names somebody.

In go the pages' flags with what was read on all of them. Flags on words of the task and of the whole class go. Where
the class surely names somebody by a word, the flag becomes a cover.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mssw.core.page import Mark, MarkKind
from mssw.names.name_context import MODALS
from mssw.names.student import keep_letters
from mssw.names.word_lists import BEFORE_NAMES, FUNCTION_WORDS, follows_a_word, is_acting
from mssw.preparing.kept_readings import DAMAGED, ReadPage, place_in_line, read_kept_page
from mssw.preparing.name_reading import READING, SearchTerms
from mssw.vision.recogniser import LineReading
from mssw.workset.sightings import Sighting, recipe_of

LEAST_PAGES, MANY_PAGES = 3, 0.2  # with a word that is one of the whole class
LEAST_NAMED = 2  # pages on which a word surely names somebody, so that it does elsewhere
SHORTEST_VERB = 4  # letters of one that ends in s: "sees", and not "its"
WHOLE_WORD = 0.7  # of a word under a place
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ClassWords:
    """What the words of a class, of its task and of the title mean there, as letters from a to z.

    Attributes:
        common: words of the task, of its title, and those that many students write.
        named: those of them that mostly name somebody.
        surely: words that surely name somebody on several pages, and are seldom used as words.
    """

    common: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    surely: frozenset[str] = frozenset()


def settle_flags(folder: Path, seen: Mapping[str, Sighting], terms: SearchTerms, title: str) -> dict[str, Sighting]:
    """What was seen, without flags on words of the class, and with covers where the class surely names somebody.

    Args:
        folder: where readings are kept.
        seen: the pages, by their ids.
        terms: what is looked for.
        title: of the task.
    """
    if not any(flag.kind is MarkKind.TEXT for one in seen.values() for flag in one.flags):
        return dict(seen)
    flagged = {
        page_id: read_kept_page(folder, one.read) if one.read else None
        for page_id, one in seen.items()
        if any(flag.kind is MarkKind.TEXT for flag in one.flags)
    }
    reads = [one.read for one in seen.values() if one.read]
    written = find_class_words(folder, reads)
    common = terms.printed | {keep_letters(word) for word in title.split()} - {""} | written
    are_words = {one.letters for one in terms.spellings if one.is_word} - MODALS - FUNCTION_WORDS - terms.printed
    asked = frozenset(_word_under(flag, page) for page_id, page in flagged.items() for flag in seen[page_id].flags)
    words = ClassWords(
        common,
        find_words_as_names(folder, reads, terms, written),
        _find_sure_words(folder, seen.values(), asked & are_words),
    )
    settled = {page_id: _settle(seen[page_id], page, terms, words) for page_id, page in flagged.items()}
    return {page_id: settled.get(page_id, one) for page_id, one in seen.items()}


def _settle(one: Sighting, page: ReadPage | None, terms: SearchTerms, words: ClassWords) -> Sighting:
    sure = [flag for flag in one.flags if _word_under(flag, page) in words.surely]
    flags = drop_common_flags([flag for flag in one.flags if flag not in sure], page, terms, words.common, words.named)
    if not sure:
        return replace(one, flags=flags)
    covers = (*one.covers, *sure)
    return replace(one, flags=flags, covers=covers, way=recipe_of(one.way, "class", covers))


def _find_sure_words(folder: Path, seen: Iterable[Sighting], asked: frozenset[str]) -> frozenset[str]:
    """Those of some words that surely name somebody on several pages, more often than they are words."""
    pages: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for one in seen if asked else ():
        page = read_kept_page(folder, one.read) if one.read else None
        if page is None:
            continue
        found: Counter[str] = Counter()
        for mark in one.covers:
            place = place_in_line(page, mark.box) if mark.found_by == READING else None
            here = _words_at(*place)[0] if place is not None else []
            found.update({keep_letters(word) for word in here} & asked)
        pages.update(found.keys())
        uses.update(found)
        for reading in page.reading.readings:
            uses.subtract(_count_words(_WORD.findall(reading.text), asked))
    return frozenset(word for word, count in pages.items() if count >= LEAST_NAMED and uses[word] > 0)


def _count_words(words: Sequence[str], asked: Container[str]) -> Counter[str]:
    """How often each word that is asked for is used as a word: small, or before what follows no name."""
    return Counter(
        letters for word, letters, is_word in _with_use(words) if letters in asked and (word.islower() or is_word)
    )


def _with_use(words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """The words of a line, each with its letters from a to z, and whether the next two show that it names nobody."""
    for n, word in enumerate(words):
        following, third = (*(later.casefold() for later in words[n + 1 : n + 3]), "", "")[:2]
        yield word, keep_letters(word), follows_a_word(following, third)


def _word_under(flag: Mark, page: ReadPage | None) -> str:
    """The single word with a capital under a flag, as letters from a to z; empty where it names nobody, or none is."""
    place = place_in_line(page, flag.box) if page and flag.kind is MarkKind.TEXT else None
    if place is None or place[0].text.isupper():
        return ""
    here, _, following = _words_at(*place)
    is_named = len(here) == 1 and here[0][:1].isupper() and not follows_a_word(*following)
    return keep_letters(here[0]) if is_named else ""


def _words_at(reading: LineReading, first: int, last: int) -> tuple[list[str], str, tuple[str, str]]:
    """The whole words on a part of a line, the word before them and the next two, these in small letters.

    A place often reaches into the next word: a word of which only a part is there does not count beside a whole one.
    """
    words = [(word.group(), reading.at[word.start() : word.end()]) for word in re.finditer(r"\S+", reading.text)]
    shares = [sum(first <= frame <= last for frame in at) / len(at) for _, at in words]
    most = max(shares, default=0.0)
    here = [n for n, share in enumerate(shares) if share > 0 and share >= min(most, WHOLE_WORD)]
    if not here:
        return [], "", ("", "")
    texts = ["", *(word.casefold().strip(",.:") for word, _ in words), "", ""]
    return [words[n][0] for n in here], texts[here[0]], (texts[here[-1] + 2], texts[here[-1] + 3])


def _read_texts(folder: Path, digests: Iterable[str]) -> Iterator[str]:
    """What was read on each page, a line of writing in each line; nothing of a page that is damaged or gone."""
    for digest in digests:
        with suppress(*DAMAGED), np.load(io.BytesIO((folder / f"{digest}.npz").read_bytes())) as kept:
            yield kept["texts"].tobytes().decode()


def find_class_words(folder: Path, digests: Sequence[str]) -> frozenset[str]:
    """The words that many students write: those on a fifth of the pages, and on three at least, as letters a to z."""
    counts: Counter[str] = Counter()
    for text in _read_texts(folder, digests):
        counts.update({keep_letters(word) for word in text.split()} - {""})
    least = max(LEAST_PAGES, math.ceil(len(digests) * MANY_PAGES))
    return frozenset(word for word, pages in counts.items() if pages >= least)


def find_words_as_names(
    folder: Path, digests: Sequence[str], terms: SearchTerms, common: frozenset[str]
) -> frozenset[str]:
    """Of the words that many students write, those that name somebody more often than not.

    "Rose" is written with a capital where it is a name, and small where it is a flower. "Will it" and "Mark the" count
    as words.

    Args:
        folder: where readings are kept.
        digests: of the class's pages.
        terms: what is looked for.
        common: the words of the class, as letters from a to z.
    """
    asked = {one.letters for one in terms.spellings if one.is_word} & common - terms.printed - FUNCTION_WORDS
    counts: Counter[str] = Counter()
    for text in _read_texts(folder, digests if asked else ()):
        for line in text.split("\n"):
            counts.update(_weigh_words(_WORD.findall(line), asked))
    return frozenset(word for word, weight in counts.items() if weight > 0)


def _weigh_words(words: Sequence[str], asked: Container[str]) -> dict[str, int]:
    """For each word that is asked for, how many more times a line has it as a name than as a word."""
    weights: Counter[str] = Counter()
    for word, letters, is_word in _with_use(words):
        if letters in asked and not (word.isupper() and len(word) > 1):
            weights[letters] += -1 if is_word or not word[0].isupper() else 1
    return weights


def _may_act(word: str) -> bool:
    """Whether a word ends as what somebody does, as in "Hope hopes so"; it may be several things, too."""
    return word.endswith("s") and len(word) >= SHORTEST_VERB and word not in FUNCTION_WORDS


def drop_common_flags(
    flags: Sequence[Mark],
    page: ReadPage | None,
    terms: SearchTerms,
    common: frozenset[str],
    named: frozenset[str] = frozenset(),
) -> tuple[Mark, ...]:
    """The flags of a page without those on a word of the task or of the whole class.

    A name that is no word stays. So does one that does what people do ("Will used …") or stands where a name does
    ("with Will"), and one that mostly names somebody in this class, but not in "Will it …".

    Args:
        flags: of the page.
        page: what was read there; None where it is gone.
        terms: what is looked for.
        common: words of the task, its title and the class, as letters from a to z.
        named: those of them that mostly name somebody.
    """
    names = {spelling.letters for spelling in terms.spellings}
    sure_names = {spelling.letters for spelling in terms.spellings if not spelling.is_word}
    kept = []
    for flag in flags:
        place = place_in_line(page, flag.box) if page and flag.kind is MarkKind.TEXT else None
        if place is not None:
            here, last_word, following = _words_at(*place)
            next_word = following[0]
            words = {*map(keep_letters, here), keep_letters("".join(here))} - {""}
            is_word = follows_a_word(*following)
            is_named = any(word[:1].isupper() for word in here) and words & named and not is_word
            acts = (is_acting(next_word) or _may_act(next_word)) and not is_word
            is_name = words & names and (last_word in BEFORE_NAMES or acts or is_named)
            if words & common and not words & sure_names and not is_name:
                continue
        kept.append(flag)
    return tuple(kept)
