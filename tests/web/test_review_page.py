"""The review page's server: each decision is on the disk before it is told, and no tab undoes another's."""

from __future__ import annotations

import json
import shutil

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from mssw.preparing.prepare_options import PrepareOptions
from mssw.preparing.run_prepare import prepare
from mssw.web.door import Door
from mssw.web.review_page import Applying, review_site
from mssw.web.site import make_app
from mssw.workers import share_crew
from mssw.workset.folder import WorkSet
from support.commands import copied
from support.prepared_class import cut

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

DOOR = Door(4000, "token", "session")
BOX = [0.2, 0.3, 0.3, 0.06]


@pytest.fixture(autouse=True)
def _applied_by_the_warm_crew(crew, monkeypatch):
    """What is applied in a thread of its own is given to those workers, too."""
    run = Applying._run

    def run_with_crew(self, options):
        with share_crew(crew):
            run(self, options)

    monkeypatch.setattr(Applying, "_run", run_with_crew)


@pytest.fixture
def folder(small_class, tmp_path):
    return copied(small_class, tmp_path / "set")


@pytest.fixture
def page(folder):
    return Page(folder)


class Page:
    """What a tab does."""

    def __init__(self, folder):
        self.folder = folder
        self.workset = WorkSet(folder)
        self.site, self.applying = review_site(self.workset)
        self.client = TestClient(make_app(self.site, DOOR), base_url="http://127.0.0.1:4000")
        self.client.cookies.set(DOOR.cookie, DOOR.session)
        self.load()

    def load(self):
        self.rows = {row["id"]: row for row in self.client.get("/api/all").json()["pages"]}

    def post(self, path, **asked):
        return self.client.post(path, json=asked, headers={"origin": "http://127.0.0.1:4000"})

    def decide(self, page_id, do, **more):
        answer = self.post("/api/decide", page=page_id, do=do, revision=self.rows[page_id]["revision"], **more)
        assert answer.status_code == 200, answer.text
        self.rows |= {row["id"]: row for row in answer.json()["changed"]}
        return answer.json()["before"]

    def undo(self, before):
        pages = [entry | {"revision": self.rows[entry["page"]]["revision"]} for entry in before["pages"]]
        answer = self.post("/api/decide", **(before | {"do": "restore", "pages": pages}))
        assert answer.status_code == 200, answer.text
        self.rows |= {row["id"]: row for row in answer.json()["changed"]}

    def first(self, state="unseen"):
        return next(row for row in self.rows.values() if row["state"] == state and row["alias"])

    def apply(self, **asked):
        assert self.post("/api/apply", **asked).status_code == 200
        done = self.applying.wait()
        assert done["error"] == ""
        self.load()
        return done["report"]


def kept(folder):
    file = folder / "private" / "decisions.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def test_held_pages_come_first_and_every_page_of_the_stack_is_there_once(page):
    rows = list(page.rows.values())

    assert rows[0]["state"] == "held"
    assert any("name field is empty" in reason for reason in rows[0]["reasons"])
    assert len(rows) == 7
    assert [row["state"] for row in rows].index("held") < [row["state"] for row in rows].index("unseen")


def test_looking_changes_nothing(page, folder):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for path in ("/", "/api/all", "/api/progress", f"/picture/{page.first()['id']}/page"):
        assert page.client.get(path).status_code == 200

    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("path", ["/picture/key.xlsx/page", "/picture/..%2Fkey.xlsx/page", "/picture/s99-p0001/page"])
def test_no_file_of_the_set_but_a_pages_picture_can_be_read(page, path):
    assert page.client.get(path).status_code == 404
    known = page.first()["id"]
    assert page.client.get(f"/picture/{known}/page").content[:3] == b"\xff\xd8\xff"
    assert page.client.get(f"/picture/{known}/other").status_code == 404


STEPS = [
    ("approve", {}), ("cover", {"box": BOX}), ("everywhere", {"box": BOX}), ("blank", {"blank": True}),
    ("aside", {"kind": "illegible", "note": "Maria's hand"}), ("move", {"to": "new"}),
]  # fmt: skip


@pytest.mark.parametrize(("do", "more"), STEPS)
def test_each_decision_is_on_the_disk_when_it_is_told_and_can_be_undone(page, folder, do, more):
    row = page.first()

    before = page.decide(row["id"], do, **more)

    said = kept(folder)
    assert said["version"] == 2
    assert said["everywhere"] or any(value not in ("", []) for one in said["pages"].values() for value in one.values())
    page.undo(before)
    shown = {key: value for key, value in page.rows[row["id"]].items() if key != "revision"}
    assert shown == {key: value for key, value in row.items() if key != "revision"}


def test_a_cover_of_ours_can_be_taken_away_put_back_and_changed(page):
    row = next(row for row in page.rows.values() if any(cover["kind"] == "name field" for cover in row["covers"]))
    field = next(cover["box"] for cover in row["covers"] if cover["kind"] == "name field")

    page.decide(row["id"], "drop", box=field)

    assert page.rows[row["id"]]["dropped"] == [field]
    assert page.rows[row["id"]]["state"] == "held"
    assert field not in [cover["box"] for cover in page.rows[row["id"]]["covers"]]
    page.decide(row["id"], "put back", box=field)
    assert page.rows[row["id"]]["dropped"] == []
    page.decide(row["id"], "resize", box=field, to=BOX)
    assert BOX in [cover["box"] for cover in page.rows[row["id"]]["covers"]]


def test_taking_a_cover_away_that_was_seen_asks_for_another_look(page):
    row = page.first()
    page.decide(row["id"], "cover", box=BOX)
    page.decide(row["id"], "approve")
    assert page.rows[row["id"]]["state"] == "approved"

    page.decide(row["id"], "drop", box=BOX)

    assert page.rows[row["id"]]["state"] == "unseen"


def test_two_tabs_lose_nothing_the_later_one_is_told_and_shown_the_page_anew(page, folder):
    other = Page(folder)
    row = page.first()
    page.decide(row["id"], "cover", box=BOX)

    stale = other.post("/api/decide", page=row["id"], do="approve", revision=other.rows[row["id"]]["revision"])

    assert stale.status_code == 409
    assert "another window" in stale.json()["error"]
    [said] = kept(folder)["pages"].values()
    assert said == {"covers": [BOX], "cleared_as": "", "aside": ""}
    other.load()
    other.decide(row["id"], "approve")


def test_another_command_at_work_in_the_set_is_told_and_nothing_is_written(page, folder, monkeypatch):
    monkeypatch.setattr("mssw.workset.folder.WAITS", 0.05)
    row = page.first()

    with FileLock(folder / "private" / ".lock"):
        answer = page.post("/api/decide", page=row["id"], do="approve", revision=row["revision"])

    assert answer.status_code == 409
    assert "another mssw command" in answer.json()["error"]
    assert kept(folder) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"do": "nothing"}, {"do": "cover"}, {"do": "cover", "box": [0.9, 0.1, 0.5, 0.1]}, {"do": "cover", "box": "x"},
        {"do": "cover", "box": [-1, 0, 1, 1]},
        {"do": "drop", "box": BOX}, {"do": "aside", "kind": "because"}, {"do": "move", "to": "Maria"},
        {"do": "turn", "degrees": 45}, {"do": "turn", "degrees": 90}, {"do": "restore", "pages": [{}]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_changes_nothing(page, folder, asked):
    row = page.first()

    answer = page.post("/api/decide", **({"page": row["id"], "revision": row["revision"]} | asked))

    assert answer.status_code == 400, answer.text
    assert "Maria" not in answer.text
    assert kept(folder) is None


def test_setting_aside_takes_the_whole_work_and_the_note_leaves_no_trace_in_shared(page, folder):
    row = page.first()

    page.decide(row["id"], "aside", kind="needs attention now", note="Maria tells of home")
    report = page.apply()

    assert row["alias"] not in [path.stem for path in (folder / "shared" / "work").iterdir()]
    assert {one["state"] for one in page.rows.values() if one["alias"] == row["alias"]} == {"now"}
    assert report["pages"]["scanned"] == 7
    for path in [*folder.joinpath("shared").rglob("*"), folder / "private" / "state.json"]:
        if path.is_file():
            assert b"tells of home" not in path.read_bytes()


def test_what_was_decided_is_applied_and_the_numbers_add_up(page):
    held = page.first("held")
    for row in [row for row in page.rows.values() if row["alias"] == held["alias"]]:
        page.decide(row["id"], "approve")
    other = page.first()
    page.decide(other["id"], "cover", box=BOX)
    aliases = {row["alias"] for row in page.rows.values()}

    report = page.apply()

    assert report["held"] == []
    assert report["released"] == 3
    counts = report["pages"]
    assert counts["scanned"] == sum(counts[fate] for fate in ("kept", "blank", "set aside", "held"))
    assert {row["alias"] for row in page.rows.values()} == aliases
    assert page.rows[held["id"]]["state"] == "approved"


def test_a_page_moves_to_another_work_and_back_and_every_alias_stays(page):
    row = next(row for row in page.rows.values() if row["state"] == "unseen" and row["number"] == 2)
    aliases = {one["id"]: one["alias"] for one in page.rows.values()}
    to = next(one["alias"] for one in page.rows.values() if one["alias"] not in {"", row["alias"]})

    page.decide(row["id"], "move", to=to)
    assert page.rows[row["id"]]["moves"] == to
    report = page.apply()

    assert {entry["alias"] for entry in report["held"]} >= {row["alias"], to}
    assert page.rows[row["id"]]["alias"] == to
    rest = {one["id"]: one["alias"] for one in page.rows.values() if one["id"] != row["id"]}
    assert rest == {page_id: alias for page_id, alias in aliases.items() if page_id != row["id"]}
    page.decide(row["id"], "move", to="")
    page.apply()
    assert {one["id"]: one["alias"] for one in page.rows.values()} == aliases


@pytest.mark.pages
def test_the_name_field_shown_once_covers_the_whole_class_and_asks_for_another_look(page):
    row = next(row for row in page.rows.values() if row["state"] == "unseen" and row["task_page"] == 1)
    page.decide(row["id"], "approve")

    page.apply(field={"page": row["id"], "box": [0.1, 0.03, 0.6, 0.07]})

    firsts = [one for one in page.rows.values() if one["task_page"] == 1]
    assert all([0.1, 0.03, 0.6, 0.07] in [cover["box"] for cover in one["covers"]] for one in firsts)
    assert page.rows[row["id"]]["state"] != "approved"


def test_the_person_comes_back_to_where_she_was(page, folder):
    row = page.first()

    assert page.post("/api/place", page=row["id"]).json() == {}
    assert page.post("/api/place", page="../key").json() == {}

    assert Page(folder).client.get("/api/all").json()["place"] == row["id"]


def test_whose_it_is_can_be_said_and_taken_back(page, folder):
    shutil.copy(folder / "private" / "key.xlsx", folder / "private" / "was.xlsx")
    alias = page.first()["alias"]

    answer = page.post("/api/whose", alias=alias, student=0)

    assert answer.status_code == 200, answer.text
    assert answer.json()["whose"][alias]["student"] == 0
    assert answer.json()["whose"][alias]["by_teacher"]
    back = page.post("/api/whose", **answer.json()["before"])
    assert not back.json()["whose"][alias]["by_teacher"]
    assert page.post("/api/whose", alias=alias, student=999).status_code == 400


@pytest.mark.pages
def test_a_page_without_a_task_is_turned_and_its_alias_stays(tmp_path):
    stack = cut(tmp_path / "stack.pdf", [5])
    prepare(tmp_path / "set", PrepareOptions([stack], pages_per_student=1, seed=7, workers=1))
    page = Page(tmp_path / "set")
    [row] = page.rows.values()
    before = page.decide(row["id"], "turn", degrees=90)

    page.apply()

    [turned] = page.rows.values()
    assert turned["points"] == row["points"][::-1]
    assert (turned["alias"], turned["turn"]) == (row["alias"], 90)
    page.undo(before)
    page.apply()
    [back] = page.rows.values()
    assert back["points"] == row["points"]


def test_where_one_is_is_remembered_only_with_the_set_to_oneself(page, folder, monkeypatch):
    monkeypatch.setattr("mssw.workset.folder.WAITS", 0)
    [first, *_, last] = page.rows

    assert page.post("/api/place", page=first).status_code == 200
    with FileLock(folder / "private" / ".lock"):
        assert page.post("/api/place", page=last).status_code == 200  # a command may be sweeping half-written files

    assert json.loads((folder / "private" / "review.json").read_text(encoding="utf-8"))["page"] == first
