"""Promise: a browser that never answers stops no run of the tests: what waits for it is told, and it opens other pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as PlaywrightError

from tests.stuck_support import released


def test_what_waits_for_a_page_for_ever_is_told(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("about:blank")
    with released(0.3) as stuck, pytest.raises(PlaywrightError):
        page.evaluate("new Promise(() => {})")
    assert stuck.is_set()
    page.close()
    other = browser.new_page()
    with released(60) as stuck:
        assert other.evaluate("1 + 1") == 2
    assert not stuck.is_set()
    other.close()
