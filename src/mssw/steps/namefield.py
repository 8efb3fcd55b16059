"""A person shows where the name stands, once for the whole task."""

from __future__ import annotations

from mssw.core.decision import Decisions, Everywhere
from mssw.core.page import Box
from mssw.errors import UsageError
from mssw.steps.blank import read_blank
from mssw.steps.decided import keep_decisions, read_decisions
from mssw.steps.deciding import WAITS
from mssw.steps.ingest import kept_task
from mssw.steps.lookover import seen_now
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import read_settings, updated


def show_name_field(workset: WorkSet, page_id: str, box: Box) -> tuple[str, ...]:
    """What ``prepare`` is to take for the name fields now that a person showed one.

    The fields of other pages stay. A student's number, which is no name but is covered too, stays covered on every
    page as a place of its own.

    Args:
        workset: the set.
        page_id: the page on which it was shown.
        box: where.

    Raises:
        UsageError: the page lies on no page of a blank task.
    """
    with workset.locked(seconds=WAITS):
        task_page = seen_now(workset, Decisions()).pages.get(page_id, {}).get("task_page")
        given = kept_task(workset, None)
        if task_page is None or given is None:
            raise UsageError("this page lies on no page of the blank task, so no place on it is one on all pages.")
        settings, sheets = read_settings(workset.settings), read_sheets(workset)
        fields = read_blank(workset, given, settings.fields, settings.labels, sheets.printed if sheets else ()).fields
        numbers = [Everywhere(field.task_page, field.box) for field in fields if not field.holds_name]
        if numbers:
            decisions = read_decisions(workset)
            keep_decisions(workset, decisions.with_everywhere((*decisions.everywhere, *numbers)))
    kept = [(field.task_page, field.box) for field in fields if field.holds_name and field.task_page != task_page]
    return tuple(
        f"{page}:{','.join(f'{number:.5f}' for number in place.numbers)}" for page, place in (*kept, (task_page, box))
    )


def name_fields_as_before(workset: WorkSet, fields: tuple[str, ...]) -> None:
    """Write into ``set.toml`` which name fields were given by hand before; none lets them be found again."""
    with workset.locked(seconds=WAITS):
        text = updated(workset.settings.read_text(encoding="utf-8"), fields=fields)
        write_bytes(workset.settings, text.encode(), private=False)
        read_settings(workset.settings)
