"""Which names must not be in what a set shares: all on its roster, except those that its teachers have too.

Also which words of a teacher's own text name a student, or may: ``check_typed`` refuses both, and says where. What a
person then says is a word is kept in the set, and counts as one from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from msgspec import Struct

from mssw.errors import FindingsError, MsswError
from mssw.names.student import fold
from mssw.names.typed_names import TypedNames
from mssw.roster.table import all_spellings
from mssw.workset.class_list import read_class_list
from mssw.workset.folder import WorkSet, make_folder, read_typed, write_typed
from mssw.workset.settings import read_settings


class CoverNames(Struct, frozen=True, kw_only=True):
    """The colleagues for whom a packet was printed, so that their names stand on its covers."""

    version: int = 1
    colleagues: tuple[str, ...]


class KeptWords(Struct, frozen=True, kw_only=True):
    """The words that are names of students too, and of which a person said that they mean the word."""

    version: int = 1
    words: tuple[str, ...] = ()


_FOR_THIS_RUN: ContextVar[tuple[str, ...]] = ContextVar("words that a dry run may take", default=())
_A_NAME, _NAMES = "a student's name", "students' names"
_AGAIN = "say again with --words which words are meant, after you moved this file away."


@dataclass(frozen=True, slots=True)
class WordInDoubt:
    """A word of a teacher's text that may be a student's name.

    Attributes:
        place: where it is, as a message names it: ``word 3 under “The task”``.
        around: the words around it, with a line for each that may name somebody.
        word: the word itself, which no message repeats.
    """

    place: str
    around: str = field(repr=False)
    word: str = field(repr=False)


class WordsInDoubtError(FindingsError):
    """Words of a teacher's text may be names of students; a person can say that they are not.

    Attributes:
        words: each of them.
    """

    def __init__(self, words: Sequence[WordInDoubt]) -> None:
        self.words = tuple(words)
        one = len(words) == 1
        places = " and ".join(dict.fromkeys(word.place for word in words))
        super().__init__(
            f"{places} may be {_A_NAME if one else _NAMES}. Write "
            f"{'it' if one else 'them'} differently, or, if no student is meant, add --words with "
            f"{'that word' if one else 'each of these words'}."
        )


def read_kept_words(workset: WorkSet) -> tuple[str, ...]:
    """The words that a person said are words, in this set and for this run.

    Raises:
        UnreadableError: the file is damaged.
    """
    kept = read_typed(workset.words, KeptWords, _AGAIN).words if workset.words.is_file() else ()
    return tuple(dict.fromkeys((*kept, *_FOR_THIS_RUN.get())))


def split_words(given: Sequence[str]) -> tuple[str, ...]:
    """The words of several texts, each a word or several with spaces or commas between them."""
    return tuple(dict.fromkeys(word for text in given for word in text.replace(",", " ").replace(";", " ").split()))


def keep_words(workset: WorkSet, words: Sequence[str]) -> None:
    """Remember that words are meant as words.

    Raises:
        WouldOverwriteError: another command is at work in the set.
    """
    given = split_words(words)
    if not set(given) <= set(read_kept_words(workset)):
        make_folder(workset.private, private=True)
        with workset.locked():
            kept = sorted({*read_kept_words(workset), *given})
            write_typed(workset.words, KeptWords(words=tuple(kept)), private=True)


@contextmanager
def take_words(workset: WorkSet | None, words: Sequence[str], *, dry_run: bool = False) -> Iterator[None]:
    """Take words as words: from now on, or until the end of the block where nothing is written or no set is meant."""
    for_now = dry_run or workset is None
    before = _FOR_THIS_RUN.set((*_FOR_THIS_RUN.get(), *split_words(words))) if for_now else None
    if words and workset is not None and not dry_run:
        keep_words(workset, words)
    try:
        yield
    finally:
        if before is not None:
            _FOR_THIS_RUN.reset(before)


def find_typed_names(workset: WorkSet, also: Sequence[str] = ()) -> TypedNames:
    """The names of the set's students, ready to be looked for in what a teacher types.

    Args:
        workset: the set.
        also: further words that name no student, such as those of a teacher's name.
    """
    roster = read_class_list(workset)
    return TypedNames(roster.students if roster else (), (*read_kept_words(workset), *also))


def find_words_in_doubt(names: TypedNames, where: str, text: str) -> tuple[bool, list[WordInDoubt]]:
    """Look for names in a text.

    Args:
        names: the class's.
        where: the text's place, as a message names it.
        text: what a teacher typed.

    Returns:
        Whether it surely names a student, and the words of which a person has to say whether they do.
    """
    found = names.find(text)
    doubts = [WordInDoubt(f"word {one.number} in {where}", one.around, one.word) for one in found if not one.sure]
    return any(one.sure for one in found), doubts


def check_typed(names: TypedNames, texts: Iterable[tuple[str, str]], advice: str) -> None:
    """Make sure that no text that a teacher typed names a student, or may.

    Args:
        names: the class's.
        texts: each with its place, as a message names it.
        advice: what to do about a name; it ends the sentence.

    Raises:
        FindingsError: one of them does; the message says where.
        WordsInDoubtError: none does for sure, and some may.
    """
    sure: dict[str, None] = {}
    doubts: list[WordInDoubt] = []
    for where, text in texts:
        is_sure, words = find_words_in_doubt(names, where, text)
        sure |= {where: None} if is_sure else {}
        doubts += words
    if sure:
        raise FindingsError(f"a name from the class list is in {' and '.join(sure)}; {advice}")
    if doubts:
        raise WordsInDoubtError(doubts)


def roster_spellings(workset: WorkSet) -> tuple[str, ...]:
    """Every way in which a student of the set may be called, without the words that a person said are words."""
    roster = read_class_list(workset)
    words = {fold(word) for word in read_kept_words(workset)}
    return tuple(one for one in all_spellings(roster) if fold(one) not in words) if roster else ()


def drop_teachers_names(workset: WorkSet, spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings without the names of the set's presenting teachers: those may stand in a file."""
    return drop_words_of(read_settings(workset.settings).presenting_teachers, spellings)


def list_teachers_words(workset: WorkSet) -> tuple[str, ...]:
    """The words of the presenting teachers' names."""
    teachers = read_settings(workset.settings).presenting_teachers
    return tuple(word.strip(".") for name in teachers for word in name.replace("-", " ").split())


def drop_words_of(teachers: Sequence[str], spellings: Sequence[str]) -> tuple[str, ...]:
    """The spellings that are no word of a teacher's name: she may share one with a student, and hers is printed.

    Words are the same whatever their case and accents, and beside a hyphen: García is Garcia.
    """
    own = {word.strip(".") for name in teachers for word in fold(name).replace("-", " ").split()}
    own |= {word.strip(".") for name in teachers for word in fold(name).split()}
    return tuple(one for one in spellings if fold(one) not in own)


def read_cover_names(workset: WorkSet) -> tuple[str, ...]:
    """The names on the covers of the set's packets: the presenting teachers', and colleagues' as printed.

    A file that cannot be read names nobody: the audit then finds a name too many, not one too few.
    """
    names: list[str] = []
    with suppress(MsswError):
        names += read_settings(workset.settings).presenting_teachers
    if workset.on_covers.is_file():
        with suppress(MsswError):
            names += read_typed(workset.on_covers, CoverNames).colleagues
    return tuple(names)


def keep_cover_names(workset: WorkSet, colleagues: Sequence[str]) -> None:
    """Remember which colleagues' names stand on covers. The caller holds the set's lock."""
    write_typed(workset.on_covers, CoverNames(colleagues=tuple(colleagues)), private=True)
