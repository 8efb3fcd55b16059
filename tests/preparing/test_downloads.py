"""A download of a learning system goes in as it is: safe to open, one student each, and nothing skipped silently."""

from __future__ import annotations

import os
import stat
import zipfile

import pytest

from mssw.errors import UnreadableError, UsageError
from mssw.formats import zip_files
from mssw.preparing.given_scans import check_scans, list_given_files, list_scans
from mssw.roster.roster_file import read_roster
from mssw.workset.stack import Stack
from support.downloads import ROSTER, SYSTEMS, photo, scanned, students, typed, unzipped, zipped

pytestmark = pytest.mark.usefixtures("warm_crew")

NONE_YET = Stack(())
SCAN = typed("one page")
TWO = {"smithanna_1_2_a.pdf": SCAN, "leemaria_2_3_b.pdf": SCAN}


def taken(path, roster=None):
    """The stack that is made of a download; the places of its files are gone."""
    given = check_scans([path], NONE_YET, roster=roster)
    given.discard()
    assert not any(one.exists() for one in given.paths)
    return given


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("pack", [zipped, unzipped])
def test_each_system_gives_one_submission_a_student_under_names_that_name_nobody(tmp_path, system, pack):
    work = {0: [("work.pdf", scanned(0))], 1: [("IMG_1.jpg", photo(1)), ("IMG_2", photo(1, 1))], 2: [("a.pdf", SCAN)]}
    given = taken(pack(tmp_path / "hw.zip", SYSTEMS[system](work)), read_roster(ROSTER))

    files = [one for one in given.stack.files if not one.is_earlier]
    assert sorted(len([one for one in files if one.submission == number]) for number in (1, 2, 3)) == [1, 1, 2]
    assert sorted(one.pages for one in files) == [1, 1, 1, 2]
    assert all(one.name.startswith("file-") for one in given.stack.files)
    spelt = [name.casefold() for first, last, number, _ in students()[:3] for name in (first, last, number)]
    assert not any(name in f"{given.stack}{given.notes}".casefold() for name in spelt)


def test_what_a_system_adds_is_passed_over_and_said(tmp_path):
    work = {0: [("a.pdf", SCAN)], 1: [("b.pdf", SCAN)]}

    assert "were passed over" in taken(zipped(tmp_path / "bb.zip", SYSTEMS["blackboard"](work))).notes[0]
    assert taken(zipped(tmp_path / "moodle.zip", SYSTEMS["moodle"](work))).notes == ()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("smithanna_1_2_x.docx", b"PK\x03\x04", "a Word document"),
        ("smithanna_1_2_x.doc", b"\xd0\xcf\x11\xe0", "a Word document"),
        ("smithanna_1_2_x.odt", b"PK\x03\x04", "an OpenDocument or RTF text"),
        ("smithanna_1_2_x.rtf", b"{\\rtf1", "an OpenDocument or RTF text"),
        ("smithanna_1_2_x.pages", b"PK\x03\x04", "a Pages document"),
        ("smithanna_1_2_x.gdoc", b"{}", "a link to a Google document"),
        ("smithanna_1_2_x.url", b"[InternetShortcut]", "a link to an online document"),
        ("smithanna_1_2_x.pptx", b"PK\x03\x04", "a presentation"),
        ("smithanna_1_2_text.html", b"<p>My answer", "a web page, or a text typed into the system"),
        ("smithanna_1_2_x.txt", b"My answer", "a plain text"),
        ("smithanna_1_2_x.zip", b"PK\x03\x04", "a zip or other archive"),
        ("smithanna_1_2_x.mov", b"....ftypqt  ", "a film or sound"),
        ("smithanna_1_2_x.eps", b"%!PS-Adobe-3.0 EPSF-3.0", "a kind of file that no scanner or phone writes"),
        ("smithanna_1_2_x.dds", b"DDS |", "a kind of file that no scanner or phone writes"),
    ],
)
def test_what_is_no_page_is_refused_by_its_number_with_the_way_out(tmp_path, name, data, said):
    with pytest.raises(UnreadableError) as refused:
        taken(zipped(tmp_path / "hw.zip", TWO | {name: data}))

    sentence = str(refused.value)
    assert f"is neither a PDF nor a picture but {said}" in sentence
    assert "file " in sentence
    assert "smith" not in sentence


def test_several_such_files_are_one_sentence_with_all_their_numbers(tmp_path):
    more = {"leemaria_2_5_c.docx": b"PK\x03\x04", "kimjo_3_6_d.docx": b"PK\x03\x04", "kimjo_3_7_e.gdoc": b"{}"}

    with pytest.raises(
        UnreadableError, match=r"3 files .*Word document: files 1 and 4; link to a Google document: file 2"
    ):
        taken(zipped(tmp_path / "hw.zip", TWO | more))


def test_files_are_told_by_their_bytes_whatever_their_ending(tmp_path):
    odd = {"smithanna_1_2_a": SCAN, "leemaria_2_3_b.docx": photo(0), "kimjo_3_4_c.jfif": photo(1), "x_4_5_d.txt": SCAN}

    assert [one.name for one in taken(zipped(tmp_path / "hw.zip", odd)).stack.files] == [
        "file-01.jpg",
        "file-02.jpg",
        "file-03.pdf",
        "file-04.pdf",
    ]


def test_a_zip_of_scans_is_a_folder_of_scans(tmp_path):
    zipped(
        tmp_path / "scans.zip", {"in/Scan 2.pdf": SCAN, "in/Scan.pdf": SCAN, "in/Scan 10.pdf": SCAN, "class.csv": b"A"}
    )

    given = taken(tmp_path / "scans.zip")
    assert [one.name for one in given.stack.files] == ["Scan.pdf", "Scan 2.pdf", "Scan 10.pdf"]
    assert not given.stack.is_by_student


# A zip from a stranger


def hostile(path, change):
    """A zip of one scan, changed as a stranger may."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        info = zipfile.ZipInfo("smithanna_1_2_a.pdf")
        change(made, info)
    return path


def link(made, info):
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    made.writestr(info, "/etc/passwd")


def bomb(made, info):
    info.compress_type = zipfile.ZIP_DEFLATED
    with made.open(info, "w") as file:
        for _ in range(200):
            file.write(bytes(1024 * 1024))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made, _: made.writestr("../../up.pdf", SCAN), "leads out of its folder"),
        (lambda made, _: made.writestr("/etc/up.pdf", SCAN), "leads out of its folder"),
        (lambda made, _: made.writestr("C:\\up.pdf", SCAN), "leads out of its folder"),
        (lambda made, _: made.writestr("..\\up.pdf", SCAN), "leads out of its folder"),
        (link, "leads out of its folder"),
        (bomb, "swells as no scan does"),
        (lambda _, __: None, "holds no scans"),
    ],
)
def test_a_hostile_zip_is_refused_and_leaves_nothing(tmp_path, monkeypatch, change, said):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    path = hostile(tmp_path / "hw.zip", change)

    with pytest.raises(UnreadableError, match=said):
        taken(path)
    assert list((tmp_path / "temp").iterdir()) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hw.zip", "temp"]


def test_a_damaged_and_a_locked_zip_are_named(tmp_path):
    good = zipped(tmp_path / "hw.zip", TWO).read_bytes()
    (tmp_path / "cut.zip").write_bytes(good[: len(good) // 2])
    locked = bytearray(good)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(sign)
        locked[at + flags] |= 1
    (tmp_path / "locked.zip").write_bytes(bytes(locked))

    with pytest.raises(UnreadableError, match="is damaged and cannot be unpacked"):
        taken(tmp_path / "cut.zip")
    with pytest.raises(UnreadableError, match="locked with a password"):
        taken(tmp_path / "locked.zip")


def test_a_zip_that_lies_about_its_size_is_stopped(tmp_path, monkeypatch):
    path = zipped(tmp_path / "hw.zip", TWO)
    monkeypatch.setattr(zip_files, "MOST_BYTES", 100)

    with pytest.raises(UnreadableError, match="unpacked"):
        zip_files.unpack(path, {"smithanna_1_2_a.pdf": tmp_path / "a"})


@pytest.mark.parametrize("name", ["Zoë García", "Łukasz Żak", "Jürgen Groß"])
def test_names_in_a_zip_are_read_in_utf_8_whether_it_says_so_or_not(tmp_path, name):
    given = f"{name}_77_assignsubmission_file_/a.pdf"
    honest, silent = zipped(tmp_path / "honest.zip", {given: SCAN}), tmp_path / "silent.zip"
    raw = bytearray(honest.read_bytes())
    for sign, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        raw[raw.find(sign) + flags] &= ~0x08
    silent.write_bytes(bytes(raw))

    assert zip_files.list_zip(honest) == zip_files.list_zip(silent) == [given]


# What is given beside a download, and folders that are none


def test_a_pipe_or_device_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "stack.pdf")
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "scan.pdf")

    for path in (tmp_path / "stack.pdf", tmp_path / "in"):
        with pytest.raises(UnreadableError, match="is a pipe, socket or device"):
            check_scans([path], NONE_YET)


def test_a_pipe_among_students_files_is_refused_by_number(tmp_path):
    folder = unzipped(tmp_path / "hw", TWO)
    os.mkfifo(folder / "kimjo_3_6_d.pdf")

    with pytest.raises(UnreadableError, match="file 1 of hw") as refused:
        taken(folder)
    assert "kim" not in str(refused.value)


def test_scans_beside_a_download_are_refused(tmp_path):
    zipped(tmp_path / "hw.zip", TWO)
    (tmp_path / "more.pdf").write_bytes(SCAN)

    with pytest.raises(UsageError, match="given alone"):
        check_scans([tmp_path / "hw.zip", tmp_path / "more.pdf"], NONE_YET)


def test_two_zips_of_one_download_are_taken_together(tmp_path):
    zipped(tmp_path / "a.zip", {"smithanna_1_2_a.pdf": SCAN})
    zipped(tmp_path / "b.zip", {"leemaria_2_3_b.pdf": photo(0)})

    given = check_scans([tmp_path / "a.zip", tmp_path / "b.zip"], NONE_YET)
    given.discard()
    assert [one.submission for one in given.stack.files] == [1, 2]
    assert len({one.name for one in given.stack.files}) == 2


@pytest.mark.parametrize("name", ["letter.odt", "photo.psd", "scan.eps"])
def test_a_folder_of_scans_refuses_what_it_cannot_take(tmp_path, name):
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    (tmp_path / name).write_bytes(b"....")

    with pytest.raises(UnreadableError, match=f"{name} is neither a PDF nor a picture .*so its pages would be missing"):
        list_scans([tmp_path])


def test_a_scan_without_an_ending_is_taken(tmp_path):
    (tmp_path / "scan").write_bytes(SCAN)
    (tmp_path / "photo.dat").write_bytes(photo(0))

    assert [path.name for path in list_scans([tmp_path])] == ["photo.dat", "scan"]


def test_every_given_file_is_listed_for_a_batch(tmp_path):
    folder = unzipped(tmp_path / "hw", {"a/x.pdf": SCAN, "b/y.pdf": SCAN, ".DS_Store": b"x"})

    assert [path.relative_to(tmp_path).as_posix() for path in list_given_files([folder])] == [
        "hw/a/x.pdf",
        "hw/b/y.pdf",
    ]


@pytest.mark.parametrize("name", ["zeros.pdf", "zeros.jpg", "zeros.heic"])
def test_a_scan_that_is_none_inside_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(bytes(5000))

    with pytest.raises(UnreadableError, match=f"{name} is neither a PDF nor a picture"):
        check_scans([tmp_path / name], NONE_YET)
