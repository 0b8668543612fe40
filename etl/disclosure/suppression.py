"""Complementary suppression over linked, hierarchical tables: what else must be hidden so that sums give nothing away.

The method is cell suppression as in the handbooks (Willenborg and de Waal 2001, «Elements of Statistical Disclosure
Control», chap. 4; Hundepool et al. 2012, «Statistical Disclosure Control», chap. 4), in the modular spirit of HiTaS (de
Wolf 2002) and GHMITER (Repsilber 1994; Giessing and Repsilber 2002), with linear programming instead of hypercubes to
say when a cell is safe (Robertson 1993; Fischetti and Salazar 2000, who call it the attacker's subproblem):

1. Every sum, by itself, must leave its hidden parts enough room: greedily, the cell that loses fewest people.
2. What is hidden above the leaves of the largest hierarchy is also hidden in one well filled leaf (the hub), so that
   departamentos can trade with it.
3. Linear programs look, layer by layer (`layers`) and block by block, for two points that agree with everything published
   and differ by the threshold in each hidden cell. A cell without them asks for more room, and 1 to 3 are repeated.

Of a difference that no table shows (who is in the registry and not on a roll) it is enough that it may be zero: then nobody
can say that there is anybody in it. To ask of it a threshold of room hid half of the people.

A cell is left as safe only when two such points were found and checked, so the result does not depend on the greedy
steps being good: those decide only how much is lost. Every step is deterministic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from etl.disclosure.blocks import WHOLE, Block, above_leaves, hubs, main_axis, moved, outside, path, upper
from etl.disclosure.bounds import TOLERANCE, Floats, Range, Region
from etl.disclosure.explored import look, needed, regions
from etl.disclosure.layers import Layer, layers, whole
from etl.disclosure.policy import CellStatus, Policy
from etl.disclosure.tables import Bools, Ints, Tables

ROOM = 1.5  # thresholds of room that a sum must leave at first: more than one saves programs and repairs
DEARER = 4.0  # how much worse it is to hide a cell for each dimension that it adds up
LONELY = 2.0  # how much worse a cell is for each sum in which it would be hidden alone
HUB_ROOM = 3  # thresholds that the hubs must be able to give of each kind
ROUNDS = 24
TURNS = 6  # of the cells that need room, a part at a time: what one part hides serves the next
LAST_LAYERS = 2  # rounds that look at layers alone
PATIENCE = 6  # rounds before asking whether there is any way at all
WORKERS = 2
LAST = 1e12  # times worse: no program chooses it to save other cells
SPARED = 3  # repairs that found nothing before hiding plain counts
ORDINARY, TOTALS, PLAIN, NEVER = range(4)  # in what order a sum that needs room hides


class DisclosureError(ValueError):
    """No set of cells protects what must be protected: publishing would expose somebody."""


@dataclass(frozen=True)
class Protection:
    """What may be published: the cells that are hidden, and how we know that it is enough.

    `hidden` = `primary` plus what protects it; `low` and `high` are counts that agree with everything published (those
    of a hidden cell are a threshold apart, or more, unless no table shows it); `rounds` counts the repairs that were needed.
    """

    tables: Tables
    policy: Policy
    hidden: Bools
    primary: Bools
    structural: Bools
    low: Floats
    high: Floats
    rounds: int

    def states(self) -> np.ndarray:
        """The flag of every cell."""
        states = np.full(self.tables.cells, CellStatus.PUBLICADA.value, dtype=object)
        states[self.structural] = CellStatus.CERO_ESTRUCTURAL.value
        states[self.hidden] = CellStatus.CONFIDENCIAL.value
        return states


def protect(
    tables: Tables,
    values: Ints,
    policy: Policy,
    structural: Bools | None = None,
    public: Bools | None = None,
    progress: Callable[[str], None] = lambda _: None,
    implied: Ints | None = None,
    also: Bools | None = None,
    plain: Bools | None = None,
) -> Protection:
    """Choose what to hide. `values` are exact counts, one per cell.

    `structural` marks combinations that cannot exist; `public`, cells that something else already publishes for the
    same people, which it is useless to hide; `also`, cells that must be hidden for what others say of them. `implied` are
    the cells that no table shows, n x 3 positions (cell, whole, the other part): one is hidden when any of those two is.
    `plain` are those that are hidden last of all: how many people there are in a place.
    Raises DisclosureError if no choice protects the others.
    """
    nobody = np.zeros(tables.cells, dtype=bool)
    structural = nobody if structural is None else structural
    public = nobody if public is None else public
    tables.check(values)
    if (values[structural] != 0).any():
        raise DisclosureError("hay personas en combinaciones declaradas imposibles")
    small = policy.primary(tables, values, structural)
    primary = (small if also is None else small | (also & ~structural)) & ~public
    choice = _Choice(
        tables, values, policy, primary.copy(), structural | public, implied, nobody if plain is None else plain
    )
    seen, rounds = choice.run(progress)
    return Protection(tables, policy, choice.hidden, primary, structural, seen.low, seen.high, rounds)


class _Choice:
    """The choice in progress: a cell that some point moves is never shown again, so what was proved stays proved."""

    def __init__(
        self,
        tables: Tables,
        values: Ints,
        policy: Policy,
        hidden: Bools,
        fixed: Bools,
        implied: Ints | None,
        plain: Bools,
    ) -> None:
        self.tables, self.values, self.hidden, self.policy = tables, values, hidden, policy
        self.thresholds = policy.thresholds(tables)
        self.layers = layers(tables)
        self.whole = whole(tables)
        self._looked = list(self.layers) or [self.whole]
        self.primary, self.fixed = hidden.copy(), fixed
        self.implied = np.zeros((0, 3), dtype=np.int64) if implied is None else implied
        unseen = np.zeros(tables.cells, dtype=bool)
        unseen[self.implied[:, 0]] = True
        # Whoever works these out knows of no small group: they reach their threshold, or there is nobody in them.
        self.rest: Bools = unseen & ~policy.behaviour(tables)
        self.safe = unseen & ~self.primary & ((values >= self.thresholds) | self.rest)
        self.never = fixed | ((values == 0) & ~unseen)  # to hide a zero leaves no room by itself
        self.plain = plain
        self.cost = self._costs()
        self.room: Floats = np.where(self.rest, 1 / self.thresholds, ROOM).astype(float)
        self.reach = 0
        self.sums = _Sums(tables)
        self._find_hubs()

    def run(self, progress: Callable[[str], None]) -> tuple[Range, int]:
        """Hide until every hidden cell is proved safe; what was seen, and how many repairs it took."""
        seen = Range.at(self.values)
        for round_number in range(ROUNDS):
            self._close()
            if round_number == LAST_LAYERS:
                self._look_at_whole()
            narrow = self._narrow(seen)
            progress(f"{int(self.hidden.sum())} celdas ocultas, {int(narrow.sum())} por comprobar")
            self._prove(seen)
            self._show_still_zeros(seen)
            narrow = self._narrow(seen)
            if not narrow.any():
                return seen, round_number
            if round_number == PATIENCE:
                self._stop_if_hopeless(narrow)
            self._repair(narrow)
        self._prove_whole(seen)
        return seen, ROUNDS

    def _costs(self) -> Floats:
        """How much is lost with each cell: its people, more if it is a total, and those that must be hidden with them.

        Whoever reads how many are not of a nest (who has no Maya language) knows how many are: both go together.
        """
        tables = self.tables
        depth = (tables.coordinates > 0).sum(axis=1)
        cost: Floats = (self.values + 5.0) * DEARER ** (depth.max(initial=0) - depth)
        for cells, others in outside(tables):
            cost[cells] += cost[others]
        return np.where(self.plain, cost * LAST, cost)

    def _narrow(self, seen: Range) -> Bools:
        """The hidden cells not seen at counts a threshold apart; of those that no table shows, nor without anybody."""
        empty = self.rest & (seen.low < TOLERANCE)
        return self.hidden & ~self.safe & ~empty & seen.narrow(self.thresholds)

    def _close(self) -> None:
        """Steps 1 and 2 until neither hides anything else."""
        while True:
            self._fill_sums()
            before = int(self.hidden.sum())
            self._open_hubs()
            self._hide_zeros()
            cell, whole, part = self.implied.T
            self.hidden[cell] |= (self.hidden[whole] | self.hidden[part]) & ~self.fixed[cell]
            if int(self.hidden.sum()) == before:
                return

    def _find_hubs(self) -> None:
        """The hubs; hiding a cell above the leaves will cost what must then be hidden in the first of them too."""
        self.axis = main_axis(self.tables)
        self.hubs: tuple[int, ...] = ()
        if self.axis is None or self.hidden.sum() <= WHOLE / 2:
            return
        self.hubs = hubs(self.tables, self.axis, self.values, self.hidden, HUB_ROOM * self.thresholds)
        if self.hubs:
            cells = above_leaves(self.tables, self.axis)
            there = moved(self.tables, self.axis, cells, self.hubs[0])
            self.cost[cells] += np.where(there >= 0, self.values[there], 0)

    def _open_hubs(self) -> None:
        """Hide in the hubs, and in what they are part of, what is hidden above the leaves: in as many as it takes."""
        if self.axis is None or not self.hubs:
            return
        wanted = upper(self.tables, self.axis, self.hidden)
        room = np.zeros(len(wanted))
        for leaf in self.hubs:
            lacking = room < HUB_ROOM * self.thresholds[wanted]
            there = moved(self.tables, self.axis, wanted, leaf)
            room += np.where(there >= 0, self.values[there], 0)
            for node in path(self.tables.axes[self.axis], leaf)[:-1]:
                cells = moved(self.tables, self.axis, wanted[lacking], node)
                cells = cells[cells >= 0]
                self.hidden[cells[~self.never[cells]]] = True

    def _hide_zeros(self) -> None:
        """Hide the zeros among parts whose people are all hidden, so that a hidden cell is not known to have people."""
        zeros = (self.values == 0) & ~self.hidden & ~self.fixed
        self.hidden |= self.sums.sheltered(zeros, self.hidden, self.values, self.thresholds * self.room)

    def _show_still_zeros(self, seen: Range) -> None:
        """Publish the hidden zeros that are zero in every point found so far: to hide them protects nothing."""
        still = self.hidden & (self.values == 0) & ~self.primary & (seen.high < TOLERANCE)
        self.hidden &= ~still
        self.fixed = self.fixed | still

    def _fill_sums(self) -> None:
        """Hide the cheapest cell of every sum that leaves too little room, until none does."""
        while True:
            lacking, need = self.sums.lacking(self.hidden, self.safe, self.values, self.thresholds * self.room)
            must, _ = self.sums.lacking(
                self.hidden, self.safe, self.values, self.thresholds * np.minimum(self.room, 1.0)
            )
            kinds = np.where(self.never, NEVER, np.where(self.plain, PLAIN, ORDINARY))
            chosen = self.sums.cheapest(lacking, need, must, self.hidden, kinds, self.values, self.cost)
            if not len(chosen):
                return
            self.hidden[chosen] = True

    def _prove(self, seen: Range) -> None:
        """Step 3."""
        look(self._looked, self.hidden, self.values, self.thresholds, self.rest, self._narrow, seen, WORKERS)

    def _look_at_whole(self) -> bool:
        """From now on look at all of it too: what the layers do not prove may still be so. False if it was looked at."""
        if any(one is self.whole for one in self._looked):
            return False
        self._looked.append(self.whole)
        return True

    def _prove_whole(self, seen: Range) -> None:
        """Last resort: the exact bounds of what no block proved. DisclosureError at the first cell they expose."""
        region = Region(self.tables, self.values, self.hidden)
        for cell in np.flatnonzero(self._narrow(seen)):
            seen.low[cell], seen.high[cell] = region.exact(int(cell))
            if self._narrow(seen)[cell]:
                raise self._unprotected(int(cell))

    def _stop_if_hopeless(self, narrow: Bools) -> None:
        """DisclosureError if a cell would be known even with everything hidden that still can be."""
        cell = int(np.flatnonzero(narrow)[0])
        low, high = Region(self.tables, self.values, ~self.fixed).exact(cell)
        if high - low < self.thresholds[cell] - TOLERANCE and not (self.rest[cell] and low < TOLERANCE):
            raise self._unprotected(cell)

    def _unprotected(self, cell: int) -> DisclosureError:
        place = " · ".join(self.tables.name(cell).values()) or "el total"
        return DisclosureError(f"no hay forma de proteger {place}")

    def _repair(self, narrow: Bools) -> None:
        """Hide what gives room to the cells not proved; when no program finds anything, all that is near them.

        The program is that of Kelly, Golden and Assad (1992) for all the cells of a block at once: the cheapest change
        of published cells that lets each one rise by its threshold; the cells it changes are hidden.
        """
        before = self.hidden.copy()  # what the others find while one works must not depend on who is faster
        for layer in self._looked:
            room = layer.largest(layer.room(before | ~self.never, self.values), self.values)
            rise, fall = layer.wanting(narrow, room, self.values, layer.of(self.thresholds), self.rest)
            if not (rise | fall).any():
                continue
            among = regions(layer.tables, room, layer.of(self.thresholds))
            for number in range(TURNS):
                some = np.arange(layer.tables.cells) % TURNS == number
                self._give_room(layer, among, rise & some, fall & some)
        self.hidden &= ~self.never | before
        found = self.hidden.sum() > before.sum()
        if not found and self._look_at_whole():
            return  # for all that the programs know there is room: it only has to be seen
        self.room[narrow] *= 2
        if not found:
            self.reach += 1
            near = narrow
            for _ in range(self.reach):
                near = self.sums.neighbours(near)
            self.hidden |= near & ~self.never & (~self.plain | (self.reach > SPARED))

    def _give_room(self, layer: Layer, among: Sequence[tuple[Block, Region]], rise: Bools, fall: Bools) -> None:
        """Hide the cells of a layer that some need to rise, or to fall."""
        there = layer.moving >= 0
        hidden: Bools = np.all(~there | self.hidden[layer.moving], axis=0)
        cost = np.where(there & ~self.hidden[layer.moving], self.cost[layer.moving], 0).sum(axis=0)
        thresholds = layer.of(self.thresholds)
        for cells in [*needed(among, rise, fall, hidden, thresholds, cost, WORKERS)]:
            changed = layer.moving[:, cells]
            self.hidden[changed[changed >= 0]] = True


class _Sums:
    """The sums of the tables as parts sorted by sum, ready for one pass over all of them."""

    def __init__(self, tables: Tables) -> None:
        parts = tables.sign > 0
        self.count, self.cells = tables.equations, tables.cells
        self.total = np.zeros(tables.equations, dtype=np.int64)
        self.total[tables.equation[~parts]] = tables.cell[~parts]
        self.equation, self.part = tables.equation[parts], tables.cell[parts]
        self.start = np.flatnonzero(np.diff(self.equation, prepend=-1))

    def lacking(self, hidden: Bools, safe: Bools, values: Ints, wanted: Ints | Floats) -> tuple[Bools, Floats]:
        """The sums that give a hidden cell away by themselves, and how much more room their parts need.

        With the total published, the hidden parts share what is left of it: each can hold from nothing to all of that.
        With the total hidden, some part must be too. What is `safe` may be given away.
        """
        if not self.count:
            return np.zeros(0, dtype=bool), np.zeros(0)
        inside = hidden[self.part]
        many = np.add.reduceat(inside.astype(np.int64), self.start)
        room = np.add.reduceat(np.where(inside, values[self.part], 0), self.start)
        widest = np.maximum.reduceat(np.where(inside & ~safe[self.part], wanted[self.part], 0), self.start)
        open_total = ~hidden[self.total]
        alone = (many == 1) & (widest > 0)
        lacking = np.where(open_total, alone | ((many > 1) & (room < widest)), (many == 0) & ~safe[self.total])
        need = np.where(open_total, np.where(many == 1, np.maximum(widest - room, 1), widest - room), 1)
        return lacking, need

    def cheapest(
        self, lacking: Bools, need: Floats, must: Bools, hidden: Bools, kinds: Ints, values: Ints, cost: Floats
    ) -> Ints:
        """One cell to hide per lacking sum: the part that loses least of those with room enough; its total after them.

        `kinds` say which cells come later, and only for the sums that `must`.
        """
        inside = hidden[self.part]
        many = np.zeros(self.count, dtype=np.int64)
        np.add.at(many, self.equation[inside], 1)
        empty = (many + hidden[self.total]) == 0
        lonely = np.bincount(self.part[empty[self.equation]], minlength=self.cells)
        lonely = lonely + np.bincount(self.total[empty], minlength=self.cells)
        price = cost * (1 + LONELY * lonely)
        parts = lacking[self.equation] & ~inside & (kinds[self.part] < NEVER)
        totals = np.flatnonzero(lacking & ~hidden[self.total] & (kinds[self.total] < NEVER))
        equation = np.concatenate([self.equation[parts], totals])
        cell = np.concatenate([self.part[parts], self.total[totals]])
        kind = kinds[cell]
        short = np.maximum(need[equation] - values[cell], 0.0)
        whole = np.arange(len(cell)) >= len(cell) - len(totals)
        kind[whole & (kind == ORDINARY)] = TOTALS
        order = np.lexsort((cell, price[cell], short, kind, equation))
        order = order[(kind[order] < PLAIN) | must[equation[order]]]
        first = np.diff(equation[order], prepend=-1) != 0
        return np.unique(cell[order][first])

    def sheltered(self, zeros: Bools, hidden: Bools, values: Ints, wanted: Floats) -> Bools:
        """The zeros that are no total, that every sum leaves room for and that are the only parts shown of some sum."""
        inside = hidden[self.part]
        many = np.add.reduceat(inside.astype(np.int64), self.start)
        room = np.add.reduceat(np.where(inside, values[self.part], 0), self.start)
        alone = np.add.reduceat((~inside & (values[self.part] > 0)).astype(np.int64), self.start) == 0
        tight = (room[self.equation] < wanted[self.part]) | (many[self.equation] < 2)
        tight &= ~hidden[self.total][self.equation]
        possible = zeros.copy()
        possible[self.total] = False
        possible[self.part[tight]] = False
        chosen = np.zeros(self.cells, dtype=bool)
        chosen[self.part[alone[self.equation]]] = True
        return chosen & possible

    def neighbours(self, cells: Bools) -> Bools:
        """The cells that share a sum with any of these."""
        touched = np.zeros(self.count, dtype=bool)
        touched[self.equation[cells[self.part]]] = True
        touched |= cells[self.total]
        near = np.zeros(self.cells, dtype=bool)
        near[self.part[touched[self.equation]]] = True
        near[self.total[touched]] = True
        return near
