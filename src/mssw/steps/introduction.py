"""A set's ``intro.md``: what the presenting teacher tells, read for whoever prints or shows it."""

from __future__ import annotations

from mssw.errors import UnreadableError
from mssw.files.workset import WorkSet
from mssw.model.intro import Introduction, read_intro


def read_introduction(workset: WorkSet) -> Introduction:
    """What ``intro.md`` tells; nothing where there is no such file.

    Raises:
        UnreadableError: it cannot be read, or is not UTF-8 text.
    """
    if not workset.intro.is_file():
        return Introduction()
    try:
        return read_intro(workset.intro.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError(f"{workset.intro} is not UTF-8 text; save it again as UTF-8.") from None
    except OSError as error:
        raise UnreadableError(
            f"{workset.intro} cannot be read: {error.strerror}; check that you may read it."
        ) from None
