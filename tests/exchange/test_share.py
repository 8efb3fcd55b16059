"""A set travels as one zip: what goes along and what stays, the same bytes each time, and the same packet there."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from mssw import api as library
from mssw.errors import ExitCode, StepMissingError, UsageError, WouldOverwriteError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import Introduction, intro_text
from mssw.record.kept_record import RecordKeeper, read_record
from mssw.record.record_rows import Citation
from mssw.sharing import share as put_into_shared
from mssw.workset.folder import WorkSet
from mssw.workset.handed_out import Handing, read_handed_out
from mssw.workset.settings import change_settings_text, read_settings
from support.commands import copied, mssw
from support.released_set import ALIASES, released_set

pytestmark = pytest.mark.pages

PASSWORD = "three grey herons"  # noqa: S105 - of no file that is kept
INTRO = Introduction(answers=("Balloons on a scale.", "Work alone.", "A unit on weather.", "Air has mass."))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A set of ten responses with an introduction, settings that must not travel, and a choice of samples."""
    root = tmp_path_factory.mktemp("share") / "massive-air"
    workset = released_set(root, ALIASES[:10], pages=1)
    workset.intro.write_text(intro_text(INTRO, ["my own note: ask the office"]), encoding="utf-8")
    text = workset.settings.read_text(encoding="utf-8").replace('grade = ""', 'grade = "5"')
    workset.settings.write_text(f"{text}# call the parents of row 3\n", encoding="utf-8")
    rows = [{"alias": alias, "pile": "air weighs", "level": "high"} for alias in ALIASES[:9]]
    put_into_shared(workset, "samples.json", json.dumps({"samples": rows}).encode(), ())
    return workset


@pytest.fixture
def workset(made, tmp_path):
    copied(made.root, tmp_path / "massive-air")
    return WorkSet(tmp_path / "massive-air")


def shared(workset, tmp_path, **more):
    library.share(workset.root, tmp_path / "set.zip", **more)
    return tmp_path / "set.zip"


def test_what_colleagues_may_see_travels_and_nothing_else(workset, tmp_path):
    with zipfile.ZipFile(shared(workset, tmp_path)) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)

    assert sorted(names) == sorted(
        ["share.json", "set.toml", "intro.md", "shared/manifest.json", "shared/samples.json"]
        + [f"shared/work/{alias}.pdf" for alias in ALIASES[:10]]
    )
    for stays in (b"parents of row 3", b"ask the office", b"air weighs", b"high", b"seed = 7", b"Adeyemi"):
        assert stays not in everything


def test_the_same_set_gives_the_same_bytes_and_a_second_run_writes_nothing(workset, tmp_path):
    first = library.share(workset.root, tmp_path / "one.zip")
    again = library.share(workset.root, tmp_path / "one.zip")
    other = library.share(workset.root, tmp_path / "other.zip")

    assert (first.written, again.written) == (True, False)
    assert first.sha256 == again.sha256 == other.sha256
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_received_set_prints_the_same_packet_and_can_be_sorted(workset, tmp_path, capsys):
    there = tmp_path / "there" / "air"
    there.parent.mkdir()
    record_of(workset)
    here = library.packet(workset.root, copies=2)
    library.receive(shared(workset, tmp_path), there)
    got = library.packet(there, copies=2)

    for one, other in zip((*here.files, here.reading), (*got.files, got.reading), strict=True):
        assert Path(one).read_bytes() == Path(other).read_bytes()
    assert read_settings(WorkSet(there).settings).grade == "5"
    assert read_introduction(WorkSet(there)).answers == INTRO.answers
    assert library.audit(there).passed
    assert mssw("sort", there, "--sheet") == ExitCode.DONE
    assert mssw("status", there) == ExitCode.DONE
    assert "from another teacher" in capsys.readouterr().out


def test_only_the_samples_travel_if_that_is_asked_for(workset, tmp_path):
    done = library.share(workset.root, tmp_path / "set.zip", samples=True)
    got = library.receive(tmp_path / "set.zip", tmp_path / "got")

    assert done.responses == got.responses == tuple(sorted(ALIASES[:9]))


def record_of(workset):
    """The record of a team, with evidence in two responses."""
    keeper = RecordKeeper(workset, "MR")
    keeper.add(
        "claims", {"text": "Most see air as nothing"}, [Citation("Bo", 1, (0.1, 0.2, 0.3, 0.1), note="an empty box")]
    )
    keeper.add("gaps", {"gap": "Does not say that air has mass"}, [Citation("Bo", 1), Citation("Jun", 1)])
    return keeper.add("steps", {"step": "Weigh a ball", "gap": "G1", "chosen": "yes"})


def test_what_the_team_found_travels_and_can_be_used_there(workset, tmp_path, capsys):
    rows, there = record_of(workset), tmp_path / "there"
    got = library.receive(shared(workset, tmp_path), there)

    assert read_record(WorkSet(there)) == rows
    assert any("record" in one for one in got.remarks)
    assert library.audit(there).passed
    assert mssw("record", there, "--print") == ExitCode.DONE
    RecordKeeper(WorkSet(there), "JO").add("claims", {"text": "Few use evidence"})
    assert len(read_record(WorkSet(there)).claims) == 2
    capsys.readouterr()
    assert mssw("trends", there, "--json") == ExitCode.DONE
    [gap] = json.loads(capsys.readouterr().out)["gaps"]
    assert (gap["name"], gap["responses"]) == (f"{rows.gaps[0].gap} (there)", 2)


def test_the_record_stays_where_that_is_asked_for_and_cites_only_what_travels(workset, tmp_path):
    record_of(workset)
    library.share(workset.root, tmp_path / "none.zip", without_record=True)
    library.share(workset.root, tmp_path / "some.zip", samples=True)
    library.receive(tmp_path / "none.zip", tmp_path / "none")
    library.receive(tmp_path / "some.zip", tmp_path / "some")

    assert not WorkSet(tmp_path / "none").record.exists()
    assert [one.alias for one in read_record(WorkSet(tmp_path / "some")).gaps[0].cites] == ["Bo"]  # Jun is no sample


def test_the_language_of_the_prints_travels_where_the_receiver_has_it(workset, tmp_path):
    said = {"language": "es", "english": "uk", "subject": "science", "school": "North", "time": "before"}
    text = workset.settings.read_text(encoding="utf-8")
    workset.settings.write_text(change_settings_text(text, **said), encoding="utf-8")
    library.receive(shared(workset, tmp_path), tmp_path / "there")
    got = read_settings(WorkSet(tmp_path / "there").settings)
    assert {key: getattr(got, key) for key in said} == said

    workset.settings.write_text(change_settings_text(text, language="tlh"), encoding="utf-8")
    done = library.share(workset.root, tmp_path / "own.zip")
    library.receive(tmp_path / "own.zip", tmp_path / "own")
    assert not read_settings(WorkSet(tmp_path / "own").settings).language
    assert any("language" in one for one in done.remarks)


def test_the_packet_travels_where_somebody_prints_without_mssw(workset, tmp_path):
    with pytest.raises(StepMissingError, match="no packet is printed"):
        library.share(workset.root, tmp_path / "set.zip", with_packet=True)
    library.packet(workset.root, copies=1)
    library.share(workset.root, tmp_path / "set.zip", with_packet=True)

    assert library.receive(tmp_path / "set.zip", tmp_path / "got").written
    assert (tmp_path / "got/shared/packet.pdf").read_bytes() == workset.packet.read_bytes()


def test_a_dry_run_writes_and_notes_nothing(workset, tmp_path):
    before = sorted(path for path in tmp_path.rglob("*") if path.name != ".lock")
    assert mssw("share", workset.root, "--to", tmp_path / "set.zip", "--dry-run") == ExitCode.DONE

    assert sorted(path for path in tmp_path.rglob("*") if path.name != ".lock") == before
    assert read_handed_out(workset) == ()


def test_who_gets_the_file_is_noted(workset, tmp_path):
    done = library.share(workset.root, tmp_path / "set.zip", receivers=("School office",))
    [row] = read_handed_out(workset)

    assert (row.what, row.files, row.receivers) == (Handing.SHARE, ("set.zip",), ("School office",))
    assert row.sha256 == (done.sha256,)
    assert row.aliases == tuple(sorted(ALIASES[:10]))


@pytest.mark.parametrize("place", ["set.pdf", "massive-air/shared/set.zip", "nowhere/set.zip"])
def test_a_place_that_makes_no_sense_is_refused(place, workset, tmp_path):
    with pytest.raises(UsageError):
        library.share(workset.root, tmp_path / place)


def test_another_file_is_not_overwritten(workset, tmp_path):
    (tmp_path / "set.zip").write_bytes(b"something of mine")
    with pytest.raises(WouldOverwriteError):
        library.share(workset.root, tmp_path / "set.zip")

    assert (tmp_path / "set.zip").read_bytes() == b"something of mine"
    assert library.share(workset.root, tmp_path / "set.zip", replace=True).written


def test_what_nobody_has_looked_at_is_not_shared(tmp_path):
    workset = released_set(tmp_path / "set", ALIASES[:3], pages=1)
    text = workset.manifest.read_text(encoding="utf-8").replace('"seen": true', '"seen": false', 1)
    workset.manifest.write_text(text, encoding="utf-8")

    with pytest.raises(StepMissingError, match="nobody has checked 1 of the 3"):
        library.share(workset.root, tmp_path / "set.zip")
    library.share(workset.root, tmp_path / "set.zip", unreviewed=True)
    got = library.receive(tmp_path / "set.zip", tmp_path / "got")
    assert "look for names first" in got.remarks[0]


def test_a_zip_with_a_password_opens_with_it_alone(workset, tmp_path, monkeypatch, capsys):
    file = shared(workset, tmp_path, password=PASSWORD)
    data = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["share.zip"]  # not even the aliases can be read
    assert b"Andrea" not in data

    monkeypatch.setenv("MSSW_ZIP_PASSWORD", "three white herons")
    assert mssw("receive", file, "--into", tmp_path / "got") == ExitCode.UNREADABLE
    assert "the password is not the one" in capsys.readouterr().err
    monkeypatch.delenv("MSSW_ZIP_PASSWORD")
    assert mssw("receive", file, "--into", tmp_path / "got", "--no-input") == ExitCode.USAGE
    (tmp_path / "password.txt").write_text(f"{PASSWORD}\nand more\n", encoding="utf-8")
    assert mssw("receive", file, "--into", tmp_path / "got", "--password-file", tmp_path / "password.txt") == 0
    assert (tmp_path / "got/shared/work/Andrea.pdf").read_bytes() == (workset.work / "Andrea.pdf").read_bytes()


def test_a_short_password_is_refused(workset, tmp_path):
    with pytest.raises(UsageError, match="at least 12"):
        library.share(workset.root, tmp_path / "set.zip", password="herons")  # noqa: S106 - the one to refuse


def test_a_received_set_is_nobodys_stack(workset, tmp_path, capsys):
    library.receive(shared(workset, tmp_path), tmp_path / "got")

    assert mssw("review", tmp_path / "got", "--list") == ExitCode.STEP_MISSING
    assert "received from another teacher" in capsys.readouterr().err
    assert mssw("prepare", "--into", tmp_path / "got") != ExitCode.DONE
