"""Promise: what tests/test_faces_agree.py says of the registry holds for every view that answers the filters of a map page:
picture, legend, ranking, table and accessible page are one, and its four files hold the same cells: for each selection
Parquet and another of them, by turns."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from dashboard.figures.queries import Data
from dashboard.indicators import TOPICS
from dashboard.indicators.by_election import at
from dashboard.indicators.offers import offer
from dashboard.pages import LIVE
from dashboard.views import VIEWS
from etl.release import Release
from tests.figures_support import ORACLE
from tests.site_support import ON_THE_MAP_PAGE, Asking, another_format, differing_cells

#: How many addresses of each map are asked for: in `make test`, and in `make test-largo`.
FEW, SELECTIONS = 24, 50
of_most = pytest.mark.parametrize("most", [FEW, pytest.param(SELECTIONS, marks=pytest.mark.largo)])
INDICATORS = {indicator.name: indicator for topic in TOPICS.values() for indicator in topic.indicators}
OTHER_MAPS = [path for path in LIVE if path != "/padron"]
OTHER_VIEWS = [
    view.name
    for view in VIEWS.values()
    if view.topic in {page.topic_name for page in LIVE.values()} and view.name not in ON_THE_MAP_PAGE
]


def queries(topic_name: str, data: Data) -> list[dict[str, str]]:
    """Fifty addresses of a topic: its indicators by turns, each in the elections it has by turns, with and without
    departamento, place and level.
    """
    found, offered_here = [], offer(data, topic_name)
    elections, published = offered_here.elections, [INDICATORS[name] for name in offered_here.indicators]
    for turn in range(SELECTIONS):
        indicator = published[turn % len(published)]
        query = {"indicador": indicator.name}
        if offered := [*elections.get(indicator.name, {})]:
            query["eleccion"] = offered[turn // len(published) % len(offered)]
        departamento = ORACLE.departamentos[turn % 22]
        inside = [code for code in ORACLE.municipios if code.startswith(departamento)]
        if turn % 3 == 1:
            query["departamento"] = departamento
        if turn % 5 == 2 and not indicator.only_municipios and "departamento" not in query:
            query |= {"ver": "departamento", "lugar": departamento}
        elif turn % 2:
            query["lugar"] = inside[turn % len(inside)]
        found.append(query)
    return found


@pytest.fixture(scope="module")
def data(release_path: Path) -> Data:
    """The figures of the release that the site serves."""
    return Data(Release.open(release_path))


@pytest.fixture(scope="module")
def askings(client: httpx.Client, data: Data) -> dict[str, list[Asking]]:
    """Fifty askings by the path of each map page, each answer read once."""
    return {
        path: [Asking(client, query, path) for query in queries(page.topic_name, data)] for path, page in LIVE.items()
    }


@of_most
@pytest.mark.parametrize("path", OTHER_MAPS)
def test_picture_table_ranking_and_accessible_page(
    askings: dict[str, list[Asking]], path: str, most: int, data: Data
) -> None:
    for asking in askings[path][:most]:
        assert asking.page.texts(".avisos li") == [], asking.address
        paint = asking.page.state["pintura"]
        prefix = "d" if asking.page.state["paleta"] == "divergente" else "q"
        whole = asking.accessible.table("#tabla table")
        assert whole.codes == list(paint), asking.address
        assert whole.column(column_title(asking.query, data)) == [text for _, text in paint.values()]

        layer = "departamentos" if asking.query.get("ver") == "departamento" else "municipios"
        painted = [item for item in asking.accessible.all(f"#mapa svg .{layer} path") if len(item)]
        assert sorted((item.findtext("title"), item.get("class")) for item in painted) == sorted(
            (f"{ORACLE.names[code]}: {text}", "sin-dato" if klass < 0 else f"{prefix}{klass}")
            for code, (klass, text) in paint.items()
        )
        legend = {item.get("class") for item in asking.page.all(".leyenda li")}
        assert {"sin-dato" if klass < 0 else f"{prefix}{klass}" for klass, _ in paint.values()} <= legend

        for item in asking.page.all(".ranking li"):
            assert item.cssselect("b")[0].text == paint[item.cssselect("a")[0].get("data-lugar")][1]
        for css in ("#pregunta", "#bajo-mapa", ".ranking", ".ficha-lugar", ".grafica .frase", ".grafica table"):
            assert asking.accessible.texts(css) == asking.page.texts(css), f"{asking.address} {css}"
        if "lugar" in asking.query:
            assert asking.page.texts(".cifra-grande strong") == [paint[asking.query["lugar"]][1]]


def column_title(query: dict[str, str], data: Data) -> str:
    """The title over the figures of an indicator, which says its election and a unit that is not people."""
    found = at(data, INDICATORS[query["indicador"]], query.get("eleccion"))
    return f"{found.title} ({found.unit.mark})" if found.unit.mark else found.title


@pytest.mark.parametrize("path", OTHER_MAPS)
def test_live_answer_is_the_page_painted_by_the_server(askings: dict[str, list[Asking]], path: str) -> None:
    for asking in askings[path][::5]:
        assert asking.live == asking.get(asking.address).text


@of_most
@pytest.mark.parametrize("view", OTHER_VIEWS)
def test_the_four_formats_hold_the_same_cells(
    askings: dict[str, list[Asking]], client: httpx.Client, data: Data, view: str, most: int
) -> None:
    path = next(path for path, page in LIVE.items() if page.topic_name == VIEWS[view].topic)
    if not VIEWS[view].held(data):  # no source of this release counts that
        assert client.get(f"/descargas/vista/{view}.csv").status_code == 404
        return
    rows = 0
    for turn, asking in enumerate(askings[path][:most]):
        differing = differing_cells(asking, view, another_format(turn + OTHER_VIEWS.index(view)))
        assert differing == [], f"{view} {urlencode(asking.query)}"
        rows += len(asking.file(view, "parquet"))
    if view != "comparar":  # it answers other addresses: see below
        assert rows > 0


@of_most
def test_a_comparison_is_its_file(client: httpx.Client, most: int) -> None:
    for turn in range(most):
        codes = [ORACLE.municipios[(turn * 37 + step * 91) % 340] for step in range(2 + turn % 4)]
        asking = Asking(client, {"lugares": ",".join(dict.fromkeys(codes))}, "/comparar")
        assert differing_cells(asking, "comparar", another_format(turn)) == []
        written = {row["cifra"] for row in asking.file("comparar", "parquet")}
        for page in (asking.page, asking.accessible):
            cells = {text for text in page.texts("main td.num") if text}
            assert cells and cells <= written
