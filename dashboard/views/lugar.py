"""How is this place? Its figures against its departamento and the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard.address.parameters import GROUPS
from dashboard.address.phrases import LEVEL_NAMES, focus, place_name
from dashboard.address.selection import MAPS, Selection
from dashboard.address.vocabulary import Group, Territories
from dashboard.figures.measures import Sums
from dashboard.figures.queries import Data
from dashboard.indicators import INDICATORS, TOPICS, Indicator
from dashboard.indicators.offers import askable, asked
from dashboard.indicators.readings import Reading, readings
from dashboard.kinds import comparacion
from dashboard.view import AnswerColumn, PictureKind, Result, View
from dashboard.views.mapa_tematico import DIFFERENCE, lead
from etl.model import Field, Kind


def query(data: Data, selection: Selection) -> Result:
    """The selected indicator and those of the profile, for the chosen place (or the scope) and what contains it.

    The selected indicator is of the group asked for; the profile is of everybody.
    """
    code = focus(selection)
    codes = list(data.territories.containing(code))
    chosen = asked(data, selection)
    profile = next(topic.profile for topic in TOPICS.values() if chosen.name in topic.by_name)
    others = (INDICATORS[name] for name in profile if name != chosen.name or selection.group != Group())
    indicators = (chosen, *askable(data, others, selection.eleccion, selection.corte).values())
    groups = [(chosen, selection.group), *((item, Group()) for item in indicators[1:])]
    sums = data.figures(chosen.measure, selection.group)
    # The selected indicator is of the group asked for; the profile is of everybody.
    read = [readings(data, item, codes, group) for item, group in groups]
    names = {place: place_name(place, data.territories) for place in codes}
    material = comparacion.Material(
        indicators=indicators,
        names=names,
        levels={place: data.territories.level(place) for place in codes},
        readings=tuple(read),
        lead=lead(chosen, sums, selection, code, data) if read[0][code].value is not None else None,
        standing=_standing(code, chosen, sums, data.territories),
    )
    return Result(
        question=f"¿Cómo es {names[code]}?" if code else "¿Cómo es el padrón del país?",
        columns=COLUMNS,
        rows=place_rows(indicators, read, names),
        material=material,
        tables=tuple(dict.fromkeys(name for item, of in groups for name in data.sources(item.measure, of))),
        notes=tuple(dict.fromkeys(note for item in indicators for note in item.caveats)),
        cutoffs=tuple(dict.fromkeys(day for item, of in groups for day in data.cutoffs(item.measure, of))),
    )


def place_rows(
    indicators: Sequence[Indicator], read: Sequence[Mapping[str, Reading]], names: Mapping[str, str]
) -> tuple[tuple[str, str, str, str, float | None, str, str, float | None], ...]:
    """One row of COLUMNS for each indicator and place; `read` follows `indicators`."""
    return tuple(
        (
            code,
            name,
            item.name,
            item.short,
            of_item[code].value,
            of_item[code].text,
            _unit(item),
            of_item[code].difference,
        )
        for item, of_item in zip(indicators, read, strict=True)
        for code, name in names.items()
    )


def _standing(
    code: str, indicator: Indicator, sums: Mapping[str, Sums], territories: Territories
) -> comparacion.Standing | None:
    if not code:
        return None
    level = territories.level(code)
    peers = {peer: of for peer, of in sums.items() if territories.level(peer) == level}
    measured = {peer: indicator.measure.value(of) for peer, of in peers.items()}
    figures = {peer: indicator.unit.rounded(value) for peer, value in measured.items() if value is not None}
    if code not in figures:
        return None
    above = sum(value > figures[code] for value in figures.values())
    tied = sum(value == figures[code] for value in figures.values()) - 1
    return comparacion.Standing(above + 1, len(figures), LEVEL_NAMES[level][1], tied)


def _unit(indicator: Indicator) -> str:
    return indicator.unit.phrase or indicator.unit.mark or "personas"


def _text(name: str, title: str, description: str) -> Field:
    return Field(name, title, description, Kind.TEXTO)


COLUMNS = (
    AnswerColumn(_text("codigo", "Código", "Código del territorio según el INE; vacío es el país."), hidden=True),
    AnswerColumn(_text("lugar", "Lugar", "Nombre del territorio.")),
    AnswerColumn(_text("indicador", "Indicador", "Nombre del indicador en la dirección de la página."), hidden=True),
    AnswerColumn(_text("titulo", "Indicador", "Nombre del indicador.")),
    AnswerColumn(Field("valor", "Valor", "Cifra exacta.", Kind.DECIMAL, nullable=True), hidden=True),
    AnswerColumn(_text("cifra", "Cifra", "Cifra como se escribe en la página.")),
    AnswerColumn(_text("unidad", "Unidad", "Qué cuenta la cifra.")),
    AnswerColumn(
        replace(
            DIFFERENCE,
            description="Si el indicador compara el padrón con una base de población: personas empadronadas menos habitantes de "
            "esa base. Vacía en los demás.",
        ),
        hidden=True,
    ),
)
DEPENDS = MAPS.only("indicador", "eleccion", "corte", "departamento", GROUPS, "frente", "lugar")
PADRON = View("padron_lugar", "Las cifras de un lugar", PictureKind.of(comparacion), query, contract=DEPENDS)
PARTICIPACION = View(
    "participacion_lugar", "La participación de un lugar", PictureKind.of(comparacion), query, "participacion", DEPENDS
)
VIEWS = (PADRON, PARTICIPACION)
