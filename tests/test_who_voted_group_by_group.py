"""Promise: the charts of who voted say what the cube of each election publishes of each group, and nothing of what it hides."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from itertools import pairwise
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from dashboard.figures.measures import Unaskable
from dashboard.figures.turnout import Voted
from dashboard.pages.participacion import WHO_VOTES
from dashboard.render import quien_vota
from dashboard.render.curves import axis, line, pieces, spread
from dashboard.render.files import FORMATS
from dashboard.render.html import to_html
from dashboard.site import Site
from dashboard.views import VIEWS
from dashboard.words import WITHHELD
from etl.release import Release
from tests.checkout_support import Checkout
from tests.release_support import file_of, with_cubes
from tests.site_support import Document
from tests.who_voted_support import (
    DIMENSIONS,
    ELECTIONS,
    FEW,
    SAYS_NOTHING,
    Cube,
    ask,
    askings,
    figures,
    page,
    records,
    same,
    sexo_of,
    with_elections,
)


@pytest.fixture(scope="module")
def folder(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = with_cubes(release_path, published_cubes.current, tmp_path_factory.mktemp("votaron") / "publicacion")
    return with_elections(made, None)


@pytest.fixture(scope="module")
def site(folder: Path) -> Site:
    return Site(Release.open(folder))


@pytest.fixture(scope="module")
def telltale(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same release, whose hidden cells hold a number under their state."""
    made = with_cubes(release_path, published_cubes.current, tmp_path_factory.mktemp("delata") / "publicacion")
    return Site(Release.open(with_elections(made, 4321)))


@pytest.fixture(scope="module")
def cube(folder: Path) -> Cube:
    return Cube(folder)


def test_groups_are_those_of_the_cube(site: Site, cube: Cube) -> None:
    hidden = 0
    for place, election, asked in askings():
        sexo = sexo_of(asked)
        answer = ask(site, "quien_vota_grupos", place, election, asked)
        rows = records(answer)
        for name in DIMENSIONS[1:]:
            expected = cube.by(name, election, place, **sexo)
            own = {row["valor"]: row for row in rows if row["rasgo"] == name}
            assert own.keys() == expected.keys()
            assert all(same(own[value], cell) for value, cell in expected.items())
            rates = [-1 if row["por_cien"] is None else round(row["por_cien"], 1) for row in own.values()]
            assert name == "grupo_edad" or rates == sorted(rates, reverse=True)
            hidden += sum(cell.hidden for cell in expected.values())
        assert [row["valor"] for row in rows if row["rasgo"] == "grupo_edad"] == cube.values["grupo_edad"]
    assert hidden > 20


def test_sentences_of_groups_say_the_whole_and_the_extremes(site: Site, cube: Cube) -> None:
    for place, election, asked in askings():
        sexo = sexo_of(asked)
        answer = ask(site, "quien_vota_grupos", place, election, asked)
        whole = cube.cell(election, place, **sexo)
        said = figures(answer)
        assert whole is not None and said[0] == ([] if whole.hidden else [whole.rate, whole.voters, whole.roll])
        assert (WITHHELD in answer.sentences[0].plain()) == whole.hidden
        extremes = []
        for name in (*DIMENSIONS[1:], *(() if sexo else ("sexo",))):
            found = cube.by(name, election, place, **sexo)
            rates = [
                cell.rate
                for value, cell in found.items()
                if cell.rate is not None and (cell.roll or 0) >= FEW and value not in SAYS_NOTHING
            ]
            extremes += [min(rates), max(rates)] if len(rates) > 1 else []
        assert (said[1] if extremes else []) == extremes


def test_what_the_cube_does_not_cross_is_left_out_and_said(site: Site) -> None:
    uncrossed = "No se publica el cruce de sexo con pueblo"
    told = ask(site, "quien_vota_grupos", "09", "2019-1", {"sexo": "mujeres"})
    assert uncrossed in told.sentences[-1].plain() and not [row for row in records(told) if row["rasgo"] == "pueblo"]
    asked = VIEWS["quien_vota_grupos"].asked({"sexo": "mujeres", "pueblo": "maya"}, site.data)
    assert asked.notices == (f"{uncrossed}: se muestra sin sexo.",)
    for query in ({"sexo": "mujeres", "por": "pueblo"}, {"pueblo": "maya", "por": "sexo"}):
        lines = ask(site, "quien_vota_lineas", "", "", query)
        said = " ".join(item.plain() for item in lines.sentences)
        assert re.search(
            r"No se publica el cruce de (sexo con pueblo|pueblo con sexo): se muestra sin ese filtro\.", said
        )
        assert all(row["empadronados"] for row in records(lines))


def test_ages_of_women_and_men_are_those_of_the_cube(site: Site, cube: Cube) -> None:
    for place, election, asked in askings():
        pyramid, ages = (
            ask(site, view, place, election, asked) for view in ("quien_vota_piramide", "quien_vota_edades")
        )
        sides = {sexo: cube.by("grupo_edad", election, place, sexo=sexo) for sexo in ("mujeres", "hombres")}
        for answer in (pyramid, ages):
            for row in records(answer):
                assert all(same(row, sides[sexo][row["grupo_edad"]], f"_{sexo}") for sexo in sides)
        gaps = {}
        for row in records(ages):
            women, men = (side[row["grupo_edad"]] for side in sides.values())
            known = women.rate is not None and men.rate is not None
            assert row["distancia"] == (women.rate - men.rate if known else None)
            if known and min(women.roll, men.roll) >= FEW:
                gaps[row["grupo_edad"]] = abs(women.rate - men.rate)
        women, men = (cube.cell(election, place, sexo=sexo) for sexo in sides)
        assert women is not None and men is not None
        widest = [max(gaps.values())] if gaps else []
        if women.hidden or men.hidden:
            assert [figures(each)[0] for each in (ages, pyramid)] == [[], []]
            assert all(WITHHELD in each.sentences[0].plain() for each in (ages, pyramid))
            continue
        assert [abs(value) for value in figures(ages)[0]] == [women.rate, men.rate, *widest]
        assert figures(pyramid)[0] == [women.roll, men.roll, women.voters, men.voters]


def test_the_sentence_of_the_country_is_the_one_promised(site: Site, cube: Cube) -> None:
    women, men = (cube.cell("2015-1", "", sexo=sexo) for sexo in ("mujeres", "hombres"))
    assert women is not None and men is not None
    first = ask(site, "quien_vota_edades", "", "2015-1", {}).sentences[0].plain()
    assert first.startswith(
        f"En el país, en 2015 votaron {women.rate:.1f} de cada 100 mujeres y {men.rate:.1f} de cada 100 hombres; la distancia "
    )


def test_distances_and_lines_go_from_election_to_election(site: Site, cube: Cube) -> None:
    for place, _, asked in askings():
        gaps = ask(site, "quien_vota_brechas", place, "", {})
        for row in records(gaps):
            election, age = row["eleccion_codigo"], row["grupo_edad"]
            for sexo in ("mujeres", "hombres"):
                cell = cube.cell(election, place, sexo=sexo, grupo_edad=age)
                assert cell is not None and same(row, cell, f"_{sexo}")
        rates = [[cube.cell(code, place, sexo=sexo).rate for sexo in ("mujeres", "hombres")] for code in ELECTIONS]
        whole = [women - men for women, men in rates if women is not None and men is not None]
        assert figures(gaps)[0] == ([whole[0], whole[-1]] if len(whole) > 1 else whole)
        lines = ask(site, "quien_vota_lineas", place, "", asked)
        trait = next((name for name in DIMENSIONS[1:] if asked.get({"grupo_edad": "edad"}.get(name, name))), "sexo")
        by = {"edad": "grupo_edad"}.get(asked.get("por", ""), asked.get("por")) or trait
        group = {} if by == "sexo" else sexo_of(asked)
        group |= {trait: asked[trait]} if by == "sexo" and trait != "sexo" else {}
        own = {(row["valor"], row["eleccion_codigo"]): row for row in records(lines)}
        for election in ELECTIONS:
            for value, cell in cube.by(by, election, place, **group).items():
                assert same(own[value, election], cell)
        first, last = (cube.cell(code, place, **group) for code in (ELECTIONS[0], ELECTIONS[-1]))
        if first.rate is not None and last.rate is not None:
            assert figures(lines)[0] == [first.rate, last.rate]


def test_what_a_hidden_cell_holds_changes_nothing_anywhere(site: Site, telltale: Site) -> None:
    """Words, rows, figures, drawings and files are the same whatever is stored under a state that hides it."""
    for place, election, asked in askings():
        for view in WHO_VOTES:
            first, second = (ask(each, view, place, election, asked) for each in (site, telltale))
            assert (first.rows, first.sentences, first.figure) == (second.rows, second.sentences, second.figure)
            drawn = [to_html(quien_vota.PICTURES[answer.kind](answer.facts)) for answer in (first, second)]
            assert drawn[0] == drawn[1]
            names = [each.data.release.id.encode() for each in (site, telltale)]
            assert file_of(first, "csv") == file_of(second, "csv").replace(names[1], names[0])


def test_confidential_is_a_dotted_piece_of_one_size_and_a_word(site: Site) -> None:
    found = 0
    for place, election, asked in askings():
        for view in WHO_VOTES:
            answer = ask(site, view, place, election, asked)
            drawn = to_html(quien_vota.PICTURES[answer.kind](answer.facts))
            for piece in drawn.split('<s class="pieza-conf"')[1:]:
                found += 1
                assert "width" not in piece.split(">")[0] and "height" not in piece.split(">")[0]
            hidden = any(WITHHELD in row for row in answer.rows)
            assert ("confidencial" in drawn or view == "quien_vota_brechas") == hidden or not hidden
            said = WITHHELD in " ".join(item.plain() for item in answer.sentences)
            whole = getattr(answer.facts, "whole", ())  # of all of them, which has no row of its own
            unsaid = any(item.hidden for item in ((whole,) if isinstance(whole, Voted) else whole))
            assert (said or not hidden) and (hidden or unsaid or not said)
    assert found > 50


def test_a_line_is_cut_where_a_figure_is_hidden(site: Site) -> None:
    answer = ask(site, "quien_vota_edades", "", "2023-1", {})
    assert [row["mujeres"] for row in answer.figure][-1] is None
    drawn = Document(to_html(quien_vota.PICTURES["edades"](answer.facts)))
    points = {name: len(drawn.all(f".trazo b.marca-punto.{name}")) for name in ("mujeres", "hombres")}
    assert points == {"mujeres": len(answer.figure) - 1, "hombres": len(answer.figure)}
    assert len(drawn.all(".fila-conf .pieza-conf")) == 1


def test_an_election_without_figures_keeps_its_place(site: Site) -> None:
    for view in ("quien_vota_brechas", "quien_vota_lineas"):
        answer = ask(site, view, "", "", {})
        drawn = Document(to_html(quien_vota.PICTURES[answer.kind](answer.facts)))
        assert [frame.text_content() for frame in drawn.all(".sin-eleccion")] != []
        assert "De 2007 y 2011 no hay cifras publicadas de quiénes votaron." in answer.sentences[-1].plain()


def test_every_file_is_the_table(site: Site) -> None:
    for view in WHO_VOTES:
        answer = ask(site, view, "0901", "2019-1", {"sexo": "mujeres"})
        names = [column.field.name for column in answer.columns]
        text = csv.DictReader(io.StringIO(file_of(answer, "csv").decode()))
        document = json.loads(file_of(answer, "json"))
        sheet = openpyxl.load_workbook(io.BytesIO(file_of(answer, "xlsx")), read_only=True).worksheets[0]
        parquet = pq.read_table(io.BytesIO(file_of(answer, "parquet"))).select(names).to_pylist()
        rows = [[round(value, 1) + 0.0 if isinstance(value, float) else value for value in row] for row in answer.rows]
        assert [[row[name] for name in names] for row in parquet] == rows
        assert [[row[name] for name in names] for row in document["filas"]] == rows
        assert document["respuesta"] == [item.plain() for item in answer.sentences]
        assert sheet.max_row == len(answer.rows) + 1
        for row, values in zip(text, rows, strict=True):
            assert [row[name] for name in names] == ["" if value is None else str(value) for value in values]


@pytest.mark.parametrize("accessible", [False, True])
def test_the_page_shows_the_five_questions(site: Site, accessible: bool) -> None:
    document = page(
        site, accessible, eleccion="2019-1", sexo="mujeres", pueblo="maya", lugar="0901", indicador="votaron"
    )
    sections = document.all(".quien-vota")
    assert [section.get("id") for section in sections] == list(WHO_VOTES)
    for section, view in zip(sections, WHO_VOTES, strict=True):
        answer = ask(site, view, "0901", "2019-1", {"sexo": "mujeres", "pueblo": "maya"})
        assert section.cssselect("h2")[0].text_content() == answer.question
        assert [item.text_content() for item in section.cssselect(".frase")] == [
            item.plain() for item in answer.sentences
        ]
        assert len(section.cssselect("tbody tr")) == len(answer.rows)
        assert len(section.cssselect(".archivos-vista a")) == len(FORMATS) + 3
        assert ("open" in section.cssselect("details.datos")[0].attrib) == accessible


def test_pages_say_of_which_day_the_ages_are_as_the_release_does(site: Site) -> None:
    told = site.data.table("participacion_cubo").field("grupo_edad").description
    assert "el día de la primera vuelta de la elección" in told
    note = f"Edad: {told[0].lower()}{told[1:]}"
    for view in WHO_VOTES:
        assert note in ask(site, view, "0901", "2019-1", {}).notes
    for query, wanted in (({"edad": "18_25"}, True), ({"pueblo": "maya"}, False)):
        asked = VIEWS["participacion_mapa"].asked({"indicador": "votaron", "eleccion": "2019-1", **query}, site.data)
        assert (note in site.answer("participacion_mapa", asked.selection).notes) == wanted


def test_an_election_nobody_was_counted_in_is_told(site: Site) -> None:
    document = page(site, True, indicador="validos-por-100", eleccion="2011-1")
    assert "no se sabe quiénes votaron: se muestra 2023" in document.one(".quienes-votan").text_content()


def test_without_cubes_the_page_has_none_of_it(release_path: Path) -> None:
    plain = Site(Release.open(release_path))
    assert page(plain, True).all(".quien-vota, .quienes-votan") == []
    for view in WHO_VOTES:
        with pytest.raises(Unaskable):
            plain.answer(view, VIEWS[view].asked({}, plain.data).selection)


def test_labels_keep_apart_and_lines_stay_in_their_box() -> None:
    chance = random.Random(9)
    for _ in range(300):
        tops = [chance.uniform(0, 100) for _ in range(chance.randint(1, 12))]
        placed = spread(tops, 5)
        ordered = [place for _, place in sorted(zip(tops, placed, strict=True))]
        assert all(after - before >= 5 - 1e-9 for before, after in pairwise(ordered))
        assert min(placed) >= 0 and max(placed) <= 100 + 1e-9
        scale = axis([chance.choice([0, 100, chance.uniform(0, 100)]) for _ in range(chance.randint(0, 3))], 0, 100)
        assert 0 <= scale.low < scale.high <= 100 and scale.ticks[0] == scale.low and scale.ticks[-1] == scale.high
    assert pieces([(0, 0), None, (1, 1), (2, 2)]) == [[(0, 0)], [(1, 1), (2, 2)]]
    assert line([(0, 50), (100, 0)], 2).startswith("clip-path:polygon(calc(0.00% + -1px)")
