"""XII Censo de población 2018 by municipio: sex, five-year age, area, pueblo and literacy (one dimension at a time)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from etl import checks, fields
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Reference, Table

CUADROS = "cuadros"

AGES = {group: f"edad_{group.replace('100_mas', '100_o_mas')}" for group in fields.EDADES_QUINQUENALES}
PUEBLOS = {pueblo: "extranjera" if pueblo == "extranjera" else f"pueblo_{pueblo}" for pueblo in fields.PUEBLOS}
OVER_20 = tuple(column for group, column in AGES.items() if int(group.split("_")[0]) >= 20)
COUNTS = (
    "poblacion_total",
    "hombres",
    "mujeres",
    "urbana",
    "rural",
    *AGES.values(),
    "pob_15_19",
    "pob_20_y_mas",
    *PUEBLOS.values(),
    "pob_7_y_mas",
    "hombres_7_y_mas",
    "mujeres_7_y_mas",
    "hombres_7mas_alfabetas",
    "mujeres_7mas_alfabetas",
)


def long(rows: pd.DataFrame, dimension: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """One row per municipio and value of `dimension`; `columns` maps each value to the source column that counts it."""
    parts = [
        pd.DataFrame({"codigo_municipio": rows["codigo_ine"], dimension: value, "poblacion": rows[column]})
        for value, column in columns.items()
    ]
    return pd.concat(parts)


def read(frames: Frames) -> Frames:
    """One table per dimension of the census; nothing is crossed that the source does not cross."""
    rows = frames[CUADROS]
    literacy = []
    for sex in fields.SEXOS:
        literate, counted = rows[f"{sex}_7mas_alfabetas"], rows[f"{sex}_7_y_mas"]
        for value, count in (("alfabeta", literate), ("analfabeta", counted - literate)):
            literacy.append(
                pd.DataFrame(
                    {"codigo_municipio": rows["codigo_ine"], "sexo": sex, "alfabetismo": value, "poblacion": count}
                )
            )
    return {
        "censo_2018_sexo": long(rows, "sexo", {sex: sex for sex in fields.SEXOS}),
        "censo_2018_edad": long(rows, "edad_quinquenal", AGES),
        "censo_2018_area": long(rows, "area", {area: area for area in fields.AREAS}),
        "censo_2018_pueblo": long(rows, "pueblo", PUEBLOS),
        "censo_2018_alfabetismo": pd.concat(literacy),
    }


OF_MUNICIPIO = (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),)


def _table(name: str, title: str, description: str, *dimensions: Field) -> Table:
    key = (fields.codigo_municipio, *dimensions)
    return Table(name, title, description, (*key, fields.poblacion), tuple(item.name for item in key), OF_MUNICIPIO)


DATASET = Dataset(
    name="censo_2018",
    title="Censo 2018",
    topic="poblacion",
    description="Población censada en 2018 por municipio, según sexo, edad quinquenal, área, pueblo y "
    "alfabetismo, una dimensión a la vez.",
    inputs=(
        Input(
            CUADROS,
            (
                Column("codigo_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                *fields.texts("departamento", "municipio"),
                *(Column(name, Kind.ENTERO) for name in COUNTS),
            ),
            key=("codigo_ine",),
        ),
    ),
    tables=(
        _table("censo_2018_sexo", "Censo 2018 por sexo", "Población censada por municipio y sexo.", fields.sexo),
        _table(
            "censo_2018_edad",
            "Censo 2018 por edad",
            "Población censada por municipio y edad quinquenal.",
            fields.edad_quinquenal,
        ),
        _table("censo_2018_area", "Censo 2018 por área", "Población censada por municipio y área.", fields.area),
        _table(
            "censo_2018_pueblo", "Censo 2018 por pueblo", "Población censada por municipio y pueblo.", fields.pueblo
        ),
        _table(
            "censo_2018_alfabetismo",
            "Censo 2018 por sexo y alfabetismo",
            "Población censada de 7 años y más por municipio, sexo y alfabetismo.",
            fields.sexo,
            fields.alfabetismo,
        ),
    ),
    read=read,
    source_checks=(
        checks.codes_resolve(CUADROS, lambda rows: rows["codigo_ine"], "codigo_ine", "municipios", "codigo_municipio"),
        checks.all_present(CUADROS, lambda rows: rows["codigo_ine"], "codigo_ine"),
        checks.places_agree(CUADROS, lambda rows: rows["codigo_ine"], "municipio", "departamento"),
        checks.parts_add(CUADROS, "poblacion_total", ("mujeres", "hombres")),
        checks.parts_add(CUADROS, "poblacion_total", ("urbana", "rural")),
        checks.parts_add(CUADROS, "poblacion_total", tuple(AGES.values())),
        checks.parts_add(CUADROS, "poblacion_total", tuple(PUEBLOS.values())),
        checks.parts_add(CUADROS, "pob_15_19", ("edad_15_19",)),
        checks.parts_add(CUADROS, "pob_20_y_mas", OVER_20),
        checks.parts_add(CUADROS, "pob_7_y_mas", ("mujeres_7_y_mas", "hombres_7_y_mas")),
        checks.at_most(CUADROS, "mujeres_7mas_alfabetas", "mujeres_7_y_mas"),
        checks.at_most(CUADROS, "hombres_7mas_alfabetas", "hombres_7_y_mas"),
    ),
    checks=(checks.official_total(CUADROS, ("poblacion_total",), "poblacion"),),
    needs=("territorio",),
)
