"""`mssw kit`: what a teacher gets, where it goes, and what is told where a file of minutes has problems."""

from __future__ import annotations

import json
from itertools import pairwise

import pikepdf
import pymupdf
import pytest

from mssw.kit.kit_words import KITS, read_session, read_times, times_text
from mssw.kit.session import Role
from mssw.workset.folder import write_json
from mssw.workset.settings import change_settings_text
from support.commands import mssw
from support.released_set import STUDENT, released_set

pytestmark = pytest.mark.pages

WITH_AGENDA = [kit for kit in KITS if kit != "task-check"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, as a teacher has one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def kits(tmp_path_factory):
    """A folder with every kit, printed once as it comes without another word."""
    place = tmp_path_factory.mktemp("kits")
    for kit in KITS:
        assert mssw("kit", kit, "--into", place) == 0
    return place


def pages(path):
    return [page.get_text() for page in pymupdf.open(path)]


def in_one_line(text):
    return " ".join(text.split())


# What is printed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit", WITH_AGENDA)
def test_the_agenda_is_as_agreed(kit, snapshot, capsys):
    assert mssw("kit", kit, "--start", "15:30", "--dry-run") == 0
    assert capsys.readouterr().out == snapshot


def test_what_each_kit_is_for_is_listed(snapshot, capsys):
    assert mssw("kit", "--list") == 0
    assert capsys.readouterr().out == snapshot


@pytest.mark.parametrize("kit", KITS)
def test_each_kit_needs_no_set_and_is_an_accessible_pdf(kit, kits):
    with pikepdf.open(kits / f"kit-{kit}-letter.pdf") as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert pdf.pages[0].MediaBox == [0, 0, 612, 792]
        assert str(pdf.docinfo["/Title"])
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"


@pytest.mark.parametrize("kit", KITS)
def test_each_kit_is_printed_in_black_alone(kit, kits):
    with pikepdf.open(kits / f"kit-{kit}-letter.pdf") as pdf:
        spaces = [space for page in pdf.pages for space in dict(page.Resources.get("/ColorSpace", {})).values()]
        assert set(map(str, spaces)) == {"/DeviceGray"}
        colours = {"rg", "RG", "k", "K"}
        used = {str(one.operator) for page in pdf.pages for one in pikepdf.parse_content_stream(page)}
        assert used & colours == set()


def test_a_session_has_times_cues_cards_norms_charts_and_groups(folder):
    assert mssw("kit", "B", "--start", "15:30", "--teachers", "8", "--paper", "a4") == 0
    text = in_one_line(" ".join(pages(folder / "kit-B-a4.pdf")))
    for role in Role:
        assert role in text
    for words in (
        "Session B: Learning gaps",
        "then call time. Ask people to move to small groups.",
        "15:30 – 17:30",
        "39 min",
        "the stop time on the board: 16:10. Say when 1 minute is left",
        "Role cards",
        "Norms to start from",
        "Where on the page do you see that?",
        "WHAT WOULD CONVINCE US",
        "Changing small groups",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("kit", "words"),
    [
        ("A", ["Mental models", "WHAT IS USEFUL IN IT"]),
        ("C", ["Next steps and their trade-offs", "BENEFITS", "COSTS"]),
        ("D", ["Task analysis", "Fits its objective", "Part by part"]),
        ("E", ["Task modification", "What should stay".upper()]),
        (
            "coassess",
            ["my claims", "EVIDENCE FOR", "EVIDENCE AGAINST", "Subgroups", "Individual students", "Next steps"],
        ),
        ("feedback", ["Background sheet", "Focus question", "A dry run"]),
        ("task-check", ["Two tasks side by side", "TASK 1", "TASK 2", "Several ways"]),
        ("atlas", ["WHAT I SEE, AND WHERE", "WHAT ELSE IT MAY MEAN"]),
        ("tuning", ["WARM", "COOL"]),
        ("cac", ["What is this student working on?"]),
    ],
)
def test_each_kit_has_its_own_charts(kit, words, kits):
    text = in_one_line(" ".join(pages(kits / f"kit-{kit}-letter.pdf")))
    assert [one for one in words if one not in text] == []


def test_without_teachers_there_are_no_groups(kits):
    assert "Changing small groups" not in " ".join(pages(kits / "kit-B-letter.pdf"))


@pytest.mark.parametrize(("kit", "first_of_each"), [("B", "Do the task yourself"), ("E", "Strengths and limits")])
def test_what_the_table_needs_comes_once_and_then_each_persons_copy_on_sheets_of_its_own(kit, first_of_each, folder):
    assert mssw("kit", kit, "--copies", 3) == 0
    every = pages(folder / f"kit-{kit}-letter.pdf")
    starts = [place for place, text in enumerate(every) if first_of_each in text and "for each of you" in text]
    first, second = (every[a:b] for a, b in pairwise(starts))
    assert len(starts) == 3
    assert {place % 2 for place in starts} == {0}
    assert first == second
    filled = [text for text in first if "intentionally left blank" not in text]
    assert [text.split()[-1] for text in filled] == [str(number) for number in range(1, len(filled) + 1)]
    table = [text for text in every[: starts[0]] if "intentionally left blank" not in text]
    assert all("One for the table" in text for text in table)
    assert sum("WHAT TO BRING" in text for text in every) == 1
    assert len(first) - len(filled) == len(filled) % 2


@pytest.mark.usefixtures("drawn_anew")
def test_the_same_command_gives_the_same_bytes(folder):
    assert mssw("kit", "C", "--start", "9:00", "--out", "one.pdf") == 0
    assert mssw("kit", "C", "--start", "9:00", "--out", "two.pdf") == 0
    assert (folder / "one.pdf").read_bytes() == (folder / "two.pdf").read_bytes()


@pytest.mark.parametrize("kit", KITS)
def test_two_teachers_can_use_every_kit_and_need_no_groups(kit, folder):
    if kit != "task-check":  # a form without an agenda
        assert mssw("kit", kit, "--teachers", 2) == 0
        assert "Changing small groups" not in " ".join(pages(folder / f"kit-{kit}-letter.pdf"))


def test_groups_are_named_where_names_are_given_and_left_out_where_no_step_has_them(folder):
    names = "M. Rivera, J. Okafor, L. Tran, P. Sato"
    assert mssw("kit", "B", "--teachers", names) == 0
    assert mssw("kit", "tuning", "--teachers", names) == 0
    [groups] = [text for text in pages(folder / "kit-B-letter.pdf") if "Changing small groups" in text]
    assert all(name in groups for name in names.split(", "))
    assert "Changing small groups" not in " ".join(pages(folder / "kit-tuning-letter.pdf"))


def test_co_assessing_fits_two_and_sums_up_before_it_reflects(folder):
    assert mssw("kit", "coassess", "--teachers", 2) == 0
    text = " ".join(pages(folder / "kit-coassess-letter.pdf"))
    assert "PRESENTING TEACHER" not in text
    assert "Role cards" not in text
    assert text.index("Sum up") < text.index("Reflect on how we worked")


# Where it goes ----------------------------------------------------------------------------------------------------


def test_a_file_that_differs_is_never_overwritten_unless_told(folder, capsys):
    assert mssw("kit", "B") == 0
    before = (folder / "kit-B-letter.pdf").read_bytes()
    assert mssw("kit", "B") == 0  # the very same: nothing is lost
    assert "already up to date" in capsys.readouterr().err
    assert mssw("kit", "B", "--start", "15:30") == 5
    assert "--replace" in capsys.readouterr().err
    assert (folder / "kit-B-letter.pdf").read_bytes() == before
    assert mssw("kit", "B", "--start", "15:30", "--replace") == 0
    assert (folder / "kit-B-letter.pdf").read_bytes() != before


def test_into_and_out_say_where(folder):
    assert mssw("kit", "cac", "--into", "new folder") == 0
    assert mssw("kit", "cac", "--out", "mine.pdf") == 0
    assert (folder / "new folder" / "kit-cac-letter.pdf").is_file()
    assert (folder / "mine.pdf").is_file()


def test_a_dry_run_writes_nothing(folder):
    assert mssw("kit", "B", "--dry-run") == 0
    assert mssw("kit", "B", "--write-times", "t.toml", "--dry-run") == 0
    assert list(folder.iterdir()) == []


def test_the_report_for_a_script(capsys):
    assert mssw("kit", "b", "--start", "3:30 pm", "--copies", 2, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kit"], told["minutes"], told["ends"], told["written"]) == ("B", 120, "5:30 pm", True)
    blank = told["pages_for_table"] % 2 + told["pages_a_copy"] % 2
    assert told["pages"] == told["pages_for_table"] + 2 * told["pages_a_copy"] + blank
    assert [step["minutes"] for step in told["steps"]][4:6] == [5, 15]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--list"),
        (["F"], "there is no kit F"),
        (["B", "--start", "half past"], "15:30"),
        (["B", "--teachers", 1], "from 2 to 24"),
        (["B", "--teachers", 25], "from 2 to 24"),
        (["B", "--copies", 0], "--copies"),
        (["B", "--into", "a", "--out", "b"], "one of them"),
        (["B", "--out", "."], "is a folder"),
        (["task-check", "--start", "9:00"], "form with no agenda"),
        (["task-check", "--write-times", "t.toml"], "form with no agenda"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(words, says, folder, capsys):
    assert mssw("kit", *words) == 2
    assert says in capsys.readouterr().err
    assert list(folder.iterdir()) == []


# With a set -------------------------------------------------------------------------------------------------------


def test_a_set_gives_its_title_date_teachers_aliases_and_paper(folder):
    workset = released_set(folder / "set")
    text = workset.settings.read_text(encoding="utf-8")
    changed = change_settings_text(text, date="12 March", paper="a4", presenting_teachers=("M. Rivera",))
    workset.settings.write_text(changed, encoding="utf-8")
    write_json(workset.samples, {"samples": [{"alias": "Andrea"}, {"alias": "Kai"}]}, private=False)
    assert mssw("kit", "B", "--set", "set") == 0
    text = " ".join(pages(folder / "kit-B-a4.pdf"))
    assert [one for one in ("Massive air", "12 March", "M. Rivera", "Andrea", "Kai") if one not in text] == []
    assert "Camille" not in text


def test_a_set_that_is_not_prepared_yet_will_do(folder):
    workset = released_set(folder / "set")
    workset.manifest.unlink()
    assert mssw("kit", "B", "--set", "set") == 0
    assert "Massive air" in pages(folder / "kit-B-letter.pdf")[0]


def test_a_title_that_names_a_student_is_refused(folder, capsys):
    released_set(folder / "set", title=f"{STUDENT} and the balloon")
    assert mssw("kit", "B", "--set", "set") == 1
    said = capsys.readouterr().err
    assert "title" in said
    assert STUDENT not in said
    assert not (folder / "kit-B-letter.pdf").exists()


def test_letters_that_no_font_has_are_told_and_break_nothing(folder, capsys):
    released_set(folder / "set", title="Balloons 🎈")
    assert mssw("kit", "B", "--set", "set") == 0
    assert "🎈" in capsys.readouterr().err
    assert "Balloons □" in pages(folder / "kit-B-letter.pdf")[0]


# Other minutes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit", WITH_AGENDA)
def test_the_minutes_that_are_written_can_be_read_back(kit, folder):
    assert mssw("kit", kit, "--write-times", "t.toml") == 0
    assert read_times(folder / "t.toml", read_session(kit)) == read_session(kit)


def test_a_file_of_minutes_is_as_agreed(snapshot):
    assert times_text(read_session("B")) == snapshot


def test_a_file_of_minutes_is_never_overwritten(folder):
    (folder / "t.toml").write_text("mine")
    assert mssw("kit", "B", "--write-times", "t.toml") == 5
    assert (folder / "t.toml").read_text() == "mine"


def test_changed_minutes_change_the_clock(folder, capsys):
    (folder / "t.toml").write_text('kit = "B"\ntotal = 90\n[minutes]\n2 = 0\n3 = 0\n8 = [15, 0, 8]\n10 = [0, 2]\n')
    assert mssw("kit", "B", "--start", "15:30", "--times", "t.toml", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["minutes"], told["ends"]) == (90, "17:00")
    assert [step["number"] for step in told["steps"]] == [1, 4, 5, 6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[minutes]\n4 = 9\n", ["line 1", "add up to 121 minutes", "not 120", "take off 1 minute"]),
        ("total = 100\n", ["line 1", "add up to 120 minutes", "take off 20 minutes"]),
        ("total = 0\n", ["line 1", "total"]),
        ('total = "120"\n', ["line 1", "without quotes"]),
        ('kit = "C"\n', ["line 1", "'C'"]),
        ("\nminuts = 3\n", ["line 2", "minuts does not belong here"]),
        ("minutes = 3\n", ["line 1", "[minutes]"]),
        ("[minutes]\n12 = 3\n", ["line 2", "there is no step 12", "from 1 to 11"]),
        ("[minutes]\nfive = 3\n", ["line 2", "there is no step five"]),
        ("[minutes]\n4 = -8\n", ["line 2", "whole minutes"]),
        ("[minutes]\n4 = 8.5\n", ["line 2", "whole minutes"]),
        ("[minutes]\n4 = true\n", ["line 2", "whole minutes"]),
        ("[minutes]\n5 = 5\n", ["line 2", "2 parts", "[1, 4]"]),
        ("[minutes]\n4 = = 8\n", ["cannot be understood", "line 2"]),
        ("[minutes]\n4 = 8\n4 = 8\n", ["cannot be understood"]),
    ],
)
def test_a_problem_of_the_file_is_told_with_its_place(text, says, folder, capsys):
    (folder / "t.toml").write_text(text)
    assert mssw("kit", "B", "--times", "t.toml") == 3
    said = capsys.readouterr().err
    assert [one for one in ("t.toml", *says) if one not in said] == []


def test_all_problems_of_the_file_are_told_at_once(folder, capsys):
    (folder / "t.toml").write_text("foo = 1\n[minutes]\n4 = -1\n5 = 5\n99 = 1\n")
    assert mssw("kit", "B", "--times", "t.toml") == 3
    said = capsys.readouterr().err.splitlines()
    assert [
        line.partition(": ")[0].rpartition(" ")[2] for line in (one.removeprefix("mssw: ") for one in said)
    ] == list("1345")


def test_a_file_that_is_not_there_or_not_text_is_told(folder, capsys):
    assert mssw("kit", "B", "--times", "no.toml") == 3
    assert "--write-times" in capsys.readouterr().err
    (folder / "t.toml").write_bytes(b"\xff\xfe\x00")
    assert mssw("kit", "B", "--times", "t.toml") == 3
    assert "UTF-8" in capsys.readouterr().err


# A school's own words ---------------------------------------------------------------------------------------------


def test_a_school_may_reword_a_session(folder):
    assert mssw("templates", "export", "ours", "kits/session-b.toml") == 0
    words = folder / "ours" / "kits" / "session-b.toml"
    words.write_text(words.read_text(encoding="utf-8").replace("Learning gaps", "What is missing"), encoding="utf-8")
    assert mssw("kit", "B", "--templates", "ours") == 0
    assert "Session B: What is missing" in pages(folder / "kit-B-letter.pdf")[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("minutes = 15", "minutes = 14", "add up to 119"),
        ("minutes = 15", 'minutes = "15"', "step 6, part 1, minutes must be whole minutes"),
        ('setting = "alone"', 'setting = "in bed"', "setting must be"),
        ("total = 120", "total = ", "cannot be understood"),
        ("[[step]]", "[[steps]]", "step must be written as [[step]]"),
    ],
)
def test_a_fault_in_a_schools_words_is_told(old, new, says, folder, capsys):
    assert mssw("templates", "export", "ours", "kits/session-b.toml") == 0
    words = folder / "ours" / "kits" / "session-b.toml"
    words.write_text(words.read_text(encoding="utf-8").replace(old, new, -1 if "step" in old else 1), encoding="utf-8")
    assert mssw("kit", "B", "--templates", "ours") == 3
    assert says in capsys.readouterr().err
