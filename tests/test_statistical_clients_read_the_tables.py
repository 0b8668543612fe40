"""Promise: whoever reads JSON-stat, or asks as the API of PxWeb is asked, gets the figures of the tables, with their words, their
units and why one is missing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from dashboard.address.codes import NoSuchCode, chosen
from dashboard.address.extracts import Offered
from dashboard.figures.extracts import tables_of
from dashboard.render.jsonstat import MOST_CELLS
from etl.release import Release
from tests.filtered_support import API, frame_of

PXWEB = "/api/v1/pxweb"
SEED, MOST_ROWS = 327, 3_000


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def asking(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=120, follow_redirects=True) as client:
        yield client


@pytest.fixture(scope="module")
def tables(release: Release) -> dict[str, Offered]:
    return {name: offered for name, (offered, _) in tables_of(release).items() if offered.figures}


def cells(told: Mapping[str, Any]) -> dict[tuple[str, ...], tuple[Any, str | None]]:
    """Every cell of a JSON-stat dataset by the codes of its dimensions: its value, and why it has none; read by its format's
    own words, with nothing of ours.
    """
    codes = []
    for name, size in zip(told["id"], told["size"], strict=True):
        category = told["dimension"][name]["category"]
        index = category["index"]
        ordered = index if isinstance(index, list) else sorted(index, key=index.get)
        assert len(ordered) == size and set(category["label"]) == set(ordered)
        codes.append(ordered)
    values, states = told["value"], told.get("status", {})
    found = {}
    for place, key in enumerate(product(*codes)):
        value = values[place] if isinstance(values, list) else values.get(str(place))
        state = states.get(str(place))
        if value is not None or state:
            found[key] = (value, state)
    return found


def expected(offered: Offered, frame: pd.DataFrame) -> dict[tuple[str, ...], tuple[Any, str | None]]:
    """The same cells, of the rows of a table."""
    found = {}
    for row in frame.to_dict("records"):
        key = tuple(
            row[name].isoformat() if hasattr(row[name], "isoformat") else str(row[name]) for name in offered.table.key
        )
        for item in offered.figures:
            value = row[item.name]
            state = offered.state_of(item.name)
            why = (row[state] if state else None) or "sin_dato"
            found[(*key, item.name)] = (value, why if value is None else None)
    return found


def test_every_table_with_figures_is_the_same_in_json_stat(
    release: Release, asking: httpx.Client, tables: dict[str, Offered]
) -> None:
    chance, whole = random.Random(SEED), 0
    for name, offered in tables.items():
        frame = frame_of(release, name)
        query = []
        for column in (
            offered.table.key if len(frame) > MOST_ROWS else offered.table.key[: offered.table.key[0] == "archivo"]
        ):
            if len(frame) > MOST_ROWS or not query:
                code = chance.choice(sorted(set(frame[column])))
                query.append(f"{column}={code}")
                frame = frame[frame[column] == code]
        answer = asking.get(f"{API}/{name}/data.jsonstat?{'&'.join(query)}")
        assert answer.status_code == 200, (name, query, answer.text[:300])
        told = answer.json()
        assert (told["version"], told["class"]) == ("2.0", "dataset")
        assert told["role"]["metric"] == [told["id"][-1]]
        found = {key: cell for key, cell in cells(told).items() if cell[1] != "no_publicada"}
        assert found == expected(offered, frame), name
        units = told["dimension"][told["id"][-1]]["category"]["unit"]
        assert {code: unit["base"] for code, unit in units.items()} == {
            item.name: item.unit or "" for item in offered.figures
        }
        whole += not query
    assert whole > 15


def test_groups_are_dimensions_too(release: Release, asking: httpx.Client) -> None:
    address = f"{API}/censo_2018_pueblo/data.{{}}?agrupar=codigo_departamento,pueblo"
    told = asking.get(address.format("jsonstat")).json()
    rows = asking.get(address.format("json")).json()["data"]
    found = {key[:2]: value for key, (value, _) in cells(told).items() if key[2] == "poblacion"}
    assert found == {(row["codigo_departamento"], row["pueblo"]): row["poblacion"] for row in rows}
    assert told["dimension"]["codigo_departamento"]["category"]["label"]["16"] == "Alta Verapaz"
    assert told["role"]["geo"] == ["codigo_departamento"]


def test_a_missing_figure_says_why(release: Release, asking: httpx.Client) -> None:
    told = asking.get(f"{API}/participacion_municipal/data.jsonstat?columnas=votos_emitidos").json()
    frame = frame_of(release, "participacion_municipal")
    states = [state for _, state in cells(told).values() if state]
    missing = frame[frame["votos_emitidos"].isna()]["estado_emitidos"]
    assert sorted(states) == sorted(missing) and len(states) > 0
    assert set(states) <= set(told["extension"]["estados"])


@pytest.mark.parametrize(
    "address",
    [
        "participacion_mesa/data.jsonstat",
        "municipios_alias/data.jsonstat",
        "censo_2018_sexo/data.jsonstat?limite=5",
        "censo_2018_sexo/data.jsonstat?orden=poblacion",
        "censo_2018_sexo/data.jsonstat?columnas=licencia",
    ],
)
def test_what_is_no_table_of_figures_is_refused(asking: httpx.Client, address: str) -> None:
    answer = asking.get(f"{API}/{address}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert MOST_CELLS == 1_000_000


def test_pxweb_lists_every_table_and_its_dimensions(asking: httpx.Client, tables: dict[str, Offered]) -> None:
    listed = asking.get(f"{PXWEB}/tables?lang=es").json()
    assert {item["id"] for item in listed["tables"]} == set(tables)
    assert listed["page"]["totalElements"] == len(tables)
    assert asking.get(f"{PXWEB}/config").json()["dataFormats"] == ["json-stat2", "csv"]
    for name in ("censo_2018_sexo", "poblacion_2011_2015", "participacion_municipal"):
        links = {link["rel"]: link["href"] for link in asking.get(f"{PXWEB}/tables/{name}").json()["links"]}
        told = asking.get(links["metadata"]).json()
        assert told["id"][:-1] == list(tables[name].table.key) and told["value"] == {}
        assert told["size"] == [len(told["dimension"][one]["category"]["index"]) for one in told["id"]]


def test_pxweb_selects_values_as_it_says(release: Release, asking: httpx.Client) -> None:
    query = {
        "valueCodes[codigo_municipio]": "16*,0101",
        "valueCodes[ANIO]": "top(2)",
        "valueCodes[sexo]": "mujeres",
        "valueCodes[grupo_edad_poblacion]": "range(18_25,36_40)",
        "outputFormat": "json-stat2",
    }
    told = asking.get(f"{PXWEB}/tables/poblacion_2011_2015/data", params=query).json()
    frame = frame_of(release, "poblacion_2011_2015")
    wanted = frame[
        (frame["codigo_municipio"].str.startswith("16") | (frame["codigo_municipio"] == "0101"))
        & frame["anio"].isin([2014, 2015])
        & (frame["sexo"] == "mujeres")
        & frame["grupo_edad_poblacion"].isin(["18_25", "26_30", "31_35", "36_40"])
    ]
    found = {key: value for key, (value, _) in cells(told).items() if value is not None}
    assert len(found) == len(wanted) > 100
    assert sum(found.values()) == pytest.approx(wanted["poblacion"].astype(float).sum())
    lines = asking.get(f"{PXWEB}/tables/censo_2018_sexo/data?valueCodes[sexo]=*&outputFormat=csv").text.splitlines()
    assert lines[0] == "codigo_municipio,sexo,poblacion" and len(lines) == 681


@pytest.mark.parametrize(
    "query",
    [
        "valueCodes[anio]=1800",
        "valueCodes[nada]=1",
        "valueCodes[anio]=top(x)",
        "valueCodes[anio]=",
        "outputFormat=px",
        "lang=sv",
        "valueCodes[sexo]=range(mujeres)",
        "valueCodes[ContentsCode]=nada",
    ],
)
def test_pxweb_refuses_what_a_table_does_not_have(asking: httpx.Client, query: str) -> None:
    answer = asking.get(f"{PXWEB}/tables/poblacion_2011_2015/data?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


def test_expressions_select_what_they_name() -> None:
    codes, years = ["a", "ab", "b", "c[1]"], ["2011", "2012", "2013"]
    for asked, found in (
        (["*"], codes),
        (["a*"], ["a", "ab"]),
        (["?"], ["a", "b"]),
        (["c[1]"], ["c[1]"]),
        (["c[*"], ["c[1]"]),
        (["b,a"], ["a", "b"]),
        (["top(2)"], ["a", "ab"]),
        (["TOP(2,1)"], ["ab", "b"]),
        (["bottom(1)"], ["c[1]"]),
        (["from(b)"], ["b", "c[1]"]),
        (["to(ab)"], ["a", "ab"]),
        (["range(ab,b)", "a"], ["a", "ab", "b"]),
    ):
        assert chosen(asked, codes) == found, asked
    assert chosen(["top(1)"], years, time=True) == ["2013"]
    assert chosen(["bottom(2)"], years, time=True) == ["2011", "2012"]
    for wrong in ("", "z", "z*", "top()", "top(1,2,3)", "range(a)", "from(z)", "top(-1)", "top(0)"):
        with pytest.raises(NoSuchCode):
            chosen([wrong], codes)


def test_a_whole_dimension_makes_no_endless_header(asking: httpx.Client) -> None:
    """Thousands of polling tables are not named one by one in the address to cite."""
    path = f"{PXWEB}/tables/participacion_mesa_papeletas/data"
    asked = {"valueCodes[mesa]": "*", "valueCodes[ContentsCode]": "diferencia_votos"}
    answer = asking.get(path, params=asked)
    assert answer.status_code == 200 and len(answer.headers["link"]) < 1_000
    half = asking.get(path, params=asked | {"valueCodes[mesa]": "top(9000)"})
    assert half.status_code == 200 and "cite-as" not in half.headers["link"]
    as_csv = asking.get(path, params=asked | {"valueCodes[mesa]": "top(9000)", "outputFormat": "csv"})
    assert as_csv.status_code == 400 and "JSON-stat" in as_csv.json()["detail"]


def test_what_chooses_nothing_is_not_taken_for_everything(asking: httpx.Client) -> None:
    for nothing in ("top(0)", "top(1,9999)", "range(1601,0101)"):
        answer = asking.get(f"{PXWEB}/tables/censo_2018_sexo/data", params={"valueCodes[codigo_municipio]": nothing})
        assert answer.status_code == 400 and "no elige nada" in answer.json()["detail"], nothing
