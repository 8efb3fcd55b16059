"""The words that stand beside a name: labels that ask for it or for another identifier, and words of headings.

Takes words as they were printed or read, returns what a label asks for. The words are in lists by language
(``lists/labels_….txt``): another language is one more line in them. On a filled page, a label may have a wrong letter
or the written name stuck to it. The words that students write beside a name at the head of an essay are in
``lists/heading_words.txt``; those of labels count there too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from mssw.core.page import Box
from mssw.names.companion_labels import names_a_companion
from mssw.names.letters import remove_accents
from mssw.names.student import keep_letters
from mssw.names.word_lists import TITLES, read_label_words, read_marked_words

# The words of labels, by what they ask for; see the remarks in the lists themselves.
NAME_WORDS, STUDENT_WORDS = read_label_words("labels_name"), read_label_words("labels_student")
PERSON_WORDS, TEACHER_WORDS = read_label_words("labels_person"), read_label_words("labels_teacher")
PARENT_WORDS = read_label_words("labels_parent")
SIGNATURE_WORDS, NUMBER_WORDS = read_label_words("labels_signature"), read_label_words("labels_number")
BESIDE, OTHERS = read_label_words("labels_beside"), read_label_words("labels_else")
GROUP_WORDS = {"group", "team", "grupo", "equipo", "groupe", "equipe", "gruppe", "groep", "gruppo", "grup"}
SEVERAL = PERSON_WORDS - {
    "partner",
    "parceiro",
    "parceira",
    "partenaire",
    "companero",
    "companera",
    "compagno",
    "compagna",
}
SEVERAL |= {"names", "nombres", "noms", "nomes"}
AND = {"and", "y", "e", "et", "und", "en", "i", "a", "og", "och", "ve", "si"}
_IN_PAIRS = read_marked_words("labels_number_words")
HAS_NUMBER, IS_NUMBER = (frozenset(w for m, ws in _IN_PAIRS if m == mark for w in ws) for mark in ("of", "number"))
TOGETHER = tuple((mark, frozenset(words)) for mark, words in read_marked_words("labels_together"))
_GAP = "..."  # what is left of the sign for one in a list
_AROUND_LINES = read_marked_words("labels_around")
_BETWEEN = frozenset(word for mark, words in _AROUND_LINES if mark == "between" for word in words)
_AROUND = tuple(
    (mark, words[: words.index(_GAP)], words[words.index(_GAP) + 1 :])
    for mark, words in _AROUND_LINES
    if mark != "between"
)
RECEIVERS = frozenset({"to", "for", "para", "pour", "an", "fur", "per", "voor", "aan", "dla"})
SENDERS = frozenset({"from", "by", "de", "von", "da", "van", "od"})
NUMBERS = ({"no"}, {"nr"}, {"number"}, {"numero"}, {"nummer"}, {"id"}, {"number", "id"})
MOST_WORDS = 7
MENDED = 6  # letters of a word that is read with one wrong letter, in a language that has no words listed here
MENDED_SHORT = {
    "name", "nome", "noms", "names", "nomes", "pupil", "eleve", "aluno", "aluna", "email", "phone", "firma", "hoten",
    "vaten",
}  # fmt: skip

# Words of worksheets that differ from a label by one letter and are not misread labels.
LIKE_LABELS = {
    "same", "game", "games", "fame", "came", "tame", "dame", "lame", "none", "note", "notes", "home", "some", "come",
    "dome", "rome", "node", "nose", "norm", "nomad", "male", "nape", "nine", "named", "phase", "prone",
    "students", "studies", "partial", "pupils", "stone", "alone", "nombra", "sign", "signal", "singed",
}  # fmt: skip
LEAST_FUSED = 2  # letters of each of two words that are read as one
KEPT_WORDS = 50_000  # answers of earlier questions: a class writes the same words again and again
LEAST_MENDED = 4  # letters of a word in which one may be wrong
_LAM_ALEF = "لا"
_SWAPS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("|", "l"), ("5", "s"))
_LABELS = ("labels_name", "labels_student", "labels_else", "labels_teacher", "labels_together")
_HEADING_WORDS = frozenset(
    letters
    for name in ("heading_words", *_LABELS)
    for word in read_label_words(name)
    if (letters := keep_letters(word))
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Printed words that stand together on a line, without the leader that follows them."""

    text: str
    box: Box


class Asks(StrEnum):
    """What a label asks for: the name, signature or number of the student, another person's name, or anything else."""

    NAME = "name"
    SIGNATURE = "signature"
    NUMBER = "number"
    PERSON = "person"
    TEACHER = "teacher"
    OTHER = "other"


IDENTIFYING = frozenset({Asks.NAME, Asks.SIGNATURE, Asks.NUMBER, Asks.PERSON})


def classify_label(text: str, more: Sequence[str] = ()) -> Asks | None:
    """What a printed phrase asks for; None if it is no label but a sentence, or a word of one.

    Args:
        text: the phrase.
        more: further labels for a name, as a teacher wrote them.

    >>> classify_label("Student's name:"), classify_label("Roll No."), classify_label("Lab partner")
    (<Asks.NAME: 'name'>, <Asks.NUMBER: 'number'>, <Asks.PERSON: 'person'>)
    >>> classify_label("Name two gases"), classify_label("Jina:"), classify_label("Jina:", ["Jina"])
    (None, None, <Asks.NAME: 'name'>)
    """
    read = fold_words(re.sub(r"\([^)]*\)", " ", text))
    if read and any(read == fold_words(label) for label in more):
        return Asks.NAME
    around = _find_around(read)
    if around is not None or names_a_companion(read):
        return around or Asks.PERSON
    words = [_as_listed(word) for word in read]
    if text.rstrip().endswith(":"):
        words = [part for word in words for part in _split_fused(word)]
    if any(word.isascii() for word in words):  # beside a label, the same may stand in another script
        words = [word for word in words if word.isascii()]
    if not words or len(words) > MOST_WORDS or not _all_words().issuperset(words):
        return None
    asks = _classify(words)
    if asks in {Asks.NAME, Asks.SIGNATURE} and _is_of_another(text):
        return Asks.PERSON
    if asks is Asks.NAME and set(words) - BESIDE == {"ten"} and "ho" not in words:
        # without its accent, the Vietnamese word is an English number
        return asks if "tên" in unicodedata.normalize("NFC", text).casefold() else None
    return asks


def _is_of_another(text: str) -> bool:
    """Whether brackets say that a name or signature is not the student's: "Signature (parent or guardian)"."""
    inside = {word for part in re.findall(r"\(([^)]*)\)", text) for word in fold_words(part)}
    return bool(inside & (PARENT_WORDS | TEACHER_WORDS | PERSON_WORDS)) and inside.isdisjoint(STUDENT_WORDS)


def _find_around(words: Sequence[str]) -> Asks | None:
    """What a phrase asks for by its first and last words, as in "This booklet belongs to"; None for any other."""
    given = tuple(words)
    for mark, first, last in _AROUND:
        between = given[len(first) : len(given) - len(last)]
        if given == (*first, *between, *last) and len(between) <= 1 and _BETWEEN.issuperset(between):
            return Asks(mark)
    return None


def is_of_student(text: str) -> bool:
    """Whether a label says that it is the student's: "Signed (student)", "Firma del alumno"."""
    return not STUDENT_WORDS.isdisjoint(fold_words(text))


def _split_fused(word: str) -> Sequence[str]:
    """The two words of a label that a thin space made one, as in "Họvà tên:"; else the word as it is."""
    known = _all_words()
    if word not in known:
        for end in range(LEAST_FUSED, len(word) - LEAST_FUSED + 1):
            if word[:end] in known and word[end:] in known:
                return word[:end], word[end:]
    return (word,)


@cache
def _all_words() -> frozenset[str]:
    """All words that can stand in a label."""
    pairs = frozenset(word for _, words in TOGETHER for word in words)
    own = NAME_WORDS | STUDENT_WORDS | PERSON_WORDS | TEACHER_WORDS | SIGNATURE_WORDS | NUMBER_WORDS
    return own | PARENT_WORDS | BESIDE | OTHERS | HAS_NUMBER | IS_NUMBER | GROUP_WORDS | pairs


def _classify(words: Sequence[str]) -> Asks | None:
    """What known words ask for."""
    given = frozenset(words)
    together = {mark for mark, pair in TOGETHER if pair <= given}
    asks = _asks_for_an_own(given, together)
    if _counts(words):
        return None
    if asks is None and "person" not in together and not given & PERSON_WORDS:
        if not given <= OTHERS | TEACHER_WORDS | BESIDE or given <= BESIDE - OTHERS - TEACHER_WORDS:
            return None
        return Asks.TEACHER if given & TEACHER_WORDS else Asks.OTHER
    others = given & (TEACHER_WORDS | PARENT_WORDS) or (given & GROUP_WORDS and not given & AND)
    is_person = given & PERSON_WORDS or "person" in together or (others and asks is not Asks.NUMBER)
    by_another = "by" in given and (given & PERSON_WORDS or others)  # "Completed by parent"
    is_own = "name" in together and not by_another
    return Asks.PERSON if is_person and not is_own and asks is not Asks.NUMBER else asks


def _asks_for_an_own(given: frozenset[str], together: Collection[str]) -> Asks | None:
    """What known words ask for, as if it were the student's own."""
    if "by" in given and "date" in given:
        return None  # "Date completed by"
    if "name" in together or given & NAME_WORDS:
        return Asks.NAME
    if "number" in together or given & NUMBER_WORDS or (given & HAS_NUMBER and given & IS_NUMBER) or given == {"id"}:
        return Asks.NUMBER
    if given & SIGNATURE_WORDS or "signature" in together:
        return Asks.SIGNATURE
    may_stand_beside = BESIDE | STUDENT_WORDS | GROUP_WORDS | TEACHER_WORDS | PARENT_WORDS | PERSON_WORDS
    return Asks.NAME if given & STUDENT_WORDS and given <= may_stand_beside else None


def asks_for_a_name(text: str, more: Sequence[str] = ()) -> bool:
    """Whether a printed phrase is a label for something that identifies somebody, and not a sentence with such a word.

    Args:
        text: the phrase.
        more: further labels, as a teacher wrote them.

    >>> asks_for_a_name("Student's name:"), asks_for_a_name("Name two gases"), asks_for_a_name("Nombre y apellidos")
    (True, False, True)
    """
    return classify_label(text, more) in IDENTIFYING


def asks_for_a_number(text: str) -> bool:
    """Whether a phrase may ask for a student's number: it does only beside a label for the name."""
    return set(fold_words(text)) in NUMBERS


def asks_for_several(text: str) -> bool:
    """Whether a label asks for the names of several people, which may stand in several places.

    >>> asks_for_several("Group members:"), asks_for_several("Name:")
    (True, False)
    """
    words = {_as_listed(word) for word in fold_words(text)}
    return bool(words & SEVERAL) or bool(re.search(r"[^\W\d_]\((?:s|es|en|n|e)\)", text))


def find_sender(phrases: Sequence[Phrase]) -> tuple[Phrase, Phrase] | None:
    """Find the two phrases that ask who a page is for, and then who it is from, as in "To: … From: …".

    Args:
        phrases: of a page, in reading order.

    Returns:
        Both; None where there are several such pairs, as in a timetable, or none. "From: … To: …" is a way or a time.
    """
    found = [
        (one, other)
        for number, one in enumerate(phrases)
        if not RECEIVERS.isdisjoint(fold_words(one.text)[-1:])
        for other in phrases[number + 1 :]
        if _asks_for_sender(other) and _is_pair(one, other)
    ]
    return found[0] if len(found) == 1 else None


def _asks_for_sender(phrase: Phrase) -> bool:
    words = fold_words(phrase.text)
    return len(words) == 1 and words[0] in SENDERS


def _is_pair(receiver: Phrase, sender: Phrase) -> bool:
    """Whether two phrases ask together: both with a colon, or the receiver's asks for a person by itself."""
    have_colons = receiver.text.rstrip().endswith(":") and sender.text.rstrip().endswith(":")
    is_alone = len(fold_words(receiver.text)) == 1
    return classify_label(receiver.text) is Asks.PERSON or (have_colons and is_alone)


def is_number_label(text: str) -> bool:
    """Whether a label asks for a number or an address rather than for a name."""
    return classify_label(text) is Asks.NUMBER


def is_right_to_left(text: str) -> bool:
    """Whether a label is in a script that is written from the right, so that its line is on the left.

    >>> is_right_to_left("الاسم:"), is_right_to_left("Name:")
    (True, False)
    """
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)


def fold_words(text: str) -> list[str]:
    """The words of a phrase, in lower case and without accents."""
    plain = remove_accents(text).casefold().replace("ı", "i")
    if plain.isascii():
        return re.findall(r"[a-z]+", plain)
    # the vowels of Indian scripts are marks, and no letters to Python
    return "".join(
        sign if sign.isalpha() or unicodedata.category(sign) in {"Mc", "Mn"} else " " for sign in plain
    ).split()


def _as_listed(word: str) -> str:
    """A word as the lists have it: some PDFs keep Arabic and Hebrew words in the order in which they look.

    Others take a ligature of two letters apart in the wrong order, as lam with alef in the Arabic word for name.
    """
    if not is_right_to_left(word) or word in _all_words():
        return word
    ways = (word, word[::-1])
    found = ((way, *torn.span()) for way in ways for torn in re.finditer(_LAM_ALEF[::-1], way))
    swapped = (way[:start] + _LAM_ALEF + way[end:] for way, start, end in found)
    return next((way for way in (*ways, *swapped) if way in _all_words()), word)


def _counts(words: Sequence[str]) -> bool:
    """Whether a phrase heads a column of a table, as in "number of students"."""
    return list(words[:2]) == ["number", "of"] and not {"name", "names"} & set(words)


def join_phrases(words: Sequence[tuple[str, Box]], page_ratio: float) -> list[Phrase]:
    """Join words into phrases, cut at colons, at leaders of dots or underscores, and at wide gaps.

    Args:
        words: text and place, in reading order.
        page_ratio: the page's width over its height, to compare gaps (across) with letters (upright).
    """
    found: list[Phrase] = []
    open_text, open_box = "", None
    for text, box in [piece for word in words for piece in split_word(*word)]:
        joins = open_box is not None and is_same_line(open_box, box) and _near(open_box, box, page_ratio)
        if joins and open_box is not None and not open_text.endswith(":") and text:
            open_text, open_box = f"{open_text} {text}", Box.around([open_box, box])
            continue
        if open_text and open_box is not None:
            found.append(Phrase(open_text, open_box))
        open_text, open_box = text, box if text else None
    if open_text and open_box is not None:
        found.append(Phrase(open_text, open_box))
    return found


def split_word(text: str, box: Box) -> list[tuple[str, Box]]:
    """A word cut into what is read and, as empty text, its leaders; a colon ends a piece."""
    found = []
    for match in re.finditer(r"[_.…·‧]{3,}|[^_.…·‧:]+(?:[.:](?![_.…·‧]))?|[.…·‧_:]+", text):
        part = match.group()
        left, right = match.start() / len(text), match.end() / len(text)
        place = Box(box.x + box.w * left, box.y, box.w * (right - left), box.h)
        leader = re.fullmatch(r"[_.…·‧]{3,}", part) is not None
        if leader or part.strip("_.…·‧ "):
            found.append(("" if leader else part, place))
    return found


def is_same_line(one: Box, other: Box) -> bool:
    """Whether two places stand side by side."""
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared > 0.5 * min(one.h, other.h)


def _near(one: Box, other: Box, page_ratio: float) -> bool:
    return -0.5 * one.h <= (other.x - one.right) * page_ratio <= 0.9 * max(one.h, other.h)


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the beginning of some words.

    Attributes:
        asks: what for.
        words: how many words it is.
        exact: whether it was read without a wrong letter.
    """

    asks: Asks
    words: int
    exact: bool


def find_label_at_start(words: Sequence[str], more: Sequence[str] = ()) -> Label | None:
    """The label that words read off a page begin with, as long as it goes; None where they begin with none.

    Args:
        words: as they were read, in order; a colon ends a label.
        more: further labels for a name, as a teacher wrote them.

    >>> find_label_at_start(["Narne", "Maria"]), find_label_at_start(["Last", "name:", "Name"]).words
    (Label(asks=<Asks.NAME: 'name'>, words=1, exact=False), 2)
    >>> find_label_at_start(["Describe", "the", "name"])
    """
    longest = next((n for n, word in enumerate(words, 1) if word.endswith(":")), len(words))
    for count in range(min(longest, MOST_WORDS), 0, -1):
        run = words[:count]
        if not fold_words(words[count - 1]):
            continue
        for exact, text in ((True, " ".join(run)), (False, " ".join(map(mend_word, run)))):
            asks = _asks(text, more)
            if asks is None and not exact and fold_words(text) == ["ten"] and ":" in run[-1]:
                asks = Asks.NAME  # a Vietnamese label that lost its accent
            if asks is not None:
                return Label(asks, count, exact)
    return None


def _asks(text: str, more: Sequence[str]) -> Asks | None:
    return classify_label(text, more) or (Asks.NUMBER if asks_for_a_number(text) else None)


@lru_cache(maxsize=KEPT_WORDS)
def mend_word(word: str) -> str:
    """A word as it stands in the tables where one letter of it, or a usual mix-up, was read wrong; else as it is.

    >>> mend_word("Narne:"), mend_word("Nane"), mend_word("Game")
    ('name', 'name', 'Game')
    """
    plain = "".join(fold_words(re.sub(r"[01|5]", _as_letter, word)))
    for wrong, right in (("", ""), *_SWAPS):
        if plain.replace(wrong, right) in _asking_words() | BESIDE:
            return plain.replace(wrong, right)
    if len(plain) < LEAST_MENDED or plain in LIKE_LABELS or plain in OTHERS:
        return word
    near = {label for gap in _with_gaps(plain) for label in _mended_words().get(gap, ())}
    return min(near, default=word)


@cache
def _mended_words() -> dict[str, list[str]]:
    """The words that may be read with one wrong letter, by each way of leaving a gap in them.

    Short ones are too near to other words.
    """
    long = {word for word in _asking_words() if word.isascii() and len(word) >= MENDED}
    found: dict[str, list[str]] = {}
    for word in long | MENDED_SHORT:
        for gap in _with_gaps(word):
            found.setdefault(gap, []).append(word)
    return found


def _with_gaps(word: str) -> set[str]:
    """A word with a gap for each of its letters and between them: words with one in common are one letter off.

    >>> sorted(_with_gaps("no"))
    ['?no', '?o', 'n?', 'n?o', 'no?']
    """
    places = range(len(word) + 1)
    return {f"{word[:n]}?{word[n + more :]}" for n in places for more in (0, 1) if n + more <= len(word)}


def _as_letter(match: re.Match[str]) -> str:
    return dict(_SWAPS).get(match.group(), match.group())


@lru_cache(maxsize=KEPT_WORDS)
def reads_as(read: str, listed: str, least: int) -> bool:
    """Whether a word as it was read is a listed one; one of so many letters may have one letter wrong.

    >>> reads_as("thonk", "thank", 4), reads_as("te", "to", 4)
    (True, False)
    """
    return read == listed or (len(listed) >= least and is_one_letter_off(read, listed))


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether one letter changed, added or left out makes one word of the other; also for a word and itself."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[same:], other[same:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


@cache
def _asking_words() -> frozenset[str]:
    """The words that ask for something that identifies somebody."""
    return NAME_WORDS | STUDENT_WORDS | PERSON_WORDS | SIGNATURE_WORDS | NUMBER_WORDS


def split_glued(text: str) -> list[str]:
    """A word cut where a label and a name were read as one; joined, the parts are the text.

    >>> split_glued("NameMaria"), split_glued("Name:Maria"), split_glued("LopezLast")
    (['Name', 'Maria'], ['Name:', 'Maria'], ['Lopez', 'Last'])
    >>> split_glued("Firstname"), split_glued("McDonald")
    (['First', 'name'], ['McDonald'])
    """
    plain = remove_accents(text).casefold()
    for cut in range(2, len(text) - 3) if len(plain) == len(text) else ():
        if plain[:cut] in BESIDE and plain[cut:].rstrip(":") in _asking_words():
            return [text[:cut], text[cut:]]
    tail = re.search(r"(?<=[^\W\d_A-Z])[A-ZÀ-Þ][^\W\d_]+[.:]?$", text)
    if tail and "".join(fold_words(tail.group())) in _all_words():
        return [text[: tail.start()], tail.group()]
    found = re.match(r"([^\W\d_]{3,}?)(:|(?=[A-ZÀ-Þ][^\W\d_]))", text)
    if found and found.end() < len(text) and "".join(fold_words(found.group(1))) in _asking_words():
        return [text[: found.end()], text[found.end() :]]
    return [text]


def is_heading_word(letters: str) -> bool:
    """Whether a word may stand beside a name in a heading and names nobody.

    Args:
        letters: from a to z.

    >>> is_heading_word("period"), is_heading_word("october"), is_heading_word("maya")
    (True, True, False)
    """
    return letters in _HEADING_WORDS or letters in TITLES
