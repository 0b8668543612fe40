"""Promise: what the tribunal tells month by month of the people of a cube is known when the cube is protected."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.cubes.exact import Exact, waiting
from etl.cubes.public import Told, known, told_before, told_of
from etl.datasets import all_datasets
from etl.disclosure.frames import with_known
from etl.model import TOTAL
from tests.checkout_support import Checkout
from tests.microdata_support import LATER

MONTH_BEFORE, DELIVERED = "2026-08-31", "2026-07-12"  # the second is the cut-off of the published registry by municipio
TABLES = {table.name: table for dataset in all_datasets() for table in dataset.tables}
PLACE, COUNTS = ["codigo_municipio", "sexo"], ["mujeres", "hombres"]


@pytest.fixture(scope="module")
def registry(light_cubes: Checkout) -> Exact:
    """The exact cube of a registry of a few people at home."""
    return waiting(light_cubes.folder / "data" / "cubos").found[f"padron_cubo de {LATER}"]


@pytest.fixture(scope="module")
def by_sex(registry: Exact) -> pd.DataFrame:
    """Its people by municipio and sex, as the tribunal would tell them."""
    rows = registry.frame
    others = [name for name in registry.cube.columns if name not in (*PLACE, "codigo_departamento")]
    finest = (rows[others] == TOTAL).all(axis=1) & (rows[PLACE] != TOTAL).all(axis=1)
    return rows.loc[finest, [*PLACE, "empadronados"]].reset_index(drop=True)


def monthly(by_sex: pd.DataFrame, name: str) -> pd.DataFrame:
    """The monthly table called `name`, with two months and, where it tells them, those who live abroad."""
    if name == "padron_municipal_cortes":
        rows = by_sex.assign(residencia="pais", fecha=LATER)
        abroad = rows.head(2).assign(codigo_municipio="2501", residencia="extranjero", empadronados=90)
        return pd.concat([rows, abroad, rows.assign(fecha=MONTH_BEFORE, empadronados=3)])
    if name == "padron_serie_municipal":
        rows = by_sex.groupby("codigo_municipio", as_index=False)["empadronados"].sum().assign(fecha_texto=LATER)
        rows = rows.assign(eleccion=None)
        return pd.concat([rows, rows.assign(fecha_texto="2023-04-27", eleccion="2023-1", empadronados=7)])
    wide = by_sex.assign(codigo_departamento=by_sex["codigo_municipio"].str[:2])
    wide = wide.pivot_table(index="codigo_departamento", columns="sexo", values="empadronados", aggfunc="sum")
    told = wide.reset_index().assign(
        fecha_texto=LATER, cobertura="completa", fuente="TSE", empadronados=wide.sum(axis=1).to_numpy()
    )
    abroad = told.head(1).assign(codigo_departamento="25", mujeres=1, hombres=1, empadronados=2)
    press = told.head(3).assign(cobertura="parcial", fuente="Prensa", mujeres=0)
    return pd.concat([told, abroad, press, told.assign(fecha_texto="2026-08", mujeres=2)])


CROSSES = {
    "padron_municipal_cortes": ["codigo_municipio", "sexo"],
    "padron_serie_municipal": ["codigo_municipio"],
    "padron_serie_departamental": ["codigo_municipio", "sexo"],  # as far as the departamento
}


@pytest.mark.parametrize(
    "name", ["padron_municipal_cortes", *(pytest.param(one, marks=pytest.mark.largo) for one in [*CROSSES][1:])]
)
def test_the_rows_of_the_cut_off_of_a_cube_are_joined_to_it(name: str, registry: Exact, by_sex: pd.DataFrame) -> None:
    title = str(registry.part)
    cubes, frames, parts = {title: registry.cube}, {title: registry.frame}, {title: registry.part}
    rows = monthly(by_sex, name)
    (same,) = told_of(cubes, frames, parts, [Told(TABLES[name], LATER, lambda: rows)])
    assert [item.name for item in same.cube.crosses[0]] == CROSSES[name]
    both = same.frame.merge(registry.frame, how="left", on=list(same.cube.columns), suffixes=("", "|"), validate="m:m")
    others = [column for column in registry.cube.columns if column not in same.cube.columns]
    both = both[(both[others] == TOTAL).all(axis=1)]
    assert len(both) == len(same.frame) and (both["empadronados"] == both["empadronados|"]).all()
    assert ("0101" in set(same.frame["codigo_municipio"])) is (name != "padron_serie_departamental")
    joined, _ = with_known(cubes, frames, known([same]))
    assert same.cube.name in joined
    # Of another month, or with other figures, they are of others.
    assert not told_of(cubes, frames, parts, [Told(TABLES[name], LATER, lambda: rows[rows.iloc[:, 0] == ""])])
    wrong = rows.assign(**{column: rows[column] + 1 for column in ("empadronados", *COUNTS) if column in rows})
    (other,) = told_of(cubes, frames, parts, [Told(TABLES[name], LATER, lambda: wrong)])
    assert other.cube.name not in with_known(cubes, frames, known([other]))[0]


def test_a_table_that_a_newer_delivery_replaced_is_read_where_it_is_kept(
    light_cubes: Checkout, registry: Exact
) -> None:
    now = [
        Told(TABLES[name], "2026-09-01", pd.DataFrame) for name in ("padron_municipal_edad", "padron_municipal_cortes")
    ]
    part = type(registry.part)("padron_cubo", DELIVERED)
    (found,) = told_before(light_cubes.releases, now, [part])
    assert (found.table.name, found.cutoff) == ("padron_municipal_edad", DELIVERED)
    assert light_cubes.current.id in found.where and len(found.frame()) == 7480
    assert told_before(light_cubes.releases, now, [registry.part]) == []  # of its day there is none
