"""Promise: on a phone, the figure and the sentence of a place that was searched or tapped are on the screen without scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser_support import ON_THE_MAP, settle
from tests.figures_support import ORACLE
from tests.site_support import accessible

OpenPage = Callable[..., Page]
TOPICS = ("/padron", "/participacion")
#: The shortest and the longest names, namesakes, a place without figure and the smallest on the map; all, in `make test-largo`.
FEW = ("0101", "1601", "1213", "0719", "1703", "2217")
SMALL = {"width": 360, "height": 640}
#: What of the sheet is out of sight, and what it says.
OUT_OF_SIGHT = """() => {
    const parts = [".hoja-nombre", ".hoja-cifra b", ".hoja .frase"].map((css) => [css, document.querySelector(css)]);
    const out = parts.filter(([, node]) => {
        const { top, bottom, left, right } = node.getBoundingClientRect();
        const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return top < 0 || bottom > innerHeight || left < 0 || right > innerWidth || !node.contains(seen) && !seen?.contains(node);
    });
    return [out.map(([css]) => css), parts.map(([, node]) => node.textContent.replaceAll("\\u00ad", ""))];
}"""


@pytest.mark.parametrize("mode", [str, accessible], ids=["visual", "accesible"])
@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    "codes", [FEW, pytest.param(tuple(ORACLE.municipios), marks=pytest.mark.largo)], ids=["few", "all"]
)
def test_a_place_that_was_searched(
    open_page: OpenPage, mode: Callable[[str], str], topic: str, codes: tuple[str, ...]
) -> None:
    page = open_page(**SMALL, javascript=False) if mode is accessible else open_page(**SMALL)
    wrong = []
    for code in codes:
        name = ORACLE.names[code]
        page.goto(mode(f"/buscar?q={code}&tema={topic[1:]}"))
        out, (title, figure, sentence) = page.evaluate(OUT_OF_SIGHT)
        if out or name not in title or not figure.strip() or name not in sentence or f"lugar={code}" not in page.url:
            wrong.append((code, out, title, figure))
    assert wrong == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_place_that_was_tapped(open_page: OpenPage, topic: str) -> None:
    page = open_page(**SMALL, has_touch=True)
    for code in FEW[:4]:
        page.goto(topic)
        page.locator(ON_THE_MAP).first.wait_for(state="attached")
        for _ in range(8):  # the departamento comes, and then a place as large as a finger
            page.locator(f"#mapa [data-codigo='{code}']").tap(force=True)
            page.wait_for_timeout(150)
            if f"lugar={code}" in page.url:
                break
        settle(page)
        out, (title, _, sentence) = page.evaluate(OUT_OF_SIGHT)
        assert out == [] and ORACLE.names[code] in title and ORACLE.names[code] in sentence, code
        shape = page.locator(f"#mapa [data-codigo='{code}']").bounding_box()
        sheet = page.locator(".hoja").bounding_box()
        assert shape["y"] + shape["height"] > 0 and shape["y"] < sheet["y"], "what was tapped is not in sight"
