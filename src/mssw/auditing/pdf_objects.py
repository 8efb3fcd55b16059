"""Walks a PDF object by object (pikepdf): a file passes only if every object in it is one that our pages need.

Each dictionary may have only the keys and values on the allow-list (see ``pdf_words``); anything else is a finding.
Keys and values that are not ours are never repeated in a message, since a name can hide there. Beside text set by
Typst, a page may end with a picture, or be a sheet with several pages; both are recognised by patterns, not by a PDF
library.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mssw.auditing.image_bytes import ImageBytesError, fax_facts, has_hidden_rows, jpeg_facts
from mssw.auditing.pdf_layout import PdfLayoutError, has_comment, unpacked
from mssw.auditing.pdf_words import FONTS, INFORMATION, LINKS, OPERATORS, DictionaryKind, check_tags, kind_named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Problem = tuple[int | None, str]

_INVISIBLE = 3
_BACKWARDS = {"/ReversedChars"}  # Arabic and Hebrew; the search for names also reads every page backwards


Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""

EDGE = 0.51
"""Points by which rounding may move something over an edge."""

_NUMBER = rb"(-?\d+(?:\.\d+)?)"
_MATRIX = rb"\s".join([_NUMBER] * 6)
_UPRIGHT = _NUMBER + rb"\s0\s0\s" + _NUMBER + rb"\s" + _NUMBER + rb"\s" + _NUMBER
PLACED = re.compile(rb"q " + _UPRIGHT + rb" cm /Im0 Do Q\s?")
"""All of the content of a page that is one image: its width, height, left and bottom."""
_LAST = re.compile(rb"q\s" + _UPRIGHT + rb"\scm\s?/Im0 Do\sQ\s*(EMC\s*)?\Z")
_PART = re.compile(rb"q " + _MATRIX + rb" cm (/P\d{1,2}) Do Q\n?")
_SHEET = re.compile(rb"(?:" + _PART.pattern + rb"){1,16}")

_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_LARGEST_PAGE = 14400  # points; what PDF allows, and 20 times a letter
_MOST_OUTLINES = 5000


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture that is drawn last on a page.

    Attributes:
        matrix: its width, height, left and bottom in points.
        before: the content that comes before it.
        marks: how many marks are open around it.
    """

    matrix: tuple[float, float, float, float]
    before: bytes
    marks: int


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A page that is drawn on a sheet: its name among the resources, and what moves it to its place."""

    name: str
    matrix: tuple[float, float, float, float, float, float]

    def where(self, box: Sequence[float]) -> Rectangle:
        """Where a page with that box lies on the sheet."""
        a, b, c, d, e, f = self.matrix
        corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        across = [a * x + c * y + e for x, y in corners]
        up = [b * x + d * y + f for x, y in corners]
        return min(across), min(up), max(across), max(up)


def picture_last(content: bytes) -> PlacedPicture | None:
    """The picture that a page's content ends with; None where it ends otherwise."""
    found = _LAST.search(content)
    if found is None:
        return None
    width, height, left, bottom = (float(number) for number in found.groups()[:4])
    return PlacedPicture((width, height, left, bottom), content[: found.start()], int(found.group(5) is not None))


def parts_of(content: bytes) -> list[SheetPart]:
    """The pages that a side of a sheet shows, if that is all that it does; else none."""
    if _SHEET.fullmatch(content) is None:
        return []
    found = []
    for match in _PART.finditer(content):
        a, b, c, d, e, f = (float(number) for number in match.groups()[:6])
        found.append(SheetPart(match.group(7).decode("ascii"), (a, b, c, d, e, f)))
    return found


def reach_over_edge(placed: tuple[float, float, float, float], size: tuple[float, float]) -> float:
    """By how many points a picture reaches over the edge of its page."""
    width, height, left, bottom = placed
    return max(-left, -bottom, left + width - size[0], bottom + height - size[1])


def overlap(places: Sequence[Rectangle], size: tuple[float, float]) -> bool:
    """Whether one of the places lies over another or over the sheet's edge."""
    for at, (left, bottom, right, top) in enumerate(places):
        if max(-left, -bottom, right - size[0], top - size[1]) > EDGE:
            return True
        for other in places[:at]:
            across = min(right, other[2]) - max(left, other[0])
            up = min(top, other[3]) - max(bottom, other[1])
            if min(across, up) > EDGE:
                return True
    return False


def structure_problems(
    data: bytes, *, images_only: bool, tagged: bool = False, thorough: bool = False
) -> list[Problem]:
    """Everything in a PDF that is not on our list, as (1-based page or None, what).

    Args:
        data: the file.
        images_only: whether each page must be one image that fills it exactly; else pages of text set by
            Typst and images placed on a page may stand in it too, and pages drawn side by side on a sheet.
        tagged: whether it must be tagged, to be read aloud; else it must have no tags.
        thorough: whether each picture is drawn once more, to see whether it goes on below the height that it says.
    """
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            walk = Walk(pdf, images_only=images_only, tagged=tagged, thorough=thorough)
            walk.file()
            if pdf.get_warnings():
                walk.add_problem("the PDF is damaged")
            return walk.problems
    except pikepdf.PasswordError:
        return [(None, "the PDF is encrypted, so nobody can tell what it holds")]
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
        return [(None, "the PDF is damaged or not a PDF")]


class Walk:
    """A walk through a PDF from its trailer. It notes each object that it meets, so that strays are found."""

    def __init__(self, pdf: pikepdf.Pdf, *, images_only: bool, tagged: bool, thorough: bool = False) -> None:
        self.pdf = pdf
        self.thorough = thorough
        self.images_only = images_only
        self.tagged = tagged
        self.page: int | None = None
        self.problems: list[Problem] = []
        self.met: set[tuple[int, int]] = set()
        self.pages: set[tuple[object, ...]] = set()

    def file(self) -> None:
        """Walk the whole file."""
        pdf = self.pdf
        everything = {thing.objgen for thing in pdf.objects}  # before the walk makes objects of its own
        if pdf.is_encrypted:
            self.add_problem("the PDF is encrypted")
        if set(pdf.trailer.keys()) - {"/Root", "/Size", "/ID", *(["/Info"] if self.tagged else [])}:
            self.add_problem("the trailer has an entry that is not on the list (Info, an earlier revision or the like)")
        elif "/Info" in pdf.trailer:
            self.meet(pdf.trailer.Info, INFORMATION)
        root = pdf.Root
        kind = "tagged catalog" if self.tagged else "catalog of images" if self.images_only else "catalog"
        if self.meet(root, kind_named(kind)):
            self.tree(root.Pages)
            if self.tagged:
                check_tags(self, root)
        if "/ViewerPreferences" in root:
            self.meet(root.ViewerPreferences, kind_named("viewer preferences"))
        if "/Outlines" in root:
            self.outlines(root.Outlines)
        for index, page in enumerate(pdf.pages):
            self.page = index + 1
            self.one_page(page.obj)
        self.page = None
        if everything - self.met:
            self.add_problem("the file has an object that no page uses")

    def tree(self, node: pikepdf.Object) -> None:
        """The tree of pages; the pages themselves come after."""
        if self.meet(node, kind_named("page tree")):
            for kid in node.Kids.as_list():
                if kid.objgen not in self.met and kid.get("/Type") == Name.Pages:
                    self.tree(kid)

    def outlines(self, root: pikepdf.Object) -> None:
        """The bookmarks; their titles are text and searched as such."""
        waiting, kind = [root], kind_named("outlines")
        while waiting and len(self.met) < _MOST_OUTLINES:
            item = waiting.pop()
            self.meet(item, kind)
            kind = kind_named("bookmark")
            waiting += [item[key] for key in ("/First", "/Next") if key in item and item[key].objgen not in self.met]

    def one_page(self, page: pikepdf.Object) -> None:
        """A page, or one that was met before."""
        kind = "tagged page" if self.tagged else "image page" if self.images_only else "page"
        if not self.meet(page, kind_named(kind)):
            return
        box = [float(side) for side in page.MediaBox.as_list()]
        same = (page.Contents.objgen, page.Resources.objgen, tuple(box))
        if same in self.pages:  # a further copy of a page
            return
        if page.Resources.is_indirect:
            self.pages.add(same)
        content = self.content(page.Contents, kind_named("content"))
        size = self.size(box)
        if content is None or size is None:
            return
        if self.images_only:
            self.image_page(page.Resources, size, content)
        elif (parts := parts_of(content)) and not self.tagged:
            self.sheet(page.Resources, size, parts)
        else:
            self.drawn(page.Resources, size, content)

    def size(self, box: list[float]) -> tuple[float, float] | None:
        """The size that a box gives, if it makes sense."""
        if box[:2] != [0, 0] or not all(0 < side <= _LARGEST_PAGE for side in box[2:]):
            self.add_problem("the page's size makes no sense")
            return None
        return box[2], box[3]

    def sheet(self, resources: pikepdf.Object, size: tuple[float, float], parts: list[SheetPart]) -> None:
        """A side of a sheet with several pages on it, none over another."""
        if not self.meet(resources, kind_named("resources of a sheet")):
            return
        forms = resources.XObject
        if set(forms.keys()) != {part.name for part in parts}:
            self.add_problem("the sheet shows other pages than it holds")
            return
        shown = []
        for part in parts:
            form = forms[part.name]
            if not isinstance(form, Stream) or (form.objgen not in self.met and not self.form(form)):
                self.add_problem("the page on a sheet is not what it should be")
                return
            shown.append(part.where([float(side) for side in form.BBox.as_list()]))
        if overlap(shown, size):
            self.add_problem("a page lies over another on the sheet, or reaches over its edge")

    def form(self, form: pikepdf.Object) -> bool:
        """A page that is drawn on a sheet."""
        content = self.content(form, kind_named("page on a sheet"))
        size = self.size([float(side) for side in form.get("/BBox", Array()).as_list()] or [1])
        if content is None or size is None:
            return False
        self.drawn(form.Resources, size, content)
        return True

    def drawn(self, resources: pikepdf.Object, size: tuple[float, float], content: bytes) -> None:
        """What Typst set, with one picture or none; a picture is drawn last, so that nothing lies over it."""
        picture = picture_last(content)
        if not self.meet(resources, kind_named("resources")):
            return
        if ("/XObject" in resources) != (picture is not None):
            self.add_problem("the page holds a picture that it does not show last, or shows one that it does not hold")
            return
        if picture is not None:
            if reach_over_edge(picture.matrix, size) > EDGE:
                self.add_problem("the image reaches over the page's edge")
            self.only_image(resources.XObject)
        self.text(resources, content if picture is None else picture.before, open_marks=picture.marks if picture else 0)

    def content(self, stream: pikepdf.Object, kind: DictionaryKind) -> bytes | None:
        """A page's content as source; None where it cannot be had."""
        if not self.meet(stream, kind):
            return None
        raw = stream.read_raw_bytes()
        try:
            source = unpacked(raw) if "/Filter" in stream else raw
        except PdfLayoutError as error:
            self.add_problem(str(error))
            return None
        if source is None:
            self.add_problem("the page's content cannot be unpacked")
        elif has_comment(source):
            self.add_problem("the page's content has a comment in it")
        return source

    def image_page(self, resources: pikepdf.Object, size: tuple[float, float], content: bytes) -> None:
        """A page that is one image from edge to edge."""
        placed = PLACED.fullmatch(content)
        if placed is None:
            self.add_problem("the page holds more than one image that fills it")
            return
        width, height, left, bottom = (float(number) for number in placed.groups())
        if max(abs(left), abs(bottom), abs(left + width - size[0]), abs(bottom + height - size[1])) > EDGE:
            self.add_problem("the image does not fill the page exactly, or reaches over its edge")
        if self.meet(resources, kind_named("resources of an image page")):
            self.only_image(resources.XObject)

    def only_image(self, images: pikepdf.Object) -> None:
        """The one image of a page."""
        if set(images.keys()) != {"/Im0"}:
            self.add_problem("the page has more than one image")
            return
        self.image(images.Im0)

    def image(self, image: pikepdf.Object) -> None:
        """One picture, down to its last byte."""
        if isinstance(image, Stream) and image.objgen in self.met:
            return
        if not self.meet(image, kind_named("image")):
            return
        width, height, data = int(image.Width), int(image.Height), image.read_raw_bytes()
        try:
            if image.Filter == Name.DCTDecode:
                facts = jpeg_facts(data)
                agrees = "/DecodeParms" not in image and int(image.BitsPerComponent) != 1
            else:
                facts = fax_facts(data, width, height)
                agrees = int(image.BitsPerComponent) == 1 and self.fax_parameters(image, width, height)
        except ImageBytesError as error:
            self.add_problem(str(error))
            return
        channels = _CHANNELS[str(image.ColorSpace)]
        if (
            self.thorough
            and agrees
            and has_hidden_rows(data, width, height, str(image.ColorSpace), self.fax_words(image))
        ):
            self.add_problem("the image has rows below the height that it says")
        if not agrees or (facts.width, facts.height, facts.channels) != (width, height, channels):
            self.add_problem("the image is not what its entries say, so a part of it may be out of sight")

    def fax_parameters(self, image: pikepdf.Object, width: int, height: int) -> bool:
        """Whether they agree with the image."""
        if "/DecodeParms" not in image or not self.meet(image.DecodeParms, kind_named("fax parameters")):
            return False
        parameters = image.DecodeParms
        return int(parameters.Columns) == width and int(parameters.get("/Rows", height)) == height

    def fax_words(self, image: pikepdf.Object) -> str:
        """The parameters of a fax image as PDF source, without its rows; empty for a JPEG."""
        if image.Filter == Name.DCTDecode:
            return ""
        parameters = image.DecodeParms
        is_black = bool(parameters.get("/BlackIs1", False))
        return f"/K -1 /Columns {int(parameters.Columns)} /BlackIs1 {'true' if is_black else 'false'}"

    def add_problem(self, what: str) -> None:
        """Note a finding, once."""
        if (self.page, what) not in self.problems:
            self.problems.append((self.page, what))

    def meet(self, value: pikepdf.Object, kind: DictionaryKind) -> bool:
        """Note an object and compare its keys with the list; whether it is what it should be."""
        if not isinstance(value, Stream if kind.is_stream else Dictionary):
            self.add_problem(f"the {kind.name} is not what it should be")
            return False
        if value.is_indirect:
            self.met.add(value.objgen)
        keys = set(value.keys())
        if keys - kind.keys:
            self.add_problem(f"the {kind.name} has an entry that is not on the list")
        if kind.needed - keys:
            self.add_problem(f"the {kind.name} lacks an entry")
        for key in sorted(keys & kind.plain.keys()):
            inner: Any = value[key]
            if not kind.plain[key](inner):
                self.add_problem(f"the {kind.name}'s {key} is not on the list")
            elif isinstance(inner, pikepdf.Object) and inner.is_indirect and key not in LINKS:
                self.met.add(inner.objgen)
        return not kind.needed - keys

    def text(self, resources: pikepdf.Object, content: bytes, *, open_marks: int) -> None:
        """What Typst set: glyphs and lines."""
        parts: dict[str, Callable[[pikepdf.Object], None]] = {
            "/Font": self.font,
            "/ExtGState": self.graphics_state,
            "/ColorSpace": self.colour_space,
        }
        for key, check in parts.items():
            if key in resources:
                group = resources[key]
                if group.is_indirect:
                    self.met.add(group.objgen)
                for part in group.keys():  # noqa: SIM118 - a pikepdf dictionary is walked by its keys
                    check(group[part])
        self.operators(content, open_marks)

    def operators(self, content: bytes, open_marks: int) -> None:
        """The page's content command by command; all that it opens it closes, but for the picture's mark."""
        saved = marks = 0
        for instruction in pikepdf.parse_content_stream(pikepdf.Stream(self.pdf, content)):
            operator = str(instruction.operator)
            saved += (operator == "q") - (operator == "Q")
            marks += (operator in {"BDC", "BMC"}) - (operator == "EMC")
            if saved < 0:
                break
            if operator not in OPERATORS:
                self.add_problem("the page's content has a command that is not on the list")
            elif operator == "Tr" and int(instruction.operands[0]) >= _INVISIBLE:
                self.add_problem("the page has invisible text")
            elif operator in {"BDC", "BMC"}:
                self.marked(list(instruction.operands))
        if saved or marks != open_marks:
            self.add_problem("the page's content leaves something open that stands before a picture or its end")

    def marked(self, operands: list[object]) -> None:
        """Marked content: only plain tags, and nothing that could be read aloud in place of what is seen."""
        if str(operands[0]) not in {"/Span", "/Artifact", "/P", *(_BACKWARDS if self.tagged else ())}:
            self.add_problem("the page's content is marked in a way that is not on the list")
        for given in operands[1:]:
            if isinstance(given, Dictionary):
                self.meet(given, kind_named("marked content"))
            else:
                self.add_problem("the page's content is marked in a way that is not on the list")

    def font(self, font: pikepdf.Object) -> None:
        """A font, down to its parts."""
        if not isinstance(font, Dictionary) or (font.is_indirect and font.objgen in self.met):
            return
        if not self.meet(font, kind_named("font")):
            return
        self.one_stream(font.ToUnicode, kind_named("character map"))
        for child in font.DescendantFonts.as_list():
            if self.meet(child, kind_named("descendant font")) and self.meet(
                child.FontDescriptor, kind_named("font descriptor")
            ):
                for key in FONTS & set(child.FontDescriptor.keys()):
                    self.one_stream(child.FontDescriptor[key], kind_named("font program"))

    def colour_space(self, space: pikepdf.Object) -> None:
        """A colour space: greys, by a profile or plain."""
        if isinstance(space, Array):
            if space.is_indirect:
                self.met.add(space.objgen)
            if len(space) == 2 and space[0] == Name.ICCBased:  # noqa: PLR2004 - [/ICCBased stream]
                self.one_stream(space[1], kind_named("colour profile"))
                return
        elif space in (Name.DeviceGray, Name.DeviceRGB):
            return
        self.add_problem("the page has a colour space that is not on the list")

    def graphics_state(self, state: pikepdf.Object) -> None:
        """How lines and fills are painted."""
        self.meet(state, kind_named("graphics state"))

    def one_stream(self, stream: pikepdf.Object, kind: DictionaryKind) -> None:
        """A stream of that kind, and its packing."""
        if self.meet(stream, kind) and "/Filter" in stream:
            try:
                unpacked(stream.read_raw_bytes())
            except PdfLayoutError as error:
                self.add_problem(str(error))
