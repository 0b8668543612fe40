"""The invented registry as counts of tables: the axes by which its people are counted, and how many are in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from bench.registry import invented
from bench.size import Size
from etl import fields
from etl.disclosure.tables import TOTAL, Axis, Ints, Tables

PEOPLE = "personas"
MUNICIPIO, SEXO, EDAD, ALFABETISMO = "codigo_municipio", "sexo", "grupo_edad", "alfabetismo"
PUEBLO, COMUNIDAD = "pueblo", "comunidad_linguistica"
NO_COMMUNITY = "ninguna"
TRAITS = (MUNICIPIO, SEXO, EDAD, ALFABETISMO, PUEBLO, COMUNIDAD)
#: Everybody who lives in the country, by every trait at once; who turns 70 counts among the oldest.
QUERY = """
SELECT lpad(CODDEP, 2, '0') || lpad(CODMUN, 2, '0') AS codigo_municipio, SEXO AS sexo,
       date_diff('year', FECHA_NACIMIENTO, DATE '{day}')
         - (strftime(FECHA_NACIMIENTO, '%m%d') > strftime(DATE '{day}', '%m%d'))::INT AS grupo_edad,
       ALFABETISMO AS alfabetismo, PUEBLO AS pueblo, COMUNIDAD_LINGUISTICA AS comunidad_linguistica, count(*) AS personas
FROM read_parquet('{file}') WHERE PAIS_RESIDENCIA IS NULL GROUP BY ALL ORDER BY ALL
"""


@cache
def people_of(registry: Path, day: str) -> pd.DataFrame:
    """How many people of an invented registry have each combination of every trait."""
    found: pd.DataFrame = duckdb.connect().execute(QUERY.format(file=registry, day=day)).df()
    first = sorted(int(age.split("_")[0]) for age in fields.grupo_edad.labels or {})
    names = sorted(fields.grupo_edad.labels or {})
    found[EDAD] = [names[at] for at in np.searchsorted(first, found[EDAD], side="right") - 1]
    found[COMUNIDAD] = found[COMUNIDAD].fillna(NO_COMMUNITY)
    found[PUEBLO] = found[PUEBLO].map({label: code for code, label in (fields.pueblo.labels or {}).items()})
    return found.groupby(list(TRAITS), sort=True)[PEOPLE].sum().reset_index()


def people_counted(size: Size, day: str) -> pd.DataFrame:
    """The people of the invented registry of a run, of as many departamentos as it says."""
    people = people_of(invented(size, size.people).path, day)
    departamento = people[MUNICIPIO].str[:2]
    return people[departamento.isin(sorted(departamento.unique())[: size.departamentos])]


def axis_of(people: pd.DataFrame, trait: str, joined: Mapping[str, str] | None = None) -> Axis:
    """The values that people have of a trait; `joined` says what some of them are part of."""
    values = sorted(people[trait].unique())
    above = {value: value[:2] for value in values} if trait == MUNICIPIO else dict(joined or {})
    parents = {value: above.get(value, TOTAL) for value in values}
    return Axis(trait, parents | {group: TOTAL for group in parents.values() if group != TOTAL})


def top(axis: Axis) -> list[str]:
    """The values that are part of nothing but the total."""
    return [node for node, parent in axis.parents.items() if parent == TOTAL]


def counted(tables: Tables, people: pd.DataFrame) -> Ints:
    """How many people are in each cell of the tables."""
    values = np.zeros(tables.cells, dtype=np.int64)
    for cross in tables.crosses:
        summed = people.groupby([*cross.shows], as_index=False)[PEOPLE].sum()
        own, seen = np.zeros(tables.cells, dtype=np.int64), np.zeros(tables.cells, dtype=bool)
        for places in product(*(_upwards(tables.axes, name, summed[name]) for name in cross.shows)):
            coordinates = np.zeros((len(summed), len(tables.axes)), dtype=np.int64)
            for position, nodes in places:
                coordinates[:, position] = nodes
            cells = tables.find(np.maximum(coordinates, 0))
            inside = (cells >= 0) & (coordinates >= 0).all(axis=1)
            np.add.at(own, cells[inside], summed.loc[inside, PEOPLE].to_numpy())
            seen[cells[inside]] = True
        values = np.where(seen, own, values)
    return values


def _upwards(axes: Sequence[Axis], name: str, values: pd.Series) -> list[tuple[int, Ints]]:
    """The nodes of some values on the axis of a name, then those of what each is part of, up to the total; -1 past it."""
    position, axis = next((index, axis) for index, axis in enumerate(axes) if axis.name == name)
    parents = np.array([-1, *(axis.number[axis.parents[node]] for node in axis.nodes[1:])])
    found: list[Ints] = [np.array([axis.number[value] for value in values], dtype=np.int64)]
    while (found[-1] > 0).any():
        found.append(np.where(found[-1] < 0, -1, parents[found[-1]]))
    return [(position, nodes) for nodes in found]
