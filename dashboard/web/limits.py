"""What a request may weigh and how long it may take to come: nobody makes the site hold more than this.

A proxy in front has limits of its own; these hold also when there is none.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from dashboard.web.problems import PROBLEM, problem, told_at_the_door

#: Bytes of an address and of a body.
LONGEST_ADDRESS, LONGEST_BODY = 8_192, 65_536
#: Bytes of the address and of all the headers of a request, and how many headers.
HEADERS_BYTES, MOST_HEADERS = 32_768, 100
#: Seconds for the headers to come, for the body to come, and for a reader who does not read.
HEADERS_SECONDS, BODY_SECONDS, READER_SECONDS = 15.0, 15.0, 60.0
#: What a proxy may say that a request is called.
REQUEST_ID = re.compile(rb"[0-9A-Za-z-]{8,64}")

TOO_LONG, TOO_LARGE, TOO_SLOW, MANY_HEADERS = 414, 413, 408, 431
TITLE = "La petición pasa de lo que cabe"
WORDS = {
    TOO_LONG: f"La dirección es demasiado larga: aquí caben {LONGEST_ADDRESS} caracteres.",
    TOO_LARGE: f"Lo que envía es demasiado grande: aquí caben {LONGEST_BODY} bytes.",
    TOO_SLOW: f"Lo que envía tardó más de {BODY_SECONDS:.0f} segundos en llegar.",
    MANY_HEADERS: f"La petición trae más de {MOST_HEADERS} encabezados.",
}
MALFORMED = "Lo que llegó no es una petición de HTTP que se pueda leer."


class Limits:
    """ASGI middleware before all others: it gives each request its id and lets in only what is within the limits."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # the site opens no websocket
        told = dict(scope["headers"])
        scope["padron.id"] = _request_id(told)
        if refused := _refused(scope, told):
            await _refuse(scope, receive, send, refused)
            return
        if (
            scope["method"] in ("GET", "HEAD")
            and b"transfer-encoding" not in told
            and not told.get(b"content-length", b"0").strip(b"0")
        ):
            await self.app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            await _refuse(scope, receive, send, TOO_SLOW)
            return
        if body is None:
            return
        if len(body) > LONGEST_BODY:
            await _refuse(scope, receive, send, TOO_LARGE)
            return
        await self.app(scope, _again(body, receive), send)


def _request_id(told: Mapping[bytes, bytes]) -> str:
    given = told.get(b"x-request-id", b"")
    return given.decode() if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _refused(scope: Scope, told: Mapping[bytes, bytes]) -> int | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return TOO_LONG
    if len(scope["headers"]) > MOST_HEADERS:
        return MANY_HEADERS
    length = told.get(b"content-length", b"0")
    return TOO_LARGE if not length.isdigit() or int(length[:20]) > LONGEST_BODY else None


async def _body(receive: Receive) -> bytes | None:
    """The body, or the part of it that already is too much; None if whoever sent it left."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if len(body) > LONGEST_BODY or not message.get("more_body"):
            return body


def _again(body: bytes, receive: Receive) -> Receive:
    """A way to receive a body that was read already, and then whatever comes after it."""
    told = False

    async def once() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """Say which limit it is, and close: what else was being sent is not read."""
    refused = told_at_the_door(scope, status, TITLE, WORDS[status])
    refused.headers["Connection"] = "close"
    await refused(scope, receive, send)


class LimitedProtocol(HttpToolsProtocol):
    """The server's reading of HTTP, with an end: headers that do not stop or do not come, and a reader that does not read,
    lose their connection.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._came = 0
        self._stuck = self._late = self.loop.call_later(HEADERS_SECONDS, self._leave)

    def connection_lost(self, exc: Exception | None) -> None:
        self._late.cancel()
        self._stuck.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._came = 0
        self._wait_for_headers()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._late.cancel()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Say that what came is not HTTP: nobody knows what it asked for, and no browser sends it."""
        told = bytes(problem(400, "La petición está mal formada", MALFORMED).body)
        headers = (
            f"content-type: {PROBLEM}\r\ncontent-length: {len(told)}\r\ncache-control: no-store\r\nconnection: close"
        )
        self.transport.write(STATUS_LINE[400] + headers.encode() + b"\r\n\r\n" + told)
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(READER_SECONDS, self._leave)

    def resume_writing(self) -> None:
        self._stuck.cancel()
        super().resume_writing()

    def _wait_for_headers(self) -> None:
        self._late.cancel()
        self._late = self.loop.call_later(HEADERS_SECONDS, self._leave)

    def _count(self, size: int) -> None:
        self._came += size
        if self._came > HEADERS_BYTES:
            raise ValueError("the headers do not end")

    def _leave(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
