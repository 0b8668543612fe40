"""How many registered women and men cannot read nor write?"""

from __future__ import annotations

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.figures.queries import Data
from dashboard.indicators.padron import REGISTERED
from dashboard.kinds import barras
from dashboard.view import AnswerColumn, Kind, Result, View
from dashboard.words import COUNT, PERCENT
from etl import fields
from etl.model import Field
from etl.model import Kind as FieldKind


def query(data: Data, selection: Selection) -> Result:
    """Women and men who read and write or not, in the chosen place (or the scope)."""
    code = focus(selection)
    counts = data.crossed(REGISTERED, ("sexo", "alfabetismo"), code)
    sexes = data.vocabulary.groups["sexo"].labels or {}
    rows = tuple(
        (sexo, title, literate, illiterate, literate + illiterate, _share(illiterate, literate + illiterate))
        for sexo, title in sexes.items()
        for literate, illiterate in [(counts.get((sexo, "alfabeta"), 0), counts.get((sexo, "analfabeta"), 0))]
    )
    return Result(
        question="¿Quiénes no leen ni escriben?",
        columns=(
            AnswerColumn(fields.sexo, hidden=True),
            AnswerColumn(Field("quienes", "Sexo", "Sexo en palabras.", FieldKind.TEXTO)),
            *(AnswerColumn(_people(name, title), COUNT) for name, title in _COUNTED.items()),
            AnswerColumn(
                Field(
                    "analfabetas_por_ciento",
                    "No leen ni escriben (%)",
                    "Analfabetas por cada 100 personas empadronadas del mismo sexo.",
                    FieldKind.DECIMAL,
                    unit="%",
                    nullable=True,
                ),
                PERCENT,
            ),
        ),
        rows=rows,
        material=barras.Material(counts, sexes, within(code, data.territories)),
        tables=(data.place(REGISTERED, ("sexo", "alfabetismo")).table.name,),
        notes=("El padrón registra el alfabetismo al empadronarse: no es una medición actual.",),
    )


_COUNTED = {"alfabetas": "Leen y escriben", "analfabetas": "No leen ni escriben", "empadronados": "Total"}


def _people(name: str, title: str) -> Field:
    return Field(name, title, f"{title}: personas empadronadas.", FieldKind.ENTERO, unit="personas")


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


VIEW = View("padron_alfabetismo", "Alfabetismo de las personas empadronadas", Kind.of(barras), query)
