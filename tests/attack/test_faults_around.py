"""Threat: something around mssw is not as it should be, and a set is damaged, or a command ends with a fault of ours.

Tried: another command at work in the set; a disk that is read-only; the clock set back by forty years, under files of
next century; each file of a set gone before a command, and files that vanish while it reads. Result: a sentence, or the
same as always; the audit finds nothing new in `shared/`; with the file put back, the same command ends with the same
bytes.
"""

from __future__ import annotations

import os
import shutil
import time

import pytest

from mssw.errors import ExitCode
from mssw.workset.folder import WorkSet
from support.commands import copied, mssw
from support.faulty import FailingDisk, failing
from support.prepared_class import everything
from support.sealed_set import sealed_set

pytestmark = pytest.mark.pages

WRITES = (
    ("packet",),
    ("sort", "--sheet"),
    ("sort", "--cards"),
    ("record", "--sheet"),
    ("review", "--set-aside", "Andrea"),
    ("key", "--assign", "Andrea=Priya Rivera"),
    ("prepare", "--into"),
)
READS = (
    ("status",),
    ("status", "--checklist"),
    ("key",),
    ("sort", "--list"),
    ("record", "--list"),
    ("packet", "--dry-run"),
    ("present", "--dry-run", "--to", "slides.pdf"),
    ("audit",),
    ("recall",),
    ("start", "--json"),
)
SENTENCES = (ExitCode.DONE, ExitCode.FINDINGS, ExitCode.UNREADABLE, ExitCode.STEP_MISSING, ExitCode.WOULD_OVERWRITE)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return sealed_set(tmp_path_factory.mktemp("made") / "set").root


@pytest.fixture
def root(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return copied(made, tmp_path / "set")


def run(root, words, disk=None):
    """The exit code of a command on a set, while the disk fails."""
    with failing(disk):
        return mssw(words[0], *words[1:], root) if words[-1] == "--into" else mssw(words[0], root, *words[1:])


def files_of(root):
    return {path: sha for path, sha in everything(root).items() if not path.endswith(".lock")}


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_another_command_at_work_is_waited_for_or_named(root, words, capsys, monkeypatch):
    monkeypatch.setattr("mssw.workset.folder.WAITS", 0.05)
    before = files_of(root)
    with WorkSet(root).locked():
        assert run(root, words) == ExitCode.WOULD_OVERWRITE
    assert "another mssw command is at work" in " ".join(capsys.readouterr().err.split())
    assert files_of(root) == before


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_a_read_only_disk_is_named_and_nothing_changes(root, words, capsys):
    before = everything(root)
    assert run(root, words, FailingDisk("read-only", 1, str(root))) == ExitCode.UNREADABLE
    assert "Read-only file system" in " ".join(capsys.readouterr().err.split())
    assert everything(root) == before


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_read_only_set_can_be_read(root, words):
    expected = run(root, words)
    assert run(root, words, FailingDisk("read-only", 1, str(root))) == expected


@pytest.mark.parametrize("words", [("packet",), ("sort", "--sheet"), ("record", "--sheet")], ids=" ".join)
def test_a_clock_that_was_set_back_changes_nothing(made, root, tmp_path, monkeypatch, words):
    run(root, words)
    place = copied(made, tmp_path / "later" / "set")
    for path in place.rglob("*"):
        os.utime(path, (4e9, 4e9))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 40 * 365 * 86400)
    run(place, words)
    shared = {path: sha for path, sha in everything(root).items() if path.startswith("shared/")}
    assert {path: sha for path, sha in everything(place).items() if path.startswith("shared/")} == shared


def test_a_set_that_lacks_a_file_ends_no_command_with_a_fault(made, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for at, name in enumerate(sorted(everything(made))):
        place = copied(made, tmp_path / f"{at}")
        (place / name).unlink()
        for words in (("status",), ("packet", "--dry-run"), ("audit",), ("record", "--list")):
            assert run(place, words) in SENTENCES, (name, words)
            assert "bug" not in capsys.readouterr().err


@pytest.mark.parametrize("words", [("packet",), ("sort", "--sheet"), ("record", "--sheet")], ids=" ".join)
def test_a_file_that_vanishes_while_it_is_read(made, tmp_path, monkeypatch, words, capsys):
    monkeypatch.chdir(tmp_path)
    whole = copied(made, tmp_path / "whole")
    counting = FailingDisk("vanish", 0, str(whole))
    code = run(whole, words, counting)
    assert code == ExitCode.DONE
    for at in range(1, counting.count + 1, 11):
        place = copied(made, tmp_path / f"{at}" / "set")
        names = set(everything(place))
        disk = FailingDisk("vanish", at, str(place))
        assert run(place, words, disk) in SENTENCES, at
        assert "bug" not in capsys.readouterr().err, at
        gone = names - set(everything(place))
        if os.path.exists(disk.lost):  # noqa: PTH110 - as the disk knows it
            assert len(gone) <= 1
            shutil.move(disk.lost, place / next(iter(gone))) if gone else None
        assert run(place, words) == code, at
        assert {p: s for p, s in everything(place).items() if p.startswith("shared/")} == {
            p: s for p, s in everything(whole).items() if p.startswith("shared/")
        }, at
