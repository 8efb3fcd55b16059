"""Any scan or photo in, page images out: PDF through PyMuPDF, pictures through Pillow.

Meant to run in a worker process with limits (see ``workers``): a stranger's file can harm no other process. Sizes
are checked before anything is decoded.
"""

from __future__ import annotations

from pathlib import Path

from mssw.errors import UnreadableError
from mssw.formats import photos, scan_pdf
from mssw.formats.file_kinds import refuse_pipe
from mssw.formats.photos import MOST_PAGES, OUTPUT_DPI, Picture
from mssw.formats.scan_pdf import PageText, PdfWord, TypedLine

__all__ = [
    "OUTPUT_DPI",
    "PageText",
    "PdfWord",
    "Picture",
    "TypedLine",
    "count_pages",
    "is_pdf",
    "read_page",
    "read_text",
    "read_words",
]


def count_pages(path: Path) -> int:
    """Count the pages of a file.

    Raises:
        UnreadableError: it is missing, empty, locked, damaged, too long, or no scan at all.
    """
    count = scan_pdf.count_pages(path) if is_pdf(path) else photos.count_pages(path)
    if count < 1:
        raise UnreadableError(f"{path.name} has no pages; scan the stack again.")
    if count > MOST_PAGES:
        raise UnreadableError(
            f"{path.name} has {count} pages, more than the {MOST_PAGES} that one file may hold; "
            "split it and give the parts."
        )
    return count


def read_page(path: Path, number: int, *, most_dpi: float = OUTPUT_DPI) -> Picture:
    """Read page ``number`` (from 1) of a file as pixels, at its own resolution up to ``most_dpi``.

    Raises:
        UnreadableError: the page is too large, too small, or damaged.
    """
    read = scan_pdf.read_page if is_pdf(path) else photos.read_page
    return read(path, number, most_dpi)


def draw_sharp_page(path: Path, number: int, shown: Picture) -> Picture:
    """A page as it is printed: one of text and lines is drawn anew, with more dots an inch; others stay as read."""
    return scan_pdf.draw_sharp_page(path, number, shown) if is_pdf(path) else shown


def read_words(path: Path, number: int) -> list[PdfWord]:
    """Read the words of a PDF page's own text layer; none for a picture.

    Raises:
        UnreadableError: the file can't be read.
    """
    return scan_pdf.read_words(path, number) if is_pdf(path) else []


def read_text(path: Path, number: int) -> PageText | None:
    """Read the text that can be seen on a PDF page, as it was typed; None for a picture, or where there is none.

    Raises:
        UnreadableError: the file can't be read.
    """
    text = scan_pdf.read_text(path, number) if is_pdf(path) else None
    return text if text is not None and text.lines else None


def is_pdf(path: Path) -> bool:
    """Whether the file is a PDF, whatever its name says.

    Raises:
        UnreadableError: it is missing, empty, no plain file, or may not be read.
    """
    refuse_pipe(path)
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError:
        raise UnreadableError(f"{path} is not there; check the name and the folder.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
    if not head:
        raise UnreadableError(f"{path.name} is empty (0 bytes); scan the stack again or copy the file once more.")
    return b"%PDF-" in head
