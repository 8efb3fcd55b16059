"""The review page: a teacher looks at every page of the class and decides what happens to it.

Decisions come in from the browser and are saved at once; ``Applying`` runs ``prepare`` with them.
"""

from __future__ import annotations

import threading
from typing import Any

from mssw.errors import MsswError, UsageError, WouldOverwriteError
from mssw.keys.look_up import assign
from mssw.next_step import find_next_step
from mssw.preparing.prepare_options import PrepareOptions, PrepareReport
from mssw.preparing.run_prepare import prepare
from mssw.printing.page_pictures import SIZES, shrink_for_screen
from mssw.review.deciding import Asked, box_of, decide_page, keep_place, name_fields_as_before, show_name_field
from mssw.review.reviewed_set import describe_owners, describe_set, read_flag_words, read_reviewed_set
from mssw.web.site import PictureStore, Site, bug_sentence, get_route, picture_route, post_route
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import prepared_state
from mssw.workset.settings import read_settings

STATIC = (
    "review.js",
    "review.css",
    "boxes.css",
    "boxes.js",
    "flags.js",
    "boundary.js",
    "pictures.js",
    "sheets.js",
    "strip.js",
    "dialogs.js",
    "overview.js",
    "writer.js",
)


class Applying:
    """Runs ``prepare`` with the decisions in a thread of its own, and reports its progress."""

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
        outcome: dict[str, Any] = {}
        try:
            done = prepare(self.workset.root, options, self._keep_progress)
            outcome["report"] = _report_json(self.workset, done)
        except MsswError as error:
            outcome["error"] = str(error)
        except Exception as error:  # noqa: BLE001 - the page must show it, without a name
            outcome["error"] = bug_sentence(error)
        with self._lock:
            self._now |= {"running": False, **outcome}

    def _keep_progress(self, stage: str, done: int, of: int) -> None:
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


def _report_json(workset: WorkSet, done: PrepareReport) -> dict[str, Any]:
    """What was applied, what is still on hold, and the command that comes next."""
    works = prepared_state(workset).works
    following = find_next_step(workset, reviewed=True)
    return {
        "released": len(done.released),
        "unseen": sum(one.is_released and not one.seen for one in works),
        "next": following.to_json() if following and following.step != "review" else None,
        "held": [{"alias": alias, "reasons": list(reasons)} for alias, reasons in done.held],
        "pages": done.counts,
        "notes": list(done.notes),
    }


def review_site(workset: WorkSet, *, number: int = 1, of: int = 1) -> tuple[Site, Applying]:
    """The page, and what runs behind it.

    Args:
        workset: the set.
        number: which class it is of those that are reviewed one after the other, from 1.
        of: how many those are.

    Raises:
        StepMissingError: nothing is prepared yet.
    """
    read_reviewed_set(workset)
    desk = _Desk(workset)
    store, images = PictureStore(), _PageImages(workset)

    def picture_of(page_id: str, kind: str) -> tuple[bytes, str] | None:
        name = images.of(page_id)
        if not name or kind not in SIZES:
            return None
        path = workset.pages / name
        key = (page_id, kind, path.stat().st_mtime_ns)
        return store.get(key, lambda: shrink_for_screen(path, kind))

    routes = [
        get_route("/api/all", desk.describe),
        get_route("/api/flags", desk.describe_flags),
        get_route("/api/progress", desk.applying.now),
        post_route("/api/decide", desk.decide),
        post_route("/api/place", desk.keep_place),
        post_route("/api/whose", desk.assign),
        post_route("/api/apply", desk.apply),
        picture_route("/picture/{id}/{kind}", picture_of),
    ]
    title = read_settings(workset.settings).title or workset.root.name
    return Site("review", routes, STATIC, lambda: {"title": title, "number": number, "of": of}), desk.applying


class _Desk:
    """What the page can ask for."""

    def __init__(self, workset: WorkSet) -> None:
        self.workset = workset
        self.applying = Applying(workset)
        self._history = History()

    def describe(self) -> dict[str, Any]:
        """All that the page shows, and what can be undone."""
        return describe_set(self.workset) | self._history.to_json()

    def describe_flags(self) -> dict[str, Any]:
        """What each flagged place says, by page. It names students, for a teacher's own eyes."""
        words = read_flag_words(self.workset, read_reviewed_set(self.workset))
        return {page: [word.to_json() for word in of_page] for page, of_page in words.items()}

    def decide(self, asked: Asked) -> dict[str, Any]:
        """Take one decision, or undo the last."""
        self._check_not_running()
        answer = decide_page(self.workset, asked)
        if asked.get("do") == "restore":
            self._history.take_last()
        else:
            self._history.add({"page": asked["page"], "before": answer["before"]})
        return answer | self._history.to_json()

    def keep_place(self, asked: Asked) -> dict[str, Any]:
        """Remember where the person is."""
        keep_place(self.workset, str(asked.get("page")))
        return {}

    def assign(self, asked: Asked) -> dict[str, Any]:
        """Say who wrote a response, or undo it."""
        self._check_not_running()
        answer = _assign_student(self.workset, asked)
        if asked.get("undone"):
            self._history.take_last()
        else:
            self._history.add({"page": str(asked.get("page", "")), "whose": answer["before"]})
        return answer | self._history.to_json()

    def apply(self, asked: Asked) -> dict[str, Any]:
        """Begin to apply what was decided, or another name field."""
        fields = list(read_settings(self.workset.settings).fields)
        self.applying.start(_prepare_options(self.workset, asked))
        if "field" in asked:
            self._history.add({"page": str(asked["field"]["page"]), "fields": fields})
        elif "fields" in asked:
            self._history.take_last()
        else:
            self._history.clear()  # what is applied is not undone by a key any more
        return self.applying.now() | self._history.to_json()

    def _check_not_running(self) -> None:
        if self.applying.now()["running"]:
            raise WouldOverwriteError("your decisions are being applied; wait for that to end, then say it again.")


class History:
    """What can be undone, the latest last. It is kept here, so that it survives when the page is loaded again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._acts: list[dict[str, Any]] = []

    def add(self, act: dict[str, Any]) -> None:
        """Remember what gives back the set as it was before an act."""
        with self._lock:
            self._acts.append(act)

    def take_last(self) -> None:
        """Forget the latest: it was undone."""
        with self._lock:
            del self._acts[-1:]

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._acts.clear()

    def to_json(self) -> dict[str, Any]:
        """The latest act, for the page, which gives it back to undo it; None where there is nothing to undo."""
        with self._lock:
            return {"undo": self._acts[-1] if self._acts else None}


class _PageImages:
    """The file with the picture of each page; read again after the set was prepared again."""

    def __init__(self, workset: WorkSet) -> None:
        self._workset = workset
        self._files: tuple[int, dict[str, str]] = (0, {})

    def of(self, page_id: str) -> str:
        """The file's name; empty for a page without a picture, and for what is no page."""
        stamp = self._workset.state.stat().st_mtime_ns
        if self._files[0] != stamp:
            pages = prepared_state(self._workset).pages
            self._files = (stamp, {page.id: page.image for page in pages})
        return self._files[1].get(page_id, "")


def _assign_student(workset: WorkSet, asked: Asked) -> dict[str, Any]:
    """Assign a response to a student, by the place in the roster; None leaves it to the name field."""
    before = describe_owners(workset)
    alias, place = str(asked.get("alias")), asked.get("student")
    if place is not None and not (isinstance(place, int) and 0 <= place < len(before["students"])):
        raise UsageError("there is no such student on the roster; load the page again.")
    student = "" if place is None else before["roster"][place]
    table = assign(workset, [f"{alias}={student}"])
    known = before["whose"].get(alias, {})
    return {
        "told": list(table.changes),
        "before": {"alias": alias, "student": known.get("student") if known.get("by_teacher") else None},
        **describe_owners(workset),
    }


def _prepare_options(workset: WorkSet, asked: Asked) -> PrepareOptions:
    """The options to prepare with: a name field that was drawn just now, or those from before."""
    if "fields" in asked:
        given = asked["fields"]
        if not isinstance(given, list) or not all(isinstance(field, str) for field in given):
            raise UsageError("that cannot be undone; load the page again.")
        name_fields_as_before(workset, tuple(given))
    if "field" in asked:
        field = asked["field"]
        return PrepareOptions(fields=show_name_field(workset, str(field["page"]), box_of(field["box"])))
    return PrepareOptions()
