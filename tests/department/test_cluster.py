"""Pages that are sent to a cluster come back the same as if they had been read here, and only when asked for."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Future

import pytest

from mssw.department.cluster import Parcel, Returned, _keep_result, run_pages_with
from mssw.errors import ExitCode, UnreadableError
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from support.commands import mssw
from support.department import PAGES, make_department
from support.prepared_class import ROSTER, TASK, everything, leaves
from support.pretended_cluster import PretendedCluster
from support.remembered import remember_as_worker, remembering, remembering_here

pytestmark = pytest.mark.pages


def test_pages_sent_away_come_back_with_the_same_bytes_and_no_scan_travels(tmp_path, small_class, memory):
    executor = PretendedCluster()
    options = PrepareOptions(
        [small_class.parent / "stack.pdf"], TASK, ROSTER, seed=7, workers=1, run_pages=run_pages_with(executor, 1)
    )

    with remembering_here(memory):
        prepare(tmp_path / "set", options)

    assert leaves(tmp_path / "set") == leaves(small_class)
    here, there = (everything(place / "private" / "pages") for place in (small_class, tmp_path / "set"))
    assert here == there
    assert len(executor.sent) == 7 + 1 + 2  # pages, their other sides, responses
    scan = (small_class.parent / "stack.pdf").read_bytes()
    assert [sent for sent in executor.sent if scan[200:1200] in sent] == []


def test_a_parcel_says_nothing_of_what_is_in_it():
    assert "Quill" not in repr(Parcel(print, "Ada Quill", {"private/x": b"Ada Quill"}))


@pytest.mark.parametrize(
    ("address", "code", "said"),
    [
        ("somewhere", ExitCode.USAGE, "must look like dask://HOST:PORT"),
        ("spark://here:1", ExitCode.USAGE, "must look like dask://HOST:PORT"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_before_anything_is_read(address, code, said, tmp_path, capsys):
    make_department(tmp_path / "dep", {"5a": (5, 6)})

    assert mssw("batch", tmp_path / "dep", "--executor", address) == code

    assert said in capsys.readouterr().err
    assert not (tmp_path / "dep" / "sets").exists()


@pytest.mark.parametrize(
    "name",
    ["", "private/key.xlsx", "private/sheets.json", "shared/manifest.json", "shared/work/names.txt", "../a", "/a",
     "private/pages/../key.xlsx", "shared/work/in/Andrea.pdf"],
)  # fmt: skip
def test_only_what_was_asked_for_is_written_here(name, tmp_path):
    future = Future()
    future.set_result(Returned(None, {name: b"something"}))

    with pytest.raises(UnreadableError, match="that mssw did not ask for"):
        _keep_result(future, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def cluster(memory):
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    dask = pytest.importorskip("dask", reason="Dask is not installed")
    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),  # it looks at each thread 100 times a second
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, protocol="tcp://", dashboard_address=None, silence_logs=50
        ) as local,
    ):
        with distributed.Client(local) as client:  # its one worker is another process, as another machine's would be
            client.run(remember_as_worker, memory)
        yield local.scheduler_address.replace("tcp", "dask")


def test_a_department_on_a_dask_cluster_is_the_same_as_here(cluster, tmp_path, capsys, memory):
    place = make_department(tmp_path / "here", {"5a": PAGES["5a"]})
    mssw("batch", "--init", place)
    plan = place / "plan.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("[defaults]", "[defaults]\nseed = 7"), encoding="utf-8")
    shutil.copytree(place, tmp_path / "there")  # the very same scans: each set's seal depends on them
    capsys.readouterr()

    with remembering(memory):
        here = mssw("batch", tmp_path / "here", "--workers", 1)
    there = mssw("batch", tmp_path / "there", "--workers", 1, "--executor", cluster)

    assert (here, there) == (ExitCode.FINDINGS, ExitCode.FINDINGS)
    assert leaves(tmp_path / "here" / "sets" / "5a") == leaves(tmp_path / "there" / "sets" / "5a")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["state"] for row in rows] == ["done", "done"]
