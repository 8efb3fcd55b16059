"""A second opinion on a page that seems blank, through pdfium: two readers do not fail on the same picture.

A damaged JBIG2 or JPEG 2000 picture comes out white in one reader and whole in another. Such a page is no blank one.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2

GLANCE_DPI = 50
_DARK = 200  # of 255: darker is ink
_LEAST = 3  # pixels


def has_ink(path: Path, number: int) -> bool:
    """Whether pdfium draws anything dark on a page; also where it cannot read the page at all.

    Args:
        path: a PDF.
        number: of the page, from 1.
    """
    try:
        with pypdfium2.PdfDocument(path) as document:
            page = document[number - 1].render(scale=GLANCE_DPI / 72, grayscale=True).to_numpy()
    except (pypdfium2.PdfiumError, ValueError, IndexError, MemoryError):
        return True
    return int(np.count_nonzero(np.asarray(page) < _DARK)) >= _LEAST
