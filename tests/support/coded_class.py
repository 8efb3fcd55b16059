"""Fictional classes on coded sheets: printed, filled in without a name, torn off, scratched, shuffled and scanned."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import pymupdf

from mssw.core.page import Box, Tone
from mssw.demo.copier import Copier, encode, stack_pdf
from mssw.demo.filled_page import fill
from mssw.demo.people import make_children, make_roster, roster_csv
from mssw.demo.task import task_pages, task_pdf
from mssw.sheets.make_sheets import SheetsOptions, make_sheets
from mssw.sheets.sheet_pages import QUIET_MM, SIDE_MM, STRIP_MM
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet

LID = 214


@dataclass(frozen=True)
class Side:
    """One filled side as it lies in the stack: whose, which page, and its pixels (height, width, 3)."""

    room: str
    student: str
    page: int
    image: np.ndarray


def make_room(folder, name, *, seed, students, **options):
    """A set with printed sheets for a fictional class; gives its folder and its children in the order of its copies."""
    people = make_roster(seed, students)
    (folder / f"{name}.csv").write_bytes(roster_csv(people, seed))
    (folder / "task.pdf").write_bytes(task_pdf("letter"))
    root = folder / name
    make_sheets(root, SheetsOptions(task=folder / "task.pdf", roster=folder / f"{name}.csv", seed=seed, **options))
    by_number = {child.person.number: child for child in make_children(people, seed)}
    copies = [copy for copy in read_sheets(WorkSet(root)).copies if copy.student]
    return root, [replace(by_number[copy.number], name="", classmate=None) for copy in copies]


def rendered(root, dpi):
    """The sheets as a printer prints them: RGB (height, width, 3) a page."""
    with pymupdf.open(root / "private" / "sheets.pdf") as document:
        for page in document:
            pixels = page.get_pixmap(dpi=dpi)
            yield np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3).copy()


def filled_in(root, children, *, seed, dpi, torn=True):
    """Every side of a class, copy by copy, with the strip torn off."""
    sheets = read_sheets(WorkSet(root))
    blanks = task_pages("letter", dpi)
    prints = list(rendered(root, dpi))
    sides = []
    for place, child in enumerate(children):
        for number in range(1, len(blanks) + 1):
            rng = np.random.default_rng([seed, place, number])
            written = fill(child, number, blanks[number - 1], dpi, rng).image
            printed = sheets.printed[number - 1]
            mm = dpi / 25.4
            move = np.array([[printed.scale, 0, printed.x * mm], [0, printed.scale, printed.y * mm]])
            sheet = prints[place * sheets.sides + number - 1]
            size = (sheet.shape[1], sheet.shape[0])
            written = cv2.warpAffine(written, move, size, flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
            image = np.minimum(sheet, written)
            sides.append(Side(root.name, child.person.number, number, tear_off(image, dpi) if torn else image))
    return sides


def tear_off(image, dpi):
    """The sheet without its strip, fed by its new upper edge, which is ragged."""
    cut = round(STRIP_MM * dpi / 25.4)
    rest = image[cut:].copy()
    ragged = np.random.default_rng(cut).integers(0, max(1, round(0.6 * dpi / 25.4)), image.shape[1])
    rest[:8][np.arange(8)[:, None] < ragged[None, :]] = LID
    return np.concatenate([rest, np.full((cut, *image.shape[1:]), LID, np.uint8)])


def code_box(root, page, shape, *, torn=True):
    """Where the code itself stands on a side: left, top, right, bottom in pixels."""
    printed = read_sheets(WorkSet(root)).printed[page - 1]
    wide, tall = printed.size
    x, y = printed.code.x * wide + QUIET_MM, printed.code.y * tall + QUIET_MM - (STRIP_MM if torn else 0)
    return Box(x / wide, y / tall, SIDE_MM / wide, SIDE_MM / tall).to_pixels(shape[1], shape[0])


def scratched(image, box, seed=0):
    """The code scribbled over with a thick pen until nothing is left of it."""
    left, top, right, bottom = box
    out, rng = image.copy(), np.random.default_rng(seed)
    thick = max(2, (right - left) // 14)
    for _ in range(60):
        ends = [(int(rng.integers(left, right)), int(rng.integers(top, bottom))) for _ in range(2)]
        cv2.line(out, *ends, (30, 30, 60), thick, cv2.LINE_AA)
    return out


def struck(image, box):
    """The code struck through twice with a pen, as children do."""
    left, top, right, bottom = box
    out = image.copy()
    thick = max(1, round((right - left) / 40))
    cv2.line(out, (left, top + (bottom - top) // 3), (right, bottom - (bottom - top) // 3), (40, 40, 90), thick)
    cv2.line(out, (left, bottom - (bottom - top) // 4), (right, top + (bottom - top) // 2), (40, 40, 90), thick)
    return out


def stapled(image, box):
    """A staple's two holes and its shadow in the code."""
    left, top, right, bottom = box
    out = image.copy()
    wide = right - left
    y = top + (bottom - top) // 2
    cv2.line(out, (left + wide // 3, y), (left + 2 * wide // 3, y), (90, 90, 90), max(2, wide // 20))
    for x in (left + wide // 3, left + 2 * wide // 3):
        cv2.circle(out, (x, y), max(2, wide // 24), (250, 250, 250), -1)
    return out


def torn_corner(image, box):
    """The corner with the code torn off."""
    left, top, right, bottom = box
    height, width = image.shape[:2]
    x, far_x = (width, left) if left > width / 2 else (0, right)
    y, far_y = (height, top) if top > height / 2 else (0, bottom)
    out = image.copy()
    corner = np.array([(x, y), (2 * far_x - x, y), (x, 2 * far_y - y)], np.int32)
    cv2.fillPoly(out, [corner], (LID,) * 3)
    return out


def shuffled(sides, rng):
    """The stack shuffled sheet by sheet: the two sides of a sheet stay together, as a copier scans them."""
    sheets = [sides[start : start + 2] for start in range(0, len(sides), 2)]
    return [side for place in rng.permutation(len(sheets)) for side in sheets[place]]


def scanned(path, sides, *, seed=0, tone=Tone.GREY, dpi=200, upside_down=0.3, skew=1.5, quality=75):
    """The stack as the copier's PDF; each sheet lies upside down with that chance."""
    copier = Copier(tone, dpi, seed=seed, skew=skew, quality=quality)
    rng = np.random.default_rng([seed, 9])
    turned = [bool(rng.random() < upside_down) for _ in range(0, len(sides), 2)]
    images = []
    for place, side in enumerate(sides):
        scan = copier.scan(side.image, np.random.default_rng([seed, 10, place]), upside_down=turned[place // 2])
        images.append(encode(scan.image, tone, quality))
    path.write_bytes(stack_pdf(images, dpi))
    return path
