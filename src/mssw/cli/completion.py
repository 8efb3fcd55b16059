"""What a shell completes beyond commands and options: aliases, told from one small file, so that it is quick."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer


def aliases(ctx: typer.Context, incomplete: str) -> list[str]:
    """The aliases of the set that stands on the command line; never a student."""
    given = ctx.params.get("directory") or ctx.params.get("directories") or ctx.args  # unread behind a lone option
    folders: list[Any] = list(given) if isinstance(given, list | tuple) else [given]
    found = {alias for folder in folders for alias in _of(Path(folder))}
    return sorted(name for name in found if name.startswith(incomplete))


def _of(folder: Path) -> set[str]:
    """All aliases, held works' among them; without ``private/``, those of the shared files."""
    try:
        works = json.loads((folder / "private" / "state.json").read_text(encoding="utf-8"))["works"]
        return {str(work["alias"]) for work in works}
    except (OSError, ValueError, KeyError, TypeError):
        return {path.stem for path in (folder / "shared" / "work").glob("*.pdf")}
