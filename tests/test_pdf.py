import io
import re

import pikepdf
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageOps

from mssw.errors import UnreadableError
from mssw.files.binding import MARGIN_PT, Side, bind, label_pages, page_count
from mssw.files.pdf import EncodedImage, image_pdf
from mssw.files.typeset import typeset
from mssw.model.packet import PAPERS
from mssw.model.page import Tone

LETTER, A4 = PAPERS["letter"], PAPERS["a4"]


def drawing(mode: str, size=(306, 396)) -> Image.Image:
    """White, with a dark square in the upper left quarter."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((30, 30, 120, 120), fill="black")
    return image


def jpeg(mode="L", size=(306, 396)) -> EncodedImage:
    file = io.BytesIO()
    drawing(mode, size).save(file, "JPEG")
    return EncodedImage(file.getvalue(), *size, Tone.GREY if mode == "L" else Tone.COLOUR)


def fax() -> EncodedImage:
    image = drawing("1")
    file = io.BytesIO()
    inverted = ImageOps.invert(image.convert("L")).convert("1")
    inverted.save(file, "TIFF", compression="group4", tiffinfo={278: image.height})
    tags = Image.open(io.BytesIO(file.getvalue())).tag_v2
    start, length = tags[273][0], tags[279][0]
    return EncodedImage(file.getvalue()[start : start + length], *image.size, Tone.BITONAL)


def text_pages(count: int, tmp_path) -> bytes:
    pages = "\n#pagebreak()\n".join(f"= Text {n} <t{n}>" for n in range(1, count + 1))
    (tmp_path / "t.typ.j2").write_text(f"#set page(paper: << paper >>)\n#set text(fill: luma(30%))\n{pages}")
    return typeset("t", {}, paper="letter", tagged=False, folder=tmp_path)


@pytest.mark.parametrize("image", [jpeg(), jpeg("RGB"), fax()], ids=["grey", "colour", "bitonal"])
def test_ink_is_dark_and_paper_is_white_in_every_tone(image):
    page = pymupdf.open("pdf", image_pdf([(image, LETTER)]))[0]
    pixels = page.get_pixmap(dpi=72)
    assert max(pixels.pixel(150, 150)) < 30
    assert min(pixels.pixel(500, 700)) > 225


def test_a_page_is_one_image_and_nothing_else():
    data = image_pdf([(jpeg(), LETTER), (fax(), A4)])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert set(pdf.trailer.keys()) == {"/Root", "/Size", "/ID"}
        assert len(pdf.objects) == 2 + 3 * 2
        for page in pdf.pages:
            assert set(page.obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
            assert list(page.obj.Resources.XObject.keys()) == ["/Im0"]
        second = pdf.pages[1].obj
        assert second.Contents.read_bytes() == b"q 595.276 0 0 841.89 0 0 cm /Im0 Do Q"
        assert dict(second.Resources.XObject.Im0.DecodeParms) == {"/K": -1, "/Columns": 306, "/Rows": 396}
    assert data.count(b"%%EOF") == data.count(b"startxref") == 1
    assert data.endswith(b"%%EOF\n")


def test_an_image_keeps_its_bytes_as_they_are():
    image = jpeg()
    with pikepdf.open(io.BytesIO(image_pdf([(image, LETTER)]))) as pdf:
        assert pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes() == image.data


def test_the_same_pages_give_the_same_bytes():
    assert image_pdf([(jpeg(), LETTER)]) == image_pdf([(jpeg(), LETTER)])
    assert image_pdf([(jpeg(), LETTER)]) != image_pdf([(jpeg(), A4)])


def test_a_pdf_without_pages_is_refused():
    with pytest.raises(ValueError, match="needs a page"):
        image_pdf([])


def test_an_encoded_image_does_not_print_its_bytes():
    assert "data" not in repr(jpeg())


def test_labels_tell_on_which_page_they_stand(tmp_path):
    assert label_pages(text_pages(3, tmp_path)) == {"t1": 1, "t2": 2, "t3": 3}


def test_eight_copies_weigh_hardly_more_than_one(tmp_path):
    text, work = text_pages(2, tmp_path), image_pdf([(jpeg(size=(1700, 2200)), LETTER)] * 3)
    sides = [Side("", 1), Side("w", 1), Side("w", 2), Side("w", 3), Side("", 2)]
    one, eight = (bind(text, {"w": work}, sides, paper=LETTER, copies=n) for n in (1, 8))
    assert page_count(eight, "packet") == 8 * 5
    assert len(eight) < 1.1 * len(one)
    pages = [page.get_text().strip() for page in pymupdf.open("pdf", eight)]
    assert pages == ["Text 1", "", "", "", "Text 2"] * 8


def test_a_bound_file_carries_only_pages_and_what_the_printer_is_told(tmp_path):
    data = bind(text_pages(1, tmp_path), {}, [Side("", 1)], paper=LETTER, two_sided=True)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages", "/ViewerPreferences"}
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert "/Info" not in pdf.trailer
        assert set(pdf.pages[0].obj.Resources.ColorSpace.as_dict().values()) == {pikepdf.Name.DeviceGray}
    assert b"Typst" not in data
    assert b"ICCBased" not in data


def test_marks_that_a_machine_would_read_in_place_of_glyphs_are_gone(tmp_path):
    (tmp_path / "t.typ.j2").write_text('#set text(font: "Literata")\nעברית and seen')
    text = typeset("t", {}, paper="letter", tagged=False, folder=tmp_path)
    with pikepdf.open(io.BytesIO(text)) as pdf:
        assert b"ActualText" in pdf.pages[0].obj.Contents.read_bytes()
    data = bind(text, {}, [Side("", 1)], paper=LETTER)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        source = pdf.pages[0].obj.Contents.read_bytes()
    assert not any(mark in source for mark in (b"ActualText", b"BDC", b"BMC", b"EMC"))
    before, after = (pymupdf.open("pdf", one)[0].get_pixmap(colorspace="gray").samples for one in (text, data))
    assert before == after


@pytest.mark.parametrize(
    ("size", "paper", "drawn"),
    [
        ((612, 792), LETTER, (612 - 2 * MARGIN_PT, (612 - 2 * MARGIN_PT) / 612 * 792)),
        ((300, 400), LETTER, (300, 400)),  # never larger than it is
        ((612, 792), A4, (595.276 - 2 * MARGIN_PT, (595.276 - 2 * MARGIN_PT) / 612 * 792)),
        ((792, 612), LETTER, ((612 - 2 * MARGIN_PT) / 612 * 792, 612 - 2 * MARGIN_PT)),  # a landscape sheet
    ],
)
def test_an_image_stands_in_the_middle_within_what_printers_print(size, paper, drawn, tmp_path):
    data = bind(text_pages(1, tmp_path), {"w": image_pdf([(jpeg(), size)])}, [Side("w", 1)], paper=paper)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        sheet = [float(side) for side in page.mediabox][2:]
        found = re.fullmatch(rb"q ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /Im0 Do Q", page.obj.Contents.read_bytes())
    width, height, left, bottom = map(float, found.groups())
    scale = min(1, drawn[0] / size[0], drawn[1] / size[1])
    assert (width, height) == pytest.approx((size[0] * scale, size[1] * scale), abs=0.6)
    assert (sheet[0] > sheet[1]) == (size[0] > size[1])
    assert left + width / 2 == pytest.approx(sheet[0] / 2, abs=0.01)
    assert bottom + height / 2 == pytest.approx(sheet[1] / 2, abs=0.01)
    assert min(left, bottom) >= MARGIN_PT - 0.01


def test_bound_bytes_are_the_same_each_time(tmp_path):
    text, work = text_pages(1, tmp_path), image_pdf([(jpeg(), LETTER)])
    once, again = (bind(text, {"w": work}, [Side("", 1), Side("w", 1)], paper=A4, copies=2) for _ in "ab")
    assert once == again


def test_a_page_that_is_not_ours_is_not_bound(tmp_path):
    text = text_pages(1, tmp_path)
    with pytest.raises(UnreadableError, match=r"Andrea, page 1, is not a page that mssw wrote"):
        bind(text, {"Andrea": text}, [Side("Andrea", 1)], paper=LETTER)


def test_a_damaged_file_is_named():
    with pytest.raises(UnreadableError, match=r"Andrea is damaged"):
        page_count(b"%PDF-1.4 cut", "Andrea")
