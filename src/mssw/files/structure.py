"""A PDF object by object (pikepdf): a file passes only when every object in it is one that our pages need.

An allow-list: each dictionary has the keys that it may have, and each key the values that it may have. What
is not on the list is a finding, whatever it is. Keys and values that are not ours are never repeated in a
message, since a name can hide there.
"""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Name, Stream

from mssw.files.imagebytes import ImageBytesError, fax_facts, jpeg_facts
from mssw.files.pdflayout import PdfLayoutError, has_comment, unpacked
from mssw.files.pdfwords import Kind, allowed
from mssw.files.sheetsides import EDGE, PLACED, Part, lie_over, over_edge, parts_of, picture_last
from mssw.files.structuretext import Problem, TextWalk
from mssw.files.tagtree import INFORMATION, check_tags

_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_LARGEST_PAGE = 14400  # points; what PDF allows, and 20 times a letter
_MOST_OUTLINES = 5000


def structure_problems(data: bytes, *, images_only: bool, tagged: bool = False) -> list[Problem]:
    """Everything in a PDF that is not on our list, as (1-based page or None, what).

    Args:
        data: the file.
        images_only: whether each page must be one image that fills it exactly; else pages of text set by
            Typst and images placed on a page may stand in it too, and pages drawn side by side on a sheet.
        tagged: whether it must be tagged, to be read aloud; else it must have no tags.
    """
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            walk = Walk(pdf, images_only=images_only, tagged=tagged)
            walk.file()
            if pdf.get_warnings():
                walk.say("the PDF is damaged")
            return walk.problems
    except pikepdf.PasswordError:
        return [(None, "the PDF is encrypted, so nobody can tell what it holds")]
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError):
        return [(None, "the PDF is damaged or not a PDF")]


class Walk(TextWalk):
    """One way through a PDF from its trailer. Remembers where it was, so that what it never met is found."""

    def __init__(self, pdf: pikepdf.Pdf, *, images_only: bool, tagged: bool) -> None:
        super().__init__(pdf, tagged=tagged)
        self.images_only = images_only
        self.pages: set[tuple[object, ...]] = set()

    def file(self) -> None:
        """Walk the whole file."""
        pdf = self.pdf
        everything = {thing.objgen for thing in pdf.objects}  # before the walk makes objects of its own
        if pdf.is_encrypted:
            self.say("the PDF is encrypted")
        if set(pdf.trailer.keys()) - {"/Root", "/Size", "/ID", *(["/Info"] if self.tagged else [])}:
            self.say("the trailer has an entry that is not on the list (Info, an earlier revision or the like)")
        elif "/Info" in pdf.trailer:
            self.meet(pdf.trailer.Info, INFORMATION)
        root = pdf.Root
        kind = "tagged catalog" if self.tagged else "catalog of images" if self.images_only else "catalog"
        if self.meet(root, allowed(kind)):
            self.tree(root.Pages)
            if self.tagged:
                check_tags(self, root)
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
        """A page, or one that was met before."""
        kind = "tagged page" if self.tagged else "image page" if self.images_only else "page"
        if not self.meet(page, allowed(kind)):
            return
        box = [float(side) for side in page.MediaBox.as_list()]
        same = (page.Contents.objgen, page.Resources.objgen, tuple(box))
        if same in self.pages:  # a further copy of a page
            return
        if page.Resources.is_indirect:
            self.pages.add(same)
        content = self.content(page.Contents, allowed("content"))
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
            self.say("the page's size makes no sense")
            return None
        return box[2], box[3]

    def sheet(self, resources: pikepdf.Object, size: tuple[float, float], parts: list[Part]) -> None:
        """A side of a sheet with several pages on it, none over another."""
        if not self.meet(resources, allowed("resources of a sheet")):
            return
        forms = resources.XObject
        if set(forms.keys()) != {part.name for part in parts}:
            self.say("the sheet shows other pages than it holds")
            return
        shown = []
        for part in parts:
            form = forms[part.name]
            if not isinstance(form, Stream) or (form.objgen not in self.met and not self.form(form)):
                self.say("the page on a sheet is not what it should be")
                return
            shown.append(part.where([float(side) for side in form.BBox.as_list()]))
        if lie_over(shown, size):
            self.say("a page lies over another on the sheet, or reaches over its edge")

    def form(self, form: pikepdf.Object) -> bool:
        """A page that is drawn on a sheet."""
        content = self.content(form, allowed("page on a sheet"))
        size = self.size([float(side) for side in form.get("/BBox", Array()).as_list()] or [1])
        if content is None or size is None:
            return False
        self.drawn(form.Resources, size, content)
        return True

    def drawn(self, resources: pikepdf.Object, size: tuple[float, float], content: bytes) -> None:
        """What Typst set, with one picture or none; a picture is drawn last, so that nothing lies over it."""
        picture = picture_last(content)
        if not self.meet(resources, allowed("resources")):
            return
        if ("/XObject" in resources) != (picture is not None):
            self.say("the page holds a picture that it does not show last, or shows one that it does not hold")
            return
        if picture is not None:
            if over_edge(picture.matrix, size) > EDGE:
                self.say("the image reaches over the page's edge")
            self.only_image(resources.XObject)
        self.text(resources, content if picture is None else picture.before, open_marks=picture.marks if picture else 0)

    def content(self, stream: pikepdf.Object, kind: Kind) -> bytes | None:
        """A page's content as source; None where it cannot be had."""
        if not self.meet(stream, kind):
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

    def image_page(self, resources: pikepdf.Object, size: tuple[float, float], content: bytes) -> None:
        """A page that is one image from edge to edge."""
        placed = PLACED.fullmatch(content)
        if placed is None:
            self.say("the page holds more than one image that fills it")
            return
        width, height, left, bottom = (float(number) for number in placed.groups())
        if max(abs(left), abs(bottom), abs(left + width - size[0]), abs(bottom + height - size[1])) > EDGE:
            self.say("the image does not fill the page exactly, or reaches over its edge")
        if self.meet(resources, allowed("resources of an image page")):
            self.only_image(resources.XObject)

    def only_image(self, images: pikepdf.Object) -> None:
        """The one image of a page."""
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
        """Whether they say what the image says."""
        if "/DecodeParms" not in image or not self.meet(image.DecodeParms, allowed("fax parameters")):
            return False
        parameters = image.DecodeParms
        return int(parameters.Columns) == width and int(parameters.get("/Rows", height)) == height
