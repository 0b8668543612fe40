"""Promise: whoever comes while the site is full is told so on a page of the site, which opens what was asked for by itself as
soon as there is room, or with one touch where there are no scripts."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from dashboard.web.admission import Admission, Busy
from tests.browser_support import LOOKS, axe_everywhere, free_port
from tests.site_support import accessible

#: A page that nobody has asked for, so that there is something to make.
ADDRESS = "/comparar?lugares=0101,1601"
FULL = "Hay muchas visitas en este momento"


@dataclass
class Crowd:
    """A real site with as many other visitors as it takes."""

    url: str
    there: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def crowd(release_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crowd]:
    port = free_port()
    found, with_room = Crowd(f"http://127.0.0.1:{port}"), Admission.place

    @asynccontextmanager
    async def place(self: Admission) -> AsyncIterator[None]:
        if found.there.is_set():
            raise Busy
        async with with_room(self):
            yield

    monkeypatch.setattr(Admission, "place", place)
    app = create_app(release_path, workspace=tmp_path)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    found.there.set()
    yield found
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_page() as found:
        yield found


def test_it_opens_by_itself_once_there_is_room(crowd: Crowd, page: Page) -> None:
    answer = page.goto(crowd.url + ADDRESS)
    assert answer and answer.status == 503 and int(answer.headers["retry-after"]) > 0
    expect(page.locator("h1")).to_have_text(FULL)
    expect(page.locator("#espera")).to_contain_text("se abre sola")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily") != "Times"
    assert axe_everywhere(page, LOOKS) == []
    page.wait_for_timeout(4_000)  # it has asked again, and nobody was moved
    expect(page.locator("h1")).to_have_text(FULL)
    crowd.there.clear()
    expect(page.locator("h1")).not_to_have_text(FULL, timeout=20_000)
    assert page.url == crowd.url + ADDRESS


@pytest.mark.parametrize("address", [ADDRESS, accessible(ADDRESS)])
def test_without_scripts_one_touch_opens_it(crowd: Crowd, browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False, base_url=crowd.url) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("h1")).to_have_text(FULL)
        assert page.locator("meta[http-equiv=refresh]").count() == 0  # it would take away what is being read
        assert page.locator("script").count() == (address == ADDRESS)
        expect(page.locator("#espera")).to_be_empty()
        crowd.there.clear()
        page.get_by_role("link", name="Volver a intentar").click()
        expect(page.locator("h1")).not_to_have_text(FULL)
        assert page.url == crowd.url + address
