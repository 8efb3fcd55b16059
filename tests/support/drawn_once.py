"""What other programs make of the very same bytes, kept in the memory of a process of tests.

pdfium draws the pages of a file for the audit, and Typst sets the pages of a print: neither is ours, and both always
make the same of the same. Many tests audit or print what the test before them did, so that each file is drawn once and
each print set once. What `mssw` makes of a drawn page is done anew each time. Commands in processes of their own keep
nothing.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from contextlib import contextmanager
from unittest.mock import patch

from mssw.auditing.pdf_text import PdfReader
from mssw.printing import typeset
from mssw.printing.template_files import print_templates

MOST_BYTES = 96 * 2**20
_DRAW, _SET, _TEMPLATES = PdfReader.grey, typeset._compile_pdf, print_templates()


class _Kept:
    """Results by key; those that were not used for longest go first."""

    def __init__(self, size):
        self._size = size
        self._results, self._bytes, self._lock = OrderedDict(), 0, threading.Lock()

    def give(self, key, make):
        """What was kept under a key; else what is made now."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        made = make()
        with self._lock:
            if key not in self._results:
                self._results[key], self._bytes = made, self._bytes + self._size(made)
            while self._bytes > MOST_BYTES:
                self._bytes -= self._size(self._results.popitem(last=False)[1])
        return made


def _drawing(kept):
    def grey(self, index, width):
        key = hashlib.sha256(self._document._input).digest(), index, width
        return kept.give(key, lambda: _DRAW(self, index, width)).copy()

    return grey


def _setting(kept):
    def compile_pdf(source, folders, inputs, **how):
        def make():
            return _SET(source, folders, inputs, **how)

        if folders.root != _TEMPLATES or folders.first:
            return make()  # a folder of the test's own, which may hold other templates the next time
        return kept.give(hashlib.sha256(repr((source, sorted(inputs.items()), how)).encode()).digest(), make)

    return compile_pdf


@contextmanager
def drawing_once():
    """No page is drawn twice in here, and no print set twice."""
    drawn, set_ = _Kept(lambda page: page.nbytes), _Kept(len)
    with patch.object(PdfReader, "grey", _drawing(drawn)), patch.object(typeset, "_compile_pdf", _setting(set_)):
        yield


@contextmanager
def drawing_anew():
    """Each page is drawn anew in here and each print set anew: for tests of just that."""
    with patch.object(PdfReader, "grey", _DRAW), patch.object(typeset, "_compile_pdf", _SET):
        yield
