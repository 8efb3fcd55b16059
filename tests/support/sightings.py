"""Pages as they were found on a stack, to be grouped into responses."""

from __future__ import annotations

import pytest

from mssw.core.decision import Decisions
from mssw.core.page import Box, Page, Tone
from mssw.preparing.blank_task import BlankTask
from mssw.preparing.grouping import group_pages
from mssw.preparing.inputs import Inputs
from mssw.vision.name_field import NameField
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings
from mssw.workset.sightings import Sighting

FIELD = NameField(1, Box(0.1, 0.05, 0.4, 0.05), "Name", "text", 0.95)


NOTHING = Decisions()


def sighting(number, task_page=1, **more):
    """A page of the stack that was found, with something written on it, unless said otherwise."""
    page = Page(f"s01-p{number:04d}", "stack.pdf", number, (1275, 1650), 150.0, Tone.GREY, f"hash {number}", task_page)
    known = {"image": f"s01-p{number:04d}.jpg", "ink": 900.0, "written": 300.0, "score": 1.0}
    return Sighting(page, "recipe", **({"way": "recipe"} | known | more))


def group(workset, seen, task, pages_each, decisions, **more):
    """Group the pages of a class of which only that is known."""
    settings = Settings(pages_per_student=pages_each)
    return group_pages(Inputs(workset, settings, task=task, decisions=decisions, **more), seen)


@pytest.fixture
def workset(tmp_path):
    return WorkSet(tmp_path)


@pytest.fixture
def task(tmp_path):
    return BlankTask(tmp_path, ((612.0, 792.0),) * 2, (FIELD,), (), "known")


def fates(grouping):
    return [str(page.page.fate) for page in grouping.pages]
