"""A person's decisions on held and unseen work, without a browser: listed, taken, applied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mssw.errors import StepMissingError, UsageError
from mssw.files.workset import WorkSet, read_json, write_json
from mssw.model.decision import Decisions
from mssw.model.page import Box
from mssw.steps.prepare import prepare
from mssw.steps.prepared import PrepareOptions, PrepareReport, Progress, quiet
from mssw.steps.record import read_state, sidecar


def list_works(workset: WorkSet) -> list[dict[str, str]]:
    """What is to be looked at: held works first, then those that nobody has seen, each page on a line."""
    state = _state(workset)
    pages = {page["id"]: page for page in state["pages"]}
    rows = []
    for work in sorted(state["works"], key=lambda w: (not w["held"], bool(w["seen"]), w["alias"])):
        kind = "held" if work["held"] else "set aside" if work.get("aside") else "seen" if work["seen"] else "unseen"
        if kind in {"seen", "set aside"}:
            continue
        for number, page_id in enumerate(work["pages"], 1):
            page = pages[page_id]
            image = str(workset.pages / page["image"]) if page["image"] else ""
            reason = page["reason"] or ("nobody has looked at it yet" if kind == "unseen" else "")
            rows.append({"alias": work["alias"], "state": kind, "page": str(number), "image": image, "reason": reason})
    return rows


def decide(
    workset: WorkSet,
    approve: Sequence[str],
    cover: Sequence[str],
    aside: Sequence[str],
    reason: str,
    progress: Progress = quiet,
) -> PrepareReport:
    """Take decisions, keep them, and prepare the set again with them.

    Args:
        workset: the set.
        approve: each ``ALIAS`` or ``ALIAS:PAGE``.
        cover: each ``ALIAS:PAGE:x,y,w,h``.
        aside: aliases.
        reason: why those are set aside.
        progress: as for ``prepare``.

    Raises:
        UsageError: one of them is not of its form, or names no work of the set.
    """
    state = _state(workset)
    works = {work["alias"].casefold(): work for work in state["works"]}
    decisions = Decisions.from_json(read_json(workset.decisions)) if workset.decisions.is_file() else Decisions()
    for text in cover:
        page_id, box = _place(text, works)
        decisions = decisions.with_change(page_id, _sha(workset, page_id), covers=(box,))
    for text in approve:
        for page_id in _pages(text, works):
            decisions = decisions.with_change(page_id, _sha(workset, page_id), cleared=True, aside="")
    for text in aside:
        for page_id in _pages(text, works):
            decisions = decisions.with_change(page_id, _sha(workset, page_id), aside=reason)
    with workset.locked():
        write_json(workset.decisions, decisions.to_json(), private=True)
    return prepare(workset.root, PrepareOptions(), progress)


def _state(workset: WorkSet) -> dict[str, Any]:
    state = read_state(workset)
    if state is None:
        raise StepMissingError(
            f"nothing is prepared in {workset.root} yet; run `mssw prepare --into {workset.root}` first."
        )
    return state


def _sha(workset: WorkSet, page_id: str) -> str:
    return str(read_json(sidecar(workset, page_id))["page"]["sha256"])


def _pages(text: str, works: dict[str, dict[str, Any]]) -> list[str]:
    """The page ids in ``ALIAS`` or ``ALIAS:PAGE``."""
    alias, _, number = text.partition(":")
    work = works.get(alias.strip().casefold())
    if work is None:
        raise UsageError(f"no work goes by the alias {alias}; `mssw review DIR --list` names them.")
    pages: list[str] = work["pages"]
    if not number:
        return pages
    if not number.isdigit() or not 1 <= int(number) <= len(pages):
        raise UsageError(f"{alias} has pages 1 to {len(pages)}, not {number}.")
    return [pages[int(number) - 1]]


def _place(text: str, works: dict[str, dict[str, Any]]) -> tuple[str, Box]:
    """The page id and the box in ``ALIAS:PAGE:x,y,w,h``."""
    where, _, numbers = text.rpartition(":")
    try:
        x, y, w, h = (float(part) for part in numbers.split(","))
    except ValueError:
        raise UsageError(
            f"{text} is not of the form ALIAS:PAGE:x,y,w,h; for example Andrea:2:0.1,0.45,0.2,0.03."
        ) from None
    if ":" not in where or not (0 <= x < x + w <= 1 and 0 <= y < y + h <= 1):
        raise UsageError(f"{text} is not a place on a page: say ALIAS:PAGE:x,y,w,h with fractions from 0 to 1.")
    return _pages(where, works)[0], Box(x, y, w, h)
