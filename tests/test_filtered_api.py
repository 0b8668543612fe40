"""Promise: whatever rows, columns or sums an address asks of any published table, in any format, are those that pandas finds in
its Parquet file; and what it cannot answer, it refuses.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import httpx
import lxml.html
import pandas as pd
import pytest

from dashboard.address.extracts import ALSO_CALLED, FROM, OF_ANY_TABLE, TO, Offered
from dashboard.figures.extracts import extracts_of, tables_of
from dashboard.render.extract_examples import examples
from dashboard.render.extracts import FORMATS
from dashboard.site import Site
from dashboard.views import VIEWS
from etl.release import Release
from tests.filtered_support import API, LONG, MOST_IN_A_WORKBOOK, Question, frame_of, question, same
from tests.selections_support import SELECTIONS

SEED, OF_EACH, OF_A_LONG_ONE = 327, 12, 6
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def asking(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def tables(release: Release) -> dict[str, Offered]:
    return {name: offered for name, (offered, _) in tables_of(release).items()}


def rows_of(asking: httpx.Client, address: str) -> list[dict[str, Any]]:
    answer = asking.get(address)
    assert answer.status_code == 200, (address, answer.text[:500])
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def refusal(asking: httpx.Client, address: str) -> str:
    """Why an address is refused."""
    answer = asking.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROBLEM), (address, answer.status_code)
    return " ".join(answer.json()["motivos"])


def test_every_selection_is_what_pandas_finds(
    release: Release, asking: httpx.Client, tables: dict[str, Offered]
) -> None:
    """Of every table, in every format."""
    chance, compared = random.Random(SEED), 0
    for name, offered in tables.items():
        frame = frame_of(release, name)
        for turn in range(OF_EACH if len(frame) < LONG else OF_A_LONG_ONE):
            found = question(offered, frame, chance)
            suffix = list(FORMATS)[turn % len(FORMATS)]
            if suffix == "xlsx" and len(found.rows) > MOST_IN_A_WORKBOOK:
                suffix = "jsonl"
            kinds = [offered.columns[column].kind for column in found.rows.columns]
            compared += same(asking.get(found.address(suffix)), found, suffix, kinds)
    assert compared >= 500


def test_every_table_is_whole_in_the_formats_that_have_room(
    release: Release, asking: httpx.Client, tables: dict[str, Offered]
) -> None:
    totals: dict[str, tuple[int, int]] = {}
    for name, offered in tables.items():
        lines = asking.get(f"{API}/{name}/data.csv").content
        frame = pd.read_csv(io.BytesIO(lines), dtype=str, keep_default_na=False)
        published = frame_of(release, name)
        assert list(frame.columns) == list(offered.columns)
        totals[name] = (len(frame), len(published))
        for item in offered.additive:
            told = pd.to_numeric(frame[item.name].replace("", None)).sum()
            assert told == pytest.approx(published[item.name].dropna().astype(float).sum()), (name, item.name)
    assert all(told == there for told, there in totals.values()), totals
    assert sum(there for _, there in totals.values()) > 200_000


def test_a_page_leads_to_the_next_until_all_is_read(asking: httpx.Client) -> None:
    address = f"{API}/municipios/data.json?orden=-area_km2&columnas=codigo_municipio,area_km2"
    whole, found, following = rows_of(asking, address), [], f"{address}&limite=97"
    pages = 0
    while following:
        answer = asking.get(following)
        told = answer.json()
        assert answer.links.get("next", {}).get("url") == told["siguiente"]
        assert answer.headers["etag"] == asking.head(following).headers["etag"]
        found += told["data"]
        following, pages = told["siguiente"], pages + 1
    assert (found, pages, len(whole)) == (whole, 4, 340)
    exact = asking.get(f"{API}/departamentos/data.csv?limite=22")
    assert "next" not in exact.links and len(exact.text.splitlines()) == 23


def test_a_page_goes_on_only_with_its_own_question(asking: httpx.Client) -> None:
    following = asking.get(f"{API}/municipios/data.json?limite=5").json()["siguiente"]
    cursor = following.partition("cursor=")[2]
    for wrong in (
        f"{API}/municipios/data.json?limite=5&region=norte&cursor={cursor}",
        f"{API}/departamentos/data.json?limite=5&cursor={cursor}",
        f"{API}/municipios/data.json?cursor=xyz",
        f"{API}/municipios/data.json?cursor={cursor}&cursor={cursor}",
        f"{API}/municipios/data.json?cursor=W10",
        f"{API}/municipios/data.json?cursor={cursor}&publicacion=2020-01-01-00000000",
    ):
        refusal(asking, wrong)
    # The size of the page is no part of the question.
    assert len(asking.get(f"{API}/municipios/data.json?limite=7&cursor={cursor}").json()["data"]) == 7


def test_sums_are_what_pandas_adds(release: Release, asking: httpx.Client) -> None:
    frame = frame_of(release, "poblacion_2011_2015")
    for by in (["codigo_municipio", "anio"], ["anio", "sexo"], ["anio", "grupo_edad_poblacion", "sexo"]):
        found = rows_of(asking, f"{API}/poblacion_2011_2015/data.json?agrupar={','.join(by)}")
        added = frame.assign(poblacion=frame["poblacion"].astype(float)).groupby(by)["poblacion"].agg(["size", "sum"])
        assert len(found) == len(added)
        for row in found:
            expected = added.loc[tuple(row[name] for name in by)]
            assert row["filas"] == expected["size"] and row["estado_suma_poblacion"] == "sumada"
            assert row["poblacion"] == pytest.approx(expected["sum"], abs=0.005)
    by_departamento = rows_of(asking, f"{API}/censo_2018_sexo/data.json?agrupar=codigo_departamento&orden=-poblacion")
    census = frame_of(release, "censo_2018_sexo")
    added = census["poblacion"].astype(int).groupby(census["codigo_municipio"].str[:2]).sum()
    assert {row["codigo_departamento"]: row["poblacion"] for row in by_departamento} == added.to_dict()
    assert [row["poblacion"] for row in by_departamento] == sorted(added, reverse=True)


def test_a_group_with_a_missing_figure_has_no_sum(release: Release, asking: httpx.Client) -> None:
    frame = frame_of(release, "participacion_mesa")
    wanted = frame[(frame["eleccion"] == "2019-1") & (frame["cargo"] == "presidencia")]
    address = f"{API}/participacion_mesa/data.json?agrupar=codigo_municipio&eleccion=2019-1&papeleta=presidencia"
    found = rows_of(asking, f"{address}&sumar=votos_emitidos")
    lacking = wanted.groupby("codigo_municipio")["votos_emitidos"].apply(lambda column: column.isna().any())
    added = wanted.groupby("codigo_municipio")["votos_emitidos"].apply(lambda column: column.dropna().sum())
    assert 0 < lacking.sum() < len(lacking) == len(found)
    for row in found:
        hidden = lacking[row["codigo_municipio"]]
        assert row["votos_emitidos"] == (None if hidden else added[row["codigo_municipio"]])
        assert row["estado_suma_votos_emitidos"] == ("sin_dato" if hidden else "sumada")
    partial = rows_of(asking, f"{API}/padron_serie_departamental/data.json?agrupar=fecha_texto,fuente,cobertura")
    states = {row["cobertura"]: row["estado_suma_empadronados"] for row in partial if row["filas"] > 1}
    assert states == {"completa": "sumada", "parcial": "no_se_suma"}


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("poblacion_2011_2015/data.json?agrupar=codigo_municipio", "No se suma sobre anio"),
        ("participacion_mesa/data.json?agrupar=codigo_municipio&eleccion=2019-1", "No se suma sobre cargo"),
        ("participacion_nacional/data.json?agrupar=eleccion", "No se suma sobre cargo y estado_recuento"),
        ("empadronados_y_adultos/data.csv?agrupar=comparacion&sumar=empadronados_por_100", "es una proporción"),
        ("participacion_municipal/data.csv?agrupar=eleccion,cargo&sumar=margen_votos", "no es una cifra que se sume"),
        ("censo_2018_sexo/data.csv?agrupar=poblacion", "no se agrupa por ella"),
        ("censo_2018_sexo/data.csv?agrupar=sexo&columnas=sexo", "no se piden a la vez"),
        ("censo_2018_sexo/data.csv?sumar=poblacion", "se pide con agrupar"),
        ("censo_2018_sexo/data.csv?sexo=nadie", "No hay «nadie» en sexo"),
        ("censo_2018_sexo/data.csv?sexo=", "está vacío"),
        ("censo_2018_sexo/data.csv?inventado=1", "no es un parámetro"),
        ("censo_2018_sexo/data.csv?poblacion_desde=1&poblacion_desde=2", "una sola vez"),
        ("censo_2018_sexo/data.csv?poblacion_desde=muchos", "No hay «muchos»"),
        ("censo_2018_sexo/data.csv?corte_desde=2018-02-30", "No hay «2018-02-30»"),
        ("censo_2018_sexo/data.csv?lugar=16,1601", "no toma departamentos y municipios a la vez"),
        ("censo_2018_sexo/data.csv?limite=0", "de 1 a"),
        ("censo_2018_sexo/data.csv?limite=99999", "de 1 a"),
        ("censo_2018_sexo/data.csv?orden=nada", "No hay una columna «nada»"),
        ("participacion_mesa/data.xlsx", "Excel toma hasta"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(asking: httpx.Client, address: str, why: str) -> None:
    assert why in refusal(asking, f"{API}/{address}")


HOSTILE = (
    "';DROP TABLE municipios;--",
    '" OR 1=1 --',
    "x'||(SELECT 1)||'",
    "$1",
    ":param",
    "%27",
    "read_csv('/etc/passwd')",
    "\x00",
    "\ud7ff",
    "0101' UNION SELECT",
    "9" * 190,
)


def test_text_of_a_visitor_is_never_sql(asking: httpx.Client) -> None:
    """Whatever is sent is a value that no row has, or is refused."""
    for text in HOSTILE:
        for parameter in ("municipio", "departamento", "codigo_municipio", "area_km2", "region", "area_km2_desde"):
            answer = asking.get(f"{API}/municipios/data.json?{parameter}={quote(text)}")
            assert answer.status_code in (200, 400), (parameter, text)
            assert answer.status_code == 400 or answer.json()["data"] == []
        for parameter in ("columnas", "orden", "agrupar", "sumar", "vacias", "con_dato", "limite", "cursor", text):
            refusal(asking, f"{API}/municipios/data.json?{quote(parameter)}={quote(text)}")
        assert asking.get(f"{API}/{quote(text, safe='')}/data.csv").status_code == 404
        assert asking.get(f"{API}/municipios/data.{quote(text, safe='')}").status_code == 404
    assert len(rows_of(asking, f"{API}/municipios/data.json")) == 340


def test_the_database_reads_nothing_but_the_release(release: Release, tmp_path: Path) -> None:
    """Were a statement ever wrong, it could neither read another file nor write one, nor take more memory."""
    tables = extracts_of(release)
    for statement in (
        "SELECT * FROM read_csv('/etc/passwd')",
        f"COPY (SELECT 1) TO '{tmp_path / 'x.csv'}'",
        f"ATTACH '{tmp_path / 'x.db'}'",
        "SET memory_limit = '64GB'",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            tables._connection.cursor().execute(statement)
    assert list(tmp_path.iterdir()) == []


def test_no_text_is_run_by_a_spreadsheet(asking: httpx.Client, release: Release) -> None:
    frame = frame_of(release, "extranjero")
    dangerous = frame[frame["nota"].notna() & frame["nota"].map(lambda text: str(text)[:1] in "=+-@")]
    assert not dangerous.empty
    (cifra, note) = dangerous.iloc[0][["cifra", "nota"]]
    query = f"cifra={cifra}&columnas=nota"
    assert "'" + note in asking.get(f"{API}/extranjero/data.csv?{query}").text
    assert rows_of(asking, f"{API}/extranjero/data.json?{query}") == [{"nota": note}]


def test_pandas_reads_the_types(asking: httpx.Client, release: Release) -> None:
    answer = asking.get(f"{API}/padron_serie_municipal/data.json?departamento=16")
    frame = pd.read_json(io.StringIO(answer.text), orient="table")
    assert frame["codigo_municipio"].str.fullmatch(r"16\d\d").all()
    assert str(frame["empadronados"].dtype) == "Int64" and frame["corte"].dtype.kind == "M"
    published = frame_of(release, "padron_serie_municipal")
    expected = published[published["codigo_municipio"].str.startswith("16")]["empadronados"].dropna().sum()
    assert frame["empadronados"].sum() == expected


def test_the_names_of_the_site_ask_the_same(asking: httpx.Client, tables: dict[str, Offered]) -> None:
    for one, other in (
        ("padron_municipal_edad/data.jsonl?edad=18_25&departamento=16", "grupo_edad=18_25&codigo_departamento=16"),
        ("participacion_mesa/data.jsonl?papeleta=presidencia&lugar=0406", "cargo=presidencia&codigo_municipio=0406"),
        ("consulados/data.jsonl?ciudad=chicago", "codigo_ciudad=chicago"),
    ):
        table = one.partition("?")[0]
        content = asking.get(f"{API}/{one}").content
        assert content and content == asking.get(f"{API}/{table}?{other}").content, one
    assert len(rows_of(asking, f"{API}/municipios/data.json?departamento=16")) == 17
    assert len(rows_of(asking, f"{API}/municipios/data.json?departamento={quote('Alta Verapaz')}")) == 17
    assert set(ALSO_CALLED) <= {name for offered in tables.values() for name in offered.filters} | {"origen"}


def test_no_column_is_called_as_a_limit_of_another(tables: dict[str, Offered]) -> None:
    for offered in tables.values():
        assert not [
            name for name in offered.columns if name.endswith((FROM, TO)) and name[: -len(FROM)] in offered.columns
        ]
        named = [name for name in offered.columns if name in OF_ANY_TABLE]
        assert all(f"{name}{FROM}" in offered.filters and name not in offered.filters for name in named)


def test_a_past_release_is_asked_by_its_name(asking: httpx.Client, release: Release) -> None:
    address = f"{API}/departamentos/data.csv?region=norte"
    whole = asking.get(address)
    pinned = asking.get(f"{address}&publicacion={release.id}")
    assert pinned.content == whole.content and pinned.headers["etag"] == whole.headers["etag"]
    assert "immutable" in pinned.headers["cache-control"] and "immutable" not in whole.headers["cache-control"]
    assert whole.links["cite-as"]["url"].endswith(f"{address}&publicacion={release.id}")
    assert asking.get(f"{address}&publicacion=2001-01-01-00000000").status_code == 404
    columns = asking.get(pinned.links["describedby"]["url"]).json()
    assert columns["publicacion"] == release.id and columns["datos"].endswith(f"?publicacion={release.id}")


def test_the_list_and_the_columns_lead_to_the_data(asking: httpx.Client, tables: dict[str, Offered]) -> None:
    told = asking.get(API).json()
    assert [item["tabla"] for item in told["tablas"]] == list(tables)
    for item in told["tablas"]:
        columns = asking.get(item["direccion"]).json()
        assert [column["name"] for column in columns["columnas"]] == list(tables[item["tabla"]].columns)
        assert set(columns["se_suma"]) <= {column["name"] for column in columns["columnas"] if column.get("se_suma")}
        names = {parameter["nombre"] for parameter in columns["parametros"]}
        assert names >= tables[item["tabla"]].filters.keys()
    assert asking.get(f"{API}/limites_municipios").status_code == 404
    assert asking.post(f"{API}/municipios/data.csv").headers["allow"] == "GET, HEAD"


def test_what_is_grouped_says_so_of_every_additive_figure(tables: dict[str, Offered]) -> None:
    """No share, no extreme and no difference is ever added; what is added with decimals is added exactly."""
    for offered in tables.values():
        for item in offered.additive:
            assert item.unit and "por cada" not in item.unit, item.name
            assert item.kind == "entero" or item.decimals is not None, item.name
            assert not item.name.startswith(("diferencia", "margen", "menor", "mayor", "primera", "ultima")), item.name


def test_a_question_without_rows_is_answered_without_rows(asking: httpx.Client) -> None:
    address = f"{API}/censo_2018_sexo/data.{{}}?codigo_municipio=9999"
    empty = Question("censo_2018_sexo")
    assert asking.get(address.format("csv")).text.count("\n") == 1
    assert json.loads(asking.get(address.format("json")).text)["data"] == empty.expected == []
    assert asking.get(address.format("jsonl")).content == b""
    assert pd.read_parquet(io.BytesIO(asking.get(address.format("parquet")).content)).empty
    assert asking.get(address.format("xlsx")).status_code == 200


def test_a_view_leads_to_the_same_figures(asking: httpx.Client, release: Release) -> None:
    """Where a map says «esta consulta por API», the API has the very figure of each place of the map."""
    site, view, compared = Site(release), VIEWS["padron_mapa"], 0
    for query in SELECTIONS:
        answer = site.answer(view.name, view.asked(query, site.data).selection)
        if not answer.by_address:
            continue
        compared += 1
        place, value = (
            [column.field.name for column in answer.columns].index(name) for name in ("codigo_municipio", "valor")
        )
        told = csv.DictReader(io.StringIO(asking.get(answer.by_address).text))
        found = {row["codigo_municipio"]: int(row["empadronados"]) if row["empadronados"] else None for row in told}
        assert found == {row[place]: row[value] for row in answer.rows}, answer.by_address
    assert compared >= 10
    page = asking.get("/accesible/padron?indicador=empadronados&departamento=16").text
    assert "esta consulta por API" in page and "esta consulta por API" not in asking.get("/accesible/padron").text


def test_the_page_that_explains_it_has_live_examples(
    asking: httpx.Client, release: Release, tables: dict[str, Offered]
) -> None:
    found = examples(release)
    assert len(found) == 7
    for path in ("/datos/api", "/accesible/datos/api"):
        page = lxml.html.fromstring(asking.get(path).text)
        links = {link.get("href") for link in page.iterfind(".//main//a")}
        assert {item.address for item in found} <= links
        assert {f"{API}/{name}" for name in tables} <= links
        others = sorted(link for link in links if link.startswith("/api/"))
        for address in {*(item.address for item in found), *random.Random(path).sample(others, 20)}:
            assert asking.get(address).status_code == 200, address
    for path in ("/datos", "/datos/padron_municipal"):
        assert 'href="/datos/api' in asking.get(path).text
