"""Promise: the map of the country and of each departamento is made to be touched: an A4 sheet of borders, textures and braille
with the room that a finger needs, every place in its key, and a table for a braille printer, with the figures of the site."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, product
from pathlib import Path

import httpx
import pytest
import shapely
from lxml import etree

from dashboard.render.braille import BLANK, GUIDE
from dashboard.render.tactile.marks import APART, CELL, DOT, GAP, MARGIN, Page, Spot, Stroke
from dashboard.render.tactile.sheet import Told, pages, told
from dashboard.render.tactile.textures import CHOSEN, few
from dashboard.render.tactile.vector import svg
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.views import VIEWS
from etl.release import Release
from tests.braille_support import from_ascii, lines_of, read
from tests.site_support import Document

TOPICS = {"padron": "padron_mapa", "participacion": "participacion_mapa"}
SIDES = [(210.0, 297.0), (297.0, 210.0)]
#: The grid in which what is free is looked for is of quarters of a millimetre.
GRID = 0.3
#: Of the sheets, one small, one with a place without figure, one in parts and the country; all of them, in `make test-largo`.
FEW = [("padron", ""), ("participacion", "03"), ("padron", "13")]
ALL = [
    pytest.param(item, marks=() if item in FEW else pytest.mark.largo)
    for item in product(TOPICS, ["", *(f"{n:02}" for n in range(1, 23))])
]
every_sheet = pytest.mark.parametrize("sheet", ALL, indirect=True, ids=lambda item: f"{item[0]}-{item[1] or 'pais'}")


@dataclass(frozen=True)
class Sheet:
    """A sheet: the answer that it is of, what it says and its pages, those of maps first."""

    answer: Answer
    told: Told
    pages: tuple[Page, ...]

    @property
    def maps(self) -> tuple[Page, ...]:
        """Its pages with a map."""
        return tuple(page for page in self.pages if any(mark.part.kind == "borde-exterior" for mark in page.marks))


@pytest.fixture(scope="module")
def here(release_path: Path) -> Site:
    return Site(Release.open(release_path))


@pytest.fixture(scope="module")
def sheet(request: pytest.FixtureRequest, here: Site) -> Sheet:
    topic, place = request.param
    view = VIEWS[TOPICS[topic]]
    asked = view.asked({"departamento": place} if place else {"ver": "departamento"}, here.data)
    assert not asked.notices
    answer = here.answer(view.name, asked.selection)
    shapes = here.shapes(place or None)["municipios" if place else "departamentos"]
    said = told(answer, shapes, here.names.get(place, "Guatemala"))
    return Sheet(answer, said, pages(said))


def shape(mark: Stroke | Spot) -> shapely.Geometry:
    """What a mark covers, its round ends too."""
    if isinstance(mark, Spot):
        return shapely.Point(mark.x, mark.y).buffer(mark.diameter / 2)
    return shapely.LineString(mark.points).buffer(mark.width / 2)


def groups(page: Page) -> Mapping[tuple[str, str, str, int], shapely.Geometry]:
    """What each part of a page covers; of braille, each run of it apart."""
    found = {}
    marks = [mark for mark in page.marks if isinstance(mark, (Stroke, Spot))]
    for turn, (part, own) in enumerate(groupby(marks, key=lambda one: one.part)):
        found[part.kind, part.place, part.klass, turn] = shapely.union_all([shape(mark) for mark in own])
    return found


BRAILLE = {"titulo", "pagina", "letras", "leyenda", "clave", "texto", "letra-norte", "signo"}


@every_sheet
def test_a_sheet_is_a4_and_nothing_leaves_it(sheet: Sheet) -> None:
    for page in sheet.pages:
        assert (page.width, page.height) in SIDES
        inside = shapely.box(8, 8, page.width - 8, page.height - 8)
        assert all(inside.covers(one) for one in groups(page).values())
        root = etree.fromstring(svg(page).encode())
        assert root.get("width") == f"{page.width:g}mm" and root.get("viewBox") == f"0 0 {page.width:g} {page.height:g}"
        written = svg(page)
        assert "href" not in written and "url(" not in written
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', written)) <= {"#000", "#fff", "none"}


@every_sheet
def test_braille_touches_nothing(sheet: Sheet) -> None:
    for page in sheet.pages:
        parts = groups(page)
        for key, own in parts.items():
            if key[0] not in BRAILLE:
                continue
            for other, covers in parts.items():
                if other == key or {key[0], other[0]} <= BRAILLE - {"signo", "letras"} or other[0] == "recuadro":
                    continue
                if key[0] == "signo" and other[0] not in BRAILLE and not key[1]:
                    continue
                assert own.distance(covers) >= GAP - GRID, (page.title, key, other, own.distance(covers))


@every_sheet
def test_dots_and_lines_are_as_large_as_a_finger_needs(sheet: Sheet) -> None:
    widths = {"borde-exterior": 1.5, "borde-interior": 0.8, "recuadro": 0.8, "guia": 0.8, "norte": 1.0, "signo": 1.0}
    for page in sheet.pages:
        for mark in page.marks:
            if isinstance(mark, Stroke):
                assert mark.width >= widths.get(mark.part.kind, 1.0)
            elif isinstance(mark, Spot) and mark.part.kind in BRAILLE:
                assert mark.diameter == DOT == 1.5
        boxes = [shape(mark).bounds for mark in page.marks if mark.part.kind == "recuadro" and isinstance(mark, Stroke)]
        assert all(right - left >= 15 and bottom - top >= 15 for left, top, right, bottom in boxes)
        for box in (one for key, one in groups(page).items() if key[0] == "signo"):
            left, top, right, bottom = box.bounds
            assert max(right - left, bottom - top) >= 6
    assert (APART, CELL) == (2.5, 6.0)


@every_sheet
def test_each_place_feels_like_its_class(sheet: Sheet) -> None:
    classes = few(sheet.answer.facts.classes)
    assert set(classes.breaks) <= set(sheet.answer.facts.classes.breaks) and len(classes.labels()) <= 5
    textures = CHOSEN[len(classes.labels())]
    expected = {place.code: classes.of(place.value) for place in sheet.answer.facts.places}
    for page in sheet.maps:
        borders = [mark for mark in page.marks if isinstance(mark, Stroke) and mark.part.kind.startswith("borde")]
        faces = list(shapely.polygonize([shapely.LineString(mark.points) for mark in borders]).geoms)
        owner: dict[int, set[str]] = {}
        for mark in page.marks:
            if mark.part.kind == "textura":
                assert int(mark.part.klass) == textures[expected[mark.part.place]]
            leads = {one.part.place for one in page.marks if one.part.kind == "guia"}
            if mark.part.kind in ("textura", "letras") and not (
                mark.part.kind == "letras" and mark.part.place in leads
            ):
                assert isinstance(mark, (Stroke, Spot))
                at = next(number for number, face in enumerate(faces) if face.covers(shape(mark)))
                owner.setdefault(at, set()).add(mark.part.place)
        assert all(len(places) == 1 for places in owner.values()), owner
    felt = {mark.part.place for page in sheet.maps for mark in page.marks if mark.part.kind == "textura"}
    assert felt == {code for code, klass in expected.items() if klass >= 0 and textures[klass] != 0}


@every_sheet
def test_every_place_is_in_the_key_once_and_on_the_map(sheet: Sheet) -> None:
    entries: dict[str, list[str]] = {}
    for page in sheet.pages:
        rows = [mark for mark in page.marks if mark.part.kind == "clave" and isinstance(mark, Spot)]
        for part, own in groupby(rows, key=lambda mark: mark.part):
            entries.setdefault(part.place, []).extend(lines_of(own, MARGIN))
    names = {place.code: (place.name, place.text) for place in sheet.answer.facts.places}
    assert entries.keys() == names.keys()
    on_map = Counter(
        place for page in sheet.maps for place in {one.part.place for one in page.marks if one.part.kind == "letras"}
    )
    assert on_map == dict.fromkeys(names, 1)
    letters = Counter()
    for code, lines in entries.items():
        said = " ".join(read(line.strip(BLANK)) for line in lines)
        key, _, rest = said.partition(" ")
        name, figure = names[code]
        assert rest.replace("\u00a0", " ") == f"{name}: {figure}".replace("\u00a0", " ").replace("−", "-").replace(
            "+", "¡"
        )
        letters[key] += 1
        page = next(
            page
            for page in sheet.maps
            if any(one.part.kind == "letras" and one.part.place == code for one in page.marks)
        )
        own = [
            one for one in page.marks if one.part.kind == "letras" and one.part.place == code and isinstance(one, Spot)
        ]
        assert "".join(map(read, lines_of(own))) == key
    assert set(letters.values()) == {1}


def rows_of(client: httpx.Client, view: str, query: str) -> dict[str, str]:
    """The figure of each place, as its CSV has it."""
    text = client.get(f"/descargas/vista/{view}.csv?{query}").text
    rows = csv.DictReader(io.StringIO(text))
    name = "municipio" if "departamento=" in query else "departamento"
    return {row[name]: row["valor"] for row in rows}


@pytest.mark.parametrize(
    ("topic", "place", "asked"),
    [("padron", "pais", "indicador=empadronados"), ("participacion", "03", ""), ("padron", "13", "indicador=cambio")],
)
def test_the_table_has_the_figures_of_the_csv(client: httpx.Client, topic: str, place: str, asked: str) -> None:
    answer = client.get(f"/tacto/{topic}/{place}.brf?{asked}")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")
    sheets = answer.content.decode("ascii").split("\f")
    assert sheets.pop() == ""
    for number, one in enumerate(sheets, 1):
        lines = one.split("\r\n")
        assert len(lines) == 26 and lines.pop() == "" and max(map(len, lines)) <= 40
        assert read(from_ascii(lines[-1]).strip(BLANK)) == str(number)
    level = "ver=departamento" if place == "pais" else f"departamento={place}"
    expected = rows_of(client, TOPICS[topic], f"{asked}&{level}" if asked else level)
    body = [line for one in sheets for line in from_ascii(one).split("\r\n")[:-2]]
    text = [read(line.strip(BLANK)) for line in body if line]
    begins = next(number for number, line in enumerate(body) if GUIDE * 2 in line)
    while body[begins - 1]:
        begins -= 1
    # A name that does not fit beside its figure goes on in the next line, two cells in.
    joined = "\n".join(body[begins:]).replace(f"\n{BLANK}{BLANK}", BLANK)
    rows = [read(line.strip(BLANK)) for line in joined.split("\n") if line]
    for name, value in expected.items():
        row = next(line for line in rows if re.match(rf"{re.escape(name)} (?:@+)? *(?:[-¡\d]|[a-z][a-z]$)", line))
        figure = row.rsplit(" ", 2)[-2] if row.endswith("%") else row.rsplit(" ", 1)[-1]
        if value:
            assert float(figure.replace(",", "").replace("¡", "")) == float(value), (name, row)
        else:
            assert figure.isalpha() and any(line.startswith(f"{figure}: ") for line in text)


def test_a_pdf_is_whole_and_of_lines(client: httpx.Client) -> None:
    answer = client.get("/tacto/padron/pais.pdf")
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert "tacto_padron_pais" in answer.headers["content-disposition"]
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", answer.content)
    assert boxes and all(sorted(map(float, box)) == pytest.approx([595.28, 841.89], abs=0.1) for box in boxes)
    assert b"/FontFile2" in answer.content and b"/Subtype /Image" not in answer.content
    assert len(re.findall(rb"/Type /Page\b", answer.content)) >= 3
    assert client.get("/tacto/padron/pais.pdf").content == answer.content


def test_a_page_is_asked_for_as_svg(client: httpx.Client) -> None:
    first, second = (client.get(f"/tacto/padron/03.svg?pagina={number}") for number in (1, 2))
    assert first.content == client.get("/tacto/padron/03.svg").content != second.content
    assert first.headers["content-type"] == "image/svg+xml" and b"borde-exterior" in first.content
    assert b"borde-exterior" not in second.content and "leyenda" in second.text
    assert client.get("/tacto/padron/03.svg?pagina=12").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tacto/padron/99.pdf", 404),
        ("/tacto/padron/0101.pdf", 404),
        ("/tacto/otro/pais.pdf", 404),
        ("/tacto/padron/pais.png", 404),
        ("/tacto/padron/pais.pdf?departamento=01", 400),
        ("/tacto/padron/pais.pdf?ver=municipio", 400),
        ("/tacto/padron/pais.pdf?indicador=nada", 400),
        ("/tacto/padron/pais.pdf?pagina=2", 400),
        ("/tacto/padron/pais.svg?pagina=cero", 400),
        ("/tacto/participacion/pais.brf?indicador=margen", 400),
        ("/tacto/padron/pais.brf?publicacion=2000-01-01-00000000", 404),
    ],
)
def test_what_cannot_be_honoured_is_refused(client: httpx.Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"


def test_it_is_offered_where_the_map_is(client: httpx.Client) -> None:
    def offered(address: str) -> list[str]:
        page = Document(client.get(address).text)
        return [str(link.get("href")) for link in page.all(".descargas .para-tocar a")]

    kinds = ["pdf", "svg", "brf"]
    assert offered("/padron?indicador=mujeres&departamento=03") == [
        f"/tacto/padron/03.{kind}?indicador=mujeres" for kind in kinds
    ]
    assert [one.partition("?")[0] for one in offered("/accesible/participacion")] == [
        f"/tacto/participacion/pais.{kind}" for kind in kinds
    ]
    assert offered("/participacion?indicador=margen") == []
    profile = [one.partition("?")[0] for one in offered("/ficha/1601")]
    assert profile == [f"/tacto/{topic}/16.{kind}" for topic in TOPICS for kind in kinds]
    text = client.get("/ficha/pais").text
    assert "papel de microcápsulas" in text and "Todavía no las ha probado ninguna persona ciega" in text
    assert all(
        client.get(address).status_code == 200 for address in offered("/ficha/extranjero") + offered("/padron")[2:]
    )
