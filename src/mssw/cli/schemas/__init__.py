"""The shapes of ``--json`` reports, as JSON Schema: one file per report and version. A published one never changes."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

VERSIONS = {
    "audit": 1,
    "batch": 1,
    "batch-plan": 1,
    "choose": 1,
    "demo": 1,
    "demo-set": 1,
    "entry": 1,
    "intro": 1,
    "key": 1,
    "key-destroy": 1,
    "key-export": 1,
    "key-remind": 1,
    "key-rows": 1,
    "kit": 2,
    "kit-fill-in": 1,
    "kit-list": 1,
    "kit-purpose": 1,
    "kit-times": 1,
    "packet": 1,
    "prepare": 2,
    "prepare-plan": 1,
    "present": 1,
    "recall": 1,
    "receive": 1,
    "record": 1,
    "record-history": 1,
    "record-merge": 1,
    "record-print": 1,
    "record-problems": 1,
    "record-sheet": 1,
    "review-list": 1,
    "roster-check": 2,
    "schedule": 2,
    "schedule-ics": 2,
    "schedule-print": 1,
    "schedule-problems": 1,
    "share": 1,
    "sheets": 1,
    "slips": 1,
    "sort": 1,
    "sort-cards": 1,
    "sort-compare": 1,
    "sort-list": 1,
    "sort-problems": 1,
    "sort-sheet": 1,
    "standards": 1,
    "start": 1,
    "status": 2,
    "templates-export": 1,
    "transcripts": 1,
    "trends": 1,
    "trends-leaders": 1,
    "trends-proposals": 1,
}
"""The version of each report that this mssw writes."""


def schema_text(name: str) -> str:
    """The JSON Schema of a report, as published."""
    return files(__name__).joinpath(f"{name}-{VERSIONS[name]}.json").read_text(encoding="utf-8")


def schema_of(name: str) -> dict[str, Any]:
    """The same, read."""
    value: dict[str, Any] = json.loads(schema_text(name))
    return value
