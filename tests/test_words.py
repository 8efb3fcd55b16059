"""The words that people read: plain English, the field's own terms, and no sentence that runs out of breath.

Looked at are the help of every command, every message in the code, the templates for print, and the pages of the docs.
Options, file names and keys of JSON keep their names: what stands in backticks or begins with ``--`` is left out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.command_table import COMMANDS
from support.project import ROOT

MOST_WORDS = 30
FEWEST_WORDS = 4  # fewer are a heading, a key or a piece of code

# Each with what to write instead.
LISTED = {
    r"\b(?:\d+|the|all|these|no|some|few|of|which|every|other|more|many|student|X) works\b": "responses, samples",
    r"\b(?:a|an|one|each|every|another|no|which|the one|other) work\b(?! set)": "a response, student work",
    r"\bheld\b": "on hold",
    r"\b(?:is|are|be) told\b": "is listed, you see",
    r"\btold (?:by|at|as)\b": "listed",
    r"\bwhose\b": "which student's",
    r"\bstands? (?:in|on|there|under|at|where|here)\b": "is in, is on",
    r"\bthe way there\b": "before the task",
    r"\bwhat you hold\b": "contents",
    r"\bon the table\b": "what to bring",
    r"\bbrought by\b": "presenting teacher",
    r"\bwho(?:ever)? (?:brings|brought)\b": "presenting teacher",
    r"\b(?:the|a) presenter\b": "the presenting teacher",
    r"\bwithout fear\b": "it is safe to",
    r"\b(?:a|the) split\b|\bwhat (?:the two|you .*) split\b": "a difference",
    r"\bput (?:it )?right\b": "fix",
    r"\bby chance\b": "random",
    r"\bshall\b": "will",
    r"\bno child\b": "no student",
    r"\ba line each\b|\bone a line\b": "one per line",
}
# What stood in each of 25 sentences over which teachers stumbled. None may come back, however its lines are broken.
STUMBLES = (
    "a machine covered the names",
    "whoever brought the work",
    "number yourselves once",
    "with as few meeting twice",
    "works to talk about",
    "agree beyond chance",
    "by how much is written",
    "most typical of the",
    "the one thing that is not there yet",
    "no label for a student",
    "not a child's",
    "with an answer as full as we can give it",
    "no guess at what it means",
    "who hears one asks",
    "let yourself be moved",
    "hold against a new idea",
    "tell it nothing",
    "is a form without an agenda",
    "tells what you noticed",
    "a thought on",
    "left blank on purpose",
    "what it is good for",
    "first what stands",
    "its name field is empty",
    "stand elsewhere",
    "the code stands on nothing",
    "at 89% of its size",
    "no mistake of either",
    "all who present in session",
    "take another session",
    "it is the very file",
    "passed its audit. each work",
    "what is not sure",
    "without fear",
    "goes on where it was",
    "pile and level is seen",
    "rare thinking is kept",
    "say otherwise",
    "also in the middle of a sentence",
    "to their next places",
    "minutes shall come from",
    "lay aside",
    "takes no part",
)
# Files that other people word, or that quote what was said before.
QUOTED = ("_FIRST_NOTES", "first_heading", "_PATTERNS")
PATTERN = re.compile(r"\(\?|\[\^|\\[bwds]|\)\?")  # a regular expression and no message
CODE = sorted((ROOT / "src" / "mssw").rglob("*.py"))
PRINTS = sorted(path for kind in ("*.j2", "*.typ", "*.toml") for path in (ROOT / "templates" / "print").rglob(kind))
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in {"architecture.md", "library.md"})
PAGES += [ROOT / "README.md", ROOT / "templates" / "print" / "README.md"]


def without_names(text: str) -> str:
    """The text without what keeps its name: code in backticks, options, and file names."""
    return re.sub(r"`[^`]*`|--[\w-]+|[\w/-]+\.(?:json|toml|md|pdf|xlsx|csv)\b", "X", text)


def find_listed(text: str) -> list[str]:
    plain = without_names(text)
    return [
        f"“{found[0]}” (say: {better})"
        for word, better in LISTED.items()
        for found in re.finditer(word, plain, re.IGNORECASE)
    ]


def long_sentences(text: str) -> list[str]:
    """The sentences that have too many words; the lines of a list or an example are sentences of their own."""
    sentences = re.split(r"(?<=[.?!:])[\s”)]+|\n\s*\n|\n\s{2,}", without_names(text))
    return [one for one in sentences if len(re.findall(r"[\w’'“”-]+", one)) > MOST_WORDS]


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """Every text of a module that people may read, with its line. A value that is put in counts as one word."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(one) for node in ast.walk(tree) for one in not_read(node)}
    for node in ast.walk(tree):
        text = "" if id(node) in silent else text_of(node)
        is_sentence = len(text.split()) >= FEWEST_WORDS and re.search("[.,;:?!]", text)
        if is_sentence and not PATTERN.search(text) and "<?x" not in text:
            yield getattr(node, "lineno", 0), text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "X" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def not_read(node: ast.AST) -> list[ast.AST]:
    """What is no message of its own: docstrings, the parts of a text with values in it, and quotes."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [one.value for one in node.body if isinstance(one, ast.Expr)]
    if isinstance(node, ast.JoinedStr):
        return [one for one in ast.walk(node) if one is not node]
    if isinstance(node, ast.Assign | ast.AnnAssign):
        names = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(name, ast.Name) and name.id in QUOTED for name in names):
            return list(ast.walk(node))
    return []


def help_of(command: Any) -> str:
    texts = [command.help or "", *(getattr(param, "help", "") or "" for param in command.params)]
    return "\n\n".join(texts)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_uses_the_fields_words_in_short_sentences(name: str) -> None:
    text, _, _ = help_of(COMMANDS[name]).partition("\b")

    assert find_listed(text) + long_sentences(text) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT / "src" / "mssw").as_posix())
def test_messages_use_the_fields_words_in_short_sentences(path: Path) -> None:
    found = [
        f"{path.name}:{line}: {fault}"
        for line, text in messages(path)
        for fault in find_listed(text) + long_sentences(text)
    ]

    assert found == []


@pytest.mark.parametrize("path", PRINTS, ids=lambda path: path.name)
def test_prints_use_the_fields_words(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)

    assert [
        f"{number}: {one}"
        for number, line in lines
        if not line.startswith(("#let ", "//"))
        for one in find_listed(re.sub(r"^\w+ = ", "", line) if path.suffix == ".toml" else line)
    ] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_docs_use_the_fields_words(path: Path) -> None:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    words = ((number, line) for number, line in lines if not line.startswith(">>> "))

    assert [f"{number}: {one}" for number, line in words for one in find_listed(line)] == []


def test_no_sentence_over_which_teachers_stumbled_came_back() -> None:
    scripts = (ROOT / "templates" / "web").rglob("*.js")
    pages = [*(ROOT / "templates" / "web").rglob("*.j2"), *scripts, *PRINTS, *PAGES, ROOT / "CHANGELOG.md"]
    said = {path.as_posix(): path.read_text(encoding="utf-8") for path in pages}
    said |= {path.as_posix(): re.sub(r'"\s+f?"', "", path.read_text(encoding="utf-8")) for path in CODE}  # one sentence
    said |= {f"mssw {name}": help_of(COMMANDS[name]) for name in COMMANDS}

    plain = {where: " ".join(text.lower().replace("\u2019", "'").split()) for where, text in said.items()}

    assert [(where, stumble) for where, text in plain.items() for stumble in STUMBLES if stumble in text] == []


@pytest.mark.parametrize(
    "text", ["All 12 works are printed.", "2 works are held.", "It is told by cell.", "Say whose it is.", "a " * 31]
)
def test_what_is_wrong_is_found_it_is_for(text: str) -> None:
    assert find_listed(text) + long_sentences(text)


@pytest.mark.parametrize(
    "text", ["Print with `--without-held`.", "The copier works.", "It is on hold.", "Its work set."]
)
def test_the_test_of_words_leaves_plain_sentences_alone(text: str) -> None:
    assert find_listed(text) + long_sentences(text) == []
