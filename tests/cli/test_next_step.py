"""The one next command: true, and it can be pasted as it is, also in a folder with a space and an apostrophe."""

from __future__ import annotations

import shlex
import shutil

import pytest
from starlette.testclient import TestClient

from mssw.core.shell_words import quote_word
from mssw.next_step import find_next_step
from mssw.web.door import Door
from mssw.web.review_page import review_site
from mssw.web.site import make_app
from mssw.workset.folder import WorkSet
from support.commands import copied, mssw
from support.prepared_class import ROSTER, TASK, cut

pytestmark = [pytest.mark.pages, pytest.mark.usefixtures("warm_crew")]

DOOR = Door(4000, token="the token", session="the-session")  # noqa: S106 - made up


@pytest.fixture
def folder(small_class, tmp_path):
    return copied(small_class, tmp_path / "Ann's class 7b")


def tab(folder):
    site, _ = review_site(WorkSet(folder))
    client = TestClient(make_app(site, DOOR), base_url="http://127.0.0.1:4000")
    client.cookies.set(DOOR.cookie, DOOR.session)
    return client


def decide(client, row, do, **more):
    asked = {"page": row["id"], "do": do, "revision": row["revision"], **more}
    return client.post("/api/decide", json=asked, headers={"origin": "http://127.0.0.1:4000"})


def test_the_next_command_leads_to_the_review_and_then_to_the_sort(folder, capsys):
    step = find_next_step(WorkSet(folder))
    assert shlex.split(step.command) == ["mssw", "review", str(folder)]
    assert "1 response is on hold" in step.why

    client = tab(folder)
    rows = [row for row in client.get("/api/all").json()["pages"] if row["alias"]]
    for row in rows:
        assert decide(client, row, "approve").status_code == 200
    assert mssw("status", folder) == 0
    said = capsys.readouterr()
    assert "7 of 7 pages looked at, not applied yet" in said.out
    assert "press Done" in said.out
    assert find_next_step(WorkSet(folder)).command == step.command

    assert mssw("prepare", "--into", folder) == 0
    printed = capsys.readouterr().err
    after = find_next_step(WorkSet(folder))
    assert shlex.split(after.command) == ["mssw", "sort", str(folder)]
    assert f"Next:  {after.command}" in printed
    assert "mssw packet" not in printed


def test_a_set_that_moved_while_its_page_is_open_is_said_to_have_moved(folder, tmp_path):
    client = tab(folder)
    row = client.get("/api/all").json()["pages"][0]
    shutil.move(folder, tmp_path / "elsewhere")

    for answer in (client.get("/api/all"), decide(client, row, "approve")):
        assert "is not there any more" in answer.json()["error"]
        assert "nothing is prepared" not in answer.text
    assert not folder.exists()


@pytest.mark.parametrize("left", [".~lock.sort.xlsx#", "~$sort.xlsx"])
def test_a_spreadsheet_that_is_open_is_to_be_closed(folder, capsys, left):
    (folder / "shared" / left).write_text(",teacher,laptop,;", encoding="utf-8")

    assert mssw("audit", folder) == 1

    assert "close it" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        (r"C:\Users\Ann Lee\class", r'"C:\Users\Ann Lee\class"'),
        (r"C:\class 7b\ ".strip(), '"C:\\class 7b\\\\"'),
        (r"C:\7b", r"C:\7b"),
        ("C:\\cost $5", "'C:\\cost $5'"),
    ],
)
def test_a_path_is_quoted_for_powershell_and_cmd(word, typed):
    assert quote_word(word, windows=True) == typed


def test_a_stack_that_was_given_as_the_task_is_noticed_at_once(tmp_path, capsys):
    stack = cut(tmp_path / "stack.pdf", range(1, 9))

    code = mssw("prepare", TASK, "--task", stack, "--roster", ROSTER, "--into", tmp_path / "set")

    assert code == 2
    assert "they seem to be swapped" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "set").exists()
