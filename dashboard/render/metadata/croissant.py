"""The tables of a release as Croissant 1.0 (MLCommons): a file and a set of records for each, with its types."""

from __future__ import annotations

from typing import Any

from dashboard.render.metadata.catalog import LANGUAGE, PUBLISHER, SLUG, Catalog, Entry, columns_of, key_of
from etl.model import Field, Kind
from etl.release import FileFacts

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
#: What its vocabulary calls a file of Parquet.
PARQUET = "application/x-parquet"
TYPES = {Kind.ENTERO: "sc:Integer", Kind.DECIMAL: "sc:Float", Kind.FECHA: "sc:Date", Kind.BOOLEANO: "sc:Boolean"}
#: The context that the specification gives, as it is.
CONTEXT: dict[str, Any] = {
    "@language": LANGUAGE,
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(catalog: Catalog, entry: Entry | None = None) -> dict[str, Any]:
    """Every table without shapes, of all or of one dataset: its Parquet file, with its SHA-256, and its records."""
    every = (item for item in catalog.release.manifest["archivos"] if item["formato"] == "Parquet")
    files = [item for item in every if entry is None or item["dataset"] == entry.name]
    title, terms = (entry.title, entry.terms) if entry else (catalog.title, catalog.terms)
    day = entry.cutoff if entry else catalog.day
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": entry.name if entry else SLUG,
        "alternateName": title,
        "description": entry.description if entry else catalog.description,
        "url": catalog.page(entry) if entry else f"{catalog.base}/datos",
        "license": terms.url,
        "version": _version(catalog),
        "datePublished": day,
        "dateModified": day,
        "inLanguage": LANGUAGE,
        "citeAs": f"{PUBLISHER}, «{title}», publicación {catalog.release.id}, {terms.id}.",
        "creator": {"@type": "Organization", "name": PUBLISHER, "url": f"{catalog.base}/"},
        "publisher": {"@type": "Organization", "name": PUBLISHER, "url": f"{catalog.base}/"},
        "distribution": [_file(catalog, item) for item in files],
        "recordSet": [_records(catalog, item) for item in files],
    }


def _version(catalog: Catalog) -> str:
    """The name of the release as a semantic version: its day, and the rest as its build."""
    year, month, day = (int(part) for part in catalog.day.split("-"))
    return f"{year}.{month}.{day}+{catalog.release.id.rpartition('-')[2]}"


def _file(catalog: Catalog, item: FileFacts) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": item["nombre"],
        "name": item["nombre"],
        "description": item["descripcion"],
        "contentUrl": catalog.file(item["nombre"]),
        "contentSize": f"{item['bytes']} B",
        "encodingFormat": PARQUET,
        "sha256": item["sha256"],
        "license": item["licencia_url"],
        "dateModified": item["corte"],
        "isBasedOn": [
            {
                "@type": "sc:CreativeWork",
                "identifier": key_of(source),
                "name": source["titulo"],
                "publisher": {"@type": "sc:Organization", "name": source["editor"]},
                "url": source["url"],
            }
            for source in item["fuentes"]
        ],
    }


def _records(catalog: Catalog, item: FileFacts) -> dict[str, Any]:
    table = catalog.release.tables[item["tabla"] or ""]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": item["titulo"],
        "key": [{"@id": _id(table.name, name)} for name in table.key],
        "field": [_field(item, table.name, column) for column in columns_of(catalog.release, item, "parquet")],
    }


def _field(item: FileFacts, table: str, column: Field) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": _id(table, column.name),
        "name": column.name,
        "description": f"{column.title}. {column.description}",
        "dataType": TYPES.get(column.kind, "sc:Text"),
        "source": {"fileObject": {"@id": item["nombre"]}, "extract": {"column": column.name}},
    }


def _id(table: str, column: str) -> str:
    return f"{table}/{column}"
