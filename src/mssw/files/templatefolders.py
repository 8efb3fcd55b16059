"""Where a template is looked for: in a school's own folder first, then among ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jinja2
from jinja2.loaders import split_template_path

from mssw.errors import UnreadableError
from mssw.files.fonts import fonts_folder, templates_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OURS = "ours/"  # before a name: our template, though the school has one of that name
TEMPLATE = ".j2"
_FETCHED = re.compile(r'"@[\w-]+/[^"]*"')


def print_templates() -> Path:
    """The folder of our templates for print."""
    return templates_folder() / "print"


@dataclass(frozen=True, slots=True)
class TemplateFolders:
    """Our folder, and one that goes before it.

    Attributes:
        ours: the folder that has every template.
        first: a folder whose files take the place of ours of the same name; None where there is none.
    """

    ours: Path
    first: Path | None = None

    def find(self, name: str) -> Path | None:
        """The file of that name, which may hold forward slashes; None where neither folder has it."""
        ours = name.startswith(OURS)
        parts = split_template_path(name.removeprefix(OURS))
        for folder in (self.ours,) if ours or self.first is None else (self.first, self.ours):
            path = folder.joinpath(*parts)
            if path.is_file():
                return path
        return None

    def named(self, path: Path) -> str:
        """How a sentence calls a template: a school's own by its path, which it can open, ours by its name."""
        return path.name if self.first is None or path.is_relative_to(self.ours) else str(path)

    @property
    def root(self) -> Path:
        """The folder that Typst reads from; what only ours has is laid into it by ``laid_in``."""
        return self.first or self.ours

    def laid_in(self) -> dict[str, bytes]:
        """Our Typst files that the first folder does not replace, by name. Nothing on the disk is touched."""
        if self.first is None:
            return {}
        names = (path.relative_to(self.ours) for path in self.ours.rglob("*") if path.is_file())
        return {
            name.as_posix(): (self.ours / name).read_bytes()
            for name in names
            if name.suffix != TEMPLATE and not (self.first / name).is_file()
        }

    def font_folders(self) -> list[str]:
        """Our fonts, and those in a ``fonts`` folder of the school's own."""
        own = self.first / "fonts" if self.first else None
        return [str(fonts_folder()), *([str(own)] if own and own.is_dir() else [])]

    def fetches(self) -> tuple[Path, int, str] | None:
        """The first line of the school's own files that asks for a package from the net: file, line, what it asks."""
        for path in sorted(self.first.rglob("*.typ*")) if self.first else ():
            if path.is_file():
                for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                    found = _FETCHED.search(line)
                    if found and "import" in line.partition(found[0])[0]:
                        return path, number, found[0]
        return None


class FolderLoader(jinja2.BaseLoader):
    """Jinja2's way to the templates; it remembers which files took part, so that a fault can be traced to one."""

    def __init__(self, folders: TemplateFolders) -> None:
        self._folders = folders
        self.used: list[Path] = []

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """The text of a template, and its path.

        Raises:
            TemplateNotFound: neither folder has it.
            UnreadableError: it is not UTF-8 text.
        """
        del environment
        path = self._folders.find(template)
        if path is None:
            raise jinja2.TemplateNotFound(template)
        self.used.append(path)
        try:
            return path.read_text(encoding="utf-8-sig"), str(path), None
        except UnicodeDecodeError:
            raise UnreadableError(
                f"the template {self._folders.named(path)} is not UTF-8 text; save it again as UTF-8."
            ) from None
