"""What /datos lists of a release: its datasets, the places and the years of each, and in which releases its tables are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from dashboard.address.catalogue import Wanted, catalogue
from dashboard.address.parameters import Contract
from dashboard.address.territories import Territories
from dashboard.address.vocabulary import Offer
from dashboard.figures.releases import known
from dashboard.render.tables import years
from dashboard.site import Site
from etl.fields.labels import TEMAS
from etl.release import DamagedError, DatasetFacts, FileFacts, Release, ReleaseError

#: What people come for.
SOUGHT = ("padron_municipal", "padron_serie", "participacion_nacional", "participacion_municipal", "extranjero")
#: The levels of place, the finest first: what each is called and the columns that say one.
LEVELS = {
    "mesa": ("Mesa", ("mesa",)),
    "centro": ("Centro de votación", ("codigo_centro", "orden_centro")),
    "municipio": ("Municipio", ("codigo_municipio",)),
    "departamento": ("Departamento", ("codigo_departamento",)),
    "ciudad": ("Ciudad del extranjero", ("codigo_ciudad", "ciudad_residencia")),
    "estado": ("Estado de los Estados Unidos", ("codigo_estado", "estado_residencia")),
}
COUNTRY = ("pais", "Solo el país entero")
#: Releases that are told of, the newest first.
MOST_VERSIONS = 12


@dataclass(frozen=True)
class Listed:
    """A dataset in the catalogue: what the manifest says of it, its files, its levels of place and its years."""

    facts: DatasetFacts
    tables: tuple[FileFacts, ...]
    others: tuple[FileFacts, ...]
    levels: frozenset[str]
    years: frozenset[str]

    def is_wanted(self, wanted: Wanted) -> bool:
        """Whether it is among those that are asked for."""
        return (
            wanted.tema in (None, self.facts.get("tema"))
            and (wanted.nivel is None or wanted.nivel in self.levels)
            and (wanted.anio is None or wanted.anio in self.years)
        )


class Catalogue:
    """The datasets of one release, what people come for first, and what may be asked of them."""

    def __init__(self, site: Site) -> None:
        self._release = site.release
        self.offer = Offer(Territories({}, {}))
        entries = sorted(site.release.manifest["datasets"], key=_interest)
        self.listed = tuple(_listed(site.release, entry) for entry in entries)

    @cached_property
    def contract(self) -> Contract[Wanted]:
        """The topics, the levels and the years that some dataset has."""
        topics = {item.facts.get("tema", "") for item in self.listed}
        levels = {name for item in self.listed for name in item.levels}
        found = sorted({year for item in self.listed for year in item.years}, reverse=True)
        named = {**{name: title for name, (title, _) in LEVELS.items()}, COUNTRY[0]: COUNTRY[1]}
        return catalogue(
            {name: title for name, title in TEMAS.items() if name in topics},
            {name: title for name, title in named.items() if name in levels},
            {year: year for year in found},
        )


_MADE: WeakKeyDictionary[Site, Catalogue] = WeakKeyDictionary()


def catalogue_of(site: Site) -> Catalogue:
    """The catalogue of what is being served, made once for each release."""
    if site not in _MADE:
        _MADE[site] = Catalogue(site)
    return _MADE[site]


def _interest(entry: DatasetFacts) -> int:
    """Where a dataset goes in the list: what people come for first, the rest as the release has it."""
    return SOUGHT.index(entry["nombre"]) if entry["nombre"] in SOUGHT else len(SOUGHT)


def _listed(release: Release, entry: DatasetFacts) -> Listed:
    mine = [item for item in release.manifest["archivos"] if item["dataset"] == entry["nombre"]]
    tables = tuple(item for item in mine if item["tabla"])
    found = frozenset(year for item in tables for year in _years(release, item))
    levels = frozenset(level for item in tables for level in _levels(release, item))
    return Listed(entry, tables, tuple(item for item in mine if not item["tabla"]), levels, found)


def _levels(release: Release, item: FileFacts) -> Iterator[str]:
    """The levels of place of a table; of one without any, the whole country."""
    declared = release.tables.get(item["tabla"] or "")
    names = {column.name for column in declared.columns} if declared else set()
    found = [level for level, (_, columns) in LEVELS.items() if names & set(columns)]
    yield from found or [COUNTRY[0]]


def _years(release: Release, item: FileFacts) -> frozenset[str]:
    """The years that the rows of a table are of; of one that cannot be read, that of its cut-off."""
    try:
        return years(release.path(item["nombre"])) or frozenset({item["corte"][:4]})
    except DamagedError:
        return frozenset({item["corte"][:4]})


# --- In which releases --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A table in a release: the name of its file there, its SHA-256, and whether it is other than in the release before."""

    release: str
    file: str
    sha256: str
    changed: bool | None


def versions(release: Release, table: str) -> list[Version]:
    """The releases kept with this one that have a table, the newest first; `changed` is None of the first that had it."""
    found: list[Version] = []
    before: str | None = None
    for item in reversed(known(release)):
        root = release.root if item.id == release.id else release.root.parent / item.id
        file, sha256 = _files(root).get(table, ("", "")) if item.opens else ("", "")
        if file:
            found.append(Version(item.id, file, sha256, None if before is None else sha256 != before))
            before = sha256
    return found[::-1][:MOST_VERSIONS]


@lru_cache(256)
def _files(root: Path) -> Mapping[str, tuple[str, str]]:
    """The file and the SHA-256 of each table of the release in a folder; none of one that cannot be read."""
    try:
        listed = Release.open(root, whole=False).manifest["archivos"]
        return {item["tabla"]: (item["nombre"], item["sha256"]) for item in listed if item["tabla"]}
    except (ReleaseError, KeyError):
        return {}
