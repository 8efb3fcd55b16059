"""One work crosses the line: names covered, alias written, audited, and only then given its name. Runs in a worker."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from mssw.auditing.one_file import audit_file, audit_pages
from mssw.core.page import Box, EncodedImage, Mark, Tone
from mssw.errors import MsswError
from mssw.formats.images import encode, lettering, read_image
from mssw.preparing.second_look import DAMAGED, SecondLook, look_again
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from mssw.vision import cover as painting
from mssw.vision.ink import Pixels, depth, to_grey
from mssw.workset.folder import read_json, write_bytes, write_json

INK = 25  # grey levels darker than the paper: where the label had better not stand
THUMBNAIL = 640  # pixels of a page's long side on the contact sheet


@dataclass(frozen=True)
class PageToCover:
    """A registered page and what to cover on it.

    Attributes:
        image: the file in ``private/pages``.
        points: the page's size.
        tone: in which to write it.
        covers: the places to cover.
        signed: the name field that carries the alias; None for a page without one.
        look: what must not be readable on it any more; None where a person looked at it as it is.
    """

    image: Path
    points: tuple[float, float]
    tone: Tone
    covers: Sequence[Mark]
    signed: Box | None
    look: SecondLook | None = None


@dataclass(frozen=True)
class CoverJob:
    """One work to write.

    Attributes:
        alias: the name that it goes by.
        pages: in order.
        target: ``shared/work/ALIAS.pdf``.
        receipt: where it is noted what became of it, written or refused, for the next run.
        spellings: what must not stand in the file.
        recipe: a hash of all this.
    """

    alias: str
    pages: Sequence[PageToCover]
    target: Path
    receipt: Path
    spellings: Sequence[str]
    recipe: str


@dataclass(frozen=True)
class Covered:
    """What became of a work.

    Attributes:
        alias: of the work.
        sha256: of its file; empty where the audit refused it.
        pages: how many.
        findings: what the audit found, in words that name nobody.
    """

    alias: str
    sha256: str
    pages: int
    findings: tuple[str, ...] = ()


def write_response(job: CoverJob) -> Covered:
    """Cover, sign, audit and write one work, and note what became of it for the next run."""
    befores, afters = [], []
    for number, page in enumerate(job.pages, 1):
        before = read_image(page.image)
        befores.append(before)
        afters.append(_covered(page, before, job.alias, number, len(job.pages)))
    data = image_pdf([(image, page.points) for (image, _), page in zip(afters, job.pages, strict=True)])
    found = audit_file(f"work/{job.target.name}", data, job.spellings)
    looks = [(before, [mark.box for mark in page.covers]) for before, page in zip(befores, job.pages, strict=True)]
    found += audit_pages(f"work/{job.target.name}", data, looks)
    found = found or look_again(f"work/{job.target.name}", data, [page.look for page in job.pages])
    if found:
        told = tuple(f"{f.what}{_on(f.page)}" for f in found)
        if all(finding.what != DAMAGED for finding in found):  # which says nothing of the work, and may be gone soon
            write_json(job.receipt, {"recipe": job.recipe, "findings": told}, private=True)
        return Covered(job.alias, "", len(job.pages), told)
    write_bytes(job.receipt.with_suffix(".jpg"), _strip([small for _, small in afters]), private=True)
    write_bytes(job.target, data, private=False)
    digest = hashlib.sha256(data).hexdigest()
    write_json(job.receipt, {"recipe": job.recipe, "sha256": digest, "pages": len(job.pages)}, private=True)
    return Covered(job.alias, digest, len(job.pages))


def _on(page: int | None) -> str:
    return "" if page is None else f" (page {page})"


def done_before(job: CoverJob) -> Covered | None:
    """What an earlier run made of the very same job; None where it has to be done, or done again."""
    if not job.receipt.is_file():
        return None
    try:
        receipt = read_json(job.receipt)
        if receipt["recipe"] != job.recipe:
            return None
        if "findings" in receipt:
            return Covered(job.alias, "", len(job.pages), tuple(map(str, receipt["findings"])))
        if not (job.target.is_file() and job.receipt.with_suffix(".jpg").is_file()):
            return None
        digest = hashlib.sha256(job.target.read_bytes()).hexdigest()
        return Covered(job.alias, digest, int(receipt["pages"])) if receipt["sha256"] == digest else None
    except (MsswError, KeyError, TypeError, ValueError, OSError):  # damaged: the work is made anew
        return None


def _covered(page: PageToCover, before: Pixels, alias: str, number: int, of: int) -> tuple[EncodedImage, Image.Image]:
    """The page as it leaves, encoded, and small for the contact sheet."""
    dpi = before.shape[1] / page.points[0] * 72
    out = painting.cover(before, [mark.box for mark in page.covers])
    set_type = partial(lettering, label_font_path())
    ink = depth(to_grey(out), reach=round(dpi / 5) | 1) > INK
    if page.signed is not None:
        beside = [mark.box for mark in page.covers if mark.box != page.signed]
        painting.sign(out, page.signed, alias, dpi, set_type, beside=beside)
    painting.label(out, ink, f"{alias} · page {number} of {of}", dpi, set_type)
    small = Image.fromarray(np.ascontiguousarray(out))
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return encode(out, page.tone), small


def _strip(pages: Sequence[Image.Image]) -> bytes:
    """A work's small pages side by side, as a JPEG."""
    gap = 12
    height = max(p.height for p in pages)
    strip = Image.new("RGB", (sum(p.width for p in pages) + gap * (len(pages) - 1), height), "white")
    x = 0
    for page in pages:
        strip.paste(page.convert("RGB"), (x, 0))
        x += page.width + gap
    buffer = io.BytesIO()
    strip.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
