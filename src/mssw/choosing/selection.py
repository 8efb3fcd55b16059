"""Select samples from a sorted class: every pile and level is shown, rare thinking stays, and the rest is balanced.

The first rule: show as many piles and teachers as possible, then as many levels. So the only response of a pile is
always selected, however few students think like that.

The second rule: maximise Σ√(samples of a pile) + Σ√(samples of a level) + Σ√(samples of a cell), where a cell is a pile
at a level, and with several teachers also Σ√(samples of a teacher). The root makes the second sample of a kind worth
less than the first of another. All sums weigh the same: for ten samples of five piles and three levels they are of one
size, so that none outvotes the others, and a pile does not count more because it is large.

Ties go to responses that were not shown lately, then to cells that hold more of the class, then by the order of the
teacher's piles and by a hash, never by the alphabet.

``select_samples`` takes all responses and returns the samples; ``explain_choice`` says in one sentence each why.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from math import fsum, sqrt

from mssw.core.wording import PrintWords
from mssw.sorting.piles import Level

LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
MOST_PILES = 12
SHOWN = {"source": 10, "pile": 10, "level": 1, "cell": 0}
"""Points for showing at least one sample of a kind. No number of levels makes up for a pile that is not shown."""
NOT_SURE = "not sure"
"""The pile of responses that the teacher could not put elsewhere; it is shown like any other."""
Cell = tuple[str, Level | None]
Bin = tuple[str, Level | None, str]
Group = tuple[str, str]
Score = tuple[int, float, int, int]

FEW = 3  # with this many in a cell, one can be typical


@dataclass(frozen=True, slots=True)
class Candidate:
    """A response that may be selected.

    Attributes:
        id: its alias; with several sets, set and alias.
        pile: its pile, under one name for all sets; empty if it has none.
        level: None if it has none.
        source: its set.
        written: mm² of ink on each of its pages; empty if not known.
        locked: whether the teacher wants it in.
        banned: whether the teacher wants it out.
        shown_lately: whether a response of the same student was used in one of the last sessions.
    """

    id: str
    pile: str = ""
    level: Level | None = None
    source: str = ""
    written: tuple[float, ...] = ()
    locked: bool = False
    banned: bool = False
    shown_lately: bool = False

    @property
    def cell(self) -> Cell:
        """Its pile and level."""
        return self.pile, self.level

    @property
    def bin(self) -> Bin:
        """All that the balance looks at: responses of one bin can replace each other."""
        return self.pile, self.level, self.source


def select_samples(works: Sequence[Candidate], count: int) -> tuple[Candidate, ...]:
    """Select the samples by the rules above: greedily, then by exchanges as long as one helps.

    Args:
        works: all responses, the banned ones too.
        count: how many to select; if there are fewer, all are selected.

    Returns:
        The samples, cell by cell; in each cell first the locked, then the typical, then the most different.

    Raises:
        ValueError: more responses are locked than are to be selected.
    """
    free = [work for work in works if not work.banned]
    if sum(work.locked for work in free) > count:
        raise ValueError("more responses are locked than are to be selected")
    class_ = _Class(free)
    return class_.pick(class_.improve(class_.fill_up(min(count, len(free)))))


def measure_balance(works: Iterable[Candidate]) -> float:
    """The sum that the second rule maximises, for these samples."""
    return fsum(map(sqrt, _count_groups(Counter(work.bin for work in works)).values()))


def _count_groups(taken: Mapping[Bin, int]) -> dict[Group, int]:
    """How many samples each pile, level, cell and teacher has."""
    sizes: dict[Group, int] = {}
    for bin_, count in taken.items():
        if count:
            for group in _groups(bin_):
                sizes[group] = sizes.get(group, 0) + count
    return sizes


@cache
def _groups(bin_: Bin) -> tuple[Group, ...]:
    """The groups that a response counts for: its pile, its level, its cell, its teacher, as far as it has them."""
    pile, level, source = bin_
    named: tuple[tuple[Group, object], ...] = (
        (("source", source), source),
        (("pile", pile), pile),
        (("level", level or ""), level),
        (("cell", f"{level} {pile}"), pile and level),
    )
    return tuple(group for group, name in named if name)


class _Class:
    """The responses that may be selected, and how many of each bin are taken."""

    def __init__(self, works: Sequence[Candidate]) -> None:
        self.works = works
        self.room = Counter(work.bin for work in works)
        self.locked = Counter(work.bin for work in works if work.locked)
        self.fresh = Counter(work.bin for work in works if not work.shown_lately)
        order = {pile: place for place, pile in enumerate(dict.fromkeys(work.pile for work in works))}
        sources = {source: place for place, source in enumerate(dict.fromkeys(work.source for work in works))}
        self.bins = sorted(self.room, key=lambda b: (order[b[0]], _rank(b[1]), sources[b[2]]))

    def score(self, taken: Mapping[Bin, int]) -> Score:
        """How good a choice is: what it shows, its balance, what was shown lately, what it stands for in the class."""
        sizes = _count_groups(taken)
        shown = sum(SHOWN[kind] for kind, _ in sizes)
        again = sum(max(0, count - self.fresh[bin_]) for bin_, count in taken.items() if count)
        stands_for = sum(count * self.room[bin_] for bin_, count in taken.items())
        return shown, round(fsum(map(sqrt, sizes.values())), 9), -again, stands_for

    def fill_up(self, count: int, taken: Mapping[Bin, int] | None = None) -> dict[Bin, int]:
        """Start with what is taken already, else with the locked; then add one by one what adds most."""
        taken = {bin_: (taken or self.locked)[bin_] for bin_ in self.bins}
        while sum(taken.values()) < count:
            open_ = [bin_ for bin_ in self.bins if taken[bin_] < self.room[bin_]]
            best = max(open_, key=lambda bin_: self.score({**taken, bin_: taken[bin_] + 1}))  # the first of equals
            taken[best] += 1
        return taken

    def improve(self, taken: dict[Bin, int]) -> dict[Bin, int]:
        """Give back one or two samples and select anew, as long as that makes the choice better."""
        count, best = sum(taken.values()), self.score(taken)
        while True:
            trials = [self.fill_up(count, start) for start in self._give_back(taken)]
            better = max(trials, key=self.score, default=taken)
            if self.score(better) <= best:
                return taken
            best, taken = self.score(better), better

    def _give_back(self, taken: Mapping[Bin, int]) -> Iterable[dict[Bin, int]]:
        """Each choice with one sample less, with two less, and with two less and one other more."""
        for one, other in combinations_with_replacement(self.bins, 2):
            fewer = {**taken, one: taken[one] - 1}
            if fewer[one] < self.locked[one]:
                continue
            yield fewer
            fewer = {**fewer, other: fewer[other] - 1}
            if fewer[other] < self.locked[other]:
                continue
            yield fewer
            yield from ({**fewer, more: fewer[more] + 1} for more in self.bins if fewer[more] < self.room[more])

    def pick(self, taken: Mapping[Bin, int]) -> tuple[Candidate, ...]:
        """The responses themselves."""
        cells = list(dict.fromkeys((pile, level) for pile, level, _ in self.bins))
        return tuple(work for cell in cells for work in self._pick_in_cell(cell, taken))

    def _pick_in_cell(self, cell: Cell, taken: Mapping[Bin, int]) -> list[Candidate]:
        """First the locked, then the typical one, then each time the one that differs most from those before."""
        works = [work for work in self.works if work.cell == cell]
        chosen = sorted((work for work in works if work.locked), key=_draw_lot)
        left = Counter({bin_: taken[bin_] - self.locked[bin_] for bin_ in self.bins if bin_[:2] == cell})
        while +left:
            # thinking and level are the same here, so any other can replace one that was shown lately
            open_ = [work for work in works if left[work.bin] > 0 and work not in chosen]
            fresh = [work for work in open_ if not work.shown_lately] or open_
            one = find_most_different(fresh, chosen) if chosen else find_typical(fresh, works)
            chosen.append(one)
            left[one.bin] -= 1
        return chosen


def _rank(level: Level | None) -> int:
    return LEVELS.index(level) if level else len(LEVELS)


def _draw_lot(work: Candidate) -> str:
    """A sort key that says nothing about a response, and is the same each time."""
    return hashlib.sha256(work.id.encode()).hexdigest()


def measure_distance(one: Candidate, other: Candidate) -> float:
    """How differently much two students wrote and drew, page by page: Σ of |√mm² - √mm²|.

    Without reading a response, nothing else is known. It says nothing about the thinking; the piles do that. The root
    keeps one page full of ink from deciding alone.
    """
    pages = zip(one.written, other.written, strict=False)
    return sum(abs(sqrt(a) - sqrt(b)) for a, b in pages) + sum(
        sqrt(more) for more in (*one.written[len(other.written) :], *other.written[len(one.written) :])
    )


def find_typical(some: Sequence[Candidate], works: Sequence[Candidate]) -> Candidate:
    """The one of ``some`` that is nearest to all responses of the cell together."""
    return min(
        some, key=lambda work: (round(sum(measure_distance(work, other) for other in works), 6), _draw_lot(work))
    )


def find_most_different(some: Sequence[Candidate], chosen: Sequence[Candidate]) -> Candidate:
    """The one of ``some`` that is farthest from the nearest chosen one."""
    return min(
        some, key=lambda work: (-round(min(measure_distance(work, other) for other in chosen), 6), _draw_lot(work))
    )


def find_nearest(work: Candidate, chosen: Sequence[Candidate]) -> Candidate:
    """The sample nearest to a response: one of its pile before others, then by level, then by ink."""
    return min(chosen, key=lambda one: _farness(one, work))


def _farness(one: Candidate, work: Candidate) -> tuple[bool, int, float, str]:
    """A sort key: how far a sample is from a response, by pile before level, and by ink last."""
    levels = abs(_rank(one.level) - _rank(work.level))
    return one.pile != work.pile, levels, round(measure_distance(one, work), 6), _draw_lot(one)


def find_swaps(work: Candidate, chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The samples that a response could replace without losing a pile, level, cell or teacher, the nearest first.

    A locked sample is never replaced, and a banned response replaces none.
    """
    if work.banned:
        return ()
    groups = Counter(group for one in chosen for group in _groups(one.bin))
    mine = set(_groups(work.bin))
    free = (
        one
        for one in chosen
        if not one.locked and all(groups[group] > 1 or group in mine for group in _groups(one.bin))
    )
    return tuple(sorted(free, key=lambda one: _farness(one, work)))


def find_unseen(works: Sequence[Candidate], chosen: Sequence[Candidate]) -> tuple[str, ...]:
    """The piles and levels of the class that no sample shows; banned responses count as the class too."""
    shown = {group for one in chosen for group in _groups(one.bin)}
    lost = dict.fromkeys(group for work in works for group in _groups(work.bin) if group not in shown)
    return tuple(str(name) for kind, name in lost if kind in {"pile", "level"})


def describe_place(work: Candidate, words: PrintWords) -> str:
    """Pile and level of a response in words: ``“air is nothing”, high``."""
    key = ("place" if work.level else "place_no_level") if work.pile else "place_no_pile"
    known = {"pile": name_pile(work.pile, words), "level": _name_level(work, words)}
    return words.text(f"choice.{key if work.pile or work.level else 'place_unsorted'}", **known)


def explain_choice(chosen: Sequence[Candidate], works: Sequence[Candidate], words: PrintWords) -> dict[str, str]:
    """Why each sample was selected, by id; a sentence that names responses by alias only.

    Args:
        chosen: the samples, in the order of ``select_samples``.
        works: all responses that were not set aside, the banned and those left out too.
        words: of the language in which to say it.
    """
    reasons: dict[str, str] = {}
    before: dict[Cell, list[Candidate]] = {}
    for work in chosen:
        earlier = before.setdefault(work.cell, [])
        reasons[work.id] = _explain_sample(work, earlier, chosen, works, words)
        earlier.append(work)
    return reasons


def _explain_sample(
    work: Candidate,
    earlier: Sequence[Candidate],
    chosen: Sequence[Candidate],
    works: Sequence[Candidate],
    words: PrintWords,
) -> str:
    alike = [one for one in works if one.cell == work.cell]
    if work.locked:
        return words.text("choice.asked", place=describe_place(work, words))
    if work.pile and sum(one.pile == work.pile for one in works) == 1:
        return words.text("choice.only_unsure" if work.pile == NOT_SURE else "choice.only_pile", pile=work.pile)
    if work.level and sum(one.level == work.level for one in works) == 1:
        return words.text("choice.only_level", level=_name_level(work, words))
    if len(alike) == 1:
        return words.text("choice.only_cell", cell=_describe_cell(work, 1, words))
    taken = [one for one in chosen if one.cell == work.cell]
    return _explain_among(work, alike, earlier, taken, words)


def _explain_among(
    work: Candidate,
    alike: Sequence[Candidate],
    earlier: Sequence[Candidate],
    taken: Sequence[Candidate],
    words: PrintWords,
) -> str:
    """Why this one, of several in its cell; two of one cell never have the same reason."""
    is_measured = all(one.written for one in alike)
    known = {
        "many": _describe_cell(work, len(alike), words),
        "others": words.join([one.id for one in earlier]) if earlier else "",
    }
    some_stood_back = any(one.shown_lately for one in alike)  # then the chosen one need not be the most typical of all
    if len(taken) == len(alike):
        key, place = _place_in_length(work, taken) if is_measured else ("all_of_them", 0)
        return words.text(f"choice.{key}", **known, n=place, all=len(taken))
    if not is_measured or some_stood_back or (not earlier and len(alike) < FEW):
        return words.text("choice.one_beside" if earlier else "choice.one_of", **known)
    if not earlier:
        return words.text("choice.typical", **known)
    lengths, mine = [_measure_length(one) for one in earlier], _measure_length(work)
    key = "differs_longer" if mine > max(lengths) else "differs_shorter" if mine < min(lengths) else "differs"
    return words.text(f"choice.{key}", **known)


def _measure_length(work: Candidate) -> float:
    """mm² of ink of a response."""
    return sum(work.written)


def _place_in_length(work: Candidate, taken: Sequence[Candidate]) -> tuple[str, int]:
    """How long a sample is among those of its cell: the key of the sentence, and its place from the longest on."""
    order = sorted(taken, key=lambda one: (-_measure_length(one), _draw_lot(one)))
    place = order.index(work) + 1
    return {1: "all_longest", len(order): "all_shortest"}.get(place, "all_number"), place


def _describe_cell(work: Candidate, count: int, words: PrintWords) -> str:
    """``2 high responses in “air is nothing”``."""
    key = ("cell" if work.level else "cell_no_level") if work.pile else "cell_no_pile"
    known = {"pile": name_pile(work.pile, words), "level": _name_level(work, words)}
    return words.count(f"choice.{key if work.pile or work.level else 'cell_unsorted'}", count, **known)


def name_pile(pile: str, words: PrintWords) -> str:
    """A pile as people read it: the one for responses that nobody was sure about has its own word in each language."""
    return words.text("sort.not_sure").lower() if pile == NOT_SURE else pile


def _name_level(work: Candidate, words: PrintWords) -> str:
    return words.text(f"choice.{work.level}") if work.level else ""
