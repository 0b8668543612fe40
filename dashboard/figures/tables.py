"""The tables of one release: which there are, what their columns say and their rows. SQLAlchemy Core, bound parameters only."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Select, and_, select
from sqlalchemy import Table as SqlTable

from dashboard.address.vocabulary import Territories, Vocabulary
from dashboard.figures.database import Database
from dashboard.figures.measures import Unaskable
from dashboard.figures.small import Row, SmallTables
from etl import fields
from etl.model import TOTAL, Field, Table
from etl.release import Release

#: Of what is light, and of what has a figure for every municipio: a page asks for some tens of them, most of them again in the
#: next.
CACHED_QUESTIONS, CACHED_MAPS = 512, 128
Kept = TypeVar("Kept")


class Tables:
    """The tables of one release. Safe to share between threads."""

    def __init__(self, release: Release) -> None:
        self.release = release
        #: What the release has, as it says itself: tables of figures and tables of boundaries.
        self.tables: Mapping[str, Table] = release.tables
        self._database = Database(release)
        self._small = SmallTables(self._database, release)
        self._kept: dict[Hashable, Any] = {}
        self._recent = lru_cache(CACHED_MAPS)(self._made)

    def once(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, kept under `key`: for what depends on nothing but the release."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept

    def recent(self, make: Callable[..., Kept], *asked: Any) -> Kept:
        """`make` of these figures and what is `asked`, kept while it is among the last things asked: for what several answers
        of a page have in common.
        """
        found: Kept = self._recent(make, *asked)
        return found

    def _made(self, make: Callable[..., Kept], *asked: Any) -> Kept:
        return make(self, *asked)

    # --- What there is ----------------------------------------------------------------------------------------------

    def table(self, name: str) -> Table:
        """The table called `name` as the release describes it; Unaskable if it has none."""
        if name not in self.tables:
            raise Unaskable(f"esta publicación no trae la tabla {name}")
        return self.tables[name]

    def field(self, table_name: str, column: str) -> Field:
        """A column of a table as the release describes it; Unaskable if the release has no such column."""
        for declared in self.table(table_name).fields:
            if declared.name == column:
                return declared
        raise Unaskable(f"esta publicación no trae la columna {column} de {table_name}")

    def cutoff(self, table_name: str) -> str:
        """The day that the figures of a table are of, as ISO text."""
        return next(str(item["corte"]) for item in self.release.manifest["archivos"] if item["tabla"] == table_name)

    def labels(self, table_name: str, column: str) -> Mapping[str, str]:
        """The values of a closed column of a table and the words for each; Unaskable if the release has no such column."""
        return self.field(table_name, column).labels or {}

    @cached_property
    def territories(self) -> Territories:
        """Names of municipios and departamentos, sorted by folded name; those that have no municipio are not places."""
        municipios = {row["codigo_municipio"]: row["municipio"] for row in self.records("municipios")}
        homes = {row["codigo_departamento"] for row in self.records("municipios")}
        departamentos = {row["codigo_departamento"]: row["departamento"] for row in self.records("departamentos")}
        return Territories.sorted(municipios, {code: departamentos[code] for code in departamentos if code in homes})

    @cached_property
    def place_names(self) -> Mapping[str, str]:
        """The name of every municipio and departamento, by code."""
        return {**self.territories.municipios, **self.territories.departamentos}

    @cached_property
    def home_names(self) -> Mapping[str, str]:
        """The name of the departamento that every municipio is in, by code; of a departamento, ""."""
        inside = {code: self.territories.departamento_of(code) for code in self.territories.municipios}
        return inside | dict.fromkeys(self.territories.departamentos, "")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The population groups that some table of the release is divided by, with the values that it uses."""
        found = {}
        for name, group in fields.POPULATION_GROUP.items():
            own = [item for table in self.tables.values() for item in table.fields if item.name == name and item.labels]
            labels = {value: label for item in own for value, label in (item.labels or {}).items() if value != TOTAL}
            if labels:
                found[name] = replace(group, description=own[0].description, labels=labels)
        return Vocabulary(found)

    # --- Rows -------------------------------------------------------------------------------------------------------

    def records(self, table_name: str, **equal: object) -> tuple[Row, ...]:
        """The rows of a small published table whose columns `equal` what is asked, in its order; missing is None."""
        source = self._database.table(table_name)
        if unknown := [name for name in equal if name not in source.c]:
            raise Unaskable(f"esta publicación no trae la columna {unknown[0]} de {table_name}")
        found = self._small.equal(self.tables[table_name], equal)
        if found is None:
            conditions = (source.c[name] == value for name, value in equal.items())
            found = self._database.rows(select(source).where(and_(True, *conditions)))
        return self._named(source, found)

    def records_under(self, table_name: str, code: str) -> tuple[Row, ...]:
        """The rows of a published table about the municipios of one territory (a code, or COUNTRY_CODE)."""
        source = self._database.table(table_name)
        inside = self.territories.under(code)
        if len(inside) == 1:
            return self.records(table_name, codigo_municipio=inside[0])
        found = self._small.among(self.tables[table_name], inside)
        if found is None:
            found = self._database.rows(select(source).where(source.c.codigo_municipio.in_(inside)))
        return self._named(source, found)

    def found(self, table_name: str, statement: Callable[[SqlTable], Select[Any]]) -> list[tuple[Any, ...]]:
        """What a statement about one published table finds; Unaskable when it asks for a column that the release lacks."""
        table = self._database.table(table_name)
        try:
            made = statement(table)
        except (AttributeError, KeyError) as error:
            if (name := str(error.args[0])) in table.c or not name.isidentifier():
                raise
            raise Unaskable(f"esta publicación no trae la columna {name} de {table_name}") from error
        return self._database.rows(made)

    def sql_table(self, table_name: str) -> SqlTable:
        """A published table, to make statements with."""
        return self._database.table(table_name)

    def _named(self, source: SqlTable, rows: Sequence[tuple[Any, ...]]) -> tuple[Row, ...]:
        names = [column.name for column in source.columns]
        return tuple(Row(zip(names, row, strict=True)) for row in rows)

    def filled(
        self,
        table_name: str,
        by: Sequence[str],
        counts: Sequence[str],
        where: Mapping[str, object],
        state: tuple[str, str] | None = None,
    ) -> tuple[tuple[Any, ...], ...]:
        """How many rows of a table there are, and in how many all of `counts` are said, for each combination of `by`:
        (*by, rows, rows with figures). With `state` (column, value), a count whose row has that value is confidential, and
        counts as said.
        """
        return tuple(self._database.filled(table_name, by, counts, where, state))

    def neighbours(self, codigo_municipio: str) -> tuple[str, ...]:
        """The municipios that share a border with one, the longest border first."""
        rows = self.records("limites_vecinos", codigo_municipio=codigo_municipio)
        ordered = sorted(rows, key=lambda row: (-row["frontera_km"], row["codigo_vecino"]))
        return tuple(row["codigo_vecino"] for row in ordered)

    @cached_property
    def states_map(self) -> Mapping[str, Any]:
        """The shapes of the United States by state, and the point of each city: mapa_eeuu.json."""
        shapes: Mapping[str, Any] = json.loads(self.release.path("mapa_eeuu.json").read_bytes())
        return shapes
