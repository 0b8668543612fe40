"""Do those abroad vote as much as those in the country? Same event, same office, each over its own registry."""

from __future__ import annotations

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.abroad import Figures
from dashboard.figures.elections import GENERAL, Election, catalogue
from dashboard.figures.published import MISSING, SHARE, PublishedFigure, difference, share
from dashboard.figures.queries import Data
from dashboard.kinds import dentro_y_fuera
from dashboard.kinds.dentro_y_fuera import Pair
from dashboard.view import EVIDENCE, PictureKind, Result, View, number_column, text_column
from dashboard.words import COUNT

SCOPES = {"extranjero": "En el extranjero", "pais": "En el país"}


def query(data: Data, selection: Question) -> Result:
    """Every event in which residents abroad could vote, oldest first."""
    figures = Figures(data)
    known = catalogue(data)
    events = [known[row["eleccion"]] for row in data.records("elecciones") if row["voto_extranjero"]]
    scopes = {event: _scopes(figures, event.code) for event in events}
    pairs = [
        Pair(
            event.label,
            _title(event),
            share(*reversed(scopes[event]["extranjero"])),
            share(*reversed(scopes[event]["pais"])),
        )
        for event in events
    ]
    return Result(
        question="¿Se vota igual fuera que dentro del país?",
        columns=COLUMNS,
        rows=tuple(_row(event, scope, *scopes[event][scope]) for event in events for scope in SCOPES),
        material=pairs,
        tables=("extranjero", "participacion_nacional"),
        notes=(
            "Elección de presidencia y vicepresidencia, la única en la que se vota fuera. «En el país» son los totales de "
            "la elección menos los del extranjero, que van incluidos en ellos. La participación se calcula después de "
            "restar, y solo si constan las dos partes.",
        ),
    )


def _scopes(figures: Figures, event: str) -> dict[str, tuple[PublishedFigure, PublishedFigure]]:
    """Registered and voters, abroad and in the country."""
    abroad = (figures.total(event, "empadronados"), figures.total(event, "votantes"))
    whole = (figures.everywhere(event, "empadronados"), figures.everywhere(event, "votos_emitidos"))
    return {
        "extranjero": abroad,
        "pais": (difference(whole[0], abroad[0]), difference(whole[1], abroad[1])),
    }


def _title(event: Election) -> str:
    return f"la primera vuelta de {event.year}" if event.kind == GENERAL else event.words


def _row(
    event: Election, scope: str, registered: PublishedFigure, voters: PublishedFigure
) -> tuple[str | float | None, ...]:
    turnout = share(voters, registered)
    # A row without the turnout still says where what it has comes from.
    said = next((figure for figure in (turnout, registered, voters) if figure is not MISSING), MISSING)
    title = _title(event).removeprefix("la ").capitalize()
    return (event.code, title, SCOPES[scope], registered.value, voters.value, turnout.value, *said.evidence())


COLUMNS = (
    text_column("eleccion", "Código de la elección", "Elección y vuelta.", hidden=True),
    text_column("evento", "Elección", "Vuelta y año."),
    text_column("ambito", "Dónde", "En el extranjero o en el país."),
    number_column("empadronados", "Empadronados", "Personas que podían votar.", "personas", COUNT),
    number_column("votantes", "Votantes", "Votos emitidos.", "votos", COUNT),
    number_column("participacion", "Participación", "Votantes por cada 100 empadronados.", "%", SHARE, decimal=True),
    *EVIDENCE,
)
VIEW = View(
    "extranjero_participacion",
    "Participación fuera y dentro del país",
    PictureKind.of(dentro_y_fuera),
    query,
    topic="extranjero",
    contract=NOTHING,
)
