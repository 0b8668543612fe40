"""How a figure is made: quantities that can be summed, and the measures computed from sums (never from averages)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol, TypeVar

from dashboard.address.vocabulary import Group

Sums = Mapping[str, float | None]
Conditions = tuple[tuple[str, tuple[object, ...]], ...]
#: When a quantity that is counted election by election is meant: in the one asked for, or in the one before; and of one
#: that is counted at several cut-offs, that it is meant as of the one before.
ASKED, BEFORE, EARLIER = "pedida", "anterior", "corte anterior"
#: Of whom a quantity is, when a gap sets the group asked for against another: of that other one.
OTHERS = Group("los demás")


class Unaskable(ValueError):
    """No table of the release has what was asked, or crosses it so; the message is for the reader, in Spanish."""


@dataclass(frozen=True)
class Quantity:
    """Something counted by municipio, found in the first of `places` (table, value column) that has every column asked for.

    `counted` is the shared column that it is (`empadronados`): any other table of the release that counts the same, by
    municipio and as of the same day, is one more place to look in. `figures.places` finds it. `newest` is the column that
    says of when each row is (`anio`): of a table that has it, only the rows of its last value are meant, or those of `cutoff`
    if a day was chosen. `when` (ASKED, BEFORE) says that it is counted election by election, and which one is
    meant; `figures.elections` gives it for one. `whose` are the people counted whatever the group asked for (None, that
    group): OTHERS stands for the ones that a gap sets it against, until they are known.
    """

    name: str
    title: str
    places: tuple[tuple[str, str], ...]
    where: Conditions = ()
    counted: str = ""
    newest: str = ""
    when: str = ""
    cutoff: date | None = None
    whose: Group | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # What is kept is kept by quantity: a page looks for hundreds of things that are.
        return hash((self.name, self.title, self.places, self.where, self.newest, self.when, self.cutoff, self.whose))

    def at(self, **values: object) -> Quantity:
        """This quantity restricted to `values` by column (a value or a tuple of them)."""
        extra = tuple((column, value if isinstance(value, tuple) else (value,)) for column, value in values.items())
        return replace(self, where=self.where + extra)

    def called(self, name: str, title: str) -> Quantity:
        """This quantity under another name."""
        return replace(self, name=name, title=title)

    def of(self, people: Group, name: str, title: str) -> Quantity:
        """The same count, under another name, of `people` whatever the group asked for."""
        return replace(self, name=name, title=title, whose=people)

    def people(self, asked: Group) -> Group:
        """Whom it counts when `asked` is the group asked for."""
        return asked if self.whose is None else self.whose


@dataclass(frozen=True)
class Status:
    """Where the doubts of a source are: the table, the column with the state of each figure, the rows meant and when."""

    table: str
    column: str
    where: tuple[tuple[str, object], ...] = ()
    when: str = ""


class Measure(Protocol):
    """What an indicator computes from the sums of its quantities.

    With `complete`, a sum over several municipios leaves out those where any of the quantities is not published, so that
    numerator and denominator speak of the same places.
    """

    @property
    def complete(self) -> bool:
        """Whether places without one of the quantities are left out."""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything that must be summed."""

    @property
    def base(self) -> tuple[Quantity, ...]:
        """The people that the figure is about: among few of them it moves a lot. None of a count, that is as many as it is."""

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

    @property
    def base(self) -> tuple[Quantity, ...]:
        return ()

    def value(self, sums: Sums) -> float | None:
        return sums[self.counted.name]

    def formula(self) -> str:
        return f"suma de {_lower(self.counted.title)}"


@dataclass(frozen=True)
class Ratio:
    """`numerator` for every hundred of `denominator`, both summed first.

    `against`: the denominator is a base that others counted (a population), not the whole that the numerator is a part of.
    How many people the two differ in is then said too: see `difference`.
    """

    numerator: Quantity
    denominator: Quantity
    complete: bool = False
    against: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.numerator, self.denominator)

    @property
    def base(self) -> tuple[Quantity, ...]:
        return (self.denominator,)

    def value(self, sums: Sums) -> float | None:
        above, below = sums[self.numerator.name], sums[self.denominator.name]
        return 100 * above / below if above is not None and below else None

    def formula(self) -> str:
        return f"100 × {_lower(self.numerator.title)} ÷ {_lower(self.denominator.title)}"


@dataclass(frozen=True)
class Remainder:
    """Those of `whole` that are not among its `part`, for every hundred of it, all summed first."""

    part: Quantity
    whole: Quantity
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.part, self.whole)

    @property
    def base(self) -> tuple[Quantity, ...]:
        return (self.whole,)

    def value(self, sums: Sums) -> float | None:
        left, whole = self.left(sums), sums[self.whole.name]
        return 100 * left / whole if left is not None and whole else None

    def left(self, sums: Sums) -> float | None:
        """How many they are."""
        part, whole = sums[self.part.name], sums[self.whole.name]
        return None if part is None or whole is None else whole - part

    def formula(self) -> str:
        return f"100 × ({_lower(self.whole.title)} − {_lower(self.part.title)}) ÷ {_lower(self.whole.title)}"


@dataclass(frozen=True)
class Difference:
    """How many more `counted` are than what they are set `against`, both summed first; below zero, how many fewer."""

    counted: Quantity
    against: Quantity
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (self.counted, self.against)

    @property
    def base(self) -> tuple[Quantity, ...]:
        return ()

    def value(self, sums: Sums) -> float | None:
        counted, against = sums[self.counted.name], sums[self.against.name]
        return counted - against if counted is not None and against is not None else None

    def formula(self) -> str:
        return f"{_lower(self.counted.title)} − {_lower(self.against.title)}"


def difference(measure: Measure) -> Difference | None:
    """What a measure that sets a count against a base differs from it in, in people; None for any other measure."""
    if isinstance(measure, Ratio) and measure.against:
        return Difference(measure.numerator, measure.denominator, measure.complete)
    return measure if isinstance(measure, Difference) else None


@dataclass(frozen=True)
class Gap:
    """One ratio minus another, in percentage points."""

    first: Ratio
    second: Ratio
    complete: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return self.first.quantities + self.second.quantities

    @property
    def base(self) -> tuple[Quantity, ...]:
        return self.first.base + self.second.base

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

    @property
    def base(self) -> tuple[Quantity, ...]:
        return (self.before,)

    def value(self, sums: Sums) -> float | None:
        now, before = sums[self.now.name], sums[self.before.name]
        return 100 * (now - before) / before if now is not None and before else None

    def formula(self) -> str:
        return f"100 × ({_lower(self.now.title)} − {_lower(self.before.title)}) ÷ {_lower(self.before.title)}"


M = TypeVar("M")


def each(measure: M, change: Callable[[Quantity], Quantity]) -> M:
    """`measure` with `change` made to each of its quantities."""
    whole: Any = measure  # a dataclass, which the protocol of a measure cannot say
    parts = {item.name: getattr(whole, item.name) for item in fields(whole)}
    changed = {
        name: change(part) if isinstance(part, Quantity) else each(part, change)
        for name, part in parts.items()
        if is_dataclass(part)
    }
    made: M = replace(whole, **changed)
    return made


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]
