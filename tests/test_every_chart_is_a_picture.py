"""Promise: whatever a page draws can be taken as a picture of its own, whole and legible, with no figure that is not in its
table.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import takewhile
from math import cos, radians, sin
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from lxml import etree
from PIL import Image

from dashboard.render.embedded import DRAWINGS, ON_SHAPES
from dashboard.render.standalone import MARGIN, WIDTH, width_of
from dashboard.views import VIEWS
from tests.browser_support import running_site
from tests.figures_support import MINUS
from tests.site_support import Document

SVG = "{http://www.w3.org/2000/svg}"
#: The kinds whose pages draw words, lists or tables, with why they have no drawing of their own.
WORDS = {
    "actas": "a list of actas",
    "cruces": "a table of what is published, in words",
    "directorio": "a list of places to go to",
    "hechos": "facts in words",
    "libro": "an account, step by step",
    "lugares_grupos": "a table of the groups, which the strips draw",
    "mesa": "the parts of one polling table",
    "mesas": "a list of polling tables",
    "versiones": "quotes of sources that do not agree",
}
#: What is asked, of the real release and of a demonstration.
REAL = (
    "censo_pueblo", "comparar?lugares=0101,1601,1301", "comparar?lugares=01,16,13,03,05", "cruces", "cruces?mostrar=personas",
    "extranjero_ciudades", "extranjero_ciudades?eleccion=2019-1", "extranjero_estados", "extranjero_participacion",
    "extranjero_serie", "extranjero_sexo", "padron_edades", "padron_faltan", "padron_lugar", "padron_lugar?lugar=1601",
    "padron_mapa", "participacion_coincidencia", "participacion_contienda?lugar=1601", "participacion_lugar?lugar=16",
    "participacion_lugares", "participacion_lugares?lugar=0101", "participacion_lugares_otras", "participacion_papeletas",
    "participacion_recibidas", "participacion_serie",
)  # fmt: skip
INVENTED = (
    "cruces", "cruces?cuenta=votaron", "diaspora_donde", "diaspora_edades", "diaspora_matriz", "diaspora_origen",
    "diaspora_piramide", "diaspora_voto", "padron_pueblo", "participacion_lugares", "quien_vota_brechas", "quien_vota_edades",
    "quien_vota_edades?lugar=1601", "quien_vota_grupos", "quien_vota_grupos?lugar=1601", "quien_vota_lineas",
    "quien_vota_lineas?por=pueblo", "quien_vota_lineas?por=edad", "quien_vota_piramide", "quien_vota_piramide?lugar=0101",
)  # fmt: skip
#: One of each family, of which the pixels are made too.
FAMILIES = (
    "extranjero_estados", "extranjero_serie", "padron_lugar?lugar=1601", "cruces", "participacion_lugares_otras",
    "participacion_papeletas", "participacion_coincidencia",
)  # fmt: skip
NUMBER = re.compile(rf"[{MINUS}+-]?\d[\d,]*(?:\.\d+)?")
Get = Callable[[str], httpx.Response]
Matrix = tuple[float, float, float, float, float, float]


def test_what_is_shared_draws_all_or_nothing(client: httpx.Client) -> None:
    """The card of a long table has its words alone: its first rows, which are of no interest, would say nothing."""

    def drawn(view: str) -> bool:
        """Whether there is any dark dot under where the words end."""
        card = Image.open(io.BytesIO(client.get(f"/imagen/{view}/tarjeta.png").content)).convert("L")
        darkest, _ = card.crop((620, 300, 1180, 530)).getextrema()
        return darkest < 200

    assert drawn("padron_edades") and drawn("censo_pueblo") and drawn("extranjero_estados")
    for view in ("que_falta", "participacion_mesas", "participacion_discrepancias", "consulados"):
        assert not drawn(view), view


@pytest.fixture(scope="module")
def invented(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site of people who do not exist, in population groups."""
    log = tmp_path_factory.mktemp("inventado") / "servidor.log"
    with (
        running_site(demonstration / "release" / "current", log) as url,
        httpx.Client(base_url=url, timeout=60, follow_redirects=True) as client,
    ):
        yield client


def test_every_kind_that_is_drawn_has_a_drawing_of_its_own() -> None:
    kinds = {view.kind.name for view in VIEWS.values()}
    assert kinds == DRAWINGS.keys() | ON_SHAPES.keys() | WORDS.keys()
    assert not WORDS.keys() & (DRAWINGS.keys() | ON_SHAPES.keys())
    asked = {VIEWS[one.partition("?")[0]].kind.name for one in (*REAL, *INVENTED)}
    assert asked == DRAWINGS.keys() | ON_SHAPES.keys()


@pytest.mark.parametrize("asked", REAL)
def test_a_picture_is_whole_and_says_what_its_table_says(client: httpx.Client, asked: str) -> None:
    inspect(client.get, asked)


@pytest.mark.parametrize("asked", INVENTED)
def test_so_does_that_of_population_groups(invented: httpx.Client, asked: str) -> None:
    inspect(invented.get, asked)


def inspect(get: Get, asked: str) -> None:
    """Check the picture of a view against its table, and its texts against its own sides."""
    answer = get(file_of("imagen", asked, "svg"))
    assert answer.status_code == 200, answer.text
    svg = etree.fromstring(answer.content)
    texts = list(texts_of(svg))
    height = float(svg.get("viewBox").split()[3])
    for text in texts:
        assert text.left >= MARGIN - 6 and text.right <= WIDTH - MARGIN + 6, text
        assert text.top >= 0 and text.bottom <= height, text
    flat = sorted((text for text in texts if not text.turned), key=lambda text: text.top)
    near = (
        (one, takewhile(lambda other, end=one.bottom: other.top < end, flat[place + 1 :]))
        for place, one in enumerate(flat)
    )
    over = [(one.words, other.words) for one, others in near for other in others if one.covers(other)]
    assert over == []
    table = get(file_of("descargas/vista", asked, "json")).json()
    known, said = figures_of(table)
    known += derived(get, asked, table["filas"])
    drawn = [text for text in texts if text.figure]
    hidden = any("confidencial" in text.words for text in texts)
    assert drawn or hidden or VIEWS[asked.partition("?")[0]].kind.name in ON_SHAPES
    strange = [text.words for text in drawn for number in NUMBER.findall(text.words) if not told(number, known, said)]
    assert strange == []


def file_of(root: str, asked: str, suffix: str) -> str:
    """The address of a file of what is asked."""
    view, _, query = asked.partition("?")
    return f"/{root}/{view}.{suffix}{f'?{query}' if query else ''}"


def figures_of(table: Any) -> tuple[list[float], set[str]]:
    """Every number of what a file says, and those that are inside of its texts."""
    if isinstance(table, dict):
        table = list(table.values())
    if isinstance(table, list):
        found = [figures_of(item) for item in table]
        return [value for values, _ in found for value in values], {word for _, words in found for word in words}
    if isinstance(table, (int, float)):
        return [float(table)], set()
    return [], set(NUMBER.findall(table)) if isinstance(table, str) else set()


def derived(get: Get, asked: str, rows: list[dict[str, Any]]) -> list[float]:
    """What a picture says that its table has in parts: shares of a whole, sums of classes, and people of groups of places."""
    view, kind = asked.partition("?")[0], VIEWS[asked.partition("?")[0]].kind.name
    if kind == "barras":
        counts = [[value for value in row.values() if isinstance(value, int)] for row in rows]
        whole = sum(max(found, default=0) for found in counts)
        return [100 * value / whole for found in counts for value in found]
    if kind == "papeletas":
        tables = [next(value for value in row.values() if isinstance(value, int)) for row in rows]
        return [
            float(sum(tables[start:end])) for start in range(len(tables)) for end in range(start + 1, len(tables) + 1)
        ]
    if kind == "lugares":
        groups, _ = figures_of(get(file_of("descargas/vista", f"{view}_grupos", "json")).json()["filas"])
        return [*groups, *(value / 1_000_000 for value in groups)]
    return []


def told(number: str, known: list[float], said: set[str]) -> bool:
    """Whether a number of a picture is one of the table, as precise as it is written."""
    if number in said or number.lstrip("+-") in said:
        return True
    read = number.replace(MINUS, "-").replace(",", "")
    decimals = len(read.partition(".")[2])
    return any(abs(round(abs(value), decimals) - abs(float(read))) < 0.51 * 10**-decimals for value in known)


# --- Where texts are --------------------------------------------------------------------------------------------------------


class Text(NamedTuple):
    """A text of a picture: its box, whether it is turned, and whether it is a figure of the drawing."""

    words: str
    left: float
    top: float
    right: float
    bottom: float
    turned: bool
    figure: bool

    def covers(self, other: Text) -> bool:
        """Whether two texts are one over another."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 1 and down > 1


def texts_of(
    node: Any, matrix: Matrix = (1, 0, 0, 1, 0, 0), inside: bool = False, outermost: bool = True
) -> Iterator[Text]:
    """Every text that is under a node."""
    matrix = moved(matrix, node, outermost)
    inside = inside or (node.tag == f"{SVG}g" and node.get("transform", "").startswith(f"translate({MARGIN} "))
    if node.tag == f"{SVG}text":
        yield measured(node, matrix, inside)
    for child in node:
        yield from texts_of(child, matrix, inside, outermost=False)


def measured(node: Any, matrix: Matrix, inside: bool) -> Text:
    """The box of a text in the picture."""
    words, size = "".join(node.itertext()), float(node.get("font-size"))
    wide = wide_at_100(words, node.get("font-weight") == "700") * size / 100
    x, y = float(node.get("x")), float(node.get("y"))
    x -= {"middle": wide / 2, "end": wide}.get(node.get("text-anchor", "start"), 0)
    corners = [apply(matrix, a, b) for a in (x, x + wide) for b in (y - 0.72 * size, y + 0.2 * size)]
    across, down = [a for a, _ in corners], [b for _, b in corners]
    turned = abs(matrix[1]) > 1e-6
    return Text(words, min(across), min(down), max(across), max(down), turned, inside and node.get("class") != "escala")


@lru_cache(8192)
def wide_at_100(words: str, bold: bool) -> float:
    """How wide a text is in letters of 100."""
    return width_of(words, 100, bold)


def moved(matrix: Matrix, node: Any, outermost: bool) -> Matrix:
    """The matrix of what is inside of a node."""
    if node.tag == f"{SVG}svg" and not outermost:
        left, top, wide, high = map(float, node.get("viewBox").split())
        scale = min(float(node.get("width")) / wide, float(node.get("height")) / high)
        matrix = multiplied(matrix, (1, 0, 0, 1, float(node.get("x", 0)), float(node.get("y", 0))))
        return multiplied(matrix, (scale, 0, 0, scale, -left * scale, -top * scale))
    for name, inner in re.findall(r"(\w+)\(([^)]*)\)", node.get("transform", "")):
        numbers = [float(item) for item in re.split(r"[ ,]+", inner.strip())]
        if name == "translate":
            matrix = multiplied(matrix, (1, 0, 0, 1, numbers[0], numbers[1]))
        elif name == "scale":
            matrix = multiplied(matrix, (numbers[0], 0, 0, numbers[0], 0, 0))
        elif name == "rotate":
            angle, x, y = numbers
            turn = (cos(radians(angle)), sin(radians(angle)), -sin(radians(angle)), cos(radians(angle)), 0, 0)
            for step in ((1, 0, 0, 1, x, y), turn, (1, 0, 0, 1, -x, -y)):
                matrix = multiplied(matrix, step)
        else:
            raise AssertionError(name)
    return matrix


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


# --- Pixels and frames ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", FAMILIES)
def test_the_pixels_of_each_family_are_made_in_both_sizes(client: httpx.Client, asked: str) -> None:
    address = file_of("imagen", asked, "png")
    sizes = []
    for scale in (1, 2):
        answer = client.get(f"{address}{'&' if '?' in address else '?'}escala={scale}")
        image = Image.open(io.BytesIO(answer.content)).convert("L")
        assert len(set(image.resize((100, 100)).tobytes())) > 20  # something is drawn
        sizes.append(image.size)
    assert sizes[0][0] == WIDTH and sizes[1] == (2 * WIDTH, 2 * sizes[0][1])


@pytest.mark.parametrize("asked", ["extranjero_estados", "participacion_papeletas", "participacion_coincidencia"])
def test_the_frame_of_another_page_shows_the_drawing_too(client: httpx.Client, asked: str) -> None:
    answer = client.get(f"/incrustar/{asked}")
    frame = Document(answer.text)
    drawn = frame.one("svg[role='img']")
    assert len(drawn.get("aria-label")) > 40
    assert "<style" not in etree.tostring(drawn).decode()  # the policy of the frame has one style: that of the document
    assert "script-src 'none'" in answer.headers["content-security-policy"]
