"""Bytes on the wire to a map one can use on /padron, cold cache, on a line as slow as a phone's in the countryside."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

import httpx
from playwright.sync_api import Page

from bench.figures import Figure
from bench.size import Size
from bench.web import page_of, site_of

INTERACTIVE = "() => document.documentElement?.dataset.respuesta !== undefined && document.querySelector('svg path')"
STEP_MS = 250
WIDTH, HEIGHT = 360, 740  # of the screen, in CSS pixels
QUIET_MS = 1_000


def measure(size: Size) -> list[Figure]:
    """Bytes received until the map answers and after everything has loaded, and the accessible page's size."""
    with site_of(size, "page_bytes") as site, page_of(size, WIDTH, HEIGHT) as page:
        seconds, interactive, total = load(page, f"{site}/padron", size)
        accessible = compressed_text(f"{site}/accesible/padron")
    return [
        Figure("/padron hasta poder usar el mapa", interactive, "bytes", 350_000),
        Figure("/padron hasta poder usar el mapa, línea lenta", seconds, "s", note=_line(size.line)),
        Figure("/padron completo en un teléfono", total, "bytes"),
        Figure(
            "/accesible/padron con su mapa", accessible[0], "bytes", 60_000, "/padron completo en un teléfono", total
        ),
        Figure("etiquetas <script en /accesible/padron", accessible[1], "etiquetas", 0),
    ]


def _line(line: Mapping[str, float]) -> str:
    """The line in words: bytes a second are said in megabits."""
    return f"{line['downloadThroughput'] * 8 / 1e6:.1f} Mbit/s, {line['latency']:.0f} ms, {WIDTH} px"


class Wire:
    """What a page has moved over the network: compressed bytes, headers included, as Chromium counts them."""

    def __init__(self, page: Page, line: Mapping[str, float]) -> None:
        self.received = 0
        self._pending: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._pending.add(event["requestId"]))
        session.on("Network.loadingFailed", lambda event: self._pending.discard(event["requestId"]))
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **line})
        self._page = page

    def _finished(self, event: Mapping[str, Any]) -> None:
        self.received += event["encodedDataLength"]
        self._pending.discard(event["requestId"])

    def settle(self) -> None:
        """Wait until nothing has been asked for during `QUIET_MS`."""
        quiet = 0
        while quiet < QUIET_MS:
            self._page.wait_for_timeout(STEP_MS)
            quiet = 0 if self._pending else quiet + STEP_MS


def load(page: Page, url: str, size: Size) -> tuple[float, int, int]:
    """Seconds to a usable map, bytes of all that had arrived by then, and bytes once the whole page has been read."""
    wire = Wire(page, size.line)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(INTERACTIVE, timeout=60_000)
    seconds, interactive = time.perf_counter() - start, wire.received
    wire.settle()
    read_to_the_end(page, size.screens)
    wire.settle()
    return seconds, interactive, wire.received


def read_to_the_end(page: Page, screens: int) -> None:
    """Scroll a screen at a time, as a reader does, so that all that waits to be seen is asked for."""
    for _ in range(screens):
        page.mouse.wheel(0, HEIGHT)
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
