"""Lists that a teacher writes: words and names to look for, and the colleagues who each get a copy."""

from __future__ import annotations

from pathlib import Path

from mssw.errors import UnreadableError, UsageError
from mssw.formats.file_kinds import refuse_pipe
from mssw.formats.text_files import decode, read_text_file
from mssw.names.student import keep_letters

LARGEST = 100_000
"""Bytes; every word is looked for on every page, and this is more than a school has names."""

_SHORTEST = 2  # letters
_FILES = {".txt", ".csv", ".md", ".text"}
_LONGEST = 80  # letters of a colleague's name


def read_words(path: Path) -> tuple[str, ...]:
    """The words and names of a list, each once, in its order.

    Empty lines are passed over, and so is what follows a ``#``.

    Args:
        path: a text file in any encoding that is usual.

    Raises:
        UnreadableError: it is missing, no text, too large or holds no word, or a line of it holds none that can be
            looked for. The message has the line's number and not what is there.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give a text file with one word or name a line.")
    refuse_pipe(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UnreadableError(f"{path} is not there; give a text file with one word or name a line.") from None
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        raise UnreadableError(
            f"{path} is larger than {LARGEST // 1000} kB; every word is looked for on every page, so shorten the list."
        )
    try:
        text = decode(path.name, data).text
    except UnreadableError:
        raise UnreadableError(
            f"{path} is not a text file; save the list as plain text, one word or name a line."
        ) from None
    words = _words(path, text)
    if not words:
        raise UnreadableError(f"{path} holds no word; write one word or name a line.")
    return words


def _words(path: Path, text: str) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        word = " ".join(line.partition("#")[0].split())
        if not word:
            continue
        if len(keep_letters(word)) < _SHORTEST:
            raise UnreadableError(
                f"{path}, line {number}: handwriting is searched for letters from a to z, and it has fewer than two."
            )
        words[word] = None
    return tuple(words)


def colleagues(given: str) -> tuple[str, ...]:
    """The names, each once, in their order.

    Args:
        given: names with commas or semicolons between them, or the path of a text file.

    Raises:
        UsageError: there is no name, or one is no name at all.
        UnreadableError: the file cannot be read.
    """
    path = Path(given)
    is_file = path.suffix.lower() in _FILES or (len(given) < 200 and path.is_file())  # noqa: PLR2004 - a path's letters
    found = _lines(path) if is_file else given.replace(";", ",").split(",")
    names = tuple(dict.fromkeys(name for name in (" ".join(line.split()) for line in found) if name))
    if not names:
        raise UsageError(
            '--per-teacher has no names; give them as "M. Rivera, J. Okafor", or a file with one per line.'
        )
    if max(map(len, names)) > _LONGEST:
        raise UsageError(f"--per-teacher has a name of more than {_LONGEST} letters; put commas between the names.")
    return names


def _lines(path: Path) -> list[str]:
    refuse_pipe(path)
    return read_text_file(path, "check where the file is.", save_as="plain text, one name a line").splitlines()
