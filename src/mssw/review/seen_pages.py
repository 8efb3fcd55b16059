"""What a person sees of a set when she looks it over: pages in order, each as it will leave with what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mssw.core.decision import Decisions, PageDecision
from mssw.core.page import Box, MarkKind
from mssw.errors import StepMissingError
from mssw.preparing.decided_pages import read_decisions, way_without
from mssw.preparing.match_responses import read_matching
from mssw.preparing.matches import MatchedPerson, Matching, MatchState
from mssw.roster.name_files import read_roster
from mssw.workset.folder import WorkSet, read_json
from mssw.workset.settings import read_settings
from mssw.workset.state import prepared_state, recipe_of, sidecar

ORDER = ("held", "flagged", "rest", "aside")
NO_WORK = "no work"


@dataclass(frozen=True)
class SeenPage:
    """A set as it was prepared, with what was decided since.

    Attributes:
        state: of the set.
        decisions: all of them.
        pages: the state's pages by id.
        works: the state's works by the id of each of their pages.
    """

    state: Mapping[str, Any]
    decisions: Decisions
    pages: Mapping[str, Mapping[str, Any]]
    works: Mapping[str, Mapping[str, Any]]

    def said(self, page_id: str) -> PageDecision:
        """What was said of a page."""
        return self.decisions.of(self.pages[page_id]["identity"])

    def way(self, page_id: str) -> str:
        """The recipe of the page as it will be with what was decided: what approving it lets go."""
        base = str(self.pages[page_id]["base"])
        return way_without(base, self.said(page_id).drops(base))

    def revision(self, page_id: str) -> str:
        """Changes with every decision on the page, and with what it was made by."""
        return recipe_of(self.said(page_id).to_json(), self.pages[page_id]["base"])[:12]


def seen_now(workset: WorkSet, decisions: Decisions | None = None) -> SeenPage:
    """The set as it stands.

    Raises:
        StepMissingError: nothing is prepared yet.
        UnreadableError: what was decided cannot be read.
    """
    state = prepared_state(workset)
    pages = {page["id"]: page for page in state["pages"]}
    if any("identity" not in page for page in pages.values()):
        raise StepMissingError(
            f"{workset.root} was prepared by an earlier mssw; run `mssw prepare --into {workset.root}` once more."
        )
    works = {page_id: work for work in state["works"] for page_id in work["pages"]}
    return SeenPage(state, decisions or read_decisions(workset), pages, works)


def looked_over(workset: WorkSet) -> dict[str, Any]:
    """All that the review page shows, as JSON. It names students, for a teacher's own eyes."""
    seen = seen_now(workset)
    settings = read_settings(workset.settings)
    return {
        "title": settings.title or workset.root.name,
        "attention": settings.attention,
        "pages": [row_of(seen, page_id) for page_id in in_order(seen)],
        "place": _place(workset),
        "fields": list(settings.fields),
        "everywhere": len(seen.decisions.everywhere),
        **whose(workset),
    }


def in_order(seen: SeenPage) -> list[str]:
    """Every page: held works first, then those with flagged places, then the rest; those of no work come last."""

    def rank(work: Mapping[str, Any]) -> tuple[int, str]:
        flagged = any(seen.pages[page]["flags"] for page in work["pages"])
        name = "held" if work["held"] else "aside" if work["aside"] else "flagged" if flagged else "rest"
        return ORDER.index(name), work["alias"]

    ordered = [page for work in sorted(seen.state["works"], key=rank) for page in work["pages"]]
    return [*ordered, *(page for page in seen.pages if page not in seen.works)]


def row_of(seen: SeenPage, page_id: str) -> dict[str, Any]:
    """One page as the screen shows it."""
    page, said = seen.pages[page_id], seen.said(page_id)
    work = seen.works.get(page_id)
    pages = work["pages"] if work else [page_id]
    return {
        "id": page_id,
        "alias": work["alias"] if work else "",
        "number": pages.index(page_id) + 1,
        "of": len(pages),
        "where": f"{page['source']}, page {page['number']}",
        "task_page": page["task_page"],
        "image": bool(page["image"]),
        "points": page["points"],
        "state": _stands(seen, page_id),
        "reasons": _reasons(seen, page_id),
        "covers": covers_of(seen, page_id),
        "dropped": [list(box.numbers) for box in said.drops(page["base"])],
        "flags": [flag for flag in page["flags"] if not _is_covered(seen, page_id, flag["box"])],
        "aside": said.aside,
        "note": said.note,
        "turn": said.turn,
        "blank": said.blank,
        "moves": _moves(seen, page_id),
        "said": said.to_json(),
        "revision": seen.revision(page_id),
    }


def _stands(seen: SeenPage, page_id: str) -> str:
    """How far a page has come, in a word."""
    page, said, work = seen.pages[page_id], seen.said(page_id), seen.works.get(page_id)
    if said.blank or (work is None and not said.joins):
        return "blank" if said.blank or page["fate"] == "blank" else "double"
    if said.aside:
        return "now" if said.aside == "needs attention now" else "aside"
    if seen.decisions.cleared(page["identity"], seen.way(page_id)):
        return "approved"
    if (work and work["held"]) or said.drops(page["base"]):
        return "held"
    return "flagged" if page["flags"] else "unseen"


def _reasons(seen: SeenPage, page_id: str) -> list[str]:
    """Why the page waits: its own reasons first, then those of its work."""
    page, work = seen.pages[page_id], seen.works.get(page_id)
    where = f"{page['source']}, page {page['number']}: "
    if work is None:
        return [page["reason"]] if page["reason"] else []
    own = [why.removeprefix(where) for why in work["held"] if why.startswith(where)]
    others = [f"{other['source']}, page {other['number']}: " for other in map(seen.pages.__getitem__, work["pages"])]
    return own + [why for why in work["held"] if not any(why.startswith(other) for other in others)]


def covers_of(seen: SeenPage, page_id: str) -> list[dict[str, Any]]:
    """What will be covered on the page: ours, the person's own, and what she wants covered on every page."""
    page, said = seen.pages[page_id], seen.said(page_id)
    gone = set(said.drops(page["base"]))
    rules = {rule.box for rule in seen.decisions.everywhere if rule.task_page == page["task_page"]}
    ours = [cover for cover in page["covers"] if cover["kind"] != MarkKind.HAND and Box(*cover["box"]) not in gone]
    drawn = [box for box in seen.decisions.drawn(page["identity"], page["task_page"]) if box not in gone]
    rows = [{**cover, "by": "mssw"} for cover in ours]
    rows += [
        {"box": list(box.numbers), "kind": str(MarkKind.HAND), "by": "everywhere" if box in rules else "you"}
        for box in drawn
    ]
    return rows


def _is_covered(seen: SeenPage, page_id: str, box: list[float]) -> bool:
    page = seen.pages[page_id]
    return Box(*box) in seen.decisions.drawn(page["identity"], page["task_page"])


def _moves(seen: SeenPage, page_id: str) -> str:
    """Where the page goes when what was decided is applied: an alias, ``new``, or nothing where it stays."""
    joins = seen.said(page_id).joins
    if not joins:
        return ""
    if joins == seen.pages[page_id]["identity"]:
        return "new" if seen.works.get(page_id, {}).get("pages") != [page_id] else ""
    there = next((page for page in seen.pages.values() if page["identity"] == joins), None)
    alias = str(seen.works[there["id"]]["alias"]) if there and there["id"] in seen.works else ""
    mine = str(seen.works[page_id]["alias"]) if page_id in seen.works else ""
    return "" if alias == mine else alias


def whose(workset: WorkSet) -> dict[str, Any]:
    """The roster as it is shown and as ``assign`` takes it, and what is known of each work by places in it."""
    if not workset.roster.is_file():
        return {"students": [], "roster": [], "whose": {}}
    people = [MatchedPerson.of(student) for student in read_roster(workset.roster).students]
    numbers = Counter(person.number for person in people)
    places = {person: place for place, person in enumerate(people)}
    matching = read_matching(workset) or Matching()
    known = {
        work.alias: {
            "student": places.get(work.student) if work.student else None,
            "name": work.student.shown if work.student else "",
            "by_teacher": work.state is MatchState.TEACHER,
            "by_code": work.state is MatchState.CODED,
            "why": work.why,
            "guesses": [places[guess] for guess in work.guesses[:3] if guess in places],
        }
        for work in matching.works
    }
    meant = [person.number if person.number and numbers[person.number] == 1 else person.name for person in people]
    return {"students": [person.shown for person in people], "roster": meant, "whose": known}


def _place(workset: WorkSet) -> str:
    """The page at which the person left off; empty where she never began, or nobody can tell."""
    if not workset.place.is_file():
        return ""
    try:
        return str(read_json(workset.place)["page"])
    except (KeyError, TypeError):
        return ""


def identity_of(workset: WorkSet, page: Mapping[str, Any]) -> str:
    """What decisions of a page of the state are kept under; see ``Page.identity``."""
    if "identity" in page:
        return str(page["identity"])
    path = sidecar(workset, str(page["id"]))
    return (str(read_json(path)["page"]["sha256"]) if path.is_file() else "") or str(page["id"])
