"""How often typed prose is asked about: the docs, the kits' words, and classes of common names that nobody in them has.

    python tests/bench/typed_text.py [--classes 20] [--show]

Prints how many words were searched, and how many were asked about for each class of 28.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from faker import Faker

from mssw.names.student import Student
from mssw.names.typed_names import TypedNames

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"```.*?```|`[^`]*`|^\|.*$", re.DOTALL | re.MULTILINE)


def texts() -> Iterator[str]:
    """Paragraphs of the docs without code and tables, and each text of the templates."""
    for path in (
        ROOT / "README.md",
        *sorted((ROOT / "docs").glob("*.md")),
        *sorted((ROOT / "docs/guides").glob("*.md")),
    ):
        yield from re.split(r"\n\s*\n", CODE.sub(" x ", path.read_text(encoding="utf-8")))
    for path in sorted((ROOT / "templates").glob("**/*.toml")):
        yield from texts_of(tomllib.loads(path.read_text(encoding="utf-8")))


def texts_of(value: object) -> Iterator[str]:
    """Every text of a TOML file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def main() -> None:
    """Reads the options, searches, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classes", type=int, default=20)
    parser.add_argument("--show", action="store_true", help="each word that was asked about, and how often")
    args = parser.parse_args()
    people, prose, asked = Faker("en_US"), [text for text in texts() if text.strip()], Counter()
    people.seed_instance(1)
    for _ in range(args.classes):
        names = TypedNames([Student(people.first_name(), people.last_name()) for _ in range(28)])
        asked.update(one.word for text in prose for one in names.find(text))
    words = sum(len(text.split()) for text in prose)
    print(f"{words} words in {len(prose)} texts; {sum(asked.values()) / args.classes:.2f} asked about for each class")
    if args.show:
        for word, count in asked.most_common():
            print(f"{count:5}  {word}")


if __name__ == "__main__":
    main()
