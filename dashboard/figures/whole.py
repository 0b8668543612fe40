"""Every table of a release in one database, of DuckDB or of SQLite, for whoever asks it in SQL without downloading file by file.

Codes are text, as they are published, and shapes are WKB. What each table and column is goes inside: as comments in DuckDB, as
the tables whose names begin with an underscore in both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from etl.model import Kind, Table

#: Rows that are in memory while a table is copied.
BATCH_ROWS = 20_000
#: A file of DuckDB that any since this one reads: it was in 2024 that the layout of its files stopped changing.
SINCE_DUCKDB = "v1.0.0"
#: What DuckDB may take of it meanwhile.
MOST_MEMORY = "1GB"
#: The types of SQLite by what a value is: the readers of its files (R, QGIS, pandas) know these names.
SQLITE_TYPES = {
    Kind.ENTERO: "INTEGER",
    Kind.DECIMAL: "REAL",
    Kind.FECHA: "DATE",
    Kind.BOOLEANO: "BOOLEAN",
    Kind.GEOMETRIA: "BLOB",
}
#: What tells a database of this project apart from any other file of SQLite.
APPLICATION_ID = int.from_bytes(b"PadA")


@dataclass(frozen=True)
class Described:
    """A table that says what the others are: its name, its columns and its rows, of text, numbers or booleans."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def arrow(self) -> pa.Table:
        """It, with the types that its values have."""
        values = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        return pa.table({name: pa.array(column) for name, column in zip(self.columns, values, strict=True)})


Files = Mapping[str, tuple[Table, Path]]


def write_duckdb(path: Path, files: Files, described: Iterable[Described]) -> None:
    """A database of DuckDB at `path`, where there is nothing, with the tables in some Parquet files, by name. OSError if the
    disk fails.
    """
    try:
        _fill_duckdb(path, files, described)
    except (duckdb.IOException, duckdb.TransactionException) as error:
        raise OSError(str(error)) from error


def _fill_duckdb(path: Path, files: Files, described: Iterable[Described]) -> None:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": MOST_MEMORY,
        "temp_directory": str(path.parent),
    }
    with closing(duckdb.connect(":memory:", config=settings)) as connection:
        connection.execute(f"ATTACH {_literal(str(path))} AS todo (STORAGE_VERSION '{SINCE_DUCKDB}')")
        connection.execute("USE todo")
        for name, (table, file) in files.items():
            with pq.ParquetFile(file) as source:
                schema = source.schema_arrow.remove_metadata()
                batches = (batch.cast(schema) for batch in source.iter_batches(BATCH_ROWS))
                _copy(connection, name, pa.RecordBatchReader.from_batches(schema, batches))
            _comment(connection, f"TABLE {_named(name)}", f"{table.title}. {table.description}")
            for column in table.columns:
                unit = f" Unidad: {column.unit}." if column.unit else ""
                words = f"{column.title}. {column.description}{unit}"
                _comment(connection, f"COLUMN {_named(name)}.{_named(column.name)}", words)
        for item in described:
            _copy(connection, item.name, item.arrow)
        connection.execute("USE memory")
        connection.execute("DETACH todo")


def _copy(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.RecordBatchReader | pa.Table) -> None:
    connection.register("filas", rows)
    connection.execute(f"CREATE TABLE {_named(name)} AS SELECT * FROM filas")
    connection.unregister("filas")


def _comment(connection: duckdb.DuckDBPyConnection, what: str, words: str) -> None:
    connection.execute(f"COMMENT ON {what} IS {_literal(words)}")


def write_sqlite(path: Path, files: Files, described: Iterable[Described]) -> None:
    """A database of SQLite at `path`, where there is nothing; the same content is the same bytes for one version of SQLite.
    OSError if the disk fails.
    """
    try:
        _fill_sqlite(path, files, described)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


def _fill_sqlite(path: Path, files: Files, described: Iterable[Described]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("BEGIN")
        for name, (table, file) in files.items():
            columns = {column.name: SQLITE_TYPES.get(column.kind, "TEXT") for column in table.columns}
            _fill(connection, name, columns, _rows(file, tuple(columns)))
        for item in described:
            _fill(
                connection,
                item.name,
                {name: _type(item, number) for number, name in enumerate(item.columns)},
                item.rows,
            )
        connection.execute("COMMIT")


def _fill(
    connection: sqlite3.Connection, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]
) -> None:
    declared = ", ".join(f"{_named(column)} {kind}" for column, kind in columns.items())
    connection.execute(f"CREATE TABLE {_named(name)} ({declared})")
    connection.executemany(f"INSERT INTO {_named(name)} VALUES ({', '.join('?' * len(columns))})", rows)


def _type(item: Described, number: int) -> str:
    kinds = {bool: "BOOLEAN", int: "INTEGER"}
    return next((kinds.get(type(row[number]), "TEXT") for row in item.rows if row[number] is not None), "TEXT")


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a Parquet file as SQLite takes them: days as ISO text."""
    with pq.ParquetFile(file) as source:
        for batch in source.iter_batches(BATCH_ROWS, columns=list(columns)):
            plain = (
                column.cast(pa.string()) if pa.types.is_date(column.type) else column
                for column in (batch.column(name) for name in columns)
            )
            yield from zip(*(column.to_pylist() for column in plain), strict=True)


def _named(name: str) -> str:
    """A name of the release as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    """A text of the release where SQL takes no bound parameter; never one of a visitor."""
    return "'" + text.replace("'", "''") + "'"
