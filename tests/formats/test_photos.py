"""Pictures of faxes and phones: resolutions that differ across and down, and more pixels than any page needs."""

from __future__ import annotations

import io

import numpy as np
import pymupdf
import pytest
from PIL import Image

from mssw.core.page import Tone
from mssw.errors import UnreadableError
from mssw.formats import scan_pdf
from mssw.formats.photos import as_picture, read_page

LETTER = (612, 792)
TURNED = 6  # what a camera notes where it was held upright
ORIENTATION = 0x0112


@pytest.mark.parametrize(
    ("name", "mode", "size", "dpi"),
    [
        ("coarse.tif", "1", (1728, 1078), (204, 98)),
        ("fine.tif", "1", (1728, 2156), (204, 196)),
        ("tall.tif", "L", (850, 2200), (100, 200)),
        ("wide.jpg", "L", (1700, 1100), (200, 100)),
    ],
)
def test_the_pixels_of_a_fax_are_made_square(tmp_path, name, mode, size, dpi):
    more = {"compression": "group4"} if mode == "1" else {}
    Image.new(mode, size, 255).save(tmp_path / name, dpi=dpi, **more)

    page = read_page(tmp_path / name, 1)

    assert page.points == pytest.approx(LETTER, rel=0.01)
    assert page.dpi == max(dpi)
    height, width = page.pixels.shape[:2]
    assert (width / page.dpi * 72, height / page.dpi * 72) == pytest.approx(LETTER, rel=0.01)
    assert page.tone is (Tone.BITONAL if mode == "1" else Tone.GREY)


@pytest.mark.parametrize(
    ("name", "size"), [("phone.jpg", (8064, 6048)), ("sharper.jpg", (12_000, 9000)), ("phone.png", (8064, 6048))]
)
def test_a_photo_of_many_megapixels_is_read_at_the_size_of_a_page(tmp_path, name, size):
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    Image.new("L", size, 200).save(tmp_path / name, quality=5, compress_level=1, exif=exif)

    page = read_page(tmp_path / name, 1)

    height, width = page.pixels.shape[:2]
    assert (height, width) == pytest.approx((3300, 2475), abs=2)
    assert page.points == pytest.approx((594, 792), abs=1)


def test_more_pixels_than_can_be_taken_in_are_refused_with_what_to_do(tmp_path):
    Image.new("1", (12_000, 9000)).save(tmp_path / "huge.png")

    with pytest.raises(UnreadableError, match="12 megapixels"):
        read_page(tmp_path / "huge.png", 1)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("rotate", [0, 90])
def test_a_fax_in_a_pdf_keeps_all_of_its_pixels_whichever_way_it_lies(tmp_path, turned, rotate):
    fax = Image.new("1", (1078, 1728) if turned else (1728, 1078), 1)
    fax.paste(0, (100, 100, 700, 140))
    out = io.BytesIO()
    fax.save(out, "PNG")
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=out.getvalue(), keep_proportion=False, rotate=90 if turned else 0)
        page.set_rotation(rotate)
        document.save(tmp_path / "fax.pdf")

    read = scan_pdf.read_page(tmp_path / "fax.pdf", 1)

    assert read.dpi == pytest.approx(1728 / 8.5, rel=0.01)
    assert sorted(read.pixels.shape) == pytest.approx([1728, 2236], rel=0.01)


@pytest.mark.parametrize("share", [0.01, 0.9], ids=["drawn, with a few tinted edges", "scanned, every pixel tinted"])
def test_a_page_without_colours_is_as_grey_as_its_channels_weigh(share):
    draw = np.random.default_rng(4)
    page = np.repeat(draw.integers(0, 240, (300, 200, 1), np.uint8), 3, axis=2)
    tinted = draw.random(page.shape[:2]) < share
    page[tinted] += draw.integers(0, 15, (int(tinted.sum()), 3), np.uint8)

    picture = as_picture(page, 100, Tone.COLOUR, LETTER)

    assert picture.tone is Tone.GREY
    assert np.array_equal(picture.pixels, (page @ np.array([0.299, 0.587, 0.114]) + 0.5).astype(np.uint8))
