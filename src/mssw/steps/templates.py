"""The templates that a school makes its own: written out to be changed, and found again when something is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.errors import UnreadableError, UsageError, WouldOverwriteError
from mssw.files.settings import Settings
from mssw.files.templatefolders import TEMPLATE, print_templates
from mssw.files.workset import WorkSet, write_bytes

README = "README.md"
_OURS_ALONE = {"sheets.typ.j2"}  # its codes stand where `mssw prepare` looks for them, so no other is ever taken
_TYPST = ".typ"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written out.

    Attributes:
        folder: the folder.
        written: files, by name.
        kept: files that stood there already as mssw has them.
        dry_run: whether all this was only tried.
    """

    folder: str
    written: tuple[str, ...]
    kept: tuple[str, ...]
    dry_run: bool


def template_folder(workset: WorkSet, settings: Settings, given: Path | None = None) -> Path | None:
    """The folder of templates to look into before ours.

    Args:
        workset: the set; its ``set.toml`` may name a folder, seen from where that file stands.
        settings: what is in it.
        given: the folder that was asked for on the command line; it goes before what ``set.toml`` says.

    Raises:
        UnreadableError: it is no folder.
    """
    named = workset.root / Path(settings.templates).expanduser() if settings.templates else None
    folder = given or named
    if folder is not None and not folder.is_dir():
        where = "" if given else f", which {workset.settings} names,"
        raise UnreadableError(
            f"{folder}{where} is not a folder of templates; make one with `mssw templates export {folder}`."
        )
    known = {path.relative_to(print_templates()).as_posix() for path in print_templates().rglob("*") if path.is_file()}
    if folder is not None and not any((folder / name).is_file() for name in known - {README}):
        raise UnreadableError(
            f"{folder} holds no template that mssw knows; `mssw templates export {folder}` writes them there."
        )
    return folder


def template_names() -> dict[str, str]:
    """Our files for print, by the short name that a person calls each: ``packet`` for ``packet.typ.j2``."""
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
    files = {file: (ours / file).read_bytes() for file in (*_wanted(names), README)}
    try:
        present = {file: (folder / file).read_bytes() for file in files if (folder / file).exists()}
    except OSError as error:
        raise UnreadableError(f"{folder} cannot be looked into: {error.strerror}; choose another folder.") from None
    if folder.exists() and not folder.is_dir():
        raise WouldOverwriteError(f"{folder} is a file; choose another name for the folder of templates.")
    edited = [file for file, data in present.items() if data != files[file]]
    if edited and not replace:
        differ = "it differs" if len(edited) == 1 else "they differ"
        raise WouldOverwriteError(
            f"{', '.join(edited)} in {folder} would be lost: {differ} from what mssw has. Choose another folder, or "
            "say --replace to write over. Nothing was written."
        )
    written = tuple(file for file, data in files.items() if present.get(file) != data)
    if not dry_run:
        for file in written:
            write_bytes(folder / file, files[file], private=False)
    return ExportReport(str(folder), written, tuple(file for file in files if file not in written), dry_run)


def _wanted(names: Sequence[str]) -> list[str]:
    known = template_names()
    files = []
    for name in names or known:
        short = name.removesuffix(TEMPLATE).removesuffix(_TYPST)
        if short not in known:
            raise UsageError(f"{name} is none of mssw's templates; take {', '.join(known)}.")
        files.append(known[short])
    return files
