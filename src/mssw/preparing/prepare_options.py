"""The options of ``prepare``, and its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mssw.core.option import Choice, option, read_flag, read_text, read_texts

if TYPE_CHECKING:  # the command takes its options from here, and its help loads nothing heavy
    from mssw.core.page import Box
    from mssw.preparing.matches import MatchCounts
    from mssw.roster.roster_file import RosterReport
    from mssw.vision.name_field import NameField
    from mssw.workers import Job

Progress = Callable[[str, int, int], None]

FEWEST_TO_DOUBT = 6  # responses; half as many if not one is matched
LEAST_MATCHED = (
    0.6  # of them: measured were .85 and more with a class's own list, .54 with one that shares half its words
)


class RunPages(Protocol):
    """Runs the jobs that look at pages and cover responses: ``run_all`` on this machine, or its like elsewhere."""

    def __call__(
        self,
        work: Callable[[Job], Any],
        jobs: Iterable[Job],
        *,
        workers: int | None = None,
        seconds: float = ...,
    ) -> Iterator[tuple[Job, Any]]:
        """Yield each job with its result, or its MsswError, as it is done."""


@dataclass(frozen=True, slots=True)
class OtherAliases:
    """The aliases of other sets that colleagues may see too.

    Attributes:
        session: of sets for the same session: a new alias is one of them only when the list runs out.
        elsewhere: of further sets: they may come again before those of the session do.
    """

    session: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


AliasTurn = Callable[[], AbstractContextManager[OtherAliases]]


class Cover(Choice):
    """Which names in the text are covered without asking."""

    SURE = "sure"
    LIKELY = "likely"


class Backs(Choice):
    """The order in which a stack's backs were fed."""

    AUTO = "auto"
    SAME = "same"
    REVERSED = "reversed"

    @property
    def are_reversed(self) -> bool | None:
        """Whether the backs run from the last sheet to the first; None where the pages are to tell."""
        return None if self is Backs.AUTO else self is Backs.REVERSED


def _read_path(value: object) -> Path:
    return Path(read_text(value))


def _read_sets(value: object) -> tuple[Path, ...]:
    return tuple(map(Path, read_texts(value, "a class of the plan or the folder of a set")))


@dataclass(frozen=True)
class PrepareOptions:
    """The options of ``prepare``. What is left out is taken from the set, where it was prepared before.

    Attributes:
        stacks: the scans: files and folders.
        fronts_backs: whether the two stacks are the fronts and the backs of the same sheets.
        sheet: of a workbook of several sheets, the one that is meant; empty for the first with students.
        section: of a roster of several classes, the one that is meant; empty for all of it.
        settings: further settings of the set, by key of ``set.toml``.
        refused: aliases that are like a student of another class; None leaves them as they are.
        alias_turn: holds other classes up while this one draws its aliases; None where no others are at work.
        run_pages: runs the jobs that look at pages and cover responses; None for workers of this machine.
    """

    stacks: Sequence[Path] = ()
    task: Path | None = field(
        default=None,
        metadata=option("The blank task, as PDF or image.", metavar="TASK", plan_key="task", read=_read_path),
    )
    roster: Path | None = field(
        default=None,
        metadata=option(
            "Your class list: an export from your school's system, or a plain list of names.",
            metavar="ROSTER",
            plan_key="roster",
            read=_read_path,
        ),
    )
    task_is_blank: bool = field(
        default=False,
        metadata=option(
            "You looked: nothing is written on the blank task, although mssw takes it for a filled copy, or finds too "
            "little of its print.",
            "--task-is-blank",
            plan_key="task_is_blank",
            read=read_flag,
        ),
    )
    columns: Sequence[str] = field(
        default=(),
        metadata=option(
            "Which columns of the class list hold names and numbers, by header or letter, if mssw gets them wrong.",
            "--columns",
            metavar="last=COLUMN,first=COLUMN,id=COLUMN",
            plan_key="columns",
        ),
    )
    sheet: str = field(
        default="",
        metadata=option(
            "The workbook sheet with this class, by name or number; by default the first one with students.",
            "--sheet",
            metavar="NAME",
            plan_key="sheet",
            read=read_text,
        ),
    )
    also: Path | None = field(
        default=None,
        metadata=option(
            "More names to look for in what students wrote, one per line.",
            metavar="FILE",
            plan_key="also",
            read=_read_path,
        ),
    )
    fronts_backs: bool = False
    backs: Backs = field(
        default=Backs.AUTO,
        metadata=option(
            "The order in which the backs were scanned.", shown_default=True, plan_key="backs_order", read=Backs.read
        ),
    )
    pages_per_student: int | None = field(
        default=None,
        metadata=option(
            "Without a blank task: how many pages each student handed in.", metavar="N", plan_key="pages_per_student"
        ),
    )
    fields: Sequence[str] = field(
        default=(),
        metadata=option(
            "Where students write their names, in fractions of the task's page, if mssw gets it wrong.",
            "--field",
            metavar="PAGE:X,Y,W,H",
            plan_key="fields",
        ),
    )
    cover: Cover | None = field(
        default=None,
        metadata=option(
            "Names in what students wrote: cover only the sure ones, or the likely ones too.",
            shown_default="sure",
            plan_key="cover",
            read=Cover.read,
        ),
    )
    seed: int | None = field(
        default=None,
        metadata=option("Draw the same aliases each time. Not for real classes.", metavar="N", plan_key="seed"),
    )
    title: str = field(default="", metadata=option("The title to print on the packet.", metavar="TEXT"))
    grade: str = field(default="", metadata=option("The grade to print on the packet.", metavar="TEXT"))
    workers: int | None = field(
        default=None, metadata=option("How many processes to run at once; by default one per core.", metavar="N")
    )
    codes: Sequence[Path] = field(
        default=(),
        metadata=option(
            "Another class's set, if its coded sheets may be in this stack (see `mssw sheets`).",
            metavar="DIR",
            plan_key="codes",
            read=_read_sets,
        ),
    )
    aliases: str | None = field(
        default=None,
        metadata=option(
            "What responses are called: easy (easy to say), world (names from all over the world) or numbers. Your own "
            "names go into set.toml.",
            metavar="KIND",
            shown_default="easy",
            plan_key="aliases",
            read=read_text,
        ),
    )
    beside: Sequence[Path] = field(
        default=(),
        metadata=option(
            "Another set for the same session, so that no alias is used twice.",
            metavar="DIR",
            plan_key="beside",
            read=_read_sets,
        ),
    )
    same_aliases_as: Path | None = field(
        default=None,
        metadata=option(
            "Another set of the same students: each student keeps the alias from there, as for before and after.",
            "--same-aliases-as",
            metavar="DIR",
            plan_key="same_aliases_as",
            read=_read_path,
        ),
    )
    start_over: bool = field(
        default=False,
        metadata=option(
            "Go on although a private file is missing, damaged or another one; what was decided is forgotten.",
            "--start-over",
        ),
    )
    section: str = field(
        default="",
        metadata=option("Which class to read, if the roster lists several.", plan_key="section", read=read_text),
    )
    settings: Mapping[str, Any] = field(default_factory=dict)
    refused: frozenset[str] | None = None
    alias_turn: AliasTurn | None = None
    run_pages: RunPages | None = None


@dataclass(frozen=True)
class CommonPlace:
    """Where most of the class has a name of the class list, on a task without a name field.

    Attributes:
        task_page: 1-based page of the task.
        box: the place.
        pages: on how many pages a name was read there.
        of: how many scans there are of that page.
    """

    task_page: int
    box: Box
    pages: int
    of: int

    @property
    def option(self) -> str:
        """The place as ``--field`` takes it."""
        return f"{self.task_page}:{','.join(f'{number:.3f}' for number in self.box.numbers)}"


@dataclass(frozen=True)
class PrepareReport:
    """What ``prepare`` did. It names nobody.

    Attributes:
        counts: pages by fate, and ``scanned`` for all.
        released: aliases in ``shared/work``.
        held: alias and reasons of each response that is on hold.
        other: pages that are blank or set aside: where, fate, reason.
        fields: where names were covered.
        notes: sentences that a person should read.
        audited: how many files the audit passed.
        named: how many names in what students wrote are covered.
        flagged: how many places are flagged for a person to decide, on pages that nobody has approved yet.
        whose: how many responses are matched to a student; None without a roster.
        roster: what was read of the class list that was given now; None where none was.
        common_place: where names were read, if the task has no name field; None if that is no one place.
        roster_doubt: why hardly any name was found on the class list; empty if enough were.
        shows_places: whether the class shows where it writes its names; a note says where.
    """

    counts: dict[str, int]
    released: tuple[str, ...]
    held: tuple[tuple[str, tuple[str, ...]], ...]
    other: tuple[tuple[str, str, str], ...]
    fields: tuple[NameField, ...]
    notes: tuple[str, ...]
    audited: int
    named: int = 0
    flagged: int = 0
    whose: MatchCounts | None = None
    roster: RosterReport | None = None
    common_place: CommonPlace | None = None
    roster_doubt: str = ""
    shows_places: bool = False


def are_few_matched(matched: MatchCounts | None, responses: int, fields: Sequence[NameField], telling: int) -> bool:
    """Whether so few names fit the class list that something is wrong, if the task asks for a name at all.

    Args:
        matched: how many responses are matched to a student; None without a roster.
        responses: how many there are, without those that are set aside.
        fields: where the task asks for names.
        telling: how many of them can tell whether the list is right.
    """
    if matched is None or not any(field.holds_name for field in fields):
        return False
    fewest = FEWEST_TO_DOUBT if matched.matched else FEWEST_TO_DOUBT // 2
    return responses >= fewest and matched.matched < LEAST_MATCHED * telling


def quiet(_stage: str, _done: int, _of: int) -> None:
    """Progress that nobody sees."""
