"""Promise: a correction to a source says what, why and who, and fails loudly once the source no longer needs it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.datasets import all_datasets, dataset, with_needs
from etl.pipeline import correct
from etl.pipeline.run import run
from tests.etl_support import SOURCE, places, provenance

FILE = "departamentos.csv"
TOML = """
[[correccion]]
archivo = "departamentos.csv"
que = "región de Quiché"
por_que = "Prueba: otra región que el catálogo declara."
reporta = "Padrón Abierto"
donde = {{ codigo_departamento = "14" }}
columna = "region"
expect = "{expect}"
valor = "central"
filas = {rows}
"""


def rows() -> pd.DataFrame:
    """Two places whose codes a source swapped."""
    return pd.DataFrame({"nombre": ["Sansare", "Sanarate"], "codigo": ["0207", "0206"]}, index=[2, 3], dtype="str")


def fix(name: str, expect: str, value: str, count: int = 1) -> correct.Correction:
    """A correction of the code of `name`."""
    where = {"nombre": name}
    return correct.Correction("f.csv", f"código de {name}", "prueba", "prueba", where, "codigo", expect, value, count)


def test_two_corrections_can_swap_two_values() -> None:
    fixed, problems = correct.apply(rows(), [fix("Sansare", "0207", "0206"), fix("Sanarate", "0206", "0207")])
    assert problems == []
    assert fixed["codigo"].to_list() == ["0206", "0207"]


def test_a_repaired_source_makes_its_correction_a_problem() -> None:
    repaired = rows().assign(codigo=["0206", "0207"])
    fixed, problems = correct.apply(repaired, [fix("Sansare", "0207", "0206")])
    assert places(problems) == [(2, "codigo", "0206")]
    assert "si la fuente ya se reparó, quite la corrección" in problems[0].message
    pd.testing.assert_frame_equal(fixed, repaired)


@pytest.mark.parametrize("name, count", [("Sansare", 2), ("Nadie", 1)])
def test_another_number_of_rows_is_a_problem(name: str, count: int) -> None:
    _, problems = correct.apply(rows(), [fix(name, "0207", "0206", count)])
    assert f"esperaba {count} filas donde nombre = {name}" in problems[0].message


def test_a_column_that_is_not_there_is_a_problem() -> None:
    _, problems = correct.apply(rows().drop(columns="codigo"), [fix("Sansare", "0207", "0206")])
    assert places(problems) == [(None, "codigo", None)]


@given(st.permutations([0, 1, 2]))
def test_the_order_of_corrections_does_not_matter(order: list[int]) -> None:
    several = [
        fix("Sansare", "0207", "0206"),
        fix("Sanarate", "0206", "0207"),
        correct.Correction(
            "f.csv", "nombre", "prueba", "prueba", {"codigo": "0207"}, "nombre", "Sansare", "SANSARE", 1
        ),
    ]
    fixed, problems = correct.apply(rows(), [several[index] for index in order])
    assert problems == []
    assert fixed.to_dict("list") == {"nombre": ["SANSARE", "Sanarate"], "codigo": ["0206", "0207"]}


@pytest.mark.parametrize(
    "expect, count, good", [("noroccidente", 1, True), ("occidente", 1, False), ("noroccidente", 2, False)]
)
def test_the_pipeline_applies_the_file_beside_the_dataset(expect: str, count: int, good: bool, tmp_path: Path) -> None:
    text = TOML.format(expect=expect, rows=count)
    (tmp_path / "territorio.correcciones.toml").write_text(text, encoding="utf-8")
    result = run([dataset("territorio")], SOURCE, corrections_folder=tmp_path)
    assert (result.problems == []) is good
    if good:
        regions = result.tables["departamentos"].set_index("codigo_departamento")["region"]
        assert regions["14"] == "central"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('reporta = "Padrón Abierto"\n', "", (None, "correccion[1].reporta", None)),
        ("filas = 1", "filas = 0", (None, "correccion[1].filas", "0")),
        ("filas = 1", "fila = 1\nfilas = 1", (None, "correccion[1].fila", "1")),
        ('{ codigo_departamento = "14" }', "{}", (None, "correccion[1].donde", None)),
        ("[[correccion]]", "[[correccion]", (2, None, None)),
    ],
)
def test_a_badly_written_correction_is_a_problem_with_its_key(
    old: str, new: str, place: tuple[int | None, str | None, str | None], tmp_path: Path
) -> None:
    text = TOML.format(expect="Quiché", rows=1)
    assert old in text
    (tmp_path / "territorio.correcciones.toml").write_text(text.replace(old, new), encoding="utf-8")
    result = run([dataset("territorio")], SOURCE, corrections_folder=tmp_path)
    assert [problem.file for problem in result.problems] == ["territorio.correcciones.toml"]
    assert places(result.problems) == [place]


def test_a_correction_of_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    text = TOML.format(expect="Quiché", rows=1).replace("departamentos.csv", "departamentos_2019.csv")
    (tmp_path / "territorio.correcciones.toml").write_text(text, encoding="utf-8")
    problems = run([dataset("territorio")], SOURCE, corrections_folder=tmp_path).problems
    assert [problem.file for problem in problems] == ["departamentos_2019.csv"]
    assert "«región de Quiché» es de un archivo que no está entre los del dataset" in problems[0].message


def test_the_source_of_boundaries_still_swaps_sansare_and_sanarate() -> None:
    result = run(with_needs(["limites"]), SOURCE)
    assert result.problems == []
    without = run(with_needs(["limites"]), SOURCE, corrections_folder=Path("nowhere"))
    swapped = {problem.value for problem in without.problems}
    assert {"Sansare", "Sanarate"} <= swapped


def test_every_committed_correction_says_what_why_and_who() -> None:
    for item in all_datasets():
        columns = {declared.name: {column.name for column in declared.columns} for declared in item.inputs}
        files = {file.archivo: columns[file.entrada] for file in provenance(SOURCE / item.name).archivos}
        corrections, problems = correct.load(item.name)
        assert problems == []
        for correction in corrections:
            assert correction.what and correction.why and correction.reported_by
            assert {correction.column, *correction.where} <= files[correction.file]
