"""The printed record and the slips: what is in them, what is not, and that both pass the audit."""

from __future__ import annotations

import pymupdf
import pytest

from mssw.auditing.one_file import audit_file
from mssw.errors import FindingsError, StepMissingError
from mssw.record.kept_record import RecordKeeper
from mssw.record.record_print import print_record
from mssw.record.record_rows import Citation
from mssw.record.student_slips import print_slips, shows_sorting
from mssw.roster.key_table import KeyEntry
from mssw.sorting.kept_sorts import keep_sorting
from mssw.sorting.piles import Pile, Sorting
from mssw.workset.allowed_names import roster_spellings
from mssw.workset.class_list import key_bytes
from mssw.workset.decisions import withdraw_responses
from mssw.workset.folder import write_bytes
from mssw.workset.handed_out import Handing, read_handed_out
from support.released_set import STUDENT, released_set

WORDS = "Weigh a ball before and after you pump it up."


@pytest.fixture(scope="module")
def workset(tmp_path_factory):
    made = released_set(tmp_path_factory.mktemp("record") / "air", ("Andrea", "Bo", "Camille"), pages=1)
    entries = [KeyEntry(alias, name, "", "s.pdf", (n,), "name field") for n, (alias, name) in enumerate(
        [("Andrea", "Oluwaseun Adeyemi"), ("Bo", "Priya Rivera"), ("Camille", "")], 1)]  # fmt: skip
    write_bytes(made.key, key_bytes(entries), private=True)
    keeper = RecordKeeper(made)
    drawn = Citation("Andrea", 1, (0.1, 0.2, 0.5, 0.2), note="drawn empty")
    keeper.add("claims", {"text": "Most see air as nothing"}, [drawn, Citation("Bo", 1, side="against")])
    keeper.add("claims", {"text": "Few use evidence"})
    keeper.add(
        "steps", {"step": "Weigh it", "chosen": "yes", "words": WORDS}, [Citation("Andrea"), Citation("Camille")]
    )
    return made


def text_of(path):
    with pymupdf.open(path) as pdf:
        return " ".join("\n".join(page.get_text() for page in pdf).split())


def test_the_record_is_printed_for_paper_and_for_a_screen_reader(workset):
    done = print_record(workset)

    assert done.pages == 2
    assert done.without_evidence == ("C2",)
    noted = {row.aliases: row.pictures for row in read_handed_out(workset) if row.what == Handing.RECORD}
    assert noted == {("Andrea",): True, ("Bo", "Camille"): False}
    for path in (workset.record_print, workset.record_reading):
        text = text_of(path)
        for words in (
            "Most see air as nothing",
            "Andrea, page 1 (E1): drawn empty",
            "Evidence against",
            "no evidence yet",
        ):
            assert words in text
        assert audit_file(path.name, path.read_bytes(), roster_spellings(workset)) == []
    with pymupdf.open(workset.record_reading) as pdf:
        assert pdf.xref_get_key(pdf.pdf_catalog(), "StructTreeRoot")[0] != "null"


def test_a_name_that_got_into_the_file_keeps_the_record_from_print(workset):
    before = workset.record.read_text()
    workset.record.write_text(before.replace("Few use", f"{STUDENT} does not use"))
    with pytest.raises(FindingsError) as error:
        print_record(workset)
    workset.record.write_text(before)

    assert "C2" in str(error.value)
    assert STUDENT not in str(error.value)


def test_slips_give_the_name_back_and_show_neither_pile_nor_level(workset):
    done = print_slips(workset)
    text = text_of(workset.slips)

    assert (done.slips, done.pages) == (1, 1)
    assert done.without_student == ("Camille",)
    assert "Oluwaseun Adeyemi" in text
    assert WORDS in text
    assert "Andrea" not in text
    assert workset.slips.stat().st_mode & 0o777 == 0o600


def test_everyone_gets_a_slip_to_write_on(workset):
    assert print_slips(workset, everyone=True, dry_run=True).slips == 2


@pytest.mark.parametrize("words", ["You are in the low group", "Level: high", "Think about air is  nothing again"])
def test_words_that_show_a_pile_or_a_level_are_refused(workset, words):
    with workset.locked():
        keep_sorting(workset, Sorting("", "", (Pile("air is nothing"),), {}))
    assert shows_sorting(words, ["air is nothing"])
    keeper = RecordKeeper(workset)
    keeper.add("steps", {"step": words, "chosen": "yes"}, [Citation("Bo")])
    with pytest.raises(FindingsError, match="N2"):
        print_slips(workset)
    keeper.undo()


def test_a_response_that_is_withdrawn_is_in_no_printed_record(workset):
    print_record(workset)
    with workset.locked():
        withdraw_responses(workset, ["Andrea"])

    assert not workset.record_print.exists()
    assert not workset.record_reading.exists()
    print_record(workset)
    assert "Andrea" not in text_of(workset.record_print)


def test_without_a_record_nothing_is_printed(tmp_path):
    made = released_set(tmp_path / "air", ("Andrea",), pages=1)

    with pytest.raises(StepMissingError):
        print_record(made)
    with pytest.raises(StepMissingError):
        print_slips(made)
