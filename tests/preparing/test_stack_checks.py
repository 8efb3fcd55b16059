"""Is the task that was given the blank copy? What the pages say, what the teacher says, and what she is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mssw.core.page import Page, Tone
from mssw.errors import UnreadableError
from mssw.formats.images import to_png
from mssw.preparing.blank_task import BlankTask, check_task_is_blank
from mssw.vision.blank_page import BlankPage, measure_missing_print
from mssw.vision.registration import is_laid_surely, register_scan
from mssw.workset.sightings import Sighting
from support import printed

PRINT = printed.printed_page(1)
CLASS = [printed.handwriting(PRINT, seed, lines=6) for seed in range(2, 7)]
NAMED = printed.handwriting(PRINT, 77, lines=1, area=(300, 118, 700, 118), tone=30)  # a name, and nothing else


def as_task(image):
    return BlankTask(None, ((612.0, 792.0),), (), (), f"recipe {hash(image.tobytes())}", lambda: (to_png(image),))


def seen(image, scans):
    """What is seen of pages that lie on the blank as they are."""
    blank = BlankPage(1, image)
    for number, scan in enumerate(scans, 1):
        page = Page(f"p{number}", "stack.pdf", number, (10, 10), 150.0, Tone.GREY, str(number), task_page=1)
        lacking = measure_missing_print(scan, blank, printed.DPI)
        yield Sighting(page, "", ink=900.0, written=300.0, score=0.95, nearest=1, lacking=lacking)


def unmatched(score):
    page = Page("p1", "stack.pdf", 1, (10, 10), 150.0, Tone.GREY, "1")
    return Sighting(page, "", ink=900.0, score=score)


def test_a_blank_task_says_nothing():
    assert check_task_is_blank("task.pdf", as_task(PRINT), list(seen(PRINT, CLASS))) == ()


@pytest.mark.parametrize("given", [NAMED, printed.handwriting(PRINT, 99, lines=12, tone=30)], ids=["name", "answers"])
@pytest.mark.parametrize("in_stack", [True, False])
def test_a_filled_copy_is_noticed_also_where_only_a_name_is_on_it(given, in_stack):
    scans = [*CLASS, *([given] if in_stack else [])]

    with pytest.raises(UnreadableError, match=r"looks like a filled copy: .* give a blank one .* --task-is-blank"):
        check_task_is_blank("task.pdf", as_task(given), list(seen(given, scans)))


def test_a_teacher_who_says_that_the_task_is_blank_is_believed_and_told_what_was_seen():
    [note] = check_task_is_blank("task.pdf", as_task(NAMED), list(seen(NAMED, CLASS)), trusted=True)

    assert "you say that page 1 of task.pdf is blank" in note
    assert "colleagues get it as it is" in note


@pytest.mark.parametrize(("score", "hint"), [(0.69, True), (0.2, False)])
def test_where_no_page_matches_the_way_past_is_named_only_if_it_leads_somewhere(score, hint):
    with pytest.raises(UnreadableError, match="no page of the stack matches") as error:
        check_task_is_blank("task.pdf", as_task(PRINT), [unmatched(score)])

    assert ("--task-is-blank" in str(error.value)) is hint


def test_many_pages_that_lack_print_are_noted():
    pages = [*seen(PRINT, CLASS[:3]), *(replace(unmatched(0.7), ink=500.0) for _ in range(3))]

    [note] = check_task_is_blank("task.pdf", as_task(PRINT), pages)

    assert "3 pages show only a part of the print of task.pdf" in note


@pytest.mark.pages
def test_a_page_that_lost_light_print_still_lies_surely_and_another_page_does_not():
    blank = BlankPage(1, PRINT)
    lost = PRINT.copy()
    lost[printed.HEIGHT // 5 : 2 * printed.HEIGHT // 5] = 255
    scan, _ = printed.scan_of(printed.handwriting(lost, 3, lines=4), degrees=1.0, seed=4)
    place = register_scan([blank], scan)
    assert place.matrix is not None
    assert place.score < 0.8
    assert is_laid_surely(blank, scan, place.matrix)

    other, _ = printed.scan_of(printed.printed_page(9), degrees=1.0, seed=4)
    assert not is_laid_surely(blank, other, np.asarray(place.matrix))
