"""The command line: one module per command, one error handler around all of them."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from typing import Annotated

import typer

from mssw.cli import (
    audit,
    batch,
    choose,
    demo,
    entry,
    intro,
    kit,
    packet,
    prepare,
    present,
    recall,
    receive,
    record,
    review,
    roster,
    schedule,
    schema,
    share,
    sheets,
    slips,
    sort,
    start,
    status,
    templates,
    transcripts,
    trends,
)
from mssw.cli import key as key
from mssw.cli.command import command, where_in_mssw
from mssw.errors import ExitCode, MsswError

_MANY_OBJECTS = 50_000

app = typer.Typer(
    name="mssw",
    help=(
        "Get a class's worksheets ready to discuss with colleagues: names removed, aliases added, samples printed.\n\n"
        "In a terminal, `mssw` alone asks what you have and leads you step by step. To try it first on a made-up "
        "class: `mssw demo`. Or type the steps yourself:\n\n"
        "\b\n"  # keeps the examples on their lines
        "    mssw prepare stack.pdf --task task.pdf --roster class.xlsx --into set\n"
        "    mssw packet set --copies 8"
    ),
    no_args_is_help=True,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(command(start.start))
app.command()(command(demo.demo))
app.command()(command(prepare.prepare))
app.command()(command(review.review))
app.command()(command(sort.sort))
app.command()(command(choose.choose))
app.command()(command(intro.intro))
app.command()(command(transcripts.transcripts))
app.command()(command(packet.packet))
app.command()(command(present.present))
app.command()(command(kit.kit))
app.command()(command(record.record))
app.command()(command(trends.trends))
app.command()(command(slips.slips))
app.command()(command(batch.batch))
app.command()(command(status.status))
app.command()(command(audit.audit))
app.command()(command(sheets.sheets))
app.command()(command(entry.entry))
app.command()(command(share.share))
app.command()(command(receive.receive))
app.command()(command(recall.recall))
app.add_typer(key.app, name="key")
app.add_typer(roster.app, name="roster")
app.add_typer(schedule.app)
app.add_typer(templates.app)
app.command()(command(schema.schema))


def _version(is_asked: bool) -> None:
    if is_asked:
        from mssw import __version__  # noqa: PLC0415

        typer.echo(f"mssw {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    *,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Without a command: show this help, also in a terminal.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of mssw itself."""
    del no_input, version
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help(), err=True)
        raise typer.Exit(int(ExitCode.USAGE))


def main() -> None:
    """Run mssw and end with one of its exit codes."""
    gc.set_threshold(_MANY_OBJECTS)  # loading makes as many, and none of them is garbage
    atexit.register(gc.freeze)  # then all memory goes back at once, and nothing is worth a search
    _write_every_letter()
    try:
        # mssw alone asks where somebody can answer; the name is ours also where it was started with python -m
        app(["start"] if not sys.argv[1:] and _is_at_terminal() else None, prog_name="mssw")
    except MsswError as error:
        typer.echo(f"mssw: {error}", err=True)
        sys.exit(int(error.code))
    except KeyboardInterrupt:
        _say_stopped()
        sys.exit(int(ExitCode.INTERRUPTED))
    except SystemExit as ended:  # Typer answers ^C without a word
        if ended.code == ExitCode.INTERRUPTED:
            _say_stopped()
        raise
    except BrokenPipeError:
        sys.exit(int(ExitCode.DONE))
    except Exception as error:  # noqa: BLE001 - the last net: a traceback could show a student's name
        typer.echo(_bug(error), err=True)
        sys.exit(int(ExitCode.BUG))


def _is_at_terminal() -> bool:
    """Whether a person sees what is printed and can answer."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _write_every_letter() -> None:
    """Write names in any script, though the system's encoding may lack their letters, as Windows' does.

    A file or a pipe gets UTF-8; a terminal shows a sign in place of a letter that it cannot show. Half a letter, as in
    a file's name that is no UTF-8, is a sign everywhere.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8", errors="replace")


def _say_stopped() -> None:
    typer.echo("mssw: stopped. Your work so far is saved. Run the same command again to continue.", err=True)


def _bug(error: Exception) -> str:
    """What to paste into a report: places in our code only, since messages and values may hold names."""
    where = where_in_mssw(error) or "an unknown place"
    return (
        f"mssw: something went wrong inside mssw; it is not your mistake ({type(error).__name__} at {where}). "
        "No file was left half-written. Please report this line; it names no student."
    )
