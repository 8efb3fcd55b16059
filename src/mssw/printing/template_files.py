"""Find templates and fonts: in a school's own folder first, then among ours, in a wheel and in a clone alike.

``export_templates`` writes ours to a folder, where a school can change them. ``template_folder`` finds that folder
again when something is printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jinja2
from jinja2.loaders import split_template_path

from mssw.core.shell_words import quote_word
from mssw.errors import UnreadableError, UsageError, WouldOverwriteError
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

README = "README.md"
_OURS_ALONE = {"sheets.typ.j2"}  # its codes are where `mssw prepare` looks for them, so a school cannot replace it
_TYPST = ".typ"


@cache
def templates_folder() -> Path:
    """The folder of templates: inside the installed package, or beside ``src`` in a clone.

    Raises:
        UnreadableError: it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / "fonts").is_dir():
            return folder
    raise UnreadableError("mssw's templates are missing from this installation; please install mssw again.")


def fonts_folder() -> Path:
    """The folder of the fonts that everything printed is set in."""
    return templates_folder() / "fonts"


SANS = {"Atkinson Hyperlegible Next": "AtkinsonHyperlegibleNext", "Literata": "Literata"}
"""The families for labels and names, the usual one first, each with the beginning of its files' names."""


@cache
def choose_family(text: str) -> str:
    """The first family that has every letter of a text, regular and bold; the usual one where none has.

    Otherwise a word would be set in two fonts: the usual one lacks letters of Vietnamese names, such as ễ and ị.
    """
    import pymupdf  # noqa: PLC0415 - heavy, and a print without names does not need it

    fonts = cast("Any", pymupdf)  # publishes no usable types
    for family, file in SANS.items():
        faces = [fonts.Font(fontfile=str(path)) for path in fonts_folder().glob(f"{file}-[RS]*.ttf")]
        if all(face.has_glyph(ord(letter)) for face in faces for letter in text if not letter.isspace()):
            return family
    return next(iter(SANS))


def label_font_path() -> Path:
    """The TrueType font in which aliases are written, on labels and on pages alike."""
    return fonts_folder() / "AtkinsonHyperlegibleNext-SemiBold.ttf"


OURS = "ours/"  # before a name: our template, even if the school has one of that name
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
        first: a folder with files that replace ours of the same name; None if there is none.
    """

    ours: Path
    first: Path | None = None

    def find(self, name: str) -> Path | None:
        """The file of that name, which may have forward slashes; None if neither folder has it."""
        ours = name.startswith(OURS)
        parts = split_template_path(name.removeprefix(OURS))
        for folder in (self.ours,) if ours or self.first is None else (self.first, self.ours):
            path = folder.joinpath(*parts)
            if path.is_file():
                return path
        return None

    def named(self, path: Path) -> str:
        """A template's name for messages: the path of a school's own, which it can open, or the name of ours."""
        return path.name if self.first is None or path.is_relative_to(self.ours) else str(path)

    @property
    def root(self) -> Path:
        """The folder that Typst reads from; ``laid_in`` adds what only ours has."""
        return self.first or self.ours

    def laid_in(self) -> dict[str, bytes]:
        """Our Typst files that the first folder does not replace, by name. Nothing on the disk changes."""
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
        """The first line of the school's own files that imports a package from the net: file, line, package."""
        for path in sorted(self.first.rglob("*.typ*")) if self.first else ():
            if path.is_file():
                for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                    found = _FETCHED.search(line)
                    if found and "import" in line.partition(found[0])[0]:
                        return path, number, found[0]
        return None


class FolderLoader(jinja2.BaseLoader):
    """Loads templates for Jinja2, and remembers which files it used, so that a fault can be traced to one."""

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


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written out.

    Attributes:
        folder: the folder.
        written: files, by name.
        kept: files that were there already, and are the same.
        dry_run: whether nothing was written.
    """

    folder: str
    written: tuple[str, ...]
    kept: tuple[str, ...]
    dry_run: bool


def template_folder(workset: WorkSet, settings: Settings, given: Path | None = None) -> Path | None:
    """The folder of a school's own templates; None if there is none.

    Args:
        workset: the set; its ``set.toml`` may name a folder, relative to that file.
        settings: the settings in ``set.toml``.
        given: the folder from the command line; it goes before that in ``set.toml``.

    Raises:
        UnreadableError: it is not a folder, or has no template that mssw knows.
    """
    named = workset.root / Path(settings.templates).expanduser() if settings.templates else None
    folder = given or named
    if folder is not None and not folder.is_dir():
        where = "" if given else f" (from {workset.settings})"
        raise UnreadableError(
            f"{folder}{where} is not a folder of templates; make one with `mssw templates export {quote_word(folder)}`."
        )
    known = {path.relative_to(print_templates()).as_posix() for path in print_templates().rglob("*") if path.is_file()}
    if folder is not None and not any((folder / name).is_file() for name in known - {README}):
        raise UnreadableError(
            f"{folder} has no mssw templates; write them there with `mssw templates export {quote_word(folder)}`."
        )
    return folder


def template_names() -> dict[str, str]:
    """Our files for print by their short names: ``packet`` for ``packet.typ.j2``."""
    ours = print_templates()
    files = sorted(path.relative_to(ours).as_posix() for path in ours.rglob("*") if path.is_file())
    return {
        name.removesuffix(TEMPLATE).removesuffix(_TYPST): name for name in files if name not in {README, *_OURS_ALONE}
    }


def export_templates(
    folder: Path, names: Sequence[str] = (), *, replace: bool = False, dry_run: bool = False
) -> ExportReport:
    """Write our templates into a folder, all of them or those named, and a page on how to change one.

    Raises:
        UsageError: a name is not one of ours.
        WouldOverwriteError: a file there was changed; nothing is written.
        UnreadableError: the folder can't be written to.
    """
    ours = print_templates()
    files = {file: (ours / file).read_bytes() for file in (*_list_files(names), README)}
    try:
        present = {file: (folder / file).read_bytes() for file in files if (folder / file).exists()}
    except OSError as error:
        raise UnreadableError(f"{folder} cannot be opened: {error.strerror}; choose another folder.") from None
    if folder.exists() and not folder.is_dir():
        raise WouldOverwriteError(f"{folder} is a file; choose another name for the folder of templates.")
    edited = [file for file, data in present.items() if data != files[file]]
    if edited and not replace:
        differ = "it differs" if len(edited) == 1 else "they differ"
        raise WouldOverwriteError(
            f"{', '.join(edited)} in {folder} would be lost, because {differ} from mssw's own. Choose "
            "another folder, or add --replace to overwrite. Nothing was written."
        )
    written = tuple(file for file, data in files.items() if present.get(file) != data)
    if not dry_run:
        for file in written:
            write_bytes(folder / file, files[file], private=False)
    return ExportReport(str(folder), written, tuple(file for file in files if file not in written), dry_run)


def _list_files(names: Sequence[str]) -> list[str]:
    known = template_names()
    files = []
    for name in names or known:
        short = name.removesuffix(TEMPLATE).removesuffix(_TYPST)
        if short not in known:
            near = get_close_matches(short, known, n=3) or [one for one in known if "/" not in one]
            raise UsageError(
                f"{name} is not an mssw template; perhaps you mean {' or '.join(near)}. "
                "Without a name, all of them are exported."
            )
        files.append(known[short])
    return files
