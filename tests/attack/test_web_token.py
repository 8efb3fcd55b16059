"""Threat: another account of the computer reads the page's secret off the browser's command line.

Tried: what the browser is started with; who may read the file that it opens; a real browser through that file; requests
without the token, with a part of it, and from another site. Result: the command line has no secret, and the door stays
shut.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from mssw.web import site as module
from mssw.web.door import NOT_LET_IN, Door
from mssw.web.site import Site, get_route, make_app, serve

DOOR = Door(4000, "the token", "the-session")


@pytest.fixture
def site(tmp_path, monkeypatch):
    web = tmp_path / "templates" / "web"
    web.mkdir(parents=True)
    (web / "trial.html.j2").write_text("<p>let in</p>", encoding="utf-8")
    monkeypatch.setattr(module, "templates_folder", lambda: web.parent)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return Site("trial", [get_route("/api/state", lambda: {"state": 1})])


class Opened:
    """Serves a site and keeps what the browser was started with."""

    def __init__(self, site, monkeypatch):
        self.given, self.said, self.site = [], [], site
        monkeypatch.setattr(module.webbrowser, "open", self.given.append)
        self.thread = threading.Thread(target=lambda: serve(site, browser=True, say=self.said.append))

    def __enter__(self):
        self.thread.start()
        until = time.monotonic() + 20
        while not self.given and time.monotonic() < until:
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.site.closing.set()
        self.thread.join(20)

    @property
    def file(self):
        return Path(unquote(urlsplit(self.given[0]).path))


def test_the_browsers_command_line_has_no_secret_and_the_file_is_its_owners_alone(site, monkeypatch):
    with Opened(site, monkeypatch) as opened:
        token = opened.said[0].partition("token=")[2]
        assert opened.given[0].startswith("file://")
        assert token
        assert token not in opened.given[0]
        assert token in opened.file.read_text(encoding="utf-8")
        if os.name == "posix":
            assert stat.S_IMODE(opened.file.stat().st_mode) == 0o600
            assert stat.S_IMODE(opened.file.parent.stat().st_mode) == 0o700
    assert not opened.file.parent.exists()


@pytest.mark.pages
def test_a_real_browser_comes_in_through_the_file(site, monkeypatch, chrome):
    with Opened(site, monkeypatch) as opened:
        page = chrome.new_page()
        page.goto(opened.given[0])
        page.wait_for_url("http://127.0.0.1:*/")
        page.wait_for_selector("text=let in")
        assert "token" not in page.url
        page.reload()
        page.wait_for_selector("text=let in")
        page.close()


REFUSED = {
    "no token": ("/", {}),
    "an empty token": ("/?token=", {}),
    "the beginning of the token": ("/?token=the", {}),
    "the token of another address": ("/api/state?token=the+token", {}),
    "a guessed cookie": ("/api/state", {"cookie": "mssw-4000=guess"}),
    "another name for this computer": ("/?token=the+token", {"host": "evil.example:4000"}),
    "another site's page": ("/api/state", {"cookie": "mssw-4000=the-session", "sec-fetch-site": "cross-site"}),
}


@pytest.mark.parametrize(("path", "headers"), REFUSED.values(), ids=REFUSED)
def test_who_has_no_token_gets_a_sentence_and_nothing_of_the_set(site, path, headers):
    client = TestClient(make_app(site, DOOR), base_url="http://127.0.0.1:4000", follow_redirects=False)
    answer = client.get(path, headers=headers)

    assert answer.status_code == 403
    assert answer.text in {"", NOT_LET_IN}


def test_a_browser_that_comes_from_the_file_is_led_on_by_a_page_of_ours(site):
    client = TestClient(make_app(site, DOOR), base_url="http://127.0.0.1:4000", follow_redirects=False)
    answer = client.get("/?token=the+token", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    assert "the-session" in answer.headers["set-cookie"]
    assert "the token" not in answer.text
