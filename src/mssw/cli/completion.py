"""What a shell completes beyond commands and options: aliases, read from one small file, and mssw's own words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer


def aliases(ctx: typer.Context, incomplete: str) -> list[str]:
    """The aliases of the set on the command line; never a student."""
    given = ctx.params.get("directory") or ctx.params.get("directories") or ctx.args  # unread behind a lone option
    folders: list[Any] = list(given) if isinstance(given, list | tuple) else [given]
    found = {alias for folder in folders for alias in _of(Path(folder))}
    return sorted(name for name in found if name.startswith(incomplete))


def kits(incomplete: str) -> list[str]:
    """The kits."""
    from mssw.kit.kit_words import KITS  # noqa: PLC0415 - only where it is asked for

    return [name for name in KITS if name.startswith(incomplete)]


def sessions(incomplete: str) -> list[str]:
    """The sessions' letters."""
    from mssw.schedule.schedule_rows import LETTERS  # noqa: PLC0415

    return [letter for letter in LETTERS if letter.startswith(incomplete)]


def templates(incomplete: str) -> list[str]:
    """What a person calls each template for print."""
    from mssw.printing.template_files import template_names  # noqa: PLC0415

    return [name for name in template_names() if name.startswith(incomplete)]


def _of(folder: Path) -> set[str]:
    """All aliases, also of responses on hold; without ``private/``, those of the shared files."""
    from mssw.errors import MsswError  # noqa: PLC0415 - only where it is asked for
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.prepared_state import read_state  # noqa: PLC0415

    try:
        state = read_state(WorkSet(folder))
    except MsswError:
        state = None
    if state is not None:
        return {work.alias for work in state.works}
    return {path.stem for path in WorkSet(folder).work.glob("*.pdf")}
