"""What a reader knows when counts are whole numbers: bounds carried from sum to sum, and programs over a part of a system.

`Knowledge` holds for every cell the fewest and the most people that it may have. `Part` is a program over some hidden cells
(`Near` chooses those that say most of one) with the sums that speak of nothing else that is hidden: leaving sums out makes
every bound that it finds wider, never narrower than what a reader can truly know.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import ceil, floor
from time import monotonic

import highspy
import numpy as np

from etl.disclosure.audit import PublishedSystem
from etl.disclosure.bounds import TOLERANCE, Floats, Region
from etl.disclosure.tables import Bools, Ints, Tables

ROUNDS = 40
NEAR = 1e-6


@dataclass
class Knowledge:
    """The fewest and the most people that each cell may have, as far as it is known."""

    low: Floats
    high: Floats

    @classmethod
    def of(cls, published: PublishedSystem) -> Knowledge:
        """What each sum says, and then what the others say of it: every published count, and what follows."""
        hidden = published.hidden
        counts = np.nan_to_num(published.counts)
        most = 2 * float(counts.max(initial=0)) + 1_000
        return cls(np.where(hidden, 0, counts), np.where(hidden, most, counts)).spread(published.tables)

    def spread(self, tables: Tables) -> Knowledge:
        """The same after every sum has told each of its cells what the others leave it, until nothing is learnt."""
        low, high = self.low.copy(), self.high.copy()
        equation, cell, sign = tables.equation, tables.cell, tables.sign.astype(float)
        adds = sign > 0
        for _ in range(ROUNDS if len(equation) else 0):
            least = np.where(adds, low[cell], -high[cell])
            most = np.where(adds, high[cell], -low[cell])
            under, over = (np.bincount(equation, part, tables.equations) for part in (least, most))
            # What is left for a cell: its sum with the others is zero.
            up, down = -(under[equation] - least), -(over[equation] - most)
            new_high, new_low = high.copy(), low.copy()
            np.minimum.at(new_high, cell, np.where(adds, up, -down))
            np.maximum.at(new_low, cell, np.where(adds, down, -up))
            if (new_high == high).all() and (new_low == low).all():
                break
            low, high = new_low, new_high
        return Knowledge(low, high)

    @property
    def contradicts_itself(self) -> bool:
        """Whether no counts agree with it."""
        return bool((self.low > self.high + TOLERANCE).any())


class Near:
    """Which hidden cells are in a sum together."""

    def __init__(self, published: PublishedSystem) -> None:
        tables = published.tables
        inside = published.hidden[tables.cell]
        equation, cell = tables.equation[inside], tables.cell[inside]
        self._members = np.split(cell, np.searchsorted(equation, np.arange(1, tables.equations)))
        self._total = np.zeros(tables.equations, dtype=np.int64)
        self._total[tables.equation[tables.sign < 0]] = tables.cell[tables.sign < 0]
        order = np.argsort(cell, kind="stable")
        self._sums = np.split(equation[order], np.searchsorted(cell[order], np.arange(1, tables.cells)))

    def members(self, equation: int) -> Ints:
        """The hidden cells of a sum."""
        return self._members[equation]

    def of(self, cell: int) -> list[int]:
        """The hidden cells of the sums that one is a part of, in order, but for those of the same people: its own parts, and a
        total of which it is the only part that is hidden.
        """
        found: set[int] = set()
        for number in self._sums[cell].tolist():
            members = {*self._members[number].tolist()} - {cell}
            if self._total[number] != cell and members != {int(self._total[number])}:
                found |= members
        return sorted(found)

    def around(self, cell: int, most: int, inside: Bools) -> Ints:
        """Up to `most` hidden cells `inside`, with the whole of each sum that reaches them: of few cells first, from one on."""
        found = {cell}
        waiting: list[tuple[int, int]] = []
        seen: set[int] = set()

        def reach(one: int) -> None:
            for number in self._sums[one].tolist():
                if number not in seen:
                    seen.add(number)
                    heapq.heappush(waiting, (len(self._members[number]), number))

        reach(cell)
        while waiting and len(found) < most:
            _, number = heapq.heappop(waiting)
            members = self._members[number]
            if not inside[members].all() or len(found | {*members.tolist()}) > most:
                continue
            for one in members.tolist():
                if one not in found:
                    found.add(one)
                    reach(one)
        return np.array(sorted(found))


class Part:
    """A program over some hidden `cells` of a system, within what is known of each, and the sums of them alone."""

    def __init__(self, published: PublishedSystem, cells: Ints, known: Knowledge) -> None:
        tables, hidden = published.tables, published.hidden
        self.cells = cells
        free = np.zeros(tables.cells, dtype=bool)
        free[cells] = True
        self._place = np.full(tables.cells, -1, dtype=np.int64)
        self._place[cells] = np.arange(len(cells))
        self._low, self._high = known.low[cells], known.high[cells]
        told = np.bincount(tables.equation, hidden[tables.cell] & ~free[tables.cell], tables.equations) == 0
        inside = told[tables.equation] & free[tables.cell]
        numbers, self._row = np.unique(tables.equation[inside], return_inverse=True)
        fixed = np.where(hidden, 0.0, np.nan_to_num(published.counts))
        gap = np.bincount(tables.equation, tables.sign * fixed[tables.cell], tables.equations)
        self._right = -gap[numbers]
        self._column = self._place[tables.cell[inside]]
        self._sign = tables.sign[inside].astype(float)
        self._solvers: dict[bool, highspy.Highs] = {}

    def __contains__(self, cell: int) -> bool:
        """Whether it speaks of a cell."""
        return bool(self._place[cell] >= 0)

    def bounds(self, cell: int, whole: bool, until: float) -> tuple[float, float] | None:
        """The fewest and the most people of a cell, rounded inwards; with `whole`, of whole counts everywhere.

        When the time (of `monotonic`) runs out, what has been proved until then; None when nothing has.
        """
        highs = self._solver(whole)
        place = int(self._place[cell])
        found = []
        for direction in (1.0, -1.0):
            highs.changeColCost(place, direction)
            highs.setOptionValue("time_limit", highs.getRunTime() + max(until - monotonic(), 0.01))
            highs.run()
            done = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
            info = highs.getInfo()
            proved = info.mip_dual_bound if whole else info.objective_function_value
            highs.changeColCost(place, 0.0)
            if not (done or whole) or not np.isfinite(proved) or abs(proved) >= highspy.kHighsInf:
                return None
            found.append(direction * proved)
        return ceil(found[0] - NEAR), floor(found[1] + NEAR)

    def _solver(self, whole: bool) -> highspy.Highs:
        if whole not in self._solvers:
            self._solvers[whole] = self._program(whole)
        return self._solvers[whole]

    def _program(self, whole: bool) -> highspy.Highs:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.cells), len(self._right)
        program.col_cost_ = np.zeros(len(self.cells))
        program.col_lower_, program.col_upper_ = self._low, self._high
        program.row_lower_ = program.row_upper_ = self._right
        order = np.lexsort((self._row, self._column))
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        counts = np.bincount(self._column, minlength=len(self.cells))
        program.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)])
        program.a_matrix_.index_ = self._row[order]
        program.a_matrix_.value_ = self._sign[order]
        if whole:
            program.integrality_ = [highspy.HighsVarType.kInteger] * len(self.cells)
        highs = highspy.Highs()
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            highs.setOptionValue(option, value)
        highs.passModel(program)
        return highs


def components(published: PublishedSystem) -> Ints:
    """A label per hidden cell (-1 for the others): cells with different ones say nothing about each other."""
    region = Region(published.tables, np.nan_to_num(published.counts), published.hidden)
    label = np.full(published.tables.cells, -1, dtype=np.int64)
    label[region.cells] = region.component
    return label
