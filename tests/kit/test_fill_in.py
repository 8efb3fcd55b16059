"""Sheets to fill in and proposals for a meeting: a routine in three amounts of support, a kit for each purpose."""

from __future__ import annotations

import json
import shlex

import pymupdf
import pytest

from mssw.errors import ExitCode
from mssw.exchange.receive_set import ReceivedFrom
from mssw.kit.kit_words import FILL_IN, KITS
from mssw.kit.purpose import PURPOSES, find_purpose
from mssw.next_step import plan_meeting
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workset.folder import WorkSet, write_typed
from mssw.workset.settings import PURPOSES as ALLOWED_PURPOSES
from mssw.workset.settings import change_settings_text
from support.commands import mssw
from support.released_set import ALIASES, released_set

TASK = "Why is the balloon heavier?"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(path):
    with pymupdf.open(path) as pdf:
        return " ".join(" ".join(page.get_text() for page in pdf).split()), len(pdf)


def test_the_routine_has_the_same_three_parts_and_less_support_each_time(folder):
    for support in ("full", "some", "none"):
        assert mssw("kit", "cer", "--support", support, "--task-title", TASK) == ExitCode.DONE
    full, some, none = (text_of(folder / f"kit-cer-{support}-letter.pdf") for support in ("full", "some", "none"))

    assert [pages for _, pages in (full, some, none)] == [2, 1, 1]
    assert all(TASK in text and "Name:" in text for text, _ in (full, some, none))
    assert all(word in text for text, _ in (full, some) for word in ("Claim", "Evidence", "Reasoning"))
    assert all(word in none[0] for word in ("claim", "evidence", "reasoning"))
    assert "I think that" in full[0]
    assert "I think that" not in some[0]
    assert len(full[0]) > len(some[0]) > len(none[0])


def test_the_sheets_speak_spanish(folder):
    assert mssw("kit", "cer", "--language", "es") == ExitCode.DONE
    assert mssw("kit", "vision", "--language", "es", "--paper", "a4") == ExitCode.DONE

    assert "Afirmación" in text_of(folder / "kit-cer-full-es-letter.pdf")[0]
    assert "más allá de las notas" in text_of(folder / "kit-vision-es-a4.pdf")[0]


def test_copies_start_on_sheets_of_their_own_and_a_second_run_writes_nothing(folder, capsys):
    assert mssw("kit", "cer", "--support", "some", "--copies", "3", "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["pages"] == 3
    before = (folder / "kit-cer-some-letter.pdf").read_bytes()
    assert mssw("kit", "cer", "--support", "some", "--copies", "3", "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert mssw("kit", "cer", "--support", "some") == ExitCode.WOULD_OVERWRITE
    assert (folder / "kit-cer-some-letter.pdf").read_bytes() == before
    assert mssw("kit", "vision", "--dry-run") == ExitCode.DONE
    assert not list(folder.glob("kit-vision*"))


@pytest.mark.parametrize(
    "words",
    ["cer --support half", "cer --language fr", "cer --start 15:30", "vision --support some", "B --task-title Air",
     "cer --copies 0", "--purpose grading", "--purpose ask --no-input"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(words, folder):
    assert mssw("kit", *shlex.split(words)) == ExitCode.USAGE
    assert not list(folder.glob("*.pdf"))


@pytest.mark.pages
@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda one: one.name)
def test_a_purpose_leads_to_a_session_samples_and_commands_that_work(purpose, folder, capsys):
    """Each line is pasted as it is; what a person does on a page is done for her."""
    for pages, name in enumerate(("massive air", "other air"), 1):
        made = released_set(folder / name, ALIASES[:4], pages=pages)
        write_typed(made.received, ReceivedFrom(sha256="0" * 64, mssw="0.2.0", searched=True), private=True)
    workset = WorkSet(folder / "massive air")
    assert {purpose.kit, *(kit for kit, _ in purpose.also)} <= {*KITS, *FILL_IN}
    assert purpose.session in {"", "A", "B", "C", "D", "E"}
    assert purpose.samples.startswith(("Bring", "Each"))

    plan = plan_meeting(workset, purpose)
    assert plan[0].step == "sort"
    assert "kit" in {one.step for one in plan}
    for step in plan:
        command, *words = shlex.split(step.command)[1:]
        if command == "sort":
            assert mssw("sort", *words, "--list") == ExitCode.DONE
            keep_sorting(workset, Sorting("", "", (Pile("air"),), {a: Placing("air", Level.LOW) for a in ALIASES[:4]}))
        else:
            assert mssw(command, *words, *(["--dry-run"] if command != "trends" else [])) == ExitCode.DONE
        if command == "packet":
            assert words[-2:] == ["--session", purpose.session]
    capsys.readouterr()


def test_without_a_set_a_purpose_leads_to_start_and_the_kit(capsys):
    assert mssw("kit", "--purpose", "quality") == ExitCode.DONE
    assert "mssw start\n    mssw kit coassess\n" in capsys.readouterr().out
    assert tuple(one.name for one in PURPOSES) == ALLOWED_PURPOSES


def test_the_kit_of_a_set_is_the_one_for_its_purpose_or_session(folder, capsys):
    workset = released_set(folder / "air", ALIASES[:2], pages=1)
    assert mssw("kit", "--set", workset.root, "--dry-run") == ExitCode.USAGE
    for said, kit in (({"purpose": "quality"}, "coassess"), ({"session": "b"}, "B")):
        text = change_settings_text(workset.settings.read_text(encoding="utf-8"), **said)
        workset.settings.write_text(text, encoding="utf-8")
        assert mssw("kit", "--set", workset.root, "--dry-run") == ExitCode.DONE
        assert f"kit-{kit}-letter.pdf" in capsys.readouterr().err


def test_a_purpose_is_asked_for_and_found_by_number_or_word(folder, capsys, monkeypatch):
    released_set(folder / "set", ["Andrea"], pages=1)
    monkeypatch.setattr("sys.stdin.readline", iter(["songs\n", "4\n"]).__next__)
    assert mssw("kit", "--purpose", "ask", "--set", folder / "set") == ExitCode.DONE
    said = capsys.readouterr()
    assert "What is the meeting for?" in said.err
    assert f"mssw kit D --set {folder / 'set'}" in said.out
    assert find_purpose("think") is find_purpose("1") is PURPOSES[0]
    assert mssw("kit", "--purpose", "classes", "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["kit"] == "coassess"
