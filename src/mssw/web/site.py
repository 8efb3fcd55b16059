"""A local page as a web application, served to this computer's own browser until the page says that it is done, or ^C.

A site is HTML, a fixed list of files, and plain functions behind addresses. Requests come in through the door (see
``door``), answers go out as JSON, files or pictures. Pictures are encoded once and kept in memory up to a budget; the
one that was shown least recently goes first. A page is built and served like this::

    routes = [get_route("/api/state", read_state), post_route("/api/place", place)]
    site = Site("sort", routes, static=("sort.js", "sort.css"))
    serve(site, browser=True, say=report.print_line)

In a test, ``make_app(site, Door(4000))`` is an application for Starlette's ``TestClient``.
"""

from __future__ import annotations

import html
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
import webbrowser
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mssw.errors import ExitCode, MsswError, UnreadableError, UsageError
from mssw.printing.template_files import fonts_folder, templates_folder
from mssw.web.door import Door, Guarded
from mssw.workset.allowed_names import WordsInDoubtError

SHARED_FILES = ("house.css", "house.js", "icon.svg")
FONTS = ("AtkinsonHyperlegibleNext-Regular.ttf", "AtkinsonHyperlegibleNext-SemiBold.ttf", "Literata-Regular.ttf")
KINDS = {".css": "text/css", ".js": "text/javascript", ".ttf": "font/ttf", ".svg": "image/svg+xml"}
STATUS = {ExitCode.USAGE: 400, ExitCode.STEP_MISSING: 404, ExitCode.FINDINGS: 422, ExitCode.WOULD_OVERWRITE: 409}

Asked = Mapping[str, Any]

BUDGET = 192 * 1024**2  # bytes: some 600 pages as WebP at reading size


@dataclass(frozen=True)
class Site:
    """One local page and what it may ask for.

    Attributes:
        template: of the page, in ``templates/web``, without ``.html.j2``.
        routes: made with ``get_route``, ``post_route`` and ``picture_route``.
        static: file names in ``templates/web/static`` that the page uses, beside the house's own.
        values: what the template prints; called each time the page is loaded.
        closing: set when the page says that it is done. ``POST /api/close`` does that on every site.
    """

    template: str
    routes: Sequence[Route] = ()
    static: Sequence[str] = ()
    values: Callable[[], Mapping[str, object]] = dict
    closing: threading.Event = field(default_factory=threading.Event)


def make_app(site: Site, door: Door) -> Guarded:
    """The whole application behind its door."""
    files = _static_files(site.static)
    page = _page_template(site.template)

    async def show(_: Request) -> Response:
        if site.closing.is_set():  # another site may come to this address
            return Response(status_code=204)
        return Response(await run_in_threadpool(lambda: page.render(site.values())), media_type="text/html")

    async def give_file(request: Request) -> Response:
        file = files.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404)
        return Response(await run_in_threadpool(file.read_bytes), media_type=KINDS[file.suffix])

    def close(_: Asked) -> dict[str, bool]:
        site.closing.set()
        return {"closed": True}

    routes = [Route("/", show), Route("/static/{name}", give_file), post_route("/api/close", close), *site.routes]
    return Guarded(Starlette(routes=routes), door)


def get_route(path: str, tell: Callable[[], Any]) -> Route:
    """A GET that answers with JSON and changes nothing. ``tell`` runs in a thread of its own."""

    async def answer(_: Request) -> Response:
        return await _json_answer(lambda: run_in_threadpool(tell))

    return Route(path, answer, methods=["GET"])


def post_route(path: str, do: Callable[[Asked], Any]) -> Route:
    """A POST of a JSON object; ``do`` gets it, runs in a thread of its own, and what it returns is the answer.

    An ``MsswError`` that it raises becomes ``{"error": sentence}``: 400 for what makes no sense, 409 where somebody
    else was there first (another command in the set, or another tab), 404 where a step is missing, else 500.
    """

    async def answer(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return Response(status_code=415)

        async def done() -> Any:
            return await run_in_threadpool(do, _json_object(await request.body()))

        return await _json_answer(done)

    return Route(path, answer, methods=["POST"])


def picture_route(path: str, picture_of: Callable[[str, str], tuple[bytes, str] | None]) -> Route:
    """A GET of a picture by ids: ``path`` holds ``{id}`` and ``{kind}``, and nothing that is asked for is ever a path.

    Args:
        path: e.g. ``/picture/{id}/{kind}``.
        picture_of: gives the bytes and their media type for an id and a kind that it knows; None for all others.
    """

    async def answer(request: Request) -> Response:
        found = await run_in_threadpool(picture_of, request.path_params["id"], request.path_params["kind"])
        return Response(status_code=404) if found is None else Response(found[0], media_type=found[1])

    return Route(path, answer, methods=["GET"])


def _json_object(data: bytes) -> Asked:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UsageError("the page asked for something that makes no sense; load it again.")
    return value


async def _json_answer(answer: Callable[[], Awaitable[Any]]) -> Response:
    """The answer as JSON, also if it is an error. It never contains a student's name."""
    try:
        return JSONResponse(await answer())
    except MsswError as error:
        doubts = {"doubts": [one.around for one in error.words]} if isinstance(error, WordsInDoubtError) else {}
        return JSONResponse({"error": str(error)} | doubts, status_code=STATUS.get(error.code, 500))
    except Exception as error:  # noqa: BLE001 - reported without a name, as the command line does
        return JSONResponse({"error": bug_sentence(error)}, status_code=500)


def bug_sentence(error: Exception) -> str:
    """The sentence about a bug of ours: its kind, and where in our code it happened."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "mssw" in Path(frame.filename).parts]
    place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "an unknown place"
    return f"this is a bug in mssw, not in what you did ({type(error).__name__} at {place}). Please report this line."


def _static_files(static: Sequence[str]) -> dict[str, Path]:
    """Every file that the page may load, by its name."""
    folder = templates_folder() / "web" / "static"
    return {name: folder / name for name in (*SHARED_FILES, *static)} | {name: fonts_folder() / name for name in FONTS}


def _page_template(template: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder() / "web"), undefined=jinja2.StrictUndefined, autoescape=True
    )
    return environment.get_template(f"{template}.html.j2")


class PictureStore:
    """A cache of encoded pictures, safe to use from any thread."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, tuple[bytes, str]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], tuple[bytes, str]]) -> tuple[bytes, str]:
        """The picture of that key with its media type; ``make`` makes it if it is not in the cache."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(made[0])
            while self._size > self._budget and len(self._kept) > 1:
                _, (data, _) = self._kept.popitem(last=False)
                self._size -= len(data)
        return made


LAUNCH = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url={address}">
<title>mssw</title>
<p><a href="{address}">Open the page</a></p>
"""
CLOSE_CHECK_SECONDS = 0.1  # seconds, whether the page was closed


def serve(site: Site, *, browser: bool, say: Callable[[str], None]) -> bool:
    """Serve a site until it is closed.

    Args:
        site: what to serve.
        browser: whether to open the browser; else the address is only printed.
        say: prints a line for the person.

    Returns:
        Whether the page said that it was done; False where ^C ended it.

    Raises:
        UnreadableError: this computer does not allow a local server.
    """
    [done] = serve_each([site], browser=browser, say=say)
    return done


def serve_each(sites: Iterable[Site], *, browser: bool, say: Callable[[str], None]) -> Iterator[bool]:
    """Serve sites at one address, one after the other, so that the same window goes on with the next.

    Args:
        sites: what to serve; each is taken when the one before it is done.
        browser: whether to open the browser; else the address is only printed.
        say: prints a line for the person.

    Yields:
        For each site whether the page said that it was done; False where ^C ended it.

    Raises:
        UnreadableError: this computer does not allow a local server.
    """
    try:
        listening = socket.create_server(("127.0.0.1", 0))
    except OSError as error:
        raise UnreadableError(
            f"no local page can be opened on this computer ({error.strerror}); the options of this command that need "
            "no browser do the same."
        ) from None
    door = Door(listening.getsockname()[1])
    with listening, _launch_file(door) if browser else nullcontext() as launch:

        def begin() -> None:
            say(f"The page is open at {door.address}")
            say("Only this computer can reach it, with this address alone. The page's own button ends it, or ^C.")
            if launch is not None:
                threading.Thread(target=webbrowser.open, args=(launch,), daemon=True).start()

        for number, site in enumerate(sites):
            yield _serve_one(site, door, listening, (lambda: None) if number else begin)


def _serve_one(site: Site, door: Door, listening: socket.socket, begin: Callable[[], None]) -> bool:
    """Serve a site until it is closed; the socket stays open, and the next site answers what comes meanwhile.

    ``begin`` is called as soon as ^C ends it in peace.
    """
    config = uvicorn.Config(
        make_app(site, door),
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    with _ended_by_interrupt(server):
        threading.Thread(target=_end_when_closed, args=(site, server), daemon=True).start()
        begin()
        server.run(sockets=[listening.dup()])
    done = site.closing.is_set()
    site.closing.set()
    return done


@contextmanager
def _launch_file(door: Door) -> Iterator[str]:
    """The address of a file that leads the browser to the page; it is deleted when the page is closed.

    Other accounts of the computer can read a browser's command line, but not this file. It is in the home folder, as
    some browsers on Linux may not look into the system's folder for temporary files.
    """
    home = Path.home()
    place = str(home) if sys.platform.startswith("linux") and os.access(home, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mssw-page-", dir=place) as folder:  # mode 0700
        file = Path(folder) / "open.html"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as page:
            page.write(LAUNCH.format(address=html.escape(door.address)))
        yield file.as_uri()


@contextmanager
def _ended_by_interrupt(server: uvicorn.Server) -> Iterator[None]:
    """Let ^C end the server in peace at any moment: uvicorn itself listens for it only while its loop runs."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread gets signals
        yield
        return

    def end(*_: object) -> None:
        server.should_exit = True

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end_when_closed(site: Site, server: uvicorn.Server) -> None:
    """End the server when the page says that it is done."""
    while not site.closing.wait(CLOSE_CHECK_SECONDS):
        if server.should_exit:
            return
    server.should_exit = True
