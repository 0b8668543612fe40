"""Cubes as datasets of a release: the same declaration gives the published table, its dictionary and its manifest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from etl import fields
from etl.country import COUNTRY
from etl.cubes.declared import Cube
from etl.disclosure.frames import state_columns
from etl.disclosure.policy import STATE_LABELS
from etl.licenses import INFORMACION_PUBLICA
from etl.model import TOTAL, Confidence, Dataset, Field, Kind, Measured, Provenance, Source, Table

estado_celda = Field(
    "estado_celda",
    "Estado de la celda",
    "Si la cifra se publica o no se publica por confidencialidad.",
    Kind.CATEGORIA,
    labels=STATE_LABELS,
)
estado_votantes = replace(
    estado_celda,
    name="estado_votantes",
    title="Estado del conteo de votantes",
    description="Si el conteo de votantes se publica o no se publica por confidencialidad.",
)
sintetico = Field(
    "sintetico",
    "Sintético",
    "Verdadero: la fila cuenta personas inventadas para una demostración; no es una cifra real.",
    Kind.BOOLEANO,
)


def registry(cutoff: date, synthetic: bool) -> Source:
    """The source of what is counted from the registry person by person."""
    if synthetic:
        return Source(
            "Registro sintético: personas inventadas",
            "Padrón Abierto, modo de demostración",
            "https://github.com/",
            INFORMACION_PUBLICA,
            cutoff,
            Confidence.BAJA,
            note="No es una cifra real: nadie de este registro existe. Sirve para mostrar y medir el programa.",
        )
    return Source(
        "Padrón electoral, conteo de los registros",
        COUNTRY.tribunal.title,
        COUNTRY.tribunal.url,
        INFORMACION_PUBLICA,
        cutoff,
        Confidence.ALTA,
    )


def cube_dataset(cube: Cube, cutoff: date, synthetic: bool = False) -> Dataset:
    """The dataset that publishes `cube`: its measures may be missing, where the state of the cell says why."""
    title = f"{cube.title} (SINTÉTICO)" if synthetic else cube.title
    measures = tuple(replace(item, nullable=True) for item in cube.measures)
    columns = tuple(item.published(level) for item in cube.dimensions for level in item.levels)
    table = Table(
        cube.name,
        title,
        f"{cube.description} «{TOTAL}» en una columna suma todos sus valores.",
        (
            *((fields.eleccion,) if cube.of_election else ()),
            *columns,
            *measures,
            estado_celda,
            *((estado_votantes,) if len(measures) > 1 else ()),
            *((sintetico,) if synthetic else ()),
        ),
        cube.columns,
        measures=tuple(Measured(name, status=state) for name, state in state_columns(cube).items()),
        crosses=tuple(max(cube.margins_of(cross), key=len) for cross in cube.crosses),
    )
    return Dataset(
        cube.name,
        title,
        f"DATOS SINTÉTICOS, personas inventadas. {cube.description}" if synthetic else cube.description,
        inputs=(),
        tables=(table,),
        read=lambda frames: {},
        disclosure=_disclosure(cube),
        provenance=Provenance(tables={table.name: (registry(cutoff, synthetic),)}),
    )


def _disclosure(cube: Cube) -> str:
    """What a reader is told about what is hidden."""
    least = f"menos de {cube.threshold} personas"
    if cube.sensitive_threshold > cube.threshold and {item.field.name for item in cube.dimensions} & set(
        cube.sensitive
    ):
        least += f" (menos de {cube.sensitive_threshold} con pueblo o comunidad lingüística)"
    return (
        f"Cifras exactas o ninguna: {least} no se publica por confidencialidad, ni lo que permitiría deducirlo. "
        "Método: supresión complementaria de celdas comprobada con programación lineal."
    )


def cube_frame(cube: Cube, frame: pd.DataFrame, election: str | None, synthetic: bool = False) -> pd.DataFrame:
    """Cells, protected, as the table of `cube_dataset` wants them. ValueError if they are not protected."""
    missing = set(state_columns(cube).values()) - set(frame.columns)
    if missing:
        raise ValueError(f"{cube.name} no está protegido: no dice el estado de cada celda")
    made = frame
    if cube.of_election:
        made = made.assign(eleccion=election)
    return made.assign(sintetico=True) if synthetic else made
