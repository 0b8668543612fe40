"""Promise: a page has no style written inside it but what its own policy names, so that nothing that slipped into a page could
paint over it; and every element looks as it declares, in both modes, as the page came and after any change in place.

That no visit to any page goes against the policy, tests/test_every_page_in_a_browser.py says it: the console would tell.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from dash import html
from playwright.sync_api import Page

from dashboard.render.html import declared, style_rules, to_html
from dashboard.web.security import STYLES_OF_LIBRARIES
from tests.browser_support import Watch, eventually, settle, visit
from tests.site_support import ADDRESSES, ERROR_PAGE, Document, accessible

STYLED = ("/padron?lugar=1601", "/participacion", "/participacion/mesas", "/extranjero", "/cruces", "/ficha/1601")
#: What does not look as it declares, were the same said by a style attribute; null if nothing declares anything.
UNLIKE_DECLARED = """() => {
    const all = [...document.querySelectorAll("#contenido [data-estilo]")];
    const unlike = all.filter((node) => {
        const said = node.getAttribute("style");
        const look = getComputedStyle(node);
        const names = [...Object.assign(document.createElement("i"), { style: node.dataset.estilo }).style];
        const values = () => names.map((name) => look.getPropertyValue(name)).join();
        const found = values();
        node.style.cssText = node.dataset.estilo;
        const wanted = values();
        if (said === null) node.removeAttribute("style");
        return !names.length || found !== wanted;
    });
    return all.length ? unlike.map((node) => node.outerHTML.slice(0, 120)) : null;
}"""
#: For each bar of a list, as it is on the screen, how many times as long it is as it declares, in per cent of the longest.
BARS = """(css) => {
    const bars = [...document.querySelectorAll(css)].filter((bar) => bar.checkVisibility());
    const said = bars.map((bar) => parseFloat(/width:([\\d.]+)%/.exec(bar.dataset.estilo)[1]));
    const long = bars.map((bar) => bar.getBoundingClientRect().width);
    const most = long[said.indexOf(Math.max(...said))] / Math.max(...said);
    return bars.map((_, place) => [long[place], said[place] * most]);
}"""
SHEETS = """() => [...document.querySelectorAll("style")].map((node) => node.textContent)"""


def style_sources(response: httpx.Response) -> list[str]:
    """What may paint a page, as its policy says."""
    (found,) = re.findall(r"style-src ([^;]*)", response.headers["Content-Security-Policy"])
    return found.split()


def sha256(text: str) -> str:
    """The hash of a text, as a policy writes it."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


# --- What the server sends --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [str, accessible])
def test_every_declared_style_has_its_rule_in_the_one_element_that_the_policy_names(
    client: httpx.Client, mode: Callable[[str], str]
) -> None:
    seen = 0
    for address in map(mode, (*ADDRESSES, ERROR_PAGE)):
        response = client.get(address)
        page = Document(response.text)
        assert page.all("[style]") == [] and "unsafe-inline" not in response.headers["Content-Security-Policy"], address
        styles = [node.text for node in page.all("style")]
        said = {node.get("data-estilo") for node in page.all("[data-estilo]")}
        assert len(styles) == bool(said), address
        assert said == set(re.findall(r'\[data-estilo="([^"]*)"\]:not\(#_#_\)\{\1\}', "".join(styles))), address
        named = [*map(sha256, styles), *(STYLES_OF_LIBRARIES if page.all("#react-entry-point") else ())]
        assert style_sources(response) == ["'self'", *(f"'sha256-{one}'" for one in named)], address
        seen += len(said)
    assert seen > 500


def test_the_policy_of_a_page_comes_with_every_answer_about_it(client: httpx.Client) -> None:
    """A browser that is told that its copy is good keeps the headers of that answer, and would leave the page unpainted."""
    for address in ("/ficha/1601", "/accesible/padron", "/padron"):
        page = client.get(address)
        same = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
        assert same.status_code == 304
        for other in (same, client.head(address)):
            assert other.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]


FORGED = ' data-estilo="--n:1">', 'x data-estilo="--n:1"', 'x data-estilo=', "\"'> data-estilo=\"--n:1\">"  # fmt: skip


@pytest.mark.parametrize("text", FORGED)
def test_no_text_becomes_a_rule(client: httpx.Client, text: str) -> None:
    assert style_rules(to_html(html.P([text, html.A(text, title=text, href=text)]))) == ""
    response = client.get("/accesible/buscar", params={"q": text})
    assert Document(response.text).all("#q")[0].get("value") == text.strip()
    assert "<style>" not in response.text and style_sources(response) == ["'self'"]


@pytest.mark.parametrize("value", ["1px}body{left:0", 'x"y', "url(//x)", "a\\b", "red/*", "<i>", "1px !important"])
def test_a_style_that_could_end_its_rule_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="belongs in the style sheet"):
        declared({"width": value})


def test_a_style_is_the_last_thing_that_an_element_says() -> None:
    item = html.I(
        style={"width": "1.5%", "clipPath": "polygon(0% 1%, 2% 3%)", "--n": 3}, title="Cobán", className="barra"
    )
    said = "width:1.5%;clip-path:polygon(0% 1%, 2% 3%);--n:3"
    assert to_html(item) == f'<i class="barra" title="Cobán" data-estilo="{said}"></i>'
    assert style_rules(to_html([item, item])) == f'[data-estilo="{said}"]:not(#_#_){{{said}}}'
    assert to_html(html.I(style={})) == "<i></i>"


# --- What a browser shows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*STYLED, *map(accessible, STYLED)])
def test_everything_looks_as_it_declares(page: Page, address: str) -> None:
    visit(page, address)
    assert page.evaluate(UNLIKE_DECLARED) == []


@pytest.mark.parametrize(
    ("address", "bars"),
    [
        ("/accesible/padron", "#grafica-1-lienzo .piramide i[data-estilo]"),
        ("/accesible/padron", "#grafica-2-lienzo .barras i[data-estilo]"),
        ("/participacion/mesas", "#contenido .barras i[data-estilo^=width]"),
    ],
)
def test_a_bar_is_as_long_as_its_figure(page: Page, address: str, bars: str) -> None:
    page.goto(address)
    found = page.evaluate(BARS, bars)
    assert len(found) > 1 and max(long for long, _ in found) > 30
    assert [pair for pair in found if abs(pair[0] - pair[1]) > 1] == []


def test_the_styles_of_dash_are_known_one_by_one(page: Page, watch: Watch) -> None:
    """Those of another version are what this says; a look at what they paint, and they are written in the policy."""
    visit(page, "/padron")
    with_dash(page)
    # Empty when it comes, and filled at once.
    theirs = sorted({sha256(""), *(sha256(text) for text in page.evaluate(SHEETS) if "data-estilo" not in text)})
    if theirs != [*STYLES_OF_LIBRARIES]:
        watch.errors.clear()
    assert theirs == [*STYLES_OF_LIBRARIES]


def with_dash(page: Page) -> None:
    """Touch the filters and wait until Dash has come."""
    page.locator("#f-indicador").focus()
    eventually(page, "window.PadronDash.listo()", True)


def test_filters_that_dash_answers_go_against_nothing(open_page: Callable[..., Page]) -> None:
    page = open_page(width=1440)
    visit(page, "/padron?lugar=1601")
    with_dash(page)
    for change in ({"indicador": "mujeres"}, {"indicador": "empadronados", "sexo": "mujeres"}):
        for name, value in change.items():
            page.select_option(f"#f-{name}", value)
            settle(page)
        assert page.evaluate(UNLIKE_DECLARED) == []


@pytest.mark.parametrize(("control", "value"), [("columnas", "alfabetismo"), ("sexo", "mujeres")])
def test_an_answer_in_place_looks_as_it_declares(page: Page, control: str, value: str) -> None:
    page.goto("/cruces")
    before = declarations(page)
    page.select_option(f"#c-{control}", value)
    eventually(page, "window.PadronVivo.pidiendo()", False)
    assert set(declarations(page)) - set(before), "Nothing new was declared"
    assert page.evaluate(UNLIKE_DECLARED) == []


def declarations(page: Page) -> Any:
    """Every style that something on a page declares."""
    return page.evaluate("[...document.querySelectorAll('[data-estilo]')].map((node) => node.dataset.estilo)")


@pytest.mark.parametrize("address", ["/metodologia", "/padron", "/accesible/padron"])
def test_what_slips_into_a_page_paints_nothing(page: Page, watch: Watch, address: str) -> None:
    """And the browser's console tells it, so that every other test in a browser would too."""
    page.goto(address)
    painted = page.evaluate("""() => {
        document.body.insertAdjacentHTML("beforeend", "<p id='intruso' style='color: rgb(1, 2, 3)'>Hola</p>");
        document.body.insertAdjacentHTML("beforeend", "<style>#intruso { background: rgb(4, 5, 6) }</style>");
        const { color, backgroundColor } = getComputedStyle(document.querySelector("#intruso"));
        return [color, backgroundColor];
    }""")
    assert "rgb(1, 2, 3)" not in painted and "rgb(4, 5, 6)" not in painted
    page.wait_for_timeout(100)
    assert len(watch.errors) == 2 and all("Content Security Policy" in error for error in watch.errors)
    watch.errors.clear()
