"""Bytes on the wire to a map one can use on /padron, cold cache, on a line as slow as a phone's in the countryside."""

from __future__ import annotations

import re
import time

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.figures import RELEASE, Figure, log_file
from tests.browser_support import launch_chromium, running_site

# 1.6 Mbit/s with 150 ms of latency: what Lighthouse calls a slow 4G, and a good day on a rural line.
SLOW_LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
INTERACTIVE = "() => document.documentElement.dataset.respuesta !== undefined && document.querySelector('svg path')"
MOST_SCREENS = 80
STEP_MS = 250
QUIET_MS = 1_000


def measure() -> list[Figure]:
    """Bytes received until the map answers and after everything has loaded, and the accessible page's size."""
    with running_site(RELEASE, log_file("page_bytes")) as site, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        page = browser.new_page(viewport={"width": 360, "height": 740})
        seconds, interactive, total = load(page, f"{site}/padron")
        browser.close()
        accessible = compressed_text(f"{site}/accesible/padron")
    return [
        Figure("/padron hasta poder usar el mapa", interactive, "bytes", 350_000),
        Figure("/padron hasta poder usar el mapa, línea lenta", seconds, "s", note="1.6 Mbit/s, 150 ms, 360 px"),
        Figure("/padron completo en un teléfono", total, "bytes"),
        Figure(
            "/accesible/padron con su mapa", accessible[0], "bytes", 60_000, "/padron completo en un teléfono", total
        ),
        Figure("etiquetas <script en /accesible/padron", accessible[1], "etiquetas", 0),
    ]


class Wire:
    """What a page has moved over the network: compressed bytes, headers included, as Chromium counts them."""

    def __init__(self, page: Page) -> None:
        self.received = 0
        self._pending: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._pending.add(event["requestId"]))
        session.on("Network.loadingFailed", lambda event: self._pending.discard(event["requestId"]))
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        self._page = page

    def _finished(self, event: dict) -> None:
        self.received += event["encodedDataLength"]
        self._pending.discard(event["requestId"])

    def settle(self) -> None:
        """Wait until nothing has been asked for during `QUIET_MS`."""
        quiet = 0
        while quiet < QUIET_MS:
            self._page.wait_for_timeout(STEP_MS)
            quiet = 0 if self._pending else quiet + STEP_MS


def load(page: Page, url: str) -> tuple[float, int, int]:
    """Seconds to a usable map, bytes of all that had arrived by then, and bytes once the whole page has been read."""
    wire = Wire(page)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(INTERACTIVE, timeout=60_000)
    seconds, interactive = time.perf_counter() - start, wire.received
    wire.settle()
    read_to_the_end(page)
    wire.settle()
    return seconds, interactive, wire.received


def read_to_the_end(page: Page) -> None:
    """Scroll a screen at a time, as a reader does, so that all that waits to be seen is asked for."""
    for _ in range(MOST_SCREENS):
        page.mouse.wheel(0, page.viewport_size["height"])
        page.wait_for_timeout(STEP_MS)
        if page.evaluate("window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2"):
            return


def compressed_text(url: str) -> tuple[int, int]:
    """Bytes of a page and the styles it links as they travel gzipped, and how many <script tags it has."""
    with httpx.Client(headers={"Accept-Encoding": "gzip"}) as client:
        text = client.get(url).text
        styles = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', text)
        addresses = [url, *(str(httpx.URL(url).join(style)) for style in styles)]
        return sum(wire_bytes(client, address) for address in addresses), len(re.findall(r"<script", text, re.I))


def wire_bytes(client: httpx.Client, url: str) -> int:
    """Bytes of a response's body before it is decompressed."""
    with client.stream("GET", url) as response:
        response.raise_for_status()
        return sum(map(len, response.iter_raw()))
