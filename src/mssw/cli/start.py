"""`mssw start`: asks what you have, and leads from the scan to the packet.

The command first, then what it decides (pure, so that it is tested without a person), then the conversations: what the
meeting is for, which is kept in ``set.toml``; the questions for a new class, whose answers become the words of
``mssw prepare``; and the open steps of a set, one of which is run each time. A further question for a new class is a
further line in ``QUESTIONS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mssw.cli import report
from mssw.cli.asking import QuitError, ask, ask_or_quit
from mssw.cli.command import AsJson, NoInput
from mssw.cli.kit import ask_purpose, describe_meeting
from mssw.core.shell_words import command_line, read_dropped
from mssw.core.wording import count_noun
from mssw.errors import ExitCode, MsswError, StepMissingError, UsageError

if TYPE_CHECKING:
    from mssw.kit.purpose import MeetingPurpose
    from mssw.next_step import NextStep
    from mssw.workset.folder import WorkSet

DEMO = "trial"
MOST_COPIES = 500


def start(
    ctx: typer.Context,
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A work set, or a folder with some; by default this folder.")
    ] = Path(),
    *,
    no_input: NoInput = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask as always, then show the command instead of running it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a few questions, and be led from the scan to the packet.

    First you are asked what the meeting with your colleagues is for; a session, samples and a kit are proposed. Drag
    your scan, the blank task and the class list into this window, one after the other, when you are asked for them.
    Then each step is offered when it is next: prepare, review, sort, choose, introduce, print, and after the session,
    record. Classes in this folder are found, so you can stop at any time and start again later. Type q to stop.

    `mssw` alone, in a terminal, does the same. With --no-input, you get the next command of each class in the folder.

    For example, here, for one class, or to see how far all classes in a folder are:

    \b
        mssw start
        mssw start class-7b
        mssw start department --no-input
    """  # noqa: D301 - the backspace keeps an example on its line
    from mssw.next_step import list_sets  # noqa: PLC0415 - heavy libraries load only when they are used

    if not directory.is_dir():
        raise StepMissingError(f"{directory} is not a folder; give a class's folder, or leave it out to use this one.")
    if as_json or no_input:
        _show_sets(list_sets(directory), as_json=as_json)
        return
    root: Any = ctx.find_root().command

    def run(words: Sequence[str]) -> int:
        report.print_line(f"\n$ {command_line('mssw', *words)}")
        return 0 if dry_run else int(root.main(args=list(words), prog_name="mssw", standalone_mode=False) or 0)

    with report.never_quiet():
        try:
            _Guide(directory, run, dry_run=dry_run).lead()
        except QuitError:
            report.print_line("\nStopped. What you did so far is kept; `mssw start` goes on from here.")


def _show_sets(sets: Sequence[Path], *, as_json: bool) -> None:
    """The next command of each set, without a question."""
    found = [_overview(root) for root in sets]
    if as_json:
        rows = [{"set": str(one.root), "title": one.title, "next": one.next and one.next.to_json()} for one in found]
        report.print_json({"sets": rows}, "start")
        return
    if not found:
        raise StepMissingError("there is no class in this folder yet; run `mssw start` in a terminal to make one.")
    for one in found:
        what = f"{one.next.command}   ({one.next.why})" if one.next else "nothing left to do"
        typer.echo(f"{one.title}:  {what}")


# ---- what it decides


@dataclass(frozen=True, slots=True)
class GivenClass:
    """What a teacher has, as she answered.

    Attributes:
        scans: files and folders of the stack.
        task: the blank task; None without one.
        roster: the class list; None without one.
        title: for the packet; empty for the one that the folder's name gives.
        into: where the set goes.
    """

    scans: tuple[Path, ...] = ()
    task: Path | None = None
    roster: Path | None = None
    title: str = ""
    into: Path | None = None


def prepare_words(given: GivenClass) -> tuple[str, ...]:
    """The words of ``mssw prepare`` for a class, without ``mssw``."""
    words = ["prepare", *map(str, given.scans)]
    words += ["--task", str(given.task)] if given.task else []
    words += ["--roster", str(given.roster)] if given.roster else []
    words += ["--title", given.title] if given.title else []
    return (*words, "--into", str(given.into))


def suggest_folder(title: str, taken: Collection[str]) -> str:
    """A name for a class's folder: its title, as file systems and shells like it, with a number if it is taken.

    >>> suggest_folder("Massive Air!", ()), suggest_folder("Massive air", {"massive-air"}), suggest_folder("?", ())
    ('massive-air', 'massive-air-2', 'my-class')
    """
    plain = "-".join(re.findall(r"\w+", title.casefold()))[:40].strip("-_") or "my-class"
    names = (plain if number == 1 else f"{plain}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def wants_purpose(workset: WorkSet) -> bool:
    """Whether a meeting is still ahead, and nobody has said what it is for."""
    from mssw.workset.settings import read_settings  # noqa: PLC0415

    settings = read_settings(workset.settings)
    return not (settings.purpose or settings.session or workset.packets())


def keep_purpose(workset: WorkSet, purpose: MeetingPurpose) -> None:
    """Write into ``set.toml`` what the meeting is for, and its session if none is there yet."""
    from mssw.workset.folder import write_bytes  # noqa: PLC0415
    from mssw.workset.settings import change_settings_text, read_settings  # noqa: PLC0415

    with workset.locked():
        session = read_settings(workset.settings).session or purpose.session
        text = workset.settings.read_text(encoding="utf-8-sig")
        after = change_settings_text(text, purpose=purpose.name, session=session)
        write_bytes(workset.settings, after.encode(), private=False)


def suggest_step(steps: Sequence[NextStep], ran: Collection[str]) -> int | None:
    """The place of the step to offer first: the first that was not run in this sitting; None where all were."""
    return next((place for place, one in enumerate(steps) if one.step not in ran), None)


def read_number(typed: str, most: int, suggested: int | None) -> int | None:
    """A number from 1 that a person typed, as a place from 0; Enter alone takes what is suggested.

    >>> read_number("2", 3, 0), read_number("", 3, 0), read_number("4", 3, 0), read_number("", 3, None)
    (1, 0, None, None)
    """
    if not typed.strip():
        return suggested
    number = int(typed) if typed.strip().isascii() and typed.strip().isdecimal() else 0
    return number - 1 if 1 <= number <= most else None


@dataclass(frozen=True, slots=True)
class SetOverview:
    """A set in the list to choose from.

    Attributes:
        root: its folder.
        title: of the set.
        next: its next step; None where nothing is left to do.
        fault: why it cannot be read; empty if it can.
    """

    root: Path
    title: str
    next: NextStep | None
    fault: str = ""


def _overview(root: Path) -> SetOverview:
    from mssw.next_step import find_next_step  # noqa: PLC0415
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.settings import read_settings  # noqa: PLC0415

    workset, name = WorkSet(root), root.resolve().name
    try:
        return SetOverview(root, read_settings(workset.settings).title or name, find_next_step(workset))
    except MsswError as error:
        return SetOverview(root, name, None, str(error))


# ---- the questions for a new class


def _read_paths(typed: str) -> tuple[Path, ...]:
    """The files that a line names.

    Raises:
        UsageError: one is not there.
    """
    ways = [tuple(Path(word).expanduser() for word in way) for way in read_dropped(typed)]
    for paths in ways:
        if all(_is_there(path) for path in paths):
            return paths
    missing = next(path for path in ways[-1] if not _is_there(path))
    raise UsageError(f"{missing} is not there; drag the file into this window, then press Enter.")


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _take_scans(given: GivenClass, typed: str) -> GivenClass:
    from mssw.preparing.given_scans import list_scans, may_be_download  # noqa: PLC0415

    paths = _read_paths(typed)
    list_scans([path for path in paths if path.is_dir() or not may_be_download(path)])
    return replace(given, scans=paths)


def _take_task(given: GivenClass, typed: str) -> GivenClass:
    from mssw.preparing.given_scans import list_scans  # noqa: PLC0415

    path = _one_of(_read_paths(typed))
    if path in given.scans:
        raise UsageError("that is the scan of the student work; give the blank task, or press Enter if you have none.")
    list_scans([path])
    return replace(given, task=path)


def _take_roster(given: GivenClass, typed: str) -> GivenClass:
    from mssw.roster.roster_file import read_roster  # noqa: PLC0415

    path = _one_of(_read_paths(typed))
    students = len(read_roster(path).students)
    report.print_line(f"  {count_noun(students, 'student')} on the list.")
    return replace(given, roster=path)


def _one_of(paths: Sequence[Path]) -> Path:
    if len(paths) > 1:
        raise UsageError("those are several files; give one.")
    return paths[0]


def _take_folder(given: GivenClass, typed: str) -> GivenClass:
    from mssw.workset.folder import WorkSet  # noqa: PLC0415

    folder = Path(read_dropped(typed)[-1][0]).expanduser()
    WorkSet.check_place(folder)
    if WorkSet(folder).settings.is_file():
        raise UsageError(f"{folder} is a class already; choose another name.")
    return replace(given, into=folder)


def _suggested_folder(given: GivenClass) -> str:
    taken = {path.name for path in Path().iterdir()}
    return suggest_folder(given.title or given.scans[0].stem, taken)


@dataclass(frozen=True, slots=True)
class ClassQuestion:
    """A question about a new class.

    Attributes:
        text: what is asked.
        take: puts an answer into what is given; raises an ``MsswError`` that says why it will not do.
        answer: what was answered before, as text, for when it is asked again.
        suggested: what Enter alone answers; None where Enter alone leaves it out.
        needed: whether it must be answered.
    """

    text: str
    take: Callable[[GivenClass, str], GivenClass]
    answer: Callable[[GivenClass], object]
    suggested: Callable[[GivenClass], str] | None = None
    needed: bool = False


QUESTIONS = (
    ClassQuestion(
        "Your scan: drag the file, or the folder with all files, into this window",
        _take_scans,
        lambda given: " ".join(map(str, given.scans)),
        needed=True,
    ),
    ClassQuestion("The blank task, as PDF or scan (Enter if you have none)", _take_task, lambda given: given.task),
    ClassQuestion(
        "The class list, as Excel or CSV file (Enter if you have none)", _take_roster, lambda given: given.roster
    ),
    ClassQuestion(
        "A title for the packet, such as the task's (Enter to leave it out)",
        lambda given, typed: replace(given, title=" ".join(typed.split())),
        lambda given: given.title,
    ),
    ClassQuestion(
        "A new folder for this class", _take_folder, lambda given: given.into, suggested=_suggested_folder, needed=True
    ),
)
"""What is asked about a new class, in order."""


def ask_class(given: GivenClass) -> GivenClass:
    """Ask for everything about a class; Enter keeps what was answered before.

    Raises:
        QuitError: the person wants to stop.
    """
    for question in QUESTIONS:
        given = _ask_one(question, given)
    return given


def _ask_one(question: ClassQuestion, given: GivenClass) -> GivenClass:
    kept = question.answer(given)
    suggested = "" if kept or question.suggested is None else question.suggested(given)
    shown = str(kept or suggested)
    while True:
        report.print_line(f"\n{question.text}{f' [{shown}]' if shown else ''}")
        typed = ask_or_quit("", "> ")
        if not typed and kept:
            return given
        if not typed and not suggested and not question.needed:
            return given
        try:
            return question.take(given, _answered(typed or suggested))
        except MsswError as error:
            report.print_line(f"  That will not do: {error}")


def _answered(typed: str) -> str:
    """An answer.

    Raises:
        UsageError: there is none.
    """
    if not typed:
        raise UsageError("an answer is needed here. Or type q to stop.")
    return typed


# ---- the open steps


@dataclass(slots=True)
class _Guide:
    """One sitting.

    Attributes:
        folder: in which sets are looked for.
        run: runs a command, given its words without ``mssw``; gives its exit code.
        dry_run: whether commands are only shown.
    """

    folder: Path
    run: Callable[[Sequence[str]], int]
    dry_run: bool

    def lead(self) -> None:
        """Choose a class, or ask for a new one, then offer its steps until nothing is left or the person stops."""
        report.print_line("mssw gets a class's worksheets ready to discuss with colleagues. Type q to stop.")
        from mssw.workset.folder import WorkSet  # noqa: PLC0415

        root = self.choose_set()
        purpose = self.find_purpose() if root is None or wants_purpose(WorkSet(root)) else None
        if root is None:
            root = self.make_class()
        if root is not None:
            if purpose is not None and not self.dry_run:
                keep_purpose(WorkSet(root), purpose)
            self.offer_steps(root)

    def find_purpose(self) -> MeetingPurpose | None:
        """Ask what the meeting is for, and show what is proposed; None where the person skips that."""
        report.print_line()
        purpose = ask_purpose("Enter to skip")
        if purpose is not None:
            report.print_line()
            for line in describe_meeting(purpose):
                report.print_line(line)
        return purpose

    def choose_set(self) -> Path | None:
        """A set of the folder; None for a new class."""
        from mssw.next_step import list_sets  # noqa: PLC0415

        found = [_overview(root) for root in list_sets(self.folder)]
        if len(found) == 1 and found[0].root == self.folder:
            return self.folder
        rows = [f"{one.title} ({one.root}): {_remark(one)}" for one in found]
        rows += ["A new class", "Try it first, on a made-up class (two minutes)"]
        report.print_line()
        report.print_line("What would you like to do?")
        while True:
            chosen = self.choose(rows, _first_open(found))
            if chosen < len(found) and not found[chosen].fault:
                return found[chosen].root
            if chosen == len(found):
                return None
            if chosen > len(found):
                self.attempt(["demo", str(self.folder / suggest_folder(DEMO, {p.name for p in self.folder.iterdir()}))])
                raise QuitError

    def choose(self, rows: Sequence[str], suggested: int | None) -> int:
        """Which of some rows a person means."""
        for number, row in enumerate(rows, start=1):
            report.print_line(f"  {number}  {row}")
        while True:
            shown = "" if suggested is None else f" [{suggested + 1}]"
            chosen = read_number(ask_or_quit(f"Number{shown}"), len(rows), suggested)
            if chosen is not None:
                return chosen
            report.print_line(f"Type a number from 1 to {len(rows)}, or q to stop.")

    def make_class(self) -> Path | None:
        """Ask for a new class and prepare it, and ask again where that fails; gives its folder."""
        given = GivenClass()
        while True:
            given = ask_class(given)
            if self.attempt(prepare_words(given)):
                return None if self.dry_run else given.into
            report.print_line("Change what is wrong; Enter keeps an answer as it is.")

    def attempt(self, words: Sequence[str]) -> bool:
        """Run a command, and print why where it fails; gives whether it did its work.

        Raises:
            QuitError: the person stopped it.
        """
        try:
            code = self.run(words)
        except MsswError as error:
            report.print_line(f"\nThat did not work: {error}")
            return False
        if code == ExitCode.INTERRUPTED:
            raise QuitError
        return code in {ExitCode.DONE, ExitCode.FINDINGS}

    def offer_steps(self, root: Path) -> None:
        """Offer the open steps of a set, and run the one that is chosen, until none is left."""
        from mssw.next_step import find_open_steps  # noqa: PLC0415
        from mssw.workset.folder import WorkSet  # noqa: PLC0415

        ran: set[str] = set()
        while (steps := find_open_steps(WorkSet(root))) and not (ran and _all_after_the_session(steps)):
            report.print_line()
            report.print_line("What is open, and what comes next:")
            step = steps[self.choose([f"{one.step}: {one.why}" for one in steps], suggest_step(steps, ran))]
            words = _with_copies(step.words[1:]) if step.step == "packet" else step.words[1:]
            ran.add(step.step)
            self.attempt(words)
        report.print_line()
        report.print_line(f"{root} is ready: the packet is in {root / 'shared'}.")
        for step in steps:
            report.print_line(f"{step.why[0].upper()}{step.why[1:]}:  {step.command}")
        report.print_line(
            f"What is left for you is on your checklist:  {command_line('mssw', 'status', root, '--checklist')}"
        )


def _remark(one: SetOverview) -> str:
    return one.fault or (f"{one.next.step}, {one.next.why}" if one.next else "ready")


def _all_after_the_session(steps: Sequence[NextStep]) -> bool:
    """Whether nothing is left to do before the session."""
    from mssw.next_step import AFTER_THE_SESSION  # noqa: PLC0415

    return all(step.step in AFTER_THE_SESSION for step in steps)


def _first_open(found: Sequence[SetOverview]) -> int:
    """The first class in which something is to be done before a session; else a new class."""
    open_places = (place for place, one in enumerate(found) if one.next and not _all_after_the_session([one.next]))
    return next(open_places, len(found))


def _with_copies(words: Sequence[str]) -> tuple[str, ...]:
    """The words of the packet's command with as many copies as a person says."""
    place = words.index("--copies") + 1
    while True:
        typed = ask(f"How many colleagues get a copy? [{words[place]}]: ")
        if typed is None:
            raise QuitError
        if not typed.strip():
            return tuple(words)
        copies = read_number(typed, MOST_COPIES, None)
        if copies is not None:
            return (*words[:place], str(copies + 1), *words[place + 1 :])
        report.print_line("Type a number, such as 8.")
