"""Who was on the roll, and who voted? The pyramid of both by age and sex, in the election asked for."""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.figures.queries import Data
from dashboard.kinds import piramide
from dashboard.view import PictureKind, Result, View
from dashboard.views.quien_vota import AGE, COUNTS, TOPIC, ages, at, by_sex, held, result
from dashboard.views.quien_vota.edades import DEPENDS


def query(data: Data, selection: Selection) -> Result:
    """Women and men on the roll by age, and how many of them voted."""
    found = at(data, selection)
    facts = ages(data, selection, found)
    rows = [(age.code, age.name, *by_sex(age)) for age in facts.ages]
    question = f"¿Quiénes podían votar en {facts.election}, y quiénes votaron?"
    return result(data, question, (*AGE, *COUNTS), rows, facts, (found.election,), selection.corte)


VIEW = View(
    "quien_vota_piramide",
    "Padrón y votantes por edad y sexo",
    PictureKind.of(piramide),
    query,
    TOPIC,
    DEPENDS,
    held=held,
)
