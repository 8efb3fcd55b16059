"""Propose transcripts of responses, and keep those that people type.

In: the pages in ``shared/work``, on which names are covered already, and the class list. Out: a text file for each
response in ``private/transcripts``. The recogniser reads what is written on a page and not on the blank. Words
that may be a name are left out, and those that it did not read with confidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mssw.core.shell_words import command_line
from mssw.errors import StepMissingError, UsageError
from mssw.names.identifiers import find_identifiers
from mssw.names.name_search import remove_breaks
from mssw.names.student import is_everyday, keep_letters
from mssw.names.typed_names import TypedNames
from mssw.preparing.name_reading import SearchTerms
from mssw.preparing.prepare_options import Progress, quiet
from mssw.printing.answer_pictures import choose_print, find_prints, read_task
from mssw.printing.page_pictures import draw_pages
from mssw.vision.answer_places import find_written
from mssw.vision.mentions import EDGE, LIKELY, LONG, SMALL, SURE
from mssw.vision.name_spotting import NameLetters, find_spots
from mssw.vision.recogniser import LineReading, check_models, recogniser
from mssw.vision.text_lines import Line, find_written_lines
from mssw.workset.allowed_names import find_typed_names, list_teachers_words
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.class_list import read_class_list
from mssw.workset.decisions import require_applied
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, read_audited_response, read_manifest
from mssw.workset.question_file import PlacedPage, find_placed_pages
from mssw.workset.settings import read_settings
from mssw.workset.transcript_files import (
    LEFT_OUT,
    Transcript,
    TranscriptState,
    check_transcripts,
    read_transcript,
    stamp_of,
    write_transcript,
)

if TYPE_CHECKING:
    from mssw.vision.ink import Mask

DPI = 200
PLAIN = 0.6  # confidence of a word's letters: below it, the word was not read
LEAST_LINE = 0.45  # the same of a line: below it, it is a drawing, or too hard to read
SAME_ROW = 0.6  # of a line's height: lines whose middles are nearer are side by side
_WORD = re.compile(r"\S+")
_HAS_WORD = re.compile(r"[^\W\d_]{2}")  # a row without one is a drawing
_TYPED_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class TranscriptsReport:
    """The transcripts of a set.

    Attributes:
        responses: alias, state and number of words of each that was asked for.
        written: the aliases whose file was written now, or would be.
        done: whether anything was written.
        remarks: what the user should know, each in a sentence.
    """

    responses: tuple[dict[str, Any], ...]
    written: tuple[str, ...] = ()
    done: bool = False
    remarks: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TranscriptOptions:
    """What is done about transcripts; without any of the first three they are only listed.

    Attributes:
        propose: whether software reads the responses that have no text yet.
        blank: whether each of them gets an empty file to type into.
        confirm: whether a person compared the texts with the responses as they are now.
        replace: with ``propose``, whether what software read and nobody has checked is read again.
        dry_run: whether to write nothing.
    """

    propose: bool = False
    blank: bool = False
    confirm: bool = False
    replace: bool = False
    dry_run: bool = False

    def __post_init__(self) -> None:
        """Refuse options that contradict each other."""
        if self.propose + self.blank + self.confirm > 1:
            raise UsageError("give only one of --propose, --blank and --confirm.")
        if self.replace and not self.propose:
            raise UsageError("--replace only works with --propose; add --propose or leave it out.")


def do_transcripts(
    workset: WorkSet, aliases: Sequence[str], options: TranscriptOptions, progress: Progress = quiet
) -> TranscriptsReport:
    """List, propose, start or confirm transcripts; the errors are those of the functions below."""
    if options.propose:
        return propose_transcripts(
            workset, aliases, replaced=options.replace, dry_run=options.dry_run, progress=progress
        )
    if options.blank:
        return start_transcripts(workset, aliases, dry_run=options.dry_run)
    if options.confirm:
        return confirm_transcripts(workset, aliases, dry_run=options.dry_run)
    return list_transcripts(workset, aliases)


def list_transcripts(workset: WorkSet, aliases: Sequence[str] = ()) -> TranscriptsReport:
    """How far the transcripts of a set are; each is checked for names.

    Args:
        workset: the set.
        aliases: of released responses; none takes the samples, or all where none are chosen.

    Raises:
        StepMissingError: nothing is prepared, or a decision waits.
        UsageError: no released response has that alias.
        FindingsError: a transcript names a student.
    """
    return _report(workset, _found(workset, aliases))


def start_transcripts(workset: WorkSet, aliases: Sequence[str] = (), *, dry_run: bool = False) -> TranscriptsReport:
    """Write an empty file to type into for each response that has none.

    Raises:
        StepMissingError, UsageError, FindingsError: as for ``list_transcripts``.
    """
    manifest = read_manifest(workset)
    missing = [one for one in _found(workset, aliases) if _is_missing(one)]
    new = [(one, Transcript(one.alias, response=stamp_of(manifest, one.alias))) for one in missing]
    return _write(workset, aliases, new, dry_run=dry_run)


def confirm_transcripts(workset: WorkSet, aliases: Sequence[str], *, dry_run: bool = False) -> TranscriptsReport:
    """Take transcripts as right: a person compared them with the responses as they are now.

    Without aliases, what software wrote and nobody changed stays a proposal.

    Raises:
        StepMissingError, UsageError, FindingsError: as for ``list_transcripts``; one has no text.
    """
    before = _found(workset, aliases)
    empty = [one.alias for one in before if not one.text]
    if aliases and empty:
        raise UsageError(f"the transcript of {' and '.join(empty)} has no text yet; type it first.")
    manifest = read_manifest(workset)
    compared = [one for one in before if one.text and (aliases or not one.is_untouched)]
    right = [(one, Transcript(one.alias, one.text, stamp_of(manifest, one.alias))) for one in compared]
    done = _write(workset, aliases, right, dry_run=dry_run)
    left = [one.alias for one in before if one.text and one not in compared]
    if not left:
        return done
    again = command_line("mssw", "transcripts", workset.root, *left, "--confirm")
    remark = f"Nobody changed what software read of {', '.join(left)}. If it is right, run:  {again}"
    return replace(done, remarks=(*done.remarks, remark))


def propose_transcripts(
    workset: WorkSet,
    aliases: Sequence[str] = (),
    *,
    replaced: bool = False,
    dry_run: bool = False,
    progress: Progress = quiet,
) -> TranscriptsReport:
    """Let the recogniser read responses that have no transcript.

    Args:
        workset: the set.
        aliases: as for ``list_transcripts``.
        replaced: whether proposals that nobody has checked are read again, and those of an earlier version too. What a
            person typed is never replaced.
        dry_run: whether to read and write nothing.
        progress: hears how far it has come.

    Raises:
        StepMissingError, UsageError, FindingsError: as for ``list_transcripts``.
        EngineError: the reading model is missing.
        UnreadableError: a response is not the file that passed the audit.
    """
    before = _found(workset, aliases)
    videos = entry_aliases(workset)
    to_read = [one for one in before if _is_missing(one) or (replaced and one.by_software and one.is_untouched)]
    to_read = [one for one in to_read if one.alias not in videos]
    if dry_run:
        return _write(workset, aliases, [(one, one) for one in to_read], dry_run=True)
    check_models()
    reader = _Reader.of(workset, [one.alias for one in to_read])
    written = []
    for count, one in enumerate(to_read, start=1):
        text = reader.read(one.alias)
        new = Transcript(one.alias, text, stamp_of(reader.manifest, one.alias), by_software=True)
        written += _keep(workset, [(one, new)])  # at once: a run that is stopped loses only what it was reading
        progress("transcripts", count, len(to_read))
    done = _report(workset, _found(workset, aliases), tuple(written), done=bool(written))
    left = sorted({one.alias for one in before} & videos)
    return replace(done, remarks=(*done.remarks, *(f"{alias} has nothing on paper to read." for alias in left)))


def _is_missing(one: Transcript) -> bool:
    return one.state in {TranscriptState.MISSING, TranscriptState.EMPTY}


def _found(workset: WorkSet, aliases: Sequence[str]) -> list[Transcript]:
    """The transcripts that were asked for, checked."""
    manifest = read_manifest(workset)
    require_applied(workset)
    released = [row.alias for row in manifest.works]
    unknown = sorted(set(aliases) - set(released))
    if unknown:
        raise UsageError(f"no response in shared/ has the alias {' or '.join(unknown)}; `mssw status` lists them.")
    if not released:
        raise StepMissingError(f"no response in {workset.root} is released yet; run `mssw prepare` first.")
    chosen = read_chosen(workset) if workset.samples.is_file() else None
    asked = set(aliases) or (chosen or set()) & set(released) or set(released)
    found = [read_transcript(workset, manifest, alias) for alias in sorted(asked)]
    check_transcripts(find_typed_names(workset), found)
    return found


def _write(
    workset: WorkSet, aliases: Sequence[str], new: Sequence[tuple[Transcript, Transcript]], *, dry_run: bool
) -> TranscriptsReport:
    """Write transcripts, each with what its file said when it was read."""
    written = [one.alias for _, one in new] if dry_run else _keep(workset, new)
    return _report(workset, _found(workset, aliases), tuple(written), done=bool(written) and not dry_run)


def _keep(workset: WorkSet, new: Sequence[tuple[Transcript, Transcript]]) -> list[str]:
    """Write transcripts, but for those that a person has changed since they were read; the aliases of the others."""
    written = []
    with workset.locked():
        manifest = read_manifest(workset)
        for before, one in new:
            if read_transcript(workset, manifest, one.alias).text == before.text:
                write_transcript(workset, one)
                written.append(one.alias)
    return written


def _report(
    workset: WorkSet, found: Sequence[Transcript], written: tuple[str, ...] = (), *, done: bool = False
) -> TranscriptsReport:
    rows = tuple({"alias": one.alias, "state": str(one.state), "words": one.words} for one in found)
    doubtful = [one.alias for one in found if one.state in {TranscriptState.CHANGED, TranscriptState.UNCONFIRMED}]
    remarks = []
    if doubtful:
        again = command_line("mssw", "transcripts", workset.root, *doubtful, "--confirm")
        remarks.append(f"Compare {' and '.join(doubtful)} with the response as it is now, then run:  {again}")
    if any(one.state is TranscriptState.PROPOSED for one in found):
        remarks.append(
            f"Software makes mistakes: check what it read in {workset.transcripts}, then say so with --confirm."
        )
    return TranscriptsReport(rows, written, done, tuple(remarks))


@dataclass(frozen=True)
class _Reader:
    """Reads responses of a set. What it looks for stays out of its repr.

    Attributes:
        workset: the set.
        manifest: of its shared files.
        pages: of each response, which page of the task each of its pages is.
        prints: what is printed on each page of the task.
        terms: the names of the class.
        typed_names: the same, for text.
    """

    workset: WorkSet
    manifest: Manifest
    pages: dict[str, tuple[PlacedPage, ...]]
    prints: tuple[Mask, ...] = field(repr=False)
    terms: SearchTerms = field(repr=False)
    typed_names: TypedNames = field(repr=False)

    @classmethod
    def of(cls, workset: WorkSet, aliases: Sequence[str]) -> _Reader:
        manifest = read_manifest(workset)
        counts = {row.alias: row.pages for row in manifest.works if row.alias in aliases}
        task = read_task(workset, manifest)
        prints = find_prints(draw_pages(task, "task.pdf", dpi=DPI) if task is not None else [], DPI)
        teachers = read_settings(workset.settings).presenting_teachers
        terms = SearchTerms.of(read_class_list(workset), teachers, list_teachers_words(workset))
        return cls(workset, manifest, find_placed_pages(workset, counts), prints, terms, find_typed_names(workset))

    @cached_property
    def _letters(self) -> NameLetters:
        return NameLetters([one.letters for one in self.terms.spellings])

    def read(self, alias: str) -> str:
        """What a response says, without words that may be names: a paragraph for each page."""
        data = read_audited_response(self.workset, self.manifest, alias)
        pages = []
        for picture, place in zip(draw_pages(data, f"{alias}.pdf", dpi=DPI), self.pages[alias], strict=True):
            on_blank = choose_print(self.prints, place)
            page, written = find_written(np.asarray(picture, np.uint8), on_blank, DPI, place.covers)
            lines, _ = find_written_lines(page, written, DPI)
            rows = [[recogniser().read_closely(line.crop(page)) for line in row] for row in _in_rows(lines)]
            texts = [" ".join(filter(None, (self._keep(reading, alias) for reading in row))) for row in rows]
            pages.append("\n".join(text for text in texts if _HAS_WORD.search(text)))
        return leave_out_names("\n\n".join(filter(None, pages)), self.typed_names)

    def _keep(self, reading: LineReading, alias: str) -> str:
        """The words of a line that were read and cannot be names. What mssw printed at the foot is no student's."""
        letters, own = keep_letters(reading.text), keep_letters(alias)
        if reading.confidence < LEAST_LINE or letters == own or (letters.startswith(own) and "page" in letters):
            return ""
        names = list(self._find_names(reading))
        text, kept = reading.text, []
        numbers = [(one.start, one.end) for one in find_identifiers(text, self.terms.numbers)]
        for word in _WORD.finditer(text):
            first, last = reading.at[word.start()], reading.at[word.end() - 1]
            may_name = any(start <= last and first <= end for start, end in names) or any(
                start < word.end() and word.start() < end for start, end in numbers
            )
            is_plain = _measure_confidence(reading, word.start(), word.end()) >= PLAIN
            kept.append(LEFT_OUT if may_name or not is_plain or _looks_like_name(word[0]) else word[0])
        return " ".join(kept)

    def _find_names(self, reading: LineReading) -> Iterator[tuple[int, int]]:
        """The frames that may be a name of the class, sure or not: first and last."""
        for spot in find_spots(reading, self._letters, max(LIKELY.values())):
            spelling = self.terms.spellings[spot.name]
            if spelling.is_word and spot.upper < SMALL:
                continue
            length = min(len(spelling.letters), LONG)
            is_another_word = spot.upper < SMALL and is_everyday(_word_at(reading, spot.first, spot.last))
            limit = SURE[length] if is_another_word else LIKELY[length]
            if spot.cost <= limit and (spot.left_cost < EDGE or spot.right_cost < EDGE):
                yield spot.first, spot.last


def _in_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines as they are read: rows from the top down, each from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: one.y):
        if rows and abs(line.y - rows[-1][0].y) < SAME_ROW * min(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.x) for row in rows]


def _word_at(reading: LineReading, first: int, last: int) -> str:
    """The letters of the words under some frames."""
    signs = zip(reading.text, reading.at, strict=True)
    middle = (first + last) / 2
    places = [number for number, (_, at) in enumerate(signs) if at <= middle]
    end = places[-1] if places else 0
    word = next((word[0] for word in _WORD.finditer(reading.text) if word.start() <= end < word.end()), "")
    return keep_letters(word)


def _measure_confidence(reading: LineReading, start: int, end: int) -> float:
    frames = [reading.at[place] for place in range(start, end)]
    return float(reading.letters[frames].max(axis=1).mean())


def _looks_like_name(word: str) -> bool:
    """Whether a word has a capital and is no word that we know: it may name anybody, in the class or not."""
    return any(part[0].isupper() and not is_everyday(keep_letters(part)) for part in _TYPED_WORD.findall(word))


def leave_out_names(text: str, names: TypedNames) -> str:
    """The text without words that name a student, or may; lines that still do are left out whole.

    >>> from mssw.names.student import Student
    >>> leave_out_names("I asked Maria about air.", TypedNames([Student("Maria", "Lopez")]))
    'I asked […] about air.'
    """
    text, before = remove_breaks(text), ""
    while text != before:
        before = text
        for word in [one.word for one in names.find(text) if one.word]:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", LEFT_OUT, text)
    if names.find(text):
        text = "\n".join(line if not names.find(line) else LEFT_OUT for line in text.splitlines())
    if names.find(text):
        return ""
    once = re.escape(LEFT_OUT)
    return re.sub(rf"{once}(?:[ ]+{once})+", LEFT_OUT, text)
