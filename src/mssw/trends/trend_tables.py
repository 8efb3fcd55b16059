"""Count ways of thinking, levels and learning gaps over many classes. Pure: values go in, counts come out.

A response counts once in its group. Piles and gaps of different teachers count as one only where the user's own mapping
joins them. Responses that are set aside take no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mssw.sorting.piles import Level
from mssw.trends.suppression import CountTable

WAYS = ("class", "grade", "subject", "school", "time")
NO_PILE, NO_LEVEL, NOT_SAID = "not in a pile", "no level", "not stated"
LEVELS = tuple(str(level) for level in Level)

PileMapping = Mapping[tuple[str, str], str]
"""The joined name of a pile or gap, by the class's label and the teacher's own words."""


@dataclass(frozen=True, slots=True)
class ClassFindings:
    """What is known of one class and one task. Its repr names no student.

    Attributes:
        label: what the class is called in tables.
        groups: its grade, subject, school and time.
        teachers: the presenting teachers; never shown to leaders.
        piles: the pile of each response, by alias; empty where it has none.
        levels: the level of each response, by alias; empty where it has none.
        named: the piles that the teacher made, also empty ones.
        gaps: the responses with each learning gap.
        looked_at: the responses that the team talked about.
        students: who wrote each response, where the key is there; only to follow the same students over time.
        will_do: the next steps that the team chose.
        asks: what the team asks for.
        made_up: whether no student wrote any of it.
    """

    label: str
    groups: Mapping[str, str]
    teachers: tuple[str, ...]
    piles: Mapping[str, str]
    levels: Mapping[str, str]
    named: tuple[str, ...] = ()
    gaps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    looked_at: tuple[str, ...] = ()
    students: Mapping[str, str] = field(default_factory=dict, repr=False)
    will_do: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    made_up: bool = False

    @property
    def responses(self) -> int:
        """How many responses take part."""
        return len(self.piles)

    def group(self, by: str) -> str:
        """The group that the class is in."""
        return self.label if by == "class" else self.groups.get(by, "") or NOT_SAID


@dataclass(frozen=True, slots=True)
class TrendGroup:
    """A group of classes.

    Attributes:
        name: such as the grade.
        classes: how many classes.
        responses: how many responses.
        looked_at: how many of them a team talked about.
    """

    name: str
    classes: int
    responses: int
    looked_at: int


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A way of thinking, a level or a gap over all groups.

    Attributes:
        name: of it.
        classes: in how many classes it is.
        responses: how many responses show it.
        by_group: how many in each group.
        is_joined: whether it joins the words of several teachers, or needs no joining.
    """

    name: str
    classes: int
    responses: int
    by_group: tuple[int, ...]
    is_joined: bool = True


@dataclass(frozen=True, slots=True)
class LevelMove:
    """How many of the same students went from one level to another between two times."""

    earlier: str
    later: str
    before: str
    after: str
    students: int


@dataclass(frozen=True, slots=True)
class Trends:
    """What there is to see over all sets.

    Attributes:
        by: what the groups are.
        groups: in their order.
        thinking: the ways of thinking; the last row may be those in no pile.
        levels: high, medium, low, and those without a level.
        gaps: the learning gaps; a response can have several.
        moves: of the same students between two times.
    """

    by: str
    groups: tuple[TrendGroup, ...]
    thinking: tuple[TrendRow, ...]
    levels: tuple[TrendRow, ...]
    gaps: tuple[TrendRow, ...]
    moves: tuple[LevelMove, ...] = ()


def find_same_classes(classes: Sequence[ClassFindings], *, by_teacher: bool) -> dict[str, int]:
    """Which sets are of one class, or of one teacher: a number for each label.

    Two sets are of one class where they share most of their students, such as one before and one after teaching. They
    are of one teacher also where they have a presenting teacher in common.
    """
    numbers = {one.label: number for number, one in enumerate(classes)}
    for place, one in enumerate(classes):
        for other in classes[:place]:
            if _shares_students(one, other) or (by_teacher and _shares_teacher(one, other)):
                old, new = numbers[one.label], numbers[other.label]
                numbers = {label: new if number == old else number for label, number in numbers.items()}
    return numbers


def _shares_students(one: ClassFindings, other: ClassFindings) -> bool:
    first, second = set(one.students.values()), set(other.students.values())
    return 2 * len(first & second) > max(1, min(len(first), len(second)))


def _shares_teacher(one: ClassFindings, other: ClassFindings) -> bool:
    return bool({name.casefold() for name in one.teachers} & {name.casefold() for name in other.teachers})


def count_trends(
    classes: Sequence[ClassFindings],
    by: str,
    thinking: PileMapping,
    gaps: PileMapping,
    order: Sequence[str],
    *,
    one_teacher: Mapping[str, int] | None = None,
) -> Trends:
    """Count everything.

    Args:
        classes: of which at least one.
        by: one of ``WAYS``.
        thinking: the joined names of piles.
        gaps: the joined names of gaps.
        order: the groups, as they are shown.
        one_teacher: a number for each label, the same for sets that count as one class; None counts each set.
    """
    same = one_teacher or {one.label: number for number, one in enumerate(classes)}
    groups = tuple(_count_group(name, classes, by, same) for name in order)
    piled = [(one, [(_pile_name(one, pile, thinking), alias) for alias, pile in one.piles.items()]) for one in classes]
    levelled = [(one, [(level or NO_LEVEL, alias) for alias, level in one.levels.items()]) for one in classes]
    gapped = [(one, _gap_pairs(one, gaps)) for one in classes]
    joined = set(thinking.values()) | {NO_PILE}
    rows = _count_rows(piled, by, order, joined, same)
    rows.sort(key=lambda row: (row.name == NO_PILE, not row.is_joined, -row.classes, -row.responses, row.name))
    levels = {row.name: row for row in _count_rows(levelled, by, order, {*LEVELS, NO_LEVEL}, same)}
    gap_rows = _count_rows(gapped, by, order, set(gaps.values()), same)
    gap_rows.sort(key=lambda row: (not row.is_joined, -row.classes, -row.responses, row.name))
    return Trends(
        by,
        groups,
        tuple(rows),
        tuple(levels[name] for name in (*LEVELS, NO_LEVEL) if name in levels),
        tuple(gap_rows),
        _count_moves(classes, order) if by == "time" else (),
    )


def _count_group(name: str, classes: Sequence[ClassFindings], by: str, same: Mapping[str, int]) -> TrendGroup:
    own = [one for one in classes if one.group(by) == name]
    many = len({same[one.label] for one in own})
    return TrendGroup(name, many, sum(one.responses for one in own), sum(len(one.looked_at) for one in own))


def _pile_name(one: ClassFindings, pile: str, thinking: PileMapping) -> str:
    """A pile's joined name, or its own with the class, so that two teachers' words are never taken for the same."""
    if not pile:
        return NO_PILE
    return thinking.get((one.label, pile)) or f"{pile} ({one.label})"


def _gap_pairs(one: ClassFindings, gaps: PileMapping) -> list[tuple[str, str]]:
    pairs = {
        (gaps.get((one.label, gap)) or f"{gap} ({one.label})", alias)
        for gap, aliases in one.gaps.items()
        for alias in aliases
    }
    return sorted(pairs)


def _count_rows(
    found: Iterable[tuple[ClassFindings, Sequence[tuple[str, str]]]],
    by: str,
    order: Sequence[str],
    joined: set[str],
    same: Mapping[str, int],
) -> list[TrendRow]:
    """A row for each name, in the order in which the names are found."""
    counts: dict[str, Counter[str]] = {}
    classes: dict[str, set[int]] = {}
    for one, pairs in found:
        for name, _ in pairs:
            counts.setdefault(name, Counter())[one.group(by)] += 1
            classes.setdefault(name, set()).add(same[one.label])
    return [
        TrendRow(name, len(classes[name]), count.total(), tuple(count[group] for group in order), name in joined)
        for name, count in counts.items()
    ]


def _count_moves(classes: Sequence[ClassFindings], order: Sequence[str]) -> tuple[LevelMove, ...]:
    """How the same students moved between levels from one time to the next."""
    at = {
        time: {
            student: one.levels.get(alias, "")
            for one in classes
            if one.group("time") == time
            for alias, student in one.students.items()
        }
        for time in order
    }
    moves: list[LevelMove] = []
    for earlier, later in pairwise(order):
        both = at[earlier].keys() & at[later].keys()
        pairs = Counter((at[earlier][one], at[later][one]) for one in both if at[earlier][one] and at[later][one])
        moves += [
            LevelMove(earlier, later, before, after, pairs[before, after])
            for before in LEVELS
            for after in LEVELS
            if pairs[before, after]
        ]
    return tuple(moves)


def table_of(title: str, rows: Sequence[TrendRow], groups: Sequence[str]) -> CountTable:
    """Rows that add up to their groups, as a table."""
    return CountTable(title, tuple(row.name for row in rows), tuple(groups), tuple(row.by_group for row in rows))
