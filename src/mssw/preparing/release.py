"""The end of ``prepare``: task, contact sheet and manifest for colleagues, the state of the set for later commands.

In: what the stages before returned. Out: the files in ``shared/``, each audited before it gets its name, the state of
the set in ``private/``, and the report.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mssw import __version__
from mssw.auditing.one_file import audit_file
from mssw.core.page import EncodedImage, Fate, Mark, MarkKind, Tone
from mssw.core.paper import PAPERS
from mssw.core.response import Response
from mssw.errors import FindingsError, UnreadableError
from mssw.formats.images import encode
from mssw.names.name_search import NameSearch
from mssw.preparing.cover_responses import THUMBNAIL, Covered, join_thumbnails
from mssw.preparing.grouping import Grouping
from mssw.preparing.inputs import Inputs
from mssw.preparing.learn_places import find_common_own_place
from mssw.preparing.matches import MatchCounts
from mssw.preparing.prepare_options import CommonPlace, PrepareReport
from mssw.printing.page_pictures import draw_pages
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import label_font_path
from mssw.roster.key_file import read_key
from mssw.workset.class_list import read_also, sealed_files, sealed_key, sealed_names
from mssw.workset.decisions import sealed_decisions
from mssw.workset.entries import list_entry_pages
from mssw.workset.folder import WorkSet, write_bytes
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
from mssw.workset.seal import Seal
from mssw.workset.settings import Settings
from mssw.workset.state import Sighting, write_state
from mssw.workset.waiting import digest_settings

NOT_USED = (Fate.BLANK, Fate.SET_ASIDE)
REFUSED = "the audit refused it"
CLEARED_BY = "draw a cover over the whole place in `mssw review`, or scan the sheet again without what lies on it"
READ = {MarkKind.TEXT, MarkKind.EMAIL, MarkKind.PHONE, MarkKind.NUMBER}
HALF = 0.5  # of a cover: so much of it under a name field's cover, and it is that name

# The contact sheet
DPI = 150
MARGIN_MM = 12
ACROSS, DOWN = 2, 4
EACH = ACROSS * DOWN  # responses on a sheet
GAP_MM = 6
WORDS_MM = 6
_BEYOND_LATIN = 0x250
COLOURED = 30  # grey levels between a pixel's channels: more than a scanner's tint
SHARE_COLOURED = 0.0005  # of the sheet: a line of coloured pencil on one of its pages


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
    pages = _hold_with_responses(grouping.pages, responses)
    released = sorted(response.alias for response in responses if response.released)
    files = _write_common_files(inputs, released)
    files |= {f"work/{alias}.pdf": (covered[alias].sha256, covered[alias].pages) for alias in released}
    approved = {page.page.id for page in pages if inputs.has_approved(page)}
    seen = {response.alias for response in responses if approved.issuperset(response.pages)}
    fates = Counter(page.page.fate for page in pages)
    counts = {"scanned": len(pages), **{str(fate): fates[fate] for fate in Fate}}
    dropped, seal = remove_outdated_files(workset, {name: sha for name, (sha, _) in files.items()}), _seal(inputs)
    write_state(workset, pages, responses, seen, inputs.decisions, seal)
    write_manifest(workset, _manifest(inputs, files, responses, seen, counts, seal))
    on_hold = sorted((response for response in responses if response.held), key=lambda response: response.alias)
    return PrepareReport(
        counts=counts,
        released=tuple(released),
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


def _write_common_files(inputs: Inputs, released: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Write the blank task and the contact sheet, audited before they get their names: hash and pages of each."""
    workset = inputs.workset
    made: dict[str, tuple[Path, bytes, int]] = {}
    task = inputs.task or inputs.plain_task
    if task is not None and task.folder is not None:
        data = (task.folder / "task.pdf").read_bytes()
        made["task.pdf"] = (workset.task, data, len(task.sizes))
    shown = sorted((*released, *(Path(row.path).stem for row in list_entry_pages(workset))))
    if shown:
        sheet, count = draw_contact_sheet(workset, inputs.settings, shown, inputs.spellings)
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


def draw_contact_sheet(
    workset: WorkSet, settings: Settings, aliases: Sequence[str], spellings: Sequence[str]
) -> tuple[bytes, int]:
    """The contact sheet of a set: its bytes, and how many pages it has.

    Args:
        workset: the set.
        settings: of the set.
        aliases: of all responses and entries that may be shown.
        spellings: of the students' names, for the title.
    """
    title = settings.title
    # Pixels cannot be searched for names later, and the font has no letters beyond Latin.
    may_show = max(map(ord, title), default=0) < _BEYOND_LATIN and not NameSearch(spellings).hits(title)
    strips = [(alias, _find_strip(workset, alias)) for alias in aliases]
    return contact_sheet(strips, settings, title if may_show else ""), -(-len(strips) // EACH)


def _find_strip(workset: WorkSet, alias: str) -> Path | io.BytesIO:
    """The picture of a response's pages side by side, as it was made with its covers; an entry's is drawn now."""
    kept = workset.private / "work" / f"{alias}.jpg"
    if kept.is_file():
        return kept
    data = (workset.work / f"{alias}.pdf").read_bytes()
    return io.BytesIO(join_thumbnails(draw_pages(data, f"{alias}.pdf", (THUMBNAIL, THUMBNAIL))))


def contact_sheet(strips: Sequence[tuple[str, Path | io.BytesIO]], settings: Settings, title: str) -> bytes:
    """A PDF of one image a page, eight responses on each, with the title and the page's number below.

    Args:
        strips: each alias with the picture of its pages side by side.
        settings: of the set: its paper and language.
        title: of the set; empty if it may not be shown.
    """
    points = PAPERS[settings.paper]
    words = read_words(choose_language(settings.language, settings.english, settings.paper))
    sheets = [strips[start : start + EACH] for start in range(0, len(strips), EACH)]
    foot = f"{words.text('common.page')} {{}} / {len(sheets)}"
    pages = [_sheet(sheet, points, title, foot.format(number)) for number, sheet in enumerate(sheets, start=1)]
    return image_pdf([(page, points) for page in pages])


def _draw_foot(draw: ImageDraw.ImageDraw, size: tuple[int, int], title: str, number: str) -> None:
    """The title on the left, cut to its room, and the page's number on the right."""
    mm = DPI / 25.4
    font = ImageFont.truetype(str(label_font_path()), round(3 * mm))
    left, base = round(MARGIN_MM * mm), size[1] - round(0.4 * MARGIN_MM * mm)
    wide = draw.textlength(number, font)
    draw.text((size[0] - left - wide, base), number, font=font, fill=(90, 90, 90), anchor="ls")
    room = size[0] - 2 * left - wide - 10 * mm
    while title and draw.textlength(title, font) > room:
        title = title[:-2].rstrip() + "…" if len(title) > 2 else ""  # noqa: PLR2004 - a letter and the sign
    draw.text((left, base), title, font=font, fill=(90, 90, 90), anchor="ls")


def _sheet(
    strips: Sequence[tuple[str, Path | io.BytesIO]], points: tuple[float, float], title: str, number: str
) -> EncodedImage:
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
    _draw_foot(draw, page.size, title, number)
    pixels = np.asarray(page, np.uint8)
    return encode(pixels, _tone(pixels), quality=80)


def _tone(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tone:
    spread = pixels.astype(np.int16).max(axis=2) - pixels.astype(np.int16).min(axis=2)
    return Tone.COLOUR if (spread > COLOURED).mean() > SHARE_COLOURED else Tone.GREY
