"""The presenter's checklist, from the files as they are now, and the gate that the packet tells of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from mssw.core.paper import Flip, Layout
from mssw.intro.questions import FACTS, QUESTIONS, Introduction, intro_text
from mssw.packets.bind_packet import bind_packet
from mssw.packets.checklist import SetState, checklist, still_open
from mssw.packets.checklist_state import state_now
from mssw.packets.packet_options import PacketOptions
from mssw.printing.print_words import read_words
from mssw.workset.folder import read_json, write_json
from mssw.workset.settings import Settings
from support.commands import mssw
from support.made_up_set import make_set

US = read_words("en-US")

ALL = Introduction(("a",) * len(QUESTIONS), ("b",) * len(FACTS))
FULL = Settings(title="Air", grade="5", session="B", date="12 March", presenting_teachers=("M. Rivera",))
DONE = SetState(
    samples=10,
    chosen=True,
    unseen=(),
    held=0,
    task_pages=2,
    unanswered=(),
    copies=8,
    sheets=14,
    paper="Letter",
    two_sided=True,
    blanks_on_cover=(),
    findings=(),
)


@pytest.fixture
def workset(tmp_path):
    made = make_set(tmp_path / "set", settings=FULL, intro=ALL)
    samples = [{"alias": work["alias"]} for work in read_json(made.manifest)["works"]]
    write_json(made.samples, {"version": 1, "samples": samples}, private=False)
    manifest = read_json(made.manifest)
    manifest["files"].append({"path": "samples.json", "sha256": _hash(made.samples)})
    write_json(made.manifest, manifest, private=False)
    return made


def _hash(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_nothing_is_open_where_all_is_done():
    assert still_open(DONE, US) == ()
    assert not [item for _, items in checklist(DONE, US)[:2] for item in items if not item.done]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"findings": None}, "Run the privacy check"),
        ({"findings": ("a.pdf: a name", "b.pdf: a name")}, "Look at what the privacy check found"),
        ({"held": 2}, "Clear 2 responses on hold"),
        ({"unseen": ("Bo",)}, "Check every page of 1 response: Bo"),
        ({"gone": ("Bo",)}, "Choose again"),
        ({"chosen": False}, "Choose 9 to 12 samples"),
        ({"unanswered": ("The aim",)}, "Answer with `mssw intro DIR`"),
        ({"task_pages": 0}, "Copy the blank task"),
        ({"blanks_on_cover": ("date",)}, "Fill in on the cover: date"),
    ],
)
def test_each_thing_that_is_not_done_is_open(change, what):
    [item] = still_open(replace(DONE, **change), US)
    assert item.what.startswith(what)


@pytest.mark.parametrize(
    ("change", "how"),
    [
        ({}, "two-sided, flipped on the long edge, at actual size. Black ink is enough. Staple each copy."),
        ({"edge": "short"}, "two-sided, flipped on the short edge,"),
        ({"two_sided": False}, "on Letter, one-sided,"),
        ({"by_hand": True}, "one side after the other (see the print slip),"),
        ({"edge": "short", "folded": True}, "Staple each copy on the fold, and fold it."),
    ],
)
def test_it_says_how_to_print_as_the_print_slip_does(change, how):
    [printing] = [items for heading, items in checklist(replace(DONE, **change), US) if heading == "Printing"]
    assert how in f"{printing[0].what} {printing[0].remark}"


@pytest.mark.pages
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (PacketOptions(layout=Layout.BOOKLET), ("short", False, True)),
        (PacketOptions(layout=Layout.BOOKLET, flip=Flip.LONG), ("long", False, True)),
        (PacketOptions(layout=Layout.TWO_UP), ("short", False, False)),
        (PacketOptions(by_hand=True), ("long", True, False)),
    ],
)
def test_how_a_packet_was_laid_out_is_known_later(workset, options, told):
    bind_packet(workset, options)
    now = state_now(workset, audit=False)
    assert (now.edge, now.by_hand, now.folded) == told


def test_while_it_is_printed_the_audit_of_the_packet_counts_and_no_memory():
    assert still_open(replace(DONE, findings=None, printing=True), US) == ()
    told = [item.what for _, items in checklist(replace(DONE, findings=None, printing=True), US) for item in items]
    assert "The packet passed its privacy check, and so did every sample in it." in told
    assert not [what for what in told if "any file" in what or what.startswith("Run the privacy check")]


def test_made_up_work_is_not_said_to_have_been_looked_at():
    told = [item.what for _, items in checklist(replace(DONE, fiction=True), US) for item in items]
    assert "Someone has checked every page." not in told
    assert "Nobody has to check the pages for names." in told
    assert not [what for what in told if "covered" in what]


def test_the_audit_is_run_on_the_files_as_they_are(workset):
    workset.private.joinpath("state.json").write_text('{"version": 1, "pages": [], "works": []}')
    before = state_now(workset, audit=True).findings
    (workset.shared / "note.txt").write_text("hello")
    after = state_now(workset, audit=True).findings
    assert not [found for found in before if "note.txt" in found]
    assert [found for found in after if "note.txt" in found]
    assert state_now(workset, audit=False).findings is None


@pytest.mark.pages
def test_a_packet_of_other_words_is_to_be_printed_again(workset):
    assert (state_now(workset, audit=False).copies, state_now(workset, audit=False).outdated) == (0, False)
    bind_packet(workset, PacketOptions(copies=8))
    now = state_now(workset, audit=False)
    assert (now.copies, now.outdated) == (8, False)
    assert now.sheets > 10
    workset.intro.write_text(intro_text(replace(ALL, background="more")), encoding="utf-8")
    now = state_now(workset, audit=False)
    assert (now.copies, now.outdated) == (0, True)
    assert "Make the packet again" in str(checklist(now, US))


def test_the_packet_tells_how_much_is_open(workset, capsys):
    assert mssw("packet", workset.root) == 0
    assert "private/checklist.pdf (all done)" in capsys.readouterr().err
    workset.intro.unlink()
    assert mssw("packet", workset.root, "--json") == 0
    [left] = json.loads(capsys.readouterr().out)["open"]
    assert left.startswith("Answer with `mssw intro DIR`")


def test_a_refused_packet_points_to_the_checklist(tmp_path, capsys):
    workset = make_set(tmp_path / "set", unseen=("Bo",), held=1)
    assert mssw("packet", workset.root) == 4
    assert f"`mssw status {workset.root} --checklist`" in capsys.readouterr().err


def test_status_shows_it_and_gives_it_to_scripts(workset, capsys):
    manifest = read_json(workset.manifest)
    manifest["works"][1]["seen"] = False
    write_json(workset.manifest, manifest, private=False)
    works = [{**work, "pages": [], "held": [], "aside": ""} for work in manifest["works"]]
    write_json(workset.state, {"version": 1, "pages": [], "works": works}, private=True)
    assert mssw("status", workset.root) == 0
    assert "1 point is open" in capsys.readouterr().out
    assert mssw("status", workset.root, "--checklist") == 0
    shown = capsys.readouterr().out
    assert "  [ ] Check every page of 1 response: Bo." in shown
    assert "  [x] The introduction answers all 4 questions." in shown
    assert mssw("status", workset.root, "--checklist", "--json") == 0
    groups = json.loads(capsys.readouterr().out)["checklist"]
    assert [group["heading"] for group in groups][:2] == ["Student work", "The rest of the packet"]
