"""Threat: a teacher decides something and closes the page; what colleagues get does not show it.

Tried: each decision that changes what is shown, without *Done*, with a full disk, by hand in ``set.toml``, and while
another page is open that shows it.
Result: the response is out of ``shared/`` at once, and whatever prints, shares, sorts or counts says how to go on.
"""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from mssw.errors import ExitCode
from mssw.packets.packet_options import PacketOptions
from mssw.presenting.shown_samples import read_shown_samples
from mssw.record.kept_record import RecordKeeper
from mssw.review import deciding
from mssw.review.reviewed_set import read_reviewed_set
from mssw.web.door import Door
from mssw.web.present_page import present_site
from mssw.web.record_page import record_site
from mssw.web.site import make_app
from mssw.web.sort_page import sort_site
from mssw.workset import decisions as decided
from mssw.workset.decisions import keep_decisions, read_decisions, waiting_responses
from mssw.workset.folder import NotWrittenError
from support.commands import mssw
from support.sealed_set import FIELD, sealed_set

pytestmark = pytest.mark.pages

PAGE = "s01-p0003"  # Andrea's
BOX = [0.1, 0.4, 0.3, 0.05]
STRICTER = {
    "a cover is drawn": {"do": "cover", "box": BOX},
    "a cover for every page is drawn": {"do": "everywhere", "box": BOX},
    "it needs attention now": {"do": "aside", "kind": "needs attention now"},
    "it identifies someone": {"do": "aside", "kind": "identifies someone"},
    "a cover is moved": {"do": "resize", "box": list(FIELD.numbers), "to": [0.5, 0.05, 0.4, 0.05]},
    "a page is marked as blank": {"do": "blank", "blank": True},
    "a page goes to another response": {"do": "move", "to": "Bo"},
    "a page becomes a response": {"do": "move", "to": "Bo"},
}
COMMANDS = (
    ("packet", "--unreviewed"),
    ("sort", "--sheet"),
    ("sort", "--cards"),
    ("sort", "--list"),
    ("choose",),
    ("record", "--list"),
    ("record", "--print"),
    ("present", "--json", "--unreviewed"),
    ("slips",),
    ("share", "--to", "a.zip", "--unreviewed"),
    ("trends",),
)


def decide(workset, asked, page=PAGE):
    reviewed = read_reviewed_set(workset)
    return deciding.decide_page(workset, {"page": page, "revision": reviewed.revision(page), **asked})


@pytest.fixture
def workset(tmp_path):
    return sealed_set(tmp_path / "set")


@pytest.mark.parametrize("asked", STRICTER.values(), ids=STRICTER)
def test_what_is_decided_is_out_of_shared_before_the_page_hears_of_it(workset, asked, capsys):
    decide(workset, asked)

    assert not (workset.work / "Andrea.pdf").exists()
    assert "Andrea" not in workset.manifest.read_text(encoding="utf-8")
    for words in (*((one, workset.root, *more) for one, *more in COMMANDS), ("kit", "B", "--set", workset.root)):
        assert mssw(*words) == ExitCode.STEP_MISSING, words
        said = " ".join(capsys.readouterr().err.split())
        assert "Andrea" in said
        assert f"`mssw prepare --into {workset.root}` applies it" in said


def test_a_packet_that_shows_the_response_is_gone_with_it_and_so_are_sheet_and_contact_sheet(workset):
    assert mssw("packet", workset.root) == ExitCode.DONE
    assert mssw("sort", workset.root, "--sheet") == ExitCode.DONE
    workset.contact_sheet.write_bytes(b"%PDF")

    decide(workset, STRICTER["it needs attention now"])

    assert sorted(path.name for path in workset.shared.rglob("*") if path.is_file()) == [
        "Bo.pdf",
        "Camille.pdf",
        "manifest.json",
    ]
    listed = {row["path"] for row in json.loads(workset.manifest.read_text(encoding="utf-8"))["files"]}
    assert listed == {"work/Bo.pdf", "work/Camille.pdf"}


def test_status_checklist_and_audit_say_that_decisions_wait(workset, capsys):
    decide(workset, STRICTER["a cover is drawn"])

    assert mssw("status", workset.root) == ExitCode.DONE
    assert "not applied yet" in capsys.readouterr().out
    assert mssw("status", workset.root, "--checklist") == ExitCode.DONE
    assert "Apply your decisions about Andrea" in capsys.readouterr().out


def test_what_was_decided_by_an_earlier_mssw_or_by_a_killed_command_is_still_in_shared_and_is_found(workset, capsys):
    reviewed = read_reviewed_set(workset)
    keep_decisions(workset, reviewed.decisions.with_change("hash 3", aside="needs attention now"))

    assert waiting_responses(workset) == ("Andrea",)
    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.STEP_MISSING
    assert mssw("audit", workset.root) == ExitCode.FINDINGS
    assert "is saved, but not applied yet" in capsys.readouterr().out


def test_a_set_of_version_0_1_0_with_a_decision_that_waits_is_not_printed(tmp_path):
    workset = sealed_set(tmp_path / "set", sealed=False)
    keep_decisions(workset, read_decisions(workset).with_change("hash 3", aside="needs attention now"))

    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.STEP_MISSING


def test_with_a_full_disk_the_response_is_out_though_the_decision_cannot_be_kept(workset, monkeypatch):
    def full(*_args, **_options):
        raise NotWrittenError("decisions.json could not be written: No space left on device.")

    monkeypatch.setattr(decided, "write_json", full)
    with pytest.raises(NotWrittenError):
        decide(workset, STRICTER["it needs attention now"])

    assert not (workset.work / "Andrea.pdf").exists()
    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.STEP_MISSING


def test_a_decision_that_was_undone_lets_the_response_back_in_only_by_prepare(workset):
    before = decide(workset, STRICTER["a cover is drawn"])["before"]
    entry = {**before["pages"][0], "revision": read_reviewed_set(workset).revision(PAGE)}
    deciding.decide_page(workset, {"do": "restore", "pages": [entry]})

    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.STEP_MISSING


def test_another_cover_rule_in_set_toml_waits_for_prepare_too(workset, capsys):
    text = workset.settings.read_text(encoding="utf-8")
    workset.settings.write_text(text.replace('cover = "sure"', 'cover = "likely"'), encoding="utf-8")

    assert mssw("packet", workset.root, "--unreviewed") == ExitCode.STEP_MISSING
    assert "something else about what is covered" in " ".join(capsys.readouterr().err.split())


def test_an_approval_and_a_note_change_nothing_that_is_shown(workset):
    decide(workset, {"do": "approve"})

    assert waiting_responses(workset) == ()
    assert mssw("packet", workset.root) == ExitCode.DONE


PAGES = {
    "sort": (sort_site, "/picture/Andrea-1/large"),
    "record": (lambda workset: record_site(RecordKeeper(workset)), "/picture/Andrea-1/large"),
    "present": (
        lambda workset: present_site(workset, read_shown_samples(workset, PacketOptions())),
        "/picture/0-0/page",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_was_open_before_shows_the_response_no_more(workset, name):
    make, picture = PAGES[name]
    door = Door(4000, "token", "session")
    client = TestClient(make_app(make(workset), door), base_url="http://127.0.0.1:4000")
    client.cookies.set(door.cookie, door.session)
    assert client.get(picture).status_code == 200

    decide(workset, STRICTER["it needs attention now"])

    assert client.get(picture).status_code == 404
