"""One published figure with what must be said of it (how exact and how official it is, and whose), and the figures that
are computed from two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.words import NO_DATA, Figure, Unit, integer
from etl.fields.told import JOINED
from etl.model import Confidence

#: The nature of a figure that is computed here from others.
DERIVED = "Derivada de otras"
CURRENCY = {"quetzales": "Q"}
#: A participation of 1 % and another of 60 % are on one page: a single decimal would not tell 1.15 from 1.2.
SHARE = Unit(decimals=2, mark="%")


@dataclass(frozen=True)
class PublishedFigure:
    """One figure: its exact value (None when its source gives only a bound), how it is written and where it comes from.

    `day` is the one that it is of (ISO) and `key`, what rows call its sources; empty if they are those of the whole answer.
    """

    value: float | None
    text: str
    exact: bool
    nature: str
    confidence: str
    cutoff: str
    source: str
    url: str = ""
    quote: str = ""
    day: str = ""
    key: str = ""

    def figure(self) -> Figure:
        """The figure as a part of a sentence."""
        return Figure(self.text, self.value)

    def evidence(self) -> tuple[str, ...]:
        """What it says in the columns of `dashboard.view.EVIDENCE`."""
        return (self.nature, self.confidence, self.cutoff, self.source, self.url, self.quote, self.day, self.key)


#: A figure that nobody published.
MISSING = PublishedFigure(None, NO_DATA, True, "", "", "", "")


def published(row: Mapping[str, Any], natures: Mapping[str, str]) -> PublishedFigure:
    """One row of a table of figures with their evidence; `natures` are the words for each nature."""
    return PublishedFigure(
        row["valor"],
        written(row),
        row["precision"] == "exacta",
        natures[row["naturaleza"]],
        row["confianza"],
        row["corte_texto"],
        row["fuente"],
        row["url"] or "",
        row["cita"],
        *of_the_row(row),
    )


def of_the_row(row: Mapping[str, Any]) -> tuple[str, str]:
    """The day of a published row (ISO) and the key of its sources; empty in releases whose rows do not say it."""
    day = row.get("corte")
    return (day.isoformat() if isinstance(day, date) else "", row.get("clave_fuente") or "")


def of_the_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """The same of what was made from several: the last of their days, and the sources of all."""
    said = [of_the_row(row) for row in rows]
    return max((day for day, _ in said), default=""), _joined(key for _, key in said)


def _joined(keys: Iterable[str]) -> str:
    """The keys of several rows as one row says them."""
    return JOINED.join(dict.fromkeys(key for joined in keys for key in joined.split(JOINED) if key))


def written(row: Mapping[str, Any]) -> str:
    """The figure as a reader sees it, never more exact than its source: «cerca de 16,000», «más de 92 mil»."""
    precision, mark = row["precision"], CURRENCY.get(row["unidad"], "")
    least, most, count = (mark + integer(row[name]) for name in ("valor_minimo", "valor_maximo", "valor"))
    if precision == "cota_inferior":
        return str(row["valor_texto"])
    return {
        "aproximada": f"cerca de {count}",
        "parcial": f"{count} (conteo parcial)",
        "rango": f"de {least} a {most}",
    }.get(precision, count)


def share(part: PublishedFigure, whole: PublishedFigure) -> PublishedFigure:
    """`part` for every hundred of `whole`, computed after adding; as sure as the less sure of the two."""
    if part.value is None or not whole.value:
        return MISSING
    value = 100 * part.value / whole.value
    return _derived(value, SHARE.write(value), part, whole)


def difference(whole: PublishedFigure, part: PublishedFigure) -> PublishedFigure:
    """What is left of `whole` without `part`."""
    if whole.value is None or part.value is None:
        return MISSING
    value = whole.value - part.value
    return _derived(value, integer(value), whole, part)


def _derived(value: float, text: str, *parts: PublishedFigure) -> PublishedFigure:
    return PublishedFigure(
        value,
        text,
        all(part.exact for part in parts),
        DERIVED,
        str(Confidence.weakest(part.confidence for part in parts)),
        "; ".join(dict.fromkeys(part.cutoff for part in parts)),
        "; ".join(dict.fromkeys(part.source for part in parts)),
        next((part.url for part in parts if part.url), ""),
        day=max(part.day for part in parts),
        key=_joined(part.key for part in parts),
    )
