"""Find words in an introduction that judge students, or that give away what colleagues should find for themselves.

The list of patterns is short and reviewed: if reminders come for no reason, nobody reads them. It covers English only.
Nothing is refused because of it; the teacher decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTICED = (
    "gives away what you noticed. Consider removing it, so that colleagues can find it in the student work themselves"
)
LABEL = "puts a label on students. Consider removing it: once colleagues have read a label, it is all they see"
GRADE = "judges the work before anyone has looked. Consider removing it"


def _any(words: str) -> str:
    """A pattern for one of the words or phrases, which are separated by commas."""
    return f"(?:{'|'.join(word.strip() for word in words.split(','))})"


_MUCH = rf"(?:{_any('very, really, quite, rather, still, just, so, too, pretty, all, fully, completely, yet, even')} )*"
_UP_TO_THREE = r"(?:[\w']+ ){0,3}?"
_PEOPLE = _any("students, pupils, learners, kids, children, ones, readers, writers, thinkers, performers")
_SOMEONE = _any(
    "they, he, she, kids, pupils, students, learners, children, most, many, some, several, few, half, a lot, of them, "
    "the class, my class, this class, everyone, everybody, nobody, no one"
)
_WHO = f"{_SOMEONE} {_UP_TO_THREE}"
_OF_THEM = (
    _any("most, many, some, half, few, several, none, all")
    + " of "
    + _any("them, my students, my kids, my class, our students, the class, the students")
)
_NOT = _any(
    "don't, dont, do not, doesn't, does not, didn't, didnt, did not, can't, cant, cannot, couldn't, could not, never, "
    "hardly, barely"
)
_BE = _any("are, is, were, was, seem, seemed")
_GIVEN = _any(  # "they don't get a calculator" is a fact
    "a, an, any, all, the, to, their, more, much, many, extra, help, time, feedback, hints?, paper, calculators?, "
    "notes, books?"
)
_FEELINGS = _any("surprised, disappointed, pleased, impressed, shocked, worried")
_BEST = _any("high, top, bottom, best, worst, stronger, strongest")
_FAULTS = _any("weak, lazy, careless, clueless, hopeless, sloppy, dumb, stupid, slow, behind")
_HANDED_IN = _any("gave, wrote, produced, handed in, showed, made, have, had")
_QUALITIES = _any("poor, weak, terrible, awful, bad, excellent, brilliant, great, amazing, impressive, disappointing")
_WHAT_THEY_MADE = _any("answers?, responses?, explanations?, work, drawings?, thinking, reasoning")
_NO_END = r"(?:the (?:beginning|end)|time|light)\b"
_ENDS = r"(?= *(?:[,;)]|$|(?:and|but|at|in)\b))"

_PATTERNS = {
    NOTICED: (
        rf"{_WHO}{_NOT} {_MUCH}get {_any('it, that, this, why, how, what')}\b",
        rf"{_WHO}{_NOT} {_MUCH}get the {_any('idea, point, concept, difference, hang')}\b",
        rf"{_WHO}don'?t {_MUCH}get (?!{_GIVEN}\b)\w+",
        rf"{_WHO}{_NOT} {_MUCH}{_any('underst(?:and|ood), grasp(?:ed)?, ma(?:k|d)e sense of, figured? out')}\b",
        rf"{_WHO}{_any('misunderst(?:ood|ands?), misread, mix(?:ed)? up, got confused')}\b",
        rf"{_WHO}forgot\b(?! (?:their|a|the)\b)",
        rf"{_WHO}{_BE} {_MUCH}confused\b",
        rf"{_WHO}struggl(?:es?|ed|ing) (?:a lot |most )?{_any('with, to, at, in')}\b",
        rf"{_WHO}(?:got|gets?|had) {_any('it, this, that, them')} {_MUCH}{_any('wrong, right, backwards')}\b",
        rf"{_WHO}(?:got|had) the {_any('answer, question, idea, point')} {_MUCH}{_any('wrong, right, backwards')}\b",
        rf"{_WHO}fail(?:ed|s)? {_any('to, at')}\b",
        rf"\b{_OF_THEM} (?:[\w']+ ){{0,2}}?{_any('think, thought, believed?, confused?, missed, kn[eo]w')}\b",
        rf"\b{_OF_THEM} (?:[\w']+ ){{0,2}}?underst(?:and|ood)\b",
        r"\b(?:their|students'|common) misconceptions? (?:is|was|are|were|here|in the work|shows?)\b",
        rf"\byou(?:'ll| will| can| may) (?:also )?{_any('see, notice, find')} {_any('that, how')} {_SOMEONE}\b",
        rf"\bnotice {_any('that, how')} {_SOMEONE}\b",
        rf"\b(?:i|we) {_any('was, were, am, are')} {_MUCH}{_FEELINGS}\b",
        rf"\bshould have {_any('known, learned, learnt, understood, been able')}\b",
    ),
    LABEL: (
        rf"\b{_any('low, lower, lowest, slow, slower, slowest, weak, weaker, weakest')} {_PEOPLE}\b",
        rf"\b{_any('bright, brighter, brightest, smart, smarter, smartest, gifted, lazy, struggling')} {_PEOPLE}\b",
        rf"\b{_any('low, high, below[- ]grade')}[- ]{_any('ability, level, performing')} {_PEOPLE}\b",
        rf"\b{_any('my, our, the')} (?:very )?{_BEST} {_PEOPLE}\b(?!')",
        rf"\b{_any('my, our, the')} {_any('highs, lows')}\b",
        rf"\b{_any('low, high, slow, weak')}[- ]{_any('achievers?, performers?, fl[iy]ers?')}\b|\bslow learners?\b",
        rf"\b{_any('weak, poor, bad, hopeless, terrible, lousy')} {_any('at, in, on')} (?!{_NO_END})\w+",
        rf"{_WHO}{_BE} {_MUCH}{_FAULTS}{_ENDS}",
    ),
    GRADE: (
        rf"{_WHO}{_HANDED_IN} {_UP_TO_THREE}{_QUALITIES} {_WHAT_THEY_MADE}\b",
        rf"{_WHO}d(?:id|o|oes) {_MUCH}{_any('poorly, badly, terribly, brilliantly, well on, well in, well with')}\b",
        rf"\b{_any('careless, silly, sloppy, stupid')} {_any('mistakes?, errors?, work, answers?')}\b",
        rf"\b{_BE} (?:far |much |way )?too {_any('hard, difficult, easy')} for (?:them\b|{_SOMEONE}\b)",
    ),
}

# Directions given to students, hopes, and statements about anybody do not count as findings.
_NO_FINDING = re.compile(
    r"\b"
    + _any(
        "if, when, whenever, where, whether, unless, until, anyone, anybody, whoever, those who, told, tell, telling, "
        "said, say, asked, ask, reminded, remind, encouraged, invited, promised, should(?! have), hoped?, wanted, "
        "want, would like, so that, allowed"
    )
    + r"\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;!?\n:]+(?:\s|$)|,? (?:but|yet|though|although|however|and yet) ", re.IGNORECASE)
_COMPILED = tuple(
    (why, tuple(re.compile(rf"(?<![\w'])(?:{pattern})", re.IGNORECASE) for pattern in patterns))
    for why, patterns in _PATTERNS.items()
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Some words that judge.

    Attributes:
        words: as in the text.
        why: what is wrong with them; the rest of a sentence that begins with the words.
    """

    words: str
    why: str


def find_judgements(text: str) -> tuple[Judgement, ...]:
    """The words of a text that judge, in their order, each place once.

    >>> [one.words for one in find_judgements("They worked alone. Most of them don't get fractions yet.")]
    ["Most of them don't get fractions"]
    """
    return tuple(one for clause in _split_clauses(text) for one in _judge_clause(clause))


def _split_clauses(text: str) -> Iterator[str]:
    plain = text.replace("\u2019", "'").replace("\u2018", "'")
    for clause in _CLAUSE.split(plain):
        if clause.strip():
            yield " ".join(clause.split())


def _judge_clause(clause: str) -> Iterator[Judgement]:
    """One at most: a teacher who looks at one place in a clause sees the others too."""
    found = [
        (match.start(), match, why) for why, patterns in _COMPILED for one in patterns if (match := one.search(clause))
    ]
    for start, match, why in sorted(found, key=lambda item: (item[0], -len(item[1].group()))):
        if not _NO_FINDING.search(clause[:start]):
            yield Judgement(match.group().strip(), why)
            return
