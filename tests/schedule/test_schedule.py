"""The schedule: a workbook that people edit, checked as a whole; printed, and given to calendars."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import icalendar
import openpyxl
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.kit.kit_words import KITS, read_session
from mssw.printing.print_words import read_words
from mssw.schedule.calendar_file import PRODID, Event, calendar_bytes
from mssw.schedule.keep_schedule import load_schedule, make_schedule_book, read_schedule_sheet
from mssw.schedule.schedule_rows import (
    HEAD,
    LETTERS,
    OTHERS,
    Schedule,
    SheetRows,
    Slot,
    add_slot,
    find_session,
    list_reminders,
    parse_date,
    parse_start,
    read_schedule,
)
from support.commands import mssw

B = Slot("B", dt.date(2027, 3, 12), dt.time(15, 30), "Room 12", ("M. Rivera", "J. Okafor"), "Massive Air")
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
teachers = st.lists(st.sampled_from(["M. Rivera", "Nguyễn Thị Ánh", "王小明", "=1+1", "José"]), unique=True, max_size=3)


def slots():
    return st.builds(
        Slot,
        st.just("A"),
        st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
        st.none() | st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        st.just("") | names,
        teachers.map(tuple),
        st.just("") | names,
    )


schedules = st.builds(
    lambda title, some: Schedule(
        title, tuple(replace(one, session=letter) for letter, one in zip(LETTERS, some, strict=True))
    ),
    names,
    st.lists(slots(), min_size=5, max_size=5),
)

US = read_words("en-US")


def sheet(*rows) -> SheetRows:
    return SheetRows([list(HEAD), *[list(row) for row in rows]])


def problems(*rows) -> list[str]:
    return list(read_schedule(sheet(*rows))[1])


@given(schedules)
def test_a_workbook_says_what_was_written_into_it(tmp_path_factory, schedule):
    path = tmp_path_factory.mktemp("schedule") / "s.xlsx"
    path.write_bytes(make_schedule_book(schedule))
    assert read_schedule(read_schedule_sheet(path)) == (schedule, ())
    assert make_schedule_book(schedule) == path.read_bytes()


@given(st.lists(st.lists(st.text(max_size=14), max_size=9), max_size=6))
def test_no_sheet_is_too_strange(rows):
    schedule, told = read_schedule(SheetRows([list(HEAD), *rows]))
    assert all(len(slot.teachers) <= 3 for slot in schedule.slots)
    assert all(": " in one for one in told)


def test_everything_that_is_wrong_is_told_at_once_by_cell():
    told = problems(
        ("A", "someday", "25:00"),
        ("F", "2027-01-01"),
        ("B", "2027-03-12", "15:30", "Room 12", "M. Rivera", "M Rivera", "", "Air"),
        ("b", "2027-03-13", "", "", "J. Okafor", "K. Lind", "L. Moreau", "Water"),
        ("", "", "", "", "Somebody"),
    )
    assert told == [
        "B2: “someday” is not a date with a year; write it like 2027-03-12 or March 12, 2027",
        "C2: “25:00” is not a time of day; write it like 15:30 or 3:30 pm",
        "A3: the session must be a letter from A to E, or coassess, feedback, atlas, tuning or cac; not “F”",
        "F4: this teacher is already in session B; remove one of the two",
        "B5: session B has a different date in B4; it has one date",
        "H5: session B has a different task in H4; everyone presenting in a session brings the same task",
        "G5: a session can have at most 3 presenting teachers",
        "A6: the session must be a letter from A to E, or coassess, feedback, atlas, tuning or cac; this cell is empty",
    ]


def test_formulas_joined_cells_and_a_missing_head_are_told():
    assert "the header row is missing" in read_schedule(SheetRows([["x"], ["y"]]))[1][0]
    head = [name for name in HEAD if name != "Task"]
    odd = SheetRows([head, ["B", "=TODAY()"]], frozenset({(2, 1)}), ("C2:C3",))
    told = read_schedule(odd)[1]
    assert told[0] == "C2:C3: these cells are merged; split them, so that each session has its own row"
    assert told[1] == "row 1: the header “Task” is missing; please put it back"
    assert "B2: this is a formula; please type the words instead" in told


def test_rows_of_one_session_that_say_the_same_are_one():
    found, told = read_schedule(
        sheet(
            ("Session B", "2027-03-12", "3:30 pm", "Room 12", "M. Rivera", "", "", "Massive Air"),
            ("B · learning gaps", "12 March 2027", "", "room 12", "J. Okafor", "", "", "massive air!"),
        )
    )
    assert told == ()
    assert found.slots == (B,)


def test_columns_may_stand_in_another_order_with_others_between():
    rows = SheetRows(
        [
            ["Our plan"],
            ["Task", "Notes", "SESSION", "presenting teacher 1", "Date", "Start", "Place"],
            ["Air", "x", "c", "M. R."],
        ]
    )
    assert read_schedule(rows) == (Schedule("", (Slot("C", teachers=("M. R.",), task="Air"),)), ())


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2027-03-12", (2027, 3, 12)),
        ("2027-03-12T00:00:00", (2027, 3, 12)),
        ("12 March 2027", (2027, 3, 12)),
        ("Friday, 12th Mar 2027", (2027, 3, 12)),
        ("March 12, 2027", (2027, 3, 12)),
        ("25/3/2027", (2027, 3, 25)),
        ("3/25/2027", (2027, 3, 25)),
        ("5.3.2027", (2027, 3, 5)),
        ("5/5/2027", (2027, 5, 5)),
        ("viernes, 12 de marzo de 2027", (2027, 3, 12)),
        ("9 de enero del 2027", (2027, 1, 9)),
    ],
)
def test_dates_are_read_as_people_write_them(said, date):
    assert parse_date(said) == dt.date(*date)


@pytest.mark.parametrize(
    "said", ["3/4/2027", "12 March", "31 February 2027", "2027", "March", "12 March 27", "soon", "٣"]
)
def test_a_date_that_is_none_or_two_is_not_guessed(said):
    with pytest.raises(ValueError, match="write it like 2027-03-12"):
        parse_date(said)


def test_times_are_read_as_people_write_them():
    assert {parse_start(said) for said in ("15:30", "15:30:00", "3:30 pm", "3.30 PM", "15h30")} == {dt.time(15, 30)}
    for said in ("15", "later", "25:00", "15:30:20"):
        with pytest.raises(ValueError, match="not a time of day"):
            parse_start(said)


def test_what_is_new_comes_to_what_is_there():
    now, wrong, lost = add_slot(
        Schedule("", (Slot("B", B.date, teachers=("M. Rivera",), task="Massive Air"),)),
        Slot("B", None, B.start, "Room 12", ("m rivera", "J. Okafor")),
        US,
    )
    assert (wrong, lost) == ((), ())
    assert now.of("B") == B


def test_another_task_a_fourth_teacher_and_another_day_are_refused():
    schedule = Schedule("", (B,))
    assert "brings the same one" in add_slot(schedule, Slot("B", task="Water"), US)[1][0]
    assert "4 presenting teachers" in add_slot(schedule, Slot("B", teachers=("K", "L")), US)[1][0]
    later = Slot("B", dt.date(2027, 3, 13), dt.time(0, 0))
    assert add_slot(schedule, later, US)[2] == (
        "session B already has the date Friday, March 12, 2027",
        "session B already has the start 3:30 pm",
    )
    changed, wrong, lost = add_slot(
        schedule, Slot("B", dt.date(2027, 3, 13), teachers=("K",), task="Water"), US, replaced=True
    )
    assert (wrong, lost) == ((), ())
    assert changed.of("B") == replace(B, date=dt.date(2027, 3, 13), teachers=("K",), task="Water")


def test_reminders_tell_what_is_open_and_what_is_wise():
    told = list_reminders(Schedule("", (Slot("A", dt.date(2027, 3, 13), teachers=("K",)), B)), US)
    assert told == (
        "At the end of session A, decide who presents in C and D.",
        "Only one teacher presents in A. A second one, with the same task, is a good backup.",
        "Session B comes before session A. Is that right?",
        "Session A is on a Saturday.",
    )
    full = Schedule("", tuple(replace(B, session=letter) for letter in "ABCD"))
    assert list_reminders(full, US) == ()


def test_new_add_show_and_what_a_person_wrote_beside_stays(tmp_path, capsys):
    path = tmp_path / "science.xlsx"
    assert mssw("schedule", "new", path, "--start", "3:30 pm", "--place", "Room 12") == 0
    assert mssw("schedule", "new", path) == 5
    book = openpyxl.load_workbook(path)
    book.active["J4"], book.active["J6"] = "Snacks", "cake"
    book.save(path)
    words = ["--date", "12 March 2027", "--teacher", "M. Rivera", "--task", "Massive Air"]
    assert mssw("schedule", "add", path, "--session", "B", *words) == 0
    assert mssw("schedule", "add", path, "--session", "b", "--teacher", "J. Okafor") == 0
    before = path.read_bytes()
    assert mssw("schedule", "add", path, "--session", "B", "--task", "Water") == 2
    assert mssw("schedule", "add", path, "--session", "B", "--date", "2027-03-19") == 5
    assert mssw("schedule", "add", path, "--session", "B", "--date", "2027-03-19", "--replace", "--dry-run") == 0
    assert path.read_bytes() == before
    assert openpyxl.load_workbook(path).active["J6"].value == "cake"
    assert load_schedule(path) == Schedule(
        "science",
        tuple(
            replace(B if letter == "B" else Slot(letter, None, B.start, B.place), session=letter) for letter in LETTERS
        ),
    )
    capsys.readouterr()
    assert mssw("schedule", "show", path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["sessions"][1] == {
        "session": "B",
        "date": "2027-03-12",
        "start": "15:30",
        "place": "Room 12",
        "teachers": ["M. Rivera", "J. Okafor"],
        "task": "Massive Air",
    }
    assert found["reminders"] == ["At the end of session A, decide who presents in C and D."]


def test_a_sheet_with_problems_ends_with_3_and_tells_them(tmp_path, capsys):
    path = tmp_path / "s.csv"
    path.write_text("Session,Date,Start,Place,Presenting teacher 1,Task\nB,3/4/2027,,,,\nQ,,,,,\n", encoding="utf-8")
    assert mssw("schedule", "show", path, "--json") == 3
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 2
    assert mssw("schedule", "show", path) == 3
    assert "s.csv has 2 problems" in capsys.readouterr().err
    assert mssw("schedule", "show", tmp_path / "gone.xlsx") == 3
    assert mssw("schedule", "new", tmp_path / "a.txt") == 2


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_it_prints_on_one_page_with_lines_where_something_is_open(tmp_path, paper, snapshot):
    path = tmp_path / "science.xlsx"
    path.write_bytes(make_schedule_book(Schedule("Science, spring", (B,))))
    assert mssw("schedule", "print", path, "--paper", paper) == 0
    document = pymupdf.open(tmp_path / "science.pdf")
    assert document.page_count == 1
    assert document[0].rect.width > document[0].rect.height
    assert document[0].get_text() == snapshot


def test_long_words_stay_in_their_column(tmp_path):
    path = tmp_path / "s.xlsx"
    long = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"
    path.write_bytes(make_schedule_book(Schedule("T" * 120, (replace(B, teachers=(long, "B", "C"), place=long),))))
    assert mssw("schedule", "print", path) == 0
    page = pymupdf.open(tmp_path / "s.pdf")[0]
    task = page.search_for("Massive Air")[0]
    parts = [box for word in ("Wolfesch", "stonehaugh") for box in page.search_for(word)]
    assert parts
    assert all(box.x1 < task.x0 for box in parts if box.y0 > page.rect.height / 4)


def test_printing_again_is_free_but_nobody_elses_file_is_written_over(tmp_path):
    path = tmp_path / "s.xlsx"
    path.write_bytes(make_schedule_book(Schedule("S", (B,))))
    assert mssw("schedule", "print", path) == 0
    before = (tmp_path / "s.pdf").read_bytes()
    assert mssw("schedule", "print", path) == 0
    assert (tmp_path / "s.pdf").read_bytes() == before
    for command, suffix in (("print", "pdf"), ("ics", "ics")):
        (tmp_path / f"s.{suffix}").write_text("mine")
        assert mssw("schedule", command, path) == 5
        assert (tmp_path / f"s.{suffix}").read_text() == "mine"
        assert mssw("schedule", command, path, "--replace") == 0


def events_of(data: bytes):
    return icalendar.Calendar.from_ical(data).walk("VEVENT")


def test_a_calendar_has_each_session_with_its_day(tmp_path):
    path = tmp_path / "s.xlsx"
    path.write_bytes(make_schedule_book(Schedule("Science", (B, Slot("C", dt.date(2027, 4, 2)), Slot("D")))))
    assert mssw("schedule", "ics", path) == 0
    data = (tmp_path / "s.ics").read_bytes()
    calendar = icalendar.Calendar.from_ical(data)
    assert str(calendar["prodid"]) == PRODID
    first, second = events_of(data)
    assert first["summary"] == "Session B · Learning gaps"
    assert first["location"] == "Room 12"
    assert "Presenting: M. Rivera, J. Okafor" in first["description"]
    assert first.decoded("dtstart") == dt.datetime(2027, 3, 12, 15, 30)  # noqa: DTZ001 - the hour on the wall
    assert first.decoded("dtend") == dt.datetime(2027, 3, 12, 17, 30)  # noqa: DTZ001
    assert second.decoded("dtstart") == dt.date(2027, 4, 2)
    assert b"VTIMEZONE" not in data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_with_a_zone_the_hour_is_that_of_the_school_also_in_summer(tmp_path):
    path = tmp_path / "s.xlsx"
    path.write_bytes(make_schedule_book(Schedule("Science", (B, replace(B, session="C", date=dt.date(2027, 7, 2))))))
    assert mssw("schedule", "ics", path, "--zone", "America/New_York") == 0
    winter, summer = events_of((tmp_path / "s.ics").read_bytes())
    assert winter.decoded("dtstart").utcoffset() == dt.timedelta(hours=-5)
    assert summer.decoded("dtstart").utcoffset() == dt.timedelta(hours=-4)
    assert mssw("schedule", "ics", path, "--zone", "America/Nowhere") == 2


def test_two_groups_schedules_of_one_title_are_other_events(tmp_path):
    found = []
    for group in ("grade-5", "grade-6"):
        path = tmp_path / f"{group}.xlsx"
        path.write_bytes(make_schedule_book(Schedule("Science", (B,))))
        assert mssw("schedule", "ics", path) == 0
        found.append(events_of(path.with_suffix(".ics").read_bytes())[0]["uid"])
    assert found[0] != found[1]


def test_no_session_with_a_day_gives_no_calendar(tmp_path):
    path = tmp_path / "s.xlsx"
    path.write_bytes(make_schedule_book(Schedule("Science")))
    assert mssw("schedule", "ics", path) == 2
    assert not (tmp_path / "s.ics").exists()


def test_a_changed_session_is_the_same_event_counted_on():
    event = Event("B", "Session B", dt.date(2027, 3, 12), dt.time(15, 30), 120)
    first = calendar_bytes("Science", [event])
    assert calendar_bytes("Science", [event], before=first) == first
    moved = calendar_bytes("Science", [replace(event, date=dt.date(2027, 3, 19))], before=first)
    [old], [new] = events_of(first), events_of(moved)
    assert new["uid"] == old["uid"]
    assert (old["sequence"], new["sequence"]) == (0, 1)
    assert calendar_bytes("Science", [event], before=b"BEGIN:VCALENDAR\nnonsense") == first
    assert events_of(calendar_bytes("Other", [event]))[0]["uid"] != old["uid"]


@given(words, names)
def test_any_text_comes_back_from_a_calendar(place, text):
    event = Event("B", text, dt.date(2027, 3, 12), None, 120, place, f"{text}\n{place};,\\")
    [found] = events_of(calendar_bytes(text, [event]))
    assert (str(found["summary"]), str(found["location"])) == (text, place)
    assert str(found["description"]) == f"{text}\n{place};,\\"


def test_a_session_with_two_rows_is_changed_by_hand(tmp_path):
    path = tmp_path / "s.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(make_schedule_book(Schedule("S", (B,)))))
    book.active["A10"] = "B"
    book.save(path)
    assert mssw("schedule", "add", path, "--session", "B", "--place", "Hall", "--replace") == 2


def test_meetings_of_other_kinds_have_rows_a_print_and_events(tmp_path, capsys):
    path = tmp_path / "grade-5.xlsx"
    assert mssw("schedule", "new", path, "--session", "Co-assessing", "--session", "coassess 2") == 0
    add = ("schedule", "add", path, "--session")
    assert mssw(*add, "coassess", "--date", "April 9, 2027", "--start", "3:30 pm") == 0
    assert mssw(*add, "coassess", "--date", "April 16, 2027") == 5
    assert "--session 'coassess 2'" in capsys.readouterr().err
    assert mssw(*add, "coassess 2", "--date", "April 17, 2027") == 0
    assert mssw(*add, "Collaborative assessment conference", "--teacher", "M. Rivera") == 0
    assert mssw(*add, "task-check") == 2
    capsys.readouterr()
    assert mssw("schedule", "show", path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["session"] for row in found["sessions"]] == ["coassess", "coassess 2", "cac"]
    assert found["reminders"] == ["Co-assessing 2 is on a Saturday."]
    assert mssw("schedule", "print", path, "--language", "es") == 0
    page = pymupdf.open(tmp_path / "grade-5.pdf")[0].get_text()
    assert "Evaluar juntos 2" in page
    assert "viernes, 9 de abril de 2027" in " ".join(page.split())
    assert "trabajo de sus estudiantes" in " ".join(page.split())
    assert mssw("schedule", "ics", path) == 0
    first, second = events_of((tmp_path / "grade-5.ics").read_bytes())
    assert [str(one["summary"]) for one in (first, second)] == ["Co-assessing", "Co-assessing 2"]
    assert first.decoded("dtend") - first.decoded("dtstart") == dt.timedelta(minutes=45)


def test_every_kit_that_is_a_meeting_can_be_in_a_schedule_and_has_a_short_name():
    meetings = [kit for kit in KITS if read_session(kit).steps]
    assert [*LETTERS, *OTHERS] == meetings
    for language in ("en-US", "en-GB", "es"):
        spoken = read_words(language)
        assert all(read_session(kit, None, spoken).title.startswith(spoken.session(kit)) for kit in OTHERS)


@pytest.mark.parametrize(
    ("written", "session"),
    [
        ("coassess", "coassess"),
        ("Co-assessing 2", "coassess 2"),
        ("COASSESS-1", "coassess"),
        ("feedback group", "feedback"),
        ("ATLAS: describe", "atlas"),
        ("Tuning · poems", "tuning"),
        ("coassess 0", None),
        ("2", None),
        ("", None),
        ("cacao", None),
    ],
)
def test_a_session_is_found_however_people_write_it(written, session):
    assert find_session(written) == session


def test_dates_and_times_are_shown_as_the_reader_writes_them(tmp_path, capsys):
    path = tmp_path / "s.xlsx"
    for language, formats, shown in (
        ("us", ("mmm d, yyyy", "h:mm am/pm"), "Friday, March 12, 2027"),
        ("uk", ("d mmm yyyy", "hh:mm"), "Friday 12 March 2027"),
        ("es", ("d mmm yyyy", "h:mm am/pm"), "viernes, 12 de marzo de 2027"),
    ):
        path.unlink(missing_ok=True)
        assert mssw("schedule", "new", path, "--start", "15:30", "--language", language) == 0
        assert mssw("schedule", "add", path, "--session", "A", "--date", "2027-03-12", "--language", language) == 0
        assert shown in capsys.readouterr().out
        sheet = openpyxl.load_workbook(path).active
        assert (sheet["B5"].number_format, sheet["C5"].number_format) == formats
        assert load_schedule(path).of("A").date == dt.date(2027, 3, 12)


def test_a_printed_session_has_a_name_or_a_line_for_three_teachers(tmp_path):
    path = tmp_path / "s.xlsx"
    lines = {}
    for teachers in ((), ("M. Rivera",), ("M. Rivera", "J. Okafor", "L. Tran")):
        path.write_bytes(make_schedule_book(Schedule("S", (replace(B, teachers=teachers),))))
        assert mssw("schedule", "print", path) == 0
        page = pymupdf.open(tmp_path / "s.pdf")[0]
        left = page.search_for("PRESENTING")[0].x0 - 2
        rules = [draw["rect"] for draw in page.get_drawings() if draw["rect"].height < 1]
        lines[len(teachers)] = sum(abs(one.x0 - left) < 6 and one.width < 200 for one in rules)
    assert lines == {0: 12, 1: 11, 3: 9}
