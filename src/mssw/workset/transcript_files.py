"""Typed transcripts of responses, for colleagues who cannot read a hand: a file for each in ``private/transcripts``.

A file says which version of the response it is of, and who read it. In: a set. Out: ``Transcript`` rows, each with what
became of it. ``check_transcripts`` is the check that every typed text passes before it is printed; the audit follows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from mssw.errors import FindingsError, UnreadableError
from mssw.formats.text_files import read_text_file
from mssw.names.identifiers import find_identifiers
from mssw.names.typed_names import TypedNames
from mssw.workset.allowed_names import check_typed
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.manifest import Manifest

#: What stands for a word that was left out, because it may be a name or could not be read.
LEFT_OUT = "[…]"
MOST_LETTERS = 20_000
_STAMP_LENGTH = 16
_HEAD = re.compile(r"\A\s*---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TORN_HEAD = re.compile(r"\A\s*---|^response: [0-9a-f]{16}\b", re.MULTILINE)
_RESPONSE, _READ_BY, _SOFTWARE, _PERSON, _PROPOSED = "response", "read by", "software", "person", "proposed"


class TranscriptState(StrEnum):
    """How far a response's transcript is."""

    MISSING = "missing"
    EMPTY = "empty"
    UNCONFIRMED = "unconfirmed"  # typed without saying of which version of the response
    CHANGED = "changed"  # the response is another one now: a name was covered, or pages were moved
    PROPOSED = "proposed"  # read by software, and not checked
    TYPED = "typed"  # by a person, or checked by one


#: Those that are printed.
PRINTED = (TranscriptState.TYPED, TranscriptState.PROPOSED)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a response says, typed. Its repr shows none of it.

    Attributes:
        alias: of the response.
        text: in lines, with an empty line between paragraphs or pages.
        response: which version of the response it is of; empty if the file does not say.
        by_software: whether software read it, and nobody has checked it.
        state: how far it is.
        is_untouched: whether it is what software wrote, to the letter.
    """

    alias: str
    text: str = field(default="", repr=False)
    response: str = ""
    by_software: bool = False
    state: TranscriptState = TranscriptState.MISSING
    is_untouched: bool = False

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def stamp_of(manifest: Manifest, alias: str) -> str:
    """What tells one version of a released response from the next; empty if it is not released."""
    row = manifest.file(f"work/{alias}.pdf")
    return row.sha256[:_STAMP_LENGTH] if row else ""


def read_transcript(workset: WorkSet, manifest: Manifest, alias: str) -> Transcript:
    """Read the transcript of a released response.

    Raises:
        UnreadableError: it is no UTF-8 text, or too long, or its head has no end.
    """
    path = _path_of(workset, alias)
    if not path.is_file():
        return Transcript(alias)
    whole = read_text_file(path, "check its permissions.").replace("\r\n", "\n")
    if len(whole) > MOST_LETTERS:
        raise UnreadableError(f"{path} has {len(whole)} letters, and at most {MOST_LETTERS} are printed; shorten it.")
    head = _HEAD.match(whole)
    if head is None and _TORN_HEAD.search(whole):
        raise UnreadableError(
            f"the lines between --- and --- at the top of {path} are damaged; put them back, or delete all of them."
        )
    facts = _read_facts(head[1]) if head else {}
    text = whole[head.end() :] if head else whole
    text = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    found = Transcript(
        alias,
        text,
        facts.get(_RESPONSE, ""),
        by_software=facts.get(_READ_BY) == _SOFTWARE,
        is_untouched=facts.get(_PROPOSED) == _digest(text),
    )
    return replace(found, state=_find_state(found, stamp_of(manifest, alias)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_STAMP_LENGTH]


def _read_facts(head: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in head.splitlines() if ":" in line)
    return {key.strip().casefold(): value.split("#")[0].strip().casefold() for key, value in pairs}


def _find_state(found: Transcript, stamp: str) -> TranscriptState:
    if not found.text:
        return TranscriptState.EMPTY
    if not found.response:
        return TranscriptState.UNCONFIRMED
    if found.response != stamp:
        return TranscriptState.CHANGED
    return TranscriptState.PROPOSED if found.by_software else TranscriptState.TYPED


def read_transcripts(workset: WorkSet, manifest: Manifest, aliases: Sequence[str]) -> tuple[Transcript, ...]:
    """Read the transcripts of released responses, in the order of these aliases; without a folder there are none.

    Raises:
        UnreadableError: one is no UTF-8 text, or too long.
    """
    if not workset.transcripts.is_dir():
        return ()
    return tuple(read_transcript(workset, manifest, alias) for alias in aliases)


def check_transcripts(names: TypedNames, transcripts: Sequence[Transcript]) -> None:
    """Make sure that no transcript names a student, or has an address or a number by which one can be found.

    Raises:
        FindingsError: one does; the message says which, and repeats nothing of it.
        WordsInDoubtError: none does for sure, and some may.
    """
    found = [one.alias for one in transcripts if any(find_identifiers(line, ()) for line in one.text.splitlines())]
    if found:
        raise FindingsError(
            f"the transcript of {' and '.join(found)} has a phone number or an e-mail address; please write {LEFT_OUT} "
            "in its place."
        )
    places = [(f"the transcript of {one.alias}", one.text) for one in transcripts]
    check_typed(names, places, f"please write {LEFT_OUT} in its place.")


def write_transcript(workset: WorkSet, transcript: Transcript) -> None:
    """Write a transcript's file. The caller holds the set's lock."""
    reader = _SOFTWARE if transcript.by_software else _PERSON
    lines = [
        "---",
        f"{_RESPONSE}: {transcript.response}  # which version of it this is; leave it",
        f"{_READ_BY}: {reader}",
        *([f"{_PROPOSED}: {_digest(transcript.text)}"] if transcript.by_software else []),
        "---",
        transcript.text,
    ]
    make_folder(workset.transcripts, private=True)
    write_bytes(_path_of(workset, transcript.alias), ("\n".join(lines).rstrip() + "\n").encode(), private=True)


def list_transcript_files(workset: WorkSet) -> list[Path]:
    """Every transcript that a set has, by its alias, also of responses that are not released."""
    return sorted(workset.transcripts.glob("*.md"))


def _path_of(workset: WorkSet, alias: str) -> Path:
    return workset.transcripts / f"{alias}.md"
