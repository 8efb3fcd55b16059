"""The record page: samples beside a form. A place that is drawn on a page becomes evidence for the row in the form."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from mssw.errors import MsswError, StepMissingError, UsageError
from mssw.printing.page_pictures import draw_page, encode_jpeg
from mssw.record.kept_record import DECIMALS, RecordKeeper, read_history
from mssw.record.record_rows import (
    AGAINST,
    FOR,
    KINDS,
    QUESTIONS,
    Citation,
    collapse,
    labelled_rows,
    rows_to_json,
    without_evidence,
)
from mssw.web.site import PictureStore, Site, get_route, picture_route, post_route
from mssw.workset.allowed_names import WordsInDoubtError
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.manifest import find_shown_version, read_audited_response, read_manifest
from mssw.workset.settings import read_settings

STATIC = ("record.css", "record.js")
_PICTURE_SIZE = (1500, 2100)  # pixels
_LARGE = "large"


def record_site(keeper: RecordKeeper) -> Site:
    """The site of a team's record, or of the claims that a teacher writes alone."""
    page = _RecordPage(keeper)
    return Site(
        "record",
        [
            get_route("/api/state", page.state),
            post_route("/api/save", page.save),
            post_route("/api/remove", page.remove),
            post_route("/api/undo", page.undo),
            picture_route("/picture/{id}/{kind}", page.picture),
        ],
        STATIC,
        page.values,
    )


class _RecordPage:
    """The state behind the page. Changes are made one at a time, from however many tabs."""

    def __init__(self, keeper: RecordKeeper) -> None:
        self._keeper = keeper
        self._workset = keeper.workset
        chosen = read_chosen(self._workset) or set()
        self._order = sorted(keeper.pages, key=lambda alias: (alias not in chosen, alias))
        self._chosen = chosen
        self._pictures = PictureStore()
        self._lock = threading.Lock()

    def values(self) -> Mapping[str, object]:
        """What the template prints."""
        settings = read_settings(self._workset.settings)
        return {"title": settings.title or self._workset.root.name, "by": self._keeper.by}

    def state(self) -> dict[str, Any]:
        """The whole record as it is on disk, and what its form asks."""
        rows = self._keeper.rows
        kinds = [kind for kind in KINDS.values() if kind.name == "claims" or not self._keeper.alone]
        return {
            "responses": [
                {"alias": alias, "pages": self._keeper.pages[alias], "chosen": alias in self._chosen}
                for alias in self._order
            ],
            "kinds": [
                {
                    "name": kind.name,
                    "one": kind.one,
                    "title": kind.title,
                    "cites": kind.cites,
                    "sides": kind.has_sides,
                    "headline": kind.headline,
                    "fields": [
                        {"key": one.key, "title": one.title, "ask": one.ask, "choices": list(one.choices)}
                        for one in kind.fields
                    ],
                }
                for kind in kinds
            ],
            "questions": list(QUESTIONS.values()),
            "rows": rows_to_json(rows),
            "labels": {f"{kind.name} {row.uid}": label for label, kind, row in labelled_rows(rows)},
            "open": list(without_evidence(rows)),
            "undo": not self._keeper.alone and read_history(self._workset).head > 0,
        }

    def save(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Add a row or replace one; it is on disk when this returns."""
        kind, uid = self._kind(asked), str(asked.get("uid", ""))
        given = asked.get("fields", {})
        fields = {str(key): str(text) for key, text in given.items()} if isinstance(given, dict) else {}
        cites = [_read_cite(one) for one in asked.get("cites", [])]
        with self._lock:
            try:
                self._save(kind, uid, fields, cites)
            except WordsInDoubtError as error:
                if asked.get("meant") is not True:
                    raise
                self._keeper.take_as_words([one.word for one in error.words])
                self._save(kind, uid, fields, cites)
        return self.state()

    def _save(self, kind: str, uid: str, fields: Mapping[str, str], cites: Sequence[Citation]) -> None:
        if uid:
            self._keeper.edit(kind, uid, fields, cites)
        else:
            self._keeper.add(kind, fields, cites)

    def remove(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Remove a row."""
        with self._lock:
            self._keeper.remove(self._kind(asked), str(asked.get("uid", "")))
        return self.state()

    def undo(self, _: Mapping[str, Any]) -> dict[str, Any]:
        """Take the last change back."""
        with self._lock:
            try:
                self._keeper.undo()
            except StepMissingError as error:
                raise UsageError(str(error)) from None
        return self.state()

    def _kind(self, asked: Mapping[str, Any]) -> str:
        kind = str(asked.get("kind", ""))
        if kind not in KINDS or (self._keeper.alone and kind != "claims"):
            raise UsageError("the page asked for something that is not possible; please reload it.")
        return kind

    def picture(self, name: str, kind: str) -> tuple[bytes, str] | None:
        """A covered page."""
        alias, _, page = name.rpartition("-")
        if kind != _LARGE or alias not in self._keeper.pages or not page.isdecimal():
            return None
        version = find_shown_version(self._workset, alias)
        if version is None:
            return None
        try:
            return self._pictures.get((name, kind, version), lambda: self._draw(alias, int(page)))
        except MsswError:
            return None  # the page shows the alias in its place

    def _draw(self, alias: str, page: int) -> tuple[bytes, str]:
        data = read_audited_response(self._workset, read_manifest(self._workset), alias)
        return encode_jpeg(draw_page(data, f"{alias}.pdf", page, _PICTURE_SIZE)), "image/jpeg"


def _read_cite(value: Any) -> Citation:
    """A place as the page sends it.

    Raises:
        UsageError: it has another shape.
    """
    try:
        side = str(value.get("side", FOR))
        return Citation(
            str(value["alias"]),
            int(value.get("page", 0)),
            tuple(round(float(number), DECIMALS) for number in value.get("box", [])),
            side if side in {FOR, AGAINST} else FOR,
            collapse(str(value.get("note", ""))),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UsageError("the page asked for something that is not possible; please reload it.") from None
