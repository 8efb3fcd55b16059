"""mssw from a script: light to import, typed, and just what the commands do."""

from __future__ import annotations

import doctest
import importlib
import inspect
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

import mssw
import mssw.api
from mssw import MsswError, errors
from mssw import api as library
from mssw.roster.roster_file import read_roster
from support.command_table import HEAVY
from support.commands import mssw as run
from support.project import EXAMPLE, ROOT

GUIDE = ROOT / "docs" / "guides" / "scripts.md"


@pytest.fixture
def desk(small_class, tmp_path, monkeypatch):
    """A folder with a stack, its task, the class list, and the set as it was prepared from them."""
    shutil.copy(small_class.parent / "stack.pdf", tmp_path)
    shutil.copy(EXAMPLE / "task.pdf", tmp_path)
    shutil.copy(EXAMPLE / "roster.csv", tmp_path / "class.csv")
    shutil.copytree(small_class, tmp_path / "set")
    (tmp_path / "record.json").write_text('{"claims": [{"text": "Air has mass"}]}', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.pages
@pytest.mark.usefixtures("desk")
def test_what_the_docstrings_show_is_so():
    finder = doctest.DocTestFinder()
    found = [one for place in (mssw.api,) for one in finder.find(place)]
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    said: list[str] = []
    for one in found:
        runner.run(one, out=said.append)

    assert runner.summarize(verbose=False).attempted >= 12
    assert said == []


def test_what_any_docstring_shows_is_so():
    source = ROOT / "src" / "mssw"
    shown = [path for path in source.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8") and path.stem != "api"]
    names = [".".join(("mssw", *path.relative_to(source).with_suffix("").parts)) for path in shown]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]

    assert sum(one.attempted for one in results) >= 40
    assert sum(one.failed for one in results) == 0


@pytest.mark.pages
@pytest.mark.usefixtures("desk")
def test_what_the_guide_shows_for_scripts_is_so():
    text = GUIDE.read_text(encoding="utf-8")
    blocks = [part.partition("```")[0] for part in text.split("```python\n")[1:]]
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, GUIDE.stem, GUIDE.name, 0)
    said: list[str] = []

    assert len(examples.examples) >= 3
    assert doctest.DocTestRunner().run(examples, out=said.append).failed == 0, "".join(said)


def test_importing_mssw_loads_nothing_but_itself():
    code = "import sys; old = set(sys.modules); import mssw; print(*sorted(set(sys.modules) - old))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = done.stdout.split()
    assert "mssw" in loaded
    assert [name for name in loaded if name.startswith("mssw.")] == []
    assert {name.partition(".")[0] for name in loaded} & (HEAVY | {"typer", "rich", "tomlkit", "msoffcrypto"}) == set()


def test_a_function_loads_what_it_needs_when_it_is_called():
    code = "import sys; from mssw import prepare, packet, audit, status, MsswError; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert {name.partition(".")[0] for name in done.stdout.split()} & HEAVY == set()


@pytest.mark.parametrize("name", mssw.__all__)
def test_each_name_that_is_promised_is_there(name):
    assert getattr(mssw, name) is not None
    assert name in dir(mssw)


def test_a_name_that_is_not_there_is_said_to_be_so():
    with pytest.raises(AttributeError, match="no attribute 'sing'"):
        _ = mssw.sing


def test_prepare_is_the_function_whatever_was_imported_before():
    import mssw.preparing.run_prepare  # noqa: PLC0415

    assert inspect.isfunction(mssw.prepare)
    assert mssw.prepare is library.prepare


def test_the_errors_are_one_family_with_the_commands_exit_codes():
    family = [getattr(mssw, name) for name in mssw.__all__ if name.endswith("Error")]

    assert all(issubclass(one, MsswError) for one in family)
    assert mssw.StepMissingError.code is mssw.ExitCode.STEP_MISSING is errors.ExitCode(4)


@pytest.mark.usefixtures("desk")
def test_results_are_frozen_and_do_not_show_students():
    rows = mssw.key("set")
    students = {student.last for student in read_roster(Path("class.csv")).students}

    assert [row for row in rows if row.student]
    assert not [name for name in students if name in repr(rows)]
    with pytest.raises(AttributeError):
        rows[0].alias = "Zoe"
    with pytest.raises(AttributeError):
        mssw.status("set").title = "x"


@pytest.mark.pages
def test_a_mypy_user_sees_the_types(tmp_path):
    pytest.importorskip("mypy")
    script = tmp_path / "script.py"
    script.write_text(
        "from mssw import MsswError, PrepareReport, prepare\n"
        "done: PrepareReport = prepare('stack.pdf', into='set', task='task.pdf')\n"
        "held: int = len(done.held)\n"
        "prepare(into=3)\n",
        encoding="utf-8",
    )
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", f"--cache-dir={tmp_path}", str(script)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert [line.split(":")[1] for line in found.stdout.splitlines() if ": error:" in line] == ["4"], found.stdout


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("words", [["status"], ["audit"], ["packet", "--dry-run"], ["prepare"], ["roster", "check"]])
def test_the_command_calls_the_function(words):
    name = words[0] if words[0] != "roster" else "roster_check"
    target = {"prepare": ["--into", "set"], "roster": ["class.csv"]}.get(words[0], ["set"])
    with patch.object(library, name, side_effect=MsswError("heard")) as heard:
        assert run(*words, *target) == 70

    assert heard.call_count == 1


@pytest.mark.pages
def test_a_script_without_a_guard_is_not_run_again_by_the_workers(desk):
    script = desk / "script.py"
    script.write_text(
        "from mssw import roster_check, prepare\n"
        "print('once')\n"
        "print(prepare(into='set', task='task.pdf', workers=2).counts['scanned'])\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script.name], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "once\n7\n"), done.stderr
