"""What is printed: nothing beyond the margins or over each other, whatever teachers write; lines that a pen fits."""

from __future__ import annotations

import itertools

import pymupdf
import pytest

from mssw.printing.template_files import print_templates
from mssw.printing.typeset import typeset
from support.extremes import EXTREMES, MM, Seen, faults, printed

pytestmark = pytest.mark.pages

ONE_PAGE = ("sort-form", "choice")


@pytest.fixture(
    scope="module",
    params=[
        *((e, paper, "en-US") for e in EXTREMES for paper in ("letter", "a4")),
        *((e, paper, "es") for e in EXTREMES[:2] for paper in ("letter", "a4")),
        (EXTREMES[1], "a4", "en-GB"),
    ],
    ids=lambda one: f"{one[0].name}-{one[1]}-{one[2]}",
)
def pdfs(request):
    return printed(*request.param)


def test_nothing_is_wrong_on_any_page_whatever_teachers_write(pdfs):
    assert {name: found for name, pdf in pdfs.items() if (found := faults(pdf))} == {}


def test_what_must_be_one_page_is_one(pdfs):
    assert {name: len(pymupdf.open("pdf", pdfs[name])) for name in ONE_PAGE} == dict.fromkeys(ONE_PAGE, 1)


def test_every_template_for_print_is_looked_at(pdfs):
    ours = {path.name.removesuffix(".typ.j2") for path in print_templates().glob("*.typ.j2")}
    ours -= {"sheets"}  # a strip to tear off and codes, each at its own place near the edge: see test_sheets
    ours -= {"kit", "fill-in"}  # several each
    assert ours == {name for name in pdfs if not name.startswith(("kit-", "fill-in-"))}
    assert any(name.startswith("fill-in-") for name in pdfs)


# The checks themselves: each finds what it is for.

PAGE = '#set page(width: 200mm, height: 200mm, margin: 20mm)\n#set text(font: "Literata", size: 11pt, fill: black)\n'
WRONG = {
    "stands in the margin": "#place(dx: -15mm)[out]",
    "printed over each other": "#place[first words] #place(dx: 2mm)[second words]",
    "a line runs through": "#place(dx: 8mm, line(angle: 90deg, length: 10mm)) crossing",
    "stands alone at the foot": "text #v(1fr) #text(size: 18pt)[Heading]",
    "lines only 5.0 mm apart": "#for _ in range(2) { place(line(length: 50mm, stroke: 0.5pt)); v(5mm) }",
    "is a colour": "#text(fill: red)[red]",
    "is lost": "#text(fill: luma(70%))[faint]",
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_page_with_a_fault_is_told(tmp_path, fault):
    (tmp_path / "wrong.typ.j2").write_text(PAGE + WRONG[fault] + "\n")
    [*found] = faults(typeset("wrong", {}, paper="a4", folder=tmp_path))
    assert [what for what in found if fault in what], found


def test_a_page_without_a_fault_is_left_in_peace(tmp_path):
    (tmp_path / "right.typ.j2").write_text(PAGE + "A line.\n\n#text(size: 18pt)[Heading]\n\nAnother line.\n")
    assert faults(typeset("right", {}, paper="a4", folder=tmp_path)) == []


def test_a_word_without_an_end_breaks_and_is_found_as_it_stands(tmp_path):
    word = "https://example.org/oluwaseun.adeyemi/balloons"
    source = '#import "house.typ": *\n#set page(width: 90mm, margin: 20mm)\n#worded(<< word >>)\n'
    (tmp_path / "word.typ.j2").write_text(source)
    pdf = typeset("word", {"word": word}, paper="a4", folder=tmp_path)
    lines = pymupdf.open("pdf", pdf)[0].get_text().split()
    assert len(lines) > 1
    assert "".join(lines) == word
    assert faults(pdf) == []


def test_lines_to_write_on_are_eight_millimetres_apart(tmp_path):
    (tmp_path / "lines.typ.j2").write_text('#import "house.typ": *\n#ruled(6)\n')
    seen = Seen.of(pymupdf.open("pdf", typeset("lines", {}, paper="letter", folder=tmp_path))[0])
    heights = sorted(rule[1] for rule in seen.rules)
    assert len(heights) == 6
    assert [round((b - a) / MM, 1) for a, b in itertools.pairwise(heights)] == [8.0] * 5
