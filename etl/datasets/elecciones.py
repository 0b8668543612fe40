"""Every electoral event: date, round, what was elected, and whether residents abroad could vote.

Compiled by the project from the reports of observers, the TSE's own files and the press: each date, each office and each
vote abroad carries its source and its confidence. An event whose date is not known has none: it is never guessed.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from etl import fields
from etl.model import Column, Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

EVENTOS, CARGOS, OBSERVACIONES = "eventos", "cargos", "observaciones"

titulo = Field(
    "titulo", "Nombre", "Nombre del evento electoral.", Kind.TEXTO, english=("Name", "Name of the electoral event.")
)
vuelta = Field(
    "vuelta",
    "Vuelta",
    "Vuelta del evento.",
    Kind.CATEGORIA,
    labels=fields.VUELTAS,
    english=("Round", "Round of the event."),
)
tipo_eleccion = Field(
    "tipo",
    "Tipo",
    "Tipo de evento electoral.",
    Kind.CATEGORIA,
    labels=fields.TIPOS_ELECCION,
    english=("Type", "Type of electoral event."),
)
fecha_eleccion = Field(
    "fecha_eleccion", "Fecha", "Día de la votación.", Kind.FECHA, nullable=True, english=("Date", "Day of the vote.")
)
voto_extranjero = Field(
    "voto_extranjero",
    "Hubo voto en el extranjero",
    "Si los empadronados en el extranjero podían votar. Desde 2019, y solo para presidencia y vicepresidencia.",
    Kind.BOOLEANO,
    english=(
        "There was voting abroad",
        "Whether voters registered abroad could vote. Since 2019, and only for president and vice-president.",
    ),
)
puestos = Field(
    "puestos",
    "Puestos",
    "Binomios, diputados o corporaciones municipales que se elegían, si la fuente lo dice.",
    Kind.ENTERO,
    unit="puestos",
    minimum=1,
    nullable=True,
    english=("Seats", "Presidential tickets, deputies or municipal councils being elected, if the source says."),
)
EVIDENCE = (fields.confianza, fields.fuente, fields.url, fields.cita, fields.nota)


def _about_abroad(base: Field) -> Field:
    """A column of evidence about the vote abroad: it rarely comes from the source of the date."""
    return replace(
        base,
        name=f"voto_extranjero_{base.name}",
        title=f"{base.title} (voto en el extranjero)",
        description=f"{base.description.rstrip('.')}: sobre si hubo voto en el extranjero.",
        english=(
            f"{base.english[0]} (vote abroad)",
            f"{base.english[1].rstrip('.')}: on whether there was voting abroad.",
        ),
    )


ABROAD_EVIDENCE = tuple(map(_about_abroad, (fields.confianza, fields.fuente, fields.url, fields.cita)))

TABLES = (
    Table(
        "elecciones",
        "Eventos electorales",
        "Cada votación nacional y cada repetición de elecciones municipales, con su fecha y su fuente.",
        (
            fields.eleccion,
            titulo,
            fields.anio,
            vuelta,
            tipo_eleccion,
            fecha_eleccion,
            voto_extranjero,
            *EVIDENCE,
            *ABROAD_EVIDENCE,
        ),
        ("eleccion",),
    ),
    Table(
        "elecciones_cargos",
        "Qué se elegía en cada evento",
        "Los cargos de cada evento electoral, con el número de puestos que la fuente da.",
        (fields.eleccion, fields.cargo, puestos, *EVIDENCE),
        ("eleccion", "cargo"),
        (Reference(("eleccion",), "elecciones", ("eleccion",)),),
    ),
)


def read(frames: Frames) -> Frames:
    """The two tables, as compiled."""
    return {"elecciones": frames[EVENTOS], "elecciones_cargos": frames[CARGOS]}


def _code_says_the_year(frames: Frames) -> list[Problem]:
    """The code of an event begins with its year, and its date is of that year."""
    rows = frames[EVENTOS].dropna(subset=["eleccion", "anio"])
    named = [code.startswith(f"{year}-") for code, year in zip(rows["eleccion"], rows["anio"], strict=True)]
    another = (rows["fecha_eleccion"].dt.year.astype("Int64") != rows["anio"]).fillna(False)
    wrong = another | ~pd.Series(named, index=rows.index, dtype="bool")
    message = "el código, el año y la fecha no son del mismo año"
    return [Problem(EVENTOS, row, "anio", str(rows.at[row, "anio"]), message) for row in rows.index[wrong]]


def _something_was_elected(frames: Frames) -> list[Problem]:
    rows = frames[EVENTOS]
    without = ~rows["eleccion"].isin(set(frames[CARGOS]["eleccion"]))
    message = "ningún cargo de este evento está en el archivo de cargos"
    return [Problem(EVENTOS, row, "eleccion", str(rows.at[row, "eleccion"]), message) for row in rows.index[without]]


def _incomplete(frames: Frames) -> list[Notice]:
    return [Notice("elecciones", text) for text in frames[OBSERVACIONES]["observacion"]]


ELECCION = Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern)
WHERE_SAID = (
    fields.column(fields.confianza),
    *fields.texts("fuente", "url", "cita"),
    *fields.texts("nota", nullable=True),
)

DATASET = Dataset(
    name="elecciones",
    title="Eventos electorales",
    topic="elecciones",
    description="Las elecciones generales, segundas vueltas, repeticiones municipales y consultas populares: "
    "fecha, vuelta, qué se elegía y si hubo voto en el extranjero, cada hecho con su fuente.",
    inputs=(
        Input(
            EVENTOS,
            (
                ELECCION,
                *fields.texts("titulo"),
                Column("anio", Kind.ENTERO, minimum=1985),
                Column("vuelta", Kind.CATEGORIA, allowed=tuple(fields.VUELTAS)),
                Column("tipo", Kind.CATEGORIA, allowed=tuple(fields.TIPOS_ELECCION)),
                Column("fecha_eleccion", Kind.FECHA, nullable=True),
                *WHERE_SAID,
                Column("voto_extranjero", Kind.BOOLEANO),
                fields.column(ABROAD_EVIDENCE[0]),
                *fields.texts("voto_extranjero_fuente", "voto_extranjero_url", "voto_extranjero_cita"),
            ),
            key=("eleccion",),
        ),
        Input(
            CARGOS,
            (
                ELECCION,
                Column("cargo", Kind.CATEGORIA, allowed=tuple(fields.CARGOS)),
                Column("puestos", Kind.ENTERO, nullable=True, minimum=1),
                *WHERE_SAID,
            ),
            key=("eleccion", "cargo"),
        ),
        Input(OBSERVACIONES, fields.texts("observacion"), key=("observacion",)),
    ),
    tables=TABLES,
    read=read,
    source_checks=(_code_says_the_year, _something_was_elected),
    notices=(_incomplete,),
)
