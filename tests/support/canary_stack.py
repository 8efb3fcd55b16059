"""A stack, a task and a class list of the example class, with a canary in every place where a file can hide a name.

The canary is on no list. It must not leave because only pixels leave, not because somebody searches for it.
"""

from __future__ import annotations

import base64
import functools
import io
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pikepdf
import pymupdf
import pypdfium2
from PIL import Image, PngImagePlugin, TiffImagePlugin

from support.canaries import BYTES, LAST, NAME, OBJECTS, UNSEARCHABLE, edited
from support.prepared_class import ROSTER, STACK, TASK, cut

FIRST = NAME.split()[0]
VISIBLE = {  # these draw the name where a reader sees it: that is for covers to deal with, not for decoding
    "text in a form object",
    "text split by kerning",
    "text in hexadecimal",
    "text in octal",
    "shuffled codes",
    "an inline image",
    "text under a box",  # it paints over the name field
    "text outside the crop box",  # it cuts the page
    "an annotation's appearance",
    "an annotation's rich text",
}
LOSSY = {  # these change what the page looks like
    "an image smaller than it says",
    "a turned page",
    "a soft mask",
    "a colour profile",
    "pixels under a drawn box",
    "pixels over the page's edge",
}


def with_canaries(source: Path, place: Path) -> int:
    """Write the PDF with a canary in as many of its places as can be had at once, and count them."""
    data, count = source.read_bytes(), 0
    for name, edit in {**OBJECTS, **UNSEARCHABLE}.items():
        if name in VISIBLE | LOSSY:
            continue
        try:
            data = edited(data, edit)
        except (AttributeError, KeyError, IndexError, ValueError, pikepdf.PdfError):
            continue  # this page has no such place
        count += 1
    for name in ("after the end", "a comment between objects"):
        data, count = BYTES[name](data), count + 1
    place.write_bytes(data)
    return count


def _picture(number: int) -> Image.Image:
    """A page of the example stack as pixels."""
    with pymupdf.open(STACK) as stack:
        drawn = stack[number - 1].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
    return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _exif() -> Image.Exif:
    exif = Image.Exif()
    for tag in (0x010E, 0x013B, 0x8298):  # description, artist, copyright
        exif[tag] = NAME
    return exif


def jpeg_with_canaries(number: int, place: Path) -> None:
    """A JPEG with EXIF, XMP, IPTC, a comment, a colour profile's text, and bytes behind the end."""
    file = io.BytesIO()
    _picture(number).save(file, "JPEG", quality=85, exif=_exif(), comment=NAME.encode(), dpi=(150, 150))
    name = NAME.encode()
    parts = [
        (0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x>" + name + b"</x>"),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + name),
        (0xE2, b"MPF\x00" + name),
        (0xEE, name),
    ]
    segments = b"".join(b"\xff" + bytes((mark,)) + (len(body) + 2).to_bytes(2, "big") + body for mark, body in parts)
    data = file.getvalue()
    place.write_bytes(data[:2] + segments + data[2:] + name)


def png_with_canaries(number: int, place: Path) -> None:
    """A PNG with plain, packed and international text, EXIF, and bytes behind the end."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", NAME)
    text.add_text("Comment", NAME, zip=True)
    text.add_itxt("Title", NAME)
    _picture(number).save(place, "PNG", pnginfo=text, exif=_exif(), dpi=(150, 150))
    place.write_bytes(place.read_bytes() + NAME.encode())


def tiff_with_canaries(numbers: tuple[int, ...], place: Path) -> None:
    """A TIFF of several pages with artist, description, software, page names and a private tag."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag in (270, 271, 285, 305, 315, 316, 33432):
        tags[tag] = NAME
    tags[65000] = NAME
    first, *rest = (_picture(number) for number in numbers)
    first.save(place, "TIFF", save_all=True, append_images=rest, tiffinfo=tags, compression="tiff_lzw", dpi=(150, 150))


def roster_with_canaries(place: Path) -> None:
    """The class list as a workbook whose properties, comments and other sheets hold the canary."""
    book = openpyxl.Workbook()
    for line in ROSTER.read_text(encoding="utf-8").splitlines():
        book.active.append([cell.strip('"') for cell in line.split(",")])
    book.properties.creator = book.properties.lastModifiedBy = book.properties.title = NAME
    book.active.oddFooter.center.text = NAME
    book.create_sheet("notes").sheet_state = "hidden"
    book["notes"]["A1"] = f"ask {NAME}"
    book.save(place)


def canary_files(folder: Path) -> tuple[list[Path], Path, Path, int]:
    """The stack's files in order, the blank task, the class list, and in how many places of PDFs a canary sits."""
    folder.mkdir(parents=True, exist_ok=True)
    first, task = folder / "a.pdf", folder / "task.pdf"
    places = with_canaries(cut(folder / "plain.pdf", (5, 6)), first)
    (folder / "plain.pdf").unlink()
    with_canaries(TASK, task)
    jpeg_with_canaries(9, folder / "b.jpg")
    png_with_canaries(10, folder / "c.png")
    tiff_with_canaries((11, 12), folder / "d.tif")
    roster_with_canaries(folder / "class.xlsx")
    return [folder / name for name in ("a.pdf", "b.jpg", "c.png", "d.tif")], task, folder / "class.xlsx", places


# The search shares nothing with the audit.

WAYS = [
    spelled.encode(code)
    for spelled in (FIRST, LAST, FIRST.upper(), LAST.upper(), FIRST.lower(), LAST.lower())
    for code in ("utf-8", "utf-16-le", "utf-16-be")
]
WAYS += [word.encode().hex().encode() for word in (FIRST, LAST)]
WAYS += [base64.b64encode(word.encode())[:-4] for word in (FIRST, LAST)]


def holds_canary(data: bytes) -> bool:
    """Whether a file, or anything packed in it, has the canary."""
    return any(way in part for part in _unpacked(data) for way in WAYS)


def _unpacked(data: bytes, depth: int = 3) -> Iterator[bytes]:
    yield data
    if not depth:
        return
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.infolist():
                yield part.filename.encode() + part.comment + part.extra
                yield from _unpacked(parts.read(part), depth - 1)
    elif b"%PDF-" in data[:1024]:
        yield from _parts_of_pdf(data, depth)
    elif data[:8] == b"\x89PNG\r\n\x1a\n" or data[:2] == b"\xff\xd8":
        with Image.open(io.BytesIO(data)) as image:
            yield repr(image.info).encode()
            yield image.tobytes()
    elif data[:1] == b"\x78":
        try:
            yield zlib.decompress(data)
        except zlib.error:
            return


def _parts_of_pdf(data: bytes, depth: int) -> Iterator[bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            yield repr(thing).encode()
            if isinstance(thing, pikepdf.Stream):
                yield from _unpacked(thing.read_raw_bytes(), depth - 1)
                try:
                    yield thing.read_bytes()
                except pikepdf.PdfError:
                    continue  # an image: its bytes were searched as they are
    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        yield "\n".join(page.get_text() for page in pdf).encode()
    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        yield document[number].get_textpage().get_text_range().encode("utf-8", "replace")
    document.close()
    yield from _by_tools(data)


TOOLS = {
    "pdftotext": ("-q", "FILE", "-"),
    "pdfinfo": ("-meta", "FILE"),
    "qpdf": ("--qdf", "--object-streams=disable", "--warning-exit-0", "FILE", "-"),
    "exiftool": ("-a", "-u", "-G1", "-ee3", "FILE"),
}
"""Other programs that read PDFs, used where they are installed."""


@functools.cache
def installed_tools() -> tuple[str, ...]:
    return tuple(tool for tool in TOOLS if shutil.which(tool))


def _by_tools(data: bytes) -> Iterator[bytes]:
    if not installed_tools():
        return
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        for tool in installed_tools():
            words = [file.name if word == "FILE" else word for word in TOOLS[tool]]
            yield subprocess.run([tool, *words], capture_output=True, check=False, timeout=120).stdout
