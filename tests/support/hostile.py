"""Files that nobody should give, one function each: small on disk, large once they are opened."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image

MB = 1024**2


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1, with a true cross-reference table."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start))
    return out.getvalue()


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def one_page(page: bytes, *more: bytes) -> bytes:
    """A PDF of one page; ``page`` is what stands in its dictionary, ``more`` the objects from number 4 on."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %s >>" % page,
        *more,
    )


def zeros(megabytes: int, rounds: int = 1) -> bytes:
    """So many megabytes of zeros, deflated as often."""
    packer, out = zlib.compressobj(9), []
    block = bytes(MB)
    out = [packer.compress(block) for _ in range(megabytes)]
    data = b"".join(out) + packer.flush()
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)
    return data


def huge_page() -> bytes:
    return one_page(b"/MediaBox [0 0 200000 200000]")


def tiny_page() -> bytes:
    return one_page(b"/MediaBox [0 0 3 3]")


def content_bomb(megabytes: int = 600) -> bytes:
    """A page whose drawing is hundreds of megabytes of blanks."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b" " * MB) for _ in range(megabytes)) + packer.flush()
    return one_page(b"/MediaBox [0 0 612 792] /Contents 4 0 R", stream(data, b"/Filter /FlateDecode"))


def drawing_bomb(times: int = 3_000_000) -> bytes:
    """A page that draws without end."""
    data = zlib.compress(b"0 0 m 600 700 l 10 700 l 600 3 l S\n" * times, 9)
    return one_page(b"/MediaBox [0 0 612 792] /Contents 4 0 R", stream(data, b"/Filter /FlateDecode"))


def form_bomb(depth: int = 12, times: int = 10) -> bytes:
    """Forms that draw forms that draw forms: ten to the twelfth lines."""
    forms = []
    for level in range(depth):
        inner = b"/F Do\n" * times if level < depth - 1 else b"0 0 m 600 700 l S\n" * times
        extra = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
        if level < depth - 1:
            extra += b" /Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        forms.append(stream(inner, extra))
    return one_page(
        b"/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >>", stream(b"/F Do\n"), *forms
    )


def image_page(width: int, height: int, data: bytes, *, bits: int = 8, more: bytes = b"/Filter /FlateDecode") -> bytes:
    """A letter page with one picture over all of it."""
    image = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent %d %s"
    return one_page(
        b"/MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /Im0 5 0 R >> >>",
        stream(b"q 612 0 0 792 0 0 cm /Im0 Do Q"),
        stream(data, image % (width, height, bits, more)),
    )


def image_bomb(megabytes: int = 1024) -> bytes:
    """A picture of 1,700 by 2,200 pixels whose stream swells to a gigabyte, deflated twice."""
    return image_page(1700, 2200, zeros(megabytes, rounds=2), more=b"/Filter [/FlateDecode /FlateDecode]")


def wide_image_pdf() -> bytes:
    """A picture of 30,000 by 30,000 grey pixels in a PDF."""
    return image_page(30_000, 30_000, zeros(1))  # the rest need not be there


def wide_bitonal_pdf() -> bytes:
    """The same with one bit a pixel, which is small enough to be tried."""
    return image_page(30_000, 30_000, zeros(108), bits=1)


def dot_pdf() -> bytes:
    """A letter page that is one pixel."""
    return image_page(1, 1, zlib.compress(b"\xff"))


def many_pages(count: int = 20_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        *[page] * count,
    )


def claimed_pages() -> bytes:
    """One page that says it is a thousand million."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    )


def xref_loop() -> bytes:
    """A cross-reference table whose predecessor is itself."""
    whole = one_page(b"/MediaBox [0 0 612 792]")
    start = int(whole.rsplit(b"startxref\n", 1)[1].split()[0])
    return whole.replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Prev %d >>" % start)


def tree_loop() -> bytes:
    """A tree of pages that is its own child."""
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>")


def odd_picture_name() -> bytes:
    """A page whose picture has a name of no known letters, and is not there. PyMuPDF ends in its own Python code."""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << /XObject << /Im\xff\xff 9 0 R >> >> >>",
    )


def no_pages() -> bytes:
    return pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>")


def locked(source: Path) -> bytes:
    """A copy that asks for a password."""
    out = io.BytesIO()
    with pikepdf.open(source) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user="user"), deterministic_id=False)
    return out.getvalue()


def with_damaged_page(source: Path, number: int, *, keep: float = 0.4) -> bytes:
    """A copy in which the picture of one page breaks off."""
    out = io.BytesIO()
    with pikepdf.open(source) as document:
        (image,) = document.pages[number - 1].Resources.XObject.values()
        raw = bytes(image.read_raw_bytes())
        image.write(raw[: int(len(raw) * keep)], filter=image.Filter)
        document.save(out)
    return out.getvalue()


def png(width: int, height: int, *, mode: str = "1") -> bytes:
    """A white picture."""
    out = io.BytesIO()
    Image.new(mode, (width, height), "white").save(out, "PNG")
    return out.getvalue()


def claiming_png(width: int, height: int) -> bytes:
    """A small picture whose header says that it is so large."""
    data = png(200, 300)
    header = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def moving_gif() -> bytes:
    out = io.BytesIO()
    frames = [Image.fromarray(np.full((300, 200), tone, np.uint8)) for tone in (0, 120, 250)]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()
