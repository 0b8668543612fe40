"""Promise: where a row has a name and a code, they are of the same place; if not, it is refused and both are named."""

from __future__ import annotations

from itertools import permutations
from math import comb

import pandas as pd
import pytest

from etl.checks import PlaceNames, places_agree
from etl.datasets.territorio_extranjero import misnamed
from etl.model import Frames, Given
from tests.etl_support import PADRON, SOURCE, Damage, accept, etl, run_damaged, run_on, source_copy, table, written
from tests.etl_support import cells as damaged
from tests.long_support import light_and_long

CENSUS = "censo2018_municipio_ancho_sexo_edad_area_pueblo_alfabetismo.csv"
LANGUAGES = "censo2018_municipio_idioma_materno_4mas.csv"
POPULATION = "tse_acuerdo_327_2026_poblacion_municipio_sexo.csv"
TABLES_2023 = "jrv_por_municipio_2023.csv"
PROJECTION = "ine_proy2002base_municipio_sexo_edad_2011_2015_tidy.csv"
SERIES = "padron_departamento_2023_final_por_sexo_PARCIAL.csv"


@pytest.fixture(scope="module")
def catalogue() -> Frames:
    return run_on(SOURCE, "territorio").tables


def exchanged(one: int, other: int, columns: tuple[str, ...]) -> Damage:
    """Exchange what two rows (of a spreadsheet, header 1) say in some columns."""

    def damage(content: bytes) -> bytes:
        rows = table(content)
        for index in map(rows[0].index, columns):
            rows[one - 1][index], rows[other - 1][index] = rows[other - 1][index], rows[one - 1][index]
        return written(rows)

    return damage


def test_every_pair_of_municipios_exchanged_is_refused_with_both_named(catalogue: Frames) -> None:
    places = catalogue["municipios"].to_dict("records")
    pairs = list(permutations(places, 2))
    rows = pd.DataFrame(
        {
            "codigo": [code["codigo_tse"] for code, _ in pairs],
            "municipio": [name["municipio"].upper() for _, name in pairs],
            "departamento": [name["departamento"].upper() for _, name in pairs],
        }
    )
    check = places_agree("padron", lambda frame: frame["codigo"], "municipio", "departamento", target="codigo_tse")
    problems = check(Given({**catalogue, "padron": rows}, {}))
    assert len(pairs) == 2 * comb(340, 2) == 2 * 57_630
    assert [problem.row for problem in problems] == list(range(len(pairs)))  # each of the two rows of each pair
    names = PlaceNames.of(catalogue)
    for (code, name), problem in zip(pairs, problems, strict=True):
        # Some names are of two municipios: their departamentos tell them apart.
        said, key = (name["municipio"], "codigo_municipio")
        if problem.column == "departamento":
            said, key = (name["departamento"], "codigo_departamento")
            assert names.disagreement(code["codigo_municipio"], name["municipio"]) is None
        assert f"dice {said} ({name[key]})" in problem.message
        assert f"({code[key]})" in problem.message


def test_a_name_and_every_alias_of_the_place_agree_with_its_code(catalogue: Frames) -> None:
    names = PlaceNames.of(catalogue)
    known = [*catalogue["municipios"][["codigo_municipio", "municipio"]].itertuples(index=False)]
    known += catalogue["municipios_alias"][["codigo_municipio", "alias"]].itertuples(index=False)
    known += catalogue["departamentos"][["codigo_departamento", "departamento"]].itertuples(index=False)
    assert len(known) == 340 + len(catalogue["municipios_alias"]) + 22
    for code, name in known:
        assert names.disagreement(code, name) is None
        assert names.disagreement(code, f" {name.upper()} ") is None
    assert names.disagreement("14", "Quiché") is None  # «El Quiché» without its article


def test_a_name_of_nobody_says_where_to_add_it(catalogue: Frames) -> None:
    message = PlaceNames.of(catalogue).disagreement("1613", "Chisecc")
    assert message is not None
    assert "Chisecc, que no es ningún municipio conocido" in message and "municipios_alias.csv" in message


PADRON_CODES, PADRON_NAMES = ("CODDEP", "CODMUN"), ("DEPARTAMENTO", "MUNICIPIO")
FIGURES, ESTIMATES = "cifras_voto_extranjero.csv", "otras_estimaciones.csv"
EVERYWHERE = {
    "codes of the padrón": ("padron_municipal", PADRON, PADRON_CODES, "Guatemala (0101)"),
    "names of the padrón": ("padron_municipal", PADRON, PADRON_NAMES, "Guatemala (0101)"),
    "municipios of the padrón": ("padron_municipal", PADRON, ("MUNICIPIO",), "Santa Catarina Pinula (0102)"),
    "population": ("poblacion", POPULATION, ("codigo_ine",), "Santa Catarina Pinula (0102)"),
    "census": ("censo_2018", CENSUS, ("codigo_ine",), "Guatemala (0101)"),
    "languages": ("censo_2018_idiomas", LANGUAGES, ("codigo_ine",), "Guatemala (0101)"),
    "polling tables": ("mesas", TABLES_2023, ("department",), "Guatemala (01)"),
    "projection": ("poblacion_2011_2015", PROJECTION, ("departamento",), "Guatemala (01)"),
    "departamentos": ("padron_serie", SERIES, ("departamento",), "Guatemala (01)"),
    "catalogue": ("territorio", "municipios.csv", ("departamento",), "corresponde a Guatemala"),
}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_exchanged_names_or_codes_are_refused_wherever_both_come(name: str, tmp_path) -> None:
    dataset, file, columns, words = EVERYWHERE[name]
    rows = table((SOURCE / dataset / file).read_bytes())
    place = rows[0].index(columns[0])
    other = next(number for number, row in enumerate(rows[2:], 3) if row[place] != rows[1][place])
    result = run_damaged(tmp_path, dataset, file, exchanged(2, other, columns))
    said = [
        problem
        for problem in result.problems
        if "y su código es el de" in problem.message or "corresponde a" in problem.message
    ]
    assert {problem.row for problem in said} >= {2, other}, result.problems
    assert any(words in problem.message for problem in said), said


ELSEWHERE = {
    "city and state": ("extranjero", FIGURES, 22, {"lugar": "Houston, Texas"},
                       ("dice Houston (houston) y su código es el de Los Ángeles", "dice Texas (TX) y su código es")),
    "country": ("extranjero", FIGURES, 22, {"codigo_pais": "MX"}, ("la ciudad los_angeles está en US",)),
    "state": ("guatemaltecos_eeuu", ESTIMATES, 8, {"codigo_estado": "TX"}, ("dice California (CA) y su código es el de Texas",)),
    "a place at home": ("padron_municipal", PADRON, 2, {"CODDEP": "25"}, ("dice Guatemala (01) y su código es el de los",)),
}  # fmt: skip


@pytest.mark.parametrize("name", light_and_long(ELSEWHERE, 3))
def test_a_place_abroad_with_the_name_of_another_is_refused(name: str, tmp_path) -> None:
    dataset, file, row, cells, words = ELSEWHERE[name]
    said = [(found.row, found.message) for found in run_damaged(tmp_path, dataset, file, damaged(row, cells)).problems]
    for some in words:
        assert any(place == row and some in message for place, message in said), said


def test_a_place_abroad_agrees_with_any_of_the_names_of_a_text() -> None:
    states = {
        "WV": ("Virginia Occidental", "West Virginia"),
        "VA": ("Virginia", "Virginia"),
        "NY": ("Nueva York", "New York"),
    }
    places = pd.DataFrame.from_dict(states, orient="index", columns=["estado", "estado_ingles"])
    rows = pd.DataFrame(
        [("VA", "Virginia occidental"), ("WV", "West Virginia"), ("NY", "New York y Virginia"), ("NY", "Queens")],
        columns=["codigo_estado", "lugar"],
    )
    assert list(misnamed(rows, places)) == [
        (0, "la fila dice Virginia Occidental (WV) y su código es el de Virginia (VA)")
    ]


def test_the_command_refuses_exchanged_municipios(tmp_path) -> None:
    origin = source_copy(tmp_path, "padron_municipal")
    folder = origin / "padron_municipal"
    accept(folder, PADRON, exchanged(250, 251, ("CODMUN",))((folder / PADRON).read_bytes()))
    finished = etl("check", "--dataset", "padron_municipal", "--origen", str(origin))
    assert finished.exit_code == 1
    assert "y su código es el de" in finished.output
