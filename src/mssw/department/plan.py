"""A department's plan: its keys, how it is read, and how one is made from a folder of classes.

A key that is an option of a command is declared with that option, as ``plan_key`` (see ``core.option``); the others are
declared here.

TOML goes in, a ``Plan`` of checked options comes out; every mistake is reported at its line. Whether the files exist
is checked later, by ``plan_check``. In a folder, each class is a folder with its stack; task and roster are for all
classes or for each.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit
from natsort import natsorted

from mssw.core.option import as_it_is, options_of, read_text, read_texts
from mssw.errors import UnreadableError, UsageError
from mssw.formats.file_kinds import SCAN_ENDINGS
from mssw.formats.text_files import parse_toml, read_text_file
from mssw.packets.packet_options import PacketOptions
from mssw.preparing.prepare_options import PrepareOptions
from mssw.workset.settings import Settings, parse_setting

Reader = Callable[[object], Any]
"""Reads the value of a key. If it raises a ValueError, its text completes the sentence "KEY must be …"."""


def _of_set_toml(key: str, read: Reader = as_it_is) -> Reader:
    """The reader of a key that ``set.toml`` has too: as there, and then as the option needs it."""
    return lambda value: read(parse_setting(key, value))


def _readers(kind: type) -> dict[str, Reader]:
    """What reads the options of a dataclass, by their keys in a plan."""
    in_set_toml = {one.name for one in fields(Settings)} - {"task"}  # there, a file of the set itself
    found = {one.plan_key: one.read for one in options_of(kind).values() if one.plan_key}
    return {key: _of_set_toml(key, read) if key in in_set_toml else read for key, read in found.items()}


SETTINGS = (
    "title",
    "grade",
    "presenting_teachers",
    "session",
    "date",
    "subject",
    "school",
    "time",
    "purpose",
    "paper",
    "english",
    "language",
    "labels",
    "attention",
)
OF_ONE_CLASS = ("section", "codes", "same_aliases_as")  # they differ from class to class, so there is no default
PREPARE = _readers(PrepareOptions)
OF_DEFAULTS: Mapping[str, Reader] = {
    **{key: read for key, read in PREPARE.items() if key not in OF_ONE_CLASS},
    **{key: _of_set_toml(key) for key in SETTINGS},
}
OF_CLASS: Mapping[str, Reader] = {
    "stack": read_texts,
    "fronts": read_text,
    "backs": read_text,
    **{key: PREPARE[key] for key in OF_ONE_CLASS},
    "into": read_text,
    **OF_DEFAULTS,
}
PACKET: Mapping[str, Reader] = {**_readers(PacketOptions), "words": partial(read_texts, what="a word")}
OF_PLAN: Mapping[str, Reader] = {"sets": read_text, "report": read_text}


PLAN = "plan.toml"
SETS, REPORT = "sets", "report.xlsx"
NO_FOLDER = re.compile(r'[/\\:*?"<>|\x00-\x1f]|^\.|[. ]$|^$')  # what no folder may be called on all three systems
OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # what Windows calls its devices
CURLY = re.compile("[“”„‘’]")
CONTROL = re.compile(r"[\x00-\x1f]")
PATHS = ("stack", "fronts", "backs", "task", "roster", "also", "into", "sets", "report")
PATH_ADVICE = "in double quotes, a backslash means something else; write C:/scans or use single quotes: 'C:\\scans'"


@dataclass(frozen=True)
class ClassPlan:
    """One class of the plan.

    Attributes:
        name: as the plan has it.
        into: folder of its work set.
        stacks: its scans, each a path or a pattern.
        options: how it is prepared; its stacks and its section are settled when the plan is checked.
        packet: how its packet is printed; None if the plan asks for none.
        words: those in its texts that are names of students too, and mean the word.
        places: where in the plan each of its keys is written, in words; the key ``""`` is the class itself.
        defaults: keys that it only has because the plan's defaults have them.
    """

    name: str
    into: Path
    stacks: tuple[Path, ...]
    options: PrepareOptions
    packet: PacketOptions | None
    places: Mapping[str, str] = field(repr=False)
    defaults: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def place(self, key: str) -> str:
        """Where in the plan the key of the class, or its default, is written."""
        return self.places.get(key) or self.places[""]


@dataclass(frozen=True)
class Plan:
    """All classes, and where the report goes.

    Attributes:
        path: of the plan, or of the folder that it was made of.
        classes: in the plan's order.
        report: the workbook to write.
    """

    path: Path
    classes: tuple[ClassPlan, ...]
    report: Path


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        UnreadableError: it cannot be read, or is not TOML.
        UsageError: with all of its mistakes, each at its line.
    """
    text = read_text_file(path, "check the file's name and folder.")
    slips, mended = _mend_slips(path.name, text)
    lines = _line_numbers(text)
    try:
        document = parse_toml(mended if slips else text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableError(_explain_syntax(path, slips, error)) from None
    try:
        return parse_plan(path, document, lambda table, key: _place_in_plan(path.name, lines, table, key), slips)
    except UsageError as error:
        if slips:  # as it is written it is no TOML
            raise UnreadableError(str(error)) from None
        raise


def _mend_slips(name: str, text: str) -> tuple[list[str], str]:
    """Find what makes a plan no TOML and is meant plainly: each at its line, and the text as it is meant.

    Then all else that is wrong can be listed with it. A plan that is TOML has no slips.
    """
    if not _is_no_toml(text):
        return [], text
    found, lines = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        why, meant = _mend_line(line)
        lines.append(meant)
        if why:
            found.append(f"{name}, line {number}: {why}")
    return found, "\n".join(lines)


def _mend_line(line: str) -> tuple[str, str]:
    """Why a line is no TOML, empty where it is none of the usual slips; and the line as it is meant."""
    code = re.sub(r"\s#.*$", "", line)
    key, _, value = code.partition("=")
    outside = re.sub(r"\"[^\"]*\"|'[^']*'", "", code)
    if CURLY.search(outside):
        return "these quotes are curly; type straight ones: \" or '", CURLY.sub("'", code)
    if any(_is_no_toml(f"a = {one}") for one in re.findall(r'"[^"]*\\[^"]*"', code)):
        return PATH_ADVICE, code.replace('"', "'")
    if re.search(r"\b(?:True|False|TRUE|FALSE)\b", outside):
        return "write true and false in small letters", f"{key}={value.lower()}"
    if value.strip().casefold() in {"yes", "no", "on", "off"}:
        meant = "true" if value.strip().casefold() in {"yes", "on"} else "false"
        return f"write true or false, not {value.strip()}", f"{key}= {meant}"
    return "", line


def _explain_syntax(path: Path, slips: Sequence[str], error: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a plan that is no TOML, also with its usual slips mended."""
    if not slips:
        return f"{path}: {str(error)[:1].lower()}{str(error)[1:]}; please correct it."
    return _list_mistakes(path, slips)


def _list_mistakes(path: Path, found: Sequence[str]) -> str:
    many = "a mistake" if len(found) == 1 else f"{len(found)} mistakes"
    return f"{path} has {many}, so nothing was started:\n  " + "\n  ".join(found)


def _is_no_toml(text: str) -> bool:
    try:
        parse_toml(text)
    except tomllib.TOMLDecodeError:
        return True
    return False


def parse_plan(
    path: Path, document: Mapping[str, Any], place: Callable[[str, str], str], slips: Sequence[str] = ()
) -> Plan:
    """The plan in a document.

    Args:
        path: of the plan; what it names lies beside it. Or the folder that it was made of.
        document: as TOML has it.
        place: where a table's key is written, in words.
        slips: what was wrong with its text already, each with its line.

    Raises:
        UsageError: with all of its mistakes.
    """
    reader = _Reader(path if path.is_dir() else path.parent, place, slips)
    plan = reader.plan(path, document)
    if reader.problems:
        raise UsageError(_list_mistakes(path, reader.problems))
    return plan


class _Reader:
    """Reads tables and collects what is wrong with them."""

    def __init__(self, folder: Path, place: Callable[[str, str], str], slips: Sequence[str]) -> None:
        self.folder, self.place = folder, place
        self.problems = list(slips)

    def plan(self, path: Path, document: Mapping[str, Any]) -> Plan:
        """The whole document."""
        whole = self.table("", document, OF_PLAN, ("defaults", "class"))
        defaults = document.get("defaults", {})
        tables = document.get("class", {})
        if not isinstance(defaults, dict) or not isinstance(tables, dict) or not tables:
            self.problems.append("it has no classes: each class needs its own table, as in [class.5a]")
            return Plan(path, (), self.folder)
        common = self.table("defaults", defaults, OF_DEFAULTS, ("packet",))
        sets = self.folder / whole.get("sets", SETS)
        classes = [self.one(name, table, common, defaults, sets) for name, table in tables.items()]
        self._check_apart(classes)
        if self.problems:  # then no input is looked at later, so what is missing is listed now
            self._list_missing(classes)
        intos = {one.name: one.into for one in classes}
        classes = [replace(one, options=self._with_neighbours(one, intos)) for one in classes]
        classes = [replace(one, options=self._with_same_aliases(one, intos)) for one in classes]
        self._refuse_circles(classes)
        return Plan(path, tuple(classes), self.folder / whole["report"] if "report" in whole else sets / REPORT)

    def table(
        self,
        name: str,
        table: Mapping[str, Any],
        readers: Mapping[str, Reader],
        more: Sequence[str] = (),
    ) -> dict[str, Any]:
        """The values of a table."""
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key in more:
                continue
            if key not in readers:
                near = get_close_matches(key, [*readers, *more], 1)
                hint = f"did you mean {near[0]}?" if near else f"you can use {', '.join([*readers, *more])}"
                self.problems.append(f"{self.place(name, key)}: {key} does not belong here; {hint}")
                continue
            if key in PATHS and any(isinstance(one, str) and CONTROL.search(one) for one in _each(value)):
                self.problems.append(f"{self.place(name, key)}: {PATH_ADVICE}")
                continue
            try:
                found[key] = readers[key](value)
            except ValueError as error:
                self.problems.append(f"{self.place(name, key)}: {key} must be {error}")
        return found

    def one(
        self, name: str, table: object, common: Mapping[str, Any], defaults: Mapping[str, Any], sets: Path
    ) -> ClassPlan:
        """One class."""
        where = f"class.{name}"
        here = self.place(where, "")
        if not isinstance(table, dict):
            self.problems.append(f"{here}: {name} must be a table, as in [class.{name}]")
            table = {"stack": "-"}
        if OF_WINDOWS.fullmatch(name.strip()):
            self.problems.append(f"{here}: Windows keeps the name {name} for itself; call the class something else")
        elif NO_FOLDER.search(name):
            self.problems.append(f"{here}: the name of a class is also its folder's name; use letters and digits")
        own = self.table(where, table, OF_CLASS, ("packet",))
        sides = tuple(own[key] for key in ("fronts", "backs") if key in own)
        if len(sides) == 1 or bool(sides) == ("stack" in table):
            self.problems.append(f"{here}: {name} needs a stack, or fronts and backs")
        value = {**common, **own}
        places = {key: self.place("defaults", key) for key in common} | {key: self.place(where, key) for key in own}
        given = tuple(self.folder / text for text in (sides or own.get("stack", ())))
        into = self.folder / own["into"] if "into" in own else sets / name
        packet, words = self._packet(name, table, defaults)
        options = self._options(value, fronts_backs=bool(sides))
        by_default = frozenset(set(common) - set(own))
        return ClassPlan(name, into, given, options, packet, {"": here, **places}, by_default, words)

    def _options(self, value: Mapping[str, Any], *, fronts_backs: bool) -> PrepareOptions:
        given = _by_field(PrepareOptions, value)
        paths = {name: self.folder / path for name, path in given.items() if isinstance(path, Path)}
        settings = {key: value[key] for key in SETTINGS if key in value}
        return PrepareOptions(**given | paths, fronts_backs=fronts_backs, settings=settings)

    def _with_neighbours(self, one: ClassPlan, intos: Mapping[str, Path]) -> PrepareOptions:
        """The options with the folders of other sets that may have coded sheets in the stack; a class means its set."""
        folders = tuple(intos.get(str(named), self.folder / named) for named in one.options.codes)
        for named, folder in zip(one.options.codes, folders, strict=True):
            if folder not in intos.values() and not folder.is_dir():
                near = get_close_matches(str(named), intos, 1)
                hint = f"did you mean {near[0]}?" if near else f"the plan's classes are {', '.join(intos)}"
                self.problems.append(
                    f"{one.place('codes')}: {named} is neither a class nor the folder of a set; {hint}"
                )
        return replace(one.options, codes=folders)

    def _with_same_aliases(self, one: ClassPlan, intos: Mapping[str, Path]) -> PrepareOptions:
        """The options with the folder of the set whose aliases students keep; a class means its set."""
        given = one.options.same_aliases_as
        if given is None:
            return one.options
        named = str(given.relative_to(self.folder)) if given.is_relative_to(self.folder) else str(given)
        folder = intos.get(named, given)
        if folder not in intos.values() and not folder.is_dir():
            near = get_close_matches(named, intos, 1)
            hint = f"did you mean {near[0]}?" if near else f"the plan's classes are {', '.join(intos)}"
            self.problems.append(
                f"{one.place('same_aliases_as')}: {named} is neither a class nor the folder of a set; {hint}"
            )
        return replace(one.options, same_aliases_as=folder)

    def _refuse_circles(self, classes: Sequence[ClassPlan]) -> None:
        """No class may wait for its own aliases, straight or by way of others."""
        after = {one.into: one.options.same_aliases_as for one in classes}
        for one in classes:
            folder, seen = after[one.into], 0
            while folder is not None and folder != one.into and seen < len(after):
                folder, seen = after.get(folder), seen + 1
            if folder == one.into:
                self.problems.append(
                    f"{one.place('same_aliases_as')}: {one.name} would take its aliases from itself; name the class "
                    "that was first"
                )

    def _packet(
        self, name: str, table: Mapping[str, Any], defaults: Mapping[str, Any]
    ) -> tuple[PacketOptions | None, tuple[str, ...]]:
        """How the packet is printed, with the class's own keys over the defaults', and what is meant as a word."""
        values: dict[str, Any] = {}
        for where, one in (("defaults", defaults.get("packet")), (f"class.{name}", table.get("packet"))):
            if one is False:
                values = {}
            elif isinstance(one, dict):
                values |= {"copies": 1} | values | self.table(f"{where}.packet", one, PACKET)
            elif one is not None:
                self.problems.append(f"{self.place(where, 'packet')}: packet must be like {{ copies = 8 }}, or false")
        words = tuple(values.pop("words", ()))
        return PacketOptions(**_by_field(PacketOptions, values)) if values else None, words

    def _check_apart(self, classes: Sequence[ClassPlan]) -> None:
        """No two classes may go into one folder, nor one into another's."""
        folders = [(one, Path(str(one.into.resolve()).casefold())) for one in classes]
        for number, (one, folder) in enumerate(folders):
            for other, place in folders[:number]:
                if folder == place:
                    self.problems.append(f"{one.place('into')}: {one.name} would use the folder of {other.name}")
                    break
                if folder.is_relative_to(place) or place.is_relative_to(folder):
                    self.problems.append(
                        f"{one.place('into')}: the folder of {one.name} or {other.name} is inside the other one"
                    )
                    break

    def _list_missing(self, classes: Sequence[ClassPlan]) -> None:
        """List the files that are not there, each once where several classes share it."""
        for one in classes:
            key = "fronts" if one.options.fronts_backs else "stack"
            given = [(key, path) for path in one.stacks if not re.search(r"[*?\[]", path.name)]
            shared = (("task", one.options.task), ("roster", one.options.roster), ("also", one.options.also))
            for name, path in (*given, *shared):
                missing = f"{one.place(name)}: {path} is not there; check the name and the folder"
                if path is not None and not path.exists() and missing not in self.problems:
                    self.problems.append(missing)


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _by_field(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """The options among a plan's values, by the names of their fields."""
    return {name: values[one.plan_key] for name, one in options_of(kind).items() if one.plan_key in values}


def _place_in_plan(file: str, lines: Mapping[tuple[str, str], int], table: str, key: str) -> str:
    owner = table.removesuffix(".packet")
    line = lines.get((table, key)) or lines.get((table, "")) or lines.get((owner, "packet"))
    name = owner.removeprefix("class.")
    return ", ".join([file, *([f"line {line}"] if line else [])]) + (f" ({name})" if name else "")


def _line_numbers(text: str) -> dict[tuple[str, str], int]:
    """The line of each table and of each key in it."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$", line):
            table = ".".join(part.strip().strip("\"'") for part in header[1].split(".", 1))
            found.setdefault((table, ""), number)
        elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]", line):
            found.setdefault((table, key[1]), number)
    return found


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
        raise UnreadableError(f"{folder} is not a folder; give the folder that has a folder for each class.")
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
            f"{folder} has no classes: each class needs its own folder with its scan, as in {folder.name}/5a/stack.pdf."
        )
    return found


def _find_class(folder: Path, at: str) -> dict[str, Any] | None:
    """The keys of a class from its folder; None if it has no stack."""
    stacks = _files_called(folder, STACK, {*SCAN_ENDINGS, ".zip"})
    fronts, backs = _files_called(folder, FRONTS, SCAN_ENDINGS), _files_called(folder, BACKS, SCAN_ENDINGS)
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
    for key, names, kinds in (("task", TASK, SCAN_ENDINGS), ("roster", ROSTER, ROSTERS), ("also", ALSO, {".txt"})):
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
        lines += ["", "# Not used, and why:", *(f"#   {one}" for one in found.left)]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _line(key: str, value: object) -> str:
    return f"{key} = {tomlkit.item(value).as_string()}"


HEAD = f"""\
# A plan for `mssw batch`: many classes in one run. File names start from the folder of this file.
# Try it with `mssw batch {PLAN} --dry-run`, which checks everything and writes nothing.

# The folder for the work sets, one for each class, and the report. A class can have its own with `into`.
# sets = "{SETS}"
# report = "{SETS}/report.xlsx"

# Settings for all classes. A class can have the same settings, which then replace these.
[defaults]
"""

_DEFAULTS = {
    "task": "The blank task, as a PDF or an image.",
    "roster": (
        "The class list. If one list has all the classes, it is split by its column of classes (Section, Class,\n"
        'Home Room …). If a class there has a different name than here, add for example section = "Math 5A".'
    ),
    "also": "More names to look for in what students wrote, one per line.",
    "pages_per_student": "Without a blank task: how many pages each student handed in.",
    "cover": 'Names in the answers: "sure" covers the sure ones and flags the likely ones, "likely" covers both.',
    "presenting_teachers": "The presenting teachers. You can also set title, grade, session, date and paper here.",
    "packet": (
        "Also make a packet for each class. As with `mssw packet`, it is not made if responses are on hold or nobody\n"
        "has checked them. To make it anyway, add without_held = true or unreviewed = true."
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
# The classes: each is a table with its stack (a file, a list of files, or a pattern like "5a/stack*.pdf"), or with
# fronts and backs that were scanned separately. Classes with coded sheets can share a stack: add it to each class,
# with the names of the other classes, as in codes = ["5b", "5c"]."""
