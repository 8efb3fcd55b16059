"""A set's record on disk: read, changed under the set's lock, taken back, merged; and claims that are written alone.

The rows are in ``shared/record.json``: they are for the team, name responses by alias only, pass the audit each time
they are written, and stay when the key is destroyed. What only its writers may see is in ``private/record``: how the
record came about, and claims that colleagues write alone until all of them are done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from mssw.core.shell_words import quote_word
from mssw.errors import MsswError, StepMissingError, UnreadableError, UsageError
from mssw.names.typed_names import TypedNames
from mssw.record.record_rows import (
    AGAINST,
    FOR,
    KINDS,
    LONGEST_TEXT,
    Citation,
    Claim,
    Difference,
    RecordError,
    RecordRow,
    RecordRows,
    add_row,
    change_row,
    collapse,
    find_texts,
    make_row,
    merge_records,
    name_gap,
    remove_row,
    rows_from_json,
    rows_to_json,
)
from mssw.sharing import share
from mssw.sorting.kept_sorts import check_sorter, sort_name
from mssw.workset.allowed_names import (
    check_typed,
    drop_teachers_names,
    find_typed_names,
    keep_words,
    roster_spellings,
)
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, make_folder, read_json, read_typed, write_typed

WAY_ON = "put back a copy of it, or take an earlier one from private/record."
NAMED = "it includes a name from the class list, or what may be one; please write it differently"
_WHOLE = 1.001  # the whole page, and a little for rounding
_BOX = 4
DECIMALS = 3  # of a place on the page; four could be a student's number


class Change(Struct, frozen=True, kw_only=True):
    """One change of a record.

    Attributes:
        number: from 1.
        by: who made it; may be empty.
        what: what was done, in our words.
        parent: the change that it came after; 0 for the empty record.
    """

    number: int
    by: str = ""
    what: str = ""
    parent: int = 0


class RecordHistory(Struct, frozen=True, kw_only=True):
    """How a record came about.

    Attributes:
        head: the number of the change that the record shows; 0 for the empty record.
        changes: all of them, also those that were taken back.
    """

    version: int = 1
    head: int = 0
    changes: tuple[Change, ...] = ()


class AloneClaims(Struct, frozen=True, kw_only=True):
    """Claims that one teacher writes before the team meets.

    Attributes:
        by: her name or initials.
        done: whether she has finished.
        rows: her claims; other lists are empty.
    """

    version: int = 1
    by: str
    done: bool = False
    rows: RecordRows = RecordRows()


def read_record(workset: WorkSet) -> RecordRows:
    """The team's record; an empty one if nothing is recorded yet.

    Raises:
        UnreadableError: the file is damaged.
    """
    return read_typed(workset.record, RecordRows, WAY_ON) if workset.record.is_file() else RecordRows()


def read_record_if_whole(workset: WorkSet) -> RecordRows:
    """The team's record, for whoever has more to show than that; an empty one if it is damaged."""
    try:
        return read_record(workset)
    except MsswError:
        return RecordRows()


def record_bytes(rows: RecordRows) -> bytes:
    """The record as its file has it. The same rows give the same bytes."""
    value = {"version": 1, **rows_to_json(rows)}
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def read_history(workset: WorkSet) -> RecordHistory:
    """How the record came about.

    Raises:
        UnreadableError: the file is damaged.
    """
    path = workset.record_history / "history.json"
    return read_typed(path, RecordHistory, f"rename {path.parent} to go on.") if path.is_file() else RecordHistory()


class RecordKeeper:
    """Changes the record of one set. What is typed is checked first, and a student's name is never repeated.

    Args:
        workset: the set.
        by: the recorder's name or initials; may be empty.
        alone: whether she writes her own claims before the team meets, instead of the team's record.
        dry_run: do all but write.

    Raises:
        FindingsError: ``by`` may be a student's name.
        StepMissingError: nothing is released.
        UsageError: somebody who writes alone needs a name.
    """

    def __init__(self, workset: WorkSet, by: str = "", *, alone: bool = False, dry_run: bool = False) -> None:
        self.workset, self.by, self.alone, self.dry_run = workset, by, alone, dry_run
        check_sorter(workset, by)
        if alone and not by:
            raise UsageError("claims that you write alone need your name or initials, for example `--as MR`.")
        self.pages = released_responses(workset)
        self.names = find_typed_names(workset)
        self._spellings = drop_teachers_names(workset, roster_spellings(workset))

    def take_as_words(self, words: Sequence[str]) -> None:
        """Remember that words name no student, as a person said."""
        keep_words(self.workset, words)
        self.names = find_typed_names(self.workset)
        self._spellings = drop_teachers_names(self.workset, roster_spellings(self.workset))

    @property
    def rows(self) -> RecordRows:
        """The rows as they are now."""
        return read_alone(self.workset, self.by).rows if self.alone else read_record(self.workset)

    def add(self, kind: str, fields: Mapping[str, str], cites: Sequence[Citation] = ()) -> RecordRows:
        """Add a row from what a person typed.

        Raises:
            UsageError: it cannot be added; the message says why.
        """
        row = make_row_or_say(kind, fields, cites, self.by)
        return self.change(lambda rows: add_row(rows, kind, name_gap(rows, row)), f"added a {KINDS[kind].one}")

    def edit(self, kind: str, uid: str, fields: Mapping[str, str], cites: Sequence[Citation]) -> RecordRows:
        """Replace a row."""
        row = make_row_or_say(kind, fields, cites, self.by)
        what = f"changed a {KINDS[kind].one}"
        return self.change(lambda rows: change_row(rows, kind, uid, name_gap(rows, row)), what)

    def remove(self, kind: str, uid: str) -> RecordRows:
        """Remove a row."""
        return self.change(lambda rows: remove_row(rows, kind, uid), f"removed a {KINDS[kind].one}")

    def change(self, change: Callable[[RecordRows], RecordRows], what: str) -> RecordRows:
        """Make any change, and write the record under the set's lock.

        Raises:
            UsageError: it cannot be made, or brings in a student's name; the message says where.
            WouldOverwriteError: another command is at work in the set.
        """
        if self.dry_run:
            return self._changed(change)
        make_folder(self.workset.private, private=True)
        with self.workset.locked():
            before, after = self.rows, self._changed(change)
            if after != before:
                self.write(after, what)
        return after

    def _changed(self, change: Callable[[RecordRows], RecordRows]) -> RecordRows:
        before = self.rows
        try:
            after = change(before)
        except RecordError as error:
            raise UsageError(f"{error}.") from None
        check_rows(after, before, self.names, self.pages)
        return after

    def write(self, rows: RecordRows, what: str) -> None:
        """Write the rows. The caller holds the set's lock.

        Raises:
            FindingsError: the audit found a name.
        """
        if self.dry_run:
            return
        if self.alone:
            mine = read_alone(self.workset, self.by)
            write_typed(alone_path(self.workset, self.by), replace(mine, rows=rows), private=True)
            return
        history = read_history(self.workset)
        if not history.changes and self.workset.record.is_file():
            self._note(read_record(self.workset), "began with the record that was there")
        self._publish(rows)
        self._note(rows, what)

    def _publish(self, rows: RecordRows) -> None:
        share(self.workset, self.workset.record.name, record_bytes(rows), self._spellings)

    def _note(self, rows: RecordRows, what: str) -> None:
        history = read_history(self.workset)
        number = len(history.changes) + 1
        change = Change(number=number, by=self.by, what=what, parent=history.head)
        write_typed(_snapshot(self.workset, number), rows, private=True)
        now = RecordHistory(head=number, changes=(*history.changes, change))
        write_typed(self.workset.record_history / "history.json", now, private=True)

    def undo(self) -> Change:
        """Take the last change back; returns it.

        Raises:
            StepMissingError: there is none.
        """
        history = read_history(self.workset)
        if not history.head:
            raise StepMissingError("there is no change to take back.")
        last = history.changes[history.head - 1]
        self._go_to(last.parent)
        return last

    def redo(self) -> Change:
        """Make the change again that was taken back last; returns it.

        Raises:
            StepMissingError: none was taken back, or something was changed since.
        """
        history = read_history(self.workset)
        coming = [one for one in history.changes if one.parent == history.head and one.number > history.head]
        if not coming:
            raise StepMissingError("there is no change that was taken back, or something was changed since.")
        self._go_to(coming[-1].number)
        return coming[-1]

    def _go_to(self, number: int) -> None:
        path = _snapshot(self.workset, number)
        rows = read_typed(path, RecordRows, WAY_ON) if number else RecordRows()
        check_rows(rows, RecordRows(), self.names, self.pages, aliases=False)
        if self.dry_run:
            return
        with self.workset.locked():
            self._publish(rows)
            history = replace(read_history(self.workset), head=number)
            write_typed(self.workset.record_history / "history.json", history, private=True)


def make_row_or_say(kind: str, fields: Mapping[str, str], cites: Sequence[Citation], by: str) -> RecordRow:
    """A row from what a person typed.

    Raises:
        UsageError: it cannot be one.
    """
    try:
        return make_row(KINDS[kind], fields, cites, by)
    except RecordError as error:
        raise UsageError(f"{error}.") from None


def _snapshot(workset: WorkSet, number: int) -> Path:
    return workset.record_history / f"{number:04d}.json"


def check_rows(
    rows: RecordRows, before: RecordRows, names: TypedNames, pages: Mapping[str, int], *, aliases: bool = True
) -> None:
    """Refuse rows that name a student, or point to what is not there. Rows that were there before are left alone.

    Args:
        rows: the record as it will be.
        before: the record as it is.
        names: the students' names.
        pages: how many pages each released response has, by alias.
        aliases: whether to look at the places in responses too.

    Raises:
        FindingsError: a text names a student; the message says which, and does not repeat it.
        WordsInDoubtError: a word may be a student's name.
        UsageError: a place is in no response.
    """
    known = set(find_texts(before))
    check_typed(names, [one for one in find_texts(rows) if one[1] and one not in known], "please take it out.")
    were = {cite for kind in KINDS for row in before.of(kind) for cite in row.cites}
    for kind in KINDS if aliases else ():
        for row in rows.of(kind):
            for cite in set(row.cites) - were:
                if (problem := find_fault(cite, pages)) is not None:
                    raise UsageError(f"{problem}.")


def is_whole_record(rows: RecordRows, pages: Mapping[str, int]) -> bool:
    """Whether rows that somebody else wrote are such as mssw takes: texts, choices, identifiers and places.

    Args:
        rows: the record.
        pages: how many pages each response of its set has, by alias.
    """
    for kind in KINDS.values():
        uids = [row.uid for row in rows.of(kind.name)]
        if len(set(uids)) < len(uids) or not all(uid.isascii() and uid.isdecimal() for uid in uids):
            return False
        for row in rows.of(kind.name):
            try:
                again = make_row(kind, {one.key: getattr(row, one.key) for one in kind.fields}, row.cites, row.by)
            except RecordError:
                return False
            cites_fit = all(find_fault(cite, pages) is None and cite.side in {FOR, AGAINST} for cite in row.cites)
            if replace(again, uid=row.uid) != row or not cites_fit:
                return False
    return all(text.isprintable() and len(text) <= LONGEST_TEXT for _, text in find_texts(rows))


def find_fault(cite: Citation, pages: Mapping[str, int]) -> str | None:
    """What is wrong with a place, without its full stop; None if it is right."""
    if cite.alias not in pages:
        return "no response has that alias"  # it may be a student's name, so it is not repeated
    if not 0 <= cite.page <= pages[cite.alias]:
        return f"{cite.alias} has no page {cite.page}"
    if cite.box and not cite.page:
        return f"a place on {cite.alias} needs the page that it is on"
    x, y, w, h = (*cite.box, 0.0, 0.0, 1.0, 1.0)[:_BOX] if len(cite.box) == _BOX else (0.0, 0.0, 1.0, 1.0)
    if len(cite.box) not in {0, _BOX} or min(x, y) < 0 or min(w, h) <= 0 or max(x + w, y + h) > _WHOLE:
        return f"that place is not on the page of {cite.alias}"
    return None


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What came of another recorder's file.

    Attributes:
        file: its name.
        differences: where the two say different things; then nothing was taken.
        written: whether the record was changed.
        rows: the record as it is now, or would be.
    """

    file: str
    differences: tuple[Difference, ...]
    written: bool
    rows: RecordRows


def merge_file(keeper: RecordKeeper, there: RecordRows, name: str, *, prefer: str = "") -> MergeReport:
    """Bring the rows of another recorder's file into the record.

    Args:
        keeper: of the record.
        there: the rows of the file.
        name: of the file.
        prefer: ``here`` or ``file`` to settle differences; empty takes nothing where there are any.

    Raises:
        FindingsError: the file names a student.
    """
    merged, differences = merge_records(keeper.rows, there, prefer=prefer)
    check_rows(merged, keeper.rows, keeper.names, keeper.pages)
    if differences:
        return MergeReport(name, differences, written=False, rows=keeper.rows)
    before = keeper.rows
    rows = keeper.change(lambda _: merged, "merged another recorder's file")
    return MergeReport(name, (), rows != before and not keeper.dry_run, rows)


def read_record_json(path: Path) -> RecordRows:
    """The rows in a JSON file: a ``record.json``, or what ``mssw record --json`` printed.

    Raises:
        UnreadableError: it has another shape, or is not there.
    """
    value = read_json(path, "use a file from `mssw record DIR --json`, or a record.xlsx.")
    given = value.get("record", value) if isinstance(value, dict) else value
    try:
        found = rows_from_json(given) if isinstance(given, dict) and set(given) & set(KINDS) else None
    except msgspec.ValidationError:
        found = None
    if found is None:
        raise UnreadableError(f"{path} is not a record; use a file from `mssw record DIR --json`, or a record.xlsx.")
    return _number_anew(found)


def _number_anew(rows: RecordRows) -> RecordRows:
    """The rows with a ``uid`` each, where a file was written by hand."""
    for kind in KINDS:
        made = RecordRows()
        for row in rows.of(kind):
            known = row.uid.isdecimal() and row.uid not in {one.uid for one in made.of(kind)}
            made = made.with_rows(kind, (*made.of(kind), row)) if known else add_row(made, kind, row)
        rows = rows.with_rows(kind, [replace(row, cites=tuple(map(_round, row.cites))) for row in made.of(kind)])
    return rows


def _round(cite: Citation) -> Citation:
    return replace(cite, box=tuple(round(number, DECIMALS) for number in cite.box))


def alone_path(workset: WorkSet, by: str) -> Path:
    """The file of the claims that a teacher writes alone."""
    return workset.record_history / "alone" / f"{sort_name(by)}.json"


def read_alone(workset: WorkSet, by: str) -> AloneClaims:
    """The claims that a teacher wrote alone; none yet if there is no file."""
    path = alone_path(workset, by)
    return read_typed(path, AloneClaims, WAY_ON) if path.is_file() else AloneClaims(by=by)


def list_alone(workset: WorkSet) -> tuple[AloneClaims, ...]:
    """Everyone who began to write claims alone."""
    folder = workset.record_history / "alone"
    return tuple(read_typed(path, AloneClaims, WAY_ON) for path in sorted(folder.glob("*.json")))


def finish_alone(keeper: RecordKeeper) -> AloneClaims:
    """Say that a teacher has written all her claims.

    Raises:
        StepMissingError: she has none.
    """
    mine = read_alone(keeper.workset, keeper.by)
    if not mine.rows.claims:
        raise StepMissingError(f"there are no claims by {keeper.by} yet; write some first.")
    done = replace(mine, done=True)
    if not keeper.dry_run:
        make_folder(keeper.workset.private, private=True)
        with keeper.workset.locked():
            write_typed(alone_path(keeper.workset, keeper.by), done, private=True)
    return done


def bring_together(keeper: RecordKeeper) -> tuple[AloneClaims, ...]:
    """Bring the claims that colleagues wrote alone into the team's record, once all of them are done.

    Raises:
        StepMissingError: fewer than two wrote claims, or somebody is not done.
    """
    everyone = list_alone(keeper.workset)
    root = keeper.workset.root
    if len(everyone) < 2:  # noqa: PLR2004 - one alone is not together
        raise StepMissingError(
            f"{'only one teacher' if everyone else 'nobody'} has written claims so far; it takes two. Each "
            f"writes hers with `mssw record {quote_word(root)} --as NAME`."
        )
    waiting = [one.by for one in everyone if not one.done]
    if waiting:
        raise StepMissingError(
            f"{', '.join(waiting)} has not finished, so nobody's claims are shown yet. When the claims are complete: "
            f"`mssw record {quote_word(root)} --as {quote_word(waiting[0])} --done`."
        )
    keeper.change(lambda rows: _join_claims(rows, everyone), "brought the claims together")
    return everyone


def _join_claims(rows: RecordRows, everyone: Iterable[AloneClaims]) -> RecordRows:
    """The record with everyone's claims. One that two colleagues wrote alike is one claim, by both."""
    claims = {one.uid: one for one in rows.claims}
    for mine in everyone:
        for claim in mine.rows.claims:
            there = claims.get(claim.uid)
            claims[claim.uid] = _join_claim(there, claim, mine.by) if there else replace(claim, by=claim.by or mine.by)
    return rows.with_rows("claims", tuple(claims.values()))


def _join_claim(one: Claim, other: Claim, by: str) -> Claim:
    names = [name for name in one.by.split(", ") if name]
    both = ", ".join(dict.fromkeys((*names, by)))
    cites = tuple(dict.fromkeys((*one.cites, *other.cites)))
    return replace(one, by=both, cites=cites, about=one.about or other.about)


def parse_place(text: str, pages: Mapping[str, int], *, side: str) -> Citation:
    """Read a place as a person types it: ``Andrea``, ``Andrea 2``, ``Andrea 2 [10 20 40 15]``, then ``: what you see``.

    Args:
        text: what was typed; a place on the page is left, top, width and height in percent.
        pages: the pages of each released response, by alias.
        side: ``for`` or ``against``.

    Raises:
        UsageError: it cannot be read, or is in no response.
    """
    head, _, note = text.partition(":")
    before, _, box = head.partition("[")
    words = before.replace(",", " ").split()
    number = words.pop() if len(words) > 1 and words[-1].isdecimal() else "0"
    alias = next((one for one in pages if one.casefold() == " ".join(words).casefold()), " ".join(words))
    try:
        numbers = tuple(round(float(one) / 100, DECIMALS) for one in box.strip(" ]").replace(",", " ").split())
    except ValueError:
        raise UsageError("a place on the page is four numbers in percent, like [10 20 40 15].") from None
    cite = Citation(alias, int(number), numbers, side, collapse(note))
    if (problem := find_fault(cite, pages)) is not None:
        raise UsageError(f"{problem}; write it like “Andrea 2: drew particles”.")
    return cite
