"""A table of figures as JSON-stat 2.0 has it (https://json-stat.org/format/): its dimensions with their values in words, its
figures in one list, and why each that is missing is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Any

from dashboard.figures.counted import CUTOFF, OCCASIONS
from dashboard.render.formats import Format
from etl import fields
from etl.model import Field, Kind

JSONSTAT = Format("jsonstat", "JSON-stat 2.0", "application/json; charset=utf-8")
#: The dimension of what is measured, as statistical offices call it.
CONTENTS, CONTENTS_TITLE = "ContentsCode", "Cifra"
#: The most cells that a document describes, with those that nothing is in.
MOST_CELLS = 1_000_000
TIMES, PLACES = frozenset((*OCCASIONS, CUTOFF)), frozenset(item.name for item in fields.PLACES)
#: What a missing figure without any other reason says, and what is missing because nobody published that combination.
NO_DATA, NOT_THERE = "sin_dato", "no_publicada"
#: From which part of the cells on they are all listed: fewer are told by their place.
DENSE = 0.5


class TooManyCells(ValueError):
    """A table whose dimensions have more combinations than a document describes."""


@dataclass(frozen=True)
class Dimension:
    """A column that figures are divided by: its values in order, and the words for each."""

    field: Field
    values: tuple[Any, ...]
    words: Mapping[str, str]

    @property
    def codes(self) -> list[str]:
        """Its values as text."""
        return [code_of(value) for value in self.values]

    @property
    def described(self) -> dict[str, Any]:
        """It as the document has it."""
        codes = self.codes
        labels = {code: self.words.get(code, code) for code in codes}
        category = {"index": codes, "label": labels}
        return {"label": self.field.title, "note": [self.field.description], "category": category}


@dataclass(frozen=True)
class Cube:
    """What a document is about: its figures (each with the column that says why it is missing, if there is one) by dimensions."""

    label: str
    dimensions: tuple[Dimension, ...]
    figures: tuple[Field, ...]
    states: Mapping[str, str]
    source: str
    updated: str
    notes: tuple[str, ...]
    links: Mapping[str, str]
    extension: Mapping[str, Any]

    @property
    def size(self) -> list[int]:
        """How many values each dimension has, the figures last."""
        return [*(len(item.values) for item in self.dimensions), len(self.figures)]


def code_of(value: Any) -> str:
    """A value of a dimension as a code."""
    if value is None:
        return NO_DATA
    if isinstance(value, bool):
        return "si" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def in_order(item: Field, values: Iterable[Any]) -> tuple[Any, ...]:
    """Values of a column, each once, as its declaration orders them, or else from the least."""
    places = {value: place for place, value in enumerate(item.labels or ())}
    return tuple(
        sorted(set(values), key=lambda value: (value is None, places.get(value, 0), str(type(value)), value or 0))
    )


def document(cube: Cube, rows: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The document of `cube` with the figures of `rows`. TooManyCells if it would describe too many."""
    size = cube.size
    if prod(size) > MOST_CELLS:
        raise TooManyCells
    values, states = _filled(cube, rows, size)
    names = [item.field.name for item in cube.dimensions]
    roles = {"time": TIMES, "geo": PLACES}
    role = {kind: found for kind, known in roles.items() if (found := [name for name in names if name in known])}
    return {
        "version": "2.0",
        "class": "dataset",
        "label": cube.label,
        "source": cube.source,
        "updated": cube.updated,
        "note": list(cube.notes),
        "id": [*names, CONTENTS],
        "size": size,
        "role": {**role, "metric": [CONTENTS]},
        "dimension": {
            **{item.field.name: item.described for item in cube.dimensions},
            CONTENTS: _contents(cube.figures),
        },
        "value": values,
        **({"status": states} if states else {}),
        "link": {kind: [{"href": address}] for kind, address in cube.links.items()},
        "extension": dict(cube.extension),
    }


def _contents(figures: Sequence[Field]) -> dict[str, Any]:
    units = {item.name: {"base": item.unit or "", "decimals": _decimals(item)} for item in figures}
    labels = {item.name: item.title for item in figures}
    return {"label": CONTENTS_TITLE, "category": {"index": list(labels), "label": labels, "unit": units}}


def _decimals(item: Field) -> int:
    return 0 if item.kind is Kind.ENTERO else item.decimals or 0


def _filled(
    cube: Cube, rows: Iterable[Mapping[str, Any]], size: Sequence[int]
) -> tuple[list[Any] | dict[str, Any], dict[str, str]]:
    """The figures, as a list or by their places when they are few, and why those that are missing are."""
    places = [{value: place for place, value in enumerate(item.values)} for item in cube.dimensions]
    names = [item.field.name for item in cube.dimensions]
    found: dict[int, Any] = {}
    states: dict[str, str] = {}
    for row in rows:
        at = 0
        for name, place, length in zip(names, places, size, strict=False):
            at = at * length + place[row[name]]
        for turn, item in enumerate(cube.figures, start=at * len(cube.figures)):
            found[turn] = row[item.name]
            if row[item.name] is None:
                said = row.get(cube.states.get(item.name, ""))
                states[str(turn)] = said or NO_DATA
    if len(found) < DENSE * prod(size):
        return {str(place): value for place, value in found.items()}, states
    whole = [found.get(place) for place in range(prod(size))]
    states |= {str(place): NOT_THERE for place in range(len(whole)) if place not in found}
    return whole, states
