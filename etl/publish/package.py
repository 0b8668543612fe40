"""datapackage.json (Data Package, https://datapackage.org/standard/): what each file of a release is, column by column.

A table is described as the CSV that is had of it at the same addresses, which any program reads and checks; the file of the
release that it is made from, Parquet, is beside it as a file. One with shapes has no CSV: its columns are of its GeoParquet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from etl.licenses import DERIVED_DATA
from etl.model import Dataset, Field, Kind, License, Table
from etl.pipeline.run import Result
from etl.publish.parquet import has_geometry
from etl.publish.told import license_of, published
from etl.release import FileFacts, SourceFacts

MEDIA_TYPES = {
    "Parquet": "application/vnd.apache.parquet",
    "GeoParquet": "application/vnd.apache.parquet",
    "GeoJSON": "application/geo+json",
    "TopoJSON": "application/json",
    "JSON": "application/json",
    "GeoPackage": "application/geopackage+sqlite3",
    "Shapefile": "application/zip",
}
CSV = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
PACKAGE_TYPES = {kind: kind.package for kind in Kind}
#: Files whose size is left to their SHA-256: frictionless cannot count the bytes of one that it reads by address.
UNCOUNTED = (".zip",)
#: What the name of the resource of the file of a table ends with, after the name of the table.
STORED = "_parquet"


def datapackage(result: Result, facts: Sequence[FileFacts]) -> dict[str, object]:
    """The package of a release, before it says its name."""
    return {
        **({"sintetica": True} if result.synthetic else {}),
        "name": "padron-abierto",
        "title": "Padrón Abierto: el padrón electoral de Guatemala en datos abiertos",
        "description": "Empadronados, población, censo y límites de los municipios de Guatemala, verificados.",
        "licenses": [_package_license(DERIVED_DATA)],
        "resources": [resource for item in facts for resource in _resources(result, item)],
    }


def _package_license(terms: License) -> dict[str, str]:
    return {"name": terms.name, "title": terms.title, "path": terms.url}


def _resources(result: Result, facts: FileFacts) -> Iterator[dict[str, object]]:
    """A file of the release as it is and, of a table without shapes, first its CSV."""
    dataset = next(item for item in result.datasets if item.name == facts["dataset"])
    table = dataset.table(facts["tabla"]) if facts["tabla"] else None
    path = Path(facts["nombre"])
    told = _told(dataset, facts)
    stored: dict[str, Any] = {
        "format": path.suffix.removeprefix("."),
        "mediatype": MEDIA_TYPES[facts["formato"]],
        "bytes": facts["bytes"],
        "hash": f"sha256:{facts['sha256']}",
    }
    if path.suffix in UNCOUNTED:
        del stored["bytes"]
    if table is None:
        kind = "json" if "json" in stored["mediatype"] else "file"
        yield {"name": path.name.replace(".", "_"), "path": path.name, "type": kind} | told | stored
        return
    named, described = {"name": table.name}, {"schema": _schema(published(table)), **_counts(table)}
    if has_geometry(table):
        yield named | {"path": path.name, "type": "file"} | told | stored | described
        return
    yield named | {"path": f"{path.stem}.csv", "type": "table"} | told | CSV | described
    yield {"name": f"{table.name}{STORED}", "path": path.name, "type": "file"} | told | stored


def _told(dataset: Dataset, facts: FileFacts) -> dict[str, object]:
    """What is the same of a file in every format."""
    return {
        "title": facts["titulo"],
        "description": facts["descripcion"],
        "licenses": [_package_license(license_of(dataset))],
        "sources": [_package_source(source) for source in facts["fuentes"]],
        "cita": facts["cita"],
        "corte": facts["corte"],
        "confianza": facts["confianza"],
    }


def _package_source(source: SourceFacts) -> dict[str, str]:
    """A source as a Data Package says it, with the key that rows call it by and who copied it, when that is a third party."""
    names = {"title": "titulo", "path": "url", "clave": "clave", "transcrita_por": "transcrita_por"}
    return {name: text for name, said in names.items() if (text := str(source.get(said, "")))}


def _counts(table: Table) -> dict[str, object]:
    """What the table counts and by what, for the readers of the release that must know (the site)."""
    measures = [{name: value for name, value in asdict(item).items() if value} for item in table.measures]
    found = {"mide": measures, "cruces": [list(cross) for cross in table.crosses]}
    return {name: value for name, value in found.items() if value}


def _schema(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [
            *(_package_field(item) for item in table.fields),
            *(_package_field(item) | {"de_la_fila": True} for item in table.told),
        ],
        "primaryKey": list(table.key),
    }
    links = [
        {
            "fields": list(reference.fields),
            "reference": {"resource": reference.target, "fields": list(reference.target_fields)},
        }
        for reference in table.references
        if reference.unless is None  # a reference with exceptions cannot be written as a foreign key
    ]
    return schema | ({"foreignKeys": links} if links else {})


def _package_field(item: Field) -> dict[str, object]:
    limits = {
        "required": not item.nullable or None,
        "pattern": item.pattern,
        "enum": list(item.labels) if item.labels else None,
        "minimum": item.minimum,
        "maximum": item.maximum,
    }
    described: dict[str, object] = {
        "name": item.name,
        "type": PACKAGE_TYPES.get(item.kind, "string"),
        "tipo": item.kind.value,
        "title": item.title,
        "description": item.description,
        "constraints": {name: value for name, value in limits.items() if value is not None},
    }
    if any(item.english):
        described["title_en"], described["description_en"] = item.english
    if item.labels:
        described["categories"] = [{"value": value, "label": label} for value, label in item.labels.items()]
    if item.decimals is not None:
        described["decimales"] = item.decimals
    adds = {"se_suma": item.additive, "divide": item.divides, "no_se_suman": list(item.unsummed)}
    described |= {name: said for name, said in adds.items() if said}
    return described | ({"unit": item.unit} if item.unit else {})
