"""Bind text pages and scans into one file with pikepdf: for the printer, and for a screen or a screen reader.

``bind_copies`` draws each scan on its text page, lays the pages on sheets, and repeats them for each copy. Copies share
all content, fonts and images. ``lay_pictures_under`` puts pictures under text pages; pages that show the same picture
share it. ``qr_svg`` draws the square codes (segno). ``prepare_for_printer`` is for PDF files that need no binding.

For a screen, tagged pages from Typst come in, with a placeholder for each scan. Out goes a PDF/UA-1 file with the scans
in their places.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pikepdf
import segno
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from mssw.core.paper import Flip, Layout, Place, SheetSide, by_hand, impose, usual_flip
from mssw.printing.pdf_writer import (
    append_page,
    format_number,
    image_object,
    read_scanned_pages,
    save_pdf,
    use_plain_grey,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mssw.core.page import EncodedImage
    from mssw.core.paper import Frame, Size

_MARKS = (b"BDC", b"BMC", b"EMC", b"DP", b"MP")

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


class Sides(StrEnum):
    """Which sides of the sheets a file holds."""

    ALL = "all"
    ODDS = "odds"
    EVENS = "evens"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A bookmark: its title and the page of a copy, from 0. A deeper one goes below the last one that is not."""

    title: str
    page: int
    deeper: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """How sheets are printed.

    Attributes:
        paper: width and height of the upright sheet in points.
        layout: how pages lie on it.
        two_sided: whether its back is printed.
        flip: the edge over which the printer turns it; None for the usual one.
        sides: which sides are in the file; odds and evens are for a printer that prints one side.
        turned: whether the evens start with the last sheet, for a printer that puts the first sheet at the bottom.
    """

    paper: Size
    layout: Layout = Layout.SINGLE
    two_sided: bool = True
    flip: Flip | None = None
    sides: Sides = Sides.ALL
    turned: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows: its size in points, its content and its resources."""

    size: Size
    content: pikepdf.Object
    resources: pikepdf.Object


def find_labels(data: bytes) -> dict[str, int]:
    """The page, from 1, of each label that a template has on a heading."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        order = {page.obj.objgen: place for place, page in enumerate(pdf.pages, start=1)}
        names = list(pdf.Root.Names.Dests.Names)
        found: dict[str, int] = {}
        for label, target in zip(names[::2], names[1::2], strict=True):
            found.setdefault(str(label), order[target[0].objgen])
        return found


def count_pages(data: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def prepare_for_printer(data: bytes, *, two_sided: bool = True) -> bytes:
    """Make a PDF from Typst ready to print: with its tags, in black ink alone, and at actual size.

    Args:
        data: the PDF.
        two_sided: whether the file asks for both sides.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            use_plain_grey(page.obj.get("/Resources", Dictionary()))
        wishes = pdf.Root.get("/ViewerPreferences", Dictionary())
        wishes.Duplex = Name.DuplexFlipLongEdge if two_sided else Name.Simplex
        wishes.PrintScaling = Name("/None")
        wishes.PickTrayByPDFSize = True
        pdf.Root.ViewerPreferences = wishes
        return save_pdf(pdf, title=str(pdf.docinfo.get("/Title", "")))


def bind_copies(
    text: bytes,
    scans: Mapping[int, tuple[EncodedImage, Frame]],
    copies: Sequence[Sequence[int]],
    press: Press,
    bookmarks: Sequence[Bookmark] = (),
) -> tuple[bytes, int]:
    """Bind the copies, one after the other, into one file; they share all that they show.

    Only page content, fonts and images are kept: no tags, names or metadata. Black is black ink, not a mix of colours.
    An image is always drawn last on its page.

    Args:
        text: the text pages from Typst.
        scans: by page of the text, from 1: the image on it, and where. A page beyond the text has only its image.
        copies: for each copy the pages of the text, from 1, in reading order.
        press: how sheets are printed.
        bookmarks: of one copy, in its order.

    Returns:
        The file, and how many pages it has.
    """
    with pikepdf.open(io.BytesIO(text)) as pdf:
        images = _Images(pdf)
        shown = {
            place: _show_text_page(pdf, page, scans.get(place), images) for place, page in enumerate(pdf.pages, start=1)
        }
        for place in scans.keys() - shown.keys():
            shown[place] = _show_image_page(pdf, *scans[place], images)
        del pdf.pages[:]
        for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
            del pdf.Root[key]
        ready = _Ready(pdf)
        ready.print(copies, shown, press)
        if bookmarks:
            ready.mark(copies, bookmarks)
        pdf.Root.ViewerPreferences = _printer_hints(press)
        return save_pdf(pdf), len(pdf.pages)


def _printer_hints(press: Press) -> Dictionary:
    """What the file asks of the printer: actual size, and how to turn the sheets."""
    duplex = Name.Simplex
    if press.two_sided and press.sides is Sides.ALL:
        flip = press.flip or usual_flip(press.layout)
        duplex = Name.DuplexFlipLongEdge if flip is Flip.LONG else Name.DuplexFlipShortEdge
    return Dictionary(Duplex=duplex, PrintScaling=Name("/None"), PickTrayByPDFSize=True)


class _Images:
    """The images of a file. Each is in it once, however many pages show it."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._known: dict[bytes, pikepdf.Object] = {}

    def object(self, image: EncodedImage) -> pikepdf.Object:
        """The image as an object of the file."""
        key = hashlib.sha256(b"%d %d " % (image.width, image.height) + image.data).digest()
        if key not in self._known:
            self._known[key] = self._pdf.make_indirect(image_object(self._pdf, image))
        return self._known[key]


def _show_text_page(
    pdf: pikepdf.Pdf, page: pikepdf.Page, scan: tuple[EncodedImage, Frame] | None, images: _Images
) -> _Shown:
    """What a page of text shows, with the scan on it."""
    left, bottom, right, top = (float(side) for side in page.mediabox)
    resources = page.obj.Resources
    use_plain_grey(resources)
    size, source = (right - left, top - bottom), _drop_marks(page)
    if scan is not None:
        image, frame = scan
        source = b"q\n" + source + b"\nQ\n" + _draw_image(frame)
        resources.XObject = Dictionary(Im0=images.object(image))
    return _Shown(size, _compress_stream(pdf, source), resources)


def _show_image_page(pdf: pikepdf.Pdf, image: EncodedImage, frame: Frame, images: _Images) -> _Shown:
    """A page that shows a scan and nothing else."""
    resources = pdf.make_indirect(Dictionary(XObject=Dictionary(Im0=images.object(image))))
    return _Shown(frame.page, _compress_stream(pdf, _draw_image(frame)), resources)


def _draw_image(frame: Frame) -> bytes:
    """The content that draws an image in its frame."""
    return b"q " + _format_numbers((frame.width, 0, 0, frame.height, frame.left, frame.bottom)) + b" cm /Im0 Do Q"


def _compress_stream(pdf: pikepdf.Pdf, source: bytes) -> pikepdf.Object:
    return pdf.make_indirect(pikepdf.Stream(pdf, zlib.compress(source), Filter=Name.FlateDecode))


def _drop_marks(page: pikepdf.Page) -> bytes:
    """The page's content without marks, which a machine would read instead of what people see."""
    source = page.obj.Contents.read_bytes()
    if not any(mark in source for mark in _MARKS):
        return source
    kept = [one for one in pikepdf.parse_content_stream(page) if str(one.operator).encode() not in _MARKS]
    return pikepdf.unparse_content_stream(kept)


def _format_numbers(values: Iterable[float]) -> bytes:
    return b" ".join(format_number(value).encode() for value in values)


class _Ready:
    """The file as it grows, side by side."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._forms: dict[int, pikepdf.Object] = {}
        self._sheets: dict[tuple[tuple[int, Place], ...], _Shown] = {}
        self._pages: dict[tuple[int, int], int] = {}  # page of the file by copy and page of the copy

    def print(self, copies: Sequence[Sequence[int]], shown: Mapping[int, _Shown], press: Press) -> None:
        """Append the sides that the press prints."""
        sides: list[tuple[int, SheetSide]] = []
        for copy, pages in enumerate(copies):
            sizes = [shown[page].size for page in pages]
            sheets = impose(sizes, paper=press.paper, layout=press.layout, flip=press.flip)
            sides += [(copy, side) for side in sheets]
        printed = list(range(len(sides)))
        if press.sides is not Sides.ALL:
            odds, evens = by_hand([side for _, side in sides])
            printed = odds if press.sides is Sides.ODDS else evens[:: -1 if press.turned else 1]
        for at in printed:
            copy, side = sides[at]
            for place in side.places:
                self._pages[copy, place.page] = len(self._pdf.pages)
            one = self._side(copies[copy], side, shown)
            append_page(self._pdf, one.size, content=one.content, resources=one.resources)

    def _side(self, pages: Sequence[int], side: SheetSide, shown: Mapping[int, _Shown]) -> _Shown:
        """One side of a sheet. A page that fills it stays as it is; others are drawn into it."""
        here = tuple((pages[place.page], place) for place in side.places)
        first = side.places[0]
        if (first.left, first.bottom, first.scale, first.turn) == (0, 0, 1, 0):
            return shown[here[0][0]]
        if here not in self._sheets:
            drawn, forms = [], Dictionary()
            for at, (page, place) in enumerate(here):
                drawn.append(b"q " + _format_numbers(place.matrix(shown[page].size)) + b" cm /P%d Do Q" % at)
                forms[f"/P{at}"] = self._form(page, shown[page])
            content = self._pdf.make_stream(b"\n".join(drawn))
            resources = self._pdf.make_indirect(Dictionary(XObject=forms))
            self._sheets[here] = _Shown(side.size, content, resources)
        return self._sheets[here]

    def _form(self, page: int, shown: _Shown) -> pikepdf.Object:
        """A page as a form that can be drawn at any place and size."""
        if page not in self._forms:
            form = pikepdf.Stream(
                self._pdf,
                shown.content.read_raw_bytes(),
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=pikepdf.Array(
                    [0, 0, *(pikepdf.Object.parse(format_number(side).encode()) for side in shown.size)]
                ),
                Resources=shown.resources,
                Filter=Name.FlateDecode,
            )
            self._forms[page] = self._pdf.make_indirect(form)
        return self._forms[page]

    def mark(self, copies: Sequence[Sequence[int]], bookmarks: Sequence[Bookmark]) -> None:
        """Set the bookmarks; with several copies, each has its own."""
        with self._pdf.open_outline() as outline:
            for copy in range(len(copies)):
                found = [(mark, self._pages[copy, mark.page]) for mark in bookmarks if (copy, mark.page) in self._pages]
                level = outline.root
                if len(copies) > 1 and found:
                    whole = OutlineItem(f"Copy {copy + 1}", found[0][1], "Fit")
                    whole.is_closed = True
                    outline.root.append(whole)
                    level = whole.children
                for mark, page in found:
                    below = level[-1].children if mark.deeper and level else level
                    below.append(OutlineItem(mark.title, page, "Fit"))


Placed = tuple[int, float, float, float]  # 1-based page of the pictures, scale, left and top on the sheet in points


def lay_pictures_under(
    text: bytes, pictures: bytes, name: str, places: Sequence[Placed | None], *, two_sided: bool
) -> bytes:
    """Lay each text page over its picture.

    Only page content, fonts and images are kept: no tags, bookmarks, names or metadata.

    Args:
        text: the text pages from Typst, without a background.
        pictures: a PDF of one image a page that mssw wrote.
        name: its file name, for messages.
        places: for each text page the picture under it, and where; None for no picture.
        two_sided: whether the file asks for both sides.

    Raises:
        UnreadableError: mssw did not write the pictures.
    """
    scans = read_scanned_pages(pictures, name)
    with pikepdf.open(io.BytesIO(text)) as pdf:
        images = [(pdf.make_indirect(image_object(pdf, scan.image)), scan.size) for scan in scans]
        over = [(_size(page), page.as_form_xobject()) for page in pdf.pages]
        del pdf.pages[:]
        for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
            del pdf.Root[key]
        for (size, form), place in zip(over, places, strict=True):
            content, shown = b"q /Over Do Q", Dictionary(Over=form)
            if place is not None:
                image, own = images[place[0] - 1]
                shown.Im0 = image
                content = _under(place, own, size[1]) + content
            append_page(pdf, size, content=pdf.make_stream(content), resources=Dictionary(XObject=shown))
        pdf.Root.ViewerPreferences = Dictionary(
            Duplex=Name.DuplexFlipLongEdge if two_sided else Name.Simplex,
            PrintScaling=Name("/None"),
            PickTrayByPDFSize=True,
        )
        return save_pdf(pdf)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    return right - left, top - bottom


def _under(place: Placed, own: tuple[float, float], height: float) -> bytes:
    """The content that draws a picture of that size on a sheet of that height."""
    _, scale, left, top = place
    wide, tall = own[0] * scale, own[1] * scale
    numbers = " ".join(map(format_number, (wide, 0, 0, tall, left, height - top - tall)))
    return f"q {numbers} cm /Im0 Do Q\n".encode()


def qr_svg(text: str) -> str:
    """A square code as SVG, without the white around it. With a third of it damaged it can still be read.

    Args:
        text: in capitals and digits, which pack best.
    """
    code = segno.make_qr(text, error="h", boost_error=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return drawing.getvalue().decode("ascii")


def placeholder_png(number: int) -> bytes:
    """A PNG of two pixels that stands in for a scan. Its pixels hold the scan's number."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + struct.pack(">H", number)))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def make_reading_file(
    text: bytes, scans: Sequence[EncodedImage], title: str, bookmarks: Sequence[Bookmark], descriptions: Collection[str]
) -> bytes:
    """The file for reading on a screen, or aloud (PDF/UA-1).

    Args:
        text: the tagged pages, with ``placeholder_png(n)`` for ``scans[n]``.
        scans: the images.
        title: of the document.
        bookmarks: with pages of this file, from 0.
        descriptions: those of pictures that may stay; others, in a school's own templates, become "Picture".
    """
    with pikepdf.open(io.BytesIO(text)) as pdf:
        for page in pdf.pages:
            use_plain_grey(page.obj.Resources)
            _insert_scan(pdf, page, scans)
            _replace_page_texts(pdf, page, descriptions)
        for key in set(pdf.Root.keys()) - _KEPT:
            del pdf.Root[key]
        _replace_tag_texts(pdf, descriptions)
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


def _replace_page_texts(pdf: pikepdf.Pdf, page: pikepdf.Page, descriptions: Collection[str]) -> None:
    """Replace other descriptions of pictures in the page's own content by "Picture"."""
    if b"/Alt" not in page.obj.Contents.read_bytes():
        return
    source, others = pikepdf.parse_content_stream(page), False
    for one in source:
        for words in one.operands:
            if isinstance(words, Dictionary) and "/Alt" in words and str(words.Alt) not in descriptions:
                words.Alt, others = String(_PICTURE), True
    if others:
        packed = zlib.compress(pikepdf.unparse_content_stream(source))
        page.obj.Contents = pikepdf.Stream(pdf, packed, Filter=Name.FlateDecode)


def _replace_tag_texts(pdf: pikepdf.Pdf, descriptions: Collection[str]) -> None:
    """Drop what the tags say beyond structure: titles, how borders look, other descriptions of pictures."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == Name.StructElem:
            if "/T" in thing:
                del thing["/T"]
            if "/Alt" in thing and str(thing.Alt) not in descriptions:
                thing.Alt = String(_PICTURE)
            if isinstance(thing.get("/K"), Array) and len(thing.K) == 1:
                thing.K = thing.K[0]  # shorter, with the same meaning
            for attributes in thing.get("/A", []):
                for key in set(attributes.keys()) - _ATTRIBUTES:
                    del attributes[key]
