"""The workers that tests share say what any worker says, and remember only what is true of the very same pixels."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mssw.workers import run_alone, share_crew
from support.jobs import lay_on_blank, read_line
from support.remembered import RememberingCrew

pytestmark = pytest.mark.pages


def line_of(word):
    line = np.full((48, 260), 255, np.uint8)
    cv2.putText(line, word, (8, 36), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    return line


def test_a_line_is_read_once_and_the_next_one_anew(tmp_path):
    line, other = line_of("balloon"), line_of("feather")
    as_any_worker = run_alone(read_line, line)

    with RememberingCrew(1, 2 * 1024**3, tmp_path) as crew, share_crew(crew):
        assert run_alone(read_line, line) == as_any_worker
        kept = list(tmp_path.iterdir())
        assert kept
        assert run_alone(read_line, line) == as_any_worker
        assert list(tmp_path.iterdir()) == kept
        assert run_alone(read_line, other)[0] == "feather"
        assert len(list(tmp_path.iterdir())) == 2 * len(kept)


def task_of(word):
    task = np.full((1100, 850), 255, np.uint8)
    for row in range(1, 12):
        cv2.putText(
            task, f"{row * 37} {word} {row * 91}", (60 + 11 * row, 90 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3
        )
    return task


def test_a_scan_is_laid_once_on_a_task_and_anew_on_another(tmp_path):
    task, other = task_of("Explain why air has mass"), task_of("Describe what sinks")
    scan = np.roll(task, (9, -7), (0, 1))
    as_any_worker = run_alone(lay_on_blank, task, scan)

    with RememberingCrew(1, 2 * 1024**3, tmp_path) as crew, share_crew(crew):
        assert run_alone(lay_on_blank, task, scan) == as_any_worker
        kept = list(tmp_path.iterdir())
        assert kept
        assert run_alone(lay_on_blank, task, scan) == as_any_worker
        assert list(tmp_path.iterdir()) == kept
        run_alone(lay_on_blank, other, np.roll(other, (9, -7), (0, 1)))
        assert len(list(tmp_path.iterdir())) == 2 * len(kept)
        run_alone(lay_on_blank, task, np.roll(task, (8, -7), (0, 1)))
        assert len(list(tmp_path.iterdir())) == 3 * len(kept)
