"""Trends over ten fictional classes of three grades: figures as counted by hand, and leaders see no teacher."""

from __future__ import annotations

import json
from collections import Counter

import openpyxl
import pymupdf
import pytest

from mssw.api import find_trends as find_trends_of
from mssw.errors import FindingsError, UsageError, WouldOverwriteError
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.trends.pile_map import PileMap, PileMapError, propose_map, read_pile_map
from mssw.trends.trend_files import find_trends, make_leaders_page
from mssw.trends.trend_sets import read_sets
from mssw.workset.folder import write_bytes
from support.commands import copied, mssw
from support.published import held_to
from support.released_set import released_set
from support.ten_classes import ASK, GAPS, STEP, STUDENT, THINKING, a_class, dice, mapping_text, ten_classes, words_of


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    root = tmp_path_factory.mktemp("trends")
    made = ten_classes(root)
    (root / "piles.toml").write_text(mapping_text(made), encoding="utf-8")
    return made


def count_by_hand(worksets):
    """Straight from the files: how many responses of each grade show each way of thinking, level and gap."""
    found = {part: Counter() for part in ("thinking", "levels", "gaps", "sizes")}
    for workset in worksets:
        number = int(workset.root.name.split("-")[1])
        meant = {said[words_of(number)]: name for name, said in (THINKING | GAPS).items()}
        sort = json.loads((workset.sorts / "sort.json").read_text())
        record = json.loads(workset.record.read_text())
        grade = next(
            line.split('"')[1] for line in workset.settings.read_text().splitlines() if line.startswith("grade")
        )
        for placing in sort["works"].values():
            if not placing["aside"]:
                found["thinking"][meant.get(placing["pile"], "not in a pile"), grade] += 1
                found["levels"][placing["level"], grade] += 1
                found["sizes"][grade] += 1
        for gap in record["gaps"]:
            found["gaps"][meant[gap["gap"]], grade] += len({cite["alias"] for cite in gap["cites"]})
    return found


def words(classes, *more):
    root = classes[0].root.parent
    return ["trends", *(one.root for one in classes), "--piles", root / "piles.toml", *more]


def test_the_workbooks_figures_are_those_of_a_count_by_hand(classes, tmp_path, capsys):
    assert mssw(*words(classes, "--by", "grade", "--into", tmp_path, "--json")) == 0
    report = held_to(capsys.readouterr().out, "trends")
    by_hand = count_by_hand(classes)
    book = openpyxl.load_workbook(tmp_path / "trends.xlsx")

    for title, part in (("Thinking", "thinking"), ("Levels", "levels"), ("Learning gaps", "gaps")):
        head, *rows = [[cell.value for cell in row] for row in book[title].iter_rows()]
        counted = {(row[0], grade): count for row in rows for grade, count in zip(head[3:], row[3:], strict=True)}
        assert {key: count for key, count in counted.items() if count} == dict(by_hand[part])
        assert all(row[2] == sum(row[3:]) for row in rows)
    assert [(one["name"], one["responses"]) for one in report["groups"]] == sorted(by_hand["sizes"].items())
    with pymupdf.open(tmp_path / "trends.pdf") as pdf:
        text = "".join(page.get_text() for page in pdf)
    assert "is in 10 of 10 classes" in text
    assert f"{by_hand['levels']['low', '5']} of {by_hand['sizes']['5']}" in text


def test_nothing_is_joined_without_the_users_own_mapping(classes):
    sets = read_sets([one.root for one in classes])
    found = find_trends(sets, "class", PileMap())

    assert all(row.classes == 1 for row in found.thinking if row.name != "not in a pile")
    text = propose_map(sets.classes)
    assert all(line.startswith("#") for line in text.splitlines() if line)
    assert '[thinking."air is nothing"]' in text


def test_a_proposal_counts_once_its_comment_signs_are_gone(classes, tmp_path):
    sets = read_sets([one.root for one in classes])
    text = propose_map(sets.classes)
    start = text.index("# [thinking.")
    block = text[start : text.index("\n\n", start)].replace("# ", "")
    (tmp_path / "piles.toml").write_text(block, encoding="utf-8")
    mapping = read_pile_map(tmp_path / "piles.toml", sets.classes, sets.names)

    assert len(mapping.thinking) >= 2
    assert len(set(mapping.thinking.values())) == 1


def test_all_problems_of_a_mapping_are_listed_and_no_name_is_repeated(classes, tmp_path):
    sets = read_sets([one.root for one in classes[:2]])
    (tmp_path / "piles.toml").write_text(
        f'[thinking."{STUDENT} said"]\nclass-0 = ["air pushes"]\n'
        f'[thinking.Two]\nclass-9 = ["x"]\nclass-0 = ["{STUDENT}"]\n'
        '[thinking.A]\nclass-1 = ["pushing air"]\n[thinking.B]\nclass-1 = ["Pushing  air"]\n[other]\n',
        encoding="utf-8",
    )
    with pytest.raises(PileMapError) as error:
        read_pile_map(tmp_path / "piles.toml", sets.classes, sets.names)

    assert STUDENT not in str(error.value)
    assert len(error.value.problems) == 4


def test_the_page_for_leaders_shows_no_teacher_no_class_and_no_small_number(classes, tmp_path, capsys):
    assert mssw(*words(classes, "--for", "leaders", "--into", tmp_path, "--json")) == 0
    report = held_to(capsys.readouterr().out, "trends-leaders")
    with pymupdf.open(tmp_path / "leaders.pdf") as pdf:
        text = "".join(page.get_text() for page in pdf)
        assert len(pdf) == 1

    assert not any(word in text for word in ("Teachername", "class-", "Andrea", "Velimir"))
    assert ASK in text
    assert STEP in text
    counts = [count for table in report["tables"] for row in table["rows"] for count in (row["all"], *row["by_group"])]
    assert None in counts
    assert not any(0 < count < 10 for count in counts if count is not None)
    assert sum(one["responses"] for one in report["groups"]) == report["responses"]
    assert report["left_out"] == 0


def test_words_about_one_response_class_or_teacher_do_not_reach_leaders(classes, tmp_path):
    one = a_class(tmp_path / "class-3", "5", 3, dice(2))
    record = json.loads(one.record.read_text())
    for said in ("Ask Andrea first", "Copy what Teachernamed does", "Do it in class-3"):
        record["steps"].append(record["steps"][0] | {"uid": str(len(record["steps"])), "step": said})
    one.record.write_text(json.dumps(record))
    sets = read_sets([one.root, classes[1].root])

    page = make_leaders_page(sets, "grade", PileMap())
    assert page.will_do == (STEP,)
    assert page.left_out == 3


def test_too_little_makes_no_page(classes):
    with pytest.raises(FindingsError):
        make_leaders_page(read_sets([classes[0].root]), "grade", PileMap())
    with pytest.raises(UsageError):
        make_leaders_page(read_sets([one.root for one in classes]), "class", PileMap())


def test_two_sets_of_one_teacher_make_no_page(tmp_path, classes):
    """Before and after teaching: the same students, or the same teacher, are one class and not two."""
    sets = [a_class(tmp_path / time, "5", 0, dice(4), time=time) for time in ("before", "after")]
    for one in sets:
        settings = one.settings.read_text().replace("T. Teachernamea", "" if one is sets[0] else "Somebody Else")
        one.settings.write_text(settings)
    with pytest.raises(FindingsError, match="1 teacher"):
        make_leaders_page(read_sets([one.root for one in sets]), "time", PileMap())

    page = make_leaders_page(read_sets([*(one.root for one in sets), classes[1].root]), "grade", PileMap())
    assert page.classes == 2


def test_the_same_students_are_followed_from_before_to_after(tmp_path):
    sets = [a_class(tmp_path / time, "5", 0, dice(place), time=time) for place, time in enumerate(("before", "after"))]
    found = find_trends(read_sets([one.root for one in sets]), "time", PileMap())
    levels = [
        {
            alias: placing["level"]
            for alias, placing in json.loads((one.sorts / "sort.json").read_text())["works"].items()
        }
        for one in sets
    ]
    by_hand = Counter(
        (levels[0][alias], levels[1][alias]) for alias in levels[0] if levels[0][alias] and levels[1][alias]
    )

    assert {(one.before, one.after): one.students for one in found.moves} == dict(by_hand)
    assert [group.name for group in found.groups] == ["before", "after"]


def test_a_name_in_a_pile_is_caught_and_not_repeated(tmp_path, capsys):
    made = a_class(tmp_path / "class-0", "5", 0, dice(4))
    sort = made.sorts / "sort.json"
    sort.write_text(sort.read_text().replace("air pushes", f"like {STUDENT}"))

    assert mssw("trends", made.root, "--into", tmp_path / "out") == 1
    assert STUDENT not in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def with_words(place, pile):
    """A class with Rose and Maximiliano in it, and a pile of that name."""
    made = a_class(place, "5", 0, dice(4))
    write_bytes(
        made.roster, roster_bytes(roster_from_rows([["Name"], ["Rose Ito"], ["Maximiliano Abara"]])), private=True
    )
    sort = made.sorts / "sort.json"
    sort.write_text(sort.read_text().replace("air pushes", pile))
    return made


WAYS_TO_SHOW = ((), ("--json",), ("--propose", "piles.toml"), ("--for", "leaders", "--json"))


@pytest.mark.parametrize("pile", ["as Max says", "like Maximilianos", "mabara", "Ábara"])
def test_a_short_form_of_a_name_is_caught_in_every_way_and_not_repeated(pile, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = with_words(tmp_path / "class-0", pile)
    other = a_class(tmp_path / "class-1", "5", 1, dice(5))  # one class's names are looked for in the others' words too
    record = json.loads(other.record.read_text())
    record["gaps"][0]["gap"] = pile
    other.record.write_text(json.dumps(record))

    for way in WAYS_TO_SHOW:
        for sets in ((made.root,), (other.root, made.root)):
            assert mssw("trends", *sets, *way, "--no-input") == 1
            shown = "".join(capsys.readouterr()).casefold()
            assert not any(word in shown for word in ("max", "abara", "ábara"))
    assert not (tmp_path / "piles.toml").exists()


def test_a_word_that_may_be_a_name_is_asked_about_for_each_run(tmp_path, capsys):
    made = with_words(tmp_path / "class-0", "draws the Rose window")
    assert mssw("trends", made.root, "--no-input") == 1
    said = capsys.readouterr()
    assert "--words" in said.err
    assert "Rose" not in said.err
    assert mssw("trends", made.root, "--no-input", "--words", "Rose") == 0
    assert "Rose window" in capsys.readouterr().out
    assert find_trends_of([made.root], words=["Rose"]).thinking
    assert not made.words.exists()  # only for this run: the sets stay as they are


def test_a_file_of_somebody_else_is_not_overwritten(classes, tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "trends.xlsx")
    assert mssw(*words(classes[:2], "--into", tmp_path)) == int(WouldOverwriteError.code)
    assert openpyxl.load_workbook(tmp_path / "trends.xlsx").sheetnames == ["Sheet"]


def test_a_set_that_does_not_say_its_group_gets_an_error_that_says_what_to_write(classes):
    sets = read_sets([classes[0].root])
    with pytest.raises(UsageError, match="time = "):
        find_trends(sets, "time", PileMap())
    assert sets.names.hits(STUDENT)


def test_a_set_and_its_copy_are_refused_so_that_no_response_counts_twice(tmp_path):
    one = released_set(tmp_path / "5a", ("Andrea", "Bo"), pages=1)
    copied(one.root, tmp_path / "copy")
    with pytest.raises(UsageError, match="sets 1 and 2 hold the same responses"):
        read_sets([one.root, tmp_path / "copy"])
