"""Views that share a whole out by one dimension or by two: each is a declaration, and all are drawn as bars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from dashboard.address.parameters import Contract
from dashboard.address.phrases import focus
from dashboard.address.selection import PLACED, Selection
from dashboard.figures.breakdown import Breakdown, breakdown
from dashboard.figures.measures import Quantity, Unaskable
from dashboard.figures.queries import PUBLISHED, Data
from dashboard.kinds import barras
from dashboard.kinds.barras import Bar, Facts, Part
from dashboard.kinds.votaron import SAYS_NOTHING
from dashboard.view import EVIDENCE, AnswerColumn, PictureKind, Result, View, number_column, text_column
from dashboard.words import COUNT, PERCENT, WITHHELD, Unit
from etl.model import TOTAL

#: The column that says whether the counts of a row are published.
STATE = "estado"
#: What is counted, for one question.
Counted = Callable[[Data, Any], Breakdown]
#: How the values of a dimension are called in a table, if not as the release does: (column, title).
Columns = Mapping[str, tuple[str, str]]


def crossing(quantity: Quantity, *dimensions: str) -> Counted:
    """`quantity` in the place that is asked about, by one dimension or by two."""

    def counted(data: Data, selection: Selection) -> Breakdown:
        asked = replace(quantity, cutoff=date.fromisoformat(selection.corte)) if selection.corte else quantity
        return breakdown(data, asked, dimensions, focus(selection))

    return counted


def divided(quantity: Quantity, dimension: str) -> Callable[[Data], bool]:
    """Whether a release divides `quantity` by a dimension."""
    return lambda data: dimension in data.vocabulary.groups and data.divides(quantity, (dimension,))


def unless(registry: Quantity, quantity: Quantity, dimension: str) -> Counted:
    """`quantity` by a dimension, of which {aparte} says that the `registry` is not divided by it, where it is not."""
    by, told = crossing(quantity, dimension), divided(registry, dimension)

    def counted(data: Data, selection: Selection) -> Breakdown:
        found = by(data, selection)
        apart = "" if told(data) else ": el padrón no publica este grupo"
        return replace(found, said={**found.said, "aparte": apart})

    return counted


@dataclass(frozen=True)
class Distribution:
    """How what is `counted` is shared out. Each of `says` answers the `question`, and may name what `barras.Facts` lists: one
    that names a figure that is not published is not said. So do `notes`.

    By one dimension, there is a bar for each category, the largest first. By two, mirrored bars, with the two values of the
    second on each side; with `part`, one of those values, a bar for its share of each category. `ordered` categories
    keep the order of the release. `label` is the column (name, title) of the categories in words, and `columns` are those
    of the values of the second dimension; with `evidence`, every row has its own source.
    """

    name: str
    title: str
    question: str
    counted: Counted
    says: tuple[str, ...]
    label: tuple[str, str] | None = None
    ordered: bool = False
    part: str = ""
    columns: Columns = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    evidence: bool = False
    topic: str = "padron"
    contract: Contract[Any] = PLACED
    held: Callable[[Data], bool] = lambda data: True

    def view(self) -> View:
        """Its declaration as a view."""
        kind = PictureKind.of(barras)
        return View(self.name, self.title, kind, self.query, self.topic, self.contract, held=self.held)

    def query(self, data: Data, selection: Any) -> Result:
        """The categories with their counts, from the largest unless they have an order of their own.

        Unaskable when nobody is counted by them, or not by the category whose part is told.
        """
        counts = self.counted(data, selection)
        across = self._across(counts)
        if not counts.values(0) or (self.part and self.part not in across):
            raise Unaskable(f"no cuenta a nadie por {counts.dimensions[-1].title.lower()}")
        facts = self._facts(counts)
        return Result(
            self.question,
            data.once(
                ("columns of", self.name, counts.tables, counts.withheld, *across),
                lambda: self._columns(counts, across),
            ),
            tuple([self._row(bar, counts, across) for bar in facts.bars]),
            facts,
            counts.tables,
            tuple(words for note in self.notes if (words := barras.said(note, facts))),
            counts.cutoffs,
        )

    def _facts(self, counts: Breakdown) -> Facts:
        whole = counts.count()
        sides = counts.values(1) if self._mirrored(counts) else {}
        bars = [self._bar(code, name, whole, sides, counts) for code, name in counts.values(0).items()]
        if not self.ordered:
            bars.sort(key=lambda bar: (bar.count is None, bar.code in SAYS_NOTHING, -(bar.count or 0)))
        return Facts(
            tuple(bars),
            self._label(counts)[1],
            counts.counted.title.lower(),
            whole,
            self.says,
            counts.said,
            self.ordered,
            counts.withheld,
            sides,
            {side: counts.count(TOTAL, side) for side in sides},
        )

    def _mirrored(self, counts: Breakdown) -> bool:
        return len(counts.dimensions) > 1 and not self.part

    def _bar(self, code: str, name: str, whole: float | None, sides: Mapping[str, str], counts: Breakdown) -> Bar:
        own = counts.count(code)
        if self.part:
            return Bar(code, name, own, (Part(counts.count(code, self.part), own),))
        if not sides:
            return Bar(code, name, own, (Part(own, whole),))
        return Bar(code, name, own, tuple([Part(counts.count(code, side), whole) for side in sides]))

    # --- The table --------------------------------------------------------------------------------------------------

    def _label(self, counts: Breakdown) -> tuple[str, str]:
        return self.label or ("nombre", counts.dimensions[0].title)

    def _across(self, counts: Breakdown) -> Columns:
        """The columns of the second dimension: by value, name and title."""
        values = counts.values(1) if len(counts.dimensions) > 1 else {}
        return {value: self.columns.get(value, (value, title)) for value, title in values.items()}

    def _columns(self, counts: Breakdown, across: Columns) -> tuple[AnswerColumn, ...]:
        name, title = self._label(counts)
        counted, unit, why_not = counts.counted, counts.counted.unit or "", STATE if counts.withheld else None
        found = [AnswerColumn(counts.dimensions[0], hidden=True)]
        found.append(text_column(name, title, "La categoría en palabras."))
        found += [
            _number(column, words, f"{words}: {counted.title}.", unit, why_not) for column, words in across.values()
        ]
        found.append(_number(counted.name, "Total" if across else counted.title, counted.description, unit, why_not))
        if self.part:
            column, words = across[self.part]
            why = f"{words}, por cada 100 del total de su fila."
            found.append(_number(f"{column}_por_ciento", f"{words} (%)", why, "%", why_not, PERCENT))
        elif not across:
            why = "Parte del total, en por ciento."
            found.append(_number("por_ciento", "Del total", why, "%", why_not, PERCENT))
        if counts.withheld:
            found.append(
                text_column(STATE, "Estado del dato", "Si se publican todas las cifras de la fila.", hidden=True)
            )
        return (*found, *(EVIDENCE if self.evidence else ()))

    def _row(self, bar: Bar, counts: Breakdown, across: Columns) -> tuple[Any, ...]:
        of_each = [counts.count(bar.code, value) for value in across] if across else ()
        share = () if self._mirrored(counts) else (bar.part.share,)
        state = ((PUBLISHED if bar.published and None not in of_each else WITHHELD),) if counts.withheld else ()
        evidence = counts.evidence[bar.code].evidence() if self.evidence else ()
        return (bar.code, bar.name, *of_each, bar.count, *share, *state, *evidence)


@lru_cache(1_024)
def _number(
    name: str, title: str, words: str, unit: str, explained_by: str | None, written: Unit = COUNT
) -> AnswerColumn:
    """A column of numbers, the same for every place."""
    column = number_column(name, title, words, unit, written, decimal=written is PERCENT)
    return replace(column, explained_by=explained_by)
