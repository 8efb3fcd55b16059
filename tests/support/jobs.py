"""Jobs for workers that behave in many ways, and which processes still live."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from mssw.errors import UsageError
from mssw.formats.scans import count_pages, draw_sharp_page, read_page, read_text
from mssw.vision import registration
from mssw.vision.blank_page import BlankPage
from mssw.vision.recogniser import recogniser
from mssw.vision.text_lines import HANDWRITING, detect_text


def work(what):
    """In a worker: one way to behave."""
    if what == "hang":
        time.sleep(600)
    if what == "spin":
        while True:
            pass
    if what == "wait":
        time.sleep(2)
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "swell":
        return len(bytearray(3 * 1024**3))
    if what == "stumble":
        raise ValueError("Ada Quill's page")
    if what == "refuse":
        raise UsageError("do it otherwise.")
    return what.upper()


def on_file(path, what):
    return f"{path.name}: {work(what)}"


def decode(path, most):
    """In a worker: decode the first pages of a file as `prepare` does, and count them."""
    count = min(count_pages(path), most)
    for number in range(1, count + 1):
        draw_sharp_page(path, number, read_page(path, number))
        read_text(path, number)
    return count


def read_line(line):
    """In a worker: what a line says, frame by frame, and where its text is."""
    said = recogniser().read(line)
    return said.text, said.letters.tobytes(), said.upper.tobytes(), detect_text(line, HANDWRITING)


def lay_on_blank(blank, scan):
    """In a worker: how a scan lies on a task of one page."""
    place = registration.register_scan([BlankPage(1, blank)], scan)
    return place.task_page, place.matrix.tobytes(), place.score


def alive(group):
    """The processes of a group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found
