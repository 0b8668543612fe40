"""Promise: filters change results at once, without a reload; the URL follows; Back works; reload and shared links restore
everything; and without JavaScript, or without Dash, the same form does the same."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.browser_support import ON_THE_MAP, Watch, closed, eventually, settle, visit
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


def refuse(route: Route) -> None:
    """What never comes."""
    route.abort()


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
            map: all("#mapa .lamina path[data-codigo]:not(.fuera)", (path) => [path.dataset.codigo, path.getAttribute("class")]),
            chosen: JSON.parse(document.getElementById("estado-inicial").textContent).lugar,
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
    assert page.evaluate("history.length") == entries + 1  # Back undoes it
    assert after["question"] != before["question"]
    assert after["map"] != before["map"]
    assert after["other"] == accessible(page.evaluate("location.pathname + location.search")) or name == "ver"
    assert page.locator("#anuncio").text_content() in after["question"]
    page.go_back()
    settle(page)
    assert shown(page) == before and not_reloaded(page)


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
    page.locator(ON_THE_MAP).first.wait_for(state="attached")
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
    page.wait_for_timeout(500)  # an answer that comes late changes nothing
    assert "indicador=analfabetismo" in page.url
    quick = shown(page)
    page.reload()
    page.locator("html[data-respuesta]").wait_for()
    page.locator(ON_THE_MAP).first.wait_for(state="attached")
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
    page.locator("#mapa[data-elegido='16']").wait_for()
    assert page.locator(".ficha-lugar h2").inner_text() == "Alta Verapaz"
    assert page.locator(".avisos").count() == 0
    page.select_option("#f-ver", "municipio")
    page.locator("#mapa .municipios path:not(.fuera)").first.wait_for(state="attached")
    page.locator(".invitacion").wait_for()
    assert "No hay «16»" not in page.locator("#pregunta").inner_text()


def test_search_finds_a_place_whatever_the_filters(page: Page) -> None:
    for query in ("departamento=01", "ver=departamento", "indicador=mujeres&departamento=07&lugar=0701"):
        visit(page, f"/padron?{query}")
        page.locator("#q").fill("coban")
        page.locator("#sugerencias [data-codigo='1601']").click()
        page.locator("#mapa[data-elegido='1601']").wait_for()
        page.locator(".ficha-lugar h2", has_text="Cobán").wait_for()
        assert page.locator(".avisos").count() == 0


def test_the_charts_follow_the_filters_and_are_the_ones_of_the_server(page: Page) -> None:
    visit(page, "/padron")
    page.select_option("#f-departamento", "02")
    settle(page)
    page.locator("#grafica-1-palabras", has_text="El Progreso").wait_for()
    drawn = page.locator("#grafica-1-lienzo").inner_text()
    page.reload()
    page.locator(ON_THE_MAP).first.wait_for(state="attached")
    assert page.locator("#grafica-1-lienzo").inner_text() == drawn and "%" in drawn
    answer = Document(page.content())
    shares = answer.table("#grafica-2-datos table").column("No leen ni escriben (%)")
    assert page.locator("#grafica-2-lienzo em").all_inner_texts() == shares


def test_the_map_keeps_its_shapes_between_answers(page: Page) -> None:
    """A repaint changes classes, not elements: that is what keeps focus and speed."""
    visit(page, "/padron")
    page.evaluate("document.querySelector('#mapa [data-codigo=\"1601\"]').kept = true")
    page.select_option("#f-indicador", "analfabetismo")
    settle(page)
    assert page.evaluate("document.querySelector('#mapa [data-codigo=\"1601\"]').kept") is True


# ---- without Dash, and without JavaScript ------------------------------------------------------------------------------


@pytest.mark.parametrize("isDash", [False, True], ids=["without", "with"])
def test_dash_comes_with_the_first_touch_and_answers_the_same(page: Page, watch: Watch, isDash: bool) -> None:
    """Dash's scripts come when the filters are touched, and not before; without them, all is the same."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    if not isDash:
        page.route("**/_dash-component-suites/**", refuse)
    visit(page, "/padron?lugar=1601")
    mark(page)
    page.wait_for_timeout(500)
    assert not any("dash" in path.replace("/assets/dash.js", "") for path in asked)
    page.locator("#f-indicador").focus()
    if isDash:
        eventually(page, "window.PadronDash.listo()", True)
    asked.clear()
    page.select_option("#f-indicador", "analfabetismo")
    settle(page)
    assert ("/_dash-update-component" in asked) is isDash and ("/padron" in asked) is not isDash
    assert "no leen ni escriben" in page.locator(".respuesta").inner_text()
    assert page.locator(".ficha-lugar h2").inner_text() == "Cobán"
    page.locator("#mapa [data-codigo='1613']").click()
    settle(page)
    assert page.locator(".ficha-lugar h2").inner_text() == "Chisec" and not_reloaded(page)
    closed(page)
    watch.errors.clear()  # the scripts that we refused


def test_who_saves_data_is_never_sent_dash(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    saving = "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g', downlink: 10 } })"
    page.add_init_script(saving)
    visit(page, "/padron")
    page.locator("#f-indicador").focus()
    page.select_option("#f-indicador", "mujeres")
    settle(page)
    page.wait_for_timeout(3_500)  # longer than the quiet after which it comes by itself
    assert [url for url in asked if "_dash" in url] == []


def test_a_fast_line_brings_dash_by_itself(page: Page) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { effectiveType: '4g', downlink: 10 } })"
    )
    visit(page, "/padron")
    eventually(page, "window.PadronDash.listo()", True)


@pytest.mark.parametrize("isDash", [False, True], ids=["without", "with"])
def test_an_answer_that_never_comes_leaves_everything_as_it_was(page: Page, watch: Watch, isDash: bool) -> None:
    """The title and the figures always belong together; the page says that it failed, and trying again answers."""
    visit(page, "/padron?lugar=1601")
    mark(page)
    if isDash:
        page.locator("#f-indicador").focus()
        eventually(page, "window.PadronDash.listo()", True)
    before, address = shown(page), page.url
    for pattern in ("**/padron?**", "**/_dash-update-component"):
        page.route(pattern, refuse)
    page.select_option("#f-indicador", "mujeres")
    page.locator("#fallo").wait_for()
    assert shown(page) == before and page.url == address and not_reloaded(page)
    assert "No se pudo mostrar «Indicador: Mujeres en el padrón»" in page.locator("#fallo").inner_text()
    for pattern in ("**/padron?**", "**/_dash-update-component"):
        page.unroute(pattern)
    page.locator("#fallo button").click()
    settle(page)
    assert "indicador=mujeres" in page.url and page.locator("#fallo").count() == 0
    assert "mujer" in page.locator("h1").inner_text()
    closed(page)
    watch.errors.clear()  # what we refused


def test_who_waits_is_told_so(page: Page) -> None:
    held: list[Route] = []
    visit(page, "/padron")
    page.route("**/padron?**", lambda route: held.append(route))
    page.select_option("#f-indicador", "mujeres")
    assert page.locator("main[aria-busy]").count() == 0
    page.locator("main[aria-busy=true]").wait_for()
    page.locator("#en-camino", has_text="Buscando la respuesta").wait_for()
    assert page.locator("h1").inner_text() == "¿Dónde está empadronada más parte de la población?"
    held.pop().continue_()
    settle(page)
    eventually(page, "document.querySelector('main').hasAttribute('aria-busy')", False)
    assert page.locator("#en-camino").is_hidden()


@pytest.mark.parametrize("path", ["/padron", "/accesible/padron"])
def test_without_javascript_the_form_does_it(open_page: OpenPage, page: Page, path: str) -> None:
    plain = open_page(javascript=False)
    plain.goto(path)
    plain.select_option("#f-indicador", "analfabetismo")
    plain.select_option("#f-departamento", "16")
    plain.select_option("#f-sexo", "mujeres")
    plain.click("#filtros .sin-vivo")
    plain.wait_for_url(f"**{path}?*indicador=analfabetismo*")
    assert plain.locator("#f-departamento").input_value() == "16"
    plain.locator(".ranking a").first.click()
    plain.wait_for_url("**lugar=16*")
    assert plain.locator("#f-sexo").input_value() == "mujeres"

    visit(page, plain.url.replace("/accesible", ""))
    for css in ("#pregunta", "#lateral .ficha-lugar"):
        said = " ".join(page.locator(css).inner_text().split())
        # What only a script does is offered where scripts are.
        assert " ".join(plain.locator(css).inner_text().split()) == said.replace(" Escuchar Compartir Imprimir", "")
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
