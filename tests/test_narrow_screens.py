"""Promise: a phone is enough: a tap chooses a place, type twice as large still fits, and
what is drawn or asked is what is meant.

That every page fits every width, tests/test_every_page_in_a_browser.py says it.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser_support import visit

#: What a finger can hit, in pixels (WCAG 2.5.8).
TOUCH_PX = 24


def test_on_a_phone_a_tap_brings_the_departamento_and_another_chooses(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360, has_touch=True)
    visit(page, "/padron")
    page.locator("#mapa [data-codigo='1703']").tap()
    page.locator("#mapa-dicho", has_text="Petén: 14 municipios.").wait_for(state="attached")
    assert "lugar=" not in page.url
    for _ in range(6):  # San Benito is small: it comes closer until a finger can hit it
        box = page.locator("#mapa [data-codigo='1703']").bounding_box()
        page.locator("#mapa [data-codigo='1703']").tap(force=True)
        page.wait_for_timeout(100)
        if min(box["width"], box["height"]) >= TOUCH_PX:
            break
    page.wait_for_url("**lugar=1703*")
    page.locator(".ficha-lugar h2", has_text="San Benito").wait_for()
    assert page.locator("#mapa").get_attribute("data-elegido") == "1703"


def test_type_twice_as_large_still_fits(open_page: Callable[..., Page]) -> None:
    page = open_page(width=640)
    for address in ("/", "/padron?lugar=1601", "/accesible/padron"):
        visit(page, address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_the_ages_stand_between_the_bars_of_each_sex(open_page: Callable[..., Page]) -> None:
    page = open_page(width=1440)
    visit(page, "/ficha/1601")
    gaps = page.evaluate("""() => [...document.querySelectorAll(".piramide li + li")].map((band) => {
        const words = document.createRange();
        words.selectNodeContents(band.querySelector(".edad"));
        const [left, right] = [".izq i", ".der i"].map((one) => band.querySelector(one).getBoundingClientRect());
        const age = words.getBoundingClientRect();
        return [age.left - left.right, right.left - age.right];
    })""")
    assert len(gaps) > 5
    assert all(abs(before - after) <= 2 and before >= 4 for before, after in gaps), gaps


def test_a_box_that_nobody_has_filled_is_not_said_to_be_wrong(open_page: Callable[..., Page]) -> None:
    page = open_page(width=360)
    for address in ("/participacion/mesas", "/comparar", "/accesible/comparar?lugares=0101,0102"):
        visit(page, address)
        assert page.locator("input").count() and not page.locator("input:invalid").count(), address
