"""Comparing Spanish words, and a sentence that more than one command says."""

from __future__ import annotations

import unicodedata

#: Addresses of PostgreSQL that psycopg answers, which is what the extra brings.
POSTGRESQL = ("postgresql", "postgresql+psycopg")
#: The environment that make prepares has no pip of its own.
INSTALL_POSTGRES = "python3 -m pip --python .venv/bin/python install -e '.[postgres]'"


def fold(text: str) -> str:
    """`text` without accents, capitals or repeated spaces, to compare names: «San José  Pinula» = «SAN JOSE PINULA»."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def missing_driver(name: str) -> str:
    """What to install to reach a database with the driver that SQLAlchemy calls `name`."""
    if name in POSTGRESQL:
        return f"falta el controlador de PostgreSQL: instale el extra «postgres» con «{INSTALL_POSTGRES}»"
    return f"falta el controlador de SQLAlchemy para {name}: instálelo"
