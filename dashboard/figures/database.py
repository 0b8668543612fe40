"""The tables of a release in a database in memory: DuckDB over its Parquet files, asked with SQLAlchemy's statements.

A statement is compiled by SQLAlchemy's PostgreSQL dialect with numbered parameters ($1), which DuckDB runs as it is:
text that comes from a visitor is always a bound parameter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
from sqlalchemy import Column, MetaData, Select, Table, and_, case, func, select, types
from sqlalchemy.dialects.postgresql.base import PGDialect

from dashboard.figures.counted import has_shapes
from dashboard.figures.measures import Unaskable
from dashboard.figures.used import note_tables
from etl.fields import told
from etl.release import DamagedError, Release

DIALECT = PGDialect(paramstyle="numeric_dollar")
#: A file up to these bytes is read into memory when the release is opened, which answers a question in a third of the time.
SMALL = 1 << 20
IN_MEMORY = "TABLE"
#: Of what rows say of themselves, what the site looks at: their day and their sources.
OF_THE_ROW = (told.corte.name, told.clave_fuente.name)


class Database:
    """The tables of one release that have no shapes. Safe between threads: each statement has a cursor of its own."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._connection = duckdb.connect(":memory:")
        self._kinds: dict[str, str] = {}
        self._creating = Lock()
        metadata = MetaData()
        self.tables: dict[str, Table] = {}
        for name, declared in release.tables.items():
            if has_shapes(declared):
                continue
            said = (field for field in declared.told if field.name in OF_THE_ROW)
            columns = (
                Column(field.name, getattr(types, field.kind.sql.replace(" ", "_")))
                for field in (*declared.fields, *said)
            )
            self.tables[name] = Table(name, metadata, *columns)
            with suppress(DamagedError):  # said to whoever asks for the table, and no reason to have no other
                self._prepare(name)

    def table(self, name: str) -> Table:
        """The table called `name`, to make statements with; Unaskable if the release has no such table of figures,
        DamagedError if its file is not what was published.
        """
        if name not in self.tables:
            raise Unaskable(f"esta publicación no trae la tabla {name}")
        self._prepare(name)
        note_tables((name,))
        return self.tables[name]

    def _prepare(self, name: str) -> None:
        """Make sure that what is asked of a table is what was published: what is in memory was so when it was read."""
        if self._kinds.get(name) == IN_MEMORY:
            return
        path = self._release.table(name)
        if name not in self._kinds:
            with self._creating:
                self._create(name, path)

    def _create(self, name: str, path: Path) -> None:
        kind = IN_MEMORY if path.stat().st_size <= SMALL else "VIEW"
        # Neither takes a bound parameter; the path comes from the release, never from a visitor.
        written = str(path).replace("'", "''")
        self._connection.cursor().execute(f"CREATE OR REPLACE {kind} {name} AS SELECT * FROM read_parquet('{written}')")
        self._kinds[name] = kind

    def rows(self, statement: Select[Any]) -> list[tuple[Any, ...]]:
        """What `statement` finds."""
        return self._connection.cursor().execute(*compiled(statement)).fetchall()

    def filled(
        self,
        table_name: str,
        by: Sequence[str],
        counts: Sequence[str],
        where: Mapping[str, object],
        state: tuple[str, str] | None,
    ) -> list[tuple[Any, ...]]:
        """How many rows of a table there are, and in how many all of `counts` are said: see `queries.Data.filled`."""
        source = self.table(table_name)
        keys = [source.c[name] for name in by]
        whole = and_(True, *(source.c[name].is_not(None) for name in counts))
        said = whole if state is None else whole | (source.c[state[0]] == state[1])
        statement = (
            select(*keys, func.count(), func.count(case((said, 1))))
            .where(and_(True, *(source.c[name] == value for name, value in where.items())))
            .group_by(*keys)
        )
        return self.rows(statement)


def compiled(statement: Select[Any]) -> tuple[str, list[Any]]:
    """A statement as DuckDB runs it, and the values of its parameters."""
    made = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return str(made), [made.params[name] for name in made.positiontup or ()]
