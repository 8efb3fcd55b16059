"""Scores a set made from a class with planted names: covered, flagged, missed, and who was taken for whom.

    python tests/bench/score_names.py CLASS SET [--pictures DIR] [--json]

CLASS is what name_class.py wrote, SET what `mssw prepare` made of it. All that score_covers.py measures, and what
`private/state.json` says was covered or flagged, released or not, against the truth's `mentions`.
"""

from __future__ import annotations

import json
import sys
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import openpyxl
from name_marks import PLACE, TEXT, Marks, Spot, read_marks, share, way_onto
from names_table import NameScore, print_names, row_of
from real_students import MENTION, NAME
from score_covers import KeyRow, Scorer, options_of_a_scorer, page_numbers, tell, true_frame
from score_pages import LEFT, SEEN, SEEN_BITONAL, PageScore, darkness, strips_of

HIT = 0.6  # share of a mention's box that must be marked
LEGIBLE = 0.35  # share of a mention's strokes that the scan shows: of fewer nobody can read a name
GONE = 0.75  # share of its ink that must be gone where the page is released
PROPOSED = 0.9  # share of a name's ink that a proposal must hold


class NameScorer(Scorer):
    """One class with planted names, and the set made from it."""

    def __init__(self, made: Path, work_set: Path, pictures: Path | None = None, *, likely: bool = False):
        super().__init__(made, work_set, pictures)
        self.names = NameScore(self.score, self.truth["blank"], self.truth["field"], likely)
        self.names.one_work = self.truth["condition"] == "noblank-one"
        self.names.shows_place = bool(self.truth.get("where"))
        self.names.pages = sum(page["task_page"] is not None for page in self.pages.values())
        self.left: dict[int, list[float]] = {}  # of each mention on a released page, the share of ink left

    def read_key(self) -> list[KeyRow]:
        """The works; a work of photos has a row for each file."""
        files = {page["file"]: page["page"] for page in self.truth["pages"] if "file" in page}
        if not files:
            return super().read_key()
        book = openpyxl.load_workbook(self.set / "private" / "key.xlsx", read_only=True)
        rows = [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]
        book.close()
        at = {head: n for n, head in enumerate(rows[0])}
        works: dict[str, KeyRow] = {}
        for row in rows[1:]:
            alias, source = row[at["Alias"]], Path(row[at["Source file"]]).name
            if alias and source in files:
                known = works.get(alias, KeyRow(alias, "", ()))
                pages = (*known.pages, *(files[source] for _ in page_numbers(row[at["Source pages"]])))
                works[alias] = KeyRow(alias, known.student_id or row[at["Student ID"]], pages)
        return list(works.values())

    def scan(self, number: int) -> np.ndarray:
        """A page as it was scanned or photographed."""
        if "file" not in self.pages[number]:
            return super().scan(number)
        path = self.made / "stack" / self.pages[number]["file"]
        return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION)

    def laid(self, after: np.ndarray, row: KeyRow, number: int, size: tuple[int, int]) -> np.ndarray:
        """A released page in the blank's frame; one that was not laid on the blank is laid on its scan."""
        if self.is_on_blank(number):
            return super().laid(after, row, number, size)
        way = way_onto(self.frame(number, size), after)
        if way is None:
            self.score.findings.append(f"{row.alias}, page {number}: it is not found again on its scan")
            return cv2.resize(after, size, interpolation=cv2.INTER_AREA)
        return cv2.warpAffine(after, way[:2], size, flags=cv2.INTER_LINEAR, borderValue=255)

    @cached_property
    def seen(self) -> dict[int, dict]:
        """What the set knows of each page."""
        numbers = {page.get("file"): page["page"] for page in self.pages.values()}
        state = json.loads((self.set / "private" / "state.json").read_text(encoding="utf-8"))
        return {numbers.get(Path(page["source"]).name, page["number"]): page for page in state["pages"]}

    def is_on_blank(self, number: int) -> bool:
        """Whether a page was laid on the blank; where that has nothing but lines, pages are looked at without it."""
        return self.names.blank and self.seen[number]["task_page"] == self.pages[number]["task_page"]

    def label_of(self, number: int) -> np.ndarray:
        """The truth of each pixel."""
        return cv2.imread(str(self.made / "truth" / f"p{number:04d}.png"), cv2.IMREAD_GRAYSCALE)

    def may_be_held(self, number: int) -> bool:
        """Without a blank or a field every page may wait for a person."""
        return super().may_be_held(number) or not self.names.judged_whole

    def look_further(self, number: int, found: PageScore, before: np.ndarray, label: np.ndarray) -> None:
        """How much of each mention's ink is left on a released page."""
        was, dark = darkness(before), darkness(found.aligned)
        seen = SEEN_BITONAL if self.truth["tone"] == "bitonal" else SEEN
        shares = []
        for mention in self.pages[number]["mentions"]:
            x, y, w, h = mention["box"]
            area = np.s_[max(0, y) : y + h, max(0, x) : x + w]
            ink = np.zeros(label.shape, bool)
            ink[area] = label[area] == MENTION
            strips = strips_of(ink)
            visible, left = strips.darkest(was, 1), strips.darkest(dark, 2)
            clear = visible >= seen
            still = clear & (left > np.maximum(0.6 * seen, LEFT * visible))
            shares.append(float(still.sum()) / max(int(clear.sum()), 1))
        self.left[number] = shares

    def run(self) -> NameScore:
        """Scores everything."""
        super().run()
        released = {number for row in self.key if self.is_released(row) for number in row.pages}
        self.names.released_works = sum(self.is_released(row) for row in self.key)
        for number, page in self.seen.items():
            self.check_marks(number, page, is_released=number in released)
        self.check_who()
        self.names.held_limit = self.names.held_goal * len(self.pages) if self.names.judged_whole else 0.0
        self.names.findings = [*self.score.findings, *self.names.findings]
        self.score.findings = []
        return self.names

    def check_marks(self, number: int, page: dict, *, is_released: bool) -> None:
        """What was found on a page, and what was found that is not there."""
        label = self.label_of(number)
        size = label.shape[1], label.shape[0]
        marks = Marks(size)
        if page.get("covers") or page.get("flags"):
            way = self.way_of(number, page, size)
            if way is None:
                self.names.findings.append(f"page {number}: its marks cannot be laid on the blank; all count as missed")
            else:
                marks = read_marks(self.set, page, way, size)
        mentions = self.pages[number]["mentions"]
        covered = marks.mask(kinds={TEXT}, sure=True)
        hidden, marked = marks.mask(sure=True), marks.mask(without=PLACE)
        plain = self.plain(number, label, mentions)
        for n, mention in enumerate(mentions):
            if not plain[n]:
                self.names.illegible += 1
                continue
            gone = not is_released or self.left.get(number, [1.0] * len(mentions))[n] <= 1 - GONE
            self.judge(number, mention, covered, hidden, marked, gone=gone)
        for spot in marks.spots:
            self.check_false(number, spot, label, mentions)
        name = label == NAME
        if not is_released and name.any() and not self.names.judged_whole:
            held = float(marks.mask()[name].mean())
            self.names.names_held += 1
            self.names.names_proposed += held >= PROPOSED
            if held < PROPOSED:
                self.names.findings.append(f"page {number}: held, {held:.0%} of the name's ink lies in a proposal")

    def way_of(self, number: int, page: dict, size: tuple[int, int]) -> np.ndarray | None:
        """From fractions of the registered page to the frame's pixels."""
        if self.is_on_blank(number):
            return np.diag([size[0], size[1], 1.0])
        image = cv2.imread(str(self.set / "private" / "pages" / page["image"]), cv2.IMREAD_GRAYSCALE)
        if image is None:
            return None
        way = way_onto(self.frame(number, size), image)
        return None if way is None else way @ np.diag([image.shape[1], image.shape[0], 1.0])

    def plain(self, number: int, label: np.ndarray, mentions: list[dict]) -> list[bool]:
        """Which mentions a person could read on the scan: a copier may leave but dots of a pencil."""
        if not mentions:
            return []
        ink = self.ink(number, label)
        shown = []
        for mention in mentions:
            x, y, w, h = mention["box"]
            area = np.s_[max(0, y) : y + h, max(0, x) : x + w]
            shown.append(_is_shown(ink[area], label[area] == MENTION))
        return shown

    def ink(self, number: int, label: np.ndarray) -> np.ndarray:
        """Where the scan is darker than paper, in the truth's frame."""
        return darkness(self.frame(number, label.shape[::-1])) >= SEEN

    def is_name_plain(self, who: int) -> bool:
        """Whether a person could read the name that a student wrote."""
        return any(
            _is_shown(self.ink(number, label), label == NAME)
            for number, page in self.pages.items()
            if page["student"] == who and page["has_name"]
            for label in [self.label_of(number)]
        )

    def judge(
        self, number: int, mention: dict, covered: np.ndarray, hidden: np.ndarray, marked: np.ndarray, *, gone: bool
    ) -> None:
        """Counts one mention; what was missed becomes a finding."""
        names, box, kind = self.names, mention["box"], mention["kind"]
        is_seen = share(marked, box) >= HIT
        if kind == "classmate":
            is_sure = share(covered, box) >= HIT and gone
            names.mates += 1
            names.mates_sure += is_sure
            names.mates_seen += is_seen
            if not is_sure:
                how = "flagged" if is_seen else "missed"
                how = "covered, but its ink is left" if share(covered, box) >= HIT else how
                self.find(number, mention, how)
        elif kind == "decoy":
            is_covered = share(covered, box) >= HIT
            names.decoys += 1
            names.decoys_covered += is_covered
            names.decoys_flagged += is_seen and not is_covered and share(hidden, box) < HIT
            if is_covered:
                self.find(number, mention, "covered")
        else:
            names.calls += 1
            names.calls_seen += is_seen
            if not is_seen:
                self.find(number, mention, "missed")

    def find(self, number: int, mention: dict, how: str) -> None:
        """Notes one mention."""
        what = ", ".join(part for part in (mention["kind"], mention["form"], f"{mention['ink']} ink") if part)
        self.names.findings.append(f"page {number}: {mention['text']!r} ({what}) at {mention['box']}: {how}")
        self.cut(number, mention["box"], f"{mention['kind']}-{how.partition(',')[0]}")

    def cut(self, number: int, box: list[int], name: str) -> None:
        """Writes the line around a place, as it was scanned."""
        if self.pictures is None:
            return
        self.pictures.mkdir(parents=True, exist_ok=True)
        size = self.label_of(number).shape[::-1]
        x, y, w, h = box
        line = self.frame(number, size)[max(0, y - 40) : y + h + 40, max(0, x - 300) : x + w + 300]
        cv2.imwrite(str(self.pictures / f"p{number:04d}-{name}-{x}-{y}.png"), line)

    def frame(self, number: int, size: tuple[int, int]) -> np.ndarray:
        """The scan in the blank's frame."""
        return true_frame(self.scan(number), self.pages[number], size)

    def check_false(self, number: int, spot: Spot, label: np.ndarray, mentions: list[dict]) -> None:
        """Whether a cover or flag hits nothing that should be found."""
        wanted = [mention["box"] for mention in mentions if mention["kind"] != "decoy"]
        x, y, w, h = spot.box
        on_name = int((label[max(0, y) : y + h, max(0, x) : x + w] == NAME).sum()) > 30
        counts = spot.kind == TEXT if spot.sure else spot.kind != PLACE
        if not counts or on_name or any(spot.meets(box) for box in wanted):
            return
        self.names.false_covers += spot.sure
        self.names.false_flags += not spot.sure
        decoy = next((mention["text"] for mention in mentions if spot.meets(mention["box"])), "")
        sure = "" if spot.confidence is None else f", confidence {spot.confidence:.2f}"
        what = f"false {'cover' if spot.sure else 'flag'}"
        on = f" on the decoy {decoy!r}" if decoy else ""
        self.names.findings.append(f"page {number}: {what} ({spot.kind}{sure}) at {spot.box}{on}")
        self.cut(number, list(spot.box), what.replace(" ", "-"))

    def check_who(self) -> None:
        """Whether each work was given to the one who wrote it."""
        names, seen = self.names, set()
        for row in self.key:
            students = [self.pages[n]["student"] for n in row.pages if n in self.pages]
            who = max(set(students), key=students.count) if students else None
            if who is None:
                continue
            has_name = self.is_name_plain(who)
            is_wrong = bool(row.student_id) and row.student_id != self.id_of(who)
            names.wrong += is_wrong
            if has_name and who not in seen:
                seen.add(who)
                names.legible += 1
                names.matched += bool(row.student_id) and not is_wrong
                names.open += not row.student_id
                if not row.student_id:
                    habits = ", ".join(sorted({h for n in row.pages for h in self.pages[n].get("habits", [])}))
                    names.findings.append(f"{row.alias} (student {who}; {habits}): left open")


def _is_shown(ink: np.ndarray, strokes: np.ndarray) -> bool:
    """Whether enough of some strokes is on the scan."""
    return not strokes.any() or float(ink[strokes].mean()) >= LEGIBLE


def main() -> int:
    """Reads the options, scores, prints."""
    parser = options_of_a_scorer(__doc__)
    parser.add_argument("--likely", action="store_true", help="the set was made with --cover likely")
    args = parser.parse_args()
    score = NameScorer(args.made, args.set, args.pictures, likely=args.likely).run()
    return tell(score, lambda: print_names([row_of(args.made.name, score)]), as_json=args.json)


if __name__ == "__main__":
    sys.exit(main())
