"""Promise: the accessible mode is the same site, not a lesser one: every page has its twin, with the same figures, without
JavaScript, light, and ordered for who listens to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from playwright.sync_api import Page

from tests.site_support import ADDRESSES, ERROR_PAGE, Document, accessible, text_of

MOST_BYTES = 60_000
BOTH = [*ADDRESSES, *map(accessible, ADDRESSES)]
#: Where a link of the accessible mode may leave it for: files, other sites and its own twin.
LEAVES = re.compile(
    r"/descargas/|/imagen/|/tacto/|/analisis/|/incrustar/|/publicaciones\.atom|/api/|https?://|#|mailto:|tel:|/sitemap"
)


@pytest.fixture(scope="module")
def read(client: httpx.Client) -> Callable[[str], Document]:
    """A function that reads a page, once."""
    pages: dict[str, Document] = {}

    def of(address: str) -> Document:
        if address not in pages:
            pages[address] = Document(client.get(address).text)
        return pages[address]

    return of


# ---- a twin for every page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_has_a_twin_that_says_the_same(client: httpx.Client, read, address: str) -> None:
    assert client.get(address).status_code == client.get(accessible(address)).status_code == 200
    visual, twin = read(address), read(accessible(address))
    assert visual.one("html").get("data-modo") == "visual"
    assert twin.one("html").get("data-modo") == "accesible"
    assert twin.one("head title").text == visual.one("head title").text
    assert headings(twin) == headings(visual)
    assert figures(visual) - figures(twin) == set()


def headings(page: Document) -> list[str]:
    return page.texts("main h1, main h2, main h3")


def figures(page: Document) -> set[str]:
    """Every figure in bold that the main part of the page shows."""
    return set(page.texts("main strong, main .ranking b"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_twins_lead_to_each_other(read, address: str) -> None:
    visual, twin = read(address), read(accessible(address))
    (there,) = visual.all("a.modo")
    (back,) = twin.all("a.modo")
    assert there.get("href").split("?")[0] == accessible(address).split("?")[0]
    assert back.get("href").split("?")[0] == address.split("?")[0]
    assert text_of(there) == "Modo accesible" and text_of(back) == "Modo visual"
    assert back.get("href").partition("?")[2] == there.get("href").partition("?")[2]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_enters_the_accessible_mode_stays_in_it(read, address: str) -> None:
    page = read(accessible(address))
    links = [link.get("href") for link in page.all("a[href]") if "modo" not in (link.get("class") or "")]
    forms = [form.get("action") for form in page.all("form")]
    twin = page.one("a.modo").get("href")
    outside = [href for href in [*links, *forms] if not href.startswith("/accesible") and not LEAVES.match(href)]
    assert [href for href in outside if href != twin] == []


# ---- without JavaScript, and light --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*map(accessible, ADDRESSES), accessible(ERROR_PAGE)])
def test_there_is_no_script_and_the_browser_is_told_so(client: httpx.Client, address: str) -> None:
    response = client.get(address)
    assert "<script" not in response.text.lower()
    assert "javascript:" not in response.text.lower()
    assert not re.search(r"<[^>]+\son[a-z]+=", response.text)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "connect-src 'none'" in policy


def test_the_map_page_fits_in_sixty_kilobytes(client: httpx.Client) -> None:
    for query in ("", "?indicador=cambio&eleccion=2011-1", "?indicador=empadronados&sexo=mujeres&lugar=1601"):
        address = f"/accesible/padron{query}"
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as response:
            page = Document(response.read().decode())
            assert response.headers["Content-Encoding"] == "gzip"
            assert response.num_bytes_downloaded <= MOST_BYTES, address
        assert len(page.all("#mapa svg .municipios path")) == 340
        assert len(page.all("#tabla tbody tr")) == 340


def test_a_department_fits_too(client: httpx.Client) -> None:
    for code in ("01", "10", "12", "22"):
        with client.stream(
            "GET", f"/accesible/padron?departamento={code}", headers={"Accept-Encoding": "gzip"}
        ) as response:
            response.read()
            assert response.num_bytes_downloaded <= MOST_BYTES


def test_nothing_but_the_page_and_its_style_is_asked_for(open_page: Callable[..., Page]) -> None:
    page, asked = open_page(apart=True), []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto("/accesible/padron", wait_until="networkidle")
    assert sorted({kind for kind in asked if kind != "other"}) == ["document", "stylesheet"]


# ---- ordered for who listens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*BOTH, ERROR_PAGE, accessible(ERROR_PAGE)])
def test_language_title_landmarks_and_skip_link(read, address: str) -> None:
    page = read(address)
    assert page.one("html").get("lang") == "es-GT"
    assert len(page.one("head title").text.strip()) > 10
    assert page.one("head meta[name=viewport]").get("content") == "width=device-width, initial-scale=1"
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    assert all(nav.get("aria-label") for nav in page.all("nav"))
    skip = page.all("a")[0]
    assert skip.get("class") == "salto"
    assert page.one("main").get("id") == skip.get("href").removeprefix("#")
    assert page.one("main").get("tabindex") == "-1"


@pytest.mark.parametrize("address", [*BOTH, ERROR_PAGE, accessible(ERROR_PAGE)])
def test_headings_go_down_one_step_at_a_time(read, address: str) -> None:
    levels = [int(node.tag[1]) for node in read(address).all("h1, h2, h3, h4, h5, h6")]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("address", BOTH)
def test_every_control_has_its_label_and_every_id_is_one(read, address: str) -> None:
    page = read(address)
    labels = {label.get("for") for label in page.all("label")}
    controls = page.all("select, textarea, input:not([type=hidden])")
    assert [node.get("name") for node in controls if node.get("id") not in labels] == []
    assert [text_of(node) for node in page.all("button, a[href], summary") if not name_of(node)] == []
    ids = [node.get("id") for node in page.all("[id]")]
    assert sorted(ids) == sorted(set(ids))
    for attribute in ("aria-labelledby", "aria-describedby", "for", "aria-controls"):
        for node in page.all(f"[{attribute}]"):
            assert set(node.get(attribute).split()) <= set(ids), attribute


def name_of(node) -> str:
    return node.get("aria-label") or text_of(node)


@pytest.mark.parametrize("address", BOTH)
def test_every_table_says_what_it_is_and_heads_its_cells(read, address: str) -> None:
    for table in read(address).all("table"):
        assert table.cssselect("caption") and text_of(table.cssselect("caption")[0])
        assert all(cell.get("scope") in ("col", "row", "colgroup", "rowgroup") for cell in table.cssselect("th"))
        assert table.cssselect("thead th") and all(
            row.cssselect("th[scope=row], th[scope=rowgroup]") for row in table.cssselect("tbody tr")
        )
        frame = table.getparent()
        if "tabla-marco" in (frame.get("class") or ""):
            assert frame.get("tabindex") == "0" and frame.get("role") == "region"
            assert frame.get("aria-label") or frame.get("aria-labelledby")


@pytest.mark.parametrize("address", BOTH)
def test_every_picture_says_what_it_shows_or_hides(read, address: str) -> None:
    page = read(address)
    for picture in page.all("svg"):
        if any(up.tag == "template" for up in picture.iterancestors()):
            continue  # nobody meets it until the script draws it, with its name
        hidden = picture.get("aria-hidden") == "true" or any(
            up.get("aria-hidden") == "true" for up in picture.iterancestors()
        )
        assert hidden or len(picture.get("aria-label") or "") > 20
    assert [image.get("src") for image in page.all("img:not([alt])")] == []
    assert all(figure.cssselect("h2, h3, figcaption, [aria-label]") for figure in page.all("figure"))


def test_the_picture_says_the_answer_in_words(read) -> None:
    page = read("/accesible/padron?indicador=analfabetismo")
    label = page.one("#mapa svg").get("aria-label")
    assert "1,735,994" in label and "17.3" in label
