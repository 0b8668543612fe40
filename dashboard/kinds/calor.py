"""A heat table: two things crossed, with the totals that are published and the cells that are confidential."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dashboard.address.crossing import OF_COLUMN, OF_ROW, PEOPLE, RATES, TOTAL
from dashboard.figures.crossings import UNSAID, Key, Tally
from dashboard.kinds.classes import Classes, classify
from dashboard.view import Result
from dashboard.words import COUNT, NO_DATA, PERCENT, WITHHELD, Figure, Sentence, Unit, integer, plural, sentence

#: What the cells of a table of rates show, whatever is asked.
RATE = "tasa"
#: The classes of a share: the same in every table whose cells fill most of them, so that two tables can be compared.
FIXED = (1.0, 10.0, 25.0, 50.0, 75.0)
FILLED_AT_LEAST = 4
#: Below these people a share moves a lot: such rows are not named as the highest or the lowest.
ENOUGH = 1000
#: Values that say nothing of the people that have them: no sentence is about them.
UNTOLD = ("no_aplica", "sin_dato")
#: How those rows are called.
ROWS = (f"fila con {integer(ENOUGH)} personas o más", f"filas con {integer(ENOUGH)} personas o más")
#: A share that would be written as zero and is not.
LEAST = 0.05


@dataclass(frozen=True)
class Material:
    """A cross already counted, in the order in which it is shown, and the words of its sentences.

    `people` are those counted, as a noun phrase; `scope` is where; `category` gives what the people of a column are
    («mujeres mayas»), `verb` what is said of them («son», «viven en»).
    """

    cuenta: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    tallies: Mapping[Key, Tally]
    row_title: str
    column_title: str
    people: str
    scope: str
    category: Callable[[str], str]
    verb: str
    when: str
    order: str = ""


@dataclass(frozen=True)
class Facts:
    """The cells of the table by the codes of row and column (TOTAL for the totals), and what is said of them."""

    material: Material
    tallies: Mapping[Key, Tally]

    @property
    def rows(self) -> Mapping[str, str]:
        """The words of each row, in order."""
        return self.material.rows

    @property
    def columns(self) -> Mapping[str, str]:
        """The words of each column, in order."""
        return self.material.columns

    @property
    def is_rate(self) -> bool:
        """Whether its cells are rates and not counts of people."""
        return self.material.cuenta in RATES

    def tally(self, row: str, column: str) -> Tally:
        """One cell; UNSAID when the table has no such row."""
        return self.tallies.get((row, column), UNSAID)

    def value(self, row: str, column: str, mode: str) -> float | None:
        """What the big number of a cell is; None when it, or what it is compared with, is not published."""
        tally = self.tally(row, column)
        if mode == PEOPLE or tally.people is None:
            return tally.people
        if mode == RATE:
            return per_cent(tally.people, tally.roll)
        return per_cent(tally.people, self.tally(*((row, TOTAL) if mode == OF_ROW else (TOTAL, column))).people)

    def mode(self, asked: str) -> str:
        """What its cells show when `asked` is asked for."""
        return RATE if self.is_rate else asked or OF_ROW

    def unit(self, mode: str) -> Unit:
        """How the big number of a cell is written."""
        return COUNT if mode == PEOPLE else PERCENT

    def write(self, row: str, column: str, mode: str) -> str:
        """The big number of a cell, or why there is none."""
        value = self.value(row, column, mode)
        if value is None:
            return self.reason(row, column, mode)
        return "<" + PERCENT.write(0.1) if mode != PEOPLE and 0 < value < LEAST else self.unit(mode).write(value)

    def reason(self, row: str, column: str, mode: str) -> str:
        """Why a cell has no number; of a share, be it for its own count or for the one that it is compared with."""
        compared = {OF_ROW: (row, TOTAL), OF_COLUMN: (TOTAL, column)}.get(mode, (row, column))
        return WITHHELD if self.tally(row, column).hidden or self.tally(*compared).hidden else NO_DATA

    @cached_property
    def hidden(self) -> int:
        """How many of its cells, without the totals, are not published so that nobody is singled out."""
        return sum(self.tally(row, column).hidden for row in self.rows for column in self.columns)

    @cached_property
    def hidden_totals(self) -> int:
        """How many of its totals are confidential too."""
        ends = [(row, TOTAL) for row in self.rows] + [(TOTAL, column) for column in self.columns]
        return sum(self.tally(*key).hidden for key in ends)

    @cached_property
    def cells(self) -> int:
        """How many cells it has, without the totals."""
        return len(self.rows) * len(self.columns)

    def classes(self, mode: str) -> Classes:
        """The classes of the big numbers of its cells."""
        if mode not in self._classes:
            self._classes[mode] = self._classify(mode)
        return self._classes[mode]

    @cached_property
    def _classes(self) -> dict[str, Classes]:
        return {}

    def _classify(self, mode: str) -> Classes:
        unit = self.unit(mode)
        values = [self.value(row, column, mode) for row in self.rows for column in self.columns]
        known = tuple(value for value in values if value is not None)
        fixed = Classes(FIXED, unit)
        if mode != PEOPLE and len({fixed.of(value) for value in known}) >= FILLED_AT_LEAST:
            return fixed
        return classify(known, unit, False)


def per_cent(part: int | None, whole: int | None) -> float | None:
    """A part of every hundred; None when either is not published, or there is nobody."""
    return 100 * part / whole if part is not None and whole else None


def facts(result: Result) -> Facts:
    """The cells of a cross."""
    material: Material = result.material
    return Facts(material, material.tallies)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """The whole and its largest parts; where they are highest and lowest; and how many cells are not published."""
    found = _rates(facts) if facts.is_rate else _counts(facts)
    return (*found, *_withheld(facts))


def _counts(facts: Facts) -> tuple[Sentence, ...]:
    material, whole = facts.material, facts.tally(TOTAL, TOTAL)
    if whole.people is None:
        why = "no se publica por confidencialidad" if whole.hidden else "no está publicado"
        return (
            sentence("{scope}, el total de {people} {why}.", scope=material.scope, people=material.people, why=why),
        )
    total = Figure(integer(whole.people), whole.people)
    shares = {code: facts.value(TOTAL, code, OF_ROW) for code in facts.columns}
    told = [code for code, share in shares.items() if share and code not in UNTOLD]
    known = sorted(told, key=lambda code: -(shares[code] or 0))
    if not known:
        return (sentence("{scope} hay {total} {people}.", scope=material.scope, total=total, people=material.people),)
    first = _written(facts, known[0])
    words = {"scope": material.scope, "people": material.people, "verb": material.verb}
    named: dict[str, str | Figure] = {"first": first, "a": material.category(known[0])}
    if len(known) == 1:
        return (sentence("{scope}, de {total} {people}, {first} {verb} {a}.", total=total, **words, **named),)
    named |= {"second": _written(facts, known[1]), "b": material.category(known[1])}
    lead = sentence("{scope}, de {total} {people}, {first} {verb} {a} y {second}, {b}.", total=total, **words, **named)
    return (lead, *_extremes_of_rows(facts, known[0]))


def _written(facts: Facts, column: str) -> Figure:
    return Figure(facts.write(TOTAL, column, OF_ROW), facts.value(TOTAL, column, OF_ROW))


def _extremes_of_rows(facts: Facts, column: str) -> tuple[Sentence, ...]:
    """In which rows the largest part is highest and lowest, among those with enough people."""
    shares = {row: facts.value(row, column, OF_ROW) for row in facts.rows}
    enough = [
        row for row, share in shares.items() if share is not None and (facts.tally(row, TOTAL).people or 0) >= ENOUGH
    ]
    if len(enough) < 2:
        return ()
    high, low = (pick(enough, key=lambda row: shares[row] or 0) for pick in (max, min))
    return (
        sentence(
            "La parte más alta de «{column}» es {most} ({high}) y la más baja, {least} ({low}){compared}.",
            column=facts.columns[column],
            most=Figure(facts.write(high, column, OF_ROW), shares[high]),
            high=facts.rows[high],
            least=Figure(facts.write(low, column, OF_ROW), shares[low]),
            low=facts.rows[low],
            compared="" if len(enough) == len(facts.rows) else f", entre {plural(len(enough), *ROWS)}",
        ),
    )


def _rates(facts: Facts) -> tuple[Sentence, ...]:
    material, whole = facts.material, facts.tally(TOTAL, TOTAL)
    did = "votaron" if material.cuenta == "votaron" else "no votaron"
    value = facts.value(TOTAL, TOTAL, RATE)
    if value is None or whole.people is None or whole.roll is None:
        why = "no se publica por confidencialidad" if whole.hidden else "no está publicado"
        words = {"scope": material.scope, "did": did, "people": material.people, "why": why}
        return (sentence("{scope}, cuántas de las {people} {did} {why}.", **words),)
    lead = sentence(
        "{scope}, en {when} {did} {count} de {roll} {people}: {rate}.",
        scope=material.scope,
        when=material.when,
        did=did,
        people=material.people,
        count=Figure(integer(whole.people), whole.people),
        roll=Figure(integer(whole.roll), whole.roll),
        rate=Figure(PERCENT.write(value), value),
    )
    return (lead, *_extremes_of_cells(facts))


def _extremes_of_cells(facts: Facts) -> tuple[Sentence, ...]:
    rates = {
        (row, column): rate
        for row in facts.rows
        for column in facts.columns
        if (facts.tally(row, column).roll or 0) >= ENOUGH and (rate := facts.value(row, column, RATE)) is not None
    }
    if len(rates) < 2:
        return ()
    low, high = (pick(rates, key=lambda key: rates[key]) for pick in (min, max))
    return (
        sentence(
            "Va de {least} ({low}) a {most} ({high}), entre {cells} con {enough} personas o más en el padrón.",
            least=Figure(PERCENT.write(rates[low]), rates[low]),
            low=f"{facts.rows[low[0]]}, {facts.columns[low[1]]}",
            most=Figure(PERCENT.write(rates[high]), rates[high]),
            high=f"{facts.rows[high[0]]}, {facts.columns[high[1]]}",
            cells=plural(len(rates), "celda", "celdas"),
            enough=integer(ENOUGH),
        ),
    )


def _withheld(facts: Facts) -> tuple[Sentence, ...]:
    if not facts.hidden:
        return ()
    counted = "" if facts.hidden_totals else " Cuentan en los totales de fila y de columna."
    return (
        sentence(
            "{hidden} de {cells} no se publican por confidencialidad.{counted}",
            hidden=Figure(integer(facts.hidden), facts.hidden),
            cells=plural(facts.cells, "celda", "celdas"),
            counted=counted,
        ),
    )


def figure(facts: Facts) -> dict[str, object]:
    """The table as data."""
    return {"filas": len(facts.rows), "columnas": len(facts.columns), "confidenciales": facts.hidden}
