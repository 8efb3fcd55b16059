"""One packet of several sets: for a session in which more than one teacher presents, all with the same task.

In: what each set's own packet would be made of. Out: one packet's contents with the samples of all, one introduction
each, and the blank task once. Aliases must differ, and no sample may carry a student's name of any of the classes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from mssw.core.sample import FEWEST_SAMPLES, MOST_WITHOUT_A_CHOICE
from mssw.errors import StepMissingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.packets.contents import Contents

MOST_SETS = 3  # as many presenting teachers as a session has


def join_contents(all_contents: Sequence[Contents], *, any_number: bool) -> Contents:
    """The contents of one packet from those of several sets; the first one gives title, session, date and paper.

    Args:
        all_contents: of each set, the first one's first.
        any_number: whether the samples may be more than a group can discuss.

    Raises:
        UsageError: there are too many sets, or two samples share an alias.
        StepMissingError: together they have more samples than a group can discuss.
    """
    first, *others = all_contents
    if not others:
        return first
    if len(all_contents) > MOST_SETS:
        raise UsageError(f"one session has at most {MOST_SETS} presenting teachers; give at most {MOST_SETS} sets.")
    samples = [sample for contents in all_contents for sample in contents.samples]
    twice = [alias for alias, times in Counter(sample.alias for sample in samples).items() if times > 1]
    if twice:
        are = "is an alias" if len(twice) == 1 else "are aliases"
        raise UsageError(
            f"{', '.join(sorted(twice))} {are} in more than one of these sets, so colleagues could not tell the "
            "samples apart. Choose other samples, or prepare one class with --beside and the other's folder."
        )
    if len(samples) > MOST_WITHOUT_A_CHOICE and not any_number:
        raise StepMissingError(
            f"together these sets have {len(samples)} samples, and {MOST_WITHOUT_A_CHOICE} are as many as a group can "
            "discuss; give all sets to `mssw choose` at once, or print them all with --all."
        )
    few = [f"together these sets have {len(samples)} samples; {FEWEST_SAMPLES} or more show more ways of thinking."]
    teachers = [name for contents in all_contents for name in contents.settings.presenting_teachers]
    scans = {alias: pages for contents in others for alias, pages in contents.scans.items() if alias}
    return replace(
        first,
        settings=replace(first.settings, presenting_teachers=tuple(dict.fromkeys(teachers))),
        samples=tuple(sorted(samples, key=lambda sample: sample.alias)),
        scans={**first.scans, **scans},
        transcripts=tuple(
            sorted((one for contents in all_contents for one in contents.transcripts), key=lambda one: one.alias)
        ),
        held=sum(contents.held for contents in all_contents),
        chosen=all(contents.chosen for contents in all_contents),
        student_names=tuple(dict.fromkeys(name for contents in all_contents for name in contents.student_names)),
        remarks=(
            *dict.fromkeys(remark for contents in all_contents for remark in contents.remarks),
            *(few if len(samples) < FEWEST_SAMPLES else ()),
        ),
        presenters=tuple((", ".join(one.settings.presenting_teachers), one.introduction) for one in all_contents),
    )
