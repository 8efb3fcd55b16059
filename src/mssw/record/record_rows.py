"""The rows of a team's record, and what can be done with them: add, change, remove, merge.

Responses are named by alias only. Each kind of row lists its fields once (``KINDS``); the workbook, the terminal, the
print and the search for names all follow that list. Pure values: no file is read or written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

LONGEST_TEXT = 600
FOR, AGAINST = "for", "against"
YES = "yes"
_DIGITS = 10  # of an identifier; letters would spell names, and fewer digits a student's number


class Citation(Struct, frozen=True):
    """A place in a response that a row points to.

    Attributes:
        alias: the response.
        page: its page, from 1; 0 for the whole response.
        box: left, top, width, height in fractions of the page; empty where no place was drawn.
        side: ``for`` or ``against``.
        note: what can be seen there, in the recorder's own words.
    """

    alias: str
    page: int = 0
    box: tuple[float, ...] = ()
    side: str = FOR
    note: str = ""

    @property
    def where(self) -> str:
        """The place in words: ``Andrea, page 2``."""
        return f"{self.alias}, page {self.page}" if self.page else self.alias


class RecordRow(Struct, frozen=True, kw_only=True):
    """What every row has.

    Attributes:
        uid: digits that stay when the row is changed; two recorders who write the same get the same.
        by: who wrote it; may be empty.
        cites: the evidence; for a next step, the responses that it is for.
    """

    uid: str = ""
    by: str = ""
    cites: tuple[Citation, ...] = ()


class Claim(RecordRow, frozen=True, kw_only=True):
    """Something that the team says about what students understand. Without evidence it stays, and is marked."""

    text: str
    about: str = ""


class Pattern(RecordRow, frozen=True, kw_only=True):
    """What several responses, or a single one, have in common."""

    text: str
    scope: str = ""
    group: str = ""


class LearningGap(RecordRow, frozen=True, kw_only=True):
    """What is missing between a response and the learning objective."""

    gap: str
    objective: str = ""
    convince: str = ""


class NextTeaching(RecordRow, frozen=True, kw_only=True):
    """A next step in teaching, with what it gains and costs."""

    step: str
    builds: str = ""
    gap: str = ""
    gains: str = ""
    costs: str = ""
    chosen: str = ""
    words: str = ""


class Reflection(RecordRow, frozen=True, kw_only=True):
    """An answer to a question about the session itself."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A text field of a row.

    Attributes:
        key: its name in the row.
        title: its heading in the workbook and in print.
        ask: the question that the terminal asks.
        choices: what it can be; empty for any words.
        width: of its column in the workbook, in characters.
    """

    key: str
    title: str
    ask: str
    choices: tuple[str, ...] = ()
    width: float = 40.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row.

    Attributes:
        name: of the list in the record.
        row: the class of its rows.
        letter: in the labels: ``C1`` is the first claim.
        one: what a single row is called.
        title: the heading of the list.
        fields: the first one is the row's headline.
        cites: the question for its evidence; empty if it has none.
        has_sides: whether evidence can be against it.
    """

    name: str
    row: type[RecordRow]
    letter: str
    one: str
    title: str
    fields: tuple[Field, ...]
    cites: str = ""
    has_sides: bool = False

    @property
    def headline(self) -> str:
        """The key of the field that says what the row is."""
        return self.fields[0].key


ABOUT = ("most have achieved", "most still struggle", "a subgroup", "something else")
SCOPES = ("whole class", "subgroup", "single response")
QUESTIONS = {
    "goal": "What did we want to get out of this session?",
    "done": "What did we get done?",
    "asks": "What do we ask for, so that we can do this?",
    "worked": "What worked, and what helped?",
    "hard": "What did not work, and why was it hard?",
    "open": "When were we open to a new or different idea?",
    "resisted": "When did we resist one, and why?",
    "change": "How could the session change to fit us better?",
    "next": "What will we do differently next time?",
}
ASKS = QUESTIONS["asks"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "claims",
            Claim,
            "C",
            "claim",
            "Claims",
            (
                Field("text", "Claim", "What do you claim about what students understand?", width=46),
                Field("about", "About", "What is it about?", ABOUT, 20),
            ),
            "Evidence, for or against",
            has_sides=True,
        ),
        Kind(
            "patterns",
            Pattern,
            "P",
            "pattern",
            "Patterns",
            (
                Field("text", "Pattern", "What pattern do you see?", width=46),
                Field("scope", "In", "In the whole class, a subgroup, or a single response?", SCOPES, 17),
                Field("group", "Which subgroup", "Which subgroup? (for example: drew a model)", width=24),
            ),
            "Where do you see it?",
            has_sides=True,
        ),
        Kind(
            "gaps",
            LearningGap,
            "G",
            "learning gap",
            "Learning gaps",
            (
                Field("gap", "What is wrong or missing", "What is wrong or missing?", width=42),
                Field("objective", "Learning objective", "Compared with which learning objective?", width=32),
                Field("convince", "What would convince us", "What would the student need to show to convince us?"),
            ),
            "Where do you see it?",
        ),
        Kind(
            "steps",
            NextTeaching,
            "N",
            "next step",
            "Next steps",
            (
                Field("step", "Next step", "What could we do next?", width=42),
                Field("builds", "Builds on", "What that students can do already does it build on?", width=28),
                Field("gap", "For the gap", "Which gap is it for? (its label, such as G1, or your words)", width=18),
                Field("gains", "What it gains", "What does it gain?", width=28),
                Field("costs", "What it costs", "What does it cost?", width=28),
                Field("chosen", "Chosen", "Did you choose it?", (YES,), 9),
                Field("words", "Words for the student", "How do you say it to the student, on a slip?", width=36),
            ),
            "Which responses is it for?",
        ),
        Kind(
            "reflections",
            Reflection,
            "R",
            "reflection",
            "Reflection",
            (
                Field("question", "Question", "Which question?", width=46),
                Field("answer", "Answer", "Your answer", width=70),
            ),
        ),
    )
}


class RecordRows(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All rows of a record, each list in the order in which it was written."""

    claims: tuple[Claim, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    gaps: tuple[LearningGap, ...] = ()
    steps: tuple[NextTeaching, ...] = ()
    reflections: tuple[Reflection, ...] = ()

    def of(self, kind: str) -> tuple[Any, ...]:
        """The rows of a kind."""
        rows: tuple[Any, ...] = getattr(self, kind)
        return rows

    def with_rows(self, kind: str, rows: Sequence[RecordRow]) -> RecordRows:
        """The record with other rows of that kind."""
        return replace(self, **{kind: tuple(rows)})

    @property
    def is_empty(self) -> bool:
        """Whether nothing is recorded yet."""
        return not any(self.of(kind) for kind in KINDS)


class RecordError(ValueError):
    """The change cannot be made. The text is a sentence for the recorder, without its full stop."""


def collapse(text: str) -> str:
    """The text with single spaces, none at its ends, and no letters that cannot be seen.

    >>> collapse(" a\u200b  co\u00adoperation ")
    'a cooperation'
    """
    seen = (" " if sign.isspace() else sign for sign in str(text) if sign.isspace() or sign.isprintable())
    return " ".join("".join(seen).split())


def uid_of(kind: str, headline: str, taken: Sequence[str] = ()) -> str:
    """The digits for a new row: the same for the same words, and no one that is taken."""
    number = 0
    while True:
        text = f"{kind}\n{collapse(headline).casefold()}\n{number or ''}"
        uid = str(int(hashlib.sha256(text.encode()).hexdigest(), 16))[-_DIGITS:].rjust(_DIGITS, "1")
        if uid not in taken:
            return uid
        number += 1


def make_row(kind: Kind, fields: Mapping[str, str], cites: Sequence[Citation] = (), by: str = "") -> RecordRow:
    """A row from what a person typed, without its ``uid``.

    Raises:
        RecordError: the headline is missing, a text is too long, or a word is not one of the choices.
    """
    values = {one.key: collapse(fields.get(one.key, "")) for one in kind.fields}
    for one in kind.fields:
        if len(values[one.key]) > LONGEST_TEXT:
            raise RecordError(f"“{one.title}” is too long; use at most {LONGEST_TEXT} letters")
        if one.choices and values[one.key]:
            values[one.key] = _choice(one, values[one.key])
    if not values[kind.headline]:
        raise RecordError(f"“{kind.fields[0].title}” is missing")
    if kind.name == "reflections":
        values["question"] = QUESTIONS.get(values["question"].casefold(), values["question"])
    return kind.row(by=by, cites=tuple(dict.fromkeys(cites)), **values)


def _choice(field: Field, text: str) -> str:
    """The choice that a person means: the word, its number, or its beginning."""
    if text.isdecimal() and 1 <= int(text) <= len(field.choices):
        return field.choices[int(text) - 1]
    meant = [one for one in field.choices if one.casefold().startswith(text.casefold())]
    if len(meant) != 1:
        raise RecordError(f"“{field.title}” must be {', '.join(field.choices)} or empty")
    return meant[0]


def add_row(rows: RecordRows, kind: str, row: RecordRow) -> RecordRows:
    """Add a row after the others of its kind.

    Raises:
        RecordError: a reflection on that question is there already.
    """
    there = rows.of(kind)
    headline = str(getattr(row, KINDS[kind].headline))
    uid = uid_of(kind, headline, [one.uid for one in there])
    if kind == "reflections" and uid != uid_of(kind, headline):
        raise RecordError("there is an answer to that question already; change it instead")
    return rows.with_rows(kind, (*there, replace(row, uid=uid)))


def change_row(rows: RecordRows, kind: str, uid: str, row: RecordRow) -> RecordRows:
    """Replace a row; it keeps its ``uid`` and who wrote it first.

    Raises:
        RecordError: there is no such row.
    """
    before = find_row(rows, kind, uid)
    after = replace(row, uid=uid, by=before.by or row.by)
    return rows.with_rows(kind, [after if one.uid == uid else one for one in rows.of(kind)])


def remove_row(rows: RecordRows, kind: str, uid: str) -> RecordRows:
    """Remove a row.

    Raises:
        RecordError: there is no such row.
    """
    find_row(rows, kind, uid)
    return rows.with_rows(kind, [one for one in rows.of(kind) if one.uid != uid])


def find_row(rows: RecordRows, kind: str, uid: str) -> RecordRow:
    """The row with that ``uid``.

    Raises:
        RecordError: there is none.
    """
    found: RecordRow | None = next((one for one in rows.of(kind) if one.uid == uid), None)
    if found is None:
        raise RecordError(f"that {KINDS[kind].one} is no longer in the record")
    return found


def find_label(rows: RecordRows, label: str) -> tuple[Kind, RecordRow] | None:
    """The row that a label such as ``G2`` means, with its kind; None if there is none."""
    given = label.strip().upper()
    return next(((kind, row) for name, kind, row in labelled_rows(rows) if name == given), None)


def labelled_rows(rows: RecordRows) -> Iterator[tuple[str, Kind, RecordRow]]:
    """Every row with its label, such as ``C1``, and its kind."""
    for kind in KINDS.values():
        for number, row in enumerate(rows.of(kind.name), start=1):
            yield f"{kind.letter}{number}", kind, row


def without_evidence(rows: RecordRows) -> tuple[str, ...]:
    """The labels of claims, patterns and gaps to which nobody gave a place in a response yet."""
    asked = {"claims", "patterns", "gaps"}
    return tuple(label for label, kind, row in labelled_rows(rows) if kind.name in asked and not row.cites)


def find_texts(rows: RecordRows) -> Iterator[tuple[str, str]]:
    """Every text that a person typed, with where it is. Aliases are not among them."""
    for label, kind, row in labelled_rows(rows):
        for one in kind.fields:
            if one.key != "question" or getattr(row, one.key) not in QUESTIONS.values():
                yield f"{label} under “{one.title}”", str(getattr(row, one.key))
        yield f"the name beside {label}", row.by
        for number, cite in enumerate(row.cites, start=1):
            yield f"{label}, note {number}", cite.note


def cited_aliases(row: RecordRow) -> tuple[str, ...]:
    """The responses that a row points to, each once."""
    return tuple(dict.fromkeys(cite.alias for cite in row.cites))


def responses_for_step(rows: RecordRows, step: NextTeaching) -> tuple[str, ...]:
    """The responses that a next step is for: its own, else those of the gap that it names."""
    own = cited_aliases(step)
    if own or not step.gap:
        return own
    named = [gap for gap in rows.gaps if gap.gap.casefold() == step.gap.casefold()]
    return cited_aliases(named[0]) if named else ()


def name_gap(rows: RecordRows, row: RecordRow) -> RecordRow:
    """The row with the words of a gap in place of its label, which is another one when rows are removed."""
    found = find_label(rows, row.gap) if isinstance(row, NextTeaching) else None
    return replace(row, gap=found[1].gap) if found and isinstance(found[1], LearningGap) else row


def keep_aliases(rows: RecordRows, aliases: Sequence[str]) -> RecordRows:
    """The record without places in responses that are no longer released; for print."""
    free = set(aliases)
    for kind in KINDS:
        kept = [replace(row, cites=tuple(c for c in row.cites if c.alias in free)) for row in rows.of(kind)]
        rows = rows.with_rows(kind, kept)
    return rows


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two records say different things.

    Attributes:
        label: of the row, such as ``C1``.
        field: the heading of the field; empty for the whole row.
        here: what this record says.
        there: what the other one says.
    """

    label: str
    field: str
    here: str
    there: str


REMOVED = "(removed)"


def merge_records(
    here: RecordRows, there: RecordRows, base: RecordRows | None = None, *, prefer: str = ""
) -> tuple[RecordRows, tuple[Difference, ...]]:
    """Bring another recorder's rows into a record.

    Args:
        here: this record.
        there: the other one.
        base: what both began from; None if that is not known. Then nothing is taken as removed.
        prefer: ``here`` or ``file`` to settle differences; empty lists them.

    Returns:
        The merged record, and the differences that are not settled. With differences, this record's words stand.
    """
    merged, found = here, []
    for kind in KINDS.values():
        rows: list[RecordRow] = []
        number = 0
        own = {row.uid: row for row in here.of(kind.name)}
        other = {row.uid: row for row in there.of(kind.name)}
        were = {row.uid: row for row in base.of(kind.name)} if base else {}
        for uid in dict.fromkeys((*own, *other)):
            number += uid in own
            label = f"{kind.letter}{number}" if uid in own else f"a new {kind.one}"
            row, differ = _merge_row(kind, label, own.get(uid), other.get(uid), were.get(uid), prefer)
            rows += [row] if row is not None else []
            found += differ
        merged = merged.with_rows(kind.name, rows)
    return merged, tuple(found)


def _merge_row(
    kind: Kind, label: str, here: RecordRow | None, there: RecordRow | None, base: RecordRow | None, prefer: str
) -> tuple[RecordRow | None, list[Difference]]:
    """One row of both, or none where it was removed."""
    if there in (here, base):
        return here, []
    if here == base:
        return there, []
    if here is None or there is None:
        row = here or there
        if row is None or base is None:
            return row, []
        headline = str(getattr(row, kind.headline))
        differ = Difference(label, "", REMOVED if here is None else headline, headline if here is None else REMOVED)
        settled = {"here": here, "file": there}.get(prefer, here)
        return settled, [] if prefer else [differ]
    return _merge_fields(kind, label, here, there, base, prefer)


def _merge_fields(
    kind: Kind, label: str, here: RecordRow, there: RecordRow, base: RecordRow | None, prefer: str
) -> tuple[RecordRow, list[Difference]]:
    taken: dict[str, Any] = {}
    found = []
    for one in kind.fields:
        mine, theirs = getattr(here, one.key), getattr(there, one.key)
        was = getattr(base, one.key) if base else ""
        if theirs in {mine, was}:
            taken[one.key] = mine
        elif mine == was or prefer == "file":
            taken[one.key] = theirs
        else:
            taken[one.key] = mine
            found += [] if prefer else [Difference(label, one.title, mine, theirs)]
    were = set(base.cites) if base else set()
    gone = (were - set(here.cites)) | (were - set(there.cites))
    cites = tuple(cite for cite in dict.fromkeys((*here.cites, *there.cites)) if cite not in gone)
    return replace(here, cites=cites, **taken), found


def rows_to_json(rows: RecordRows) -> dict[str, Any]:
    """The record for a file or a script: every list, also empty ones."""
    return {kind: to_builtins(rows.of(kind)) for kind in KINDS}


def rows_from_json(value: Any) -> RecordRows:
    """Read it back.

    Raises:
        msgspec.ValidationError: it has another shape.
    """
    return convert(value, RecordRows)
