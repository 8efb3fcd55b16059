"""What a kit's pages print: the session on the clock, what a set tells, and the PDF of so many copies."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.core.sample import MOST_WITHOUT_A_CHOICE
from mssw.errors import FindingsError, UnreadableError
from mssw.files.kitwords import FIVE, SharedWords
from mssw.model.rotation import rotation
from mssw.model.session import Clock, Session, TimedStep
from mssw.names.name_search import NameSearch
from mssw.printing.binding import page_count, printer_ready
from mssw.printing.typeset import typeset
from mssw.workset.folder import WorkSet, read_json
from mssw.workset.manifest import released_works, roster_spellings
from mssw.workset.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class Known:
    """What a set tells a kit; without a set, nothing."""

    settings: Settings = dataclasses.field(default_factory=Settings)
    aliases: tuple[str, ...] = ()


def read_known(folder: Path | None) -> Known:
    """What a set tells; its title and date must name no student."""
    if folder is None:
        return Known()
    workset = WorkSet.open(folder)
    settings = read_settings(workset.settings)
    names = NameSearch(roster_spellings(workset))
    for key in ("title", "date"):
        if names.hits(getattr(settings, key)):
            raise FindingsError(
                f"a name from the roster stands in {key} of {workset.settings}; say it without the name, then run "
                "this again."
            )
    return Known(settings, _aliases(workset))


def _aliases(workset: WorkSet) -> tuple[str, ...]:
    """The samples' aliases, or those of all works where they are few; none where nothing is prepared yet."""
    if not workset.manifest.is_file():
        return ()
    if workset.samples.is_file():
        try:
            return tuple(sorted(str(sample["alias"]) for sample in read_json(workset.samples)["samples"]))
        except (KeyError, TypeError):
            raise UnreadableError(f"{workset.samples} is damaged; run `mssw choose` again.") from None
    works = released_works(workset)
    return tuple(works) if len(works) <= MOST_WITHOUT_A_CHOICE else ()


def kit_values(
    session: Session, steps: tuple[TimedStep, ...], known: Known, shared: SharedWords, clock: Clock | None
) -> dict[str, Any]:
    """What ``kit.typ.j2`` prints, but for groups and copies."""
    ends = steps[-1].ends if steps else ""
    minutes = sum(step.minutes for step in steps)
    name = f"Session {session.name}: {session.title}" if session.name in FIVE else session.title
    time = f"{clock} – {ends}" if clock and ends else ""
    return {
        "kit": session.name,
        "title": name,
        "kind": "Looking at student work together" + (f" · {minutes} minutes" if minutes else ""),
        "purpose": session.purpose,
        "aims": session.aims,
        "bring": session.bring,
        "steps": [dataclasses.asdict(step) for step in steps],
        "ends": ends,
        "on_the_clock": clock is not None,
        "date": known.settings.date,
        "time": time,
        "presenters": ", ".join(known.settings.presenting_teachers),
        "task": known.settings.title,
        "aliases": known.aliases,
        "shared": dataclasses.asdict(shared) | {"roles": {str(role): does for role, does in shared.roles.items()}},
    }


def set_pages(values: dict[str, Any], copies: int, paper: str, folder: Path | None) -> tuple[bytes, tuple[int, int]]:
    """The PDF, and its pages in one copy and in all; two-sided, each copy starts on a sheet of its own."""
    data = typeset("kit", values | {"copies": 1, "odd": False}, paper=paper, accessible=True, folder=folder)
    each = every = page_count(data)
    if copies > 1:
        values = values | {"copies": copies, "odd": each % 2 == 1}
        data = typeset("kit", values, paper=paper, accessible=True, folder=folder)
        every = page_count(data)
    return printer_ready(data), (each, every)


def small_groups(session: Session, teachers: int) -> list[dict[str, Any]]:
    """The small groups of each session, or of as many meetings."""
    if not teachers:
        return []
    names = FIVE if session.name in FIVE else [str(number) for number, _ in enumerate(FIVE, start=1)]
    return [
        {"name": name, "groups": one.groups, "roles": {str(role): who for role, who in one.roles.items()}}
        for name, one in zip(names, rotation(teachers, len(names)), strict=True)
    ]
