"""Promise: rows read = loaded + rejected, each rejection with its row and reason, and the cubes count what is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import Result

from etl.cubes.declared import CUBES
from etl.model import TOTAL
from tests.long_support import light_and_long
from tests.microdata_support import (
    ABROAD,
    AT_HOME,
    CORTE,
    ELECCION,
    PEOPLE,
    ROLL_AT_HOME,
    cell,
    changed,
    count,
    cube_files,
    cubes,
    rejections,
    reports,
    write_csv,
)

#: Where the first row is, after the header.
FIRST_ROW = 2
#: What is wrong with a row, and the reason its rejection must give.
REJECTED = {
    "no identifier": ({"CUI": ""}, "identificador_vacio"),
    "blank identifier": ({"CUI": "   "}, "identificador_vacio"),
    "identifier of another row": ({"CUI": "1008"}, "identificador_repetido"),
    "no sex": ({"SEXO": ""}, "sexo_vacio"),
    "unknown sex": ({"SEXO": "Q"}, "sexo_desconocido"),
    "no birth date": ({"FECHA_NACIMIENTO": ""}, "edad_vacia"),
    "30 February": ({"FECHA_NACIMIENTO": "1990-02-30"}, "edad_invalida"),
    "not a date": ({"FECHA_NACIMIENTO": "ayer"}, "edad_invalida"),
    "born after the cut-off": ({"FECHA_NACIMIENTO": "2026-07-13"}, "nacimiento_posterior"),
    "seventeen": ({"FECHA_NACIMIENTO": "2008-07-13"}, "menor_de_edad"),
    "121 years": ({"FECHA_NACIMIENTO": "1905-07-12"}, "edad_imposible"),
    "no municipio": ({"CODMUN": ""}, "municipio_vacio"),
    "unknown municipio": ({"CODMUN": "99"}, "municipio_desconocido"),
    "unknown vote": ({"VOTO_2023_1": "tal vez"}, "voto_desconocido"),
}


@pytest.fixture(scope="module")
def rejected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, list[tuple[str, int, str]], dict[str, Any]]:
    """Eight good people, and after them one for each bad value: what the command said, its rejections and its report."""
    folder = tmp_path_factory.mktemp("rechazos")
    bad = [changed(0, **{"CUI": f"9{number:03}"} | cells)[0] for number, (cells, _) in enumerate(REJECTED.values())]
    result = count(write_csv(folder / "padron.csv", [*PEOPLE, *bad]), folder / "cubos", "--max-rechazos", "0.9")
    assert result.exit_code == 0, result.output
    made = folder / "cubos" / CORTE
    return result, rejections(made), json.loads((made / "informe.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", light_and_long(REJECTED, 3))
def test_each_bad_value_is_rejected_with_its_row_and_reason(
    name: str, rejected: tuple[Result, list[tuple[str, int, str]], dict[str, Any]]
) -> None:
    row = FIRST_ROW + len(PEOPLE) + list(REJECTED).index(name)
    # Of two rows with one identifier, the one kept is the first by its values, wherever it is.
    twin = FIRST_ROW + len(PEOPLE) - 1 if name == "identifier of another row" else row
    assert {reason for _, number, reason in rejected[1] if number in (row, twin)} == {REJECTED[name][1]}


def test_every_row_read_is_loaded_or_rejected(
    rejected: tuple[Result, list[tuple[str, int, str]], dict[str, Any]],
) -> None:
    result, rows, report = rejected
    good, bad = len(PEOPLE), len(REJECTED)
    assert f"Filas leídas: {good + bad} = cargadas {good} + rechazadas {bad}" in result.output
    assert (report["filas_leidas"], report["filas_cargadas"], report["filas_rechazadas"]) == (good + bad, good, bad)
    assert len({number for _, number, _ in rows}) == len(rows) == bad


def test_the_cubes_of_eight_people_can_be_checked_by_hand(tmp_path: Path) -> None:
    assert count(write_csv(tmp_path / "padron.csv"), tmp_path / "cubos").exit_code == 0
    made = cubes(tmp_path / "cubos")
    padron, votes, abroad, votes_abroad = (made[cube.name] for cube in CUBES)
    antigua = {"codigo_departamento": "03", "codigo_municipio": "0301"}
    assert cell(padron) == 5
    assert cell(padron, codigo_departamento="03") == 3
    assert cell(padron, **antigua, sexo="mujeres") == 2
    assert cell(padron, **antigua, sexo="mujeres", grupo_edad="70_mas") == 1  # 70 on the day of the cut-off
    assert cell(padron, **antigua, sexo="hombres", grupo_edad="66_70") == 1  # 70 the day after
    assert cell(padron, grupo_edad="18_25") == 1  # 18 on the day of the cut-off
    assert cell(padron, comunidad_linguistica="kiche") == 1
    assert cell(padron, comunidad_linguistica="no_aplica") == 2
    assert cell(padron, pueblo="sin_dato") == 1
    assert cell(padron, alfabetismo="sin_dato") == 1
    assert (cell(votes), cell(votes, "votantes")) == ROLL_AT_HOME
    assert cell(abroad) == 3
    assert (cell(votes_abroad), cell(votes_abroad, "votantes")) == (3, 1)
    assert cell(votes_abroad, "votantes", sexo="mujeres", codigo_departamento_origen="13") == 1
    california = {"pais_residencia": "US", "estado_residencia": "CA"}
    assert cell(abroad, **california) == 2
    assert cell(abroad, **california, ciudad_residencia="los_angeles") == 1
    assert cell(abroad, **california, ciudad_residencia="otra", codigo_departamento_origen="13") == 1
    assert cell(abroad, pais_residencia="ZZ", codigo_departamento_origen="12") == 1
    assert "Fresno" not in set(abroad["ciudad_residencia"])


NO_VOTE = [(*row[:-1], "") for row in ABROAD]
MISSING = {
    "nobody abroad": (AT_HOME, {"extranjero_cubo": "del registro reside en el extranjero",
                                "participacion_extranjero_cubo": "del padrón de la elección reside en el extranjero"}),
    "nobody at home": (ABROAD, {"padron_cubo": "del registro reside en el país",
                                "participacion_cubo": "del padrón de la elección reside en el país"}),
    "nobody abroad on the roll": ([*AT_HOME, *NO_VOTE],
                                  {"participacion_extranjero_cubo": "del padrón de la elección reside en el extranjero"}),
}  # fmt: skip


@pytest.mark.parametrize("name", light_and_long(MISSING, 2))
def test_of_people_who_are_not_there_no_cube_is_made_and_it_is_said(name: str, tmp_path: Path) -> None:
    """The SUM of no rows is NULL, which as a whole number was −9,223,372,036,854,775,808."""
    people, notices = MISSING[name]
    result = count(write_csv(tmp_path / "padron.csv", people), tmp_path / "cubos")
    assert result.exit_code == 0, result.output
    made = cubes(tmp_path / "cubos")
    assert set(made) == {cube.name for cube in CUBES} - set(notices)
    told = reports(tmp_path / "cubos")
    assert {name for report in told.values() for name in report["cubos"]} == set(made)
    for name, words in notices.items():
        which = f"{name} {ELECCION}" if name.startswith("participacion") else name
        assert f"{which} no se hace: ninguna persona {words}" in told[CORTE]["avisos"]
        assert f"Aviso: {which} no se hace: ninguna persona {words}" in result.output
    for cube in CUBES:
        if cube.name in made:
            counts = made[cube.name][[item.name for item in cube.measures]]
            assert (counts >= 0).all(axis=None) and counts.max(axis=None) <= len(people)
            assert cell(made[cube.name]) > 0


def test_every_level_adds_up_to_the_one_above(tmp_path: Path, synthetic_registry: Path) -> None:
    assert count(synthetic_registry, tmp_path / "cubos").exit_code == 0
    made = cubes(tmp_path / "cubos")
    for cube in CUBES:
        frame, names = made[cube.name], list(cube.columns)
        assert not frame.duplicated(names).any()
        measures = [item.name for item in cube.measures]
        for dimension in cube.dimensions:
            finest = dimension.field.name
            inside = [frame[level.name] != TOTAL for level in dimension.levels]
            detailed = frame[inside[-1]]
            others = [name for name in names if name not in {level.name for level in dimension.levels}]
            added = detailed.groupby(others)[measures].sum()
            whole = frame[~inside[0]].set_index(others)[measures]
            assert (added == whole.loc[added.index]).all(axis=None), (cube.name, finest)


def test_a_registry_gives_the_same_cubes_in_every_file_layout(tmp_path: Path, synthetic_registry: Path) -> None:
    some = pd.read_parquet(synthetic_registry).head(2_000)
    some.to_parquet(tmp_path / "padron.parquet")
    frame = some.astype({"FECHA_NACIMIENTO": "str"})
    text = frame.astype("object").where(frame.notna(), "").astype("str")
    ways = {"parquet": tmp_path / "padron.parquet"}
    for name, delimiter, encoding in (
        ("comma", ",", "utf-8"), ("semicolon", ";", "cp1252"), ("tab", "\t", "utf-8-sig"), ("pipe", "|", "utf-8"),
    ):  # fmt: skip
        ways[name] = write_csv(
            tmp_path / f"{name}.csv", text.to_numpy().tolist(), list(text.columns), delimiter, encoding
        )
    half = len(text) // 2
    for number, part in enumerate((text.iloc[:half], text.iloc[half:])):
        backwards = part[part.columns[::-1]]
        write_csv(tmp_path / "carpeta" / f"{number}.csv", backwards.to_numpy().tolist(), list(backwards.columns))
    ways["folder"] = tmp_path / "carpeta"
    (tmp_path / "partes").mkdir()
    frame.iloc[:half].to_parquet(tmp_path / "partes" / "a.parquet")
    frame.iloc[half:].to_parquet(tmp_path / "partes" / "b.parquet")
    ways["parquet folder"] = tmp_path / "partes"
    trees = {}
    for name, source in ways.items():
        folder = tmp_path / "cubos" / name
        result = count(source, folder)
        assert result.exit_code == 0, (name, result.output)
        trees[name] = cube_files(folder)
    assert all(found == trees["parquet"] for found in trees.values())


def test_too_many_rejected_rows_stop_the_job_and_leave_only_the_report(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", changed(0, SEXO="Q"))
    result = count(source, tmp_path / "cubos")
    assert result.exit_code == 1
    assert "se rechazó el 12.50% de las filas y lo más que se admite es 1.00%" in result.output
    assert not (tmp_path / "cubos" / CORTE).exists()
    left = {path.name for path in (tmp_path / "cubos" / f"{CORTE}.rechazado").iterdir()}
    assert left == {"informe.json", "rechazos.csv"}


def test_damaged_rows_are_counted_and_do_not_move_the_others(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", changed(3, SEXO="Q"))
    lines = source.read_text(encoding="utf-8").split("\n")
    lines[2:2] = ["solo,tres,celdas"]
    lines[5:5] = [",".join("x" * 20)]
    source.write_text("\n".join(lines), encoding="utf-8")
    result = count(source, tmp_path / "cubos", "--max-rechazos", "0.5")
    assert "Filas leídas: 10 = cargadas 7 + rechazadas 3" in result.output
    assert rejections(tmp_path / "cubos" / CORTE) == [
        ("padron.csv", 3, "fila_danada"),
        ("padron.csv", 6, "fila_danada"),
        ("padron.csv", 7, "sexo_desconocido"),
    ]


def test_an_extract_with_another_layout_is_declared_not_programmed(tmp_path: Path) -> None:
    rows = [(f"{n}", "0201", "Mujer", str(age)) for n, age in enumerate((17, 18, 25, 26, 69, 70, 71))]
    source = write_csv(tmp_path / "otro.csv", rows, ("ID", "TSE", "GENERO", "ANIOS"), ";")
    declared = tmp_path / "otro.toml"
    declared.write_text(
        '[columnas]\nidentificador = "ID"\nmunicipio = "TSE"\nsexo = "GENERO"\nedad = "ANIOS"\n[rechazos]\nmaximo = 0.2\n'
    )
    result = count(source, tmp_path / "cubos", "--columnas", str(declared), election=None)
    assert result.exit_code == 0, result.output
    assert "extranjero_cubo no se hace" in result.output and "alfabetismo no se hace" in result.output
    padron = cubes(tmp_path / "cubos")["padron_cubo"]
    found = {
        age: cell(padron, codigo_departamento="03", grupo_edad=age) for age in ("18_25", "26_30", "66_70", "70_mas")
    }
    assert found == {"18_25": 2, "26_30": 1, "66_70": 1, "70_mas": 2}
