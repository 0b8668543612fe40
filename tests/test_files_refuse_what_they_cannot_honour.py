"""Promise: a file or the API never answers another question than the one asked. What it cannot honour is refused with 400,
in Spanish, listing what is accepted; what it answers says exactly what was asked; and OpenAPI describes all of it."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from openapi_spec_validator import validate

from dashboard.address.parameters import Parameter
from dashboard.figures.queries import Data
from dashboard.indicators.offers import DIASPORA, offer
from dashboard.views import VIEWS
from etl.release import Release
from tests.browser_support import ROOT

SEED, EACH = 327, 14
WRONG_NAMES = ("indicadores", "sex", "Sexo", "grupo_edad", "lugar ", "utm_source", "_", "ver[]", "consulta_sexo")
WRONG_VALUES = (
    "x",
    "MUJERES",
    "18-25",
    "0",
    "99",
    "9999",
    "todas ",
    "tasa,mujeres",
    "participacion_2011",
    "%00",
    "1601;",
)
#: The three modules that read an address, all topics together.
ADDRESS_CODE = ("parameters", "selection", "abroad")


@pytest.fixture(scope="module")
def data(release_path: Path) -> Data:
    return Data(Release.open(release_path))


def value_of(parameter: Parameter, chance: random.Random) -> str:
    """One of the values that a parameter accepts; of the one that takes a list, some."""
    values = list(parameter.values)
    return ",".join(chance.sample(values, 3)) if parameter.most > 1 else chance.choice(values)


def wrong(data: Data) -> Iterator[tuple[str, dict[str, str]]]:
    """Addresses that no file can honour: a wrong name, a wrong value, or another view's parameter, among right ones."""
    chance = random.Random(SEED)
    everything = {item.name: item for view in VIEWS.values() for item in view.parameters(data)}
    for view in VIEWS.values():
        own = {item.name: item for item in view.parameters(data)}
        for turn in range(EACH):
            query = {item.name: value_of(item, chance) for item in own.values() if chance.random() < 0.3 and turn % 2}
            kind = turn % 3 if own else 0
            if kind == 0:
                query[chance.choice(WRONG_NAMES)] = chance.choice(WRONG_VALUES)
            elif kind == 1:
                asked = chance.choice(list(own))
                query[asked] = chance.choice([value for value in WRONG_VALUES if value not in own[asked].values])
            else:
                others = [item for name, item in everything.items() if name not in own]
                query |= {(item := chance.choice(others)).name: value_of(item, chance)}
            yield view.name, query


def test_what_is_empty_is_refused_too(client: httpx.Client) -> None:
    """Nothing is answered as if it had not been asked: neither a parameter without a value nor two releases at once."""
    for address, name in (
        ("/descargas/vista/padron_mapa.csv?indicador=", "indicador"),
        ("/descargas/vista/padron_mapa.csv?departamento&sexo=mujeres", "departamento"),
        ("/descargas/vista/padron_mapa.csv?excel=", "excel"),
        ("/descargas/vista/padron_mapa.json?publicacion=", "publicacion"),
        ("/descargas/vista/padron_mapa.json?publicacion=latest&publicacion=2026-01-01-00000000", "publicacion"),
        ("/api/v1/datasets?publicacion=", "publicacion"),
        ("/api/v1/datasets/municipios?publicacion=", "publicacion"),
        ("/api/v1/datasets/municipios/data.json?publicacion=", "publicacion"),
        ("/api/v1/datasets/municipios/data.json?codigo_municipio=", "codigo_municipio"),
        ("/analisis/cuadernos/analisis_con_pandas.ipynb?publicacion=", "publicacion"),
    ):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert any(name in reason for reason in answer.json()["motivos"]), address


def test_what_cannot_be_honoured_is_refused_and_says_what_is_accepted(client: httpx.Client, data: Data) -> None:
    asked = list(wrong(data))
    assert len(asked) >= 300
    for view, query in asked:
        response = client.get(f"/descargas/vista/{view}.json?{urlencode(query)}")
        assert response.status_code == 400, f"{view} {query}"
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == 400 and problem["motivos"] and problem["detail"]
        own = [item.name for item in VIEWS[view].parameters(data)]
        assert [item["nombre"] for item in problem["parametros"]] == [*own, "publicacion"]
        assert all(item.get("valores") or item.get("patron") for item in problem["parametros"])


@pytest.mark.parametrize(
    "address",
    [
        "/descargas/vista/padron_mapa.csv?indicador=participacion_2011",
        "/descargas/vista/padron_mapa.csv?indicador=cambio&edad=18_25",
        "/descargas/vista/padron_mapa.csv?indicador=cambio-2023",
        "/descargas/vista/padron_mapa.csv?indicador=cambio&eleccion=2015-1",
        "/descargas/vista/padron_mapa.csv?indicador=mujeres&eleccion=2023-1",
        "/descargas/vista/participacion_mapa.csv?indicador=participacion&eleccion=2023-1",
        "/descargas/vista/participacion_mapa.csv?indicador=validos&eleccion=2023",
        "/descargas/vista/padron_mapa.csv?edad=18_25&alfabetismo=alfabeta&indicador=empadronados",
        "/descargas/vista/padron_mapa.csv?excel=si",
        "/descargas/vista/padron_mapa.xlsx?excel=1",
        "/descargas/vista/padron_mapa.csv?sexo=mujeres&sexo=hombres",
        "/descargas/vista/padron_lugar.csv?departamento=01&lugar=1601",
        "/descargas/vista/comparar.csv?lugares=0101,9999",
        "/descargas/vista/comparar.csv?lugares=0101,0102,0103,0104,0105,0106",
        "/descargas/vista/extranjero_ciudades.csv?eleccion=2015-1",
        "/descargas/vista/consulados.csv?estado=Texas",
        "/api/v1/parametros?x=1",
    ],
)
def test_the_cases_that_used_to_answer_another_question(client: httpx.Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400, response.text[:200]
    assert response.headers["content-type"] == "application/problem+json"


def test_what_is_answered_is_what_was_asked(client: httpx.Client, data: Data) -> None:
    """For questions of every view: either the file says the very parameters of the address, or it refuses."""
    chance, answered = random.Random(SEED), 0
    for view in VIEWS.values():
        declared = view.parameters(data)
        for _ in range(EACH):
            query = {item.name: value_of(item, chance) for item in declared if chance.random() < 0.35}
            response = client.get(f"/descargas/vista/{view.name}.json?{urlencode(query)}")
            if response.status_code == 400:
                assert response.json()["motivos"], f"{view.name} {query}"
                continue
            if response.status_code == 404:  # a view of tables that this release does not bring
                assert not view.held(data) or (not declared and view.topic == DIASPORA), f"{view.name} {query}"
                continue
            assert response.status_code == 200, f"{view.name} {query}: {response.status_code}"
            said, answered = response.json()["consulta"], answered + 1
            defaults = {item.name: item.default for item in declared if item.default}
            if "eleccion" in said and "indicador" in said:  # by default, the latest that the indicator has
                latest = offer(data, view.topic).election(query.get("indicador") or defaults["indicador"], "")[0]
                defaults |= {"eleccion": latest} if latest else {}
            if "frente" in said and "frente" not in query:  # by default, another group of the same dimension
                assert said["frente"] in {*offer(data, view.topic).every_rival} - {*query.values()}, (
                    f"{view.name} {query}"
                )
                defaults |= {"frente": said["frente"]}
            of_a_group = said.get("indicador") in offer(data, view.topic).of_a_group
            if of_a_group and said.get("sexo") == "mujeres":  # by default, of women
                defaults |= {"sexo": "mujeres"} if not {"edad", "alfabetismo"} & {*query} else {}
            assert {**defaults, **said} == {**defaults, **query}, f"{view.name}"
    assert answered > 150


def test_openapi_is_valid_and_every_parameter_says_what_it_takes(client: httpx.Client, data: Data) -> None:
    document = client.get("/api/v1/openapi.json").json()
    validate(document)
    parameters = list(parameters_of(document))
    assert len(parameters) > 40
    for where, item in parameters:
        assert item["description"], where
        for one in parts_of(document, item["schema"]):
            exact = one.keys() & {"enum", "const", "pattern", "format"} or {"minimum", "maximum"} <= one.keys()
            assert exact, f"{where}: {one}"
        assert item.get("example") not in (None, "") or item.get("examples") or item["schema"].get("examples"), where
    held = [name for name, view in VIEWS.items() if view.held(data)]
    assert {f"/descargas/vista/{view}.{{formato}}" for view in held} <= set(document["paths"])


def parts_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What one value is, in every way that a schema takes it: of each item of a list, of each property of an object."""
    if "$ref" in schema:
        yield from parts_of(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    elif inside := [*schema.get("anyOf", ()), *schema.get("properties", {}).values()]:
        for one in inside:
            yield from parts_of(document, one)
    elif "items" in schema:
        yield from parts_of(document, schema["items"])
    else:
        yield schema


def parameters_of(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            yield from ((f"{path} {item['name']}", item) for item in operation.get("parameters", ()))


def test_every_example_of_openapi_is_answered(client: httpx.Client) -> None:
    document = client.get("/api/v1/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        if not path.startswith("/descargas/vista/"):
            continue
        for item in operations["get"]["parameters"]:
            if item["in"] != "query":
                continue
            shown = [one["value"] for one in item.get("examples", {}).values()]
            for query in shown or [{item["name"]: item["example"]}]:
                address = f"{path.replace('{formato}', 'json')}?{urlencode(query, doseq=True)}"
                assert client.get(address).status_code == 200, address
                tried += 1
    assert tried > 300


def test_the_list_of_parameters_has_every_view_and_every_value(client: httpx.Client, data: Data) -> None:
    listed = client.get("/api/v1/parametros").json()
    assert [view["vista"] for view in listed["vistas"]] == [name for name, view in VIEWS.items() if view.held(data)]
    mapa = next(view for view in listed["vistas"] if view["vista"] == "padron_mapa")
    edad = next(item for item in mapa["parametros"] if item["nombre"] == "edad")
    assert edad["valores"][0] == {"valor": "18_25", "nombre": "18 a 25 años"}
    assert len(listed["lugares"]) == 362


@cache
def lines_of_code(path: Path) -> int:
    """Lines that are neither blank, nor a comment, nor part of a docstring."""
    source = path.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            told |= set(range(body[0].lineno, (body[0].end_lineno or 0) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in told for number, line in lines
    )


def test_the_code_of_addresses_is_small() -> None:
    assert sum(lines_of_code(ROOT / "dashboard" / "address" / f"{name}.py") for name in ADDRESS_CODE) <= 250
