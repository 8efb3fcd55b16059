"""What holds for every test: which are run, the same outcome each time, and classes that are prepared once for all."""

from __future__ import annotations

import os
import shutil
import sys

import pytest
from browsing import browser, chromium
from hypothesis import settings

# Containers often switch bytecode off. Then each of the many processes that the tests start would compile all of mssw.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest.register_assert_rewrite("support")  # before it is imported, so that its asserts tell what they compared

from support.examples import NIGHTLY, NIGHTLY_DEFAULT  # noqa: E402
from support.made_once import made_once  # noqa: E402
from support.project import EXAMPLE  # noqa: E402

# Set before any test imports numpy or onnxruntime: many threads a process are slower on few cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

# No file of a test has to outlast a power cut. Commands and workers in their own processes wait for the disk as ever.
os.fsync = lambda _: None

settings.register_profile("same-each-time", max_examples=40, derandomize=True, database=None, deadline=None)
settings.register_profile(NIGHTLY, max_examples=NIGHTLY_DEFAULT, deadline=None, print_blob=True)
settings.load_profile("same-each-time")  # what --hypothesis-profile names is loaded after this

# The files that take longest, by the processor. A parallel run begins with them, so that none is left running alone.
LONGEST = (
    "test_review_in_browser.py",
    "test_public_cases.py",
    "test_own_blank.py",
    "test_batch.py",
    "test_sort_in_browser.py",
    "test_bled_pages.py",
    "test_whole_way.py",
    "test_sheets_prepared.py",
    "test_print_extremes.py",
    "test_downloads_prepared.py",
    "test_bad_input.py",
    "test_canaries_through_commands.py",
    "test_shown_commands.py",
    "test_field_kinds.py",
    "test_disk_that_fails.py",
    "test_registration.py",
    "test_resume.py",
    "test_class_places.py",
    "test_prepare.py",
    "test_demo.py",
    "test_letter_boxes.py",
    "test_ready_set.py",
    "test_cluster.py",
    "test_packet_print.py",
    "test_command.py",
    "test_review.py",
    "test_kit.py",
    "test_packet.py",
    "test_review_page.py",
    "test_sort_sheet.py",
    "test_inputs.py",
    "test_name_places.py",
    "test_choose.py",
)


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="run the tests that are marked `pages` too, which take minutes")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Whoever names tests, by a path, a mark or a word, gets them, however long they take.

    Only a run of every test can say which snapshots nobody uses any more.
    """
    config.option.warn_unused_snapshots = not config.option.all
    if hasattr(config, "workerinput"):  # a worker of xdist gets paths in any case
        config.option.all = config.workerinput["all"]
    elif config.args_source is pytest.Config.ArgsSource.ARGS or config.option.markexpr or config.option.keyword:
        config.option.all = True


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell a worker of xdist which tests are meant."""
    node.workerinput["all"] = node.config.option.all


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Run the long tests in one process more than there are cores: they often wait for processes of their own."""
    return (os.cpu_count() or 1) + 1 if config.option.all else None


def pytest_collection_modifyitems(config, items):
    """Leave out the long tests unless they are meant, and begin with the longest."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    if not config.option.all:
        long = [item for item in items if item.get_closest_marker("pages")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("pages")]


@pytest.fixture(scope="session")
def chrome():
    """A real Chromium, one for all tests of a process: Playwright bears no second one beside it."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not installed, so no browser can be driven")
    if not chromium():
        pytest.skip("Chromium is not installed")
    with browser() as started:
        yield started


@pytest.fixture(scope="session")
def memory(tmp_path_factory):
    """The folder in which workers remember what they read in this run."""
    return made_once(tmp_path_factory, "remembered", lambda _: None)


@pytest.fixture(scope="session", autouse=True)
def _workers_remember(memory):
    """No line is read twice in a run: workers that a command of a test starts in this process remember, too."""
    from support.remembered import remembering  # noqa: PLC0415 - after the environment is set

    with remembering(memory):
        yield


@pytest.fixture(scope="session", autouse=True)
def _drawn_once():
    """No page is drawn twice for the audit, and no print set twice, in a process of tests."""
    from support.drawn_once import drawing_once  # noqa: PLC0415 - after the environment is set

    with drawing_once():
        yield


@pytest.fixture
def drawn_anew():
    """For a test of how pages are drawn or prints are set: what was kept of others does not count."""
    from support.drawn_once import drawing_anew  # noqa: PLC0415 - after the environment is set

    with drawing_anew():
        yield


@pytest.fixture(scope="session")
def crew(memory):
    """Workers that are started once, with the first job that a test has for them, and read no line twice.

    They have the memory that reading a blank task may need, for which a worker more is started otherwise. Where tests
    run on every core already, it is one worker: each more would load the models, and look at a set's blank task, too.
    """
    from mssw.preparing.blank_task import READING_MEMORY  # noqa: PLC0415 - after the environment is set
    from mssw.workers import cores  # noqa: PLC0415
    from support.remembered import RememberingCrew  # noqa: PLC0415

    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    with RememberingCrew(1 if processes >= cores() else cores(), READING_MEMORY, memory) as crew:
        yield crew


@pytest.fixture(scope="module")
def warm_crew(crew):
    """Page work that a module's tests have in this process goes to workers that have loaded their libraries already."""
    from mssw.workers import share_crew  # noqa: PLC0415

    with share_crew(crew):
        yield


@pytest.fixture(scope="session")
def small_class(tmp_path_factory, crew):
    """A prepared set of three works off the example class: a name that runs out, no name, a sheet upside down.

    Its stack lies beside it. Each process of a parallel run has a copy of its own.
    """
    from mssw.preparing.prepare_options import PrepareOptions  # noqa: PLC0415 - after the environment is set
    from mssw.preparing.run_prepare import prepare  # noqa: PLC0415
    from mssw.workers import share_crew  # noqa: PLC0415
    from support.prepared_class import cut  # noqa: PLC0415

    def make(folder):
        stack = cut(folder / "stack.pdf", (5, 6, 9, 10, 11, 12, 15))
        with share_crew(crew):
            prepare(folder / "set", PrepareOptions([stack], EXAMPLE / "task.pdf", EXAMPLE / "roster.csv", seed=7))

    made = made_once(tmp_path_factory, "small-class", make)
    return shutil.copytree(made, tmp_path_factory.mktemp("class") / "small-class") / "set"
