"""Linear programming over what a reader can know: which counts agree with everything that is published.

A `Region` is the set of counts that a reader cannot tell apart: they add up, they are not negative,
and they equal what is fixed. `explore` collects points of it, cheaply and many cells at a time, until the cells have
been seen far enough apart: two points that agree with everything published and differ in a cell by its threshold or
more PROVE that nobody can bound that cell more tightly. `exact` solves the two programs of one cell: its minimum and
maximum. The solver is HiGHS (Huangfu and Hall, 2018); every point it returns is checked here against the equations
before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

from etl.disclosure.tables import Bools, Ints, Tables, TablesError

Floats = NDArray[np.float64]

TOLERANCE = 1e-5  # people: far below the 1 that would matter, far above the solver's 1e-7
LARGE = 5_000  # unknown cells from which the interior point method is faster than the simplex
MIDDLE, FEW = 2_500, 0.1  # … and from which it is while more than a tenth of the cells are still to be proved
Method = Mapping[str, str | int]
WARM: Method = {"solver": "simplex", "simplex_strategy": 4}  # primal: keeps its point when only the aim changes
COLD: Method = {"solver": "simplex", "simplex_strategy": 1}  # dual: fastest from nothing
STILL: Method = {**COLD, "presolve": "off"}  # … and from where nothing changes: presolve costs eight times the rest
INTERIOR: Method = {"solver": "ipm", "run_crossover": "off"}
ATTEMPTS, STALLED = 60, 4
WORTH = 1e6  # of one person of room, in the price of changing published cells: a path of changes costs thousands
ROOM = 2  # thresholds that a small cell may rise in one point: more would only take from its neighbours


@dataclass
class Range:
    """The lowest and highest count seen so far for every cell, in points that agree with what is published."""

    low: Floats
    high: Floats

    @classmethod
    def at(cls, point: Ints | Floats) -> Range:
        """No room yet: only `point` has been seen."""
        return cls(point.astype(float), point.astype(float))

    def see(self, cells: Ints, point: Floats) -> None:
        """Widen `cells` to hold `point`."""
        self.low[cells] = np.minimum(self.low[cells], point)
        self.high[cells] = np.maximum(self.high[cells], point)

    def join(self, other: Range) -> None:
        """Widen every cell to what `other` has seen."""
        self.low, self.high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)

    def narrow(self, thresholds: Ints) -> Bools:
        """The cells not seen at points a threshold apart."""
        return self.high - self.low < thresholds - TOLERANCE


@dataclass(frozen=True)
class Matrix:
    """The coefficients of a program by columns, as HiGHS takes them: column `k` has those from `start[k]` to `start[k + 1]`."""

    start: Ints
    index: Ints
    value: Floats

    @property
    def both(self) -> Matrix:
        """Every column twice, the second time with the opposite sign: what falls beside what rises."""
        again = self.start[1:] + len(self.index)
        value = np.concatenate([self.value, -self.value])
        return Matrix(np.concatenate([self.start, again]), np.tile(self.index, 2), value)


class Region:
    """Counts that agree with `point` (one count per cell, adding up) in every cell that is not `free`.

    `most` are the largest counts that the cells may have, if something else limits them.
    """

    def __init__(self, tables: Tables, point: Ints | Floats, free: Bools, most: Floats | None = None) -> None:
        self.cells = np.flatnonzero(free)
        place = np.full(tables.cells, -1, dtype=np.int64)
        place[self.cells] = np.arange(len(self.cells))
        inside = free[tables.cell]
        _, self.row = np.unique(tables.equation[inside], return_inverse=True)
        self.column = place[tables.cell[inside]]
        self.sign = tables.sign[inside].astype(float)
        self.rows = int(self.row.max()) + 1 if len(self.row) else 0
        self.point = point[self.cells].astype(float)
        self.right = np.bincount(self.row, self.sign * self.point[self.column], self.rows).astype(float)
        self.ceiling = 2 * float(np.abs(point).max(initial=0)) + 1_000  # keeps every program bounded
        self.most = np.full(len(self.cells), self.ceiling)
        if most is not None:
            self.most = np.minimum(self.most, most[self.cells])

    def holds(self, point: Floats) -> bool:
        """Whether `point` (free cells only) agrees with everything fixed, by our own arithmetic."""
        gap = np.bincount(self.row, self.sign * point[self.column], self.rows) - self.right
        inside = (point >= -TOLERANCE).all() and (point <= self.most + TOLERANCE).all()
        return bool(np.abs(gap).max(initial=0) <= TOLERANCE and inside)

    def solver(self, upper: Floats, method: Method) -> highspy.Highs:
        """A HiGHS instance with these cells and sums, and no objective yet."""
        return _program(self.matrix, self.right, upper, np.zeros(len(self.cells)), method)

    @cached_property
    def matrix(self) -> Matrix:
        """Its sums, a column for each cell."""
        order = np.lexsort((self.row, self.column))
        counts = np.bincount(self.column, minlength=len(self.cells))
        start = np.concatenate([[0], np.cumsum(counts)])
        return Matrix(start, self.row[order], self.sign[order])

    @cached_property
    def changes(self) -> Matrix:
        """Its sums over what each cell rises and what each falls."""
        return self.matrix.both

    def cheapest_change(self, rise: Bools, fall: Bools, hidden: Bools, thresholds: Ints, cost: Floats) -> Ints:
        """The published free cells that must change, at least cost, for some to rise, or fall, by their threshold.

        Every hidden cell of the region may change for nothing. Positions in the tables; none if there is no way.
        """
        hidden, rise, fall = (item[self.cells] for item in (hidden, rise, fall))
        room = thresholds[self.cells]
        count = len(self.cells)
        up = np.minimum(np.where(rise, room, self.ceiling), self.most - self.point)
        down = np.minimum(np.where(fall, room, self.ceiling), self.point)
        price = np.where(hidden, 0.0, np.sqrt(1 + cost[self.cells]))
        highs = _program(
            self.changes,
            np.zeros(self.rows),
            np.maximum(np.concatenate([up, down]), 0),
            np.concatenate([price, price]),
            STILL,
        )
        aim = WORTH * (rise.astype(float) - fall)
        change = _maximum(highs, np.concatenate([aim - price, -aim - price]))
        if change is None:
            return np.zeros(0, dtype=np.int64)
        moves = np.abs(change[:count] - change[count:]) > TOLERANCE
        return self.cells[moves & ~hidden]

    def explore(
        self, thresholds: Ints | Floats, seen: Range, wanted: Bools, seed: int = 0, upwards: Bools | None = None
    ) -> None:
        """Widen `seen` with points of the region until no wanted cell is narrow, or no more room is found.

        Those `upwards` are only looked at for their largest count.
        """
        thresholds, wanted = thresholds[self.cells], wanted[self.cells]
        rising = np.zeros(len(self.cells), dtype=bool) if upwards is None else upwards[self.cells]
        small = self.point < thresholds
        upper = np.minimum(np.where(small, self.point + ROOM * thresholds, self.ceiling), self.most)
        solvers: dict[str, highspy.Highs] = {}
        random = np.random.default_rng(seed)
        left, stalled, first = len(self.cells) + 1, 0, 0
        for _ in range(ATTEMPTS):
            low = np.where(rising, self.point, seen.low[self.cells])
            narrow = wanted & (seen.high[self.cells] - low < thresholds - TOLERANCE)
            count = int(narrow.sum())
            stalled = stalled + 1 if count == left else 0
            if not count or stalled == STALLED:
                return
            left, first = count, first or count
            method = self._method(count / first)
            name = str(method["solver"])
            solvers[name] = solvers.get(name) or self.solver(upper, method)
            up = (random.random(len(narrow)) < np.where(small, 0.85, 0.5)) | rising
            aim = random.uniform(0.1, 1, len(narrow)) * np.where(up, 1, -1) * narrow
            point = _maximum(solvers[name], aim)
            if point is not None and self.holds(point):
                seen.see(self.cells, np.maximum(point, 0))

    def _method(self, still: float) -> Method:
        """The faster one when a part `still` of the cells aimed at is left: the simplex, when its aim hardly changes."""
        large = len(self.cells) > (MIDDLE if still > FEW else LARGE)
        return INTERIOR if large else WARM

    def towards(self, thresholds: Ints, seen: Range, seed: int) -> Floats | None:
        """Another point of the whole region, far away in the cells that are narrow; what it shows is seen."""
        narrow = (seen.high - seen.low < thresholds - TOLERANCE)[self.cells]
        random = np.random.default_rng(seed)
        aim = random.uniform(0.1, 1, len(narrow)) * random.choice([-1, 1], len(narrow)) * narrow
        upper = self.most
        point = _maximum(self.solver(upper, INTERIOR if len(self.cells) > LARGE else WARM), aim)
        if point is None or not self.holds(point):
            return None
        seen.see(self.cells, np.maximum(point, 0))
        return np.maximum(point, 0)

    def exact(self, cell: int) -> tuple[float, float]:
        """The minimum and maximum of a free cell (a position in the tables), by two linear programs."""
        at = int(np.searchsorted(self.cells, cell))
        inside = self.component == self.component[at]
        part = self._part(inside)
        where = int(inside[:at].sum())
        highs = part.solver(part.most, COLD)
        found = []
        for direction in (-1, 1):
            aim = np.zeros(len(part.cells))
            aim[where] = direction
            point = _maximum(highs, aim)
            if point is None or not part.holds(point):
                raise ArithmeticError("el programa lineal de una celda no tiene solución: lo publicado se contradice")
            found.append(float(point[where]))
        return found[0], found[1]

    @cached_property
    def component(self) -> Ints:
        """A label per free cell: cells in different components say nothing about each other."""
        label = np.arange(len(self.cells))
        while True:
            lowest = np.full(self.rows, len(self.cells))
            np.minimum.at(lowest, self.row, label[self.column])
            new = label.copy()
            np.minimum.at(new, self.column, lowest[self.row])
            new = new[new]
            if (new == label).all():
                return label
            label = new

    def _part(self, inside: Bools) -> Region:
        """The region of some whole components alone."""
        part = object.__new__(Region)
        keep = inside[self.column]
        _, part.row = np.unique(self.row[keep], return_inverse=True)
        part.rows = int(part.row.max()) + 1 if keep.any() else 0
        part.column = (np.cumsum(inside) - 1)[self.column[keep]]
        part.sign = self.sign[keep]
        part.cells, part.point = self.cells[inside], self.point[inside]
        part.right = np.bincount(part.row, part.sign * part.point[part.column], part.rows)
        part.ceiling, part.most = self.ceiling, self.most[inside]
        return part


def agreeing_point(tables: Tables, published: Floats, hidden: Bools) -> Floats:
    """Counts for the hidden cells that agree with the published ones; TablesError if there are none.

    `published` has one count per cell; what it says of hidden cells is not looked at.
    """
    shown = np.where(hidden, 0.0, published)
    region = Region(tables, shown, hidden)
    gap = np.bincount(tables.equation, tables.sign * shown[tables.cell], tables.equations)
    closed = np.ones(tables.equations, dtype=bool)
    closed[tables.equation[hidden[tables.cell]]] = False
    region.right = -gap[~closed]
    if np.abs(gap[closed]).max(initial=0) > TOLERANCE:
        raise TablesError("lo publicado se contradice: hay partes que no suman su total")
    if not len(region.cells):
        return np.zeros(0)
    for method in (INTERIOR, COLD):  # a point in the middle has room on every side
        point = _maximum(region.solver(region.most, method), np.zeros(len(region.cells)))
        if point is not None and region.holds(point):
            return np.maximum(point, 0)
    raise TablesError("lo publicado se contradice: ninguna cuenta posible está de acuerdo con todo")


def _program(matrix: Matrix, right: Floats, upper: Floats, cost: Floats, method: Method) -> highspy.Highs:
    """HiGHS with columns from 0 to `upper` and rows equal to `right`."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(upper), len(right)
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = np.zeros(len(upper)), upper
    program.row_lower_ = program.row_upper_ = right
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.start
    program.a_matrix_.index_ = matrix.index
    program.a_matrix_.value_ = matrix.value
    highs = highspy.Highs()
    for option, value in {"output_flag": False, "threads": 1, "random_seed": 0, **method}.items():
        highs.setOptionValue(option, value)
    highs.passModel(program)
    return highs


def _maximum(highs: highspy.Highs, aim: Floats) -> Floats | None:
    """The point that maximises `aim`; None if the solver finds none."""
    highs.changeColsCost(len(aim), np.arange(len(aim), dtype=np.int32), -aim)
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(highs.getSolution().col_value)
