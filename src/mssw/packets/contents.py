"""What goes into a packet: read from ``shared/`` and the two files that a teacher edits, and checked.

What a session adds to a packet: its agenda, the chart that the group fills in, and norms to start from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from mssw.core.sample import MOST_WITHOUT_A_CHOICE, Sample
from mssw.core.wording import counted
from mssw.errors import StepMissingError, UnreadableError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import Introduction
from mssw.kit.kit_words import FIVE, read_session, read_shared_words
from mssw.kit.session import agenda
from mssw.sorting.kept_sorts import set_aside_since
from mssw.workset.folder import WorkSet, read_json
from mssw.workset.manifest import is_fiction, sealed_file, sealed_response
from mssw.workset.settings import Settings, read_settings

if TYPE_CHECKING:
    from pathlib import Path


_CHARTS = {"A": "mental models", "B": "learning gap", "C": "next steps", "D": "task", "E": "task changes"}
_USUAL = "B"


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What the templates print for a session.

    Attributes:
        chart: which chart.
        title: of the agenda; empty without one.
        purpose: of the session.
        steps: the agenda with the time since the beginning; none for a session that is not one of the five.
        norms: to start from.
        evidence: questions that lead back to the page.
        marks: of a good task, each with what to look for, for a session that looks at the task.
    """

    chart: str = _CHARTS[_USUAL]
    title: str = ""
    purpose: str = ""
    steps: tuple[dict[str, Any], ...] = ()
    norms: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


def session_parts(session: str, folder: Path | None) -> SessionParts:
    """The parts for a session.

    Args:
        session: ``A`` to ``E``; anything else has no agenda, and the chart of learning gaps.
        folder: the school's own templates, whose words go before ours.

    Raises:
        UnreadableError: a file of words has problems.
    """
    shared = read_shared_words(folder)
    if session not in FIVE:
        return SessionParts(norms=shared.norms, evidence=shared.evidence)
    known = read_session(session, folder)
    return SessionParts(
        chart=_CHARTS[session],
        title=f"Session {session}: {known.title}",
        purpose=known.purpose,
        steps=tuple(asdict(step) for step in agenda(known)),
        norms=shared.norms,
        evidence=shared.evidence,
        marks=shared.marks,
    )


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a packet is made of.

    Attributes:
        settings: the set's own.
        introduction: what ``intro.md`` answers.
        samples: the works to print, in the order of their aliases, which says nothing about them.
        works: the PDF of each, by alias.
        task: the PDF of the blank task; None where there is none.
        held: how many works are held, and so left out.
        chosen: whether a person chose the samples.
        manifest: ``manifest.json`` as it stands.
        remarks: what the user should know about the choice, each in a sentence.
        templates: a folder of the school's own templates; None where there is none.
        session: what the session adds.
    """

    settings: Settings
    introduction: Introduction
    samples: tuple[Sample, ...]
    works: dict[str, bytes] = field(repr=False)
    task: bytes | None = field(repr=False)
    held: int
    chosen: bool
    manifest: dict[str, Any] = field(repr=False)
    remarks: tuple[str, ...]
    templates: Path | None = None
    session: SessionParts = field(default_factory=SessionParts)

    @property
    def fiction(self) -> bool:
        """Whether the work is made up, and no child wrote it."""
        return is_fiction(self.manifest)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The aliases whose pages no person has looked at."""
        return tuple(sample.alias for sample in self.samples if not sample.seen)


def gather(workset: WorkSet, *, all_works: bool, without_held: bool, unreviewed: bool = False) -> Contents:
    """Read what a packet is made of.

    Args:
        workset: the set; of its ``private/`` nothing is read but whether a chosen work was set aside while sorting.
        all_works: print every work, however many there are and whatever was chosen.
        without_held: print although some works are held.
        unreviewed: print although no person has looked at some works.

    Raises:
        StepMissingError: there is no work yet, works are held, samples have to be chosen first, or nobody has looked at
            works that would be printed.
        UnreadableError: a file cannot be read, or is no longer what mssw wrote.
    """
    settings = read_settings(workset.settings)
    manifest, works, held = _prepared(workset)
    if held and not without_held:
        raise StepMissingError(
            f"{counted(held, 'work is', 'works are')} held in {workset.root}: clear them with "
            f"`mssw review {workset.root} --list`, or print the others with --without-held."
        )
    if not works:
        raise StepMissingError(
            f"no work in {workset.root} may be shown yet; run `mssw prepare`, then clear what it holds."
        )
    samples, chosen, remarks = _samples(workset, works, all_works=all_works)
    if not unreviewed:
        _check_seen(workset, samples)
    if held:
        remarks = (*remarks, f"{counted(held, 'work is', 'works are')} held and not printed.")
    return Contents(
        settings=settings,
        introduction=read_introduction(workset),
        samples=samples,
        works={one.alias: sealed_response(workset, manifest, one.alias) for one in samples},
        task=sealed_file(workset, manifest, workset.task) if workset.task.is_file() else None,
        held=held,
        chosen=chosen,
        manifest=manifest,
        remarks=remarks,
    )


def unseen_words(contents: Contents) -> str:
    """What the cover says of works that no person has looked at; empty where there are none."""
    unseen, all_of_them = len(contents.unseen), len(contents.samples)
    if not unseen:
        return ""
    if all_of_them == 1:
        which = "The one work has"
    elif unseen == all_of_them:
        which = f"All {unseen} works have"
    else:
        which = f"{unseen} of {all_of_them} works {'has' if unseen == 1 else 'have'}"
    return (
        f"{which} not yet been looked at page by page: a machine covered the names. If you find one, "
        "cover it and tell whoever brought the work."
    )


def _prepared(workset: WorkSet) -> tuple[dict[str, Any], dict[str, Sample], int]:
    """The manifest, the works that may be shown, by alias, and how many are held."""
    if not workset.manifest.is_file():
        raise StepMissingError(
            f"nothing is prepared in {workset.root} yet; run `mssw prepare STACK --task TASK "
            f"--roster ROSTER --into {workset.root}` first."
        )
    manifest = read_json(workset.manifest)
    try:
        fiction = is_fiction(manifest)  # then nobody has to look for a name
        works = {
            str(work["alias"]): Sample(str(work["alias"]), int(work["pages"]), seen=fiction or bool(work["seen"]))
            for work in manifest["works"]
        }
        return manifest, dict(sorted(works.items())), int(manifest["held_works"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UnreadableError(
            f"{workset.manifest} is damaged; run `mssw prepare` again, which makes it anew."
        ) from None


def _samples(
    workset: WorkSet, works: dict[str, Sample], *, all_works: bool
) -> tuple[tuple[Sample, ...], bool, tuple[str, ...]]:
    """The works to print, whether a person chose them, and what to say about it."""
    everything = tuple(works.values())
    if all_works:
        return everything, False, (f"all {len(everything)} works are printed, as asked.",)
    if workset.samples.is_file():
        chosen = _chosen(workset, works)
        return tuple(sample for sample in everything if sample.alias in chosen), True, ()
    if len(everything) > MOST_WITHOUT_A_CHOICE:
        raise StepMissingError(
            f"{workset.root} has {len(everything)} works, more than the {MOST_WITHOUT_A_CHOICE} that a group "
            f"can take in; choose samples with `mssw choose {workset.root}`, or print every work with --all."
        )
    which = "the one work is" if len(everything) == 1 else f"all {len(everything)} works are"
    return everything, False, (f"no samples are chosen yet, so {which} printed.",)


def _check_seen(workset: WorkSet, samples: tuple[Sample, ...]) -> None:
    """Make sure that a person has looked at each work that is to be printed."""
    unseen = sum(not sample.seen for sample in samples)
    if unseen:
        which = "the one work" if len(samples) == 1 else f"{unseen} of the {len(samples)} works"
        raise StepMissingError(
            f"nobody has looked at {which} to be printed from {workset.root}; look with `mssw review {workset.root}`, "
            "or print with --unreviewed, and the cover says so."
        )


def _chosen(workset: WorkSet, works: dict[str, Sample]) -> set[str]:
    """The aliases in ``samples.json``. Piles and levels stay there: they are not for the packet."""
    try:
        chosen = {str(sample["alias"]) for sample in read_json(workset.samples)["samples"]}
    except (KeyError, TypeError):
        raise UnreadableError(f"{workset.samples} is damaged; run `mssw choose` again.") from None
    gone = sorted(chosen - set(works))
    if gone or not chosen:
        what = f"names {', '.join(gone)}, who may not be shown now" if gone else "names no work"
        raise StepMissingError(f"{workset.samples} {what}; choose again with `mssw choose {workset.root}`.")
    aside = set_aside_since(workset, sorted(chosen))
    if aside:
        raise StepMissingError(
            f"{' and '.join(aside)} {'is' if len(aside) == 1 else 'are'} chosen, but set aside in the sorting since; "
            f"choose again with `mssw choose {workset.root}`."
        )
    return chosen
