"""The allow-list itself: which entries each dictionary of our PDFs may have, and which values.

The tags of a file that is read aloud (pikepdf): which may be there, and that none of them says what is not seen.

A tag holds pieces of pages by number. Words of its own has only the tag of a picture, and only of one shape.

The words of PDF's own language in our files: names that are no names of people, and the commands of a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from pikepdf import Array, Dictionary, Name, String

from mssw.names.name_search import SHORTEST_WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pikepdf

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
class DictionaryKind:
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


def allowed(name: str) -> DictionaryKind:
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


def _stream(name: str, plain: dict[str, Check], *needed: str) -> DictionaryKind:
    return DictionaryKind(name, _PACKED | plain, needed=frozenset(needed), is_stream=True)


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
    DictionaryKind("catalog of images", _CATALOG, frozenset({"/Pages"}), frozenset({"/Type", "/Pages"})),
    DictionaryKind("catalog", _CATALOG_OF_TEXT, frozenset(_CATALOG_WALKED), frozenset({"/Type", "/Pages"})),
    DictionaryKind(
        "tagged catalog",
        _CATALOG_OF_TEXT,
        frozenset({*_CATALOG_WALKED, "/MarkInfo", "/StructTreeRoot", "/Metadata"}),
        frozenset({"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/Metadata"}),
    ),
    DictionaryKind(
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
    DictionaryKind(
        "page tree",
        {"/Type": one_of("/Pages"), "/Count": whole, "/Kids": references, "/Parent": reference},
        needed=frozenset({"/Type", "/Kids", "/Count"}),
    ),
    DictionaryKind("outlines", {"/Type": one_of("/Outlines")} | _BOOKMARK),
    DictionaryKind("bookmark", _BOOKMARK, needed=frozenset({"/Title"})),
    DictionaryKind("image page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    DictionaryKind("page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    DictionaryKind(
        "tagged page",
        _PAGE | {"/StructParents": whole, "/Tabs": one_of("/S")},
        frozenset({"/Resources", "/Contents"}),
        _PAGE_NEEDS | {"/StructParents", "/Tabs"},
    ),
    _stream("content", {}),
    DictionaryKind("resources of an image page", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    DictionaryKind(
        "resources",
        {"/ProcSet": names_among("/PDF", "/Text", "/ImageB", "/ImageC", "/ImageI")},
        frozenset({"/Font", "/ExtGState", "/ColorSpace", "/XObject"}),
    ),
    DictionaryKind(
        "page on a sheet",
        _PACKED | {"/Type": one_of("/XObject"), "/Subtype": one_of("/Form"), "/BBox": numbers},
        frozenset({"/Resources"}),
        frozenset({"/Subtype", "/BBox", "/Resources"}),
        is_stream=True,
    ),
    DictionaryKind("resources of a sheet", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
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
    DictionaryKind(
        "fax parameters",
        {"/K": one_of("-1"), "/Columns": whole, "/Rows": whole, "/BlackIs1": truth},
        needed=frozenset({"/K", "/Columns"}),
    ),
    DictionaryKind(
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
    DictionaryKind(
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
    DictionaryKind(
        "font",
        _FONT_NAMED | {"/Subtype": one_of("/Type0"), "/Encoding": one_of("/Identity-H")},
        frozenset({"/DescendantFonts", "/ToUnicode"}),
        frozenset({"/Subtype", "/DescendantFonts", "/ToUnicode"}),
    ),
    DictionaryKind(
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
    DictionaryKind(
        "font descriptor",
        {"/Type": one_of("/FontDescriptor"), "/FontName": matching(_FONT_NAME), "/FontBBox": numbers}
        | dict.fromkeys(("/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/XHeight", "/StemV"), number),
        FONTS,
    ),
    _stream("font program", {"/Length1": whole, "/Subtype": one_of("/CIDFontType0C", "/OpenType")}),
    _stream("character map", {"/Type": one_of("/CMap"), "/WMode": whole}),
)
_KINDS = {kind.name: kind for kind in ALL}


_XMP = re.compile(
    rb'<\?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"\?>\s*<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    rb'<rdf:RDF xmlns:rdf="http://www\.w3\.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    rb'xmlns:dc="http://purl\.org/dc/elements/1\.1/" xmlns:pdfuaid="http://www\.aiim\.org/pdfua/ns/id/">'
    rb'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">([^<>]{1,2000})</rdf:li></rdf:Alt></dc:title>'
    rb'<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>\s*<\?xpacket end="r"\?>'
)
_MOST_TAGS = 200_000
_IDENTITY = re.compile(r"U\d{1,6}(x\d{1,4}y\d{1,4})?|[A-Za-z]{0,3}\d{1,9}")  # numbers of table cells
_TITLED = re.compile(r"[^\0]{1,2000}", re.DOTALL)  # searched for names as all text is

_STANDARD = tuple(
    f"/{name}"
    for name in """
        Document Part Sect Div P H1 H2 H3 H4 L LI Lbl LBody Table THead TBody TFoot TR TH TD Span Figure Caption
        Em Strong Title Terms Datetime
    """.split()  # noqa: SIM905 - a word list reads better
)
_ROLES = {
    "/Datetime": one_of("/Span"),
    "/Em": one_of("/Span"),
    "/Strong": one_of("/Span"),
    "/Terms": one_of("/Part"),
    "/Title": one_of("/P", "/H1"),
}

INFORMATION = DictionaryKind("information", {"/Title": said(_TITLED)}, needed=frozenset({"/Title"}))
_MARKED = DictionaryKind("mark information", {"/Marked": truth}, needed=frozenset({"/Marked"}))
_METADATA = DictionaryKind(
    "metadata",
    {"/Type": one_of("/Metadata"), "/Subtype": one_of("/XML"), "/Length": whole},
    needed=frozenset({"/Subtype"}),
    is_stream=True,
)
_ROOT = DictionaryKind(
    "root of tags",
    {"/Type": one_of("/StructTreeRoot"), "/ParentTreeNextKey": whole},
    frozenset({"/K", "/ParentTree", "/RoleMap", "/IDTree"}),
    frozenset({"/K", "/ParentTree"}),
)
_ROLE_MAP = DictionaryKind("roles of tags", _ROLES)
_TAG = DictionaryKind(
    "tag",
    {
        "/Type": one_of("/StructElem"),
        "/S": one_of(*_STANDARD),
        "/P": reference,
        "/Pg": reference,
        "/Alt": alternative,
        "/Lang": matching(LANGUAGE),
        "/ID": said(_IDENTITY),
    },
    frozenset({"/K", "/A"}),
    frozenset({"/S", "/P"}),
)
_PIECE = DictionaryKind(
    "piece of a tag", {"/Type": one_of("/MCR"), "/MCID": whole, "/Pg": reference}, needed=frozenset({"/MCID"})
)
_ATTRIBUTES = DictionaryKind(
    "attributes of a tag",
    {
        "/O": one_of("/Layout", "/List", "/Table"),
        "/Placement": one_of("/Block", "/Inline"),
        "/BBox": numbers,
        "/ListNumbering": one_of("/None", "/Disc", "/Circle", "/Square", "/Decimal"),
        "/Scope": one_of("/Row", "/Column", "/Both"),
        "/RowSpan": whole,
        "/ColSpan": whole,
        "/Headers": lambda value: is_array(value) and all(_named(one) for one in value),
    },
    needed=frozenset({"/O"}),
)


def _named(value: Any) -> bool:
    return isinstance(value, String) and _IDENTITY.fullmatch(str(value)) is not None


def _is_numbered(value: Any) -> bool:
    """Numbers and what each stands for, in turn: a tag, or the tags of a page's pieces."""
    if not is_array(value) or len(value) % 2:
        return False
    items = list(value)
    return all(whole(key) for key in items[::2]) and all(reference(one) or references(one) for one in items[1::2])


def _is_named(value: Any) -> bool:
    """The numbers of table cells and their tags, in turn."""
    items = list(value) if is_array(value) else [None]
    return not len(items) % 2 and all(map(_named, items[::2])) and all(map(reference, items[1::2]))


_IDENTITIES = DictionaryKind("names of tags", {"/Names": _is_named}, needed=frozenset({"/Names"}))
_PARENTS = DictionaryKind("tree of tags", {"/Nums": _is_numbered}, needed=frozenset({"/Nums"}))
TAG_KINDS = (INFORMATION, _MARKED, _METADATA, _ROOT, _ROLE_MAP, _TAG, _PIECE, _ATTRIBUTES, _IDENTITIES, _PARENTS)


class TagWalk(Protocol):
    """The walk through a file's objects, as far as tags need it."""

    met: set[tuple[int, int]]

    def say(self, what: str) -> None:
        """Note a finding, once."""

    def meet(self, value: pikepdf.Object, kind: DictionaryKind) -> bool:
        """Note an object and compare its keys with the list; whether it is what it should be."""


def check_tags(walk: TagWalk, root: pikepdf.Object) -> None:
    """Hold the tags, the marks and the metadata of a file against the list.

    Args:
        walk: the walk through the file; it gets what is found.
        root: the file's catalog.
    """
    for key, kind in (("/MarkInfo", _MARKED), ("/StructTreeRoot", _ROOT), ("/Metadata", _METADATA)):
        if key not in root:
            walk.say("the file has no tags, so nothing can be read aloud")
            return
        if not walk.meet(root[key], kind):
            return
    if _XMP.fullmatch(root.Metadata.read_raw_bytes()) is None:
        walk.say("the metadata holds more than a title")
    tree = root.StructTreeRoot
    if "/RoleMap" in tree:
        walk.meet(tree.RoleMap, _ROLE_MAP)
    if "/IDTree" in tree:
        walk.meet(tree.IDTree, _IDENTITIES)
    if walk.meet(tree.ParentTree, _PARENTS):
        for value in list(tree.ParentTree.Nums)[1::2]:
            if isinstance(value, Array) and value.is_indirect:
                walk.met.add(value.objgen)
    _walk_tags(walk, tree.K)


def _walk_tags(walk: TagWalk, top: pikepdf.Object) -> None:
    """Every tag below the root."""
    waiting, count = list(_kids(walk, top)), 0
    while waiting:
        tag, count = waiting.pop(), count + 1
        if count > _MOST_TAGS:
            walk.say("the file has more tags than a packet needs")
            return
        if isinstance(tag, int):
            continue
        if isinstance(tag, Dictionary) and tag.get("/S") is None:
            walk.meet(tag, _PIECE)
            continue
        if isinstance(tag, Dictionary) and tag.is_indirect and tag.objgen in walk.met:
            walk.say("a tag stands in two places")
            continue
        if not walk.meet(tag, _TAG):
            continue
        if ("/Alt" in tag) is not bool(Name.Figure == tag.S):
            walk.say("a picture lacks the words for it, or something else has them")
        for attributes in _kids(walk, tag.get("/A")):
            walk.meet(attributes, _ATTRIBUTES)
        waiting += _kids(walk, tag.get("/K"))


def _kids(walk: TagWalk, value: Any) -> list[Any]:
    """One or several, as a list."""
    if value is None:
        return []
    if isinstance(value, Array):
        if value.is_indirect:
            walk.met.add(value.objgen)
        return list(value.as_list())
    return [value]


PDF_NAMES = frozenset(key[1:] for kind in (*ALL, *TAG_KINDS) for key in kind.keys) | frozenset(
    """
        Root Size ID Info Catalog Page Pages XObject Image DeviceGray DeviceRGB DCTDecode CCITTFaxDecode
        FlateDecode Im0 Type0 CIDFontType0 CIDFontType2 CIDFontType0C Identity Font FontDescriptor Outlines
        ICCBased PDF Text ImageB ImageC ImageI CMap CIDInit ProcSet Registry Ordering Supplement CMapType
        CMapName         Span Artifact P Pagination Layout Header Footer None Simplex DuplexFlipLongEdge
        DuplexFlipShortEdge Fit         UseNone UseOutlines SinglePage OneColumn TwoPageRight TwoPageLeft XYZ
        Normal ExtGState Form StructTreeRoot StructElem MCR Metadata XML Document Part Sect Div Figure Caption Table
        Layout List Block Inline Disc Circle Square Decimal Row Column Both Start End Center Span Title
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
