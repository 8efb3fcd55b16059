"""A packet as it is handed out: names on covers, files for any printer, little ink, and a file to be read aloud."""

import hashlib
import io
import json
import shutil
import subprocess
from dataclasses import replace

import cv2
import numpy as np
import pikepdf
import pymupdf
import pytest
from PIL import Image

from mssw.auditing.run_audit import audit_path
from mssw.core.page import Tone
from mssw.core.paper import Flip, Layout
from mssw.errors import FindingsError, UnreadableError, UsageError
from mssw.formats.images import encode
from mssw.packets.bind_packet import bind_packet
from mssw.packets.packet_options import PacketOptions
from mssw.packets.packet_scans import shrink_scans
from mssw.packets.print_slip import PrintRun, print_slip
from mssw.printing.pdf_writer import ScannedPage, image_pdf
from mssw.printing.print_words import read_words
from mssw.roster.words_file import colleagues
from mssw.vision.lighting import whiten_paper
from mssw.workset.folder import read_json, write_bytes, write_json
from mssw.workset.settings import Settings
from support.commands import mssw
from support.handwritten import blank_page, draw
from support.made_up_set import ALIASES, give_roster, make_set

pytestmark = pytest.mark.pages

US = read_words("en-US")

DESCENT = 4  # points that letters reach below their line, as the fonts have it
STAFF = ("M. Rivera", "J. Okafor", "Lê Thị Trần")


@pytest.fixture
def workset(tmp_path):
    return make_set(tmp_path / "air", ["Andrea", "Bo", "Camille"], pages=2)


def texts(path):
    with pymupdf.open(path) as pdf:
        return [page.get_text() for page in pdf]


def names(workset):
    return [path.name for path in workset.packets()]


# A copy for each colleague ----------------------------------------------------------------------------


def test_each_colleague_has_a_copy_with_her_name_on_its_cover_and_nowhere_else(workset):
    report = bind_packet(workset, PacketOptions(colleagues=STAFF, copies=5))
    pages = texts(workset.packet)
    assert (report.copies, len(pages)) == (5, 5 * report.pages)
    covers = pages[:: report.pages]
    assert ["THIS COPY IS FOR" in cover for cover in covers] == [True, True, True, False, False]
    for name, cover in zip(STAFF, covers, strict=False):
        assert name in cover
        # M. Rivera also brought the work, and each cover says who did.
        assert sum(name in page for page in pages) == (5 if name == "M. Rivera" else 1)
    bodies = [pages[at + 1 : at + report.pages] for at in range(0, len(pages), report.pages)]
    assert all(body == bodies[0] for body in bodies)


def test_copies_with_names_share_their_images(tmp_path):
    workset = make_set(tmp_path / "air", ["Andrea", "Bo"], noise=60)
    bind_packet(workset, PacketOptions())
    one = workset.packet.stat().st_size
    bind_packet(workset, PacketOptions(colleagues=tuple(f"Colleague {letter}" for letter in "ABCDEFGH")))
    assert workset.packet.stat().st_size < 1.15 * one


def test_each_copy_may_be_a_file_of_its_own(workset):
    report = bind_packet(workset, PacketOptions(colleagues=STAFF, separate=True))
    assert names(workset) == [
        "packet-1-m-rivera.pdf",
        "packet-2-j-okafor.pdf",
        "packet-3-le-thi-tran.pdf",
        "packet-reading.pdf",
    ]
    assert [path.rpartition("/")[2] for path in report.files] == names(workset)[:3]
    for name, path in zip(STAFF, report.files, strict=True):
        assert name in texts(path)[0]
    listed = {row["path"] for row in read_json(workset.manifest)["files"]}
    assert set(names(workset)) <= listed


def test_a_colleague_may_share_a_name_with_a_student_but_nothing_else_may_hold_it(workset):
    give_roster(workset)
    report = bind_packet(workset, PacketOptions(colleagues=("Priya Adeyemi",), separate=True))
    assert "Priya Adeyemi" in texts(report.files[0])[0]
    assert report.files[0].endswith("packet-1.pdf")  # a file's name is read by more people than its cover
    assert not any("Priya" in page for page in texts(report.reading))
    assert "a roster name" not in " ".join(found.what for found in audit_path(workset.root).findings)

    workset.intro.write_text(workset.intro.read_text(encoding="utf-8") + "\nPriya read it aloud.\n", encoding="utf-8")
    with pytest.raises(FindingsError, match=r"a name from the class list"):
        bind_packet(workset, PacketOptions(colleagues=("Priya Adeyemi",)))


def test_a_colleague_who_is_called_as_a_student_is_in_full_is_told_by_her_number(workset):
    give_roster(workset)
    with pytest.raises(FindingsError, match=r"^name 2 in --per-teacher is a student's full name") as told:
        bind_packet(workset, PacketOptions(colleagues=("J. Okafor", "Priya Rivera")))
    assert "Priya" not in str(told.value)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("M. Rivera, J. Okafor", ("M. Rivera", "J. Okafor")),
        ("  M.  Rivera ;J. Okafor;; M. Rivera", ("M. Rivera", "J. Okafor")),
        ("Lê Thị Trần", ("Lê Thị Trần",)),
    ],
)
def test_colleagues_are_given_in_words(given, found):
    assert colleagues(given) == found


def test_colleagues_are_given_in_a_file(tmp_path):
    (tmp_path / "staff.txt").write_bytes("\ufeffM. Rivera\r\n\r\nOkafor, J.\r\n".encode())
    assert colleagues(str(tmp_path / "staff.txt")) == ("M. Rivera", "Okafor, J.")
    (tmp_path / "staff").write_text("A\nB\n", encoding="utf-8")
    assert colleagues(str(tmp_path / "staff")) == ("A", "B")


def test_colleagues_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(UnreadableError, match=r"none\.txt cannot be read"):
        colleagues(str(tmp_path / "none.txt"))
    (tmp_path / "staff.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableError, match=r"staff\.txt is not UTF-8"):
        colleagues(str(tmp_path / "staff.txt"))
    for nothing in (" , ", "x" * 90):
        with pytest.raises(UsageError, match="--per-teacher"):
            colleagues(nothing)


# Files ------------------------------------------------------------------------------------------------


def test_a_new_printing_takes_away_the_files_of_the_last_one(workset):
    bind_packet(workset, PacketOptions(by_hand=True))
    assert names(workset) == ["packet-evens.pdf", "packet-odds.pdf", "packet-reading.pdf"]
    bind_packet(workset, PacketOptions())
    assert names(workset) == ["packet-reading.pdf", "packet.pdf"]
    listed = {row["path"] for row in read_json(workset.manifest)["files"]}
    assert {name for name in listed if name.startswith("packet")} == set(names(workset))
    assert [found for found in audit_path(workset.root).findings if found.file.startswith("packet")] == []


def test_letter_and_a4_stand_beside_each_other_where_their_names_say_so(workset):
    for paper in ("letter", "a4"):
        bind_packet(workset, PacketOptions(paper=paper, name_paper=True))
    assert names(workset) == [
        "packet-a4-reading.pdf",
        "packet-a4.pdf",
        "packet-letter-reading.pdf",
        "packet-letter.pdf",
    ]
    with pymupdf.open(workset.shared / "packet-a4.pdf") as pdf:
        assert round(pdf[0].rect.width) == 595
    bind_packet(workset, PacketOptions())
    assert len(names(workset)) == 6


@pytest.mark.parametrize(
    "options",
    [
        PacketOptions(copies=2, colleagues=STAFF),
        PacketOptions(two_sided=False, layout=Layout.BOOKLET),
        PacketOptions(two_sided=False, by_hand=True),
        PacketOptions(two_sided=False, flip=Flip.LONG),
        PacketOptions(evens_last_first=True),
    ],
)
def test_options_that_contradict_each_other_are_refused(workset, options):
    with pytest.raises(UsageError):
        bind_packet(workset, options)
    assert names(workset) == []


def test_the_command_takes_them_all(workset, capsys):
    words = ["--per-teacher", "A. Bell, C. Diaz", "--booklet", "--by-hand", "--evens-last-first", "--flip", "long"]
    assert mssw("packet", workset.root, *words, "--grey", "--save-ink", "--name-paper", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert [path.rpartition("/")[2] for path in report["files"]] == [
        "packet-letter-odds.pdf",
        "packet-letter-evens.pdf",
    ]
    assert (report["colleagues"], report["layout"], report["copies"]) == (["A. Bell", "C. Diaz"], "booklet", 2)
    assert mssw("packet", workset.root, "--two-up", "--booklet") == 2


# Paper ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("two_sided", [True, False])
def test_the_staple_has_a_free_corner_on_every_page_and_no_text_stands_near_the_edge(tmp_path, paper, two_sided):
    dark = image_pdf([(encode(np.zeros((400, 310), np.uint8), Tone.GREY), size) for size in ((612, 792), (595, 842))])
    workset = make_set(tmp_path / "air", ["Andrea", "Bo"], task=False)
    _replace(workset, "work/Andrea.pdf", dark)
    bind_packet(workset, PacketOptions(paper=paper, two_sided=two_sided, session="B"))
    mm = 72 / 25.4
    with pymupdf.open(workset.packet) as pdf:
        for number, page in enumerate(pdf):
            grey = page.get_pixmap(dpi=72, colorspace="gray")
            pixels = np.frombuffer(grey.samples, np.uint8).reshape(grey.height, grey.width)
            corner = pixels[: int(10 * mm), : int(10 * mm)]
            if two_sided and number % 2:
                corner = pixels[: int(10 * mm), -int(10 * mm) :]
            assert corner.min() == 255
            words = [pymupdf.Rect(word[:4]) for word in page.get_text("words")]
            edge = 12 * mm
            room = pymupdf.Rect(edge, edge, page.rect.width - edge, page.rect.height - edge + DESCENT)
            assert [word for word in words if word not in room] == []


def _replace(workset, name, data):
    write_bytes(workset.shared / name, data, private=False)
    manifest = read_json(workset.manifest)
    for row in manifest["files"]:
        if row["path"] == name:
            row["sha256"] = hashlib.sha256(data).hexdigest()
    write_json(workset.manifest, manifest, private=False)


def run(**changes):
    usual = {
        "files": ("packet.pdf",),
        "copies": 8,
        "pages": 28,
        "sheets": 16,
        "paper": "letter",
        "two_sided": True,
        "layout": Layout.SINGLE,
        "flip": None,
        "by_hand": False,
        "turned": False,
        "colour": 0,
    }
    return PrintRun(**(usual | changes))


def test_the_print_slip_tells_sheets_staples_and_minutes():
    lines = dict(print_slip(run(), US))
    assert lines["Paper"].startswith("Letter. 8 copies of 16 sheets: 128 sheets in all.")
    assert lines["Staples"] == "8 staples, one per copy, in the upper left corner."
    assert lines["Time"] == "About 9 minutes, at 30 sides a minute."
    assert lines["Sides"] == "Two-sided, flipped on the long edge."
    assert lines["Ink"] == "Black only."


def test_the_print_slip_tells_of_everything_unusual():
    booklet = dict(print_slip(run(layout=Layout.BOOKLET, sheets=8, by_hand=True, turned=True, colour=3), US))
    assert booklet["Staples"].startswith("16 staples, two per copy on the fold")
    assert "flip the whole stack on its short edge" in booklet["Sides"]
    assert "last sheet first" in booklet["Sides"]
    assert "In each copy, 3 pages have color." in booklet["Ink"]
    assert "3 reams" in dict(print_slip(run(copies=40, sheets=30), US))["Paper"]
    assert dict(print_slip(run(two_sided=False), US))["Sides"] == "One-sided."


def test_the_slip_is_written_beside_the_checklist(workset):
    bind_packet(workset, PacketOptions(copies=3))
    slip = " ".join(texts(workset.print_slip)[0].split())
    assert "3 copies of 7 sheets: 21 sheets in all" in slip
    assert "Actual size (100%)" in slip


# Ink --------------------------------------------------------------------------------------------------


def faint(depth, *, grain=3.0):
    """A scan of uneven light with three lines of pencil so much darker, and how much of each pixel is pencil."""
    ink = blank_page()
    for row, text in enumerate(("The air in the ball weighs more", "because it is full", "12 + 7 = 19")):
        draw(ink, text, 120, 200 + 140 * row, size=44, ink=0)
    cover = (255 - cv2.GaussianBlur(ink, (0, 0), 0.7).astype(float)) / 255
    height, width = ink.shape
    paper = np.linspace(238, 205, width)[None, :] * np.linspace(1, 0.95, height)[:, None]
    rng = np.random.default_rng(3)
    pressed = np.clip(rng.normal(1, 0.35, ink.shape), 0, 1.6)
    page = paper - cover * depth * pressed + rng.normal(0, grain, ink.shape)
    return np.clip(page, 0, 255).astype(np.uint8), cover


@pytest.mark.parametrize("depth", [14, 20, 60, 150])
def test_paper_turns_white_and_the_faintest_pencil_stays(depth):
    page, cover = faint(depth)
    saved = whiten_paper(page).astype(int)
    pencil, paper = cover > 0.8, cover < 0.02
    assert (saved[pencil] < 250).mean() > 0.97  # no gaps in a stroke
    assert (255 - saved[pencil]).mean() > depth  # at least as dark against its paper as it was
    assert (saved[paper] > 250).mean() > 0.98
    assert (255 - saved).mean() < 0.05 * (255 - page.astype(int)).mean()  # ink


def test_a_coloured_line_keeps_its_colour_on_white_paper():
    page = np.full((600, 500, 3), (228, 224, 215), np.uint8)
    cv2.line(page, (60, 300), (440, 320), (190, 60, 50), 5)
    saved = whiten_paper(page)
    red, green, blue = (int(level) for level in saved[310, 250])
    assert red > green + 60
    assert red > blue + 60
    assert saved[100, 100].tolist() == [255, 255, 255]


@pytest.fixture
def coloured(tmp_path):
    """A set with a page in colour, a grey one and a bitonal one."""
    workset = make_set(tmp_path / "air", ["Andrea", "Bo"], pages=1, task=False)
    page, _ = faint(60)
    colour = np.dstack([page, page, np.clip(page.astype(int) - 40, 0, 255).astype(np.uint8)])
    _replace(workset, "work/Andrea.pdf", image_pdf([(encode(colour, Tone.COLOUR), (612, 792))]))
    _replace(workset, "work/Bo.pdf", image_pdf([(encode(page, Tone.BITONAL), (612, 792))]))
    return workset


def images(path):
    """The raw bytes and the colour space of each image, page by page."""
    with pikepdf.open(path) as pdf:
        held = [page.obj.Resources.XObject.Im0 for page in pdf.pages if "/XObject" in page.obj.Resources]
        return [(image.read_raw_bytes(), str(image.ColorSpace)) for image in held]


def test_grey_takes_out_the_colours_and_leaves_what_is_black_and_white(coloured):
    assert bind_packet(coloured, PacketOptions()).colour == 1
    before = images(coloured.packet)
    assert bind_packet(coloured, PacketOptions(grey=True)).colour == 0
    after = images(coloured.packet)
    assert {space for _, space in before} == {"/DeviceRGB", "/DeviceGray"}
    assert {space for _, space in after} == {"/DeviceGray"}
    assert after[1] == before[1]


def test_save_ink_whitens_the_pages_of_the_packet(coloured):
    bind_packet(coloured, PacketOptions(save_ink=True, grey=True))
    pixels = np.asarray(Image.open(io.BytesIO(images(coloured.packet)[0][0])))
    assert (pixels > 250).mean() > 0.9


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript, which measures ink, is not installed")
@pytest.mark.parametrize("layout", [Layout.SINGLE, Layout.BOOKLET])
def test_a_grey_packet_spends_black_ink_alone(coloured, layout):
    bind_packet(coloured, PacketOptions(grey=True, layout=layout, session="B"))
    command = ["gs", "-q", "-o", "-", "-sDEVICE=inkcov", str(coloured.packet)]
    measured = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    inks = [[float(ink) for ink in line.split()[:4]] for line in measured.splitlines() if line.strip().endswith("OK")]
    assert len(inks) == len(texts(coloured.packet))
    assert [ink for ink in inks if any(ink[:3])] == []
    assert all(ink[3] > 0 for ink in inks)


# To be read aloud -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["", "A", "B", "C", "D", "E"])
def reading(request, tmp_path_factory):
    settings = Settings(title="Không khí & <massive> air", grade="5", presenting_teachers=("M. Rivera",))
    workset = make_set(tmp_path_factory.mktemp("air") / "set", ["Andrea", "Bo"], settings=settings)
    return bind_packet(workset, PacketOptions(session=request.param))


def test_two_checkers_find_no_error_in_the_reading_file(reading):
    pdfua = pytest.importorskip("pdfua", reason="pdfua, a checker of PDF/UA, is not installed")
    outloud = pytest.importorskip("outloud", reason="outloud, a checker of PDF/UA, is not installed")
    assert list(pdfua.validate(reading.reading).findings) == []
    assert [found for found in outloud.check(reading.reading).findings if found.severity == "error"] == []


def test_every_scan_has_words_and_stands_under_the_number_that_it_has_on_paper(reading):
    with pikepdf.open(reading.reading) as pdf:
        figures = [
            thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
        roles = {"Reader", "Timekeeper", "Recorder"}
        said = [alt for figure in figures if (alt := str(figure.Alt)) not in roles]
    assert sorted(said) == [
        *(
            f"Student work by {alias}, page {page} of 2, handwritten; names removed"
            for alias in ("Andrea", "Bo")
            for page in (1, 2)
        ),
        *(f"The blank task, page {page} of 2, as students got it" for page in (1, 2)),
    ]
    paper = [page for page in texts(reading.packet) if "intentionally left blank" not in page]
    screen = texts(reading.reading)
    assert [page.split() for page in screen] == [page.split() for page in paper]


def test_its_bookmarks_are_parts_and_aliases(reading):
    with pymupdf.open(reading.reading) as pdf:
        outline = pdf.get_toc()
    titles = [title for _, title, _ in outline]
    start = ["Cover", "Introduction", "The blank task", "Samples", "Andrea", "Bo", "Notes", "Chart"]
    assert titles in ([*start, "Norms"], [*start, "Agenda", "Norms"])
    pages = texts(reading.reading)
    for _, title, page in outline:
        if title in {"Andrea", "Bo", "Norms", "Introduction", "Notes", "The blank task"}:
            assert pages[page - 1].startswith(title)


def test_its_fonts_are_in_it_and_its_images_are_the_works_own(reading):
    with pikepdf.open(reading.reading) as pdf:
        described = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/FontName" in thing]
        assert str(pdf.trailer.Info.Title) == "Không khí & <massive> air"
        assert pdf.Root.Lang == "en-US"
    assert described
    assert all("/FontFile2" in one or "/FontFile3" in one for one in described)
    assert images(reading.reading) == images(reading.packet)


# Small enough to mail ---------------------------------------------------------------------------------


def test_large_scans_are_made_small_enough_to_mail_and_ink_looks_the_same():
    rng = np.random.default_rng(1)
    page = np.full((3300, 2550), 235, np.uint8)
    for row in range(300, 3000, 120):
        cv2.putText(page, "the full ball is heavier", (200, row), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 3, 140, 5)
    noisy = np.clip(page + cv2.GaussianBlur(rng.normal(0, 5, page.shape).astype(np.float32), (0, 0), 0.8), 0, 255)
    scan = ScannedPage(encode(noisy.astype(np.uint8), Tone.GREY), (612.0, 792.0))
    few = replace(scan, image=encode(noisy.astype(np.uint8), Tone.BITONAL))

    small = shrink_scans({"Andrea": [scan] * 2, "Bo": [few]}, 300_000)

    assert small["Bo"] == [few]
    assert len(small["Andrea"][0].image.data) < 300_000 < len(scan.image.data)
    before, after = (on_paper(one.image.data) for one in (scan, small["Andrea"][0]))
    ink = cv2.erode(cv2.resize(page, (1275, 1650), interpolation=cv2.INTER_AREA), np.ones((5, 5))) < 215
    assert similarity(before, after)[ink].mean() > 0.97  # side by side no eye tells them apart


def on_paper(data):
    """A page as the eye sees it at arm's length: 150 dots an inch."""
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.resize((1275, 1650), Image.Resampling.BOX))


def similarity(one, other):
    """The structural similarity of two pictures, pixel by pixel (Wang et al. 2004)."""

    def mean(values):
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    a, b = one.astype(np.float64), other.astype(np.float64)
    both = mean(a) * mean(b)
    spread = mean(a * a) - mean(a) ** 2 + mean(b * b) - mean(b) ** 2
    return (
        (2 * both + 6.5) * (2 * (mean(a * b) - both) + 58.5) / ((mean(a) ** 2 + mean(b) ** 2 + 6.5) * (spread + 58.5))
    )


@pytest.mark.parametrize(("paper", "language"), [("letter", "us"), ("a4", "uk"), ("letter", "es")])
def test_twelve_samples_have_two_pages_for_notes_with_no_line_left_over(tmp_path, paper, language):
    workset = make_set(tmp_path / "air", ALIASES[:12], pages=1)
    bind_packet(workset, PacketOptions(paper=paper, language=language))
    with pymupdf.open(workset.packet) as pdf:
        marks = [(title, page) for level, title, page in pdf.get_toc() if level == 1]
    place = next(place for place, (title, _) in enumerate(marks) if title in {"Notes", "Notas"})
    assert marks[place + 1][1] - marks[place][1] == 2
