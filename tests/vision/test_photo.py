"""A phone's photo of a sheet becomes a flat, evenly lit page; a scan stays as it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pillow_heif
import pymupdf
import pytest
from PIL import Image

from mssw.core.page import Tone
from mssw.formats.scans import count_pages, read_page
from mssw.preparing.blank_task import at_analysis_size
from mssw.preparing.find_names import _lay_on_blank
from mssw.preparing.photographed import as_sheet, is_cut_off
from mssw.vision.blank_page import BlankPage
from mssw.vision.lighting import even_lighting, is_uneven
from mssw.vision.photo import A4, LETTER, find_sheet, flatten_photo
from mssw.vision.registration import register_scan
from support import photographed, printed
from support.project import SHARED_DATA

pytestmark = pytest.mark.pages

REAL_SCANS = SHARED_DATA / "markus"
SIZE = (720, 960)
NEAR_MM = 3.0
PLAIN = photographed.Scene(tilt=12, roll=-6)


@pytest.fixture(scope="module")
def page():
    return printed.handwriting(printed.printed_page(3), 3)


@pytest.fixture(scope="module")
def small(page):
    """The same at half the size: enough to be found."""
    return cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def blank():
    return BlankPage(1, printed.printed_page(3))


@pytest.fixture(scope="module")
def photo(page):
    return photographed.photo_of(page, PLAIN, 1, size=SIZE)


def off_by_mm(corners, photo, paper=photographed.LETTER_MM):
    """How far the worst corner lies from where it is, on the paper; whichever way up the photo is."""
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * paper
    to_paper = cv2.getPerspectiveTransform(photo.corners.astype(np.float32), flat.astype(np.float32))
    ways = [np.roll(corners, turn, axis=0)[None].astype(np.float32) for turn in range(4)]
    return min(np.linalg.norm(cv2.perspectiveTransform(way, to_paper)[0] - flat, axis=1).max() for way in ways)


def colour_of(grey):
    return np.dstack([grey] * 3)


@pytest.mark.parametrize("desk", photographed.DESKS)
def test_a_page_is_found_on_any_desk(small, desk):
    photo = photographed.photo_of(small, replace(PLAIN, desk=desk), 2, size=SIZE)

    assert off_by_mm(find_sheet(photo.pixels, (LETTER, A4)), photo) < NEAR_MM


@pytest.mark.parametrize("thing", photographed.THINGS)
def test_a_page_is_found_whatever_lies_on_it_or_falls_on_it(small, thing):
    scene = replace(PLAIN, desk="light wood", things=frozenset({thing}))

    photo = photographed.photo_of(small, scene, 5, size=SIZE)

    assert off_by_mm(find_sheet(photo.pixels, (LETTER, A4)), photo) < NEAR_MM


@pytest.mark.parametrize(
    "change",
    [{"roll": 25.0}, {"tilt": 25.0}, {"share": 0.35}, {"share": 0.8, "roll": 0.0}, {"outside": True}, {"turned": 1}],
    ids=str,
)
def test_a_page_is_found_from_wherever_it_was_photographed(small, change):
    photo = photographed.photo_of(small, replace(PLAIN, **change), 3, size=SIZE)

    assert off_by_mm(find_sheet(photo.pixels, (LETTER, A4)), photo) < NEAR_MM


def test_of_photos_as_they_come_nearly_all_are_found_and_none_is_cut_wrongly(small):
    photos = [
        photographed.photo_of(small, photographed.random_scene(seed), seed, size=SIZE) for seed in range(900, 905)
    ]

    found = [(find_sheet(photo.pixels, (LETTER, A4)), photo) for photo in photos]
    off = [off_by_mm(corners, photo) for corners, photo in found if corners is not None]

    assert len(off) >= len(photos) - 1
    assert max(off) < NEAR_MM


@pytest.mark.parametrize("turned", [0, 1, 2])
def test_a_flattened_photo_lies_on_its_blank(page, blank, turned):
    photo = photographed.photo_of(page, replace(PLAIN, turned=turned, desk="grey"), 4, size=SIZE)

    flat = flatten_photo(photo.pixels, LETTER)
    place = register_scan([blank], cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY))

    assert place.accepted
    assert place.turn == turned * 90
    assert flat.shape[1] / flat.shape[0] == pytest.approx(LETTER if turned != 1 else 1 / LETTER, abs=0.002)
    assert max(flat.shape) == pytest.approx(np.linalg.norm(np.diff(photo.corners, axis=0), axis=1).max(), rel=0.02)


@pytest.mark.parametrize(("paper", "ratio"), [(photographed.LETTER_MM, LETTER), (photographed.A4_MM, A4)])
def test_the_paper_is_told_by_its_proportions(small, paper, ratio):
    photo = photographed.photo_of(small, PLAIN, 6, size=SIZE, paper_mm=paper)

    flat = flatten_photo(photo.pixels)

    assert flat.shape[1] / flat.shape[0] == pytest.approx(ratio, abs=0.002)


def test_the_same_photo_gives_the_same_page_and_a_grey_one_a_grey_page(photo):
    once, again = flatten_photo(photo.pixels), flatten_photo(photo.pixels.copy())
    grey = flatten_photo(cv2.cvtColor(photo.pixels, cv2.COLOR_RGB2GRAY))

    assert np.array_equal(once, again)
    assert grey.ndim == 2
    assert np.percentile(grey, 90) > 235


@pytest.mark.parametrize("degrees", [0, 1.5, -2, 180])
def test_a_scan_is_no_photo(page, degrees):
    scan, _ = printed.scan_of(page, degrees=degrees, shift=(9, -12), stretch=0.98)

    assert find_sheet(colour_of(scan), (LETTER, A4)) is None
    assert not is_uneven(scan)


def test_no_real_scan_is_taken_for_a_photo():
    files = sorted(REAL_SCANS.glob("*.pdf"))
    if not files:
        pytest.skip("the real scans are not on this machine")
    for file in files:
        for number in {1, count_pages(file)}:
            scan = read_page(file, number, most_dpi=100).pixels
            assert flatten_photo(scan) is None, file.name
            assert not is_uneven(scan), file.name


def printed_field(level):
    sheet = printed.printed_page(4).copy()
    sheet[700:1500, 110:1160] = level
    return sheet


FULL = {
    "a frame": lambda: cv2.rectangle(printed.printed_page(4).copy(), (80, 80), (1195, 1570), 20, 6),
    "many frames": lambda: printed.frame_page(["red", "blue", "green", "one", "two"]),
    "a grey field": lambda: printed_field(150),
    "a dark picture": lambda: printed_field(60),
}


@pytest.mark.parametrize("name", FULL)
@pytest.mark.parametrize("shadow", [False, True])
def test_a_page_that_fills_the_frame_is_never_cut_at_what_is_printed_on_it(name, shadow):
    sheet = FULL[name]().astype(np.float32)
    if shadow:
        sheet[:, :600] *= 0.6

    assert find_sheet(colour_of(sheet.astype(np.uint8)), (LETTER, A4)) is None


@pytest.mark.parametrize("desk", photographed.DESKS)
def test_a_desk_without_a_page_gives_none(desk):
    bare = photographed._desk(desk, SIZE, np.random.default_rng(1))
    pixels = photographed._taken(bare, np.random.default_rng(2))

    assert flatten_photo(pixels) is None


def test_a_strip_of_paper_is_no_sheet(small):
    photo = photographed.photo_of(small, PLAIN, 7, size=SIZE, paper_mm=(110.0, 279.0))

    assert flatten_photo(photo.pixels) is None


@pytest.fixture(scope="module")
def shadowed(page):
    """A page that fills the frame, half in shadow, with a faint pencil stroke in the shadow and a red one in both."""
    sheet = colour_of(np.minimum(page, 240)).astype(np.float32)
    sheet[1000:1004, 300:1000] = 200
    sheet[1100:1106, 300:1000] = (220, 30, 40)
    light = np.where(np.arange(sheet.shape[1]) < 700, 0.55, 0.95)[None, :, None]
    return (cv2.GaussianBlur(sheet * light * np.array([1, 0.95, 0.8]), (0, 0), 1.0)).astype(np.uint8)


def test_a_page_half_in_shadow_is_uneven_and_comes_out_even(shadowed):
    even = even_lighting(shadowed)

    paper = np.median(even[1580:1640], axis=0)
    assert is_uneven(shadowed)
    assert not is_uneven(even)
    assert paper[:660].min() > 240
    assert paper[740:].min() > 240


def test_evening_out_keeps_pencil_as_strong_as_it_was_and_colour_in_colour(shadowed):
    even = even_lighting(shadowed)

    for part in (np.s_[300:660], np.s_[740:1000]):
        pencil, red = even[1001:1003, part].mean(), even[1102:1104, part].reshape(-1, 3).mean(axis=0)
        assert pencil / even[1030, part].mean() == pytest.approx(200 / 240, abs=0.05)
        assert red[0] > 200
        assert max(red[1:]) < 60


def test_a_printed_field_of_colour_stays_in_colour():
    sheet = np.full((1100, 850, 3), 235, np.uint8)
    sheet[300:600, 200:700] = (120, 170, 230)

    even = even_lighting(sheet)

    assert even[450, 450] == pytest.approx(np.array([120, 170, 230]) * 250 / 235, abs=12)
    assert even[900, 400].min() > 245


def saved(path, photo, how):
    picture = Image.fromarray(photo.pixels)
    if how == "heic":
        pillow_heif.from_pillow(picture).save(path, quality=80)
    elif how == "mpo.jpg":  # what some phones call JPEG: the photo, and a small one behind it
        picture.save(path, "MPO", save_all=True, append_images=[picture.resize((60, 80))])
    elif how == "pdf":
        picture.save(path.with_suffix(".jpg"), quality=88)
        with pymupdf.open() as document:
            sheet = document.new_page(width=450, height=600)
            sheet.insert_image(sheet.rect, filename=path.with_suffix(".jpg"))
            document.save(path)
    else:
        exif = Image.Exif()
        exif[0x112] = 6
        picture.transpose(Image.Transpose.ROTATE_90).save(path, quality=88, exif=exif, dpi=(72, 72))
    return path


@pytest.mark.parametrize("how", ["jpg", "mpo.jpg", "heic", "pdf"])
def test_a_photo_in_any_file_is_read_as_a_sheet_of_the_tasks_paper(tmp_path, photo, blank, how):
    source = saved(tmp_path / f"photo.{how}", photo, how)
    picture = read_page(source, 1)

    sheet = as_sheet(source, picture, [(612.0, 792.0)])
    seen = at_analysis_size(sheet)
    place = register_scan([blank], seen)

    assert sheet.points == (612.0, 792.0)
    assert sheet.dpi == pytest.approx(max(sheet.pixels.shape) / 11)
    assert seen.shape == (1650, 1275)
    assert (place.accepted, place.turn) == (True, 0)
    assert not is_cut_off(source, place.matrix, blank.shape, seen.shape)


def test_a_sheet_on_its_side_has_the_papers_points_on_their_side(tmp_path, small):
    turned = photographed.photo_of(small, replace(PLAIN, turned=1), 1, size=SIZE)
    Image.fromarray(turned.pixels).save(tmp_path / "photo.png")

    sheet = as_sheet(tmp_path / "photo.png", read_page(tmp_path / "photo.png", 1))

    assert sheet.points == (792.0, 612.0)


def test_a_scan_comes_back_as_the_very_same_picture(tmp_path, page):
    scan, _ = printed.scan_of(page, degrees=1)
    Image.fromarray(scan).save(tmp_path / "scan.png")
    Image.fromarray(scan).convert("1").save(tmp_path / "fax.png")
    Image.fromarray(scan).save(tmp_path / "scan.pdf", resolution=150)

    for name in ("scan.png", "fax.png", "scan.pdf"):
        picture = read_page(tmp_path / name, 1)
        assert as_sheet(tmp_path / name, picture) is picture


def test_a_shadowed_page_that_fills_its_photo_is_evened_where_it_stands(tmp_path, shadowed):
    Image.fromarray(shadowed).save(tmp_path / "close.png")
    picture = read_page(tmp_path / "close.png", 1)

    sheet = as_sheet(tmp_path / "close.png", picture)

    assert sheet.points == picture.points
    assert sheet.pixels.shape[:2] == picture.pixels.shape[:2]
    assert sheet.tone is Tone.COLOUR
    assert is_uneven(picture.pixels)
    assert not is_uneven(sheet.pixels)


def test_a_photo_that_was_cut_wrongly_is_looked_at_whole(tmp_path, page, blank):
    Image.fromarray(page).save(tmp_path / "page.png")
    whole = read_page(tmp_path / "page.png", 1)
    wrong = replace(whole, pixels=np.full_like(whole.pixels, 255))

    assert _lay_on_blank([blank], [wrong, whole])[0] is whole
    assert _lay_on_blank([blank], [wrong, wrong])[1].accepted is False


def test_a_page_of_which_a_part_lies_outside_its_photo_is_cut_off(tmp_path, page, blank):
    Image.fromarray(page[:1450]).save(tmp_path / "part.png")
    place = register_scan([blank], page[:1450])

    assert place.accepted
    assert is_cut_off(tmp_path / "part.png", place.matrix, blank.shape, (1450, printed.WIDTH))
    assert not is_cut_off(tmp_path / "part.png", np.eye(3), blank.shape, blank.shape)
