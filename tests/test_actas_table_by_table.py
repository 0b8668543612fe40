"""Promise: from the country to one polling table in two steps or by its number, what the actas say and what adds up is told
with its figures, its cut-off and no blame; every face says the same, and an address that asks something else is told."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest

from dashboard.address.selection import ACTAS, Selection
from dashboard.figures.measures import Unaskable
from dashboard.kinds import mesa
from dashboard.kinds.mesa import Ballot, one_digit_apart
from dashboard.kinds.papeletas import Bar, Material, facts
from dashboard.site import Site
from dashboard.view import Result
from dashboard.words import Sentence
from etl.release import Release
from tests.site_support import FORMATS, accessible, number
from tests.test_release_is_the_only_truth import older

PATH, EVENT = "/participacion/mesas", "2019-1"
TECPAN = f"{PATH}?eleccion={EVENT}&lugar=0406"
ONE = f"{TECPAN}&mesa=5556"
#: Words of blame: what a difference never proves.
BLAME = re.compile(r"fraud|robo|alter[aó]|manipul|ilegal|sospech|culpa", re.I)


# --- The country ------------------------------------------------------------------------------------------------------


def test_the_answer_and_the_ledger_of_the_country(seen) -> None:
    page = seen(PATH)
    assert page.texts("h1") == ["¿Cuadran las actas?"]
    assert "cifras preliminares, corte 24–25 de junio de 2019" in page.texts(".migas")[0]
    figures = [text.replace("\xa0", " ") for text in page.texts(".pagina-mesas > .respuesta strong")]
    assert figures == ["19,516", "93.1 %", "317", "104"]
    classes = [text.replace("\xa0", " ") for text in page.texts(".clases-actas b, .clases-actas em")]
    assert classes[::2] == ["19,516", "711", "322", "317", "104"] and classes[1] == "93.1 %"
    steps = [number(text.replace("+", "").replace("\xa0", "")) for text in page.texts(".cuenta td")]
    assert steps == [5_040_451, 26_952, 9_279, -13_815, 5_062_867]
    assert sum(steps[:-1]) == steps[-1]
    assert "El resultado oficial es 5,040,423 (Acuerdo TSE 362-2019" in page.one("main").text_content()


def test_five_ballots_in_squares_and_in_bars(seen) -> None:
    page = seen(PATH)
    assert [number(text) for text in page.texts(".clases-mesas b")] == [67, 21, 8, 4]
    assert len(page.all(".cien g")) == 100
    assert [number(text) for text in page.texts(".distancias b")] == [13684, 2149, 922, 1178, 951, 712, 554, 265, 76]
    said = " ".join(page.texts(".parte .respuesta")).replace("\xa0", " ")
    assert "66.8 %" in said and "87.5 %" in said and "895 de 20,491" in said
    assert "En 43 municipios coinciden al menos 9 de cada 10 mesas. En 39 coincide menos de la mitad." in said


def test_a_colour_of_the_map_is_its_figure(seen) -> None:
    state, page = seen(PATH).state, seen(accessible(PATH))
    limits = [90, 80, 70, 60, 50, 0]
    for klass, text in state["pintura"].values():
        if klass >= 0:
            share = number(text)
            assert limits[klass] <= share and (klass == 0 or share < limits[klass - 1])
    painted = page.all("#mapa svg .municipios path")
    assert len(painted) == len(state["pintura"]) == 340
    assert sorted({path.get("class") for path in painted}) == sorted(
        {state["clases"][str(klass)] for klass, _ in state["pintura"].values()}
    )
    assert len([1 for klass, _ in state["pintura"].values() if klass < 0]) == 8


@pytest.mark.parametrize("address", [PATH, TECPAN, ONE, f"{PATH}?eleccion={EVENT}&departamento=25"])
def test_the_innocent_causes_are_told_and_nobody_is_blamed(seen, address: str) -> None:
    for page in (seen(address), seen(accessible(address))):
        words = page.one("main").text_content()
        assert "dice dónde mirar; no dice quién se equivocó" in words
        assert len(page.all(".razones li")) == 4
        assert BLAME.search(words) is None, BLAME.search(words)


# --- Step by step -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [str, accessible])
def test_from_the_country_to_a_table_by_its_links(seen, mode) -> None:
    steps = [("Chimaltenango", "departamento=04"), ("Tecpán Guatemala", "lugar=0406"), ("Mesa 5556", "mesa=5556")]
    address = mode(PATH)
    for words, asked in steps:
        links = {link.text_content(): link.get("href") for link in seen(address).all("#lugar .lista-mesas a")}
        address = links[words].split("#")[0]
        assert asked in address and urlsplit(address).path == mode(PATH)
    page = seen(address)
    assert page.texts("#mesa h2") == ["Mesa 5556: cuatro papeletas suman 209 y una, 309"]
    assert page.texts("#mesa .hilo li") == ["Guatemala", "Chimaltenango", "Tecpán Guatemala", "Mesa 5556"]
    back = [link.get("href").split("#")[0] for link in page.all("#mesa .hilo a")]
    assert [seen(link).texts("h1") for link in back] == [["¿Cuadran las actas?"]] * 3


def test_a_table_by_its_number_alone(seen) -> None:
    form = seen(PATH).all(".filtros-mesas form")[1]
    assert [(item.get("name"), item.get("value")) for item in form.cssselect("input")] == [
        ("eleccion", EVENT),
        ("mesa", ""),
    ]
    page = seen(f"{PATH}?eleccion={EVENT}&mesa=5556")
    assert page.texts("#mesa h2") == seen(ONE).texts("#mesa h2")
    assert page.texts("#lugar .cifra-grande strong") == ["73 de 92"]


def test_one_table_tells_what_could_explain_it(seen) -> None:
    page = seen(ONE)
    words = " ".join(page.texts("#mesa .respuesta, #mesa .frase"))
    assert "La de diputados distritales tiene 100 más que las que suman 209, aunque su acta también dice 209." in words
    assert "Si en vez de 122 votos en blanco fueran 22, cuadraría: puede ser un 1 que se tecleó de más." in words
    assert page.texts("#mesa .veredicto") == ["Cuadra", "Cuadra", "100 de más", "Cuadra", "Cuadra"]
    assert page.texts("#mesa mark") == ["122"]
    assert len(page.all("#lugar .cuadros-mesas g")) == 92 and len(page.all("#lugar .anillo")) == 1


@pytest.mark.parametrize(
    "address, words",
    [
        (f"{PATH}?eleccion={EVENT}&mesa=21061", "no hay otra con qué compararla"),
        (f"{PATH}?eleccion={EVENT}&mesa=5", "no hay datos"),
        (f"{PATH}?eleccion={EVENT}&lugar=1911", "ninguna mesa tiene actas con datos de las cinco papeletas"),
        (
            f"{PATH}?eleccion={EVENT}&departamento=25",
            "En el extranjero ninguna mesa tiene actas con datos de las cinco",
        ),
        (f"{PATH}?eleccion=2023-repeticion", "actas de una sola papeleta: no hay con qué compararlas"),
        (f"{PATH}?eleccion=2023-repeticion&mesa=2315", "252"),
        (f"{PATH}?eleccion={EVENT}&mesa=99999", "No hay «99999» en mesa"),
        (f"{PATH}?eleccion=2023-repeticion&mesa=1", "La mesa 1 no está en lo que se pide"),
        (f"{PATH}?eleccion={EVENT}&lugar=0101&mesa=5556", "La mesa 5556 no está en lo que se pide"),
        (f"{PATH}?eleccion=2023-repeticion&papeleta=parlacen", "Esa papeleta no está entre las actas"),
        (f"{PATH}?eleccion=1999-1&departamento=77", "No hay «1999-1» en eleccion"),
    ],
)
def test_what_is_particular_or_asked_wrong_is_said(seen, address: str, words: str) -> None:
    for page in (seen(address), seen(accessible(address))):
        assert words in page.one("main").text_content()


def test_a_departamento_asked_for_as_a_place_has_its_own_address(seen) -> None:
    page = seen(f"{PATH}?eleccion={EVENT}&lugar=04")
    assert page.one("link[rel=canonical]").get("href").endswith(f"{PATH}?eleccion={EVENT}&departamento=04")


def test_the_form_offers_the_ballots_of_the_election_that_is_shown(seen) -> None:
    for event, ballots in ((EVENT, 5), ("2023-repeticion", 1)):
        page = seen(f"{PATH}?eleccion={event}")
        assert len(page.all("#o-papeleta option")) == ballots
        assert page.texts("#o-eleccion option[selected]")[0].startswith("Elecc" if ballots == 5 else "Repet")


def test_a_very_long_table_is_shown_in_part_and_whole_when_asked(seen) -> None:
    first = seen(f"{PATH}?eleccion={EVENT}&lugar=0101")
    assert len(first.all("#lista-de-mesas tbody tr")) == 200
    link = first.one("#lista-de-mesas .boton").get("href")
    assert len(seen(link.split("#")[0]).all("#lista-de-mesas tbody tr")) == 1_877


# --- Files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_has_the_rows_of_the_page(client: httpx.Client, seen, suffix: str) -> None:
    answer = client.get(f"/descargas/vista/participacion_mesa.{suffix}?eleccion={EVENT}&mesa=5556")
    assert answer.status_code == 200
    rows = rows_of(suffix, answer.content)
    said = [number(text) for text in seen(ONE).texts("#mesa .suma strong")]
    assert [int(row["votos_emitidos"]) for row in rows] == said == [209, 209, 309, 209, 209]
    for row in rows:
        assert (row["naturaleza"], row["confianza"], row["corte"]) == ("preliminar", "media-alta", "2019-06-25")
        assert row["clave_fuente"] == "participacion_mesa.opengobgt_2019"


def rows_of(suffix: str, content: bytes) -> list[dict[str, object]]:
    """The rows of a file of a view, with what it says of their source."""
    if suffix == "csv":
        return list(csv.DictReader(io.StringIO(content.decode())))
    if suffix == "json":
        return list(json.loads(content)["filas"])
    if suffix == "jsonl":
        return [json.loads(line) for line in content.decode().splitlines()]
    if suffix == "parquet":
        return pq.read_table(io.BytesIO(content)).to_pylist()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    "asked, status",
    [
        (f"participacion_mesas.csv?eleccion={EVENT}&lugar=0406", 200),
        (f"participacion_mesas.csv?eleccion={EVENT}&lugar=0406&mesa=5556", 400),
        ("participacion_mesas.csv?eleccion=2023-repeticion", 200),
        (f"participacion_mesa.csv?eleccion={EVENT}", 200),
        ("participacion_mesa.csv?eleccion=2023-repeticion&mesa=1", 400),
        (f"participacion_actas.csv?eleccion={EVENT}&papeleta=alcalde", 400),
        (f"participacion_recibidas.csv?eleccion={EVENT}&departamento=25", 200),
        (f"participacion_mesa_discrepancias.csv?eleccion={EVENT}&mesa=5556", 200),
    ],
)
def test_a_file_never_answers_another_question(client: httpx.Client, asked: str, status: int) -> None:
    assert client.get(f"/descargas/vista/{asked}").status_code == status


@pytest.mark.parametrize("view", ["participacion_mesa", "participacion_mesa_discrepancias"])
def test_of_no_table_nothing_is_said_to_add_up(client: httpx.Client, view: str) -> None:
    said = client.get(f"/incrustar/{view}").text
    assert "No se pidió ninguna mesa" in said and "cuadran." not in said


def test_an_older_release_says_that_it_brings_none(release_path: Path, tmp_path: Path) -> None:
    names = [name for name in Release.open(release_path).tables if name.startswith("participacion_mesa")]
    for number_, lacking in enumerate((names, ["participacion_mesa_papeletas"])):
        site = Site(Release.open(older(Release.open(release_path), tmp_path / str(number_), lacking, ())))
        with pytest.raises(Unaskable):
            site.answer("participacion_papeletas", _whole(site))
    assert site.answer("participacion_actas", _whole(site)).rows  # what it does bring is still told


def _whole(site: Site) -> Selection:
    """What is asked of the actas without asking anything."""
    return ACTAS.asked({}, site.offer("actas")).selection


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("122", "22", True),
        ("22", "122", True),
        ("132", "122", True),
        ("12", "21", True),
        ("122", "212", True),
        ("122", "221", False),
        ("122", "2", False),
        ("100", "200", True),
        ("7", "7", False),
        ("15", "26", False),
    ],
)
def test_one_digit_apart(one: str, other: str, same: bool) -> None:
    assert one_digit_apart(one, other) is same


def _table(*totals: int | None, written: tuple[int | None, ...] = ()) -> tuple[mesa.Facts, str]:
    """A table whose ballots have these totals, all of them valid votes; and its words."""
    said = written or totals
    ballots = [
        Ballot(f"p{place}", f"Papeleta {place}", votes, 0, 0, votes, said[place], 400)
        for place, votes in enumerate(totals)
    ]
    found = mesa.facts(Result("", (), (), mesa.Material("7", ballots), ()))
    return found, " ".join(map(Sentence.plain, mesa.text(found)))


def test_the_words_of_a_table_are_of_its_figures() -> None:
    assert "las cinco papeletas suman lo mismo: 200 votos" in _table(200, 200, 200, 200, 200)[1]
    one, words = _table(200, 200, 201)
    assert "tiene 1 más que las que suman 200" in words and "puede ser que alguien no entregara una papeleta" in words
    assert one.shared == 200
    assert "Un total sube lo que el otro baja" in _table(200, 211, 189, 200)[1]
    none, words = _table(200, 190)
    assert none.shared is None and "van de 190 a 200 votos" in words
    assert [none.verdict(ballot)[1] for ballot in none.ballots] == ["Difieren", "Difieren"]
    blank, words = _table(200, None, 200)
    assert "De 1 papeleta no hay datos" in words and blank.verdict(blank.ballots[1]) == ("sin-datos", "Sin datos")
    assert _table(None, None)[1] == "En la mesa 7 ninguna acta tiene datos."
    assert "; su acta no trae escrito el total" in _table(200, 200, 260, written=(200, 200, None))[1]


def test_a_hundred_squares_whatever_the_shares() -> None:
    for distances in ({0: 1}, {0: 1, 3: 1, 9: 1}, {None: 4}, {0: 7, 1: 7, 6: 7, 21: 7, 400: 7}, {30: 3, 0: 995}):
        found = facts(Result("", (), (), Material(distances, 5, "En el país", 0), ()))
        whole = sum(count for distance, count in distances.items() if distance is not None)
        assert sum(found.squares.values()) == (100 if whole else 0)
        assert sum(bar.tables for bar in found.bars) == whole == found.whole
        assert isinstance(found.bars[0], Bar) and found.incomplete == distances.get(None, 0)


# --- In a browser -----------------------------------------------------------------------------------------------------


def test_a_municipio_is_chosen_on_the_map_with_the_keyboard(open_page, site: str) -> None:
    page = open_page(width=1440)
    page.goto(f"{site}{PATH}")
    page.locator("#mapa .lamina").focus()
    page.keyboard.type("tecp")
    page.keyboard.press("Enter")
    page.wait_for_url("**lugar=0406#lugar")
    assert page.locator("#lugar .cifra-grande strong").inner_text() == "73 de 92"
    page.fill("#o-mesa", "5554")
    page.keyboard.press("Enter")
    page.wait_for_url("**mesa=5554#mesa")
    assert page.locator("#mesa h2").inner_text().startswith("Mesa 5554")
