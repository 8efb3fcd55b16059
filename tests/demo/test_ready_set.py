"""`mssw demo --set`: ready in seconds, printable at once, and honest about being made up."""

from __future__ import annotations

import hashlib

import pymupdf
import pytest

from mssw.auditing.run_audit import audit_path
from mssw.core.sample import MOST_WITHOUT_A_CHOICE
from mssw.demo.ready_set import make_ready_set
from mssw.preparing.prepare_options import quiet
from mssw.workset.folder import WorkSet, read_json, write_json
from support.commands import copied, mssw
from support.published import held_to

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

WORKS = 13


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Just more works than are printed without a choice."""
    root = tmp_path_factory.mktemp("ready") / "set"
    return make_ready_set(root, works=WORKS, seed=7, paper="letter", progress=quiet)


def test_a_packet_is_printed_without_any_further_word(made, tmp_path, capsys):
    root = copied(made.workset, tmp_path / "set")
    assert mssw("packet", root, "--copies", "8") == 0
    text = "".join(page.get_text() for page in pymupdf.open(root / "shared" / "packet.pdf"))
    assert "made-up class" in text
    assert "No student wrote this" in " ".join(text.split())
    assert "Not checked yet" not in text
    assert "8 copies" in capsys.readouterr().err


def test_works_are_sorted_and_twelve_are_chosen(made):
    assert len(made.samples) == MOST_WITHOUT_A_CHOICE
    chosen = read_json(WorkSet(made.workset).samples)["samples"]
    assert {one["level"] for one in chosen} == {"high", "medium", "low"}
    assert all(one["pile"] and one["reason"] for one in chosen)


def test_the_audit_finds_nothing_and_looks_under_every_cover(made):
    report = audit_path(made.workset)
    assert report.findings == ()
    assert sum(file.covers for file in report.files) == WORKS


def test_nothing_says_that_a_person_has_looked(made):
    manifest = read_json(WorkSet(made.workset).manifest)
    assert manifest["fiction"] is True
    assert [work["seen"] for work in manifest["works"]] == [False] * WORKS


def test_without_the_word_that_it_is_made_up_somebody_has_to_look(made, tmp_path):
    root = copied(made.workset, tmp_path / "set")
    manifest = read_json(WorkSet(root).manifest)
    write_json(
        WorkSet(root).manifest, {key: value for key, value in manifest.items() if key != "fiction"}, private=False
    )
    assert mssw("packet", root) == 4


def hashes(root):
    """Of every file that is shared, but for the manifest, which counts them."""
    shared = [path for path in WorkSet(root).shared.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shared}


def test_made_again_it_mends_what_is_gone_and_keeps_a_teachers_words(made, tmp_path):
    root = copied(made.workset, tmp_path / "set")
    before, listed = hashes(root), read_json(WorkSet(root).manifest)["files"]
    next(WorkSet(root).work.iterdir()).unlink()
    WorkSet(root).intro.write_text("## 1\nOurs.\n", encoding="utf-8")
    make_ready_set(root, works=WORKS, seed=7, paper="letter", progress=quiet)
    assert hashes(root) == before
    assert read_json(WorkSet(root).manifest)["files"] == listed
    assert WorkSet(root).intro.read_text(encoding="utf-8") == "## 1\nOurs.\n"


def test_another_folder_is_left_as_it_is(tmp_path, made, capsys):
    (tmp_path / "mine.txt").write_text("x")
    assert mssw("demo", tmp_path, "--set") == 5
    real = copied(made.workset, tmp_path / "set")
    WorkSet(real).made_up.unlink()
    assert mssw("demo", real, "--set", "--json") == 5
    assert capsys.readouterr().out == ""


def test_a_real_stack_is_not_prepared_into_a_made_up_set(made, tmp_path, capsys):
    root = copied(made.workset, tmp_path / "set")
    assert mssw("prepare", tmp_path / "stack.pdf", "--into", root) == 5
    assert "made-up set" in capsys.readouterr().err


def test_the_command_reports_the_set(tmp_path, capsys):
    assert mssw("demo", tmp_path / "set", "--set", "--students", "6", "--paper", "a4", "--json") == 0
    told = held_to(capsys.readouterr().out, "demo-set")
    assert (told["works"], len(told["samples"])) == (6, 6)
    page = pymupdf.open(next(WorkSet(tmp_path / "set").work.iterdir()))[0]
    assert (round(page.rect.width), round(page.rect.height)) == (595, 842)


def test_what_needs_scans_says_that_the_set_is_made_up(made, tmp_path, capsys):
    root = copied(made.workset, tmp_path / "set")
    for words in (("entry", root, "A video of two students"), ("key", root), ("recall", root, made.samples[0])):
        assert mssw(*words) in {2, 4, 5}
        message = " ".join(capsys.readouterr().err.split())
        assert "made up" in message
        assert "was deleted" not in message
