"""`mssw intro`: asked in the terminal, written in an editor, taken from a file; judged by nobody, naming nobody."""

from __future__ import annotations

import json
import os
import re
import select
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.errors import FindingsError, UnreadableError, WouldOverwriteError
from mssw.intro.intro_file import (
    IntroEditor,
    find_remarks,
    introduction_from_json,
    introduction_json,
    join_introductions,
)
from mssw.intro.questions import FACTS, QUESTIONS, Introduction, intro_text, read_intro
from support.commands import mssw, typed
from support.released_set import STUDENT, released_set

SAID = Introduction(("Air.", "Alone.", "Weighed solids.", "That air has mass."), ("before", "alone", "pens", "books"))


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "set")


def told(workset) -> Introduction:
    return read_intro(workset.intro.read_text(encoding="utf-8"))


def test_everything_is_asked_in_order_and_saved(workset, monkeypatch, capsys):
    answers = ["Massive air.", "", "Alone,", "for 25 minutes.", "", "Solids.", "", "Mass.", ""]
    facts = ["before", "each alone", "pens", "books"]
    typed(monkeypatch, *answers, *facts, "air has mass", "", "what is air?", "", "Gas laws.", "", "")
    assert mssw("intro", workset.root) == 0
    found = told(workset)
    assert found.answers == ("Massive air.", "Alone,\nfor 25 minutes.", "Solids.", "Mass.")
    assert found.facts == ("before", "each alone", "pens", "books")
    assert (found.objectives, found.focus, found.background) == (("air has mass",), ("what is air?",), "Gas laws.")
    shown = capsys.readouterr()
    assert shown.out == ""
    places = [shown.err.index(question.prompt.split("?")[0][:30]) for question in (*QUESTIONS, *FACTS)]
    assert places == sorted(places)
    assert "All four questions are answered." in shown.err


def test_enter_keeps_what_stands_there_and_shows_it(workset, monkeypatch, capsys):
    workset.intro.write_text(intro_text(SAID), encoding="utf-8")
    before = workset.intro.read_bytes()
    typed(monkeypatch, *[""] * 11)
    assert mssw("intro", workset.root) == 0
    assert workset.intro.read_bytes() == before
    assert "  | Weighed solids." in capsys.readouterr().err


def test_one_goes_back_empties_and_ends(workset, monkeypatch, capsys):
    workset.intro.write_text(intro_text(SAID), encoding="utf-8")
    typed(monkeypatch, "", "b", "Water.", "", "-", "q")
    assert mssw("intro", workset.root) == 0
    assert told(workset).answers == ("Water.", "", "Weighed solids.", "That air has mass.")
    assert "Not answered: The directions." in capsys.readouterr().err


def test_what_was_typed_before_the_end_of_input_is_kept(workset, monkeypatch):
    typed(monkeypatch, "Air, as far as I came")
    assert mssw("intro", workset.root) == 0
    assert told(workset).answers[0] == "Air, as far as I came"


def test_a_judging_answer_is_taken_with_a_kind_word(workset, monkeypatch, capsys):
    typed(monkeypatch, "Most of them are weak at explaining.", "", "q")
    assert mssw("intro", workset.root) == 0
    assert told(workset).answers[0] == "Most of them are weak at explaining."
    said = capsys.readouterr().err
    assert "In “The task”, “Most of them are weak” puts a label" in " ".join(said.split())


def test_a_name_is_not_taken_and_nothing_typed_is_lost(workset, monkeypatch, capsys):
    typed(monkeypatch, f"{STUDENT} brought a ball.", "and more", "", "A ball was brought.", "", "q")
    assert mssw("intro", workset.root) == 0
    assert told(workset).answers[0] == "A ball was brought."
    said = capsys.readouterr()
    assert "Not saved: a name from the class list is in intro.md under “The task”" in said.err
    assert STUDENT not in said.err + said.out
    kept = workset.private / "intro-not-taken.txt"
    assert kept.read_text(encoding="utf-8") == f"{STUDENT} brought a ball.\nand more\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 or os.name == "nt"


def test_a_teachers_own_notes_stay_in_the_file(workset, monkeypatch):
    workset.intro.write_text(intro_text(SAID) + "\n<!-- ask Jo about the scale -->\n", encoding="utf-8")
    typed(monkeypatch, "Water.", "", "q")
    assert mssw("intro", workset.root) == 0
    text = workset.intro.read_text(encoding="utf-8")
    assert text.count("ask Jo about the scale") == 1
    assert text.count("Colleagues read this before") == 1


def test_no_input_never_asks(workset, monkeypatch, capsys):
    workset.intro.write_text(intro_text(SAID), encoding="utf-8")
    typed(monkeypatch, "no one reads this")
    assert mssw("intro", workset.root, "--no-input") == 0
    assert "    Weighed solids." in capsys.readouterr().out
    assert told(workset) == SAID


def test_shown_as_json_it_can_be_taken_by_another_set(workset, tmp_path, capsys):
    said = replace(SAID, objectives=("MS-1: mass",), focus=("What is air?",), background="a\n\nb")
    workset.intro.write_text(intro_text(said), encoding="utf-8")
    assert mssw("intro", workset.root, "--json", "--no-input") == 0
    (tmp_path / "intro.json").write_text(capsys.readouterr().out, encoding="utf-8")
    other = released_set(tmp_path / "other")
    assert mssw("intro", other.root, "--from", tmp_path / "intro.json") == 0
    assert told(other) == said


def test_a_file_fills_in_and_never_writes_over_unless_told(workset, tmp_path):
    (tmp_path / "given.md").write_text("## 2\nIn pairs.\n", encoding="utf-8")
    workset.intro.write_text(intro_text(replace(SAID, answers=("Air.", "", "", ""))), encoding="utf-8")
    assert mssw("intro", workset.root, "--from", tmp_path / "given.md") == 0
    assert told(workset).answers[:2] == ("Air.", "In pairs.")
    (tmp_path / "given.md").write_text("## 1\nWater.\n", encoding="utf-8")
    assert mssw("intro", workset.root, "--from", tmp_path / "given.md") == 5
    assert told(workset).answers[0] == "Air."
    assert mssw("intro", workset.root, "--from", tmp_path / "given.md", "--replace", "--dry-run") == 0
    assert told(workset).answers[0] == "Air."
    assert mssw("intro", workset.root, "--from", tmp_path / "given.md", "--replace") == 0
    assert told(workset).answers[0] == "Water."


@pytest.mark.parametrize(
    ("name", "data", "told_of"),
    [
        ("a.docx", b"PK\x03\x04", "save it as .txt"),
        ("a.md", b"\xff\xfe\x00", "not UTF-8"),
        ("a.json", b'{"answers": {"The tusk": "x"}}', "not an introduction from"),
        ("a.json", b'{"focus": [1]}', "not an introduction from"),
        ("a.json", b"[", "not an introduction from"),
        ("gone.md", None, "cannot be read"),
    ],
)
def test_a_file_that_is_none_is_told(workset, tmp_path, name, data, told_of, capsys):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert mssw("intro", workset.root, "--from", tmp_path / name) == 3
    assert told_of in capsys.readouterr().err


def test_a_name_in_a_file_is_refused_with_its_place(workset, tmp_path, capsys):
    (tmp_path / "given.md").write_text(f"## Focus questions\n- What does {STUDENT} think?\n", encoding="utf-8")
    assert mssw("intro", workset.root, "--from", tmp_path / "given.md") == 1
    said = capsys.readouterr()
    assert "under “Focus questions”" in said.err
    assert STUDENT not in said.err + said.out
    assert not workset.intro.is_file()


def editor(tmp_path, monkeypatch, script) -> None:
    path = tmp_path / "editor.py"
    path.write_text(f"import pathlib, sys\nfile = pathlib.Path(sys.argv[-1])\n{script}\n", encoding="utf-8")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {path}" if os.name == "nt" else f"'{sys.executable}' '{path}'")


def test_an_editor_gets_the_questions_and_gives_the_answers(workset, tmp_path, monkeypatch):
    monkeypatch.setenv("VISUAL", "nobody-has-this-editor")
    script = (
        "text = file.read_text()\nassert '## 1. The task' in text\n"
        "file.write_text(text.replace('## 2.', 'Air.\\n<!-- mine -->\\n\\n## 2.'))"
    )
    editor(tmp_path, monkeypatch, script)
    assert mssw("intro", workset.root, "--editor") == 0
    assert told(workset).answers[0] == "Air."
    assert "<!-- mine -->" in workset.intro.read_text(encoding="utf-8")
    assert not (workset.private / "intro-draft.md").exists()


def test_a_name_written_in_an_editor_waits_in_private_to_be_gone_on_with(workset, tmp_path, monkeypatch, capsys):
    workset.intro.write_text(intro_text(SAID), encoding="utf-8")
    editor(tmp_path, monkeypatch, f"file.write_text('## 1\\nBy {STUDENT}\\n')")
    assert mssw("intro", workset.root, "--editor") == 1
    assert told(workset) == SAID
    editor(tmp_path, monkeypatch, f"t = file.read_text(); assert '{STUDENT}' in t; file.write_text('## 1\\nAir\\n')")
    assert mssw("intro", workset.root, "--editor") == 0
    assert told(workset).answers[0] == "Air"
    said = capsys.readouterr()
    assert "the draft that could not be saved" in said.err
    assert STUDENT not in said.err + said.out


def test_an_editor_that_fails_or_is_not_there_is_told(workset, tmp_path, monkeypatch, capsys):
    editor(tmp_path, monkeypatch, "sys.exit(3)")
    assert mssw("intro", workset.root, "--editor") == 2
    assert "ended with an error (3)" in capsys.readouterr().err
    monkeypatch.setenv("VISUAL", "nobody-has-this-editor --wait")
    assert mssw("intro", workset.root, "--editor") == 2
    assert "nobody-has-this-editor" in capsys.readouterr().err
    assert not (workset.private / "intro-draft.md").exists()


STANDARDS = (
    "Code,Grade,Statement\n5-PS1-1,5,Particles too small to be seen\n5-PS1-2,5,Weight stays when matter changes\n"
)


def test_an_objective_is_found_in_a_list_and_taken_by_its_code(workset, tmp_path, capsys):
    (tmp_path / "list.csv").write_text(STANDARDS, encoding="utf-8")
    assert mssw("intro", workset.root, "--standards", tmp_path / "list.csv", "--find", "weight matter", "--json") == 0
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["found"]] == ["5-PS1-2"]
    words = ["--objective", "5ps1.1", "--objective", "air is matter"]
    assert mssw("intro", workset.root, "--standards", tmp_path / "list.csv", *words) == 0
    assert told(workset).objectives == ("5-PS1-1: Particles too small to be seen", "air is matter")
    assert mssw("intro", workset.root, "--standards", tmp_path / "list.csv", "--objective", "5-PS1-9") == 2
    assert "no standard has the code 5-PS1-9" in capsys.readouterr().err
    assert mssw("intro", workset.root, "--find", "x") == 2


def test_in_the_terminal_a_search_is_answered_and_a_number_takes(workset, tmp_path, monkeypatch, capsys):
    (tmp_path / "list.csv").write_text(STANDARDS, encoding="utf-8")
    typed(monkeypatch, *[""] * 8, "?particles", "1", "and more", "", "q")
    assert mssw("intro", workset.root, "--standards", tmp_path / "list.csv") == 0
    assert told(workset).objectives == ("5-PS1-1: Particles too small to be seen", "and more")
    assert "  1  5-PS1-1: Particles too small to be seen" in capsys.readouterr().err


def test_focus_and_background_come_by_options(workset, tmp_path):
    (tmp_path / "back.txt").write_text("Gases.\n\nMore.\n", encoding="utf-8")
    assert mssw("intro", workset.root, "--focus", "What is air?", "--background", tmp_path / "back.txt") == 0
    assert (told(workset).focus, told(workset).background) == (("What is air?",), "Gases.\n\nMore.")


def test_two_ways_at_once_make_no_sense(workset):
    assert mssw("intro", workset.root, "--show", "--editor") == 2
    assert mssw("intro", workset.root, "--editor", "--no-input") == 2


def test_more_than_two_focus_questions_are_many():
    [remark] = find_remarks(Introduction(focus=("a", "b", "c")))
    assert str(remark) == "Focus questions: 3 are a lot for one session; two leave time to talk."


def test_a_name_that_stood_there_before_does_not_stop_another_answer(workset):
    named = replace(SAID, answers=(f"By {STUDENT}", "", "", ""))
    workset.intro.write_text(intro_text(named), encoding="utf-8")
    work = IntroEditor(workset)
    work.take(replace(named, answers=(f"By {STUDENT}", "Alone.", "", "")))
    with pytest.raises(FindingsError, match="under “The aim”"):
        work.take(replace(named, answers=("", "", "", f"as {STUDENT} does")))


texts = st.text(max_size=40)
any_introduction = st.builds(
    Introduction,
    st.tuples(*[texts] * 4),
    st.tuples(*[texts] * 4),
    st.lists(texts, max_size=3).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
    texts,
).map(lambda one: read_intro(intro_text(one)))


@given(any_introduction)
def test_json_carries_all_of_it(introduction):
    assert introduction_from_json(json.loads(json.dumps(introduction_json(introduction)))) == introduction


@given(any_introduction, any_introduction)
def test_joining_loses_nothing_or_refuses(now, new):
    try:
        both = join_introductions(now, new, replaced=False)
    except WouldOverwriteError:
        return
    kept = {text for _, text in both.places()}
    assert {text for one in (now, new) for _, text in one.places() if text} <= kept


def test_a_file_that_is_no_set_is_told(tmp_path):
    assert mssw("intro", tmp_path) == 4


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal is a thing of Unix")
def test_on_a_real_terminal_a_long_line_is_taken_whole(workset):
    import pty  # noqa: PLC0415

    long = " ".join(["air"] * 1500)  # more than a terminal takes in one line by itself
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "mssw", "intro", str(workset.root)]
    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "dumb"}, start_new_session=True
    )
    os.close(theirs)
    reading(terminal, r"The task[\s\S]*> $")
    os.write(terminal, f"{long}\n".encode())
    reading(terminal, r"\n> $")
    os.write(terminal, b"\n")
    reading(terminal, r"The directions[\s\S]*> $")
    os.write(terminal, b"q\n")
    reading(terminal, "It stands in")
    assert child.wait() == 0
    os.close(terminal)
    assert told(workset).answers[0] == long


def reading(terminal: int, until: str) -> None:
    """Read what the terminal shows until it looks like that."""
    seen = ""
    while not re.search(until, seen):
        ready, _, _ = select.select([terminal], [], [], 120)
        assert ready, f"the terminal fell silent before {until!r}; it said {seen[-500:]!r}"
        try:
            seen += os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # the other side has closed it
            break


def test_a_file_that_cannot_be_read_is_told(workset):
    workset.intro.write_bytes(b"\xff")
    with pytest.raises(UnreadableError, match="not UTF-8"):
        IntroEditor(workset).now  # noqa: B018 - reading it is what fails
