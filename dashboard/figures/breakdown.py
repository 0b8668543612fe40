"""A count of one territory divided by one dimension or by two, with its totals: what shares are computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from dashboard.address.phrases import within
from dashboard.figures.counted import CUTOFF
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.published import PublishedFigure
from dashboard.figures.queries import Counts, Data
from etl.model import TOTAL, Field, Kind


@dataclass(frozen=True)
class Breakdown:
    """How many there are of what is `counted`, by the values of `dimensions`; in a key of `counts`, TOTAL stands for all
    the values of a dimension. `tables` are the published tables that it comes from.

    A count that is None is not published: when `withheld`, so that nobody is singled out. `said` are the words that its
    sentences and notes may use, by name, `within` always; `evidence` is what must be said of the figure of each value of
    the first dimension, when each has a source of its own; `cutoffs` are the days it is of, of those that its tables have.
    """

    counted: Field
    dimensions: tuple[Field, ...]
    counts: Counts
    tables: tuple[str, ...]
    said: Mapping[str, str]
    withheld: bool = False
    evidence: Mapping[str, PublishedFigure] = field(default_factory=dict)
    cutoffs: tuple[Any, ...] = ()

    def values(self, position: int) -> Mapping[str, str]:
        """The values of a dimension that the territory has figures of, in the order of the release, with their words."""
        return self._values[position]

    @cached_property
    def _values(self) -> Sequence[Mapping[str, str]]:
        found = []
        for position, item in enumerate(self.dimensions):
            present = {key[position] for key in self.counts} - {TOTAL}
            found.append({value: words for value, words in (item.labels or {}).items() if value in present})
        return found

    def count(self, *values: str) -> float | None:
        """The count of a combination: the dimensions without a value are added up. None when it is not published."""
        rest = len(self.dimensions) - len(values)
        return self.counts.get((*values, *(TOTAL,) * rest) if rest else values)


def breakdown(data: Data, quantity: Quantity, dimensions: tuple[str, ...], code: str) -> Breakdown:
    """`quantity` in one territory (a code, or COUNTRY_CODE) by `dimensions`; Unaskable when no table crosses them, or has
    a figure of that territory."""
    counts = data.crossed(quantity, dimensions, code)
    if not counts:
        raise Unaskable(f"no hay ninguna cifra publicada de «{quantity.title.lower()}» en este lugar")
    of_any = data.once(("of any place", quantity, dimensions), lambda: _of_any_place(data, quantity, dimensions))
    return replace(of_any, counts=counts, said={"within": within(code, data.territories)})


def _of_any_place(data: Data, quantity: Quantity, dimensions: tuple[str, ...]) -> Breakdown:
    """The breakdown of no territory yet: what those of all have in common."""
    place = data.place(quantity, dimensions)
    unit = place.table.field(place.column).unit
    return Breakdown(
        Field(quantity.name, quantity.title, f"{quantity.title}.", Kind.ENTERO, unit=unit, nullable=True),
        tuple(place.table.field(name) for name in dimensions),
        {},
        (place.table.name,),
        {},
        withheld=place.state is not None,
        cutoffs=tuple(values[0] for name, values in place.where if name == CUTOFF),
    )
