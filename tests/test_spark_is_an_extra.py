"""Promise: who counts files needs no Spark; who names one without it is told what to install, and a name is only a name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from etl.microdata import spark_session
from etl.microdata.errors import MicrodataError
from etl.microdata.spark_sql import Named, named
from tests.browser_support import ROOT
from tests.microdata_support import count
from tests.test_lock import options, pinned, pins, project

LOCK = "requirements-spark.lock"


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path) -> None:
    for address in ("spark://127.0.0.1:9", "spark+connect://127.0.0.1:9/;token=SECRETA99"):
        result = count(address, tmp_path, "--tabla", "x")
        assert result.exit_code == 1 and f"instale el extra «spark» con «{spark_session.INSTALL}»" in result.output
        assert "SECRETA99" not in result.output


@pytest.mark.parametrize(
    "address",
    [
        "spark://", "spark://maestro:puerto", "spark://maestro:99999", "spark://maestro:7077/x", "spark://[::1:7077",
        "spark+connect://servidor/SECRETA99", "spark+connect://a b:1", "spark://a,:7077", "spark+connect://a,b:1",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_saying_it(address: str, tmp_path: Path) -> None:
    result = count(address, tmp_path, "--tabla", "x")
    assert result.exit_code == 1 and "la dirección de Spark no se entiende" in result.output
    assert "SECRETA99" not in result.output


def test_a_password_in_the_address_is_refused_without_saying_it(tmp_path: Path) -> None:
    for scheme in ("spark", "spark+connect"):
        result = count(f"{scheme}://padron:SECRETA99@servidor:7077", tmp_path, "--tabla", "x")
        assert result.exit_code == 1 and "no lleva usuario ni clave" in result.output
        assert "SECRETA99" not in result.output


@pytest.mark.parametrize(
    ("written", "meant", "read"),
    [
        ("ciudadanos", Named(("ciudadanos",)), "`ciudadanos`"),
        ("padron.ciudadanos", Named(("padron", "ciudadanos")), "`padron`.`ciudadanos`"),
        (" nube . padron.`mi tabla.2026`", Named(("nube", "padron", "mi tabla.2026")), "`nube`.`padron`.`mi tabla.2026`"),
        ("`a``; DROP TABLE x; --`", Named(("a`; DROP TABLE x; --",)), "`a``; DROP TABLE x; --`"),
        ("parquet.`/datos/2026`", Named(("/datos/2026",), "parquet"), None),
        ("CSV.`s3a://cubo/a,b`", Named(("s3a://cubo/a,b",), "csv"), None),
        ("parquet.padron", Named(("parquet", "padron")), "`parquet`.`padron`"),
        ("`parquet`.`/datos`", Named(("parquet", "/datos")), "`parquet`.`/datos`"),
        ("json.`/datos`", Named(("json", "/datos")), "`json`.`/datos`"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(written: str, meant: Named, read: str | None) -> None:
    assert named(written) == meant
    assert read is None or named(written).quoted == read


@pytest.mark.parametrize(
    "written",
    [
        "x; DROP TABLE y",
        "x y",
        "x.",
        ".x",
        "`x",
        "x`",
        "``",
        "x--",
        "x)",
        "(SELECT 1)",
        "x AS y",
        "x'",
        'x"y',
        "a..b",
        "x\0",
    ],
)
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(MicrodataError, match="--tabla se escribe"):
        named(written)


# --- What is installed ------------------------------------------------------------------------------------------------


def test_its_lock_has_what_it_adds_and_only_pyspark_is_built() -> None:
    assert options(ROOT / LOCK) == ["--only-binary :all:", "--no-binary pyspark"]
    adds = {one.name for one in pinned(LOCK)}
    assert {Requirement(one).name for one in project()["spark"]} <= adds
    assert not adds & pins("requirements.lock").keys()
    assert [name for name, block in pins(LOCK).items() if "--hash=sha256:" not in block] == []
    assert re.findall(r"://", (ROOT / LOCK).read_text(encoding="utf-8")) == []
