"""Holds a report that a command gave with --json against the schema that is published for it."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from mssw.cli.schema import VERSIONS, schema_of


def held_to(text, name):
    """The report, after it was held against its schema."""
    report = json.loads(text)
    assert report["schema"] == f"mssw.{name}/{VERSIONS[name]}"
    Draft202012Validator(schema_of(name)).validate(report)
    return report
