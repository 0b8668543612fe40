"""How many valid votes has a place cast in each municipal election?"""

from __future__ import annotations

from dashboard.address.phrases import focus, within
from dashboard.address.selection import Selection
from dashboard.address.vocabulary import MUNICIPIO, Group
from dashboard.figures.elections import Election, held, in_election
from dashboard.figures.measures import Count
from dashboard.figures.queries import Data
from dashboard.indicators.participacion import TABLE, VOTES
from dashboard.kinds import serie
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.words import COUNT
from etl.model import Field, Kind


def query(data: Data, selection: Selection) -> Result:
    """The valid votes of each election in the chosen place (or the scope), oldest first."""
    code = focus(selection)
    table, found = data.table(TABLE), held(data, VOTES)
    points = [(item.words, _votes(data, item, code)) for item in found]
    where = within(code, data.territories)
    doubtful = (
        "" if data.territories.level(code) == MUNICIPIO else " Los municipios con dato dudoso no están en la suma."
    )
    return Result(
        question="¿Cuántos votos válidos hubo en cada elección de alcaldes?",
        columns=COLUMNS,
        rows=tuple((item.code, item.words, value) for item, (_, value) in zip(found, points, strict=True)),
        material=serie.Material(
            points,
            COUNT,
            where + ", los votos válidos pasaron de {first} en {first_label} a {last} en {last_label}." + doubtful,
            f"{where} no hay votos válidos publicados.",
        ),
        tables=(table.name,),
    )


def _votes(data: Data, election: Election, code: str) -> float | None:
    votes = in_election(data, VOTES, election)
    return data.figures(Count(votes), Group())[code][votes.name]


COLUMNS = (
    AnswerColumn(Field("eleccion", "Elección", "Código de la elección.", Kind.TEXTO), hidden=True),
    AnswerColumn(Field("anio", "Año", "Año de la elección de alcaldes.", Kind.TEXTO)),
    AnswerColumn(
        Field(
            "votos_validos",
            "Votos válidos",
            "Votos a favor de alguna organización.",
            Kind.ENTERO,
            unit="votos",
            nullable=True,
        ),
        COUNT,
    ),
)
VIEW = View(
    "participacion_votos",
    "Votos válidos en cada elección de alcaldes",
    PictureKind.of(serie),
    query,
    topic="participacion",
)
