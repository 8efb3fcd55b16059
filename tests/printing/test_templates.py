"""A school's own templates: exported, changed in part, found again, and their faults told."""

from __future__ import annotations

import json

import pikepdf
import pymupdf
import pytest

from mssw.errors import UnreadableError, UsageError, WouldOverwriteError
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from mssw.printing.template_files import export_templates, print_templates, template_names
from mssw.printing.typeset import typeset
from mssw.workset.settings import Settings
from support.commands import mssw
from support.made_up_set import make_set

pytestmark = pytest.mark.pages

COVER = (
    '<% extends "ours/packet.typ.j2" %>\n<% block cover %>\n#heading(level: 1)[Our own cover] <cover>\n<% endblock %>\n'
)


def text_of(pdf) -> str:
    return "".join(page.get_text() for page in pymupdf.open("pdf", pdf))


def test_all_is_exported_and_prints_as_before(tmp_path):
    done = export_templates(tmp_path / "own")
    assert {"packet.typ.j2", "house.typ", "README.md"} <= set(done.written)
    assert done.kept == ()
    workset = make_set(tmp_path / "set")
    bind_packet(workset, PacketOptions())
    ours = workset.packet.read_bytes()
    bind_packet(workset, PacketOptions(templates=tmp_path / "own"))
    assert workset.packet.read_bytes() == ours


def test_the_page_on_how_to_change_one_tells_of_every_template():
    readme = (print_templates() / "README.md").read_text(encoding="utf-8")
    assert [file for file in template_names().values() if f"`{file}`" not in readme] == []


def test_one_template_may_be_exported_by_its_name(tmp_path):
    assert export_templates(tmp_path / "own", ["checklist", "house.typ"]).written == (
        "checklist.typ.j2",
        "house.typ",
        "README.md",
    )
    with pytest.raises(UsageError, match=r"cheklist is not an mssw template; perhaps you mean checklist\b"):
        export_templates(tmp_path / "own", ["cheklist"])


def test_an_edited_file_is_never_written_over_unless_told(tmp_path):
    own = tmp_path / "own"
    export_templates(own)
    (own / "house.typ").write_text("mine")
    (own / "packet.typ.j2").unlink()
    with pytest.raises(WouldOverwriteError, match=r"^house\.typ in .* would be lost.*Nothing was written"):
        export_templates(own)
    assert (own / "house.typ").read_text() == "mine"
    assert not (own / "packet.typ.j2").exists()
    assert set(export_templates(own, replace=True, dry_run=True).written) == {"house.typ", "packet.typ.j2"}
    assert (own / "house.typ").read_text() == "mine"
    export_templates(own, replace=True)
    assert (own / "house.typ").read_bytes() == (print_templates() / "house.typ").read_bytes()
    assert export_templates(own).written == ()


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "own").write_text("x")
    assert mssw("templates", "export", tmp_path / "own") in {3, 5}
    assert (tmp_path / "own").read_text() == "x"


def test_the_command_reports_what_it_wrote(tmp_path, capsys):
    assert mssw("templates", "export", tmp_path / "own", "sort-form", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"] == ["sort-form.typ.j2", "README.md"]
    (tmp_path / "own" / "sort-form.typ.j2").write_text("mine")
    assert mssw("templates", "export", tmp_path / "own", "--dry-run") == 5


def test_a_folder_with_one_block_changes_that_alone(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "packet.typ.j2").write_text(COVER)
    workset = make_set(tmp_path / "set")
    bind_packet(workset, PacketOptions(templates=own))
    text = text_of(workset.packet.read_bytes())
    assert "Our own cover" in text
    assert "Contents" not in text
    assert "Before the task" in text
    assert "Notes" in text


def test_a_folder_without_any_template_is_told(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "logo.svg").write_text("<svg/>")
    with pytest.raises(UnreadableError, match="own has no mssw templates"):
        bind_packet(make_set(tmp_path / "set"), PacketOptions(templates=tmp_path / "own"))


def test_set_toml_may_name_the_folder_seen_from_itself(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "packet.typ.j2").write_text(COVER)
    workset = make_set(tmp_path / "set", settings=Settings(title="Air", templates="../own"))
    bind_packet(workset, PacketOptions())
    assert "Our own cover" in text_of(workset.packet.read_bytes())
    (tmp_path / "own" / "packet.typ.j2").unlink()
    (tmp_path / "own").rmdir()
    with pytest.raises(
        UnreadableError, match=r"own \(from .*set\.toml\) is not a folder of templates; .*mssw templates export"
    ):
        bind_packet(workset, PacketOptions())


def test_the_house_style_alone_may_be_replaced(tmp_path):
    ours = (print_templates() / "house.typ").read_text(encoding="utf-8")
    (tmp_path / "house.typ").write_text(
        ours.replace("  body\n}", "  [Oakfield School]\n  body\n}", 1), encoding="utf-8"
    )
    values = {"title": "Air", "groups": []}
    assert "Oakfield School" in text_of(typeset("checklist", values, paper="a4", folder=tmp_path))


def test_a_picture_beside_the_template_is_found(tmp_path):
    (tmp_path / "crest.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    (tmp_path / "t.typ.j2").write_text('#import "house.typ": *\n#image("crest.svg", alt: "Our crest")\n#label-text[a]')
    assert typeset("t", {}, paper="a4", folder=tmp_path).startswith(b"%PDF-")


def test_a_crest_goes_on_the_cover_and_its_words_into_no_file(tmp_path):
    (tmp_path / "crest.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    (tmp_path / "packet.typ.j2").write_text(COVER.replace("#heading", '#image("crest.svg", alt: "Oakfield")\n#heading'))
    workset = make_set(tmp_path / "set")
    report = bind_packet(workset, PacketOptions(templates=tmp_path))
    assert len(pymupdf.open(workset.packet)[0].get_drawings()) > 0
    with pikepdf.open(report.reading) as pdf:
        cover = pdf.pages[0].Contents.read_bytes()
        told = [str(thing.Alt) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing]
    assert b"(Picture)" in cover
    assert "Picture" in told
    assert not [words for words in [cover.decode("latin-1"), *told] if "Oakfield" in words]


def test_a_template_that_leaves_out_a_label_is_told(tmp_path):
    (tmp_path / "packet.typ.j2").write_text(COVER.replace("<cover>", ""))
    with pytest.raises(UnreadableError, match=r"packet\.typ\.j2 needs <cover>"):
        bind_packet(make_set(tmp_path / "set"), PacketOptions(templates=tmp_path))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            '<% extends "ours/packet.typ.j2" %>\n<% block cover %>\n#nope\n<% endblock %>',
            r"packet\.typ\.j2 .*line 3: .*nope",
        ),
        (
            '<% extends "ours/packet.typ.j2" %>\n<% block cover %>\n\n<< nope >>\n<% endblock %>',
            r"line 4: 'nope' is undefined",
        ),
        ('<% extends "ours/gone.typ.j2" %>', r"asks for ours/gone\.typ\.j2, which is missing"),
        ("a\n<% endfor %>", r"line 2: Encountered unknown tag"),
        ('#import "house.typ": *\n#import "@preview/cetz:0.3.0"', r"line 2: .*cetz.* would have to be downloaded"),
    ],
)
def test_a_fault_in_a_schools_template_is_told_by_its_file_and_line(tmp_path, source, told):
    own = tmp_path / "own"
    own.mkdir()
    (own / "packet.typ.j2").write_text(source)
    with pytest.raises(UnreadableError, match=told) as error:
        bind_packet(make_set(tmp_path / "set"), PacketOptions(templates=own))
    assert str(own / "packet.typ.j2") in str(error.value)


def test_a_template_that_is_not_text_is_told(tmp_path):
    (tmp_path / "checklist.typ.j2").write_bytes(b"\xff\xfe\x00#")
    with pytest.raises(UnreadableError, match=r"checklist\.typ\.j2 is not UTF-8 text"):
        typeset("checklist", {"title": "", "groups": []}, paper="a4", folder=tmp_path)


def test_every_command_that_prints_takes_the_folder(tmp_path):
    workset = make_set(tmp_path / "set")
    assert mssw("packet", workset.root, "--templates", tmp_path / "nowhere") == 3
    assert mssw("sort", workset.root, "--cards", "--templates", tmp_path / "nowhere") == 3
    (tmp_path / "sort-form.typ.j2").write_text("#nope")
    assert mssw("sort", workset.root, "--cards", "--templates", tmp_path) == 3
