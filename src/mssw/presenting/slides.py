"""The samples as slides in 16:9: one after the other, chosen ones side by side, and all answers to each question.

In: what is shown. Out: a PDF or a PowerPoint file with one picture a slide, audited and written whole. Words on a slide
are the title and the aliases; piles, levels and students are never among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import Part
from mssw.errors import StepMissingError, UsageError, WouldOverwriteError
from mssw.formats.images import break_lines, encode
from mssw.packets.packet_options import PacketOptions
from mssw.presenting.shown_samples import ShownSamples, draw_sample, draw_task, read_shown_samples
from mssw.printing.answer_pictures import cut_place
from mssw.printing.page_pictures import shows_colour
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import fonts_folder, label_font_path
from mssw.sharing import check
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.question_file import QuestionPlace

SIZE = (2400, 1350)  # pixels of a slide
POINTS = (960.0, 540.0)
MARGIN, HEAD, LABEL, GAP = 60, 120, 48, 36
INK, QUIET, GROUND, EDGE = (35, 33, 29), (93, 88, 78), (255, 255, 255), (150, 145, 135)
READABLE = 0.36  # of the width that a page has alone: smaller writing cannot be read from the back of a room
T = TypeVar("T")
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class PresentOptions:
    """The options of ``present``.

    Attributes:
        to: the file to write.
        pairs: aliases that are shown side by side, two by two.
        all_works: every response, whatever was chosen.
        without_held: go on though responses are on hold, without them.
        unreviewed: go on though nobody has looked at some of them.
        dry_run: whether nothing is written.
    """

    to: Path | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    all_works: bool = False
    without_held: bool = False
    unreviewed: bool = False
    dry_run: bool = False

    @property
    def of_packet(self) -> PacketOptions:
        """The same rules for what may be shown as a packet has for what may be printed."""
        return PacketOptions(
            all_works=self.all_works,
            without_held=self.without_held,
            unreviewed=self.unreviewed,
            without=(Part.TRANSCRIPTS,),
            dry_run=True,
        )


@dataclass(frozen=True, slots=True)
class SlidesReport:
    """What was made. It names responses by alias only.

    Attributes:
        file: the PDF or PowerPoint file.
        slides: how many it has.
        samples: the aliases on them.
        questions: how many questions have slides.
        unseen: the aliases of those that no person has looked at.
        written: whether it was written, or only tried.
    """

    file: str
    slides: int
    samples: tuple[str, ...]
    questions: int
    unseen: tuple[str, ...]
    written: bool


def write_slides(workset: WorkSet, options: PresentOptions, tell: Tell = lambda *_: None) -> SlidesReport:
    """Write the slides as a PDF or a PowerPoint file.

    Raises:
        UsageError: there is no such sample to show beside another, or the file's name has another ending.
        WouldOverwriteError: the file exists.
        StepMissingError: as for a packet.
        FindingsError: the audit found something; nothing is written.
    """
    shown = read_shown_samples(workset, options.of_packet)
    to = options.to or Path("samples.pdf")
    if to.suffix.casefold() not in {".pdf", ".pptx"}:
        raise UsageError(f"{to} must end in .pdf or .pptx (for PowerPoint).")
    if to.exists():
        raise WouldOverwriteError(f"{to} already exists; choose another name, or delete it first.")
    unknown = sorted({alias for pair in options.pairs for alias in pair} - {*shown.aliases})
    if unknown:
        raise UsageError(f"{unknown[0]} is not among the samples: {', '.join(shown.aliases)}.")
    if not shown.aliases:
        raise StepMissingError("no response is released yet.")
    pages = {}
    for number, alias in enumerate(shown.aliases, start=1):
        pages[alias] = draw_sample(workset, alias)
        tell("Reading samples", number, len(shown.aliases))
    slides = [(words, _encode(slide)) for words, slide in _draw_slides(workset, shown, pages, options.pairs)]
    data = _make_file(to, slides)
    check(to.name, data, shown.contents.student_names)
    if not options.dry_run:
        make_folder(to.parent, private=False)
        write_bytes(to, data, private=False)
        if workset.private.is_dir():
            with workset.locked():
                note_handed_out(workset, Handing.SHOWN, shown.aliases, files=[to.name])
    return SlidesReport(
        str(to), len(slides), shown.aliases, len(shown.questions), shown.contents.unseen, not options.dry_run
    )


def _make_file(to: Path, slides: Sequence[tuple[str, EncodedImage]]) -> bytes:
    """The file that the name asks for, from each slide's words and picture."""
    if to.suffix.casefold() == ".pdf":
        return image_pdf([(picture, POINTS) for _, picture in slides])
    from mssw.formats.slide_files import PictureSlide, slide_file  # noqa: PLC0415 - takes half a second to load

    return slide_file([PictureSlide(picture.data, words) for words, picture in slides], POINTS)


def _encode(slide: Image.Image) -> EncodedImage:
    pixels = np.asarray(slide, np.uint8)
    return encode(pixels, Tone.COLOUR if shows_colour(pixels) else Tone.GREY)


def _draw_slides(
    workset: WorkSet, shown: ShownSamples, pages: dict[str, list[Image.Image]], pairs: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Image.Image]]:
    """Each slide, after the words that a screen reader says for it."""
    yield shown.contents.settings.title, _draw_title(shown)
    words = shown.contents.words
    task, name = draw_task(workset, shown.contents), words.text("slides.task")
    for part in _in_parts(task, 2):
        yield name, draw_slide(name, [("", page) for page in part])
    for alias in shown.aliases:
        for part in _in_parts(pages[alias], 2):
            yield alias, draw_slide(alias, [("", page) for page in part])
    for one, other in pairs:
        for place in range(max(len(pages[one]), len(pages[other]))):
            beside = [(alias, pages[alias][place]) for alias in (one, other) if place < len(pages[alias])]
            yield f"{one}, {other}", draw_slide("", beside)
    for number, question in enumerate(shown.questions, start=1):
        title = words.text("slides.answers", n=number, all=len(shown.questions))
        yield from _draw_question(title, shown, pages, question)


def _draw_question(
    title: str, shown: ShownSamples, pages: dict[str, list[Image.Image]], question: QuestionPlace
) -> Iterator[tuple[str, Image.Image]]:
    """All answers to a question, as many on a slide as can be read."""
    answers = [
        (alias, cut_place(pages[alias][place], question))
        for alias in shown.aliases
        if (place := shown.page_with(alias, question)) is not None
    ]
    if not answers:
        return
    most = _count_readable([picture.size for _, picture in answers])
    count = ceil(len(answers) / most)
    each = ceil(len(answers) / count)
    for number, part in enumerate(_in_parts(answers, each), start=1):
        several = shown.contents.words.text("slides.part", title=title, n=number, count=count)
        heading = several if count > 1 else title
        yield f"{heading}: {', '.join(alias for alias, _ in part)}", draw_slide(heading, part)


def _count_readable(sizes: Sequence[tuple[int, int]]) -> int:
    """How many pictures go on a slide so that writing stays readable; two at least."""
    alone = min((SIZE[0] - 2 * MARGIN) / max(width for width, _ in sizes), 1.0)
    fitting = [count for count in range(2, len(sizes) + 1) if _fit([sizes[0]] * count)[1] >= READABLE * alone]
    return max(fitting, default=min(2, len(sizes)))


def _fit(sizes: Sequence[tuple[int, int]]) -> tuple[int, float]:
    """How many columns to use, and by how much pictures are scaled then, so that they are as large as can be."""
    wide, tall = max(width for width, _ in sizes), max(height for _, height in sizes)
    best = (1, 0.0)
    for columns in range(1, len(sizes) + 1):
        rows = ceil(len(sizes) / columns)
        across = (SIZE[0] - 2 * MARGIN - GAP * (columns - 1)) / columns / wide
        down = ((SIZE[1] - HEAD - MARGIN - GAP * (rows - 1)) / rows - LABEL) / tall
        scale = min(across, down)
        if scale > best[1]:
            best = (columns, scale)
    return best


def draw_slide(title: str, pictures: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """A slide with a title and pictures, each below its own words, as large as can be.

    Args:
        title: at the top; may be empty.
        pictures: each with its words, which may be empty.
    """
    slide = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(slide)
    draw.text((MARGIN, MARGIN / 2), title, font=_font(54), fill=INK)
    columns, scale = _fit([picture.size for _, picture in pictures])
    rows = ceil(len(pictures) / columns)
    label = LABEL if any(words for words, _ in pictures) else 0
    cell = (SIZE[0] - 2 * MARGIN - GAP * (columns - 1)) / columns
    row = label + max(picture.height for _, picture in pictures) * scale + GAP
    spare = (SIZE[1] - HEAD - MARGIN - rows * row + GAP) / (rows + 1)  # alike above, between and below the rows
    for place, (words, picture) in enumerate(pictures):
        wide, tall = max(1, int(picture.width * scale)), max(1, int(picture.height * scale))
        x = MARGIN + place % columns * (cell + GAP) + (cell - wide) / 2
        y = HEAD + spare + place // columns * (row + spare)
        draw.text((x, y), words, font=_font(40), fill=INK)
        corner = (round(x), round(y + label))
        slide.paste(picture.resize((wide, tall), Image.Resampling.LANCZOS), corner)
        draw.rectangle((*corner, corner[0] + wide - 1, corner[1] + tall - 1), outline=EDGE, width=2)
    return slide


def _draw_title(shown: ShownSamples) -> Image.Image:
    """The first slide: the title, grade and session, and that names were removed."""
    settings, words = shown.contents.settings, shown.contents.words
    slide = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(slide)
    title = ImageFont.truetype(str(fonts_folder() / "Literata-SemiBold.ttf"), 120)
    y = 380
    for line in _wrap(draw, settings.title, title):
        draw.text((MARGIN * 2, y), line, font=title, fill=INK)
        y += 150
    grade = words.grade(settings.grade)
    beside = " · ".join(part for part in (grade, settings.session, settings.date) if part)
    draw.text((MARGIN * 2, y + 30), beside, font=_font(54), fill=QUIET)
    promise = words.text("slides.fiction" if shown.contents.fiction else "slides.names")
    draw.text((MARGIN * 2, SIZE[1] - 200), promise, font=_font(46), fill=QUIET)
    return slide


def _in_parts(things: Sequence[T], size: int) -> list[Sequence[T]]:
    return [things[start : start + size] for start in range(0, len(things), size)]


def _wrap(draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The text in lines that fit the slide, four at most."""
    return break_lines(draw, text, font, SIZE[0] - 4 * MARGIN)[:4]


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(label_font_path()), size)
