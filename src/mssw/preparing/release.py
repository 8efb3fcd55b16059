"""What crosses the line into ``shared/``: the works, the blank task, the contact sheet, the manifest. All audited.

All the released work at a glance, to be sorted on paper: each work's pages small, under its alias.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw import __version__
from mssw.auditing.one_file import audit_file
from mssw.core.decision import Decisions
from mssw.core.page import Box, EncodedImage, Fate, Mark, MarkKind, Tone
from mssw.core.paper import PAPERS
from mssw.core.response import Response
from mssw.errors import FindingsError, MsswError, UnreadableError
from mssw.formats.images import encode
from mssw.preparing.cover_response import Covered, CoverJob, PageToCover, done_before, write_response
from mssw.preparing.decided import shows_a_name
from mssw.preparing.grouping import Grouping
from mssw.preparing.prepare_options import Known, PrepareOptions, PrepareReport, Progress
from mssw.preparing.second_look import SecondLook
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from mssw.workset.folder import NotWrittenError, WorkSet, make_folder, read_json, write_bytes, write_json
from mssw.workset.manifest import drop_stale, is_prepared
from mssw.workset.state import Sighting, receipt_of, recipe_of, write_state

DPI = 150
MARGIN_MM = 12
ACROSS, DOWN = 2, 4
EACH = ACROSS * DOWN  # works on a sheet
GAP_MM = 6
WORDS_MM = 6
COLOURED = 30  # grey levels between a pixel's channels: more than a scanner's tint
SHARE_COLOURED = 0.0005  # of the sheet: a line of coloured pencil on one of its pages


def contact_sheet(strips: Sequence[tuple[str, Path]], paper: str) -> bytes:
    """A PDF of one image a page, eight works on each.

    Args:
        strips: each alias with the picture of its pages side by side.
        paper: ``letter`` or ``a4``.
    """
    points = PAPERS[paper]
    sheets = [strips[start : start + EACH] for start in range(0, len(strips), EACH)]
    return image_pdf([(_sheet(sheet, points), points) for sheet in sheets])


def _sheet(strips: Sequence[tuple[str, Path]], points: tuple[float, float]) -> EncodedImage:
    mm = DPI / 25.4
    page = Image.new("RGB", (round(points[0] / 72 * DPI), round(points[1] / 72 * DPI)), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(label_font_path()), round(4.2 * mm))
    wide = (page.width - 2 * MARGIN_MM * mm - (ACROSS - 1) * GAP_MM * mm) / ACROSS
    tall = (page.height - 2 * MARGIN_MM * mm - (DOWN - 1) * GAP_MM * mm) / DOWN
    for place, (alias, file) in enumerate(strips):
        x = MARGIN_MM * mm + place % ACROSS * (wide + GAP_MM * mm)
        y = MARGIN_MM * mm + place // ACROSS * (tall + GAP_MM * mm)
        draw.text((x, y), alias, font=font, fill=(20, 20, 20))
        with Image.open(file) as strip:
            room = (round(wide), round(tall - WORDS_MM * mm))
            shrink = min(room[0] / strip.width, room[1] / strip.height)
            size = (max(1, round(strip.width * shrink)), max(1, round(strip.height * shrink)))
            small = strip.resize(size, Image.Resampling.LANCZOS)
        corner = (round(x), round(y + WORDS_MM * mm))
        page.paste(small, corner)
        draw.rectangle((*corner, corner[0] + size[0] - 1, corner[1] + size[1] - 1), outline=(150, 150, 150))
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, _tone(pixels), quality=80)


def _tone(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tone:
    spread = pixels.astype(np.int16).max(axis=2) - pixels.astype(np.int16).min(axis=2)
    return Tone.COLOUR if (spread > COLOURED).mean() > SHARE_COLOURED else Tone.GREY


LONGEST_WORK_SECONDS = 600.0
REFUSED = "the audit refused it"
READ = {MarkKind.TEXT, MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER}
HALF = 0.5


def only_readable(works: Sequence[Response], pages: dict[str, Sighting]) -> list[Response]:
    """The works, those held of which a page could not be read: there is nothing of it that could be shown."""
    return [
        work.but_held(
            *(
                f"{pages[p].where}: there is no picture of it to show; scan that sheet again, or set the work aside"
                for p in work.pages
                if not pages[p].image and not work.aside and not work.held
            )
        )
        for work in works
    ]


def write_responses(
    known: Known,
    works: Sequence[Response],
    pages: dict[str, Sighting],
    options: PrepareOptions,
    progress: Progress,
) -> dict[str, Covered]:
    """Write every work that may be released; what may not be is taken out of ``shared/`` first.

    Args:
        known: the class.
        works: all works, each with its alias.
        pages: by id.
        options: tells who covers them.
        progress: told how many works are done.

    Returns:
        What became of each, by alias.
    """
    workset = known.workset
    free = [work for work in works if work.released]
    wanted = {work.alias for work in free}
    make_folder(workset.work, private=False)
    for path in workset.work.iterdir():
        if path.is_file() and (path.stem not in wanted or path.suffix != ".pdf"):
            path.unlink()
    jobs = [_cover_job(known, work, pages) for work in free]
    covered = {job.alias: done for job in jobs if (done := done_before(job)) is not None}
    for alias, done in covered.items():
        if not done.sha256:
            (workset.work / f"{alias}.pdf").unlink(missing_ok=True)
    waiting = [job for job in jobs if job.alias not in covered]
    progress("cover", len(covered), len(jobs))
    for job, result in options.run_pages(
        write_response, waiting, workers=options.workers, seconds=LONGEST_WORK_SECONDS
    ):
        if isinstance(result, NotWrittenError):
            raise result
        failed = isinstance(result, MsswError)
        covered[job.alias] = Covered(job.alias, "", len(job.pages), (str(result),)) if failed else result
        if not covered[job.alias].sha256:
            job.target.unlink(missing_ok=True)  # an earlier run's file is not this work any more
        progress("cover", len(covered), len(jobs))
    return covered


def _cover_job(known: Known, work: Response, pages: dict[str, Sighting]) -> CoverJob:
    workset = known.workset
    fields = known.task.fields if known.task else ()
    todo = []
    for page in (pages[page_id] for page_id in work.pages):
        bared = {mark.box for mark in page.bared}
        named = [f.box for f in fields if f.task_page == page.page.task_page and f.holds_name and f.box not in bared]
        todo.append(
            PageToCover(
                workset.pages / page.image,
                page.points,
                page.page.tone,
                page.covers,
                named[0] if named else _found_field(page) if known.task is None else None,
                _second_look(known, page),
            )
        )
    recipe = recipe_of(
        __version__,
        work.alias,
        [pages[p].recipe for p in work.pages],
        [p.covers for p in todo],
        [p.look is not None for p in todo],
        known.spellings,
    )
    receipt = receipt_of(workset, work.alias)
    return CoverJob(work.alias, todo, workset.work / f"{work.alias}.pdf", receipt, known.spellings, recipe)


def _found_field(page: Sighting) -> Box | None:
    """The name field that was found on the page itself, where no blank told of it."""
    return next((mark.box for mark in page.covers if mark.kind is MarkKind.FIELD), None)


def _second_look(known: Known, page: Sighting) -> SecondLook | None:
    """What to look for on the covered page; nothing where a person looked at it as it is and let it go.

    Where a person took the cover of a name away, her word alone does not do: the page is read again all the same.
    """
    looked_at = known.decisions.cleared(page.page.identity, page.way)
    if not page.read or (looked_at and not shows_a_name(page)):
        return None
    return SecondLook(known.workset.reading / f"{page.read}.npz", known.wanted)


def _refused(work: Response, covered: Covered | None) -> Response:
    """A work whose file the audit refused is held for what it found."""
    if covered is None or covered.sha256:
        return work
    return work.but_held(*(f"{REFUSED}: {what}" for what in covered.findings))


def finish(
    known: Known,
    grouping: Grouping,
    pages: dict[str, Sighting],
    works: Sequence[Response],
    covered: dict[str, Covered],
) -> PrepareReport:
    """Write task, contact sheet, state and manifest, each audited, and report.

    Args:
        known: the class.
        grouping: its pages in order.
        pages: by id.
        works: all works, each with its alias.
        covered: what became of those that were written.
    """
    workset = known.workset
    works = [_refused(work, covered.get(work.alias)) for work in works]
    ordered = _settled(grouping, pages, works)
    released = sorted(work.alias for work in works if work.released)
    files = _common_files(known, released)
    files |= {f"work/{alias}.pdf": (covered[alias].sha256, covered[alias].pages) for alias in released}
    seen = {work.alias for work in works if _was_seen(work, pages, known.decisions)}
    fates = Counter(page.page.fate for page in ordered)
    counts = {"scanned": len(ordered), **{str(fate): fates[fate] for fate in Fate}}
    known.notes.extend(drop_stale(workset, {name: sha for name, (sha, _) in files.items()}))
    write_state(workset, ordered, works, seen)
    write_json(workset.manifest, _manifest(known, files, works, seen, counts), private=False)
    held = sorted((work for work in works if work.held), key=lambda work: work.alias)
    other = [page for page in ordered if page.page.fate in {Fate.BLANK, Fate.SET_ASIDE}]
    return PrepareReport(
        counts,
        tuple(released),
        tuple((work.alias, work.held) for work in held),
        tuple((page.where, str(page.page.fate), page.page.reason) for page in other),
        known.task.fields if known.task else (),
        tuple(known.notes),
        len(files),
        sum(len(_names_beside_fields(page)) for page in ordered),
        sum(len(page.flags) for page in ordered if not known.decisions.cleared(page.page.identity, page.way)),
    )


def _names_beside_fields(page: Sighting) -> list[Mark]:
    """The covers of names that were read in the text, but for those that lie on the name field's own."""
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    read = [mark for mark in page.covers if mark.kind in READ]
    return [mark for mark in read if not any(mark.box.shared(box) > HALF for box in fields)]


def _settled(grouping: Grouping, pages: dict[str, Sighting], works: Sequence[Response]) -> list[Sighting]:
    """Every page in order; those of a work that the audit refused are held with it."""
    refused = {page_id: work for work in works if work.held for page_id in work.pages}
    settled = []
    for page in (pages[page.page.id] for page in grouping.pages):
        work = refused.get(page.page.id)
        if work is not None and page.page.fate is Fate.KEPT:
            held = page.page.with_fate(Fate.HELD, f"its work is held: {work.held[0]}")
            settled.append(replace(page, page=held))
        else:
            settled.append(page)
    return settled


def _was_seen(work: Response, pages: dict[str, Sighting], decisions: Decisions) -> bool:
    return all(decisions.cleared(pages[page_id].page.identity, pages[page_id].way) for page_id in work.pages)


def _common_files(known: Known, released: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The blank task and the contact sheet, audited before they get their names."""
    workset = known.workset
    made: dict[str, tuple[Path, bytes, int]] = {}
    if known.task is not None and known.task.folder is not None:
        data = (known.task.folder / "task.pdf").read_bytes()
        made["task.pdf"] = (workset.task, data, len(known.task.sizes))
    if released:
        strips = [(alias, workset.private / "work" / f"{alias}.jpg") for alias in released]
        sheet = contact_sheet(strips, known.settings.paper)
        made["contact-sheet.pdf"] = (workset.contact_sheet, sheet, -(-len(released) // 8))
    else:
        workset.contact_sheet.unlink(missing_ok=True)
    for name, (path, data, _) in made.items():
        found = audit_file(name, data, known.spellings)
        if found:
            raise FindingsError(f"{name} was not written, because the audit refused it: {found[0].what}.")
        write_bytes(path, data, private=False)
    return {name: (hashlib.sha256(data).hexdigest(), count) for name, (_, data, count) in made.items()}


def _manifest(
    known: Known,
    files: dict[str, tuple[str, int]],
    works: Sequence[Response],
    seen: set[str],
    counts: dict[str, int],
) -> dict[str, object]:
    workset = known.workset
    rows: list[dict[str, Any]] = [{"path": name, "sha256": sha, "pages": n} for name, (sha, n) in files.items()]
    rows = sorted([*rows, *_later_rows(workset)], key=lambda row: str(row["path"]))
    free = sorted((work for work in works if work.released), key=lambda w: w.alias)
    return {
        "version": 1,
        "mssw": __version__,
        "files": rows,
        "works": [{"alias": w.alias, "pages": len(w.pages), "seen": w.alias in seen} for w in free],
        "held_works": sum(bool(work.held) for work in works),
        "counts": counts,
        "audit": {"passed": True, "files": len(files)},  # not those of later steps, so that a second run says the same
    }


def _later_rows(workset: WorkSet) -> list[dict[str, Any]]:
    """What the manifest says of files that later steps made, such as the chosen samples, and that are still there."""
    try:
        before = read_json(workset.manifest)["files"] if workset.manifest.is_file() else []
        return [row for row in before if not is_prepared(row["path"]) and (workset.shared / row["path"]).is_file()]
    except (UnreadableError, KeyError, TypeError):
        return []  # the manifest is damaged and made anew; later steps list their files again
