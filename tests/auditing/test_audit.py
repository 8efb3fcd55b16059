"""The audit finds a name in every place where one can hide, and lets honest files pass."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from mssw.auditing.byte_search import search_bytes, search_compressed
from mssw.auditing.one_file import Finding, audit_file
from mssw.auditing.run_audit import AuditReport, audit_path
from mssw.cli.audit import audit as audit_command
from mssw.core.page import Box, Tone
from mssw.formats.workbooks import workbook_bytes
from mssw.names.name_search import NameSearch
from support import canaries
from support.canaries import NAME, SPELLINGS
from support.drawn_once import drawing_anew
from support.examples import examples

BASES = {"work/Andrea.pdf": canaries.work_pdf, "packet.pdf": canaries.packet_pdf}


@pytest.fixture(scope="module", autouse=True)
def _drawn_anew():
    with drawing_anew():
        yield


def found(path_name: str, data: bytes) -> list[str]:
    """What the audit says of a file; never with the name in it."""
    findings = audit_file(path_name, data, SPELLINGS, students=(7,) * len(SPELLINGS))
    told = [str(finding) for finding in findings]
    assert not any("konkwo" in line.casefold() or "zebulon" in line.casefold() for line in told)
    return told


def names_it(told: list[str]) -> bool:
    return any("a roster name is in" in line and "student 7" in line for line in told)


@pytest.mark.parametrize("path_name", BASES)
def test_honest_pdfs_pass(path_name):
    assert found(path_name, BASES[path_name]()) == []


@pytest.mark.parametrize(
    ("data", "tone"),
    [
        (canaries.jpeg(canaries.grey_page()), Tone.GREY),
        (canaries.jpeg(np.dstack([canaries.grey_page()] * 3)), Tone.COLOUR),
        (canaries.jpeg(np.dstack([canaries.grey_page()] * 3), cv2.IMWRITE_JPEG_PROGRESSIVE, 1), Tone.COLOUR),
        (canaries.jpeg(canaries.grey_page(), cv2.IMWRITE_JPEG_RST_INTERVAL, 4), Tone.GREY),
        (canaries.fax(canaries.grey_page()), Tone.BITONAL),
    ],
    ids=["grey", "colour", "progressive", "restarts", "fax"],
)
def test_every_way_of_coding_a_page_passes(data, tone):
    assert found("work/Andrea.pdf", canaries.one_image_pdf(data, tone)) == []


@pytest.mark.parametrize("path_name", BASES)
@pytest.mark.parametrize("place", canaries.OBJECTS)
def test_a_name_in_an_object_is_found(place, path_name):
    data = canaries.edited(BASES[path_name](), canaries.OBJECTS[place])
    told = found(path_name, data)
    assert [line for line in told if "a roster name" not in line] or place == "a bookmark"
    assert names_it(told)


@pytest.mark.parametrize("path_name", BASES)
@pytest.mark.parametrize("place", canaries.BYTES)
def test_a_name_in_the_bytes_between_is_found(place, path_name):
    assert names_it(found(path_name, canaries.BYTES[place](BASES[path_name]())))


@pytest.mark.parametrize("path_name", BASES)
@pytest.mark.parametrize("place", canaries.UNSEARCHABLE)
def test_pixels_out_of_sight_are_found(place, path_name):
    assert found(path_name, canaries.edited(BASES[path_name](), canaries.UNSEARCHABLE[place]))


@pytest.mark.parametrize("place", canaries.TYPESET)
def test_a_name_on_a_typeset_page_is_found_by_its_text_alone(place):
    told = found("packet.pdf", canaries.typeset(canaries.TYPESET[place]))
    assert names_it(told)
    assert all("a roster name" in line for line in told)


@pytest.mark.parametrize(
    ("place", "data"), list(canaries.jpegs()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_name_in_a_jpeg_is_found(place, data):
    assert found("work/Andrea.pdf", canaries.one_image_pdf(data)), place
    assert found("thumbnail.jpg", data), place


@pytest.mark.parametrize(
    ("place", "data"), list(canaries.pngs()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_name_in_a_png_is_found(place, data):
    assert found("thumbnail.png", data), place


def test_honest_pictures_pass():
    assert found("thumbnail.png", canaries.png()) == []
    assert found("thumbnail.jpg", canaries.jpeg(canaries.grey_page())) == []


@pytest.mark.parametrize("extra", [NAME.encode(), b"\0" * 8])
def test_bytes_after_a_fax_image_are_found(extra):
    data = canaries.fax(canaries.grey_page()) + extra
    assert found("work/Andrea.pdf", canaries.one_image_pdf(data, Tone.BITONAL))


@pytest.mark.parametrize("filter_name", ["JPXDecode", "JBIG2Decode"])
def test_codings_with_hiding_places_of_their_own_are_found(filter_name):
    def edit(pdf):
        canaries.UNSEARCHABLE["an image smaller than it says"](pdf)
        pdf.pages[-1].obj.Resources.XObject.Im0.Filter = canaries.Name(f"/{filter_name}")

    assert any("/Filter" in line for line in found("work/Andrea.pdf", canaries.edited(canaries.work_pdf(), edit)))


@pytest.mark.parametrize(
    ("place", "data"), list(canaries.workbooks()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_name_in_a_workbook_is_found(place, data):
    told = found("sort.xlsx", data)
    assert told
    assert names_it(told) or place in {"a hidden sheet", "a member's date", "a picture's packed text"}


def test_an_honest_workbook_passes_though_its_theme_names_fonts_like_people():
    assert found("sort.xlsx", canaries.workbook()) == []
    assert audit_file("sort.xlsx", canaries.workbook(), ["Shruti", "Kartika"]) == []


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        NAME.upper(),
        '{"note": "\\u004fkonkwo"}',
        "Zebulonia%20Okonkwo",
        "&#79;konkwo",
        "Zébulonía",
        "zebuloniaokonkwo@school.org",
        "T2tvbmt3byBaZWJ1bG9uaWE=",
        "900417",
        "O k o n k w o",
    ],
)
def test_a_name_in_json_or_text_is_found_however_it_is_written(text):
    assert names_it(found("samples.json", text.encode()))
    assert names_it(found("intro.md", f"Dear all, {text} wrote this.".encode()))


@pytest.mark.parametrize("code", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_name_is_found_in_every_code_of_characters(code):
    assert search_bytes(f"by {NAME}, 5th".encode(code), NameSearch(SPELLINGS))


def test_words_inside_words_hashes_and_everyday_words_accuse_nobody():
    manifest = {
        "sha256": "ada1" * 16,
        "note": "Will each group mark a page in May? Adapt the plan; nathaniel.",
    }
    roster = ["Ada", "Will", "Mark", "May", "Page", "Nathan", "Bo"]
    assert audit_file("manifest.json", json.dumps(manifest).encode(), roster) == []
    assert audit_file("packet.pdf", canaries.packet_pdf(), [*roster, "Massive Page"]) == []
    assert audit_file("packet.pdf", canaries.packet_pdf(), ["Will Each"]) != []


def test_names_of_pdfs_own_language_accuse_nobody():
    roster = ["Page", "Lang", "Root", "Parent", "Kids", "Flags", "Width", "Filter", "Font"]
    assert audit_file("work/Andrea.pdf", canaries.work_pdf(), roster) == []
    assert audit_file("packet.pdf", canaries.packet_pdf(), roster) == []


def test_random_bytes_spell_no_names():
    noise = np.random.default_rng(5).integers(0, 256, 2_000_000, dtype=np.uint8).tobytes()
    roster = [first + last for first in "ABDEGIKLMNOST" for last in ("ia", "na", "el", "ara", "olin", "aria")]
    names = NameSearch(roster)
    assert names.letters_beyond_chance(len(noise)) <= 7
    assert search_compressed(noise, names) == set()
    assert search_compressed(noise[:1000] + b"\0Konstantina\0" + noise[1000:], NameSearch(["Konstantina"])) == {0}


def test_names_written_without_spaces_are_found_inside_a_sentence():
    assert audit_file("intro.md", "这是王小明的作业".encode(), ["王小明"])


@pytest.mark.parametrize("name", ["work/Okonkwo.pdf", "work/zebulonia-okonkwo.pdf", "Okonkwo.json"])
def test_a_files_own_name_is_found_and_not_repeated(name):
    told = found(name, canaries.work_pdf())
    assert names_it(told)
    assert all(line.startswith("(name withheld)") for line in told)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("work/Andrea.pdf", b""),
        ("work/Andrea.pdf", b"hello"),
        ("work/Andrea.pdf", canaries.work_pdf()[:3000]),
        ("packet.pdf", canaries.packet_pdf()[:-40]),
        ("sort.xlsx", b"PK\x03\x04 broken"),
        ("thumbnail.png", canaries.png()[:60]),
        ("work/.writing-x1", canaries.work_pdf()),
        ("crash.dmp", b"\x00\x01\x02"),
        ("intro.md", bytes(range(256)) * 9),
    ],
)
def test_damaged_and_unknown_files_are_findings(name, data):
    assert found(name, data)


def test_an_encrypted_pdf_is_a_finding():
    with canaries.pikepdf.open(canaries.io.BytesIO(canaries.work_pdf())) as pdf:
        for user in ("", "x"):
            out = canaries.io.BytesIO()
            pdf.save(out, encryption=canaries.pikepdf.Encryption(owner="y", user=user))
            assert any("encrypted" in line for line in found("work/Andrea.pdf", out.getvalue()))


def test_a_deflate_bomb_is_a_finding_and_is_not_unpacked_whole():
    bomb = canaries._inserted(canaries.packet_pdf(), canaries._packed(bytes(80 * 2**20)))
    assert any("swells" in line for line in found("packet.pdf", bomb))


def test_a_page_of_absurd_size_is_a_finding():
    def edit(pdf):
        pdf.pages[0].obj.MediaBox = canaries.Array([0, 0, 200_000, 200_000])

    told = found("work/Andrea.pdf", canaries.edited(canaries.work_pdf(), edit))
    assert any("size makes no sense" in line for line in told)


@examples(60)
@given(st.data())
def test_no_changed_byte_breaks_the_audit(data):
    honest = bytearray(canaries.work_pdf()[:900] + canaries.work_pdf()[-700:])
    at = data.draw(st.integers(0, len(honest) - 1))
    honest[at] = data.draw(st.integers(0, 255))
    assert all(isinstance(finding, Finding) for finding in audit_file("packet.pdf", bytes(honest), SPELLINGS))


# A whole work set -------------------------------------------------------------------------------------

COVER = (0.08, 0.05, 0.6, 0.08)


def make_set(root: Path, *, leak: float = 0.0) -> Path:
    """A work set of one work with one covered name."""
    before = canaries.grey_page(850, 1100)
    cv2.putText(before, "Zebulonia", (90, 120), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.6, 70, 2)
    left, top, right, bottom = Box(*COVER).to_pixels(850, 1100)
    after = before.copy()
    under = after[top:bottom, left:right]
    under[:] = np.round(255 * (1 - leak) + under * leak)
    cv2.rectangle(after, (left, top), (right - 1, bottom - 1), 120, 1)
    cv2.putText(after, "Andrea", (left + 20, bottom - 30), cv2.FONT_HERSHEY_DUPLEX, 1, 20, 2)
    work = canaries.one_image_pdf(canaries.jpeg(after), width=850, height=1100)
    shared, private = root / "shared", root / "private"
    (shared / "work").mkdir(parents=True)
    (private / "pages").mkdir(parents=True)
    (root / "set.toml").write_text('title = "Massive air"\n')
    (shared / "work" / "Andrea.pdf").write_bytes(work)
    (private / "pages" / "s01-p0001.jpg").write_bytes(canaries.jpeg(before))
    (private / "roster.xlsx").write_bytes(
        workbook_bytes({"Roster": [["Last name", "First name"], ["Okonkwo", "Zebulonia"]]})
    )
    page = {
        "id": "s01-p0001",
        "source": "stack.pdf",
        "number": 1,
        "fate": "kept",
        "reason": "",
        "task_page": 1,
        "turn": 0,
        "score": 0.9,
        "image": "s01-p0001.jpg",
        "way": "",
        "points": [612, 792],
        "covers": [{"box": COVER, "kind": "name field"}],
        "flags": [],
    }
    state = {
        "version": 1,
        "pages": [page],
        "works": [{"alias": "Andrea", "pages": ["s01-p0001"], "held": []}],
    }
    (private / "state.json").write_text(json.dumps(state))
    close(private)
    write_manifest(shared)
    return root


def close(private: Path) -> None:
    for path in [private, *private.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def write_manifest(shared: Path) -> None:
    files = [
        {"path": path.relative_to(shared).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(shared.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    ]
    (shared / "manifest.json").write_text(json.dumps({"version": 1, "files": files}))


@pytest.fixture
def workset(tmp_path):
    return make_set(tmp_path / "massive-air")


def told_of(path: Path, roster: Path | None = None) -> list[str]:
    return [str(finding) for finding in audit_path(path, roster).findings]


def test_an_honest_work_set_passes_and_its_covers_were_looked_under(workset):
    report = audit_path(workset)
    assert report.passed
    assert report.students == 1
    assert [(one.name, one.covers) for one in report.files] == [("manifest.json", 0), ("work/Andrea.pdf", 1)]


def test_a_cover_that_shows_what_is_under_it_is_found(tmp_path):
    told = told_of(make_set(tmp_path / "set", leak=0.03))
    assert told == ["work/Andrea.pdf, page 1: cover 1: what was under it shows through the cover"]


def test_a_file_that_the_manifest_does_not_name_or_that_changed_is_found(workset):
    shutil.copy(workset / "shared/work/Andrea.pdf", workset / "shared/task.pdf")
    assert told_of(workset) == ["task.pdf: the manifest does not name this file"]
    write_manifest(workset / "shared")
    assert told_of(workset) == []
    (workset / "shared/task.pdf").write_bytes(canaries.work_pdf())
    assert told_of(workset) == ["task.pdf: the file is not the one that the manifest names; it was changed since"]
    (workset / "shared/task.pdf").unlink()
    assert told_of(workset) == ["task.pdf: the manifest names this file, but it is not there"]
    (workset / "shared/manifest.json").unlink()
    assert told_of(workset) == ["manifest.json: the manifest is missing or damaged; run `mssw prepare` again"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems have these permissions")
def test_a_private_file_that_others_can_read_is_found(workset):
    (workset / "private/roster.xlsx").chmod(0o644)
    assert any("1 of its files and folders can be read by others" in line for line in told_of(workset))


def test_an_alias_that_is_a_roster_name_is_found_and_not_repeated(workset):
    state = json.loads((workset / "private/state.json").read_text())
    state["works"].append({"alias": "Zebulonia", "pages": [], "held": ["no name found"]})
    (workset / "private/state.json").write_text(json.dumps(state))
    assert told_of(workset) == ["private/state.json: an alias is also a roster name (student 1 of the roster)"]


def test_a_held_work_that_was_shared_is_found(workset):
    state = json.loads((workset / "private/state.json").read_text())
    state["works"][0]["held"] = ["the name field is empty"]
    (workset / "private/state.json").write_text(json.dumps(state))
    assert told_of(workset) == ["work/Andrea.pdf: the response is on hold, but it is in shared/"]


def test_covers_that_cannot_be_checked_are_found(workset):
    (workset / "private/pages/s01-p0001.jpg").write_bytes(b"no image")
    assert any("covers cannot be checked" in line for line in told_of(workset))
    (workset / "private/state.json").unlink()
    assert any("no response in this set has this alias" in line for line in told_of(workset))


def test_links_are_found_and_not_followed(workset, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("hello")
    (workset / "shared/intro.md").symlink_to(secret)
    (workset / "shared/loop").symlink_to(workset / "shared")
    told = told_of(workset / "shared")
    assert [line for line in told if "a link" in line] == [
        "intro.md: it is a link, not a file, and may lead anywhere",
        "loop: it is a link, not a file, and may lead anywhere",
    ]


def test_a_folder_and_a_file_are_searched_for_the_roster_that_is_given(workset, tmp_path):
    roster = workset / "private/roster.xlsx"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "note.txt").write_text(f"by {NAME}")
    expected = "note.txt: a roster name is in the text (student 1 of the roster)"
    assert told_of(tmp_path / "out", roster) == [expected]
    assert told_of(tmp_path / "out" / "note.txt", roster) == [expected]
    without = audit_path(tmp_path / "out")
    assert without.passed
    assert without.notes == ("no roster was given, so no names were searched for",)


def test_what_is_written_in_pictures_is_said_not_to_be_read(workset, tmp_path):
    said = "what is written or drawn in pictures, such as scanned pages, was not read: look at them yourself"
    scan = tmp_path / "stack.pdf"
    scan.write_bytes(next((workset / "shared" / "work").glob("*.pdf")).read_bytes())
    assert said in audit_path(scan).notes
    assert said not in audit_path(workset).notes  # there, every page was looked at before


def command(*arguments: str) -> tuple[int, str, str]:
    app = Typer()
    app.command()(audit_command)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_the_command_tells_what_is_clean_and_ends_with_0(workset):
    code, out, err = command(str(workset))
    assert code == 0
    assert out.splitlines() == ["manifest.json    clean", "work/Andrea.pdf  clean     1 cover checked"]
    assert err == "2 files checked for the names of 1 student: nothing found.\n"


def test_the_command_lists_findings_and_ends_with_1(workset):
    (workset / "shared/work/Andrea.pdf").write_bytes(canaries.typeset(NAME))
    write_manifest(workset / "shared")
    code, out, err = command(str(workset))
    assert code == 1
    assert "work/Andrea.pdf, page 1: a roster name is in the page's text (student 1 of the roster)" in out
    assert "do not share any of this until the problems above are fixed" in err
    code, out, _ = command(str(workset), "--json")
    assert code == 1
    plain = json.loads(out)
    assert not plain["passed"]
    assert {entry["file"] for entry in plain["findings"]} == {"work/Andrea.pdf"}


def test_a_report_without_findings_has_passed():
    assert AuditReport((), (), 0).passed
    assert not AuditReport((), (Finding("a.pdf", 2, "text"),), 0).passed


@pytest.mark.parametrize("code", ["ascii", "utf-16-le", "utf-16-be"])
def test_a_long_name_inside_compressed_bytes_is_found(code):
    noise = np.random.default_rng(6).integers(0, 256, 50_000, dtype=np.uint8).tobytes()
    data = noise[:20_000] + b"\1" + "Konstantina".encode(code) + b"\1" + noise[20_000:]
    assert search_compressed(data, NameSearch(["Konstantina"])) == {0}
