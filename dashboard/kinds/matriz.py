"""Where people abroad come from against where they live: a table painted by class, both ways in the order of its totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.figures.diaspora import Reading
from dashboard.kinds.fuera import CONFIDENTIAL, Scale, Spot, legend
from dashboard.view import Result
from dashboard.words import WITHHELD, Figure, Sentence, plural, sentence


@dataclass(frozen=True)
class Facts:
    """The departamentos of the rows and the places of the columns with their published totals, and what is where they meet.

    `who` names the people.
    """

    rows: tuple[Spot, ...]
    columns: tuple[Spot, ...]
    cells: Mapping[tuple[str, str], Spot]
    scale: Scale
    total: Spot
    who: str

    @property
    def hidden(self) -> int:
        """How many cells are confidential."""
        return len([spot for spot in self.cells.values() if spot.css == CONFIDENTIAL])

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The classes in words."""
        return legend(self.scale, self.cells.values(), "celda", "celdas")


def facts(result: Result) -> Facts:
    """What the query already worked out."""
    found: Facts = result.material
    return found


def text(facts: Facts) -> tuple[Sentence, ...]:
    """Where most of the published are, and how many cells are not."""
    known = {key: spot for key, spot in facts.cells.items() if spot.value}
    found = []
    if known:
        (row, column), spot = max(known.items(), key=lambda item: item[1].value or 0)
        names = {item.code: item.name for item in (*facts.rows, *facts.columns)}
        found.append(
            sentence(
                "Cada fila es de dónde vienen y cada columna, dónde viven. La celda publicada más alta es la de {row} y "
                "{column}: {value}.",
                row=names[row],
                column=names[column],
                value=Figure(spot.text, spot.value),
            )
        )
    if facts.hidden:
        count = Figure(plural(facts.hidden, "celda", "celdas"), facts.hidden)
        found.append(sentence("De {count}, la cifra {why}.", count=count, why=WITHHELD))
    return tuple(found) or (sentence("No hay nadie de quien se haya contado las dos cosas."),)


def figure(facts: Facts) -> dict[str, object]:
    """The paint of each cell: [row, column, class, figure as written]."""
    return {"celdas": [[*key, spot.css, spot.text] for key, spot in facts.cells.items()], "leyenda": facts.legend}


def total_reading(found: Mapping[tuple[str, ...], Reading], key: tuple[str, ...]) -> Reading:
    """The published total of a row or a column; one that is not in the table is not published."""
    return found.get(key, Reading(None, ()))
