"""What a fuzzer may try: each target takes any bytes as one kind of input, and lets only mssw's own refusals pass.

A target is right when it returns. What it must not do is raise anything but `MsswError`, hang, or end the process.
`TARGETS` has them by name, with files from which a fuzzer starts.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from mssw.cli import main
from mssw.department.plan import read_plan
from mssw.errors import ExitCode, MsswError, StepMissingError
from mssw.exchange.receive_set import receive_set
from mssw.exchange.share_set import read_label
from mssw.formats.scans import count_pages, read_page
from mssw.intro.intro_file import read_given_introduction, read_text
from mssw.intro.standards import read_standards
from mssw.kit.kit_words import read_session, read_times
from mssw.names.typed_names import TypedNames
from mssw.packets import bind_packet
from mssw.preparing.match_responses import read_matching
from mssw.printing.print_words import read_words
from mssw.record.kept_record import read_alone, read_history, read_record, read_record_json
from mssw.record.record_book import make_record_book, read_record_book
from mssw.record.record_rows import RecordRows
from mssw.roster.roster_file import open_roster, read_and_report
from mssw.roster.table import roster_from_rows
from mssw.schedule.keep_schedule import load_schedule, make_schedule_book
from mssw.schedule.schedule_rows import Schedule
from mssw.sorting.kept_sorts import read_sorting
from mssw.sorting.sheet_exchange import read_grid
from mssw.sorting.sheet_rows import read_sheet
from mssw.sorting.sheet_words import find_sheet_words
from mssw.trends.pile_map import read_pile_map
from mssw.trends.trend_sets import NamesOfClasses
from mssw.trends.trend_tables import ClassFindings
from mssw.workset.allowed_names import read_cover_names, read_kept_words
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.decisions import read_decisions
from mssw.workset.entries import read_entries
from mssw.workset.folder import WorkSet
from mssw.workset.handed_out import read_handed_out
from mssw.workset.manifest import read_manifest
from mssw.workset.prepared_state import read_state
from mssw.workset.seal import read_seal
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import read_memory
from mssw.workset.stack import read_stack
from support import hostile
from support.canaries import grey_page, jpeg, one_image_pdf, png
from support.project import EXAMPLE
from support.released_set import ALIASES, released_set
from support.sealed_set import sealed_set

MOST_BYTES = 200_000  # longer inputs show nothing new and take long


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes:
        run: takes any bytes.
        seeds: honest inputs, and some that were not, to start from.
        is_json: whether an honest input is JSON.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]
    is_json: bool = False


def _on_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], None]:
    """A target that reads a file of that name."""

    def run(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(data[:MOST_BYTES])
            try:
                read(path)
            except MsswError:
                return

    return run


def _lazy_set() -> Callable[[], WorkSet]:
    """A set that is made when it is first needed, and goes with the process."""
    kept: list[tuple[tempfile.TemporaryDirectory[str], WorkSet]] = []

    def get() -> WorkSet:
        if not kept:
            folder = tempfile.TemporaryDirectory()
            kept.append((folder, sealed_set(Path(folder.name) / "set")))
        return kept[0][1]

    return get


def _on_set(place: str, read: Callable[[WorkSet], object]) -> Callable[[bytes], None]:
    """A target that reads a set in which one file was replaced."""
    get = _lazy_set()

    def run(data: bytes) -> None:
        path = get().root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data[:MOST_BYTES])
        try:
            read(get())
        except MsswError:
            return

    return run


def _roster(path: Path) -> None:
    read_and_report(path)
    open_roster(path)


def _sheet(path: Path) -> None:
    languages = [find_sheet_words(read_words(language)) for language in ("es", "en-US")]
    read_sheet(read_grid(path, languages), ("Andrea", "Bo"), (), languages)


def _page(path: Path) -> None:
    for number in range(1, min(count_pages(path), 2) + 1):
        read_page(path, number, most_dpi=50.0)


def _state(workset: WorkSet) -> None:
    read_state(workset)
    read_seal(workset)


def _times(path: Path) -> None:
    read_times(path, read_session("B"))


def _intro(path: Path) -> None:
    text = read_text(path)
    read_given_introduction(path.with_suffix(".json"), text)
    read_given_introduction(path, text)


ROSTER = roster_from_rows([["First name", "Last name"], ["Maria", "Lopez"]])


def _pile_map(path: Path) -> None:
    one = ClassFindings("5a", {}, (), {"Andrea": "air pushes"}, {"Andrea": "High"}, ("air pushes",))
    read_pile_map(path, [one], NamesOfClasses([TypedNames(ROSTER.students)]))


def _zip(path: Path) -> None:
    receive_set(path, path.with_name("set"), lambda: "", dry_run=True)


def _record_book(path: Path) -> None:
    read_record_book(path, {"Andrea": 1, "Bo": 2}, TypedNames(()))


OPTIONS = (
    "--copies", "--per-teacher", "--session", "--date", "--paper", "--flip", "--without", "--language", "--templates",
    "--words", "--separate", "--name-paper", "--one-sided", "--two-up", "--booklet", "--by-hand",
    "--evens-last-first", "--grey", "--save-ink", "--full-size", "--all", "--unreviewed", "--without-held", "--json",
)  # fmt: skip
WITH_VALUE = 10  # so many of them, from the left, take one


PRINTED = b"\xf8"  # inputs that begin so are set and bound too, which takes a hundred times as long


def _stop(*_: object) -> None:
    raise StepMissingError("every check is behind us")


def _packet() -> Callable[[bytes], None]:
    """A target that types options: in each line the first byte chooses one, and the rest is its value."""
    get = _lazy_set()

    def run(data: bytes) -> None:
        words = []
        for line in data[:2000].split(b"\n")[:8]:
            option = (line[0] if line else 0) % len(OPTIONS)
            value = re.sub("[\x00/]", "", line[1:].decode("utf-8", "surrogateescape"))  # no system passes on a zero
            words += [OPTIONS[option], value] if option < WITH_VALUE else [OPTIONS[option]]
        said = io.StringIO()
        typed = ["mssw", "packet", str(get().root), *words, "--dry-run"]
        with (
            patch.object(sys, "argv", typed),
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            contextlib.nullcontext() if data[:1] >= PRINTED else patch.object(bind_packet, "_print", _stop),
        ):
            try:
                main()
            except SystemExit as end:
                if end.code == ExitCode.BUG:
                    raise AssertionError(said.getvalue()) from None

    return run


def _quietly(read: Callable[[bytes], object], data: bytes) -> None:
    with contextlib.suppress(MsswError):
        read(data)


def _texts(*texts: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [text.encode() for text in texts]


def _json_of_set(place: str, read: Callable[[WorkSet], object]) -> Target:
    """A target that reads a JSON file of a set."""

    def seeds() -> Sequence[bytes]:
        return [_files_of_set().get(place, b"{}"), b"[]", b"{}", b"null", b'{"version": 1}']

    return Target(_on_set(place, read), seeds, is_json=True)


@functools.cache
def _files_of_set() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        root = sealed_set(Path(folder) / "set").root
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.json")}


def _workbook() -> Sequence[bytes]:
    import openpyxl  # noqa: PLC0415 - slow to load, and only some targets need it

    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["Alias", "Work", "Pile", "Level", "Set aside", "Note"], ["Andrea", "", "air", "High", "", ""]):
        book.active.append(row)
    book.save(file)
    return [file.getvalue()]


def _schedule() -> Sequence[bytes]:
    return [make_schedule_book(Schedule()), *_workbook()]


def _share() -> Sequence[bytes]:
    from mssw.exchange.share_set import ShareOptions, share_set  # noqa: PLC0415 - only this target needs it

    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "set.zip"
        share_set(released_set(Path(folder) / "set", ALIASES[:2], pages=1), ShareOptions(to=to))
        return [to.read_bytes()]


def _pages() -> Sequence[bytes]:
    page = grey_page(120, 160)
    return [
        jpeg(page),
        png(),
        one_image_pdf(jpeg(page), width=120, height=160),
        hostile.one_page(b"/MediaBox [0 0 612 792]"),
    ]


PLAN = '[defaults]\ntask = "task.pdf"\n\n[class.5a]\nstack = "a.pdf"\nroster = "a.csv"\ntitle = "Air"\n'
SETTINGS = 'title = "Massive air"\nseed = 7\ncover = "sure"\npaper = "letter"\nfields = ["1:0.1,0.1,0.2,0.05"]\n'

TARGETS: dict[str, Target] = {
    "roster": Target(
        _on_file("class.csv", _roster),
        lambda: [
            (EXAMPLE / "roster.csv").read_bytes(),
            b"Last name;First name;ID\nLopez;Maria;17\n",
            b"1. Maria Lopez\n2. Bo Li\n",
        ],
    ),
    "workbook": Target(_on_file("class.xlsx", _roster), _workbook),
    "sort sheet": Target(_on_file("sort.xlsx", _sheet), _workbook),
    "sort table": Target(
        _on_file("sort.csv", _sheet), _texts("Alias,Work,Pile,Level,Set aside,Note\nAndrea,,air,High,,\n")
    ),
    "standards": Target(
        _on_file("standards.csv", read_standards), _texts("code,text\n5-PS1-1,Air is made of particles\n")
    ),
    "settings": Target(_on_file("set.toml", read_settings), _texts(SETTINGS)),
    "plan": Target(_on_file("plan.toml", read_plan), _texts(PLAN)),
    "times": Target(_on_file("times.toml", _times), _texts("[times]\nopen = 5\n")),
    "state": _json_of_set("private/state.json", _state),
    "decisions": _json_of_set("private/decisions.json", read_decisions),
    "manifest": _json_of_set("shared/manifest.json", read_manifest),
    "sheets": _json_of_set("private/sheets.json", read_sheets),
    "matches": _json_of_set("private/matches.json", read_matching),
    "sorts": _json_of_set("private/sorts/sort.json", read_sorting),
    "memory": _json_of_set("private/sort-memory.json", read_memory),
    "choice": _json_of_set("private/choice.json", read_chosen),
    "samples": _json_of_set("shared/samples.json", read_chosen),
    "cover names": _json_of_set("private/on-covers.json", read_cover_names),
    "words": _json_of_set("private/words.json", read_kept_words),
    "handed out": _json_of_set("private/handed-out.json", read_handed_out),
    "entries": _json_of_set("private/entries.json", read_entries),
    "record": _json_of_set("shared/record.json", read_record),
    "history": _json_of_set("private/record/history.json", read_history),
    "alone": _json_of_set("private/record/alone/lt.json", lambda workset: read_alone(workset, "lt")),
    "record file": Target(
        _on_file("record.json", read_record_json), _texts('{"claims": [{"text": "a"}]}', "{}", "[]"), is_json=True
    ),
    "record sheet": Target(
        _on_file("record.xlsx", _record_book), lambda: [make_record_book(RecordRows(), ("Andrea",))]
    ),
    "introduction": Target(
        _on_file("intro.txt", _intro),
        _texts("# Introduction\n## The task\nWhat is air?\n", '{"answers": {"task": "a"}}'),
    ),
    "pile map": Target(
        _on_file("map.toml", _pile_map), _texts('[thinking."air pushes"]\n5a = ["air pushes"]\n', "[gaps]\n")
    ),
    "schedule": Target(_on_file("schedule.xlsx", load_schedule), _schedule),
    "label": Target(lambda data: _quietly(read_label, data), _texts('{"version": 1, "mssw": "1", "files": []}')),
    "zip": Target(_on_file("set.zip", _zip), _share),
    "stack": _json_of_set("private/stack/.order.json", read_stack),
    "packet options": Target(
        _packet(),
        _texts("\x008", "\x01M. Rivera, J. Okafor\n\x0e", "\x02B\n\x0312 March\n\x04a4", "\x06task\n\x07es"),
    ),
    "page": Target(_on_file("page.pdf", _page), _pages),
}


def nested_json(depth: int) -> bytes:
    """JSON that is as deep as nobody's file is."""
    return b'{"pages": ' + b"[" * depth + b"]" * depth + b"}"


def odd_json() -> list[bytes]:
    """Values of every JSON type where another one belongs."""
    odd = [None, True, -1, 1e400, "", [], {}, [[]], {"": None}, "\ud800"]
    keys = ("version", "pages", "works", "seal", "files", "decisions", "stack")
    return [json.dumps({"version": 1, key: value}).encode("utf-8", "surrogatepass") for key in keys for value in odd]
