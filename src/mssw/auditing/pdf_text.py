"""What another reader than the writer's sees in a PDF (pypdfium2): its text, and its pages as pictures."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy as np
    from numpy.typing import NDArray

_LARGEST_PAGE = 14400.0  # points
_MOST_PAGES = 20_000
_MOST_PIXELS = 40_000_000


class PdfTextError(ValueError):
    """pdfium cannot read the file, or a page of it makes no sense; the text says which."""


class PdfReader:
    """An open PDF. Pages are counted from 0."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    def text(self, index: int) -> str:
        """Everything on the page that is text, seen or unseen, inside its box or outside.

        Raises:
            PdfTextError: the page cannot be read.
        """
        page = self._page(index)
        try:
            return str(page.get_textpage().get_text_range())
        except pypdfium2.PdfiumError:
            raise PdfTextError("pdfium cannot read the page's text") from None
        finally:
            page.close()

    def bookmarked(self, titles: Collection[str]) -> set[int]:
        """The pages to which a bookmark of one of these titles leads."""
        return {page for title, page in self._bookmarks() if title in titles}

    def under_bookmarks(self, titles: Collection[str]) -> set[int]:
        """The pages from a bookmark of one of these titles up to that of the next bookmark, which several may share.

        On a sheet with two pages side by side, what begins there need not begin the sheet.
        """
        marks = self._bookmarks()
        ends = [page + 1 for _, page in marks[1:]] + [len(self)]
        return {
            page for (title, first), end in zip(marks, ends, strict=True) if title in titles
            for page in range(first, end)
        }  # fmt: skip

    def _bookmarks(self) -> list[tuple[str, int]]:
        """Each bookmark and the page to which it leads, in the order of the file; none where they cannot be read."""
        try:
            marks = [(mark.get_title(), mark.get_dest()) for mark in self._document.get_toc()]
            pages = [(title, dest.get_index()) for title, dest in marks if dest is not None]
        except (pypdfium2.PdfiumError, UnicodeDecodeError):
            return []
        return [(title, page) for title, page in pages if page is not None]

    def grey(self, index: int, width: int) -> NDArray[np.uint8]:
        """The page as a reader sees it, (height, width) uint8, about that many pixels wide.

        Raises:
            PdfTextError: the page is too large to be one, or cannot be drawn.
        """
        page = self._page(index)
        try:
            across, down = page.get_size()
            if not (0 < across <= _LARGEST_PAGE and 0 < down <= _LARGEST_PAGE):
                raise PdfTextError("the page's size makes no sense")
            scale = width / across
            if width * down * scale > _MOST_PIXELS:
                raise PdfTextError("the page's size makes no sense")
            bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
            pixels: NDArray[np.uint8] = bitmap.to_numpy()
            return pixels.reshape(pixels.shape[0], pixels.shape[1]).copy()
        except pypdfium2.PdfiumError:
            raise PdfTextError("pdfium cannot draw the page") from None
        finally:
            page.close()

    def _page(self, index: int) -> Any:
        try:
            return self._document[index]
        except pypdfium2.PdfiumError:
            raise PdfTextError("pdfium cannot read the page") from None


@contextmanager
def reading(data: bytes) -> Iterator[PdfReader]:
    """Open a PDF to read its text and look at its pages.

    Raises:
        PdfTextError: pdfium cannot open it, or it has too many pages.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        raise PdfTextError("pdfium cannot open it") from None
    try:
        if len(document) > _MOST_PAGES:
            raise PdfTextError(f"it has more than {_MOST_PAGES} pages")
        yield PdfReader(document)
    finally:
        document.close()
