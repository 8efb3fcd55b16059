"""`mssw review`: what waits is listed, a person's word is kept, and what makes no sense changes nothing."""

from __future__ import annotations

import json

import pymupdf
import pytest

from mssw.core.decision import Aside
from mssw.errors import ExitCode
from mssw.roster.roster_file import read_roster
from support.commands import copied, mssw
from support.prepared_class import state

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]


@pytest.fixture
def workset(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


def works(workset):
    return {work["alias"]: work for work in state(workset)["works"]}


def held(workset):
    [alias] = [alias for alias, work in works(workset).items() if work["held"]]
    return alias


def released(workset):
    return sorted(path.stem for path in (workset / "shared" / "work").glob("*.pdf"))


def test_the_list_shows_what_is_held_first_with_its_reason_and_the_image_to_look_at(small_class, capsys):
    assert mssw("review", small_class, "--list") == ExitCode.DONE

    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].split() == ["Response", "status", "page", "image", "flagged", "because"]
    assert lines[1].startswith(held(small_class))
    assert "s01-p0003.jpg" in lines[1]
    assert "the name field is empty" in lines[1]
    assert str(small_class / "private" / "pages") in said.err
    assert "--approve ALIAS:PAGE" in said.err


def test_no_option_opens_the_page_and_its_end_is_told(small_class, capsys, monkeypatch):
    served = []
    monkeypatch.setattr("mssw.web.site.serve", lambda site, **how: served.append((site.template, how["browser"])))
    before = state(small_class)

    assert mssw("review", small_class) == ExitCode.DONE
    assert mssw("review", small_class, "--no-browser") == ExitCode.DONE

    assert served == [("review", True), ("review", False)]
    assert "your decisions are saved" in capsys.readouterr().err
    assert state(small_class) == before


def test_on_paper_each_page_of_the_stack_has_a_sheet_that_stays_private(workset, capsys):
    assert mssw("review", workset, "--paper") == ExitCode.DONE

    file = workset / "private" / "review.pdf"
    with pymupdf.open(file) as sheets:
        assert len(sheets) == len(state(workset)["pages"]) == 7
    assert file.stat().st_mode & 0o077 == 0
    assert "7 pages to check" in capsys.readouterr().err


def test_the_list_as_json_names_each_page_once_and_nobody(small_class, capsys):
    assert mssw("review", small_class, "--list", "--json") == ExitCode.DONE

    rows = json.loads(capsys.readouterr().out)["pages"]
    assert [row["state"] for row in rows] == ["held"] * 2 + ["unseen"] * 4
    assert all(set(row) == {"alias", "state", "page", "image", "reason", "flagged"} for row in rows)
    assert len({row["image"] for row in rows}) == 6


def test_a_held_work_that_was_approved_is_released_and_seen(workset, capsys):
    alias = held(workset)

    assert mssw("review", workset, "--approve", alias) == ExitCode.DONE

    assert alias in released(workset)
    assert (works(workset)[alias]["held"], works(workset)[alias]["seen"]) == ([], True)
    assert "3 responses released" in capsys.readouterr().err
    assert mssw("review", workset, "--list") == ExitCode.DONE
    assert alias not in capsys.readouterr().out


def test_a_work_approved_under_one_field_is_to_be_looked_at_again_under_another(workset, capsys):
    alias, other = held(workset), released(workset)[0]
    assert mssw("review", workset, "--approve", alias, "--approve", other) == ExitCode.DONE
    assert works(workset)[alias]["seen"]
    assert works(workset)[other]["seen"]

    mssw("prepare", "--into", workset, "--field", "1:0.05,0.02,0.9,0.09", "--quiet")

    assert {name: work["seen"] for name, work in works(workset).items()} == dict.fromkeys(works(workset), False)
    capsys.readouterr()
    assert mssw("review", workset, "--list", "--json") == ExitCode.DONE
    rows = json.loads(capsys.readouterr().out)["pages"]
    assert {alias, other} <= {row["alias"] for row in rows}
    assert {row["state"] for row in rows if row["alias"] == other} <= {"unseen", "held"}


def test_a_page_held_for_its_empty_field_is_held_again_when_the_task_changes(workset):
    alias = held(workset)
    assert mssw("review", workset, "--approve", alias) == ExitCode.DONE
    field = read_only_field(workset)

    assert mssw("prepare", "--into", workset, "--field", field, "--quiet") == ExitCode.FINDINGS

    assert works(workset)[alias]["held"]
    assert alias not in released(workset)


def read_only_field(workset):
    """The name field as it was found, moved by a hair, so that the page is as it was and its recipe is not."""
    [file] = (workset / "private" / "task").rglob("index.json")
    [field] = [field for field in json.loads(file.read_text(encoding="utf-8"))["fields"] if field["holds_name"]]
    x, y, w, h = (field["box"][side] for side in "xywh")
    return f"{field['task_page']}:{x:.4f},{y:.4f},{w:.4f},{h + 0.001:.4f}"


def test_what_was_decided_is_kept_by_the_page_and_the_recipe_that_were_looked_at(workset):
    alias = held(workset)
    assert mssw("review", workset, "--approve", alias) == ExitCode.DONE

    kept = json.loads((workset / "private" / "decisions.json").read_text(encoding="utf-8"))["pages"]
    seen = [
        json.loads((workset / "private" / "pages" / f"{page}.json").read_text(encoding="utf-8"))
        for page in works(workset)[alias]["pages"]
    ]
    assert {name: said["cleared_as"] for name, said in kept.items()} == {
        page["page"]["sha256"]: page["way"] for page in seen
    }


def test_a_place_that_a_person_covers_is_paper_in_the_file_and_the_work_waits_on(workset):
    alias = released(workset)[0]
    file = workset / "shared" / "work" / f"{alias}.pdf"
    box = pymupdf.Rect(0.2, 0.3, 0.5, 0.36)
    assert darkest(file, box) < 100

    assert mssw("review", workset, "--cover", f"{alias}:2:0.2,0.3,0.3,0.06", "--json") == ExitCode.FINDINGS

    assert darkest(file, box) > 240
    page = next(page for page in state(workset)["pages"] if page["id"] == works(workset)[alias]["pages"][1])
    assert {"box": [0.2, 0.3, 0.3, 0.06], "kind": "drawn by a person"} in page["covers"]


def darkest(file, box):
    """The darkest level inside a box (in fractions) of the second page."""
    with pymupdf.open(file) as document:
        page = document[1]
        wide, tall = page.rect.width, page.rect.height
        inside = pymupdf.Rect(box.x0 * wide + 2, box.y0 * tall + 2, box.x1 * wide - 2, box.y1 * tall - 2)
        return min(page.get_pixmap(clip=inside, colorspace=pymupdf.csGRAY, dpi=100).samples)


def flag(workset, page_id, box=(0.2, 0.3, 0.3, 0.06)):
    """Notes a flagged place on a page, as reading it would."""
    written = state(workset)
    for page in written["pages"]:
        if page["id"] == page_id:
            page["flags"] = [{"box": list(box), "kind": "name in the text"}]
    (workset / "private" / "state.json").write_text(json.dumps(written), encoding="utf-8")


def test_work_with_a_flagged_place_is_listed_before_other_unseen_work_and_says_how_to_cover_it(workset, capsys):
    last = released(workset)[-1]
    flag(workset, works(workset)[last]["pages"][1], (0.1234, 0.3, 0.3001, 0.06))

    assert mssw("review", workset, "--list") == ExitCode.DONE

    lines = capsys.readouterr().out.splitlines()
    not_checked = [line.split()[0] for line in lines if " not checked " in line]
    assert not_checked[0] == last
    assert any("name in the text" in line and f"{last}:2:0.123,0.3,0.301,0.06" in line for line in lines)


def test_flagged_places_are_covered_and_the_work_let_go_in_one_word(workset):
    alias = released(workset)[0]
    file = workset / "shared" / "work" / f"{alias}.pdf"
    flag(workset, works(workset)[alias]["pages"][1])
    assert darkest(file, pymupdf.Rect(0.2, 0.3, 0.5, 0.36)) < 100

    assert mssw("review", workset, "--cover-flagged", alias.upper(), "--json") == ExitCode.FINDINGS

    assert darkest(file, pymupdf.Rect(0.2, 0.3, 0.5, 0.36)) > 240
    assert works(workset)[alias]["seen"]


def test_work_set_aside_leaves_the_shared_folder_and_can_come_back(workset, capsys):
    alias = released(workset)[0]
    aside = ("--set-aside", alias, "--reason", "it tells of home")

    assert mssw("review", workset, *aside, "--approve", held(workset)) == ExitCode.DONE

    assert alias not in released(workset)
    assert works(workset)[alias]["aside"] == "it tells of home"
    assert "it tells of home" in capsys.readouterr().err
    assert mssw("review", workset, "--list") == ExitCode.DONE
    assert "set aside" in capsys.readouterr().out
    for by_the_way in (
        ("--approve", f"{alias}:1"),
        ("--cover-flagged", alias),
        ("--set-aside", alias, "--approve", alias),
    ):
        assert mssw("review", workset, *by_the_way) == ExitCode.USAGE
        assert alias not in released(workset)
    capsys.readouterr()
    place = f"{alias}:1:0.1,0.6,0.2,0.05"  # seen, and something more covered
    assert mssw("review", workset, "--cover", place, "--approve", alias, "--json") == ExitCode.DONE
    assert alias in released(workset)


def test_work_is_set_aside_without_a_reason_too(workset):
    alias = released(workset)[0]

    assert mssw("review", workset, "--set-aside", alias, "--reason", " ", "--json") == ExitCode.FINDINGS

    assert alias not in released(workset)
    assert works(workset)[alias]["aside"] == Aside.OTHER


def test_a_reason_that_names_a_student_is_not_taken(small_class, capsys):
    alias, student = released(small_class)[0], read_roster(small_class / "private" / "roster.xlsx").students[0]

    reason = f"{student.first} drew the family"
    assert mssw("review", small_class, "--set-aside", alias, "--reason", reason) == ExitCode.FINDINGS

    message = capsys.readouterr().err
    assert "is in --reason" in message
    assert student.first not in message
    assert not (small_class / "private" / "decisions.json").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--approve", "Maria Lopez"), "no response with scans has that alias"),
        (("--approve", "{alias}:3"), "has pages 1 to 2"),
        (("--approve", "{alias}:"), "has pages 1 to 2"),
        (("--approve", "{alias}:²"), "has pages 1 to 2"),
        (("--cover", "{alias}:1"), "ALIAS:PAGE:x,y,w,h"),
        (("--cover", "{alias}:0.1,0.1,0.1,0.1"), "ALIAS:PAGE:x,y,w,h"),
        (("--cover", "{alias}:1:0.9,0.1,0.5,0.1"), "from 0 to 1"),
        (("--cover", "{alias}:1:nan,0.1,0.5,0.1"), "from 0 to 1"),
        (("--cover", "{alias}:1:0.1,0.1,0,0.1"), "from 0 to 1"),
        (("--set-aside", "Nobody"), "no response with scans has that alias"),
    ],
)
def test_what_makes_no_sense_ends_with_2_changes_nothing_and_repeats_no_name(small_class, capsys, words, said):
    alias = released(small_class)[0]

    assert mssw("review", small_class, *(word.format(alias=alias) for word in words)) == ExitCode.USAGE

    message = capsys.readouterr().err
    assert said in message
    assert "Maria" not in message
    assert not (small_class / "private" / "decisions.json").exists()


def test_a_page_that_could_not_be_read_cannot_be_approved(workset, capsys):
    alias = released(workset)[0]
    written = state(workset)
    for page in written["pages"]:
        if page["id"] == works(workset)[alias]["pages"][0]:
            page["image"] = ""
    (workset / "private" / "state.json").write_text(json.dumps(written), encoding="utf-8")

    assert mssw("review", workset, "--approve", alias) == ExitCode.USAGE
    assert "could not be read" in capsys.readouterr().err


def test_a_folder_that_is_no_work_set_or_not_prepared_yet_asks_for_prepare(tmp_path, capsys):
    assert mssw("review", tmp_path, "--list") == ExitCode.STEP_MISSING
    (tmp_path / "set.toml").write_text('title = "Air"\n', encoding="utf-8")
    assert mssw("review", tmp_path, "--list") == ExitCode.STEP_MISSING

    assert capsys.readouterr().err.count("mssw prepare") == 2
