"""The sort page: sends one teacher's sort to the browser, and saves each change before it answers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from mssw.errors import MsswError, UsageError, WouldOverwriteError
from mssw.printing.page_pictures import draw_page, encode_jpeg
from mssw.sorting.boundary import Verdict, judge_answer, pick_boundary_pairs
from mssw.sorting.kept_sorts import SortActs, find_revision, read_order, read_sorting, sort_name
from mssw.sorting.piles import REASONS, UNSURE, keep_released
from mssw.sorting.sort_values import Comparison, Sorting
from mssw.web.site import PictureStore, Site, get_route, picture_route, post_route
from mssw.workset.allowed_names import WordsInDoubtError
from mssw.workset.folder import WorkSet, make_folder
from mssw.workset.manifest import find_shown_version, read_audited_response, read_manifest
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import SortPlace, read_memory, write_memory

PASSES = ("read", "piles", "levels", "pairs")
STATIC = ("sort.css", "sort.js", "sortstate.js", "sortboard.js", "sortlook.js", "sortpairs.js", "sortquestions.js")
_PICTURE_SIZES = {"small": (360, 480), "large": (1500, 2100)}  # pixels
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
        return {
            "revision": find_revision(kept),
            "objective": sorting.objective,
            "piles": rows["piles"],
            "works": [
                {"alias": alias, "pages": self._acts.works[alias]} | rows["works"].get(alias, _NOT_SORTED)
                for alias in self._order
            ],
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
        said = {frozenset((one.one, one.other)): one for one in sorting.comparisons}
        answers = [said.get(frozenset(pair)) for pair in pairs]
        then: Mapping[str, str] = place.levels or {}
        now = {alias: str(sorting.of(alias).level) for alias in then if alias in there}
        return {
            "pairs": [
                {"one": pair[0], "other": pair[1]} | _answer_json(sorting, answer)
                for pair, answer in zip(pairs, answers, strict=True)
            ],
            "changed": [{"alias": a, "from": then[a], "to": level} for a, level in now.items() if level != then[a]],
        }


_NOT_SORTED = {"pile": "", "level": None, "unsure": False, "aside": "", "note": ""}


def _answer_json(sorting: Sorting, answer: Comparison | None) -> dict[str, Any]:
    if answer is None:
        return {"more": None, "verdict": None}
    return {"more": answer.more, "verdict": _verdict_json(judge_answer(sorting, answer))}


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    moves = [{"alias": move.alias, "level": str(move.level)} for move in verdict.moves]
    return {"agrees": verdict.agrees, "said": verdict.said, "moves": moves}
