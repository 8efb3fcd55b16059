"""Options that would change nothing are refused, so that nobody relies on one in vain.

In: the options of ``prepare``, and the set as it is. Out: nothing, or one sentence that says what to do instead. What
``set.toml`` says stays there for the day when it has an effect; only what is asked for now is looked at.
"""

from __future__ import annotations

from mssw.errors import UsageError
from mssw.preparing.prepare_options import PrepareOptions
from mssw.vision.common_print import FEWEST
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet
from mssw.workset.stack import Stack, read_stack

NO_BLANK_FOR_FIELD = "--field says where names are written on the blank task, and there is none"


def refuse_idle_options(workset: WorkSet, options: PrepareOptions, *, has_task: bool) -> None:
    """Refuse options that have no effect together with the others, or on that set. No file of the inputs is opened.

    Args:
        workset: the set; it may not be there yet.
        options: what is asked for.
        has_task: whether there is a blank task, given now or kept in the set.

    Raises:
        UsageError: one has no effect.
    """
    if options.columns and options.roster is None:
        raise UsageError("--columns says how the class list is read; give the list too, with --roster.")
    if options.sheet and options.roster is None:
        raise UsageError("--sheet says which sheet of the class list is read; give it with --roster.")
    if options.section and options.roster is None:
        raise UsageError("section says which class of a list is meant; give the list too, as roster.")
    if options.pages_per_student is not None and has_task:
        raise UsageError(
            "--pages-per-student is for a class without a blank task, and the task tells how many pages there are; "
            "leave one of the two out."
        )
    if options.task_is_blank and not has_task:
        raise UsageError("--task-is-blank is about the blank task, and there is none; give it with --task.")
    _refuse_idle_backs(workset, options)


def _refuse_idle_backs(workset: WorkSet, options: PrepareOptions) -> None:
    """Refuse an order of the backs where they are not scanned apart, or where codes tell which sides belong together.

    Raises:
        UsageError: it has no effect.
    """
    if options.backs.are_reversed is None:
        return
    apart = options.fronts_backs if options.stacks else read_stack(workset).fronts_backs
    if not apart:
        raise UsageError(
            "--backs sets the order in which backs were scanned, but this stack was not scanned as "
            "fronts and backs. Give the two scans with --fronts-backs FRONTS BACKS, or leave out --backs."
        )
    if read_sheets(workset) is not None:
        raise UsageError("the codes on the sheets tell which sides belong together; leave --backs out.")


def refuse_fields_without_blank(options: PrepareOptions, stack: Stack, pages_each: int | None) -> None:
    """Refuse fields for a class that has no blank task, and too few responses to make one of its own.

    Args:
        options: with the fields.
        stack: the pages that will be looked at.
        pages_each: pages a student; None where each has a file and nobody said how many pages.

    Raises:
        UsageError: the fields would have no effect.
    """
    if not options.fields:
        return
    if pages_each is None or sum(file.pages for file in stack.files) // pages_each < FEWEST:
        raise UsageError(
            f"{NO_BLANK_FOR_FIELD}, nor the {FEWEST} responses from which mssw works one out; give the blank task with "
            "--task, or leave --field out."
        )
