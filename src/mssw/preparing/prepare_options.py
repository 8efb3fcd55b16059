"""What a person asks of ``prepare``, and what it reports at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mssw.preparing.matches import MatchCounts
from mssw.vision.name_field import NameField
from mssw.workers.crew import PAGE_SECONDS, Job, run_all

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
        seconds: float = PAGE_SECONDS,
    ) -> Iterator[tuple[Job, Any]]:
        """Yield each job with its result, or its MsswError, as it is done."""


@dataclass(frozen=True)
class PrepareOptions:
    """What a person asks of ``prepare``. What is left out comes from the set, if it was prepared before.

    Attributes:
        stacks: scans: files and folders.
        task: the blank task.
        roster: the class list.
        fronts_backs: the two stacks are the fronts and the backs of the same sheets.
        backs_reversed: whether the backs run from the last sheet to the first; None where the pages tell.
        pages_per_student: how many each handed in, if there is no task.
        fields: name fields that the teacher gives, each ``page:x,y,w,h``.
        seed: for the aliases; None is the system's secure source.
        title: of the set.
        grade: of the class.
        workers: processes at a time; None for the number of cores.
        also: a file of further words and names to look for in what students wrote.
        columns: what the columns of the class list hold, each like ``last=Surname``.
        cover_likely: whether likely names are covered too, and not only the sure ones; None leaves it as it is.
        section: which class of a roster of several; empty for all of it.
        settings: further settings of the set, by key of ``set.toml``.
        refused: aliases that are like a student of another class; None leaves it as it is.
        run_pages: runs the jobs that look at pages and cover responses.
        codes: folders of other sets whose coded sheets may lie in the same stack.
    """

    stacks: Sequence[Path] = ()
    task: Path | None = None
    roster: Path | None = None
    fronts_backs: bool = False
    backs_reversed: bool | None = None
    pages_per_student: int | None = None
    fields: Sequence[str] = ()
    seed: int | None = None
    title: str = ""
    grade: str = ""
    workers: int | None = None
    also: Path | None = None
    cover_likely: bool | None = None
    columns: Sequence[str] = ()
    section: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    refused: frozenset[str] | None = None
    run_pages: RunPages = run_all
    codes: Sequence[Path] = ()


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

    @property
    def roster_doubt(self) -> str:
        """Why the roster may be another class's; empty if it fits, or if the task asks for no name."""
        responses = len(self.released) + len(self.held)
        if self.whose is None or not any(field.holds_name for field in self.fields):
            return ""
        fewest = FEWEST_TO_DOUBT if self.whose.matched else FEWEST_TO_DOUBT // 2
        if responses < fewest or self.whose.matched >= LEAST_MATCHED * responses:
            return ""
        return (
            f"only {self.whose.matched} of {responses} works bear a name that is clearly on the class list: is it the "
            "list of this class? Names in the answers were looked for by it; give the right one and run this again"
        )


def quiet(_stage: str, _done: int, _of: int) -> None:
    """Progress that nobody sees."""
