"""Set text pages: Jinja2 makes Typst's source from a template, and Typst makes the PDF.

In a template ``<< title >>`` stands for a *Typst expression*, so in running text it is ``#<< title >>``. The source
only gets a reference there. The value itself goes beside the source as JSON, so that no text, whatever it holds, is
ever read as Typst or Jinja2.

A letter that none of our fonts has is printed as a white square; ``find_unprintable`` names such letters.
"""

from __future__ import annotations

import functools
import json
import re
import traceback
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import typst
from jinja2.sandbox import SandboxedEnvironment

from mssw.errors import UnreadableError
from mssw.printing.print_words import choose_language, read_words
from mssw.printing.template_files import FolderLoader, TemplateFolders, fonts_folder, print_templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mssw.core.wording import PrintWords

REPLACEMENT = "□"
# Letters that the fonts certainly have, so that most text can be set without opening a font.
_PLAIN = re.compile(r"[\n\t\x20-\x7e\xa1-\xac\xae-\u017f‘’“”„–—…•]*")
_MARK = "\ufeff"  # a byte order mark in the middle of a text
# Direction marks, joiners, soft hyphens and breaks: they need no letter.
_INVISIBLE = re.compile(r"[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f]")
_NEVER = {"Co", "Cn", "Cs"}  # private and unassigned: nothing that a person wrote
_LEFT_OUT = {"Cc", "Cf", "Mn"}  # stands for no letter of its own

_TYPST_PAPERS = {"letter": "us-letter", "a4": "a4"}
_PRINTED = "printed"
_WORDS = "words"
# On the template's first line, so that line numbers in Typst's messages are the template's own.
_PREAMBLE = f"#let {_PRINTED} = json(bytes(sys.inputs.{_PRINTED}));"
_PLACE = re.compile(r"┌─ .*?(?P<file>[^/\\]+?):(?P<line>\d+):\d+\n[^\n]*\n\s*\d+ │ (?P<text>[^\n]*)")


def replace_unprintable(text: str) -> str:
    """The text in NFC, as fonts have accented letters, with a square for each letter that no font has.

    Control characters are left out.
    """
    whole = _compose_letters(text)
    return whole if _PLAIN.fullmatch(whole) else "".join(_replace_letter(letter) for letter in whole)


def find_unprintable(texts: Iterable[str]) -> list[str]:
    """The letters that are printed as a square, each once, in their order."""
    rare = (letter for text in map(_compose_letters, texts) if not _PLAIN.fullmatch(text) for letter in text)
    return [letter for letter in dict.fromkeys(rare) if letter != REPLACEMENT == _replace_letter(letter)]


def _compose_letters(text: str) -> str:
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())


def _replace_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in "\n\t" or _INVISIBLE.match(letter):
        return letter
    if kind not in _NEVER and kind != "Cc" and letter != _MARK and ord(letter) in _code_points():
        return letter
    if kind == "Zs":
        return " "
    return "" if kind in _LEFT_OUT else REPLACEMENT


@functools.cache
def _code_points() -> frozenset[int]:
    """Every code point that one of our fonts has."""
    import pymupdf  # noqa: PLC0415 - slow to load, and only rare letters need it

    font: Any = pymupdf.Font  # it publishes no usable types
    fonts = (font(fontfile=str(path)) for path in sorted(fonts_folder().glob("*.ttf")))
    return frozenset(point for held in fonts for point in held.valid_codepoints())


def typeset(
    template: str,
    values: Mapping[str, object],
    *,
    paper: str,
    tagged: bool = True,
    accessible: bool = False,
    folder: Path | None = None,
    words: PrintWords | None = None,
) -> bytes:
    """Set a template as PDF.

    The same template and values give the same bytes: no clock, and none of the system's fonts.

    Args:
        template: its name in the folder, without ``.typ.j2``.
        values: what it may print; anything that JSON can hold. The template also gets ``paper``.
        paper: ``letter`` or ``a4``.
        tagged: whether the PDF carries the tags that screen readers use; binding takes them off anyway.
        accessible: whether it must be PDF/UA-1. If it cannot be, that is a fault in the template.
        folder: the school's own templates; a file that is missing there is taken from ours.
        words: of the reader's language; None takes English as the paper has it.

    Raises:
        UnreadableError: the template is missing, or has a fault; the message names its file and line.
    """
    folders = TemplateFolders(print_templates(), folder)
    fetched = folders.fetches()
    if fetched:
        path, number, what = fetched
        raise _fault(folders.named(path), number, (f"{what} would have to be downloaded, and mssw downloads nothing"))
    loader = FolderLoader(folders)
    printed: list[Any] = []
    source = _render_template(folders, loader, f"{template}.typ.j2", {**values, "paper": _TYPST_PAPERS[paper]}, printed)
    try:
        spoken = words or read_words(choose_language("", "", paper), folder)
        inputs = {_PRINTED: json.dumps(printed), _WORDS: json.dumps(_make_printable(dict(spoken.table)))}
        return _compile_pdf(source, folders, inputs, tagged=tagged, accessible=accessible)
    except typst.TypstError as error:
        place, hint = _find_fault(error, loader.used, folders)
        raise _fault(*place, str(error), hint) from None


def _render_template(
    folders: TemplateFolders, loader: FolderLoader, name: str, values: Mapping[str, object], printed: list[Any]
) -> str:
    """Typst's source; each printed value goes to the list, and the source gets a reference to it."""

    @jinja2.pass_context  # a function of the context is not folded into the compiled template
    def refer(_: jinja2.runtime.Context, value: Any) -> str:
        if isinstance(value, jinja2.Undefined):
            str(value)  # a strict undefined raises here, with its name
        composed = _make_printable(value)
        try:
            json.dumps(composed)
        except (TypeError, ValueError):
            raise jinja2.TemplateRuntimeError("this value is not a text, a number or a list") from None
        printed.append(composed)
        return f"({_PRINTED}.at({len(printed) - 1}))"

    environment = SandboxedEnvironment(  # what comes out is Typst, and no value enters it: nothing to escape
        loader=loader,
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        finalize=refer,
        keep_trailing_newline=True,
    )
    try:
        return _PREAMBLE + environment.get_template(name).render(values)
    except jinja2.TemplateNotFound as error:
        if loader.used:
            problem = f"it asks for {error.name}, which is missing"
            raise _fault(folders.named(loader.used[-1]), 1, problem) from None
        place = folders.first or folders.ours
        raise UnreadableError(f"the template {name} is missing from {place}; please install mssw again.") from None
    except jinja2.TemplateSyntaxError as error:
        file = folders.named(Path(error.filename)) if error.filename else name
        raise _fault(file, error.lineno, str(error.message)) from None
    except jinja2.TemplateRuntimeError as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        file, line = (folders.named(Path(frames[-1].filename)), frames[-1].lineno) if frames else (name, 1)
        raise _fault(file, line or 1, str(error)) from None


def _make_printable(value: Any) -> Any:
    """The value with all its texts as the fonts can show them."""
    if isinstance(value, str):
        return replace_unprintable(value)
    if isinstance(value, dict):
        return {key: _make_printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_make_printable(item) for item in value]
    return value


def _compile_pdf(
    source: str, folders: TemplateFolders, inputs: dict[str, str], *, tagged: bool, accessible: bool
) -> bytes:
    files: Any = folders.laid_in() | {"main.typ": source.encode()}  # typst's stubs leave out that it takes several
    compiler = typst.Compiler(files, root=str(folders.root), font_paths=_fonts(*folders.font_folders()))
    # A fixed time: a template that asks for the date prints the same one tomorrow.
    pdf = compiler.compile(
        format="pdf",
        sys_inputs=inputs,
        timestamp=0,
        pdf_tags=tagged or accessible,
        pdf_standards=["ua-1"] if accessible else [],
    )
    if not isinstance(pdf, bytes):  # pragma: no cover: only several images at a time come as a list
        raise TypeError("Typst gave no PDF")
    return pdf


@functools.cache
def _fonts(*folders: str) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def _find_fault(error: typst.TypstError, used: Sequence[Path], folders: TemplateFolders) -> tuple[tuple[str, int], str]:
    """Where a fault is, as ((file, line), hint).

    Blocks of Jinja2 can shift the lines that Typst sees, so the line's own text is looked up in the templates.
    """
    hints = "; ".join(re.findall(r"= hint: ([^\n]*)", error.diagnostic))
    found = _PLACE.search(error.diagnostic)
    if found is None:
        return (folders.named(used[0]), 1), hints
    file, line, text = found["file"], int(found["line"]), found["text"].removeprefix(_PREAMBLE)
    if file != "main.typ":  # a Typst file that the template imports
        path = folders.find(file)
        return (folders.named(path) if path else file, line), hints
    for path in dict.fromkeys(used):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        same = [number for number, theirs in enumerate(lines, start=1) if theirs == text]
        if len(same) == 1:
            return (folders.named(path), same[0]), hints
    return (folders.named(used[0]), line), hints


def _fault(file: str, line: int, what: str, hint: str = "") -> UnreadableError:
    hint = f" ({hint})" if hint else ""
    return UnreadableError(f"the template {file} has a mistake in line {line}: {what}{hint}; please correct that line.")
