"""The audit of one file on its way to ``shared/``. It shares no code with what wrote the file, and writes nothing.

The file's name, its bytes and the roster's spellings go in; findings come out: a place in the file, and what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from mssw.auditing.byte_search import is_text, search_bytes, search_pdf, search_spelled_out
from mssw.auditing.office_parts import SLIDES, WORKBOOK, image_problems, office_problems, workbook_texts
from mssw.auditing.pdf_layout import PdfLayout, PdfLayoutError, loose_layout, strict_layout, unpacked
from mssw.auditing.pdf_objects import structure_problems
from mssw.auditing.pdf_text import PdfTextError, reading
from mssw.auditing.pdf_words import COVERS, INTRODUCTIONS
from mssw.core.sheet_code import PREFIX
from mssw.names.name_search import NameSearch, describe_rows, describe_students

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mssw.auditing.cover_residue import Pixels
    from mssw.core.page import Box
    from mssw.names.typed_names import TypedNames

_IMAGES_ONLY = {"task.pdf", "contact-sheet.pdf"}
_OURS = {"work", "task", "contact-sheet", "sort", "sort-cards", "samples", "packet", "manifest", "intro"}
_PACKET = re.compile(r"packet(-(letter|a4|reading|odds|evens|\d{1,3}))+")
_READING = re.compile(r"(packet(-(letter|a4))?|record)-reading\.pdf")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*")
_TEXTS = {".json", ".md", ".txt", ".csv"}
_IMAGES = {".png", ".jpg", ".jpeg"}
_CODE = "the code of a sheet can be read, which leads to a student; prepare it into the set of those sheets"
CODE_WIDTH = 1275  # pixels of a page's width at which codes are looked for: 150 dpi on letter paper
_RATIO = 0.01  # by how much a page's shape may differ from the shape of the page before, for rounding

LARGEST_FILE = 512 * 2**20
"""Bytes; nothing that mssw shares comes near it."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that keeps a file from being shared.

    Attributes:
        file: the file, relative to what was audited; where the file's own name is a roster name, that name is
            left out.
        page: 1-based page of that file; None where the whole file is meant.
        what: the problem in a few words. It never contains the name that it is about.
    """

    file: str
    page: int | None
    what: str

    def __str__(self) -> str:
        place = self.file if self.page is None else f"{self.file}, page {self.page}"
        return f"{place}: {self.what}"


def audit_file(
    path_name: str,
    data: bytes,
    spellings: Sequence[str],
    *,
    students: Sequence[int] = (),
    own: Sequence[str] = (),
    clean: set[bytes] | None = None,
    typed: TypedNames | None = None,
    thorough: bool = False,
) -> list[Finding]:
    """Everything that keeps a file from being shared: what should not be in it, and the roster's names.

    Args:
        path_name: where it goes, relative to ``shared/`` with forward slashes; it tells what kind of file it
            must be. Pages in ``work/``, ``task.pdf`` and ``contact-sheet.pdf`` must each be one image.
        data: the whole file.
        spellings: every spelling of every student; empty where there is no roster.
        students: the number of the student of each spelling, counted from 1, for messages.
        own: whole names of teachers. They may be on the cover pages of a packet, even where a student has the same
            name; those of two words or more also once on each page of its introductions. Bookmarks say which pages
            these are.
        clean: for several files with the same images. Pass the same set to each, at first empty or from
            ``clean_streams``, with the same spellings or fewer; then no stream is searched twice.
        typed: the names of the class, to be looked for in what can be read as sentences: also those that are words too,
            short ones and short forms.
        thorough: whether every picture is drawn once more, to see whether a part of it is out of sight.

    Returns:
        The findings; empty where the file may go. None of them contains a name.
    """
    names = NameSearch(spellings)
    return _Audit(
        path_name, data, names, students, own, set() if clean is None else clean, typed, thorough=thorough
    ).findings()


def clean_streams(streams: Sequence[bytes], spellings: Sequence[str]) -> set[bytes]:
    """The hashes of those streams that contain no spelling, for streams that several files share.

    They are the ``clean`` of ``audit_file`` for the same spellings or fewer.
    """
    clean: set[bytes] = set()
    search_pdf(PdfLayout(b"", tuple(streams)), NameSearch(spellings), clean)
    return clean


def audit_pages(path_name: str, data: bytes, pages: Sequence[tuple[Pixels, Sequence[Box]]]) -> list[Finding]:
    """Look under the covers of a response's file: render each page and compare it with the page before covering.

    Args:
        path_name: where the file goes.
        data: the PDF, one image a page.
        pages: for each of its pages in order, the registered page before covering and its covers.
    """
    from mssw.auditing.cover_residue import LONG_SIDE, audit_covers  # noqa: PLC0415 - a packet has no covers to look under

    try:
        with reading(data) as reader:
            if len(reader) != len(pages):
                return [Finding(path_name, None, "it has more or fewer pages than the response it was made from")]
            found: list[Finding] = []
            for index, (before, covers) in enumerate(pages):
                height, width = before.shape[:2]
                after = reader.grey(index, max(1, round(width * LONG_SIDE / max(height, width))))
                if abs(after.shape[0] / after.shape[1] * width / height - 1) > _RATIO:
                    found.append(Finding(path_name, index + 1, "the page has not the shape it had before"))
                    continue
                found += [
                    Finding(path_name, index + 1, f"cover {residue.box + 1}: {residue.what}")
                    for residue in audit_covers(before, after, covers)
                ]
            return found
    except PdfTextError as error:
        return [Finding(path_name, None, str(error))]


class _Audit:
    """The audit of one file."""

    def __init__(
        self,
        path_name: str,
        data: bytes,
        names: NameSearch,
        students: Sequence[int],
        own: Sequence[str],
        clean: set[bytes],
        typed: TypedNames | None,
        *,
        thorough: bool,
    ) -> None:
        self.typed = typed
        self.thorough = thorough
        self.path = PurePosixPath(path_name)
        self.data = data
        self.names = names
        self.students = students
        self.own = own
        self.clean = clean
        self.shown = path_name

    def findings(self) -> list[Finding]:
        """All of them, each once, in the order of the pages."""
        found = [*self._name(), *self._content()]
        return sorted(dict.fromkeys(found), key=lambda finding: (finding.page or 0, finding.what))

    def _find(self, what: str, page: int | None = None) -> Finding:
        return Finding(self.shown, page, what)

    def _names_in(self, hits: set[int], where: str, page: int | None = None) -> Iterator[Finding]:
        if hits:
            yield self._find(f"a roster name is in {where} ({describe_students(hits, self.students)})", page)

    def _words_in(self, texts: Iterable[str], where: str, page: int | None = None) -> Iterator[Finding]:
        """Words that may name a student, in what was typed."""
        if self.typed is None:
            return
        found = [one for text in dict.fromkeys(texts) for one in self.typed.find(text)]
        rows = sorted({student + 1 for one in found if not one.sure for student in one.students})
        if rows:
            yield self._find(f"a word of {where} may be a student's name ({describe_rows(rows)})", page)

    def _name(self) -> Iterator[Finding]:
        """Check the file's own name; from here on it is shown only if it names nobody."""
        parts = [part for part in self.path.with_suffix("").parts if part not in _OURS and not _PACKET.fullmatch(part)]
        hits = self.names.hits("\n".join(parts), ordinary=True) if parts else set()
        if hits:
            self.shown = f"(name withheld){self.path.suffix}"
        yield from self._names_in(hits, "the file's name")

    def _content(self) -> Iterator[Finding]:
        suffix = self.path.suffix.lower()
        if not self.data:
            yield self._find("the file is empty")
        elif suffix == ".pdf":
            yield from self._pdf()
        elif suffix == ".xlsx":
            yield from self._problems_and_names(*office_problems(WORKBOOK, self.data, self.names), "the workbook")
            yield from self._words_in(workbook_texts(self.data), "the workbook")
        elif suffix == ".pptx":
            yield from self._problems_and_names(*office_problems(SLIDES, self.data, self.names), "the presentation")
        elif suffix in _IMAGES:
            yield from self._problems_and_names(*image_problems(self.data, self.names), "the image's bytes")
        elif suffix in _TEXTS and is_text(self.data):
            hits = search_bytes(self.data, self.names, numbers=True)
            yield from self._names_in(hits, "the text")
            yield from self._words_in(typed_texts(self.data, suffix), "the text")
        else:
            yield self._find("mssw shares no files of this kind")
            yield from self._names_in(search_bytes(self.data, self.names), "the file's bytes")

    def _problems_and_names(self, problems: list[str], hits: set[int], where: str) -> Iterator[Finding]:
        for problem in problems:
            yield self._find(problem)
        yield from self._names_in(hits, where)

    def _pdf(self) -> Iterator[Finding]:
        try:
            layout = strict_layout(self.data)
        except PdfLayoutError as error:
            yield self._find(str(error))
            layout = loose_layout(self.data)
        yield from self._names_in(search_pdf(layout, self.names, self.clean), "the file's bytes")
        yield from self._names_in(search_spelled_out(layout, self.names), "what is read aloud, letter by letter")
        swollen = _packing_problem(layout)
        if swollen:
            yield self._find(swollen)
            return  # nobody else may unpack it
        images_only = "work" in self.path.parts[:-1] or self.path.name in _IMAGES_ONLY
        tagged = _READING.fullmatch(self.path.name) is not None
        problems = structure_problems(self.data, images_only=images_only, tagged=tagged, thorough=self.thorough)
        for page, what in problems:
            yield self._find(what, page)
        yield from self._text(images_only=images_only)

    def _text(self, *, images_only: bool) -> Iterator[Finding]:
        """What a reader can search or copy."""
        try:
            with reading(self.data) as reader:
                hits: dict[str, set[int]] = {}  # copies say the same again
                covers = reader.bookmarked(COVERS) if self.own else set()
                introductions = reader.under_bookmarks(INTRODUCTIONS) if self.own else set()
                longer = [name for name in self.own if len(name.split()) > 1]
                for index in range(len(reader)):
                    text = reader.text(index)
                    if index in covers:
                        text = _without_names(text, self.own)
                    elif index in introductions:  # a teacher types there, and one word alone may be a student's
                        text = _without_names(text, longer, most=1)
                    if images_only and text.strip():
                        yield self._find("the page has text where only an image should be", index + 1)
                    if images_only and _has_code(reader.grey(index, CODE_WIDTH)):
                        yield self._find(_CODE, index + 1)
                    if text not in hits:
                        everyday = self.typed is None  # else such a word is looked for with its sentence
                        hits[text] = self.names.hits(text, everyday=everyday) | self.names.hits(_reversed_runs(text))
                    yield from self._names_in(hits[text], "the page's text", index + 1)
                    yield from self._words_in([text.replace("\r\n", "\n")], "the page's text", index + 1)
        except PdfTextError as error:
            yield self._find(str(error))


def typed_texts(data: bytes, suffix: str) -> Iterator[str]:
    """What a person may have typed in a text file: each text of a JSON file on its own, each paragraph of another."""
    text = data.decode("utf-8", "replace")
    if suffix != ".json":
        yield from re.split(r"\n\s*\n", text)
        return
    try:
        yield from _texts_of(msgspec.json.decode(data))
    except (msgspec.DecodeError, RecursionError):
        yield text


def _texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for one in pair for text in _texts_of(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts_of(one))


def _without_names(text: str, names: Sequence[str], most: int = 0) -> str:
    """A text without those whole names, however their lines are broken; a part of one that stands alone stays.

    ``most`` is how often each is taken away; 0 for as often as it is there.

    Type is set with curly apostrophes, whatever was typed.
    """
    text = _as_typed(text)
    for name in sorted(filter(str.strip, map(_as_typed, names)), key=len, reverse=True):
        words = r"\s+".join(map(re.escape, name.split()))
        text = re.sub(rf"(?<!\w){words}(?!\w)", " ", text, count=most, flags=re.IGNORECASE)
    return text


def _as_typed(text: str) -> str:
    return re.sub("[\u2018\u2019\u02bc]", "'", unicodedata.normalize("NFC", text))


def _reversed_runs(text: str) -> str:
    """Words in letters that run from right to left, turned round: a tagged file may hold them either way."""
    return "\n".join(run[::-1] for run in _RIGHT_TO_LEFT.findall(text))


def _packing_problem(layout: PdfLayout) -> str:
    """What is wrong with the packing of a PDF's streams; empty where nothing is."""
    for payload in layout.streams:
        try:
            unpacked(payload)
        except PdfLayoutError as error:
            return str(error)
    return ""


def _has_code(page: Pixels) -> bool:
    """Whether the code of a coded sheet can be read on a page."""
    from mssw.vision.qr_codes import read_codes  # noqa: PLC0415 - a packet is not looked at for codes

    return bool(read_codes(page, PREFIX, quick=True))
