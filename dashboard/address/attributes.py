"""What is worked out once of a question, or of all those of its class: a page asks for it hundreds of times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

#: A page makes some tens of questions, and the next one makes most of them again.
CACHED = 1_024
#: Where a value keeps its hash, which no attribute is called. In another process text has other hashes: a value that is sent
#: to it keeps its own there.
HASH = f"_hash_{hash(__name__)}"


def _attributes(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    return tuple((item.name, kind.ASKED_AS.get(item.name, item.name), item.default) for item in fields(kind))


_names: Callable[[Any], tuple[str, ...]] = cache(lambda kind: tuple(item.name for item in fields(kind)))
#: Each attribute of a class of questions, with its parameter and its default.
attributes: Callable[[Any], tuple[tuple[str, str, Any], ...]] = cache(_attributes)
#: The values of a question of a class that asks nothing.
unsaid: Callable[[Any], Mapping[str, str]] = cache(lambda kind: kind().values())


def hash_kept(value: Any) -> int:
    """The hash of a frozen dataclass, worked out once: what is kept is kept by question, and a page looks for hundreds of
    things that are.
    """
    said = vars(value)
    if HASH not in said:
        said[HASH] = hash(tuple([said[name] for name in _names(type(value))]))
    found: int = said[HASH]
    return found


@lru_cache(CACHED)
def part(question: Any, names: tuple[str, ...]) -> Any:
    """The question with nothing asked but by the parameters called `names`."""
    rest = {name: usual for name, parameter, usual in attributes(type(question)) if parameter not in names}
    return replace(question, **rest)


@lru_cache(CACHED)
def query(question: Any) -> str:
    """The canonical query of a question, without the question mark."""
    return urlencode(question.parameters(), safe=",")
