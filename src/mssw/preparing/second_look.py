"""A second look at what goes out: the covered page is read again, also through its paper, and must name nobody.

In: the PDF as it would be shared, and what was read on its pages before. Out: findings, in words that name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mssw.auditing.one_file import Finding
from mssw.auditing.pdf_text import reading
from mssw.core.page import Box
from mssw.names.spelling import Spelling
from mssw.preparing.blank_task import ANALYSIS_DPI
from mssw.preparing.name_reading import SearchTerms, name_letters, read_kept_lines
from mssw.vision.ink import Grey, Mask, measure_ink_depth, resize_to, resize_to_shape
from mssw.vision.mentions import Mention, find_mentions
from mssw.vision.recogniser import recogniser
from mssw.vision.show_through import find_show_through
from mssw.vision.text_lines import Line, find_lines

READABLE = 0.3  # cost a letter under which anybody would read the name
LEAST_LETTERS = 4
LEAST_SMALL = 6  # of a name without a capital: "lines" and "train" are soon read as Ines and Tran
CLOSER = 4 / 3  # times the resolution of the first look
TALLER = 1.2  # times its lines' height, so that the letters come out in another size
DPI = ANALYSIS_DPI * CLOSER
DAMAGED = "it could not be read again, since its reading is damaged"
LEAST_MM2 = 0.8  # of ink that says something
BOLD = 22  # grey levels darker than the paper that make a stroke


@dataclass(frozen=True)
class SecondLook:
    """What to look for on a page that goes out.

    Attributes:
        reading: the file with what the first look read: the page's lines and the task's own words.
        terms: names and numbers.
    """

    reading: Path
    terms: SearchTerms


def look_again(path_name: str, data: bytes, looks: Sequence[SecondLook | None]) -> list[Finding]:
    """Read the pages of a response's file as they go out.

    Args:
        path_name: where the file goes.
        data: the PDF, one image a page.
        looks: what to look for on each of its pages; None for a page that needs no second look.
    """
    found: list[Finding] = []
    with reading(data) as reader:
        for index, look in enumerate(looks):
            if look is None or not look.terms.spellings:
                continue
            kept = read_kept_lines(look.reading)
            if kept is None:
                found.append(Finding(path_name, index + 1, DAMAGED))
                continue
            lines, words = kept
            shape = (round(words.shape[0] * CLOSER), round(words.shape[1] * CLOSER))
            grey = resize_to_shape(reader.grey(index, shape[1]), shape)
            printed = resize_to_shape(words.astype(np.uint8), shape) > 0
            found += [
                Finding(path_name, index + 1, what) for what in _find_readable_names(grey, printed, lines, look.terms)
            ]
    return found


def _find_readable_names(grey: Grey, printed: Mask, lines: Sequence[Line], terms: SearchTerms) -> list[str]:
    """Find names that can be read on a covered page beside the task's own words; say so in words that name nobody."""
    wider = [
        Line(line.x * CLOSER, line.y * CLOSER, line.width * CLOSER, line.height * CLOSER * TALLER, line.angle)
        for line in lines
    ]
    written = np.where(printed, 255, grey).astype(np.uint8)
    found = [f"a name can still be read {_where(box)}" for box in _find_names(written, wider, terms)]
    # words painted out are lighter than the paper around them, which would look as if something shone through
    through = find_show_through(resize_to(grey, round(max(grey.shape) / CLOSER)), ANALYSIS_DPI)
    through = None if through is None else resize_to_shape(through, grey.shape)
    if through is not None and _find_names(through, find_lines(through, DPI), terms):
        found.append("a name shines through from the other side")
    return list(dict.fromkeys(found))


def _find_names(grey: Grey, lines: Sequence[Line], terms: SearchTerms) -> list[Box]:
    """Find where names can be read."""
    dark = measure_ink_depth(grey, reach=round(DPI / 5) | 1) > BOLD
    names = name_letters(terms)
    found = []
    for line in lines:
        if np.count_nonzero(line.crop(dark.astype(np.uint8), 0)) < LEAST_MM2 * (DPI / 25.4) ** 2:
            continue  # it is covered
        read = recogniser().read(line.crop(grey))
        found += [
            mention.box
            for mention in find_mentions(line, read, names, terms.spellings, dark, DPI)
            if mention.sure and mention.cost <= READABLE and _is_telling(terms.spellings[mention.name], mention)
        ]
    return found


def _is_telling(spelling: Spelling, mention: Mention) -> bool:
    """Whether a spelling means somebody wherever it is read: no everyday word, nor a few small letters."""
    letters = len(spelling.letters)
    return not spelling.is_word and letters >= (LEAST_LETTERS if mention.capital else LEAST_SMALL)


def _where(box: Box) -> str:
    """A place as a person finds it."""
    x, y = box.x + box.w / 2, box.y + box.h / 2
    up = ("at the top", "in the upper half", "in the lower half", "at the foot")[min(3, int(y * 4))]
    across = ("on the left", "in the middle", "on the right")[min(2, int(x * 3))]
    return f"{up}, {across}"
