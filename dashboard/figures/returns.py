"""Everything that a release counts of one election, unit by unit: how many were on the roll and voted in each place, the
ballots of each office, and the votes of each party.

A figure is as it was published: nothing is added up, and what is not published, or not exactly, is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import and_
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dashboard.figures.counted import CUTOFF
from dashboard.figures.elections import is_definitive
from dashboard.figures.units import CATALOGUES, MUNICIPIO, PLACE_ABROAD, Unit, Units
from etl.model import TOTAL, Table
from etl.release import Release

NATIONAL, MUNICIPAL, RUNOFF, ABROAD = (
    "participacion_nacional",
    "participacion_municipal",
    "segunda_vuelta",
    "extranjero",
)
ACTAS, PARTIES, SUMS = "participacion_mesa", "participacion_mesa_votos", "participacion_mesa_lugar"
FILES = "participacion_mesa_archivos"
TABLES_AT_HOME, TABLES_ABROAD = "mesas_municipio", "mesas_extranjero"
#: The only office that people abroad vote for, and the one of a second round: those tables do not say it.
PRESIDENCIA = "presidencia"
EVENT, OFFICE, CODE = "eleccion", "cargo", "codigo_municipio"
ROLL, VOTERS, CAST = "empadronados", "votantes", "votos_emitidos"
#: What is counted of the ballots of an office.
COUNTS = (CAST, "votos_validos", "votos_blanco", "votos_nulos", "votos_nulos_y_blanco", "votos_invalidos")
#: Before the name of a count that is the sum of the actas of a place, and not the figure that was published of it.
ADDED = "suma_de_actas/"
#: The tables with figures of an election, and the columns that hold them.
SOURCES = {
    NATIONAL: (ROLL, *COUNTS),
    MUNICIPAL: (ROLL, *COUNTS, "votos_primero", "votos_segundo"),
    RUNOFF: ("votos_validos", "votos_primero", "votos_segundo"),
    ACTAS: (ROLL, *COUNTS),
    PARTIES: ("votos",),
    SUMS: COUNTS,
}
#: How people are told apart: of a figure of everybody, the table says none of these.
GROUPS = ("sexo", "grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica", "area")
BATCH = 5_000


class Count(NamedTuple):
    """How many ballots of an office have been counted in a unit, of one kind."""

    unit: str
    name: str
    value: int


@dataclass(frozen=True)
class Votes:
    """The votes of a party for an office in a unit."""

    office: str
    unit: str
    party: str
    value: int


@dataclass
class Returns:
    """What there is of one election: its row of the catalogue, its offices with their names, the units by identifier, the
    votes of parties, and how many polling tables there are and have reported of an office in a unit.
    """

    release: Release
    event: dict[str, Any]
    units: Units
    offices: dict[str, str] = field(default_factory=dict)
    votes: list[Votes] = field(default_factory=list)
    reported: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    definitive: bool = False

    @property
    def whole(self) -> bool:
        """Whether no later count changes it: its national figures are the definitive ones and no acta is missing."""
        return self.definitive and all(tables == counted for tables, counted in self.reported.values())

    def rows(self, table: str, columns: Iterable[str], office: str = "") -> Iterator[dict[str, Any]]:
        """The rows of a table that are of this election, perhaps of one office; none when the release has no such table."""
        wanted = {EVENT: self.event[EVENT]} | ({OFFICE: office} if office else {})
        for row in _rows(self.release, table, columns, wanted):
            self.used[table] = None
            yield row

    def chosen(self, office: str) -> tuple[Unit, ...]:
        """The municipios with any count of an office."""
        codes = (
            row[CODE]
            for table in (MUNICIPAL, SUMS)
            for row in self.rows(table, (CODE, *SOURCES[table]), office)
            if any(row[name] is not None for name in SOURCES[table])
        )
        found = {unit.id: unit for unit in map(self.units.place, codes) if unit.kind == MUNICIPIO}
        return tuple(found[unit] for unit in sorted(found))

    def counts(self, office: str) -> Iterator[Count]:
        """Every count of the ballots of an office, from the country to the polling tables."""
        for row in _national(self, office):
            yield from _counted(self.units.country.id, row)
        for row in self.rows(MUNICIPAL, (CODE, *COUNTS), office):
            yield from _counted(self.units.place(row[CODE]).id, row)
        if office == PRESIDENCIA:
            for row in self.rows(RUNOFF, (CODE, *COUNTS)):
                yield from _counted(self.units.place(row[CODE]).id, row)
            for row in _abroad(self):
                if row["indicador"] in COUNTS:
                    yield Count(self.units.abroad(*row["place"]).id, row["indicador"], row["valor"])
        for row in self.rows(SUMS, (CODE, *COUNTS), office):
            yield from _counted(self.units.place(row[CODE]).id, row, ADDED)
        for row in self.rows(ACTAS, ("mesa", *COUNTS), office):
            yield from _counted(self.units.table(row["mesa"]).id, row)


def returns(release: Release, code: str) -> Returns:
    """What a release has of the election with a code of its catalogue; KeyError when there is no such election."""
    events = {row[EVENT]: row for row in _rows(release, "elecciones", ())}
    found = Returns(release, events[code], Units(release))
    _offices(found)
    _units(found)
    _people(found)
    _votes(found)
    _reported(found)
    return found


@lru_cache(maxsize=8)
def events_with_figures(release: Release) -> tuple[tuple[str, str], ...]:
    """The elections of the catalogue that a release has any figure of, by code and title, the oldest first."""
    with_any: set[str] = set()
    for name, columns in SOURCES.items():
        if name not in (ACTAS, PARTIES) or SUMS not in release.tables:  # every acta is in the sums of its place
            with_any |= _with_any(release, name, columns)
    exact = (row for row in _rows(release, ABROAD, (EVENT, "precision", "preferida")) if _sure(row))
    with_any |= {row[EVENT] for row in exact}
    for table in rolls(release):
        with_any |= _with_any(release, table.name, (ROLL, VOTERS))
    rows = [row for row in _rows(release, "elecciones", ()) if row[EVENT] in with_any and row["fecha_eleccion"]]
    return tuple(
        (row[EVENT], row["titulo"]) for row in sorted(rows, key=lambda row: (row["fecha_eleccion"], row[EVENT]))
    )


def tables_of(release: Release) -> tuple[str, ...]:
    """Every table of a release that is read for the returns of its elections."""
    counted = (*SOURCES, FILES, ABROAD, TABLES_AT_HOME, TABLES_ABROAD, *(table.name for table in rolls(release)))
    named = ("elecciones", *CATALOGUES)
    return tuple(name for name in (*named, *counted) if name in release.tables)


def rolls(release: Release) -> tuple[Table, ...]:
    """The tables that count, person by person, who was on the roll of an election and who voted."""
    return tuple(table for table in release.tables.values() if table.crosses and {EVENT, ROLL, VOTERS} <= table.names)


# --- Reading ---------------------------------------------------------------------------------------------------------


def _rows(
    release: Release, table: str, columns: Iterable[str], where: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a table with some of its columns (all, when none is named), perhaps only those with some values; a column
    that this release does not have is None.
    """
    declared = release.tables.get(table)
    if declared is None:
        return
    wanted = list(columns) or sorted(declared.names)
    there = [name for name in wanted if name in declared.names]
    conditions = [pc.field(name) == value for name, value in (where or {}).items()]
    wanted_rows = reduce(and_, conditions) if conditions else None
    found = pq.read_table(release.table(table), columns=there, filters=wanted_rows)
    nothing = dict.fromkeys(wanted)
    for batch in found.to_batches(BATCH):
        for row in batch.to_pylist():
            yield nothing | row


def _with_any(release: Release, name: str, columns: Iterable[str]) -> set[str]:
    """The elections of which a table has a figure in any of some columns."""
    declared = release.tables.get(name)
    if declared is None or EVENT not in declared.names:
        return set()
    there = [column for column in columns if column in declared.names]
    found = pq.read_table(release.table(name), columns=[EVENT, *there])
    some = pa.array([False] * found.num_rows, pa.bool_())
    for column in there:
        some = pc.or_(some, pc.is_valid(found[column]))
    return {str(code) for code in pc.unique(found[EVENT].filter(some)).to_pylist() if code}


def _counted(unit: str, row: dict[str, Any], before: str = "") -> Iterator[Count]:
    return (Count(unit, before + name, row[name]) for name in COUNTS if row.get(name) is not None)


def _national(found: Returns, office: str) -> list[dict[str, Any]]:
    """The national row of an office: the one that no later count changes or, if there is none, the last there was."""
    rows = found.rows(NATIONAL, ("corte", "estado_recuento", "mesas", ROLL, *COUNTS), office)
    return sorted(rows, key=_last_count)[-1:]


def _last_count(row: dict[str, Any]) -> bool:
    """Whether no later count changes a national row, in a release of any age."""
    return is_definitive({name: value for name, value in row.items() if value is not None})


def _sure(row: dict[str, Any]) -> bool:
    return row["precision"] == "exacta" and bool(row["preferida"])


def _abroad(found: Returns) -> Iterator[dict[str, Any]]:
    """The exact figures of everybody in a place abroad, each with its `place`; of several of the same, the preferred one."""
    names = ("codigo_pais", "codigo_estado", "codigo_ciudad")
    columns = ("nivel", *names, "indicador", "organizacion", "valor", "precision", "preferida", *GROUPS)
    for row in found.rows(ABROAD, columns):
        if _sure(row) and row["nivel"] in ("total", "estado", "ciudad") and not any(row[name] for name in GROUPS):
            yield row | {"place": tuple(row[name] for name in names if row[name])}


# --- What is told of each unit ---------------------------------------------------------------------------------------


def _offices(found: Returns) -> None:
    """The offices with any count, in the order in which the catalogue names them."""
    tables = [found.release.tables[name] for name in (NATIONAL, MUNICIPAL, SUMS, ACTAS) if name in found.release.tables]
    labels = next((table.field(OFFICE).labels or {} for table in tables), {})
    there = {
        row[OFFICE]
        for name in (NATIONAL, MUNICIPAL, SUMS)
        for row in found.rows(name, (OFFICE, *SOURCES[name]))
        if any(row[column] is not None for column in SOURCES[name])
    }
    there |= {row[OFFICE] for row in found.rows(PARTIES, (OFFICE,))}
    if any(row["indicador"] in (*COUNTS, "votos_organizacion") for row in _abroad(found)) or any(
        found.rows(RUNOFF, ())
    ):
        there.add(PRESIDENCIA)
    found.offices.update({name: words for name, words in labels.items() if name in there})


def _units(found: Returns) -> None:
    """The polling tables, which are inside of a centre where the source says it, and the places with figures."""
    for row in found.rows(ACTAS, (CODE, "codigo_centro", "mesa", ROLL)):  # of each office, the same ones
        unit = found.units.table(row["mesa"], row[CODE], row["codigo_centro"])
        unit.registered = row[ROLL] if row[ROLL] is not None else unit.registered
    for name in (MUNICIPAL, RUNOFF, SUMS):
        for row in found.rows(name, (CODE, *SOURCES[name])):
            if any(row[column] is not None for column in SOURCES[name]):
                found.units.place(row[CODE])


def _people(found: Returns) -> None:
    """How many were on the roll of each place and how many voted: what was published and, where it was not, what was counted
    person by person.
    """
    units = found.units
    for office in found.offices:
        for row in _national(found, office):
            units.country.on_roll(row[ROLL])
            units.country.tables = row["mesas"] or units.country.tables
            found.definitive |= _last_count(row)
    for row in found.rows(MUNICIPAL, (CODE, ROLL)):
        if row[ROLL] is not None:
            units.place(row[CODE]).on_roll(row[ROLL])
    for row in _abroad(found):
        if row["indicador"] in (ROLL, VOTERS):
            unit = units.abroad(*row["place"])
            unit.on_roll(row["valor"]) if row["indicador"] == ROLL else unit.voted(row["valor"])
    for row in found.rows(TABLES_AT_HOME, (CODE, "mesas")):
        units.place(row[CODE]).tables = row["mesas"]
    for row in found.rows(TABLES_ABROAD, ("mesas",)):
        units.abroad().tables = row["mesas"]
    for table in rolls(found.release):
        _counted_person_by_person(found, table)


def _counted_person_by_person(found: Returns, table: Table) -> None:
    levels = [name for name in ("codigo_departamento", CODE, *PLACE_ABROAD) if name in table.names]
    others = {name for cross in table.crosses for name in cross} - {*levels}
    rows = [
        row
        for row in found.rows(table.name, (CUTOFF, *levels, *others, ROLL, VOTERS))
        if all(row[name] == TOTAL for name in others)
    ]
    latest = max((row[CUTOFF] for row in rows if row[CUTOFF]), default=None)
    found.definitive |= bool(rows)  # a registry is counted whole
    for row in rows:
        if row[CUTOFF] == latest and (row[ROLL] is not None or row[VOTERS] is not None):
            unit = _place_of([row[name] for name in levels if row[name] != TOTAL], CODE in levels, found.units)
            unit.on_roll(row[ROLL])
            unit.voted(row[VOTERS])


def _place_of(codes: list[str], at_home: bool, units: Units) -> Unit:
    if not at_home:
        return units.abroad(*codes)
    return units.place(codes[-1]) if codes else units.country


def _votes(found: Returns) -> None:
    """The votes that were published of each party: of the first and the second of a place, or of all those of an acta."""
    columns = [(f"partido_{rank}", f"votos_{rank}") for rank in ("primero", "segundo")]
    names = [name for pair in columns for name in pair]
    for source in (MUNICIPAL, RUNOFF):
        for row in found.rows(source, (CODE, OFFICE, *names)):
            for party, votes in columns:
                if row[party] is not None and row[votes] is not None:
                    unit = found.units.place(row[CODE]).id
                    found.votes.append(Votes(row[OFFICE] or PRESIDENCIA, unit, row[party], row[votes]))
    for row in found.rows(PARTIES, (OFFICE, "mesa", "partido", "votos")):
        if row["votos"] is not None:
            unit = found.units.table(row["mesa"]).id
            found.votes.append(Votes(row[OFFICE], unit, row["partido"], row["votos"]))
    for row in _abroad(found):
        if row["indicador"] == "votos_organizacion":
            unit = found.units.abroad(*row["place"]).id
            found.votes.append(Votes(PRESIDENCIA, unit, row["organizacion"], row["valor"]))


def _reported(found: Returns) -> None:
    for row in found.rows(SUMS, (CODE, OFFICE, "mesas", "mesas_con_datos")):
        found.reported[(row[OFFICE], found.units.place(row[CODE]).id)] = (row["mesas"], row["mesas_con_datos"])
    files = list(found.rows(FILES, (OFFICE, "actas", "actas_contabilizadas")))
    for row in files:
        if sum(other[OFFICE] == row[OFFICE] for other in files) == 1 and row["actas"] is not None:
            found.reported[(row[OFFICE], found.units.country.id)] = (row["actas"], row["actas_contabilizadas"])
