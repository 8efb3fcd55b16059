"""What mssw remembers of sorting: the order that was drawn, the sheets that it wrote, where each teacher was."""

from __future__ import annotations

from typing import Any

from mssw.workset.folder import WorkSet, read_json, write_json

OWN = "sort"
"""What the presenting teacher's own sort is called, in files and with ``--compare``."""


def read_memory(workset: WorkSet) -> dict[str, Any]:
    """What mssw itself remembers of sorting: the draw, the sheets that it wrote, where each teacher was."""
    if not workset.sort_memory.is_file():
        return {}
    memory = read_json(workset.sort_memory)
    return memory if isinstance(memory, dict) else {}


def write_memory(workset: WorkSet, memory: dict[str, Any]) -> None:
    """Remember it. The caller holds the set's lock."""
    write_json(workset.sort_memory, memory, private=True)
