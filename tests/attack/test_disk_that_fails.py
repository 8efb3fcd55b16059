"""Threat: a full disk or a killed process leaves a page uncovered, a decision lost, or half a file.

Tried: a full disk at every fourth change that a command makes to the set, and a kill at every seventh, for commands
that write. Result: one sentence or nothing, never a fault of ours; the audit finds nothing new in `shared/` at any
point; the same command run again ends with the same bytes as if nothing had happened.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mssw.auditing.run_audit import audit_path
from mssw.errors import ExitCode
from mssw.workset.folder import PART
from support import faulty
from support.commands import copied, mssw
from support.faulty import FailingDisk, failing
from support.prepared_class import everything
from support.sealed_set import sealed_set
from support.sorted_class import a_class

pytestmark = pytest.mark.pages

INTRO = "# Introduction\n## The task\nWhat is air?\n"
SENTENCES = (ExitCode.UNREADABLE, ExitCode.STEP_MISSING, ExitCode.WOULD_OVERWRITE)


@pytest.fixture(scope="module")
def sets(tmp_path_factory, small_class):
    """A released set, a sorted class and a prepared one, each to be copied."""
    root = tmp_path_factory.mktemp("sets")
    sealed_set(root / "released")
    a_class(root / "sorted")
    copied(small_class, root / "prepared")
    (root / "intro.md").write_text(INTRO, encoding="utf-8")
    return root


COMMANDS = {
    "packet": ("released", "packet", "SET", "--copies", "2"),
    "sort --sheet": ("released", "sort", "SET", "--sheet"),
    "intro": ("released", "intro", "SET", "--from", "INTRO", "--no-input"),
    "choose": ("sorted", "choose", "SET", "--no-ledger"),
    "key assign": ("prepared", "key", "SET", "--assign", "ALIAS=551555"),
}
PREPARED = {
    "review": ("prepared", "review", "SET", "--set-aside", "ALIAS"),
    "cover": ("prepared", "review", "SET", "--cover", "ALIAS:1:0.1,0.5,0.2,0.05"),
}


def words_for(sets, name, place):
    _, *words = (COMMANDS | PREPARED)[name]
    works = sorted(path.stem for path in (place / "shared" / "work").glob("*.pdf"))
    known = {"SET": place, "INTRO": sets / "intro.md"}
    return [str(known.get(word, word.replace("ALIAS", works[0]) if works else word)) for word in words]


def run_on(disk, words):
    """Run a command in this process while the disk fails; its exit code."""
    with failing(disk):
        return mssw(*words)


def findings_of(place):
    """What the audit finds.

    A file that is there whole and not in the manifest yet is no harm: it was audited, and the next run lists it. Nor is
    one that was taken out, or half of an audited file, which the next command sweeps away. Where a decision waits, the
    audit is right to say so: every command refuses the set then.
    """
    found = {str(one) for one in audit_path(place).findings}
    known = ("the manifest does not name this file", "but it is not there", "`mssw prepare` applies it")
    return {one for one in found if not one.endswith(known) and PART not in one}


def files_of(place):
    """All files but the copies of filled sheets: one more of those is kept each time a sheet is read."""
    return {path: digest for path, digest in everything(place).items() if "sort-sheets" not in path}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_at_each_change(name, sets, tmp_path, capsys):
    source = sets / COMMANDS[name][0]
    before = findings_of(source)  # the made-up sets have no pages to look at under the covers
    whole = copied(source, tmp_path / "whole")
    counting = FailingDisk("full", 0, str(whole))
    code = run_on(counting, words_for(sets, name, whole))
    assert code in (ExitCode.DONE, ExitCode.FINDINGS)
    assert counting.count > 1

    for at in range(1, counting.count + 1, 4):
        place = copied(source, tmp_path / f"full-{at}")
        capsys.readouterr()
        ended = run_on(FailingDisk("full", at, str(place)), words_for(sets, name, place))
        said = capsys.readouterr().err
        assert ended in (*SENTENCES, code), (at, said)
        assert "Traceback" not in said
        assert findings_of(place) <= before, at
        assert mssw(*words_for(sets, name, place)) == code, at
        assert files_of(place) == files_of(whole), at


@pytest.mark.parametrize("name", ["packet", "key assign"])
def test_a_kill_at_each_change(name, sets, tmp_path):
    source = sets / COMMANDS[name][0]
    before = findings_of(source)  # the made-up sets have no pages to look at under the covers
    whole = copied(source, tmp_path / "whole")
    counting = FailingDisk("full", 0, str(whole))
    code = run_on(counting, words_for(sets, name, whole))
    for at in range(2, counting.count + 1, 7):
        place = copied(source, tmp_path / f"kill-{at}")
        killed = subprocess.run(
            [sys.executable, faulty.__file__, "kill", str(at), str(place), *words_for(sets, name, place)],
            capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL, at
        assert findings_of(place) <= before, at
        assert mssw(*words_for(sets, name, place)) == code, at
        assert files_of(place) == files_of(whole), at


@pytest.mark.parametrize("name", PREPARED)
def test_a_decision_is_kept_or_said_to_be_lost(name, sets, tmp_path, capsys, warm_crew):  # noqa: ARG001 - workers are shared
    """On a full disk a page that a person wanted out of `shared/` is out, whatever else could be written."""
    source = sets / PREPARED[name][0]
    before = findings_of(source)
    whole = copied(source, tmp_path / "whole")
    counting = FailingDisk("full", 0, str(whole))
    words = words_for(sets, name, whole)
    code = run_on(counting, words)
    for at in range(1, counting.count + 1, 9):
        place = copied(source, tmp_path / f"full-{at}")
        words = words_for(sets, name, place)
        capsys.readouterr()
        ended = run_on(FailingDisk("full", at, str(place)), words)
        said = capsys.readouterr().err
        assert ended in (*SENTENCES, code), (at, said)
        assert "Traceback" not in said
        assert findings_of(place) <= before, at
        assert mssw(*words) == code, at
        assert leaves_of(place) == leaves_of(whole), at


def leaves_of(place: Path) -> dict[str, str]:
    """What others see, but for the manifest: its seal names each version of the decisions that there was."""
    return {path: digest for path, digest in everything(place).items() if path.startswith("shared/work/")}
