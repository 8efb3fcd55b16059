"""Covers and flags of a work set, laid into the blank's frame, and what they hit there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

TEXT = "name in the text"
PLACE = "place where a name may stand"
SMALL = 0.5  # size at which prints are compared: 100 dpi


@dataclass
class Spot:
    """One cover or flag.

    Attributes:
        kind: as the set's state tells it.
        corners: 4 by 2, pixels at 200 dpi in the blank's frame.
        sure: whether it is covered, not only flagged.
        confidence: as the page's sidecar tells it; None where it does not.
    """

    kind: str
    corners: np.ndarray
    sure: bool
    confidence: float | None = None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, w, h around it."""
        return cv2.boundingRect(np.round(self.corners).astype(np.int32))

    def meets(self, box: tuple[int, int, int, int]) -> bool:
        """Whether it shares at least a quarter of the smaller of both."""
        x, y, w, h = self.box
        left, top, wide, tall = box
        across = min(x + w, left + wide) - max(x, left)
        down = min(y + h, top + tall) - max(y, top)
        return across > 0 and down > 0 and across * down >= 0.25 * min(w * h, wide * tall)


@dataclass
class Marks:
    """All covers and flags of a page, in its frame."""

    size: tuple[int, int]
    spots: list[Spot] = field(default_factory=list)

    def mask(self, *, kinds: set[str] | None = None, sure: bool | None = None, without: str = "") -> np.ndarray:
        """Where they lie; of those kinds, and only covers or only flags, where asked."""
        mask = np.zeros(self.size[::-1], np.uint8)
        for spot in self.spots:
            fits = (kinds is None or spot.kind in kinds) and spot.kind != without
            if fits and (sure is None or spot.sure == sure):
                cv2.fillConvexPoly(mask, np.round(spot.corners).astype(np.int32), 1)
        return mask


def share(mask: np.ndarray, box: tuple[int, int, int, int]) -> float:
    """How much of a box is marked."""
    x, y, w, h = box
    inside = mask[max(0, y) : y + h, max(0, x) : x + w]
    return float(inside.sum()) / max(w * h, 1)


def read_marks(work_set: Path, page: dict, way: np.ndarray, size: tuple[int, int]) -> Marks:
    """A page's covers and flags.

    Args:
        work_set: its folder.
        page: as the state has it.
        way: 3 by 3, from fractions of the registered page to pixels of the frame.
        size: of the frame.
    """
    sidecar = work_set / "private" / "pages" / f"{page['id']}.json"
    noted = json.loads(sidecar.read_text(encoding="utf-8")) if sidecar.exists() else {}
    known = {
        tuple(round(float(v), 5) for v in mark["box"].values()): mark.get("confidence")
        for name in ("covers", "flags")
        for mark in noted.get(name, [])
        if isinstance(mark.get("box"), dict)
    }
    marks = Marks(size)
    for name in ("covers", "flags"):
        for mark in page.get(name, []):
            x, y, w, h = mark["box"]
            corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)[:, None]
            there = cv2.perspectiveTransform(corners, way.astype(np.float32))[:, 0]
            confidence = known.get(tuple(round(float(v), 5) for v in mark["box"]))
            marks.spots.append(Spot(mark["kind"], there, name == "covers", confidence))
    return marks


def way_onto(blank: np.ndarray, page: np.ndarray) -> np.ndarray | None:
    """The affine (3 by 3) that lays a page on the blank by its print, both grey; None where it does not fit."""
    sift = cv2.SIFT_create(4000)
    zoom = [np.diag([SMALL, SMALL, 1.0]), np.diag([blank.shape[1] * SMALL / page.shape[1]] * 2 + [1.0])]
    small = [
        cv2.resize(image, None, fx=z[0, 0], fy=z[1, 1], interpolation=cv2.INTER_AREA)
        for image, z in zip((blank, page), zoom, strict=True)
    ]
    (here, told), (there, said) = (sift.detectAndCompute(image, None) for image in small)
    if told is None or said is None or len(said) < 2:
        return None
    pairs = cv2.BFMatcher().knnMatch(told, said, k=2)
    good = [one for one, two in (pair for pair in pairs if len(pair) == 2) if one.distance < 0.75 * two.distance]
    if len(good) < 12:
        return None
    onto = np.float32([here[one.queryIdx].pt for one in good])
    start = np.float32([there[one.trainIdx].pt for one in good])
    found, inside = cv2.estimateAffine2D(start, onto, ransacReprojThreshold=2.5, maxIters=5000)
    if found is None or int(inside.sum()) < 12:
        return None
    return np.linalg.inv(zoom[0]) @ np.vstack([found, [0, 0, 1]]) @ zoom[1]
