"""The published figures of the vote abroad, with all that must be said of each: how exact, how official, whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboard.queries import Data
from dashboard.view import text_column
from dashboard.words import NO_DATA, Figure, Unit, integer
from etl import fields
from etl.datasets import dataset
from etl.model import Confidence

TABLE = dataset("extranjero").table("extranjero")
MEASURES: Mapping[str, str] = TABLE.field("indicador").labels or {}
NATURES: Mapping[str, str] = TABLE.field("naturaleza").labels or {}
PRECISIONS: Mapping[str, str] = fields.precision.labels or {}
DERIVED = "derivada"
CURRENCY = {"quetzales": "Q"}
#: A participation of 1 % and another of 60 % are on one page: a single decimal would not tell 1.15 from 1.2.
SHARE = Unit(decimals=2, mark="%")


@dataclass(frozen=True)
class Published:
    """One figure: its exact value (None when its source gives only a bound), how it is written and where it comes from."""

    value: float | None
    text: str
    exact: bool
    nature: str
    confidence: str
    cutoff: str
    source: str
    url: str = ""
    quote: str = ""

    def figure(self) -> Figure:
        """It inside a sentence."""
        return Figure(self.text, self.value)

    def evidence(self) -> tuple[str, ...]:
        """The cells of EVIDENCE."""
        return (self.nature, self.confidence, self.cutoff, self.source, self.url, self.quote)


#: A figure that nobody published.
MISSING = Published(None, NO_DATA, True, "", "", "", "")


def published(row: Mapping[str, Any]) -> Published:
    """One row of the table `extranjero`."""
    return Published(
        row["valor"],
        written(row),
        row["precision"] == "exacta",
        NATURES[row["naturaleza"]],
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["url"] or "",
        row["cita"],
    )


def written(row: Mapping[str, Any]) -> str:
    """The figure as a reader sees it, never more exact than its source: «cerca de 16,000», «más de 92 mil»."""
    precision, mark = row["precision"], CURRENCY.get(row["unidad"], "")
    least, most, count = (mark + integer(row[name]) for name in ("valor_minimo", "valor_maximo", "valor"))
    if precision == "cota_inferior":
        return row["valor_texto"]
    return {
        "aproximada": f"cerca de {count}",
        "parcial": f"{count} (conteo parcial)",
        "rango": f"de {least} a {most}",
    }.get(precision, count)


def share(part: Published, whole: Published) -> Published:
    """`part` for every hundred of `whole`, computed after adding; as sure as the less sure of the two."""
    if part.value is None or not whole.value:
        return MISSING
    value = 100 * part.value / whole.value
    return _derived(value, SHARE.write(value), part, whole)


def difference(whole: Published, part: Published) -> Published:
    """What is left of `whole` without `part`."""
    if whole.value is None or part.value is None:
        return MISSING
    value = whole.value - part.value
    return _derived(value, integer(value), whole, part)


def _derived(value: float, text: str, *parts: Published) -> Published:
    return Published(
        value,
        text,
        all(part.exact for part in parts),
        NATURES[DERIVED],
        str(Confidence.weakest(part.confidence for part in parts)),
        "; ".join(dict.fromkeys(part.cutoff for part in parts)),
        "; ".join(dict.fromkeys(part.source for part in parts)),
        next((part.url for part in parts if part.url), ""),
    )


class Figures:
    """The figures of one release."""

    def __init__(self, data: Data) -> None:
        self.rows: tuple[Mapping[str, Any], ...] = data.records(TABLE.name)
        self._totals = data.records("participacion_nacional")

    def total(self, event: str, measure: str, sexo: str | None = None) -> Published:
        """The preferred figure of the whole vote abroad in one event; MISSING when there is none."""
        asked = (event, measure, "total", sexo)
        found = (
            row
            for row in self._preferred
            if (row["eleccion"], row["indicador"], row["nivel"], row["sexo"]) == asked and not row["organizacion"]
        )
        return next(map(published, found), MISSING)

    @cached_property
    def _preferred(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(row for row in self.rows if row["preferida"])

    def by_place(self, event: str) -> Iterator[Mapping[str, Any]]:
        """The preferred figures of one event that are of less than the whole: states, cities, zones."""
        return (row for row in self._preferred if row["eleccion"] == event and row["nivel"] != "total")

    def turnout(self, event: str) -> Published:
        """Voters for every hundred registered abroad."""
        return share(self.total(event, "votantes"), self.total(event, "empadronados"))

    def everywhere(self, event: str, column: str) -> Published:
        """A definitive total of the presidential election, residents abroad included, from `participacion_nacional`."""
        asked = (event, "presidencia", "definitivo")
        for row in self._totals:
            if (row["eleccion"], row["cargo"], row["corte"]) == asked and row[column] is not None:
                value = row[column]
                evidence = (row["confianza"], row["eleccion"][:4], row["fuente"], row["url"] or "", row["cita"] or "")
                return Published(value, integer(value), True, "", *evidence)
        return MISSING

    def versions(self) -> dict[str, Sequence[Mapping[str, Any]]]:
        """The questions that more than one figure answers, the preferred figure of each first."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for row in sorted(self.rows, key=lambda row: (not row["preferida"], row["fecha"] or "")):
            found.setdefault(row["pregunta"], []).append(row)
        return {question: rows for question, rows in found.items() if len(rows) > 1}


#: What every figure says of itself, on the page and in every row of a file.
EVIDENCE = (
    text_column("naturaleza", "Naturaleza", TABLE.field("naturaleza").description),
    text_column("confianza_fila", "Confianza", "Confianza de la fuente de esta cifra."),
    text_column("corte_fila", "De cuándo es", "Corte de esta cifra, en palabras."),
    text_column("fuente_fila", "Fuente", "Fuente de esta cifra."),
    text_column("url_fila", "Dirección de la fuente", "Dónde está la fuente de esta cifra.", hidden=True),
    text_column("cita_fila", "Cita", "Palabras o lugar de la fuente donde está la cifra.", hidden=True),
)
