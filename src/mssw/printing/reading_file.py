"""Make the file for a screen or a screen reader, with pikepdf.

In: tagged pages from Typst, with a placeholder for each scan. Out: a PDF/UA-1 file with the scans in their places.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from mssw.printing.pdf_writer import image_object, save_pdf, use_plain_grey

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mssw.core.page import EncodedImage
    from mssw.printing.binding import Bookmark

_KEPT = {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/ViewerPreferences"}
_ATTRIBUTES = {"/O", "/Placement", "/BBox", "/ListNumbering", "/Scope", "/Headers", "/RowSpan", "/ColSpan"}
_PICTURE = "Picture"
_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>\
<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def placeholder_png(number: int) -> bytes:
    """A PNG of two pixels that stands in for a scan. Its pixels hold the scan's number."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + struct.pack(">H", number)))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def make_reading_file(
    text: bytes, scans: Sequence[EncodedImage], title: str, bookmarks: Sequence[Bookmark], said: Collection[str]
) -> bytes:
    """The file for reading on a screen, or aloud (PDF/UA-1).

    Args:
        text: the tagged pages, with ``placeholder_png(n)`` for ``scans[n]``.
        scans: the images.
        title: of the document.
        bookmarks: with pages of this file, from 0.
        said: the descriptions of pictures that may stay; others, in a school's own templates, become "Picture".
    """
    with pikepdf.open(io.BytesIO(text)) as pdf:
        for page in pdf.pages:
            use_plain_grey(page.obj.Resources)
            _insert_scan(pdf, page, scans)
            _replace_page_texts(pdf, page, said)
        for key in set(pdf.Root.keys()) - _KEPT:
            del pdf.Root[key]
        _replace_tag_texts(pdf, said)
        pdf.Root.Metadata = pdf.make_stream(
            _XMP.format(title=escape(title)).encode(), Type=Name.Metadata, Subtype=Name.XML
        )
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PageMode = Name.UseOutlines
        with pdf.open_outline() as outline:
            for mark in bookmarks:
                level = outline.root[-1].children if mark.deeper and outline.root else outline.root
                level.append(OutlineItem(mark.title, mark.page, "Fit"))
        return save_pdf(pdf, title=title)


def _insert_scan(pdf: pikepdf.Pdf, page: pikepdf.Page, scans: Sequence[EncodedImage]) -> None:
    """Replace the placeholder on the page, if there is one, by its scan."""
    for name, picture in list(page.obj.Resources.get("/XObject", Dictionary()).items()):
        if (int(picture.get("/Width", 0)), int(picture.get("/Height", 0))) != (2, 1):
            continue  # a picture of a school's own template
        (number,) = struct.unpack(">H", picture.read_bytes())
        del page.obj.Resources.XObject[name]
        page.obj.Resources.XObject.Im0 = pdf.make_indirect(image_object(pdf, scans[number]))
        source = page.obj.Contents.read_bytes().replace(f"{name} Do".encode(), b"/Im0 Do")
        page.obj.Contents = pikepdf.Stream(pdf, zlib.compress(source), Filter=Name.FlateDecode)


def _replace_page_texts(pdf: pikepdf.Pdf, page: pikepdf.Page, said: Collection[str]) -> None:
    """Replace other descriptions of pictures in the page's own content by "Picture"."""
    if b"/Alt" not in page.obj.Contents.read_bytes():
        return
    source, others = pikepdf.parse_content_stream(page), False
    for one in source:
        for words in one.operands:
            if isinstance(words, Dictionary) and "/Alt" in words and str(words.Alt) not in said:
                words.Alt, others = String(_PICTURE), True
    if others:
        packed = zlib.compress(pikepdf.unparse_content_stream(source))
        page.obj.Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)


def _replace_tag_texts(pdf: pikepdf.Pdf, said: Collection[str]) -> None:
    """Drop what the tags say beyond structure: titles, how borders look, other descriptions of pictures."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.StructElem:
            if "/T" in thing:
                del thing["/T"]
            if "/Alt" in thing and str(thing.Alt) not in said:
                thing.Alt = String(_PICTURE)
            if isinstance(thing.get("/K"), Array) and len(thing.K) == 1:
                thing.K = thing.K[0]  # shorter, with the same meaning
            for attributes in thing.get("/A", []):
                for key in set(attributes.keys()) - _ATTRIBUTES:
                    del attributes[key]
