"""The blank task: read once, its name fields found, its pages kept for the workers; and whether it is blank at all.

In: the file of the task. Out: a ``BlankTask``; its pages and fields are kept in ``private/task/pages``. Once all pages
of the stack were looked at, they show whether the task is their blank copy, and whether anything is written on them:
out come notes for the teacher, or an error that says what to give instead. With ``--task-is-blank``, the teacher has
looked at the task: what would be an error is then a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import cv2
import numpy as np

from mssw.core.page import Box, Tone
from mssw.core.sheet_code import PrintedSide
from mssw.errors import UnreadableError, UsageError
from mssw.formats.images import encode, from_png, private_image, read_image
from mssw.formats.scans import Picture, count_pages, draw_sharp_page, read_page, read_words
from mssw.preparing.photographed import as_sheet
from mssw.printing.pdf_writer import image_pdf
from mssw.vision.blank_page import (
    TOO_MUCH,
    TOO_MUCH_MM2,
    BlankPage,
    measure_own_ink,
    measure_own_share,
    measure_print_by_cell,
)
from mssw.vision.ink import NOTHING_MM2, Grey, measure_strong_ink, remove_rules, to_grey
from mssw.vision.name_field import NameField, find_fields, make_given_field, name_by_signature
from mssw.vision.name_trace import INK_OF_A_NAME_MM2
from mssw.vision.recogniser import read_page_words
from mssw.vision.writing_places import find_name_rules
from mssw.workers import run_alone
from mssw.workset.folder import KeptWork, WorkSet, hash_file, read_kept, read_typed, write_bytes, write_typed
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, recipe_of

ANALYSIS_DPI = 150.0
MM = ANALYSIS_DPI / 25.4
READING_MEMORY = 4 * 1024**3  # the OCR engine maps more than it uses
PRINT_QUALITY = 88  # JPEG, for what is printed full size
FEW_WORDS = 5  # in a text layer: the page is a picture with a stamp or a number on it

INDEX = "index.json"  # beside the pages

LEAST_PRINT_MM2 = 3.0  # of ink beside straight lines: less is a speck

Words = list[tuple[str, Box]]
BlankSheets = Path | tuple[bytes, ...]  # the blank's pages: their folder, or PNGs that must not be written


@dataclass(frozen=True)
class BlankTask:
    """The blank task as later stages use it.

    Attributes:
        folder: where its pages are kept for the workers; None for a blank that the class made itself.
        sizes: width and height of each page in points.
        fields: all name fields.
        rules: the level lines printed in them, each with its 1-based page.
        empty: 1-based pages on which nothing is printed.
        recipe: a hash of its pixels and fields.
        words: what it prints, in its order.
        is_plain: whether nothing but straight lines is printed on it, as on ruled paper: no page can be laid on that.
        make: makes the pages of a blank without a folder; they are in memory alone.
    """

    folder: Path | None
    sizes: tuple[tuple[float, float], ...]
    fields: tuple[NameField, ...]
    empty: tuple[int, ...]
    recipe: str
    make: Callable[[], tuple[bytes, ...]] = field(default=tuple, repr=False, compare=False)
    words: tuple[str, ...] = ()
    is_plain: bool = False
    rules: tuple[tuple[int, Box], ...] = ()

    @cached_property
    def sheets(self) -> BlankSheets:
        """Its pages; made when they are first needed."""
        return self.make() if self.folder is None else self.folder

    @property
    def expected(self) -> tuple[int, ...]:
        """The pages that every response should have."""
        return tuple(n for n in range(1, len(self.sizes) + 1) if n not in self.empty)


class _KeptTask(KeptWork, frozen=True, kw_only=True):
    """What is kept of a ``BlankTask`` beside its pages."""

    sizes: tuple[tuple[float, float], ...]
    fields: tuple[NameField, ...]
    empty: tuple[int, ...]
    words: tuple[str, ...] = ()  # a set of an older version has none
    plain: bool = False
    rules: tuple[tuple[int, Box], ...] = ()


def read_blank(
    workset: WorkSet,
    given: Path,
    drawn: Sequence[str],
    labels: Sequence[str] = (),
    printed: Sequence[PrintedSide] = (),
) -> BlankTask:
    """Read the blank task, find its name fields, and write ``shared/task.pdf``'s pixels for later.

    Args:
        workset: where to keep it.
        given: the file of the task.
        drawn: fields that the teacher gave, each ``page:x,y,w,h``; they replace those that would be found.
        labels: further labels for a name, as the teacher wrote them.
        printed: how each page lies on the coded sheets that were printed for the class; empty without such sheets.

    Raises:
        UnreadableError: the file cannot be read.
        UsageError: a given field is not on the task.
    """
    folder = workset.task_given / "pages"
    recipe = task_recipe(given, drawn, labels, printed)
    kept = read_kept(folder / INDEX, _KeptTask, recipe)
    if kept is None:
        run_alone(
            _read_in_worker, given, folder, tuple(drawn), tuple(labels), tuple(printed), recipe, memory=READING_MEMORY
        )
        kept = read_typed(folder / INDEX, _KeptTask)
    return BlankTask(
        folder,
        kept.sizes,
        kept.fields,
        kept.empty,
        kept.known,
        words=kept.words,
        is_plain=kept.plain,
        rules=kept.rules,
    )


def task_recipe(
    given: Path, drawn: Sequence[str], labels: Sequence[str] = (), printed: Sequence[PrintedSide] = ()
) -> str:
    """A hash of the task's file, the given fields, the version and the labels that look for others, and the sheets."""
    return recipe_of(WAY_OF_LOOKING, hash_file(given), drawn, labels, printed)


def parse_field(text: str, pages: int) -> NameField:
    """Parse a field, ``page:x,y,w,h``.

    Raises:
        UsageError: it is not of that form, or not on the task.
    """
    page, _, numbers = text.partition(":")
    try:
        number, (x, y, w, h) = int(page), (float(part) for part in numbers.split(","))
    except ValueError:
        raise UsageError(
            f"--field {text} is not of the form page:x,y,w,h (fractions of the page); "
            "for example --field 1:0.1,0.05,0.5,0.04."
        ) from None
    if not (1 <= number <= pages and 0 <= x < x + w <= 1 and 0 <= y < y + h <= 1):
        raise UsageError(
            f"--field {text} is not on the task, which has {pages} page{'s' * (pages > 1)}; "
            "x, y, w and h are fractions from 0 to 1."
        )
    return make_given_field(number, Box(x, y, w, h))


def _read_in_worker(
    given: Path,
    folder: Path,
    drawn: tuple[str, ...],
    labels: tuple[str, ...],
    printed: tuple[PrintedSide, ...],
    recipe: str,
) -> None:
    """Read the task, find its fields, keep the pages; on coded sheets as they are printed there. Runs in a worker."""
    count = count_pages(given)
    fields = [parse_field(text, count) for text in drawn]
    sizes, empty, pages, printed_words, plain, rules = [], [], [], [], [], []
    for number in range(1, count + 1):
        picture = as_sheet(given, read_page(given, number))
        grey = at_analysis_size(picture)
        side = printed[number - 1] if printed else None
        as_given = on_sheet(grey, side) if side else grey
        write_bytes(
            folder / f"{number:04d}.png",
            private_image(
                as_given,
                Tone.BITONAL if picture.tone is Tone.BITONAL else Tone.GREY,
            ),
            private=True,
        )
        words = [(word.text, word.box) for word in read_words(given, number)]
        plain.append(_has_lines_alone(grey))
        if BlankPage(number, grey).is_empty:
            empty.append(number)
        elif not drawn:
            found, words = _find_name_fields(number, picture, grey, labels, words)
            own = (grey.shape[1] / MM, grey.shape[0] / MM)
            fields += [_move_field(field, side, own) for field in found] if side else found
        printed_words += [text for text, _ in words]
        here = [one.box for one in fields if one.task_page == number]
        rules += [(number, rule) for rule in find_name_rules(as_given, ANALYSIS_DPI, here)]
        sizes.append((side.size[0] * 72 / 25.4, side.size[1] * 72 / 25.4) if side else picture.points)
        sharp = draw_sharp_page(given, number, picture)
        pages.append((encode(sharp.pixels, sharp.tone, quality=PRINT_QUALITY), sharp.points))
    write_bytes(folder / "task.pdf", image_pdf(pages), private=True)
    kept = _KeptTask(
        known=recipe,
        sizes=tuple(sizes),
        empty=tuple(empty),
        plain=all(plain) and not fields,
        fields=tuple(name_by_signature(fields)),
        rules=tuple(rules),
        words=tuple(printed_words),
    )
    write_typed(folder / INDEX, kept, private=True)


def _has_lines_alone(grey: Grey) -> bool:
    """Whether nothing but straight lines is printed on a page."""
    return measure_strong_ink(remove_rules(grey), ANALYSIS_DPI, np.zeros(grey.shape, bool)) < LEAST_PRINT_MM2


def _move_field(field: NameField, side: PrintedSide, own: tuple[float, float]) -> NameField:
    """A field of the task's page, whose size is given in millimetres, where it is on the coded sheet."""
    core = side.on_sheet(field.core, own) if field.core else None
    return replace(field, box=side.on_sheet(field.box, own), core=core)


def on_sheet(grey: Grey, side: PrintedSide) -> Grey:
    """Lay a page of the task on its coded sheet, both at the resolution of the analysis."""
    move = np.array([[side.scale, 0, side.x * MM], [0, side.scale, side.y * MM]])
    width, height = (round(length * MM) for length in side.size)
    small = cv2.GaussianBlur(grey, (0, 0), 0.5) if side.scale < 1 else grey  # a smaller page must not lose thin rules
    return np.asarray(cv2.warpAffine(small, move, (width, height), flags=cv2.INTER_LINEAR, borderValue=255), np.uint8)


def _find_name_fields(
    number: int, picture: Picture, grey: Grey, labels: Sequence[str], words: Words
) -> tuple[list[NameField], Words]:
    """Find the fields by the words of the text layer, or by OCR if the task is a picture; the words come too."""
    found = find_fields(number, grey, ANALYSIS_DPI, words, "text", labels) if words else []
    if not found and len(words) < FEW_WORDS:
        words = read_page_words(to_grey(picture.pixels))
        found = find_fields(number, grey, ANALYSIS_DPI, words, "ocr", labels)
    return found, words


def at_analysis_size(picture: Picture) -> Grey:
    """The page as grey at the resolution of the analysis."""
    width, height = (round(side / 72 * ANALYSIS_DPI) for side in picture.points)
    grey = to_grey(picture.pixels)
    how = cv2.INTER_AREA if grey.shape[1] > width else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, (width, height), interpolation=how), np.uint8)


def blank_pages(sheets: BlankSheets, recipe: str) -> tuple[BlankPage, ...]:
    """The blank's pages for matching, read once a worker, also for several classes of one task.

    Args:
        sheets: the pages.
        recipe: the task's.
    """
    return _pages_of(_BlankKey(sheets, recipe))


@dataclass(frozen=True)
class _BlankKey:
    """A blank that counts as the same as another with its recipe, wherever its pages are."""

    sheets: BlankSheets = field(compare=False)
    recipe: str


@lru_cache(maxsize=4)  # a worker goes from one class to the next and back
def _pages_of(blank: _BlankKey) -> tuple[BlankPage, ...]:
    sheets = blank.sheets
    if not isinstance(sheets, Path):
        return tuple(BlankPage(number, from_png(data)) for number, data in enumerate(sheets, 1))
    if read_kept(sheets / INDEX, KeptWork, blank.recipe) is None:
        raise UnreadableError("the blank task changed while it was in use; run the same command again.")
    files = sorted(sheets.glob("[0-9]*.png"))
    return tuple(BlankPage(number, read_image(file)) for number, file in enumerate(files, 1))


# Is the task blank, and the stack written on?

SAME_SHEET_MM2 = 40.0  # of ink: a scan that is laid on itself differs by its faintest strokes; an answer has more
FEWEST_ALIKE = 4  # untouched pages: fewer may be students who handed in nothing
ENOUGH_PAGES = 3  # a little ink that one or two pages lack may have been torn off; that all lack, it is somebody's
SOME_PRINT = 0.45  # of a task's print is found on a page: less is another task
MANY = 1 / 3  # of the pages lack print

SAY_SO = "or, if nothing is written on it, say so with --task-is-blank"


def check_stack_is_written(seen: Sequence[Sighting]) -> None:
    """Refuse a stack of empty pages: it was fed with its backs up.

    Raises:
        UnreadableError: nothing is on any of its pages.
    """
    if all(not page.fault and page.page.task_page is None and page.ink < NOTHING_MM2 for page in seen):
        raise UnreadableError(
            "every page of the stack is empty; scan it again with the written sides where the copier looks."
        )


def check_task_is_blank(
    name: str, task: BlankTask, seen: Sequence[Sighting], *, trusted: bool = False
) -> tuple[str, ...]:
    """Refuse a task that no page matches, or that is a filled copy: its own writing would count as print.

    Args:
        name: of its file.
        task: the task.
        seen: every page of the stack.
        trusted: whether the teacher says that the task is blank.

    Returns:
        What she should know, in sentences.

    Raises:
        UnreadableError: it is one of the two.
    """
    written_on = [
        page
        for page in seen
        if page.page.task_page or (not page.fault and not page.is_typed and page.ink >= NOTHING_MM2)
    ]
    matched = [page for page in written_on if page.page.task_page]
    if written_on and not matched:
        raise UnreadableError(_why_none_matches(name, max(page.score for page in written_on), trusted=trusted))
    if matched and not trusted and all(page.written < SAME_SHEET_MM2 for page in matched):
        raise UnreadableError(
            f"every page of the stack that matches {name} is just like it, {matched[0].where} for one; give the blank "
            "copy with --task, and the students' work as the stack."
        )
    notes: list[str] = []
    blanks = blank_pages(task.sheets, task.recipe)
    for blank in blanks:
        pages = [page for page in seen if page.nearest == blank.number]
        if len(pages) > 1 or (pages and len(seen) <= len(blanks)):  # one of many may be torn, and lack what is printed
            notes += _check_page(name, task, blank, pages, trusted=trusted)
    return (*notes, *_note_lacking_print(name, written_on, trusted=trusted))


def _why_none_matches(name: str, best: float, *, trusted: bool) -> str:
    """Say why no page matches the task, and what to do."""
    found = f"no page of the stack matches {name} (at best {best:.0%} of its print is found)"
    if trusted:
        return f"{found}, not even where much of its print is missing; give the task that this class did with --task."
    check = f"{found}; check that --task is the blank copy of this very task, with nothing written on it"
    if best < SOME_PRINT:
        return f"{check}."
    return f"{check}. If it is, the copier may have dropped light print: say so with --task-is-blank."


def _note_lacking_print(name: str, written_on: Sequence[Sighting], *, trusted: bool) -> list[str]:
    """A note where many pages match nothing, but show a good part of the task's print."""
    lacking = [page for page in written_on if not page.page.task_page and page.score >= SOME_PRINT]
    if trusted or len(lacking) <= MANY * len(written_on):
        return []
    found = f"{len(lacking)} pages show only a part of the print of {name}"
    return [f"{found}; if it is their task's blank copy, and the copier dropped light print, add --task-is-blank"]


def _check_page(name: str, task: BlankTask, blank: BlankPage, pages: Sequence[Sighting], *, trusted: bool) -> list[str]:
    """Refuse a page of the task that has its own writing, or that most of the class handed in untouched."""
    which = f"page {blank.number} of {name}"
    lacking = [page.lacking for page in pages]
    own = measure_own_share(lacking, measure_print_by_cell(blank, ANALYSIS_DPI))
    ink = measure_own_ink(lacking, blank, ANALYSIS_DPI)
    if own > TOO_MUCH or (len(pages) >= ENOUGH_PAGES and ink > TOO_MUCH_MM2):
        found = f"{max(own, 0.01):.0%} of its ink is on hardly any page of the class"
        if not trusted:
            raise UnreadableError(f"{which} looks like a filled copy: {found}; give a blank one with --task, {SAY_SO}.")
        writing = "what is written there would be taken for print, and colleagues get it as it is"
        return [f"you say that {which} is blank, and {found}: {writing}"]
    alike = [page for page in pages if _is_like_the_blank(page)]
    fields = [field for field in task.fields if field.task_page == blank.number]
    if fields and not trusted and len(pages) >= FEWEST_ALIKE and len(alike) > len(pages) / 2:
        raise UnreadableError(
            f"most pages differ in nothing from {which}, so nothing seems to be written on them; check that the stack "
            f"is the students' work and --task the blank copy, {SAY_SO}."
        )
    return []


def _is_like_the_blank(page: Sighting) -> bool:
    """Whether less is written on a matched page than a name takes."""
    return page.page.task_page is not None and page.written < INK_OF_A_NAME_MM2
