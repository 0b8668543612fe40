"""Promise: a Spark cluster gives the same cubes as DuckDB over the same records, and only cells come back from it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.microdata import spark_session
from etl.microdata.spark_sql import unended
from tests.microdata_support import CORTE, HEADER, PEOPLE, count, cube_files, rejections, reports, write_csv
from tests.spark_support import Cluster, Relay, packages, running_cluster, why_not
from tests.test_microdata_same_cubes_in_a_database import DIRTY
from tests.test_microdata_takes_every_form import ANY, registry_of

pytestmark = [pytest.mark.largo, pytest.mark.skipif(why_not() is not None, reason=str(why_not()))]
REASONS = ("filas_leidas", "filas_cargadas", "filas_rechazadas", "motivos", "sin_dato_por_no_declarado")


@pytest.fixture(scope="module", autouse=True)
def spark() -> Iterator[None]:
    with packages():
        yield


@pytest.fixture(scope="module")
def cluster(spark: None) -> Iterator[Cluster]:
    with running_cluster() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(running.folder / "conf"))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setattr(spark_session, "PATIENCE", 300)
        yield running


@pytest.fixture(scope="module")
def folder(synthetic_registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two Parquet files, in folders of Hive, of people with everything wrong."""
    frame = registry_of(synthetic_registry, 1500)
    place = tmp_path_factory.mktemp("registro")
    for number, part in enumerate((frame.iloc[:700], frame.iloc[700:])):
        part.to_parquet(place / f"part-{number}.parquet", index=False)
    return place


@pytest.fixture(scope="module")
def expected(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    cubes = tmp_path_factory.mktemp("esperado")
    result = count(folder, cubes, *ANY)
    assert result.exit_code == 0, result.output
    return cubes


def check(address: str, options: tuple[str, ...], cubes: Path, expected: Path) -> None:
    """Count there: every cell, and every figure of the account, is the one expected."""
    result = count(address, cubes, *options, *ANY)
    assert result.exit_code == 0, result.output
    assert cube_files(cubes) == cube_files(expected) != {}
    told, same = reports(cubes), reports(expected)
    assert [{key: told[name][key] for key in REASONS} for name in same] == [
        {key: report[key] for key in REASONS} for report in same.values()
    ]


def test_the_master_of_a_cluster(cluster: Cluster, folder: Path, expected: Path, tmp_path: Path) -> None:
    check(cluster.master, ("--tabla", f"parquet.`{folder}`"), tmp_path, expected)
    assert rejections(tmp_path / CORTE) == rejections(expected / CORTE)  # each by its file and its row


def test_a_connect_server_sends_no_person(cluster: Cluster, folder: Path, expected: Path, tmp_path: Path) -> None:
    relay = Relay(int(cluster.connect.rpartition(":")[2]))
    try:
        check(f"spark+connect://{relay.address}", ("--tabla", f"parquet.`{folder}`"), tmp_path, expected)
    finally:
        relay.close()
    assert rejections(tmp_path / CORTE) == rejections(expected / CORTE)
    people, said = pd.read_parquet(folder), bytes(relay.said)
    assert b"participacion_cubo" in said and b"identificador_repetido" in said  # it can be read
    for name in ("CUI", "NOMBRES"):
        written = [value.encode() for value in people[name] if len(value) > 5]
        assert len(written) > 1000 and not any(value in said for value in written), name


# --- Tables of its catalogue ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue(cluster: Cluster, folder: Path) -> str:
    """The server's address, once it has tables: of typed columns, and of texts."""
    with spark_session.session(cluster.connect) as spark:
        spark.sql("CREATE DATABASE padron")
        people = spark.read.parquet(str(folder))
        typed = people.withColumns(
            {name: people[name].cast(kind) for name, kind in (("FECHA_NACIMIENTO", "date"), ("MESA", "decimal(9,1)"))}
        )
        typed.createOrReplaceTempView("tipos")
        spark.sql("CREATE TABLE padron.ciudadanos USING parquet AS SELECT * FROM tipos")
        dirty = spark.createDataFrame(pd.DataFrame(DIRTY, columns=list(HEADER)))
        dirty.write.option("path", str(cluster.folder / "sucios")).saveAsTable("padron.sucios", format="orc")
    return cluster.connect


def test_a_table_of_typed_columns(catalogue: str, expected: Path, tmp_path: Path) -> None:
    check(catalogue, ("--tabla", "padron.ciudadanos"), tmp_path, expected)


def test_a_query(catalogue: str, folder: Path, expected: Path, tmp_path: Path) -> None:
    query = f"SELECT *, ':nada' AS dos_puntos, '100%' AS porcentaje FROM parquet.`{folder}` WHERE CUI LIKE 'S%'; -- así"
    check(catalogue, ("--consulta", query), tmp_path, expected)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("SELECT 1;", "SELECT 1"),
        ("SELECT 1\n;; -- así\n", "SELECT 1\n"),
        ("SELECT 'á\\'; --', `a;b` FROM t; /* ; */", "SELECT 'á\\'; --', `a;b` FROM t"),
        *((words, words) for words in ("SELECT ';'", "SELECT 1 -- así;", "SELECT 'sin fin;", "SELECT 1; SELECT 2")),
    ],
)
def test_of_what_ends_a_query_only_that_is_left_out(written: str, asked: str) -> None:
    assert unended(written) == asked


def test_dirty_rows_are_rejected_for_the_same_reasons(catalogue: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "csv" / "padron.csv", DIRTY)
    more = ("--max-rechazos", "0.9", "--max-desconocidos", "0.1")
    places = {"archivo": (str(source), ()), "csv": (catalogue, ("--tabla", f"csv.`{source.parent}`")),
              "tabla": (catalogue, ("--tabla", "padron.sucios"))}  # fmt: skip
    found = {}
    for name, (address, options) in places.items():
        result = count(address, tmp_path / name, *options, *more)
        assert result.exit_code == 0, result.output
        assert "Filas leídas: 21 = cargadas 13 + rechazadas 8" in result.output
        first = 2 if name == "archivo" else 1
        found[name] = (
            cube_files(tmp_path / name),
            sorted((row - first, reason) for _, row, reason in rejections(tmp_path / name / CORTE)),
        )
    assert found["csv"] == found["archivo"]
    assert found["tabla"][0] == found["archivo"][0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "indique --tabla o --consulta"),
        (("--tabla", "padron.no_existe"), "Spark no tiene la tabla padron.no_existe"),
        (("--tabla", "no_existe.ciudadanos"), "Spark no tiene la tabla no_existe.ciudadanos"),
        (("--tabla", "padron.sucios; DROP TABLE padron.sucios"), "--tabla se escribe tabla, base.tabla"),
        (("--tabla", "`padron.sucios; DROP TABLE padron.sucios`"), "Spark no tiene la tabla"),
        (("--tabla", "parquet.`/no/existe`"), "Spark no encuentra esa carpeta"),
        (("--consulta", "SELECT * FROM"), "la consulta no es válida en Spark"),
        (("--consulta", "SELECT 1 AS x"), "faltan columnas"),
        (("--consulta", "DROP TABLE padron.sucios"), "la consulta no es válida en Spark"),
        (("--consulta", "SELECT 1) AS x; DROP TABLE padron.sucios; SELECT (1"), "la consulta no es válida en Spark"),
        (("--consulta", "SELECT *, CAST(NOMBRES AS INT) AS CUI FROM (SELECT * EXCEPT (CUI) FROM padron.sucios)"),
         "una columna tiene valores que no son de su tipo"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    options: tuple[str, ...], words: str, catalogue: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    result = count(catalogue, tmp_path, *options)
    assert (result.exit_code, words in " ".join(result.output.split())) == (1, True), result.output
    assert not (tmp_path / CORTE).exists()
    written = result.output + "".join(capfd.readouterr())
    assert not any(row[1] in written for row in PEOPLE)
    with spark_session.session(catalogue) as spark:
        assert spark.table("padron.sucios").count() == len(DIRTY)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--tabla", "padron.no_existe"), "Spark no tiene la tabla padron.no_existe"),
        (("--tabla", "parquet.`/no/existe`"), "Spark no encuentra esa carpeta"),
        (("--consulta", "DROP TABLE padron.sucios"), "la consulta no es válida en Spark"),
    ],
)
def test_what_is_wrong_is_said_of_a_master_too(
    options: tuple[str, ...], words: str, cluster: Cluster, tmp_path: Path
) -> None:
    result = count(cluster.master, tmp_path, *options)
    assert (result.exit_code, words in " ".join(result.output.split())) == (1, True), result.output


@pytest.mark.parametrize("of_master", [True, False])
def test_a_row_of_text_that_is_cut_stops_the_job(
    of_master: bool, cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = write_csv(tmp_path / "csv" / "padron.csv", [*PEOPLE, PEOPLE[0][:9]])
    address = cluster.master if of_master else cluster.connect
    result = count(address, tmp_path / "cubos", "--tabla", f"csv.`{source.parent}`")
    assert result.exit_code == 1 and "hay una fila que no tiene tantas celdas como el encabezado" in result.output
    written = result.output + "".join(capfd.readouterr())
    assert PEOPLE[0][1] not in written


def test_of_the_repeated_nothing_goes_to_whoever_shares_out_the_work(
    catalogue: str, folder: Path, expected: Path, tmp_path: Path
) -> None:
    """What Spark sends to every worker passes through its driver; what it keeps of the records never does."""
    from pyspark.sql.connect.session import SparkSession

    plans: list[str] = []
    asked = SparkSession.sql

    def sql(self: Any, words: str, *more: Any, **other: Any) -> Any:
        frame = asked(self, words, *more, **other)
        if "padron_repetidos" in words:
            plans.append(frame._explain_string(mode="simple"))
        return frame

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SparkSession, "sql", sql)
        check(catalogue, ("--tabla", f"parquet.`{folder}`"), tmp_path, expected)
    assert len(plans) >= 2 and all("ShuffledHashJoin" in plan for plan in plans)
    for plan in plans:
        sent = [part.splitlines()[1] for part in plan.split("BroadcastExchange")[1:]]
        assert all("LocalTableScan" in line for line in sent), sent


# --- Nobody there -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["spark://127.0.0.1:{}", "spark+connect://127.0.0.1:{}/;token=SECRETA99"])
def test_a_cluster_that_is_not_there_is_said_at_once(address: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        start = time.monotonic()
        result = count(address.format(free.getsockname()[1]), tmp_path, "--tabla", "x")
    assert result.exit_code == 1 and "no se puede conectar con Spark" in result.output
    assert time.monotonic() - start < 15 and "SECRETA99" not in result.output


@pytest.mark.parametrize("address", ["spark://127.0.0.1:{}", "spark+connect://127.0.0.1:{}/;user_id=SECRETA99"])
def test_one_that_says_nothing_is_not_waited_for(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark_session, "PATIENCE", 10)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        result = count(address.format(silent.getsockname()[1]), tmp_path, "--tabla", "x")
    assert result.exit_code == 1 and "Spark no respondió" in result.output, result.output
    assert time.monotonic() - start < 120 and "SECRETA99" not in result.output


def test_without_java_it_is_said(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    result = count(cluster.master, tmp_path, "--tabla", "x")
    assert result.exit_code == 1 and "hace falta Java 17 o posterior" in result.output
