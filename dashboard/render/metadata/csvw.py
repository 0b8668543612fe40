"""The columns of one CSV as CSV on the Web (W3C Recommendation): found from it by its Link header or by its name.

Everything in it is relative to its own address, so it says the same wherever the site is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.render.formats import CSV, Format
from dashboard.render.inert import TOLD
from dashboard.render.metadata.catalog import LANGUAGE, columns_of, key_of
from etl.model import Field, Kind
from etl.release import FileFacts, Release

CSVW = Format("json", "CSVW", "application/csvm+json")
#: What comes after the name of a CSV in that of what describes it.
ENDING = f".{CSV.suffix}-metadata.json"
DATATYPES = {Kind.ENTERO: "integer", Kind.DECIMAL: "double", Kind.FECHA: "date", Kind.BOOLEANO: "boolean"}


@dataclass(frozen=True)
class Described:
    """The CSV of a table of a release."""

    release: Release
    facts: FileFacts

    @property
    def csv(self) -> str:
        """The name of the file."""
        return f"{Path(self.facts['nombre']).stem}.{CSV.suffix}"


def write(described: Described, file: BinaryIO) -> None:
    """What a CSV says, column by column."""
    file.write(json.dumps(_table(described), ensure_ascii=False, indent=1).encode())


def _table(described: Described) -> dict[str, Any]:
    release, facts = described.release, described.facts
    table = release.tables[facts["tabla"] or ""]
    cited = {"dc:bibliographicCitation": facts["cita"]} if "cita" in facts else {}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": LANGUAGE}],
        "url": described.csv,
        "dc:title": facts["titulo"],
        "dc:description": facts["descripcion"],
        "dc:license": {"@id": facts["licencia_url"]},
        "dc:modified": {"@value": facts["corte"], "@type": "xsd:date"},
        "dc:source": [
            {
                "dc:identifier": key_of(source),
                "dc:title": source["titulo"],
                "dc:publisher": source["editor"],
                "schema:url": {"@id": source["url"]},
                "dc:date": {"@value": source["corte"], "@type": "xsd:date"},
                "dc:license": {"@id": source["licencia_url"]},
            }
            for source in facts["fuentes"]
        ],
        **cited,
        "dc:isPartOf": release.id,
        "rdfs:comment": TOLD,
        "tableSchema": {
            "columns": [_column(item) for item in columns_of(release, facts, CSV.suffix)],
            "primaryKey": list(table.key),
        },
    }


def _column(item: Field) -> dict[str, Any]:
    unit = {"schema:unitText": item.unit} if item.unit else {}
    return {
        "name": item.name,
        "titles": item.name,
        "dc:title": item.title,
        "dc:description": item.description,
        **unit,
        "datatype": _datatype(item),
        "required": not item.nullable,
    }


def _datatype(item: Field) -> dict[str, Any] | str:
    base = DATATYPES.get(item.kind, "string")
    limits = {"minimum": item.minimum, "maximum": item.maximum} if item.kind in (Kind.ENTERO, Kind.DECIMAL) else {}
    told: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    if base == "string" and item.pattern:
        told["format"] = item.pattern
    return {"base": base, **told} if told else base
