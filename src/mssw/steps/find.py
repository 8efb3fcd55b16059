"""One page of the stack: decoded, laid upright on the blank task, and its name found. Runs in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mssw.errors import UnreadableError
from mssw.files.images import private_image, suffix_for
from mssw.files.scans import OUTPUT_DPI, Picture, read_page
from mssw.files.workset import write_bytes, write_json
from mssw.model.page import Page, Tone
from mssw.steps.blank import ANALYSIS_DPI, at_analysis_size, blank_pages
from mssw.steps.record import Cover, Sighting, read_sighting
from mssw.vision.blankness import signature, strong_ink
from mssw.vision.fields import NameField
from mssw.vision.filled import lacking
from mssw.vision.ink import Matrix
from mssw.vision.register import register
from mssw.vision.writing import INK_OF_A_NAME_MM2, Pieces, Trace, new_ink, print_of, streaks, trace_name

Pixels = NDArray[np.uint8]
LIKELY = 0.45  # a score over which the fit is near enough to compare print


@dataclass(frozen=True)
class FindJob:
    """One page to look at.

    Attributes:
        page_id: e.g. ``s01-p0005``.
        source: the file, as kept in ``private/stack``.
        number: 1-based page in it.
        pages: the folder ``private/pages``.
        blank: the blank task's folder; None where there is none.
        known: the blank task's recipe.
        sizes: points of each page of the blank.
        fields: all name fields.
        recipe: of the whole job.
    """

    page_id: str
    source: Path
    number: int
    pages: Path
    blank: Path | None
    known: str
    sizes: Sequence[tuple[float, float]]
    fields: Sequence[NameField]
    recipe: str


def find_names(job: FindJob) -> Sighting:
    """Look at a page, or take what an earlier run saw of it. Writes its image first, then its sidecar."""
    path = job.pages / f"{job.page_id}.json"
    known = read_sighting(path, job.recipe)
    if known is not None:
        return known
    sighting = _look(job)
    write_json(path, sighting.to_json(), private=True)
    return sighting


def unreadable(job: FindJob, fault: str) -> Sighting:
    """The sighting of a page that could not be decoded."""
    page = Page(job.page_id, job.source.name, job.number, (0, 0), 0.0, Tone.GREY, "")
    return Sighting(page, job.recipe, fault=fault)


def _look(job: FindJob) -> Sighting:
    try:
        picture = read_page(job.source, job.number)
    except UnreadableError as error:
        return unreadable(job, f"it could not be read ({error})")
    page = Page(
        job.page_id,
        job.source.name,
        job.number,
        picture.pixels.shape[1::-1],
        picture.dpi,
        picture.tone,
        picture.sha256(),
    )
    grey = at_analysis_size(picture)
    dirt = streaks(grey)
    sighting = Sighting(page, job.recipe, points=picture.points, ink=round(strong_ink(grey, ANALYSIS_DPI, dirt), 2))
    if job.blank is None:
        return _kept(job, sighting, picture.pixels)
    blanks = blank_pages(job.blank, job.known)
    place = register(blanks, grey)
    if place.task_page is None or place.matrix is None or place.score < LIKELY:
        return _kept(job, replace(sighting, score=place.score), picture.pixels)
    blank = blanks[place.task_page - 1]
    flat = _warped(grey, place.matrix, blank.shape)
    sighting = replace(sighting, nearest=place.task_page, lacking=lacking(flat, blank.grey, ANALYSIS_DPI))
    if not place.accepted:
        return _kept(job, replace(sighting, score=place.score), picture.pixels)
    dirty = _warped(dirt.astype(np.uint8) * 255, place.matrix, blank.shape, border=0) > 0
    ink = new_ink(flat, blank.grey, ANALYSIS_DPI, dirty)
    pieces = Pieces(ink, ANALYSIS_DPI, print_of(blank.grey, ANALYSIS_DPI))
    fields = [field for field in job.fields if field.task_page == place.task_page]
    covers, doubts, empty = _name_on(pieces, fields)
    if place.doubtful:
        doubts.append("two pages of the task look alike and it fits both")
    sighting = replace(
        sighting,
        page=replace(page, task_page=place.task_page, turn=place.turn),
        points=job.sizes[place.task_page - 1],
        score=place.score,
        written=round(float(ink.sum()) / (ANALYSIS_DPI / 25.4) ** 2, 2),
        covers=tuple(covers),
        doubts=tuple(doubts),
        empty_field=empty,
        signature=signature(ink),
    )
    return _kept(job, sighting, _straightened(picture, place.matrix, grey.shape, blank.shape))


def _name_on(pieces: Pieces, fields: Sequence[NameField]) -> tuple[list[Cover], list[str], bool]:
    """What to cover on a page, what is doubtful, and whether its name fields are all empty."""
    boxes = [field.box for field in fields]
    traces: list[Trace] = [trace_name(pieces, box, [b for b in boxes if b is not box]) for box in boxes]
    covers = [Cover(box, "name field") for box in boxes]
    covers += [Cover(run, "name outside its field") for trace in traces for run in trace.runs]
    doubts = list(dict.fromkeys(trace.doubt for trace in traces if trace.doubt))
    holding = [trace for field, trace in zip(fields, traces, strict=True) if field.holds_name]
    empty = bool(holding) and all(trace.written < INK_OF_A_NAME_MM2 for trace in holding)
    return covers, doubts, empty


def _kept(job: FindJob, sighting: Sighting, pixels: Pixels) -> Sighting:
    """Write the page's image beside its sidecar to be."""
    name = job.page_id + suffix_for(sighting.page.tone)
    write_bytes(job.pages / name, private_image(pixels, sighting.page.tone), private=True)
    return replace(sighting, image=name)


def _warped(image: Pixels, matrix: Matrix, shape: tuple[int, ...], border: int | None = None) -> Pixels:
    """The scan laid into the blank's frame."""
    how = cv2.BORDER_REPLICATE if border is None else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(image, matrix, (shape[1], shape[0]), flags=flags, borderMode=how), np.uint8)


def _straightened(picture: Picture, matrix: Matrix, seen: tuple[int, ...], blank: tuple[int, ...]) -> Pixels:
    """The page at its own resolution in the blank's frame; what lies off the scan is paper.

    Args:
        picture: the page as decoded.
        matrix: from the blank to the scan, both at the analysis' resolution.
        seen: shape of the scan at that resolution.
        blank: shape of the blank at that resolution.
    """
    grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
    width, height = round(blank[1] * grow), round(blank[0] * grow)
    to_scan = np.diag([picture.pixels.shape[1] / seen[1], picture.pixels.shape[0] / seen[0], 1.0])
    from_output = np.diag([blank[1] / width, blank[0] / height, 1.0])
    return np.asarray(
        cv2.warpPerspective(
            picture.pixels,
            to_scan @ matrix @ from_output,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255,) * 3,
        ),
        np.uint8,
    )
