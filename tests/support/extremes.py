"""What teachers may put into print at the worst, set by every template, and what a reader's eye would find wrong.

``printed(paper)`` gives every template's PDF with every extreme; ``faults(pdf)`` tells what is wrong with one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import pymupdf

from mssw.core.page import EncodedImage, Tone
from mssw.core.paper import PAPERS
from mssw.core.sample import Sample
from mssw.intro.questions import Introduction
from mssw.kit.fill_in_sheets import LANGUAGES
from mssw.kit.kit_words import FILL_IN, FIVE, KITS, read_session, read_shared_words, read_words_file
from mssw.kit.print_kit import SetFacts, kit_values, small_groups
from mssw.kit.session import parse_clock, time_agenda
from mssw.names.typed_names import TypedNames
from mssw.packets.contents import Contents, session_parts
from mssw.packets.packet_options import PacketOptions
from mssw.packets.text_pages import set_text
from mssw.printing.pdf_writer import ScannedPage
from mssw.printing.print_words import read_words
from mssw.printing.typeset import typeset
from mssw.workset.manifest import Manifest
from mssw.workset.settings import Settings
from mssw.workset.transcript_files import Transcript

TITLE = "What happens to the mass of a sealed balloon, a bottle of water and a lump of clay when each of them is moved?"
TITLE += "!" * (120 - len(TITLE))
VIETNAMESE = "Các em đã thổi phồng bóng bay, cân từng quả, rồi giải thích vì sao quả bóng đầy nặng hơn quả bóng xẹp."
ARABIC = "نفخ التلاميذ البالون ثم وزنوه، وكتبوا لماذا يكون البالون الممتلئ أثقل من البالون الفارغ في رأيهم."
CHINESE = "学生们把气球吹满，称一称它的重量，然后写下自己的想法：为什么装满空气的气球比空的气球更重？"
WORDS = "The class weighed a flat ball and then the same ball pumped up hard and wrote down what they thought of it "
LONG = (WORDS * 20).strip()  # 400 words and more
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
NAMES = ("Dr. Maximiliane-Josephine Freifrau von und zu Hohenstein-Wartenberg", "Nguyễn Thị Phương Thảo", "محمد الأمين")
ALIASES = ("Andréa", "Bjørn", "Çelik", "Dvořák", "Élodie", "Ferdinand-Maximilian", "Gwendolyn", "Hélène", "Zoë")


@dataclass(frozen=True)
class Extreme:
    """One kind of content that is hard to print."""

    name: str
    title: str = ""
    answer: str = ""
    teachers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ALIASES
    words: str = "in the student's own words"


EXTREMES = (
    Extreme("empty", aliases=("A",), words=""),
    Extreme("long", TITLE, LONG, NAMES, ALIASES * 2, WORDS.strip()),
    Extreme("vietnamese", VIETNAMESE, VIETNAMESE * 3, NAMES[1:2], words=VIETNAMESE),
    Extreme("arabic", ARABIC, ARABIC * 3, NAMES[2:], words=ARABIC),
    Extreme("chinese", CHINESE, CHINESE * 4, ("王小明",), words=CHINESE),
    Extreme("unbroken", UNBROKEN[:120], UNBROKEN, (UNBROKEN[:60],), words=UNBROKEN),
)


def printed(extreme: Extreme, paper: str, language: str = "en-US") -> dict[str, bytes]:
    """The PDF of each template with that content, by name; kits stand as ``kit-A`` and so on."""
    words = read_words(language)
    found = {name: typeset(name, values, paper=paper, words=words) for name, values in _others(extreme).items()}
    found |= {name: typeset(name, values, paper=paper, words=words) for name, values in _of_teams(extreme).items()}
    found |= {f"fill-in-{kind}": _fill_in(kind, extreme, paper, language) for kind in FILL_IN}
    found["packet"] = _packet(extreme, paper, language)
    # All kits print the same of what teachers write: one with an agenda and one without will do for most.
    kits = KITS if extreme.name == "long" else ("B", "task-check")
    return found | {f"kit-{kit}": _kit(kit, extreme, paper, language) for kit in kits}


def _packet(extreme: Extreme, paper: str, language: str) -> bytes:
    words = read_words(language)
    scan = ScannedPage(EncodedImage(b"", 1, 1, Tone.GREY), PAPERS[paper])
    contents = Contents(
        settings=_settings(extreme, paper),
        introduction=replace(
            Introduction(),
            answers=(extreme.answer, f"- {extreme.answer}" if extreme.answer else "", extreme.title, ""),
            facts=(extreme.words, extreme.title, "", extreme.words),
            objectives=(extreme.words,) * 2 if extreme.words else (),
            focus=(extreme.title,) if extreme.title else (),
            background=extreme.answer,
        ),
        samples=tuple(Sample(alias, 2, seen=False) for alias in dict.fromkeys(extreme.aliases)),
        scans={"": [scan]} | {alias: [scan] * 2 for alias in extreme.aliases},
        held=0,
        chosen=True,
        manifest=Manifest(files=()),
        student_names=(),
        typed_names=TypedNames(()),
        remarks=(),
        session=session_parts("B" if extreme.title else "", None, words),
        words=words,
        transcripts=tuple(
            Transcript(alias, f"{extreme.answer}\n{extreme.title}\n\n{extreme.words}", by_software=not place % 2)
            for place, alias in enumerate(dict.fromkeys(extreme.aliases))
            if extreme.answer
        ),
    )
    return set_text(contents, PacketOptions(), extreme.teachers or ("",)).pdf


def _kit(kit: str, extreme: Extreme, paper: str, language: str) -> bytes:
    words = read_words(language)
    session = read_session(kit, None, words)
    clock = parse_clock("3:30 pm") if session.steps else None
    known = SetFacts(_settings(extreme, paper), extreme.aliases)
    values = kit_values(
        session,
        time_agenda(session, words, clock),
        known,
        read_shared_words(None, words),
        words,
        on_the_clock=clock is not None,
    )
    teachers = 24 if session.steps else 0
    more = {
        "teachers": teachers,
        "rounds": small_groups(session, teachers),
        "copies": 1,
        "odd": {"table": False, "each": False},
        "names": (),
    }
    return typeset("kit", values | more, paper=paper, accessible=True, words=words)


def _settings(extreme: Extreme, paper: str) -> Settings:
    return Settings(
        title=extreme.title,
        grade=extreme.words[:40],
        presenting_teachers=extreme.teachers,
        session="B: Learning gaps" if extreme.title else "",
        date=extreme.words[:60],
        paper=paper,
    )


def _others(extreme: Extreme) -> dict[str, dict[str, object]]:
    items = [{"what": extreme.words or "Look.", "remark": extreme.answer[:300], "done": done} for done in (True, False)]
    levels = ["High", "Medium", "Low", "no level"]
    cells = [{"of": 4, "aliases": list(extreme.aliases[:2])}, {"of": 0, "aliases": []}] * 2
    piles = [extreme.words[:90] or "in no pile", "counts particles", "air is nothing"]
    return {
        "card": {
            "title": extreme.title,
            "minutes": 8,
            "facts": [{"heading": "When", "value": extreme.words}, {"heading": "Who", "value": ""}],
            "questions": [
                {
                    "heading": "The task",
                    "prompt": "What is it?",
                    "answer": [{"text": text, "item": False}] if text else [],
                }
                for text in (extreme.answer[:600], "")
            ],
        },
        "checklist": {"title": extreme.title, "groups": [(heading, items) for heading in ("The work", "Printing")]},
        "choice": {
            "heading": "Why these twelve",
            "title": extreme.title,
            "levels": levels,
            "rows": [{"pile": pile, "cells": cells} for pile in piles],
            "samples": [
                {"alias": alias, "reason": extreme.words[:120] or "the only one", "lately": extreme.words[:30]}
                for alias in extreme.aliases[:12]
            ],
            "others": [{"alias": alias, "nearest": alias} for alias in extreme.aliases],
        },
        "sort-form": {"title": extreme.title, "objective": extreme.words, "lines": 10},
        "print-slip": {"title": extreme.title, "lines": [("Sheets", "40"), ("Staple", extreme.words or "no")]},
        "schedule": {
            "title": extreme.title or "Schedule",
            "rows": [_scheduled(letter, extreme) for letter in FIVE],
            "reminders": [extreme.words or "Settle B to D at the end of A."],
        },
    }


def _of_teams(extreme: Extreme) -> dict[str, dict[str, object]]:
    """What a team records and counts."""
    said, aliases = extreme.words or "Look.", extreme.aliases
    places = [{"name": "Where we see it", "places": [f"{alias}, page 2 (E1): {said}" for alias in aliases[:4]]}]
    row = {
        "label": "G1",
        "headline": extreme.answer[:500] or "A gap",
        "tag": "a subgroup",
        "by": "M. R.",
        "open": True,
        "answer": extreme.answer[:500],
        "evidence": places,
        "facts": [{"name": "Learning objective", "text": said}],
    }
    groups = [{"name": said[:30], "classes": 4, "responses": 88}, {"name": "6", "classes": 3, "responses": 70}]
    bars = [{"count": 12, "of": 88, "share": 0.14}, {"count": 0, "of": 0, "share": 0}]
    rows = [{"name": said[:90], "classes": 3, "bars": bars}] * (12 if extreme.title else 1)
    kept_back = {"name": said[:90], "all": {"count": 12, "share": 0.1}, "bars": [{"count": -1, "share": 0.0}] * 2}
    texts = [extreme.answer[:200]] * 4 if extreme.answer else []
    chart = {"message": said[:120], "groups": [one["name"] for one in groups], "rows": rows, "more": 4}
    counts = (0, 1, 3) * 9
    return {
        "record": {
            "title": extreme.title or "Air",
            "about": said[:60],
            "heading": "Record",
            "pictures": [],
            "parts": [{"title": "Learning gaps", "name": "gaps", "rows": [row] * (8 if extreme.title else 1)}],
        },
        "slips": {
            "title": extreme.title or "Air",
            "slips": [{"name": alias, "steps": [said] * count} for alias, count in zip(aliases, counts, strict=False)],
        },
        "trends": {
            "by": "grade",
            "by_word": "grade",
            "groups": groups,
            "charts": [chart, chart],
            "moves": [{"from": "low before", "to": "high after", "count": 9}] if extreme.title else [],
        },
        "leaders": {
            "by": "grade",
            "by_word": "grade",
            "min_cell": 10,
            "classes": 7,
            "responses": 158,
            "looked": 80,
            "groups": groups,
            "made_up": True,
            "will_do": texts,
            "asks": texts[:2],
            "tables": [{"title": "Ways of thinking", "rows": [kept_back] * (10 if extreme.title else 2)}],
        },
        "entry": {
            "alias": aliases[-1],
            "kind": "A video",
            "what": extreme.answer[:400] or "A video",
            "minutes": 4,
            "kept": said[:80],
            "seen": bool(extreme.title),
        },
    }


def _fill_in(kind: str, extreme: Extreme, paper: str, language: str) -> bytes:
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    words = read_words_file(kind, None, spoken)
    values = {"kind": kind, "title": extreme.title or str(words["title"]), "support": "full", "task": extreme.title}
    shown = {**values, "language": spoken, "words": dict(words), "copies": 1, "odd": False}
    return typeset("fill-in", shown, paper=paper, words=read_words(language))


def _scheduled(letter: str, extreme: Extreme) -> dict[str, object]:
    return {
        "session": letter,
        "letter": letter,
        "everyone": "Everyone brings a task." if letter == "E" else "",
        "lines": 3,
        "name": read_session(letter).title,
        "day": "Thursday, 12 March 2026" if extreme.words else "",
        "hours": "3:30 pm – 5:30 pm" if extreme.words else "",
        "place": extreme.words[:40],
        "teachers": list(extreme.teachers),
        "task": extreme.title,
    }


# What is wrong with a page ---------------------------------------------------------------------------------------

MM = 72 / 25.4
MARGIN = 12 * MM  # what a school's printer cuts
FOOT = 20 * MM  # the page's foot stands in it
PEN = 8 * MM  # between lines to write on
HEADING = 12.5  # type of this size and more is a heading
DARKEST_GREY = 0.5  # text lighter than this is lost on a copier
NEAR = 1.5
THIN = 0.6  # a chart's frame is bolder


def faults(pdf: bytes) -> list[str]:
    """Everything on its pages that a reader would find wrong, each with its page."""
    document = pymupdf.open("pdf", pdf)
    found = [f"{font[3]} is not embedded" for page in document for font in page.get_fonts() if font[1] == "n/a"]
    for page in document:
        seen = Seen.of(page)
        told = (*_beyond(seen), *_collisions(seen), *_through_lines(seen), *_widow(seen), *_narrow(seen))
        found += [f"page {page.number + 1}: {what}" for what in (*told, *_colour(seen))]
    return found


Box = tuple[float, float, float, float]  # left, top, right, bottom, in points


@dataclass(frozen=True)
class Seen:
    """What stands on a page.

    Attributes:
        width: of the page, in points.
        height: of the page.
        words: each with the box of its letters' bodies.
        lines: of text: box of the bodies, size of the largest letter, text.
        drawn: the box of each drawing.
        strokes: the box of each straight line that stands for itself.
        rules: those of them that are thin, as lines to write on are.
        colours: every colour, as red, green, blue from 0 to 1; the first of texts, the second of drawings.
    """

    width: float
    height: float
    words: list[tuple[Box, str]]
    lines: list[tuple[Box, float, str]]
    drawn: list[Box]
    strokes: list[Box]
    rules: list[Box]
    colours: tuple[set[tuple[float, ...]], set[tuple[float, ...]]]

    @classmethod
    def of(cls, page) -> Seen:
        drawings = page.get_drawings()
        strokes = [stroke for drawing in drawings for stroke in _strokes(drawing)]
        lines = [line for block in page.get_text("dict")["blocks"] for line in block.get("lines", ())]
        spans = [span for line in lines for span in line["spans"]]
        return cls(
            page.rect.width,
            page.rect.height,
            [(_body(word[:4]), word[4]) for word in page.get_text("words")],
            [
                (_body(line["bbox"]), max(span["size"] for span in line["spans"]), text)
                for line in lines
                if (text := "".join(span["text"] for span in line["spans"]).strip())
            ],
            [tuple(drawing["rect"]) for drawing in drawings],
            [box for box, _ in strokes],
            [box for box, width in strokes if width < THIN],
            (
                {tuple((span["color"] >> shift & 255) / 255 for shift in (16, 8, 0)) for span in spans},
                {tuple(c) for drawing in drawings for c in (drawing.get("color"), drawing.get("fill")) if c},
            ),
        )


def _strokes(drawing) -> list[tuple[Box, float]]:
    """The straight lines of a drawing, each with its thickness. A block's edge is drawn as a thin filled box."""
    box = tuple(drawing["rect"])
    thickness = min(box[2] - box[0], box[3] - box[1])
    if drawing["type"] == "f":
        return [(box, thickness)] if thickness < NEAR else []
    if drawing["closePath"] or {item[0] for item in drawing["items"]} != {"l"}:
        return []
    return [
        ((min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)), drawing["width"]) for _, a, b in drawing["items"]
    ]


def _body(box: Box) -> Box:
    """Where the letters' bodies are: a font's own box is taller than what it prints."""
    left, top, right, bottom = box
    return left, top + 0.28 * (bottom - top), right, bottom - 0.28 * (bottom - top)


def _beyond(seen: Seen) -> list[str]:
    """What stands in the margin that printers cut."""
    right, bottom = seen.width - MARGIN + 1, seen.height - MARGIN + 1
    return [
        f"{what!r} stands in the margin"
        for box, what in (*seen.words, *((box, "a drawing") for box in seen.drawn))
        if box[0] < MARGIN - 1 or box[1] < MARGIN - 1 or box[2] > right or box[3] > bottom
    ]


def _collisions(seen: Seen) -> list[str]:
    """Lines of text that are printed over each other."""
    rows = sorted(seen.lines, key=lambda line: line[0][1])
    told = []
    for place, (here, _, one) in enumerate(rows):
        for there, _, other in rows[place + 1 :]:
            if there[1] > here[3] - NEAR:
                break
            if min(here[2], there[2]) - max(here[0], there[0]) > NEAR:
                told.append(f"{one[:30]!r} and {other[:30]!r} are printed over each other")
    return told


def _through_lines(seen: Seen) -> list[str]:
    """Words that a chart's upright line runs through."""
    upright = [line for line in seen.strokes if line[2] - line[0] < NEAR < line[3] - line[1]]
    return [
        f"a line runs through {text!r}"
        for box, text in seen.words
        for line in upright
        if box[0] + NEAR < line[0] < box[2] - NEAR and line[1] < (box[1] + box[3]) / 2 < line[3]
    ]


def _widow(seen: Seen) -> list[str]:
    """A heading with nothing under it."""
    end = seen.height - FOOT
    lines = [(box[3], size, text) for box, size, text in seen.lines if box[1] < end]
    if not lines:
        return []
    bottom, size, text = max(lines)
    below = [box for box in seen.drawn if bottom < box[3] < end + 1]
    return [f"the heading {text!r} stands alone at the foot"] if size >= HEADING and not below else []


def _narrow(seen: Seen) -> list[str]:
    """Lines to write on that are closer than a pen needs: alike, one over the other, and no word between them."""
    foot = seen.height - FOOT  # the foot's own line is not to be written on
    level = sorted(
        line for line in seen.rules if line[3] - line[1] < NEAR and line[2] - line[0] > 15 * MM and line[3] < foot
    )
    return [
        f"lines only {(below[1] - above[1]) / MM:.1f} mm apart"
        for above, below in pairwise(level)
        if abs(above[0] - below[0]) < NEAR and abs(above[2] - below[2]) < NEAR
        if NEAR < below[1] - above[1] < PEN - 0.5
        if not any(
            word[0] < above[2] and word[2] > above[0] and above[1] - NEAR < (word[1] + word[3]) / 2 < below[1] + NEAR
            for word, _ in seen.words
        )
    ]


def _colour(seen: Seen) -> list[str]:
    """What would be lost on a copier in black and white."""
    texts, drawings = seen.colours
    coloured = [colour for colour in texts | drawings if max(colour) - min(colour) > 0.02]
    faint = [colour for colour in texts if max(colour) > DARKEST_GREY]
    return [f"{colour} is a colour" for colour in coloured] + [f"text in {colour} is lost" for colour in faint]
