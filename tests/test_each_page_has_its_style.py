"""Promise: a page brings the style sheets that have a rule for something that it has, and no rule of the others is for it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from dashboard import ASSETS
from dashboard.web.styles import COMMON, PARTS, sheet_of, sheets
from tests.browser_support import Watch
from tests.site_support import ADDRESSES, ERROR_PAGE, accessible

FRAMES = ("/incrustar/padron_mapa?lugar=1601", "/incrustar/padron_edades", "/incrustar/padron_lugar?lugar=1601")
#: The selectors of a style sheet that choose something in the page, whatever the state of its elements is.
THAT_CHOOSE = """(texts) => {
    const NAMES = "before|after|marker|placeholder|hover|focus-visible|focus-within|focus|active|-webkit-[a-z-]+|details-content";
    const STATES = new RegExp(`([ >+~(,]*)::?(?:${NAMES})`, "g");
    const found = [];
    const walk = (rules) => {
        for (const rule of rules) {
            if (rule.selectorText) {
                const plain = rule.selectorText.replace(STATES, (found, before) => before + (before.trim() ? "*" : ""));
                try { if (document.querySelector(plain)) found.push(rule.selectorText); } catch { found.push(`? ${plain}`); }
            } else if (rule.cssRules) walk(rule.cssRules);
        }
    };
    for (const text of texts) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        walk(sheet.cssRules);
    }
    return found;
}"""


def for_nothing(page: Page, address: str) -> list[str]:
    """The rules for the page at an address in the sheets that it does not bring, which come in order after the common one."""
    page.goto(address)
    found = page.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].map((it) => it.getAttribute('href'))")
    brought = [re.sub(r"^/assets/|\?.*", "", sheet) for sheet in found]
    every = [sheet_of(part) for part in PARTS]
    assert brought == [COMMON, *(sheet for sheet in every if sheet in brought)]
    others = [(ASSETS / sheet).read_text(encoding="utf-8") for sheet in every if sheet not in brought]
    # Properties that are said of the document do nothing by themselves.
    return [selector for selector in page.evaluate(THAT_CHOOSE, others) if selector != ":root"]


def test_every_part_is_a_file_and_every_file_a_part() -> None:
    assert {*map(sheet_of, PARTS), COMMON} == {path.name for path in ASSETS.glob("*.css")}


@pytest.mark.parametrize("address", [*ADDRESSES, ERROR_PAGE])
def test_no_rule_that_a_page_does_not_bring_is_for_it(page: Page, watch: Watch, address: str) -> None:
    for path in (address, accessible(address)):
        assert for_nothing(page, path) == [], path
    page.goto("about:blank")
    if address == ERROR_PAGE:
        watch.errors.clear()  # that there is no such page


@pytest.mark.parametrize("address", FRAMES)
def test_nor_in_the_frame_of_another_page(page: Page, address: str) -> None:
    assert for_nothing(page, address) == []


def test_what_a_rule_needs_is_read_from_its_selector() -> None:
    assert sheets("<p>") == (COMMON,)
    assert sheets('<div class="otra tarjeta">') == (COMMON, "estilos-figuras.css")
    assert "estilos-ficha.css" in sheets('<div class="ficha-mapa"><div class="mapa">')
    assert "estilos-ficha.css" not in sheets('<div class="ficha-mapa">')
