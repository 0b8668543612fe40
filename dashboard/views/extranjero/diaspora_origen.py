"""Where do the people counted abroad come from? The departamentos of Guatemala, for any group that the cubes cross."""

from __future__ import annotations

from dashboard.address.abroad import People, people
from dashboard.figures import diaspora
from dashboard.figures.diaspora import ORIGEN, Reading
from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA
from dashboard.kinds import fuera, origen
from dashboard.kinds.fuera import in_order
from dashboard.view import PictureKind, Result, View, text_column
from etl.model import TOTAL


def query(data: Data, question: People) -> Result:
    """The departamentos from the highest; first of all, the published total."""
    found = diaspora.read(data, question, (ORIGEN,))
    total = found.get((TOTAL,), Reading(None, ()))
    parts = {code: item for (code,), item in found.items() if code != TOTAL}
    scale = fuera.scale(question.cuenta, total, parts.values())
    places = in_order(scale.spot(code, diaspora.place_name(data, ORIGEN, code), item) for code, item in parts.items())
    who = fuera.whom(data, question, (ORIGEN,))
    tables, cutoffs = diaspora.tables_of(data, question)
    rows = [("", "Todos", total), *((spot.code, spot.name, spot.reading) for spot in places)]
    return Result(
        question="¿De dónde son?",
        columns=(*COLUMNS, *fuera.columns(question.cuenta)),
        rows=tuple((code, name, *fuera.values(question.cuenta, item, total)) for code, name, item in rows),
        material=origen.Facts(places, scale, total, who, fuera.article(question), fuera.as_of(data, question)),
        tables=tables,
        notes=fuera.notes(data, question),
        cutoffs=cutoffs,
    )


COLUMNS = (
    text_column("codigo_origen", "Código", "Código del departamento de origen (INE).", hidden=True),
    text_column("origen", "Departamento de origen", "Departamento de Guatemala del que vienen."),
)
VIEW = View(
    "diaspora_origen",
    "Personas en el extranjero por departamento de origen",
    PictureKind.of(origen),
    query,
    topic=DIASPORA,
    contract=people(ORIGEN),
    held=diaspora.is_counted,
)
