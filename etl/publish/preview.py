"""A comparison as the facts that a preview shows on each page."""

from __future__ import annotations

from etl.publish.compare import Comparison
from etl.publish.pairs import Changes
from etl.release.preview import Preview, TableDifference

#: Sums told of one table: every municipio of the country in a few figures, and no more.
MOST_MOVEMENTS = 4_000


def preview_of(comparison: Comparison) -> Preview:
    """What publishing would change."""
    return {
        "vigente": comparison.before_id,
        "nueva": comparison.after_id,
        "tablas": [_table(item, comparison) for item in comparison.changes],
        "sospechas": [{"tabla": item.table, "motivo": item.message} for item in comparison.suspicions],
    }


def _table(item: Changes, comparison: Comparison) -> TableDifference:
    moved = sorted(
        (one for one in item.moved if one.level),
        key=lambda one: (-abs(one.change), one.level, one.code),
    )
    owners = {table.name: dataset for dataset, table in comparison.declared}
    return {
        "tabla": item.table.name,
        "dataset": owners.get(item.table.name, ""),
        "titulo": item.table.title,
        "filas_antes": item.rows_before,
        "filas_despues": item.rows_after,
        "nuevas": item.added,
        "quitadas": item.removed,
        "cambiadas": item.changed,
        "sumas": [
            {"cifra": item.table.field(name).title, "antes": float(old), "despues": float(new)}
            for name, (old, new) in item.totals.items()
        ],
        "movimientos": [
            {
                "codigo": one.code,
                "donde": comparison.names.of(one),
                "cifra": one.quantity.title,
                "antes": None if one.before is None else float(one.before),
                "despues": None if one.after is None else float(one.after),
            }
            for one in moved[:MOST_MOVEMENTS]
        ],
    }
