"""A database that holds the records: it does the work itself, reading only, and only results travel.

No message here repeats what a database says: its errors quote values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
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

from etl.microdata import statement
from etl.microdata.dialects import Query
from etl.microdata.errors import MicrodataError
from etl.microdata.opened import Opened, check_columns
from etl.microdata.question import DECIMAL, ENTERO, FECHA, MIXTO, TEXTO, Origin, Question, text_of
from etl.pipeline.drivers import missing_driver, with_driver


@dataclass
class Database(Opened):
    """A table or a query of a database, in a session that only reads."""

    connection: Connection

    def frame(self, query: Query) -> pd.DataFrame:
        result = self.connection.execute(query)
        return pd.DataFrame(result.fetchall(), columns=list(result.keys()))

    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.connection.execute(query)]

    def repeated(self, question: Question) -> FromClause | None:
        return statement.repeated_inside(question, self.origin).cte("repetidos")

    def damaged(self) -> list[tuple[str, int]]:
        return []  # a table has no rows that cannot be cut into cells

    def forget_damaged(self) -> None:
        pass


@contextmanager
def opened_database(
    source: str,
    needed: Sequence[str],
    table_name: str | None,
    query: str | None,
    of_kind: Callable[[str], type[Database]] = lambda name: Database,
) -> Iterator[Database]:
    """The table or the query of the database at `source`; MicrodataError if it cannot be asked or lacks a column.

    `of_kind` gives the class for the name of an engine.
    """
    if bool(table_name) == bool(query):
        raise MicrodataError("con una base de datos indique --tabla o --consulta, una de las dos")
    try:
        url = with_driver(make_url(source))
    except ArgumentError:
        raise MicrodataError("la dirección de la base de datos no se entiende") from None
    file = _sqlite_file(url)
    try:
        engine = create_engine(_reading(url, file), poolclass=NullPool, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        raise MicrodataError(missing_driver(url.drivername)) from None
    name = url.get_backend_name()
    try:
        with engine.connect().execution_options(**_read_only(name)) as connection:
            _begin(connection, name)
            records, kinds, order = _relation(connection, needed, table_name, query)
            if name == "sqlite":
                records, kinds = _as_text(records, needed, order), dict.fromkeys(needed, "otro")
            shown = f"{name}: " + (f"tabla {table_name}" if table_name else "consulta")
            inputs = ((file.name, file),) if file else ()
            yield of_kind(name)(
                Origin(records, _numbered(records, needed, order), kinds), shown, inputs, (), connection
            )
    except NoSuchTableError:
        raise MicrodataError(f"la base de datos no tiene la tabla {table_name}") from None
    except DBAPIError as error:
        raise _database_problem(error) from None
    except SQLAlchemyError as error:
        raise MicrodataError(f"la base de datos no pudo responder ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; MicrodataError if it, or one of DuckDB, is not there: to open it would make it."""
    if url.get_backend_name() not in ("sqlite", "duckdb"):
        return None
    path = Path(url.database or "")
    if not path.is_file():
        raise MicrodataError(f"no existe la base de datos {path.name or ':memory:'}")
    return path if url.get_backend_name() == "sqlite" else None


def _reading(url: URL, file: Path | None) -> URL:
    """The address with which `file` is opened to read and nothing else."""
    if file is None:
        return url
    return url.set(database=f"file:{quote(str(file.resolve()))}", query={"mode": "ro", "uri": "true"})


def _read_only(name: str) -> dict[str, object]:
    if name == "postgresql":
        # One snapshot for every question, in a session that cannot write.
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {}


def _begin(connection: Connection, name: str) -> None:
    """One snapshot for every question, where it is asked for with a statement."""
    if name in ("mysql", "mariadb"):
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    elif name == "sqlite":
        connection.exec_driver_sql("BEGIN")


#: What is wrong, by the number that MySQL and MariaDB give it.
MYSQL_PROBLEMS = {
    1044: "la base de datos no acepta el usuario o la contraseña, o no le da permiso",
    1045: "la base de datos no acepta el usuario o la contraseña",
    1049: "esa base de datos no existe",
    1054: "la consulta no es válida en esa base, o falta permiso",
    1064: "la consulta no es válida en esa base, o falta permiso",
    1142: "la consulta no es válida en esa base, o falta permiso",
    1143: "la consulta no es válida en esa base, o falta permiso",
    1146: "la consulta no es válida en esa base, o falta permiso",
    1290: "la consulta intenta escribir: solo se permite leer",
    1792: "la consulta intenta escribir: solo se permite leer",
    1317: "la base de datos interrumpió el trabajo",
    2003: "no se puede conectar con la base de datos: revise la dirección, el usuario y la red",
    2013: "se perdió la conexión con la base de datos",
}


def _database_problem(error: DBAPIError) -> MicrodataError:
    if words := _problem_of_driver(error):
        return MicrodataError(words)
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


def _problem_of_driver(error: DBAPIError) -> str | None:
    """What MySQL, MariaDB and SQLite say with a number, in words; None when it is of another."""
    kind = type(error.orig).__module__.partition(".")[0]
    if kind == "sqlite3":
        if isinstance(error.orig, sqlite3.OperationalError):
            return f"la consulta no es válida en esa base, o intenta escribir ({error.orig.sqlite_errorname})"
        return (
            f"el archivo no es una base de SQLite, o está dañado ({getattr(error.orig, 'sqlite_errorname', 'error')})"
        )
    number = error.orig.args[0] if kind == "pymysql" and error.orig and error.orig.args else None
    if not isinstance(number, int):
        return None
    return f"{MYSQL_PROBLEMS.get(number, 'la base de datos no pudo responder')} (error {number})"


def _relation(
    connection: Connection, needed: Sequence[str], table_name: str | None, query: str | None
) -> tuple[FromClause, dict[str, str], list[str]]:
    """The relation, the kind of each needed column and, of a table with a primary key, its columns."""
    if query:
        inner = text(query.strip().rstrip(";").replace(":", r"\:"))  # a colon is never a parameter of ours
        names = list(
            connection.execute(select(text("*")).select_from(inner.columns().subquery("origen")).limit(0)).keys()
        )
        check_columns(names, needed, "la consulta")
        return inner.columns(*(column(name) for name in needed)).subquery("origen"), dict.fromkeys(needed, "otro"), []
    schema, _, name = (table_name or "").rpartition(".")
    columns = {item["name"]: item["type"] for item in inspect(connection).get_columns(name, schema or None)}
    check_columns(list(columns), needed, f"la tabla {table_name}")
    key = list(inspect(connection).get_pk_constraint(name, schema or None).get("constrained_columns") or [])
    relation = table(name, *(column(item) for item in dict.fromkeys([*needed, *key])), schema=schema or None)
    return relation, {item: _database_kind(columns[item]) for item in needed}, key


def _as_text(records: FromClause, needed: Sequence[str], order: Sequence[str]) -> FromClause:
    """The records with every needed column as text: in one of SQLite there are values of any type, whatever it says."""
    others = [records.c[name] for name in order if name not in needed]
    return select(*(text_of(records.c[name], MIXTO).label(name) for name in needed), *others).subquery("textos")


def _database_kind(kind: types.TypeEngine[Any]) -> str:
    if isinstance(kind, types.Integer):
        return ENTERO
    if isinstance(kind, types.Date):
        return FECHA
    if isinstance(kind, types.Numeric | types.Float):
        return DECIMAL
    return TEXTO if isinstance(kind, types.String) and not isinstance(kind, types.Enum) else "otro"


def _numbered(records: FromClause, needed: Sequence[str], order: Sequence[str]) -> FromClause:
    """The records with a number: the order of the primary key or, without one, the one in which the database gives them."""
    return select(
        *(records.c[name] for name in needed),
        literal("base de datos").label("archivo"),
        func.row_number().over(order_by=[records.c[name] for name in order] or None).label("fila"),
    ).subquery("filas_origen")
