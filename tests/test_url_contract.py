"""Promise: the address is the only state. Whatever comes in it, the site answers: what cannot be honoured is corrected and
said, what it does not know is ignored, and nothing in it is ever a program."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.address.parameters import query_of
from dashboard.address.selection import PAGE, Selection
from dashboard.address.vocabulary import Group, Trait
from dashboard.figures.measures import Count, Unaskable
from dashboard.figures.queries import Data
from dashboard.indicators import TOPICS
from dashboard.indicators.offers import offer
from dashboard.indicators.padron import ILLITERATE, REGISTERED, WOMEN
from dashboard.render.files import FORMATS
from etl.release import Release
from tests.figures_support import AGES, READING, SEXES
from tests.site_support import Document, accessible

FILTERS = ("indicador", "eleccion", "departamento", "sexo", "edad", "alfabetismo", "ver", "lugar")
HOSTILE = (
    "' OR 1=1 --",
    "1; DROP TABLE municipios",
    "%' UNION SELECT * FROM municipios --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "../../../../etc/passwd",
    "16\x00",
    "\x00",
    "\r\nSet-Cookie: a=b",
    "𝔸𝕝𝕥𝕒 𝕍𝕖𝕣𝕒𝕡𝕒𝕫",
    "אב\u202eגד",
    "\ufeff16",
    "１６",
    "-1",
    "1e309",
    "NaN",
    "null",
    "[]",
    "0" * 5_000,
    "MUJERES",
    "mujeres,hombres",
    "18-25",
    "todas",
)
BROKEN_QUERIES = (
    "?",
    "?&&&===",
    "?%",
    "?%zz=%zz&sexo=%",
    "?sexo=%ff%fe",
    "?sexo=%ED%A0%80",
    "?indicador=%00%0a%0d",
    "?=mujeres",
    "?sexo[]=mujeres&sexo[0]=hombres",
    "?lugar=0101&lugar=0102",
    "?" + "&".join(f"p{number}=1" for number in range(500)),
    "?lugares=" + ",".join(["0101"] * 400),
    "?" + "sexo=mujeres&" * 400,
)


@pytest.fixture(scope="module")
def data(release_path: Path) -> Data:
    return Data(Release.open(release_path))


def notices(client: httpx.Client, path: str) -> list[str]:
    """What the page says that it corrected."""
    return page(client, path).texts(".avisos li")


def page(client: httpx.Client, path: str) -> Document:
    response = client.get(path)
    assert response.status_code == 200, f"{path[:200]}: {response.status_code}"
    return Document(response.text)


def test_a_form_without_scripts_leads_to_the_address_that_everybody_shares(client: httpx.Client) -> None:
    """It has one control for all the traits, whose value says whose it is."""
    sent = "/accesible/padron?indicador=empadronados&departamento=16&sexo=&grupo=edad.18_25&ver=municipio"
    found = client.get(sent, follow_redirects=False)
    assert found.status_code in (301, 302, 307, 308)
    assert found.headers["location"] == "/accesible/padron?indicador=empadronados&departamento=16&edad=18_25"
    for wrong in ("edad", ".", "nada.x", "edad.19", "'"):
        assert client.get(f"/accesible/padron?grupo={quote(wrong)}", follow_redirects=True).status_code == 200


# ---- nothing breaks it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.largo)])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_corrected_and_said(client: httpx.Client, value: str, every: int) -> None:
    """In `make test`, each value in every other filter, by turns."""
    place = HOSTILE.index(value)
    for turn, name in enumerate(FILTERS):
        if (turn + place) % every:
            continue
        path = f"/padron?{name}={quote(value)}"
        address = (
            accessible(path) if (turn // 2 + place // 2) % 2 else path
        )  # every filter and every value in both modes
        document = page(client, address)
        said = document.texts(".avisos li")
        if value.strip(" \x00"):
            assert len(said) == 1 and name in said[0], f"{address[:80]}: {said}"
        assert_harmless(document)
        assert document.texts("#pregunta .respuesta strong")[0] == "10,030,374"


def assert_harmless(document: Document) -> None:
    """No element nor attribute of the visitor's making, and nothing that a browser would run."""
    assert [script.get("type") for script in document.all("#contenido script")] == []
    assert document.all("[onerror], [onload], [onclick]") == []
    assert document.all("img[src='x']") == []
    assert "<script>alert" not in document.html
    assert "\x00" not in document.html


@pytest.mark.parametrize("query", BROKEN_QUERIES)
def test_a_broken_address_is_answered(client: httpx.Client, query: str) -> None:
    for path in ("/", "/padron", "/accesible/padron", "/comparar", "/buscar", "/participacion", "/datos"):
        assert client.get(path + query).status_code in (200, 400, 414, 431), path
    for suffix in FORMATS:
        status = client.get(f"/descargas/vista/padron_mapa.{suffix}{query}").status_code
        assert status in ((200,) if query in (BROKEN_QUERIES[0], BROKEN_QUERIES[-1]) else (400, 414, 431)), (
            f"{suffix}: {status}"
        )


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_names_in_the_path_are_not_found(client: httpx.Client, value: str) -> None:
    name = quote(value, safe="")
    for path in (
        f"/{name}",
        f"/ficha/{name}",
        f"/accesible/ficha/{name}",
        f"/datos/{name}",
        f"/descargas/vista/{name}.csv",
        f"/descargas/vista/padron_mapa.{name}",
        f"/descargas/{name}/municipios.parquet",
        f"/lugares/{name}.json",
        f"/assets/{name}",
        f"/accesible/{name}",
    ):
        status = client.get(path).status_code
        assert status in (400, 404, 414, 431), f"{path[:80]}: {status}"


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_searches_and_comparisons_are_answered(client: httpx.Client, value: str) -> None:
    for path in (f"/buscar?q={quote(value)}", f"/comparar?lugares={quote(value)}", f"/comparar?agregar={quote(value)}"):
        for address in (path, accessible(path)):
            assert_harmless(page(client, address))


@pytest.mark.parametrize("asked", [*HOSTILE, "\ud800", 7, None, [], {"url": []}, ["/padron"]])
def test_a_live_request_that_no_page_sends_is_refused(client: httpx.Client, asked: object) -> None:

    template = live_request(client)

    def answer(value: object) -> httpx.Response:
        body = template | {"inputs": [{"id": "consulta", "property": "value", "value": value}]}
        return client.post(
            "/_dash-update-component", content=json.dumps(body), headers={"Content-Type": "application/json"}
        )

    for value in (asked, {"url": asked}, f"1 {asked}"):
        refused = answer(value)
        assert refused.status_code == 400, f"{value!r}: {refused.status_code}"
        assert refused.headers["Content-Type"] == "application/problem+json"
    # What an address asks may be anything, as in a page: it is corrected.
    asking = answer(f"1 /padron?sexo={quote(str(asked), errors='replace')}"[:4_000])
    assert asking.status_code == 200 and "10,030,374" in asking.text


def live_request(client: httpx.Client) -> dict:
    """A request to the site's callback, without its question."""
    callback = next(
        item
        for item in client.get("/_dash-dependencies").json()
        if [source["id"] for source in item["inputs"]] == ["consulta"]
    )
    parts = [part.rsplit(".", 1) for part in callback["output"].strip(".").split("...")]
    outputs = [{"id": name, "property": name_of_property} for name, name_of_property in parts]
    return {"output": callback["output"], "outputs": outputs, "changedPropIds": ["consulta.value"]}


# ---- what is said, and what is ignored ----------------------------------------------------------------------------------


def test_unknown_parameters_are_ignored(client: httpx.Client) -> None:
    for address in ("/padron?lugar=1601", "/accesible/padron?lugar=1601"):
        plain = client.get(address).text
        assert client.get(f"{address}&utm_source=red&fbclid=abc&debug=1&indicadores=x").text == plain


def test_a_correction_says_the_value_and_where(client: httpx.Client) -> None:
    assert notices(client, "/padron?edad=19_25") == ["No hay «19_25» en edad: se muestra sin ese filtro."]
    long = notices(client, f"/padron?sexo={'x' * 300}")[0]
    assert "x" * 40 + "…" in long and len(long) < 150
    two = notices(client, "/padron?edad=1&departamento=2")
    assert len(two) == 2


def test_a_filter_that_the_indicator_does_not_take_is_said(client: httpx.Client) -> None:
    said = notices(client, "/padron?indicador=cambio&sexo=mujeres&edad=18_25&alfabetismo=alfabeta")
    assert len(said) == 3
    assert all("no se divide por" in text for text in said)


def test_a_repeated_parameter_is_said_unless_it_repeats_itself(client: httpx.Client) -> None:
    assert len(notices(client, "/padron?sexo=mujeres&sexo=hombres")) == 1
    same = page(client, "/padron?sexo=mujeres&sexo=mujeres")
    assert same.texts(".avisos li") == []
    assert same.state == page(client, "/padron?sexo=mujeres").state


def test_places_that_contradict_the_rest_are_said(client: httpx.Client) -> None:
    assert "Cobán no está en Guatemala" in notices(client, "/padron?departamento=01&lugar=1601")[0]
    assert "departamento" in notices(client, "/padron?departamento=16&ver=departamento")[0]
    assert "Alta Verapaz es un departamento" in notices(client, "/padron?lugar=16")[0]
    assert "no existe" in notices(client, "/comparar?lugares=0101,9999,1601")[0]


def test_spaces_around_a_value_do_no_harm(client: httpx.Client) -> None:
    document = page(client, "/padron?lugar=%201601%20&sexo=mujeres%0A")
    assert document.texts(".ficha-lugar h2") == ["Cobán"]


# ---- the combination that no source publishes ------------------------------------------------------------------------------


def test_edad_with_alfabetismo_is_said_and_not_asked(client: httpx.Client) -> None:
    for address in ("/padron", "/accesible/padron"):
        document = page(client, f"{address}?indicador=empadronados&edad=18_25&alfabetismo=analfabeta")
        assert any("No se publica el cruce" in text for text in document.texts(".avisos li"))
        figures = document.texts("#pregunta .respuesta strong")
        assert figures[0] == "1,462,281"  # everybody of that age, not a figure that nobody published


def test_a_group_has_one_place_for_a_trait() -> None:
    assert {field.name for field in fields(Group)} == {"sexo", "trait"}
    assert {field.name for field in fields(Trait)} == {"dimension", "value"}


def test_a_quantity_refuses_what_no_table_crosses(data: Data) -> None:
    with pytest.raises(Unaskable):
        data.place(REGISTERED, ("grupo_edad", "alfabetismo"))
    with pytest.raises(Unaskable):
        data.place(ILLITERATE, ("grupo_edad",))
    with pytest.raises(Unaskable):
        data.sums((ILLITERATE,), Group(trait=Trait("grupo_edad", "18_25")))
    assert data.accepts(Count(WOMEN)) == frozenset({"grupo_edad", "alfabetismo"})
    assert data.accepts(Count(ILLITERATE)) == frozenset({"sexo"})


def test_no_published_table_crosses_them(release_path: Path) -> None:
    release = Release.open(release_path)
    files = [item["nombre"] for item in release.manifest["archivos"] if item["dataset"] == "padron_municipal"]
    columns = {name: set(pq.read_schema(release.path(name)).names) for name in files}
    assert {"padron_municipal_edad.parquet", "padron_municipal_alfabetismo.parquet"} <= set(columns)
    assert [name for name, found in columns.items() if {"grupo_edad", "alfabetismo"} <= found] == []


# ---- there and back ----------------------------------------------------------------------------------------------------------


def queries() -> st.SearchStrategy[dict[str, str]]:
    """Addresses as people, forms and mischief write them: values that exist, some in the wrong place, and anything."""
    indicators = [name for topic in TOPICS.values() for name in topic.by_name]
    codes = ["01", "16", "22", "0101", "1601", "2217", "1713", "9999", "2011-1", "2023-1", "2027-1", ""]
    likely = st.sampled_from([*indicators, *codes, *AGES, *SEXES, *READING, "municipio", "departamento", "todas"])
    names = st.sampled_from([*FILTERS, "filas", "lugares", "otro"])
    return st.dictionaries(names, likely | st.text(max_size=20), max_size=9)


@settings(max_examples=400, deadline=None)
@given(query=queries())
def test_the_address_of_any_answer_gives_that_answer_back(data: Data, query: dict[str, str]) -> None:
    for topic in TOPICS:
        selection = PAGE.asked(query, offer(data, topic)).selection
        again = PAGE.asked(selection.parameters(), offer(data, topic))
        assert again.selection == selection
        assert again.notices == again.unknown == ()
        parts = urlsplit(selection.url("/padron"))
        assert query_of(parse_qsl(parts.query)) == selection.parameters()
        assert len(selection.url("/padron")) < 300


@settings(max_examples=200, deadline=None)
@given(query=queries())
def test_a_selection_never_holds_a_value_that_does_not_exist(data: Data, query: dict[str, str]) -> None:
    topic, territories = TOPICS["padron"], data.territories
    selection = PAGE.asked(query, offer(data, "padron")).selection
    assert selection.indicador in topic.by_name
    assert selection.departamento in (None, *territories.departamentos)
    assert selection.lugar in (None, *territories.departamentos, *territories.municipios)
    assert set(selection.group.conditions()) <= data.accepts(topic.by_name[selection.indicador].measure)
    if selection.lugar and selection.departamento:
        assert selection.lugar.startswith(selection.departamento)


def test_the_simplest_selection_has_the_simplest_address() -> None:
    assert Selection("tasa").url("/padron") == "/padron?indicador=tasa"


def test_the_page_says_its_canonical_address(client: httpx.Client) -> None:
    messy = "/padron?ver=municipio&edad=&lugar=1601&utm_source=x&sexo=nada&indicador=tasa"
    for address in (messy, accessible(messy)):
        (link,) = page(client, address).all("link[rel=canonical]")
        canonical = urlsplit(link.get("href"))
        assert f"{canonical.path}?{canonical.query}" == "/padron?indicador=tasa&lugar=1601"


def test_a_question_sent_to_another_process_is_the_same_one_there() -> None:
    asked = Selection("empadronados", group=Group("mujeres", Trait("grupo_edad", "18_25")))
    assert {asked: "kept"}[replace(asked, lugar=None)] == "kept"
    program = (
        "import dataclasses, pickle, sys; sent = pickle.load(sys.stdin.buffer); group = dataclasses.replace(sent.group);"
        " assert {sent: 1}[dataclasses.replace(sent, group=group)] and {sent.group: 1}[group]"
    )
    for seed in ("1", "2"):  # the hashes of text differ from one to the other
        command = [sys.executable, "-c", program]
        subprocess.run(command, input=pickle.dumps(asked), check=True, env={**os.environ, "PYTHONHASHSEED": seed})
