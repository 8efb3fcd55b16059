"""Threat: a set of a newer mssw is taken for one of ours; a name or letter that the system cannot write is a bug.

Tried: `version: 99` in every kind of file; names of 250 characters and of broken letters; output into a pipe under
cp437, cp1252 and ASCII. Result: refused before anything is touched; names are cut; piped output is UTF-8.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from mssw.errors import ExitCode
from mssw.preparing.given_scans import _names_in_set
from mssw.preparing.inputs import copy_file, keep_task
from mssw.workset.folder import WorkSet, hash_file
from support.commands import mssw
from support.prepared_class import command
from support.sealed_set import sealed_set

FILES = [
    "shared/manifest.json", "private/state.json", "private/decisions.json", "private/matches.json",
    "private/stack/.order.json", "private/pages/s01-p0001.json", "private/work/Andrea.json", "private/sorts/sort.json",
    "private/sort-memory.json", "private/review.json",
]  # fmt: skip
LATER = [
    "shared/samples.json", "shared/record.json", "private/record/history.json", "private/record/alone/lt.json",
    "private/handed-out.json", "private/entries.json", "private/words.json", "private/on-covers.json",
    "private/choice.json", "private/questions.json", "private/sheets.json", "private/batch.json",
    "private/through.json",
]  # fmt: skip


def files_of(workset):
    return {path: path.read_bytes() for path in workset.root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "version"),
    [*((name, version) for name in FILES for version in (99, 99.5, "99")), *((n, 99) for n in LATER)],
)
def test_prepare_refuses_a_newer_file_before_it_touches_anything(tmp_path, capsys, name, version):
    workset = sealed_set(tmp_path / "set")
    path = workset.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    given = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.write_text(json.dumps(given | {"version": version}), encoding="utf-8")
    before = files_of(workset)

    assert mssw("prepare", "--into", workset.root, "--pages-per-student", "1") == ExitCode.UNREADABLE

    assert "made by a newer mssw" in " ".join(capsys.readouterr().err.split())
    assert files_of(workset) == before


def test_a_newer_set_toml_is_refused_too(tmp_path, capsys):
    workset = sealed_set(tmp_path / "set")
    workset.settings.write_text("version = 99\n" + workset.settings.read_text(encoding="utf-8"), encoding="utf-8")

    for words in (("status",), ("packet",), ("audit",)):
        assert mssw(words[0], workset.root) in {ExitCode.UNREADABLE, ExitCode.FINDINGS}
    assert "made by a newer mssw" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("name", ["s" * 246 + ".pdf", "ü" * 123 + ".pdf", "名" * 82 + ".pdf"])
def test_a_scan_and_a_task_with_a_very_long_name_are_taken_in(tmp_path, name):
    given = tmp_path / name
    given.write_bytes(b"%PDF")
    [kept, other] = _names_in_set([given, given])
    for one in (kept, other):
        copy_file(given, tmp_path / one, hash_file(given))
    workset = WorkSet.create(tmp_path / "set")

    assert kept != other
    assert (tmp_path / other).read_bytes() == b"%PDF"
    assert keep_task(workset, given).is_file()


@pytest.mark.skipif(os.name != "posix", reason="names of broken letters are the disk's own there")
def test_a_scan_whose_name_is_no_utf_8_is_taken_in(tmp_path):
    given = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.pdf"))
    try:
        given.write_bytes(b"%PDF")
    except OSError:
        pytest.skip("this disk takes no such name")

    [kept] = _names_in_set([given])
    assert kept == "caf?.pdf"


@pytest.mark.pages
@pytest.mark.parametrize(
    ("encoding", "words"),
    [  # it is undone before any command begins: each encoding with one command, and each command with the narrowest
        *((encoding, ("status",)) for encoding in ("cp437", "cp1252", "ascii", "utf-8:strict", "latin-1")),
        *(("ascii", words) for words in (("status", "--json"), ("sort", "--list"), ("key",))),
    ],
)
def test_piped_output_is_utf_8_whatever_the_system_says(tmp_path, encoding, words):
    workset = sealed_set(tmp_path / "set")
    title = "Żółw 空气 “air” → \\ud83d"
    text = workset.settings.read_text(encoding="utf-8").replace("Massive air", "Żółw 空气 → air")
    workset.settings.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "LC_ALL": "C"}

    done = subprocess.run(
        command(words[0], workset.root, *words[1:]), capture_output=True, check=False, timeout=60, env=environment
    )

    assert done.returncode in {ExitCode.DONE, ExitCode.STEP_MISSING}, done.stderr.decode()
    if words[0] == "status":
        assert "Żółw 空气 → air" in done.stdout.decode("utf-8"), title


@pytest.mark.skipif(os.name != "posix", reason="names of broken letters are the disk's own there")
@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_a_path_of_broken_letters_can_be_said(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [*command("status"), b"caf\xe9-\xff"], capture_output=True, check=False, timeout=60, env=environment
    )

    assert done.returncode == ExitCode.STEP_MISSING
    assert b"is not a work set" in done.stderr
