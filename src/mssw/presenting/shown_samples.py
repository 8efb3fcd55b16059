"""What is shown on a screen: samples by their aliases, the blank task, and the places of its questions.

In: a work set, and which of its responses are meant. Everything that is shown is read from ``shared/`` and is the very
file that passed the audit; what may not be printed may not be shown. Only the order of a response's pages is looked up
in ``private/``, and the places that the presenting teacher chose for questions are kept there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PIL import Image

from mssw.errors import UsageError
from mssw.packets.contents import Contents, check_words, read_contents
from mssw.packets.packet_options import PacketOptions
from mssw.printing.answer_pictures import WHOLE, find_questions
from mssw.printing.page_pictures import draw_pages
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import read_audited_file, read_audited_response, read_manifest
from mssw.workset.question_file import QuestionPlace, find_placed_pages, is_place, read_kept_questions

LONG_SIDE = 2400  # pixels of a page: sharp on a large screen, also when a part of it fills the screen


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
    counts = {sample.alias: sample.pages for sample in contents.samples}
    placed = find_placed_pages(workset, counts)
    task_pages = {alias: tuple(page.task_page for page in pages) for alias, pages in placed.items()}
    return ShownSamples(contents, task_pages, read_questions(workset, contents))


def read_questions(workset: WorkSet, contents: Contents) -> tuple[QuestionPlace, ...]:
    """The places that a person chose, else those that the task's own print shows, else its whole pages."""
    kept = read_kept_questions(workset)
    if kept is not None:
        return kept
    if not contents.task_pages:
        most = max((sample.pages for sample in contents.samples), default=0)
        return tuple(QuestionPlace(page, WHOLE) for page in range(1, most + 1))
    return find_questions(draw_task(workset, contents), [page.size for page in contents.scans[""]])


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
