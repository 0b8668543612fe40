"""Promise: one question, one answer, many faces. Picture, sentence, ranking, table, files and accessible page say the same.

Every view is compared over more than fifty selections, all faces are read from the wire, and the figures are worked
out again from data/source by tests/figures_support.py, so that agreeing on a mistake does not pass. A test looks at every
selection, each read once, and names the ones that fail. Of the four formats of a file, Parquet is read for each of them
and another by turns, so that every pair of a format and what is asked is there.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from tests.figures_support import AGES, ASKED, NO_DATA, ORACLE, READING, SEXES, count, per_cent
from tests.site_support import (
    FORMATS,
    ON_THE_MAP_PAGE,
    Asking,
    Document,
    another_format,
    dash_tree,
    differing_cells,
    html_tree,
    joined,
    number,
    selections,
)

SELECTIONS = selections()
RANKED = 6
FIRST_ROWS = 25
READ, DO_NOT, SHARE = "Leen y escriben", "No leen ni escriben", "No leen ni escriben (%)"
LIVE_BLOCKS = (
    "pregunta",
    "bajo-mapa",
    "lateral",
    "grafica-1-palabras",
    "grafica-1-lienzo",
    "grafica-1-datos",
    "grafica-2-palabras",
    "grafica-2-lienzo",
    "grafica-2-datos",
    "tabla",
    "mas",
    "descargas",
)


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def askings(client: httpx.Client) -> list[Asking]:
    return [Asking(client, query) for query in SELECTIONS]


def of_every_selection(check: Callable[[Asking], None]) -> Callable[[list[Asking]], None]:
    """`check` as a test of all selections, which says where it fails."""

    def test(askings: list[Asking]) -> None:
        wrong: list[tuple[str, AssertionError]] = []
        for asking in askings:
            try:
                check(asking)
            except AssertionError as error:
                wrong.append((asking.address, error))
        if wrong:
            where = "\n".join(address for address, _ in wrong)
            raise AssertionError(f"{len(wrong)} of {len(askings)} selections:\n{where}") from wrong[0][1]

    test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
    return test


def formats_of(asking: Asking, view: str) -> tuple[str, str]:
    """The two formats in which the file of a view is read for a selection."""
    return "parquet", another_format(SELECTIONS.index(asking.query) + ON_THE_MAP_PAGE.index(view))


def test_the_sample_leaves_no_value_out() -> None:
    assert len({urlencode(query) for query in SELECTIONS}) == len(SELECTIONS) >= 50
    assert len([query for query in SELECTIONS if "lugar" in query]) >= 50  # the card of a place is a view too
    used = {name: {query.get(name) for query in SELECTIONS} for name in ("indicador", "edad", "sexo", "alfabetismo")}
    assert used["indicador"] == set(ASKED)
    assert used["edad"] >= set(AGES) and used["sexo"] >= set(SEXES) and used["alfabetismo"] >= set(READING)
    assert {query.get("departamento") for query in SELECTIONS} >= set(ORACLE.departamentos)


def test_every_format_is_read_for_every_value_and_every_view(askings: list[Asking]) -> None:
    asked = {pair for query in SELECTIONS for pair in query.items() if pair[0] not in ("departamento", "lugar")}
    asked |= {(name, "") for name in ("departamento", "lugar")}
    read = {
        (suffix, view, name, "" if name in ("departamento", "lugar") else value)
        for asking in askings
        for view in ON_THE_MAP_PAGE
        for suffix in formats_of(asking, view)
        for name, value in asking.query.items()
    }
    assert {(suffix, *pair) for suffix, _, *pair in read} == {(suffix, *pair) for suffix in FORMATS for pair in asked}
    assert {(suffix, view) for suffix, view, *_ in read} == {(s, view) for s in FORMATS for view in ON_THE_MAP_PAGE}


# ---- the map --------------------------------------------------------------------------------------------------------


def expected_map(asking: Asking) -> dict[str, str]:
    """Figure as written by code, from the highest to the lowest, worked out from data/source."""
    figures = ORACLE.figures(asking.indicador, asking.group, asking.codes)
    write = ASKED[asking.indicador].write
    return {code: write(figures[code]) for code in ORACLE.ranked(asking.indicador, figures)}


@of_every_selection
def test_map_paint_is_what_the_source_says(asking: Asking) -> None:
    paint = asking.page.state["pintura"]
    assert {code: text for code, (_, text) in paint.items()} == expected_map(asking)
    assert [code for code, (klass, _) in paint.items() if klass < 0] == [
        code for code, text in expected_map(asking).items() if text == NO_DATA
    ]


@of_every_selection
def test_legend_words_hold_every_figure_of_their_colour(asking: Asking) -> None:
    limits = legend_limits(asking.page)
    for code, (klass, text) in asking.page.state["pintura"].items():
        if klass >= 0:
            low, high = limits[klass]
            assert low <= number(text) < high, f"{code} says {text} and wears the colour of {low} to {high}"
    assert bool(asking.page.all(".leyenda .sin-dato")) == (NO_DATA in expected_map(asking).values())


def legend_limits(page: Document) -> dict[int, tuple[float, float]]:
    """Lower and upper limit by class, read from the legend's words; they must leave no gap."""
    found = {}
    for item in page.all(".leyenda li:not(.sin-dato)"):
        words, klass = item.text_content(), int(item.get("class")[1:])
        if match := re.fullmatch(r"menos de (.+)", words):
            found[klass] = (-math.inf, number(match[1]))
        elif match := re.fullmatch(r"(.+) o más", words):
            found[klass] = (number(match[1]), math.inf)
        elif words == "todos":
            found[klass] = (-math.inf, math.inf)
        else:
            low, high = words.split(" a ")
            found[klass] = (number(low), number(high))
    classes = sorted(found)
    assert all(found[a][1] == found[b][0] for a, b in pairwise(classes)), found
    return found


@of_every_selection
def test_painted_picture_of_the_accessible_page_is_the_same_paint(asking: Asking) -> None:
    state = asking.page.state
    prefix = "d" if state["paleta"] == "divergente" else "q"
    expected = sorted(
        (f"{ORACLE.names[code]}: {text}", "sin-dato" if klass < 0 else f"{prefix}{klass}")
        for code, (klass, text) in state["pintura"].items()
    )
    layer = "departamentos" if asking.query.get("ver") == "departamento" else "municipios"
    painted = asking.accessible.all(f"#mapa svg .{layer} path")
    assert sorted((path.findtext("title"), path.get("class")) for path in painted if len(path)) == expected
    assert {path.get("class") for path in painted if not len(path)} <= {"fuera"}
    legend = [item.get("class") for item in asking.accessible.all(".leyenda li")]
    assert {klass for _, klass in expected} <= set(legend)
    chosen = asking.accessible.all("#mapa svg .encima .elegido")
    assert len(chosen) == ("lugar" in asking.query)


@of_every_selection
def test_sentences_say_the_figures_of_the_source(asking: Asking) -> None:
    asked, figures = ASKED[asking.indicador], expected_map(asking)
    known = [(code, text) for code, text in figures.items() if text != NO_DATA]
    lead = ORACLE.said(asking.indicador, asking.group, asking.scope)
    spread = [known[-1][1], known[0][1]] if len(known) > 1 else []
    assert asking.page.texts("#pregunta .respuesta strong") == lead + spread
    answer = asking.page.texts("#pregunta .respuesta")[0]
    if spread:
        low, high = (ORACLE.names[code] for code in (known[-1][0], known[0][0]))
        assert re.search(rf"va de {re.escape(spread[0])} en {low}\b.* a {re.escape(spread[1])} en {high}\b", answer)

    striking = [text for _, text in known if asked.stands_out and asked.stands_out(number(text))]
    missing = len(figures) - len(known)
    counted = [number_of_places(len(group), asking) for group in (striking, range(missing)) if len(group)]
    assert asking.page.texts("#pregunta .hallazgo strong") == counted


def number_of_places(amount: int, asking: Asking) -> str:
    """«1 municipio», «22 departamentos»."""
    word = "departamento" if asking.query.get("ver") == "departamento" else "municipio"
    return f"{amount:,} {word}" + ("" if amount == 1 else "s")


@of_every_selection
def test_what_stands_out_names_the_most_striking(asking: Asking) -> None:
    stands_out = ASKED[asking.indicador].stands_out
    striking = [
        (c, t) for c, t in expected_map(asking).items() if t != NO_DATA and stands_out and stands_out(number(t))
    ]
    findings = [text for text in asking.page.texts("#pregunta .hallazgo") if ": " in text and "publicado" not in text]
    if not striking or not findings:
        return
    if not stands_out(math.inf):  # the lower, the more striking
        striking.reverse()
    assert f"{ORACLE.names[striking[0][0]]}" in findings[0].split(": ")[1].split(")")[0]
    assert striking[0][1] in findings[0].split(": ")[1].split(")")[0]


@of_every_selection
def test_ranking_is_the_head_and_the_tail_of_the_map(asking: Asking) -> None:
    known = [(code, text) for code, text in expected_map(asking).items() if text != NO_DATA]
    expected = [known[:RANKED], known[RANKED:][-RANKED:][::-1]]
    for page in (asking.page, asking.accessible):
        lists = [
            [(item.cssselect("a")[0].get("data-lugar"), item.cssselect("b")[0].text) for item in ol.cssselect("li")]
            for ol in page.all(".ranking ol")
        ]
        assert lists == [entries for entries in expected if entries]


@of_every_selection
def test_table_is_the_map_row_by_row(asking: Asking) -> None:
    figures = expected_map(asking)
    whole = asking.accessible.table("#tabla table")
    assert whole.codes == list(figures)
    assert whole.column(ASKED[asking.indicador].column) == list(figures.values())
    assert whole.column(name_title(asking)) == [ORACLE.names[code] for code in figures]
    assert whole.column("Departamento") == [ORACLE.names[code[:2]] for code in figures]
    first = asking.page.table("#tabla table")
    assert first.header == whole.header
    assert first.rows == (whole.rows if len(figures) <= FIRST_ROWS else whole.rows[:FIRST_ROWS])


def name_title(asking: Asking) -> str:
    """The title over the names of the places."""
    return "Departamento" if asking.query.get("ver") == "departamento" else "Municipio"


@of_every_selection
def test_table_shows_the_parts_its_figure_is_made_of(asking: Asking) -> None:
    """Anyone with a pencil can check a row: its parts are there and are those of the source."""
    table = asking.accessible.table("#tabla table")
    names_and_figure = {"Municipio", "Departamento", ASKED[asking.indicador].column}
    for code, row in zip(table.codes, table.rows, strict=True):
        parts = ORACLE.parts(asking.indicador, asking.group, code)
        if asking.indicador != "empadronados":
            cells = [text for title, text in row.items() if title not in names_and_figure]
            assert sorted(cells) == sorted(count(value) for value in parts.values())


@of_every_selection
def test_every_file_of_the_map_is_the_table(asking: Asking) -> None:
    table = asking.accessible.table("#tabla table")
    exact = ORACLE.figures(asking.indicador, asking.group, asking.codes)
    key = "codigo_departamento" if asking.query.get("ver") == "departamento" else "codigo_municipio"
    for suffix in formats_of(asking, "padron_mapa"):
        rows = asking.file("padron_mapa", suffix)
        assert [row[key] for row in rows] == table.codes, suffix
        for row in rows:
            assert same_value(row["valor"], exact[row[key]]), f"{suffix} {row[key]}"


def same_value(published: object, expected: float | None) -> bool:
    """Whether a file's cell is the exact figure; not published is an empty cell, never a zero."""
    if expected is None:
        return published in (None, "")
    return published not in (None, "") and math.isclose(float(published), expected, rel_tol=1e-12, abs_tol=1e-12)


@of_every_selection
def test_the_four_formats_hold_the_same_cells(asking: Asking) -> None:
    for view in ON_THE_MAP_PAGE:
        assert asking.file(view, "parquet"), f"{view} without rows"
        assert differing_cells(asking, view, formats_of(asking, view)[1]) == [], view


CONTEXT = {"edad": "grupo_edad"}
NOTHING_ASKED = {"departamento": "todos", "lugar": "ninguno", "sexo": "todos", "edad": "todos", "alfabetismo": "todos"}


@of_every_selection
def test_files_say_what_was_asked_and_where_it_comes_from(asking: Asking) -> None:
    """The file of a view is asked what the view takes of what was asked, and each row says it, and what was not asked."""
    for view in ON_THE_MAP_PAGE:
        asked = dict(parse_qsl(urlsplit(asking.link(view, "parquet")).query))
        assert asked.items() <= asking.query.items(), view
        for row in asking.file(view, "parquet"):
            said = {name: value for name, value in row.items() if name.startswith("consulta_")}
            expected = {
                f"consulta_{CONTEXT.get(name, name)}": asked.get(name, nothing)
                for name, nothing in (NOTHING_ASKED | {"indicador": "", "ver": "municipio"}).items()
            }
            assert said.items() <= expected.items(), view
            assert {f"consulta_{CONTEXT.get(name, name)}" for name in asked} <= said.keys(), view
            assert all(row[name] for name in ("fuente", "corte", "confianza", "licencia", "publicacion"))


@of_every_selection
def test_the_file_of_the_map_is_asked_all_that_the_map_shows(asking: Asking) -> None:
    for view, apart in (("padron_mapa", "lugar"), ("padron_lugar", "ver")):
        asked = dict(parse_qsl(urlsplit(asking.link(view, "csv")).query))
        assert asked == {name: value for name, value in asking.query.items() if name != apart}, view


# ---- the chosen place -----------------------------------------------------------------------------------------------


@of_every_selection
def test_card_of_a_place_is_its_map_its_file_and_the_source(asking: Asking) -> None:
    rows = asking.file("padron_lugar", "parquet")
    by_line: dict[str, list[dict]] = {}
    for position, row in enumerate(rows):
        territories = len({item["codigo"] for item in rows})
        by_line.setdefault(f"{position // territories}", []).append(row)
    for position, line in enumerate(by_line.values()):
        group = asking.group if position == 0 else {}
        for row in line:
            name = row["indicador"]
            exact = ORACLE.figures(name, group, [row["codigo"]])[row["codigo"]]
            assert same_value(row["valor"], exact)
            assert row["cifra"] == ASKED[name].write(exact)
    if "lugar" not in asking.query:
        assert not asking.page.all(".ficha-lugar")
        return
    for page in (asking.page, asking.accessible):
        table = page.table(".ficha-lugar table")
        cards = [{card_title(row, asking): row["cifra"] for row in line} for line in by_line.values()]
        assert [{title: text for title, text in row.items() if title != "Indicador"} for row in table.rows] == cards
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
    asked, figures = ASKED[asking.indicador], ORACLE.figures(asking.indicador, asking.group, peers)
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
def test_drawn_pyramid_is_the_table(asking: Asking) -> None:
    table = asking.page.table("#grafica-1-datos table")
    total = sum(map(number, table.column("Total")))
    for theme in ("claro", "oscuro"):
        women, men = asking.page.state["graficas"]["grafica-1"][theme]["data"]
        for side, column, sign in ((women, "Mujeres", -1), (men, "Hombres", 1)):
            figures = [number(text) for text in table.column(column)]
            assert side["x"] == [sign * figure for figure in figures]
            assert side["customdata"] == table.column(column)
            assert side["text"] == [per_cent(figure, total) for figure in figures]
            assert [label.split()[0] for label in side["y"]] == [age.split()[0] for age in table.column("Edad")]


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
    assert all(math.isclose(row["analfabetas_por_ciento"], shares[row["sexo"]]) for row in rows)
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
def test_drawn_literacy_is_the_table(asking: Asking) -> None:
    table = asking.page.table("#grafica-2-datos table")
    for theme in ("claro", "oscuro"):
        (bars,) = asking.page.state["graficas"]["grafica-2"][theme]["data"]
        assert bars["text"] == table.column(SHARE)
        assert bars["customdata"] == [[row[DO_NOT], row["Total"]] for row in table.rows]
        assert [f"{value:.1f}" for value in bars["x"]] == [f"{number(text):.1f}" for text in table.column(SHARE)]


@of_every_selection
def test_bars_without_script_are_as_long_as_their_figures(asking: Asking) -> None:
    table = asking.accessible.table("#grafica-1-datos table")
    people = {row["Edad"]: [number(row[side]) for side in ("Mujeres", "Hombres")] for row in table.rows}
    widest = max(max(pair) for pair in people.values())
    bars = [band.cssselect("i") for band in asking.accessible.all("#grafica-1-lienzo li:not(.piramide-cabeza)")]
    widths = [[round(float(bar.get("style").split(":")[1].rstrip("%;")), 1) for bar in pair] for pair in bars]
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
    for block in LIVE_BLOCKS:
        assert joined(dash_tree(asking.live[block])) == joined(html_tree(asking.page.one(f"#{block}"))), block
    assert asking.live["estado"] == asking.page.state | {"pedida": asking.address}


@of_every_selection
def test_what_is_announced_is_what_is_written(asking: Asking) -> None:
    state = asking.page.state
    assert asking.page.words[0].startswith(state["anuncio"])
    assert state["titulo"] == asking.page.one("head title").text
    where = ORACLE.names.get(asking.focus, "Guatemala")
    assert where in state["titulo"]


@of_every_selection
def test_json_file_carries_the_same_sentences(asking: Asking) -> None:
    document = json.loads(asking.content("padron_mapa", "json"))
    assert [" ".join(document["respuesta"][:2]), *document["respuesta"][2:]] == asking.page.words
    assert document["pregunta"] == asking.page.one("h1").text
    assert document["publicacion"] in asking.page.one(".cita").text_content()
