"""`mssw choose`: from a sorted class to samples, a card for the presenter, and a ledger that names nobody."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pymupdf
import pytest

from mssw import api as library
from mssw.auditing.run_audit import NamesToFind, manifest_findings
from mssw.core.page import Tone
from mssw.errors import ExitCode
from mssw.formats.images import encode
from mssw.next_step import NextStep
from mssw.printing.pdf_writer import image_pdf
from mssw.sorting.piles import Level, Placing
from mssw.workset.folder import WorkSet, read_json, write_bytes, write_json
from mssw.workset.ledger import trace
from support.commands import copied, mssw
from support.prepared_class import TASK
from support.sorted_class import ALIASES, LEVELS, PILES, PUPILS, a_class, lying, sort

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]


def chosen(workset):
    return [sample["alias"] for sample in read_json(workset.samples)["samples"]]


def card(workset):
    with pymupdf.open(workset.choice_card) as pdf:
        assert len(pdf) == 1
        return " ".join(pdf[0].get_text().split())


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return a_class(tmp_path_factory.mktemp("school") / "5b").root


@pytest.fixture
def workset(kept, tmp_path):
    return WorkSet(copied(kept, tmp_path / "5b"))


# What is chosen ---------------------------------------------------------------------------------------


def test_twelve_are_chosen_each_pile_and_level_among_them_and_each_with_its_reason(workset):
    assert mssw("choose", workset.root) == ExitCode.DONE

    samples = read_json(workset.samples)
    assert samples["version"] == 1
    assert [set(one) for one in samples["samples"]] == [{"alias", "pages", "pile", "level", "reason"}] * 12
    assert {one["pile"] for one in samples["samples"]} == set(PILES)
    assert {one["level"] for one in samples["samples"]} == {"high", "medium", "low"}
    assert all(one["reason"].endswith(".") and one["pages"] == 1 for one in samples["samples"])
    assert chosen(workset) == sorted(chosen(workset))
    assert ALIASES[20] in chosen(workset)  # the only one who thinks so
    assert ALIASES[21] not in chosen(workset)  # set aside


def test_the_screen_shows_samples_and_for_each_other_work_its_nearest_and_safe_swaps(workset, capsys):
    assert mssw("choose", workset.root, "--count", 9) == ExitCode.DONE

    said = capsys.readouterr()
    first, second = said.out.split("\n\n")
    assert first.split()[0] == "Sample"
    assert len([line for line in second.splitlines() if line.split()[0] in ALIASES]) == 21 - 9
    assert "Could replace" in second
    assert "To swap one for another:  mssw choose" in said.err


def test_the_card_says_why_these_on_one_page_for_the_teacher_alone(workset):
    assert mssw("choose", workset.root) == ExitCode.DONE

    text = card(workset)
    assert "Why these twelve" in text
    assert all(pile in text for pile in PILES)
    assert all(alias in text for alias in chosen(workset))
    assert "unusual thinking is kept" in text
    if os.name == "posix":
        assert stat.S_IMODE(workset.choice_card.stat().st_mode) == 0o600


def test_a_card_of_many_piles_and_works_still_has_one_page(tmp_path):
    aliases = [f"{letter}{vowel}lena" for letter in "BCDFGHJKLMNPRST" for vowel in ("a", "e", "i", "o")]
    workset = a_class(tmp_path / "big", aliases=aliases, pupils=[])
    name = "weighs the ball before and after, compares both, and yet forgets the ball itself, way {}"
    sort(workset, {alias: Placing(name.format(n % 12), LEVELS[n % 3]) for n, alias in enumerate(aliases)})

    assert mssw("choose", workset.root) == ExitCode.DONE

    assert all(alias in card(workset) for alias in chosen(workset))


def test_locked_is_in_banned_is_out_whatever_the_case_of_letters(workset):
    assert mssw("choose", workset.root) == ExitCode.DONE
    out, in_ = chosen(workset)[0], next(a for a in ALIASES[:9] if a not in chosen(workset))

    assert mssw("choose", workset.root, "--lock", in_.upper(), "--ban", out.lower()) == ExitCode.DONE

    assert in_ in chosen(workset)
    assert out not in chosen(workset)
    assert len(chosen(workset)) == 12


def test_a_swap_that_is_called_safe_keeps_every_pile_and_level(workset, capsys):
    assert mssw("choose", workset.root, "--json") == ExitCode.DONE
    report = json.loads(capsys.readouterr().out)
    other = next(one for one in report["left_out"] if one["swaps"])

    assert mssw("choose", workset.root, "--lock", other["id"], "--ban", other["swaps"][0]) == ExitCode.DONE

    samples = read_json(workset.samples)["samples"]
    assert {one["pile"] for one in samples} == set(PILES)
    assert {one["level"] for one in samples} == {"high", "medium", "low"}


def test_fewer_than_nine_are_all_taken_and_that_is_said(workset, capsys):
    sort(workset, dict(list(lying().items())[:7]))

    assert mssw("choose", workset.root) == ExitCode.DONE

    assert chosen(workset) == ALIASES[:7]
    said = capsys.readouterr().err
    assert "Only 7 responses can be chosen, so all of them are samples" in said
    assert "Left out, because they are not sorted yet" in said
    assert "Why these 7" in card(workset)


def test_work_on_the_not_sure_pile_is_seen_too(workset):
    sort(workset, lying() | {"Andrea": Placing(unsure=True, level=Level.LOW)})

    assert mssw("choose", workset.root) == ExitCode.DONE

    [one] = [sample for sample in read_json(workset.samples)["samples"] if sample["alias"] == "Andrea"]
    assert one["pile"] == "not sure"


def test_another_teachers_sort_is_taken_where_it_is_asked_for(workset, capsys):
    sort(workset, {alias: Placing("hers", Level.LOW) for alias in ALIASES}, by="M. Rivera")

    assert mssw("choose", workset.root, "--as", "M. Rivera") == ExitCode.DONE
    assert {one["pile"] for one in read_json(workset.samples)["samples"]} == {"hers"}
    assert mssw("choose", workset.root, "--as", "Nobody") == ExitCode.STEP_MISSING
    assert "--as" in capsys.readouterr().err


# Running it again -------------------------------------------------------------------------------------


def test_running_it_again_changes_no_byte(workset):
    files = (workset.samples, workset.choice_card, workset.manifest, workset.choice)
    assert mssw("choose", workset.root) == ExitCode.DONE
    before = [path.read_bytes() for path in files] + [(workset.root.parent / "private" / "ledger.json").read_bytes()]

    assert mssw("choose", workset.root) == ExitCode.DONE

    after = [path.read_bytes() for path in files] + [(workset.root.parent / "private" / "ledger.json").read_bytes()]
    assert before == after


def test_a_dry_run_shows_the_same_and_writes_nothing(workset, capsys):
    before = sorted(workset.root.parent.rglob("*"))

    assert mssw("choose", workset.root, "--dry-run", "--json") == ExitCode.DONE
    tried = json.loads(capsys.readouterr().out)
    assert sorted(workset.root.parent.rglob("*")) == before

    assert mssw("choose", workset.root, "--json") == ExitCode.DONE
    done = json.loads(capsys.readouterr().out)
    assert (tried["written"], done["written"]) == (False, True)
    assert tried["samples"] == done["samples"]
    assert tried["left_out"] == done["left_out"]


def test_the_packet_prints_the_chosen_and_another_choice_takes_it_away(workset, capsys):
    assert mssw("choose", workset.root) == ExitCode.DONE
    assert mssw("packet", workset.root) == ExitCode.DONE
    out = chosen(workset)[0]
    assert mssw("choose", workset.root) == ExitCode.DONE
    assert workset.packet.is_file()

    assert mssw("choose", workset.root, "--ban", out) == ExitCode.DONE

    assert not workset.packet.is_file()
    assert "had other samples and was deleted" in capsys.readouterr().err
    assert [file["path"] for file in read_json(workset.manifest)["files"]].count("packet.pdf") == 0
    assert mssw("packet", workset.root, "--json") == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["samples"] == chosen(workset)


def test_the_manifest_names_the_samples_and_the_audit_is_content(workset):
    assert mssw("choose", workset.root) == ExitCode.DONE

    [row] = [file for file in read_json(workset.manifest)["files"] if file["path"] == "samples.json"]
    seen = {file["path"]: file["sha256"] for file in read_json(workset.manifest)["files"]}
    assert row["sha256"] == seen["samples.json"]
    assert manifest_findings(workset, seen, NamesToFind((), ())) == []


def test_a_chosen_work_that_is_held_later_stops_the_packet_which_says_what_to_do(workset, capsys):
    assert mssw("choose", workset.root) == ExitCode.DONE
    gone = chosen(workset)[0]
    manifest = read_json(workset.manifest)
    works = [work for work in manifest["works"] if work["alias"] != gone]
    write_json(workset.manifest, manifest | {"works": works}, private=False)

    assert mssw("packet", workset.root) == ExitCode.STEP_MISSING
    assert f"lists {gone}, which cannot be shown now; choose again with `mssw choose" in capsys.readouterr().err
    assert mssw("choose", workset.root) == ExitCode.DONE
    assert gone not in chosen(workset)


def test_preparing_again_keeps_the_choice(small_class, tmp_path):
    from mssw.preparing.prepare_options import PrepareOptions  # noqa: PLC0415
    from mssw.preparing.run_prepare import prepare  # noqa: PLC0415

    workset = WorkSet(copied(small_class, tmp_path / "set"))
    aliases = [work["alias"] for work in read_json(workset.manifest)["works"]]
    sort(workset, {alias: Placing("one", Level.HIGH) for alias in aliases})
    assert mssw("choose", workset.root) == ExitCode.DONE
    before = workset.samples.read_bytes(), read_json(workset.manifest)["files"]

    prepare(workset.root, PrepareOptions(workers=1))

    assert (workset.samples.read_bytes(), read_json(workset.manifest)["files"]) == before
    assert chosen(workset) == aliases

    workset.manifest.write_text("{", encoding="utf-8")  # damaged: made anew, and the choice can be made again
    prepare(workset.root, PrepareOptions(workers=1))
    assert mssw("choose", workset.root) == ExitCode.DONE
    assert read_json(workset.manifest)["files"] == before[1]


# What is refused --------------------------------------------------------------------------------------


def test_a_class_that_nobody_sorted_is_told_to_sort(workset, capsys):
    sort(workset, {})

    assert mssw("choose", workset.root) == ExitCode.STEP_MISSING

    assert "mssw sort" in capsys.readouterr().err
    assert not workset.samples.exists()


def test_a_set_whose_private_folder_was_deleted_is_told_to_sort(workset):
    shutil.rmtree(workset.private)

    assert mssw("choose", workset.root) == ExitCode.STEP_MISSING


def test_a_set_that_another_command_writes_to_is_left_alone(workset, capsys):
    with workset.locked():
        assert mssw("choose", workset.root) == ExitCode.WOULD_OVERWRITE

    assert "another mssw command is at work" in capsys.readouterr().err
    assert not workset.samples.exists()


def test_more_than_twelve_piles_are_to_be_merged(workset, capsys):
    sort(workset, {alias: Placing(f"way {n}", Level.LOW) for n, alias in enumerate(ALIASES[:13])})

    assert mssw("choose", workset.root) == ExitCode.FINDINGS

    assert "13 piles" in capsys.readouterr().err
    assert not workset.samples.exists()


def test_a_count_that_cannot_show_each_pile_says_which_could(workset, capsys):
    sort(workset, {alias: Placing(f"way {n % 11}", Level.LOW) for n, alias in enumerate(ALIASES)})

    assert mssw("choose", workset.root, "--count", 9) == ExitCode.USAGE
    assert "--count 11" in capsys.readouterr().err
    assert mssw("choose", workset.root, "--count", 11) == ExitCode.DONE


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--lock", "Priya Reyes"), "no released response has that alias"),
        (("--ban", "Zola"), "no released response has that alias"),
        (("--lock", "Andrea", "--ban", "andrea"), "cannot be in both"),
        (("--lock", "Velimir"), "set Velimir aside while sorting"),
        (("--count", "8"), "from 9 to 12"),
        ((*(word for alias in ALIASES[:10] for word in ("--lock", alias)), "--count", "9"), "lock fewer"),
        (tuple(word for alias in ALIASES[:21] for word in ("--ban", alias)), "leave out fewer"),
    ],
)
def test_what_makes_no_sense_ends_with_2_changes_nothing_and_repeats_no_name(kept, capsys, words, said):
    assert mssw("choose", kept, *words) == ExitCode.USAGE

    message = capsys.readouterr().err
    assert said in message
    assert "Priya" not in message
    assert not WorkSet(kept).samples.exists()


def test_a_pile_named_after_a_student_is_not_shared(workset, capsys):
    sort(workset, lying() | {"Andrea": Placing("as Oluwaseun says", Level.LOW)})

    assert mssw("choose", workset.root) == ExitCode.FINDINGS

    message = capsys.readouterr().err
    assert "name of a pile" in message
    assert "Oluwaseun" not in message
    assert not workset.samples.exists()
    assert not workset.choice_card.exists()


# Several sets -----------------------------------------------------------------------------------------


@pytest.fixture
def two(kept, tmp_path):
    here = WorkSet(copied(kept, tmp_path / "5b"))
    there = a_class(tmp_path / "5c", aliases=["Andrea", *(f"{alias}o" for alias in ALIASES[1:])], pupils=[])
    return here, there


def test_two_sets_share_twelve_and_each_keeps_its_own(two, capsys):
    here, there = two

    assert mssw("choose", here.root, "--sets", there.root, "--json") == ExitCode.DONE

    report = json.loads(capsys.readouterr().out)
    assert len(report["samples"]) == 12
    for workset in two:
        own = [one["alias"] for one in report["samples"] if one["set"] == workset.root.name]
        assert chosen(workset) == sorted(own)
        assert len(own) >= 5
        assert "5b/" in card(workset)
        assert "5c/" in card(workset)
    assert all(one["id"] == f"{one['set']}/{one['alias']}" for one in report["samples"])


@pytest.mark.parametrize(("second", "joint"), [("packet", True), ("intro", False)])
def test_after_a_choice_from_two_sets_the_next_command_is_one_packet_of_both(two, capsys, monkeypatch, second, joint):
    here, there = two
    steps = {
        here.root: NextStep("packet", "print", ("mssw", "packet", str(here.root))),
        there.root: NextStep(second, "do it", ("mssw", second, str(there.root))),
    }
    monkeypatch.setattr("mssw.next_step.find_next_step", lambda workset, **_: steps[workset.root])

    assert mssw("choose", here.root, "--sets", there.root) == ExitCode.DONE

    told = capsys.readouterr().err
    assert (f"Next:  mssw packet {here.root} {there.root} --copies 8" in told) == joint
    assert (f"Next:  mssw {second} {there.root} " in told) != joint


def test_the_sets_may_be_given_one_after_the_other_and_without_the_option_they_are_not_pooled(two, capsys):
    here, there = two

    assert mssw("choose", "--sets", here.root, there.root, "--dry-run", "--json") == ExitCode.DONE
    assert {one["set"] for one in json.loads(capsys.readouterr().out)["samples"]} == {"5b", "5c"}
    assert mssw("choose", here.root, there.root) == ExitCode.USAGE


def test_an_alias_of_two_sets_is_asked_back_and_goes_with_its_set(two, capsys):
    here, there = two

    assert mssw("choose", here.root, "--sets", there.root, "--lock", "Andrea") == ExitCode.USAGE
    assert "5b/Andrea or 5c/Andrea" in capsys.readouterr().err
    assert mssw("choose", here.root, "--sets", there.root, "--lock", "5c/Andrea") == ExitCode.DONE
    assert "Andrea" in chosen(there)


def test_sets_of_different_tasks_are_refused(two, capsys):
    here, there = two
    with pymupdf.open(TASK) as pdf:
        pages = [pdf[number].get_pixmap(dpi=100, colorspace=pymupdf.csGRAY) for number in (0, 1)]
    give_task(here, pages)

    give_task(there, pages[:1])
    assert mssw("choose", here.root, "--sets", there.root) == ExitCode.USAGE
    assert "different tasks (2 and 1 pages)" in capsys.readouterr().err
    give_task(there, pages[::-1])
    assert mssw("choose", here.root, "--sets", there.root) == ExitCode.USAGE
    assert "page 1 of the blank task differs" in capsys.readouterr().err
    there.task.unlink()
    assert mssw("choose", here.root, "--sets", there.root) == ExitCode.STEP_MISSING
    assert not here.samples.exists()


def test_two_files_of_one_task_are_the_same_task(two):
    here, there = two
    with pymupdf.open(TASK) as pdf:
        give_task(here, [pdf[0].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)])
        give_task(there, [pdf[0].get_pixmap(dpi=120, colorspace=pymupdf.csGRAY)])

    assert mssw("choose", here.root, "--sets", there.root) == ExitCode.DONE


def give_task(workset, pixmaps):
    import numpy as np  # noqa: PLC0415

    pages = [np.frombuffer(one.samples, np.uint8).reshape(one.height, one.width) for one in pixmaps]
    data = image_pdf([(encode(page, Tone.GREY, quality=80), (612.0, 792.0)) for page in pages])
    write_bytes(workset.task, data, private=False)


# The ledger -------------------------------------------------------------------------------------------


def later(tmp_path):
    """The same students do another task, under other aliases."""
    aliases = [f"{alias}s" for alias in ALIASES]
    return a_class(tmp_path / "5b-later", title="Melting ice", aliases=aliases, pupils=PUPILS)


def test_a_student_whose_work_was_used_is_told_by_the_alias_of_this_set_alone(workset, tmp_path, capsys):
    assert mssw("choose", workset.root) == ExitCode.DONE
    second = later(tmp_path)
    capsys.readouterr()

    assert mssw("choose", second.root) == ExitCode.DONE

    used = {f"{alias}s" for alias in chosen(workset)}
    said = capsys.readouterr()
    told = {line.split(" is by ")[0] for line in said.err.splitlines() if "who was also chosen in" in line}
    assert told == used & set(chosen(second))
    assert "“Massive air” (session B), the last choice before this one" in said.err
    assert len(told) < 7  # of twelve: where another work could stand for it, it stepped back
    assert "Massive air" in card(second)
    assert "Massive air" not in second.samples.read_text(encoding="utf-8")


def test_the_ledger_names_no_student_no_alias_and_links_none(workset, tmp_path):
    assert mssw("choose", workset.root) == ExitCode.DONE
    assert mssw("choose", later(tmp_path).root) == ExitCode.DONE

    folder = tmp_path / "private"
    text = (folder / "ledger.json").read_text(encoding="utf-8").casefold()
    assert not [name for name in (*PUPILS, *ALIASES, *" ".join(PUPILS).split()) if name.casefold() in text]
    uses = json.loads(text)["uses"]
    assert [use["title"] for use in uses] == ["massive air", "melting ice"]
    assert all(use["students"] == sorted(use["students"], key=lambda one: one["name"]) for use in uses)
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_choosing_again_replaces_what_the_set_had_in_the_ledger(workset, tmp_path, capsys):
    assert mssw("choose", workset.root) == ExitCode.DONE
    second = later(tmp_path)
    assert mssw("choose", second.root) == ExitCode.DONE
    capsys.readouterr()

    assert mssw("choose", workset.root, "--count", 9) == ExitCode.DONE

    uses = read_json(tmp_path / "private" / "ledger.json")["uses"]
    assert [use["title"] for use in uses] == ["Massive air", "Melting ice"]
    assert len(uses[0]["students"]) == 9
    assert "who was also chosen in" not in capsys.readouterr().err  # what came after is not what was used before


def test_where_it_is_remembered_who_was_chosen_is_said_before_that_file_is_made_and_once(
    workset, tmp_path, capsys, monkeypatch
):
    folder, choose, said_before = tmp_path / "private", library.choose, []

    def watched(*given, **options):
        said_before.append((capsys.readouterr().err.replace("\n", ""), folder.exists()))
        return choose(*given, **options)

    monkeypatch.setattr(library, "choose", watched)

    for words in (["--no-ledger"], ["--dry-run"], [], []):
        capsys.readouterr()
        assert mssw("choose", workset.root, *words) == ExitCode.DONE

    name = str(folder / "ledger.json")
    assert [name in said for said, _ in said_before] == [False, False, True, False]
    assert [was_there for _, was_there in said_before] == [False, False, False, True]
    assert "--no-ledger" in said_before[2][0]
    assert Path(name).is_file()


def test_what_may_take_the_place_of_a_sample_is_a_short_list(workset, capsys):
    assert mssw("choose", workset.root, "--json") == ExitCode.DONE

    left_out = json.loads(capsys.readouterr().out)["left_out"]
    assert any(one["swaps"] for one in left_out)
    assert max(len(one["swaps"]) for one in left_out) <= 3


def test_no_ledger_is_kept_where_it_is_not_wanted(workset, tmp_path):
    assert mssw("choose", workset.root, "--no-ledger") == ExitCode.DONE

    assert not (tmp_path / "private").exists()


def test_where_the_folder_above_cannot_be_written_the_choice_stands_and_that_is_said(workset, tmp_path, capsys):
    (tmp_path / "private").write_text("a file of somebody's own", encoding="utf-8")

    assert mssw("choose", workset.root) == ExitCode.DONE

    assert len(chosen(workset)) == 12
    assert "could not record which students were chosen" in capsys.readouterr().err
    assert (tmp_path / "private").read_text(encoding="utf-8") == "a file of somebody's own"


@pytest.mark.parametrize(("name", "text"), [("ledger.json", "{"), ("ledger.json", "[]"), ("ledger.key", "no key")])
def test_a_damaged_ledger_is_left_alone_and_the_choice_stands(workset, tmp_path, capsys, name, text):
    assert mssw("choose", workset.root) == ExitCode.DONE
    (tmp_path / "private" / name).write_text(text, encoding="utf-8")

    assert mssw("choose", workset.root) == ExitCode.DONE

    assert "is damaged" in capsys.readouterr().err
    assert (tmp_path / "private" / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Reyes, Priya", ""), ("Priya Reyes", ""), True),
        (("Priya Reyes", "17"), ("Priyá  REYES", ""), True),
        (("Priya Reyes", "17"), ("P. Reyes", "17"), True),
        (("Priya Reyes", "17"), ("Priya Reyes", "18"), False),
        (("Priya Reyes", ""), ("Priya Tran", ""), False),
    ],
)
def test_one_student_is_known_again_by_number_or_else_by_name(one, other, same):
    key = bytes(32)

    assert trace(key, *one).is_same(trace(key, *other)) is same
    assert trace(key, *one) != trace(bytes([1]) * 32, *one)
