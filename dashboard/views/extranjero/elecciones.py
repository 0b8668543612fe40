"""How has the vote abroad changed? Registered, voters, polling tables and centres, election by election."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.address.abroad import NOTHING
from dashboard.address.parameters import Question
from dashboard.figures.abroad import Figures
from dashboard.figures.elections import GENERAL, elections
from dashboard.figures.published import DERIVED, MISSING, PublishedFigure, of_the_rows
from dashboard.figures.queries import Data
from dashboard.kinds import por_eleccion
from dashboard.view import EVIDENCE, PictureKind, Result, View, number_column, text_column
from dashboard.words import integer
from etl.model import Confidence

TURNOUT, CENTRES = "participacion", "centros_extranjero"
#: What is told of each election, in order; the turnout is computed.
SHOWN = (
    "empadronados",
    "votantes",
    TURNOUT,
    "votos_validos",
    "votos_nulos",
    "votos_blanco",
    "juntas_receptoras",
    "centros",
    "ciudades",
)
DRAWN = "empadronados"


def query(data: Data, selection: Question) -> Result:
    """Every measure of every election for which there is a registry abroad, and the one being prepared."""
    figures = Figures(data)
    words = {**figures.measures, TURNOUT: "Participación"}
    shown = {name: words[name] for name in SHOWN if name in words}
    events = sorted({row["eleccion"] for row in figures.rows})
    titles = {event: _title(figures, event) for event in events}
    found = {
        (event, measure): figure
        for event in events
        for measure in shown
        if (figure := _figure(data, figures, event, measure)) is not MISSING
    }
    drawn = {event: title for event, title in titles.items() if not _second_round(data, event)}
    minimums = {row["eleccion"]: row["valor_minimo"] for row in figures.rows if _is_a_minimum(row)}
    return Result(
        question="¿Cómo ha cambiado el voto en el extranjero?",
        columns=COLUMNS,
        rows=tuple(
            (event, titles[event], shown[measure], figure.text, *_values(measure, figure, minimums.get(event)))
            for (event, measure), figure in found.items()
        ),
        material=por_eleccion.Material(shown, drawn, found, DRAWN, minimums),
        tables=("extranjero", CENTRES),
        notes=(
            "Participación: votantes por cada 100 personas empadronadas en el extranjero, calculada después de contar. Lo "
            "que la fuente da como «más de» es un mínimo: no se resta ni se divide.",
        ),
    )


def _title(figures: Figures, event: str) -> str:
    """«2023», «2019, 2.ª vuelta»; of one that is being prepared, the year of its last figure: «2026 (hacia 2027)»."""
    if event in figures.catalogue or not figures.catalogue:
        return figures.label(event)
    dates = (row["fecha"] for row in figures.rows if row["eleccion"] == event and row["fecha"])
    return f"{max(dates, default='').partition('-')[0]} (hacia {figures.label(event)})".strip()


def _second_round(data: Data, event: str) -> bool:
    found = elections(data).get(event)
    return found is not None and found.kind != GENERAL


def _figure(data: Data, figures: Figures, event: str, measure: str) -> PublishedFigure:
    if measure == TURNOUT:
        return figures.turnout(event)
    found = figures.total(event, measure)
    return _cities_of_the_list(data, event) if measure == "ciudades" and found is MISSING else found


def _cities_of_the_list(data: Data, event: str) -> PublishedFigure:
    """How many cities the list published before voting has, when nobody published the count."""
    rows = [row for row in data.records(CENTRES) if row["eleccion"] == event and row["situacion"] != "anunciado"]
    if not rows:
        return MISSING
    count = len({row["codigo_ciudad"] for row in rows})
    confidence = str(Confidence.weakest(row["confianza"] for row in rows))
    cutoff, source = ("; ".join(dict.fromkeys(row[name] for row in rows)) for name in ("corte_texto", "fuente"))
    url = next((row["url"] for row in rows if row["url"]), "")
    return PublishedFigure(
        count, integer(count), True, DERIVED, confidence, cutoff, source, url, "", *of_the_rows(rows)
    )


def _is_a_minimum(row: Mapping[str, Any]) -> bool:
    asked: bool = row["indicador"] == DRAWN and row["nivel"] == "total" and row["preferida"]
    return asked and row["valor"] is None and row["valor_minimo"] is not None


def _values(measure: str, figure: PublishedFigure, minimum: float | None) -> tuple[str | float | None, ...]:
    bound = minimum if measure == DRAWN and figure.value is None else None
    exact = None if figure.value is None else float(figure.value)
    return (exact, bound, "por ciento" if measure == TURNOUT else "conteo", *figure.evidence())


COLUMNS = (
    text_column("eleccion", "Código de la elección", "Elección y vuelta.", hidden=True),
    text_column("evento", "Elección", "Año y vuelta."),
    text_column("medida", "Qué se cuenta", "Lo que mide la cifra."),
    text_column("cifra", "Cifra", "La cifra como se escribe en la página."),
    number_column("valor", "Valor", "Cifra exacta; vacía si solo se conoce un mínimo.", "según medida", decimal=True),
    number_column("valor_minimo", "Valor mínimo", "Lo menos que puede ser.", "según medida"),
    text_column("unidad", "Unidad", "Si la cifra es un conteo o un por ciento.", hidden=True),
    *EVIDENCE,
)
VIEW = View(
    "extranjero_serie",
    "El voto en el extranjero, elección por elección",
    PictureKind.of(por_eleccion),
    query,
    topic="extranjero",
    contract=NOTHING,
)
