"""The record of what a team found: nothing typed is lost, names stay out, and two recorders' rows come together."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from mssw.errors import FindingsError, StepMissingError, UsageError
from mssw.record.kept_record import (
    RecordKeeper,
    bring_together,
    finish_alone,
    merge_file,
    parse_place,
    read_history,
    read_record,
    read_record_json,
)
from mssw.record.record_book import RecordProblemsError, exchange_book
from mssw.record.record_rows import (
    KINDS,
    Citation,
    RecordRows,
    find_texts,
    merge_records,
    responses_for_step,
    rows_to_json,
    without_evidence,
)
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import all_spellings, roster_from_rows
from mssw.workset.class_list import read_class_list
from mssw.workset.decisions import withdraw_responses
from mssw.workset.folder import write_bytes
from support.commands import mssw
from support.published import held_to
from support.ten_classes import STUDENT, a_class, dice


@pytest.fixture
def workset(tmp_path):
    made = a_class(tmp_path / "class-0", "5", 0, dice(1))
    for path in (made.record, *made.record_history.iterdir()):
        path.unlink()
    return made


def filled(workset):
    """A record with a row of each kind."""
    keeper = RecordKeeper(workset)
    keeper.add("claims", {"text": "Most see air as nothing", "about": "2"}, [Citation("Andrea", 1, note="drawn empty")])
    keeper.add("claims", {"text": "Few use evidence"})
    keeper.add("patterns", {"text": "Draws dots", "scope": "sub", "group": "drew a model"}, [Citation("Boaz", 2)])
    keeper.add("gaps", {"gap": "Air has mass", "convince": "Says why"}, [Citation("Andrea", 1), Citation("Dani")])
    keeper.add("steps", {"step": "Weigh a ball", "gap": "G1", "gains": "They see it", "chosen": "yes"})
    return keeper, keeper.add("reflections", {"question": "worked", "answer": "Reading in silence"})


def test_a_row_of_each_kind_is_kept_and_a_claim_without_evidence_is_marked(workset):
    _, rows = filled(workset)

    assert read_record(workset) == rows
    assert without_evidence(rows) == ("C2",)
    assert responses_for_step(rows, rows.steps[0]) == ("Andrea", "Dani")
    assert rows.steps[0].gap == "Air has mass"
    assert rows.claims[0].about == "most still struggle"


def test_every_change_can_be_taken_back_and_made_again(workset):
    keeper, last = filled(workset)
    for _ in range(6):
        keeper.undo()
    assert read_record(workset).is_empty
    with pytest.raises(StepMissingError):
        keeper.undo()
    for _ in range(6):
        keeper.redo()
    assert read_record(workset) == last

    keeper.undo()
    keeper.add("claims", {"text": "Another"})
    with pytest.raises(StepMissingError):
        keeper.redo()
    assert len(read_history(workset).changes) == 7


FIELDS = [(kind.name, one.key) for kind in KINDS.values() for one in kind.fields if not one.choices]


@pytest.mark.parametrize(("kind", "key"), FIELDS)
def test_a_name_in_any_field_is_refused_in_every_spelling_and_not_repeated(workset, kind, key):
    keeper = RecordKeeper(workset)
    spellings = [one for one in all_spellings(read_class_list(workset)) if len(one) > 4]
    headline = {KINDS[kind].headline: "words"}
    for spelling in dice(3).sample(spellings, min(12, len(spellings))):
        for text in (spelling, spelling.upper(), f"I think {spelling}'s drawing"):
            with pytest.raises(FindingsError) as error:
                keeper.add(kind, headline | {key: text})
            assert not {word.casefold() for word in spelling.split()} & set(str(error.value).casefold().split())
    with pytest.raises(FindingsError):
        keeper.add("claims", {"text": "x"}, [Citation("Andrea", 1, note=f"{STUDENT} drew it")])
    assert read_record(workset).is_empty


@pytest.mark.parametrize(
    "text", [f"{STUDENT} 1", "Andrea 9", "Andrea 1 [90 90 20 20]", "Andrea [1 2 3 4]", "Andrea 1 [a b]"]
)
def test_a_place_that_is_not_there_is_refused_without_a_name(text):
    with pytest.raises(UsageError) as error:
        parse_place(text, {"Andrea": 2}, side="for")
    assert STUDENT not in str(error.value)


def test_a_place_is_read_as_it_is_typed():
    assert parse_place("andrea 2 [10 20 40 15]: two dots: here", {"Andrea": 2}, side="against") == Citation(
        "Andrea", 2, (0.1, 0.2, 0.4, 0.15), "against", "two dots: here"
    )


def test_two_recorders_come_together_or_see_where_they_differ(workset, tmp_path):
    keeper, rows = filled(workset)
    other = tmp_path / "other.json"
    value = json.loads(json.dumps(rows_to_json(rows)))
    value["claims"][0]["cites"].append({"alias": "Emery", "page": 1, "box": [], "side": "against", "note": "pushes"})
    value["claims"][1]["about"] = "a subgroup"
    value["patterns"].append({"text": "Uses arrows"})
    other.write_text(json.dumps(value))
    done = merge_file(keeper, read_record_json(other), "other.json")

    assert done.written
    assert [cite.alias for cite in done.rows.claims[0].cites] == ["Andrea", "Emery"]
    assert done.rows.claims[1].about == "a subgroup"
    assert [one.text for one in done.rows.patterns] == ["Draws dots", "Uses arrows"]

    value["gaps"][0]["convince"] = "Weighs it"
    other.write_text(json.dumps(value))
    differ = merge_file(keeper, read_record_json(other), "other.json")
    assert [(one.label, one.here, one.there) for one in differ.differences] == [("G1", "Says why", "Weighs it")]
    assert not differ.written
    settled = merge_file(keeper, read_record_json(other), "other.json", prefer="file")
    assert settled.rows.gaps[0].convince == "Weighs it"
    assert not merge_file(keeper, read_record_json(other), "other.json").differences


def test_a_row_that_both_changed_is_a_difference_and_one_that_one_removed_goes(workset):
    _, base = filled(workset)
    here, there = base.with_rows("claims", base.claims[:1]), base.with_rows("patterns", ())
    merged, found = merge_records(here, there, base)

    assert not found
    assert (len(merged.claims), len(merged.patterns)) == (1, 0)


def test_claims_written_alone_are_shown_together_only_when_all_are_done(workset, capsys):
    one, two = (RecordKeeper(workset, by, alone=True) for by in ("MR", "JO"))
    one.add("claims", {"text": "Most see air as nothing"}, [Citation("Andrea", 1)])
    two.add("claims", {"text": "most see  air as nothing"}, [Citation("Boaz", 1)])
    two.add("claims", {"text": "Only JO sees this"})
    finish_alone(one)
    team = RecordKeeper(workset)

    assert mssw("record", workset.root, "--json") == 0
    assert "Only JO" not in capsys.readouterr().out
    assert mssw("record", workset.root, "--as", "MR", "--list") == 0
    assert "Only JO" not in capsys.readouterr().out
    with pytest.raises(StepMissingError, match="JO has not finished"):
        bring_together(team)
    finish_alone(two)
    bring_together(team)
    bring_together(team)

    rows = read_record(workset)
    assert [claim.by for claim in rows.claims] == ["JO, MR", "JO"]
    assert {cite.alias for cite in rows.claims[0].cites} == {"Andrea", "Boaz"}


def book_of(workset):
    return openpyxl.load_workbook(workset.record_sheet)


def test_the_workbook_brings_words_and_evidence_back(workset):
    keeper, _ = filled(workset)
    exchange_book(keeper)
    before = read_record(workset)
    book = book_of(workset)
    sheet = book["Claims"]
    sheet.insert_rows(3)
    for column, text in zip("CDEG", ("against", "Emery", "2", "pushes on the walls"), strict=True):
        sheet[f"{column}3"] = text
    sheet["A6"], sheet["D6"], sheet["E6"], sheet["F6"] = "Some weigh air", "Boaz", "1", "10 10 30 20"
    book["Learning gaps"]["C2"] = "Weighs a ball"
    book.save(workset.record_sheet)
    done = exchange_book(keeper)

    assert [cite.alias for cite in done.rows.claims[0].cites] == ["Andrea", "Emery"]
    assert done.rows.claims[2].cites == (Citation("Boaz", 1, (0.1, 0.1, 0.3, 0.2)),)
    assert done.rows.gaps[0].convince == "Weighs a ball"
    assert done.rows.patterns == before.patterns
    assert done.kept
    assert not exchange_book(keeper).read
    keeper.undo()
    assert read_record(workset) == before


def test_all_problems_of_a_workbook_are_listed_at_once_and_nothing_is_taken(workset, capsys):
    keeper, before = filled(workset)
    exchange_book(keeper)
    book = book_of(workset)
    book["Claims"]["A4"], book["Claims"]["B4"] = f"{STUDENT} guessed", "no idea"
    book["Claims"]["D2"] = STUDENT
    book["Patterns"]["F2"] = "99"
    book["Next steps"]["A2"] = "=1+1"
    book["Learning gaps"]["A5"], book["Learning gaps"]["I5"] = "again", before.gaps[0].uid
    book.save(workset.record_sheet)
    with pytest.raises(RecordProblemsError) as error:
        exchange_book(keeper)

    said = str(error.value)
    assert STUDENT not in said
    assert len(error.value.problems) == 6
    for place in (
        "Claims, A4",
        "Claims, D2",
        "Claims, row 4",
        "Patterns, E2",
        "Next steps, A2",
        "Learning gaps, row 5",
    ):
        assert place in said, said
    assert read_record(workset) == before
    assert mssw("record", workset.root, "--sheet", "--json") == 3
    assert held_to(capsys.readouterr().out, "record-problems")["problems"]


def test_charts_typed_in_by_a_colleague_are_added_and_take_nothing_away(workset, tmp_path):
    keeper, before = filled(workset)
    book = openpyxl.Workbook()
    book.active.title = "Learning gaps"
    for row in (
        ["Learning objective", "What is wrong or missing", "Alias", "What you see"],
        ["Mass", "No scale", "Dani", "x"],
    ):
        book.active.append(row)
    book.save(tmp_path / "chart.xlsx")
    done = exchange_book(keeper, read=tmp_path / "chart.xlsx")

    assert [gap.gap for gap in done.rows.gaps] == ["Air has mass", "No scale"]
    assert done.rows.claims == before.claims


def test_a_place_in_a_response_that_was_withdrawn_does_not_keep_the_workbook_from_being_read(workset):
    keeper, before = filled(workset)
    exchange_book(keeper)
    with workset.locked():
        withdraw_responses(workset, ["Dani"])
    book = book_of(workset)
    book["Claims"]["A9"] = "A new claim"
    book.save(workset.record_sheet)
    done = exchange_book(RecordKeeper(workset))

    assert done.rows.gaps == before.gaps
    assert done.rows.claims[-1].text == "A new claim"


def test_the_same_record_gives_the_same_workbook(workset):
    keeper, _ = filled(workset)
    exchange_book(keeper)
    first = workset.record_sheet.read_bytes()
    workset.record_sheet.unlink()
    exchange_book(keeper)

    assert workset.record_sheet.read_bytes() == first
    assert [sheet.title for sheet in openpyxl.load_workbook(io.BytesIO(first))] == [
        *(kind.title for kind in KINDS.values()),
        "How to and lists",
    ]


def test_the_terminal_asks_again_where_a_name_was_typed(workset, capsys, monkeypatch):
    said = f"c\n{STUDENT} guessed\nMost guess\n2\nAndrea 1: no words\n\n\nq\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(said))
    assert mssw("record", workset.root, "--terminal") == 0

    out = capsys.readouterr()
    assert "Not taken: it includes a name" in out.err
    assert STUDENT not in out.out + out.err
    assert [claim.text for claim in read_record(workset).claims] == ["Most guess"]


def test_a_dry_run_writes_nothing(workset, tmp_path):
    filled(workset)
    files = {path: path.read_bytes() for path in workset.root.rglob("*") if path.is_file() and path.name != ".lock"}
    (tmp_path / "other.json").write_text(json.dumps({"claims": [{"text": "New"}]}))
    for words in (["--sheet"], ["--merge", tmp_path / "other.json"], ["--undo"]):
        assert mssw("record", workset.root, *words, "--dry-run") == 0

    assert files == {p: p.read_bytes() for p in workset.root.rglob("*") if p.is_file() and p.name != ".lock"}


def test_texts_of_a_record_are_all_searched():
    rows = RecordRows()
    for kind in KINDS.values():
        fields = {one.key: "seen here" for one in kind.fields}
        rows = rows.with_rows(
            kind.name, [kind.row(uid="1", by="seen here", cites=(Citation("A", note="seen here"),), **fields)]
        )
    expected = sum(len(kind.fields) + 2 for kind in KINDS.values())

    assert [text for _, text in find_texts(rows)] == ["seen here"] * expected


def test_a_word_that_only_may_be_a_name_is_asked_about_and_then_kept_as_a_word(workset, tmp_path, capsys):
    rows = [["Name"], ["Rose Petersen"], ["May Olufsen"]]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)
    claim = tmp_path / "claim.json"
    claim.write_text(json.dumps({"claims": [{"text": "They saw the Rose window through the glass"}]}))

    assert mssw("record", workset.root, "--merge", claim, "--no-input") == 1
    assert "Rose" not in capsys.readouterr().err
    assert mssw("record", workset.root, "--merge", claim, "--no-input", "--words", "Rose") == 0
    assert mssw("record", workset.root, "--sheet") == 0
    assert len(read_record(workset).claims) == 1
