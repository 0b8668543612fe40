"""How many points more did women vote than men of their age? Election by election."""

from __future__ import annotations

from dashboard.address.selection import DATED, Selection
from dashboard.figures.queries import Data
from dashboard.kinds import brechas
from dashboard.kinds.votaron import frames
from dashboard.view import PictureKind, Result, View, text_column
from dashboard.views.quien_vota import (
    AGE,
    COUNTED,
    ELECTION,
    GAP,
    RATES,
    TOPIC,
    ages,
    at,
    by_sex,
    gap_cells,
    held,
    result,
    where,
)

COLUMNS = (ELECTION, text_column("anio_eleccion", "Elección", "Año y vuelta de la elección."), *AGE, *GAP, *RATES)


def query(data: Data, selection: Selection) -> Result:
    """The distance between women and men at each age of each election that has figures."""
    found = [
        (frame, ages(data, selection, at(data, selection, frame.elections[0])) if frame.counted else None)
        for frame in frames(COUNTED.story(data))
    ]
    rows = [
        (frame.elections[0].code, frame.label, age.code, age.name, *gap_cells(age), *by_sex(age))
        for frame, facts in found
        if facts is not None
        for age in facts.ages
    ]
    question = "¿Cuántos puntos más que los hombres votaron las mujeres de cada edad?"
    facts = brechas.Facts(where(data, selection), tuple(found))
    return result(data, question, COLUMNS, rows, facts, COUNTED.elections(data), selection.corte)


VIEW = View(
    "quien_vota_brechas",
    "Distancia entre mujeres y hombres por edad",
    PictureKind.of(brechas),
    query,
    TOPIC,
    DATED,
    held=held,
)
