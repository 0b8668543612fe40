"""Promise: what others published with the figures is listed at once; what is badly written is said and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from etl.release import only_one, publish
from etl.release.analyses import ANALYSES, LIST
from tests.etl_support import etl, tree
from tests.release_support import files_of, inside_site
from tests.site_support import Document

GOOD = """titulo = "Quiénes faltan <b>aquí</b>"
organizacion = "Una organización"
autores = ["Ana Pérez", "Luis Xol"]
resumen = "Faltan jóvenes."
fecha = 2026-10-01
publicacion = "{release}"
archivo = "faltan.pdf"
"""
LINKED = """titulo = "El voto de fuera"
organizacion = "Otra"
fecha = 2026-11-02
publicacion = "{release}"
enlace = "https://otra.example.org/voto"
"""
PDF = b"%PDF-1.4 un documento"


@pytest.fixture
def folder(release_path: Path, tmp_path: Path) -> tuple[Path, str]:
    """A folder with a release, its name, and another with two analyses, beside."""
    name, files = files_of(release_path)
    publish(name, files, tmp_path / "release")
    source = tmp_path / "analisis"
    source.mkdir()
    (source / "faltan.toml").write_text(GOOD.format(release=name), encoding="utf-8")
    (source / "voto.toml").write_text(LINKED.format(release=name), encoding="utf-8")
    (source / "faltan.pdf").write_bytes(PDF)
    return tmp_path, name


def analisis(folder: Path) -> tuple[int, str]:
    """How the command ends, and what it says."""
    done = etl("analisis", "--origen", str(folder / "analisis"), "--destino", str(folder / "release"))
    return done.exit_code, done.output


def asked(folder: Path, *addresses: str) -> list[httpx.Response]:
    """The answers of one site of the folder."""

    async def ask(client: httpx.AsyncClient, app: object) -> list[httpx.Response]:
        return [await client.get(address) for address in addresses]

    found: list[httpx.Response] = inside_site(folder / "release" / "current", ask)
    return found


def test_they_are_listed_the_newest_first(folder: tuple[Path, str]) -> None:
    place, release = folder
    assert analisis(place) == (0, "El sitio lista 2 análisis publicados.\n")
    visual, accessible, openness = asked(place, "/analisis", "/accesible/analisis", "/datos/apertura")
    for answer in (visual, accessible):
        page = Document(answer.text)
        assert page.texts(".analisis-publicados h3") == ["El voto de fuera", "Quiénes faltan <b>aquí</b>"]
        said = " ".join(page.texts(".analisis-publicados li"))
        assert "Ana Pérez y Luis Xol" in said and "1 de octubre de 2026" in said and release in said
    links = [node.get("href") for node in Document(visual.text).all(".analisis-publicados .botones a")]
    assert links[0] == "https://otra.example.org/voto"
    (file,) = asked(place, links[1])
    assert file.content == PDF and file.headers["content-type"] == "application/pdf"
    assert "attachment" in file.headers["content-disposition"] and "sandbox" in file.headers["content-security-policy"]
    assert "Se cumple: Un análisis hecho por la sociedad civil" in " ".join(Document(openness.text).texts("li"))


def test_a_site_that_runs_shows_what_is_listed_meanwhile(folder: tuple[Path, str]) -> None:
    place, _ = folder

    async def ask(client: httpx.AsyncClient, app: object) -> list[int]:
        counts = []
        for step in ("before", "both", "one"):
            if step == "one":
                (place / "analisis" / "voto.toml").unlink()
            if step != "before":
                assert analisis(place)[0] == 0
            page = Document((await client.get("/analisis")).text)
            counts.append(len(page.all(".analisis-publicados > li")))
        return counts

    assert inside_site(place / "release" / "current", ask) == [0, 2, 1]


WRONG = {
    'titulo = ""\n': "«titulo» es un texto",
    'titulo = "x"\ntitulo = "y"\n': "no se puede leer",
    "fecha = 2999-01-01\n": "no ha llegado",
    'fecha = "2026-01-01"\n': "sin comillas",
    'publicacion = "2020-01-01-aaaaaaaa"\n': "no ha habido ninguna publicación",
    'publicacion = "ayer"\n': "es el nombre de la publicación",
    'enlace = "javascript:alert(1)"\n': "«enlace» es una dirección completa",
    'archivo = "../faltan.pdf"\n': "«archivo» se escribe con minúsculas",
    'archivo = "pagina.html"\n': "«archivo» se escribe con minúsculas",
    'archivo = "no_esta.pdf"\n': "no está el archivo",
    'autores = "Ana"\n': "«autores» es una lista",
    "otra_cosa = 1\n": "no se conoce «otra_cosa»",
}


@pytest.mark.parametrize("changed", WRONG)
def test_what_is_wrong_is_said_and_changes_nothing(folder: tuple[Path, str], changed: str) -> None:
    place, release = folder
    assert analisis(place)[0] == 0
    before = tree(place / "release")
    name = changed.partition(" ")[0]
    lines = [line for line in LINKED.format(release=release).splitlines(True) if not line.startswith(name)]
    (place / "analisis" / "voto.toml").write_text("".join(lines) + changed, encoding="utf-8")
    code, said = analisis(place)
    assert code == 1 and WRONG[changed] in said and "voto.toml" in said and "No cambió nada" in said
    assert tree(place / "release") == before


def test_every_problem_is_said_at_once(folder: tuple[Path, str]) -> None:
    place, _ = folder
    (place / "analisis" / "voto.toml").write_text("", encoding="utf-8")
    (place / "analisis" / "faltan.pdf").write_bytes(b"")
    code, said = analisis(place)
    assert code == 1 and all(f"falta «{name}»" in said for name in ("titulo", "organizacion", "fecha", "publicacion"))
    assert "falta «archivo» o «enlace»" in said and "faltan.pdf está vacío" in said


def test_a_damaged_list_stops_neither_the_page_nor_the_site(folder: tuple[Path, str]) -> None:
    place, _ = folder
    analisis(place)
    there = place / "release" / ANALYSES / LIST
    listed = json.loads(there.read_text(encoding="utf-8"))
    name = listed["analisis"][1]["archivo"]
    for damage in (b"{", b'{"analisis": [{"titulo": 3}]}', b"[]", b"\xff"):
        there.write_bytes(damage)
        page, file, openness = asked(place, "/analisis", f"/analisis/publicados/{name}", "/datos/apertura")
        assert page.status_code == openness.status_code == 200 and "La lista está dañada" in page.text
        assert file.status_code == 503
    assert analisis(place)[0] == 0
    there.with_name(name).unlink()
    assert [answer.status_code for answer in asked(place, "/analisis", f"/analisis/publicados/{name}")] == [200, 503]
    assert [
        answer.status_code
        for answer in asked(place, "/analisis/publicados/otro.pdf", "/analisis/publicados/..%2F..%2Fx")
    ] == [404, 404]


def test_only_one_writes_at_a_time(folder: tuple[Path, str]) -> None:
    place, _ = folder
    with only_one(place / "release"):
        code, said = analisis(place)
    assert code == 3 and "espere" in said and not (place / "release" / ANALYSES).exists()
