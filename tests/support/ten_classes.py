"""Ten fictional classes over three grades: sorted, with a record each, and what a count by hand must come to."""

from __future__ import annotations

import random

from mssw.record.kept_record import RecordKeeper
from mssw.record.record_rows import QUESTIONS, Citation
from mssw.roster.key_table import KeyEntry
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Level, Pile, Placing, Sorting
from mssw.workset.class_list import key_bytes
from mssw.workset.folder import WorkSet, write_bytes, write_json
from mssw.workset.settings import Settings, settings_text

ALIASES = [
    *("Andrea", "Boaz", "Camille", "Dani", "Emery", "Farah", "Gali", "Hana", "Imani", "Jun", "Kai", "Lior", "Mina"),
    *("Noor", "Onni", "Paz", "Qubad", "Rukiya", "Sanna", "Tal", "Uzoma", "Velimir"),
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"
GRADES = {"5": 4, "6": 3, "7": 3}
# Each way of thinking in the words of three teachers.
THINKING = {
    "Air is nothing": ("air is nothing", "there is nothing in the bottle", "empty means air"),
    "Air takes up space": ("air takes up space", "space is taken by air", "it fills the bottle"),
    "Air pushes": ("air pushes", "pushing air", "it presses on things"),
    "Counts particles": ("counts particles", "draws particles", "particle pictures"),
}
GAPS = {
    "Air has mass": ("does not say that air has mass", "mass of air is missing", "air weighs nothing"),
    "Evidence": ("no evidence from the scale", "evidence is missing", "does not use the numbers"),
}
STUDENT = "Oluwaseun"
ASK = "A scale for every group"
STEP = "Weigh a ball before and after you pump it up"


def dice(seed):
    """Chance that is the same each time."""
    return random.Random(seed)  # noqa: S311 - for tests


def words_of(number):
    """Which teacher's words a class uses."""
    return number % 3


def ten_classes(root, *, classes=10, seed=5):
    """The sets, made without pages: only what sort and record need."""
    rng = dice(seed)
    grades = [grade for grade, count in GRADES.items() for _ in range(count)]
    return [a_class(root / f"class-{number}", grades[number], number, rng) for number in range(classes)]


def a_class(place, grade, number, rng, *, time="", school=""):
    workset = WorkSet.create(place)
    settings = Settings(
        title="Massive air",
        grade=grade,
        subject="science",
        school=school or ("North" if number % 2 else "South"),
        time=time,
        presenting_teachers=(f"T. Teachername{LETTERS[number]}",),
    )
    workset.settings.write_text(settings_text(settings), encoding="utf-8")
    aliases = ALIASES[: 18 + number % 5]
    rows = [["Name"], *([f"{STUDENT} Family{LETTERS[place]}{LETTERS[number]}"] for place in range(len(aliases)))]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)
    entries = [
        KeyEntry(a, row[0], "", "s.pdf", (n,), "name field")
        for n, (a, row) in enumerate(zip(aliases, rows[1:], strict=True), 1)
    ]
    write_bytes(workset.key, key_bytes(entries), private=True)
    works = [{"alias": alias, "pages": 2, "seen": True} for alias in aliases]
    write_json(workset.manifest, {"version": 1, "files": [], "works": works, "held_works": 0}, private=False)
    piles = [said[words_of(number)] for said in THINKING.values()]
    placings = {
        alias: Placing(rng.choices(piles, (6, 4, 2, 1))[0], rng.choices(list(Level), (2, 4, 3))[0]) for alias in aliases
    }
    placings[aliases[-1]] = Placing(aside="illegible")
    placings[aliases[-2]] = Placing(unsure=True, level=Level.LOW)
    with workset.locked():
        keep_sorting(workset, Sorting("", "", tuple(map(Pile, piles)), placings))
    keeper = RecordKeeper(workset)
    for said in GAPS.values():
        cited = [Citation(alias, 1) for alias in aliases[:-1] if rng.random() < 0.6]
        keeper.add("gaps", {"gap": said[words_of(number)]}, cited)
    keeper.add("steps", {"step": STEP, "chosen": "yes", "gap": "G1"})
    keeper.add("reflections", {"question": QUESTIONS["asks"], "answer": ASK})
    return workset


def mapping_text(worksets):
    """The `piles.toml` of a user who knows what each teacher means."""
    lines = []
    for part, names in (("thinking", THINKING), ("gaps", GAPS)):
        for name, said in names.items():
            lines.append(f'[{part}."{name}"]')
            lines += [f'{one.root.name} = ["{said[words_of(int(one.root.name.split("-")[1]))]}"]' for one in worksets]
    return "\n".join(lines) + "\n"
