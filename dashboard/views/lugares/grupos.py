"""Where is each group, how large is it and which is its figure?"""

from __future__ import annotations

from typing import Any

from dashboard.address.selection import Selection
from dashboard.address.vocabulary import EVERYONE
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.indicators.offers import GROUPED
from dashboard.kinds import lugares_grupos
from dashboard.kinds.franjas import Band, Facts
from dashboard.view import AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.views.lugares import READING, WHOLE, facts_of, measured, notes_of, reading_of, tables_of
from dashboard.views.mapa_tematico import VALUE
from dashboard.words import COUNT
from etl.model import Field, Kind

STATE = text_column("estado", "Estado del dato", "Si la cifra se publica; si no, por qué.", hidden=True)


def query(data: Data, selection: Selection) -> Result:
    """The groups, from the one with the lowest shares to the one with the highest; of a departamento, what is in it."""
    facts = facts_of(data, selection, measured(data, selection))
    return Result(
        question="¿Dónde está cada grupo?",
        columns=_columns(facts),
        rows=tuple(_row(facts, band) for band in facts.bands),
        material=facts,
        tables=tables_of(data, facts),
        notes=notes_of(facts),
        cutoffs=data.cutoffs(facts.indicator.measure, EVERYONE),
    )


def _row(facts: Facts, band: Band) -> tuple[Any, ...]:
    known = band.known
    ends = (known[0], known[-1]) if known else (None, None)
    return (
        f"Grupo {band.number}",
        facts.range(band),
        band.low,
        band.high,
        band.share,
        len(band.dots),
        round(band.people),
        band.value,
        PUBLISHED if band.value is not None else band.text,
        *(dot.value if dot else None for dot in ends),
        *(dot.named if dot else "" for dot in ends),
        len(band.dots) - len(known),
        reading_of(facts),
    )


def _columns(facts: Facts) -> tuple[AnswerColumn, ...]:
    indicator, by = facts.indicator, facts.characteristic
    shares, each = facts.shares, f"Cuántos de cada 100 {by.base} {by.are}"
    unit = indicator.unit.phrase or indicator.unit.mark
    value = Field(
        VALUE, indicator.title, f"{indicator.definition} Del grupo entero.", Kind.DECIMAL, unit=unit, nullable=True
    )
    return (
        text_column("grupo", "Grupo", "Grupo de municipios, desde el de menor proporción."),
        text_column(
            "entre",
            f"{by.are[:1].upper()}{by.are[1:]}, de cada 100",
            f"{each}: del municipio con menos al que tiene más.",
        ),
        number_column("proporcion_minima", "Desde", f"{each}, en el municipio con menos.", "de cada 100", decimal=True),
        number_column("proporcion_maxima", "Hasta", f"{each}, en el municipio con más.", "de cada 100", decimal=True),
        number_column("proporcion", "En el grupo entero", f"{each}, en el grupo.", "de cada 100", shares, decimal=True),
        number_column("municipios", "Municipios", "Municipios del grupo en lo que se pide.", "municipios", COUNT),
        number_column(
            "habitantes", f"{by.base[:1].upper()}{by.base[1:]}", f"{by.base} de esos municipios.", "personas", COUNT
        ),
        AnswerColumn(value, indicator.unit, explained_by=STATE.field.name),
        STATE,
        number_column(
            "valor_minimo", "El más bajo", "Cifra del municipio más bajo.", unit, indicator.unit, decimal=True
        ),
        number_column(
            "valor_maximo", "El más alto", "Cifra del municipio más alto.", unit, indicator.unit, decimal=True
        ),
        text_column("municipio_minimo", "Municipio más bajo", "Municipio con la cifra más baja.", hidden=True),
        text_column("municipio_maximo", "Municipio más alto", "Municipio con la cifra más alta.", hidden=True),
        number_column(
            "sin_cifra", "Sin cifra", "Municipios sin cifra, que no cuentan en la del grupo.", "municipios", COUNT
        ),
        READING,
    )


VIEW = View(
    "participacion_lugares_grupos",
    "Los grupos de municipios",
    PictureKind.of(lugares_grupos),
    query,
    GROUPED,
    WHOLE,
)
