"""The end of ``prepare``: what colleagues get beside the responses, and the state of the set for later commands.

In: what the stages before returned. Out: task, contact sheet and manifest in ``shared/``, each audited before it gets
its name, the state of the set in ``private/``, and the report. The contact sheet shows all responses of a set on a few
sheets, each by its answers, at a size that can be read. Workers cut out the answers and keep them in ``private/work``,
so that the next run cuts only what has changed.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mssw import __version__
from mssw.auditing.one_file import audit_file
from mssw.core.page import EncodedImage, Fate, Mark, MarkKind, Tone
from mssw.core.paper import PAPERS
from mssw.core.response import Response
from mssw.errors import FindingsError, UnreadableError
from mssw.formats.images import encode
from mssw.names.name_search import NameSearch
from mssw.preparing.cover_responses import LONGEST_SECONDS, Covered
from mssw.preparing.grouping import Grouping
from mssw.preparing.inputs import Inputs
from mssw.preparing.kept_readings import DAMAGED
from mssw.preparing.learn_places import find_common_own_place
from mssw.preparing.matches import MatchCounts
from mssw.preparing.prepare_options import CommonPlace, PrepareReport
from mssw.printing.answer_pictures import LOOKED_AT, AnswerCutter, AnswerSheet
from mssw.printing.page_pictures import shows_colour
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import label_font_path
from mssw.workers import run_all
from mssw.workset.class_list import read_also, read_key, sealed_files, sealed_key, sealed_names
from mssw.workset.decisions import digest_settings, sealed_decisions
from mssw.workset.entries import list_entry_pages
from mssw.workset.folder import WorkSet, hash_file, make_folder, write_bytes
from mssw.workset.manifest import (
    AuditRecord,
    ListedFile,
    Manifest,
    ReleasedResponse,
    is_made_by_prepare,
    read_manifest,
    remove_outdated_files,
    write_manifest,
)
from mssw.workset.question_file import PlacedPage, QuestionPlace, read_kept_questions
from mssw.workset.seal import Seal
from mssw.workset.settings import Settings
from mssw.workset.sightings import Sighting, recipe_of, write_state

NOT_USED = (Fate.BLANK, Fate.SET_ASIDE)
REFUSED = "the audit refused it"
CLEARED_BY = "draw a cover over the whole place in `mssw review`, or scan the sheet again without what lies on it"
READ = {MarkKind.TEXT, MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER}
HALF = 0.5  # of a cover: so much of it under a name field's cover, and it is that name


def release_set(
    inputs: Inputs,
    grouping: Grouping,
    responses: Sequence[Response],
    covered: Mapping[str, Covered],
    matched: MatchCounts | None = None,
    roster_doubt: str = "",
) -> PrepareReport:
    """Write task, contact sheet, state and manifest, and report.

    Args:
        inputs: all of them.
        grouping: the stack's pages in order.
        responses: all of them, each with its alias.
        covered: what became of those that were to be released, by alias.
        matched: how many are matched to a student; None without a roster.
        roster_doubt: see ``hold_for_roster``.

    Raises:
        FindingsError: the audit refused the task or the contact sheet.
    """
    workset = inputs.workset
    responses = [_hold_if_refused(response, covered.get(response.alias)) for response in responses]
    pages, placed = _hold_with_responses(grouping.pages, responses), _place_pages(responses, grouping.by_id)
    files = _write_common_files(inputs, placed)
    files |= {f"work/{alias}.pdf": (covered[alias].sha256, covered[alias].pages) for alias in placed}
    approved = {page.page.id for page in pages if inputs.has_approved(page)}
    seen = {response.alias for response in responses if approved.issuperset(response.pages)}
    counts = _count_fates(pages)
    dropped, seal = remove_outdated_files(workset, {name: sha for name, (sha, _) in files.items()}), _seal(inputs)
    write_state(workset, pages, responses, seen, inputs.decisions, seal)
    write_manifest(workset, _manifest(inputs, files, responses, seen, counts, seal))
    on_hold = sorted((one for one in responses if one.held), key=lambda one: one.alias)
    return PrepareReport(
        counts=counts,
        released=tuple(sorted(placed)),
        held=tuple((response.alias, response.held) for response in on_hold),
        other=tuple((one.where, str(one.page.fate), one.page.reason) for one in pages if one.page.fate in NOT_USED),
        fields=inputs.task.fields if inputs.task else (),
        notes=tuple(filter(None, (*inputs.notes, *grouping.notes, *dropped, roster_doubt))),
        audited=len(files),
        named=sum(len(_names_beside_fields(page)) for page in pages),
        flagged=sum(len(page.flags) for page in pages if page.page.id not in approved),
        whose=matched,
        common_place=_propose_field(inputs, pages),
        roster_doubt=roster_doubt,
        shows_places=bool(inputs.places),
    )


def _seal(inputs: Inputs) -> Seal:
    """What was decided, and by which class list."""
    workset = inputs.workset
    return Seal(
        decisions=sealed_decisions(workset, inputs.decisions),
        names=sealed_names(workset, inputs.roster, read_also(workset)),
        key=sealed_key(workset, read_key(workset.key) if workset.key.is_file() else ()),  # a made-up set has no key
        settings=digest_settings(inputs.settings),
        files=sealed_files(workset),
    )


def _propose_field(inputs: Inputs, pages: Sequence[Sighting]) -> CommonPlace | None:
    """The place to propose as a field for a task without one: where most of the class has its own name."""
    if inputs.task is None or inputs.task.fields:
        return None
    return find_common_own_place(pages, inputs.task.expected)


def _hold_if_refused(response: Response, covered: Covered | None) -> Response:
    """Put a response on hold if the audit refused its file."""
    if covered is None or covered.sha256:
        return response
    return response.but_held(*(f"{REFUSED}: {what}; {CLEARED_BY}" for what in covered.findings))


def _hold_with_responses(pages: Sequence[Sighting], responses: Sequence[Response]) -> list[Sighting]:
    """Put on hold the pages of responses that were put on hold after grouping."""
    on_hold = {page_id: response for response in responses if response.held for page_id in response.pages}
    settled = []
    for page in pages:
        response = on_hold.get(page.page.id)
        if response is not None and page.page.fate is Fate.KEPT:
            reason = f"its response is on hold: {response.held[0]}"
            settled.append(replace(page, page=page.page.with_fate(Fate.HELD, reason)))
        else:
            settled.append(page)
    return settled


def _names_beside_fields(page: Sighting) -> list[Mark]:
    """The covers of names that were read in the text, without those that lie on the name field's own cover."""
    fields = [mark.box for mark in page.covers if mark.kind is MarkKind.FIELD]
    read = [mark for mark in page.covers if mark.kind in READ]
    return [mark for mark in read if not any(mark.box.shared(box) > HALF for box in fields)]


def _count_fates(pages: Sequence[Sighting]) -> dict[str, int]:
    """How many pages were scanned, and how many met each fate."""
    fates = Counter(page.page.fate for page in pages)
    return {"scanned": len(pages), **{str(fate): fates[fate] for fate in Fate}}


def _place_pages(responses: Sequence[Response], pages: Mapping[str, Sighting]) -> dict[str, tuple[PlacedPage, ...]]:
    """Which page of the task each page of a released response is, and what is covered on it, by alias."""
    return {
        response.alias: tuple(
            PlacedPage(one.page.task_page or 0, tuple(mark.box for mark in one.covers))
            for one in (pages[page_id] for page_id in response.pages)
        )
        for response in responses
        if response.released
    }


def _write_common_files(inputs: Inputs, placed: Mapping[str, Sequence[PlacedPage]]) -> dict[str, tuple[str, int]]:
    """Write the blank task and the contact sheet, audited before they get their names: hash and pages of each."""
    workset = inputs.workset
    made: dict[str, tuple[Path, bytes, int]] = {}
    task, given = inputs.task or inputs.plain_task, None
    if task is not None and task.folder is not None:
        given = task.folder / "task.pdf"
        made["task.pdf"] = (workset.task, given.read_bytes(), len(task.sizes))
    pages_of_entries = {Path(row.path).stem: (PlacedPage(0),) * (row.pages or 1) for row in list_entry_pages(workset)}
    if shown := {**placed, **pages_of_entries}:
        sheet, count = draw_contact_sheet(workset, inputs.settings, shown, given, inputs.spellings)
        made["contact-sheet.pdf"] = (workset.contact_sheet, sheet, count)
    else:
        workset.contact_sheet.unlink(missing_ok=True)
    for name, (path, data, _) in made.items():
        found = audit_file(name, data, inputs.spellings)
        if found:
            raise FindingsError(f"{name} was not written, because the audit refused it: {found[0].what}.")
        write_bytes(path, data, private=False)
    entries = {row.path: (row.sha256, row.pages or 1) for row in list_entry_pages(workset)}  # they stay as they are
    return entries | {name: (hashlib.sha256(data).hexdigest(), count) for name, (_, data, count) in made.items()}


def _manifest(
    inputs: Inputs,
    files: dict[str, tuple[str, int]],
    responses: Sequence[Response],
    seen: set[str],
    counts: dict[str, int],
    seal: Seal,
) -> Manifest:
    rows = [ReleasedResponse(one.alias, len(one.pages), one.alias in seen) for one in responses if one.released]
    rows += [
        ReleasedResponse(Path(row.path).stem, row.pages or 1, seen=True) for row in list_entry_pages(inputs.workset)
    ]
    manifest = Manifest(
        mssw=__version__,
        files=_files_of_later_steps(inputs.workset),
        works=tuple(sorted(rows, key=lambda row: row.alias)),
        held_works=sum(bool(one.held) for one in responses),
        counts=counts,
        audit=AuditRecord(passed=True, files=len(files)),  # without later steps' files: a second run says the same
        seal=seal.without_parts,
    )
    return manifest.with_files(ListedFile(name, sha, n) for name, (sha, n) in files.items())


def _files_of_later_steps(workset: WorkSet) -> tuple[ListedFile, ...]:
    """The rows of files that later steps made, such as the chosen samples, and that are still there."""
    try:
        before = read_manifest(workset).files if workset.manifest.is_file() else ()
    except UnreadableError:
        return ()  # the manifest is damaged and written again; later steps list their files again
    return tuple(row for row in before if not is_made_by_prepare(row.path) and (workset.shared / row.path).is_file())


# The contact sheet

DPI = 150
SOURCE_DPI = 110  # of the pages that answers are cut out of: they are shrunk to about half
MARGIN_MM = 10
_WAY = 2  # of cutting: another number makes all pictures anew
_FRAME = (205, 205, 205)
_BEYOND_LATIN = 0x250
_RECIPE = "recipe"


@dataclass(frozen=True)
class CutJob:
    """The answers of one response to cut out.

    Attributes:
        response: ``shared/work/ALIAS.pdf``.
        pages: which page of the task each of its pages is.
        task: the blank task; None without one.
        kept: the places of the questions that a person chose; None where nobody did.
        target: where the answers are kept.
        recipe: a hash of all this.
    """

    response: Path
    pages: tuple[PlacedPage, ...]
    task: Path | None
    kept: tuple[QuestionPlace, ...] | None
    target: Path
    recipe: str


def draw_contact_sheet(
    workset: WorkSet,
    settings: Settings,
    pages: Mapping[str, Sequence[PlacedPage]],
    task: Path | None,
    spellings: Sequence[str],
) -> tuple[bytes, int]:
    """The contact sheet of a set: its bytes, and how many pages it has.

    Args:
        workset: the set.
        settings: of the set.
        pages: of each response and entry that may be shown, by alias: which page of the task it is.
        task: the PDF of the blank task; None without one.
        spellings: of the students' names, for the title.

    Raises:
        MsswError: a response or the task cannot be drawn.
    """
    title = settings.title
    # Pixels cannot be searched for names later, and the font has no letters beyond Latin.
    may_show = max(map(ord, title), default=0) < _BEYOND_LATIN and not NameSearch(spellings).hits(title)
    jobs = _plan_jobs(workset, pages, task)
    _delete_others(workset.private / "work", {job.target for job in jobs})
    new = [job for job in jobs if not _is_done(job)]
    for _, result in run_all(cut_response, new, seconds=LONGEST_SECONDS, named=lambda job: job.response.name):
        if isinstance(result, Exception):
            raise result
    return _lay_out(jobs, settings, title if may_show else "")


def _plan_jobs(workset: WorkSet, pages: Mapping[str, Sequence[PlacedPage]], task: Path | None) -> list[CutJob]:
    kept = read_kept_questions(workset)
    given = hash_file(task) if task is not None else ""
    jobs = []
    for alias in sorted(pages):
        response, placed = workset.work / f"{alias}.pdf", tuple(pages[alias])
        recipe = recipe_of(_WAY, SOURCE_DPI, hash_file(response), given, kept and [str(one) for one in kept], placed)
        jobs.append(CutJob(response, placed, task, kept, workset.private / "work" / f"{alias}.npz", recipe))
    return jobs


def _delete_others(folder: Path, targets: set[Path]) -> None:
    """Delete the pictures of responses that are not shown any more, and those that an earlier version kept."""
    for path in (*folder.glob("*.npz"), *folder.glob("*.jpg")):
        if path not in targets:
            path.unlink()


def cut_response(job: CutJob) -> None:
    """Cut out the answers of a response and keep them. Runs in a worker."""
    cutter = _make_cutter(job.task, hash_file(job.task) if job.task is not None else "", job.kept)
    answers = cutter.cut(job.response.read_bytes(), job.response.name, job.pages)
    file = io.BytesIO()
    pixels = {f"{number:03}": np.asarray(answer, np.uint8) for number, answer in enumerate(answers)}
    np.savez_compressed(file, allow_pickle=False, **{_RECIPE: np.array(job.recipe)}, **pixels)
    make_folder(job.target.parent, private=True)
    write_bytes(job.target, file.getvalue(), private=True)


@lru_cache(maxsize=2)
def _make_cutter(task: Path | None, digest: str, kept: tuple[QuestionPlace, ...] | None) -> AnswerCutter:
    """One cutter for all responses of a set; another task in the same place has another digest."""
    del digest
    return AnswerCutter.of(None if task is None else task.read_bytes(), kept, SOURCE_DPI)


def _is_done(job: CutJob) -> bool:
    """Whether the very same answers are kept, and can be read."""
    with suppress(*DAMAGED):
        return str(_read_kept(job)[_RECIPE]) == job.recipe
    return False


def _read_kept(job: CutJob) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(job.target.read_bytes()), allow_pickle=False) as kept:
        return dict(kept)


def _read_answers(job: CutJob) -> list[Image.Image]:
    kept = _read_kept(job)
    return [Image.fromarray(kept[name]) for name in sorted(kept) if name != _RECIPE]


def _lay_out(jobs: Sequence[CutJob], settings: Settings, title: str) -> tuple[bytes, int]:
    """A PDF of one image a page, with the title and the page's number below."""
    points = PAPERS[settings.paper]
    words = read_words(choose_language(settings.language, settings.english, settings.paper))
    edge = 2 * MARGIN_MM / 25.4 * 72
    sheet = AnswerSheet.of((points[0] - edge, points[1] - edge), DPI, SOURCE_DPI)
    sizes = [[answer.size for answer in _read_answers(job)] for job in jobs[:LOOKED_AT]]
    grid = sheet.choose_grid(sizes)
    sheet = sheet.place_aliases([job.response.stem for job in jobs], sizes, grid)
    each = grid[0] * grid[1]
    parts = [jobs[start : start + each] for start in range(0, len(jobs), each)]
    foot = f"{words.text('common.page')} {{}} / {len(parts)}"
    images = [
        _encode_page(sheet, part, grid, points, (title, foot.format(number)))
        for number, part in enumerate(parts, start=1)
    ]
    return image_pdf([(image, points) for image in images]), len(images)


def _encode_page(
    sheet: AnswerSheet,
    jobs: Sequence[CutJob],
    grid: tuple[int, int],
    points: tuple[float, float],
    foot: tuple[str, str],
) -> EncodedImage:
    drawn = sheet.draw([(job.response.stem, _read_answers(job)) for job in jobs], grid)
    _draw_frames(ImageDraw.Draw(drawn), drawn.size, grid, len(jobs))
    page = Image.new("RGB", (round(points[0] / 72 * DPI), round(points[1] / 72 * DPI)), "white")
    page.paste(drawn, ((page.width - drawn.width) // 2, (page.height - drawn.height) // 2))
    _draw_foot(ImageDraw.Draw(page), page.size, *foot)
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, Tone.COLOUR if shows_colour(pixels) else Tone.GREY, quality=80)


def _draw_frames(draw: ImageDraw.ImageDraw, size: tuple[int, int], grid: tuple[int, int], count: int) -> None:
    """A thin frame around each response, so that it is plain where one ends."""
    wide, tall, inset = size[0] / grid[0], size[1] / grid[1], 1.2 / 25.4 * DPI
    for place in range(count):
        x, y = place % grid[0] * wide, place // grid[0] * tall
        draw.rounded_rectangle(
            (x + inset, y + inset, x + wide - inset, y + tall - inset), radius=12, outline=_FRAME, width=2
        )


def _draw_foot(draw: ImageDraw.ImageDraw, size: tuple[int, int], title: str, number: str) -> None:
    """The title on the left, cut to its room, and the page's number on the right."""
    mm = DPI / 25.4
    font = ImageFont.truetype(str(label_font_path()), round(3 * mm))
    left, base = round((MARGIN_MM + 1.2) * mm), size[1] - round(0.45 * MARGIN_MM * mm)
    wide = draw.textlength(number, font)
    draw.text((size[0] - left - wide, base), number, font=font, fill=(90, 90, 90), anchor="ls")
    room = size[0] - 2 * left - wide - 10 * mm
    while title and draw.textlength(title, font) > room:
        title = title[:-2].rstrip() + "…" if len(title) > 2 else ""  # noqa: PLR2004 - a letter and the sign
    draw.text((left, base), title, font=font, fill=(90, 90, 90), anchor="ls")
