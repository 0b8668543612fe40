"""The units that an election is counted in: the country, its departamentos and municipios, the places abroad, the centres and
the polling tables, each inside of another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq
from babel import Locale

from etl.country import COUNTRY, departamento_of, is_departamento
from etl.fields import ocd
from etl.release import Release

#: The kinds of units, the largest first.
NATION, DEPARTAMENTO, MUNICIPIO = "pais", "departamento", "municipio"
ABROAD, ABROAD_COUNTRY, ABROAD_STATE, ABROAD_CITY = "extranjero", "pais_extranjero", "estado", "ciudad"
DISTRICT, CENTRE, TABLE = "circunscripcion", "centro", "mesa"
#: The columns of a cube that say where abroad somebody lives, the largest place first.
PLACE_ABROAD = ("pais_residencia", "estado_residencia", "ciudad_residencia")
LEVELS_ABROAD = (ABROAD_COUNTRY, ABROAD_STATE, ABROAD_CITY)
#: The tables with the names of places, and their codes.
CATALOGUES = ("departamentos", "municipios", "estados_eeuu", "ciudades_extranjero")
OTHER_NAMES = {"otra": "Otras ciudades", "ZZ": "Los demás países"}


@dataclass
class Unit:
    """A place or a polling table: its code, its name, its codes in Open Civic Data and ISO 3166, how many people are
    registered there and voted, how many polling tables it has, and the identifiers of the units inside of it.
    """

    id: str
    kind: str
    code: str
    name: str = ""
    ocd: str = ""
    iso: str = ""
    registered: int | None = None
    participated: int | None = None
    tables: int | None = None
    inside: list[str] = field(default_factory=list)

    def on_roll(self, people: int | None) -> None:
        """How many are on its roll, unless it is known already."""
        if self.registered is None:
            self.registered = people

    def voted(self, people: int | None) -> None:
        """How many voted, unless it is known already."""
        if self.participated is None:
            self.participated = people


class Units:
    """The units of one election, each made when it is first asked for, with those that it is inside of."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._found: dict[str, Unit] = {}
        self._above: dict[str, Unit] = {}
        self._departamentos = self._catalogue("departamentos", "codigo_departamento")
        self._municipios = self._catalogue("municipios", "codigo_municipio")
        self._names = {
            ABROAD_STATE: {
                code: row["estado"] for code, row in self._catalogue("estados_eeuu", "codigo_estado").items()
            },
            ABROAD_CITY: {
                code: row["ciudad"] for code, row in self._catalogue("ciudades_extranjero", "codigo_ciudad").items()
            },
        }
        self._districts = self._named_districts()
        self.country = self._made(Unit(self._id(), NATION, COUNTRY.iso, COUNTRY.name, ocd.WHOLE, COUNTRY.iso), None)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._found.values())

    def __getitem__(self, unit: str) -> Unit:
        return self._found[unit]

    def place(self, code: str) -> Unit:
        """The departamento or the municipio with a code; with one abroad, all of them or one of their districts."""
        unit = self._id(code)
        if unit in self._found:
            return self._found[unit]
        if is_departamento(code):
            row = self._departamentos.get(code, {})
            kind, name = (
                (ABROAD, "Extranjero") if code == COUNTRY.abroad else (DEPARTAMENTO, row.get("departamento", ""))
            )
            return self._made(Unit(unit, kind, code, name, *self._codes(row)), self.country)
        above = self.place(departamento_of(code))
        if above.code == COUNTRY.abroad:
            return self._made(Unit(unit, DISTRICT, code, self._districts.get(code, "")), above)
        row = self._municipios.get(code, {})
        return self._made(Unit(unit, MUNICIPIO, code, row.get("municipio", ""), *self._codes(row)), above)

    def abroad(self, *codes: str) -> Unit:
        """All those abroad, or those of a country, of a state of it or of a city of that."""
        if not codes:
            return self.place(COUNTRY.abroad)
        unit = self._id(COUNTRY.abroad, *codes)
        if unit in self._found:
            return self._found[unit]
        kind, code = LEVELS_ABROAD[len(codes) - 1], codes[-1]
        name = self._names[kind].get(code, code) if kind in self._names else _country(code)
        iso = code if kind == ABROAD_COUNTRY and code not in OTHER_NAMES else ""
        name = OTHER_NAMES.get(code, name)
        return self._made(Unit(unit, kind, code, name, iso=iso), self.abroad(*codes[:-1]))

    def table(self, number: int, place: str = "", centre: str | None = None) -> Unit:
        """A polling table by its number; the first time, with the code of its place and perhaps of its centre."""
        unit = f"mesa-{number}"
        if unit in self._found:
            return self._found[unit]
        above = self.place(place)
        if centre:
            of_centre = f"centro-{place}-{centre}"
            above = self._found.get(of_centre) or self._made(Unit(of_centre, CENTRE, centre), above)
        return self._made(Unit(unit, TABLE, str(number)), above)

    def municipio_of(self, unit: Unit) -> Unit | None:
        """The municipio that a unit is, or is inside of; None for the others."""
        above: Unit | None = unit
        while above is not None and above.kind != MUNICIPIO:
            above = self._above.get(above.id)
        return above

    def _made(self, unit: Unit, above: Unit | None) -> Unit:
        self._found[unit.id] = unit
        if above is not None:
            above.inside.append(unit.id)
            self._above[unit.id] = above
        return unit

    def _id(self, *codes: str) -> str:
        return "-".join((COUNTRY.iso.lower(), *codes))

    def _codes(self, row: dict[str, Any]) -> tuple[str, str]:
        """Its codes in Open Civic Data and ISO 3166; empty in a release that does not have them."""
        return row.get("codigo_ocd") or "", row.get("codigo_iso") or ""

    def _catalogue(self, table: str, key: str) -> dict[str, dict[str, Any]]:
        if table not in self._release.tables:
            return {}
        return {row[key]: row for row in pq.read_table(self._release.table(table)).to_pylist()}

    def _named_districts(self) -> dict[str, str]:
        """The names of the districts abroad that the actas give."""
        if "participacion_mesa_lugar" not in self._release.tables:
            return {}
        columns = ["codigo_municipio", "lugar"]
        rows = pq.read_table(self._release.table("participacion_mesa_lugar"), columns=columns).to_pylist()
        return {row["codigo_municipio"]: row["lugar"] for row in rows if row["lugar"]}


def _country(code: str) -> str:
    return str(Locale.parse(COUNTRY.locale).territories.get(code, code))
