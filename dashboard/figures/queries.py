"""Every SQL statement of the site: SQLAlchemy Core over DuckDB views of one release's Parquet. Bound parameters only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import duckdb
from duckdb_engine import ConnectionWrapper
from sqlalchemy import (
    Column,
    MetaData,
    NullPool,
    Select,
    Subquery,
    Table,
    and_,
    case,
    create_engine,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.types import Boolean, Date, Float, Integer, String

from dashboard.address.selection import Group
from dashboard.address.vocabulary import Territories
from dashboard.figures.measures import Measure, Quantity, Status, Sums
from dashboard.words import fold
from etl.datasets import all_datasets
from etl.model import Kind
from etl.release import Release

#: The key of the whole country among the sums by territory.
COUNTRY_CODE = ""
CACHED_QUESTIONS = 512
#: The state of a figure that is published.
PUBLISHED = "publicado"
SQL_TYPES = {
    Kind.ENTERO: Integer,
    Kind.DECIMAL: Float,
    Kind.FECHA: Date,
    Kind.BOOLEANO: Boolean,
}


class Data:
    """The figures of one release, asked in SQL. Safe to share between threads: each question takes its own cursor."""

    def __init__(self, release: Release) -> None:
        self.release = release
        # One database in memory; a connection to it is a cursor of its own, so that requests can ask at the same time.
        database = duckdb.connect(":memory:")
        self._engine = create_engine(
            "duckdb:///:memory:", creator=lambda: ConnectionWrapper(database.cursor()), poolclass=NullPool
        )
        self._tables = {table.name: table for table in self._declared_tables()}
        self._create_views()
        # Answers never change within a release, so each distinct question is computed once.
        self.sums = lru_cache(CACHED_QUESTIONS)(self._sums)
        self.crossed_everywhere = lru_cache(CACHED_QUESTIONS)(self._crossed_everywhere)

    def _declared_tables(self) -> list[Table]:
        metadata = MetaData()
        return [
            Table(
                declared.name,
                metadata,
                *(Column(field.name, SQL_TYPES.get(field.kind, String)) for field in declared.fields),
            )
            for owner in all_datasets()
            for declared in owner.tables
            if not any(field.kind is Kind.GEOMETRIA for field in declared.fields)
        ]

    def _create_views(self) -> None:
        with self._engine.connect() as connection:
            for name in self._tables:
                # A view takes no bound parameter; the path comes from the release, never from a visitor.
                path = str(self.release.table(name)).replace("'", "''")
                connection.execute(text(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')"))
            connection.commit()

    def _rows(self, statement: Select) -> list[tuple]:
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(statement)]

    @cached_property
    def territories(self) -> Territories:
        """Names of municipios and departamentos, sorted by folded name."""
        municipios, departamentos = self._tables["municipios"], self._tables["departamentos"]
        return Territories(
            _by_name(self._rows(select(municipios.c.codigo_municipio, municipios.c.municipio))),
            _by_name(
                self._rows(
                    select(departamentos.c.codigo_departamento, departamentos.c.departamento).where(
                        departamentos.c.codigo_departamento.in_(select(municipios.c.codigo_departamento))
                    )
                )
            ),
        )

    def _sums(self, quantities: tuple[Quantity, ...], group: Group, complete: bool = False) -> Mapping[str, Sums]:
        """The sum of each quantity for `group`, by code: municipio, departamento and COUNTRY_CODE, in one statement.

        A sum is None when nothing under that territory has a published figure. With `complete`, departamento and country
        leave out the municipios where any of the quantities is missing. Raises measures.Unaskable for a group the source
        does not cross.
        """
        # An indicator may use one quantity twice (a ratio and its part).
        distinct = tuple({quantity.name: quantity for quantity in quantities}.values())
        parts = [self._by_municipio(quantity, group) for quantity in distinct]
        municipios = self._tables["municipios"]
        keys = (municipios.c.codigo_departamento, municipios.c.codigo_municipio)
        source = municipios
        for part in parts:
            source = source.outerjoin(part, part.c.codigo_municipio == municipios.c.codigo_municipio)
        counted = True if not complete else and_(True, *(part.c.total.is_not(None) for part in parts))
        one_place = func.grouping(keys[1]) == 0
        sums = [
            case((one_place, func.sum(part.c.total)), else_=func.sum(case((counted, part.c.total)))) for part in parts
        ]
        statement = (
            select(*keys, *(total.label(quantity.name) for quantity, total in zip(distinct, sums, strict=True)))
            .select_from(source)
            .group_by(func.grouping_sets(tuple_(*keys), tuple_(keys[0]), tuple_()))
        )
        names = [quantity.name for quantity in distinct]
        return {
            row[1] or row[0] or COUNTRY_CODE: dict(zip(names, map(_number, row[2:]), strict=True))
            for row in self._rows(statement)
        }

    def figures(self, measure: Measure, group: Group) -> Mapping[str, Sums]:
        """The sums that `measure` needs, for `group`, by code."""
        return self.sums(measure.quantities, group, measure.complete)

    def _by_municipio(self, quantity: Quantity, group: Group) -> Subquery:
        conditions = group.conditions()
        declared, value = quantity.place(conditions)
        source = self._tables[declared.name]
        wanted = [source.c[column].in_(values) for column, values in quantity.where]
        wanted += [source.c[column] == asked for column, asked in conditions.items()]
        return (
            select(source.c.codigo_municipio, func.sum(source.c[value]).label("total"))
            .where(and_(True, *wanted))
            .group_by(source.c.codigo_municipio)
            .subquery(f"parte_{quantity.name}")
        )

    def crossed(self, quantity: Quantity, dimensions: tuple[str, ...], code: str) -> Mapping[tuple[str, ...], int]:
        """The sum of `quantity` in one territory (a code, or COUNTRY_CODE) by each combination of `dimensions`."""
        return self.crossed_everywhere(quantity, dimensions).get(code, {})

    def _crossed_everywhere(
        self, quantity: Quantity, dimensions: tuple[str, ...]
    ) -> Mapping[str, Mapping[tuple[str, ...], int]]:
        # One statement for every territory costs about what one for a single territory does.
        declared, value = quantity.place(dict.fromkeys(dimensions, ""))
        source, municipios = self._tables[declared.name], self._tables["municipios"]
        keys = [source.c[name] for name in dimensions]
        levels = (municipios.c.codigo_departamento, municipios.c.codigo_municipio)
        wanted = [source.c[column].in_(values) for column, values in quantity.where]
        statement = (
            select(*levels, *keys, func.sum(source.c[value]))
            .select_from(source.join(municipios, municipios.c.codigo_municipio == source.c.codigo_municipio))
            .where(and_(True, *wanted))
            .group_by(func.grouping_sets(tuple_(*levels, *keys), tuple_(levels[0], *keys), tuple_(*keys)))
        )
        found: dict[str, dict[tuple[str, ...], int]] = {}
        for departamento, municipio, *categories, total in self._rows(statement):
            found.setdefault(municipio or departamento or COUNTRY_CODE, {})[tuple(categories)] = int(total)
        return found

    def states(self, status: Status) -> Mapping[str, tuple[str, str | None]]:
        """For each municipio whose figure is not published, its state and what was observed of it."""
        source = self._tables[status.table]
        wanted = [source.c[status.column] != PUBLISHED]
        wanted += [source.c[column] == value for column, value in status.where]
        statement = select(source.c.codigo_municipio, source.c[status.column], source.c.observacion).where(*wanted)
        return {code: (state, remark) for code, state, remark in self._rows(statement)}

    def records(self, table_name: str, **equal: object) -> tuple[Mapping[str, object], ...]:
        """The rows of a small published table whose columns `equal` what is asked, in its order; missing is None."""
        source = self._tables[table_name]
        statement = select(source).where(and_(True, *(source.c[name] == value for name, value in equal.items())))
        names = [column.name for column in self._tables[table_name].columns]
        return tuple(dict(zip(names, row, strict=True)) for row in self._rows(statement))

    @cached_property
    def states_map(self) -> Mapping[str, Mapping]:
        """The shapes of the United States by state, and the point of each city: mapa_eeuu.json."""
        return json.loads(self.release.path("mapa_eeuu.json").read_bytes())

    def records_under(self, table_name: str, code: str) -> tuple[Mapping[str, object], ...]:
        """The rows of a published table about the municipios of one territory (a code, or COUNTRY_CODE)."""
        source = self._tables[table_name]
        statement = select(source).where(source.c.codigo_municipio.startswith(code, autoescape=True))
        names = [column.name for column in source.columns]
        return tuple(dict(zip(names, row, strict=True)) for row in self._rows(statement))

    def filled(
        self, table_name: str, by: Sequence[str], counts: Sequence[str], where: Mapping[str, object]
    ) -> tuple[tuple, ...]:
        """How many rows of a table there are, and in how many all of `counts` have a figure, for each combination of `by`:
        (*by, rows, rows with figures).
        """
        source = self._tables[table_name]
        keys = [source.c[name] for name in by]
        whole = and_(True, *(source.c[name].is_not(None) for name in counts))
        statement = (
            select(*keys, func.count(), func.count(case((whole, 1))))
            .where(and_(True, *(source.c[name] == value for name, value in where.items())))
            .group_by(*keys)
        )
        return tuple(self._rows(statement))

    def neighbours(self, codigo_municipio: str) -> tuple[str, ...]:
        """The municipios that share a border with one, the longest border first."""
        borders = self._tables["limites_vecinos"]
        statement = (
            select(borders.c.codigo_vecino)
            .where(borders.c.codigo_municipio == codigo_municipio)
            .order_by(borders.c.frontera_km.desc(), borders.c.codigo_vecino)
        )
        return tuple(row[0] for row in self._rows(statement))


def _by_name(rows: list[tuple]) -> dict[str, str]:
    return dict(sorted(rows, key=lambda row: (fold(row[1]), row[0])))


def _number(value: object) -> float | None:
    return None if value is None else int(value) if float(value).is_integer() else float(value)
