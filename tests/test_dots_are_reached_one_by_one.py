"""Promise: in /participacion/lugares no dot covers another, each is reached with the arrows or a finger and says what it is, and
without scripts the same figures are there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from dashboard.address.selection import Selection
from dashboard.figures.tiers import tiers
from dashboard.kinds.nube import NARROW, WIDE, Circle, spread, ticks
from dashboard.site import Site
from etl.release import Release
from tests.browser_support import ON_THE_MAP, eventually
from tests.site_support import accessible

PATH, MAIN = "/participacion/lugares", "participacion_lugares"
TIP = "document.querySelector('#franjas .globo:not([hidden])')?.textContent ?? ''"
FOCUSED = "document.activeElement.dataset.lugar ?? ''"


@pytest.mark.parametrize("width", [360, 1440])
def test_every_dot_is_reached_with_the_arrows_and_chosen(open_page: Callable[..., Page], width: int) -> None:
    page = open_page(width=width)
    page.goto(f"{PATH}?departamento=16&indicador=tasa&caracteristica=no-lee-ni-escribe")
    eventually(page, "document.querySelectorAll('#franjas [role=option][tabindex=\"0\"]').length", 1)
    page.locator("#franjas [role=option][tabindex='0']").focus()
    seen = []
    for key in ["ArrowRight"] * 3 + ["ArrowDown", "Home"] + ["ArrowRight"] * 13:
        seen.append(page.evaluate(FOCUSED))
        page.keyboard.press(key)
    seen.append(page.evaluate(FOCUSED))
    assert len({*seen}) == 17, seen
    assert "58.3 por cada 100 habitantes" in page.evaluate(TIP) and "grupo 5" in page.evaluate(TIP)
    page.keyboard.press("Escape")
    assert page.evaluate(TIP) == ""
    page.keyboard.type("cob")
    assert page.evaluate(FOCUSED) == "1601" and "Cobán" in page.evaluate(TIP)
    page.keyboard.press("ArrowUp")
    assert (
        page.evaluate(FOCUSED) == "1601"
    )  # there is nobody above: no municipio of Alta Verapaz is in the first groups
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("lugar=1601"))
    assert "Cobán (Alta Verapaz) está en el cuarto grupo" in page.locator(".dichos").inner_text()


def test_a_pointer_near_a_dot_shows_its_card_and_points_at_the_map(page: Page) -> None:
    page.goto(f"{PATH}?departamento=16&indicador=tasa")
    for drawn in (ON_THE_MAP, "#franjas .lienzo-ancha circle[role=option]"):
        eventually(page, f"document.querySelectorAll('{drawn}').length", 17)
    dot = page.locator("#franjas .lienzo-ancha circle[data-lugar='1613']")
    dot.evaluate("dot => dot.scrollIntoView({ block: 'center', behavior: 'instant' })")
    for _ in range(300):  # while the page settles, what is under the pointer moves
        box = dot.bounding_box()
        assert box
        beside = box["x"] + box["width"] + 5, box["y"] + box["height"] / 2
        page.mouse.move(beside[0] + 1, beside[1])
        page.mouse.move(*beside)
        if "Chisec" in page.evaluate(TIP):
            break
        page.wait_for_timeout(100)
    assert "Chisec" in page.evaluate(TIP)
    page.mouse.click(*beside)
    page.wait_for_url(re.compile("lugar=1613"))


def test_without_scripts_the_figures_are_all_there(open_page: Callable[..., Page]) -> None:
    page = open_page(javascript=False, width=360)
    page.goto(accessible(f"{PATH}?lugar=1315"))
    assert page.locator("#municipios-en-tabla tbody tr").count() == 340
    assert page.locator(".lienzo-angosta").first.is_visible() and not page.locator(".lienzo-ancha").first.is_visible()
    page.select_option("#o-caracteristica", "area-urbana")
    page.get_by_role("button", name="Ver").click()
    assert "caracteristica=area-urbana" in page.url and "lugar=1315" in page.url


def test_tiers_have_as_many_people_and_never_part_equals() -> None:
    wholes = {f"{number:04}": 100.0 for number in range(100)}
    parts = {code: float(number // 10) for number, code in enumerate(wholes)}
    found = tiers(parts, wholes)
    assert [tier.people for tier in found] == [2000.0] * 5
    assert [(tier.low, tier.high) for tier in found] == [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]
    # Most have the same share: they stay together, and the groups are fewer.
    same = tiers({code: 0.0 if number < 70 else number for number, code in enumerate(wholes)}, wholes)
    assert len(same[0].codes) == 70 and same[0].high == 0 and len(same) < 5
    assert sum(len(tier.codes) for tier in same) == 100
    # So do those with almost none, and the rest are as many groups as the fifths that they have.
    few = tiers({code: 0.0009 * number if number < 60 else number for number, code in enumerate(wholes)}, wholes)
    assert [len(tier.codes) for tier in few] == [60, 20, 20] and 0 < few[0].high < 0.1
    (alone,) = tiers(dict.fromkeys(wholes, 0.05), wholes)
    assert len(alone.codes) == 100
    assert tiers({}, {}) == () and tiers({"0101": 1.0}, {"0101": 0.0}) == ()
    assert tiers({"0101": None}, {"0101": 9.0, "0102": None}) == ()
    (alone,) = tiers({"0101": 3.0}, {"0101": 9.0})
    assert alone.codes == ("0101",) and math.isclose(alone.share, 100 / 3)


def test_no_dot_covers_another(release_path: Path) -> None:
    served = Site(Release.open(release_path))
    for name in ("pueblo-maya", "comunidad-chuj"):
        figure = served.answer(MAIN, Selection("validos-por-100", "2023-1", caracteristica=name)).figure
        for shape in (WIDE, NARROW):
            for strip in figure["franjas"][shape.name]["grupos"]:
                circles = [(x * shape.width / 100, y, r) for _, x, y, r in strip["puntos"]]
                circles += [(x * shape.width / 100, y, r) for x, y, r, _ in [strip["grupo"]]]
                for number, (x, y, r) in enumerate(circles):
                    assert r <= y <= strip["alto"] - r
                    for other_x, other_y, other_r in circles[:number]:
                        assert math.hypot(x - other_x, y - other_y) > r + other_r - 0.3
    same = spread([(50.0, 4.0)] * 9, [Circle(50.0, 0.0, 10.0)])
    assert len({round(dot.y, 3) for dot in same}) == 9 and min(abs(dot.y) for dot in same) > 14


def test_the_axis_has_round_numbers() -> None:
    assert ticks(36.7, 85.9, 8) == (40, 50, 60, 70, 80)
    assert ticks(-3.2, 17.0, 5) == (0, 5, 10, 15)
    assert ticks(5, 5, 8) == ()
    for low, high in ((0, 1e-6), (0.123, 0.129), (1, 1e9)):
        marks = ticks(low, high, 6)
        assert 2 <= len(marks) <= 6 and low <= marks[0] + 1e-9 and marks[-1] <= high + 1e-9


def test_an_address_is_copied_whole(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-write"])
    page.goto(PATH)
    button = page.locator("[data-copiar]").last
    wanted = button.get_attribute("data-copiar")
    button.click()
    eventually(page, "[...document.querySelectorAll('[data-copiar]')].at(-1).textContent", "Copiado")
    page.locator("#q").focus()
    page.keyboard.press("Control+V")  # to read the clipboard waits for ever in a window that is not in front
    assert page.locator("#q").input_value() == page.url.split(PATH)[0] + str(wanted)
