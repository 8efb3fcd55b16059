"""The allow-list itself: which entries each dictionary of our PDFs may have, and which values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, String

from mssw.names.name_search import SHORTEST_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Check = Callable[[Any], bool]

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_FONT_NAME = re.compile(r"/[A-Z]{6}\+[A-Za-z0-9-]+")
_ALIAS = r"[^\W\d_](?:['’-]?[^\W\d_]){1,24}"
_PARTS = "Cover|Introduction|The blank task|Samples|Notes|Chart|Agenda|Norms"
_BOOKMARKED = re.compile(rf"{_PARTS}|Copy \d{{1,3}}|{_ALIAS}")  # an alias is one word, as the search for names knows
_OF = r"page \d{1,3} of \d{1,3}"
_PICTURED = re.compile(
    rf"Student work by {_ALIAS}, {_OF}, handwritten; names removed|The blank task, {_OF}, as students got it"
    "|Reader|Timekeeper|Recorder|Picture"
)


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


def one_of(*names: str) -> Check:
    """One of these names or numbers."""
    return lambda value: str(value) in names


def number(value: Any) -> bool:
    """A number."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def numbers(value: Any) -> bool:
    """Numbers, also in arrays of arrays."""
    return is_array(value) and all(number(item) or (is_array(item) and numbers(item)) for item in value)


def whole(value: Any) -> bool:
    """A whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def truth(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def reference(value: Any) -> bool:
    """A reference to another object."""
    return bool(getattr(value, "is_indirect", False))


def matching(pattern: re.Pattern[str]) -> Check:
    """A name, or anything else, that is written so."""
    return lambda value: pattern.fullmatch(str(value)) is not None


def references(value: Any) -> bool:
    """An array of references."""
    return is_array(value) and all(reference(item) for item in value)


def said(pattern: re.Pattern[str]) -> Check:
    """Text of that shape, and of no other."""
    return lambda value: isinstance(value, String) and pattern.fullmatch(str(value)) is not None


def _no_word(value: Any) -> bool:
    """Text that a reader may hear in place of glyphs: a letter with its soft hyphen, never a word."""
    return isinstance(value, String) and sum(letter.isalnum() for letter in str(value)) < SHORTEST_WORD


def _held(value: Any) -> bool:
    """A dictionary that is looked at in its turn."""
    return isinstance(value, Dictionary)


def _destination(value: Any) -> bool:
    """A place in this file: a page, how it is shown, and numbers."""
    if not is_array(value) or len(value) < 2 or not reference(value[0]):  # noqa: PLR2004 - page and way
        return False
    return str(value[1]) in {"/XYZ", "/Fit", "/FitH"} and all(item is None or number(item) for item in list(value)[2:])


def _identity(value: Any) -> bool:
    """The character collection of a font that numbers its glyphs itself."""
    return isinstance(value, Dictionary) and {key: str(value[key]) for key in value.keys()} == {  # noqa: SIM118 - a pikepdf dictionary is walked by its keys
        "/Registry": "Adobe",
        "/Ordering": "Identity",
        "/Supplement": "0",
    }


def names_among(*names: str) -> Check:
    """An array of names, all of them among these."""
    return lambda value: is_array(value) and all(str(item) in names for item in value)


def is_array(value: Any) -> bool:
    """An array."""
    return isinstance(value, Array)


def _stream(name: str, plain: dict[str, Check], *needed: str) -> Kind:
    return Kind(name, _PACKED | plain, needed=frozenset(needed), is_stream=True)


_PACKED: dict[str, Check] = {"/Length": whole, "/Filter": one_of("/FlateDecode")}
_bookmark = said(_BOOKMARKED)
alternative = said(_PICTURED)
"""The words that stand for a picture: whose work it is, by alias, and which page; a role; or that it is one."""

_PAGE: dict[str, Check] = {"/Type": one_of("/Page"), "/Parent": reference, "/MediaBox": numbers}
_BOOKMARK: dict[str, Check] = {
    "/Title": _bookmark,
    "/Dest": _destination,
    "/Count": whole,
    "/Parent": reference,
    "/Prev": reference,
    "/Last": reference,
    "/First": reference,
    "/Next": reference,
}
_PAGE_NEEDS = frozenset({"/Type", "/MediaBox", "/Resources", "/Contents"})
_CATALOG: dict[str, Check] = {"/Type": one_of("/Catalog")}
_CATALOG_OF_TEXT: dict[str, Check] = _CATALOG | {
    "/PageMode": one_of("/UseNone", "/UseOutlines"),
    "/PageLayout": one_of("/SinglePage", "/OneColumn", "/TwoPageRight", "/TwoPageLeft"),
    "/Lang": matching(LANGUAGE),
}
_CATALOG_WALKED = ("/Pages", "/ViewerPreferences", "/Outlines")
_FONT_NAMED: dict[str, Check] = {"/Type": one_of("/Font"), "/BaseFont": matching(_FONT_NAME)}

LINKS = frozenset({"/P", "/Pg", "/Parent", "/Prev", "/Last", "/First", "/Next", "/DecodeParms"})
"""Entries that point at what the walk must meet by another way, or else it is a stray."""

FONTS = frozenset({"/FontFile2", "/FontFile3", "/CIDSet"})
"""Entries of a font descriptor that hold a part of the font."""

ALL = (
    Kind("catalog of images", _CATALOG, frozenset({"/Pages"}), frozenset({"/Type", "/Pages"})),
    Kind("catalog", _CATALOG_OF_TEXT, frozenset(_CATALOG_WALKED), frozenset({"/Type", "/Pages"})),
    Kind(
        "tagged catalog",
        _CATALOG_OF_TEXT,
        frozenset({*_CATALOG_WALKED, "/MarkInfo", "/StructTreeRoot", "/Metadata"}),
        frozenset({"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/Metadata"}),
    ),
    Kind(
        "viewer preferences",
        {
            "/PrintScaling": one_of("/None", "/AppDefault"),
            "/Duplex": one_of("/Simplex", "/DuplexFlipLongEdge", "/DuplexFlipShortEdge"),
            "/DisplayDocTitle": truth,
            "/PickTrayByPDFSize": truth,
            "/NumCopies": whole,
            "/Direction": one_of("/L2R", "/R2L"),
        },
    ),
    Kind(
        "page tree",
        {"/Type": one_of("/Pages"), "/Count": whole, "/Kids": references, "/Parent": reference},
        needed=frozenset({"/Type", "/Kids", "/Count"}),
    ),
    Kind("outlines", {"/Type": one_of("/Outlines")} | _BOOKMARK),
    Kind("bookmark", _BOOKMARK, needed=frozenset({"/Title"})),
    Kind("image page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    Kind("page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    Kind(
        "tagged page",
        _PAGE | {"/StructParents": whole, "/Tabs": one_of("/S")},
        frozenset({"/Resources", "/Contents"}),
        _PAGE_NEEDS | {"/StructParents", "/Tabs"},
    ),
    _stream("content", {}),
    Kind("resources of an image page", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    Kind(
        "resources",
        {"/ProcSet": names_among("/PDF", "/Text", "/ImageB", "/ImageC", "/ImageI")},
        frozenset({"/Font", "/ExtGState", "/ColorSpace", "/XObject"}),
    ),
    Kind(
        "page on a sheet",
        _PACKED | {"/Type": one_of("/XObject"), "/Subtype": one_of("/Form"), "/BBox": numbers},
        frozenset({"/Resources"}),
        frozenset({"/Subtype", "/BBox", "/Resources"}),
        is_stream=True,
    ),
    Kind("resources of a sheet", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    _stream(
        "image",
        {
            "/Type": one_of("/XObject"),
            "/Subtype": one_of("/Image"),
            "/Width": whole,
            "/Height": whole,
            "/ColorSpace": one_of("/DeviceGray", "/DeviceRGB"),
            "/BitsPerComponent": whole,
            "/Filter": one_of("/DCTDecode", "/CCITTFaxDecode"),
            "/DecodeParms": _held,
        },
        *("/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter"),
    ),
    Kind(
        "fax parameters",
        {"/K": one_of("-1"), "/Columns": whole, "/Rows": whole, "/BlackIs1": truth},
        needed=frozenset({"/K", "/Columns"}),
    ),
    Kind(
        "graphics state",
        {
            "/Type": one_of("/ExtGState"),
            "/BM": one_of("/Normal"),
            "/ca": number,
            "/CA": number,
            "/SA": truth,
        },
    ),
    _stream("colour profile", {"/N": whole, "/Range": numbers}),
    Kind(
        "marked content",
        {
            "/MCID": whole,
            "/Type": one_of("/Pagination", "/Layout", "/Page", "/Background"),
            "/Subtype": one_of("/Header", "/Footer"),
            "/BBox": numbers,
            "/Attached": names_among("/Top", "/Bottom", "/Left", "/Right"),
            "/Lang": matching(LANGUAGE),
            "/ActualText": _no_word,
            "/Alt": alternative,
        },
    ),
    Kind(
        "font",
        _FONT_NAMED | {"/Subtype": one_of("/Type0"), "/Encoding": one_of("/Identity-H")},
        frozenset({"/DescendantFonts", "/ToUnicode"}),
        frozenset({"/Subtype", "/DescendantFonts", "/ToUnicode"}),
    ),
    Kind(
        "descendant font",
        _FONT_NAMED
        | {
            "/Subtype": one_of("/CIDFontType0", "/CIDFontType2"),
            "/CIDSystemInfo": _identity,
            "/CIDToGIDMap": one_of("/Identity"),
            "/DW": number,
            "/W": numbers,
        },
        frozenset({"/FontDescriptor"}),
        frozenset({"/FontDescriptor"}),
    ),
    Kind(
        "font descriptor",
        {"/Type": one_of("/FontDescriptor"), "/FontName": matching(_FONT_NAME), "/FontBBox": numbers}
        | dict.fromkeys(("/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/XHeight", "/StemV"), number),
        FONTS,
    ),
    _stream("font program", {"/Length1": whole, "/Subtype": one_of("/CIDFontType0C", "/OpenType")}),
    _stream("character map", {"/Type": one_of("/CMap"), "/WMode": whole}),
)
_KINDS = {kind.name: kind for kind in ALL}
