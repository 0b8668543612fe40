"""A page about data as schema.org says it, for whoever searches the web: the catalogue, and each dataset with its files."""

from __future__ import annotations

from typing import Any

from dashboard.render.metadata.catalog import LANGUAGE, PUBLISHER, Catalog, Distribution, Entry, key_of
from etl.country import COUNTRY
from etl.release import SourceFacts

Said = dict[str, Any]
CONTEXT = {"@context": "https://schema.org/"}


def data_catalog(catalog: Catalog) -> Said:
    """The catalogue: what it is, and the name, the words and the address of each dataset."""
    return CONTEXT | {
        "@type": "DataCatalog",
        "@id": _catalog_id(catalog),
        "name": catalog.title,
        "description": catalog.description,
        "url": f"{catalog.base}/datos",
        "inLanguage": LANGUAGE,
        "license": catalog.terms.url,
        "dateModified": catalog.day,
        "version": catalog.release.id,
        "publisher": _publisher(catalog),
        "dataset": [_named(catalog, entry) for entry in catalog.entries],
    }


def dataset(catalog: Catalog, entry: Entry) -> Said:
    """One dataset, with every file that is had of it, its columns and its sources."""
    return (
        CONTEXT
        | _named(catalog, entry)
        | {
            "identifier": entry.name,
            "inLanguage": LANGUAGE,
            "isAccessibleForFree": True,
            "dateModified": entry.cutoff,
            "version": catalog.release.id,
            "keywords": list(entry.keywords),
            "spatialCoverage": {"@type": "Country", "name": COUNTRY.name, "identifier": COUNTRY.iso},
            "creator": _publisher(catalog),
            "publisher": _publisher(catalog),
            "includedInDataCatalog": {"@id": _catalog_id(catalog), "@type": "DataCatalog", "name": catalog.title},
            "isBasedOn": [_source(catalog, source) for source in entry.sources],
            "variableMeasured": _variables(catalog, entry),
            "distribution": [_download(catalog, item) for item in entry.distributions],
        }
    )


def _named(catalog: Catalog, entry: Entry) -> Said:
    return {
        "@type": "Dataset",
        "@id": f"{catalog.page(entry)}#datos",
        "name": entry.title,
        "description": entry.description,
        "url": catalog.page(entry),
        "license": entry.terms.url,
    }


def _download(catalog: Catalog, item: Distribution) -> Said:
    known = {"contentSize": f"{item.bytes} B", "sha256": item.sha256} if item.sha256 else {}
    return {
        "@type": "DataDownload",
        "name": f"{item.title} ({item.format})",
        "contentUrl": catalog.file(item.name),
        "encodingFormat": item.kind,
        "license": item.terms.url,
        "dateModified": item.cutoff,
        "isBasedOn": [{"@id": _source_id(catalog, source)} for source in item.sources],
        **known,
    }


def _source(catalog: Catalog, source: SourceFacts) -> Said:
    copied = {"contributor": source["transcrita_por"]} if "transcrita_por" in source else {}
    return {
        "@type": "CreativeWork",
        "@id": _source_id(catalog, source),
        "identifier": key_of(source),
        "name": source["titulo"],
        "publisher": {"@type": "Organization", "name": source["editor"]},
        "url": source["url"],
        "dateModified": source["corte"],
        "license": source["licencia_url"],
        **copied,
    }


def _source_id(catalog: Catalog, source: SourceFacts) -> str:
    return f"{catalog.base}/datos#fuente-{key_of(source).replace(' ', '-')}"


def _variables(catalog: Catalog, entry: Entry) -> list[Said]:
    """What is counted or told in the tables: their own columns, each once."""
    tables = [catalog.release.tables[name] for name in entry.facts["tablas"] if name in catalog.release.tables]
    columns = {item.name: item for table in tables for item in table.fields}
    return [
        {"@type": "PropertyValue", "name": item.name, "description": item.title}
        | ({"unitText": item.unit} if item.unit else {})
        for item in columns.values()
    ]


def _publisher(catalog: Catalog) -> Said:
    return {"@type": "Organization", "name": PUBLISHER, "url": f"{catalog.base}/"}


def _catalog_id(catalog: Catalog) -> str:
    return f"{catalog.base}/#catalogo"
