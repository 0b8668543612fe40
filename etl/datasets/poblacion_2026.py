"""Total population 2026 by municipio and sex, as the TSE published it for the 2027 elections (Acuerdo 327-2026)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from etl import checks, fields
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Notice, Reference, Table

ACUERDO = "acuerdo"

# The agreement's own anomaly: women + men − published total, by municipio. Published as it is, and said.
ANOMALIES = {"1805": 50}

poblacion_publicada = Field(
    "poblacion_publicada",
    "Población publicada",
    "Total del municipio tal como está escrito en el acuerdo.",
    Kind.ENTERO,
    unit="habitantes",
    minimum=0,
)
diferencia = Field(
    "diferencia",
    "Diferencia",
    "Suma de mujeres y hombres menos el total publicado en el acuerdo.",
    Kind.ENTERO,
    unit="habitantes",
)


def read(frames: Frames) -> Frames:
    """Population by sex, and the totals as published with their difference."""
    rows = frames[ACUERDO].rename(columns={"codigo_ine": "codigo_municipio"})
    by_sex = [rows[["codigo_municipio"]].assign(sexo=sex, poblacion=rows[sex]) for sex in fields.SEXOS]
    published = rows.rename(columns={"poblacion_2026_total_publicado": "poblacion_publicada"})
    return {"poblacion_2026": pd.concat(by_sex), "poblacion_2026_publicada": published}


def _anomaly(frames: Frames) -> list[Notice]:
    rows = frames["poblacion_2026_publicada"].merge(frames["municipios"], on="codigo_municipio")
    return [
        Notice("poblacion_2026", _difference_sentence(row), (row.codigo_municipio,))
        for row in checks.rows_of(rows[rows["diferencia"] != 0])
    ]


def _difference_sentence(row: Any) -> str:
    published, added = row.poblacion_publicada, row.poblacion_publicada + row.diferencia
    return (
        f"En {row.municipio} ({row.departamento}) el Acuerdo 327-2026 publica {published:,} habitantes, y sus mujeres "
        f"y hombres suman {added:,}: {abs(row.diferencia)} de diferencia. Se publican ambas cifras, sin corregir."
    )


_of_municipio = (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",)),)

DATASET = Dataset(
    name="poblacion_2026",
    title="Población 2026",
    description="Población total de 2026 por municipio y sexo (Acuerdo 327-2026 del TSE). No se mezcla con otra base.",
    inputs=(
        Input(
            ACUERDO,
            (
                Column("codigo_ine", Kind.CODIGO, pattern=fields.codigo_municipio.pattern),
                *fields.texts("departamento", "municipio"),
                Column("poblacion_2026_total_publicado", Kind.ENTERO),
                Column("hombres", Kind.ENTERO),
                Column("mujeres", Kind.ENTERO),
                Column("suma_sexos", Kind.ENTERO),
                Column("diferencia", Kind.ENTERO, minimum=None),
            ),
            key=("codigo_ine",),
        ),
    ),
    tables=(
        Table(
            "poblacion_2026",
            "Población 2026 por municipio y sexo",
            "Habitantes de todas las edades en 2026, por municipio y sexo.",
            (fields.codigo_municipio, fields.sexo, fields.poblacion),
            ("codigo_municipio", "sexo"),
            _of_municipio,
        ),
        Table(
            "poblacion_2026_publicada",
            "Población 2026 por municipio, total publicado",
            "El total de cada municipio como está en el acuerdo, y su diferencia con la suma de los sexos.",
            (fields.codigo_municipio, poblacion_publicada, diferencia),
            ("codigo_municipio",),
            _of_municipio,
        ),
    ),
    read=read,
    source_checks=(
        checks.codes_resolve(ACUERDO, lambda rows: rows["codigo_ine"], "codigo_ine", "municipios", "codigo_municipio"),
        checks.all_present(ACUERDO, lambda rows: rows["codigo_ine"], "codigo_ine"),
        checks.places_agree(ACUERDO, lambda rows: rows["codigo_ine"], "municipio", "departamento"),
        checks.parts_add(ACUERDO, "suma_sexos", ("mujeres", "hombres")),
        checks.parts_add(ACUERDO, "suma_sexos", ("poblacion_2026_total_publicado", "diferencia")),
        checks.known_differences(ACUERDO, "codigo_ine", "diferencia", ANOMALIES),
    ),
    checks=(checks.official_total(ACUERDO, ("poblacion_2026_total_publicado",), "poblacion"),),
    notices=(_anomaly,),
    needs=("territorio",),
)
