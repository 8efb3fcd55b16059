"""Downloads of learning systems, made up of the example class: scans, photos and typed documents."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pikepdf
import pymupdf

from support.project import EXAMPLE

TASK, ROSTER, STACK = EXAMPLE / "task.pdf", EXAMPLE / "roster.csv", EXAMPLE / "stack.pdf"
TYPED_LINES = (
    "Massive Air",
    "I think that air has mass because a ball that is pumped up",
    "is heavier on the scale than a flat one. You cannot see air,",
    "but it takes up space, so it has to weigh something too.",
)


@cache
def students():
    """The students in the order of the stack: first name, last name, number, and the numbers of their pages."""
    truth = json.loads((EXAMPLE / "truth.json").read_text(encoding="utf-8"))
    with ROSTER.open(encoding="utf-8-sig") as file:
        names = {row["Student_Number"]: (row["First_Name"], row["Last_Name"]) for row in csv.DictReader(file)}
    pages = {}
    for page in truth["pages"]:
        if page["student"] in names and page["task_page"]:
            pages.setdefault(page["student"], []).append(page["number"])
    return [(*names[number], number, own) for number, own in pages.items()]


def scanned(place, *, pages=None):
    """A PDF of the sheets of the student at that place in the stack; all of them, or those at these places."""
    own = students()[place][3]
    out = io.BytesIO()
    with pikepdf.open(STACK) as stack, pikepdf.new() as made:
        for at in pages or range(len(own)):
            made.pages.append(stack.pages[own[at] - 1])
        made.save(out, deterministic_id=True)
    return out.getvalue()


def photo(place, page=0):
    """One of the student's sheets as a JPEG."""
    with pymupdf.open(STACK) as stack:
        return stack[students()[place][3][page] - 1].get_pixmap(dpi=150, colorspace=pymupdf.csGRAY).tobytes("jpeg")


def typed(*lines, pages=1):
    """A PDF as a word processor writes it."""
    with pymupdf.open() as made:
        for number in range(pages):
            page = made.new_page()
            for row, line in enumerate(lines if number == 0 else TYPED_LINES):
                page.insert_text((72, 90 + 22 * row), line, fontsize=13)
        return made.tobytes(no_new_id=True)


def zipped(path, files):
    """A zip of files: bytes by their paths in it."""
    with zipfile.ZipFile(path, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def unzipped(folder, files):
    """The same as a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def canvas(work):
    """Canvas' names for what students handed in: of each place in the stack, the files."""
    found = {}
    for number, (place, files) in enumerate(work.items()):
        first, last, _, _ = students()[place]
        name = "".join(sign for sign in f"{last}{first}".casefold() if sign.isalnum())
        late = "LATE_" if number == 1 else ""
        found |= {f"{name}_{late}{1000 + place}_{9000 + at}_{file}": data for at, (file, data) in enumerate(files)}
    return found


def moodle(work):
    """Moodle's folders, with a system's own junk beside them."""
    found = {"__MACOSX/._x.pdf": b"x", ".DS_Store": b"x"}
    for place, files in work.items():
        first, last, _, _ = students()[place]
        folder = f"{first} {last}_{7000 + place}_assignsubmission_file_"
        found |= {f"{folder}/{file}": data for file, data in files}
    return found


def blackboard(work):
    """Blackboard's names, with a receipt for each attempt."""
    found = {}
    for place, files in work.items():
        _, _, number, _ = students()[place]
        head = f"Massive Air_{number}_attempt_2026-03-0{1 + place % 8}-10-00-00"
        found[f"{head}.txt"] = b"Name: somebody\nAssignment: Massive Air\n"
        found |= {f"{head}_{file}": data for file, data in files}
    return found


def teams(work):
    """The folders of Microsoft Teams; what a student handed in twice has two versions."""
    found = {}
    for place, files in work.items():
        first, last, _, _ = students()[place]
        folder = f"Submitted files/{first} {last}/Massive Air"
        found |= {f"{folder}/Version 2/{file}": data for file, data in files}
        found |= {f"{folder}/Version 1/{file}": data for file, data in files[:1]}
    return found


def classroom(work):
    """Google Classroom's Drive folder."""
    found = {"Thumbs.db": b"x"}
    for place, files in work.items():
        first, last, _, _ = students()[place]
        found |= {
            f"Massive Air/{first} {last} - Massive Air{f' ({at})' if at else ''}{Path(file).suffix}": data
            for at, (file, data) in enumerate(files)
        }
    return found


def schoology(work):
    """Schoology's folders."""
    found = {}
    for place, files in work.items():
        first, last, number, _ = students()[place]
        found |= {f"{last}, {first} - {number}/Revision 1/{file}": data for file, data in files}
    return found


SYSTEMS = {
    "canvas": canvas,
    "moodle": moodle,
    "blackboard": blackboard,
    "teams": teams,
    "classroom": classroom,
    "schoology": schoology,
}
