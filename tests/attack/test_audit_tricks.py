"""Threat: a name is hidden in a file where a person can find it and the audit does not look.

Tried: letters that look like ours, marks between letters, parts of a workbook in UTF-16, words in its header and
footer, hidden sheets, notes, words, links and hidden pictures in slides, names of folders, attributes of the file
system, rows of a picture below the height that it says, words that are read aloud letter by letter. Result: each
is found and none is repeated.
"""

from __future__ import annotations

import io
import os
import zipfile

import cv2
import numpy as np
import openpyxl
import pptx
import pytest

from mssw.auditing.one_file import audit_file
from mssw.auditing.run_audit import audit_path
from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.formats.slide_files import PictureSlide, slide_file
from mssw.formats.workbooks import without_clock
from mssw.names.name_search import NameSearch
from support import canaries
from support.sealed_set import sealed_set

NAMES = ("Maria", "Lopez", "Maria Lopez", "Oluwaseun")
TEXTS = {
    "Cyrillic look-alikes": "Мaria was here".replace("a", "а"),
    "Greek look-alikes": "Lοpez",
    "left-to-right marks": "\u200e".join("Lopez"),
    "right-to-left overrides": "\u202e".join("Maria"),
    "isolates": "\u2066".join("Oluwaseun"),
    "zero width": "\u200b".join("Lopez"),
    "wide letters": "Ｌｏｐｅｚ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_name_in_disguise_is_found(text):
    assert NameSearch(NAMES).hits(text)
    assert audit_file("samples.json", f'{{"note": "{text}"}}'.encode(), NAMES)


@pytest.mark.parametrize("text", ["Массовый воздух", "αέρας", "Der Aufsatz über Luft", "空气"])
def test_honest_words_of_other_scripts_pass(text):
    assert not NameSearch(NAMES).hits(text)


def workbook(change):
    book = openpyxl.Workbook()
    book.active["A1"] = "Andrea"
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def foot(book, text):
    book.active.oddFooter.center.text = text


BOOKS = {
    "a name in the footer": workbook(lambda book: foot(book, "Maria Lopez")),
    "a name cut by codes": workbook(lambda book: foot(book, "Ma&Bria&B Lo&Ipez")),
    "a hidden sheet": workbook(lambda book: setattr(book.create_sheet("x"), "sheet_state", "hidden")),
    "a very hidden sheet": workbook(lambda book: setattr(book.create_sheet("x"), "sheet_state", "veryHidden")),
}


def told(data):
    return " ".join(map(str, audit_file("sort.xlsx", data, NAMES)))


@pytest.mark.parametrize("name", BOOKS)
def test_what_a_workbook_hides_is_found(name):
    said = told(BOOKS[name])

    assert ("footer" in said) if "name" in name else ("hidden sheet" in said)
    assert "Lopez" not in said


def test_a_part_in_utf_16_is_refused_and_searched():
    source, file = io.BytesIO(workbook(lambda _: None)), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                data = data.decode().replace("</worksheet>", "<!--Oluwaseun--></worksheet>").encode("utf-16")
            new.writestr(part.filename, data)

    said = told(file.getvalue())
    assert "not UTF-8" in said
    assert "roster name" in said


PICTURE = encode(np.full((90, 160), 240, np.uint8), Tone.GREY).data


def presentation(change):
    """Slides as we write them, after a change that a person could make."""
    deck = pptx.Presentation(io.BytesIO(slide_file([PictureSlide(PICTURE, "Andrea")] * 2, (960, 540))))
    change(deck, deck.slides[0])
    file = io.BytesIO()
    deck.save(file)
    return without_clock(file)


def attribute(slide, path, name, value):
    slide.element.xpath(path)[0].set(name, value)


TALKS = {
    "notes": lambda _, slide: setattr(slide.notes_slide.notes_text_frame, "text", "Maria"),
    "words": lambda _, slide: setattr(slide.shapes.add_textbox(0, 0, 9, 9).text_frame, "text", "air"),
    "a second picture": lambda _, slide: slide.shapes.add_picture(io.BytesIO(PICTURE), 0, 0),
    "a picture off the slide": lambda _, slide: setattr(slide.shapes[0], "left", -9_000_000),
    "a cropped picture": lambda _, slide: setattr(slide.shapes[0], "crop_left", 0.5),
    "a hidden slide": lambda _, slide: attribute(slide, "/p:sld", "show", "0"),
    "a link": lambda _, slide: slide.part.relate_to("http://a.example/Maria", "x", is_external=True),
    "a name for screen readers": lambda _, slide: attribute(slide, ".//p:pic//p:cNvPr", "descr", "Lopez"),
    "words on the master": lambda deck, _: deck.slide_master.shapes._spTree.append(text_shape()),
    "who made it": lambda deck, _: setattr(deck.core_properties, "author", "Maria"),
}


def text_shape():
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    shape = slide.shapes.add_textbox(0, 0, 9, 9)
    shape.text_frame.text = "air"
    return shape.element


@pytest.mark.parametrize("name", TALKS)
def test_what_slides_hide_is_found(name):
    said = " ".join(map(str, audit_file("samples.pptx", presentation(TALKS[name]), NAMES)))

    assert said
    assert not any(one in said for one in NAMES)


@pytest.mark.parametrize("names", [NAMES, ("Shruti", "Kartika", "Steve", "Blank", "Canny", "Main", "Masters")])
def test_honest_slides_pass_whatever_the_students_are_called(names):
    assert audit_file("samples.pptx", presentation(lambda *_: None), names) == []


def test_a_folder_named_after_a_student_is_found_and_not_repeated(tmp_path):
    workset = sealed_set(tmp_path / "set")
    (workset.shared / "Oluwaseun").mkdir()
    (workset.shared / "Oluwaseun" / "Andrea.pdf").write_bytes((workset.work / "Andrea.pdf").read_bytes())

    said = " ".join(map(str, audit_path(workset.root).findings))
    assert "folder's name" in said
    assert "Oluwaseun" not in said


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="this system has no attributes of that kind")
def test_attributes_of_the_file_system_are_found(tmp_path):
    workset = sealed_set(tmp_path / "set")
    try:
        os.setxattr(workset.work / "Andrea.pdf", "user.comment", b"Oluwaseun")
    except OSError:
        pytest.skip("this disk keeps no attributes")

    assert "attributes" in " ".join(map(str, audit_path(workset.root).findings))


PAGE = canaries.grey_page(340, 440)
LONGER = canaries.grey_page(340, 640)
cv2.putText(LONGER, "Oluwaseun", (40, 560), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 2)
COLOURED = np.dstack([LONGER] * 3)


def cut_short(data):
    """A JPEG that says 440 rows and has more."""
    frame = next(at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := data.find(mark)) > 0)
    return data[: frame + 5] + (440).to_bytes(2) + data[frame + 7 :]


PICTURES = {
    "grey": (canaries.jpeg(PAGE), cut_short(canaries.jpeg(LONGER)), Tone.GREY),
    "progressive": (
        canaries.jpeg(PAGE, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        cut_short(canaries.jpeg(LONGER, cv2.IMWRITE_JPEG_PROGRESSIVE, 1)),
        Tone.GREY,
    ),
    "colour": (canaries.jpeg(np.dstack([PAGE] * 3)), cut_short(canaries.jpeg(COLOURED)), Tone.COLOUR),
    "fax": (canaries.fax(PAGE), canaries.fax(LONGER), Tone.BITONAL),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_rows_below_the_height_of_a_picture_are_found(kind):
    honest, longer, tone = PICTURES[kind]
    for data, is_hidden in ((honest, False), (longer, True)):
        found = audit_file("work/Andrea.pdf", canaries.one_image_pdf(data, tone), NAMES, thorough=True)
        assert [one.what for one in found] == ["the image has rows below the height that it says"] * is_hidden


@pytest.mark.parametrize("name", ["work/Andrea.pdf", "packet.pdf"])
def test_a_name_that_is_read_aloud_letter_by_letter_is_found(name):
    spelled = " ".join(f"/Span <</ActualText ({letter})>> BDC EMC" for letter in "Oluwaseun")
    base = canaries.work_pdf() if name.startswith("work") else canaries.packet_pdf()
    found = [one.what for one in audit_file(name, canaries.edited(base, canaries.drawn(spelled)), NAMES)]
    assert [what for what in found if "read aloud, letter by letter" in what]
    assert not [one for one in audit_file(name, base, NAMES) if "aloud" in one.what]
