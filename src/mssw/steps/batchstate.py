"""What is done already: a class that stands as an earlier run left it, of the same plan, is not done again."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mssw import __version__
from mssw.errors import MsswError
from mssw.steps.batchrow import Row
from mssw.steps.ingest import files_of
from mssw.steps.plan import ClassPlan
from mssw.workset.folder import WorkSet, read_json
from mssw.workset.stack import sha256
from mssw.workset.state import recipe_of


def remembered_row(workset: WorkSet, one: ClassPlan, refused: frozenset[str]) -> Row | None:
    """The row that an earlier run gave the class, where neither its plan, nor its files, nor its set changed since.

    Args:
        workset: the class's set.
        one: the class as the plan has it, its stacks and its section settled.
        refused: aliases that may not be given.
    """
    last = last_row(workset)
    with suppress(MsswError, KeyError, TypeError, OSError):  # a file is gone: the class is done again
        if last is not None and read_json(workset.batch)["standing"] == standing(workset, one, refused):
            return last
    return None


def last_row(workset: WorkSet) -> Row | None:
    """The row that an earlier run gave the class, whatever was done with it since; None where that cannot be told."""
    with suppress(MsswError, KeyError, TypeError, ValueError):
        return Row.from_json(read_json(workset.batch)["row"])
    return None


def standing(workset: WorkSet, one: ClassPlan, refused: frozenset[str]) -> str:
    """A hash of all that the class's outcome depends on, and of the outcome.

    Raises:
        UnreadableError: a file cannot be read.
    """
    options = one.options
    given = files_of(options.stacks) if options.stacks else []
    given += [path for path in (options.task, options.roster, options.also) if path is not None]
    words = vars(replace(options, stacks=(), task=None, roster=None, also=None, workers=None, refused=None))
    said = sorted((key, value) for key, value in words.items() if key != "run_pages")
    return recipe_of(
        __version__,
        [(path.name, sha256(path)) for path in given],
        said,
        one.packet,
        sorted(refused),
        _hashes(workset),
    )


def _hashes(workset: WorkSet) -> list[tuple[str, str]]:
    """Everything that a person may have edited or decided, and everything that is shared."""
    own = [workset.settings, workset.intro, workset.key, workset.decisions, workset.also, workset.state]
    files = [*own, *(path for path in workset.shared.rglob("*") if path.is_file())]
    files += [workset.roster, workset.matches, workset.samples, workset.sheets]
    return [(_name(workset, path), _hash(path)) for path in sorted(set(files)) if path.is_file()]


def _name(workset: WorkSet, path: Path) -> str:
    return path.relative_to(workset.root).as_posix()


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
