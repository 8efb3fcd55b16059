"""The tags of a file that is read aloud (pikepdf): which may be there, and that none of them says what is not seen.

A tag holds pieces of pages by number. Words of its own has only the tag of a picture, and only of one shape.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name, String

from mssw.files.pdfwords import (
    LANGUAGE,
    Kind,
    alternative,
    is_array,
    matching,
    numbers,
    one_of,
    reference,
    references,
    said,
    truth,
    whole,
)

if TYPE_CHECKING:
    import pikepdf

    from mssw.files.structure import Walk

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

INFORMATION = Kind("information", {"/Title": said(_TITLED)}, needed=frozenset({"/Title"}))
_MARKED = Kind("mark information", {"/Marked": truth}, needed=frozenset({"/Marked"}))
_METADATA = Kind(
    "metadata",
    {"/Type": one_of("/Metadata"), "/Subtype": one_of("/XML"), "/Length": whole},
    needed=frozenset({"/Subtype"}),
    is_stream=True,
)
_ROOT = Kind(
    "root of tags",
    {"/Type": one_of("/StructTreeRoot"), "/ParentTreeNextKey": whole},
    frozenset({"/K", "/ParentTree", "/RoleMap", "/IDTree"}),
    frozenset({"/K", "/ParentTree"}),
)
_ROLE_MAP = Kind("roles of tags", _ROLES)
_TAG = Kind(
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
_PIECE = Kind(
    "piece of a tag", {"/Type": one_of("/MCR"), "/MCID": whole, "/Pg": reference}, needed=frozenset({"/MCID"})
)
_ATTRIBUTES = Kind(
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


_IDENTITIES = Kind("names of tags", {"/Names": _is_named}, needed=frozenset({"/Names"}))
_PARENTS = Kind("tree of tags", {"/Nums": _is_numbered}, needed=frozenset({"/Nums"}))
TAG_KINDS = (INFORMATION, _MARKED, _METADATA, _ROOT, _ROLE_MAP, _TAG, _PIECE, _ATTRIBUTES, _IDENTITIES, _PARENTS)


def check_tags(walk: Walk, root: pikepdf.Object) -> None:
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


def _walk_tags(walk: Walk, top: pikepdf.Object) -> None:
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


def _kids(walk: Walk, value: Any) -> list[Any]:
    """One or several, as a list."""
    if value is None:
        return []
    if isinstance(value, Array):
        if value.is_indirect:
            walk.met.add(value.objgen)
        return list(value.as_list())
    return [value]
