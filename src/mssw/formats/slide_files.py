"""PowerPoint files of pictures alone, with the same bytes each time.

In: a picture for each slide, with the words that are read aloud for it. Out: the file's bytes. python-pptx starts from
its own blank presentation, which says who made that and when, and shows a sample text, a thumbnail and the names of
fonts (some are also people's names). All of that is taken off: what is left is a slide, and a picture that fills it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import OpcPackage
from pptx.presentation import Presentation as SlideFile
from pptx.util import Pt

from mssw.formats.workbooks import without_clock

_BLANK = 6  # the library's layout without places for text
_FONT_OF_A_SCRIPT = re.compile(rb"<a:font [^>]*/>")
_NAME_OF_A_SCHEME = re.compile(rb' name="[^"]*"')
_ABOUT = (RELATIONSHIP_TYPE.CORE_PROPERTIES, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES, RELATIONSHIP_TYPE.THUMBNAIL)


@dataclass(frozen=True, slots=True)
class PictureSlide:
    """A slide.

    Attributes:
        picture: the bytes of a JPEG, of the slide's shape.
        words: what a screen reader says for it.
    """

    picture: bytes
    words: str


def slide_file(slides: Sequence[PictureSlide], points: tuple[float, float]) -> bytes:
    """A PowerPoint file with a picture on each slide.

    Args:
        slides: in order.
        points: width and height of a slide.
    """
    deck = Presentation()
    width, height = (Pt(side) for side in points)
    deck.slide_width, deck.slide_height = width, height
    for size in deck.element.xpath("./p:sldSz"):
        size.attrib.pop("type", None)  # it says 4:3
    _clear_layouts(deck)
    for slide in slides:
        shapes = deck.slides.add_slide(deck.slide_layouts[0]).shapes
        shown = shapes.add_picture(io.BytesIO(slide.picture), 0, 0, width, height)
        for about in shown.element.xpath(".//p:cNvPr"):
            about.set("descr", slide.words)
    _clear_package(deck)
    written = io.BytesIO()
    deck.save(written)
    return without_clock(written)


def _clear_layouts(deck: SlideFile) -> None:
    """Leave one layout, and nothing on it or on the master."""
    blank = deck.slide_layouts[_BLANK]
    for layout in list(deck.slide_layouts):
        if layout is not blank:
            deck.slide_layouts.remove(layout)
    for page in (deck.slide_master, blank):
        for shape in list(page.shapes):
            shape.element.getparent().remove(shape.element)
    blank.element.attrib.pop("type", None)
    for content in blank.element.xpath("./p:cSld"):
        content.attrib.pop("name", None)


def _clear_package(deck: SlideFile) -> None:
    """Take off who made it and when, the thumbnail, a printer's settings, and what the theme says."""
    package: OpcPackage = deck.part.package
    for relation in list(package.iter_rels()):
        if relation.reltype in _ABOUT:
            package.drop_rel(relation.rId)
    for key, relation in list(deck.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.PRINTER_SETTINGS:
            deck.part.rels.pop(key)
    for part in package.iter_parts():
        if part.partname.startswith("/ppt/theme/"):
            part.blob = _NAME_OF_A_SCHEME.sub(b' name="mssw"', _FONT_OF_A_SCRIPT.sub(b"", part.blob))
