"""The rows of a department's report, one for each class, and the workbook with them. Nothing in it names a student."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from mssw.formats.workbooks import Cell, workbook_bytes
from mssw.names.name_search import NameSearch
from mssw.preparing.prepare_options import PrepareReport
from mssw.preparing.release import REFUSED

NOT_SHOWN = "(not shown, because it includes a name from a class list)"
_PAGE_OF_REASON = re.compile(r"^.+?, page \d+: | \((?:from|it holds) .+?, page \d+\)")
COLUMNS = (
    "Class",
    "State",
    "Pages",
    "Kept",
    "Blank",
    "Set aside",
    "Pages on hold",
    "Responses",
    "Released",
    "Responses on hold",
    "Reasons",
    "Matched",
    "Names covered",
    "Flagged",
    "Audit",
    "Packet",
    "Seen",
    "Seconds",
    "Next step",
    "Problems",
)
NO_LIST = "no class list"


class ClassState(StrEnum):
    """How a class ended; ``NOT_DONE`` in the workbook alone, where no run has done it so far."""

    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    NOT_DONE = "not done"


@dataclass(frozen=True)
class Row:
    """One class.

    Attributes:
        name: of the class.
        into: its work set.
        state: how it ended.
        pages: by fate, and ``scanned`` for all.
        works: all responses, also those on hold.
        released: in ``shared/work``.
        held: responses on hold.
        reasons: how many responses are on hold for each reason.
        matched: responses that are matched to a student; None without a roster.
        named: names that are covered in what students wrote.
        flagged: places that a person has to decide on.
        audited: files that passed the audit.
        refused: responses that the audit refused.
        packet: copies in the packet; 0 where there is none.
        seconds: from the class's first step to its last, while others ran beside it.
        problems: why it failed, or what a person has to do.
    """

    name: str
    into: str
    state: ClassState
    pages: Mapping[str, int] = field(default_factory=dict)
    works: int = 0
    released: int = 0
    held: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    matched: int | None = None
    named: int = 0
    flagged: int = 0
    audited: int = 0
    refused: int = 0
    packet: int = 0
    seconds: float = 0.0
    problems: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing of it waits for a person."""
        return self.state is not ClassState.FAILED and not self.held and not self.problems

    def to_json(self) -> dict[str, Any]:
        """The class's line of JSON."""
        values = asdict(self)
        return {"class": values.pop("name"), **values, "problems": list(self.problems)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Row:
        """Read a line back."""
        rest = {key: value[key] for key in value if key != "class"}
        return cls(
            value["class"], **(rest | {"state": ClassState(value["state"]), "problems": tuple(value["problems"])})
        )


def row_of(name: str, into: str, done: PrepareReport) -> Row:
    """The row of a class that was prepared."""
    reasons = Counter(_without_page(reason) for _, held in done.held for reason in held)
    refused = sum(any(reason.startswith(REFUSED) for reason in reasons) for _, reasons in done.held)
    works = len(done.released) + len(done.held)
    row = Row(
        name,
        into,
        ClassState.DONE,
        dict(done.counts),
        works,
        len(done.released),
        len(done.held),
        dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        done.whose.matched if done.whose else None,
        done.named,
        done.flagged,
        done.audited,
        refused,
    )
    doubt = done.roster_doubt
    return replace(row, problems=(doubt,)) if doubt else row


def _without_page(reason: str) -> str:
    """A reason without the page that it is about."""
    return _PAGE_OF_REASON.sub("", reason).strip()


def without_names(row: Row, names: NameSearch) -> Row:
    """The row without any text that contains a name of a roster, such as the name of a scan."""
    return replace(
        row,
        reasons={hide_names(reason, names): count for reason, count in row.reasons.items()},
        problems=tuple(hide_names(problem, names) for problem in row.problems),
    )


def hide_names(text: str, names: NameSearch) -> str:
    """The text; if it contains a name, the words that stand for it."""
    return NOT_SHOWN if names.hits(text) else text


@dataclass(frozen=True, slots=True)
class Onward:
    """How far people have come with a class since it was prepared.

    Attributes:
        seen: responses that a person has looked at.
        command: what does the next step; empty where nothing is left to do.
    """

    seen: int = 0
    command: str = ""


def report_bytes(rows: Sequence[Row], onward: Mapping[str, Onward]) -> bytes:
    """The workbook ``report.xlsx``: a row for each class, and one for all.

    Args:
        rows: in order.
        onward: by the name of the class.
    """
    cells = [_cells(row, onward.get(row.name, Onward())) for row in rows]
    table: list[list[Cell]] = [list(COLUMNS), *cells, _total(rows, sum(one.seen for one in onward.values()))]
    widths = [16, 11, *[9] * 8, 48, 10, 9, 9, 18, 12, 9, 9, 40, 60]
    return workbook_bytes({"Classes": table}, {"Classes": [float(width) for width in widths]}, is_report=True)


def _cells(row: Row, onward: Onward) -> list[Cell]:
    fates = [row.pages.get(fate, 0) for fate in ("scanned", "kept", "blank", "set aside", "held")]
    audit = f"passed, {row.audited} files" if row.audited else ""
    return [
        row.name,
        str(row.state),
        *fates,
        row.works,
        row.released,
        row.held,
        "; ".join(f"{count} × {reason}" for reason, count in row.reasons.items()),
        NO_LIST if row.matched is None and row.pages else row.matched,
        row.named,
        row.flagged,
        f"{audit}; {row.refused} refused" if row.refused else audit,
        f"{row.packet} copies" if row.packet else "",
        onward.seen,
        round(row.seconds, 1),
        onward.command,
        "\n".join(row.problems),
    ]


def _total(rows: Sequence[Row], seen: int) -> list[Cell]:
    fates = [sum(row.pages.get(fate, 0) for row in rows) for fate in ("scanned", "kept", "blank", "set aside", "held")]
    sums = [sum(getattr(row, key) for row in rows) for key in ("works", "released", "held")]
    states = Counter(row.state for row in rows)
    sums_of_names = [
        sum(row.matched or 0 for row in rows),
        sum(row.named for row in rows),
        sum(row.flagged for row in rows),
    ]
    files = sum(row.audited for row in rows)
    return [
        "all",
        ", ".join(f"{states[state]} {state}" for state in (ClassState.FAILED, ClassState.NOT_DONE) if states[state]),
        *fates,
        *sums,
        "",
        *sums_of_names,
        f"passed, {files} files",
        "",
        seen,
        "",  # classes run side by side, so their seconds do not add up
        "",
        "",
    ]
