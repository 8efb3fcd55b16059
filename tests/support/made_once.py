"""Folders that take long to make: made once for all processes of a parallel run."""

from __future__ import annotations

import os
import shutil

from filelock import FileLock


def made_once(tmp_path_factory, name, make):
    """The folder of this name, made by whoever needs it first; nobody may change it, for others read it too.

    Args:
        tmp_path_factory: pytest's.
        name: of the folder.
        make: fills an empty folder.
    """
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent  # each worker's own folder is in one of the whole run
    folder, done = common / name, common / f"{name}.made"
    with FileLock(common / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed here
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
