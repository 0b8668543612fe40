"""What the OpenAPI document calls the values that only a release has, so that the routes can say which one they take."""

from __future__ import annotations

from typing import Any

TABLE, TABLE_OF_FIGURES, DATASET, FILE = "Tabla", "TablaConCifras", "Conjunto", "Archivo"
RELEASE, NAMED_RELEASE = "Publicacion", "PublicacionVigenteOAnterior"


def one_of(name: str) -> dict[str, Any]:
    """The schema that refers to one of those."""
    return {"$ref": f"#/components/schemas/{name}"}
