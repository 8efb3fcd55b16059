"""Print a kit: a session's agenda with its cues, and the charts and pages that the session needs.

In: the words of the kit and, if there is one, a set with its title, date, presenting teachers and aliases. Out: one PDF
with the copies.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mssw.core.paper import check_paper
from mssw.core.sample import MOST_WITHOUT_A_CHOICE
from mssw.core.wording import PrintWords
from mssw.errors import UnreadableError, UsageError, WouldOverwriteError
from mssw.kit.kit_words import FILL_IN, FIVE, KITS, SharedWords, read_session, read_shared_words, read_times, times_text
from mssw.kit.session import (
    FEWEST_PEOPLE,
    MOST_PEOPLE,
    Clock,
    KitSheet,
    Session,
    TimedStep,
    parse_clock,
    rotate_groups,
    time_agenda,
)
from mssw.printing.binding import count_pages, prepare_for_printer
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import template_folder
from mssw.printing.typeset import find_unprintable, typeset
from mssw.workset.allowed_names import check_typed, find_typed_names
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import read_manifest
from mssw.workset.settings import Settings, read_settings

MOST_COPIES = 60
FEWEST_IN_GROUPS = 3  # teachers; fewer are one group


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What a kit prints from a set; without a set, nothing.

    Attributes:
        settings: of the set.
        aliases: of its samples.
        in_packet: the parts of its packet, which the kit need not print again.
    """

    settings: Settings = dataclasses.field(default_factory=Settings)
    aliases: tuple[str, ...] = ()
    in_packet: tuple[str, ...] = ()


def read_set_facts(folder: Path | None) -> SetFacts:
    """Read what a kit prints from a set.

    Raises:
        FindingsError: its title or date names a student.
    """
    if folder is None:
        return SetFacts()
    workset = WorkSet.open(folder)
    settings = read_settings(workset.settings)
    texts = [(f"“{key}” in {workset.settings}", getattr(settings, key)) for key in ("title", "date")]
    check_typed(find_typed_names(workset), texts, "please take it out, then run this again.")
    return SetFacts(settings, _aliases(workset), _parts_of_packet(workset))


#: What a kit has and a packet may have too: the packet's part, and the sheets of the kit.
_IN_BOTH = {
    "agenda": ("agenda",),
    "norms": ("norms",),
    "notes": ("notes",),
}


def _parts_of_packet(workset: WorkSet) -> tuple[str, ...]:
    """The parts of the packet that was printed for this set, which colleagues bring to the session."""
    if not workset.manifest.is_file() or not workset.packets():
        return ()
    packet = read_manifest(workset).packet
    return tuple(packet.parts or ()) if packet else ()


def _aliases(workset: WorkSet) -> tuple[str, ...]:
    """The samples' aliases, or all aliases if there are few; none if nothing is prepared yet."""
    if not workset.manifest.is_file():
        return ()
    chosen = read_chosen(workset)
    if chosen is not None:
        return tuple(sorted(chosen))
    released = released_responses(workset)
    return tuple(released) if len(released) <= MOST_WITHOUT_A_CHOICE else ()


def kit_values(
    session: Session,
    steps: tuple[TimedStep, ...],
    facts: SetFacts,
    shared: SharedWords,
    words: PrintWords,
    *,
    on_the_clock: bool,
) -> dict[str, Any]:
    """The values for ``kit.typ.j2``, without groups and copies."""
    ends = steps[-1].ends if steps else ""
    minutes = sum(step.minutes for step in steps)
    name = session.title
    if session.name in FIVE:
        name = words.text("sessions.named", letter=session.name, title=session.title)
    occasion = words.text("common.occasion")
    left_out = [part for one in facts.in_packet for part in _IN_BOTH.get(one, ())]
    return {
        "kit": session.name,
        "title": name,
        "kind": words.text("kit.kind", occasion=occasion, minutes=minutes) if minutes else occasion,
        "purpose": session.purpose,
        "aims": session.aims,
        "bring": session.bring,
        "steps": [dataclasses.asdict(step) for step in steps],
        "ends": ends,
        "on_the_clock": on_the_clock,
        "date": facts.settings.date,
        "time": f"{steps[0].begins} – {ends}" if on_the_clock and steps else "",
        "presenters": ", ".join(facts.settings.presenting_teachers),
        "task": facts.settings.title,
        "aliases": facts.aliases,
        "shared": dataclasses.asdict(shared) | {"roles": {str(role): does for role, does in shared.roles.items()}},
        "has_presenter": session.has_presenter,
        "has_roles": session.has_roles,
        "sheets": [_sheet_values(sheet) for sheet in session.sheets],
        "left_out": left_out,
        "for_each": any(sheet.each and sheet.kind not in left_out for sheet in session.sheets),
    }


def _sheet_values(sheet: KitSheet) -> dict[str, Any]:
    checks = [{"title": title, "lines": lines} for title, lines in sheet.checks]
    return dataclasses.asdict(sheet) | {"checks": checks}


@dataclass(frozen=True, slots=True)
class KitPages:
    """How many pages a kit has: for the table, for each person, and in the file."""

    table: int
    each: int
    every: int


def typeset_pages(
    values: dict[str, Any], copies: int, paper: str, folder: Path | None, words: PrintWords
) -> tuple[bytes, KitPages]:
    """The PDF, and how many pages it has. What is for the table is in it once, what is for each person in each copy.

    Each copy starts on a sheet of its own, so the pages are counted first.
    """
    even = {"table": False, "each": False}

    def printed(copies: int, odd: dict[str, bool]) -> bytes:
        more = values | {"copies": copies, "odd": odd}
        return typeset("kit", more, paper=paper, accessible=True, folder=folder, words=words)

    if not values["for_each"]:
        data = printed(0, even)
        return prepare_for_printer(data), KitPages(count_pages(data), 0, count_pages(data))
    table = count_pages(printed(0, even))
    odd = {"table": table % 2 == 1, "each": False}
    data = printed(1, odd)
    each = count_pages(data) - table - odd["table"]
    if copies > 1:
        data = printed(copies, odd | {"each": each % 2 == 1})
    return prepare_for_printer(data), KitPages(table, each, count_pages(data))


def small_groups(session: Session, teachers: int) -> list[dict[str, Any]]:
    """The small groups of each session, or of as many meetings as there are sessions; none if nobody needs them."""
    if teachers < FEWEST_IN_GROUPS or not session.has_groups:
        return []
    names = FIVE if session.name in FIVE else [str(number) for number, _ in enumerate(FIVE, start=1)]
    return [
        {"name": name, "groups": one.groups, "roles": {str(role): who for role, who in one.roles.items()}}
        for name, one in zip(names, rotate_groups(teachers, len(names)), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class KitOptions:
    """How a kit is printed.

    Attributes:
        kit: one of ``KITS``, in any case of letters.
        start: the time of day at which it begins; empty for none.
        teachers: make small groups for so many; 0 for none.
        names: of these teachers; empty where they are numbered.
        times: a times file.
        templates: a folder of the school's own; None takes the set's own, else ours.
        workset: the set that gives title, date, presenting teachers and aliases.
        copies: how many are in the file.
        paper: ``letter`` or ``a4``; None takes the set's, else Letter.
        language: of the print; None takes the set's, else English as the paper has it.
        into: the folder for the PDF.
        out: the PDF's own path, instead.
        replace: whether a different file may be overwritten.
        dry_run: write nothing.
    """

    kit: str
    start: str = ""
    teachers: int = 0
    names: tuple[str, ...] = ()
    times: Path | None = None
    templates: Path | None = None
    workset: Path | None = None
    copies: int = 1
    paper: str | None = None
    language: str | None = None
    into: Path | None = None
    out: Path | None = None
    replace: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class KitReport:
    """What was printed, or would be.

    Attributes:
        kit: its name.
        title: as on the first page.
        file: the PDF.
        pages: for the table, for each person, and in the file.
        copies: in the file.
        paper: ``letter`` or ``a4``.
        steps: the agenda on the clock; empty for a form.
        ends: the time at which it ends.
        remarks: what the user should know, each a sentence.
        written: whether the file was written; it is not if it was there already, or in a dry run.
        dry_run: whether nothing should be written.
    """

    kit: str
    title: str
    file: Path
    pages: KitPages
    copies: int
    paper: str
    steps: tuple[TimedStep, ...]
    ends: str
    remarks: tuple[str, ...]
    written: bool
    dry_run: bool

    @property
    def minutes(self) -> int:
        """How long the session takes."""
        return sum(step.minutes for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """The report for a script."""
        return {
            "kit": self.kit,
            "title": self.title,
            "file": str(self.file),
            "written": self.written,
            "paper": self.paper,
            "copies": self.copies,
            "pages": self.pages.every,
            "pages_for_table": self.pages.table,
            "pages_a_copy": self.pages.each,
            "minutes": self.minutes,
            "ends": self.ends,
            "steps": [dataclasses.asdict(step) for step in self.steps],
            "remarks": list(self.remarks),
        }


def make_kit(options: KitOptions) -> KitReport:
    """Set a kit and write its PDF.

    Raises:
        UsageError: an option makes no sense.
        UnreadableError: a file cannot be read or has problems.
        FindingsError: the set's title or date names a student.
        WouldOverwriteError: a different file is there already.
    """
    kit = _find_kit(options.kit)
    facts = read_set_facts(options.workset)
    folder = _find_templates(options.templates, options.workset, facts.settings)
    paper = options.paper or (facts.settings.paper if options.workset else "letter")
    settings = facts.settings
    language = settings.language if options.language is None else options.language
    words = read_words(choose_language(language, settings.english, paper), folder)
    session = _read_session_with_times(options, read_session(kit, folder, words))
    clock = _read_start(options.start)
    steps = time_agenda(session, words, clock)
    shared = read_shared_words(folder, words)
    teachers = len(options.names) or options.teachers
    values = kit_values(session, steps, facts, shared, words, on_the_clock=clock is not None) | {
        "teachers": teachers,
        "names": options.names,
        "rounds": small_groups(session, teachers),
    }
    place = options.out or (options.into or Path()) / f"kit-{kit}-{paper}.pdf"
    data, pages = typeset_pages(values, options.copies, paper, folder, words)
    written = write_kit_file(place, data, replace=options.replace, dry_run=options.dry_run)
    if written and facts.aliases:
        _note(options, place, facts)
    return KitReport(
        kit=kit,
        title=str(values["title"]),
        file=place,
        pages=pages,
        copies=options.copies,
        paper=paper,
        steps=steps,
        ends=steps[-1].ends if steps else "",
        remarks=_remarks(values, session, teachers),
        written=written,
        dry_run=options.dry_run,
    )


def _read_session_with_times(options: KitOptions, session: Session) -> Session:
    """The session with the school's own times, where they are given; without them its steps must add up."""
    _check_options(options, session)
    if options.times is not None:
        return read_times(options.times, session)
    if session.minutes != session.total:
        raise UnreadableError(
            f"the steps of kit {options.kit} add up to {session.minutes} minutes, but its total is {session.total}; "
            "please correct its file in your templates."
        )
    return session


def write_times(kit: str, place: Path, templates: Path | None = None, *, dry_run: bool = False) -> Session:
    """Write the minutes of a kit to a file that a person can edit.

    Raises:
        UsageError: there is no such kit, or it has no agenda.
        WouldOverwriteError: the file is there.
    """
    session = read_session(_find_kit(kit), _find_templates(templates))
    if not session.steps:
        raise UsageError(f"the {session.name} kit is a form with no agenda, so it has no times to write.")
    if place.exists():
        raise WouldOverwriteError(f"{place} already exists; choose another name, so that you do not lose it.")
    if not dry_run:
        write_bytes(place, times_text(session).encode(), private=False)
    return session


def list_kits(templates: Path | None = None) -> list[Session]:
    """Every kit, in its order, then the sheets to fill in."""
    return [read_session(kit, _find_templates(templates)) for kit in (*KITS, *FILL_IN)]


def _find_templates(
    templates: Path | None, workset: Path | None = None, settings: Settings | None = None
) -> Path | None:
    """The folder of templates that goes before ours, with a set or without one."""
    return template_folder(WorkSet(workset or Path()), settings or Settings(), templates)


def _find_kit(name: str) -> str:
    kits = {kit.casefold(): kit for kit in KITS}
    if name.casefold() not in kits:
        raise UsageError(f"there is no kit {name}; choose one of {', '.join((*KITS, *FILL_IN))} (`mssw kit --list`).")
    return kits[name.casefold()]


def _check_options(options: KitOptions, session: Session) -> None:
    check_paper(options.paper)
    if not 1 <= options.copies <= MOST_COPIES:
        raise UsageError(f"--copies must be from 1 to {MOST_COPIES}; for more, print the file again.")
    teachers = len(options.names) or options.teachers
    if teachers and not FEWEST_PEOPLE <= teachers <= MOST_PEOPLE:
        raise UsageError(
            f"--teachers must be from {FEWEST_PEOPLE} to {MOST_PEOPLE}: looking together needs at least "
            f"{FEWEST_PEOPLE}, and groups of more than {MOST_PEOPLE} do better in two sessions."
        )
    if options.into is not None and options.out is not None:
        raise UsageError("--into and --out both set where the file goes; use only one of them.")
    if not session.steps and (options.start or teachers or options.times is not None):
        raise UsageError(
            f"the {session.name} kit is a form with no agenda, so --start, --times and --teachers do not apply. Leave "
            "them out."
        )


def _read_start(start: str) -> Clock | None:
    if not start:
        return None
    try:
        return parse_clock(start)
    except ValueError:
        raise UsageError(f"--start {start} is not a time of day; write it like 15:30 or 3:30pm.") from None


def _remarks(values: dict[str, Any], session: Session, teachers: int) -> tuple[str, ...]:
    remarks = []
    if values["left_out"]:
        parts = " and ".join((", ".join(values["left_out"][:-1]), values["left_out"][-1])).removeprefix(" and ")
        remarks.append(f"The packet of this set already has the {parts}, so the kit leaves them out.")
    if session.name in FIVE and 0 < teachers < FEWEST_IN_GROUPS:
        remarks.append("With two teachers there are no small groups: do those steps together.")
    lacking = find_unprintable(str(values[key]) for key in ("task", "date", "presenters"))
    if lacking:
        remarks.append(f"Our fonts cannot print {' '.join(lacking)}; you see □ instead.")
    return tuple(remarks)


def _note(options: KitOptions, place: Path, facts: SetFacts) -> None:
    """Note in the set's log that its aliases are on a kit; not where its private folder was deleted on purpose."""
    workset = WorkSet(options.workset or Path())
    if workset.private.is_dir():
        with workset.locked():
            note_handed_out(
                workset, Handing.KIT, facts.aliases, files=[place.name], copies=options.copies, pictures=False
            )


def write_kit_file(place: Path, data: bytes, *, replace: bool, dry_run: bool) -> bool:
    """Write a kit's PDF; False if the same one is there already, or in a dry run.

    Raises:
        UsageError: it is a folder.
        WouldOverwriteError: a different file is there.
    """
    if place.is_dir():
        raise UsageError(f"{place} is a folder; use --into for a folder, or give --out a file name.")
    if place.exists() and not replace:
        if place.read_bytes() == data:
            return False
        raise WouldOverwriteError(
            f"{place} already exists and is different; choose another name with --out, or overwrite it with --replace."
        )
    if not dry_run:
        write_bytes(place, data, private=False)
    return not dry_run
