"""Promise: whatever two things the release crosses can be asked at /cruces, and nothing else. Each cell is what the table
publishes, on every face; a confidential one says so and nothing more; a wrong address is corrected and said, or refused."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import lxml.html
import pytest
from playwright.sync_api import Page

from dashboard.address.crossable import PLACE, Cross, Level
from dashboard.address.crossing import CROSSES, Crossing, resolved
from dashboard.address.vocabulary import Offer
from dashboard.app import create_app
from dashboard.figures.queries import Data
from dashboard.indicators.offers import CROSSES as TOPIC
from dashboard.indicators.offers import offer as offer_of
from dashboard.pages.cruces_form import Asked, ready
from dashboard.pages.model import face_of
from dashboard.view import Answer, answer
from dashboard.views import VIEWS
from dashboard.words import WITHHELD
from etl.cubes.declared import CUBES, Cube
from etl.model import TOTAL
from etl.release import Release
from tests.checkout_support import Checkout
from tests.crosses_support import HIDDEN, RATES, SEED, Ask, Book, cells_of, crossed, questions, shown, written
from tests.release_support import run_apart, with_cubes
from tests.site_support import READERS, Document, accessible, text_of
from tests.test_url_contract import BROKEN_QUERIES, HOSTILE, assert_harmless

RANDOM_CROSSES, SAME_ON_EVERY_FACE, RANDOM_ADDRESSES = 48, 6, 170


@pytest.fixture(scope="module")
def release(release_path: Path, published_cubes: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The real release and, beside it, the cubes of some invented people."""
    folder = tmp_path_factory.mktemp("cruces") / "publicacion"
    return Release.open(with_cubes(release_path, published_cubes.current, folder))


@pytest.fixture(scope="module")
def ask(release: Release) -> Ask:
    """The answers of the site of that release to some addresses, without a server of its own."""
    app = create_app(release.root)

    async def asked(paths: tuple[str, ...]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sitio", follow_redirects=True) as client:
            return [await client.get(path) for path in paths]

    return lambda *paths: run_apart(lambda: asked(paths))


@pytest.fixture(scope="module")
def data(release: Release) -> Data:
    return Data(release)


@pytest.fixture(scope="module")
def offered(data: Data) -> Offer:
    return offer_of(data, TOPIC)


def declared_pairs(cube: Cube) -> set[frozenset[str]]:
    """The pairs of columns, of two dimensions each, that the crosses of a cube hold, at every level."""
    found = set()
    for cross in cube.crosses:
        for one, other in combinations(cross, 2):
            levels = [cube.dimension(item).levels for item in (one, other)]
            found |= {frozenset((first.name, second.name)) for first in levels[0] for second in levels[1]}
    return found


def reached(offered: Offer, cube: Cube, cross: frozenset[str]) -> bool:
    """Whether some address asks for a whole cross of a cube: two of its dimensions as rows and columns, the rest as
    conditions."""
    source = next(item for item in offered.crossable if item.table == cube.name)
    finest = [
        level
        for level in source.levels.values()
        if level.column in cross and not _has_finer(level, source.levels, cross)
    ]
    rows = max(finest, key=lambda level: len(level.values))
    columns, *rest = [level for level in finest if level.name != rows.name]
    query = {"cuenta": source.counted[0], "filas": rows.name, "columnas": columns.name, "corte": source.occasions[0][1]}
    query |= {"departamento": "25"} if source.abroad else {}
    query |= {level.name: next(iter(level.values)) for level in rest}
    return crossed(query, offered)[1].source.table == cube.name


def _has_finer(level: Level, levels: Mapping[str, Level], cross: frozenset[str]) -> bool:
    return any(level.name in other.above for other in levels.values() if other.column in cross)


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.name)
def test_every_cross_that_a_cube_declares_is_reached(cube: Cube, offered: Offer) -> None:
    # One that counts people by one thing at a time is not there.
    assert (cube.name in {source.table for source in offered.crossable}) == bool(declared_pairs(cube))
    crosses = [max(cube.margins_of(cross), key=len) for cross in cube.crosses if len(cross) > 1]
    assert [reached(offered, cube, frozenset(cross)) for cross in crosses] == [True] * len(crosses)


@pytest.mark.parametrize("cube", CUBES, ids=lambda cube: cube.name)
def test_every_pair_that_a_cube_declares_begins_ready(cube: Cube, offered: Offer) -> None:
    found = resolved(Crossing(), offered)
    assert found
    links = [address for _, group in ready(Asked(*found, offered, face_of("/cruces", False))) for _, address in group]
    comes = [crossed(dict(parse_qsl(urlsplit(address).query)), offered)[1] for address in links]
    there = {frozenset((item.rows.column, item.columns.column)) for item in comes if item.source.table == cube.name}
    assert there == declared_pairs(cube)


def test_a_table_is_read_from_the_release_and_not_from_the_code(data: Data, offered: Offer) -> None:
    for source in offered.crossable:
        declared = data.table(source.table)
        columns = {frozenset(source.levels[name].column for name in cross) for cross in source.crosses}
        if declared.crosses:
            assert columns == {frozenset(cross) for cross in declared.crosses}
        else:
            assert columns == {frozenset({*declared.key} - {"residencia"} | {"codigo_departamento"})}


# ---- what the cells say -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(release: Release) -> Book:
    return Book(release)


def asked(data: Data, offered: Offer, query: Mapping[str, str]) -> tuple[Cross, Answer]:
    question, cross = crossed(query, offered)
    return cross, answer(VIEWS["cruces"], data, question)


def test_each_cell_is_what_pandas_reads_in_the_table(data: Data, offered: Offer, book: Book) -> None:
    hidden = 0
    for query in questions(offered, RANDOM_CROSSES):
        cross, found = asked(data, offered, query)
        names = [column.field.name for column in found.columns]
        cells = {key: shown(cross, said) for key, said in book.cells(cross).items()}
        whole = {key: people for key, (people, _) in cells.items()}
        for values in found.rows:
            row = dict(zip(names, values, strict=True))
            key = row["codigo_fila"], row["codigo_columna"]
            people, roll = cells.get(key, (None, None))
            assert row["personas"] == people, f"{query} {key}"
            assert row["padron"] == roll, f"{query} {key}"
            assert (row["estado_celda"] in HIDDEN) <= (people is None), f"{query} {key}"
            hidden += row["estado_celda"] in HIDDEN
            if cross.cuenta in RATES:
                assert row["porcentaje"] == (100 * people / roll if people is not None and roll else None)
                continue
            for name, against in (("porcentaje_fila", (key[0], TOTAL)), ("porcentaje_columna", (TOTAL, key[1]))):
                base = whole.get(against)
                assert row[name] == (100 * people / base if people is not None and base else None), (
                    f"{query} {key} {name}"
                )
        assert len(found.rows) >= len(cells)
    assert hidden > 500


def test_a_sentence_says_only_what_is_published(data: Data, offered: Offer) -> None:
    for query in questions(offered, RANDOM_CROSSES):
        _cross, found = asked(data, offered, query)
        told = {part.value for item in found.sentences for part in item.figures()}
        known = {value for row in found.rows for value in row if isinstance(value, int | float)}
        assert told <= known | {None, found.facts.hidden}, query


# ---- the faces --------------------------------------------------------------------------------------------------------


def test_the_faces_agree_cell_by_cell(ask: Ask, offered: Offer) -> None:
    queries = list(questions(offered, SAME_ON_EVERY_FACE))
    modes = ["fila", "columna", "personas"]
    addresses = []
    for turn, query in enumerate(queries):
        asks = {**query, "ver": "todas"} | ({} if query["cuenta"] in RATES else {"mostrar": modes[turn % 3]})
        address = f"/cruces?{urlencode(asks)}"
        suffix = ("csv", "xlsx", "parquet")[turn % 3]
        files = f"?{urlencode({name: value for name, value in asks.items() if name != 'ver'})}"
        addresses += [address, accessible(address), *(f"/descargas/vista/cruces.{s}{files}" for s in ("json", suffix))]
    answers = iter(ask(*addresses))
    for turn, query in enumerate(queries):
        visual, plain, document, other = (next(answers) for _ in range(4))
        assert {item.status_code for item in (visual, plain, document, other)} == {200}, query
        rows = document.json()["filas"]
        mode = "" if query["cuenta"] in RATES else modes[turn % 3]
        expected = {
            (row["codigo_fila"], row["codigo_columna"]): written(row, mode, row["codigo_columna"] == TOTAL)
            for row in rows
        }
        page = Document(visual.text)
        assert {key: [part for part in said if part] for key, said in cells_of(page).items()} == expected, query
        whole = {key: [WITHHELD if part == "confidencial" else part for part in said] for key, said in expected.items()}
        assert {key: [part for part in said if part] for key, said in cells_of(Document(plain.text)).items()} == whole
        again = READERS[("csv", "xlsx", "parquet")[turn % 3]](other.content)
        for first, second in zip(rows, again, strict=True):
            assert all(
                str(second[name] or "") == str(first[name] if first[name] is not None else "")
                for name in ("codigo_fila", "estado_celda")
            )
            people = [None if row["personas"] in (None, "") else float(str(row["personas"])) for row in (first, second)]
            assert people[0] == people[1], query


def test_a_confidential_cell_says_so_and_nothing_more(ask: Ask, data: Data, offered: Offer) -> None:
    found = {}
    for query in questions(offered, RANDOM_CROSSES):
        _cross, said = asked(data, offered, query)
        hidden = [row for row in said.rows if row[12] in HIDDEN and TOTAL not in (row[1], row[4])]
        if hidden:
            row = random.Random(SEED).choice(hidden)
            found[f"/cruces?{urlencode({**query, 'fila': row[1], 'columna': row[4], 'ver': 'todas'})}"] = row
        if len(found) == SAME_ON_EVERY_FACE:
            break
    assert len(found) == SAME_ON_EVERY_FACE
    addresses = [address for one in found for address in (one, accessible(one))]
    for address, response in zip(addresses, ask(*addresses), strict=True):
        page = Document(response.text)
        (card,) = page.all(".celda")
        assert WITHHELD in text_of(card) and not page.all(".celda .cifra-grande, .celda .pista"), address
        for cell in page.all("#tabla-cruce td.conf"):
            assert text_of(cell) in ("confidencial", WITHHELD)
            assert not [name for name in cell.get("class").split() if name[0] in "qd"] and not cell.get("data-estilo")
        for bar in page.all(".fila-barras .conf"):
            assert not bar.cssselect("i") and not any(letter.isdigit() for letter in text_of(bar.cssselect("b")[0]))


def test_a_share_of_a_confidential_total_is_confidential_too(data: Data, offered: Offer) -> None:
    told = 0
    for query in questions(offered, RANDOM_CROSSES):
        cross, said = asked(data, offered, query)
        facts = said.facts
        if cross.cuenta in RATES:
            continue
        for row, column in product(facts.rows, facts.columns):
            for mode, whole in (("", (row, TOTAL)), ("columna", (TOTAL, column))):
                if facts.tally(row, column).people is not None and facts.tally(*whole).hidden:
                    assert facts.write(row, column, facts.mode(mode)) == WITHHELD, (query, row, column)
                    told += 1
    assert told


# ---- order, turning, correcting ---------------------------------------------------------------------------------------


def test_rows_go_by_any_heading_with_the_confidential_last_in_both_senses(ask: Ask, offered: Offer) -> None:
    address = "/cruces?filas=departamento&columnas=pueblo"
    first = Document(ask(address)[0].text)
    links = {head.get("data-c"): head.cssselect("a")[0].get("href") for head in first.all("#tabla-cruce thead th")}
    assert set(links) == {"nombre", TOTAL, *offered.levels["pueblo"].values}
    paths = [f"{address}&orden={sign}{name}" for name in links for sign in ("", "-")]
    for path, response in zip(paths, ask(*paths), strict=True):
        page, name = Document(response.text), path.rpartition("=")[2]
        (sorted_by,) = page.all("#tabla-cruce [aria-sort]")
        assert sorted_by.get("data-c") == name.removeprefix("-")
        assert sorted_by.get("aria-sort") == ("descending" if name.startswith("-") else "ascending")
        if name.removeprefix("-") == "nombre":
            continue
        cells = cells_of(page)
        column = [said[0] for (row, code), said in cells.items() if code == sorted_by.get("data-c") and row != TOTAL]
        shares = name.removeprefix("-") != TOTAL
        kinds = [2 if said == "confidencial" else int(shares and "%" not in said and said != "0") for said in column]
        assert kinds == sorted(kinds)
        known = [
            float(said.split("\u00a0")[0].replace(",", "").removeprefix("<menos de "))
            for said, kind in zip(column, kinds, strict=True)
            if kind == 0
        ]
        assert known == sorted(known, reverse=name.startswith("-"))


def test_a_turned_table_has_the_same_cells(ask: Ask) -> None:
    first = Document(ask("/cruces?filas=departamento&columnas=edad&mostrar=personas")[0].text)
    (link,) = first.all(".girar[href]")
    second = Document(ask(link.get("href"))[0].text)
    turned = {(column, row): said for (row, column), said in cells_of(second).items()}
    numbers = {key: said[0] for key, said in cells_of(first).items()}
    assert {key: said[0] for key, said in turned.items()} == numbers


#: Addresses that no table answers as they are, and what they are about.
WRONG = (
    "filas=pueblo&columnas=alfabetismo",
    "filas=comunidad_linguistica&columnas=pueblo",
    "filas=edad&columnas=edad",
    "filas=departamento&columnas=municipio",
    "filas=sexo&columnas=municipio",
    "cuenta=votaron&columnas=comunidad_linguistica",
    "departamento=25&columnas=pueblo",
    "departamento=01&municipio=1601",
    "pueblo=maya&alfabetismo=alfabeta",
    "filas=municipio&municipio=1601",
    "filas=departamento&departamento=16",
    "cuenta=empadronados&eleccion=2023-1",
    "corte=1999-01-01",
    "cuenta=votaron&mostrar=personas",
    "columnas=sexo&orden=maya",
)


def test_what_is_not_published_is_corrected_and_said_or_refused(ask: Ask) -> None:
    paths = [path for query in WRONG for path in (f"/cruces?{query}", f"/descargas/vista/cruces.json?{query}")]
    answers = ask(*paths)
    for query, page, file in zip(WRONG, answers[::2], answers[1::2], strict=True):
        assert page.status_code == 200 and Document(page.text).texts(".avisos li"), query
        assert file.status_code == 400 and file.json()["motivos"], query


def test_only_what_is_published_can_be_chosen_in_the_form(ask: Ask, offered: Offer) -> None:
    queries = list(questions(offered, SAME_ON_EVERY_FACE))
    for query, response in zip(queries, ask(*(f"/cruces?{urlencode(q)}" for q in queries)), strict=True):
        form = Document(response.text).all("#cruce select:not([disabled])")
        chosen = {select.get("name"): _chosen(select) for select in form}
        hidden = {name: value for name, value in query.items() if name in ("eleccion", "corte") and name not in chosen}
        for select in form:
            if select.get("name") in ("cuenta", PLACE, "corte", "eleccion"):
                continue
            for option in select.cssselect("option:not([disabled])")[:6]:
                asks = {**chosen, **hidden, str(select.get("name")): option.get("value")}
                crossed({name: str(value) for name, value in asks.items() if value}, offered)


def _chosen(select: lxml.html.HtmlElement) -> str:
    options = select.cssselect("option[selected]") or select.cssselect("option")
    return str(options[0].get("value"))


# ---- whatever the address ----------------------------------------------------------------------------------------------


def test_no_address_breaks_it(ask: Ask, data: Data, offered: Offer) -> None:
    chance = random.Random(SEED)
    declared = CROSSES.parameters(offered)
    queries = list(BROKEN_QUERIES)
    for _ in range(RANDOM_ADDRESSES):
        taken = chance.sample(declared, chance.randint(1, 6))
        asks = {
            item.name: chance.choice([*item.values][:400]) if chance.random() < 0.8 else chance.choice(HOSTILE)
            for item in taken
        }
        queries.append("?" + "&".join(f"{name}={quote(value)}" for name, value in asks.items()))
    for turn, value in enumerate(HOSTILE):
        queries.append(f"?{declared[turn % len(declared)].name}={quote(value)}")
    # Each address in one of the modes by turns, and one in three as a file too.
    paths = [f"{('', '/accesible')[turn % 2]}/cruces{query}" for turn, query in enumerate(queries)]
    paths += [f"/descargas/vista/cruces.csv{query}" for query in queries[::3]]
    assert len(queries) > 200
    for path, response in zip(paths, ask(*paths), strict=True):
        assert response.status_code in ((200, 400, 414, 431) if "vista" in path else (200, 414, 431)), path[:200]
        if "vista" not in path and response.status_code == 200:
            assert_harmless(Document(response.text))


# ---- the real release ---------------------------------------------------------------------------------------------------


def test_without_cubes_the_tables_of_today_are_crossed_and_what_lacks_is_said(client: httpx.Client) -> None:
    for address in ("/cruces?filas=sexo&columnas=alfabetismo", "/accesible/cruces?filas=sexo&columnas=alfabetismo"):
        page = Document(client.get(address).text)
        cells = cells_of(page)
        assert cells[TOTAL, TOTAL][0] == "10,030,374" and cells["mujeres", TOTAL][0] == "5,416,937"
        (lacking,) = page.all(".falta-cruzar")
        assert "pueblo" in text_of(lacking) and lacking.cssselect("a[href$='/que-falta']")


def test_the_cells_are_walked_with_the_keyboard_and_explained(page: Page, site: str) -> None:
    page.goto(f"{site}/cruces?filas=departamento&columnas=sexo")
    first = page.locator("#tabla-cruce td[tabindex='0']")
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert (
        page.evaluate("document.activeElement.textContent").startswith("191,345")
        or page.evaluate("document.activeElement.className") == "tot"
    )
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    page.wait_for_selector(".celda")
    asks = dict(parse_qsl(urlsplit(page.url).query))
    assert asks["fila"] == "15" and asks["columna"] == "mujeres"
    assert "Baja Verapaz" in page.locator(".celda h2").inner_text()
    assert page.evaluate("document.activeElement.className").endswith("ele")  # the focus stays on the cell
    page.locator("#tabla-cruce thead th[data-c='hombres'] a").click()
    page.wait_for_selector("[data-c='hombres'][aria-sort='descending']")
    assert page.evaluate("document.activeElement.closest('th').dataset.c") == "hombres"
    page.select_option("#c-columnas", "alfabetismo")
    page.wait_for_selector("th[data-c='alfabeta']")
    assert "alfabetismo" in page.locator("h1").inner_text()
    page.go_back()
    page.wait_for_selector("[data-c='hombres'][aria-sort='descending']")
