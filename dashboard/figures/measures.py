"""How a figure is made: quantities that can be summed, and the measures computed from sums (never from averages)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from dashboard.address.vocabulary import DIMENSIONS
from etl.datasets import all_datasets
from etl.model import Table

Sums = Mapping[str, float | None]


class Unaskable(ValueError):
    """The source has no table that crosses what was asked."""


@cache
def _tables() -> Mapping[str, Table]:
    return {table.name: table for owner in all_datasets() for table in owner.tables}


def table_named(name: str) -> Table:
    """The declared table called `name`; KeyError if no dataset has it."""
    return _tables()[name]


@dataclass(frozen=True)
class Quantity:
    """Something counted by municipio, found in the first of `places` (table, value column) that has every column asked for."""

    name: str
    title: str
    places: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, tuple[object, ...]], ...] = ()

    def place(self, conditions: Mapping[str, str]) -> tuple[Table, str]:
        """The table and value column that cross this quantity with `conditions`; Unaskable when the source has none."""
        wanted = {*(column for column, _ in self.where), *conditions}
        for table_name, value in self.places:
            table = table_named(table_name)
            if wanted <= {field.name for field in table.fields}:
                return table, value
        raise Unaskable(f"{self.title} no se publica por {', '.join(sorted(wanted))}")

    def accepts(self) -> frozenset[str]:
        """The dimensions this quantity can still be split by."""
        fixed = {column for column, _ in self.where}
        return frozenset(name for name in DIMENSIONS if name not in fixed and self._crosses(name))

    def _crosses(self, dimension: str) -> bool:
        try:
            self.place({dimension: ""})
        except Unaskable:
            return False
        return True

    def at(self, **values: object) -> Quantity:
        """This quantity restricted to `values` by column (a value or a tuple of them)."""
        extra = tuple((column, value if isinstance(value, tuple) else (value,)) for column, value in values.items())
        return Quantity(self.name, self.title, self.places, self.where + extra)

    def called(self, name: str, title: str) -> Quantity:
        """This quantity under another name."""
        return Quantity(name, title, self.places, self.where)


@dataclass(frozen=True)
class Status:
    """Where a source's own doubts are: the table, the column with the state of the figure and the rows meant."""

    table: str
    column: str
    where: tuple[tuple[str, object], ...] = ()


class Measure(Protocol):
    """What an indicator computes from the sums of its quantities.

    With `complete`, a sum over several municipios leaves out those where any of the quantities is not published, so that
    numerator and denominator speak of the same places.
    """

    complete: bool

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything that must be summed."""

    def value(self, sums: Sums) -> float | None:
        """The figure; None when something it needs is not published."""

    def formula(self) -> str:
        """The computation, in words."""


@dataclass(frozen=True)
class Count:
    """How many there are."""

    counted: Quantity
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.counted,)

    def value(self, sums: Sums) -> float | None:
        return sums[self.counted.name]

    def formula(self) -> str:
        return f"suma de {_lower(self.counted.title)}"


@dataclass(frozen=True)
class Ratio:
    """`numerator` for every hundred of `denominator`, both summed first."""

    numerator: Quantity
    denominator: Quantity
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.numerator, self.denominator)

    def value(self, sums: Sums) -> float | None:
        above, below = sums[self.numerator.name], sums[self.denominator.name]
        return 100 * above / below if above is not None and below else None

    def formula(self) -> str:
        return f"100 × {_lower(self.numerator.title)} ÷ {_lower(self.denominator.title)}"


@dataclass(frozen=True)
class Gap:
    """One ratio minus another, in percentage points."""

    first: Ratio
    second: Ratio
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return self.first.quantities + self.second.quantities

    def value(self, sums: Sums) -> float | None:
        first, second = self.first.value(sums), self.second.value(sums)
        return None if first is None or second is None else first - second

    def formula(self) -> str:
        return f"({self.first.formula()}) − ({self.second.formula()})"


@dataclass(frozen=True)
class Change:
    """Growth from `before` to `now`, in per cent of `before`."""

    now: Quantity
    before: Quantity
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.now, self.before)

    def value(self, sums: Sums) -> float | None:
        now, before = sums[self.now.name], sums[self.before.name]
        return 100 * (now - before) / before if now is not None and before else None

    def formula(self) -> str:
        return f"100 × ({_lower(self.now.title)} − {_lower(self.before.title)}) ÷ {_lower(self.before.title)}"


def accepted(measure: Measure) -> frozenset[str]:
    """The dimensions every quantity of `measure` can be split by."""
    return frozenset.intersection(*(quantity.accepts() for quantity in measure.quantities))


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
