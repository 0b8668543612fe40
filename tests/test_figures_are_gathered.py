"""Promise: any figure of the site can be gathered with others in one address, each with its citation, and nothing breaks it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from dashboard.address.basket import MOST_FIGURES, Basket, figure_of, read_figure
from dashboard.views import VIEWS
from tests.site_support import Document

TWO = "padron_edades~lugar~0101.extranjero_serie"


def gathered(client: httpx.Client, query: str) -> list[str]:
    """The questions of the figures that an address gathers."""
    answer = client.get(f"/analisis?{query}", follow_redirects=True)
    assert answer.status_code == 200
    return Document(answer.text).texts(".tarjetas-analisis h3")


def leads_to(client: httpx.Client, address: str, before: str = "") -> str:
    """The figures that the site gathers when an address is added to others."""
    asked = {"tarjetas": before, "agregar": address}
    answer = client.get("/analisis", params=asked, follow_redirects=False)
    assert answer.status_code == 301, address
    (figures,) = parse_qs(urlsplit(answer.headers["location"]).query)["tarjetas"]
    return figures


TEXT = st.text(max_size=12)


@given(st.text(st.characters(categories=["Ll"]), min_size=1), st.dictionaries(TEXT, TEXT, max_size=4))
@settings(deadline=None)
def test_an_address_says_a_figure_and_means_the_same(view: str, asked: dict[str, str]) -> None:
    said = figure_of(view, asked)
    assert "." not in said and read_figure(said[:600]) == (view, asked) if len(said) <= 600 else True
    assert Basket(f"{said}.{said}x").figures == (said, f"{said}x")


@pytest.mark.parametrize(
    ("address", "figures"),
    [
        ("/compartir/padron_edades?lugar=0101", "padron_edades~lugar~0101"),
        ("https://otro.example/accesible/compartir/padron_edades/", "padron_edades"),
        ("/imagen/padron_edades.png?lugar=0101&escala=2", "padron_edades~lugar~0101"),
        ("/descargas/vista/extranjero_serie.csv?publicacion=2020-01-01-aaaaaaaa", "extranjero_serie"),
        ("/comparar?lugares=0101,1601", "comparar~lugares~0101,1601"),
        (f"/analisis?tarjetas={TWO}", TWO),
    ],
)
def test_a_figure_is_added_by_its_address(client: httpx.Client, address: str, figures: str) -> None:
    assert leads_to(client, address) == figures
    assert leads_to(client, address, "censo_pueblo") == f"censo_pueblo.{figures}"


def test_a_page_gives_its_main_figure_and_offers_the_others(seen: Callable[[str], Document]) -> None:
    page = seen(f"/analisis?agregar={quote('/padron?indicador=tasa&ver=departamento')}")
    assert page.texts(".tarjetas-analisis h3") == ["¿Dónde está empadronada más parte de la población?"]
    offered = [node.get("href") for node in page.all(".avisos a")]
    assert any("padron_edades" in link for link in offered)
    assert all("padron_mapa~indicador~tasa~ver~departamento" in link for link in offered)


@pytest.mark.parametrize(
    "address", ["https://example.org/", "/metodologia", "nada", "http://[", "/compartir/no_hay", "\x00"]
)
def test_what_is_no_figure_is_said(client: httpx.Client, address: str) -> None:
    answer = client.get("/analisis", params={"tarjetas": TWO, "agregar": address})
    page = Document(answer.text)
    assert answer.status_code == 200 and len(page.all(".tarjetas-analisis > li")) == 2
    assert "no hay ninguna cifra de este sitio" in " ".join(page.texts(".avisos"))


def test_each_figure_has_its_sentence_its_picture_and_its_citation(
    client: httpx.Client, seen: Callable[[str], Document]
) -> None:
    page = seen(f"/analisis?tarjetas={TWO}")
    release = client.get("/api/v1/parametros").json()["publicacion"]
    for card, view, query in zip(
        page.all(".tarjetas-analisis > li"), ("padron_edades", "extranjero_serie"), ("?lugar=0101", ""), strict=True
    ):
        told = client.get(f"/descargas/vista/{view}.json{query}").json()
        said = card.text_content().replace("\u00a0", " ")
        assert told["pregunta"] in said and told["cita"].replace("\u00a0", " ") in said
        assert all(sentence.replace("\u00a0", " ") in said for sentence in told["respuesta"])
        links = [node.get("href") for node in card.cssselect("a")]
        kept = [link for link in links if not link.startswith("/analisis")]
        assert kept and all(f"publicacion={release}" in link for link in kept)
        assert {client.get(link).status_code for link in kept} == {200}
    drawn = [node.get("src").partition("?")[0] for node in page.all(".tarjetas-analisis img")]
    assert drawn == ["/imagen/padron_edades.svg", "/imagen/extranjero_serie.svg"]


def test_figures_are_moved_and_taken_away(client: httpx.Client) -> None:
    page = Document(client.get(f"/analisis?tarjetas={TWO}").text)
    (up,) = [node.get("href") for node in page.all(".mover a") if node.text == "Subir"]
    first, last = [node.get("href") for node in page.all(".mover a") if node.text == "Quitar"]
    before = gathered(client, f"tarjetas={TWO}")
    assert gathered(client, urlsplit(up).query) == before[::-1]
    assert gathered(client, urlsplit(first).query) == before[1:]
    assert gathered(client, urlsplit(last).query) == before[:1]


def test_a_figure_is_gathered_once_and_no_more_than_fit(client: httpx.Client) -> None:
    assert len(gathered(client, "tarjetas=padron_edades.padron_edades.padron_edades~lugar~")) == 1
    many = ".".join(f"padron_edades~lugar~{place}" for place in ("0101", "0102", "0103", "0104", "0105", "0106"))
    many += "." + ".".join(f"padron_alfabetismo~lugar~{100 + n:04}" for n in range(1, 18))
    page = Document(client.get(f"/analisis?tarjetas={many}").text)
    assert len(page.all(".tarjetas-analisis > li")) == MOST_FIGURES
    assert f"Caben {MOST_FIGURES} cifras" in " ".join(page.texts(".avisos")) and not page.all("form.agregar")


HOSTILE = [
    "~",
    "...",
    "a~b~c~d",
    "padron_mapa~lugar~9999",
    "padron_mapa~x",
    "%",
    "padron_mapa~ver~%E9",
    "<script>~",
    "no_hay",
    "👍",
]


@pytest.mark.parametrize("figures", [*HOSTILE, ".".join(HOSTILE), "padron_edades~lugar~" + "1" * 5000])
def test_a_broken_address_is_said_and_breaks_nothing(client: httpx.Client, figures: str) -> None:
    page, text = (client.get(path, params={"tarjetas": figures}) for path in ("/analisis", "/analisis/informe.md"))
    assert page.status_code == 200 and "<script>~" not in page.text
    assert text.status_code == 400 and text.headers["content-type"] == "application/problem+json"


@given(st.lists(st.sampled_from([*"~.%/&=,", "padron_edades", "lugar", "0101", "é"]), max_size=12).map("".join))
@settings(deadline=None, max_examples=60)
def test_any_address_is_answered(client: httpx.Client, figures: str) -> None:
    assert client.get("/analisis", params={"tarjetas": figures}, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_figure_can_be_gathered(client: httpx.Client, view: str) -> None:
    there = client.get(f"/descargas/vista/{view}.json").status_code == 200
    assert len(gathered(client, f"tarjetas={view}")) == there


def test_a_figure_joins_those_being_gathered_in_the_same_tab(page: Page, site: str) -> None:
    page.goto(f"{site}/analisis?tarjetas={TWO}")
    page.goto(f"{site}/compartir/padron_alfabetismo")
    page.get_by_role("link", name="agregarla a su análisis").click()
    expect(page.locator(".tarjetas-analisis > li")).to_have_count(3)
    assert page.url.endswith(f"tarjetas={TWO}.padron_alfabetismo")


def test_it_works_without_scripts(browser: Browser, site: str) -> None:
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(f"{site}/accesible/compartir/padron_edades")
        page.get_by_role("link", name="agregarla a un análisis").click()
        page.get_by_label("Dirección de la cifra").fill("/compartir/extranjero_serie")
        page.get_by_role("button", name="Agregar").click()
        assert page.locator(".tarjetas-analisis > li").count() == 2 and "/accesible/analisis?" in page.url
