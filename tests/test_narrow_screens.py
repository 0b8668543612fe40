"""Promise: every page is legible from 320 to 1440 px in both modes: no sideways scroll, and nothing too small to touch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.site_support import ADDRESSES, ERROR_PAGE, accessible, visit

WIDTHS = (320, 360, 768, 1440)
TOUCH_PX = 44
SMALLEST_TYPE_PX = 12


@pytest.mark.parametrize("address", [*ADDRESSES, *map(accessible, ADDRESSES)])
def test_no_page_scrolls_sideways(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(width=320)
    visit(page, address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        found = page.evaluate("""() => {
            const room = document.documentElement.clientWidth;
            const wide = [...document.querySelectorAll("main *")].filter((node) =>
                node.getBoundingClientRect().right > room + 1 && !node.closest("svg, .tabla-marco, .oculto, .js-plotly-plot"));
            return [document.documentElement.scrollWidth - room, wide.slice(0, 3).map((node) => node.outerHTML.slice(0, 120))];
        }""")
        assert found[0] <= 0, f"{width} px: {found}"


@pytest.mark.parametrize("address", ["/no-existe", accessible(ERROR_PAGE)])
def test_nor_do_error_pages(open_page: Callable[..., Page], watch, address: str) -> None:
    page = open_page(width=320)
    visit(page, address)
    watch.errors.clear()  # the 404 we asked for
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("address", ["/", "/padron?lugar=1601", "/accesible/padron?lugar=1601", "/datos", "/comparar"])
def test_controls_can_be_touched(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(width=360, has_touch=True)
    visit(page, address)
    small = page.evaluate(
        """([least]) => [...document.querySelectorAll(".boton, button, select, input[type=search], summary, .menu a, .marca")]
            .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < least - 0.5)
            .map((node) => [node.getBoundingClientRect().height, node.outerHTML.slice(0, 100)])""",
        [TOUCH_PX],
    )
    assert small == []


@pytest.mark.parametrize("address", ["/", "/padron?lugar=1601", "/accesible/padron", "/datos", "/metodologia"])
def test_type_is_legible_on_a_phone(open_page: Callable[..., Page], address: str) -> None:
    page = open_page(width=360)
    visit(page, address)
    tiny = page.evaluate(
        """([least]) => [...document.querySelectorAll("body *")]
            .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
            .filter((node) => node.checkVisibility() && !node.closest("svg, script"))
            .filter((node) => parseFloat(getComputedStyle(node).fontSize) < least)
            .map((node) => node.outerHTML.slice(0, 100)).slice(0, 5)""",
        [SMALLEST_TYPE_PX],
    )
    assert tiny == []


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
