"""Tabs of a real browser."""

from __future__ import annotations

WIDE, NARROW, ZOOMED = (1280, 800), (390, 844), (640, 400)  # 640 is 1280 at 200 %


class opened:  # noqa: N801 - it is used as a function
    """A tab, and at its end the proof that nothing went wrong in it."""

    def __init__(self, chrome, address, size=WIDE, scheme="light", ready="body[data-ready]"):
        self.ready = ready
        self.context = chrome.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)), color_scheme=scheme
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(60000)
        self.wrong = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._said)
        self.page.goto(address)

    def _said(self, said):
        if said.type == "error" and "409" not in said.text:  # a refusal is an answer, which the browser logs too
            self.wrong.append(f"{said.text} {said.location['url']}")

    def __enter__(self):
        self.page.wait_for_selector(self.ready)
        return self.page

    def __exit__(self, kind, *_):
        self.context.close()
        assert kind or self.wrong == []
