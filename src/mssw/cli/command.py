"""What commands share: options that are declared once, what a shell completes after them, and what is around each.

An option that is declared here is named and explained the same everywhere. Aliases are completed from one small file.
Every command has ``--quiet`` and ``--log``, and an entry in the log when it begins and ends.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mssw.cli import report
from mssw.core.option import options_of
from mssw.core.paper import Paper
from mssw.errors import ExitCode, MsswError
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
CheckOnly = Annotated[bool, typer.Option("--dry-run", help="Check everything; write nothing.")]
ShowOnly = Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page, or only show its address.")]
Into = Annotated[
    Path,
    typer.Option(
        "--into", metavar="DIR", help="The work set's folder; created if it does not exist.", show_default=False
    ),
]
PrintPaper = Annotated[Paper, typer.Option(help="The paper to print on.", case_sensitive=False)]
PaperOfSet = Annotated[
    Paper | None,
    typer.Option(
        help="The paper to print on; by default what set.toml says.", show_default=False, case_sensitive=False
    ),
]
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
    found = {alias for folder in folders for alias in _aliases_of(Path(folder))}
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


def _aliases_of(folder: Path) -> set[str]:
    """All aliases, also of responses on hold; without ``private/``, those of the shared files."""
    from mssw.workset.folder import WorkSet  # noqa: PLC0415 - only where it is asked for
    from mssw.workset.prepared_state import read_state  # noqa: PLC0415

    try:
        state = read_state(WorkSet(folder))
    except MsswError:
        state = None
    if state is not None:
        return {work.alias for work in state.works}
    return {path.stem for path in WorkSet(folder).work.glob("*.pdf")}


# Around every command

_Log = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="FILE",
        envvar="MSSW_LOG",
        help="Log steps, counts and times to this file, without names. Or set MSSW_LOG.",
        show_default=False,
    ),
]


def command(function: Callable[..., None], name: str = "") -> Callable[..., None]:
    """Give a command ``--quiet`` and ``--log``, which are the same everywhere.

    Args:
        function: the command as Typer takes it.
        name: as it is typed behind ``mssw``, where that is not the function's own.
    """
    signature = inspect.signature(function, eval_str=True)
    own = {"quiet"} & set(signature.parameters)  # a few commands need it themselves

    @functools.wraps(function)
    def run(*words: Any, quiet: bool = False, log: Path | None = None, **options: Any) -> None:
        with _logged(name or function.__name__, quiet=quiet, log=log):
            _refuse_pipes(given for option, given in options.items() if option != "password_file")
            function(*words, **options, **dict.fromkeys(own, quiet))

    more = {"quiet": (False, Quiet), "log": (None, _Log)}
    every = [
        *(one for one in signature.parameters.values() if one.name not in more),
        *(
            inspect.Parameter(one, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for one, (default, kind) in more.items()
        ),
    ]
    run.__signature__ = signature.replace(parameters=every)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in every} | {"return": None}
    return run


def _refuse_pipes(options: Iterable[object]) -> None:
    """Refuse pipes and devices among the files that a command is given: it would wait for them without end.

    The log may be one, as ``/dev/stderr`` is, and so may what a password comes from.

    Raises:
        UnreadableError: there is one.
    """
    from mssw.formats.file_kinds import refuse_pipe  # noqa: PLC0415 - help needs none of it

    for given in options:
        for path in given if isinstance(given, list | tuple) else (given,):
            if isinstance(path, Path):
                refuse_pipe(path)


def where_in_mssw(error: BaseException) -> str:
    """Where in our own code an error happened. Values and messages are left out, as they may contain names."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "mssw" in Path(frame.filename).parts]
    return ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-4:])


@contextmanager
def _logged(name: str, *, quiet: bool, log: Path | None) -> Iterator[None]:
    """Run a command with that output, and log how it began and ended."""
    started = time.monotonic()
    write = _log_writer(log, name) if log else _write_no_log
    with report.set_output(quiet=quiet, write=write):
        report.log_event("begin")
        ended: dict[str, str | float] = {"exit": int(ExitCode.DONE)}
        try:
            yield
        except MsswError as error:
            ended = {"exit": int(error.code), "error": type(error).__name__}
            raise
        except typer.Exit as end:
            ended = {"exit": int(end.exit_code)}
            raise
        except (KeyboardInterrupt, typer.Abort):
            ended = {"exit": int(ExitCode.INTERRUPTED)}
            raise
        except typer.BadParameter:
            ended = {"exit": int(ExitCode.USAGE), "error": "BadParameter"}
            raise
        except BrokenPipeError:
            raise
        except BaseException as error:
            ended = {"exit": int(ExitCode.BUG), "error": type(error).__name__, "where": where_in_mssw(error)}
            raise
        finally:
            write({"event": "end", "seconds": round(time.monotonic() - started, 2), **ended})


def _write_no_log(_facts: dict[str, str | float]) -> None:
    """Log nothing: no log was asked for."""


def _log_writer(log: Path, name: str) -> Callable[[dict[str, str | float]], None]:
    """What adds a line to the log for each event: counts and seconds only, so that no name can get into it.

    Several commands may write into one log. A log that cannot be written any more stops no work.

    Raises:
        NotWrittenError: it may not be written.
    """
    try:
        _append(log, "")
    except OSError as error:
        from mssw.workset.folder import NotWrittenError  # noqa: PLC0415 - most runs have no log

        raise NotWrittenError(
            f"the log {log} cannot be written: {error.strerror or 'unknown cause'}. Give --log another file."
        ) from None

    def write(facts: dict[str, str | float]) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):
            _append(log, json.dumps({"at": at, "command": name, **facts}) + "\n")

    return write


def _append(log: Path, text: str) -> None:
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(text)
