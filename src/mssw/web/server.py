"""A site served to this computer's own browser until its page says that it is done, or ^C.

How a page is built on this: make a ``Site`` (see ``site``) with a template and routes, and ``serve`` it::

    routes = [get_route("/api/state", read_state), post_route("/api/place", place)]
    site = Site("sort", routes, static=("sort.js", "sort.css"))
    serve(site, browser=True, say=report.print_line)

In a test, ``make_app(site, Door(4000))`` is an application for Starlette's ``TestClient``.
"""

from __future__ import annotations

import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from mssw.errors import UnreadableError
from mssw.web.door import Door
from mssw.web.site import Site, make_app

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
    try:
        listening = socket.create_server(("127.0.0.1", 0))
    except OSError as error:
        raise UnreadableError(
            f"no local page can be opened on this computer ({error.strerror}); the options of this command that need "
            "no browser do the same."
        ) from None
    door = Door(listening.getsockname()[1])
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
    with listening, _ended_by_interrupt(server):
        threading.Thread(target=_end_when_closed, args=(site, server), daemon=True).start()
        say(f"The page is open at {door.address}")
        say("Only this computer can reach it, with this address alone. It ends with the page's own button, or with ^C.")
        if browser:
            threading.Thread(target=webbrowser.open, args=(door.address,), daemon=True).start()
        server.run(sockets=[listening])
    done = site.closing.is_set()
    site.closing.set()
    return done


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
