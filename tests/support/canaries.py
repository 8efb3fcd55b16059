"""Files with a name in every place where one can hide, one place a file.

Each builder takes the bytes of an honest file and gives them back with the name put into one place.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import cv2
import numpy as np
import openpyxl
import pikepdf
import typst
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, PngImagePlugin, TiffImagePlugin

from mssw.core.page import Tone
from mssw.formats.workbooks import workbook_bytes
from mssw.printing import pdf_writer as writer

NAME = "Zebulonia Okonkwo"
LAST = "Okonkwo"
SPELLINGS = (NAME, "Okonkwo, Zebulonia", "Okonkwo Zebulonia", "Zebulonia", LAST, "900417")

Edit = Callable[[pikepdf.Pdf], None]


def grey_page(width: int = 340, height: int = 440) -> np.ndarray:
    """A page of some print on paper."""
    page = np.full((height, width), 245, np.uint8)
    for row in range(60, height - 40, 40):
        cv2.putText(page, "air moves in", (30, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 30, 1)
    return page


def jpeg(pixels: np.ndarray, *options: int) -> bytes:
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80, *options])[1].tobytes()


def fax(pixels: np.ndarray) -> bytes:
    """A bare CCITT group 4 image in which black runs are ink."""
    TiffImagePlugin.STRIP_SIZE, before = 2**30, TiffImagePlugin.STRIP_SIZE
    buffer = io.BytesIO()
    Image.fromarray(np.where(pixels > 128, 0, 255).astype(np.uint8)).convert("1").save(
        buffer, "TIFF", compression="group4"
    )
    TiffImagePlugin.STRIP_SIZE = before
    with Image.open(buffer) as image:
        start, length = image.tag_v2[273][0], image.tag_v2[279][0]
    return buffer.getvalue()[start : start + length]


def one_image_pdf(data: bytes, tone: Tone = Tone.GREY, width: int = 340, height: int = 440) -> bytes:
    return writer.image_pdf([(writer.EncodedImage(data, width, height, tone), (612, 792))])


@cache
def work_pdf() -> bytes:
    """An honest work: two pages, one image each."""
    image = writer.EncodedImage(jpeg(grey_page()), 340, 440, Tone.GREY)
    return writer.image_pdf([(image, (612, 792)), (image, (612, 792))])


def bound(text: bytes, *, with_image: bool = True) -> bytes:
    """Pages that Typst set, bound as a packet, with a page of work at the end."""
    with pikepdf.open(io.BytesIO(text)) as typeset, pikepdf.new() as pdf:
        for page in typeset.pages:
            copied = pdf.copy_foreign(page.obj)
            writer.append_page(pdf, (612, 792), content=copied.Contents, resources=copied.Resources)
        if with_image:
            with pikepdf.open(io.BytesIO(work_pdf())) as work:
                copied = pdf.copy_foreign(work.pages[0].obj)
                content = pdf.make_stream(b"q 540 0 0 698.8235 36 46.5882 cm /Im0 Do Q")
                writer.append_page(pdf, (612, 792), content=content, resources=copied.Resources)
        pdf.Root.ViewerPreferences = Dictionary(Duplex=Name.DuplexFlipLongEdge, PrintScaling=Name("/None"))
        return writer.save_pdf(pdf)


@cache
def typeset(source: str = "") -> bytes:
    """A packet in which Typst set one page of that source."""
    text = '#set page(paper: "us-letter")\n= Massive air\nWill each reader mark a page in May? ' + source
    return bound(typst.compile(text.encode(), format="pdf"))


def packet_pdf() -> bytes:
    return typeset()


def edited(data: bytes, edit: Edit) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        edit(pdf)
        buffer = io.BytesIO()
        pdf.save(
            buffer,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
        )
        return buffer.getvalue()


def _with_content(pdf: pikepdf.Pdf, source: bytes) -> None:
    page = pdf.pages[0].obj
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    if "/Font" not in page.Resources:
        page.Resources.Font = Dictionary()
    page.Resources.Font.F9 = pdf.make_indirect(font)
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n" + source)


def drawn(source: str) -> Edit:
    return lambda pdf: _with_content(pdf, source.encode("latin-1"))


def _shown(text: str, before: str = "") -> Edit:
    return drawn(f"BT {before} /F9 12 Tf 72 700 Td {text} ET")


def _catalog(key: str, value: Callable[[pikepdf.Pdf], object]) -> Edit:
    return lambda pdf: pdf.Root.__setitem__(key, value(pdf))


def _page(key: str, value: Callable[[pikepdf.Pdf], object]) -> Edit:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value(pdf))


def _image(key: str, value: Callable[[pikepdf.Pdf], object]) -> Edit:
    return lambda pdf: pdf.pages[-1].obj.Resources.XObject.Im0.__setitem__(key, value(pdf))


def _metadata(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.make_indirect(
        pikepdf.Stream(pdf, f"<x:xmpmeta><dc:creator>{NAME}</dc:creator></x:xmpmeta>".encode(), Type=Name.Metadata)
    )


def _script(_: pikepdf.Pdf) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{NAME}')"))


def _scripts(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(JavaScript=Dictionary(Names=Array([String("a"), _script(pdf)])))


def _destinations(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary({f"/{LAST}": Array([pdf.pages[0].obj])})


def _annotation(**entries: object) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **entries)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return edit


def _appearance(pdf: pikepdf.Pdf) -> None:
    form = pikepdf.Stream(pdf, f"BT /F9 9 Tf ({NAME}) Tj ET".encode(), Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]), AP=Dictionary(N=form))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def _field(**entries: object) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(Dictionary(FT=Name.Tx, **entries))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    return edit


def _signature(pdf: pikepdf.Pdf) -> None:
    signed = pdf.make_indirect(Dictionary(Type=Name.Sig, Name=String(NAME)))
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=String("s"), V=signed))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def _xfa(pdf: pikepdf.Pdf) -> None:
    stream = pikepdf.Stream(pdf, f"<xdp><field>{NAME}</field></xdp>".encode())
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=stream)


def _bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(NAME, 0))


def _embedded(pdf: pikepdf.Pdf, *, name: str = "a", text: str = "", data: bytes = b"") -> Dictionary:
    stream = pikepdf.Stream(pdf, data, Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), Desc=String(text), EF=Dictionary(F=stream))


def _attached(**entries: object) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        spec = pdf.make_indirect(_embedded(pdf, **entries))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a"), spec])))

    return edit


def _form_object(pdf: pikepdf.Pdf) -> None:
    _with_content(pdf, b"/Fm9 Do")
    page = pdf.pages[0].obj
    if "/XObject" not in page.Resources:
        page.Resources.XObject = Dictionary()
    page.Resources.XObject.Fm9 = pikepdf.Stream(
        pdf,
        f"BT /F9 9 Tf 72 600 Td ({NAME}) Tj ET".encode(),
        Subtype=Name.Form,
        BBox=Array([0, 0, 612, 792]),
        Resources=Dictionary(Font=Dictionary(F9=page.Resources.Font.F9)),
    )


def _layer(name: str, text: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name)))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
        _with_content(pdf, f"/OC /oc1 BDC BT /F9 9 Tf 72 600 Td ({text}) Tj ET EMC".encode())
        pdf.pages[0].obj.Resources.Properties = Dictionary(oc1=layer)

    return edit


def _shuffled(pdf: pikepdf.Pdf) -> None:
    """A font whose codes are not letters and whose glyphs are drawn; only its map tells what they are."""
    letters = sorted(set(NAME))
    rows = "".join(f"<{index + 1:02x}> <{ord(letter):04x}>\n" for index, letter in enumerate(letters))
    span = "1 begincodespacerange <01> <ff> endcodespacerange"
    source = f"begincmap {span} {len(letters)} beginbfchar\n{rows}endbfchar"
    codes = bytes(letters.index(letter) + 1 for letter in NAME)
    _with_content(pdf, b"BT /F8 12 Tf 72 640 Td <" + codes.hex().encode() + b"> Tj ET")
    glyphs = Dictionary({f"/g{index + 1}": pdf.make_stream(b"500 0 d0") for index in range(len(letters))})
    names = Array([1, *(Name(f"/g{index + 1}") for index in range(len(letters)))])
    pdf.pages[0].obj.Resources.Font.F8 = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 500, 500]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=glyphs,
        Encoding=Dictionary(Differences=names),
        FirstChar=1,
        LastChar=len(letters),
        Widths=Array([500] * len(letters)),
        ToUnicode=pdf.make_stream(source.encode()),
    )


def _base_font(pdf: pikepdf.Pdf) -> None:
    _with_content(pdf, b"")
    pdf.pages[0].obj.Resources.Font.F9.BaseFont = Name("/ABCDEF+Okonkwo-Regular")


def _structure(**entries: object) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, **entries))
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))

    return edit


def _thumbnail(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pikepdf.Stream(pdf, NAME.encode() * 4, Width=17, Height=4, BitsPerComponent=8, ColorSpace=Name.DeviceGray)


def _intent(_: pikepdf.Pdf) -> Array:
    return Array([Dictionary(Type=Name.OutputIntent, S=Name("/GTS_PDFX"), OutputConditionIdentifier=String(NAME))])


def _stray_parent(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.Extra = pdf.make_indirect(Dictionary(Note=String(NAME)))


def _covered(pdf: pikepdf.Pdf) -> None:
    """Work on which the name is covered by a box drawn over the image, not in it."""
    page = pdf.pages[-1].obj
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\n1 g 60 600 300 90 re f")


def _cropped(pdf: pikepdf.Pdf) -> None:
    """An image that reaches over the page, so that a part of it is out of sight."""
    pdf.pages[-1].obj.Contents = pdf.make_stream(b"q 612 0 0 900 0 0 cm /Im0 Do Q")


def _soft_mask(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pikepdf.Stream(
        pdf, bytes(64), Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
    )  # fmt: skip


def _icc(pdf: pikepdf.Pdf) -> Array:
    return Array([Name.ICCBased, pikepdf.Stream(pdf, b"desc" + NAME.encode() + bytes(90), N=1)])


OBJECTS: dict[str, Edit] = {
    "text under a box": drawn(f"BT /F9 12 Tf 72 700 Td ({NAME}) Tj ET 0 g 60 690 200 30 re f"),
    "invisible text": _shown(f"({NAME}) Tj", "3 Tr"),
    "white text": _shown(f"({NAME}) Tj", "1 g"),
    "text outside the page": drawn(f"BT /F9 12 Tf -900 5000 Td ({NAME}) Tj ET"),
    "text outside the crop box": lambda pdf: (
        _shown(f"({NAME}) Tj")(pdf),
        pdf.pages[0].obj.__setitem__("/CropBox", Array([0, 0, 612, 300])),
    )[-1],
    "text in a hidden layer": _layer("layer", NAME),
    "the name of a layer": _layer(NAME, "x"),
    "text in a form object": _form_object,
    "text split by kerning": _shown("[(Oko) -40 (nk) 30 (wo)] TJ"),
    "text in hexadecimal": _shown(f"<{NAME.encode().hex()}> Tj"),
    "text in octal": _shown("(" + "".join(f"\\{ord(letter):03o}" for letter in NAME) + ") Tj"),
    "shuffled codes": _shuffled,
    "ActualText": drawn(f"/Span <</ActualText ({NAME})>> BDC EMC"),
    "ActualText in UTF-16": drawn(f"/Span <</ActualText <feff{NAME.encode('utf-16-be').hex()}>>> BDC EMC"),
    "Alt in marked content": drawn(f"/Span <</Alt ({NAME})>> BDC EMC"),
    "T of a structure element": _structure(T=String(NAME)),
    "Alt of a structure element": _structure(Alt=String(NAME)),
    "a comment in the content": drawn(f"% {NAME}\n"),
    "an inline image": drawn(f"BI /W 17 /H 1 /BPC 8 /CS /G ID {NAME} EI"),
    "an annotation's text": _annotation(Subtype=Name.Text, Contents=String(NAME)),
    "an annotation's author": _annotation(Subtype=Name.Text, T=String(NAME)),
    "an annotation's rich text": _annotation(Subtype=Name.FreeText, RC=String(f"<p>{NAME}</p>")),
    "an annotation's appearance": _appearance,
    "a link": _annotation(
        Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://x.org/Zebulonia%20Okonkwo"))
    ),
    "a field's value": _field(T=String("f"), V=String(NAME)),
    "a field's default": _field(T=String("f"), DV=String(NAME)),
    "a field's tip": _field(T=String("f"), TU=String(NAME)),
    "a field's name": _field(T=String(NAME)),
    "XFA": _xfa,
    "a signature": _signature,
    "a bookmark": _bookmark,
    "a named destination": _catalog("/Dests", _destinations),
    "page labels": _catalog("/PageLabels", lambda _: Dictionary(Nums=Array([0, Dictionary(P=String(NAME))]))),
    "article threads": _catalog("/Threads", lambda _: Array([Dictionary(I=Dictionary(Title=String(NAME)))])),
    "JavaScript": _catalog("/Names", _scripts),
    "an open action": _catalog("/OpenAction", _script),
    "an additional action": _page("/AA", lambda pdf: Dictionary(O=_script(pdf))),
    "an embedded file's name": _attached(name=f"{LAST}.txt"),
    "an embedded file's description": _attached(text=NAME),
    "an embedded file": _attached(data=NAME.encode()),
    "an associated file": _catalog("/AF", lambda pdf: Array([_embedded(pdf, data=NAME.encode())])),
    "PieceInfo": _page("/PieceInfo", lambda _: Dictionary(App=Dictionary(Private=String(NAME)))),
    "an output intent": _catalog("/OutputIntents", _intent),
    "an unknown key of the catalog": _catalog(f"/{LAST}", lambda _: 1),
    "an unknown value of the catalog": _catalog("/Whatever", lambda _: String(NAME)),
    "Info": lambda pdf: pdf.docinfo.__setitem__("/Author", String(NAME)),
    "Info in UTF-16": lambda pdf: pdf.docinfo.__setitem__("/Author", String("Zébulonia Okonkwo 学")),
    "XMP of the catalog": _catalog("/Metadata", _metadata),
    "XMP of a page": _page("/Metadata", _metadata),
    "XMP of an image": _image("/Metadata", _metadata),
    "a font's name": _base_font,
    "a thumbnail": _page("/Thumb", _thumbnail),
    "a stray object": _stray_parent,
}  # fmt: skip
"""Places in a PDF's objects."""

UNSEARCHABLE: dict[str, Edit] = {
    "pixels under a drawn box": _covered,
    "pixels over the page's edge": _cropped,
    "a soft mask": _image("/SMask", _soft_mask),
    "a colour profile": _image("/ColorSpace", _icc),
    "an image smaller than it says": _image("/Height", lambda _: 300),
    "a turned page": _page("/Rotate", lambda _: 90),
}
"""Places for pixels, where no search for letters helps: the structure alone must tell."""


def _inserted(data: bytes, body: bytes) -> bytes:
    """The PDF with another object that nothing points at, its table put right."""
    head, _, tail = data.partition(b"xref\n0 ")
    count = int(tail.split(b"\n")[0])
    _, _, trailer = tail.partition(b"trailer ")
    entries = tail.split(b"\n")[1 : 1 + count]
    added = f"{count} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"\n".join([*entries, f"{len(head):010d} 00000 n ".encode()])
    trailer = trailer.replace(f"/Size {count}".encode(), f"/Size {count + 1}".encode())
    body, _, _ = trailer.partition(b"startxref")
    start = len(head) + len(added)
    return (
        head
        + added
        + f"xref\n0 {count + 1}\n".encode()
        + table
        + b"\ntrailer "
        + body
        + f"startxref\n{start}\n%%EOF\n".encode()
    )


def _revised(data: bytes) -> bytes:
    """The honest file written over one that had the name."""
    old = edited(data, lambda pdf: pdf.docinfo.__setitem__("/Author", String(NAME)))
    with pikepdf.open(io.BytesIO(old)) as pdf:
        size, root = int(pdf.trailer.Size), pdf.Root.objgen[0]
    start = old.rindex(b"startxref\n") + 10
    previous = int(old[start:].split(b"\n")[0])
    return (
        old
        + f"xref\n0 0\ntrailer << /Root {root} 0 R /Size {size} /Prev {previous} >>\n".encode()
        + f"startxref\n{len(old)}\n%%EOF\n".encode()
    )


def _in_id(data: bytes) -> bytes:
    start = data.index(b"/ID [<") + 6
    return data[:start] + b"Okonkwo Zebuloni".hex().encode() + data[start + 32 :]


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "after the end": lambda data: data + NAME.encode() + b"\n",
    "before the beginning": lambda data: NAME.encode() + b"\n" + data,
    "a comment between objects": lambda data: data.replace(b"1 0 obj\n", b"% " + NAME.encode() + b"\n1 0 obj\n", 1),
    "an unreferenced object": lambda data: _inserted(data, f"({NAME})".encode()),
    "an unreferenced packed stream": lambda data: _inserted(data, _packed(NAME.encode())),
    "an earlier revision": _revised,
    "the file's ID": _in_id,
}
"""Places in a PDF's bytes around its objects."""


def _packed(data: bytes) -> bytes:
    body = zlib.compress(data)
    return f"<< /Filter /FlateDecode /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"


TYPESET: dict[str, str] = {
    "white text": f"#text(fill: white)[{NAME}]",
    "tiny text": f"#text(size: 0.1pt)[{NAME}]",
    "text off the page": f"#place(dx: -2000pt)[{NAME}]",
    "text under a box": f"#box[{NAME}#place(dx: -9cm, dy: -1cm, rect(width: 9cm, height: 2cm, fill: red))]",
    "tracked text": f"#text(tracking: 3pt)[{LAST}]",
    "widely tracked text": f"#text(tracking: 30pt)[{LAST}]",
    "kerned text": "Oko#h(2pt)nkwo",
    "capitals": f"#upper[{NAME}]",
    "small capitals": f"#smallcaps[{NAME}]",
    "accents": "Zébulonia",
    "a hyphenated word": "#box(width: 24pt)[Oko-#linebreak()nkwo]",
    "a possessive": "Okonkwo's answer",
    "a number": "id 900417",
}
"""Ways in which a page that Typst set, whole and on the list in every object, can show a name."""


def _segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes((marker,)) + struct.pack(">H", len(body) + 2) + body


def _after_start(marker: int, body: bytes) -> bytes:
    honest = jpeg(grey_page())
    return honest[:2] + _segment(marker, body) + honest[2:]


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = NAME
    buffer = io.BytesIO()
    Image.fromarray(grey_page()).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def _before_end(data: bytes) -> bytes:
    honest = jpeg(grey_page())
    return honest[:-2] + data + honest[-2:]


def jpegs() -> Iterator[tuple[str, bytes]]:
    """A JPEG with the name in each of its hiding places."""
    honest, name = jpeg(grey_page()), NAME.encode()
    start = honest.index(b"\xff\xdb")
    yield "EXIF", _exif()
    yield "a comment", _after_start(0xFE, name)
    yield "IPTC", _after_start(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + name)
    yield "XMP", _after_start(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + name)
    yield "MPF", _after_start(0xE2, b"MPF\x00" + name)
    yield "a colour profile", _after_start(0xE2, b"ICC_PROFILE\x00\x01\x01" + name)
    yield (
        "a JFIF thumbnail",
        honest[:2] + _segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x03\x03" + name.ljust(27)) + honest[20:],
    )
    yield (
        "a longer table",
        honest[:start] + _segment(0xDB, honest[start + 4 : start + 69] + name) + honest[start + 69 :],
    )
    yield "after the end", honest + name
    yield "a second picture", honest + honest
    yield "after the last block", _before_end(name)
    yield "between segments", honest[:start] + name + honest[start:]


def pngs() -> Iterator[tuple[str, bytes]]:
    """A PNG with the name in each of its hiding places."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", NAME)
    packed = PngImagePlugin.PngInfo()
    packed.add_text("Author", NAME, zip=True)
    exif = Image.Exif()
    exif[0x013B] = NAME
    for place, options in {
        "text": {"pnginfo": text},
        "packed text": {"pnginfo": packed},
        "EXIF": {"exif": exif},
    }.items():
        yield place, png(**options)
    yield "after the end", png() + NAME.encode()


def png(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(grey_page()).save(buffer, "PNG", **options)
    return buffer.getvalue()


def _rezipped(parts: dict[str, bytes], **options: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            member = zipfile.ZipInfo(name, date_time=options.get("date", (1980, 1, 1, 0, 0, 0)))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.extra = options.get("extra", b"")
            archive.writestr(member, data)
        archive.comment = options.get("comment", b"")
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _by_openpyxl(edit: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Alias", "Pile"])
    edit(book)
    buffer = io.BytesIO()
    book.save(buffer)
    parts = parts_of(buffer.getvalue())
    honest = parts_of(workbook())["docProps/core.xml"]
    if LAST.encode() not in parts["docProps/core.xml"]:
        parts["docProps/core.xml"] = honest
    return _rezipped(parts)


@cache
def workbook() -> bytes:
    """An honest workbook."""
    return workbook_bytes({"Sort": [["Alias", "Pile", "Note"], ["Andrea", "air has weight", "5-6"]]})


def workbooks() -> Iterator[tuple[str, bytes]]:
    """A workbook with the name in each of its hiding places."""
    parts = parts_of(workbook())
    sheet = "xl/worksheets/sheet1.xml"
    yield "a cell", workbook_bytes({"Sort": [["Alias"], [NAME]]})
    yield "a sheet's title", workbook_bytes({LAST: [["Alias"]]})
    yield "properties", _by_openpyxl(lambda book: setattr(book.properties, "creator", NAME))
    yield "a property of its own", _rezipped(parts | {"docProps/custom.xml": NAME.encode()})
    yield (
        "a defined name",
        _by_openpyxl(lambda book: book.defined_names.add(DefinedName(LAST, attr_text="Sheet!$A$1"))),
    )
    yield "a hidden sheet", _by_openpyxl(_hidden)
    yield "a comment", _by_openpyxl(lambda book: setattr(book.active["A1"], "comment", Comment(NAME, NAME)))
    yield (
        "a cached value",
        _rezipped(
            parts
            | {
                sheet: parts[sheet].replace(
                    b"</sheetData>",
                    f'<row r="9"><c r="A9" t="str"><f>1</f><v>{NAME}</v></c></row></sheetData>'.encode(),
                )
            }
        ),
    )
    yield (
        "text in two runs",
        _rezipped(parts | {"xl/sharedStrings.xml": b"<sst><si><r><t>Oko</t></r><r><t>nkwo</t></r></si></sst>"}),
    )
    yield (
        "escaped text",
        _rezipped(parts | {sheet: parts[sheet].replace(b"</sheetData>", b"</sheetData><!-- &#79;konkwo -->")}),
    )
    yield "a header of the page", _by_openpyxl(lambda book: setattr(book.active.oddHeader.left, "text", NAME))
    yield (
        "a validation's list",
        _rezipped(
            parts | {sheet: parts[sheet].replace(b"</worksheet>", f'<x formula="{NAME}"/></worksheet>'.encode())}
        ),
    )
    yield "a member's name", _rezipped(parts | {f"xl/media/{LAST}.png": png()})
    yield "a member's date", _rezipped(parts, date=(2026, 3, 12, 8, 15, 0))
    yield (
        "a member's extra field",
        _rezipped(parts, extra=struct.pack("<HH", 0x7075, len(NAME)) + NAME.encode()),
    )
    yield "the archive's comment", _rezipped(parts, comment=NAME.encode())
    yield "before the archive", NAME.encode() + workbook()
    yield "after the archive", workbook() + NAME.encode()
    for place, data in pngs():
        yield f"a picture's {place}", _rezipped(parts | {"xl/media/image1.png": data})


def _hidden(book: openpyxl.Workbook) -> None:
    book.create_sheet("Other").sheet_state = "hidden"
