"""Columns of the tables that have one figure in each row, as its source gives it."""

from __future__ import annotations

from dataclasses import replace

from etl.fields.labels import PRECISIONES
from etl.model import Field, Kind

valor = Field(
    "valor",
    "Valor",
    "La cifra, en la unidad que dice la columna unidad; vacía si la fuente solo da un mínimo o un rango.",
    Kind.ENTERO,
    minimum=0,
    nullable=True,
)
valor_minimo = replace(
    valor,
    name="valor_minimo",
    title="Valor mínimo",
    description="Lo menos que puede ser la cifra («más de 92 mil», «6 a 10»): no es un conteo.",
)
valor_maximo = replace(
    valor, name="valor_maximo", title="Valor máximo", description="Lo más que puede ser la cifra, si la fuente lo dice."
)
valor_texto = Field("valor_texto", "Valor en la fuente", "La cifra tal como la escribe la fuente.", Kind.TEXTO)
unidad = Field("unidad", "Unidad", "Lo que cuenta la cifra, en plural.", Kind.TEXTO)
precision = Field(
    "precision", "Precisión", "Con qué exactitud da la fuente la cifra.", Kind.CATEGORIA, labels=PRECISIONES
)
