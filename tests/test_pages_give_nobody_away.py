"""Promise: nothing that the site says or draws, on any face, tells more of a confidential cell than the published tables do.

The attack reads the demonstration, of which the exact counts are known, as a stranger would: files, maps, tables, sentences,
colours, bars, what the release says was lost. It turns it into bounds on sums of cells; then linear programs tell whether any
hidden cell is known better than by the tables alone. What it reads must be true of the exact counts: so it reads well. And it
finds the leaks that are planted for it.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np
import pandas as pd
import pytest

from dashboard.app import create_app
from tests.attack_support import APART, NO_LIMIT, Cells, Claim, Judge, given_away
from tests.release_support import asked_of, run_apart, sealed
from tests.site_support import Document, accessible
from tests.told_support import Formula
from tests.told_views_support import Views, drawn_for_hidden

Ask = Callable[[list[str]], list[httpx.Response]]
SEED = 2309
#: How many questions are asked of the maps, of the crosses and of each other view: in `make test`, and in all.
FEW, MANY = (3, 5, 1), (120, 120, 20)
MAPS = ("padron_mapa", "participacion_mapa")
#: Views that say nothing of the groups of a cube.
OTHERS = (
    "censo_",
    "extranjero_",
    "consulados",
    "procedimientos",
    "que_falta",
    "participacion_mesa",
    "participacion_actas",
)
#: Pages with charts and sentences; what they take is asked by chance.
PAGES = {
    "/": None,
    "/participacion": "participacion_mapa",
    "/padron": "padron_mapa",
    "/extranjero": "diaspora_piramide",
    "/ficha/extranjero": None,
    "/ficha/0101": None,
    "/ficha/21": None,
    "/comparar?lugares=0101,1601,21": None,
    "/participacion/lugares": "participacion_lugares",
    "/datos/padron_cubo": None,
}


class World:
    """A release of nobody: what it publishes, what it hides, and its site."""

    def __init__(self, release: Path, exact: Path, published: Path | None = None) -> None:
        self.cells = Cells.of(published or release)
        self.exact = exact
        self.manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
        app = create_app(release)

        async def asked(paths: list[str]) -> list[httpx.Response]:
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sitio", follow_redirects=True) as client:
                return [await client.get(path) for path in paths]

        self.ask: Ask = lambda paths: run_apart(lambda: asked(paths))
        (said,) = self.ask(["/api/v1/parametros"])
        self.views = {item["vista"]: item["parametros"] for item in said.json()["vistas"]}

    @cached_property
    def truth(self) -> np.ndarray:
        return self.cells.truth(self.exact)

    def untrue(self, claims: list[Claim]) -> list[Claim]:
        """The claims that are not true of the exact counts: somebody reads, or speaks, wrongly."""
        found = []
        for claim in claims:
            value = sum(weight * self.truth[cell] for cell, weight in claim.weights)
            room = 1e-6 * max(1.0, sum(abs(weight) * self.truth[cell] for cell, weight in claim.weights))
            if not claim.low - room <= value <= claim.high + room:
                found.append(claim)
        return found


@pytest.fixture(scope="module")
def world(demonstration: Path) -> World:
    return World(demonstration / "release" / "current", demonstration / "cubos")


def by_chance(world: World, view: str, many: int) -> Iterator[dict[str, str]]:
    """Questions of a view, of up to four of the parameters that it says it takes, with values that it says there are."""
    chance = random.Random(f"{SEED}{view}")
    taken = {item["nombre"]: [value["valor"] for value in item.get("valores") or ()] for item in world.views[view]}
    places = [item["codigo"] for item in world.ask(["/api/v1/parametros"])[0].json()["lugares"]]
    for name in ("lugar", "departamento", "municipio"):
        if name in taken and not taken[name]:
            taken[name] = places
    known = [name for name in taken if taken[name]]
    for _ in range(many):
        names = [name for name in ("indicador", "filas", "columnas", "cuenta") if name in known and taken[name]]
        names += chance.sample(known, chance.randint(0, min(3, len(known))))
        yield {name: chance.choice(taken[name]) for name in dict.fromkeys(names)}


def answered(world: World, view: str, many: int) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """As many questions of a view as that, that it answers: what was asked, and its file."""
    questions = list(by_chance(world, view, 8 * many))
    found = 0
    for first in range(0, len(questions), many):
        some = questions[first : first + many]
        files = world.ask([f"/descargas/vista/{view}.json?{urlencode(query)}" for query in some])
        for query, answer in zip(some, files, strict=True):
            if answer.status_code == 200 and found < many:
                found += 1
                yield query, answer.json()
        if found >= many:
            return


def said_by_maps(world: World, told: Views, many: int) -> Iterator[Claim]:
    for view in MAPS:
        topic = view.partition("_")[0]
        for query, file in answered(world, view, many):
            address = f"/{topic}?{urlencode(query)}"
            plain = accessible(f"{address}&filas=todas")
            visual, table = (Document(page.text) for page in world.ask([address, plain]))
            yield from told.of_map(topic, file)
            yield from told.of_map_page(topic, query, visual, file)
            yield from told.of_map_table(topic, query, table, file)
            yield from told.of_sentences(address, file["consulta"] | query, visual, world.truth)


def said_by_crosses(world: World, told: Views, many: int) -> Iterator[Claim]:
    for query, file in answered(world, "cruces", many):
        address = f"/cruces?{urlencode(query)}"
        yield from told.of_view("cruces", file)
        for page in world.ask([address, accessible(address)]):
            yield from told.of_cross_page(address, Document(page.text), file)


def said_by_views(world: World, told: Views, many: int) -> Iterator[Claim]:
    for view in (name for name in world.views if name not in (*MAPS, "cruces") and not name.startswith(OTHERS)):
        for _, file in answered(world, view, many):
            yield from told.of_view(view, file)


def drawn(world: World, many: int) -> list[str]:
    """What is drawn or written of hidden figures on the pages, by address."""
    found = []
    for path, view in PAGES.items():
        queries = by_chance(world, view, many) if view else iter([{}])
        addresses = [f"{path}?{urlencode(query)}" if query else path for query in queries]
        for page in world.ask([turned for address in addresses for turned in (address, accessible(address))]):
            found += [f"{page.url}: {item}" for item in drawn_for_hidden(Document(page.text))]
    return found


def attack(world: World, maps: int, crosses: int, views: int, thorough: bool = False) -> None:
    told = Views(world.cells)
    claims = [*said_by_maps(world, told, maps), *said_by_crosses(world, told, crosses)]
    lost = [*told.of_manifest(world.manifest)]
    claims += [*said_by_views(world, told, views), *lost[:: 1 if thorough else 8]]
    assert [(claim.where, claim.low, claim.high) for claim in world.untrue(claims)][:9] == []
    about_hidden = [claim for claim in claims if any(np.isnan(world.cells.counts[cell]) for cell, _ in claim.weights)]
    assert len(about_hidden) > 10 and len(claims) > 1_000 * maps
    doubtful = Judge(world.cells, thorough=False).news(claims)
    assert (Judge(world.cells).news(doubtful) if thorough else doubtful) == []


def test_what_is_said_gives_no_cell_away(world: World) -> None:
    attack(world, *FEW)


def test_nothing_is_drawn_for_a_hidden_cell(world: World) -> None:
    assert drawn(world, FEW[2]) == []


@pytest.mark.largo
def test_everything_that_is_said_gives_no_cell_away(world: World) -> None:
    attack(world, *MANY, thorough=True)


@pytest.mark.largo
def test_nothing_is_drawn_for_any_hidden_cell(world: World) -> None:
    assert drawn(world, MANY[2]) == []


def test_the_site_knows_only_what_is_published(demonstration: Path, world: World, tmp_path: Path) -> None:
    """Served from a copy of what is published alone, each page is the same, byte by byte: the exact counts are in none."""
    alone = shutil.copytree(demonstration / "release", tmp_path / "solas", symlinks=True) / "current"
    paths = ["/participacion?pueblo=maya", "/cruces?filas=edad&columnas=pueblo", "/datos/participacion_cubo"]
    for one, other in zip(world.ask(paths), asked_of(alone, *paths), strict=True):
        assert one.content == other.content, one.url


# --- The leaks that are planted -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leak:
    """A site whose release forgot to hide some counts, the departamentos they are of, and the question that shows them."""

    world: World
    places: list[str]
    question: dict[str, str]


@pytest.fixture(scope="module")
def leaking(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Leak:
    """A site whose release forgot to hide how many people of a pueblo are on the roll, and voted, in three departamentos, to
    whoever has the real tables. Of the pueblos, the one of which most departamentos are hidden.
    """
    release = demonstration / "release" / "current"
    copy = shutil.copytree(release.resolve(), tmp_path_factory.mktemp("fuga") / "publicacion")
    exact = pd.read_parquet(next((demonstration / "cubos").glob("*.2023-1/participacion_cubo.exacto.parquet")))
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    entry = next(item for item in manifest["archivos"] if item["tabla"] == "participacion_cubo")
    frame = pd.read_parquet(copy / entry["nombre"])
    keys = [name for name in exact if name not in ("empadronados", "votantes")]
    others = [name for name in keys if name not in ("codigo_departamento", "pueblo")]
    mine = (frame["eleccion"] == "2023-1") & (frame[others] == "total").all(axis=1) & frame["votantes"].isna()
    mine &= (frame["codigo_departamento"] != "total") & (frame["pueblo"] != "total")
    pueblo = str(frame.loc[mine, "pueblo"].astype(str).mode().iloc[0])
    chosen = frame.index[mine & (frame["pueblo"] == pueblo)][:3]
    known = frame.loc[chosen, keys].merge(exact, on=keys)
    for count, state in (("empadronados", "estado_celda"), ("votantes", "estado_votantes")):
        frame.loc[chosen, count] = known[count].to_numpy()
        frame.loc[chosen, state] = "publicada"
    frame.to_parquet(copy / entry["nombre"], index=False)
    content = (copy / entry["nombre"]).read_bytes()
    entry["bytes"], entry["sha256"] = len(content), hashlib.sha256(content).hexdigest()
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    sealed(copy)
    places = frame.loc[chosen, "codigo_departamento"].tolist()
    assert len(places) == 3, "nothing was hidden that could be leaked"
    question = {"indicador": "votaron", "eleccion": "2023-1", "pueblo": pueblo, "ver": "departamento"}
    return Leak(World(copy, demonstration / "cubos", release.resolve()), places, question)


Answers = tuple[Document, Document, dict[str, Any]]
FACES: Mapping[str, Callable[[Views, dict[str, str], Document, Document, dict[str, Any]], Iterator[Claim]]] = {
    "file": lambda told, asked, page, plain, file: told.of_map("participacion", file),
    "words": lambda told, asked, page, plain, file: (
        claim for claim in told.of_map_page("participacion", asked, page, file) if "«" in claim.where
    ),
    "colour": lambda told, asked, page, plain, file: (
        claim for claim in told.of_map_page("participacion", asked, page, file) if " q" in claim.where
    ),
    "table": lambda told, asked, page, plain, file: told.of_map_table("participacion", asked, plain, file),
}


@pytest.fixture(scope="module")
def leaked(leaking: Leak) -> Answers:
    query = urlencode(leaking.question)
    page, plain, file = leaking.world.ask(
        [
            f"/participacion?{query}",
            accessible(f"/participacion?{query}&filas=todas"),
            f"/descargas/vista/participacion_mapa.json?{query}",
        ]
    )
    return Document(page.text), Document(plain.text), file.json()


@pytest.mark.parametrize("face", FACES)
def test_a_leak_is_found_on_each_face(face: str, leaking: Leak, leaked: Answers) -> None:
    cells = leaking.world.cells
    more = Judge(cells, thorough=False).news(FACES[face](Views(cells), leaking.question, *leaked))
    assert {place for place in leaking.places if any(place in claim.where for claim in more)} == {*leaking.places}


@pytest.mark.largo
def test_a_leak_of_a_large_cube_is_told_exactly(leaking: Leak, leaked: Answers) -> None:
    cells = leaking.world.cells
    found = given_away(cells, Judge(cells).news(FACES["file"](Views(cells), leaking.question, *leaked)))
    assert len(found) >= len(leaking.places) and found[0].exactly
    assert found[0].before[1] - found[0].before[0] > 1 - APART


def small() -> tuple[Cells, dict[str, int]]:
    """A cube of one place: who is registered and who voted, by sex and pueblo; how many of each voted is hidden."""
    people = {
        ("total", "total"): (900, 540),
        ("mujeres", "total"): (500, 310),
        ("hombres", "total"): (400, 230),
        ("total", "maya"): (600, 390),
        ("total", "ladino"): (300, 150),
        ("mujeres", "maya"): (340, None),
        ("mujeres", "ladino"): (160, None),
        ("hombres", "maya"): (260, None),
        ("hombres", "ladino"): (140, None),
    }
    rows = [
        {"sexo": key[0], "pueblo": key[1], "empadronados": roll, "votantes": said}
        for key, (roll, said) in people.items()
    ]
    frame = pd.DataFrame(rows).assign(estado_celda="publicada")
    frame["estado_votantes"] = ["confidencial" if pd.isna(said) else "publicada" for said in frame["votantes"]]
    cells = Cells({"participacion_cubo": frame})
    part = cells.part("participacion_cubo")
    place = {f"{sex} {pueblo}": cells.find(part, "votantes", {"sexo": sex, "pueblo": pueblo}) for sex, pueblo in people}
    found = {name: cell for name, cell in place.items() if cell is not None}
    return cells, found | {"roll": cells.find(part, "empadronados", {"sexo": "mujeres", "pueblo": "maya"}) or 0}


def test_a_rounded_share_an_order_and_a_gap_with_a_hidden_part_are_found() -> None:
    """And what follows from the tables alone is no leak: that no more voted than were registered, nor than the total."""
    cells, named = small()
    one, other = named["mujeres maya"], named["hombres maya"]
    leaks = (
        [*Formula([(one, 1.0)], [(named["roll"], 1.0)]).claims(67.5, 68.5, "a share, rounded to a whole number")],
        [Claim(((one, 1.0), (other, -1.0)), 0.0, NO_LIMIT, "an order: more women")],
        [Claim(((one, 1.0), (other, -1.0)), 72.0, 72.0, "a gap in persons")],
        [Claim(((one, 1.0),), 231.0, 231.0, "the count itself")],
    )
    found = [given_away(cells, Judge(cells).news(leak)) for leak in leaks]
    assert all(found), found
    assert [item[0].exactly for item in found] == [False, False, True, True]
    assert found[3][0].before == (pytest.approx(160), pytest.approx(300)) and found[3][0].after == (231, 231)
    safe = [
        Claim(((one, 1.0), (named["mujeres ladino"], 1.0)), 310.0, 310.0, "what is left of the women"),
        *Formula([(one, 1.0)], [(named["roll"], 1.0)]).claims(
            40.0, 100.0, "a class of colour as wide as what is known"
        ),
    ]
    assert Judge(cells).news(safe) == []


def test_a_bar_a_colour_or_a_number_of_a_hidden_cell_is_found(world: World) -> None:
    (page,) = world.ask(["/cruces?filas=municipio&columnas=pueblo&cuenta=votaron"])
    hidden = '<td class="conf"><span>'
    assert hidden in page.text and drawn_for_hidden(Document(page.text)) == []
    for leak in (
        '<td class="conf q3"><span>',
        '<td class="conf" data-estilo="--n:43%"><span>',
        '<td class="conf"><i data-estilo="width:43.0%"></i><span>',
        '<td class="conf" title="17 de 20"><span>',
        '<td class="conf"><span>17 ',
    ):
        assert len(drawn_for_hidden(Document(page.text.replace(hidden, leak, 1)))) == 1, leak
