"""The part of a file that whoever asks wants (RFC 9110, 14): to read it by address without having all of it, or to go on with a
download that was cut off.

A part is always of the file as it is, never of a compressed form of it. That is what the tools that read by address count on:
polars, DuckDB and OGR (`/vsicurl`) ask for its size and then for parts without taking any compression; fsspec asks for its size
as it is (`identity`) and then for parts with `Accept-Encoding: gzip`, and could open no piece of a compressed form; browsers take
no compressed part (the Fetch standard writes `Accept-Encoding: identity` beside any Range). Each form has its own ETag: whoever
was receiving a compressed one and goes on with `If-Range` gets all of it again, never bytes of two forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: One range of bytes, as RFC 9110 writes it. Whoever asks for several, or in another unit, gets the whole file.
ONE_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")


class NotSatisfiable(Exception):
    """The range asked for is beyond the end of a file of `size` bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"El archivo tiene {size} bytes y el tramo pedido empieza después.")


class WantsAnother(Exception):
    """A part was asked for only of another version than the one there is."""

    def __init__(self) -> None:
        super().__init__("La versión que se pide (If-Match) no es la que hay en esta dirección.")


@dataclass(frozen=True)
class Part:
    """The bytes from `start` to before `end` of a file of `size`."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """The value of Content-Range."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def part_of(asked: str | None, if_range: str | None, etag: str, size: int) -> Part | None:
    """The part that the headers Range and If-Range ask for, of the version `etag` of a file of `size` bytes.

    None to send all of it: nobody asked for a part, or not for one, or of another version. NotSatisfiable if it has no byte.
    """
    found = ONE_RANGE.fullmatch(asked) if asked else None
    if found is None or found.groups() == ("", "") or if_range not in (None, etag):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise NotSatisfiable(size)
    return Part(start, end, size)
