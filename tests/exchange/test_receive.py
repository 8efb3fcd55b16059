"""A zip from a stranger is checked before anything of it is written: what is not ours to the last byte is refused."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile

import pytest
from msgspec.structs import replace

from mssw import api as library
from mssw.errors import ExitCode, FindingsError, UnreadableError, WouldOverwriteError
from mssw.exchange.share_set import LABEL, _describe_files, is_shared_path, read_label, share_bytes
from mssw.formats.zip_files import lock_zip
from mssw.record.kept_record import read_record, record_bytes
from mssw.record.record_rows import Citation, Claim, RecordRows
from mssw.workset.folder import WorkSet
from support.commands import mssw
from support.released_set import ALIASES, released_set

PASSWORD = "three grey herons"  # noqa: S105 - of no file that is kept


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """The bytes of an honest zip."""
    root = tmp_path_factory.mktemp("honest")
    released_set(root / "set", ALIASES[:2], pages=1)
    library.share(root / "set", root / "set.zip")
    return (root / "set.zip").read_bytes()


@pytest.fixture
def refused(tmp_path):
    """Receives a zip that must be refused, and makes sure that nothing of it stays."""

    def receive(data, error=UnreadableError):
        file = tmp_path / "box" / "in.zip"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        with pytest.raises(error) as why:
            library.receive(file, tmp_path / "box" / "got", password=PASSWORD)
        assert sorted(path.name for path in file.parent.iterdir()) == ["in.zip"]
        assert "in.zip was not received" in str(why.value)
        return str(why.value)

    return receive


def files_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != LABEL}


def label_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return read_label(archive.read(LABEL))


def resealed(honest, **changes):
    """A zip as a thief would make it: with its own label, hashes and sizes for what is in it now."""
    files = files_of(honest) | changes
    label = label_of(honest)
    label = type(label)(mssw=label.mssw, audited=label.audited, searched=True, files=_describe_files(files))
    return share_bytes(label, sorted(files.items()))


def rezipped(honest, change):
    """The zip, written anew entry by entry as ``change`` has it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest)) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            target.writestr(*change(member, source.read(member)))
    return out.getvalue()


def plus(honest, entry, data=b"x"):
    out = io.BytesIO(honest)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(entry, data)
    return out.getvalue()


def test_the_honest_zip_is_received(honest, tmp_path):
    (tmp_path / "in.zip").write_bytes(honest)

    assert library.receive(tmp_path / "in.zip", tmp_path / "got").responses == ("Andrea", "Bo")
    assert resealed(honest) == honest


def test_a_changed_byte_is_refused_wherever_it_is(honest, refused):
    """In a file, a name, a time, a size, the list at the end: at 60 places, also in bits that nobody reads."""
    draw = random.Random(7)  # noqa: S311 - which bytes are tried
    places = {0, 5, 10, 12, len(honest) - 1, len(honest) - 22, *draw.sample(range(len(honest)), 54)}
    for place in sorted(places):
        changed = bytearray(honest)
        changed[place] ^= 1 << draw.randrange(8)
        refused(bytes(changed))


@pytest.mark.parametrize(
    "name",
    ["../evil.pdf", "/etc/passwd", "shared/../../evil.pdf", "C:\\evil.pdf", "shared\\work\\Cy.pdf", "private/key.xlsx",
     "shared/work/a/b.pdf", "shared/work/.hidden.pdf", "shared/evil.exe", "shared/work/CON.pdf", "a\0b.pdf"],
)  # fmt: skip
def test_a_path_outside_or_of_no_set_is_refused(name, honest, refused):
    assert not is_shared_path(name)
    refused(plus(honest, zipfile.ZipInfo(name)))
    refused(resealed(honest, **{name.replace("\0", ""): b"x"}))


def test_a_link_is_refused(honest, refused):
    link = zipfile.ZipInfo("shared/work/Cy.pdf")
    link.create_system, link.external_attr = 3, 0o120777 << 16

    assert "link" in refused(plus(honest, link, b"/etc/passwd"))


def test_a_folder_is_refused(honest, refused):
    refused(plus(honest, zipfile.ZipInfo("shared/work/"), b""))


def test_an_extra_file_of_an_allowed_name_is_refused(honest, refused):
    assert "does not list" in refused(plus(honest, zipfile.ZipInfo("shared/work/Cy.pdf")))
    refused(resealed(honest, **{"shared/work/Cy.pdf": files_of(honest)["shared/work/Bo.pdf"]}))  # not in the manifest


def test_a_missing_file_and_one_that_is_twice_are_refused(honest, refused):
    label = label_of(honest)
    files = files_of(honest)
    refused(share_bytes(label, [(name, data) for name, data in sorted(files.items()) if name != "intro.md"]))
    with pytest.warns(UserWarning, match="Duplicate name"):
        refused(plus(honest, zipfile.ZipInfo("shared/work/Bo.pdf")))
    refused(plus(honest, zipfile.ZipInfo("shared/work/BO.pdf")))


def test_a_bomb_is_refused_before_it_swells(honest, refused):
    entry = zipfile.ZipInfo("shared/work/Cy.pdf")
    entry.compress_type = zipfile.ZIP_DEFLATED
    bomb = plus(honest, entry, bytes(80_000_000))

    assert len(bomb) < len(honest) + 100_000
    assert "swell" in refused(bomb)
    liar = bytearray(plus(honest, zipfile.ZipInfo("shared/work/Cy.pdf"), b"12345"))
    at = liar.rindex(b"PK\x01\x02")
    liar[at + 20 : at + 28] = (2**31 - 1).to_bytes(4, "little") * 2  # says that it has two gigabytes
    refused(bytes(liar))


def test_many_entries_are_refused(honest, refused):
    out = io.BytesIO(honest)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(1001):
            archive.writestr(f"shared/work/Cy{number}.pdf", b"")
    assert "more files" in refused(out.getvalue())


def test_a_zip_that_was_packed_again_is_refused(honest, refused):
    def packed(member, data):
        entry = zipfile.ZipInfo(member.filename)
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry, data

    assert "packed again" in refused(rezipped(honest, packed))
    refused(rezipped(honest, lambda member, data: (zipfile.ZipInfo(member.filename, (2030, 6, 1, 0, 0, 0)), data)))


def test_what_is_no_zip_of_ours_is_refused(refused):
    refused(b"")
    refused(b"PK\x03\x04 nothing")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("set.toml", b"")
    assert "no zip from `mssw share`" in refused(out.getvalue())


@pytest.mark.parametrize(
    "label", [b"{", b"[]", b'{"version": 2, "mssw": "9", "audited": 1, "searched": true, "files": []}', b"[" * 100_000]
)
def test_a_label_that_says_something_else_is_refused(label, honest, refused):
    refused(rezipped(honest, lambda member, data: (member, label if member.filename == LABEL else data)))


def test_what_a_thief_seals_anew_still_has_to_pass_the_audit(honest, refused):
    """Label and manifest agree with a file that carries something behind its end; the audit does not let it in."""
    files = files_of(honest)
    bad = files["shared/work/Bo.pdf"] + b"\n% a word behind the end\n"
    manifest = json.loads(files["shared/manifest.json"])
    for row in manifest["files"]:
        if row["path"] == "work/Bo.pdf":
            row["sha256"] = hashlib.sha256(bad).hexdigest()
    changes = {"shared/work/Bo.pdf": bad, "shared/manifest.json": json.dumps(manifest).encode()}

    assert "the audit found something" in refused(resealed(honest, **changes), FindingsError)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("set.toml", b"title = ["),
        ("intro.md", b"\xff\xfe"),
        ("shared/manifest.json", b"{}"),
        ("set.toml", b"paper = 3"),
        ("set.toml", b'templates = "../elsewhere"'),
    ],
)
def test_settings_introduction_and_manifest_must_be_readable(name, data, honest, refused):
    refused(resealed(honest, **{name: data}))


def with_record(honest, record):
    """A zip as a thief would make it, with a record of his own that its manifest lists."""
    data = record if isinstance(record, bytes) else json.dumps(record).encode()
    manifest = json.loads(files_of(honest)["shared/manifest.json"])
    manifest["files"].append({"path": "record.json", "sha256": hashlib.sha256(data).hexdigest()})
    return resealed(honest, **{"shared/record.json": data, "shared/manifest.json": json.dumps(manifest).encode()})


CLAIM = Claim(uid="1234567890", text="Air is nothing", cites=(Citation("Bo", 1, (0.1, 0.1, 0.2, 0.2)),))


def test_a_record_that_mssw_wrote_is_received(honest, tmp_path):
    (tmp_path / "in.zip").write_bytes(with_record(honest, record_bytes(RecordRows(claims=(CLAIM,)))))

    library.receive(tmp_path / "in.zip", tmp_path / "got")
    assert read_record(WorkSet(tmp_path / "got")).claims == (CLAIM,)


@pytest.mark.parametrize(
    "claim",
    [
        {"uid": "1; rm"},
        {"uid": ""},
        {"text": ""},
        {"text": "x" * 601},
        {"text": "a\x00b"},
        {"text": "a\u202eb"},
        {"text": "two\nlines"},
        {"about": "anything"},
        {"by": "x" * 601},
        {"cites": (Citation("Cy", 1),)},
        {"cites": (Citation("Bo", 7),)},
        {"cites": (Citation("Bo", 1, (0.9, 0.9, 5.0, 5.0)),)},
        {"cites": (Citation("Bo", 1, side="beside"),)},
    ],
)
def test_a_record_that_mssw_would_not_write_is_refused(claim, honest, refused):
    assert "record" in refused(with_record(honest, record_bytes(RecordRows(claims=(replace(CLAIM, **claim),)))))


def test_a_record_with_anything_beside_its_rows_is_refused(honest, refused):
    value = json.loads(record_bytes(RecordRows(claims=(CLAIM,))))
    refused(with_record(honest, record_bytes(RecordRows(claims=(CLAIM, CLAIM)))))
    refused(with_record(honest, value | {"beside": "Oluwaseun"}))
    refused(with_record(honest, value | {"version": 9}))
    refused(with_record(honest, value | {"claims": "none"}))
    refused(with_record(honest, b"{" * 50_000))
    data = record_bytes(RecordRows(claims=(CLAIM,)))
    refused(resealed(honest, **{"shared/record.json": data}))  # not in the manifest


def test_a_locked_zip_that_was_changed_is_refused(honest, refused):
    locked = lock_zip("share.zip", honest, PASSWORD)
    draw = random.Random(7)  # noqa: S311 - which bytes are tried
    for place in draw.sample(range(60, len(locked) - 100), 6):
        changed = bytearray(locked)
        changed[place] ^= 1
        refused(bytes(changed))
    refused(lock_zip("evil.zip", honest, PASSWORD))
    refused(lock_zip("share.zip", plus(honest, zipfile.ZipInfo("../evil.pdf")), PASSWORD))


def test_receiving_twice_is_safe_and_nothing_is_overwritten(honest, tmp_path, capsys):
    (tmp_path / "in.zip").write_bytes(honest)
    library.receive(tmp_path / "in.zip", tmp_path / "got")
    (tmp_path / "got/private/mine.txt").write_text("my own sort", encoding="utf-8")

    assert not library.receive(tmp_path / "in.zip", tmp_path / "got").written
    assert (tmp_path / "got/private/mine.txt").is_file()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("notes", encoding="utf-8")
    with pytest.raises(WouldOverwriteError):
        library.receive(tmp_path / "in.zip", tmp_path / "mine")
    assert mssw("receive", tmp_path / "in.zip", "--into", tmp_path / "new", "--dry-run") == ExitCode.DONE
    assert not (tmp_path / "new").exists()
    assert mssw("receive", tmp_path / "got") == ExitCode.USAGE
    assert mssw("receive", tmp_path / "nothing.zip") == ExitCode.UNREADABLE
    capsys.readouterr()
