"""How useful protected tables still are: what is hidden of each cross, in cells and in people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.disclosure.like import Cubes, Frames, depth_of
from etl.disclosure.tables import TOTAL


@dataclass(frozen=True)
class Utility:
    """What a measure loses in the finest cells of a cross: how many there are and how many are hidden, and people.

    `cutoff` (ISO) and `election` say which part of the cube it is, if it has several. Only what anybody can work out: the
    people in hidden cells are those of the total that no other cell shows.
    """

    cube: str
    cross: str
    measure: str
    cells: int
    hidden_cells: int
    people: int
    hidden_people: int
    cutoff: str = ""
    election: str = ""

    @property
    def share_of_cells(self) -> float:
        """Hidden cells of each cell that the cross has, from 0 to 1."""
        return self.hidden_cells / self.cells if self.cells else 0.0

    @property
    def share_of_people(self) -> float:
        """People in hidden cells, of each person counted, from 0 to 1."""
        return self.hidden_people / self.people if self.people else 0.0


def utility(cubes: Cubes, published: Frames) -> list[Utility]:
    """The loss of every measure in every cross that the cubes declare, by what is published; none of a hidden total."""
    found = []
    for name, cube in cubes.items():
        frame = published[name]
        filled = {level.name: frame[level.name] != TOTAL for item in cube.dimensions for level in item.levels}
        everybody = ~np.logical_or.reduce(list(filled.values()))
        for cross in cube.crosses:
            deep = depth_of(cube, cross)
            inside = {
                level.name for item in cube.dimensions for level in item.levels[: deep.get(item.levels[-1].name, 0)]
            }
            rows = np.logical_and.reduce([filled[column] == (column in inside) for column in filled])
            title = " × ".join(field.name for field in cross)
            for measure in cube.measures:
                counts, total = frame.loc[rows, measure.name], frame.loc[everybody, measure.name]
                if total.notna().all() and len(total):
                    people, shown = int(total.iloc[0]), int(counts.sum())
                    lost = int(counts.isna().sum())
                    found.append(Utility(name, title, measure.name, len(counts), lost, people, people - shown))
    return found
