"""The rows of a whole table that an address asks for, or its sums, a few at a time: DuckDB over the published Parquet files.

However many rows there are, a few thousand are in memory; what has to be sorted or grouped has a limit, and then the disk.
Statements are SQLAlchemy's: every value that comes from a visitor is a bound parameter, and every name is one that the release
declares.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Numeric,
    Select,
    Table,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    types,
)

from dashboard.address.extracts import (
    ADDED,
    APART,
    CONFIDENTIAL,
    DEPARTAMENTO,
    DIGITS_OF_DEPARTAMENTO,
    LACKING,
    MUNICIPIO,
    ROWS,
    STATE,
    WITHHELD,
    Condition,
    Extract,
    Offered,
)
from dashboard.figures.database import compiled
from dashboard.figures.few_rows import FewRows
from etl.model import Field, Kind
from etl.release import FileFacts, Release

#: Rows that are in memory at a time.
BATCH_ROWS = 8_192
#: What all the questions of a process may hold between them, and leave on the disk while they sort.
MEMORY, DISK, THREADS = "192MB", "2GB", 2
#: Releases whose tables are open.
OPEN = 4
#: Digits of a sum of figures with decimals: it is exact, so that it is the same in whatever order they are added.
DIGITS = 28


class Slow(Exception):
    """What was asked took longer than anybody may take."""


class Rows:
    """The rows of one question, some at a time, each time as a batch of Arrow. It is let go when it ends, or is left."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, statement: Select[Any], schema: pa.Schema) -> None:
        self.schema = schema
        self._cursor = connection.cursor()
        self._asked, self._values = compiled(statement)
        self._left = threading.Event()

    def __enter__(self) -> Rows:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Every batch with some row. Slow if it was told to leave meanwhile."""
        try:
            for batch in self._cursor.sql(self._asked, params=self._values).to_arrow_reader(BATCH_ROWS):
                if batch.num_rows:
                    yield batch.cast(self.schema)
        except duckdb.InterruptException:
            raise Slow from None
        finally:
            self._cursor.close()

    def leave(self) -> None:
        """Stop whatever is being done, from any thread."""
        with suppress(duckdb.Error):
            self._cursor.interrupt()


class Extracts:
    """The tables of one release, to be asked for extracts. Safe between threads: each question has a cursor of its own."""

    def __init__(self, release: Release, scratch: Path | None = None) -> None:
        self._release = release
        room = {"temp_directory": str(scratch), "max_temp_directory_size": DISK} if scratch else {}
        limits: dict[str, str | bool | int | float | list[str]] = {"threads": THREADS, "memory_limit": MEMORY, **room}
        self._connection = duckdb.connect(":memory:", config=limits)
        self._connection.execute("SET parquet_metadata_cache = true")
        # Whatever is asked, nothing but the files of the release can be read, and nothing written where it is not spilled.
        self._connection.execute(f"SET allowed_directories = ['{_quoted(release.root)}/']")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")
        self._tables: dict[str, Table] = {}
        self._files: dict[str, FewRows] = {}
        self._making = threading.Lock()

    def rows(self, extract: Extract, offered: Offered) -> Rows:
        """The rows that `extract` asks for; DamagedError if the file of its table is not what was published."""
        table = self._table(offered)
        return Rows(self._connection, statement_of(extract, offered, table), _schema(extract, offered))

    def few(self, extract: Extract, offered: Offered) -> list[pa.RecordBatch] | None:
        """The same rows, if they are a few in one place of the file and are not added up: otherwise None."""
        name = offered.table.name
        path = self._release.table(name)
        with self._making:
            if name not in self._files:
                self._files[name] = FewRows(path)
        found = self._files[name].found(extract)
        return None if found is None else found.cast(_schema(extract, offered)).combine_chunks().to_batches()

    def count(self, extract: Extract, offered: Offered) -> int:
        """How many rows it asks for."""
        wanted = statement_of(extract, offered, self._table(offered)).subquery()
        found = self._connection.cursor().execute(*compiled(select(func.count()).select_from(wanted))).fetchone()
        return int(found[0]) if found else 0

    def distinct(self, offered: Offered, name: str) -> list[Any]:
        """The values of a column of a table, in order, without what is missing."""
        own = _value(self._table(offered), name)
        wanted = select(own).where(own.is_not(None)).distinct().order_by(own)
        return [value for (value,) in self._connection.cursor().execute(*compiled(wanted)).fetchall()]

    def _table(self, offered: Offered) -> Table:
        name = offered.table.name
        path = self._release.table(name)
        with self._making:
            if name not in self._tables:
                # Neither takes a bound parameter; both come from the release, never from a visitor.
                named = name.replace('"', '""')
                asked = f"CREATE OR REPLACE VIEW \"{named}\" AS SELECT * FROM read_parquet('{_quoted(path)}')"
                self._connection.cursor().execute(asked)
                columns = (Column(item.name, _sql(item)) for item in offered.columns.values())
                self._tables[name] = Table(name, MetaData(), *columns)
            return self._tables[name]


def _schema(extract: Extract, offered: Offered) -> pa.Schema:
    return pa.schema([(item.name, _arrow(item)) for item in offered.outcome(extract)])


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@lru_cache(OPEN)
def extracts_of(release: Release, scratch: Path | None = None) -> Extracts:
    """The tables of a release, opened once."""
    return Extracts(release, scratch)


@lru_cache(OPEN)
def tables_of(release: Release) -> Mapping[str, tuple[Offered, FileFacts]]:
    """Every table of figures of a release, with its facts, in the order of its manifest."""
    found = {}
    for item in release.manifest["archivos"]:
        table = release.tables.get(item["tabla"] or "")
        if table is not None and not table.shaped and item["formato"] == "Parquet":
            found[table.name] = (Offered(table), item)
    return found


# --- Statements --------------------------------------------------------------------------------------------------------


def statement_of(extract: Extract, offered: Offered, table: Table) -> Select[Any]:
    """The statement that finds the rows of an extract."""
    where = and_(True, *(_wanted(table, item) for item in extract.conditions))
    if extract.grouped:
        made = _sums(extract, offered, table).where(where)
    else:
        made = select(*(table.c[name] for name in extract.columns)).where(where)
    # By its name: of a group, it is the sum or the column that the answer has.
    made = made.order_by(*(_ordered(extract, table, name, falling) for name, falling in extract.order))
    if extract.limit is not None:
        made = made.limit(extract.limit)
    return made.offset(extract.skip) if extract.skip else made


def _ordered(extract: Extract, table: Table, name: str, falling: bool) -> ColumnElement[Any]:
    own: ColumnElement[Any] = column(name) if extract.grouped else table.c[name]
    return (own.desc() if falling else own.asc()).nulls_last()


def _value(table: Table, name: str) -> ColumnElement[Any]:
    """A column of a table, or what follows from one that it has."""
    if name in table.c or name != DEPARTAMENTO:
        return table.c[name]
    # Written and not bound: to group by it, it has to be the same where it is chosen and where it is grouped.
    return func.left(table.c[MUNICIPIO], literal_column(str(DIGITS_OF_DEPARTAMENTO)))


def _wanted(table: Table, item: Condition) -> ColumnElement[bool]:
    own = _value(table, item.column)
    asked: list[ColumnElement[bool]] = []
    if item.values:
        asked.append(own.in_(item.values) if len(item.values) > 1 else own == literal(item.values[0]))
    if item.least is not None:
        asked.append(own >= literal(item.least))
    if item.most is not None:
        asked.append(own <= literal(item.most))
    if item.but is not None:
        asked.append(own != literal(item.but))
    if item.missing is not None:
        asked.append(own.is_(None) if item.missing else own.is_not(None))
    return and_(True, *asked)


def _sums(extract: Extract, offered: Offered, table: Table) -> Select[Any]:
    keys = [_value(table, name).label(name) for name in extract.by]
    found: list[ColumnElement[Any]] = [func.count().label(ROWS.name)]
    for name in extract.sums:
        state = _state(offered, table, name)
        total = case((state == ADDED, _total(table, offered.columns[name])))
        found += [total.label(name), state.label(STATE.format(name))]
    return select(*keys, *found).group_by(*(_value(table, name) for name in extract.by))


def _total(table: Table, item: Field) -> ColumnElement[Any]:
    own = table.c[item.name]
    if item.kind is Kind.ENTERO:
        return cast(func.sum(own), types.BIGINT)
    return cast(func.sum(cast(own, Numeric(DIGITS, item.decimals or 0))), types.DOUBLE_PRECISION)


def _state(offered: Offered, table: Table, name: str) -> ColumnElement[Any]:
    """Whether the figures of a group are added: never when one of them is confidential, is missing or is not to be added."""
    own, status = table.c[name], offered.state_of(name)
    whens = []
    if status in offered.columns:
        hidden = func.count(case((table.c[status].in_(WITHHELD), 1)))
        whens.append((hidden > 0, CONFIDENTIAL))
    whens.append((func.count(own) < func.count(), LACKING))
    for item in offered.columns.values():
        if item.unsummed:
            apart = func.count(case((table.c[item.name].in_(item.unsummed), 1)))
            whens.append((and_(apart > 0, func.count() > 1), APART))
    return case(*whens, else_=ADDED)


def _sql(item: Field) -> Any:
    return getattr(types, item.kind.sql.replace(" ", "_"))


def _arrow(item: Field) -> pa.DataType:
    found: pa.DataType = getattr(pa, {"double": "float64", "bool": "bool_"}.get(item.kind.arrow, item.kind.arrow))()
    return found
