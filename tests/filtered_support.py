"""Questions at random about the published tables, and what pandas finds for each in the Parquet file itself."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import httpx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq

from dashboard.address.extracts import Offered
from dashboard.render.inert import as_it_was
from etl.model import Kind
from etl.release import Release

API = "/api/v1/datasets"
RANGED = (Kind.ENTERO, Kind.DECIMAL, Kind.FECHA)
#: Rows of a table from which it is never asked for whole, and that a workbook is asked for.
LONG, MOST_IN_A_WORKBOOK = 5_000, 500
#: Rows that are compared at most, of what is asked: the first ones, by pages.
MOST_COMPARED = 1_500
Rows = list[dict[str, Any]]


@lru_cache(8)
def frame_of(release: Release, table: str) -> pd.DataFrame:
    """A published table with its own types: missing is None, whole numbers stay whole, days are days."""
    frame: pd.DataFrame = pq.read_table(release.table(table)).to_pandas(integer_object_nulls=True, date_as_object=True)
    return frame.astype(object).where(frame.notna(), None)


@dataclass
class Question:
    """A question about a table: the parameters that ask it, and the rows that pandas finds for it."""

    table: str
    asked: list[tuple[str, str]] = field(default_factory=list)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)

    def address(self, suffix: str, *more: tuple[str, str]) -> str:
        """Where it is answered in a format."""
        query = urlencode([*self.asked, *more])
        return f"{API}/{self.table}/data.{suffix}" + (f"?{query}" if query else "")

    @property
    def expected(self) -> Rows:
        """The rows as JSON has them."""
        found: Rows = self.rows.to_dict("records")
        return [{name: plain(value) for name, value in row.items()} for row in found]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def question(offered: Offered, frame: pd.DataFrame, chance: random.Random) -> Question:
    """Some filters, columns and an order at random, and what they leave of `frame`."""
    found = Question(offered.table.name, rows=frame)
    names = list(offered.columns)
    least = 2 if len(frame) > LONG else 0
    for name in chance.sample(names, chance.randint(least, min(3, len(names)))):
        _filter(offered, found, name, chance)
    key = list(offered.table.key)
    if chance.random() < 0.6:
        order = chance.sample(names, min(2, len(names)))
        falling = [chance.random() < 0.5 for _ in order]
        found.asked.append(
            ("orden", ",".join(f"-{name}" if down else name for name, down in zip(order, falling, strict=True)))
        )
        rest = [name for name in key if name not in order]
        for name, down in [*zip(order, falling, strict=True), *((name, False) for name in rest)][::-1]:
            found.rows = found.rows.sort_values(name, ascending=not down, kind="stable", na_position="last")
    if chance.random() < 0.6:
        kept = chance.sample(names, chance.randint(1, len(names)))
        found.asked.append(("columnas", ",".join(kept)))
        found.rows = found.rows[kept]
    else:
        found.rows = found.rows[names]
    if len(found.rows) > MOST_COMPARED:
        found.asked.append(("limite", str(MOST_COMPARED)))
        found.rows = found.rows.head(MOST_COMPARED)
    return found


def _filter(offered: Offered, found: Question, name: str, chance: random.Random) -> None:
    if name not in offered.filters:  # it is called as a parameter of any table
        return
    item, column = offered.columns[name], found.rows[name]
    there = column[column.notna()]
    if there.empty or chance.random() < 0.1:
        missing = chance.random() < 0.5
        found.asked.append(("vacias" if missing else "con_dato", name))
        found.rows = found.rows[column.isna() if missing else column.notna()]
        found.asked = _joined(found.asked)
        return
    if item.kind in RANGED and chance.random() < 0.5:
        low, high = sorted(chance.choices(list(there), k=2))
        found.asked += [(f"{name}_desde", written(low)), (f"{name}_hasta", written(high))]
        found.rows = found.rows[column.map(lambda value: value is not None and low <= value <= high).astype(bool)]
        return
    wanted = list(dict.fromkeys(chance.choices(list(there), k=chance.randint(1, 3))))
    if any(not str(value).isprintable() or len(str(value)) > 200 or not str(value) for value in wanted):
        return
    texts = [written(value) for value in wanted]
    found.asked += [(name, text) for text in texts] if item.kind is Kind.TEXTO else [(name, ",".join(texts))]
    found.rows = found.rows[column.isin(wanted)]


def _joined(asked: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was asked, with the columns of one list together."""
    found: list[tuple[str, str]] = []
    for name in ("vacias", "con_dato"):
        if columns := [value for parameter, value in asked if parameter == name]:
            found.append((name, ",".join(columns)))
    return [*(pair for pair in asked if pair[0] not in ("vacias", "con_dato")), *found]


def written(value: Any) -> str:
    """A value as an address asks for it."""
    if isinstance(value, bool):
        return "si" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


# --- What is answered ----------------------------------------------------------------------------------------------------


def of_csv(content: bytes, kinds: Sequence[Kind]) -> Rows:
    """The rows of a CSV, with the types of their columns."""
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    return [{name: _typed(text, kind) for name, text, kind in zip(head, line, kinds, strict=True)} for line in lines]


def _typed(text: str, kind: Kind) -> Any:
    if not text:
        return None
    if kind is Kind.BOOLEANO:
        return {"true": True, "false": False}[text]
    made: Callable[[str], Any] = {Kind.ENTERO: int, Kind.DECIMAL: float}.get(kind, as_it_was)
    return made(text)


def of_xlsx(content: bytes, kinds: Sequence[Kind]) -> Rows:
    """The rows of a workbook; a cell without text is one without value."""
    head, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [
        {
            str(name): as_it_was(value) if isinstance(value, str) else value
            for name, value in zip(head, row, strict=True)
        }
        for row in rows
    ]


def of_json(content: bytes, kinds: Sequence[Kind]) -> Rows:
    """The rows of a JSON document."""
    found: Rows = json.loads(content)["data"]
    return found


def of_jsonl(content: bytes, kinds: Sequence[Kind]) -> Rows:
    """The rows of JSON Lines."""
    return [json.loads(line) for line in content.decode().split("\n") if line]


def of_parquet(content: bytes, kinds: Sequence[Kind]) -> Rows:
    """The rows of a Parquet file."""
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    return [{name: plain(value) for name, value in row.items()} for row in rows]


READ = {"csv": of_csv, "xlsx": of_xlsx, "json": of_json, "jsonl": of_jsonl, "parquet": of_parquet}
#: Formats in which a text without letters and one that is missing are the same.
WITHOUT_MISSING = ("csv", "xlsx")


def same(answer: httpx.Response, found: Question, suffix: str, kinds: Sequence[Kind]) -> bool:
    """Whether an answer has exactly the rows and the columns, in their order, that pandas found."""
    assert answer.status_code == 200, (found.address(suffix), answer.text[:500])
    rows = READ[suffix](answer.content, kinds)
    expected = found.expected
    if suffix in WITHOUT_MISSING:
        expected = [{name: None if value == "" else value for name, value in row.items()} for row in expected]
    assert rows == expected, (found.address(suffix), rows[:2], expected[:2], len(rows), len(expected))
    assert not rows or list(rows[0]) == list(found.rows.columns)
    return True
