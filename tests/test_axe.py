"""Promise: axe-core finds no violation after use either, at 360 and 1440 px, in light and dark.

`make test` looks at each use at both widths and in both themes, a theme for each width, and `make test-largo` at the rest.
Of every page as it is when it is opened, tests/test_every_page_in_a_browser.py says it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page

from tests.browser_support import LOOKS, WIDTHS, Look, Theme, eventually, settle, visit

CHISEC = "/padron?indicador=analfabetismo&lugar=1613"

Axe = Callable[..., list[str]]


def looked(first: Theme) -> pytest.MarkDecorator:
    """In which looks axe sees a use: at 360 px with a theme and at 1440 px with the other; the others are long."""
    light = tuple((width, theme) for width, theme in LOOKS if (width == WIDTHS[0]) == (theme == first))
    rest = tuple(look for look in LOOKS if look not in light)
    return pytest.mark.parametrize("looks", [light, pytest.param(rest, marks=pytest.mark.largo)], ids=["light", "rest"])


@looked("light")
def test_once_dash_has_come(page: Page, axe: Axe, looks: Sequence[Look]) -> None:
    visit(page, "/padron")
    page.locator("#f-indicador").focus()
    eventually(page, "window.PadronDash.listo()", True)
    assert axe(page, looks) == []


@looked("dark")
def test_with_a_place_chosen_by_hand_and_its_tooltip(page: Page, axe: Axe, looks: Sequence[Look]) -> None:
    visit(page, CHISEC)
    page.locator("#mapa [data-codigo='1601']").click()
    settle(page)
    page.locator("#mapa .lamina").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator(".globo").is_visible()
    assert axe(page, looks) == []


@looked("light")
def test_with_suggestions_open(page: Page, axe: Axe, looks: Sequence[Look]) -> None:
    visit(page, "/padron")
    page.locator("#q").fill("san j")
    page.locator("#sugerencias [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert axe(page, looks) == []


@looked("dark")
def test_with_corrections_said_and_filters_that_do_not_apply(page: Page, axe: Axe, looks: Sequence[Look]) -> None:
    visit(page, "/padron?indicador=cambio&edad=18_25&departamento=99")
    assert page.locator(".avisos li").count() == 2
    assert page.locator(".campo[hidden]").count() >= 3
    assert axe(page, looks) == []
