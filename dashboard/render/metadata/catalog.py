"""The datasets of a release with their files: what its catalogues say, in the one form from which every vocabulary is written.

Nothing is said here that a release does not say: what a dataset has, under which licence, from which sources and of which day is
of its manifest; what a column is, of its package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.figures.provenance import Terms, invented
from dashboard.render.about import SOURCE_KEY
from dashboard.render.formats import CSV
from dashboard.render.standards import standard_files
from dashboard.render.tables import TABLE_FORMATS, PublishedTable, takes
from etl import fields
from etl.country import COUNTRY
from etl.model import Field, Kind
from etl.release import DatasetFacts, FileFacts, Release, SourceFacts

#: Who publishes, and the name of the whole.
PUBLISHER, SLUG = "Padrón Abierto", "padron-abierto"
LANGUAGE = "es"
#: The media type of a file whose package does not say it.
UNTOLD = "application/octet-stream"
#: What is told, before anything else, of what counts invented people.
INVENTED = "Demostración con personas inventadas: ninguna cifra de ellas es real. "
#: The columns of a table that say what it is about: by them people look for it.
SUBJECTS = {item.name: item for item in (*fields.GROUPS, *fields.PLACES)}


@dataclass(frozen=True)
class Distribution:
    """One file that is had of a dataset. `facts` are those of the file of the release that it is or is made from (None of what is
    made of several tables); its `bytes` and `sha256` are known when it is that very file.
    """

    name: str
    title: str
    description: str
    format: str
    media_type: str
    terms: Terms
    cutoff: str
    confidence: str
    sources: tuple[SourceFacts, ...]
    facts: FileFacts | None = None
    bytes: int | None = None
    sha256: str | None = None

    @property
    def suffix(self) -> str:
        """How its name ends, without the dot."""
        return self.name.rpartition(".")[2]

    @property
    def table(self) -> str | None:
        """The table that is in it, whatever the format."""
        return self.facts["tabla"] if self.facts else None

    @property
    def kind(self) -> str:
        """Its media type, without parameters."""
        return self.media_type.partition(";")[0]


@dataclass(frozen=True)
class Entry:
    """A dataset: what its release says of it, and the files that are had of it."""

    facts: DatasetFacts
    description: str
    terms: Terms
    cutoff: str
    keywords: tuple[str, ...]
    distributions: tuple[Distribution, ...]

    @property
    def name(self) -> str:
        """Its name, as in the address of its page."""
        return self.facts["nombre"]

    @property
    def title(self) -> str:
        """Its title."""
        return self.facts["titulo"]

    @property
    def sources(self) -> tuple[SourceFacts, ...]:
        """Every source of its files, each once."""
        return tuple(self.facts["fuentes"])


@dataclass(frozen=True)
class Catalog:
    """All that a release has. `base` is the address of the site, without a final slash, and `mailbox`, that of its operator;
    each is "" when it is not known.
    """

    release: Release
    base: str
    mailbox: str = ""

    @property
    def title(self) -> str:
        """Its title, as its package says it."""
        return f"{INVENTED if self.release.synthetic else ''}{self.release.package['title']}"

    @property
    def description(self) -> str:
        """What it has, as its package says it."""
        return f"{INVENTED if self.release.synthetic else ''}{self.release.package['description']}"

    @property
    def terms(self) -> Terms:
        """The licence of what is derived from it, as its package says it."""
        told = self.release.package["licenses"][0]
        return Terms(told["name"], told["title"], told["path"])

    @property
    def day(self) -> str:
        """The day that its name says: the latest of what it has (ISO)."""
        return day_of(self.release.id)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its datasets, in the order of its manifest."""
        return _entries(self.release)

    def entry(self, name: str) -> Entry | None:
        """The dataset called `name`; None if it has none."""
        return next((item for item in self.entries if item.name == name), None)

    def file(self, name: str) -> str:
        """The address of one of its files, the same for ever."""
        return f"{self.base}/descargas/{self.release.id}/{name}"

    def page(self, entry: Entry) -> str:
        """The address of the page of a dataset."""
        return f"{self.base}/datos/{entry.name}"


def day_of(release_id: str) -> str:
    """The day that the name of a release says (ISO): the latest of what it has."""
    return "-".join(release_id.rsplit("-", 4)[-4:-1])


def key_of(source: Mapping[str, object]) -> str:
    """What tells a source from others: its key or, in releases whose sources have none, its title."""
    return str(source.get("clave") or source["titulo"])


def columns_of(release: Release, facts: FileFacts, suffix: str) -> tuple[Field, ...]:
    """The columns of a table in a format, as they are in its file."""
    own = release.tables[facts["tabla"] or ""].columns
    names = {item.name for item in own}
    if suffix != CSV.suffix or SOURCE_KEY in names:
        return own
    told = PublishedTable(release.root, facts, release.id).told_once  # its rows do not say it: the file does, in each
    added = (Field(name, name.capitalize(), "La misma en todas las filas.", Kind.TEXTO) for name in told)
    return (*own, *(item for item in added if item.name not in names))


@lru_cache(maxsize=4)
def _entries(release: Release) -> tuple[Entry, ...]:
    there = {
        item["dataset"] for item in release.manifest["archivos"]
    }  # of a dataset without files there is nothing to take
    return tuple(_entry(release, facts) for facts in release.manifest["datasets"] if facts["nombre"] in there)


def _entry(release: Release, facts: DatasetFacts) -> Entry:
    files = [item for item in release.manifest["archivos"] if item["dataset"] == facts["nombre"]]
    marked = INVENTED if invented(release, facts["tablas"]) else ""
    return Entry(
        facts,
        marked + facts["descripcion"],
        _terms(files[0]),
        max(item["corte"] for item in files),
        _keywords(release, files),
        (*(found for item in files for found in _of_file(release, item)), *_in_standards(release, files)),
    )


def _terms(item: FileFacts) -> Terms:
    return Terms(item.get("licencia_id", item["licencia"]), item["licencia"], item["licencia_url"])


def _keywords(release: Release, files: list[FileFacts]) -> tuple[str, ...]:
    """The country, and what the tables are divided by, in the words of their columns."""
    named = [column.name for item in files if item["tabla"] for column in release.tables[item["tabla"]].fields]
    subjects = (SUBJECTS[name].title.lower() for name in named if name in SUBJECTS)
    return tuple(dict.fromkeys((COUNTRY.name, *subjects)))


def _of_file(release: Release, item: FileFacts) -> Iterator[Distribution]:
    """A file of the release: of a table, first in the formats that people ask for."""
    stem = Path(item["nombre"]).stem
    for suffix, writer in TABLE_FORMATS.items():
        if takes(writer, item):
            yield _distribution(item, f"{stem}.{suffix}", writer.format.name, writer.media_type)
    told = (one["mediatype"] for one in release.package["resources"] if one["path"] == item["nombre"])
    kind = str(next(told, UNTOLD))
    yield _distribution(item, item["nombre"], item["formato"], kind, item["bytes"], item["sha256"])


def _distribution(
    item: FileFacts, name: str, form: str, kind: str, size: int | None = None, sha256: str | None = None
) -> Distribution:
    return Distribution(
        name,
        item["titulo"],
        item["descripcion"],
        form,
        kind,
        _terms(item),
        item["corte"],
        item["confianza"],
        tuple(item["fuentes"]),
        item,
        size,
        sha256,
    )


def _in_standards(release: Release, files: list[FileFacts]) -> Iterator[Distribution]:
    """What is made of the tables of a dataset in the standards of elections."""
    first = files[0]
    for file in standard_files(release):
        if file.dataset == first["dataset"]:
            made_of = [item for item in release.manifest["archivos"] if item["tabla"] in file.tables]
            sources = {key_of(source): source for item in made_of for source in item["fuentes"]}
            yield Distribution(
                file.name,
                file.title,
                file.title,
                file.format.name,
                file.format.media_type,
                _terms(first),
                max((item["corte"] for item in made_of), default=first["corte"]),
                first["confianza"],
                tuple(sources.values()),
            )
