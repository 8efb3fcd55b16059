"""A response is recalled: what to collect is listed, it is on hold at once, and the next packet has the mended one."""

from __future__ import annotations

import json

import pytest

from mssw import api as library
from mssw.errors import ExitCode, UsageError
from mssw.workset.folder import WorkSet
from mssw.workset.handed_out import Handing, read_handed_out
from mssw.workset.manifest import read_manifest
from mssw.workset.prepared_state import read_state
from support.commands import copied, mssw
from support.released_set import ALIASES, released_set

pytestmark = pytest.mark.pages


@pytest.fixture
def printed(tmp_path, monkeypatch):
    """A set of which a packet, a kit, a sort sheet and a zip were handed out."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    workset = released_set(tmp_path / "air", ALIASES[:3], pages=1)
    library.packet(workset.root, colleagues=("J. Okafor", "L. Tran"))
    mssw("kit", "B", "--set", workset.root, "--into", tmp_path, "--copies", "3")
    mssw("sort", workset.root, "--sheet")
    library.share(workset.root, tmp_path / "air.zip", receivers=("Lincoln School",))
    return workset


def test_everything_that_was_made_is_noted_with_day_copies_and_receivers(printed):
    rows = read_handed_out(printed)

    assert [(row.what, row.copies, row.receivers) for row in rows] == [
        (Handing.PACKET, 2, ("J. Okafor", "L. Tran")),
        (Handing.KIT, 3, ()),
        (Handing.SORT_SHEET, 0, ()),
        (Handing.SHARE, 0, ("Lincoln School",)),
    ]
    assert {row.day for row in rows} == {"2030-03-17"}
    assert {row.aliases for row in rows} == {("Andrea", "Bo", "Camille")}
    assert [row.pictures for row in rows] == [True, False, True, True]
    assert oct(printed.handed_out.stat().st_mode)[-3:] == "600"


def test_the_same_on_the_same_day_is_noted_once(printed):
    before = read_handed_out(printed)
    library.packet(printed.root, colleagues=("J. Okafor", "L. Tran"))

    assert read_handed_out(printed) == before


def test_a_list_alone_changes_nothing(printed, capsys):
    before = read_manifest(printed)
    assert mssw("recall", printed.root, "Bo", "--dry-run", "--json") == ExitCode.DONE
    said = json.loads(capsys.readouterr().out)

    assert [row["what"] for row in said["collect"]] == ["packet", "kit", "sort sheet", "zip"]
    assert (said["on_hold"], said["done"], said["removed"]) == (["Bo"], False, [])
    assert mssw("recall", printed.root) == ExitCode.DONE
    assert "Lincoln School" in capsys.readouterr().out
    assert read_manifest(printed) == before


def test_what_was_printed_before_there_was_a_log_is_listed_too(printed):
    printed.handed_out.unlink()
    found = library.recall(printed.root, ["Bo"], dry_run=True).collect

    assert [(one.day, one.what) for one in found] == [("", "packet"), ("", "packet"), ("", "sort sheet")]


def test_what_is_no_alias_is_not_said_again(printed, capsys):
    assert mssw("recall", printed.root, "Oluwaseun") == ExitCode.USAGE
    assert "Oluwaseun" not in "".join(capsys.readouterr())


def test_without_a_set_the_one_that_has_the_alias_is_found(printed, monkeypatch, capsys):
    monkeypatch.chdir(printed.root.parent)
    assert mssw("recall", "bo", "--dry-run") == ExitCode.DONE
    assert "for Bo" in capsys.readouterr().out
    released_set(printed.root.parent / "water", ALIASES[:2], pages=1)
    assert mssw("recall", "Bo", "--dry-run") == ExitCode.USAGE
    with pytest.raises(UsageError, match="not both"):
        library.recall(printed.root, ["Bo"], everything=True)


@pytest.mark.usefixtures("printed")
def test_a_received_set_lets_a_recalled_response_go(tmp_path):
    library.receive(tmp_path / "air.zip", tmp_path / "got")
    there = WorkSet(tmp_path / "got")
    library.packet(there.root, copies=4)
    done = library.recall(there.root, ["Bo"])

    assert [(one.what, one.copies) for one in done.collect] == [("packet", 4)]
    assert "Ask its teacher" in done.remarks[-1]
    assert {row.alias for row in read_manifest(there).works} == {"Andrea", "Camille"}
    assert there.packets() == []
    assert library.packet(there.root, copies=1).samples == ("Andrea", "Camille")


@pytest.mark.usefixtures("warm_crew")
def test_a_recalled_response_is_on_hold_until_it_is_mended(small_class, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    workset = WorkSet(copied(small_class, tmp_path / "set"))
    alias = read_manifest(workset).works[0].alias
    library.packet(workset.root, copies=8, without_held=True, unreviewed=True)
    before = (workset.work / f"{alias}.pdf").read_bytes()
    done = library.recall(workset.root, [alias])

    assert [(one.what, one.copies) for one in done.collect if one.day] == [("packet", 8)]
    assert {f"work/{alias}.pdf", "packet.pdf"} <= set(done.removed)
    [held] = [one for one in read_state(workset).works if one.alias == alias]
    assert "recalled" in held.held[0]
    assert not (workset.work / f"{alias}.pdf").exists()
    assert mssw("prepare", "--into", workset.root) == ExitCode.FINDINGS  # and it stays on hold
    assert not (workset.work / f"{alias}.pdf").exists()
    assert mssw("review", workset.root, "--cover", f"{alias}:1:0.1,0.5,0.3,0.05", "--approve", alias) in {0, 1}
    assert (workset.work / f"{alias}.pdf").read_bytes() != before
    assert alias in library.packet(workset.root, copies=1, without_held=True, unreviewed=True).samples
