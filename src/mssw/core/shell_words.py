"""Words of a command line as they are typed: a path with a space or an apostrophe can be pasted as it is printed.

The other way round, ``read_dropped`` understands the line that a terminal types when a file is dragged onto it.
"""

from __future__ import annotations

import re
import shlex
import sys
from urllib.parse import unquote

_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»"}  # a text editor curls them
_DROPPED_ON_WINDOWS = re.compile(r"""\s*(?:"([^"]*)"|'((?:[^']|'')*)'|(\S+))""")
_PLAIN_ON_WINDOWS = re.compile(r"[\w\\/:.,@%+=~-]+", re.ASCII)


def quote_word(word: object, *, windows: bool | None = None) -> str:
    r"""One word of a command line, quoted where the shell would take it apart.

    On Windows, double quotes serve both PowerShell and cmd; a file's name has none in it there.

    Args:
        word: a path, or any other text.
        windows: whether the shell is one of Windows; None for this computer's.

    >>> quote_word("my-class", windows=False), quote_word("Ann's class", windows=False)
    ('my-class', '\'Ann\'"\'"\'s class\'')
    >>> quote_word("Ann's class", windows=True)
    '"Ann\'s class"'
    """
    text = str(word)
    if not (sys.platform == "win32" if windows is None else windows):
        return shlex.quote(text)
    if _PLAIN_ON_WINDOWS.fullmatch(text):
        return text
    if "$" in text or "`" in text:  # PowerShell reads on inside double quotes
        return "'" + text.replace("'", "''") + "'"
    end = "\\" * (len(text) - len(text.rstrip("\\")))  # before a quote, a backslash counts as half a one
    return f'"{text}{end}"'


def command_line(*words: object) -> str:
    """A command as it is typed.

    >>> command_line("mssw", "review", "class-7b")
    'mssw review class-7b'
    """
    return " ".join(map(quote_word, words))


def read_dropped(line: str, *, windows: bool | None = None) -> list[tuple[str, ...]]:
    r"""The ways in which a line can name files that were dragged onto a terminal, or typed; the likeliest first.

    Terminals put quotes around a path, a backslash before each space, or write an address that begins with ``file://``.
    A person who types leaves all that away. Which way is meant shows when you look which files are there.

    Args:
        line: as it came.
        windows: whether the terminal is one of Windows; None for this computer's.

    >>> read_dropped("Ann's class.pdf", windows=False)
    [("Ann's class.pdf",)]
    >>> read_dropped("Ann\\'s\\ class.pdf task.pdf ", windows=False)[-1]
    ("Ann's class.pdf", 'task.pdf')
    >>> read_dropped("file:///media/Ann%27s%20class.pdf", windows=False)
    [("/media/Ann's class.pdf",)]
    """
    on_windows = sys.platform == "win32" if windows is None else windows
    text = line.strip().removeprefix("& ").strip()  # PowerShell's, before a path in quotes
    ways = [(text,), (_without_quotes(text),), _split_windows(text) if on_windows else _split_posix(text)]
    plain = [tuple(_path_of(word, windows=on_windows) for word in way) for way in ways if any(way)]
    return list(dict.fromkeys(plain))


def _without_quotes(text: str) -> str:
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1]:
        return text[1:-1]
    return text


def _split_posix(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError:  # a quote without its other half: an apostrophe
        return ()


def _split_windows(text: str) -> tuple[str, ...]:
    found = (found.groups() for found in _DROPPED_ON_WINDOWS.finditer(text))
    return tuple(double or (single or "").replace("''", "'") or bare or "" for double, single, bare in found)


def _path_of(word: str, *, windows: bool) -> str:
    """A path as the disk has it."""
    if not word.lower().startswith("file://"):
        return word
    path = unquote("/" + word[len("file://") :].partition("/")[2])  # between them: a host, or nothing
    return path.removeprefix("/") if windows and re.match(r"/[A-Za-z]:", path) else path
