"""Threat: something that a scan, task or class list hides travels on with the pixels, through one of the commands.

Tried: 46 places in PDFs at once, seven in a JPEG, five in a PNG, eight in a TIFF, four in a workbook, on responses that
are really released; then each command that writes to `shared/`, to a file that is passed on, or to the screen. Every
byte is searched, unpacked, by code that shares nothing with the audit. Result: the canary is in none of them.
"""

from __future__ import annotations

import pytest

from mssw.errors import ExitCode
from support.canary_stack import canary_files, holds_canary
from support.commands import mssw
from support.prepared_class import manifest, state

pytestmark = pytest.mark.pages

ANSWERS = """# Introduction
## What is the task?
Explain what air is.
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The folder with everything in it, and what the commands printed."""
    return tmp_path_factory.mktemp("canaries")


@pytest.fixture(scope="module")
def run(given):
    """Run a command, with what it prints and logs kept in a file."""
    said = given / "said"
    said.mkdir()

    def run(capture, *words):
        name = "-".join(str(word) for word in words if "/" not in str(word) and not str(word).startswith("-"))
        code = mssw(*words, "--log", said / f"{name}.log")
        out, err = capture.readouterr()
        (said / f"{name}-{len(list(said.iterdir()))}.txt").write_text(out + err, encoding="utf-8")
        return code

    return run


def test_only_pixels_leave(given, run, capsys, warm_crew):  # noqa: ARG001 - workers are shared
    stack, task, roster, places = canary_files(given / "in")
    assert places >= 40
    assert all(holds_canary(path.read_bytes()) for path in [*stack, task, roster])

    folder, out = given / "set", given / "out"
    out.mkdir()
    how = ("--task", task, "--roster", roster, "--seed", 7)
    assert run(capsys, "prepare", *stack, *how, "--into", folder, "--json") == ExitCode.FINDINGS
    assert len(manifest(folder)["works"]) == 2  # really released; the third has no name on it
    aliases = sorted(one["alias"] for one in state(folder)["works"])
    (out / "intro.md").write_text(ANSWERS, encoding="utf-8")

    assert run(capsys, "review", folder, "--list") == ExitCode.DONE
    assert run(capsys, "review", folder, *(f"--approve={alias}" for alias in aliases)) == ExitCode.DONE
    assert run(capsys, "review", folder, "--paper") == ExitCode.DONE
    for way in ("--sheet", "--cards"):
        assert run(capsys, "sort", folder, way) == ExitCode.DONE
    rows = [f"{alias},,air pushes,{level},," for alias, level in zip(aliases, ("High", "Medium", "Low"), strict=True)]
    (out / "sort.csv").write_text("\n".join(["Alias,Work,Pile,Level,Set aside,Note", *rows]), encoding="utf-8")
    assert run(capsys, "sort", folder, "--read", out / "sort.csv", "--objective", "Air has mass") == ExitCode.DONE
    assert run(capsys, "choose", folder, "--json") == ExitCode.DONE
    assert run(capsys, "intro", folder, "--from", out / "intro.md", "--no-input") == ExitCode.DONE
    for layout in ((), ("--booklet",), ("--two-up",), ("--per-teacher", "M. Rivera, J. Okafor")):
        assert run(capsys, "packet", folder, *layout) == ExitCode.DONE
    assert run(capsys, "status", folder, "--pages", "--json") == ExitCode.DONE
    run(capsys, "status", folder, "--checklist")
    assert run(capsys, "roster", "check", roster) == ExitCode.DONE
    assert run(capsys, "key", folder) == ExitCode.DONE
    assert run(capsys, "sheets", task, "--roster", roster, "--into", out / "coded") == ExitCode.DONE
    assert run(capsys, "audit", folder) == ExitCode.DONE

    passed_on = (folder / "shared", out / "coded" / "shared", given / "said")
    files = [path for place in passed_on for path in place.rglob("*") if path.is_file()]
    assert len(files) > 30
    assert [path.relative_to(given).as_posix() for path in files if holds_canary(path.read_bytes())] == []


def test_the_search_finds_what_it_should(given):
    """A search that finds nothing in the files that it was made for proves nothing."""
    stack, task, roster, _ = canary_files(given / "again")
    assert [path.name for path in [*stack, task, roster] if not holds_canary(path.read_bytes())] == []
