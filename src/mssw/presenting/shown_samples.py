"""What is shown on a screen: samples by their aliases, the blank task, and the places of its questions.

In: a work set, and which of its responses are meant. Everything that is shown is read from ``shared/`` and is the very
file that passed the audit; what may not be printed may not be shown. Only the order of a response's pages is looked up
in ``private/``, and the places that the presenting teacher chose for questions are kept there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PIL import Image

from mssw.core.page import Box
from mssw.core.wording import counted
from mssw.errors import UsageError
from mssw.packets.contents import Contents, read_contents
from mssw.packets.packet_options import PacketOptions
from mssw.packets.student_names import check_words
from mssw.printing.page_pictures import draw_pages
from mssw.vision.question_places import find_question_places
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import read_audited_file, read_audited_response, read_manifest
from mssw.workset.prepared_state import read_state
from mssw.workset.typed_json import read_typed, write_typed

LONG_SIDE = 2400  # pixels of a page: sharp on a large screen, also when a part of it fills the screen
MOST_QUESTIONS = 40
EDGE = 1.0001  # of the page, which a screen's pixels round over
LEAST = 0.01  # of the page: a smaller place is a slip of the hand


class QuestionPlace(Struct, frozen=True):
    """Where a question is asked and answered on the task.

    Attributes:
        page: of the task, from 1.
        box: left, top, width and height, as fractions of the page.
    """

    page: int
    box: tuple[float, float, float, float]


class KeptQuestions(Struct, frozen=True, kw_only=True):
    """The places that a person chose, in ``private/questions.json``."""

    version: int = 1
    questions: tuple[QuestionPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSamples:
    """All that is shown.

    Attributes:
        contents: of the packet, which has the same samples under the same rules.
        task_pages: of each sample, which page of the task each of its pages is; 0 where it is none.
        questions: where they are asked, in order.
    """

    contents: Contents
    task_pages: Mapping[str, tuple[int, ...]] = field(repr=False)
    questions: tuple[QuestionPlace, ...]

    @property
    def aliases(self) -> tuple[str, ...]:
        """The samples, in the order of their aliases, which says nothing about them."""
        return tuple(sample.alias for sample in self.contents.samples)

    def page_with(self, alias: str, question: QuestionPlace) -> int | None:
        """Which page of a response, from 0, has a question; None where it lacks that page."""
        pages = self.task_pages[alias]
        return pages.index(question.page) if question.page in pages else None


def read_shown_samples(workset: WorkSet, options: PacketOptions) -> ShownSamples:
    """Read what is shown, and check that it may be.

    Raises:
        StepMissingError: as for a packet.
        UnreadableError: a file of the set is not the one that passed the audit.
        FindingsError: the title or another word that is shown names a student.
    """
    contents = read_contents(workset, options)
    check_words(contents)
    return ShownSamples(contents, _find_task_pages(workset, contents), read_questions(workset, contents))


def _find_task_pages(workset: WorkSet, contents: Contents) -> dict[str, tuple[int, ...]]:
    """Which page of the task each page of a sample is; without the private state, its pages in their order."""
    state = read_state(workset)
    found = {}
    for sample in contents.samples:
        ids = next((one.pages for one in state.works if one.alias == sample.alias), ()) if state else ()
        pages = [state.page_by_id[page].task_page or 0 for page in ids if page in state.page_by_id] if state else []
        in_order = tuple(range(1, sample.pages + 1))
        found[sample.alias] = tuple(pages) if any(pages) and len(pages) == sample.pages else in_order
    return found


def read_questions(workset: WorkSet, contents: Contents) -> tuple[QuestionPlace, ...]:
    """The places that a person chose, else those that the task's own print shows, else its whole pages."""
    if workset.questions.is_file():
        kept = read_typed(workset.questions, KeptQuestions, "delete it, and the places are found again.").questions
        return tuple(one for one in kept if is_place(one))
    if not contents.task_pages:
        most = max((sample.pages for sample in contents.samples), default=0)
        return tuple(QuestionPlace(page, (0.0, 0.0, 1.0, 1.0)) for page in range(1, most + 1))
    found: list[QuestionPlace] = []
    for number, picture in enumerate(draw_task(workset, contents), start=1):
        grey: NDArray[np.uint8] = np.asarray(picture.convert("L"), np.uint8)
        places = find_question_places(grey, contents.scans[""][number - 1].size) or [Box(0.0, 0.0, 1.0, 1.0)]
        found += [QuestionPlace(number, box.numbers) for box in places]
    return tuple(found[:MOST_QUESTIONS])


def is_place(question: QuestionPlace) -> bool:
    """Whether a place lies on a page and can be seen."""
    x, y, w, h = question.box
    return question.page >= 1 and min(x, y) >= 0 and min(w, h) >= LEAST and max(x + w, y + h) <= EDGE


def keep_questions(workset: WorkSet, questions: Sequence[QuestionPlace]) -> None:
    """Keep the places that a person chose; none lets them be found again.

    Raises:
        UsageError: they are no places, or too many.
        NotWrittenError: they cannot be written.
    """
    if len(questions) > MOST_QUESTIONS or not all(map(is_place, questions)):
        raise UsageError(f"a question is a place on a page, and there are {counted(MOST_QUESTIONS, 'place')} at most.")
    with workset.locked(seconds=3.0):
        if questions:
            write_typed(workset.questions, KeptQuestions(questions=tuple(questions)), private=True)
        else:
            workset.questions.unlink(missing_ok=True)


def parse_question(text: str) -> QuestionPlace:
    """Parse ``page:x,y,w,h``, as ``--question`` has it.

    Raises:
        UsageError: it is none.
    """
    page, _, numbers = text.partition(":")
    try:
        x, y, w, h = (float(part) for part in numbers.split(","))
        place = QuestionPlace(int(page), (x, y, w, h))
    except ValueError:
        place = QuestionPlace(0, (0.0, 0.0, 0.0, 0.0))
    if not is_place(place):
        raise UsageError(
            f"--question {text} is not of the form page:x,y,w,h (fractions of the page); "
            "for example --question 1:0,0.25,1,0.3."
        )
    return place


def draw_sample(workset: WorkSet, alias: str) -> list[Image.Image]:
    """The pages of a sample as pictures, names covered: as it is in ``shared/`` now."""
    data = read_audited_response(workset, read_manifest(workset), alias)
    return draw_pages(data, f"{alias}.pdf", (LONG_SIDE, LONG_SIDE))


def draw_task(workset: WorkSet, contents: Contents) -> list[Image.Image]:
    """The pages of the blank task as pictures; none without a task."""
    if not contents.task_pages:
        return []
    data = read_audited_file(workset, contents.manifest, workset.task)
    return draw_pages(data, "task.pdf", (LONG_SIDE, LONG_SIDE))


def cut_place(page: Image.Image, question: QuestionPlace) -> Image.Image:
    """The part of a page where a question is answered."""
    x, y, w, h = question.box
    left, top = round(x * page.width), round(y * page.height)
    right, bottom = round((x + w) * page.width), round((y + h) * page.height)
    return page.crop((left, top, max(left + 1, right), max(top + 1, bottom)))
