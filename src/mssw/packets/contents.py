"""What goes into a packet: read from the set's files, and checked that it may be printed.

``read_contents`` gives all that the pages are made of: the teacher's words, the scans, and what the session adds (its
agenda, the chart that the group fills in, norms to start from). ``join_contents`` makes one packet of several sets, for
a session in which more than one teacher presents the same task: the samples of all, one introduction each, and the
blank task once. Aliases must differ, and no sample may carry a student's name of any of the classes.

The teacher's own words are checked for names before they are set, because then the message can say where a name is: the
audit of the finished files can only say that there is one. Presenting teachers and colleagues may share a word with a
student's name: their names are on the covers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mssw.core.paper import Part
from mssw.core.sample import FEWEST_SAMPLES, MOST_WITHOUT_A_CHOICE, Sample
from mssw.core.shell_words import command_line
from mssw.core.wording import PrintWords, count_noun
from mssw.errors import FindingsError, StepMissingError, UsageError
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import Introduction
from mssw.kit.kit_words import FIVE, read_session, read_shared_words
from mssw.kit.session import time_agenda
from mssw.names.name_search import NameSearch
from mssw.printing.pdf_writer import read_scanned_pages
from mssw.printing.print_words import REFERENCE, choose_language, read_words
from mssw.printing.template_files import template_folder
from mssw.sorting.kept_sorts import find_set_aside
from mssw.workset.allowed_names import check_typed, drop_words_of, find_typed_names, roster_spellings
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.decisions import require_applied
from mssw.workset.folder import WorkSet
from mssw.workset.manifest import Manifest, read_audited_file, read_audited_response, read_manifest
from mssw.workset.settings import Settings, find_misspelled_keys, read_settings
from mssw.workset.transcript_files import PRINTED, Transcript, TranscriptState, check_transcripts, read_transcripts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mssw.names.typed_names import TypedNames
    from mssw.packets.packet_options import PacketOptions
    from mssw.printing.pdf_writer import ScannedPage

_CHARTS = {"A": "mental models", "B": "learning gap", "C": "next steps", "D": "task", "E": "task changes"}
_USUAL = "B"
#: Bytes that all scans of one copy may have together. With text and fonts the file then stays under 8 MB.
MOST_BYTES = 7_200_000
_NO_LIST = (
    "there is no class list in private/, so mssw did not search for names. Check your own words in the packet again."
)

MOST_SETS = 3  # as many presenting teachers as a session has


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


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a packet is made of.

    Attributes:
        settings: the set's own, with the title, paper, session and date as they are printed.
        introduction: the answers in ``intro.md``.
        samples: the responses to print, in the order of their aliases, which says nothing about them.
        scans: the scanned pages of each sample by its alias, and of the blank task under ``""``.
        held: how many responses are on hold, and so left out.
        chosen: whether a person chose the samples.
        manifest: ``manifest.json`` as it is now.
        student_names: every spelling of a student's name, none of which may be in the packet.
        typed_names: the same names, to be looked for in what the teacher wrote.
        remarks: what the user should know, each in a sentence.
        templates: the folder of the school's own templates; None if there is none.
        session: what the session adds.
        words: of the reader's language.
        left_out: parts that the teacher leaves out.
        transcripts: what samples say, typed, for those that have a transcript which is printed.
        presenters: in a packet of several sets, who presents each of them, and their introduction; else empty.
        beside_real: whether another set of the packet has responses that students wrote.
    """

    settings: Settings
    introduction: Introduction
    samples: tuple[Sample, ...]
    scans: dict[str, list[ScannedPage]] = field(repr=False)
    held: int
    chosen: bool
    manifest: Manifest = field(repr=False)
    student_names: tuple[str, ...] = field(repr=False)
    typed_names: TypedNames = field(repr=False)
    remarks: tuple[str, ...]
    templates: Path | None = None
    session: SessionParts = field(default_factory=SessionParts)
    words: PrintWords = field(default_factory=partial(read_words, REFERENCE), repr=False)
    left_out: tuple[Part, ...] = ()
    transcripts: tuple[Transcript, ...] = field(default=(), repr=False)
    presenters: tuple[tuple[str, Introduction], ...] = ()
    beside_real: bool = False

    @property
    def fiction(self) -> bool:
        """Whether all responses are made up, and no child wrote them."""
        return self.manifest.is_fiction and not self.beside_real

    @property
    def unseen(self) -> tuple[str, ...]:
        """The aliases of the responses that no person has looked at."""
        return tuple(sample.alias for sample in self.samples if not sample.seen)

    @property
    def task_pages(self) -> int:
        """How many pages the blank task has; 0 if there is none."""
        return len(self.scans[""])


def read_contents(workset: WorkSet, options: PacketOptions) -> Contents:
    """Read what a packet is made of, and check that it may be printed.

    Args:
        workset: the set. Of its ``private/``, only the roster is read, and whether a chosen response was set aside
            while sorting.
        options: which responses to print, and what the cover says where it is not what ``set.toml`` says.

    Raises:
        StepMissingError: nothing is prepared, responses are on hold, samples have to be chosen first, nobody has
            looked at responses that would be printed, or something is decided that is not applied.
        UnreadableError: a file cannot be read, or is no longer what mssw wrote.
    """
    settings = read_settings(workset.settings)
    manifest = read_manifest(workset)
    require_applied(workset)
    held, responses = manifest.held_works, _released(manifest)
    _check_released(workset, held, responses, options)
    samples, chosen, remarks = _pick_samples(workset, responses, all_works=options.all_works)
    if not options.unreviewed:
        _check_seen(workset, samples)
    remarks += [f"{count_noun(held, 'response is', 'responses are')} on hold and not printed."] if held else []
    scans = _read_scans(workset, manifest, samples, options)
    transcripts, left = _read_transcripts(workset, manifest, samples, options)
    remarks += left
    templates = template_folder(workset, settings, options.templates)
    session = settings.session if options.session is None else " ".join(options.session.split())
    words = _choose_words(settings, options, templates)
    student_names = roster_spellings(workset)
    if not student_names and not manifest.is_fiction:
        remarks.append(_NO_LIST)
    return Contents(
        settings=_fill_in(settings, session, options, words),
        introduction=read_introduction(workset),
        samples=samples,
        scans=scans,
        held=held,
        chosen=chosen,
        manifest=manifest,
        student_names=student_names,
        typed_names=find_typed_names(workset),
        remarks=(*remarks, *(f"{one}." for one in find_misspelled_keys(workset.settings))),
        templates=templates,
        session=_leave_out(session_parts(session.upper(), templates, words), options.without),
        words=words,
        left_out=options.without,
        transcripts=transcripts,
    )


def _read_transcripts(
    workset: WorkSet, manifest: Manifest, samples: Sequence[Sample], options: PacketOptions
) -> tuple[tuple[Transcript, ...], list[str]]:
    """The transcripts to print, and remarks on those that are not of the samples as they are now."""
    if Part.TRANSCRIPTS in options.without:
        return (), []
    found = read_transcripts(workset, manifest, [sample.alias for sample in samples])
    doubtful = [one.alias for one in found if one.state in {TranscriptState.CHANGED, TranscriptState.UNCONFIRMED}]
    remarks = []
    if doubtful:
        again = command_line("mssw", "transcripts", workset.root, *doubtful, "--confirm")
        what = "the transcript" if len(doubtful) == 1 else "the transcripts"
        is_not = "is not" if len(doubtful) == 1 else "are not"
        remarks.append(
            f"{what} of {', '.join(doubtful)} {is_not} printed, because a response changed or nobody has confirmed the "
            f"text. Check it, then run `{again}`."
        )
    return tuple(one for one in found if one.state in PRINTED), remarks


def _check_released(workset: WorkSet, held: int, responses: dict[str, Sample], options: PacketOptions) -> None:
    """Make sure that there is something to print, and that nothing waits that the teacher does not know of."""
    if held and not options.without_held:
        raise StepMissingError(
            f"{count_noun(held, 'response is', 'responses are')} on hold in {workset.root}; clear them with "
            f"`{command_line('mssw', 'review', workset.root)}`, or print the others with --without-held."
        )
    if not responses:
        raise StepMissingError(
            f"no response in {workset.root} is released yet; run `mssw prepare`, then clear what is on hold."
        )


def _choose_words(settings: Settings, options: PacketOptions, templates: Path | None) -> PrintWords:
    """The words of the reader's language."""
    language = settings.language if options.language is None else options.language
    return read_words(choose_language(language, settings.english, options.paper or settings.paper), templates)


def _leave_out(session: SessionParts, parts: Sequence[Part]) -> SessionParts:
    steps = () if Part.AGENDA in parts else session.steps
    return replace(session, steps=steps, norms=() if Part.NORMS in parts else session.norms)


def _fill_in(settings: Settings, session: str, options: PacketOptions, words: PrintWords) -> Settings:
    """The set's settings, with what the options say instead."""
    return replace(
        settings,
        title=settings.title or words.text("common.untitled"),
        paper=options.paper or settings.paper,
        session=words.session(session),
        date=words.date(settings.date if options.date is None else " ".join(options.date.split())),
    )


def _read_scans(
    workset: WorkSet, manifest: Manifest, samples: Sequence[Sample], options: PacketOptions
) -> dict[str, list[ScannedPage]]:
    """The scanned pages of each sample by its alias, and of the blank task under ``""``.

    Raises:
        UnreadableError: a file is not the one that passed the audit.
    """
    scans = {
        one.alias: read_scanned_pages(read_audited_response(workset, manifest, one.alias), f"{one.alias}.pdf")
        for one in samples
    }
    has_task = workset.task.is_file() and Part.TASK not in options.without
    scans[""] = read_scanned_pages(read_audited_file(workset, manifest, workset.task), "task.pdf") if has_task else []
    if options.grey or options.save_ink:
        from mssw.packets.packet_scans import save_ink  # noqa: PLC0415 - needs Pillow; a plain packet does not

        scans = {alias: save_ink(pages, grey=options.grey, white=options.save_ink) for alias, pages in scans.items()}
    size = sum(len(page.image.data) for pages in scans.values() for page in pages)
    if size <= MOST_BYTES or options.full_size:
        return scans
    from mssw.packets.packet_scans import shrink_scans  # noqa: PLC0415 - needs Pillow; a small packet does not

    return shrink_scans(scans, MOST_BYTES)


def _released(manifest: Manifest) -> dict[str, Sample]:
    """The responses that may be shown, by alias. If they are made up, nobody has to look for names."""
    rows = sorted(manifest.works, key=lambda row: row.alias)
    return {row.alias: Sample(row.alias, row.pages, seen=manifest.is_fiction or row.seen) for row in rows}


def _pick_samples(
    workset: WorkSet, responses: dict[str, Sample], *, all_works: bool
) -> tuple[tuple[Sample, ...], bool, list[str]]:
    """The responses to print, whether a person chose them, and remarks on the choice."""
    everything = tuple(responses.values())
    if all_works:
        return everything, False, [f"all {len(everything)} responses are printed, as you asked."]
    if workset.samples.is_file():
        chosen = _read_choice(workset, responses)
        return tuple(sample for sample in everything if sample.alias in chosen), True, []
    if len(everything) > MOST_WITHOUT_A_CHOICE:
        raise StepMissingError(
            f"{workset.root} has {len(everything)} responses, and {MOST_WITHOUT_A_CHOICE} are as many as a group can "
            f"discuss; choose samples with `mssw choose {workset.typed}`, or print them all with --all."
        )
    which = "the only response is" if len(everything) == 1 else f"all {len(everything)} responses are"
    return everything, False, [f"no samples are chosen yet, so {which} printed."]


def _check_seen(workset: WorkSet, samples: tuple[Sample, ...]) -> None:
    """Make sure that a person has looked at each response to be printed."""
    unseen = sum(not sample.seen for sample in samples)
    if unseen:
        which = "the only response" if len(samples) == 1 else f"{unseen} of the {len(samples)} responses"
        raise StepMissingError(
            f"nobody has checked {which} to print from {workset.root}; run `mssw review {workset.typed}` first. Or add "
            "--unreviewed, and the cover will say so."
        )


def _read_choice(workset: WorkSet, responses: dict[str, Sample]) -> set[str]:
    """The aliases in ``samples.json``; its piles and levels are not for the packet."""
    chosen = read_chosen(workset) or set()
    gone = sorted(chosen - set(responses))
    if gone or not chosen:
        what = f"lists {', '.join(gone)}, which cannot be shown now" if gone else "lists no response"
        raise StepMissingError(f"{workset.samples} {what}; choose again with `mssw choose {workset.typed}`.")
    aside = find_set_aside(workset, sorted(chosen))
    if aside:
        raise StepMissingError(
            f"you chose {' and '.join(aside)}, but then set {'it' if len(aside) == 1 else 'them'} aside while "
            f"sorting; choose again with `mssw choose {workset.typed}`."
        )
    return chosen


def session_parts(session: str, folder: Path | None, words: PrintWords) -> SessionParts:
    """The parts for a session.

    Args:
        session: ``A`` to ``E``; anything else has no agenda, and the chart of learning gaps.
        folder: the school's own templates; their words replace ours.
        words: of the reader's language.

    Raises:
        UnreadableError: a file of words has problems.
    """
    shared = read_shared_words(folder, words)
    if session not in FIVE:
        return SessionParts(norms=shared.norms, evidence=shared.evidence)
    own = read_session(session, folder, words)
    return SessionParts(
        chart=_CHARTS[session],
        title=words.text("sessions.named", letter=session, title=own.title),
        purpose=own.purpose,
        steps=tuple(asdict(step) for step in time_agenda(own, words)),
        norms=shared.norms,
        evidence=shared.evidence,
        marks=shared.marks,
    )


def join_contents(all_contents: Sequence[Contents], *, any_number: bool, folders: Sequence[Path] = ()) -> Contents:
    """The contents of one packet from those of several sets; the first one gives title, session, date and paper.

    Args:
        all_contents: of each set, the first one's first.
        any_number: whether the samples may be more than a group can discuss.
        folders: of the sets, in the same order, for the message if they are.

    Raises:
        UsageError: there are too many sets, two samples share an alias, or one has the name of another class's student.
        StepMissingError: together they have more samples than a group can discuss.
    """
    first, *others = all_contents
    if not others:
        return first
    if len(all_contents) > MOST_SETS:
        raise UsageError(f"one session has at most {MOST_SETS} presenting teachers; give at most {MOST_SETS} sets.")
    samples = [sample for contents in all_contents for sample in contents.samples]
    _check_aliases([sample.alias for sample in samples], all_contents)
    if len(samples) > MOST_WITHOUT_A_CHOICE and not any_number:
        more = [part for folder in folders for part in ("--sets", folder)][1:]
        raise StepMissingError(
            f"together these sets have {len(samples)} samples, and {MOST_WITHOUT_A_CHOICE} are as many as a group can "
            f"discuss; choose from all of them with `{command_line('mssw', 'choose', *more)}`, or print "
            "them all with --all."
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
        beside_real=not all(contents.fiction for contents in others),
        presenters=tuple((", ".join(one.settings.presenting_teachers), one.introduction) for one in all_contents),
    )


def _check_aliases(aliases: Sequence[str], all_contents: Sequence[Contents]) -> None:
    """Make sure that no alias is used twice, and that none is a student's name in any of the classes."""
    twice = [alias for alias, times in Counter(aliases).items() if times > 1]
    if twice:
        are = "is an alias" if len(twice) == 1 else "are aliases"
        raise UsageError(
            f"{', '.join(sorted(twice))} {are} in more than one of these sets, so colleagues could not tell the "
            "samples apart. Choose other samples, or prepare one class with --beside and the other's folder."
        )
    students = NameSearch([name for contents in all_contents for name in contents.student_names])
    if any(students.hits(alias) for alias in aliases):  # which one it is would name a student
        raise UsageError(
            "an alias in one of these sets is a student's name in another, so it would look as if a name had been left "
            "on; choose other samples with `mssw choose`."
        )


# No student is named in it


def check_words(contents: Contents) -> None:
    """Make sure that neither ``intro.md`` nor the words of the cover nor a transcript name a student.

    Raises:
        FindingsError: they do; the message says where.
    """
    settings = contents.settings
    places = [(f"intro.md under “{heading}”", text) for heading, text in contents.introduction.places()]
    places += [(f"the {key}", getattr(settings, key)) for key in ("title", "grade", "session", "date")]
    check_typed(contents.typed_names, places, "please take it out, then run this again.")
    check_transcripts(contents.typed_names, contents.transcripts)


def check_colleagues(contents: Contents, colleagues: Sequence[str]) -> None:
    """Make sure that nobody on the covers has a student's full name; they may share a word of it.

    Raises:
        FindingsError: somebody has; the message gives her number, not her name.
        UsageError: what is given as one name may be several.
    """
    teachers = contents.settings.presenting_teachers
    names = NameSearch(drop_words_of((*teachers, *colleagues), contents.student_names))
    for where, people in (("presenting_teachers in set.toml", teachers), ("--per-teacher", colleagues)):
        for number, name in enumerate(people, 1):
            if names.hits(name) and "," in name:
                raise UsageError(
                    f"name {number} in {where} includes a student's full name or two words of one. If it is several "
                    "names, put each in quotes of its own."
                )
            if names.hits(name):
                raise FindingsError(
                    f"name {number} in {where} is a student's full name or two words of one; write it differently, for "
                    "example with initials."
                )
