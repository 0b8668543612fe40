"""One question read from every form in which it is answered: the table of its page, its five files, what the API answers and the
same in JSON-stat. Each is read from the wire as its reader would, and compared value by value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import httpx
from lxml.html import HtmlElement

from dashboard.words import WITHHELD
from tests.site_support import READERS, Document, number, same_cell, text_of, unhyphenated

Ask = Callable[..., list[httpx.Response]]
Rows = list[dict[str, Any]]
#: The figures of a question by what tells each from the others: numbers, and None for what is not published.
Figures = dict[tuple[str, ...], float | None]
NUMBERS = ("entero", "decimal")
#: What goes before a number that is less than the least that is written.
LESS = "menos de "
#: The rows of an answer of the API up to which every format is read.
MOST_ROWS = 60


def get(ask: Ask, *addresses: str) -> list[httpx.Response]:
    """Answers that must be 200."""
    found = ask(*addresses)
    for address, answer in zip(addresses, found, strict=True):
        assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.text[:300]}"
    return found


def in_format(address: str, suffix: str) -> str:
    """The same question in another format."""
    parts = urlsplit(address)
    return f"{parts.path.rpartition('.')[0]}.{suffix}" + (f"?{parts.query}" if parts.query else "")


def file_links(page: Document) -> dict[str, str]:
    """The JSON of each view that a page shows, by the name of the view, as the page links to it."""
    links = [str(link.get("href")) for link in page.all("main a[href^='/descargas/vista/']")]
    found = {urlsplit(link).path.rpartition("/")[2]: link for link in links}
    return {name.removesuffix(".json"): link for name, link in found.items() if name.endswith(".json")}


# --- Files ---------------------------------------------------------------------------------------------------------------


def read_files(ask: Ask, link: str) -> tuple[dict[str, Any], dict[str, Rows]]:
    """What the JSON of a question says, and its rows in every format. They must be the same, cell by cell."""
    answers = get(ask, *(in_format(link, suffix) for suffix in READERS))
    contents = {suffix: answer.content for suffix, answer in zip(READERS, answers, strict=True)}
    tables = {suffix: READERS[suffix](content) for suffix, content in contents.items()}
    told: dict[str, Any] = answers[list(READERS).index("json")].json()
    kinds = {column["nombre"]: column.get("tipo") for column in told["columnas"]}
    for suffix, rows in tables.items():
        assert len(rows) == len(tables["parquet"]), f"{link} {suffix}: {len(rows)}"
        for row, typed in zip(rows, tables["parquet"], strict=True):
            same_row(row, typed, suffix, kinds, link)
    return told, tables


def same_row(
    row: Mapping[str, Any], typed: Mapping[str, Any], suffix: str, kinds: Mapping[str, str], where: str
) -> None:
    """A row of a file is that of Parquet: all of its columns in the same order (a JSON file says once, above, what the others
    repeat), with the same values, and what is not a number is text.
    """
    assert list(row) == list(typed)[: len(row)] and len(row) >= len(kinds), f"{where} {suffix}: {list(row)}"
    assert suffix == "json" or len(row) == len(typed), f"{where} {suffix}: {list(row)}"
    for name, cell in row.items():
        assert same_cell(cell, typed[name], suffix), f"{where} {suffix} {name}: {cell!r}, not {typed[name]!r}"
        if kinds.get(name, "texto") not in (*NUMBERS, "booleano"):
            assert cell is None or isinstance(cell, str), f"{where} {suffix} {name}: {cell!r} is not text"


# --- Tables of pages -----------------------------------------------------------------------------------------------------


def figure_of(text: str) -> float | None:
    """The number that a cell says; None for words, which must have no figures among them."""
    plain = re.sub(r"^([+−]) ", r"\1", text)
    try:
        return number(plain)
    except ValueError:
        assert not re.search(r"\d", text), f"«{text}» is neither a number nor the reason why there is none"
        return None


def decimals_of(text: str) -> int:
    """How many decimals a number is written with."""
    return len(text.partition(".")[2].rstrip("%").strip())


def says(text: str, value: float | None) -> bool:
    """Whether a cell says a figure of a file: with as many decimals as a reader sees."""
    if text.removeprefix("<").startswith(LESS):
        limit = figure_of(text.removeprefix("<").removeprefix(LESS))
        return value is not None and limit is not None and 0 <= value < limit
    said = figure_of(text)
    if said is None or value is None:
        return said is None and value is None
    return abs(round(value, decimals_of(text)) - said) < 1e-9


def shown_rows(table: HtmlElement) -> list[list[str]]:
    """The text of each cell of a table, row by row."""
    return [[unhyphenated(cell) for cell in row.cssselect("th, td")] for row in table.cssselect("tbody tr")]


def plain_table(page: Document, told: Mapping[str, Any]) -> int:
    """How many figures of a file its table on a page says: every column that the table shows is one of the file, with its title,
    and every cell is the value of the file. AssertionError if no table of the page does.
    """
    titles: dict[str, list[str]] = {}
    for column in told["columnas"]:
        titles.setdefault(column["titulo"], []).append(column["nombre"])
    kinds = {column["nombre"]: column.get("tipo", "texto") for column in told["columnas"]}
    wrong = []
    for table in page.all("main table"):
        header = [unhyphenated(cell) for cell in table.cssselect("thead th")]
        rows = shown_rows(table)
        file = told["filas"][: first_of(table, len(told["filas"]))]
        if not set(map(without_mark, header)) <= set(map(without_mark, titles)) or len(rows) != len(file):
            continue
        found = [_column_shown(title, position, rows, file, titles, kinds) for position, title in enumerate(header)]
        if None not in found:
            return sum(kinds[name] in NUMBERS for name in found if name) * len(rows)
        wrong.append((header, [title for title, name in zip(header, found, strict=True) if name is None]))
    raise AssertionError(f"{told['vista']} {told['consulta']}: no table of the page says its file: {wrong}")


def first_of(table: HtmlElement, whole: int) -> int:
    """How many rows of a long file a table has: the first ones, if it says so and of how many."""
    caption = " ".join(text_of(item) for item in table.cssselect("caption"))
    found = re.search(r"\(primeras (\d+) de ([\d,]+)\b", caption)
    return int(found[1]) if found and int(found[2].replace(",", "")) == whole else whole


def without_mark(title: str) -> str:
    """A title without the mark of its unit."""
    return title.removesuffix(" (%)")


def _column_shown(
    title: str,
    position: int,
    rows: Sequence[Sequence[str]],
    file: Rows,
    titles: Mapping[str, list[str]],
    kinds: Mapping[str, str],
) -> str | None:
    """The column of a file that a column of a table shows, cell by cell."""
    names = [name for each, found in titles.items() if without_mark(each) == without_mark(title) for name in found]
    return next((name for name in names if _same_column(rows, position, file, name, kinds[name])), None)


def _same_column(rows: Sequence[Sequence[str]], position: int, file: Rows, name: str, kind: str) -> bool:
    pairs = [(row[position], line[name]) for row, line in zip(rows, file, strict=True)]
    if kind in NUMBERS:
        return all(says(text, value) for text, value in pairs)
    # Words for a code: always the same for the same one, and others for another.
    if all(text == (value or "") for text, value in pairs):
        return True
    return len({text for text, _ in pairs}) == len({value for _, value in pairs}) == len(set(pairs))


def card_tables(page: Document, told: Mapping[str, Any]) -> int:
    """The same for the card of a place, or for places side by side: each line of a table is an indicator (or a group), with a
    figure for each place, and the file has a row for each of them.
    """
    view, rows = told["vista"], told["filas"]
    codes = list(dict.fromkeys(row["codigo"] for row in rows))
    lines = [rows[start : start + len(codes)] for start in range(0, len(rows), len(codes))]
    assert all([row["codigo"] for row in line] == codes for line in lines), view
    assert all(says(shown_words(row["cifra"]), row["valor"]) for row in rows), view
    expected = sorted(tuple(shown_words(row["cifra"]) for row in line) for line in lines)
    cards = page.all(f"main .ficha-lugar[aria-labelledby='tarjeta-{view}']")
    cards = cards or page.all("main .ficha-lugar[aria-labelledby='lugar-elegido']")
    tables = [table for card in cards[:1] for table in card.cssselect("table")] or page.all("main table.lado-a-lado")
    found = [tuple(map(shown_words, row[1:])) for table in tables for row in shown_rows(table)]
    # What the card says in large is not repeated in its table when there are no groups beside it.
    large = [text_of(item) for card in cards[:1] for item in card.cssselect(".cifra-grande strong")]
    assert large in ([], [lines[0][0]["cifra"]]), f"{view}: {large}"
    assert sorted(found) == expected, f"{view} {told['consulta']}: {sorted(found)} and {expected}"
    return len(rows)


def shown_words(text: str) -> str:
    """What a cell says, in the words of files: where there is little room, a hidden figure has a shorter word."""
    return WITHHELD if text == "confidencial" or text.startswith("conf.") else text


def matrix(page: Document, told: Mapping[str, Any]) -> int:
    """The same for the matrix of origins, whose cells are told by the codes of their row and their column."""
    (table,) = page.all("main #matriz")
    columns = [str(head.get("data-c") or "") for head in table.cssselect("thead th")][1:]
    value = next(column["nombre"] for column in told["columnas"] if column.get("tipo") in NUMBERS)
    if "participacion" in told["filas"][0]:
        value = "participacion"
    file = {(row["codigo_origen"], row["codigo_lugar"]): row[value] for row in told["filas"]}
    compared = 0
    for line in table.cssselect("tbody tr, tfoot tr"):
        for column, cell in zip(columns, line.cssselect("td"), strict=True):
            key = (str(line.get("data-f") or ""), column)
            text = shown_words(text_of(cell))
            assert says(text, file[key]), f"{told['consulta']} {key}: «{text}», not {file[key]}"
            compared += 1
    return compared


# --- The API and JSON-stat -----------------------------------------------------------------------------------------------


def api_rows(ask: Ask, address: str, turn: int = 0) -> Rows:
    """The rows of a question of the API, from its JSON. Those of its other formats must be the same; of a long answer, those of
    one of them, by turns.
    """
    told = get(ask, in_format(address, "json"))[0].json()
    rows: Rows = told["data"]
    kinds = {field["name"]: field["type"] for field in told["schema"]["fields"]}
    others = [suffix for suffix in READERS if suffix != "json"]
    if len(rows) > MOST_ROWS:
        others = [others[turn % len(others)]]
    for suffix, answer in zip(others, get(ask, *(in_format(address, suffix) for suffix in others)), strict=True):
        found = READERS[suffix](answer.content)
        assert len(found) == len(rows), f"{address} {suffix}: {len(found)}, not {len(rows)}"
        for row, other in zip(rows, found, strict=True):
            same_api_row(other, row, suffix, kinds, address)
    return rows


def same_api_row(
    cells: Mapping[str, Any], plain: Mapping[str, Any], suffix: str, kinds: Mapping[str, str], where: str
) -> None:
    """A row in a format is the one that JSON has: the same columns in the same order, and text is text."""
    assert list(plain) == list(cells), f"{where} {suffix}: {list(cells)}"
    for name, cell in cells.items():
        assert same_of_api(cell, plain[name], suffix), f"{where} {suffix} {name}: {cell!r}, not {plain[name]!r}"
        assert kinds[name] != "string" or cell is None or isinstance(cell, str), f"{where} {suffix} {name}: {cell!r}"


def same_of_api(cell: Any, plain: Any, suffix: str) -> bool:
    """Whether a cell of a format is the value that JSON has."""
    if isinstance(plain, bool) and suffix == "csv":
        return bool(cell == str(plain).lower())
    if isinstance(plain, int | float) and not isinstance(plain, bool) and not isinstance(cell, bool | None):
        return same_cell(cell, float(plain), suffix)
    return same_cell(cell.isoformat() if hasattr(cell, "isoformat") else cell, plain, suffix)


def stat_cells(ask: Ask, address: str) -> dict[tuple[str, ...], tuple[Any, str | None]]:
    """Every cell of the same question in JSON-stat that is there, by the codes of its dimensions (the figure last): its value,
    and why it has none.
    """
    told = get(ask, in_format(address, "jsonstat"))[0].json()
    codes = [list(told["dimension"][name]["category"]["index"]) for name in told["id"]]
    assert [len(values) for values in codes] == told["size"]
    values, states = told["value"], told.get("status", {})
    found = {}
    for place, key in enumerate(product(*codes)):
        value = values[place] if isinstance(values, list) else values.get(str(place))
        state = states.get(str(place))
        if (value is not None or state) and state != "no_publicada":
            found[key] = (value, state)
    return found


def same_in_stat(ask: Ask, address: str, rows: Rows, key: Sequence[str], figures: Iterable[str]) -> None:
    """JSON-stat has the figures of the rows of the API and no other, by the codes of their key."""
    expected = {(*(_code(row[name]) for name in key), figure): row[figure] for row in rows for figure in figures}
    cells = stat_cells(ask, address)
    found = {one: value for one, (value, _) in cells.items() if one[-1] in set(figures)}
    assert found == expected, f"{address}: {_some_differences(found, expected)}"
    for one, (value, state) in cells.items():
        assert (value is None) == bool(state), f"{address} {one}: {value} and {state}"


def _code(value: Any) -> str:
    return "sin_dato" if value is None else ("si" if value else "no") if isinstance(value, bool) else str(value)


def _some_differences(found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> list[Any]:
    keys: Iterator[Any] = (key for key in {**found, **expected} if found.get(key, "") != expected.get(key, ""))
    return [
        (key, found.get(key, "nothing"), expected.get(key, "nothing")) for key, _ in zip(keys, range(5), strict=False)
    ]


def same_figures(one: Figures, other: Figures, where: str) -> None:
    """Two forms have the same figures."""
    assert one == other, f"{where}: {_some_differences(one, other)}"
