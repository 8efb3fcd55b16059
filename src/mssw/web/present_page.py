"""The page for a projector: one sample, two side by side, or all answers to one question. It changes only the places.

Pictures are those of ``shared/``, names covered. Piles and levels are never sent.
"""

from __future__ import annotations

import threading
from typing import Any

import msgspec
from PIL import Image

from mssw.errors import MsswError, UsageError
from mssw.presenting.shown_samples import ShownSamples, draw_sample, draw_task, read_questions
from mssw.printing.answer_pictures import cut_place
from mssw.printing.page_pictures import encode_jpeg
from mssw.web.site import Asked, PictureStore, Site, get_route, picture_route, post_route
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import find_shown_version
from mssw.workset.question_file import QuestionPlace, keep_questions

STATIC = ("present.js", "present.css", "boxes.css", "boxes.js")
TASK = "task"
KINDS = {"page": None, "small": 220}  # pixels of the long side; None for as large as it was drawn


def present_site(workset: WorkSet, shown: ShownSamples) -> Site:
    """The site of what is shown."""
    screen = _Screen(workset, shown)
    title = shown.contents.settings.title
    return Site(
        "present",
        [
            get_route("/api/samples", screen.describe),
            post_route("/api/questions", screen.keep_questions),
            picture_route("/picture/{id}/{kind}", screen.picture),
            picture_route("/answer/{id}/{kind}", screen.answer),
        ],
        STATIC,
        lambda: {"title": title, "words": screen.words, "lang": screen.lang},
    )


class _Screen:
    """What the page can ask for."""

    def __init__(self, workset: WorkSet, shown: ShownSamples) -> None:
        self._workset = workset
        self._shown = shown
        self._questions = shown.questions
        self._drawn: dict[tuple[str, tuple[int, int] | None], list[Image.Image]] = {}
        self._pictures = PictureStore()
        self._lock = threading.Lock()

    @property
    def words(self) -> dict[str, Any]:
        """What the page says, in the reader's language."""
        return dict(self._shown.contents.words.table["screen"])

    @property
    def lang(self) -> str:
        """The language, as a browser names it."""
        return str(self._shown.contents.words.table["lang"])

    def describe(self) -> dict[str, Any]:
        """The samples in order, the task, and the questions; which page of each sample answers each."""
        shown, contents = self._shown, self._shown.contents
        return {
            "samples": [
                {
                    "alias": sample.alias,
                    "pages": sample.pages,
                    "answers": [shown.page_with(sample.alias, one) is not None for one in self._questions],
                }
                for sample in contents.samples
            ],
            "task": contents.task_pages,
            "sizes": [list(page.size) for page in contents.scans[""]],
            "questions": [{"page": one.page, "box": list(one.box)} for one in self._questions],
            "unseen": len(contents.unseen),
            "fiction": contents.fiction,
            "words": self.words,
        }

    def keep_questions(self, asked: Asked) -> dict[str, Any]:
        """Keep other places for the questions; none lets them be found again."""
        try:
            given = msgspec.convert(asked.get("questions"), tuple[QuestionPlace, ...])
        except msgspec.ValidationError:
            raise UsageError("that is not a place on a page; load this page again.") from None
        with self._lock:
            ordered = sorted(given, key=lambda one: (one.page, one.box[1], one.box[0]))
            keep_questions(self._workset, ordered)
            self._questions = read_questions(self._workset, self._shown.contents)
        return self.describe()

    def picture(self, name: str, kind: str) -> tuple[bytes, str] | None:
        """A page of a sample, or of the task: ``0-1`` is the second page of the first sample."""
        if kind not in KINDS:
            return None
        version = self._version(name)  # first: a page that changes meanwhile is drawn anew the next time
        page = self._page(name, version)
        if page is None:
            return None
        return self._pictures.get((name, kind, version), lambda: _encoded(page, KINDS[kind]))

    def answer(self, name: str, kind: str) -> tuple[bytes, str] | None:
        """The answer of a sample to a question: ``0-1`` is that of the first sample to the second question."""
        sample, _, number = name.partition("-")
        aliases, questions = self._shown.aliases, self._questions
        if not (_is_place(sample, len(aliases)) and _is_place(number, len(questions))) or not kind.isalnum():
            return None
        question, version = questions[int(number)], self._version(name)
        place = self._shown.page_with(aliases[int(sample)], question)
        page = None if place is None else self._page(f"{sample}-{place}", version)
        if page is None:
            return None
        return self._pictures.get(
            (name, question.page, question.box, version), lambda: _encoded(cut_place(page, question), None)
        )

    def _version(self, name: str) -> tuple[int, int] | None:
        """Which version of a sample is in ``shared/`` now; None where it is not there, and for the task."""
        first = name.partition("-")[0]
        if not _is_place(first, len(self._shown.aliases)):
            return None
        return find_shown_version(self._workset, self._shown.aliases[int(first)])

    def _page(self, name: str, version: tuple[int, int] | None) -> Image.Image | None:
        """A page as it was drawn; the pages of each sample are drawn together, once for each version of it."""
        first, _, number = name.partition("-")
        if first != TASK and version is None:  # no such sample, or it was taken out
            return None
        with self._lock:
            if (first, version) not in self._drawn:
                try:
                    self._drawn[first, version] = (
                        draw_task(self._workset, self._shown.contents)
                        if first == TASK
                        else draw_sample(self._workset, self._shown.aliases[int(first)])
                    )
                except MsswError:
                    return None  # the page shows the alias in its place
            pages = self._drawn[first, version]
        return pages[int(number)] if _is_place(number, len(pages)) else None


def _is_place(text: str, count: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) < count  # noqa: PLR2004 - digits


def _encoded(picture: Image.Image, most: int | None) -> tuple[bytes, str]:
    if most is not None:
        picture = picture.copy()
        picture.thumbnail((most, most), Image.Resampling.BOX)
    return encode_jpeg(picture), "image/jpeg"
