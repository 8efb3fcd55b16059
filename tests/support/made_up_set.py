"""A work set as `prepare` would leave it, made of words instead of scans."""

from __future__ import annotations

import hashlib
import io

from PIL import Image, ImageDraw, ImageFont

from mssw.core.page import EncodedImage, Tone
from mssw.intro.questions import intro_text
from mssw.printing.pdf_writer import image_pdf
from mssw.printing.template_files import label_font_path
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import Settings, settings_text

ALIASES = ["Andrea", "Bo", "Camille", "Dani", "Emery", "Farah", "Gali", "Hana", "Imani", "Jun"]
ALIASES += ["Kai", "Lior", "Mina", "Noor"]
LETTER = (612.0, 792.0)


def image_page(label: str, size=LETTER, *, noise=0) -> tuple[EncodedImage, tuple[float, float]]:
    width, height = int(size[0] / 2), int(size[1] / 2)
    image = Image.effect_noise((width, height), noise) if noise else Image.new("L", (width, height), 250)
    ImageDraw.Draw(image).text((30, 30), label, fill=0, font=ImageFont.truetype(str(label_font_path()), 30))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return EncodedImage(file.getvalue(), width, height, Tone.GREY), size


def make_set(
    root, aliases=ALIASES[:10], *, pages=2, task=True, unseen=(), held=0, settings=None, intro=None, noise=0
) -> WorkSet:
    workset = WorkSet.create(root)
    settings = settings or Settings(title="Massive air", grade="5", presenting_teachers=("M. Rivera",))
    workset.settings.write_text(settings_text(settings), encoding="utf-8")
    workset.intro.write_text(intro_text(intro), encoding="utf-8")
    files = []
    for name in [*(["task.pdf"] if task else []), *(f"work/{alias}.pdf" for alias in aliases)]:
        data = image_pdf([image_page(f"{name} {number}", noise=noise) for number in range(1, pages + 1)])
        write_bytes(workset.shared / name, data, private=False)
        files.append({"path": name, "sha256": hashlib.sha256(data).hexdigest(), "pages": pages})
    works = [{"alias": alias, "pages": pages, "seen": alias not in unseen} for alias in aliases]
    manifest = {"version": 1, "files": files, "works": works, "held_works": held}
    write_json(workset.manifest, manifest, private=False)
    return workset


def give_roster(workset: WorkSet) -> None:
    """A class list of two students."""
    roster = roster_from_rows([["First name", "Last name"], ["Oluwaseun", "Adeyemi"], ["Priya", "Rivera"]])
    write_bytes(workset.roster, roster_bytes(roster), private=True)
