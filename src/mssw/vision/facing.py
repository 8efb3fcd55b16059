"""Which way up is a page of print? Letters that stand on their heads are hardly read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mssw.vision.ink import Grey
from mssw.vision.recogniser import BLANK, recogniser
from mssw.vision.textlines import CHUNK, Quad, cut_out, sides, text_quads

LINES = 12  # the widest say enough
SURE = 0.9  # of a letter
FEWEST = 4  # sure letters: "Name" and nothing else
TIMES = 3  # as many sure letters one way up as the other; measured ten times as many and more
UPRIGHT_LINE = 1.5  # a line's height over its width: it runs up or down the page


def turns_needed(grey: Grey) -> int | None:
    """By how many right angles a page has to be turned clockwise to stand upright.

    Args:
        grey: the page, straight, (height, width) uint8.

    Returns:
        0 to 3; None where its letters do not tell.
    """
    for start in (0, 1):
        page = np.ascontiguousarray(np.rot90(grey, -start))
        quads = text_quads(page)
        if quads and not _run_upright(quads):
            here, there = _letters(page, quads)
            if max(here, there) >= FEWEST and max(here, there) >= TIMES * min(here, there):
                return start + (0 if here > there else 2)
            return None
    return None


def _run_upright(quads: Sequence[Quad]) -> bool:
    """Whether most of the lines, by their length, run up or down the page."""
    lengths = [(max(sides(quad)), sides(quad)[1] > UPRIGHT_LINE * sides(quad)[0]) for quad in quads]
    return sum(length for length, tall in lengths if tall) > 0.5 * sum(length for length, _ in lengths)


def _letters(page: Grey, quads: Sequence[Quad]) -> tuple[int, int]:
    """How many letters are surely read in the widest lines as they stand, and on their heads."""
    here = there = 0
    for quad in sorted(quads, key=lambda quad: -sides(quad)[0])[:LINES]:
        line = cut_out(page, quad)
        line = line[:, : max(1, round(CHUNK * line.shape[0]))]
        here += _sure(line)
        there += _sure(np.ascontiguousarray(line[::-1, ::-1]))
    return here, there


def _sure(line: Grey) -> int:
    return int((recogniser().read(line).letters[:, :BLANK].max(axis=1) > SURE).sum())
