"""The real site and a real browser, for the benchmarks of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from playwright.sync_api import Page, sync_playwright

from bench.figures import log_file
from bench.size import Size
from tests.browser_support import launch_chromium, running_site


@contextmanager
def site_of(size: Size, name: str) -> Iterator[str]:
    """The address of the site that is measured: the one given, or one started for the benchmark `name`."""
    if size.site is not None:
        yield size.site
        return
    with running_site(size.release, log_file(name)) as site:
        yield site


@contextmanager
def page_of(size: Size, width: int, height: int) -> Iterator[Page]:
    """A blank page of that many CSS pixels, with nothing in its cache: in the browser given, or in one of its own."""
    with ExitStack() as closing:
        browser = size.browser
        if browser is None:
            browser = launch_chromium(closing.enter_context(sync_playwright()))
            closing.callback(browser.close)
        page = browser.new_page(viewport={"width": width, "height": height})
        closing.callback(page.close)
        yield page
