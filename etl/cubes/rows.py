"""Which rows of a published table count the people of a part of a cube, and by which of its dimensions.

The tribunal's tables are facts: nobody can hide what they say. Besides those of one cut-off there are those that have every
cut-off in their key, month by month, and of each of them the rows of a part's own cut-off count the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from etl import fields
from etl.country import COUNTRY, departamentos_of
from etl.cubes.declared import Cube, Dimension
from etl.cubes.parts import ELECTION, Part
from etl.model import Table

#: Columns of a key that say of which day a row is; and who it is about, when they do not count by it.
DATES = (fields.fecha_corte.name, fields.fecha_texto.name, fields.fecha.name)
RESIDENCE = (fields.residencia.name, fields.ambito.name)
SOURCE = fields.fuente.name
PLACE_COLUMNS = {item.name for item in fields.PLACES}
MUNICIPIO, DEPARTAMENTO = fields.codigo_municipio.name, fields.codigo_departamento.name


def is_dated(table: Table) -> bool:
    """Whether its rows are of several days, and say of which."""
    return bool(set(DATES) & set(table.key))


def counts_the_same(cube: Cube, table: Table) -> bool:
    """Whether `table` counts what the cube does, by dimensions of the cube and nothing else."""
    if (ELECTION in table.key) and not cube.of_election:
        return False
    if cube.of_election and ELECTION not in {item.name for item in table.fields}:
        return False
    finest = {item.field.name for item in cube.dimensions}
    groups = _by_columns(cube, table)[0]
    others = set(table.key) - finest - PLACE_COLUMNS - {*DATES, *RESIDENCE, ELECTION, SOURCE}
    counted = cube.measures[0].name in {item.name for item in table.fields}
    return counted and not others and bool((set(table.key) | set(groups)) & {*finest, DEPARTAMENTO})


def people_of(
    cube: Cube, part: Part, table: Table, cutoff: str, rows: pd.DataFrame
) -> Iterator[tuple[str, tuple[Dimension, ...], pd.DataFrame]]:
    """The counts of `rows` (of `table`, whose newest cut-off is `cutoff`) that are of the people of `part`: from which
    source, when it has several, and of which day; by which dimensions, with the levels that they have; and one row per group.
    """
    chosen = _of_residence(cube, table, _of_moment(part, table, cutoff, rows))
    if fields.cobertura.name in chosen:
        chosen = chosen[chosen[fields.cobertura.name] == "completa"]
    if not len(chosen):
        return
    apart = [name for name in (*DATES, SOURCE) if name in table.key]
    for key, own in chosen.groupby(apart, sort=True, observed=True) if apart else [((), chosen)]:
        made = _counted(cube, table, own)
        dimensions = _dimensions(cube, table, made)
        if dimensions:
            yield ", ".join(map(str, key)), dimensions, made


def _of_moment(part: Part, table: Table, cutoff: str, rows: pd.DataFrame) -> pd.DataFrame:
    if part.election:
        return rows[rows[ELECTION] == part.election]
    if ELECTION in rows:
        rows = rows[rows[ELECTION].isna()]
    if is_dated(table):
        (day, *_) = (name for name in DATES if name in table.key)
        return rows[rows[day].astype("str").str[:10] == part.cutoff]
    return rows if cutoff == part.cutoff else rows[:0]


def _of_residence(cube: Cube, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of who lives where the cube counts: as a column of the key says or, if none does, the code of the place."""
    for name in RESIDENCE:
        if name in table.key:
            return rows[rows[name] == cube.residence]
    for name in (MUNICIPIO, DEPARTAMENTO):
        if name in table.key:
            abroad = rows[name].astype("str").str.startswith(COUNTRY.abroad)
            return rows[abroad == (cube.residence == "extranjero")]
    return rows


def _by_columns(cube: Cube, table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The dimension whose values are columns of the table (women in one, men in another), and those columns."""
    finest = {item.field.name for item in cube.dimensions}
    for item in table.measures:
        if item.name == cube.measures[0].name and len(item.groups) == 1 and set(item.groups) <= finest:
            return item.groups, item.columns
    return (), ()


def _counted(cube: Cube, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with one count each, in the column of the cube's first measure, and the departamento of each municipio.

    None is left when a figure is missing.
    """
    count = cube.measures[0].name
    groups, columns = _by_columns(cube, table)
    if groups and rows[list(columns)].notna().all(axis=None):
        kept = [name for name in rows if name not in (count, *columns)]
        rows = rows[[*kept, *columns]].melt(kept, list(columns), groups[0], count)
    if MUNICIPIO in rows and DEPARTAMENTO in cube.columns:
        rows = rows.assign(**{DEPARTAMENTO: departamentos_of(rows[MUNICIPIO].astype("str"))})
    return rows if rows[count].notna().all() else rows[:0]


def _dimensions(cube: Cube, table: Table, rows: pd.DataFrame) -> tuple[Dimension, ...]:
    """The dimensions of the cube that the rows have, each with the levels that they fill; none if they lack one."""
    keys = {*table.key, *_by_columns(cube, table)[0]} & set(rows)
    found = []
    for dimension in cube.dimensions:
        told = [level.name in rows for level in dimension.levels]
        depth = told.index(False) if False in told else len(told)
        if dimension.field.name in keys and depth < len(told):
            return ()
        if depth and any(level.name in keys for level in dimension.levels):
            found.append(replace(dimension, levels=dimension.levels[:depth]))
    return tuple(found) if len(rows) else ()
