"""National participation by event: registered, cast, valid, blank and null votes, and polling tables.

A figure that was not found stays missing. When a source gives null and blank votes only together, only their sum is
published. Two cut-offs of one event are two rows. Where the parts do not add up in the source, its file declares by how
much, and the difference is a column of the table and a warning: no figure is adjusted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from etl import fields
from etl.checks import rows_of
from etl.model import Column, Confidence, Dataset, Field, Frames, Input, Kind, Notice, Problem, Reference, Table

TOTALES = "totales"
TABLE = "participacion_nacional"

CUTOFFS = {"definitivo": "Definitivo", "preliminar": "Preliminar"}
COUNTS = ("empadronados", "votos_emitidos", "votos_validos", "votos_blanco", "votos_nulos", "votos_nulos_y_blanco")


estado_recuento = Field(
    "estado_recuento",
    "Estado del recuento",
    "Si los totales son los definitivos o los de un recuento anterior.",
    Kind.CATEGORIA,
    labels=CUTOFFS,
    english=("Status of the count", "Whether the totals are final or of an earlier count."),
)
votos_nulos_y_blanco = replace(
    fields.votos_nulos,
    name="votos_nulos_y_blanco",
    title="Votos nulos y en blanco",
    description="Nulos más en blanco: su suma, o el total de ambos cuando la fuente no los separa.",
    nullable=True,
    english=(
        "Null and blank votes",
        "Null plus blank: their sum, or the total of both when the source does not separate them.",
    ),
)
diferencia_votos = Field(
    "diferencia_votos",
    "Diferencia",
    "Votos emitidos menos válidos, nulos y en blanco. Distinta de cero: la propia fuente no cuadra.",
    Kind.ENTERO,
    unit="votos",
    nullable=True,
    english=(
        "Difference",
        "Votes cast minus valid, null and blank. Other than zero: the source itself does not add up.",
    ),
)


def read(frames: Frames) -> Frames:
    """One row per event, office and cut-off; null and blank votes also together, and the difference of the parts."""
    rows = frames[TOTALES]
    together = rows["votos_nulos_y_blanco"].fillna(rows["votos_nulos"] + rows["votos_blanco"])
    difference = rows["votos_emitidos"] - rows["votos_validos"] - together
    told = rows.rename(columns={"corte": estado_recuento.name})
    return {TABLE: told.assign(votos_nulos_y_blanco=together, diferencia_votos=difference)}


def _differences_are_the_declared(frames: Frames) -> list[Problem]:
    """Cast votes are the sum of their parts, but for the difference that the file declares: what the source itself prints."""
    rows = read(frames)[TABLE]
    wrong = (rows["diferencia_votos"] != rows["diferencia_declarada"].fillna(0)).fillna(False)
    message = "los emitidos no son la suma de sus partes: declare la diferencia o corrija la cifra"
    found = (
        f"{row.eleccion}, {row.cargo}: {message} (hay {row.diferencia_votos} de diferencia)"
        for row in rows_of(rows[wrong])
    )
    return [
        Problem(TOTALES, row, "votos_emitidos", str(rows.at[row, "votos_emitidos"]), message)
        for row, message in zip(rows.index[wrong], found, strict=True)
    ]


def _together_or_apart(frames: Frames) -> list[Problem]:
    """A source gives null and blank votes apart, or only their total: never both, or one of the two alone."""
    rows = frames[TOTALES]
    apart = rows[["votos_nulos", "votos_blanco"]].notna().sum(axis=1)
    wrong = (apart == 1) | ((apart == 2) & rows["votos_nulos_y_blanco"].notna())
    message = "nulos y en blanco van los dos por separado, o solo su suma"
    return [Problem(TOTALES, row, "votos_nulos, votos_blanco", None, message) for row in rows.index[wrong]]


def _not_more_than_registered(frames: Frames) -> list[Problem]:
    rows = frames[TOTALES]
    wrong = (rows["votos_emitidos"].fillna(rows["votos_validos"]) > rows["empadronados"]).fillna(False)
    return [
        Problem(TOTALES, row, "votos_emitidos", str(rows.at[row, "votos_emitidos"]), "hay más votos que empadronados")
        for row in rows.index[wrong]
    ]


def _source_that_does_not_add_up(frames: Frames) -> list[Notice]:
    rows = frames[TABLE].merge(frames["elecciones"][["eleccion", "titulo"]], on="eleccion")
    wrong = rows[rows["diferencia_votos"].fillna(0) != 0]
    return [Notice(TABLE, _difference_sentence(row)) for row in rows_of(wrong)]


def _difference_sentence(row: Any) -> str:
    parts = row.votos_emitidos - row.diferencia_votos
    return (
        f"{row.titulo} ({fields.CARGOS[row.cargo].lower()}): la fuente da {row.votos_emitidos:,} votos emitidos y sus "
        f"partes suman {parts:,}, {abs(row.diferencia_votos):,} de diferencia. Se publica sin corregir."
    )


def _not_found(frames: Frames) -> list[Notice]:
    rows = frames[TABLE].query("estado_recuento == 'definitivo'").merge(frames["elecciones"], on="eleccion")
    missing = ", ".join(rows.loc[rows["votos_emitidos"].isna(), "titulo"])
    return [Notice(TABLE, f"No se hallaron los votos emitidos de: {missing}. Quedan sin dato.")] if missing else []


DATASET = Dataset(
    name=TABLE,
    title="Participación nacional por elección",
    topic="elecciones",
    description="Empadronados, votos emitidos, válidos, nulos y en blanco, y mesas, de cada elección. "
    "Lo que no se halló queda sin dato.",
    inputs=(
        Input(
            TOTALES,
            (
                Column("eleccion", Kind.CODIGO, pattern=fields.eleccion.pattern),
                Column("cargo", Kind.CATEGORIA, allowed=tuple(fields.CARGOS)),
                Column("corte", Kind.CATEGORIA, allowed=tuple(CUTOFFS)),
                *(Column(name, Kind.ENTERO, nullable=True, minimum=1) for name in COUNTS),
                Column("diferencia_declarada", Kind.ENTERO, nullable=True, minimum=None),
                Column("mesas", Kind.ENTERO, nullable=True, minimum=1),
                Column("confianza", Kind.CATEGORIA, allowed=tuple(level.value for level in Confidence)),
                *(Column(name, Kind.TEXTO) for name in ("fuente", "url", "cita")),
                Column("nota", Kind.TEXTO, nullable=True),
            ),
            key=("eleccion", "cargo", "corte"),
            several=True,
        ),
    ),
    tables=(
        Table(
            TABLE,
            "Participación nacional por elección",
            "Totales de cada elección y el estado de su recuento. La participación es emitidos entre empadronados, si constan.",
            (
                fields.eleccion,
                fields.cargo,
                estado_recuento,
                *map(fields.perhaps, (fields.empadronados, fields.votos_emitidos, fields.votos_validos)),
                *map(fields.perhaps, (fields.votos_blanco, fields.votos_nulos)),
                votos_nulos_y_blanco,
                diferencia_votos,
                fields.perhaps(fields.mesas),
                fields.confianza,
                fields.fuente,
                fields.url,
                fields.cita,
                fields.nota,
            ),
            ("eleccion", "cargo", "estado_recuento"),
            (Reference(("eleccion", "cargo"), "elecciones_cargos", ("eleccion", "cargo")),),
        ),
    ),
    read=read,
    source_checks=(_together_or_apart, _not_more_than_registered, _differences_are_the_declared),
    notices=(_source_that_does_not_add_up, _not_found),
    needs=("elecciones",),
)
