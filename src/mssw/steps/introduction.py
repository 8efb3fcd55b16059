"""What the presenting teacher tells, read from ``intro.md`` or from another file, and given to scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mssw.errors import UnreadableError
from mssw.model.intro import FACTS, QUESTIONS, Introduction, listed, one_line, read_intro, tidy
from mssw.workset.folder import WorkSet

_LARGEST = 1_000_000  # bytes of a text that somebody could have written


def read_introduction(workset: WorkSet) -> Introduction:
    """What ``intro.md`` tells; nothing where there is no such file.

    Raises:
        UnreadableError: it cannot be read, or is not UTF-8 text.
    """
    if not workset.intro.is_file():
        return Introduction()
    try:
        return read_intro(workset.intro.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError(f"{workset.intro} is not UTF-8 text; save it again as UTF-8.") from None
    except OSError as error:
        raise UnreadableError(
            f"{workset.intro} cannot be read: {error.strerror}; check that you may read it."
        ) from None


def read_given(path: Path, text: str) -> Introduction:
    """The introduction in a file: headed as ``intro.md`` is, or as ``mssw intro --json`` gives it.

    Raises:
        UnreadableError: it holds none.
    """
    if path.suffix.casefold() != ".json":
        return read_intro(text)
    try:
        return introduction_from(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UnreadableError(
            f"{path} is not an introduction as `mssw intro --json` gives it; give such a file, or a text."
        ) from None


def read_text(path: Path) -> str:
    """A text file of a person's.

    Raises:
        UnreadableError: it cannot be read, or is no text.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableError(f"{path} is far too large for an introduction; give the text alone.")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}; check its name and place.") from None
    if data.startswith((b"PK", b"%PDF", b"\xd0\xcf")):
        raise UnreadableError(f"{path} is not a plain text; save it as text (.txt or .md), UTF-8, and give that.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not UTF-8 text; save it again as UTF-8.") from None


def as_json(introduction: Introduction) -> dict[str, Any]:
    """An introduction for scripts, each answer under its heading."""
    return {
        "answers": {q.heading: text for q, text in zip(QUESTIONS, introduction.answers, strict=True)},
        "facts": {fact.heading: text for fact, text in zip(FACTS, introduction.facts, strict=True)},
        "objectives": list(introduction.objectives),
        "focus": list(introduction.focus),
        "background": introduction.background,
    }


def introduction_from(value: Any) -> Introduction:
    """The introduction that ``mssw intro --json`` gave, of which parts may be missing.

    Raises:
        ValueError, TypeError, KeyError, AttributeError: it is not of that shape.
    """
    known = {"schema", "answers", "facts", "objectives", "focus", "background", "remarks"}
    answers, facts = value.get("answers", {}), value.get("facts", {})
    strange = (set(value) - known) | set(answers) - {q.heading for q in QUESTIONS}
    strange |= set(facts) - {fact.heading for fact in FACTS}
    texts = [*answers.values(), *facts.values(), *value.get("objectives", []), *value.get("focus", [])]
    if strange or not all(isinstance(text, str) for text in [*texts, value.get("background", "")]):
        raise ValueError
    return Introduction(
        tuple(tidy(answers.get(question.heading, "")) for question in QUESTIONS),
        tuple(one_line(facts.get(fact.heading, "")) for fact in FACTS),
        listed(value.get("objectives", [])),
        listed(value.get("focus", [])),
        tidy(value.get("background", "")),
    )
