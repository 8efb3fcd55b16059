"""The page on which a teacher looks at every page of the class, and says what is to become of it."""

from __future__ import annotations

import threading
from typing import Any

from mssw.errors import MsswError, UsageError, WouldOverwriteError
from mssw.keys.look_up import assign
from mssw.preparing.prepare_options import PrepareOptions, PrepareReport
from mssw.preparing.run_prepare import prepare
from mssw.printing.page_pictures import SIZES, shrink_for_screen
from mssw.review.deciding import Asked, box_of, decide_page, keep_place, name_fields_as_before, show_name_field
from mssw.review.reviewed_set import describe_owners, describe_set, read_reviewed_set
from mssw.web.site import PictureStore, Site, bug, changes, pictures, reads
from mssw.workset.folder import WorkSet
from mssw.workset.settings import read_settings

STATIC = ("review.js", "review.css", "boxes.js", "pictures.js", "strip.js", "dialogs.js")


class Applying:
    """One run of ``prepare`` with what was decided, in a thread of its own; it can be watched and waited for."""

    def __init__(self, workset: WorkSet) -> None:
        self.workset = workset
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._now: dict[str, Any] = {"running": False, "stage": "", "done": 0, "of": 0, "report": None, "error": ""}

    def start(self, options: PrepareOptions) -> None:
        """Begin.

        Raises:
            WouldOverwriteError: it runs already.
        """
        with self._lock:
            if self._now["running"]:
                raise WouldOverwriteError("your decisions are being applied already; wait for that to end.")
            self._now = {"running": True, "stage": "", "done": 0, "of": 0, "report": None, "error": ""}
            self._thread = threading.Thread(target=self._run, args=(options,), daemon=True)
            self._thread.start()

    def _run(self, options: PrepareOptions) -> None:
        said: dict[str, Any] = {}
        try:
            said["report"] = _told(prepare(self.workset.root, options, self._tell))
        except MsswError as error:
            said["error"] = str(error)
        except Exception as error:  # noqa: BLE001 - it must be told on the page, in words that name nobody
            said["error"] = bug(error)
        with self._lock:
            self._now |= {"running": False, **said}

    def _tell(self, stage: str, done: int, of: int) -> None:
        with self._lock:
            self._now |= {"stage": stage, "done": done, "of": of}

    def now(self) -> dict[str, Any]:
        """How far it is; the report when it is done."""
        with self._lock:
            return dict(self._now)

    def wait(self) -> dict[str, Any]:
        """Wait until it is done."""
        if self._thread is not None:
            self._thread.join()
        return self.now()


def _told(done: PrepareReport) -> dict[str, Any]:
    return {
        "released": len(done.released),
        "held": [{"alias": alias, "reasons": list(reasons)} for alias, reasons in done.held],
        "pages": done.counts,
        "notes": list(done.notes),
    }


def review_site(workset: WorkSet) -> tuple[Site, Applying]:
    """The page, and what runs behind it.

    Raises:
        StepMissingError: nothing is prepared yet.
    """
    read_reviewed_set(workset)
    applying = Applying(workset)
    store, images = PictureStore(), _Images(workset)

    def picture_of(page_id: str, kind: str) -> tuple[bytes, str] | None:
        name = images.of(page_id)
        if not name or kind not in SIZES:
            return None
        path = workset.pages / name
        key = (page_id, kind, path.stat().st_mtime_ns)
        return store.get(key, lambda: shrink_for_screen(path, kind))

    def decide(asked: Asked) -> Any:
        _unless_running(applying)
        return decide_page(workset, asked)

    def keep(asked: Asked) -> Any:
        keep_place(workset, str(asked.get("page")))
        return {}

    def say_whose(asked: Asked) -> Any:
        _unless_running(applying)
        return _assigned(workset, asked)

    def apply(asked: Asked) -> Any:
        applying.start(_options(workset, asked))
        return applying.now()

    routes = [
        reads("/api/all", lambda: describe_set(workset)),
        reads("/api/progress", applying.now),
        changes("/api/decide", decide),
        changes("/api/place", keep),
        changes("/api/whose", say_whose),
        changes("/api/apply", apply),
        pictures("/picture/{id}/{kind}", picture_of),
    ]
    title = read_settings(workset.settings).title or workset.root.name
    return Site("review", routes, STATIC, lambda: {"title": title}), applying


class _Images:
    """Which file holds the picture of which page, read again when the set was prepared anew."""

    def __init__(self, workset: WorkSet) -> None:
        self._workset = workset
        self._known: tuple[int, dict[str, str]] = (0, {})

    def of(self, page_id: str) -> str:
        """The file's name; empty for a page without a picture, and for what is no page."""
        stamp = self._workset.state.stat().st_mtime_ns
        if self._known[0] != stamp:
            pages = read_reviewed_set(self._workset).pages
            self._known = (stamp, {name: page.image for name, page in pages.items()})
        return self._known[1].get(page_id, "")


def _unless_running(applying: Applying) -> None:
    if applying.now()["running"]:
        raise WouldOverwriteError("your decisions are being applied; wait for that to end, then say it again.")


def _assigned(workset: WorkSet, asked: Asked) -> dict[str, Any]:
    """Say whose a work is, by the student's place in the roster; None leaves it to what its name field says."""
    before = describe_owners(workset)
    alias, place = str(asked.get("alias")), asked.get("student")
    if place is not None and not (isinstance(place, int) and 0 <= place < len(before["students"])):
        raise UsageError("there is no such student on the roster; load the page again.")
    student = "" if place is None else before["roster"][place]
    table = assign(workset, [f"{alias}={student}"])
    known = before["whose"].get(alias, {})
    return {
        "told": list(table.told),
        "before": {"alias": alias, "student": known.get("student") if known.get("by_teacher") else None},
        **describe_owners(workset),
    }


def _options(workset: WorkSet, asked: Asked) -> PrepareOptions:
    """What to prepare with: a name field that was shown just now, or those that were before."""
    if "fields" in asked:
        given = asked["fields"]
        if not isinstance(given, list) or not all(isinstance(field, str) for field in given):
            raise UsageError("that cannot be undone; load the page again.")
        name_fields_as_before(workset, tuple(given))
    if "field" in asked:
        field = asked["field"]
        return PrepareOptions(fields=show_name_field(workset, str(field["page"]), box_of(field["box"])))
    return PrepareOptions()
