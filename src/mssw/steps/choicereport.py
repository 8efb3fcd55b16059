"""What came of choosing samples, for a person, a script and the files."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from mssw.core.sample import Sample


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sample, with what only the teacher is told.

    Attributes:
        id: its alias, or set and alias.
        set: the name of its set; empty where there is only one.
        sample: what colleagues' files say of it.
        lately: where the same student's work was used; empty where it was not.
    """

    id: str
    set: str
    sample: Sample
    lately: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A work that was not chosen.

    Attributes:
        id: its alias, or set and alias.
        pile: where it lies.
        level: likewise.
        nearest: the sample that comes nearest to it.
        swaps: the samples that it can take the place of without a pile, level or cell being lost.
        banned: whether the teacher wanted it out.
    """

    id: str
    pile: str
    level: str
    nearest: str
    swaps: tuple[str, ...]
    banned: bool


@dataclass(frozen=True, slots=True)
class ChoiceReport:
    """What was chosen. It names works by alias only.

    Attributes:
        written: whether it was written, or only tried.
        samples: in the order of piles and levels.
        left_out: the other works that could have been chosen.
        cards: the file of each set's card.
        remarks: what the teacher should know, each in a sentence.
    """

    written: bool
    samples: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    cards: tuple[str, ...]
    remarks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        samples = [
            sample_row(one.sample) | {"set": one.set, "id": one.id, "used_lately": one.lately} for one in self.samples
        ]
        return {**asdict(self), "samples": samples}


def sample_row(sample: Sample) -> dict[str, Any]:
    """A sample as it stands in ``samples.json``."""
    return {
        "alias": sample.alias,
        "pages": sample.pages,
        "pile": sample.pile,
        "level": sample.level,
        "reason": sample.reason,
    }
