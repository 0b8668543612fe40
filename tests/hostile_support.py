"""Requests that nobody in good faith sends, made by chance from what the site declares: its addresses, its parameters and their
values, with hostile ones beside them, in every method, with odd headers, odd bodies and lines that are no HTTP.

The request of a number and a seed is always the same, so whatever fails can be asked again.
"""

from __future__ import annotations

import re
import select
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from dashboard import ASSETS
from dashboard.address.profiles import slugs
from dashboard.app import create_app
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.render.files import FORMATS
from dashboard.views import VIEWS
from dashboard.web.api import EXCEL
from etl.release import Release
from tests.live_support import LIVE, asking, malformed

#: Whose words a page takes as they come, and names that no page has.
FREE, UNKNOWN = ("q", "agregar", "v"), ("", "a[b]", "__proto__", "año", "x" * 300, "\x00", "sexo ", "SEXO")
#: Values that somebody sends to see what happens.
VALUES = (
    "", " ", "0", "-1", "1e309", "9" * 40, "٣", "null", "undefined", "' OR 1=1 --", '"; DROP TABLE padron; --',
    "<script>", "{{7*7}}", "${7*7}", "%", "%zz", "%00", "\x00", "\x1b[31m", "\ud800", "\udfff\ud800", "é", "e\u0301",
    "\u202e", "\u200b", "\ufeff", "🇬🇹", "[", "//[", "../../etc/passwd", "..\\..", "/", "?", "#", "&", "=", ";", ",",
    ",,,,", "1601,0101", "1601,1601", "*", "a" * 3_000, "1601," * 400, "\r\nX-Otro: si", "\n", '{"a":1}', "2023-1\x00",
    "2023-99", "0000-00-00", "file:///etc/passwd", "todas", "total", "confidencial", "nan", "inf", "True",
)  # fmt: skip
#: What ends an address in another way.
ENDINGS = (
    "/",
    "//",
    "%2f",
    "%00",
    "..",
    "/..",
    "/.",
    "[",
    "\\",
    "é",
    "%",
    "%zz",
    ";x",
    "%23",
    "\x7f",
    ".json",
    ".csv",
    "~",
    "*",
)
METHODS = ("GET",) * 24 + ("HEAD", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
#: Header lines that somebody sends; several of them may come together.
HEADERS = (
    "Accept-Encoding: br, gzip", "Accept-Encoding: ;q=,,*;q=0", "Accept-Encoding: gzip;q=nan, br;q=1e999",
    "Accept-Encoding: *;q=0", "Range: bytes=0-10", "Range: bytes=9-2", "Range: bytes=-0", "Range: bytes=0-0,2-3,5-",
    "Range: bytes=99999999999999999999-", "Range: renglones=1-2", "Range: bytes=é", "If-Range: \"x\"",
    "If-Range: ayer", "If-None-Match: *", "If-None-Match: W/\"", "If-None-Match: ,", "If-Modified-Since: ayer",
    "If-Modified-Since: Fri, 31 Dec 99999 23:59:59 GMT", "Host: malo", "Host: [::1", "X-Request-ID: a b",
    "X-Request-ID: " + "a" * 64, "X-Forwarded-For: ' OR 1=1", "X-Forwarded-Host: malo", "X-Forwarded-Proto: gopher",
    "Forwarded: for=;;;", "Cookie: " + "a=b; " * 500, "Accept: */*;q=é", "Accept-Language: \x80\x81",
    "Content-Type: \x80", "Expect: 100-continue",
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
    "Authorization: Basic =", "TE: trailers", "Origin: null", "Referer: //[", "User-Agent: " + "\x7f" * 20,
    "X-Http-Method-Override: DELETE", "X: " + "a" * 9_000,
)  # fmt: skip
#: What is no request, or is two things at once.
NO_HTTP = (
    b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n", b"G\x00T / HTTP/1.1\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://otro.example/padron HTTP/1.1\r\nHost: sitio\r\n\r\n", b"get / http/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 2\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"GET / HTTP/1.1\r\n: x\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"GET / HTTP/1.1\r\n X: 1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\nHost: x\n\n",
    b"GET  /  HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 200,
)  # fmt: skip
PLACE = re.compile(r"\{(\w+)(?::path)?\}")
#: Bytes of an answer that are read before leaving, and how long an answer may take to begin.
READ_BYTES, PATIENCE_SECONDS = 1 << 20, 60


class Hostile:
    """The hostile requests to the site of one release."""

    def __init__(self, release: Path) -> None:
        self.release = Release.open(release)
        self.data = Data(self.release)
        self.paths = sorted(
            {*_paths(create_app(release).routes), *(f"/assets/{path.name}" for path in ASSETS.iterdir())}
        )

    @cached_property
    def parameters(self) -> dict[str, list[str]]:
        """Every parameter that an address may have, with the values that the release has for it, none for some."""
        found: dict[str, set[str]] = {name: set() for name in FREE}
        for view in VIEWS.values():
            whole = view.contract.declare(offer(self.data, view.topic))
            for item in (*whole, EXCEL):
                found.setdefault(item.name, set()).update(item.values)
        return {name: sorted(values) for name, values in sorted(found.items())}

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """What may be in each part of an address that names something."""
        places = list(slugs(self.data.territories))
        manifest = self.release.manifest
        files = [item["nombre"] for item in manifest["archivos"]]
        tables = [Path(name).stem for name in files if name.endswith(".parquet")]
        return {
            "codigo": places,
            "slug": places,
            "conjunto": [item["nombre"] for item in manifest["datasets"]],
            "release_id": [self.release.id],
            "name": [*files, "manifest.json", *(f"{table}.{suffix}" for table in tables for suffix in FORMATS)],
            "view": list(VIEWS),
            "suffix": list(FORMATS),
            "package_name": ["dash"],
        }

    @cached_property
    def bodies(self) -> list[bytes]:
        """What is sent to the address of the live filters, and to the others."""
        good = [
            asking(f"1 /padron?{name}={value}") for name in ("sexo", "indicador") for value in self.parameters[name]
        ]
        return [*(body for body, _ in malformed()), *good * 10]

    def request(self, seed: int, number: int) -> bytes:
        """One of them, always the same for a seed and a number."""
        chance = Random(f"{seed} {number}")
        if chance.random() < 0.04:
            return chance.choice(NO_HTTP)
        if chance.random() < 0.08:
            return _written(chance, "POST", LIVE, chance.choice(self.bodies))
        method = chance.choice(METHODS)
        body = chance.choice(self.bodies) if method not in ("GET", "HEAD") or chance.random() < 0.02 else b""
        return _written(chance, method, self._address(chance), body)

    def _address(self, chance: Random) -> str:
        path = PLACE.sub(lambda part: self._part(chance, part[1]), chance.choice(self.paths))
        if chance.random() < 0.1:
            path = path[: chance.randrange(len(path) + 1)] + chance.choice(ENDINGS)
        names = chance.choices([*self.parameters, *UNKNOWN], k=chance.choice((0, 0, 1, 1, 2, 3, 4, 6)))
        pairs = (f"{_quoted(chance, name)}={self._value(chance, name)}" for name in names)
        return (path or "/") + "".join(
            f"{mark}{pair}" for mark, pair in zip("?" + "&" * len(names), pairs, strict=False)
        )

    def _part(self, chance: Random, name: str) -> str:
        if chance.random() < 0.25 or name not in self.named:
            return _quoted(chance, chance.choice(VALUES))
        return chance.choice(self.named[name])

    def _value(self, chance: Random, name: str) -> str:
        own = self.parameters.get(name)
        return _quoted(chance, chance.choice(own if own and chance.random() < 0.6 else VALUES))


def _paths(routes: list[Any]) -> Iterator[str]:
    """The path of every route, those of the routers that are included among them."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from _paths(inner.routes)
        elif path := getattr(route, "path", ""):
            yield path


def _quoted(chance: Random, text: str) -> str:
    """As a browser, a careless program or an attacker would write it."""
    return quote(text, safe=chance.choice(("", "", "%[]{}<>'\"", "%é\r\n")), errors="surrogatepass")


def _written(chance: Random, method: str, address: str, body: bytes) -> bytes:
    lines = ["Host: sitio", "Connection: close", *chance.sample(HEADERS, chance.choice((0, 0, 1, 1, 2, 4)))]
    chance.shuffle(lines)
    if body and chance.random() < 0.3:
        lines.append("Transfer-Encoding: chunked")
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    elif body or chance.random() < 0.2:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((f"{method} {address} HTTP/1.1", *lines, "", "")).encode("utf-8", "surrogatepass") + body


@dataclass(frozen=True)
class Outcome:
    """What came of a request: the status of its answer, or, if there was none, what happened; and whether a 5xx says when to come
    back."""

    told: str
    soon: bool = False

    @property
    def bad(self) -> bool:
        """Whether it is a fault of the site, or no answer."""
        return not self.told.isdigit() or (self.told >= "500" and not (self.told == "503" and self.soon))


def outcome(url: str, raw: bytes) -> Outcome:
    """Send `raw` in a line of its own and read what is answered, the start of it if it is long."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS) as line:
            with suppress(ConnectionError):  # it has answered, and does not take the rest
                line.sendall(raw)
            answer = HTTPResponse(line, method=raw.partition(b" ")[0].decode("latin-1"))
            answer.begin()
            answer.read(READ_BYTES)
            return Outcome(str(answer.status), answer.getheader("Retry-After") is not None)
    except (OSError, HTTPException) as error:
        return Outcome(type(error).__name__)


@dataclass(frozen=True)
class Attack:
    """What came of many requests: how many of each outcome, and those that a site must never give rise to."""

    counts: Counter[str]
    bad: list[tuple[int, str, bytes]]


def attack(url: str, hostile: Hostile, seed: int, many: int, at_once: int = 8) -> Attack:
    """Send `many` requests, some `at_once`."""

    def one(number: int) -> tuple[int, Outcome]:
        return number, outcome(url, hostile.request(seed, number))

    with ThreadPoolExecutor(at_once) as crowd:
        found = list(crowd.map(one, range(many)))
    bad = [(number, came.told, hostile.request(seed, number)[:400]) for number, came in found if came.bad]
    return Attack(Counter(came.told for _, came in found), bad)


def sending(url: str, head: bytes, piece: bytes, most: int) -> tuple[bytes, int]:
    """Send `head` and then `piece` over and over, up to `most` bytes or until there is an answer: the answer, and how many bytes
    were sent when it came.
    """
    parts, sent = urlsplit(url), 0
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_SECONDS) as line:
        with suppress(ConnectionError):  # the site closed the line between two pieces
            line.sendall(head)
            while sent < most and not select.select([line], [], [], 0)[0]:
                line.sendall(piece)
                sent += len(piece)
        return line.recv(65_536), sent
