"""Text pages: a Jinja2 template makes Typst's source, Typst makes the PDF.

In a template ``<< title >>`` stands for a *Typst expression*, so in running text it is ``#<< title >>``. What
is printed there is only a reference: the value itself travels beside the source as JSON, so that no text,
whatever it holds, is ever read as Typst or Jinja2.
"""

from __future__ import annotations

import functools
import json
import re
import traceback
import unicodedata
from typing import TYPE_CHECKING, Any

import jinja2
import typst

from mssw.errors import UnreadableError
from mssw.files.fonts import fonts_folder, templates_folder
from mssw.model.packet import PAPERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["PAPERS", "templates_folder", "typeset"]

_TYPST_PAPERS = {"letter": "us-letter", "a4": "a4"}
_PRINTED = "printed"
# It shares the template's first line, so that line numbers in Typst's messages are the template's own.
_PREAMBLE = f"#let {_PRINTED} = json(bytes(sys.inputs.{_PRINTED}));"
_PLACE = re.compile(r"┌─ .*?(?P<file>[^/\\]+?):(?P<line>\d+):\d+\n[^\n]*\n\s*\d+ │ (?P<text>[^\n]*)")


def typeset(
    template: str,
    values: Mapping[str, object],
    *,
    paper: str,
    tagged: bool = True,
    accessible: bool = False,
    folder: Path | None = None,
) -> bytes:
    """Set a template as PDF.

    The same template and values give the same bytes: no clock, and none of the system's fonts.

    Args:
        template: its name in the folder, without ``.typ.j2``.
        values: what it may print; anything that JSON can hold. It also gets ``paper``.
        paper: ``letter`` or ``a4``.
        tagged: whether the PDF carries the tags that screen readers use; binding takes them off anyway.
        accessible: whether it must be PDF/UA-1: what keeps it from that is a fault of the template.
        folder: where templates stand; ours where None.

    Raises:
        UnreadableError: the template is missing, or has a fault; the sentence names its line.
    """
    folder = folder or templates_folder() / "print"
    name = f"{template}.typ.j2"
    printed: list[Any] = []
    source = _rendered(folder, name, {**values, "paper": _TYPST_PAPERS[paper]}, printed)
    try:
        return _compiled(source, folder, json.dumps(printed), tagged=tagged, accessible=accessible)
    except typst.TypstError as error:
        line, hint = _place(error, name, folder)
        raise _fault(line[0], line[1], str(error), hint) from None


def _rendered(folder: Path, name: str, values: Mapping[str, object], printed: list[Any]) -> str:
    """Typst's source; each printed value goes to the list and leaves a reference behind."""

    @jinja2.pass_context  # a function of the context is not folded into the compiled template
    def refer(_: jinja2.runtime.Context, value: Any) -> str:
        if isinstance(value, jinja2.Undefined):
            str(value)  # a strict undefined raises here, with its name
        printed.append(_composed(value))
        return f"({_PRINTED}.at({len(printed) - 1}))"

    environment = jinja2.Environment(  # noqa: S701 - what comes out is Typst, and no value enters it
        loader=jinja2.FileSystemLoader(folder),
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
    except jinja2.TemplateNotFound:
        raise UnreadableError(f"the template {name} is missing from {folder}; install mssw again.") from None
    except jinja2.TemplateSyntaxError as error:
        raise _fault(error.name or name, error.lineno, str(error.message)) from None
    except jinja2.UndefinedError as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        raise _fault(name, frames[-1].lineno or 1 if frames else 1, str(error)) from None


def _composed(value: Any) -> Any:
    """The value with all its texts composed (NFC), which is how the fonts hold accented letters."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode())
    if isinstance(value, dict):
        return {key: _composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_composed(item) for item in value]
    return value


def _compiled(source: str, folder: Path, printed: str, *, tagged: bool, accessible: bool) -> bytes:
    compiler = typst.Compiler(source.encode(), root=str(folder), font_paths=_fonts())
    # The fixed time keeps a template that asks for the date from printing another one tomorrow.
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={_PRINTED: printed},
        timestamp=0,
        pdf_tags=tagged or accessible,
        pdf_standards="ua-1" if accessible else None,
    )
    if not isinstance(pdf, bytes):  # pragma: no cover: only several images at a time come as a list
        raise TypeError("Typst gave no PDF")
    return pdf


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_folder())])


def _place(error: typst.TypstError, name: str, folder: Path) -> tuple[tuple[str, int], str]:
    """Where a fault stands, as ((file, line), hint).

    Blocks of Jinja2 can shift the lines that Typst sees, so the line's own text is looked up in the template.
    """
    hints = re.findall(r"= hint: ([^\n]*)", error.diagnostic)
    found = _PLACE.search(error.diagnostic)
    if found is None:
        return (name, 1), "; ".join(hints)
    file, line, text = found["file"], int(found["line"]), found["text"].removeprefix(_PREAMBLE)
    if not file.startswith("__"):  # a Typst file that the template imports
        return (file, line), "; ".join(hints)
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    same = [number for number, theirs in enumerate(lines, start=1) if theirs == text]
    return (name, same[0] if len(same) == 1 else line), "; ".join(hints)


def _fault(file: str, line: int, what: str, hint: str = "") -> UnreadableError:
    hint = f" ({hint})" if hint else ""
    return UnreadableError(f"the template {file} has a fault in line {line}: {what}{hint}; correct that line.")
