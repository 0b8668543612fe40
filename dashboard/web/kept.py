"""Answers whose bytes are made once: in every encoding that somebody asked for, with their ETag, for all the workers.

What is asked for most is in the memory of each worker; the rest is on the shelf that all of them share.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Lock

import brotli

from dashboard.web.parts import Part
from dashboard.web.shelf import Shelf

IDENTITY, BROTLI, GZIP = "identity", "br", "gzip"
#: How each encoding marks its ETag: the same document in another encoding is other bytes.
MARKS = {IDENTITY: "", BROTLI: "-br", GZIP: "-gz"}
#: How hard each tries. Brotli at 5 would save 7 % of the bytes and take 70 % longer, while somebody waits.
QUALITY, LEVEL = 4, 6
#: Fewer bytes than this travel as they are.
LEAST_COMPRESSED = 500
#: What is told of a body, and not again to whoever has it.
OF_THE_BODY = ("content-type", "link")
Headers = tuple[tuple[bytes, bytes], ...]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """An answer that was made: its body as it is, its status and its headers, without those that its encoding decides."""

    body: bytes
    headers: Mapping[str, str]
    status: int = 200


@dataclass(frozen=True)
class Encoded:
    """The bytes of an answer in one encoding, with its headers; `mark` tells its document from any other."""

    status: int
    mark: str
    told: Mapping[str, str]
    body: bytes
    encoding: str = IDENTITY

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + 1_500

    @cached_property
    def etag(self) -> bytes:
        """The strong ETag of these bytes."""
        return f'"{self.mark}{MARKS[self.encoding]}"'.encode()

    @cached_property
    def shared(self) -> Headers:
        """The headers that a 304 has too."""
        told = {name: value for name, value in self.told.items() if name.lower() not in (*OF_THE_BODY, "vary")}
        varies = [value for name, value in self.told.items() if name.lower() == "vary"]
        return (*_written(told | {"Vary": ", ".join([*varies, "Accept-Encoding"])}), (b"etag", self.etag))

    @cached_property
    def headers(self) -> Headers:
        """Every header."""
        own = {name: value for name, value in self.told.items() if name.lower() in OF_THE_BODY}
        own |= {"Content-Length": str(len(self.body))}
        own |= {"Accept-Ranges": "bytes"} if self.status == 200 else {}
        own |= {"Content-Encoding": self.encoding} if self.encoding != IDENTITY else {}
        return (*self.shared, *_written(own))

    def headers_of(self, part: Part) -> Headers:
        """Every header of a part of it."""
        of_part = {"Content-Range": part.content_range, "Content-Length": str(part.end - part.start)}
        return (*(item for item in self.headers if item[0] != b"content-length"), *_written(of_part))


def encoded(made: Made, encoding: str) -> Encoded:
    """`made` in one encoding; as it is, if it is so short that nothing would be won."""
    made_so = Encoded(made.status, hashlib.sha256(made.body).hexdigest()[:32], made.headers, made.body)
    return recoded(made_so, encoding)


def recoded(found: Encoded, encoding: str) -> Encoded:
    """An answer that is as it is, in another encoding; the same one, if it is so short that nothing would be won."""
    if encoding == IDENTITY or len(found.body) < LEAST_COMPRESSED:
        return found
    return replace(found, body=_compressed(found.body, encoding), encoding=encoding)


def plain(found: Encoded) -> Encoded:
    """An answer as it was before it was compressed."""
    if found.encoding == IDENTITY:
        return found
    body = brotli.decompress(found.body) if found.encoding == BROTLI else gzip.decompress(found.body)
    return replace(found, body=bytes(body), encoding=IDENTITY)


def _compressed(body: bytes, encoding: str) -> bytes:
    return bytes(brotli.compress(body, quality=QUALITY)) if encoding == BROTLI else gzip.compress(body, LEVEL, mtime=0)


def _written(headers: Mapping[str, str]) -> Headers:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


@lru_cache(256)
def encoding_for(accepted: bytes) -> str:
    """The encoding to answer a request in whose Accept-Encoding is `accepted`: brotli, gzip or as it is."""
    wanted = {}
    for item in accepted.decode("latin-1").lower().split(","):
        name, _, weight = item.partition(";")
        wanted[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in (BROTLI, GZIP) if wanted.get(name, wanted.get("*", False))), IDENTITY)


class KeptAnswers:
    """Answers by key and encoding. Up to `most_bytes` of them are in the memory of this process. Safe between threads."""

    def __init__(self, shelf: Shelf, most_bytes: int) -> None:
        self._shelf, self._most = shelf, most_bytes
        self._memory: OrderedDict[tuple[str, str], Encoded] = OrderedDict()
        self._weight, self._lock = 0, Lock()

    def find(self, key: str, encoding: str) -> Encoded | None:
        """The answer kept under `key`, in one encoding; None if it must be made."""
        return self.remembered(key, encoding) or self.from_disk(key, encoding)

    def remembered(self, key: str, encoding: str) -> Encoded | None:
        """The answer that this process has in memory."""
        with self._lock:
            found = self._memory.get((key, encoding))
            if found is not None:
                self._memory.move_to_end((key, encoding))
            return found

    def obtained(self, key: str, encoding: str, make: Callable[[], Made]) -> Encoded:
        """The answer kept under `key`, in one encoding; `make` makes it when there is none in any, and it is kept."""
        found = self.find(key, encoding)
        if found is not None:
            return found
        found = recoded(self._as_it_is(key, encoding) or encoded(make(), IDENTITY), encoding)
        self._to_disk(key, encoding, found)
        self.remember(key, encoding, found)
        return found

    def _as_it_is(self, key: str, wanted: str) -> Encoded | None:
        """The answer kept in any encoding but the one `wanted`, as it is: most are only ever asked for in one."""
        others = (self.from_disk(key, other) for other in (IDENTITY, BROTLI, GZIP) if other != wanted)
        return next((plain(found) for found in others if found), None)

    def forget(self) -> None:
        """Leave the memory of this process empty: what it holds is of a release that was replaced."""
        with self._lock:
            self._memory.clear()
            self._weight = 0

    def remember(self, key: str, encoding: str, found: Encoded) -> None:
        """Have in memory an answer that another process made."""
        with self._lock:
            before = self._memory.pop((key, encoding), None)
            self._memory[key, encoding] = found
            self._weight += found.weight - (before.weight if before else 0)
            while self._weight > self._most and len(self._memory) > 1:
                self._weight -= self._memory.popitem(last=False)[1].weight

    def from_disk(self, key: str, encoding: str) -> Encoded | None:
        """The answer that any process left on the disk, which this one remembers from now on."""
        file = self._shelf.find(_named(key, encoding))
        if file is None:
            return None
        with file:
            found = _read(file.read())
        self.remember(key, encoding, found)
        return found

    def _to_disk(self, key: str, encoding: str, item: Encoded) -> None:
        """A disk that cannot take it costs only that it is made again."""
        try:
            self._shelf.put(_named(key, encoding), _line(item) + item.body)
        except OSError as error:
            log.warning("no se pudo guardar una página en el disco: %s", error)


def _named(key: str, encoding: str) -> str:
    return f"{encoding}\n{key}"


def _line(item: Encoded) -> bytes:
    """What is told of the bytes that follow, in one line."""
    told = {"estado": item.status, "etag": item.mark, "codificacion": item.encoding, "encabezados": item.told}
    return json.dumps(told).encode() + b"\n"


def _read(content: bytes) -> Encoded:
    line, _, body = content.partition(b"\n")
    told = json.loads(line)
    return Encoded(told["estado"], told["etag"], told["encabezados"], body, told["codificacion"])
