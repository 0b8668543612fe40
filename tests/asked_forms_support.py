"""Questions at random that every form answers, and how the API is asked each of them: it follows from what a table declares of
its columns, and from what a page says of the question that it answers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from dashboard.address.crossable import Cross
from dashboard.address.extracts import API
from dashboard.figures.queries import Data
from dashboard.pages import PAGES
from dashboard.view import View
from dashboard.views import VIEWS
from etl.model import TOTAL
from tests.crosses_support import HIDDEN, Book, shown
from tests.same_figures_support import Ask, Figures, Rows, api_rows, file_links, same_in_stat
from tests.site_support import EXAMPLES, Document, accessible

ROLL, VOTERS = "empadronados", "votantes"
#: Addresses of each page, which between them show every view.
EVERY_VIEW = EXAMPLES | {
    "/participacion/mesas": (
        *EXAMPLES["/participacion/mesas"],
        "/participacion/mesas?eleccion=2019-1&lugar=0101",
    )
}
#: What is asked of a view once in so many times, of each of its parameters.
ASKED = 0.45


# --- Views ---------------------------------------------------------------------------------------------------------------


def where_shown(ask: Ask) -> dict[str, list[str]]:
    """The paths of the pages on which each view is, read from their links to its files."""
    found: dict[str, list[str]] = {}
    addresses = [(page.path, example) for page in PAGES for example in EVERY_VIEW.get(page.path, (page.path,))]
    answers = ask(*(accessible(one) for _, one in addresses))
    for (path, _), answer in zip(addresses, answers, strict=True):
        for view in file_links(Document(answer.text)) if not path.startswith("/compartir/") else ():
            if path not in found.setdefault(view, []):
                found[view].append(path)
    return found


def pages_at_random(
    data: Data, paths: Mapping[str, Sequence[str]], chance: random.Random, times: int
) -> Iterator[tuple[str, str]]:
    """A view and the address of a page that shows it, every view in turn: some of its parameters with any of their values."""
    views = [name for name in paths if VIEWS[name].held(data)]
    for turn in range(times):
        view = VIEWS[views[turn % len(views)]]
        path = chance.choice(list(paths[view.name]))
        yield view.name, page_of(path, asked_at_random(view, data, chance), data, chance)


def asked_at_random(view: View, data: Data, chance: random.Random) -> dict[str, str]:
    """Some parameters of a view with any of their values."""
    found = {}
    for item in view.parameters(data):
        values = [value for value in item.values if value]
        if not values or item.name == "orden":
            continue
        if item.most > 1:
            found[item.name] = ",".join(chance.sample(values, chance.randint(2, item.most)))
        elif chance.random() < ASKED or item.name in ("lugar", "mesa"):
            found[item.name] = chance.choice(values)
    return found


def page_of(path: str, asked: Mapping[str, str], data: Data, chance: random.Random) -> str:
    """The address of a page with a question. The page of a place says it in its path."""
    left = dict(asked)
    if "{codigo}" in path:
        place = left.get("lugar") or chance.choice(list(data.territories.municipios))
        path = path.replace("{codigo}", place)
        left = {name: value for name, value in left.items() if name not in ("lugar", "departamento")}
    elif left.get("departamento") and left.get("lugar"):  # a place is inside what is asked
        left["departamento"] = left["lugar"][:2]
    return f"{path}?{urlencode(left)}" if left else path


# --- Crosses -------------------------------------------------------------------------------------------------------------


class Crossed:
    """A cross asked of the API: the table that has it, and the rows of it that answer."""

    def __init__(self, cross: Cross, book: Book) -> None:
        self.cross, self.book = cross, book
        self.table = book.release.tables[cross.source.table]
        self.names = {column.name for column in self.table.columns}

    def answers(self, ask: Ask) -> Figures:
        """The figures of its cells, by the codes of row and column and what they are, from the API in every format and from
        JSON-stat, which must have the same.
        """
        return self._with_totals(ask) if self.table.crosses else self._added(ask)

    def _conditions(self) -> dict[str, str]:
        """What every row is, by column."""
        cross, levels = self.cross, self.cross.source.levels
        found = {
            column: value
            for column, value in (("eleccion", cross.eleccion), ("fecha_corte", cross.corte))
            if column in self.names
        }
        for name, value in cross.conditions.items():
            path = [levels[item].column for item in (*levels[name].above, name)]
            found |= dict(zip(path, levels[name].paths[value], strict=True))
        return found

    def _with_totals(self, ask: Ask) -> Figures:
        """Of a table with totals of its own, the cells are rows: what is not asked of is «total»."""
        cross, levels = self.cross, self.cross.source.levels
        axes = [[*axis.above, axis.name] for axis in (cross.rows, cross.columns)]
        asked = self._conditions()
        free = {levels[name].column for axis in axes for name in axis}
        asked |= {level.column: TOTAL for level in levels.values() if level.column not in {*asked, *free}}
        address = f"{API}/{self.table.name}/data.json?{urlencode(asked)}"
        rows = api_rows(ask, address)
        counted = [name for name in (ROLL, VOTERS) if name in self.names]
        same_in_stat(ask, address, rows, self.table.key, counted)
        fixed = {item for name in cross.conditions for item in (name, *levels[name].above)}
        found: Figures = {}
        for row in rows:
            codes = [Book.code(levels, names, fixed, row) for names in axes]
            if None not in codes:
                said = [None if row.get(self._state(name)) in HIDDEN else row.get(name) for name in (ROLL, VOTERS)]
                found |= self._cell(str(codes[0]), str(codes[1]), said)
        return found

    def _state(self, figure: str) -> str:
        """The column that says why a figure is missing."""
        measures = self.table.measures
        return next((one.status for one in measures if figure in (one.columns or (one.name,)) and one.status), "")

    def _added(self, ask: Ask) -> Figures:
        """Of a table whose rows add up, the cells are sums: of the rows of each row and column, of either, and of all."""
        cross = self.cross
        asked = self._conditions() | ({"residencia": "pais"} if "residencia" in self.names else {})
        both = cross.rows.column, cross.columns.column
        found: Figures = {}
        for by in (both, both[:1], both[1:], ("residencia",)):
            address = (
                f"{API}/{self.table.name}/data.json?{urlencode({**asked, 'agrupar': ','.join(by), 'sumar': ROLL})}"
            )
            rows = api_rows(ask, address)
            same_in_stat(ask, address, rows, groups_of(rows), (ROLL,))
            for row in rows:
                codes = [str(row[name]) if name in by else TOTAL for name in both]
                found |= self._cell(codes[0], codes[1], [row[ROLL], None])
        return found

    def _cell(self, row: str, column: str, said: Sequence[Any]) -> Figures:
        people, roll = shown(self.cross, (said[0], said[1]))
        return {(row, column, "personas"): people, (row, column, "padron"): roll}


def of_cross_file(rows: Rows) -> Figures:
    """The figures of the file of a cross, by the codes of row and column and what they are."""
    return {
        (row["codigo_fila"], row["codigo_columna"], name): row[name] for row in rows for name in ("personas", "padron")
    }


# --- Tables --------------------------------------------------------------------------------------------------------------


def by_municipio(rows: Rows, place: str, figure: str) -> Figures:
    """A figure of each row, by its place."""
    return {(row[place],): row[figure] for row in rows}


def link_to_api(page: Document) -> str | None:
    """Where a page says that the API answers the question of its map; None where it does not say it."""
    links = [str(link.get("href")) for link in page.all("main .descargas a") if "por API" in (link.text or "")]
    assert len(links) < 2, links
    return links[0] if links else None


def groups_of(rows: Rows) -> list[str]:
    """The columns that the sums of the API are told apart by: what was asked for and, of invented people, that they are."""
    return list(rows[0])[: list(rows[0]).index("filas")] if rows else []
