"""Promise: filters change results at once, without a reload; the URL follows; Back works; reload and shared links restore
everything; and without JavaScript, or without Dash, the same form does the same."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser_support import Watch, eventually, settle, visit
from tests.long_support import light_and_long
from tests.site_support import Document, accessible

OpenPage = Callable[..., Page]
CHANGES = {
    "indicador": "empadronados",
    "departamento": "16",
    "sexo": "mujeres",
    "edad": "18_25",
    "alfabetismo": "analfabeta",
    "ver": "departamento",
}


def mark(page: Page) -> None:
    """Leave something behind that only a reload would take away."""
    page.evaluate("window.notReloaded = true")


def not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.notReloaded === true"))


def shown(page: Page) -> dict[str, str | list[str]]:
    """What a reader would say that the page shows: words, card, table, the form and the colours of the map."""
    return page.evaluate("""() => {
        const text = (css) => (document.querySelector(css)?.innerText || "").replace(/\\s+/g, " ").trim();
        const all = (css, of) => [...document.querySelectorAll(css)].map(of);
        return {
            title: document.title,
            question: text("#pregunta"),
            side: text("#lateral"),
            table: text("#tabla"),
            legend: text("#bajo-mapa"),
            form: all("#filtros select", ({ name, value, disabled }) => [name, value, disabled]),
            map: all("#mapa [role=option]", (path) => [path.getAttribute("class"), path.getAttribute("aria-label")]),
            chosen: document.querySelector("#mapa [aria-selected=true]")?.dataset.codigo || "",
            other: document.querySelector(".modo").getAttribute("href"),
        };
    }""")


# ---- with JavaScript -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", light_and_long(CHANGES, 2))
def test_each_filter_answers_in_place(page: Page, name: str) -> None:
    visit(page, "/padron?indicador=empadronados" if name in ("edad", "alfabetismo") else "/padron")
    mark(page)
    before, entries = shown(page), page.evaluate("history.length")
    if name in ("edad", "alfabetismo"):  # one control chooses among the traits
        page.select_option("#f-grupo", f"{name}.{CHANGES[name]}")
    else:
        page.select_option(f"#f-{name}", CHANGES[name])
    settle(page)
    after = shown(page)
    assert not_reloaded(page)
    assert f"{name}={CHANGES[name]}" in page.url
    assert page.evaluate("history.length") == entries  # a filter is not a place: Back does not undo it one by one
    assert after["question"] != before["question"]
    assert after["map"] != before["map"]
    assert after["other"] == accessible(page.evaluate("location.pathname + location.search")) or name == "ver"
    assert page.locator("#anuncio").text_content() in after["question"]


def test_what_filters_leave_is_what_the_address_gives_anyone(page: Page, open_page: OpenPage) -> None:
    visit(page, "/padron")
    page.select_option("#f-indicador", "analfabetismo")
    settle(page)
    page.select_option("#f-departamento", "14")
    settle(page)
    page.select_option("#f-sexo", "mujeres")
    settle(page)
    page.locator("#mapa [data-codigo='1416']").click()
    settle(page)
    left = shown(page)
    page.reload()
    page.locator("html[data-respuesta]").wait_for()
    page.locator("#mapa [role=option]").first.wait_for(state="attached")
    assert shown(page) == left

    somebody_else = open_page()
    visit(somebody_else, page.url)
    assert shown(somebody_else) == left


def test_a_place_is_a_step_that_back_and_forward_walk(page: Page) -> None:
    visit(page, "/padron?indicador=mujeres")
    mark(page)
    start, entries = shown(page), page.evaluate("history.length")
    page.locator("#mapa [data-codigo='1601']").click()
    settle(page)
    assert page.evaluate("history.length") == entries + 1
    coban = shown(page)
    assert coban["chosen"] == "1601"
    page.locator(".ranking a[data-lugar]").first.click()
    settle(page)
    third = shown(page)
    assert third["chosen"] not in ("", "1601")

    page.go_back()
    settle(page)
    assert shown(page) == coban
    page.go_back()
    settle(page)
    assert shown(page) == start
    page.go_forward()
    settle(page)
    assert shown(page) == coban
    assert not_reloaded(page)


def test_the_last_of_several_quick_changes_wins(page: Page) -> None:
    visit(page, "/padron")
    for indicador in ("mujeres", "mayores-61", "empadronados", "cambio", "analfabetismo"):
        page.select_option("#f-indicador", indicador)
    settle(page)
    page.wait_for_load_state("networkidle")
    assert "indicador=analfabetismo" in page.url
    quick = shown(page)
    page.reload()
    page.locator("html[data-respuesta]").wait_for()
    page.locator("#mapa [role=option]").first.wait_for(state="attached")
    assert shown(page) == quick


def test_a_group_that_no_source_crosses_gives_way_to_why_and_what_is_missing(page: Page) -> None:
    visit(page, "/padron?indicador=empadronados&edad=18_25")
    assert page.locator("#f-grupo").input_value() == "edad.18_25"
    page.select_option("#f-indicador", "cambio")
    page.locator("#f-grupo").wait_for(state="hidden")
    assert page.locator("#f-grupo").is_disabled() and page.locator("#f-sexo").is_hidden()
    link = page.locator("#pie-filtros a", has_text="grupo de edad")
    assert link.get_attribute("href") == "/que-falta#padron-pais-grupo_edad"
    page.select_option("#f-indicador", "empadronados")
    page.locator("#f-grupo").wait_for(state="visible")
    assert page.locator("#f-grupo optgroup[label='Edad'] option").count() == 11
    page.goto("/que-falta#padron-pais-grupo_edad")
    page.locator("#padron-pais-grupo_edad").wait_for(state="visible")


def test_edad_and_alfabetismo_are_never_asked_together(page: Page) -> None:
    visit(page, "/padron?indicador=empadronados&edad=18_25")
    page.select_option("#f-grupo", "alfabetismo.analfabeta")
    settle(page)
    assert "alfabetismo=analfabeta" in page.url and "edad=" not in page.url
    assert page.locator(".avisos li").count() == 0


def test_on_a_phone_the_filters_are_one_line_until_one_changes_them(open_page: OpenPage) -> None:
    page = open_page(width=390)
    visit(page, "/padron?indicador=empadronados&sexo=mujeres")
    assert page.locator("#resumen").inner_text() == "Personas empadronadas · mujeres · todo el país, por municipio"
    assert page.locator("#f-sexo").is_hidden()
    page.click("#cambiar")
    assert page.locator("#cambiar").get_attribute("aria-expanded") == "true"
    page.select_option("#f-sexo", "hombres")
    page.locator("#resumen", has_text="hombres").wait_for()
    assert page.locator("#f-sexo").is_visible()
    page.click("#cambiar")
    assert page.locator("#f-sexo").is_hidden()


def test_changing_the_level_keeps_the_chosen_place_or_says_why(page: Page) -> None:
    visit(page, "/padron?lugar=1601")
    page.select_option("#f-ver", "departamento")
    page.locator("#mapa [data-codigo='16'][aria-selected=true]").wait_for(state="attached")
    assert page.locator(".ficha-lugar h2").inner_text() == "Alta Verapaz"
    assert page.locator(".avisos").count() == 0
    page.select_option("#f-ver", "municipio")
    page.locator("#mapa .municipios [role=option]").first.wait_for(state="attached")
    page.locator(".invitacion").wait_for()
    assert "No hay «16»" not in page.locator("#pregunta").inner_text()


def test_search_finds_a_place_whatever_the_filters(page: Page) -> None:
    for query in ("departamento=01", "ver=departamento", "indicador=mujeres&departamento=07&lugar=0701"):
        visit(page, f"/padron?{query}")
        page.locator("#q").fill("coban")
        page.locator("#sugerencias [data-codigo='1601']").click()
        page.locator("#mapa [data-codigo='1601'][aria-selected=true]").wait_for(state="attached")
        page.locator(".ficha-lugar h2", has_text="Cobán").wait_for()
        assert page.locator(".avisos").count() == 0


def test_drawn_charts_follow_the_filters(page: Page) -> None:
    visit(page, "/padron")
    for chart in page.locator(".lienzo").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".js-plotly-plot .bars").first.wait_for(state="attached")
    page.select_option("#f-departamento", "02")
    settle(page)
    page.locator("#grafica-1-palabras", has_text="El Progreso").wait_for()
    answer = Document(page.content())
    women = answer.table("#grafica-1-datos table").column("Mujeres")
    eventually(page, "document.querySelector('#grafica-1-lienzo .js-plotly-plot').data[0].customdata", women)
    shares = answer.table("#grafica-2-datos table").column("No leen ni escriben (%)")
    labels = "[...document.querySelectorAll('#grafica-2-lienzo .bartext')].map((label) => label.textContent)"
    eventually(page, labels, shares)


def test_charts_take_the_theme_of_the_person(open_page: OpenPage) -> None:
    page = open_page(theme="dark")
    visit(page, "/padron")
    page.locator(".lienzo").first.scroll_into_view_if_needed()
    page.locator(".lienzo .js-plotly-plot .bars").first.wait_for(state="attached")
    colour = "document.querySelector('.js-plotly-plot').data[0].marker.color"
    dark = page.evaluate(colour)
    page.emulate_media(color_scheme="light")
    eventually(page, f"{colour} !== {json.dumps(dark)}", True)


def test_the_map_keeps_its_shapes_between_answers(page: Page) -> None:
    """A repaint changes classes, not elements: that is what keeps focus and speed."""
    visit(page, "/padron")
    page.evaluate("document.querySelector('#mapa [data-codigo=\"1601\"]').kept = true")
    page.select_option("#f-indicador", "analfabetismo")
    settle(page)
    assert page.evaluate("document.querySelector('#mapa [data-codigo=\"1601\"]').kept") is True


# ---- without Dash, and without JavaScript ------------------------------------------------------------------------------


def test_without_dash_a_change_is_a_plain_navigation(page: Page, watch: Watch) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/_dash-component-suites/**", refuse)
    page.goto("/padron?lugar=1601")
    page.locator("#mapa [role=option]").first.wait_for(state="attached")
    page.select_option("#f-indicador", "analfabetismo")
    page.wait_for_url("**indicador=analfabetismo*")
    page.locator("#mapa [role=option]").first.wait_for(state="attached")
    assert "no leen ni escriben" in page.locator(".respuesta").inner_text()
    assert page.locator(".ficha-lugar h2").inner_text() == "Cobán"
    page.locator("#mapa [data-codigo='1613']").click()
    page.wait_for_url("**lugar=1613*")
    assert page.locator(".ficha-lugar h2").inner_text() == "Chisec"
    watch.errors.clear()  # the scripts that we refused


@pytest.mark.parametrize("path", ["/padron", "/accesible/padron"])
def test_without_javascript_the_form_does_it(open_page: OpenPage, page: Page, path: str) -> None:
    plain = open_page(javascript=False)
    plain.goto(path)
    plain.select_option("#f-indicador", "analfabetismo")
    plain.select_option("#f-departamento", "16")
    plain.select_option("#f-sexo", "mujeres")
    plain.click("#filtros .solo-sin-js")
    plain.wait_for_url(f"**{path}?*indicador=analfabetismo*")
    assert plain.locator("#f-departamento").input_value() == "16"
    plain.locator(".ranking a").first.click()
    plain.wait_for_url("**lugar=16*")
    assert plain.locator("#f-sexo").input_value() == "mujeres"

    visit(page, plain.url.replace("/accesible", ""))
    for css in ("#pregunta", "#lateral .ficha-lugar"):
        assert " ".join(plain.locator(css).inner_text().split()) == " ".join(page.locator(css).inner_text().split())
    if path == "/padron":
        assert plain.locator("#mapa a").get_attribute("href").startswith("/accesible/padron?indicador=analfabetismo")


def test_without_javascript_the_search_box_leads_to_a_list(open_page: OpenPage) -> None:
    for root in ("", "/accesible"):
        page = open_page(javascript=False)
        page.goto(f"{root}/padron")
        page.fill("#q", "sacatepequez")
        page.click(".buscador button")
        page.wait_for_url(f"**{root}/buscar?q=sacatepequez&tema=padron")
        found = page.locator(".encontrados strong").all_inner_texts()
        assert "Sacatepéquez" in found and "San Juan Sacatepéquez" in found
        page.locator(".encontrados a", has_text="San Juan Sacatepéquez").click()
        page.wait_for_url(f"**{root}/padron?*lugar=0110*")
        assert page.locator(".ficha-lugar h2").inner_text() == "San Juan Sacatepéquez"
