"""A teacher's own list of words and names to look for: a text file, one a line."""

from pathlib import Path

from mssw.errors import UnreadableError
from mssw.formats.delimited import decode
from mssw.names.spelling import letters_of

LARGEST = 100_000
"""Bytes; every word is looked for on every page, and this is more than a school has names."""

_SHORTEST = 2  # letters


def read_words(path: Path) -> tuple[str, ...]:
    """The words and names of a list, each once, in its order.

    Empty lines are passed over, and so is what stands after a ``#``.

    Args:
        path: a text file in UTF-8, UTF-16 or Windows' own encoding.

    Raises:
        UnreadableError: it is missing, no text, too large or holds no word, or a line of it holds none that can be
            looked for. The message tells the line's number and not what stands there.
    """
    if path.is_dir():
        raise UnreadableError(f"{path} is a folder; give a text file with one word or name a line.")
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
        text = decode(path.name, data)
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
        if len(letters_of(word)) < _SHORTEST:
            raise UnreadableError(
                f"{path}, line {number}: handwriting is searched for letters from a to z, and it has fewer than two."
            )
        words[word] = None
    return tuple(words)
