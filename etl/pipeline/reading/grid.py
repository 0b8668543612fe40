"""The cells of a sheet or of a text file, as text, with the places a person sees when opening it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.model import Problem

#: A row number (the first is 1) and its cells.
Row = tuple[int, list[str]]


class Fraction(str):
    """A cell that is a number with decimals, not text that looks like one: its point separates no thousands."""


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet, or of one text file, that have something in them.

    `merged` are the ranges of joined cells: first row, last row, first column, last column (columns count from 0).
    `formulas` are the cells (row, column) that hold a formula and no value. `hidden` says whether the sheet is.
    `ragged` are rows with as many cells as they bring; without it, the blank cells at the end of a row were never stored.
    """

    name: str | None
    rows: Sequence[Row]
    ragged: bool = False
    hidden: bool = False
    hidden_rows: int = 0
    merged: Sequence[tuple[int, int, int, int]] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    notices: tuple[str, ...] = ()


@dataclass
class Said:
    """What was found while reading a file: what was set right (`notices`) and what is wrong with it (`problems`)."""

    file: str
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, message: str, row: int | None = None, column: str | None = None, value: str | None = None) -> None:
        """Note a problem, with its place."""
        self.problems.append(Problem(self.file, row, column, value, message))


class Unreadable(Exception):
    """The file cannot be turned into rows; carries the one problem that says why."""

    def __init__(self, problem: Problem):
        super().__init__(problem.message)
        self.problem = problem


def listed(rows: Sequence[int], most: int = 5) -> str:
    """Row numbers in words, the first of them: «fila 7», «filas 7, 8, 9, 10, 11 y 3 más»."""
    shown = [str(row) for row in rows[:most]]
    if len(rows) > most:
        return f"filas {', '.join(shown)} y {len(rows) - most} más"
    if len(shown) > 1:
        return f"filas {', '.join(shown[:-1])} y {shown[-1]}"
    return f"fila {shown[0]}"
