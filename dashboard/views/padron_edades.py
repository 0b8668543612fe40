"""What ages do registered people have?"""

from __future__ import annotations

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.figures.queries import Data
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds import piramide
from dashboard.view import AnswerColumn, Kind, Result, View
from dashboard.words import COUNT
from etl import fields
from etl.model import Field
from etl.model import Kind as FieldKind


def query(data: Data, selection: Selection) -> Result:
    """People by grupo de edad and sexo in the chosen place (or the scope), youngest first. The group filter plays no part:
    the pyramid is the whole crossing.
    """
    code = focus(selection)
    counts = data.crossed(REGISTERED, ("sexo", "grupo_edad"), code)
    ages = data.vocabulary.groups["grupo_edad"].labels or {}
    where = within(code, data.territories)
    rows = tuple(
        (age, label, women, men, women + men)
        for age, label in ages.items()
        for women, men in [(counts.get(("mujeres", age), 0), counts.get(("hombres", age), 0))]
    )
    return Result(
        question="¿Qué edad tienen las personas empadronadas?",
        columns=(
            AnswerColumn(fields.grupo_edad, hidden=True),
            AnswerColumn(Field("edad", "Edad", "Grupo de edad en palabras.", FieldKind.TEXTO)),
            *(AnswerColumn(_people(name, title), COUNT) for name, title in _COUNTED.items()),
        ),
        rows=rows,
        material=piramide.Material(counts, ages, where),
        tables=(data.place(REGISTERED, ("sexo", "grupo_edad")).table.name,),
    )


_COUNTED = {"mujeres": "Mujeres", "hombres": "Hombres", "empadronados": "Total"}


def _people(name: str, title: str) -> Field:
    return Field(name, title, f"{title}: personas empadronadas.", FieldKind.ENTERO, unit="personas")


VIEW = View("padron_edades", "El padrón por edad y sexo", Kind.of(piramide), query)
