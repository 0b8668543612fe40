"""Promise: in the demonstration, where every cross has something to see, each page answers each value that its filters offer, in
both modes, with a figure or with the reason why there is none; and its faces say the same cell by cell."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from dashboard.address.selection import URL_NAMES
from dashboard.address.vocabulary import Offer
from dashboard.figures.queries import Data
from dashboard.indicators.offers import offer
from dashboard.words import NO_DATA, NOBODY, WITHHELD
from etl.release import Release
from tests.release_support import asked_of
from tests.site_support import Document, accessible

SEED, FEW, MANY = 1609, 8, 500
#: Of the values of the filters, one in so many is asked for by `make test`.
ONE_IN = 6
MAPS = {"/padron": "padron", "/participacion": "participacion"}
REASONS = (WITHHELD, NOBODY, NO_DATA)


@pytest.fixture(scope="module")
def release(demonstration: Path) -> Path:
    """The release of the demonstration."""
    return demonstration / "release" / "current"


@pytest.fixture(scope="module")
def data(release: Path) -> Data:
    return Data(Release.open(release))


def one_by_one(offered: Offer, places: Sequence[str]) -> Iterator[dict[str, str]]:
    """Each value of each filter, with the first indicator that takes it."""
    for name in offered.indicators:
        yield {"indicador": name}
        for code in offered.elections.get(name, {}):
            yield {"indicador": name, "eleccion": code}
        for day in offered.cutoffs.get(name, {}):
            yield {"indicador": name, "corte": day}
    for column, group in offered.groups.items():
        name = next(item for item in offered.indicators if offered.crosses(item, (column,)))
        for value in group.labels or {}:
            yield {"indicador": name, URL_NAMES.get(column, column): value}
    for code in [*offered.departamentos][:3]:
        yield {"departamento": code, "lugar": next(place for place in places if place.startswith(code))}
    yield {"ver": "departamento", "lugar": "16"}


def at_random(offered: Offer, places: Sequence[str], many: int) -> Iterator[dict[str, str]]:
    """Questions of several filters at once, that the release crosses."""
    chance = random.Random(SEED)
    for _ in range(many):
        name = chance.choice([*offered.indicators])
        query = {"indicador": name}
        traits = [column for column in offered.groups if column != "sexo" and offered.crosses(name, (column,))]
        for column in chance.sample(traits, min(len(traits), chance.randint(0, 1))):
            query[URL_NAMES.get(column, column)] = chance.choice([*(offered.groups[column].labels or {})])
        if offered.crosses(name, ("sexo", *(column for column in traits if URL_NAMES.get(column, column) in query))):
            query |= {"sexo": chance.choice(["mujeres", "hombres"])} if chance.random() < 0.5 else {}
        for parameter, of in (("eleccion", offered.elections), ("corte", offered.cutoffs)):
            if of.get(name) and chance.random() < 0.7:
                query[parameter] = chance.choice([*of[name]])
        if chance.random() < 0.3:
            query["departamento"] = chance.choice([*offered.departamentos])
        elif chance.random() < 0.4 and name not in offered.only_municipios:
            query["ver"] = "departamento"
        elif chance.random() < 0.5:
            query["lugar"] = chance.choice(places)
        yield query


def assert_answered(answer: httpx.Response) -> Document:
    """A page with its question and, in words, a figure or the reason why there is none."""
    assert answer.status_code == 200, f"{answer.url}: {answer.status_code}"
    page = Document(answer.text)
    assert page.texts(".avisos li") == [], f"{answer.url}: {page.texts('.avisos li')}"
    said = " ".join(page.texts("#pregunta .respuesta"))
    assert any(letter.isdigit() for letter in said) or any(reason in said for reason in REASONS), (
        f"{answer.url}: {said}"
    )
    return page


def assert_faces_agree(plain: Document, visual: Document, rows: list[dict[str, str]]) -> None:
    """The paint of the map, the table and the file say the same of each place."""
    paint = {code: text for code, (_, text) in visual.state["pintura"].items()}
    table = plain.table("#tabla table")
    assert table.codes == [*paint] == [next(iter(row.values())) for row in rows]
    assert [row[table.header[1]] for row in table.rows] == [*paint.values()]
    for row, text in zip(rows, paint.values(), strict=True):
        assert (row["valor"] == "") == (text in REASONS or "dudoso" in text), f"{row} {text}"
        if "estado_celda" in row:
            assert (row["estado_celda"] == "confidencial") == (text == WITHHELD)


def assert_each_answered(path: str, release: Path, data: Data, one_in: int) -> None:
    asked = [*one_by_one(offer(data, MAPS[path]), [*data.territories.municipios])]
    addresses = [f"{path}?{urlencode(query)}" for query in asked][::one_in]
    turned = [accessible(address) if turn % 2 else address for turn, address in enumerate(addresses)]
    for answer in asked_of(release, *turned):
        assert_answered(answer)


@pytest.mark.parametrize("path", MAPS)
def test_values_of_every_filter_are_answered(path: str, release: Path, data: Data) -> None:
    assert_each_answered(path, release, data, ONE_IN)


@pytest.mark.largo
@pytest.mark.parametrize("path", MAPS)
def test_each_value_of_each_filter_is_answered(path: str, release: Path, data: Data) -> None:
    assert_each_answered(path, release, data, 1)


def assert_all_agree(path: str, release: Path, data: Data, many: int) -> None:
    topic = MAPS[path]
    asked = [urlencode(query) for query in at_random(offer(data, topic), [*data.territories.municipios], many)]
    addresses = [f"{path}?{query}" for query in asked] + [accessible(f"{path}?{query}&filas=todas") for query in asked]
    files = []
    for query in asked:
        pairs = [pair for pair in query.split("&") if not pair.startswith("lugar=")]
        files.append(f"/descargas/vista/{topic}_mapa.csv?{'&'.join(pairs)}")
    found = asked_of(release, *addresses, *files)
    for visual, plain, sheet in zip(found[:many], found[many : 2 * many], found[2 * many :], strict=True):
        assert sheet.status_code == 200, f"{sheet.url}: {sheet.text[:300]}"
        rows = list(csv.DictReader(sheet.text.splitlines()))
        assert_faces_agree(assert_answered(plain), assert_answered(visual), rows)


@pytest.mark.parametrize("path", MAPS)
def test_the_faces_of_questions_at_random_agree(path: str, release: Path, data: Data) -> None:
    assert_all_agree(path, release, data, FEW)


@pytest.mark.largo
@pytest.mark.parametrize("path", MAPS)
def test_the_faces_of_hundreds_of_questions_agree(path: str, release: Path, data: Data) -> None:
    assert_all_agree(path, release, data, MANY)


def test_places_are_compared_by_group_and_in_every_election_and_cutoff(release: Path, data: Data) -> None:
    elections = offer(data, "participacion").elections["votaron"]
    days = offer(data, "padron").cutoffs["empadronados"]
    assert len(elections) == 3 and len(days) == 2
    (page,) = asked_of(release, "/comparar?lugares=0101,1601,16&sexo=mujeres")
    table = Document(page.text).table("table")
    shown = [row[table.header[0]] for row in table.rows]
    years = {title.split(",")[0] for title in elections.values()}
    assert {f"Participación en {year} (mujeres)" for year in years} <= {*shown}
    assert sum(title.startswith("Personas empadronadas, ") for title in shown) == len(days)
    (one,) = asked_of(release, f"/comparar?lugares=0101,1601&eleccion={[*elections][-1]}&corte={[*days][-1]}")
    assert Document(one.text).texts(".avisos li") == []


def test_every_other_page_answers(release: Path) -> None:
    paths = (
        "/",
        "/ficha/0101",
        "/ficha/16",
        "/ficha/pais",
        "/ficha/extranjero",
        "/extranjero",
        "/que-falta",
        "/fichas",
    )
    for answer in asked_of(release, *paths, *map(accessible, paths)):
        assert answer.status_code == 200, answer.url
