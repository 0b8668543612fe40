"""The dictionary of a release: what each column of each table is, as its datapackage.json says.

It is read from the release and not from our declarations: that is what a reader has, and a release may hold tables that
only its own data decide (the cubes counted from a registry).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.site import Site

KINDS = {"integer": "entero", "number": "decimal", "date": "fecha", "boolean": "booleano", "any": "geometria"}


@dataclass(frozen=True)
class Column:
    """One column of a published table; `labels` are its values with their names, where they are closed."""

    name: str
    title: str
    description: str
    kind: str
    unit: str | None = None
    nullable: bool = True
    minimum: float | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def columns_of(site: Site, table: str) -> tuple[Column, ...]:
    """The columns of `table`, in order; none if the release does not describe it."""
    described = next((item for item in site.package["resources"] if item["name"] == table), {})
    return tuple(_column(item) for item in described.get("schema", {}).get("fields", ()))


def _column(item: Mapping) -> Column:
    limits = item.get("constraints", {})
    labels = {pair["value"]: pair["label"] for pair in item.get("categories", ())}
    text = "categoria" if labels else "codigo" if "pattern" in limits else "texto"
    return Column(
        item["name"],
        item["title"],
        item["description"],
        KINDS.get(item["type"], text),
        item.get("unit"),
        not limits.get("required", False),
        limits.get("minimum"),
        labels,
    )
