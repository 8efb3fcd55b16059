"""The door to the local pages: it lets in only the browser that has the token, and only from our own page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 256 * 1024  # of a request's body: a day's decisions on one page take a few hundred
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cache-control": b"no-store",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
NOT_LET_IN = (
    "<!doctype html><html lang=en><title>mssw</title><p>This page opens only with the whole address that mssw printed. "
    "Copy all of it, or run the command again.</p></html>"
)
READS = {"GET", "HEAD"}
WELCOME = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>mssw</title>'


@dataclass(frozen=True)
class Door:
    """The secrets of one run of the server.

    Attributes:
        port: on 127.0.0.1.
        token: stands in the address that is opened first; it is worth as much as the pages.
        session: what the cookie holds; another secret, so that no cookie tells the address.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def address(self) -> str:
        """What the browser is to open."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def hosts(self) -> tuple[str, str]:
        """The names that we answer to; a page that makes its own name point here is not one of them."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers do not keep cookies apart by port."""
        return f"mssw-{self.port}"


class Guarded:
    """An application behind its door. A request that is not let in gets the same 403, whatever it asked for."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in HEADERS]
                message = {**message, "headers": [*kept, *HEADERS.items()]}
            await send(message)

        try:
            await self._answer(scope, receive, sent)
        except Exception:  # noqa: BLE001 - a traceback on the terminal could show a student's name
            if not started:
                await Response(status_code=500)(scope, receive, sent)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_for_us(headers):
            await Response(status_code=403)(scope, receive, send)
            return
        if scope["method"] in READS and scope["path"] == "/" and self._has_token(scope):
            await self._welcome(headers)(scope, receive, send)
            return
        if not self._has_cookie(headers) or not self._is_from_our_page(scope["method"], headers):
            await Response(NOT_LET_IN, 403, media_type="text/html")(scope, receive, send)
            return
        body = await _body(receive, headers)
        if body is None:
            await Response(status_code=413)(scope, receive, send)
            return
        await self.app(scope, _receive_again(body, receive), send)

    def _is_for_us(self, headers: dict[bytes, str]) -> bool:
        return headers.get(b"host", "").lower() in self.door.hosts

    def _has_token(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        return secrets.compare_digest(given[0].encode(), self.door.token.encode())

    def _has_cookie(self, headers: dict[bytes, str]) -> bool:
        """Whether one of the cookies is ours. They are taken apart by hand: another's faulty one does no harm."""
        pairs = (part.strip().partition("=") for part in headers.get(b"cookie", "").split(";"))
        given = [value for name, _, value in pairs if name == self.door.cookie]
        return any(secrets.compare_digest(value.encode(), self.door.session.encode()) for value in given)

    def _is_from_our_page(self, method: str, headers: dict[bytes, str]) -> bool:
        """Whether our own page asks. A browser says so; whatever changes something must also name its origin."""
        asked_by = headers.get(b"sec-fetch-site", "none" if method in READS else "same-origin")
        if method in READS:
            return asked_by in {"same-origin", "none"}
        origin = f"http://{headers[b'host'].lower()}"
        return asked_by == "same-origin" and headers.get(b"origin", "").lower() == origin

    def _welcome(self, headers: dict[bytes, str]) -> Response:
        """Let the browser in, and take the token out of what it shows and remembers.

        A browser that comes from the launch file is on another site's errand, and would not send the cookie along with
        a redirect. It gets a page of ours that leads on.
        """
        from_elsewhere = headers.get(b"sec-fetch-site", "none") not in {"none", "same-origin"}
        response = Response(WELCOME, media_type="text/html") if from_elsewhere else RedirectResponse("/", 303)
        response.set_cookie(self.door.cookie, self.door.session, httponly=True, samesite="strict", path="/")
        return response


async def _body(receive: Receive, headers: dict[bytes, str]) -> bytes | None:
    """All of a request's body; None where it is more than we take."""
    length = headers.get(b"content-length", "0")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return body
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return body


def _receive_again(body: bytes, receive: Receive) -> Receive:
    """The body once, then whatever comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
