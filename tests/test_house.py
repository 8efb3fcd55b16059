"""The house's own rules: style, types, layers, sizes, and what the repository and the wheel hold."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.project import ROOT

MODULES = sorted((ROOT / "src").rglob("*.py"))
FONTS = sorted(
    font for folder in ("src", "templates") for kind in ("ttf", "otf") for font in (ROOT / folder).rglob(f"*.{kind}")
)
SCHEMAS = sorted((ROOT / "src").rglob("*.json"))
WORD_LISTS = sorted((ROOT / "src/mssw/names/lists").glob("*.txt"))
LARGEST_WHEEL = 15_000_000
CODE = ("src", "tests", "examples", "docs")
LONGEST_FUNCTION = 50
# A machine's own folders, as absolute paths only: `shared/work/` is a place in a work set.
MACHINE_PATHS = re.compile(r"(?<![\w.>})*])/(?:work|tmp|home|root|Users)/")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of this Python's environment from the project's folder."""
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed in this environment")
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def tracked() -> list[Path]:
    """The files that git keeps, or would keep."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout, so nothing tells what is tracked")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_ruff_finds_nothing() -> None:
    done = tool("ruff", "-m", "ruff", "check", "--no-fix", "--output-format=concise", *CODE)

    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_is_formatted() -> None:
    done = tool("ruff", "-m", "ruff", "format", "--check", *CODE)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.pages
def test_mypy_finds_nothing() -> None:
    done = tool("mypy", "-m", "mypy", "src")

    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_point_one_way() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = tool("importlinter", "-c", command)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_name_is_used_twice() -> None:
    """A name says which module is meant. A command's module may be called as its package: `cli/review`, `review/`."""
    stems = [path.stem for path in MODULES if path.stem != "__init__"]

    assert sorted({stem for stem in stems if stems.count(stem) > 1}) == []


def test_no_class_name_is_used_twice() -> None:
    classes = [
        node.name
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]

    assert sorted({name for name in classes if classes.count(name) > 1}) == []


def test_every_function_fits_a_screen() -> None:
    long = {
        f"{name_of(path)}:{node.lineno} {node.name}": lines
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := length(node, declares_options=bool({"cli", "api.py"} & set(path.parts)))) > LONGEST_FUNCTION
    }

    assert long == {}


def length(node: ast.FunctionDef | ast.AsyncFunctionDef, *, declares_options: bool) -> int:
    """The lines of a function. The signature of a command lists its options, which no screen need hold."""
    if not declares_options:
        return (node.end_lineno or 0) - node.lineno + 1
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_names_a_machines_own_folders() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in tracked()
        if (text := text_of(path)) is not None
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATHS.search(line) and not line.startswith("#!")
    ]

    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see /{}/data/a.png", True),
        ('open("/{}/x")', True),
        ("shared/{}/Andrea.pdf", False),
        ("{root}/{}/x", False),
        ("~/{}/x", True),
    ],
)
def test_the_search_for_folders_tells_absolute_from_relative(line: str, caught: bool) -> None:  # noqa: FBT001 - a case
    assert bool(MACHINE_PATHS.search(line.replace("{}", "work"))) is caught


def text_of(path: Path) -> str | None:
    """A file's text; None for pictures, fonts and scans."""
    data = path.read_bytes()
    if b"\0" in data or data.startswith(b"%PDF"):
        return None
    return data.decode("utf-8", errors="replace")


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
def test_every_font_has_its_licence_beside_it(font: Path) -> None:
    family = font.stem.partition("-")[0] if "templates" in font.parts else font.stem
    names = (f"OFL-{family}.txt", f"Apache-{family}.txt") if "templates" in font.parts else (f"{family}.txt",)
    [licence] = [path for name in names if (path := font.with_name(name)).is_file()]

    text = licence.read_text(encoding="utf-8")
    assert "SIL Open Font License" in text or "Apache License" in text
    assert "opyright" in text


def test_there_are_fonts_to_have_licences() -> None:
    assert len(FONTS) >= 10


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `pip install` would build."""
    folder = tmp_path_factory.mktemp("wheel")
    done = tool("hatchling", "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.pages
def test_the_wheel_holds_templates_fonts_and_aliases(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())

    wanted = {f"mssw/{name_of(font).removeprefix('src/mssw/')}" for font in FONTS}
    wanted |= {
        f"mssw/{name_of(path)}"
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in {".j2", ".typ", ".txt", ".css", ".js", ".svg", ".toml"}
    }
    wanted |= {f"mssw/preparing/aliases{kind}.txt" for kind in ("", "_easy", "_easy_es")}
    wanted |= {"mssw/demo/answers.toml", "mssw/py.typed"}
    wanted |= {f"mssw/{name_of(path).removeprefix('src/mssw/')}" for path in (*MODULES, *SCHEMAS, *WORD_LISTS)}
    assert wanted - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if not name.startswith(("mssw/", "mssw-"))] == []


@pytest.mark.pages
def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size <= LARGEST_WHEEL


@pytest.mark.pages
def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, in front of what is installed here: it makes a class, with its own fonts and templates."""
    with zipfile.ZipFile(wheel) as held:
        held.extractall(tmp_path / "site")
    code = (
        "import mssw, pathlib, sys\n"
        "from mssw.cli.schema import VERSIONS, schema_of\n"
        "from mssw.printing.template_files import label_font_path\n"
        "from mssw.preparing.aliases import AliasProvider\n"
        "from mssw.demo.classroom import make_class\n"
        "from mssw.auditing.run_audit import audit_path\n"
        "from mssw.vision.recogniser import check_models\n"
        "here = pathlib.Path(sys.argv[1]).resolve()\n"
        "assert pathlib.Path(mssw.__file__).resolve().is_relative_to(here), mssw.__file__\n"
        "assert pathlib.Path(label_font_path()).resolve().is_relative_to(here)\n"
        "assert [schema_of(name) for name in VERSIONS]\n"
        "check_models()\n"
        "truth = make_class(here / 'class', seed=7, students=6, paper='letter', progress=lambda *_: None)\n"
        "assert mssw.roster_check(truth.roster).is_usable\n"
        "print(mssw.__version__)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
    )

    assert done.returncode == 0, done.stderr


def test_ci_runs_the_readmes_own_test_command() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    [command] = {line.strip() for line in lines if line.strip().endswith("/bin/pytest")}

    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("words", ["ferpa compliant", "ferpa-compliant", "fully anonymous", "anonymised", "anonymized"])
def test_nothing_claims_more_than_names_removed(words: str) -> None:
    said = [
        name_of(path)
        for path in (
            *(path for path in tracked() if path.suffix == ".md"),
            *(ROOT / "templates").rglob("*.j2"),
            *(ROOT / "src" / "mssw" / "cli").rglob("*.py"),
        )
        if words in path.read_text(encoding="utf-8").casefold()
    ]

    assert said == []
