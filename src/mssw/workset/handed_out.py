"""``private/handed-out.json``: what left the teacher's hands, with its day, copies and receivers, as far as noted.

Each command that prints, shows or sends responses adds a row. ``mssw recall`` reads them, so that a team knows what to
collect when a name slipped through. Rows name responses by alias, and nobody's work by its student.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from mssw.workset.folder import WorkSet, read_typed, write_typed

WAY_ON = "rename it and run this again: what was noted before is in the renamed file."


class Handing(StrEnum):
    """In which way student work left."""

    PACKET = "packet"
    KIT = "kit"
    SHARE = "zip"
    SORT_SHEET = "sort sheet"
    CARDS = "sort cards"
    SHOWN = "shown on a screen"
    RECORD = "record"
    SLIPS = "slips"


class HandedOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One time that responses left.

    Attributes:
        day: as ``2030-06-30``.
        what: in which way.
        files: their names, as a person finds them.
        aliases: of the responses in them, in order.
        copies: how many were made; 0 where nothing was printed.
        receivers: who has them, as far as noted: names on the covers, or who a zip was for.
        sha256: of each file that left mssw's own folders, such as a zip.
        pictures: whether the pages themselves are in it, not the aliases alone.
    """

    day: str
    what: Handing
    files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    copies: int = 0
    receivers: tuple[str, ...] = ()
    sha256: tuple[str, ...] = ()
    pictures: bool = True


class HandedOutLog(Struct, frozen=True, kw_only=True):
    """All of them, oldest first."""

    version: int = 1
    rows: tuple[HandedOut, ...] = ()


def today() -> str:
    """The day where the teacher is; ``SOURCE_DATE_EPOCH`` sets another one, for builds that must repeat."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdecimal():
        return dt.datetime.fromtimestamp(int(fixed), dt.UTC).date().isoformat()
    return dt.date.today().isoformat()  # noqa: DTZ011 - the day where the teacher is


def read_handed_out(workset: WorkSet) -> tuple[HandedOut, ...]:
    """What left, oldest first; nothing where nothing was noted.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.handed_out, HandedOutLog, WAY_ON).rows if workset.handed_out.is_file() else ()


def note_handed_out(
    workset: WorkSet,
    what: Handing,
    aliases: Sequence[str],
    *,
    files: Sequence[str] = (),
    copies: int = 0,
    receivers: Sequence[str] = (),
    sha256: Sequence[str] = (),
    pictures: bool = True,
) -> None:
    """Note that responses left; the same on the same day is noted once. The caller holds the set's lock.

    Raises:
        UnreadableError: what was noted before is damaged.
        NotWrittenError: it cannot be noted.
    """
    row = HandedOut(
        day=today(),
        what=what,
        files=tuple(files),
        aliases=tuple(sorted(aliases)),
        copies=copies,
        receivers=tuple(receivers),
        sha256=tuple(sha256),
        pictures=pictures,
    )
    rows = read_handed_out(workset)
    if row not in rows:
        write_typed(workset.handed_out, HandedOutLog(rows=(*rows, row)), private=True)
