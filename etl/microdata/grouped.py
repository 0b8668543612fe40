"""A database that cannot add up every cube by itself: it reduces its records to groups, and the groups are added up here.

MySQL, MariaDB and SQLite have no GROUPING SETS. They do the part of the statement that sees persons: what travels is how
many persons share each combination of the values that are counted, never an identifier, a name or a date of birth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import FromClause, column, table

from etl.microdata import statement
from etl.microdata.databases import Database
from etl.microdata.dialects import Query, for_duckdb
from etl.microdata.engine import private_engine
from etl.microdata.question import Question

#: Rows of a result that are in memory at once.
BATCH = 50_000
GROUPS, RECORDS = "grupos_de_la_base", "registros_de_la_base"


@dataclass
class GroupingDatabase(Database):
    """A table or a query of such a database."""

    def counted(self, question: Question, repeated: FromClause | None) -> pd.DataFrame:
        query = statement.grouped_inside(question, self.origin, repeated)
        names = [item.name for item in query.selected_columns]
        with private_engine() as engine:
            batches = list(self._batches(query, names))
            engine.register(GROUPS, pa.Table.from_batches(batches, batches[0].schema))
            asked = statement.added_up(question, _groups(names))
            frame: pd.DataFrame = engine.sql(for_duckdb(asked)).to_arrow_table().to_pandas()
            return frame

    def rejected(self, question: Question, repeated: FromClause | None) -> list[tuple[Any, ...]]:
        query = statement.each_inside(question, self.origin, repeated)
        names = [item.name for item in query.selected_columns]
        asked = for_duckdb(statement.reasons_of(question, table(RECORDS, *map(column, names))))
        found: list[tuple[Any, ...]] = []
        with private_engine() as engine:
            for batch in self._batches(query, names):
                engine.register(RECORDS, pa.Table.from_batches([batch]))
                found += engine.sql(asked).fetchall()
                engine.unregister(RECORDS)
        return found

    def _batches(self, query: Query, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """The answer to `query`, a batch at a time; one without rows when it has none."""
        rows = self.connection.execution_options(stream_results=True, yield_per=BATCH).execute(query)
        some = False
        for block in rows.partitions(BATCH):
            some = True
            columns = zip(*block, strict=True)
            yield _batch(columns, names)
        if not some:
            yield _batch(((),) * len(names), names)


def _groups(names: Sequence[str]) -> FromClause:
    return table(GROUPS, *map(column, names))


def _batch(columns: Iterable[Sequence[Any]], names: Sequence[str]) -> pa.RecordBatch:
    arrays = [
        pa.array([int(value) for value in values], pa.int64())
        if name in statement.FLAGS
        else pa.array([None if value is None else _text(value) for value in values], pa.string())
        for name, values in zip(names, columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, list(names))


def _text(value: object) -> str:
    """A value as text: some drivers give texts as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
