"""What the published tables cover: which counts, of whom, divided by what, where and when, read from their declarations and
from the rows of one release. Nothing here knows a table by its name, except the catalogues of places and of elections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from dashboard.figures.queries import Data
from dashboard.words import long_date
from etl import fields
from etl.datasets import all_datasets
from etl.model import Confidence, Dataset, Kind, Measured, Table

COUNTRY, ABROAD = "pais", "extranjero"
WHOLE, DEPARTAMENTO, MUNICIPIO, ESTADO, CIUDAD = "todo", "departamento", "municipio", "estado", "ciudad"
#: Where the code of a place is, the finest first, with the level it is of.
PLACES = {
    "codigo_municipio": MUNICIPIO,
    "codigo_departamento": DEPARTAMENTO,
    "codigo_ciudad": CIUDAD,
    "ciudad_residencia": CIUDAD,
    "codigo_estado": ESTADO,
    "estado_residencia": ESTADO,
    "codigo_pais": ESTADO,
    "pais_residencia": ESTADO,
}
#: Of a column that says what the place of a row is: its values, with the level each is.
DECLARED_LEVELS = {WHOLE: WHOLE, "pais": ESTADO, "estado": ESTADO, "ciudad": CIUDAD}
#: Places of these levels are abroad, whatever else the table says.
FOREIGN = frozenset({CIUDAD, ESTADO})
#: In the tribunal's codes, residents abroad are one more departamento; its municipios are their circunscripciones.
ABROAD_CODE = "25"
RESIDENCE = ("residencia", "ambito")
OCCASIONS = ("eleccion", "anio", "fecha", "fecha_texto")
NOT_APPLICABLE = "no_aplica"
#: What a column says in a row that adds all of it up.
ADDED_UP = "total"
#: The shared columns that are counts of the registry or of an election.
COUNTS = ("empadronados", "votos_emitidos", "votantes", "votos_validos")
GROUPS = {name: item for name, item in fields.POPULATION_GROUP.items() if name != "residencia"}


@dataclass
class Seen:
    """What one table says of one occasion: places with every figure, with some missing, and where it does not apply."""

    covered: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    not_applicable: set[str] = field(default_factory=set)
    categories: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    confidences: set[str] = field(default_factory=set)
    cutoffs: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Supply:
    """One count of one table, for residents of one kind, divided by `groups` and at one level, occasion by occasion.

    `coded` says whether its places are the catalogue's; when they are the tribunal's own circunscripciones abroad, the
    places there are, are the ones it lists.
    """

    dataset: Dataset
    table: Table
    counted: str
    residence: str
    groups: frozenset[str]
    level: str
    coded: bool
    occasions: Mapping[str, Seen]

    def lacking(self, occasion: str) -> dict[str, list[str]]:
        """The categories, in words, that have no figure anywhere on that occasion, by group."""
        seen = self.occasions[occasion].categories
        missing = {
            name: [label for code, label in (self.table.field(name).labels or {}).items() if code not in seen[name]]
            for name in self.groups
            if name in {item.name for item in self.table.fields}
        }
        return {name: labels for name, labels in missing.items() if labels}


class Coverage:
    """The supplies of one release, and the catalogues they are measured against."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._files = {item["tabla"]: item for item in data.release.manifest["archivos"] if item["tabla"]}

    @cached_property
    def elections(self) -> dict[str, Mapping[str, object]]:
        """The events that everybody could vote in: the ones repeated in some municipios are not asked for."""
        return {str(row["eleccion"]): row for row in self._data.records("elecciones") if row["tipo"] != "repeticion"}

    @cached_property
    def states_of_cities(self) -> dict[str, str]:
        """The state of each city of the catalogue; the country of those that have none."""
        rows = self._data.records("ciudades_extranjero")
        return {str(row["codigo_ciudad"]): str(row["codigo_estado"] or row["codigo_pais"]) for row in rows}

    @cached_property
    def voting_cities(self) -> dict[str, set[str]]:
        """The cities with a voting centre, by year of the election."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._data.records("centros_extranjero"):
            if row["situacion"] != "anunciado":
                found[str(row["eleccion"])[:4]].add(str(row["codigo_ciudad"]))
        return found

    def date(self, occasion: str) -> str:
        """When an occasion was, as ISO text that can be compared: the day of an election, or the date itself."""
        day = self.elections.get(occasion, {}).get("fecha_eleccion")
        return day.isoformat() if day else occasion

    def named(self, occasion: str) -> str:
        """An occasion in words."""
        event = self.elections.get(occasion)
        return str(event["titulo"]) if event else occasion

    def places(self, residence: str, level: str, occasion: str) -> set[str]:
        """The places there are at one level on one occasion."""
        if level == WHOLE:
            return {""}
        if residence == COUNTRY:
            names = self._data.territories
            return set(names.municipios if level == MUNICIPIO else names.departamentos)
        cities = self.voting_cities.get(occasion[:4]) or set().union(*self.voting_cities.values())
        return cities if level == CIUDAD else {self.states_of_cities[city] for city in cities}

    @cached_property
    def supplies(self) -> tuple[Supply, ...]:
        """Every count of registered citizens, of voters or of valid votes that any table publishes."""
        return tuple(
            supply
            for owner in all_datasets()
            for table in owner.tables
            if not any(item.kind is Kind.GEOMETRIA for item in table.fields)
            for measured in measures(table)
            for supply in self._read(owner, table, measured)
        )

    def _read(self, owner: Dataset, table: Table, measured: Measured) -> Iterator[Supply]:
        by = _keys(table, measured)
        found: dict[tuple, dict[str, Seen]] = defaultdict(lambda: defaultdict(Seen))
        for *keys, rows, filled in self._data.filled(
            table.name, by, measured.columns or (measured.name,), dict(measured.where)
        ):
            values = {name: value for name, value in zip(by, keys, strict=True) if value not in (None, ADDED_UP)}
            where = _place(values, by, measured)
            if where is None:
                continue
            residence, level, place, coded = where
            divided = {name: str(values[name]) for name in GROUPS if name in values}
            kind = (residence, frozenset({*measured.groups, *divided}), level, coded)
            seen = found[kind][self._occasion(table, values)]
            _note(seen, place, rows == filled, values.get(measured.status or ""))
            if filled:
                self._evidence(seen, table, values, divided)
        for kind, occasions in found.items():
            yield Supply(owner, table, measured.name, *kind, occasions)

    def _occasion(self, table: Table, values: Mapping[str, object]) -> str:
        said = next((values[name] for name in OCCASIONS if values.get(name) is not None), None)
        return self._files[table.name]["corte"] if said is None else str(said)

    def _evidence(self, seen: Seen, table: Table, values: Mapping[str, object], divided: Mapping[str, str]) -> None:
        seen.confidences.add(str(values.get("confianza") or self._files[table.name]["confianza"]))
        if "corte_texto" in values:
            seen.cutoffs.add(str(values["corte_texto"]))
        for name, category in divided.items():
            seen.categories[name].add(category)

    def cutoff(self, supply: Supply, occasion: str) -> str:
        """As of when the figures of one occasion are, in words."""
        said = sorted(supply.occasions[occasion].cutoffs)
        if len(said) == 1:
            return said[0]
        if occasion == self._files[supply.table.name]["corte"]:
            return long_date(date.fromisoformat(occasion))
        return self.named(occasion)

    def confidence(self, supply: Supply, occasion: str) -> Confidence:
        """How far the figures of one occasion can be trusted: as far as the least of them."""
        return Confidence.weakest(supply.occasions[occasion].confidences)


def measures(table: Table) -> tuple[Measured, ...]:
    """What a table counts: what it declares, or else the shared columns it has."""
    if table.measures:
        return table.measures
    names = {item.name for item in table.fields}
    return tuple(Measured(name) for name in COUNTS if name in names)


def level_of(table: Table) -> tuple[str, str]:
    """(residence, level) of the finest place that the columns of a table have."""
    names = {item.name for item in table.fields}
    level = next((level for name, level in PLACES.items() if name in names), WHOLE)
    return (ABROAD if level in FOREIGN else COUNTRY), level


def _keys(table: Table, measured: Measured) -> list[str]:
    names = [item.name for item in table.fields]
    when = OCCASIONS[:1] if "eleccion" in names else OCCASIONS
    wanted = [*RESIDENCE, *when, *PLACES, *GROUPS, "confianza", "corte_texto", measured.level, measured.status]
    return [name for name in dict.fromkeys(wanted) if name in names]


def _place(values: Mapping[str, object], declared: list[str], measured: Measured) -> tuple[str, str, str, bool] | None:
    """(residence, level, code, whether the code is the catalogue's) of a row; None when it is of no place asked for."""
    said = {name: str(values[name]) for name in PLACES if name in values}
    if measured.level:
        # The mark of the whole is dropped with those of the columns that add up.
        level = DECLARED_LEVELS.get(str(values.get(measured.level, WHOLE)))
        said = {name: code for name, code in said.items() if PLACES[name] == level}
        if level is None or (level != WHOLE and not said):
            return None
    column = next((name for name in PLACES if name in said), None)
    level, code = (PLACES[column], said[column]) if column else (WHOLE, "")
    residence = next((str(values[name]) for name in RESIDENCE if name in values), None)
    if residence is None and any(name in declared for name in RESIDENCE):
        return None  # country and abroad together: neither of the two
    if code.startswith(ABROAD_CODE) and level in (MUNICIPIO, DEPARTAMENTO):
        return (ABROAD, CIUDAD, code, False) if level == MUNICIPIO else (ABROAD, WHOLE, "", True)
    default = ABROAD if level in FOREIGN else COUNTRY
    return residence or default, level, code, True


def _note(seen: Seen, place: str, whole: bool, status: object) -> None:
    if status == NOT_APPLICABLE:
        seen.not_applicable.add(place)
    elif whole and place not in seen.missing:
        seen.covered.add(place)
    else:
        seen.missing.add(place)
        seen.covered.discard(place)
