"""The commands that the documentation shows. The reference among it repeats the examples of each ``--help``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from support.project import ROOT

PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "templates").rglob("*.md"))
)


def name_of(path: Path) -> str:
    """A page's path in the project."""
    return path.relative_to(ROOT).as_posix()


def shown_commands() -> Iterator[tuple[str, str]]:
    """Lines of code blocks that begin with mssw, with the lines that they go on in, and the page that each is on."""
    for page in PAGES:
        text = re.sub(
            r"^  (?=```|mssw )", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        )  # a block inside of a list
        blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        blocks += re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)
        for line in (line for block in blocks for line in block.replace("\\\n", " ").splitlines()):
            words = line.split(" #")[0].strip().removeprefix("$ ")
            if words.startswith("mssw ") and not words.startswith("mssw -"):
                yield name_of(page), words
