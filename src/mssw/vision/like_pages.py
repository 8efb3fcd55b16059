"""Sort scans by the printed page that they show, when nobody knows what was printed.

Takes scans of a class, returns groups of scans with the same print, whatever is written on them. Groups are then split
or joined: pages of one task can share their layout, and one page can turn up as two groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.vision.blank_page import BlankPage, Sheet, match_features
from mssw.vision.common_print import DARK, LAID, Common, Lying
from mssw.vision.ink import Grey, Mask, Matrix
from mssw.vision.registration import ACCEPTED, register_on_page

STRONGEST = 900  # features: print is stronger than handwriting, so most of the strongest are print
SAME_PRINT = 40  # features that two scans of one page share; measured 70 and more, and up to 25 of two pages
PATCH = (20, 36)  # height and width in pixels at the scoring size, a few letters
LIKE = 0.7  # correlation of two scans of the same few letters; handwriting differs more
SOME = (0.25, 0.75)  # share of the pages that have the letters of one of two printed pages
PARTNERS = 0.2  # share of the pages that have the same letters as a page
DARKER = 12.0  # spread of the ink in a patch that has any
AGREED = 0.8  # of the pages are put on the same side by one patch and by all patches
LEAST_PATCHES = 4  # they overlap: one word has as many
SURE = 0.5  # share by which the patches agree on a page

# The words in which two pages of one layout differ
DIFFERENT_MM2 = 1.2  # of ink that only one of two pages has: less is what handwriting left
STRAY_MM = 0.5  # between the same print on two pages
JOINED_MM = (1.5, 5.0)  # down and across: the letters of a word, and its neighbours
AROUND_MM = 2.5


def group_like_pages(scans: Sequence[Sheet], wanted: Iterable[int]) -> list[list[Lying]]:
    """Sort scans by the printed page that they show.

    Args:
        scans: all scans.
        wanted: indices of those with something on them.

    Returns:
        The scans of each printed page, and about how they lie on the first, which has the least ink.
    """
    left = sorted(wanted, key=lambda i: (int((scans[i].ink > 89).sum()), i))
    groups = []
    while left:
        first, *rest = left
        near = [one for i in rest if (one := _lying_on(scans[first], scans[i], i)) is not None]
        groups.append([Lying(first, np.eye(3), 1.0), *near])
        taken = {one.index for one in near}
        left = [i for i in rest if i not in taken]
    return groups


def split_group(scans: Sequence[Sheet], group: Sequence[Lying]) -> tuple[list[Lying], list[Lying]] | None:
    """Split a group in two by print that only some of its pages have: pages of a task that share their layout.

    Args:
        scans: all scans.
        group: those that look alike, and how they lie on the first.

    Returns:
        Both parts in the group's order, lying as before; None where nothing clearly separates them.
    """
    first = BlankPage(1, scans[group[0].index].grey)
    placed = [_or_as_before(register_on_page(first, scans[one.index], one.matrix).matrix, one) for one in group]
    inks = np.array([first.laid_on(scans[one.index], at) for one, at in zip(group, placed, strict=True)])
    votes = _votes(np.array([cv2.GaussianBlur(ink, (0, 0), 1.0) for ink in inks]))
    side = _side(votes)
    if side is None:
        return None
    parts = [[one for one, at in zip(group, side, strict=True) if at == which] for which in (1, -1)]
    return _on_its_first(parts[0]), _on_its_first(parts[1])


def _votes(inks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """For each place where some pages have the same letters and the others have not: 1 or -1 for each page."""
    high, wide = PATCH
    votes = []
    for y in range(0, inks.shape[1] - high, high // 2):
        for x in range(0, inks.shape[2] - wide, wide // 2):
            looks = inks[:, y : y + high, x : x + wide].reshape(len(inks), -1).astype(np.float32)
            spread = looks.std(axis=1)
            if (spread > DARKER).mean() < SOME[0]:
                continue
            looks = (looks - looks.mean(axis=1, keepdims=True)) / (np.maximum(spread, DARKER)[:, None])
            same = looks @ looks.T / looks.shape[1] > LIKE
            inked = spread > DARKER
            same |= ~inked & ~inked[:, None]
            partners = same[int(same.sum(axis=1).argmax())]
            # of print, every page has its partners; of handwriting, those who left the place empty have them
            if SOME[0] <= partners.mean() <= SOME[1] and (same.mean(axis=1) >= PARTNERS).mean() >= AGREED:
                votes.append(np.where(partners, 1.0, -1.0))
    return np.array(votes, np.float32).reshape(-1, len(inks))


def _side(votes: NDArray[np.float32]) -> NDArray[np.int64] | None:
    """On which of two sides each page is, 1 or -1, where enough places tell the same of nearly every page."""
    if len(votes) < LEAST_PATCHES:
        return None
    # the place that most others agree with, either way round, names the sides
    agree = np.abs(votes @ votes.T) / votes.shape[1]
    leader = votes[int((agree > 2 * AGREED - 1).sum(axis=1).argmax())]
    for _ in range(3):
        told = votes @ leader / votes.shape[1]
        follow = np.abs(told) > 2 * AGREED - 1
        if follow.sum() < LEAST_PATCHES:
            return None
        mean = (votes[follow] * np.sign(told[follow])[:, None]).mean(axis=0)
        leader = np.where(mean >= 0, 1.0, -1.0).astype(np.float32)
    sure = np.abs(mean) >= SURE
    return leader.astype(np.int64) if sure.mean() >= AGREED else None


def _on_its_first(part: list[Lying]) -> list[Lying]:
    """The same scans, and how they lie on the first of them."""
    to_group = np.linalg.inv(part[0].matrix) if part else np.eye(3)
    return [replace(one, matrix=one.matrix @ to_group) for one in part]


def _or_as_before(matrix: Matrix | None, one: Lying) -> Matrix:
    return one.matrix if matrix is None else matrix


def _lying_on(first: Sheet, other: Sheet, index: int) -> Lying | None:
    """About how a scan lies on another one; None where they show different pages."""
    pair = match_features(first.features, other.features, STRONGEST)
    if pair is None:
        return None
    cv2.setRNGSeed(0)
    here, there = (points / sheet.feature_scale for points, sheet in zip(pair, (first, other), strict=True))
    reach = 6 / first.feature_scale
    found: Any = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=reach, maxIters=2000)
    if found[0] is None or int(found[1].sum()) < SAME_PRINT:
        return None
    return Lying(index, np.vstack([found[0], [0.0, 0.0, 1.0]]), 0.0)


def place_over(one: Common, other: Common) -> list[Lying]:
    """How the scans of another page lie in the frame of this one, by the print that the two share."""
    place = register_on_page(BlankPage(1, one.image), Sheet(other.image))
    if place.matrix is None or place.score < LAID:
        return list(other.lying)
    return [replace(scan, matrix=scan.matrix @ place.matrix) for scan in other.lying]


def has_same_print(one: Common, other: Common) -> bool:
    """Whether two averaged pages (``Common``) show the same printed page, each with the print of the other."""
    there = register_on_page(BlankPage(1, one.image), Sheet(other.image)).score
    return there >= ACCEPTED and register_on_page(BlankPage(1, other.image), Sheet(one.image)).score >= ACCEPTED


def find_shared_print(one: Grey, other: Grey, dpi: float) -> Grey | None:
    """Another page with the first one's pixels, but for the words that only one of the two has.

    Where they differ tells such pages apart, so they must not differ in the traces of handwriting.

    Args:
        one: the first page.
        other: the other one, laid over it.
        dpi: of both.

    Returns:
        None where they have the same words.
    """
    mm = dpi / 25.4
    near = np.ones((2 * round(STRAY_MM * mm) + 1,) * 2, np.uint8)
    first, second = ((grey < 255 - 2 * DARK).astype(np.uint8) for grey in (one, other))
    single = np.asarray(((first > 0) & ~_grown(second, near)) | ((second > 0) & ~_grown(first, near)))
    joined = cv2.dilate(single.astype(np.uint8), np.ones([round(side * mm) | 1 for side in JOINED_MM], np.uint8))
    count, label = cv2.connectedComponents(joined)
    words = np.bincount(label[single], minlength=count) >= DIFFERENT_MM2 * mm**2
    words[0] = False
    if not words.any():
        return None
    around = np.ones((2 * round(AROUND_MM * mm / 2) + 1,) * 2, np.uint8)
    apart = cv2.dilate(words[label].astype(np.uint8), around) > 0
    return np.asarray(np.where(apart, other, one), np.uint8)


def _grown(ink: Grey, by: Grey) -> Mask:
    return np.asarray(cv2.dilate(ink, by) > 0)
