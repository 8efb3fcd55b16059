"""A PDF object by object (pikepdf): a file passes only when every object in it is one that our pages need.

An allow-list: each dictionary has the keys that it may have, and each key the values that it may have. What
is not on the list is a finding, whatever it is. Keys and values that are not ours are never repeated in a
message, since a name can hide there.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mssw.files.imagebytes import ImageBytesError, fax_facts, jpeg_facts
from mssw.files.pdflayout import PdfLayoutError, has_comment, unpacked
from mssw.files.pdfwords import FONTS, LINKS, OPERATORS, Kind, allowed

if TYPE_CHECKING:
    from collections.abc import Callable

Problem = tuple[int | None, str]

_NUMBER = rb"(-?\d+(?:\.\d+)?)"
_PLACED = re.compile(rb"q " + _NUMBER + rb" 0 0 " + _NUMBER + b" " + _NUMBER + b" " + _NUMBER + rb" cm /Im0 Do Q\s?")
_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_LARGEST_PAGE = 14400  # points; what PDF allows, and 20 times a letter
_MOST_OUTLINES = 5000
_INVISIBLE = 3
_EDGE = 0.51  # points that an image may stand over the page's edge by rounding


def structure_problems(data: bytes, *, images_only: bool) -> list[Problem]:
    """Everything in a PDF that is not on our list, as (1-based page or None, what).

    Args:
        data: the file.
        images_only: whether each page must be one image that fills it exactly; else pages of text set by
            Typst and images placed on a page may stand in it too.
    """
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            walk = _Walk(pdf, images_only=images_only)
            walk.file()
            if pdf.get_warnings():
                walk.say("the PDF is damaged")
            return walk.problems
    except pikepdf.PasswordError:
        return [(None, "the PDF is encrypted, so nobody can tell what it holds")]
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
        return [(None, "the PDF is damaged or not a PDF")]


class _Walk:
    """One way through a PDF from its trailer. Remembers where it was, so that what it never met is found."""

    def __init__(self, pdf: pikepdf.Pdf, *, images_only: bool) -> None:
        self.pdf = pdf
        self.images_only = images_only
        self.page: int | None = None
        self.problems: list[Problem] = []
        self.met: set[tuple[int, int]] = set()
        self.pages: set[tuple[object, ...]] = set()

    def say(self, what: str) -> None:
        if (self.page, what) not in self.problems:
            self.problems.append((self.page, what))

    def meet(self, value: pikepdf.Object, kind: Kind) -> bool:
        """Note an object and hold its keys against the list; whether it is what it should be."""
        if not isinstance(value, Stream if kind.is_stream else Dictionary):
            self.say(f"the {kind.name} is not what it should be")
            return False
        if value.is_indirect:
            self.met.add(value.objgen)
        keys = set(value.keys())
        if keys - kind.keys:
            self.say(f"the {kind.name} has an entry that is not on the list")
        if kind.needed - keys:
            self.say(f"the {kind.name} lacks an entry")
        for key in sorted(keys & kind.plain.keys()):
            inner: Any = value[key]
            if not kind.plain[key](inner):
                self.say(f"the {kind.name}'s {key} is not on the list")
            elif isinstance(inner, pikepdf.Object) and inner.is_indirect and key not in LINKS:
                self.met.add(inner.objgen)
        return not kind.needed - keys

    def file(self) -> None:
        """Walk the whole file."""
        pdf = self.pdf
        everything = {thing.objgen for thing in pdf.objects}  # before the walk makes objects of its own
        if pdf.is_encrypted:
            self.say("the PDF is encrypted")
        if set(pdf.trailer.keys()) - {"/Root", "/Size", "/ID"}:
            self.say("the trailer has an entry that is not on the list (Info, an earlier revision or the like)")
        root = pdf.Root
        if self.meet(root, allowed("catalog of images" if self.images_only else "catalog")):
            self.tree(root.Pages)
        if "/ViewerPreferences" in root:
            self.meet(root.ViewerPreferences, allowed("viewer preferences"))
        if "/Outlines" in root:
            self.outlines(root.Outlines)
        for index, page in enumerate(pdf.pages):
            self.page = index + 1
            self.one_page(page.obj)
        self.page = None
        if everything - self.met:
            self.say("an object stands in the file that no page uses")

    def tree(self, node: pikepdf.Object) -> None:
        """The tree of pages; the pages themselves come after."""
        if self.meet(node, allowed("page tree")):
            for kid in node.Kids.as_list():
                if kid.objgen not in self.met and kid.get("/Type") == Name.Pages:
                    self.tree(kid)

    def outlines(self, root: pikepdf.Object) -> None:
        """The bookmarks; their titles are text and searched as such."""
        waiting, kind = [root], allowed("outlines")
        while waiting and len(self.met) < _MOST_OUTLINES:
            item = waiting.pop()
            self.meet(item, kind)
            kind = allowed("bookmark")
            waiting += [item[key] for key in ("/First", "/Next") if key in item and item[key].objgen not in self.met]

    def one_page(self, page: pikepdf.Object) -> None:
        if not self.meet(page, allowed("image page" if self.images_only else "page")):
            return
        box = [float(side) for side in page.MediaBox.as_list()]
        if box[:2] != [0, 0] or not all(0 < side <= _LARGEST_PAGE for side in box[2:]):
            self.say("the page's size makes no sense")
            return
        same = (page.Contents.objgen, page.Resources.objgen, tuple(box))
        if same in self.pages:  # a further copy of a page
            return
        if page.Resources.is_indirect:
            self.pages.add(same)
        content = self.content(page.Contents)
        if content is None:
            return
        placed = _PLACED.fullmatch(content)
        if placed is not None:
            self.image_page(page.Resources, (box[2], box[3]), [float(number) for number in placed.groups()])
        elif self.images_only:
            self.say("the page holds more than one image that fills it")
        else:
            self.text_page(page.Resources, content)

    def content(self, stream: pikepdf.Object) -> bytes | None:
        """A page's content as source; None where it cannot be had."""
        if not self.meet(stream, allowed("content")):
            return None
        raw = stream.read_raw_bytes()
        try:
            source = unpacked(raw) if "/Filter" in stream else raw
        except PdfLayoutError as error:
            self.say(str(error))
            return None
        if source is None:
            self.say("the page's content cannot be unpacked")
        elif has_comment(source):
            self.say("a comment stands in the page's content")
        return source

    def image_page(self, resources: pikepdf.Object, size: tuple[float, float], placed: list[float]) -> None:
        width, height, left, bottom = placed
        over = (-left, -bottom, left + width - size[0], bottom + height - size[1])
        if max(over) > _EDGE or (self.images_only and min(over) < -_EDGE):
            self.say("the image does not fill the page exactly, or reaches over its edge")
        if not self.meet(resources, allowed("resources of an image page")):
            return
        images = resources.XObject
        if set(images.keys()) != {"/Im0"}:
            self.say("the page has more than one image")
            return
        self.image(images.Im0)

    def image(self, image: pikepdf.Object) -> None:
        """One picture, down to its last byte."""
        if isinstance(image, Stream) and image.objgen in self.met:
            return
        if not self.meet(image, allowed("image")):
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
            self.say(str(error))
            return
        channels = _CHANNELS[str(image.ColorSpace)]
        if not agrees or (facts.width, facts.height, facts.channels) != (width, height, channels):
            self.say("the image is not what its entries say, so a part of it may be out of sight")

    def fax_parameters(self, image: pikepdf.Object, width: int, height: int) -> bool:
        if "/DecodeParms" not in image or not self.meet(image.DecodeParms, allowed("fax parameters")):
            return False
        parameters = image.DecodeParms
        return int(parameters.Columns) == width and int(parameters.get("/Rows", height)) == height

    def text_page(self, resources: pikepdf.Object, content: bytes) -> None:
        """A page that Typst set: glyphs and lines. A picture has a page to itself, with nothing over it."""
        if not self.meet(resources, allowed("resources")):
            return
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
        self.operators(content)

    def operators(self, content: bytes) -> None:
        """The page's content command by command."""
        for instruction in pikepdf.parse_content_stream(pikepdf.Stream(self.pdf, content)):
            operator = str(instruction.operator)
            if operator not in OPERATORS:
                self.say("the page's content has a command that is not on the list")
            elif operator == "Tr" and int(instruction.operands[0]) >= _INVISIBLE:
                self.say("the page has invisible text")
            elif operator in {"BDC", "BMC"}:
                self.marked(list(instruction.operands))

    def marked(self, operands: list[object]) -> None:
        """Marked content: only plain tags, and nothing that could be read aloud in place of what is seen."""
        if str(operands[0]) not in {"/Span", "/Artifact", "/P"}:
            self.say("the page's content is marked in a way that is not on the list")
        for given in operands[1:]:
            if isinstance(given, Dictionary):
                self.meet(given, allowed("marked content"))
            else:
                self.say("the page's content is marked in a way that is not on the list")

    def font(self, font: pikepdf.Object) -> None:
        if not isinstance(font, Dictionary) or (font.is_indirect and font.objgen in self.met):
            return
        if not self.meet(font, allowed("font")):
            return
        self.one_stream(font.ToUnicode, allowed("character map"))
        for child in font.DescendantFonts.as_list():
            if self.meet(child, allowed("descendant font")) and self.meet(
                child.FontDescriptor, allowed("font descriptor")
            ):
                for key in FONTS & set(child.FontDescriptor.keys()):
                    self.one_stream(child.FontDescriptor[key], allowed("font program"))

    def colour_space(self, space: pikepdf.Object) -> None:
        if isinstance(space, Array):
            if space.is_indirect:
                self.met.add(space.objgen)
            if len(space) == 2 and space[0] == Name.ICCBased:  # noqa: PLR2004 - [/ICCBased stream]
                self.one_stream(space[1], allowed("colour profile"))
                return
        elif space in (Name.DeviceGray, Name.DeviceRGB):
            return
        self.say("the page has a colour space that is not on the list")

    def graphics_state(self, state: pikepdf.Object) -> None:
        self.meet(state, allowed("graphics state"))

    def one_stream(self, stream: pikepdf.Object, kind: Kind) -> None:
        if self.meet(stream, kind) and "/Filter" in stream:
            try:
                unpacked(stream.read_raw_bytes())
            except PdfLayoutError as error:
                self.say(str(error))
