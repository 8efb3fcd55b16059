"""Write ``docs/reference`` from the code, so that it says what this version does.

    python docs/generate.py            write the pages
    python docs/generate.py --check    say which pages differ, and end with 1 where one does

Commands and options come from the Typer app, settings and plan keys from what reads them, JSON shapes from the
published schemas, files from ``WorkSet``. Where the code holds a name only, its meaning is a line in a table here, and
a name without a line is an error.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from typer.main import get_command

import mssw.api
from mssw.cli import app
from mssw.cli.schema import VERSIONS, schema_of
from mssw.department import plan
from mssw.department.plan import FoundClass, plan_text
from mssw.errors import ExitCode
from mssw.kit.print_kit import list_kits
from mssw.roster.key_table import HEADER
from mssw.workset.folder import WorkSet
from mssw.workset.settings import Settings, parse_setting, settings_text

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the code. Change the code, then run it again. -->\n"

EXIT_CODES = {
    ExitCode.DONE: "Done.",
    ExitCode.FINDINGS: (
        "Done, and there is something to look at: responses are on hold; the audit or the roster check found "
        "something; a student's name is in what you wrote; or there are too many piles to choose from."
    ),
    ExitCode.USAGE: "The command makes no sense as given.",
    ExitCode.UNREADABLE: "A file cannot be read or written.",
    ExitCode.STEP_MISSING: "An earlier step is missing.",
    ExitCode.WOULD_OVERWRITE: "It would overwrite something, or another command is at work in the set.",
    ExitCode.BUG: "A mistake in mssw. The message is fit to be reported: it names no student.",
    ExitCode.INTERRUPTED: "You stopped it. Run the same command again to go on.",
}

FILES = {
    "settings": "What the set is: title, grade, paper and more. Yours to edit; see [set.toml](set-toml.md).",
    "intro": "The introduction for colleagues. Yours to edit, by hand or with `mssw intro`.",
    "stack": "The scans as you gave them, under their own hash.",
    "task_given": "The blank task as you gave it.",
    "roster": "The class list: names and numbers only.",
    "pages": "Each page as scanned, laid upright, with a note of what was found on it.",
    "reading": "What was read on each page, so that a second run need not read again.",
    "also": "Further names to look for (`--also`).",
    "refused": "Names that no alias may be like: those of other classes in the same plan.",
    "batch": "What `mssw batch` last did with this class.",
    "sheets": "Which code belongs to which student, for coded sheets. Keep it: nothing else knows.",
    "sheets_to_print": "The coded sheets to print.",
    "key": f"The key: {', '.join(HEADER)}.",
    "matches": "How well each name that was read fits each student.",
    "decisions": "Your decisions in `mssw review`.",
    "place": "The page that you last looked at in `mssw review`.",
    "review_sheets": "All pages to look at on paper (`mssw review --paper`). It shows names.",
    "sorts": "One file for each teacher's sort.",
    "sort_memory": "The order that was drawn for sorting, and which sort sheets were written.",
    "choice": "Which samples were chosen, and why.",
    "choice_card": "Why these samples, on a page for you alone.",
    "transcripts": "What responses say, typed: `ALIAS.md` for each (`mssw transcripts`). The packet prints them.",
    "questions": "Where the questions are on the task, as you chose in `mssw present`.",
    "checklist": "The presenting teacher's checklist.",
    "speaking_card": "The presenting teacher's card to speak from when the task is introduced.",
    "print_slip": "How to print the packet: sheets, staples, minutes.",
    "record_history": "How the record came about, and claims that colleagues write alone until all are done.",
    "slips": "Slips for students with their names and next steps (`mssw slips`).",
    "words": "Which words of what you typed are words, although students are called so.",
    "on_covers": "Which colleagues' names are on the covers of the packet.",
    "handed_out": "What was printed, shared or shown: day, copies and receivers, for `mssw recall`.",
    "received": "Only in a set from another teacher: which zip it came in.",
    "entries": "Student work by reference: a video, a portfolio. Where it is kept may name a student.",
    "state": "Every page and response, with what became of it and why.",
    "work": "One PDF for each response, named after its alias: names covered, the alias on each page.",
    "task": "The blank task.",
    "contact_sheet": "All responses by their answers, at a size that can be read.",
    "sort_sheet": "The sheet to sort on (`mssw sort --sheet`).",
    "sort_cards": "Cards to cut out and a form (`mssw sort --cards`).",
    "samples": "The chosen samples with your piles and levels. Keep it back until colleagues have judged.",
    "record": "What the team recorded, by alias only (`mssw record`). It stays when the key is destroyed.",
    "record_sheet": "The record as a workbook to fill in (`mssw record --sheet`).",
    "record_print": "The record to print (`mssw record --print`).",
    "record_reading": "The record for a screen or a screen reader (PDF/UA-1).",
    "packet": "The packet to print. There may also be `packet-NAME.pdf`, `packet-a4.pdf`, and files to print by hand.",
    "manifest": "Every file in `shared/` with its hash, as it passed the audit, and the version of mssw.",
}
FOLDERS = {"root", "private", "shared"}
MORE_FILES = {  # that a work set has no name for
    "shared/packet-reading.pdf": "The packet for a screen or a screen reader (PDF/UA-1).",
    "private/bled/": "What was seen on pages through which the other side of their sheet shows.",
    "private/blank.json": "How a blank task was worked out from the pages of the class.",
    "private/made-up.txt": "Only in a ready set: it says that no student wrote the responses.",
    "private/places.json": "Where the class writes its names without being asked.",
    "private/read-again.json": "Where names in answers were read only once the page was covered.",
    "private/through.json": "Where names show through from the other side of a sheet.",
    "private/work/": "What became of each response, so that a second run does only what has changed.",
    "private/sort-sheets/": "Sort sheets as you typed them, before they were written anew.",
    "../private/ledger.json": (
        "Beside the set: which students were chosen lately, as keyed hashes without names or aliases. `ledger.key` is "
        "the hashes' key."
    ),
}

PLAN_KEYS = {
    "sets": "The folder for the work sets, one for each class.",
    "report": "The workbook with a row for each class.",
    "fronts": "Instead of `stack`: the scan of all fronts.",
    "backs": "Instead of `stack`: the scan of all backs.",
    "backs_order": "The order in which the backs were scanned.",
    "section": "Which class of a list of many classes this one is.",
    "codes": "The other classes with coded sheets in this stack.",
    "into": "The class's own folder, instead of the one in `sets`.",
    "stack": "The scans: a file, a list of files, or a pattern.",
    "all": "Print every response, however many there are.",
    "two_sided": "Print both sides.",
    "words": "Words in the title, the introduction and so on that are students' names too, and mean the word.",
}
OPTION_OF = {"fields": "field"}


def main() -> int:
    """Write the pages, or check them."""
    check = "--check" in sys.argv[1:]
    differ = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        differ.append(name)
        if not check:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    for name in differ:
        print(f"docs/reference/{name} {'differs: run python docs/generate.py' if check else 'written'}")
    return int(check and bool(differ))


def pages() -> dict[str, str]:
    """The text of each page by its file name."""
    made: dict[str, Callable[[], Iterable[str]]] = {
        "commands.md": _commands,
        "set-toml.md": _settings,
        "plan-toml.md": _plan,
        "files.md": _files,
        "json.md": _schemas,
        "exit-codes.md": _exit_codes,
        "library.md": _library,
        "kits.md": _kits,
    }
    return {name: NOTE + "\n" + "\n".join(lines()).rstrip() + "\n" for name, lines in made.items()}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [list(head), ["---"] * len(head), *map(list, rows)]
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in cells] + [""]


def _commands() -> Iterable[str]:
    yield "# Commands\n"
    yield "`mssw COMMAND --help` shows the same in the terminal. Every command also takes `--quiet` and `--log FILE`.\n"
    commands = [(_as_typed(name, command), command) for name, command in _each(get_command(app))]
    yield from (f"- [`mssw {name}`](#{_anchor(name)}): {_summary(command)}" for name, command in commands)
    yield ""
    for name, command in commands:
        yield f"## mssw {name}\n"
        yield _as_markdown(inspect.cleandoc(command.help or ""))
        yield ""
        yield from _table(("argument or option", "meaning"), (_parameter(param) for param in command.params))


def _each(group: Any, before: str = "") -> Iterable[tuple[str, Any]]:
    """Every command that can be typed, those inside of groups among them, as (name, command)."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _each(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _as_typed(name: str, command: Any) -> str:
    """A group may show something without the word: ``mssw key my-class``, as its own examples have it."""
    return name if f"mssw {name}" in (command.help or "") else name.removesuffix(" show")


def _anchor(name: str) -> str:
    return f"mssw-{name}".replace(" ", "-")


def _summary(command: Any) -> str:
    return " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())


def _as_markdown(text: str) -> str:
    """A help text: its examples stay code, and what would be read as HTML stays text."""
    lines = [line for line in text.splitlines() if line.strip() != "\b"]
    fenced: list[str] = []
    for line in lines:
        is_code, was_code = line.startswith("    "), bool(fenced) and fenced[-1].startswith("    ")
        if is_code and not was_code and fenced and fenced[-1]:
            fenced.append("")
        fenced.append(line)
    return "\n".join(fenced)


def _parameter(param: Any) -> tuple[str, str]:
    typed = " / ".join(", ".join(f"`{opt}`" for opt in opts) for opts in (param.opts, param.secondary_opts) if opts)
    if param.param_type_name == "argument":
        typed = f"`{param.metavar or param.name.upper()}`"
    elif param.metavar:
        typed += f" `{param.metavar}`"
    elif choices := _choices(param):
        typed += f" {', '.join(f'`{one}`' for one in choices)}"
    words = " ".join((getattr(param, "help", "") or "").split())
    if param.required and param.param_type_name != "argument":
        words += " Required."
    elif isinstance(shown := getattr(param, "show_default", None), str):
        words += f" Default: {shown}."
    elif shown and not getattr(param, "is_flag", False) and param.default not in (None, "", ()):
        words += f" Default: {_choice(param.default)}."
    return typed, words


def _choices(param: Any) -> list[str]:
    """What may be given, where that is a fixed list: Typer's newer and older releases keep it in different places."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [_choice(one) for one in kind]
    return [_choice(one) for one in getattr(getattr(param, "type", None), "choices", ())]


def _choice(value: object) -> str:
    return str(getattr(value, "value", value))


def _must_be(read: Callable[[object], Any]) -> str:
    """What a value has to be, in the words of the error that a wrong one gets."""
    try:
        read(object())
    except ValueError as error:
        return str(error).partition(', like "Massive')[0]
    return ""


def _comments() -> dict[str, str]:
    """What a new ``set.toml`` says of each key, above its line."""
    found, words = {}, []
    for line in settings_text(Settings()).splitlines():
        key = re.match(r"(?:# )?(\w+) = ", line)
        if key:
            found[key[1]] = " ".join(words)
        words = [*words, line.removeprefix("# ")] if line.startswith("# ") and not key else []
    return found


def _settings() -> Iterable[str]:
    yield "# set.toml\n"
    yield "`set.toml` says what a work set is. Edit it by hand as you like; your comments stay. Name no student in it."
    yield "Keys that mssw does not know are left alone; where one looks like a misspelling, you see a note.\n"
    yield "A new one has every key, with what it is for:\n"
    yield f"```toml\n{settings_text(Settings()).rstrip()}\n```\n"
    yield "What each key takes:\n"
    rows = ((f"`{one.name}`", _must_be(partial(parse_setting, one.name))) for one in dataclasses.fields(Settings))
    yield from _table(("key", "must be"), rows)


def _plan() -> Iterable[str]:
    yield "# plan.toml\n"
    yield "The plan of `mssw batch`: many classes in one run. Files are named from the folder of the plan."
    yield "`mssw batch --init FOLDER` writes one from what the folder holds.\n"
    yield "## The whole plan\n"
    yield from _table(("key", "meaning", "must be"), _plan_rows(plan.OF_PLAN))
    yield "## `[defaults]`, and each `[class.NAME]`\n"
    yield "A key in a class counts more than the same key in `[defaults]`.\n"
    yield from _table(("key", "meaning", "must be"), _plan_rows(plan.OF_DEFAULTS))
    yield "## Each `[class.NAME]` only\n"
    yield from _table(
        ("key", "meaning", "must be"), _plan_rows({k: v for k, v in plan.OF_CLASS.items() if k not in plan.OF_DEFAULTS})
    )
    yield "## `packet = { … }`, in `[defaults]` or a class\n"
    yield "`packet = false` prints none for that class.\n"
    yield from _table(("key", "meaning", "must be"), _plan_rows(plan.PACKET))
    yield "A new plan, for a folder with two classes, one task and one class list, looks like this:\n"
    found = FoundClass(
        {"task": "task.pdf", "roster": "roster.csv"},
        {"5a": {"stack": "5a/stack.pdf"}, "5b": {"stack": "5b/stack*.pdf", "roster": "5b/roster.xlsx"}},
    )
    yield f"```toml\n{plan_text(found).rstrip()}\n```"


def _plan_rows(readers: Mapping[str, Callable[[object], Any]]) -> Iterable[Sequence[str]]:
    options = {
        param.name: " ".join((param.help or "").split())
        for name in ("packet", "prepare")
        for param in get_command(app).commands[name].params  # type: ignore[attr-defined]
    }
    settings = _comments()
    for key, read in readers.items():
        words = PLAN_KEYS.get(key) or options.get(OPTION_OF.get(key, key)) or settings[key]
        yield f"`{key}`", f"{words[0].upper()}{words[1:]}", _must_be(read)


def _files() -> Iterable[str]:
    yield "# Files of a work set\n"
    yield "One folder for one class and one task. `private/` is for you alone."
    yield "**Hand on `shared/`, never the whole folder.**\n"
    places = {name: place for name, place in vars(WorkSet(Path())).items() if isinstance(place, Path)}
    if gone := set(FILES) - set(places):
        raise KeyError(f"no such files in a work set any more: {sorted(gone)}")
    files = {
        place.as_posix() + ("" if place.suffix else "/"): FILES[name]
        for name, place in places.items()
        if name not in FOLDERS
    } | MORE_FILES
    titles = {"private": "private/", "shared": "shared/", "..": "Beside the set", "": "Yours to edit"}
    for folder, title in titles.items():
        own = [name for name in sorted(files) if (name.partition("/")[0] if "/" in name else "") == folder]
        yield f"## {title}\n"
        yield from _table(("file", "what it is"), ((f"`{name}`", files[name]) for name in own))


def _schemas() -> Iterable[str]:
    yield "# JSON reports\n"
    yield "With `--json` a command gives its report on standard output. Each report says its shape as"
    yield '`"schema": "mssw.NAME/VERSION"`; the number grows when anything in the shape changes. `mssw schema NAME`'
    yield "prints the whole JSON Schema.\n"
    for name in VERSIONS:
        schema = schema_of(name)
        yield f"## mssw.{name}/{VERSIONS[name]}\n"
        yield f"{schema.get('description', '')}\n"
        properties = {key: value for key, value in schema.get("properties", {}).items() if key != "schema"}
        if properties:
            yield from _table(
                ("key", "type", "meaning"),
                ((f"`{key}`", _type(value), str(value.get("description", ""))) for key, value in properties.items()),
            )


def _type(value: Mapping[str, Any]) -> str:
    if "enum" in value:
        return "one of " + ", ".join(f"`{one}`" for one in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    for key in ("anyOf", "oneOf"):
        if key in value:
            return " or ".join(dict.fromkeys(_type(one) for one in value[key]))
    kind = value.get("type", "any")
    if kind == "array" and "items" in value:
        return f"array of {_type(value['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _exit_codes() -> Iterable[str]:
    yield "# Exit codes\n"
    yield "An error is one sentence: what is wrong, where, and what to do. No error or log names a student.\n"
    yield from _table(("code", "name", "meaning"), ((str(int(one)), one.name, EXIT_CODES[one]) for one in ExitCode))


def _library() -> Iterable[str]:
    yield "# Library\n"
    yield "From Python: `from mssw import prepare, packet, audit`. Each function does what the command of its"
    yield "name does. What is expected to go wrong is an `MsswError`: its text is the command's own sentence,"
    yield "its `code` the exit code.\n"
    for name in mssw.api.__all__:
        function = getattr(mssw.api, name)
        yield f"## mssw.{name}\n"
        yield f"```python\n{_signature(name, function)}\n```\n"
        yield f"```text\n{inspect.getdoc(function)}\n```\n"


def _signature(name: str, function: Callable[..., Any]) -> str:
    """A function's signature with a line for each parameter, and its annotations as they were written."""
    signature = inspect.signature(function)
    lines, keyword_only = [], False
    for param in signature.parameters.values():
        if param.kind is param.KEYWORD_ONLY and not keyword_only:
            lines.append("    *,")
            keyword_only = True
        default = "" if param.default is param.empty else f" = {param.default!r}"
        lines.append(f"    {param.name}: {param.annotation}{default},")
    return f"{name}(\n" + "\n".join(lines) + f"\n) -> {signature.return_annotation}"


def _kits() -> Iterable[str]:
    yield "# Session kits\n"
    yield "`mssw kit NAME` prints one. The words are in `templates/print/kits`; a school can change them.\n"
    rows = ((f"`{one.name}`", one.title, one.purpose, str(one.minutes or "–")) for one in list_kits())
    yield from _table(("kit", "title", "purpose", "minutes"), rows)


if __name__ == "__main__":
    sys.exit(main())
