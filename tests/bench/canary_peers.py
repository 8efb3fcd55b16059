"""Take a name out of a PDF in which it hides, with mssw and with others, and count in how many places it is left.

    python tests/bench/canary_peers.py [--redactpdf http://127.0.0.1:8765]

The file is a page of the example class; the name is hidden in one place at a time for the others, and in all places at
once for mssw, which is given it as a stack. What is left is searched for by the code of the attack tests. The others:

- PyMuPDF, redaction: every place where its text search finds the name is redacted.
- PyMuPDF, redaction and scrub: then `Document.scrub` with all that it offers, and all garbage collected.
- pikepdf, sanitised: Info, XMP, outlines, names, forms, annotations and actions are taken out.
- RedactPDF, where it runs at the address that you give: a search rule for the name and for each of its words, and its
  own defaults for the rest, which take out metadata, annotations, attachments, outline and actions. It asks about
  pictures that it cannot read. The answer is "looked at", since the picture is a scan without the name. Where it still
  gives no file, it refused. It pins another PyMuPDF, so give it an environment of its own:

    python -m venv elsewhere && elsewhere/bin/pip install blankout==0.2.1
    elsewhere/bin/python -m uvicorn redactpdf.main:app --port 8765

Presidio's image redactor is not among them: it redacts pictures, and takes no PDF. `presidio.py` compares it by page.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx2
import pikepdf
import pymupdf

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `support` is beside this folder

from support.canaries import BYTES, NAME, OBJECTS, edited
from support.canary_stack import canary_files, holds_canary
from support.prepared_class import STACK, cut

WORDS = (NAME, *NAME.split())
"""What a person would search for."""


class RefusedError(Exception):
    """The tool gives no file back, and says that it does not."""


def redact(data: bytes, *, scrub: bool) -> bytes:
    """PyMuPDF's redaction of what its search finds."""
    with pymupdf.open(stream=data, filetype="pdf") as pdf:
        for page in pdf:
            for word in WORDS:
                for place in page.search_for(word):
                    page.add_redact_annot(place)
            page.apply_redactions()
        if scrub:
            pdf.scrub()
        return pdf.tobytes(garbage=4, deflate=True, clean=True)


def sanitise(data: bytes) -> bytes:
    """What a careful person takes out with pikepdf."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key in list(pdf.Root.keys()):
            if key not in ("/Type", "/Pages"):
                del pdf.Root[key]
        for page in pdf.pages:
            for key in ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb"):
                if key in page.obj:
                    del page.obj[key]
        if "/Info" in pdf.trailer:
            del pdf.trailer.Info
        pdf.remove_unreferenced_resources()
        file = io.BytesIO()
        pdf.save(file)
        return file.getvalue()


def redact_at(address: str, data: bytes) -> bytes:
    """What RedactPDF at `address` gives back once its questions about pictures are answered."""
    rules: dict[str, list[dict[str, object]]] = {"searches": [{"query": word} for word in WORDS]}
    answer = _post(address, data, rules)
    if answer.status_code == httpx2.codes.CONFLICT:
        pictures = answer.json()["detail"]["opaque_regions"]
        rules["acknowledged_regions"] = [{"page": one["page"], "bbox": one["bbox"]} for one in pictures]
        answer = _post(address, data, rules)
    if answer.status_code in (httpx2.codes.BAD_REQUEST, httpx2.codes.CONFLICT):
        raise RefusedError(answer.text)
    return answer.raise_for_status().content


def _post(address: str, data: bytes, rules: dict[str, list[dict[str, object]]]) -> httpx2.Response:
    """Hand RedactPDF a file and its rules, as its own page does."""
    form = {"payload": json.dumps(rules)}
    file = {"file": ("page.pdf", data, "application/pdf")}
    return httpx2.post(f"{address}/redact/apply", data=form, files=file, timeout=120)


PEERS: dict[str, Callable[[bytes], bytes]] = {
    "PyMuPDF, redaction": lambda data: redact(data, scrub=False),
    "PyMuPDF, redaction and scrub": lambda data: redact(data, scrub=True),
    "pikepdf, sanitised": sanitise,
}


def places(page: bytes) -> dict[str, bytes]:
    """The page with the name in one place at a time, for each place that it can have."""
    found = {}
    for name, edit in OBJECTS.items():
        try:
            data = edited(page, edit)
        except (AttributeError, KeyError, IndexError, ValueError, pikepdf.PdfError):
            continue
        if holds_canary(data):
            found[name] = data
    for name in ("after the end", "a comment between objects"):
        found[name] = BYTES[name](page)
    return found


def left_by_mssw(folder: Path) -> tuple[int, int]:
    """In how many files of `shared/` the name is left, and how many there are."""
    stack, task, roster, _ = canary_files(folder / "in")
    words = [*map(str, stack), "--task", str(task), "--roster", str(roster), "--into", str(folder / "set"), "--quiet"]
    subprocess.run([sys.executable, "-m", "mssw", "prepare", *words], check=False)
    files = [path for path in (folder / "set" / "shared").rglob("*") if path.is_file()]
    return sum(holds_canary(path.read_bytes()) for path in files), len(files)


def compare(peer: str, take_out: Callable[[bytes], bytes], hidden: dict[str, bytes]) -> None:
    """Print in how many places a peer leaves the name, and in which; where it refuses or fails, there is no file."""
    left, refused, failed = [], [], []
    for place, data in hidden.items():
        try:
            if holds_canary(take_out(data)):
                left.append(place)
        except RefusedError:
            refused.append(f"{place} (refused)")
        except Exception:  # noqa: BLE001 - a peer may fail in any way
            failed.append(f"{place} (failed)")
    counts = f"left in {len(left)} of {len(hidden)} places, refused {len(refused)}, failed on {len(failed)}"
    print(f"{peer}: {counts}", *left, *refused, *failed, sep="\n    ")


def main() -> int:
    """Print a line for each; 1 where mssw leaves one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--redactpdf", metavar="ADDRESS", help="where a RedactPDF of yours runs, to compare it too")
    address = parser.parse_args().redactpdf
    peers = PEERS | ({"RedactPDF": lambda data: redact_at(address, data)} if address else {})
    if address:
        httpx2.get(f"{address}/health").raise_for_status()  # or every place would count as failed
    with tempfile.TemporaryDirectory() as name:
        page = cut(Path(name) / "page.pdf", (5,), STACK).read_bytes()
        hidden = places(page)
        for peer, take_out in peers.items():
            compare(peer, take_out, hidden)
        left_here, files = left_by_mssw(Path(name))
    print(f"mssw: left in {left_here} of {files} files of shared/, all places at once")
    return int(left_here > 0)


if __name__ == "__main__":
    sys.exit(main())
