"""Was the blank task given blank? A filled copy has ink that no other page of the class has."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.ink import Grey, Mask, depth, normalised
from mssw.vision.sheets import BlankPage, once

CELLS = (24, 32)  # across and down
ABSENT = 0.6  # of a cell's print, for the cell to count as absent
TOO_MUCH = 0.02  # of the blank's print absent from nearly every page; a blank task measures 0.000, also on few pages

Grid = NDArray[np.float32]


def lacking(page: Grey, blank: BlankPage, dpi: float) -> Grid:
    """For each cell of the page, the share of the blank's print that is not on the scan; (rows, columns).

    Args:
        page: the registered scan.
        blank: the blank page, of the same shape.
        dpi: of both.
    """
    reach = round(dpi / 5) | 1
    ink = (depth(page, reach=reach) > 20).astype(np.uint8)
    near = cv2.dilate(ink, np.ones((7, 7), np.uint8)) > 0
    printed, cells = _printed(blank, dpi)
    return np.asarray(_cells(printed & ~near) / np.maximum(cells, 1e-6), np.float32)


@once
def _printed(blank: BlankPage, dpi: float) -> tuple[Mask, Grid]:
    """The blank's print, sharp, and how much of it stands in each cell; made once a page of the task."""
    printed = np.asarray(normalised(blank.grey, reach=round(dpi / 5) | 1) > 89)
    return printed, _cells(printed)


def print_by_cell(blank: BlankPage, dpi: float) -> Grid:
    """How much of the blank's print stands in each cell; sums to 1."""
    _, cells = _printed(blank, dpi)
    return np.asarray(cells / max(1e-6, float(cells.sum())), np.float32)


def share_of_its_own(grids: Sequence[Grid], weight: Grid) -> float:
    """Share of the blank's print that nearly no page of the class has.

    Args:
        grids: ``lacking`` of each page, at least one.
        weight: ``print_by_cell`` of the blank.
    """
    few = max(
        1, min(len(grids) * 3 // 4 + 1, len(grids) - 1)
    )  # all but one at least: the sheet itself may be among them
    nearly_all = np.sum([grid > ABSENT for grid in grids], axis=0) >= few
    return float(weight[nearly_all].sum())


def _cells(mask: NDArray[np.bool_]) -> Grid:
    return np.asarray(cv2.resize(mask.astype(np.float32), CELLS, interpolation=cv2.INTER_AREA), np.float32)
