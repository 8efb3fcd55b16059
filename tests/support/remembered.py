"""What is slow and tells of pixels alone, remembered for a whole run by the workers that tests share.

That is what the reading models say of a line or page, how a scan lies on a blank, where its lines of writing are, and
what shines through it. The same pixels always give the same. Many tests prepare the same few pages, so each is looked
at once, in the first of them. What `mssw` makes of it, such as whose name it is, is done anew each time. A worker that
a command starts for itself remembers nothing, unless a test asks for it.
"""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
import pickle
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from mssw.vision import orientation, recogniser, registration, show_through, text_lines
from mssw.vision.blank_page import BlankPage
from mssw.workers import Crew


class RememberingCrew(Crew):
    """Workers that read no line twice.

    Args:
        workers: processes at a time.
        memory: bytes that each may map.
        folder: keeps what was read, for all processes of the run.
    """

    def __init__(self, workers, memory, folder):
        super().__init__(workers, memory)
        self._folder = folder

    def give(self, work, *args, seconds):
        return super().give(_do, self._folder, work, *args, seconds=seconds)


@contextmanager
def remembering(folder):
    """All workers that are started in here remember what they read, also in a crew of the command's own.

    Args:
        folder: keeps what was read.
    """
    give = Crew.give

    def give_remembering(self, work, *args, seconds):
        return give(self, _do, folder, work, *args, seconds=seconds)

    with patch.object(Crew, "give", give_remembering):
        yield


@contextmanager
def remembering_here(folder):
    """This process reads no line twice: for tests in which it does the work of others, such as a cluster's.

    Args:
        folder: keeps what was read.
    """
    before = list(_FOLDER)
    places = remember_from_now_on(folder)
    try:
        yield
    finally:
        for place, name, function in places:
            setattr(place, name, function)
        _FOLDER[:] = before


def remember_from_now_on(folder):
    """Let this process remember what it reads; gives what was replaced: where, its name, and the function.

    Args:
        folder: keeps what was read.
    """
    _FOLDER[:] = [folder]
    places = []
    for owner, name in _PURE:
        function = getattr(owner, name)
        users = [
            module for module in list(sys.modules.values()) if getattr(module, "__dict__", {}).get(name) is function
        ]
        places += [(place, name, function) for place in [owner, *(one for one in users if one is not owner)]]
    for place, name, function in places:
        setattr(place, name, _remembered(function))
    return places


def remember_as_worker(folder):
    """The same in a process that is a cluster's worker to its end, and to which nothing is given back."""
    remember_from_now_on(folder)


_MAIN = """
import sys
sys.path[:0] = sys.argv[1].split(":")
from support.remembered import remembering
from mssw.cli import main
folder = sys.argv[2]
sys.argv[:] = ["mssw", *sys.argv[3:]]
with remembering(folder):
    main()
"""


def helpers():
    """Where a process of its own finds this module: folders, with a colon between them."""
    return ":".join(path for path in sys.path if Path(path, "support").is_dir() or Path(path, "browsing.py").is_file())


def command_that_remembers(folder, *words):
    """The command line that runs `mssw` with this Python, and reads no line twice.

    For tests of what happens to its processes: it ends the same whether a line is read or remembered.
    """
    return [sys.executable, "-c", _MAIN, helpers(), str(folder), *map(str, words)]


_FOLDER = []  # in a worker: where what was read is kept


def _do(folder, work, *args):
    _FOLDER[:] = [folder]
    return work(*args)


def _key(name, values):
    """A hash of a function's name and all that it was given."""
    digest = hashlib.sha256(name.encode())
    for value in values:
        if isinstance(value, np.ndarray):
            digest.update(repr((value.shape, value.dtype)).encode())
            digest.update(np.ascontiguousarray(value))
        elif isinstance(value, list) and all(isinstance(one, BlankPage) for one in value):  # a task, page by page
            digest.update(_key("task", [part for page in value for part in (page.number, page.grey)]).encode())
        elif not isinstance(value, recogniser.Recogniser):  # there is one, and it never changes
            digest.update(repr(value).encode())
    return digest.hexdigest()


def _remembered(function):
    @functools.wraps(function)
    def remember(*args, **named):
        kept = Path(_FOLDER[0]) / _key(function.__qualname__, [*args, *named.items()])
        if kept.exists():
            return pickle.loads(kept.read_bytes())  # noqa: S301 - another worker of this run wrote it
        said = function(*args, **named)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as part:
            part.write(pickle.dumps(said))
        Path(part.name).replace(kept)
        return said

    return remember


_PURE = (
    (recogniser.Recogniser, "_read"),
    (recogniser, "read_page_words"),
    (text_lines, "detect_text"),
    (text_lines, "find_written_lines"),
    (orientation, "stand_upright"),
    (registration, "register_scan"),
    (show_through, "find_show_through"),
)
"""The functions of pixels alone that are slow."""

if multiprocessing.parent_process() is not None:  # a worker loads this before the work that it is given
    remember_from_now_on(None)
