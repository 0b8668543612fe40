"""Where the letters of each place go on the map: inside it where they fit with room around, and otherwise outside the map, with a
line of dashes that leads to the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.render.tactile.marks import (
    CELL_HEIGHT,
    GAP,
    INNER,
    LEAD,
    OUTER,
    SIGN_SIDE,
    braille_width,
)
from dashboard.render.tactile.raster import FINE, Box, Grid, Mask, corners, deepest

Point = tuple[float, float]
#: What is left of a place for its texture beside its letters must be as large as this (mm²).
LEAST_TEXTURE = 40.0
#: Cells from one position that is tried outside the map to the next; millimetres from one look at a line to the next.
STEP, LOOK = 8, 1.0
#: Of the positions that are tried, no more than these, the nearest.
MOST_TRIED = 1_200
#: Of two lines, the better one is shorter; one that goes through another place counts as so much longer (mm).
THROUGH = 14.0
#: Between the border of a place and its texture, and between a line that leads and any texture.
AROUND, BESIDE = 1.2, 2.0
#: What goes through other letters counts as longer than any page.
TOUCHES = 1000.0


class NoRoom(Exception):
    """A map whose letters do not all fit: in it, or outside it."""


@dataclass(frozen=True)
class Label:
    """The letters of a place: the corner of their box and its size, that of the sign beside them if it has no figure, and the
    line that leads from the box to the place if they are outside.
    """

    box: Box
    sign: Point | None
    lead: tuple[Point, Point] | None


@dataclass
class Labels:
    """The labels of a grid, found one after another; `taken` is what no other may touch."""

    grid: Grid
    taken: Mask
    found: dict[str, Label]
    #: Whether every line that leads goes through no other letters.
    clean: bool = True

    def free(self) -> Mask:
        """What may be covered by the textures of places: neither borders, nor letters, nor lines that lead, nor near any."""
        borders = self.grid.near_borders(OUTER / 2 + AROUND, INNER / 2 + AROUND)
        leads = self.grid.near([label.lead for label in self.found.values() if label.lead], LEAD / 2 + BESIDE)
        return ~borders & ~leads & ~self.grid.boxes(self.boxes(), GAP)

    def boxes(self) -> list[Box]:
        """Everything that is read: letters and signs."""
        signs = [label.sign for label in self.found.values() if label.sign]
        return [label.box for label in self.found.values()] + [(x, y, SIGN_SIDE, SIGN_SIDE) for x, y in signs]


def labels(
    grid: Grid, keys: Mapping[str, str], signed: frozenset[str], area: Box, taken: Sequence[Box], most: int
) -> Labels:
    """The labels of the places of a grid (`keys`: their letters, as cells, in the same order): those of `signed` have a sign
    beside. Those outside are inside `area`, and none touches what is `taken`. NoRoom if more than `most` would be outside.
    """
    outside = ~grid.boxes([area], 0)
    found = Labels(grid, outside | grid.boxes(taken, GAP), {})
    clear = ~grid.near_borders(OUTER / 2 + GAP, INNER / 2 + GAP)
    room = ~grid.near_borders(OUTER / 2 + AROUND, INNER / 2 + AROUND)
    late = []
    for number, (code, letters) in enumerate(keys.items(), 1):
        label = _inside(found, number, clear, room, letters, code in signed)
        if label is None:
            late.append((number, code, letters))
        else:
            _put(found, code, label)
    if len(late) > most:
        raise NoRoom
    anchors = {code: deepest(grid.places == number) for number, code, _ in late}
    empty = (grid.places == 0) & clear
    late.sort(key=lambda one: _depth(grid, anchors[one[1]]))
    for number, code, letters in late:
        _put(found, code, _outside(found, empty, number, anchors[code], letters, code in signed))
    found.found = {code: found.found[code] for code in keys}
    return found


def _put(found: Labels, code: str, label: Label) -> None:
    found.found[code] = label
    signs = [(*label.sign, SIGN_SIDE, SIGN_SIDE)] if label.sign else []
    found.taken |= found.grid.boxes([label.box, *signs], GAP + LEAD / 2)
    if label.lead:
        found.taken |= found.grid.near([label.lead], LEAD / 2 + GAP)


def _shapes(letters: str, signed: bool) -> list[tuple[float, float, Point | None]]:
    """The ways to write a label: its width, its height and, if it has a sign, where this is from its corner."""
    width = braille_width(letters)
    if not signed:
        return [(width, CELL_HEIGHT, None)]
    beside = (width + GAP + SIGN_SIDE, SIGN_SIDE, (width + GAP, 0.0))
    below = (width, CELL_HEIGHT + GAP + SIGN_SIDE, ((width - SIGN_SIDE) / 2, CELL_HEIGHT + GAP))
    return [beside, below]


def _label(letters: str, left: float, top: float, sign: Point | None, lead: tuple[Point, Point] | None) -> Label:
    box = (left, top, braille_width(letters), CELL_HEIGHT)
    return Label(box, (left + sign[0], top + sign[1]) if sign else None, lead)


def _inside(found: Labels, number: int, clear: Mask, room: Mask, letters: str, signed: bool) -> Label | None:
    """The label of a place inside it, as near its middle as it fits; None if it does not, or leaves no room to feel the rest."""
    own = found.grid.places == number
    rows, columns = np.nonzero(own.any(1))[0], np.nonzero(own.any(0))[0]
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    part = np.s_[top : rows[-1] + 1, left : columns[-1] + 1]
    free, textured = own[part] & clear[part] & ~found.taken[part], own[part] & room[part]
    for width, height, sign in _shapes(letters, signed):
        at = corners(free, width, height)
        if not len(at) or _left(textured, width, height) < (0 if signed else LEAST_TEXTURE):
            continue
        row, column = at[np.abs(at - at.mean(0)).sum(1).argmin()]
        return _label(letters, (column + left) / FINE, (row + top) / FINE, sign, None)
    return None


def _left(room: Mask, width: float, height: float) -> float:
    """What is left of a place for its texture, in mm², without a box of that size and the gap around it."""
    return float(np.count_nonzero(room)) / FINE**2 - (width + 2 * GAP) * (height + 2 * GAP)


def _depth(grid: Grid, anchor: Point) -> float:
    """How far a point is from the nearest edge of the page: those near it go first, and leave the rest to the others."""
    return min(anchor[0], anchor[1], grid.width - anchor[0], grid.height - anchor[1])


def _outside(found: Labels, empty: Mask, number: int, anchor: Point, letters: str, signed: bool) -> Label:
    """The label of a place outside the map: where its line is short and goes through no other letters."""
    best: tuple[float, Label] | None = None
    for width, height, sign in _shapes(letters, signed):
        at = corners(empty & ~found.taken, width, height)
        at = at[(at[:, 0] % STEP == 0) & (at[:, 1] % STEP == 0)]
        if not len(at):
            continue
        corner = at[:, ::-1] / FINE
        far = np.abs(corner - np.array(anchor)).max(1)
        corner = corner[np.argsort(far, kind="stable")[:MOST_TRIED]]
        far_from = GAP + LEAD / 2
        ends = np.clip(np.array(anchor), corner - far_from, corner + np.array([width, height]) + far_from)
        cost = _costs(found, number, anchor, ends)
        chosen = int(cost.argmin())
        if best is None or cost[chosen] < best[0]:
            end = (float(ends[chosen][0]), float(ends[chosen][1]))
            left, top = map(float, corner[chosen])
            best = float(cost[chosen]), _label(letters, left, top, sign, (end, anchor))
    if best is None:  # there is no room left on the page
        raise NoRoom
    found.clean = found.clean and best[0] < TOUCHES
    return best[1]


def _costs(found: Labels, number: int, anchor: Point, ends: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How bad the lines from a point to some others are."""
    vectors = ends - np.array(anchor)
    lengths = np.hypot(vectors[:, 0], vectors[:, 1])
    parts = np.linspace(0, 1, max(2, int(lengths.max() / LOOK)))
    spots = ((np.array(anchor) + vectors[:, None, :] * parts[None, :, None]) * FINE).astype(int)
    rows = spots[:, :, 1].clip(0, found.taken.shape[0] - 1)
    columns = spots[:, :, 0].clip(0, found.taken.shape[1] - 1)
    places = found.grid.places[rows, columns]
    crossed = ((places[:, 1:] != places[:, :-1]) & (places[:, 1:] != 0) & (places[:, 1:] != number)).sum(1)
    through_letters = found.taken[rows, columns].sum(1)
    found_costs: npt.NDArray[np.float64] = lengths + THROUGH * crossed + TOUCHES * through_letters
    return found_costs
