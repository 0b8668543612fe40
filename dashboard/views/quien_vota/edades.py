"""At what age do people vote more? Women and men of each age, in the election asked for."""

from __future__ import annotations

from dashboard.address.selection import MAPS, Selection
from dashboard.figures.queries import Data
from dashboard.kinds import edades
from dashboard.view import PictureKind, Result, View
from dashboard.views.quien_vota import AGE, GAP, RATES, TOPIC, ages, at, by_sex, gap_cells, held, result


def query(data: Data, selection: Selection) -> Result:
    """The rate of women and of men at each age, and how far apart they are."""
    found = at(data, selection)
    facts = ages(data, selection, found)
    rows = [(age.code, age.name, *by_sex(age), *gap_cells(age)) for age in facts.ages]
    question = f"¿A qué edad se votó más en {facts.election}?"
    return result(data, question, (*AGE, *RATES, *GAP), rows, facts, (found.election,), selection.corte)


DEPENDS = MAPS.only("eleccion", "corte", "departamento", "lugar")
VIEW = View(
    "quien_vota_edades", "Participación por edad y sexo", PictureKind.of(edades), query, TOPIC, DEPENDS, held=held
)
