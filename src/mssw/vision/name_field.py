"""Find where on the blank task something is written that identifies a student: beside, above or under a label.

In goes a blank page with its printed words. Each label that asks for a name, a signature or a number leads to the
places that belong to it (`label_places`). Out come fields, what each asks for, and how sure its place is. Labels up the
margin, and those of scripts that run from the right, are read in a page that is turned or mirrored, so that all of this
is written down once, for a label with its line on the right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mssw.core.page import Box
from mssw.names.companion_labels import names_a_companion
from mssw.names.label_words import (
    IDENTIFYING,
    Asks,
    Phrase,
    asks_for_a_number,
    classify_label,
    find_sender,
    fold_words,
    is_of_student,
    is_right_to_left,
    is_same_line,
    join_phrases,
)
from mssw.names.role_labels import ask_by_role, names_by_role, names_weakly
from mssw.vision.ink import Grey
from mssw.vision.label_places import ALIKE_MM, NEXT_ROW_MM, find_core, find_label_places
from mssw.vision.writing_places import PrintArea, PrintedLayout

SURE_PLACE = 0.85  # of a label with a rule or a box
TALL = 1.5  # times its width: a word so tall runs up or down the page
LEAST_TALL = 3  # letters of such a word


@dataclass(frozen=True, slots=True)
class NameField:
    """A place on the blank task for something that identifies a student.

    Attributes:
        task_page: 1-based page of the blank.
        box: what is covered on every page of the class, in fractions.
        label: the printed words that ask for it; empty where a person gave the place.
        found_by: ``text``, ``ocr``, ``teacher`` or ``class``.
        confidence: 0 to 1; below 0.5 the class should be looked at.
        holds_name: whether the name of the student who hands in the page is written there. Others are covered too, but
            never tell whose page it is.
        asks: what the label asks for.
        core: where writing must be for the field to be filled in; None for the whole box. The rest of the box is there
            for tall or low letters, and those of the next row reach into it too.
        turn: degrees clockwise by which the page must be turned to read what is written there.
    """

    task_page: int
    box: Box
    label: str
    found_by: str
    confidence: float
    holds_name: bool = True
    asks: Asks = Asks.NAME
    core: Box | None = None
    turn: int = 0

    @property
    def inner(self) -> Box:
        """Where writing must be for the field to be filled in."""
        return self.core or self.box

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> NameField:
        """Read it back from what ``dataclasses.asdict`` made of it."""
        core = Box(**value["core"]) if value["core"] else None
        return cls(**(dict(value) | {"box": Box(**value["box"]), "core": core, "asks": Asks(value["asks"])}))


@dataclass(frozen=True, slots=True)
class _View:
    """A way to look at the page in which a label has its line on the right.

    Attributes:
        turn: degrees clockwise by which the page is turned.
        mirrored: whether left and right change places then.
    """

    turn: int = 0
    mirrored: bool = False

    def image(self, grey: Grey) -> Grey:
        """The page in this view."""
        turned = np.rot90(grey, -self.turn // 90)
        return np.ascontiguousarray(turned[:, ::-1] if self.mirrored else turned)

    def box(self, box: Box) -> Box:
        """A place of the page in this view."""
        box = box.turned(self.turn)
        return _mirror(box) if self.mirrored else box

    def back(self, box: Box) -> Box:
        """A place of this view on the page."""
        return (_mirror(box) if self.mirrored else box).turned(-self.turn % 360)


LEVEL, FROM_THE_RIGHT = _View(), _View(mirrored=True)
UPWARDS, DOWNWARDS = _View(turn=90), _View(turn=270)


def _mirror(box: Box) -> Box:
    return replace(box, x=1 - box.right)


def find_fields(
    page: int, grey: Grey, dpi: float, words: Sequence[tuple[str, Box]], found_by: str, more: Sequence[str] = ()
) -> list[NameField]:
    """Every place of one page of the blank task where something identifying is written.

    Args:
        page: its 1-based number.
        grey: the blank page, (height, width) uint8.
        dpi: of ``grey``.
        words: its printed words with their places, from the text layer or by OCR.
        found_by: which of the two it was.
        more: further labels for a name, as the teacher wrote them.
    """
    ratio = grey.shape[1] / grey.shape[0]
    tall = [word for word in words if _is_tall(*word, ratio)]
    level = [word for word in words if word not in tall]
    found = _find_in_view(LEVEL, grey, dpi, level, more, lambda text: not is_right_to_left(text))
    if any(is_right_to_left(text) for text, _ in words):
        found += _find_in_view(FROM_THE_RIGHT, grey, dpi, level, more, is_right_to_left)
    if tall:
        up, down = (_find_in_view(view, grey, dpi, tall, more, bool) for view in (UPWARDS, DOWNWARDS))
        found += max(up, down, key=lambda fields: sum(field.confidence for field in fields))
    return _without_doubles([replace(field, task_page=page, found_by=found_by) for field in found])


def select_own(fields: Sequence[NameField]) -> list[NameField]:
    """Select the fields that must be filled in before a page counts as named.

    These are the fields for the student's own name. A task without one is named by signatures; without these by
    numbers and by the names of a group. What a teacher or parent writes never counts.

    Args:
        fields: all fields of the task.
    """
    for kinds in ({Asks.NAME}, {Asks.SIGNATURE}, {Asks.NUMBER, Asks.PERSON}):
        found = [field for field in fields if field.asks in kinds]
        if found:
            return found
    return []


def name_by_signature(fields: Sequence[NameField]) -> list[NameField]:
    """The fields of a task; where none asks for the student's name, the signature of the student says who she is.

    What a page asks for by a role is somebody else's where another page asks for the student's name.

    Args:
        fields: all fields of the task.
    """
    if any(field.holds_name and not names_by_role(field.label) for field in fields):
        return [
            replace(field, asks=Asks.PERSON, holds_name=False)
            if field.holds_name and names_by_role(field.label)
            else field
            for field in fields
        ]
    if any(field.holds_name for field in fields):
        return list(fields)
    return [replace(field, holds_name=field.asks is Asks.SIGNATURE and is_of_student(field.label)) for field in fields]


def make_given_field(page: int, box: Box) -> NameField:
    """The field that a teacher drew."""
    return NameField(page, box, "", "teacher", 1.0)


def _is_tall(text: str, box: Box, ratio: float) -> bool:
    """Whether a word runs up or down the page."""
    return len("".join(fold_words(text))) >= LEAST_TALL and box.h > TALL * box.w * ratio


def _find_in_view(
    view: _View,
    grey: Grey,
    dpi: float,
    words: Sequence[tuple[str, Box]],
    more: Sequence[str],
    can_be_label: Callable[[str], bool],
) -> list[NameField]:
    """The fields of the labels that stand level in a view of the page, with their places on the page itself."""
    image = view.image(grey)
    placed = [(text, view.box(box)) for text, box in words]
    if view is not LEVEL:
        placed = _in_reading_order(placed)
    layout = PrintedLayout(image, dpi, placed)
    printed = join_phrases(placed, layout.width / layout.height)
    labels = _find_labels([phrase for phrase in printed if can_be_label(phrase.text)], more, layout)
    names = sum(asks is Asks.NAME for _, asks in labels)
    fields = []
    for phrase, asks in labels:
        heads_names = asks is Asks.NAME and names == 1  # the only label for a name: all cells below it are for names
        for place in find_label_places(layout, phrase, asks, printed, heads_names=heads_names):
            if place.confidence < SURE_PLACE and (asks is Asks.TEACHER or _needs_place(phrase)):
                continue
            box = view.back(_on_page(layout, place.area))
            core = find_core(layout, place)
            fields.append(
                NameField(
                    1,
                    box,
                    phrase.text.strip(" :"),
                    "",
                    place.confidence,
                    asks is Asks.NAME,
                    asks,
                    view.back(_on_page(layout, core)) if core else None,
                    view.turn,
                )
            )
    return fields


def _in_reading_order(words: Sequence[tuple[str, Box]]) -> list[tuple[str, Box]]:
    """Words line by line, each line from the left."""
    lines: list[list[tuple[str, Box]]] = []
    for word in sorted(words, key=lambda word: word[1].y + word[1].h / 2):
        if lines and is_same_line(lines[-1][0][1], word[1]):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [word for line in lines for word in sorted(line, key=lambda word: word[1].x)]


def _find_labels(printed: Sequence[Phrase], more: Sequence[str], layout: PrintedLayout) -> list[tuple[Phrase, Asks]]:
    """The phrases that ask for something identifying; a bare "No." does beside another such label or in its column."""
    labels = [(phrase, classify_label(phrase.text, more)) for phrase in printed]
    labels = _with_senders(labels, layout)
    names = [phrase for phrase, asks in labels if asks in IDENTIFYING]
    found: list[tuple[Phrase, Asks]] = []
    for phrase, asks in labels:
        if asks is not None and asks is not Asks.OTHER:
            found.append((phrase, asks))
        elif asks_for_a_number(phrase.text) and any(_is_beside(layout, phrase, name) for name in names):
            found.append((phrase, Asks.NUMBER))
    return found


def _with_senders(
    labels: Sequence[tuple[Phrase, Asks | None]], layout: PrintedLayout
) -> list[tuple[Phrase, Asks | None]]:
    """The labels with those that ask who something is for and, beside it, who it is from.

    It is from the student, unless another label asks for her name. So is what she signs as scientist or reviewer.
    """
    has_name = any(asks is Asks.NAME for _, asks in labels)
    roles = dict(labels)
    pair = find_sender(list(roles))
    if pair is not None and _is_beside(layout, pair[1], pair[0]):
        receiver, sender = pair
        roles[receiver], roles[sender] = Asks.PERSON, Asks.PERSON if has_name else Asks.NAME
    return list(ask_by_role(roles, lambda one, other: _is_beside(layout, one, other)).items())


def _needs_place(phrase: Phrase) -> bool:
    """Whether a phrase is no label in itself: without a colon, it is one only where a line or box belongs to it."""
    if names_a_companion(fold_words(phrase.text)):
        return not phrase.text.endswith(":")
    is_role = names_by_role(phrase.text) and not names_weakly(phrase.text)
    return is_role and classify_label(phrase.text) is None and not phrase.text.endswith(":")


def _is_beside(layout: PrintedLayout, phrase: Phrase, name: Phrase) -> bool:
    """Whether a phrase is on the line of another, or right above or below it in one column."""
    if is_same_line(phrase.box, name.box):
        return True
    apart = max(phrase.box.y - name.box.bottom, name.box.y - phrase.box.bottom) * layout.height
    left = abs(phrase.box.x - name.box.x) * layout.width
    return bool(apart < NEXT_ROW_MM * layout.mm and left < ALIKE_MM * layout.mm)


def _on_page(layout: PrintedLayout, area: PrintArea) -> Box:
    return Box.from_pixels(area.left, area.top, area.right, area.bottom, layout.width, layout.height)


def _without_doubles(fields: Sequence[NameField]) -> list[NameField]:
    """One field a place: two labels for one area (as in two languages) leave the surer."""
    kept: list[NameField] = []
    for field in sorted(fields, key=lambda f: -f.confidence):
        if not any(_share(field.box, other.box) > 0.5 for other in kept):
            kept.append(field)
    return sorted(kept, key=lambda f: (f.box.y, f.box.x))


def _share(one: Box, other: Box) -> float:
    wide = max(0.0, min(one.right, other.right) - max(one.x, other.x))
    high = max(0.0, min(one.bottom, other.bottom) - max(one.y, other.y))
    return wide * high / max(1e-9, min(one.w * one.h, other.w * other.h))
