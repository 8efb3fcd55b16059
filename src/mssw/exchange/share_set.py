"""Share a set: from its folder to one zip for another school, or for the colleague who prints.

What is shared travels, with title, introduction, the team's record, manifest and the audit's word. Nothing of
``private/`` does: no scans, class list, key, sorts or piles. Settings and introduction are written anew, so that a
teacher's own notes stay at home.

In the zip a label comes first: every other file with its hash and size, and that the audit passed. Nothing is packed,
all times are one, and there are no comments or extra fields. The same files give the same zip, to the last byte. So a
receiver can make the zip again from its files and compare: any byte that is not as we would write it is found.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from mssw import __version__
from mssw.auditing.one_file import audit_file
from mssw.auditing.run_audit import audit_path
from mssw.core.wording import count_noun
from mssw.errors import FindingsError, StepMissingError, UnreadableError, UsageError, WouldOverwriteError
from mssw.formats.zip_files import lock_zip
from mssw.intro.intro_file import read_introduction
from mssw.intro.questions import intro_text
from mssw.names.name_search import NameSearch
from mssw.printing.print_words import choose_language, list_languages
from mssw.record.kept_record import read_record, record_bytes
from mssw.record.record_rows import find_texts, keep_aliases
from mssw.workset.allowed_names import (
    check_typed,
    drop_teachers_names,
    find_typed_names,
    list_teachers_words,
    roster_spellings,
)
from mssw.workset.chosen_samples import read_chosen
from mssw.workset.decisions import released_responses
from mssw.workset.folder import WorkSet, make_folder, write_bytes
from mssw.workset.handed_out import Handing, note_handed_out
from mssw.workset.manifest import Manifest, read_audited_file, read_manifest
from mssw.workset.settings import Settings, read_settings, settings_text

# What a shared zip holds, and its bytes

LABEL = "share.json"
SETTINGS, INTRO, SHARED = "set.toml", "intro.md", "shared/"
MANIFEST = "shared/manifest.json"
RECORD = "shared/record.json"
LOCKED_AS = "share.zip"  # the only file in a zip with a password: the whole zip, so that not even its list is read
MOST_FILES = 1000
LARGEST_LABEL = 4 * 2**20  # bytes
LARGEST_FILE = 512 * 2**20
MOST_BYTES = 2 * 2**30  # of all files together
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_MODE = 0o100644 << 16
_FIXED = {SETTINGS, INTRO, MANIFEST, RECORD, "shared/task.pdf", "shared/contact-sheet.pdf", "shared/samples.json"}
_PACKET = re.compile(r"shared/packet(-[a-z0-9]+)*\.pdf")
_LONGEST_ALIAS = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names that Windows keeps to itself


class SharedEntry(Struct, frozen=True):
    """A file of the zip: its path there, the SHA-256 of its bytes, and how many they are."""

    path: str
    sha256: str
    size: int


class ShareLabel(Struct, frozen=True, kw_only=True):
    """What the zip says of itself.

    Attributes:
        version: of the zip's form.
        mssw: the version that made it.
        audited: how many files passed the audit of the teacher who shares.
        searched: whether a class list was there to search them for.
        files: all others, in the order of their paths.
    """

    version: int = 1
    mssw: str
    audited: int
    searched: bool
    files: tuple[SharedEntry, ...]

    def to_bytes(self) -> bytes:
        """As the zip has it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def read_label(data: bytes) -> ShareLabel:
    """The label in a zip.

    Raises:
        UnreadableError: it is none, or of a newer mssw.
    """
    try:
        version = msgspec.json.decode(data, type=dict).get("version")
        label = msgspec.json.decode(data, type=ShareLabel)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise UnreadableError(f"its {LABEL} is damaged") from None
    if version != 1:
        raise UnreadableError("it was made by a newer mssw; install the newest mssw to receive it")
    return label


def is_shared_path(path: str) -> bool:
    """Whether a zip may hold a file of that path: one of ours, below the set, whatever a stranger typed.

    >>> is_shared_path("shared/work/Andrea.pdf"), is_shared_path("shared/work/../../x.pdf"), is_shared_path("key.xlsx")
    (True, False, False)
    """
    if path in _FIXED or _PACKET.fullmatch(path):
        return True
    name = path.removeprefix("shared/work/")
    return name != path and name.endswith(".pdf") and _is_alias(name.removesuffix(".pdf"))


def _is_alias(name: str) -> bool:
    """Whether an alias is letters and figures, with single spaces, hyphens, dots or apostrophes inside."""
    plain = name.replace(" ", "").replace("-", "").replace("'", "").replace("’", "").replace(".", "")
    return (
        0 < len(name) <= _LONGEST_ALIAS
        and name == unicodedata.normalize("NFC", name)
        and name[0].isalnum()
        and name[-1].isalnum()
        and all(unicodedata.category(letter)[0] in "LMN" for letter in plain)
        and ".." not in name
        and not _RESERVED.fullmatch(name)
    )


def write_share(target: BinaryIO, label: ShareLabel, files: Iterable[tuple[str, bytes | Path]]) -> None:
    """Write the zip.

    Args:
        target: where to; it can be searched.
        label: its label.
        files: the others, each with its bytes or where they are, in the label's order.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, given in ((LABEL, label.to_bytes()), *files):
            data = given if isinstance(given, bytes) else given.read_bytes()
            archive.writestr(_zip_entry(path), data)


def share_bytes(label: ShareLabel, files: Iterable[tuple[str, bytes | Path]]) -> bytes:
    """The zip as bytes."""
    out = io.BytesIO()
    write_share(out, label, files)
    return out.getvalue()


def _zip_entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAY)
    entry.create_system, entry.external_attr = 3, _MODE  # the same on every system
    return entry


def usual_folder(file: Path) -> str:
    """The name for the set's folder if nobody gives one: the zip's, without its ending."""
    return PurePosixPath(file.name).stem or "received"


# From a set's folder to the zip

SHORTEST_PASSWORD = 12
"""Characters, as for the key: whoever has the file can guess for as long as they like."""
_PRINTED = ("title", "grade", "presenting_teachers", "session", "date", "paper", "english", "language")
_TRAVELS = (*_PRINTED, "subject", "school", "time")  # of set.toml; all else stays
_TYPED = ("title", "grade", "session", "date", "subject", "school", "time")  # of these, what may have a name in it
_SHEETS = ("sort.xlsx", "sort-", "sort_")  # of a teacher's own sorting: they stay, and may be filled in


@dataclass(frozen=True, slots=True)
class ShareOptions:
    """How a set is shared.

    Attributes:
        to: the zip to write.
        samples: only the chosen samples, not all responses that may be shown.
        with_packet: put the printed packet in as well, with the names on its covers.
        without_record: leave out what the team found.
        receivers: who it is for, for the teacher's own log.
        unreviewed: share responses that nobody has looked at.
        replace: overwrite another file of that name.
        dry_run: check everything, and write nothing.
    """

    to: Path
    samples: bool = False
    with_packet: bool = False
    without_record: bool = False
    receivers: tuple[str, ...] = ()
    unreviewed: bool = False
    replace: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ShareReport:
    """What was shared, or would be.

    Attributes:
        file: the zip.
        sha256: of its bytes; empty where it was not made, or has a password and so other bytes each time.
        bytes: how large it is.
        responses: the aliases in it.
        files: how many files are in it, beside its label.
        locked: whether it has a password.
        remarks: what the teacher should know, each in a sentence.
        written: whether it was written; it is not where the same zip was there, or in a dry run.
    """

    file: str
    sha256: str
    bytes: int
    responses: tuple[str, ...]
    files: int
    locked: bool
    remarks: tuple[str, ...]
    written: bool

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return asdict(self)


def check_share(workset: WorkSet, options: ShareOptions) -> None:
    """What can be checked before anybody is asked for a password.

    Raises:
        UsageError: the zip has no fitting name or place.
        FindingsError: a student's name is in the file's name, or among the receivers.
    """
    path = options.to
    if path.suffix.casefold() != ".zip":
        raise UsageError("the file that --to names must end in .zip.")
    names = NameSearch(drop_teachers_names(workset, roster_spellings(workset)))
    typed = find_typed_names(workset, list_teachers_words(workset))
    if any(
        names.hits(one, ordinary=True) or typed.hits(one)
        for one in (path.stem.replace("-", " ").replace("_", " "), path.stem)
    ):
        raise FindingsError("a name from the class list is in the name of the file after --to; choose another one.")
    if any(names.hits(one, ordinary=True) or typed.hits(one) for one in options.receivers):
        raise FindingsError("a name from the class list is after --receiver; write who gets the file differently.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder; add a file name that ends in .zip.")
    if not path.resolve().parent.is_dir():
        raise UsageError(f"{path.parent} is not a folder; create it first, or choose another one.")
    if path.resolve().is_relative_to(workset.root.resolve()):
        raise UsageError("the zip cannot lie inside of the set; choose a place outside of it.")


def share_set(workset: WorkSet, options: ShareOptions, password: str = "") -> ShareReport:
    """Write a set's shared side into a zip.

    Args:
        workset: the set.
        options: how.
        password: to lock the zip with; empty for none.

    Raises:
        StepMissingError: nothing is released, something is decided that is not applied, or nobody has looked.
        FindingsError: the audit found something, or a student's name is in what would travel.
        UsageError: the password is too short, or an option makes no sense.
        WouldOverwriteError: another file is there.
    """
    if password and len(password) < SHORTEST_PASSWORD:
        raise UsageError(f"the password needs at least {SHORTEST_PASSWORD} characters; a few words make a good one.")
    make_folder(workset.private, private=True)  # someone may have deleted it, and the lock is a file in it
    with workset.locked():
        check_share(workset, options)
        aliases, remarks = _pick_responses(workset, options)
        _check_typed(workset, options)
        searched = _audit(workset)
        files = _collect(workset, options, aliases)
        label = ShareLabel(mssw=__version__, audited=len(files), searched=searched, files=_describe_files(files))
        data = share_bytes(label, sorted(files.items()))
        _check_size(data)
        is_same = _find_same(options, data, password)
        if password:
            data = lock_zip(LOCKED_AS, data, password)
        sha = hashlib.sha256(data).hexdigest()
        if not (is_same or options.dry_run):
            write_bytes(options.to, data, private=True)
        if not options.dry_run:
            _note(workset, options, aliases, sha)
    return ShareReport(
        file=str(options.to),
        sha256="" if password else sha,
        bytes=len(data),
        responses=aliases,
        files=len(files),
        locked=bool(password),
        remarks=(*remarks, *_remarks(workset, files, searched=searched)),
        written=not (is_same or options.dry_run),
    )


def _pick_responses(workset: WorkSet, options: ShareOptions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The responses that travel, and remarks on those that do not."""
    released = released_responses(workset)
    manifest = read_manifest(workset)
    aliases = tuple(released)
    if options.samples:
        chosen = read_chosen(workset)
        if chosen is None:
            raise StepMissingError(
                f"no samples are chosen in {workset.root} yet; run `mssw choose {workset.typed}`, or leave --samples "
                "out."
            )
        aliases = tuple(alias for alias in released if alias in chosen)
        if not aliases:
            raise StepMissingError(f"no chosen sample of {workset.root} may be shown; run `mssw choose` again.")
    seen = {row.alias for row in manifest.works if row.seen}
    unseen = [alias for alias in aliases if alias not in seen]
    if unseen and not (options.unreviewed or manifest.is_fiction):
        raise StepMissingError(
            f"nobody has checked {len(unseen)} of the {len(aliases)} responses to share from {workset.root}; run "
            f"`mssw review {workset.typed}` first. Or add --unreviewed, and the receiver's packets will say so."
        )
    held = manifest.held_works
    stays = f"{count_noun(held, 'response is', 'responses are')} on hold and not in the file."
    return aliases, (stays,) if held else ()


def _audit(workset: WorkSet) -> bool:
    """Audit the whole set; gives whether there was a class list to search for.

    Sort sheets stay at home, and a teacher may have typed into one.

    Raises:
        FindingsError: it found something.
    """
    done = audit_path(workset.root)
    found = [one for one in done.findings if not one.file.startswith(_SHEETS)]
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""  # noqa: PLR2004 - as many as fit a sentence
        raise FindingsError(
            f"the set did not pass its audit, so nothing was shared: {'; '.join(map(str, found[:3]))}{more}. "
            f"`mssw audit {workset.typed}` lists everything."
        )
    return done.students > 0


def _collect(workset: WorkSet, options: ShareOptions, aliases: Sequence[str]) -> dict[str, bytes]:
    """The files that travel, by their paths in the zip.

    Raises:
        FindingsError: a student's name is in the settings or the introduction.
        UnreadableError: a file is not the one that passed the audit.
    """
    manifest = read_manifest(workset)
    travels = {f"work/{alias}.pdf" for alias in aliases} | {"task.pdf"}
    if set(aliases) == {row.alias for row in manifest.works}:
        travels.add("contact-sheet.pdf")  # it shows all of them
    if options.with_packet:
        travels |= _packets(workset, manifest, aliases)
    listed = [row for row in manifest.files if row.path in travels]
    files = {f"{SHARED}{row.path}": read_audited_file(workset, manifest, workset.shared / row.path) for row in listed}
    chosen = read_chosen(workset)
    if chosen is not None:
        samples = _samples_without_judgement(chosen & set(aliases))
        files[f"{SHARED}samples.json"] = samples
    record = keep_aliases(read_record(workset), aliases)
    if not (options.without_record or record.is_empty):
        files[RECORD] = record_bytes(record)
    files[MANIFEST] = _manifest_bytes(manifest, aliases, files, with_packet=options.with_packet)
    files[SETTINGS] = _settings_bytes(read_settings(workset.settings))
    files[INTRO] = intro_text(read_introduction(workset)).encode()
    _check_written(workset, files)
    return files


def _packets(workset: WorkSet, manifest: Manifest, aliases: Sequence[str]) -> set[str]:
    """The printed packets.

    Raises:
        StepMissingError: there is none.
        UsageError: they may show other responses.
    """
    found = {row.path for row in manifest.files if row.path.startswith("packet") and row.path.endswith(".pdf")}
    if not found:
        raise StepMissingError(f"no packet is printed yet; run `mssw packet {workset.typed}` first, or leave it out.")
    chosen = read_chosen(workset)
    if chosen is not None and not chosen <= set(aliases):
        raise UsageError("the packet shows samples that are not shared; run `mssw choose` again, then print anew.")
    return found


def _samples_without_judgement(chosen: set[str]) -> bytes:
    """Which samples were chosen. Piles and levels stay at home: whoever sorts the set makes up her own mind."""
    value = {"samples": [{"alias": alias} for alias in sorted(chosen)], "version": 1}
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _manifest_bytes(manifest: Manifest, aliases: Sequence[str], files: dict[str, bytes], *, with_packet: bool) -> bytes:
    """The manifest of what travels: without the seal, and without what stays at home."""
    pages = {row.path: row.pages for row in manifest.files}
    rows = []
    for path, data in files.items():
        name = path.removeprefix(SHARED)
        count = pages.get(name, UNSET)
        rows.append(
            {"path": name, "sha256": hashlib.sha256(data).hexdigest()} | ({} if count is UNSET else {"pages": count})
        )
    travels = replace(
        manifest,
        files=(),
        works=tuple(row for row in manifest.works if row.alias in aliases),
        held_works=0,
        counts=UNSET,
        packet=manifest.packet if with_packet else UNSET,
        seal=UNSET,
    )
    value = msgspec.to_builtins(travels) | {"files": sorted(rows, key=lambda row: str(row["path"]))}
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _settings_bytes(settings: Settings) -> bytes:
    """What the receiver needs of ``set.toml``: what is printed or compared. Comments, folders and seed stay at home."""
    travels = {key: getattr(settings, key) for key in _TRAVELS}
    if not _is_our_language(settings):
        travels["language"] = ""  # of the school's own templates, which stay at home
    return settings_text(Settings(**travels)).encode()


def _is_our_language(settings: Settings) -> bool:
    """Whether a receiver has the language of the prints."""
    return choose_language(settings.language, settings.english, settings.paper) in list_languages()


def _check_typed(workset: WorkSet, options: ShareOptions) -> None:
    """Make sure that nothing that a teacher typed and that travels names a student, or may.

    Raises:
        FindingsError: something does; the message says where, and not whom.
        WordsInDoubtError: nothing does for sure, and a word may.
    """
    settings = read_settings(workset.settings)
    places = [(f"“{key}” in set.toml", getattr(settings, key)) for key in _TYPED]
    places += [(f"intro.md under “{heading}”", text) for heading, text in read_introduction(workset).places()]
    if not options.without_record:
        places += [(f"the record, {where}", text) for where, text in find_texts(read_record(workset))]
    check_typed(find_typed_names(workset), places, "please take it out, then run this again.")
    teachers = NameSearch(drop_teachers_names(workset, roster_spellings(workset)))
    if any(teachers.hits(one) for one in settings.presenting_teachers):
        raise FindingsError(
            "a name from the class list is in presenting_teachers in set.toml; please take it out, then run this again."
        )


def _check_written(workset: WorkSet, files: dict[str, bytes]) -> None:
    """Make sure that the files that are written for the zip name no student.

    Raises:
        FindingsError: one does.
    """
    names = drop_teachers_names(workset, roster_spellings(workset))
    for path in (MANIFEST, RECORD, f"{SHARED}samples.json"):
        problems = audit_file(path.removeprefix(SHARED), files[path], names) if path in files else []
        if problems:
            raise FindingsError(f"{problems[0]}, so nothing was shared; run `mssw prepare` again.")


def _describe_files(files: dict[str, bytes]) -> tuple[SharedEntry, ...]:
    return tuple(SharedEntry(path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in sorted(files.items()))


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise UnreadableError("the set is too large for one zip; share the chosen samples alone, with --samples.")


def _find_same(options: ShareOptions, data: bytes, password: str) -> bool:
    """Whether the same zip is there already.

    Raises:
        WouldOverwriteError: another file is.
    """
    if not options.to.exists() or options.replace:
        return False
    is_file = not password and options.to.is_file() and options.to.stat().st_size == len(data)
    if is_file and options.to.read_bytes() == data:
        return True
    raise WouldOverwriteError(f"{options.to} already exists; choose another name, or overwrite it with --replace.")


def _note(workset: WorkSet, options: ShareOptions, aliases: Sequence[str], sha: str) -> None:
    note_handed_out(
        workset, Handing.SHARE, aliases, files=[options.to.name], copies=0, receivers=options.receivers, sha256=[sha]
    )


def _remarks(workset: WorkSet, files: dict[str, bytes], *, searched: bool) -> tuple[str, ...]:
    remarks = []
    if RECORD in files:
        remarks.append(
            "Your team's record is in it, with the initials of those who gave them; leave it out with --without-record."
        )
    if not searched and not read_manifest(workset).is_fiction:
        remarks.append("There is no class list in private/, so mssw did not search for names.")
    settings = read_settings(workset.settings)
    if not _is_our_language(settings):
        remarks.append("The language of your prints is one of your own templates, so the receiver prints in English.")
    if settings.templates:
        remarks.append("Your school's own templates stay here: the receiver prints with mssw's own, or with theirs.")
    return tuple(remarks)
