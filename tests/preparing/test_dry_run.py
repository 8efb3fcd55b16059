"""``prepare --dry-run`` finds whatever would stop the run, says the same sentence, and writes nothing."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from filelock import FileLock

from mssw.errors import ExitCode
from support import hostile
from support.commands import mssw
from support.prepared_class import EXAMPLE, cut

pytestmark = pytest.mark.pages

TASK, ROSTER = EXAMPLE / "task.pdf", EXAMPLE / "roster.csv"


@pytest.fixture
def stack(tmp_path):
    return cut(tmp_path / "stack.pdf", (1, 2))


@pytest.fixture
def said_both_times(tmp_path, capsys):
    """What the run says, and the dry run before it; both end alike and leave no set."""

    def run(code, *words, into=tmp_path / "set"):
        there = into.exists()
        texts = []
        for more in (("--dry-run",), ()):
            assert mssw("prepare", *words, "--into", into, "--no-input", *more) == code
            texts.append(" ".join(capsys.readouterr().err.split()))
            assert into.exists() is there
        assert texts[0] == texts[1]
        return texts[0]

    return run


def test_a_full_disk(said_both_times, stack, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=10**9, free=1_000_000))
    assert "has 1 MB left, and this class needs about 2 MB" in said_both_times(
        ExitCode.UNREADABLE, stack, "--task", TASK
    )


def test_a_set_at_which_another_command_works(said_both_times, stack, tmp_path, monkeypatch):
    monkeypatch.setattr("mssw.workset.folder.WAITS", 0.05)
    place = tmp_path / "set"
    (place / "private").mkdir(parents=True)
    with FileLock(place / "private" / ".lock"):
        said = said_both_times(ExitCode.WOULD_OVERWRITE, stack, "--task", TASK, into=place)
    assert "another mssw command is at work" in said


def test_a_set_with_another_stack(said_both_times, stack, tmp_path):
    place = tmp_path / "set"
    (place / "private" / "stack").mkdir(parents=True)
    (place / "private" / "stack" / "other.pdf").write_bytes(TASK.read_bytes())
    assert "holds another stack already" in said_both_times(ExitCode.WOULD_OVERWRITE, stack, "--task", TASK, into=place)


@pytest.mark.parametrize(
    ("name", "make", "text"),
    [
        ("paper.pdf", lambda _: hostile.dot_pdf(), "nothing is printed on any of its pages"),
        ("locked.pdf", hostile.locked, "locked.pdf is locked with a password"),
        ("empty.pdf", lambda _: b"", "empty.pdf is empty (0 bytes)"),
    ],
)
def test_a_task_that_will_not_do(said_both_times, stack, tmp_path, name, make, text):
    (tmp_path / name).write_bytes(make(stack))
    assert text in said_both_times(ExitCode.UNREADABLE, stack, "--task", tmp_path / name)


def test_a_class_list_that_will_not_do(said_both_times, stack, tmp_path):
    (tmp_path / "class.csv").write_bytes(b"\x00\x01\x02")
    assert "class.csv" in said_both_times(
        ExitCode.UNREADABLE, stack, "--task", TASK, "--roster", tmp_path / "class.csv"
    )


def test_an_order_of_backs_that_has_no_effect(said_both_times, stack):
    assert "or leave out --backs" in said_both_times(ExitCode.USAGE, stack, "--task", TASK, "--backs", "same")
