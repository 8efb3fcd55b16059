"""Submissions of a download: which pages are one student's, and what the names of their files say of the writer.

In: the stack with its submissions, the class list, and what was read on the pages. Out: responses, the student whom
each file's name means, and what to do where that is another than the one on the page. A file's name is evidence beside
the name on the page. It never decides alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mssw.core.response import Leaf, Response, list_faults, list_twice
from mssw.names.student import Roster
from mssw.preparing.download_names import find_writer
from mssw.vision.assignment import MARGIN, OPEN, combine_pages, find_clear_student
from mssw.workset.stack import Stack
from mssw.workset.state import Sighting

Costs = NDArray[np.float64]

EARLIER = "the student handed in a later attempt, and that one is taken"
OTHER_FILE = "the name on its pages is one student's and the name of its file is another's: which student is it?"
FILE_ALONE = "only the name of its file says who wrote it: say so with --assign"
NO_NAME_PAGE = "page {pages} of the task, which asks for the name, is not among its files"
NOT_IN_TEXT = "no name was found in its text, so it is not sure where its writer is named"
SUPPORT = 2 * MARGIN  # cost a letter that the name of a file takes off that student's cost


def group_by_submission(leaves: Sequence[Leaf], expected: Sequence[int], naming: Sequence[int]) -> list[Response]:
    """Group pages by the submission that they are part of. Students may hand in more pages than others, or fewer.

    Args:
        leaves: the pages in the order of the stack.
        expected: the task's pages; none if there is no task.
        naming: those of the task's pages that ask for a name.
    """
    places = {number: place for place, number in enumerate(expected)}
    responses = []
    for _, document in groupby(leaves, key=lambda leaf: leaf.document):
        group = sorted(document, key=lambda leaf: places.get(leaf.task_page or 0, len(places)))
        numbers = {leaf.task_page for leaf in group}
        on_task = bool(numbers - {None})
        lost = [number for number in naming if on_task and not numbers & set(naming)]
        missing = (NO_NAME_PAGE.format(pages=" or ".join(map(str, lost))),) if lost else ()
        reasons = (*missing, *list_twice(group), *list_faults(group))
        responses.append(Response(tuple(leaf.id for leaf in group), reasons))
    return responses


def find_file_writers(stack: Stack, roster: Roster | None) -> dict[str, int]:
    """Find the students whom the names of files mean: by file, the place in the roster.

    Files that tell nobody are left out, and so are those of two submissions that name the same student.
    """
    if roster is None:
        return {}
    by_submission = {file.submission: find_writer(file.student, roster) for file in stack.files if file.submission}
    times = Counter(by_submission.values())
    found = {file.name: by_submission.get(file.submission) for file in stack.files}
    return {name: writer for name, writer in found.items() if writer is not None and times[writer] == 1}


def find_file_writer(pages: Sequence[Sighting], writers: Mapping[str, int]) -> int | None:
    """Find the one student whom the names of the files of these pages mean; None where they tell nobody, or two."""
    found = {writers.get(page.page.source) for page in pages}
    return found.pop() if len(found) == 1 else None


def contradicts(pages: Costs, writer: int | None) -> bool:
    """Whether pages clearly name another student than the name of their file does.

    Args:
        pages: (pages, students), cost a letter.
        writer: the student whom the file's name means; None where it tells nobody.
    """
    if writer is None or not len(pages):
        return False
    return any(find_clear_student(row) not in {None, writer} for row in (*pages, combine_pages(pages)))


def support(row: Costs, writer: int | None) -> Costs:
    """Add what the name of a file says to what was read: the student whom both may mean costs less.

    Args:
        row: (students,), cost per letter.
        writer: the student whom the file's name means; None where it tells nobody.
    """
    if writer is None or row[writer] >= OPEN:
        return row
    cheaper = min(SUPPORT, float(row[writer]))
    supported = row + (SUPPORT - cheaper)  # a cost is never below 0, so the rest of the discount is added to all others
    supported[writer] = row[writer] - cheaper
    return supported
