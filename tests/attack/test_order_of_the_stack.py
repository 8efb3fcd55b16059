"""Threat: something in ``shared/`` follows the order of the stack, and that of a class is often alphabetical.

Tried: times, numbers of files on the disk, the order in which a folder lists them and the manifest, over 50 seeds and
after a second run that adds a response; everything that later commands write, for one class in two orders. Result: all
times are one; the rest follows aliases, which are drawn by chance; what later commands write is the same to the byte.
"""

from __future__ import annotations

import json
import os
import random
import zipfile

import numpy as np
import pytest

from mssw.errors import ExitCode
from mssw.preparing.aliases import draw_aliases
from mssw.preparing.cover_responses import Covered, CoverJob, publish
from mssw.workset.folder import hash_file, write_bytes
from support.commands import mssw
from support.prepared_class import everything, manifest
from support.released_set import released_set
from support.sealed_set import sealed_set

pytestmark = pytest.mark.pages

RESPONSES, SEEDS = 12, 50


def rho(one, other):
    """Spearman's rank correlation."""
    ranks = [np.argsort(np.argsort(values)) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


def class_of(folder, seed):
    """The jobs of a class in the order of the stack, each with an alias by chance."""
    aliases = draw_aliases(RESPONSES, (), seed=seed)
    random.Random(seed).shuffle(aliases)  # noqa: S311 - the same classes each time
    return [
        CoverJob(alias, (), folder / "shared" / f"{alias}.pdf", folder / "private" / f"{alias}.json", (), "")
        for alias in aliases
    ]


def finish(jobs):
    """What workers leave: a file each, in the order of the stack."""
    covered = {}
    for place, job in enumerate(jobs):
        write_bytes(job.staged, f"page {place}".encode() * (place + 1), private=True)
        covered[job.alias] = Covered(job.alias, hash_file(job.staged), 1)
    return covered


def test_nothing_on_the_disk_follows_the_stack(tmp_path):
    numbers, listed = [], []
    for seed in range(SEEDS):
        (tmp_path / str(seed) / "shared").mkdir(parents=True)
        jobs = class_of(tmp_path / str(seed), seed)
        publish(jobs, finish(jobs))

        stats = [job.target.stat() for job in jobs]
        assert len({(stat.st_mtime_ns, stat.st_atime_ns) for stat in stats}) == 1
        assert not list((tmp_path / str(seed) / "private").glob("*.pdf"))
        order = [entry.name.removesuffix(".pdf") for entry in os.scandir(jobs[0].target.parent)]
        numbers.append(rho([stat.st_ino for stat in stats], range(RESPONSES)))
        listed.append(rho([order.index(job.alias) for job in jobs], range(RESPONSES)))
    chance = 4 / np.sqrt((RESPONSES - 1) * SEEDS)  # four standard deviations of such a mean
    assert abs(np.mean(numbers)) < chance
    assert abs(np.mean(listed)) < chance


def test_a_response_that_is_released_later_does_not_stand_out(tmp_path):
    (tmp_path / "shared").mkdir()
    jobs = class_of(tmp_path, 1)
    covered = finish(jobs[:-1])
    publish(jobs[:-1], covered)
    os.utime(jobs[0].target, ns=(1, 1))  # as a set of an early version has it

    covered |= finish(jobs[-1:])
    publish(jobs, covered)

    assert len({job.target.stat().st_mtime_ns for job in jobs}) == 1
    assert abs(rho([job.target.stat().st_ino for job in jobs], range(RESPONSES))) < 1


def test_a_second_run_with_nothing_new_writes_nothing(tmp_path):
    (tmp_path / "shared").mkdir()
    jobs = class_of(tmp_path, 1)
    covered = finish(jobs)
    publish(jobs, covered)
    before = [(job.target.stat().st_ino, job.target.stat().st_mtime_ns) for job in jobs]

    publish(jobs, covered)

    assert [(job.target.stat().st_ino, job.target.stat().st_mtime_ns) for job in jobs] == before


def test_manifest_and_files_of_a_prepared_class_are_in_the_order_of_aliases(small_class):
    listed = [row["alias"] for row in manifest(small_class)["works"]]
    files = [row["path"] for row in manifest(small_class)["files"]]

    assert listed == sorted(listed)
    assert files == sorted(files)
    assert len({path.stat().st_mtime_ns for path in (small_class / "shared" / "work").glob("*.pdf")}) == 1


STACKS = (("Andrea", "Bo", "Camille", "Dani", "Emery"), ("Dani", "Andrea", "Emery", "Camille", "Bo"))
LATER = (
    ("packet", "SET", "--copies", "2"),
    ("present", "SET", "--to", "slides.pdf"),
    ("present", "SET", "--to", "slides.pptx"),
    ("record", "SET", "--merge", "claims.json"),
    ("record", "SET", "--sheet"),
    ("record", "SET", "--print"),
    ("sort", "SET", "--sheet"),
    ("sort", "SET", "--cards"),
    ("kit", "B", "--set", "SET"),
)


def test_what_later_commands_write_is_the_same_in_whatever_order_the_stack_was(tmp_path, monkeypatch):
    claims = [{"text": "Most see it", "cites": [{"alias": alias, "page": 1} for alias in ("Dani", "Bo")]}]
    written = []
    for stack in STACKS:
        place = tmp_path / stack[0]
        root = sealed_set(place / "set", stack).root
        monkeypatch.chdir(place)
        (place / "claims.json").write_text(json.dumps({"claims": claims}), encoding="utf-8")
        for words in LATER:
            assert mssw(*(root if word == "SET" else word for word in words)) == ExitCode.DONE, words
        written.append({path: sha for path, sha in everything(place).items() if "private" not in path})
        rows = manifest(root)
        assert [row["alias"] for row in rows["works"]] == sorted(stack)
        assert [row["path"] for row in rows["files"]] == sorted(row["path"] for row in rows["files"])
        del written[-1]["set/shared/manifest.json"]  # its seal is keyed with the scans
    assert written[0] == written[1]
    assert len(written[0]) > 15


def test_a_zip_lists_responses_in_the_order_of_their_aliases(tmp_path):
    for stack in STACKS:
        released_set(tmp_path / stack[0], stack, pages=1)
        assert mssw("share", tmp_path / stack[0], "--to", tmp_path / f"{stack[0]}.zip") == ExitCode.DONE
    first, second = (zipfile.ZipFile(tmp_path / f"{stack[0]}.zip") for stack in STACKS)
    assert first.namelist() == second.namelist()
    assert first.namelist()[1:] == sorted(first.namelist()[1:])
