"""An Office file part by part: only what a plain table or a slide of one picture needs, and no name in any part."""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mssw.auditing.byte_search import search_bytes, search_compressed
from mssw.auditing.image_bytes import ImageBytesError, jpeg_facts, png_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mssw.names.name_search import NameSearch

_WORKBOOK_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/styles\.xml|xl/theme/theme1\.xml|xl/sharedStrings\.xml|xl/worksheets/sheet\d+\.xml"
    r"|xl/worksheets/_rels/sheet\d+\.xml\.rels|xl/drawings/drawing\d+\.xml"
    r"|xl/drawings/_rels/drawing\d+\.xml\.rels|xl/media/image\d+\.(png|jpe?g)"
)
_SLIDE_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|ppt/presentation\.xml|ppt/_rels/presentation\.xml\.rels"
    r"|ppt/(presProps|viewProps|tableStyles)\.xml|ppt/theme/theme1\.xml"
    r"|ppt/slideMasters/slideMaster1\.xml|ppt/slideMasters/_rels/slideMaster1\.xml\.rels"
    r"|ppt/slideLayouts/slideLayout\d+\.xml|ppt/slideLayouts/_rels/slideLayout\d+\.xml\.rels"
    r"|ppt/slides/slide\d+\.xml|ppt/slides/_rels/slide\d+\.xml\.rels|ppt/media/image\d+\.jpg"
)
_THEME = "xl/theme/theme1.xml"
_CORE = "docProps/core.xml"
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_MOST_UNPACKED = 256 * 2**20
_MOST_PARTS = 5000
_LOCAL = struct.Struct("<4s5H3I2H")
_MARKUP = re.compile(r"<[^>]*>")
_COMMENTED = re.compile(r"<!--(.*?)-->", re.DOTALL)
_QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_HIDDEN = re.compile(rb"""state=["'](?:very)?hidden|<(?:col|row)\b[^>]*\bhidden=["'](?:1|true)""", re.IGNORECASE)
_DEFINED_NAME = re.compile(rb"""<definedName\b[^>]*?\bname=["'](?!_xlnm\.)""")
# What a header or footer says beside page numbers; codes for its type could cut a name in pieces.
_PARTED_FOOT = re.compile(
    rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>(?!\s*(?:&amp;[LCR]|&amp;[PN]|[\s/])*\s*<)", re.IGNORECASE
)
_COMMENT = re.compile(rb"<!|<\?(?!xml )")
_OUTSIDE = re.compile(rb"""TargetMode\s*=\s*["']External""", re.IGNORECASE)
_FORBIDDEN = (
    (_COMMENT, "a part of the {} holds a comment or declares an entity"),
    (_HIDDEN, "the {} has a hidden sheet, row or column"),
    (_OUTSIDE, "the {} links to something outside"),
    (_DEFINED_NAME, "the {} has a defined name"),
    (_PARTED_FOOT, "a header or footer of the {} has words in it"),
)
_ELEMENT = re.compile(rb"<(?:\w+:)?(\w+)")
_SLIDE_ELEMENTS = frozenset(  # of a slide with one picture, and nothing else
    b"sld cSld spTree nvGrpSpPr cNvPr cNvGrpSpPr nvPr grpSpPr pic nvPicPr cNvPicPr picLocks blipFill blip stretch "
    b"fillRect spPr xfrm off ext prstGeom avLst clrMapOvr masterClrMapping".split()
)
_MOVED = re.compile(rb"""<(?:\w+:)?off\s+(?!x="0" y="0"/>)|<(?:\w+:)?fillRect\s+[^/>]|\b(?:hidden|show|rot)\s*=""")
_CELL_TEXT = re.compile(r"<(?:si|is)\b[^>]*>(.*?)</(?:si|is)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OfficeKind:
    """A kind of Office file that mssw writes.

    Attributes:
        noun: what a finding calls it.
        parts: the names of the members that it may have.
    """

    noun: str
    parts: re.Pattern[str]


WORKBOOK = OfficeKind("workbook", _WORKBOOK_PARTS)
SLIDES = OfficeKind("presentation", _SLIDE_PARTS)


def office_problems(kind: OfficeKind, data: bytes, names: NameSearch) -> tuple[list[str], set[int]]:
    """What an Office file holds that it should not, and the indexes of the spellings that stand in it.

    Every member is read to its last byte, whatever its name; the names of members are searched too.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return [f"the {kind.noun} unpacks to more than any of ours"], set()
            problems = list(dict.fromkeys(_envelope_problems(kind, data, archive)))
            found = search_bytes(data, names) if not problems else _outer_search(data, names)
            for part in parts:
                found |= names.hits(part.filename)
                wrong, hits = _part_problems(kind, part.filename, _read(archive, part), names)
                problems += [problem for problem in wrong if problem not in problems]
                found |= hits
            return problems, found
    except (
        zipfile.BadZipFile,
        ValueError,
        NotImplementedError,
        OSError,
        EOFError,
        RuntimeError,
        struct.error,
    ):
        return [f"the {kind.noun} is damaged, locked or not a {kind.noun}"], search_bytes(data, names)


def workbook_texts(data: bytes) -> list[str]:
    """What a person reads in the cells of a workbook; nothing where it cannot be read."""
    texts: list[str] = []
    broken = (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError)
    with suppress(*broken), zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename.endswith(".xml") and part.file_size <= _MOST_UNPACKED:
                found = _CELL_TEXT.findall(_read(archive, part).decode("utf-8", "replace"))
                texts += [html.unescape(_MARKUP.sub("", one)) for one in found]
    return texts


def _outer_search(data: bytes, names: NameSearch) -> set[int]:
    """The search of an envelope that holds more than it should, where any stretch may be text."""
    chunk = 512
    found = search_bytes(data, names)
    for start in range(0, len(data), chunk):
        found |= search_bytes(data[start : start + 2 * chunk], names)
    return found


def _read(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A member, no longer than it says.

    Raises:
        ValueError: it is longer.
    """
    with archive.open(part) as file:
        data = file.read(part.file_size + 1)
    if len(data) > part.file_size:
        raise ValueError("a member is longer than it says")
    return data


def _envelope_problems(kind: OfficeKind, data: bytes, archive: zipfile.ZipFile) -> Iterator[str]:
    """What stands in the zip around its members: comments, extra fields, times, bytes between."""
    at = 0
    for part in sorted(archive.infolist(), key=lambda part: part.header_offset):
        if kind.parts.fullmatch(part.filename) is None:
            yield f"the {kind.noun} has a part that is not on the list (comments, macros, links or the like)"
        if part.date_time != _NO_DATE:
            yield f"a member of the {kind.noun} tells when it was made"
        if part.extra or part.comment or part.flag_bits:
            yield f"a member of the {kind.noun} carries a comment or an extra field"
        head = _LOCAL.unpack_from(data, part.header_offset)
        if part.header_offset != at or head[0] != b"PK\x03\x04" or head[-1]:
            yield f"bytes stand between the members of the {kind.noun}"
        at = part.header_offset + _LOCAL.size + head[-2] + head[-1] + part.compress_size
    listed = sum(46 + len(part.filename.encode()) for part in archive.infolist())
    if archive.comment or archive.start_dir != at or len(data) != at + listed + 22:
        yield f"bytes stand before, between or after the members of the {kind.noun}"


def _part_problems(kind: OfficeKind, name: str, data: bytes, names: NameSearch) -> tuple[list[str], set[int]]:
    if name.endswith((".png", ".jpg", ".jpeg")):
        return image_problems(data, names)
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:64]:
        return [f"a part of the {kind.noun} is not UTF-8"], search_bytes(data, names)
    problems = [what.format(kind.noun) for pattern, what in _FORBIDDEN if pattern.search(data)]
    if kind is SLIDES:
        problems += _slide_problems(name, data)
    text = data.decode("utf-8", "replace")
    if name == _CORE and _MARKUP.sub("", text).strip():
        problems.append(f"the {kind.noun}'s properties tell who made it or when")
    found = names.hits("\n".join(_xml_texts(text)))
    if found and name == _THEME and _is_openpyxls_theme(text):
        found = set()
    return problems, found


def _slide_problems(name: str, data: bytes) -> Iterator[str]:
    """What is wrong with a part of a presentation: a slide is one picture that fills it, and all else is empty."""
    elements = _ELEMENT.findall(data)
    if name.startswith("ppt/slides/slide"):
        if elements.count(b"pic") != 1 or not _SLIDE_ELEMENTS.issuperset(elements) or _MOVED.search(data):
            yield "a slide has something else than one picture that fills it"
    elif name.endswith(".xml") and not {b"t", b"pic", b"blip"}.isdisjoint(elements):
        yield "the presentation has words or pictures outside its slides"


def _xml_texts(text: str) -> Iterator[str]:
    """What XML says between its tags, across them, and in its attributes."""
    yield html.unescape(_MARKUP.sub("\n", text))
    yield html.unescape(_MARKUP.sub("", text))
    yield html.unescape("\n".join(_COMMENTED.findall(text)))
    for tag in _MARKUP.findall(text):
        for one, two in _QUOTED.findall(tag):
            yield html.unescape(one or two)


def _is_openpyxls_theme(text: str) -> bool:
    """Whether it is the theme that every workbook of ours carries; some fonts in it are named like people."""
    from openpyxl.writer.theme import theme_xml  # noqa: PLC0415 - heavy, and wanted almost never

    return text.strip() == str(theme_xml).strip()


def image_problems(data: bytes, names: NameSearch) -> tuple[list[str], set[int]]:
    """What a PNG or JPEG holds beside its picture, and the indexes of the spellings in its bytes."""
    try:
        facts = jpeg_facts(data) if data.startswith(b"\xff\xd8") else png_facts(data)
    except ImageBytesError as error:
        return [str(error)], _outer_search(data, names)
    rest, at = [], 0
    for start, end in facts.noise:
        rest.append(data[at:start])
        at = end
    rest.append(data[at:])
    return [], search_compressed(data, names) | search_compressed(b"\n".join(rest), names)
