"""One packet of two classes: the samples of both, one introduction each, and no alias twice."""

from __future__ import annotations

from dataclasses import replace

import pymupdf
import pytest

from mssw.auditing.one_file import audit_file
from mssw.auditing.run_audit import audit_path
from mssw.core.sample import Sample
from mssw.errors import StepMissingError, UsageError
from mssw.intro.questions import Introduction
from mssw.names.typed_names import TypedNames
from mssw.packets.contents import Contents, join_contents
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.folder import write_bytes
from mssw.workset.manifest import Manifest
from mssw.workset.settings import Settings
from support.commands import mssw
from support.made_up_set import make_set

pytestmark = pytest.mark.pages


def a_class(folder, teacher, aliases, answer):
    return make_set(
        folder,
        aliases,
        pages=1,
        settings=Settings(title="Massive air", presenting_teachers=(teacher,)),
        intro=Introduction((answer, "", "", "")),
    )


def test_two_presenting_teachers_have_one_packet_with_both_introductions(tmp_path):
    one = a_class(tmp_path / "5a", "M. Rivera", ["Andrea", "Camille", "Emery", "Gali", "Jun"], "Air can be weighed.")
    other = a_class(tmp_path / "5b", "J. Okafor", ["Bo", "Dani", "Farah", "Hana"], "Do balloons weigh more?")

    assert mssw("packet", one.root, other.root, "--session", "B") == 0

    with pymupdf.open(one.packet) as pdf:
        pages = [page.get_text() for page in pdf]
    cover, everything = pages[0], " ".join(pages)
    assert "M. Rivera, J. Okafor" in cover
    assert "9 samples" in cover
    assert "Air can be weighed." in everything
    assert "Do balloons weigh more?" in everything
    assert [alias for alias in ("Andrea", "Bo", "Hana", "Jun") if cover.split().count(alias) != 1] == []
    assert sum("The blank task page 1" in page for page in pages) == 1
    assert audit_path(one.root).findings == ()
    assert not other.packets()


def test_an_alias_of_two_classes_is_refused_and_so_are_too_many_samples(tmp_path):
    from mssw import packet  # noqa: PLC0415 - as a script calls it

    one = a_class(tmp_path / "5a", "M. Rivera", ["Andrea", "Bo"], "")
    with pytest.raises(UsageError, match=r"Bo is an alias in more than one of these sets.*--beside"):
        packet([one.root, a_class(tmp_path / "5b", "J. Okafor", ["Bo", "Dani"], "").root])
    many = a_class(tmp_path / "5c", "L. Tran", list("CDEFGHIKLMN"), "")
    with pytest.raises(
        StepMissingError, match=r"together these sets have 13 samples.*`mssw choose \S+5a --sets \S+5c`"
    ):
        packet([one.root, many.root])
    assert not one.packets()


def test_an_alias_that_is_a_students_name_in_the_other_class_is_refused_in_plain_words(tmp_path):
    from mssw import packet  # noqa: PLC0415 - as a script calls it

    one = a_class(tmp_path / "5a", "M. Rivera", ["Andrea", "Hudson"], "")
    other = a_class(tmp_path / "5b", "J. Okafor", ["Bo", "Dani"], "")
    rows = [["First name", "Last name"], ["Jeremy", "Hudson"], ["Priya", "Okonkwo"]]
    write_bytes(other.roster, roster_bytes(roster_from_rows(rows)), private=True)
    with pytest.raises(UsageError, match="an alias in one of these sets is a student's name in another") as refused:
        packet([one.root, other.root])
    assert "Hudson" not in str(refused.value)


def contents_of(alias, *, fiction):
    return Contents(
        settings=Settings(title="Air"),
        introduction=Introduction(),
        samples=(Sample(alias, 1, seen=True),),
        scans={"": []},
        held=0,
        chosen=True,
        manifest=Manifest(files=(), fiction=fiction),
        student_names=(),
        typed_names=TypedNames([]),
        remarks=(),
    )


def test_beside_real_student_work_a_made_up_set_does_not_make_everything_made_up():
    real, made_up = contents_of("Bo", fiction=False), contents_of("Gali", fiction=True)
    other = replace(made_up, samples=(Sample("Jun", 1, seen=True),))

    assert not join_contents([made_up, real], any_number=True).fiction
    assert not join_contents([real, made_up], any_number=True).fiction
    assert join_contents([made_up, other], any_number=True).fiction


def shared_name(folder, student):
    """Two classes, of which the second teacher, Ms. García, shares a name with a student of the first class."""
    one = a_class(folder / "5a", "M. Rivera", ["Andrea", "Camille", "Emery", "Gali", "Jun"], "Air can be weighed.")
    rows = [["First name", "Last name"], student, ["Priya", "Okonkwo"]]
    write_bytes(one.roster, roster_bytes(roster_from_rows(rows)), private=True)
    return one, a_class(folder / "5b", "Ms. García", ["Bo", "Dani", "Farah", "Hana"], "Do balloons weigh more?")


@pytest.mark.parametrize("options", [(), ("--two-sided",), ("--booklet",), ("--two-up",)])
@pytest.mark.parametrize("more", [(), ("L. Tran",)], ids=["two sets", "three sets"])
def test_a_presenting_teacher_with_a_students_surname_is_named_at_her_introduction(tmp_path, options, more):
    one, other = shared_name(tmp_path, ["Ana", "Garcia"])
    third = [a_class(tmp_path / "5c", name, ["Imani", "Kai"], "What has mass?").root for name in more]

    assert mssw("packet", one.root, *third, other.root, *options) == 0

    assert audit_path(one.root).findings == ()
    with pymupdf.open(one.packet) as pdf:
        assert sum(page.get_text().count("Ms. García") for page in pdf) == 2  # the cover and her introduction


def audited(folder, teacher, *, answer="Do balloons weigh more?", title="Massive air"):
    """What the audit says of a joint packet that was printed before Ana Garcia came into the class."""
    one = a_class(folder / "5a", "M. Rivera", ["Andrea", "Camille", "Emery"], "Air can be weighed.")
    one.settings.write_text(one.settings.read_text(encoding="utf-8").replace("Massive air", title), encoding="utf-8")
    other = a_class(folder / "5b", teacher, ["Bo", "Dani"], answer)
    assert mssw("packet", one.root, other.root, "--unreviewed") == 0
    return audit_file("packet.pdf", one.packet.read_bytes(), ["Ana Garcia", "Garcia"], own=[teacher, "M. Rivera"])


def test_the_audit_frees_a_teachers_whole_name_and_nothing_else_in_an_introduction(tmp_path):
    assert audited(tmp_path / "whole", "Ms. García") == []
    assert audited(tmp_path / "bare", "Ms. García", answer="García said that air is heavy.")
    assert audited(tmp_path / "one word", "García")
    assert audited(tmp_path / "twice", "Ms. García", answer="Ms. García said that air is heavy.")
    assert audited(tmp_path / "everywhere", "Ms. García", title="Air with Ms. García")
