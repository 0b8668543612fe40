"""Where the table is in a file: which sheet, under which titles, with which page breaks, totals and notes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from etl.country import fold
from etl.model import Input, Kind, Problem
from etl.pipeline.reading.grid import Grid, Said, Unreadable, listed

#: Rows of a sheet among which the header is looked for.
HEADER_AMONG = 300
#: Part of the declared columns that a row must have to be a header with no doubt.
SURE = 0.6
TOTAL = re.compile(r"(gran |sub ?)?total(es)?\b.*|sumas?( total(es)?)?")
NOTE = re.compile(
    r"[*†(\[]|\d+[/)]|n(ota|otas|\.b)\b|fuente|elabora|observaci|aclaraci|corte|fecha|datos|cifras|actualiz|generado|impreso|"
    r"usuario|reporte|p[aá]g|hoja|tse\b|tribunal|registro|continu|viene|pasa|\W+$"
)


@lru_cache(maxsize=4096)
def simple(name: str) -> str:
    """A header to compare: no accents, capitals, spaces, line breaks or signs."""
    return re.sub(r"[^a-z0-9]", "", fold(name))


@dataclass
class Body:
    """The table of a file: its header, its rows, and the rows that add up others, by row number."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    totals: list[tuple[int, list[str]]] = field(default_factory=list)


class Layout:
    """The columns that an input declares, and how they are recognised."""

    def __init__(self, declared: Input) -> None:
        self.columns = {column.name: column for column in declared.columns}
        plain = [simple(name) for name in self.columns]
        # Two headers that differ only in accents or capitals are told apart by them.
        self.known = {simple(name): name for name in self.columns if plain.count(simple(name)) == 1}
        self.codes = [column for column in declared.columns if column.kind is Kind.CODIGO]
        self.numbers = [column.name for column in declared.columns if column.kind in (Kind.ENTERO, Kind.DECIMAL)]
        self.texts = [column.name for column in declared.columns if column.kind in (Kind.TEXTO, Kind.CATEGORIA)]
        self.key = declared.key
        self.needed = [column.name for column in declared.columns if not column.nullable]

    def named(self, cell: str) -> str | None:
        """The declared column that a cell of a header names."""
        bare = cell.strip()
        if bare in self.columns:
            return bare
        return None if bare.isdigit() else self.known.get(simple(bare))

    def score(self, row: Sequence[str]) -> int:
        """How many declared columns a row names."""
        return len({name for cell in row if cell and (name := self.named(cell))})

    def header_of(self, grid: Grid) -> tuple[int, int]:
        """How much the header of a sheet looks like one, and its place among its rows."""
        best = (0, 0)
        for place, (_, row) in enumerate(grid.rows[:HEADER_AMONG]):
            score = self.score(row)
            if score > best[0]:
                best = (score, place)
            if score >= SURE * len(self.columns):
                break
        return best


# --- The sheet and the header -----------------------------------------------------------------------------------------


def body(grids: Sequence[Grid], declared: Input, said: Said) -> Body:
    """The table that `declared` describes, wherever it is in `grids`; Unreadable when it is nowhere or in two places."""
    layout = Layout(declared)
    grid, place = _chosen(grids, layout, said)
    number, cells = grid.rows[place]
    header = _header(cells, layout, number, said)
    _rows_above(grid, place, layout, said)
    found = _rows(grid, place, header, layout, said)
    if not found.rows:
        message = "el archivo tiene encabezado pero ninguna fila de datos"
        raise Unreadable(Problem(said.file, None, None, None, message))
    return found


def _chosen(grids: Sequence[Grid], layout: Layout, said: Said) -> tuple[Grid, int]:
    scores = [(*layout.header_of(grid), grid) for grid in grids]
    filled = [item for item in scores if item[2].rows]
    if not filled:
        raise Unreadable(Problem(said.file, None, None, None, "el archivo está vacío"))
    score, place, grid = max(filled, key=lambda item: item[0])
    if not score:
        shown = "; ".join(", ".join(filter(None, map(str.strip, item[2].rows[0][1]))) for item in filled)[:120]
        message = "ninguna columna es la declarada: ¿otro separador u otro archivo?"
        raise Unreadable(Problem(said.file, filled[0][2].rows[0][0], None, shown, message))
    rivals = [
        other
        for other_score, other_place, other in filled
        if other_score >= SURE * score and other_score > 1 and len(other.rows) > other_place + 1
    ]
    if len(rivals) > 1:
        names = " y ".join(f"«{other.name}»" + (" (oculta)" if other.hidden else "") for other in rivals)
        message = f"la tabla está en {len(rivals)} hojas, {names}: deje solo la que se publica"
        raise Unreadable(Problem(said.file, None, None, None, message))
    said.notices += grid.notices
    if len(filled) > 1 or grid.hidden:
        others = ", ".join(f"«{other.name}»" for _, _, other in filled if other is not grid)
        which = f"la tabla está en la hoja {'oculta ' if grid.hidden else ''}«{grid.name}»"
        said.notices.append(which + (f"; no se lee {others}" if others else ""))
    return grid, place


def _header(cells: Sequence[str], layout: Layout, number: int, said: Said) -> list[str]:
    """The header with the declared names; whatever is missing or repeated is said."""
    header = [layout.named(cell) or " ".join(cell.split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    other = [name for name, cell in zip(header, cells, strict=False) if name in layout.columns and cell != name]
    if other:
        first = next(cell for name, cell in zip(header, cells, strict=False) if name == other[0])
        shown = " ".join(first.split())
        said.notices.append(f"{_columns(other)} con otra forma de escribir el nombre («{shown}» es {other[0]})")
    for name in layout.columns:
        if header.count(name) > 1:
            said.wrong("la columna está repetida en el encabezado", number, name)
        elif name not in header:
            spare = [one for one in header if one and one not in layout.columns]
            near = difflib.get_close_matches(name, spare, n=1, cutoff=0.6)
            hint = f": ¿es «{near[0]}»?" if near else ""
            said.wrong(f"falta la columna{hint}", number, name, near[0] if near else None)
    return header


def _columns(names: Sequence[str]) -> str:
    return f"{len(names)} columnas" if len(names) > 1 else f"la columna {names[0]}"


def _rows_above(grid: Grid, place: int, layout: Layout, said: Said) -> None:
    above = grid.rows[:place]
    if not above:
        return
    full = [number for number, row in above if sum(map(_is_number, row)) > max(2, len(layout.numbers) // 2)]
    if full:
        said.wrong("hay cifras sobre el encabezado: ¿una fila fuera de su lugar?", full[0])
    lines = f"{len(above)} filas" if len(above) > 1 else "una fila"
    said.notices.append(f"{lines} de título sobre el encabezado, que está en la fila {grid.rows[place][0]}")


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[0-9][0-9.,   ]*", cell.strip()))


# --- The rows ---------------------------------------------------------------------------------------------------------


def _rows(grid: Grid, place: int, header: list[str], layout: Layout, said: Said) -> Body:
    """The rows under the header: those of the table, those that add up others, and the rest, which is said."""
    places = {name: header.index(name) for name in layout.columns if name in header}
    reader = _Rows(header, places, layout, said)
    merged = _merged(grid, place, places, layout, said)
    found = Body(header)
    previous = grid.rows[place][0]
    for number, row in grid.rows[place + 1 :]:
        cells = [*row, *[""] * (len(header) - len(row))]
        for column, value in merged.get(number, {}).items():
            cells[column] = cells[column].strip() or value
        kind = reader.kind(number, cells)
        if kind == "row":
            if number > previous + 1 and found.rows:
                reader.blank.extend(range(previous + 1, number))
            found.rows.append((number, row if len(row) < len(header) and grid.ragged else cells))
        elif kind == "total":
            found.totals.append((number, cells))
        previous = number
    reader.tell()
    _fill_down(found, places, layout, said)
    _formulas(grid, found, places, said)
    _hidden(grid, said)
    return found


class _Rows:
    """Tells what each row under a header is."""

    def __init__(self, header: list[str], places: Mapping[str, int], layout: Layout, said: Said) -> None:
        self.header, self.places, self.layout, self.said = header, places, layout, said
        self.blank: list[int] = []
        self.headers: list[int] = []
        self.notes: list[tuple[int, str]] = []

    def kind(self, number: int, cells: Sequence[str]) -> str:
        """`row`, `total`, or what is no figure: a repeated `header` or a `note`."""
        named = [(place, name) for place, cell in enumerate(cells) if cell and (name := self.layout.named(cell))]
        if len(named) > 1 and len(named) >= SURE * len(self.places):
            if any(self.places.get(name) != place for place, name in named):
                self.said.wrong("aquí empieza otra tabla, con las columnas en otro orden: deje una sola", number)
            self.headers.append(number)
            return "header"
        filled = [cell.strip() for cell in cells if cell.strip()]
        if self._is_total(cells):
            return "total"
        if self._is_note(cells, filled):
            self.notes.append((number, filled[0]))
            return "note"
        return "row"

    def _of(self, cells: Sequence[str], names: Sequence[str]) -> list[str]:
        return [cells[self.places[name]].strip() for name in names if name in self.places]

    def _without_code(self, cells: Sequence[str]) -> bool:
        """Whether no code of the row is one, so that the row is of no place."""
        codes = [
            (column, cells[self.places[column.name]].strip())
            for column in self.layout.codes
            if column.name in self.places
        ]
        return not any(
            cell and re.fullmatch(column.pattern or ".+", _bare(cell)) and cell.strip("0") for column, cell in codes
        )

    def _is_total(self, cells: Sequence[str]) -> bool:
        if not any(map(_is_number, self._of(cells, self.layout.numbers))):
            return False
        words = [
            fold(cell) for cell in self._of(cells, [*self.layout.texts, *(column.name for column in self.layout.codes)])
        ]
        if not any(words):
            return len(self.layout.numbers) > 1 and bool(self.layout.codes or self.layout.texts)
        labelled = any(TOTAL.fullmatch(word) for word in words)
        return labelled and (self._without_code(cells) if self.layout.codes else self._key_is_total(cells))

    def _key_is_total(self, cells: Sequence[str]) -> bool:
        return any(TOTAL.fullmatch(fold(cell)) for cell in self._of(cells, self.layout.key) if cell)

    def _is_note(self, cells: Sequence[str], filled: Sequence[str]) -> bool:
        """Whether a row is only words: no number where the table has numbers, and no code where it has codes."""
        if any(map(_is_number, self._of(cells, self.layout.numbers))) or not self._without_code(cells):
            return False
        if all(self._of(cells, self.layout.needed)):
            return False  # it has all that a row of the table must have
        if NOTE.match(fold(filled[0])):
            return len(self.places) > 2
        texts = self._of(cells, self.layout.texts)
        return bool(self.layout.codes) and len(self.places) > 2 and len(filled) == 1 and not any(texts)

    def tell(self) -> None:
        """What was left out, once per cause."""
        if self.blank:
            self.said.notices.append(f"filas en blanco entre los datos: {listed(self.blank)}")
        if self.headers:
            self.said.notices.append(f"el encabezado se repite ({listed(self.headers)}): no se lee otra vez")
        if self.notes:
            text = self.notes[0][1]
            shown = text if len(text) <= 60 else f"{text[:57]}…"
            self.said.notices.append(
                f"filas de texto sin cifras, que no se leen: {listed([n for n, _ in self.notes])} («{shown}»)"
            )


def _bare(code: str) -> str:
    return re.sub(r"\.0+$", "", code)


def _merged(grid: Grid, place: int, places: Mapping[str, int], layout: Layout, said: Said) -> dict[int, dict[int, str]]:
    """The value of each joined cell of codes and names, for every row that it covers."""
    start = grid.rows[place][0]
    wanted = {places[name] for name in (*layout.texts, *(column.name for column in layout.codes)) if name in places}
    ranges = [item for item in grid.merged if item[1] > item[0] > start and item[2] == item[3] and item[2] in wanted]
    if ranges:
        names = [name for name, column in places.items() if column in {item[2] for item in ranges}]
        said.notices.append(f"celdas combinadas en {', '.join(names)}: su valor es el de todas sus filas")
    rows = dict(grid.rows) if ranges else {}
    found: dict[int, dict[int, str]] = {}
    for top, bottom, column, _ in ranges:
        cells = rows.get(top, [])
        value = cells[column] if column < len(cells) else ""
        for number in range(top + 1, bottom + 1):
            found.setdefault(number, {})[column] = value
    return found


def _fill_down(found: Body, places: Mapping[str, int], layout: Layout, said: Said) -> None:
    """A code or a name written once and blank below, as a report groups its rows, is of all those rows."""
    filled = []
    for name in (*(column.name for column in layout.codes), *layout.texts):
        if name not in places or layout.columns[name].nullable:
            continue
        place = places[name]
        cells = [row[place].strip() if place < len(row) else "" for _, row in found.rows]
        blanks = cells.count("")
        if not cells or not cells[0] or blanks <= len(cells) - blanks:
            continue
        filled.append(name)
        value = ""
        for (_, row), cell in zip(found.rows, cells, strict=True):
            value = cell or value
            if place < len(row):
                row[place] = value
    if filled:
        said.notices.append(f"{', '.join(filled)}: escrito una vez y en blanco debajo; se tomó para las filas de abajo")


def _formulas(grid: Grid, found: Body, places: Mapping[str, int], said: Said) -> None:
    if not grid.formulas:
        return
    names = {place: name for name, place in places.items()}
    rows = {number for number, _ in (*found.rows, *found.totals)}
    message = "la celda es una fórmula sin valor guardado: abra el libro en Excel, guárdelo y vuelva a intentarlo"
    for number, column in sorted(grid.formulas):
        if number in rows and column in names:
            said.wrong(message, number, names[column])


def _hidden(grid: Grid, said: Said) -> None:
    if grid.hidden_rows:
        rows = f"{grid.hidden_rows} filas ocultas" if grid.hidden_rows > 1 else "una fila oculta"
        said.notices.append(f"la hoja tiene {rows} (¿un filtro?): se leen como las demás")
