"""Which figures of the vote abroad are known, who says them and where do they contradict each other?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.abroad import Figures
from dashboard.figures.queries import Data
from dashboard.kinds import versiones
from dashboard.view import EVIDENCE, AnswerColumn, PictureKind, Result, View, number_column, text_column
from etl import fields

SEXES = fields.sexo.labels or {}
PREFERRED = {True: "Sí", False: "No"}


def query(data: Data, selection: Question) -> Result:
    """Every figure, as published; and the questions with several, the preferred version first."""
    figures = Figures(data)
    counted = Counter(figures.natures[row["naturaleza"]] for row in figures.rows)
    questions = {
        question_of(rows[0], figures): [
            versiones.Version(figures.published(row), row["preferida"], row["motivo"] or "") for row in rows
        ]
        for rows in figures.versions().values()
    }
    return Result(
        question="¿Qué cifras se conocen y en qué no coinciden?",
        columns=COLUMNS,
        rows=tuple(_row(row, figures) for row in figures.rows),
        material=versiones.Material(
            {name: counted[name] for name in figures.natures.values() if counted[name]}, questions
        ),
        tables=("extranjero",),
    )


def question_of(row: Mapping[str, Any], figures: Figures) -> str:
    """What a figure answers, in words: «Empadronados, todo el extranjero, 2023»."""
    where = "todo el extranjero" if row["nivel"] == "total" else row["lugar"]
    return f"{_measure(row, figures)}, {where}, {figures.label(row['eleccion'])}"


def _measure(row: Mapping[str, Any], figures: Figures) -> str:
    who = row["organizacion"] or (SEXES[row["sexo"]].lower() if row["sexo"] else "")
    return f"{figures.measures[row['indicador']]}{f' ({who})' if who else ''}"


def _row(row: Mapping[str, Any], figures: Figures) -> tuple[Any, ...]:
    figure = figures.published(row)
    return (
        row["cifra"],
        row["pregunta"],
        row["eleccion"],
        row["lugar"],
        _measure(row, figures),
        figure.text,
        row["valor"],
        row["valor_minimo"],
        row["valor_maximo"],
        row["unidad"],
        figures.precisions[row["precision"]],
        PREFERRED[row["preferida"]],
        row["motivo"] or "",
        *figure.evidence(),
        row["nota"] or "",
    )


def _shown(name: str) -> AnswerColumn:
    column = next(column for column in EVIDENCE if column.field.name == name)
    return text_column(column.field.name, column.field.title, column.field.description)


COLUMNS = (
    text_column("cifra", "N.º", "Identificador de la cifra en la transcripción."),
    text_column(
        "pregunta", "Pregunta", "A qué responde la cifra: si varias responden a lo mismo, no coinciden.", hidden=True
    ),
    text_column("eleccion", "Elección", "Elección y vuelta."),
    text_column("lugar", "Lugar", "El lugar con las palabras de la fuente."),
    text_column("medida", "Qué se cuenta", "Lo que mide la cifra."),
    text_column("escrita", "Cifra", "La cifra como se escribe en la página."),
    number_column("valor", "Valor", "Cifra; vacía si solo se conoce un mínimo o un rango.", "según la columna unidad"),
    number_column("valor_minimo", "Valor mínimo", "Lo menos que puede ser.", "según la columna unidad"),
    number_column("valor_maximo", "Valor máximo", "Lo más que puede ser.", "según la columna unidad"),
    text_column("unidad", "Unidad", "Lo que cuenta la cifra."),
    text_column("precision", "Exactitud", "Con qué exactitud la da su fuente.", hidden=True),
    text_column("preferida", "Preferida", "Si es la que se usa entre las que responden a lo mismo."),
    text_column("motivo", "Motivo", "Por qué se prefiere, o por qué no.", hidden=True),
    *(_shown(column.field.name) if column.field.name == "cita_fila" else column for column in EVIDENCE),
    text_column("nota_fila", "Nota", "Observación sobre la cifra.", hidden=True),
)
VIEW = View(
    "extranjero_cifras",
    "Todas las cifras del voto en el extranjero, con su cita",
    PictureKind.of(versiones),
    query,
    topic="extranjero",
    contract=NOTHING,
)
