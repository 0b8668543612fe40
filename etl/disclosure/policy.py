"""What may not be published by itself (primary suppression) and what a reader is told about every cell.

- A count from 1 to the threshold minus 1 is confidential: it singles people out. The threshold of a cell depends on
  what the cell itself breaks people down by, so a total that carries no sensitive dimension keeps the ordinary one in
  whichever cross it appears.
- A zero of the registry (nobody like that is registered) is published: there is no person in it. What it can tell about
  a group («no woman of that age there is Xinka») the census already tells for the same territories. But if zeros were
  never hidden everybody would know of every hidden cell that it is not zero, so those among parts whose people are all
  hidden are hidden with them (`suppression`), and the attack may only take for granted that counts are not negative.
- A zero of a behaviour (nobody in the group voted, or nobody abstained) does tell what each member of the group did, so
  on the axes in `hidden_zeros`, or of the values named there, a zero is confidential as long as there is somebody in the
  group.
- A structural zero (a combination that cannot exist) is a zero for everybody, and is never hidden.
- A hidden cell never says whether it was hidden for itself or to protect another: that alone would bound it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from etl.disclosure.tables import Bools, Ints, Tables

MARK = "no se publica por confidencialidad"


class CellStatus(StrEnum):
    """The flag that goes with every published cell."""

    PUBLICADA = "publicada"
    CONFIDENCIAL = "confidencial"
    CERO_ESTRUCTURAL = "cero_estructural"
    NO_TABULADA = "no_tabulada"


STATE_LABELS = {
    CellStatus.PUBLICADA.value: "Publicada",
    CellStatus.CONFIDENCIAL.value: MARK[0].upper() + MARK[1:],
    CellStatus.CERO_ESTRUCTURAL.value: "Cero estructural: la combinación no puede existir",
    CellStatus.NO_TABULADA.value: "Cuadro que no se publica: casi todas sus celdas serían confidenciales",
}


@dataclass(frozen=True)
class Policy:
    """The thresholds of a dataset: the smallest count published, in ordinary and in sensitive cells.

    A threshold is also the narrowest interval in which anybody may be able to place a hidden cell.
    """

    threshold: int = 5
    sensitive_threshold: int = 10
    sensitive: tuple[str, ...] = ("pueblo", "comunidad_linguistica", "ciudad_residencia")
    hidden_zeros: tuple[str, ...] = ("voto",)

    def thresholds(self, tables: Tables) -> Ints:
        """The threshold of every cell."""
        sensitive = _broken_down(tables, self.sensitive)
        return np.where(sensitive, self.sensitive_threshold, self.threshold).astype(np.int64)

    def primary(self, tables: Tables, values: Ints, structural: Bools) -> Bools:
        """The cells that must be hidden for what they say themselves."""
        small = (values > 0) & (values < self.thresholds(tables))
        return (small | self._telling_zeros(tables, values)) & ~structural

    def behaviour(self, tables: Tables) -> Bools:
        """The cells that count people by what they did."""
        found = np.zeros(tables.cells, dtype=bool)
        for position, axis in enumerate(tables.axes):
            nodes = [axis.number[node] for node in axis.nodes[1:] if {axis.name, node} & set(self.hidden_zeros)]
            found |= np.isin(tables.coordinates[:, position], nodes)
        return found

    def _telling_zeros(self, tables: Tables, values: Ints) -> Bools:
        found = np.zeros(tables.cells, dtype=bool)
        for position, axis in enumerate(tables.axes):
            telling = [node for node in axis.nodes[1:] if {axis.name, node} & set(self.hidden_zeros)]
            for node in telling:
                cells = np.flatnonzero((tables.coordinates[:, position] == axis.number[node]) & (values == 0))
                group = tables.coordinates[cells].copy()
                group[:, position] = axis.number[axis.parents[node]]
                found[cells] = values[tables.find(group)] > 0
        return found


def _broken_down(tables: Tables, names: tuple[str, ...]) -> Bools:
    """Which cells are broken down by any of these axes."""
    positions = [index for index, axis in enumerate(tables.axes) if axis.name in names]
    return np.asarray((tables.coordinates[:, positions] > 0).any(axis=1))
