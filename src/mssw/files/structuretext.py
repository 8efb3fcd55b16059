"""What Typst sets, object by object (pikepdf): the commands of a page, its fonts and its greys, by the allow-list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from mssw.files.pdflayout import PdfLayoutError, unpacked
from mssw.files.pdfnames import OPERATORS
from mssw.files.pdfwords import FONTS, LINKS, Kind, allowed

if TYPE_CHECKING:
    from collections.abc import Callable

Problem = tuple[int | None, str]

_INVISIBLE = 3
_BACKWARDS = {"/ReversedChars"}  # Arabic and Hebrew; the search for names reads every page backwards too


class TextWalk:
    """What is met on the way through a PDF, what is found, and how pages of text are looked at."""

    def __init__(self, pdf: pikepdf.Pdf, *, tagged: bool) -> None:
        self.pdf = pdf
        self.tagged = tagged
        self.page: int | None = None
        self.problems: list[Problem] = []
        self.met: set[tuple[int, int]] = set()

    def say(self, what: str) -> None:
        """Note a finding, once."""
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
                self.say("the page's content has a command that is not on the list")
            elif operator == "Tr" and int(instruction.operands[0]) >= _INVISIBLE:
                self.say("the page has invisible text")
            elif operator in {"BDC", "BMC"}:
                self.marked(list(instruction.operands))
        if saved or marks != open_marks:
            self.say("the page's content leaves something open that stands before a picture or its end")

    def marked(self, operands: list[object]) -> None:
        """Marked content: only plain tags, and nothing that could be read aloud in place of what is seen."""
        if str(operands[0]) not in {"/Span", "/Artifact", "/P", *(_BACKWARDS if self.tagged else ())}:
            self.say("the page's content is marked in a way that is not on the list")
        for given in operands[1:]:
            if isinstance(given, Dictionary):
                self.meet(given, allowed("marked content"))
            else:
                self.say("the page's content is marked in a way that is not on the list")

    def font(self, font: pikepdf.Object) -> None:
        """A font, down to its parts."""
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
        """A colour space: greys, by a profile or plain."""
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
        """How lines and fills are painted."""
        self.meet(state, allowed("graphics state"))

    def one_stream(self, stream: pikepdf.Object, kind: Kind) -> None:
        """A stream of that kind, and its packing."""
        if self.meet(stream, kind) and "/Filter" in stream:
            try:
                unpacked(stream.read_raw_bytes())
            except PdfLayoutError as error:
                self.say(str(error))
