"""The attack of a reader who believes everything that a release and its site say of people: what the cubes publish, what they
hide, and bounds on what is hidden. It reads the files by itself and shares nothing with the protection, nor with its audit, but
the solver (HiGHS).

A cell is (cube, cut-off, election, measure, values of the columns in order); whatever is said of some cells is a `Claim`: a sum
of cells with weights that is not below `low` nor above `high`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import highspy
import numpy as np
import pandas as pd

TOTAL, HIDDEN = "total", "confidencial"
MEASURES = {"empadronados": "estado_celda", "votantes": "estado_votantes"}
#: What a row says of itself.
OF_THE_ROW = {"clave_fuente", "corte", "confianza", "licencia"}
NOT_CELLS = {*MEASURES, *MEASURES.values(), *OF_THE_ROW, "fecha_corte", "eleccion", "sintetico"}
#: What the codes of a cube are in words.
IN_WORDS = "_etiqueta"
#: The columns that have no value in a cell unless another has.
INSIDE_OF = {
    "codigo_municipio": "codigo_departamento",
    "estado_residencia": "pais_residencia",
    "ciudad_residencia": "estado_residencia",
}
#: What is known of some cells that are not published: the least, the most, which, and the weight of each.
Row = tuple[float, float, list[int], list[float]]
NO_LIMIT = highspy.kHighsInf
#: Of the sums that a cell is a part of, which are known.
FIRST, LAST, EVERY = slice(0, 1), slice(-1, None), slice(None)
#: How far apart two bounds must be not to be the same: the solver's own tolerance, with room.
APART = 1e-4


@dataclass(frozen=True)
class Part:
    """What one cube publishes of one cut-off and one election («» when of none)."""

    cube: str
    cutoff: str
    election: str


@dataclass(frozen=True)
class Claim:
    """What `where` says of some cells: the sum of each by its weight is between `low` and `high`, both included."""

    weights: tuple[tuple[int, float], ...]
    low: float
    high: float
    where: str


@dataclass(frozen=True)
class Found:
    """A hidden cell of which a claim tells more than the tables do: what was known, and what is known with it."""

    cell: str
    before: tuple[float, float]
    after: tuple[float, float]
    where: tuple[str, ...]

    @property
    def exactly(self) -> bool:
        """Whether the count itself is now known."""
        return self.after[1] - self.after[0] < 1 - APART


@dataclass
class Cells:
    """Every cell of the cubes of a release: its count (NaN when it is not published) and how it adds up with the others."""

    frames: Mapping[str, pd.DataFrame]
    counts: np.ndarray = field(init=False)
    hidden: np.ndarray = field(init=False)
    columns: dict[str, list[str]] = field(default_factory=dict)
    indexes: dict[tuple[Part, str], dict[tuple[str, ...], int]] = field(default_factory=dict)
    rows: dict[tuple[Part, str], tuple[pd.DataFrame, np.ndarray]] = field(default_factory=dict)
    claims: dict[Part, list[Claim]] = field(default_factory=dict)

    @classmethod
    def of(cls, release: Path) -> Cells:
        """Those of the release in a folder, as anybody may download them."""
        manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        tables = {item["tabla"]: item["nombre"] for item in manifest["archivos"]}
        names = [name for name in tables if name and name.endswith("_cubo")]
        return cls({name: pd.read_parquet(release / tables[name]) for name in names})

    def __post_init__(self) -> None:
        counts, hidden, first = [], [], 0
        for cube, frame in self.frames.items():
            when = [name for name in ("fecha_corte", "eleccion") if name in frame]
            self.columns[cube] = [name for name in frame if name not in NOT_CELLS and not name.endswith(IN_WORDS)]
            for said, rows in frame.groupby(when, observed=True) if when else [((), frame)]:
                told = dict(zip(when, map(str, said), strict=True))
                part = Part(cube, told.get("fecha_corte", "")[:10], told.get("eleccion", ""))
                keys = rows[self.columns[cube]].reset_index(drop=True)
                for measure in (name for name in MEASURES if name in rows):
                    numbers = np.arange(first, first + len(rows))
                    self.rows[part, measure] = keys, numbers
                    counts.append(rows[measure].astype(float).to_numpy(na_value=np.nan))
                    state = rows.get(MEASURES[measure])
                    hidden.append(np.isnan(counts[-1]) if state is None else (state == HIDDEN).to_numpy())
                    first += len(rows)
        self.counts, self.hidden = np.concatenate(counts), np.concatenate(hidden)

    @cached_property
    def parts(self) -> list[Part]:
        return list(dict.fromkeys(part for part, _ in self.rows))

    def part(self, cube: str, cutoff: str = "", election: str = "") -> Part | None:
        """The part of a cube of a cut-off and an election, the newest of what is not said; None when there is none."""
        found = [
            part
            for part in self.parts
            if part.cube == cube and cutoff in ("", part.cutoff) and election in ("", part.election)
        ]
        return max(found, key=lambda part: (part.cutoff, part.election), default=None)

    def index(self, part: Part, measure: str) -> dict[tuple[str, ...], int]:
        """The number of each cell of a part, by the values of its columns in order; empty when it has no such measure."""
        if (part, measure) not in self.indexes and (part, measure) in self.rows:
            keys, numbers = self.rows[part, measure]
            tuples = zip(*(keys[name].tolist() for name in keys), strict=True)
            self.indexes[part, measure] = dict(zip(tuples, numbers.tolist(), strict=True))
        return self.indexes.get((part, measure), {})

    def find(self, part: Part | None, measure: str, group: Mapping[str, str]) -> int | None:
        """The number of the cell of a group (what it does not name is a total); None when the cube has no such cell."""
        if part is None or not set(group) <= set(self.columns[part.cube]):
            return None
        key = tuple(group.get(name, TOTAL) for name in self.columns[part.cube])
        return self.index(part, measure).get(key)

    def name(self, cell: int) -> str:
        """A cell in words, for whoever reads what a test found."""
        for (part, measure), (keys, numbers) in self.rows.items():
            if numbers[0] <= cell <= numbers[-1]:
                row = keys.iloc[cell - numbers[0]]
                said = ", ".join(f"{name}={value}" for name, value in row.items() if value != TOTAL)
                return f"{measure} de {part.cube} {part.cutoff} {part.election} ({said})"
        raise KeyError(cell)

    def truth(self, exact: Path) -> np.ndarray:
        """The count of every cell, from the folder where a demonstration keeps what it counted."""
        counts = np.full(len(self.counts), np.nan)
        for part in self.parts:
            folder = f"{part.cutoff}.{part.election}" if part.election else part.cutoff
            frame = pd.read_parquet(exact / folder / f"{part.cube}.exacto.parquet")
            keys = list(zip(*(frame[name].tolist() for name in self.columns[part.cube]), strict=True))
            for measure in (name for name in MEASURES if (part, name) in self.rows):
                number = self.index(part, measure)
                known = [(number[key], count) for key, count in zip(keys, frame[measure], strict=True) if key in number]
                counts[[cell for cell, _ in known]] = [count for _, count in known]
        return counts

    def part_of(self, cell: int) -> Part:
        """Where a cell is."""
        return self.ends[1][int(np.searchsorted(self.ends[0], cell))]

    @cached_property
    def ends(self) -> tuple[np.ndarray, list[Part]]:
        """The last cell of each measure of each part, and the part."""
        return np.array([numbers[-1] for _, numbers in self.rows.values()]), [part for part, _ in self.rows]

    # --- How they add up -----------------------------------------------------------------------------------------------

    def sums(self, part: Part, measure: str) -> Iterator[tuple[int, np.ndarray]]:
        """Each total that has a part that is not published, with its parts: along one column, one level down."""
        keys, numbers = self.rows[part, measure]
        index = self.index(part, measure)
        columns, tuples = self.columns[part.cube], list(index)
        unknown = np.isnan(self.counts[numbers])
        for position, column in enumerate(columns):
            inner = {name for name, outer in INSIDE_OF.items() if outer == column}
            inner |= {name for name, outer in INSIDE_OF.items() if outer in inner}
            total = [column, *(inner & set(columns))]
            are = np.logical_and.reduce([(keys[name] == TOTAL).to_numpy() ^ (name == column) for name in total])
            others = [name for name in columns if name != column]
            groups = keys.loc[are].groupby(others, sort=False, observed=True).ngroup().to_numpy()
            mine, order = numbers[are], np.argsort(groups, kind="stable")
            for children in np.split(mine[order], np.flatnonzero(np.diff(groups[order])) + 1):
                if len(children) == 0:
                    continue
                one = tuples[children[0] - numbers[0]]
                parent = index.get((*one[:position], TOTAL, *one[position + 1 :]))
                if parent is not None and (np.isnan(self.counts[parent]) or unknown[children - numbers[0]].any()):
                    yield parent, children

    def known(self, part: Part) -> list[Claim]:
        """What everybody knows of the cells of a part that are not published: how they add up, and who voted was on the roll."""
        if part not in self.claims:
            rows = [
                Claim(((parent, 1.0), *((cell, -1.0) for cell in children.tolist())), 0, 0, "")
                for measure in MEASURES
                if (part, measure) in self.rows
                for parent, children in self.sums(part, measure)
            ]
            if (part, "votantes") in self.rows:
                roll, voters = (self.rows[part, measure][1] for measure in MEASURES)
                some = np.isnan(self.counts[roll]) | np.isnan(self.counts[voters])
                pairs = zip(roll[some].tolist(), voters[some].tolist(), strict=True)
                rows += [Claim(((everybody, 1.0), (one, -1.0)), 0, NO_LIMIT, "") for everybody, one in pairs]
            self.claims[part] = rows
        return self.claims[part]


class Reader:
    """Somebody who believes what some claims say: a linear program whose variables are the cells that are not published."""

    def __init__(self, cells: Cells, claims: Sequence[Claim], believed: int | None = None) -> None:
        self.cells = cells
        unknown = dict.fromkeys(cell for claim in claims for cell, _ in claim.weights if np.isnan(cells.counts[cell]))
        self.column = {cell: place for place, cell in enumerate(unknown)}
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.addVars(len(unknown), np.zeros(len(unknown)), np.full(len(unknown), NO_LIMIT))
        self.believe(claims[:believed])

    @classmethod
    def of(cls, cells: Cells, parts: Iterable[Part], more: Sequence[Claim] = ()) -> Reader:
        """Somebody who knows everything that the tables say of some parts, and believes `more`."""
        return cls(cells, [*(row for part in parts for row in cells.known(part)), *more])

    def _row(self, weights: Iterable[tuple[int, float]], low: float, high: float) -> Row:
        """What is known of some cells, as the solver takes it: without those that are published."""
        constant, places, values = 0.0, [], []
        for cell, weight in weights:
            place = self.column.get(cell)
            if place is None:
                constant += weight * self.cells.counts[cell]
            else:
                places.append(place)
                values.append(weight)
        return low - constant, high - constant, places, values

    def _add(self, rows: Sequence[Row]) -> None:
        rows = [row for row in rows if row[2]]
        sizes = [len(row[2]) for row in rows]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32) if rows else np.zeros(0, np.int32)
        places = np.array([place for row in rows for place in row[2]], dtype=np.int32)
        values = np.array([value for row in rows for value in row[3]], dtype=np.float64)
        low, high = (np.array([row[side] for row in rows], dtype=np.float64) for side in (0, 1))
        self.solver.addRows(len(rows), low, high, len(places), starts, places, values)

    def believe(self, claims: Iterable[Claim]) -> None:
        """Take some claims as true from now on."""
        self._add([self._row(claim.weights, claim.low, claim.high) for claim in claims])

    def bounds(self, weights: Iterable[tuple[int, float]]) -> tuple[float, float]:
        """The least and the most that a sum of cells can be; AssertionError when what is known contradicts itself."""
        below, _, free, values = self._row(weights, 0, 0)
        if not free:
            return -below, -below
        places = np.array(free, dtype=np.int32)
        found = []
        for sign in (1.0, -1.0):
            self.solver.changeColsCost(len(places), places, sign * np.array(values))
            self.solver.run()
            status = self.solver.getModelStatus()
            if status == highspy.HighsModelStatus.kUnbounded:
                found.append(sign * -NO_LIMIT)
            else:
                assert status == highspy.HighsModelStatus.kOptimal, f"what is said cannot all be true: {status}"
                found.append(sign * self.solver.getObjectiveValue())
        self.solver.changeColsCost(len(places), places, np.zeros(len(places)))
        return found[0] - below, found[1] - below


class Judge:
    """Tells what is news from what follows from the tables, a claim at a time.

    What follows from the sums that a claim's cells are in is no news; of the rest, who is `thorough` asks everything.
    """

    def __init__(self, cells: Cells, thorough: bool = True) -> None:
        self.cells, self.thorough = cells, thorough
        self.near: dict[Part, dict[int, list[Claim]]] = {}
        self.readers: dict[tuple[Part, ...], Reader] = {}
        self.judged: dict[tuple[object, ...], bool] = {}

    def news(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims about something hidden that say more than the tables do."""
        return [claim for claim in claims if self._is_news(claim)]

    def _is_news(self, claim: Claim) -> bool:
        hidden = [cell for cell, _ in claim.weights if np.isnan(self.cells.counts[cell])]
        key = (claim.weights, claim.low, claim.high)
        if hidden and key not in self.judged:
            known = any(self._follows(claim, self._nearby(claim, hidden, which)) for which in (FIRST, LAST, EVERY))
            known = known or (self.thorough and self._follows(claim, self._whole(hidden)))
            self.judged[key] = not known
        return bool(hidden) and self.judged[key]

    @staticmethod
    def _follows(claim: Claim, reader: Reader) -> bool:
        low, high = reader.bounds(claim.weights)
        room = APART * max(1.0, *(abs(weight) for _, weight in claim.weights))
        return claim.low <= low + room and claim.high >= high - room

    def _nearby(self, claim: Claim, hidden: Sequence[int], which: slice) -> Reader:
        """Whoever knows only some of the sums in which the cells of a claim are: what follows from those follows from all.

        Of those that a cell is a part of, the first, or the last, and those that their totals are in, up to the whole; or
        every one, and no further.
        """
        known: dict[int, Claim] = {}
        reached = {*hidden}
        while reached:
            rows = []
            for cell in reached:
                mine = [row for row in self._rows_of(cell) if cell != row.weights[0][0] and row.high != NO_LIMIT]
                rows += self._rows_of(cell) if which == EVERY else mine[which]
            rows = [row for row in rows if id(row) not in known]
            known |= {id(row): row for row in rows}
            reached = {row.weights[0][0] for row in rows if np.isnan(self.cells.counts[row.weights[0][0]])}
            reached = set() if which == EVERY else reached
        return Reader(self.cells, [*known.values(), claim], believed=len(known))

    def _rows_of(self, cell: int) -> Sequence[Claim]:
        part = self.cells.part_of(cell)
        if part not in self.near:
            self.near[part] = {}
            for row in self.cells.known(part):
                for member, _ in row.weights:
                    self.near[part].setdefault(member, []).append(row)
        return self.near[part].get(cell, ())

    def _whole(self, hidden: Sequence[int]) -> Reader:
        parts = tuple(dict.fromkeys(map(self.cells.part_of, hidden)))
        if parts not in self.readers:
            self.readers[parts] = Reader.of(self.cells, parts)
        return self.readers[parts]


def given_away(cells: Cells, claims: Sequence[Claim]) -> list[Found]:
    """The hidden cells that are known better with the claims than with the tables alone, the narrowest first."""
    if not claims:
        return []
    told = {cell for claim in claims for cell, _ in claim.weights if cells.hidden[cell]}
    parts = list(dict.fromkeys(cells.part_of(cell) for claim in claims for cell, _ in claim.weights))
    before, after = Reader.of(cells, parts), Reader.of(cells, parts, claims)
    found = []
    for cell in sorted(told):
        one, other = before.bounds([(cell, 1.0)]), after.bounds([(cell, 1.0)])
        if other[0] > one[0] + APART or other[1] < one[1] - APART:
            where = tuple(claim.where for claim in claims if cell in dict(claim.weights))
            found.append(Found(cells.name(cell), one, other, where))
    return sorted(found, key=lambda item: item.after[1] - item.after[0])
