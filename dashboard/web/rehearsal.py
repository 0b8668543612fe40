"""The first request of each kind, made by the application itself before anybody comes.

FastAPI finds out what a route takes, reads the source of its function and loads what it needs when the first request comes: some
tens of milliseconds in which nobody else is answered.
"""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message, Scope

#: One address of each kind that is not a page, of things that do not exist: they cost nothing more than finding that out.
ADDRESSES = (
    "/descargas/x/x.csv",
    "/descargas/vista/x.csv",
    "/lugares/x.json",
    "/vista-previa/x/x.png",
    "/api/v1/x",
    "/api/v1/datasets/x/data.csv",
)


def rehearse(app: Starlette) -> None:
    """Ask `app` for each kind of address, without what other middleware will be before it: nobody counts or logs it."""
    # In a thread of its own: whoever makes an application may be inside of a loop.
    apart = Thread(target=lambda: asyncio.run(_asked(app)), name="ensayo")
    apart.start()
    apart.join()


async def _asked(app: Starlette) -> None:
    stack = app.build_middleware_stack()
    for address in ADDRESSES:
        await stack(_request(app, address), _nothing_more, _forgotten)


def _request(app: Starlette, address: str) -> Scope:
    asked: dict[str, Any] = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "HEAD"}
    asked |= {"scheme": "http", "path": address, "raw_path": address.encode(), "query_string": b"", "root_path": ""}
    return asked | {"headers": [(b"host", b"localhost")], "client": None, "server": ("localhost", 80), "app": app}


async def _nothing_more() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _forgotten(message: Message) -> None:
    return
