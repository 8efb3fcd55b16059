"""The sort page: sends one teacher's sort to the browser, and saves each change before it answers."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mssw.errors import MsswError, UsageError, WouldOverwriteError
from mssw.printing.answer_pictures import WHOLE, AnswerCutter, make_cutter
from mssw.printing.page_pictures import draw_page, encode_jpeg
from mssw.sorting.kept_sorts import SortActs, find_revision, read_order, read_sorting, sort_name
from mssw.sorting.piles import (
    REASONS,
    UNSURE,
    Comparison,
    Sorting,
    Verdict,
    judge_answer,
    keep_released,
    pick_boundary_pairs,
)
from mssw.web.site import PictureStore, Site, get_route, picture_route, post_route
from mssw.workset.allowed_names import WordsInDoubtError
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.manifest import find_shown_version, read_audited_response, read_manifest
from mssw.workset.question_file import MOST_QUESTIONS, QuestionPlace, find_placed_pages
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import SortPlace, read_memory, write_memory

PASSES = ("read", "piles", "levels", "pairs")
STATIC = (
    "sort.css",
    "sort.js",
    "sortstate.js",
    "sortboard.js",
    "sortlook.js",
    "sortpairs.js",
    "sortquestions.js",
    "sortview.js",
)
_PICTURE_SIZES = {"small": (360, 480), "large": (1500, 2100)}  # pixels
_ANSWER_DPI = {"small": 100, "large": 170}  # of the pages that answers are cut out of
_NUMBERS = frozenset(map(str, range(MOST_QUESTIONS)))
_MOST_UNDONE = 200


def sort_site(workset: WorkSet, by: str = "") -> Site:
    """The site of one teacher's sort.

    Raises:
        StepMissingError: nothing is released.
        WouldOverwriteError: another command is at work in the set.
        UsageError: her name has no letter.
    """
    page = _SortPage(workset, by)
    return Site(
        "sort",
        [
            get_route("/api/state", page.state),
            post_route("/api/act", page.act),
            post_route("/api/undo", page.undo),
            post_route("/api/at", page.at),
            post_route("/api/sitting", page.sitting),
            picture_route("/picture/{id}/{kind}", page.picture),
            picture_route("/answer/{id}/{kind}", page.answer),
        ],
        STATIC,
        page.values,
    )


class _SortPage:
    """The state behind the page. Changes are made one at a time, from however many tabs."""

    def __init__(self, workset: WorkSet, by: str) -> None:
        self._workset = workset
        self._by = by
        self._acts = SortActs(workset, by)
        make_folder(workset.private, private=True)
        with workset.locked():
            self._order = read_order(workset, by)
        self._pages = {
            f"{alias}-{page}": (alias, page)
            for alias, count in self._acts.works.items()
            for page in range(1, count + 1)
        }
        self._pictures = PictureStore()
        self._answers = _Answers(workset, self._acts.works)
        self._undone: list[tuple[Sorting, str]] = []  # each sort before an act, and the revision after it
        self._lock = threading.Lock()

    def values(self) -> Mapping[str, object]:
        """What the template prints."""
        return {"title": read_settings(self._workset.settings).title or self._workset.root.name, "by": self._by}

    def state(self) -> dict[str, Any]:
        """The whole sort, as it is on disk."""
        return self._state_json(read_sorting(self._workset, self._by))

    def act(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Make one change; it is on disk when this returns."""
        with self._lock:
            before = read_sorting(self._workset, self._by)
            after = self._done(asked, str(asked.get("since", "")))
            if after != before:
                self._undone = [*self._undone, (before, find_revision(after))][-_MOST_UNDONE:]
            return self._state_json(after)

    def _done(self, asked: Mapping[str, Any], since: str) -> Sorting:
        """Make the change; words that may be names count as words where the teacher says so."""
        try:
            return self._acts.do(asked, since)
        except WordsInDoubtError as error:
            if asked.get("meant") is not True:
                raise
            self._acts.take_as_words([one.word for one in error.words])
            return self._acts.do(asked, since)

    def undo(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Take back the last act."""
        with self._lock:
            if not self._undone:
                raise UsageError("there is nothing to take back.")
            before, after = self._undone[-1]
            if find_revision(read_sorting(self._workset, self._by)) != after:
                self._undone = []
                raise WouldOverwriteError("this sort was changed elsewhere since, so nothing here can be taken back.")
            state = self._state_json(self._acts.change(lambda _: before, str(asked.get("since", ""))))
            self._undone.pop()
            return state | {"undo": len(self._undone)}

    def at(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Remember where the teacher is, so that the page opens there again."""
        given = asked.get("read", [])
        read = sorted(self._acts.works.keys() & set(map(str, given if isinstance(given, list) else [])))
        step, alias = str(asked.get("pass")), str(asked.get("at", ""))
        if step not in PASSES or (alias and alias not in self._acts.works):
            raise UsageError("the page asked for something that makes no sense; load it again.")
        with self._lock:
            self._remember(step=step, at=alias, read=tuple(read))
        return {"kept": True}

    def sitting(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Draw up the pairs of a new sitting at the boundaries."""
        with self._lock:
            sorting = self._now()
            pairs = pick_boundary_pairs(sorting, self._order)
            levels = {alias: str(sorting.of(alias).level) for pair in pairs for alias in (pair.one, pair.other)}
            self._remember(pairs=tuple((pair.one, pair.other) for pair in pairs), levels=levels)
            return self._state_json(sorting)

    def picture(self, name: str, kind: str) -> tuple[bytes, str] | None:
        """A covered page, small or large."""
        if name not in self._pages or kind not in _PICTURE_SIZES:
            return None
        version = find_shown_version(self._workset, self._pages[name][0])
        if version is None:
            return None
        try:
            return self._pictures.get((name, kind, version), lambda: self._drawn(*self._pages[name], kind))
        except MsswError:
            return None  # the page shows the alias in its place

    def answer(self, name: str, kind: str) -> tuple[bytes, str] | None:
        """The answer of a response to a question, small or large: ``Rose-1`` is the answer to the second question."""
        alias, _, number = name.rpartition("-")
        if alias not in self._acts.works or kind not in _ANSWER_DPI or number not in _NUMBERS:
            return None
        version = find_shown_version(self._workset, alias)
        if version is None:
            return None
        key = (name, kind, version, self._answers.places)
        try:
            return self._pictures.get(key, lambda: self._answers.draw(alias, int(number), _ANSWER_DPI[kind]))
        except MsswError:
            return None  # the page shows the alias in its place

    def _drawn(self, alias: str, page: int, kind: str) -> tuple[bytes, str]:
        data = read_audited_response(self._workset, read_manifest(self._workset), alias)
        return encode_jpeg(draw_page(data, f"{alias}.pdf", page, _PICTURE_SIZES[kind])), "image/jpeg"

    def _now(self) -> Sorting:
        return keep_released(read_sorting(self._workset, self._by), self._order)

    def _place(self) -> SortPlace:
        return read_memory(self._workset).places.get(sort_name(self._by), SortPlace())

    def _remember(self, **changes: object) -> None:
        with self._workset.locked():
            write_memory(self._workset, read_memory(self._workset).with_place(sort_name(self._by), **changes))

    def _state_json(self, kept: Sorting) -> dict[str, Any]:
        sorting, place = keep_released(kept, self._order), self._place()
        rows = sorting.to_json()
        questions = self._answers.find_questions()
        return {
            "revision": find_revision(kept),
            "objective": sorting.objective,
            "piles": rows["piles"],
            "works": [
                {"alias": alias, "pages": self._acts.works[alias], "answers": self._answers.of(alias, questions)}
                | rows["works"].get(alias, _NOT_SORTED)
                for alias in self._order
            ],
            "questions": [{"page": one.page} for one in questions],
            "places": self._answers.places,
            "undo": len(self._undone),
            "reasons": REASONS,
            "unsure": UNSURE,
            "place": place.to_json(),
            "sitting": self._sitting(sorting, place),
        }

    def _sitting(self, sorting: Sorting, place: SortPlace) -> dict[str, Any] | None:
        """The pairs of this sitting, the answer to each, and which levels have changed since it began."""
        there = set(self._order)
        pairs = [pair for pair in place.pairs or () if set(pair) <= there]
        if not pairs:
            return None
        answer_of = {frozenset((one.one, one.other)): one for one in sorting.comparisons}
        answers = [answer_of.get(frozenset(pair)) for pair in pairs]
        then: Mapping[str, str] = place.levels or {}
        now = {alias: str(sorting.of(alias).level) for alias in then if alias in there}
        return {
            "pairs": [
                {"one": pair[0], "other": pair[1]} | _answer_json(sorting, answer)
                for pair, answer in zip(pairs, answers, strict=True)
            ],
            "changed": [{"alias": a, "from": then[a], "to": level} for a, level in now.items() if level != then[a]],
        }


class _Answers:
    """The answers to each question of the task, cut out of the responses."""

    def __init__(self, workset: WorkSet, works: Mapping[str, int]) -> None:
        self._workset = workset
        self._placed = find_placed_pages(workset, works)
        self._made: dict[int, AnswerCutter] = {}
        self._lock = threading.Lock()
        self.places = ""  # other words where the questions are at other places

    def find_questions(self) -> tuple[QuestionPlace, ...]:
        """Where a person chose them, else where the task shows them, else its pages; none where that is one place."""
        questions = self._cutter(min(_ANSWER_DPI.values())).questions
        return questions if len(questions) > 1 else ()

    def of(self, alias: str, questions: Sequence[QuestionPlace]) -> list[bool]:
        """Which of the questions a response has the page of."""
        pages = {page.task_page for page in self._placed[alias]}
        return [one.page in pages for one in questions]

    def draw(self, alias: str, number: int, dpi: int) -> tuple[bytes, str]:
        """A response's answer to a question.

        Raises:
            UsageError: there is no such question, or the response lacks its page.
            UnreadableError: the response is not the file that passed the audit.
        """
        cutter = self._cutter(dpi)
        data = read_audited_response(self._workset, read_manifest(self._workset), alias)
        answer = None
        if number < len(cutter.questions):
            answer = cutter.cut_question(data, f"{alias}.pdf", self._placed[alias], cutter.questions[number])
        if answer is None:
            raise UsageError("there is no such answer.")
        return encode_jpeg(answer), "image/jpeg"

    def _cutter(self, dpi: int) -> AnswerCutter:
        """Cuts at the places that are chosen now: they may be adjusted while this page is open."""
        try:
            chosen = str(self._workset.questions.stat().st_mtime_ns)
        except OSError:
            chosen = "found"
        with self._lock:
            if self.places != chosen:
                self._made, self.places = {}, chosen
            if dpi not in self._made:
                self._made[dpi] = self._make_cutter(dpi)
            return self._made[dpi]

    def _make_cutter(self, dpi: int) -> AnswerCutter:
        try:
            cutter = make_cutter(self._workset, read_manifest(self._workset), dpi)
        except MsswError:  # a damaged task: whole responses can be sorted all the same
            return AnswerCutter((), (), dpi)
        pages = sorted({page.task_page for placed in self._placed.values() for page in placed} - {0})
        return cutter if cutter.questions else replace(cutter, questions=tuple(QuestionPlace(n, WHOLE) for n in pages))


_NOT_SORTED = {"pile": "", "level": None, "unsure": False, "aside": "", "note": ""}


def _answer_json(sorting: Sorting, answer: Comparison | None) -> dict[str, Any]:
    if answer is None:
        return {"more": None, "verdict": None}
    return {"more": answer.more, "verdict": _verdict_json(judge_answer(sorting, answer))}


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    moves = [{"alias": move.alias, "level": str(move.level)} for move in verdict.moves]
    return {"agrees": verdict.agrees, "said": verdict.sentence, "moves": moves}
