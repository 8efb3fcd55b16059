"""The workbooks that mssw itself writes: the same bytes each time, and read again in no time.

The library that reads any workbook takes longer to load than most commands to run, and each of them reads the class's
roster. So a workbook that is as we wrote it is read with the standard library; one that somebody saved is not ours.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable

_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_NO_CLOCK = (1980, 1, 1, 0, 0, 0)
_SHEET = "xl/worksheets/sheet1.xml"
_SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TEXT = f"{_SPACE}is/{_SPACE}t"
_PLACE = re.compile("([A-Z])([1-9][0-9]{0,4})")  # no table of ours is wider or longer


def without_clock(written: io.BytesIO) -> bytes:
    """The workbook without who made it when: fixed dates on its parts, no properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, date_time=_NO_CLOCK)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3  # else it tells Windows from the others
            part.external_attr = 0o600 << 16
            new.writestr(part, _CORE if name == "docProps/core.xml" else old.read(name))
    return out.getvalue()


def own_rows(data: bytes) -> list[list[str]] | None:
    """The rows of a workbook of one table of texts, as we wrote it; None for any other."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            sheets = [part.filename for part in parts if part.filename.startswith("xl/worksheets/")]
            ours = all(part.date_time == _NO_CLOCK for part in parts) and archive.read("docProps/core.xml") == _CORE
            if not ours or sheets != [_SHEET]:
                return None
            cells = ET.fromstring(archive.read(_SHEET)).iter(f"{_SPACE}c")  # noqa: S314 - its size is known
            return _table(cells)
    except Exception:  # noqa: BLE001 - damaged in whatever way: the library that reads any workbook says so
        return None


def _table(cells: Iterable[ET.Element]) -> list[list[str]] | None:
    """Cells in their order as rows, with what is empty before them; None where one is no text."""
    rows: list[list[str]] = []
    for cell in cells:
        place, text = _PLACE.fullmatch(cell.get("r", "")), cell.find(_TEXT)
        if place is None or text is None or cell.get("t") != "inlineStr":
            return None
        rows += [[] for _ in range(int(place[2]) - len(rows))]
        rows[-1] += [""] * (ord(place[1]) - ord("A") - len(rows[-1]))
        rows[-1].append(text.text or "")
    return rows
