"""Which tables the answer to one request was made from: a preview tells the differences of those and of no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_noted: ContextVar[set[str] | None] = ContextVar("tablas", default=None)


@contextmanager
def noting_tables() -> Iterator[set[str]]:
    """The names of the tables that are asked for inside the block."""
    names: set[str] = set()
    token = _noted.set(names)
    try:
        yield names
    finally:
        _noted.reset(token)


def note_tables(names: Iterable[str]) -> None:
    """Say that the answer under way uses some tables; nothing when nobody is noting."""
    noted = _noted.get()
    if noted is not None:
        noted.update(names)
