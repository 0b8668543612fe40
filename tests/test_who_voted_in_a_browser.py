"""Promise: in a browser, what is asked of who voted stays in the address when a filter changes, a link of a question answers in
place and keeps the focus, and the figures of a place by group fit in its card at every width.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser_support import eventually, running_site, settle, visit

ASKED = "/participacion?indicador=votaron&eleccion=2023-1&sexo=mujeres&edad=18_25&lugar=1315&por=edad&orden=tamano"
#: A group of so few people that several figures of a card, side by side, are confidential.
FEW = "/participacion?sexo=mujeres&pueblo=garifuna&lugar=1315"
WIDTHS = (320, 360, 390, 768, 976, 1200, 1440, 1920)
FOCUSED = "document.activeElement.textContent + ' ' + (document.activeElement.getAttribute('aria-current') || '')"
FITS = """() => [...document.querySelectorAll(".ficha-lugar .tabla-marco")]
    .filter((frame) => frame.scrollWidth > frame.clientWidth).map((frame) => frame.innerHTML)"""
#: A card with three confidential figures side by side, as the page writes one, under the name of a place.
CONFIDENTIAL = """(name) => {
  const chip = document.querySelector(".ficha-lugar .ficha-confidencial");
  for (const cell of document.querySelectorAll(".ficha-lugar tbody td")) cell.replaceChildren(chip.cloneNode(true));
  for (const head of document.querySelectorAll(".ficha-lugar thead th:nth-child(2)")) head.textContent = name;
}"""
SMALL = """() => [...document.querySelectorAll('.quienes-votan *')].filter((node) => node.getClientRects().length
    && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())
    && parseFloat(getComputedStyle(node).fontSize) < 13.6).map((node) => node.textContent)"""


@pytest.fixture(scope="module")
def page(browser: Browser, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    log = tmp_path_factory.mktemp("votaron") / "servidor.log"
    with running_site(demonstration / "release" / "current", log) as url:
        opened = browser.new_page(base_url=url, viewport={"width": 1440, "height": 900})
        yield opened
        opened.close()


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_change_of_filters_keeps_the_order_and_the_groups_followed(page: Page) -> None:
    visit(page, ASKED)
    page.locator("#f-sexo").select_option("hombres")
    settle(page)
    assert query(page)["por"] == ["edad"] and query(page)["orden"] == ["tamano"] and query(page)["sexo"] == ["hombres"]
    page.locator("#quien_vota_lineas .seguir-por a", has_text="Pueblo").click()
    settle(page)
    eventually(page, FOCUSED, "Pueblo true")
    assert query(page)["por"] == ["pueblo"]
    page.locator("#quien_vota_grupos .conmutador a", has_text="Por participación").click()
    settle(page)
    eventually(page, FOCUSED, "Por participación true")
    assert "orden" not in query(page) and query(page)["por"] == ["pueblo"]
    page.locator("#f-indicador").select_option("cambio-participacion")
    settle(page)
    page.locator("#f-frente").select_option("2015-1")
    settle(page)
    assert "entre 2015 y 2023" in page.locator("h1").inner_text()
    page.locator("#f-eleccion").select_option("2019-1")
    settle(page)
    assert page.locator("#f-frente").is_hidden() and "entre 2015 y 2019" in page.locator("h1").inner_text()


@pytest.mark.parametrize(
    ("addresses", "widths"),
    [
        ((ASKED, FEW, f"/accesible{FEW}", "/ficha/1315"), (320, 976, 1440)),
        pytest.param(
            (ASKED.replace("votaron", "padron-eleccion"), ASKED, FEW, f"/accesible{FEW}", "/ficha/13"),
            WIDTHS,
            marks=pytest.mark.largo,
        ),
    ],
    ids=["light", "all"],
)
def test_the_figures_of_a_place_fit_and_are_large_enough_to_read(
    page: Page, addresses: tuple[str, ...], widths: tuple[int, ...]
) -> None:
    for address in addresses:
        visit(page, address)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(FITS) == [], f"{address} at {width} px"
            assert page.evaluate(SMALL) == [], f"{address} at {width} px"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} at {width} px"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "on paper"
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("face", ["", "/accesible"], ids=["visual", "accessible"])
def test_three_confidential_figures_fit_in_a_card_whatever_its_place_is_called(page: Page, face: str) -> None:
    """Which figures of a card are confidential changes with every demonstration: here all of them are."""
    visit(page, face + FEW)
    for name in ("Todos Santos Cuchumatán", "Huehuetenango", "Quetzaltenango"):
        page.evaluate(CONFIDENTIAL, name)
        for width in (320, 360, 390, 768, 976, 1200):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(FITS) == [], f"{name} at {width} px"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})


#: How many lines of text each of some nodes takes.
LINES = """(css) => [...document.querySelectorAll(css)].map((node) =>
    Math.round(node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight)))"""
#: The heads of rows whose words are not all in sight, at the left or however far their table is scrolled to the right.
CUT = """() => {
  const frame = document.querySelector(".tabla-marco:has(.lado-a-lado)");
  return [0, frame.scrollWidth].flatMap((left) => {
    frame.scrollLeft = left;
    const box = frame.getBoundingClientRect();
    return [...frame.querySelectorAll("tbody th")].map((head) => head.getBoundingClientRect())
      .filter((head) => head.left < box.left - 1 || head.right > box.right + 1).map(() => left);
  });
}"""


def test_confidential_is_one_word_beside_the_cells(page: Page) -> None:
    visit(page, "/cruces?filas=municipio&columnas=pueblo&departamento=13")
    for width in (320, 768, 1100, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        lines = page.evaluate(LINES, ".fila-barras b")
        assert lines and {*lines} == {1}, f"{lines} at {width} px"


def test_what_a_row_is_about_is_read_whole_where_places_are_side_by_side(page: Page) -> None:
    for face in ("", "/accesible"):
        visit(page, f"{face}/comparar?lugares=0101,1601,1401,1315,14&sexo=mujeres&pueblo=maya")
        for width in (320, 360, 600):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(CUT) == [], f"{face} at {width} px"
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_age_without_a_figure_takes_one_line_of_the_pyramid(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    visit(page, "/ficha/1315")
    lines = page.evaluate(LINES, ".piramide .sin-publicar em")
    assert lines and {*lines} == {1}
    page.set_viewport_size({"width": 1440, "height": 900})
