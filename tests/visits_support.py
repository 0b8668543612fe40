"""One visit of the browser to an address, and everything that several promises ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

from tests.browser_support import FRAMES, Look, Watch, Windows, axe_everywhere, visit

WIDTHS = (320, 360, 768, 1440)
PHONE = 360
TOUCH_PX = 44
SMALLEST_TYPE_PX = 12
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - room;
    const wide = [...document.querySelectorAll("main *")].filter((node) =>
        node.getBoundingClientRect().right > room + 1 && !node.closest("svg, .tabla-marco, .oculto"));
    return over > 0 ? [over, ...wide.slice(0, 3).map((node) => node.outerHTML.slice(0, 120))] : [];
}"""
TOO_SMALL_TO_TOUCH = """([least]) =>
    [...document.querySelectorAll(".boton, button, select, input[type=search], summary, .menu a, .marca")]
        .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < least - 0.5)
        .map((node) => [node.getBoundingClientRect().height, node.outerHTML.slice(0, 100)])"""
TOO_SMALL_TO_READ = """([least]) => [...document.querySelectorAll("body *")]
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
    .filter((node) => node.checkVisibility() && !node.closest("svg, script"))
    .filter((node) => parseFloat(getComputedStyle(node).fontSize) < least)
    .map((node) => node.outerHTML.slice(0, 100)).slice(0, 5)"""
MOST_TURNS = 3_000
TO_THE_END = f"""async () => {{
    for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {{
        scrollTo(0, y);
        await {FRAMES};
    }}
}}"""


@dataclass(frozen=True)
class Visit:
    """What was seen at an address, on a phone first and then on a wider and wider screen; empty lists when all is well.

    `wide` has what sticks out, by width; `untouchable` and `illegible`, what is too small on a phone; `violations`, what
    axe finds; `hosts`, whom the browser asked for anything; `errors`, what its console says.
    """

    status: int
    wide: dict[int, list[object]]
    untouchable: list[object]
    illegible: list[object]
    violations: list[str]
    hosts: set[str]
    errors: list[str]


def visited(windows: Windows, origin: str, address: str, open_details: bool, looks: Sequence[Look]) -> Visit:
    """Visit `address`, from the top to the end of the page, pictures and all; axe looks at it in each of `looks`."""
    page = windows.open(width=WIDTHS[0])
    watch = Watch(origin)
    watch.follow(page)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    try:
        page.bring_to_front()
        response = visit(page, address)
        if open_details:
            page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
        wide, untouchable, illegible = _measured(page)
        violations = axe_everywhere(page, looks)
        page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
        _to_the_end(page)
    finally:
        page.close()
    return Visit(response.status, wide, untouchable, illegible, violations, hosts, watch.errors)


def _measured(page: Page) -> tuple[dict[int, list[object]], list[object], list[object]]:
    """What is too wide at each width, and what is too small to touch or read on a phone."""
    wide: dict[int, list[object]] = {}
    untouchable: list[object] = []
    illegible: list[object] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(FRAMES)
        wide[width] = page.evaluate(TOO_WIDE)
        if width == PHONE:
            untouchable = page.evaluate(TOO_SMALL_TO_TOUCH, [TOUCH_PX])
            illegible = page.evaluate(TOO_SMALL_TO_READ, [SMALLEST_TYPE_PX])
    return wide, untouchable, illegible


def _to_the_end(page: Page) -> None:
    """Scroll through the whole page, until all that was asked for has come."""
    asked: set[Request] = set()
    page.on("request", lambda request: asked.add(request))
    page.on("requestfinished", lambda request: asked.discard(request))
    page.on("requestfailed", lambda request: asked.discard(request))
    page.evaluate(TO_THE_END)
    for _ in range(MOST_TURNS):
        if not asked:
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"never answered: {sorted(request.url for request in asked)}")
