"""The record page: what it answers, and in a real browser: a place is drawn, a row is saved."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from mssw.errors import MsswError
from mssw.record.kept_record import RecordKeeper, read_alone, read_record
from mssw.record.record_rows import Citation
from mssw.roster.roster_file import roster_bytes
from mssw.roster.table import roster_from_rows
from mssw.web.record_page import _RecordPage, record_site
from mssw.workset.folder import write_bytes
from support.released_set import STUDENT, released_set
from support.tabs import LARGE, NARROW, opened, served_site


@pytest.fixture
def workset(tmp_path):
    return released_set(tmp_path / "air", ("Andrea", "Bo", "Camille"), pages=1)


def test_rows_are_saved_changed_removed_and_taken_back(workset):
    page = _RecordPage(RecordKeeper(workset))
    cite = {"alias": "Bo", "page": 1, "box": [0.12345, 0.2, 0.3, 0.1], "side": "against", "note": "dots"}
    state = page.save({"kind": "claims", "fields": {"text": "Air is nothing"}, "cites": [cite]})
    [claim] = state["rows"]["claims"]
    page.save({"kind": "claims", "uid": claim["uid"], "fields": {"text": "Air is something"}, "cites": []})
    assert page.state()["open"] == ["C1"]
    page.undo({})

    assert read_record(workset).claims[0].cites == (Citation("Bo", 1, (0.123, 0.2, 0.3, 0.1), "against", "dots"),)
    assert page.remove({"kind": "claims", "uid": claim["uid"]})["rows"]["claims"] == ()
    assert page.picture("Andrea-1", "large")[1] == "image/jpeg"
    assert page.picture("../state-1", "large") is page.picture("Andrea-9", "large") is None
    for asked in ({"kind": "songs"}, {"kind": "claims", "cites": [{"alias": STUDENT}], "fields": {"text": "x"}},
                  {"kind": "claims", "fields": {"text": f"{STUDENT} guessed"}}):  # fmt: skip
        with pytest.raises(MsswError) as error:
            page.save(asked)
        assert STUDENT not in str(error.value)


def test_claims_that_are_written_alone_stay_alone(workset):
    page = _RecordPage(RecordKeeper(workset, "MR", alone=True))
    page.save({"kind": "claims", "fields": {"text": "Mine"}})

    assert [kind["name"] for kind in page.state()["kinds"]] == ["claims"]
    assert read_alone(workset, "MR").rows.claims[0].text == "Mine"
    assert read_record(workset).is_empty


@contextmanager
def served(workset):
    """The address of the record page, while it is served."""
    with served_site(record_site(RecordKeeper(workset))) as address:
        yield address


@pytest.mark.pages
def test_a_place_that_is_drawn_becomes_evidence_and_a_doubtful_word_is_asked_about(workset, chrome):
    rows = [["First name", "Last name"], ["Rose", "Ito"], ["Mark", "Abara"]]
    write_bytes(workset.roster, roster_bytes(roster_from_rows(rows)), private=True)
    with served(workset) as address, opened(chrome, address, LARGE) as page:
        page.wait_for_function("() => document.querySelector('.page img').complete")
        edge = page.locator(".page").first.bounding_box()
        page.mouse.move(edge["x"] + 60, edge["y"] + 80)
        page.mouse.down()
        page.mouse.move(edge["x"] + 260, edge["y"] + 180, steps=4)
        page.mouse.up()
        page.fill("#field-text", "Most see the Rose window as nothing")
        page.select_option("#field-about", "most still struggle")
        page.fill("#cites input", "drawn empty")
        page.click("#save")
        page.wait_for_selector("#ask[open]")
        asked = page.inner_text("#ask")
        assert "Rose" not in asked
        assert "Do you mean a student?" in asked
        page.click("#ask button[type=button]")
        assert read_record(workset).is_empty
        assert page.input_value("#field-text").startswith("Most see the Rose")
        page.click("#save")
        page.click("#ask button.first")
        page.wait_for_selector("#rows li")

    [claim] = read_record(workset).claims
    [cite] = claim.cites
    assert (cite.alias, cite.page, cite.note) == ("Andrea", 1, "drawn empty")
    assert cite.box[0] == pytest.approx(60 / edge["width"], abs=0.01)
    assert cite.box[2] == pytest.approx(200 / edge["width"], abs=0.01)


@pytest.mark.pages
@pytest.mark.parametrize(("scheme", "size"), [("light", LARGE), ("dark", NARROW)])
def test_axe_finds_nothing_in_the_record_and_the_page_that_a_row_rests_on_is_a_press_away(
    workset, chrome, scheme, size
):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    keep = _RecordPage(RecordKeeper(workset))
    cites = [{"alias": alias, "page": 1, "side": "against"} for alias in ("Bo", "Camille")]
    keep.save({"kind": "claims", "fields": {"text": "Air is nothing"}, "cites": cites})
    keep.save({"kind": "claims", "fields": {"text": "Air is something"}})

    with served(workset) as address, opened(chrome, address, size, scheme) as page:
        page.click('#rows button:text-is("Camille, page 1")')
        assert page.input_value("#alias") == "Camille"
        for kind in page.locator("#kinds button").all():
            kind.click()
            found = axe.run(page).response["violations"]
            assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found] == []
