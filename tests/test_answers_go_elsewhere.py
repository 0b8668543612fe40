"""Promise: any answer can be shown in another page and taken as a picture, with its source inside; nothing else can be framed."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import httpx
import pytest
from lxml import etree
from PIL import Image
from playwright.sync_api import Browser, expect

from dashboard.pages.shown_at import path_of
from dashboard.views import VIEWS
from tests.browser_support import LOOKS, axe_everywhere
from tests.site_support import Document

SVG = "{http://www.w3.org/2000/svg}"
ASKED = {
    "padron_mapa": "indicador=analfabetismo&departamento=16&lugar=1601",
    "participacion_mapa": "eleccion=2023-1",
    "padron_edades": "lugar=0101",
    "participacion_serie": "",
    "extranjero_estados": "",
}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[str]:
    """Another site, on another port, with a page that frames and fetches."""
    folder = tmp_path_factory.mktemp("otro")
    frames = "".join(
        f'<iframe id="{view}" src="{site}/incrustar/{view}?{query}"></iframe>' for view, query in ASKED.items()
    )
    page = f'<!doctype html><title>Otro</title>{frames}<iframe id="padron" src="{site}/padron"></iframe>'
    (folder / "index.html").write_text(page, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_another_page_shows_answers_and_reads_files(browser: Browser, elsewhere: str, site: str) -> None:
    with browser.new_page() as page:
        page.goto(elsewhere)
        for view in ASKED:
            inside = page.frame_locator(f"#{view}")
            expect(inside.locator("h1")).to_be_visible()
            expect(inside.locator("a", has_text="Ver en Padrón Abierto")).to_have_attribute(
                "href", re.compile("publicacion=")
            )
            expect(inside.locator(".fuente")).to_have_count(1)
        assert page.frame_locator("#padron").locator("h1").count() == 0  # the rest of the site is not framed
        for address in ("/imagen/padron_edades.svg", f"/oembed?url={quote(site + '/padron', safe='')}"):
            assert page.evaluate("async (url) => (await fetch(url)).status", site + address) == 200


def test_a_frame_needs_no_script_and_is_read_by_everybody(browser: Browser, site: str) -> None:
    for view, query in ASKED.items():
        with browser.new_page(java_script_enabled=True, viewport={"width": 320, "height": 700}) as page:
            page.goto(f"{site}/incrustar/{view}?{query}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert page.locator("script").count() == 0
            assert axe_everywhere(page, LOOKS[:1]) == []


def test_only_frames_can_be_framed(client: httpx.Client) -> None:
    framed = client.get("/incrustar/padron_edades").headers["content-security-policy"]
    assert "frame-ancestors *" in framed and "script-src 'none'" in framed
    for path in ("/", "/padron", "/accesible/padron", "/compartir/padron_edades", "/no-hay"):
        assert "frame-ancestors 'self'" in client.get(path).headers["content-security-policy"], path


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_view_goes_elsewhere_or_says_why_not(client: httpx.Client, view: str) -> None:
    frame, picture, shared = (
        client.get(path) for path in (f"/incrustar/{view}", f"/imagen/{view}.svg", f"/compartir/{view}")
    )
    if client.get(f"/descargas/vista/{view}.json").status_code == 404:
        assert frame.status_code == picture.status_code == 404
        return
    assert frame.status_code == shared.status_code == 200
    assert picture.status_code in (200, 404)
    if picture.status_code == 404:
        assert "no se dibuja" in picture.json()["detail"] and f"/imagen/{view}.svg" not in shared.text
        return
    drawn = etree.fromstring(picture.content)
    said = " ".join(drawn.itertext())
    for source in client.get(f"/descargas/vista/{view}.json").json()["fuentes"][:1]:
        assert (source["editor"] if isinstance(source, dict) else source)[:12] in said
    assert path_of(view) in said and "publicacion=" in said


def test_a_picture_has_its_title_its_source_and_its_day(client: httpx.Client) -> None:
    for view, query in ASKED.items():
        svg = etree.fromstring(client.get(f"/imagen/{view}.svg?{query}").content)
        said = " ".join("".join(node.itertext()) for node in svg.iter(f"{SVG}text"))
        frame = Document(client.get(f"/incrustar/{view}?{query}").text)
        assert frame.texts("h1")[0].split()[0] in said
        assert re.search(r"publicación \d{4}-\d\d-\d\d-[0-9a-f]{8}", said) and "Fuente:" in said
        for node in svg.iter(f"{SVG}image", f"{SVG}script", f"{SVG}foreignObject"):
            raise AssertionError(node.tag)
        sizes = [
            Image.open(
                io.BytesIO(client.get(f"/imagen/{view}.png?{query}{'&' if query else ''}escala={scale}").content)
            ).size
            for scale in (1, 2)
        ]
        assert sizes[0][0] == 800 and sizes[1] == (1600, 2 * sizes[0][1])


def test_the_figures_of_a_picture_are_those_of_the_file(client: httpx.Client) -> None:
    said = " ".join(etree.fromstring(client.get("/imagen/padron_edades.svg?lugar=0101").content).itertext())
    rows = client.get("/descargas/vista/padron_edades.json?lugar=0101").json()["filas"]
    for side in ("mujeres", "hombres"):
        whole = sum(row["empadronados"] for row in rows)
        for row in rows:
            assert f"{100 * row[side] / whole:.1f}\u00a0%" in said


@pytest.mark.parametrize(
    "query", ["x=1", "lugar=9999", "indicador=nada", "escala=3", "publicacion=2020-01-01-aaaaaaaa"]
)
@pytest.mark.parametrize("path", ["/imagen/padron_mapa.png", "/incrustar/padron_mapa"])
def test_what_cannot_be_honoured_is_refused(client: httpx.Client, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}").status_code in (400, 404)


def test_oembed_finds_only_our_own_answers(client: httpx.Client, site: str) -> None:
    def asked(url: str, more: str = "") -> httpx.Response:
        return client.get(f"/oembed?url={quote(url, safe='')}{more}")

    found = asked(f"{site}/padron?lugar=1601", "&maxwidth=400&maxheight=300").json()
    assert (found["version"], found["type"], found["width"], found["height"]) == ("1.0", "rich", 400, 300)
    assert f"{site}/incrustar/padron_mapa?" in found["html"] and "lugar=1601" in found["html"]
    assert client.get(found["thumbnail_url"].removeprefix(site)).headers["content-type"] == "image/png"
    assert asked(f"{site}/incrustar/padron_edades").json()["type"] == "rich"
    for url in ("", "https://example.org/", f"{site}/metodologia", f"{site}/incrustar/nada", "javascript:alert(1)"):
        assert asked(url).status_code == 404, url
    assert asked(f"{site}/padron", "&format=xml").status_code == 501


def test_the_code_that_is_copied_works_anywhere(browser: Browser, site: str, elsewhere: str) -> None:
    with browser.new_page() as page:
        page.goto(f"{site}/compartir/padron_edades?lugar=1601")
        expect(page.locator("#codigo")).to_have_value(
            re.compile(re.escape(f'src="{site}/incrustar/padron_edades?lugar=1601'))
        )
        code = page.locator("#codigo").input_value()
        page.goto(elsewhere)
        page.set_content(f"<!doctype html><title>Otro</title>{code}")
        expect(page.frame_locator("iframe").locator("h1")).to_be_visible()


@pytest.mark.parametrize(
    "address",
    [
        "/padron", "/accesible/padron", "/imagen/padron_edades.svg", "/imagen/padron_mapa.png", "/incrustar/padron_edades",
        "/analisis/", "/analisis/informe.md?tarjetas=padron_edades", "/descargas/vista/padron_edades.csv", "/oembed?url=/padron",
        "/api/v1/parametros", "/api/v1/datasets/municipios/data.csv", "/robots.txt", "/salud", "/assets/favicon.svg",
    ],
)  # fmt: skip
def test_each_header_is_said_once(client: httpx.Client, address: str) -> None:
    for ask in (client.get, client.head):
        answer = ask(address)
        names = [name.lower() for name, _ in answer.headers.multi_items()]
        assert answer.status_code == 200 and sorted(names) == sorted(set(names)), names


@pytest.mark.parametrize(
    "page",
    [
        "/padron?indicador=analfabetismo&lugar=1601&filas=todas",
        "/accesible/padron?departamento=16&ver=municipio",
        "/participacion?eleccion=2019-1",
        "/compartir/padron_edades?lugar=0101",
        "/compartir/procedimientos",
    ],
)
def test_a_network_shows_the_picture_of_what_is_shared(client: httpx.Client, page: str) -> None:
    told = Document(client.get(page).text).one("meta[property='og:image']").get("content")
    answer = client.get(told)
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    other = client.get(
        re.sub("lugar=[0-9]+|procedimientos", lambda found: {"procedimientos": "consulados"}.get(found[0], ""), told)
    )
    assert other.status_code == 200 and (other.content != answer.content or other.url == answer.url)
