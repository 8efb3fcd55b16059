"""Learning objectives out of a list of standards, or in a teacher's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.workbooks import read_table
from mssw.model.intro import one_line
from mssw.model.standards import Standard, StandardsError, by_code, search, standards_from_rows


def read_standards(path: Path) -> tuple[Standard, ...]:
    """The standards in a table of any kind.

    Raises:
        UnreadableError: it holds none.
    """
    try:
        return standards_from_rows(read_table(path))
    except StandardsError as error:
        raise UnreadableError(f"{path.name} has no standards that could be read: {error}.") from None


def objectives_from(wanted: Sequence[str], standards: Sequence[Standard]) -> tuple[str, ...]:
    """Objectives in a teacher's own words, or by the codes of a list of standards.

    Raises:
        UsageError: what reads like a code is none of the list's.
    """
    found = []
    for text in map(one_line, wanted):
        one = by_code(standards, text) if standards else None
        if one is None and standards and re.fullmatch(r"[\w.\-/]*\d[\w.\-/]*", text):
            near = ", ".join(str(other.code) for other in search(standards, text)[:3] if other.code)
            raise UsageError(
                f"no standard has the code {text}"
                + (f"; near it are {near}." if near else "; look one up with --find.")
            )
        found.append(str(one) if one else text)
    return tuple(dict.fromkeys(text for text in found if text))
