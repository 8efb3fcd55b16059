"""The printed words that ask for a student's name, or for something else that tells who a student is.

Tables of words, by language, so that another language is a line more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from mssw.model.letters import without_accents
from mssw.model.page import Box

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
    read = folded_words(re.sub(r"\([^)]*\)", " ", text))
    if read and any(read == folded_words(label) for label in more):
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
    return set(folded_words(text)) in NUMBERS


def is_a_number(text: str) -> bool:
    """Whether a label asks for a number or an address rather than for a name."""
    words = set(folded_words(text))
    return bool(words & ADDRESSES) and not words & {"name", "names"}


def folded_words(text: str) -> list[str]:
    """The words of a phrase, in lower case and without accents."""
    return re.findall(r"[^\W\d_]+", without_accents(text).casefold())


def _counts(words: Sequence[str]) -> bool:
    """Whether a phrase heads a column of a table, as in "number of students"."""
    return words[:2] == ["number", "of"] and not {"name", "names"} & set(words)


def phrases(words: Sequence[tuple[str, Box]], page_ratio: float) -> list[Phrase]:
    """Join words into phrases, cut at colons, at leaders of dots or underscores, and at wide gaps.

    Args:
        words: text and place, in reading order.
        page_ratio: the page's width over its height, to compare gaps (across) with letters (upright).
    """
    found: list[Phrase] = []
    open_text, open_box = "", None
    for text, box in [piece for word in words for piece in pieces(*word)]:
        joins = open_box is not None and same_line(open_box, box) and _near(open_box, box, page_ratio)
        if joins and open_box is not None and not open_text.endswith(":") and text:
            open_text, open_box = f"{open_text} {text}", _around(open_box, box)
            continue
        if open_text and open_box is not None:
            found.append(Phrase(open_text, open_box))
        open_text, open_box = text, box if text else None
    if open_text and open_box is not None:
        found.append(Phrase(open_text, open_box))
    return found


def pieces(text: str, box: Box) -> list[tuple[str, Box]]:
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


def same_line(one: Box, other: Box) -> bool:
    """Whether two places stand side by side."""
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    return shared > 0.5 * min(one.h, other.h)


def _near(one: Box, other: Box, page_ratio: float) -> bool:
    return -0.5 * one.h <= (other.x - one.right) * page_ratio <= 0.9 * max(one.h, other.h)


def _around(one: Box, other: Box) -> Box:
    left, top = min(one.x, other.x), min(one.y, other.y)
    return Box(left, top, max(one.right, other.right) - left, max(one.bottom, other.bottom) - top)
