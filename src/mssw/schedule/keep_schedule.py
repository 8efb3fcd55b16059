"""A group's schedule in a workbook: written, filled in, checked, printed, and exported to calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mssw.core.cell_names import cell_name
from mssw.core.paper import PAPERS
from mssw.errors import ListedProblemsError, UnreadableError, UsageError, WouldOverwriteError
from mssw.kit.kit_words import read_session
from mssw.printing.typeset import typeset
from mssw.schedule.schedule_rows import (
    LETTERS,
    SESSION,
    Schedule,
    Slot,
    add_slot,
    find_head,
    find_session,
    list_reminders,
    parse_date,
    parse_start,
    read_schedule,
)
from mssw.schedule.schedule_workbook import change_schedule_book, make_schedule_book, read_schedule_sheet
from mssw.workset.folder import write_bytes

SUFFIX = ".xlsx"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SET_BY_US = b"Typst"  # in each PDF that we make


class ScheduleProblemsError(ListedProblemsError):
    """A schedule with problems, which the message lists."""

    advice = "put it right there, save it, and run this again"


@dataclass(frozen=True, slots=True)
class WrittenSchedule:
    """A file that was made from a schedule.

    Attributes:
        file: its path.
        written: whether it was written, or only tried.
        left_out: sessions that have no day yet, and so no event.
    """

    file: str
    written: bool
    left_out: tuple[str, ...] = ()


def load_schedule(path: Path) -> Schedule:
    """Read the schedule in a workbook, or in a text file with separators.

    Raises:
        ScheduleProblemsError: it has problems; the message lists them with their cells.
        UnreadableError: it is not a table.
    """
    schedule, problems = read_schedule(read_schedule_sheet(path))
    if problems:
        raise ScheduleProblemsError(path.name, problems)
    return replace(schedule, title=schedule.title or path.stem)


def new_schedule(path: Path, title: str, given: Slot, *, dry_run: bool) -> Schedule:
    """Write a new workbook with the five sessions, all at the same place and time.

    Raises:
        UsageError: the file is not called .xlsx.
        WouldOverwriteError: there is a file of that name.
    """
    if path.suffix.casefold() != SUFFIX:
        raise UsageError(f"{path} is to be an Excel workbook; call it {path.with_suffix(SUFFIX).name}.")
    if path.exists():
        raise WouldOverwriteError(
            f"{path} is there already; `mssw schedule add` fills it in, or choose another name for a new one."
        )
    slots = tuple(replace(given, session=letter) for letter in LETTERS)
    schedule = Schedule(title or path.stem, slots)
    if not dry_run:
        write_bytes(path, make_schedule_book(schedule), private=False)
    return schedule


def add_to_schedule(path: Path, slot: Slot, *, replaced: bool, dry_run: bool) -> Schedule:
    """Fill in what is known of a session in its row of the workbook; everything else stays.

    Raises:
        UsageError: it contradicts the row: another task, a fourth teacher.
        WouldOverwriteError: the row has another date, time or place.
    """
    schedule, wrong, lost = add_slot(load_schedule(path), slot, replaced=replaced)
    if wrong:
        raise UsageError(f"{'; '.join(wrong)}.")
    if lost:
        raise WouldOverwriteError(f"{'; '.join(lost)}; say --replace to change it. Nothing was written.")
    sheet = read_schedule_sheet(path)
    head = find_head(sheet)
    if head is None:  # pragma: no cover: it was read a moment ago
        raise UnreadableError(f"{path} changed just now; run this again.")
    line, columns = head
    rows = [
        row
        for row in range(line + 1, len(sheet.rows) + 1)
        if find_session(sheet.cell(row, columns[SESSION])) == slot.session
    ]
    if len(rows) > 1:
        cells = " and ".join(cell_name(row, columns[SESSION]) for row in rows)
        raise UsageError(f"session {slot.session} has several rows in {path.name}, {cells}; change it there by hand.")
    data = change_schedule_book(path, rows[0] if rows else len(sheet.rows) + 1, columns, schedule.of(slot.session))
    if not dry_run:
        write_bytes(path, data, private=False)
    return schedule


def read_slot(session: str, date: str, start: str, place: str, teachers: Sequence[str], task: str) -> Slot:
    """Read what a person says of a session on the command line.

    Raises:
        UsageError: a letter, date or time cannot be read.
    """
    letter = find_session(session) if session else "A"
    if letter is None:
        raise UsageError(f"--session takes a letter from A to E, and “{session}” is none.")
    day: dt.date | None = None
    hour: dt.time | None = None
    try:
        day = parse_date(date) if date else None
    except ValueError as error:
        raise UsageError(f"--date “{date}” {error}.") from None
    try:
        hour = parse_start(start) if start else None
    except ValueError as error:
        raise UsageError(f"--start “{start}” {error}.") from None
    names = tuple(dict.fromkeys(" ".join(name.split()) for name in teachers if name.strip()))
    return Slot(letter, day, hour, " ".join(place.split()), names, " ".join(task.split()))


def as_rows(schedule: Schedule) -> list[dict[str, Any]]:
    """Every session for scripts; one without a row is open."""
    return [
        {
            "session": slot.session,
            "date": slot.date.isoformat() if slot.date else "",
            "start": f"{slot.start:%H:%M}" if slot.start else "",
            "place": slot.place,
            "teachers": list(slot.teachers),
            "task": slot.task,
        }
        for slot in map(schedule.of, LETTERS)
    ]


def print_schedule(
    path: Path, out: Path | None, *, paper: str, templates: Path | None, replaced: bool, dry_run: bool
) -> WrittenSchedule:
    """Print the schedule as a table, to ``NAME.pdf`` beside it or to another place.

    Raises:
        WouldOverwriteError: a file that mssw did not make is there.
    """
    if paper not in PAPERS:
        raise UsageError(f"--paper {paper} is not known; take {' or '.join(PAPERS)}.")
    schedule = load_schedule(path)
    rows = []
    for row, slot in zip(as_rows(schedule), map(schedule.of, LETTERS), strict=True):
        name = read_session(slot.session, templates)
        rows.append(row | {"name": name.title, "day": _format_day(slot.date), "hours": _format_hours(slot, name.total)})
    values = {"title": schedule.title, "rows": rows, "reminders": list(list_reminders(schedule))}
    data = typeset("schedule", values, paper=paper, folder=templates)
    return _write_file(out or path.with_suffix(".pdf"), data, _SET_BY_US, replaced=replaced, dry_run=dry_run)


def write_calendar(
    path: Path, out: Path | None, *, zone: str, minutes: int | None, replaced: bool, dry_run: bool
) -> WrittenSchedule:
    """Write the sessions that have a day for calendar programs, to ``NAME.ics`` beside it or to another place.

    Raises:
        UsageError: no session has its day yet, or the zone is not known.
        WouldOverwriteError: a file that mssw did not make is there.
    """
    from mssw.schedule.calendar_file import PRODID, Event, calendar_bytes  # noqa: PLC0415 - its time zones are slow to load

    schedule = load_schedule(path)
    target = out or path.with_suffix(".ics")
    dated = [slot for slot in schedule.slots if slot.date]
    if not dated:
        raise UsageError(f"no session in {path.name} has its date yet; put one in, or add it with `mssw schedule add`.")
    events = []
    for slot in dated:
        name = read_session(slot.session)
        lines = [name.purpose]
        lines += [f"Presenting: {', '.join(slot.teachers)}"] if slot.teachers else []
        lines += [f"Task: {slot.task}"] if slot.task else []
        summary = f"Session {slot.session} · {name.title}"
        takes = minutes or name.total
        if slot.date:
            own = f"{path.resolve().parent.name}/{path.stem}/{slot.session}"  # two groups may share a title
            events.append(Event(own, summary, slot.date, slot.start, takes, slot.place, "\n".join(lines)))
    before = target.read_bytes() if target.is_file() else b""
    data = calendar_bytes(schedule.title, events, zone=zone, before=before)
    done = _write_file(target, data, PRODID.encode(), replaced=replaced, dry_run=dry_run)
    return replace(done, left_out=tuple(one for one in LETTERS if not schedule.of(one).date))


def _write_file(path: Path, data: bytes, mark: bytes, *, replaced: bool, dry_run: bool) -> WrittenSchedule:
    """Write a file, but never over one that mssw did not make. ``mark`` is in each that it made."""
    before = path.read_bytes() if path.is_file() else b""
    if (before and mark not in before and not replaced) or path.is_dir():
        raise WouldOverwriteError(
            f"{path} is there and not of mssw's making; choose another place with --out, or say --replace."
        )
    if not dry_run:
        write_bytes(path, data, private=False)
    return WrittenSchedule(str(path), not dry_run)


def _format_day(date: dt.date | None) -> str:
    """A date in words, the same in every locale."""
    if date is None:
        return ""
    return f"{_DAYS[date.weekday()]}, {date.day} {_MONTHS[date.month - 1]} {date.year}"


def _format_hours(slot: Slot, minutes: int) -> str:
    if slot.start is None:
        return ""
    ends = (dt.datetime.combine(dt.date(2000, 1, 1), slot.start) + dt.timedelta(minutes=minutes)).time()
    return f"{slot.start:%H:%M} – {ends:%H:%M}"
