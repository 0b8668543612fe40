"""Promise: a few rows of one place of a table are read from its file without the database, and are those of the database."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.address.extract_query import extract_of
from dashboard.address.extracts import Condition, Extract
from dashboard.figures.extracts import extracts_of, tables_of
from dashboard.figures.few_rows import MOST_FOUND, FewRows
from dashboard.web.made_files import MadeFiles, Making, compressed
from dashboard.web.shelf import Shelf
from etl.release import Release
from tests.filtered_support import API, frame_of, question
from tests.release_support import run_apart

SEED, EACH = 4, 6
#: Of the questions at random, how many are answered without the database, at least.
PART = 0.8


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


def test_they_are_those_of_the_database(release: Release) -> None:
    chance, tables, answered, asked = random.Random(SEED), extracts_of(release), 0, 0
    for name, (offered, _) in tables_of(release).items():
        frame = frame_of(release, name)
        for _ in range(EACH):
            given: dict[str, list[str]] = {}
            for parameter, text in question(offered, frame, chance).asked:
                given.setdefault(parameter, []).append(text)
            page = (
                {"limit": chance.choice((1, 7, 100)), "skip": chance.choice((0, 3, 50))}
                if chance.random() < 0.3
                else {}
            )
            extract = replace(extract_of(offered, given), **page)
            found = tables.few(extract, offered)
            asked += 1
            if found is None:
                continue
            answered += 1
            with tables.rows(extract, offered) as rows:
                expected = pa.Table.from_batches(rows.batches(), rows.schema)
            assert pa.Table.from_batches(found, rows.schema).equals(expected), (name, given, page)
    assert answered > PART * asked


# --- A file of its own -------------------------------------------------------------------------------------------------

GROUP, MUNICIPIOS = 50, 8
CODES = [f"{1 + turn // 4:02d}{1 + turn % 4:02d}" for turn in range(MUNICIPIOS)]
ROWS = [
    {
        "codigo_municipio": code,
        "numero": None if number % 7 == 3 else number,
        "parte": number / 4,
        "dia": date(2020, 1, 1 + number % 28),
        "hay": number % 3 == 0,
        "siempre": None,
    }
    for code in CODES
    for number in range(GROUP)
]
SCHEMA = pa.schema(
    {
        "codigo_municipio": pa.string(),
        "numero": pa.int64(),
        "parte": pa.float64(),
        "dia": pa.date32(),
        "hay": pa.bool_(),
        "siempre": pa.string(),
    }
)
COLUMNS = tuple(SCHEMA.names)


def written(folder: Path, **how: Any) -> Path:
    path = folder / "tabla.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS, SCHEMA), path, row_group_size=GROUP, compression="none", **how)
    return path


def found(path: Path, *conditions: Condition, **more: Any) -> list[dict[str, Any]] | None:
    table = FewRows(path).found(Extract("tabla", COLUMNS, conditions, **more))
    return None if table is None else table.to_pylist()


def kept(row: dict[str, Any], item: Condition) -> bool:
    value = row["codigo_municipio"][:2] if item.column == "codigo_departamento" else row[item.column]
    if item.missing is not None:
        return (value is None) is item.missing
    return value is not None and (
        (not item.values or value in item.values)
        and (item.least is None or value >= item.least)
        and (item.most is None or value <= item.most)
        and (item.but is None or value != item.but)
    )


@pytest.mark.parametrize("statistics", [True, False, ["dia"]])
@pytest.mark.parametrize(
    "conditions",
    [
        (),
        (Condition("codigo_municipio", ("0103",)),),
        (Condition("codigo_municipio", ("0103", "0202", "9999")), Condition("numero", least=10, most=20)),
        (Condition("codigo_departamento", ("02",)), Condition("numero", missing=True)),
        (Condition("codigo_municipio", but="0101"), Condition("numero", but=5)),
        (Condition("dia", (date(2020, 1, 9),)), Condition("hay", (True,))),
        (Condition("dia", least=date(2020, 1, 27)), Condition("parte", most=7.5)),
        (Condition("parte", (0.25, 12.25)),),
        (Condition("siempre", missing=True), Condition("numero", (3, 4))),
        (Condition("siempre", ("x",)),),
        (Condition("codigo_municipio", ("9999",)),),
    ],
)
def test_each_condition_keeps_what_it_says(
    tmp_path: Path, statistics: bool | list[str], conditions: tuple[Condition, ...]
) -> None:
    """Whether or not the file says what there is in each of its groups."""
    expected = [row for row in ROWS if all(kept(row, item) for item in conditions)]
    assert found(written(tmp_path, write_statistics=statistics), *conditions) == expected


def test_what_is_missing_is_last_in_any_order(tmp_path: Path) -> None:
    one = Condition("codigo_municipio", ("0102",))
    rows = [row for row in ROWS if row["codigo_municipio"] == "0102"]
    for falling in (False, True):
        there = sorted(
            (row for row in rows if row["numero"] is not None), key=lambda row: row["numero"], reverse=falling
        )
        missing = sorted((row for row in rows if row["numero"] is None), key=lambda row: row["parte"])
        expected = [*there, *missing]
        order = (("numero", falling), ("parte", False))
        assert found(written(tmp_path), one, order=order) == expected
        assert found(written(tmp_path), one, order=order, skip=40, limit=5) == expected[40:45]


@pytest.mark.parametrize("value", [10**30, "texto", "\ud800", 1.5])
def test_a_value_that_no_row_can_have_is_left_to_the_database(tmp_path: Path, value: Any) -> None:
    assert found(written(tmp_path), Condition("numero", (value,))) is None


def test_nothing_is_read_but_where_the_rows_are(tmp_path: Path) -> None:
    """With the rest of the file destroyed, the rows of one place are still found."""
    path = written(tmp_path)
    facts = pq.read_metadata(path).row_group(2)
    start = min(
        facts.column(number).dictionary_page_offset or facts.column(number).data_page_offset for number in range(6)
    )
    end = max(
        (facts.column(number).dictionary_page_offset or facts.column(number).data_page_offset)
        + facts.column(number).total_compressed_size
        for number in range(6)
    )
    told = FewRows(path)
    content = path.read_bytes()
    path.write_bytes(b"\x00" * start + content[start:end] + b"\x00" * (len(content) - end))
    table = told.found(Extract("tabla", COLUMNS, (Condition("codigo_municipio", (CODES[2],)),)))
    assert table is not None and table.to_pylist() == ROWS[2 * GROUP : 3 * GROUP]


def test_many_rows_or_groups_are_for_the_database(tmp_path: Path) -> None:
    path = tmp_path / "larga.parquet"
    pq.write_table(pa.table({"numero": range(MOST_FOUND + 1)}), path)
    few = FewRows(path)
    assert few.found(Extract("larga", ("numero",))) is None
    assert len(few.found(Extract("larga", ("numero",), limit=MOST_FOUND)) or ()) == MOST_FOUND
    assert few.found(Extract("larga", ("numero",), by=("numero",), limit=5)) is None


# --- As an answer --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    "query", ["codigo_municipio=1601", "departamento=16&limite=10", "codigo_municipio=1601&limite=9"]
)
def test_it_is_the_same_whole_and_in_parts(client: httpx.Client, suffix: str, query: str) -> None:
    """The whole is made of the few rows and a part is of a file that the database makes: the bytes and what is told of them are
    the same.
    """
    address = f"{API}/padron_municipal_edad/data.{suffix}?{query}"
    plain = {"Accept-Encoding": "identity"}
    whole = client.get(address, headers=plain)
    part = client.get(address, headers=plain | {"Range": "bytes=0-"})
    assert (whole.status_code, part.status_code) == (200, 206) and whole.content == part.content
    of_a_part = {"content-range", "date"}
    assert {name: value for name, value in whole.headers.items() if name not in of_a_part} == {
        name: value for name, value in part.headers.items() if name not in of_a_part
    }
    told = client.head(address, headers=plain)
    assert dict(told.headers) | {"date": ""} == dict(whole.headers) | {"date": ""}
    for encoding in ("br", "gzip"):
        smaller = client.get(address, headers={"Accept-Encoding": encoding})
        assert smaller.content == whole.content and smaller.headers["ETag"] != whole.headers["ETag"]
        again = client.get(address, headers={"Accept-Encoding": encoding, "If-None-Match": smaller.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("size", [0, 1, 5_000, 300_000])
def test_in_memory_and_on_the_disk_it_is_compressed_to_the_same_bytes(tmp_path: Path, encoding: str, size: int) -> None:
    content = random.Random(SEED).randbytes(size // 2) * 2
    files = MadeFiles(Shelf(tmp_path, 1 << 24))

    async def kept_on_disk() -> bytes:
        made = await files.made("uno", lambda: Making(lambda file: file.write(content)))
        return b"".join((await files.compressed(made, encoding)).blocks())

    assert run_apart(kept_on_disk) == compressed(content, encoding)
