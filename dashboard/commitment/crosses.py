"""What commitment GT0105 asks for, cross by cross, and how much of each the release publishes.

The crosses are the product of what is counted, of whom, divided by what and at which level; their state follows from
`dashboard.commitment.supply`, so a cross the tribunal publishes some day changes its state with the file that brings it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dashboard.commitment.supply import GROUPS, Coverage, Supply
from dashboard.figures.counted import (
    ABROAD,
    CIUDAD,
    COUNTRY,
    DEPARTAMENTO,
    ESTADO,
    FOREIGN,
    MUNICIPIO,
    WHOLE,
    level_of,
    names_of,
)
from dashboard.words import listing, plural
from etl.model import Confidence, Table

REGISTRY, PARTICIPATION = "padron", "participacion"
TOTAL = "total"
#: What each part of the commitment is counted with: the shared columns of the published tables.
COUNTED = {REGISTRY: ("empadronados",), PARTICIPATION: ("votos_emitidos", "votantes")}
TOPICS = {REGISTRY: "Padrón", PARTICIPATION: "Participación"}
RESIDENCES = {COUNTRY: "dentro del país", ABROAD: "en el extranjero"}
DIVISIONS = {TOTAL: "Total", **{name: item.title for name, item in GROUPS.items()}}
LEVELS = {
    COUNTRY: {WHOLE: "País", DEPARTAMENTO: "Departamento", MUNICIPIO: "Municipio"},
    ABROAD: {WHOLE: "Total", ESTADO: "País o estado", CIUDAD: "Ciudad"},
}
#: (one, several) of the places of each level.
LEVEL_NAMES = {
    WHOLE: ("lugar", "lugares"),
    DEPARTAMENTO: ("departamento", "departamentos"),
    MUNICIPIO: ("municipio", "municipios"),
    ESTADO: ("estado o país con centro de votación", "estados o países con centro de votación"),
    CIUDAD: ("ciudad con centro de votación", "ciudades con centro de votación"),
}
#: Figures in which one can trust less than this do not make a cross published.
ENOUGH = Confidence.MEDIA
#: Columns that divide people by something close to a group, under another name.
CLOSE = {"edad_quinquenal": "grupo_edad", "grupo_edad_poblacion": "grupo_edad", "idioma": "comunidad_linguistica"}
#: Columns that count something else, which is what there is instead.
VALID_VOTES, ESTIMATE = "votos_validos", "guatemaltecos_estimados"
NOT_VOTERS = "cuenta votos válidos, no cuántas personas votaron"
SOMETHING_ELSE = {
    "poblacion": "cuenta habitantes, no personas empadronadas ni votantes",
    ESTIMATE: "es una estimación de residentes, no un padrón",
}


class Availability(StrEnum):
    """How much of a cross is published."""

    PUBLISHED = "publicado"
    PARTIAL = "parcial"
    MISSING = "no_publicado"


@dataclass(frozen=True)
class Cross:
    """What is asked: `topic` of the residents of `residence`, divided by `division` (a group, or TOTAL), at `level`."""

    topic: str
    residence: str
    division: str
    level: str


@dataclass(frozen=True)
class Extent:
    """How much of a cross one table covers on one occasion: how many places of how many, and what keeps it from being all."""

    supply: Supply
    occasion: str
    level: str
    covered: int
    of: int
    weak: bool
    lacking: Mapping[str, Sequence[str]]

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.covered == self.of > 0 and not self.weak and not self.lacking

    @property
    def share(self) -> float:
        """The part of the places that is covered."""
        return self.covered / self.of if self.of else 0.0


@dataclass(frozen=True)
class Instead:
    """A published table that says something near what is missing, and why it is not the same."""

    dataset: str
    table: str
    title: str
    why: str


@dataclass(frozen=True)
class Cell:
    """A cross with its state. `best` is the fullest or the latest there is; for participation, `whole` are the elections
    that are complete, of those `asked`, and `pending` the others; `instead`, what there is in place of a gap.
    """

    cross: Cross
    state: Availability
    best: Extent | None
    cutoff: str | None
    confidence: str | None
    asked: tuple[str, ...]
    whole: tuple[str, ...]
    pending: tuple[str, ...]
    detail: str
    instead: tuple[Instead, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The published tables it rests on."""
        return (self.best.supply.table.name,) if self.best else ()


def crosses() -> Iterator[Cross]:
    """Everything the commitment asks for, in the order it is shown."""
    for topic in COUNTED:
        for residence in RESIDENCES:
            for division in DIVISIONS:
                for level in LEVELS[residence]:
                    yield Cross(topic, residence, division, level)


def cells(coverage: Coverage) -> tuple[Cell, ...]:
    """The state of every cross in the release that `coverage` reads."""
    found: dict[Cross, Cell] = {}
    for cross in crosses():
        extents = tuple(_extents(coverage, cross, COUNTED[cross.topic]))
        if cross.topic == REGISTRY:
            found[cross] = _registry(coverage, cross, extents)
        else:
            found[cross] = _turnout(coverage, cross, extents, found[replace(cross, topic=REGISTRY)])
    return tuple(found.values())


# --- How much of a cross there is -----------------------------------------------------------------------------------


def _extents(coverage: Coverage, cross: Cross, counted: Sequence[str]) -> Iterator[Extent]:
    for supply in coverage.supplies:
        wanted = cross.division == TOTAL or cross.division in supply.groups
        if supply.counted in counted and supply.residence == cross.residence and wanted:
            for occasion in supply.occasions:
                extent = _extent(coverage, supply, occasion, cross.level)
                if extent and extent.covered:
                    yield extent


def _extent(coverage: Coverage, supply: Supply, occasion: str, level: str) -> Extent | None:
    """How much of `level` a supply covers, adding up its places if they are finer; None if they cannot be added to it."""
    seen = supply.occasions[occasion]
    places = coverage.places(supply.residence, supply.level, occasion) if supply.coded else seen.covered | seen.missing
    expected = places - seen.not_applicable
    inside: dict[str, set[str]] = defaultdict(set)
    for place in expected:
        container = _container(coverage, supply, place, level)
        if container is None:
            return None
        inside[container].add(place)
    covered = sum(finer <= seen.covered for finer in inside.values())
    weak = bool(seen.confidences) and _weaker(coverage.confidence(supply, occasion))
    return Extent(supply, occasion, level, covered, len(inside), weak, supply.lacking(occasion))


def _container(coverage: Coverage, supply: Supply, place: str, level: str) -> str | None:
    """The place of `level` that holds `place`; None when there is none, or it cannot be known."""
    if level in (supply.level, WHOLE):
        return place if level == supply.level else ""
    if (supply.level, level) == (MUNICIPIO, DEPARTAMENTO):
        return coverage.territories.parent(place)
    if (supply.level, level) == (CIUDAD, ESTADO) and supply.coded:
        return coverage.states_of_cities[place]
    return None


def _weaker(confidence: Confidence) -> bool:
    order = list(Confidence)
    return order.index(confidence) > order.index(ENOUGH)


# --- The registry: the latest cut-off that is whole -----------------------------------------------------------------


def _registry(coverage: Coverage, cross: Cross, extents: Sequence[Extent]) -> Cell:
    best = max(extents, key=lambda item: (item.whole, item.share, _merit(coverage, item)), default=None)
    whole = [item for item in extents if item.whole]
    if whole:
        best = max(whole, key=lambda item: _merit(coverage, item))
    state = Availability.PUBLISHED if whole else Availability.PARTIAL if best else Availability.MISSING
    return _cell(coverage, cross, state, best, (), (), _shortfall(best) if best else "")


def _merit(coverage: Coverage, extent: Extent) -> tuple[str, int]:
    """Of two extents that say as much, the latest is better; then the one to trust more."""
    order = list(Confidence)
    return coverage.date(extent.occasion), -order.index(coverage.confidence(extent.supply, extent.occasion))


def _shortfall(extent: Extent) -> str:
    """What keeps a figure from being all that is asked, in words."""
    said = []
    if extent.covered < extent.of:
        said.append(f"{extent.covered} de {plural(extent.of, *LEVEL_NAMES[extent.level])}")
    said += [f"sin {listing(labels)}" for labels in extent.lacking.values()]
    if extent.weak:
        said.append("solo una cifra de poca confianza")
    return "; ".join(said)


# --- Participation: every election that was held --------------------------------------------------------------------


def _turnout(coverage: Coverage, cross: Cross, extents: Sequence[Extent], registered: Cell) -> Cell:
    asked = tuple(
        code for code, event in coverage.elections.items() if cross.residence == COUNTRY or event["voto_extranjero"]
    )
    by_election = {code: [item for item in extents if item.occasion == code] for code in asked}
    whole = tuple(code for code, found in by_election.items() if any(item.whole for item in found))
    known = [item for found in by_election.values() for item in found]
    best = max(known, key=lambda item: (item.whole, item.share, _merit(coverage, item)), default=None)
    state = (
        Availability.PUBLISHED if len(whole) == len(asked) else Availability.PARTIAL if known else Availability.MISSING
    )
    detail = f"{len(whole)} de {plural(len(asked), 'elección completa', 'elecciones completas')}" if known else ""
    if best and not whole:
        detail = f"{detail}; en «{coverage.named(best.occasion)}», {_shortfall(best)}"
    return _cell(coverage, cross, state, best, asked, whole, detail, registered)


# --- A cell ---------------------------------------------------------------------------------------------------------


def _cell(
    coverage: Coverage,
    cross: Cross,
    state: Availability,
    best: Extent | None,
    asked: tuple[str, ...],
    whole: tuple[str, ...],
    detail: str,
    registered: Cell | None = None,
) -> Cell:
    return Cell(
        cross=cross,
        state=state,
        best=best,
        cutoff=coverage.cutoff(best.supply, best.occasion) if best else None,
        confidence=coverage.confidence(best.supply, best.occasion).value if best else None,
        asked=asked,
        whole=whole,
        pending=tuple(code for code in asked if code not in whole),
        detail=detail,
        instead=tuple(dict.fromkeys(_instead(coverage, cross, asked, whole, registered)))
        if state is not Availability.PUBLISHED
        else (),
    )


def _instead(
    coverage: Coverage, cross: Cross, asked: Sequence[str], whole: Sequence[str], registered: Cell | None
) -> Iterator[Instead]:
    """What is published near a gap: valid votes, the registry of the same cross, inhabitants. None of them is counted."""
    if registered and cross.division == TOTAL:
        for extent in _extents(coverage, cross, (VALID_VOTES,)):
            if extent.occasion in asked and extent.occasion not in whole:
                yield _of(extent.supply.dataset, extent.supply.table, NOT_VOTERS)
    published = registered.best if registered and registered.state is Availability.PUBLISHED else None
    if published and cross.division != TOTAL:
        supply = published.supply
        yield _of(supply.dataset, supply.table, "cuenta personas empadronadas, no votantes")
        return
    near = [table for table in coverage.tables.values() if _is_near(cross, table)]
    same = [table for table in near if cross.division in names_of(table)]
    for table in same or near:
        yield _of(coverage.dataset(table), table, SOMETHING_ELSE[_other_count(table) or ""])


def _of(dataset: str, table: Table, why: str) -> Instead:
    return Instead(dataset, table.name, table.title, why)


def _other_count(table: Table) -> str | None:
    return next((name for name in SOMETHING_ELSE if name in names_of(table)), None)


def _is_near(cross: Cross, table: Table) -> bool:
    """Whether a table counts something else of the same residents, by the same group and at least at the same level."""
    counted, (residence, level) = _other_count(table), level_of(table)
    if counted is None or residence != cross.residence or _finer(cross.level, level):
        return False
    if counted == ESTIMATE:
        return cross.topic == REGISTRY and cross.division == TOTAL and cross.level != WHOLE
    return cross.division in {CLOSE.get(item.name, item.name) for item in table.fields}


def _finer(asked: str, published: str) -> bool:
    """Whether `asked` is a finer level than `published`."""
    order = [WHOLE, ESTADO, CIUDAD] if {asked, published} & FOREIGN else [WHOLE, DEPARTAMENTO, MUNICIPIO]
    return order.index(asked) > order.index(published)
