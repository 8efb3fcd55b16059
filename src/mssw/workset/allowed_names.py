"""Which names must not be in what a set shares: all on its roster, except those that its teachers have too."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from msgspec import Struct

from mssw.errors import MsswError
from mssw.names.student import fold
from mssw.roster.table import all_spellings
from mssw.workset.class_list import read_class_list
from mssw.workset.folder import WorkSet
from mssw.workset.settings import read_settings
from mssw.workset.typed_json import read_typed, write_typed


class CoverNames(Struct, frozen=True, kw_only=True):
    """The colleagues for whom a packet was printed, so that their names stand on its covers."""

    version: int = 1
    colleagues: tuple[str, ...]


def roster_spellings(workset: WorkSet) -> tuple[str, ...]:
    """Every way in which a student of the set may be called; what a teacher writes is checked against all of them."""
    roster = read_class_list(workset)
    return all_spellings(roster) if roster else ()


def drop_teachers_names(workset: WorkSet, spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings without the names of the set's presenting teachers: those may stand in a file."""
    return drop_words_of(read_settings(workset.settings).presenting_teachers, spellings)


def drop_words_of(teachers: Sequence[str], spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings that are no word of a teacher's name: she may share one with a student, and hers is printed.

    Words are the same whatever their case and accents, and beside a hyphen: García is Garcia.
    """
    own = {word.strip(".") for name in teachers for word in fold(name).replace("-", " ").split()}
    own |= {word.strip(".") for name in teachers for word in fold(name).split()}
    return tuple(one for one in spellings if fold(one) not in own)


def read_cover_names(workset: WorkSet) -> tuple[str, ...]:
    """The names on the covers of the set's packets: the presenting teachers', and colleagues' as printed.

    A file that cannot be read names nobody: the audit then finds a name too many, not one too few.
    """
    names: list[str] = []
    with suppress(MsswError):
        names += read_settings(workset.settings).presenting_teachers
    if workset.on_covers.is_file():
        with suppress(MsswError):
            names += read_typed(workset.on_covers, CoverNames).colleagues
    return tuple(names)


def keep_cover_names(workset: WorkSet, colleagues: Sequence[str]) -> None:
    """Remember which colleagues' names stand on covers. The caller holds the set's lock."""
    write_typed(workset.on_covers, CoverNames(colleagues=tuple(colleagues)), private=True)
