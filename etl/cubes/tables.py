"""Cubes as datasets of a release: the same declaration gives the published table, its dictionary and its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from etl import fields
from etl.country import COUNTRY
from etl.cubes.declared import Cube
from etl.cubes.parts import CUTOFF, ELECTION, Part, columns_of, filled
from etl.disclosure.like import state_columns
from etl.disclosure.policy import STATE_LABELS
from etl.licenses import INFORMACION_PUBLICA
from etl.model import TOTAL, Confidence, Dataset, Field, Kind, Measured, Provenance, Source, Table

estado_celda = Field(
    "estado_celda",
    "Estado de la celda",
    "Si la cifra se publica o no se publica por confidencialidad.",
    Kind.CATEGORIA,
    labels=STATE_LABELS,
    english=("Cell status", "Whether the figure is published or withheld for confidentiality."),
)
estado_votantes = replace(
    estado_celda,
    name="estado_votantes",
    title="Estado del conteo de votantes",
    description="Si el conteo de votantes se publica o no se publica por confidencialidad.",
    english=(
        "Status of the count of voters",
        "Whether the count of voters is published or withheld for confidentiality.",
    ),
)
sintetico = Field(
    "sintetico",
    "Sintético",
    "Verdadero: la fila cuenta personas inventadas para una demostración; no es una cifra real.",
    Kind.BOOLEANO,
    english=("Synthetic", "True: the row counts invented people, for a demonstration; it is not a real figure."),
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
            key=f"registro_sintetico.{cutoff:%Y_%m_%d}",
        )
    return Source(
        "Padrón electoral, conteo de los registros",
        COUNTRY.tribunal.title,
        COUNTRY.tribunal.url,
        INFORMACION_PUBLICA,
        cutoff,
        Confidence.ALTA,
        key=f"registro.{cutoff:%Y_%m_%d}",
    )


def cube_dataset(cube: Cube, cutoffs: Sequence[date], synthetic: bool = False) -> Dataset:
    """The dataset that publishes the parts of `cube` counted at some cut-offs, each of which is a source: its measures may
    be missing, where the state of the cell says why.
    """
    title = f"{cube.title} (SINTÉTICO)" if synthetic else cube.title
    measures = tuple(replace(item, nullable=True) for item in cube.measures)
    columns = tuple(item.published(level) for item in cube.dimensions for level in item.levels)
    table = Table(
        cube.name,
        title,
        f"{cube.description} «{TOTAL}» en una columna suma todos sus valores.",
        (
            fields.fecha_corte,
            *((fields.eleccion,) if cube.of_election else ()),
            *columns,
            *measures,
            estado_celda,
            *((estado_votantes,) if len(measures) > 1 else ()),
            *((sintetico,) if synthetic else ()),
        ),
        (*columns_of(cube), *cube.columns),
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
        topic=_topic(cube),
        provenance=Provenance(
            tables={table.name: tuple(registry(cutoff, synthetic) for cutoff in sorted(set(cutoffs)))}
        ),
    )


def _topic(cube: Cube) -> str:
    """What the catalogue lists a cube under."""
    if cube.residence == "extranjero":
        return "extranjero"
    return "elecciones" if cube.of_election else "padron"


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


def cube_frame(cube: Cube, part: Part, frame: pd.DataFrame, synthetic: bool = False) -> pd.DataFrame:
    """The cells of a part of `cube`, protected, as the table of `cube_dataset` wants them. ValueError if they are not."""
    measured = {name: state for name, state in state_columns(cube).items() if name in frame}
    if set(measured.values()) - set(frame.columns):
        raise ValueError(f"{part} no está protegido: no dice el estado de cada celda")
    made = filled(cube, frame).assign(**{CUTOFF: pd.Timestamp(part.cutoff)})
    if cube.of_election:
        made = made.assign(**{ELECTION: part.election})
    return made.assign(sintetico=True) if synthetic else made
