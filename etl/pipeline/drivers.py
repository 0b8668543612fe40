"""The drivers of databases: what to install to reach one."""

from __future__ import annotations

from sqlalchemy import URL

#: The driver of PostgreSQL that the extra brings, and the ways to write an address that it answers.
PSYCOPG = "postgresql+psycopg"
POSTGRESQL = ("postgresql", "postgres", PSYCOPG)
#: The environment that make prepares has no pip of its own.
INSTALL_POSTGRES = "python3 -m pip --python .venv/bin/python install -e '.[postgres]'"


def with_driver(url: URL) -> URL:
    """`url` with psycopg 3 for PostgreSQL, however it is written, unless it names another driver."""
    return url.set(drivername=PSYCOPG) if url.drivername in POSTGRESQL else url


def missing_driver(name: str) -> str:
    """What to install to reach a database with the driver that SQLAlchemy calls `name`."""
    if name in POSTGRESQL:
        return f"falta el controlador de PostgreSQL: instale el extra «postgres» con «{INSTALL_POSTGRES}»"
    return f"falta el controlador de SQLAlchemy para {name}: instálelo"
