"""Typed text beside the handwriting: what is printed of it, what is never printed, and what software may propose."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw, ImageFont

from mssw import demo, status, transcripts
from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import Layout, Part
from mssw.errors import FindingsError, UnreadableError, UsageError
from mssw.names.student import Student
from mssw.names.typed_names import TypedNames
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from mssw.preparing import transcribe
from mssw.preparing.transcribe import confirm_transcripts, leave_out_names, list_transcripts, start_transcripts
from mssw.presenting.shown_samples import read_shown_samples
from mssw.presenting.slides import PresentOptions
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import write_bytes
from mssw.workset.manifest import ListedFile, read_manifest, write_manifest
from mssw.workset.transcript_files import LEFT_OUT, TranscriptState, read_transcript, stamp_of
from support.commands import mssw
from support.made_up_set import image_page, image_pdf, make_set

pytestmark = pytest.mark.pages

CLASS = (("Oluwaseun", "Adeyemi"), ("Rose", "Nguyen"), ("Tomás", "Haddad"))
SAID = "Air has mass.\nThe ball got heavier.\n\nIt takes up space."


@pytest.fixture
def workset(tmp_path):
    made = make_set(tmp_path / "air", ["Andrea", "Bo", "Camille"], pages=1)
    give_roster(made, CLASS)
    start_transcripts(made)
    return made


def give_roster(workset, students):
    rows = roster_from_rows([["First name", "Last name"], *map(list, students)])
    write_bytes(workset.roster, roster_bytes(rows), private=True)


def write(workset, alias, text):
    path = workset.transcripts / f"{alias}.md"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + f"\n{text}\n", encoding="utf-8")


def words_of(path):
    return " ".join(" ".join(page.get_text() for page in pymupdf.open(path)).split())


def test_what_a_teacher_types_is_printed_after_the_samples_and_read_aloud(workset):
    write(workset, "Andrea", SAID)
    done = bind_packet(workset, PacketOptions(session="B"))
    marks = [(title, page) for _, title, page in pymupdf.open(workset.packet).get_toc()]
    titles = [title for title, _ in marks]
    assert titles.index("Camille") < titles.index("Typed text") < titles.index("Notes")
    assert dict(marks)["Typed text"] % 2 == 1
    assert "Air has mass. The ball got heavier. It takes up space." in words_of(workset.packet)
    assert "nobody has checked it" not in words_of(workset.packet)
    assert done.remarks == ("no samples are chosen yet, so all 3 responses are printed.",)
    with pikepdf.open(done.reading) as reading:
        assert any(str(mark.title) == "Typed text" for mark in reading.open_outline().root)
    assert "Air has mass." in words_of(done.reading)
    assert mssw("audit", workset.root) == 0


@pytest.mark.parametrize("layout", [Layout.TWO_UP, Layout.BOOKLET])
def test_it_is_in_every_layout_and_can_be_left_out(workset, layout):
    write(workset, "Bo", "Unmistakable words.")
    bind_packet(workset, PacketOptions(layout=layout))
    assert "Unmistakable words." in words_of(workset.packet)
    bind_packet(workset, PacketOptions(layout=layout, without=(Part.TRANSCRIPTS,)))
    assert "Unmistakable words." not in words_of(workset.packet)


def test_what_is_typed_goes_back_with_the_samples(workset):
    write(workset, "Bo", SAID)
    bind_packet(workset, PacketOptions())
    marks = {title: page for _, title, page in pymupdf.open(workset.packet).get_toc()}
    assert f"hand back everything before page {marks['Notes']}" in words_of(workset.packet)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("I asked Oluwaseun about it.", "Oluwaseun"),
        ("Rose's idea is better.", "Rose"),
        ("me and tomas weighed it", "tomas"),
        ("o.adeyemi said so", "adeyemi"),
    ],
)
def test_a_name_in_a_transcript_is_caught_and_never_repeated(workset, capsys, typed, name):
    write(workset, "Bo", typed)
    for command in (
        ("packet", workset.root),
        ("transcripts", workset.root),
        ("transcripts", workset.root, "--confirm"),
    ):
        assert mssw(*command, *(["--no-input"] if command[0] == "transcripts" else [])) == 1
        said = capsys.readouterr()
        assert "the transcript of Bo" in said.err
        assert name.casefold() not in (said.out + said.err).casefold()
    assert not workset.packet.exists()
    assert not any(name.encode() in path.read_bytes() for path in workset.shared.rglob("*") if path.is_file())


def test_an_address_or_a_phone_number_is_caught_too(workset, capsys):
    write(workset, "Bo", "write to me: balloonfan@example.org")
    assert mssw("packet", workset.root) == 1
    said = capsys.readouterr().err
    assert "the transcript of Bo has a phone number or an e-mail address" in said
    assert "balloonfan" not in said


def test_a_word_that_is_a_name_too_is_printed_once_a_person_says_so(workset):
    write(workset, "Bo", "The balloon Rose up.")
    assert mssw("packet", workset.root) == 1
    assert mssw("packet", workset.root, "--words", "rose") == 0
    assert "The balloon Rose up." in words_of(workset.packet)


def test_a_response_that_changed_takes_its_transcript_out_until_a_person_looked(workset, capsys):
    write(workset, "Andrea", SAID)
    write(workset, "Bo", "These words stay.")
    data = image_pdf([image_page("covered anew")])
    (workset.work / "Andrea.pdf").write_bytes(data)
    manifest = read_manifest(workset)
    row = ListedFile.of("work/Andrea.pdf", data, 1)
    write_manifest(workset, manifest.with_files([row]))
    assert mssw("packet", workset.root) == 0
    assert "Air has mass." not in words_of(workset.packet)
    assert "These words stay." in words_of(workset.packet)
    assert "mssw transcripts" in capsys.readouterr().err
    confirm_transcripts(workset, ["Andrea"])
    bind_packet(workset, PacketOptions())
    assert "Air has mass." in words_of(workset.packet)


def test_only_responses_that_are_printed_have_their_text_printed(workset):
    for alias in ("Andrea", "Bo"):
        write(workset, alias, f"Words of {alias[0]}.")
    manifest = read_manifest(workset)
    released = tuple(row for row in manifest.works if row.alias != "Andrea")
    write_manifest(workset, replace(manifest, works=released, held_works=1))
    bind_packet(workset, PacketOptions(without_held=True))
    assert "Words of B." in words_of(workset.packet)
    assert "Words of A." not in words_of(workset.packet)
    assert mssw("transcripts", workset.root, "Andrea") == 2


def test_a_file_that_a_person_made_herself_waits_for_her_word(workset):
    (workset.transcripts / "Bo.md").write_text(SAID, encoding="utf-8")
    states = {row["alias"]: row["state"] for row in list_transcripts(workset).responses}
    assert states == {"Andrea": "empty", "Bo": "unconfirmed", "Camille": "empty"}
    bind_packet(workset, PacketOptions())
    assert "Air has mass." not in words_of(workset.packet)
    assert mssw("transcripts", workset.root, "Bo", "--confirm") == 0
    bind_packet(workset, PacketOptions())
    assert "Air has mass." in words_of(workset.packet)


def test_what_software_read_is_marked_until_a_person_confirms_it(workset):
    path = workset.transcripts / "Bo.md"
    path.write_text(f"---\nresponse: {stamp_of(read_manifest(workset), 'Bo')}\nread by: software\n---\nAir pushes.\n")
    bind_packet(workset, PacketOptions())
    assert "Read by software; nobody has checked it." in words_of(workset.packet)
    confirm_transcripts(workset, ["Bo"])
    bind_packet(workset, PacketOptions())
    assert "Air pushes." in words_of(workset.packet)
    assert "Read by software" not in words_of(workset.packet)


def test_a_file_that_is_no_text_or_a_book_is_refused(workset):
    manifest = read_manifest(workset)
    path = workset.transcripts / "Bo.md"
    for data, what in ((b"\xff\xfe\x00a", "UTF-8"), (b"word " * 10_000, "shorten")):
        path.write_bytes(data)
        with pytest.raises(UnreadableError, match=what):
            read_transcript(workset, manifest, "Bo")


def test_a_command_writes_only_what_is_not_there(workset, capsys):
    write(workset, "Bo", SAID)
    before = {path: path.read_bytes() for path in workset.transcripts.iterdir()}
    assert mssw("transcripts", workset.root, "--blank", "--json") == 0
    assert json.loads(capsys.readouterr().out)["responses"][1] == {"alias": "Bo", "state": "typed", "words": 11}
    assert mssw("transcripts", workset.root, "Bo", "--confirm", "--dry-run") == 0
    assert {path: path.read_bytes() for path in workset.transcripts.iterdir()} == before
    assert mssw("transcripts", workset.root, "Andrea", "--confirm") == 2
    assert mssw("transcripts", workset.root, "--blank", "--propose") == 2
    assert mssw("transcripts", workset.root, "--replace") == 2
    assert read_transcript(workset, read_manifest(workset), "Camille").state is TranscriptState.EMPTY


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("I asked Oluwaseun and Rose about air.", f"I asked {LEFT_OUT} and {LEFT_OUT} about air."),
        ("Oluwaseun Adeyemi said no.", f"{LEFT_OUT} said no."),
        ("air has mass\nT o m á s", f"air has mass\n{LEFT_OUT}"),
        ("The balloon rose.", "The balloon rose."),
    ],
)
def test_a_proposal_leaves_out_what_may_be_a_name(read, kept):
    names = TypedNames([Student(*one) for one in CLASS])
    assert leave_out_names(read, names) == kept
    assert not names.hits(leave_out_names(read, names))


def test_a_joint_packet_has_the_text_of_all_and_names_of_none(tmp_path, workset):
    other = make_set(tmp_path / "water", ["Dani", "Emery"], pages=1)
    give_roster(other, [("Quetzalli", "Mora")])
    start_transcripts(other)
    write(workset, "Bo", "Air pushes.")
    write(other, "Dani", "Water pushes.")
    bind_packet(workset, PacketOptions(all_works=True), [other])
    assert all(words in words_of(workset.packet) for words in ("Air pushes.", "Water pushes."))
    write(other, "Emery", "Oluwaseun weighed it.")  # of the first class
    with pytest.raises(FindingsError, match="the transcript of Emery"):
        bind_packet(workset, PacketOptions(all_works=True), [other])


def test_software_reads_what_is_written_without_names_and_without_what_is_printed(tmp_path):
    workset = make_set(tmp_path / "air", ["Andrea", "Bo"], pages=1, task=False)
    give_roster(workset, CLASS)
    lines = ["the ball got heavier because", "I asked Oluwaseun and rose", "air has mass"]
    for alias in ("Andrea", "Bo"):
        data = image_pdf([written_page([*lines, f"{alias} · page 1 of 1"])])
        write_bytes(workset.work / f"{alias}.pdf", data, private=False)
        manifest = read_manifest(workset)
        write_manifest(workset, manifest.with_files([ListedFile.of(f"work/{alias}.pdf", data, 1)]))
    assert mssw("transcripts", workset.root, "Bo", "--propose") == 0
    found = read_transcript(workset, read_manifest(workset), "Bo")
    assert found.state is TranscriptState.PROPOSED
    assert "heavier because" in found.text
    assert "mass" in found.text
    assert "page 1" not in found.text
    assert LEFT_OUT in found.text
    assert not TypedNames([Student(*one) for one in CLASS]).hits(found.text)
    assert "luwas" not in found.text.casefold()
    assert read_transcript(workset, read_manifest(workset), "Andrea").state is TranscriptState.MISSING
    before = (workset.transcripts / "Bo.md").read_bytes()
    assert mssw("transcripts", workset.root, "Bo", "--propose") == 0
    assert (workset.transcripts / "Bo.md").read_bytes() == before


def written_page(lines):
    """A page in a hand, 200 dots an inch."""
    page = Image.new("L", (1700, 2200), 255)
    font = ImageFont.truetype(str(next((Path(demo.__file__).parent / "fonts").glob("*.ttf"))), 60)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((200, 300 + 160 * number), line, fill=40, font=font)
    file = io.BytesIO()
    page.save(file, "JPEG", quality=85)
    return EncodedImage(file.getvalue(), *page.size, Tone.GREY), (612.0, 792.0)


def propose(workset, monkeypatch, read, **how):
    """Propose with a reader that says the same of every response."""
    monkeypatch.setattr(transcribe, "check_models", lambda: None)
    monkeypatch.setattr(transcribe._Reader, "read", lambda _self, alias: read(alias))
    return transcribe.propose_transcripts(workset, **how)


def test_what_a_person_corrected_or_typed_meanwhile_is_never_read_over(workset, monkeypatch):
    def type_meanwhile(alias):
        if alias == "Bo":
            write(workset, "Bo", "Typed by hand.")
        return f"Read of {alias}."

    assert propose(workset, monkeypatch, type_meanwhile).written == ("Andrea", "Camille")
    andrea = workset.transcripts / "Andrea.md"
    andrea.write_text(andrea.read_text("utf-8").replace("Read of", "Corrected of"), "utf-8")

    again = propose(workset, monkeypatch, lambda _: "Read anew.", replaced=True)

    assert again.written == ("Camille",)
    assert "Corrected of Andrea." in andrea.read_text("utf-8")
    assert "Typed by hand." in (workset.transcripts / "Bo.md").read_text("utf-8")


def test_confirming_all_leaves_what_nobody_changed_a_proposal(workset, monkeypatch):
    propose(workset, monkeypatch, lambda alias: f"Read of {alias}.")
    andrea = workset.transcripts / "Andrea.md"
    andrea.write_text(andrea.read_text("utf-8").replace("Read of", "Corrected of"), "utf-8")

    done = confirm_transcripts(workset, ())

    assert done.written == ("Andrea",)
    assert "Nobody changed what software read of Bo, Camille" in done.remarks[-1]
    assert confirm_transcripts(workset, ("Bo",)).written == ("Bo",)


@pytest.mark.parametrize("head", ["\n{whole}", "{torn}"])
def test_a_head_is_no_text(workset, head):
    write(workset, "Bo", "Air has mass.")
    path = workset.transcripts / "Bo.md"
    whole = path.read_text("utf-8")
    path.write_text(head.format(whole=whole, torn=whole.replace("---\n", "", 1)), "utf-8")
    if "whole" in head:
        assert read_transcript(workset, read_manifest(workset), "Bo").text == "Air has mass."
        return
    with pytest.raises(UnreadableError, match=r"at the top of .* are damaged"):
        read_transcript(workset, read_manifest(workset), "Bo")


def test_a_name_that_a_line_breaks_is_left_out_and_the_rest_stays():
    names = TypedNames([Student("Maria", "Lopez")])
    assert leave_out_names("The ball was heavy.\nI think Mar-\nia is right\nAir has mass.", names) == (
        f"The ball was heavy.\nI think {LEFT_OUT} is right\nAir has mass."
    )


def test_the_projector_needs_no_transcript(workset):
    write(workset, "Bo", "I asked Oluwaseun about it.")
    assert read_shown_samples(workset, PresentOptions().of_packet).aliases == ("Andrea", "Bo", "Camille")


def test_a_script_does_what_the_command_does_and_status_says_how_far_they_are(workset):
    write(workset, "Andrea", SAID)

    assert [one["state"] for one in transcripts(workset.root).responses] == ["typed", "empty", "empty"]
    assert transcripts(workset.root, ["Andrea"], confirm=True).written == ("Andrea",)
    with pytest.raises(UsageError, match="only one of"):
        transcripts(workset.root, propose=True, confirm=True)
    workset.received.write_text("{}", encoding="utf-8")  # a set with samples, and without scans
    steps = {one.step: one.state for one in status(workset.root).steps}
    assert steps["transcripts"].startswith("1 of 3 typed or checked by a person, 2 not printed; `mssw transcripts ")


def test_who_destroys_the_key_is_reminded_of_the_transcripts(workset, capsys):
    assert mssw("key", "destroy", workset.root, "--dry-run") == 0
    assert "with 3 transcript files that you may want to print first" in " ".join(capsys.readouterr().err.split())
