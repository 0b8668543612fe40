"""How a file that was made is sent: compressed for whom takes it so, again only if it changed, or from where it was cut off."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from dashboard.web.digests import REPR_DIGEST, repr_digest
from dashboard.web.etags import lists, wants_another
from dashboard.web.kept import IDENTITY, encoding_for
from dashboard.web.made_files import MadeFile, MadeFiles, NotKept, TooBusy, compressed
from dashboard.web.parts import Part, WantsAnother, part_of

#: Media types that compressing makes shorter, from how many bytes, how (the best first), and how its ETag tells it.
COMPRESSED = re.compile(r"text/|image/svg|application/(([a-z.-]+\+)?jsonl?|x-bibtex)\b")
LEAST_BYTES = 500
ENCODINGS = {"br": "-br", "gzip": "-gz"}
#: Seconds between two looks at whether who asked for a file that is being made is still there.
EVERY = 0.5

log = logging.getLogger(__name__)


class Left(Exception):
    """Who asked is not there any more."""


class Sent(StreamingResponse):
    """The bytes of a part of a file; it is let go as soon as they are sent or whoever asked leaves."""

    def __init__(self, file: MadeFile, part: Part, *arguments: Any) -> None:
        self._file: MadeFile | None = file
        super().__init__(self._blocks(part.start, part.end), *arguments)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file = None  # what was cut short is kept by its own traceback until somebody looks for garbage

    async def _blocks(self, start: int, end: int) -> AsyncIterator[bytes | memoryview]:
        while start < end and self._file:
            await asyncio.sleep(0)  # whoever reads as fast as the site sends leaves turns to everybody else
            block: bytes | memoryview = self._file.block_at_hand(start, end)
            if not block:
                block = await asyncio.to_thread(self._file.block, start, end)
            start += len(block)
            yield block


async def while_there(http: Request, making: Coroutine[Any, Any, MadeFile]) -> MadeFile:
    """What `making` gives, while who asks is there: Left, and it is cancelled, when they leave before."""
    task = asyncio.ensure_future(making)
    try:
        while not (await asyncio.wait({task}, timeout=EVERY))[0]:
            if await http.is_disconnected():
                raise Left
        return task.result()
    finally:
        task.cancel()


async def sent(
    http: Request,
    files: MadeFiles,
    file: MadeFile,
    media_type: str,
    caching: str,
    told: Mapping[str, str],
    mark: str | None = None,
) -> Response:
    """The answer with a file and what is `told` of it in headers, or what it asks instead: a part of it, or nothing if it is the
    one that they have. NotSatisfiable if there is no such part, WantsAnother if it is not the version that they want. Its
    ETag is made of `mark`, if its bytes were known by it before they were made, or else of its hash.
    """
    mark = mark or file.sha256[:32]
    asked = http.headers.get("range") if http.method == "GET" else None
    encoding, headers = _first_headers(http, media_type, file.size, asked is not None, caching, mark)
    if wants_another(http.headers.get("if-match"), headers["ETag"]):
        raise WantsAnother
    if lists(http.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers |= {**told, **_saved_as(file.name)}
    if encoding:
        try:
            file = await while_there(http, files.compressed(file, encoding))
            headers["Content-Encoding"] = encoding
        except (NotKept, TooBusy) as error:
            log.warning("se envía sin comprimir %s: %r", http.url.path, error)
            headers["ETag"] = etag(mark, "")
    headers[REPR_DIGEST] = repr_digest(file.sha256)
    return _streamed(http, file, headers, media_type, asked)


def sent_at_once(
    http: Request, content: bytes, name: str, media_type: str, caching: str, told: Mapping[str, str], mark: str
) -> Response:
    """The answer with all of a short file that is in memory and not on the disk, as `sent` gives it."""
    encoding, headers = _first_headers(http, media_type, len(content), False, caching, mark)
    headers |= {**told, **_saved_as(name)}
    if encoding:
        content = compressed(content, encoding)
        headers["Content-Encoding"] = encoding
    headers[REPR_DIGEST] = repr_digest(hashlib.sha256(content).hexdigest())
    return Response(content, 200, headers, media_type)


def _first_headers(
    http: Request, media_type: str, size: int, in_part: bool, caching: str, mark: str
) -> tuple[str, dict[str, str]]:
    """How a file is compressed for who asks («» if it is not), and its headers that do not tell what is in it."""
    text = COMPRESSED.match(media_type) is not None and size >= LEAST_BYTES
    accepted = encoding_for(http.headers.get("accept-encoding", "").encode("latin-1"))
    encoding = accepted if text and not in_part and accepted != IDENTITY else ""
    headers = {"Cache-Control": caching, "Accept-Ranges": "bytes", "ETag": etag(mark, encoding)}
    return encoding, headers | ({"Vary": "Accept-Encoding"} if text else {})


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}


def _streamed(http: Request, file: MadeFile, headers: dict[str, str], media_type: str, asked: str | None) -> Response:
    part = part_of(asked, http.headers.get("if-range"), headers["ETag"], file.size)
    if part:
        headers["Content-Range"] = part.content_range
    sent = part or Part(0, file.size, file.size)
    headers["Content-Length"] = str(sent.end - sent.start)
    if http.method == "HEAD":
        sent = Part(0, 0, file.size)
    return Sent(file, sent, 206 if part else 200, headers, media_type)


def etag(mark: str, encoding: str) -> str:
    """The strong ETag of what `mark` tells from any other, in one encoding («» as it is)."""
    return f'"{mark}{ENCODINGS.get(encoding, "")}"'
