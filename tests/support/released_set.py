"""A made-up set whose works are released, with a roster: fast to make, and as `prepare` leaves it for later steps."""

from __future__ import annotations

import hashlib
import io

from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import Settings, settings_text

ALIASES = ("Andrea", "Bo", "Camille", "Dani", "Emery", "Farah", "Gali", "Hana", "Imani", "Jun", "Kai", "Lior")
STUDENT = "Oluwaseun"
LETTER = (612.0, 792.0)


def page(label: str, *, scale: float = 0.8) -> tuple[EncodedImage, tuple[float, float]]:
    width, height = round(LETTER[0] * scale), round(LETTER[1] * scale)
    image = Image.new("L", (width, height), 250)
    font = ImageFont.truetype(str(label_font_path()), round(34 * scale))
    draw = ImageDraw.Draw(image)
    draw.text((40 * scale, 40 * scale), label, fill=0, font=font)
    for line in range(8):
        y = (160 + 60 * line) * scale
        draw.line((60 * scale, y, width - 60 * scale, y), fill=120, width=2)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return EncodedImage(file.getvalue(), width, height, Tone.GREY), LETTER


def released_set(root, aliases=ALIASES, *, pages=2, seed=7, title="Massive air") -> WorkSet:
    workset = WorkSet.create(root)
    workset.settings.write_text(settings_text(Settings(title=title, seed=seed)), encoding="utf-8")
    roster = roster_from_rows([["First name", "Last name"], [STUDENT, "Adeyemi"], ["Priya", "Rivera"]])
    write_bytes(workset.roster, roster_bytes(roster), private=True)
    release(workset, aliases, pages=pages)
    return workset


def release(workset: WorkSet, aliases, *, pages=2) -> None:
    """Release these works and no others."""
    files = []
    for alias in aliases:
        data = image_pdf([page(f"{alias} {number}") for number in range(1, pages + 1)])
        write_bytes(workset.work / f"{alias}.pdf", data, private=False)
        files.append({"path": f"work/{alias}.pdf", "sha256": hashlib.sha256(data).hexdigest(), "pages": pages})
    works = [{"alias": alias, "pages": pages, "seen": True} for alias in aliases]
    write_json(workset.manifest, {"version": 1, "files": files, "works": works, "held_works": 0}, private=False)
