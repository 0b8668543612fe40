"""Promise: the figures on the pages are the tribunal's own: each of these can be checked by hand against data/source."""

from __future__ import annotations

import csv

import httpx
import pytest

from tests.figures_support import NBSP
from tests.site_support import Document, accessible


def read(client: httpx.Client, address: str) -> str:
    """The words of the main part of a page."""
    return " ".join(Document(client.get(address).text).one("main").text_content().split(" "))


@pytest.mark.parametrize("root", ["", "/accesible"])
def test_the_five_figures_of_the_home_page(client: httpx.Client, root: str) -> None:
    page = Document(client.get(f"{root}/").text)
    assert page.texts(".cifras-clave strong") == [
        "10,030,374",
        "54.8",
        f"54.0{NBSP}%",
        f"14.6{NBSP}%",
        f"17.3{NBSP}%",
    ]


ANSWERS = {
    "/padron": [
        "10,030,374",
        "54.8",
        "37.3",
        "Momostenango",
        "104.0",
        "Iztapa",
        "2 municipios",
        "San José del Golfo",
        "103.1",
    ],
    "/padron?indicador=empadronados&sexo=mujeres": ["5,416,937"],
    "/padron?indicador=empadronados&sexo=hombres": ["4,613,437"],
    "/padron?indicador=mujeres": ["5,416,937", "10,030,374", f"54.0{NBSP}%"],
    "/padron?indicador=analfabetismo": ["1,735,994", f"17.3{NBSP}%"],
    "/padron?indicador=jovenes-18-25": ["1,462,281", f"14.6{NBSP}%"],
    "/padron?indicador=cambio&eleccion=2023-1": ["9,270,360", "10,030,374", f"+8.2{NBSP}%", f"+36.7{NBSP}%", "Iztapa"],
    "/padron?indicador=cambio&eleccion=2011-1": ["7,340,841", "10,030,374", f"+36.6{NBSP}%", "7 municipios"],
    "/padron?indicador=brecha-analfabetismo": [f"21.5{NBSP}%", f"12.4{NBSP}%", "9.1"],
    "/padron?indicador=censo-20": ["8,245,709", "121.6"],
    "/padron?departamento=01&lugar=0101": ["854,232"],
    "/padron?lugar=0509": ["104.0", "Iztapa", "Escuintla"],
    "/padron?lugar=0805": ["37.3", "Momostenango", "Totonicapán"],
    "/padron?indicador=empadronados&edad=18_25&sexo=mujeres&lugar=0101": ["46,075"],
    "/metodologia": ["69,044", "69,094", "Los Amates"],
}


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_that_can_be_checked_by_hand(client: httpx.Client, address: str) -> None:
    for path in (address, accessible(address)):
        text = read(client, path)
        assert [figure for figure in ANSWERS[address] if figure not in text] == [], path


def test_the_files_add_up_to_the_registry(client: httpx.Client) -> None:
    def total(query: str) -> int:
        rows = csv.DictReader(client.get(f"/descargas/vista/padron_mapa.csv?{query}").text.splitlines())
        return sum(int(row["valor"]) for row in rows)

    assert total("indicador=empadronados") == 10_030_374
    assert total("indicador=empadronados&ver=departamento") == 10_030_374
    assert total("indicador=empadronados&sexo=mujeres") + total("indicador=empadronados&sexo=hombres") == 10_030_374
    assert total("indicador=empadronados&alfabetismo=analfabeta") == 1_735_994


def test_the_cut_off_and_the_confidence_are_beside_the_figures(client: httpx.Client) -> None:
    for path in ("/", "/padron", "/accesible/padron", "/ficha/1601"):
        text = read(client, path)
        assert "12 de julio de 2026" in text
        assert "confianza" in text.lower() and "Fuente" in text


def test_a_figure_of_another_population_is_called_what_it_is(client: httpx.Client) -> None:
    text = read(client, "/padron?indicador=censo-20")
    assert "20 años y más" in text and "2018" in text
    assert "no es la proporción de adultos empadronados" in text
    assert "población total" in read(client, "/padron?indicador=tasa").lower() or "todas las edades" in read(
        client, "/padron"
    )
