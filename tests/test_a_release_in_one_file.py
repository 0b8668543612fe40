"""A whole release is one ZIP, one SQLite or one DuckDB file: everything is inside, with its types, and codes are text."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import httpx
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.app import create_app
from dashboard.figures import whole as database
from dashboard.render import whole
from etl.datasets import with_needs
from etl.pipeline.run import run
from etl.publish.contents import release_files
from etl.release import CATALOGUES, Release, publish
from tests.release_support import asked_of, run_apart

FILES = ("padron_abierto.zip", "padron_abierto.sqlite", "padron_abierto.duckdb")
SOME = ("territorio", "participacion_nacional", "limites_eeuu", "consulados")
ROOT = Path(__file__).parent.parent
NOT_FOR_EVER = "padron_abierto.duckdb"


@pytest.fixture(scope="module", params=["small", pytest.param("whole", marks=pytest.mark.largo)])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of some datasets, with boundaries, codes, days, decimals and booleans; in `make test-largo`, the real one."""
    if request.param == "whole":
        return Release.open(request.getfixturevalue("release_path"))
    name, files = release_files(run(with_needs(SOME), ROOT / "data" / "source"))
    return publish(name, files, tmp_path_factory.mktemp("publicaciones"))


@pytest.fixture(scope="module")
def made(release: Release, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each of the files, written once."""
    folder = tmp_path_factory.mktemp("entera")
    for item in whole.whole_files(release):
        with (folder / item.name).open("wb") as file:
            item.write(file)
    return {name: folder / name for name in FILES}


@pytest.fixture(scope="module")
def archive(made: dict[str, Path]) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(made["padron_abierto.zip"]) as found:
        yield found


# ---- the ZIP --------------------------------------------------------------------------------------------------------


def test_the_zip_has_every_file_as_it_was_published(archive: zipfile.ZipFile, release: Release) -> None:
    assert archive.testzip() is None
    hashes = {item["nombre"]: item["sha256"] for item in release.manifest["archivos"]}
    found = {name: hashlib.sha256(archive.read(f"datos/{name}")).hexdigest() for name in hashes}
    assert found == hashes
    assert all(archive.read(f"datos/{name}") == (release.root / name).read_bytes() for name in CATALOGUES)


def test_the_zip_has_every_table_of_figures_as_csv(archive: zipfile.ZipFile, release: Release) -> None:
    for item in (one for one in release.manifest["archivos"] if one["formato"] == "Parquet"):
        rows = list(csv.reader(io.TextIOWrapper(archive.open(f"csv/{item['tabla']}.csv"), "utf-8", newline="")))
        assert len(rows) - 1 == item["filas"], item["tabla"]
        assert rows[0] == pq.read_schema(release.path(item["nombre"])).names


def test_the_zip_says_what_is_inside(archive: zipfile.ZipFile, release: Release) -> None:
    readme = archive.read("LEAME.txt").decode()
    assert release.id in readme and "texto" in readme
    for item in release.manifest["archivos"]:
        assert item["formato"] in readme
    dictionary = list(csv.DictReader(io.StringIO(archive.read("diccionario.csv").decode())))
    assert {row["tabla"] for row in dictionary} == set(release.tables)
    assert all(row["titulo_en"] and row["descripcion_en"] for row in dictionary)
    assert b"clave_fuente" in archive.read("fuentes.csv")


# ---- the databases --------------------------------------------------------------------------------------------------


def as_published(release: Release, table: str) -> list[tuple]:
    return list(zip(*(column.to_pylist() for column in pq.read_table(release.table(table)).columns), strict=True))


def test_sqlite_has_the_rows_of_every_table(made: dict[str, Path], release: Release) -> None:
    with closing(sqlite3.connect(f"file:{made['padron_abierto.sqlite']}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for name in release.tables:
            found = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            plain = [
                tuple(int(v) if isinstance(v, bool) else v.isoformat() if hasattr(v, "isoformat") else v for v in row)
                for row in as_published(release, name)
            ]
            assert found == plain, name
            declared = {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{name}")')}
            expected = {c.name: database.SQLITE_TYPES.get(c.kind, "TEXT") for c in release.tables[name].columns}
            assert declared == expected, name


def test_duckdb_has_the_rows_of_every_table(made: dict[str, Path], release: Release) -> None:
    with closing(duckdb.connect(str(made["padron_abierto.duckdb"]), read_only=True)) as connection:
        for name in release.tables:
            assert connection.execute(f'FROM "{name}"').fetchall() == as_published(release, name), name


def test_codes_are_text_in_both(made: dict[str, Path]) -> None:
    with closing(sqlite3.connect(made["padron_abierto.sqlite"])) as connection:
        frame = pd.read_sql("SELECT codigo_municipio FROM municipios WHERE municipio = 'Guatemala'", connection)
    assert frame["codigo_municipio"].tolist() == ["0101"]
    with closing(duckdb.connect(str(made["padron_abierto.duckdb"]), read_only=True)) as connection:
        asked = "SELECT codigo_municipio FROM municipios WHERE municipio = 'Guatemala'"
        assert connection.execute(asked).fetchall() == [("0101",)]


def test_every_column_is_described_inside(made: dict[str, Path], release: Release) -> None:
    with closing(duckdb.connect(str(made["padron_abierto.duckdb"]), read_only=True)) as connection:
        told = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
        comments = {(table, column): words for table, column, words in told}
        tables = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    with closing(sqlite3.connect(made["padron_abierto.sqlite"])) as connection:
        listed = connection.execute("SELECT tabla, columna, descripcion, descripcion_en FROM _diccionario").fetchall()
        told_once = dict(connection.execute("SELECT dato, valor FROM _publicacion").fetchall())
        keys = {key for (key,) in connection.execute("SELECT clave_fuente FROM _fuentes")}
    assert told_once["publicacion"] == release.id and told_once["manifest_sha256"] == release.sha256
    inside = {(table, column): (spanish, english) for table, column, spanish, english in listed}
    for name, table in release.tables.items():
        assert table.title in tables[name]
        for column in table.columns:
            assert column.description in comments[name, column.name]
            assert inside[name, column.name] == (column.description, column.english[1])
    assert {source["clave"] for item in release.manifest["archivos"] for source in item["fuentes"]} <= keys


# ---- their bytes, and their addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in FILES if name != NOT_FOR_EVER])
def test_the_same_release_is_the_same_bytes(name: str, made: dict[str, Path], release: Release, tmp_path: Path) -> None:
    """Also from a copy of it somewhere else, written later."""
    copy = shutil.copytree(release.root, tmp_path / release.id)
    again = io.BytesIO()
    next(item for item in whole.whole_files(Release.open(copy)) if item.name == name).write(again)
    assert hashlib.sha256(again.getvalue()).hexdigest() == hashlib.sha256(made[name].read_bytes()).hexdigest()


def answers(release: Path, addresses: list[tuple[str, str, dict[str, str]]]) -> list[httpx.Response]:
    """What a site of a release answers to some requests: their method, their address and their headers."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(create_app(release))
        async with httpx.AsyncClient(transport=transport, base_url="http://sitio", timeout=120) as client:
            return [await client.request(verb, address, headers=told) for verb, address, told in addresses]

    return run_apart(ask)


@pytest.mark.parametrize("name", FILES)
def test_an_address_that_may_change_does_not_promise_otherwise(name: str, release: Release) -> None:
    address = f"/descargas/{release.id}/{name}"
    whole_one, head, part, same = answers(
        release.root,
        [
            ("GET", address, {}),
            ("HEAD", address, {}),
            ("GET", address, {"Range": "bytes=0-15"}),
            ("GET", address, {"If-None-Match": "*"}),
        ],
    )
    assert whole_one.status_code == head.status_code == 200 and part.status_code == 206 and same.status_code == 304
    assert ("immutable" in whole_one.headers["cache-control"]) == (name != NOT_FOR_EVER)
    assert head.headers["content-length"] == str(len(whole_one.content)) and not head.content
    assert part.content == whole_one.content[:16] and part.headers["etag"] == whole_one.headers["etag"]
    assert f'filename="padron_abierto_{release.id}' in whole_one.headers["content-disposition"]


def test_of_a_damaged_release_it_is_said_which_file(release: Release, tmp_path: Path) -> None:
    copy = shutil.copytree(release.root, tmp_path / release.id)
    with (copy / "municipios.parquet").open("r+b") as file:
        file.write(b"nada")
    for answer in asked_of(copy, *(f"/descargas/{release.id}/{name}" for name in FILES)):
        assert answer.status_code == 503 and "municipios.parquet" in answer.text
        assert answer.headers["content-type"] == "application/problem+json"


#: Writes a database where no file may be longer than some bytes, as on a full disk, and says what is raised.
ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from dashboard.render import whole
from etl.release import Release
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
item = next(one for one in whole.whole_files(Release.open(sys.argv[1])) if one.name == sys.argv[2])
try:
    with open(sys.argv[3], "wb") as file:
        item.write(file)
except OSError as error:
    print("OSError")
"""


@pytest.mark.parametrize("name", FILES)
def test_a_full_disk_is_an_error_of_the_disk(name: str, release: Release, tmp_path: Path) -> None:
    """Which whoever asked is told, and not a fault of the site."""
    order = [sys.executable, "-c", ON_A_FULL_DISK, str(release.root), name, str(tmp_path / "todo")]
    done = subprocess.run(order, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.stdout == "OSError\n", done.stderr


def test_the_dictionary_is_a_file_of_each_table_and_of_all(release: Release) -> None:
    names = ("diccionario.json", "diccionario_municipios.csv", "diccionario_municipios.json", "diccionario_nada.csv")
    every, one, as_json, none = asked_of(release.root, *(f"/descargas/{release.id}/{name}" for name in names))
    assert none.status_code == 404
    told = {name: [column["columna"] for column in columns] for name, columns in every.json()["tablas"].items()}
    assert told == {name: pq.read_schema(release.table(name)).names for name in release.tables}
    found = list(csv.DictReader(io.StringIO(one.text)))
    assert [row["columna"] for row in found] == told["municipios"]
    assert json.loads(as_json.text)["tablas"]["municipios"] == every.json()["tablas"]["municipios"]
