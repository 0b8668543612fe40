"""Promise: the search box works with the keyboard alone, and loses neither the focus nor what was typed."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser_support import settle, visit
from tests.test_keyboard import chosen, where


def test_search_by_keyboard_with_and_without_accents(page: Page) -> None:
    for typed in ("coban", "COBÁN"):
        visit(page, "/padron")
        page.locator("#q").focus()
        page.keyboard.type(typed)
        page.locator("#sugerencias [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        active = page.locator("#q").get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("data-codigo") == "1601"
        page.keyboard.press("Enter")
        page.wait_for_url("**lugar=1601*")
        settle(page)
        assert chosen(page) == ["Cobán"]
        assert where(page) != "body"


def test_search_closes_with_escape_and_keeps_what_was_typed(page: Page) -> None:
    visit(page, "/padron")
    page.locator("#q").focus()
    page.keyboard.type("ixc")
    page.locator("#sugerencias [role=option]").first.wait_for()
    assert page.locator("#q").get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#sugerencias").is_hidden()
    assert page.locator("#q").get_attribute("aria-expanded") == "false"
    assert page.locator("#q").input_value() == "ixc"
    assert where(page).startswith("input#q")


def test_enter_without_choosing_searches(page: Page) -> None:
    visit(page, "/")
    page.locator("#q").focus()
    page.keyboard.type("panzo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ficha/1607")
    visit(page, "/")
    page.locator("#q").focus()
    page.keyboard.type("la union")
    page.keyboard.press("Enter")
    page.wait_for_url("**/buscar?q=la+union")
    assert page.locator(".encontrados strong").all_text_contents()[0] == "La Unión"
