"""What a reader, a script and a spreadsheet see of one address: every face of an answer, read back from the wire."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import httpx
import lxml.html
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from lxml.html import HtmlElement

from dashboard.address.parameters import GROUPS
from dashboard.pages import PAGES
from dashboard.render.inert import as_it_was
from dashboard.views import VIEWS
from tests.figures_support import AGES, ASKED, MINUS, NBSP, NO_DATA, ORACLE, READING, SEXES, asked_by

#: What fills the addresses that name something, and one search with results: a page without example fails its test.
EXAMPLES = {
    "/buscar": ("/buscar?q=san", "/buscar"),
    "/ficha/{codigo}": ("/ficha/1601", "/ficha/02", "/ficha/pais"),
    "/datos": ("/datos", "/datos?tema=territorio&nivel=municipio"),
    "/datos/{conjunto}": ("/datos/padron_municipal", "/datos/limites"),
    "/compartir/{vista}": ("/compartir/padron_mapa", "/compartir/procedimientos"),
    "/participacion/mesas": ("/participacion/mesas", "/participacion/mesas?eleccion=2019-1&lugar=0406&mesa=5556"),
    "/participacion/lugares": (
        "/participacion/lugares",
        "/participacion/lugares?caracteristica=no-lee-ni-escribe&indicador=tasa&departamento=16&lugar=1601&filas=todas",
    ),
    "/cruces": ("/cruces", "/cruces?filas=edad&columnas=sexo&orden=-mujeres&fila=18_25&columna=mujeres"),
    "/analisis": ("/analisis?tarjetas=padron_mapa~indicador~tasa.padron_edades.extranjero_serie", "/analisis"),
    "/comparar": ("/comparar?lugares=0101,1601,02", "/comparar"),
}
ERROR_PAGE = "/no-existe"
#: Every address that a test of all pages visits, in its visual mode; the site's own list of pages says which exist.
ADDRESSES = (
    *(address for page in PAGES for address in EXAMPLES.get(page.path, (page.path,))),
    "/padron?indicador=cambio&eleccion=2011-1&departamento=17&lugar=1713",
    "/padron?indicador=mujeres&edad=18_25&ver=departamento&lugar=16&filas=todas",
)
ON_THE_MAP_PAGE = ("padron_mapa", "padron_lugar", "padron_edades", "padron_alfabetismo")
FORMATS = ("csv", "xlsx", "parquet", "json", "jsonl")
EACH = 6
SEED = 327
SOFT_HYPHEN = "\u00ad"


def accessible(path: str) -> str:
    """The accessible twin of an address."""
    return "/accesible" + path


def selections() -> list[dict[str, str]]:
    """The addresses that the faces are compared on: `EACH` for every indicator, the same on every run.

    Between them they use every value of every filter, all 22 departamentos, both levels, and the municipios without a
    figure of 2011. In each indicator the first is bare and all but that one have a place chosen.
    """
    chance = random.Random(SEED)
    ages, territories = list(AGES) * 4, list(ORACLE.departamentos) * 4
    chance.shuffle(ages)
    found = []
    for indicador, asked in ASKED.items():
        for turn in range(EACH):
            query = dict(zip(("indicador", "eleccion"), indicador.split(), strict=False))
            if turn in (2, 4):
                query["departamento"] = territories.pop()
            if turn:
                query |= _group(asked.filters, turn, ages, chance)
            if turn == 3:
                query["ver"] = "departamento"
                query["lugar"] = chance.choice(ORACLE.departamentos)
            elif turn:
                inside = query.get("departamento", "")
                query["lugar"] = chance.choice([code for code in ORACLE.municipios if code.startswith(inside)])
            found.append(query)
    every_age = [{"indicador": "empadronados", "edad": age} for age in AGES]
    without_2011 = ORACLE.series(2011).loc[lambda series: series.isna()].index
    return [
        *found,
        *every_age,
        *({"indicador": "cambio", "eleccion": "2011-1", "lugar": code} for code in without_2011),
    ]


def _group(filters: tuple[str, ...], turn: int, ages: list[str], chance: random.Random) -> dict[str, str]:
    group = {}
    if "sexo" in filters and turn != 1:
        group["sexo"] = chance.choice(list(SEXES))
    if "edad" in filters and turn % 2:
        group["edad"] = ages.pop()
    elif "alfabetismo" in filters:
        group["alfabetismo"] = list(READING)[turn // 2 % 2]
    return group


def clean(text: str) -> str:
    """`text` with line breaks and runs of spaces read as one space; the hard space of «18.8 %» is kept."""
    return re.sub(r"[ \n\t]+", " ", text).strip(" ")


def text_of(node: HtmlElement) -> str:
    """Everything a reader sees in a node."""
    return clean(node.text_content())


def unhyphenated(node: HtmlElement) -> str:
    """What a reader sees in a cell, wherever its words may be cut."""
    return text_of(node).replace(SOFT_HYPHEN, "")


def number(text: str) -> float | None:
    """The value of a number written for a reader; None for «sin dato publicado»; ValueError for anything else."""
    if text == NO_DATA:
        return None
    match = re.fullmatch(rf"([+{MINUS}]?)(\d{{1,3}}(?:,\d{{3}})*(?:\.\d+)?)(?:{NBSP}%)?", text)
    if not match:
        raise ValueError(f"{text!r} is not written as a Guatemalan writes a number")
    return (-1 if match[1] == MINUS else 1) * float(match[2].replace(",", ""))


@dataclass(frozen=True)
class Table:
    """A native table: the titles of its columns, and in each row the text by title, so that columns may change places.

    `codes` are the places that its rows lead to ("" for none).
    """

    header: list[str]
    rows: list[dict[str, str]]
    codes: list[str]

    def column(self, title: str) -> list[str]:
        """The text of every row under a title."""
        return [row[title] for row in self.rows]


class Document:
    """One page as HTML."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root = lxml.html.document_fromstring(html)

    def all(self, css: str) -> list[HtmlElement]:
        """Every node that matches a selector."""
        return self.root.cssselect(css)

    def one(self, css: str) -> HtmlElement:
        """The only node that matches a selector."""
        found = self.all(css)
        assert len(found) == 1, f"{len(found)} nodes match {css}"
        return found[0]

    def texts(self, css: str) -> list[str]:
        """The text of every node that matches a selector."""
        return [text_of(node) for node in self.all(css)]

    def table(self, css: str) -> Table:
        """The table that a selector finds."""
        node = self.one(css)
        body = node.cssselect("tbody tr")
        links = [row.cssselect("th a[data-lugar]") for row in body]
        header = [unhyphenated(cell) for cell in node.cssselect("thead th")]
        assert len({*header}) == len(header), f"Two columns of {css} have one title: {header}"
        return Table(
            header,
            [dict(zip(header, map(unhyphenated, row.cssselect("th, td")), strict=True)) for row in body],
            [link[0].get("data-lugar") if link else "" for link in links],
        )

    @cached_property
    def state(self) -> dict[str, Any]:
        """What the scripts paint the page with."""
        return json.loads(self.one("#estado-inicial").text)

    @property
    def words(self) -> list[str]:
        """Every sentence of the answer: the reply and what stands out."""
        return self.texts("#pregunta .respuesta, #pregunta .hallazgo")


class Asking:
    """Every face of the answer to one query, asked of the site over HTTP, each once."""

    def __init__(self, client: httpx.Client, query: dict[str, str], path: str = "/padron") -> None:
        self.client = client
        self.query = query
        self.address = f"{path}?{urlencode(query)}"
        self._contents: dict[tuple[str, str], bytes] = {}
        self._files: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def get(self, path: str) -> httpx.Response:
        """A response that must be 200."""
        response = self.client.get(path)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response

    @cached_property
    def page(self) -> Document:
        """The visual page."""
        return Document(self.get(self.address).text)

    @cached_property
    def accessible(self) -> Document:
        """Its accessible twin."""
        return Document(self.get(accessible(self.address)).text)

    @cached_property
    def live(self) -> str:
        """The page that Dash's callback answers for this address."""
        return live_answer(self.client, self.address)

    def link(self, view: str, suffix: str) -> str:
        """Where the page leads for the file of a view; of one that it does not show, the address that asks the same."""
        links = [link.get("href") for link in self.page.all(f".descargas a[href^='/descargas/vista/{view}.{suffix}']")]
        found = [href for href in links if "excel=1" not in href]
        return found[0] if found else f"/descargas/vista/{view}.{suffix}?{urlencode(self._taken_by(view))}"

    def _taken_by(self, view: str) -> dict[str, str]:
        """What of the query a view that the page does not show takes."""
        names = VIEWS[view].contract.names or ()
        groups = self.group if GROUPS in names else {}
        return {name: value for name, value in self.query.items() if name in names} | groups

    def content(self, view: str, suffix: str) -> bytes:
        """The file of a view that the page links to."""
        if (view, suffix) not in self._contents:
            self._contents[view, suffix] = self.get(self.link(view, suffix)).content
        return self._contents[view, suffix]

    def file(self, view: str, suffix: str) -> list[dict[str, Any]]:
        """The rows of that file, with the types its format gives them."""
        if (view, suffix) not in self._files:
            self._files[view, suffix] = READERS[suffix](self.content(view, suffix))
        return self._files[view, suffix]

    # What was asked, for the oracle.

    @property
    def indicador(self) -> str:
        return self.query["indicador"]

    @property
    def asked(self) -> str:
        """What the oracle calls what is asked: the indicator and, if it has one, the election."""
        return asked_by(self.query)

    @property
    def group(self) -> dict[str, str]:
        return {name: self.query[name] for name in ("sexo", "edad", "alfabetismo") if name in self.query}

    @property
    def scope(self) -> str:
        return self.query.get("departamento", "")

    @property
    def focus(self) -> str:
        return self.query.get("lugar", self.scope)

    @property
    def codes(self) -> list[str]:
        if self.query.get("ver") == "departamento":
            return ORACLE.departamentos
        return [code for code in ORACLE.municipios if code.startswith(self.scope)]


def live_answer(client: httpx.Client, address: str) -> str:
    """The page that the one callback of the site answers when the browser sends it `address`."""
    callback = next(
        item
        for item in client.get("/_dash-dependencies").json()
        if [source["id"] for source in item["inputs"]] == ["consulta"]
    )
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in callback["output"].strip(".").split("...")
    ]
    asked = f"1 {address}"
    body = {
        "output": callback["output"],
        "outputs": outputs,
        "inputs": [{"id": "consulta", "property": "value", "value": asked}],
        "changedPropIds": ["consulta.value"],
    }
    response = client.post("/_dash-update-component", json=body)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    answer = json.loads(response.json()["response"]["estado"]["value"])
    assert answer["pedida"] == asked
    return str(answer["pagina"])


def _csv(content: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def _xlsx(content: bytes) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["datos"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _parquet(content: bytes) -> list[dict[str, Any]]:
    return pq.read_table(pa.BufferReader(content)).to_pylist()


def _json(content: bytes) -> list[dict[str, Any]]:
    return json.loads(content)["filas"]


def _jsonl(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]


READERS = {"csv": _csv, "xlsx": _xlsx, "parquet": _parquet, "json": _json, "jsonl": _jsonl}


def another_format(turn: int) -> str:
    """The format that is compared with Parquet in the turn number `turn`.

    One for each question and view, by turns, is enough for every pair of a format and anything that is asked.
    """
    others = [suffix for suffix in FORMATS if suffix != "parquet"]
    return others[turn % len(others)]


def differing_cells(asking: Asking, view: str, *suffixes: str) -> list[tuple]:
    """The cells in which a file of `view` is not its Parquet file: (format, row, column, cell, cell in Parquet)."""
    reference = asking.file(view, "parquet")
    found: list[tuple] = []
    for suffix in suffixes:
        rows = asking.file(view, suffix)
        assert len(rows) == len(reference), f"{suffix} of {view}: {len(rows)} rows, not {len(reference)}"
        for position, (row, expected) in enumerate(zip(rows, reference, strict=True)):
            # A JSON file says once, above its rows, what the others repeat in every one.
            names = list(expected)[: len(row)] if suffix == "json" else list(expected)
            assert list(row) == names, f"{suffix} of {view}: {list(row)}"
            cells = ((name, cell, expected[name]) for name, cell in row.items())
            found += [(suffix, position, *cell) for cell in cells if not same_cell(cell[1], cell[2], suffix)]
    return found


def same_cell(cell: object, typed: object, suffix: str) -> bool:
    """Whether a cell is the typed one of Parquet, as its format can hold it: CSV has only text, Excel no empty text."""
    if typed is None or typed == "":
        return cell in (None, "")
    if isinstance(typed, str) and suffix in ("csv", "xlsx"):
        return as_it_was(str(cell)) == typed
    if isinstance(typed, float):
        # A spreadsheet file holds sixteen digits of a number; the others, all of them.
        return math.isclose(float(cell), typed, rel_tol=1e-15 if suffix == "xlsx" else 0, abs_tol=0)
    if isinstance(cell, str) and suffix in ("csv", "xlsx"):
        cell = as_it_was(cell)  # what a spreadsheet would run goes after an apostrophe
    return cell == str(typed) if suffix == "csv" else type(cell) is type(typed) and cell == typed
