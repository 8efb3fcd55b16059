"""Where the templates and their fonts stand, in a wheel and in a clone alike."""

from __future__ import annotations

from pathlib import Path

from mssw.errors import UnreadableError


def templates_folder() -> Path:
    """The folder of templates: inside the installed package, or beside ``src`` in a clone.

    Raises:
        UnreadableError: it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parents[1] / "templates"):
        if (folder / "fonts").is_dir():
            return folder
    raise UnreadableError("mssw's templates are missing from this installation; install mssw again.")


def fonts_folder() -> Path:
    """The folder of the fonts that everything printed is set in."""
    return templates_folder() / "fonts"


def label_font_path() -> Path:
    """The TrueType font in which aliases are written, on labels and on pages alike."""
    return fonts_folder() / "AtkinsonHyperlegibleNext-SemiBold.ttf"
