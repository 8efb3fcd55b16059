"""The words of PDF's own language in our files: names that are no names of people, and the commands of a page."""

from __future__ import annotations

from mssw.files.pdfwords import ALL
from mssw.files.tagtree import TAG_KINDS

PDF_NAMES = frozenset(key[1:] for kind in (*ALL, *TAG_KINDS) for key in kind.keys) | frozenset(
    """
        Root Size ID Info Catalog Page Pages XObject Image DeviceGray DeviceRGB DCTDecode CCITTFaxDecode
        FlateDecode Im0 Type0 CIDFontType0 CIDFontType2 CIDFontType0C Identity Font FontDescriptor Outlines
        ICCBased PDF Text ImageB ImageC ImageI CMap CIDInit ProcSet Registry Ordering Supplement CMapType
        CMapName         Span Artifact P Pagination Layout Header Footer None Simplex DuplexFlipLongEdge
        DuplexFlipShortEdge Fit         UseNone UseOutlines SinglePage OneColumn TwoPageRight TwoPageLeft XYZ
        Normal ExtGState Form StructTreeRoot StructElem MCR Metadata XML Document Part Sect Div Figure Caption Table
        Layout List Block Inline Disc Circle Square Decimal Row Column Both Start End Center Span Title
    """.split()  # noqa: SIM905 - a word list reads better
)
"""The names of PDF's own language in our files, which are no names of people whatever a roster holds."""

OPERATORS = frozenset(
    """
        q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts Td TD
        Tm T* Tj TJ CS cs SC SCN sc scn G g RG rg K k BMC BDC EMC
    """.split()  # noqa: SIM905 - a word list reads better
)
"""The commands that may stand in a page's content: no images, shadings or marked points."""
