import os
import shutil
import subprocess
import sys
import unicodedata

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import UnreadableError
from mssw.printing.template_files import fonts_folder, label_font_path, templates_folder
from mssw.printing.typeset import find_unprintable, typeset
from support.drawn_once import drawing_anew
from support.examples import examples

HOSTILE = [
    "#",
    "$",
    "<<",
    ">>",
    "<%",
    "%>",
    "{{",
    "}}",
    "\\",
    "*",
    "_",
    "@",
    "[",
    "]",
    '"',
    "'",
    "`",
    "//",
    "/*",
]
HOSTILE += ["#panic()", "printed", "<#", "#>", "=", "~", "Ô", "é", "a", "Z", "7", "--", "%", "&amp;"]


@pytest.fixture(scope="module", autouse=True)
def _drawn_anew():
    with drawing_anew():
        yield


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("templates")
    (folder / "plain.typ.j2").write_text("#set page(paper: << paper >>)\n#<< text >>\n")
    return folder


def text_of(pdf: bytes) -> str:
    return "".join(page.get_text() for page in pymupdf.open("pdf", pdf))


@pytest.mark.pages
@examples(60)
@given(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=30).map("".join))
def test_hostile_text_is_printed_as_it_stands(plain, text):
    found = text_of(typeset("plain", {"text": text}, paper="a4", folder=plain))
    assert "".join(found.split()) == "".join(text.split())


@pytest.mark.pages
@examples(40)
@given(st.text(max_size=60))
def test_no_text_can_break_the_page(plain, text):
    assert typeset("plain", {"text": text}, paper="letter", folder=plain).startswith(b"%PDF-")


def test_letters_written_in_two_parts_are_composed(plain):
    assert "Zoë" in text_of(typeset("plain", {"text": "Zoe\u0308"}, paper="a4", folder=plain))


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_the_paper_is_the_one_asked_for(plain, paper, size):
    page = pymupdf.open("pdf", typeset("plain", {"text": "x"}, paper=paper, folder=plain))[0]
    assert (round(page.rect.width), round(page.rect.height)) == size


def test_the_same_text_gives_the_same_bytes_anywhere_and_at_any_time(plain):
    (plain / "dated.typ.j2").write_text("#set document(date: none)\n#datetime.today(offset: 0).display() #<< text >>")
    code = (
        "import sys, pathlib; from mssw.printing.typeset import typeset; folder = pathlib.Path(sys.argv[1]);"
        "sys.stdout.buffer.write(typeset('dated', {'text': 'x'}, paper='a4', folder=folder))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, str(plain)],
            env=os.environ | {"TZ": zone, "SOURCE_DATE_EPOCH": epoch},
            capture_output=True,
            check=True,
        ).stdout
        for zone, epoch in (("Pacific/Kiritimati", "0"), ("Pacific/Pago_Pago", "2000000000"))
    ]
    assert runs[0] == runs[1] == typeset("dated", {"text": "x"}, paper="a4", folder=plain)
    assert "1970-01-01" in text_of(runs[0])  # no clock is asked


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("fine\n\n#text(fnt: 1)[a]", 3, "unexpected argument: fnt"),
        ("#<< text >>\n#set page(\n", 2, "unclosed delimiter"),
        ("#foo", 1, "unknown variable: foo"),
        ("a\n<% for x in [1, 2] %>\nb\n<% endfor %>\n#wrong", 5, "unknown variable: wrong"),
        ("a\nb << missing >>", 2, "'missing' is undefined"),
        ("a\nb << range >>", 2, "not a text, a number or a list"),
        ("a\nb << title.__class__.__mro__ >>", 2, "unsafe"),
        ("a\n<% if %>", 2, "Expected an expression"),
        ('a\n#import "nowhere.typ": x', 2, "file not found"),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_line(tmp_path, source, line, says):
    (tmp_path / "bad.typ.j2").write_text(source)
    with pytest.raises(UnreadableError, match=rf"bad\.typ\.j2 has a mistake in line {line}: .*{says}"):
        typeset("bad", {"text": "x"}, paper="a4", folder=tmp_path)


def test_a_hint_of_typst_is_passed_on(tmp_path):
    (tmp_path / "bad.typ.j2").write_text("a\n#let x = 1\n#x-y")
    with pytest.raises(UnreadableError, match=r"line 3: .*x-y.*\(.*subtraction.*\)"):
        typeset("bad", {}, paper="a4", folder=tmp_path)


def test_a_fault_in_an_imported_file_names_that_file(tmp_path):
    (tmp_path / "house.typ").write_text("#let x = 1\n\n#let y = nope\n")
    (tmp_path / "a.typ.j2").write_text('#import "house.typ": *\n#x')
    with pytest.raises(UnreadableError, match=r"house\.typ has a mistake in line 3"):
        typeset("a", {}, paper="a4", folder=tmp_path)


def test_a_missing_template_is_named(tmp_path):
    with pytest.raises(UnreadableError, match=r"nowhere\.typ\.j2 is missing"):
        typeset("nowhere", {}, paper="a4", folder=tmp_path)


def test_our_fonts_alone_are_used(plain):
    pdf = pymupdf.open("pdf", typeset("plain", {"text": "x"}, paper="a4", folder=plain))
    assert {font[3].split("+")[-1].split("-")[0] for font in pdf.get_page_fonts(0)} <= {
        "Literata",
        "AtkinsonHyperlegibleNext",
    }


ACCESSIBLE = """\
#import "house.typ": *
#show: house.with(paper: << paper >>, title: "x")
#heading(level: 1)[A heading]
#worded(<< text >>)
"""


@pytest.fixture(scope="module")
def accessible(tmp_path_factory):
    folder = tmp_path_factory.mktemp("accessible")
    shutil.copy(templates_folder() / "print" / "house.typ", folder)
    (folder / "page.typ.j2").write_text(ACCESSIBLE)
    return folder


@pytest.mark.pages
@examples(60)
@given(st.text(max_size=60))
def test_no_letter_can_break_an_accessible_page(accessible, text):
    assert typeset("page", {"text": text}, paper="letter", accessible=True, folder=accessible).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text", ["Thưởng ẵm bổng", "السلام عليكم", "学生的想法", "학생의 생각", "x ≤ √2 → y", "Ñandú, Zoë, Łukasz"]
)
def test_scripts_of_the_classroom_are_printed(accessible, text):
    assert find_unprintable([text]) == []
    found = text_of(typeset("page", {"text": text}, paper="a4", accessible=True, folder=accessible))
    assert set("".join(unicodedata.normalize("NFKC", found).split())) >= set("".join(text.split()))


def test_a_letter_that_no_font_has_is_a_square_and_can_be_told(accessible):
    assert find_unprintable(["fine", "🙂 and 🙂 and ᚠ", "□"]) == ["🙂", "ᚠ"]
    found = text_of(typeset("page", {"text": "so 🙂"}, paper="a4", accessible=True, folder=accessible))
    assert "so □" in found


def test_an_accessible_page_needs_its_headings_in_order(tmp_path):
    (tmp_path / "bad.typ.j2").write_text('#set document(title: "x")\n\n== Second level')
    with pytest.raises(UnreadableError, match=r"bad\.typ\.j2 has a mistake in line 3: .*heading"):
        typeset("bad", {}, paper="a4", accessible=True, folder=tmp_path)


def test_each_font_stands_beside_its_licence():
    families = {path.stem.split("-")[0] for path in fonts_folder().glob("*.ttf")}
    licences = [path for kind in ("OFL", "Apache") for path in fonts_folder().glob(f"{kind}-*.txt")]
    assert families == {path.stem.split("-", 1)[1] for path in licences}
    assert "SIL OPEN FONT LICENSE" in (fonts_folder() / "OFL-Literata.txt").read_text()
    assert sum(path.stat().st_size for path in fonts_folder().iterdir()) < 5_000_000


def test_the_label_font_is_one_of_ours():
    assert label_font_path().is_file()
    assert templates_folder() in label_font_path().parents
