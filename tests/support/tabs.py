"""Tabs of a real browser."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from mssw.web.site import serve

LAPTOP, TABLET, LARGE = (1366, 650), (820, 1180), (1440, 900)
WIDE, NARROW, ZOOMED = (1280, 800), (390, 844), (640, 400)  # 640 is 1280 at 200 %


_LEFT = WeakKeyDictionary()  # by browser: the tab that the test before has left as it was


def take_tab(chrome, size, **looks):
    """The tab that another test has left, which spares the browser a process for each test; else a new one.

    Every page is served at a port of its own, so that what one has stored is out of reach of the next.

    Args:
        chrome: the browser.
        size: of its window.
        looks: as Playwright's ``emulate_media`` takes them.
    """
    page = _LEFT.pop(chrome, None)
    if page is None:
        page = chrome.new_context().new_page()
        page.set_default_timeout(60000)
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.emulate_media(**({"color_scheme": "light", "reduced_motion": "no-preference"} | looks))
    return page


def leave_tab(chrome, page, *, clean):
    """Leave a tab to the next test; close it where something went wrong in it, or where there is another already.

    Args:
        chrome: the browser.
        page: its tab, without listeners.
        clean: whether nothing went wrong in it.
    """
    if not clean or page.is_closed() or chrome in _LEFT or len(page.context.pages) > 1:
        page.context.close()
        return
    page.unroute_all(behavior="ignoreErrors")
    page.mouse.move(0, 0)
    page.goto("about:blank")  # so that it asks nothing of a server that is gone
    page.context.clear_cookies()
    _LEFT[chrome] = page


class opened:  # noqa: N801 - it is used as a function
    """A tab, and at its end the proof that nothing went wrong in it."""

    def __init__(self, chrome, address, size=WIDE, scheme="light", ready="body[data-ready]"):
        self.ready = ready
        self.chrome = chrome
        self.page = take_tab(chrome, size, color_scheme=scheme)
        self.wrong = []
        self.page.on("pageerror", self._failed)
        self.page.on("console", self._said)
        self.page.goto(address)

    def _failed(self, error):
        self.wrong.append(str(error))

    def _said(self, said):
        is_refusal = any(code in said.text for code in ("409", "422"))  # an answer, which the browser logs too
        if said.type == "error" and not is_refusal:
            self.wrong.append(f"{said.text} {said.location['url']}")

    def __enter__(self):
        self.page.wait_for_selector(self.ready)
        return self.page

    def __exit__(self, kind, *_):
        self.page.remove_listener("pageerror", self._failed)
        self.page.remove_listener("console", self._said)
        leave_tab(self.chrome, self.page, clean=not (kind or self.wrong))
        assert kind or self.wrong == [], self.wrong


FRAMES = """() => new Promise((done) => {
  let left = 6;
  const next = () => (left-- ? requestAnimationFrame(next) : done());
  next();
})"""


SAVED = '#saving:text-is("All is saved"), #saved:text-is("Saved")'  # as the review page and the sort page say it


def saved(page):
    """Wait until a page says that all that was done in it is on the disk. A key or click takes that sign away."""
    page.wait_for_selector(SAVED, state="attached")


@contextmanager
def answered(page, path, holding=""):
    """Do something in a page, then wait until its server has answered: what it answers is on the disk.

    For what a page saves a moment later, or without a sign.
    """
    with page.expect_response(lambda said: path in said.url and holding in (said.request.post_data or "")) as answer:
        yield
    assert answer.value.ok


def settle(page):
    """Wait until the review page has painted what was asked for, and saved what was decided."""
    page.wait_for_selector('#stage[aria-busy="false"]')
    page.wait_for_selector('#saving:not(:text-is("Saving …"))', state="attached")
    page.evaluate(FRAMES)


def look_through(page):
    """Scroll by the wheel until all that the review page shows was on screen."""
    settle(page)
    for _ in range(60):
        if not page.inner_text("#approve").startswith("Show the rest"):
            return
        at = page.locator("#stage").bounding_box()
        height = page.viewport_size["height"]
        page.mouse.move(at["x"] + at["width"] / 2, min(max(at["y"] + 20, 20), height - 20))
        page.mouse.wheel(0, 0.4 * min(at["height"], height))
        settle(page)
    raise AssertionError("the page never ends")


def approve(page):
    """Look at all that is shown, then press Enter; waits until another page is shown, or all were looked at."""
    look_through(page)
    here = page.inner_text("#where")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "here => document.getElementById('where').textContent !== here"
        " || /^(\\d+) of \\1 /.test(document.getElementById('progress').textContent)",
        arg=here,
    )


SHOWN = """() => {
  const stage = document.getElementById("stage").getBoundingClientRect();
  const way = document.querySelector(".way");
  const foot = getComputedStyle(way).position === "fixed" ? way.offsetHeight : 0;
  const [top, bottom] = [Math.max(0, stage.top), Math.min(innerHeight - foot, stage.bottom)];
  return [...document.querySelectorAll(".sheet")].map((sheet, place) => {
    const at = sheet.getBoundingClientRect();
    const name = `${document.getElementById("alias").textContent} ${place}`;
    return [name, (top - at.top) / at.height, (bottom - at.top) / at.height];
  });
}"""


def is_covered(parts):
    """Whether stretches of a page, from 0 to 1, leave nothing out."""
    end = 0.0
    for top, bottom in sorted(parts):
        if top > end + 0.01:
            return False
        end = max(end, bottom)
    return end >= 0.99


@contextmanager
def served_site(site):
    """The address of a local page, while a thread of this process serves it."""
    said, ready = [], threading.Event()

    def say(text):
        said.append(text)
        ready.set()

    running = threading.Thread(target=serve, args=(site,), kwargs={"browser": False, "say": say})
    running.start()
    try:
        assert ready.wait(60)
        yield said[0].split()[-1]
    finally:
        site.closing.set()
        running.join(60)
    assert not running.is_alive()
