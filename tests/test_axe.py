"""Promise: axe-core finds no violation on any page, in either mode, at 360 and 1440 px, in light and dark, nor after use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.pages import PAGES
from tests.browser_support import Watch
from tests.site_support import ERROR_PAGE, EXAMPLES, ONE_OF_EACH, accessible, settle, visit

CHISEC = "/padron?indicador=analfabetismo&lugar=1613"

Axe = Callable[[Page], list[str]]


def test_every_page_has_an_example() -> None:
    assert [page.path for page in PAGES if "{" in page.path and page.path not in EXAMPLES] == []


@pytest.mark.parametrize("address", ONE_OF_EACH)
def test_visual_pages(page: Page, axe: Axe, address: str) -> None:
    visit(page, address)
    assert axe(page) == []


@pytest.mark.parametrize("address", ONE_OF_EACH)
def test_accessible_pages(page: Page, axe: Axe, address: str) -> None:
    visit(page, accessible(address))
    assert axe(page) == []


@pytest.mark.parametrize("address", [ERROR_PAGE, accessible(ERROR_PAGE), "/ficha/9999"])
def test_error_pages(page: Page, axe: Axe, watch: Watch, address: str) -> None:
    assert visit(page, address).status == 404
    watch.errors.clear()  # the browser reports the 404 we asked for
    assert axe(page) == []


def test_with_charts_drawn(page: Page, axe: Axe) -> None:
    visit(page, "/padron")
    for chart in page.locator(".lienzo").all():
        chart.scroll_into_view_if_needed()
        chart.locator(".js-plotly-plot .bars").first.wait_for(state="attached")
    assert axe(page) == []


def test_with_a_place_chosen_by_hand_and_its_tooltip(page: Page, axe: Axe) -> None:
    visit(page, CHISEC)
    page.locator("#mapa [data-codigo='1601']").click()
    settle(page)
    page.locator("#mapa [data-codigo='1602']").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".globo").is_visible()
    assert axe(page) == []


def test_with_suggestions_open(page: Page, axe: Axe) -> None:
    visit(page, "/padron")
    page.locator("#q").fill("san j")
    page.locator("#sugerencias [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert axe(page) == []


def test_with_corrections_said_and_filters_that_do_not_apply(page: Page, axe: Axe) -> None:
    visit(page, "/padron?indicador=cambio-2023&edad=18_25&departamento=99")
    assert page.locator(".avisos li").count() == 2
    assert page.locator(".campo.inactivo").count() == 3
    assert axe(page) == []


@pytest.mark.parametrize(
    "address", ["/padron?indicador=brecha-analfabetismo", "/datos/padron_municipal", "/datos/limites"]
)
def test_with_every_detail_open(page: Page, axe: Axe, address: str) -> None:
    visit(page, address)
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    assert axe(page) == []
