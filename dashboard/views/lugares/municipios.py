"""Is a figure different in the municipios where more people are so? Each municipio, in its group."""

from __future__ import annotations

from typing import Any

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import EVERYONE
from dashboard.figures.measures import Quantity
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.indicators.characteristics import PART, WHOLE
from dashboard.indicators.offers import GROUPED
from dashboard.kinds import lugares
from dashboard.kinds.franjas import Dot, Facts
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column
from dashboard.views.lugares import PLACED, READING, Measured, facts_of, measured, notes_of, reading_of, tables_of
from dashboard.views.mapa_tematico import DOUBT_COLUMNS, VALUE
from dashboard.words import COUNT
from etl import fields
from etl.model import Field, Kind


def query(data: Data, selection: Selection) -> Result:
    """The municipios of the scope, from the group with the lowest shares to the one with the highest."""
    found = measured(data, selection)
    facts = facts_of(data, selection, found)
    return Result(
        question=f"{facts.indicator.title}: ¿qué pasa donde hay más {facts.characteristic.noun}?",
        columns=_columns(data, facts),
        rows=_rows(data, facts, found),
        material=facts,
        tables=tables_of(data, facts),
        notes=notes_of(facts),
        cutoffs=data.cutoffs(facts.indicator.measure, EVERYONE),
    )


def _rows(data: Data, facts: Facts, found: Measured) -> tuple[tuple[Any, ...], ...]:
    figure, shares = found.sums, data.sums(facts.characteristic.measure.quantities, EVERYONE)
    counted = [quantity.name for quantity in _counted(facts)]
    return tuple(
        (
            dot.code,
            dot.name,
            dot.tier,
            dot.share,
            dot.value,
            shares[dot.code][PART],
            shares[dot.code][WHOLE],
            *(figure[dot.code][name] for name in counted),
            *_state(dot),
            dot.parent,
            reading_of(facts),
        )
        for dot in facts.dots
    )


def _state(dot: Dot) -> tuple[str, str]:
    return (PUBLISHED if dot.value is not None else dot.text, dot.reason or "")


def _counted(facts: Facts) -> tuple[Quantity, ...]:
    """The quantities of the figure, each once."""
    return tuple({item.name: item for item in facts.indicator.measure.quantities}.values())


def _columns(data: Data, facts: Facts) -> tuple[AnswerColumn, ...]:
    indicator, by = facts.indicator, facts.characteristic
    part, whole = by.measure.quantities
    unit = indicator.unit.phrase or indicator.unit.mark
    value = Field(VALUE, indicator.title, indicator.definition, Kind.DECIMAL, unit=unit, nullable=True)
    return (
        AnswerColumn(fields.codigo_municipio, hidden=True),
        AnswerColumn(fields.municipio),
        number_column("grupo", "Grupo", "Grupo del municipio, desde el de menor proporción.", "grupo", COUNT),
        number_column(
            "proporcion",
            f"De cada 100 {by.base}, {by.are}",
            f"Cuántos de cada 100 {by.base} {by.are}, según el censo de 2018.",
            "de cada 100",
            facts.shares,
            decimal=True,
        ),
        AnswerColumn(value, indicator.unit, explained_by=DOUBT_COLUMNS[0].field.name),
        number_column(PART, part.title, f"{part.title}, según el censo de 2018.", "personas"),
        number_column(WHOLE, whole.title, f"{whole.title}, según el censo de 2018.", "personas", COUNT),
        *(_count(data, item) for item in _counted(facts)),
        *DOUBT_COLUMNS,
        AnswerColumn(fields.departamento),
        READING,
    )


def _count(data: Data, quantity: Quantity) -> AnswerColumn:
    place = data.place(quantity)
    kind = place.table.field(place.column).kind
    return AnswerColumn(
        Field(quantity.name, quantity.title, f"{quantity.title}.", kind, unit="personas", nullable=True), hidden=True
    )


VIEW = View("participacion_lugares", "Municipios según su censo", PictureKind.of(lugares), query, GROUPED, PLACED)
