"""The catalogue as data.json, the metadata schema of Project Open Data 1.1, which portals of governments harvest."""

from __future__ import annotations

from typing import Any

from dashboard.render.metadata.catalog import LANGUAGE, PUBLISHER, Catalog, Distribution, Entry, key_of
from etl.country import COUNTRY

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def data_json(catalog: Catalog) -> dict[str, Any]:
    """The whole catalogue."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": f"{catalog.base}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [_dataset(catalog, entry) for entry in catalog.entries],
    }


def _dataset(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    mailbox = {"hasEmail": f"mailto:{catalog.mailbox}"} if catalog.mailbox else {}
    return {
        "@type": "dcat:Dataset",
        "identifier": catalog.page(entry),
        "title": entry.title,
        "description": entry.description,
        "keyword": list(entry.keywords),
        "modified": entry.cutoff,
        "publisher": {"@type": "org:Organization", "name": PUBLISHER},
        "contactPoint": {"@type": "vcard:Contact", "fn": PUBLISHER} | mailbox,
        "accessLevel": "public",
        "license": entry.terms.url,
        "landingPage": catalog.page(entry),
        "language": [LANGUAGE],
        "spatial": COUNTRY.name,
        "dataQuality": True,
        "references": list(dict.fromkeys(source["url"] for source in entry.sources)),
        "describedBy": catalog.file("datapackage.json"),
        "describedByType": "application/json",
        "distribution": [_distribution(catalog, item) for item in entry.distributions],
    }


def _distribution(catalog: Catalog, item: Distribution) -> dict[str, Any]:
    """A file. What the schema has for a whole dataset only (licence, day, sources) is said also of each, by the same names."""
    return {
        "@type": "dcat:Distribution",
        "title": f"{item.title} ({item.format})",
        "description": item.description,
        "downloadURL": catalog.file(item.name),
        "mediaType": item.kind,
        "format": item.format,
        "license": item.terms.url,
        "modified": item.cutoff,
        "sources": [
            {
                "identifier": key_of(source),
                "title": source["titulo"],
                "publisher": source["editor"],
                "url": source["url"],
            }
            for source in item.sources
        ],
    }
