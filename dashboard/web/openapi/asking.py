"""What may be asked of a table: its rows, or the sums of its groups, and which of its parameters depend on each other.

What does not depend on anything else is a parameter of its own. The columns, the groups, the sums and their order depend on each
other and, where confidential cells or crosses forbid it, on some filters: these are asked together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from dashboard.address.extract_parameters import parameters
from dashboard.address.extracts import (
    CHAINS,
    COLUMNS,
    CURSOR,
    EMPTY,
    FILLED,
    GROUP,
    MOST_GROUPED,
    MOST_VALUES,
    ORDER,
    PAGE,
    PLACE,
    ROWS,
    STATE,
    SUM,
    Filter,
    Offered,
)
from dashboard.address.named_release import PUBLICATION
from dashboard.address.parameters import Parameter
from dashboard.web.openapi.schemas import Schema, closed, several, titled

#: Columns over which nothing is added, and all the ways of asking for them that are told one by one.
MOST_LOOSE = 2
#: How the parameters that are asked together are called: rows or sums.
TOGETHER = "forma"


@dataclass(frozen=True)
class Asking:
    """What may be asked of a table, with the schema of each parameter: `stat`, as figures for statistical programs."""

    offered: Offered
    schemas: Mapping[str, Schema]
    stat: bool = False

    @cached_property
    def declared(self) -> dict[str, Parameter]:
        """The parameters, by name. The cursor is none that anybody writes: an answer gives the address that has it."""
        left_out = {CURSOR, *((PAGE, ORDER) if self.stat else ())}
        return {item.name: item for item in parameters(self.offered) if item.name not in left_out}

    @cached_property
    def apart(self) -> frozenset[str]:
        """The columns that some sums must not be chosen by."""
        figures = {item.name for item in self.offered.figures} if self.offered.hides else set()
        states = {state for name in figures if (state := self.offered.state_of(name))}
        return frozenset({*figures, *states, *self.offered.crossed})

    @cached_property
    def loose(self) -> tuple[str, ...]:
        """The columns of the key over which nothing is added: a sum is of one value of each, or grouped by it."""
        key, every, crossed = self.offered.table.key, self.offered.columns, self.offered.crossed
        return tuple(name for name in key if not every[name].divides and name not in crossed)

    @cached_property
    def bound(self) -> tuple[str, ...]:
        """The parameters that depend on others."""
        ways = (COLUMNS, GROUP, SUM, ORDER, *((EMPTY, FILLED) if self.apart else ()))
        loose = self.loose if self.adds else ()
        chosen = [
            item.name for item in self.offered.filters.values() if item.name in loose or columns_of(item) & self.apart
        ]
        return tuple(name for name in self.declared if name in (*ways, *chosen))

    @cached_property
    def free(self) -> tuple[str, ...]:
        """The parameters that depend on no other."""
        return tuple(name for name in self.declared if name not in (*self.bound, PUBLICATION))

    @property
    def adds(self) -> list[str]:
        """The columns that are added."""
        return [item.name for item in self.offered.additive]

    # --- Rows, or sums -------------------------------------------------------------------------------------------------

    def branches(self) -> list[Schema]:
        """Each way of asking: for rows, and for the sums of groups."""
        found = [self._rows()]
        for cross in self.offered.table.crosses or ((),):
            found += self._groups(frozenset(cross))
        return found

    def _rows(self) -> Schema:
        names = [name for name in self.bound if name not in (GROUP, SUM)]
        taken = {name: self._titled(name) for name in names}
        if self.stat:
            figures = [item.name for item in self.offered.figures]
            states = [state for name in figures if (state := self.offered.state_of(name))]
            every = list(dict.fromkeys((*self.offered.table.key, *figures, *states)))
            asked = several(_enum(figures), MOST_VALUES) if states else several(_enum(every), MOST_VALUES)
            some = {} if states else {"contains": _enum(figures)}
            taken[COLUMNS] = titled(self.declared[COLUMNS], asked | some)
        return {"title": "Filas", **closed(taken)}

    def _groups(self, cross: frozenset[str]) -> Iterator[Schema]:
        groupable = [name for name, item in self.offered.every.items() if not item.additive and self._fits(name, cross)]
        if not groupable:
            return
        filters = [name for name in self.bound if self._chooses(name, cross)]
        counted = _enum([ROWS.name])
        rest: dict[str, Schema] = {name: self._titled(name) for name in filters if name not in (EMPTY, FILLED)}
        for name in (EMPTY, FILLED):
            if name in self.bound:
                columns = [column for column in self.offered.columns if self._fits(column, cross)]
                rest[name] = titled(self.declared[name], several(_enum(columns), MOST_VALUES))
        needed = [GROUP, SUM] if self.adds or self.offered.figures else [GROUP]
        rows = {SUM: titled(self.declared[SUM], several(counted, 1))}
        yield self._sums("Cuántas filas", groupable, (), rest | rows, needed, ())
        if not self.adds:
            return
        for grouped in _ways(self.loose):
            fixed = [name for name in self.loose if name not in grouped]
            single = {name: self._titled(name, one=True) for name in fixed if name in self.declared}
            if len(single) < len(fixed) or len(grouped) > MOST_GROUPED:
                continue
            yield self._sums("Sumas", groupable, grouped, rest | single, [GROUP, *fixed], self.adds)
            some = {SUM: titled(self.declared[SUM], several(_enum([ROWS.name, *self.adds]), MOST_VALUES))}
            yield self._sums("Algunas sumas", groupable, grouped, rest | single | some, [GROUP, SUM, *fixed], ())

    def _sums(
        self,
        title: str,
        groupable: list[str],
        grouped: Iterable[str],
        rest: Mapping[str, Schema],
        needed: list[str],
        ordered: Iterable[str],
    ) -> Schema:
        """Groups that have some columns among theirs. They are put in order by how many rows they have, or by their sums."""
        by = several(_enum(groupable), MOST_GROUPED)
        held = [{"contains": {"const": name}} for name in grouped]
        by |= {"allOf": held} if len(held) > 1 else held[0] if held else {}
        found = {GROUP: titled(self.declared[GROUP], by), **rest}
        if not self.stat:
            outcome = [ROWS.name, *(one for name in ordered for one in (name, STATE.format(name)))]
            signed = [sign + name for name in outcome for sign in ("", "-")]
            found[ORDER] = titled(self.declared[ORDER], several(_enum(signed), MOST_VALUES))
        return {"title": title, **closed(found, needed)}

    def _fits(self, column: str, cross: frozenset[str]) -> bool:
        """Whether rows are grouped by a column where the others are those of a cross."""
        if column not in self.offered.crossed:
            return column not in self.apart
        chain = next((chain[: chain.index(column)] for chain in CHAINS if column in chain), ())
        return {column, *(name for name in chain if name in self.offered.crossed)} <= cross

    def _chooses(self, name: str, cross: frozenset[str]) -> bool:
        item = self.offered.filters.get(name)
        return item is not None and all(self._fits(column, cross) for column in columns_of(item))

    def _titled(self, name: str, one: bool = False) -> Schema:
        schema = self.schemas[name]
        return titled(
            self.declared[name], schema | {"maxItems": 1} if one and schema.get("type") == "array" else schema
        )


def columns_of(item: Filter) -> set[str]:
    """The columns that a filter chooses rows by."""
    if item.name == PLACE:
        return set(CHAINS[0])
    return {item.field.name, *([item.code.name] if item.code else ())}


def _ways(loose: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Which of those columns the groups have: every way, or all and none of them if they are many."""
    if len(loose) > MOST_LOOSE:
        return [loose, ()]
    return [some for count in range(len(loose), -1, -1) for some in combinations(loose, count)]


def _enum(values: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(values)}
