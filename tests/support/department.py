"""A department of small classes cut out of the example class, as a head of department has them in a folder."""

from __future__ import annotations

import shutil

import pikepdf

from mssw.department.plan import find_classes, plan_text
from support.prepared_class import ROSTER, TASK, cut

PAGES = {"5a": (5, 6, 9, 10), "5b": (11, 12, 15, 16), "5c": (17, 18, 19, 20)}


def make_department(folder, pages=PAGES):
    """A folder for each class with its stack in it; one task and one roster for all."""
    for name, numbers in pages.items():
        (folder / name).mkdir(parents=True)
        cut(folder / name / "stack.pdf", numbers)
    shutil.copy(TASK, folder / "task.pdf")
    shutil.copy(ROSTER, folder / "roster.csv")
    return folder


def plan_of(folder, *defaults):
    """A plan of it as `mssw batch --init` writes it, with further defaults; its aliases are the same each time."""
    found = find_classes(folder)
    text = plan_text(found).replace("[defaults]", "\n".join(["[defaults]", "seed = 7", *defaults]))
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder / "plan.toml"


def locked(place):
    """Lock a PDF with a password."""
    with pikepdf.open(place, allow_overwriting_input=True) as pdf:
        pdf.save(place, encryption=pikepdf.Encryption(owner="o", user="u"))
