"""The CSV of one place and one ballot: parties are its columns, and its preamble, when it has it, its own control.

A file has a preamble (which ballot, when it was cut, how many actas), a blank line, a header and one row per polling table.
Parties are the columns between PADRÓN and VÁLIDOS, and change from one file to another; `--` is an empty cell. It may be in
UTF-8, UTF-16 or Windows-1252, parted by commas, semicolons, tabs or bars, as spreadsheets save it.

Without a preamble the ballot is the one that its name or folder says, and the cut-off, its last publication. With it, the
rows must be as many as the actas that it says, and add up to its registered voters and votes.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence

from etl.pipeline.trep import said
from etl.pipeline.trep.said import plain
from etl.pipeline.trep.shape import EMPTY, NUMBERS, Columns, Member, Told, numbers, total

#: Ours -> the header of the TSE, compared without accents, capitals or the sign between words.
NAMES = {
    "MESA": "MESA",
    "DEPARTAMENTO": "DEPARTAMENTO",
    "ID_DEPARTAMENTO": "ID_DEPARTAMENTO",
    "MUNICIPIO": "MUNICIPIO",
    "ID_MUNICIPIO": "ID_MUNICIPIO",
    "CENTRO": "CENTRO_DE_VOTACIÓN",
    "PADRON": "PADRÓN",
    "VALIDOS": "VÁLIDOS",
    "NULOS": "NULOS",
    "BLANCO": "BLANCO",
    "EMITIDOS": "EMITIDOS",
    "INVALIDOS": "INVÁLIDOS",
    "TOTAL": "TOTAL",
    "IMPUGNACIONES": "IMPUGNACIONES",
    "PAPELETAS_RECIBIDAS": "PAPELETAS-RECIBIDAS",
    "PAPELETAS_NO_USADAS": "PAPELETAS-NO-USADAS",
    "VALIDOS_CALCULADO": "VALIDOS_CALCULADO",
    "EMITIDOS_CALCULADO": "EMITIDOS_CALCULADO",
    "TOTAL_CALCULADO": "TOTAL_CALCULADO",
    "CONTABILIZADA": "CONTABILIZADA",
    "OBSERVACIONES": "OBSERVACIONES",
    "PUBLICADA": "FECHA_HORA_PUBLICACIÓN",
    "DIGITALIZACION": "DIGITALIZACIÓN",
}
OPTIONAL = ("DEPARTAMENTO", "MUNICIPIO", "OBSERVACIONES", "DIGITALIZACION", "IMPUGNACIONES")
NEVER_EMPTY = ("MESA", "ID_DEPARTAMENTO", "ID_MUNICIPIO", "CONTABILIZADA")
_HEADER = re.compile(r'^[\s"\ufeff]*mesa[\s"]*([,;\t|])', re.I | re.M)
Row = Sequence[str]


def recognises(member: Member) -> bool:
    """Whether `member` has text in which some line begins with MESA."""
    return _HEADER.search(member.text or "") is not None


def read(member: Member, told: Told) -> Columns | None:
    """The polling tables of a CSV; None when it cannot be understood."""
    table = _table(member.text or "", told)
    start = next((i for i, row in enumerate(table) if row and plain(row[0]) == "mesa"), None)
    if start is None:
        if not told.problems:
            told.wrong("no es un archivo del TREP por mesa: ninguna fila empieza por MESA")
        return None
    header = _without_blanks(table[start])
    places = _places(header, start + 1, told)
    if places is None:
        return None
    lines, rows = _aligned(table, start, header, told)
    columns = _cells(header, places, lines, rows, told)
    preamble = _preamble(table[:start])
    columns |= _of_file(member, preamble, columns, told)
    columns["FILA"] = [str(line) for line in lines]
    if not told.problems:
        _check_control_totals(columns, preamble, told)
    return columns


# --- Text to rows -------------------------------------------------------------------------------------------------------


def _table(text: str, told: Told) -> list[list[str]]:
    found = _HEADER.search(text)
    table: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=found.group(1) if found else ",", strict=True)
        for row in reader:
            table.append([cell.strip() for cell in row])
    except csv.Error:
        message = "la fila no termina como CSV (comillas sin cerrar o caracteres extraños): ¿archivo truncado o dañado?"
        told.wrong(message, row=len(table) + 1)
    return table


def _without_blanks(row: list[str]) -> list[str]:
    """`row` without the blank cells that a spreadsheet adds at its end."""
    width = max((place for place, cell in enumerate(row, 1) if cell), default=0)
    return row[:width]


def _aligned(table: Sequence[Row], start: int, header: Row, told: Told) -> tuple[list[int], list[Row]]:
    """The rows below the header with as many cells as it, and their numbers; one problem for each that has not."""
    lines, rows = [], []
    for line, row in enumerate(table[start + 1 :], start + 2):
        if not any(row):
            continue
        if len(row) == len(header) or (len(row) > len(header) and not any(row[len(header) :])):
            lines.append(line)
            rows.append(row[: len(header)])
            continue
        hint = ": ¿archivo truncado?" if len(row) < len(header) else ""
        column = header[len(row) - 1] if len(row) <= len(header) else None
        told.wrong(f"la fila tiene {len(row)} celdas y el encabezado {len(header)}{hint}", line, column, row[-1])
    return lines, rows


# --- Rows to columns ----------------------------------------------------------------------------------------------------


def _places(header: Row, row: int, told: Told) -> dict[str, int] | None:
    """Where each known column is, by our name; None when something needed is missing."""
    headers = [plain(name) for name in header]
    places = {name: headers.index(plain(tse)) for name, tse in NAMES.items() if plain(tse) in headers}
    known = {plain(tse) for tse in NAMES.values()}
    for name, tse in NAMES.items():
        if name not in places and name not in OPTIONAL:
            near = difflib.get_close_matches(plain(tse), [one for one in headers if one not in known], n=1)
            found = header[headers.index(near[0])] if near else None
            told.wrong("falta la columna" + (f": ¿es «{found}»?" if found else ""), row, tse, found)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        told.wrong("la columna está repetida en el encabezado", row, name)
    if told.problems:
        return None
    parties = range(places["PADRON"] + 1, places["VALIDOS"])
    if not parties or not all(header[i] for i in parties) or any(headers[i] in known for i in parties):
        told.wrong("no hay columnas de partidos con nombre entre PADRÓN y VÁLIDOS", row)
        return None
    return places


def _cells(
    header: Row, places: Mapping[str, int], lines: Sequence[int], rows: Sequence[Row], told: Told
) -> dict[str, Sequence[str]]:
    """The cells of each column, checked."""
    raw: list[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [() for _ in header]
    columns: dict[str, Sequence[str]] = {}
    for name, place in places.items():
        if name in NUMBERS:
            columns[name] = _numbers(raw[place], name, header[place], lines, told)
        elif name == "PUBLICADA":
            columns[name] = _converted(raw[place], said.day_in_numbers, header[place], lines, told)
        else:
            columns[name] = ["" if cell in EMPTY else cell for cell in raw[place]]
    parties = range(places["PADRON"] + 1, places["VALIDOS"])
    votes = [_numbers(raw[place], "", header[place], lines, told) for place in parties]
    columns["PARTIDOS"] = [json.dumps([header[place] for place in parties], ensure_ascii=False)] * len(rows)
    columns["VOTOS"] = list(map(",".join, zip(*votes, strict=True)))
    return columns


def _numbers(cells: Sequence[str], name: str, column: str, lines: Sequence[int], told: Told) -> list[str]:
    found, wrong = numbers(cells)
    told.cells("se esperaba un número entero o «--»", column, [(lines[i], "", cells[i]) for i in wrong])
    bad = set(wrong)
    if name in NEVER_EMPTY and "" in found:
        empty = [i for i, cell in enumerate(found) if not cell and i not in bad]
        told.cells("la celda está vacía", column, [(lines[i], "", cells[i]) for i in empty])
    if name == "CONTABILIZADA" and not {"0", "1", ""}.issuperset(found):
        odd = [i for i, cell in enumerate(found) if cell not in ("0", "1", "")]
        told.cells("se esperaba 0 o 1", column, [(lines[i], "", cells[i]) for i in odd])
    return found


def _converted(
    cells: Sequence[str], convert: Callable[[str], str | None], column: str, lines: Sequence[int], told: Told
) -> list[str]:
    known = {cell: "" if cell in EMPTY else convert(cell) for cell in set(cells)}
    found = [known[cell] for cell in cells]
    wrong = [(lines[i], "", cells[i]) for i, cell in enumerate(found) if cell is None]
    told.cells("se esperaba una fecha DD/MM/AAAA HH:MM:SS", column, wrong)
    return [cell or "" for cell in found]


# --- What the file says of itself ---------------------------------------------------------------------------------------


def _preamble(table: Sequence[Row]) -> dict[str, tuple[int, str]]:
    """Row and text of the facts above the header, by their plain name; the line with the date and hour is `corte`."""
    facts: dict[str, tuple[int, str]] = {}
    for number, row in enumerate(table, start=1):
        below = table[number] if number < len(table) else []
        first = plain(row[0]) if row else ""
        if first.startswith("tipo de eleccion"):
            facts["tipo de eleccion"] = (number, " ".join(row[1:]).strip())
        elif first.startswith("actas esperadas"):
            below = [*below, *[""] * len(row)]  # cut short, its figures are not known
            facts |= {plain(name): (number + 1, value) for name, value in zip(row, below, strict=False)}
        elif re.search(r"\d{4},? \d{1,2}:\d{2}", " ".join(row)):
            facts["corte"] = (number, " ".join(row).strip())
    return facts


def _of_file(
    member: Member, preamble: Mapping[str, tuple[int, str]], columns: Columns, told: Told
) -> dict[str, list[str]]:
    size = len(columns["MESA"])
    facts = {
        "CARGO": _office(member, preamble, told),
        "CORTE": _cutoff(preamble, columns, told),
        "ACTAS_ESPERADAS": preamble.get("actas esperadas", (0, ""))[1],
        "ACTAS_CAPTURADAS": preamble.get("actas capturadas", (0, ""))[1],
    }
    return {name: [text] * size for name, text in facts.items()}


def _office(member: Member, preamble: Mapping[str, tuple[int, str]], told: Told) -> str:
    """What was elected, by the words of the preamble, the name of the file and its folders, which must agree."""
    row, words = preamble.get("tipo de eleccion", (None, None))
    found = said.office_in(words or "")
    named = said.offices_named(member.name)
    for source, office in named:
        if office != (found or named[0][1]):
            told.wrong(f"el nombre del archivo dice otra elección ({source}: {office})", row, "TIPO_DE_ELECCIÓN", words)
    if found or named:
        return found or named[0][1]
    if words is None:
        told.wrong(
            "no se sabe qué elección es: el archivo no trae su preámbulo, y ni su nombre (…_e4…, de 1 a 5) ni su carpeta "
            "(4-…) lo dicen"
        )
    else:
        told.wrong("no se reconoce qué elección es", row, "TIPO_DE_ELECCIÓN", words)
    return ""


def _cutoff(preamble: Mapping[str, tuple[int, str]], columns: Columns, told: Told) -> str:
    row, words = preamble.get("corte", (None, ""))
    if row:
        found = said.day_in_words(words) or said.day_in_numbers(words)
        if not found:
            told.wrong("no se entiende la fecha del corte", row, None, words)
        return found or ""
    last = said.latest(columns["PUBLICADA"])
    if not last:
        told.wrong(
            "no se sabe de cuándo es: el archivo no trae la fecha del corte ni la de publicación de ninguna mesa"
        )
    return last


def _check_control_totals(columns: Columns, preamble: Mapping[str, tuple[int, str]], told: Told) -> None:
    """The rows are as many, and add up to what, the preamble says."""
    counted = [place for place, cell in enumerate(columns["CONTABILIZADA"]) if cell == "1"]
    control = {name: (row, int(text)) for name, (row, text) in preamble.items() if text.isdecimal()}
    size = len(columns["MESA"])
    if "actas esperadas" in preamble and "actas esperadas" not in control:
        line, text = preamble["actas esperadas"]
        told.wrong(
            "el preámbulo no dice cuántas actas son: no se puede saber si están todas", line, "ACTAS_ESPERADAS", text
        )
        return
    row, expected = control.get("actas esperadas", (None, size))
    if size not in (expected, control.get("actas capturadas", (None, None))[1]):
        message = f"el preámbulo dice {expected} actas y el archivo trae {size}: ¿archivo truncado?"
        told.wrong(message, None, "ACTAS_ESPERADAS", expected)
        return
    for name, column, found in (
        ("actas contabilizadas", "ACTAS_CONTABILIZADAS", len(counted)),
        ("lista nominal actas contabilizadas", "LISTA_NOMINAL_ACTAS_CONTABILIZADAS", _sum(columns, "PADRON", counted)),
        (
            "votos emitidos contabilizadas",
            "VOTOS_EMITIDOS_CONTABILIZADAS",
            _sum(columns, "EMITIDOS_CALCULADO", counted),
        ),
    ):
        if name in control and control[name][1] != found:
            row, value = control[name]
            told.wrong(f"las mesas del archivo suman {found}: ¿falta o cambió alguna fila?", row, column, value)


def _sum(columns: Columns, name: str, places: Sequence[int]) -> int:
    cells = columns[name]
    return total([cells[place] for place in places])
