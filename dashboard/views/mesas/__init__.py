"""The questions about the actas of the polling tables, and the words that they share."""

from __future__ import annotations

from datetime import date

from dashboard.address.phrases import full_name
from dashboard.address.phrases import within as within_place
from dashboard.address.selection import MAPS, Selection
from dashboard.figures import polling
from dashboard.figures.measures import Unaskable
from dashboard.figures.polling import Scope
from dashboard.figures.queries import Data
from dashboard.kinds.papeletas import counted
from dashboard.view import text_column
from etl.country import COUNTRY

#: What every row of a file says of itself, whatever the election: these are counts of the night and the days after.
PRELIMINARY = "preliminar"
NATURE = text_column(
    "naturaleza", "Naturaleza", "Si la cifra es oficial, preliminar, derivada o de prensa.", hidden=True
)
#: The parameters of a view about a scope, without and with a ballot.
SCOPED = MAPS.only("eleccion", "departamento", "lugar", "centro")
OF_BALLOT = MAPS.only("eleccion", "papeleta", "departamento", "lugar", "centro")
FILES = "participacion_mesa_archivos"


def scope(selection: Selection) -> Scope:
    """The most particular place asked about."""
    return Scope(selection.lugar or selection.departamento or "", selection.centro)


def event_of(data: Data, selection: Selection) -> str:
    """The election asked about; Unaskable when the release has no actas."""
    if selection.eleccion not in polling.ballots(data):
        raise Unaskable("no hay actas por mesa")
    return selection.eleccion


def ballot_of(data: Data, selection: Selection) -> str:
    """The ballot asked about, the first of its election by default."""
    return selection.papeleta or next(iter(polling.ballots(data)[event_of(data, selection)]))


def several_of(data: Data, event: str) -> str:
    """How many ballots an election has, in words."""
    return counted(len(polling.ballots(data)[event]))


def within(data: Data, place: Scope, everywhere: str = "En el país") -> str:
    """Where something is, as a sentence begins; `everywhere`, for the scope of everything."""
    if place.centre:
        return f"En el centro {place.centre} de {full_name(place.code, data.territories)}"
    if not place.code:
        return everywhere
    return "En el extranjero" if place.code == COUNTRY.abroad else within_place(place.code, data.territories)


def cutoffs(data: Data, event: str) -> tuple[date, ...]:
    """As of when the files with the actas of an election are."""
    rows = data.records(FILES, eleccion=event)
    return tuple(sorted({date.fromisoformat(row["corte_trep"][:10]) for row in rows}))
