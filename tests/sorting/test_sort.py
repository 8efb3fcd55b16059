"""Sorting: piles and levels as pure data, in the terminal, as cards, and two sorts held against each other."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.auditing.run_audit import audit_path
from mssw.core.page import Box
from mssw.errors import FindingsError, StepMissingError, UnreadableError, UsageError
from mssw.intro.questions import Introduction, intro_text
from mssw.set_status import read_status
from mssw.sorting.cards import print_cards
from mssw.sorting.kept_sorts import keep_sorting, read_order, read_sorting, sort_name, sort_path, state_objective
from mssw.sorting.piles import (
    MOST_PAIRS,
    Comparison,
    Evidence,
    Level,
    PileError,
    Placing,
    Sorting,
    add_pile,
    delete_pile,
    judge_answer,
    merge_piles,
    pick_boundary_pairs,
    put_on_pile,
    record_comparison,
    rename_pile,
    set_aside,
    set_evidence,
    set_level,
    shuffle_aliases,
)
from mssw.workset.folder import read_json, write_json
from support.commands import mssw
from support.released_set import ALIASES, STUDENT, released_set

HIGH, MEDIUM, LOW = Level.HIGH, Level.MEDIUM, Level.LOW


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air")


# Piles ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def piled():
    sorting = add_pile(add_pile(Sorting(), "air is nothing"), "counts particles")
    sorting = put_on_pile(
        put_on_pile(put_on_pile(sorting, "Bo", "air is nothing"), "Jun", "counts particles"), "Kai", "not sure"
    )
    return set_level(sorting, "Bo", LOW)


@pytest.mark.parametrize("name", ["", "  ", "Air is  nothing", "NOT SURE", "x" * 81])
def test_a_pile_needs_a_name_of_its_own(piled, name):
    with pytest.raises(PileError):
        add_pile(piled, name)


def test_a_renamed_pile_takes_its_works_along_and_may_change_its_capitals(piled):
    assert rename_pile(piled, "air is nothing", "Air is nothing").of("Bo") == Placing("Air is nothing", LOW)
    with pytest.raises(PileError, match="there is already a pile “counts particles”"):
        rename_pile(piled, "air is nothing", "Counts Particles")


def test_merged_piles_lose_no_work_and_no_evidence(piled):
    shown = Evidence("Bo", 1, Box(0.1, 0.1, 0.5, 0.1))
    both = merge_piles(set_evidence(piled, "air is nothing", shown), "air is nothing", "counts particles")
    assert both.in_pile("counts particles") == ("Bo", "Jun")
    assert [(pile.name, pile.evidence) for pile in both.piles] == [("counts particles", shown)]
    with pytest.raises(PileError):
        merge_piles(piled, "air is nothing", "air is nothing")


def test_the_works_of_a_deleted_pile_are_not_sorted_any_more_but_keep_their_level(piled):
    assert delete_pile(piled, "air is nothing").of("Bo") == Placing(level=LOW)


def test_a_work_set_aside_has_no_pile_and_no_level_and_comes_back_by_being_put(piled):
    aside = set_aside(piled, "Bo", "illegible")
    assert aside.of("Bo") == Placing(aside="illegible")
    with pytest.raises(PileError, match="set aside, so it cannot have a level"):
        set_level(aside, "Bo", HIGH)
    assert put_on_pile(aside, "Bo", "").of("Bo") == Placing()
    with pytest.raises(PileError, match="add a note"):
        set_aside(piled, "Bo", "other")


def test_a_pair_is_answered_once(piled):
    once = record_comparison(piled, Comparison("Bo", "Jun", "Bo"))
    assert record_comparison(once, Comparison("Jun", "Bo", "")).comparisons == (Comparison("Jun", "Bo", ""),)


# The order ---------------------------------------------------------------------------------------------------------

names = st.lists(st.sampled_from(ALIASES), unique=True)


@given(names, st.sampled_from(ALIASES), st.text())
def test_a_work_that_comes_or_goes_leaves_the_order_of_the_others(works, late, seed):
    others = [alias for alias in works if alias != late]
    assert [alias for alias in shuffle_aliases([*others, late], seed) if alias != late] == list(
        shuffle_aliases(others, seed)
    )


def test_the_order_is_drawn_once_for_each_teacher_and_kept_in_private(tmp_path):
    workset = released_set(tmp_path / "air", seed=None)
    first = read_order(workset)
    assert read_order(workset) == first
    assert read_order(workset, "MR") != first
    assert sorted(first) == list(ALIASES)
    workset.sort_memory.unlink()
    assert read_order(workset) != first  # a new draw; one in 479 million is the same


# The boundaries ---------------------------------------------------------------------------------------------------

levels = st.dictionaries(st.sampled_from(ALIASES), st.sampled_from(Level))


@given(levels, st.lists(st.tuples(st.sampled_from(ALIASES), st.sampled_from(ALIASES)), max_size=5))
def test_pairs_lie_across_a_boundary_are_new_and_few_and_the_same_each_time(given_levels, before):
    known = tuple(Comparison(one, other, one) for one, other in before if one != other)
    sorting = Sorting(works={alias: Placing(level=level) for alias, level in given_levels.items()}, comparisons=known)
    pairs = pick_boundary_pairs(sorting, ALIASES)
    there = [level for level in (HIGH, MEDIUM, LOW) if level in given_levels.values()]
    boundaries = [{upper, lower} for upper, lower in pairwise(there)]
    assert len(pairs) <= MOST_PAIRS
    assert len({frozenset((pair.one, pair.other)) for pair in pairs}) == len(pairs)
    assert all({given_levels[pair.one], given_levels[pair.other]} in boundaries for pair in pairs)
    seen = {frozenset((one.one, one.other)) for one in known}
    assert not any(frozenset((pair.one, pair.other)) in seen for pair in pairs)
    assert pick_boundary_pairs(sorting, ALIASES) == pairs


def test_both_boundaries_get_pairs_and_no_work_comes_twice_while_there_are_others():
    works = {alias: Placing(level=(HIGH, MEDIUM, LOW)[place % 3]) for place, alias in enumerate(ALIASES)}
    pairs = pick_boundary_pairs(Sorting(works=works), ALIASES)
    upper = [pair for pair in pairs if HIGH in {works[pair.one].level, works[pair.other].level}]
    assert (len(pairs), len(upper)) == (6, 3)
    shown = [alias for pair in pairs for alias in (pair.one, pair.other)]
    assert len(set(shown)) >= 10  # four works of medium for six places


def test_doubtful_works_come_first():
    works = {alias: Placing(level=HIGH if place < 6 else LOW) for place, alias in enumerate(ALIASES)}
    works |= {"Farah": Placing(level=HIGH, note="really?"), "Lior": Placing(level=LOW, unsure=True)}
    first = pick_boundary_pairs(Sorting(works=works), ALIASES, most=1)[0]
    assert {first.one, first.other} == {"Farah", "Lior"}


def test_an_answer_says_what_it_means_and_what_may_be_moved():
    sorting = Sorting(works={"Bo": Placing(level=HIGH), "Jun": Placing(level=LOW), "Kai": Placing(level=LOW)})
    assert judge_answer(sorting, Comparison("Bo", "Jun", "Bo")).agrees
    assert judge_answer(sorting, Comparison("Jun", "Kai", "Kai")).agrees
    against = judge_answer(sorting, Comparison("Bo", "Jun", "Jun"))
    assert not against.agrees
    assert "Nothing was changed" in against.sentence
    assert [(move.alias, move.level) for move in against.moves] == [("Jun", HIGH), ("Bo", LOW)]
    assert [move.level for move in judge_answer(sorting, Comparison("Bo", "Jun", "")).moves] == [LOW, HIGH]


# What is kept -------------------------------------------------------------------------------------------------------


def test_sorts_are_kept_apart_by_a_name_that_a_file_can_have(workset):
    keep_sorting(workset, Sorting(by="M. Rivera", objective="hers"))
    keep_sorting(workset, Sorting(objective="mine"))
    assert {path.name for path in workset.sorts.iterdir()} == {"sort.json", "m-rivera.json"}
    assert read_sorting(workset, "m rivera").objective == "hers"
    assert read_sorting(workset, "sort").objective == read_sorting(workset).objective == "mine"
    assert sort_name("Lê Thị") == "lê-thị"
    with pytest.raises(UsageError):
        sort_name("…/..")


def test_a_damaged_sort_is_told_and_not_written_over(workset):
    keep_sorting(workset, Sorting())
    sort_path(workset).write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"sort\.json is damaged"):
        read_sorting(workset)
    assert mssw("sort", workset.root, "--objective", "air", "--list") == 3
    assert sort_path(workset).read_text(encoding="utf-8") == "{"


# The terminal --------------------------------------------------------------------------------------------------------


@pytest.fixture
def talk(workset, monkeypatch, capsys):
    """Answers typed one after the other; gives the exit code and what was said."""

    def typed(*answers, more=()):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        code = mssw("sort", workset.root, "--terminal", *more)
        return code, capsys.readouterr()

    return typed


def test_the_terminal_asks_work_by_work_and_goes_on_where_it_stopped(workset, talk):
    order = read_order(workset)
    code, said = talk("that air has mass", "air is nothing", "1", "?", "q")
    assert code == 0
    assert f"shared/work/{order[0]}.pdf" in said.err.replace("\\", "/")
    sorting = read_sorting(workset)
    assert sorting.objective == "that air has mass"
    assert sorting.in_pile("air is nothing") == tuple(sorted(order[:2]))
    assert sorting.of(order[2]).unsure
    _, said = talk("q")
    assert f"Pile 1 of 9: {order[3]}" in said.err


def test_the_terminal_goes_back_skips_sets_aside_and_takes_notes(workset, talk):
    order = read_order(workset)
    talk("", "air", "b", "water", "s", "n", "says wait", "1", "a", "4", "", "a", "1", "", "q")
    sorting = read_sorting(workset)
    assert sorting.of(order[0]).pile == "water"
    assert sorting.of(order[1]) == Placing()
    assert sorting.of(order[2]) == Placing("air", note="says wait")
    assert sorting.of(order[3]).aside == "illegible"  # “other” without a note was asked again


def test_levels_come_after_the_piles_then_pairs_and_nothing_is_moved_unasked(workset, talk):
    answers = ["air has mass", "air is nothing", *["1"] * 11, *"hmlhmlhmlhml"]
    code, said = talk(*answers, *["=", ""] * 5, "=", "1")
    assert code == 0
    levels = [placing.level for placing in read_sorting(workset).works.values()]
    assert (levels.count(HIGH), levels.count(LOW)) != (4, 4)  # the last pair: moved, as asked
    assert sum(abs(levels.count(level) - 4) for level in Level) == 2
    assert len(read_sorting(workset).comparisons) == 6
    assert "Pair 1 of 6: which shows more understanding?" in said.err
    assert "All 12 responses are sorted" in said.err


def test_a_name_and_nonsense_are_not_taken_and_the_report_is_data(talk):
    code, said = talk("", f"{STUDENT}s friends", f"as {STUDENT}", "x", "99", "q", more=["--json"])
    assert code == 0
    assert said.err.count("Not saved: it includes a name from the class list") == 1
    assert "There is no pile 99" in said.err
    assert json.loads(said.out)["works"] == len(ALIASES)


# Cards ----------------------------------------------------------------------------------------------------------------


@pytest.mark.pages
@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
@pytest.mark.parametrize(("pages", "each"), [(1, 4), (2, 2)])
def test_every_work_has_a_card_and_the_form_comes_first(tmp_path, paper, size, pages, each):
    workset = released_set(tmp_path / "air", ALIASES[:5], pages=pages)  # the last sheet is not full
    report = print_cards(workset, paper=paper)
    assert (report.works, report.each, report.sheets) == (5, each, -(-5 // each))
    with pymupdf.open(workset.sort_cards) as pdf:
        assert {(round(page.rect.width), round(page.rect.height)) for page in pdf} == {size}
        assert len(pdf) == report.sheets + 1
        assert "Piles and levels" in pdf[0].get_text()
        assert not any(alias in pdf[0].get_text() for alias in ALIASES)
    assert not any(finding.file == "sort-cards.pdf" for finding in audit_path(workset.root).findings)
    assert "sort-cards.pdf" in [row["path"] for row in read_json(workset.manifest)["files"]]
    before = workset.sort_cards.read_bytes()
    print_cards(workset, paper=paper)
    assert workset.sort_cards.read_bytes() == before


def test_cards_are_not_made_of_a_work_that_changed_or_with_a_students_name(workset):
    keep_sorting(workset, Sorting(objective=f"what {STUDENT} said"))
    with pytest.raises(FindingsError, match="the learning objective"):
        print_cards(workset)
    keep_sorting(workset, Sorting())
    (workset.work / "Bo.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(UnreadableError, match=r"Bo\.pdf is not the file that passed the audit"):
        print_cards(workset)
    assert not workset.sort_cards.exists()


def test_a_dry_run_of_cards_writes_nothing(workset, capsys):
    assert mssw("sort", workset.root, "--cards", "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["written"] is False
    assert not workset.sort_cards.exists()


# The command -----------------------------------------------------------------------------------------------


def test_two_sorts_are_compared_and_the_works_they_split_come_first(workset, capsys):
    mine = {alias: Placing("air", HIGH) for alias in ALIASES}
    hers = mine | {"Bo": Placing("air", LOW), "Jun": Placing("water", HIGH), "Kai": Placing(aside="illegible")}
    keep_sorting(workset, Sorting(works=mine))
    keep_sorting(workset, Sorting("MR", works=hers))
    assert mssw("sort", workset.root, "--compare", "sort", "MR") == 0
    said = capsys.readouterr()
    first, second, third = said.out.splitlines()[:3]
    assert first.split() == ["Talk", "about", "sort", "MR"]
    assert (second.split()[0], third.split()[0]) == ("Bo", "Jun")
    assert "Kai: set aside by only one of you." in said.err
    assert "weighted kappa" in said.err
    assert mssw("sort", workset.root, "--compare", "sort", "MR", "--json") == 0
    assert [one["alias"] for one in json.loads(capsys.readouterr().out)["split"]] == ["Bo", "Jun"]


def test_a_sort_that_nobody_made_is_told(workset, capsys):
    keep_sorting(workset, Sorting())
    assert mssw("sort", workset.root, "--compare", "sort", "MR") == 4
    assert "there is no sort by “MR” in" in capsys.readouterr().err
    assert mssw("sort", workset.root, "--compare", "sort", "sort") == 2


@pytest.mark.parametrize("ways", [["--sheet", "--cards"], ["--terminal", "--list"], ["--dry-run"], ["--as", "…"]])
def test_ways_that_do_not_go_together_are_refused(workset, ways):
    assert mssw("sort", workset.root, *ways) == 2


def test_without_released_works_it_says_what_to_do_first(tmp_path, capsys):
    workset = released_set(tmp_path / "air", ())
    for way in ("--sheet", "--cards", "--terminal", "--list"):
        assert mssw("sort", workset.root, way) == 4
    assert "mssw review" in capsys.readouterr().err
    with pytest.raises(StepMissingError):
        read_order(workset)


def test_the_list_tells_how_every_work_is_sorted(workset, capsys):
    keep_sorting(workset, Sorting(works={"Bo": Placing(aside="identifies someone"), "Jun": Placing(unsure=True)}))
    assert mssw("sort", workset.root, "--list") == 0
    said = capsys.readouterr()
    assert "identifies someone" in said.out
    assert f"mssw review {workset.root} --set-aside Bo" in said.err


def test_the_status_tells_how_far_each_sort_has_come(workset):
    keep_sorting(workset, Sorting(works={"Bo": Placing("air", LOW), "Jun": Placing(unsure=True)}))
    keep_sorting(workset, Sorting("MR", works={"Bo": Placing(aside="illegible"), "Kai": Placing("air", HIGH)}))
    pages = {"version": 1, "pages": [], "works": [{"alias": "Bo", "pages": [], "held": [], "aside": "", "seen": True}]}
    write_json(workset.state, pages, private=True)
    steps = {one.step: one.state for one in read_status(workset).steps}
    assert steps["sort"] == "mr: 2 of 12 responses; sort: 1 of 12 responses"


def test_objectives_of_the_introduction_stand_until_the_sort_states_its_own(tmp_path):
    workset = released_set(tmp_path / "set")
    said = Introduction(objectives=("MS-1: air has mass", "air takes up space"))
    workset.intro.write_text(intro_text(said), encoding="utf-8")
    assert read_sorting(workset).objective == "MS-1: air has mass; air takes up space"
    state_objective(workset, "", "air is matter")
    assert read_sorting(workset).objective == "air is matter"
