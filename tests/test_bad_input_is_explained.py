"""Promise: whatever is wrong with a file is said once, in Spanish, with file, row, column and value."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.datasets import with_needs
from etl.pipeline.run import run
from tests.etl_support import (
    PADRON,
    cell,
    cells,
    cut,
    emptied,
    encoded,
    header,
    places,
    repeated_row,
    run_damaged,
    source_copy,
    with_row,
    without_column,
    without_row,
)

# What was done to the file, and the (row, column, value, words) of every problem it must give. Row 2 is the capital.
PADRON_CASES = {
    "wrong column": (
        header("TOTAL_MUJERES", "TOTAL_MUJRES"),
        [(1, "TOTAL_MUJERES", "TOTAL_MUJRES", "falta la columna: ¿es «TOTAL_MUJRES»?")],
    ),
    "missing column": (without_column("EDAD_18a25"), [(1, "EDAD_18a25", None, "falta la columna")]),
    "missing municipio": (
        without_row(3),
        [(None, "CODDEP, CODMUN", "1-2", "falta el municipio 0102 Santa Catarina Pinula (Guatemala)")],
    ),
    "text in a number": (
        cell(2, "TOTAL", "854,232"),
        [(2, "TOTAL", "854,232", "se esperaba un número entero sin separador de miles")],
    ),
    "two bad cells": (
        cells(5, {"TOTAL": "8894.5", "EDAD_18a25": "n/d"}),
        [
            (5, "EDAD_18a25", "n/d", "se esperaba un número entero"),
            (5, "TOTAL", "8894.5", "se esperaba un número entero"),
        ],
    ),
    "negative count": (cell(2, "TOTAL", "-1"), [(2, "TOTAL", "-1", "el valor es menor que 0")]),
    "blank cell": (cell(2, "TOTAL_HOMBRES", ""), [(2, "TOTAL_HOMBRES", "", "la celda está vacía")]),
    "a sum that fails": (
        cell(2, "TOTAL", "854233"),
        [(2, "TOTAL", "854233", "TOTAL_MUJERES + TOTAL_HOMBRES = 854232")],
    ),
    "literacy that does not add up": (
        cell(2, "MUJERES_ANALFABETAS", "16389"),
        [(2, "TOTAL_MUJERES", "458505", "MUJERES_ALFABETAS + MUJERES_ANALFABETAS = 458506")],
    ),
    "wrong encoding": (
        encoded("cp850"),
        [(4, None, ",GUATEMALA,3,SAN JOS", "no se reconoce en qué codificación están los acentos")],
    ),
    "empty file": (emptied, [(None, None, None, "el archivo está vacío")]),
    "header alone": (
        lambda content: content.split(b"\n")[0] + b"\n",
        [(None, None, None, "el archivo tiene encabezado pero ninguna fila de datos")],
    ),
    "truncated in the last row": (
        cut(40),
        [(341, "HOMBRES_EDAD_26a30", "10", "la fila tiene 35 celdas y el encabezado 44: ¿archivo truncado?")],
    ),
    "unclosed quotes": (
        lambda content: content + b'22,"JUTIAPA,18',
        [(342, None, None, "la fila no termina como CSV")],
    ),
    "other separator": (
        lambda content: content.replace(b",", b"^"),
        [(1, None, "CODDEP^DEPARTAMENTO^CODMUN", "ninguna columna es la declarada: ¿otro separador u otro archivo?")],
    ),
    "duplicated key": (
        repeated_row(2),
        [(342, "CODDEP, CODMUN", "1-1", "clave repetida: ya está en la fila 2")],
    ),
    "unknown code": (
        with_row({"CODMUN": "99", "MUNICIPIO": "NUEVO"}),
        [(342, "CODDEP, CODMUN", "1-99", "código desconocido: no está en el catálogo de territorio")],
    ),
    "the INE's departamento code in place of the TSE's": (
        cell(19, "CODDEP", "3"),  # row 19 is Antigua Guatemala: 2 for the TSE, 3 for the INE
        [
            (None, "CODDEP, CODMUN", "2-1", "falta el municipio 0301 Antigua Guatemala (Sacatepéquez)"),
            (
                19,
                "MUNICIPIO",
                "ANTIGUA GUATEMALA",
                "la fila dice Antigua Guatemala (0301) y su código es el de Chimaltenango (0401)",
            ),
            (35, "CODDEP, CODMUN", "3-1", "clave repetida: ya está en la fila 19"),
        ],
    ),
    "one woman less, everywhere": (
        cells(
            2,
            {
                "TOTAL": "854231",
                "TOTAL_MUJERES": "458504",
                "MUJERES_ALFABETAS": "442116",
                "EDAD_18a25": "90911",
                "MUJERES_EDAD_18a25": "46074",
            },
        ),
        [
            (None, "TOTAL", "10030373", "la suma no es el total oficial 10030374"),
            (None, "TOTAL_MUJERES", "5416936", "la suma no es el total oficial 5416937"),
        ],
    ),
}


@pytest.mark.parametrize("name", PADRON_CASES)
def test_every_defect_of_the_padron_is_said_once_with_its_place(name: str, tmp_path: Path) -> None:
    damage, expected = PADRON_CASES[name]
    problems = run_damaged(tmp_path, "padron_municipal", PADRON, damage).problems
    assert {problem.file for problem in problems} == {PADRON}
    assert len(problems) == len(expected), problems
    for (row, column, value), place in zip(places(problems), expected, strict=True):
        assert (row, column) == place[:2]
        assert value == place[2] or (place[2] and value.startswith(place[2]))
    for problem, (*_, words) in zip(problems, expected, strict=True):
        assert words in problem.message


def test_the_population_anomaly_must_stay_as_declared(tmp_path: Path) -> None:
    file = "tse_acuerdo_327_2026_poblacion_municipio_sexo.csv"
    repaired = cells(295, {"poblacion_publicada": "69094", "diferencia": "0"})
    (problem,) = run_damaged(tmp_path, "poblacion", file, repaired).problems
    assert (problem.row, problem.column) == (295, "observacion") and "ya no tiene diferencia" in problem.message
    unexplained = run_damaged(tmp_path / "otra", "poblacion", file, cell(295, "observacion", "")).problems
    assert places(unexplained) == [(295, "observacion", "")]
    assert "difieren en 50 del total: diga por qué" in unexplained[0].message


def test_a_name_that_resolves_to_no_municipio_says_where_to_add_it(tmp_path: Path) -> None:
    file = "ine_proy2002base_municipio_sexo_edad_2011_2015_tidy.csv"
    problems = run_damaged(tmp_path, "poblacion_2011_2015", file, cell(2, "municipio", "Amatitlancito")).problems
    assert places(problems) == [(2, "municipio", "Amatitlancito")]
    assert "añádalo a municipios_alias.csv" in problems[0].message


def test_a_missing_figure_of_2011_is_a_problem_unless_the_municipio_did_not_exist(tmp_path: Path) -> None:
    file = "empadronados_municipio_por_eleccion.csv"
    problems = run_damaged(tmp_path, "padron_serie", file, cell(2, "empadronados", "")).problems
    assert (2, "empadronados", "0101") in places(problems)


def test_a_file_that_is_not_the_declared_one_says_what_to_update(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "poblacion")
    path = next((origin / "poblacion").glob("*.csv"))
    path.write_bytes(path.read_bytes() + b"\n")
    problems = run(with_needs(["poblacion"]), origin).problems
    assert [problem.file for problem in problems] == [path.name]
    assert "actualice en el fuente.toml de su carpeta el sha256, el corte y los totales" in problems[0].message


def test_a_missing_file_is_one_problem_and_what_depends_on_it_waits(tmp_path: Path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    (origin / "territorio" / "municipios.csv").unlink()
    result = run(with_needs(["padron_municipal"]), origin)
    assert [(problem.file, problem.message) for problem in result.problems] == [
        ("municipios.csv", "no existe el archivo municipios.csv en la carpeta de origen")
    ]
    assert result.accounts[-1].waiting_for == ("territorio",)
