"""What the audit lets through for a packet and its reading file, and that nothing beside it gets through."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from mssw.auditing.one_file import audit_file
from mssw.core.paper import Layout
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from support.made_up_set import make_set

pytestmark = pytest.mark.pages

STUDENT = "Oluwaseun"
NAMES = [STUDENT, f"{STUDENT} Adeyemi", "مريم"]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The bytes of a packet, of its reading file, and of the same packet two-up."""
    workset = make_set(tmp_path_factory.mktemp("air") / "set", ["Andrea", "Bo"], pages=2)
    bind_packet(workset, PacketOptions(session="B"))
    found = {path.name: path.read_bytes() for path in workset.packets()}
    bind_packet(workset, PacketOptions(session="B", layout=Layout.TWO_UP))
    return found | {"two-up": workset.packet.read_bytes()}


def findings(name: str, data: bytes) -> list[str]:
    return [finding.what for finding in audit_file(name, data, NAMES)]


def changed(data: bytes, change) -> bytes:
    """The file after a change, written as mssw writes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        buffer = io.BytesIO()
        plain = {"compress_streams": False, "object_stream_mode": pikepdf.ObjectStreamMode.disable}
        pdf.save(buffer, deterministic_id=True, fix_metadata_version=False, **plain)
        return buffer.getvalue()


def tags(pdf, kind):
    return [thing for thing in pdf.objects if isinstance(thing, Dictionary) and thing.get("/S") == kind]


def pictured(pdf):
    return next(page.obj for page in pdf.pages if "/XObject" in page.obj.Resources)


def with_content(page, pdf, content):
    page.Contents = pikepdf.Stream(pdf, zlib.compress(content), Filter=Name.FlateDecode)


def first_form(pdf):
    return pdf.pages[2].obj.Resources.XObject["/P0"]


def test_honest_files_pass(printed):
    assert findings("packet.pdf", printed["packet.pdf"]) == []
    assert findings("packet.pdf", printed["two-up"]) == []
    assert findings("packet-a4-reading.pdf", printed["packet-reading.pdf"]) == []


def test_rewriting_alone_is_no_finding(printed):
    for name, data in (("packet-reading.pdf", printed["packet-reading.pdf"]), ("packet.pdf", printed["packet.pdf"])):
        assert findings(name, changed(data, lambda _: None)) == []


def _set(thing, key, value):
    thing[key] = value


READING = {
    "other words for a picture": lambda pdf: _set(tags(pdf, Name.Figure)[0], "/Alt", String("A drawing by her")),
    "a name among the words for a picture": lambda pdf: _set(
        tags(pdf, Name.Figure)[0],
        "/Alt",
        String(f"Student work by {STUDENT}, page 1 of 2, handwritten; names removed"),
    ),
    "words for something that is no picture": lambda pdf: _set(
        tags(pdf, Name.P)[0], "/Alt", String("The blank task, page 1 of 2, as students got it")
    ),
    "words to be read in place of a tag": lambda pdf: _set(tags(pdf, Name.P)[0], "/ActualText", String("other words")),
    "an expansion": lambda pdf: _set(tags(pdf, Name.P)[0], "/E", String("other words")),
    "a title of a tag": lambda pdf: _set(tags(pdf, Name.H1)[0], "/T", String("other words")),
    "an identity in words": lambda pdf: _set(tags(pdf, Name.P)[0], "/ID", String("other words")),
    "a class of a tag": lambda pdf: _set(tags(pdf, Name.P)[0], "/C", Name("/Other")),
    "a kind of tag of its own": lambda pdf: _set(tags(pdf, Name.P)[0], "/S", Name("/Other")),
    "properties of a user": lambda pdf: _set(
        tags(pdf, Name.P)[0], "/A", Array([Dictionary(O=Name.UserProperties, P=Array([]))])
    ),
    "a role of its own": lambda pdf: _set(pdf.Root.StructTreeRoot.RoleMap, "/Other", Name.P),
    "a class map": lambda pdf: _set(pdf.Root.StructTreeRoot, "/ClassMap", Dictionary()),
    "a namespace": lambda pdf: _set(pdf.Root.StructTreeRoot, "/Namespaces", Array([])),
    "a tag in a tree that no page has": lambda pdf: _set(
        pdf.Root.StructTreeRoot.ParentTree,
        "/Nums",
        Array([*pdf.Root.StructTreeRoot.ParentTree.Nums, 9999, pdf.make_indirect(Dictionary(S=Name.P))]),
    ),
    "an author": lambda pdf: _set(pdf.trailer.Info, "/Author", String("other words")),
    "more metadata": lambda pdf: pdf.Root.Metadata.write(
        pdf.Root.Metadata.read_bytes().replace(b"<pdfuaid", b"<dc:creator>other words</dc:creator><pdfuaid")
    ),
    "metadata after the end": lambda pdf: pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes() + b"<!-- words -->"),
    "a bookmark in other words": lambda pdf: _set(pdf.Root.Outlines.First, "/Title", String("What she wrote")),
    "a bookmark with a name": lambda pdf: _set(pdf.Root.Outlines.First, "/Title", String(STUDENT)),
    "a place with a name": lambda pdf: _set(pdf.Root, "/Names", Dictionary(Dests=Dictionary(Names=Array([])))),
    "labels of pages": lambda pdf: _set(pdf.Root, "/PageLabels", Dictionary(Nums=Array([]))),
    "a note": lambda pdf: _set(pictured(pdf), "/Annots", Array([])),
    "a language in words": lambda pdf: _set(pdf.Root, "/Lang", String("other words")),
    "a name for the title": lambda pdf: _set(pdf.trailer.Info, "/Title", String(f"The work of {STUDENT}")),
    "no tags": lambda pdf: _set(pdf.Root, "/StructTreeRoot", Dictionary(Type=Name.StructTreeRoot)),
    "a second picture": lambda pdf: _set(pictured(pdf).Resources.XObject, "/Im1", pictured(pdf).Resources.XObject.Im0),
    "something drawn over the picture": lambda pdf: with_content(
        pictured(pdf), pdf, pictured(pdf).Contents.read_bytes() + b"\nq 0 0 300 300 re f Q"
    ),
    "a picture over the edge": lambda pdf: with_content(pictured(pdf), pdf, b"q 900 0 0 792 0 0 cm /Im0 Do Q"),
    "words in the place of marked ones": lambda pdf: with_content(
        pictured(pdf), pdf, b"/Span<</MCID 0/ActualText(other words)>>BDC EMC\nq 9 0 0 9 9 9 cm /Im0 Do Q"
    ),
}


@pytest.mark.parametrize("change", READING.values(), ids=READING)
def test_what_a_reading_file_does_not_need_is_found(printed, change):
    assert findings("packet-reading.pdf", changed(printed["packet-reading.pdf"], change))


PRINT = {
    "tags in a file to print": lambda pdf: _set(
        pdf.Root, "/StructTreeRoot", pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    ),
    "a title": lambda pdf: _set(pdf.trailer, "/Info", pdf.make_indirect(Dictionary(Title=String("words")))),
    "a bookmark in other words": lambda pdf: _set(pdf.Root.Outlines.First, "/Title", String("For Mrs Adeyemi")),
    "text over the picture": lambda pdf: with_content(
        pictured(pdf), pdf, pictured(pdf).Contents.read_bytes() + b"\nBT ET"
    ),
    "a picture that is not shown": lambda pdf: with_content(pictured(pdf), pdf, b"q Q"),
    "a move that is left open before the picture": lambda pdf: with_content(
        pictured(pdf), pdf, b"q 0.1 0 0 0.1 0 0 cm\nq 500 0 0 500 50 50 cm /Im0 Do Q"
    ),
}
TWO_UP = {
    "a page over another": lambda pdf: with_content(
        pdf.pages[2].obj, pdf, b"q 0.6 0 0 0.6 0 50 cm /P0 Do Q\nq 0.6 0 0 0.6 90 50 cm /P1 Do Q"
    ),
    "a page over the edge": lambda pdf: with_content(
        pdf.pages[2].obj, pdf, b"q 0.6 0 0 0.6 -90 50 cm /P0 Do Q\nq 0.6 0 0 0.6 396 50 cm /P1 Do Q"
    ),
    "a page that is not shown": lambda pdf: with_content(pdf.pages[2].obj, pdf, b"q 0.6 0 0 0.6 0 50 cm /P0 Do Q"),
    "something beside the pages": lambda pdf: with_content(
        pdf.pages[2].obj, pdf, pdf.pages[2].obj.Contents.read_bytes() + b"\n0 0 9 9 re f"
    ),
    "metadata on a page": lambda pdf: _set(first_form(pdf), "/Metadata", pdf.make_stream(b"<x/>")),
    "a layer": lambda pdf: _set(first_form(pdf), "/OC", Dictionary(Type=Name.OCG, Name=String("words"))),
    "a page within a page": lambda pdf: _set(
        first_form(pdf).Resources, "/XObject", Dictionary(P9=pdf.pages[1].obj.Resources.XObject["/P0"])
    ),
    "a page that is a picture": lambda pdf: _set(
        pdf.pages[2].obj.Resources.XObject, "/P0", first_form(pdf).Resources.get("/XObject", Dictionary()).get("/Im0")
    ),
}


@pytest.mark.parametrize("change", PRINT.values(), ids=PRINT)
def test_what_a_packet_does_not_need_is_found(printed, change):
    assert findings("packet.pdf", changed(printed["packet.pdf"], change))


@pytest.mark.parametrize("change", TWO_UP.values(), ids=TWO_UP)
def test_what_a_sheet_does_not_need_is_found(printed, change):
    assert findings("packet.pdf", changed(printed["two-up"], change))


def test_a_reading_file_by_another_name_and_a_packet_by_its_name_are_found(printed):
    assert findings("packet.pdf", printed["packet-reading.pdf"])
    assert findings("packet-reading.pdf", printed["packet.pdf"])
    named = findings(f"packet-1-{STUDENT}.pdf", printed["packet.pdf"])
    assert [what for what in named if "the file's name" in what]


def test_streams_that_an_earlier_search_found_clean_are_clean_for_no_other_names(printed):
    clean: set[bytes] = set()
    assert audit_file("packet.pdf", printed["packet.pdf"], NAMES, clean=clean) == []
    assert clean
    with_name = changed(
        printed["packet.pdf"],
        lambda pdf: with_content(pdf.pages[1].obj, pdf, f"BT ({STUDENT}) Tj ET".encode()),
    )
    assert audit_file("packet.pdf", with_name, NAMES, clean=clean)
    assert audit_file("packet.pdf", with_name, NAMES, clean=clean)  # what has a name in it never becomes clean
