"""Promise: no page asks anything of any other host, ever, and a Content-Security-Policy enforces it.

That a visit to each page stays at home, tests/test_every_page_in_a_browser.py says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page
from starlette.responses import PlainTextResponse

from dashboard.web.security import SecurityHeaders
from tests.browser_support import ROOT, Watch, visit
from tests.release_support import run_apart
from tests.site_support import ERROR_PAGE

ELSEWHERE = "https://example.org"


def test_a_page_that_asks_another_host_would_be_seen(open_page: Callable[..., Page], watch: Watch) -> None:
    """In every browser test a request to another host is a failure: here is one, from a page that is not ours."""
    page = open_page()
    page.goto("about:blank")
    page.evaluate("url => fetch(url).catch(() => {})", ELSEWHERE)
    assert watch.third_party == [f"{ELSEWHERE}/"]
    watch.third_party.clear()
    watch.errors.clear()  # no other host can be reached from here


RESPONSES = (
    "/",
    "/padron",
    "/accesible/padron",
    ERROR_PAGE,
    "/salud",
    "/assets/estilos.css",
    "/assets/no-existe.css",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_dash-component-suites/no-existe.js",
    "/descargas/vista/padron_mapa.csv",
    "/descargas/vista/no-existe.csv",
    "/api/v1/openapi.json",
)


@pytest.mark.parametrize("path", RESPONSES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_response_carries_the_policy(client: httpx.Client, method: str, path: str) -> None:
    headers = client.request(method, path).headers
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] in (["'self'"], ["'none'"])
    assert policy["connect-src"] in (["'self'"], ["'none'"])
    assert policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert "frame-ancestors" in policy
    # What a hash names, tests/test_no_inline_styles.py says.
    assert policy["style-src"][0] == "'self'" and all(
        source.startswith("'sha256-") for source in policy["style-src"][1:]
    )
    allowed = {source for name, sources in policy.items() for source in sources if name != "style-src"}
    assert allowed <= {"'none'", "'self'", "data:"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")


@pytest.mark.parametrize("path", [*RESPONSES, "/assets/favicon.svg", "/vista-previa/no-hay/pais.png"])
def test_others_may_only_show_what_is_made_for_them(client: httpx.Client, path: str) -> None:
    made_for_others = path.startswith(("/api/", "/descargas/", "/vista-previa/", "/lugares/", "/assets/favicon"))
    found = client.get(path).headers["Cross-Origin-Resource-Policy"]
    assert found == ("cross-origin" if made_for_others else "same-origin")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("https://padron.example", "max-age=31536000; includeSubDomains"),
        ("http://padron.example", None),
        (None, None),
    ],
)
def test_browsers_are_told_to_keep_to_tls_only_where_there_is(
    monkeypatch: pytest.MonkeyPatch, declared: str | None, said: str | None
) -> None:
    if declared:
        monkeypatch.setenv("PADRON_URL", declared)
    else:
        monkeypatch.delenv("PADRON_URL", raising=False)
    app = SecurityHeaders(PlainTextResponse("Hola"))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://prueba") as client:
            return await client.get("/")

    assert run_apart(ask).headers.get("Strict-Transport-Security") == said


def directives(policy: str) -> dict[str, list[str]]:
    """Sources by directive."""
    return {name: sources for name, *sources in (part.split() for part in policy.split(";") if part.strip())}


INTRUSIONS = {
    "img-src": "const node = new Image(); node.src = url + '/x.png';",
    "connect-src": "fetch(url + '/x.json').catch(() => {});",
    "script-src-elem": "const node = document.createElement('script'); node.src = url + '/x.js'; document.head.append(node);",
    "style-src-elem": "document.head.insertAdjacentHTML('beforeend', `<link rel=stylesheet href='${url}/x.css'>`);",
    "font-src": "new FontFace('x', `url(${url}/x.woff2)`).load().catch(() => {});",
    "frame-src": "document.body.insertAdjacentHTML('beforeend', `<iframe src='${url}'></iframe>`);",
    "media-src": "new Audio(url + '/x.mp3').load();",
}


@pytest.mark.parametrize("directive", INTRUSIONS)
def test_the_browser_refuses_what_the_policy_forbids(page: Page, watch: Watch, directive: str) -> None:
    """Were a script of ours to go astray tomorrow, the browser itself would stop it before it left the machine."""
    page.goto("/metodologia")
    blocked = page.evaluate(
        """url => new Promise((resolve) => {
            addEventListener("securitypolicyviolation", (event) => resolve([event.effectiveDirective, event.blockedURI]));
            setTimeout(() => resolve(null), 5000);
            INTRUSION
        })""".replace("INTRUSION", INTRUSIONS[directive]),
        ELSEWHERE,
    )
    assert blocked is not None, "Nothing stopped it"
    assert blocked[0] == directive and blocked[1].startswith(ELSEWHERE)
    assert watch.third_party == []
    watch.errors.clear()  # the refusals, as the console words them


def test_an_inline_script_does_not_run(page: Page, watch: Watch) -> None:
    page.goto("/metodologia")
    page.evaluate("""() => {
        const node = document.createElement("script");
        node.textContent = "window.intruder = true";
        document.body.append(node);
        document.body.insertAdjacentHTML("beforeend", "<img src=data: onerror='window.intruder = true'>");
    }""")
    page.wait_for_timeout(100)
    assert page.evaluate("window.intruder") is None
    watch.errors.clear()


def test_no_cookie_and_nothing_kept_in_the_browser(open_page: Callable[..., Page]) -> None:
    page = open_page(apart=True)
    visit(page, "/padron?lugar=1601")
    page.wait_for_load_state("networkidle")
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_no_web_socket_is_opened(page: Page) -> None:
    opened = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    visit(page, "/padron")
    page.wait_for_load_state("networkidle")
    assert opened == []


def test_our_own_files_name_no_other_host() -> None:
    for path in (ROOT / "assets").iterdir():
        text = path.read_text(encoding="utf-8")
        urls = set(re.findall(r"https?://[^\s\"'`)<]+", text)) - {"http://www.w3.org/2000/svg"}
        assert urls == set(), path.name
