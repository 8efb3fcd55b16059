"""Threat: a picture that one reader decodes to white is taken for a blank page, and what is on it is lost.

Tried: a page that is white in MuPDF and not in pdfium; honest white pages; JSON nested a hundred thousand deep.
Result: the page is damaged and so on hold; a blank sheet stays blank; nested JSON is a damaged file.
"""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from starlette.testclient import TestClient

from mssw.core.page import EncodedImage, Tone
from mssw.errors import UnreadableError
from mssw.formats import scan_pdf
from mssw.formats.scan_pdf import has_ink
from mssw.printing.pdf_writer import image_pdf
from mssw.web.door import Door
from mssw.web.site import Site, make_app, post_route
from mssw.workset.sightings import read_sighting

LETTER = (612.0, 792.0)


def pdf(place, *, ink=False):
    image = Image.new("L", (850, 1100), 255)
    if ink:
        ImageDraw.Draw(image).rectangle((100, 100, 500, 140), fill=0)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    place.write_bytes(image_pdf([(EncodedImage(file.getvalue(), 850, 1100, Tone.GREY), LETTER)]))
    return place


def test_a_page_that_is_white_in_both_readers_is_blank(tmp_path):
    picture = scan_pdf.read_page(pdf(tmp_path / "white.pdf"), 1)

    assert int(picture.pixels.min()) == 255
    assert not has_ink(tmp_path / "white.pdf", 1)


def test_a_page_that_is_white_in_one_reader_alone_is_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(scan_pdf, "has_ink", lambda *_: True)

    with pytest.raises(UnreadableError, match="page 1, is damaged"):
        scan_pdf.read_page(pdf(tmp_path / "white.pdf"), 1)


def test_the_second_reader_sees_ink_and_takes_what_it_cannot_read_for_some(tmp_path):
    assert has_ink(pdf(tmp_path / "inked.pdf", ink=True), 1)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    assert has_ink(tmp_path / "broken.pdf", 1)


def test_deeply_nested_json_is_a_damaged_sidecar_and_a_bad_request(tmp_path):
    nested = "[" * 100_000
    (tmp_path / "page.json").write_text(nested, encoding="utf-8")
    assert read_sighting(tmp_path / "page.json", "recipe") is None

    site = Site("review", [post_route("/api/add", lambda asked: asked)])
    client = TestClient(make_app(site, Door(4000, "token", "session")), base_url="http://127.0.0.1:4000")
    headers = {"origin": "http://127.0.0.1:4000", "content-type": "application/json", "cookie": "mssw-4000=session"}
    assert client.post("/api/add", content=nested, headers=headers).status_code == 400
