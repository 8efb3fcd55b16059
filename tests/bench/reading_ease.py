"""How easy the sentences of messages, help and prints are to read, in two versions of the project.

    python tests/bench/reading_ease.py [REVISION ...]

Flesch's reading ease: 206.835 - 1.015 words a sentence - 84.6 syllables a word (R. Flesch, Journal of Applied
Psychology 32, 1948). 60 to 70 is plain English. Syllables are groups of vowels, a silent e at the end not counted, so
compare versions of one text, not texts of two kinds. Values in f-strings count as one word of one syllable.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

LEAST_WORDS = 4  # shorter texts are labels
LONG = 20  # words of a sentence
NOT_READ = re.compile(r"`[^`]*`|https?://\S+|--[\w-]+|\{[^}]*\}|[\w./-]+\.(?:py|pdf|xlsx|toml|json|md)\b")


def list_texts(revision: str, kind: str) -> Iterator[str]:
    """The texts that people read, of a kind: ``messages`` or ``prints``."""
    folder, ending = ("src/mssw", ".py") if kind == "messages" else ("templates/print", ".toml")
    names = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", revision, folder], capture_output=True, text=True, check=True
    ).stdout.split()
    for name in names:
        if not name.endswith(ending) or "/es" in name:
            continue
        shown = ["git", "show", f"{revision}:{name}"]
        text = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
        if kind == "prints":
            yield from _strings(tomllib.loads(text))
        else:
            yield from _texts_of_python(text, is_command="/cli/" in name)


def _texts_of_python(source: str, *, is_command: bool) -> Iterator[str]:
    """The sentences of messages and help in a module: no docstring, but for those of commands."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    helps = [
        text.split("For example")[0]
        for node in tree.body
        if is_command and isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if (text := ast.get_docstring(node))
    ]
    yield from helps
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else "it" for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.value


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def count_syllables(word: str) -> int:
    """The syllables of a word, by its groups of vowels.

    >>> [count_syllables(word) for word in ("task", "people", "response", "example")]
    [1, 2, 2, 3]
    """
    plain = word.casefold()
    silent = re.search(r"[^aeiouyl]e$|[^aeiouydt]ed$", plain)
    return max(1, len(re.findall(r"[aeiouy]+", plain)) - bool(silent))


def measure(texts: Iterator[str]) -> str:
    """Sentences, words a sentence, share of long ones, and reading ease."""
    sentences = []
    for text in texts:
        plain = NOT_READ.sub("it", " ".join(text.split()))
        if not re.search(r"[.?!:]$", plain.rstrip("”\"' ")) or "\\" in plain:
            continue
        for sentence in re.split(r"(?<=[.?!;:])\s+", plain):
            words = re.findall(r"[A-Za-z][A-Za-z’'-]*", sentence)
            if len(words) >= LEAST_WORDS:
                sentences.append(words)
    words = [word for sentence in sentences for word in sentence]
    each = len(words) / len(sentences)
    ease = 206.835 - 1.015 * each - 84.6 * sum(map(count_syllables, words)) / len(words)
    long = sum(len(sentence) > LONG for sentence in sentences) / len(sentences)
    return (
        f"{len(sentences):5} sentences, {each:4.1f} words each, {long:4.0%} over {LONG} words, reading ease {ease:4.1f}"
    )


def main() -> None:
    """Print a line for each kind and version."""
    for revision in sys.argv[1:] or ["HEAD"]:
        for kind in ("messages", "prints"):
            print(f"{revision[:9]:9} {kind:8} {measure(list_texts(revision, kind))}")


if __name__ == "__main__":
    main()
