"""Promise: on the pages whose filters are a plain form, a change shows its answer at once and without a reload: the address
follows, Back undoes it, the focus stays, a screen reader hears it; when no answer comes, what was shown stays and it is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser_support import ON_THE_MAP, Watch, eventually
from tests.long_support import light_and_long

OpenPage = Callable[..., Page]
#: Of each page, two changes of its filters: a control and its value.
CHANGES = {
    "/extranjero": (("o-ver", "por-mil"), ("o-mostrar", "centros")),
    "/participacion/lugares": (("o-caracteristica", "area-urbana"), ("o-departamento", "16")),
    "/cruces": (("c-columnas", "alfabetismo"), ("c-sexo", "mujeres")),
    "/comparar?lugares=0101,1601": (("o-sexo", "mujeres"), ("o-eleccion", "2019-1")),
}
BUSY = "window.PadronVivo.pidiendo()"
#: What a reader finds in the page once its scripts are done, but for what they keep to themselves.
SHOWN = """(() => {
    const all = (css, of) => [...document.querySelectorAll(css)].map(of);
    const main = document.querySelector("#contenido").cloneNode(true);
    for (const node of main.querySelectorAll("#mapa > *, .globo, #fallo")) node.remove();
    for (const node of main.querySelectorAll("[tabindex], #mapa")) {
        node.removeAttribute("tabindex");
        node.removeAttribute("data-elegido");
        node.removeAttribute("style");
    }
    for (const node of main.querySelectorAll("[data-estilo]")) node.removeAttribute("style"); // said twice
    const said = (node) => [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort();
    const flat = (node) => node.attributes ? [node.nodeName, said(node), [...node.childNodes].map(flat)] : node.nodeValue;
    const form = all("#contenido select", ({ name, value, disabled }) => [name, value, disabled]);
    const paint = all("#mapa .lamina path[data-codigo]:not(.fuera)", (path) => [path.dataset.codigo, path.getAttribute("class")]);
    return [document.title, JSON.stringify(flat(main)), form, paint];
})()"""


def change(page: Page, control: str, value: str) -> None:
    """Choose a value as a person does, and wait for its answer."""
    page.focus(f"#{control}")
    page.select_option(f"#{control}", value)
    eventually(page, BUSY, False)


def opened(page: Page, path: str) -> None:
    page.goto(path)
    if page.locator("#franjas").count():
        page.locator(ON_THE_MAP).first.wait_for(state="attached")
        page.locator("#franjas [role=option]").first.wait_for(state="attached")


@pytest.mark.parametrize("path", CHANGES)
def test_a_change_shows_what_a_fresh_visit_to_its_address_shows(page: Page, open_page: OpenPage, path: str) -> None:
    opened(page, path)
    page.evaluate("window.notReloaded = true")
    first, shown = page.evaluate(SHOWN), []
    for control, value in CHANGES[path]:
        change(page, control, value)
        shown.append(page.evaluate(SHOWN))
        assert f"{control.partition('-')[2]}={value}" in page.url
        assert page.evaluate("document.activeElement.id") == control
        assert page.evaluate("document.querySelector('#anuncio').textContent")
        assert page.locator(".sin-vivo:visible").count() == 0
    assert first != shown[0] != shown[1]
    somebody_else = open_page()
    opened(somebody_else, page.url)
    assert somebody_else.evaluate(SHOWN) == shown[1]
    for walk, expected in ((page.go_back, shown[0]), (page.go_back, first), (page.go_forward, shown[0])):
        walk()
        eventually(page, SHOWN, expected)
    assert page.evaluate("window.notReloaded")


@pytest.mark.parametrize("path", light_and_long(CHANGES, 2))
def test_when_no_answer_comes_what_was_shown_stays_and_can_be_asked_again(page: Page, watch: Watch, path: str) -> None:
    opened(page, path)
    before, address = page.evaluate(SHOWN), page.url
    control, value = CHANGES[path][0]

    def refuse(route: Route) -> None:
        route.abort()

    asked = f"**{path.partition('?')[0]}?*"
    page.route(asked, refuse)
    change(page, control, value)
    told = page.locator("#fallo[role=alert]")
    chosen = page.locator(f"#{control} option[value='{value}']").inner_text()
    assert chosen in told.inner_text() and "el sitio no respondió" in told.inner_text()
    assert page.url == address and page.evaluate("document.activeElement.id") == control
    assert page.evaluate(SHOWN) == before
    page.unroute(asked, refuse)
    told.get_by_role("button", name="Reintentar").click()
    eventually(page, "document.querySelectorAll('#fallo').length", 0)
    assert page.locator(f"#{control}").input_value() == value and value in page.url
    assert page.evaluate("document.activeElement.id") == control
    assert len(watch.errors) == 1
    watch.errors.clear()  # the answer that we refused


def test_the_last_of_several_quick_changes_wins(page: Page) -> None:
    opened(page, "/participacion/lugares")
    entries = page.evaluate("history.length")
    for name in ("area-urbana", "mujeres", "no-lee-ni-escribe"):
        page.select_option("#o-caracteristica", name)
    eventually(page, BUSY, False)
    assert "caracteristica=no-lee-ni-escribe" in page.url
    assert "no lee ni escribe" in page.locator("h1").inner_text()
    assert page.evaluate("history.length") <= entries + 3


def test_a_place_of_another_departamento_is_not_asked_for(page: Page) -> None:
    opened(page, "/participacion/lugares?departamento=13&lugar=1315")
    change(page, "o-departamento", "16")
    assert "departamento=16" in page.url and "lugar=" not in page.url
    assert page.locator(".avisos").count() == 0


def test_dots_and_map_work_after_a_change(page: Page) -> None:
    opened(page, "/participacion/lugares")
    change(page, "o-departamento", "16")
    eventually(page, "document.querySelectorAll('#mapa .lamina path[data-codigo]:not(.fuera)').length", 17)
    page.locator("#franjas [role=option][tabindex='0']").focus()
    page.keyboard.type("cob")
    page.keyboard.press("Enter")
    eventually(page, "location.search.includes('lugar=1601')", True)
    eventually(page, BUSY, False)
    assert "Cobán" in page.locator(".dichos").inner_text()
    assert page.evaluate("document.activeElement.dataset.lugar") == "1601"
    page.locator("#mapa [data-codigo='1613']").click()
    eventually(page, "location.search.includes('lugar=1613')", True)
    eventually(page, "document.querySelector('#mapa').dataset.elegido", "1613")


@pytest.mark.parametrize("path", light_and_long(CHANGES, 3))
def test_without_scripts_the_form_has_its_button(open_page: OpenPage, path: str) -> None:
    page = open_page(javascript=False)
    page.goto(path)
    control, value = CHANGES[path][0]
    page.select_option(f"#{control}", value)
    page.locator(f"form:has(#{control}) > .sin-vivo").click()
    assert value in page.url and page.locator(f"#{control}").input_value() == value
