"""What kind of file something is: by its first bytes, and by its ending only where these do not tell.

Only kinds on a list are read. No scanner or phone writes what Pillow could open beside them (``.eps``, which starts
Ghostscript, or ``.dds``), so that is refused like any other file.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from mssw.errors import UnreadableError

HEAD = 1024  # bytes; a PDF may begin a little late
PILLOW_FORMATS = ("JPEG", "MPO", "PNG", "TIFF", "WEBP", "BMP", "GIF", "HEIF", "AVIF")


class FileKind(StrEnum):
    """The kinds of file that mssw distinguishes. The value names one file of the kind, for a message."""

    PDF = "PDF"
    PICTURE = "picture"
    EMPTY = "empty file"
    WORD = "Word document"
    OPEN_TEXT = "OpenDocument or RTF text"
    PAGES = "Pages document"
    GOOGLE = "link to a Google document"
    LINK = "link to an online document"
    SLIDES = "presentation"
    TABLE = "spreadsheet"
    WEB = "web page, or a text typed into the system"
    TEXT = "plain text"
    ARCHIVE = "zip or other archive"
    RAW = "raw photo"
    MEDIA = "film or sound"
    OTHER = "kind of file that no scanner or phone writes"


READABLE = {FileKind.PDF, FileKind.PICTURE}

_BY_ENDING = {
    FileKind.WORD: "doc docx docm dotx",
    FileKind.OPEN_TEXT: "odt ott rtf rtfd wpd",
    FileKind.PAGES: "pages",
    FileKind.GOOGLE: "gdoc gsheet gslides gdraw gform",
    FileKind.LINK: "url webloc desktop lnk",
    FileKind.SLIDES: "ppt pptx pptm odp key",
    FileKind.TABLE: "xls xlsx xlsm ods numbers csv tsv",
    FileKind.WEB: "html htm mht mhtml",
    FileKind.TEXT: "txt text md tex log json xml",
    FileKind.ARCHIVE: "zip rar 7z tar gz tgz bz2 xz",
    FileKind.RAW: "dng cr2 cr3 nef arw orf raf rw2 raw",
    FileKind.MEDIA: "mov mp4 m4v avi mkv webm 3gp mp3 m4a wav aac ogg",
}
_ENDINGS = {f".{ending}": kind for kind, endings in _BY_ENDING.items() for ending in endings.split()}
#: The endings of scans and photos. A file with such an ending that is no scan is reported as damaged.
SCAN_ENDINGS = frozenset(
    ".pdf .jpg .jpeg .jpe .jfif .png .tif .tiff .heic .heif .avif .webp .bmp .gif".split()  # noqa: SIM905 - a list to read
)
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_SIGNS = (
    (b"\xff\xd8\xff", FileKind.PICTURE),  # JPEG
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"II*\0", FileKind.PICTURE),  # TIFF
    (b"MM\0*", FileKind.PICTURE),
    (b"II+\0", FileKind.PICTURE),
    (b"MM\0+", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
    (b"{\\rtf", FileKind.OPEN_TEXT),
    (b"PK\x03\x04", FileKind.ARCHIVE),
    (b"PK\x05\x06", FileKind.ARCHIVE),
    (b"Rar!", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"\xd0\xcf\x11\xe0", FileKind.WORD),
)
_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}  # bytes of the header that comes at byte 14
#: Kinds that are a zip, or a file of an old office program, inside: there the ending tells more.
_IN_CONTAINERS = {FileKind.WORD, FileKind.OPEN_TEXT, FileKind.PAGES, FileKind.SLIDES, FileKind.TABLE}

WAYS_OUT = {
    FileKind.WORD: "Word: File > Save As > PDF",
    FileKind.OPEN_TEXT: "LibreOffice: File > Export As PDF",
    FileKind.PAGES: "Pages: File > Export To > PDF",
    FileKind.GOOGLE: "Google Docs: File > Download > PDF",
    FileKind.LINK: "open the link, then print to PDF",
    FileKind.SLIDES: "PowerPoint or Keynote: File > Export > PDF",
    FileKind.TABLE: "Excel: File > Save As > PDF",
    FileKind.WEB: "open it in a browser, then print to PDF",
    FileKind.TEXT: "open it, then print to PDF",
    FileKind.ARCHIVE: "unpack it",
    FileKind.RAW: "export the photo as JPEG",
    FileKind.MEDIA: "take it out, since it is no page",
    FileKind.EMPTY: "hand it in again",
    FileKind.OTHER: "save it as PDF or JPEG",
}


NO_FILE = "{path} is a pipe, socket or device, not a file; give a file."


def check_is_plain_file(path: Path) -> None:
    """Refuse what is no file on a disk, before it is opened: a pipe or device would never end.

    Raises:
        UnreadableError: it is one, or cannot be looked at.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UnreadableError(f"{path} is not there; check the name and the folder.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None
    if not stat.S_ISREG(mode):
        raise UnreadableError(NO_FILE.format(path=path))


def refuse_pipe(path: Path) -> None:
    """Refuse a pipe, socket or device before it is opened. Folders, and what is not there, are for whoever opens it.

    Raises:
        UnreadableError: it is one.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise UnreadableError(NO_FILE.format(path=path))


def find_kind(path: Path) -> FileKind:
    """Find the kind of a file.

    Raises:
        UnreadableError: it is no plain file, or may not be read.
    """
    return find_kind_of(read_head(path), path.name)


def read_head(path: Path) -> bytes:
    """Read the first bytes of a file.

    Raises:
        UnreadableError: it is no plain file, or may not be read.
    """
    check_is_plain_file(path)
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise UnreadableError(f"{path} cannot be opened: {error.strerror}; check that you may read it.") from None


def is_scan(kind: FileKind, name: str) -> bool:
    """Whether a file is taken as a scan: one that only has the ending of a scan is damaged, and reading it says so."""
    return kind in READABLE or (
        Path(name).suffix.casefold() in SCAN_ENDINGS and kind in {FileKind.EMPTY, FileKind.OTHER}
    )


def plain_ending(head: bytes) -> str:
    """The usual ending of a file that is taken as a scan."""
    endings = {b"\xff\xd8": ".jpg", b"\x89P": ".png", b"II": ".tif", b"MM": ".tif", b"GI": ".gif", b"RI": ".webp"}
    if head[4:8] == b"ftyp":
        return ".heic"
    return endings.get(head[:2], ".bmp" if head[:2] == b"BM" else ".pdf")


def find_kind_of(head: bytes, name: str) -> FileKind:
    """Find the kind of a file by its first bytes and its name."""
    ending = Path(name).suffix.casefold()
    by_ending = _ENDINGS.get(ending)
    if not head:
        return by_ending if by_ending in {FileKind.GOOGLE, FileKind.LINK} else FileKind.EMPTY
    by_bytes = next((kind for sign, kind in _SIGNS if head.startswith(sign)), None)
    if by_ending is FileKind.RAW and by_bytes is FileKind.PICTURE:
        return FileKind.RAW  # many are TIFFs with no picture that one could read
    if by_bytes is FileKind.PICTURE or _is_other_picture(head):
        return FileKind.PICTURE
    if b"%PDF-" in head:
        return FileKind.PDF
    if by_bytes in {FileKind.ARCHIVE, FileKind.WORD} and by_ending in _IN_CONTAINERS:
        return by_ending
    return by_bytes or by_ending or FileKind.OTHER


def _is_other_picture(head: bytes) -> bool:
    """Whether it is a picture whose sign does not come first: HEIC, AVIF, WebP, BMP."""
    heif = head[4:8] == b"ftyp" and head[8:12] in _HEIF
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    bmp = head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS
    return heif or webp or bmp


def describe_unreadable(kinds: Sequence[tuple[str, FileKind]], word: str = "") -> tuple[str, str]:
    """Say which files are no pages, and how to make them some: two clauses.

    Args:
        kinds: of each such file how it is called, and its kind.
        word: what comes before each name, such as ``file`` before a number.

    >>> describe_unreadable([("3", FileKind.WORD)], "file")
    ('file 3 is neither a PDF nor a picture but a Word document', 'save it as PDF (Word: File > Save As > PDF)')
    """
    by_kind: dict[FileKind, list[str]] = {}
    for name, kind in kinds:
        by_kind.setdefault(kind, []).append(name)
    ways = "; ".join(dict.fromkeys(WAYS_OUT[kind] for kind in by_kind))
    if len(kinds) == 1:
        (name, kind), start = kinds[0], f"{word} " if word else ""
        article = "an" if str(kind)[0] in "aeiouO" else "a"
        return f"{start}{name} is neither a PDF nor a picture but {article} {kind}", f"save it as PDF ({ways})"
    which = "; ".join(f"{kind}: {_list_names(names, word)}" for kind, names in by_kind.items())
    return f"{len(kinds)} files are neither PDFs nor pictures ({which})", f"save each as PDF ({ways})"


def _list_names(names: Sequence[str], word: str) -> str:
    """Names in a row, as people write them."""
    row = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{word}{'s' if len(names) > 1 else ''} {row}" if word else row
