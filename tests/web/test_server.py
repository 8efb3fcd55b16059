"""The local pages' server: only our own browser gets an answer, and a GET changes nothing."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest
from starlette.testclient import TestClient

from mssw.errors import UsageError, WouldOverwriteError
from mssw.web.door import MOST_BYTES, NOT_LET_IN, Door
from mssw.web.site import PictureStore, Site, get_route, make_app, picture_route, post_route, serve

DOOR = Door(4000, "the token", "the-session")
ORIGIN = "http://127.0.0.1:4000"
JSON = {"origin": ORIGIN, "content-type": "application/json"}


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """The smallest page there can be."""
    return tmp_path_factory.mktemp("trial")


def add(asked):
    if asked.get("fail") == "usage":
        raise UsageError("that makes no sense.")
    if asked.get("fail") == "busy":
        raise WouldOverwriteError("another command is at work.")
    if asked.get("fail") == "bug":
        raise RuntimeError("Maria Lopez")
    return {"got": asked}


@pytest.fixture
def site(monkeypatch, trial):
    from mssw.web import site as module  # noqa: PLC0415

    web = trial / "web"
    (web / "static").mkdir(parents=True, exist_ok=True)
    (web / "trial.html.j2").write_text("<p>{{ name }}</p>", encoding="utf-8")
    (web / "static" / "own.js").write_text("1", encoding="utf-8")
    (web / "static" / "house.css").write_text("p {}", encoding="utf-8")
    (web / "static" / "secret.txt").write_text("no", encoding="utf-8")
    monkeypatch.setattr(module, "templates_folder", lambda: trial)
    return Site(
        "trial",
        [
            get_route("/api/state", lambda: {"state": 1}),
            post_route("/api/add", add),
            picture_route(
                "/picture/{id}/{kind}", lambda page, kind: (b"p", "image/webp") if (page, kind) == ("a", "b") else None
            ),
        ],
        static=("own.js",),
        values=lambda: {"name": "<Maria>"},
    )


def client(site, *, known=True, host="127.0.0.1:4000"):
    client = TestClient(make_app(site, DOOR), base_url=f"http://{host}", follow_redirects=False)
    if known:
        client.cookies.set(DOOR.cookie, DOOR.session)
    return client


@pytest.mark.parametrize(
    "path", ["/", "/api/state", "/static/own.js", "/nothing", "/?token=", "/?token=x", "/?token=the+toke%FF"]
)
def test_without_the_token_nothing_is_answered_not_even_that_it_is_not_there(site, path):
    answer = client(site, known=False).get(path)

    assert (answer.status_code, answer.text) == (403, NOT_LET_IN)
    assert "the whole address that mssw printed" in answer.text


def test_the_token_lets_the_browser_in_once_and_leaves_the_address(site):
    stranger = client(site, known=False)

    answer = stranger.get("/?token=the token")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "the token" not in cookie
    assert stranger.get("/").text == "<p>&lt;Maria&gt;</p>"


def test_a_wrong_or_faulty_cookie_opens_nothing(site):
    for cookie in (f"{DOOR.cookie}=x", f"{DOOR.cookie}=", "=;;=\xff", "mssw-4001=the-session"):
        assert client(site, known=False).get("/", headers={"cookie": cookie.encode("latin-1")}).status_code == 403


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1:4000.evil.example", "[::1]:4000"],
)
def test_another_host_name_is_refused_even_with_the_cookie_and_the_token(site, host):
    knowing = client(site)

    assert knowing.get("/", headers={"host": host}).status_code == 403
    assert knowing.get("/?token=the token", headers={"host": host}).status_code == 403


def test_localhost_is_a_good_name_too(site):
    answer = client(site).get(
        "/api/state", headers={"host": "localhost:4000", "cookie": f"{DOOR.cookie}={DOOR.session}"}
    )

    assert answer.json() == {"state": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ""},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://127.0.0.1:4001"},
        {"origin": "http://localhost:4000"},
        {"origin": "https://127.0.0.1:4000"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_change_that_another_page_asks_for_is_refused(site, headers):
    assert client(site).post("/api/add", json={}, headers=JSON | headers).status_code == 403


def test_a_change_without_an_origin_is_refused(site):
    assert client(site).post("/api/add", json={}).status_code == 403


@pytest.mark.parametrize("whence", ["same-site", "cross-site"])
def test_a_picture_in_another_page_is_refused(site, whence):
    assert client(site).get("/picture/a/b", headers={"sec-fetch-site": whence}).status_code == 403


def test_what_changes_something_is_never_a_get(site):
    for path in ("/api/add", "/api/close"):
        assert client(site).get(path).status_code == 405
    assert not site.closing.is_set()


def test_a_change_is_a_json_object_said_as_such(site):
    knowing = client(site)

    assert knowing.post("/api/add", json={"a": 1}, headers=JSON).json() == {"got": {"a": 1}}
    assert knowing.post("/api/add", content="a=1", headers=JSON | {"content-type": "text/plain"}).status_code == 415
    for body in ("[]", "{", "1", ""):
        assert knowing.post("/api/add", content=body, headers=JSON).status_code == 400


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(site):
    large = b" " * (MOST_BYTES + 1)

    assert client(site).post("/api/add", content=large, headers=JSON).status_code == 413
    assert client(site).post("/api/add", content=iter([large]), headers=JSON).status_code == 413


@pytest.mark.parametrize(("fail", "status"), [("usage", 400), ("busy", 409), ("bug", 500)])
def test_what_went_wrong_is_one_sentence_that_names_nobody(site, capsys, fail, status):
    answer = client(site).post("/api/add", json={"fail": fail}, headers=JSON)

    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert "Maria" not in answer.text
    said = capsys.readouterr()
    assert said.out + said.err == ""


def test_every_answer_forbids_what_is_not_our_own(site):
    knowing = client(site)
    for answer in (
        knowing.get("/"),
        knowing.get("/api/state"),
        knowing.get("/nothing"),
        client(site, known=False).get("/"),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "secret.txt",
        "../trial.html.j2",
        "..%2Ftrial.html.j2",
        "%2e%2e/trial.html.j2",
        "/etc/passwd",
        "own.js/",
        "own.js%00",
    ],
)
def test_no_file_is_served_but_those_of_the_list(site, path):
    answer = client(site).get(f"/static/{path}")

    assert answer.status_code in {404, 307}
    assert b"no" not in answer.content.replace(b"Not Found", b"")


def test_files_of_the_list_and_the_fonts_are_served_in_kind(site):
    assert client(site).get("/static/own.js").headers["content-type"].startswith("text/javascript")
    assert client(site).get("/static/Literata-Regular.ttf").headers["content-type"] == "font/ttf"


@pytest.mark.parametrize(
    "path", ["/picture/a/c", "/picture/b/b", "/picture/../b", "/picture/..%2F..%2Fkey/b", "/picture/a/b/c"]
)
def test_a_picture_that_is_not_known_by_its_ids_is_not_there(site, path):
    assert client(site).get("/picture/a/b").content == b"p"
    assert client(site).get(path).status_code == 404


def test_the_store_makes_a_picture_once_and_keeps_to_its_budget():
    store, made = PictureStore(budget=10), []

    def picture(key):
        return store.get(key, lambda: (made.append(key), (b"1234", "image/webp"))[1])

    for key in ("a", "a", "b", "a", "c", "a", "b"):
        picture(key)

    assert made == ["a", "b", "c", "b"]


def test_the_server_answers_on_this_computer_alone_and_ends_when_the_page_is_done(site):
    said, known, result = [], threading.Event(), []

    def say(text):
        said.append(text)
        known.set()

    running = threading.Thread(target=lambda: result.append(serve(site, browser=False, say=say)))
    running.start()
    assert known.wait(60)
    address = said[0].split()[-1]
    port = int(address.split(":")[2].split("/")[0])

    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=60) as answer:
        assert answer.url == f"http://127.0.0.1:{port}/"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60)
    with socket.socket() as other:
        other.settimeout(1)
        assert other.connect_ex(("127.0.0.2", port)) != 0
    headers = {"origin": f"http://127.0.0.1:{port}", "content-type": "application/json"}
    with opener.open(
        urllib.request.Request(f"http://127.0.0.1:{port}/api/close", b"{}", headers), timeout=60
    ) as answer:
        assert answer.read() == b'{"closed":true}'
    running.join(60)

    assert not running.is_alive()
    assert result == [True]


INTERRUPTED = """
import os, signal, sys
import jinja2, uvicorn
from mssw.web import site
from mssw.web.site import serve
site._page_template = lambda _: jinja2.Template("")
moment = sys.argv[1]
def interrupted(real):
    def call(*args, **options):
        os.kill(os.getpid(), signal.SIGINT)
        return real(*args, **options)
    return call
def say(text):
    print(text, flush=True)
    if moment == text[:4]:
        os.kill(os.getpid(), signal.SIGINT)
for name in ("run", "serve", "startup", "main_loop", "shutdown"):
    if moment == name:
        setattr(uvicorn.Server, name, interrupted(getattr(uvicorn.Server, name)))
a_page = site.Site("x")
if moment == "shutdown":
    a_page.closing.set()
print(serve(a_page, browser=False, say=say))
"""


@pytest.mark.pages
@pytest.mark.skipif(sys.platform == "win32", reason="no ^C can be sent to one process there")
@pytest.mark.parametrize("moment", ["The ", "Only", "run", "serve", "startup", "main_loop", "shutdown", "from outside"])
def test_interrupted_at_any_moment_after_the_address_is_told_it_ends_in_peace(moment):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, moment], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        running.stdout.readline()
        running.stdout.readline()
        if moment == "from outside":
            running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)

    assert (running.returncode, out, err) == (0, f"{moment == 'shutdown'}\n", "")
