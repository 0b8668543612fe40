"""Promise: axe-core finds no violation after use either, at 360 and 1440 px, in light and dark.

Of every page as it is when it is opened, tests/test_every_page_in_a_browser.py says it.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser_support import settle, visit

CHISEC = "/padron?indicador=analfabetismo&lugar=1613"

Axe = Callable[[Page], list[str]]


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
    visit(page, "/padron?indicador=cambio&edad=18_25&departamento=99")
    assert page.locator(".avisos li").count() == 2
    assert page.locator(".campo[hidden]").count() >= 3
    assert axe(page) == []
