"""Is it so with other characteristics? The figure of the groups that each of the most general ones makes."""

from __future__ import annotations

from typing import Any

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import EVERYONE
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.indicators.characteristics import Characteristic, grouped, offered
from dashboard.indicators.offers import GROUPED
from dashboard.kinds import lugares_otras
from dashboard.kinds.lugares_otras import Facts, Series, Step
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.views.lugares import METHOD, NONE, READING, WHOLE, Measured, measured, where
from dashboard.views.mapa_tematico import VALUE
from dashboard.words import COUNT, Unit
from etl.model import Field, Kind

SHARE = Unit(decimals=1)
STATE = text_column("estado", "Estado del dato", "Si la cifra se publica; si no, por qué.", hidden=True)
ALONE = "lugares, no personas: no dice qué hacen las personas de cada característica"


def query(data: Data, selection: Selection) -> Result:
    """The characteristics shown beside any other, but the one asked about."""
    others = [item for item in offered(data).values() if item.shown and item.name != selection.caracteristica]
    if not others:
        raise Unaskable("no hay otras características de los municipios")
    found = measured(data, selection)
    value, text = found.whole
    series = tuple(Series(item, tuple(_steps(data, item, found))) for item in others)
    measures = (found.indicator.measure, *(item.measure for item in others))
    return Result(
        question="¿Y con otras características del lugar?",
        columns=_columns(found),
        rows=tuple(_row(item, step) for item in series for step in item.steps),
        material=Facts(found.indicator, series, value, text, where(data, found)),
        tables=tuple(dict.fromkeys(name for measure in measures for name in data.sources(measure, EVERYONE))),
        notes=(f"Habla de {ALONE}.", METHOD.format(base="habitantes"), *found.indicator.caveats),
        cutoffs=data.cutoffs(found.indicator.measure, EVERYONE),
    )


def _steps(data: Data, by: Characteristic, found: Measured) -> list[Step]:
    steps = []
    for tier in grouped(data, by):
        here = [code for code in tier.codes if code in found.inside]
        steps.append(Step(tier, *(found.value(here) if here else (None, NONE)), len(here)))
    return steps


def _row(series: Series, step: Step) -> tuple[Any, ...]:
    return (
        series.characteristic.name,
        series.characteristic.title,
        step.tier.number,
        step.tier.low,
        step.tier.high,
        step.tier.share,
        step.municipios,
        step.value,
        PUBLISHED if step.value is not None else step.text,
        f"lugares, no personas: no dice qué hacen {series.characteristic.who}",
    )


def _columns(found: Measured) -> tuple[AnswerColumn, ...]:
    indicator, each = found.indicator, "Habitantes con la característica, de cada 100, según el censo de 2018"
    unit = indicator.unit.phrase or indicator.unit.mark
    value = Field(
        VALUE, indicator.title, f"{indicator.definition} Del grupo entero.", Kind.DECIMAL, unit=unit, nullable=True
    )
    return (
        text_column("caracteristica", "Característica", "Su nombre en la dirección de la página.", hidden=True),
        text_column("titulo", "Según cuánta hay de", "Por lo que se agrupan los municipios."),
        number_column("grupo", "Grupo", "Grupo de municipios, desde el de menor proporción.", "grupo", COUNT),
        number_column(
            "proporcion_minima", "Desde", f"{each}: el municipio con menos.", "de cada 100", SHARE, decimal=True
        ),
        number_column(
            "proporcion_maxima", "Hasta", f"{each}: el municipio con más.", "de cada 100", SHARE, decimal=True
        ),
        number_column(
            "proporcion", "En todo el grupo", f"{each}: el grupo entero.", "de cada 100", SHARE, decimal=True
        ),
        number_column("municipios", "Municipios", "Municipios del grupo en lo que se pide.", "municipios", COUNT),
        AnswerColumn(value, indicator.unit, explained_by=STATE.field.name),
        STATE,
        READING,
    )


VIEW = View(
    "participacion_lugares_otras",
    "Otras características del lugar",
    PictureKind.of(lugares_otras),
    query,
    GROUPED,
    WHOLE,
)
