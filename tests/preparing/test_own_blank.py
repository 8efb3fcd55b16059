"""Eight works or more without a blank task make their own blank, which nobody ever gets to see."""

from __future__ import annotations

import io
import json
import tempfile

import cv2
import msgspec
import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from mssw.formats.images import from_png, to_png
from mssw.preparing import own_blank as ownblank
from mssw.preparing.own_blank import SheetPlan, make_again, make_blank, sample_runs
from mssw.printing.template_files import label_font_path
from mssw.vision.blank_page import BlankPage, Sheet
from mssw.vision.common_print import (
    DARK,
    FEWEST,
    Common,
    Lying,
    find_common_print,
    group_like_pages,
    has_same_print,
    measure_slope,
    remove_specks,
    split_group,
)
from mssw.vision.ink import measure_ink_depth
from mssw.vision.orientation import find_turns
from mssw.vision.writing import find_new_ink
from mssw.workset.stack import StackPage
from support import printed
from support.commands import mssw
from support.prepared_class import EXAMPLE, cut, fates, leaves, manifest

pytestmark = pytest.mark.pages

DPI = printed.DPI
FIELD = (300, 60, 900, 160)  # pixels: where names are written
FRONTS = (1, 3, 5, 7, 9, 11, 13, 16, 18, 20, 22, 24)  # the first pages in the example's stack
DONE, FINDINGS, USAGE = 0, 1, 2


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """As a worker has it."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


def worksheet(seed, lines=16):
    """Print with a name field over it and room to write under it."""
    page = printed.printed_page(seed, title=" ", lines=lines).copy()
    sheet = Image.fromarray(page)
    draw = ImageDraw.Draw(sheet)
    draw.text((130, 110), "Name", font=ImageFont.truetype(str(label_font_path()), 28), fill=15)
    draw.line((230, 142, 900, 142), fill=30, width=3)
    return np.asarray(sheet)


def written_on(page, seed):
    """The page with a name in the field, all beginning at one place, and an answer."""
    named = printed.handwriting(page, 1000 + seed, lines=1, area=(300, 118, 700, 118))
    return printed.handwriting(named, seed, lines=7, area=(150, 240, 1100, 1500))


def scanned(page, seed):
    """It comes out of the copier a little askew, shifted, and larger or smaller."""
    rng = np.random.default_rng(seed)
    degrees, stretch = rng.uniform(-2, 2), rng.uniform(0.98, 1.03)
    shift = tuple(rng.uniform(-25, 25, 2))
    scan, _ = printed.scan_of(page, degrees=degrees, shift=shift, stretch=stretch, seed=seed)
    return scan


def a_class(page, count, first=0):
    return [Sheet(scanned(written_on(page, seed), seed)) for seed in range(first, first + count)]


@pytest.fixture(scope="module")
def sheet():
    return worksheet(3)


@pytest.fixture(scope="module")
def ten(sheet):
    return a_class(sheet, 10)


@pytest.fixture(scope="module")
def found(ten):
    [group] = group_like_pages(ten, range(len(ten)))
    return find_common_print(ten, group, DPI)


def as_common(image):
    return Common(image, (Lying(0, np.eye(3), 1.0),))


def test_the_common_page_has_the_print_and_stands_straight(found, sheet):
    assert has_same_print(found, as_common(sheet))
    assert abs(measure_slope(found.image)) < 0.2
    assert len(found.lying) == 10
    assert all(one.score > 0.95 for one in found.lying)


def test_no_stroke_of_a_name_is_taken_for_print(found, ten):
    left, top, right, bottom = FIELD
    blank = BlankPage(1, found.image)
    inked = measure_ink_depth(found.image, reach=31)[top:bottom, left:right] > DARK
    assert inked.mean() < 0.06  # the rule and nothing else
    lost = []
    for one in found.lying:
        page = cv2.warpPerspective(
            ten[one.index].grey, one.matrix, found.image.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        ink = find_new_ink(page, blank, DPI)[top : bottom - 30, left:right]
        lost.append(float(ink.sum()))
    assert min(lost) > 1000  # pixels: some 35 mm² of every name is still seen as new


def test_the_same_scans_give_the_same_page(found, ten):
    [group] = group_like_pages(ten, range(len(ten)))
    again = find_common_print(ten, group, DPI)
    assert np.array_equal(again.image, found.image)
    assert all(np.array_equal(one.matrix, other.matrix) for one, other in zip(again.lying, found.lying, strict=True))


def test_seven_pages_are_too_few(ten):
    [group] = group_like_pages(ten, range(7))
    assert find_common_print(ten, group, DPI) is None


def test_a_sheet_that_was_scanned_twice_counts_once(ten, sheet):
    scans = [*ten[:7], Sheet(scanned(written_on(sheet, 3), 77))]
    [group] = group_like_pages(scans, range(8))
    assert len(group) == 8
    assert find_common_print(scans, group, DPI) is None


def test_pages_are_told_apart_whatever_is_written_on_them(ten):
    others = a_class(worksheet(8), 9, first=50)
    groups = group_like_pages([*ten, *others], range(19))
    assert sorted(sorted(one.index for one in group) for group in groups) == [list(range(10)), list(range(10, 19))]


def test_pages_that_share_their_layout_are_parted_by_their_few_words():
    one = printed.frame_page(["a closed ring", "of copper", "on a table", "two lamps", "at noon"])
    other = printed.frame_page(["some water", "in a glass", "under ice", "three cups", "all night"])
    scans = [
        Sheet(scanned(printed.handwriting([one, other][n % 2], n, area=(150, 300, 1100, 1450)), n)) for n in range(18)
    ]
    [group] = group_like_pages(scans, range(18))
    parts = split_group(scans, group)
    assert parts is not None
    assert sorted(sorted(at.index for at in part) for part in parts) == [list(range(0, 18, 2)), list(range(1, 18, 2))]


def test_pages_of_one_kind_are_not_parted_in_two_classes(ten):
    [group] = group_like_pages(ten, range(len(ten)))
    parts = split_group(ten, group)
    assert parts is None or min(map(len, parts)) < FEWEST


@pytest.mark.parametrize("quarters", [1, 2])
def test_print_tells_which_way_up_it_is(sheet, quarters):
    assert find_turns(np.ascontiguousarray(np.rot90(sheet, quarters))) == quarters


def test_a_page_without_letters_does_not_tell_which_way_up_it_is():
    page = np.full((printed.HEIGHT, printed.WIDTH), 255, np.uint8)
    cv2.circle(page, (600, 700), 300, 30, 4)
    assert find_turns(page) is None


def test_what_stands_alone_is_dropped_and_letters_and_leaders_stay():
    page = np.full((300, 900), 255, np.uint8)
    cv2.putText(page, "Name", (20, 100), cv2.FONT_HERSHEY_SIMPLEX, 1, 0, 2)
    for x in range(200, 500, 6):
        cv2.circle(page, (x, 100), 1, 0, -1)
    clean = page.copy()
    page[200:203, 700:704] = 90
    assert np.array_equal(remove_specks(page, DPI, 0.8), clean)


@pytest.mark.parametrize(("count", "each"), [(16, 2), (36, 2), (1030, 2), (513, 1), (4000, 4), (5, 1)])
def test_the_pages_looked_at_are_bounded_and_include_both_ends(count, each):
    runs = sample_runs(count, each)
    pages = [page for run in runs for page in run]
    assert pages[0] == 0
    assert pages[-1] == count - 1
    assert len(set(pages)) == len(pages) <= max(19 * each, 16 * each)


def test_a_page_in_memory_comes_back_as_it_was(sheet):
    assert np.array_equal(from_png(to_png(sheet)), sheet)


def saved(folder, scans):
    """A stack of page images, one file each."""
    folder.mkdir()
    pages = []
    for number, scan in enumerate(scans, 1):
        path = folder / f"{number:03d}.png"
        Image.fromarray(scan.grey).save(path, dpi=(DPI, DPI))
        pages.append(StackPage(f"s{number:02d}-p0001", path, 1))
    return pages


@pytest.fixture(scope="module")
def two_sided(tmp_path_factory):
    """Nine students of two pages each: a sheet upside down, a blank back in between, a page eaten."""
    fronts, backs = a_class(worksheet(3), 10), a_class(worksheet(8, lines=20), 10, first=50)
    scans = [page for pair in zip(fronts, backs, strict=True) for page in pair]
    scans[4] = Sheet(np.ascontiguousarray(scans[4].grey[::-1, ::-1]))
    scans.insert(6, Sheet(np.full((printed.HEIGHT, printed.WIDTH), 235, np.uint8)))
    del scans[10]
    return saved(tmp_path_factory.mktemp("class") / "stack", scans)


def test_a_class_with_the_faults_of_a_feeder_makes_both_its_pages_in_order(two_sided):
    made = make_blank(two_sided, 2, (), in_order=True)

    assert made.why == ""
    first, second = (as_common(from_png(data)) for data in made.sheets)
    assert has_same_print(first, as_common(worksheet(3)))
    assert has_same_print(second, as_common(worksheet(8, lines=20)))
    assert [(field.task_page, field.label, field.found_by) for field in made.fields] == [
        (1, "Name", "ocr"),
        (2, "Name", "ocr"),
    ]
    assert make_again(two_sided, made.plans) == made.sheets


def test_another_number_of_pages_than_was_said_is_told(two_sided):
    assert make_blank(two_sided, 3, (), in_order=True).why == (
        "2 of the 3 pages that each student handed in could be found on 8 or more scans"
    )


def test_a_stack_of_sheets_that_have_nothing_in_common_makes_no_blank(tmp_path):
    scans = [Sheet(scanned(printed.printed_page(seed), seed)) for seed in range(10)]
    assert "0 of the 1 pages that" in make_blank(saved(tmp_path / "stack", scans), 1, (), in_order=True).why


@pytest.fixture(scope="module")
def own_class(tmp_path_factory):
    """Ten first pages of the example, prepared without a task; where temporary files went, and the report."""
    folder = tmp_path_factory.mktemp("own")
    spare = folder / "tmp"
    spare.mkdir()
    stack = cut(folder / "stack.pdf", FRONTS[:10])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(spare))
        patch.setattr(tempfile, "tempdir", None)
        words = ("--pages-per-student", 1, "--roster", EXAMPLE / "roster.csv", "--into", folder / "set")
        code = mssw("prepare", stack, *words, "--seed", 5, "--quiet")
    assert code in {DONE, FINDINGS}
    return folder / "set", spare


def pictures_below(folder):
    """Every picture in any file below a folder, by content and not by name."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if data.startswith(b"%PDF"):
            with pymupdf.open(stream=data) as pdf:
                for page in pdf:
                    look = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
                    yield path, np.frombuffer(look.samples, np.uint8).reshape(look.height, look.stride)
            continue
        try:
            with Image.open(io.BytesIO(data)) as picture:
                yield path, np.asarray(picture.convert("L"))
        except OSError:
            continue


def test_works_are_released_with_their_names_covered(own_class):
    place, _ = own_class
    told = json.loads((place / "private" / "state.json").read_text(encoding="utf-8"))
    released = {path.stem for path in (place / "shared" / "work").iterdir()}

    assert len(released) >= 7
    for work in told["works"]:
        if work["alias"] in released:
            pages = [page for page in told["pages"] if page["id"] in work["pages"]]
            assert all(page["covers"][0]["kind"] == "name field" for page in pages)
    assert set(fates(place).values()) <= {"kept", "held"}


def test_the_blank_stands_nowhere(own_class):
    place, spare = own_class
    [blank] = sheets_of(place)
    seen = 0
    for path, picture in [*pictures_below(place), *pictures_below(spare)]:
        if abs(picture.shape[0] / picture.shape[1] - blank.shape[0] / blank.shape[1]) > 0.02:
            continue
        seen += 1
        page = cv2.resize(picture, blank.shape[::-1], interpolation=cv2.INTER_AREA)
        written = float(find_new_ink(page, BlankPage(1, blank), DPI).sum()) / (DPI / 25.4) ** 2
        assert written > 20, path  # mm²: a child's page, not the blank
    assert seen >= 10
    assert not (place / "private" / "task").exists()
    assert not (place / "shared" / "task.pdf").exists()
    assert [row["path"] for row in manifest(place)["files"] if row["path"] == "task.pdf"] == []
    assert all(path.stat().st_size < 1000 for path in spare.rglob("*") if path.is_file())  # no page is so small


def sheets_of(place):
    """The blank, made once more from what the set keeps."""
    value = json.loads((place / "private" / ownblank.KEPT).read_text(encoding="utf-8"))
    plans = msgspec.convert(value["pages"], tuple[SheetPlan, ...])
    files = [place / "private" / "stack" / "stack.pdf"] * 10
    pages = [StackPage(f"s01-p{n:04d}", file, n) for n, file in enumerate(files, 1)]
    return [from_png(data) for data in make_again(pages, plans)]


def test_what_is_kept_of_the_blank_is_numbers(own_class):
    place, _ = own_class
    assert (place / "private" / ownblank.KEPT).stat().st_size < 20_000


def test_a_second_run_looks_at_nothing_again_and_ends_the_same(own_class, monkeypatch):
    place, _ = own_class
    before = leaves(place)

    def never(*_args, **_more):
        raise AssertionError("the blank was made again")

    monkeypatch.setattr(ownblank, "run_alone", never)
    assert mssw("prepare", "--into", place, "--quiet") in {DONE, FINDINGS}
    assert leaves(place) == before


def test_a_field_may_be_drawn_without_a_blank_task(tmp_path, capsys):
    stack = cut(tmp_path / "stack.pdf", FRONTS[:3])
    words = ("--pages-per-student", 1, "--into", tmp_path / "set")
    assert mssw("prepare", stack, *words, "--field", "2:0.1,0.1,0.3,0.1") == USAGE
    assert "which has 1 page" in capsys.readouterr().err
