"""Looks at pages on a cluster: each job is sent with the files that it needs, and its results are written here.

Nothing is sent unless the user gives the cluster's address. A scan is decoded on this machine, within its limits; only
pixels are sent, and the names to look for. On the other machine they are in memory and in a temporary folder, which is
removed with the job.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from mssw import __version__
from mssw.errors import EngineError, MsswError, UnreadableError, UsageError
from mssw.formats.scans import Picture, is_pdf, read_page
from mssw.preparing.blank_task import BlankSheets
from mssw.preparing.bled_pages import BledJob
from mssw.preparing.find_names import ClassSearch, PageJob
from mssw.preparing.name_reading import SearchTerms
from mssw.preparing.prepare_options import RunPages
from mssw.preparing.sheet_sides import RunOfSides
from mssw.vision.recogniser import check_models
from mssw.workers import PAGE_SECONDS, Job, WorkerLostError, check_not_stopped, internal_error, one_thread, run_all
from mssw.workset.folder import write_bytes
from mssw.workset.sightings import BLED_PAGES

SCHEMES = {"dask": "tcp", "dask+tls": "tls"}
INSTALL = "install it with `pip install 'mssw[dask]'`, here and on every machine of the cluster"
CONNECT_SECONDS = 30
SILENT_SECONDS = 600.0  # without any page: the cluster is lost
AHEAD = 3  # jobs under way for each of the cluster's threads, so that none waits for its next page
PRIVATE = ("pages", "reading", BLED_PAGES, "work")  # folders of what comes back
COMES_BACK = {*(("private", name) for name in PRIVATE), ("shared", "work")}
STAND_IN = {True: b"%PDF-", False: b"\0"}  # for a scan that stays here: says its kind and nothing else


@dataclass(frozen=True, repr=False)
class Parcel:
    """A job with the files that it reads; all of its paths begin at an empty folder. Its repr shows nothing of it.

    Attributes:
        work: the function to call.
        job: its argument.
        files: the files in the folder, by path.
    """

    work: Callable[[Any], Any]
    job: Any
    files: Mapping[str, bytes]


@dataclass(frozen=True, repr=False)
class Returned:
    """What came of a parcel. Its repr shows nothing of it.

    Attributes:
        result: of the job, or its MsswError.
        files: what it wrote, by path.
    """

    result: Any
    files: Mapping[str, bytes]


def do_parcel(parcel: Parcel) -> Returned:
    """On the other machine: do the job in a folder of its own, and take the folder away."""
    one_thread()
    with tempfile.TemporaryDirectory(prefix="mssw-") as place:
        root = Path(place)
        for name, data in parcel.files.items():
            write_bytes(root / name, data, private=True)
        try:
            result = parcel.work(_move_paths(parcel.job, Path(), root))
        except MsswError as error:
            result = error
        except Exception as error:  # noqa: BLE001 - a traceback in the cluster's log could show a student's name
            result = internal_error(error, "a page")
        after = (path for path in root.rglob("*") if path.is_file())
        written = {path.relative_to(root).as_posix(): path for path in after}
        return Returned(result, {n: p.read_bytes() for n, p in written.items() if n not in parcel.files})


def installed_version() -> str:
    """On the other machine: its version of mssw. Its reading models are checked too."""
    check_models()
    return __version__


def _move_paths(value: Any, old: Path, new: Path) -> Any:
    """A value with every path in it moved from one folder into another."""
    if isinstance(value, Path):
        return new / value.relative_to(old) if value.is_relative_to(old) else value
    if is_dataclass(value) and not isinstance(value, type | SearchTerms | Picture):
        changed = {f.name: _move_paths(getattr(value, f.name), old, new) for f in fields(value) if f.init}
        return replace(value, **changed)
    if type(value) in {tuple, list}:
        return type(value)(_move_paths(one, old, new) for one in value)
    return value


def _pack_job(work: Callable[[Any], Any], job: Any) -> tuple[Parcel, Path]:
    """The parcel of a job, and the folder of its set. Runs in a worker of this machine, since it decodes the scan.

    Raises:
        UnreadableError: a file of it cannot be read.
    """
    if isinstance(job, PageJob):
        root, source = job.search.pages.parent.parent, job.page.source
        named = {source: STAND_IN[is_pdf(source)]}
        job = replace(job, picture=read_page(source, job.page.number), search=_with_blank_pages(job.search))
    else:
        job, root, needed = _list_needed(job)
        try:
            named = {path: path.read_bytes() for path in needed}
        except OSError:
            raise UnreadableError("a page that was kept cannot be read; run the same command again.") from None
    files = {path.relative_to(root).as_posix(): data for path, data in named.items()}
    return Parcel(work, _move_paths(job, root, Path()), files), root


def _list_needed(job: Any) -> tuple[Any, Path, list[Path]]:
    """A job on pages that were looked at, the folder of its set, and the files that it reads."""
    if isinstance(job, BledJob):
        root, image = job.search.pages.parent.parent, job.search.pages / job.page.image
        return replace(job, search=_with_blank_pages(job.search)), root, [image, *(path for _, path in job.behind)]
    if isinstance(job, RunOfSides):
        images = [side.image for side in job.sides]
        return replace(job, blank=_blank_pages(job.blank)), images[0].parent.parent.parent, images
    readings = [page.look.reading for page in job.pages if page.look]
    return job, job.target.parent.parent.parent, [*(page.image for page in job.pages), *readings]


def _with_blank_pages(search: ClassSearch) -> ClassSearch:
    return replace(search, blank=_blank_pages(search.blank))


def _blank_pages(blank: BlankSheets | None) -> tuple[bytes, ...] | None:
    """The blank's pages, which otherwise are in a folder of this machine."""
    if not isinstance(blank, Path):
        return blank
    return tuple(path.read_bytes() for path in sorted(blank.glob("[0-9]*.png")))


def run_pages_with(executor: Executor, threads: int) -> RunPages:
    """Look at pages with any executor of the standard library's kind.

    Args:
        executor: its workers need the same mssw, and no file of this machine.
        threads: how many jobs it does at a time.
    """

    def run(
        work: Callable[[Job], Any],
        jobs: Iterable[Job],
        *,
        workers: int | None = None,
        seconds: float = PAGE_SECONDS,
    ) -> Iterator[tuple[Job, Any]]:
        waiting = iter(list(jobs))
        pending: dict[Future[Returned], tuple[Job, Path]] = {}
        try:
            while True:
                few = list(islice(waiting, max(1, AHEAD * threads) - len(pending)))
                for job, packed in run_all(partial(_pack_job, work), few, workers=workers):
                    if isinstance(packed, MsswError):  # it cannot be read: reported as if the job had run here
                        yield from run_all(work, [job], workers=workers, seconds=seconds)
                    else:
                        pending[executor.submit(do_parcel, packed[0])] = job, packed[1]
                if not pending:
                    return
                for future in _wait_for_first(pending):
                    job, root = pending.pop(future)
                    yield job, _keep_result(future, root)
        finally:
            for future in pending:
                future.cancel()

    return run


def _wait_for_first(pending: Iterable[Future[Returned]]) -> set[Future[Returned]]:
    """Those that are done, as soon as one is.

    Raises:
        UnreadableError: the cluster says nothing any more.
    """
    for _ in range(int(SILENT_SECONDS)):
        check_not_stopped()
        done, _ = wait(pending, 1.0, FIRST_COMPLETED)
        if done:
            return done
    raise UnreadableError("the cluster has stopped sending pages back; check it, then run the same command again.")


def _keep_result(future: Future[Returned], root: Path) -> Any:
    """The result of a job, once what it wrote is written here.

    Raises:
        UnreadableError: the cluster was lost, or sent what nobody asked for.
    """
    try:
        came = future.result()
    except CancelledError:
        raise UnreadableError(
            "the connection to the cluster was lost; check it, then run the same command again."
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever a cluster may raise
        if type(error).__name__ == "KilledWorker":
            return WorkerLostError("a page crashed the machines in the cluster that tried to read it.")
        return internal_error(error, "a page on the cluster")
    for name, data in came.files.items():
        path = Path(name)
        is_shared = path.parts[:1] == ("shared",)
        if path.is_absolute() or path.parts[:-1] not in COMES_BACK or (is_shared and path.suffix != ".pdf"):
            raise UnreadableError(
                "the cluster sent a file that mssw did not ask for; make sure that it is your cluster."
            )
        if path.suffix == ".pdf" and getattr(came.result, "sha256", "") != hashlib.sha256(data).hexdigest():
            return WorkerLostError(
                "a response came back from the cluster as a different file than the one that was checked."
            )
        write_bytes(root / path, data, private=not is_shared)
    return came.result


@contextmanager
def connect_cluster(address: str) -> Iterator[RunPages]:
    """Connect to a Dask cluster, and give what looks at pages there while the context lasts.

    Args:
        address: ``dask://HOST:PORT``, or ``dask+tls://HOST:PORT`` where the connection is to be encrypted.

    Raises:
        UsageError: it is no such address, or Dask is not installed.
        UnreadableError: no cluster answers there, or it has no worker.
        EngineError: it has another mssw.
    """
    scheme, _, place = address.partition("://")
    if scheme not in SCHEMES or ":" not in place:
        raise UsageError(f"--executor must look like dask://HOST:PORT (or dask+tls://HOST:PORT), not {address}.")
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise UsageError(f"--executor needs Dask, which is not installed: {INSTALL}.") from None
    try:
        client = Client(f"{SCHEMES[scheme]}://{place}", timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TypeError, ValueError, RuntimeError):
        raise UnreadableError(
            f"there is no answer from a Dask scheduler at {address}; check the address, and that it is running."
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UnreadableError(f"the cluster at {address} has no workers; start some, then run this again.")
        _check_versions(client)
        with client.get_executor(pure=False, retries=2) as executor:
            yield run_pages_with(executor, threads)


def _check_versions(client: Any) -> None:
    """Every worker must have the same mssw, or pages would be read in two ways.

    Raises:
        EngineError: one has not.
    """
    try:
        found = set(client.run(installed_version).values())
    except Exception as error:  # noqa: BLE001 - whatever a cluster may raise
        raise EngineError(f"a machine in the cluster does not have mssw ({type(error).__name__}): {INSTALL}.") from None
    if found != {__version__}:
        raise EngineError(
            f"the cluster has mssw {', '.join(sorted(found))} and this machine {__version__}; make them the same."
        )
