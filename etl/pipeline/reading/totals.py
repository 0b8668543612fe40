"""Rows that add up others: recognised, compared with what they add up, and never published as a place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from etl.pipeline.reading.grid import Said, listed

WHOLE = re.compile(r"[0-9]+")
#: The number of a row, and its whole numbers by column; what is not one is missing.
Counted = tuple[int, Mapping[str, int]]


def check(rows: Sequence[Counted], totals: Sequence[tuple[int, Mapping[str, str]]], said: Said) -> None:
    """Every total is the sum of the rows that it can be of: all, those before it, or those since the total before it."""
    equal, previous = [], 0
    for number, cells in totals:
        figures = {name: int(cell) for name, cell in cells.items() if WHOLE.fullmatch(cell)}
        strange = {name: cell for name, cell in cells.items() if cell and name not in figures}
        candidates = [
            rows,
            [row for row in rows if row[0] < number],
            [row for row in rows if previous < row[0] < number],
        ]
        sums = [_sums(candidate, figures) for candidate in candidates if candidate]
        best = min(sums, key=lambda found: sum(found[name] != value for name, value in figures.items()), default={})
        wrong = {name: value for name, value in figures.items() if best.get(name) != value}
        for name, value in wrong.items():
            added = best.get(name, 0)
            message = f"el total no es la suma de la columna, {added}: diferencia {value - added:+d}"
            said.wrong(message, number, name, cells[name])
        for name, cell in strange.items():
            said.wrong("el total de la columna no es un número entero", number, name, cell)
        if not wrong and not strange:
            equal.append(number)
        previous = number
    if equal:
        what = "es un total, igual a la suma" if len(equal) == 1 else "son totales, iguales a la suma"
        said.notices.append(f"la {listed(equal)} {what}" if len(equal) == 1 else f"las {listed(equal)} {what}")


def _sums(rows: Sequence[Counted], figures: Mapping[str, int]) -> dict[str, int]:
    return {name: sum(row[1].get(name, 0) for row in rows) for name in figures}
