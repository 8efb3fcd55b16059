"""The JSON files of a set: what is written is what was read, and a damaged or newer one is named and left alone."""

from __future__ import annotations

import base64
import json
import math
import threading

import numpy as np
import pytest
from filelock import FileLock
from msgspec import UNSET

from mssw.errors import ExitCode, StepMissingError
from mssw.vision.blank_page import CELLS
from mssw.vision.same_sheet import SIGNATURE
from mssw.workset.folder import KeptWork, WorkSet, read_kept, write_json, write_typed
from mssw.workset.manifest import ListedFile, Manifest, PrintedRun, read_manifest, write_manifest
from mssw.workset.prepared_state import NamedBy, keep_state, read_state
from mssw.workset.sightings import read_page_measures, read_sighting, sidecar, write_sightings
from mssw.workset.sort_memory import SortMemory, WrittenSheet, read_memory, write_memory
from support.commands import mssw
from support.released_set import released_set

MANIFEST = {
    "audit": {"files": 2, "passed": True},
    "counts": {"scanned": 3, "kept": 2, "blank": 1, "set aside": 0, "held": 0},
    "files": [
        {"pages": 2, "path": "packet.pdf", "sha256": "aa"},
        {"path": "samples.json", "sha256": "bb"},
        {"pages": 2, "path": "work/Ada.pdf", "sha256": "cc"},
    ],
    "held_works": 0,
    "mssw": "0.1.0",
    "packet": {
        "by_hand": False,
        "copies": 4,
        "edge": "long",
        "folded": False,
        "made_from": "dd",
        "paper": "letter",
        "sheets": 9,
        "two_sided": True,
    },
    "version": 1,
    "works": [{"alias": "Ada", "pages": 2, "seen": False}],
}
STATE = {
    "pages": [
        {
            "base": "r1",
            "covers": [{"box": [0.1, 0.05, 0.4, 0.046666666666666667], "kind": "name field"}],
            "fate": "kept",
            "flags": [{"box": [0.0, 0.5, 0.25, 0.125], "kind": "writing that could not be read"}],
            "id": "s01-p0001",
            "identity": "h1",
            "image": "s01-p0001.jpg",
            "number": 1,
            "points": [612.0, 792.0],
            "reason": "",
            "score": 0.987,
            "source": "stack.pdf",
            "task_page": None,
            "turn": 180,
            "way": "r2",
        }
    ],
    "version": 1,
    "works": [{"alias": "Ada", "aside": "", "held": ["why"], "pages": ["s01-p0001"], "seen": False}],
}
SIDECAR = {
    "bared": [],
    "base": "",
    "code": "",
    "covers": [],
    "doubts": [],
    "empty_field": False,
    "fault": "",
    "flags": [],
    "image": "",
    "ink": 0.0,
    "lacking": base64.b64encode(bytes(math.prod(CELLS))).decode(),
    "nearest": 1,
    "page": {
        "dpi": 200.0,
        "fate": None,
        "id": "s01-p0001",
        "number": 1,
        "reason": "",
        "sha256": "h1",
        "size": [8, 6],
        "source": "stack.pdf",
        "task_page": 1,
        "tone": "grey",
        "turn": 0,
    },
    "points": [612.0, 792.0],
    "read": "",
    "recipe": "r1",
    "score": 0.9,
    "signature": base64.b64encode(bytes(math.prod(SIGNATURE))).decode(),
    "way": "r2",
    "whose": [0.25, None],
    "written": 12.5,
}
MEMORY = {
    "places": {"sort": {"at": "", "pass": "read", "read": []}, "mr": {"levels": {"Ada": "high"}, "pairs": []}},
    "seed": "set 1",
    "sheets": {"sort": {"sha256": "aa", "sorting": {"by": ""}, "works": ["Ada"]}},
}


class KeptNumber(KeptWork, frozen=True, kw_only=True):
    number: float


def test_kept_work_counts_only_where_it_is_whole_and_of_the_same_inputs(tmp_path):
    file = tmp_path / "kept.json"
    assert read_kept(file, KeptNumber, "now") is None

    write_typed(file, KeptNumber(known="now", number=np.float64(0.1)), private=True)
    assert read_kept(file, KeptNumber, "now") == KeptNumber(known="now", number=0.1)
    assert read_kept(file, KeptNumber, "another") is None

    for damaged in ('{"known": "now"}', '{"known": "now", "number": "much"}', "[]", "{", ""):
        file.write_text(damaged, encoding="utf-8")
        assert read_kept(file, KeptNumber, "now") is None


@pytest.mark.parametrize("more", [{}, {"fiction": True}])
def test_a_manifest_of_the_version_before_is_written_as_it_was_read(tmp_path, more):
    workset = WorkSet(tmp_path)
    write_json(workset.manifest, MANIFEST | more, private=False)
    before = workset.manifest.read_bytes()
    write_manifest(workset, read_manifest(workset))
    assert workset.manifest.read_bytes() == before


def test_state_and_sort_memory_of_the_version_before_are_written_as_they_were_read(tmp_path):
    workset = WorkSet(tmp_path)
    write_json(workset.state, STATE, private=True)
    write_json(workset.sort_memory, MEMORY, private=True)
    before = workset.state.read_bytes(), workset.sort_memory.read_bytes()
    keep_state(workset, read_state(workset))
    write_memory(workset, read_memory(workset))
    assert (workset.state.read_bytes(), workset.sort_memory.read_bytes()) == before


def test_what_was_found_on_a_page_opens_under_the_keys_of_the_version_before_and_is_written_under_them(tmp_path):
    workset = WorkSet(tmp_path)
    file = sidecar(workset, "s01-p0001")
    write_json(file, SIDECAR, private=True)
    before = file.read_bytes()

    page = read_sighting(file, "r1")
    measures = read_page_measures(workset, "s01-p0001")
    assert page is not None
    assert page.name_costs == measures.costs_by(UNSET) == (0.25, math.inf)
    write_sightings(workset.pages, [page])
    assert file.read_bytes() == before


def test_later_commands_match_a_page_by_its_signature_where_the_class_shows_that_its_head_names_another(tmp_path):
    workset = WorkSet(tmp_path)
    write_json(sidecar(workset, "s01-p0001"), {**SIDECAR, "signed_costs": [None, 0.5]}, private=True)

    page = read_sighting(sidecar(workset, "s01-p0001"), "r1")
    measures = read_page_measures(workset, "s01-p0001")

    assert page is not None
    assert page.signed_costs == measures.costs_by(NamedBy.SIGNATURE) == (math.inf, 0.5)
    assert measures.costs_by(NamedBy.NOTHING) == ()
    write_sightings(workset.pages, [page])
    assert read_sighting(sidecar(workset, "s01-p0001"), "r1").signed_costs == page.signed_costs


def test_one_function_adds_replaces_and_removes_listed_files():
    old = Manifest(files=(ListedFile("a.pdf", "1", 2), ListedFile("b.pdf", "2"), ListedFile("d.pdf", "4")))
    new = old.with_files([ListedFile("c.pdf", "3"), ListedFile("a.pdf", "9")], without={"b.pdf"})
    assert [(row.path, row.sha256) for row in new.files] == [("a.pdf", "9"), ("c.pdf", "3"), ("d.pdf", "4")]
    assert old.with_packet(PrintedRun(copies=1, sheets=2, paper="a4")).files == old.files


def test_nothing_remembered_writes_nothing():
    assert SortMemory().with_sheet("sort", WrittenSheet(sha256="aa")).seed == ""
    assert SortMemory().with_place("sort", step="read").with_place("sort", at="Ada").places["sort"].to_json() == {
        "pass": "read",
        "at": "Ada",
        "read": None,
    }


DAMAGE = ["{", "[]", "3", '{"pages": 3, "works": 3, "files": 3, "samples": 3, "sheets": 3}', "[" * 100_000]


@pytest.mark.parametrize("text", DAMAGE, ids=range(len(DAMAGE)))
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shared/manifest.json", ("sort", "--list")),
        ("shared/samples.json", ("packet", "--unreviewed")),
        ("private/state.json", ("review", "--list")),
        ("private/state.json", ("status",)),
        ("private/sort-memory.json", ("sort", "--sheet")),
        ("private/sorts/sort.json", ("sort", "--list")),
    ],
)
def test_a_damaged_file_is_named_in_one_sentence_with_the_way_on(tmp_path, capsys, name, words, text):
    workset = released_set(tmp_path / "set", ("Ada", "Bo"), pages=1)
    path = workset.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")

    assert mssw(words[0], workset.root, *words[1:]) == ExitCode.UNREADABLE

    said = capsys.readouterr().err
    assert f"{path} is damaged; " in said.replace("\n", " ")
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "name",
    [
        "shared/manifest.json",
        "shared/samples.json",
        "private/state.json",
        "private/decisions.json",
        "private/matches.json",
        "private/choice.json",
        "private/review.json",
        "private/sheets.json",
        "private/on-covers.json",
        "private/sort-memory.json",
        "private/sorts/sort.json",
        "private/stack/.order.json",
    ],
)
def test_a_file_that_a_newer_mssw_made_is_named_and_nothing_is_touched(tmp_path, capsys, name):
    workset = released_set(tmp_path / "set", ("Ada", "Bo"), pages=1)
    path = workset.root / name
    path.parent.mkdir(exist_ok=True)
    given = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(given | {"version": 99}), encoding="utf-8")
    before = {one: one.read_bytes() for one in workset.root.rglob("*") if one.is_file()}

    for words in (("packet", "--unreviewed"), ("sort", "--sheet"), ("choose",), ("review", "--approve", "Ada")):
        assert mssw(words[0], workset.root, *words[1:]) in {ExitCode.UNREADABLE, ExitCode.STEP_MISSING}
    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.UNREADABLE

    assert f"{path} was made by a newer mssw; " in capsys.readouterr().err.replace("\n", " ")
    assert {one: one.read_bytes() for one in workset.root.rglob("*") if one.is_file()} == before


def test_a_command_waits_for_an_open_page_that_keeps_its_place_for_a_moment(tmp_path):
    workset = WorkSet(tmp_path)
    workset.private.mkdir()
    lock, taken = FileLock(workset.private / ".lock", thread_local=False), threading.Event()

    def keep_for_a_moment():
        with lock:
            taken.set()
            threading.Event().wait(0.2)

    page = threading.Thread(target=keep_for_a_moment)
    page.start()
    assert taken.wait(10)
    workset.check_is_free()
    with workset.locked():
        assert not lock.is_locked
    page.join()


def test_a_set_whose_prepare_was_stopped_says_how_to_go_on_without_its_scans(tmp_path):
    workset = WorkSet(tmp_path)
    workset.stack.mkdir(parents=True)
    with pytest.raises(StepMissingError, match=f"run `mssw prepare --into {workset.typed}` first"):
        read_manifest(workset)
