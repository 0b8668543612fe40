"""Where figures come from, read from the release's own manifest so that pages and files say what was really published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dashboard.address.extracts import SYNTHETIC as SYNTHETIC
from dashboard.figures.counted import names_of
from dashboard.words import integer, long_date
from etl.release import Release, SourceFacts


@dataclass(frozen=True)
class Provenance:
    """One source, as every face says it."""

    title: str
    publisher: str
    url: str
    license: str
    license_url: str
    cutoff: date
    cutoff_text: str
    confidence: str
    key: str = ""
    transcriber: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Terms:
    """The one licence of some figures: its identifier, its title and where it is."""

    id: str
    title: str
    url: str


def terms(release: Release, names: Iterable[str]) -> Terms:
    """The licence of what is made from the tables called `names`: that of the first; made from none, of the first there is."""
    return _terms(release, next(iter(names), None))


@lru_cache(maxsize=256)
def _terms(release: Release, name: str | None) -> Terms:
    tables = [entry for entry in release.manifest["archivos"] if entry["tabla"]]
    item = next((entry for entry in tables if entry["tabla"] == name), tables[0])
    return Terms(item.get("licencia_id", item["licencia"]), item["licencia"], item["licencia_url"])


def provenance(release: Release, names: Iterable[str], cutoffs: Collection[date] = ()) -> tuple[Provenance, ...]:
    """The sources of the tables called `names`, each once, in that order: of a table with sources of some of the days in
    `cutoffs`, only those.
    """
    return _provenance(release, tuple(names), tuple(cutoffs))


@lru_cache(maxsize=1_024)
def _provenance(release: Release, names: tuple[str, ...], cutoffs: tuple[date, ...]) -> tuple[Provenance, ...]:
    declared = _declared(release)
    found: list[Provenance] = []
    for name in names:
        sources = declared[name]
        found += [source for source in sources if source.cutoff in cutoffs] or sources
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4)
def _declared(release: Release) -> Mapping[str, tuple[Provenance, ...]]:
    """The sources of each table of a release."""
    entries = {entry["tabla"]: entry["fuentes"] for entry in release.manifest["archivos"] if entry["tabla"]}
    return {name: tuple(_source(entry) for entry in found) for name, found in entries.items()}


def notices(release: Release, names: Iterable[str]) -> tuple[str, ...]:
    """What the release warns about the datasets that publish the tables called `names`."""
    return _notices(release, tuple(names))


@lru_cache(maxsize=1_024)
def _notices(release: Release, tables: tuple[str, ...]) -> tuple[str, ...]:
    wanted = {entry["dataset"] for entry in release.manifest["archivos"] if entry["tabla"] in tables}
    return tuple(entry["mensaje"] for entry in release.manifest["advertencias"] if entry["dataset"] in wanted)


def invented(release: Release, names: Iterable[str]) -> bool:
    """Whether what was made from the tables called `names` may count invented people: in a demonstration, unless all of
    them are known to be real.
    """
    return _invented(release, tuple(names))


@lru_cache(maxsize=1_024)
def _invented(release: Release, names: tuple[str, ...]) -> bool:
    tables = [release.tables.get(name) for name in names]
    real = tables and all(table and SYNTHETIC not in names_of(table) for table in tables)
    return release.synthetic and not real


def scale(release: Release) -> str:
    """How many the invented people of a demonstration are, and how many of the registry each stands for, in words:
    «200,000 personas inventadas, 1 por cada 51 del padrón»; without figures where the release does not give them.
    """
    if release.invented is None:
        return "personas inventadas"
    people, registered = release.invented
    each = round(registered / people)
    return f"{integer(people)} personas inventadas" + (f", 1 por cada {integer(each)} del padrón" if each > 1 else "")


def out_of_scale(release: Release, names: Iterable[str]) -> tuple[str, ...]:
    """What must be said of a figure that sets the invented people, when they are fewer, against the real ones."""
    return _out_of_scale(release, tuple(names))


@lru_cache(maxsize=1_024)
def _out_of_scale(release: Release, names: tuple[str, ...]) -> tuple[str, ...]:
    tables = [release.tables[name] for name in names if name in release.tables]
    mixed = len({SYNTHETIC in names_of(table) for table in tables}) > 1
    if not mixed or release.invented is None or release.invented[0] == release.invented[1]:
        return ()
    return (f"Son {scale(release)}, y la población es la publicada: su proporción no es la de ningún lugar.",)


def _source(entry: SourceFacts) -> Provenance:
    cutoff = date.fromisoformat(entry["corte"])
    return Provenance(
        title=entry["titulo"],
        publisher=entry["editor"],
        url=entry["url"],
        license=entry["licencia"],
        license_url=entry["licencia_url"],
        cutoff=cutoff,
        cutoff_text=entry["corte_texto"] or long_date(cutoff),
        confidence=entry["confianza"],
        key=entry.get("clave", ""),
        transcriber=entry.get("transcrita_por"),
        note=entry["nota"],
    )
