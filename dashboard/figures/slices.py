"""The rows of a table with totals, apart by whom and of when each is: what a map asks of a cube, without reading all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

from sqlalchemy import literal, select

from dashboard.figures.counted import CUTOFF, WITHHELD, measures, names_of
from dashboard.figures.database import Database
from dashboard.figures.places import Cell
from etl.country import departamento_of, is_municipio
from etl.model import TOTAL, Table

#: The key of the whole country among the places of a table with totals.
COUNTRY_CODE = ""
TERRITORY = ("codigo_departamento", "codigo_municipio")
ELECTION = "eleccion"
Key = tuple[object, ...]
#: The cells by place of each combination of some columns, in as many parts as are to be added up.
Divided = Sequence[tuple[Key, Sequence[Mapping[str, Cell]]]]


class Slices:
    """Of each count of a table with totals, its cells by place, for each combination of the values of the other columns."""

    def __init__(self, database: Database, table: Table) -> None:
        crossed = {name for cross in table.crosses for name in cross}
        when = {CUTOFF, ELECTION} & names_of(table)
        self._columns = tuple(sorted((crossed - {*TERRITORY}) | when))
        counts = measures(table)
        source = database.table(table.name)
        asked = [
            *self._columns,
            *TERRITORY,
            *(item.name for item in counts),
            *(item.status or item.name for item in counts),
        ]
        #: What the places of a release share of a question: few of them are asked.
        self._kept: dict[Key, Divided] = {}
        self._found: dict[str, dict[Key, dict[str, Cell]]] = {item.name: defaultdict(dict) for item in counts}
        # Most cells are one of a few: a zero, a hidden one, a small number. Each is kept once.
        known: dict[tuple[float | None, bool], Cell] = {}
        codes: dict[str, str] = {}
        width, many = len(self._columns), len(counts)
        for row in database.rows(select(*(source.c[name] if name in source.c else literal(TOTAL) for name in asked))):
            code = code_of(*row[width : width + 2])
            code = codes.setdefault(code, code)
            for position, item in enumerate(counts, width + 2):
                said = (row[position], row[position + many] in WITHHELD)
                cell = known.get(said) or known.setdefault(said, Cell(*said))
                self._found[item.name][row[:width]][code] = cell

    def cells(self, column: str, wanted: Mapping[str, Sequence[object]]) -> Mapping[str, Cell] | None:
        """The cells of a count by place, of the rows whose columns have one of the values `wanted`: added up if there are
        several, and not published if any of them is not. None when that leaves some column free, or names another.
        """
        if {*wanted} != {*self._columns}:
            return None
        parts = [self._found[column].get(key, {}) for key in product(*(wanted[name] for name in self._columns))]
        if len(parts) == 1:
            return parts[0]
        return {code: _added([part[code] for part in parts if code in part]) for part in parts for code in part}

    def crossed(
        self, column: str, wanted: Mapping[str, Sequence[object]], dimensions: Sequence[str], code: str
    ) -> dict[Key, Cell] | None:
        """The cells of a count in one place by each combination of the values of `dimensions`, of the rows whose other columns
        have one of the values `wanted`, added up as in `cells`. None when that leaves some column free, or names another.
        """
        if {*wanted, *dimensions} != {*self._columns} or {*wanted} & {*dimensions}:
            return None
        found: dict[Key, Cell] = {}
        for key, parts in self._divided(column, wanted, dimensions):
            if len(parts) == 1:
                if (cell := parts[0].get(code)) is not None:
                    found[key] = cell
            elif there := [cells[code] for cells in parts if code in cells]:
                found[key] = _added(there)
        return found

    def everywhere(
        self, column: str, wanted: Mapping[str, Sequence[object]], dimensions: Sequence[str]
    ) -> Mapping[Key, Mapping[str, Cell]]:
        """What `crossed` says of every place, by its code, for each combination; nothing where it says None."""
        if {*wanted, *dimensions} != {*self._columns} or {*wanted} & {*dimensions}:
            return {}
        return {
            key: parts[0]
            if len(parts) == 1
            else {code: _added([part[code] for part in parts if code in part]) for part in parts for code in part}
            for key, parts in self._divided(column, wanted, dimensions)
        }

    def _divided(self, column: str, wanted: Mapping[str, Sequence[object]], dimensions: Sequence[str]) -> Divided:
        """The cells of a count by place, of each combination of the values of `dimensions`: those to be added up together."""
        asked = tuple((self._columns.index(name), frozenset(wanted[name])) for name in sorted(wanted))
        kept = (column, asked, tuple(dimensions))
        if kept not in self._kept:
            at = [self._columns.index(name) for name in dimensions]
            found: dict[Key, list[Mapping[str, Cell]]] = {}
            for key, cells in self._found[column].items():
                if all(key[position] in values for position, values in asked):
                    found.setdefault(tuple([key[position] for position in at]), []).append(cells)
            self._kept[kept] = [*found.items()]
        return self._kept[kept]


def _added(cells: Sequence[Cell]) -> Cell:
    """Some cells together: not published if any of them is not."""
    if len(cells) == 1:
        return cells[0]
    values = [cell.value for cell in cells if cell.value is not None]
    return Cell(sum(values) if len(values) == len(cells) else None, any(cell.hidden for cell in cells))


def levels_of(code: str) -> dict[str, str]:
    """The columns of the row of a territory (a code, or COUNTRY_CODE) in a table with totals, by name."""
    municipio = code if is_municipio(code) else TOTAL
    return {"codigo_departamento": departamento_of(code) or TOTAL, "codigo_municipio": municipio}


def code_of(departamento: str, municipio: str) -> str:
    """The territory of a row of a table with totals: the finest level that is filled."""
    if municipio != TOTAL:
        return municipio
    return COUNTRY_CODE if departamento == TOTAL else departamento
