"""Short answers of the tables that were asked for in the same words a moment ago: from the memory of the process, with the very
headers and bytes with which they were sent. Whatever asks for a part, for nothing new, or for a release by its name is not here.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.site import Site
from dashboard.web.answers import encoding_of
from dashboard.web.observed import HOW, MEMORY
from dashboard.web.security import BY_OTHERS
from dashboard.web.serving import ServedReleases

#: What is asked of a table, as rows or sums.
ASKED = re.compile(r"/api/v1/datasets/[a-z0-9_]+/data\.[a-z]+")
#: With any of these, the answer may be another one than the whole.
CONDITIONS = frozenset(
    (b"range", b"if-range", b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since")
)
#: Bytes of one answer, and of all that a process has in memory.
MOST_OF_ONE, MOST_OF_ALL = 64 << 10, 4 << 20
#: What an answer weighs besides its body: its headers and its address.
BESIDE_THE_BODY = 2_000
Key = tuple[str, bytes, str]


@dataclass
class Sent:
    """An answer as it was sent."""

    start: Message
    body: bytes

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + BESIDE_THE_BODY


@dataclass
class _Heard:
    """An answer that is being sent: what there is of it so far, unless it is none to be sent again."""

    start: Message | None = None
    pieces: list[bytes] = field(default_factory=list)
    whole: bool = False

    def hear(self, message: Message) -> None:
        """Take in what is sent."""
        if message["type"] == "http.response.start":
            # Its own list of headers: whoever sends it on adds theirs to the other.
            self.start = {**message, "headers": tuple(message["headers"])} if _may_be_kept(message) else None
        elif self.start and message["type"] == "http.response.body":
            self.pieces.append(bytes(message.get("body", b"")))
            self.whole = not message.get("more_body", False)


class Again:
    """ASGI middleware before what finds and keeps answers on the disk. One for each process; a new release leaves it empty."""

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served
        self._site: Site | None = None
        self._memory: OrderedDict[Key, Sent] = OrderedDict()
        self._weight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not ASKED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        if self.served.unavailable() or any(name in CONDITIONS for name, _ in scope["headers"]):
            await self.app(scope, receive, send)
            return
        site = self.served.current
        if site is not self._site:
            self._memory.clear()
            self._weight, self._site = 0, site
        key = (scope["path"], scope["query_string"], encoding_of(scope))
        if found := self._memory.get(key):
            self._memory.move_to_end(key)
            scope[HOW] = MEMORY
            await send({**found.start, "headers": list(found.start["headers"])})
            await send({"type": "http.response.body", "body": found.body})
            return
        await self._asked(key, site, scope, receive, send)

    async def _asked(self, key: Key, site: Site, scope: Scope, receive: Receive, send: Send) -> None:
        heard = _Heard()

        async def sent(message: Message) -> None:
            heard.hear(message)
            await send(message)

        await self.app(scope, receive, sent)
        if heard.start and heard.whole and site is self._site:
            self._keep(key, Sent(heard.start, b"".join(heard.pieces)))

    def _keep(self, key: Key, answer: Sent) -> None:
        before = self._memory.pop(key, None)
        self._weight += answer.weight - (before.weight if before else 0)
        self._memory[key] = answer
        while self._weight > MOST_OF_ALL:
            _, oldest = self._memory.popitem(last=False)
            self._weight -= oldest.weight


def _may_be_kept(start: Message) -> bool:
    """Whether an answer is good, whole, short, and not of a release that its address names, which may be withdrawn."""
    told = {name.lower(): value for name, value in start["headers"]}
    length = told.get(b"content-length", b"")
    short = length.isdigit() and int(length) <= MOST_OF_ONE
    return bool(start["status"] == 200 and short and told.get(b"cache-control") == BY_OTHERS.encode())
