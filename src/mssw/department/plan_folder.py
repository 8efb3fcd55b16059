"""Makes a plan from a folder: each class is a folder with its stack; task and roster are for all or for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from natsort import natsorted

from mssw.department.plan import PLAN, SETS, Plan, parse_plan, read_plan
from mssw.errors import UnreadableError
from mssw.preparing.inputs import SCANS

ROSTERS = {".csv", ".xlsx", ".xlsm", ".tsv", ".txt"}
STACK, FRONTS, BACKS, TASK, ROSTER, ALSO = (
    ("stack", "scan"),
    ("fronts", "front"),
    ("backs", "back"),
    ("task", "blank"),
    ("roster", "class-list", "class_list", "classlist", "class list"),
    ("also",),
)


@dataclass
class FoundClass:
    """What a folder holds.

    Attributes:
        defaults: what all classes share.
        classes: what each class has, by name.
        left: folders and files that are not used, and why.
    """

    defaults: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def find_plan(path: Path) -> Plan:
    """The plan in a file; of a folder its ``plan.toml``, or else what the folder itself says.

    Raises:
        UnreadableError: there is none.
        UsageError: it has mistakes.
    """
    if not path.is_dir():
        return read_plan(path)
    if (path / PLAN).is_file():
        return read_plan(path / PLAN)
    found = find_classes(path)
    document = {"defaults": found.defaults, "class": found.classes}
    return parse_plan(path, document, lambda table, _: f"{path.name}/{table.removeprefix('class.')}")


def find_classes(folder: Path) -> FoundClass:
    """What classes a folder holds.

    Raises:
        UnreadableError: none.
    """
    if not folder.is_dir():
        raise UnreadableError(f"{folder} is not a folder; give the one that holds a folder for each class.")
    found = FoundClass(_find_shared_files(folder, ""))
    for inner in _sorted_naturally(path for path in folder.iterdir() if path.is_dir()):
        if inner.name == SETS or inner.name.startswith("."):
            continue
        own = _find_class(inner, f"{inner.name}/")
        if own is None:
            found.left.append(f"{inner.name}: no file in it is called stack…, as in {inner.name}/stack.pdf")
        else:
            found.classes[inner.name] = own
    if not found.classes:
        raise UnreadableError(
            f"{folder} holds no class: each needs a folder of its own with its scan in it, as in "
            f"{folder.name}/5a/stack.pdf."
        )
    return found


def _find_class(folder: Path, at: str) -> dict[str, Any] | None:
    """The keys of a class from its folder; None if it has no stack."""
    stacks = _files_called(folder, STACK, SCANS)
    fronts, backs = _files_called(folder, FRONTS, SCANS), _files_called(folder, BACKS, SCANS)
    if stacks:
        kinds = dict.fromkeys(path.suffix for path in stacks)
        plain = len(stacks) > 1 and len(kinds) == 1 and all(path.name.startswith("stack") for path in stacks)
        own: dict[str, Any] = {"stack": f"{at}stack*{stacks[0].suffix}" if plain else _file_names(stacks, at)}
    elif len(fronts) == len(backs) == 1:
        own = {"fronts": at + fronts[0].name, "backs": at + backs[0].name}
    else:
        return None
    return own | _find_shared_files(folder, at)


def _find_shared_files(folder: Path, at: str) -> dict[str, str]:
    """Task, roster and further words of a folder."""
    found = {}
    for key, names, kinds in (("task", TASK, SCANS), ("roster", ROSTER, ROSTERS), ("also", ALSO, {".txt"})):
        files = _files_called(folder, names, kinds)
        if files:
            found[key] = at + files[0].name
    return found


def _files_called(folder: Path, names: Sequence[str], kinds: Iterable[str]) -> list[Path]:
    """The files whose name begins with one of the names."""
    files = [path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in kinds]
    return _sorted_naturally(path for path in files if path.name.casefold().startswith(tuple(names)))


def _sorted_naturally(paths: Iterable[Path]) -> list[Path]:
    return natsorted(paths, key=lambda path: (path.name.casefold(), path.name))


def _file_names(paths: Sequence[Path], at: str) -> str | list[str]:
    texts = [at + path.name for path in paths]
    return texts[0] if len(texts) == 1 else texts


def plan_text(found: FoundClass) -> str:
    """A ``plan.toml`` of what a folder holds, with comments that say what else may stand there."""
    lines = [HEAD]
    for key, comment in _DEFAULTS.items():
        lines += [f"# {line}" for line in comment.split("\n")]
        lines += [_line(key, found.defaults[key]) if key in found.defaults else f"# {_EXAMPLES[key]}", ""]
    lines += [CLASSES]
    for name, own in found.classes.items():
        lines += ["", f"[class.{_key(name)}]", *(_line(key, value) for key, value in own.items())]
    if found.left:
        lines += ["", "# Of these nothing was made:", *(f"#   {one}" for one in found.left)]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _line(key: str, value: object) -> str:
    return f"{key} = {tomlkit.item(value).as_string()}"


HEAD = f"""\
# A plan for `mssw batch`: many classes in one run. Files are named from the folder of this file.
# Try it with `mssw batch {PLAN} --dry-run`, which checks everything and writes nothing.

# The folder for the work sets, one for each class, and the report. A class may have its own with `into`.
# sets = "{SETS}"
# report = "{SETS}/report.xlsx"

# What holds for all classes. Whatever stands here may stand in a class too, and then holds there.
[defaults]
"""

_DEFAULTS = {
    "task": "The blank task, as a PDF or a picture.",
    "roster": (
        "The class list. One for all is taken apart by its column of classes (Section, Class, Home Room …),\n"
        'where a class of it is like the name of yours; else say which: section = "Math 5A".'
    ),
    "also": "Further names to look for in what students wrote, one a line.",
    "pages_per_student": "Where there is no blank task: the pages that each student handed in.",
    "cover": 'Names in the answers: "sure" covers the sure ones and flags the likely ones, "likely" covers both.',
    "presenting_teachers": "Who brings the work; title, grade, session, date and paper may be said likewise.",
    "packet": (
        "Print a packet of each class as well. As with `mssw packet`, works that nobody has looked at or that are\n"
        "held stop it, unless you say unreviewed = true or without_held = true."
    ),
}
_EXAMPLES = {
    "task": 'task = "task.pdf"',
    "roster": 'roster = "roster.csv"',
    "also": 'also = "also.txt"',
    "pages_per_student": "pages_per_student = 2",
    "cover": 'cover = "sure"',
    "presenting_teachers": 'presenting_teachers = ["A. Teacher"]',
    "packet": "packet = { copies = 8, all = true }",
}
CLASSES = """\
# The classes: each a table with its stack (a file, a list of files, or a pattern like "5a/stack*.pdf"), or with
# fronts and backs that were scanned apart. Classes on coded sheets may share a stack: give it to each of them, and to
# each the others' names, as in codes = ["5b", "5c"]."""
