"""The page images of a PDF that mssw wrote, taken out as they are: their bytes, and nothing that stood beside them."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass

import pikepdf
from pikepdf import Name

from mssw.core.page import EncodedImage, Tone
from mssw.errors import UnreadableError

_KEYS = {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
_IMAGE_PAGE = re.compile(rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /Im0 Do Q\s*")


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One page: its image, and its width and height in points."""

    image: EncodedImage
    size: tuple[float, float]


def scanned_pages(data: bytes, name: str) -> list[ScannedPage]:
    """The pages of a PDF of one image a page.

    Args:
        data: the file.
        name: of the file, for messages.

    Raises:
        UnreadableError: it is not a PDF, or not one that mssw wrote.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return [_scanned(page, name, place) for place, page in enumerate(pdf.pages, start=1)]
    except pikepdf.PdfError:
        raise UnreadableError(f"{name} is damaged; run `mssw prepare` again, which makes it anew.") from None


def _scanned(page: pikepdf.Page, name: str, place: int) -> ScannedPage:
    """The page, if it is what we write and nothing more."""
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError, pikepdf.PdfError):
        image = page.obj.Resources.XObject.Im0
        ours = set(page.obj.keys()) == _KEYS and _IMAGE_PAGE.fullmatch(page.obj.Contents.read_bytes())
        if ours and isinstance(image, pikepdf.Stream):
            left, bottom, right, top = (float(side) for side in page.mediabox)
            encoded = EncodedImage(image.read_raw_bytes(), int(image.Width), int(image.Height), _tone(image))
            return ScannedPage(encoded, (right - left, top - bottom))
    raise UnreadableError(f"{name}, page {place}, is not a page that mssw wrote; run `mssw prepare` again.")


def _tone(image: pikepdf.Stream) -> Tone:
    """What kind of image it is.

    Raises:
        ValueError: it is of no kind that mssw writes.
    """
    kind = (str(image.Filter), str(image.ColorSpace), int(image.BitsPerComponent))
    if kind == ("/CCITTFaxDecode", "/DeviceGray", 1) and int(image.DecodeParms.K) == -1:
        return Tone.BITONAL
    if kind[0] != str(Name.DCTDecode) or kind[2] != 8:  # noqa: PLR2004 - bits
        raise ValueError(kind[0])
    return {"/DeviceGray": Tone.GREY, "/DeviceRGB": Tone.COLOUR}[kind[1]]
