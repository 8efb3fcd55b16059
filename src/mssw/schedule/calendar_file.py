"""A schedule for calendar programs: an ``.ics`` file with an event for each session that has a date."""

from __future__ import annotations

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

import icalendar

from mssw.errors import UsageError

PRODID = "-//mssw//schedule//EN"
_A_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Event:
    """A session as a calendar shows it.

    Attributes:
        name: identifies it; the same name later is the same event, changed.
        summary: its line in the calendar. An event with the same line in the last file is the same event too.
        date: its day.
        start: None if only the day is known.
        minutes: how long it takes.
        place: empty if not known.
        text: what else people should know, in lines.
    """

    name: str
    summary: str
    date: dt.date
    start: dt.time | None
    minutes: int
    place: str = ""
    text: str = ""


def calendar_bytes(title: str, events: Sequence[Event], *, zone: str = "", before: bytes = b"") -> bytes:
    """The bytes of the file. The same events give the same bytes, at any time.

    Without a zone, times float: they mean the local hour wherever the file is opened.

    Args:
        title: of the schedule.
        events: in their order.
        zone: an IANA name such as ``America/New_York``.
        before: the file as it was written last. An event that changed since then gets a higher sequence number, so that
            calendars update it.

    Raises:
        UsageError: there is no such zone.
    """
    where = _find_zone(zone)
    former = {str(one.get("summary", "")): one for one in _read_events(before)}
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    for event in events:
        made, old = _make_event(title, event, where), former.get(event.summary)
        if old is not None:
            made["uid"] = old["uid"]
        count = 0 if old is None else int(old.get("sequence", 0)) + (_drop_sequence(made) != _drop_sequence(old))
        made.add("sequence", count)
        calendar.add_component(made)
    if where is not None and events:
        days = [event.date for event in events]
        calendar.add_missing_timezones(min(days) - _A_YEAR, max(days) + _A_YEAR)
    return bytes(calendar.to_ical())


def _make_event(title: str, event: Event, where: zoneinfo.ZoneInfo | None) -> icalendar.Event:
    made = icalendar.Event()
    same = hashlib.sha256(f"{title}\0{event.name}".encode()).hexdigest()[:32]
    made.add("uid", f"{same}@mssw.invalid")
    # The standard asks for the moment of writing. We give the day of the event, so that the bytes stay the same.
    made.add("dtstamp", dt.datetime.combine(event.date, dt.time(), dt.UTC))
    made.add("summary", event.summary)
    if event.start is None:
        made.add("dtstart", event.date)
        made.add("dtend", event.date + dt.timedelta(days=1))
    else:
        begins = dt.datetime.combine(event.date, event.start, where)
        made.add("dtstart", begins)
        made.add("dtend", begins + dt.timedelta(minutes=event.minutes))
    for key, text in (("location", event.place), ("description", event.text)):
        if text:
            made.add(key, text)
    return made


def _drop_sequence(event: icalendar.Component) -> bytes:
    """An event without its sequence number."""
    copy = icalendar.Event.from_ical(event.to_ical())
    copy.pop("sequence", None)
    return bytes(copy.to_ical())


def _read_events(before: bytes) -> list[icalendar.Component]:
    """The events of the last file; none if mssw did not write it."""
    try:
        calendar = icalendar.Calendar.from_ical(before) if before else None
    except ValueError:
        return []
    if calendar is None or str(calendar.get("prodid", "")) != PRODID:
        return []
    return [event for event in calendar.walk("VEVENT") if "uid" in event]


def _find_zone(name: str) -> zoneinfo.ZoneInfo | None:
    if not name:
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"there is no time zone {name}; write it like America/New_York or Europe/Berlin.") from None
