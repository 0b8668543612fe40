"""A database that holds the records: it does the work itself, reading only, and only results travel.

No message here repeats what a database says: its errors quote values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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
from etl.microdata.question import DECIMAL, ENTERO, FECHA, TEXTO, Origin, Question
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
    source: str, needed: Sequence[str], table_name: str | None, query: str | None
) -> Iterator[Database]:
    """The table or the query of the database at `source`; MicrodataError if it cannot be asked or lacks a column."""
    if bool(table_name) == bool(query):
        raise MicrodataError("con una base de datos indique --tabla o --consulta, una de las dos")
    try:
        url = with_driver(make_url(source))
    except ArgumentError:
        raise MicrodataError("la dirección de la base de datos no se entiende") from None
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        raise MicrodataError(missing_driver(url.drivername)) from None
    try:
        with engine.connect().execution_options(**_read_only(url)) as connection:
            records, kinds = _relation(connection, needed, table_name, query)
            shown = f"{url.get_backend_name()}: " + (f"tabla {table_name}" if table_name else "consulta")
            yield Database(Origin(records, _numbered(records, needed), kinds), shown, (), connection)
    except NoSuchTableError:
        raise MicrodataError(f"la base de datos no tiene la tabla {table_name}") from None
    except DBAPIError as error:
        raise _database_problem(error) from None
    except SQLAlchemyError as error:
        raise MicrodataError(f"la base de datos no pudo responder ({type(error).__name__})") from None
    finally:
        engine.dispose()


def _read_only(url: URL) -> dict[str, object]:
    if url.get_backend_name() == "postgresql":
        # One snapshot for every question, in a session that cannot write.
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


def _relation(
    connection: Connection, needed: Sequence[str], table_name: str | None, query: str | None
) -> tuple[FromClause, dict[str, str]]:
    if query:
        inner = text(query.strip().rstrip(";").replace(":", r"\:"))  # a colon is never a parameter of ours
        names = list(
            connection.execute(select(text("*")).select_from(inner.columns().subquery("origen")).limit(0)).keys()
        )
        check_columns(names, needed, "la consulta")
        return inner.columns(*(column(name) for name in needed)).subquery("origen"), dict.fromkeys(needed, "otro")
    schema, _, name = (table_name or "").rpartition(".")
    columns = {item["name"]: item["type"] for item in inspect(connection).get_columns(name, schema or None)}
    check_columns(list(columns), needed, f"la tabla {table_name}")
    relation = table(name, *(column(item) for item in needed), schema=schema or None)
    return relation, {item: _database_kind(columns[item]) for item in needed}


def _database_kind(kind: types.TypeEngine[Any]) -> str:
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
