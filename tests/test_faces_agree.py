"""Promise: one question, one answer, many faces. Picture, sentence, ranking, table, files and accessible page say the same.

Every view is compared over more than fifty selections, all faces are read from the wire, and the figures are worked
out again from data/source by tests/figures_support.py, so that agreeing on a mistake does not pass. A test looks at every
selection, each read once, and names the ones that fail. Of the four formats of a file, Parquet is read for each of them
and another by turns, so that every pair of a format and what is asked is there.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.figures_support import AGES, ASKED, NO_DATA, ORACLE, READING, SEXES, asked_by, count
from tests.selections_support import (
    FIRST_ROWS,
    RANKED,
    SELECTIONS,
    expected_map,
    expected_ranking,
    formats_of,
    of_every_selection,
    same_value,
)
from tests.site_support import (
    FORMATS,
    ON_THE_MAP_PAGE,
    Asking,
    Document,
    differing_cells,
    number,
)


def test_the_sample_leaves_no_value_out() -> None:
    assert len({urlencode(query) for query in SELECTIONS}) == len(SELECTIONS) >= 50
    assert len([query for query in SELECTIONS if "lugar" in query]) >= 50  # the card of a place is a view too
    used = {name: {query.get(name) for query in SELECTIONS} for name in ("edad", "sexo", "alfabetismo")}
    assert {asked_by(query) for query in SELECTIONS} == set(ASKED)
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
    counted = {int(item.get("class")[1:]): item for item in asking.page.all(".histograma li")}
    shown = [klass for klass, _ in asking.page.state["pintura"].values()]
    for klass, item in counted.items():
        assert number(item.cssselect("small")[0].text) == shown.count(klass)


def legend_limits(page: Document) -> dict[int, tuple[float, float]]:
    """Lower and upper limit by class, read from the legend's words; they must leave no gap."""
    found = {}
    for item in page.all(".histograma li"):
        words, klass = item.cssselect("span")[0].text, int(item.get("class")[1:])
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
    asked, figures = ASKED[asking.asked], expected_map(asking)
    known, ranked = [(code, text) for code, text in figures.items() if text != NO_DATA], expected_ranking(asking)
    lead = ORACLE.said(asking.asked, asking.group, asking.scope)
    spread = [ranked[-1][1], ranked[0][1]] if len(ranked) > 1 else []
    assert asking.page.texts("#pregunta .respuesta strong") == lead + spread
    answer = asking.page.texts("#pregunta .respuesta")[0]
    if spread:
        low, high = (ORACLE.names[code] for code in (ranked[-1][0], ranked[0][0]))
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
    stands_out = ASKED[asking.asked].stands_out
    striking = [
        (c, t) for c, t in expected_map(asking).items() if t != NO_DATA and stands_out and stands_out(number(t))
    ]
    findings = [text for text in asking.page.texts("#pregunta .hallazgo") if ": " in text and "publicado" not in text]
    if not striking or not findings:
        return
    if not stands_out(math.inf):  # the lower, the more striking
        striking.reverse()
    striking = [item for item in striking if item in expected_ranking(asking)] or striking
    assert f"{ORACLE.names[striking[0][0]]}" in findings[0].split(": ")[1].split(")")[0]
    assert striking[0][1] in findings[0].split(": ")[1].split(")")[0]


@of_every_selection
def test_ranking_is_the_head_and_the_tail_of_the_map(asking: Asking) -> None:
    ranked = expected_ranking(asking) if len(expected_ranking(asking)) > 1 else []
    expected = [ranked[:RANKED], ranked[RANKED:][-RANKED:][::-1]]
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
    assert whole.column(ASKED[asking.asked].column) == list(figures.values())
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
    names_and_figure = {"Municipio", "Departamento", ASKED[asking.asked].column}
    for code, row in zip(table.codes, table.rows, strict=True):
        parts = ORACLE.parts(asking.asked, asking.group, code)
        if asking.indicador != "empadronados":
            cells = [text for title, text in row.items() if title not in names_and_figure]
            assert sorted(cells) == sorted(count(value) for value in parts.values())


@of_every_selection
def test_every_file_of_the_map_is_the_table(asking: Asking) -> None:
    table = asking.accessible.table("#tabla table")
    shown = table.column(ASKED[asking.asked].column)
    key = "codigo_departamento" if asking.query.get("ver") == "departamento" else "codigo_municipio"
    for suffix in formats_of(asking, "padron_mapa"):
        rows = asking.file("padron_mapa", suffix)
        assert [row[key] for row in rows] == table.codes, suffix
        for row, text in zip(rows, shown, strict=True):  # as a reader sees it, with as many decimals
            assert same_value(as_shown(row["valor"], text), number(text)), f"{suffix} {row[key]}"


def as_shown(value: object, text: str) -> object:
    """A figure of a file with as many decimals as a reader sees in `text`."""
    decimals = len(text.partition(".")[2].rstrip("%").strip())
    return value if value in (None, "") else round(float(str(value)), decimals)


@of_every_selection
def test_the_four_formats_hold_the_same_cells(asking: Asking) -> None:
    for view in ON_THE_MAP_PAGE:
        assert asking.file(view, "parquet"), f"{view} without rows"
        assert differing_cells(asking, view, formats_of(asking, view)[1]) == [], view


CONTEXT = {"edad": "grupo_edad"}
NOTHING_ASKED = {
    "eleccion": "ninguna",
    "departamento": "todos",
    "lugar": "ninguno",
    "sexo": "todos",
    "edad": "todos",
    "alfabetismo": "todos",
    "frente": "ninguno",
}


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
            assert all(row[name] for name in ("clave_fuente", "corte", "confianza", "licencia", "publicacion"))


@of_every_selection
def test_the_file_of_the_map_is_asked_all_that_the_map_shows(asking: Asking) -> None:
    for view, apart in (("padron_mapa", "lugar"), ("padron_lugar", "ver")):
        asked = dict(parse_qsl(urlsplit(asking.link(view, "csv")).query))
        assert asked == {name: value for name, value in asking.query.items() if name != apart}, view
