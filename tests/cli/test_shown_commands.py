"""Every command that help, docs and messages show is real, and can be pasted where a folder has an apostrophe.

Those of help and docs are run there, one after the other, on copies of a small class and of a made-up one. Some are
only parsed, for the reasons that ``ONLY_PARSED`` gives. Those of messages are found in the source and parsed;
so is each that a run prints.
"""

from __future__ import annotations

import ast
import io
import re
import shlex
import shutil
import sys
from contextlib import redirect_stdout

import pytest
from typer.main import get_command

from mssw.cli import app
from mssw.preparing.blank_task import READING_MEMORY
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.web import site
from mssw.workers import Crew, share_crew
from support.commands import mssw
from support.made_up_set import make_set
from support.prepared_class import state
from support.project import EXAMPLE, ROOT
from support.shown_commands import shown_commands

SOURCE = ROOT / "src" / "mssw"
COMMANDS = get_command(app).commands
ALIASES = ["Andoni", "Andrea", "Boaz", "Boris", "Clara", "Fumiko", "Kai", "Lior", "Onni", "Tomas"]
OF_A_CLASS = {"review", "key", "recall", "status", "audit"}  # these need pages and a class list
STUDENT = "Eduarda Alves"
ONLY_PARSED = {
    "prepare": "takes minutes; tests/preparing run it in each of these ways, and test_next_step in such a folder",
    "demo": "takes minutes; tests/demo run it",
    "batch": "takes minutes; tests/department run it",
    "start": "asks a person; tests/cli/test_start.py answers, in such a folder",
    "--terminal": "asks a person; tests/sorting and tests/record answer",
    "--editor": "opens an editor; tests/intro open one",
    "--lock": "asks for a password in a terminal; tests/exchange give one",
    "--encrypt": "the same; tests/keys give one",
    "--confirm": "needs text that a person typed; tests/packets confirm it",
    "destroy": "asks a person twice; tests/keys answer",
    "ask": "asks a person; tests/kit answer",
    "Onni": "the alias of an entry is drawn by chance; tests/exchange/test_entries.py removes one",
}
DRY = {"packet", "kit"}  # typesetting takes seconds, and is the same for each of them
FINE = {0, 1, 4, 5}  # done, findings, an earlier step is missing, or the file is there from the command before
QUOTED = re.compile(r"(quote_word|command_line)\(.*\)|.*\btyped|[A-Z_]+")
IN_A_MESSAGE = re.compile(r"`(mssw [^`]+)`|^Next:  (mssw .*?)   \(", re.MULTILINE)


def parsed(line):
    """The command that a line calls, and its words; options that it lacks are an error."""
    _, name, *words = shlex.split(line.split(" > ")[0].split(" < ")[0])
    assert name in COMMANDS, line
    called = COMMANDS[name]
    inner = next((word for word in words if word in getattr(called, "commands", {})), None)
    called = called.commands[inner] if inner else getattr(called, "commands", {}).get("show", called)
    options = {opt for param in called.params for opt in (*param.opts, *param.secondary_opts)}
    assert {word for word in words if word.startswith("-") and len(word) > 1} <= options | {"-"}, line
    return name, words


def test_every_command_of_the_docs_and_of_help_is_parsed():
    lines = [line for _, line in shown_commands()]

    assert len(lines) > 150
    for line in lines:
        parsed(line.replace("[", "").replace("]", ""))


# Messages -------------------------------------------------------------------------------------------------------------


def messages(path):
    """Each text of a module, with its line; a value in it is ``{its code}``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (
                part.value if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value).replace("`", "") + "}"
                for part in node.values
            )
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_command_in_a_message_is_real_and_its_paths_are_quoted(path):
    for number, text in messages(path):
        for command in re.findall(r"`(mssw [^`]+)`", text):
            values = re.findall(r"\{(.*?)\}", command)
            bare = [
                one for one in values if not re.fullmatch(r"(quote_word|command_line)\(.*\)|.*\btyped|[A-Z_]+", one)
            ]
            assert not bare, f"{path.name}:{number}: {command} would break at a space"
            parsed(re.sub(r"\{.*?\}", "x", command).replace("…", "x"))


# Help and docs, run in such a folder ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory, small_class):
    """A teacher's folder with what the examples name."""
    home = tmp_path_factory.mktemp("home") / "Ann's class 7b"
    home.mkdir()
    shutil.copytree(small_class, home / "my-class")
    for number, name in enumerate(("massive-air", "massive-air-5c", "class-5a", "class-5b", "class-6a")):
        workset = make_set(home / name, ALIASES, pages=1, noise=number)
        keep_sorting(workset, sorted_in(number))
        keep_sorting(workset, sorted_in(number + 1, "MR"))
    for name, source in (("class.csv", "roster.csv"), ("task.pdf", "task.pdf"), ("our-introduction.md", "intro.md")):
        shutil.copy(EXAMPLE / source, home / name)
    shutil.copy(EXAMPLE / "roster.csv", home / "class-now.csv")
    shutil.copy(home / "my-class" / "private" / "roster.xlsx", home / "class.xlsx")
    shutil.copy(home / "massive-air" / "shared" / "work" / "Boaz.pdf", home / "packet.pdf")
    assert mssw("record", home / "massive-air", "--sheet") == 0
    shutil.copy(home / "massive-air" / "shared" / "record.xlsx", home / "record-of-jo.xlsx")
    with redirect_stdout(io.StringIO()) as record:
        mssw("record", home / "massive-air", "--json")
    (home / "record-of-jo.json").write_text(record.getvalue(), encoding="utf-8")
    shutil.copytree(EXAMPLE, home / "examples" / "massive-air")
    (home / "staff.txt").write_text("M. Rivera\nJ. Okafor\n", encoding="utf-8")
    (home / "science.csv").write_text("code,text\n5-PS1-1,particles of gas\n", encoding="utf-8")
    return home


def sorted_in(number, by=""):
    """A sort into two piles, another one for each number."""
    piles = (Pile("takes up space"), Pile("weighs something"))
    levels = list(Level)
    placed = {
        alias: Placing(pile=piles[(place + number) % 2].name, level=levels[place % len(levels)])
        for place, alias in enumerate(ALIASES)
    }
    return Sorting(by=by, objective="that air has mass", piles=piles, works=placed)


def reason_to_skip(name, words):
    return next((why for what, why in ONLY_PARSED.items() if what in (name, *words)), None)


def as_run(name, words, aliases):
    """The words with the folders and aliases that are there."""
    of_a_class = name in OF_A_CLASS
    folder = "my-class" if of_a_class else "massive-air"
    typed = [re.sub(r"^(my-class|massive-air|sets/5b|department/sets(/5a)?)$", folder, word) for word in words]
    if of_a_class:
        known = dict(zip(ALIASES, [*aliases, *aliases, *aliases, *aliases], strict=False))
        typed = [word.replace("Maria Lopez", STUDENT) for word in typed]
        typed = [re.sub(r"^(\w+)(?=$|[:=])", lambda found: known.get(found[1], found[1]), word) for word in typed]
    if name in DRY and not {"--list", "--dry-run", "--write-times"}.intersection(typed):
        typed.append("--dry-run")
    return [name, *typed]


@pytest.fixture
def in_home(home, monkeypatch):
    """A terminal in that folder, in which nobody answers and no page is opened."""
    monkeypatch.chdir(home)
    monkeypatch.setattr(site, "serve", lambda *_, **__: False)
    monkeypatch.setattr(site, "serve_each", lambda sites, **_: [False for _ in sites])
    monkeypatch.setattr(sys, "stdin", io.StringIO())


@pytest.fixture
def workers_there(in_home):  # noqa: ARG001 - the folder is changed first
    """One worker for all commands, which is started in that folder as a command's own would be."""
    with Crew(1, READING_MEMORY) as crew, share_crew(crew):
        yield


@pytest.mark.pages
@pytest.mark.usefixtures("workers_there")
def test_what_help_and_docs_show_runs_in_a_folder_with_a_space_and_an_apostrophe(home, capsys):
    aliases = [one["alias"] for one in state(home / "my-class")["works"]]
    wrong, ran, printed = [], 0, []
    for line in dict.fromkeys(line for _, line in shown_commands()):
        name, words = parsed(line.replace("[", "").replace("]", ""))
        if reason_to_skip(name, words):
            continue
        code = mssw(*as_run(name, words, aliases))
        said = capsys.readouterr()
        ran += 1
        printed += [one for pair in IN_A_MESSAGE.findall(said.out + said.err) for one in pair if one]
        if code not in FINE:
            wrong.append((code, line, said.err[-200:]))
    assert not wrong, "\n".join(map(str, wrong))
    assert ran > 100
    for command in dict.fromkeys(printed):
        parsed(command)
