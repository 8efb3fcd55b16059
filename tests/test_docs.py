"""The documentation says what this version does: commands, paths and links exist, and the reference is up to date."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

import mssw
from mssw.cli import app
from support.project import ROOT
from support.shown_commands import PAGES, name_of

README = ROOT / "README.md"
LONGEST_README = 150
# What is written as a path of the project: `src/mssw/kit/session.py`, `tests/bench/`, `src/mssw/cli/schemas/*.json`.
PROJECT_PATH = re.compile(r"(?<![\w./-])((?:src|tests|docs|templates|examples|\.github|\.ci)/[\w./*-]*[\w/*])")
# Files that the docs tell a reader to make.
TO_BE_MADE = re.compile(r"NAME")
MODULE = re.compile(r"`(\w+\.py)`")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The script that writes the reference."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says(generate: ModuleType) -> None:
    folder = ROOT / "docs" / "reference"
    written = {path.name: text_of(path) for path in folder.iterdir()}
    made = generate.pages()

    assert set(written) == set(made)
    differ = [name for name in made if written[name] != made[name]]
    assert differ == [], "run python docs/generate.py"


def test_the_guides_show_every_command() -> None:
    text = "\n".join(text_of(page) for page in PAGES if "reference" not in page.parts)
    names = list(get_command(app).commands)  # type: ignore[attr-defined]

    assert "prepare" in names
    assert [name for name in names if f"mssw {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    missing = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if "://" in link:
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            missing.append(link)

    assert missing == []


def anchors(page: Path) -> set[str]:
    """What a heading of a page can be linked by, as code hosts make it."""
    titles = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_path_of_the_project_that_a_page_names_exists(page: Path) -> None:
    named = {found for found in PROJECT_PATH.findall(text_of(page)) if not TO_BE_MADE.search(found)}
    missing = [path for path in named if not (any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())]

    assert missing == []


def test_the_architecture_names_every_package_and_no_module_that_is_not_there() -> None:
    text = text_of(ROOT / "docs" / "architecture.md")
    source = ROOT / "src" / "mssw"
    modules = {path.name for path in source.rglob("*.py")}
    packages = [path.parent.name for path in source.glob("*/__init__.py")]

    assert "preparing" in packages
    assert [name for name in packages if f"src/mssw/{name}/" not in text] == []
    assert set(MODULE.findall(text)) - modules == set()


def test_the_readme_is_short_and_has_the_picture() -> None:
    text = text_of(README)

    assert len(text.splitlines()) <= LONGEST_README
    assert "](examples/picture.png)" in text


def test_one_version_everywhere() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    newest = re.search(r"^## (\d+\.\d+\.\d+)", text_of(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert newest is not None
    assert project["version"] == mssw.__version__ == newest[1]


def test_every_dependency_has_a_tested_version_and_a_licence() -> None:
    """`constraints.txt` and `docs/dependencies.md` are written where the tests passed; they name all that we need."""
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    needs = [Requirement(one) for one in (*project["dependencies"], *project["optional-dependencies"]["dask"])]
    pins = {
        canonicalize_name(name): version
        for name, _, version in (line.partition("==") for line in text_of(ROOT / "constraints.txt").splitlines())
        if version
    }
    page = text_of(ROOT / "docs" / "dependencies.md")

    missing = [one.name for one in needs if canonicalize_name(one.name) not in pins]
    assert missing == [], "run python docs/list_dependencies.py"
    assert [one.name for one in needs if not one.specifier.contains(pins[canonicalize_name(one.name)])] == []
    rows = {canonicalize_name(line.split("|")[1].strip()): line for line in page.splitlines() if line.startswith("| ")}
    assert [name for name, version in pins.items() if f"| {version} |" not in rows.get(name, "")] == []
