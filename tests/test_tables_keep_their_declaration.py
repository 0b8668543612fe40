"""Promise: no table is published that its own declaration does not allow; validation has no second schema."""

from __future__ import annotations

import pandas as pd
import pytest

from etl import checks, fields
from etl.model import Problem, Reference, Table
from etl.pipeline import validate

TABLE = Table(
    "padron_de_prueba",
    "Prueba",
    "Tabla de prueba.",
    (fields.codigo_municipio, fields.residencia, fields.sexo, fields.empadronados),
    ("codigo_municipio", "sexo"),
    (Reference(("codigo_municipio",), "municipios", ("codigo_municipio",), unless=("residencia", "extranjero")),),
)
MUNICIPIOS = {"municipios": pd.DataFrame({"codigo_municipio": ["0101", "0102"]}, dtype="str")}
GOOD = [
    ("0101", "pais", "mujeres", 6),
    ("0101", "pais", "hombres", 4),
    ("0102", "pais", "mujeres", 3),
    ("0102", "pais", "hombres", 1),
    ("2503", "extranjero", "hombres", 2),
    ("2503", "extranjero", "mujeres", 0),
]


def problems(rows: list[tuple]) -> list[Problem]:
    """What validation finds in a table with `rows`."""
    frame = pd.DataFrame(rows, columns=[field.name for field in TABLE.fields])
    return validate.problems(TABLE, validate.typed(TABLE, frame), MUNICIPIOS)


def test_a_good_table_has_no_problems_and_comes_out_typed_and_sorted() -> None:
    assert problems(GOOD) == []
    frame = pd.DataFrame(reversed(GOOD), columns=[field.name for field in TABLE.fields])
    typed = validate.typed(TABLE, frame.assign(sobra="no declarada"))
    assert typed.columns.to_list() == ["codigo_municipio", "residencia", "sexo", "empadronados"]
    assert typed["codigo_municipio"].is_monotonic_increasing
    assert typed["empadronados"].to_list() == [4, 6, 1, 3, 2, 0]


@pytest.mark.parametrize(
    "row, column, value, words",
    [
        (("101", "pais", "hombres", 4), "codigo_municipio", "101", "no tiene la forma declarada"),
        (("0101", "pais", "otros", 4), "sexo", "otros", "valor que la columna no declara"),
        (("0101", "pais", "hombres", -4), "empadronados", "-4", "menor que 0"),
        (("0101", "pais", "hombres", None), "empadronados", "", "la celda está vacía"),
        (("0103", "pais", "hombres", 4), "codigo_municipio", "0103", "no existe en la tabla municipios"),
    ],
)
def test_each_broken_rule_names_the_table_the_column_and_the_value(row, column, value, words) -> None:
    found = problems([GOOD[0], row, *GOOD[2:]])
    assert any((item.column, item.value) == (column, value) and words in item.message for item in found), found
    assert {item.file for item in found} == {"tabla padron_de_prueba"}


def test_a_repeated_key_is_a_problem() -> None:
    assert {item.message for item in problems([*GOOD, GOOD[0]])} == {"clave repetida"}


def test_a_hole_in_a_series_is_a_problem() -> None:
    frame = pd.DataFrame(GOOD[:-1], columns=[field.name for field in TABLE.fields])
    check = checks.complete("t", ("codigo_municipio", "sexo"))
    assert [item.value for item in check({"t": frame})] == ["2503-mujeres"]


def test_one_name_for_two_municipios_is_a_problem() -> None:
    municipios = pd.DataFrame(
        {"codigo_departamento": ["14", "14"], "municipio": ["Nebaj", "Ixcán"], "codigo_municipio": ["1413", "1420"]}
    )
    alias = pd.DataFrame({"codigo_departamento": ["14"], "alias": ["IXCAN"], "codigo_municipio": ["1413"]})
    found = checks.no_homonyms({"municipios": municipios, "municipios_alias": alias})
    assert {item.value for item in found} == {"Ixcán", "IXCAN"}
