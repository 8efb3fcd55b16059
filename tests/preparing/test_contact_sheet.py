"""The contact sheet: the answers of all responses, cut out once and drawn again only where something has changed."""

from __future__ import annotations

import pytest

from mssw.preparing.release import draw_contact_sheet
from mssw.workset.question_file import QuestionPlace, find_placed_pages, keep_questions
from mssw.workset.settings import read_settings
from support.released_set import ALIASES, STUDENT, release, released_set


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air", ALIASES[:3], pages=1)


def drawn(workset, aliases=ALIASES[:3], title_names=()):
    """The contact sheet, and whose answers had to be cut out for it."""
    cut = []

    def run(work, jobs, **_):
        for job in jobs:
            cut.append(job.response.stem)
            yield job, work(job)

    pages = find_placed_pages(workset, dict.fromkeys(aliases, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mssw.preparing.release.run_all", run)
        data, count = draw_contact_sheet(workset, read_settings(workset.settings), pages, None, title_names)
    assert count == 1
    return data, cut


def test_answers_are_cut_out_once_and_the_sheet_has_the_same_bytes_again(workset):
    first, cut = drawn(workset)

    assert cut == sorted(ALIASES[:3])
    assert drawn(workset) == (first, [])


@pytest.mark.parametrize("content", [b"", b"no answers", b"PK\x03\x04 cut off"])
def test_a_damaged_picture_is_made_again(workset, content):
    first, _ = drawn(workset)
    (workset.private / "work" / "Bo.npz").write_bytes(content)

    assert drawn(workset) == (first, ["Bo"])


def test_a_response_that_was_covered_anew_is_cut_out_anew_and_one_that_is_gone_is_forgotten(workset):
    first, _ = drawn(workset)
    release(workset, ["Bo", "Camille"], pages=1)
    (workset.work / "Bo.pdf").write_bytes((workset.work / "Camille.pdf").read_bytes())
    again, cut = drawn(workset, ["Bo", "Camille"])

    assert cut == ["Bo"]
    assert again != first
    assert not (workset.private / "work" / "Andrea.npz").exists()


def test_other_places_of_the_questions_count_for_the_sheet_too(workset):
    first, _ = drawn(workset)
    keep_questions(workset, [QuestionPlace(1, (0.0, 0.5, 1.0, 0.3))])
    again, cut = drawn(workset)

    assert len(cut) == 3
    assert again != first


def test_a_title_that_names_a_student_is_left_off(workset):
    with_title, _ = drawn(workset)
    workset.settings.write_text(workset.settings.read_text("utf-8").replace("Massive air", STUDENT), "utf-8")

    assert drawn(workset, title_names=[STUDENT])[0] != with_title


def test_a_worker_that_was_lost_is_an_error_not_a_gap(workset, monkeypatch):
    def run(_, jobs, **__):
        yield next(iter(jobs)), ValueError("lost")

    monkeypatch.setattr("mssw.preparing.release.run_all", run)
    pages = find_placed_pages(workset, dict.fromkeys(ALIASES[:3], 1))
    with pytest.raises(ValueError, match="lost"):
        draw_contact_sheet(workset, read_settings(workset.settings), pages, None, ())
