"""Promise: a page, a file or a list of changes that names a release is the same, byte by byte, ten releases later, on any day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from dashboard.address.extracts import API
from dashboard.render.documents import DOCUMENTS
from dashboard.render.notebooks import NOTEBOOKS
from dashboard.views import VIEWS
from etl.release import Release, publish
from tests.release_support import files_of, inside_site, with_more
from tests.site_support import Document

LATER = 10
PAGES = (
    "/", "/padron", "/padron?indicador=empadronados&lugar=1601", "/padron?ver=departamento", "/participacion",
    "/participacion?eleccion=2019-1&lugar=0101", "/participacion/mesas", "/extranjero", "/extranjero/como-inscribirse", "/cruces",
    "/fichas", "/ficha/1601", "/ficha/pais", "/ficha/extranjero", "/comparar?lugares=1601,0101", "/datos",
    "/datos?tema=territorio&nivel=municipio", "/datos/padron_municipal", "/datos/limites", "/datos/api",
    "/metodologia", "/que-falta", "/analisis", "/analisis?tarjetas=padron_mapa~indicador~tasa.procedimientos",
)  # fmt: skip
FORMATS = ("csv", "json", "xlsx", "parquet", "jsonl")
#: A view whose answer depends on the day: what expires is told otherwise.
DATED = next(name for name, view in VIEWS.items() if view.dated)
GATHERED = "tarjetas=padron_mapa~indicador~tasa.procedimientos"
NOTHING = b""
WHOLE = ("municipios.parquet", "municipios.csv", "municipios.xlsx", "municipios.json", "manifest.json", "fuentes.csv")
WHOLE += ("municipios.jsonl", "diccionario.csv", "diccionario_municipios.json", "limites_4326.gpkg")


def pinned(path: str, release: str) -> str:
    """An address that names a release."""
    return f"{path}{'&' if '?' in path else '?'}publicacion={release}"


def addresses(release: str) -> list[str]:
    """What is asked of a release by its name."""
    pages = [
        pinned(face + (path if path != "/" or not face else "/"), release)
        for face in ("", "/accesible")
        for path in PAGES
    ]
    views = [
        pinned(f"/descargas/vista/{view}.{FORMATS[number % len(FORMATS)]}", release)
        for number, view in enumerate(VIEWS)
    ]
    views += [pinned(f"/descargas/vista/{DATED}.{form}", release) for form in FORMATS]
    views += [pinned(f"{API}/departamentos/data.{form}?region=norte", release) for form in FORMATS]
    views += [pinned(f"{API}/censo_2018_sexo/data.jsonstat?lugar=1601", release)]
    views += [pinned(path, release) for path in (API, f"{API}/departamentos", f"{API}/departamentos/data.csv?limite=3")]
    whole = [f"/descargas/{release}/{name}" for name in WHOLE]
    away = [
        pinned(address, release)
        for view in ("padron_mapa", "padron_edades", "procedimientos")
        for address in (
            f"/incrustar/{view}",
            f"/imagen/{view}.svg",
            f"/imagen/{view}.png?escala=2",
            f"/compartir/{view}",
        )
    ]
    away += [pinned(f"/analisis/{name}?{GATHERED}", release) for name in DOCUMENTS]
    away += [pinned(f"/analisis/cuadernos/{notebook.name}", release) for notebook in NOTEBOOKS]
    return [*pages, *views, *away, *whole, f"/lugares/{release}.json", f"/vista-previa/{release}/1601.png"]


def bodies(folder: Path, asked: list[str]) -> Mapping[str, bytes]:
    """The answers of the site of the folder, by address."""

    async def ask(client: httpx.AsyncClient, app: object) -> dict[str, bytes]:
        found = {}
        for address in asked:
            answer = await client.get(address, follow_redirects=True)
            assert answer.status_code in (200, 404), (address, answer.status_code, answer.text[:300])
            found[address] = answer.content if answer.status_code == 200 else NOTHING
        return found

    told: Mapping[str, bytes] = inside_site(folder / "current", ask)
    return told


@pytest.fixture(scope="module")
def chain(release_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A folder with a release, its name and that of a second one."""
    folder = tmp_path_factory.mktemp("cadena")
    name, files = files_of(release_path)
    publish(name, files, folder)
    return folder, name, ""


def test_what_names_a_release_is_the_same_ten_releases_later(
    chain: tuple[Path, str, str], release_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, name, _ = chain
    before = bodies(folder, addresses(name))
    asked_in_vain = [address for address, body in before.items() if body is NOTHING]
    assert all(
        re.search("/(vista|imagen|incrustar|compartir)/", address) for address in asked_in_vain
    )  # of what this release has nothing
    assert len(asked_in_vain) < len(VIEWS) / 2
    for number in range(LATER):
        publish(*with_more(release_path, f"2027-{number + 1:02}-15", 100 + number), folder)
    monkeypatch.setenv("PADRON_HOY", "2041-06-30")
    after = bodies(folder, addresses(name))
    assert Release.open(folder / "current").id.startswith("2027-10-15")
    assert [address for address in before if before[address] != after[address]] == []
    edades = next(address for address in before if "/padron_edades." in address)
    of_today = edades.partition("?")[0]
    assert bodies(folder, [of_today])[of_today] != after[edades]


def test_every_way_of_a_page_that_names_a_release_stays_in_it(chain: tuple[Path, str, str]) -> None:
    folder, name, _ = chain
    asked = [pinned(path, name) for path in PAGES]
    for address, body in bodies(folder, asked).items():
        page = Document(body.decode())
        links = [node.get("href") for node in page.all("body a[href^='/']") if "data-vigente" not in node.attrib]
        leaving = [
            link for link in links if stays(link) and name not in parse_qs(urlsplit(link).query).get("publicacion", [])
        ]
        assert leaving == [], address
        forms = [form for form in page.all("form") if stays(form.get("action"))]
        assert all(form.cssselect(f"input[name=publicacion][value='{name}']") for form in forms), address
        (out,) = page.all("aside.fija a")
        assert "publicacion" not in out.get("href")


def stays(link: str) -> bool:
    """Whether a link leads to something that a release decides."""
    path = urlsplit(link).path.removeprefix("/accesible") or "/"
    return path.startswith(("/descargas/vista/", API)) or not re.match(
        r"/(descargas|datos/apertura|analisis/|estado|publicaciones|buscar|api|lugares|vista)", path
    )


def test_what_cannot_be_named_is_told(chain: tuple[Path, str, str]) -> None:
    folder, _, _ = chain

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        odd = ("2026-01-01-aaaaaaaa", "../../etc", "%00", "x" * 5_000, "current", "")
        wanted = [f"/padron?publicacion={value}" for value in odd]
        wanted += [f"/descargas/vista/padron_edades.csv?publicacion={value}" for value in odd]
        return [await client.get(address, headers={"Accept": "text/html"}) for address in wanted]

    answers = inside_site(folder / "current", ask)
    found = [answer.status_code for answer in answers]
    # A page that names nothing, as a form without a choice does, is of the current one; a file has to be asked for well.
    assert found == [404] * 5 + [200] + [404] * 5 + [400]
    assert all(answer.headers["content-type"].startswith("application/problem+json") for answer in answers[6:])
    assert all("no hay ninguna publicación" in answer.text.lower() for answer in answers[:1])


def test_latest_leads_to_the_address_that_stays(chain: tuple[Path, str, str]) -> None:
    folder, _, _ = chain
    current = Release.open(folder / "current").id

    async def ask(client: httpx.AsyncClient, app: object) -> list[tuple[int, str | None]]:
        asked = [
            "/descargas/latest/municipios.csv", "/descargas/latest/no_hay.csv", "/descargas/latest/manifest.json",
            "/padron?publicacion=latest&lugar=1601", "/descargas/vista/padron_edades.csv?publicacion=latest&lugar=1601",
            f"{API}/departamentos/data.csv?publicacion=latest&region=norte", f"{API}/departamentos?publicacion=latest",
        ]  # fmt: skip
        found = [await client.get(address) for address in asked]
        found.append(await client.head("/descargas/latest/municipios.csv"))
        return [(answer.status_code, answer.headers.get("location")) for answer in found]

    table = f"/descargas/{current}/municipios.csv"
    assert inside_site(folder / "current", ask) == [
        (302, table),
        (404, None),
        (302, f"/descargas/{current}/manifest.json"),
        (302, f"/padron?indicador=tasa&lugar=1601&publicacion={current}"),
        (302, f"/descargas/vista/padron_edades.csv?lugar=1601&publicacion={current}"),
        (302, f"{API}/departamentos/data.csv?region=norte&publicacion={current}"),
        (302, f"{API}/departamentos?publicacion={current}"),
        (302, table),
    ]


def test_a_file_says_the_address_that_stays(chain: tuple[Path, str, str]) -> None:
    folder, _, _ = chain
    current = Release.open(folder / "current").id

    async def ask(client: httpx.AsyncClient, app: object) -> str:
        return str((await client.get("/descargas/vista/padron_edades.csv?lugar=1601")).headers["link"])

    cited = re.search(r'<([^>]*)>; rel="cite-as"', inside_site(folder / "current", ask))
    assert cited and cited[1] == f"/descargas/vista/padron_edades.csv?lugar=1601&publicacion={current}"
