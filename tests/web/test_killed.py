"""Killed at any moment while a person decides: what was answered as saved is there, and the page opens again."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import random
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import pytest

from mssw.sorting.kept_sorts import read_sorting
from mssw.workset.decisions import read_decisions
from mssw.workset.folder import WorkSet
from support.commands import copied
from support.released_set import released_set

pytestmark = pytest.mark.pages

ROUNDS = 3
MOST_ANSWERS = 8


class Page:
    """The page of a command as a browser without a window would use it."""

    def __init__(self, address):
        self.origin = address.partition("/?")[0]
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener.open(address, timeout=60).read()

    def read(self, path):
        with self.opener.open(f"{self.origin}{path}", timeout=60) as answer:
            return json.load(answer)

    def change(self, path, asked):
        headers = {"Origin": self.origin, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.origin}{path}", json.dumps(asked).encode(), headers)  # noqa: S310 - our own page
        with self.opener.open(request, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def started(*words):
    """A command with a page, and that page."""
    command = [sys.executable, "-m", "mssw", *map(str, words), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, Page(process.stderr.readline().split()[-1])
        finally:
            process.kill()


def killed_while(process, decide, dice):
    """Decide one thing after another until the command is killed, at a moment that chance chooses.

    Gives what was answered, and what was asked last and may or may not be there.
    """
    answered, asked, enough = [], [], threading.Event()
    wanted = dice.randrange(MOST_ANSWERS)

    def go_on():
        with suppress(OSError, ValueError, http.client.HTTPException):  # the command has gone
            while True:
                one = len(answered)
                asked.append(one)
                if one >= wanted:
                    enough.set()
                decide(one)
                answered.append(one)

    person = threading.Thread(target=go_on)
    person.start()
    assert enough.wait(120)
    threading.Event().wait(dice.uniform(0, 0.02))  # somewhere in the midst of asking, saving and answering
    process.send_signal(signal.SIGKILL)
    person.join(120)
    assert not person.is_alive()
    return answered


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_review_that_is_killed_has_kept_every_decision_that_it_answered(small_class, tmp_path, seed):
    folder = copied(small_class, tmp_path / "set")
    dice = random.Random(seed)  # noqa: S311 - moments, not secrets
    kept = 0
    for _ in range(2):
        with started("review", folder) as (process, page):
            row = page.read("/api/all")["pages"][0]
            assert len(row["said"].get("covers", [])) == kept
            seen = {"revision": row["revision"]}

            def decide(one, page=page, row=row, seen=seen, kept=kept):
                box = [0.1, round(0.1 + 0.01 * (kept + one), 5), 0.2, 0.005]
                asked = {"do": "cover", "page": row["id"], "revision": seen["revision"], "box": box}
                page.change("/api/place", {"page": row["id"]})
                seen["revision"] = page.change("/api/decide", asked)["changed"][0]["revision"]

            answered = killed_while(process, decide, dice)
        [said] = read_decisions(WorkSet(folder)).pages.values() or [None]
        there = [box.y for box in said.covers] if said else []
        assert there[: kept + len(answered)] == [round(0.1 + 0.01 * at, 5) for at in range(kept + len(answered))]
        assert len(there) <= kept + len(answered) + 1
        kept = len(there)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_sort_that_is_killed_has_kept_every_act_that_it_answered(tmp_path, seed):
    workset = released_set(tmp_path / "air")
    dice = random.Random(seed)  # noqa: S311 - moments, not secrets
    kept = 0
    for _ in range(2):
        with started("sort", workset.root) as (process, page):
            assert len(page.read("/api/state")["piles"]) == kept

            def decide(one, page=page, kept=kept):
                page.change("/api/at", {"pass": "piles", "at": "Bo", "read": []})
                page.change("/api/act", {"act": "add", "name": f"pile {kept + one}", "alias": "Bo"})

            answered = killed_while(process, decide, dice)
        piles = [pile.name for pile in read_sorting(workset).piles]
        assert piles[: kept + len(answered)] == [f"pile {at}" for at in range(kept + len(answered))]
        assert len(piles) <= kept + len(answered) + 1
        kept = len(piles)
