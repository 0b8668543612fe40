"""Promise: a map can be asked for any group that the cubes of a release cross, and for no other. Each figure is what the cube
publishes of that group, of the election and of the cut-off asked for; one with a confidential part is confidential."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from dashboard.address.selection import MAPS, URL_NAMES, Selection
from dashboard.address.vocabulary import DEPARTAMENTO, EVERYONE, Group, Offer
from dashboard.figures.cells import cells
from dashboard.figures.elections import elections, in_election
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.indicators.participacion import VOTERS
from dashboard.view import Answer, answer
from dashboard.views import VIEWS
from dashboard.words import WITHHELD
from etl.model import TOTAL
from etl.release import Release
from tests.checkout_support import Checkout
from tests.release_support import with_cubes

SEED, EACH = 1605, 60
HIDDEN = ("confidencial", "no_tabulada")
#: People whom the registry counts by departamento and not by municipio.
MEN_KICHE = {"sexo": "hombres", "comunidad_linguistica": "kiche"}
BY_DEPARTAMENTO = {"ver": DEPARTAMENTO}
#: What each indicator is, from the counts of its group, of everybody and of the group that it is set against.
FORMULAS = {
    "votaron": lambda c: c.share(c.voters, c.roll),
    "abstencion": lambda c: c.share(c.less(c.roll, c.voters), c.roll),
    "votantes": lambda c: c.voters,
    "padron-eleccion": lambda c: c.roll,
    "parte-votantes": lambda c: c.share(c.voters, c.all_voters),
    "brecha-participacion": lambda c: c.less(c.share(c.voters, c.roll), c.share(c.other_voters, c.other_roll)),
    "brecha-votantes": lambda c: c.less(c.voters, c.other_voters),
    "empadronados": lambda c: c.roll,
    "parte": lambda c: c.share(c.roll, c.all_roll),
    "brecha": lambda c: c.less(c.share(c.roll, c.all_roll), c.share(c.other_roll, c.all_roll)),
    "brecha-personas": lambda c: c.less(c.roll, c.other_roll),
}
VOTED = [name for name in FORMULAS if name not in ("empadronados", "parte", "brecha", "brecha-personas")]


@dataclass(frozen=True)
class Counts:
    """What a cube publishes of one place; None when it does not."""

    roll: float | None
    voters: float | None
    all_roll: float | None
    all_voters: float | None
    other_roll: float | None
    other_voters: float | None

    @staticmethod
    def share(part: float | None, whole: float | None) -> float | None:
        return 100 * part / whole if part is not None and whole else None

    @staticmethod
    def less(first: float | None, second: float | None) -> float | None:
        return None if first is None or second is None else first - second


class Cube:
    """A cube of the release, read by itself."""

    def __init__(self, release: Release, name: str) -> None:
        self.frame = pd.read_parquet(release.table(name))
        crossed = {column for cross in release.tables[name].crosses for column in cross}
        self.dimensions = sorted(crossed - {"codigo_departamento", "codigo_municipio"})

    def of(self, group: Group, eleccion: str = "") -> dict[str, tuple[float | None, float | None]]:
        """(on the roll, voters) of a group by the code of the place; a count that is not published is None."""
        asked, found = group.conditions(), self.frame
        for name in self.dimensions:
            found = found[found[name] == asked.get(name, TOTAL)]
        if eleccion:
            found = found[found["eleccion"] == eleccion]
        if "fecha_corte" in found:
            found = found[found["fecha_corte"] == found["fecha_corte"].max()]
        counts = {}
        for row in found.to_dict("records"):
            code = row["codigo_municipio"] if row["codigo_municipio"] != TOTAL else row["codigo_departamento"]
            said = (row["empadronados"], row.get("votantes"))
            counts["" if code == TOTAL else code] = tuple(None if pd.isna(item) else item for item in said)
        return counts


@pytest.fixture(scope="module")
def release(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The real release and, beside it, the cubes of some invented people."""
    folder = tmp_path_factory.mktemp("con_cubos") / "publicacion"
    return Release.open(with_cubes(release_path, published_cubes.current, folder))


@pytest.fixture(scope="module")
def data(release: Release) -> Data:
    return Data(release)


def asked(data: Data, topic: str, query: dict[str, str]) -> tuple[Selection, tuple[str, ...]]:
    found = MAPS.asked(query, offer(data, topic))
    return found.selection, found.notices


def selections(offered: Offer, names: list[str]) -> Iterator[dict[str, str]]:
    """Random questions that can be honoured: an indicator, a sexo, a trait that is crossed with it, a level."""
    chance = random.Random(SEED)
    for turn in range(EACH):
        name = names[turn % len(names)]
        query = {"indicador": name, "ver": chance.choice(["municipio", DEPARTAMENTO])}
        traits = [column for column in offered.groups if column != "sexo" and offered.crosses(name, ("sexo", column))]
        for column in [*chance.sample(["sexo"], chance.randint(0, 1)), *chance.sample(traits, chance.randint(0, 1))]:
            query[URL_NAMES.get(column, column)] = chance.choice(list(offered.groups[column].labels or {}))
        if offered.elections.get(name):
            query["eleccion"] = chance.choice(list(offered.elections[name]))
        yield query


def assert_as_published(data: Data, cube: Cube, topic: str, query: dict[str, str]) -> Answer:
    """The answer of a map, after comparing every figure with what the cube says by itself."""
    selection, notices = asked(data, topic, query)
    assert notices == (), f"{query}: {notices}"
    others = offer(data, topic).rivals(selection.indicador, selection.group).get(selection.frente, EVERYONE)
    rows = [cube.of(group, selection.eleccion) for group in (selection.group, EVERYONE, others)]
    found = answer(VIEWS[f"{topic}_mapa"], data, selection)
    assert len(found.facts.places) == (22 if query.get("ver") == DEPARTAMENTO else 340)
    for place in found.facts.places:
        mine, everybody, set_against = (counts.get(place.code, (None, None)) for counts in rows)
        expected = FORMULAS[selection.indicador](Counts(*mine, *everybody, *set_against))
        assert place.value == (None if expected is None else pytest.approx(expected)), f"{query} {place}"
    return found


def test_every_figure_of_a_group_is_what_the_cube_publishes(data: Data, release: Release) -> None:
    cube, hidden = Cube(release, "participacion_cubo"), 0
    for query in selections(offer(data, "participacion"), VOTED):
        found = assert_as_published(data, cube, "participacion", query)
        hidden += sum(place.text == WITHHELD for place in found.facts.places)
    assert hidden > 500


def test_the_registry_is_asked_by_groups_that_only_its_cube_crosses(data: Data, release: Release) -> None:
    cube, offered = Cube(release, "padron_cubo"), offer(data, "padron")
    for name in ("empadronados", "parte", "brecha", "brecha-personas"):
        for query in (
            {"sexo": "hombres", "pueblo": "maya"},
            {"comunidad_linguistica": "kiche"},
            MEN_KICHE | BY_DEPARTAMENTO,
        ):
            assert_as_published(data, cube, "padron", {"indicador": name, **query})
    assert {"pueblo", "comunidad_linguistica"} <= set(offered.groups)


def test_what_is_only_published_by_departamento_is_shown_so_and_it_is_said(data: Data, release: Release) -> None:
    crosses = [
        {*cross} for cross in release.tables["padron_cubo"].crosses if {"sexo", "comunidad_linguistica"} <= {*cross}
    ]
    assert crosses and not any("codigo_municipio" in cross for cross in crosses)
    said = "El cruce de sexo con comunidad lingüística solo se publica por departamento: se muestra {}."
    asks = {"indicador": "empadronados", **MEN_KICHE}
    selection, notices = asked(data, "padron", asks)
    assert (selection.nivel, notices) == (DEPARTAMENTO, (said.format("por departamento"),))
    found = answer(VIEWS["padron_mapa"], data, selection)
    assert len(found.facts.places) == 22 and any(place.value is not None for place in found.facts.places)
    assert asked(data, "padron", asks | {"lugar": "1601"})[0].lugar == "16"
    selection, notices = asked(data, "padron", asks | {"departamento": "16"})
    assert (selection.group.conditions(), notices) == ({"comunidad_linguistica": "kiche"}, (said.format("sin sexo"),))
    lugar = VIEWS["padron_lugar"].asked(asks | {"lugar": "1601"}, data)  # an address that has no level
    assert (lugar.selection.group.sexo, lugar.notices) == (None, (said.format("sin sexo"),))


def test_only_what_the_release_crosses_is_offered(data: Data, release: Release) -> None:
    crosses = [{*cross} for cross in release.tables["participacion_cubo"].crosses]
    offered = offer(data, "participacion")
    for first in offered.groups:
        for second in offered.groups:
            crossed = any({first, second} <= cross for cross in crosses)
            assert offered.crosses("votaron", {first, second}) == crossed, f"{first} {second}"
    selection, notices = asked(data, "participacion", {"indicador": "votaron", "comunidad_linguistica": "kiche"})
    assert selection.group == EVERYONE
    assert notices == () or "comunidad lingüística" in notices[0]


def test_a_gap_without_a_group_is_of_women_and_men(data: Data) -> None:
    selection, notices = asked(data, "participacion", {"indicador": "brecha-participacion"})
    assert (selection.group, selection.frente, notices) == (Group("mujeres"), "hombres", ())
    selection, notices = asked(
        data, "participacion", {"indicador": "brecha-participacion", "pueblo": "maya", "frente": "xinka"}
    )
    assert (selection.group.conditions(), selection.frente, notices) == ({"pueblo": "maya"}, "xinka", ())
    selection, notices = asked(
        data, "participacion", {"indicador": "brecha-participacion", "pueblo": "maya", "frente": "maya"}
    )
    assert selection.frente == "ladino" and "«Maya»" in notices[0]
    selection, notices = asked(data, "participacion", {"indicador": "votaron", "frente": "xinka"})
    assert selection.frente == "" and "«Xinka»" in notices[0]


def test_a_confidential_figure_is_in_no_word_of_the_answer(data: Data, release: Release) -> None:
    frame = pd.read_parquet(release.table("participacion_cubo"))
    selection, _ = asked(data, "participacion", {"indicador": "votantes", "sexo": "mujeres", "edad": "26_30"})
    found = answer(VIEWS["participacion_mapa"], data, selection)
    rows = frame[
        (frame["sexo"] == "mujeres") & (frame["grupo_edad"] == "26_30") & frame["estado_votantes"].isin(HIDDEN)
    ]
    hidden = set(rows["codigo_municipio"]) - {TOTAL}
    assert hidden and hidden == {place.code for place in found.facts.places if place.text == WITHHELD}
    assert all(row[2] is None for row in found.rows if row[0] in hidden)


def test_the_cells_of_a_cube_are_its_rows_and_their_totals_are_not_sums(data: Data, release: Release) -> None:
    frame = pd.read_parquet(release.table("participacion_cubo"))
    voters = in_election(data, VOTERS, elections(data)["2023-1"])
    found = cells(data, voters, ("codigo_departamento", "sexo", "grupo_edad"))
    last = frame[frame["eleccion"] == "2023-1"]
    rows = last[(last["codigo_municipio"] == TOTAL) & (last[["pueblo", "alfabetismo"]] == TOTAL).all(axis=1)]
    assert len(found) == len(rows)
    for row in rows.to_dict("records"):
        cell = found[(row["codigo_departamento"], row["sexo"], row["grupo_edad"])]
        assert cell.value == (None if pd.isna(row["votantes"]) else row["votantes"])
        assert cell.hidden == (row["estado_votantes"] in HIDDEN)
