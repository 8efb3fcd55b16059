"""What is left under a cover is found at 3 % opacity; honest covers pass, in grey, colour and bitonal."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssw.auditing.cover_residue import audit_covers
from mssw.auditing.pdf_text import reading
from mssw.core.page import Box, Tone
from support.canaries import fax, jpeg, one_image_pdf
from support.examples import examples

FIELD = Box(0.1, 0.04, 0.55, 0.06)
PLAIN = Box(0.30, 0.205, 0.18, 0.03)
HANDS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX, cv2.FONT_HERSHEY_SIMPLEX)
TONES = ("grey", "colour", "bitonal")


def page(tone: str, seed: int, dpi: int = 200) -> np.ndarray:
    """A worksheet with a printed label and rule, a name in the field, and one in the text."""
    rng = np.random.default_rng(seed)
    unit = dpi / 200
    height, width = int(2200 * unit), int(1700 * unit)
    grey = np.full((height, width), 244, np.uint8)

    def write(text: str, at: tuple[int, int], hand: int, size: float, *, ink: int = 25, pen: int = 2) -> None:
        place = (int(at[0] * unit), int(at[1] * unit))
        cv2.putText(grey, text, place, hand, size * unit, ink, max(1, round(pen * unit)), cv2.LINE_AA)

    write("Name:", (100, 170), cv2.FONT_HERSHEY_DUPLEX, 1.1)
    cv2.line(
        grey,
        (int(210 * unit), int(180 * unit)),
        (int(1000 * unit), int(180 * unit)),
        30,
        max(1, round(2 * unit)),
    )
    for row in range(300, 2100, 90):
        write("Explain how the particles move in air", (120, row), cv2.FONT_HERSHEY_DUPLEX, 1.0)
    ink = int(rng.integers(40, 130))
    hand = HANDS[seed % len(HANDS)]
    write(
        "Zebulonia Okonkwo",
        (230 + int(rng.integers(0, 60)), 165),
        hand,
        1.5 + rng.random() / 2,
        ink=ink,
        pen=3,
    )
    write("Okonkwo", (540, 500), hand, 1.4, ink=ink, pen=3)
    blurred = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 0.8) + rng.normal(0, 3, grey.shape)
    scan = np.clip(blurred, 0, 255).astype(np.uint8)
    if tone == "bitonal":
        return np.where(scan > 150, 255, 0).astype(np.uint8)
    return np.dstack([scan, np.clip(scan, 3, 255) - 3, scan]) if tone == "colour" else scan


def covered(
    before: np.ndarray,
    box: Box,
    *,
    leak: float = 0.0,
    alias: str = "Andrea",
    bare: float = 0.0,
    mirrored: bool = False,
) -> np.ndarray:
    """The page with a cover: white, outlined, the alias in type; or not quite opaque, or not quite there."""
    after = before.copy()
    height, width = before.shape[:2]
    left, top, right, bottom = box.to_pixels(width, height)
    tone = 255 if alias else 225
    patch = np.full((bottom - top, right - left), tone, np.uint8)
    cv2.rectangle(patch, (0, 0), (right - left - 1, bottom - top - 1), 110, 2)
    if alias:
        size = (bottom - top) / 60
        place = (round(20 * size), bottom - top - round(18 * size))
        cv2.putText(patch, alias, place, cv2.FONT_HERSHEY_DUPLEX, size, 20, max(1, round(2 * size)), cv2.LINE_AA)
    source = (before[:, ::-1] if mirrored else before)[top:bottom, left:right].astype(np.float32)
    layer = patch.astype(np.float32) if before.ndim == 2 else np.dstack([patch] * 3).astype(np.float32)
    mixed = layer * (1 - leak) + source * leak
    uncovered = round((right - left) * bare)
    if uncovered:
        mixed[:, -uncovered:] = before[top:bottom, right - uncovered : right]
    after[top:bottom, left:right] = np.clip(np.round(mixed), 0, 255)
    return after


def sent(after: np.ndarray, tone: str) -> np.ndarray:
    """The page as a reader of the PDF sees it."""
    height, width = after.shape[:2]
    if tone == "bitonal":
        data = one_image_pdf(fax(after), Tone.BITONAL, width, height)
    else:
        kind = Tone.COLOUR if tone == "colour" else Tone.GREY
        data = one_image_pdf(jpeg(after[..., ::-1] if after.ndim == 3 else after), kind, width, height)
    with reading(data) as reader:
        return reader.grey(0, 850)


def said(before: np.ndarray, after: np.ndarray, tone: str, *boxes: Box) -> list[str]:
    return [residue.what for residue in audit_covers(before, sent(after, tone), boxes)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tone", TONES)
def test_honest_covers_pass(tone, seed):
    before = page(tone, seed)
    after = covered(covered(before, FIELD, alias=("Bonnie", "Christopher", "Jo")[seed]), PLAIN, alias="")
    assert said(before, after, tone, FIELD, PLAIN) == []


@pytest.mark.parametrize(("aside", "told"), [(0, True), (3, True), (5, False)])
def test_strokes_under_the_alias_are_the_old_ones_only_where_they_lie_within_half_a_pens_width(aside, told):
    before = page("grey", 0)
    left, top, right, bottom = FIELD.to_pixels(before.shape[1], before.shape[0])
    before[top:bottom, left:right] = 250
    lettered = covered(before, FIELD, alias="Hilde")[top + 4 : bottom - 4, left + 4 : right - 4]
    before[top + 4 : bottom - 4, left + 4 + aside : right - 4] = lettered[:, : lettered.shape[1] - aside]
    after = covered(before, FIELD, alias="Hilde")
    assert bool(said(before, after, "grey", FIELD)) == told


@pytest.mark.parametrize("dpi", [100, 300])
def test_honest_covers_pass_at_other_resolutions(dpi):
    before = page("grey", 1, dpi)
    assert said(before, covered(covered(before, FIELD), PLAIN, alias=""), "grey", FIELD, PLAIN) == []


def with_line(after: np.ndarray, *, thick: int = 2) -> np.ndarray:
    """The page with the line for the name drawn again on its cover."""
    after = after.copy()
    height, width = after.shape[:2]
    left, _, right, _ = FIELD.to_pixels(width, height)
    top = round(180 * width / 1700)
    after[top : top + thick, max(left, round(210 * width / 1700)) : right] = 110
    return after


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("tone", TONES)
def test_a_line_for_the_name_may_be_drawn_again_where_it_was(tone, seed):
    before = page(tone, seed)
    assert said(before, with_line(covered(before, FIELD)), tone, FIELD) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_line_that_is_not_quite_level_may_be_drawn_again_too(seed):
    before = page("grey", seed)
    before[100:178, 205:1105] = 244 - (244 - before[100:178, 205:1105].astype(int)) // 3  # a name in pencil
    before[180:182, 100:1200] = 30
    after = before.copy()
    left, top, right, bottom = FIELD.to_pixels(before.shape[1], before.shape[0])
    after[top:bottom, left:right] = 255
    after[180:182, left:right] = after[182:184, right - 24 : right] = 110
    assert said(before, after, "grey", FIELD) == []


@pytest.mark.parametrize("tone", ["grey", "colour"])
def test_a_leak_is_found_beside_a_line_that_was_drawn_again(tone):
    before = page(tone, 1)
    assert said(before, with_line(covered(before, FIELD, leak=0.03)), tone, FIELD)
    assert said(before, with_line(covered(before, FIELD, bare=0.4)), tone, FIELD)


def test_a_piece_of_the_line_that_was_left_bare_is_found():
    before = page("bitonal", 1)
    after = covered(before, FIELD)
    after[170:190, 760:1000] = before[170:190, 760:1000]
    assert said(before, after, "bitonal", FIELD)


def test_strokes_along_a_line_are_no_line():
    """A strip of the old page is left bare: the strokes of the name have gaps, and a line has none."""
    before = page("grey", 2)
    before[176:186] = 244  # a form without a line
    after = covered(before, FIELD)
    after[140:166, 200:1000] = before[140:166, 200:1000]
    assert said(before, after, "grey", FIELD)


@pytest.mark.parametrize("leak", [0.02, 0.03, 0.06])
@pytest.mark.parametrize("tone", ["grey", "colour"])
def test_a_cover_that_is_not_opaque_is_found_after_jpeg(tone, leak):
    before = page(tone, 0)
    after = covered(before, FIELD, leak=leak)
    residue = audit_covers(before, sent(after, tone), [FIELD])[0]
    assert residue.what == "what was under it shows through the cover"
    assert residue.strength == pytest.approx(leak, rel=0.5)


@pytest.mark.parametrize("tone", ["grey", "colour"])
def test_a_plain_cover_that_is_not_opaque_is_found_beside_an_honest_one(tone):
    before = page(tone, 2)
    after = covered(covered(before, FIELD), PLAIN, leak=0.03, alias="")
    found = audit_covers(before, sent(after, tone), [FIELD, PLAIN])
    assert [residue.box for residue in found] == [1]


def test_a_leak_is_found_on_a_coarse_scan():
    before = page("grey", 0, dpi=100)
    assert said(before, covered(before, FIELD, leak=0.03), "grey", FIELD)


def test_something_mirrored_is_found():
    before = page("grey", 1)
    assert said(before, covered(before, FIELD, leak=0.04, mirrored=True), "grey", FIELD)


@pytest.mark.parametrize("bare", [0.3, 1.0])
@pytest.mark.parametrize("tone", TONES)
def test_strokes_that_a_cover_misses_are_found(tone, bare):
    before = page(tone, 1)
    assert said(before, covered(before, FIELD, bare=bare), tone, FIELD)


def test_a_cover_that_was_never_painted_is_found():
    before = page("bitonal", 0)
    assert said(before, before, "bitonal", PLAIN, FIELD) == ["strokes of what was under the cover are left"] * 2


def test_without_covers_there_is_nothing_to_find():
    before = page("grey", 0)
    assert audit_covers(before, before, []) == []


@examples(40)
@given(
    x=st.floats(-0.2, 1.2),
    y=st.floats(-0.2, 1.2),
    w=st.floats(0, 0.5),
    h=st.floats(0, 0.5),
    size=st.integers(4, 90),
)
def test_boxes_at_the_edge_or_outside_break_nothing(x, y, w, h, size):
    white = np.full((size, size + 9), 255, np.uint8)
    assert audit_covers(white, white, [Box(x, y, w, h)]) == []


@pytest.mark.parametrize(("tone", "dpi"), [("grey", 200), ("colour", 200), ("bitonal", 200)])
def test_small_honest_covers_that_cut_through_print_pass(tone, dpi):
    rng = np.random.default_rng(4)
    before = page(tone, 4, dpi)
    boxes = [Box(*rng.uniform((0.05, 0.12), (0.75, 0.9)), *rng.uniform((0.006, 0.004), (0.2, 0.03))) for _ in range(40)]
    after = before.copy()
    for box in boxes:
        left, top, right, bottom = box.to_pixels(before.shape[1], before.shape[0])
        after[top:bottom, left:right] = 255
    assert said(before, after, tone, *boxes) == []
