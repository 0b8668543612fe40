"""CSV, Parquet, or a folder of either: read by DuckDB in this process, within a memory limit.

Only declared columns are read; what does not fit in memory is spilled encrypted to a private folder that is removed. No
message here repeats what a file says: their errors quote values.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import BigInteger, FromClause, column, table

from etl.microdata import statement, windows1252
from etl.microdata.dialects import Query, for_duckdb
from etl.microdata.errors import MicrodataError
from etl.microdata.opened import Opened, check_columns
from etl.microdata.question import DECIMAL, ENTERO, FECHA, TEXTO, Origin, Question
from etl.release import reason

TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")
DELIMITERS = (",", ";", "\t", "|", "^", "~")
MEMORY = "1200MB"
HEADER_BYTES = 1 << 20
MAX_DAMAGED = 200_000  # damaged CSV rows that are remembered; more is a file that is no CSV
UTF8, LATIN_1 = (
    "utf-8",
    "latin-1",
)  # DuckDB's Latin-1; its C1 controls are folded as Windows-1252 (record.APOSTROPHES)


@dataclass(frozen=True)
class Part:
    """One file of the source: its columns by position, how it is written."""

    path: Path
    header: tuple[str, ...]
    delimiter: str = ","


@dataclass
class Files(Opened):
    """Files open in a DuckDB of this process: views over them, and whether they are text."""

    engine: duckdb.DuckDBPyConnection
    text: bool

    def frame(self, query: Query) -> pd.DataFrame:
        frame: pd.DataFrame = self._relation(query).to_arrow_table().to_pandas()
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
        if not self.text:
            return []
        unterminated = "SELECT min(line) FROM reject_errors WHERE error_message ILIKE '%unterminated quote%'"
        ((line,),) = self.engine.execute(unterminated).fetchall()
        if line is not None:
            raise MicrodataError(f"hay comillas que no se cierran en la fila {line}: el archivo está dañado o cortado")
        found = self.engine.execute(
            "SELECT DISTINCT s.file_path, e.line FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) "
            "ORDER BY ALL"
        )
        return [(Path(path).name, int(line)) for path, line in found.fetchall()]

    def forget_damaged(self) -> None:
        if self.text:
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
def opened_files(path: Path, needed: Sequence[str], threads: int | None) -> Iterator[Files]:
    """A file or a folder of files with the columns `needed`; MicrodataError if it cannot be read or lacks one."""
    parts = _parts(path, needed)
    spill = Path(tempfile.mkdtemp(prefix="padron-"))
    spill.chmod(0o700)
    engine = duckdb.connect(":memory:")
    try:
        _limit(engine, spill, threads)
        text = parts[0].path.suffix.lower() in TEXT_SUFFIXES
        encoding = UTF8
        if text and not all(_is_utf8(part.path) for part in parts):
            encoding = LATIN_1
            engine.register_filesystem(windows1252.SubstitutedFiles())
        kinds = _create_views(engine, parts, needed, encoding)
        origin = Origin(_view("registros_origen", needed), _view("filas_origen", [*needed, "archivo", "fila"]), kinds)
        name = parts[0].path.name if len(parts) == 1 else f"{len(parts)} archivos"
        yield Files(origin, name, tuple(part.path for part in parts), engine, text)
    except duckdb.Error as error:
        raise _explained(error) from None
    finally:
        engine.close()
        shutil.rmtree(spill, ignore_errors=True)


def _parts(path: Path, needed: Sequence[str]) -> list[Part]:
    if not path.exists():
        raise MicrodataError(f"no existe {path.name or path}")
    if path.is_dir():
        paths = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
        other = [p.name for p in paths if p.suffix.lower() not in (*TEXT_SUFFIXES, *PARQUET_SUFFIXES)]
        if not paths:
            raise MicrodataError(f"la carpeta {path.name} no tiene archivos")
        if other:
            raise MicrodataError(f"la carpeta {path.name} tiene archivos que no son CSV ni Parquet ({len(other)})")
        if len({p.suffix.lower() in PARQUET_SUFFIXES for p in paths}) > 1:
            raise MicrodataError(f"la carpeta {path.name} mezcla CSV y Parquet: sepárelos")
    else:
        paths = [path]
    return [_part(item, needed) for item in paths]


def _part(path: Path, needed: Sequence[str]) -> Part:
    suffix = path.suffix.lower()
    if not path.is_file():
        raise MicrodataError(f"{path.name} no es un archivo")
    try:
        if suffix in PARQUET_SUFFIXES:
            part = Part(path, tuple(pq.read_schema(path).names))
        elif suffix in TEXT_SUFFIXES:
            part = _csv_part(path, needed)
        else:
            raise MicrodataError(f"{path.name} no es CSV ni Parquet (.csv, .tsv, .txt, .parquet)")
    except pa.ArrowException:
        raise MicrodataError(f"{path.name} no es Parquet o está dañado: no se puede abrir") from None
    except OSError as error:
        raise MicrodataError(
            f"no se puede leer {path.name}: {reason(error) if error.errno else 'archivo dañado'}"
        ) from None
    check_columns(part.header, needed, path.name)
    return part


def _csv_part(path: Path, needed: Sequence[str]) -> Part:
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    if not start.strip():
        raise MicrodataError(f"{path.name} está vacío")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        raise MicrodataError(f"{path.name} no es texto UTF-8 ni Windows-1252 (¿UTF-16 o un archivo binario?)")
    try:
        line = start.decode("utf-8-sig")
    except UnicodeDecodeError:
        line = start.decode("cp1252", "replace")
    found = max(((_header(line, mark), mark) for mark in DELIMITERS), key=lambda pair: len(set(pair[0]) & set(needed)))
    return Part(path, *found)


def _header(start: str, delimiter: str) -> tuple[str, ...]:
    try:
        row = next(csv.reader(start.splitlines(keepends=True), delimiter=delimiter), [])
    except csv.Error:
        return ()
    return tuple(name.strip() for name in row)


def _explained(error: duckdb.Error) -> MicrodataError:
    """What failed, by its kind: the words of the engine may quote a record."""
    kinds = {
        duckdb.OutOfMemoryException: "no hay memoria suficiente para leer el archivo",
        duckdb.IOException: "no se puede leer el archivo, o está dañado o cortado",
        duckdb.InvalidInputException: "el archivo está dañado o mal escrito: comillas sin cerrar, o finales de línea de dos "
        "clases mezclados",
        duckdb.ConversionException: "una columna tiene valores que no son de su tipo",
    }
    for kind, message in kinds.items():
        if isinstance(error, kind):
            return MicrodataError(message)
    return MicrodataError(f"el motor no pudo leer los registros ({type(error).__name__})")


def _limit(engine: duckdb.DuckDBPyConnection, spill: Path, threads: int | None) -> None:
    for setting in (
        f"memory_limit='{MEMORY}'",
        f"temp_directory={_literal(str(spill))}",
        "temp_file_encryption=true",
        # The cipher that DuckDB brings; it asks for an extension that is downloaded to call it secure. What spills is in a
        # private folder and is removed: this only makes what a killed job leaves useless to whoever finds it.
        "force_mbedtls_unsafe='true'",
        "autoinstall_known_extensions=false",
        "autoload_known_extensions=false",
        *([f"threads={threads}"] if threads else []),
    ):
        engine.execute(f"SET {setting}")


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _scan(part: Part, needed: Sequence[str], encoding: str, rows: bool) -> str:
    """SELECT of the needed columns of one file, with archivo and fila when `rows`."""
    path = _literal(str(part.path.resolve()))
    if part.path.suffix.lower() in PARQUET_SUFFIXES:
        columns = [_name(name) for name in needed]
        place = [f"{_literal(part.path.name)} AS archivo", "file_row_number + 1 AS fila"] if rows else []
        return f"SELECT {', '.join(columns + place)} FROM read_parquet({path}, file_row_number={str(rows).lower()})"
    if encoding == LATIN_1:
        path = _literal(f"{windows1252.PROTOCOL}://{part.path.resolve()}")
    columns = [f"c{part.header.index(name)} AS {_name(name)}" for name in needed]
    place = [f"{_literal(part.path.name)} AS archivo", "row_number() OVER () + 1 AS fila"] if rows else []
    types_ = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(part.header)))
    options = (
        f"auto_detect=false, header=true, delim={_literal(part.delimiter)}, quote='\"', escape='\"', "
        f"columns={{{types_}}}, encoding='{encoding}', ignore_errors=true, store_rejects=true, "
        f"rejects_limit={MAX_DAMAGED}, strict_mode=true"
    )
    return f"SELECT {', '.join(columns + place)} FROM read_csv({path}, {options})"


def _create_views(
    engine: duckdb.DuckDBPyConnection, parts: Sequence[Part], needed: Sequence[str], encoding: str
) -> dict[str, str]:
    for name, rows in (("registros_origen", False), ("filas_origen", True)):
        scans = " UNION ALL ".join(_scan(part, needed, encoding, rows) for part in parts)
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


def _is_utf8(path: Path) -> bool:
    """Whether the whole file is UTF-8: read once, block by block, cutting only between characters."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            block = rest + block
            if block.isascii():
                rest = b""
                continue
            end = len(block)
            while end > 0 and end > len(block) - 4 and block[end - 1] & 0xC0 == 0x80:
                end -= 1
            if end and block[end - 1] >= 0xC0:
                end -= 1  # the character that starts here may go on in the next block
            else:
                end = len(block)
            rest = block[end:]
            try:
                block[:end].decode("utf-8")
            except UnicodeDecodeError:
                return False
    try:
        rest.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
