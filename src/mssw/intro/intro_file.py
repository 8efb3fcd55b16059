"""The introduction as a file: read from ``intro.md`` or another file, changed, checked, and given to scripts as JSON.

``IntroEditor`` changes a set's ``intro.md`` and refuses a student's name. ``find_remarks`` points out words that a
teacher may want to look at again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mssw.errors import UnreadableError, WouldOverwriteError
from mssw.formats.text_files import read_text_file
from mssw.intro.judging import find_judgements
from mssw.intro.questions import (
    BACKGROUND,
    FACTS,
    FOCUS,
    MOST_FOCUS,
    OBJECTIVES,
    QUESTIONS,
    Introduction,
    clean_list,
    clean_text,
    find_own_notes,
    intro_text,
    join_lines,
    read_intro,
)
from mssw.workset.allowed_names import check_typed, find_typed_names
from mssw.workset.folder import WorkSet, make_folder, write_bytes

_LARGEST = 1_000_000  # bytes; nobody writes more

DRAFT = "intro-draft.md"
NOT_TAKEN = "intro-not-taken.txt"
_ELSEWHERE = "a note or heading of intro.md"


def read_introduction(workset: WorkSet) -> Introduction:
    """Read a set's ``intro.md``; the result is empty if there is no such file.

    Raises:
        UnreadableError: it cannot be read, or is not UTF-8 text.
    """
    if not workset.intro.is_file():
        return Introduction()
    return read_intro(read_text_file(workset.intro, "check that you may read it."))


def read_given_introduction(path: Path, text: str) -> Introduction:
    """Read an introduction from another file: with headings as in ``intro.md``, or JSON from ``mssw intro --json``.

    Raises:
        UnreadableError: there is none in it.
    """
    if path.suffix.casefold() != ".json":
        return read_intro(text)
    try:
        return introduction_from_json(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UnreadableError(
            f"{path} is not an introduction from `mssw intro --json`; use a file like that, or a plain text."
        ) from None


def read_text(path: Path) -> str:
    """Read a person's text file.

    Raises:
        UnreadableError: it cannot be read, or is not text.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableError(f"{path} is far too large for an introduction; use a file with only the text.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; check the file's name and folder.") from None
    if data.startswith((b"PK", b"%PDF", b"\xd0\xcf")):
        raise UnreadableError(f"{path} is not plain text; save it as .txt or .md (UTF-8) and use that file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not UTF-8 text; save it again as UTF-8.") from None


def introduction_json(introduction: Introduction) -> dict[str, Any]:
    """An introduction for scripts, each answer under the key of its question."""
    return {
        "answers": {q.key: text for q, text in zip(QUESTIONS, introduction.answers, strict=True)},
        "facts": {fact.heading: text for fact, text in zip(FACTS, introduction.facts, strict=True)},
        "objectives": list(introduction.objectives),
        "focus": list(introduction.focus),
        "background": introduction.background,
    }


def introduction_from_json(value: Any) -> Introduction:
    """Read the JSON of ``mssw intro --json``; parts may be missing.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it has another shape.
    """
    keys = {"schema", "answers", "facts", "objectives", "focus", "background", "remarks"}
    answers, facts = value.get("answers", {}), value.get("facts", {})
    strange = (set(value) - keys) | set(answers) - {key for q in QUESTIONS for key in (q.key, q.heading)}
    strange |= set(facts) - {fact.heading for fact in FACTS}
    texts = [*answers.values(), *facts.values(), *value.get("objectives", []), *value.get("focus", [])]
    if strange or not all(isinstance(text, str) for text in [*texts, value.get("background", "")]):
        raise ValueError
    return Introduction(
        tuple(clean_text(answers.get(q.key) or answers.get(q.heading, "")) for q in QUESTIONS),
        tuple(join_lines(facts.get(fact.heading, "")) for fact in FACTS),
        clean_list(value.get("objectives", [])),
        clean_list(value.get("focus", [])),
        clean_text(value.get("background", "")),
    )


@dataclass(frozen=True, slots=True)
class IntroRemark:
    """A hint to a teacher about something in the introduction.

    Attributes:
        where: the heading.
        words: the words that it is about; empty if it is about the whole text.
        why: what is wrong with them; the rest of a sentence that begins with the words.
    """

    where: str
    words: str
    why: str

    def __str__(self) -> str:
        """The hint in full."""
        return f"In “{self.where}”, “{self.words}” {self.why}." if self.words else f"{self.where}: {self.why}."


class IntroEditor:
    """Changes one set's introduction. Each change is written at once, or refused.

    Args:
        workset: the set.
        dry_run: do all but write.
    """

    def __init__(self, workset: WorkSet, *, dry_run: bool = False) -> None:
        self.workset = workset
        self.dry_run = dry_run

    @property
    def now(self) -> Introduction:
        """The introduction as it is in the file."""
        return read_introduction(self.workset)

    def names(self, text: str) -> bool:
        """Whether a text names a student."""
        return find_typed_names(self.workset).hits(text)

    def take(self, introduction: Introduction) -> Introduction:
        """Write an introduction to ``intro.md``; a teacher's own notes in the file stay.

        Raises:
            FindingsError: it names a student; nothing is written.
        """
        now, there = self.now, self.workset.intro.is_file()
        self._check(set(introduction.places()) - set(now.places()))
        if introduction != now or not there:
            notes = find_own_notes(self.workset.intro.read_text(encoding="utf-8-sig")) if there else ()
            self._write(intro_text(introduction, notes))
        return introduction

    def take_text(self, text: str) -> Introduction:
        """Write a text that a person edited, unchanged.

        Raises:
            FindingsError: it names a student, in an answer or in a note; nothing is written.
        """
        introduction = read_intro(text)
        self._check(introduction.places())
        answers = sorted((answer for _, answer in introduction.places() if answer), key=len, reverse=True)
        rest = clean_text(text)
        for answer in answers:
            rest = rest.replace(answer, "")
        self._check([("", rest)])
        self._write(clean_text(text) + "\n")
        return introduction

    def draft(self, text: str) -> Path:
        """Keep a text in ``private/`` until it is taken, and return the path.

        An earlier text that was not taken is not replaced, so that a teacher can go on from it.
        """
        path = self.workset.private / DRAFT
        if not path.is_file():
            write_bytes(path, text.encode(), private=True)
        return path

    def keep(self, text: str) -> Path:
        """Append a text that was not taken to those before, and return the path."""
        path = self.workset.private / NOT_TAKEN
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        write_bytes(path, (before + text).encode(), private=True)
        return path

    def _check(self, places: Iterable[tuple[str, str]]) -> None:
        texts = [(f"intro.md under “{heading}”" if heading else _ELSEWHERE, text) for heading, text in sorted(places)]
        check_typed(find_typed_names(self.workset), texts, "please take it out.")

    def _write(self, text: str) -> None:
        if self.dry_run:
            return
        make_folder(self.workset.private, private=True)
        with self.workset.locked():
            write_bytes(self.workset.intro, text.encode(), private=False)


def find_remarks(introduction: Introduction) -> tuple[IntroRemark, ...]:
    """Hints on what a teacher may want to look at again. They refuse nothing."""
    remarks = [
        IntroRemark(heading, one.words, one.why)
        for heading, text in introduction.places()
        for one in find_judgements(text)
    ]
    if len(introduction.focus) > MOST_FOCUS:
        many = f"{len(introduction.focus)} are a lot for one session; two leave time to talk"
        remarks.append(IntroRemark(FOCUS.heading, "", many))
    return tuple(dict.fromkeys(remarks))


def join_introductions(now: Introduction, given: Introduction, *, replaced: bool) -> Introduction:
    """Put the given answers in place of those that are there now.

    Raises:
        WouldOverwriteError: an answer would be lost, and ``replaced`` is false.
    """
    pairs = list(zip((*QUESTIONS, *FACTS), (*now.answers, *now.facts), (*given.answers, *given.facts), strict=True))
    lost = [f"“{question.heading}”" for question, old, new in pairs if old and new and old != new]
    for key, part in (("objectives", OBJECTIVES), ("focus", FOCUS), ("background", BACKGROUND)):
        old, new = getattr(now, key), getattr(given, key)
        lost += [f"“{part.heading}”"] if old and new and old != new else []
    if lost and not replaced:
        raise WouldOverwriteError(
            f"intro.md already has different text under {', '.join(lost)}; change one of the two, or add --replace "
            "to overwrite it. Nothing was written."
        )
    return Introduction(
        tuple(new or old for old, new in zip(now.answers, given.answers, strict=True)),
        tuple(new or old for old, new in zip(now.facts, given.facts, strict=True)),
        given.objectives or now.objectives,
        given.focus or now.focus,
        given.background or now.background,
    )


def replace_lists(
    introduction: Introduction, objectives: Sequence[str], focus: Sequence[str], background: str | None
) -> Introduction:
    """Replace the lists that are given. A list of one empty text removes the old one."""
    if objectives:
        introduction = replace(introduction, objectives=clean_list(objectives))
    if focus:
        introduction = replace(introduction, focus=clean_list(focus))
    if background is not None:
        introduction = replace(introduction, background=clean_text(background))
    return introduction
