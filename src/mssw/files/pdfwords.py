"""The allow-list itself: which entries each dictionary of our PDFs may have, and which values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, String

from mssw.model.namesearch import SHORTEST_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any], bool]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_FONT_NAME = re.compile(r"/[A-Z]{6}\+[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of dictionary may hold.

    Attributes:
        name: for messages.
        plain: entries whose value a check decides on.
        walked: entries that lead to another dictionary, which is looked at in its turn.
        needed: entries that must be there.
        is_stream: whether it is the dictionary of a stream.
    """

    name: str
    plain: Mapping[str, Check]
    walked: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    is_stream: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """Every entry that may be there."""
        return self.walked | self.plain.keys()


def allowed(name: str) -> Kind:
    """What a dictionary of that kind may hold."""
    return _KINDS[name]


def _one_of(*names: str) -> Check:
    return lambda value: str(value) in names


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _numbers(value: Any) -> bool:
    return _is_array(value) and all(_number(item) or (_is_array(item) and _numbers(item)) for item in value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _reference(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))


def _matching(pattern: re.Pattern[str]) -> Check:
    return lambda value: pattern.fullmatch(str(value)) is not None


def _references(value: Any) -> bool:
    return _is_array(value) and all(_reference(item) for item in value)


def _text(value: Any) -> bool:
    """Any text: the search for names reads it."""
    return isinstance(value, String)


def _no_word(value: Any) -> bool:
    """Text that a reader may hear in place of glyphs: a letter with its soft hyphen, never a word."""
    return _text(value) and sum(letter.isalnum() for letter in str(value)) < SHORTEST_WORD


def _destination(value: Any) -> bool:
    """A place in this file: a page, how it is shown, and numbers."""
    if not _is_array(value) or len(value) < 2 or not _reference(value[0]):  # noqa: PLR2004 - page and way
        return False
    return str(value[1]) in {"/XYZ", "/Fit", "/FitH"} and all(item is None or _number(item) for item in list(value)[2:])


def _identity(value: Any) -> bool:
    """The character collection of a font that numbers its glyphs itself."""
    return isinstance(value, Dictionary) and {key: str(value[key]) for key in value.keys()} == {  # noqa: SIM118 - a pikepdf dictionary is walked by its keys
        "/Registry": "Adobe",
        "/Ordering": "Identity",
        "/Supplement": "0",
    }


def _names_among(*names: str) -> Check:
    return lambda value: _is_array(value) and all(str(item) in names for item in value)


def _is_array(value: Any) -> bool:
    return isinstance(value, Array)


def _stream(name: str, plain: dict[str, Check], *needed: str) -> Kind:
    packing: dict[str, Check] = {"/Length": _whole, "/Filter": _one_of("/FlateDecode")}
    return Kind(name, packing | plain, needed=frozenset(needed), is_stream=True)


_PAGE: dict[str, Check] = {"/Type": _one_of("/Page"), "/Parent": _reference, "/MediaBox": _numbers}
_BOOKMARK: dict[str, Check] = {
    "/Title": _text,
    "/Dest": _destination,
    "/Count": _whole,
    "/Parent": _reference,
    "/Prev": _reference,
    "/Last": _reference,
    "/First": _reference,
    "/Next": _reference,
}
_PAGE_NEEDS = frozenset({"/Type", "/MediaBox", "/Resources", "/Contents"})
_CATALOG: dict[str, Check] = {"/Type": _one_of("/Catalog")}
_FONT_NAMED: dict[str, Check] = {"/Type": _one_of("/Font"), "/BaseFont": _matching(_FONT_NAME)}

LINKS = frozenset({"/Parent", "/Prev", "/Last", "/First", "/Next", "/DecodeParms"})
"""Entries that point at what the walk must meet by another way, or else it is a stray."""

FONTS = frozenset({"/FontFile2", "/FontFile3", "/CIDSet"})
"""Entries of a font descriptor that hold a part of the font."""

_ALL = (
    Kind("catalog of images", _CATALOG, frozenset({"/Pages"}), frozenset({"/Type", "/Pages"})),
    Kind(
        "catalog",
        _CATALOG
        | {
            "/PageMode": _one_of("/UseNone", "/UseOutlines"),
            "/PageLayout": _one_of("/SinglePage", "/OneColumn", "/TwoPageRight", "/TwoPageLeft"),
            "/Lang": _matching(_LANGUAGE),
        },
        frozenset({"/Pages", "/ViewerPreferences", "/Outlines"}),
        frozenset({"/Type", "/Pages"}),
    ),
    Kind(
        "viewer preferences",
        {
            "/PrintScaling": _one_of("/None", "/AppDefault"),
            "/Duplex": _one_of("/Simplex", "/DuplexFlipLongEdge", "/DuplexFlipShortEdge"),
            "/DisplayDocTitle": _truth,
            "/PickTrayByPDFSize": _truth,
            "/NumCopies": _whole,
            "/Direction": _one_of("/L2R", "/R2L"),
        },
    ),
    Kind(
        "page tree",
        {"/Type": _one_of("/Pages"), "/Count": _whole, "/Kids": _references, "/Parent": _reference},
        needed=frozenset({"/Type", "/Kids", "/Count"}),
    ),
    Kind("outlines", {"/Type": _one_of("/Outlines")} | _BOOKMARK),
    Kind("bookmark", _BOOKMARK, needed=frozenset({"/Title"})),
    Kind("image page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    Kind("page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    _stream("content", {}),
    Kind("resources of an image page", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    Kind(
        "resources",
        {"/ProcSet": _names_among("/PDF", "/Text", "/ImageB", "/ImageC", "/ImageI")},
        frozenset({"/Font", "/ExtGState", "/ColorSpace"}),
    ),
    _stream(
        "image",
        {
            "/Type": _one_of("/XObject"),
            "/Subtype": _one_of("/Image"),
            "/Width": _whole,
            "/Height": _whole,
            "/ColorSpace": _one_of("/DeviceGray", "/DeviceRGB"),
            "/BitsPerComponent": _whole,
            "/Filter": _one_of("/DCTDecode", "/CCITTFaxDecode"),
            "/DecodeParms": lambda value: isinstance(value, Dictionary),
        },
        *("/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter"),
    ),
    Kind(
        "fax parameters",
        {"/K": _one_of("-1"), "/Columns": _whole, "/Rows": _whole, "/BlackIs1": _truth},
        needed=frozenset({"/K", "/Columns"}),
    ),
    Kind(
        "graphics state",
        {
            "/Type": _one_of("/ExtGState"),
            "/BM": _one_of("/Normal"),
            "/ca": _number,
            "/CA": _number,
            "/SA": _truth,
        },
    ),
    _stream("colour profile", {"/N": _whole, "/Range": _numbers}),
    Kind(
        "marked content",
        {
            "/MCID": _whole,
            "/Type": _one_of("/Pagination", "/Layout", "/Page", "/Background"),
            "/Subtype": _one_of("/Header", "/Footer"),
            "/BBox": _numbers,
            "/Attached": _names_among("/Top", "/Bottom", "/Left", "/Right"),
            "/Lang": _matching(_LANGUAGE),
            "/ActualText": _no_word,
        },
    ),
    Kind(
        "font",
        _FONT_NAMED | {"/Subtype": _one_of("/Type0"), "/Encoding": _one_of("/Identity-H")},
        frozenset({"/DescendantFonts", "/ToUnicode"}),
        frozenset({"/Subtype", "/DescendantFonts", "/ToUnicode"}),
    ),
    Kind(
        "descendant font",
        _FONT_NAMED
        | {
            "/Subtype": _one_of("/CIDFontType0", "/CIDFontType2"),
            "/CIDSystemInfo": _identity,
            "/CIDToGIDMap": _one_of("/Identity"),
            "/DW": _number,
            "/W": _numbers,
        },
        frozenset({"/FontDescriptor"}),
        frozenset({"/FontDescriptor"}),
    ),
    Kind(
        "font descriptor",
        {"/Type": _one_of("/FontDescriptor"), "/FontName": _matching(_FONT_NAME), "/FontBBox": _numbers}
        | dict.fromkeys(("/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/XHeight", "/StemV"), _number),
        FONTS,
    ),
    _stream("font program", {"/Length1": _whole, "/Subtype": _one_of("/CIDFontType0C", "/OpenType")}),
    _stream("character map", {"/Type": _one_of("/CMap"), "/WMode": _whole}),
)
_KINDS = {kind.name: kind for kind in _ALL}

PDF_NAMES = frozenset(key[1:] for kind in _ALL for key in kind.keys) | frozenset(
    """
        Root Size ID Info Catalog Page Pages XObject Image DeviceGray DeviceRGB DCTDecode CCITTFaxDecode
        FlateDecode Im0 Type0 CIDFontType0 CIDFontType2 CIDFontType0C Identity Font FontDescriptor Outlines
        ICCBased PDF Text ImageB ImageC ImageI CMap CIDInit ProcSet Registry Ordering Supplement CMapType
        CMapName         Span Artifact P Pagination Layout Header Footer None Simplex DuplexFlipLongEdge
        DuplexFlipShortEdge Fit         UseNone UseOutlines SinglePage OneColumn TwoPageRight TwoPageLeft XYZ
        Normal ExtGState
    """.split()  # noqa: SIM905 - a word list reads better
)
"""The names of PDF's own language in our files, which are no names of people whatever a roster holds."""

OPERATORS = frozenset(
    """
        q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD
        Tm T* Tj TJ CS cs SC SCN sc scn G g RG rg K k BMC BDC EMC
    """.split()  # noqa: SIM905 - a word list reads better
)
"""The commands that may stand in a page's content: no images, shadings or marked points."""
