"""Promise: /participacion/lugares groups municipios by their census in groups with as many people each, gives the figure of each
group after adding up, and says everywhere that it speaks of places and not of persons, with an example counted from the data.

The figures are worked out here from data/source with pandas alone.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

import httpx
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from dashboard.address.selection import Selection
from dashboard.indicators.characteristics import DECLARED, Family, offered
from dashboard.indicators.fallacy import example
from dashboard.indicators.offers import GROUPED
from dashboard.indicators.readings import Doubt
from dashboard.kinds import lugares
from dashboard.site import Site
from dashboard.views.lugares import measured
from dashboard.words import WITHHELD
from etl.release import Release
from tests.browser_support import running_site
from tests.figures_support import ORACLE, SOURCE
from tests.site_support import Document, accessible
from tests.test_release_is_the_only_truth import older

PATH = "/participacion/lugares"
MAIN, GROUPS, OTHERS = "participacion_lugares", "participacion_lugares_grupos", "participacion_lugares_otras"
VIEWS = (MAIN, GROUPS, OTHERS)
PLACES = "Habla de lugares, no de personas."
#: Todos Santos Cuchumatán, Guatemala and Guastatoya: in the highlands, the capital and the east.
THREE = ("1315", "0101", "0201")
#: Of each, its people of maya pueblo and all of them, its valid votes and its roll of 2023, and its group, read by a person.
AS_READ = [
    (26_554, 30_186, 11_536, 21_117, 4),
    (65_658, 923_392, 433_512, 831_462, 2),
    (623, 24_821, 14_993, 22_558, 1),
]


@pytest.fixture(scope="module")
def served(release_path: Path) -> Site:
    """The release, asked without a server."""
    return Site(Release.open(release_path))


def census() -> pd.DataFrame:
    """The source of the census by municipio."""
    name = "censo_2018/censo2018_municipio_ancho_sexo_edad_area_pueblo_alfabetismo.csv"
    frame = pd.read_csv(SOURCE / name, dtype={"codigo_ine": str}).set_index("codigo_ine")
    return frame.drop(columns=["departamento", "municipio"]).astype(float)


def votes_of_2023() -> pd.DataFrame:
    """The source of the municipal elections of 2023."""
    name = "participacion_municipal/elecciones_municipales_2011_2023.csv"
    frame = pd.read_csv(SOURCE / name, dtype={"codigo_municipio": str})
    chosen = frame[(frame["eleccion"] == "2023-1") & (frame["cargo"] == "corporacion_municipal")]
    return chosen.set_index("codigo_municipio")


def fifths(part: pd.Series, whole: pd.Series) -> pd.Series:
    """The group of each municipio, 1 to 5: those with the same share together, each ending nearest to its fifth of people."""
    share = part / whole
    so_far = whole.groupby(share).sum().sort_index().cumsum() / whole.sum()
    ends = sorted({(so_far - cut / 5).abs().idxmin() for cut in range(1, 5)} | {so_far.index[-1]})
    return share.map(lambda value: 1 + sum(value > end for end in ends))


def rows(client: httpx.Client, view: str, suffix: str = "json", **query: str) -> list[dict[str, object]]:
    """The rows of the file of a view."""
    response = client.get(f"/descargas/vista/{view}.{suffix}?{urlencode(query)}")
    assert response.status_code == 200, response.text[:300]
    if suffix == "json":
        return response.json()["filas"]
    if suffix == "csv":
        frame = pd.read_csv(io.StringIO(response.text), dtype=str, keep_default_na=False)
        return frame.to_dict("records")
    if suffix == "parquet":
        return pq.read_table(io.BytesIO(response.content)).to_pylist()
    sheet = openpyxl.load_workbook(io.BytesIO(response.content), read_only=True).worksheets[0]
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


# ---- figures by hand ----------------------------------------------------------------------------------------------------


def test_three_municipios_are_as_the_sources_say(client: httpx.Client) -> None:
    counted, votes = census(), votes_of_2023()
    found = {row["codigo_municipio"]: row for row in rows(client, MAIN)}
    group = fifths(counted["pueblo_maya"], counted["poblacion_total"])
    for code in THREE:
        row, of = found[code], counted.loc[code]
        assert (
            row["habitantes_con_la_caracteristica"] == of["pueblo_maya"] and row["habitantes"] == of["poblacion_total"]
        )
        assert row["proporcion"] == round(100 * of["pueblo_maya"] / of["poblacion_total"], 1)
        cast, registered = float(votes.loc[code, "votos_validos"]), float(votes.loc[code, "empadronados"])
        assert row["valor"] == round(100 * cast / registered, 1)
        assert row["grupo"] == group[code]
    # As a person reads them in the two files.
    columns = ("habitantes_con_la_caracteristica", "habitantes", "votos_validos", "empadronados", "grupo")
    assert [tuple(found[code][name] for name in columns) for code in THREE] == AS_READ


CASES: Mapping[str, tuple[dict[str, str], str, str]] = {
    "urban": ({"caracteristica": "area-urbana", "indicador": "mujeres"}, "urbana", "poblacion_total"),
    "women": ({"caracteristica": "mujeres", "indicador": "tasa"}, "mujeres", "poblacion_total"),
    "maya": ({"caracteristica": "pueblo-maya", "indicador": "analfabetismo"}, "pueblo_maya", "poblacion_total"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_group_is_the_ratio_of_its_sums_and_never_a_mean(client: httpx.Client, case: str) -> None:
    query, part, whole = CASES[case]
    counted, registered = census(), ORACLE.registered()
    above, below = {
        "mujeres": (ORACLE.registered("mujeres"), registered),
        "tasa": (registered, ORACLE.population()),
        "analfabetismo": (ORACLE.registered(alfabetismo="analfabeta"), registered),
    }[query["indicador"]]
    group = fifths(counted[part], counted[whole])
    added = pd.DataFrame({"above": above, "below": below}).groupby(group).sum()
    people = counted[whole].groupby(group).sum()
    found = rows(client, GROUPS, **query)
    assert len(found) == 5
    for number, row in enumerate(found, start=1):
        inside = group[group == number].index
        each = 100 * above[inside] / below[inside]
        assert row["municipios"] == len(inside) and row["sin_cifra"] == 0 and row["habitantes"] == people[number]
        assert row["valor"] == round(100 * added.loc[number, "above"] / added.loc[number, "below"], 1)
        assert not math.isclose(row["valor"], each.mean(), abs_tol=1e-4)
        assert row["valor_minimo"] == round(each.min(), 1) and row["valor_maximo"] == round(each.max(), 1)
        assert row["proporcion"] == round(100 * counted[part][inside].sum() / counted[whole][inside].sum(), 1)
        assert abs(people[number] / people.sum() - 1 / 5) < 0.02
    page = Document(client.get(f"{PATH}?{urlencode(query)}").text)
    whole_country = 100 * above.sum() / below.sum()
    assert f"{whole_country:,.1f}" in page.one(".respuesta").text_content()


def test_a_municipio_without_figure_is_in_its_group_and_not_in_its_sum(client: httpx.Client) -> None:
    found, votes = rows(client, MAIN), votes_of_2023()
    lacking = [row for row in found if row["valor"] is None]
    assert 0 < len(lacking) < 20 and {row["estado"] for row in lacking} == {"dato dudoso en la fuente"}
    assert all(row["observacion"] for row in lacking) and len(found) == 340
    for group in rows(client, GROUPS):
        number = int(str(group["grupo"]).removeprefix("Grupo "))
        codes = [row["codigo_municipio"] for row in found if row["grupo"] == number and row["valor"] is not None]
        sums = votes.loc[codes, ["votos_validos", "empadronados"]].astype(float).sum()
        assert group["valor"] == round(100 * sums["votos_validos"] / sums["empadronados"], 1)
        assert group["sin_cifra"] == sum(row["grupo"] == number for row in lacking)
    words = Document(client.get(PATH).text).texts(".dichos p")
    assert any(f"{len(lacking)} municipios sin cifra" in text for text in words)


def test_what_is_confidential_hides_the_group_it_is_in(served: Site) -> None:
    found = measured(served.data, Selection("mujeres"))
    codes = ["0101", "0102", "0103"]
    value, text = found.value(codes)
    assert value is not None and text.endswith("%")
    hidden = replace(found, doubts={"0102": Doubt(WITHHELD, None)})
    assert hidden.value(codes) == (None, WITHHELD)
    assert hidden.value(["0101", "0103"])[0] is not None


#: Of two rare languages and a rare pueblo: the column of the census, the base, and how many groups there are.
RARE = {
    "pueblo-garifuna": ("pueblo_garifuna", "poblacion_total", 3),
    "pueblo-xinka": ("pueblo_xinka", "poblacion_total", 2),
}


@pytest.mark.parametrize("name", RARE)
def test_places_with_almost_nobody_are_one_group_and_it_is_said(client: httpx.Client, name: str) -> None:
    part, whole, count = RARE[name]
    counted = census()
    share = counted[part] / counted[whole]
    almost_none = {code for code in share.index if share[code] < 1 / 1000}
    found = rows(client, MAIN, caracteristica=name)
    assert {row["codigo_municipio"] for row in found if row["grupo"] == 1} == almost_none
    rest = counted[whole][[code for code in share.index if code not in almost_none]]
    for number in range(2, count + 1):
        inside = [str(row["codigo_municipio"]) for row in found if row["grupo"] == number]
        assert abs(counted[whole][inside].sum() / rest.sum() - 1 / (count - 1)) < 0.06
    groups = rows(client, GROUPS, caracteristica=name)
    assert len(groups) == count and groups[0]["entre"] == "menos de 0.1"
    page = Document(client.get(f"{PATH}?caracteristica={name}").text)
    said = " ".join(page.texts(".dichos p"))
    assert f"En {len(almost_none)} municipios, menos de 1 de cada 1,000 habitantes" in said
    assert f"los grupos son {count} y no 5" in said and "igual cantidad" not in " ".join(page.texts("h2"))
    assert "menos de 1 de cada 1,000" in page.texts(".franja-rotulo")[0]


def test_a_group_of_few_places_is_said_by_their_names(client: httpx.Client) -> None:
    page = Document(client.get(f"{PATH}?caracteristica=idioma-sipakapense").text)
    said = " ".join(page.texts(".dichos p"))
    assert "El segundo grupo es solo Sipacapa (San Marcos)." in said
    assert "En 339 municipios, menos de 1 de cada 1,000 habitantes" in said


# ---- of places and not of persons ---------------------------------------------------------------------------------------


def test_every_face_says_that_it_speaks_of_places(client: httpx.Client) -> None:
    for path in (PATH, accessible(PATH)):
        html = client.get(path).text
        assert html.index(PLACES) < html.index('<form class="filtros opciones"')
        assert "regresión" not in html and "correlación" not in html and "tendencia" not in html
    for view in VIEWS:
        document = client.get(f"/descargas/vista/{view}.json").json()
        assert "de lugares" in document["notas"][0]
        for suffix in ("csv", "parquet", "xlsx", "json"):
            found = rows(client, view, suffix)
            assert found and all(str(row["alcance"]).startswith("lugares, no personas") for row in found)


def test_the_example_is_counted_from_the_registry(client: httpx.Client, served: Site) -> None:
    women, registered = ORACLE.registered("mujeres"), ORACLE.registered()
    unread = ORACLE.registered(alfabetismo="analfabeta")
    group = fifths(unread, registered)
    places = 100 * women.groupby(group).sum() / registered.groupby(group).sum()
    both = ORACLE.registered("mujeres", alfabetismo="analfabeta").sum()
    have, rest = 100 * both / unread.sum(), 100 * (women.sum() - both) / (registered.sum() - unread.sum())
    assert places[5] - places[1] < 0.5 < have - rest  # places say the opposite of persons, or nothing
    said = Document(client.get(PATH).text).texts(".cautela strong")
    wanted = [f"{value:.1f}\u00a0%" for value in (places[5], places[1], have, rest)]
    assert said[1:] == wanted == ["54.1\u00a0%", "54.3\u00a0%", "67.1\u00a0%", "51.3\u00a0%"]
    told = example(served.data)
    assert told is not None and told.seems == "igual"


# ---- every face is one answer -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{}, {"departamento": "16", "lugar": "1601", "indicador": "tasa"}])
def test_the_faces_agree(client: httpx.Client, query: dict[str, str]) -> None:
    visual, twin = (Document(client.get(f"{path}?{urlencode(query)}").text) for path in (PATH, accessible(PATH)))
    assert visual.texts("h1, h2, h3, .respuesta, .dichos p") == twin.texts("h1, h2, h3, .respuesta, .dichos p")
    files = {suffix: rows(client, MAIN, suffix, **query) for suffix in ("json", "csv", "parquet", "xlsx")}
    for suffix, found in files.items():
        assert [str(row["codigo_municipio"]) for row in found] == [row["codigo_municipio"] for row in files["json"]]
        for row, same in zip(found, files["json"], strict=True):
            value = row["valor"]
            assert value in (None, "") if same["valor"] is None else math.isclose(float(str(value)), same["valor"]), (
                suffix
            )
    drawn = {circle.get("data-lugar") for circle in visual.all(".franjas .lienzo-ancha circle[data-lugar]")}
    narrow = {circle.get("data-lugar") for circle in visual.all(".franjas .lienzo-angosta circle[data-lugar]")}
    assert drawn == narrow == {row["codigo_municipio"] for row in files["json"] if row["valor"] is not None}
    paint = visual.state["pintura"]
    assert {code: cell[0] for code, cell in paint.items()} == {
        row["codigo_municipio"]: row["grupo"] for row in files["json"]
    }
    table = twin.table("#municipios-en-tabla table")
    assert table.codes == [row["codigo_municipio"] for row in files["json"]]
    groups = rows(client, GROUPS, **{name: value for name, value in query.items() if name != "lugar"})
    for row, bold in zip(groups, twin.texts(".con-mapa td strong"), strict=True):
        assert bold == ("ningún municipio" if not row["municipios"] else f"{row['valor']:,.1f}")


def test_the_permalink_and_the_call_of_programs_ask_the_same(client: httpx.Client) -> None:
    page = Document(client.get(f"{PATH}?caracteristica=area-urbana&lugar=1315").text)
    call, link = (button.get("data-copiar") for button in page.all(".copia button"))
    assert link == f"{PATH}?indicador=validos-por-100&eleccion=2023-1&lugar=1315&caracteristica=area-urbana"
    assert client.get(link).text == client.get(f"{PATH}?lugar=1315&caracteristica=area-urbana").text
    answered = client.get(call).json()
    assert answered["consulta"]["caracteristica"] == "area-urbana" and answered["pregunta"] == page.texts("h1")[0]


def test_each_characteristic_and_each_figure_that_is_offered_is_answered(served: Site) -> None:
    offer = served.offer(GROUPED)
    assert len(offer.characteristics) > 50 and len(offer.indicators) > 12
    families = [item for item in DECLARED if isinstance(item, Family)]
    assert {name.split("-")[0] for name in offer.characteristics} >= {item.name for item in families}
    figures, kinds = cycle(offer.indicators), cycle(offer.characteristics)
    asked = [(name, next(figures)) for name in offer.characteristics] + [
        (next(kinds), name) for name in offer.indicators
    ]
    for name, indicador in asked:
        eleccion = offer.election(indicador, "")[0]
        selection = Selection(indicador, eleccion, caracteristica=name)
        for view in VIEWS:
            answer = served.answer(view, selection)
            assert answer.rows and all(sentence.plain().endswith(".") for sentence in answer.sentences), (name, view)
            json.dumps(answer.figure, allow_nan=False)
        bands = served.answer(MAIN, selection).facts.bands
        assert sum(len(band.dots) for band in bands) == 340 and all(band.value is not None for band in bands)


# ---- what an address asks -----------------------------------------------------------------------------------------------

WRONG = (
    ("caracteristica=pueblo-marciano", "No hay «pueblo-marciano» en caracteristica"),
    ("indicador=empadronados", "No hay «empadronados» en indicador"),
    ("indicador=tasa&eleccion=2023-1", "no tiene cifras de 2023-1"),
    ("departamento=16&lugar=0101", "no está en Alta Verapaz"),
    ("lugar=9999", "No hay «9999» en lugar"),
    ("caracteristica=<script>", "No hay «<script>» en caracteristica"),
)


@pytest.mark.parametrize(("query", "said"), WRONG)
def test_a_page_corrects_and_says_it_and_a_file_refuses(client: httpx.Client, query: str, said: str) -> None:
    for path in (PATH, accessible(PATH)):
        response = client.get(f"{path}?{query}")
        assert response.status_code == 200
        assert any(said in text for text in Document(response.text).texts(".avisos li"))
    refused = client.get(f"/descargas/vista/{MAIN}.csv?{query}")
    assert refused.status_code == 400 and refused.json()["motivos"]


def test_a_departamento_asked_for_as_a_place_is_its_scope(client: httpx.Client) -> None:
    page = Document(client.get(f"{PATH}?lugar=16").text)
    assert "Alta Verapaz" in page.one(".migas").text_content()
    assert [row["departamento"] for row in rows(client, MAIN, lugar="16")] == ["Alta Verapaz"] * 17


def test_other_pages_lead_here_and_this_one_to_what_is_missing(client: httpx.Client) -> None:
    for path in ("/participacion", "/que-falta", accessible("/participacion"), accessible("/que-falta")):
        root = "/accesible" if path.startswith("/accesible") else ""
        links = [link.get("href") for link in Document(client.get(path).text).all("main a[href]")]
        assert any(link.startswith(f"{root}{PATH}") for link in links), path
    links = [link.get("href") for link in Document(client.get(PATH).text).all(".cautela a")]
    assert links == ["/participacion", "/que-falta"]
    assert f"{PATH}</loc>" in client.get("/sitemap.xml").text


# ---- what a release lacks -----------------------------------------------------------------------------------------------


def test_what_a_release_lacks_is_not_offered(served: Site, release_path: Path, tmp_path: Path) -> None:
    release, whole = Release.open(release_path), offered(served.data)
    some = older(release, tmp_path / "sin-idioma", ("censo_2018_idioma_materno", "censo_2018_area"), ())
    left = offered(Site(Release.open(some)).data)
    assert set(whole) - set(left) == {name for name in whole if name.startswith("idioma-") or name == "area-urbana"}
    census = [name for name in release.tables if name.startswith("censo_2018")]
    bare = older(release, tmp_path / "sin-censo", census, ())
    going = {"timeout": 60, "follow_redirects": True}
    with running_site(bare, tmp_path / "servidor.log") as url, httpx.Client(base_url=url, **going) as client:
        for path in (PATH, accessible(PATH)):
            response = client.get(f"{path}?caracteristica=pueblo-maya&indicador=tasa")
            assert response.status_code == 200 and "esta publicación no trae esas cifras" in response.text.lower()
        assert client.get(f"/descargas/vista/{MAIN}.csv").status_code == 404
        for path in ("/participacion", "/que-falta"):
            assert PATH not in client.get(path).text


def test_numbers_on_the_page_are_written_as_a_guatemalan_writes_them(client: httpx.Client) -> None:
    page = Document(client.get(accessible(PATH)).text)
    for text in page.texts(".franja-rotulo .de"):
        assert re.fullmatch(r"\d+ municipios · \d\.\d\d millones de habitantes", text), text


def test_a_group_that_cannot_be_told_is_named_and_stands_for_no_other(served: Site) -> None:
    facts = served.answer(MAIN, Selection("mujeres", caracteristica="pueblo-maya")).facts
    first, *others = facts.bands
    dots = tuple(replace(dot, value=None, text=WITHHELD) if dot.code == "2104" else dot for dot in first.dots)
    hidden = replace(first, value=None, text=WITHHELD, dots=dots)
    words = [sentence.plain() for sentence in lugares.text(replace(facts, bands=(hidden, *others)))]
    assert words[0].startswith(f"Va de {others[0].text}, en el segundo grupo, a {others[-1].text}, en el quinto.")
    assert words[0].endswith(f"La cifra del grupo 1 {WITHHELD}.") and first.text not in " ".join(words)
    assert (
        f"1 municipio sin cifra ({WITHHELD}), y por eso tampoco la de su grupo: San Manuel Chaparrón (Jalapa)." in words
    )
    drawn = lugares.figure(replace(facts, bands=(hidden, *others)))
    assert drawn["franjas"]["ancha"]["grupos"][0]["grupo"] is None
    json.dumps(drawn, allow_nan=False)
    every = tuple(replace(band, value=None, text=WITHHELD) for band in facts.bands)
    (said, *_) = lugares.text(replace(facts, bands=every))
    assert said.plain().startswith(f"En todo el país es {facts.text}.") and WITHHELD in said.plain()


def test_ballots_are_the_sums_of_the_actas_that_say_both(client: httpx.Client, release_path: Path) -> None:
    """2019 has no turnout by municipio: the votes for every hundred ballots received are what its actas say."""
    actas = pd.read_parquet(Release.open(release_path).table("participacion_mesa"))
    wanted = actas[
        (actas["eleccion"] == "2019-1") & (actas["cargo"] == "presidencia") & (actas["residencia"] == "pais")
    ]
    received, cast = wanted["papeletas_recibidas"], wanted["votos_emitidos"]
    both = wanted[wanted["contabilizada"] & received.between(1, 600) & (cast <= received)]
    sums = both.groupby("codigo_municipio")[["votos_emitidos", "papeletas_recibidas"]].sum()
    for row in rows(client, MAIN, indicador="papeletas", eleccion="2019-1"):
        if row["valor"] is not None:
            of = sums.loc[row["codigo_municipio"]]
            assert row["valor"] == round(100 * of["votos_emitidos"] / of["papeletas_recibidas"], 1), row
