"""Promise: a phone is enough: a tap chooses a place, and type twice as large still fits.

That every page fits every width, tests/test_every_page_in_a_browser.py says it.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser_support import visit


def test_a_tap_on_a_phone_chooses_a_place(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, has_touch=True)
    visit(page, "/padron")
    page.locator("#mapa [data-codigo='1703']").tap()
    page.wait_for_url("**lugar=1703*")
    page.locator(".ficha-lugar h2", has_text="San Benito").wait_for()
    assert page.locator("#mapa [aria-selected=true]").get_attribute("data-codigo") == "1703"


def test_type_twice_as_large_still_fits(open_page: Callable[..., Page]) -> None:
    page = open_page(width=640)
    for address in ("/", "/padron?lugar=1601", "/accesible/padron"):
        visit(page, address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
