"""The history of one folder of releases: an operation is written down before it is done, and closed once it is.

So a process killed in between leaves an open entry, which the next operation settles by looking at what is current.
"""

from __future__ import annotations

import getpass
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    Connection,
    NullPool,
    RowMapping,
    Select,
    Table,
    create_engine,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import OperationalError as CannotConnect

from etl.pipeline.drivers import missing_driver, with_driver
from etl.publish.history.folder import known_name_of, name_of
from etl.publish.history.tables import HEAD, Action, Outcome, entradas, filas, mensajes, operaciones
from etl.release import Manifest, reason

FILE = "historial.sqlite"
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = "alembic_version"


class HistoryError(Exception):
    """The history cannot be used; the message is for the reader, in Spanish, and never holds a password."""


@dataclass(frozen=True)
class Ending:
    """An operation that was done, in short: on what release, when, and why if somebody said it."""

    action: Action
    release: str
    when: datetime
    motive: str | None


@dataclass(frozen=True)
class Entry:
    """One operation. `inputs` are (dataset, file, SHA-256, rows); `rows` are by table; `warnings` as published."""

    id: int
    action: Action
    state: Outcome
    release: str
    previous: str | None
    when: datetime
    who: str
    machine: str
    code_version: str
    accepted: bool
    inputs: tuple[tuple[str, str, str, int], ...]
    rows: Mapping[str, int]
    warnings: tuple[str, ...]


class History:
    """The history of the releases of `destination`, kept at `url` (by default in SQLite, with the releases).

    Its tables are made, or brought up to date, when it is opened. Raises HistoryError when it cannot be used.
    """

    def __init__(self, destination: Path, url: str | None = None) -> None:
        self._folder = destination
        #: A history that is kept with its releases tells of no others, wherever the folder is moved to.
        self._only_mine = url is None
        try:
            address = with_driver(make_url(url)) if url else URL.create("sqlite", database=str(destination / FILE))
            self._engine = create_engine(address, poolclass=NullPool)  # a few questions in all: none stays connected
        except ArgumentError:
            raise HistoryError(
                "la dirección del historial no sirve: se esperaba tipo://usuario@servidor/base"
            ) from None
        except (NoSuchModuleError, ImportError):
            raise HistoryError(f"la dirección del historial no sirve: {missing_driver(address.drivername)}") from None
        with self._transaction() as connection:
            _bring_up_to_date(connection)

    def begin(
        self,
        action: Action,
        release: str,
        previous: str | None,
        manifest: Manifest,
        accepted: bool,
        motive: str | None = None,
    ) -> int:
        """Write down what is about to be done, and why if somebody says it; the id to `close` it with."""
        try:
            place = name_of(self._folder)
        except OSError as error:
            raise HistoryError(f"no se puede escribir en {self._folder}: {reason(error)}") from None
        facts = {
            "accion": action,
            "estado": Outcome.IN_PROGRESS,
            "publicacion": release,
            "anterior": previous,
            "destino": place,
            "cuando": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            "quien": _user(),
            "maquina": socket.gethostname(),
            "version_codigo": manifest.get("version_codigo", ""),
            "movimientos_aceptados": accepted,
            "motivo": motive,
        }
        with self._transaction() as connection:
            key: tuple[int, ...] = connection.execute(insert(operaciones).values(facts)).inserted_primary_key or ()
            entry = key[0]
            for table, rows in (
                (entradas, [_only(item, "dataset", "archivo", "sha256", "filas") for item in manifest["entradas"]]),
                (filas, [_only(item, "tabla", "filas") for item in manifest["archivos"] if item["tabla"]]),
                (mensajes, [_only(item, "dataset", "mensaje") for item in manifest["advertencias"]]),
            ):
                if rows:
                    connection.execute(
                        insert(table), [{"operacion": entry, "orden": n} | r for n, r in enumerate(rows)]
                    )
        return entry

    def close(self, entry: int, state: Outcome) -> None:
        """Say how the operation `entry` ended."""
        with self._transaction() as connection:
            connection.execute(update(operaciones).where(operaciones.c.id == entry).values(estado=state))

    def settle(self, current: str | None) -> list[str]:
        """Close what a killed process left open: done if its release is `current`; the releases that were not."""
        with self._transaction() as connection:
            pending = self._mine(operaciones.c.id, operaciones.c.publicacion).order_by(operaciones.c.id)
            interrupted = []
            for entry, release in connection.execute(pending.where(operaciones.c.estado == Outcome.IN_PROGRESS)).all():
                state = Outcome.DONE if release == current else Outcome.INTERRUPTED
                connection.execute(update(operaciones).where(operaciones.c.id == entry).values(estado=state))
                if state is Outcome.INTERRUPTED:
                    interrupted.append(release)
        return interrupted

    def entries(self, count: int | None = None) -> list[Entry]:
        """The latest `count` operations (all, if None), the newest first."""
        with self._transaction() as connection:
            found = connection.execute(self._mine(operaciones).order_by(operaciones.c.id.desc()).limit(count)).all()
            return [_entry(connection, row._mapping) for row in found]

    def endings(self) -> list[Ending]:
        """Every operation that was done, the oldest first."""
        columns = [operaciones.c[name] for name in ("accion", "publicacion", "cuando", "motivo")]
        found = self._mine(*columns).where(operaciones.c.estado == Outcome.DONE).order_by(operaciones.c.id)
        with self._transaction() as connection:
            rows = connection.execute(found).all()
        return [Ending(Action(action), name, when.replace(tzinfo=UTC), why) for action, name, when, why in rows]

    def before(self, release: str) -> str | None:
        """The release that was current when `release` was last published; None if none was, or nobody knows."""
        published = self._mine(operaciones.c.anterior).where(
            operaciones.c.publicacion == release,
            operaciones.c.estado == Outcome.DONE,
            operaciones.c.accion.in_([Action.BUILD, Action.PUBLISH]),
            operaciones.c.anterior != release,
        )
        with self._transaction() as connection:
            before: str | None = connection.scalar(published.order_by(operaciones.c.id.desc()).limit(1))
        return before

    def _mine(self, *what: Column[Any] | Table) -> Select[*tuple[Any, ...]]:
        found = select(*what)
        if self._only_mine:
            return found
        # Its path is how a folder was told from others before it had a name.
        names = [str(self._folder.resolve()), known_name_of(self._folder)]
        return found.where(operaciones.c.destino.in_([name for name in names if name]))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except CannotConnect as error:
            raise HistoryError(f"no se puede usar el historial: {_reason(error)}") from None
        except SQLAlchemyError as error:
            raise HistoryError(f"el historial no respondió como se esperaba: {_reason(error)}") from None


def _bring_up_to_date(connection: Connection) -> None:
    if inspect(connection).has_table(VERSION) and connection.scalar(text(f"SELECT version_num FROM {VERSION}")) == HEAD:
        return
    # Only now: it takes longer to import than everything else the history needs.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise HistoryError("el historial es de una versión más nueva del programa") from None


def _entry(connection: Connection, row: RowMapping) -> Entry:
    def rows_of(table: Table, *names: str) -> list[tuple[Any, ...]]:
        statement = select(*(table.c[name] for name in names)).where(table.c.operacion == row["id"])
        return [tuple(found) for found in connection.execute(statement.order_by(table.c.orden))]

    return Entry(
        id=row["id"],
        action=Action(row["accion"]),
        state=Outcome(row["estado"]),
        release=row["publicacion"],
        previous=row["anterior"],
        when=row["cuando"].replace(tzinfo=UTC),
        who=row["quien"],
        machine=row["maquina"],
        code_version=row["version_codigo"],
        accepted=row["movimientos_aceptados"],
        inputs=tuple(rows_of(entradas, "dataset", "archivo", "sha256", "filas")),
        rows=dict(rows_of(filas, "tabla", "filas")),
        warnings=tuple(f"{dataset}: {message}" for dataset, message in rows_of(mensajes, "dataset", "mensaje")),
    )


def _only(item: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: item[name] for name in names}


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container often has a user without a name
        return "desconocido"


#: What SQLite says, in the words of a reader.
SAID_BY_SQLITE = {
    "database or disk is full": "no queda espacio en el disco",
    "readonly database": "no se puede escribir en el archivo",
    "unable to open database file": "no se puede abrir el archivo",
    "database is locked": "otro programa lo está usando",
    "disk I/O error": "el disco falló al leer o escribir",
    "file is not a database": "el archivo está dañado o no es un historial",
    "malformed": "el archivo está dañado",
}
#: The kinds of refusal of PostgreSQL, by the start of their SQLSTATE.
SAID_BY_POSTGRESQL = {
    "28": "no acepta el usuario o la contraseña",
    "3D": "esa base de datos no existe",
    "42": "falta permiso, o las tablas no son las del historial",
    "53": "al servidor le faltan recursos",
    "57": "el servidor se detuvo o interrumpió el trabajo",
    "25006": "la base de datos es de solo lectura",
}


def _reason(error: Exception) -> str:
    """Why the database could not, in Spanish: nothing that a driver says in another language, and never the password."""
    original = getattr(error, "orig", None) or error
    told = str(original)
    for words, said in SAID_BY_SQLITE.items():
        if words in told:
            return said
    state = getattr(original, "sqlstate", None)
    if state:
        said = SAID_BY_POSTGRESQL.get(state) or SAID_BY_POSTGRESQL.get(state[:2], "la base de datos no pudo responder")
        return f"{said} (SQLSTATE {state})"
    if isinstance(error, CannotConnect):
        return "la base de datos no responde: revise la dirección, el usuario y la red"
    return f"la base de datos no pudo responder ({type(original).__name__})"
