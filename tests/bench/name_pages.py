"""Fills a page with sentences in a student's hand, and notes where classmates, decoys and numbers stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import cv2
import name_texts as texts
import numpy as np
from hands import HandWord
from name_people import Pupil, folded, ink_words
from real_ink import Word
from real_students import ANSWER, MENTION, Leaf, draw, write_dates
from real_tasks import Line, Sheet

TRUTH_DPI = 200
LONG = 75.0  # mm from which a line holds a sentence


@dataclass(frozen=True)
class Piece:
    """Something written in one go: its text, or a word in real ink; and what it is when it counts."""

    text: str
    ink: Word | None = None
    kind: str = ""
    student: int | None = None
    form: str = ""
    glued: bool = False  # to the piece before


@dataclass
class Mention:
    """A classmate, a decoy, an address or a number, and where its ink stands (pixels at 200 dpi)."""

    piece: Piece
    box: tuple[int, int, int, int]

    def as_json(self) -> dict[str, object]:
        """As it stands in the truth."""
        piece = self.piece
        what = {"text": piece.text, "kind": piece.kind, "box": list(self.box), "student": piece.student}
        return {**what, "form": piece.form, "ink": "real" if piece.ink else "font"}


@dataclass
class Page:
    """A page being written by one student."""

    leaf: Leaf
    sheet: Sheet
    who: Pupil
    everyone: list[Pupil]
    rng: np.random.Generator
    mentions: list[Mention] = field(default_factory=list)
    rate: float = 1.2  # classmates a page, of which some find no room
    said: set[str] = field(default_factory=set)

    def write(self) -> None:
        """Answers, drawings and dates; the name is in its field already."""
        areas = areas_of(self.sheet.answers)
        planned = self.planned(areas)
        effort = self.rng.uniform(0.45, 1.0)
        for n, area in enumerate(areas):
            if planned.get(n) or self.rng.random() < 0.3 + 0.7 * effort:
                self.fill(area, planned.get(n, []), effort)
        if "near" in self.who.habits:
            for line in self.sheet.near:
                self.lay([line], [self.plain()])
        draw(self.leaf, self.sheet, self.who, self.rng)
        write_dates(self.leaf, self.sheet, self.who, self.rng)

    def planned(self, areas: list[list[Line]]) -> dict[int, list[list[Piece]]]:
        """Which sentences with something to find go into which area."""
        rng = self.rng
        long = [n for n, area in enumerate(areas) if is_long(area)]
        short = [n for n, area in enumerate(areas) if not is_long(area)]
        plan: dict[int, list[list[Piece]]] = {}
        for _ in range(min(rng.poisson(self.rate), 4)):
            if short and rng.random() < 0.12:
                n = int(rng.choice(short))
                plan[n] = [self.pieces(_one_of(texts.LONE_MATES, rng))]
            else:
                plan.setdefault(int(rng.choice(long)), []).append(self.pieces(_one_of(texts.MATES, rng)))
        for _ in range(min(rng.poisson(0.9), 3)):
            pool = texts.CAPITAL if rng.random() < 0.25 else texts.LOWER
            plan.setdefault(int(rng.choice(long)), []).append(self.pieces(self.tempting(pool)))
        if rng.random() < 0.11:
            kind = _one_of(tuple(texts.CALLS), rng)
            plan.setdefault(int(rng.choice(long)), []).append(self.pieces(_one_of(texts.CALLS[kind], rng)))
        return plan

    def tempting(self, pool: tuple[str, ...]) -> str:
        """A sentence with a decoy, most often one that somebody in class is called."""
        called = {folded(word.text) for who in self.everyone for word in (who.first, who.last)}
        called |= {folded(call) for who in self.everyone for call in who.calls}
        near = tuple(one for one in pool if folded(re.search(r"<(\w+)>", one)[1]) in called)
        return _one_of(near if near and self.rng.random() < 0.7 else pool, self.rng)

    def plain(self) -> list[Piece]:
        """A sentence with nobody in it; now and then with places in real ink."""
        pool = texts.PLACES if self.rng.random() < 0.2 else texts.PLAIN
        sentence = _one_of(tuple(one for one in pool if one not in self.said) or pool, self.rng)
        self.said.add(sentence)
        return self.pieces(sentence)

    def pieces(self, sentence: str) -> list[Piece]:
        """A sentence as what is written in one go each."""
        out: list[Piece] = []
        for word in sentence.split():
            before, what, after = re.fullmatch(r"([^<{]*)(<\w+>|{[\w-]+})?(.*)", word).groups()
            if not what:
                out.append(Piece(word))
            elif what[0] == "<":
                out += [Piece(what[1:-1], kind="decoy", form="capital" if what[1].isupper() else "lower")]
            elif what == "{place}":
                ink = ink_words(self.who)[int(self.rng.integers(len(ink_words(self.who))))]
                out.append(Piece(ink.text, ink))
            elif what == "{mate}":
                out += self.mate(possessive=after.startswith("'s"))
            else:
                out.append(self.identifier(what[1:-1]))
            if what and after:
                out.append(Piece(after, glued=True))
            if before and what:
                out.insert(len(out) - 1 - bool(after), Piece(before))
        return out

    def mate(self, *, possessive: bool) -> list[Piece]:
        """Somebody in class, by the first name most often."""
        rng = self.rng
        others = [one for one in self.everyone if one is not self.who]
        who = self.who if rng.random() < 0.04 or not others else others[int(rng.integers(len(others)))]
        chance = rng.random()
        form = "last" if chance < 0.1 else "full" if chance < 0.2 and not possessive else "first"
        words = {"last": [who.last], "full": [who.first, who.last]}.get(form, [who.first])
        if form == "first" and len(who.calls) > 1 and rng.random() < 0.5:
            words, form = [HandWord(who.calls[1], self.who.hand)], "short"
        real = not who.in_font and rng.random() < 0.5
        form = f"{form}, possessive" if possessive else form
        return [Piece(w.text, w if real else None, "classmate", who.number, form) for w in words]

    def identifier(self, kind: str) -> Piece:
        """An address or a number, of somebody in class where it can be."""
        who = self.everyone[int(self.rng.integers(len(self.everyone)))]
        first, last = (re.sub(r"[^a-z]", "", folded(word.text)) for word in (who.first, who.last))
        say = {
            "e-mail": lambda: texts.e_mail(first, last, self.rng),
            "phone": lambda: texts.phone(self.rng),
            "number": lambda: who.id,
        }
        return Piece(say[kind](), kind=kind, student=who.number if kind == "number" else None)

    def fill(self, area: list[Line], planned: list[list[Piece]], effort: float) -> None:
        """Sentences into one area: what is planned for it at the beginning or second."""
        rng = self.rng
        if not is_long(area):
            self.lay(area, planned[:1] or [[Piece(word) for word in _one_of(texts.SHORT, rng).split()]])
            return
        more = max(0, round(len(area) * effort * rng.uniform(0.6, 1.2) * 0.9) - len(planned))
        sentences = [self.plain() for _ in range(more)]
        if sentences and rng.random() < 0.5 and len(area) > 2 * len(planned):
            sentences = [sentences[0], *planned, *sentences[1:]]
        else:
            sentences = [*planned, *sentences]
        self.lay(area, sentences)

    def lay(self, area: list[Line], sentences: list[list[Piece]]) -> None:
        """Writes sentences along lines until these are full."""
        leaf, who, rng = self.leaf, self.who, self.rng
        lines = iter(area)
        line = next(lines)
        tall = min(who.x_height, line.room / 3.0) * rng.uniform(0.93, 1.04)
        x, slope = line.x0 + rng.uniform(0.5, 3), np.tan(np.deg2rad(rng.normal(0, 0.35)))
        for piece in [piece for sentence in sentences for piece in sentence]:
            alpha, base = (
                piece.ink.write(leaf.px(tall)) if piece.ink else who.hand.write(piece.text, leaf.px(tall), rng)
            )
            wide = alpha.shape[1] / leaf.px(1)
            gap = 0.15 * tall if piece.glued else tall * rng.uniform(0.75, 1.15)
            if x + gap + wide > line.x1 + (2 if piece.glued else 0):
                line = next(lines, None)
                if line is None:
                    return
                x, gap = line.x0 + rng.uniform(0.5, 2.5), 0.0
                if x + wide > line.x1:
                    return
            x += gap
            low = line.baseline + rng.normal(-0.5, 0.12) - slope * (x - line.x0)
            self.put(piece, alpha, leaf.px(x), leaf.px(low) - base)
            x += wide

    def put(self, piece: Piece, alpha: np.ndarray, x: float, y: float) -> None:
        """Lays one piece down, and notes it when it counts."""
        counts = bool(piece.kind)
        # A decoy is part of an answer: whoever covers it loses an answer's ink.
        self.leaf.put(alpha, x, y, self.who, MENTION if counts and piece.kind != "decoy" else ANSWER)
        if counts:
            left, top, wide, tall = cv2.boundingRect((alpha > 0.4).astype(np.uint8))
            zoom = TRUTH_DPI / self.leaf.dpi
            box = tuple(round(v * zoom) for v in (round(x) + left, round(y) + top, wide, tall))
            self.mentions.append(Mention(piece, box))
        elif not piece.glued and self.rng.random() < 0.015:
            middle = y + alpha.shape[0] / 2
            strike = np.zeros(alpha.shape, np.float32)
            at = round(middle - y)
            cv2.line(strike, (0, at + 2), (alpha.shape[1], at - 2), 1.0, max(2, round(self.leaf.px(0.3))))
            self.leaf.put(strike, x, y, self.who, ANSWER)


def areas_of(lines: list[Line]) -> list[list[Line]]:
    """Lines that follow each other as in a paragraph; a table's cells stand alone."""
    areas: list[list[Line]] = []
    for line in lines:
        last = areas[-1][-1] if areas else None
        follows = last and (line.x0, line.x1) == (last.x0, last.x1) and 0 < line.baseline - last.baseline <= 11
        if follows:
            areas[-1].append(line)
        else:
            areas.append([line])
    return areas


def is_long(area: list[Line]) -> bool:
    """Whether sentences fit."""
    return area[0].x1 - area[0].x0 >= LONG


def _one_of(pool: tuple[str, ...], rng: np.random.Generator) -> str:
    return str(pool[int(rng.integers(len(pool)))])
