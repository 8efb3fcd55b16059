"""The contracts on imports catch what they are there for: each is broken by an import that is planted in a copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from support.project import ROOT

pytestmark = pytest.mark.pages

LAYERS = "imports point one way"
CIRCLES = "no package imports itself in a circle"
PURITY = "rules are pure: no file, clock, image or outside library"
AUDIT = "the audit shares no code with what writes"

# The contracts that an import breaks: (in which file, what it imports, which contracts).
PLANTED = {
    "upwards": ("core/__init__.py", "mssw.preparing", {LAYERS}),
    "from a command's package": ("sorting/__init__.py", "mssw.cli", {LAYERS}),
    "beside": ("kit/__init__.py", "mssw.sorting", {LAYERS}),
    "a library in the rules": ("names/__init__.py", "numpy", {PURITY}),
    "a file in the rules": ("core/__init__.py", "pathlib", {PURITY}),
    "what writes in the audit": ("auditing/__init__.py", "pymupdf", {AUDIT}),
    "the printing in the audit": ("auditing/__init__.py", "mssw.printing", {LAYERS, AUDIT}),
    "by a detour": ("errors.py", "pymupdf", {PURITY, AUDIT}),
}


@pytest.fixture
def source(tmp_path):
    """A copy of the package with the contracts beside it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__")) / "mssw"


def plant(file, module):
    file.write_text(f"{file.read_text(encoding='utf-8')}\nimport {module}\n", encoding="utf-8")


def broken(source):
    """The contracts that do not hold in a copy."""
    pytest.importorskip("importlinter")
    folder = source.parents[1]
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(source.parent), "COLUMNS": "200", "NO_COLOR": "1"},
    )  # fmt: skip
    verdicts = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    assert set(verdicts) == names_of_contracts(), done.stdout + done.stderr
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def names_of_contracts():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}


def test_all_contracts_hold_where_nothing_is_planted(source):
    assert broken(source) == set()


@pytest.mark.parametrize(("file", "module", "contracts"), PLANTED.values(), ids=PLANTED)
def test_an_import_breaks_just_the_contracts_that_forbid_it(source, file, module, contracts):
    plant(source / file, module)

    assert broken(source) == contracts


def test_two_modules_of_a_package_that_import_each_other_break_the_contract_on_circles(source):
    pairs = (
        (path, found)
        for path in sorted((source / "core").glob("*.py"))
        for found in re.findall(r"^from mssw\.core\.(\w+) import", path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    path, imported = next(pairs)
    plant(source / "core" / f"{imported}.py", f"mssw.core.{path.stem}")

    assert broken(source) == {CIRCLES}


def test_every_contract_is_seen_to_be_broken():
    assert {name for *_, contracts in PLANTED.values() for name in contracts} | {CIRCLES} == names_of_contracts()
