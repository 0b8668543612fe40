"""How the registered changed from the cut-off before: in per cent, and in people."""

from __future__ import annotations

from dashboard.figures.measures import Change, Difference, Quantity
from dashboard.indicators.model import Finding, Indicator
from dashboard.words import CHANGE, MORE_OR_LESS

LEAD = "{en} había {empadronados_antes} {quienes} al {antes} y {empadronados} al {hoy}: {valor}."
FEWER = Finding(lambda value: value < 0, "En {cuantos} hay menos que en el corte anterior: {lista}.")


def since_the_cutoff(counted: Quantity, before: Quantity, heading: str) -> tuple[Indicator, ...]:
    """Both, under a heading: {antes} and {hoy} are the days that they are of."""
    return (
        Indicator(
            name="cambio-corte",
            title="Cambio desde el corte anterior, en por ciento",
            titled="Cambio del {antes} al {hoy}: {quienes}",
            group=heading,
            question="¿Dónde aumentaron más {las_personas} del padrón desde el {antes}?",
            short="Cambio desde el {antes}",
            measure=Change(counted, before),
            unit=CHANGE,
            lead=LEAD,
            definition="Diferencia entre un corte del padrón y el anterior que trae la publicación, en por ciento del anterior.",
            findings=(FEWER,),
            diverging=True,
            highest="Donde más creció",
            lowest="Donde menos creció",
        ),
        Indicator(
            name="cambio-corte-personas",
            title="Cambio desde el corte anterior, en personas",
            titled="Cambio en personas del {antes} al {hoy}: {quienes}",
            group=heading,
            question="¿Dónde aumentaron en mayor número {las_personas} del padrón desde el {antes}?",
            short="Cambio en personas desde el {antes}",
            measure=Difference(counted, before),
            unit=MORE_OR_LESS,
            lead=LEAD,
            definition="Personas empadronadas en un corte menos las del anterior que trae la publicación.",
            findings=(FEWER,),
            diverging=True,
            highest="Donde más creció",
            lowest="Donde menos creció",
        ),
    )
