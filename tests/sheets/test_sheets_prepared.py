"""A scanned stack of coded sheets: every page in its work, code and strip gone from all that is shared."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pymupdf
import pytest

from mssw.auditing.one_file import audit_file
from mssw.auditing.run_audit import audit_path
from mssw.core.page import Tone
from mssw.formats.images import encode
from mssw.preparing.coded_rules import PLACED, TWICE
from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.printing.pdf_writer import image_pdf
from mssw.vision.qr_codes import read_codes
from mssw.workset.class_list import read_key
from mssw.workset.coded_sheets import read_sheets
from mssw.workset.folder import WorkSet
from mssw.workset.prepared_state import read_state
from support import coded_class as coded
from support.commands import mssw

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

DPI = 150
STRIP_LEFT_ON = 2
SCRIBBLED = 7  # its place in the stack


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Three students' sheets, one of another class and one scanned twice, shuffled; a code scribbled over."""
    folder = tmp_path_factory.mktemp("coded")
    ours, children = coded.make_room(folder, "5b", seed=1, students=6)
    theirs, others = coded.make_room(folder, "5c", seed=2, students=6)
    sides = coded.filled_in(ours, children[:2], seed=1, dpi=DPI)
    strange = coded.filled_in(theirs, others[:1], seed=2, dpi=DPI)
    whole = coded.filled_in(ours, children[: STRIP_LEFT_ON + 1], seed=1, dpi=DPI, torn=False)[-2:]
    box = coded.code_box(ours, 1, sides[2].image.shape)
    scribbled = replace(sides[2], image=coded.scratched(sides[2].image, box))
    order = [*strange, *whole, *sides[:2], scribbled, sides[3], *sides[:2]]
    stack = coded.scanned(folder / "stack.pdf", order, seed=5, dpi=DPI, upside_down=0.5)
    done = prepare(ours, PrepareOptions([stack], codes=[theirs], seed=1, workers=2))
    return ours, order, done


@pytest.fixture(scope="module")
def prepared(first):
    """The same once a person has looked at what is held."""
    root, order, done = first
    for alias, _ in done.held:
        assert mssw("review", root, "--approve", alias) == 0
    return root, order, prepare(root, PrepareOptions(workers=2))


def pages_of(root):
    """Every page of every shared work, as grey pixels."""
    for path in sorted((root / "shared" / "work").glob("*.pdf")):
        with pymupdf.open(path) as document:
            for page in document:
                pixels = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
                yield path.stem, np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width)


def test_every_page_is_in_the_work_of_its_student(prepared):
    root, order, _ = prepared
    works = {entry.number: [order[page - 1] for page in entry.pages] for entry in read_key(WorkSet(root).key)}

    assert len(works) == 3
    for number, sides in works.items():
        assert {(side.room, side.student) for side in sides} == {("5b", number)}
        assert [side.page for side in sides] == [1, 2]


def test_the_key_says_that_the_code_told(prepared):
    root, _, done = prepared

    assert {entry.matched_by for entry in read_key(WorkSet(root).key)} == {"code"}
    assert (done.whose.matched, done.whose.open) == (3, 0)


def test_the_work_with_a_scribbled_code_is_whole_and_waits_for_a_look_and_no_other(first):
    """No page waits for a name that nobody wrote."""
    _, _, done = first

    assert [held for _, held in done.held] == [(f"stack.pdf, page {SCRIBBLED}: {PLACED}",)]
    assert done.counts == {"scanned": 10, "kept": 4, "blank": 0, "set aside": 4, "held": 2}
    assert (done.whose.matched, done.whose.open) == (3, 0)


def test_once_looked_at_nothing_waits(prepared):
    _, _, done = prepared

    assert done.held == ()
    assert len(done.released) == 3


def test_every_page_has_one_fate_also_another_classs_and_a_second_scan(prepared):
    root, order, done = prepared
    aside = [page for page in read_state(WorkSet(root)).pages if page.fate == "set aside"]

    assert done.counts == {"scanned": 10, "kept": 6, "blank": 0, "set aside": 4, "held": 0}
    reasons = Counter(page.reason.split(":")[0].split(",")[0] for page in aside)
    assert reasons == {"it is a sheet of 5c": 2, "the same sheet was scanned before": 2}
    assert [order[page.number - 1].room for page in aside[:2]] == ["5c", "5c"]
    assert [note for note in done.notes if "2 pages of 5c" in note] != []


def test_no_code_can_be_read_in_what_is_shared_and_no_strip_is_left(prepared):
    root, _, _ = prepared
    strip = read_sheets(WorkSet(root)).printed[0].strip

    shown = list(pages_of(root))

    assert len(shown) == 6
    for _, page in shown:
        assert read_codes(page, "") == []
        assert page[: int(strip.bottom * page.shape[0]) - 8].min() > 200


def test_the_audit_passes_it(prepared):
    report = audit_path(prepared[0])

    assert report.findings == ()
    assert report.students == 6


def test_a_page_on_which_a_code_can_be_read_does_not_pass_the_audit(prepared):
    root, _, _ = prepared
    page = next(coded.rendered(root, 200))

    found = audit_file("work/Andrea.pdf", image_pdf([(encode(page, Tone.GREY), (612.0, 792.0))]), ())

    assert len(found) == 1
    assert found[0].what.startswith("the code of a sheet can be read, which leads to a student")


def test_what_it_says_names_nobody(prepared, capsys):
    root, _, done = prepared
    names = {name for copy in read_sheets(WorkSet(root)).copies for name in copy.student.split()}

    assert mssw("status", root, "--pages") == 0

    said = capsys.readouterr()
    words = set((said.out + said.err + repr(done)).replace(",", " ").replace("'", " ").split())
    assert names
    assert not names & words


def test_run_again_it_says_the_same_and_still_knows_the_other_class(prepared):
    root, _, done = prepared
    before = (root / "private" / "key.xlsx").read_bytes()

    again = prepare(root, PrepareOptions(workers=1))

    assert (again.counts, again.other) == (done.counts, done.other)
    assert (root / "private" / "key.xlsx").read_bytes() == before


def test_two_coded_classes_in_one_stack_are_one_plan(tmp_path):
    """Two students of one class, and one of the other between them."""
    made = {name: coded.make_room(tmp_path, name, seed=seed, students=4) for seed, name in ((3, "5d"), (4, "5e"))}
    rooms = {name: (root, children[: 2 if name == "5d" else 1]) for name, (root, children) in made.items()}
    sides = [
        side
        for seed, (root, children) in enumerate(rooms.values(), 3)
        for side in coded.filled_in(root, children, seed=seed, dpi=DPI)
    ]
    order = [sides[place] for place in np.random.default_rng(4).permutation(len(sides))]
    coded.scanned(tmp_path / "mixed.pdf", order, seed=6, dpi=DPI, upside_down=0.5)
    (tmp_path / "plan.toml").write_text(
        'sets = "."\n[class.5d]\nstack = "mixed.pdf"\ncodes = "5e"\n[class.5e]\nstack = "mixed.pdf"\ncodes = "5d"\n',
        encoding="utf-8",
    )

    assert mssw("batch", tmp_path / "plan.toml", "--workers", 2) == 0

    for name, (root, children) in rooms.items():
        works = {entry.number: [order[page - 1] for page in entry.pages] for entry in read_key(WorkSet(root).key)}
        assert sorted(works) == sorted(child.person.number for child in children)
        for number, pages in works.items():
            assert [(side.room, side.student, side.page) for side in pages] == [(name, number, 1), (name, number, 2)]


def test_two_students_on_copies_of_one_sheet_are_released_once_both_are_named(tmp_path):
    root, children = coded.make_room(tmp_path, "5b", seed=1, students=4)
    copies = [
        side
        for seed, child in ((1, children[0]), (9, children[1]))
        for side in coded.filled_in(root, [child], seed=seed, dpi=DPI)
    ]
    stack = coded.scanned(tmp_path / "stack.pdf", copies, seed=5, dpi=DPI)
    first = prepare(root, PrepareOptions([stack], seed=1, workers=2))
    waiting = [alias for alias, reasons in first.held if TWICE in reasons]
    assert len(waiting) == 2

    assert mssw("key", root, "--assign", f"{waiting[0]}={children[0].person.number}") == 0
    assert prepare(root, PrepareOptions(workers=2)).released == ()
    assert mssw("key", root, "--assign", f"{waiting[1]}={children[1].person.number}") == 0
    done = prepare(root, PrepareOptions(workers=2))

    assert done.released == tuple(sorted(waiting))
    assert done.counts["held"] == 0
