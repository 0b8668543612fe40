"""Promise: numbers, lists and names are written, sorted and searched as Guatemalans do: 10,030,374; 18.8 %; −2.6; Cobán
found without its accent; what is not known is «sin dato publicado», never 0."""

from __future__ import annotations

import csv
import re
from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import words
from dashboard.words import CHANGE, COUNT, PER_100, PERCENT, POINTS
from tests.figures_support import MINUS, NBSP, NO_DATA, ORACLE, fold
from tests.site_support import ADDRESSES, Document, accessible, number, text_of

WITHOUT_NUMBER = ("", NO_DATA, "dato dudoso en la fuente", "no se suma", "ningún municipio")
#: Where the site composes the words; what a source says of itself is quoted as it says it.
WRITTEN_HERE = ", ".join(
    f"main {css}"
    for css in (
        "h1",
        "h2",
        ".respuesta",
        ".hallazgo",
        ".frase",
        ".leyenda",
        ".ranking li",
        ".cifras-clave li",
        ".avisos li",
    )
)
UNITS = {"personas": COUNT, "por ciento": PERCENT, "cambio": CHANGE, "puntos": POINTS, "por cada 100": PER_100}


# ---- one number -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        (COUNT, 10_030_374, "10,030,374"),
        (COUNT, 854, "854"),
        (COUNT, 0, "0"),
        (PERCENT, 18.84, f"18.8{NBSP}%"),
        (PERCENT, 0.04, f"0.0{NBSP}%"),
        (PERCENT, -2.6, f"{MINUS}2.6{NBSP}%"),
        (PERCENT, -0.04, f"0.0{NBSP}%"),
        (CHANGE, 3.14, f"+3.1{NBSP}%"),
        (CHANGE, -12.06, f"{MINUS}12.1{NBSP}%"),
        (CHANGE, 0.0, f"0.0{NBSP}%"),
        (CHANGE, 1234.56, f"+1,234.6{NBSP}%"),
        (PER_100, 104.04, "104.0"),
        (PER_100, None, NO_DATA),
        (COUNT, None, NO_DATA),
        (PERCENT, None, NO_DATA),
    ],
)
def test_a_number(unit: words.Unit, value: float | None, written: str) -> None:
    assert unit.write(value) == written


@given(st.sampled_from(list(UNITS)), st.floats(-1e9, 1e9))
def test_what_is_written_can_be_read_back(name: str, value: float) -> None:
    unit = UNITS[name]
    assert number(unit.write(value)) == unit.rounded(value)


def test_dates_lists_and_amounts() -> None:
    assert words.long_date(date(2026, 7, 12)) == "12 de julio de 2026"
    assert words.listing(["Cobán"]) == "Cobán"
    assert words.listing(["Cobán", "Chisec"]) == "Cobán y Chisec"
    assert words.listing(["Cobán", "Chisec", "Lanquín"]) == "Cobán, Chisec y Lanquín"
    assert words.plural(1, "municipio", "municipios") == "1 municipio"
    assert words.plural(1_234, "municipio", "municipios") == "1,234 municipios"


@pytest.mark.parametrize(
    ("last", "conjunction"),
    [
        ("Ixcán", "e"),
        ("Iztapa (104.0)", "e"),
        ("Huehuetenango", "y"),
        ("Ipala", "e"),
        ("Yupiltepeque", "y"),
        ("Iowa", "y"),
    ],
)
def test_y_becomes_e_before_its_own_sound(last: str, conjunction: str) -> None:
    assert words.listing(["Chisec", last]) == f"Chisec {conjunction} {last}"
    assert words.listing(["Cobán", "Chisec", last]) == f"Cobán, Chisec {conjunction} {last}"


# ---- every page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*ADDRESSES, *map(accessible, ADDRESSES)])
def test_no_number_on_any_page_is_written_otherwise(client: httpx.Client, address: str) -> None:
    page = Document(client.get(address).text)
    for figure in page.all("table:not(.muestra) td.num, .ranking b, .piramide em, .barras em"):
        text = text_of(figure)
        if not len(figure) and text not in WITHOUT_NUMBER and not text.endswith(("kB", "MB")):
            number(text.removeprefix("más de ").removesuffix(" mil"))
    for text in [text for node in page.all(WRITTEN_HERE) for text in node.itertext()]:
        assert not re.search(r"\d %|\d%", text), f"A percentage without its hard space: {text}"
        assert not re.search(r"(?<![\w.,/–-])-\d", text), f"A hyphen where there should be a minus sign: {text}"
        assert not re.search(r"(?<![\w./=:-])\d{5,}(?![\w-])", text), f"Thousands without their comma: {text}"
    for node in page.all("main script, main code"):
        node.drop_tree()
    assert not re.search(r"\b(nan|NaN|None|null|inf|undefined)\b", page.one("main").text_content())


def test_not_known_is_said_and_never_zero(client: httpx.Client) -> None:
    for code in ORACLE.series(2011).loc[lambda series: series.isna()].index:
        page = Document(client.get(f"/padron?indicador=cambio&eleccion=2011-1&lugar={code}").text)
        assert page.state["pintura"][code] == [-1, NO_DATA]
        assert NO_DATA in page.texts(".ficha-lugar .cifra-grande")[0]
        assert page.texts(".leyenda .sin-dato span") == [NO_DATA.capitalize()]
    text = client.get("/descargas/vista/padron_mapa.csv?indicador=cambio&eleccion=2011-1").text
    rows = {row["codigo_municipio"]: row for row in csv.DictReader(text.splitlines())}
    assert rows["0514"]["valor"] == rows["0514"]["empadronados_eleccion"] == ""
    assert float(rows["0101"]["valor"]) > 0


def test_downloads_are_not_localised(client: httpx.Client) -> None:
    text = client.get("/descargas/vista/padron_mapa.csv?indicador=brecha-analfabetismo").text
    assert NBSP not in text and MINUS not in text and "%" not in text
    assert re.search(r",\d+\.\d,", text) and not re.search(r"\d,\d{3}\.", text)
    assert client.get("/descargas/vista/padron_mapa.csv").content[:3] != b"\xef\xbb\xbf"
    assert client.get("/descargas/vista/padron_mapa.csv?excel=1").content[:3] == b"\xef\xbb\xbf"


# ---- sorted and searched -----------------------------------------------------------------------------------------------


def test_names_are_sorted_with_accents_folded(client: httpx.Client) -> None:
    page = Document(client.get("/padron").text)
    names = page.texts("#f-departamento option")[1:]
    assert len(names) == 22
    assert names == sorted(names, key=fold)
    assert names.index("Petén") < names.index("Quetzaltenango")
    index = Document(client.get("/fichas").text)
    for section in index.all("main section"):
        inside = [text_of(item) for item in section.cssselect("li a")]
        assert inside == sorted(inside, key=fold)


@pytest.mark.parametrize("typed", ["coban", "Cobán", "COBÁN", "  cobán ", "CoBaN", "cob", "obán"])
def test_search_without_accents(client: httpx.Client, typed: str) -> None:
    for root in ("", "/accesible"):
        assert client.get(f"{root}/buscar", params={"q": typed}).url.path == f"{root}/ficha/1601"


def test_search_puts_first_what_begins_so(client: httpx.Client) -> None:
    found = Document(client.get("/buscar?q=san+jose").text).texts(".encontrados strong")
    starts = [fold(name).startswith("san jose") for name in found]
    assert starts == sorted(starts, reverse=True)
    assert starts[0] and len(found) > 10
    assert {name for name in ORACLE.names.values() if "san jose" in fold(name)} == set(found)


def test_every_name_finds_its_place_typed_without_accents(client: httpx.Client) -> None:
    places = client.get(Document(client.get("/").text).one("#q").get("data-lugares")).json()
    assert {code: name for code, (name, *_) in places.items()} == ORACLE.names
    for code in list(ORACLE.names)[::12]:
        answer = client.get("/buscar", params={"q": fold(ORACLE.names[code])})
        found = [str(answer.url), *(link.get("href") for link in Document(answer.text).all(".encontrados a"))]
        assert any(address.endswith(f"/ficha/{code}") for address in found), ORACLE.names[code]


def test_nothing_found_is_said(client: httpx.Client) -> None:
    page = Document(client.get("/buscar?q=zzzz").text)
    assert "No encontramos «zzzz»" in page.texts("h2")
    assert page.texts(".encontrados a") != []
