"""Threat: a name travels with a shared set, or a zip from a stranger brings one in or writes where it should not.

Tried: names of the class list in every field that travels, in the file's name and among its receivers, in many
spellings; and zips with a name in an entry's path, time, comment or extra field. Result: each is refused, and no
message says the name. Paths that lead out, links, bombs and changed bytes are in `tests/exchange/test_receive.py`.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from msgspec.structs import replace

from mssw import api as library
from mssw.errors import FindingsError, MsswError, UnreadableError
from mssw.intro.questions import Introduction, intro_text
from mssw.record.kept_record import record_bytes
from mssw.record.record_rows import Citation, Claim, RecordRows
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import write_bytes
from mssw.workset.settings import change_settings_text
from support.commands import mssw
from support.released_set import ALIASES, released_set

SPELLINGS = ["Oluwaseun Adeyemi", "Adeyemi, Oluwaseun", "OLUWASEUN ADEYEMI", "Oluwáseun", "adeyemi", "Rivera"]
SAID = ("oluw", "adeyemi", "rivera", "priya")


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "set", ALIASES[:2], pages=1)


def shares_nothing(workset, place, capsys, *words):
    code = mssw("share", workset.root, "--to", place, *words)
    said = "".join(capsys.readouterr()).casefold()

    assert code == 1
    assert not place.exists()
    assert [name for name in SAID if name in said.replace(str(place).casefold(), "")] == []


FIELDS = [("title", name) for name in SPELLINGS]
FIELDS += [
    (key, SPELLINGS[0]) for key in ("grade", "session", "date", "subject", "school", "time", "presenting_teachers")
]


@pytest.mark.parametrize(("key", "name"), FIELDS)
def test_a_name_in_the_settings_does_not_travel(key, name, workset, tmp_path, capsys):
    value = (name,) if key == "presenting_teachers" else f"Air {name} 5"
    text = change_settings_text(workset.settings.read_text(encoding="utf-8"), **{key: value})
    workset.settings.write_text(text, encoding="utf-8")

    shares_nothing(workset, tmp_path / "air.zip", capsys)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_in_the_introduction_does_not_travel(name, workset, tmp_path, capsys):
    workset.intro.write_text(intro_text(Introduction(background=f"As {name} told us.")), encoding="utf-8")

    shares_nothing(workset, tmp_path / "air.zip", capsys)


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_name_among_the_receivers_or_in_the_files_name_is_refused(name, workset, tmp_path, capsys):
    shares_nothing(workset, tmp_path / "air.zip", capsys, "--receiver", f"mother of {name}")
    plain = name.replace(", ", "-").replace(" ", "_")
    with pytest.raises(FindingsError) as error:
        library.share(workset.root, tmp_path / f"air-{plain}.zip")
    assert [word for word in SAID if word in str(error.value).casefold()] == []


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("place", ["claim", "recorder", "note"])
def test_a_name_in_the_record_does_not_travel(place, name, workset, tmp_path, capsys):
    """Somebody wrote into the file by hand, or the class list came later."""
    claim = Claim(uid="1234567890", text="Air has mass", by="MR", cites=(Citation("Andrea", 1, note="a scale"),))
    changes = {"claim": {"text": f"As {name} says"}, "recorder": {"by": name}}
    note = {"cites": (Citation("Andrea", 1, note=f"{name} drew it"),)}
    rows = RecordRows(claims=(replace(claim, **changes.get(place, note)),))
    write_bytes(workset.record, record_bytes(rows), private=False)

    shares_nothing(workset, tmp_path / "air.zip", capsys)


def test_a_word_that_may_be_a_name_is_asked_about_and_travels_once_somebody_says_so(workset, tmp_path, capsys):
    roster = roster_from_rows([["First name", "Last name"], ["Rose", "Ito"], ["Mark", "Abara"]])
    write_bytes(workset.roster, roster_bytes(roster), private=True)
    text = change_settings_text(
        workset.settings.read_text(encoding="utf-8"), title="How the Rose window got its colors"
    )
    workset.settings.write_text(text, encoding="utf-8")

    assert mssw("share", workset.root, "--to", tmp_path / "air.zip", "--no-input") == 1
    error = capsys.readouterr().err
    assert "Rose" not in error
    assert "--words" in error
    assert mssw("share", workset.root, "--to", tmp_path / "air.zip", "--no-input", "--words", "Rose", "--dry-run") == 0
    assert mssw("share", workset.root, "--to", tmp_path / "air.zip", "--no-input", "--words", "Rose") == 0
    assert (tmp_path / "air.zip").is_file()


def test_a_name_in_a_comment_of_the_settings_stays_at_home(workset, tmp_path):
    text = workset.settings.read_text(encoding="utf-8")
    workset.settings.write_text(f"{text}# Adeyemi sits in row 3\n", encoding="utf-8")
    library.share(workset.root, tmp_path / "air.zip")

    data = (tmp_path / "air.zip").read_bytes().lower()
    assert [word for word in SAID if word.encode() in data] == []


def test_a_name_in_a_note_of_the_introduction_keeps_the_set_at_home(workset, tmp_path):
    workset.intro.write_text(intro_text(Introduction(), ["ask Oluwaseun"]), encoding="utf-8")
    with pytest.raises(FindingsError, match=r"intro\.md: a roster name is in what you typed") as refused:
        library.share(workset.root, tmp_path / "air.zip")

    assert "Oluwaseun" not in str(refused.value)
    assert not (tmp_path / "air.zip").exists()


def test_nothing_of_the_teachers_computer_is_in_the_zip(workset, tmp_path):
    """Entry names are ours, there is one time for all, and there are no comments, extra fields or owners."""
    library.share(workset.root, tmp_path / "air.zip")
    with zipfile.ZipFile(tmp_path / "air.zip") as archive:
        members = archive.infolist()

    assert archive.comment == b""
    assert {(one.comment, one.extra, one.date_time, one.external_attr >> 16, one.create_system) for one in members} == {
        (b"", b"", (1980, 1, 1, 0, 0, 0), 0o100644, 3)
    }
    assert str(tmp_path).encode() not in (tmp_path / "air.zip").read_bytes()


def with_comment(member):
    member.comment = b"Oluwaseun Adeyemi"


def with_extra(member):
    member.extra = b"\xfe\xca\x08\x00Adeyemi!"


def with_time(member):
    member.date_time = (2030, 6, 1, 8, 15, 0)


def with_owner(member):
    member.external_attr |= 0x20


@pytest.mark.parametrize("hide", [with_comment, with_extra, with_time, with_owner, "zip", "end", "begin", "path"])
def test_a_zip_that_hides_a_name_is_refused_and_the_name_is_not_said(hide, workset, tmp_path):
    library.share(workset.root, tmp_path / "air.zip")
    out = io.BytesIO(b"Adeyemi" if hide == "begin" else b"")
    with zipfile.ZipFile(tmp_path / "air.zip") as source, zipfile.ZipFile(out, "a") as target:
        target.comment = b"Oluwaseun Adeyemi" if hide == "zip" else b""
        for member in source.infolist():
            data = source.read(member)
            if callable(hide):
                hide(member)
            target.writestr(member, data)
        if hide == "path":
            target.writestr("shared/work/Oluwaseun Adeyemi.pdf", b"x")
    (tmp_path / "in.zip").write_bytes(out.getvalue() + (b"Adeyemi" if hide == "end" else b""))
    with pytest.raises((UnreadableError, MsswError)) as error:
        library.receive(tmp_path / "in.zip", tmp_path / "got")

    assert [word for word in SAID if word in str(error.value).casefold()] == []
    assert not (tmp_path / "got").exists()
