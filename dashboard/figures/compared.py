"""A table in two releases, row by row: which rows are new, which are gone, which say something else and which are the same.

Rows are found by the key of the table; without the same key on both sides, a row is the same only if all of it is. DuckDB reads
both files as they were published, with little memory, and names of columns come from the files themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

import duckdb

from etl.model import Table

#: What a comparison may take: the rest waits on the disk.
MEMORY, THREADS = "256MB", 1
BATCH = 5_000
INEXACT, DECIMALS = ("DOUBLE", "FLOAT"), 9
Value = str | int | float | bool | None
#: A file of a release and the table that it is.
Side = tuple[str, Table]


@dataclass(frozen=True)
class Counts:
    """Rows of a table in two releases: every row of the second is new, different or the same, and every row of the first is
    gone, different or the same. `told` are those of the same in which only what they say of their source is different.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    told: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    paired: bool = True


@dataclass(frozen=True)
class Cell:
    """A figure or a text that is different: the values of the key of its row, its column, and both values (None: missing)."""

    key: tuple[Value, ...]
    column: str
    before: Value
    after: Value


class Pairing:
    """A table in two releases. `own` are the columns that were compared besides the key, and `keyed` whether rows are found by
    it. A side that is `empty` («a» or «b») has the columns of its file and none of its rows: the table was not there.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, before: Side, after: Side, empty: str | None = None
    ) -> None:
        self._ask = connection
        self.table = after[1]
        columns = [
            self._opened(name, path, name == empty) for name, (path, _) in zip("ab", (before, after), strict=True)
        ]
        common = [name for name in columns[1] if name in columns[0]]
        said = {item.name for item in (*before[1].told, *after[1].told)}
        key = after[1].key
        self.keyed = set(key) <= set(common) and before[1].key == key and self._unique(key)
        self.key = [name for name in common if name in key] if self.keyed else []
        self.own = [name for name in common if name not in self.key and name not in said]
        self._told = [name for name in common if name in said]
        self._columns = columns
        self._cast = {name for name in common if columns[0][name] != columns[1][name]}
        self._written = False

    def _opened(self, name: str, path: str, empty: bool) -> dict[str, str]:
        """Open a file, or its columns without its rows, under a name; its columns with their types."""
        rows = "WHERE false" if empty else ""
        self._ask.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet({_text(path)}) {rows}")
        return {column: kind for column, kind, *_ in self._ask.execute(f"DESCRIBE {name}").fetchall()}

    def _unique(self, key: tuple[str, ...]) -> bool:
        names = ", ".join(map(_name, key))
        asked = "SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {} FROM {})) FROM {}"
        found = [self._ask.execute(asked.format(names, side, side)).fetchone() for side in "ab"]
        return all(row is not None and row[0] == row[1] for row in found)

    @property
    def _joined(self) -> str:
        """Every row of both sides beside the one of the other that has its key."""
        same = " AND ".join(f"x.{_name(name)} IS NOT DISTINCT FROM y.{_name(name)}" for name in self.key)
        return f"(SELECT *, true AS _here FROM a) x FULL JOIN (SELECT *, true AS _here FROM b) y ON {same}"

    @property
    def _state(self) -> str:
        """What became of a row."""
        return f"""CASE WHEN NOT coalesce(x._here, false) THEN 'added' WHEN NOT coalesce(y._here, false) THEN 'removed'
            WHEN {self._any(self.own)} THEN 'changed' WHEN {self._any(self._told)} THEN 'told' ELSE 'same' END"""

    def _write(self) -> None:
        """Write down the rows that are not the same, once: they are asked for column by column."""
        if self._written:
            return
        keys = ", ".join(f"coalesce(y.{_name(name)}, x.{_name(name)}) AS {_name(name)}" for name in self.key)
        values = "".join(
            f", x.{_name(name)} AS {_name('antes ' + name)}, y.{_name(name)} AS {_name('despues ' + name)}"
            for name in self.own
        )
        self._ask.execute(
            f"CREATE OR REPLACE TABLE rows_of AS SELECT * FROM (SELECT {self._state} AS _state, {keys}{values} "
            f"FROM {self._joined}) WHERE _state NOT IN ('same', 'told')"
        )
        self._written = True

    def _any(self, names: list[str]) -> str:
        """Whether any of some columns is different."""
        return " OR ".join(self._different(f"x.{_name(name)}", f"y.{_name(name)}", name) for name in names) or "false"

    def _different(self, before: str, after: str, name: str) -> str:
        """Whether a column is different; of one that changed its type, its text is looked at, and what a number has after its
        ninth decimal is how it was worked out and not what it says.
        """
        if name in self._cast:
            before, after = f"CAST({before} AS VARCHAR)", f"CAST({after} AS VARCHAR)"
        elif self._columns[1][name] in INEXACT:
            before, after = f"round({before}, {DECIMALS})", f"round({after}, {DECIMALS})"
        return f"{before} IS DISTINCT FROM {after}"

    @property
    def counts(self) -> Counts:
        """How many rows there are of each kind."""
        more = tuple(name for name in self._columns[1] if name not in self._columns[0])
        fewer = tuple(name for name in self._columns[0] if name not in self._columns[1])
        if not self.keyed:
            return self._whole_rows(more, fewer)
        found = dict(self._ask.execute(f"SELECT {self._state}, count(*) FROM {self._joined} GROUP BY 1").fetchall())
        told = found.get("told", 0)
        same = found.get("same", 0) + told
        rows = (found.get("added", 0), found.get("changed", 0), found.get("removed", 0), same, told)
        return Counts(*rows, more, fewer)

    def _whole_rows(self, more: tuple[str, ...], fewer: tuple[str, ...]) -> Counts:
        """The same of rows without a key: one that says something else is one that is gone and one that is new."""
        names = ", ".join(f"CAST({_name(name)} AS VARCHAR)" for name in self.own) or "1"
        sides = [f"SELECT {names} FROM {side}" for side in "ab"]
        gone, new = (
            self._number(f"SELECT count(*) FROM ({one} EXCEPT ALL {other})") for one, other in (sides, sides[::-1])
        )
        total = self._number("SELECT count(*) FROM b")
        return Counts(new, 0, gone, total - new, 0, more, fewer, paired=False)

    def _number(self, asked: str) -> int:
        found = self._ask.execute(asked).fetchone()
        return int(found[0]) if found else 0

    def cells(self, column: str, largest: int | None = None) -> Iterator[Cell]:
        """What is different in a column, in the order of the key or, if only the `largest` differences are asked for, theirs."""
        self._write()
        before, after = _name("antes " + column), _name("despues " + column)
        different = self._different(before, after, column)
        order = f"abs({after} - {before}) DESC, " if largest else ""
        both = f" AND {before} IS NOT NULL AND {after} IS NOT NULL" if largest else ""
        asked = (
            f"SELECT {self._keys()}, {before}, {after} FROM rows_of WHERE _state = 'changed' AND {different}{both} "
            f"ORDER BY {order}{self._keys()}{f' LIMIT {largest}' if largest else ''}"
        )
        for *key, old, new in self._rows(asked):
            yield Cell(tuple(key), column, old, new)

    def emptied(self, column: str) -> int:
        """How many figures of a column are missing now and were not."""
        self._write()
        return self._number(f"SELECT count(*) FROM rows_of WHERE {self._is_gone(column)}")

    def gone(self, column: str, most: int) -> Iterator[Cell]:
        """The first of them, in the order of the key."""
        before, after = _name("antes " + column), _name("despues " + column)
        asked = f"SELECT {self._keys()}, {before}, {after} FROM rows_of WHERE {self._is_gone(column)}"
        for *key, old, new in self._rows(f"{asked} ORDER BY {self._keys()} LIMIT {most}"):
            yield Cell(tuple(key), column, old, new)

    def _is_gone(self, column: str) -> str:
        before, after = _name("antes " + column), _name("despues " + column)
        return f"_state = 'changed' AND {before} IS NOT NULL AND {after} IS NULL"

    def keys_of(self, state: str) -> Iterator[tuple[Value, ...]]:
        """The keys of the rows that are «added» or «removed», in order."""
        self._write()
        return self._rows(f"SELECT {self._keys()} FROM rows_of WHERE _state = '{state}' ORDER BY {self._keys()}")

    def _keys(self) -> str:
        return ", ".join(map(_name, self.key))

    def _rows(self, asked: str) -> Iterator[tuple[Value, ...]]:
        cursor = self._ask.cursor().execute(asked)
        while found := cursor.fetchmany(BATCH):
            yield from found


@contextmanager
def comparing() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for comparisons, of one thread; what does not fit in its memory goes to the disk meanwhile."""
    with TemporaryDirectory(prefix="padron-comparar-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "threads": THREADS, "temp_directory": folder
        }  # fmt: skip
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield connection
        finally:
            connection.close()


def _name(column: str) -> str:
    """A name of a column as SQL writes it, whatever it has inside."""
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
