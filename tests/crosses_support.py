"""The random crosses that the faces of /cruces are compared on, and the tables of a release as pandas reads them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

import httpx
import pandas as pd

from dashboard.address.crossable import MOST_COLUMNS, Cross, Crossable, Level
from dashboard.address.crossing import CROSSES, Crossing, resolved
from dashboard.address.vocabulary import Offer
from etl.model import TOTAL
from etl.release import Release
from tests.site_support import Document, text_of

SEED = 905
HIDDEN = ("confidencial", "no_tabulada")
RATES = ("votaron", "abstencion")
Ask = Callable[..., list[httpx.Response]]


def crossed(query: Mapping[str, str], offered: Offer) -> tuple[Crossing, Cross]:
    """The question of an address that must need no correction, and what it comes to."""
    asked = CROSSES.asked(query, offered)
    assert asked.notices == () and asked.unknown == (), f"{query}: {asked.notices} {asked.unknown}"
    found = resolved(asked.selection, offered)
    assert found
    return found


def some(level: Level, chance: random.Random) -> str:
    return chance.choice(list(level.values))


def pairs_of(source: Crossable, cross: Iterable[str]) -> list[tuple[Level, Level]]:
    """The levels of a cross that may be rows and columns: two of different dimensions."""
    levels = [source.levels[name] for name in sorted(cross)]
    return [pair for pair in combinations(levels, 2) if pair[0].family != pair[1].family]


def questions(offered: Offer, times: int) -> Iterator[dict[str, str]]:
    """Random questions that can be honoured, of every table in turn: rows, columns and conditions of one of its crosses."""
    chance = random.Random(SEED)
    for turn in range(times):
        source = offered.crossable[turn % len(offered.crossable)]
        rows_and_columns = [(cross, pairs) for cross in source.crosses if (pairs := pairs_of(source, cross))]
        cross, pairs = chance.choice(rows_and_columns)
        levels = [source.levels[name] for name in sorted(cross)]
        rows, columns = chance.choice(pairs)
        if len(columns.values) > MOST_COLUMNS:
            rows, columns = columns, rows
        query = {"cuenta": chance.choice(source.counted), "filas": rows.name, "columnas": columns.name}
        query |= {"departamento": "25"} if source.abroad else {}
        query["eleccion"], query["corte"] = chance.choice(source.occasions)
        for level in levels:
            if level.family not in (rows.family, columns.family) and not level.above and chance.random() < 0.5:
                query[level.name] = some(level, chance)
        yield {name: value for name, value in query.items() if value}


# ---- what can be asked ------------------------------------------------------------------------------------------------


class Book:
    """The tables of a release, read by pandas."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.frames: dict[str, pd.DataFrame] = {}

    def frame(self, name: str) -> pd.DataFrame:
        if name not in self.frames:
            frame = pd.read_parquet(self.release.table(name))
            if not self.release.tables[name].crosses:
                frame = frame[frame["residencia"] == "pais"].assign(
                    codigo_departamento=frame["codigo_municipio"].str[:2]
                )
            self.frames[name] = frame
        return self.frames[name]

    def cells(self, cross: Cross) -> dict[tuple[str, str], tuple[float | None, float | None]]:
        """(registered, voters) of each published cell, by the words of its row and column; None when it is not published."""
        levels, frame = cross.source.levels, self.frame(cross.source.table)
        for name, value in cross.conditions.items():
            path = [levels[item].column for item in levels[name].above] + [levels[name].column]
            for column, said in zip(path, levels[name].paths[value], strict=True):
                frame = frame[frame[column] == said]
        if cross.eleccion:
            frame = frame[frame["eleccion"] == cross.eleccion]
        if "fecha_corte" in frame:
            frame = frame[frame["fecha_corte"].astype(str) == cross.corte]
        return (
            self._with_totals(cross, frame)
            if self.release.tables[cross.source.table].crosses
            else self._added(cross, frame)
        )

    def _added(self, cross: Cross, frame: pd.DataFrame) -> dict[tuple[str, str], tuple[float | None, float | None]]:
        rows, columns = cross.rows.column, cross.columns.column
        table = frame.pivot_table("empadronados", rows, columns, "sum", margins=True, margins_name=TOTAL)
        return {(str(row), str(column)): (value, None) for (row, column), value in table.stack().items()}

    def _with_totals(
        self, cross: Cross, frame: pd.DataFrame
    ) -> dict[tuple[str, str], tuple[float | None, float | None]]:
        levels = cross.source.levels
        axes = [[*axis.above, axis.name] for axis in (cross.rows, cross.columns)]
        fixed = {item for name in cross.conditions for item in (name, *levels[name].above)}
        for name in set(levels) - {item for axis in axes for item in axis} - fixed:
            frame = frame[frame[levels[name].column] == TOTAL]
        found = {}
        for record in frame.to_dict("records"):
            codes = [self.code(levels, names, fixed, record) for names in axes]
            if None not in codes:
                hidden = record["estado_celda"] in HIDDEN, record.get("estado_votantes") in HIDDEN
                pair = (record["empadronados"], record.get("votantes"))
                said = [None if gone or pd.isna(item) else item for gone, item in zip(hidden, pair, strict=True)]
                found[codes[0], codes[1]] = (said[0], said[1])
        return found

    @staticmethod
    def code(levels: Mapping[str, Level], names: list[str], fixed: set[str], record: Mapping[str, str]) -> str | None:
        """The code of a row of the table on one axis, «total» for all; None when it is of another level."""
        path = tuple(record[levels[name].column] for name in names)
        free = [part for name, part in zip(names, path, strict=True) if name not in fixed]
        if all(part == TOTAL for part in free):
            return TOTAL
        return next((code for code, own in levels[names[-1]].paths.items() if own == path), None)


def shown(cross: Cross, said: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    """Of what a table publishes of a cell, the people of what is counted and those that they are out of."""
    roll, voters = said
    if cross.cuenta == "votantes":
        return voters, None
    if cross.cuenta not in RATES:
        return roll, None
    if roll is None or voters is None:
        return None, None
    return (voters if cross.cuenta == "votaron" else roll - voters), roll


def cells_of(page: Document, text: bool = False) -> dict[tuple[str, str], list[str]]:
    """What each cell of the table says, by the codes of its row and column: the big number and the one under it."""
    columns = [head.get("data-c") for head in page.all("#tabla-cruce thead th")][1:]
    found = {}
    for row in page.all("#tabla-cruce tbody tr, #tabla-cruce tfoot tr"):
        cells = row.cssselect("td")
        assert len(cells) == len(columns)
        for column, cell in zip(columns, cells, strict=True):
            found[row.get("data-f"), str(column)] = [text_of(part) for part in cell] or [text_of(cell)]
    return found


def written(row: Mapping[str, object], mode: str, total_column: bool) -> list[str]:
    """What a cell of the page must say, from its row in a file."""
    people = row["personas"]
    if people in (None, ""):
        return ["confidencial"] if row["estado_celda"] in HIDDEN else ["sin dato publicado"]
    if row["padron"] not in (None, "") and row["porcentaje"] is None:  # of nobody there is no share
        return [f"{people:,}"]
    if row["padron"] not in (None, ""):
        return [f"{row['porcentaje']:.1f}\u00a0%", f"{people:,} de {row['padron']:,}"]
    share = row["porcentaje_fila" if mode == "fila" or row["codigo_fila"] == TOTAL else "porcentaje_columna"]
    if total_column or people == 0 or mode == "personas" or share in (None, ""):
        return [f"{people:,}"]
    big = "<menos de 0.1\u00a0%" if share == 0 else f"{share:.1f}\u00a0%"
    return [big, f"{people:,}"]
