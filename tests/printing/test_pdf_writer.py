import io

import pikepdf
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageOps

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import PAPERS, frame_of
from mssw.errors import UnreadableError
from mssw.printing.binding import Press, bind_copies, find_labels
from mssw.printing.pdf_writer import image_pdf, read_scanned_pages
from mssw.printing.typeset import typeset

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
    assert find_labels(text_pages(3, tmp_path)) == {"t1": 1, "t2": 2, "t3": 3}


def placed(image: EncodedImage, size=LETTER, paper=LETTER):
    return image, frame_of(size, paper)


def test_eight_copies_weigh_hardly_more_than_one(tmp_path):
    scans = {place: placed(jpeg(size=(1700, 2200 + place))) for place in (3, 4, 5)}
    (one, _), (eight, pages) = (
        bind_copies(text_pages(2, tmp_path), scans, [[1, 3, 4, 5, 2]] * n, Press(LETTER)) for n in (1, 8)
    )
    assert pages == 8 * 5
    assert len(eight) < 1.1 * len(one)
    texts = [page.get_text().strip() for page in pymupdf.open("pdf", eight)]
    assert texts == ["Text 1", "", "", "", "Text 2"] * 8


def test_the_same_image_is_in_the_file_once_however_often_it_is_shown(tmp_path):
    image = jpeg(size=(1700, 2200))
    data, _ = bind_copies(
        text_pages(2, tmp_path), {1: placed(image), 3: placed(image)}, [[1, 3], [2, 3]], Press(LETTER)
    )
    with pikepdf.open(io.BytesIO(data)) as pdf:
        images = {page.obj.Resources.XObject.Im0.objgen for page in pdf.pages if "/XObject" in page.obj.Resources}
        assert len(images) == 1
        assert pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes() == image.data


def test_a_scan_on_a_text_page_leaves_its_words_to_be_read(tmp_path):
    data, _ = bind_copies(text_pages(1, tmp_path), {1: placed(jpeg())}, [[1]], Press(LETTER))
    page = pymupdf.open("pdf", data)[0]
    assert page.get_text().strip() == "Text 1"
    assert [round(side) for side in page.get_image_bbox(page.get_images()[0][7])] == pytest.approx(
        [round(side) for side in _corners(frame_of(LETTER, LETTER))], abs=1
    )


def _corners(frame):
    height = frame.page[1]
    return (
        frame.left,
        height - frame.bottom - frame.height,
        frame.left + frame.width,
        height - frame.bottom,
    )


def test_a_bound_file_carries_only_pages_and_what_the_printer_is_told(tmp_path):
    data, _ = bind_copies(text_pages(1, tmp_path), {}, [[1]], Press(LETTER))
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
        assert b"ReversedChars BMC" in pdf.pages[0].obj.Contents.read_bytes()
    data, _ = bind_copies(text, {}, [[1]], Press(LETTER))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        source = pdf.pages[0].obj.Contents.read_bytes()
    assert not any(mark in source for mark in (b"ReversedChars", b"BDC", b"BMC", b"EMC"))
    before, after = (pymupdf.open("pdf", one)[0].get_pixmap(colorspace="gray").samples for one in (text, data))
    assert before == after


def test_bound_bytes_are_the_same_each_time(tmp_path):
    text, scans = text_pages(1, tmp_path), {2: placed(jpeg())}
    once, again = (bind_copies(text, scans, [[1, 2]] * 2, Press(A4)) for _ in "ab")
    assert once == again


def test_scanned_pages_come_out_as_they_went_in():
    pages = [(jpeg(), LETTER), (jpeg("RGB"), A4), (fax(), (792.0, 612.0))]
    found = read_scanned_pages(image_pdf(pages), "Andrea")
    assert [(page.image, page.size) for page in found] == [(image, pytest.approx(size)) for image, size in pages]


def test_a_page_that_is_not_ours_is_not_bound(tmp_path):
    with pytest.raises(UnreadableError, match=r"Andrea, page 1, is not a page that mssw wrote"):
        read_scanned_pages(text_pages(1, tmp_path), "Andrea")


def test_a_damaged_file_is_named():
    with pytest.raises(UnreadableError, match=r"Andrea is damaged"):
        read_scanned_pages(b"%PDF-1.4 cut", "Andrea")
