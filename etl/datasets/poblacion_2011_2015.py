"""Projected population 2011–2015 by municipio, sex and the TSE's age groups, with its exact 18 and over.

The source gives no code that it calls so: municipios are found by name inside their departamento, through the alias
table, and the position in its own numbering is the second witness. Its base (2002) is never mixed with another.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from etl import checks, fields
from etl.country import departamento_codes, municipio_codes
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Notice, Reference, Table

PROYECCION = "proyeccion"
ROUNDING = 0.05  # inhabitants: eleven groups rounded to two decimals each

SEXES = {"mujeres": "M", "hombres": "H"}
AGES = {group: "65_plus" if group == "65_mas" else group for group in fields.GRUPOS_EDAD_POBLACION}

poblacion_proyectada = Field(
    "poblacion",
    "Población",
    "Habitantes según la proyección, con los decimales de la fuente.",
    Kind.DECIMAL,
    unit="habitantes",
    decimals=2,
    minimum=0,
    english=("Population", "Inhabitants according to the projection, with the decimals of the source."),
)
poblacion_18_mas = Field(
    "poblacion_18_mas",
    "Población de 18 años y más",
    "Habitantes de 18 años y más según la proyección, con los decimales de la fuente.",
    Kind.DECIMAL,
    unit="habitantes",
    decimals=2,
    minimum=0,
    english=(
        "Population aged 18 and over",
        "Inhabitants aged 18 and over according to the projection, with the decimals of the source.",
    ),
)


def read(frames: Frames) -> Frames:
    """Population by age group, and the exact 18 and over, both by municipio, year and sex."""
    rows = frames[PROYECCION].assign(departamento_ine=lambda rows: departamento_codes(rows["dep_code"]))
    rows = rows.assign(
        codigo_municipio=checks.resolve_names(rows, "departamento_ine", "municipio", frames),
        anio=rows["year"],
        sexo=rows["sex"].map({source: sex for sex, source in SEXES.items()}),
        poblacion_18_mas=rows["pop_18plus"],
    )
    by_age = rows.rename(columns={column: group for group, column in AGES.items()}).melt(
        ["codigo_municipio", "anio", "sexo"], list(AGES), "grupo_edad_poblacion", "poblacion"
    )
    return {"poblacion_2011_2015": by_age, "poblacion_18_mas_2011_2015": rows}


def _position(rows: pd.DataFrame) -> pd.Series:
    """The code that the source's own numbering amounts to: departamento and position («106» is 0106)."""
    return municipio_codes(rows["codigo_municipio_pos"])


def _departamento(rows: pd.DataFrame) -> pd.Series:
    return departamento_codes(rows["dep_code"])


def _begins(rows: pd.DataFrame) -> date:
    """The day that the projection begins: municipios created or separated later have no figure in it."""
    return checks.first_day(rows["year"])


def _without_figure(frames: Frames) -> list[Notice]:
    later = sorted(
        set(frames["municipios"]["codigo_municipio"]) - set(frames["poblacion_2011_2015"]["codigo_municipio"])
    )
    message = f"La proyección base 2002 no incluye a los {len(later)} municipios creados o separados después."
    return [Notice("poblacion_2011_2015", message, tuple(later))]


_of_municipio = (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),)
_key = (fields.codigo_municipio, fields.anio, fields.sexo)

DATASET = Dataset(
    name="poblacion_2011_2015",
    title="Población 2011–2015",
    topic="poblacion",
    description="Población proyectada por municipio, sexo y edad de 2011 a 2015 (base 2002), con los 18 "
    "años y más exactos.",
    inputs=(
        Input(
            PROYECCION,
            (
                Column("year", Kind.ENTERO, minimum=2011),
                Column("dep_code", Kind.CODIGO, pattern=r"\d{1,2}"),
                *fields.texts("departamento"),
                Column("codigo_municipio_pos", Kind.CODIGO, pattern=r"\d{3,4}"),
                Column("municipio", Kind.TEXTO),
                Column("sex", Kind.CATEGORIA, allowed=tuple(SEXES.values())),
                *(Column(name, Kind.DECIMAL) for name in (*AGES.values(), "total", "pop_18plus")),
            ),
            key=("year", "codigo_municipio_pos", "sex"),
        ),
    ),
    tables=(
        Table(
            "poblacion_2011_2015",
            "Población 2011–2015 por municipio, sexo y edad",
            "Población proyectada por municipio, año, sexo y grupo de edad.",
            (*_key, fields.grupo_edad_poblacion, poblacion_proyectada),
            ("codigo_municipio", "anio", "sexo", "grupo_edad_poblacion"),
            _of_municipio,
        ),
        Table(
            "poblacion_18_mas_2011_2015",
            "Población de 18 años y más, 2011–2015",
            "Población proyectada de 18 años y más por municipio, año y sexo.",
            (*_key, poblacion_18_mas),
            ("codigo_municipio", "anio", "sexo"),
            _of_municipio,
        ),
    ),
    read=read,
    source_checks=(
        checks.names_resolve(PROYECCION, "dep_code", "municipio", _position),
        checks.places_agree(PROYECCION, _departamento, departamento="departamento", target="codigo_departamento"),
        checks.all_present(PROYECCION, _position, "codigo_municipio_pos", on=_begins),
        checks.parts_add(PROYECCION, "total", tuple(AGES.values()), tolerance=ROUNDING),
        checks.parts_add(PROYECCION, "total", ("0_17", "pop_18plus"), tolerance=ROUNDING),
    ),
    checks=(checks.complete("poblacion_18_mas_2011_2015", ("codigo_municipio", "anio", "sexo")),),
    notices=(_without_figure,),
    needs=("territorio",),
)
