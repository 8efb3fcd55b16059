"""One page of the stack: decoded, laid upright on the blank task, and its name found. Runs in a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mssw.errors import UnreadableError
from mssw.files.images import private_image, suffix_for
from mssw.files.scans import OUTPUT_DPI, Picture, read_page
from mssw.files.workset import write_bytes, write_json
from mssw.model.mark import Mark, MarkKind
from mssw.model.page import Page, Tone
from mssw.steps.blank import ANALYSIS_DPI, at_analysis_size, blank_pages
from mssw.steps.record import Sighting, read_sighting
from mssw.vision.blankness import signature, strong_ink
from mssw.vision.fields import NameField
from mssw.vision.filled import lacking
from mssw.vision.ink import Mask
from mssw.vision.register import Registration, register
from mssw.vision.sheets import BlankPage
from mssw.vision.strays import stray_writing
from mssw.vision.trace import INK_OF_A_NAME_MM2, Trace, trace_name
from mssw.vision.upright import laid_on, mask_laid_on, straightened
from mssw.vision.writing import Pieces, new_ink, print_of, streaks

Pixels = NDArray[np.uint8]
UNSURE_FIELD = "where the name is written was only guessed from its label"
SURE_ENOUGH = 0.5  # of a field; below it every page waits
NO_TASK = "no task"
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
    """Decode a page and lay it on the blank task, as far as that goes."""
    try:
        picture = read_page(job.source, job.number)
    except UnreadableError as error:
        return unreadable(job, f"it could not be read ({error})")
    size = (picture.pixels.shape[1], picture.pixels.shape[0])
    page = Page(job.page_id, job.source.name, job.number, size, picture.dpi, picture.tone, sha256=picture.sha256())
    grey = at_analysis_size(picture)
    dirt = streaks(grey)
    sighting = Sighting(page, job.recipe, points=picture.points, way=job.known or NO_TASK)
    if job.blank is None:
        return _unmatched(job, sighting, picture, dirt)
    blanks = blank_pages(job.blank, job.known)
    place = register(blanks, grey)
    sighting = replace(sighting, score=place.score)
    if place.task_page is None or place.matrix is None or place.score < LIKELY:
        return _unmatched(job, sighting, picture, dirt)
    blank = blanks[place.task_page - 1]
    flat = laid_on(grey, place.matrix, blank.shape)
    sighting = replace(sighting, nearest=place.task_page, lacking=lacking(flat, blank, ANALYSIS_DPI))
    if not place.accepted:
        return _unmatched(job, sighting, picture, dirt)
    ink = new_ink(flat, blank, ANALYSIS_DPI, mask_laid_on(dirt, place.matrix, blank.shape))
    grow = min(picture.dpi, OUTPUT_DPI) / ANALYSIS_DPI
    upright = straightened(picture.pixels, place.matrix, grey.shape, blank.shape, grow=grow)
    return _kept(job, _named(job, sighting, place, blank, ink), upright)


def _named(job: FindJob, sighting: Sighting, place: Registration, blank: BlankPage, ink: Mask) -> Sighting:
    """The sighting of a page that lies on its blank: what is written on it, and where its name stands."""
    fields = [field for field in job.fields if field.task_page == blank.number]
    covers, doubts, empty = _name_on(ink, print_of(blank, ANALYSIS_DPI), fields)
    if place.doubtful:
        doubts.append("two pages of the task look alike and it fits both")
    return replace(
        sighting,
        page=replace(sighting.page, task_page=blank.number, turn=place.turn),
        points=job.sizes[blank.number - 1],
        written=round(float(ink.sum()) / (ANALYSIS_DPI / 25.4) ** 2, 2),
        covers=tuple(covers),
        doubts=tuple(doubts),
        empty_field=empty,
        signature=signature(ink),
    )


def _name_on(ink: Mask, printed: Mask, fields: Sequence[NameField]) -> tuple[list[Mark], list[str], bool]:
    """What to cover on a page, what is doubtful, and whether its name fields are all empty."""
    if not fields:
        return [], [], False
    pieces = Pieces(ink, ANALYSIS_DPI, printed)
    boxes = [field.box for field in fields]
    traces: list[Trace] = [trace_name(pieces, box, [b for b in boxes if b is not box]) for box in boxes]
    covers = [Mark(field.box, MarkKind.FIELD, field.found_by, field.confidence) for field in fields]
    for field, trace in zip(fields, traces, strict=True):
        covers += [Mark(run, MarkKind.RUNOVER, "ink", field.confidence) for run in trace.runs]
    doubts = [trace.doubt for trace in traces]
    holding = [trace for field, trace in zip(fields, traces, strict=True) if field.holds_name]
    hidden = [mark.box for mark in covers]
    names = [field.box for field in fields if field.holds_name]
    doubts += [stray_writing(pieces, box, hidden, alone=len(names) == 1) for box in names]
    doubts += [UNSURE_FIELD for field in fields if field.confidence < SURE_ENOUGH]
    empty = bool(holding) and all(trace.written < INK_OF_A_NAME_MM2 for trace in holding)
    return covers, [doubt for doubt in dict.fromkeys(doubts) if doubt], empty


def _unmatched(job: FindJob, sighting: Sighting, picture: Picture, dirt: Mask) -> Sighting:
    """A page that lies on no page of the task: kept as it was scanned, with how much is on it."""
    ink = strong_ink(at_analysis_size(picture), ANALYSIS_DPI, dirt)
    return _kept(job, replace(sighting, ink=round(ink, 2)), picture.pixels)


def _kept(job: FindJob, sighting: Sighting, pixels: Pixels) -> Sighting:
    """Write the page's image beside its sidecar to be."""
    name = job.page_id + suffix_for(sighting.page.tone)
    write_bytes(job.pages / name, private_image(pixels, sighting.page.tone), private=True)
    return replace(sighting, image=name)
