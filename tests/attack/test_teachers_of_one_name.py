"""Threat: a teacher and a student share a name; the packet is refused with a false reason, or lets the student's pass.

Tried: accents, capitals, apostrophes, hyphens and titles; the student's name in the title; a teacher's name that is all
of a student's. Result: a shared surname prints, the student's own name never does, and the reason is true.
"""

from __future__ import annotations

import pytest

from mssw.errors import ExitCode
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import write_bytes
from support.commands import mssw
from support.made_up_set import make_set

SHARED = {
    "Ms. García": ("Ana", "Garcia"),
    "Mr. GARCIA": ("Ana", "García"),
    "Ms. O'Neil": ("Sean", "O'Neil"),
    "Ms. O\u2019Neil": ("Sean", "O'Neil"),
    "Dr. Nguye\u0302\u0303n": ("Linh", "Nguyen"),
    "Mme Lefèvre-Durand": ("Zoé", "Lefevre"),
}


@pytest.fixture
def workset(tmp_path):
    return make_set(tmp_path / "set", ["Bo", "Emery"], pages=1)


def with_student(workset, first, last):
    rows = [["First name", "Last name"], [first, last], ["Priya", "Okonkwo"]]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)


@pytest.mark.parametrize(("teacher", "student"), SHARED.items(), ids=SHARED)
def test_a_teacher_who_shares_a_surname_is_on_the_cover(workset, tmp_path, teacher, student, capsys):
    with_student(workset, *student)
    colleagues = tmp_path / "colleagues.txt"
    colleagues.write_text(f"{teacher}\n", encoding="utf-8")
    settings = workset.settings.read_text(encoding="utf-8").replace("M. Rivera", teacher)
    workset.settings.write_text(settings, encoding="utf-8")

    assert mssw("packet", workset.root, "--per-teacher", colleagues) == ExitCode.DONE, capsys.readouterr().err


@pytest.mark.parametrize("title", ["Garcia's answers", "For Ana", "García and the air"])
def test_the_students_name_is_refused_in_all_other_words(workset, title):
    with_student(workset, "Ana", "Garcia")
    workset.settings.write_text(
        workset.settings.read_text(encoding="utf-8").replace("M. Rivera", "Ms. García").replace("Massive air", title),
        encoding="utf-8",
    )

    assert mssw("packet", workset.root) == ExitCode.FINDINGS


@pytest.mark.parametrize("teacher", ["Ana García", "ANA GARCIA", "García, Ana"])
def test_a_teacher_with_a_students_whole_name_is_refused_for_that_reason(workset, tmp_path, teacher, capsys):
    with_student(workset, "Ana", "Garcia")
    colleagues = tmp_path / "colleagues.txt"
    colleagues.write_text(f"{teacher}\n", encoding="utf-8")

    assert mssw("packet", workset.root, "--per-teacher", colleagues) != ExitCode.DONE
    said = " ".join(capsys.readouterr().err.split())
    assert "a student's full name" in said
    assert "García" not in said
