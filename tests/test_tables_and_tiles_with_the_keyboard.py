"""Promise: the tiles of the United States and the matrix of the people abroad are one stop of the Tab key each, walked with the
arrows, chosen with Enter, and say what they are to who cannot see them; what is confidential is dotted and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser_support import Watch, Windows, axe_everywhere, eventually, running_site

READY = "document.querySelector('#contenido').getAttribute('aria-busy')"
STOPS = "document.querySelectorAll('{} [tabindex=\"0\"]').length"
TILE = "(document.activeElement.closest('.tesela') || {dataset: {}}).dataset.codigo || ''"
CELL = """(() => {
    const cell = document.activeElement.closest("td, th");
    const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
    return [cell.localName, cell.parentNode.dataset.f || "", head.dataset.c || ""];
})()"""


@pytest.fixture(scope="module")
def served(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of the demonstration."""
    log = tmp_path_factory.mktemp("teclado") / "servidor.log"
    with running_site(demonstration / "release" / "current", log) as url:
        yield url


@pytest.fixture
def people(browser: Browser, served: str) -> Iterator[Page]:
    """The page of the people abroad."""
    watch, page = Watch(served), Windows(browser, served).open(apart=True)
    watch.follow(page)
    page.goto("/extranjero")
    eventually(page, STOPS.format("#matriz"), 1)
    yield page
    page.context.close()
    assert watch.errors == [] and watch.third_party == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_tiles_are_walked_with_the_arrows_and_chosen(people: Page) -> None:
    assert people.evaluate(STOPS.format("#teselas")) == 1
    people.locator("#teselas [tabindex='0']").focus()
    people.keyboard.type("cali")
    assert people.evaluate(TILE) == "CA"
    name = people.evaluate("document.activeElement.getAttribute('aria-label')")
    shown = people.locator(".lugares-fuera ol > li", has_text="California")
    cities = shown.locator("ul li").count()
    assert name == f"California: {shown.locator('> b').inner_text()} personas; {cities} ciudades"
    walked = []
    for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "Home", "ArrowDown", "End", "ArrowLeft"):
        press(people, key)
        walked.append(people.evaluate(TILE))
    assert walked == ["UT", "NV", "OR", "CA", "AK", "WA", "PR", "VI"]
    assert people.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Islas Vírgenes")
    people.keyboard.type("cali")
    press(people, "Enter")
    eventually(people, "location.search.includes('estado=CA')", True)
    eventually(people, READY, None)
    assert people.evaluate(TILE) == "CA" and people.evaluate(STOPS.format("#teselas")) == 1
    assert people.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    press(people, "Enter")  # the chosen one is left
    eventually(people, "location.search.includes('estado=')", False)


def test_the_matrix_is_one_stop_and_its_cells_and_headings_choose(people: Page) -> None:
    people.locator("#matriz [tabindex='0']").focus()
    kind, row, column = people.evaluate(CELL)
    assert kind == "td" and row and column
    press(people, "ArrowLeft")
    assert people.evaluate(CELL) == ["th", row, ""] and people.evaluate("document.activeElement.localName") == "a"
    press(people, "ArrowRight", "ArrowUp")
    assert people.evaluate(CELL)[0] == "th" and people.evaluate(CELL)[2] == column
    press(people, "ArrowDown", "End")
    assert people.evaluate(CELL) == ["td", row, ""]
    press(people, "Home", "ArrowRight", "Enter")
    eventually(people, f"location.search.includes('origen={row}') && location.search.includes('estado={column}')", True)
    eventually(people, READY, None)
    assert people.evaluate(CELL) == ["td", row, column]
    assert people.locator("#matriz tr.elegida th").count() == 1 and people.locator("#o-origen").input_value() == row
    press(people, "ArrowLeft", "Enter")  # the heading of the chosen row leads out of it
    eventually(people, "location.search.includes('origen=')", False)
    eventually(people, READY, None)
    assert people.evaluate(CELL) == ["th", row, ""]


def test_confidential_departamentos_are_dotted_and_counted_in_every_theme(people: Page) -> None:
    people.goto("/extranjero?sexo=mujeres&edad=66_70")
    hidden = people.locator(".mapa-origen path.confidencial")
    count = hidden.count()
    assert count > 1
    legend = people.locator(".figura-origen .claves-fuera", has_text="no se publica por confidencialidad")
    assert f"no se publica por confidencialidad: {count} departamentos" in legend.inner_text()
    assert people.locator(".mapa-origen pattern#puntos circle").count() == 1
    for look in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        people.emulate_media(**look)
        assert hidden.first.evaluate("path => getComputedStyle(path).fill").startswith('url("#puntos")'), look
    # Forced colours would flatten the texture: the map is left out of them.
    assert people.locator(".mapa-origen svg").evaluate("svg => getComputedStyle(svg).forcedColorAdjust") == "none"


def test_the_same_matrix_is_one_step_away_for_women_and_men(people: Page, client: httpx.Client) -> None:
    people.get_by_role("list", name="De quiénes").get_by_role("link", name="Mujeres").click()
    eventually(people, "location.search.includes('sexo=mujeres')", True)
    eventually(people, READY, None)
    assert people.locator(".modos [aria-current]").inner_text() == "Mujeres"
    assert people.locator("#o-sexo").input_value() == "mujeres"
    link = people.locator("#pie-filtros a", has_text="pueblo").get_attribute("href")
    assert link == "/que-falta#padron-extranjero-pueblo"
    people.goto("/extranjero?cuenta=participacion")
    links = people.locator("#pie-filtros a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert "/que-falta#participacion-extranjero-grupo_edad" in links
    declared = client.get("/que-falta").text
    assert [link for link in links if f'id="{link.partition("#")[2]}"' not in declared] == []


def test_on_a_phone_the_filters_are_one_line_until_one_changes_them(people: Page) -> None:
    people.set_viewport_size({"width": 360, "height": 800})
    assert people.locator(".filtros-resumen").inner_text().startswith("Personas empadronadas · todas")
    assert people.locator("#o-sexo").is_hidden()
    people.get_by_role("button", name="Cambiar").click()
    people.focus("#o-sexo")
    people.select_option("#o-sexo", "mujeres")
    eventually(people, "location.search.includes('sexo=mujeres')", True)
    eventually(people, READY, None)
    assert people.locator("#o-sexo").is_visible() and people.evaluate("document.activeElement.id") == "o-sexo"
    people.get_by_role("button", name="Cerrar").click()
    assert people.locator("#o-sexo").is_hidden()
    assert people.locator(".filtros-resumen span").inner_text() == "Personas empadronadas · Mujeres"
    tile = people.locator("#teselas").bounding_box()
    assert tile and tile["y"] < 800  # the map begins in the first screen


@pytest.mark.largo
def test_axe_finds_nothing_in_it(people: Page) -> None:
    assert axe_everywhere(people, [(1440, "light")]) == []
