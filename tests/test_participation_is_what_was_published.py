"""Participation: the official figures are on the page and in the files, and what is doubtful is never a figure."""

from __future__ import annotations

import csv
import io
import re

import httpx
import lxml.html
import pytest
from playwright.sync_api import Page, expect

DOUBTFUL_2023 = {"0304", "0412", "0413", "0414", "0415", "0416", "1417", "1418", "1419", "1420"}


def rows(site: str, view: str, query: str = "") -> list[dict[str, str]]:
    """The CSV of a view, as its readers get it."""
    answer = httpx.get(f"{site}/descargas/vista/{view}.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def words(site: str, path: str) -> str:
    """Every word of a page, as read."""
    answer = httpx.get(site + path, follow_redirects=True)
    assert answer.status_code == 200
    return " ".join(lxml.html.fromstring(answer.text).text_content().split())


def test_2011_is_five_million_cast_of_seven_million_registered(site: str) -> None:
    event = next(row for row in rows(site, "participacion_serie") if row["cargo"] == "Corporación municipal")
    assert (event["votos_emitidos"], event["empadronados"]) == ("5096998", "7340841")
    assert round(float(event["participacion"]), 1) == 69.4
    page = words(site, "/accesible/participacion")
    assert "5,096,998" in page and "7,340,841" in page and "69.4 %" in page


def test_turnout_by_municipio_goes_from_44_to_92_per_cent(site: str) -> None:
    page = words(site, "/participacion?indicador=participacion")
    assert "Por municipio va de 44.5 % en Ocós (San Marcos) a 92.0 % en San Pablo La Laguna (Sololá)." in page
    values = [row["valor"] for row in rows(site, "participacion_mapa", "indicador=participacion") if row["valor"]]
    assert len(values) == 340 - 7 - 1, "seven did not vote apart in 2011, and one is doubtful"


@pytest.mark.parametrize("indicador", ["validos-por-100", "validos", "cambio-validos"])
def test_what_is_doubtful_is_named_and_never_a_figure(site: str, indicador: str) -> None:
    found = {row["codigo_municipio"]: row for row in rows(site, "participacion_mapa", f"indicador={indicador}")}
    for code in DOUBTFUL_2023:
        assert (found[code]["valor"], found[code]["estado"]) == ("", "dato dudoso en la fuente")
        assert found[code]["observacion"]
    page = words(site, f"/accesible/participacion?indicador={indicador}")
    assert "Por qué algunos lugares no tienen cifra" in page and "Los votos de 2023 parecen rotados" in page


def test_a_sum_leaves_out_both_parts_of_what_is_doubtful(site: str) -> None:
    """Chimaltenango without its five doubtful municipios: their registered voters do not dilute the rate."""
    municipal = [row for row in rows(site, "participacion_mapa", "departamento=04") if row["valor"]]
    valid, registered = (sum(int(row[name]) for row in municipal) for name in ("votos_validos", "empadronados"))
    departamentos = rows(site, "participacion_mapa", "ver=departamento")
    chimaltenango = next(row for row in departamentos if row["codigo_departamento"] == "04")
    assert (int(chimaltenango["votos_validos"]), int(chimaltenango["empadronados"])) == (valid, registered)
    assert float(chimaltenango["valor"]) == round(100 * valid / registered, 1)


def test_the_place_says_why_it_has_no_figure(site: str) -> None:
    page = words(site, "/accesible/participacion?indicador=participacion&lugar=1321")
    assert "Tectitán, «Participación en 2011»: dato dudoso en la fuente." in page
    assert "supera los emitidos (4,041) y los empadronados (5,081)" in page


def test_margins_are_not_added_up(site: str) -> None:
    page = words(site, "/accesible/participacion?indicador=margen&ver=departamento")
    assert "no se suma por departamento" in page
    assert {
        row["valor"] for row in rows(site, "participacion_lugar", "indicador=margen&lugar=0101") if not row["codigo"]
    }
    country = [row for row in rows(site, "participacion_lugar", "indicador=margen&lugar=0101") if row["codigo"] == ""]
    assert {row["cifra"] for row in country if row["indicador"] == "margen"} == {"no se suma"}


def test_the_run_off_of_2015_names_what_is_missing(site: str) -> None:
    found = rows(site, "participacion_mapa", "indicador=primero-segunda-vuelta")
    published = [row for row in found if row["valor"]]
    assert sum(int(row["votos_validos"]) for row in published) == 4_079_228
    assert {row["codigo_municipio"] for row in found if row["estado"] == "no aplica"} == {"0514", "1333"}


def test_the_shipped_actas_are_counted_and_their_discrepancies_named(site: str) -> None:
    asked = "eleccion=2023-repeticion"
    page = words(site, f"/accesible/participacion/mesas?{asked}")
    assert "en 19 de 22 mesas" in page and "4,584" in page
    odd = {row["mesa"] for row in rows(site, "participacion_discrepancias", asked)}
    assert {"2299", "2314", "2315"} <= odd


def test_an_analyst_has_the_file_of_a_departamento_in_four_steps(page: Page) -> None:
    """From the home page to the filtered, citable CSV of a departamento's participation."""
    page.goto("/")
    page.get_by_role("navigation", name="Principal").get_by_role("link", name="Participación").click()  # 1
    expect(page).to_have_url(re.compile("participacion"))
    page.select_option("#f-departamento", "16")  # 2
    expect(page.locator("html")).to_have_attribute("data-respuesta", re.compile("departamento=16"))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV: La participación en el mapa").click()  # 3
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert len(lines) == 17 and {line["departamento"] for line in lines} == {"Alta Verapaz"}
    assert all(line["clave_fuente"] and line["corte"] and line["confianza"] and line["publicacion"] for line in lines)
    assert "Cómo citar: Padrón Abierto" in page.inner_text("#descargas")
