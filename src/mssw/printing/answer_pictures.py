"""Answers to the questions of a task: where the questions are, and answers side by side at a size that can be read.

In: a work set's shared files. Out: places on the task, and pictures of answers, laid out in columns in a given room.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from mssw.core.page import Box
from mssw.printing.page_pictures import draw_pages, page_sizes
from mssw.vision.answer_crops import cut_answers, find_print
from mssw.vision.ink import Mask
from mssw.vision.question_places import find_question_places
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, read_audited_file, read_audited_response
from mssw.workset.question_file import MOST_QUESTIONS, PlacedPage, QuestionPlace, find_placed_pages, read_kept_questions

WHOLE = (0.0, 0.0, 1.0, 1.0)
STEPS = 80  # in which the largest scale is found


def find_questions(pages: Sequence[Image.Image], sizes: Sequence[tuple[float, float]]) -> tuple[QuestionPlace, ...]:
    """The places of the questions that the task's own print shows; a page without any is one place.

    Args:
        pages: of the blank task.
        sizes: of each, in points.
    """
    found: list[QuestionPlace] = []
    for number, (picture, size) in enumerate(zip(pages, sizes, strict=True), start=1):
        places = find_question_places(np.asarray(picture.convert("L"), np.uint8), size) or [Box(*WHOLE)]
        found += [QuestionPlace(number, box.numbers) for box in places]
    return tuple(found[:MOST_QUESTIONS])


def cut_place(page: Image.Image, question: QuestionPlace) -> Image.Image:
    """The part of a page where a question is answered, as it is."""
    x, y, w, h = question.box
    left, top = round(x * page.width), round(y * page.height)
    right, bottom = round((x + w) * page.width), round((y + h) * page.height)
    return page.crop((left, top, max(left + 1, right), max(top + 1, bottom)))


@dataclass(frozen=True)
class AnswerCutter:
    """Cuts the answers out of a set's responses.

    Attributes:
        workset: the set.
        manifest: of its shared files.
        pages: of each response by alias, which pages of the task they are.
        prints: what is printed on each page of the task; none without a task.
        questions: where they are asked.
        dpi: in which pages are drawn.
    """

    workset: WorkSet
    manifest: Manifest
    pages: Mapping[str, tuple[PlacedPage, ...]]
    prints: tuple[Mask, ...] = field(repr=False)
    questions: tuple[QuestionPlace, ...]
    dpi: int

    @classmethod
    def of(cls, workset: WorkSet, manifest: Manifest, counts: Mapping[str, int], dpi: int) -> AnswerCutter:
        """The cutter of a set.

        Args:
            workset: the set.
            manifest: of its shared files.
            counts: how many pages each response has, by alias.
            dpi: in which pages are drawn.

        Raises:
            UnreadableError: the task is not the file that passed the audit.
        """
        blanks: list[Image.Image] = []
        questions = read_kept_questions(workset)
        if manifest.file("task.pdf") is not None:
            data = read_audited_file(workset, manifest, workset.task)
            sizes = page_sizes(data, "task.pdf")
            blanks = draw_pages(data, "task.pdf", dpi=dpi)
            questions = find_questions(blanks, sizes) if questions is None else questions
        prints = tuple(find_print(np.asarray(page.convert("L"), np.uint8), dpi) for page in blanks)
        return cls(workset, manifest, find_placed_pages(workset, counts), prints, questions or (), dpi)

    def cut(self, alias: str) -> list[Image.Image]:
        """The answers of a response, in the order of its pages; a page without a question is one of them.

        Raises:
            UnreadableError: the response is not the file that passed the audit.
        """
        data = read_audited_response(self.workset, self.manifest, alias)
        pictures = draw_pages(data, f"{alias}.pdf", dpi=self.dpi)
        answers: list[Image.Image] = []
        for picture, page in zip(pictures, self.pages[alias], strict=True):
            number = page.task_page
            on_blank = self.prints[number - 1] if 0 < number <= len(self.prints) else None
            places = [Box(*one.box) for one in self.questions if one.page == number]
            cut = cut_answers(np.asarray(picture, np.uint8), on_blank, places, self.dpi, page.covers)
            answers += [Image.fromarray(np.ascontiguousarray(one)) for one in cut]
        return answers


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """How pictures stand in columns.

    Attributes:
        scale: by which they are shrunk.
        columns: the pictures of each, by their place in the row that was given.
    """

    scale: float
    columns: tuple[tuple[int, ...], ...]


def choose_layout(sizes: Sequence[tuple[int, int]], room: tuple[int, int], gap: int, most: float) -> AnswerColumns:
    """The columns in which pictures are as large as can be, one below the other in their order.

    Args:
        sizes: width and height of each.
        room: width and height.
        gap: between them.
        most: the largest scale.
    """
    wide = max(width for width, _ in sizes)
    best = AnswerColumns(0.0, ())
    for count in range(1, len(sizes) + 1):
        largest = min(most, (room[0] - gap * (count - 1)) / count / wide)
        for step in range(STEPS):
            scale = largest * (1 - step / STEPS)
            if scale <= best.scale:
                break
            columns = _fill(sizes, room[1], gap, scale)
            if len(columns) <= count:
                best = AnswerColumns(scale, columns)
    return best


def _fill(sizes: Sequence[tuple[int, int]], height: int, gap: int, scale: float) -> tuple[tuple[int, ...], ...]:
    """Columns filled one after the other; a picture that is higher than a column makes them too many."""
    columns: list[list[int]] = [[]]
    used = 0.0
    for place, (_, tall) in enumerate(sizes):
        if tall * scale > height:
            return ((),) * (len(sizes) + 1)
        if columns[-1] and used + gap + tall * scale > height:
            columns.append([])
            used = 0.0
        used += (gap if columns[-1] else 0) + tall * scale
        columns[-1].append(place)
    return tuple(map(tuple, columns))


def paste_answers(
    sheet: Image.Image, answers: Sequence[Image.Image], layout: AnswerColumns, corner: tuple[int, int], gap: int
) -> None:
    """Put pictures on a sheet, in their columns.

    Args:
        sheet: to draw on.
        answers: the pictures.
        layout: how they stand.
        corner: left and top of their room.
        gap: between them.
    """
    wide = round(max(answer.width for answer in answers) * layout.scale)
    for number, column in enumerate(layout.columns):
        y = float(corner[1])
        for place in column:
            answer = answers[place]
            size = max(1, round(answer.width * layout.scale)), max(1, round(answer.height * layout.scale))
            sheet.paste(answer.resize(size, Image.Resampling.LANCZOS), (corner[0] + number * (wide + gap), round(y)))
            y += answer.height * layout.scale + gap
