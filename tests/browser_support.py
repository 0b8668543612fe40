"""The real site and a real browser, for tests and benchmarks: our server's process, Chromium driven by Playwright."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No other host exists, and asking for one fails at once.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# Touch targets (WCAG 2.2) are the one AA rule that axe leaves off.
AXE_RULES = {"target-size": {"enabled": True}}
WIDTHS = (360, 1440)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
Look = tuple[int, Theme]
LOOKS: tuple[Look, ...] = tuple(product(WIDTHS, THEMES))
#: A theme changes colours and nothing else: these are the rules that look at them.
OF_COLOURS = ("color-contrast", "link-in-text-block")
#: Leave, of the rows of a table that are alike but for their words and addresses, the first four. Returns nothing.
FOLD_TABLES = """() => {
    for (const body of document.querySelectorAll("tbody")) {
        const seen = {};
        for (const row of [...body.rows]) {
            const shape = row.outerHTML
                .replace(/ (href|title|id|download|data-[a-z-]+|aria-label)="[^"]*"/g, "")
                .replace(/>[^<>]*[^<>\\s][^<>]*/g, ">…");
            seen[shape] = (seen[shape] || 0) + 1;
            if (seen[shape] > 4) row.remove();
        }
    }
}"""
#: Two frames, or a moment: a page behind another one draws no frames, and nothing may wait for them for ever.
FRAMES = "new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); setTimeout(done, 250); })"
START_SECONDS = 180
#: Why a request failed that a Content-Security-Policy stopped, in Chromium's words.
STOPPED_BY_POLICY = "csp"


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_site(release: Path, log: Path, *options: str, code: Path = ROOT, declared: bool = False) -> Iterator[str]:
    """Serve `release` from a process of its own, as a person would; yields the base URL once /salud answers 200.

    `code` is the folder of the project whose code serves it. When `declared`, the site knows its own address (PADRON_URL).

    What the server prints goes to `log`; raises RuntimeError with its end when the server does not come up.
    """
    port = free_port()
    command = [sys.executable, "-m", "dashboard", "--release", str(release)]
    command += ["--host", "127.0.0.1", "--port", str(port), *options]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "PADRON_URL": url} if declared else None
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=code, stdout=output, stderr=subprocess.STDOUT, env=environment)
        try:
            if not answers(server, url):
                raise RuntimeError(f"The site did not start:\n{log.read_text(errors='replace')[-4000:]}")
            yield url
        finally:
            stop(server)


def answers(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether /salud answers 200 before the server dies or `START_SECONDS` run out."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            answer = httpx.get(f"{url}/salud", timeout=5)
            if answer.status_code == 200:
                return True
            if answer.status_code == 503:
                raise RuntimeError(f"The site has nothing to serve: {answer.text}")
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    return False


def stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and wait for it; a server that ignores the polite signal is killed."""
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def launch_chromium(playwright: Playwright, *more: str) -> Browser:
    """Debian's Chromium, headless, with `more` arguments; never a browser that Playwright downloads."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, *more])


@dataclass
class Watch:
    """What the pages of a browser did that they should not have: any entry is a broken promise.

    `third_party`: URLs asked of any host but ours (which they cannot reach); `errors`: script errors, failed loads and
    Content-Security-Policy violations, as the browser's console words them. A test that provokes an error on purpose
    clears it.
    """

    origin: str
    third_party: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Start watching a page, before it opens anything."""
        page.on("request", lambda request: self._request(request.url))
        page.on("requestfailed", self._failed)
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("popup", self.follow)

    def _request(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != urlsplit(self.origin).netloc:
            self.third_party.append(url)

    def _failed(self, request: Request) -> None:
        if request.failure == STOPPED_BY_POLICY and request.url in self.third_party:
            self.third_party.remove(request.url)  # it never left the browser, whose console says so

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


class Windows:
    """Pages of one browser. Those that look alike share what the first of them fetched and compiled."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser, self._origin = browser, origin
        self._contexts: dict[tuple[tuple[str, Any], ...], BrowserContext] = {}

    def open(
        self,
        width: int = 1440,
        height: int = 900,
        theme: Theme = "light",
        reduced_motion: Literal["no-preference", "reduce"] = "no-preference",
        apart: bool = False,
        **more: Any,
    ) -> Page:
        """A blank page; `more` is what the whole context has (`java_script_enabled`, `has_touch`…).

        One `apart` finds nothing fetched before, like the first visit of somebody new.
        """
        key = tuple(sorted(more.items()))
        context = None if apart else self._contexts.get(key)
        if context is None:
            # What a service worker asks for passes by no test that looks at the network or changes it.
            asked = {"service_workers": "block"} | more
            context = self._browser.new_context(base_url=self._origin, locale="es-GT", **asked)
            if not apart:
                self._contexts[key] = context
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion=reduced_motion)
        return page


def axe_everywhere(page: Page, looks: Sequence[tuple[int, Theme]] = LOOKS) -> list[str]:
    """The violations of what is on screen, at every width and in every theme, or in some `looks` (width, theme).

    Every row of every table is looked at, but for its colours: those of rows that are alike are looked at once, for axe
    takes seconds to work out the colours of a long table.
    """
    looked_at = {looks[0][0]}
    page.set_viewport_size({"width": looks[0][0], "height": 900})
    found = axe_violations(page, but=OF_COLOURS)
    page.evaluate(FOLD_TABLES)
    for width, theme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        # A colour halfway between two themes is nobody's colour.
        page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
        rules = OF_COLOURS if width in looked_at else ()
        found += [f"{width} px, {theme}: {violation}" for violation in axe_violations(page, rules)]
        looked_at.add(width)
    return found


def axe_violations(page: Page, only: Sequence[str] = (), but: Sequence[str] = ()) -> list[str]:
    """Every axe-core violation on the page as it is now (of the rules `only`, or of all `but` some): one line per rule,
    with the elements that break it.
    """
    rules = AXE_RULES | {rule: {"enabled": False} for rule in but}
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(only)} if only else {"rules": rules})
    # Reading half a megabyte of axe takes longer than most pages do to pass it: once for each document.
    script = "" if page.evaluate("Boolean(window.axe)") else AXE_SCRIPT
    results = Axe(script).run(page, options=options).response
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} → {', '.join(str(node['target']) for node in rule['nodes'])}"
        for rule in results["violations"]
    ]


#: The places that the map has a figure for, or says why it has none.
ON_THE_MAP = "#mapa .lamina path[data-codigo]:not(.fuera)"
#: The code of the place where the keyboard is on the map.
REACHED = "document.activeElement.classList.contains('lamina') ? document.activeElement.dataset.aqui : ''"


def visit(page: Page, address: str) -> Response:
    """Open an address and wait until its scripts have painted what they paint on arrival."""
    response = page.goto(address)
    assert response is not None, address
    if page.locator("#estado-inicial").count():
        page.locator(ON_THE_MAP).first.wait_for(state="attached")
        if page.locator("#filtros").count():
            page.locator("html[data-respuesta]").wait_for()
    return response


#: Playwright's own way of waiting for a condition evaluates text, which the site's policy forbids.
SETTLED = """async () => {
    const parameters = (query) => new URLSearchParams([...new URLSearchParams(query)].filter(([, value]) => value));
    for (let turn = 0; turn < 1000; turn += 1) {
        if (window.PadronVivo?.pidiendo()) {
            await new Promise((resolve) => setTimeout(resolve, 10));
            continue;
        }
        const answered = parameters((document.documentElement.dataset.respuesta || "").split("?")[1]);
        const asked = parameters(location.search);
        if (!asked.has("indicador") && answered.has("indicador")) asked.set("indicador", answered.get("indicador"));
        answered.sort();
        asked.sort();
        if (asked.toString() === answered.toString()) return true;
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return false;
}"""


def settle(page: Page) -> None:
    """Wait until the page shows the answer to the address it is at, which must need no correction."""
    assert page.evaluate(SETTLED), f"The page never showed the answer to {page.url}"


def closed(page: Page) -> None:
    """Close a page once what it is loading has come: Chromium may never answer to one that is closed on its way elsewhere."""
    with suppress(PlaywrightError):
        page.wait_for_load_state(timeout=5_000)
    page.close()


def eventually(page: Page, script: str, expected: Any) -> None:
    """Wait until a script says what it must; what it said last, if it never does."""
    for _ in range(1500):
        found = page.evaluate(script)
        if found == expected:
            return
        page.wait_for_timeout(20)
    assert found == expected
