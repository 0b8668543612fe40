"""Votes for every hundred ballots received: what the actas say of an election whose turnout nobody published by municipio."""

from __future__ import annotations

from dashboard.figures.measures import ASKED, Quantity, Ratio
from dashboard.indicators.model import Indicator
from dashboard.words import Unit

#: Sums of the actas of the polling tables that say both how many ballots they received and how many votes were cast.
TABLE, OFFICE = "participacion_mesa_lugar", "presidencia"


def _counted(column: str, title: str) -> Quantity:
    return Quantity(column, title, ((TABLE, column),), when=ASKED).at(cargo=OFFICE, residencia="pais")


def indicator(group: str) -> Indicator:
    """The indicator, under the heading `group`."""
    return Indicator(
        name="papeletas",
        title="Votos por cada 100 papeletas recibidas",
        group=group,
        question="¿Dónde hubo más votos por cada 100 papeletas recibidas en {eleccion}?",
        short="Votos por cada 100 papeletas ({eleccion})",
        measure=Ratio(
            _counted("votos_comparables", "Votos emitidos"),
            _counted("papeletas_comparables", "Papeletas recibidas"),
            complete=True,
        ),
        unit=Unit(decimals=1, phrase="por cada 100 papeletas recibidas"),
        lead="{en}, las mesas que dicen ambas cosas recibieron {papeletas_comparables} papeletas de presidente en {eleccion} "
        "y contaron {votos_comparables} votos: {valor} por cada 100.",
        definition="Votos emitidos por cada 100 papeletas recibidas, en las actas de presidente que dicen ambas cosas. "
        "Cifras preliminares.",
        caveats=(
            "Las papeletas recibidas no son el padrón: hay mesas que no dicen cuántas recibieron y mesas que recibieron más "
            "o menos que sus empadronados. Por eso esta tasa no es la participación.",
        ),
    )
