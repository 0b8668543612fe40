"""Total population by municipio and sex, year by year, as the TSE publishes it by agreement before each general election.

Each year is one delivery, whose cut-off says the year; of two of one year, the newest counts. An agreement may print a total
that is not the sum of its sexes: the file says the difference and why, and both figures are published.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from etl import checks, fields
from etl.model import DELIVERED, Column, Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

ACUERDO = "acuerdo"
BY_SEX, PUBLISHED = "poblacion_municipal", "poblacion_municipal_publicada"

poblacion_publicada = Field(
    "poblacion_publicada",
    "Población publicada",
    "Total del municipio tal como está escrito en el acuerdo.",
    Kind.ENTERO,
    unit="habitantes",
    minimum=0,
    english=("Published population", "Total of the municipality just as it is written in the agreement."),
)
diferencia_sexos = Field(
    "diferencia_sexos",
    "Diferencia entre los sexos y el total",
    "Suma de mujeres y hombres menos el total publicado en el acuerdo.",
    Kind.ENTERO,
    unit="habitantes",
    english=(
        "Difference between the sexes and the total",
        "Sum of women and men minus the total published in the agreement.",
    ),
)
observacion = Field(
    "observacion",
    "Observación",
    "Por qué la suma de los sexos no es el total, si no lo es.",
    Kind.TEXTO,
    nullable=True,
    english=("Remark", "Why the sum of the sexes is not the total, if it is not."),
)


def read(frames: Frames) -> Frames:
    """Population by sex, and the totals as published with their difference, of every year."""
    every = frames[ACUERDO].rename(columns={"codigo_ine": "codigo_municipio", "diferencia": "diferencia_sexos"})
    every = every.assign(anio=every[DELIVERED].dt.year)
    rows = every[every[DELIVERED] == every.groupby("anio")[DELIVERED].transform("max")]
    by_sex = [rows[["codigo_municipio", "anio"]].assign(sexo=sex, poblacion=rows[sex]) for sex in fields.SEXOS]
    return {BY_SEX: pd.concat(by_sex), PUBLISHED: rows}


def _differences_are_explained(frames: Frames) -> list[Problem]:
    """Where the sexes do not add up to the total, and only there, the file says why."""
    rows = frames[ACUERDO].dropna(subset="diferencia")
    problems = []
    for row, difference, words in zip(rows.index, rows["diferencia"], rows["observacion"].fillna(""), strict=True):
        if difference and not words:
            message = f"mujeres y hombres difieren en {int(difference)} del total: diga por qué, o corrija la fila"
            problems.append(Problem(ACUERDO, row, "observacion", "", message))
        if words and not difference:
            problems.append(Problem(ACUERDO, row, "observacion", words, "la fila ya no tiene diferencia: revísela"))
    return problems


def _anomaly(frames: Frames) -> list[Notice]:
    rows = frames[PUBLISHED].merge(frames["municipios"], on="codigo_municipio")
    return [
        Notice("poblacion", _difference_sentence(row), (row.codigo_municipio,))
        for row in checks.rows_of(rows[rows["diferencia_sexos"] != 0])
    ]


def _difference_sentence(row: Any) -> str:
    published, added = row.poblacion_publicada, row.poblacion_publicada + row.diferencia_sexos
    return (
        f"En {row.municipio} ({row.departamento}) la población de {row.anio} publicada es de {published:,} habitantes, y sus "
        f"mujeres y hombres suman {added:,}: {abs(row.diferencia_sexos)} de diferencia. {row.observacion}"
    )


_of_municipio = (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),)

DATASET = Dataset(
    name="poblacion",
    title="Población por municipio",
    topic="poblacion",
    description="Población total por municipio y sexo, año por año, según los acuerdos del TSE. No se mezcla con otra base.",
    inputs=(
        Input(
            ACUERDO,
            (
                Column("codigo_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                *fields.texts("departamento", "municipio"),
                Column("poblacion_publicada", Kind.ENTERO),
                Column("hombres", Kind.ENTERO),
                Column("mujeres", Kind.ENTERO),
                Column("suma_sexos", Kind.ENTERO),
                Column("diferencia", Kind.ENTERO, minimum=None),
                fields.column(observacion),
            ),
            key=("codigo_ine",),
            accumulates=True,
        ),
    ),
    tables=(
        Table(
            BY_SEX,
            "Población por municipio, año y sexo",
            "Habitantes de todas las edades por municipio, año y sexo.",
            (fields.codigo_municipio, fields.anio, fields.sexo, fields.poblacion),
            ("codigo_municipio", "anio", "sexo"),
            _of_municipio,
            accumulates=True,
        ),
        Table(
            PUBLISHED,
            "Población por municipio y año, total publicado",
            "El total de cada municipio como está en el acuerdo de cada año, y su diferencia con la suma de los sexos.",
            (fields.codigo_municipio, fields.anio, poblacion_publicada, diferencia_sexos, observacion),
            ("codigo_municipio", "anio"),
            _of_municipio,
            accumulates=True,
        ),
    ),
    read=read,
    source_checks=(
        checks.codes_resolve(ACUERDO, lambda rows: rows["codigo_ine"], "codigo_ine", "municipios", "codigo_municipio"),
        checks.all_present(ACUERDO, lambda rows: rows["codigo_ine"], "codigo_ine"),
        checks.places_agree(ACUERDO, lambda rows: rows["codigo_ine"], "municipio", "departamento"),
        checks.parts_add(ACUERDO, "suma_sexos", ("mujeres", "hombres")),
        checks.parts_add(ACUERDO, "suma_sexos", ("poblacion_publicada", "diferencia")),
        _differences_are_explained,
    ),
    checks=(checks.official_total(ACUERDO, ("poblacion_publicada",), "poblacion"),),
    notices=(_anomaly,),
    needs=("territorio",),
)
