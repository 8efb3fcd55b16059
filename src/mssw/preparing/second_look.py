"""The second look: each covered page is read once more as it goes out, also through its paper, and must name nobody.

A name that only the second look could read keeps its response back. If it is in a sentence, its place is kept in
``private/read-again.json``, and the name is covered on its page. That happens once for a response: what is found after
that puts it on hold. So does a name on a line of its own or beside a name's place, which may be the student's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from msgspec import Struct

from mssw.auditing.one_file import Finding
from mssw.auditing.pdf_text import reading
from mssw.core.page import Box, Mark, MarkKind
from mssw.core.response import Response
from mssw.errors import MsswError
from mssw.names.student import Spelling
from mssw.preparing.blank_task import ANALYSIS_DPI
from mssw.preparing.decided_pages import shows_a_name
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import read_kept_lines
from mssw.preparing.name_reading import SearchTerms, name_letters, spellings_on
from mssw.preparing.typed_pages import keep_letters_of
from mssw.vision.ink import Grey, Mask, measure_ink_depth, resize_to, resize_to_shape
from mssw.vision.mentions import Mention, find_mentions
from mssw.vision.name_spotting import find_spots
from mssw.vision.own_name_places import count_words
from mssw.vision.recogniser import LineReading, recogniser
from mssw.vision.show_through import find_show_through
from mssw.vision.text_lines import Line, find_lines
from mssw.workset.folder import WorkSet, read_typed, write_typed
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, recipe_of

READABLE = 0.3  # cost a letter under which anybody would read the name
ROUNDED = 0.0005  # of a cost, which a mention keeps to a part in a thousand
LEAST_LETTERS = 4
LEAST_SMALL = 6  # of a name without a capital: "lines" and "train" are soon read as Ines and Tran
CLOSER = 4 / 3  # times the resolution of the first look
TALLER = 1.2  # times its lines' height, so that the letters come out in another size
DPI = ANALYSIS_DPI * CLOSER
DAMAGED = "it could not be read again, since its reading is damaged"
LEAST_MM2 = 0.8  # of ink that says something
SENTENCE = 5  # words: a student's own name stands on a line of fewer
MAKES_SENSE = 0.92  # confidence of a reading: lines that are read have 0.95 and more, mirrored ones up to 0.85
BROKEN = 0.6  # confidence: faint writing that shines through reads at 0.63 and more, smudges of bare paper below 0.58
SHINES = "a name shines through from the other side"
BOLD = 22  # grey levels darker than the paper that make a stroke

KEPT = "read-again.json"  # in private/
FOUND_BY = "second look"
NEAR = 0.02  # of the page: from a name's place, or from a part of a name that runs out of it
OF_OWN_NAME = {MarkKind.FIELD, MarkKind.RUNOVER, MarkKind.PLACE}


@dataclass(frozen=True)
class SecondLook:
    """What to look for on a page that goes out.

    Attributes:
        reading: the file with what the first look read: the page's lines and the task's own words.
        terms: names and numbers.
    """

    reading: Path
    terms: SearchTerms


@dataclass(frozen=True)
class ReadableName(Finding):
    """A name that the second look could read.

    Attributes:
        box: where it is, in fractions of the page.
        is_in_sentence: whether words stand around it: it has no place of its own and is no part of a longer name.
    """

    box: Box = field(default=Box(0, 0, 0, 0), kw_only=True)
    is_in_sentence: bool = field(default=False, kw_only=True)


def second_look_at(inputs: Inputs, page: Sighting) -> SecondLook | None:
    """What to look for on the covered page; None if a person looked at it as it is and approved it.

    If a person took the cover of a name away, approval is not enough: the page is read again all the same.
    """
    approved = inputs.has_approved(page)
    if not page.read or (approved and not shows_a_name(page)):
        return None
    return SecondLook(inputs.workset.reading / f"{page.read}.npz", inputs.terms)


def look_again(path_name: str, data: bytes, looks: Sequence[SecondLook | None]) -> list[Finding]:
    """Read the pages of a response's file as they go out.

    Args:
        path_name: where the file goes.
        data: the PDF, one image a page.
        looks: what to look for on each of its pages; None for a page that needs no second look.
    """
    found: list[Finding] = []
    with reading(data) as reader:
        for index, look in enumerate(looks):
            if look is None or not look.terms.spellings:
                continue
            kept = read_kept_lines(look.reading)
            if kept is None:
                found.append(Finding(path_name, index + 1, DAMAGED))
                continue
            lines, words = kept
            shape = (round(words.shape[0] * CLOSER), round(words.shape[1] * CLOSER))
            grey = resize_to_shape(reader.grey(index, shape[1]), shape)
            printed = resize_to_shape(words.astype(np.uint8), shape) > 0
            names, shines = _find_readable_names(grey, printed, lines, look.terms)
            found += [
                ReadableName(
                    path_name,
                    index + 1,
                    f"a name can still be read {_where(box)}",
                    box=box,
                    is_in_sentence=is_in_sentence,
                )
                for box, is_in_sentence in names
            ]
            found += [Finding(path_name, index + 1, SHINES)] if shines else []
    return found


def _find_readable_names(
    grey: Grey, printed: Mask, lines: Sequence[Line], terms: SearchTerms
) -> tuple[list[tuple[Box, bool]], bool]:
    """Find names that can be read on a covered page beside the task's own words.

    Returns:
        Where each is, with whether other words stand on its line; and whether one shines through.
    """
    wider = [
        Line(line.x * CLOSER, line.y * CLOSER, line.width * CLOSER, line.height * CLOSER * TALLER, line.angle)
        for line in lines
    ]
    written = np.where(printed, 255, grey).astype(np.uint8)
    names, odd = _find_names(written, wider, terms, recogniser().read_closely)
    shines = False
    mirrored = [replace(line, x=written.shape[1] - line.x, angle=-line.angle) for line in odd]
    if mirrored and _find_names(np.ascontiguousarray(written[:, ::-1]), mirrored, terms, recogniser().read)[0]:
        shines = True  # as strong as a pen
    # words painted out are lighter than the paper around them, which would look as if something shone through
    through = find_show_through(resize_to(grey, round(max(grey.shape) / CLOSER)), ANALYSIS_DPI)
    if through is not None:
        seen = resize_to_shape(through.seen, grey.shape)
        words = [
            Line(one.x * CLOSER, one.y * CLOSER, one.width * CLOSER, one.height * CLOSER, 0.0) for one in through.words
        ]
        behind = _find_names(seen, words or find_lines(seen, DPI), terms, recogniser().read, of_smudges=True)[0]
        shines = shines or bool(behind)
    return names, shines


def _find_names(
    grey: Grey,
    lines: Sequence[Line],
    terms: SearchTerms,
    read_line: Callable[[Grey], LineReading],
    *,
    of_smudges: bool = False,
) -> tuple[list[tuple[Box, bool]], list[Line]]:
    """Find where names can be read, each with whether other words stand on its line.

    Also the lines that make no sense, as writing in a mirror does. Where the contrast is stretched, the grain of bare
    paper looks like smudges: there a line that makes none names nobody, unless it says the very letters.
    """
    dark = measure_ink_depth(grey, reach=round(DPI / 5) | 1) > BOLD
    names = name_letters(terms)
    least = LEAST_MM2 * (DPI / 25.4) ** 2
    bare = [line for line in lines if np.count_nonzero(line.crop(dark.astype(np.uint8), 0)) >= least]  # not covered
    reads = [read_line(line.crop(grey)) for line in bare]
    spellings = spellings_on(terms, reads)
    found: list[tuple[Box, bool]] = []
    odd: list[Line] = []
    for line, read in zip(bare, reads, strict=True):
        odd += [line] if read.confidence < MAKES_SENSE else []
        if not find_spots(read, names, READABLE + ROUNDED):
            continue
        found += [
            (mention.box, _is_in_sentence(line, read, mention.box, grey.shape))
            for mention in find_mentions(line, read, names, spellings, dark, DPI, story=terms.story)
            if mention.sure and mention.cost <= READABLE and _is_telling(spellings[mention.name], mention)
            if not of_smudges or _is_read(read, spellings[mention.name])
        ]
    return found, odd


def _is_in_sentence(line: Line, read: LineReading, name: Box, shape: tuple[int, ...]) -> bool:
    """Whether a name stands among other words, and none beside it has a capital, which may be the rest of the name."""
    if count_words(read.text) < SENTENCE:
        return False
    whole, step = line.box(0, line.width, shape), line.width / max(1, len(read.letters)) / shape[1]
    places = [whole.x + frame * step for frame in read.at]
    words = list(re.finditer(r"\S+", read.text))
    under = [n for n, word in enumerate(words) if places[word.end() - 1] > name.x and places[word.start()] < name.right]
    if not under:
        return False
    beside = [words[n].group().lstrip("\"'(") for n in (under[0] - 1, under[-1] + 1) if 0 < n < len(words)]
    return not any(word[:1].isupper() for word in beside)


def _is_telling(spelling: Spelling, mention: Mention) -> bool:
    """Whether a spelling means somebody wherever it is read: no everyday word, nor a few small letters."""
    letters = len(spelling.letters)
    return not spelling.is_word and letters >= (LEAST_LETTERS if mention.capital else LEAST_SMALL)


def _is_read(line: LineReading, name: Spelling) -> bool:
    """Whether a line was read at all, or its text has that name, letter by letter."""
    return line.confidence >= BROKEN or name.letters in keep_letters_of(line.text)


def _where(box: Box) -> str:
    """A place as a person finds it."""
    x, y = box.x + box.w / 2, box.y + box.h / 2
    up = ("at the top", "in the upper half", "in the lower half", "at the foot")[min(3, int(y * 4))]
    across = ("on the left", "in the middle", "on the right")[min(2, int(x * 3))]
    return f"{up}, {across}"


def list_names_in_sentences(found: Sequence[Finding]) -> tuple[tuple[int, Box], ...]:
    """The names that were found, each with its page, if they are all that was found and stand in sentences."""
    names = [one for one in found if isinstance(one, ReadableName) and one.is_in_sentence]
    return tuple((one.page or 0, one.box) for one in names) if len(names) == len(found) else ()


# What it found is covered


class _KeptPage(Struct, frozen=True):
    """The names that were read on a page once it was covered.

    Attributes:
        recipe: a hash of what it depends on.
        places: of the names.
    """

    recipe: str
    places: tuple[tuple[float, float, float, float], ...]


class _KeptPages(Struct, frozen=True):
    """``private/read-again.json``."""

    pages: tuple[_KeptPage, ...] = ()
    version: int = 1


def cover_read_again(inputs: Inputs, seen: Mapping[str, Sighting]) -> dict[str, Sighting]:
    """Cover on every page the names that only the second look of an earlier run could read.

    Args:
        inputs: the set.
        seen: every page by id.
    """
    kept = {page.recipe: page.places for page in _read_kept(inputs.workset).pages}
    if not kept:
        return dict(seen)
    return {page_id: _with_covers(page, kept.get(_recipe(page), ())) for page_id, page in seen.items()}


def _with_covers(page: Sighting, places: Sequence[tuple[float, float, float, float]]) -> Sighting:
    if not places:
        return page
    more = [Mark(Box(*place), MarkKind.TEXT, FOUND_BY, 0.9) for place in places]
    return replace(page, covers=(*page.covers, *more), way=recipe_of(page.way, "read again", more))


def keep_read_again(
    inputs: Inputs,
    seen: Mapping[str, Sighting],
    responses: Sequence[Response],
    names: Mapping[str, Sequence[tuple[int, Box]]],
) -> bool:
    """Keep the places of names that are all that keeps responses back; whether there is one to be covered.

    Args:
        inputs: the set.
        seen: every page by id, without the covers of this step.
        responses: all of them, with their aliases.
        names: by alias, page of the response and place of each name that is all that keeps it back.

    Raises:
        NotWrittenError: the disk is full.
    """
    kept = {page.recipe: page for page in _read_kept(inputs.workset).pages}
    new: dict[str, _KeptPage] = {}
    for response in responses:
        places: dict[str, list[Box]] = {}
        for number, box in names.get(response.alias, ()):
            places.setdefault(response.pages[number - 1], []).append(box)
        recipes = [_recipe(seen[page_id]) for page_id in response.pages]
        is_free = all(_is_free(seen[page_id], box) for page_id, boxes in places.items() for box in boxes)
        if is_free and not any(recipe in kept for recipe in recipes):
            for page_id, boxes in places.items():
                recipe = _recipe(seen[page_id])
                new[recipe] = _KeptPage(recipe, tuple(box.numbers for box in boxes))
    if new:
        known = {_recipe(page) for page in seen.values()}
        still = [page for recipe, page in kept.items() if recipe in known]
        rows = sorted((*still, *new.values()), key=lambda page: page.recipe)
        write_typed(inputs.workset.private / KEPT, _KeptPages(tuple(rows)), private=True)
    return bool(new)


def _is_free(page: Sighting, name: Box) -> bool:
    """Whether a name is away from the places where the student writes her own."""
    around = Box(name.x - NEAR, name.y - NEAR, name.w + 2 * NEAR, name.h + 2 * NEAR)
    return not any(around.shared(mark.box) > 0 for mark in page.covers if mark.kind in OF_OWN_NAME)


def _recipe(page: Sighting) -> str:
    return recipe_of(WAY_OF_LOOKING, "read again", page.page.id, page.recipe, page.way)


def _read_kept(workset: WorkSet) -> _KeptPages:
    """What an earlier run found; nothing where it is missing or damaged: then it is found again."""
    path = workset.private / KEPT
    try:
        return read_typed(path, _KeptPages) if path.is_file() else _KeptPages()
    except MsswError:
        return _KeptPages()
