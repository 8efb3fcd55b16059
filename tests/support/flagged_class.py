"""Flags in a prepared set, put where a word is really written."""

from __future__ import annotations

import json

from mssw.preparing.kept_readings import read_kept_page


def flag_word(folder, word):
    """Flag every place where the recogniser read a word, as if it might be a name; gives their boxes by page."""
    private = folder / "private"
    also = private / "also.txt"
    also.write_text((also.read_text(encoding="utf-8") if also.is_file() else "") + f"{word}\n", encoding="utf-8")
    state = json.loads((private / "state.json").read_text(encoding="utf-8"))
    places = {}
    for page in state["pages"]:
        boxes = _boxes_of(private, page["id"], word)
        if boxes:
            page["flags"] = [{"box": list(box), "kind": "name in the text"} for box in boxes]
            places[page["id"]] = boxes
    (private / "state.json").write_text(json.dumps(state), encoding="utf-8")
    return places


def _boxes_of(private, page_id, word):
    digest = json.loads((private / "pages" / f"{page_id}.json").read_text(encoding="utf-8"))["read"]
    page = read_kept_page(private / "reading", digest) if digest else None
    found = []
    for line, reading in zip(page.reading.lines, page.reading.readings, strict=True) if page else ():
        start = reading.text.lower().find(word)
        if start >= 0:
            a_frame = line.width / len(reading.letters)
            left, right = reading.at[start] - 1, reading.at[start + len(word) - 1] + 2
            found.append(line.box(left * a_frame, right * a_frame, page.shape).numbers)
    return found
