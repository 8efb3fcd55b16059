"""Find names on a line of writing, scored on what the recogniser thought likely, frame by frame.

In go readings and the roster's spellings. Out come the spots where a spelling fits with its cost, and for a name field
the cost of each student as its writer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mssw.names.label_words import is_one_letter_off
from mssw.names.student import Spelling, SpellingKind, keep_letters
from mssw.vision.recogniser import BLANK, LETTERS, SIGN, Frames, LineReading

# letters that look alike in handwriting, and how likely one is mistaken for the other
LOOKALIKES = {
    0.25: "il jg",
    0.1: "jy gy gq un uv ao oa ec rv rn hb hn hk tl tf mn nm wu uw vy cl sr oe ea kh zr dc bl ft fj",
}
# two letters that look like one in handwriting, and what it costs to take them for it, or it for them
PAIRS, PAIR_COST = {"rn": "m", "nn": "m", "cl": "d", "vv": "w", "ri": "n", "ii": "u"}, 1.4
AS_CAPITAL = 0.8  # an I that begins a word is the same stroke as an l
FIRST_I = 28  # the column of costs for such an I
A_SIGN = 1.5  # cost of a sign, as of a gap, inside a name
MISREAD = 0.6  # how sure it is that a misread first letter is a capital
FLOOR = 1e-4  # the recogniser can be wrong about what it thinks impossible
NEVER = np.float32(-1e9)
WORTH_A_LOOK = 2.2  # above this cost a letter, nobody would read it as the name
UNEXPLAINED = 1.2  # cost of a letter of the field that the name does not explain
MOST = 2.6  # above this cost a letter, a spelling explains nothing
HARD_TO_READ = 1.6  # the same for a last name beside the first name of its bearer
PLAIN_COST, COST_OF_DOUBT = 0.45, 3.5  # cost a letter of a name on a line that was read for sure, and for each doubt
SURELY_CAPITAL = 0.5
INSIDE, SHORT = 2.0, 4  # above this cost of a word's edge, a spelling of so few letters is a part of another word
JOINED, JOINED_LETTERS = 3, 1.5  # frames between two words that are written in one, or widths of a letter if more
EXACT, LONG_NAME = 0.1, 7  # cost a letter of what was read exactly, and letters of a name of which one may be misread
LESS = 0.05  # cost a letter: by how much a name must fit better than another that explains less
FEWEST_FRAMES = 3  # of the line: how much more it must explain
LONGEST_LINK = 1  # letters between two persons' names, as in "Ana y Luz"; more are words of another kind
DOUBTFUL = 1.5  # cost a letter: dear enough to match nobody, and near enough to be a guess
SURE = 0.9  # confidence of a word from which a letter that differs is no misreading
MOST_UNEXPLAINED = 2  # letters beside a first name alone: an initial, or dirt


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a line where a name may be.

    Attributes:
        name: index of the name.
        cost: a letter, 0 where the recogniser read just that.
        first: the first frame.
        last: the last frame.
        left_cost: what it costs to believe that a word begins there, 0 where it is sure.
        right_cost: the same for its end.
        upper: how sure its first letter is a capital, 0 to 1; ``MISREAD`` at least where it was read as another letter.
        broken: whether a sign or a gap between words stands inside it.
    """

    name: int
    cost: float
    first: int
    last: int
    left_cost: float
    right_cost: float
    upper: float
    broken: bool


class NameLetters:
    """Names as the search needs them: each letter a state, and between two letters a state for nothing new.

    A name has a column for itself, and one for each way to take two of its letters for one, or one for two.

    Args:
        names: each in the letters a to z.

    Attributes:
        lengths: letters of each name.
        count: how many names there are.
        owners: for each column, the index of its name.
        misread: for each column, the index in ``_PARTS`` of what is read instead of some of its name's letters.
        extra: for each column, what that costs.
        states: (states, columns), what is read in each.
        may_skip: of the same shape, whether a state may follow the one before the last.
        firsts: the first letter of each column.
        ends: the last state of each column.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.lengths = np.array([len(name) for name in names], np.float32)
        self.count = len(names)
        listed = [(index, *form) for index, name in enumerate(names) for form in (("", name), *_list_misread(name))]
        forms = [form for _, _, form in listed]
        self.owners = np.array([index for index, _, _ in listed], np.int64)
        self.misread = np.array([_PARTS.index(part) for _, part, _ in listed], np.int64)
        self.extra = np.where(self.misread > 0, PAIR_COST, 0).astype(np.float32)
        longest = max(map(len, forms), default=1)
        self.states = np.full((2 * longest - 1, len(forms)), BLANK)
        self.may_skip = np.zeros((2 * longest - 1, len(forms)), bool)
        self.firsts = np.array([LETTERS.index(form[0]) for form in forms], np.int64)
        for column, form in enumerate(forms):
            for place, letter in enumerate(form):
                self.states[2 * place, column] = LETTERS.index(letter)
                self.may_skip[2 * place, column] = place > 0 and form[place - 1] != letter
            if form.startswith("i"):
                self.states[0, column] = FIRST_I
        self.ends = np.array([2 * len(form) - 2 for form in forms], np.int64)

    def chosen(self, which: NDArray[np.int64]) -> NameLetters:
        """Only those columns, of the same names."""
        some = copy(self)
        some.owners, some.extra, some.ends = self.owners[which], self.extra[which], self.ends[which]
        some.firsts, some.misread = self.firsts[which], self.misread[which]
        longest = int(some.ends.max(initial=0)) + 1
        some.states, some.may_skip = self.states[:longest, which], self.may_skip[:longest, which]
        return some


_SWAPS = (*PAIRS.items(), *((whole, pair) for pair, whole in PAIRS.items()))
_PARTS = ("", *dict.fromkeys(other for _, other in _SWAPS))  # what is read instead of a name's letters


def is_taken_for(read: str, name: str) -> bool:
    """Whether a word is a name of which two letters look like one, or one like two: "done" and Dorie."""
    return any(form == read for _, form in _list_misread(name))


def _list_misread(name: str) -> list[tuple[str, str]]:
    """The ways to take two letters of a name for one, or one for two, each with what is read: rn, ``lohrna``."""
    return [
        (other, name[:at] + other + name[at + len(part) :])
        for part, other in _SWAPS
        for at in range(len(name))
        if name.startswith(part, at)
    ]


def find_spots(reading: LineReading, names: NameLetters, most: float = WORTH_A_LOOK) -> list[Spot]:
    """Find every place on a line where a name costs at most that much a letter; of one name, no two that overlap.

    Args:
        reading: the line.
        names: what to search for.
        most: cost a letter.
    """
    if not names.count or not len(reading.letters):
        return []
    logs = np.log(_blend_lookalikes(reading.letters) + FLOOR)
    costs = logs - logs.max(axis=1, keepdims=True)
    which = _select_possible(costs, names, most)
    if not len(which):
        return []
    some = names.chosen(which)
    lengths = some.lengths[some.owners]
    ends, starts = _align_names(costs, some)
    column_costs = (some.extra - ends) / lengths
    found = []
    for column in np.flatnonzero((column_costs <= most).any(axis=0)):
        cost, name, letters = column_costs[:, column], int(some.owners[column]), int(some.ends[column]) // 2 + 1
        for first, last in _apart(cost, starts[:, column], most):
            spot = _spot(reading, name, float(cost[last]), first, last, letters)
            misread = int(reading.letters[spot.first, :26].argmax()) != int(some.firsts[column])
            found.append(replace(spot, upper=max(spot.upper, MISREAD)) if misread else spot)
    return _keep_cheapest(found)


def _keep_cheapest(spots: Sequence[Spot]) -> list[Spot]:
    """Of the spots of one name that overlap, the cheapest; in the order of the names."""
    kept: dict[int, list[Spot]] = {}
    for spot in sorted(spots, key=lambda spot: spot.cost):
        same = kept.setdefault(spot.name, [])
        if all(spot.last < other.first or spot.first > other.last for other in same):
            same.append(spot)
    return [spot for _, same in sorted(kept.items()) for spot in same]


def _blend_lookalikes(letters: Frames) -> Frames:
    """Give a share of each letter to those that it may be mistaken for, and add ``FIRST_I``."""
    soft = np.maximum(letters, letters @ _LOOKALIKE_WEIGHTS)
    first_i = np.maximum(soft[:, _I], AS_CAPITAL * letters[:, _L])
    return np.asarray(np.column_stack((soft, first_i)), np.float32)


def _make_lookalike_weights() -> Frames:
    lent = np.zeros((28, 28), np.float32)
    for share, pairs in LOOKALIKES.items():
        for pair in pairs.split():
            one, other = LETTERS.index(pair[0]), LETTERS.index(pair[1])
            lent[one, other] = lent[other, one] = share
    return lent


_LOOKALIKE_WEIGHTS = _make_lookalike_weights()
_I, _L = map(LETTERS.index, "il")


def _select_possible(costs: Frames, names: NameLetters, most: float) -> NDArray[np.int64]:
    """Select the names that can cost no more than that: no letter is cheaper than at its best frame of the line."""
    cheapest = -costs.max(axis=0)
    cheapest[[BLANK, SIGN]] = 0
    bound = (cheapest[names.states[::2]].sum(axis=0) + names.extra) / names.lengths[names.owners]
    read = _read_letters(costs)
    is_there = np.array([part in read for part in _PARTS])
    return np.flatnonzero((bound <= most) & is_there[names.misread])


def _read_letters(letters: Frames) -> str:
    """The letters of a line as they were read, without signs."""
    best = letters.argmax(axis=1)
    return "".join(LETTERS[one] for one in best[np.flatnonzero(np.diff(best, prepend=-1))] if one < BLANK)


def _align_names(costs: Frames, names: NameLetters) -> tuple[Frames, NDArray[np.int16]]:
    """For each frame and name the best score of an alignment that ends there, and the frame in which it starts."""
    frames, (states, count) = len(costs), names.states.shape
    steps = costs.copy()
    # a sign between two letters, such as a hyphen or a stroke, is nearly as good as nothing
    steps[:, BLANK] = np.maximum(costs[:, BLANK], costs[:, SIGN] - A_SIGN)
    score = np.full((states, count), NEVER, np.float32)
    start = np.zeros((states, count), np.int16)
    ends, starts = np.empty((frames, count), np.float32), np.empty((frames, count), np.int16)
    columns = np.arange(count)
    for frame in range(frames):
        best, since = score.copy(), start.copy()
        _take(best, since, score[:-1], start[:-1], np.s_[1:], None)
        fresh = best[0] < 0
        best[0] = np.where(fresh, 0, best[0])
        since[0] = np.where(fresh, frame, since[0])
        _take(best, since, score[:-2], start[:-2], np.s_[2:], names.may_skip[2:])
        score, start = best + steps[frame][names.states], since
        ends[frame], starts[frame] = score[names.ends, columns], start[names.ends, columns]
    return ends, starts


def _take(
    best: Frames,
    since: NDArray[np.int16],
    other: Frames,
    other_since: NDArray[np.int16],
    where: slice,
    allowed: NDArray[np.bool_] | None,
) -> None:
    """Go on from another state where that is better."""
    better = other > best[where]
    if allowed is not None:
        better &= allowed
    np.copyto(best[where], other, where=better)
    np.copyto(since[where], other_since, where=better)


def _apart(cost: Frames, starts: NDArray[np.int16], most: float) -> list[tuple[int, int]]:
    """The cheapest alignments that share no frame, as first and last frame."""
    found: list[tuple[int, int]] = []
    for last in np.argsort(cost, kind="stable"):
        if cost[last] > most:
            break
        first = int(starts[last])
        if all(last < a or first > b for a, b in found):
            found.append((first, int(last)))
    return found


def _spot(reading: LineReading, name: int, cost: float, first: int, last: int, length: int) -> Spot:
    best = reading.letters.argmax(axis=1)
    # a letter may last several frames, and the alignment takes the first or the last of them
    while first > 0 and best[first - 1] == best[first] < BLANK:
        first -= 1
    while last + 1 < len(best) and best[last + 1] == best[last] < BLANK:
        last += 1
    pitch = max(2.0, (last - first + 1) / length)
    left = _edge_cost(reading.letters[:first][::-1], pitch)
    right = _edge_cost(reading.letters[last + 1 :], pitch)
    broken = bool((best[first : last + 1] == SIGN).any())
    return Spot(name, cost, first, last, left, right, float(reading.upper[first : first + 2].max()), broken)


def _edge_cost(beyond: Frames, pitch: float) -> float:
    """The cost of a word ending there: a letter follows before any sign, and sooner than a gap would allow."""
    for step, frame in enumerate(beyond):
        if step > 2.2 * pitch:
            return 0.0
        sign, letter = float(frame[SIGN]), float(frame[:26].max())
        if sign > max(letter, frame[BLANK]):
            return 0.0
        if letter > max(sign, 0.3):
            letter = float(beyond[step : step + 2, :26].max())  # it may begin faintly and be plain in the next frame
            return float(np.log((letter + FLOOR) / (max(sign, frame[BLANK]) + FLOOR))) if letter < 0.9 else 9.0
    return 0.0


def measure_student_costs(
    readings: Sequence[LineReading], names: NameLetters, spellings: Sequence[Spelling], students: int
) -> tuple[float, ...]:
    """Measure the cost of each student, a letter: 0 where the field says that name and nothing else.

    Args:
        readings: the lines in the page's name fields.
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        students: how many the roster has.

    Returns:
        One cost for each student in the roster's order; infinite where nothing can be read.
    """
    letters = sum(_letters(reading) for reading in readings)
    if not letters:
        return (math.inf,) * students
    found: dict[int, list[_Hit]] = {}
    for line, reading in enumerate(readings):
        for spot in find_spots(reading, names, MOST):
            spelling = spellings[spot.name]
            for student in spelling.students:
                hit = _Hit(line, spot, len(spelling.letters), is_last=student in spelling.as_last)
                found.setdefault(student, []).append(hit)
    with_last = {student for spelling in spellings for student in spelling.as_last}
    initials = _list_initials(spellings)
    nothing = UNEXPLAINED + MOST / 2
    most = _dearest(readings)
    costs = np.full(students, nothing)
    explained: dict[int, set[tuple[int, int]]] = {}
    for student, hits in found.items():
        chosen = _choose(hits)
        explained[student] = {(hit.line, at) for hit in chosen for at in range(hit.spot.first, hit.spot.last + 1)}
        cost = _cost(chosen, letters)
        if _has_partner(chosen, readings) or (chosen and _is_beside_classmate(student, chosen, found, readings)):
            costs[student] = DOUBTFUL
        elif (cost <= most or _is_misread_once(chosen, readings, spellings)) and (
            student not in with_last or not _is_contradicted(chosen, readings, initials[student])
        ):
            costs[student] = min(nothing, max(cost, DOUBTFUL) if _is_near_name(chosen, readings, spellings) else cost)
    for student in [one for one in explained if _is_outdone(one, costs, explained)]:
        costs[student] = min(nothing, costs[student] + UNEXPLAINED / 2)
    return tuple(round(float(cost), 3) for cost in costs)


def _is_outdone(student: int, costs: NDArray[np.float64], explained: Mapping[int, set[tuple[int, int]]]) -> bool:
    """Whether another student's name explains all that this one's does and more, as José Pérez Gil's does.

    However short a further word is, the field says it, so it is not José Pérez's.
    """
    own = explained[student]
    return bool(own) and any(
        costs[other] + LESS < costs[student] and len(more) >= len(own) + FEWEST_FRAMES and own <= more
        for other, more in explained.items()
        if other != student
    )


@dataclass(frozen=True, slots=True)
class _Hit:
    """One of a student's spellings, found in her page's field.

    Attributes:
        line: on which line.
        spot: where on it.
        letters: how many it has.
        is_last: whether it is her last name, or a word of it.
    """

    line: int
    spot: Spot
    letters: int
    is_last: bool

    @property
    def gain(self) -> float:
        """How much it explains, for what it costs."""
        return (UNEXPLAINED - self.spot.cost) * self.letters

    def is_apart(self, other: _Hit) -> bool:
        """Whether the two are on different lines, or share no frame."""
        return self.line != other.line or self.spot.last < other.spot.first or self.spot.first > other.spot.last


def _letters(reading: LineReading) -> int:
    """How many letters the recogniser saw on a line."""
    return len(_read_letters(reading.letters))


def _dearest(readings: Sequence[LineReading]) -> float:
    """The most that a name may cost a letter: where the writing was read for sure, it must be nearly that name."""
    confidence = min((reading.confidence for reading in readings if len(reading.at)), default=0.0)
    return PLAIN_COST + (1 - confidence) * COST_OF_DOUBT


def _list_initials(spellings: Sequence[Spelling]) -> dict[int, dict[bool, set[str]]]:
    """The first letters of each student's names, those of her last name under True."""
    found: dict[int, dict[bool, set[str]]] = {}
    for spelling in spellings:
        for student in spelling.students:
            own = found.setdefault(student, {False: set(), True: set()})
            own[student in spelling.as_last].add(spelling.letters[0])
    return found


def _choose(hits: Sequence[_Hit]) -> list[_Hit]:
    """The spellings, no two of them in one place, that explain the most.

    Two words of a first name count one by one where that explains more than both in one, with a gap in it.
    """
    hits = [hit for hit in hits if not _is_better_apart(hit, hits)]
    chosen: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: hit.gain, reverse=True):
        apart = all(hit.is_apart(other) for other in chosen)
        # beside a first name, a last name that was hard to read is still likelier than another word
        likely = hit.is_last and chosen and not any(other.is_last for other in chosen) and hit.spot.cost < HARD_TO_READ
        if apart and (hit.gain > 0 or likely):
            chosen.append(hit)
    return [hit for hit in chosen if not _is_part_of_word(hit, chosen)]


def _is_better_apart(hit: _Hit, hits: Sequence[_Hit]) -> bool:
    """Whether two other spellings inside a place explain as many letters, and more surely."""
    inside = [
        other
        for other in hits
        if other is not hit
        and other.line == hit.line
        and hit.spot.first <= other.spot.first <= other.spot.last <= hit.spot.last
    ]
    return any(
        one.letters + other.letters >= hit.letters and one.gain + other.gain > hit.gain
        for one in inside
        for other in inside
        if one.spot.last < other.spot.first
    )


def _is_part_of_word(hit: _Hit, chosen: Sequence[_Hit]) -> bool:
    """Whether a short spelling is only a part of another word, and not written in one with the rest of the name."""
    spot = hit.spot
    joined = max(JOINED, JOINED_LETTERS * (spot.last - spot.first + 1) / hit.letters)
    beside = any(
        other is not hit
        and other.line == hit.line
        and -1 <= max(spot.first - other.spot.last, other.spot.first - spot.last) <= joined
        for other in chosen
    )
    return hit.letters <= SHORT and not beside and max(spot.left_cost, spot.right_cost) > INSIDE


def _cost(chosen: Sequence[_Hit], letters: int) -> float:
    """The cost a letter at which a student's spellings explain the letters of a field."""
    explained = sum(hit.letters for hit in chosen)
    if not explained:
        return math.inf
    cost = sum(hit.spot.cost * hit.letters for hit in chosen)
    return (cost + UNEXPLAINED * max(0, letters - explained)) / max(letters, explained)


def _is_contradicted(
    chosen: Sequence[_Hit], readings: Sequence[LineReading], initials: Mapping[bool, set[str]]
) -> bool:
    """Whether the field says another name: one that begins alike, or that shares the first or the last name only."""
    kinds = {hit.is_last for hit in chosen}
    rest = [part for line, reading in enumerate(readings) for part in _unexplained(reading, line, chosen)]
    if any(part.goes_on and len(part.letters) > MOST_UNEXPLAINED for part in rest):
        return True
    if len(kinds) > 1:
        return False
    if sum(len(part.letters) for part in rest) > MOST_UNEXPLAINED:
        return True
    capitals = {part.letters[0] for part in rest if part.is_capital}
    others = initials[not kinds.pop()] if kinds else set()
    return bool(capitals) and bool(others) and not any(_are_alike(one, other) for one in capitals for other in others)


def _is_near_name(chosen: Sequence[_Hit], readings: Sequence[LineReading], spellings: Sequence[Spelling]) -> bool:
    """Whether first and last name were read for sure, and neither is the student's: "Karl Steiner" is no Carl Stein.

    One that differs was misread, or is written in another way. Letters that look alike are no difference by themselves.
    """
    if len({hit.is_last for hit in chosen}) <= 1:
        return False
    differ, spans = [], set()
    for hit in chosen:
        spelling, reading = spellings[hit.spot.name], readings[hit.line]
        span = _span_of_words(reading, hit.spot)
        word = keep_letters(reading.text[slice(*span)])
        is_other_form = spelling.kind is SpellingKind.SHORT  # Karl for Carl: not as the list has it
        if not _is_sure(reading, span) or (word == spelling.letters and not is_other_form):
            return False
        differ.append(not is_other_form and _look_different(spelling.letters, word))
        spans.add((hit.line, span))
    return len(spans) == len(chosen) and any(differ)  # of names written in one, it cannot be said which differs


def _is_misread_once(chosen: Sequence[_Hit], readings: Sequence[LineReading], spellings: Sequence[Spelling]) -> bool:
    """Whether one name was read exactly, and of the other, a long one, all but one letter behind its first."""
    exact = {hit.is_last for hit in chosen if hit.spot.cost <= EXACT}
    if len(exact) != 1:
        return False
    for hit in chosen:
        name, reading = spellings[hit.spot.name].letters, readings[hit.line]
        read = keep_letters(reading.text[slice(*_span_of_words(reading, hit.spot))])
        if (
            hit.is_last not in exact
            and len(name) >= LONG_NAME
            and read[:1] == name[0]
            and is_one_letter_off(read, name)
        ):
            return True
    return False


def _span_of_words(reading: LineReading, spot: Spot) -> tuple[int, int]:
    """From where to where in a line's text the words go on which a spot lies; nothing where it lies on none."""
    on_it = [
        match.span()
        for match in re.finditer(r"[^\W_]+", reading.text)
        if reading.at[match.start()] <= spot.last and reading.at[match.end() - 1] >= spot.first
    ]
    return (on_it[0][0], on_it[-1][1]) if on_it else (0, 0)


def _is_sure(reading: LineReading, span: tuple[int, int]) -> bool:
    """Whether a part of a line's text was read for sure."""
    shares = [float(reading.letters[frame].max()) for frame in reading.at[slice(*span)]]
    return bool(shares) and sum(shares) / len(shares) >= SURE


def _look_different(name: str, word: str) -> bool:
    """Whether two words differ in more than letters that look alike."""
    if len(name) != len(word):
        return not is_taken_for(word, name)
    return not all(map(_are_alike, name, word))


def _has_partner(chosen: Sequence[_Hit], readings: Sequence[LineReading]) -> bool:
    """Whether another person is named right before or behind a name: "Ana Ruiz and Li", "Lena & Tom Schulz"."""
    spans = {hit: _span_of_words(readings[hit.line], hit.spot) for hit in chosen}
    for hit, (start, end) in spans.items():
        if hit.spot.cost > PLAIN_COST:
            continue
        text = readings[hit.line].text
        own = [span for other, span in spans.items() if other.line == hit.line]
        beside = (_PARTNER_BEFORE.search(text, 0, start), _PARTNER_BEHIND.match(text, end))
        # "En" may be a word of the student's own name, and a stroke between her two names may be read as "+"
        if any(
            found and not any(found.start() < last and found.end() > first for first, last in own) for found in beside
        ):
            return True
    return False


def _is_beside_classmate(
    student: int, chosen: Sequence[_Hit], found: Mapping[int, list[_Hit]], readings: Sequence[LineReading]
) -> bool:
    """Whether a classmate's first name was read exactly beside a student's, with a sign or a short word between them.

    With a mere gap between them it may be a middle name.
    """
    own = {hit.spot.name for hit in found[student]}
    for classmate, hits in found.items():
        for hit in hits if classmate != student else ():
            is_apart = all(hit.is_apart(other) for other in chosen)
            is_word = max(hit.spot.left_cost, hit.spot.right_cost) <= INSIDE and hit.spot.cost <= EXACT
            is_theirs = is_apart and not hit.is_last and hit.spot.name not in own
            if is_word and is_theirs and not _is_in_date(readings[hit.line], hit.spot):
                near = [other for other in chosen if other.line == hit.line]
                if not near or any(_parts_names(_between(readings[hit.line], hit, other)) for other in near):
                    return True
    return False


def _is_in_date(reading: LineReading, spot: Spot) -> bool:
    """Whether a number stands right beside a word, as in "May 4" and "4 April"."""
    start, end = _span_of_words(reading, spot)
    return reading.text[:start].rstrip(" .,")[-1:].isdigit() or reading.text[end:].lstrip(" .,")[:1].isdigit()


def text_between(reading: LineReading, first: int, last: int) -> str:
    """What was read between two frames, without what is at them."""
    return "".join(sign for sign, at in zip(reading.text, reading.at, strict=True) if first < at < last)


def _between(reading: LineReading, one: _Hit, other: _Hit) -> str:
    """What was read between two names on a line."""
    first, second = sorted((one.spot, other.spot), key=lambda spot: spot.first)
    return text_between(reading, first.last, second.first)


def _parts_names(text: str) -> bool:
    """Whether the text between two names shows that two people are named: a comma, a stroke, "y"."""
    return bool(text.strip()) and len(keep_letters(text)) <= LONGEST_LINK


_AND = r"(?:[&+]|\b(?:and|und|et|en|og|och|ve|oraz|with|mit|avec|con|met)\b)"
_PARTNER_BEFORE = re.compile(rf"[^\W\d_]{{2,}}\.?\s*{_AND}\s*$", re.IGNORECASE)
_PARTNER_BEHIND = re.compile(rf"\s*(?:{_AND}\s*[^\W\d_]{{2,}}|[&+]\s*[^\W\d_])", re.IGNORECASE)


def _are_alike(one: str, other: str) -> bool:
    return one == other or bool(_LOOKALIKE_WEIGHTS[LETTERS.index(one), LETTERS.index(other)])


@dataclass(frozen=True, slots=True)
class _Rest:
    """Letters of a line outside the spellings that were found.

    Attributes:
        letters: a to z.
        is_capital: whether the first one may be a capital.
        goes_on: whether they are one word with a spelling.
    """

    letters: str
    is_capital: bool
    goes_on: bool


def _unexplained(reading: LineReading, line: int, chosen: Sequence[_Hit]) -> list[_Rest]:
    """The letters of a line outside the spellings that were found, cut at these and between words."""
    best = reading.letters.argmax(axis=1)
    inside = np.zeros(len(best), bool)
    for hit in chosen:
        if hit.line == line:
            inside[hit.spot.first : hit.spot.last + 1] = True
    runs: list[_Rest] = []
    letters, is_capital, goes_on, before, after_spelling = "", False, False, BLANK, False
    for frame, letter in enumerate([*best, SIGN]):
        is_inside = frame < len(best) and bool(inside[frame])
        if is_inside or letter == SIGN:
            if letters:
                runs.append(_Rest(letters, is_capital, goes_on or is_inside))
            letters, before, after_spelling = "", BLANK, is_inside
        elif letter != before:
            before = int(letter)
            if letter < BLANK:
                if not letters:
                    is_capital, goes_on = bool(reading.upper[frame] >= SURELY_CAPITAL), after_spelling
                letters += LETTERS[letter]
    return runs
