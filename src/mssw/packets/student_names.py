"""Keep students' names out of a packet: look for them in the teacher's own words before it is set, and in its files.

The teacher's words are checked first, because then the message can say where the name is. The audit of the finished
files can only say that there is one. Presenting teachers and colleagues may share a word with a student's name:
their names are on the covers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mssw.errors import FindingsError, UsageError
from mssw.names.name_search import NameSearch
from mssw.workset.allowed_names import check_typed, drop_words_of
from mssw.workset.transcript_files import check_transcripts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mssw.packets.contents import Contents
    from mssw.packets.packet_files import PacketFile


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


def audit_files(files: Sequence[PacketFile], contents: Contents, colleagues: Sequence[str], clean: set[bytes]) -> None:
    """Audit files of the packet before they are written.

    Args:
        files: the files.
        contents: what the packet is made of.
        colleagues: the names on the covers.
        clean: hashes of streams that hold no student's name; grows, so that files which share streams have each
            searched once.

    Raises:
        FindingsError: the audit found something.
    """
    from mssw.auditing.one_file import audit_file  # noqa: PLC0415 - loads while Typst works

    on_covers = (*contents.settings.presenting_teachers, *colleagues)
    for file in files:
        findings = audit_file(
            file.name, file.data, contents.student_names, own=on_covers, clean=clean, typed=contents.typed_names
        )
        if findings:
            raise FindingsError(
                "the packet did not pass its privacy check and was not written: "
                f"{'; '.join(map(str, findings[:3]))}. Remove this from set.toml, intro.md or your own "
                "templates (which cannot have links, and only .svg pictures), or run `mssw prepare` "
                "again."
            )
