"""A plan is read whole, and every mistake in it is told at its line before anything starts."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from threading import Thread

import openpyxl
import pytest

from mssw.department.class_rows import COLUMNS, ClassState, Onward, Row, report_bytes
from mssw.department.plan import PACKET, find_classes, find_plan, plan_text, read_plan
from mssw.department.plan_check import Checked, check_plan
from mssw.department.run_batch import AliasTurns, name_plan_keys
from mssw.errors import ExitCode, UnreadableError, UsageError
from mssw.preparing.aliases import ALIAS_FILES, alias_names
from mssw.preparing.prepare_options import OtherAliases
from mssw.roster.key_table import KeyEntry
from mssw.workers import Crew
from mssw.workset.class_list import key_bytes
from mssw.workset.folder import WorkSet, write_bytes
from support.commands import mssw
from support.department import locked, make_department, plan_of
from support.prepared_class import cut


def plan(folder, text):
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder / "plan.toml"


@pytest.fixture(scope="module")
def crew():
    with Crew(1) as one:
        yield one


def test_a_class_has_what_all_have_and_its_own_words_over_it(tmp_path):
    read = read_plan(
        plan(
            tmp_path,
            'sets = "out"\n[defaults]\ntask = "task.pdf"\ngrade = 5\npacket = { copies = 8, unreviewed = true }\n'
            '[class.5a]\nstack = ["a.pdf", "b.pdf"]\n'
            '[class."Year 6"]\nfronts = "f.pdf"\nbacks = "b.pdf"\nbacks_order = "reversed"\ngrade = "6"\n'
            'task = "six.pdf"\npacket = { copies = 2 }\n'
            '[class.7]\nstack = "7/stack*.pdf"\npacket = false\n',
        )
    )

    a, six, seven = read.classes
    assert (a.name, a.into, a.stacks) == ("5a", tmp_path / "out" / "5a", (tmp_path / "a.pdf", tmp_path / "b.pdf"))
    assert (a.options.task, a.options.settings["grade"], a.packet.copies) == (tmp_path / "task.pdf", "5", 8)
    assert (six.options.fronts_backs, six.options.backs.are_reversed, six.options.settings["grade"]) == (
        True,
        True,
        "6",
    )
    assert (six.packet.copies, six.packet.unreviewed, six.packet.without_held) == (2, True, False)
    assert (seven.packet, seven.options.grade) == (None, "")
    assert read.report == tmp_path / "out" / "report.xlsx"


def test_all_mistakes_are_told_at_once_each_at_its_line(tmp_path):
    wrong = plan(
        tmp_path,
        '[defaults]\ntaks = "task.pdf"\ncover = "all"\n\n[class.5a]\nstack = 5\n\n[class."5/b"]\nstack = "b.pdf"\n'
        'packet = { copies = 0, colour = true }\n\n[class.5c]\ninto = "sets/5a"\n\n[class.5d]\nfronts = "f.pdf"\n',
    )

    with pytest.raises(UsageError) as told:
        read_plan(wrong)

    lines = str(told.value).splitlines()
    assert "has 11 mistakes, so nothing was started" in lines[0]
    assert [line.strip() for line in lines[1:]] == [
        "plan.toml, line 2 (defaults): taks does not belong here; did you mean task?",
        'plan.toml, line 3 (defaults): cover must be "sure" or "likely"',
        "plan.toml, line 6 (5a): stack must be a file in quotes, or a list of them",
        "plan.toml, line 8 (5/b): the name of a class is also its folder's name; use letters and digits",
        "plan.toml, line 10 (5/b): copies must be a number from 1 to 200",
        "plan.toml, line 10 (5/b): colour does not belong here; you can use " + ", ".join(PACKET),
        "plan.toml, line 12 (5c): 5c needs a stack, or fronts and backs",
        "plan.toml, line 15 (5d): 5d needs a stack, or fronts and backs",
        "plan.toml, line 13 (5c): 5c would use the folder of 5a",
        f"plan.toml, line 9 (5/b): {tmp_path / 'b.pdf'} is not there; check the name and the folder",
        f"plan.toml, line 16 (5d): {tmp_path / 'f.pdf'} is not there; check the name and the folder",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[class.5a]\nstack = "C:\\Users\\a.pdf"\n', ["line 2: in double quotes, a backslash means something else"]),
        ("[class.5a]\nstack = “a.pdf”\n", ["line 2: these quotes are curly"]),
        (
            "[defaults]\ntask_is_blank = True\n[class.5a]\nstack = 'a'\n",
            ["line 2: write true and false in small letters"],
        ),
        ("[class.5a]\nstack = ‘a.pdf’\ntask_is_blank = True\n", ["line 2: these quotes", "line 3: write true"]),
    ],
)
def test_a_slip_of_the_pen_is_explained_and_all_of_them_at_once(text, told, tmp_path):
    with pytest.raises(UnreadableError) as error:
        read_plan(plan(tmp_path, text))

    assert [one for one in told if one not in str(error.value)] == []


def test_slips_wrong_keys_and_missing_files_are_listed_together(tmp_path):
    text = (
        "[defaults]\npapper = 'a4'\ntask_is_blank = Yes\n[class.5a]\nstack = “none.pdf”\n"
        '[class.CON]\nstack = "C:\\Users\\b.pdf"\ntwo_sided = True # as always\n'
    )

    with pytest.raises(UnreadableError) as error:
        read_plan(plan(tmp_path, text))

    said = str(error.value)
    for each in (
        "papper does not belong here",
        "line 3: write true or false, not Yes",
        "line 5: these quotes are curly",
        "none.pdf is not there",
        "Windows keeps the name CON",
        "line 7: in double quotes",
        "line 8: write true",
    ):
        assert each in said


@pytest.mark.parametrize(
    "text", ['[class.5a]\nstack = "C:\\temp\\new.pdf"\n', '[class.5a]\nstack = ["b.pdf", "a\\bc.pdf"]\n']
)
def test_a_backslash_that_became_another_letter_is_noticed(text, tmp_path):
    with pytest.raises(UsageError, match="in double quotes, a backslash means something else"):
        read_plan(plan(tmp_path, text))


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "aux.5a"])
def test_a_class_that_windows_could_not_store_is_refused_by_name(name, tmp_path):
    with pytest.raises(UsageError, match=f"Windows keeps the name {name} for itself"):
        read_plan(plan(tmp_path, f'[class."{name}"]\nstack = "a.pdf"\n'))


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", UsageError, "it has no classes"),
        ("[class.5a\n", UnreadableError, "line 1"),
        ('class = "5a"\n', UsageError, "it has no classes"),
    ],
)
def test_what_is_no_plan_is_told_in_a_sentence(text, error, said, tmp_path):
    with pytest.raises(error, match=said):
        read_plan(plan(tmp_path, text))


def test_a_plan_with_a_mistake_starts_nothing_and_ends_with_2(tmp_path, capsys):
    make_department(tmp_path, {"5a": (5, 6)})
    plan(tmp_path, '[class.5a]\nstack = "5a/stack.pdf"\nmood = "good"\n')

    assert mssw("batch", tmp_path) == ExitCode.USAGE

    assert "line 3 (5a): mood does not belong here" in capsys.readouterr().err
    assert not (tmp_path / "sets").exists()


def test_the_plan_that_is_written_says_the_same_as_the_folder(tmp_path):
    make_department(tmp_path, {"5a": (5,), "5b": (6,), "Year 10": (7,)})
    cut(tmp_path / "5b" / "stack-2.pdf", (8,))
    (tmp_path / "5b" / "roster.txt").write_text("Ada Quill\n", encoding="utf-8")
    (tmp_path / "old papers").mkdir()

    from_folder = find_plan(tmp_path)
    assert mssw("batch", "--init", tmp_path) == ExitCode.DONE
    from_file = find_plan(tmp_path)

    assert from_file.path == tmp_path / "plan.toml"
    assert [(one.name, one.into, one.stacks) for one in from_folder.classes] == [
        (one.name, one.into, one.stacks) for one in from_file.classes
    ]
    assert [vars(one.options) for one in from_folder.classes] == [vars(one.options) for one in from_file.classes]
    assert [one.name for one in from_file.classes] == ["5a", "5b", "Year 10"]
    assert from_file.classes[1].stacks == (tmp_path / "5b" / "stack*.pdf",)
    assert from_file.classes[1].options.roster == tmp_path / "5b" / "roster.txt"
    assert "old papers: no file in it is called stack" in (tmp_path / "plan.toml").read_text(encoding="utf-8")


def test_a_plan_that_is_there_is_not_written_over(tmp_path, capsys):
    make_department(tmp_path, {"5a": (5,)})
    plan(tmp_path, "# mine\n")

    assert mssw("batch", "--init", tmp_path) == ExitCode.WOULD_OVERWRITE
    assert mssw("batch", "--init", tmp_path, "--dry-run") == ExitCode.DONE

    assert (tmp_path / "plan.toml").read_text(encoding="utf-8") == "# mine\n"
    assert "[class.5a]" in capsys.readouterr().out


def test_a_folder_without_classes_says_what_it_should_hold(tmp_path):
    (tmp_path / "5a").mkdir()
    with pytest.raises(UnreadableError, match=r"has no classes: .*stack\.pdf"):
        find_classes(tmp_path)


@pytest.mark.pages
def test_all_inputs_are_checked_and_what_is_wrong_is_told_by_class_and_line(tmp_path, capsys):
    make_department(tmp_path, {"5a": (5, 6), "5b": (9, 10), "5c": (11, 12)})
    locked(tmp_path / "5b" / "stack.pdf")
    (tmp_path / "5c" / "roster.csv").write_text("Name\n4da Quill\n", encoding="utf-8")
    plan_of(tmp_path)
    lines = (tmp_path / "plan.toml").read_text(encoding="utf-8").splitlines()

    assert mssw("batch", tmp_path, "--dry-run") == ExitCode.FINDINGS

    said = capsys.readouterr()
    rows = {row["class"]: row for row in map(json.loads, said.out.splitlines())}
    assert (rows["5a"]["pages"], rows["5a"]["problems"]) == (2, [])
    at = {name: lines.index(f"[class.{name}]") + 2 for name in ("5b", "5c")}
    assert f"plan.toml, line {at['5b']} (5b): stack.pdf is locked with a password" in said.err
    assert f"plan.toml, line {at['5c'] + 1} (5c): roster.csv cannot be used as a roster: row 2" in said.err
    assert "Quill" not in said.err + said.out
    assert not (tmp_path / "sets").exists()


def test_a_scan_that_is_named_after_a_student_does_not_bring_the_name_into_a_report(tmp_path, capsys):
    make_department(tmp_path, {"5a": (5, 6)})
    (tmp_path / "roster.csv").write_text("Name\nOsric Quillfeather\n", encoding="utf-8")
    (tmp_path / "5a" / "stack.pdf").rename(tmp_path / "5a" / "stack Quillfeather.pdf")
    locked(tmp_path / "5a" / "stack Quillfeather.pdf")

    assert mssw("batch", tmp_path) == ExitCode.FINDINGS

    said = capsys.readouterr()
    assert "not shown, because it includes a name from a class list" in said.out
    assert "Quillfeather" not in said.out + said.err


@pytest.mark.pages
def test_one_roster_for_all_gives_each_class_its_own_students(tmp_path, crew):
    make_department(tmp_path, {"5a": (5,), "5b": (6,), "6": (7,)})
    (tmp_path / "roster.csv").write_text(
        "Student,Section\nAda Quill,Math 5A\nTom Birch,Math 5B\nIvy Moss,Math 5A\n", encoding="utf-8"
    )

    found = check_plan(find_plan(tmp_path), crew)

    assert [one.students for one in found.classes] == [2, 1, 0]
    assert [one.plan.options.section for one in found.classes] == ["Math 5A", "Math 5B", ""]
    [problem] = found.classes[2].problems
    assert "no class in roster.csv matches 6 (its column Section has Math 5A, Math 5B). Name the class" in problem


def test_each_class_gets_the_sheet_that_goes_by_its_name_or_is_given(tmp_path, crew):
    folder = make_department(tmp_path / "dep", {"5a": (5, 6), "5b": (7, 5)})
    for other in folder.glob("**/roster.*"):
        other.unlink()
    book = openpyxl.Workbook()
    book.active.title = "5A"
    for title, names in {"5A": ["Lopes, Ana"], "5B": ["Pavlov, Dmitri", "Holm, Eva"], "5C": ["Roe, Mina"]}.items():
        sheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        for name in ["Name", *names]:
            sheet.append([name])
    book.save(folder / "roster.xlsx")

    checked = check_plan(find_plan(folder), crew)

    assert [(one.students, one.problems) for one in checked.classes] == [(1, ()), (2, ())]


def test_a_word_on_the_columns_of_a_roster_is_heard(tmp_path, crew):
    make_department(tmp_path, {"5a": (5,)})
    (tmp_path / "roster.csv").write_text("A1,B1,C1\n12,Quill,Ada\n13,Birch,Tom\n", encoding="utf-8")
    text = '[defaults]\ntask = "task.pdf"\nroster = "roster.csv"\ncolumns = "last=B1,first=C1,id=A1"\n'

    [found] = check_plan(read_plan(plan(tmp_path, text + '[class.5a]\nstack = "5a/stack.pdf"\n')), crew).classes

    assert (found.problems, found.students) == ((), 2)


def test_sets_and_report_lie_beside_a_plan_that_is_named_from_another_folder(tmp_path, monkeypatch):
    (tmp_path / "department").mkdir()
    plan(tmp_path / "department", '[class.5a]\nstack = "5a/stack.pdf"\n')
    monkeypatch.chdir(tmp_path)

    found = read_plan(Path("department/plan.toml"))

    assert found.report == Path("department/sets/report.xlsx")
    assert found.classes[0].into == Path("department/sets/5a")


@pytest.mark.parametrize(
    ("other", "said"),
    [("5a/s*.pdf", "stack.pdf is also the stack of another class"), ("5b/x*.pdf", "matches x*.pdf; check the name")],
)
def test_a_pattern_must_find_scans_and_none_that_are_another_classes(other, said, tmp_path, crew):
    make_department(tmp_path, {"5a": (5,), "5b": (6,)})
    text = '[defaults]\ntask = "task.pdf"\n[class.5a]\nstack = "5a/stack.pdf"\n[class.5b]\nstack = "OTHER"\n'

    found = check_plan(read_plan(plan(tmp_path, text.replace("OTHER", other))), crew)

    assert said in found.classes[1].problems[0]


def test_a_scan_that_was_saved_for_two_classes_is_told(tmp_path, crew):
    make_department(tmp_path, {"5a": (5,), "5b": (5,), "5c": (6,)})

    found = check_plan(find_plan(tmp_path), crew)

    assert [bool(one.problems) for one in found.classes] == [True, True, False]
    assert "stack.pdf is identical to another stack in the plan" in found.classes[0].problems[0]


CODED = '[class.5a]\nstack = "mixed.pdf"\ncodes = "5b"\n[class.5b]\nstack = "mixed.pdf"\ncodes = ["SAID"]\n'


@pytest.mark.parametrize(("said", "told"), [("5a", 0), ("sets/5a", 0), ("5b", 1)])
def test_classes_that_name_each_other_may_share_a_stack(said, told, tmp_path, crew):
    make_department(tmp_path, {"5a": (5,)})
    (tmp_path / "5a" / "stack.pdf").rename(tmp_path / "mixed.pdf")
    text = f"[defaults]\npages_per_student = 2\n{CODED.replace('SAID', said)}"

    found = check_plan(read_plan(plan(tmp_path, text)), crew)

    shared = [problem for one in found.classes for problem in one.problems if "also the stack" in problem]
    assert len(shared) == told
    assert all('codes = "5a"' in problem for problem in shared)
    assert "no coded sheets of its own" in found.classes[0].problems[0]  # none were printed for it


def test_a_stack_of_three_names_both_others(tmp_path, crew):
    (tmp_path / "task.pdf").write_bytes(b"%PDF")
    text = '[defaults]\npages_per_student = 2\n[class.5a]\nstack = "m.pdf"\ncodes = "5b"\n'
    text += '[class.5b]\nstack = "m.pdf"\n[class.5c]\nstack = "m.pdf"\n'
    (tmp_path / "m.pdf").write_bytes(b"no scan")

    found = check_plan(read_plan(plan(tmp_path, text)), crew)

    assert 'codes = ["5b", "5c"]' in " ".join(found.classes[0].problems)
    assert 'codes = ["5a", "5c"]' in " ".join(found.classes[1].problems)


def test_codes_of_what_is_neither_a_class_nor_a_set_are_told(tmp_path):
    text = '[class.5a]\nstack = "m.pdf"\ncodes = "5bb"\n[class.5b]\nstack = "n.pdf"\n'

    with pytest.raises(
        UsageError, match=r"line 3 \(5a\): 5bb is neither a class nor the folder of a set; did you mean 5b"
    ):
        read_plan(plan(tmp_path, text))


def test_folders_that_lie_one_in_the_other_are_refused(tmp_path):
    text = '[class.5a]\nstack = "a.pdf"\ninto = "all"\n[class.5b]\nstack = "b.pdf"\ninto = "all/5b"\n'

    with pytest.raises(UsageError, match="the folder of 5b or 5a is inside the other one"):
        read_plan(plan(tmp_path, text))


def test_no_alias_may_be_like_any_student_of_any_class(tmp_path, crew):
    make_department(tmp_path, {"5a": (5,), "5b": (6,)})
    one, other = alias_names()[100], alias_names()[700]
    (tmp_path / "5a" / "roster.txt").write_text(f"{one} Quill\n", encoding="utf-8")
    (tmp_path / "5b" / "roster.txt").write_text(f"Ada {other}\n", encoding="utf-8")

    refused = check_plan(find_plan(tmp_path), crew).refused

    assert {one, other} <= refused
    assert len(refused) < sum(len(alias_names(file)) for file in ALIAS_FILES) / 4


def test_what_is_written_by_init_is_a_plan_also_with_all_its_examples(tmp_path):
    make_department(tmp_path, {"5a": (5,)})
    text = plan_text(find_classes(tmp_path))
    opened = re.sub(r"^# (\w+ = .*)$", r"\1", text, flags=re.MULTILINE)

    assert [one.name for one in read_plan(plan(tmp_path, text)).classes] == ["5a"]
    [one] = read_plan(plan(tmp_path, opened)).classes
    assert (one.packet.copies, one.packet.all_works, one.options.pages_per_student) == (8, True, 2)


def test_what_is_meant_as_a_word_goes_to_each_packet(tmp_path):
    text = (
        '[defaults]\npacket = { copies = 8, words = "Rose" }\nsubject = "science"\n[class.5a]\nstack = "a.pdf"\n'
        '[class.5b]\nstack = "b.pdf"\npacket = { words = ["Mark", "May"] }\n'
        '[class.5c]\nstack = "c.pdf"\npacket = false\n'
    )
    one, two, three = read_plan(plan(tmp_path, text)).classes

    assert (one.words, one.packet.copies, one.options.settings["subject"]) == (("Rose",), 8, "science")
    assert (two.words, two.packet.copies) == (("Mark", "May"), 8)
    assert (three.words, three.packet) == ((), None)
    assert "words in the plan's packet" in name_plan_keys("if no student is meant, add --words with that word.")


def test_a_packets_hint_names_what_a_plan_has():
    told = name_plan_keys("3 are on hold; print the others with --without-held, or all with --all.")

    assert told == (
        "3 are on hold; print the others with without_held = true in the plan's packet, "
        "or all with all = true in the plan's packet."
    )


def test_the_report_leads_on_and_can_be_filtered_and_printed():
    rows = [
        Row("5a", "sets/5a", ClassState.DONE, {"scanned": 4}, 2, 2, matched=2, seconds=3.0),
        Row("5b", "sets/5b", ClassState.DONE, {"scanned": 2}, 1, 1, seconds=4.0, problems=("no packet", "no list")),
    ]

    data = report_bytes(rows, {"5a": Onward(1, "mssw review sets/5a")})

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    head, one, other, total = ({**dict(zip(COLUMNS, row, strict=True))} for row in sheet.iter_rows(values_only=True))
    assert head["Next step"] == "Next step"
    assert (one["Seen"], one["Next step"]) == (1, "mssw review sets/5a")
    assert other["Matched"] == "no class list"
    assert other["Problems"] == "no packet\nno list"
    assert (total["Seen"], total["Seconds"]) == (1, None)  # classes run side by side: their seconds do not add up
    assert sheet.auto_filter.ref == "A1:T3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet["T3"].alignment.wrap_text
    assert report_bytes(rows, {"5a": Onward(1, "mssw review sets/5a")}) == data


TWICE = (
    '[class.after]\nstack = "a.pdf"\nsame_aliases_as = "before"\n[class.before]\nstack = "b.pdf"\n'
    '[class.other]\nstack = "c.pdf"\n'
)


def test_a_class_may_keep_the_aliases_of_another_which_is_prepared_first(tmp_path):
    read = read_plan(plan(tmp_path, TWICE))
    classes = [Checked(one) for one in read.classes]

    order = AliasTurns(read.classes).in_order(classes)

    assert read.classes[0].options.same_aliases_as == tmp_path / "sets" / "before"
    assert [one.plan.name for one in order] == ["before", "after", "other"]
    with pytest.raises(UsageError, match="from itself"):
        read_plan(plan(tmp_path, TWICE.replace('"b.pdf"', '"b.pdf"\nsame_aliases_as = "after"')))
    with pytest.raises(UsageError, match="befor is neither a class nor the folder of a set; did you mean before"):
        read_plan(plan(tmp_path, TWICE.replace('"before"\n[', '"befor"\n[')))


def test_classes_draw_their_aliases_in_turn_and_see_those_of_the_others(tmp_path):
    session = TWICE.replace('"c.pdf"', '"c.pdf"\nsession = "B"').replace('"a.pdf"', '"a.pdf"\nsession = "B"')
    read = read_plan(plan(tmp_path, session))
    after, before, other = read.classes
    turns, seen = AliasTurns(read.classes), {}
    turns.in_order([Checked(one) for one in read.classes])

    def draw(one, alias):
        with turns.take(one) as others:
            seen[one.name] = others
            key = key_bytes([KeyEntry(alias, source="stack.pdf", pages=(1,))])
            write_bytes(WorkSet.create(one.into).key, key, private=True)

    late = Thread(target=draw, args=(other, "Gali"))  # it is ready first, and waits for its turn
    late.start()
    draw(before, "Emery")
    turns.end(after)  # one that failed keeps nobody waiting
    late.join(20)

    assert seen["before"] == OtherAliases()
    assert seen["other"] == OtherAliases(frozenset(), frozenset({"Emery"}))
    with turns.take(after) as others:
        assert others == OtherAliases(frozenset({"Gali"}), frozenset({"Emery", "Gali"}))
