"""Promise: the same statement gives identical cubes on DuckDB over files and inside PostgreSQL, and only cells travel."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.microdata_support import CORTE, CUBOS, HEADER, PEOPLE, changed, count, cube_files, rejections, write_csv
from tests.postgres_support import address, load

DIRTY = [
    *PEOPLE,
    *changed(0, CUI="2001", SEXO="Q")[:1],
    *changed(0, CUI="2002", FECHA_NACIMIENTO="1900-02-29")[:1],
    *changed(0, CUI="2003", FECHA_NACIMIENTO="2000-02-29")[:1],
    *changed(0, CUI="2004", FECHA_NACIMIENTO="1990-04-31")[:1],
    *changed(0, CUI="2008", FECHA_NACIMIENTO="1997-06-25")[
        :1
    ],  # 26 on the day of the election, and the next one, the day
    *changed(0, CUI="2009", FECHA_NACIMIENTO="1997-06-26")[:1],  # after it
    *changed(0, CUI="2005", PUEBLO="MAYA ", COMUNIDAD_LINGUISTICA="Q'EQCHI'")[:1],
    *changed(0, CUI="2006", MESA="-4")[:1],
    *changed(0, CUI="2007", CODMUN="77")[:1],
    *changed(0, CUI="")[:1],
    *changed(0, CUI=" 1001 ", PUEBLO="Xinka")[:1],
    *changed(0, CUI="1001", PUEBLO="Áfrodescendiente")[:1],
    *changed(0, CUI="1002", SEXO="M")[:1],
]


def test_twenty_thousand_invented_people(tmp_path: Path, synthetic_registry: Path, postgres: str) -> None:
    types = {"FECHA_NACIMIENTO": "date", "MESA": "integer"}
    load(postgres, "ciudadanos", pd.read_parquet(synthetic_registry), types)
    assert count(synthetic_registry, tmp_path / "archivo").exit_code == 0
    database = address(postgres)
    assert count(database, tmp_path / "tabla", "--tabla", "public.ciudadanos").exit_code == 0
    query = "SELECT *, ':nada' AS dos_puntos, '100%' AS porcentaje FROM ciudadanos WHERE \"MESA\"::text <> '0';"
    asked = count(database, tmp_path / "consulta", "--consulta", query)
    assert asked.exit_code == 0, asked.output
    expected = cube_files(tmp_path / "archivo")
    assert {Path(path).name.split(".")[0] for path in expected} == set(CUBOS)
    assert cube_files(tmp_path / "tabla") == expected
    assert cube_files(tmp_path / "consulta") == expected


def test_dirty_rows_are_rejected_for_the_same_reasons(tmp_path: Path, postgres: str) -> None:
    source = write_csv(tmp_path / "padron.csv", DIRTY)
    load(postgres, "sucios", pd.DataFrame(DIRTY, columns=list(HEADER)), {})
    database = address(postgres)
    for place, words, more in (("archivo", source, ()), ("base", database, ("--tabla", "sucios"))):
        result = count(words, tmp_path / place, *more, "--max-rechazos", "0.9", "--max-desconocidos", "0.1")
        assert result.exit_code == 0, result.output
        assert "Filas leídas: 21 = cargadas 13 + rechazadas 8" in result.output
    assert cube_files(tmp_path / "base") == cube_files(tmp_path / "archivo")
    reasons = {
        place: sorted((row - first, reason) for _, row, reason in rejections(tmp_path / place / CORTE))
        for place, first in (("archivo", 2), ("base", 1))
    }
    assert reasons["base"] == reasons["archivo"]


def test_only_aggregated_cells_travel(tmp_path: Path, postgres: str) -> None:
    load(postgres, "contados", pd.DataFrame(PEOPLE, columns=list(HEADER)), {})
    log = Path(postgres) / "servidor.log"
    before = log.stat().st_size
    assert count(address(postgres), tmp_path / "base", "--tabla", "contados").exit_code == 0
    said = log.read_bytes()[before:].decode()
    statements = [part for part in said.split(" LOG:  ")[1:] if '"contados"' in part or "FROM contados" in part]
    counting = [part for part in statements if "CUI" in part]
    assert counting and all("GROUP BY GROUPING SETS" in part for part in counting)
    assert "NOMBRES" not in "".join(counting)  # a column that is not declared is never asked for
    assert said.count("BEGIN READ ONLY") or "READ ONLY" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "indique --tabla o --consulta"),
        (("--tabla", "no_existe"), "la base de datos no tiene la tabla no_existe"),
        (("--consulta", "SELECT * FROM"), "la consulta no es válida"),
        (("--consulta", "SELECT 1 AS x"), "faltan columnas"),
        (("--consulta", "WITH x AS (DELETE FROM danos RETURNING *) SELECT * FROM x"), "la consulta no es válida"),
    ],
)
def test_what_is_wrong_with_a_database_is_said(options, words, tmp_path: Path, postgres: str) -> None:
    load(postgres, f"danos{abs(hash(options))}", pd.DataFrame(PEOPLE, columns=list(HEADER)), {})
    result = count(address(postgres), tmp_path, *options)
    assert (result.exit_code, words in result.output) == (1, True), result.output
    assert not (tmp_path / CORTE).exists()


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path: Path) -> None:
    result = count(f"postgresql://padron:SECRETA99@/base?host={tmp_path}", tmp_path / "cubos", "--tabla", "x")
    assert result.exit_code == 1
    assert "no se puede conectar con la base de datos" in result.output
    assert "SECRETA99" not in result.output
