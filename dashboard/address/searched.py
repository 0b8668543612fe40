"""The query string of the search for a place: what was typed, and the topic whose figures are wanted of the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.address.parameters import Parameter, Question
from dashboard.address.typed_words import LONGEST_TEXT

#: The topics whose pages show one place: each is also the first part of their addresses.
TOPIC = Parameter(
    "tema",
    "Tema",
    "De qué tema son las cifras que se quieren ver del lugar",
    {"padron": "Padrón", "participacion": "Participación"},
    everything="Todo: la ficha del lugar",
)


@dataclass(frozen=True)
class Searched(Question):
    """What was typed, without the spaces around it, and a topic; None for the profile of the place."""

    q: str = ""
    tema: str | None = None


def searched(query: Mapping[str, str]) -> Searched:
    """What an address searches for. A topic that does not exist is as none: the place is found all the same."""
    typed = (query.get("q") or "").strip()[:LONGEST_TEXT]
    topic = query.get(TOPIC.name)
    return Searched(typed, topic if topic in TOPIC.values else None)


def topic_of(path: str) -> str:
    """The topic of the page at a path, and of those under it; "" for a page of none."""
    first = path.strip("/").partition("/")[0]
    return first if first in TOPIC.values else ""
