"""What each row of the file of a view says of itself: the sources it is of, the day of its figures and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from dashboard.figures.provenance import Provenance
from dashboard.render.sheets import Column
from dashboard.view import Answer
from etl import fields
from etl.fields import told
from etl.model import Confidence, Field, Kind

ELECTION, CUTOFF = fields.eleccion.name, fields.fecha_corte.name
#: Where a row that was published so says how sure it is.
SURE = "confianza_fila"


def columns(answer: Answer) -> tuple[Column, ...]:
    """The columns that say it, but for those that the answer already has."""
    own = {column.field.name for column in answer.columns}
    return tuple(_column(item) for item in (told.clave_fuente, told.corte, told.confianza) if item.name not in own)


def _column(item: Field) -> Column:
    # In the files of a view a day is ISO text, as in everything else that it says.
    return Column(item.name, Kind.TEXTO if item.kind is Kind.FECHA else item.kind, item.title, item.description)


def rows(answer: Answer) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, each with what it says of itself."""
    names = [column.field.name for column in answer.columns]
    added = [column.name for column in columns(answer)]
    own = [(place, name) for place, name in enumerate(names) if name in (told.corte.name, told.clave_fuente.name)]
    when = [names.index(name) for name in (CUTOFF, ELECTION) if name in names]
    sure = names.index(SURE) if SURE in names else None
    find = _finder(answer)
    for row in answer.rows:
        said = find(*(str(row[place]) if row[place] is not None else "" for place in when))
        told_of_it = [row[sure] or said[name] if name == told.confianza.name and sure else said[name] for name in added]
        whole = list(row)
        for place, name in own:
            whole[place] = row[place] or said[name]
        yield (*whole, *told_of_it)


def _finder(answer: Answer) -> Callable[..., Mapping[str, str]]:
    """What a row says, given its cut-off and its election, or what was asked when it has no such column."""
    days = answer.days()
    asked = answer.selection.parameters()

    @cache
    def find(*when: str) -> Mapping[str, str]:
        election = next((text for text in (*when, asked.get("eleccion", "")) if text in days), "")
        cutoff = next((text for text in (*when, asked.get("corte", "")) if _is_day(text)), "")
        day = cutoff or _of_election(election, days, answer.sources)
        sources = _of_day(day, answer.sources)
        return {
            told.clave_fuente.name: told.JOINED.join(source.key or source.title for source in sources),
            told.corte.name: day or max(source.cutoff for source in sources).isoformat(),
            told.confianza.name: str(Confidence.weakest(source.confidence for source in sources)),
        }

    return find


def _is_day(text: str) -> bool:
    try:
        return bool(text) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _of_election(election: str, days: Mapping[str, str], sources: tuple[Provenance, ...]) -> str:
    """The day of what is told of an election: that of the count that some source is of, or the day of the election."""
    if not election:
        return ""
    day = days[election]
    following = min((other for other in days.values() if other > day), default=date.max.isoformat())
    counted = [found for source in sources if day <= (found := source.cutoff.isoformat()) < following]
    return max(counted, default=day)


def _of_day(day: str, sources: tuple[Provenance, ...]) -> tuple[Provenance, ...]:
    """Of the sources of a row, the ones that it is of: where there are several deliveries of one, the one of its day."""
    of_the_day = {source.title for source in sources if source.cutoff.isoformat() == day}
    return tuple(source for source in sources if source.title not in of_the_day or source.cutoff.isoformat() == day)
