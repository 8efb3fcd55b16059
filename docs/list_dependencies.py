"""List what mssw is built on: the versions that were tested, each with its licence, and how it gets onto a computer.

    python docs/list_dependencies.py            write constraints.txt and docs/dependencies.md
    python docs/list_dependencies.py --check    say what this environment has that they do not, and end with 1

It reads the environment that it runs in, and needs no network. Run it where the tests passed, with the Dask extra.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PINS, PAGE = ROOT / "constraints.txt", ROOT / "docs" / "dependencies.md"

LICENCES = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
}
"""Trove classifiers as SPDX writes them."""

HEAD = """# Dependencies

<!-- Written by docs/list_dependencies.py where the tests passed. Run it again after an update. -->

What mssw installs, and what those need in turn. `constraints.txt` pins the same versions: with `pip install -c
constraints.txt mssw` you get what was tested. Every one has a licence that goes with AGPL-3.0-or-later.

## Bounds

`pyproject.toml` names a lowest version for each, the first that has what we use. It names a highest one only where a
newer version is known to break something: `pymupdf` (2.0 brings onnxruntime along and is slow to load), `typst` (its
language changes between minor versions, and with it our prints), `rapidocr` (its wheel carries the models that were
measured), `mypy` and `ruff` (their rules change, and warnings are errors). The tests would show what breaks in the
others, and `constraints.txt` pins them.

`python-pptx` had its last release in August 2024. It stays because we use little of it (one picture on each slide of a
blank file), the format is a standard, it is pure Python over packages that are needed anyway, and what it writes is
read again by code of our own before you get it.

## Known faults

Nothing here looks for security advisories by itself, and no test needs a network. On a computer that has one:

    pipx run pip-audit -r constraints.txt --disable-pip --no-deps

It sends names and versions of the packages below, nothing else. Without a network, look each of them up in a copy of
the [OSV database](https://osv.dev).

## Packages

"Pure" has no compiled part, and so runs wherever Python does. The compiled ones have wheels for Linux, macOS and
Windows.

| package | version | licence | kind | needed by |
|---|---|---|---|---|
"""


@dataclass
class Package:
    """A package of this environment.

    Attributes:
        dist: its metadata.
        needed_by: the packages that need it; ``mssw`` first.
    """

    dist: Distribution
    needed_by: list[str]

    @property
    def name(self) -> str:
        """As its makers write it."""
        return self.dist.metadata["Name"]

    @property
    def licence(self) -> str:
        """In SPDX's words where it has them.

        Raises:
            ValueError: it says nothing of a licence.
        """
        meta = self.dist.metadata
        if meta.get("License-Expression"):
            return meta["License-Expression"]
        classes = [line.rpartition(" :: ")[2] for line in meta.get_all("Classifier") or [] if "License ::" in line]
        found = sorted({LICENCES.get(one, one) for one in classes} - {"OSI Approved"})
        text = " and ".join(found) or (meta.get("License") or "").splitlines()[0:1]
        if not text:
            raise ValueError(f"{self.name} names no licence")
        return text if isinstance(text, str) else text[0]

    @property
    def is_pure(self) -> bool:
        """Whether it has no compiled part."""
        wheel = self.dist.read_text("WHEEL") or ""
        return bool(re.search(r"^Tag: .*-none-any$", wheel, re.MULTILINE))


def _needs(dist: Distribution, extras: set[str]) -> Iterator[Requirement]:
    for text in dist.requires or []:
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield need


def find_packages() -> list[Package]:
    """All that mssw needs, directly or through others, by name; and what its Dask extra needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo = [("mssw", Requirement(text)) for text in project["dependencies"]]
    todo += [("mssw[dask]", Requirement(text)) for text in project["optional-dependencies"]["dask"]]
    found: dict[str, Package] = {}
    while todo:
        by, need = todo.pop(0)
        name = canonicalize_name(need.name)
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or version of Python
        if name not in found:
            found[name] = Package(dist, [])
            todo += [(dist.metadata["Name"], one) for one in _needs(dist, set(need.extras))]
        if by not in found[name].needed_by:
            found[name].needed_by.append(by)
    return [found[name] for name in sorted(found)]


def pages(packages: list[Package]) -> dict[Path, str]:
    """What both files say."""
    pins = "# The versions that the tests passed with. Written by docs/list_dependencies.py.\n"
    pins += "".join(f"{one.name}=={one.dist.version}\n" for one in packages)
    rows = [
        f"| {one.name} | {one.dist.version} | {one.licence} | {'pure' if one.is_pure else 'compiled'} | "
        f"{', '.join(one.needed_by[:3])}{' …' if len(one.needed_by) > 3 else ''} |\n"  # noqa: PLR2004 - fits a line
        for one in packages
    ]
    return {PINS: pins, PAGE: HEAD + "".join(rows)}


def main() -> int:
    """Write both files, or check them; the exit code."""
    made = pages(find_packages())
    if "--check" in sys.argv[1:]:
        differ = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
        sys.stdout.write("".join(f"{name} is not what this environment has\n" for name in differ))
        return int(bool(differ))
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
