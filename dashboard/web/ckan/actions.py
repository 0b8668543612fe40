"""The actions about datasets: what is listed, shown and searched, each a function of what is asked and of the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from dashboard.render.metadata import ckan
from dashboard.render.metadata.catalog import PUBLISHER, SLUG, Catalog
from dashboard.web.ckan.asked import Asked, BadSearch, NotFound
from dashboard.web.ckan.solr import Document, parsed

Said: TypeAlias = dict[str, Any]
#: The version of CKAN whose answers these are like.
VERSION = "2.11.0"
MOST_PACKAGES, USUAL_PACKAGES, USUAL_FACETS = 1_000, 10, 50
SEARCHED = (
    "q", "fq", "fq_list", "rows", "start", "sort", "facet", "facet.field", "facet.limit", "facet.mincount", "fl",
    "include_drafts", "include_deleted", "include_private", "include_archived", "use_default_schema", "df", "defType", "qf", "mm",
)  # fmt: skip
#: By what packages are ordered, besides how well they answer: what CKAN calls it, and what of a package it is.
ORDERS: Mapping[str, Callable[[Said], str]] = {
    "id": lambda package: str(package["id"]),
    "name": lambda package: str(package["name"]),
    "title": lambda package: str(package["title"]),
    "title_string": lambda package: str(package["title"]),
    "metadata_created": lambda package: str(package["metadata_created"]),
    "metadata_modified": lambda package: str(package["metadata_modified"]),
}
RELEVANCE = ("score", "relevance", "views_recent")


# --- About the site -----------------------------------------------------------------------------------------------------


def site_read(catalog: Catalog, asked: Asked) -> bool:
    """Si el sitio se puede leer: siempre."""
    return True


def status_show(catalog: Catalog, asked: Asked) -> Said:
    """Qué sitio es y qué sabe contestar."""
    return {
        "ckan_version": VERSION,
        "site_url": catalog.base,
        "site_title": PUBLISHER,
        "site_description": catalog.description,
        "locale_default": "es",
        "error_emails_to": None,
        "extensions": ["datastore"],
    }


def nothing(catalog: Catalog, asked: Asked) -> list[Any]:
    """Nada: aquí no hay de eso."""
    return []


# --- Packages -----------------------------------------------------------------------------------------------------------


def package_list(catalog: Catalog, asked: Asked) -> list[str]:
    """Los nombres de los conjuntos de datos."""
    return _page(list(ckan.packages(catalog)), asked)


def current_package_list_with_resources(catalog: Catalog, asked: Asked) -> list[Said]:
    """Los conjuntos de datos, enteros."""
    return _page(list(ckan.packages(catalog).values()), asked)


def package_show(catalog: Catalog, asked: Asked) -> Said:
    """Un conjunto de datos, por su nombre o su id."""
    return _found(ckan.packages(catalog).values(), asked.needed("id"))


def resource_show(catalog: Catalog, asked: Asked) -> Said:
    """Un archivo, por su id."""
    return resource(catalog, asked.needed("id"))


def resource(catalog: Catalog, called: str) -> Said:
    """The resource with an id; NotFound if there is none."""
    every = (item for package in ckan.packages(catalog).values() for item in package["resources"])
    return _found(every, called, "id")


def package_search(catalog: Catalog, asked: Asked) -> Said:
    """Los conjuntos de datos que dicen algo (q), de los que cumplen algo (fq), con sus cuentas por facetas."""
    asked.only(*SEARCHED)
    found = _searched(catalog, asked)
    rows, start = asked.number("rows", USUAL_PACKAGES, MOST_PACKAGES), asked.number("start", 0)
    fields = asked.listed("facet.field") if asked.flag("facet", True) else []
    counts = {name: _counts(found, name, asked) for name in fields}
    return {
        "count": len(found),
        "sort": asked.text("sort") or "score desc, metadata_modified desc",
        "facets": counts,
        "search_facets": {
            name: {
                "title": name,
                "items": [
                    {"name": value, "display_name": _shown(catalog, name, value), "count": count}
                    for value, count in values.items()
                ],
            }
            for name, values in counts.items()
        },
        "results": found[start : start + rows],
    }


def _searched(catalog: Catalog, asked: Asked) -> list[Said]:
    wanted = [parsed(text) for text in (asked.text("q"), asked.text("fq"), *asked.listed_whole("fq_list"))]
    every = ckan.packages(catalog).values()
    found = [package for package in every if all(matches(_document(catalog, package["name"])) for matches in wanted)]
    for order in reversed([part.split() for part in asked.text("sort").split(",") if part.strip()]):
        name, way = (*order, "asc")[:2]
        if len(order) > 2 or way.lower() not in ("asc", "desc") or name not in (*ORDERS, *RELEVANCE):
            raise BadSearch(f"Search Query is invalid: no se ordena por {' '.join(order)[:60]!r}")
        if name in ORDERS:
            found.sort(key=ORDERS[name], reverse=way.lower() == "desc")
    return found


def _document(catalog: Catalog, name: str) -> Document:
    return _documents(catalog)[name]


@lru_cache(maxsize=4)
def _documents(catalog: Catalog) -> Mapping[str, Document]:
    """What is said of each dataset, to be searched."""
    return {name: _said_of(package) for name, package in ckan.packages(catalog).items()}


def _said_of(package: Said) -> Document:
    tags, resources = [item["name"] for item in package["tags"]], package["resources"]
    extras = {item["key"]: [item["value"]] for item in package["extras"]}
    words = [package["name"].replace("_", " "), *tags, *(str(item["description"]) for item in resources)]
    titles = [str(item["name"]) for item in resources]
    plain = ("id", "name", "title", "notes", "version", "license_id", "metadata_created", "metadata_modified", "state")
    return {
        **{f"extras_{key}": value for key, value in extras.items()},
        **extras,
        **{name: [str(package[name])] for name in plain},
        "text": [package["name"], package["title"], package["notes"], *words, *titles],
        "tags": tags,
        "organization": [package["organization"]["name"]],
        "owner_org": [package["owner_org"], package["organization"]["name"]],
        "res_format": sorted({item["format"] for item in resources}),
        "res_name": titles,
        "dataset_type": [package["type"]],
        "type": [package["type"]],
        "private": ["false"],
        "capacity": ["public"],
        "entity_type": ["package"],
        "site_id": ["default"],
    }


def _counts(found: Iterable[Said], name: str, asked: Asked) -> dict[str, int]:
    """How many packages have each value of a field: the most common first."""
    counted = Counter(value for package in found for value in _said_of(package).get(name, ()))
    least, most = asked.number("facet.mincount", 1), _limit(asked)
    kept = [(value, count) for value, count in sorted(counted.items()) if count >= least]
    return dict(sorted(kept, key=lambda item: -item[1])[:most])


def _limit(asked: Asked) -> int | None:
    return None if asked.text("facet.limit").startswith("-") else asked.number("facet.limit", USUAL_FACETS)


def _shown(catalog: Catalog, name: str, value: str) -> str:
    return PUBLISHER if name == "organization" and value == SLUG else value


# --- Who publishes, and words ----------------------------------------------------------------------------------------------


def organization_list(catalog: Catalog, asked: Asked) -> list[Any]:
    """Las organizaciones: la que publica."""
    whole = [_organization(catalog)]
    return _page(whole if asked.flag("all_fields") else [item["name"] for item in whole], asked)


def organization_show(catalog: Catalog, asked: Asked) -> Said:
    """Una organización, con lo que publica si se pide."""
    found = _found([_organization(catalog)], asked.needed("id"))
    packages = list(ckan.packages(catalog).values()) if asked.flag("include_datasets") else []
    return found | {"users": [], "tags": [], "groups": [], "extras": []} | ({"packages": packages} if packages else {})


def _organization(catalog: Catalog) -> Said:
    return ckan.organization(catalog) | {"package_count": len(ckan.packages(catalog)), "num_followers": 0}


def group_show(catalog: Catalog, asked: Asked) -> Said:
    """Un grupo: no hay ninguno."""
    return _found([], asked.needed("id"))


def tag_list(catalog: Catalog, asked: Asked) -> list[Any]:
    """Las etiquetas de los conjuntos de datos."""
    names = sorted({item["name"] for package in ckan.packages(catalog).values() for item in package["tags"]})
    wanted = asked.text("query").lower()
    found = [name for name in names if wanted in name.lower()]
    return [ckan.tag(name) for name in found] if asked.flag("all_fields") else found


def tag_show(catalog: Catalog, asked: Asked) -> Said:
    """Una etiqueta."""
    packages = ckan.packages(catalog).values()
    tags = {item["name"]: item for package in packages for item in package["tags"]}
    found = _found(tags.values(), asked.needed("id"))
    within = [package for package in packages if found in package["tags"]] if asked.flag("include_datasets") else []
    return found | ({"packages": within} if within else {})


def license_list(catalog: Catalog, asked: Asked) -> list[Said]:
    """Las licencias de lo publicado."""
    terms = {entry.terms.id: entry.terms for entry in catalog.entries}
    return [ckan.license_said(terms[name]) for name in sorted(terms)]


# --- All of them -------------------------------------------------------------------------------------------------------------


def _page(every: list[Any], asked: Asked) -> list[Any]:
    start = asked.number("offset", 0)
    return every[start : start + asked.number("limit", len(every))]


def _found(every: Iterable[Said], called: str, *names: str) -> Said:
    for item in every:
        if called in (item[name] for name in names or ("id", "name")):
            return item
    raise NotFound("Not found: No hay nada con ese nombre")
