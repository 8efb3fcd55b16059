"""Student work by reference: a page with an alias that is sorted, chosen and printed; the thing itself stays away."""

from __future__ import annotations

import json

import numpy as np
import pymupdf
import pytest

from mssw import api as library
from mssw.errors import ExitCode, FindingsError, UsageError
from mssw.exchange.entry_pages import add_entry, list_entries, remove_entry
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.workset.decisions import released_responses, waiting_responses
from mssw.workset.folder import WorkSet, write_bytes
from mssw.workset.manifest import read_manifest
from support.commands import copied, mssw
from support.released_set import ALIASES, released_set

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

WHAT = "Two students weigh a balloon and argue about the scale"


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air", ALIASES[:2], pages=1)


def pictures_on(path):
    """How many of the six places on a contact sheet have a response in them."""
    with pymupdf.open(path) as pdf:
        shown = pdf[0].get_pixmap(dpi=50, colorspace="gray", alpha=False)
    ink = np.frombuffer(shown.samples, np.uint8).reshape(shown.height, -1)[25:-25, 25 : shown.width - 25] < 150
    halves = (ink[:, : ink.shape[1] // 2], ink[:, ink.shape[1] // 2 :])
    tall = ink.shape[0] // 3
    return sum(bool(part[row * tall + 10 : (row + 1) * tall - 10].any()) for part in halves for row in range(3))


def found_in(workset, alias):
    """What the audit finds in an entry's page; the made-up responses beside it have no covers to look under."""
    return [one.what for one in library.audit(workset.root).findings if one.file == f"work/{alias}.pdf"]


def test_a_video_has_a_page_that_is_sorted_printed_and_audited_like_a_response(workset, capsys):
    added = add_entry(workset, WHAT, "video", minutes=4, kept="school drive, video 12").added

    assert added
    assert added not in ALIASES[:2]
    assert released_responses(workset) == {"Andrea": 1, "Bo": 1, added: 1}
    assert found_in(workset, added) == []
    assert added in library.packet(workset.root).samples
    assert mssw("sort", workset.root, "--sheet") == ExitCode.DONE
    assert mssw("entry", workset.root) == ExitCode.DONE
    assert "school drive, video 12" in capsys.readouterr().out


def test_the_tool_warns_of_faces_and_voices_and_says_nothing_of_the_place_in_json(workset, capsys):
    assert mssw("entry", workset.root, WHAT, "--kept", "drive/oluwaseun_final.mp4", "--json") == ExitCode.DONE
    said = capsys.readouterr().out

    assert "Faces and voices identify students" in said
    assert "may name a student, so it is not printed" in said
    assert "oluwaseun" not in said.casefold()
    [entry] = json.loads(said)["entries"]
    assert entry["what"] == WHAT
    assert found_in(workset, entry["alias"]) == []


def test_the_contact_sheet_shows_an_entry_like_a_response_until_it_is_gone(workset):
    for alias in ALIASES[:2]:  # as `prepare` leaves it, with a picture of each response
        assert (workset.work / f"{alias}.pdf").is_file()
    added = add_entry(workset, WHAT, "video").added
    with_entry = workset.contact_sheet.read_bytes()
    assert [one.what for one in library.audit(workset.root).findings if one.file == "contact-sheet.pdf"] == []
    assert "contact-sheet.pdf" in {row.path for row in read_manifest(workset).files}
    remove_entry(workset, added)

    assert workset.contact_sheet.read_bytes() != with_entry
    add_entry(workset, WHAT, "video")
    assert pictures_on(workset.contact_sheet) == 3


def test_a_word_that_may_be_a_name_is_asked_about(workset, capsys):
    rows = [["First name", "Last name"], ["Rose", "Ito"], ["Mark", "Abara"]]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)
    words = ("entry", workset.root, "A model of the Rose window", "--kind", "model", "--no-input")

    assert mssw(*words) == ExitCode.FINDINGS
    assert "--words" in (said := capsys.readouterr().err)
    assert "Rose" not in said
    assert mssw(*words, "--words", "Rose") == ExitCode.DONE


@pytest.mark.parametrize("name", ["Oluwaseun", "Adeyemi, Oluwaseun", "OLUWASEUN ADEYEMI"])
def test_a_name_in_the_description_is_refused_and_not_said(name, workset):
    with pytest.raises(FindingsError) as error:
        add_entry(workset, f"{name} weighs a balloon", "video")

    assert "oluwaseun" not in str(error.value).casefold()
    assert list_entries(workset).entries == ()


def test_the_same_entry_is_added_once_and_a_removed_one_is_gone_everywhere(workset, tmp_path, capsys):
    added = add_entry(workset, WHAT, "video").added
    assert not add_entry(workset, WHAT, "video").written
    library.packet(workset.root)
    assert mssw("entry", workset.root, "--remove", added.lower()) == ExitCode.DONE

    assert set(released_responses(workset)) == {"Andrea", "Bo"}
    assert workset.packets() == []
    assert mssw("entry", workset.root, "--remove", "Oluwaseun") == ExitCode.USAGE
    assert "Oluwaseun" not in "".join(capsys.readouterr())
    assert mssw("entry", tmp_path / "new", WHAT, "--dry-run") == ExitCode.DONE
    assert not (tmp_path / "new").exists()


def test_a_class_with_no_work_on_paper_is_a_set_of_entries(tmp_path, capsys):
    root = tmp_path / "videos"
    for number in range(2):
        add_entry(WorkSet(root), f"{WHAT}, part {number}", "video")
    library.share(root, tmp_path / "videos.zip")

    assert len(library.packet(root).samples) == 2
    assert library.receive(tmp_path / "videos.zip", tmp_path / "got").written
    assert mssw("status", root) == ExitCode.DONE
    said = capsys.readouterr()
    assert "2 by reference" in said.out
    assert "mssw sort" in said.err
    with pytest.raises(UsageError):
        add_entry(WorkSet(root), WHAT, "song")


def test_preparing_again_keeps_entries_and_their_aliases(small_class, tmp_path):
    workset = WorkSet(copied(small_class, tmp_path / "set"))
    before = {row.alias for row in read_manifest(workset).works}
    added = add_entry(workset, WHAT, "portfolio").added
    library.packet(workset.root, without_held=True, unreviewed=True)
    page = (workset.work / f"{added}.pdf").read_bytes()
    mssw("prepare", "--into", workset.root)

    assert {row.alias for row in read_manifest(workset).works} == before | {added}
    assert (workset.work / f"{added}.pdf").read_bytes() == page
    assert workset.packet.is_file()  # nothing had changed
    assert waiting_responses(workset) == ()
    assert library.audit(workset.root).passed
