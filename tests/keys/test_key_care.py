"""The key exported locked, reminded of, and destroyed: what is gone, what is left, and that nothing is half-done."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shutil
from unittest.mock import patch

import openpyxl
import pytest

from mssw.cli import report
from mssw.errors import ExitCode, UnreadableError
from mssw.formats.workbooks import lock_workbook, read_table, unlock_workbook
from mssw.keys import key_care as keycare
from mssw.roster.key_table import key_rows
from mssw.roster.roster_file import read_roster
from mssw.roster.table import all_spellings
from mssw.workset.class_list import key_bytes, read_key
from mssw.workset.folder import WorkSet
from mssw.workset.settings import change_settings_text, read_settings
from support.commands import copied, mssw

pytestmark = pytest.mark.usefixtures("warm_crew")

PASSWORD = "three blue herons at noon"  # noqa: S105 - of no file that is kept


@pytest.fixture
def workset(small_class, tmp_path):
    return WorkSet(copied(small_class, tmp_path / "5b"))


def exported(workset, file, *words, password=PASSWORD):
    with patch("sys.stdin.readline", return_value=f"{password}\n"):
        return mssw("key", workset.root, "export", file, "--password-stdin", *words)


# Export -----------------------------------------------------------------------------------------------


def test_an_exported_key_opens_with_its_password_and_holds_the_key(workset, tmp_path):
    file = tmp_path / "key.xlsx"
    assert exported(workset, file, "--encrypt") == ExitCode.DONE

    opened = unlock_workbook(file.read_bytes(), PASSWORD)
    sheet = openpyxl.load_workbook(io.BytesIO(opened)).active
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows == key_rows(read_key(workset.key))
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0


def test_an_exported_key_shows_no_name_and_opens_with_no_other_password(workset, tmp_path):
    file = tmp_path / "key.xlsx"
    assert exported(workset, file, "--encrypt") == ExitCode.DONE

    data = file.read_bytes()
    # Three letters stand in ten thousand random bytes by chance now and then; five do not.
    names = [one.last.encode(code) for one in read_roster(workset.roster).students for code in ("utf-8", "utf-16-le")]
    searched = [name for name in names if len(name) >= 5]
    assert searched
    assert not [name for name in searched if name in data]
    with pytest.raises(UnreadableError, match="not the one"):
        unlock_workbook(data, PASSWORD + "!")
    with pytest.raises(UnreadableError, match="locked with a password"):
        read_table(file)


def test_a_locked_workbook_that_was_changed_is_found():
    data = bytearray(lock_workbook(key_bytes([]), PASSWORD))
    data[-600] ^= 1

    with pytest.raises(UnreadableError):
        unlock_workbook(bytes(data), PASSWORD)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_key_never_leaves_unlocked(workset, tmp_path, words, capsys):
    assert exported(workset, tmp_path / "key.xlsx", *words) == ExitCode.USAGE

    assert "add --encrypt" in capsys.readouterr().err
    assert not (tmp_path / "key.xlsx").exists()


def test_a_short_password_is_refused(workset, tmp_path, capsys):
    assert exported(workset, tmp_path / "key.xlsx", "--encrypt", password="herons") == ExitCode.USAGE  # noqa: S106

    assert "12 characters" in capsys.readouterr().err
    assert not (tmp_path / "key.xlsx").exists()


def test_a_key_is_not_written_over_anything_nor_into_what_is_shared(workset, tmp_path):
    (tmp_path / "key.xlsx").write_text("mine", encoding="utf-8")

    assert exported(workset, tmp_path / "key.xlsx", "--encrypt") == ExitCode.WOULD_OVERWRITE
    assert (tmp_path / "key.xlsx").read_text(encoding="utf-8") == "mine"
    assert exported(workset, workset.shared / "key.xlsx", "--encrypt") == ExitCode.USAGE
    assert exported(workset, tmp_path / "key.csv", "--encrypt") == ExitCode.USAGE
    assert exported(workset, tmp_path / "nowhere" / "key.xlsx", "--encrypt") == ExitCode.USAGE


def test_the_password_is_asked_for_twice_and_not_shown(workset, tmp_path):
    with (
        patch("sys.stdin.isatty", return_value=True),
        patch("typer.prompt", return_value=PASSWORD) as asked,
    ):
        assert mssw("key", workset.root, "export", tmp_path / "key.xlsx", "--encrypt") == ExitCode.DONE

    assert asked.call_args.kwargs["hide_input"] is True
    assert asked.call_args.kwargs["confirmation_prompt"]
    assert unlock_workbook((tmp_path / "key.xlsx").read_bytes(), PASSWORD)


def test_a_script_that_gives_no_password_is_told_how(workset, tmp_path, capsys):
    words = ("key", workset.root, "export", tmp_path / "key.xlsx", "--encrypt", "--no-input")
    assert mssw(*words) == ExitCode.USAGE

    assert "--password-stdin" in capsys.readouterr().err


def test_a_dry_run_of_the_export_asks_for_nothing_and_writes_nothing(workset, tmp_path):
    words = ("key", "export", workset.root, tmp_path / "key.xlsx", "--encrypt", "--dry-run", "--no-input")
    assert mssw(*words) == ExitCode.DONE

    assert not (tmp_path / "key.xlsx").exists()


# Where the folder stands ------------------------------------------------------------------------------


def test_the_folder_may_stand_before_or_after_the_word_and_alone(workset, capsys):
    for words in (("key", workset.root), ("key", "show", workset.root), ("key", workset.root, "show")):
        assert mssw(*words) == ExitCode.DONE
    outs = capsys.readouterr().out.split("Alias ")
    assert len(outs) == 4
    assert mssw("key", workset.root, "destroy", "--dry-run") == ExitCode.DONE
    assert mssw("key", "--json", workset.root) == ExitCode.DONE


# Destroying -------------------------------------------------------------------------------------------


def everything_private(workset):
    return [path for path in workset.private.rglob("*") if path.is_file()]


def test_after_the_destruction_nothing_in_the_set_links_anybody(workset):
    names = [one.encode() for one in all_spellings(read_roster(workset.roster))]
    text = workset.settings.read_text(encoding="utf-8")
    assert "\nseed = 7\n" in text

    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE

    assert not workset.private.exists()
    assert read_settings(workset.settings).seed is None
    left = [path for path in workset.root.rglob("*") if path.is_file()]
    assert {path.name for path in left} >= {"set.toml", "intro.md", "manifest.json", "task.pdf"}
    assert not [path for path in left for name in names if name in path.read_bytes()]


def test_what_is_left_is_said_and_names_nobody(workset, capsys):
    assert mssw("key", "destroy", workset.root, "--dry-run", "--json") == ExitCode.DONE

    told = json.loads(capsys.readouterr().out)
    said = " ".join(told["left"])
    assert told["files"] == len([path for path in everything_private(workset) if path.name != ".lock"])
    assert told["had_key"]
    assert not told["done"]
    for thing in ("scans", "class list", "Printed", "exported", "backups", "solid-state"):
        assert thing in said
    assert workset.key.is_file()


def test_a_ledger_beside_the_set_is_named(workset, capsys):
    ledger = workset.root.parent / "private"
    ledger.mkdir()
    (ledger / "ledger.json").write_text('{"uses": []}', encoding="utf-8")
    (ledger / "ledger.key").write_text("00" * 32, encoding="ascii")

    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE

    assert "ledger.json remembers" in capsys.readouterr().err
    assert (ledger / "ledger.json").is_file()


@pytest.mark.parametrize(("typed", "gone"), [("5b", True), ("5c", False), ("yes", False), ("", False)])
def test_it_is_confirmed_by_typing_the_folders_name(workset, typed, gone):
    with patch("sys.stdin.isatty", return_value=True), patch("typer.prompt", return_value=typed):
        code = mssw("key", "destroy", workset.root)

    assert code == (ExitCode.DONE if gone else ExitCode.USAGE)
    assert workset.private.exists() is not gone


def test_a_script_must_say_yes(workset, capsys):
    before = len(everything_private(workset))

    assert mssw("key", "destroy", workset.root, "--no-input") == ExitCode.USAGE

    assert "--yes" in capsys.readouterr().err
    assert len(everything_private(workset)) == before


def test_afterwards_each_command_says_that_the_set_is_final(workset, capsys):
    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE

    assert mssw("prepare", "--into", workset.root) == ExitCode.WOULD_OVERWRITE
    assert "final" in capsys.readouterr().err
    assert mssw("key", workset.root) == ExitCode.STEP_MISSING
    assert "was destroyed" in capsys.readouterr().err
    assert mssw("review", workset.root, "--list") == ExitCode.STEP_MISSING
    assert "nothing of it can be changed" in capsys.readouterr().err
    assert mssw("status", workset.root) == ExitCode.DONE
    assert "can no longer be traced to students" in capsys.readouterr().out
    assert mssw("audit", workset.root) == ExitCode.DONE
    assert "nobody can look under the covers" in capsys.readouterr().err
    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE
    assert "nothing left to destroy" in capsys.readouterr().err


def test_the_packet_can_still_be_printed(workset):
    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE

    assert mssw("packet", workset.root, "--without-held", "--unreviewed") == ExitCode.DONE
    assert workset.packet.is_file()


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("after", [0, 1, 2, 3, 7, 15, 25])
def test_killed_at_any_moment_it_goes_on_and_nothing_is_made_anew_in_between(workset, after):
    deleted = []
    real = keycare._delete

    def delete(path):
        if len(deleted) >= after:
            raise Killed
        deleted.append(path)
        real(path)

    with patch.object(keycare, "_delete", delete), pytest.raises(Killed):
        keycare.destroy_key(workset)

    assert mssw("prepare", "--into", workset.root) == ExitCode.WOULD_OVERWRITE
    assert after < 1 or mssw("key", workset.root) == ExitCode.STEP_MISSING
    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE
    assert not workset.private.exists()


def test_killed_before_the_first_step_the_set_is_whole(workset):
    with patch.object(keycare, "_forget_seed", side_effect=Killed), pytest.raises(Killed):
        keycare.destroy_key(workset)

    assert workset.key.is_file()
    assert mssw("key", workset.root) == ExitCode.DONE


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_what_a_link_points_to_and_what_has_another_name_is_left_as_it_was(workset, tmp_path):
    outside, twin = tmp_path / "scan.pdf", tmp_path / "twin.pdf"
    outside.write_bytes(b"the scan itself")
    twin.write_bytes(b"another name of it")
    (workset.stack / "linked.pdf").symlink_to(outside)
    (workset.stack / "twin.pdf").hardlink_to(twin)
    (workset.private / "folder").symlink_to(tmp_path, target_is_directory=True)

    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE

    assert outside.read_bytes() == b"the scan itself"
    assert twin.read_bytes() == b"another name of it"
    assert not workset.private.exists()


def test_each_file_is_overwritten_before_it_is_deleted(workset, tmp_path):
    seen = tmp_path / "kept.xlsx"
    content = workset.key.read_bytes()
    real = type(workset.key).unlink

    def unlink(self, *words, **how):
        if self.name == "key.xlsx":
            shutil.copy(self, seen)
        real(self, *words, **how)

    with patch("pathlib.Path.unlink", unlink):
        keycare.destroy_key(workset)

    assert len(seen.read_bytes()) == len(content)
    assert seen.read_bytes() != content


def test_which_code_is_whose_goes_with_the_key_before_all_else(workset):
    """Killed in between, no pages are left with a table that tells whose they are."""
    workset.sheets.write_text("{}", encoding="utf-8")
    workset.sheets_to_print.write_bytes(b"%PDF-")
    order = []
    real = keycare._delete

    def delete(path):
        order.append(path)
        real(path)

    with patch("mssw.keys.key_care._delete", delete):
        keycare.destroy_key(workset)

    assert {workset.key, workset.matches, workset.sheets, workset.sheets_to_print} == set(order[:4])
    assert not workset.private.exists()


def test_a_set_at_work_is_not_destroyed(workset, capsys):
    with workset.locked():
        assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.WOULD_OVERWRITE

    assert "another mssw command" in capsys.readouterr().err
    assert workset.key.is_file()


# Reminding --------------------------------------------------------------------------------------------


class Day(dt.date):
    @classmethod
    def today(cls):
        return cls(2030, 6, 30)


@pytest.mark.parametrize(("day", "reminded"), [("2030-06-29", True), ("2030-06-30", True), ("2030-07-01", False)])
@pytest.mark.parametrize("command", ["status", "packet"])
def test_from_the_day_on_commands_remind(workset, day, reminded, command, capsys):
    assert mssw("key", "remind", workset.root, day) == ExitCode.DONE
    capsys.readouterr()
    words = {"status": (), "packet": ("--without-held", "--unreviewed", "--dry-run")}[command]

    with patch.object(report, "date", Day):
        assert mssw(command, workset.root, *words, "--json") == ExitCode.DONE
        said = capsys.readouterr()
        assert mssw(command, workset.root, *words, "--quiet") == ExitCode.DONE

    assert ("You planned to destroy the key" in said.err) is reminded
    assert json.loads(said.out)["schema"].startswith(f"mssw.{command}/")
    assert "You planned to destroy the key" not in capsys.readouterr().err


def test_prepare_reminds_too_and_its_outputs_know_no_calendar(workset, capsys):
    assert mssw("prepare", "--into", workset.root) == ExitCode.FINDINGS
    before = {path: path.read_bytes() for path in workset.shared.rglob("*") if path.is_file()}
    assert mssw("key", "remind", workset.root, "2030-01-01") == ExitCode.DONE

    with patch.object(report, "date", Day):
        assert mssw("prepare", "--into", workset.root) == ExitCode.FINDINGS

    assert "mssw key destroy" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in workset.shared.rglob("*") if path.is_file()} == before


def test_the_day_stands_in_the_settings_and_can_be_taken_out(workset):
    assert mssw("key", workset.root, "remind", "2030-06-30") == ExitCode.DONE
    assert "\ndestroy_key_after = 2030-06-30\n" in workset.settings.read_text(encoding="utf-8")

    assert mssw("key", workset.root, "remind", "never") == ExitCode.DONE
    assert read_settings(workset.settings).destroy_key_after is None


def test_a_day_typed_by_hand_in_quotes_is_read(workset):
    text = change_settings_text(workset.settings.read_text(encoding="utf-8"), destroy_key_after=dt.date(2030, 6, 30))
    workset.settings.write_text(text.replace("= 2030-06-30", '= "2030-06-30"'), encoding="utf-8")

    assert read_settings(workset.settings).destroy_key_after == dt.date(2030, 6, 30)


@pytest.mark.parametrize("day", ["30.6.2030", "2030-13-01", "soon"])
def test_what_is_no_day_is_said_to_be_none(workset, day, capsys):
    assert mssw("key", "remind", workset.root, day) == ExitCode.USAGE

    assert "2030-06-30" in capsys.readouterr().err


def test_after_the_destruction_nobody_is_reminded(workset, capsys):
    assert mssw("key", "remind", workset.root, "2030-01-01") == ExitCode.DONE
    assert mssw("key", "destroy", workset.root, "--yes") == ExitCode.DONE
    capsys.readouterr()

    with patch.object(report, "date", Day):
        assert mssw("status", workset.root) == ExitCode.DONE

    assert capsys.readouterr().err == ""
