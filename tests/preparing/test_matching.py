"""The key tells whose each work is: by its name field, or by the teacher's word, which stays."""

from __future__ import annotations

import json
import math
import stat
from dataclasses import replace

import numpy as np
import pytest

from mssw.core.page import Fate, Page, Tone
from mssw.core.response import Response
from mssw.errors import ExitCode
from mssw.names.student import Roster, Student
from mssw.preparing import match_responses as match_step
from mssw.preparing.aliases import AliasRules, give_aliases
from mssw.preparing.inputs import Inputs
from mssw.preparing.match_responses import FILE_ALONE, OTHER_FILE, match_responses
from mssw.preparing.matches import MatchedPerson, Matching, MatchState, find_meant_students, find_place
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import read_roster, roster_bytes
from mssw.workset.class_list import key_bytes, read_key
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import Settings
from mssw.workset.sightings import Sighting, sidecar, write_state
from support.commands import copied, mssw

pytestmark = pytest.mark.usefixtures("warm_crew")

ANA = Student("Ana", "Lopez", number="1001")
MARIA_G = Student("Maria", "Garcia", number="1002")
MARIA_L = Student("María", "López", number="1003")
TWIN_A = Student("Sam", "Reed", number="1004")
TWIN_B = Student("Sam", "Reed", number="1005")
ROSTER = Roster((ANA, MARIA_G, MARIA_L, TWIN_A, TWIN_B))
FAR = 2.5
SAYS_ANA = (0.1, FAR, FAR, FAR, FAR)
SAYS_GARCIA = (FAR, 0.1, 0.7, FAR, FAR)
SAYS_MARIA = (FAR, 0.1, 0.1, FAR, FAR)
SAYS_SAM = (FAR, FAR, FAR, 0.1, 0.1)
ALIASES = ("Boaz", "Chisomo", "Dorit", "Esi")


class Class:
    """A set whose name fields say what a test wants, one page a work unless said otherwise."""

    def __init__(self, root, fields, roster=ROSTER):
        self.workset = WorkSet.create(root)
        self.workset.settings.write_text('title = "Air"\n', encoding="utf-8")
        write_bytes(self.workset.roster, roster_bytes(roster), private=True)
        self.roster = roster
        self.works, self.pages, rows = [], {}, []
        for alias, said in zip(ALIASES, fields, strict=False):
            group = said if said and isinstance(said[0], tuple) else (said,)
            ids = []
            for costs in group:
                number = len(self.pages) + 1
                page = Page(
                    f"s01-p{number:04d}", "stack.pdf", number, (1, 1), 150.0, Tone.GREY, f"hash{number}", fate=Fate.KEPT
                )
                self.pages[page.id] = Sighting(page, "recipe", name_costs=costs)
                write_bytes(
                    sidecar(self.workset, page.id), json.dumps(self.pages[page.id].to_json()).encode(), private=True
                )
                ids.append(page.id)
            self.works.append(Response(tuple(ids), alias=alias))
            numbers = tuple(self.pages[page].page.number for page in ids)
            rows.append(KeyEntry(alias, source="stack.pdf", pages=numbers))
        write_bytes(self.workset.key, key_bytes(rows), private=True)
        write_state(self.workset, self.pages.values(), self.works, ())

    def match(self):
        inputs = Inputs(self.workset, Settings(), roster=self.roster)
        return match_responses(inputs, self.works, self.pages)

    def change_key(self, alias, **changes):
        rows = [replace(row, **changes) if row.alias == alias else row for row in read_key(self.workset.key)]
        write_bytes(self.workset.key, key_bytes(rows), private=True)

    @property
    def whose(self):
        """Number and how it is known, by alias."""
        return {row.alias: (row.number, row.matched_by) for row in read_key(self.workset.key)}

    @property
    def matching(self):
        return Matching.from_json(json.loads(self.workset.matches.read_text(encoding="utf-8")))

    def why(self, alias):
        return self.matching.of(alias).why


@pytest.fixture
def made(tmp_path):
    return lambda *fields, **options: Class(tmp_path / "set", fields, **options)


def asked(capsys, room, *words):
    """What `mssw key --json` says."""
    assert mssw("key", room.workset.root, *words, "--json") == ExitCode.DONE
    return json.loads(capsys.readouterr().out)


# --- by the name field


def test_a_clear_name_is_written_into_the_key(made):
    room = made(SAYS_ANA, ())

    counts = room.match()

    assert room.whose == {"Boaz": ("1001", "name field"), "Chisomo": ("", "")}
    assert read_key(room.workset.key)[0].student == "Ana Lopez"
    assert (counts.matched, counts.open, counts.without_work, counts.twice) == (1, 1, 4, 0)
    assert room.why("Chisomo") == match_step.NOTHING_READ
    assert stat.S_IMODE(room.workset.matches.stat().st_mode) == 0o600


def test_a_second_run_writes_the_same_bytes(made):
    room = made(SAYS_ANA, SAYS_MARIA, (SAYS_GARCIA, SAYS_MARIA))
    room.match()
    files = (room.workset.key, room.workset.matches)
    before = [file.read_bytes() for file in files]

    room.match()

    assert [file.read_bytes() for file in files] == before
    assert room.whose["Chisomo"] == ("1003", "name field"), "the other Maria's last name stands on her work"


def test_two_works_that_say_one_student_are_both_open_and_told(made):
    room = made(SAYS_ANA, SAYS_ANA)

    counts = room.match()

    assert room.whose == {"Boaz": ("", ""), "Chisomo": ("", "")}
    assert counts.twice == 1
    [twice] = room.matching.double_claims
    assert (twice.student.number, twice.responses) == ("1001", ("Boaz", "Chisomo"))
    assert room.why("Boaz") == match_step.SAME_NAME


def test_two_students_of_one_name_are_told_apart_by_the_teacher(made):
    room = made(SAYS_SAM, SAYS_SAM)
    room.match()

    assert [guess.number for guess in room.matching.of("Boaz").guesses] == ["1004", "1005"]
    assert room.why("Boaz") == match_step.SEVERAL
    assert mssw("key", room.workset.root, "--assign", "Boaz=1005") == ExitCode.DONE
    assert room.whose == {"Boaz": ("1005", "teacher"), "Chisomo": ("1004", "name field")}


def test_a_work_whose_pages_name_two_students_is_left_open(made):
    room = made((SAYS_ANA, (FAR, 0.4, 0.9, FAR, FAR)), SAYS_GARCIA)

    room.match()

    assert room.whose == {"Boaz": ("", ""), "Chisomo": ("1002", "name field")}
    assert room.why("Boaz") == match_step.TWO_NAMES


def test_a_name_of_nobody_and_a_hard_one_say_why_they_are_open(made):
    room = made((FAR,) * 5, (1.5, FAR, FAR, FAR, FAR))

    room.match()

    assert [room.why(alias) for alias in ("Boaz", "Chisomo")] == [match_step.ILLEGIBLE, match_step.UNSURE]


def test_without_a_roster_nothing_is_matched_and_the_key_stays(made):
    room = made(SAYS_ANA)
    room.roster = None
    before = room.workset.key.read_bytes()

    assert room.match() is None
    assert room.workset.key.read_bytes() == before
    assert not room.workset.matches.exists()


def test_a_match_that_no_longer_holds_is_taken_out_of_the_key(made):
    room = made(SAYS_ANA)
    room.match()

    page = next(iter(room.pages))
    room.pages[page] = replace(room.pages[page], name_costs=(math.inf,) * 5)
    room.match()

    assert room.whose == {"Boaz": ("", "")}


@pytest.mark.parametrize("cut_after", ["matches.json", "key.xlsx"])
def test_a_run_cut_off_while_writing_is_taken_for_no_teachers_word(made, monkeypatch, cut_after):
    room = made(SAYS_ANA)
    room.match()
    page = next(iter(room.pages))
    room.pages[page] = replace(room.pages[page], name_costs=SAYS_GARCIA)

    class CutError(Exception):
        pass

    def cut(write):
        def writing(path, *rest, **options):
            write(path, *rest, **options)
            if path.name == cut_after:
                raise CutError

        return writing

    with monkeypatch.context() as patch:
        patch.setattr(match_step, "write_json", cut(match_step.write_json))
        patch.setattr(match_step, "write_bytes", cut(match_step.write_bytes))
        with pytest.raises(CutError):
            room.match()
    room.match()

    assert room.whose == {"Boaz": ("1002", "name field")}


# --- by the teacher's word


def test_what_a_teacher_assigned_stays_whatever_the_name_field_says(made):
    room = made(SAYS_ANA, SAYS_GARCIA)
    room.match()

    assert mssw("key", room.workset.root, "--assign", "boaz=Maria Lopez") == ExitCode.DONE
    room.match()

    assert room.whose == {"Boaz": ("1003", "teacher"), "Chisomo": ("1002", "name field")}
    assert read_key(room.workset.key)[0].student == "María López"


@pytest.mark.parametrize("said", ["Ana Lopez", "Lopez, Ana", "ANA", "1001", "  ana   lopez "])
def test_a_student_may_be_said_in_any_spelling_of_the_roster(made, said):
    room = made(())
    room.match()

    assert mssw("key", room.workset.root, "--assign", f"Boaz={said}") == ExitCode.DONE
    assert room.whose == {"Boaz": ("1001", "teacher")}


def test_a_student_who_gets_another_work_leaves_hers_open_and_it_is_said(made, capsys):
    room = made(SAYS_ANA, ())
    room.match()

    assert mssw("key", room.workset.root, "--assign", "Chisomo=1001") == ExitCode.DONE

    said = capsys.readouterr().err
    assert "Boaz is no longer matched: you gave its student another response." in said
    assert "Chisomo is matched as you asked." in said
    assert "Ana" not in said
    assert room.whose == {"Boaz": ("", ""), "Chisomo": ("1001", "teacher")}
    assert [one.responses for one in room.matching.double_claims] == [("Boaz", "Chisomo")]


def test_a_student_goes_from_one_assignment_to_the_next(made):
    room = made((), ())
    room.match()

    mssw("key", room.workset.root, "--assign", "Boaz=1001")
    mssw("key", room.workset.root, "--assign", "Chisomo=1001")

    assert room.whose == {"Boaz": ("", ""), "Chisomo": ("1001", "teacher")}


def test_taking_an_assignment_away_lets_the_name_field_tell_again(made):
    room = made(SAYS_ANA)
    room.match()

    mssw("key", room.workset.root, "--assign", "Boaz=1002")
    assert room.whose == {"Boaz": ("1002", "teacher")}
    mssw("key", room.workset.root, "--assign", "Boaz=")

    assert room.whose == {"Boaz": ("1001", "name field")}


def test_taking_a_match_away_leaves_the_work_open_for_good(made, capsys):
    room = made(SAYS_ANA)
    room.match()

    mssw("key", room.workset.root, "--assign", "Boaz=")
    room.match()

    assert room.whose == {"Boaz": ("", "teacher")}
    assert room.why("Boaz") == match_step.LEFT_OPEN
    capsys.readouterr()
    assert asked(capsys, room)["works"][0]["state"] == "open"


def test_several_assignments_are_taken_at_once(made):
    room = made(SAYS_ANA, SAYS_GARCIA)
    room.match()

    mssw("key", room.workset.root, "--assign", "Boaz=1002", "--assign", "Chisomo=1001")

    assert room.whose == {"Boaz": ("1002", "teacher"), "Chisomo": ("1001", "teacher")}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["Boaz"], "ALIAS=STUDENT"),
        (["Quentin=1001"], "is not an alias"),
        (["Boaz=Quentin Nobody"], "what you wrote for Boaz fits nobody on the class list"),
        (["Boaz=Maria"], "fits 2 students on the class list"),
        (["Boaz=Sam Reed"], "fits 2 students on the class list"),
        (["Boaz=1001", "Boaz=1002"], "given twice"),
        (["Boaz=1001", "Chisomo=Ana Lopez"], "a student cannot have two responses"),
    ],
)
def test_an_assignment_that_cannot_be_meant_changes_nothing_and_repeats_no_name(made, capsys, words, message):
    room = made(SAYS_ANA, ())
    room.match()
    before = room.workset.key.read_bytes()

    options = [word for text in words for word in ("--assign", text)]
    assert mssw("key", room.workset.root, *options) == ExitCode.USAGE

    said = capsys.readouterr().err
    assert message in said
    assert not [name for name in ("Quentin", "Nobody", "Maria", "Reed", "Ana", "Lopez") if name in said]
    assert room.workset.key.read_bytes() == before


def test_a_dry_run_shows_the_table_and_writes_nothing(made, capsys):
    room = made(SAYS_ANA, ())
    room.match()
    before = room.workset.key.read_bytes(), room.workset.matches.read_bytes()

    told = asked(capsys, room, "--assign", "Chisomo=1001", "--dry-run")

    assert [work["student_id"] for work in told["works"]] == ["", "1001"]
    assert told["changed"][0].startswith("Boaz is no longer matched")
    assert (room.workset.key.read_bytes(), room.workset.matches.read_bytes()) == before


def test_a_name_written_into_the_key_by_hand_is_the_teachers_word(made):
    room = made(SAYS_ANA, ())
    room.match()

    room.change_key("Boaz", student="Garcia, Maria", number="")  # "name field" still stands beside it
    room.change_key("Chisomo", student="Ana Lopez")
    room.match()

    assert room.whose == {"Boaz": ("1002", "teacher"), "Chisomo": ("1001", "teacher")}


def test_a_name_taken_out_of_the_key_by_hand_does_not_come_back(made):
    room = made(SAYS_ANA)
    room.match()

    room.change_key("Boaz", student="", number="")
    room.match()

    assert room.whose == {"Boaz": ("", "teacher")}


def test_a_name_that_was_never_on_the_roster_stays_as_the_teacher_wrote_it(made):
    room = made(SAYS_ANA)
    room.change_key("Boaz", student="A new girl", number="")

    room.match()
    room.match()

    [row] = read_key(room.workset.key)
    assert (row.student, row.matched_by) == ("A new girl", "")
    assert [person.number for person in room.matching.without_response][:1] == ["1001"]


def test_an_assignment_to_a_student_who_left_the_roster_is_open_again(made):
    room = made((), ())
    room.roster = Roster((ANA, MARIA_L))
    room.change_key("Boaz", student="Maria Garcia", number="1002", matched_by="teacher")
    room.change_key("Chisomo", student="Ana Lopez", number="1001", matched_by="teacher")

    room.match()

    assert room.whose == {"Boaz": ("", ""), "Chisomo": ("1001", "teacher")}


def test_assigning_without_a_roster_or_after_its_change_asks_for_prepare(made, capsys):
    room = made(SAYS_ANA)
    write_bytes(room.workset.roster, roster_bytes(Roster((ANA, MARIA_G))), private=True)
    assert mssw("key", room.workset.root, "--assign", "Boaz=1002") == ExitCode.STEP_MISSING
    assert "belongs to another class list" in capsys.readouterr().err

    room.workset.roster.unlink()
    assert mssw("key", room.workset.root, "--assign", "Boaz=1002") == ExitCode.STEP_MISSING
    assert "has no class list" in capsys.readouterr().err


def test_who_and_assign_do_not_go_together(made):
    room = made(SAYS_ANA)

    assert mssw("key", room.workset.root, "Boaz", "--assign", "Boaz=1001") == ExitCode.USAGE


# --- the table


def test_the_table_tells_everything_in_one(made, capsys):
    room = made(SAYS_ANA, SAYS_MARIA, SAYS_SAM, SAYS_SAM)
    room.match()

    assert mssw("key", room.workset.root) == ExitCode.DONE

    said = capsys.readouterr()
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines[0] == "Alias Student ID Pages Matched by"
    assert lines[1] == "Boaz Ana Lopez 1001 stack.pdf 1 name field"
    assert lines[2] == "Chisomo stack.pdf 2 (not matched)"
    assert "Chisomo Maria Garcia (1002) several students come near" in lines
    assert "María López (1003)" in lines
    assert "Student without a response ID" in lines
    assert "Sam Reed 1004" in lines
    assert f"mssw key {room.workset.root} --assign ALIAS=STUDENT" in said.err


def test_a_guess_who_has_a_work_is_said_to_have_it(made, capsys):
    room = made(SAYS_ANA, (0.9, FAR, FAR, FAR, FAR))
    room.match()

    told = asked(capsys, room)

    assert told["open"][0]["guesses"] == [{"student": "Ana Lopez", "student_id": "1001", "works": ["Boaz"]}]
    assert told["two_works"] == [{"student": "Ana Lopez", "student_id": "1001", "works": ["Boaz", "Chisomo"]}]


def test_photos_of_one_work_are_one_row(made, capsys):
    room = made(SAYS_ANA)
    rows = [KeyEntry("Boaz", source=f"IMG_{n}.jpg", pages=(1,)) for n in (1, 2, 3)]
    write_bytes(room.workset.key, key_bytes(rows), private=True)
    room.match()

    [work] = asked(capsys, room)["works"]
    assert work["pages"] == [{"file": f"IMG_{n}.jpg", "pages": "1"} for n in (1, 2, 3)]
    assert [row.student for row in read_key(room.workset.key)] == ["Ana Lopez"] * 3
    [row] = asked(capsys, room, "Boaz")["rows"]
    assert (row["Source file"], row["Source pages"]) == ("IMG_1.jpg; IMG_2.jpg; IMG_3.jpg", "1; 1; 1")


def test_what_a_teacher_wrote_since_is_in_the_table_before_the_next_prepare(made, capsys):
    room = made(SAYS_ANA, ())
    room.match()
    room.change_key("Chisomo", student="María López", number="1003")

    told = asked(capsys, room)

    assert told["open"] == []
    assert "1003" not in [one["student_id"] for one in told["students_without_work"]]
    assert mssw("key", room.workset.root) == ExitCode.DONE
    assert "you" in capsys.readouterr().out.splitlines()[2]


def test_a_damaged_record_of_matches_says_what_to_do(made, capsys):
    room = made(SAYS_ANA)
    room.workset.matches.write_text('{"works": 1}', encoding="utf-8")

    assert mssw("key", room.workset.root) == ExitCode.UNREADABLE
    assert "matches.json is damaged" in capsys.readouterr().err


# --- in prepare


def test_prepare_matches_held_and_released_works_alike_and_says_how_many(small_class, tmp_path, capsys):
    folder = copied(small_class, tmp_path / "set")
    workset = WorkSet(folder)
    roster = read_roster(workset.roster).students
    aliases = {row.pages: row.alias for row in read_key(workset.key)}
    for page, student in ((1, 4), (3, 2)):  # the second work's field is empty, so it is held
        path = sidecar(workset, f"s01-p{page:04d}")
        value = json.loads(path.read_text(encoding="utf-8"))
        value["whose"] = [0.1 if place == student else FAR for place in range(len(roster))]
        path.write_text(json.dumps(value), encoding="utf-8")
    for page in (2, 4, 5, 6):
        path = sidecar(workset, f"s01-p{page:04d}")
        value = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(value | {"whose": []}), encoding="utf-8")

    report = prepare(folder, PrepareOptions(workers=1))

    rows = {row.alias: row for row in read_key(workset.key)}
    assert {row.pages: row.alias for row in rows.values()} == aliases
    assert (rows[aliases[1, 2]].student, rows[aliases[3, 4]].student) == (roster[4].name, roster[2].name)
    assert rows[aliases[5, 6]].student == ""
    assert (report.whose.matched, report.whose.open) == (2, 1)
    assert not [student for student in roster if student.last in repr(report)]
    assert mssw("prepare", "--into", folder) == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert f"2 of 3 responses are matched to a student; 1 is not. See which: `mssw key {folder}`" in said.err
    assert not [student for student in roster if student.last in said.err + said.out]
    assert mssw("prepare", "--into", folder, "--json") == ExitCode.FINDINGS
    told = json.loads(capsys.readouterr().out)
    assert told["whose"] == {"matched": 2, "open": 1, "without_work": len(roster) - 2, "twice": 0}


def test_an_alias_drawn_anew_takes_the_teachers_word_along(tmp_path):
    room = Class(tmp_path / "set", [SAYS_ANA, ()])
    room.change_key("Boaz", student="Maria Garcia", number="1002", matched_by="teacher")
    bare = [replace(work, alias="") for work in room.works]

    works = give_aliases(room.workset, bare, room.pages, AliasRules(("Boaz", "Boaz Reed"), "world", seed=7))

    assert works[0].alias != "Boaz"
    assert {row.alias: row.number for row in read_key(room.workset.key)}[works[0].alias] == "1002"


# --- who is meant


def test_a_number_beside_a_corrected_name_gives_way_to_the_name():
    assert find_place(ROSTER, MatchedPerson("Maria Garcia", "1001")) == 1
    assert find_place(ROSTER, MatchedPerson("A Lopez", "1001")) == 0, "the roster may have mended its spelling"
    assert find_place(ROSTER, MatchedPerson("Maria Garcia", "99")) == 1, "a new export may count anew"
    assert find_place(ROSTER, MatchedPerson("Sam Reed", "1005")) == 4
    assert find_place(ROSTER, MatchedPerson("Sam Reed")) is None
    assert find_place(ROSTER, MatchedPerson("Quentin")) is None


def test_a_whole_spelling_counts_before_a_name_cut_short():
    roster = Roster((Student("Ana", "Ruiz"), Student("Anabel", "Ito", number="7")))

    assert find_meant_students(roster, "Ana") == (0,)
    assert find_meant_students(roster, "anab") == (1,)
    assert find_meant_students(roster, "7") == (1,)
    assert find_meant_students(roster, " ") == ()


def test_no_repr_names_a_student(made):
    room = made(SAYS_ANA, SAYS_ANA)
    room.match()

    assert "Ana" not in repr(room.matching)
    assert room.matching.of("Boaz").state is MatchState.OPEN


# The names of a download's files


def file_says(said, *, by_file):
    """How one response is matched whose pages cost that, and whose file names the student at that place."""
    one = match_step.match_class(ROSTER, {"Boaz": np.array([said])}, {}, {}, {"Boaz": by_file}).of("Boaz")
    assert one is not None
    return one.state, one.student and one.student.number, one.why, [guess.number for guess in one.guesses]


def test_the_name_of_a_file_decides_between_students_whom_the_page_may_mean():
    assert file_says(SAYS_SAM, by_file=None)[0] is MatchState.OPEN
    assert file_says(SAYS_SAM, by_file=4)[:2] == (MatchState.MATCHED, "1005")
    assert file_says((1.5, 1.5, FAR, FAR, FAR), by_file=0)[:2] == (MatchState.MATCHED, "1001")


def test_the_name_of_a_file_alone_is_a_proposal():
    for said in ((math.inf,) * 5, (FAR,) * 5):
        state, student, why, guesses = file_says(said, by_file=2)
        assert (state, student, why) == (MatchState.OPEN, None, FILE_ALONE)
        assert guesses[0] == "1003"


def test_a_file_that_is_named_after_another_student_leaves_the_response_open():
    state, student, why, guesses = file_says(SAYS_ANA, by_file=2)

    assert (state, student, why) == (MatchState.OPEN, None, OTHER_FILE)
    assert guesses[:2] == ["1003", "1001"]
