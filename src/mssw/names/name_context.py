"""What the words around a possible name say: whether a sentence begins there, and whether it takes a name.

In goes the text of a line of handwriting and the place of a name's letters in it. Out come yes and no: how surely the
letters are that name is another question, see ``vision.mentions``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mssw.names.student import keep_letters
from mssw.names.word_lists import (
    ABBREVIATED_TITLES,
    BEFORE_NAMES,
    DETERMINERS,
    FUNCTION_WORDS,
    PLAIN_GRAMMAR,
    SPEAKING_WORDS,
    TELLING_WORDS,
    UNENDING_WORDS,
    follows_a_word,
    is_acting,
    is_doing,
    is_finite,
)

APOSTROPHES = ("'", "\u2019")
AND = frozenset({"and", "und", "y", "et", "e"})
CAPITAL_I = frozenset("Il")  # what a capital I is read as
SENTENCE_ENDS = ".!?:"
MODALS = frozenset({"may", "will"})  # names that are also words, which only a word that is not finite can follow
_MODAL_VERBS = frozenset(
    {"can", "could", "should", "would", "must", "might", "can't", "couldn't", "shouldn't", "wouldn't"}
)
_MONTH, _OF_A_MONTH = "may", frozenset({"is", "was", "has", "had", "will", "would", "does"})
_PARTING_MARKS = ".,!?;:"
_LIST = re.compile(r", ([A-Z]\w+),? (?:and|&|\+) (I|me|[A-Z]\w+)\b")  # behind the first of several people
_SELF_OR_ME = frozenset({"I", "me"})
_BEFORE_PEOPLE = frozenset({"so", "then", "when", "that", "because", "but", "where", "with"})
_OWNING = ("'s", "\u2019s")
_OWNER = "s"  # what is left of them where no apostrophe was written or read: Mayas idea, and always in German
_ENDS_ALONE = (".", "!", "?")
_LABEL = re.compile(r"\W*(?:(?:\d{1,2}|[A-Za-z])[.):]+\W*)?")  # before the first word of a line: quotes, "2)"
_LAST_TITLE = re.compile(r"(\w+)\.\s*$")
_ME = frozenset({"i", "me", "ich", "yo", "moi", "eu", "io"})  # "Hope and I"
_SELF = "I"
_SEE_ME = ("see", "me")  # a teacher's note, without the comma that is hard to read
_LOOPS = frozenset("ec")  # the loop of a cursive I is read as one of these before it
_NO_LOOP = frozenset({"clan", "elan"})
_PRAISE = frozenset({"work", "job", "done", "effort", "thinking", "idea"})  # what a teacher praises somebody for
_WERE = frozenset({"were"})  # "in our group were Ivy and me"
_ASKED = frozenset({"it", "they", "we", "you", "he", "she"})  # what follows the first word of a question
_MAY_I = ("may", "I")
_OF_SOMEBODY = frozenset({"are", "is", "am", "were", "was", "and", "too"})  # said of somebody: Will you are right
_TIMES_AND_PLACES = frozenset({"in", "at", "from", "last", "next", "both"})  # no owner behind: "last summer's heat"
_STUCK_VERBS = frozenset({"did", "does", "had", "has", "said", "says", "was"})  # to which a space often gets lost
_HELPING = frozenset(
    {"is", "was", "has", "had", "will", "would", "might", "must", "did", "does", "just", "put", "read"}
)
_PARTING = (*_ENDS_ALONE, ",", ";", ":")  # behind a word: what follows does not belong to it
_LOUD_WORDS = 3  # of a line
_BEFORE_NO_VERB = frozenset({"at", "behind", "by", "for", "from", "like", "near", "of", "than", "to", "without"})
_MARKS_AS_LETTERS, _SHORTEST_CALLED = "li", 4  # what "!" is read as, and letters of a name before it, at least
_BETWEEN_WORDS = " ,.;:!-\u2013\u2014"
_GO_ON = UNENDING_WORDS | PLAIN_GRAMMAR | BEFORE_NAMES | SPEAKING_WORDS | AND  # no sentence ends in one of these
_MARKS = ",.:"  # what may stand between two words of a sentence


@dataclass(frozen=True, slots=True)
class NameContext:
    """A possible name in the text of a line. Its repr shows nothing of it.

    Attributes:
        text: of the line, as it was read.
        start: index of the first character that was read where the name is.
        end: index after the last one.
    """

    text: str
    start: int
    end: int

    def __repr__(self) -> str:
        return f"NameContext in {len(self.text)} characters"

    @property
    def span(self) -> tuple[int, int]:
        """Where the whole word that was read there begins and ends."""
        start, end = self.start, self.end
        while start > 0 and self.text[start - 1].isalpha():
            start -= 1
        while end < len(self.text) and self.text[end].isalpha():
            end += 1
        return start, end

    @property
    def word(self) -> str:
        """The whole word that was read there, as letters from a to z."""
        return keep_letters(self.text[slice(*self.span)])

    @property
    def before(self) -> str:
        """The text before the name."""
        return self.text[: self.start]

    @property
    def after(self) -> str:
        """The text behind the name."""
        return self.text[self.end :]

    @property
    def words_before(self) -> list[str]:
        """The words before the whole word, as they were read."""
        return self.text[: self.span[0]].split()

    @property
    def next_word(self) -> str:
        """The word behind the name, in small letters; empty where something else comes next."""
        return self._next_words()[0]

    def _next_words(self) -> tuple[str, str]:
        return _first_two(self.after)

    def begins_sentence(self, *, in_new_cell: bool, goes_on: bool) -> bool:
        """Whether it is the first word of a sentence, of a cell, or of a line that does not continue one.

        Any word has a capital there.
        But a word that owns something (Grace's idea) or does what people do (Grace said, Grace and I) is a name even
        there.

        Args:
            in_new_cell: whether a gap as between the cells of a table is before it.
            goes_on: whether the first word of the line continues a sentence.
        """
        if self._owns() or self._acts() or self._is_self_between() or self._speaks() or self._is_no_modal():
            return False
        if _LABEL.fullmatch(self.before):
            return not goes_on or self.follows_as_word()
        return in_new_cell or (self.before.rstrip()[-1] in SENTENCE_ENDS and not self._is_behind_title())

    def _speaks(self) -> bool:
        """Whether it is a speaker in a play or an interview: "Hunter: It was the wind"."""
        return self.after[:1] == ":" and bool(self.after[1:].strip()) and _LABEL.fullmatch(self.before) is not None

    def _is_no_modal(self) -> bool:
        """Whether "may" or "will" cannot stand before the next word, as in "May can speak Urdu", "Will saw it".

        Of the month of May one says that it is, was or had something.
        """
        word, following = self.word, self.next_word
        is_month = word == _MONTH and following in _OF_A_MONTH
        is_finite_next = is_finite(following.strip(_PARTING_MARKS)) and not is_month
        return word in MODALS and (following in _MODAL_VERBS or is_finite_next or self.stands_before_modal())

    def stands_before_modal(self) -> bool:
        """Whether "may" or "will" has the other one behind it, so that it is somebody: "will may have seen it"."""
        return self.word in MODALS and self.next_word in MODALS - {self.word}

    def heads_list(self, called: Collection[str], sure: Collection[str]) -> bool:
        """Whether it is the first of several people: "so sky, Jack and I sat"; "Pat, Sky and Maria ran".

        Args:
            called: what people are called, as letters from a to z.
            sure: those of these words that are nothing but names.
        """
        start, end = self.span
        found = _LIST.match(self.text[end:])
        if found is None or keep_letters(found[1]) not in called:
            return False
        if found[2] in _SELF_OR_ME:
            return self.text[start].isupper() or self._last_word() in _BEFORE_PEOPLE
        others = {keep_letters(found[1]), keep_letters(found[2])}
        return self.text[start].isupper() and others <= set(called) and not others.isdisjoint(sure)

    def spans_words(self, called: Collection[str]) -> bool:
        """Whether it is a name with a small word behind it and no longer one with a gap: "Sam in" is no Samir."""
        words = [keep_letters(word) for word in self.text[self.start : self.end].split()]
        return not FUNCTION_WORDS.isdisjoint(words) and not set(called).isdisjoint(words)

    def may_begin_sentence(self) -> bool:
        """Whether the full stop before it may be missing, as in "… goes up Mark both ends".

        The word before it can end a sentence, and the next one follows a word more often than a name.
        """
        last = self.before.split()[-1:]
        can_end = bool(last) and last[0].isalpha() and last[0].islower() and last[0] not in _GO_ON
        return can_end and self.follows_as_word()

    def _is_behind_title(self) -> bool:
        """Whether the full stop before it belongs to a title: Ms. Rivera."""
        last = _LAST_TITLE.search(self.before)
        return last is not None and last[1].casefold() in ABBREVIATED_TITLES

    def _is_self_between(self) -> bool:
        """Whether the writer names herself between commas, the first of which was read as a full stop: I. Mark, saw."""
        return self.before.split()[-1:] == [_SELF + "."] and self.after[:1] in {",", "."}

    def _owns(self) -> bool:
        """Whether it owns the next word. Its s may have got lost (Rose' way); a word between quotes owns nothing."""
        after = self.after
        is_owner = after[:1] in APOSTROPHES and after[1:2].isspace() and not self.before.endswith(APOSTROPHES)
        return after[:2] in _OWNING or is_owner

    def _acts(self) -> bool:
        """Whether the next words say that somebody does something, or is with the writer, or call somebody."""
        first, second = self._next_words()
        is_called = (first, second) == _SEE_ME
        return first in SPEAKING_WORDS or is_doing(first, second) or _is_with_me(self.after) or is_called

    def asks(self, letters: str, *, goes_on: bool) -> bool:
        """Whether a sentence begins as a question does, "Will it work", and names nobody.

        At the start of a line that may go on ("I worked with" / "Will it was fun") and before what is said of somebody
        ("Will you are right"), the word may be a name all the same.

        Args:
            letters: of the name, which was read exactly.
            goes_on: whether the first word of the line continues a sentence.
        """
        if letters not in MODALS:
            return False
        before = self.text[: self.span[0]].rstrip()
        following, third = ([*self.after.split(), "", ""])[:2]
        said = third.casefold().strip(",.")
        is_asked = following in _ASKED or (letters, following) == _MAY_I
        if not is_asked or not third or said in _OF_SOMEBODY or is_finite(said):
            return False
        return before.endswith(_ENDS_ALONE) or (not goes_on and not before)

    def is_no_word(self, letters: str) -> bool:
        """Whether the word that the name also is cannot stand here, so that somebody's name was written small.

        That is so in "may did not", "told walker that", "we used mark's way" and "may's way": a modal owns nothing.

        Args:
            letters: of the name, which was read exactly.
        """
        if letters in MODALS:
            is_owner = self._owns() and not self._has_article()
            is_before_verb = is_finite(self.next_word) or self.has_verb_stuck_on(letters)
            return is_owner or is_before_verb or self.stands_before_modal()
        return self._lacks_article()

    def speaks_bare(self) -> bool:
        """Whether it does what only people do, without the article that a word would have: "at lunch sawyer showed us".

        A modal does not count: of "I think will said so" one cannot be sure.
        """
        if self.word in MODALS or self._has_article():
            return False
        first, _ = self._next_words()
        return first in SPEAKING_WORDS or is_doing(first, "") or _is_with_me(self.after)

    def acts_bare(self) -> bool:
        """Whether it owns something or does something, without an article: "one time wren chewed", "wren's eraser"."""
        if self.word in MODALS or self._has_article():
            return False
        first, _ = self._next_words()
        return self._owns() or (is_acting(first) and first not in _HELPING)

    def _has_article(self) -> bool:
        """Whether an article is before it, with up to two words between that belong to it: "a big old stone"."""
        for read, word in zip(self.words_before[:-4:-1], self._plain_words_before()[:-4:-1], strict=True):
            if word in DETERMINERS:
                return True
            if word in _GO_ON or read.endswith(_PARTING):
                return False
        return False

    def _plain_words_before(self) -> list[str]:
        """The words before it, in small letters and without marks."""
        return [word.strip(_MARKS).casefold() for word in self.words_before]

    def _lacks_article(self) -> bool:
        """Whether it stands where a word would need an article: "told stone", "we used stone's way"."""
        start, end = self.span
        words = self._plain_words_before()
        if not words or not self.text[start - 1].isspace():
            return False
        is_owner = self.text[end : end + 2] in _OWNING and words[-1] not in _TIMES_AND_PLACES
        return words[-1] in TELLING_WORDS or (is_owner and DETERMINERS.isdisjoint(words[-3:]))

    def is_unmarked_owner(self, letters: str) -> bool:
        """Whether the "s" of an owner is stuck to the name."""
        return self.word == letters + _OWNER

    def has_verb_stuck_on(self, letters: str) -> bool:
        """Whether a word that says what somebody did is stuck to the name, as in "Willdid"."""
        return self.word.startswith(letters) and self.word[len(letters) :] in _STUCK_VERBS

    def has_mark_stuck_on(self, letters: str) -> bool:
        """Whether an exclamation mark behind the name was read as one more letter: "Tylerl wait"."""
        return self.word in {letters + mark for mark in _MARKS_AS_LETTERS} and len(letters) >= _SHORTEST_CALLED

    def has_capital_inside(self) -> bool:
        """Whether a capital follows a small letter in the whole word, as where two names are stuck: "AlReed"."""
        start, end = self.span
        return any(one.islower() and two.isupper() for one, two in pairwise(self.text[start:end]))

    def is_stuck_on(self) -> bool:
        """Whether its capital stands right behind a small letter, as in "withPriya".

        No word has a capital inside, so it is a space that got lost.
        """
        at = self.start
        return at > 0 and self.text[at - 1].islower() and self.text[at : at + 1].isupper()

    def has_loop(self) -> bool:
        """Whether a cursive I begins the word: its loop is read as one more letter, "elda" for Ida, "clvy" for Ivy."""
        start, _ = self.span
        is_loop = self.text[start : start + 1] in _LOOPS and self.text[start + 1 : start + 2] in CAPITAL_I
        return is_loop and self.word not in _NO_LOOP

    def is_word_in_capitals(self) -> bool:
        """Whether a line is in capitals, which say nothing then, and the word stands as a word: A LITTLE FROG."""
        if not self.text.isupper() or sum(len(word) > 1 for word in self.text.split()) < _LOUD_WORDS:
            return False
        if self.stands_behind_cue() or self.speaks_bare() or self._owns() or self._acts() or self._is_no_modal_here():
            return False
        return self._has_article() or self.word in MODALS or self.follows_as_word()

    def _is_no_modal_here(self) -> bool:
        """Whether "may" or "will" cannot stand there as such: "by Will", "me and Will", "Will won"."""
        is_behind = self._last_word() in _BEFORE_NO_VERB or self._is_behind_me()
        return self.word in MODALS and (is_behind or is_finite(self.next_word))

    def _is_behind_me(self) -> bool:
        """Whether the writer and somebody stand before it: "me and …"."""
        *_, first, second = "", "", *self._plain_words_before()
        return first in _ME and second in AND

    def follows_as_word(self) -> bool:
        """Whether the next words show that it is a word and names nobody, as in "Mark the", "Grace is when"."""
        return follows_a_word(*self._next_words())

    def initial_before(self) -> str:
        """The single capital right before the name, in small letters, as in "T. Pike"; empty where there is none."""
        return _initial(self.words_before[-1:])

    def initial_after(self) -> str:
        """The single capital right behind the name, in small letters: "Ana C.", "AnaC"; empty where there is none."""
        behind = self.after.split(maxsplit=1)[:1]
        is_apart = self.after[:1].isspace()
        return _initial(behind) if is_apart or (behind and self.text[self.end - 1].islower()) else ""

    def stands_behind_cue(self) -> bool:
        """Whether a word is before it that a name follows, as "with"."""
        return self._last_word() in BEFORE_NAMES

    def stands_with_me(self) -> bool:
        """Whether the next words say that the writer is there too, or call somebody: Hope and I; Hope, see me."""
        after = " " + self.text[self.span[1] :].lstrip(_BETWEEN_WORDS)
        return _is_with_me(after) or _first_two(after) == _SEE_ME

    def stands_between(self) -> bool:
        """Whether only a name stands where it does: "with … and me", "Good work, … - see me"."""
        is_cue = self.stands_behind_cue() or self._last_word() in _WERE or self._is_behind_praise()
        return is_cue and self.stands_with_me()

    def _is_behind_praise(self) -> bool:
        """Whether a teacher praises somebody: "Well done, …"."""
        last = self.words_before[-1:]
        return bool(last) and last[0].endswith(",") and last[0][:-1].casefold() in _PRAISE

    def _last_word(self) -> str:
        """The word before it, in small letters."""
        last = self.words_before[-1:]
        return last[0].strip(_MARKS).casefold() if last else ""


def has_slot(text: str) -> bool:
    """Whether a line has a place where a name stands: behind "with", or before "and me" and "see me"."""
    words = [word.strip(",.:;").casefold() for word in text.split()]
    is_with_me = any((one in AND and two in _ME) or (one, two) == _SEE_ME for one, two in pairwise(words))
    return is_with_me or not BEFORE_NAMES.isdisjoint(words)


def joins(text: str) -> bool:
    """Whether a text between two names makes them a pair: "and", "&", "+"."""
    words = text.casefold().replace(",", " ").split()
    return len(words) == 1 and words[0] in AND | {"&", "+"}


def _initial(words: Sequence[str]) -> str:
    """A word that is one capital, with a full stop or without, in small letters; else empty."""
    plain = words[0].rstrip(".,;:)") if words else ""
    return plain.casefold() if len(plain) == 1 and plain.isupper() else ""


def _is_with_me(after: str) -> bool:
    first, second = _first_two(after)
    return first in AND and second in _ME


def _first_two(after: str) -> tuple[str, str]:
    """The first two words of what follows, in small letters; empty where something else does."""
    words = [word.strip(_MARKS).casefold() for word in after.split(maxsplit=2)[:2]] if after[:1].isspace() else []
    first, second = (*words, "", "")[:2]
    return first, second
