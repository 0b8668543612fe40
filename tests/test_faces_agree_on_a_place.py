"""Promise: the card of a place, its charts and the page as a whole say the same in every face, for every selection."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from tests.figures_support import AGES, ASKED, NO_DATA, ORACLE, SEXES, count, per_cent
from tests.selections_support import (
    of_every_selection,
)
from tests.site_support import (
    Asking,
    number,
)

READ, DO_NOT, SHARE = "Leen y escriben", "No leen ni escriben", "No leen ni escriben (%)"


# ---- the chosen place -----------------------------------------------------------------------------------------------


@of_every_selection
def test_card_of_a_place_is_its_map_its_file_and_the_source(asking: Asking) -> None:
    rows = asking.file("padron_lugar", "parquet")
    by_line: dict[str, list[dict]] = {}
    for position, row in enumerate(rows):
        territories = len({item["codigo"] for item in rows})
        by_line.setdefault(f"{position // territories}", []).append(row)
    for position, line in enumerate(by_line.values()):
        for row in line:
            name = asking.asked if row["indicador"] == asking.indicador else row["indicador"]
            group = dict(parse_qsl(row["grupo_pedido"] or ""))
            assert group == asking.group or position
            exact = ORACLE.figures(name, group, [row["codigo"]])[row["codigo"]]
            assert row["cifra"] == ASKED[name].write(exact)
            assert row["valor"] == (None if exact is None else number(row["cifra"]))
    if "lugar" not in asking.query:
        assert not asking.page.all(".ficha-lugar")
        return
    others = [line for line in by_line.values() if line[0]["indicador"] != asking.indicador]
    by_group = [line for line in by_line.values() if line[0]["indicador"] == asking.indicador]
    divided = len(by_group) > 1  # then there is a row for each group that the one asked for is read beside
    for page in (asking.page, asking.accessible):
        assert len(page.all(".por-grupo tbody tr")) == (len(by_group) if divided else 0)
        for css, lines in ((".lugar-y-lo-que-lo-contiene", others), (".por-grupo", by_group)):
            if css == ".por-grupo" and not divided:
                continue
            shown = page.table(css).rows
            lines = lines if divided else [*by_group, *others]
            cards = [{card_title(row, asking): row["cifra"] for row in line} for line in lines]
            found = [{title: row[title] for title in cards[0]} for row in shown]
            assert sorted(map(str, found)) == sorted(map(str, cards))
        assert page.texts(".ficha-lugar h2") == [rows[0]["lugar"]]
        assert page.texts(".ficha-lugar .cifra-grande strong") == [rows[0]["cifra"]]
    place = asking.query["lugar"]
    assert rows[0]["codigo"] == place
    assert asking.page.state["pintura"][place][1] == rows[0]["cifra"]


def card_title(row: dict[str, str], asking: Asking) -> str:
    """The title over the figures of a territory: the name of the chosen place, the kind of those that contain it."""
    if row["codigo"] == asking.query["lugar"]:
        return row["lugar"]
    return {2: "Departamento"}.get(len(row["codigo"]), "País")


@of_every_selection
def test_card_says_the_place_among_its_peers(asking: Asking) -> None:
    place = asking.query.get("lugar")
    if not place:
        return
    peers = ORACLE.departamentos if len(place) == 2 else ORACLE.municipios
    asked, figures = ASKED[asking.asked], ORACLE.figures(asking.asked, asking.group, peers)
    seen = {code: asked.rounded(value) for code, value in figures.items() if value is not None}
    said = [text for text in asking.page.texts(".ficha-lugar > p") if text.startswith("Ocupa")]
    if place not in seen:
        assert said == []
        assert NO_DATA in " ".join(asking.page.texts(".ficha-lugar > p"))
        return
    above = sum(value > seen[place] for value in seen.values())
    assert re.match(rf"Ocupa el lugar {above + 1}\.º de {len(seen)} ", said[0])
    tied = sum(value == seen[place] for value in seen.values()) - 1
    assert ("empatado" in said[0]) == bool(tied)
    if tied:
        assert f"con {tied} otro" in said[0]


# ---- the pyramid and literacy ---------------------------------------------------------------------------------------


def territory(asking: Asking, **conditions: str) -> int:
    """Registered in the place in question, from data/source."""
    series = ORACLE.registered(**conditions)
    return int(series[[code.startswith(asking.focus) for code in series.index]].sum())


@of_every_selection
def test_pyramid_sentence_table_and_files_are_the_source(asking: Asking) -> None:
    counts = {age: [territory(asking, sexo=sexo, edad=age) for sexo in SEXES] for age in AGES}
    total = sum(map(sum, counts.values()))
    rows = asking.file("padron_edades", "parquet")
    assert [(row["grupo_edad"], row["mujeres"], row["hombres"], row["empadronados"]) for row in rows] == [
        (age, women, men, women + men) for age, (women, men) in counts.items()
    ]
    written = [
        {"Mujeres": count(women), "Hombres": count(men), "Total": count(women + men)} for women, men in counts.values()
    ]
    for page in (asking.page, asking.accessible):
        table = page.table("#grafica-1-datos table")
        assert [{title: row[title] for title in ("Mujeres", "Hombres", "Total")} for row in table.rows] == written
        bands = {
            band.cssselect(".edad")[0].text: [em.text for em in band.cssselect("em")]
            for band in page.all("#grafica-1-lienzo li:not(.piramide-cabeza)")
        }
        shares = [[per_cent(people, total) for people in pair] for pair in counts.values()]
        assert list(reversed(bands.values())) == shares
        largest = max(counts, key=lambda age: sum(counts[age]))
        people = sum(counts[largest])
        women, men = (sum(pair[side] for pair in counts.values()) for side in (0, 1))
        assert page.texts("#grafica-1-palabras .frase strong") == [
            count(people),
            per_cent(people, total),
            count(women),
            count(men),
        ]
        assert AGES[largest][1] in page.texts("#grafica-1-palabras .frase")[0]


@of_every_selection
def test_literacy_bars_sentence_table_and_files_are_the_source(asking: Asking) -> None:
    counts = {
        sexo: [territory(asking, sexo=sexo, alfabetismo=reading) for reading in ("alfabeta", "analfabeta")]
        for sexo in SEXES
    }
    shares = {sexo: 100 * no / (yes + no) for sexo, (yes, no) in counts.items()}
    written = [per_cent(no, yes + no) for yes, no in counts.values()]
    rows = asking.file("padron_alfabetismo", "parquet")
    assert [(row["sexo"], row["alfabetas"], row["analfabetas"], row["empadronados"]) for row in rows] == [
        (sexo, yes, no, yes + no) for sexo, (yes, no) in counts.items()
    ]
    assert [row["analfabetas_por_ciento"] for row in rows] == [round(shares[row["sexo"]], 1) for row in rows]
    gap = ASKED["brecha-analfabetismo"].write(shares["mujeres"] - shares["hombres"])
    for page in (asking.page, asking.accessible):
        table = page.table("#grafica-2-datos table")
        assert [[row[title] for title in (READ, DO_NOT, "Total", SHARE)] for row in table.rows] == [
            [count(yes), count(no), count(yes + no), share]
            for (yes, no), share in zip(counts.values(), written, strict=True)
        ]
        assert page.texts("#grafica-2-lienzo em") == written
        (women, men), (women_no, men_no) = written, [no for _, no in counts.values()]
        assert page.texts("#grafica-2-palabras .frase strong") == [women, count(women_no), men, count(men_no), gap]


@of_every_selection
def test_bars_without_script_are_as_long_as_their_figures(asking: Asking) -> None:
    table = asking.accessible.table("#grafica-1-datos table")
    people = {row["Edad"]: [number(row[side]) for side in ("Mujeres", "Hombres")] for row in table.rows}
    widest = max(max(pair) for pair in people.values())
    bars = [band.cssselect("i") for band in asking.accessible.all("#grafica-1-lienzo li:not(.piramide-cabeza)")]
    widths = [[round(float(bar.get("data-estilo").split(":")[1].rstrip("%;")), 1) for bar in pair] for pair in bars]
    assert widths == [[round(100 * figure / widest, 1) for figure in pair] for pair in reversed(people.values())]


# ---- the page as a whole ---------------------------------------------------------------------------------------------


@of_every_selection
def test_accessible_page_says_the_same_words(asking: Asking) -> None:
    for css in (
        "#pregunta",
        "#bajo-mapa",
        "#grafica-1-palabras",
        "#grafica-2-palabras",
        "#grafica-1-lienzo",
        ".ficha-lugar",
        ".ranking",
    ):
        assert asking.accessible.texts(css) == asking.page.texts(css), css
    assert asking.accessible.texts("h1") == asking.page.texts("h1")
    assert asking.accessible.one("head title").text == asking.page.one("head title").text


@of_every_selection
def test_live_answer_is_the_page_painted_by_the_server(asking: Asking) -> None:
    assert asking.live == asking.get(asking.address).text


@of_every_selection
def test_what_is_announced_is_what_is_written(asking: Asking) -> None:
    state = asking.page.state
    assert state["lugar"] == asking.query.get("lugar", "") or asking.page.all(".avisos")
    where = ORACLE.names.get(asking.focus, "Guatemala")
    assert where in asking.page.one("head title").text


@of_every_selection
def test_json_file_carries_the_same_sentences(asking: Asking) -> None:
    document = json.loads(asking.content("padron_mapa", "json"))
    assert [" ".join(document["respuesta"][:2]), *document["respuesta"][2:]] == asking.page.words
    assert document["pregunta"] == asking.page.one("h1").text
    assert document["publicacion"] in asking.page.one(".cita").text_content()
