"""What the API says of the tables of a release: which there are, and what each column of one is and lets be asked."""

from __future__ import annotations

from typing import Any

from dashboard.address.extract_parameters import parameters
from dashboard.address.extracts import Offered
from dashboard.address.named_release import with_pin
from dashboard.figures.extracts import tables_of
from dashboard.render.extracts import FORMATS, field
from dashboard.web import links
from dashboard.web.api import described_parameter
from dashboard.web.extract_asked import PATH
from etl.model import Field
from etl.release import DATAPACKAGE, FileFacts, Release


def tables_told(release: Release, named: str = "") -> dict[str, Any]:
    """Every table of a release that can be asked for; the addresses stay in it if it was `named`."""
    return {
        "publicacion": release.id,
        "formatos": {suffix: form.media_type for suffix, form in FORMATS.items()},
        "datapackage": links.file_address(release, DATAPACKAGE),
        "documentacion": _staying("/datos/api", named),
        "tablas": [table_told(offered, facts, named) for offered, facts in tables_of(release).values()],
    }


def _staying(address: str, named: str) -> str:
    return with_pin(address, named) if named else address


def table_told(offered: Offered, facts: FileFacts, named: str = "") -> dict[str, Any]:
    """One table, in a line of the list."""
    address = f"{PATH}/{offered.table.name}"
    return {
        "tabla": offered.table.name,
        "conjunto": facts["dataset"],
        "titulo": facts["titulo"],
        "descripcion": facts["descripcion"],
        "filas": facts["filas"],
        "corte": facts["corte"],
        "licencia": facts["licencia"],
        "direccion": _staying(address, named),
        "datos": _staying(f"{address}/data.{{formato}}", named),
    }


def columns_told(release: Release, offered: Offered, facts: FileFacts, named: str = "") -> dict[str, Any]:
    """One table with its columns and every parameter of its data; the addresses stay in the release if it was `named`."""
    return {
        "publicacion": release.id,
        **table_told(offered, facts, named),
        "clave": list(offered.table.key),
        "columnas": [_column(offered, item) for item in offered.columns.values()],
        "se_suma": [item.name for item in offered.additive],
        "cruces": [list(cross) for cross in offered.table.crosses],
        "parametros": [described_parameter(item) for item in parameters(offered)],
        "archivo": links.file_address(release, facts["nombre"]),
    }


def _column(offered: Offered, item: Field) -> dict[str, Any]:
    said = {"tipo": str(item.kind), "puede_faltar": item.nullable}
    said |= {"se_suma": True} if item.additive else {}
    said |= {"divide": True} if item.divides else {}
    said |= {"title_en": item.english[0], "description_en": item.english[1]} if any(item.english) else {}
    said |= {"no_se_suman": list(item.unsummed)} if item.unsummed else {}
    state = offered.state_of(item.name)
    return {**field(item), **said, **({"estado": state} if state else {})}
