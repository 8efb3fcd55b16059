"""An option that would change nothing is refused with a sentence, and nothing is written."""

from __future__ import annotations

import pytest

from mssw.errors import ExitCode
from support.commands import mssw
from support.prepared_class import EXAMPLE, cut

TASK, ROSTER = EXAMPLE / "task.pdf", EXAMPLE / "roster.csv"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pages-per-student", 1, "--field", "1:0.1,0.1,0.3,0.1"), "there is none, nor the 8 responses"),
        (("--pages-per-student", 2, "--task", TASK), "leave one of the two out"),
        (("--task", TASK, "--backs", "same"), "was not scanned as fronts and backs"),
        (("--task", TASK, "--backs", "reversed"), "was not scanned as fronts and backs"),
        (("--task", TASK, "--columns", "last=A"), "give the list too, with --roster"),
        (("--task", TASK, "--sheet", "5a"), "give it with --roster"),
        (("--pages-per-student", 1, "--task-is-blank"), "give it with --task"),
    ],
)
@pytest.mark.parametrize("dry", [False, True])
def test_an_option_without_effect_is_refused(tmp_path, capsys, words, said, dry):
    stack = cut(tmp_path / "stack.pdf", (1, 2, 3))
    more = ("--dry-run",) if dry else ()

    assert mssw("prepare", stack, *words, "--into", tmp_path / "set", "--no-input", *more) == ExitCode.USAGE

    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "set").exists()
