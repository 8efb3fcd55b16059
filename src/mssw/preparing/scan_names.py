"""What the names of scans say: their order, which student's files they are, and whether a name may be shown.

Names and paths go in, with the class list. Out come the same names in order, or a ``Download``, its submissions in
order. It is pure: no file is opened here. A name is only evidence of the writer; ``match_responses`` weighs it against
the name on the pages.

Systems number scans in ways that plain sorting gets wrong: the first scan often has no number (``Scan.jpeg``, ``Scan
1.jpeg``), copies are numbered in brackets (``Image (2).jpg``), numbers have no leading zeros, endings differ (``.jpg``,
``.JPEG``), and a camera's counter starts again after 9999.

How each system names its files, as far as its source or the tools of teachers show it in public:

* Canvas, ``smithanna_LATE_1234_5678_essay.pdf``: its own source, canvas-lms, ``lib/content_zipper.rb``.
* Moodle, ``Anna Smith_1234_assignsubmission_file_/essay.pdf``, or flat: its own source,
  ``mod/assign/classes/downloader.php``.
* Blackboard, ``Essay_asmith_attempt_2026-03-02-10-11-12_essay.pdf``, and a receipt in text: the scripts
  BBGradebookOrganiser and unpackAssignments.
* Schoology, ``Smith, Anna - 1234/REVISION/essay.pdf``: the script wholling-lcps/sunzip.
* Microsoft Teams, ``Submitted files/Anna Smith/Essay/Version 1/essay.pdf``: lwchkg/teams_assignment_explorer.
* Brightspace, ``1234-5678 - Anna Smith - Mar 2, 2026 1011 AM - essay.pdf``: OfficeCoffee/GradingFileProject.
* Google Classroom keeps files in a Drive folder, mostly as ``Anna Smith - Essay.pdf``; no public source was found that
  promises it. Like any other folder, it is understood by the names on the class list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path, PurePath, PurePosixPath

from natsort import natsort_keygen, ns

from mssw.names.letters import remove_accents
from mssw.names.name_search import SHORTEST_WORD, NameSearch
from mssw.names.student import SHORTEST_NUMBER, Roster, Student, fold, keep_letters
from mssw.names.word_lists import EVERYDAY_WORDS, find_other_forms
from mssw.workset.stack import Stack

#: A camera counts up to 9999 (``IMG_9999``) and goes on with 0001; some start at 0000.
LAST_COUNT = 9999
#: The counter started again where so many numbers are missing in between, and hardly any over its end.
WIDE_GAP, SHORT_GAP = 5000, 500
SCANNER_WORDS = frozenset(
    """
    scan scans scanned scanner stack page pages side sides front fronts back backs odd even img image images pic picture
    photo photos dsc doc document file class copy part batch set pxl whatsapp and the damaged broken good
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Words in the names of files that say nothing of who wrote what is in them."""

_COUNTED = re.compile(r"(?P<head>.*?[^\d])(?P<count>\d{4})(?P<tail>(?:\D.*)?)", re.DOTALL)
_NUMBERED = re.compile(r"^(?P<name>.*?)(?:[ _-]*\((?P<number>\d+)\)|[ _-]+copy(?:[ _-]+(?P<copy>\d+))?)$")
_APART = re.compile(r"[ _-]+")
_natural = natsort_keygen(alg=ns.INT | ns.UNSIGNED | ns.IGNORECASE)


def order_scans(names: Iterable[str]) -> list[str]:
    """The names of scans in the order in which they were taken, as far as names tell.

    >>> order_scans(["Scan 2.jpeg", "Scan.jpeg", "Scan 10.jpeg", "Scan 1.jpeg"])
    ['Scan.jpeg', 'Scan 1.jpeg', 'Scan 2.jpeg', 'Scan 10.jpeg']
    >>> order_scans(["Image (2).jpg", "Image.jpg", "Image (3).jpg"])
    ['Image.jpg', 'Image (2).jpg', 'Image (3).jpg']
    >>> order_scans(["IMG_0001.JPG", "IMG_9998.JPG", "IMG_9999.JPG", "IMG_0002.JPG"])
    ['IMG_9998.JPG', 'IMG_9999.JPG', 'IMG_0001.JPG', 'IMG_0002.JPG']
    """
    ordered = sorted(names, key=_sort_key)
    counts = [_camera_count(name) for name in ordered]
    return _from_where_counting_began(ordered, counts)


def _sort_key(name: str) -> tuple[object, ...]:
    """Sort by the name without its ending, a name without a number before the same name with one."""
    stem = PurePath(name).stem
    numbered = _NUMBERED.match(stem)
    if numbered is None:
        bare, number = stem, 0
    else:
        bare, number = numbered["name"], int(numbered["number"] or numbered["copy"] or 1)
    return (_natural(_APART.sub(" ", bare).strip()), number, _natural(stem), name)


def _camera_count(name: str) -> tuple[str, int] | None:
    """What stands before a camera's four-digit counter, and the counter; None for a name that has none."""
    found = _COUNTED.fullmatch(PurePath(name).stem)
    return (found["head"].casefold(), int(found["count"])) if found else None


def _from_where_counting_began(ordered: Sequence[str], counts: Sequence[tuple[str, int] | None]) -> list[str]:
    """The names turned so that the photos before the counter's restart come first.

    Only where all names are of one camera and one wide gap divides the numbers: what comes after it was taken first.
    """
    numbers = [count[1] for count in counts if count]
    if len(numbers) < len(ordered) or len({count[0] for count in counts if count}) != 1:
        return list(ordered)
    gaps = [after - before for before, after in pairwise(numbers)]
    over_the_end = LAST_COUNT + 1 - numbers[-1] + numbers[0] if numbers else 0
    if not gaps or max(gaps) < WIDE_GAP or over_the_end > SHORT_GAP:
        return list(ordered)
    start = gaps.index(max(gaps)) + 1
    return [*ordered[start:], *ordered[:start]]


# A download of a learning system

MOST_LEVELS = 4  # of folders in which the students' names may be
MANY = 0.6  # of the names in a download, from which on they are students'
FEWEST = 2  # students that the names of a folder must tell, if no system has named its files
LEAST_LETTERS = 3  # of a first or last name that counts alone

NUMBER, WHOLE, PART = 3, 2, 1  # how much of a student a name tells

_MOODLE = re.compile(r"(?P<student>.+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_.*)?", re.IGNORECASE)
_BLACKBOARD = re.compile(
    r".*_(?P<student>[^_]+)_attempt_(?P<when>\d{4}(?:-\d{2}){5})(?P<receipt>\.txt$)?(?:[._].*)?", re.IGNORECASE
)
_CANVAS = re.compile(r"(?P<student>[^_]+)_(?:LATE_)?(?P<id>(?:anon_\w+?|\d+))_\d+_.+", re.IGNORECASE)
_BRIGHTSPACE = re.compile(
    r"\d+-\d+ ?- ?(?P<student>.+?) ?- ?(?P<when>[A-Z][a-z]{2} \d{1,2}, \d{4} \d{3,4} [AP]M)(?: ?- ?.*)?"
)
_SCHOOLOGY = re.compile(r"(?P<student>[^,]+, .+ - \w+)")
_VERSION = re.compile(r"(?:version|revision|attempt|draft)\W*(?P<number>\d+)\b.*", re.IGNORECASE)
_SUBMITTED, _WORKING = "submitted files", "working files"
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[\w.@+-]+")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of a download, and what its name says. Its repr shows neither.

    Attributes:
        path: in the download.
        student: the words that name the writer; empty where none do.
        key: the same for all files of one student.
        attempt: the later, the greater.
        is_receipt: whether the system wrote it, and not the student.
    """

    path: str = field(repr=False)
    student: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    attempt: tuple[int, ...] = ()
    is_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in. Its repr names nobody.

    Attributes:
        student: the words that name the writer; empty where none do.
        files: paths of the last attempt, in order.
        earlier: paths of attempts before it.
    """

    student: str = field(repr=False)
    files: tuple[str, ...] = field(repr=False)
    earlier: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Download:
    """A download, understood.

    Attributes:
        submissions: in the order of the files' names.
        passed_over: paths of what the system wrote, and of copies that students only worked on.
        several_tasks: whether students have folders of several assignments.
    """

    submissions: tuple[Submission, ...]
    passed_over: tuple[str, ...] = field(default=(), repr=False)
    several_tasks: bool = False


def read_download(paths: Sequence[str], roster: Roster | None) -> Download | None:
    """Understand the names in a folder or zip; None if they do not show which files are one student's.

    Args:
        paths: of all files that are not the operating system's, with ``/`` between folders.
        roster: the class list; without one, only a system's own way of naming is understood.
    """
    submitted = any(_SUBMITTED in _folded_parts(path) for path in paths)
    working = [path for path in paths if submitted and _WORKING in _folded_parts(path)]
    rest = [path for path in paths if path not in set(working)]
    for read_name in (_read_moodle, _read_blackboard, _read_canvas, _read_brightspace, _read_schoology):
        named = [(path, read_name(PurePosixPath(path).parts)) for path in rest]
        if rest and sum(one is not None for _, one in named) >= MANY * len(rest):
            return _collect([one or NamedFile(path, key=path) for path, one in named], working)
    named_by_class = _read_by_roster(rest, roster) if roster else None
    return _collect(named_by_class, working) if named_by_class else None


def _folded_parts(path: str) -> list[str]:
    return [part.casefold() for part in PurePosixPath(path).parts]


def _collect(files: Sequence[NamedFile], working: Sequence[str]) -> Download:
    """Put the files of each student together, with the last attempt apart from those before it."""
    order = {path: place for place, path in enumerate(order_paths([one.path for one in files]))}
    files = sorted(files, key=lambda one: order[one.path])
    by_key: dict[str, list[NamedFile]] = {}
    for one in files:
        if not one.is_receipt:
            by_key.setdefault(one.key, []).append(one)
    submissions = []
    for group in by_key.values():
        last = max(one.attempt for one in group)
        submissions.append(
            Submission(
                group[0].student,
                tuple(one.path for one in group if one.attempt == last),
                tuple(one.path for one in group if one.attempt != last),
            )
        )
    receipts = [one.path for one in files if one.is_receipt]
    return Download(tuple(submissions), (*receipts, *working), any(map(_has_several_tasks, by_key.values())))


def order_paths(paths: Sequence[str]) -> list[str]:
    """Order paths folder by folder, the files of each as ``order_scans`` does."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(str(PurePosixPath(path).parent), []).append(path)
    names = {folder: order_scans([PurePosixPath(path).name for path in inside]) for folder, inside in folders.items()}
    return [str(PurePosixPath(folder) / name) for folder in order_scans(folders) for name in names[folder]]


def _has_several_tasks(files: Sequence[NamedFile]) -> bool:
    """Whether one student's files are in several folders beside each other that are no versions of one another."""
    folders = {PurePosixPath(one.path).parent for one in files}
    plain = {str(PurePosixPath(*[part for part in one.parts if not _VERSION.fullmatch(part)])) for one in folders}
    return len({one for one in plain if not any(other.startswith(f"{one}/") for other in plain)}) > 1


# How each system names its files: the parts of a path go in, what they say comes out


def _read_moodle(parts: Sequence[str]) -> NamedFile | None:
    found = next(filter(None, map(_MOODLE.fullmatch, parts)), None)
    return found and NamedFile("/".join(parts), found["student"], f"{found['student']} {found['id']}")


def _read_blackboard(parts: Sequence[str]) -> NamedFile | None:
    found = _BLACKBOARD.fullmatch(parts[-1])
    if found is None:
        return None
    when = tuple(map(int, found["when"].split("-")))
    return NamedFile("/".join(parts), found["student"], found["student"].casefold(), when, bool(found["receipt"]))


def _read_canvas(parts: Sequence[str]) -> NamedFile | None:
    found = _CANVAS.fullmatch(parts[-1])
    return found and NamedFile("/".join(parts), found["student"], f"{found['student']} {found['id']}")


def _read_brightspace(parts: Sequence[str]) -> NamedFile | None:
    found = next(filter(None, map(_BRIGHTSPACE.fullmatch, parts)), None)
    if found is None:
        return None
    day, clock, half = found["when"].rsplit(" ", 2)
    when = datetime.strptime(f"{day} {clock.zfill(4)} {half}", "%b %d, %Y %I%M %p")  # noqa: DTZ007 - only compared
    attempt = (when.year, when.month, when.day, when.hour, when.minute)
    return NamedFile("/".join(parts), found["student"], found["student"].casefold(), attempt)


def _read_schoology(parts: Sequence[str]) -> NamedFile | None:
    found = next(filter(None, map(_SCHOOLOGY.fullmatch, parts[:-1])), None)
    return found and NamedFile("/".join(parts), found["student"], found["student"], _attempt_of(parts))


def _attempt_of(parts: Sequence[str]) -> tuple[int, ...]:
    """The number of the version that a path's folders tell."""
    found = [version for part in parts[:-1] if (version := _VERSION.fullmatch(part))]
    return tuple(int(version["number"]) for version in found)


# Other folders: which part of the paths names the students of the class


def _read_by_roster(paths: Sequence[str], roster: Roster) -> list[NamedFile] | None:
    """Find the folders, or else the files, that are named after students; None if there are none."""
    split = [PurePosixPath(path).parts for path in paths]
    for level in range(MOST_LEVELS):
        folders = {parts[level] for parts in split if len(parts) > level + 1}
        if _name_students(folders, roster):
            return [_in_folder(parts, level) for parts in split]
    stems = [PurePosixPath(path).stem for path in paths]
    if not _name_students(stems, roster):
        return None
    return [_by_stem("/".join(parts), stem, roster) for parts, stem in zip(split, stems, strict=True)]


def _name_students(names: Sequence[str] | set[str], roster: Roster) -> bool:
    """Whether most of the names are those of students."""
    found = [find_writer(name, roster) for name in names]
    students = set(found) - {None}
    return len(students) >= FEWEST and sum(one is not None for one in found) >= MANY * len(found)


def _in_folder(parts: Sequence[str], level: int) -> NamedFile:
    path = "/".join(parts)
    if len(parts) <= level + 1:
        return NamedFile(path, key=path)
    return NamedFile(path, parts[level], "/".join(parts[: level + 1]), _attempt_of(parts[level:]))


def _by_stem(path: str, stem: str, roster: Roster) -> NamedFile:
    writer = find_writer(stem, roster)
    return NamedFile(path, stem, path) if writer is None else NamedFile(path, stem, f"student {writer}")


# Which student a name means


def find_writer(text: str, roster: Roster) -> int | None:
    """Find the student whom the words of a file's name mean: the place in the roster; None if it tells nobody, or two.

    >>> class_list = Roster((Student("Anna", "Smith"), Student("Ben", "Smith", number="20417")))
    >>> [find_writer(text, class_list) for text in ("smithanna", "Ben - my essay", "20417", "Smith", "IMG_0007")]
    [0, 1, 1, None, None]
    """
    rated = [(_rate(text, student), place) for place, student in enumerate(roster.students)]
    best = max(rated, default=((0, 0), 0))
    if best[0][0] == 0 or Counter(rating for rating, _ in rated)[best[0]] > 1:
        return None
    return best[1]


def _rate(text: str, student: Student) -> tuple[int, int]:
    """How much of a student a text tells: the kind, and how many letters."""
    tokens = {remove_accents(token).casefold().strip(".-+") for token in _TOKEN.findall(text)}
    tokens |= {part for token in tokens for part in re.split(r"[-_]", token)}
    for number in (student.number, student.email, student.email.partition("@")[0], *student.others):
        if len(number) >= SHORTEST_NUMBER and number.casefold() in tokens:
            return NUMBER, len(number)
    words = [keep_letters(word) for word in _WORD.findall(text)]
    run, last = "".join(words), keep_letters(student.last)
    given = {keep_letters(one) for one in (student.first, student.preferred, student.first.split(" ")[0])} - {""}
    given |= {form for one in tuple(given) for form in find_other_forms(one)}
    last_words = [keep_letters(word) for word in student.last.split()]
    whole = [len(one + last) for one in given if last and _has_both(words, run, one, last, last_words)]
    whole += [
        len(name) for name in (fold(student.name), fold(student.last_first)) if student.last and name in fold(text)
    ]
    if whole:
        return WHOLE, max(whole)
    parts = [len(one) for one in (*given, last) if _tells_alone(one, words)]
    return (PART, max(parts)) if parts else (0, 0)


def _has_both(words: Sequence[str], run: str, given: str, last: str, last_words: Sequence[str]) -> bool:
    """Whether a first and a last name are there: as words, written together, or as an initial and the last name."""
    if given in words and set(last_words) <= set(words):
        return True
    if len(given) > 1 and (given + last in run or last + given in run):
        return True
    return bool({given[0] + last, last + given[0]} & set(words)) or (run in {given[0] + last, last + given[0]})


def _tells_alone(name: str, words: Sequence[str]) -> bool:
    return len(name) >= LEAST_LETTERS and name in words and name not in EVERYDAY_WORDS


def shown_files(stack: Stack, spellings: Sequence[str]) -> dict[str, str]:
    """What each file of a stack is called where an alias may stand beside it: its name, or ``file 3``.

    A file is often named after its only student. So files are numbered where one of them has a name of the class list,
    where each is one student's, and without a class list where they are several with words of somebody's own.
    """
    names = NameSearch(spellings)
    stems = [Path(file.name).stem for file in stack.files]
    words = [re.findall(r"[^\W\d_]+", stem) for stem in stems]
    in_words = ["\n".join((stem, *found)) for stem, found in zip(stems, words, strict=True)]
    is_own = [any(map(_is_own_word, found)) for found in words]
    is_telling = (
        stack.is_by_student
        or any(names.hits(text, ordinary=True) for text in in_words)
        or (not spellings and len(stack.files) > 1 and any(is_own))
    )
    return {
        file.name: f"file {number}" if is_telling else file.name for number, file in enumerate(stack.files, start=1)
    }


def _is_own_word(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word.casefold() not in SCANNER_WORDS
