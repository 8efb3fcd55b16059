"""Threat: a school's own template drops the words that protect students.

Tried: the README's example, an empty cover, a `house.typ` that prints no remarks, white text for everything else.
Result: the words stand on the cover all the same, or no packet is printed and the message says why.
"""

from __future__ import annotations

import pypdfium2
import pytest

from mssw.errors import ExitCode
from mssw.printing.template_files import export_templates
from support.commands import mssw
from support.made_up_set import make_set

README = """<% extends "ours/packet.typ.j2" %>
<% block cover %>
#heading(level: 1, << title >>) <cover>
Our school.
<% endblock %>
"""
WORDS = ("Not checked yet", "Names removed, aliases assigned", "hand back", "M. Okafor")


@pytest.fixture
def workset(tmp_path):
    return make_set(tmp_path / "set", ["Andrea", "Bo"], pages=1, unseen=("Bo",))


def packet(workset, folder, *more):
    words = ("--unreviewed", "--per-teacher", "M. Okafor", "--templates", folder)
    return mssw("packet", workset.root, *words, *more)


def cover_of(workset):
    with pypdfium2.PdfDocument(workset.packet) as pdf:
        return " ".join(pdf[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("block", ["Our school.", "", "#text(fill: white)[x]"])
def test_a_cover_block_of_the_schools_own_keeps_what_protects_students(workset, tmp_path, block):
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "packet.typ.j2").write_text(README.replace("Our school.", block), encoding="utf-8")

    assert packet(workset, folder) == ExitCode.DONE

    said = cover_of(workset)
    assert [words for words in WORDS if words not in said] == []


def test_without_a_template_of_its_own_the_cover_says_the_same(workset):
    assert mssw("packet", workset.root, "--unreviewed", "--per-teacher", "M. Okafor") == ExitCode.DONE

    said = cover_of(workset)
    assert [words for words in WORDS if words not in said] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("packet.typ.j2", "#remark[#<< words.heading >>][#<< words.text >>]", ""),
        ("packet.typ.j2", "known(<< colleague >>, size: 12pt)", "[]"),
        ("packet.typ.j2", "#remark[#<< words.heading >>][#<< words.text >>]", "#remark[#<< words.heading >>][]"),
    ],
    ids=["no remarks", "nobody's copy", "headings alone"],
)
def test_a_template_that_leaves_them_out_prints_nothing_and_says_why(workset, tmp_path, capsys, file, old, new):
    folder = tmp_path / "ours"
    export_templates(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    assert packet(workset, folder) == ExitCode.UNREADABLE

    assert "protects students" in " ".join(capsys.readouterr().err.split())
    assert not workset.packet.exists()


@pytest.mark.parametrize("line", ["#text(fill: red)[Our school", "#grid(columns: (1fr, 1fr), [a]", "#let x = {"])
def test_an_unclosed_bracket_is_said_once_with_its_line(workset, tmp_path, capsys, line):
    folder = tmp_path / "ours"
    folder.mkdir()
    text = README.replace("Our school.", f"Our school.\n{line}")
    (folder / "packet.typ.j2").write_text(text, encoding="utf-8")

    assert packet(workset, folder) == ExitCode.UNREADABLE

    said = " ".join(capsys.readouterr().err.split())
    assert said.count("unclosed delimiter") == 1
    assert "line 5" in said
    assert said.count("correct that line") == 1
