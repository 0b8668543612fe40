"""The first shape of the history: operations and, of each, its inputs, its rows by table and its warnings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "operaciones",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("accion", sa.String(20), nullable=False),
        sa.Column("estado", sa.String(20), nullable=False),
        sa.Column("publicacion", sa.String(40), nullable=False),
        sa.Column("anterior", sa.String(40)),
        sa.Column("destino", sa.String(500), nullable=False),
        sa.Column("cuando", sa.DateTime, nullable=False),
        sa.Column("quien", sa.String(200), nullable=False),
        sa.Column("maquina", sa.String(200), nullable=False),
        sa.Column("version_codigo", sa.String(40), nullable=False),
        sa.Column("movimientos_aceptados", sa.Boolean, nullable=False),
    )
    _detail(
        "entradas",
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("archivo", sa.String(300), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("filas", sa.Integer, nullable=False),
    )
    _detail("filas", sa.Column("tabla", sa.String(100), nullable=False), sa.Column("filas", sa.Integer, nullable=False))
    _detail(
        "advertencias",
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("mensaje", sa.Text, nullable=False),
    )


def _detail(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("operacion", sa.Integer, sa.ForeignKey("operaciones.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("orden", sa.Integer, primary_key=True),
        *columns,
    )


def downgrade() -> None:
    """Back to nothing."""
    for name in ("advertencias", "filas", "entradas", "operaciones"):
        op.drop_table(name)
