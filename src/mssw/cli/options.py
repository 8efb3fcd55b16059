"""Options that several commands share, and what a shell completes after them.

An option that is declared here is named and explained the same everywhere. Aliases are completed from one small file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mssw.core.option import options_of
from mssw.packets.packet_options import PacketOptions
from mssw.preparing.prepare_options import PrepareOptions


def declared(kind: type, name: str, **more: Any) -> Any:
    """What Typer needs to know of an option that the dataclass of a command's options declares.

    Args:
        kind: the dataclass.
        name: of the option's field.
        more: what concerns the command line alone, as ``typer.Option`` has it.
    """
    one = options_of(kind)[name]
    return typer.Option(*one.flags, metavar=one.metavar, help=one.help_text, show_default=one.shown_default, **more)


WorkSetFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The work set.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors and the result you asked for.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask questions.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON, for scripts.")]
Columns = Annotated[list[str] | None, declared(PrepareOptions, "columns")]
Sheet = Annotated[str, declared(PrepareOptions, "sheet")]
Words = Annotated[
    list[str] | None,
    typer.Option(
        "--words",
        metavar="WORD",
        help="A word that is a student's name too, and means the word in what you typed. Can be repeated.",
        show_default=False,
    ),
]
ZipPasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="Read the zip's password from the first line of this file. Or set MSSW_ZIP_PASSWORD.",
        show_default=False,
    ),
]
Language = Annotated[
    str | None,
    declared(PacketOptions, "language"),
]
Templates = Annotated[Path | None, declared(PacketOptions, "templates")]


def aliases(ctx: typer.Context, incomplete: str) -> list[str]:
    """The aliases of the set on the command line; never a student."""
    given = ctx.params.get("directory") or ctx.params.get("directories") or ctx.args  # unread behind a lone option
    folders: list[Any] = list(given) if isinstance(given, list | tuple) else [given]
    found = {alias for folder in folders for alias in _of(Path(folder))}
    return sorted(name for name in found if name.startswith(incomplete))


def kits(incomplete: str) -> list[str]:
    """The kits."""
    from mssw.kit.kit_words import FILL_IN, KITS  # noqa: PLC0415 - only where it is asked for

    return [name for name in (*KITS, *FILL_IN) if name.startswith(incomplete)]


def sessions(incomplete: str) -> list[str]:
    """The sessions' letters, and the other kinds of meetings."""
    from mssw.schedule.schedule_rows import LETTERS, OTHERS  # noqa: PLC0415

    return [session for session in (*LETTERS, *OTHERS) if session.startswith(incomplete)]


def templates(incomplete: str) -> list[str]:
    """What a person calls each template for print."""
    from mssw.printing.template_files import template_names  # noqa: PLC0415

    return [name for name in template_names() if name.startswith(incomplete)]


def _of(folder: Path) -> set[str]:
    """All aliases, also of responses on hold; without ``private/``, those of the shared files."""
    from mssw.errors import MsswError  # noqa: PLC0415 - only where it is asked for
    from mssw.workset.folder import WorkSet  # noqa: PLC0415
    from mssw.workset.prepared_state import read_state  # noqa: PLC0415

    try:
        state = read_state(WorkSet(folder))
    except MsswError:
        state = None
    if state is not None:
        return {work.alias for work in state.works}
    return {path.stem for path in WorkSet(folder).work.glob("*.pdf")}
