"""The way of every request to its answer: what is kept is sent at once; what is not is made once, by as many as there are cores.

Nothing here waits for a page to be made but those who asked for that page.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.address.named_release import LATEST
from dashboard.pages.model import face_of
from dashboard.site import Site
from dashboard.web import live, metadata
from dashboard.web.addresses import Visit, visit_of
from dashboard.web.admission import COME_BACK, Admission, Busy, ClientLeft, unless_gone
from dashboard.web.etags import lists, wants_another
from dashboard.web.kept import IDENTITY, Encoded, KeptAnswers, Made, encoded, encoding_for
from dashboard.web.observed import DISK, HOW, MADE, MEMORY, REFUSED
from dashboard.web.painting import generation, key_of, painted, painted_of, pinned_key
from dashboard.web.parts import NotSatisfiable, Part, WantsAnother, part_of
from dashboard.web.problems import another_version, not_satisfiable, reads_problems, told_at_the_door
from dashboard.web.renderers import Renderers, Rendering
from dashboard.web.security import NOT_KEPT, headers_of
from dashboard.web.serving import ServedReleases
from dashboard.web.waiting import full

#: Bytes written at a time: whoever reads slowly makes the site hold no more than this.
PIECE = 131_072
#: What a program is told when there is no room.
NO_ROOM = ("Hay muchas visitas en este momento", "Intente de nuevo en unos segundos.")
#: What never waits for a place: files and answers that are streamed, and what Dash's own packages bring.
FILES = re.compile(r"/(descargas|imagen|tacto)/|/analisis/.|/api/v1/(datasets|pxweb/tables)/[^/]+/data\b")
SCRIPTS = "/_dash-component-suites/"
#: Addresses that name a release, whose answer is the same for ever.
OF_A_RELEASE = ("/lugares/", "/vista-previa/")
#: Addresses, written just so, whose answer depends on nothing but the release that is served.
OF_THE_RELEASE = ("/api/v1/parametros", "/api/v1/openapi.json", *metadata.WRITERS)
COMPRESSED = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/problem+json",
    "application/xml",
    "image/svg+xml",
    "application/javascript",
)

log = logging.getLogger(__name__)


@dataclass
class Job:
    """An answer that is being made, and how many wait for it."""

    task: asyncio.Task[Encoded]
    waiting: int = 0


class Answers:
    """ASGI middleware before everything that has to be made. One for each process."""

    def __init__(
        self,
        app: ASGIApp,
        served: ServedReleases,
        kept: KeptAnswers,
        live_tags: Callable[[], Markup],
        admission: Admission,
        renderers: Renderers,
    ) -> None:
        self.app, self.served, self.kept, self.live_tags = app, served, kept, live_tags
        self.admission, self.renderers = admission, renderers
        self._hands = ThreadPoolExecutor(self.admission.places, "pagina")
        self._jobs: dict[tuple[str, ...], Job] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or FILES.match(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            found = await self._found(scope, receive, encoding_of(scope))
        except ClientLeft:
            return
        except Busy:
            scope[HOW] = REFUSED
            if reads_problems(scope):
                said = told_at_the_door(scope, 503, *NO_ROOM)
                said.headers.update({"Retry-After": COME_BACK, "Cache-Control": NOT_KEPT})
                await said(scope, receive, send)
                return
            found = full(scope["path"])
        await answer(found, scope, receive, send)

    async def _found(self, scope: Scope, receive: Receive, encoding: str) -> Encoded:
        site = None if self.served.unavailable() else self.served.current
        reads = scope["method"] in ("GET", "HEAD")
        address = address_of(scope)
        if reads and site:
            visit = visit_of(
                scope["path"], scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
            )
            if visit:
                under = pinned_key(address) if visit.pinned else key_of(site, address)
                may = not visit.pinned or self.served.serves(visit.pinned)
                found = self._kept(under, encoding, scope) if may else None
                if found is None:
                    found = await self._made_once(site, visit, under, scope, receive, encoding)
                return found
            if address.startswith((*OF_A_RELEASE, SCRIPTS)) or address in OF_THE_RELEASE:
                return await self._kept_as_it_is(f"{site.release.id} {address}", scope, receive, encoding)
        body = await read_all(receive)
        if site and scope["path"] == live.PATH and scope["method"] == "POST":
            key = (f"{generation(site)} {live.PATH} {body.decode('latin-1')}", encoding)
            return await self._shared(key, self._live(site, body, key), receive)
        return await unless_gone(self._worked(scope, body, encoding), receive)

    def _kept(self, key: str, encoding: str, scope: Scope) -> Encoded | None:
        """The answer kept under `key`, noting for whoever looks from outside where it was."""
        if found := self.kept.remembered(key, encoding):
            scope[HOW] = MEMORY
            return found
        found = self.kept.from_disk(key, encoding)
        scope[HOW] = DISK if found else MADE
        return found

    # --- Pages ---------------------------------------------------------------------------------------------------------

    async def _made_once(
        self, site: Site, visit: Visit, kept_under: str, scope: Scope, receive: Receive, encoding: str
    ) -> Encoded:
        await read_all(receive)
        key = (kept_under, encoding)
        work = self._page(site, visit, key, scope)
        reader = "programa" if reads_problems(scope) else "persona"  # what fails is told to each in another way
        return await self._shared((*key, reader), work, receive)

    async def _shared(self, key: tuple[str, ...], work: Coroutine[Any, Any, Encoded], receive: Receive) -> Encoded:
        """What `work` gives, for everybody who asks for the same meanwhile; it stops when all of them have left."""
        job = self._jobs.get(key)
        if job is None:
            job = self._jobs[key] = Job(asyncio.create_task(work))
            job.task.add_done_callback(lambda task: self._ended(key, task))
        else:
            work.close()
        job.waiting += 1
        try:
            return await unless_gone(asyncio.shield(job.task), receive)
        finally:
            job.waiting -= 1
            if not job.waiting and not job.task.done():
                job.task.cancel()
                self._jobs.pop(key, None)

    def _ended(self, key: tuple[str, ...], task: asyncio.Task[Encoded]) -> None:
        if self._jobs.get(key, None) is not None and self._jobs[key].task is task:
            del self._jobs[key]
        if not task.cancelled():
            task.exception()  # whoever waits for it is told; with nobody left, nobody is

    async def _page(self, site: Site, visit: Visit, key: tuple[str, str], scope: Scope) -> Encoded:
        async with self.admission.place():
            if self.admission.waiting:
                self.renderers.call(site)
            run = asyncio.get_running_loop().run_in_executor
            try:
                return await run(self._hands, self._painted, site, visit, key)
            except Exception as error:  # what a page raises is told by the pages of errors, which the application knows
                log.debug("%s: %r", visit.address, error)
                return await self._inside(scope, b"", key[1])

    def _painted(self, site: Site, visit: Visit, key: tuple[str, str]) -> Encoded:
        if visit.pinned:
            return self._of_one_release(site, visit, key)
        found = self.renderers.rendered(site, lambda: self._asked(visit, key))
        if found and found.kept:
            self.kept.remember(*key, found.page)
        if found:
            return found.page
        if visit.is_kept(site):
            return self.kept.obtained(*key, lambda: painted(site, visit, self.live_tags))
        return encoded(painted(site, visit, self.live_tags), key[1])

    def _of_one_release(self, site: Site, visit: Visit, key: tuple[str, str]) -> Encoded:
        """The page of a visit that names a release."""
        made = partial(painted_of, self.served.of, site, visit)
        named = self.served.of(visit.pinned) if visit.pinned != LATEST else None
        if named and visit.is_kept(named):
            return self.kept.obtained(*key, made)
        return encoded(made(), key[1])

    def _asked(self, visit: Visit, key: tuple[str, str]) -> Rendering:
        """What a renderer is asked for the page of a visit."""
        tags = str(self.live_tags()) if visit.page.live and not visit.accessible else ""
        path = face_of(visit.page.path.format(**visit.named), visit.accessible).path
        return Rendering(key[0], path, visit.path, visit.query, key[1], tags)

    async def _live(self, site: Site, body: bytes, key: tuple[str, str]) -> Encoded:
        """The answer to a change of the filters, which is small, and asked for by few at a time: it is not kept."""
        async with self.admission.place():
            run = asyncio.get_running_loop().run_in_executor
            return await run(self._hands, lambda: encoded(live.live_answer(site, body, self.live_tags), key[1]))

    # --- Everything else -----------------------------------------------------------------------------------------------

    async def _kept_as_it_is(
        self, key: str, scope: Scope, receive: Receive, encoding: str, body: bytes = b""
    ) -> Encoded:
        found = self._kept(key, encoding, scope)
        if found is not None:
            return found
        if not body:
            await read_all(receive)
        work = self._worked(scope, body, encoding, key)
        return await self._shared((key, encoding), work, receive)

    async def _worked(self, scope: Scope, body: bytes, encoding: str, key: str = "") -> Encoded:
        if scope["path"].startswith(SCRIPTS):
            return await self._inside(scope, body, encoding, key)
        async with self.admission.place():
            return await self._inside(scope, body, encoding, key)

    async def _inside(self, scope: Scope, body: bytes, encoding: str, key: str = "") -> Encoded:
        """What the application answers, whole, kept under `key` if there is one."""
        made = await captured(self.app, scope, body)
        kind = made.headers.get("content-type", "")
        wanted = encoding if kind.startswith(COMPRESSED) and "content-encoding" not in made.headers else IDENTITY
        run = asyncio.get_running_loop().run_in_executor
        if key and made.status == 200:
            return await run(self._hands, self.kept.obtained, key, wanted, lambda: made)
        return await run(self._hands, encoded, made, wanted)


def address_of(scope: Scope) -> str:
    """The path and the query of a request, exactly as they came."""
    query = scope["query_string"]
    return str((scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1"))


async def read_all(receive: Receive) -> bytes:
    """The body of a request; ClientLeft if whoever asked leaves before its end."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


#: What of a request asks for less than the whole answer, and what of it decides how an answer travels and not what it says.
CONDITIONS = frozenset((b"if-match", b"if-none-match", b"range", b"if-range"))
OF_THE_WAY = CONDITIONS | {b"if-modified-since", b"accept-encoding"}


async def captured(app: ASGIApp, scope: Scope, body: bytes) -> Made:
    """What `app` answers to a request, whole."""
    asked = {**scope, "headers": [item for item in scope["headers"] if item[0] not in OF_THE_WAY]}
    if scope["method"] == "HEAD":
        asked["method"] = "GET"
    told: dict[str, Any] = {"status": 500, "headers": {}}
    pieces: list[bytes] = []
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            told["status"] = message["status"]
            told["headers"] = dict(MutableHeaders(raw=list(message["headers"])))
        else:
            pieces.append(message.get("body", b""))

    await app(asked, receive, send)
    told["headers"].pop("content-length", None)
    return Made(b"".join(pieces), told["headers"], told["status"])


def encoding_of(scope: Scope) -> str:
    """The encoding in which a request is answered: a part is always of what is as it is, as dashboard.web.parts says."""
    told = dict(scope["headers"])
    part = scope["method"] == "GET" and b"range" in told
    return IDENTITY if part else encoding_for(told.get(b"accept-encoding", b""))


async def answer(found: Encoded, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer, or what was asked for instead: a part of it, a 304 to whoever has it, or its headers alone."""
    reads = found.status == 200 and scope["method"] in ("GET", "HEAD")
    try:
        status, part = _asked_for(found, scope) if reads else (found.status, None)
    except (NotSatisfiable, WantsAnother) as error:
        refused = not_satisfiable(error) if isinstance(error, NotSatisfiable) else another_version(error)
        refused.headers.update(headers_of(scope["path"]) | {"Cache-Control": NOT_KEPT})
        await refused(scope, receive, send)
        return
    headers = found.shared if status == 304 else found.headers_of(part) if part else found.headers
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if status == 304 or scope["method"] == "HEAD" else found.body
    await _send_body(body[part.start : part.end] if part else body, send)


def _asked_for(found: Encoded, scope: Scope) -> tuple[int, Part | None]:
    """The status with which an answer is sent, and the part of it, if it is not all. NotSatisfiable, WantsAnother."""
    told = {name: value.decode("latin-1") for name, value in scope["headers"] if name in CONDITIONS}
    if not told:
        return 200, None
    etag = found.etag.decode()
    if wants_another(told.get(b"if-match"), etag):
        raise WantsAnother
    if lists(told.get(b"if-none-match", ""), etag):
        return 304, None
    asked = told.get(b"range") if scope["method"] == "GET" else None
    part = part_of(asked, told.get(b"if-range"), etag, len(found.body))
    return (206 if part else 200), part


async def _send_body(body: bytes, send: Send) -> None:
    """Send a body, a piece at a time."""
    if len(body) <= PIECE:
        await send({"type": "http.response.body", "body": body})
        return
    view = memoryview(body)
    for start in range(0, len(body), PIECE):
        more = start + PIECE < len(body)
        await send({"type": "http.response.body", "body": bytes(view[start : start + PIECE]), "more_body": more})
