"""Promise: a profile, the registry's page and the comparison tell the groups that the release counts, as it publishes them, and
say what is confidential; a release that does not count them shows nothing of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest

from dashboard.figures.measures import Unaskable
from dashboard.pages import comparar, cruces, ficha, inicio, padron, participacion
from dashboard.pages.model import Page, Request, face_of
from dashboard.render.html import to_html
from dashboard.site import Site
from dashboard.views import VIEWS
from dashboard.words import WITHHELD
from etl.model import TOTAL
from etl.release import Release
from tests.site_support import Document

HIDDEN = ("confidencial", "no_tabulada")
CODES = ("pais", "13", "1315", "0101", "1805")
SHARES = {"padron_pueblo": "pueblo", "padron_comunidad": "comunidad_linguistica"}
SAYS_NOTHING = "no_aplica"


@pytest.fixture(scope="module")
def site(demonstration: Path) -> Site:
    return Site(Release.open(demonstration / "release" / "current"))


@pytest.fixture(scope="module")
def cube(demonstration: Path) -> pd.DataFrame:
    found = pd.read_parquet(next((demonstration / "release" / "current").glob("*_padron_cubo.parquet")))
    return found[found["fecha_corte"] == found["fecha_corte"].max()]


def shown(page: Page, site: Site, path: str, accessible: bool, code: str = "", **query: str) -> Document:
    request = Request(query, face_of(path, accessible), {"codigo": code} if code else {})
    return Document("".join(to_html(node) for node in page.build(site, request).content))


def counted(cube: pd.DataFrame, code: str, dimension: str) -> dict[str, Any]:
    """How many of each value the cube publishes in a place; None for what it hides."""
    place = {"codigo_departamento": code[:2] or TOTAL, "codigo_municipio": code if len(code) == 4 else TOTAL}
    others = {"sexo", "grupo_edad", "alfabetismo", "pueblo", "comunidad_linguistica"} - {dimension}
    found = cube
    for name, value in {**place, **dict.fromkeys(others, TOTAL)}.items():
        found = found[found[name] == value]
    return {
        row[dimension]: None if row["estado_celda"] in HIDDEN else int(row["empadronados"])
        for row in found.to_dict("records")
        if row[dimension] != TOTAL
    }


def test_the_registered_of_a_place_are_told_by_every_group(site: Site, cube: pd.DataFrame) -> None:
    hidden = 0
    for slug in CODES:
        code = "" if slug == "pais" else slug
        for view, dimension in SHARES.items():
            place = {"lugar" if len(code) == 4 else "departamento": code} if code else {}
            answer = site.answer(view, VIEWS[view].asked(place, site.data).selection)
            names = [column.field.name for column in answer.columns]
            rows = [dict(zip(names, row, strict=True)) for row in answer.rows]
            expected = counted(cube, code, dimension)
            assert {row[dimension]: row["empadronados"] for row in rows} == expected
            assert all((row["estado"] == WITHHELD) == (row["empadronados"] is None) for row in rows)
            words = " ".join(item.plain() for item in answer.sentences)
            assert (WITHHELD in words) == (None in expected.values()) and "numerosa es No" not in words
            hidden += [*expected.values()].count(None)
    assert hidden


@pytest.mark.parametrize("accessible", [False, True])
def test_a_profile_shows_who_is_registered_and_who_voted(site: Site, accessible: bool) -> None:
    for code in CODES[1 - accessible :: 2]:
        document = shown(ficha.PAGE, site, f"/ficha/{code}", accessible, code)
        questions = document.texts("h2")
        assert "¿De qué pueblos son las personas empadronadas?" in questions
        sections = document.all(".quien-vota")
        assert [section.get("id") for section in sections] == list(ficha.WHO_VOTED)
        for section in sections:
            link = section.cssselect(".archivos-vista a")[-1].get("href")
            assert link.startswith("/accesible/participacion" if accessible else "/participacion")
            assert code == "pais" or f"lugar={code}" in link
        census = [text for text in document.texts(".nota") if text.startswith("El censo cuenta habitantes")]
        assert "El censo cuenta habitantes, no personas empadronadas." in census


def test_the_registrys_page_and_the_home_lead_to_the_groups(site: Site) -> None:
    document = shown(padron.PAGE, site, "/padron", True, indicador="empadronados", lugar="1315")
    assert "¿De qué pueblos son las personas empadronadas?" in document.texts("#mas h2")
    told = " ".join(shown(inicio.PAGE, site, "/", True).texts(".entradas p"))
    assert "pueblo y comunidad lingüística" in told


def test_places_are_compared_in_every_election_of_a_group(site: Site) -> None:
    document = shown(comparar.PAGE, site, "/comparar", True, lugares="1315,0101", sexo="mujeres", edad="18_25")
    table = document.table(".tabla")
    titles = table.column("Indicador")
    for year in ("2015", "2019", "2023"):
        assert f"Participación en {year} (mujeres de 18 a 25 años)" in titles
    assert any(WITHHELD in row.values() for row in table.rows) or all(
        "%" in row["Guatemala (Guatemala)"] for row in table.rows
    )


def test_what_is_not_crossed_is_compared_of_the_nearest_group_and_says_so(site: Site) -> None:
    """The registered are crossed by sexo and pueblo, the rolls of the elections are not."""
    document = shown(comparar.PAGE, site, "/comparar", True, lugares="1315,0101", sexo="mujeres", pueblo="maya")
    titles = document.table(".tabla").column("Indicador")
    assert "Personas empadronadas, 12 jul 2026 (mujeres mayas)" in titles
    assert all(f"Participación en {year} (personas mayas)" in titles for year in (2015, 2019, 2023))
    said = "Lo que no se publica de las mujeres mayas se muestra de "
    (why,) = (text for text in document.texts(".nota") if text.startswith(said))
    assert "las personas mayas" in why and why.endswith("es lo más cercano que se publica.")


def test_a_cut_off_that_is_asked_for_is_named(site: Site) -> None:
    document = shown(comparar.PAGE, site, "/comparar", True, lugares="13,01", corte="2025-07-12")
    assert [text for text in document.table(".tabla").column("Indicador") if text.startswith("Personas")] == [
        "Personas empadronadas, 12 jul 2025"
    ]


def test_a_release_that_does_not_count_them_shows_nothing_of_it(release_path: Path) -> None:
    plain = Site(Release.open(release_path))
    document = shown(ficha.PAGE, plain, "/ficha/1315", True, "1315")
    assert document.all(".quien-vota") == []
    assert not any("de qué pueblos son las personas" in text.lower() for text in document.texts("h2"))
    assert "El censo cuenta habitantes, no personas empadronadas: el padrón no publica este grupo." in document.texts(
        ".nota"
    )
    for view in SHARES:
        assert not VIEWS[view].held(plain.data)
        with pytest.raises(Unaskable):
            plain.answer(view, VIEWS[view].asked({}, plain.data).selection)


#: People whom the registry counts together by departamento only: one trait with sexo, two traits, and both with sexo.
KICHE = {"sexo": "mujeres", "comunidad_linguistica": "kiche"}
YOUNG_MAYAS = {"edad": "18_25", "pueblo": "maya"}
BY_DEPARTAMENTO = "solo se publica por departamento"


@pytest.mark.parametrize("accessible", [False, True], ids=["visual", "accessible"])
def test_what_is_published_by_departamento_is_compared_so(site: Site, accessible: bool) -> None:
    root = "/accesible" if accessible else ""
    document = shown(comparar.PAGE, site, "/comparar", accessible, lugares="13,01", **KICHE)
    assert document.all(".avisos li") == []
    assert "Personas empadronadas, 12 jul 2026 (mujeres de la comunidad K’iche’)" in document.table(".tabla").column(
        "Indicador"
    )
    document = shown(comparar.PAGE, site, "/comparar", accessible, lugares="1315,0101", **KICHE)
    told, way = document.texts(".avisos li")
    assert BY_DEPARTAMENTO in told and way == "Ver por departamento: mujeres de la comunidad K’iche’"
    (link,) = document.all(".avisos a")
    assert link.get("href") == f"{root}/comparar?sexo=mujeres&comunidad_linguistica=kiche&lugares=13,01"
    added = shown(comparar.PAGE, site, "/comparar", accessible, lugares="13,01", agregar="Cobán", **KICHE)
    assert BY_DEPARTAMENTO in added.texts(".avisos li")[0]


@pytest.mark.parametrize("accessible", [False, True], ids=["visual", "accessible"])
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("/comparar", {"lugares": "1315,1301", **KICHE}),  # of one departamento, that has nothing to be compared with
        ("/comparar", {"lugares": "1315,13", **YOUNG_MAYAS}),
        ("/padron", {"indicador": "empadronados", "sexo": "mujeres", **YOUNG_MAYAS}),
        ("/padron", {"indicador": "empadronados", "departamento": "13", **KICHE}),
    ],
    ids=["one departamento", "two traits", "three dimensions", "inside a departamento"],
)
def test_what_a_page_does_not_cross_leads_to_where_it_is(
    site: Site, accessible: bool, page: str, query: dict[str, str]
) -> None:
    declared = comparar.PAGE if page == "/comparar" else padron.PAGE
    document = shown(declared, site, page, accessible, **query)
    assert any(BY_DEPARTAMENTO in text for text in document.texts(".avisos li"))
    (link,) = document.all(".avisos a")
    parts = urlsplit(link.get("href"))
    assert parts.path.startswith("/accesible/") == accessible
    asked = dict(parse_qsl(parts.query))
    wanted = {"departamento": ""} if "filas" not in asked else {"filas": "departamento"}
    assert {name: asked.get(name, "") for name in wanted} == wanted
    path = parts.path.removeprefix("/accesible")
    target = shown({"/cruces": cruces.PAGE, "/padron": padron.PAGE}[path], site, path, accessible, **asked)
    assert [text for text in target.texts(".avisos li") if "se muestra sin" in text] == []
    people = {
        name: value for name, value in query.items() if name in ("sexo", "edad", "pueblo", "comunidad_linguistica")
    }
    assert {name for name in people if asked.get(name) == people[name] or asked.get("columnas") == name} == {*people}


def test_what_is_published_nowhere_leads_nowhere(site: Site) -> None:
    document = shown(
        participacion.PAGE, site, "/participacion", True, indicador="votaron", sexo="mujeres", pueblo="maya"
    )
    assert document.texts(".avisos li") == ["No se publica el cruce de sexo con pueblo: se muestra sin sexo."]
    assert "personas mayas" in document.one("h1").text_content()
