"""A class of both kinds: half of the names are real ink, half are written in a handwriting font."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from hands import Hand, HandWord, make_hands
from real_ink import Word, words_by_writer
from real_students import Student, make_students

WORD_FIRST = ("Will", "May", "Grace", "Mark", "Rose")  # names that are words too
WORD_LAST = ("Stone", "Rose", "Grace", "Will", "May", "Mark")
SHORT_FIRST = ("Bo", "Lee", "Ana", "Kim", "Ali", "Eva", "Ida", "Ivy", "Jo")
ACCENT_FIRST = ("José", "Zoë", "Inés", "André", "Chloé", "Jürgen", "Sofía", "Renée")
FULL_FIRST = {  # with what friends call them
    "William": "Will",
    "Elizabeth": "Liz",
    "Thomas": "Tom",
    "Katherine": "Kate",
    "Benjamin": "Ben",
    "Joshua": "Josh",
    "Alexander": "Alex",
    "Matthew": "Matt",
    "Nicholas": "Nick",
    "Francisco": "Paco",
    "Joseph": "Joe",
    "Jennifer": "Jenny",
}
OTHER_FIRST = (
    "Maria",
    "Linh",
    "Minh",
    "Thuy",
    "Anh",
    "Hoang",
    "Lucia",
    "Mateo",
    "Diego",
    "Valentina",
    "Camila",
    "Santiago",
    "Emma",
    "Olivia",
    "Aisha",
    "Priya",
    "Mohammed",
    "Hannah",
    "Noah",
    "Ethan",
    "Ryan",
    "Chidi",
    "Yuki",
    "Jamal",
    "Fatima",
    "Kwame",
    "Ingrid",
    "Oscar",
)
LAST = (
    "Nguyễn",
    "Tran",
    "Pham",
    "Le",
    "Vo",
    "García",
    "Núñez",
    "Martinez",
    "Hernandez",
    "López",
    "Rivera",
    "Smith",
    "Johnson",
    "Walker",
    "O'Neill",
    "Baker",
    "Carter",
    "Müller",
    "Okafor",
    "Patel",
    "Khan",
    "Kowalski",
    "Ivanova",
    "Chen",
    "Park",
    "Silva",
    "Dubois",
    "Hughes",
)
STREET = re.compile(r"stra|str\b|weg$|platz|gasse|allee| |\d", re.IGNORECASE)


def folded(text: str) -> str:
    """Letters without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


@dataclass
class Pupil(Student):
    """A student who writes sentences too, and what others call this student."""

    hand: Hand = None  # type: ignore[assignment]
    calls: tuple[str, ...] = ()
    id: str = ""

    @property
    def in_font(self) -> bool:
        """Whether the name exists as letters of a font, not as an image of real ink."""
        return isinstance(self.first, HandWord)


def _names(count: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """First and last names: of each seven two or three are words, one is short, one has an accent, one a short form."""
    kinds = [WORD_FIRST, SHORT_FIRST, tuple(FULL_FIRST), ACCENT_FIRST, WORD_FIRST, OTHER_FIRST, OTHER_FIRST]
    lasts = [str(name) for name in rng.permutation(LAST)]
    words = [str(name) for name in rng.permutation(WORD_LAST)]
    taken: set[str] = set()
    names = []
    for n in range(count):
        pool = [name for name in kinds[n % len(kinds)] if _free(name, taken)] or [
            name for name in OTHER_FIRST if _free(name, taken)
        ]
        first = str(rng.choice(pool))
        taken |= {first, FULL_FIRST.get(first, first)}
        is_word = n % 7 == 5 and any(_free(word, taken) for word in words)
        last = next(word for word in (words if is_word else lasts) if _free(word, taken))
        taken.add(last)
        names.append((first, last))
    return names


def _ink_names(count: int, rng: np.random.Generator) -> list[tuple[Word, Word]]:
    """First and last names in real ink, both by one writer; places rather than streets, which all end alike."""
    pairs: list[tuple[Word, Word]] = []
    for words in words_by_writer().values():
        short = [word for word in words if len(word.text) <= 11 and not STREET.search(word.text)]
        deck = [short[int(n)] for n in rng.permutation(len(short))][:6]
        pairs += list(zip(deck[::2], deck[1::2], strict=False))
    drawn = [pairs[int(n)] for n in rng.permutation(len(pairs))]
    return [pair for pair in drawn if not any(_is_worn(word) for word in pair)][:count]


def _is_worn(word: Word) -> bool:
    """Whether the word lost letters when it was cut from its form: nobody could read it as a name."""
    return word.writer == "14" or word.file == "7_8.png"


def _free(name: str, taken: set[str]) -> bool:
    """Whether nobody is called so yet, in full or in short."""
    return not {name, FULL_FIRST.get(name, name)} & taken


def make_pupils(count: int, layout: str, tone: str, rng: np.random.Generator, *, pencil: bool = False) -> list[Pupil]:
    """The class: every other name is real ink; no two names are the same; one student forgets the name."""
    drawn = make_students(count, layout, tone, rng)
    for who in [one for one in drawn if "no name" in one.habits][1:]:
        who.habits = set()  # two who forget their name are too many in a small class
    hands = make_hands(count, rng)
    in_font = sorted(int(n) for n in rng.permutation(count)[: (count + 1) // 2])
    names = dict(zip(in_font, _names(len(in_font), rng), strict=True))
    ink = iter(_ink_names(count - len(in_font), rng))
    pupils = []
    for who in drawn:
        n = who.number
        first, last = [HandWord(name, hands[n]) for name in names[n]] if n in names else next(ink)
        calls = tuple(dict.fromkeys((first.text, FULL_FIRST.get(first.text, first.text))))
        if pencil:
            who.habits.add("pencil")
            who.ink, who.strength = (70, 70, 74), float(rng.uniform(0.35, 0.5))
        ident = str(310000 + (n * 7919 + int(rng.integers(97))) % 90000)
        pupils.append(Pupil(**{**who.__dict__, "first": first, "last": last}, hand=hands[n], calls=calls, id=ident))
    return _without_clashes(pupils)


def _without_clashes(pupils: list[Pupil]) -> list[Pupil]:
    """Takes words that are also names in this class out of what is written as places."""
    names = {folded(part) for who in pupils for word in (who.first, who.last) for part in parts(word.text)}
    for who in pupils:
        who.spare = [word for word in who.spare if not names & {folded(part) for part in parts(word.text)}]
    return pupils


def parts(text: str) -> list[str]:
    """The words of a name."""
    return [part for part in re.split(r"[\s\-()/.]+", text) if part]


def ink_words(who: Pupil) -> list[Word]:
    """Real words of a pen for the places in this student's sentences."""
    return who.spare or [word for words in words_by_writer().values() for word in words]
