"""A real browser on a local page: started, driven by key and mouse, and looked at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CALM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Where Chromium is; empty where it is not."""
    return next((path for path in CHROMIUM if Path(path).is_file()), "")


@contextmanager
def served(*words: object, ends: bool = False, start: Sequence[str] = (sys.executable, "-m", "mssw")) -> Iterator[str]:
    """The address of the page that a command opens.

    Args:
        words: the command, without `mssw`.
        ends: whether the page's own button ends the command, with exit code 0; else it is ended here.
        start: what starts `mssw`.
    """
    command = [*start, *map(str, words), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        line = running.stderr.readline() if running.stderr else ""
        try:
            yield line.strip().split()[-1]
            if ends:
                _, said = running.communicate(timeout=120)
                assert running.returncode == 0, said
        finally:
            if running.poll() is None:
                running.terminate()


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where it is not installed, the tests say so

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=CALM)
        try:
            yield started
        finally:
            started.close()
