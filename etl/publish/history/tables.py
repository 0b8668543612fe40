"""The tables of the history. A change here needs a migration in `migrations/versions`: a test compares the two."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, MetaData, String, Table, Text

metadata = MetaData()
#: The migration that leaves the tables as they are declared here.
HEAD = "0002"


class Action(StrEnum):
    """What was done, as a reader sees it."""

    BUILD = "construcción"
    PUBLISH = "publicación"
    ROLLBACK = "regreso"
    WITHDRAW = "retiro"
    RESTORE = "devolución"


class Outcome(StrEnum):
    """How it ended, as a reader sees it."""

    IN_PROGRESS = "en curso"
    DONE = "hecho"
    INTERRUPTED = "interrumpido"


operaciones = Table(
    "operaciones",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("accion", String(20), nullable=False),
    Column("estado", String(20), nullable=False),
    Column("publicacion", String(40), nullable=False),
    Column("anterior", String(40)),
    Column("destino", String(500), nullable=False),  # one history may serve several folders of releases
    Column("cuando", DateTime, nullable=False),  # UTC: SQLite keeps no time zone
    Column("quien", String(200), nullable=False),
    Column("maquina", String(200), nullable=False),
    Column("version_codigo", String(40), nullable=False),
    Column("movimientos_aceptados", Boolean, nullable=False),
    Column("motivo", Text),
)


def _detail(name: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("operacion", Integer, ForeignKey("operaciones.id", ondelete="CASCADE"), primary_key=True),
        Column("orden", Integer, primary_key=True),
        *columns,
    )


entradas = _detail(
    "entradas",
    Column("dataset", String(100), nullable=False),
    Column("archivo", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("filas", Integer, nullable=False),
)
filas = _detail("filas", Column("tabla", String(100), nullable=False), Column("filas", Integer, nullable=False))
mensajes = _detail(
    "advertencias", Column("dataset", String(100), nullable=False), Column("mensaje", Text, nullable=False)
)
