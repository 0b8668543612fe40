"""What do the actas of one polling table say?"""

from __future__ import annotations

from dashboard.address.selection import MAPS, Selection
from dashboard.figures import polling
from dashboard.figures.queries import Data, Row
from dashboard.kinds import mesa
from dashboard.view import PictureKind, Result, View, number_column, text_column
from dashboard.views.mesas import NATURE, PRELIMINARY, cutoffs, event_of
from dashboard.words import COUNT

COLUMNS = (
    text_column("mesa", "Mesa", "Número de la mesa.", hidden=True),
    text_column("papeleta", "Papeleta", "Qué se elegía con ella."),
    number_column("votos_validos", "Válidos", "Votos a favor de alguna opción.", "votos", COUNT),
    number_column("votos_nulos", "Nulos", "Papeletas cuya marca no vale como voto.", "votos", COUNT),
    number_column("votos_blanco", "En blanco", "Papeletas sin marca alguna.", "votos", COUNT),
    number_column("votos_emitidos", "Suma", "Válidos, nulos y en blanco.", "votos", COUNT),
    number_column("votos_emitidos_escrito", "Escrito en el acta", "El total que dice el acta.", "votos", COUNT),
    number_column("papeletas_recibidas", "Papeletas recibidas", "Papeletas que la mesa recibió.", "papeletas", COUNT),
    text_column("comparacion", "Con las otras", "Cómo queda su suma frente a la de las otras papeletas."),
    NATURE,
)


def query(data: Data, selection: Selection) -> Result:
    """The ballots of one polling table; of none, when none is asked for."""
    event = event_of(data, selection)
    names = polling.ballots(data)[event]
    asked = data.records(polling.ACTAS, eleccion=event, mesa=int(selection.mesa)) if selection.mesa else ()
    rows = {row["cargo"]: row for row in asked}
    expected = names if len(rows) > 1 else tuple(rows)
    ballots = tuple(_ballot(office, names[office], rows.get(office)) for office in names if office in expected)
    material = mesa.Material(selection.mesa or "", ballots)
    question = f"¿Qué dicen las actas de la mesa {selection.mesa}?" if asked else "¿Qué dicen las actas de una mesa?"
    facts = mesa.facts(Result(question, (), (), material, ()))
    cells = tuple(
        (
            selection.mesa,
            ballot.words,
            ballot.valid,
            ballot.null,
            ballot.blank,
            ballot.added,
            ballot.written,
            ballot.received,
            facts.verdict(ballot)[1],
            PRELIMINARY,
        )
        for ballot in ballots
    )
    return Result(question, COLUMNS, cells, material, (polling.ACTAS,), cutoffs=cutoffs(data, event))


def _ballot(office: str, words: str, row: Row | None) -> mesa.Ballot:
    names = ("votos_validos", "votos_nulos", "votos_blanco", "votos_emitidos", "votos_emitidos_escrito")
    said = [None if row is None else row[name] for name in (*names, "papeletas_recibidas")]
    return mesa.Ballot(office, words, *said)


VIEW = View(
    "participacion_mesa",
    "Las papeletas de una mesa",
    PictureKind.of(mesa),
    query,
    "actas",
    MAPS.only("eleccion", "mesa"),
)
