"""Promise: what a device visited opens again without a line, with the day when it was got, and never the browser's own error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.web.assets_url import asset_url
from tests.browser_support import ON_THE_MAP, eventually, running_site

#: How the page of a device without a line begins.
WHEN = re.compile(r"Sin conexión\. Esto es lo que se vio el \d+ de \w+ de \d{4} a las \d+:\d\d [ap]\. m\.")
KEPT = """async (path) => {
    const cache = await caches.open("paginas");
    return (await cache.keys()).some(({ url }) => new URL(url).pathname + new URL(url).search === path);
}"""


@dataclass
class Device:
    """A browser that was never here before, and keeps pages, and the site; `cut` ends the site, as the line does."""

    context: BrowserContext
    cut: Callable[[], None]


@pytest.fixture
def device(browser: Browser, release_path: Path, tmp_path: Path) -> Iterator[Device]:
    with ExitStack() as site:
        url = site.enter_context(running_site(release_path, tmp_path / "registro"))
        context = browser.new_context(base_url=url, locale="es-GT", viewport={"width": 1280, "height": 800})
        yield Device(context, site.close)
        context.close()


def opened(device: Device, *paths: str) -> Page:
    """Visit some pages, each until it is kept."""
    page = device.context.new_page()
    for path in paths:
        page.goto(path)
        for _ in range(500):
            if page.evaluate(KEPT, path):
                break
            page.wait_for_timeout(20)
        assert page.evaluate(KEPT, path), path
    page.wait_for_timeout(500)  # what the last page asks for is kept too
    return page


def test_a_visited_page_opens_with_the_day_it_was_got(device: Device) -> None:
    page = opened(device, "/padron?indicador=mujeres", "/ficha/1601", "/accesible/padron")
    asked = page.locator("h1").inner_text()
    device.cut()
    for path in ("/accesible/padron", "/ficha/1601", "/padron?indicador=mujeres"):
        page.goto(path)
        told = page.locator(".sin-linea").inner_text()
        assert WHEN.fullmatch(told.replace("\u202f", " ").replace("\xa0", " ")), told
    page.locator(ON_THE_MAP).first.wait_for(state="attached")
    assert page.locator("h1").inner_text() != asked and page.locator(ON_THE_MAP).count() == 340
    assert page.locator("link[rel=stylesheet]").count() > 2
    assert page.evaluate("getComputedStyle(document.querySelector('.cabecera')).borderBottomWidth") == "1px"


def test_the_places_of_the_departamento_come_with_the_page_of_one(device: Device) -> None:
    page = opened(device, "/ficha/0201")
    for code in ("02", "0202", "0205", "0208"):
        eventually(page, f"({KEPT})('/ficha/{code}')", True)
    assert not page.evaluate(KEPT, "/ficha/1601")
    device.cut()
    page.goto("/ficha/0205")
    page.locator(".sin-linea").wait_for()
    assert (
        "Sin conexión" in page.locator(".sin-linea").inner_text() and page.locator("h1").inner_text() != "Sin conexión"
    )


def test_a_page_never_visited_says_which_ones_there_are(device: Device) -> None:
    page = opened(device, "/ficha/1601")
    device.cut()
    page.goto("/metodologia")
    assert page.locator("h1").inner_text() == "Sin conexión"
    page.locator("a", has_text="Cobán").click()
    page.locator(".sin-linea").wait_for()
    assert "Cobán" in page.locator("h1").inner_text()


def test_a_filter_without_a_line_leaves_everything_as_it_was_and_a_visited_one_says_its_day(
    device: BrowserContext,
) -> None:
    page = opened(device, "/padron?indicador=mujeres", "/padron")
    page.locator(ON_THE_MAP).first.wait_for(state="attached")
    before = page.title(), page.locator("#pregunta").inner_text()
    device.cut()
    page.select_option("#f-indicador", "cambio")
    page.locator("#fallo", has_text="No se pudo mostrar").wait_for()
    assert (page.title(), page.locator("#pregunta").inner_text()) == before and page.url.endswith("/padron")
    page.select_option("#f-indicador", "mujeres")
    page.locator(".sin-linea").wait_for()
    assert "mujer" in page.locator("h1").inner_text() and "mujer" in page.title()
    assert page.locator("#fallo").count() == 0


def test_what_fails_is_not_kept_and_a_new_release_is_seen_at_once(device: Device) -> None:
    page = opened(device, "/ficha/1601")
    page.goto("/ficha/9999")
    eventually(page, "document.querySelector('h1') !== null", True)
    assert page.evaluate(KEPT, "/ficha/9999") is False
    page.goto("/ficha/1601")  # with a line, what is shown is what the site says now
    assert page.locator(".sin-linea").count() == 0


def test_the_worker_may_keep_every_page_and_nothing_else_says_so(client: httpx.Client) -> None:
    told = client.get(asset_url("trabajador.js")).headers
    assert told["service-worker-allowed"] == "/" and told["content-type"].startswith("text/javascript")
    assert "service-worker-allowed" not in client.get(asset_url("vivo.js")).headers
