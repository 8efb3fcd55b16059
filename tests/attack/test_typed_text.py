"""Threat: a teacher types a student's name that is also a word, or is short, shortened or inflected.

Tried: five such sentences through every place where a teacher types, from scripts and in a terminal, and by hand in
the files themselves. Result: each is refused or asked about, the audit lists what is there, and no message repeats it.
"""

from __future__ import annotations

import io
import sys

import openpyxl
import pytest

from mssw.auditing.run_audit import audit_path
from mssw.errors import ExitCode
from mssw.intro.questions import Introduction, intro_text
from mssw.record.kept_record import RecordKeeper
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.sorting.kept_sorts import SortActs, read_sorting
from mssw.sorting.sheet_words import ENGLISH
from mssw.web.sort_page import sort_site
from mssw.workset.allowed_names import WordsInDoubtError, keep_words, read_kept_words
from mssw.workset.folder import write_bytes
from mssw.workset.settings import Settings, settings_text
from support.commands import mssw
from support.made_up_set import make_set

ROWS = [["First", "Last"], ["Rose", "Miller"], ["Bo", "Chen"], ["Alexander", "Petrov"], ["Maria", "Lopez"]]
SENTENCES = [
    "Look first at how Rose set it out.",
    "Then compare that with Bo, please.",
    "Alex counted twice.",
    "Marias Idee ist neu.",
    "The file was sent by mlopez.",
]
NAMES = ("rose", "bo,", "alex ", "marias", "mlopez")


@pytest.fixture
def workset(tmp_path):
    found = make_set(tmp_path / "air", ("Dani", "Emery", "Farah"), pages=1)
    write_bytes(found.roster, roster_bytes(roster_from_rows(ROWS)), private=True)
    return found


def names_nobody(text):
    return not any(name in text.casefold() for name in NAMES)


@pytest.fixture
def typed(monkeypatch):
    """What a person types in a terminal."""

    def type_lines(*lines):
        terminal = io.StringIO("".join(f"{line}\n" for line in lines))
        terminal.isatty = lambda: True
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    return type_lines


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_script_is_refused_until_it_says_that_the_word_is_meant(workset, tmp_path, capsys, sentence):
    file = tmp_path / "intro.txt"
    file.write_text(sentence, encoding="utf-8")
    before = workset.intro.read_bytes()
    assert mssw("intro", workset.root, "--from", file) == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert "under “The task” may be a student's name" in said.err
    assert "--words" in said.err
    assert names_nobody(said.err + said.out)
    assert workset.intro.read_bytes() == before
    word = next(
        one
        for one in sentence.rstrip(".").replace(",", "").split()
        if any(name.strip(" ,") == one.casefold() for name in NAMES)
    )
    assert mssw("intro", workset.root, "--from", file, "--words", word, "--dry-run") == 0
    assert read_kept_words(workset) == ()
    assert mssw("intro", workset.root, "--from", file, "--words", word) == 0
    assert read_kept_words(workset) == (word,)
    assert mssw("intro", workset.root, "--from", file) == 0


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_audit_lists_what_was_typed_into_the_files(workset, sentence):
    workset.intro.write_text(intro_text(Introduction((sentence, "", "", ""))), encoding="utf-8")
    found = [str(one) for one in audit_path(workset.root).findings if one.file == "intro.md"]
    assert [line for line in found if "may be a student's name" in line]
    assert names_nobody("\n".join(found))
    assert audit_path(workset.root).notes[0] == (
        "of 4 students, 1 name is too short to search bytes for and 1 is an everyday word that bytes are searched for "
        "only beside the rest of the name; typed text was searched for all"
    )


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_packet_is_not_printed_with_it(workset, capsys, sentence):
    workset.intro.write_text(intro_text(Introduction((sentence, "", "", ""))), encoding="utf-8")
    assert mssw("packet", workset.root) == ExitCode.FINDINGS
    assert names_nobody(capsys.readouterr().err)
    workset.intro.write_text(intro_text(), encoding="utf-8")
    assert mssw("packet", workset.root, "--date", f"on Monday. {sentence}") == ExitCode.FINDINGS


@pytest.mark.parametrize("sentence", SENTENCES)
def test_titles_reasons_objectives_and_sheets_too(workset, tmp_path, capsys, sentence):
    workset.settings.write_text(settings_text(Settings(title=sentence)), encoding="utf-8")
    assert mssw("kit", "B", "--set", workset.root, "--into", tmp_path) == ExitCode.FINDINGS
    assert mssw("sort", workset.root, "--cards") == ExitCode.FINDINGS
    workset.settings.write_text(settings_text(Settings()), encoding="utf-8")
    assert mssw("sort", workset.root, "--objective", sentence, "--list") == ExitCode.FINDINGS
    assert mssw("sort", workset.root, "--as", sentence, "--list") == ExitCode.FINDINGS
    sheet = tmp_path / "sort.xlsx"
    assert mssw("sort", workset.root, "--sheet") == 0
    book = openpyxl.load_workbook(workset.shared / "sort.xlsx")
    book.worksheets[0].cell(3, len(ENGLISH.head)).value = sentence
    book.save(sheet)
    capsys.readouterr()
    assert mssw("sort", workset.root, "--read", sheet) == ExitCode.FINDINGS
    said = capsys.readouterr().err
    assert "may be" in said
    assert names_nobody(said)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_piles_and_notes_are_asked_about_on_the_page(workset, sentence):
    acts = SortActs(workset)
    for act in ({"act": "add", "name": sentence}, {"act": "note", "alias": "Dani", "note": sentence}):
        with pytest.raises(WordsInDoubtError) as refused:
            acts.do(act)
        assert names_nobody(str(refused.value))
    page = sort_site(workset)
    answer = next(route for route in page.routes if route.path == "/api/act")
    assert answer is not None
    acts.take_as_words([one.word for one in refused.value.words])
    acts.do({"act": "note", "alias": "Dani", "note": sentence})
    assert read_sorting(workset).of("Dani").note == sentence


@pytest.mark.parametrize("sentence", SENTENCES)
def test_claims_in_the_record_too(workset, sentence):
    keeper = RecordKeeper(workset)
    with pytest.raises(WordsInDoubtError) as refused:
        keeper.add("claims", {"text": sentence})
    assert names_nobody(str(refused.value))
    keep_words(workset, [one.word for one in refused.value.words])
    assert RecordKeeper(workset).add("claims", {"text": sentence}).claims


def test_a_person_is_asked_in_a_terminal_and_the_word_is_not_repeated(workset, typed, capsys, tmp_path):
    file = tmp_path / "intro.txt"
    file.write_text(SENTENCES[0], encoding="utf-8")
    typed("n")
    assert mssw("intro", workset.root, "--from", file) == ExitCode.FINDINGS
    asked = capsys.readouterr().err
    assert "“Look first at how ____ set it out”" in asked
    assert names_nobody(asked)
    typed("y")
    assert mssw("intro", workset.root, "--from", file) == 0
    typed("y")
    assert mssw("intro", workset.root, "--from", file, "--no-input") == 0


def test_a_full_name_is_refused_whatever_is_said_of_its_words(workset, capsys):
    assert mssw("intro", workset.root, "--focus", "What did Rose Miller see?", "--words", "Rose, Miller") == 1
    assert "Rose" not in capsys.readouterr().err
