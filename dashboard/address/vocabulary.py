"""What the figures of one release are divided by: its population groups and its territories."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from etl.country import departamento_of, fold, is_departamento, is_municipio
from etl.model import Field

MUNICIPIO, DEPARTAMENTO, PAIS = "municipio", "departamento", "pais"


@dataclass(frozen=True)
class Trait:
    """The one trait that may be crossed with sexo: a grupo de edad, an alfabetismo, a pueblo…, never two."""

    dimension: str
    value: str


@dataclass(frozen=True)
class Group:
    """The people asked about. No source crosses two traits, so there is room for only one besides sexo."""

    sexo: str | None = None
    trait: Trait | None = None

    def conditions(self) -> dict[str, str]:
        """Column name -> value, for the query."""
        found = {"sexo": self.sexo} if self.sexo else {}
        return found | ({self.trait.dimension: self.trait.value} if self.trait else {})


EVERYONE = Group()


@dataclass(frozen=True)
class Vocabulary:
    """The population groups a reader can filter by, by column name; each has the values that the release uses."""

    groups: Mapping[str, Field]


@dataclass(frozen=True)
class Territories:
    """Names by code: municipios ("0101") and departamentos ("01"), in the alphabetical order a reader expects.

    The code of the country is "".
    """

    municipios: Mapping[str, str]
    departamentos: Mapping[str, str]

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """Every code, sorted by folded name."""
        names = {**self.municipios, **self.departamentos}
        return tuple(sorted(names, key=lambda code: (fold(names[code]), code)))

    def level(self, code: str) -> str:
        """What kind of place a code is of: MUNICIPIO, DEPARTAMENTO or PAIS."""
        return MUNICIPIO if is_municipio(code) else DEPARTAMENTO if is_departamento(code) else PAIS

    def parent(self, code: str) -> str:
        """The code of the place that contains another: the departamento of a municipio, the country of the rest."""
        return departamento_of(code) if self.level(code) == MUNICIPIO else ""

    def containing(self, code: str) -> tuple[str, ...]:
        """A place and those that contain it, up to the country, each once."""
        return tuple(dict.fromkeys((code, self.parent(code), "")))

    def contains(self, container: str, code: str) -> bool:
        """Whether `code` is `container` or inside it."""
        return container in self.containing(code)

    def inside(self, code: str) -> tuple[str, ...]:
        """The places of the next finer level: the departamentos of the country, the municipios of a departamento."""
        if self.level(code) == PAIS:
            return tuple(self.departamentos)
        return tuple(place for place in self.municipios if code != place and self.contains(code, place))

    def name(self, code: str) -> str:
        """The name of a municipio or departamento; KeyError for an unknown code."""
        return self.municipios[code] if self.level(code) == MUNICIPIO else self.departamentos[code]

    def departamento_of(self, codigo_municipio: str) -> str:
        """The name of the departamento of a municipio."""
        return self.departamentos[self.parent(codigo_municipio)]

    def search(self, text: str) -> tuple[str, ...]:
        """Codes whose name contains `text`, accents and case aside; those that begin with it first."""
        wanted = fold(text.strip())
        if not wanted:
            return ()
        hits = [code for code in self.by_name if wanted in fold(self.name(code))]
        return tuple(sorted(hits, key=lambda code: not fold(self.name(code)).startswith(wanted)))


def in_order(centre: str) -> tuple[int, str]:
    """What the codes of centres are sorted by: they are numbers, written as text."""
    return (int(centre), centre) if centre.isdecimal() else (sys.maxsize, centre)


@dataclass(frozen=True)
class Offer:
    """What one release lets an address ask about one topic: its places, its indicators and its population groups; by
    indicator, the elections that it can be asked for, the one by default first ("" has those of a topic without indicators);
    and of the actas, the ballots of each election by code and, of each of its polling tables by number, its place and its
    centre there (None where nobody says it).
    """

    territories: Territories
    groups: Mapping[str, Field] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    default: str = ""
    only_municipios: frozenset[str] = frozenset()
    crosses: Callable[[str, Iterable[str]], bool] = lambda indicador, dimensions: True
    states: Mapping[str, str] = field(default_factory=dict)
    elections: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ballots_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mesas_of: Mapping[str, Mapping[str, tuple[str, str | None]]] = field(default_factory=dict)
    abroad: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def departamentos(self) -> Mapping[str, str]:
        """The departamentos that may be asked for, those of residents abroad last."""
        return {**self.territories.departamentos, **self.abroad}

    @cached_property
    def ballots(self) -> Mapping[str, str]:
        """The ballots of any of its elections, with the words for each."""
        return {code: words for there in self.ballots_of.values() for code, words in there.items()}

    @cached_property
    def mesas(self) -> Mapping[str, str]:
        """The numbers of the polling tables of any of its elections, each with itself as its words."""
        return {number: number for there in self.mesas_of.values() for number in there}

    @cached_property
    def _centros(self) -> frozenset[tuple[str, str, str]]:
        every = ((event, *there) for event, found in self.mesas_of.items() for there in found.values())
        return frozenset((event, place, centre) for event, place, centre in every if centre)

    @cached_property
    def centros(self) -> Mapping[str, str]:
        """The codes of the centres of any place in any of its elections, each with itself as its words."""
        return {centre: centre for centre in sorted({found[-1] for found in self._centros}, key=in_order)}

    def has_centro(self, eleccion: str, lugar: str | None, centro: str | None) -> bool:
        """Whether a municipio has a centre in an election."""
        return (eleccion, lugar, centro) in self._centros

    @property
    def every_election(self) -> Mapping[str, str]:
        """The elections that any of its indicators can be asked for, the latest first."""
        found = {code: title for offered in self.elections.values() for code, title in offered.items()}
        return dict(sorted(found.items(), reverse=True))

    def election(self, indicador: str, asked: str | None) -> tuple[str, list[str]]:
        """The election asked for, if the indicator has it, or else its latest, and what must be said; none of one that is
        not asked by election, nor where nothing of elections may be asked (None).
        """
        offered = self.elections.get(indicador, {})
        if asked is None or asked in offered:
            return asked or "", []
        latest = next(iter(offered), "")
        shown = "la última que las tiene" if latest else "sin ese filtro"
        title = self.indicators.get(indicador, indicador)
        return latest, [f"«{title}» no tiene cifras de {asked}: se muestra {shown}."] if asked else []

    @property
    def choice(self) -> tuple[Mapping[str, str], str]:
        """The elections there are, and the one by default where no indicator decides it."""
        return self.every_election, self.election("", "")[0]
