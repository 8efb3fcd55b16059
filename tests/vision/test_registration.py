"""Which page of the task a scan shows, how it lies, and what is no page of the task."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from mssw.formats.scans import count_pages, read_page
from mssw.preparing.blank_task import at_analysis_size
from mssw.printing.template_files import label_font_path
from mssw.vision.blank_page import BlankPage
from mssw.vision.registration import SURE, register_scan, straighten_page, warp_mask, warp_scan
from support import printed
from support.project import SHARED_DATA

pytestmark = pytest.mark.pages

EXAM = SHARED_DATA / "markus"
STRAIGHT = [(page, 0) for page in range(1, 7)]
# read by eye: for each page of a file its page of the exam, and the degrees clockwise that stand it upright
REAL_SCANS = {
    "midterm_scan_100.pdf": [(1, 0), (2, 0), (4, 0), (3, 0), (5, 0), (6, 0)],
    "midterm_scan_101.pdf": [(5, 0), (6, 0), (1, 0), (2, 0), (3, 180), (4, 180)],
    "midterm_scan_102.pdf": STRAIGHT,
    "midterm_scan_103.pdf": STRAIGHT,
    "midterm_scan_104.pdf": STRAIGHT,
    "midterm_scan_104_evens.pdf": [(2, 0), (4, 0), (6, 0)],
    "midterm_scan_104_odds.pdf": [(1, 0), (3, 0), (5, 0)],
}
PAGES = [printed.printed_page(1), printed.printed_page(2), printed.printed_page(3)]


@pytest.fixture(scope="module")
def task():
    return [BlankPage(number, page) for number, page in enumerate(PAGES, 1)]


@pytest.fixture(scope="module")
def exam():
    if not EXAM.is_dir():
        pytest.skip("the real scans are not beside this project, in ../shared/data/markus")
    blank = EXAM / "midterm1-v2-test.pdf"
    return [BlankPage(number, at_analysis_size(read_page(blank, number))) for number in range(1, 7)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_written_page_is_found_and_laid_within_two_pixels(task, number):
    written = printed.handwriting(PAGES[number - 1], seed=number)
    scan, matrix = printed.scan_of(written, degrees=1.3, shift=(14, -9), stretch=1.006, seed=number)

    found = register_scan(task, scan)

    assert (found.task_page, found.turn, found.accepted, found.doubtful) == (number, 0, True, False)
    assert printed.farthest(found.matrix, matrix) < 2


@pytest.mark.parametrize(("fed", "turn"), [(0, 0), (90, 270), (180, 180), (270, 90)])
def test_the_turn_that_stands_a_page_upright_is_told(task, fed, turn):
    scan, matrix = printed.scan_of(printed.handwriting(PAGES[1], seed=8), degrees=fed, seed=8)

    found = register_scan(task, scan)

    assert (found.task_page, found.turn, found.accepted) == (2, turn, True)
    assert printed.farthest(found.matrix, matrix) < 2


@pytest.mark.parametrize(("degrees", "stretch"), [(-4.0, 1.0), (0.5, 0.72), (0.0, 1.2)])
def test_a_skew_sheet_and_another_size_of_print_are_found(task, degrees, stretch):
    scan, matrix = printed.scan_of(PAGES[0], degrees=degrees, stretch=stretch)

    found = register_scan(task, scan)

    assert (found.task_page, found.accepted) == (1, True)
    assert printed.farthest(found.matrix, matrix) < 3


def test_pages_that_share_their_frame_are_told_apart_by_the_little_they_do_not_share():
    ours = [
        ["3 + 4", "red and blue", "the tall tree", "nine dogs", "a cup"],
        ["8 - 5", "one half", "the deep sea", "two cats", "a hat"],
    ]
    pages = [printed.frame_page(words) for words in ours]
    blanks = [BlankPage(number, page) for number, page in enumerate(pages, 1)]

    scans = [printed.scan_of(printed.handwriting(page, 5, lines=5), degrees=0.7)[0] for page in pages]
    found = [register_scan(blanks, scan) for scan in scans]

    assert [one.task_page for one in found] == [1, 2]
    assert not any(one.doubtful for one in found)


def test_two_equal_pages_are_doubtful():
    page = printed.frame_page(["3 + 4", "red", "tall", "nine", "a cup"])

    found = register_scan([BlankPage(1, page), BlankPage(2, page.copy())], printed.scan_of(page)[0])

    assert found.accepted
    assert found.doubtful


QUESTIONS = ("What do the clouds tell us?", "What did you and a friend disagree about?", "What would you measure next?")


def ruled_page(questions, *, tone, rules=6, foot="Page 2"):
    """Questions with rules of that tone under each to answer on."""
    sheet = Image.new("L", (printed.WIDTH, printed.HEIGHT), 255)
    draw = ImageDraw.Draw(sheet)
    large = ImageFont.truetype(str(label_font_path()), 32)
    for n, question in enumerate(questions):
        draw.text((100, 100 + 460 * n), question, font=large, fill=10)
        for rule in range(rules):
            y = 190 + 460 * n + 48 * rule
            draw.line((100, y, 1150, y), fill=tone, width=2)
    draw.text((1000, 1560), foot, font=large, fill=10)
    return np.asarray(sheet)


def in_black_and_white(page, *, seed):
    """A scan in black and white: what is paler than the scanner's threshold is gone, but for a few dashes."""
    scan, _ = printed.scan_of(page, degrees=0.5, seed=seed, noise=1.0)
    pale = (scan >= 140) & (scan < 235)
    dashes = np.tile((np.arange(scan.shape[1]) // 9) % 6 == seed % 6, (scan.shape[0], 1))
    return np.where((scan < 140) | (pale & dashes), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_page_is_found_though_a_scan_in_black_and_white_drops_its_pale_rules(seed):
    blank = ruled_page(QUESTIONS, tone=190)
    scan = in_black_and_white(printed.handwriting(blank, seed, lines=4), seed=seed)

    found = register_scan([BlankPage(1, PAGES[0]), BlankPage(2, blank)], scan)

    assert (found.task_page, found.accepted, found.doubtful) == (2, True, False)


@pytest.mark.parametrize(
    "other",
    [
        ruled_page(("How does ice melt?", "Where does the water go to at night?", "Draw what you saw"), tone=190),
        ruled_page(("How does ice melt?", QUESTIONS[1], "How would you test it at home?"), tone=190),
        ruled_page(QUESTIONS[:1], tone=190),
    ],
    ids=["other questions", "two other questions", "one question"],
)
def test_another_task_with_such_rules_is_not_accepted(other):
    blank = BlankPage(1, ruled_page(QUESTIONS, tone=190))

    assert not register_scan([blank], in_black_and_white(other, seed=1)).accepted


def test_missing_rules_count_where_other_words_stand_in_a_questions_place():
    blank = BlankPage(1, ruled_page(QUESTIONS, tone=190))
    other = ruled_page((*QUESTIONS[:2], "How would you test it at home?"), tone=190)

    scores = [register_scan([blank], in_black_and_white(page, seed=1)).score for page in (blank.grey, other)]

    assert scores[0] > SURE > scores[1]


@pytest.mark.parametrize("words", [("Name",), ("Name", "Date"), ("Name:", "Class")])
def test_rules_count_where_a_page_has_little_text(words):
    blank = BlankPage(1, ruled_page(words, tone=190))

    assert not register_scan([blank], in_black_and_white(ruled_page(words, tone=255), seed=1)).accepted


def test_a_page_of_another_print_is_not_accepted(task):
    assert not register_scan(task[:1], printed.scan_of(printed.printed_page(99))[0]).accepted


def test_an_empty_sheet_is_not_accepted_and_neither_is_mere_writing(task):
    paper = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)

    assert not register_scan(task[:1], printed.scan_of(paper)[0]).accepted
    assert not register_scan(task[:1], printed.scan_of(printed.handwriting(paper, 4, lines=20))[0]).accepted


def test_a_blank_side_of_the_task_matches_no_scan():
    paper = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
    blanks = [BlankPage(1, PAGES[0]), BlankPage(2, paper)]

    assert blanks[1].is_empty
    assert not blanks[0].is_empty
    assert register_scan(blanks, printed.scan_of(paper)[0]).task_page != 2
    assert register_scan(blanks[1:], printed.scan_of(PAGES[0])[0]).task_page is None


def test_the_same_scan_lies_the_same_each_time(task):
    scan, _ = printed.scan_of(printed.handwriting(PAGES[2], seed=3), degrees=0.9)

    one, other = register_scan(task, scan), register_scan(task, scan)

    assert one.score == other.score
    assert np.array_equal(one.matrix, other.matrix)


def test_a_page_is_straightened_at_its_own_resolution_and_what_lies_off_the_scan_is_paper():
    scan, matrix = printed.scan_of(PAGES[0], degrees=2.0, shift=(40, 0), noise=0)
    double = cv2.resize(scan, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)

    upright = straighten_page(double, matrix, scan.shape, PAGES[0].shape, grow=2.0)

    assert upright.shape == (2 * printed.HEIGHT, 2 * printed.WIDTH)
    small = cv2.resize(upright, (printed.WIDTH, printed.HEIGHT), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small[200:-200, 200:-200].ravel(), PAGES[0][200:-200, 200:-200].ravel())[0, 1] > 0.95
    assert upright[:20, -20:].min() == 255


def test_the_edge_of_a_scan_goes_on_but_nothing_of_a_mask_does():
    grey, mask = np.full((100, 80), 200, np.uint8), np.ones((100, 80), bool)
    aside = np.array([[1, 0, 40], [0, 1, 0], [0, 0, 1]], float)

    assert (warp_scan(grey, aside, (100, 80)) == 200).all()
    assert warp_mask(mask, aside, (100, 80)).mean() == pytest.approx(0.5)


@pytest.mark.parametrize("file", REAL_SCANS)
def test_every_page_of_the_real_scans_is_found_and_turned(exam, file):
    assert count_pages(EXAM / file) == len(REAL_SCANS[file])

    found = [register_scan(exam, at_analysis_size(read_page(EXAM / file, n + 1))) for n in range(len(REAL_SCANS[file]))]

    assert [(page.task_page, page.turn) for page in found] == REAL_SCANS[file]
    assert all(page.accepted for page in found)


def test_every_page_of_the_printed_exam_is_itself(exam):
    found = [register_scan(exam, blank.grey) for blank in exam]

    assert [(page.task_page, page.turn, page.accepted) for page in found] == [(n, 0, True) for n in range(1, 7)]
