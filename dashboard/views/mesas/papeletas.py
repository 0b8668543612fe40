"""Five ballots, one person: how far apart are the totals of the ballots of each polling table?"""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.figures import polling
from dashboard.figures.queries import Data
from dashboard.kinds import papeletas
from dashboard.view import PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, SCOPED, cutoffs, event_of, scope, several_of, within
from dashboard.words import COUNT, PERCENT

COLUMNS = (
    text_column("diferencia_votos", "Diferencia", "Votos del total mayor menos votos del menor, en cada mesa."),
    number_column("mesas", "Mesas", "Mesas con esa diferencia.", "mesas", COUNT),
    number_column(
        "porcentaje", "De cada 100", "De cada 100 mesas con todas las papeletas.", "%", PERCENT, decimal=True
    ),
    NATURE,
)
WITHOUT = "falta alguna papeleta"


def query(data: Data, selection: Selection) -> Result:
    """The polling tables of one place by how far apart the totals of their ballots are."""
    event, place = event_of(data, selection), scope(selection)
    several = several_of(data, event)
    found = polling.distances(data, event, place)
    material = papeletas.Material(
        found,
        len(polling.ballots(data)[event]),
        within(data, place),
        polling.written_right(data, event, place),
    )
    result = Result(f"{several.capitalize()} papeletas, una persona", COLUMNS, (), material, (polling.BALLOTS,))
    facts = papeletas.facts(result)
    rows = [(bar.words, bar.tables, bar.share if facts.whole else None, PRELIMINARY) for bar in facts.bars]
    incomplete = (WITHOUT, facts.incomplete, None, PRELIMINARY)
    return Result(result.question, COLUMNS, (*rows, incomplete), material, result.tables, cutoffs=cutoffs(data, event))


VIEW = View("participacion_papeletas", "Las papeletas de cada mesa", PictureKind.of(papeletas), query, "actas", SCOPED)
