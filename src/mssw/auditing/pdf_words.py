"""The allow-list: which entries each dictionary of our PDFs may have, with which values, and which tags and commands.

First the checks of single values, then what each kind of dictionary may hold, then the tags of a file that is read
aloud, and last PDF's own keywords, which are not people's names, and the commands of a page. Most tags refer to
pieces of pages by number. Only a picture's tag has words of its own, and only of a fixed form, so no tag
can hold text that is not visible on the page.
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
_ALIAS = r"(?:[^\W\d_](?:['’-]?[^\W\d_]){1,24}|(?:Sample|Muestra) \d{1,3})"
#: The cover's bookmark, in each language that mssw prints.
COVERS = ("Cover", "Portada")
#: The introduction's; in a packet of several teachers it names each of them.
INTRODUCTIONS = ("Introduction", "Introducción")
_PARTS = "The blank task|Samples|Typed text|Notes|Chart|Agenda|Norms"
_PARTS += "|La tarea en blanco|Muestras|Texto escrito a máquina|Notas|Tabla|Agenda|Acuerdos"
_BOOKMARKED = re.compile(
    rf"{'|'.join((*COVERS, *INTRODUCTIONS))}|{_PARTS}|(Copy|Copia) \d{{1,3}}|{_ALIAS}"
)  # an alias is one word, as the search for names knows
_DE = r"página \d{1,3} de \d{1,3}"
_OF = r"page \d{1,3} of \d{1,3}"
_PICTURED = re.compile(
    rf"Student work by {_ALIAS}, {_OF}, handwritten; names removed|The blank task, {_OF}, as students got it"
    rf"|Trabajo de {_ALIAS}, {_DE}, escrito a mano; sin nombres"
    rf"|La tarea en blanco, {_DE}, como la recibieron los estudiantes"
    r"|Places E\d{1,4} to E\d{1,4} in student work, names removed"
    r"|Lugares E\d{1,4} a E\d{1,4} en los trabajos, sin nombres"
    "|Reader|Timekeeper|Recorder|Lectura|Tiempo|Anotación|Picture"
)


@dataclass(frozen=True, slots=True)
class DictionaryKind:
    """What one kind of dictionary may hold.

    Attributes:
        name: for messages.
        plain: entries with a check of their value.
        walked: entries that lead to another dictionary, which is checked by itself.
        needed: required entries.
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


def kind_named(name: str) -> DictionaryKind:
    """The kind of dictionary with that name."""
    return _KINDS[name]


def is_one_of(*names: str) -> Check:
    """A check for one of these names or numbers."""
    return lambda value: str(value) in names


def is_number(value: Any) -> bool:
    """Whether it is a number."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def are_numbers(value: Any) -> bool:
    """Whether it is an array of numbers, or of such arrays."""
    return is_array(value) and all(is_number(item) or (is_array(item) and are_numbers(item)) for item in value)


def is_whole_number(value: Any) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_boolean(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, bool)


def is_reference(value: Any) -> bool:
    """Whether it is a reference to another object."""
    return bool(getattr(value, "is_indirect", False))


def has_form(pattern: re.Pattern[str]) -> Check:
    """A check for a name, or anything else, whose text matches the pattern."""
    return lambda value: pattern.fullmatch(str(value)) is not None


def are_references(value: Any) -> bool:
    """Whether it is an array of references."""
    return is_array(value) and all(is_reference(item) for item in value)


def is_text_of_form(pattern: re.Pattern[str]) -> Check:
    """A check for text that matches the pattern."""
    return lambda value: isinstance(value, String) and pattern.fullmatch(str(value)) is not None


def _is_no_word(value: Any) -> bool:
    """Whether it is text that may be read aloud in place of glyphs: a letter with its soft hyphen, never a word."""
    return isinstance(value, String) and sum(letter.isalnum() for letter in str(value)) < SHORTEST_WORD


def _is_dictionary(value: Any) -> bool:
    """Whether it is a dictionary; the walk checks what it holds."""
    return isinstance(value, Dictionary)


def _is_destination(value: Any) -> bool:
    """Whether it is a place in this file: a page, how it is shown, and numbers."""
    if not is_array(value) or len(value) < 2 or not is_reference(value[0]):  # noqa: PLR2004 - page and way
        return False
    return str(value[1]) in {"/XYZ", "/Fit", "/FitH"} and all(
        item is None or is_number(item) for item in list(value)[2:]
    )


def _is_identity(value: Any) -> bool:
    """Whether it is the character collection of a font that numbers its glyphs itself."""
    return isinstance(value, Dictionary) and {key: str(value[key]) for key in value.keys()} == {  # noqa: SIM118 - a pikepdf dictionary is walked by its keys
        "/Registry": "Adobe",
        "/Ordering": "Identity",
        "/Supplement": "0",
    }


def are_names_among(*names: str) -> Check:
    """A check for an array of names, all of them among these."""
    return lambda value: is_array(value) and all(str(item) in names for item in value)


def is_array(value: Any) -> bool:
    """Whether it is an array."""
    return isinstance(value, Array)


def _stream_kind(name: str, plain: dict[str, Check], *needed: str) -> DictionaryKind:
    return DictionaryKind(name, _PACKED | plain, needed=frozenset(needed), is_stream=True)


_PACKED: dict[str, Check] = {"/Length": is_whole_number, "/Filter": is_one_of("/FlateDecode")}
_is_bookmark = is_text_of_form(_BOOKMARKED)
is_picture_text = is_text_of_form(_PICTURED)
"""Whether it is the text for a picture: a response's alias and page, the numbers of places, a role, or just that."""

_PAGE: dict[str, Check] = {"/Type": is_one_of("/Page"), "/Parent": is_reference, "/MediaBox": are_numbers}
_BOOKMARK: dict[str, Check] = {
    "/Title": _is_bookmark,
    "/Dest": _is_destination,
    "/Count": is_whole_number,
    "/Parent": is_reference,
    "/Prev": is_reference,
    "/Last": is_reference,
    "/First": is_reference,
    "/Next": is_reference,
}
_PAGE_NEEDS = frozenset({"/Type", "/MediaBox", "/Resources", "/Contents"})
_CATALOG: dict[str, Check] = {"/Type": is_one_of("/Catalog")}
_CATALOG_OF_TEXT: dict[str, Check] = _CATALOG | {
    "/PageMode": is_one_of("/UseNone", "/UseOutlines"),
    "/PageLayout": is_one_of("/SinglePage", "/OneColumn", "/TwoPageRight", "/TwoPageLeft"),
    "/Lang": has_form(LANGUAGE),
}
_CATALOG_WALKED = ("/Pages", "/ViewerPreferences", "/Outlines")
_FONT_NAMED: dict[str, Check] = {"/Type": is_one_of("/Font"), "/BaseFont": has_form(_FONT_NAME)}

LINKS = frozenset({"/P", "/Pg", "/Parent", "/Prev", "/Last", "/First", "/Next", "/DecodeParms"})
"""Entries that point at objects which the walk must also meet in another way; otherwise they are strays."""

FONTS = frozenset({"/FontFile2", "/FontFile3", "/CIDSet"})
"""Entries of a font descriptor that hold a part of the font."""

DICTIONARY_KINDS = (
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
            "/PrintScaling": is_one_of("/None", "/AppDefault"),
            "/Duplex": is_one_of("/Simplex", "/DuplexFlipLongEdge", "/DuplexFlipShortEdge"),
            "/DisplayDocTitle": is_boolean,
            "/PickTrayByPDFSize": is_boolean,
            "/NumCopies": is_whole_number,
            "/Direction": is_one_of("/L2R", "/R2L"),
        },
    ),
    DictionaryKind(
        "page tree",
        {"/Type": is_one_of("/Pages"), "/Count": is_whole_number, "/Kids": are_references, "/Parent": is_reference},
        needed=frozenset({"/Type", "/Kids", "/Count"}),
    ),
    DictionaryKind("outlines", {"/Type": is_one_of("/Outlines")} | _BOOKMARK),
    DictionaryKind("bookmark", _BOOKMARK, needed=frozenset({"/Title"})),
    DictionaryKind("image page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    DictionaryKind("page", _PAGE, frozenset({"/Resources", "/Contents"}), _PAGE_NEEDS),
    DictionaryKind(
        "tagged page",
        _PAGE | {"/StructParents": is_whole_number, "/Tabs": is_one_of("/S")},
        frozenset({"/Resources", "/Contents"}),
        _PAGE_NEEDS | {"/StructParents", "/Tabs"},
    ),
    _stream_kind("content", {}),
    DictionaryKind("resources of an image page", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    DictionaryKind(
        "resources",
        {"/ProcSet": are_names_among("/PDF", "/Text", "/ImageB", "/ImageC", "/ImageI")},
        frozenset({"/Font", "/ExtGState", "/ColorSpace", "/XObject"}),
    ),
    DictionaryKind(
        "page on a sheet",
        _PACKED | {"/Type": is_one_of("/XObject"), "/Subtype": is_one_of("/Form"), "/BBox": are_numbers},
        frozenset({"/Resources"}),
        frozenset({"/Subtype", "/BBox", "/Resources"}),
        is_stream=True,
    ),
    DictionaryKind("resources of a sheet", {}, frozenset({"/XObject"}), frozenset({"/XObject"})),
    _stream_kind(
        "image",
        {
            "/Type": is_one_of("/XObject"),
            "/Subtype": is_one_of("/Image"),
            "/Width": is_whole_number,
            "/Height": is_whole_number,
            "/ColorSpace": is_one_of("/DeviceGray", "/DeviceRGB"),
            "/BitsPerComponent": is_whole_number,
            "/Filter": is_one_of("/DCTDecode", "/CCITTFaxDecode"),
            "/DecodeParms": _is_dictionary,
        },
        *("/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter"),
    ),
    DictionaryKind(
        "fax parameters",
        {"/K": is_one_of("-1"), "/Columns": is_whole_number, "/Rows": is_whole_number, "/BlackIs1": is_boolean},
        needed=frozenset({"/K", "/Columns"}),
    ),
    DictionaryKind(
        "graphics state",
        {
            "/Type": is_one_of("/ExtGState"),
            "/BM": is_one_of("/Normal"),
            "/ca": is_number,
            "/CA": is_number,
            "/SA": is_boolean,
        },
    ),
    _stream_kind("colour profile", {"/N": is_whole_number, "/Range": are_numbers}),
    DictionaryKind(
        "marked content",
        {
            "/MCID": is_whole_number,
            "/Type": is_one_of("/Pagination", "/Layout", "/Page", "/Background"),
            "/Subtype": is_one_of("/Header", "/Footer"),
            "/BBox": are_numbers,
            "/Attached": are_names_among("/Top", "/Bottom", "/Left", "/Right"),
            "/Lang": has_form(LANGUAGE),
            "/ActualText": _is_no_word,
            "/Alt": is_picture_text,
        },
    ),
    DictionaryKind(
        "font",
        _FONT_NAMED | {"/Subtype": is_one_of("/Type0"), "/Encoding": is_one_of("/Identity-H")},
        frozenset({"/DescendantFonts", "/ToUnicode"}),
        frozenset({"/Subtype", "/DescendantFonts", "/ToUnicode"}),
    ),
    DictionaryKind(
        "descendant font",
        _FONT_NAMED
        | {
            "/Subtype": is_one_of("/CIDFontType0", "/CIDFontType2"),
            "/CIDSystemInfo": _is_identity,
            "/CIDToGIDMap": is_one_of("/Identity"),
            "/DW": is_number,
            "/W": are_numbers,
        },
        frozenset({"/FontDescriptor"}),
        frozenset({"/FontDescriptor"}),
    ),
    DictionaryKind(
        "font descriptor",
        {"/Type": is_one_of("/FontDescriptor"), "/FontName": has_form(_FONT_NAME), "/FontBBox": are_numbers}
        | dict.fromkeys(
            ("/Flags", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/XHeight", "/StemV"), is_number
        ),
        FONTS,
    ),
    _stream_kind("font program", {"/Length1": is_whole_number, "/Subtype": is_one_of("/CIDFontType0C", "/OpenType")}),
    _stream_kind("character map", {"/Type": is_one_of("/CMap"), "/WMode": is_whole_number}),
)
_KINDS = {kind.name: kind for kind in DICTIONARY_KINDS}


_XMP = re.compile(
    rb'<\?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"\?>\s*<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    rb'<rdf:RDF xmlns:rdf="http://www\.w3\.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    rb'xmlns:dc="http://purl\.org/dc/elements/1\.1/" xmlns:pdfuaid="http://www\.aiim\.org/pdfua/ns/id/">'
    rb'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">([^<>]{1,2000})</rdf:li></rdf:Alt></dc:title>'
    rb'<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>\s*<\?xpacket end="r"\?>'
)
_MOST_TAGS = 200_000
_IDENTITY = re.compile(r"U\d{1,6}(x\d{1,4}y\d{1,4})?|[A-Za-z]{0,3}\d{1,9}")  # numbers of table cells
_TITLED = re.compile(r"[^\0]{1,2000}", re.DOTALL)  # searched for names like all text

_STANDARD = tuple(
    f"/{name}"
    for name in """
        Document Part Sect Div P H1 H2 H3 H4 L LI Lbl LBody Table THead TBody TFoot TR TH TD Span Figure Caption
        Em Strong Title Terms Datetime
    """.split()  # noqa: SIM905 - a word list reads better
)
_ROLES = {
    "/Datetime": is_one_of("/Span"),
    "/Em": is_one_of("/Span"),
    "/Strong": is_one_of("/Span"),
    "/Terms": is_one_of("/Part"),
    "/Title": is_one_of("/P", "/H1"),
}

INFORMATION = DictionaryKind("information", {"/Title": is_text_of_form(_TITLED)}, needed=frozenset({"/Title"}))
_MARKED = DictionaryKind("mark information", {"/Marked": is_boolean}, needed=frozenset({"/Marked"}))
_METADATA = DictionaryKind(
    "metadata",
    {"/Type": is_one_of("/Metadata"), "/Subtype": is_one_of("/XML"), "/Length": is_whole_number},
    needed=frozenset({"/Subtype"}),
    is_stream=True,
)
_ROOT = DictionaryKind(
    "root of tags",
    {"/Type": is_one_of("/StructTreeRoot"), "/ParentTreeNextKey": is_whole_number},
    frozenset({"/K", "/ParentTree", "/RoleMap", "/IDTree"}),
    frozenset({"/K", "/ParentTree"}),
)
_ROLE_MAP = DictionaryKind("roles of tags", _ROLES)
_TAG = DictionaryKind(
    "tag",
    {
        "/Type": is_one_of("/StructElem"),
        "/S": is_one_of(*_STANDARD),
        "/P": is_reference,
        "/Pg": is_reference,
        "/Alt": is_picture_text,
        "/Lang": has_form(LANGUAGE),
        "/ID": is_text_of_form(_IDENTITY),
    },
    frozenset({"/K", "/A"}),
    frozenset({"/S", "/P"}),
)
_PIECE = DictionaryKind(
    "piece of a tag",
    {"/Type": is_one_of("/MCR"), "/MCID": is_whole_number, "/Pg": is_reference},
    needed=frozenset({"/MCID"}),
)
_ATTRIBUTES = DictionaryKind(
    "attributes of a tag",
    {
        "/O": is_one_of("/Layout", "/List", "/Table"),
        "/Placement": is_one_of("/Block", "/Inline"),
        "/BBox": are_numbers,
        "/ListNumbering": is_one_of("/None", "/Disc", "/Circle", "/Square", "/Decimal"),
        "/Scope": is_one_of("/Row", "/Column", "/Both"),
        "/RowSpan": is_whole_number,
        "/ColSpan": is_whole_number,
        "/Headers": lambda value: is_array(value) and all(_is_cell_number(one) for one in value),
    },
    needed=frozenset({"/O"}),
)


def _is_cell_number(value: Any) -> bool:
    return isinstance(value, String) and _IDENTITY.fullmatch(str(value)) is not None


def _is_number_tree(value: Any) -> bool:
    """Whether it is numbers and, after each, its tag or the tags of a page's pieces."""
    if not is_array(value) or len(value) % 2:
        return False
    items = list(value)
    return all(is_whole_number(key) for key in items[::2]) and all(
        is_reference(one) or are_references(one) for one in items[1::2]
    )


def _is_name_tree(value: Any) -> bool:
    """Whether it is the numbers of table cells, each followed by its tag."""
    items = list(value) if is_array(value) else [None]
    return not len(items) % 2 and all(map(_is_cell_number, items[::2])) and all(map(is_reference, items[1::2]))


_IDENTITIES = DictionaryKind("names of tags", {"/Names": _is_name_tree}, needed=frozenset({"/Names"}))
_PARENTS = DictionaryKind("tree of tags", {"/Nums": _is_number_tree}, needed=frozenset({"/Nums"}))
TAG_KINDS = (INFORMATION, _MARKED, _METADATA, _ROOT, _ROLE_MAP, _TAG, _PIECE, _ATTRIBUTES, _IDENTITIES, _PARENTS)


class TagWalk(Protocol):
    """The walk through a file's objects, as far as tags need it."""

    met: set[tuple[int, int]]

    def add_problem(self, what: str) -> None:
        """Note a finding, once."""

    def meet(self, value: pikepdf.Object, kind: DictionaryKind) -> bool:
        """Note an object and compare its keys with the list; whether it is what it should be."""


def check_tags(walk: TagWalk, root: pikepdf.Object) -> None:
    """Compare the tags, the marks and the metadata of a file with the allow-list.

    Args:
        walk: the walk through the file; it collects the findings.
        root: the file's catalog.
    """
    for key, kind in (("/MarkInfo", _MARKED), ("/StructTreeRoot", _ROOT), ("/Metadata", _METADATA)):
        if key not in root:
            walk.add_problem("the file has no tags, so nothing can be read aloud")
            return
        if not walk.meet(root[key], kind):
            return
    if _XMP.fullmatch(root.Metadata.read_raw_bytes()) is None:
        walk.add_problem("the metadata holds more than a title")
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
    waiting, count = list(_as_list(walk, top)), 0
    while waiting:
        tag, count = waiting.pop(), count + 1
        if count > _MOST_TAGS:
            walk.add_problem("the file has more tags than a packet needs")
            return
        if isinstance(tag, int):
            continue
        if isinstance(tag, Dictionary) and tag.get("/S") is None:
            walk.meet(tag, _PIECE)
            continue
        if isinstance(tag, Dictionary) and tag.is_indirect and tag.objgen in walk.met:
            walk.add_problem("a tag is used in two places")
            continue
        if not walk.meet(tag, _TAG):
            continue
        if ("/Alt" in tag) is not bool(Name.Figure == tag.S):
            walk.add_problem("a picture lacks the words for it, or something else has them")
        for attributes in _as_list(walk, tag.get("/A")):
            walk.meet(attributes, _ATTRIBUTES)
        waiting += _as_list(walk, tag.get("/K"))


def _as_list(walk: TagWalk, value: Any) -> list[Any]:
    """The value as a list, whether it is one or several."""
    if value is None:
        return []
    if isinstance(value, Array):
        if value.is_indirect:
            walk.met.add(value.objgen)
        return list(value.as_list())
    return [value]


PDF_NAMES = frozenset(key[1:] for kind in (*DICTIONARY_KINDS, *TAG_KINDS) for key in kind.keys) | frozenset(
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
