"""mssw from a script: what the commands do, as functions with typed results.

Each function does what the command of the same name does; the command calls it. Paths may be text. An expected error is
an ``MsswError``: its text is the sentence that a person reads, its ``code`` the command's exit code. Heavy libraries
load only when a function needs them.

>>> from mssw import MsswError, audit, key, packet, prepare, status
>>> done = prepare("stack.pdf", task="task.pdf", roster="class.csv", into="set", seed=7)
>>> done.counts
{'scanned': 7, 'kept': 4, 'blank': 1, 'set aside': 0, 'held': 2}
>>> len(done.released), len(done.held)
(2, 1)

A page on hold waits for a person. No function approves one: that is what ``mssw review`` is for.

>>> printed = packet("set", copies=8, without_held=True, unreviewed=True)
>>> printed.copies, printed.held, printed.samples == done.released
(8, 1, True)
>>> audit("set").passed
True
>>> status("set").steps[0]
Step(step='prepare', state='2 responses released, 1 on hold')
>>> sorted(row.pages for row in key("set"))
['1-2', '3-4', '5-6']
>>> try:
...     packet("set")
... except MsswError as error:
...     print(error.code.name)
STEP_MISSING
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mssw.errors import UsageError

if TYPE_CHECKING:
    from mssw.auditing.run_audit import AuditReport
    from mssw.choosing.choose_samples import ChoiceReport
    from mssw.exchange.recall_responses import RecallReport
    from mssw.exchange.receive_set import ReceiveReport
    from mssw.exchange.share_set import ShareReport
    from mssw.packets.packet_options import PacketReport
    from mssw.preparing.prepare_options import PrepareReport, Progress
    from mssw.preparing.transcribe import TranscriptsReport
    from mssw.record.kept_record import MergeReport
    from mssw.record.record_print import PrintedRecord
    from mssw.record.record_rows import RecordRows
    from mssw.record.student_slips import SlipsReport
    from mssw.roster.key_table import KeyRow
    from mssw.roster.roster_file import RosterCheck
    from mssw.set_status import Status
    from mssw.trends.trend_files import LeadersPage
    from mssw.trends.trend_tables import Trends
    from mssw.workset.folder import WorkSet


__all__ = [
    "audit",
    "choose",
    "find_trends",
    "key",
    "merge_record",
    "packet",
    "prepare",
    "print_record",
    "read_record",
    "recall",
    "receive",
    "roster_check",
    "share",
    "slips",
    "status",
    "transcripts",
    "trends_for_leaders",
]


AnyPath = str | os.PathLike[str]


def as_path(path: AnyPath | None) -> Path | None:
    """The path, where one is given."""
    return None if path is None else Path(path)


def as_paths(given: AnyPath | Sequence[AnyPath]) -> tuple[Path, ...]:
    """One path or several."""
    return (Path(given),) if isinstance(given, str | os.PathLike) else tuple(map(Path, given))


def as_set(folder: AnyPath) -> WorkSet:
    """The work set in a folder.

    Raises:
        StepMissingError: there is none.
    """
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    return WorkSet.open(Path(folder))


def choose(
    folders: AnyPath | Sequence[AnyPath],
    *,
    count: int | None = None,
    lock: Sequence[str] = (),
    ban: Sequence[str] = (),
    by: str = "",
    ledger: bool = True,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> ChoiceReport:
    """Choose 9 to 12 samples out of a sorted class, or of two or three classes together.

    Args:
        folders: the work set, or several of the same task.
        count: 9 to 12; None for 12.
        lock: aliases that must be in.
        ban: aliases that must not.
        by: whose sort; empty for the presenting teacher's own.
        ledger: whether it is remembered, without names, which responses were used.
        templates: a folder of the school's own, for the card; None takes what ``set.toml`` says.
        dry_run: say what would be chosen, and write nothing.

    Raises:
        MsswError: one sentence on what is missing or wrong; nothing is written.
    """
    from mssw.choosing.choose_samples import ChooseOptions, choose_samples  # noqa: PLC0415

    options = ChooseOptions(count, tuple(lock), tuple(ban), by, ledger, dry_run, as_path(templates))
    return choose_samples([as_set(folder) for folder in as_paths(folders)], options)


def packet(
    folder: AnyPath | Sequence[AnyPath],
    *,
    copies: int | None = None,
    colleagues: Sequence[str] = (),
    separate: bool = False,
    paper: Literal["letter", "a4"] | None = None,
    name_paper: bool = False,
    two_sided: bool = True,
    layout: Literal["single", "two-up", "booklet"] = "single",
    flip: Literal["long", "short"] | None = None,
    by_hand: bool = False,
    evens_last_first: bool = False,
    grey: bool = False,
    save_ink: bool = False,
    full_size: bool = False,
    all_works: bool = False,
    without_held: bool = False,
    unreviewed: bool = False,
    session: str | None = None,
    date: str | None = None,
    words: Sequence[str] = (),
    without: Sequence[str] = (),
    language: str | None = None,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> PacketReport:
    """Bind the packet that each colleague will hold, and the presenter's checklist.

    Args:
        folder: the work set; or several of one session, whose samples are in one packet, in the first one's folder.
        copies: how many there are in all; None takes one for each colleague, or one.
        colleagues: whose names stand on the covers of the first copies.
        separate: whether each copy is a file of its own.
        paper: to print on; None takes the set's own.
        name_paper: whether the files' names say the paper.
        two_sided: whether both sides are printed, so that each sample starts on a sheet of its own.
        layout: how pages lie on a sheet.
        flip: the edge over which the printer turns sheets; None takes the usual one.
        by_hand: odd and even pages as files of their own, for printers that print one side.
        evens_last_first: with ``by_hand``, the even pages in reverse order.
        grey: scans without their colours.
        save_ink: scans on white paper.
        full_size: large scans as they are, and not made smaller so that the packet can be mailed.
        all_works: print every response, chosen or not.
        without_held: print even if responses are on hold; those are left out.
        unreviewed: print even if nobody has checked some responses; the cover then says so.
        session: for the cover; None takes the set's own.
        date: likewise, in any words.
        words: those that are names of students too, and mean the word in what was typed.
        without: parts to leave out: ``introduction``, ``task``, ``notes``, ``chart``, ``agenda`` or ``norms``.
        language: of the print: ``us``, ``uk``, ``es``; None takes what ``set.toml`` says.
        templates: a folder of the school's own; None takes what ``set.toml`` says.
        dry_run: do all but write.

    Raises:
        MsswError: one sentence on what is missing or wrong; nothing is written.
    """
    from mssw.core.paper import Flip, Layout, Paper  # noqa: PLC0415
    from mssw.packets.bind_packet import bind_packet  # noqa: PLC0415
    from mssw.packets.packet_options import PacketOptions, choose_parts  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415

    options = PacketOptions(
        copies=copies,
        colleagues=tuple(colleagues),
        separate=separate,
        paper=None if paper is None else Paper(paper),
        name_paper=name_paper,
        two_sided=two_sided,
        layout=Layout(layout),
        flip=None if flip is None else Flip(flip),
        by_hand=by_hand,
        evens_last_first=evens_last_first,
        grey=grey,
        save_ink=save_ink,
        full_size=full_size,
        all_works=all_works,
        without_held=without_held,
        unreviewed=unreviewed,
        session=session,
        date=date,
        without=choose_parts(without),
        language=language,
        templates=as_path(templates),
        dry_run=dry_run,
    )
    first, *others = as_paths(folder)
    workset = as_set(first)
    with take_words(workset, words, dry_run=dry_run):
        return bind_packet(workset, options, [as_set(one) for one in others])


def prepare(
    stack: AnyPath | Sequence[AnyPath] = (),
    *,
    into: AnyPath,
    task: AnyPath | None = None,
    task_is_blank: bool = False,
    roster: AnyPath | None = None,
    columns: Sequence[str] = (),
    sheet: str = "",
    fronts_backs: tuple[AnyPath, AnyPath] | None = None,
    backs_reversed: bool | None = None,
    pages_per_student: int | None = None,
    fields: Sequence[str] = (),
    also: AnyPath | None = None,
    codes: Sequence[AnyPath] = (),
    cover: Literal["sure", "likely"] | None = None,
    seed: int | None = None,
    aliases: str | None = None,
    beside: Sequence[AnyPath] = (),
    same_aliases_as: AnyPath | None = None,
    title: str = "",
    grade: str = "",
    workers: int | None = None,
    start_over: bool = False,
    progress: Progress | None = None,
) -> PrepareReport:
    """Take a scanned stack to covered responses with aliases. Safe to call again: it picks up where it stopped.

    Args:
        stack: the scans: a file, or several files and folders; left out, those that the set has.
        into: the work set's folder; made where it is not there.
        task: the blank task.
        task_is_blank: say that nothing is written on it, although it is taken for a filled copy, or too little of its
            print is found.
        roster: the class list.
        columns: what its columns hold, as ``last=Surname``; see ``mssw roster check``.
        sheet: of a workbook of several sheets, the title or number of this class's.
        fronts_backs: instead of ``stack``, two of the same sheets, one of each side.
        backs_reversed: whether the backs run from the last sheet to the first; None where the pages tell.
        pages_per_student: sides that each student handed in, where there is no blank task.
        fields: name fields by hand, each ``page:x,y,w,h`` in fractions of the task's page.
        also: a file of further names to look for, one a line.
        codes: folders of other sets whose coded sheets may lie in the same stack.
        cover: which names in the text are covered; None leaves it as the set has it, at first ``sure``.
        seed: the same aliases each time; for tests, not for real classes.
        aliases: ``easy``, ``world`` or ``numbers``; None leaves it as the set has it, at first ``easy``.
        beside: other sets for the same session, none of whose aliases is used again.
        same_aliases_as: another set of the same students, each of whom keeps the alias from there.
        title: of the set, for the packet.
        grade: likewise.
        workers: processes at a time; None for one a core.
        start_over: whether to go on although a private file is missing, damaged or another one than before. What was
            decided is forgotten then, so ask a person first, as the command does.
        progress: called with each stage, how much of it is done, and of how much.

    Raises:
        MsswError: one sentence on what is wrong; nothing is half-written.
    """
    from mssw.preparing.prepare_options import Backs, Cover, PrepareOptions, quiet  # noqa: PLC0415
    from mssw.preparing.run_prepare import prepare as run  # noqa: PLC0415 - here and below: a script pays for what it uses

    stacks = as_paths(stack)
    if fronts_backs is not None:
        if stacks:
            raise UsageError("give either a stack, or fronts and backs; not both.")
        stacks = as_paths(fronts_backs)
    options = PrepareOptions(
        stacks=stacks,
        task=as_path(task),
        task_is_blank=task_is_blank,
        roster=as_path(roster),
        fronts_backs=fronts_backs is not None,
        backs=Backs.AUTO if backs_reversed is None else Backs.REVERSED if backs_reversed else Backs.SAME,
        pages_per_student=pages_per_student,
        fields=tuple(fields),
        seed=seed,
        aliases=aliases,
        beside=as_paths(beside),
        same_aliases_as=as_path(same_aliases_as),
        title=title,
        grade=grade,
        workers=workers,
        also=as_path(also),
        codes=as_paths(codes),
        cover=None if cover is None else Cover(cover),
        start_over=start_over,
        columns=tuple(columns),
        sheet=sheet,
    )
    return run(Path(into), options, progress or quiet)


def audit(path: AnyPath, *, roster: AnyPath | None = None, columns: Sequence[str] = ()) -> AuditReport:
    """Look for names and hidden things in what is to be shared. Nothing is written.

    Args:
        path: a work set, a folder or a file.
        roster: whose names to look for; None for a work set's own.
        columns: what its columns hold, as ``last=Surname``.

    Returns:
        What was found, which is no error: ``passed`` tells.

    Raises:
        UnreadableError: there is nothing at that place, or the roster cannot be read.
    """
    from mssw.auditing.run_audit import audit_path  # noqa: PLC0415

    return audit_path(Path(path), as_path(roster), columns)


def status(folder: AnyPath, *, audit: bool = False) -> Status:
    """Where each page and each step of a work set stands, and what is to be done before a session. Names nobody.

    Args:
        folder: the work set.
        audit: whether every file is audited now, for the checklist; else it is left out of it.

    Raises:
        StepMissingError: there is no work set at that place.
    """
    from mssw.set_status import read_status  # noqa: PLC0415

    return read_status(as_set(folder), audit=audit)


def key(folder: AnyPath, who: str | None = None) -> tuple[KeyRow, ...]:
    """Who each response is by: for the class's own teacher.

    Args:
        folder: the work set.
        who: an alias, or a student's name or number; None for all.

    Raises:
        StepMissingError: there is no key yet, or it was destroyed.
        UsageError: nobody goes by that.
    """
    from mssw.keys.look_up import entries_of, found_entries  # noqa: PLC0415
    from mssw.roster.key_table import KeyRow, joined_rows  # noqa: PLC0415

    workset = as_set(folder)
    entries = entries_of(workset) if who is None else found_entries(workset, who)
    return tuple(KeyRow(*row) for row in joined_rows(entries))


def roster_check(file: AnyPath, *, columns: Sequence[str] = (), sheet: str = "") -> RosterCheck:
    """How a class list is read, and all that is wrong with it, by row and without names.

    >>> from mssw import roster_check
    >>> found = roster_check("class.csv")
    >>> found.students, found.is_clean
    (12, True)

    Args:
        file: any export, or a plain list of names.
        columns: what its columns hold, as ``last=Surname``, where that is not seen.
        sheet: of a workbook of several sheets, the title or number of the one that is meant.

    Raises:
        UnreadableError: it is no table at all.
        UsageError: what is said of columns or sheets cannot be understood.
    """
    from mssw.roster.roster_file import check_roster  # noqa: PLC0415

    return check_roster(Path(file), columns, sheet=sheet)


def share(
    folder: AnyPath,
    to: AnyPath,
    *,
    samples: bool = False,
    with_packet: bool = False,
    without_record: bool = False,
    receivers: Sequence[str] = (),
    password: str = "",
    unreviewed: bool = False,
    words: Sequence[str] = (),
    replace: bool = False,
    dry_run: bool = False,
) -> ShareReport:
    """Put what colleagues may see into one zip, audited first.

    >>> shared = share("set", "set.zip", unreviewed=True)
    >>> len(shared.responses), shared.written
    (2, True)

    Args:
        folder: of the set.
        to: the zip to write, outside of the set.
        samples: only the chosen samples.
        with_packet: the printed packet too.
        without_record: leave out what the team found.
        receivers: who it is for, for the teacher's own log.
        password: to lock it with; empty for none.
        unreviewed: also responses that nobody has looked at.
        words: those that are names of students too, and mean the word in what was typed.
        replace: overwrite another file of that name.
        dry_run: write nothing.

    Raises:
        StepMissingError: nothing may be shared yet.
        FindingsError: the audit found something, or a student's name is in what would travel.
        WouldOverwriteError: another file is there.
    """
    from mssw.exchange.share_set import ShareOptions, share_set  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415

    options = ShareOptions(
        to=Path(to),
        samples=samples,
        with_packet=with_packet,
        without_record=without_record,
        receivers=tuple(receivers),
        unreviewed=unreviewed,
        replace=replace,
        dry_run=dry_run,
    )
    workset = as_set(folder)
    with take_words(workset, words, dry_run=dry_run):
        return share_set(workset, options, password)


def receive(file: AnyPath, into: AnyPath, *, password: str = "", dry_run: bool = False) -> ReceiveReport:
    """Make a set of a zip that was shared, once all of it is checked.

    Args:
        file: the zip.
        into: the folder for the set.
        password: of the zip, if it has one.
        dry_run: write nothing.

    Raises:
        UnreadableError: it is damaged, was changed, or holds what such a zip does not.
        FindingsError: the audit found something in it.
        WouldOverwriteError: something else is at that place.
    """
    from mssw.exchange.receive_set import receive_set  # noqa: PLC0415

    return receive_set(Path(file), Path(into), lambda: password, dry_run=dry_run)


def recall(
    folder: AnyPath, aliases: Sequence[str] = (), *, everything: bool = False, dry_run: bool = False
) -> RecallReport:
    """Everything that was handed out with those responses; they are put on hold.

    Args:
        folder: of the set.
        aliases: of the responses in which a name was seen; none only lists what was handed out.
        everything: all responses of the set.
        dry_run: list, and put nothing on hold.

    Raises:
        UsageError: no response has that alias.
        StepMissingError: nothing is prepared yet.
    """
    from mssw.exchange.recall_responses import recall_responses  # noqa: PLC0415

    return recall_responses(as_set(folder), aliases, everything=everything, dry_run=dry_run)


def read_record(folder: AnyPath) -> RecordRows:
    """What a team found, as ``mssw record`` keeps it; an empty record where nothing is written yet.

    >>> from mssw import merge_record, read_record
    >>> done = merge_record("set", "record.json")
    >>> done.written, [claim.text for claim in read_record("set").claims]
    (True, ['Air has mass'])

    Args:
        folder: of the set.

    Raises:
        UnreadableError: the file is damaged.
    """
    from mssw.record.kept_record import read_record as run  # noqa: PLC0415

    return run(as_set(folder))


def merge_record(
    folder: AnyPath,
    file: AnyPath,
    *,
    by: str = "",
    prefer: Literal["", "here", "file"] = "",
    words: Sequence[str] = (),
    dry_run: bool = False,
) -> MergeReport:
    """Bring the rows of a file into a team's record. If the two differ, nothing is taken unless ``prefer`` settles it.

    Args:
        folder: of the set.
        file: a ``record.json``, what ``mssw record --json`` printed, or a filled-in ``record.xlsx``.
        by: name or initials of whoever brings it in, for the history.
        prefer: whose words stand where the two differ; empty lists the differences.
        words: those that are names of students too, and mean the word in what was typed.
        dry_run: write nothing.

    Raises:
        UnreadableError: the file is no record, or has problems, all of which are listed.
        FindingsError: it names a student.
    """
    from mssw.record.kept_record import RecordKeeper, merge_file, read_record_json  # noqa: PLC0415
    from mssw.record.record_book import read_record_book  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415

    workset, path = as_set(folder), Path(file)
    with take_words(workset, words, dry_run=dry_run):
        keeper = RecordKeeper(workset, by, dry_run=dry_run)
        is_json = path.suffix.casefold() == ".json"
        there = read_record_json(path) if is_json else read_record_book(path, keeper.pages, keeper.names)
        return merge_file(keeper, there, path.name, prefer=prefer)


def print_record(
    folder: AnyPath,
    *,
    paper: Literal["letter", "a4"] | None = None,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> PrintedRecord:
    """Print a team's record: ``shared/record.pdf`` for paper, and one with tags for a screen reader.

    Args:
        folder: of the set.
        paper: to print on; None takes the set's own.
        templates: a folder of the school's own; None takes what ``set.toml`` says.
        dry_run: do all but write.

    Raises:
        StepMissingError: nothing is recorded yet.
        FindingsError: a name is in the record.
    """
    from mssw.record.record_print import print_record as run  # noqa: PLC0415

    return run(as_set(folder), paper=paper, templates=as_path(templates), dry_run=dry_run)


def slips(
    folder: AnyPath,
    *,
    everyone: bool = False,
    paper: Literal["letter", "a4"] | None = None,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> SlipsReport:
    """Print a slip for each student into ``private/``: the name, and the next step that the team chose.

    Args:
        folder: of the set.
        everyone: also a slip with lines to write on for students without a next step.
        paper: to print on; None takes the set's own.
        templates: a folder of the school's own; None takes what ``set.toml`` says.
        dry_run: do all but write.

    Raises:
        StepMissingError: no next step is chosen, or there is no key.
    """
    from mssw.record.student_slips import print_slips  # noqa: PLC0415

    return print_slips(as_set(folder), everyone=everyone, paper=paper, templates=as_path(templates), dry_run=dry_run)


def transcripts(
    folder: AnyPath,
    aliases: Sequence[str] = (),
    *,
    propose: bool = False,
    blank: bool = False,
    confirm: bool = False,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> TranscriptsReport:
    """Say how far the typed texts of responses are, or let software propose them, start them empty, or confirm them.

    Args:
        folder: of the set.
        aliases: of released responses; none takes the chosen samples, or all where none are chosen.
        propose: let software read those that have no text yet.
        blank: write an empty file to type into for each of them.
        confirm: a person compared the texts with the responses as they are now.
        replace: with ``propose``, read again what software read and nobody has checked.
        dry_run: do all but write.
        progress: called with the stage, how many responses are read, and of how many.

    Raises:
        UsageError: options contradict each other, or no released response has that alias.
        StepMissingError: nothing is released, or a decision waits.
        FindingsError: a transcript names a student.
    """
    from mssw.preparing.prepare_options import quiet  # noqa: PLC0415
    from mssw.preparing.transcribe import TranscriptOptions, do_transcripts  # noqa: PLC0415

    options = TranscriptOptions(propose, blank, confirm, replace, dry_run)
    return do_transcripts(as_set(folder), aliases, options, progress or quiet)


def find_trends(
    folders: Sequence[AnyPath],
    *,
    by: Literal["class", "grade", "subject", "school", "time"] = "class",
    piles: AnyPath | None = None,
    sorter: str = "",
    into: AnyPath | None = None,
    paper: Literal["letter", "a4"] = "letter",
    language: str = "",
    templates: AnyPath | None = None,
    words: Sequence[str] = (),
    replace: bool = False,
) -> Trends:
    """Look across classes: ways of thinking, levels and learning gaps; with ``into``, as a workbook and a PDF too.

    Args:
        folders: of the sets.
        by: what the groups are.
        piles: a ``piles.toml`` that says which piles and gaps are the same; None joins nothing.
        sorter: the teacher whose sorts are taken; empty for the presenting teachers' own.
        into: a folder for ``trends.xlsx`` and ``trends.pdf``; None writes nothing.
        paper: to print on.
        language: of the PDF, such as ``es``; empty for the English of the paper.
        templates: a folder of the school's own; None takes ours.
        words: those that are names of students too, and mean the word in what was typed.
        replace: overwrite files that mssw did not make.

    Raises:
        StepMissingError: a folder is no set, or nothing is sorted or recorded in any of them.
        FindingsError: a pile, a gap, a group or a folder names a student of one of the classes.
    """
    from mssw.trends.pile_map import choose_map  # noqa: PLC0415
    from mssw.trends.trend_files import TrendOutput, write_trends  # noqa: PLC0415
    from mssw.trends.trend_files import find_trends as run  # noqa: PLC0415
    from mssw.trends.trend_sets import read_sets  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415

    places = as_paths(folders)
    with take_words(None, words):  # for this run: the sets stay as they are
        sets = read_sets(places, sorter)
        mapping = choose_map(sets, as_path(piles))
        found = run(sets, by, mapping)
        if into is not None:
            output = TrendOutput(Path(into), paper, language, as_path(templates), replace)
            write_trends(found, sets, output)
    return found


def trends_for_leaders(
    folders: Sequence[AnyPath],
    *,
    by: Literal["grade", "subject", "school", "time"] = "grade",
    piles: AnyPath | None = None,
    min_cell: int = 10,
    sorter: str = "",
    into: AnyPath | None = None,
    paper: Literal["letter", "a4"] = "letter",
    language: str = "",
    templates: AnyPath | None = None,
    words: Sequence[str] = (),
    replace: bool = False,
) -> LeadersPage:
    """What leaders may see of many classes: no teacher, and no number from which a small one could be computed.

    Args:
        folders: of the sets.
        by: what the groups are.
        piles: a ``piles.toml`` that says which piles and gaps are the same; None joins nothing.
        min_cell: the fewest responses that a number may be about.
        sorter: the teacher whose sorts are taken; empty for the presenting teachers' own.
        into: a folder for ``leaders.pdf`` and ``leaders.xlsx``; None writes nothing.
        paper: to print on.
        language: of the PDF, such as ``es``; empty for the English of the paper.
        templates: a folder of the school's own; None takes ours.
        words: those that are names of students too, and mean the word in what was typed.
        replace: overwrite files that mssw did not make.

    Raises:
        FindingsError: there are too few classes or responses, or something names a student, a teacher or a class.
    """
    from mssw.trends.pile_map import choose_map  # noqa: PLC0415
    from mssw.trends.trend_files import TrendOutput, make_leaders_page, write_leaders  # noqa: PLC0415
    from mssw.trends.trend_sets import read_sets  # noqa: PLC0415
    from mssw.workset.allowed_names import take_words  # noqa: PLC0415

    places = as_paths(folders)
    with take_words(None, words):
        sets = read_sets(places, sorter)
        mapping = choose_map(sets, as_path(piles))
        page = make_leaders_page(sets, by, mapping, min_cell=min_cell)
        if into is not None:
            output = TrendOutput(Path(into), paper, language, as_path(templates), replace)
            write_leaders(page, sets, output)
    return page
