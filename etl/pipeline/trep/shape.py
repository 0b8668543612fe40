"""The one row that every form of the TREP becomes, and what a reader of a form is given.

A reader of a form is a function of a `Member` and a `Told`. It gives `Columns`: for some of `HEADER`, as many cells of text
as rows, each either empty or what its column declares; a column that it leaves out is empty in all of them. Whatever is
wrong it tells, and never raises.

Besides the rows of the polling tables (NIVEL empty) a file may bring sums of its own, by centre, municipio or
departamento. One that its polling tables do not reproduce is a row more: NIVEL says of what it is, CAMPO which figure, DICE
what the file says and SUMA what its polling tables add up to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import repeat

import pandas as pd
import pyarrow as pa

from etl.model import Column, Kind, Problem

#: How the TREP writes a cell with nothing in it.
EMPTY = ("", "--")
#: Cells of one column that are told one by one; the rest are counted.
SHOWN = 200

COUNTS = (
    "VALIDOS",
    "NULOS",
    "BLANCO",
    "EMITIDOS",
    "INVALIDOS",
    "TOTAL",
    "IMPUGNACIONES",
    "PAPELETAS_RECIBIDAS",
    "PAPELETAS_NO_USADAS",
    "VALIDOS_CALCULADO",
    "EMITIDOS_CALCULADO",
    "TOTAL_CALCULADO",
)
NUMBERS = ("MESA", "ID_DEPARTAMENTO", "ID_MUNICIPIO", "CENTRO", "PADRON", "CONTABILIZADA", *COUNTS)
TEXTS = ("DEPARTAMENTO", "MUNICIPIO", "OBSERVACIONES", "PUBLICADA", "DIGITALIZACION")
#: ARCHIVO is where to look for the row and GRUPO what it is published as: the same, or the folder of many small files.
OF_FILE = ("ARCHIVO", "GRUPO", "FILA", "CARGO", "CORTE", "ACTAS_ESPERADAS", "ACTAS_CAPTURADAS")
#: PARTIDOS are names, as a list in JSON, and VOTOS as many numbers parted by commas (an empty one is not known).
OF_PARTIES = ("PARTIDOS", "VOTOS")
OF_SUMS = ("NIVEL", "CAMPO", "DICE", "SUMA")
HEADER = (*OF_FILE, *NUMBERS, *TEXTS, *OF_PARTIES, *OF_SUMS)
LEVELS = ("centro", "municipio", "departamento", "pais")

_WHOLE = {"FILA", "ACTAS_ESPERADAS", "ACTAS_CAPTURADAS", "DICE", "SUMA", *NUMBERS}
COLUMNS = tuple(
    Column(name, Kind.ENTERO if name in _WHOLE else Kind.TEXTO, nullable=name not in ("ARCHIVO", "GRUPO"))
    for name in HEADER
)

SCHEMA = pa.schema([pa.field(name, pa.large_string()) for name in HEADER])
BATCH = 10_000  # rows that are packed together

#: Cells of text by column of `HEADER`, all of the same length.
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Member:
    """One file of a delivery: its name, after that of the ZIPs and folders that it came in, and its bytes."""

    name: str
    content: bytes

    @property
    def folder(self) -> str:
        """What it came in; its own name when it came alone."""
        return self.name.rpartition("/")[0] or self.name

    @cached_property
    def text(self) -> str | None:
        """Its text, in UTF-8, in UTF-16 or, as spreadsheets save it, in Windows-1252; None when it is no text."""
        start = self.content[:400]
        if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encodings = ["utf-16"]
        elif 4 * start[1::2].count(0) > len(start):
            encodings = ["utf-16-le"]
        elif 4 * start[::2].count(0) > len(start):
            encodings = ["utf-16-be"]
        else:
            encodings = ["utf-8-sig", "cp1252"]
        for encoding in encodings:
            with suppress(UnicodeDecodeError):
                return self.content.decode(encoding)
        return None

    @cached_property
    def document(self) -> object:
        """What it says as JSON; None when it is not JSON, and a `Broken` when it begins as one and does not go on."""
        text = (self.text or "").lstrip()
        if not text.startswith(("{", "[")):
            return None
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            return Broken(f"el JSON está truncado o dañado (línea {error.lineno}, columna {error.colno})")
        except (RecursionError, ValueError):
            return Broken("el JSON no se puede leer: demasiados niveles o un número demasiado largo")


@dataclass(frozen=True)
class Broken:
    """A document that cannot be read, and why."""

    message: str


@dataclass
class Told:
    """Everything that is wrong with a file, as it is found."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def wrong(
        self, message: str, row: int | None = None, column: str | None = None, value: object | None = None
    ) -> None:
        """Note a problem and its place."""
        shown = None if value is None else str(value)[:120]
        self.problems.append(Problem(self.file, row, column, shown, message))

    def cells(self, message: str, column: str, places: Sequence[tuple[int | None, str, object]]) -> None:
        """Note the cells of one column that are wrong: row, key (of a file without rows) and value of each."""
        for row, key, value in places[:SHOWN]:
            self.wrong(message, row, f"{key}, {column}" if key else column, value)
        if len(places) > SHOWN:
            self.wrong(f"{message}: y otras {len(places) - SHOWN:,} celdas de esta columna", None, column)


Reader = Callable[[Member, Told], Columns | None]


@dataclass(frozen=True)
class Form:
    """One way in which polling tables are published: how it is told apart by its content, and its reader."""

    words: str
    recognises: Callable[[Member], bool]
    read: Reader


class Rows:
    """The rows of many files, by column of `HEADER`: kept as Arrow, as the texts of a country would take ten times as much."""

    def __init__(self) -> None:
        self._batches: list[pa.RecordBatch] = []
        self._cells: dict[str, list[str]] = {name: [] for name in HEADER}

    def add(self, columns: Columns) -> None:
        """The rows of one file."""
        size = len(columns["MESA"])
        for name, cells in self._cells.items():
            cells.extend(columns.get(name) or repeat("", size))
        if len(self._cells["MESA"]) >= BATCH:
            self._pack()

    def _pack(self) -> None:
        self._batches.append(pa.RecordBatch.from_pydict(self._cells, schema=SCHEMA))
        self._cells = {name: [] for name in HEADER}

    def frame(self) -> pd.DataFrame | None:
        """All of them, the first of which is row 1; None when there is none."""
        if self._cells["MESA"]:
            self._pack()
        table = pa.Table.from_batches(self._batches, SCHEMA)
        return table.to_pandas().set_axis(pd.RangeIndex(1, len(table) + 1, name="fila")) if len(table) else None


# --- Cells --------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"([0-9]{1,10})(?:\.00?)?")
_MOST = 10**10


def numbers(cells: Sequence[object]) -> tuple[list[str], list[int]]:
    """Counts as text (empty when not known), and the positions of the cells that are not a count.

    A count is a whole number from 0, written with digits alone, or with the «.0» that a spreadsheet adds.
    """
    try:
        found = list(map(_number, cells))
    except TypeError:  # a list or an object, which is no number
        found = [_number(cell) if isinstance(cell, str | int | float | None) else None for cell in cells]
    return [cell or "" for cell in found], [place for place, cell in enumerate(found) if cell is None]


@lru_cache(maxsize=100_000, typed=True)
def _number(cell: object) -> str | None:
    """A count as text, empty when there is none, None when it is something else."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        if text in EMPTY:
            return ""
        found = _NUMBER.fullmatch(text)
        return str(int(found.group(1))) if found else None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return str(int(cell)) if 0 <= cell < _MOST and cell == int(cell) else None


def forget() -> None:
    """Let go of the cells that are remembered: few bytes, but scattered all over the memory that the files took."""
    _number.cache_clear()


def number(cell: object) -> int | None:
    """A count; None when it is not known or is something else."""
    found = _number(cell) if isinstance(cell, str | int | float) else None
    return int(found) if found else None


def total(cells: Sequence[str]) -> int:
    """What counts written as text add up to; one that is not known adds nothing."""
    return sum(int(cell) for cell in cells if cell)
