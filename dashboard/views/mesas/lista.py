"""What does each polling table of a place say, ballot by ballot?"""

from __future__ import annotations

from dashboard.address.selection import Selection
from dashboard.figures import polling
from dashboard.figures.queries import Data
from dashboard.kinds import mesas
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, SCOPED, cutoffs, event_of, scope, within
from dashboard.words import COUNT
from etl import fields


def query(data: Data, selection: Selection) -> Result:
    """Every polling table of a place by number, with the total of each of its ballots."""
    event, place = event_of(data, selection), scope(selection)
    offices = polling.ballots(data)[event]
    found = polling.tables(data, event, place, tuple(offices))
    one = len(offices) < 2
    names, centres = data.territories.municipios, any(row[polling.CENTRE] for row in found)
    columns = (
        text_column("mesa", "Mesa", "Número de la mesa."),
        AnswerColumn(fields.codigo_municipio, hidden=True),
        text_column("municipio", "Municipio", "Dónde está la mesa.", hidden=bool(selection.lugar)),
        text_column(
            polling.CENTRE, "Centro", "Código del centro de votación, si la fuente lo dice.", hidden=not centres
        ),
        *(
            number_column(f"votos_{office}", words, f"Votos emitidos: {words.lower()}.", "votos", COUNT)
            for office, words in offices.items()
        ),
        number_column(
            "diferencia_votos",
            "Diferencia",
            "Votos del total mayor menos votos del menor.",
            "votos",
            None if one else COUNT,
        ),
        text_column("acuerdo", "Totales", "Cuánto difieren los totales de las papeletas.", hidden=one),
        text_column("papeleta_aparte", "Papeleta aparte", "La papeleta que se aparta de las demás.", hidden=True),
        NATURE,
    )
    rows = tuple(
        (
            str(row["mesa"]),
            row["codigo_municipio"],
            names.get(row["codigo_municipio"], row["codigo_municipio"]),
            row[polling.CENTRE],
            *(row[office] for office in offices),
            row["diferencia_votos"],
            mesas.agreement_of(row) if not one else mesas.ALONE,
            offices.get(row["papeleta_aparte"]),
            PRELIMINARY,
        )
        for row in found
    )
    material = mesas.Material(found, tuple(offices), within(data, place))
    tables = (polling.BALLOTS, polling.ACTAS)
    return Result("Mesa por mesa", columns, rows, material, tables, cutoffs=cutoffs(data, event))


VIEW = View("participacion_mesas", "Las mesas, una por una", PictureKind.of(mesas), query, "actas", SCOPED)
