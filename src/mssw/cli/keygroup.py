"""`mssw key` and what follows it: a set alone, a set and a name, or a set and what is to be done with its key."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from mssw.cli import key, keycare
from mssw.cli.command import command

LOOK_UP = "show"


class SetFirst(TyperGroup):
    """Takes the set before or after the word that says what to do, and looks up where there is no such word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word first: ``DIR export FILE`` is ``export DIR FILE``, ``DIR`` and ``DIR WHO`` are ``show …``."""
        if args and args[0] not in {*self.commands, "--help", "-h"}:
            swapped = len(args) > 1 and args[1] in self.commands
            args = [args[1], args[0], *args[2:]] if swapped else [LOOK_UP, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=SetFirst,
    help=(
        "Look up whose work an alias is; take the key out locked; destroy it.\n\n"
        "The folder may stand before the word: `mssw key DIR export FILE` is `mssw key export DIR FILE`. Without a "
        "word the key is shown: `mssw key DIR`, `mssw key DIR WHO`.\n\n"
        "\b\n"
        "    mssw key massive-air\n"
        "    mssw key massive-air Andrea\n"
        '    mssw key massive-air --assign "Andrea=Maria Lopez"\n'
        "    mssw key export massive-air key.xlsx --encrypt\n"
        "    mssw key remind massive-air 2030-06-30\n"
        "    mssw key destroy massive-air"
    ),
    no_args_is_help=True,
    subcommand_metavar="[DIR [WHO] | COMMAND [ARGS]...]",
)
app.command(LOOK_UP)(command(key.key, "key"))
app.command("export")(command(keycare.export, "key export"))
app.command("remind")(command(keycare.remind, "key remind"))
app.command("destroy")(command(keycare.destroy, "key destroy"))
