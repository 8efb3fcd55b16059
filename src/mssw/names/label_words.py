"""The printed words that ask for a student's name, or for something else that identifies a student.

Takes words as they were printed or read, returns what a label asks for. To add a language, add its words to
``ASKING``, ``BESIDE``, ``OTHERS`` and ``NUMBERS``. On a filled page, a label may have a wrong letter or the written
name stuck to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from mssw.core.page import Box
from mssw.names.letters import remove_accents

# Words that make a label ask for a name. All words stand here in lower case and without accents.
ASKING = {
    # English
    "name", "names", "surname", "forename", "student", "students", "pupil", "scholar", "signature", "signed",
    "initials", "partner", "partners", "teammate", "teammates", "groupmates", "email", "phone",
    # Spanish, French, German, Portuguese, Italian, Vietnamese
    "nombre", "nombres", "apellido", "apellidos", "estudiante", "alumno", "alumna",
    "nom", "prenom", "noms", "prenoms", "eleve", "etudiant", "etudiante",
    "nachname", "vorname", "familienname", "schuler", "schulerin", "schulers",
    "nome", "nomes", "sobrenome", "sobrenomes", "apelido", "apelidos", "aluno", "aluna", "estudante",
    "cognome", "studente",
    "ten", "hoten", "hovaten", "vaten",
    "firma", "unterschrift", "assinatura", "matricula", "matrikelnummer",
}  # fmt: skip
# Words that may stand beside them without changing what is asked.
BESIDE = {
    "your", "my", "the", "a", "of", "s", "first", "last", "middle", "family", "given", "full", "legal", "preferred",
    "print", "printed", "please", "here", "and", "or", "write", "in", "capitals", "block", "letters", "number", "no",
    "nr", "id", "card", "group", "team", "members", "member", "lab", "parent", "guardian", "is", "address", "by",
    "de", "del", "la", "el", "y", "e", "tu", "su", "mi", "completo", "completa", "primer", "segundo", "pila",
    "paterno", "materno", "padre", "madre", "tutor", "nino", "nina",
    "le", "et", "du", "l", "votre", "ton", "mon", "ta", "famille", "complet", "enfant", "parents", "d", "usage",
    "und", "der", "des", "vor", "mein", "dein", "dem", "klasse", "kindes", "kind", "ganzer", "voller", "eltern",
    "o", "do", "da", "meu", "seu", "teu", "primeiro", "ultimo", "crianca", "encarregado", "educacao",
    "ho", "va", "sinh", "hoc", "cua", "em", "thi", "be", "con",
    "h",  # as OCR leaves of the Vietnamese ho
}  # fmt: skip
# Two words that ask only when together.
TOGETHER = ({"group", "members"}, {"team", "members"}, {"student", "id"}, {"id", "number"}, {"id", "no"})
NUMBERS = ({"no"}, {"nr"}, {"number"}, {"numero"}, {"nummer"}, {"id"}, {"number", "id"})
ADDRESSES = {"no", "nr", "number", "numero", "nummer", "id", "email", "phone", "matricula", "matrikelnummer"}
MOST_WORDS = 7

# Other things that the top of a worksheet asks for: the place for the name ends at them. No accents, in lower case.
OTHERS = {
    "date", "class", "period", "grade", "hour", "section", "homeroom", "teacher", "score", "subject", "points",
    "fecha", "clase", "curso", "grado", "grupo", "profesor", "profesora", "maestro", "maestra", "materia", "nota",
    "classe", "annee", "niveau", "professeur", "matiere", "ecole", "groupe",
    "datum", "klasse", "fach", "schule", "lehrer", "lehrerin", "punkte", "kurs",
    "data", "turma", "ano", "professora", "disciplina", "escola",
    "ngay", "lop", "truong", "mon", "diem",
}  # fmt: skip
# Words of worksheets that differ from a label by one letter and are not misread labels.
LIKE_LABELS = {
    "same", "game", "games", "fame", "came", "tame", "dame", "lame", "none", "note", "notes", "home", "some", "come",
    "dome", "rome", "node", "nose", "norm", "nomad", "male", "nape", "nine", "named", "phase", "prone",
    "students", "studies", "partial", "pupils", "stone", "alone", "nombra", "sign", "signal", "singed",
}  # fmt: skip
LEAST_MENDED = 4  # letters of a word in which one may be wrong
_SWAPS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("|", "l"), ("5", "s"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Printed words that stand together on a line, without the leader that follows them."""

    text: str
    box: Box


def asks_for_a_name(text: str, more: Sequence[str] = ()) -> bool:
    """Whether a printed phrase is a label for a name, and not a sentence with the word in it.

    Args:
        text: the phrase.
        more: further labels, as a teacher wrote them.

    >>> asks_for_a_name("Student's name:"), asks_for_a_name("Name two gases"), asks_for_a_name("Nombre y apellidos")
    (True, False, True)
    >>> asks_for_a_name("Jina:"), asks_for_a_name("Jina:", ["Jina"])
    (False, True)
    """
    read = fold_words(re.sub(r"\([^)]*\)", " ", text))
    if read and any(read == fold_words(label) for label in more):
        return True
    words = [word for word in read if word.isascii()]  # beside it the same may stand in another script
    given = set(words)
    if not words or len(words) > MOST_WORDS or not given <= ASKING | BESIDE or _counts(words):
        return False
    if given - BESIDE == {"ten"} and "tên" not in unicodedata.normalize("NFC", text).casefold():
        return "ho" in given  # without its accent it is an English number
    return bool(given & ASKING) or given == {"id"} or any(pair <= given for pair in TOGETHER)


def asks_for_a_number(text: str) -> bool:
    """Whether a phrase may ask for a student's number: it does only on the line of a label for the name."""
    return set(fold_words(text)) in NUMBERS


def is_number_label(text: str) -> bool:
    """Whether a label asks for a number or an address rather than for a name."""
    words = set(fold_words(text))
    return bool(words & ADDRESSES) and not words & {"name", "names"}


def fold_words(text: str) -> list[str]:
    """The words of a phrase, in lower case and without accents."""
    return re.findall(r"[^\W\d_]+", remove_accents(text).casefold())


def _counts(words: Sequence[str]) -> bool:
    """Whether a phrase heads a column of a table, as in "number of students"."""
    return words[:2] == ["number", "of"] and not {"name", "names"} & set(words)


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
            open_text, open_box = f"{open_text} {text}", _around(open_box, box)
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


def _around(one: Box, other: Box) -> Box:
    left, top = min(one.x, other.x), min(one.y, other.y)
    return Box(left, top, max(one.right, other.right) - left, max(one.bottom, other.bottom) - top)


class Asks(Enum):
    """What a label asks for."""

    NAME = "name"
    NUMBER = "number"
    OTHER = "other"


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
    if asks_for_a_name(text, more):
        return Asks.NUMBER if is_number_label(text) else Asks.NAME
    words = set(fold_words(text))
    if words in NUMBERS:
        return Asks.NUMBER
    if words & OTHERS and words <= OTHERS | BESIDE:
        return Asks.OTHER
    return None


def mend_word(word: str) -> str:
    """A word as it stands in the tables where one letter of it, or a usual mix-up, was read wrong; else as it is.

    >>> mend_word("Narne:"), mend_word("Nane"), mend_word("Game")
    ('name', 'name', 'Game')
    """
    plain = "".join(fold_words(re.sub(r"[01|5]", _as_letter, word)))
    known = ASKING | BESIDE
    for wrong, right in (("", ""), *_SWAPS):
        if plain.replace(wrong, right) in known:
            return plain.replace(wrong, right)
    if len(plain) < LEAST_MENDED or plain in LIKE_LABELS or plain in OTHERS:
        return word
    near = sorted(label for label in ASKING if len(label) >= LEAST_MENDED and _one_off(plain, label))
    return near[0] if near else word


def _as_letter(match: re.Match[str]) -> str:
    return dict(_SWAPS).get(match.group(), match.group())


def _one_off(one: str, other: str) -> bool:
    """Whether one letter changed, added or left out makes one word of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, others = one[same:], other[same:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]


def split_glued(text: str) -> list[str]:
    """A word cut where a label and a name were read as one; joined, the parts are the text.

    >>> split_glued("NameMaria"), split_glued("Name:Maria"), split_glued("LopezLast")
    (['Name', 'Maria'], ['Name:', 'Maria'], ['Lopez', 'Last'])
    >>> split_glued("Firstname"), split_glued("McDonald")
    (['First', 'name'], ['McDonald'])
    """
    plain = remove_accents(text).casefold()
    for cut in range(2, len(text) - 3) if len(plain) == len(text) else ():
        if plain[:cut] in BESIDE and plain[cut:].rstrip(":") in ASKING:
            return [text[:cut], text[cut:]]
    tail = re.search(r"(?<=[^\W\d_A-Z])[A-ZÀ-Þ][^\W\d_]+[.:]?$", text)
    if tail and "".join(fold_words(tail.group())) in ASKING | BESIDE | OTHERS:
        return [text[: tail.start()], tail.group()]
    found = re.match(r"([^\W\d_]{3,}?)(:|(?=[A-ZÀ-Þ][^\W\d_]))", text)
    if found and found.end() < len(text) and "".join(fold_words(found.group(1))) in ASKING:
        return [text[: found.end()], text[found.end() :]]
    return [text]
