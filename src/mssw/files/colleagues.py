"""The colleagues who each get a copy, as a teacher gives them: in words, or in a file of one name a line."""

from __future__ import annotations

from pathlib import Path

from mssw.errors import UnreadableError, UsageError

_FILES = {".txt", ".csv", ".md", ".text"}
_LONGEST = 80


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
        raise UsageError('--per-teacher has no names; give them as "M. Rivera, J. Okafor", or a file with one a line.')
    if max(map(len, names)) > _LONGEST:
        raise UsageError(f"--per-teacher has a name of more than {_LONGEST} letters; put commas between the names.")
    return names


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} is not UTF-8 text; save it again as plain text, one name a line.") from None
    except OSError as error:
        raise UnreadableError(
            f"{path} cannot be read: {error.strerror or 'unknown cause'}; check where the file is."
        ) from None
