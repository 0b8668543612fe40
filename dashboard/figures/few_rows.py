"""The rows of a table that are all in a few places of its file, without a database, which takes longer to get ready than to find
them.

A Parquet file says, of each of its groups of rows, the least and the most that every column has there. Published tables are
written in order, so that the rows of a municipio or of an election are in one group or two, and no other is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.address.extracts import DEPARTAMENTO, DIGITS_OF_DEPARTAMENTO, MUNICIPIO, Condition, Extract

#: Rows that are looked at, and rows that are found, at most: more of them are for the database.
MOST_SEEN, MOST_FOUND = 1 << 15, 1 << 11
#: What a value raises that a column cannot have.
NO_VALUE = (pa.ArrowException, OverflowError, TypeError, UnicodeError, ValueError)
#: The least and the most of a column in a group of rows.
Limits = tuple[Any, Any]


class FewRows:
    """The file of a table. Safe between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._facts = pq.read_metadata(path)
        self._names = [self._facts.schema.column(number).path for number in range(self._facts.num_columns)]
        self._sizes = [self._facts.row_group(number).num_rows for number in range(self._facts.num_row_groups)]
        self._limits: dict[str, list[Limits | None]] = {}

    def found(self, extract: Extract) -> pa.Table | None:
        """The rows that `extract` asks for, with its columns in its order; None if that is for the database: if they are groups
        or many, if they are in many places, or if a value is asked for that its column cannot have.
        """
        groups = None if extract.grouped else self._groups(extract.conditions)
        if groups is None:
            return None
        chosen = (self._own(item) for item in extract.conditions)
        needed = dict.fromkeys((*extract.columns, *chosen, *(name for name, _ in extract.order)))
        with pq.ParquetFile(self._path, metadata=self._facts) as file:
            table = file.read_row_groups(groups, columns=list(needed), use_threads=False)
        try:
            for item in extract.conditions:
                table = _kept(table, self._values(table, item), item)
        except NO_VALUE:
            return None
        if extract.order:
            keys: list[Any] = [
                (name, "descending" if falling else "ascending", "at_end") for name, falling in extract.order
            ]
            table = table.take(pc.sort_indices(table, sort_keys=keys))
        table = table.slice(extract.skip, extract.limit)
        return table.select(list(extract.columns)) if len(table) <= MOST_FOUND else None

    def _groups(self, conditions: Iterable[Condition]) -> list[int] | None:
        """The groups of rows that have to be looked at; None if they are too many."""
        found = list(range(len(self._sizes)))
        for item in conditions:
            limits = self._limits_of(self._own(item))
            found = [number for number in found if _may_keep(limits[number], item, self._is_derived(item))]
        return found if sum(self._sizes[number] for number in found) <= MOST_SEEN else None

    def _limits_of(self, name: str) -> list[Limits | None]:
        """Those of a column in each group; None where the file does not say."""
        if name not in self._limits:
            place = self._names.index(name)
            told = (self._facts.row_group(number).column(place).statistics for number in range(len(self._sizes)))
            self._limits[name] = [(one.min, one.max) if one and one.has_min_max else None for one in told]
        return self._limits[name]

    def _is_derived(self, item: Condition) -> bool:
        """Whether it asks for what the table does not have as such: the departamento, which its municipio tells."""
        return item.column == DEPARTAMENTO and DEPARTAMENTO not in self._names

    def _own(self, item: Condition) -> str:
        return MUNICIPIO if self._is_derived(item) else item.column

    def _values(self, table: pa.Table, item: Condition) -> pa.ChunkedArray[Any]:
        own: pa.ChunkedArray[Any] = table[self._own(item)]
        return pc.utf8_slice_codeunits(own, 0, DIGITS_OF_DEPARTAMENTO) if self._is_derived(item) else own


def _may_keep(limits: Limits | None, item: Condition, derived: bool) -> bool:
    """Whether a group of rows, by its limits, may have one that keeps a condition."""
    if limits is None:
        return True
    low, high = (limit[:DIGITS_OF_DEPARTAMENTO] for limit in limits) if derived else limits
    try:
        return (
            (not item.values or any(low <= value <= high for value in item.values))
            and (item.least is None or high >= item.least)
            and (item.most is None or low <= item.most)
        )
    except TypeError:  # they are not of the same kind
        return True


def _kept(table: pa.Table, own: pa.ChunkedArray[Any], item: Condition) -> pa.Table:
    """The rows of a table that keep a condition on some values of theirs. NO_VALUE if it asks for what they cannot be."""
    asked = []
    if item.values:
        asked.append(pc.is_in(own, value_set=_typed(own, *item.values)))
    if item.least is not None:
        asked.append(pc.greater_equal(own, _typed(own, item.least)[0]))
    if item.most is not None:
        asked.append(pc.less_equal(own, _typed(own, item.most)[0]))
    if item.but is not None:
        asked.append(pc.not_equal(own, _typed(own, item.but)[0]))
    if item.missing is not None:
        asked.append(pc.is_null(own) if item.missing else pc.is_valid(own))
    for keeps in asked[1:]:
        asked[0] = pc.and_(asked[0], keeps)
    return table.filter(asked[0]) if asked else table


def _typed(own: pa.ChunkedArray[Any], *values: object) -> pa.Array[Any]:
    """Some values as those of a column are; NO_VALUE if they cannot be."""
    found: pa.Array[Any] = pa.array(values, own.type)
    if found.to_pylist() != list(values):  # Arrow may cut off decimals in silence
        raise ValueError(values)
    return found
