"""The sums of some quantities by territory, each made the first time that somebody looks: most questions are of one place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from dashboard.address.vocabulary import Territories
from dashboard.figures.measures import Sums
from dashboard.figures.places import Cell
from dashboard.figures.small import number


@dataclass(frozen=True)
class Part:
    """A quantity by its name, with its cells by code; `added_up` when they have those of departamentos and of the country,
    which are read instead of added.
    """

    name: str
    cells: Mapping[str, Cell]
    added_up: bool

    def at(self, code: str) -> float | None:
        """What a territory has of it; None where that is not published."""
        cell = self.cells.get(code)
        return None if cell is None else cell.value


class Summed(Mapping[str, Sums]):
    """The sum of each of some quantities, by code: every municipio, every departamento and the country. Safe between threads:
    what two of them make at once is the same.

    With `complete`, departamento and country leave out the municipios where any of the quantities is missing.
    """

    def __init__(self, territories: Territories, parts: tuple[Part, ...], complete: bool) -> None:
        self._territories, self._parts, self._complete = territories, parts, complete
        self._cells = tuple((part.name, part.cells) for part in parts)
        self._made: dict[str, Sums] = {}

    def __getitem__(self, code: str) -> Sums:
        found = self._made.get(code)
        if found is None:
            found = self._made[code] = self._sums(code)
        return found

    def of(self, codes: Iterable[str]) -> dict[str, Sums]:
        """Those of some places, for who looks at hundreds of them several times."""
        return {code: self[code] for code in codes}

    def __iter__(self) -> Iterator[str]:
        yield from (*self._territories.municipios, *self._territories.departamentos, "")

    def __len__(self) -> int:
        return len(self._territories.municipios) + len(self._territories.departamentos) + 1

    def _sums(self, code: str) -> Sums:
        if code in self._territories.municipios:
            return {name: cells[code].value if code in cells else None for name, cells in self._cells}
        if code and code not in self._territories.departamentos:
            raise KeyError(code)
        inside = self._counted(code)
        return {
            part.name: part.at(code) if part.added_up else total(part.at(place) for place in inside)
            for part in self._parts
        }

    def _counted(self, code: str) -> list[str]:
        """The municipios that the sum of a territory is made of."""
        places = self._territories.under(code)
        return [place for place in places if place not in self._left_out]

    @cached_property
    def _left_out(self) -> frozenset[str]:
        """The municipios that no sum has, because one of its quantities is not published."""
        places = self._territories.municipios if self._complete else ()
        return frozenset(place for place in places if any(part.at(place) is None for part in self._parts))


def total(parts: Iterable[float | None]) -> float | None:
    """The sum of the parts that there are; None when there are none."""
    known = [part for part in parts if part is not None]
    return number(fsum(known)) if known else None
