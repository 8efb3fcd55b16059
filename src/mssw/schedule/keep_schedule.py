"""A group's schedule in a workbook: written, filled in, checked, printed, and exported to calendars.

The workbook always has the same bytes for the same schedule. It is read cell by cell, and a change touches one row.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from mssw.core.cell_names import cell_name
from mssw.core.paper import check_paper
from mssw.core.shell_words import quote_word
from mssw.core.wording import PrintWords
from mssw.errors import ListedProblemsError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.workbooks import open_workbook, read_cells, read_table, without_clock, write_cell
from mssw.kit.kit_words import read_session
from mssw.printing.print_words import REFERENCE, choose_language, read_words
from mssw.printing.typeset import typeset
from mssw.schedule.schedule_rows import (
    DATE,
    EVERYONE,
    HEAD,
    LETTERS,
    MOST_TEACHERS,
    OTHERS,
    SESSION,
    SESSION_SAID,
    START,
    TEACHER,
    Schedule,
    SheetRows,
    Slot,
    add_slot,
    find_head,
    find_session,
    format_start,
    list_reminders,
    name_session,
    order_of,
    parse_date,
    parse_start,
    read_schedule,
    split_session,
)
from mssw.workset.folder import write_bytes

_TITLE = "Schedule"
_HEAD_LINE = 4
_HOW = (
    "One row for each session. Write dates like {date} and times like {time}. "
    "Up to three teachers present, all with the same task."
)
_SETTLE = " Decide who presents in B to D at the end of session A."
_MONTH_FIRST = ("mmm d, yyyy", "March 12, 2027")
_DAY_FIRST = ("d mmm yyyy", "12 March 2027")
_HALF_DAYS, _WHOLE_DAYS = ("h:mm am/pm", "3:30 pm"), ("hh:mm", "15:30")
_WIDTHS = (11.0, 14.0, 9.0, 24.0, 24.0, 24.0, 24.0, 44.0)
_MOST_LINES, _MOST_COLUMNS = 500, 40
_QUIET = PatternFill("solid", start_color="FFEDEDED")
_LINE = Side(style="thin", color="FF8A8A8A")


def make_schedule_book(schedule: Schedule, words: PrintWords | None = None) -> bytes:
    """Make the workbook of a schedule, with a row for each session.

    Args:
        schedule: what is known. If it is empty, the five sessions get a row each.
        words: of the reader, whose dates and times it shows; None takes American English.
    """
    date, time = _cell_formats(words or read_words(REFERENCE))
    slots = schedule.list_slots()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _TITLE
    write_cell(sheet["A1"], _TITLE, bold=True)
    write_cell(sheet["B1"], schedule.title, bold=True)
    how = _HOW.format(date=date[1], time=time[1]) + (_SETTLE if any(one.session in LETTERS for one in slots) else "")
    write_cell(sheet["A2"], how, bold=False)
    sheet["A2"].alignment = Alignment(vertical="top")
    for column, (name, width) in enumerate(zip(HEAD, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(_HEAD_LINE, column)
        write_cell(cell, name, bold=True)
        cell.fill, cell.border, cell.alignment = (
            _QUIET,
            Border(bottom=_LINE),
            Alignment(vertical="center", wrap_text=True),
        )
        sheet.column_dimensions[cell.column_letter].width = width
    for line, slot in enumerate(slots, start=_HEAD_LINE + 1):
        for column, value in enumerate(_values(slot)):
            _write(sheet.cell(line, column + 1), column, value, (date[0], time[0]))
        sheet.row_dimensions[line].height = 32
    last = _HEAD_LINE + 40
    only = DataValidation("list", formula1=f'"{",".join([*LETTERS, *OTHERS])}"', allow_blank=True)
    only.showErrorMessage, only.errorStyle = True, "warning"  # so that a second meeting can be “coassess 2”
    only.errorTitle, only.error = "Not a session", f"A session is {SESSION_SAID}. A second one is coassess 2."
    only.add(f"A{_HEAD_LINE + 1}:A{last}")
    sheet.add_data_validation(only)
    sheet.freeze_panes = f"B{_HEAD_LINE + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def read_schedule_sheet(path: Path) -> SheetRows:
    """A schedule's sheet, from a workbook or from a text file with separators.

    Raises:
        UnreadableError: it is neither, or damaged, locked or too large.
    """
    data = _data(path)
    if not data.startswith(b"PK"):
        return SheetRows(read_table(path))
    with open_workbook(path.name, data) as book:
        cells = read_cells(_sheet(book), _MOST_LINES, _MOST_COLUMNS)
    return SheetRows(cells.rows, cells.formulas, cells.merged)


def change_schedule_book(path: Path, line: int, columns: Mapping[int, int], slot: Slot) -> bytes:
    """The workbook with one session's row as given, and all else as a person left it.

    Args:
        path: the workbook.
        line: of the session's row, from 1.
        columns: in which column of the sheet each of ours stands, from 0.
        slot: what the row says now.

    Raises:
        UnreadableError: it is no workbook.
    """
    data = _data(path)
    if not data.startswith(b"PK"):
        raise UnreadableError(f"{path.name} is not an Excel workbook; save it as .xlsx, then run this again.")
    with open_workbook(path.name, data) as book:
        sheet = _sheet(book)
    for place, value in enumerate(_values(slot)):
        if place in columns:
            _write(sheet.cell(line, columns[place] + 1), place, value)
    written = io.BytesIO()
    book.save(written)
    return without_clock(written)


def _values(slot: Slot) -> list[str | dt.date | dt.time | None]:
    """What the cells of a session's row hold."""
    teachers = [*slot.teachers, "", "", ""][:3]
    return [slot.session, slot.date, slot.start, slot.place, *teachers, slot.task]


def _cell_formats(words: PrintWords) -> tuple[tuple[str, str], tuple[str, str]]:
    """How a reader writes dates and times in a cell: the spreadsheet's format and an example, of each."""
    month_first = words.text("time.day").find("{month}") < words.text("time.day").find("{day}")
    half_days = words.find("time.clock") == 12  # noqa: PLR2004 - hours
    return _MONTH_FIRST if month_first else _DAY_FIRST, _HALF_DAYS if half_days else _WHOLE_DAYS


def _write(
    cell: Any, place: int, value: str | dt.date | dt.time | None, formats: tuple[str, str] = ("yyyy-mm-dd", "hh:mm")
) -> None:
    """Write a value. Dates and times are a spreadsheet's own, so that it sorts them; a cell keeps its format."""
    if place in {DATE, START}:
        before = cell.number_format
        cell.value = value
        cell.number_format = formats[place == START] if before == "General" else before
    elif value:
        write_cell(cell, str(value), bold=place == 0)
    else:
        cell.value = None
    cell.alignment = Alignment(vertical="center", wrap_text=place >= TEACHER - 1, horizontal="left")
    cell.border = Border(bottom=_LINE)


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(
            f"{path} could not be read: {error.strerror or 'unknown cause'}. Check the name, or make a "
            f"new schedule with `mssw schedule new {quote_word(path)}`."
        ) from None


def _sheet(book: Any) -> Any:
    """The sheet that is called Schedule, else the first."""
    named = (sheet for sheet in book.worksheets if sheet.title.strip().casefold() == _TITLE.casefold())
    return next(named, book.worksheets[0])


SUFFIX = ".xlsx"
_SET_BY_US = b"Typst"  # in each PDF that we make


class ScheduleProblemsError(ListedProblemsError):
    """A schedule with problems, which the message lists."""

    advice = "please fix {them}, save the file, and run this again"


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


def new_schedule(
    path: Path, title: str, given: Slot, *, sessions: Sequence[str] = (), language: str = "", dry_run: bool = False
) -> Schedule:
    """Write a new workbook with its sessions, all at the same place and time.

    Args:
        path: of the workbook.
        title: empty takes the file's name.
        given: place and time.
        sessions: which ones, as people write them; none takes the five.
        language: of the reader, who reads dates and times in it; empty takes American English.
        dry_run: whether to write nothing.

    Raises:
        UsageError: the file is not called .xlsx, or there is no such session.
        WouldOverwriteError: there is a file of that name.
    """
    if path.suffix.casefold() != SUFFIX:
        raise UsageError(f"{path} must be an Excel workbook; name it {path.with_suffix(SUFFIX).name}.")
    if path.exists():
        raise WouldOverwriteError(
            f"{path} already exists; fill it in with `mssw schedule add`, or choose another name for a new one."
        )
    chosen = sorted({_find_session(one) for one in sessions} or set(LETTERS), key=order_of)
    schedule = Schedule(title or path.stem, tuple(replace(given, session=session) for session in chosen))
    data = make_schedule_book(schedule, words_of_reader(language))
    if not dry_run:
        write_bytes(path, data, private=False)
    return schedule


def words_of_reader(language: str | None, paper: str = "letter") -> PrintWords:
    """The words of a reader: ``us``, ``uk``, ``es``; empty takes the English of the paper."""
    return read_words(choose_language(language or "", "", paper))


def add_to_schedule(path: Path, slot: Slot, *, language: str = "", replaced: bool, dry_run: bool) -> Schedule:
    """Fill in what is known of a session in its row of the workbook; everything else stays.

    A session that has no row yet gets one at the end. ``language`` is of the reader, for dates in messages.

    Raises:
        UsageError: it contradicts the row: another task, a fourth teacher.
        WouldOverwriteError: the row has another date, time or place.
    """
    schedule, wrong, lost = add_slot(load_schedule(path), slot, words_of_reader(language), replaced=replaced)
    if wrong:
        raise UsageError(f"{'; '.join(wrong)}.")
    if lost:
        kind, number = split_session(slot.session)
        another = f" For another meeting, use `--session '{kind} {number + 1}'`." if kind in OTHERS else ""
        raise WouldOverwriteError(f"{'; '.join(lost)}; to change it, add --replace.{another} Nothing was written.")
    sheet = read_schedule_sheet(path)
    head = find_head(sheet)
    if head is None:  # pragma: no cover: it was read a moment ago
        raise UnreadableError(f"{path} was changed by someone else just now; please run this again.")
    line, columns = head
    rows = [
        row
        for row in range(line + 1, len(sheet.rows) + 1)
        if find_session(sheet.cell(row, columns[SESSION])) == slot.session
    ]
    if len(rows) > 1:
        cells = " and ".join(cell_name(row, columns[SESSION]) for row in rows)
        raise UsageError(
            f"session {slot.session} has several rows in {path.name} ({cells}); please change it there by hand."
        )
    data = change_schedule_book(path, rows[0] if rows else len(sheet.rows) + 1, columns, schedule.of(slot.session))
    if not dry_run:
        write_bytes(path, data, private=False)
    return schedule


def read_slot(session: str, date: str, start: str, place: str, teachers: Sequence[str], task: str) -> Slot:
    """Read what a person says of a session on the command line.

    Raises:
        UsageError: a letter, date or time cannot be read.
    """
    found = _find_session(session) if session else LETTERS[0]
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
    return Slot(found, day, hour, " ".join(place.split()), names, " ".join(task.split()))


def _find_session(text: str) -> str:
    session = find_session(text)
    if session is None:
        raise UsageError(f"--session takes {SESSION_SAID}, not “{text}”.")
    return session


def as_rows(schedule: Schedule) -> list[dict[str, Any]]:
    """Every session for scripts; one of the five without a row is open."""
    return [
        {
            "session": slot.session,
            "date": slot.date.isoformat() if slot.date else "",
            "start": f"{slot.start:%H:%M}" if slot.start else "",
            "place": slot.place,
            "teachers": list(slot.teachers),
            "task": slot.task,
        }
        for slot in schedule.list_slots()
    ]


def rows_to_read(schedule: Schedule, words: PrintWords) -> list[list[str]]:
    """Every session as a person reads it: session, date, start, place, who presents, task."""
    return [
        [
            slot.session,
            words.day(slot.date) if slot.date else "",
            format_start(slot.start, words) if slot.start else "",
            slot.place,
            ", ".join(slot.teachers),
            slot.task,
        ]
        for slot in schedule.list_slots()
    ]


def print_schedule(
    path: Path,
    out: Path | None,
    *,
    paper: str,
    templates: Path | None,
    replaced: bool,
    dry_run: bool,
    language: str | None = None,
) -> WrittenSchedule:
    """Print the schedule as a table, to ``NAME.pdf`` beside it or to another place.

    Raises:
        WouldOverwriteError: a file that mssw did not make is there.
    """
    check_paper(paper)
    schedule = load_schedule(path)
    words = read_words(choose_language(language or "", "", paper), templates)
    rows = []
    for row, slot in zip(as_rows(schedule), schedule.list_slots(), strict=True):
        kind, _ = split_session(slot.session)
        kit = read_session(kind, templates, words)
        is_one_of_five = kind in LETTERS
        day = words.day(slot.date) if slot.date else ""
        rows.append(
            row
            | {
                "letter": kind if is_one_of_five else "",
                "name": kit.title if is_one_of_five else name_session(slot.session, words),
                "day": day,
                "hours": _format_hours(slot, kit.total, words),
                "everyone": words.text(f"schedule.everyone_{kind}") if kind in EVERYONE else "",
                "lines": MOST_TEACHERS if is_one_of_five else 1,
            }
        )
    values = {"title": schedule.title, "rows": rows, "reminders": list(list_reminders(schedule, words))}
    data = typeset("schedule", values, paper=paper, folder=templates, words=words)
    return _write_file(out or path.with_suffix(".pdf"), data, _SET_BY_US, replaced=replaced, dry_run=dry_run)


def write_calendar(
    path: Path,
    out: Path | None,
    *,
    zone: str,
    minutes: int | None,
    replaced: bool,
    dry_run: bool,
    language: str | None = None,
) -> WrittenSchedule:
    """Write the sessions that have a day for calendar programs, to ``NAME.ics`` beside it or to another place.

    Raises:
        UsageError: no session has its day yet, or the zone is not known.
        WouldOverwriteError: a file that mssw did not make is there.
    """
    from mssw.schedule.calendar_file import PRODID, Event, calendar_bytes  # noqa: PLC0415 - its time zones are slow to load

    schedule = load_schedule(path)
    words = words_of_reader(language)
    target = out or path.with_suffix(".ics")
    dated = [slot for slot in schedule.slots if slot.date]
    if not dated:
        raise UsageError(f"no session in {path.name} has a date yet; fill one in, or add it with `mssw schedule add`.")
    events = []
    for slot in dated:
        kind, _ = split_session(slot.session)
        kit = read_session(kind, None, words)
        lines = [kit.purpose]
        lines += [words.text("schedule.who", teachers=", ".join(slot.teachers))] if slot.teachers else []
        lines += [words.text("schedule.which_task", task=slot.task)] if slot.task else []
        named = name_session(slot.session, words)
        summary = f"{named} · {kit.title}" if kind in LETTERS else named
        takes = minutes or kit.total
        if slot.date:
            own = f"{path.resolve().parent.name}/{path.stem}/{slot.session}"  # two groups may share a title
            events.append(Event(own, summary, slot.date, slot.start, takes, slot.place, "\n".join(lines)))
    before = target.read_bytes() if target.is_file() else b""
    data = calendar_bytes(schedule.title, events, zone=zone, before=before)
    done = _write_file(target, data, PRODID.encode(), replaced=replaced, dry_run=dry_run)
    return replace(done, left_out=tuple(slot.session for slot in schedule.list_slots() if not slot.date))


def _write_file(path: Path, data: bytes, mark: bytes, *, replaced: bool, dry_run: bool) -> WrittenSchedule:
    """Write a file, but never over one that mssw did not make. ``mark`` is in each that it made."""
    before = path.read_bytes() if path.is_file() else b""
    if (before and mark not in before and not replaced) or path.is_dir():
        raise WouldOverwriteError(
            f"{path} already exists, and mssw did not make it; choose another name with --out, or add --replace."
        )
    if not dry_run:
        write_bytes(path, data, private=False)
    return WrittenSchedule(str(path), not dry_run)


def _format_hours(slot: Slot, minutes: int, words: PrintWords) -> str:
    if slot.start is None:
        return ""
    start = slot.start.hour * 60 + slot.start.minute
    return f"{words.clock(start)} – {words.clock(start + minutes)}"
