"""A schedule: who presents in which session, when and where.

``add_slot`` adds what is known of a session, ``list_reminders`` says what to think of, and ``read_schedule`` reads a
sheet that a person filled in, with every problem and its cell.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from mssw.core.cell_names import cell_name
from mssw.core.wording import PrintWords
from mssw.kit.session import parse_clock
from mssw.names.letters import fold_letters, remove_accents

#: The five sessions of the protocol.
LETTERS = "ABCDE"
#: Meetings of other kinds, with the words by which people write each in a sheet. A second one is ``coassess 2``.
OTHERS = {
    "coassess": ("coassess", "coassessing"),
    "feedback": ("feedback", "feedbackgroup"),
    "atlas": ("atlas",),
    "tuning": ("tuning",),
    "cac": ("cac", "collaborativeassessmentconference"),
}
#: Sessions whose presenters are settled at the end of session A; to E everybody brings a task of their own.
SETTLED_IN_A = "BCD"
#: Sessions to which everyone brings something, so that nobody has to sign up for them.
EVERYONE = ("E", "coassess")
MOST_TEACHERS = 3
_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Slot:
    """One session.

    Attributes:
        session: ``A`` to ``E``, or another kind, such as ``coassess``; a second meeting of that kind is ``coassess 2``.
        date: None if still open.
        start: None if still open.
        place: empty if still open.
        teachers: the presenting teachers, three at most.
        task: the task of which all of them bring responses; empty if still open.
    """

    session: str
    date: dt.date | None = None
    start: dt.time | None = None
    place: str = ""
    teachers: tuple[str, ...] = ()
    task: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The sessions of a group, in their order, each at most once."""

    title: str = ""
    slots: tuple[Slot, ...] = ()

    def of(self, session: str) -> Slot:
        """The slot of a session; an empty one if it has none."""
        return next((slot for slot in self.slots if slot.session == session), Slot(session))

    def with_slot(self, slot: Slot) -> Schedule:
        """The schedule with this slot in place of the session's old one."""
        others = [one for one in self.slots if one.session != slot.session]
        return replace(self, slots=tuple(sorted([*others, slot], key=lambda one: order_of(one.session))))

    def list_slots(self) -> tuple[Slot, ...]:
        """What a schedule shows: the five sessions, filled in or not, then the others by their dates.

        A schedule that has only other meetings shows those alone.
        """
        others = [slot for slot in self.slots if slot.session not in LETTERS]
        others.sort(key=lambda slot: (slot.date or dt.date.max, order_of(slot.session)))
        five = tuple(map(self.of, LETTERS)) if len(others) < len(self.slots) or not others else ()
        return (*five, *others)


def order_of(session: str) -> tuple[int, int]:
    """The place of a session among others: A to E, then the other kinds, each with its numbers in order."""
    kind, number = split_session(session)
    return [*LETTERS, *OTHERS].index(kind), number


def split_session(session: str) -> tuple[str, int]:
    """The kind of a session, and the number of the meeting: ``coassess 2`` is ``coassess`` and 2."""
    kind, _, number = session.partition(" ")
    return kind, int(number or 1)


def add_slot(
    schedule: Schedule, slot: Slot, words: PrintWords, *, replaced: bool = False
) -> tuple[Schedule, tuple[str, ...], tuple[str, ...]]:
    """Add what is known of a session.

    Args:
        schedule: the schedule so far.
        slot: what is new. Empty fields leave the old values; its teachers join those of before.
        words: of the reader, for dates and times in messages.
        replaced: whether it may replace old values; its teachers then take the place of those of before.

    Returns:
        The schedule; what makes no sense; what would be lost. Use it only if the other two are empty.
    """
    before = schedule.of(slot.session)
    teachers = (
        slot.teachers
        if replaced and slot.teachers
        else before.teachers
        + tuple(one for one in slot.teachers if fold_letters(one) not in set(map(fold_letters, before.teachers)))
    )
    wrong = []
    if len(teachers) > MOST_TEACHERS:
        wrong.append(
            f"session {slot.session} would have {len(teachers)} presenting teachers, but can have at most "
            f"{MOST_TEACHERS}"
        )
    if slot.task and before.task and fold_letters(slot.task) != fold_letters(before.task) and not replaced:
        wrong.append(
            f"session {slot.session} already has the task “{before.task}”, and everyone presenting in a "
            "session brings the same one. Choose another session or use that task"
        )
    lost = [] if replaced else _list_lost(before, slot, words)
    merged = Slot(
        slot.session,
        slot.date or before.date,
        slot.start or before.start,
        slot.place or before.place,
        teachers,
        slot.task or before.task,
    )
    return schedule.with_slot(merged), tuple(wrong), tuple(lost)


def _list_lost(before: Slot, slot: Slot, words: PrintWords) -> list[str]:
    """What is filled in already, and would be overwritten with something else."""
    days = [one.date and words.day(one.date) for one in (before, slot)]
    starts = [one.start and format_start(one.start, words) for one in (before, slot)]
    places = [one.place for one in (before, slot)]
    return [
        f"session {slot.session} already has the {name} {old}"
        for name, (old, new) in (("date", days), ("start", starts), ("place", places))
        if old and new and old != new
    ]


def format_start(start: dt.time, words: PrintWords) -> str:
    """A time of day as the reader writes it."""
    return words.clock(start.hour * 60 + start.minute)


def name_session(session: str, words: PrintWords) -> str:
    """What people call a session: ``Session B``, ``Co-assessing``, ``Co-assessing 2``."""
    kind, number = split_session(session)
    if kind in LETTERS:
        return words.text("schedule.session", letter=kind)
    name = words.text(f"sessions.{kind}")
    return name if number == 1 else f"{name} {number}"


def list_reminders(schedule: Schedule, words: PrintWords) -> tuple[str, ...]:
    """What a group may want to think of, in a schedule without problems."""
    reminders = []
    slots = schedule.list_slots()
    five = [slot for slot in slots if slot.session in LETTERS]
    unsettled = [slot.session for slot in five if slot.session in SETTLED_IN_A and not (slot.teachers and slot.task)]
    if unsettled:
        reminders.append(words.text("schedule.settle", sessions=words.join(unsettled)))
    alone = [slot.session for slot in five if len(slot.teachers) == 1 and slot.session not in EVERYONE]
    if alone:
        reminders.append(words.text("schedule.alone", sessions=", ".join(alone)))
    reminders += [
        words.text("schedule.order", later=later.session, earlier=earlier.session)
        for earlier, later in pairwise([slot for slot in five if slot.date])
        if earlier.date and later.date and later.date < earlier.date
    ]
    reminders += [
        words.text(
            "schedule.weekend",
            session=name_session(slot.session, words),
            weekday=words.texts("time.weekdays")[slot.date.weekday()],
        )
        for slot in slots
        if slot.date and slot.date.weekday() in _WEEKEND
    ]
    return tuple(reminders)


HEAD = (
    "Session",
    "Date",
    "Start",
    "Place",
    "Presenting teacher 1",
    "Presenting teacher 2",
    "Presenting teacher 3",
    "Task",
)
SESSION, DATE, START, PLACE, TEACHER, _, _, TASK = range(len(HEAD))
SESSION_SAID = "a letter from A to E, or coassess, feedback, atlas, tuning or cac"
LONGEST = 300
_FIRST_LINES = 15  # the head is looked for in these, because people put lines above it
_DATE_SAID = "write it like 2027-03-12 or March 12, 2027"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_WEEKDAYS = re.compile(r"^(?:[a-z]+day|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b")
_SMALL_SIGNS = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|\bdel?\b|[.,]")


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The cells of a schedule's sheet.

    Attributes:
        rows: the cells' texts, the first row being line 1.
        formulas: cells with a formula, as (line, column) from 1 and 0.
        merged: ranges of merged cells, such as ``C5:C7``.
    """

    rows: Sequence[Sequence[str]]
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[str, ...] = ()

    def cell(self, line: int, column: int) -> str:
        """A cell's text on one line; empty if there is none."""
        row = self.rows[line - 1] if 0 < line <= len(self.rows) else ()
        return " ".join(row[column].split()) if column < len(row) else ""


@dataclass
class _Reading:
    """What was read so far; ``found_in`` has the cell where each value was found first."""

    sheet: SheetRows
    columns: dict[int, int]
    problems: list[str] = field(default_factory=list)
    slots: dict[str, Slot] = field(default_factory=dict)
    found_in: dict[tuple[str, str], str] = field(default_factory=dict)


def read_schedule(sheet: SheetRows) -> tuple[Schedule, tuple[str, ...]]:
    """Read a sheet: the schedule, and its problems, each with its cell. Use the schedule only if there are none."""
    head = find_head(sheet)
    if head is None:
        return Schedule(), (f"A1: the header row is missing; it should have {', '.join(HEAD)}",)
    line, columns = head
    reading = _Reading(sheet, columns)
    for area in sheet.merged:
        reading.problems.append(f"{area}: these cells are merged; split them, so that each session has its own row")
    for at in (place for place, name in enumerate(HEAD) if place not in columns and not name.endswith(("2", "3"))):
        reading.problems.append(f"row {line}: the header “{HEAD[at]}” is missing; please put it back")
    for number in range(line + 1, len(sheet.rows) + 1):
        _read_row(reading, number)
    slots = tuple(reading.slots[session] for session in sorted(reading.slots, key=order_of))
    title = next((text for row in range(1, line) if (text := _read_title(sheet, row))), "")
    return Schedule(title, slots), tuple(reading.problems)


def find_head(sheet: SheetRows) -> tuple[int, dict[int, int]] | None:
    """The line of the head, and the sheet's column for each of ours; None if there is no head."""
    best: tuple[int, dict[int, int]] | None = None
    for line in range(1, min(_FIRST_LINES, len(sheet.rows)) + 1):
        keys = [fold_letters(sheet.cell(line, column)) for column in range(len(sheet.rows[line - 1]))]
        columns = {
            place: keys.index(fold_letters(name)) for place, name in enumerate(HEAD) if fold_letters(name) in keys
        }
        if len(columns) > len(best[1] if best else ()):
            best = line, columns
    return best if best and SESSION in best[1] and len(best[1]) >= len(HEAD) // 2 else None


def parse_date(text: str) -> dt.date:
    """Read a date as people write it: ``2027-03-12``, ``12 March 2027``, ``March 12, 2027``, ``12 de marzo de 2027``.

    Raises:
        ValueError: it is not a date, or can be read in two ways.
    """
    typed = remove_accents(" ".join(text.split())).casefold()
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", typed):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] != "." and one != other and max(one, other) <= len(_MONTHS):
            raise ValueError(f"can be read in two ways; {_DATE_SAID}")
        day, month = (other, one) if found[2] != "." and other > len(_MONTHS) else (one, other)
    elif found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]00:00(?::00)?)?", typed):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        year, month, day = _parse_month_in_words(typed)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"is not a date with a year; {_DATE_SAID}") from None


def _parse_month_in_words(typed: str) -> tuple[int, int, int]:
    """Year, month and day of a date with its month in words; zeros if it is not one."""
    words = _SMALL_SIGNS.sub(" ", _WEEKDAYS.sub(" ", typed)).split()
    numbers = [word for word in words if word.isdecimal()]
    months = [word[:3] for word in words if not word.isdecimal()]
    if len(words) != len(("day", "month", "year")) or len(months) != 1:
        return 0, 0, 0
    named = next((names for names in (_MONTHS, _MONTHS_ES) if months[0] in names), None)
    if named is None:
        return 0, 0, 0
    day, year = numbers if len(numbers[1]) == len("2027") else ("0", "0")
    return int(year), named.index(months[0]) + 1, int(day)


def parse_start(text: str) -> dt.time:
    """Read a time of day as people write it.

    Raises:
        ValueError: it is not a time of day.
    """
    typed = " ".join(text.split())
    if found := re.fullmatch(r"(\d{1,2}:\d{2}):00", typed):  # with seconds, as spreadsheets have it
        typed = found[1]
    if re.fullmatch(r"\d{1,2}", typed):
        raise ValueError("is not a time of day; write it like 15:30 or 3:30 pm")
    try:
        minute = parse_clock(typed).minute
    except ValueError:
        raise ValueError("is not a time of day; write it like 15:30 or 3:30 pm") from None
    return dt.time(minute // 60, minute % 60)


def _read_row(reading: _Reading, line: int) -> None:
    cells = {place: reading.sheet.cell(line, column) for place, column in reading.columns.items()}
    if not any(cells.values()):
        return
    for place, column in reading.columns.items():
        name = cell_name(line, column)
        if (line, column) in reading.sheet.formulas:
            reading.problems.append(f"{name}: this is a formula; please type the words instead")
        elif len(cells[place]) > LONGEST:
            reading.problems.append(f"{name}: this has {len(cells[place])} letters, but only {LONGEST} can be printed")
    session = find_session(cells.get(SESSION, ""))
    if session is None:
        why = f"not “{cells.get(SESSION, '')}”" if cells.get(SESSION) else "this cell is empty"
        where = cell_name(line, reading.columns[SESSION])
        reading.problems.append(f"{where}: the session must be {SESSION_SAID}; {why}")
        return
    _merge(reading, session, line, cells)


def _merge(reading: _Reading, session: str, line: int, cells: dict[int, str]) -> None:
    """Add a row to its session. A session may have several rows, one for each presenting teacher, that agree."""
    before = reading.slots.get(session, Slot(session))
    values: dict[str, object] = {}
    for key, place in (("date", DATE), ("start", START), ("place", PLACE), ("task", TASK)):
        text = cells.get(place, "")
        where = cell_name(line, reading.columns.get(place, 0))
        if not text:
            continue
        try:
            value: object = {"date": parse_date, "start": parse_start}.get(key, str)(text)
        except ValueError as error:
            reading.problems.append(f"{where}: “{text}” {error}")
            continue
        old = getattr(before, key)
        if old and fold_letters(str(old)) != fold_letters(str(value)):
            first = reading.found_in[session, key]
            same = "everyone presenting in a session brings the same task" if key == "task" else f"it has one {key}"
            reading.problems.append(f"{where}: session {session} has a different {key} in {first}; {same}")
            continue
        values[key] = old or value
        reading.found_in.setdefault((session, key), where)
    teachers = list(before.teachers)
    for place in range(TEACHER, TEACHER + MOST_TEACHERS):
        name = cells.get(place, "")
        where = cell_name(line, reading.columns.get(place, 0))
        if name and fold_letters(name) in map(fold_letters, teachers):
            reading.problems.append(f"{where}: this teacher is already in session {session}; remove one of the two")
        elif name and len(teachers) == MOST_TEACHERS:
            reading.problems.append(f"{where}: a session can have at most {MOST_TEACHERS} presenting teachers")
        elif name:
            teachers.append(name)
    reading.slots[session] = replace(before, teachers=tuple(teachers), **values)  # type: ignore[arg-type]  # by their keys


def find_session(text: str) -> str | None:
    """The session that a text means, however it is written.

    >>> find_session("session b"), find_session("B · learning gaps"), find_session("Co-assessing 2"), find_session("F")
    ('B', 'B', 'coassess 2', None)
    """
    typed = " ".join(text.split())
    if found := re.fullmatch(r"(?:session\s+)?([a-e])(?:\W.*)?", typed, re.IGNORECASE):
        return found[1].upper()
    short = re.split(r"\s[·:–-]\s|:(?:\s|$)", typed)[0]
    number = short[len(short.rstrip("0123456789")) :]
    name = short.removesuffix(number)
    kind = next((kind for kind, names in OTHERS.items() if fold_letters(name) in names), None)
    if kind is None or number.startswith("0") or len(number) > 2:  # noqa: PLR2004 - nobody meets a hundred times
        return None
    return kind if number in {"", "1"} else f"{kind} {number}"


def _read_title(sheet: SheetRows, line: int) -> str:
    """The title: the cell beside “Schedule” above the head."""
    row = sheet.rows[line - 1]
    return sheet.cell(line, 1) if len(row) > 1 and fold_letters(sheet.cell(line, 0)) == "schedule" else ""
