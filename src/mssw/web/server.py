"""A site served to this computer's own browser until its page says that it is done, or ^C.

How a page is built on this: make a ``Site`` (see ``site``) with a template and routes, and ``serve`` it::

    site = Site("sort", [reads("/api/state", tell), changes("/api/place", place)], static=("sort.js", "sort.css"))
    serve(site, browser=True, say=report.say)

In a test, ``make_app(site, Door(4000))`` is an application for Starlette's ``TestClient``.
"""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from mssw.errors import UnreadableError
from mssw.web.door import Door
from mssw.web.site import Site, make_app

LOOKS_EVERY = 0.1  # seconds, whether the page was closed


def serve(site: Site, *, browser: bool, say: Callable[[str], None]) -> bool:
    """Serve a site until it is closed.

    Args:
        site: what to serve.
        browser: whether to open the browser; else the address is only said.
        say: tells the person a line.

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
    threading.Thread(target=_watch, args=(site, server), daemon=True).start()
    say(f"The page is open at {door.address}")
    say("Only this computer can reach it, and only with this address. It ends with the page's own button, or with ^C.")
    if browser:
        threading.Thread(target=webbrowser.open, args=(door.address,), daemon=True).start()
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # uvicorn hands it on when it has ended in peace
        pass
    finally:
        listening.close()
    done = site.closing.is_set()
    site.closing.set()
    return done


def _watch(site: Site, server: uvicorn.Server) -> None:
    """End the server when the page says that it is done."""
    while not site.closing.wait(LOOKS_EVERY):
        if server.should_exit:
            return
    server.should_exit = True
