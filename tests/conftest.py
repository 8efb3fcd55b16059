"""What holds for every test: the same outcome each time, and no trace in the project's folder."""

from __future__ import annotations

import os

import pytest
from browsing import browser, chromium
from hypothesis import settings

from support.project import EXAMPLE

# Set before any test imports numpy or onnxruntime: many threads a process are slower on few cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

settings.register_profile("same-each-time", derandomize=True, database=None, deadline=None)
settings.load_profile("same-each-time")


@pytest.fixture(scope="session")
def chrome():
    """A real Chromium, one for all tests: Playwright bears no second one beside it."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed, so no browser can be driven")
    if not chromium():
        pytest.skip("Chromium is not installed")
    with browser() as started:
        yield started


@pytest.fixture(scope="session")
def small_class(tmp_path_factory):
    """A prepared set of three works off the example class: a name that runs out, no name, a sheet upside down."""
    import pikepdf  # noqa: PLC0415 - after the environment is set

    from mssw.preparing.prepare_options import PrepareOptions  # noqa: PLC0415
    from mssw.preparing.run_prepare import prepare  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("small-class")
    with pikepdf.open(EXAMPLE / "stack.pdf") as stack, pikepdf.new() as cut:
        for number in (5, 6, 9, 10, 11, 12, 15):
            cut.pages.append(stack.pages[number - 1])
        cut.save(folder / "stack.pdf")
    options = PrepareOptions([folder / "stack.pdf"], EXAMPLE / "task.pdf", EXAMPLE / "roster.csv", seed=7, workers=1)
    prepare(folder / "set", options)
    return folder / "set"
