"""The copier's file: all pages in one PDF, a JPEG each, or a fax image where it scans black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2

from mssw.core.page import EncodedImage, Tone
from mssw.formats import images
from mssw.printing.pdf_writer import image_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def encode(image: NDArray[np.uint8], tone: Tone, quality: int) -> EncodedImage:
    """Encode a scanned page.

    Args:
        image: as ``Scan.image`` has it.
        tone: bitonal becomes CCITT group 4, the others JPEG.
        quality: of the JPEG, 0 to 100.
    """
    height, width = image.shape[:2]
    if tone is Tone.BITONAL:
        return images.encode(image, tone)
    pixels = image if tone is Tone.GREY else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("cv2 made no JPEG of the page")
    return EncodedImage(data.tobytes(), width, height, tone)


def stack_pdf(pages: Sequence[EncodedImage], dpi: int) -> bytes:
    """All pages as one PDF, in the size that they have on paper."""
    return image_pdf([(page, (page.width * 72 / dpi, page.height * 72 / dpi)) for page in pages])
