"""The contact sheet: all responses of a set on a few sheets, each by its answers, at a size that can be read.

In: the responses in ``shared/work``, the blank task, and the places of its questions. Out: the bytes of
``shared/contact-sheet.pdf``. Workers cut out the answers and keep them in ``private/work``, so that the next run cuts
only what has changed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import PAPERS
from mssw.formats.images import encode
from mssw.names.name_search import NameSearch
from mssw.preparing.cover_responses import LONGEST_SECONDS
from mssw.preparing.name_reading import DAMAGED
from mssw.printing.answer_pictures import LOOKED_AT, AnswerCutter, AnswerSheet
from mssw.printing.page_pictures import shows_colour
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import label_font_path
from mssw.workers.crew import run_all
from mssw.workset.folder import WorkSet, hash_file, make_folder, write_bytes
from mssw.workset.question_file import PlacedPage, QuestionPlace, read_kept_questions
from mssw.workset.settings import Settings
from mssw.workset.state import recipe_of

DPI = 150
SOURCE_DPI = 110  # of the pages that answers are cut out of: they are shrunk to about half
MARGIN_MM = 10
_WAY = 2  # of cutting: another number makes all pictures anew
_FRAME = (205, 205, 205)
_BEYOND_LATIN = 0x250
_RECIPE = "recipe"


@dataclass(frozen=True)
class CutJob:
    """The answers of one response to cut out.

    Attributes:
        response: ``shared/work/ALIAS.pdf``.
        pages: which page of the task each of its pages is.
        task: the blank task; None without one.
        kept: the places of the questions that a person chose; None where nobody did.
        target: where the answers are kept.
        recipe: a hash of all this.
    """

    response: Path
    pages: tuple[PlacedPage, ...]
    task: Path | None
    kept: tuple[QuestionPlace, ...] | None
    target: Path
    recipe: str


def draw_contact_sheet(
    workset: WorkSet,
    settings: Settings,
    pages: Mapping[str, Sequence[PlacedPage]],
    task: Path | None,
    spellings: Sequence[str],
) -> tuple[bytes, int]:
    """The contact sheet of a set: its bytes, and how many pages it has.

    Args:
        workset: the set.
        settings: of the set.
        pages: of each response and entry that may be shown, by alias: which page of the task it is.
        task: the PDF of the blank task; None without one.
        spellings: of the students' names, for the title.

    Raises:
        MsswError: a response or the task cannot be drawn.
    """
    title = settings.title
    # Pixels cannot be searched for names later, and the font has no letters beyond Latin.
    may_show = max(map(ord, title), default=0) < _BEYOND_LATIN and not NameSearch(spellings).hits(title)
    jobs = _plan_jobs(workset, pages, task)
    _delete_others(workset.private / "work", {job.target for job in jobs})
    new = [job for job in jobs if not _is_done(job)]
    for _, result in run_all(cut_response, new, seconds=LONGEST_SECONDS, named=lambda job: job.response.name):
        if isinstance(result, Exception):
            raise result
    return _lay_out(jobs, settings, title if may_show else "")


def _plan_jobs(workset: WorkSet, pages: Mapping[str, Sequence[PlacedPage]], task: Path | None) -> list[CutJob]:
    kept = read_kept_questions(workset)
    given = hash_file(task) if task is not None else ""
    jobs = []
    for alias in sorted(pages):
        response, placed = workset.work / f"{alias}.pdf", tuple(pages[alias])
        recipe = recipe_of(_WAY, SOURCE_DPI, hash_file(response), given, kept and [str(one) for one in kept], placed)
        jobs.append(CutJob(response, placed, task, kept, workset.private / "work" / f"{alias}.npz", recipe))
    return jobs


def _delete_others(folder: Path, targets: set[Path]) -> None:
    """Delete the pictures of responses that are not shown any more, and those that an earlier version kept."""
    for path in (*folder.glob("*.npz"), *folder.glob("*.jpg")):
        if path not in targets:
            path.unlink()


def cut_response(job: CutJob) -> None:
    """Cut out the answers of a response and keep them. Runs in a worker."""
    cutter = _make_cutter(job.task, hash_file(job.task) if job.task is not None else "", job.kept)
    answers = cutter.cut(job.response.read_bytes(), job.response.name, job.pages)
    file = io.BytesIO()
    pixels = {f"{number:03}": np.asarray(answer, np.uint8) for number, answer in enumerate(answers)}
    np.savez_compressed(file, allow_pickle=False, **{_RECIPE: np.array(job.recipe)}, **pixels)
    make_folder(job.target.parent, private=True)
    write_bytes(job.target, file.getvalue(), private=True)


@lru_cache(maxsize=2)
def _make_cutter(task: Path | None, digest: str, kept: tuple[QuestionPlace, ...] | None) -> AnswerCutter:
    """One cutter for all responses of a set; another task in the same place has another digest."""
    del digest
    return AnswerCutter.of(None if task is None else task.read_bytes(), kept, SOURCE_DPI)


def _is_done(job: CutJob) -> bool:
    """Whether the very same answers are kept, and can be read."""
    with suppress(*DAMAGED):
        return str(_read_kept(job)[_RECIPE]) == job.recipe
    return False


def _read_kept(job: CutJob) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(job.target.read_bytes()), allow_pickle=False) as kept:
        return dict(kept)


def _read_answers(job: CutJob) -> list[Image.Image]:
    kept = _read_kept(job)
    return [Image.fromarray(kept[name]) for name in sorted(kept) if name != _RECIPE]


def _lay_out(jobs: Sequence[CutJob], settings: Settings, title: str) -> tuple[bytes, int]:
    """A PDF of one image a page, with the title and the page's number below."""
    points = PAPERS[settings.paper]
    words = read_words(choose_language(settings.language, settings.english, settings.paper))
    edge = 2 * MARGIN_MM / 25.4 * 72
    sheet = AnswerSheet.of((points[0] - edge, points[1] - edge), DPI, SOURCE_DPI)
    grid = sheet.choose_grid([answer.size for answer in _read_answers(job)] for job in jobs[:LOOKED_AT])
    each = grid[0] * grid[1]
    parts = [jobs[start : start + each] for start in range(0, len(jobs), each)]
    foot = f"{words.text('common.page')} {{}} / {len(parts)}"
    images = [
        _encode_page(sheet, part, grid, points, (title, foot.format(number)))
        for number, part in enumerate(parts, start=1)
    ]
    return image_pdf([(image, points) for image in images]), len(images)


def _encode_page(
    sheet: AnswerSheet,
    jobs: Sequence[CutJob],
    grid: tuple[int, int],
    points: tuple[float, float],
    foot: tuple[str, str],
) -> EncodedImage:
    drawn = sheet.draw([(job.response.stem, _read_answers(job)) for job in jobs], grid)
    _draw_frames(ImageDraw.Draw(drawn), drawn.size, grid, len(jobs))
    page = Image.new("RGB", (round(points[0] / 72 * DPI), round(points[1] / 72 * DPI)), "white")
    page.paste(drawn, ((page.width - drawn.width) // 2, (page.height - drawn.height) // 2))
    _draw_foot(ImageDraw.Draw(page), page.size, *foot)
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, Tone.COLOUR if shows_colour(pixels) else Tone.GREY, quality=80)


def _draw_frames(draw: ImageDraw.ImageDraw, size: tuple[int, int], grid: tuple[int, int], count: int) -> None:
    """A thin frame around each response, so that it is plain where one ends."""
    wide, tall, inset = size[0] / grid[0], size[1] / grid[1], 1.2 / 25.4 * DPI
    for place in range(count):
        x, y = place % grid[0] * wide, place // grid[0] * tall
        draw.rounded_rectangle(
            (x + inset, y + inset, x + wide - inset, y + tall - inset), radius=12, outline=_FRAME, width=2
        )


def _draw_foot(draw: ImageDraw.ImageDraw, size: tuple[int, int], title: str, number: str) -> None:
    """The title on the left, cut to its room, and the page's number on the right."""
    mm = DPI / 25.4
    font = ImageFont.truetype(str(label_font_path()), round(3 * mm))
    left, base = round((MARGIN_MM + 1.2) * mm), size[1] - round(0.45 * MARGIN_MM * mm)
    wide = draw.textlength(number, font)
    draw.text((size[0] - left - wide, base), number, font=font, fill=(90, 90, 90), anchor="ls")
    room = size[0] - 2 * left - wide - 10 * mm
    while title and draw.textlength(title, font) > room:
        title = title[:-2].rstrip() + "…" if len(title) > 2 else ""  # noqa: PLR2004 - a letter and the sign
    draw.text((left, base), title, font=font, fill=(90, 90, 90), anchor="ls")
