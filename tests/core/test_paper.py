"""Every page in its place and the right way up: told by rendering the sheets and reading a code off each page."""

import io

import numpy as np
import pikepdf
import pymupdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import (
    EDGE,
    FOOT,
    PAPERS,
    STAPLE,
    Flip,
    Layout,
    Part,
    Place,
    frame_of,
    impose,
    pages_a_sheet,
    plan_packet,
    sections_of,
    sheets,
)
from mssw.printing.binding import Bookmark, Press, Sides, bind_copies
from mssw.printing.typeset import typeset
from support.examples import examples

CELL, COLUMNS, ROWS = 8, 5, 6
BITS = 10
DPI = 50
BLANK = None


def code(number: int, *, across: bool = False) -> EncodedImage:
    """A page within a black edge, a black square in its upper left corner alone, and its number in squares."""
    columns, rows = (ROWS, COLUMNS) if across else (COLUMNS, ROWS)
    image = Image.new("L", (columns * CELL, rows * CELL), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width - 1, image.height - 1), outline="black", width=2)
    inner = [(row, column) for row in range(1, rows - 1) for column in range(1, columns - 1)]
    dark = [(0, 0), *(cell for bit, cell in enumerate(inner[:BITS]) if number >> bit & 1)]
    for row, column in dark:
        draw.rectangle((column * CELL, row * CELL, (column + 1) * CELL - 1, (row + 1) * CELL - 1), fill="black")
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95)
    return EncodedImage(file.getvalue(), *image.size, Tone.GREY)


def read_code(pixels: np.ndarray) -> tuple[int, int] | None:
    """The number on a page and how far it is turned, clockwise in degrees; None where the page is blank."""
    dark = pixels < 128
    if not dark.any():
        return None
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    page = dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    for turn in (0, 90, 180, 270):
        upright = np.rot90(page, turn // 90)  # np turns the other way round
        down, over = (ROWS, COLUMNS) if upright.shape[0] > upright.shape[1] else (COLUMNS, ROWS)
        cells = [
            [
                upright[int((row + 0.5) * upright.shape[0] / down), int((column + 0.5) * upright.shape[1] / over)]
                for column in range(over)
            ]
            for row in range(down)
        ]
        if cells[0][0] and not (cells[0][-1] or cells[-1][0] or cells[-1][-1]):
            inner = [cells[row][column] for row in range(1, down - 1) for column in range(1, over - 1)]
            return sum(1 << bit for bit, black in enumerate(inner[:BITS]) if black), turn
    raise AssertionError("a page without its corner")


def drawn(data: bytes) -> list[np.ndarray]:
    """The sides of the sheets as they come out of the printer."""
    with pymupdf.open("pdf", data) as pdf:
        sides = [page.get_pixmap(dpi=DPI, colorspace="gray") for page in pdf]
    return [np.frombuffer(side.samples, np.uint8).reshape(side.height, side.width) for side in sides]


def halves(side: np.ndarray) -> list[np.ndarray]:
    middle = side.shape[1] // 2
    return [side[:, :middle], side[:, middle:]]


def as_read(sides: list[np.ndarray], layout: Layout, flip: Flip) -> list[np.ndarray]:
    """The pages as a reader meets them: sheet after sheet, or leaf after leaf of a folded booklet."""
    if layout is Layout.SINGLE:
        return sides
    if layout is Layout.TWO_UP:
        return [half for side in sides for half in halves(side)]
    # A printer that turns over the long edge shows the back on its head to whoever turns over the fold.
    backs = [np.rot90(side, 2) if flip is Flip.LONG else side for side in sides[1::2]]
    fronts = sides[0::2]
    into = [half for front, back in zip(fronts, backs, strict=True) for half in (halves(front)[1], halves(back)[0])]
    out = [half for front, back in zip(fronts, backs, strict=True) for half in (halves(front)[0], halves(back)[1])]
    return into + out[::-1]


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank")
    (folder / "t.typ.j2").write_text("#set page(paper: << paper >>)\n#hide[= Blank]")
    return typeset("t", {}, paper="letter", tagged=False, folder=folder)


def numbered(plan, paper, across=frozenset()):
    """Scans for the pages of a plan, each with the number that it has in the packet, and the pages of a copy."""
    scans, copy = {}, []
    for side in plan:
        if side.section is None:
            copy.append(1)
            continue
        lies = side.number in across
        scan = code(side.number, across=lies)
        size = (792.0, 612.0) if lies else (612.0, 792.0)
        scans[1 + len(scans) + 1] = (scan, frame_of(size, paper))
        copy.append(1 + len(scans))
    return scans, copy


works = st.lists(st.integers(1, 3), min_size=1, max_size=24)
LAYOUTS = st.sampled_from(
    [
        (Layout.SINGLE, True, Flip.LONG),
        (Layout.SINGLE, False, Flip.LONG),
        (Layout.TWO_UP, True, Flip.SHORT),
        (Layout.TWO_UP, False, Flip.SHORT),
        (Layout.BOOKLET, True, Flip.SHORT),
        (Layout.BOOKLET, True, Flip.LONG),
    ]
)


@given(works, LAYOUTS, st.sampled_from(sorted(PAPERS)), st.sets(st.integers(1, 60), max_size=3), st.integers(1, 2))
@example([1], (Layout.BOOKLET, True, Flip.LONG), "letter", set(), 2)
@example([2] * 24, (Layout.BOOKLET, True, Flip.SHORT), "a4", {9}, 1)
@examples(60)
def test_every_page_is_printed_once_in_its_place_and_the_right_way_up(blank, counts, shape, name, across, copies):
    (layout, two_sided, flip), paper = shape, PAPERS[name]
    sections = sections_of(
        [(f"A{at}", pages) for at, pages in enumerate(counts)], {Part.COVER: 1, Part.TASK: 2, Part.NOTES: 1}
    )
    plan = plan_packet(sections, two_sided=two_sided, layout=layout)
    scans, copy = numbered(plan, paper, across)

    data, count = bind_copies(blank, scans, [copy] * copies, Press(paper, layout, two_sided, flip))

    sides = drawn(data)
    in_one = len(sides) // copies
    assert len(sides) == count == copies * in_one
    assert in_one == sheets(len(plan), two_sided=two_sided, layout=layout) * (2 if two_sided else 1)
    for start in range(0, len(sides), in_one):
        read = [read_code(page) for page in as_read(sides[start : start + in_one], layout, flip)]
        turned = 90 if layout is not Layout.SINGLE else 0
        told = [(side.number, turned if side.number in across else 0) if side.section else BLANK for side in plan]
        assert read == told


@given(works, st.sampled_from([Layout.SINGLE, Layout.TWO_UP, Layout.BOOKLET]), st.booleans())
@examples(15)
def test_odds_and_evens_laid_together_are_the_whole(blank, counts, layout, turned):
    plan = plan_packet(sections_of([(f"A{at}", n) for at, n in enumerate(counts)], {}), two_sided=True, layout=layout)
    scans, copy = numbered(plan, PAPERS["letter"])
    whole, odds, evens = (
        drawn(bind_copies(blank, scans, [copy] * 2, Press(PAPERS["letter"], layout, sides=sides, turned=turned))[0])
        for sides in (Sides.ALL, Sides.ODDS, Sides.EVENS)
    )

    assert len(odds) == len(evens)  # so that no sheet is left without its back
    together = [side for both in zip(odds, evens[:: -1 if turned else 1], strict=True) for side in both]
    assert all(np.array_equal(one, other) for one, other in zip(whole, together, strict=True))
    assert len(whole) == len(together)


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("scan", [(612, 792), (595.276, 841.89), (792, 612), (300, 400), (612, 1008), (1191, 842)])
@pytest.mark.parametrize("staple", ["left", "right", ""])
def test_a_scan_keeps_clear_of_edge_staple_and_foot_and_is_never_larger_than_it_was(paper, scan, staple):
    frame = frame_of(scan, paper, staple=staple)

    assert sorted(frame.page) == sorted(paper)
    assert (frame.page[0] > frame.page[1]) == (scan[0] > scan[1])
    assert frame.width / frame.height == pytest.approx(scan[0] / scan[1])
    assert frame.width <= scan[0] + 1e-6
    right, top = frame.page[0] - frame.left - frame.width, frame.page[1] - frame.bottom - frame.height
    near = 1e-6
    assert min(frame.left, right) >= EDGE - near
    assert frame.bottom >= FOOT - near
    assert top >= STAPLE - near
    across = scan[0] > scan[1]
    assert (frame.left if staple != "right" or across else right) >= STAPLE - near


def test_two_up_takes_half_the_sheets_and_a_booklet_too():
    assert [pages_a_sheet(layout, two_sided=True) for layout in Layout] == [2, 4, 4]
    assert len(impose([(612, 792)] * 12, paper=(612, 792), layout=Layout.TWO_UP)) == 6
    assert len(impose([(612, 792)] * 12, paper=(612, 792), layout=Layout.BOOKLET)) == 6


def test_a_booklet_whose_sheets_are_not_full_is_refused():
    with pytest.raises(ValueError, match="7 pages do not fill"):
        impose([(612, 792)] * 7, paper=(612, 792), layout=Layout.BOOKLET)


@given(st.sampled_from([0, 90, 180, 270]), st.floats(0, 500), st.floats(0, 500), st.floats(0.2, 1))
def test_a_turned_page_lies_with_its_corner_where_it_was_put(turn, left, bottom, scale):
    a, b, c, d, e, f = Place(0, left, bottom, scale, turn).matrix((300, 400))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (0, 300) for y in (0, 400)]

    assert min(x for x, _ in corners) == pytest.approx(left, abs=1e-6)
    assert min(y for _, y in corners) == pytest.approx(bottom, abs=1e-6)
    assert a * d - b * c == pytest.approx(scale**2)  # turned, not mirrored


@pytest.mark.parametrize(
    ("press", "duplex"),
    [
        (Press(PAPERS["a4"]), "/DuplexFlipLongEdge"),
        (Press(PAPERS["a4"], flip=Flip.SHORT), "/DuplexFlipShortEdge"),
        (Press(PAPERS["a4"], two_sided=False), "/Simplex"),
        (Press(PAPERS["a4"], Layout.BOOKLET), "/DuplexFlipShortEdge"),
        (Press(PAPERS["a4"], Layout.BOOKLET, flip=Flip.LONG), "/DuplexFlipLongEdge"),
        (Press(PAPERS["a4"], Layout.TWO_UP), "/DuplexFlipShortEdge"),
        (Press(PAPERS["a4"], sides=Sides.EVENS), "/Simplex"),
    ],
)
def test_the_file_tells_the_printer_how_to_turn_and_not_to_scale(blank, press, duplex):
    data, _ = bind_copies(blank, {}, [[1, 1, 1, 1]], press)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == duplex
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"


@pytest.mark.parametrize("layout", Layout)
def test_bookmarks_lead_to_the_side_on_which_their_page_lies(blank, layout):
    plan = plan_packet(sections_of([("Andrea", 2), ("Bo", 3)], {}), two_sided=True, layout=layout)
    scans, copy = numbered(plan, PAPERS["letter"])
    firsts = [(side.section.alias, side.number) for side in plan if side.section and side.page == 1]
    marks = [Bookmark("Samples", 0), *(Bookmark(alias, number - 1, deeper=True) for alias, number in firsts)]

    data, _ = bind_copies(blank, scans, [copy] * 2, Press(PAPERS["letter"], layout), marks)

    sides = drawn(data)
    with pymupdf.open("pdf", data) as pdf:
        outline = pdf.get_toc()
    titles = ["Samples", "Andrea", "Bo"]
    assert [title for _, title, _ in outline] == ["Copy 1", *titles, "Copy 2", *titles]
    assert [level for level, _, _ in outline] == [1, 2, 3, 3] * 2
    for _, title, page in outline:
        side = sides[page - 1]
        seen = [read_code(half) for half in ([side] if layout is Layout.SINGLE else halves(side))]
        if title in dict(firsts):
            assert dict(firsts)[title] in [one[0] for one in seen if one]
