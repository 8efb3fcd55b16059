"""Words of a command line as they are typed: a path with a space or an apostrophe can be pasted as it is printed."""

from __future__ import annotations

import re
import shlex
import sys

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
