"""Choosing samples and binding packets, from a script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from mssw.library.paths import AnyPath, as_path, as_paths, as_set

if TYPE_CHECKING:
    from mssw.choosing.choose_samples import ChoiceReport
    from mssw.packet.bind_packet import PacketReport


def choose(
    folders: AnyPath | Sequence[AnyPath],
    *,
    count: int | None = None,
    lock: Sequence[str] = (),
    ban: Sequence[str] = (),
    by: str = "",
    ledger: bool = True,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> ChoiceReport:
    """Choose 9 to 12 samples out of a sorted class, or of two or three classes together.

    Args:
        folders: the work set, or several of the same task.
        count: 9 to 12; None for 12.
        lock: aliases that must be in.
        ban: aliases that must not.
        by: whose sort; empty for the presenting teacher's own.
        ledger: whether it is remembered, without names, whose work was used.
        templates: a folder of the school's own, for the card; None takes what ``set.toml`` says.
        dry_run: say what would be chosen, and write nothing.

    Raises:
        MsswError: one sentence on what is missing or wrong; nothing is written.
    """
    from mssw.choosing.choose_samples import ChooseOptions, choose_samples  # noqa: PLC0415

    options = ChooseOptions(count, tuple(lock), tuple(ban), by, ledger, dry_run, as_path(templates))
    return choose_samples([as_set(folder) for folder in as_paths(folders)], options)


def packet(
    folder: AnyPath,
    *,
    copies: int | None = None,
    colleagues: Sequence[str] = (),
    separate: bool = False,
    paper: Literal["letter", "a4"] | None = None,
    name_paper: bool = False,
    two_sided: bool = True,
    layout: Literal["single", "two-up", "booklet"] = "single",
    flip: Literal["long", "short"] | None = None,
    by_hand: bool = False,
    evens_last_first: bool = False,
    grey: bool = False,
    save_ink: bool = False,
    all_works: bool = False,
    without_held: bool = False,
    unreviewed: bool = False,
    session: str | None = None,
    date: str | None = None,
    templates: AnyPath | None = None,
    dry_run: bool = False,
) -> PacketReport:
    """Bind the packet that each colleague will hold, and the presenter's checklist.

    Args:
        folder: the work set.
        copies: how many there are in all; None takes one for each colleague, or one.
        colleagues: whose names stand on the covers of the first copies.
        separate: whether each copy is a file of its own.
        paper: to print on; None takes the set's own.
        name_paper: whether the files' names say the paper.
        two_sided: whether both sides are printed, so that each work starts on a sheet of its own.
        layout: how pages lie on a sheet.
        flip: the edge over which the printer turns sheets; None takes the usual one.
        by_hand: odd and even pages as files of their own, for printers that print one side.
        evens_last_first: with ``by_hand``, the even pages in reverse order.
        grey: scans without their colours.
        save_ink: scans on white paper.
        all_works: print every work, chosen or not.
        without_held: print although works are held; they are left out.
        unreviewed: print although no person has looked at some works; the cover then says so.
        session: for the cover; None takes the set's own.
        date: likewise, in any words.
        templates: a folder of the school's own; None takes what ``set.toml`` says.
        dry_run: do all but write.

    Raises:
        MsswError: one sentence on what is missing or wrong; nothing is written.
    """
    from mssw.core.imposition import Flip, Layout  # noqa: PLC0415
    from mssw.packet.bind_packet import PacketOptions, bind_packet  # noqa: PLC0415

    options = PacketOptions(
        copies=copies,
        colleagues=tuple(colleagues),
        separate=separate,
        paper=paper,
        name_paper=name_paper,
        two_sided=two_sided,
        layout=Layout(layout),
        flip=None if flip is None else Flip(flip),
        by_hand=by_hand,
        turned=evens_last_first,
        grey=grey,
        save_ink=save_ink,
        all_works=all_works,
        without_held=without_held,
        unreviewed=unreviewed,
        session=session,
        date=date,
        templates=as_path(templates),
        dry_run=dry_run,
    )
    return bind_packet(as_set(folder), options)
