"""Where the records are: CSV, Parquet, a folder of either, or a database; opened so that only declared columns are read.

Files are read by DuckDB in this process, within a memory limit; what does not fit is spilled encrypted to a private
folder that is removed. A database does the work itself and only results travel. No message here repeats what a file or
a database says: their errors quote values.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import (
    URL,
    Connection,
    FromClause,
    column,
    create_engine,
    func,
    inspect,
    literal,
    make_url,
    select,
    table,
    text,
    types,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from etl.microdata import windows1252
from etl.microdata.errors import MicrodataError
from etl.microdata.statement import DECIMAL, ENTERO, FECHA, TEXTO, Origin

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
class Opened:
    """A source ready to be asked: a connection and what the statement needs to know of it."""

    connection: Connection
    origin: Origin
    local: bool  # DuckDB in this process: fingerprints can be searched here
    description: str
    inputs: tuple[Path, ...] = ()
    csv: bool = False

    def damaged(self) -> list[tuple[str, int]]:
        """File and row of the CSV rows that could not be cut into cells, each once.

        MicrodataError when a quote is never closed: rows after it were swallowed, so they cannot be accounted for.
        """
        if not self.csv:
            return []
        open_quote = self.connection.execute(
            text("SELECT min(line) FROM reject_errors WHERE error_message ILIKE '%unterminated quote%'")
        ).scalar()
        if open_quote is not None:
            raise MicrodataError(
                f"hay comillas que no se cierran en la fila {open_quote}: el archivo está dañado o cortado"
            )
        found = self.connection.execute(
            text(
                "SELECT DISTINCT s.file_path, e.line FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) "
                "ORDER BY ALL"
            )
        )
        return [(Path(path).name, int(line)) for path, line in found]

    def forget_damaged(self) -> None:
        """Empty the account of damaged rows: it holds whole lines, and each reading of the file fills it again."""
        if self.csv:
            for name in ("reject_errors", "reject_scans"):
                self.connection.execute(text(f"DELETE FROM {name}"))


@contextmanager
def opened(
    source: str,
    needed: Sequence[str],
    table_name: str | None = None,
    query: str | None = None,
    threads: int | None = None,
) -> Iterator[Opened]:
    """The source with the columns `needed`; MicrodataError if it cannot be opened or lacks one."""
    if source.startswith("env:"):
        source = os.environ.get(source.removeprefix("env:"), "")
        if not source:
            raise MicrodataError("la variable de entorno indicada con env: no existe o está vacía")
    if "://" in source:
        with _database(source, needed, table_name, query) as ready:
            yield ready
        return
    if table_name or query:
        raise MicrodataError("--tabla y --consulta solo valen con la dirección de una base de datos")
    parts = _parts(Path(source), needed)
    with _files(parts, needed, threads) as ready:
        yield ready


# --- Files ------------------------------------------------------------------------------------------------------------


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
        raise MicrodataError(f"no se puede leer {path.name}: {error.strerror or 'archivo dañado'}") from None
    _complete(part.header, needed, path.name)
    return part


def _complete(header: Sequence[str], needed: Sequence[str], name: str) -> None:
    """Every needed column is there once. The header is never quoted: in a file without one, it is somebody's record."""
    missing = [item for item in needed if item not in header]
    repeated = [item for item in needed if header.count(item) > 1]
    if missing:
        raise MicrodataError(
            f"{name}: faltan columnas: {', '.join(missing)}. ¿Otra disposición? Declárela con --columnas"
        )
    if repeated:
        raise MicrodataError(f"{name}: columnas repetidas en el encabezado: {', '.join(repeated)}")


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


@contextmanager
def _files(parts: Sequence[Part], needed: Sequence[str], threads: int | None) -> Iterator[Opened]:
    spill = Path(tempfile.mkdtemp(prefix="padron-"))
    spill.chmod(0o700)
    engine = create_engine("duckdb:///:memory:", poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            _limit(connection, spill, threads)
            text_files = parts[0].path.suffix.lower() in TEXT_SUFFIXES
            encoding = UTF8
            if text_files and not all(_is_utf8(part.path) for part in parts):
                encoding = LATIN_1
                raw(connection).register_filesystem(windows1252.SubstitutedFiles())
            kinds = _create_views(connection, parts, needed, encoding)
            origin = Origin(
                _view("registros_origen", needed), _view("filas_origen", [*needed, "archivo", "fila"]), kinds
            )
            name = parts[0].path.name if len(parts) == 1 else f"{len(parts)} archivos"
            try:
                yield Opened(connection, origin, True, name, tuple(part.path for part in parts), text_files)
            finally:
                if encoding == LATIN_1:
                    raw(connection).unregister_filesystem(windows1252.PROTOCOL)
    except (duckdb.Error, DBAPIError) as error:
        raise _explained(error) from None
    finally:
        engine.dispose()
        shutil.rmtree(spill, ignore_errors=True)


def _explained(error: Exception) -> MicrodataError:
    """What failed, by its kind: the words of the engine may quote a record."""
    original = getattr(error, "orig", None) or error
    kinds = {
        duckdb.OutOfMemoryException: "no hay memoria suficiente para leer el archivo",
        duckdb.IOException: "no se puede leer el archivo, o está dañado o cortado",
        duckdb.InvalidInputException: "el archivo está dañado o mal escrito: comillas sin cerrar, o finales de línea de dos "
        "clases mezclados",
        duckdb.ConversionException: "una columna tiene valores que no son de su tipo",
    }
    for kind, message in kinds.items():
        if isinstance(original, kind):
            return MicrodataError(message)
    return MicrodataError(f"el motor no pudo leer los registros ({type(original).__name__})")


def _limit(connection: Connection, spill: Path, threads: int | None) -> None:
    for setting in (
        f"memory_limit='{MEMORY}'",
        f"temp_directory='{_quoted(spill)}'",
        "temp_file_encryption=true",
        # The cipher that DuckDB brings; it asks for an extension that is downloaded to call it secure. What spills is in a
        # private folder and is removed: this only makes what a killed job leaves useless to whoever finds it.
        "force_mbedtls_unsafe='true'",
        "autoinstall_known_extensions=false",
        "autoload_known_extensions=false",
        *([f"threads={threads}"] if threads else []),
    ):
        connection.execute(text(f"SET {setting}"))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''").replace(":", r"\:")


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
    connection: Connection, parts: Sequence[Part], needed: Sequence[str], encoding: str
) -> dict[str, str]:
    for name, rows in (("registros_origen", False), ("filas_origen", True)):
        scans = " UNION ALL ".join(_scan(part, needed, encoding, rows) for part in parts)
        raw(connection).execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {scans}")
    described = raw(connection).execute("DESCRIBE registros_origen").fetchall()
    return {row[0]: _kind(row[1]) for row in described}


def raw(connection: Connection) -> duckdb.DuckDBPyConnection:
    """DuckDB's own connection, for what SQLAlchemy cannot say (Arrow results, views over paths with a colon)."""
    found = connection.connection.driver_connection
    return getattr(found, "c", found)


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


def repeated_fingerprints(connection: Connection, statement: str) -> np.ndarray:
    """The fingerprints that appear more than once, sorted. `statement` gives one per record, as an unsigned 64-bit hash.

    Sorting 8 bytes per record in place is several times faster than a hash table of identifiers, never spills, and
    holds no identifier.
    """
    reader = raw(connection).sql(statement).to_arrow_reader(1 << 20)
    blocks, size = [np.empty(1 << 20, np.uint64)], 0
    found = blocks[0]
    for batch in reader:
        new = batch.column(0).to_numpy(zero_copy_only=False)
        if size + len(new) > len(found):
            found.resize(max(2 * len(found), size + len(new)), refcheck=False)
        found[size : size + len(new)] = new
        size += len(new)
    found.resize(size, refcheck=False)
    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])


# --- Databases --------------------------------------------------------------------------------------------------------


@contextmanager
def _database(source: str, needed: Sequence[str], table_name: str | None, query: str | None) -> Iterator[Opened]:
    if bool(table_name) == bool(query):
        raise MicrodataError("con una base de datos indique --tabla o --consulta, una de las dos")
    try:
        url = make_url(source)
    except ArgumentError:
        raise MicrodataError("la dirección de la base de datos no se entiende") from None
    try:
        engine = create_engine(_driver(url), poolclass=NullPool, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        raise MicrodataError(f"falta el controlador de SQLAlchemy para {url.drivername}: instálelo") from None
    try:
        with engine.connect().execution_options(**_read_only(url)) as connection:
            records, kinds = _relation(connection, needed, table_name, query)
            shown = f"{url.get_backend_name()}: " + (f"tabla {table_name}" if table_name else "consulta")
            yield Opened(connection, Origin(records, _numbered(records, needed), kinds), False, shown)
    except NoSuchTableError:
        raise MicrodataError(f"la base de datos no tiene la tabla {table_name}") from None
    except DBAPIError as error:
        raise _database_problem(error) from None
    except SQLAlchemyError as error:
        raise MicrodataError(f"la base de datos no pudo responder ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _driver(url: URL) -> URL:
    """psycopg 3 for PostgreSQL unless the address names another driver."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _read_only(url: URL) -> dict[str, object]:
    if url.get_backend_name() in ("postgresql", "postgres"):
        # One photograph for every question, and nothing of ours can write.
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {}


def _database_problem(error: DBAPIError) -> MicrodataError:
    state = getattr(error.orig, "sqlstate", None)
    if state is None and error.statement is None:
        return MicrodataError("no se puede conectar con la base de datos: revise la dirección, el usuario y la red")
    known = {
        "42": "la consulta no es válida en esa base, o falta permiso",
        "57": "la base de datos interrumpió el trabajo",
        "28": "la base de datos no acepta el usuario o la contraseña",
        "3D": "esa base de datos no existe",
        "53": "a la base de datos le faltan recursos",
        "25": "la consulta intenta escribir: solo se permite leer",
    }
    words = known.get((state or "")[:2], "la base de datos no pudo responder")
    return MicrodataError(f"{words} (SQLSTATE {state})" if state else words)


def _relation(connection: Connection, needed: Sequence[str], table_name: str | None, query: str | None):
    if query:
        inner = text(query.strip().rstrip(";").replace(":", r"\:"))  # a colon is never a parameter of ours
        names = list(
            connection.execute(select(text("*")).select_from(inner.columns().subquery("origen")).limit(0)).keys()
        )
        _complete(names, needed, "la consulta")
        return inner.columns(*(column(name) for name in needed)).subquery("origen"), dict.fromkeys(needed, "otro")
    schema, _, name = (table_name or "").rpartition(".")
    columns = {item["name"]: item["type"] for item in inspect(connection).get_columns(name, schema or None)}
    _complete(list(columns), needed, f"la tabla {table_name}")
    relation = table(name, *(column(item) for item in needed), schema=schema or None)
    return relation, {item: _database_kind(columns[item]) for item in needed}


def _database_kind(kind: types.TypeEngine) -> str:
    if isinstance(kind, types.Integer):
        return ENTERO
    if isinstance(kind, types.Date):
        return FECHA
    if isinstance(kind, types.Numeric):
        return DECIMAL
    return TEXTO if isinstance(kind, types.String) and not isinstance(kind, types.Enum) else "otro"


def _numbered(records: FromClause, needed: Sequence[str]) -> FromClause:
    """The records with a number: the order in which the database gives them, which is all a table has."""
    return select(
        *(records.c[name] for name in needed),
        literal("base de datos").label("archivo"),
        func.row_number().over().label("fila"),
    ).subquery("filas_origen")
