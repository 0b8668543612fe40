"""Promise: axe-core finds no violation on any page, in either mode, at 360 and 1440 px, in light and dark, nor after use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.pages import PAGES
from tests.browser_support import Watch
from tests.site_support import ERROR_PAGE, EXAMPLES, ONE_OF_EACH, accessible, settle, visit

WIDTHS = (360, 1440)
ROWS = 12
THEMES = ("light", "dark")
#: A theme changes colours and nothing else: these are the rules that look at them.
OF_COLOURS = ("color-contrast", "link-in-text-block")
CHISEC = "/padron?indicador=analfabetismo&lugar=1613"

Axe = Callable[..., list[str]]


def everywhere(page: Page, axe: Axe) -> list[str]:
    """The violations of what is on screen, at every width and in every theme.

    The first look is at all of it. For the others long tables keep their first rows: the rest are like them, and axe
    would spend minutes on repeating itself.
    """
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            # A colour halfway between two themes is nobody's colour.
            page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
            rules = OF_COLOURS if theme == "dark" else ()
            found += [f"{width} px, {theme}: {violation}" for violation in axe(page, rules)]
            page.evaluate(
                f"document.querySelectorAll('tbody tr:nth-child(n+{ROWS + 1})').forEach((row) => row.remove())"
            )
    return found


def test_every_page_has_an_example() -> None:
    assert [page.path for page in PAGES if "{" in page.path and page.path not in EXAMPLES] == []


@pytest.mark.parametrize("address", ONE_OF_EACH)
def test_visual_pages(page: Page, axe: Axe, address: str) -> None:
    visit(page, address)
    assert everywhere(page, axe) == []


@pytest.mark.parametrize("address", ONE_OF_EACH)
def test_accessible_pages(page: Page, axe: Axe, address: str) -> None:
    visit(page, accessible(address))
    assert everywhere(page, axe) == []


@pytest.mark.parametrize("address", [ERROR_PAGE, accessible(ERROR_PAGE), "/ficha/9999"])
def test_error_pages(page: Page, axe: Axe, watch: Watch, address: str) -> None:
    assert visit(page, address).status == 404
    watch.errors.clear()  # the browser reports the 404 we asked for
    assert everywhere(page, axe) == []


def test_with_charts_drawn(page: Page, axe: Axe) -> None:
    visit(page, "/padron")
    for chart in page.locator(".lienzo").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".js-plotly-plot .bars").first.wait_for(state="attached")
    assert everywhere(page, axe) == []


def test_with_a_place_chosen_by_hand_and_its_tooltip(page: Page, axe: Axe) -> None:
    visit(page, CHISEC)
    page.locator("#mapa [data-codigo='1601']").click()
    settle(page)
    page.locator("#mapa [data-codigo='1602']").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".globo").is_visible()
    assert everywhere(page, axe) == []


def test_with_suggestions_open(page: Page, axe: Axe) -> None:
    visit(page, "/padron")
    page.locator("#q").fill("san j")
    page.locator("#sugerencias [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert everywhere(page, axe) == []


def test_with_corrections_said_and_filters_that_do_not_apply(page: Page, axe: Axe) -> None:
    visit(page, "/padron?indicador=cambio-2023&edad=18_25&departamento=99")
    assert page.locator(".avisos li").count() == 2
    assert page.locator(".campo.inactivo").count() == 3
    assert everywhere(page, axe) == []


@pytest.mark.parametrize(
    "address", ["/padron?indicador=brecha-analfabetismo", "/datos/padron_municipal", "/datos/limites"]
)
def test_with_every_detail_open(page: Page, axe: Axe, address: str) -> None:
    visit(page, address)
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    assert everywhere(page, axe) == []
