"""The published figures of the vote abroad, with all that must be said of each: how exact, how official, whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from dashboard.figures.breakdown import Breakdown
from dashboard.figures.elections import Election, elections, held, is_definitive, label
from dashboard.figures.measures import Quantity
from dashboard.figures.published import MISSING, PublishedFigure, of_the_row, published, share
from dashboard.figures.queries import Data
from dashboard.words import integer
from etl.model import TOTAL, Field, Kind

TABLE = "extranjero"
#: Where one could vote: the elections of the list of centres are those that the map can show.
CENTRES = Quantity("centros", "Centros de votación en el extranjero", (("centros_extranjero", "codigo_ciudad"),))


def voted_abroad(data: Data) -> tuple[Election, ...]:
    """The elections with centres abroad, the oldest first."""
    return held(data, CENTRES)


class Figures:
    """The figures of one release."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self.rows: tuple[Mapping[str, Any], ...] = data.records(TABLE)
        #: The words for what a figure measures, how official it is and how exact.
        self.measures = data.labels(TABLE, "indicador")
        self.natures = data.labels(TABLE, "naturaleza")
        self.precisions = data.labels(TABLE, "precision")
        self._totals = data.records("participacion_nacional")

    def published(self, row: Mapping[str, Any]) -> PublishedFigure:
        """One of the rows as a figure with its evidence."""
        return published(row, self.natures)

    @property
    def catalogue(self) -> Mapping[str, Election]:
        """The elections of the catalogue."""
        return elections(self._data)

    def label(self, event: str) -> str:
        """How a title calls an election."""
        return label(self._data, event)

    def total(self, event: str, measure: str, sexo: str | None = None) -> PublishedFigure:
        """The preferred figure of the whole vote abroad in one event; MISSING when there is none."""
        asked = (event, measure, "total", sexo)
        found = (
            row
            for row in self._preferred
            if (row["eleccion"], row["indicador"], row["nivel"], row["sexo"]) == asked and not row["organizacion"]
        )
        return next(map(self.published, found), MISSING)

    @cached_property
    def _preferred(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(row for row in self.rows if row["preferida"])

    def by_place(self, event: str) -> Iterator[Mapping[str, Any]]:
        """The preferred figures of one event that are of less than the whole: states, cities, zones."""
        return (row for row in self._preferred if row["eleccion"] == event and row["nivel"] != "total")

    def turnout(self, event: str) -> PublishedFigure:
        """Voters for every hundred registered abroad."""
        return share(self.total(event, "votantes"), self.total(event, "empadronados"))

    def breakdown(self, measure: str, by: str) -> Breakdown:
        """The counts of the whole vote abroad by a population group (a column of the table), at the last date for which
        there are. It says {cutoff}, {confidence}, and {year} and {final}, the election and its preferred total.
        """
        found = [row for row in self._preferred if row["indicador"] == measure and row["nivel"] == "total" and row[by]]
        counted = [row for row in found if row["valor"] is not None]
        latest = max((row["fecha"] or "" for row in counted), default="")
        rows = {row[by]: row for row in counted if (row["fecha"] or "") == latest}
        counts = {(value,): row["valor"] for value, row in rows.items()}
        said = {"within": "En el extranjero"}
        for row in rows.values():
            final = self.total(row["eleccion"], measure).text
            said |= {"cutoff": row["corte_texto"], "confidence": row["confianza"]}
            said |= {"year": self.label(row["eleccion"]), "final": final}
        return Breakdown(
            Field(
                measure, self.measures[measure], f"{self.measures[measure]}.", Kind.ENTERO, "personas", nullable=True
            ),
            (self._data.field(TABLE, by),),
            counts | {(TOTAL,): sum(counts.values())} if counts else {},
            (TABLE,),
            said,
            evidence={value: self.published(row) for value, row in rows.items()},
        )

    def everywhere(self, event: str, column: str) -> PublishedFigure:
        """A definitive total of the presidential election, residents abroad included, from `participacion_nacional`."""
        asked = (event, "presidencia")
        for row in self._totals:
            if (row["eleccion"], row["cargo"]) == asked and is_definitive(row) and row[column] is not None:
                value = row[column]
                said = (row["confianza"], self.label(event), row["fuente"], row["url"] or "", row["cita"] or "")
                return PublishedFigure(value, integer(value), True, "", *said, *of_the_row(row))
        return MISSING

    def versions(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The questions that more than one figure answers, the preferred figure of each first."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in sorted(self.rows, key=lambda row: (not row["preferida"], row["fecha"] or "")):
            found.setdefault(row["pregunta"], []).append(row)
        return {question: rows for question, rows in found.items() if len(rows) > 1}
