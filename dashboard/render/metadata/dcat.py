"""The catalogue as DCAT-AP 3, the profile of European portals, which the shapes of its authors check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dashboard.figures.provenance import Terms
from dashboard.render.metadata.catalog import LANGUAGE, PUBLISHER, Catalog, Distribution, Entry, key_of
from dashboard.render.metadata.rdf import ID, TYPE, Node, literal, words
from etl.country import COUNTRY
from etl.release import SourceFacts
from etl.release.periods import EVERY_ELECTION, NEVER, months

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "locn": "http://www.w3.org/ns/locn#",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types"
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
#: What is of the government and the public sector, in the vocabulary of themes of the European portals.
THEMES = f"{AUTHORITY}/data-theme"
#: The formats that are in the vocabulary of file types, by the suffix of a file.
FILE_TYPES = {"csv", "xlsx", "json", "parquet", "geojson", "zip"}
#: How often a dataset changes, in the vocabulary of frequencies, by months.
FREQUENCIES = {
    1: "MONTHLY",
    2: "BIMONTHLY",
    3: "QUARTERLY",
    6: "ANNUAL_2",
    12: "ANNUAL",
    24: "BIENNIAL",
    36: "TRIENNIAL",
}
#: The two ways of asking by program, with what describes each.
SERVICES = (
    ("api", "/api/v1", "/api/v1/openapi.json", "API de Padrón Abierto"),
    ("ckan", "/api/3/action", "/api/3/action/status_show", "API de CKAN (lectura)"),
)


def nodes(catalog: Catalog) -> tuple[Node, ...]:
    """The catalogue of a release, ready to be written as JSON-LD or as Turtle."""
    home = f"{catalog.base}/"
    datasets = [_dataset(catalog, entry) for entry in catalog.entries]
    services = [_service(catalog, *told) for told in SERVICES]
    whole: Node = {
        ID: f"{home}#catalogo",
        TYPE: "dcat:Catalog",
        "dct:title": _words(catalog.title),
        "dct:description": _words(catalog.description),
        "dct:publisher": _named_publisher(catalog),
        "dct:license": _license(catalog.terms),
        "dct:language": _language(),
        "dct:modified": literal(catalog.day, "xsd:date"),
        "dct:spatial": _place(),
        "foaf:homepage": _document(home),
        "dcat:themeTaxonomy": _taxonomy(),
        "dcat:version": catalog.release.id,
        "dcat:dataset": [{ID: item[ID]} for item in datasets],
        "dcat:service": [{ID: item[ID]} for item in services],
    }
    return (whole, *datasets, *services, *_sources(catalog), _theme())


def _words(text: str) -> Node:
    return words(text, LANGUAGE)


def _dataset(catalog: Catalog, entry: Entry) -> Node:
    page = catalog.page(entry)
    often = _frequency(entry)
    return {
        ID: f"{page}#datos",
        TYPE: "dcat:Dataset",
        "dct:identifier": entry.name,
        "dct:title": _words(entry.title),
        "dct:description": _words(entry.description),
        "dct:publisher": {ID: _publisher(catalog)},
        **({"dcat:contactPoint": _mailbox(catalog)} if catalog.mailbox else {}),
        "dct:modified": literal(entry.cutoff, "xsd:date"),
        "dct:language": {ID: _language()[ID]},
        "dct:spatial": _place(),
        **({"dct:accrualPeriodicity": often} if often else {}),
        "dcat:keyword": [_words(text) for text in entry.keywords],
        "dcat:theme": {ID: f"{THEMES}/GOVE"},
        "dcat:landingPage": _document(page),
        "dcat:version": catalog.release.id,
        "prov:wasDerivedFrom": [_source_link(catalog, source) for source in entry.sources],
        "dcat:distribution": [_distribution(catalog, entry, item) for item in entry.distributions],
    }


def _distribution(catalog: Catalog, entry: Entry, item: Distribution) -> Node:
    address = catalog.file(item.name)
    known = item.bytes is not None and item.sha256 is not None
    checked: Node = {
        "dcat:byteSize": literal(item.bytes, "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            TYPE: "spdx:Checksum",
            "spdx:algorithm": {ID: SHA256, TYPE: "spdx:ChecksumAlgorithm"},
            "spdx:checksumValue": literal(item.sha256, "xsd:hexBinary"),
        },
    }
    format_of: Node = {"dct:format": _concept_of_format(item.suffix)} if item.suffix in FILE_TYPES else {}
    return {
        ID: address,
        TYPE: "dcat:Distribution",
        "dct:identifier": item.name,
        "dct:title": _words(f"{item.title} ({item.format})"),
        "dct:description": _words(item.description),
        "dcat:accessURL": {ID: address},
        "dcat:downloadURL": {ID: address},
        "dcat:mediaType": {ID: f"{MEDIA_TYPES}/{item.kind}", TYPE: "dct:MediaType"},
        **format_of,
        "dct:license": _license(item.terms),
        "dct:modified": literal(item.cutoff, "xsd:date"),
        "dct:language": {ID: _language()[ID]},
        "prov:wasDerivedFrom": [_source_link(catalog, source) for source in item.sources],
        **(checked if known else {}),
    }


def _service(catalog: Catalog, name: str, path: str, described: str, title: str) -> Node:
    return {
        ID: f"{catalog.base}{path}#{name}",
        TYPE: "dcat:DataService",
        "dct:title": _words(title),
        "dct:publisher": {ID: _publisher(catalog)},
        "dct:license": _license(catalog.terms),
        "dcat:endpointURL": {ID: f"{catalog.base}{path}"},
        "dcat:endpointDescription": {ID: f"{catalog.base}{described}"},
        "dcat:theme": {ID: f"{THEMES}/GOVE"},
        "dcat:servesDataset": [{ID: f"{catalog.page(entry)}#datos"} for entry in catalog.entries],
    }


# --- Where it comes from ----------------------------------------------------------------------------------------------


def _source_link(catalog: Catalog, source: SourceFacts) -> Node:
    return {ID: f"{catalog.base}/datos#fuente-{_fragment(key_of(source))}"}


def _fragment(key: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "_.-") else "-" for letter in key)


def _sources(catalog: Catalog) -> Iterator[Node]:
    """Every source, each once: what figures were derived from."""
    every = [source for entry in catalog.entries for item in entry.distributions for source in item.sources]
    every += [source for entry in catalog.entries for source in entry.sources]
    for source in {key_of(source): source for source in every}.values():
        yield {
            **_source_link(catalog, source),
            TYPE: "prov:Entity",
            "dct:identifier": key_of(source),
            "dct:title": _words(source["titulo"]),
            "dct:publisher": {TYPE: "foaf:Agent", "foaf:name": _words(source["editor"])},
            "dct:modified": literal(source["corte"], "xsd:date"),
            "dct:license": _license(Terms("", source["licencia"], source["licencia_url"])),
            "foaf:page": _document(source["url"]),
            **({"dct:contributor": _agent(source["transcrita_por"])} if "transcrita_por" in source else {}),
        }


def _agent(name: str) -> Node:
    return {TYPE: "foaf:Agent", "foaf:name": _words(name)}


def _publisher(catalog: Catalog) -> str:
    return f"{catalog.base}/#editor"


def _named_publisher(catalog: Catalog) -> Node:
    return {
        ID: _publisher(catalog),
        TYPE: "foaf:Agent",
        "foaf:name": _words(PUBLISHER),
        "foaf:homepage": {ID: f"{catalog.base}/"},
    }


def _mailbox(catalog: Catalog) -> Node:
    return {TYPE: "vcard:Kind", "vcard:fn": PUBLISHER, "vcard:hasEmail": {ID: f"mailto:{catalog.mailbox}"}}


# --- Words of other vocabularies, each with its class, which the shapes ask for ---------------------------------------------


def _license(terms: Terms) -> Node:
    return {ID: terms.url, TYPE: "dct:LicenseDocument", "dct:title": _words(terms.title)}


def _language() -> Node:
    return {ID: f"{AUTHORITY}/language/SPA", TYPE: "dct:LinguisticSystem"}


def _document(address: str) -> Node:
    return {ID: address, TYPE: "foaf:Document"}


def _place() -> Node:
    return {TYPE: "dct:Location", "locn:geographicName": _words(COUNTRY.name), "dct:identifier": COUNTRY.iso}


def _concept_of_format(suffix: str) -> Node:
    return {ID: f"{AUTHORITY}/file-type/{suffix.upper()}", TYPE: "dct:MediaTypeOrExtent"}


def _taxonomy() -> Node:
    return {ID: THEMES, TYPE: "skos:ConceptScheme", "dct:title": words("Data theme", "en")}


def _theme() -> Node:
    return {
        ID: f"{THEMES}/GOVE",
        TYPE: "skos:Concept",
        "skos:prefLabel": _words("Gobierno y sector público"),
        "skos:inScheme": {ID: THEMES},
    }


def _frequency(entry: Entry) -> Node | None:
    """How often what a dataset is made from changes: as its most frequent source says; None if none says it."""
    found = _period(source["periodo"] for source in entry.sources if "periodo" in source)
    return {ID: f"{AUTHORITY}/frequency/{found}", TYPE: "dct:Frequency"} if found else None


def _period(periods: Iterable[str]) -> str | None:
    told = list(periods)
    times = [found for period in told if (found := months(period))]
    if times:
        return FREQUENCIES.get(min(times), "OTHER")
    return "IRREG" if EVERY_ELECTION in told else "NEVER" if NEVER in told else None
