"""Every command that there is, read off the program itself, and the libraries that help must not load."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from mssw.cli import app

HEAVY = {"cv2", "numpy", "pymupdf", "openpyxl", "PIL", "pikepdf", "pypdfium2", "typst", "jinja2", "faker"}


HEAVY |= {"starlette", "uvicorn", "onnxruntime", "rapidocr", "jellyfish", "pebble"}


GROUP: Any = get_command(app)


def _all(group: Any, before: str = "") -> dict[str, Any]:
    """Every command by what is typed for it, groups and their commands among them."""
    found = {}
    for name, command in group.commands.items():
        found[f"{before}{name}"] = command
        found |= _all(command, f"{before}{name} ") if hasattr(command, "commands") else {}
    return found


COMMANDS = dict(sorted(_all(GROUP).items()))


SINGLE = [name for name, command in COMMANDS.items() if not hasattr(command, "commands")]
