"""The drivers of databases: what to install to reach one."""

from __future__ import annotations

#: Addresses of PostgreSQL that psycopg answers, which is what the extra brings.
POSTGRESQL = ("postgresql", "postgresql+psycopg")
#: The environment that make prepares has no pip of its own.
INSTALL_POSTGRES = "python3 -m pip --python .venv/bin/python install -e '.[postgres]'"


def missing_driver(name: str) -> str:
    """What to install to reach a database with the driver that SQLAlchemy calls `name`."""
    if name in POSTGRESQL:
        return f"falta el controlador de PostgreSQL: instale el extra «postgres» con «{INSTALL_POSTGRES}»"
    return f"falta el controlador de SQLAlchemy para {name}: instálelo"
