"""Where figures come from: sources, their files, their official totals, and how far each can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How far a figure can be trusted, in the words a reader sees."""

    ALTA = "alta"
    MEDIA_ALTA = "media-alta"
    MEDIA = "media"
    MEDIA_BAJA = "media-baja"
    BAJA = "baja"

    @classmethod
    def weakest(cls, levels: Iterable[str]) -> Confidence:
        """The least of `levels`: what can be said of a figure, or a file, that rests on several."""
        return max(map(cls, levels), key=list(cls).index)


@dataclass(frozen=True)
class License:
    """Terms under which a source or our derived data may be used."""

    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Total:
    """An official total that the figures of a source must reproduce, with the words it was published in."""

    name: str
    value: int
    citation: str


@dataclass(frozen=True)
class Source:
    """Where figures come from: who published them, where, under what terms, as of when, how far to trust them.

    `totals` are the official totals that belong to this cut-off: a new delivery brings its own, with its `cutoff`. `key` is
    what rows call it; `transcriber`, who copied it from what its publisher gave, when that is a third party.
    """

    title: str
    publisher: str
    url: str
    license: License
    cutoff: date
    confidence: Confidence
    cutoff_text: str | None = None  # when the source is no exact day: «agosto de 2022»
    note: str | None = None
    period: str | None = None  # how often a new one is expected, in the words of etl.release.periods
    totals: tuple[Total, ...] = ()
    key: str = ""
    transcriber: str | None = None


@dataclass(frozen=True)
class SourceFile:
    """One file as its publisher gave it, in data/source/<dataset>/: the input it fills, its name, hash and source."""

    input: str
    name: str
    sha256: str
    source: Source


@dataclass(frozen=True)
class Provenance:
    """Where the figures of a dataset come from, as its `fuente.toml` says.

    `sources` are those that it declares, by their name in it; `files`, in its order; `tables`, the sources of the tables
    that do not simply rest on all the files.
    """

    files: tuple[SourceFile, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    tables: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)

    def newest(self, name: str) -> tuple[Source, ...]:
        """The source of the newest delivery among the files that fill the input called `name`; none if it has no file."""
        return tuple(sorted(self.of_input(name), key=lambda source: source.cutoff)[-1:])

    def of_input(self, name: str) -> tuple[Source, ...]:
        """The sources of the files that fill the input called `name`, each once."""
        return tuple(dict.fromkeys(item.source for item in self.files if item.input == name))

    def of_table(self, name: str) -> tuple[Source, ...]:
        """The sources of the table called `name`, each once."""
        return tuple(dict.fromkeys(self.tables.get(name) or (item.source for item in self.files)))

    @property
    def all(self) -> tuple[Source, ...]:
        """Every source that a file or a table rests on, each once: those of the files first."""
        named = (source for chosen in self.tables.values() for source in chosen)
        return tuple(dict.fromkeys([*(item.source for item in self.files), *named]))
