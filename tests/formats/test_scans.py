"""Whatever a copier or a phone writes is read as the page that was meant; what nobody can have scanned is refused."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import pillow_heif
import pymupdf
import pytest
from PIL import Image, TiffImagePlugin

from mssw.core.page import Tone
from mssw.errors import UnreadableError
from mssw.formats.scans import count_pages, read_page, read_words
from support import hostile
from support.prepared_class import STACK, cut

WIDTH, HEIGHT = 425, 550  # a letter sheet at 50 dpi


@pytest.fixture(scope="module")
def sheet():
    """A grey page with an L of ink in its upper left corner and a little text's worth of dots."""
    page = np.full((HEIGHT, WIDTH), 250, np.uint8)
    page[40:200, 40:70] = 30
    page[170:200, 40:160] = 30
    page[300:500:8, 60:360:5] = 90
    return Image.fromarray(page)


@pytest.fixture(scope="module")
def red(sheet):
    """The same with a red stroke."""
    page = np.asarray(sheet.convert("RGB")).copy()
    page[240:260, 60:360] = (220, 30, 30)
    return Image.fromarray(page)


def looks_like(picture, image):
    """How well a page read shows what an image shows: a correlation."""
    grey = Image.fromarray(picture.pixels).convert("L").resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    return np.corrcoef(np.asarray(grey).ravel(), np.asarray(image.convert("L")).ravel())[0, 1]


def pdf_of(path, *pictures, size=(612, 792), box=None, **changes):
    """A PDF page that these pictures lie on, one above the other."""
    with pymupdf.open() as document:
        page = document.new_page(width=size[0], height=size[1])
        whole = pymupdf.Rect(box or (0, 0, *size))
        tall = sum(picture.height for picture in pictures)
        top = 0
        for picture in pictures:
            place = pymupdf.Rect(whole.x0, whole.y0 + top / tall * whole.height, whole.x1, 0)
            top += picture.height
            place.y1 = whole.y0 + top / tall * whole.height
            page.insert_image(place, stream=saved(picture, "PNG"), keep_proportion=False)
        document.save(path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for key, value in changes.items():
            document.pages[0][f"/{key}"] = value
        document.save(path)
    return path


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def saved_heic(image):
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90)
    return out.getvalue()


PICTURES = {
    "plain.jpg": lambda red: saved(red, "JPEG", quality=90),
    "cmyk.jpg": lambda red: saved(red.convert("CMYK"), "JPEG", quality=90),
    "plain.png": lambda red: saved(red, "PNG"),
    "plain.webp": lambda red: saved(red, "WEBP", quality=90),
    "plain.bmp": lambda red: saved(red, "BMP"),
    "plain.tif": lambda red: saved(red, "TIFF"),
    "one.gif": lambda red: saved(red, "GIF"),
    "palette.png": lambda red: saved(red.quantize(32), "PNG"),
    "phone.heic": saved_heic,
    "phone.jpg": saved_heic,  # as some mail programs rename it
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_any_kind_shows_its_page_in_colour_at_the_size_of_a_letter_sheet(tmp_path, red, name):
    (tmp_path / name).write_bytes(PICTURES[name](red))

    picture = read_page(tmp_path / name, 1)

    assert count_pages(tmp_path / name) == 1
    assert looks_like(picture, red) > 0.97
    assert picture.tone is Tone.COLOUR
    assert picture.points == pytest.approx((612, 792))
    assert read_words(tmp_path / name, 1) == []


@pytest.mark.parametrize("turn", [3, 6, 8])
def test_a_photo_is_turned_as_the_camera_noted(tmp_path, red, turn):
    exif = Image.Exif()
    exif[0x112] = turn
    held = red.rotate({3: 180, 6: 90, 8: 270}[turn], expand=True)
    held.save(tmp_path / "photo.jpg", quality=90, exif=exif)

    picture = read_page(tmp_path / "photo.jpg", 1)

    assert looks_like(picture, red) > 0.97
    assert picture.points == pytest.approx((612, 792))


def test_what_is_clear_in_a_picture_is_white_paper(tmp_path, sheet):
    ink = np.asarray(sheet)
    layers = np.dstack([np.zeros((HEIGHT, WIDTH, 3), np.uint8), (255 - ink)])
    Image.fromarray(layers).save(tmp_path / "clear.png")

    picture = read_page(tmp_path / "clear.png", 1)

    assert looks_like(picture, sheet) > 0.99
    assert picture.tone is Tone.GREY


@pytest.mark.parametrize(
    ("name", "scale", "kind"),
    [("deep.png", 257, np.uint16), ("twelve.tif", 16, np.uint16), ("float.tif", 1, np.float32)],
)
def test_grey_of_more_than_eight_bits_keeps_its_ink(tmp_path, sheet, name, scale, kind):
    Image.fromarray(np.asarray(sheet).astype(kind) * kind(scale)).save(tmp_path / name)

    picture = read_page(tmp_path / name, 1)

    assert looks_like(picture, sheet) > 0.99
    assert picture.tone is Tone.GREY
    assert int(picture.pixels.max()) > 240


def test_a_fax_of_many_pages_is_read_page_by_page_and_stays_bitonal(tmp_path, sheet, monkeypatch):
    monkeypatch.setattr(TiffImagePlugin, "STRIP_SIZE", 1 << 20)
    pages = [sheet.point(lambda level: 255 * (level > 128)).convert("1") for _ in range(3)]
    pages[2] = pages[2].rotate(180)
    pages[0].save(tmp_path / "fax.tif", compression="group4", save_all=True, append_images=pages[1:], dpi=(50, 50))

    assert count_pages(tmp_path / "fax.tif") == 3
    for number in (1, 3):
        picture = read_page(tmp_path / "fax.tif", number)
        assert (picture.tone, picture.dpi) == (Tone.BITONAL, 50)
        assert set(np.unique(picture.pixels)) == {0, 255}
        assert looks_like(picture, pages[number - 1]) > 0.99


PDFS = {
    "plain": pdf_of,
    "strips": lambda path, sheet: pdf_of(path, *[sheet.crop((0, y, WIDTH, y + 55)) for y in range(0, HEIGHT, 55)]),
    "a hundred strips": lambda path, sheet: pdf_of(
        path, *[sheet.crop((0, y, WIDTH, y + 5)) for y in range(0, HEIGHT, 5)]
    ),
    "turned": lambda path, sheet: pdf_of(path, sheet.rotate(90, expand=True), size=(792, 612), Rotate=90),
    "cropped": lambda path, sheet: pdf_of(
        path, sheet, size=(812, 992), box=(100, 100, 712, 892), CropBox=[100, 100, 712, 892]
    ),
    "in larger units": lambda path, sheet: pdf_of(path, sheet, size=(306, 396), UserUnit=2),
    "a point a pixel": lambda path, sheet: pdf_of(path, sheet.resize((1700, 2200)), size=(1700, 2200)),
}


@pytest.mark.parametrize("name", PDFS)
def test_a_page_is_the_same_sheet_however_the_pdf_lays_it_out(tmp_path, sheet, name):
    picture = read_page(PDFS[name](tmp_path / "scan.pdf", sheet), 1)

    assert looks_like(picture, sheet) > 0.95
    assert picture.tone is Tone.GREY
    assert picture.points == pytest.approx((612, 792), abs=1)


def test_a_page_is_read_at_its_own_resolution_up_to_what_is_asked_for(tmp_path, sheet):
    fine = pdf_of(tmp_path / "fine.pdf", sheet.resize((4 * WIDTH, 4 * HEIGHT)))

    assert read_page(fine, 1).dpi == pytest.approx(200)
    assert read_page(fine, 1).pixels.shape == (2200, 1700)
    assert read_page(fine, 1, most_dpi=50).pixels.shape == (550, 425)


def test_a_bitonal_scan_stays_bitonal_under_hidden_text_but_not_under_notes_in_colour(tmp_path, sheet):
    bits = sheet.point(lambda level: 255 * (level > 128)).convert("1")
    path = pdf_of(tmp_path / "scan.pdf", bits)
    assert read_page(path, 1).tone is Tone.BITONAL
    with pymupdf.open(path) as document:
        document[0].insert_text((100, 400), "what the copier read", render_mode=3)
        document.save(tmp_path / "searchable.pdf")
        document[0].draw_line((100, 300), (500, 300), color=(1, 0, 0), width=12)
        document.save(tmp_path / "marked.pdf")

    assert read_page(tmp_path / "searchable.pdf", 1).tone is Tone.BITONAL
    assert [word.text for word in read_words(tmp_path / "searchable.pdf", 1)] == ["what", "the", "copier", "read"]
    assert read_page(tmp_path / "marked.pdf", 1).tone is Tone.COLOUR


def test_words_of_a_turned_page_stand_where_they_are_seen(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_text((61, 79), "Name")
        page.set_rotation(180)
        document.save(tmp_path / "task.pdf")

    [word] = read_words(tmp_path / "task.pdf", 1)

    assert word.box.x + word.box.w > 0.85
    assert word.box.y + word.box.h > 0.85


REFUSED = {
    "tiny.pdf": (hostile.tiny_page, "tiny.pdf, page 1, says it is 0 × 0 inches"),
    "wide.pdf": (hostile.wide_image_pdf, "wide.pdf, page 1, holds a picture of 30000 × 30000 pixels"),
    "claims.pdf": (hostile.claimed_pages, "claims.pdf is damaged"),
    "no-pages.pdf": (hostile.no_pages, "no-pages.pdf has no pages"),
    "tree-loop.pdf": (hostile.tree_loop, "tree-loop.pdf, page 1, is damaged"),
    "odd-name.pdf": (hostile.odd_picture_name, "odd-name.pdf, page 1, is damaged"),
    "strip.png": (lambda: hostile.png(30_000, 1_300), "strip.png, page 1, is a strip"),
    "dot.png": (lambda: hostile.png(1, 1), "dot.png, page 1, has 1 × 1 pixels"),
    "cut-off.png": (lambda: hostile.png(1700, 2200)[:300], "cut-off.png, page 1, is damaged"),
    "moving.gif": (hostile.moving_gif, "moving.gif is a moving picture"),
    "empty.tif": (lambda: b"", "empty.tif is empty"),
    "words.jpg": (lambda: b"not a picture", "words.jpg is neither a PDF nor a picture"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_can_have_scanned_is_named_with_what_to_do(tmp_path, name):
    make, said = REFUSED[name]
    (tmp_path / name).write_bytes(make())

    with pytest.raises(UnreadableError) as error:
        [read_page(tmp_path / name, number) for number in range(1, count_pages(tmp_path / name) + 1)]

    assert str(error.value).startswith(said)
    assert str(error.value).endswith(".")


def test_a_one_pixel_picture_on_a_page_and_a_loop_of_tables_are_harmless(tmp_path):
    for name, data in (("dot.pdf", hostile.dot_pdf()), ("loop.pdf", hostile.xref_loop())):
        (tmp_path / name).write_bytes(data)
        assert int(read_page(tmp_path / name, 1).pixels.min()) == 255


@pytest.mark.parametrize("keep", [0.0, 0.4, 0.95])
def test_a_picture_that_breaks_off_is_a_damaged_page_and_no_grey_one(tmp_path, keep):
    whole = cut(tmp_path / "whole.pdf", (1, 2))
    (tmp_path / "stack.pdf").write_bytes(hostile.with_damaged_page(whole, 2, keep=keep))

    assert count_pages(tmp_path / "stack.pdf") == 2
    assert read_page(tmp_path / "stack.pdf", 1).pixels.size
    with pytest.raises(UnreadableError, match=r"^stack\.pdf, page 2, is damaged; scan that sheet again\.$"):
        read_page(tmp_path / "stack.pdf", 2)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
def test_a_file_that_was_copied_in_part_is_said_to_be_cut_off(tmp_path, kept):
    data = STACK.read_bytes()
    (tmp_path / "part.pdf").write_bytes(data[: int(len(data) * kept)])

    with pytest.raises(UnreadableError, match=r"^part\.pdf is cut off before its end"):
        count_pages(tmp_path / "part.pdf")


def test_a_page_on_which_nothing_is_drawn_is_white_paper(tmp_path):
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(612, 792))
        document.save(tmp_path / "paper.pdf")

    assert int(read_page(tmp_path / "paper.pdf", 1).pixels.min()) == 255


def test_a_page_that_is_not_there_is_no_crash(tmp_path):
    with pytest.raises(UnreadableError, match="page 3, is damaged"):
        read_page(cut(tmp_path / "two.pdf", (1, 2)), 3)
    with pytest.raises(UnreadableError, match="is not there"):
        count_pages(tmp_path / "none.pdf")
