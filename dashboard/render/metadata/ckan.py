"""The datasets of a release as CKAN's Action API tells them: packages, their resources, one organization, tags and licences.

What has an id in CKAN has here one that is made from its name, and so the same in every release.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from dashboard.figures.provenance import Terms
from dashboard.render.formats import CSV
from dashboard.render.metadata.catalog import PUBLISHER, SLUG, Catalog, Distribution, Entry, key_of
from etl.fields.told import JOINED

Said = dict[str, Any]
TYPES = {"entero": "int8", "decimal": "float8", "fecha": "date", "booleano": "bool"}


def id_of(*names: str) -> str:
    """The id of what is called so."""
    return str(uuid5(NAMESPACE_URL, "/".join((SLUG, *names))))


@lru_cache(maxsize=4)
def packages(catalog: Catalog) -> dict[str, Said]:
    """Every dataset, by its name, in the order of names."""
    return {entry.name: _package(catalog, entry) for entry in sorted(catalog.entries, key=lambda entry: entry.name)}


def organization(catalog: Catalog) -> Said:
    """The one organization that publishes them."""
    return {
        "id": id_of("organizacion"),
        "name": SLUG,
        "title": PUBLISHER,
        "display_name": PUBLISHER,
        "description": catalog.description,
        "image_url": "",
        "image_display_url": "",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "created": _moment(catalog.day),
    }


def license_said(terms: Terms) -> Said:
    """A licence, as it is listed."""
    return {
        "id": terms.id,
        "title": terms.title,
        "url": terms.url,
        "status": "active",
        "domain_content": True,
        "domain_data": True,
        "domain_software": False,
        "od_conformance": "approved" if terms.id.startswith("CC-BY") else "not reviewed",
        "osd_conformance": "not reviewed",
        "maintainer": "",
        "family": "",
        "is_generic": False,
    }


def tag(name: str) -> Said:
    """A tag, as it is listed."""
    return {"id": id_of("etiqueta", name), "name": name, "display_name": name, "state": "active", "vocabulary_id": None}


def _package(catalog: Catalog, entry: Entry) -> Said:
    owner = organization(catalog)
    resources = [_resource(catalog, entry, item, place) for place, item in enumerate(entry.distributions)]
    extras = {
        "corte": entry.cutoff,
        "publicacion": catalog.release.id,
        "control_de_divulgacion": entry.facts["control_de_divulgacion"],
        **{f"fuente:{key_of(source)}": _cited(source) for source in entry.sources},
        **({"sintetica": "sí"} if catalog.release.synthetic else {}),
    }
    return {
        "id": id_of(entry.name),
        "name": entry.name,
        "title": entry.title,
        "notes": entry.description,
        "url": catalog.page(entry),
        "version": catalog.release.id,
        "author": PUBLISHER,
        "author_email": catalog.mailbox or None,
        "maintainer": PUBLISHER,
        "maintainer_email": catalog.mailbox or None,
        "license_id": entry.terms.id,
        "license_title": entry.terms.title,
        "license_url": entry.terms.url,
        "isopen": license_said(entry.terms)["od_conformance"] == "approved",
        "metadata_created": _moment(catalog.day),
        "metadata_modified": _moment(catalog.day),
        "organization": owner,
        "owner_org": owner["id"],
        "private": False,
        "state": "active",
        "type": "dataset",
        "creator_user_id": None,
        "groups": [],
        "tags": [tag(name) for name in entry.keywords],
        "num_tags": len(entry.keywords),
        "resources": resources,
        "num_resources": len(resources),
        "extras": [{"key": name, "value": text} for name, text in sorted(extras.items())],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _cited(source: Any) -> str:
    return f"{source['editor']}, «{source['titulo']}», {source['corte']}, {source['url']}"


def _resource(catalog: Catalog, entry: Entry, item: Distribution, place: int) -> Said:
    return {
        "id": id_of(entry.name, item.name),
        "package_id": id_of(entry.name),
        "position": place,
        "name": f"{item.title} ({item.format})",
        "description": item.description,
        "url": catalog.file(item.name),
        "url_type": None,
        "format": "XLSX" if item.suffix == "xlsx" else item.format.upper(),
        "mimetype": item.kind,
        "mimetype_inner": None,
        "resource_type": "file",
        "size": item.bytes,
        "hash": item.sha256 or "",
        "state": "active",
        "created": _moment(catalog.day),
        "last_modified": _moment(item.cutoff),
        "metadata_modified": _moment(catalog.day),
        "cache_url": None,
        "cache_last_updated": None,
        "datastore_active": item.suffix == CSV.suffix and item.table is not None,
        "tabla": item.table,
        "corte": item.cutoff,
        "confianza": item.confidence,
        "licencia": item.terms.id,
        "licencia_url": item.terms.url,
        "clave_fuente": JOINED.join(key_of(source) for source in item.sources),
    }


def _moment(day: str) -> str:
    return f"{day}T00:00:00.000000"
