"""What a fuzzer may try: each target takes any bytes as one kind of input, and lets only mssw's own refusals pass.

A target is right when it returns. What it must not do is raise anything but `MsswError`, hang, or end the process.
`TARGETS` has them by name, with files from which a fuzzer starts.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mssw.department.plan import read_plan
from mssw.errors import MsswError
from mssw.formats.scans import count_pages, read_page
from mssw.intro.standards import read_standards
from mssw.kit.kit_words import read_session, read_times
from mssw.preparing.match_responses import read_matching
from mssw.roster.roster_file import open_roster, read_and_report
from mssw.sorting.kept_sorts import read_sorting
from mssw.sorting.sheet_exchange import read_grid
from mssw.sorting.sheet_rows import read_sheet
from mssw.workset.allowed_names import read_cover_names
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.decisions import read_decisions
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import read_manifest
from mssw.workset.prepared_state import read_state
from mssw.workset.seal import read_seal
from mssw.workset.settings import read_settings
from mssw.workset.sort_memory import read_memory
from mssw.workset.stack import read_stack
from support import hostile
from support.canaries import grey_page, jpeg, one_image_pdf, png
from support.project import EXAMPLE
from support.sealed_set import sealed_set

MOST_BYTES = 200_000  # longer inputs show nothing new and take long


@dataclass(frozen=True)
class Target:
    """One kind of input.

    Attributes:
        run: takes any bytes.
        seeds: honest inputs, and some that were not, to start from.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Sequence[bytes]]


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


def _on_set(place: str, read: Callable[[WorkSet], object]) -> Callable[[bytes], None]:
    """A target that reads a set in which one file was replaced."""
    folder = tempfile.TemporaryDirectory()
    workset = sealed_set(Path(folder.name) / "set")

    def run(data: bytes, _keep: object = folder) -> None:
        path = workset.root / place
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data[:MOST_BYTES])
        try:
            read(workset)
        except MsswError:
            return

    return run


def _roster(path: Path) -> None:
    read_and_report(path)
    open_roster(path)


def _sheet(path: Path) -> None:
    read_sheet(read_grid(path), ("Andrea", "Bo"), ())


def _page(path: Path) -> None:
    for number in range(1, min(count_pages(path), 2) + 1):
        read_page(path, number, most_dpi=50.0)


def _state(workset: WorkSet) -> None:
    read_state(workset)
    read_seal(workset)


def _times(path: Path) -> None:
    read_times(path, read_session("B"))


def _texts(*texts: str) -> Callable[[], Sequence[bytes]]:
    return lambda: [text.encode() for text in texts]


def _file_of_set(place: str) -> Callable[[], Sequence[bytes]]:
    def seeds() -> Sequence[bytes]:
        with tempfile.TemporaryDirectory() as folder:
            path = sealed_set(Path(folder) / "set").root / place
            return [path.read_bytes() if path.is_file() else b"{}", b"[]", b"{}", b"null", b'{"version": 1}']

    return seeds


def _workbook() -> Sequence[bytes]:
    import openpyxl  # noqa: PLC0415 - slow to load, and only some targets need it

    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["Alias", "Work", "Pile", "Level", "Set aside", "Note"], ["Andrea", "", "air", "High", "", ""]):
        book.active.append(row)
    book.save(file)
    return [file.getvalue()]


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
    "state": Target(_on_set("private/state.json", _state), _file_of_set("private/state.json")),
    "decisions": Target(_on_set("private/decisions.json", read_decisions), _file_of_set("private/decisions.json")),
    "manifest": Target(_on_set("shared/manifest.json", read_manifest), _file_of_set("shared/manifest.json")),
    "sheets": Target(_on_set("private/sheets.json", read_sheets), _file_of_set("private/sheets.json")),
    "matches": Target(_on_set("private/matches.json", read_matching), _file_of_set("private/matches.json")),
    "sorts": Target(_on_set("private/sorts/sort.json", read_sorting), _file_of_set("private/sorts/sort.json")),
    "memory": Target(_on_set("private/sort-memory.json", read_memory), _file_of_set("private/sort-memory.json")),
    "choice": Target(_on_set("private/choice.json", read_chosen), _file_of_set("private/choice.json")),
    "samples": Target(_on_set("shared/samples.json", read_chosen), _file_of_set("shared/samples.json")),
    "cover names": Target(_on_set("private/on-covers.json", read_cover_names), _file_of_set("private/on-covers.json")),
    "stack": Target(_on_set("private/stack/.order.json", read_stack), _file_of_set("private/stack/.order.json")),
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
