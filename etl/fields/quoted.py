"""Columns of tables with one figure per row, as its source gives it."""

from __future__ import annotations

from dataclasses import replace

from etl.fields.labels import PRECISIONES
from etl.model import Field, Kind

# --- One figure per row, as its source gives it -----------------------------------------------------------------------

valor = Field(
    "valor",
    "Valor",
    "La cifra, en la unidad que dice la columna unidad; vacía si la fuente solo da un mínimo o un rango.",
    Kind.ENTERO,
    minimum=0,
    nullable=True,
    english=(
        "Value",
        "The figure, in the unit that column unidad says; empty if the source only gives a minimum or a range.",
    ),
)
valor_minimo = replace(
    valor,
    name="valor_minimo",
    title="Valor mínimo",
    description="Lo menos que puede ser la cifra («más de 92 mil», «6 a 10»): no es un conteo.",
    english=("Minimum value", "The least the figure can be (“more than 92 thousand”, “6 to 10”): it is not a count."),
)
valor_maximo = replace(
    valor,
    name="valor_maximo",
    title="Valor máximo",
    description="Lo más que puede ser la cifra, si la fuente lo dice.",
    english=("Maximum value", "The most the figure can be, if the source says so."),
)
valor_texto = Field(
    "valor_texto",
    "Valor en la fuente",
    "La cifra tal como la escribe la fuente.",
    Kind.TEXTO,
    english=("Value in the source", "The figure just as the source writes it."),
)
unidad = Field(
    "unidad",
    "Unidad",
    "Lo que cuenta la cifra, en plural.",
    Kind.TEXTO,
    english=("Unit", "What the figure counts, in the plural."),
)
precision = Field(
    "precision",
    "Precisión",
    "Con qué exactitud da la fuente la cifra.",
    Kind.CATEGORIA,
    labels=PRECISIONES,
    english=("Precision", "How exactly the source gives the figure."),
)
