"""CSV, text of fixed width, Parquet, Excel, or a folder of them: read by DuckDB in this process, within a memory limit.

Only declared columns are read. No message here repeats what a file says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import BigInteger, FromClause, column, table

from etl.microdata import sheets, statement
from etl.microdata.dialects import Query, for_duckdb
from etl.microdata.engine import literal, private_engine
from etl.microdata.errors import MicrodataError
from etl.microdata.layout import Layout
from etl.microdata.opened import Opened
from etl.microdata.parts import Form, Part, parts_of
from etl.microdata.question import DECIMAL, ENTERO, FECHA, TEXTO, Origin, Question
from etl.microdata.streams import PROTOCOL, Stream, Streams

MAX_DAMAGED = 200_000  # damaged CSV rows that are remembered; more is a file that is no CSV
UTF8, LATIN_1 = "utf-8", "latin-1"
LINE, NOT_THERE = "linea", "\x1f"  # the only column of a text of fixed width, and a delimiter that it does not have


@dataclass
class Files(Opened):
    """Files open in a DuckDB of this process: views over them, and how those that are text are named in a message."""

    engine: duckdb.DuckDBPyConnection
    texts: Mapping[str, str]

    def frame(self, query: Query) -> pd.DataFrame:
        frame: pd.DataFrame = self._relation(query).to_arrow_table().to_pandas()
        return frame

    def counted(self, question: Question, repeated: FromClause | None) -> pd.DataFrame:
        """In two steps: what one statement holds of both at once does not fit in the limit, and what spills takes longer."""
        groups = statement.groups(question, self.origin, repeated)
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE grupos AS {for_duckdb(groups)}")
        made = table("grupos", *(column(item.name, item.type) for item in groups.selected_columns))
        frame = self.frame(statement.added_up(question, made))
        self.engine.execute("DROP TABLE grupos")
        return frame

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        return self._relation(query).fetchall()

    def repeated(self, question: Question) -> FromClause | None:
        found = self._repeated_fingerprints(statement.fingerprints(question, self.origin))
        if not len(found):
            return None
        self.engine.register("huellas_repetidas", pa.table({"huella": pa.array(found)}))
        self.engine.execute("CREATE OR REPLACE TEMP TABLE repetidos AS SELECT huella FROM huellas_repetidas")
        self.engine.unregister("huellas_repetidas")
        return table("repetidos", column("huella", BigInteger))

    def damaged(self) -> list[tuple[str, int]]:
        """File and row of the CSV rows that could not be cut into cells, each once.

        MicrodataError when a quote is never closed: rows after it were swallowed, so they cannot be accounted for.
        """
        if not self.texts:
            return []
        unterminated = "SELECT min(line) FROM reject_errors WHERE error_message ILIKE '%unterminated quote%'"
        ((line,),) = self.engine.execute(unterminated).fetchall()
        if line is not None:
            raise MicrodataError(f"hay comillas que no se cierran en la fila {line}: el archivo está dañado o cortado")
        found = self.engine.execute(
            "SELECT DISTINCT s.file_path, e.line FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) "
            "ORDER BY ALL"
        )
        return [(self.texts.get(path, Path(path).name), int(line)) for path, line in found.fetchall()]

    def forget_damaged(self) -> None:
        if self.texts:
            for name in ("reject_errors", "reject_scans"):
                self.engine.execute(f"DELETE FROM {name}")

    def _relation(self, query: Query) -> duckdb.DuckDBPyRelation:
        return self.engine.sql(for_duckdb(query))

    def _repeated_fingerprints(self, query: Query) -> npt.NDArray[np.uint64]:
        """The fingerprints that appear more than once, sorted. `query` gives one per record, as an unsigned 64-bit hash.

        Sorting 8 bytes per record in place is several times faster than a hash table of identifiers, never spills, and
        holds no identifier.
        """
        blocks, size = [np.empty(1 << 20, np.uint64)], 0
        found = blocks[0]
        for batch in self._relation(query).to_arrow_reader(1 << 20):
            new = batch.column(0).to_numpy(zero_copy_only=False)
            if size + len(new) > len(found):
                found.resize(max(2 * len(found), size + len(new)), refcheck=False)
            found[size : size + len(new)] = new
            size += len(new)
        found.resize(size, refcheck=False)
        found.sort()
        return np.unique(found[1:][found[1:] == found[:-1]])


@contextmanager
def opened_files(
    path: Path, layout: Layout, elections: Sequence[str] = (), threads: int | None = None
) -> Iterator[Files]:
    """A file or a folder of files with the columns of `layout`; MicrodataError if it cannot be read or lacks one."""
    needed = layout.needed(elections)
    parts, notices = parts_of(path, layout, needed)
    parts = [replace(part, stream=part.stream.measured()) if part.stream else part for part in parts]
    with private_engine(threads) as engine:
        streams = {_place(part): part.stream for part in parts if part.stream and not _plain(part.stream)}
        if streams:
            engine.register_filesystem(Streams(streams))
        kinds = _create_views(engine, parts, needed, layout)
        columns = [*needed, *(["fila_corta"] if layout.widths and parts[0].stream and not layout.trimmed else [])]
        origin = Origin(_view("registros_origen", columns), _view("filas_origen", [*columns, "archivo", "fila"]), kinds)
        paths = tuple(dict.fromkeys((part.name.split(", hoja ")[0], part.path) for part in parts))
        description = paths[0][0] if len(paths) == 1 else f"{len(paths)} archivos"
        texts = {address: part.name for part in parts if part.stream for address in (_address(part), _place(part))}
        yield Files(origin, description, paths, tuple(notices), engine, texts)


def _plain(stream: Stream) -> bool:
    """Whether DuckDB reads it by itself."""
    return not stream.compressed and not stream.windows1252


def _place(part: Part) -> str:
    return str(part.path.resolve())


def _address(part: Part) -> str:
    """Where DuckDB finds a part."""
    plain = part.stream is None or _plain(part.stream)
    return _place(part) if plain else f"{PROTOCOL}://{_place(part)}"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _scan(part: Part, number: int, needed: Sequence[str], layout: Layout, rows: bool) -> str:
    """SELECT of the needed columns of one part, with archivo and fila when `rows`."""
    label = f"{literal(part.name)} AS archivo"
    names = {name: _name(name) for name in needed}
    if part.form is Form.PARQUET:
        source = f"read_parquet({literal(_place(part))}, file_row_number={str(rows).lower()}, hive_partitioning=false)"
        place = [label, "file_row_number + 1 AS fila"]
    elif part.form is Form.SHEET:
        source, place = f"hoja_{number}", [label, f"{sheets.ROW} AS fila"]
    elif layout.widths:
        names = {name: f"trim(substr({LINE}, {at}, {size}))" for name, (at, size) in layout.widths.items()}
        lines = f"SELECT {LINE}, row_number() OVER () AS fila FROM {_lines(part)}" if rows else f"FROM {_lines(part)}"
        source = f"({lines}) WHERE trim({LINE}, ' \t\x1a') <> ''"
        place = [label, "fila"]
    else:
        source, place = _csv(part), [label, "row_number() OVER () + 1 AS fila"]
        names = {name: f"c{part.header.index(name)}" for name in needed if name in part.header}
    for name, value in part.constants.items():
        names[name] = "CAST(NULL AS VARCHAR)" if value is None else literal(value)
    columns = [f"{names[name]} AS {_name(name)}" for name in needed]
    if part.stream and layout.widths and not layout.trimmed:
        columns.append(f"CAST(length({LINE}) < {layout.width} AS INTEGER) AS fila_corta")
    return f"SELECT {', '.join([*columns, *(place if rows else [])])} FROM {source}"


def _csv(part: Part) -> str:
    types_ = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(part.header)))
    return _read_csv(
        part, f"header=true, delim={literal(part.delimiter)}, quote='\"', escape='\"', columns={{{types_}}}"
    )


def _lines(part: Part) -> str:
    """A text of fixed width, each line whole in one column."""
    return _read_csv(part, f"header=false, delim='{NOT_THERE}', quote='', escape='', columns={{'{LINE}': 'VARCHAR'}}")


def _read_csv(part: Part, more: str) -> str:
    encoding = LATIN_1 if part.stream and part.stream.windows1252 else UTF8
    return (
        f"read_csv({literal(_address(part))}, auto_detect=false, compression='none', encoding='{encoding}', {more}, "
        f"ignore_errors=true, store_rejects=true, rejects_limit={MAX_DAMAGED}, strict_mode=true, hive_partitioning=false)"
    )


def _create_views(
    engine: duckdb.DuckDBPyConnection, parts: Sequence[Part], needed: Sequence[str], layout: Layout
) -> dict[str, str]:
    for number, part in enumerate(parts):
        if part.sheet:
            engine.register(f"hoja_{number}", part.sheet.table)
    for name, rows in (("registros_origen", False), ("filas_origen", True)):
        scans = " UNION ALL ".join(_scan(part, number, needed, layout, rows) for number, part in enumerate(parts))
        engine.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {scans}")
    described = engine.execute("DESCRIBE registros_origen").fetchall()
    return {row[0]: _kind(row[1]) for row in described}


def _kind(name: str) -> str:
    name = name.upper()
    if name in ("DATE",) or name.startswith("TIMESTAMP"):
        return FECHA
    if "INT" in name:
        return ENTERO
    if name.startswith(("DOUBLE", "FLOAT", "DECIMAL")):
        return DECIMAL
    return TEXTO if name == "VARCHAR" else "otro"


def _view(name: str, columns: Sequence[str]) -> FromClause:
    return table(name, *(column(item) for item in columns))
