"""Threat: a private file is lost, damaged or swapped, and the next run forgets what was decided.

Tried: each file missing, damaged, empty, of an older day, or of another class; each command that reads it.
Result: exit 4 and a sentence that names the file to bring back; nothing is changed; only ``--start-over`` goes on.
"""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from mssw.core.decision import Decisions
from mssw.core.page import Box
from mssw.errors import ExitCode
from mssw.preparing.input_checks import check_seal
from mssw.preparing.inputs import forget_decisions
from mssw.roster.roster_file import read_roster, roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.class_list import read_class_list, sealed_names
from mssw.workset.decisions import keep_decisions, read_decisions
from mssw.workset.folder import write_bytes
from mssw.workset.seal import SealBrokenError, read_seal, write_seal
from support.commands import mssw
from support.sealed_set import seal, sealed_set

DECIDED = Decisions().with_change("hash 1", covers=[Box(0.1, 0.4, 0.3, 0.05)]).with_change("hash 2", aside="illegible")


@pytest.fixture
def workset(tmp_path):
    workset = sealed_set(tmp_path / "set")
    keep_decisions(workset, DECIDED)
    return workset


def files_of(workset):
    return {path: path.read_bytes() for path in workset.root.rglob("*") if path.is_file() and path.name != ".lock"}


def other_class():
    return roster_bytes(roster_from_rows([["First name", "Last name"], ["Ines", "Kowalska"], ["Bao", "Tran"]]))


DAMAGE = {
    "is missing": lambda path: path.unlink(),
    "is empty": lambda path: path.write_bytes(b""),
    "is cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "is no such file": lambda path: path.write_bytes(b"\x00\xff" * 200),
    "is one bracket after the other": lambda path: path.write_bytes(b"[" * 100_000),  # minutes, before
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("name", ["decisions.json", "roster.xlsx"])
def test_prepare_refuses_with_4_and_says_which_file_to_bring_back(workset, capsys, name, damage):
    damage(workset.private / name)
    before = files_of(workset)

    assert mssw("prepare", "--into", workset.root, "--pages-per-student", "1") == ExitCode.STEP_MISSING

    said = " ".join(capsys.readouterr().err.split())
    assert f"{workset.private / name}" in said
    assert "put a copy of it back" in said
    assert "--start-over" in said
    assert "delete" not in said
    assert files_of(workset) == before


@pytest.mark.parametrize("damage", [*list(DAMAGE.values())[1:]], ids=[*list(DAMAGE)[1:]])
def test_a_damaged_key_is_refused_before_aliases_are_drawn_anew(workset, capsys, damage):
    damage(workset.key)

    assert mssw("prepare", "--into", workset.root, "--pages-per-student", "1") == ExitCode.STEP_MISSING
    assert "key.xlsx" in capsys.readouterr().err


def test_set_toml_that_went_missing_is_to_be_brought_back(workset, capsys):
    workset.settings.unlink()

    assert mssw("prepare", "--into", workset.root, "--pages-per-student", "1") == ExitCode.STEP_MISSING
    assert "set.toml is missing" in capsys.readouterr().err


def test_an_older_copy_of_the_decisions_is_not_taken_for_what_was_decided(workset):
    older = workset.decisions.read_bytes()
    keep_decisions(workset, DECIDED.with_change("hash 3", aside="needs attention now"))
    workset.decisions.write_bytes(older)

    with pytest.raises(SealBrokenError, match="older copy"):
        read_decisions(workset)


def test_a_command_that_was_killed_between_decision_and_seal_loses_nothing(workset):
    state, manifest = workset.state.read_bytes(), workset.manifest.read_bytes()
    after = DECIDED.with_change("hash 3", aside="needs attention now")
    keep_decisions(workset, after)
    workset.state.write_bytes(state)
    workset.manifest.write_bytes(manifest)

    assert read_decisions(workset) == after


@pytest.mark.parametrize("lost", ["state", "manifest"])
def test_one_of_the_two_seals_is_enough(workset, lost):
    getattr(workset, lost).unlink()
    workset.decisions.unlink()

    with pytest.raises(SealBrokenError, match="is missing"):
        read_decisions(workset)


def test_with_both_seals_damaged_nothing_goes_on(workset):
    workset.state.write_bytes(b"{")
    workset.manifest.write_bytes(b"{")

    with pytest.raises(SealBrokenError, match="put a copy of one of them back"):
        read_decisions(workset)


def test_another_class_list_is_refused_whether_given_or_swapped_in_private(workset, tmp_path, capsys):
    given = tmp_path / "other.xlsx"
    given.write_bytes(other_class())

    words = ("prepare", "--into", workset.root, "--pages-per-student", "1")
    assert mssw(*words, "--roster", given) == ExitCode.STEP_MISSING
    write_bytes(workset.roster, other_class(), private=True)
    assert mssw(*words) == ExitCode.STEP_MISSING
    assert mssw("audit", workset.root) == ExitCode.FINDINGS

    said = "".join(capsys.readouterr())
    assert said.count("lacks names that were looked for") == 3
    assert "Kowalska" not in said


def test_a_list_with_more_students_is_taken(workset):
    rows = [["First name", "Last name"], ["Oluwaseun", "Adeyemi"], ["Priya", "Rivera"], ["Bao", "Tran"]]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)

    assert len(read_class_list(workset).students) == 3


def test_a_class_list_that_comes_later_is_taken(tmp_path):
    workset = sealed_set(tmp_path / "set")
    given = tmp_path / "later.xlsx"
    given.write_bytes(workset.roster.read_bytes())
    workset.roster.unlink()
    write_seal(workset, replace(read_seal(workset), names=sealed_names(workset, None, ()), files=()))

    assert read_class_list(workset) is None
    assert check_seal(workset, read_roster(given), ()) is not None


def test_the_audit_does_not_pass_a_set_whose_class_list_is_gone(workset, capsys):
    workset.roster.unlink()

    assert mssw("audit", workset.root) == ExitCode.FINDINGS
    assert "roster.xlsx is missing" in capsys.readouterr().out


def test_a_key_that_gives_pages_other_aliases_is_refused(workset):
    text = workset.state.read_text(encoding="utf-8")
    other = sealed_set(workset.root.parent / "other", ("Andrea", "Dani", "Emery"))
    workset.key.write_bytes(other.key.read_bytes())

    assert mssw("prepare", "--into", workset.root, "--pages-per-student", "1") == ExitCode.STEP_MISSING
    assert mssw("key", workset.root) == ExitCode.STEP_MISSING
    assert workset.state.read_text(encoding="utf-8") == text


def test_a_set_of_version_0_1_0_whose_decisions_are_gone_is_refused_where_its_state_tells_of_some(tmp_path):
    workset = sealed_set(tmp_path / "set", sealed=False)
    state = json.loads(workset.state.read_text(encoding="utf-8"))
    state["works"][0]["aside"] = "illegible"
    workset.state.write_text(json.dumps(state), encoding="utf-8")

    with pytest.raises(SealBrokenError, match="is missing"):
        read_decisions(workset)


@pytest.mark.parametrize("typed", ["", "yes\n", "y\n", "START\n"])
def test_starting_over_needs_the_words_typed(workset, monkeypatch, typed, capsys):
    workset.decisions.unlink()
    before = files_of(workset)
    monkeypatch.setattr("mssw.cli.prepare.ask", lambda _: typed or None)

    assert mssw("prepare", "--into", workset.root, "--start-over") == ExitCode.USAGE
    assert mssw("prepare", "--into", workset.root, "--start-over", "--no-input") == ExitCode.USAGE

    assert files_of(workset) == before
    assert "may be shared again" in " ".join(capsys.readouterr().err.split())


def test_starting_over_puts_files_aside_and_deletes_none(workset):
    workset.decisions.write_bytes(b"{ damaged")

    forget_decisions(workset)

    assert [path.read_bytes() for path in (workset.private / "before").glob("decisions-*.json")] == [b"{ damaged"]
    assert read_seal(workset) is None
    assert read_decisions(workset) == Decisions()


def test_the_shared_seal_tells_no_name_and_no_order_to_who_has_only_shared(tmp_path):
    first, second = sealed_set(tmp_path / "one"), sealed_set(tmp_path / "two")
    order = second.stack / ".order.json"
    order.write_text(order.read_text(encoding="utf-8").replace("5c", "6d"), encoding="utf-8")
    seal(second, Decisions())

    one, two = (json.loads(each.manifest.read_text(encoding="utf-8"))["seal"] for each in (first, second))
    assert one["key"]["digests"] != two["key"]["digests"]
    assert one["names"]["digests"] != two["names"]["digests"]
    assert "parts" not in one["names"]
