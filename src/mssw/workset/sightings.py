"""What ``prepare`` found on each page: a sidecar in ``private/pages`` that makes a second look unnecessary.

When all pages are done, ``write_state`` writes what other commands need of them (see ``prepared_state``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import UNSET, Struct, UnsetType
from msgspec import field as kept_as
from numpy.typing import NDArray

from mssw.core.decision import Decisions
from mssw.core.essay_rules import PageHead
from mssw.core.page import Fate, Mark, Page, Tone, id_of_part, place_in_stack
from mssw.core.response import Response
from mssw.names.own_name_words import OwnName
from mssw.vision.blank_page import CELLS
from mssw.vision.same_sheet import SIGNATURE
from mssw.workset.decisions import digest_decided
from mssw.workset.folder import WorkSet, read_typed, write_json
from mssw.workset.prepared_state import (
    MarkedPlace,
    NamedBy,
    PreparedPage,
    PreparedResponse,
    PreparedState,
    keep_state,
)
from mssw.workset.seal import Seal

_COSTS = "whose"  # the key of ``name_costs`` in a sidecar: it stays, so that older sets open


@dataclass(frozen=True)
class Sighting:
    """What was found on one page.

    Attributes:
        page: the page.
        recipe: a hash of everything that the findings depend on. If it changes, the page is looked at again.
        image: file name in ``private/pages`` of the page upright and registered; empty for an unreadable page.
        points: the page's size in points.
        score: of its registration, 0 to 1.
        ink: mm² of strong ink on a page that matched no page of the task; not measured on others.
        written: mm² of ink that the blank task has not.
        covers: what is covered.
        doubts: why it must wait for a person.
        empty_field: whether it has name fields and none holds a name.
        signature: see ``vision.same_sheet.make_signature``.
        nearest: 1-based page of the task that comes nearest, also where the fit was not accepted.
        lacking: see ``vision.blank_page.measure_missing_print``.
        fault: why the page could not be read; empty where it could.
        flags: places of likely names and of identifiers, the likeliest first.
        name_costs: for each student, in the roster's order, the cost of reading her name in the page's fields: the
            lower, the likelier. Empty if no field says anything.
        read: under which name the page's reading is kept; empty where it was not read.
        way: a hash of how the page is covered: of the blank task and its fields, and of the covers that a person took
            away. It does not depend on the page's place in the stack. An approval counts for one ``way`` only.
        base: ``way`` without what a person took away; set with the decisions, during grouping.
        bared: covers that a person took away and that nothing else replaces; set with ``base``.
        code: what the code of its sheet says; empty where it has none, or none that can be read.
        file: what its file is called where an alias stands too, as ``file 3``; empty for its own name.
        is_typed: whether its text, read with certainty, is all that is on it.
        head: what its head says, in a stack of essays; None in others.
        boundary: whether it is sure that a response begins with it, or that none does; set during grouping.
        named_by: see ``PreparedPage.named_by``; None where the head counts. Set during grouping.
        own_names: names of the class list that stand where a student writes her own.
        is_placed: whether it was looked at as a page of a class that writes its names at a place of its own choice.
        is_named: whether the name of one student was clearly read at such a place.
        signed_costs: as ``name_costs``, for the name with which a letter is signed; empty where none is clear.
        other_side: the page that shows through as a whole; names were looked for without it. Empty where none does.
    """

    page: Page
    recipe: str
    image: str = ""
    points: tuple[float, float] = (612.0, 792.0)
    score: float = 0.0
    ink: float = 0.0
    written: float = 0.0
    covers: tuple[Mark, ...] = ()
    doubts: tuple[str, ...] = ()
    empty_field: bool = False
    signature: NDArray[np.uint8] = field(default_factory=lambda: np.zeros(SIGNATURE[::-1], np.uint8), repr=False)
    nearest: int | None = None
    lacking: NDArray[np.float32] = field(default_factory=lambda: np.zeros(CELLS[::-1], np.float32), repr=False)
    fault: str = ""
    flags: tuple[Mark, ...] = ()
    name_costs: tuple[float, ...] = field(default=(), repr=False)
    read: str = ""
    way: str = ""
    base: str = ""
    bared: tuple[Mark, ...] = ()
    code: str = ""
    file: str = ""
    is_typed: bool = False
    head: PageHead | None = None
    boundary: str = ""
    own_names: tuple[OwnName, ...] = field(default=(), repr=False)
    is_placed: bool = False
    is_named: bool = False
    other_side: str = ""
    signed_costs: tuple[float, ...] = field(default=(), repr=False)
    named_by: NamedBy | None = None

    @property
    def where(self) -> str:
        """The page as a person finds it in the stack, in words that may stand beside an alias."""
        return place_in_stack(self.page.id, self.file or self.page.source, self.page.number)

    def with_file_shown_as(self, label: str) -> Sighting:
        """The same, with those words for its file, also where it could not be read."""
        fault = self.fault.replace(self.page.source, label)
        return replace(self, file=label if label != self.page.source else "", fault=fault)

    def to_json(self) -> dict[str, Any]:
        """As it stands in the sidecar."""
        value = asdict(replace(self, signature=np.zeros(0, np.uint8), lacking=np.zeros(0, np.float32)))
        del value["file"]  # by the class list and the other files, and not by the page
        del value["boundary"], value["named_by"]  # by the pages around it
        if self.head is None:
            del value["head"]
        for name in ("is_typed", "own_names", "is_placed", "is_named", "other_side", "signed_costs"):
            if not value[name]:
                del value[name]
        del value["name_costs"]
        value[_COSTS] = _write_costs(self.name_costs)
        if self.signed_costs:
            value["signed_costs"] = _write_costs(self.signed_costs)
        value["signature"] = base64.b64encode(self.signature.tobytes()).decode()
        value["lacking"] = base64.b64encode((self.lacking * 255).astype(np.uint8).tobytes()).decode()
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Sighting:
        """Read a sidecar back."""
        page = dict(value["page"])
        page |= {
            "size": tuple(page["size"]),
            "tone": Tone(page["tone"]),
            "fate": Fate(page["fate"]) if page["fate"] else None,
        }
        flat = np.frombuffer(base64.b64decode(value["signature"]), np.uint8)
        grid = np.frombuffer(base64.b64decode(value["lacking"]), np.uint8).astype(np.float32) / 255
        rest = {
            "page": Page(**page),
            "points": tuple(value["points"]),
            "covers": tuple(Mark.from_json(mark) for mark in value["covers"]),
            "bared": (),
            "doubts": tuple(value["doubts"]),
            "flags": tuple(Mark.from_json(mark) for mark in value["flags"]),
            "name_costs": _read_costs(value[_COSTS]),
            "signed_costs": _read_costs(value.get("signed_costs", ())),
            "signature": flat.reshape(SIGNATURE[::-1]),
            "lacking": grid.reshape(CELLS[::-1]),
            "head": PageHead.from_json(value["head"]) if "head" in value else None,
            "own_names": tuple(OwnName.from_json(name) for name in value.get("own_names", ())),
        }
        same = {key: one for key, one in value.items() if key != _COSTS}
        return cls(**(same | rest))


def _write_costs(costs: Sequence[float]) -> list[float | None]:
    return [None if math.isinf(cost) else cost for cost in costs]


def _read_costs(kept: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(math.inf if cost is None else float(cost) for cost in kept)


class PageMeasures(Struct, frozen=True):
    """What later commands need of a page's sidecar.

    Attributes:
        written: mm² of ink that the blank task has not.
        kept_costs: see ``Sighting.name_costs``; None stands for infinity.
        code: see ``Sighting.code``.
        signed_costs: see ``Sighting.signed_costs``.
    """

    written: float
    kept_costs: tuple[float | None, ...] = kept_as(name=_COSTS)
    code: str = ""
    signed_costs: tuple[float | None, ...] = ()

    def costs_by(self, named_by: NamedBy | UnsetType) -> tuple[float, ...]:
        """For each student of the roster, the cost of reading her name where the page says who wrote it.

        Args:
            named_by: see ``PreparedPage.named_by``.
        """
        if named_by is UNSET:
            return _read_costs(self.kept_costs)
        return _read_costs(self.signed_costs) if named_by is NamedBy.SIGNATURE else ()


class _KeptBled(Struct, frozen=True):
    """A file in ``private/bled``: None where no other side shows."""

    seen: PageMeasures | None = None


def read_page_measures(workset: WorkSet, page_id: str) -> PageMeasures:
    """What a page's sidecar has for later commands; of a page that was looked at again without its other side, that.

    Raises:
        UnreadableError: it is gone or damaged.
    """
    again = workset.private / BLED_PAGES / f"{page_id}.json"
    seen = read_typed(again, _KeptBled).seen if again.is_file() else None
    return seen or read_typed(sidecar(workset, page_id), PageMeasures)


BLED_PAGES = "bled"  # in private/: pages that were looked at again without the other side of their sheet

#: The way in which pages are looked at and covered. It is part of every recipe, so when it changes, pages are looked at
#: anew and approvals of them are void. Change it together with what is found or covered, not with each version of mssw.
WAY_OF_LOOKING = "0.3.13"


def recipe_of(*parts: object) -> str:
    """A hash of everything that a result depends on: of values alone, so that renaming a class changes nothing."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_plain_value).encode()).hexdigest()[:24]


def _plain_value(part: object) -> object:
    if is_dataclass(part) and not isinstance(part, type):
        return [getattr(part, one.name) for one in fields(part)]
    return sorted(part) if isinstance(part, (set, frozenset)) else str(part)


def receipt_of(workset: WorkSet, alias: str) -> Path:
    """The receipt of a response: what became of it when it was covered."""
    return workset.private / "work" / f"{alias}.json"


def sidecar(workset: WorkSet, page_id: str) -> Path:
    """The file with the findings of a page."""
    return workset.pages / f"{page_id}.json"


def turned_recipe(recipe: str, turn: int) -> str:
    """The recipe of a page that a person turned by that many degrees."""
    return recipe_of(recipe, "turned", turn) if turn else recipe


def read_sighting(path: Path, recipe: str, turns: Mapping[str, int] | None = None) -> Sighting | None:
    """The sighting in a sidecar if it is of that recipe and its image is there; None asks for another look.

    Args:
        path: the sidecar.
        recipe: of the page as it lies in the stack.
        turns: the pages that a person turned, by identity.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["recipe"] != turned_recipe(recipe, (turns or {}).get(value["page"]["sha256"], 0)):
            return None
        sighting = Sighting.from_json(value)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if sighting.image and not (path.parent / sighting.image).is_file():
        return None
    if sighting.read and not (path.parent.parent / "reading" / f"{sighting.read}.npz").is_file():
        return None  # the second look needs it
    return sighting


def read_sightings(
    folder: Path, page_id: str, recipe: str, turns: Mapping[str, int] | None = None
) -> tuple[Sighting, ...]:
    """What was seen on a scan: one sighting, or one for each page of the task on it; none asks for another look.

    Args:
        folder: of the sidecars.
        page_id: of the scan.
        recipe: of the page as it lies in the stack.
        turns: the pages that a person turned, by identity.
    """
    whole = read_sighting(folder / f"{page_id}.json", recipe, turns)
    if whole is not None:
        return (whole,)
    parts: list[Sighting] = []
    while part := read_sighting(folder / f"{id_of_part(page_id, len(parts) + 1)}.json", recipe, turns):
        parts.append(part)
    return tuple(parts)


def write_sightings(folder: Path, sightings: Sequence[Sighting]) -> None:
    """Write the sidecars of a scan, the first one last: where it is, all are."""
    for sighting in reversed(sightings):
        write_json(folder / f"{sighting.page.id}.json", sighting.to_json(), private=True)


def write_state(
    workset: WorkSet,
    sightings: Iterable[Sighting],
    works: Sequence[Response],
    seen: Iterable[str],
    decisions: Decisions | None = None,
    seal: Seal | UnsetType = UNSET,
) -> None:
    """Write ``private/state.json``.

    Args:
        workset: the set; the caller holds its lock.
        sightings: every page, each with its fate.
        works: every response, each with its alias.
        seen: the aliases of those that a person looked at, page by page.
        decisions: those that are applied; None where there are none.
        seal: of what was decided; unset for none.
    """
    looked_at = set(seen)
    responses = tuple(
        PreparedResponse(alias=w.alias, pages=w.pages, held=w.held, aside=w.aside, seen=w.alias in looked_at)
        for w in works
    )
    pages = tuple(_prepared_page(sighting, decisions or Decisions()) for sighting in sightings)
    keep_state(workset, PreparedState(pages=pages, works=responses, seal=seal))


def _prepared_page(sighting: Sighting, decisions: Decisions) -> PreparedPage:
    page, base = sighting.page, sighting.base or sighting.way
    if page.fate is None:
        raise ValueError(f"{page.id} was given no fate")
    return PreparedPage(
        id=page.id,
        source=page.source,
        number=page.number,
        fate=page.fate,
        reason=page.reason,
        task_page=page.task_page,
        turn=page.turn,
        score=round(sighting.score, 3),
        image=sighting.image,
        way=sighting.way,
        base=base,
        identity=page.identity,
        points=sighting.points,
        covers=tuple(MarkedPlace(mark.box.numbers, mark.kind) for mark in sighting.covers),
        flags=tuple(MarkedPlace(mark.box.numbers, mark.kind) for mark in sighting.flags),
        decided=digest_decided(decisions, page.identity, page.task_page, base),
        approved=decisions.cleared(page.identity, sighting.way),
        file=sighting.file or UNSET,
        boundary=sighting.boundary or UNSET,
        named_by=sighting.named_by or UNSET,
    )
