"""Responses cross the line into ``shared/work``: covered, signed with their alias, audited, and only then named.

In: the responses that may be released, with what was seen on their pages. Out: what became of each. Every covered page
gets a second look, and must name nobody. A receipt is kept in ``private/work``, so that the next run does only what has
changed.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec import Struct

from mssw.auditing.one_file import audit_file, audit_pages
from mssw.core.page import Box, EncodedImage, Mark, MarkKind, Tone
from mssw.core.response import Response
from mssw.errors import MsswError
from mssw.formats.images import encode, lettering, read_image
from mssw.preparing.inputs import Inputs
from mssw.preparing.prepare_options import PrepareOptions, Progress
from mssw.preparing.second_look import DAMAGED, SecondLook, list_names_in_sentences, look_again, second_look_at
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from mssw.vision import cover as painting
from mssw.vision.ink import Pixels, measure_ink_depth, to_grey
from mssw.vision.name_field import select_own
from mssw.workers import run_all
from mssw.workset.entries import entry_aliases
from mssw.workset.folder import (
    NotWrittenError,
    copy_together,
    hash_file,
    make_folder,
    read_typed,
    write_bytes,
    write_typed,
)
from mssw.workset.sightings import WAY_OF_LOOKING, Sighting, receipt_of, recipe_of

LINE_HIDDEN = 0.2  # of a line under other covers, at most
LINE_ACROSS = 0.6  # of a cover's width that a line must take up to be drawn again
INK = 25  # grey levels darker than the paper: the label keeps away from it
LONGEST_SECONDS = 600.0  # that a response of many pages may take


@dataclass(frozen=True)
class PageToCover:
    """A registered page and what to cover on it.

    Attributes:
        image: the file in ``private/pages``.
        points: the page's size.
        tone: in which to write it.
        covers: the places to cover.
        signed: the name field that carries the alias; None for a page without one.
        rules: the lines of the blank under the covers of fields, to draw again.
        look: what must not be readable on it any more; None if a person looked at it as it is.
    """

    image: Path
    points: tuple[float, float]
    tone: Tone
    covers: Sequence[Mark]
    signed: Box | None
    rules: Sequence[Box] = ()
    look: SecondLook | None = None


@dataclass(frozen=True)
class CoverJob:
    """One response to write.

    Attributes:
        alias: of the response.
        pages: in order.
        target: ``shared/work/ALIAS.pdf``, where it goes when all responses are done.
        receipt: the file that says what became of it, written or refused, for the next run.
        spellings: what must not be in the file.
        recipe: a hash of all this.
    """

    alias: str
    pages: Sequence[PageToCover]
    target: Path
    receipt: Path
    spellings: Sequence[str]
    recipe: str

    @property
    def staged(self) -> Path:
        """Where the file waits, in ``private/``, until all are done."""
        return self.receipt.with_suffix(".pdf")


class _Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a response that was covered, in ``private/work``.

    Attributes:
        recipe: a hash of the job.
        findings: see ``Covered``, also the next three.
        names: what is all that keeps it back, each with its page and place.
        sha256: of its file.
        pages: how many.
    """

    recipe: str
    findings: tuple[str, ...] = ()
    names: tuple[tuple[int, float, float, float, float], ...] = ()
    sha256: str = ""
    pages: int = 0


@dataclass(frozen=True)
class Covered:
    """What became of a response.

    Attributes:
        alias: of the response.
        sha256: of its file; empty if the audit refused it.
        pages: how many.
        findings: what the audit found, in words that name nobody.
        names: page of the response and place of each name that is all that keeps it back, if they stand in sentences.
    """

    alias: str
    sha256: str
    pages: int
    findings: tuple[str, ...] = ()
    names: tuple[tuple[int, Box], ...] = ()


def cover_responses(
    inputs: Inputs,
    responses: Sequence[Response],
    pages: Mapping[str, Sighting],
    options: PrepareOptions,
    progress: Progress,
) -> dict[str, Covered]:
    """Write every response that may be released; what may not be is taken out of ``shared/`` first.

    Args:
        inputs: task, decisions, and the names to look for.
        responses: all of them, each with its alias.
        pages: by id.
        options: who covers them.
        progress: called with how many responses are done.

    Returns:
        What became of each, by alias.
    """
    workset = inputs.workset
    progress("cover", 0, len(responses))
    free = [response for response in responses if response.released]
    make_folder(workset.work, private=False)
    _delete_others(workset.work, {response.alias for response in free} | entry_aliases(workset))
    jobs = [_cover_job(inputs, response, pages) for response in free]
    covered = {job.alias: done for job in jobs if (done := read_receipt(job)) is not None}
    for alias, done in covered.items():
        if not done.sha256:
            (workset.work / f"{alias}.pdf").unlink(missing_ok=True)
    new = [job for job in jobs if job.alias not in covered]
    for job in new:
        job.target.unlink(missing_ok=True)  # it shows the response as it may not be shown any more
    progress("cover", len(covered), len(jobs))
    for job, result in (options.run_pages or run_all)(
        write_response, new, workers=options.workers, seconds=LONGEST_SECONDS
    ):
        if isinstance(result, NotWrittenError):
            raise result
        failed = isinstance(result, MsswError)
        covered[job.alias] = Covered(job.alias, "", len(job.pages), (str(result),)) if failed else result
        progress("cover", len(covered), len(jobs))
    publish([job for job in jobs if covered[job.alias].sha256], covered)
    return covered


def publish(jobs: Sequence[CoverJob], covered: Mapping[str, Covered]) -> None:
    """Write the finished responses into ``shared/work`` in the order of their aliases, all with one time.

    Workers finish them in the order of the stack, and that of a class is often alphabetical. Times, numbers of files on
    the disk and the order of a folder would tell it to whoever gets the folder.

    Args:
        jobs: those that the audit passed.
        covered: what became of each, by alias.
    """
    jobs = sorted(jobs, key=lambda job: job.alias)
    ready = {job.alias: _ready_file(job, covered[job.alias]) for job in jobs}
    staged = any(ready[job.alias] != job.target for job in jobs)
    if staged or len({job.target.stat().st_mtime_ns for job in jobs}) > 1:
        copy_together([(ready[job.alias], job.target) for job in jobs])
        now = time.time_ns()
        for job in jobs:
            os.utime(job.target, ns=(now, now))
    for job in jobs:
        job.staged.unlink(missing_ok=True)


def _ready_file(job: CoverJob, done: Covered) -> Path:
    """Where the file is that the receipt names: published before, or waiting."""
    is_published = job.target.is_file() and hash_file(job.target) == done.sha256
    return job.target if is_published else job.staged


def _delete_others(folder: Path, aliases: set[str]) -> None:
    """Delete every file but the PDFs of those responses."""
    for path in folder.iterdir():
        if path.is_file() and (path.stem not in aliases or path.suffix != ".pdf"):
            path.unlink()


def _cover_job(inputs: Inputs, response: Response, pages: Mapping[str, Sighting]) -> CoverJob:
    together = [pages[page_id] for page_id in response.pages]
    todo = [_page_to_cover(inputs, page) for page in together]
    recipe = recipe_of(
        WAY_OF_LOOKING,
        response.alias,
        [page.recipe for page in together],
        [page.covers for page in todo],
        [page.look is not None for page in todo],
        [page.rules for page in todo],
        inputs.spellings,
    )
    workset = inputs.workset
    target, receipt = workset.work / f"{response.alias}.pdf", receipt_of(workset, response.alias)
    return CoverJob(response.alias, todo, target, receipt, inputs.spellings, recipe)


def _page_to_cover(inputs: Inputs, page: Sighting) -> PageToCover:
    image = inputs.workset.pages / page.image
    signed, look = _field_to_sign(inputs, page), second_look_at(inputs, page)
    return PageToCover(image, page.points, page.page.tone, page.covers, signed, _covered_rules(inputs, page), look)


def _covered_rules(inputs: Inputs, page: Sighting) -> list[Box]:
    """The lines to write a name on that the task prints, as far as covers of fields lie on them: one in each field.

    Of several the lowest, as the alias would stand on the others. None where a cover was widened, or another one lies
    on it, because a name ran far out of the field: the audit would not know the rest from a line that was left bare.
    """
    if inputs.task is None:
        return []
    rules = [rule for number, rule in inputs.task.rules if number == page.page.task_page]
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    others = [mark.box for mark in page.covers if mark.kind is not MarkKind.FIELD]
    found = []
    for place in fields:
        lowest = max(filter(None, (rule.common(place) for rule in rules)), key=lambda part: part.y, default=None)
        if lowest is None or lowest.w < LINE_ACROSS * place.w:
            continue
        if sum(lowest.shared(other) for other in others) <= LINE_HIDDEN:
            found.append(lowest)
    return found


def _field_to_sign(inputs: Inputs, page: Sighting) -> Box | None:
    """The name field where the alias is printed: the task's, or without a task the one found on the page itself."""
    if inputs.task is None or page.is_placed:
        return next((mark.box for mark in page.covers if mark.kind is MarkKind.FIELD), None)
    bared = {mark.box for mark in page.bared}
    fields = [field for field in select_own(inputs.task.fields) if field.task_page == page.page.task_page]
    return next((field.box for field in fields if field.box not in bared), None)


def write_response(job: CoverJob) -> Covered:
    """Cover, sign, audit and write one response, and leave a receipt for the next run. Runs in a worker."""
    befores = [read_image(page.image) for page in job.pages]
    afters = [
        _cover_page(page, before, job.alias, _edge_label(job, number))
        for number, (page, before) in enumerate(zip(job.pages, befores, strict=True), 1)
    ]
    data = image_pdf([(image, page.points) for image, page in zip(afters, job.pages, strict=True)])
    found = audit_file(f"work/{job.target.name}", data, job.spellings)
    covers = [(before, [mark.box for mark in page.covers]) for before, page in zip(befores, job.pages, strict=True)]
    found += audit_pages(f"work/{job.target.name}", data, covers)
    found = found or look_again(f"work/{job.target.name}", data, [page.look for page in job.pages])
    if found:
        findings = tuple(dict.fromkeys(f"{one.what}{_page_note(one.page)}" for one in found))
        names = list_names_in_sentences(found)
        if all(one.what != DAMAGED for one in found):  # which says nothing of the response, and may be mended soon
            places = tuple((page, *box.numbers) for page, box in names)
            write_typed(job.receipt, _Receipt(recipe=job.recipe, findings=findings, names=places), private=True)
        return Covered(job.alias, "", len(job.pages), findings, names)
    write_bytes(job.staged, data, private=True)
    digest = hashlib.sha256(data).hexdigest()
    write_typed(job.receipt, _Receipt(recipe=job.recipe, sha256=digest, pages=len(job.pages)), private=True)
    return Covered(job.alias, digest, len(job.pages))


def _page_note(page: int | None) -> str:
    return "" if page is None else f" (page {page})"


def read_receipt(job: CoverJob) -> Covered | None:
    """What an earlier run made of the very same job; None if it has to be done, or done again."""
    if not job.receipt.is_file():
        return None
    try:
        receipt = read_typed(job.receipt, _Receipt)
        if receipt.recipe != job.recipe:
            return None
        if receipt.findings:
            names = tuple((page, Box(*box)) for page, *box in receipt.names)
            return Covered(job.alias, "", len(job.pages), receipt.findings, names)
        is_made = any(path.is_file() and hash_file(path) == receipt.sha256 for path in (job.staged, job.target))
        return Covered(job.alias, receipt.sha256, receipt.pages) if is_made else None
    except (MsswError, OSError):  # damaged: the response is covered again
        return None


def _edge_label(job: CoverJob, number: int) -> str:
    """What stands at the edge of a page: alias and number, each unless the page says it already."""
    signed, count = job.pages[number - 1].signed is not None, len(job.pages)
    if signed and number == 1:
        return ""
    return " · ".join(([] if signed else [job.alias]) + ([f"{number}/{count}"] if count > 1 else []))


def _cover_page(page: PageToCover, before: Pixels, alias: str, label: str) -> EncodedImage:
    """Cover a page, and write on it the alias in the name field and the label at the edge, encoded as it goes out."""
    dpi = before.shape[1] / page.points[0] * 72
    out = painting.cover(before, [mark.box for mark in page.covers])
    set_type = partial(lettering, label_font_path())
    ink = measure_ink_depth(to_grey(out), reach=round(dpi / 5) | 1) > INK
    others = [mark.box for mark in page.covers if mark.kind is not MarkKind.FIELD]
    painting.draw_rules(out, page.rules, dpi, beside=others)
    if page.signed is not None:
        beside = [mark.box for mark in page.covers if mark.box != page.signed]
        parts = filter(None, (rule.common(page.signed) for rule in page.rules))
        rule = max(parts, key=lambda part: part.y, default=None)
        painting.sign(out, page.signed, alias, dpi, set_type, beside=beside, rule=rule)
    if label:
        painting.label(out, ink, label, dpi, set_type)
    return encode(out, page.tone)
