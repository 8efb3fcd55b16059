"""`mssw present`: what may be printed is shown, by alias alone, and questions are cut out at the same place."""

from __future__ import annotations

import io
import json
import re
import zipfile

import numpy as np
import pikepdf
import pptx
import pytest
from PIL import Image, ImageDraw, ImageFont
from pptx.enum.shapes import MSO_SHAPE_TYPE
from starlette.testclient import TestClient

from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.presenting.shown_samples import read_shown_samples
from mssw.presenting.slides import PresentOptions, write_slides
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import read_words
from mssw.printing.template_files import label_font_path, templates_folder
from mssw.sharing import share
from mssw.vision.answer_places import find_question_places
from mssw.web.door import Door
from mssw.web.present_page import present_site
from mssw.web.site import make_app
from mssw.workset.question_file import QuestionPlace, keep_questions
from mssw.workset.settings import Settings, settings_text
from support.commands import mssw
from support.released_set import LETTER, STUDENT, released_set

pytestmark = pytest.mark.pages

DOOR = Door(4000, token="the token", session="the-session")  # noqa: S106 - made up
FEW = ("Andrea", "Bo", "Camille")


def task_page(*, ruled=False):
    """A page with a title and two questions, each with room to answer."""
    image = Image.new("L", (850, 1100), 250)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(label_font_path()), 22)
    for y, text in ((60, "Name: ______   Date: ____"), (110, "Massive air"), (200, "1. Why does the ball weigh more?")):
        draw.text((60, y), text, fill=0, font=font)
    draw.text((60, 560), "2. Draw the air in both balls.", fill=0, font=font)
    draw.text((60, 592), "Label what you draw.", fill=0, font=font)
    if ruled:
        for y in range(270, 520, 40):
            draw.line((60, y, 790, y), fill=90, width=2)
    return image


@pytest.mark.parametrize("ruled", [False, True])
def test_each_question_reaches_from_its_text_to_the_next(ruled):
    places = find_question_places(np.asarray(task_page(ruled=ruled), np.uint8), LETTER)

    assert len(places) == 2
    assert places[0].y == pytest.approx(200 / 1100, abs=0.03)
    assert places[0].bottom == pytest.approx(560 / 1100, abs=0.02)
    assert places[1].y == pytest.approx(560 / 1100, abs=0.02)
    assert places[1].bottom > 0.95


def test_choices_are_shown_with_the_line_that_asks_though_a_figure_runs_down_to_it():
    image = task_page()
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(label_font_path()), 22)
    draw.rectangle((60, 150, 790, 519), fill=250)  # instead of the first question
    for y in (150, 210, 270):  # the figure
        draw.ellipse((500, y, 560, y + 61), outline=0, width=3)
    for x, y, text in ((60, 155, "Two balls hang here."), (60, 312, "1  Which one is heavier?"), (120, 355, "A  B")):
        draw.text((x, y), text, fill=0, font=font)
    draw.text((60, 398), "2  Why?", fill=0, font=font)

    places = find_question_places(np.asarray(image, np.uint8), LETTER)

    assert places[0].y * 1100 == pytest.approx(312, abs=12)
    assert places[0].bottom * 1100 > 500


@pytest.mark.parametrize("shade", [255, 0])
def test_a_page_without_print_asks_nothing_that_is_wrong(shade):
    assert len(find_question_places(np.full((1100, 850), shade, np.uint8), LETTER)) <= 1


@pytest.fixture
def workset(tmp_path):
    workset = released_set(tmp_path / "air", FEW, pages=1)
    page = encode(np.asarray(task_page(), np.uint8), Tone.GREY)
    share(workset, "task.pdf", image_pdf([(page, LETTER)]), [], pages=1)
    return workset


def test_slides_show_every_sample_and_all_answers_side_by_side(workset, tmp_path, capsys):
    to = tmp_path / "samples.pdf"

    assert mssw("present", workset.root, "--to", to, "--pair", "Bo,Andrea", "--json") == 0

    done = json.loads(capsys.readouterr().out)
    assert (done["samples"], done["questions"]) == (list(FEW), 2)
    with pikepdf.open(to) as pdf:
        assert len(pdf.pages) == done["slides"] == 1 + 1 + 3 + 1 + 2
        assert all([float(side) for side in page.mediabox] == [0, 0, 960, 540] for page in pdf.pages)
    first = to.read_bytes()
    assert mssw("present", workset.root, "--to", to) == 5
    assert mssw("present", workset.root, "--to", tmp_path / "again.pdf", "--pair", "Bo,Andrea") == 0
    assert (tmp_path / "again.pdf").read_bytes() == first
    assert mssw("present", workset.root, "--to", tmp_path / "no.pdf", "--dry-run") == 0
    assert not (tmp_path / "no.pdf").exists()


def test_slides_for_powerpoint_are_pictures_that_name_nobody(workset, tmp_path, capsys):
    to = tmp_path / "samples.pptx"

    assert mssw("present", workset.root, "--to", to, "--pair", "Bo,Andrea", "--json") == 0

    done = json.loads(capsys.readouterr().out)
    deck = pptx.Presentation(to)
    assert len(deck.slides) == done["slides"] == 8
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9)
    kinds = [shape.shape_type for slide in deck.slides for shape in slide.shapes]
    assert kinds == [MSO_SHAPE_TYPE.PICTURE] * 8
    words = [slide.element.xpath(".//p:pic//p:cNvPr/@descr")[0] for slide in deck.slides]
    assert words[2:] == [
        "Andrea",
        "Bo",
        "Camille",
        "Bo, Andrea",
        *(f"Answers {n} of 2: Andrea, Bo, Camille" for n in (1, 2)),
    ]
    with zipfile.ZipFile(to) as parts:
        assert not [name for name in parts.namelist() if name.startswith("docProps/")]
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert mssw("present", workset.root, "--to", tmp_path / "again.pptx", "--pair", "Bo,Andrea") == 0
    assert (tmp_path / "again.pptx").read_bytes() == to.read_bytes()


def test_places_that_a_person_chose_are_kept_and_found_again_on_demand(workset):
    keep_questions(workset, [QuestionPlace(1, (0.0, 0.1, 1.0, 0.5))])
    shown = read_shown_samples(workset, PresentOptions().of_packet)
    assert shown.questions == (QuestionPlace(1, (0.0, 0.1, 1.0, 0.5)),)

    keep_questions(workset, [])

    assert len(read_shown_samples(workset, PresentOptions().of_packet).questions) == 2
    assert mssw("present", workset.root, "--question", "1:0,0.9,1,0.5", "--dry-run") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--to", "samples.key"), 2),
        (("--to", "x.pdf", "--pair", "Bo"), 2),
        (("--to", "x.pdf", "--pair", "Bo,Nobody"), 2),
        (("--pair", "Bo,Andrea"), 2),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_written(workset, tmp_path, monkeypatch, words, code):
    monkeypatch.chdir(tmp_path)

    assert mssw("present", workset.root, *words) == code
    assert not list(tmp_path.glob("*.p*"))


def test_a_title_with_a_students_name_is_shown_nowhere(workset, tmp_path):
    workset.settings.write_text(settings_text(Settings(title=f"Air, for {STUDENT}", seed=7)), encoding="utf-8")

    assert mssw("present", workset.root, "--to", tmp_path / "samples.pdf") == 1
    assert not (tmp_path / "samples.pdf").exists()
    assert mssw("present", workset.root, "--no-browser") == 1


def test_the_screen_gets_pictures_of_shared_pages_and_no_pile(workset):
    shown = read_shown_samples(workset, PresentOptions().of_packet)
    client = TestClient(make_app(present_site(workset, shown), DOOR), base_url="http://127.0.0.1:4000")
    client.cookies.set(DOOR.cookie, DOOR.session)

    told = client.get("/api/samples").json()

    assert [one["alias"] for one in told["samples"]] == list(FEW)
    assert set(told["samples"][0]) == {"alias", "pages", "answers"}
    page = Image.open(io.BytesIO(client.get("/picture/0-0/page").content))
    answer = Image.open(io.BytesIO(client.get("/answer/0-1/page").content))
    assert answer.width == page.width
    assert answer.height < page.height / 2
    for wrong in (
        "/picture/7-0/page",
        "/picture/0-9/page",
        "/answer/0-9/page",
        "/picture/task-9/page",
        "/picture/0-0/full",
    ):
        assert client.get(wrong).status_code == 404
    asked = {"questions": [{"page": 1, "box": [0, 0.5, 1, 0.6]}]}
    assert client.post("/api/questions", json=asked, headers={"origin": "http://127.0.0.1:4000"}).status_code == 400


def test_slides_hold_no_word_of_a_pile(workset, tmp_path):
    done = write_slides(workset, PresentOptions(to=tmp_path / "s.pdf"))

    assert done.written
    assert b"pile" not in (tmp_path / "s.pdf").read_bytes().lower()


def test_slides_and_the_page_speak_the_readers_language(workset, tmp_path):
    workset.settings.write_text(settings_text(Settings(title="El aire", grade="5", language="es")), encoding="utf-8")
    to = tmp_path / "muestras.pptx"
    assert mssw("present", workset.root, "--to", to) == 0
    spoken = [slide.element.xpath(".//p:pic//p:cNvPr/@descr")[0] for slide in pptx.Presentation(to).slides]
    assert spoken[:2] == ["El aire", "La tarea"]
    assert spoken[-1] == "Respuestas 2 de 2: Andrea, Bo, Camille"
    shown = read_shown_samples(workset, PresentOptions().of_packet)
    client = TestClient(make_app(present_site(workset, shown), DOOR), base_url="http://127.0.0.1:4000")
    client.cookies.set(DOOR.cookie, DOOR.session)
    page = client.get("/").text
    assert '<html lang="es">' in page
    assert "Pantalla completa" in page
    assert not [word for word in ("Full screen", "Answers", "Smaller", "Close<") if word in page]
    assert client.get("/api/samples").json()["words"]["the_task"] == "La tarea"


def test_the_page_says_nothing_that_is_not_in_the_file_of_words():
    source = (templates_folder() / "web" / "static" / "present.js").read_text(encoding="utf-8")
    keys = set(re.findall(r'say\("(\w+)"', source)) | set(re.findall(r'"(key_\w+)"', source))
    page = (templates_folder() / "web" / "present.html.j2").read_text(encoding="utf-8")
    keys |= set(re.findall(r"words\.(\w+)", page))
    assert keys == set(read_words("en-US").table["screen"])
    assert not re.findall(r'"[A-Z][a-z]+ [a-z]', source)
