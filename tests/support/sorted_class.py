"""A made-up class that is sorted into piles and levels, with a roster and a key."""

from __future__ import annotations

from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workset.class_list import key_bytes
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import Settings
from support.made_up_set import make_set

ALIASES = [
    *("Andrea", "Boaz", "Camille", "Dani", "Emery", "Farah", "Gali", "Hana", "Imani", "Jun", "Kai", "Lior", "Mina"),
    *("Noor", "Onni", "Paz", "Qubad", "Rukiya", "Sanna", "Tal", "Uzoma", "Velimir"),
]


PILES = ("counts particles", "air is nothing", "air pushes", "heat makes it lighter")


LEVELS = list(Level)


PUPILS = [f"{first} {last}" for first in ("Oluwaseun", "Priya") for last in ["Quist", "Reyes", "Sokol", "Tran", "Umar"]]


PUPILS += [
    f"{first} {last}"
    for first in ("Wiremu", "Xochitl")
    for last in ["Quist", "Reyes", "Sokol", "Tran", "Umar", "Vance"]
]


def a_class(place, *, title="Massive air", aliases=ALIASES, pupils=PUPILS, **how) -> WorkSet:
    """A sorted class: nine in the first pile down to one in the last; the last work is set aside."""
    workset = make_set(place, aliases, pages=1, settings=Settings(title=title, session="B"), **how)
    if pupils:
        roster = roster_from_rows([["Name"], *([name] for name in pupils)])
        write_bytes(workset.roster, roster_bytes(roster), private=True)
    known = zip(aliases, pupils, strict=False)
    entries = [KeyEntry(a, p, "", "stack.pdf", (n,), "name field") for n, (a, p) in enumerate(known, 1)]
    write_bytes(workset.key, key_bytes(entries), private=True)
    works = []
    for number, alias in enumerate(aliases, start=1):
        page = f"s01-p{number:04d}"
        write_json(workset.pages / f"{page}.json", {"written": float(number * 37 % 101)}, private=True)
        works.append({"alias": alias, "pages": [page], "held": [], "aside": "", "seen": True})
    write_json(workset.state, {"version": 1, "pages": [], "works": works}, private=True)
    sort(workset, lying(aliases))
    return workset


def lying(aliases=ALIASES):
    piles = [PILES[0]] * 9 + [PILES[1]] * 7 + [PILES[2]] * 4 + [PILES[3]]
    works = {a: Placing(pile, LEVELS[n % 3]) for n, (a, pile) in enumerate(zip(aliases, piles, strict=False))}
    return {**works, aliases[-1]: Placing(aside="illegible")}


def sort(workset, works, by=""):
    piles = dict.fromkeys(placing.pile for placing in works.values() if placing.pile)
    with workset.locked():
        keep_sorting(workset, Sorting(by=by, piles=tuple(map(Pile, piles)), works=works))
