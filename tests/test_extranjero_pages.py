"""Promise: the pages of the vote abroad say what the sources say, no more firmly, in both modes and in every file."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page

from dashboard.figures.published import SHARE
from dashboard.kinds import estados
from dashboard.render.plano_eeuu import radius
from dashboard.view import Result
from tests.site_support import READERS, Document, accessible

PAGE, HOW, PROFILE = "/extranjero", "/extranjero/como-inscribirse", "/ficha/extranjero"
PAGES = (
    PAGE,
    f"{PAGE}?eleccion=2019-1&mostrar=votantes",
    f"{PAGE}?eleccion=2019-1&mostrar=centros&ver=por-mil",
    f"{PAGE}?ver=por-mil",
    HOW,
    f"{HOW}?estado=TX",
    f"{HOW}?estado=VI",
    PROFILE,
)
VIEWS = (
    "extranjero_ciudades",
    "extranjero_estados",
    "extranjero_serie",
    "extranjero_participacion",
    "extranjero_sexo",
    "extranjero_cifras",
    "procedimientos",
    "consulados",
)
HOSTILE = (
    "eleccion=<script>&ver=9&mostrar='%20OR%201=1--&estado=zz",
    "eleccion=2027&eleccion=2019&estado=" + "x" * 4000,
    "eleccion=%00&estado=%F0%9F%98%80&ver=&mostrar=%",
    "estado=tx&ver=por-mil%00&lugar=0101&indicador=tasa",
)
NBSP = "\u00a0"
MOST_BYTES = 60_000


def words(client: httpx.Client, address: str, css: str = "main") -> str:
    """What a reader of a page sees, hard spaces included."""
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(Document(response.text).texts(css))


def rows(client: httpx.Client, view: str, query: str = "", suffix: str = "json") -> list[dict]:
    """The rows of a view's file."""
    response = client.get(f"/descargas/vista/{view}.{suffix}?{query}")
    assert response.status_code == 200, view
    return READERS[suffix](response.content)


# ---- the figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [PAGE, accessible(PAGE), PROFILE, accessible(PROFILE)])
def test_the_figures_of_2019_2023_and_2026_are_on_the_pages(client: httpx.Client, address: str) -> None:
    said = words(client, address)
    for figure in ("63,695", "90,708", "más de 92 mil", "734", "1,443", "109", "158"):
        assert figure in said, figure
    for share in (f"1.15{NBSP}%", f"1.59{NBSP}%", f"60.02{NBSP}%", f"42.99{NBSP}%"):
        assert share in said, share
    assert "30,075" in said and "50,533" in said and "media-baja" in said
    assert "un mínimo y no un conteo" in said


def test_shares_are_computed_after_counting(client: httpx.Client) -> None:
    found = {(row["eleccion"], row["ambito"]): row for row in rows(client, "extranjero_participacion")}
    abroad, inside = found["2023-1", "En el extranjero"], found["2023-1", "En el país"]
    assert abroad["participacion"] == round(100 * 1_443 / 90_708, 2)  # as the page has it
    assert (inside["empadronados"], inside["votantes"]) == (9_361_068 - 90_708, 5_565_598 - 1_443)
    assert inside["participacion"] == round(100 * inside["votantes"] / inside["empadronados"], 2)
    assert SHARE.write(100 * 734 / 63_695) == f"1.15{NBSP}%"
    inside_2019 = found["2019-1", "En el país"]
    assert (inside_2019["empadronados"], inside_2019["votantes"]) == (8_149_793 - 63_695, 5_040_423 - 734)


def test_a_minimum_is_never_a_value(client: httpx.Client) -> None:
    series = {(row["eleccion"], row["medida"]): row for row in rows(client, "extranjero_serie")}
    latest = series["2027-1", "Empadronados"]
    assert (latest["valor"], latest["valor_minimo"], latest["cifra"]) == (None, 92_000, "más de 92 mil")
    assert ("2027-1", "Participación") not in series


def test_every_figure_is_in_the_file_with_its_quote(client: httpx.Client, release_path: Path) -> None:
    published = pq.read_table(release_path / "extranjero.parquet").to_pylist()
    found = {row["cifra"]: row for row in rows(client, "extranjero_cifras")}
    assert len(found) == len(published) == 52
    for row in published:
        same = found[row["cifra"]]
        assert (same["valor"], same["valor_minimo"], same["cita_fila"]) == (
            row["valor"],
            row["valor_minimo"],
            row["cita"],
        )
        assert (same["confianza_fila"], same["fuente_fila"]) == (row["confianza"], row["fuente"])


@pytest.mark.parametrize("view", VIEWS)
def test_no_figure_without_source_date_and_confidence(client: httpx.Client, view: str) -> None:
    for row in rows(client, view):
        counts = [row[name] for name in ("valor", "valor_minimo", "guatemaltecos_estimados", "votantes") if name in row]
        if counts and all(value is None for value in counts):
            continue  # nothing is said, so nothing is cited
        assert row["confianza_fila"] and row["corte_fila"] and row["fuente_fila"], row


def test_states_have_the_estimate_and_it_is_called_so(client: httpx.Client) -> None:
    found = {row["codigo_estado"]: row for row in rows(client, "extranjero_estados")}
    assert len(found) == 53
    assert sum(row["guatemaltecos_estimados"] or 0 for row in found.values()) == 2_889_993
    assert found["CA"]["guatemaltecos_estimados"] == 1_152_699
    assert found["WY"]["guatemaltecos_estimados"] is None
    said = words(client, PAGE)
    assert "3,256,047" in said and "no es un padrón ni un censo" in said


def test_no_rate_by_state_is_invented(client: httpx.Client) -> None:
    assert all(row["por_mil"] is None for row in rows(client, "extranjero_estados", "ver=por-mil"))
    page = client.get(f"{PAGE}?ver=por-mil").text
    assert "Ninguna fuente publica cuántos empadronados hay en cada estado" in page
    assert "27.9" in words(client, f"{PAGE}?ver=por-mil", "#lateral")
    assert not Document(page).all(".estados path:not(.sin-dato)")


def test_a_published_rate_by_state_would_be_painted() -> None:
    material = estados.Material(
        {"TX": 20.0, "CA": 10.0, "WY": None},
        {"TX": "Texas", "CA": "California", "WY": "Wyoming"},
        "Empadronados",
        SHARE,
        "{top} en {top_name}",
        "nada",
    )
    facts = estados.facts(Result("", (), (), material, ()))
    paint = estados.figure(facts)["pintura"]
    assert paint["WY"][0] == -1 and paint["TX"][0] > paint["CA"][0] >= 0
    assert estados.text(facts)[0].plain() == f"20.00{NBSP}% en Texas"


# ---- the map --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", [str, accessible])
def test_both_modes_paint_the_same_map(client: httpx.Client, face: Callable[[str], str]) -> None:
    page = Document(client.get(face(f"{PAGE}?eleccion=2019-1")).text)
    assert len(page.all(".estados path title")) == 52
    assert {title.text for title in page.all(".circulos circle title")} == {
        "Los Ángeles: 22,802",
        "Silver Spring: 14,310",
        "Houston: sin dato publicado",
        "Nueva York: sin dato publicado",
    }
    assert page.one("svg.plano").get("aria-label").startswith("Mapa de los Estados Unidos. En 2019 podían votar")


def test_the_area_of_a_circle_is_its_figure() -> None:
    assert radius(20_000, 20_000) ** 2 / radius(5_000, 20_000) ** 2 == pytest.approx(4)


def test_a_figure_of_more_than_the_city_is_said_so(client: httpx.Client) -> None:
    page = Document(client.get(PAGE).text)
    titles = [circle.findtext("title") for circle in page.all(".circulos .inexacto")]
    assert titles == ["Área metropolitana de Washington (Arlington, Virginia): cerca de 16,000"]


@pytest.mark.parametrize("address", PAGES)
def test_both_modes_say_the_same(client: httpx.Client, address: str) -> None:
    assert words(client, address) == words(client, accessible(address))


# ---- contradictions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", [str, accessible])
def test_contradictions_are_shown_and_one_is_preferred_with_its_reason(
    client: httpx.Client, face: Callable[[str], str]
) -> None:
    page = Document(client.get(face(PAGE)).text)
    questions = page.all(".contradicciones details")
    assert len(questions) == 4
    for question in questions:
        versions = question.cssselect(".versiones > li")
        assert len(versions) > 1
        assert [node.get("class") for node in versions].count("preferida") == 1
        for version in versions:
            said = version.text_content()
            assert ", confianza " in said and version.cssselect(".nota"), said
    said = " ".join(question.text_content() for question in questions)
    for figure in ("63,267", "64,800", "735", "73,532", "80,608", "80,644", "87,034", "90,846"):
        assert figure in said, figure


# ---- how to register ------------------------------------------------------------------------------------------------


def test_what_holds_and_what_is_over_are_apart(client: httpx.Client) -> None:
    page = Document(client.get(HOW).text)
    steps, past = " ".join(page.texts(".pasos")), " ".join(page.texts(".historico"))
    assert "pasaporte vigente" in steps and "Único documento: DPI" not in steps
    assert "Único documento: DPI" in past and "7:00 a 18:00" in past
    assert len(page.all(".historico li")) == 7


def test_nothing_is_firmer_than_its_source(client: httpx.Client) -> None:
    page = Document(client.get(HOW).text)
    for fact in page.all(".hechos > li"):
        said = fact.text_content()
        assert ("Rige hoy" in said) == (fact.get("class") == "vigente")
        assert ("conviene confirmarlo" in said) == (fact.get("class") == "por_confirmar")
        assert "Confianza " in fact.cssselect(".fuente")[0].text_content()
    until = next(item for item in page.all(".pasos > li") if "¿Hasta cuándo?" in item.text_content())
    assert "por_confirmar" in [fact.get("class") for fact in until.cssselect(".hechos > li")]


def test_consulates_by_state_without_scripts(client: httpx.Client) -> None:
    assert "En Texas: Dallas, Del Río, Houston y McAllen." in words(client, f"{HOW}?estado=TX")
    maine = rows(client, "consulados", "estado=ME")
    assert [row["ciudad"] for row in maine] == ["Providence", "Riverhead", "Nueva York"]
    assert "no se conoce ningún consulado abierto" in words(client, f"{HOW}?estado=ME")
    assert not {"Tucson", "San Bernardino"} & {row["ciudad"] for row in rows(client, "consulados", "estado=NM")}
    assert len(rows(client, "consulados")) == 24


@pytest.mark.parametrize("address", [HOW, f"{HOW}?estado=AK", accessible(HOW)])
@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_it_prints_on_one_page(page: Page, address: str, paper: str, tmp_path: Path) -> None:
    page.goto(address)
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
    content = page.pdf(format=paper, margin=margin)
    assert content.count(b"/Type /Page\n") == 1


# ---- everything else ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", HOSTILE)
def test_no_address_breaks_a_page_or_a_file(client: httpx.Client, query: str) -> None:
    for path in (PAGE, HOW, PROFILE):
        for address in (path, accessible(path)):
            response = client.get(f"{address}?{query}")
            assert response.status_code == 200 and "<script>&" not in response.text
    for view in VIEWS:
        assert client.get(f"/descargas/vista/{view}.csv?{query}").status_code in (200, 400)


def test_corrections_are_said(client: httpx.Client) -> None:
    page = Document(client.get(f"{PAGE}?eleccion=2015&ver=nada").text)
    assert page.texts(".avisos li") == [
        "No hay «2015» en eleccion: se muestra sin ese filtro.",
        "No hay «nada» en ver: se muestra sin ese filtro.",
    ]
    assert page.one("link[rel=canonical]").get("href").endswith("/extranjero?eleccion=2023-1")


def test_the_profile_is_found_and_shared(client: httpx.Client) -> None:
    assert "/ficha/extranjero</loc>" in client.get("/sitemap.xml").text
    assert f"{HOW}</loc>" in client.get("/sitemap.xml").text
    picture = Document(client.get(PROFILE).text).one("meta[property='og:image']").get("content")
    image = client.get(httpx.URL(picture).path)
    assert image.status_code == 200 and image.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("address", PAGES)
def test_the_accessible_pages_are_light(client: httpx.Client, address: str) -> None:
    assert len(gzip.compress(client.get(accessible(address)).content, 6)) <= MOST_BYTES


def test_the_page_needs_no_script(open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False)
    page.goto(PAGE)
    page.locator("#o-eleccion").select_option("2019-1")
    page.locator("#o-mostrar").select_option("votantes")
    page.get_by_role("button", name="Ver").click()
    assert "eleccion=2019-1" in page.url
    assert page.locator(".circulos circle title", has_text="Silver Spring: 209").count() == 1
