"""Names in running text: decide which spots on a line are names, how sure that is, and how much of the page they cover.

Takes lines and what the recogniser read, returns mentions with their boxes. A capital counts for less at the beginning
of a sentence, so the module also finds the lines that continue the sentence of the line above.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.core.page import Box
from mssw.names.name_context import AND, APOSTROPHES, CAPITAL_I, MODALS, SENTENCE_ENDS, NameContext, has_slot, joins
from mssw.names.own_name_words import is_signed
from mssw.names.student import Spelling, SpellingKind, keep_letters
from mssw.names.word_lists import EVERYDAY_WORDS, FUNCTION_WORDS, PARTICLES, SHORT_WORDS, SPEAKING_WORDS
from mssw.vision.ink import Mask
from mssw.vision.name_spotting import MISREAD, NameLetters, Spot, find_spots, is_taken_for, text_between
from mssw.vision.recogniser import LineReading
from mssw.vision.text_lines import Line

# The highest cost per letter, by the length of the name: a short name is soon found in anything.
# Measured, see the benchmark's README.
SURE = {2: 0.3, 3: 0.4, 4: 0.7, 5: 1.0, 6: 1.1, 7: 1.2, 8: 1.3}
LIKELY = {2: 0.95, 3: 1.1, 4: 1.5, 5: 1.85, 6: 1.8, 7: 1.9, 8: 2.1}
LONG = 8  # letters from which the limits stay
EXACT = 0.5  # below this cost, a long name counts even inside another word
BROKEN = 0.9  # the same for a very long one with a gap in it, as an ß makes that is read as " B"
UNMISTAKABLE = 6  # letters of such a name
NEARLY, LONG_ENOUGH = 0.75, 7  # cost and letters of a name that counts although its capital was read as small
SIMILAR = 0.6  # of the letters of a last name that is stuck to its first name
_HYPHENATED = re.compile(r"[-\u2010\u2011]([^\W\d_]{3,})")
LEAST_RUNNING_ON = 4  # letters of a name that may have the next word stuck to it
UNREAD_FROM_MM, LOW_MM = 12.0, 13.0  # a line of writing at least so long and at most so high should say something
MM_A_SIGN = 8.0  # of a line, at most, if it was read
STEEPEST = 45.0  # degrees: a steeper line is more likely a shadow at the edge of the page
DOUBTFUL = 0.7  # confidence: lines that were read have 0.78 and more, broken ones 0.35 to 0.75
STROKES = 5  # pieces of writing's size: fewer are a rule or a drawing
SMALL = 0.2  # below this share of a capital, a word counts as written small
SHORT = 2  # letters of a name that is soon a word, too
ALIKE, SMALL_ALIKE = frozenset("ckopsuvwxz"), 0.1  # letters with capitals of the same form: the same for these
ALONE = {2: 0.3, 3: 0.55, 4: 1.0, 5: 1.4, 6: 1.5, 7: 1.6, 8: 1.8}  # cost of a name that is all of a line
LISTED = 1.35  # how many times that, where the cells beside it are names
IN_A_SLOT, BETWEEN = 1.35, 3.0  # how many times the limit a name may cost behind "with", and in "with … and me" at most
SLOT_SIGNS = 1  # more or fewer signs than such a name has letters, at most; in "with … and me" it may have lost some
MOST_BESIDE = 2  # signs of a line beside its names: a number, a bullet
CALLED = frozenset({SpellingKind.FIRST, SpellingKind.PREFERRED, SpellingKind.SHORT})
NEXT_WORD = 4.0  # letters' widths to the next word, at most
NEXT_CELL = 5.0  # the same, from which the next word stands in another cell of a table
EDGE = 2.0  # above this cost of a word's edge, a name is inside another word
CAPITAL = 0.5
BESIDE = 0.6  # letters' widths on each side of a spot in which its strokes may begin and end
RIM_MM = 0.5
MOSTLY_INSIDE = 0.5  # of a spot's frames: it is the name at a place
FOOT_MM = 1.6

# Where a line continues the sentence of the line above
FLUSH_MM = 14.0  # within which the lines of a paragraph begin
SPACED = 2.4  # heights of a line to the next one, at most
SPACE_MM = 4.0  # between two words
FULL_MM = 50.0  # a line that ended for want of room is at least so long: cells of a table have short answers
READ = 0.9  # from this confidence on, a line surely ends without a full stop


@dataclass(frozen=True, slots=True)
class Mention:
    """A name on a line of writing.

    Attributes:
        box: its ink, in fractions of the page.
        sure: whether it is; else likely.
        cost: per letter.
        name: index of the spelling.
        capital: whether it may begin with one.
        alone: whether names are all that its line says, but for a number, a bullet, or an "and".
        may_be_word: whether it was read exactly, and nothing is in doubt but that it is a word, too.
    """

    box: Box
    sure: bool
    cost: float
    name: int
    capital: bool = True
    alone: bool = False
    may_be_word: bool = False


def find_mentions(
    line: Line,
    reading: LineReading,
    names: NameLetters,
    spellings: Sequence[Spelling],
    ink: Mask,
    dpi: float,
    *,
    goes_on: bool = False,
    following: str = "",
    story: Collection[str] = (),
) -> list[Mention]:
    """Find the names on a line; where several fit in one place, the surest.

    A line, or a cell of a table, that is names alone is surely names. So is a likely name beside a sure one of the same
    student, and what links the two ("van der"). A name that the task prints itself may be that of somebody in its
    story: it is likely at most, unless another name of the same student is beside it, or it is signed with it.

    Args:
        line: where it lies.
        reading: what it says.
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        ink: the page's new ink.
        dpi: of the page.
        goes_on: whether its first word continues a sentence.
        following: what the next line says, where that goes on with this one's sentence.
        story: names that the task prints for people in its story, as letters from a to z.
    """
    kept = _keep_names(reading, names, spellings, goes_on=goes_on, following=following)
    cut = line.crop(ink.astype(np.uint8) * 255, 0) > 127
    found = []
    is_alone = bool(kept) and _is_names_alone(reading, [spot for _, spot in kept])
    for sure, spot in kept:
        spelling = spellings[spot.name]
        is_whole = bool(_rest_beside(reading, spot, kept, spellings))
        context = _read_context(reading, spot)
        if not is_whole and FUNCTION_WORDS & {spelling.letters, context.word}:
            continue
        is_story = spelling.letters in story and not is_signed(reading.text, *context.span)
        is_doubtful = (is_story or _is_another_word(context, spot, spelling)) and not is_whole
        box = place_frames(line, reading, (spot.first, spot.last), len(spelling.letters), cut, ink.shape, dpi)
        is_sure, capital = sure and not is_doubtful, spot.upper >= SMALL
        may_be_word = not is_sure and not is_story and _may_be_word(context, spot, spelling)
        found.append(Mention(box, is_sure, round(spot.cost, 3), spot.name, capital, is_alone, may_be_word))
    for spot, last in _list_linked(reading, kept, spellings):
        letters = max(1, last - spot.last) * len(spellings[spot.name].letters) // (spot.last - spot.first + 1)
        box = place_frames(line, reading, (spot.last + 1, last), max(1, letters), cut, ink.shape, dpi)
        found.append(Mention(box, sure=True, cost=round(spot.cost, 3), name=spot.name))
    return found


def find_listed_name(
    line: Line, reading: LineReading, names: NameLetters, spellings: Sequence[Spelling], ink: Mask, dpi: float
) -> Mention | None:
    """The name that fits a cell best which stands among names; None where none does.

    It may be written small, or be a word too, and need not have been read as well as in a sentence.

    Args:
        line: where the cell lies.
        reading: what it says.
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        ink: the page's new ink.
        dpi: of the page.
    """

    def most(spot: Spot) -> float:
        return LISTED * ALONE[min(len(spellings[spot.name].letters), LONG)]

    spots = [spot for spot in find_spots(reading, names, LISTED * max(ALONE.values())) if spot.cost <= most(spot)]
    best = min(spots, key=lambda spot: (-_weight(spot, spellings[spot.name]), spot.name), default=None)
    if best is None:
        return None
    cut = line.crop(ink.astype(np.uint8) * 255, 0) > 127
    box = place_frames(
        line, reading, (0, len(reading.letters) - 1), len(spellings[best.name].letters), cut, ink.shape, dpi
    )
    return Mention(box, sure=True, cost=round(best.cost, 3), name=best.name)


def _keep_names(
    reading: LineReading, names: NameLetters, spellings: Sequence[Spelling], *, goes_on: bool, following: str
) -> list[tuple[bool, Spot]]:
    """The spots on a line that are names, one in each place, and whether each is surely one."""
    rated = []
    called = frozenset(one.letters for one in spellings)
    sure = frozenset(one.letters for one in spellings if not one.is_word)
    for seen in find_spots(reading, names, BETWEEN if has_slot(reading.text) else max(LIKELY.values())):
        spelling = spellings[seen.name]
        letters, exact = len(spelling.letters), seen.cost <= SURE[2]
        context = _read_context(reading, seen, following)
        if _only_looks_like(context, spelling.letters, called) or (seen.broken and context.spans_words(called)):
            continue
        spot = _mend_edges(context, seen, spelling.letters)
        whole = _with_last_name(context, reading, spot, spellings)
        spot = replace(whole, upper=_capital(context, spot, spelling.letters))
        begins = _begins_sentence(context, reading, spot, letters, goes_on=goes_on)
        if begins and exact and context.asks(spelling.letters, goes_on=goes_on):
            continue
        begins = begins or (spelling.is_word and context.may_begin_sentence())
        is_whole = whole.last > seen.last or (exact and context.heads_list(called, sure))
        rating = True if is_whole else _rate_in_context(context, spot, spelling, begins=begins)
        if rating is not None:
            rated.append((rating, spot))
    kept = _keep_surest(rated, spellings)
    if kept and _is_names_alone(reading, [spot for _, spot in kept]):
        kept = [(sure or _names_alone(reading, spot, kept, spellings), spot) for sure, spot in kept]
    kept = [(sure or _is_half_of_sure(reading, spot, kept, spellings), spot) for sure, spot in kept]
    kept = [(sure or _is_in_pair(reading, spot, kept), spot) for sure, spot in kept]
    return [_with_initial(reading, one, spellings) for one in kept]


def _only_looks_like(context: NameContext, letters: str, called: Collection[str]) -> bool:
    """Whether a word only looks like that name: it is another name, or a small word that is read every day.

    In a class with a Clay and a Day, "Day" is Day; in one with a Dorie, "done" is still done.
    """
    start, end = context.span
    is_word = context.text[start:end].islower() and context.word in EVERYDAY_WORDS
    return (is_word or context.word in called) and is_taken_for(context.word, letters)


def _rate_in_context(context: NameContext, spot: Spot, spelling: Spelling, *, begins: bool) -> bool | None:
    """True for sure, False for likely, None for neither, by the letters and by the words around them."""
    rating = _rating(spot, spelling, begins=begins)
    if rating is None:
        return False if _fills_slot(context, spot, spelling) else None
    is_word = _is_short_owner(context, spelling) or (spelling.is_word and context.is_word_in_capitals())
    return rating and not is_word


def _is_in_pair(reading: LineReading, spot: Spot, kept: Sequence[tuple[bool, Spot]]) -> bool:
    """Whether a name that was read exactly, with a capital, stands in "… and Maria", or "Maria and …"."""
    if spot.cost > SURE[2] or spot.upper < SMALL:
        return False
    for sure, other in kept:
        first, second = sorted((spot, other), key=lambda one: one.first)
        if sure and first.last < second.first and joins(text_between(reading, first.last, second.first)):
            return True
    return False


def _with_initial(reading: LineReading, found: tuple[bool, Spot], spellings: Sequence[Spelling]) -> tuple[bool, Spot]:
    """The spot with the initial of the same student's other name beside it: "Ana C.", "T. Pike".

    Nobody but that student is meant then, so that a last name that is a word, too, is surely a name.
    """
    sure, spot = found
    context, name = _read_context(reading, spot), spellings[spot.name]
    for letter, is_before in ((context.initial_before(), True), (context.initial_after(), False)):
        if not letter or not _has_initial(name, letter, spellings, of_last=not is_before):
            continue
        same = [at for sign, at in zip(reading.text, reading.at, strict=True) if keep_letters(sign) == letter]
        at = max(at for at in same if at < spot.first) if is_before else min(at for at in same if at > spot.last)
        exact = spot.cost <= SURE[2] and spot.upper >= SMALL
        return sure or exact, replace(spot, first=min(spot.first, at), last=max(spot.last, at))
    return sure, spot


def _has_initial(name: Spelling, letter: str, spellings: Sequence[Spelling], *, of_last: bool) -> bool:
    """Whether a student of that name has a first name, or a last name, with that initial."""
    return any(
        other.letters[0] == letter and (student in other.as_last) == of_last
        for other in spellings
        for student in set(name.students) & set(other.students)
    )


def _mend_edges(context: NameContext, spot: Spot, letters: str) -> Spot:
    """The spot as a whole word, where a name was read exactly and only a lost space or sign joins it to others."""
    if spot.cost > SURE[2]:
        return spot
    is_stuck = len(letters) >= LEAST_RUNNING_ON and spot.upper > CAPITAL and context.is_stuck_on()
    if is_stuck or (letters[0] == "i" and context.has_loop()):
        spot = replace(spot, left_cost=0.0)
    is_called = spot.upper > CAPITAL and context.has_mark_stuck_on(letters)
    has_initial = len(letters) >= LEAST_RUNNING_ON and context.word == letters + context.initial_after()
    if is_called or has_initial or _is_unmarked_owner(context, spot, letters) or context.has_verb_stuck_on(letters):
        spot = replace(spot, right_cost=0.0)
    return spot


def _with_last_name(context: NameContext, reading: LineReading, spot: Spot, spellings: Sequence[Spelling]) -> Spot:
    """The spot of a first name with the last name that is stuck to it, though that was not read well: Rashidyalik.

    Of a short first name the last one must have its capital, since many words begin so: "already" is no Al Reed.
    """
    name = spellings[spot.name]
    if (other_half := _end_of_hyphenated(context, name, spellings)) and spot.cost <= SURE[2]:
        return replace(spot, last=max(spot.last, reading.at[other_half - 1]), right_cost=0.0)
    rest = context.word.removeprefix(name.letters)
    if spot.cost > SURE[2] or name.kind not in CALLED or rest == context.word or len(rest) < LEAST_RUNNING_ON:
        return spot
    begins_apart = context.has_capital_inside() and context.text[context.span[0]].isupper()
    if not begins_apart and (len(name.letters) < LEAST_RUNNING_ON or spot.upper <= CAPITAL):
        return spot
    own = {student for student in name.students if student not in name.as_last}
    for other in spellings:
        if own & set(other.as_last) and SequenceMatcher(None, rest, other.letters).ratio() >= SIMILAR:
            end = context.span[1] if rest != other.letters else context.end  # what was read is found by itself
            return replace(spot, last=max(spot.last, reading.at[end - 1]), right_cost=0.0)
    return spot


def _end_of_hyphenated(context: NameContext, name: Spelling, spellings: Sequence[Spelling]) -> int:
    """Where a half of a name ends that was not read well and that a hyphen joins to the other: "anne-marre"; else 0."""
    behind = _HYPHENATED.match(context.after)
    if behind is None or context.word != name.letters:
        return 0
    rest, own = keep_letters(behind[1]), set(name.students)
    halves = [one.letters for one in spellings if own & set(one.students)]
    is_half = rest not in halves and any(SequenceMatcher(None, rest, half).ratio() >= SIMILAR for half in halves)
    return context.end + behind.end() if is_half else 0


def _is_unmarked_owner(context: NameContext, spot: Spot, letters: str) -> bool:
    """Whether a name was read exactly, with a capital, and with the "s" of an owner stuck to it."""
    is_read = spot.cost <= SURE[2] and spot.upper > CAPITAL and context.word not in FUNCTION_WORDS
    return is_read and context.is_unmarked_owner(letters)


def _is_another_word(context: NameContext, spot: Spot, spelling: Spelling) -> bool:
    """Whether an everyday word was read that is not the name."""
    read = context.word
    is_owner = _is_unmarked_owner(context, spot, spelling.letters)
    return read != spelling.letters and read in EVERYDAY_WORDS and not is_owner


def _is_short_owner(context: NameContext, spelling: Spelling) -> bool:
    """Whether it is a name of two letters with the "s" of an owner, as in "Mos hat", which may be another word."""
    return len(spelling.letters) == SHORT and context.is_unmarked_owner(spelling.letters)


def _keep_surest(rated: list[tuple[bool, Spot]], spellings: Sequence[Spelling]) -> list[tuple[bool, Spot]]:
    """Of the spots that share a place, the surest."""
    rated.sort(key=lambda pair: (-_weight(pair[1], spellings[pair[1].name]), pair[1].name))
    kept: list[tuple[bool, Spot]] = []
    for sure, spot in rated:
        places = [at for at, (_, other) in enumerate(kept) if _shared(spot, other) >= 0.5]
        if not places:
            kept.append((sure, spot))
        elif sure and len(spellings[spot.name].letters) < len(spellings[kept[places[0]][1].name].letters):
            kept[places[0]] = (True, kept[places[0]][1])  # part of a longer name surely names somebody: so does that
    return kept


def _read_context(reading: LineReading, spot: Spot, following: str = "") -> NameContext:
    """The text of a line around a spot, up to the end of the next line where that goes on with the sentence."""
    start = next((n for n, at in enumerate(reading.at) if at >= spot.first), len(reading.at))
    end = next((n for n, at in enumerate(reading.at) if at > spot.last), len(reading.at))
    text = f"{reading.text.rstrip()} {following}" if following else reading.text
    return NameContext(text, min(start, len(text)), min(end, len(text)))


def _fills_slot(context: NameContext, spot: Spot, spelling: Spelling) -> bool:
    """Whether a word that is a little like a name stands where only a name does: "with lny", "Ask ly and me".

    The word begins with a capital, or with an l that may be an I. In "with … and me" it may be read as anything, also
    with gaps. Where the capital only is a larger letter ("with o'veill"), it must be more like the name.
    """
    start, end = context.span
    inside = (*APOSTROPHES, " ") if context.stands_between() else APOSTROPHES  # gaps, where only a name stands
    word = "".join(sign for sign in context.text[start:end] if sign not in inside)
    if not word.isalpha() or keep_letters(word) in FUNCTION_WORDS:
        return False
    letters = len(spelling.letters)
    likely = LIKELY[min(letters, LONG)]
    is_in_slot = context.stands_behind_cue() or context.stands_with_me()
    is_as_long = is_in_slot and abs(len(word) - letters) <= SLOT_SIGNS
    if word[0].isupper() or (word[0] in CAPITAL_I and spelling.letters[0] == "i"):
        is_between = context.stands_between() and len(word) <= letters + SLOT_SIGNS
        return (is_between and spot.cost <= BETWEEN) or (is_as_long and spot.cost <= IN_A_SLOT * likely)
    return word[0] in ALIKE and not spelling.is_word and is_as_long and spot.cost <= likely


def _capital(context: NameContext, spot: Spot, letters: str) -> float:
    """How sure it is that a spot has a capital, where the capital of its first letter only is larger.

    Of W and w the recogniser cannot be sure. Small ones are far below that limit. Before a word that only people do
    ("add, Will said"), it is a capital. Where the word itself cannot stand, or there is no such word (vo), it may be
    one, or a child has written a name small.
    """
    exact = spot.cost <= SURE[2]
    is_person = exact and context.speaks_bare()
    if letters[0] in ALIKE and (is_person or SMALL_ALIKE <= spot.upper <= CAPITAL):
        is_capital = is_person or context.next_word in SPEAKING_WORDS or (exact and context.acts_bare())
        return max(spot.upper, MISREAD if is_capital else SMALL)
    is_no_word = (letters[0] in ALIKE and len(letters) == SHORT and letters not in SHORT_WORDS) or context.is_no_word(
        letters
    )
    return max(spot.upper, SMALL) if exact and (is_no_word or is_person) else spot.upper


def _may_be_word(context: NameContext, spot: Spot, spelling: Spelling) -> bool:
    """Whether a name with a capital was read exactly that may be an everyday word, but is not used as one here."""
    is_read = spot.cost <= SURE[2] and spot.upper > CAPITAL and spelling.is_word and not context.text.isupper()
    return is_read and spelling.letters not in MODALS and not context.follows_as_word()


def _is_names_alone(reading: LineReading, spots: Sequence[Spot]) -> bool:
    """Whether a line has nothing beside those names but a number, a bullet, or an "and" between them."""
    rest = "".join(
        " " if any(spot.first - 1 <= at <= spot.last + 1 for spot in spots) else sign
        for sign, at in zip(reading.text, reading.at, strict=True)
    )
    words = [word.strip(".,;:&+-()\u2022").casefold() for word in rest.split()]
    return sum(len(word) for word in words if word not in AND) <= MOST_BESIDE


def _names_alone(
    reading: LineReading, spot: Spot, kept: Sequence[tuple[bool, Spot]], spellings: Sequence[Spelling]
) -> bool:
    """Whether a name on a line of nothing else is surely one; a last name that is also a word may be an answer.

    Half of its letters must have been read as some sign: where next to nothing was read, as on the rules of squared
    paper, many a name fits a little.
    """
    spelling = spellings[spot.name]
    if 2 * _count_signs(reading, spot) < len(spelling.letters):
        return False
    if spot.cost > ALONE[min(len(spelling.letters), LONG)] or spot.upper < SMALL:
        return False
    if not spelling.is_word:
        return True
    is_read = spot.cost <= SURE[2] and spot.upper > CAPITAL
    return is_read and (spelling.kind in CALLED or bool(_rest_beside(reading, spot, kept, spellings)))


def _count_signs(reading: LineReading, spot: Spot) -> int:
    """How many letters and other signs were read where a spot is."""
    return sum(
        spot.first <= at <= spot.last and not sign.isspace() for sign, at in zip(reading.text, reading.at, strict=True)
    )


def _rest_beside(
    reading: LineReading, spot: Spot, kept: Sequence[tuple[bool, Spot]], spellings: Sequence[Spelling]
) -> list[tuple[bool, Spot]]:
    """The other names of the same student that are next to one, or linked to it by particles: Zoë (van der) Berg."""
    mine = set(spellings[spot.name].students)
    widest = NEXT_WORD * (spot.last - spot.first + 1) / len(spellings[spot.name].letters)
    return [
        (sure, other)
        for sure, other in kept
        if other is not spot
        and other.name != spot.name
        and mine & set(spellings[other.name].students)
        and (0 < max(other.first - spot.last, spot.first - other.last) <= widest or _is_linked(reading, spot, other))
    ]


def _is_half_of_sure(
    reading: LineReading, spot: Spot, kept: Sequence[tuple[bool, Spot]], spellings: Sequence[Spelling]
) -> bool:
    """Whether a likely name with a capital is beside a sure one of the same student, or both were read exactly."""
    if spot.upper < SMALL:
        return False
    rest = _rest_beside(reading, spot, kept, spellings)
    exact = spot.cost <= SURE[2]
    return any(sure or (exact and other.cost <= SURE[2] and other.upper >= SMALL) for sure, other in rest)


def _is_linked(reading: LineReading, one: Spot, other: Spot) -> bool:
    """Whether nothing but particles of a last name stands between two spots."""
    first, second = sorted((one, other), key=lambda spot: spot.first)
    words = text_between(reading, first.last, second.first).casefold().split()
    return bool(words) and all(word in PARTICLES for word in words)


def _list_linked(
    reading: LineReading, kept: Sequence[tuple[bool, Spot]], spellings: Sequence[Spelling]
) -> list[tuple[Spot, int]]:
    """Sure names that are linked to the next one of the same student, with the frame before that one."""
    found = []
    for sure, spot in kept:
        for other_is_sure, other in _rest_beside(reading, spot, kept, spellings):
            if sure and other_is_sure and other.first > spot.last and _is_linked(reading, spot, other):
                found.append((spot, other.first - 1))
    return found


def find_name_between(
    reading: LineReading, names: NameLetters, spellings: Sequence[Spelling], first: int, last: int
) -> int | None:
    """The spelling that fits best on a part of a line where a name was found; None where none does.

    Args:
        reading: what the line says.
        names: the spellings, ready to be searched for.
        spellings: what they are, in the same order.
        first: the first frame of the part.
        last: its last frame.
    """
    spots = find_spots(reading, names, max(LIKELY.values()))
    here = [spot for spot in spots if _frames_inside(spot, first, last) >= MOSTLY_INSIDE]

    def rank(spot: Spot) -> tuple[bool, float, int]:
        spelling = spellings[spot.name]
        return _rating(spot, spelling, begins=False) is None, -_weight(spot, spelling), spot.name

    return min(here, key=rank).name if here else None


def _frames_inside(spot: Spot, first: int, last: int) -> float:
    """The share of a spot's frames that lies between two frames."""
    return (min(spot.last, last) - max(spot.first, first) + 1) / (spot.last - spot.first + 1)


def _weight(spot: Spot, spelling: Spelling) -> float:
    """How strong a spot is: a long name that was nearly read outweighs a short one inside it."""
    letters = len(spelling.letters)
    return (LIKELY[min(letters, LONG)] - spot.cost) * letters


def _rating(spot: Spot, spelling: Spelling, *, begins: bool) -> bool | None:
    """True for sure, False for likely, None for neither."""
    letters = len(spelling.letters)
    is_long = letters >= UNMISTAKABLE
    exact = spot.cost <= SURE[2]
    if spelling.is_word and spot.upper < SMALL:
        return None
    if spot.upper < SMALL and (spot.broken or (not exact and not is_long)):
        return None  # two small words, or a short one that has not even that name's letters
    alone = spot.left_cost < EDGE and spot.right_cost < EDGE
    if spot.cost <= SURE[min(letters, LONG)] and (alone or (is_long and spot.cost <= EXACT)):
        whole = not spot.broken or (letters > LEAST_RUNNING_ON and spot.cost <= (BROKEN if letters >= LONG else EXACT))
        is_nearly = letters >= LONG_ENOUGH and spot.cost <= NEARLY and alone and not spot.broken
        is_sure = exact or is_nearly or (spot.upper >= SMALL and whole)
        return is_sure and not (spelling.is_word and (begins or not exact or spot.upper <= CAPITAL))
    if spot.cost <= LIKELY[min(letters, LONG)] and (alone or (letters >= LONG and spot.cost <= 1.5)):
        return False
    runs_on = exact and letters >= LEAST_RUNNING_ON and spot.left_cost < EDGE and spot.upper > CAPITAL and not begins
    return False if runs_on else None


def _begins_sentence(context: NameContext, reading: LineReading, spot: Spot, letters: int, *, goes_on: bool) -> bool:
    """Whether a spot is the first word of a sentence or cell, where any word has a capital."""
    last = next((n for n in range(context.start - 1, -1, -1) if not context.text[n].isspace()), None)
    gap = (spot.first - reading.at[last]) * letters / (spot.last - spot.first + 1) if last is not None else 0.0
    return context.begins_sentence(in_new_cell=gap > NEXT_CELL, goes_on=goes_on)


def _shared(one: Spot, other: Spot) -> float:
    shared = min(one.last, other.last) - max(one.first, other.first) + 1
    return shared / max(1, min(one.last - one.first, other.last - other.first) + 1)


def is_unread(line: Line, reading: LineReading, ink: Mask, dpi: float) -> bool:
    """Whether the recogniser made next to nothing of the writing on a line, as with faint or broken strokes.

    Args:
        line: where it lies.
        reading: what it says.
        ink: the page's new ink.
        dpi: of the page.
    """
    mm = dpi / 25.4
    if line.width < UNREAD_FROM_MM * mm or line.height > LOW_MM * mm or abs(line.angle) > STEEPEST:
        return False
    says_enough = sum(sign.isalnum() for sign in reading.text) > line.width / mm / MM_A_SIGN
    if says_enough and reading.confidence > DOUBTFUL:
        return False
    cut = (line.crop(ink.astype(np.uint8) * 255, 0) > 127).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(cut)
    tall, wide = stats[1:, 3] / mm, stats[1:, 2] / mm
    strokes = (tall > 0.6) & (tall < 8) & (wide < 12)
    return int(strokes.sum()) >= STROKES


def locate_text(line: Line, reading: LineReading, start: int, end: int, ink: Mask, dpi: float) -> Box:
    """Locate some characters of a line's text on the page.

    Args:
        line: where the line lies.
        reading: what it says.
        start: index of the first character of ``reading.text``.
        end: index after the last one.
        ink: the page's new ink.
        dpi: of the page.
    """
    cut = line.crop(ink.astype(np.uint8) * 255, 0) > 127
    return place_frames(line, reading, (reading.at[start], reading.at[end - 1]), end - start, cut, ink.shape, dpi)


def place_frames(
    line: Line,
    reading: LineReading,
    frames: tuple[int, int],
    letters: int,
    cut: NDArray[np.bool_],
    shape: tuple[int, ...],
    dpi: float,
) -> Box:
    """The box of some frames: their strokes, and those connected with them, up to the next gap between words.

    Args:
        line: where the line lies.
        reading: what it says.
        frames: the first and the last of them.
        letters: how many they are.
        cut: the line's ink, as (height, width) of the line.
        shape: of the page, in pixels.
        dpi: of the page.
    """
    step = cut.shape[1] / len(reading.letters)
    first, last = frames
    pitch = max(step, (last - first + 1) * step / letters)
    columns = np.asarray(cut.any(axis=0))
    left = _edge(columns, first * step, -1, BESIDE * pitch)
    right = _edge(columns, (last + 1) * step, 1, BESIDE * pitch)
    rim = RIM_MM * dpi / 25.4
    middle = cut[:, round(left) : max(round(left) + 1, round(right))]
    rows = np.flatnonzero(middle.any(axis=1))
    # new ink ends where the print of a rule begins, but the feet of letters stand in the rule and below it
    foot = FOOT_MM * dpi / 25.4
    band = (float(rows[0]) - rim, float(rows[-1]) + 1 + foot) if len(rows) else (0.0, float(cut.shape[0]))
    return line.box(left - rim, right + rim, shape, rows=band)


def _edge(columns: NDArray[np.bool_], start: float, way: int, most: float) -> float:
    """Where the ink at a place ends, going one way: at the first empty columns, or after so many pixels."""
    at = int(np.clip(round(start), 0, len(columns) - 1))
    for step in range(round(most) + 1):
        here = at + way * step
        if not 0 <= here < len(columns):
            return float(np.clip(here, 0, len(columns)))
        if not columns[max(0, here - 1) : here + 2].any():
            return float(here)
    return float(at + way * round(most))


def find_continuations(lines: Sequence[Line], readings: Sequence[LineReading], dpi: float) -> list[int | None]:
    """Find the lines that begin in the middle of a sentence, because the line above was full: for each, that line.

    A line that ends early was ended on purpose, as in a list. The next one may then begin with any capital.

    Args:
        lines: of a page.
        readings: what they say, in the same order.
        dpi: of the page.

    Returns:
        For each line the index of the one above that it continues; None where it continues none.
    """
    return [_find_continued(here, lines, readings, dpi / 25.4) for here in range(len(lines))]


def _find_continued(here: int, lines: Sequence[Line], readings: Sequence[LineReading], mm: float) -> int | None:
    line = lines[here]
    column = [n for n, other in enumerate(lines) if abs(other.left - line.left) <= FLUSH_MM * mm]
    over = [n for n in column if line.height / 2 < line.y - lines[n].y <= SPACED * max(line.height, lines[n].height)]
    if not over or not readings[here].at:
        return None
    above = max(over, key=lambda n: lines[n].y)
    text = readings[above].text.rstrip()
    if not text or text[-1] in SENTENCE_ENDS or readings[above].confidence < READ or lines[above].width < FULL_MM * mm:
        return None
    margin = max(lines[n].right for n in column)
    is_full = lines[above].right + _first_word(line, readings[here]) + SPACE_MM * mm > margin
    return above if is_full else None


def _first_word(line: Line, reading: LineReading) -> float:
    """How wide the first word of a line is, in pixels."""
    ends = next((at for sign, at in zip(reading.text, reading.at, strict=True) if sign.isspace()), reading.at[-1] + 1)
    return (ends - reading.at[0]) * line.width / len(reading.letters)
