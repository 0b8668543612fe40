"""Cubes as datasets of a release: the same declaration gives the published table, its dictionary and its manifest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from etl import fields
from etl.cubes import TOTAL, Cube
from etl.licenses import INFORMACION_PUBLICA
from etl.model import Confidence, Dataset, Field, Input, Kind, Source, Table

PUBLICADA, CONFIDENCIAL, CERO_ESTRUCTURAL = "publicada", "confidencial", "cero_estructural"
estado_celda = Field(
    "estado_celda",
    "Estado de la celda",
    "Si la cifra se publica o no se publica por confidencialidad.",
    Kind.CATEGORIA,
    labels={
        PUBLICADA: "Publicada",
        CONFIDENCIAL: "No se publica por confidencialidad",
        CERO_ESTRUCTURAL: "Cero estructural: la combinación no puede existir",
    },
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
        "Tribunal Supremo Electoral (TSE)",
        "https://www.tse.org.gt",
        INFORMACION_PUBLICA,
        cutoff,
        Confidence.ALTA,
    )


def cube_dataset(cube: Cube, cutoff: date, synthetic: bool = False) -> Dataset:
    """The dataset that publishes `cube`: its measures may be missing, where the state of the cell says why."""
    source = registry(cutoff, synthetic)
    title = f"{cube.title} (SINTÉTICO)" if synthetic else cube.title
    measures = tuple(replace(item, nullable=True) for item in cube.measures)
    columns = tuple(item.published(level) for item in cube.dimensions for level in item.levels)
    table = Table(
        cube.name,
        title,
        f"{cube.description} «{TOTAL}» en una columna suma todos sus valores.",
        (
            *((fields.eleccion,) if cube.name == "participacion_cubo" else ()),
            *columns,
            *measures,
            estado_celda,
            *((sintetico,) if synthetic else ()),
        ),
        cube.columns,
        sources=(source,),
    )
    return Dataset(
        cube.name,
        title,
        f"DATOS SINTÉTICOS, personas inventadas. {cube.description}" if synthetic else cube.description,
        inputs=(),
        tables=(table,),
        read=lambda frames: {},
        disclosure=f"Cifras exactas o ninguna: menos de {cube.threshold} personas ({cube.sensitive_threshold} con pueblo, "
        "comunidad lingüística o residencia en el extranjero) no se publica por confidencialidad.",
    )


def cube_frame(cube: Cube, frame: pd.DataFrame, election: str | None, synthetic: bool = False) -> pd.DataFrame:
    """Cells as the table of `cube_dataset` wants them; a frame without `estado_celda` publishes every cell."""
    made = frame if "estado_celda" in frame else frame.assign(estado_celda=PUBLICADA)
    if cube.name == "participacion_cubo":
        made = made.assign(eleccion=election)
    return made.assign(sintetico=True) if synthetic else made


def synthetic_dataset(dataset: Dataset, cutoff: date) -> Dataset:
    """`dataset` as it is published when its figures are counted from invented people, or are left out."""
    source = registry(cutoff, True)
    tables = tuple(
        replace(item, fields=(*item.fields, sintetico), title=f"{item.title} (SINTÉTICO)", sources=(source,))
        for item in dataset.tables
    )
    return replace(
        dataset,
        title=f"{dataset.title} (SINTÉTICO)",
        description=f"DATOS SINTÉTICOS, personas inventadas; lo que no se puede inventar va vacío. {dataset.description}",
        tables=tables,
        inputs=tuple(Input(item.file, item.sha256, (), source) for item in dataset.inputs),
        notices=(),
        artifacts=None,
    )
